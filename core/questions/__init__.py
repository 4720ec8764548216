"""The questions that gapbrief answers: one file each, and this registry."""

from collections import UserDict
from collections.abc import MutableMapping
from importlib import import_module
from typing import Any

from core.questions.gap import GapQuestion
from core.questions.question import Question, ask


class _Registry(UserDict[str, Any]):
    """Questions by name; a question's file is imported on its first lookup, so that no question waits for another's.

    For example, what_if is the class WhatIfQuestion in what_if.py.
    """

    def __getitem__(self, name: str) -> Any:
        class_name = f"{name.title().replace('_', '')}Question"
        return self.data[name] or getattr(import_module(f"{__name__}.{name}"), class_name)


_NAMES = "gap best frontier compare what_if changes timeline model roster unmatched trust others terms sources"
QUESTIONS: MutableMapping[str, type[Question]] = _Registry(dict.fromkeys(_NAMES.split()))
"""Every question by name; the faces are generated from these."""
FORMER_NAMES = {"waiting": "unmatched"}
"""Former names of questions, with the current ones."""


def current(name: str) -> str:
    """Return the current name of a question or its chart: old buttons, links and sets have former names."""
    return FORMER_NAMES.get(name, name)


__all__ = ["FORMER_NAMES", "QUESTIONS", "GapQuestion", "Question", "ask", "current"]
