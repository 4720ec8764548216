"""A brief about one class of tests alone."""

from dataclasses import replace

from core.errors import UsageError
from core.evidence.evidence import Evidence
from core.words import CLASSES, quote


def read_focus(text: str) -> str:
    """Return the class of tests that is meant; raises UsageError for what is none."""
    wanted = text.strip().lower().removesuffix("tests").removesuffix("test").strip()
    if wanted not in CLASSES:
        raise UsageError(f"No focus is called {quote(text)}; choose private or public tests.", CLASSES)
    return wanted


def focused(evidence: Evidence, access: str) -> Evidence:
    """Return the evidence with no other headline benchmarks than those of a class."""
    boards = tuple(replace(board, headline=board.headline and board.access == access) for board in evidence.boards)
    return replace(evidence, boards=boards)
