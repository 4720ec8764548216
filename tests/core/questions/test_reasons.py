"""What the estimators leave out has words for every code that they give."""

import pytest

from core.gap import crossings
from core.gap.crossings import BoardState
from core.gap.figures import Headline
from core.gap.parameters import CLUSTERED_2, STUDY_1, Parameters
from core.questions.shared_facts import build_catch_up_figure, why_not

STATE = BoardState(open_models=4, closed_models=2, newest_day=None, needed=5, reason=crossings.FEW_OPEN)


@pytest.mark.parametrize(
    "code",
    [crossings.NOT_ON_LIST, crossings.BELOW_FLOOR, crossings.LEFT_CENSORED, crossings.FEW_OPEN, crossings.NO_CLOSED,
     crossings.ONLY_OPEN, crossings.OFF_GRID, crossings.NOBODY],
)  # fmt: skip
def test_every_reason_against_a_level_has_words(code: str) -> None:
    assert why_not(code, STATE)


def test_too_few_open_models_are_counted() -> None:
    assert why_not(crossings.FEW_OPEN, STATE) == "scores of 4 open models, and 5 are needed"


@pytest.mark.parametrize(
    ("code", "parameters", "kind"),
    [
        ("", CLUSTERED_2, "90%, between benchmarks (Hartung-Knapp type, effective number 3.2)"),
        ("", STUDY_1, "90%, points resampled 5000 times (the study's; covers less than it says)"),
        ("too-few", CLUSTERED_2, "none: on no day do 2.5 benchmarks carry the trend"),
        ("too-few", STUDY_1, "none: on no day do enough results carry the trend"),
        ("all-equal", CLUSTERED_2, "none: all benchmarks have the same lag"),
    ],
)
def test_an_interval_says_what_it_is_or_why_there_is_none(code: str, parameters: Parameters, kind: str) -> None:
    figure = build_catch_up_figure(Headline(8.6, 6.0, 11.0, code, 738_000, 3.2), parameters)
    assert (figure.interval_kind, figure.figure.at, figure.figure.months) == (kind, 738_000, 8.6)
