"""The line that answers an aspect comes first, and facts say in fields of whom, on what and when they are."""

from datetime import date
from typing import Any

import pytest

from core.answer import Aspect, Fact
from core.questions import QUESTIONS, ask
from core.store.store import Store

TODAY = date(2026, 11, 27)


def facts(store: Store, name: str, words: dict[str, str]) -> dict[str, Fact]:
    answer = ask(QUESTIONS[name].from_words(**words), store, TODAY)
    return {fact.key: fact for fact in answer.facts}


@pytest.mark.parametrize(
    ("name", "words", "aspect", "first"),
    [
        ("changes", {"since": "2026-06-12"}, "direction", "From 12 June 2026"),
        ("changes", {"since": "2026-06-12"}, "why", "From 8.6 months (likely 7 to 11) to 7.5 months"),
        ("changes", {"since": "2026-06-12"}, "who", "19 results: DeepSeek V4 Flash 0731 reached 61 % on ARC-AGI-2"),
        ("changes", {"since": "2026-06-12"}, "scores", "272 since 12 June 2026"),
        ("compare", {"left": "China", "right": "US"}, "who", "Can't tell whether China's or the United States'"),
        ("compare", {"left": "China", "right": "US"}, "level", "China's open models trail by 8.3 months"),
        ("compare", {"left": "China", "right": "US"}, "when", "Private tests: China's on 31 July 2026"),
        ("compare", {"left": "private", "right": "public"}, "sure", "Longer by 4.0 months (likely 3 to 5)"),
        ("compare", {"left": "2025-05-31", "right": "now"}, "when", "Private tests at 25 April 2025 for 31 May 2025"),
        ("what_if", {"benchmark": "gpqa", "score": "60", "day": "2024-01-01"}, "who", "WizardLM-2 8x22B at 35 to 40 %"),
        ("what_if", {"benchmark": "arc-agi-2", "score": "90", "side": "closed"}, "why", "None: no open model"),
        ("terms", {"term": "frontier"}, "explain", "Frontier: the best result"),
        ("sources", {"benchmark": "metr"}, "licence", "Epoch AI and METR: CC BY 4.0; METR data as published"),
        ("sources", {"benchmark": "metr"}, "explain", "How long a task takes a skilled person"),
    ],
)
def test_the_line_that_answers_an_aspect_comes_first(
    store: Store, name: str, words: dict[str, str], aspect: Aspect, first: str
) -> None:
    answer = ask(QUESTIONS[name].from_words(**words), store, TODAY).about(aspect)
    assert answer.lines[0].text.startswith(first)


@pytest.mark.parametrize(
    ("name", "words", "key", "fields"),
    [
        ("changes", {"since": "2026-06-12"}, "went.private", {"kind": "change", "access": "private"}),
        ("changes", {"since": "2026-06-12"}, "since", {"kind": "day", "day": "2026-06-12"}),
        ("compare", {"left": "China", "right": "US"}, "left.public", {"kind": "lag", "access": "public"}),
        ("compare", {"left": "China", "right": "US"}, "left.private.at", {"kind": "day", "day": "2026-07-31"}),
        ("compare", {"left": "gpqa", "right": "private"}, "left", {"kind": "name", "benchmark": "GPQA Diamond"}),
        ("compare", {"left": "gpqa", "right": "private"}, "right", {"kind": "name", "access": "private"}),
        ("compare", {"left": "May 2025", "right": "now"}, "left", {"kind": "day", "day": "2025-05-31"}),
        (
            "what_if",
            {"benchmark": "frontiermath", "score": "45", "day": "2026-12-01"},
            "supposed.score",
            {"kind": "score", "benchmark": "FrontierMath", "access": "private", "side": "open", "day": "2026-12-01"},
        ),
        (
            "what_if",
            {"benchmark": "frontiermath", "score": "45", "day": "2026-12-01"},
            "figure.public",
            {"kind": "lag", "access": "public", "benchmark": "", "day": "2026-04-17"},
        ),
        ("sources", {"benchmark": "metr"}, "scores", {"kind": "count", "benchmark": "METR Time Horizons"}),
    ],
)
def test_a_fact_says_in_fields_of_what_it_is(
    store: Store, name: str, words: dict[str, str], key: str, fields: dict[str, Any]
) -> None:
    fact = facts(store, name, words)[key]
    assert {field: getattr(fact, field) for field in fields} == fields


@pytest.mark.parametrize(
    ("name", "words", "key"),
    [
        ("changes", {"since": "2026-06-12"}, "move.private"),
        ("compare", {"left": "China", "right": "US"}, "difference.private"),
        ("compare", {"left": "China", "right": "US"}, "left.private"),
        ("compare", {"left": "private", "right": "public"}, "without.tests"),
        ("what_if", {"benchmark": "frontiermath", "score": "45"}, "figure.private"),
    ],
)
def test_an_interval_is_in_fields(store: Store, name: str, words: dict[str, str], key: str) -> None:
    fact = facts(store, name, words)[key]
    assert fact.low is not None
    assert fact.high is not None
    assert fact.low < fact.high


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("changes", {"since": "2026-03-01"}),
        ("compare", {"left": "meta", "right": "google"}),
        ("compare", {"left": "gpqa", "right": "private"}),
        ("compare", {"left": "2024-06-01", "right": "now"}),
        ("what_if", {"benchmark": "gpqa", "score": "60", "day": "2024-01-01"}),
        ("what_if", {"benchmark": "arc-agi-2", "score": "90", "side": "closed"}),
        ("terms", {}),
        ("sources", {}),
    ],
)
def test_every_fact_with_a_unit_says_what_it_measures(store: Store, name: str, words: dict[str, str]) -> None:
    measured = [fact for fact in facts(store, name, words).values() if fact.unit]
    assert measured
    assert [fact.key for fact in measured if fact.kind == "note"] == []
    assert all(fact.day for fact in measured if fact.kind == "day")
