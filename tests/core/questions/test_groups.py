"""What `compare` says of groups of models by openness, country, lab and size: worlds known by hand, and laws."""

from dataclasses import replace

import pytest

from core.evidence.evidence import Evidence
from core.questions.compare import CompareQuestion
from core.questions.sides import Side
from tests import toy
from tests.core.gap.whole import whole
from tests.core.questions.conftest import Ask
from tests.core.questions.laws import check, lines

ROWS = [
    ("first", "2023-01-01", "closed", 30.0),
    ("second", "2023-07-01", "closed", 45.0),
    ("x-closed", "2024-01-01", "closed", 50.0),
    ("y-open", "2024-06-01", "open", 30.0),
    ("x-open", "2024-07-01", "open", 20.0),
    ("y-closed", "2024-09-01", "closed", 45.0),
]
OWNERS = {
    "first": ("w", "Wales"), "second": ("w", "Wales"), "x-closed": ("x", "US"), "x-open": ("x", "US"),
    "y-open": ("y", "China"), "y-closed": ("y", "China"),
}  # fmt: skip
SIZES = {"x-open": 8.0, "y-open": 70.0}


@pytest.fixture(scope="module")
def world() -> Evidence:
    """Seven private tests, each of its own family, with the same scores."""
    evidence = whole(toy.evidence({f"T{number}": ROWS for number in range(7)}, private=[f"T{n}" for n in range(7)]))
    models = tuple(
        replace(model, lab_id=lab, lab=lab.upper(), country=country, parameters_b=SIZES.get(model.name))
        for model in evidence.models
        for lab, country in [OWNERS[model.name]]
    )
    return replace(
        evidence, models=models, boards=tuple(replace(board, family=board.name) for board in evidence.boards)
    )


@pytest.mark.parametrize(
    ("left", "right", "months", "first_line"),
    [
        ("lab:x", "lab:y", -6.0, "X's models are ahead of Y's on 7 of 7 private tests, by 6.0 months"),
        (
            "lab:x", "group:openness:open; lab:y", -12.0,
            "X's models are ahead of Y's open models on 7 of 7 private tests, by 12.0 months",
        ),
        (
            "group:openness:open; lab:x", "lab:y", 6.0,
            "Y's models are ahead of X's open models on 7 of 7 private tests, by 5.9 months",
        ),
        (
            "country:China", "group:openness:closed; country:US", 12.0,
            "US's closed models are ahead of China's open models on 7 of 7 private tests, by 12.0 months",
        ),
        (
            "country:China", "country:US", 0.0,
            "China's open models are ahead of US's on 7 of 7 private tests, though both are about as far along",
        ),
        (
            "size:<=40", "size:>40", 0.0,
            "Open models over 40B are ahead of open models up to 40B on 7 of 7 private tests, though both are about"
            " as far along",
        ),
        (
            "group:openness:closed; country:China", "not-group:openness:closed; country:China", 6.0,
            "Other closed models are ahead of China's closed models on 7 of 7 private tests, by 6.0 months",
        ),
        ("model:x-closed", "model:y-closed", 8.0, "X-closed is ahead of y-closed on 7 of 7 private tests"),
    ],
)  # fmt: skip
def test_groups_are_apart_by_the_days_on_which_closed_models_first_had_their_scores(
    world: Evidence, left: str, right: str, months: float, first_line: str
) -> None:
    answer = CompareQuestion(left, right, access="private").answer(world)
    [comparison] = answer.data["comparisons"]
    assert comparison["months"] == pytest.approx(months, abs=0.06)
    assert answer.lines[0].text == first_line
    check(answer)
    [mirrored] = CompareQuestion(right, left, access="private").answer(world).data["comparisons"]
    assert mirrored["months"] == -comparison["months"]


def test_two_countries_have_their_closed_models_beside_the_open_ones(world: Evidence) -> None:
    answer = CompareQuestion("country:China", "country:US").answer(world)
    assert lines(answer)["Closed models"] == (
        "US ahead on 7 of 7 private tests, by 6.0 months; can't tell: no public test in common"
    )
    alone = CompareQuestion("group:openness:closed; country:China", "group:openness:closed; country:US").answer(world)
    for place in ("left", "right"):
        assert answer.data["closed"].pop(place) == {**alone.data.pop(place), "name": answer.data[place]["name"]}
    assert answer.data["closed"] == alone.data
    assert "Closed models" not in lines(CompareQuestion("lab:x", "lab:y").answer(world))
    assert "Closed models" not in lines(alone)


def test_a_lab_whose_closed_models_count_says_so_and_its_tables_mark_their_scores(world: Evidence) -> None:
    answer = CompareQuestion("lab:x", "lab:y").answer(world)
    assert lines(answer)["Models"] == "closed ones count too; the tables mark them"
    assert answer.tables[0].rows[0] == ("T0", "50.0 % (closed)", "45.0 % (closed)", "6.0")
    of_open = CompareQuestion("group:openness:open; lab:x", "group:openness:open; lab:y").answer(world)
    assert "Models" not in lines(of_open)
    assert of_open.tables[0].rows[0][1:3] == ("30.0 %", "20.0 %")


def test_the_tables_take_the_side_that_leads_as_the_first_line_does_whichever_is_left(world: Evidence) -> None:
    tables = [CompareQuestion(*pair).answer(world).tables for pair in (("lab:x", "lab:y"), ("lab:y", "lab:x"))]
    assert tables[0] == tables[1]
    assert tables[0][0].columns == ("Test", "X", "Y", "X ahead, months")


def test_a_country_without_closed_models_says_so(world: Evidence) -> None:
    without = whole(
        world, models=tuple(replace(model, country=model.country.replace("Wales", "US")) for model in world.models)
    )
    of_open = replace(
        without,
        models=tuple(replace(model, country="Wales") if model.name == "y-open" else model for model in without.models),
    )
    answer = CompareQuestion("country:Wales", "country:US").answer(of_open)
    assert lines(answer)["Closed models"] == "No closed model of Wales has a score on a test by 1 September 2024"
    assert answer.data["closed"] == lines(answer)["Closed models"]


def test_every_model_is_in_a_group_or_its_rest_or_has_another_openness_or_no_size(evidence: Evidence) -> None:
    for key in ("openness:closed; country:China", "openness:open; lab:alibaba", "country:China; size:<=40"):
        group, rest = Side("group", key), Side("not-group", key)
        flags = [side.members(evidence, sized=sized) for side in (group, rest) for sized in (True, False)]
        assert not (flags[0] & flags[2]).any()
        whole_openness = [group.openness in ("", model.side) for model in evidence.models]
        assert (flags[0] | flags[1] | flags[2] | flags[3]).tolist() == whole_openness


def test_a_lab_stands_for_its_closed_models_too_and_open_leaves_them_out(compared: Ask, evidence: Evidence) -> None:
    side_of = {model.model_id: model.side for model in evidence.models}
    best = {
        typed: {side_of[row["left_model"]] for row in compared(typed, "moonshot").data["tests"] if row["left_model"]}
        for typed in ("google", "open google", "closed google")
    }
    assert best == {"google": {"closed", "open"}, "open google": {"open"}, "closed google": {"closed"}}


@pytest.mark.parametrize(("left", "right"), [("openai", "anthropic"), ("open Chinese", "closed US"), ("qwen", "kimi")])
def test_a_higher_score_is_never_said_to_be_months_behind(compared: Ask, left: str, right: str) -> None:
    for row in compared(left, right).data["tests"]:
        if row["difference"]:
            assert row["higher"] == ("left" if row["difference"] < 0 else "right"), row["name"]
