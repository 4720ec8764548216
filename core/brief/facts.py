"""What a brief may say: its own facts beside those of the gap, in whole months wherever that is enough."""

import re
from datetime import date

import numpy as np

from core.answer import Fact
from core.brief.lengths import about, between, digits_for
from core.brief.news import PARAMETERS, Look
from core.evidence.evidence import Bias, Board, Evidence
from core.gap.analysis import Change, ClassGap
from core.gap.comparison import of_days
from core.gap.coverage import coverage, overall, weight_shares
from core.gap.crossings import Pending
from core.gap.moves import Result
from core.gap.parameters import MONTH_DAYS
from core.questions.gap_wording import gap_facts
from core.words import count, day, level, listed, month, months

_API_ID = re.compile(r"\s*\([a-z0-9][a-z0-9.:-]*-[a-z0-9.:-]*\)$")
_OLD_DAYS = 60
"""A figure that is read further back than this says when, in the title and below."""
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
_LITTLE = 1.0
"""A move of less than a month is told as one: the ranges are much wider."""
_OF_GAP = ("as_of", "newest_data", "method", "basis.private", "basis.public")
"""The facts of the gap that a brief shows as they are."""


def facts(look: Look, today: date) -> tuple[Fact, ...]:
    """State everything that a brief may say, but for its title, its terms and its length."""
    found = [
        _dated("published", look.published, "this brief"),
        _dated("since", look.since, "the last brief"),
        _dated("today", today, "the day of writing"),
        _dated("newest.day", look.evidence.newest_data, "the newest complete data"),
        *_news_facts(look),
        *_direction_facts(look),
        *_waiting_facts(look),
        *_caution_facts(look),
    ]
    digits = digits_of(look.analysis.classes)
    for name, gap in look.analysis.classes.items():
        found += _class_facts(name, gap, look.as_of, digits)
    found += _leans_facts(look, digits)
    age = (look.published - look.evidence.newest_data).days
    if age > 0:
        key = "stale" if age > _STALE_DAYS else "age"
        found.append(Fact(key, age, "days", "the newest complete data", f"{count(age, 'day')} old"))
    of_gap = gap_facts(look.evidence, look.analysis, look.as_of, PARAMETERS, single=False)
    shown = f"{100 * PARAMETERS.level:.0f} %"
    found.append(Fact("interval", PARAMETERS.level, "share", "what “likely” stands for", shown))
    return (*found, *(fact for fact in of_gap if fact.key in _OF_GAP))


def digits_of(classes: dict[str, ClassGap]) -> int:
    """Return the decimals of the ranges that stand side by side: whole months where these do for all of them."""
    lines = [gap.headline for gap in classes.values()]
    needed = [digits_for(line.low, line.high) for line in lines if line.low is not None and line.high is not None]
    return max(needed, default=1)


def title_facts(classes: dict[str, ClassGap], as_of: date) -> list[Fact]:
    """State each class's figure as a title has it: the first whole, the next short; an old one with its month.

    A figure that is out of date is left to the text.
    """
    known = {name: gap.headline for name, gap in classes.items() if gap.headline.months is not None}
    current = {name: line for name, line in known.items() if as_of.toordinal() - (line.at or 0) <= _OUTDATED_DAYS}
    digits = digits_of(classes)
    found: list[Fact] = []
    before = None
    for name, line in (current or known).items():
        value, subject = line.months or 0.0, f"{name} tests"
        way = "behind" if value > -0.05 else "ahead"
        found.append(_lag(f"title.{name}", value, subject, f"{about(value, digits)} {way}", name))
        if before is not None:
            short = re.sub("^about | months?$", "", about(value, digits))
            same_way = f" {way}" if way != before else ""
            found.append(_lag(f"title.{name}.short", value, subject, f"{short}{same_way}", name))
        if line.at is not None and as_of.toordinal() - line.at > _OLD_DAYS:
            found.append(_month(f"title.{name}.month", line.at, subject))
        before = way
    return found


def _class_facts(name: str, gap: ClassGap, as_of: date, digits: int) -> list[Fact]:
    """State how a class stands, and over which ground."""
    line, subject = gap.headline, f"{name} tests"
    if line.months is None or line.at is None:
        n_points, n_boards = len(gap.points.months), len(set(gap.points.board.tolist()))
        shown = "no open model has matched a score that closed ones reached there"
        if n_points:
            shown = f"{count(n_points, 'result')} on {count(n_boards, 'test')} are too few"
            shown = shown.replace(" are ", " is ") if n_points == 1 else shown
        return [Fact(f"nothing.{name}", n_points, "results", subject, shown)]
    value = line.months
    is_old = as_of.toordinal() - line.at > _OLD_DAYS
    then = f" in {month(date.fromordinal(line.at))}" if is_old else ""
    verb, noun = ("trailed", "the gap was") if is_old else ("trail", "the gap is")
    if value <= -0.05:
        verb, noun = ("led", "open models led by") if is_old else ("lead", "open models lead by")
    found = [
        _lag(f"stand.{name}", value, subject, f"{verb} closed ones by {about(value, digits)}{then}", name, "open"),
        _lag(f"size.{name}", value, subject, f"{noun} {about(value, digits)}{then}", name),
    ]
    if line.low is not None and line.high is not None:
        low, high = (line.low, line.high) if value > -0.05 else (-line.high, -line.low)
        ways = ("ahead", "behind") if value > -0.05 else ("behind", "ahead")
        bounds = f"{line.low:.1f} to {line.high:.1f}"
        shown = between(low, high, *ways, digits)
        found.append(Fact(f"likely.{name}", bounds, "months", subject, shown, "lag", line.low, line.high, access=name))
    else:
        found.append(Fact(f"likely.{name}", None, "months", subject, "with no range to give"))
    return [*found, _month(f"ends.{name}", line.at, subject)] if is_old else found


def _leans_facts(look: Look, digits: int) -> list[Fact]:
    """State the test that moves a figure most when it is left out; that none matters much, where it is so."""
    influence = look.analysis.influence
    if influence is None:
        return []
    board, without = look.evidence.boards[influence.board].name, influence.months_without
    whole = look.analysis.classes[influence.access].headline.months or 0.0
    subject = f"{influence.access} tests without {board}"
    if abs(without - whole) < _LITTLE:
        return [Fact("leans.little", without, "months", subject, f"less than {count(1, 'month')}", "change")]
    shown = f"{about(without, digits)}{'' if without > -0.05 else ' ahead'}"
    return [
        _class("leans.access", influence.access, "the figure that one test moves most"),
        _test("leans.test", look.evidence.boards[influence.board]),
        _lag("leans.months", without, subject, shown, influence.access),
    ]


def _news_facts(look: Look) -> list[Fact]:
    """State the newest result, how many there are; else the newest closed level, or the newest scores."""
    news, evidence = look.news, look.evidence
    if news.matched:
        return _matched_facts(evidence, news.matched)
    if news.raised:
        newest = news.raised[0]
        n = len(news.raised)
        found = [*_level_facts(evidence, "raised", newest)]
        if n > 1:
            found.append(
                Fact("raised.count", n, "marks", "set by closed models", count(n, "new mark"), "count", side="closed")
            )
        return found
    if news.n_scores:
        shown = f"{count(news.n_scores, 'new score')} of {count(news.n_models, 'model')}"
        return [Fact("scores", news.n_scores, "scores", "became known", shown)]
    if news.n_released:
        return [Fact("released", news.n_released, "models", "came out", count(news.n_released, "model"))]
    return []


def _matched_facts(evidence: Evidence, matched: tuple[Result, ...]) -> list[Fact]:
    newest, lags = matched[0], [(each.open_day - each.closed_day) / MONTH_DAYS for each in matched]
    board = evidence.boards[newest.board]
    open_, closed = evidence.models[newest.open].name, evidence.models[newest.closed].name
    when = "on the same day"
    if lags[0]:
        when = f"{about(lags[0])} {'earlier' if lags[0] > 0 else 'later'}"
    found = [
        _named("news.open", open_, "the newest open model to match a level", "open"),
        _named("news.closed", closed, "the first closed model there", "closed"),
        _test("news.test", board),
        _class("news.kind", board.access, board.name),
        _level("news.level", newest.threshold, board),
        _dated("news.day", date.fromordinal(newest.open_day), open_),
        Fact(
            "news.lag", lags[0], "months", f"{open_} after {closed}", when, "lag", side="closed", benchmark=board.name
        ),
    ]
    for model, side, which in ((newest.open, "open", "it"), (newest.closed, "closed", found[1].shown)):
        if evidence.models[model].openness_grade == "third-party":
            shown = f"a third party says that {which} is {side}"
            found.append(Fact("news.doubt", "third-party", "", f"on what this model is called {side}", shown))
            break
    if len(matched) > 1:
        found += [
            Fact(
                "news.count",
                len(matched),
                "results",
                "since the last brief",
                count(len(matched), "such result"),
                "count",
            ),
            Fact("news.lags", None, "months", "these results", _spread(lags), "lag", min(lags), max(lags)),
        ]
    return found


def _spread(lags: list[float]) -> str:
    """Write the range of single lags, to a tenth."""
    low, high = min(lags), max(lags)
    if f"{low:.1f}" == f"{high:.1f}":
        return f"all {months(low)} {'behind' if low >= 0 else 'ahead'}"
    if low < -0.05:
        end = f"{-high:.1f} months ahead" if high < 0 else f"{high:.1f} behind"
        return f"from {-low:.1f} months ahead to {end}"
    return f"{abs(low):.1f} to {high:.1f} months behind"


def _direction_facts(look: Look) -> list[Fact]:
    """State how each figure moved since the last brief, and against the study's smallest gap.

    "Wider" and "narrower" only where the interval excludes zero.
    """
    found: list[Fact] = []
    start = month(PARAMETERS.since)
    found.append(Fact("start", PARAMETERS.since.isoformat(), "date", "the smallest gap, in the study", start))
    for name, gap in look.analysis.classes.items():
        subject = f"{name} tests"
        change = gap.change
        if change.months is not None and change.low is not None and change.high is not None:
            if change.low <= 0 <= change.high:
                found.append(_change(f"long.{name}.unclear", change, subject, "can't tell", name))
            else:
                shown = _clear(change, gap.headline.months or 0.0)
                found.append(_change(f"long.{name}", change, f"{subject} since {start}", shown, name))
        found += _move_facts(name, gap, look.before.classes[name], look.since)
    if look.news.raised and not look.news.matched:
        found.append(Fact("still", 0, "results", f"new since {day(look.since)}", "No new result"))
    return found


def _move_facts(name: str, now: ClassGap, then: ClassGap, since: date) -> list[Fact]:
    """State a class's move since the last brief; nothing where no new result counts, or no figure was there then."""
    subject = f"{name} tests since {day(since)}"
    if not (now.points.open_day > since.toordinal()).any():
        return []
    moved = of_days(now, then, PARAMETERS.level)
    left, right = moved.left.months, moved.right.months
    if left is None or right is None or moved.months is None or moved.low is None or moved.high is None:
        return []
    total, found = Change(moved.months, moved.low, moved.high), list[Fact]()
    if moved.is_clear:
        shown = _clear(total, left)
        return [_change(f"clear.{name}", total, subject, shown, name)]
    if abs(left - right) < _LITTLE:
        found.append(
            Fact(
                f"little.{name}",
                left - right,
                "months",
                subject,
                f"less than {count(1, 'month')}",
                "change",
                access=name,
            )
        )
    else:
        found += [
            _lag(f"then.{name}", right, f"{name} tests on {day(since)}", _figure(right, left), name),
            _lag(f"now.{name}", left, f"{name} tests", _figure(left, -1.0).removeprefix("about "), name),
        ]
    ways = _ways(left, right)
    return [
        *found,
        _change(f"move.{name}", total, subject, between(moved.low, moved.high, *ways), name),
    ]


def _ways(now: float, then: float) -> tuple[str, str]:
    """Return how a fall and a rise of the lag are called: other words where open models led on either day."""
    return ("narrower", "wider") if min(now, then) >= 0 else ("better for open models", "worse")


def _figure(value: float, other: float) -> str:
    """Write a figure that stands before another: without its unit where both point the same way."""
    shown = about(value, 0)
    if min(value, other) > -0.05:
        return re.sub(" months?$", "", shown)
    return shown if value > -0.05 else f"{shown} ahead"


def _clear(change: Change, now: float) -> str:
    """Write a change to the figure `now` that is beyond doubt: "about 4 months wider, likely between 1 and 7"."""
    value = change.months or 0.0
    way = _ways(now, now - value)[value > 0]
    low, high = sorted((abs(change.low or 0.0), abs(change.high or 0.0)))
    digits = 1 if low < 0.5 else digits_for(low, high)  # "between 0 and 2" would leave it in doubt
    return f"{about(value, digits)} {way}, {between(low, high, digits=digits)}"


def _waiting_facts(look: Look) -> list[Fact]:
    """State the level that has waited longest on a test that is up to date, and how long levels take."""
    waiting = [each for each in look.analysis.crossings.pending if each.accepted]
    if not waiting:
        return []
    current = [each for each in waiting if look.as_of.toordinal() - each.newest_day <= _CURRENT_DAYS]
    oldest = max(current or waiting, key=lambda each: (each.age_months, each.threshold, -each.board))
    found = _level_facts(look.evidence, "wait", oldest)
    found += [
        _dated("wait.until", date.fromordinal(oldest.newest_day), "the newest model on the test", "closed"),
        Fact(
            "wait.age",
            oldest.age_months,
            "months",
            "this level, up to then",
            f"{about(oldest.age_months)} later",
            "duration",
            side="closed",
        ),
    ]
    forward = look.analysis.forward
    marks = f"{forward.n_waiting} of {count(forward.n_waiting + forward.n_reached, 'mark')}"
    found.append(
        Fact("waiting", forward.n_waiting, "marks", "that no open model has matched", marks, "count", side="closed")
    )
    if forward.median_months is not None:
        range_ = ""
        if forward.low is not None:
            bounds = forward.low, forward.high
            range_ = f", likely {bounds[0]:.0f} or more" if bounds[1] is None else f", {between(bounds[0], bounds[1])}"
        shown = f"Half of all marks stood for longer than {about(forward.median_months)}{range_}"
        found.append(
            Fact(
                "wait.half",
                forward.median_months,
                "months",
                "until open models match a level",
                shown,
                "duration",
                forward.low,
                forward.high,
            )
        )
    return found + _older_facts(look, waiting)


def _older_facts(look: Look, waiting: list[Pending]) -> list[Fact]:
    """Count the levels of a class that have already waited longer than its gap: each would widen it when matched."""
    for name, gap in look.analysis.classes.items():
        value = gap.headline.months
        older = [
            each for each in waiting
            if value is not None and 0 < value < each.age_months and look.evidence.boards[each.board].access == name
        ]  # fmt: skip
        if older:
            n = len(older)
            return [
                Fact(
                    "older",
                    n,
                    "marks",
                    f"{name} tests, waiting longer than the gap there",
                    count(n, "mark"),
                    "count",
                    access=name,
                    side="closed",
                ),
                _class("older.access", name, "the tests of these marks"),
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
        for key, value in (("tested.open", open_), ("tested.closed", closed)):
            subject = f"{key.removeprefix('tested.')} models, of those that the tests could have tried"
            found.append(
                Fact(key, value, "share", subject, f"{100 * value:.0f} %", "share", side=key.removeprefix("tested."))
            )
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
            share = sum(parts.values())
            carried += share
            shown = f"{listed(list(parts))} {'carries' if len(parts) == 1 else 'carry'}"
            if "FrontierMath" in parts:
                shown = "FrontierMath carries"  # its hardest tier is a part of it
            found += [
                Fact(f"vendors.{family}", shown, "", "tests whose questions labs may see", shown),
                Fact(
                    f"vendors.{family}.share",
                    share,
                    "share",
                    "of the private figure",
                    f"{100 * share:.0f} %",
                    "share",
                    access="private",
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
    return Fact(f"{bias.bias_id}.effect", bias.effect, "", bias.caveat, f"{what} look {effect}")


def _level_facts(evidence: Evidence, key: str, waiting: Pending) -> list[Fact]:
    """State a level that waits: the closed model that was first there, and when it came out."""
    board, closed = evidence.boards[waiting.board], evidence.models[waiting.closed].name
    return [
        _named(f"{key}.closed", closed, "the first closed model at the level", "closed"),
        _test(f"{key}.test", board),
        _level(f"{key}.level", waiting.threshold, board, "closed"),
        _dated(f"{key}.day", date.fromordinal(waiting.closed_day), closed),
    ]


def _named(key: str, name: str, subject: str, side: str) -> Fact:
    """Name a model, without the address that programs call it by: "GPT-5 (gpt-5-2025-08-07)" is GPT-5."""
    shown = _API_ID.sub("", name) or name
    return Fact(key, name, "", subject, shown, "name", side=side, model=shown)


def _lag(key: str, value: float, subject: str, shown: str, access: str, side: str = "") -> Fact:
    return Fact(key, value, "months", subject, shown, "lag", access=access, side=side)


def _change(key: str, change: Change, subject: str, shown: str, access: str) -> Fact:
    return Fact(key, change.months, "months", subject, shown, "change", change.low, change.high, access)


def _test(key: str, board: Board) -> Fact:
    return Fact(key, board.name, "", "the test", board.name, "name", access=board.access, benchmark=board.name)


def _class(key: str, access: str, subject: str) -> Fact:
    """Name a class of tests."""
    return Fact(key, access, "", subject, access, "name", access=access)


def _level(key: str, value: float, board: Board, side: str = "") -> Fact:
    """State a level of a test; of a side where only that has reached it."""
    shown, unit = level(value, board.unit), board.unit
    return Fact(key, value, unit, board.name, shown, "level", None, None, board.access, side, board.name, level=value)


def _dated(key: str, value: date, subject: str, side: str = "") -> Fact:
    return Fact(key, value.isoformat(), "date", subject, day(value), "day", day=value.isoformat(), side=side)


def _month(key: str, at: int, subject: str) -> Fact:
    found = date.fromordinal(at)
    return Fact(key, found.isoformat(), "date", subject, month(found))
