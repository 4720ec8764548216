"""What the new versions of benchmarks do to the headline: the table of docs/method.md.

`python -m docs.make.succession --write` renews it from the shipped data; without `--write` it prints the table.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np

from core.evidence.evidence import Evidence, IntArray, read_records
from core.gap.analysis import analyse
from core.gap.index_figure import class_index
from core.gap.parameters import CLUSTERED_2, INDEX_2
from core.store.store import Store
from docs.make.pages import METHOD, Part, shipped
from tests.core.gap.whole import headline_boards

PART = Part(METHOD, "succession")
DAYS = (date(2026, 5, 22), date(2026, 8, 22), date(2026, 9, 28))
Boards = Callable[[Evidence, IntArray], tuple[Evidence, IntArray]]


def alone(evidence: Evidence, boards: IntArray) -> tuple[Evidence, IntArray]:
    """Leave the new versions out: the headline before the succession."""
    return evidence, np.array([board for board in boards.tolist() if not evidence.boards[board].joins])


def joined(evidence: Evidence, boards: IntArray) -> tuple[Evidence, IntArray]:
    """The rule: a new version joins when it was known, and what its first open model holds is left-censored."""
    return evidence, boards


def without_rule(evidence: Evidence, boards: IntArray) -> tuple[Evidence, IntArray]:
    """Take the new versions as if they had been there always."""
    return replace(evidence, boards=tuple(replace(board, joins=0) for board in evidence.boards)), boards


WAYS: dict[str, Boards] = {
    "first versions alone (before)": alone,
    "new versions joined (after, as used)": joined,
    "new versions on every day, nothing censored": without_rule,
}


def as_known_now(store: Store) -> Evidence:
    """Return all scores known now."""
    known = read_records(store)
    return known.known_by(known.last_known)


def private(evidence: Evidence, boards: IntArray, day: date) -> float | None:
    """Return the private catch-up time as of a day, in months."""
    analysis = analyse(evidence, boards, day.toordinal(), CLUSTERED_2, whole_band=False)
    return analysis.classes["private"].headline.months


def private_gap(evidence: Evidence, boards: IntArray, day: date) -> float | None:
    """Return the gap on private tests as of a day, in months."""
    is_private = np.array([evidence.boards[board].access == "private" for board in boards.tolist()])
    return class_index(evidence, boards[is_private], day.toordinal(), INDEX_2).figure.months


def block(evidence: Evidence) -> str:
    """Write the table."""
    boards = headline_boards(evidence)
    lines = [
        f"| Private tests, months | {' | '.join(day.isoformat() for day in DAYS)} |",
        f"| --- |{' ---: |' * len(DAYS)}",
    ]
    for name, way in WAYS.items():
        cells = [f"{private(*way(evidence, boards), day):.1f}" for day in DAYS]
        lines.append(f"| catch-up time, {name} | {' | '.join(cells)} |")
    for name, way in list(WAYS.items())[:2]:
        cells = [f"{private_gap(*way(evidence, boards), day):.1f}" for day in DAYS]
        lines.append(f"| the gap, {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    with shipped() as store:
        PART.put_out(block(as_known_now(store)))
