"""Each test with both sides' lags or best scores: the rows and the tables of a comparison."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.answer import Table
from core.questions.shared_facts import board_key
from core.words import cell, score, sentence

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.analysis import BoardGap

_SIDES = ("left", "right")


def rows(
    evidence: "Evidence", boards: list[int], left: "dict[int, BoardGap]", right: "dict[int, BoardGap]"
) -> list[dict[str, Any]]:
    """Return each test with both sides' mean lag and number of results, None where it is not of that side."""
    tests = []
    for board in boards:
        known, one, other = evidence.boards[board], left.get(board), right.get(board)
        of_left, of_right = one.months if one else None, other.months if other else None
        apart = None if of_left is None or of_right is None else of_left - of_right
        tests.append({
            **board_key(known), "name": known.name, "access": known.access,
            "left_months": of_left, "right_months": of_right, "difference": apart,
            "left_results": one and one.n_points, "right_results": other and other.n_points,
        })  # fmt: skip
    return tests


def of_both(tests: list[dict[str, Any]], left: str, right: str) -> Table:
    """Return the tests with the lags of both sides, months, and their difference, the shortest of left first."""
    shown = [row for row in tests if row["left_months"] is not None or row["right_months"] is not None]
    shown.sort(key=lambda row: (row["access"], row["difference"] is None, row["difference"] or 0.0))
    cells = tuple(
        (row["name"], row["access"], *(cell(row[key]) for key in ("left_months", "right_months", "difference")))
        for row in shown
    )
    return Table(
        "Mean catch-up time by test, recent results, in months", ("Test", "Kind", left, right, "Difference"), cells
    )


def of_meetings(rows: list[dict[str, Any]], names: list[str]) -> Iterator[Table]:
    """Return the tests with both sides' best scores, those first on which left stands furthest ahead; then others.

    "Apart" is by how many months left stands ahead on the closed frontier.
    """
    columns = ("Test", "Kind", *map(sentence, names), "Apart", "To")
    for is_headline, title in ((True, "Best scores by test, months apart"), (False, "Tests that enter no gap")):
        shown = [row for row in rows if row["headline"] == is_headline]
        shown.sort(key=lambda row: (row["access"], row["difference"] is None, row["difference"] or 0.0))
        cells = tuple(
            (
                row["name"], row["access"],
                *("–" if (value := row[f"{side}_score"]) is None else score(value, row["unit"]) for side in _SIDES),
                cell(None if row["difference"] is None else -row["difference"]), row["at"],
            )
            for row in shown
        )  # fmt: skip
        yield Table(title, columns, cells)


def of_each(tests: list[dict[str, Any]], names: list[str]) -> Table:
    """Return the tests of one side, then those of the other, the longest lag first."""
    columns = ("Test", "Kind", "Mean catch-up", "Results", "Side")
    cells = []
    for side, name in zip(("left", "right"), names, strict=True):
        of_side = [(row[f"{side}_months"], row) for row in tests if row[f"{side}_results"] is not None]
        for lag_, row in sorted(of_side, key=lambda each: (each[0] is None, -(each[0] or 0.0))):
            cells.append(
                (row["name"], row["access"], cell(lag_), str(row[f"{side}_results"]), name.removeprefix("the "))
            )
    return Table("Recent results by test", columns, tuple(cells))
