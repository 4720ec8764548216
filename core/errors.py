"""Errors that a person can cause: one sentence that says what is wrong and what to do."""

import re
from pathlib import Path

from core.words import one_line, shorten

_QUOTED = re.compile(r'"([^"]+)"')
_LONGEST = 250
"""The most characters of a problem: it may quote a file, and a file may hold anything."""


class GapbriefError(Exception):
    """An error that people see: `str(error)` is the sentence, `exit_code` what the command returns."""

    exit_code = 1


class UsageError(GapbriefError):
    """A question with a mistake: an unknown name, an impossible date.

    `suggestions` are the nearest names that would work, best first.
    """

    exit_code = 2

    def __init__(self, sentence: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.suggestions = suggestions


class DataError(GapbriefError):
    """Data or a store that can't be used; the last good data stay in use."""


class NoNetworkError(DataError):
    """No publisher at all can be reached."""


class DamagedError(DataError):
    """A damaged evidence file; it can be built again."""


class UnusableTablesError(DataError):
    """Tables in `data/` that an evidence file can't be built from."""


class TableError(UnusableTablesError):
    """A table that breaks its contract; says where, for whoever has to mend it."""

    def __init__(self, path: Path, problem: str, line: int | None = None, column: str | None = None) -> None:
        self.where = path.name
        if line is not None:
            self.where += f", line {line}"
        if column is not None:
            self.where += f", column {shorten(column)}"
        sentence = shorten(_QUOTED.sub(lambda value: f'"{shorten(value[1])}"', problem), _LONGEST)
        super().__init__(one_line(f"{self.where}: {sentence}. The last good data stays in use."))
        self.path, self.problem, self.line, self.column = path, problem, line, column

    def __reduce__(self) -> tuple[object, ...]:
        """Let the error be pickled."""
        return type(self), (self.path, self.problem, self.line, self.column)
