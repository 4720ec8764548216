"""What `compare` says of kinds of tests, tests and days: both figures, and a direction where it is clear."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from core.answer import Answer
from core.errors import UsageError
from core.evidence.evidence import Evidence
from core.gap.direction import Comparison
from core.gap.figures import Change, Headline
from core.gap.index_figure import private_minus_public
from core.gap.parameters import DEFAULT
from core.questions import GapQuestion, ask
from core.questions.compare_wording import kinds_title
from core.store.store import Store
from tests.core.gap.whole import headline_boards
from tests.core.questions.laws import lines, shown

TODAY = date(2026, 12, 1)
Ask = Callable[..., Answer]


# ---- tests


def test_private_against_public_is_the_effect_on_one_scale_with_both_figures_of_gap_beside_it(
    compared: Ask, store: Store, known: Evidence
) -> None:
    answer, gap = compared("private", "public"), ask(GapQuestion(), store, TODAY).data["access"]
    [comparison] = answer.data["comparisons"]
    effect = private_minus_public(known, headline_boards(known), DEFAULT)
    assert (comparison["access"], comparison["months"]) == (None, pytest.approx(effect.months))
    assert (comparison["low"], comparison["high"]) == (pytest.approx(effect.low), pytest.approx(effect.high))
    for side, name in (("left", "private"), ("right", "public")):
        assert comparison[side]["months"] == gap[name]["index"]["months"]
    assert effect.low < 0 < effect.high
    assert re.fullmatch(
        r"Too close to call: open models are \d\.\d months further behind on private tests than on public ones"
        r" \(likely \d\.\d less to \d\.\d months more\)",
        answer.lines[0].text,
    )
    assert lines(answer)["Private tests"] == f"{gap['private']['index']['months']:.1f} months, likely 5 to 9"
    assert "can be trained towards them" in lines(answer)["Counted"]


def test_an_effect_that_is_clear_is_said_without_a_doubt() -> None:
    figure = Headline(7.0, 5.0, 9.0, "", 739_000, 4.0)
    assert kinds_title(Comparison(figure, figure, Change(2.0, 0.5, 3.5))) == "open models are {effect}"
    assert kinds_title(Comparison(figure, figure, Change(2.0, -0.5, 3.5))).startswith("too close to call: ")


def test_kinds_without_a_scale_of_both_cant_be_told_apart(compared: Ask) -> None:
    answer = compared("public", "private", domain="science")
    assert answer.lines[0].text.endswith(
        "an't tell public tests from private tests: too few of them to put both on one scale"
    )


def test_two_tests_have_their_standing_gaps_with_the_last_matches_beside_them(compared: Ask, store: Store) -> None:
    answer = compared("gpqa", "otis")
    [comparison] = answer.data["comparisons"]
    for side, name in (("left", "gpqa"), ("right", "otis")):
        [of_gap] = ask(GapQuestion.from_words(benchmark=name).resolved(store, TODAY), store, TODAY).data["benchmarks"]
        assert comparison[side]["months"] == of_gap["standing"]["months"]
        row = lines(answer)[shown(answer, side)]
        assert row.startswith(f"{comparison[side]['months']:.1f} months behind; the last matches took ")
    assert answer.lines[0].text == (
        f"Open models stand {comparison['left']['months']:.1f} months behind on GPQA Diamond and"
        f" {comparison['right']['months']:.1f} months behind on OTIS Mock AIME"
    )
    assert lines(answer)["Difference"].endswith(" months apart, one test each, so no range: too close to call")


def test_a_test_stands_beside_the_gap_of_a_kind_and_has_no_difference_from_it(compared: Ask, store: Store) -> None:
    answer = compared("arc-agi-2", "private")
    [comparison] = answer.data["comparisons"]
    assert (
        comparison["right"]["months"] == ask(GapQuestion(), store, TODAY).data["access"]["private"]["index"]["months"]
    )
    assert comparison["months"] is None
    assert comparison["reason"].endswith("are two measures")
    assert [row["name"] for row in answer.data["tests"]].count("ARC-AGI-2") == 1
    assert "Difference" not in lines(answer)
    assert "Public tests" in lines(compared("arc-agi-2", "public"))


def test_a_test_beside_the_headline_can_be_compared(compared: Ask) -> None:
    answer = compared("bfcl", "gpqa")
    assert [row["name"] for row in answer.data["tests"]] == ["Berkeley Function Calling Leaderboard v4", "GPQA Diamond"]


def test_a_test_that_ended_says_so(compared: Ask) -> None:
    answer = compared("gsm8k", "gpqa")
    assert re.fullmatch(
        r"Open models stand \d\.\d months behind on GPQA Diamond; on GSM8K can't tell: no model for 6 months",
        answer.lines[0].text,
    )
    assert lines(answer)["GSM8K"].startswith("can't tell: no model for 6 months; the last matches took ")


def test_a_test_that_gives_no_figure_is_refused_with_the_reason(compared: Ask) -> None:
    with pytest.raises(UsageError, match="Humanity's Last Exam has scores of 4 open models, and 5 are needed"):
        compared("hle", "gpqa")


# ---- days


def test_two_days_are_the_gap_on_each_read_off_one_scale(compared: Ask, store: Store) -> None:
    answer = compared("May 2025", "now")
    for side, day in (("left", date(2025, 5, 31)), ("right", date(2026, 9, 28))):
        gap = ask(GapQuestion(as_of=day), store, TODAY).data["access"]
        for comparison in answer.data["comparisons"]:
            of_gap = gap[comparison["access"]]["index"]
            for key in ("months", "low", "high", "at"):
                assert comparison[side][key] == of_gap[key]
    assert answer.as_of == "2026-09-28"
    assert "one scale of the scores known by 30 September 2026" in lines(answer)["Counted"]


def test_all_tests_together_grew_between_two_days_as_gap_says(compared: Ask, store: Store) -> None:
    answer, direction = compared("2025-01-20", "now"), ask(GapQuestion(), store, TODAY).data["direction"]
    assert answer.data["all_tests"]["months"] == pytest.approx(-direction["months"])
    assert answer.lines[0].text.startswith(
        f"From 20 January 2025 to 28 September 2026: the gap probably grew by {direction['months']:.1f} months on all"
        " tests together"
    )
    assert direction["word"] == "probably-wider"


def test_the_earlier_day_goes_first_whichever_side_it_is_on(compared: Ask) -> None:
    one, other = compared("2025-01-20", "now"), compared("now", "2025-01-20")
    assert [line.text for line in one.lines] == [line.text for line in other.lines]


def test_a_day_without_a_figure_cant_be_told_apart(compared: Ask) -> None:
    answer = compared("2023-07-01", "2024-06-01")
    assert answer.lines[0].text.endswith("; can't tell on private tests")
    assert lines(answer)["Private tests"] == "no figure, then no figure"
    assert "private tests: no figure on a side" in lines(answer)["Change"]


def test_days_that_share_months_are_too_near_to_compare(compared: Ask) -> None:
    answer = compared("2026-09-01", "2026-09-28")
    assert (
        "can't tell whether the gap grew on all tests together, private tests or public tests" in answer.lines[0].text
    )
    assert "the averages of both days share months" in lines(answer)["Change"]


def test_a_day_before_all_data_is_refused(compared: Ask) -> None:
    with pytest.raises(UsageError, match=r"is before that\. Ask for a later day"):
        compared("2010-01-01", "now")
