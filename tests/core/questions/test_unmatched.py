"""What `unmatched` says: the levels that `gap` calls unmatched, the oldest first, and how long such levels take."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given

from core.answer import Answer
from core.evidence.evidence import Evidence
from core.questions import GapQuestion
from core.questions.unmatched import UnmatchedQuestion
from tests import toy
from tests.core.gap.whole import whole
from tests.core.questions.conftest import Ask
from tests.core.questions.laws import lines, shown
from tests.core.questions.worlds import race

QUESTION = UnmatchedQuestion
DAYS = [None, date(2023, 4, 1), date(2025, 1, 31), date(2025, 9, 1), date(2026, 5, 22)]


def ask(evidence: Evidence, **fields: object) -> Answer:
    return UnmatchedQuestion(**fields).answer(whole(evidence))


# ---- the levels are gap's


@pytest.mark.parametrize("as_of", DAYS, ids=str)
@pytest.mark.parametrize("fields", [{}, {"access": "public"}, {"benchmark": "mmlu"}], ids=str)
def test_there_are_as_many_as_gap_says(shipped: Ask, as_of: date | None, fields: dict[str, str]) -> None:
    answer, gap = shipped(as_of=as_of, **fields), shipped(GapQuestion, as_of=as_of, **fields)
    assert len(answer.data["waiting"]) == gap.data["unmatched"]
    counts = {fact.key: fact.shown for fact in gap.facts if fact.key.startswith("unmatched.")}
    assert {fact.key: fact.shown for fact in answer.facts if fact.key.startswith("unmatched.")} == counts


def test_a_board_that_ended_has_none_and_is_named_once_with_its_last_day(shipped: Ask) -> None:
    answer = shipped()
    assert "FictionLiveBench (120k)" not in {row["name"] for row in answer.data["waiting"]}
    assert [line.label for line in answer.lines if "FictionLiveBench (120k)" in line.text] == ["Ended"]
    assert lines(answer)["Ended"].startswith(
        "no model for six months, the last of FictionLiveBench (120k) (27 January 2026) (private); MMLU-Pro (5 March"
    )
    assert lines(answer)["Ended"] == lines(shipped(GapQuestion))["Ended"]


def test_the_scores_of_a_successor_replace_those_of_its_predecessor(shipped: Ask) -> None:
    boards = {(row["benchmark"], row["version"]) for row in shipped().data["waiting"]}
    assert {version for benchmark, version in boards if benchmark == "frontiermath"} == {"2"}


def test_on_one_test_that_ended_its_own_are_told(shipped: Ask) -> None:
    answer = shipped(benchmark="FictionLiveBench")
    assert {row["name"] for row in answer.data["waiting"]} == {"FictionLiveBench (120k)"}


def test_each_class_has_the_forward_estimate_of_its_own_tests(shipped: Ask) -> None:
    both = shipped().data["forward"]
    for access in ("private", "public"):
        assert both[access] == shipped(access=access).data["forward"][access]


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_levels_come_oldest_first_and_wait_no_longer_than_their_board_goes(shipped: Ask, as_of: date | None) -> None:
    rows = shipped(as_of=as_of).data["waiting"]
    younger = [first["age_months"] < second["age_months"] for first, second in pairwise(rows)]
    assert sum(younger) <= 1  # where tests with an ended version begin
    for name in {row["name"] for row in rows}:
        ages = [row["age_months"] for row in rows if row["name"] == name]
        assert ages == sorted(ages, reverse=True)
    for row in rows:
        assert row["closed_date"] <= row["newest_data"] <= str(as_of or "2026-09-28")
        days = (date.fromisoformat(row["newest_data"]) - date.fromisoformat(row["closed_date"])).days
        assert row["age_months"] == pytest.approx(days / (365.25 / 12))


@given(toy.boards(min_size=14))
@pytest.mark.slow
def test_a_level_waits_until_an_open_model_reaches_it(rows: list[toy.Row]) -> None:
    """An open model that reaches everything, released last, leaves nothing waiting."""
    world = [
        *rows,
        ("all-1", "2023-01-01", "closed", 100.0),
        *((f"o-{n}", "2023-01-02", "open", 1.0) for n in range(5)),
    ]
    waiting = ask(toy.evidence({"board": world})).data["waiting"]
    assert any(row["threshold"] == 100.0 for row in waiting) != any(row[2:] == ("open", 100.0) for row in rows)
    answer = ask(toy.evidence({"board": [*world, ("last", "2029-01-01", "open", 100.0)]}))
    assert answer.data["waiting"] == []
    assert answer.lines[0].text.startswith("Open models have matched every score that counts")


# ---- the words


def test_the_first_line_counts_private_and_public_apart() -> None:
    answer = ask(race(100, private=2, waiting=2))
    assert answer.lines[0].text == "No known open model matches 4 private scores and 4 public scores"


def test_no_test_of_which_a_version_has_ended_is_the_longest_unmatched(shipped: Ask) -> None:
    rows = shipped().data["waiting"]
    steady = [row["name"] != "METR Time Horizons" for row in rows]  # its first suite of tasks has ended
    assert steady == sorted(steady, reverse=True)
    assert max(rows, key=lambda row: row["age_months"])["name"] == "METR Time Horizons"
    alone = shipped(benchmark="metr")
    assert lines(alone)["Longest"].startswith("100 minutes on METR Time Horizons, since o3")


def test_the_oldest_and_the_newest_level_are_told(shipped: Ask) -> None:
    answer = shipped()
    rows = answer.data["waiting"]
    newest = max(row["closed_date"] for row in rows)
    assert f"{rows[0]['age_months']:.1f} months later" in lines(answer)["The longest"]
    assert shown(answer, "oldest.level").endswith(f" on {rows[0]['name']}")
    assert next(fact.value for fact in answer.facts if fact.key == "newest.day") == newest
    assert "; none in the data to " in lines(answer)["Newest"]


def test_a_level_that_waits_alone_is_neither_the_oldest_nor_the_newest() -> None:
    answer = ask(race(100, boards=1, waiting=1))
    assert lines(answer)["Unmatched"].startswith("90 % on Board-1, since closed-Board-1-90 on ")
    assert not {"Longest", "Newest"} & set(lines(answer))
    assert "one test only, so no range" in lines(answer)["How long"]


def test_nothing_is_forecast_and_past_levels_have_their_rough_ranges(shipped: Ask) -> None:
    answer = shipped()
    how_long = lines(answer)["How long"]
    assert how_long.startswith("nothing is forecast; half of such scores took longer than ")
    assert lines(answer)["Rough"] == "the likely ranges of how long matches take are rough"
    for access, forward in answer.data["forward"].items():
        assert f"{forward['median_months']:.1f} months on {access} tests (likely " in how_long
        for window in forward["matched"]:
            assert (
                shown(answer, f"within_{window['within']:g}.{access}") in lines(answer)[f"{access.capitalize()} tests"]
            )
            assert window["share"] == forward[f"caught_up_{window['within']:g}m"]
            if window["share"] > 0:
                share, low, high = (round(100 * window[key]) for key in ("share", "low", "high"))
                assert low <= share <= high
                assert shown(answer, f"within_{window['within']:g}.{access}").startswith(f"{share} % within ")


def test_who_asks_when_they_catch_up_sees_both_kinds_of_tests_at_once(shipped: Ask) -> None:
    first, *others = shipped().about("when").first_look
    assert first.text.startswith("Nothing is forecast; ")
    assert [line.label for line in others][:2] == ["Private tests", "Public tests"]


def test_most_levels_still_waiting_gives_no_waiting_time() -> None:
    answer = ask(race(100, waiting=12, until=date(2025, 10, 31)))
    assert answer.data["forward"]["public"]["median_months"] is None
    assert lines(answer)["How long"] == "nothing is forecast; more than half are unmatched on public tests"


def test_ages_are_never_given_as_the_gap(shipped: Ask) -> None:
    """The mean age is no fact at all, and the text says why ages are not the gap."""
    answer = shipped()
    ages = [row["age_months"] for row in answer.data["waiting"]]
    assert not any(fact.value == pytest.approx(sum(ages) / len(ages)) for fact in answer.facts if fact.unit == "months")
    assert "the age of unmatched scores is not the gap, nor is its mean" in lines(answer)["Can't tell"]


def test_tests_without_a_level_are_named(shipped: Ask) -> None:
    few = "scores of fewer than 5 open models, or of no closed one"
    assert lines(shipped())["Not counted"] == "Humanity's Last Exam has scores of 4 open models, and 5 are needed"
    assert lines(shipped(as_of=date(2025, 1, 31)))["Not counted"] == (
        f"ARC-AGI, ARC-AGI-2, FictionLiveBench (120k) and 7 others: {few}"
    )
    assert "Not counted" not in lines(shipped(access="private"))


# ---- the chart


def test_the_chart_holds_each_tests_oldest_level_the_oldest_first(shipped: Ask) -> None:
    answer = shipped()
    [chart] = answer.charts
    rows = answer.data["waiting"]
    assert chart.kind == "unmatched"
    for series in chart.series:
        oldest = {row["name"]: row for row in reversed(rows) if row["access"] == series.role}
        assert set(series.y) == {row["age_months"] for row in oldest.values()}
    assert [series.role for series in chart.series] == ["private", "public"]
    assert chart.title == "No known open model matches 75 % on SimpleBench after 8.8 months"
    assert "75 % on SimpleBench, 8.8 months, first reached by Gemini 3 Pro" in chart.alt
    private = chart.series[0]
    assert (private.x[0], private.notes[0]) == ("SimpleBench 75 %", "Gemini 3 Pro")
    lines = private.details[0].split("\n")
    assert lines[0].startswith("Closed: Gemini 3 Pro, ")
    assert lines[1].startswith("Open: none in the data to ")
    assert lines[2].startswith("Source: ")


def test_nothing_waiting_gives_no_chart_and_no_table(shipped: Ask) -> None:
    answer = shipped(benchmark="gsm8k")
    assert (
        answer.lines[0].text == "Open models have matched every score that counts and that closed ones reached on GSM8K"
    )
    assert answer.charts == answer.tables == ()
