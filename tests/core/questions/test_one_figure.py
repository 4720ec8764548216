"""One figure, one number: what is measured alike is the same in every answer, and what differs differs in its name."""

import re
from collections import defaultdict
from datetime import date

import pytest

from core.answer import Answer, Fact
from core.brief.brief import Material, gather
from core.brief.news import PARAMETERS
from core.errors import UsageError
from core.evidence.evidence import Evidence
from core.questions import QUESTIONS
from core.questions.shared_facts import BETWEEN, CATCH_UP, INDEX, MEDIAN_CATCH_UP, STANDING, STUDYS_CATCH_UP
from core.store.store import Store
from core.text import render, slots
from tests.core.questions.conftest import TODAY

OF_ALL = [
    ("gap", {}), ("gap", {"access": "private"}), ("gap", {"method": "study"}), ("trust", {}), ("others", {}),
    ("unmatched", {}), ("frontier", {}), ("changes", {"since": "2026-05-22"}), ("model", {"model": "Kimi K3"}),
    ("model", {"model": "o1"}), ("compare", {"left": "private", "right": "public"}),
    ("compare", {"left": "May 2025", "right": "now"}), ("compare", {"left": "China", "right": "US"}),
    ("compare", {"left": "Kimi K3", "right": "GPT-5.5"}),
]  # fmt: skip
"""What is asked of all tests."""
NAMED = {
    CATCH_UP: r"catch-up time|\btrail|\blead|the gap",
    MEDIAN_CATCH_UP: r"median|\btrail|\blead",
    INDEX: r"\bst(?:ands?|ood)\b|\btrail|\blead|the gap|behind",
    STANDING: r"standing gap|\bstands?\b|behind",
    STUDYS_CATCH_UP: r"study",
    BETWEEN: r"late|after|early|before|earlier|\bwait|at its release|on the same day|(?:behind|ahead of|level with) \S",
}
"""How each measure is called in a line, or in the first line of its answer."""
StatedLag = tuple[str, Answer, Fact]


def of_test(name: str) -> list[tuple[str, dict[str, str]]]:
    other = "WeirdML" if name != "WeirdML" else "GPQA Diamond"
    return [
        ("gap", {"benchmark": name}), ("frontier", {"benchmark": name}), ("timeline", {"benchmark": name}),
        ("unmatched", {"benchmark": name}), ("trust", {"benchmark": name}),
        ("compare", {"left": name, "right": other}), ("compare", {"left": name, "right": "private"}),
        ("model", {"model": "Kimi K3", "benchmark": name}), ("what_if", {"benchmark": name, "score": "50"}),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def stated_lags(store: Store, evidence: Evidence) -> list[StatedLag]:
    """Every lag that any answer states, of all tests together and of each one, in the headline and outside of it."""
    lags: list[StatedLag] = []
    questions = [
        *OF_ALL,
        *(question for board in evidence.boards for question in of_test(board.name)[: None if board.headline else 5]),
    ]
    for name, words in questions:
        try:
            question = QUESTIONS[name].from_words(**words).resolved(store, TODAY)
            answer = question.answer(evidence)
        except (UsageError, TypeError):  # a test without enough models; a question without that field
            continue
        lags += [(f"{name} {words}", answer, fact) for fact in answer.facts if fact.kind == "lag"]
    return lags


@pytest.fixture(scope="module")
def briefs(evidence: Evidence) -> list[tuple[str, Material]]:
    """What briefs are written from: on the newest day, with news before it, and long before."""
    days = (TODAY, date(2026, 8, 22), date(2025, 1, 31))
    return [(f"brief {day}", gather(evidence, day, None, TODAY)) for day in days]


def numbers(stated_lags: list[StatedLag]) -> list[StatedLag]:
    return [(question, answer, fact) for question, answer, fact in stated_lags if isinstance(fact.value, float)]


@pytest.mark.slow
def test_every_lag_says_by_which_measure_it_is(stated_lags: list[StatedLag]) -> None:
    assert len(stated_lags) > 500
    assert {(question, fact.key) for question, _, fact in stated_lags if not fact.measure} == set()


def test_every_lag_of_a_brief_does_too(briefs: list[tuple[str, Material]]) -> None:
    lags = [(question, fact) for question, material in briefs for fact in material.facts if fact.kind == "lag"]
    assert len(lags) > 15
    assert {(question, fact.key) for question, fact in lags if not fact.measure} == set()


@pytest.mark.slow
def test_two_lags_of_one_name_of_the_same_on_the_same_day_are_one_number(
    stated_lags: list[StatedLag], briefs: list[tuple[str, Material]]
) -> None:
    """Of answers and briefs alike."""
    values = defaultdict(dict)
    lags = [(question, answer.method, fact) for question, answer, fact in numbers(stated_lags)]
    lags += [
        (question, PARAMETERS.name, fact)
        for question, material in briefs
        for fact in material.facts
        if fact.kind == "lag" and isinstance(fact.value, float)
    ]
    for question, method, fact in lags:
        of = (fact.measure, method, fact.access, fact.benchmark, fact.model, fact.level, fact.day)
        values[of].setdefault(round(float(fact.value or 0.0), 9), (question, fact.key))
    assert {of: numbers for of, numbers in values.items() if len(numbers) > 1} == {}


def named(fact: Fact, text: str) -> bool:
    """Whether a text has the name of a fact's measure; what is of a test left out, or expected, says so itself."""
    names = [name for name in NAMED if name in fact.measure]
    return not names or bool(re.search(NAMED[max(names, key=len)], text, re.IGNORECASE))


@pytest.mark.slow
def test_a_figures_name_stands_in_its_line_or_in_the_first(stated_lags: list[StatedLag]) -> None:
    unnamed = set()
    for question, answer, _ in stated_lags:
        lags = [fact for fact in answer.facts if fact.kind == "lag" and isinstance(fact.value, float)]
        others = {fact.shown for fact in answer.facts if fact.kind == "duration"}
        for line in answer.lines:
            beside = f"{answer.lines[0].text} {line.label} {line.text}"
            shown = [f for f in lags if "month" in f.shown and f.shown in line.text and f.shown not in others]
            if shown and not any(named(fact, beside) for fact in shown):
                unnamed.add((question, line.label, line.text))
    assert unnamed == set()


def test_a_briefs_figure_stands_beside_its_name(briefs: list[tuple[str, Material]]) -> None:
    unnamed = set()
    for question, material in briefs:
        facts = {fact.key: fact for fact in material.facts}
        for template in (" ".join(bullet.parts) for bullet in material.offered):
            lags = [facts[key] for key in slots(template) if facts[key].kind == "lag" and "month" in facts[key].shown]
            if lags and not any(named(fact, render(template, material.facts)) for fact in lags):
                unnamed.add((question, template))
    assert unnamed == set()


def test_a_column_of_months_says_which_they_are(stated_lags: list[StatedLag]) -> None:
    columns = {column for _, answer, _ in stated_lags for table in answer.tables for column in table.columns}
    assert not columns & {"Months behind", "Catch-up time", "Gap"}
