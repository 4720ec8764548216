"""Declare publishers' tables by their columns, with one reader for all tables."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from core.dataclass import dataclass
from core.evidence.importers.rows import FileContent, RawModel, RawScore, Row, read_csv
from core.store.tables import Claim, ScoreGrade


@dataclass(frozen=True)
class ModelColumns:
    """The columns with facts about models; "" if a table has no such column.

    `claim_of` translates a word on openness. If words such as "True" mean nothing alone, the column `is_labelled`: the
    words are kept with its name.
    """

    spelling: str
    name: str = ""
    released: str = ""
    organization: str = ""
    openness: str = ""
    claim_of: Callable[[str], Claim | None] = lambda word: None
    is_labelled: bool = False
    country: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return all columns, "" among them."""
        return self.spelling, self.name, self.released, self.organization, self.openness, self.country

    def add(self, content: FileContent, row: Row, spelling: str, name: str | None = None) -> None:
        """Add a row's model under its spelling; `name` overrides the column."""
        word = row.text(self.openness)
        raw = f"{self.openness} {word}" if word and self.is_labelled else word
        content.models.append(
            RawModel(
                row.line, spelling, row.text(self.name) if name is None else name, row.day(self.released),
                row.text(self.organization), self.claim_of(word), raw, row.text(self.country),
            )
        )  # fmt: skip


@dataclass(frozen=True)
class ScoreColumns:
    """A benchmark, who ran it, and the columns of its scores; "" if a table has no such column.

    A score times `scale` is a fraction; `scale` is None if scores are not shares, or in percent. A `sign` may follow.
    """

    benchmark: str
    version: str
    score: str
    grade: ScoreGrade = "board-run"
    scale: float | None = None
    standard_error: str = ""
    run_on: str = ""
    setting: str = ""
    sign: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return all columns, "" among them."""
        return self.score, self.standard_error, self.run_on, self.setting

    def read(self, row: Row) -> float | None:
        """Return the score of a row, or None."""
        return self.in_percent(row.number(self.score, self.sign))

    def in_percent(self, value: float | None) -> float | None:
        """Convert a share to percent, rounded so that 0.35 * 100 is 35; other values are unchanged."""
        return value if value is None or self.scale is None else round(value * self.scale * 100, 9)

    def add(
        self, content: FileContent, row: Row, spelling: str, score: float | None, setting: str | None = None
    ) -> None:
        """Add a row's score; `setting` overrides the column."""
        setting = row.text(self.setting) if setting is None else setting
        error, run_on = self.in_percent(row.number(self.standard_error)), row.day(self.run_on)
        self.add_value(content, row.line, spelling, score, setting, error, run_on)

    def add_value(
        self, content: FileContent, line: int, spelling: str, score: float | None, setting: str = "",
        standard_error: float | None = None, run_on: date | None = None,
    ) -> None:  # fmt: skip
        """Add a score from values, or drop the row if there is no score."""
        if score is None:
            content.drop(line, spelling, "no score")
            return
        content.scores.append(
            RawScore(
                line, self.benchmark, self.version, spelling, score, self.grade, setting, standard_error, run_on,
                column=self.score,
            )
        )  # fmt: skip


NO_SCORES = ScoreColumns("", "", "")


@dataclass(frozen=True)
class TableForm:
    """The columns of a table; all columns and `others` are required, except the `optional` ones."""

    models: ModelColumns
    scores: ScoreColumns = NO_SCORES
    optional: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def rows(self, path: Path, *, may_be_short: bool = False) -> Iterator[Row]:
        """Yield the rows of a CSV file of this form; raises TableError if a column is missing."""
        columns = (*self.models.columns, *self.scores.columns, *self.others)
        required = tuple(column for column in columns if column and column not in self.optional)
        return read_csv(path, required, may_be_short=may_be_short)

    def read_file(self, path: Path) -> FileContent:
        """Read a CSV file of this form and use all rows."""
        return self.read(self.rows(path))

    def read(
        self,
        rows: Iterable[Row],
        spell: Callable[[str], str] = str,
        why_skipped: Callable[[Row], str] = lambda row: "",
        scores_of: Callable[[Row], ScoreColumns] | None = None,
    ) -> FileContent:
        """Read the rows of a table, or rows made from its served form.

        `spell` corrects a model's spelling. `why_skipped` returns why a row is dropped, or "". `scores_of` returns the
        benchmark of a row if a table has several.
        """
        content = FileContent()
        for row in content.count(rows):
            spelling, score = spell(row.text(self.models.spelling)), self.scores.read(row)
            reason = why_skipped(row)
            if reason:
                content.drop(row.line, spelling, reason)
                continue
            self.models.add(content, row, spelling)
            if self.scores is not NO_SCORES:
                scores = scores_of(row) if scores_of else self.scores
                scores.add(content, row, spelling, score)
        return content
