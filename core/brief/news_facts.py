"""What a brief may say of its news: who set which records, on which tests, and how long after whom."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from statistics import median
from typing import Any

from core.answer import Fact
from core.brief.news import Group, Look, groups
from core.evidence.evidence import Evidence
from core.gap.crossings import Unmatched
from core.gap.moves import Result
from core.gap.parameters import MONTH_DAYS
from core.gap.records import frontier
from core.questions.shared_facts import (
    BETWEEN,
    count_fact,
    day_fact,
    iso,
    lag_fact,
    name_fact,
    of_board,
    score_fact,
    stated,
)
from core.words import CLASSES, about_months, and_list, count, level, month

_IN_BRACKETS = re.compile(r"\s*\(.*\)")
_MOST_WORDS = 18
"""Words up to which others are told with who made them."""
_OTHERS = 2
"""Models that are named beside the one that leads the news."""
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def news_facts(look: Look) -> list[Fact]:
    """State what leads the news, what else is new, and the last result from before; or the scores that came in."""
    news, found = look.news, groups(look.news, look.evidence.boards)
    facts = _lead_facts(look, found[0]) if found else []
    for key, is_open in (("also.open", True), ("also.closed", False)):
        others = [each for each in found[1:] if each.is_open == is_open]
        if others:
            side = "open" if is_open else "closed"
            shown = and_list([_also(look.evidence, each) for each in others], _OTHERS)
            if len(shown.split()) > _MOST_WORDS:
                shown = and_list([_also(look.evidence, each, is_short=True) for each in others], _OTHERS)
            facts.append(name_fact(key, shown, f"other {side} models with records", side=side))
    if len(news.matched) > 1:
        n, lags = len(news.matched), [(each.open_day - each.closed_day) / MONTH_DAYS for each in news.matched]
        facts += [
            count_fact("news.count", n, "results", count(n, "result"), "since the last brief"),
            lag_fact(
                "news.lags", median(lags), _typical(lags), "these results", measure=BETWEEN, low=min(lags),
                high=max(lags), day=look.published.isoformat(),
            ),
        ]  # fmt: skip
    if news.n_scores:
        shown = count(news.n_scores, "new score")
        facts += [
            count_fact("scores", news.n_scores, "scores", shown, "became known"),
            count_fact("scores.models", news.n_models, "models", count(news.n_models, "model"), "of these scores"),
        ]
    if news.last is not None and not found:
        facts += _level_facts(look, "last", news.last.open, news.last, news.last.open_day)
        facts.append(day_fact("last.month", news.last.open_day, "the last open record", month_of(news.last.open_day)))
    return facts


def month_of(day: int) -> str:
    """Write the month of a day (ordinal): "July 2026"."""
    return month(date.fromordinal(day))


def unmatched_facts(look: Look, key: str, unmatched: Unmatched) -> list[Fact]:
    """State a level that no open model has matched: who was first there, when, and how near the best open one is."""
    found = _level_facts(look, key, unmatched.closed, unmatched, unmatched.closed_day)
    board = look.evidence.boards[unmatched.board]
    records = frontier(look.evidence, unmatched.board, look.as_of.toordinal())
    if records is not None and records.open:
        best = records.open[-1]
        near = model_fact(f"{key}.near", look.evidence, best.model, "the best open model on this test")
        found += [near, *_maker(near.key, look.evidence, best.model)]
        found.append(score_fact(f"{key}.best", best.score, board, near.shown))
    return found


def model_fact(key: str, evidence: Evidence, model: int, subject: str) -> Fact:
    """Name a model, without the address that programs call it by: "GPT-5 (gpt-5-2025-08-07)" is GPT-5."""
    name, shown = evidence.models[model].name, evidence.models[model].called
    return stated(key, name, "", shown, "name", subject, side=evidence.models[model].side, model=shown)


def _lead_facts(look: Look, group: Group) -> list[Fact]:
    lead = group.lead
    on_tests = _tests(group.tests)
    if isinstance(lead, Unmatched):
        found = unmatched_facts(look, "raised", lead)
        key, side = "raised", "closed"
    else:
        found, key, side = _matched_facts(look, lead), "news", "open"
    if group.tests.total() > 1:
        found.append(count_fact(f"{key}.tests", group.tests.total(), "tests", on_tests, "with a record", side=side))
    return found


def _matched_facts(look: Look, result: Result) -> list[Fact]:
    evidence = look.evidence
    found = _level_facts(look, "news", result.open, result, result.open_day)
    lag, of = (result.open_day - result.closed_day) / MONTH_DAYS, {"measure": BETWEEN, "side": "closed"}
    closed = model_fact("news.closed", evidence, result.closed, "the first closed model there")
    of |= {"benchmark": evidence.boards[result.board].name, "model": found[0].shown}
    for key, word in (("news.lag", ("earlier", "later")), ("news.after", ("later", "earlier"))):
        when = f"{about_months(abs(lag))} {word[lag < 0]}" if lag else "on the same day"
        subject = f"{found[0].shown} after {closed.shown}"
        found.append(lag_fact(key, lag, when, subject, level=result.threshold, day=iso(result.open_day), **of))
    found += [closed, *_maker("news.closed", evidence, result.closed)]
    if result.open_day <= look.since.toordinal():
        found += _late_facts(look, result)
    for model, side, which in ((result.open, "open", "it"), (result.closed, "closed", closed.shown)):
        if evidence.models[model].openness_grade == "third-party":
            found.append(name_fact("news.doubt", f"{which} is {side}", "what rests on one outside list"))
            break
    return found


def _late_facts(look: Look, late: Result) -> list[Fact]:
    """State since when it is known what an older model reached: its score, or where that is later that it is open."""
    evidence = look.evidence
    scores = (evidence.board == late.board) & (evidence.model == late.open) & (evidence.score >= late.threshold)
    scored = int(evidence.known_from[scores].min()) if len(evidence.known_from) and scores.any() else 0
    opened = evidence.models[late.open].openness_from
    if scored < opened <= look.published.toordinal():
        return [day_fact("news.opened", opened, "the first word that this model is open")]
    return [day_fact("news.scored", scored, "the first day on which this score is known")] if scored else []


def _level_facts(look: Look, key: str, model: int, at: Result | Unmatched, day_out: int) -> list[Fact]:
    """State who reached a level of a test, when it came out and whose it is, and what the test asks."""
    board, side = look.evidence.boards[at.board], "closed" if isinstance(at, Unmatched) else "open"
    name = model_fact(f"{key}.{side}", look.evidence, model, f"the first {side} model at the level")
    of: dict[str, Any] = {"level": at.threshold, **of_board(board), "side": side}
    asks = [name_fact(f"{key}.asks", board.asks, board.name, **of_board(board))] if board.asks else []
    shown = level(at.threshold, board.unit)
    return [
        name,
        *_maker(f"{key}.{side}", look.evidence, model),
        name_fact(f"{key}.test", board.name, "the test", **of_board(board)),
        name_fact(f"{key}.kind", board.access, board.name, access=board.access),
        *asks,
        stated(f"{key}.level", at.threshold, board.unit, shown, "level", board.name, **of),
        day_fact(f"{key}.day", day_out, name.shown),
    ]


def _maker(key: str, evidence: Evidence, model: int) -> list[Fact]:
    """State a model's lab and its country, where they are known: "Moonshot, China"."""
    shown = _made_by(evidence, model)
    return [name_fact(f"{key}.maker", shown, "who made it")] if shown else []


def _made_by(evidence: Evidence, model: int) -> str:
    known = evidence.models[model]
    return ", ".join(filter(None, (_IN_BRACKETS.sub("", known.lab), known.country.split(" of ")[0])))


def _also(evidence: Evidence, group: Group, *, is_short: bool = False) -> str:
    """Write what another model reached: "Qwen3.7 Max (Alibaba, China) on two private tests"."""
    name, maker = model_fact("", evidence, group.model, "").shown, _made_by(evidence, group.model)
    where = _tests(group.tests) if group.tests.total() > 1 else evidence.boards[group.lead.board].name
    return f"{name} ({maker}) on {where}" if maker and not is_short else f"{name} on {where}"


def _tests(tests: Counter[str]) -> str:
    """Write how many tests of each class: "four private and two public tests"."""
    parts = [f"{_in_words(tests[name])} {name}" for name in CLASSES if tests[name]]
    last = next(tests[name] for name in reversed(CLASSES) if tests[name])
    return f"{' and '.join(parts)} test{'s' if last > 1 else ''}"


def _in_words(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def _typical(lags: Sequence[float]) -> str:
    """Write the middle of single lags and how far they reach: "about 4 months, from 1 to 9"."""
    low, high, middle = min(lags), max(lags), median(lags)
    ahead = " ahead" if middle < -0.05 else ""
    ends = [_end(low), _end(high)]
    if ends[0] == ends[1]:
        return f"{about_months(abs(middle))}{ahead} each time"
    if low > -0.05:
        return f"{about_months(abs(middle))}, from {ends[0]} to {ends[1]}"
    return f"{about_months(abs(middle))}{ahead}, from {ends[0]} ahead to {ends[1]} {'behind' if high > 0 else 'ahead'}"


def _end(months: float) -> str:
    return f"{abs(months):.{1 if abs(months) < 1.5 else 0}f}"
