"""What a brief may state: what is new, how large the gap is (the facts of `gap`), what waits, what may be wrong."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from math import inf
from statistics import median
from typing import Any

from core.answer import Fact
from core.brief.news import PARAMETERS, Group, Look, first_model, news_groups
from core.brief.verdicts import verdict_facts
from core.evidence.evidence import Bias, Evidence, Model
from core.gap.coverage import weight_shares
from core.gap.crossings import Unmatched
from core.gap.forward import estimate_class_waits
from core.gap.index_figure import MONTH_ENDS
from core.gap.moves import Result
from core.gap.parameters import MONTH_DAYS
from core.gap.records import frontier
from core.questions.gap import build_gap
from core.questions.gap_text import direction_text, figure_facts, past_year_text
from core.questions.shared_facts import (
    BETWEEN,
    as_of_facts,
    board_fields,
    count_fact,
    day_fact,
    figure_text,
    iso,
    lag_fact,
    make_fact,
    method_fact,
    name_fact,
    score_fact,
    share_fact,
)
from core.words import CLASSES, about_months, and_list, capitalize, count, level, month

_MOST_WORDS = 18
"""Other models are listed with their makers if the list has at most this many words."""
_OTHERS = 2
"""The number of models named beside the one that leads the news."""
_CURRENT_DAYS = 60
"""A test whose newest model is older than this says little about unmatched levels."""
_CARRIES = 0.5
"""If tests with the same caveat carry at least this share of a figure, the caveat is its most important one."""
_COUNTS = 0.05
"""A test that carries less of a figure is not worth naming."""
_VENDOR_TESTS = {"arc": "arc-agi", "frontiermath": "frontiermath"}
"""The prefixes of test ids that the bias `vendor-access` covers: each family has its own reason."""
_TIMES = {6.0: "six months", 12.0: "a year"}
"""A brief states the share of levels matched within these times."""
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_IN_BRACKETS = re.compile(r"\s*\(.*\)")


def brief_facts(look: Look, today: date) -> tuple[Fact, ...]:
    """State everything that a brief may say, except its terms and its reading time."""
    evidence, own = look.evidence, [*title_facts(look)]
    of_gap = {
        fact.key: fact for fact in figure_facts(build_gap(look.analysis))
        if not fact.key.startswith("newest.")
    }  # fmt: skip
    own += _figure_facts(look, of_gap)
    taken = {fact.key for fact in own}
    age = (look.published - look.complete_to).days
    return (
        *_name_makers_once([
            *own,
            day_fact("today", today, "the day of writing"),
            *_direction_facts(look),
            *as_of_facts(evidence, look.as_of),
            method_fact(PARAMETERS),
            *(fact for fact in of_gap.values() if fact.key not in taken),
            *_reason_facts(of_gap),
            *_waiting_facts(look),
            *_forward_facts(look),
            *(_bias_fact(look, bias) for bias in evidence.biases),
            *_vendor_facts(look),
            *_view_facts(look),
            *([make_fact("age", age, "days", f"{count(age, 'day')} old", "duration", "the newest complete data")]
              if age > 0 else []),
        ]),
        share_fact("interval", PARAMETERS.level, "what “likely” stands for"),
    )  # fmt: skip


def title_facts(look: Look) -> Iterator[Fact]:
    """State the facts of a title: what is new, the verdict on the direction, and the days of both."""
    yield make_fact("average", MONTH_ENDS, "months", "six months", "duration", "the average that each figure is")
    yield day_fact("published", look.published, "this brief")
    yield day_fact("since", look.since, "the last brief")
    yield day_fact("start", PARAMETERS.since, "the smallest gap, in the study", month(PARAMETERS.since))
    yield from _news_facts(look)
    yield from verdict_facts(look.analysis.direction, look.complete_to, look.stated, look.news.turn)
    yield day_fact("newest.day", look.complete_to, "the newest complete data")


def _name_makers_once(facts: list[Fact]) -> list[Fact]:
    """Drop a model's maker if an earlier fact states it."""
    names = {fact.key: fact.shown for fact in facts}
    makers = [fact for fact in facts if fact.key.endswith(".maker")]
    first = {names[fact.key.removesuffix(".maker")]: fact for fact in reversed(makers)}
    return [fact for fact in facts if fact not in makers or fact in first.values()]


# ---- what is new


def _news_facts(look: Look) -> Iterator[Fact]:
    """State the lead, other news, and the previous result if there is no lead; also the number of new scores."""
    news, groups = look.news, news_groups(look.news, look.evidence.boards)
    if groups:
        yield from _lead_facts(look, groups[0])
    for side in ("open", "closed"):
        others = [group for group in groups[1:] if group.side == side]
        if others:
            shown = and_list([_group_text(look.evidence, group) for group in others], _OTHERS)
            if len(shown.split()) > _MOST_WORDS:
                shown = and_list([_group_text(look.evidence, group, is_short=True) for group in others], _OTHERS)
            yield name_fact(f"also.{side}", shown, f"other {side} models with records", side=side)
    if len(news.matched) > 1:
        number = len(news.matched)
        lags = [(result.open_day - result.closed_day) / MONTH_DAYS for result in news.matched]
        of = {"measure": BETWEEN, "low": min(lags), "high": max(lags), "day": look.published.isoformat()}
        yield count_fact("news.count", number, "results", count(number, "result"), "since the last brief")
        yield lag_fact("news.lags", median(lags), _lags_text(lags), "these results", **of)
    if news.n_scores:
        yield count_fact("scores", news.n_scores, "scores", count(news.n_scores, "new score"), "became known")
        yield count_fact("scores.models", news.n_models, "models", count(news.n_models, "model"), "of these scores")
    if news.last is not None and not groups:
        last_month = month(date.fromordinal(news.last.open_day))
        yield from _level_facts(look, "last", news.last)
        yield day_fact("last.month", news.last.open_day, "the last open record", last_month)


def _lead_facts(look: Look, group: Group) -> Iterator[Fact]:
    """State the level that leads the news, and how many tests its model set a record on."""
    lead, number = group.lead, group.tests.total()
    if isinstance(lead, Unmatched):
        key, lead_facts = "raised", _unmatched_facts(look, "raised", lead)
    else:
        key, lead_facts = "news", _matched_facts(look, lead)
    yield from lead_facts
    if number > 1:
        yield count_fact(f"{key}.tests", number, "tests", _tests_text(group.tests), "with a record", side=group.side)


def _matched_facts(look: Look, result: Result) -> Iterator[Fact]:
    """State a level that an open model matched, its lag behind the first closed model, and any doubt about it."""
    models = look.evidence.models
    open_model, closed_model = models[result.open], models[result.closed]
    yield from _level_facts(look, "news", result)
    lag = (result.open_day - result.closed_day) / MONTH_DAYS
    of: dict[str, Any] = {
        "measure": BETWEEN, "side": "closed", "benchmark": look.evidence.boards[result.board].name,
        "model": open_model.called, "level": result.threshold, "day": iso(result.open_day),
    }  # fmt: skip
    for key, direction in (("news.lag", ("earlier", "later")), ("news.after", ("later", "earlier"))):
        shown = f"{about_months(abs(lag))} {direction[lag < 0]}" if lag else "on the same day"
        yield lag_fact(key, lag, shown, f"{open_model.called} after {closed_model.called}", **of)
    yield from _model_facts("news.closed", closed_model, "the first closed model there")
    if result.open_day <= look.since.toordinal():
        yield from _late_facts(look, result)
    if open_model.openness_grade == "third-party":
        yield name_fact("news.doubt", "it is open", "what rests on one outside list")
    elif closed_model.openness_grade == "third-party":
        yield name_fact("news.doubt", f"{closed_model.called} is closed", "what rests on one outside list")


def _late_facts(look: Look, late: Result) -> Iterator[Fact]:
    """State when an older model's result became known: the day of its score, or of its openness if later."""
    evidence = look.evidence
    scores = (evidence.board == late.board) & (evidence.model == late.open) & (evidence.score >= late.threshold)
    scored = int(evidence.known_from[scores].min()) if len(evidence.known_from) and scores.any() else 0
    opened = evidence.models[late.open].openness_from
    if scored < opened <= look.published.toordinal():
        yield day_fact("news.opened", opened, "the first word that this model is open")
    elif scored:
        yield day_fact("news.scored", scored, "the first day on which this score is known")


def _unmatched_facts(look: Look, key: str, unmatched: Unmatched) -> Iterator[Fact]:
    """State a level that no open model has matched: who reached it first and when, and the best open score."""
    yield from _level_facts(look, key, unmatched)
    records = frontier(look.evidence, unmatched.board, look.as_of.toordinal())
    if records is not None and records.open:
        best = records.open[-1]
        yield from _model_facts(f"{key}.near", best.model, "the best open model on this test")
        yield score_fact(f"{key}.best", best.score, records.board, best.model.called)


def _level_facts(look: Look, key: str, reached: Result | Unmatched) -> Iterator[Fact]:
    """State who reached a level of a test, when that model came out, who made it, and what the test asks."""
    side, number, released = first_model(reached)
    board, model = look.evidence.boards[reached.board], look.evidence.models[number]
    of, shown = board_fields(board), level(reached.threshold, board.unit)
    yield from _model_facts(f"{key}.{side}", model, f"the first {side} model at the level")
    yield name_fact(f"{key}.test", board.name, "the test", **of)
    yield name_fact(f"{key}.kind", board.access, board.name, access=board.access)
    if board.asks:
        yield name_fact(f"{key}.asks", board.asks, board.name, **of)
    of_level = {"level": reached.threshold, "side": side, **of}
    yield make_fact(f"{key}.level", reached.threshold, board.unit, shown, "level", board.name, **of_level)
    yield day_fact(f"{key}.day", released, model.called)


def _model_facts(key: str, model: Model, subject: str) -> Iterator[Fact]:
    """State a model's name, without its API id, and its maker if known."""
    maker = _maker_text(model)
    yield make_fact(key, model.name, "", model.called, "name", subject, side=model.side, model=model.called)
    if maker:
        yield name_fact(f"{key}.maker", maker, "who made it")


def _maker_text(model: Model) -> str:
    """Return a model's lab and country, if known: "Moonshot, China"."""
    return ", ".join(filter(None, (_IN_BRACKETS.sub("", model.lab), model.country.split(" of ")[0])))


def _group_text(evidence: Evidence, group: Group, *, is_short: bool = False) -> str:
    """Return what another model reached: "Qwen3.7 Max (Alibaba, China) on two private tests"."""
    name, maker = evidence.models[group.model].called, _maker_text(evidence.models[group.model])
    where = _tests_text(group.tests) if group.tests.total() > 1 else evidence.boards[group.lead.board].name
    return f"{name} ({maker}) on {where}" if maker and not is_short else f"{name} on {where}"


def _tests_text(tests: Counter[str]) -> str:
    """Return the number of tests per class: "four private and two public tests"."""
    numbers = {name: tests[name] for name in CLASSES if tests[name]}
    parts = [f"{_NUMBERS[n] if n < len(_NUMBERS) else n} {name}" for name, n in numbers.items()]
    return f"{' and '.join(parts)} test{'s' if [*numbers.values()][-1] > 1 else ''}"


def _lags_text(lags: Sequence[float]) -> str:
    """Return the median and range of lags: "about 4 months, from 1 to 9"."""
    low, high, middle = min(lags), max(lags), median(lags)
    typical = about_months(abs(middle)) + (" ahead" if middle < -0.05 else "")
    first, last = (f"{abs(months):.{1 if abs(months) < 1.5 else 0}f}" for months in (low, high))
    if first == last:
        return f"{typical} each time"
    if low > -0.05:
        return f"{about_months(abs(middle))}, from {first} to {last}"
    return f"{typical}, from {first} ahead to {last} {'behind' if high > 0 else 'ahead'}"


# ---- how large the gap is


def _figure_facts(look: Look, of_gap: dict[str, Fact]) -> Iterator[Fact]:
    """State each class's figure as the deck words it, with its range and its month."""
    for name, gap in look.analysis.classes.items():
        figure = gap.headline
        if figure.months is None:
            continue
        direction = "behind" if figure.months > -0.05 else "ahead"
        shown = f"{figure_text(figure.months, is_about=figure.is_about)} {direction}"
        yield replace(of_gap[f"gap.{name}"], key=f"deck.{name}", shown=shown, low=None, high=None)
        if figure.low is not None and figure.high is not None:
            yield replace(of_gap[f"range.{name}"], low=None, high=None)
        if figure.at is not None:
            yield day_fact(f"month.{name}", figure.at, f"{name} tests", month(date.fromordinal(figure.at)))


def _direction_facts(look: Look) -> Iterator[Fact]:
    """Answer "is the gap growing?" in the words of `gap`, one sentence per fact."""
    direction = look.analysis.direction
    answer, past_year = direction_text(direction, month(PARAMETERS.since)), past_year_text(direction)
    yield name_fact("growing", capitalize(answer.split(":")[0]), "whether the gap grows")
    if past_year:
        yield name_fact("growing.year", capitalize(past_year), "whether the gap grew over the past year")


def _reason_facts(of_gap: dict[str, Fact]) -> Iterator[Fact]:
    """State why a class has no figure."""
    for fact in of_gap.values():
        if fact.key.startswith("gap.") and fact.value is None:
            reason = fact.shown.removeprefix("can't tell: ")
            yield name_fact(f"why.{fact.access}", reason, fact.subject, access=fact.access)


def _waiting_facts(look: Look) -> Iterator[Fact]:
    """State the level that has waited longest, on a current test if there is one; `gap` has the counts."""
    waiting = look.analysis.steady_unmatched
    if not waiting:
        return
    current = [level for level in waiting if look.as_of.toordinal() - level.newest_day <= _CURRENT_DAYS]
    oldest = max(current or waiting, key=lambda level: (level.age_months, level.threshold, -level.board))
    access, shown = look.evidence.boards[oldest.board].access, f"{about_months(oldest.age_months)} later"
    yield from _unmatched_facts(look, "wait", oldest)
    yield replace(day_fact("wait.until", oldest.newest_day, "the newest model on the test"), side="closed")
    yield make_fact("wait.age", oldest.age_months, "months", shown, "duration", "this level, up to then", side="closed")
    if oldest.age_months > (look.analysis.classes[access].catch_up.figure.months or inf):
        yield name_fact("wait.slow", f"raise catch-up time on {access} tests", "what a match would do")


def _forward_facts(look: Look) -> Iterator[Fact]:
    """State the share of each class's levels that open models match within half a year and within a year."""
    for months, shown in _TIMES.items():
        yield make_fact(f"time.{months:g}", months, "months", shown, "duration", "the time for a match")
    for name, gap in look.analysis.classes.items():
        for matched in estimate_class_waits(look.evidence, look.analysis.crossings, PARAMETERS, gap.boards).matched:
            if matched.within in _TIMES and matched.share is not None:
                key, subject = f"within.{matched.within:g}.{name}", f"closed scores matched in time on {name} tests"
                yield share_fact(key, matched.share, subject, access=name, side="open")


def _view_facts(look: Look) -> Iterator[Fact]:
    """State the newest figure that somebody else published since the last brief, and what it measures."""
    since, until = look.since.isoformat(), look.published.isoformat()
    views = [figure for figure in look.evidence.published if since < figure.published <= until]
    if views:
        newest = max(views, key=lambda figure: (figure.comparable != "no", figure.published))
        measures = newest.measures[:1].lower() + newest.measures[1:].rstrip(".")
        yield name_fact("view.source", newest.source, "who published a figure")
        yield day_fact("view.day", date.fromisoformat(newest.published), "when it was published")
        yield name_fact("view.measures", measures, "what it measures")
        yield name_fact("view.figure", newest.figure, "what it says")


# ---- what may be wrong


def _bias_fact(look: Look, bias: Bias) -> Fact:
    """State the direction of a caveat; a bias that makes a gap look larger makes a lead look smaller."""
    figures = {name: gap.headline.months for name, gap in look.analysis.classes.items()}
    months = next((figures[name] for name in (bias.access, *figures) if figures.get(name) is not None), None)
    shown = f"the gap look {bias.effect}"
    if months is not None and months <= -0.05:
        shown = f"their lead look { {'larger': 'smaller', 'smaller': 'larger'}[bias.effect] }"
    return Fact(f"{bias.bias_id}.effect", bias.effect, "", bias.caveat, shown, access=bias.access)


def _vendor_facts(look: Look) -> list[Fact]:
    """State which tests' questions labs may see, and their share of the private figure; none if it is small."""
    private, boards = look.analysis.classes.get("private"), look.evidence.boards
    shares = weight_shares(private, PARAMETERS) if private is not None else {}
    facts: list[Fact] = []
    carried = 0.0
    for family, start in _VENDOR_TESTS.items():
        parts = {
            boards[board].name: share for board, share in shares.items()
            if share >= _COUNTS and boards[board].benchmark_id.startswith(start)
        }  # fmt: skip
        if parts:
            key, share = f"vendors.{family}", sum(parts.values())
            carried += share
            names = ["FrontierMath"] if "FrontierMath" in parts else list(parts)  # its hardest tier is part of it
            shown = f"{and_list(names)} {'makes' if len(names) == 1 else 'make'} up"
            facts.append(Fact(key, shown, "", "tests whose questions labs may see", shown, access="private"))
            facts.append(share_fact(f"{key}.share", share, "of private catch-up time", access="private"))
    return facts if carried >= _CARRIES else []
