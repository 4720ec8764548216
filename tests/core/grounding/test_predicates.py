"""Right numbers in nonsense: what a number counts can't do what its sentence says, and the reason says why."""

import pytest

from core.grounding import unsupported
from tests.core.grounding.facts import GAP, NAMES


def reasons(text: str) -> list[str]:
    return [each.why for each in unsupported(text, GAP, known_names=NAMES) if each.kind == "nonsense"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        # things and shares, told as time
        ("Open models trail by 60 results on private tests.", "a gap is told in months, not in results"),
        ("The gap is about 8 tests.", "a gap is told in months, not in tests"),
        ("The gap on ARC-AGI-2 is 61 %.", "a gap is told in months, not in percent"),
        ("Closed models have 8 tests of lead.", "a lead is told in months, not in tests"),
        ("The 60 results came 8 tests later.", "tests are no time"),
        ("Kimi K3 is 61 % behind.", "a share is no time"),
        ("On private tests the wait took 29 levels.", "levels are no time"),
        ("The private tests are 8 tests long.", "tests are no length"),
        ("61 % closed is the level.", "a share of nothing that is told"),
        # time, told as something else
        ("Catching up costs 7.5 months.", "nothing here has a price"),
        ("Open models have 7.5 months to train.", "the time is that until a level was matched"),
        ("Open models have worked for 7.5 months.", "a gap is not how long something was done"),
        ("Open models have a score of 7.5 months.", "a score is no time"),
        ("Open models reached 7.5 months on private tests.", "a score is no time"),
        ("The tests are 7.5 months old.", "the age of a level, not of these"),
        ("The data has 7.5 months of private tests.", "months are not of tests, results or models"),
        ("The private set consists of 7.5 months.", "months are no number of things"),
        ("ARC-AGI-2 is 5.8 months.", "a test or a model is no time"),
        # shares of something else
        ("23 % of the labs are open.", "a share of something else"),
        ("61 % of tests were matched.", "a score on a test is no share of anything else"),
        # what acts
        ("ARC-AGI-2 trails by 5.8 months.", "models are behind or ahead, not tests or results"),
        ("ARC-AGI-2 matched Claude Opus 4.6.", "said of models, not of a test"),
        ("The gap reached 61 % on ARC-AGI-2.", "said of models, not of gap"),
        ("The newest data trails by 22 August 2026.", "A gap is a number of months, no date"),
        ("31 July 2026 reached 61 % on ARC-AGI-2.", "A date does nothing"),
        ("Kimi K3, a benchmark, reached 61 %.", "“Kimi K3” is a model, no test"),
        ("On Kimi K3 open models trail.", "“Kimi K3” is a model; scores are on tests"),
    ],
)
def test_what_a_number_name_or_date_cannot_do_is_refused_with_its_reason(text: str, reason: str) -> None:
    assert any(reason in each for each in reasons(text)), reasons(text)


@pytest.mark.parametrize(
    "text",
    [
        "Closed models were ahead for 7.5 months.",
        "Kimi K3 matched Claude Opus 4.6 on ARC-AGI-2.",
        "The gap reached 7.5 months on private tests.",
        "8 tests matched by 31 July 2026.",
        "On 31 July 2026 Kimi K3 reached 61 % on ARC-AGI-2.",
        "Kimi K3 trails by 5.8 months.",
        "Kimi K3 gained on Claude Opus 4.6.",
        "Half of such levels took longer than 6.9 months.",
    ],
)
def test_what_it_can_do_is_no_nonsense(text: str) -> None:
    assert reasons(text) == []
