"""What `trust` says: how sure one can be, what moves the gap most, where it reads wrong, which way each bias goes."""

from datetime import date

import pytest

from core.answer import Answer
from core.questions import GapQuestion
from core.questions.trust import TrustQuestion
from tests.core.questions.conftest import Ask
from tests.core.questions.laws import lines, shown
from tests.core.questions.worlds import race

QUESTION = TrustQuestion


def ask(evidence: object, **fields: object) -> Answer:
    return TrustQuestion(**fields).answer(evidence)


# ---- the first look: how sure one can be, what could move it, where it reads wrong


def test_the_first_line_says_how_sure_it_is_that_open_models_trail(shipped: Ask) -> None:
    assert shipped().lines[0].text == (
        "Sure that open models trail: likely 5 to 9 months on private tests, 3 to 8 on public"
    )
    private, public = (shown(shipped(GapQuestion), f"range.{access}") for access in ("private", "public"))
    assert (private, public) == ("likely 5 to 9", "likely 3 to 8")


@pytest.mark.parametrize(
    ("lag", "first"),
    [
        (200, "Sure that open models trail: likely 5.8 to 7.3 months on public tests"),
        (-20, "Sure that open models lead: likely 0.5 to 0.8 months ahead on public tests"),
        (3, "Not sure that open models trail: likely 0.1 ahead to 0.3 months behind on public tests"),
    ],
)
def test_where_a_range_holds_zero_it_is_not_sure_who_trails(lag: int, first: str) -> None:
    assert ask(race(lag)).lines[0].text == first


@pytest.mark.slow
def test_a_kind_of_tests_without_a_range_is_named(shipped: Ask) -> None:
    first = shipped(as_of=date(2023, 7, 1)).lines[0].text
    assert first == "Sure that open models trail: likely 2 to 10 months on public tests; no range on private tests"


def test_without_any_range_it_is_not_sure_of_the_gap() -> None:
    assert ask(race(100, boards=2)).lines[0].text == "Not sure of the gap: too little data for a range"


def test_the_two_largest_doubts_are_named_each_of_another_kind(shipped: Ask) -> None:
    answer = shipped()
    assert lines(answer)["Doubts"] == (
        "8.0 months, not 7.0, on private tests without Kimi K2.6; 6.4 months, not 5.4, on public tests with ranks"
        " instead of scores"
    )
    headlines = {access: row["index"]["months"] for access, row in answer.data["access"].items()}
    doubts = [fact for fact in answer.facts if fact.key.startswith("doubt.")]
    moves = [abs(float(fact.value) - headlines[fact.access]) for fact in doubts]
    left_out = [abs(row["moved"]) for row in answer.data["influences"]]
    chosen = [
        abs(combination["months"] - headlines[row["access"]])
        for row in answer.data["robust"]
        for combination in row["combinations"]
        if len(combination["choices"]) == 1
    ]
    assert moves == [pytest.approx(max(left_out)), pytest.approx(max(chosen))]


def test_the_worst_simulated_worlds_are_named_with_the_sign_of_the_error(shipped: Ask) -> None:
    answer = shipped()
    text = lines(answer)["In simulations"]
    worlds = [row for row in answer.data["worlds"].values() if row["trust"] != "yes" and row["bias"]]
    worst = sorted(worlds, key=lambda row: -abs(row["bias"]))[:3]
    for row, clause in zip(worst, text.removeprefix("the gap reads ").replace(" months", "").split("; "), strict=True):
        assert clause.startswith(f"{abs(row['bias']):.1f} too {'large' if row['bias'] > 0 else 'small'} where ")
    assert lines(answer)["Moving gap"] == "where the gap is moving, the average follows half a year late"


def test_one_test_has_no_range_but_two_models_to_doubt(shipped: Ask) -> None:
    answer = shipped(benchmark="gpqa")
    assert answer.lines[0].text == (
        "One test alone has no range. Open models stand 6.4 months behind on GPQA Diamond: Kimi K3's 93.1 % was first"
        " reached by Gemini 3.1 Pro (94.4 %)"
    )
    assert lines(answer)["Doubts"] == "9.5 months, not 6.4, without Kimi K3"
    absent = {"In simulations", "Moving gap", "Ranges", "Choices", "Without", "Private-public effect", "Others"}
    assert not absent & set(lines(answer))


# ---- behind it


def test_figures_are_those_of_gap(shipped: Ask) -> None:
    mine, gap = shipped(), shipped(GapQuestion)
    for key in ("access", "direction", "influences", "excluded"):
        assert mine.data[key] == gap.data[key]
    for label in ("Widening?", "Change", "Rests on", "Ended", "Left out"):
        assert lines(mine)[label] == lines(gap)[label]


def test_what_each_kind_of_thing_moves_is_said_class_by_class(shipped: Ask) -> None:
    answer = shipped()
    text = lines(answer)["Without"]
    for row in answer.data["influences"]:
        assert f"{row['months_without']:.1f} months without {row['name']}" in text


def test_trust_says_of_choices_what_gap_says(shipped: Ask) -> None:
    trust, gap = shipped(), shipped(GapQuestion, robust="yes")
    assert "Choices" in {line.label for line in gap.first_look}
    for part in lines(gap)["Choices"].split("; "):
        assert part in lines(trust)["Choices"]
    for part in lines(gap)["Moved most"].split("; "):
        assert f"moved most {part.partition(' tests ')[2]}" in lines(trust)["Choices"]
    assert trust.data["robust"] == gap.data["robust"]
    [table] = [table for table in trust.tables if table.title.startswith("By choice")]
    assert table == gap.tables[0]


@pytest.mark.slow
def test_how_much_harder_private_tests_are_for_open_models_is_told_on_one_scale(shipped: Ask) -> None:
    answer = shipped()
    effect = answer.data["private_public_effect"]
    assert effect["low"] < effect["months"] < effect["high"]
    line = lines(answer)["Private-public effect"]
    assert line.startswith(f"on one scale of all tests, open models are {abs(effect['months']):.1f} months ")
    for fields in ({"access": "private"}, {"benchmark": "gpqa"}, {"as_of": date(2023, 7, 1)}):
        assert "Private-public effect" not in lines(shipped(**fields))


@pytest.mark.slow
def test_it_says_that_the_direction_is_counted_from_a_low_and_what_it_is_from_a_later_day(shipped: Ask) -> None:
    assert lines(shipped())["Counted from a low"] == (
        'the study chose January 2025 because the gap was low then, which favours "widening"; counted from'
        " 31 January 2025 it is too close to call"
    )
    private = lines(shipped(access="private"))["Counted from a low"]
    assert private.endswith("counted from 31 January 2025 it is probably wider")
    for fields in ({"benchmark": "gpqa"}, {"as_of": date(2025, 3, 1)}):
        assert "Counted from a low" not in lines(shipped(**fields))


def test_the_gap_on_the_last_day_alone_stands_beside_the_average(shipped: Ask) -> None:
    for answer in (shipped(), shipped(GapQuestion)):
        private, public = (answer.data["access"][access]["index"]["newest"] for access in ("private", "public"))
        assert lines(answer)["Last day"] == (
            f"{private:.1f} months on private tests, {public:.1f} months on public tests, not averaged: it jumps with"
            " each release, so the gap averages six months"
        )
    assert "Last day" not in lines(shipped(benchmark="gpqa"))
    assert "Last day" not in lines(shipped(GapQuestion, method="study"))


def test_that_others_disagree_on_the_direction_is_said(shipped: Ask) -> None:
    assert lines(shipped())["Others"] == "publications on the direction: 3 widening, 1 flat, 3 narrowing, 9 silent"


# ---- coverage


def test_coverage_is_told_overall_and_per_board(shipped: Ask) -> None:
    answer = shipped()
    total = answer.data["coverage"]
    for side, whose in (("open", "open models of their time"), ("closed", "closed ones")):
        rows = [row["coverage"][side] for row in answer.data["benchmarks"]]
        for row in rows:
            assert 0 <= row["tested"] <= row["eligible"]
            assert row["share"] == pytest.approx(row["tested"] / row["eligible"])
        assert total[side]["tested"] == sum(row["tested"] for row in rows)
        assert total[side]["share"] == pytest.approx(total[side]["tested"] / sum(row["eligible"] for row in rows))
        assert f"{100 * total[side]['share']:.0f} % of the {whose}" in lines(answer)["Tested"]


def test_closed_models_that_are_tested_more_often_make_the_gap_look_larger(shipped: Ask) -> None:
    assert lines(shipped())["Tested"].endswith(" of the closed ones, which makes the gap look larger")
    assert lines(shipped(benchmark="gsm8k"))["Tested"] == (
        "it has tried 55 % of the open models of its time and 29 % of the closed ones"
    )


def test_the_table_has_every_test_with_its_standing_gap_end_stage_and_coverage(shipped: Ask) -> None:
    answer = shipped()
    table = answer.tables[0]
    assert table.columns == (
        "Test", "Kind", "Standing gap", "Newest model", "Stage", "Open tested %", "Closed tested %",
    )  # fmt: skip
    cells = {row[0]: row[1:] for row in table.rows}
    assert len(cells) == len(answer.data["benchmarks"]) == 19
    assert cells["GPQA Diamond"] == ("public", "6.4", "2026-09-03", "active", "37", "58")
    assert cells["GSM8K"] == ("public", "–", "2024-11-29", "ended", "55", "29")
    assert cells["Humanity's Last Exam"][3] == "too few open models"
    assert [row[1] for row in table.rows] == ["private"] * 10 + ["public"] * 9


# ---- biases


def read_directions(answer: Answer) -> dict[str, bool]:
    """Return, by its caveat, whether the table says that a bias makes the gap look larger."""
    table = next(table for table in answer.tables if table.title.startswith("Known biases"))
    assert {row[0] for row in table.rows} <= {"larger", "smaller"}
    return {row[1]: row[0] == "larger" for row in table.rows}


def test_every_bias_is_told_with_its_own_direction(shipped: Ask) -> None:
    answer = shipped()
    caveats = read_directions(answer)
    assert len(caveats) == len(answer.data["biases"]) == 8
    for bias in answer.data["biases"]:
        assert caveats[bias["caveat"]] == (bias["effect"] == "larger")
        assert shown(answer, f"bias.{bias['bias_id']}") == f"{bias['caveat']} (makes the gap look {bias['effect']})"
    larger = sum(caveats.values())
    assert f"larger than it is: {larger}; smaller: {len(caveats) - larger};" in lines(answer)["Biases"]


@pytest.mark.parametrize(
    ("about", "larger"),
    [
        ("closed models are tested more often", True),
        ("third-party hosts", True),
        ("OpenAI funded FrontierMath", True),
        ("lucky run", True),
        ("train towards public tests", False),
        ("Humanity's Last Exam are self-reported", False),
        ("left out when looking forward", False),
        ("held back before release", False),
    ],
)
def test_no_bias_is_reversed(shipped: Ask, about: str, larger: bool) -> None:
    """The directions of the method: written here by hand, so that a slip in the data shows."""
    [text] = [text for caveat, text in read_directions(shipped()).items() if about in caveat]
    assert text is larger


def test_biases_of_the_other_class_are_left_out(shipped: Ask) -> None:
    private, public = (read_directions(shipped(access=access)) for access in ("private", "public"))
    assert not any("train towards public tests" in caveat for caveat in private)
    assert not any("FrontierMath" in caveat for caveat in public)
    assert set(private) | set(public) == set(read_directions(shipped()))


def test_without_known_biases_nothing_is_said_of_them() -> None:
    answer = ask(race(100))
    assert not [table for table in answer.tables if table.title.startswith("Known biases")]
    assert "Biases" not in lines(answer)
