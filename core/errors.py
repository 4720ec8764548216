"""Errors that a person can cause: one sentence that says what is wrong and what to do."""

import re
from pathlib import Path

from core.words import one_line, shortened

_QUOTED = re.compile(r'"([^"]+)"')
_LONGEST = 250
"""How many letters a problem has at most: it may name what a file holds, which may be anything."""


class GapbriefError(Exception):
    """What a person sees: `str(error)` is the sentence, `exit_code` what the command returns."""

    exit_code = 1


class UsageError(GapbriefError):
    """A question that can't be asked like that: an unknown name, an impossible date.

    `suggestions` holds the nearest names that would work, best first.
    """

    exit_code = 2

    def __init__(self, sentence: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.suggestions = suggestions


class DataError(GapbriefError):
    """Data or a store that can't be used; whatever was good before stays in use."""


class NoNetworkError(DataError):
    """No publisher at all could be connected to."""


class DamagedError(DataError):
    """An evidence file of ours that is not whole: it can be made anew."""


class UnusableTablesError(DataError):
    """Tables of `data/` that no evidence file can be made of as they are."""


class TableError(UnusableTablesError):
    """A table that breaks its contract; carries the place, for the person who has to mend it."""

    def __init__(self, path: Path, problem: str, line: int | None = None, column: str | None = None) -> None:
        self.where = path.name
        if line is not None:
            self.where += f", line {line}"
        if column is not None:
            self.where += f", column {shortened(column)}"
        told = shortened(_QUOTED.sub(lambda value: f'"{shortened(value[1])}"', problem), _LONGEST)
        super().__init__(one_line(f"{self.where}: {told}. The last good data stays in use."))
        self.path, self.problem, self.line, self.column = path, problem, line, column

    def __reduce__(self) -> tuple[object, ...]:
        """Let the error cross from one process to another."""
        return type(self), (self.path, self.problem, self.line, self.column)
