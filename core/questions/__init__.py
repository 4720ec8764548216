"""The questions that gapbrief answers: one file each, and this registry."""

from collections.abc import Iterator, MutableMapping
from importlib import import_module

from core.questions.gap import GapQuestion
from core.questions.question import Question, ask


class _Registry(MutableMapping[str, type[Question]]):
    """Questions by name; a question's file is imported on its first lookup, so that no question waits for another's.

    For example, what_if is the class WhatIfQuestion in what_if.py.
    """

    def __init__(self, *names: str) -> None:
        self._names: dict[str, type[Question] | None] = dict.fromkeys(names)

    def __getitem__(self, name: str) -> type[Question]:
        kind = self._names[name]
        if kind is None:
            kind = getattr(import_module(f"{__name__}.{name}"), f"{name.title().replace('_', '')}Question")
        return kind

    def __setitem__(self, name: str, question: type[Question]) -> None:
        self._names[name] = question

    def __delitem__(self, name: str) -> None:
        del self._names[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


QUESTIONS: MutableMapping[str, type[Question]] = _Registry(
    "gap", "best", "frontier", "compare", "what_if", "changes", "timeline", "model", "roster", "unmatched", "trust",
    "others", "terms", "sources",
)  # fmt: skip
"""Every question by name; the faces are generated from these."""
FORMER_NAMES = {"waiting": "unmatched"}
"""Former names of questions, with the current ones."""


def current(name: str) -> str:
    """Return the current name of a question or its chart: old buttons, links and sets have former names."""
    return FORMER_NAMES.get(name, name)


__all__ = ["FORMER_NAMES", "QUESTIONS", "GapQuestion", "Question", "ask", "current"]
