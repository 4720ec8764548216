"""Each test with both sides' standing gaps or best scores: the rows and the tables of a comparison."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.answer import Table
from core.questions.shared_facts import board_key, iso
from core.words import CLASSES, capitalize, cell, score

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.standing import StandingGap

_SIDES = ("left", "right")


def list_tests(evidence: "Evidence", by_side: "list[dict[int, StandingGap | None]]") -> list[dict[str, Any]]:
    """Return each test with where open models stand on it on both sides, None where they stand nowhere on one."""
    tests = []
    for board in dict.fromkeys(board for of_side in by_side for board in of_side):
        known, gaps = evidence.boards[board], [of_side.get(board) for of_side in by_side]
        left, right = (None if gap is None else gap.months for gap in gaps)
        tests.append({
            **board_key(known), "name": known.name, "access": known.access,
            "sides": [side for side, of_side in zip(_SIDES, by_side, strict=True) if board in of_side],
            "left_months": left, "right_months": right,
            "difference": None if left is None or right is None else left - right,
            "left_at": iso(gaps[0].at) if gaps[0] else None, "right_at": iso(gaps[1].at) if gaps[1] else None,
        })  # fmt: skip
    return tests


def tables_by_day(tests: list[dict[str, Any]], left: str, right: str) -> Iterator[Table]:
    """Return the tests of each class with where open models stood on both days, months."""
    shown = [row for row in tests if row["left_months"] is not None or row["right_months"] is not None]
    shown.sort(key=lambda row: (row["difference"] is None, row["difference"] or 0.0))
    for access in CLASSES:
        cells = tuple(
            (row["name"], *(cell(row[key]) for key in ("left_months", "right_months", "difference")))
            for row in shown
            if row["access"] == access
        )
        yield Table(f"Standing gap on each {access} test, in months", ("Test", left, right, "Difference"), cells)


def tables_of_meetings(rows: list[dict[str, Any]], names: list[str], are_closed: bool) -> Iterator[Table]:
    """Return the tests with both sides' best scores, those first on which left stands furthest ahead; then others.

    They stand in a table per class, so that both sides fit on a phone. Of two closed models the months are between
    their releases.
    """
    first, second = map(capitalize, names)
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


def tables_by_side(tests: list[dict[str, Any]], names: list[str]) -> Iterator[Table]:
    """Return the tests of one side, then those of the other, with where open models stand on each."""
    for side, name in zip(_SIDES, names, strict=True):
        of_side = [(row[f"{side}_months"], row) for row in tests if side in row["sides"]]
        of_side.sort(key=lambda each: (each[0] is None, -(each[0] or 0.0)))
        cells = tuple((row["name"], cell(months), row[f"{side}_at"] or "–") for months, row in of_side)
        yield Table(f"Standing gap on each test: {name}", ("Test", "Standing gap, months", "To"), cells)
