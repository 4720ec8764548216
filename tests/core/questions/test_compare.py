"""What `compare` says: who is ahead, only where the interval leaves no doubt, and the same from either side."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.answer import Answer
from core.errors import UsageError
from core.evidence.evidence import Evidence
from core.names import names
from core.questions.compare import CompareQuestion
from core.store.store import Store
from tests import toy
from tests.core.questions.conftest import TODAY, Ask
from tests.core.questions.laws import check, lines, shown

# ---- what a side is

SIDES = [
    ("private", "access:private"), ("Private tests", "access:private"), ("public benchmarks", "access:public"),
    ("gpqa", "benchmark:gpqa-diamond 1"), ("GPQA Diamond", "benchmark:gpqa-diamond 1"),
    ("METR", "benchmark:metr-time-horizons mixed"), ("gpqa-diamond 1", "benchmark:gpqa-diamond 1"),
    ("China", "country:China"), ("chinese", "country:China"), ("US", "country:United States of America"),
    ("DeepSeek", "lab:deepseek"), ("Qwen", "lab:alibaba"), ("deepseak", "lab:deepseek"),
    ("2025-05-31", "day:2025-05-31"), ("31 May 2025", "day:2025-05-31"), ("May 2025", "day:2025-05-31"),
    ("2025-05", "day:2025-05-31"), ("feb 2024", "day:2024-02-29"), ("now", "day:2026-09-28"),
    ("lab:DeepSeek", "lab:deepseek"), ("country: china", "country:China"), ("Kimi K3", "model:kimi-k3"),
    ("glm 4.6", "model:glm-4.6"), ("model: gpt-5.5", "model:gpt-5.5"), ("up to 40B", "size:<=40"),
    ("size:>70", "size:>70"), ("open Chinese", "country:China"), ("Chinese labs", "country:China"),
    ("open-weights models from China", "country:China"), ("the US", "country:United States of America"),
    ("Europe", "country:Europe"),
    ("OpenAI's models", "lab:openai"), ("open AI", "lab:openai"), ("Mistral Large", "model:mistral-large-2402"),
    ("small open models", "size:<=40"), ("Qwen3-32B", "model:Qwen3-32B"), ("qwen3.6-27b", "model:qwen3.6-27b"),
    ("Yi 1.5-34B", "model:Yi-1.5-34B-Chat"),
]  # fmt: skip
GROUPS = [
    ("closed US", "openness:closed; country:United States of America"),
    ("proprietary models of the US", "openness:closed; country:United States of America"),
    ("open source Meta", "openness:open; lab:meta"),
    ("OpenAI's closed models", "openness:closed; lab:openai"),
    ("US open models up to 40B", "country:United States of America; size:<=40"),
    ("Up to 40B, American, open", "country:United States of America; size:<=40"),
    ("30B to 70B Chinese models", "country:China; size:30-70"),
    ("small Qwen", "lab:alibaba; size:<=40"),
    ("Chinese DeepSeek", "country:China; lab:deepseek"),
    ("over 70B closed", "openness:closed; size:>70"),
    ("country:China; size:<=40", "country:China; size:<=40"),
    ("small European", "country:Europe; size:<=40"),
]


@pytest.mark.parametrize(("typed", "meant"), SIDES)
def test_a_side_is_found_by_any_of_its_names(store: Store, typed: str, meant: str) -> None:
    against = {
        "access": "aider",
        "benchmark": "aider",
        "country": "Japan",
        "lab": "mistral",
        "model": "GPT-4",
        "size": "50B to 60B",
        "day": "2025-01-20",
    }
    resolved = CompareQuestion(typed, against[meant.split(":")[0]]).resolved(store, TODAY)
    assert resolved.left == meant
    assert resolved.resolved(store, TODAY) == resolved
    swapped = CompareQuestion(resolved.right, typed).resolved(store, TODAY)
    assert (swapped.left, swapped.right) == (resolved.right, resolved.left)


@pytest.mark.parametrize(("typed", "meant"), GROUPS)
def test_a_group_is_its_qualifiers_in_any_order(store: Store, typed: str, meant: str) -> None:
    resolved = CompareQuestion(f"group:{typed}" if ":" in typed else typed, "others").resolved(store, TODAY)
    assert (resolved.left, resolved.right) == (f"group:{meant}", f"not-group:{meant}")
    assert resolved.resolved(store, TODAY) == resolved


@pytest.mark.slow
def test_the_full_name_of_every_model_is_this_model_and_no_group(store: Store) -> None:
    models = names.models(store)
    assert len(models) > 400
    for name in models:
        [model_id], against = name.key, "gpt-4-0314" if name.key != ("gpt-4-0314",) else "kimi-k3"
        assert CompareQuestion(name.shown, f"model:{against}").resolved(store, TODAY).left == f"model:{model_id}"


def test_a_size_inside_a_word_is_part_of_a_name_that_is_not_known(store: Store) -> None:
    with pytest.raises(UsageError, match='"Qwen3-77B" is no single test, country, lab or model'):
        CompareQuestion("Qwen3-77B", "Kimi K3").resolved(store, TODAY)


@pytest.mark.parametrize("others", ["others", "the rest of the world", "Rest"])
def test_others_are_the_rest_of_the_other_side(store: Store, others: str) -> None:
    of_country = CompareQuestion("china", others).resolved(store, TODAY)
    assert (of_country.left, of_country.right) == ("country:China", "not-country:China")
    assert of_country.resolved(store, TODAY) == of_country
    assert CompareQuestion(others, "meta").resolved(store, TODAY).left == "not-lab:meta"


def test_a_year_is_its_last_day_and_this_one_the_newest_data(store: Store) -> None:
    resolved = CompareQuestion("2024", "2026").resolved(store, TODAY)
    assert (resolved.left, resolved.right) == ("day:2024-12-31", "day:2026-09-28")
    with pytest.raises(UsageError, match="2027-12-31 is in the future"):
        CompareQuestion("2024", "2027").resolved(store, TODAY)


def test_now_is_the_newest_data_of_what_is_known(store: Store) -> None:
    resolved = CompareQuestion("2025-01-20", "now", known_by=date(2026, 5, 22)).resolved(store, TODAY)
    assert resolved.right == "day:2026-05-22"
    assert resolved.as_of == date(2026, 5, 22)


@pytest.mark.parametrize(
    ("left", "right", "message"),
    [
        ("china", "china", 'Both sides are "China"; give two different ones'),
        ("china", "2025-01-01", '"china" is a country and "2025-01-01" a day; compare like with like'),
        ("others", "private", '"others" needs a country, a lab or a size on the other side'),
        ("not-country:France", "china", '"others" needs a country, a lab or a size on the other side'),
        ("2027-03-01", "now", "The compared day 2027-03-01 is in the future; give 2026-12-01 or earlier"),
        ("2025-02-30", "now", r'"2025-02-30" is no date\. Write it as 2026-05-22'),
        ("31 June 2025", "now", '"31 June 2025" is no date'),
        ("kimi k3", "gpqa", '"kimi k3" is a model and "gpqa" a test; compare like with like: two countries, labs,'),
        ("nonesuch", "china", '"nonesuch" is no single test, country, lab or model; give one, such as'),
        ("arc-agi-9", "private", "is no single test, country, lab or model; did you mean ARC-AGI"),
        ("open African models", "china", '"African" is no single country; give one with models here: Canada, '),
        ("???", "china", "is no single test, country, lab or model"),
        ("lab:", "china", 'Which lab is missing after "lab:"'),
        ("size:huge", "china", '"huge" is no size of models; write it as "up to 40B"'),
        ("open and closed Chinese", "Japan", '"open and closed Chinese" is no single test, country, lab or model'),
        ("group:GPQA", "Japan", '"GPQA" is no group of models; write it as "up to 40B", or as "closed US"'),
        ("group:", "Japan", "is no group of models"),
        ("open Chinese", "China", 'Both sides are "China"; give two different ones'),
        ("open", "closed", "How far open models trail closed ones is the gap itself; ask for the gap"),
        ("open", "others", '"others" needs a country, a lab or a size on the other side'),
        ("access:secret", "gpqa", 'The access can\'t be "secret"; choose private or public'),
    ],
)
def test_what_cant_be_compared_is_refused_in_a_sentence(store: Store, left: str, right: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as error:
        CompareQuestion(left, right).resolved(store, TODAY)
    assert str(error.value).isprintable()


@given(st.text(max_size=30))
def test_any_text_is_a_side_or_refused_in_one_line(store: Store, text: str) -> None:
    message = ""
    try:
        CompareQuestion(text, "China").resolved(store, TODAY)
    except UsageError as error:
        message = str(error)
    assert message.isprintable()


# ---- the same from either side

NAMES = ["closed US", "closed China", "open Qwen", "small Chinese", "open", "anthropic",
         "china", "us", "france", "others", "deepseek", "qwen", "meta", "google", "mistral", "openai", "Kimi K3",
         "GPT-5.5", "up to 40B", "over 40B", "private",
         "public", "gpqa", "metr", "weirdml", "aider", "bfcl", "gsm8k", "hle", "2024-06-01", "2025-01-20", "May 2025",
         "now"]  # fmt: skip
SWAPPED = {"low": "high", "high": "low"}


OTHER = {"left": "right", "right": "left", None: None}


def turned_levels(levels: dict[str, int]) -> dict[str, int]:
    other = {"left_first": "right_first", "left_alone": "right_alone"}
    other |= {back: here for here, back in other.items()}
    return {key: levels[other.get(key, key)] for key in levels}


def turned(comparison: dict[str, Any]) -> dict[str, Any]:
    """Return a comparison as it must be from the other side."""
    turned = {**comparison, "left": comparison["right"], "right": comparison["left"]}
    if "ahead" in comparison:
        turned |= {"ahead": OTHER[comparison["ahead"]], "levels": turned_levels(comparison["levels"])}
        turned |= {"left_higher": comparison["right_higher"], "right_higher": comparison["left_higher"]}
    for key in ("months", *SWAPPED):
        value = comparison[SWAPPED.get(key, key)]
        turned[key] = None if value is None else -value
    return turned


def either(compared: Ask, left: str, right: str, **fields: Any) -> tuple[Answer | None, Answer | None]:
    answers: list[Answer | None] = []
    for sides in ((left, right), (right, left)):
        try:
            answers.append(compared(*sides, **fields))
        except UsageError:
            answers.append(None)
    return answers[0], answers[1]


@given(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from([None, date(2025, 3, 1), date(2024, 2, 1)]))
@pytest.mark.slow
def test_swapped_sides_say_the_same_with_the_other_sign(
    compared: Ask, left: str, right: str, as_of: date | None
) -> None:
    one, other = either(compared, left, right, as_of=as_of)
    assert (one is None) == (other is None)
    if one is None or other is None:
        return
    check(one)
    assert other.data["comparisons"] == [turned(comparison) for comparison in one.data["comparisons"]]
    assert (other.data["left"], other.data["right"]) == (one.data["right"], one.data["left"])
    assert (other.as_of, other.known_by) == (one.as_of, one.known_by)


@given(toy.boards(), toy.boards(), st.integers(0, 2**30))
@pytest.mark.slow
def test_swapped_sides_of_made_worlds_too(first: list[toy.Row], second: list[toy.Row], seed: int) -> None:
    evidence = toy.evidence({"A": first, "B": second}, private=["B"])
    models = tuple(
        replace(model, country="ABC"[(seed >> number % 30) % 3]) for number, model in enumerate(evidence.models)
    )
    evidence = replace(evidence, models=models)
    for left, right in (
        ("country:A", "country:B"),
        ("country:A", "not-country:A"),
        ("benchmark:A 1", "access:private"),
    ):
        answers = []
        for sides in ((left, right), (right, left)):
            try:
                answers.append(CompareQuestion(*sides).answer(evidence))
            except UsageError:
                answers.append(None)
        if answers[0] is None or answers[1] is None:
            assert answers == [None, None]
            continue
        check(answers[0])
        assert answers[1].data["comparisons"] == [turned(comparison) for comparison in answers[0].data["comparisons"]]


# ---- countries, labs and models


def kind(answer: Answer, access: str) -> dict[str, Any]:
    return next(comparison for comparison in answer.data["comparisons"] if comparison["access"] == access)


def test_who_is_ahead_is_where_they_stand_on_every_family_that_both_took(compared: Ask) -> None:
    answer = compared("open qwen", "kimi")
    private = kind(answer, "private")
    assert (private["ahead"], private["left_higher"]) == ("right", 0)
    assert private["right_higher"] == private["n_families"] >= 6
    assert private["n_holds"] == private["n_tests"] > private["n_families"]
    assert answer.lines[0].text.startswith(
        f"Moonshot's models are ahead of Alibaba's open models on {private['n_holds']} of {private['n_tests']} private"
        f" tests, by {private['months']:.1f} months, and "
    )
    assert re.search(r"^Moonshot .*94\.5 % to 11\.0 % on ARC-AGI", lines(answer)["Private scores"])
    assert re.fullmatch(r"Moonshot by \d\.\d months on average, .+ by test", lines(answer)["Private tests"])
    assert "related tests, such as two versions of one, weigh as one in the average" in lines(answer)["Counted"]


def test_where_too_few_families_differ_nobody_is_ahead_and_the_count_is_told(compared: Ask) -> None:
    answer = compared("Kimi K3", "GPT-5.5")
    assert {comparison["ahead"] for comparison in answer.data["comparisons"]} == {None}
    assert re.fullmatch(
        r"GPT-5\.5 is higher than Kimi K3 on (\d) of \1 private tests that both took, by \d\.\d months, and on (\d)"
        r" of \2 public tests, by \d\.\d months",
        answer.lines[0].text,
    )
    assert lines(answer)["Released"] == "Kimi K3 (open) on 27 July 2026; GPT-5.5 (closed) on 23 April 2026"


def test_models_without_a_common_test_stand_side_by_side_on_the_scale_of_all(compared: Ask) -> None:
    answer = compared("Kimi K3", "GLM-4.6")
    assert answer.lines[0].text.startswith("Kimi K3 and GLM-4.6 took no test of the gap in common")
    assert re.match(r"private Kimi K3 \d+\.\d months behind \(likely .+\), GLM-4.6 ", lines(answer)["On one scale"])
    assert "On one scale" in [line.label for line in answer.first_look]


def test_countries_are_told_apart_by_the_count_of_levels_with_those_not_reached(compared: Ask) -> None:
    answer = compared("china", "us")
    levels = [comparison["levels"] for comparison in answer.data["comparisons"]]
    reached, first, alone = (sum(level[key] for level in levels) for key in ("reached", "left_first", "left_alone"))
    assert lines(answer)["Scores first"].startswith(f"China at {levels[0]['left_first']} of {levels[0]['reached']} on ")
    assert lines(answer)["Scores first"].endswith(
        f" since 20 January 2025; not reached: United States {alone}, China 0"
    )
    assert first > 0.9 * reached
    assert "can't tell" not in answer.text


def test_the_months_apart_are_those_between_the_sides_standing_gaps(compared: Ask) -> None:
    for row in compared("china", "us").data["tests"]:
        if row["left_months"] is not None and row["right_months"] is not None:
            assert row["difference"] == pytest.approx(row["left_months"] - row["right_months"])
            assert row["higher"] == "left"


def test_tests_that_enter_no_gap_are_shown_and_never_counted(compared: Ask) -> None:
    answer = compared("china", "us")
    assert any(not row["headline"] for row in answer.data["tests"])
    shared = [
        row for row in answer.data["tests"] if row["headline"] and None not in (row["left_score"], row["right_score"])
    ]
    assert sum(comparison["n_tests"] for comparison in answer.data["comparisons"]) == len(shared)


def test_models_of_unknown_size_are_on_no_side_and_counted(compared: Ask, evidence: Evidence) -> None:
    answer = compared("up to 40B", "over 40B")
    unknown = {model.model_id for model in evidence.models if model.is_open and model.parameters_b is None}
    best = {row[f"{side}_model"] for row in answer.data["tests"] for side in ("left", "right")}
    assert not best & unknown
    assert re.fullmatch(r"\d+ models whose size is not known", lines(answer)["Left out"])
    assert "Left out" not in lines(compared("china", "us"))


@pytest.mark.parametrize(("left", "right"), [("China", "US"), ("2025-05-31", "now")])
def test_one_kind_of_tests_gives_its_own_part_of_the_whole(compared: Ask, left: str, right: str) -> None:
    whole = compared(left, right)
    for access in ("private", "public"):
        of_kind = compared(left, right, access=access)
        assert of_kind.data["comparisons"] == [
            comparison for comparison in whole.data["comparisons"] if comparison["access"] == access
        ]
        assert of_kind.data["tests"] == [test for test in whole.data["tests"] if test["access"] == access]
        other = "public" if access == "private" else "private"
        assert f"{other} tests" not in of_kind.text


def test_a_country_and_a_lab_are_compared_alike(compared: Ask) -> None:
    answer = compared("us", "deepseek")
    assert answer.data["left"] == {"kind": "country", "id": "United States of America", "name": "United States"}
    assert answer.data["right"] == {"kind": "lab", "id": "deepseek", "name": "DeepSeek"}
    assert len(answer.data["comparisons"]) == 2


@pytest.mark.parametrize(
    ("side", "missing"),
    [
        ("open anthropic",
         "No open model of Anthropic has a score on a private test by 28 September 2026; compare others"),
        ("closed Canada",
         "No closed model of Canada has a score on a private test by 28 September 2026; compare others"),
        ("closed up to 40B", "September 2026 (a model of unknown size counts in no size); compare others"),
        ("Israel", "No open model of Israel has a score on a private test by 28 September 2026; compare others"),
    ],
)  # fmt: skip
def test_a_group_without_members_or_scores_is_refused_with_what_is_missing(
    compared: Ask, side: str, missing: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(missing)):
        compared(side, "France", access="private")


# ---- the answer


@pytest.mark.parametrize(
    ("left", "right"),
    [("china", "others"), ("deepseek", "qwen"), ("private", "public"), ("gpqa", "metr"), ("May 2025", "now"),
     ("arc-agi-2", "private"), ("gsm8k", "mmlu"), ("google", "others"), ("Kimi K3", "GLM-4.6"),
     ("GPT-5", "DeepSeek V3.2"), ("2023-07-01", "2024-06-01")],
)  # fmt: skip
def test_answers_obey_what_every_answer_does(compared: Ask, left: str, right: str) -> None:
    answer = compared(left, right)
    check(answer)
    assert answer.sources
    assert answer.method == "index-2"
    assert lines(answer)["As of"].startswith(shown(answer, "as_of"))


def test_two_models_stand_side_by_side_on_the_index(compared: Ask) -> None:
    answer = compared("Kimi K3", "GPT-5.5")
    line = lines(answer)["On one scale"]
    assert re.match(
        r"private Kimi K3 \d+\.\d months behind \(likely .+\), GPT-5.5 \d+\.\d months back \(likely .+\); public", line
    )
    for name, sides in answer.data["index"].items():
        assert sides["left"]["points"] < sides["right"]["points"], name
        assert sides["left"]["months"] >= sides["right"]["months"], name
    assert compared("China", "US").data["index"] == {}


def test_a_model_beside_a_country_stands_on_the_index_alone(compared: Ask) -> None:
    answer = compared("Kimi K3", "US")
    assert set(answer.data["index"]["private"]) == {"left"}
    assert re.match(r"private Kimi K3 \d+\.\d months behind", lines(answer)["On one scale"])
