"""The line that answers an aspect comes first, facts name their subject in fields, and the first look is short.

That each text of tests/eval/aspects.yml is answered in the first line: tests/bot/assistant/test_aspects.py.
"""

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
        ("changes", {"since": "2026-06-12"}, "why", "Private tests: from 8.4 months (likely 6 to 11) to 7.0 months"),
        ("changes", {"since": "2026-06-12"}, "who",
         "New results: 20 results; the newest: Kimi K3 reached 80 % on WeirdML"),
        ("changes", {"since": "2026-06-12"}, "scores", "New scores: 519 since 12 June 2026"),
        ("compare", {"left": "China", "right": "US"}, "level", "Private tests: China by 4.8 months"),
        ("compare", {"left": "China", "right": "US"}, "when", "As of: 28 September 2026"),
        ("compare", {"left": "private", "right": "public"}, "sure", "The difference is not one figure minus the other"),
        ("compare", {"left": "gpqa", "right": "otis"}, "sure", "Difference: 2.1 months apart, one test each"),
        ("compare", {"left": "2025-01-20", "right": "now"}, "sure", "Change: all tests together: 2.7 months wider"),
        ("what_if", {"benchmark": "gpqa", "score": "60", "day": "2024-01-01"}, "who",
         "Would displace: WizardLM-2 8x22B at 35 to 40 %"),
        ("what_if", {"benchmark": "simplebench", "score": "90", "side": "closed"}, "why",
         "New matches: none: no open model"),
        ("sources", {"benchmark": "metr"}, "licence", "Licences: Epoch AI and METR: CC BY 4.0; METR data as published"),
        ("sources", {"benchmark": "metr"}, "explain", "The test: How long a task takes a skilled person"),
        ("frontier", {"benchmark": "weirdml", "side": "open"}, "who",
         "Kimi K3, 82.6 %, 3.7 months behind (first there: GPT-5.5), is"),
        ("frontier", {"benchmark": "weirdml"}, "scores", "Claude Fable 5, 91.9 %, is the best closed model"),
        ("frontier", {"benchmark": "weirdml"}, "when", "Closed models have led since 13 June 2023"),
        ("frontier", {"side": "open"}, "who",
         "Kimi K3 (5 of 9) of the open models, GPT-6 Astra (5 of 9) of the closed ones"),
        ("model", {"model": "DeepSeek-R1"}, "scores", "Scores: 56.9 % on Aider Polyglot, 15.8 % on ARC-AGI"),
        ("model", {"model": "Inkling Small"}, "licence", "The licence of Inkling Small is not in the data"),
        ("model", {"model": "DeepSeek-R1"}, "licence", "The licence of DeepSeek-R1 is, in its sources' words, "),
        ("model", {"model": "GPT-4o"}, "licence", "GPT-4o is closed: no licence"),
        ("model", {"model": "GPT-5.6 Luna"}, "sure", "GPT-5.6 Luna is closed by a third party's word alone"),
        ("model", {"model": "Kimi K3"}, "explain", "Behind is how long ago a closed model was first where it"),
        ("timeline", {"model": "o1-preview"}, "who",
         "Soonest: Llama 3.1-405B on GPQA Diamond (50.3 %) on 23 July 2024"),
        ("unmatched", {}, "when", "Nothing is forecast; half of such scores took longer than 8.0 months on private"),
        ("unmatched", {}, "who", "Longest: 75 % on SimpleBench, since Gemini 3 Pro"),
        ("gap", {}, "direction",
         "Widening? Probably: 2.7 months since January 2025 (likely −1 to 6); past year unclear"),
        ("gap", {}, "who", "Kimi K3, 11 matches, typically 7.5 months late (3.1 to 13.7)"),
        ("gap", {}, "when", "Newest match: on 27 July 2026, by Kimi K3"),
        ("gap", {}, "sure", "Rests most on: Kimi K2.6; without it the gap on private tests would be 8.0 months"),
        ("gap", {}, "standing", "Smallest on: WeirdML (3.7 months behind) of 9 private tests; "),
        ("gap", {}, "catch_up", "Catch-up time: 7.7 months (likely 5 to 10) on private tests, to 24 July 2026; "),
        ("trust", {}, "explain", "Likely ranges are meant to hold the truth in 90 % of cases; in simulated worlds"),
        ("trust", {}, "why", "Biases: known ones that make the gap look larger than it is: 4; smaller: 4; "),
        ("trust", {}, "scores", "Tests have tried 21 % of the open models of their time and 39 % of the closed ones"),
        ("others", {}, "level", "The study: 8 to 10 months on private tests and 4 to 6 months on public tests; by"),
        ("others", {}, "why", "Others measure different things by different rules"),
    ],
)  # fmt: skip
def test_the_line_that_answers_an_aspect_comes_first(
    store: Store, name: str, words: dict[str, str], aspect: Aspect, first: str
) -> None:
    answer = ask(QUESTIONS[name].from_words(**words), store, TODAY)
    turned = answer.about(aspect)
    assert turned.lines[0].text.startswith(first)
    assert name not in ("gap", "trust", "others") or len(turned.lines) == len(answer.lines)


@pytest.mark.parametrize(
    ("name", "words", "key", "fields"),
    [
        ("changes", {"since": "2026-06-12"}, "went.private", {"kind": "change", "access": "private"}),
        ("changes", {"since": "2026-06-12"}, "since", {"kind": "day", "day": "2026-06-12"}),
        ("compare", {"left": "China", "right": "US"}, "difference.public", {"kind": "change", "access": "public"}),
        ("compare", {"left": "May 2025", "right": "now"}, "left.private", {"kind": "lag", "day": "2025-05-31"}),
        ("compare", {"left": "gpqa", "right": "private"}, "left", {"kind": "name", "benchmark": "GPQA Diamond"}),
        ("compare", {"left": "gpqa", "right": "private"}, "right", {"kind": "name", "access": "private"}),
        ("compare", {"left": "May 2025", "right": "now"}, "left", {"kind": "day", "day": "2025-05-31"}),
        ("what_if", {"benchmark": "frontiermath", "score": "45", "day": "2026-12-01"}, "supposed.score",
         {"kind": "score", "benchmark": "FrontierMath", "access": "private", "side": "open", "day": "2026-12-01"}),
        ("what_if", {"benchmark": "frontiermath", "score": "45", "day": "2026-09-01"}, "gap", {"kind": "lag",
         "access": "private", "benchmark": "", "day": "2026-09-28"}),
        ("sources", {"benchmark": "metr"}, "scores", {"kind": "count", "benchmark": "METR Time Horizons"}),
        ("frontier", {"benchmark": "weirdml"}, "behind", {"kind": "lag", "benchmark": "WeirdML", "model": "Kimi K3"}),
        ("frontier", {}, "led.public", {"kind": "count", "access": "public", "side": "closed"}),
        ("model", {"model": "Kimi K3"}, "index.private", {"kind": "lag", "access": "private", "model": "Kimi K3"}),
        ("timeline", {"benchmark": "gpqa"}, "run.0.months", {"kind": "lag", "benchmark": "GPQA Diamond", "level": 90}),
        ("unmatched", {}, "oldest.level", {"kind": "level", "model": "Gemini 3 Pro", "level": 75, "side": "closed"}),
        ("gap", {}, "gap.private", {"kind": "lag", "access": "private", "day": "2026-09-28"}),
        ("gap", {}, "basis.public", {"kind": "count", "access": "public", "day": "2026-09-28"}),
        ("gap", {}, "change.public", {"kind": "change", "access": "public"}),
        ("gap", {}, "unmatched.private", {"kind": "count", "access": "private"}),
        ("gap", {}, "direction", {"kind": "change", "access": ""}),
        ("gap", {}, "leans.without", {"kind": "lag", "access": "private"}),
        ("gap", {}, "without.public.family", {"kind": "lag", "access": "public", "benchmark": "GSM8K"}),
        ("trust", {}, "without.private.model", {"kind": "lag", "access": "private", "model": "Kimi K2.6"}),
        ("gap", {}, "newest.open", {"kind": "name", "side": "open", "model": "Kimi K3"}),
        ("gap", {}, "newest.gap", {"kind": "lag", "model": "Kimi K3", "day": "2026-07-27"}),
        ("trust", {}, "held", {"kind": "share"}),
        ("trust", {}, "tested.open", {"kind": "share", "side": "open"}),
        ("trust", {}, "doubt.model", {"kind": "lag", "access": "private"}),
        ("others", {}, "study.gap.private", {"kind": "lag", "access": "private", "day": "2026-04-17"}),
        ("others", {}, "change.public", {"kind": "change", "access": "public"}),
    ],
)  # fmt: skip
def test_a_fact_says_in_fields_of_what_it_is(
    store: Store, name: str, words: dict[str, str], key: str, fields: dict[str, Any]
) -> None:
    fact = facts(store, name, words)[key]
    assert {field: getattr(fact, field) for field in fields} == fields


@pytest.mark.parametrize(
    ("name", "words", "key"),
    [
        ("changes", {"since": "2026-06-12"}, "move.private"),
        ("compare", {"left": "China", "right": "US"}, "spread.private"),
        ("compare", {"left": "May 2025", "right": "now"}, "left.private"),
        ("compare", {"left": "private", "right": "public"}, "effect"),
        ("what_if", {"benchmark": "frontiermath", "score": "45"}, "gap"),
        ("model", {"model": "Kimi K3"}, "index.private"),
        ("unmatched", {}, "forward.private"),
    ],
)
def test_an_interval_is_in_fields(store: Store, name: str, words: dict[str, str], key: str) -> None:
    fact = facts(store, name, words)[key]
    assert fact.low is not None
    assert fact.high is not None
    assert fact.low < fact.high
