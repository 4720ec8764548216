"""What `trust` says: what carries the figure, how often ranges hold, and the direction of every known bias."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from core.answer import Answer
from core.errors import UsageError
from core.evidence.evidence import Bias
from core.questions import GapQuestion
from core.questions.compare import CompareQuestion
from core.questions.range_wording import SIMULATED
from core.questions.trust import TrustQuestion
from tests.conftest import ROOT
from tests.core.questions.laws import check, lines, shown
from tests.core.questions.worlds import race

QUESTION = TrustQuestion
Ask = Callable[..., Answer]


def asked(evidence: object, **fields: object) -> Answer:
    return TrustQuestion(**fields).answer(evidence)


# ---- the first look: how sure one can be, and what could move it


def test_the_first_line_says_how_sure_it_is_that_open_models_trail_and_which_way_that_goes(shipped: Ask) -> None:
    first = shipped().lines[0].text
    ranges = [shown(shipped(GapQuestion), f"range.{access}") for access in ("private", "public")]
    assert first == (
        f"Sure that open models trail: the gap on private tests is {ranges[0]} months, on public tests {ranges[1]}"
        " months; too uncertain to say if it grows"
    )


def test_where_an_interval_holds_zero_it_is_not_sure_that_open_models_trail() -> None:
    assert asked(race(-60)).lines[0].text.startswith("Not sure that open models trail: ")


def test_the_largest_doubts_come_first_each_of_another_kind(shipped: Ask) -> None:
    answer = shipped()
    headlines = {access: row["index"]["months"] for access, row in answer.data["access"].items()}
    doubts = [fact for fact in answer.facts if fact.key.startswith("doubt.")]
    moves = [abs(float(fact.value) - headlines[fact.access]) for fact in doubts]
    assert moves == sorted(moves, reverse=True)
    assert len({fact.key for fact in doubts}) == len(doubts) == 3
    told = lines(answer)
    assert [told[label] for label in ("Largest doubt", "Second", "Third")] == [fact.shown for fact in doubts]
    influences = [row for row in answer.data["influences"] if row["measure"] == "index" and row["moved"] is not None]
    assert moves[1] == pytest.approx(max(abs(row["moved"]) for row in influences))


# ---- what carries the figure


def test_the_first_line_names_the_few_tests_that_carry_more_than_half_and_their_equals(shipped: Ask) -> None:
    answer = shipped()
    for access in ("private", "public"):
        weights = sorted(
            (
                (row["weight"], row["name"])
                for row in answer.data["benchmarks"]
                if row["access"] == access and row["weight"]
            ),
            reverse=True,
        )
        number, carried = 0, 0.0
        while carried <= 0.5 or f"{weights[number][0]:.0%}" == f"{weights[number - 1][0]:.0%}":
            carried += weights[number][0]
            number += 1
        text = shown(answer, f"carry.{access}")
        tests = answer.data["access"][access]["n_benchmarks"]
        assert text.startswith(f"{tests} {access} tests, of which {number} (")
        assert text.endswith(f") {'carries' if number == 1 else 'carry'} {100 * carried:.0f} % of catch-up time")
        assert all(name in text for _, name in weights[:number])
        assert text in lines(answer)["Rests on"]


def test_weights_are_shares_of_each_class_and_none_without_a_result(shipped: Ask) -> None:
    rows = shipped().data["benchmarks"]
    for access in ("private", "public"):
        assert sum(row["weight"] or 0.0 for row in rows if row["access"] == access) == pytest.approx(1.0)
    [hle] = [row for row in rows if row["benchmark"] == "hle"]
    assert hle["weight"] is None


def test_one_benchmark_says_that_it_is_one_and_gives_no_range(shipped: Ask) -> None:
    answer = shipped(benchmark="gpqa")
    assert re.fullmatch(
        r"1 public test only, with \d+ results on GPQA Diamond: no range between tests",
        lines(answer)["Rests on"],
    )
    assert "no range" in lines(answer)["Public tests"]
    assert not {"Ranges", "Another test", "Difference"} & set(lines(answer))


def test_too_few_results_are_said_to_carry_nothing(shipped: Ask) -> None:
    answer = shipped(as_of=date(2023, 7, 1))
    assert lines(answer)["Rests on"] == "2 public tests, and on no day do enough of them carry a figure"


# ---- figures and their ranges


def test_figures_are_those_of_gap(shipped: Ask) -> None:
    mine, gap = shipped(), shipped(GapQuestion)
    assert mine.data["access"] == gap.data["access"]
    for key in ("private_minus_public", "influence", "influences", "excluded"):
        assert mine.data[key] == gap.data[key]
    for key in (
        "gap.private",
        "range.public",
        "basis.private",
        "leans.on",
        "leans.direction",
        "leans.without",
        "excluded",
    ):
        assert shown(mine, key) == shown(gap, key)


def test_a_further_test_is_expected_within_the_prediction_range(shipped: Ask) -> None:
    answer = shipped()
    for access in ("private", "public"):
        mean = answer.data["access"][access]["mean"]
        low, high = mean["prediction_low"], mean["prediction_high"]
        assert f"{access} likely {low:.0f} to {high:.0f}" in lines(answer)["Another test"]


def simulated_in_the_docs() -> tuple[list[float], list[float], list[float]]:
    """Read the two tables of docs/method.md: cells without and with shared models, and of points as independent."""
    text = (
        (ROOT / "docs" / "method.md").read_text(encoding="utf-8").split("### How often the intervals hold the truth")[1]
    )
    rows = re.findall(r"^\|((?: *\d+ \|){6})$", text, re.MULTILINE)
    cells = [[float(cell) for cell in row.split("|")[:-1]] for row in rows]
    assert len(cells) == 10
    alone, shared = ([cell for row in cells[part] for cell in row[1:5]] for part in (slice(0, 5), slice(5, 10)))
    return alone, shared, [row[5] for row in cells]


def test_what_simulation_showed_is_what_the_method_page_says(shipped: Ask) -> None:
    alone, shared, points = simulated_in_the_docs()
    assert SIMULATED["independent"] == (min(alone), max(alone))
    assert SIMULATED["shared"] == (min(shared), max(shared))
    assert SIMULATED["points"][0] <= min(points) <= max(points) <= SIMULATED["points"][1]
    assert shipped().data["simulated"] == {name: list(bounds) for name, bounds in SIMULATED.items()}


def test_leaving_any_test_or_model_out_moves_the_difference_within_what_is_told(shipped: Ask) -> None:
    answer = shipped()
    found = answer.data["private_minus_public"]
    text = lines(answer)["Difference"]
    assert f"{found['months']:.1f} months, likely {found['low']:.1f} to {found['high']:.1f}" in text
    assert f"{found['without_low']:.1f} to {found['without_high']:.1f} with any one test left out" in text
    assert f"{found['model_low']:.1f} to {found['model_high']:.1f} with any one model left out" in text
    assert "Difference" not in lines(shipped(access="private"))


def test_the_difference_with_both_sides_tested_as_often_stands_beside_it_here_and_in_compare(shipped: Ask) -> None:
    answer, compared = shipped(), shipped(CompareQuestion, left="public", right="private")
    said = shown(answer, "difference.thinned")
    found = answer.data["private_minus_public_thinned"]
    assert found["months"] < answer.data["private_minus_public"]["months"]
    assert said.startswith(
        f"with both sides tested as often {found['months']:.1f} months longer on private tests (likely "
    )
    assert said in lines(answer)["Difference"]
    assert said in lines(compared)["Difference"]
    assert compared.data["private_minus_public_thinned"] == found


def test_a_difference_below_zero_keeps_its_sign(shipped: Ask) -> None:
    text = lines(shipped(as_of=date(2025, 1, 31)))["Difference"]
    assert re.search(r"−\d\.\d to \d\.\d with any one test left out", text)


# ---- coverage


def test_coverage_is_told_overall_and_per_board(shipped: Ask) -> None:
    answer = shipped()
    total = answer.data["coverage"]
    for side, whose in (("open", "open models"), ("closed", "closed ones")):
        rows = [row["coverage"][side] for row in answer.data["benchmarks"]]
        for row in rows:
            assert 0 <= row["tested"] <= row["eligible"]
            assert row["share"] == pytest.approx(row["tested"] / row["eligible"])
        assert total[side]["tested"] == sum(row["tested"] for row in rows)
        assert total[side]["share"] == pytest.approx(total[side]["tested"] / sum(row["eligible"] for row in rows))
        assert f"{100 * total[side]['share']:.0f} % of the {whose}" in lines(answer)["Tested"]


def test_the_table_has_every_board_with_its_end_weight_and_coverage(shipped: Ask) -> None:
    answer = shipped()
    table = answer.tables[0]
    cells = {row[0]: row for row in table.rows}
    assert len(cells) == len(answer.data["benchmarks"]) == 19
    assert cells["GSM8K"][3] == "2024-11-29"
    assert cells["Humanity's Last Exam"][2] == "–"
    assert [row[1] for row in table.rows] == ["private"] * 10 + ["public"] * 9


# ---- biases


def told_larger(answer: Answer) -> dict[str, bool]:
    """Return, by its caveat, whether the table says that a bias makes the gap look larger."""
    table = next(table for table in answer.tables if table.title.startswith("Known biases"))
    assert {row[0] for row in table.rows} <= {"larger", "smaller"}
    return {row[1]: row[0] == "larger" for row in table.rows}


def test_every_bias_is_told_with_its_own_direction(shipped: Ask) -> None:
    answer = shipped()
    told = told_larger(answer)
    assert len(told) == len(answer.data["biases"]) == 8
    for bias in answer.data["biases"]:
        assert told[bias["caveat"]] == (bias["effect"] == "larger")
        assert shown(answer, f"bias.{bias['bias_id']}") == f"{bias['caveat']} (makes the gap look {bias['effect']})"
    larger = sum(told.values())
    assert f"larger than it is: {larger}; smaller: {len(told) - larger};" in lines(answer)["Biases"]


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
    [said] = [said for caveat, said in told_larger(shipped()).items() if about in caveat]
    assert said is larger


def test_biases_of_the_other_class_are_left_out(shipped: Ask) -> None:
    private, public = (told_larger(shipped(access=access)) for access in ("private", "public"))
    assert not any("train towards public tests" in caveat for caveat in private)
    assert not any("FrontierMath" in caveat for caveat in public)
    assert set(private) | set(public) == set(told_larger(shipped()))


def test_a_bias_turned_around_in_the_data_is_told_turned_around() -> None:
    for effect in ("larger", "smaller"):
        world = replace(race(100), biases=(Bias("b", "some caveat", effect, "", ""),))
        assert told_larger(asked(world)) == {"some caveat": effect == "larger"}


def test_without_known_biases_nothing_is_said_of_them() -> None:
    answer = asked(race(100))
    assert [table.title.split()[0] for table in answer.tables] == ["By", "Change"]
    assert "Biases" not in lines(answer)


# ---- what can't be asked


def test_what_cant_be_asked_is_refused_as_gap_does(shipped: Ask) -> None:
    with pytest.raises(UsageError, match="Humanity's Last Exam has scores of 4 open models, and 5 are needed"):
        shipped(benchmark="hle")
    with pytest.raises(UsageError, match="ARC-AGI is a private test; leave the access out"):
        shipped(benchmark="arc", access="public")
    with pytest.raises(UsageError, match="is in the future"):
        shipped(as_of=date(2027, 1, 1))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"benchmark": "weirdml"},
        {"access": "public"},
        {"as_of": date(2023, 7, 1)},
        {"as_of": date(2025, 1, 31)},
        {"as_of": date(2026, 5, 22), "known_by": date(2026, 5, 22)},
    ],
    ids=str,
)
def test_what_every_answer_obeys(shipped: Ask, fields: dict[str, object]) -> None:
    check(shipped(**fields))


def test_both_measures_stand_side_by_side_by_all_scores_and_thinned(shipped: Ask) -> None:
    answer = shipped()
    table = next(table for table in answer.tables if "Thinned" in table.columns)
    assert len(table.rows) == 4
    for measure, name, raw, _, thinned, _ in table.rows:
        key = {"Catch-up time": "catch_up", "Standing gap": "standing"}[measure]
        of_class = answer.data["access"][name]
        figures = (of_class if key == "catch_up" else of_class["standing"]), answer.data["thinned"][name][key]
        # Two public tests alone have not ended: too few for a standing gap of the class.
        assert [raw, thinned] == ["–" if each["months"] is None else f"{each['months']:.1f}" for each in figures]
    assert "of open frontier models" in lines(answer)["Thinned"]
    assert "Thinned" not in lines(shipped(benchmark="gpqa"))


def test_every_measures_change_stands_beside_the_others_since_each_day(shipped: Ask) -> None:
    answer = shipped()
    table = next(table for table in answer.tables if table.columns[0] == "Since")
    days = ["2025-01-20", "2025-09-28", "2026-03-29"]
    assert [row[:2] for row in table.rows] == [(day, name) for day in days for name in ("private", "public")]
    rows = {(row["since"], row["access"], row["measure"]): row for row in answer.data["changes"]}
    for since, name, *cells in table.rows:
        for measure, cell in zip(("index", "standing", "catch_up"), cells, strict=True):
            change = rows[since, name, measure]
            told = f"{change['months']:.1f} ({change['low']:.1f} to " if change["months"] is not None else "–"
            assert cell.replace("−", "-").startswith(told)
            assert cell.endswith({1: "wider", -1: "narrower", 0: cell}[change["direction"]])
    assert (
        rows["2025-01-20", "private", "index"]["months"]
        == answer.data["access"]["private"]["index"]["change"]["months"]
    )
    assert lines(answer)["Direction"] == "too uncertain since January 2025"


def test_the_slope_and_the_shortest_catch_up_time_are_told_with_their_ranges(shipped: Ask) -> None:
    answer = shipped()
    for name, slope in answer.data["slope"].items():
        assert slope["low"] < slope["months"] < slope["high"]
        assert slope["direction"] == 0
        assert shown(answer, f"slope.{name}") in lines(answer)["Slope"]
        assert shown(answer, f"slope.{name}").endswith(f"{slope['n_points']} results in {slope['n_families']} families")
        lowest = answer.data["lowest"][name]
        assert lowest["low"] <= lowest["at"] <= lowest["high"]
        assert shown(answer, f"lowest.{name}") in lines(answer)["Shortest"]
    assert answer.data["lowest"]["private"]["low"] < "2025-01-20" < answer.data["lowest"]["private"]["high"]
    assert "Slope" not in lines(shipped(benchmark="gpqa"))


def test_that_others_disagree_on_the_direction_is_said(shipped: Ask) -> None:
    assert re.fullmatch(
        r"publications on the direction: \d+ says? widening, \d+ says? flat, \d+ says? narrowing, \d+ do not say",
        lines(shipped())["Others"],
    )


def test_how_much_harder_private_tests_are_for_open_models_is_told_on_one_scale(shipped: Ask) -> None:
    answer = shipped()
    effect = answer.data["private_public_effect"]
    assert effect["low"] < effect["months"] < effect["high"]
    told = lines(answer)["Private-public effect"]
    assert told.startswith(f"on one scale of all tests, open models are {abs(effect['months']):.1f} months ")
    assert "Private-public effect" not in lines(shipped(access="private"))


def test_the_lag_along_the_closed_line_is_told_by_its_name_beside_the_others(shipped: Ask) -> None:
    answer = shipped()
    line = lines(answer)["Trend lines"]
    for of_class in answer.data["trend_line"].values():
        for key, label in (("index", "trend-line lag on the index"), ("tests", "trend-line lag test by test")):
            found = of_class[key]
            if found["months"] is None:
                continue
            assert found["low"] < found["months"] < found["high"]
            assert f"{found['months']:.1f} months (likely" in line.split(label)[1]
    assert "Trend lines" not in lines(shipped(benchmark="gpqa"))


def test_both_measures_are_told_with_untested_models_filled_in(shipped: Ask) -> None:
    answer = shipped()
    private = answer.data["imputed"]["private"]
    told = lines(answer)["Filled in"]
    assert f"private tests ({100 * private['share']:.0f} % of all scores) standing gap " in told
    assert f"catch-up time {private['catch_up']['months']:.1f} months (likely " in told
    assert "Filled in" not in lines(shipped(benchmark="weirdml"))
