"""What of the gap was asked comes first, each line is worded once, and the first look is short."""

import textwrap
from datetime import date
from typing import Any

import pytest
import yaml

from core.answer import Aspect, Fact
from core.questions import QUESTIONS, ask
from core.store.store import Store
from tests.conftest import ROOT

TODAY = date(2026, 11, 27)
MOST_LINES, MOST_ROWS = 7, 12
"""What somebody sees first: lines, and their rows on a phone."""
MINE = ("gap", "trust", "others")
ENTRIES: list[dict[str, Any]] = [
    entry
    for entry in yaml.safe_load((ROOT / "tests/eval/aspects.yml").read_text(encoding="utf-8"))
    if entry["question"] in MINE
]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["text"])
def test_the_first_line_answers_what_was_asked(store: Store, entry: dict[str, Any]) -> None:
    answer = ask(QUESTIONS[entry["question"]].from_words(**entry["fields"]), store, TODAY)
    asked = answer.about(entry["aspect"]) if entry["aspect"] else answer
    assert entry["first"] in asked.lines[0].text.lower()


@pytest.mark.parametrize(
    ("name", "aspect", "first"),
    [
        ("gap", "level", "Open models trail closed ones by "),
        ("gap", "direction", "Widening? Probably: 2.7 months since January 2025 (likely −1 to 6); past year unclear"),
        ("gap", "who", "Kimi K3, 11 matches, typically 7.5 months late (3.1 to 13.7)"),
        ("gap", "when", "Newest match: on 27 July 2026, by Kimi K3"),
        ("gap", "sure", "Rests most on: Kimi K2.6; without it the gap on private tests would be 8.0 months"),
        ("gap", "standing", "Smallest on: WeirdML (3.7 months behind) of 9 private tests; "),
        ("gap", "catch_up", "Catch-up time: 7.7 months (likely 5 to 10) on private tests, to 24 July 2026; "),
        ("trust", "sure", "Sure that open models trail: likely 5 to 9 months on private tests, 3 to 8 on public"),
        ("trust", "explain", "Likely ranges are meant to hold the truth in 90 % of cases; in simulated worlds"),
        ("trust", "why", "Biases: known ones that make the gap look larger than it is: 4; smaller: 4; "),
        ("trust", "scores", "Tests have tried 21 % of the open models of their time and 39 % of the closed ones"),
        ("others", "direction", "Others disagree on the gap's direction: 3 widening"),
        ("others", "level", "The study: 8 to 10 months on private tests and 4 to 6 months on public tests; by"),
        ("others", "why", "Others measure different things by different rules"),
    ],
)
def test_each_aspect_has_its_line(store: Store, name: str, aspect: Aspect, first: str) -> None:
    answer = ask(QUESTIONS[name](), store, TODAY)
    asked = answer.about(aspect)
    assert asked.lines[0].text.startswith(first)
    assert len(asked.lines) == len(answer.lines)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"access": "private"},
        {"benchmark": "gpqa"},
        {"country": "China"},
        *(
            {"as_of": day}
            for day in ("2025-01-20", "2025-09-30", "2025-12-31", "2026-03-31", "2026-05-22", "2026-07-15")
        ),
        {"as_of": "2026-05-22", "known_by": "2026-05-22"},
    ],
    ids=str,
)
@pytest.mark.parametrize("today", [TODAY, date(2026, 8, 25)], ids=["old data", "fresh data"])
def test_the_first_look_is_short(store: Store, fields: dict[str, str], today: date) -> None:
    """It holds the figures, the direction, the newest match, what is unmatched, and how old the data is."""
    seen = ask(QUESTIONS["gap"].from_words(**fields), store, today).first_look
    assert len(seen) <= MOST_LINES
    assert any(line.is_day for line in seen)
    rows = [textwrap.wrap(f"{line.label}: {line.text}" if line.label else line.text, 45) for line in seen]
    assert sum(map(len, rows)) <= MOST_ROWS


@pytest.mark.parametrize(
    ("name", "key", "fields"),
    [
        ("gap", "gap.private", {"kind": "lag", "access": "private", "day": "2026-09-28"}),
        ("gap", "basis.public", {"kind": "count", "access": "public", "day": "2026-09-28"}),
        ("gap", "change.public", {"kind": "change", "access": "public"}),
        ("gap", "unmatched.private", {"kind": "count", "access": "private"}),
        ("gap", "direction", {"kind": "change", "access": ""}),
        ("gap", "leans.without", {"kind": "lag", "access": "private"}),
        ("gap", "without.public.family", {"kind": "lag", "access": "public", "benchmark": "GSM8K"}),
        ("trust", "without.private.model", {"kind": "lag", "access": "private", "model": "Kimi K2.6"}),
        ("gap", "newest.open", {"kind": "name", "side": "open", "model": "Kimi K3"}),
        ("gap", "newest.gap", {"kind": "lag", "model": "Kimi K3", "day": "2026-07-27"}),
        ("trust", "held", {"kind": "share"}),
        ("trust", "tested.open", {"kind": "share", "side": "open"}),
        ("trust", "doubt.model", {"kind": "lag", "access": "private"}),
        ("others", "study.gap.private", {"kind": "lag", "access": "private", "day": "2026-04-17"}),
        ("others", "change.public", {"kind": "change", "access": "public"}),
    ],
)
def test_a_fact_says_in_fields_of_what_it_is(store: Store, name: str, key: str, fields: dict[str, Any]) -> None:
    fact = facts(store, name)[key]
    assert {field: getattr(fact, field) for field in fields} == fields


@pytest.mark.parametrize("name", MINE)
def test_a_range_has_its_ends_as_numbers(store: Store, name: str) -> None:
    """What says a range in words bounds it in fields as well."""
    ranges = [fact for fact in facts(store, name).values() if " to " in str(fact.value) and fact.unit == "months"]
    for fact in ranges:
        if fact.key.startswith("published."):
            continue
        low, high = (float(end) for end in str(fact.value).split(" to "))
        assert (fact.low, fact.high) == (pytest.approx(low, abs=0.05), pytest.approx(high, abs=0.05)), fact.key


def facts(store: Store, name: str) -> dict[str, Fact]:
    return {fact.key: fact for fact in ask(QUESTIONS[name](), store, TODAY).facts}
