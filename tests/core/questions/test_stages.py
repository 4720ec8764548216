"""What a test has become, and why it gives nothing newer, in words: one wording for every answer."""

from dataclasses import replace
from datetime import date

import pytest

from core.evidence.evidence import Evidence
from core.questions.sensitivity import lives_of, stage_fact
from tests import toy

AS_OF = date(2026, 2, 1)
FEW = [("o1", "2025-08-10", "open", 20.0), *((f"o{n}", "2025-08-11", "open", 1.0) for n in range(2, 6))]
BOARDS = {
    "Saturated": [("c1", "2025-08-01", "closed", 94.8), *FEW, ("o6", "2025-09-01", "open", 93.1)],
    "Closed ahead": [("c1", "2025-08-01", "closed", 94.8), *FEW, ("c2", "2026-01-01", "closed", 1.0)],
    "Open ahead": [("c1", "2025-08-01", "closed", 20.0), *FEW, ("o6", "2026-01-01", "open", 40.0)],
    "Ended": [("c1", "2025-07-01", "closed", 60.0), *((f"o{n}", "2025-07-02", "open", 60.0) for n in range(5))],
    "Few": [("c1", "2025-08-01", "closed", 20.0), ("o1", "2026-01-01", "open", 20.0)],
}


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return toy.evidence(BOARDS)


@pytest.mark.parametrize(
    ("board", "message"),
    [
        ("Saturated", "saturated: no level left between the best scores (open 93.1 % and closed 94.8 %)"),
        ("Closed ahead", "active; no result since 10 August 2025: only closed models have reached 25 to 90 %"),
        ("Open ahead", "active; no result since 10 August 2025: only open models have reached 25 to 40 %"),
        ("Ended", "ended: no model since 2 July 2025, so in no standing gap"),
        ("Few", "scores of 1 open model, and 5 are needed"),
    ],
)
def test_the_stage_of_a_test(evidence: Evidence, board: str, message: str) -> None:
    lives = lives_of(evidence, toy.all_boards(evidence), AS_OF)
    assert stage_fact(lives[evidence.boards[list(BOARDS).index(board)]]).shown == message


def test_a_new_version_is_named(evidence: Evidence) -> None:
    first, second = evidence.boards[:2]
    second = replace(
        second, benchmark_id=first.benchmark_id, version="2", succeeds="1", joins=date(2025, 12, 1).toordinal()
    )
    evidence = replace(evidence, boards=(first, second, *evidence.boards[2:]))
    shown = stage_fact(lives_of(evidence, toy.all_boards(evidence), AS_OF)[first]).shown
    assert shown.startswith("succeeded by Closed ahead (known since 1 December 2025); saturated: ")
