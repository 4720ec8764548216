"""The age of each test's newest score, and which tests get no new scores though their publisher still serves them."""

from collections.abc import Sequence
from datetime import date

from core.answer import Table
from core.dataclass import dataclass
from core.store.store import Store
from core.store.tables import OWN_VERSION

STILL_DAYS = 60
"""A live test gets a new score every few weeks, so check the page of a test with no new score for two months."""


@dataclass(frozen=True)
class BoardAge:
    """A test: the day its newest score was first seen, and the release day of its newest model.

    `publisher` is the last to serve it, and `served_until` the last day it did, whether or not the scores changed. The
    days are None without a score; `newest_model` is also None without a known release date. `has_successor` is true of
    an older version.
    """

    benchmark_id: str
    version: str
    name: str
    publisher: str
    newest_score: date | None
    newest_model: date | None
    served_until: date | None
    has_successor: bool

    def age_days(self, today: date) -> int | None:
        """Return the age of the newest score in days; None without a score."""
        return (today - self.newest_score).days if self.newest_score else None

    @property
    def stands_still(self) -> bool:
        """Whether the publisher served the test for `STILL_DAYS` without a new score."""
        return (
            self.newest_score is not None
            and self.served_until is not None
            and (self.served_until - self.newest_score).days >= STILL_DAYS
        )

    def is_old(self, today: date) -> bool:
        """Whether the newest score is `STILL_DAYS` old; False if the test `stands_still`."""
        return not self.stands_still and (self.age_days(today) or 0) >= STILL_DAYS


def board_ages(store: Store) -> tuple[BoardAge, ...]:
    """Return the ages of all tests except an operator's own, newest scores first."""
    served_rows = {row[:2]: row[2:4] for row in store.rows(_SERVED)}  # the last row of a test wins
    rows = store.rows(
        "WITH newest AS (SELECT benchmark_id, version, max(known_from) AS score, max(release_date) AS model"
        "  FROM scores JOIN models USING (model_id) GROUP BY benchmark_id, version)"
        " SELECT b.benchmark_id, b.version, b.name, newest.score, newest.model,"
        "  EXISTS (SELECT 1 FROM benchmarks AS newer JOIN newest USING (benchmark_id, version)"
        "   WHERE newer.benchmark_id = b.benchmark_id AND newer.succeeds = b.version)"
        " FROM benchmarks AS b LEFT JOIN newest USING (benchmark_id, version) WHERE b.version <> ?"
        " ORDER BY newest.score DESC, b.name, b.version",
        (OWN_VERSION,),
    )
    ages = []
    for benchmark_id, version, name, score, model, has_successor in rows:
        publisher, until = served_rows.get((benchmark_id, version), ("", None))
        days = (_day(score), _day(model), _day(until))
        ages.append(BoardAge(benchmark_id, version, name, publisher, *days, has_successor=bool(has_successor)))
    return tuple(ages)


_SERVED = (
    "WITH given AS (SELECT DISTINCT benchmark_id, version, publisher, title FROM scores JOIN sources USING (source_id))"
    " SELECT benchmark_id, version, given.publisher, max(coalesce(s.held_until, s.snapshot)) AS until,"
    "  (SELECT count(*) FROM given AS of_title"
    "   WHERE of_title.publisher = given.publisher AND of_title.title = given.title) AS n_tests"
    " FROM given JOIN sources AS s"
    "  ON s.publisher = given.publisher AND substr(given.title, 1, length(s.title)) = s.title"
    " GROUP BY benchmark_id, version, given.publisher, given.title ORDER BY until, n_tests DESC"
)
"""Who serves each test, and until when. A test's last row is its latest publisher; on a tie, the title with the
fewest tests.

A snapshot covers the tests of earlier snapshots with the same title, even if it changes none of their scores. It
also covers titles that begin with its own ("Hub" covers "Hub, later rows")."""


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def age_table(boards: Sequence[BoardAge], today: date) -> Table:
    """Return the ages as a table for people."""
    rows = tuple(
        (
            board.name, _cell(board.newest_score), _cell(board.age_days(today)), _cell(board.newest_model),
            _cell(board.served_until), _make_remark(board, today),
        )
        for board in boards
    )  # fmt: skip
    columns = ("Test", "Newest score", "Days old", "Newest model", "Served until", "Remark")
    return Table("How old the newest score of each test is", columns, rows)


def _cell(value: date | int | None) -> str:
    return "–" if value is None else str(value)


def _make_remark(board: BoardAge, today: date) -> str:
    if board.newest_score is None:
        return "no score yet"
    return "stands still" if board.stands_still else "old" if board.is_old(today) else ""


def still_boards(boards: Sequence[BoardAge]) -> list[BoardAge]:
    """Return the tests that stand still, without versions that have a successor."""
    return [board for board in boards if board.stands_still and not board.has_successor]


def old_boards(boards: Sequence[BoardAge], today: date) -> list[BoardAge]:
    """Return the tests that are old (`is_old`), without versions that have a successor."""
    return [board for board in boards if board.is_old(today) and not board.has_successor]
