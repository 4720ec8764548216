"""What the new versions of benchmarks do to the headline: the table of docs/method.md.

The document holds what this module computes from the shipped data; `python -m tests.core.gap.test_succession --write`
renews it.
"""

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from core.evidence.evidence import Evidence, IntArray, read_records
from core.gap.analysis import analyse
from core.gap.index_figure import class_index
from core.gap.parameters import CLUSTERED_2, INDEX_2
from core.store.store import Store, open_store
from tests.core.gap.whole import headline_boards

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = ROOT / "docs" / "method.md"
BEGIN, END = "<!-- succession: begin (generated) -->", "<!-- succession: end -->"
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


@pytest.fixture(scope="module")
def shipped(evidence_file: Path) -> Iterator[Evidence]:
    with open_store(evidence_file, ROOT / "data") as store:
        yield as_known_now(store)


def as_known_now(store: Store) -> Evidence:
    """Return all scores known now."""
    known = read_records(store)
    return known.known_by(known.last_known)


def private(evidence: Evidence, boards: IntArray, day: date) -> float | None:
    """Return the private catch-up time as of a day, in months."""
    found = analyse(evidence, boards, day.toordinal(), CLUSTERED_2, whole_band=False)
    return found.classes["private"].headline.months


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


def test_the_document_holds_these_very_figures(shipped: Evidence) -> None:
    assert DOCUMENT.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0].strip() == block(shipped).strip()


def test_days_before_a_new_version_was_known_stay_as_they_were(shipped: Evidence) -> None:
    boards = headline_boards(shipped)
    assert private(*alone(shipped, boards), DAYS[0]) == private(*joined(shipped, boards), DAYS[0])
    assert private(*without_rule(shipped, boards), DAYS[0]) != private(*joined(shipped, boards), DAYS[0])


def main() -> None:
    """Print the table, or write it into the document."""
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "evidence.db", ROOT / "data") as store:
        found = block(as_known_now(store))
    if "--write" in sys.argv:
        document = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(re.sub(f"(?s){re.escape(BEGIN)}.*{re.escape(END)}", f"{BEGIN}\n{found}{END}", document))
    print(found)


if __name__ == "__main__":
    main()
