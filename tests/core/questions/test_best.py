"""What `best` says: the best open model overall, in a domain, on a test, and of those up to a size."""

from pathlib import Path

import pytest

from core.answer import Answer
from core.evidence.evidence import Evidence
from core.questions import QUESTIONS, ask
from core.store.store import open_store
from core.words import lag_text
from tests.conftest import ROOT
from tests.core.questions.conftest import TODAY, Ask
from tests.core.questions.laws import check, lines, shown


@pytest.fixture
def shipped(evidence_file: Path) -> Ask:
    """Ask the shipped data."""

    def of(**words: str) -> Answer:
        with open_store(evidence_file, ROOT / "data") as store:
            answer = ask(QUESTIONS["best"].from_words(**words), store, TODAY)
        check(answer)
        return answer

    return of


def test_the_first_line_names_the_best_on_private_and_on_public_tests(shipped: Ask) -> None:
    answer = shipped()
    best = {name: ranking[0]["name"] for name, ranking in answer.data["ranking"].items()}
    assert list(best) == ["private", "public"]
    assert answer.lines[0].text == (
        f"The best open model is {best['private']} on private tests and {best['public']} on public tests,"
        " by too little to be sure"
    )


def test_the_first_line_is_no_surer_than_the_lines_under_it(shipped: Ask) -> None:
    for as_of in (None, "2024-10-01", "2025-03-01", "2025-10-01", "2026-03-01"):
        answer = shipped(as_of=as_of)
        ranking = answer.data["ranking"].items()
        unsure = [name for name, entries in ranking if not all(row["told_from_best"] for row in entries[1:])]
        text = answer.lines[0].text
        assert text.endswith("by too little to be sure") == bool(unsure)
        assert (f"on {unsure[0]} tests by too little" in text) == (0 < len(unsure) < len(ranking))


def test_who_can_t_be_told_from_the_best_stands_beside_it(shipped: Ask) -> None:
    answer = shipped()
    for name, ranking in answer.data["ranking"].items():
        level = [row["name"] for row in ranking[1:] if not row["told_from_best"]]
        line = lines(answer)[name.capitalize()]
        assert (f"too close to call: {level[0]}" in line) if level else "close" not in line
        assert [row["index"]["points"] for row in ranking] == sorted(
            (row["index"]["points"] for row in ranking), reverse=True
        )


def test_one_that_leads_both_kinds_is_named_once(shipped: Ask) -> None:
    assert (
        shipped(as_of="2026-08-05")
        .lines[0]
        .text.startswith("Kimi K3 is the best open model, on private tests and on public tests")
    )


@pytest.mark.parametrize("typed", ["32", "32B", "up to 32B", "large card", "a large card"])
def test_a_size_may_be_a_number_or_what_it_fits(shipped: Ask, typed: str) -> None:
    answer = shipped(size=typed)
    assert answer.question["size"] == "<=32"
    assert "the best open model up to 32B" in answer.lines[0].text
    for ranking in answer.data["ranking"].values():
        assert all(model["parameters_b"] <= 32 for model in ranking)
    assert all(test["parameters_b"] <= 32 for test in answer.data["tests"])


def test_models_of_unknown_size_are_left_out_and_counted(shipped: Ask) -> None:
    answer, everyone = shipped(size="250"), shipped()
    unsized = {model["name"] for ranking in everyone.data["ranking"].values() for model in ranking
               if model["parameters_b"] is None}  # fmt: skip
    assert unsized
    named = {model["name"] for ranking in answer.data["ranking"].values() for model in ranking}
    assert not unsized & named
    assert lines(answer)["Left out"].endswith("others")
    assert "Left out" not in lines(everyone)


def test_a_domain_says_who_is_best_on_how_many_of_the_tests_that_each_took(shipped: Ask, evidence: Evidence) -> None:
    answer = shipped(domain="coding")
    names = [test["name"] for test in answer.data["tests"]]
    first = max(set(names), key=lambda name: (names.count(name), evidence.models[index(evidence, name)].day))
    tests = {(test["benchmark"], test["version"]) for test in answer.data["tests"]}
    boards = {n for n, board in enumerate(evidence.boards) if (board.benchmark_id, board.version) in tests}
    on = set(evidence.board[evidence.model == index(evidence, first)].tolist())
    assert answer.lines[0].text.startswith(
        f"Coding · Most often best of the open models: {first} ({names.count(first)} of {len(on & boards)} tests it"
        " took)"
    )
    assert "(1 of " not in answer.lines[0].text
    assert answer.data["ranking"] == {}


@pytest.mark.parametrize(
    ("domain", "message"),
    [
        ("science", "Science · Best of the open models: Kimi K3 on GPQA Diamond"),
        ("knowledge", "Knowledge · Best of the open models: DeepSeek-V4-Pro on "),
    ],
)
def test_who_is_best_on_one_test_alone_is_named_with_the_test(shipped: Ask, domain: str, message: str) -> None:
    assert shipped(domain=domain).lines[0].text.startswith(message)


def test_memory_is_a_size_and_the_answer_says_what_fits(shipped: Ask) -> None:
    answer = shipped(size="2x3090")
    assert answer.data["size"]["key"] == "<=60"
    assert lines(answer)["Memory"] == "60B needs about 48 GB at 4 bits (30 GB for weights, the rest for context)"
    assert "Memory" in {line.label for line in answer.first_look}
    assert "Memory" not in lines(shipped(size="over 40B"))


def test_models_just_above_a_size_are_named(shipped: Ask) -> None:
    line = lines(shipped(size="24 GB"))["Too large"]
    assert line == "just above the size: Qwen 3.6 35B-A3B (35B), Gemma 4 31B IT (33B) and 14 others"
    assert "Too large" not in lines(shipped(size="25 GB", lab="Google"))
    assert lines(shipped(size="24 GB", lab="Google"))["Too large"] == "just above the size: Gemma 4 31B IT (33B)"
    assert "(70.6B)" in lines(shipped(size="48 GB"))["Too large"]
    assert "Too large" not in lines(shipped(size="over 40B"))


def test_models_of_too_few_tests_to_be_ranked_are_named_where_they_stand_above_all_that_are(shipped: Ask) -> None:
    line = "with fewer than two unrelated private tests: {}"
    few = lines(shipped(size="24 GB"))["Not ranked"]
    assert few == line.format("Qwen3.6-27B (14.7 months behind) and 6 others")
    few = lines(shipped(size="48 GB"))["Not ranked"]
    assert few == line.format("Qwen3.6-27B (14.7 months behind) and 2 others")
    few = lines(shipped(lab="Google"))["Not ranked"]
    assert few == line.format("Gemma 4 31B IT (14.7 months behind) and Gemma 4 26B A4B (18.1 months behind)")
    assert "Not ranked" not in lines(shipped())


def test_which_tests_a_model_took_is_said(shipped: Ask) -> None:
    answer = lines(shipped(size="24 GB"))
    assert ", took 2 of 9 public tests" in answer["Public"]
    assert answer["By test"].startswith("on private and public tests, most often best: Qwen3.6-27B (3 of 3 tests it")
    assert lines(shipped(size="24 GB", access="public"))["By test"].startswith("on public tests, most often best: ")


def test_up_to_a_size_the_best_says_how_many_of_the_tests_it_took(shipped: Ask) -> None:
    answer = shipped(size="32")
    for name, ranking in answer.data["ranking"].items():
        n_tests = {"private": 10, "public": 9}[name]
        assert f"took {ranking[0]['n_tests']} of {n_tests} {name} tests" in lines(answer)[name.capitalize()]
        row = next(row for table in answer.tables for row in table.rows if f"on {name} tests" in table.title)
        assert row[3] == str(ranking[0]["n_tests"])


def index(evidence: Evidence, name: str) -> int:
    return next(n for n, model in enumerate(evidence.models) if model.name == name)


def test_on_one_test_the_first_line_has_the_score_and_the_months(shipped: Ask) -> None:
    answer = shipped(benchmark="weirdml")
    [test] = answer.data["tests"]
    assert answer.lines[0].text == (
        f"{test['name']}, {shown(answer, 'best.score')}, is the best open model on WeirdML,"
        f" {test['months']:.1f} months behind: {shown(answer, 'matched')} was first there"
    )
    scores = [float(row[3].split()[0]) for row in answer.tables[0].rows]
    assert scores == sorted(scores, reverse=True)
    assert answer.tables[0].rows[0][0] == test["name"]


def test_months_on_a_test_that_ended_are_by_its_last_day_in_every_answer(shipped: Ask) -> None:
    answer = shipped(benchmark="aider", size="32")
    assert ", 11.2 months behind by 29 September 2025: Claude 3.5 Sonnet" in answer.lines[0].text
    assert answer.data["tests"][0]["months"] == pytest.approx(11.2, abs=0.05)
    assert "11.2 by 2025-09" in answer.tables[0].rows[0]
    [table] = [table for table in shipped(size="32").tables if "by test" in table.title]
    behind = {row[0]: row[-1] for row in table.rows}
    assert behind["Aider Polyglot"] == "11.2 by 2025-09"
    assert behind["GPQA Diamond"] == "13.8"


def test_months_since_the_first_closed_model_that_a_test_tried_are_at_least_so_many(shipped: Ask) -> None:
    [table] = [table for table in shipped(size="32", domain="coding").tables if "by test" in table.title]
    behind = {row[0]: row[-1] for row in table.rows}
    assert behind["SWE-bench (OpenHands Index)"] == "at least 8.3"
    assert behind["WeirdML"] == "23.0"


def test_a_chart_shows_each_with_its_range(shipped: Ask) -> None:
    answer = shipped()
    [chart] = answer.charts
    for series, ranking in zip(chart.series, answer.data["ranking"].values(), strict=True):
        assert series.x == tuple(model["name"] for model in ranking)
        assert all(low <= y <= high for low, y, high in zip(series.low, series.y, series.high, strict=True))
        for months, details in zip(series.y, series.details, strict=True):
            assert f"\n{lag_text(months, 'behind')}, likely " in details


def test_the_gap_of_models_up_to_a_size_says_so_and_counts_them_alone(evidence_file: Path, evidence: Evidence) -> None:
    with open_store(evidence_file, ROOT / "data") as store:
        answer = ask(QUESTIONS["gap"].from_words(size="32"), store, TODAY)
    check(answer)
    assert answer.lines[0].text.startswith("Open models up to 32B trail ")
    sizes = {model.model_id: model.parameters_b for model in evidence.models}
    openers = {point["open_model"] for point in answer.data["points"]}
    assert openers
    assert all(sizes[model] is not None and sizes[model] <= 32 for model in openers)


def test_the_months_are_of_today_and_the_line_says_that_the_gap_averages(shipped: Ask) -> None:
    answer = shipped()
    assert lines(answer)["Months"] == "on the newest day; the gap averages six months"
    assert "Months" in [line.label for line in answer.first_look]
    for name, ranking in answer.data["ranking"].items():
        assert lines(answer)[name.capitalize()].startswith(
            f"{ranking[0]['index']['months']:.1f} months behind (likely "
        )


# ---- labs, and the models of one


def test_the_closest_lab_is_that_of_the_best_model_and_who_is_level_is_named(shipped: Ask) -> None:
    answer = shipped().about("lab")
    for name, labs in answer.data["labs"].items():
        assert labs[0]["name"] == answer.data["ranking"][name][0]["name"]
        assert f"{labs[0]['lab']} on {name} tests" in answer.lines[0].text
        line = lines(answer)[f"{name.capitalize()}, by lab"]
        assert line.startswith(
            f"{labs[0]['lab']}: {labs[0]['name']} stands {labs[0]['index']['months']:.1f} months behind (likely "
        )
        level = [lab["lab"] for lab in labs[1:] if not lab["told_from_closest"]]
        assert (f"too close to call: {level[0]}" in line) if level else "close" not in line
        months = [lab["index"]["months"] for lab in labs]
        assert months == sorted(months)


@pytest.mark.parametrize(
    ("words", "side"), [({"country": "China"}, "from China"), ({"lab": "Mistral"}, "of Mistral AI")], ids=str
)
def test_the_models_of_a_country_or_lab_are_ranked_alone(
    shipped: Ask, evidence: Evidence, words: dict[str, str], side: str
) -> None:
    answer = shipped(**words)
    assert f"the best open model {side}" in answer.lines[0].text.lower().replace("mistral ai", "Mistral AI").replace(
        "china", "China"
    )
    of = {model.model_id: (model.country, model.lab) for model in evidence.models}
    named = {of[model["model"]] for ranking in answer.data["ranking"].values() for model in ranking}
    assert {place[0 if "country" in words else 1] for place in named} == {side.partition(" ")[2]}


def test_on_one_test_the_lab_of_the_best_is_told(shipped: Ask) -> None:
    assert shipped(benchmark="gpqa").about("lab").lines[0].text == (
        "Moonshot has the best open model on GPQA Diamond: Kimi K3, 93.1 %"
    )


# ---- at an equal price


def test_at_an_equal_price_both_sides_are_named_with_what_they_cost(shipped: Ask, evidence: Evidence) -> None:
    answer = shipped().about("price")
    names = {model.model_id: model.name for model in evidence.models}
    for name, priced in answer.data["equal_price"].items():
        first = priced[0]
        assert first["open"] in {model["model"] for model in answer.data["ranking"][name]}
        assert f"{names[first['open']]} (" in answer.lines[0].text
        assert f", {first['open_months']:.1f} months behind) and {names[first['closed']]} (" in answer.lines[0].text
        assert f", {first['closed_months']:.1f} months back), {first['months']:.1f} months apart" in (
            answer.lines[0].text
        )
    assert answer.lines[0].text.startswith("At the price of the best open model or less: on ")
    assert answer.first_look[1].label == "Prices"


def test_a_price_narrows_the_open_models_and_is_the_one_compared_at(shipped: Ask, evidence: Evidence) -> None:
    answer = shipped(price="$1")
    assert " at $1 or less" in answer.lines[0].text
    assert answer.about("price").lines[0].text.startswith("At $1 or less: on ")
    for name, priced in answer.data["equal_price"].items():
        assert priced[0]["cap"] == 1
        assert priced[0]["open"] == answer.data["ranking"][name][0]["model"]


def test_prices_are_the_days(shipped: Ask) -> None:
    """Once an earlier day claimed prices up to the newest of all."""
    last = next(fact for fact in shipped(as_of="2026-06-30").facts if fact.key == "price.last")
    assert "2026-06-01" < str(last.value) <= "2026-06-30"


def test_before_prices_are_known_nobody_is_at_a_price(shipped: Ask) -> None:
    assert shipped(as_of="2025-06-01").data["equal_price"] == {}
