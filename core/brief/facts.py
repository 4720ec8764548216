"""What a brief may say: the facts of the gap, and beside them what is new, what waits and what may be wrong."""

import re
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from core.answer import Fact
from core.brief.bullets import MUCH
from core.brief.news import PARAMETERS, Look
from core.brief.verdicts import verdict_facts
from core.evidence.evidence import Bias, Board, Evidence
from core.gap.class_gap import ClassGap
from core.gap.coverage import coverage, overall, weight_shares
from core.gap.crossings import Unmatched
from core.gap.moves import Result
from core.gap.parameters import MONTH_DAYS
from core.questions.gap_wording import gap_facts
from core.questions.measure_wording import measure_name
from core.questions.shared_facts import (
    BETWEEN,
    OLD_DAYS,
    as_of_facts,
    count_fact,
    day_fact,
    iso,
    lag_fact,
    method_fact,
    name_fact,
    of_board,
    share_fact,
    side_of,
    stated,
)
from core.words import about_months, count, level, listed, month, months

_OUTDATED_DAYS = 180
"""A figure that is read further back than this is no title."""
_STALE_DAYS = 30
"""Data that is older than this on the brief's day is said to be."""
_CURRENT_DAYS = 60
"""A test whose newest model is older than this tells little of what still waits."""
_CARRIES = 0.5
"""From this share of a figure on, what is special about some tests is what matters most about it."""
_COUNTS = 0.05
"""A test that carries less of a figure is not worth naming."""
_THROUGH_VENDORS = {"arc": "arc-agi", "frontiermath": "frontiermath"}
"""How the ids of the tests begin that the bias `vendor-access` is about: each family has its own reason."""


def facts(look: Look, today: date) -> tuple[Fact, ...]:
    """State everything that a brief may say, but for its title, its terms and its length."""
    evidence, of_gap = look.evidence, gap_facts(look.evidence, look.analysis, look.as_of, PARAMETERS, single=False)
    found = [
        day_fact("published", look.published, "this brief"),
        day_fact("since", look.since, "the last brief"),
        day_fact("today", today, "the day of writing"),
        day_fact("newest.day", evidence.newest_data, "the newest complete data"),
        *as_of_facts(evidence, look.as_of),
        method_fact(PARAMETERS),
        *(replace(fact, key="start") for fact in of_gap if fact.key == "since"),
        *(fact for fact in of_gap if fact.key != "since" and not fact.key.startswith("newest.")),
        *_news_facts(look),
        *verdict_facts(look.verdicts, look.said, look.news.turned),
        *_waiting_facts(look),
        *_caution_facts(look),
    ]
    if any(fact.key == "leans.without" for fact in found):
        found.append(stated("leans.much", MUCH, "months", "a month", "duration", "a move of a figure that is told"))
    age = (look.published - evidence.newest_data).days
    if age > 0:
        key = "stale" if age > _STALE_DAYS else "age"
        found.append(stated(key, age, "days", f"{count(age, 'day')} old", "duration", "the newest complete data"))
    return (*found, share_fact("interval", PARAMETERS.level, "what “likely” stands for"))


def title_facts(classes: dict[str, ClassGap], as_of: date) -> list[Fact]:
    """State each class's figure as a title has it: the first whole, the next short; an old one with its month.

    A figure that is out of date is left to the text.
    """
    known = {name: gap.headline for name, gap in classes.items() if gap.headline.months is not None}
    current = {name: line for name, line in known.items() if as_of.toordinal() - (line.at or 0) <= _OUTDATED_DAYS}
    found: list[Fact] = []
    before = None
    for name, line in (current or known).items():
        value, subject = line.months or 0.0, f"{name} tests"
        way, size = "behind" if value > -0.05 else "ahead", about_months(abs(value))
        fact = partial(
            lag_fact, value=value, subject=subject, access=name, day=iso(line.at) or "",
            measure=measure_name(classes[name], classes[name].leads),
        )  # fmt: skip
        found.append(fact(f"title.{name}", shown=f"{size} {way}"))
        if before is not None:
            short = re.sub("^about | months?$", "", size)
            found.append(fact(f"title.{name}.short", shown=f"{short} {way}" if way != before else short))
        if line.at is not None and as_of.toordinal() - line.at > OLD_DAYS:
            found.append(day_fact(f"title.{name}.month", line.at, subject, month(date.fromordinal(line.at))))
        before = way
    return found


def _news_facts(look: Look) -> list[Fact]:
    """State the newest result, how many there are; else the newest closed level, or the newest scores."""
    news, evidence = look.news, look.evidence
    if news.matched:
        return _matched_facts(evidence, news.matched, look.since)
    if news.raised:
        n, found = len(news.raised), _unmatched_facts(evidence, "raised", news.raised[0])
        shown = count(n, "new level")
        more = count_fact("raised.count", n, "levels", shown, "reached by closed models", side="closed")
        return [*found, more] if n > 1 else found
    if news.n_scores:
        shown = f"{count(news.n_scores, 'new score')} of {count(news.n_models, 'model')}"
        return [count_fact("scores", news.n_scores, "scores", shown, "became known")]
    if news.n_released:
        return [count_fact("released", news.n_released, "models", count(news.n_released, "model"), "came out")]
    return []


def _matched_facts(evidence: Evidence, matched: tuple[Result, ...], since: date) -> list[Fact]:
    newest, lags = matched[0], [(each.open_day - each.closed_day) / MONTH_DAYS for each in matched]
    board = evidence.boards[newest.board]
    open_ = _model_fact("news.open", evidence, newest.open, "the newest open model to match a level")
    closed = _model_fact("news.closed", evidence, newest.closed, "the first closed model there")
    when = f"{about_months(abs(lags[0]))} {'earlier' if lags[0] > 0 else 'later'}" if lags[0] else "on the same day"
    subject = f"{open_.shown} after {closed.shown}"
    found = [
        open_,
        closed,
        *_level_facts("news", board, newest.threshold, open_.shown, newest.open_day),
        name_fact("news.kind", board.access, board.name, access=board.access),
        lag_fact(
            "news.lag",
            lags[0],
            when,
            subject,
            measure=BETWEEN,
            side="closed",
            benchmark=board.name,
            model=open_.shown,
            level=newest.threshold,
            day=iso(newest.open_day),
        ),
    ]
    if newest.open_day <= since.toordinal():
        found += _late_facts(evidence, newest)
    for model, side, which in ((newest.open, "open", "it"), (newest.closed, "closed", closed.shown)):
        if evidence.models[model].openness_grade == "third-party":
            shown = f"a third party says that {which} is {side}"
            found.append(Fact("news.doubt", "third-party", "", f"on what this model is called {side}", shown))
            break
    if len(matched) > 1:
        n, low, high = len(matched), min(lags), max(lags)
        found += [
            count_fact("news.count", n, "results", count(n, "such result"), "since the last brief"),
            lag_fact("news.lags", None, _spread(low, high), "these results", measure=BETWEEN, low=low, high=high),
        ]
    return found


def _late_facts(evidence: Evidence, late: Result) -> list[Fact]:
    """State since when it is known what an older model reached: its score, or where that is later that it is open."""
    scores = (evidence.board == late.board) & (evidence.model == late.open) & (evidence.score >= late.threshold)
    scored = int(evidence.known_from[scores].min()) if len(evidence.known_from) and scores.any() else 0
    opened = evidence.models[late.open].openness_from
    if opened > scored:
        return [day_fact("news.opened", opened, "the first word that this model is open")]
    return [day_fact("news.scored", scored, "the first day on which this score is known")] if scored else []


def _spread(low: float, high: float) -> str:
    """Write the range of single lags, to a tenth."""
    if f"{low:.1f}" == f"{high:.1f}":
        return f"all {months(low)} {'behind' if low >= 0 else 'ahead'}"
    if low < -0.05:
        end = f"{-high:.1f} months ahead" if high < 0 else f"{high:.1f} behind"
        return f"from {-low:.1f} months ahead to {end}"
    return f"{abs(low):.1f} to {high:.1f} months behind"


def _waiting_facts(look: Look) -> list[Fact]:
    """State the level that has waited longest on a test that is up to date, and those that are older than the gap."""
    waiting = [each for each in look.analysis.crossings.unmatched if each.accepted]
    if not waiting:
        return []
    current = [each for each in waiting if look.as_of.toordinal() - each.newest_day <= _CURRENT_DAYS]
    oldest = max(current or waiting, key=lambda each: (each.age_months, each.threshold, -each.board))
    age, shown = oldest.age_months, f"{about_months(oldest.age_months)} later"
    return [
        *_unmatched_facts(look.evidence, "wait", oldest),
        replace(day_fact("wait.until", oldest.newest_day, "the newest model on the test"), side="closed"),
        stated("wait.age", age, "months", shown, "duration", "this level, up to then", side="closed"),
        *_older_facts(look, waiting),
    ]


def _older_facts(look: Look, waiting: list[Unmatched]) -> list[Fact]:
    """Count the levels of a class that have waited longer than its catch-up time: a match would raise it."""
    for name, gap in look.analysis.classes.items():
        value = gap.catch_up.months or 0.0
        of_class = [each for each in waiting if look.evidence.boards[each.board].access == name]
        n = sum(0 < value < each.age_months for each in of_class)
        if n:
            subject = f"{name} tests, waiting longer than catch-up time there"
            return [
                count_fact("older", n, "levels", count(n, "level"), subject, access=name, side="closed"),
                name_fact("older.access", name, "the tests of these levels", access=name),
            ]
    return []


def _caution_facts(look: Look) -> list[Fact]:
    """State the caveats that bear on this brief, each with its direction."""
    found = [_effect_fact(look, bias) for bias in look.evidence.biases]
    found += _vendor_facts(look)
    boards = np.array(sorted(look.analysis.by_board), dtype=np.int64)
    covered = overall(coverage(look.evidence, boards, look.as_of.toordinal()))
    open_, closed = covered.open.fraction, covered.closed.fraction
    if open_ is not None and closed is not None and closed > open_:
        for side, value in (("open", open_), ("closed", closed)):
            subject = f"{side} models, of those that the tests could have tried"
            found.append(share_fact(f"tested.{side}", value, subject, side=side))
    return found


def _vendor_facts(look: Look) -> list[Fact]:
    """State which tests' questions labs may see, and what of the private figure these carry; nothing where little."""
    private = look.analysis.classes.get("private")
    shares = weight_shares(private, PARAMETERS) if private is not None else {}
    boards = look.evidence.boards
    found: list[Fact] = []
    carried = 0.0
    for family, begin in _THROUGH_VENDORS.items():
        parts = {
            boards[board].name: share for board, share in shares.items()
            if share >= _COUNTS and boards[board].benchmark_id.startswith(begin)
        }  # fmt: skip
        if parts:
            carried += sum(parts.values())
            names = ["FrontierMath"] if "FrontierMath" in parts else list(parts)  # its hardest tier is a part of it
            shown = f"{listed(names)} {'carries' if len(names) == 1 else 'carry'}"
            found += [
                Fact(f"vendors.{family}", shown, "", "tests whose questions labs may see", shown, access="private"),
                share_fact(
                    f"vendors.{family}.share", sum(parts.values()), "of private catch-up time", access="private"
                ),
            ]
    return found if carried >= _CARRIES else []


def _effect_fact(look: Look, bias: Bias) -> Fact:
    """State a caveat's direction; what makes a gap look larger makes a lead look smaller."""
    lines = {name: gap.headline.months for name, gap in look.analysis.classes.items()}
    value = next((lines[name] for name in (bias.access, *lines) if lines.get(name) is not None), None)
    effect, what = bias.effect, "the gap"
    if value is not None and value <= -0.05:
        effect, what = {"larger": "smaller", "smaller": "larger"}[effect], "their lead"
    return Fact(f"{bias.bias_id}.effect", bias.effect, "", bias.caveat, f"{what} look {effect}", access=bias.access)


def _unmatched_facts(evidence: Evidence, key: str, unmatched: Unmatched) -> list[Fact]:
    """State a level that no open model has matched: the closed model that was first there, and when it came out."""
    board = evidence.boards[unmatched.board]
    closed = _model_fact(f"{key}.closed", evidence, unmatched.closed, "the first closed model at the level")
    return [
        closed,
        *_level_facts(key, board, unmatched.threshold, closed.shown, unmatched.closed_day, side="closed"),
    ]


def _level_facts(key: str, board: Board, at_level: float, model: str, day_out: int, **of: Any) -> list[Fact]:
    """State a level of a test, and when a model came out that reached it."""
    shown = level(at_level, board.unit)
    return [
        name_fact(f"{key}.test", board.name, "the test", **of_board(board)),
        stated(
            f"{key}.level", at_level, board.unit, shown, "level", board.name, level=at_level, **of_board(board), **of
        ),
        day_fact(f"{key}.day", day_out, model),
    ]


def _model_fact(key: str, evidence: Evidence, model: int, subject: str) -> Fact:
    """Name a model, without the address that programs call it by: "GPT-5 (gpt-5-2025-08-07)" is GPT-5."""
    name = evidence.models[model].name
    shown = evidence.models[model].called
    return stated(key, name, "", shown, "name", subject, side=side_of(evidence, model), model=shown)
