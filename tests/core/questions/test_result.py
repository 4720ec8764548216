"""The serialiser of Results, tables and lines for each class; and that every figure of a Result has its fact."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from math import inf, nan
from typing import Any, ClassVar

import numpy as np
import pytest

from core.answer import Fact, Line
from core.evidence.evidence import Board, Evidence, Model
from core.gap.parameters import DEFAULT, STUDY_1
from core.questions import best, compare, compare_models, gap_text, trust
from core.questions.best import BestQuestion
from core.questions.compare import CompareQuestion
from core.questions.gap import GapQuestion
from core.questions.result import KEYS, MODEL, NAMED_BOARD, Keys, as_json, per_class, table
from core.questions.sides import NamedSide, Side
from core.questions.trust import TrustQuestion
from core.text import render

GPQA = "gpqa-diamond 1"
BOARD = Board("gpqa", "1", "GPQA Diamond", "public", True, "percent", (50.0,))
MODEL_A = Model("a-1", "A 1", lab="Lab", day=date(2026, 1, 2).toordinal(), is_open=True, parameters_b=32.0)


@dataclass(frozen=True)
class Inner:
    months: float | None
    at: int | None


@dataclass(frozen=True)
class Toy:
    json_keys: ClassVar[Keys] = {
        "model": MODEL | {"lab": "lab"},
        "board": NAMED_BOARD,
        "n_families": "families",
        "secret": None,
        "double": "twice",
    }

    model: Model | None
    board: Board
    figure: Inner
    n_families: int
    secret: str
    since: int

    @property
    def double(self) -> int:
        return 2 * self.n_families


# ---- the serialiser


def test_fields_stand_in_order_under_their_own_names_or_those_of_json_keys() -> None:
    toy = Toy(MODEL_A, BOARD, Inner(7.5, None), 3, "hidden", date(2026, 5, 22).toordinal())
    assert list(as_json(toy).items()) == [
        ("model", "a-1"), ("name", "GPQA Diamond"), ("date", "2026-01-02"), ("lab", "Lab"),
        ("benchmark", "gpqa"), ("version", "1"), ("access", "public"), ("domain", None), ("unit", "percent"),
        ("figure", {"months": 7.5, "at": None}), ("families", 3), ("since", "2026-05-22"), ("twice", 6),
    ]  # fmt: skip


def test_a_name_may_go_through_parts_and_is_none_where_one_is_missing() -> None:
    @dataclass(frozen=True)
    class Pair:
        json_keys: ClassVar[Keys] = {
            "left": None,
            "right": {"months": "figure.months", "day": "figure.at"},
            "left.figure.at": "left_at",
            "right.board.name": "name",
        }

        left: Toy | None
        right: Toy

    toy = Toy(MODEL_A, BOARD, Inner(7.5, date(2026, 1, 2).toordinal()), 3, "", 1)
    assert as_json(Pair(None, toy)) == {"months": 7.5, "day": "2026-01-02", "left_at": None, "name": "GPQA Diamond"}
    assert as_json(Pair(toy, toy))["left_at"] == "2026-01-02"


def test_nobody_has_each_key_of_a_model_without_a_value() -> None:
    plain = as_json(Toy(None, BOARD, Inner(None, None), 3, "", 1))
    assert {key: plain[key] for key in ("model", "date", "lab")} == {"model": None, "date": None, "lab": None}


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (MODEL_A, "a-1"),
        (BOARD, {"benchmark": "gpqa", "version": "1"}),
        (date(2026, 5, 22), "2026-05-22"),
        ((1, "a", None, True), [1, "a", None, True]),
        ({"private": [0.5]}, {"private": [0.5]}),
        (np.array([1.0, nan]), [1.0, None]),
        (np.float64(2.5), 2.5),
        (inf, None),
        (Inner(nan, date(2026, 5, 22).toordinal()), {"months": None, "at": "2026-05-22"}),
    ],
    ids=str,
)
def test_each_kind_of_value_is_written_in_one_way(value: object, plain: object) -> None:
    assert as_json(value) == plain


def test_what_has_no_form_in_json_raises() -> None:
    with pytest.raises(TypeError, match="set has no form in JSON"):
        as_json({"models": {MODEL_A}})


def test_a_key_for_what_a_class_has_not_raises() -> None:
    @dataclass(frozen=True)
    class Wrong:
        json_keys: ClassVar[Keys] = {"gone": "old"}

        months: float

    with pytest.raises(AttributeError, match="gone"):
        as_json(Wrong(1.0))


def test_the_keys_of_the_estimators_name_classes_and_attributes_that_there_are() -> None:
    from core.gap import coverage, equal_price, figures, forward, model_index, moves, records, scenario

    rooms = (coverage, equal_price, figures, forward, model_index, moves, records, scenario)
    for name, keys in KEYS.items():
        [kind] = [getattr(room, name) for room in rooms if hasattr(room, name)][:1]
        assert {*keys} <= {field.name for field in fields(kind)} | {*vars(kind)}


# ---- tables and lines


def test_a_cell_is_a_name_a_figure_to_a_tenth_or_a_dash() -> None:
    written = table(
        "T", "Model | Test | Months | Tests | Lab", [(MODEL_A, BOARD, 7.46, 3, ""), (None, "x", None, 0, "y")]
    )
    assert written.columns == ("Model", "Test", "Months", "Tests", "Lab")
    assert written.rows == (("A 1", "GPQA Diamond", "7.5", "3", "–"), ("–", "x", "–", "0", "y"))


def test_lines_are_said_for_each_class() -> None:
    lines = list(per_class(["private", "public"], Line("@ index", "{best.@}[; {best.@.first}]", ("scores",))))
    assert [(line.label, line.text) for line in lines] == [
        ("Private index", "{best.private}[; {best.private.first}]"),
        ("Public index", "{best.public}[; {best.public.first}]"),
    ]
    assert lines[0].aspects == ("scores",)


def test_a_value_without_a_key_raises() -> None:
    with pytest.raises(KeyError):
        render("{gap.nowhere}", [Fact("gap.private", 1.0, "months", "", "1.0 months")])


# ---- each figure of a Result has its fact


def months_in(value: Any) -> set[float]:
    """Return all months of a Result with the ends of ranges; of a list its first entry's, which the text shows."""
    if isinstance(value, dict):
        return set().union(*map(months_in, value.values()))
    if isinstance(value, list | tuple):
        return months_in(value[0]) if value else set()
    if not is_dataclass(value) or isinstance(value, Model | Board):
        return set()
    names = {"months", "months_low", "months_high", "at_release", "open_months", "closed_months", "bias"}
    own = {getattr(value, field.name) for field in fields(value) if field.name in names}
    return own.union(*(months_in(getattr(value, field.name)) for field in fields(value))) - {None}


def check_facts(figures: set[Any], facts: Iterable[Fact], templates: Iterable[Line]) -> None:
    """Assert that each figure has a fact, and that templates have no digit of their own, outside their slots."""
    assert figures
    assert figures <= {figure for fact in facts for figure in (fact.value, fact.low, fact.high)}
    assert not any(map(str.isdigit, "".join(re.sub(r"\{[^}]*\}", "", line.text) for line in templates)))


@pytest.mark.parametrize("fields", [{}, {"access": "public"}, {"price": 1.0}, {"benchmark": GPQA}], ids=str)
def test_each_figure_of_best_has_a_fact(evidence: Evidence, fields: dict[str, Any]) -> None:
    question = BestQuestion(**fields)
    result = question.find(evidence)
    figures = months_in([result])
    if not result.scores:
        figures -= months_in(result.tests)  # of the tests a text names the models
    check_facts(figures, best.facts(result), best.text(question, result))


@pytest.mark.parametrize("sides", [("country:China", "not-country:China"), ("model:kimi-k3", "model:gpt-5.5")], ids=str)
def test_each_figure_of_compared_models_has_a_fact(evidence: Evidence, sides: tuple[str, str]) -> None:
    left, right = (Side.read(side).with_name(evidence) for side in sides)
    result = compare_models.find(evidence, left, right, evidence.newest_data)
    figures = {of_class.apart.months for of_class in result.comparisons}
    figures |= {best.score for row in result.shared for best in (row.meeting.left, row.meeting.right) if best}
    figures |= {index.months for placed in result.placed.values() for index in placed.values()}
    check_facts(figures, compare_models.facts(result), compare_models.text(result))


def test_each_figure_of_compared_tests_and_days_has_a_fact(evidence: Evidence) -> None:
    def figures_of(result: compare.Compared) -> set[Any]:
        return {figure.months for part in result.comparisons for figure in (part.left, part.right)}

    private, public = (NamedSide("access", name, f"{name} tests") for name in ("private", "public"))
    kinds = compare.find_kinds(CompareQuestion("", ""), evidence, private, public)
    check_facts(figures_of(kinds), compare.kinds_facts(kinds), compare.kinds_text(kinds))
    tests = compare.find_tests(CompareQuestion("", ""), evidence, NamedSide("benchmark", GPQA, "GPQA"), private)
    check_facts(figures_of(tests), compare.tests_facts(tests), compare.tests_text(tests))
    days = compare.find_days(
        CompareQuestion("", ""), evidence, *(NamedSide("day", at, at) for at in ("2025-05-31", "2026-09-28"))
    )
    check_facts(figures_of(days), compare.days_facts(days), compare.days_text(days))


@pytest.mark.parametrize(
    "fields", [{}, {"benchmark": GPQA}, {"method": STUDY_1.name}, {"country": "China", "robust": "yes"}], ids=str
)
def test_each_figure_of_the_gap_has_a_fact(evidence: Evidence, fields: dict[str, Any]) -> None:
    result = GapQuestion(**{"method": DEFAULT.name, **fields}).find(evidence)
    figures = {of_class.catch_up.figure.months for of_class in result.access.values()}
    if result.leads == "index":
        figures |= {of_class.index.months for of_class in result.access.values()}
    figures |= {of_class.median for of_class in result.robust}
    figures |= {study.now.months for study in result.study.values() if study.now}
    figures |= {gap.months for effect in result.held.values() for gap in (effect.without_them, effect.with_them)}
    if result.single:
        figures |= {test.standing.months for test in result.benchmarks}
    check_facts(figures, gap_text.facts(result), gap_text.text(result))


def test_each_figure_of_trust_has_a_fact(evidence: Evidence) -> None:
    result = TrustQuestion().find(evidence)
    figures = {doubt.months for doubt in result.doubts} | {of_class.median for of_class in result.robust}
    figures |= {share.fraction for share in (result.coverage.open, result.coverage.closed)}
    figures |= {result.private_public_effect.months}
    check_facts(figures, trust.facts(result), trust.text(result))
