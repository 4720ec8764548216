"""The questions that gapbrief answers: one file each, and this registry."""

from collections.abc import Iterator, MutableMapping
from importlib import import_module

from core.questions.gap import GapQuestion
from core.questions.question import Question, ask


class _Registry(MutableMapping[str, type[Question]]):
    """Questions by their names; a question's file is read when it is first looked up, so that one waits for no other's.

    The file of what_if is what_if.py, and its question WhatIfQuestion.
    """

    def __init__(self, *names: str) -> None:
        self._names: dict[str, type[Question] | None] = dict.fromkeys(names)

    def __getitem__(self, name: str) -> type[Question]:
        found = self._names[name]
        if found is None:
            found = getattr(import_module(f"{__name__}.{name}"), f"{name.title().replace('_', '')}Question")
        return found

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
"""Every question by its name; faces are made from these."""
FORMER_NAMES = {"waiting": "unmatched"}
"""What questions were called before, and are called now."""


def current(name: str) -> str:
    """Return what a question, or a chart of it, is called now: buttons, links and sets hold former names."""
    return FORMER_NAMES.get(name, name)


__all__ = ["FORMER_NAMES", "QUESTIONS", "GapQuestion", "Question", "ask", "current"]
