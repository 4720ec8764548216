"""Each test with both sides' lags or best scores: the rows and the tables of a comparison."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.answer import Table
from core.questions.shared_facts import board_key
from core.words import CLASSES, cell, score, sentence

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


def of_both(tests: list[dict[str, Any]], left: str, right: str) -> Iterator[Table]:
    """Return the tests of each class with the lags of both sides, months, the shortest of left first."""
    shown = [row for row in tests if row["left_months"] is not None or row["right_months"] is not None]
    shown.sort(key=lambda row: (row["difference"] is None, row["difference"] or 0.0))
    for access in CLASSES:
        cells = tuple(
            (row["name"], *(cell(row[key]) for key in ("left_months", "right_months", "difference")))
            for row in shown
            if row["access"] == access
        )
        title = f"Mean catch-up time on {access} tests, recent results, in months"
        yield Table(title, ("Test", left, right, "Difference"), cells)


def of_meetings(rows: list[dict[str, Any]], names: list[str], are_closed: bool) -> Iterator[Table]:
    """Return the tests with both sides' best scores, those first on which left stands furthest ahead; then others.

    They stand in a table per class, so that both sides fit on a phone. Of two closed models the months are between
    their releases.
    """
    first, second = map(sentence, names)
    months = f"{first} {'later' if are_closed else 'ahead'}, months"
    for is_headline, where in ((True, "on {} tests"), (False, "on {} tests that enter no gap")):
        for access in CLASSES:
            shown = [row for row in rows if row["headline"] == is_headline and row["access"] == access]
            shown.sort(key=lambda row: (row["difference"] is None, round(row["difference"] or 0.0, 3)))
            cells = tuple(
                (
                    row["name"],
                    *("–" if (value := row[f"{side}_score"]) is None else score(value, row["unit"]) for side in _SIDES),
                    cell(None if row["difference"] is None else -row["difference"])
                    + (" or more" if row["lower_bound"] else ""),
                )
                for row in shown
            )
            yield Table(f"Best scores {where.format(access)}", ("Test", first, second, months), cells)


def of_each(tests: list[dict[str, Any]], names: list[str]) -> Iterator[Table]:
    """Return the tests of one side, then those of the other, the longest lag first."""
    for side, name in zip(_SIDES, names, strict=True):
        of_side = [(row[f"{side}_months"], row) for row in tests if row[f"{side}_results"] is not None]
        of_side.sort(key=lambda each: (each[0] is None, -(each[0] or 0.0)))
        cells = tuple((row["name"], cell(lag_), str(row[f"{side}_results"])) for lag_, row in of_side)
        yield Table(f"Recent results: {name.removeprefix('the ')}", ("Test", "Mean catch-up, months", "Results"), cells)
