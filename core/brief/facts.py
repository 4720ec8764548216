"""What a brief may state: what is new, how large the gap is and whether it grows, what to watch, what may be wrong."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from statistics import median
from typing import Any

from core.answer import Fact
from core.brief.news import PARAMETERS, Group, Look, first_model, news_groups
from core.brief.verdicts import verdict_facts
from core.evidence.evidence import Board, Evidence, Model
from core.gap.coverage import weight_shares
from core.gap.crossings import Crossing, Unmatched
from core.gap.forward import estimate_class_waits
from core.gap.index_figure import MONTH_ENDS
from core.gap.parameters import MONTH_DAYS
from core.gap.records import frontier
from core.questions.shared_facts import (
    BETWEEN,
    CATCH_UP,
    INDEX,
    SHORTEST,
    board_fields,
    change_fact,
    count_fact,
    day_fact,
    iso,
    lag_fact,
    make_fact,
    method_fact,
    name_fact,
    range_facts,
    score_fact,
    share_fact,
)
from core.words import (
    CLASSES,
    MONTHS,
    about_months,
    and_list,
    count,
    day,
    level,
    likely_lag,
    likely_range,
    month,
    months,
    possessive,
)

_PERIODS = ((2, "day"), (14, "week"), (45, "month"))
"""Names for the time since the last brief, with the maximum number of days for each name."""
_YEAR = 365
_RECENT_DAYS = 92
"""A day of the year before is said without its year for so long."""
_CURRENT_DAYS = 60
"""A test whose newest model is older than this says little about unmatched levels."""
_FEWEST = 3
"""A wait is compared with at least this many others: those of the last brief's time, or else of the past year."""
_SHORT, _LONG = 2 / 3, 3 / 2
"""A wait is short or long beside the median of others if it is less than the first or more than the second of it."""
_NEWS_SHARE = 1 / 3
"""Tests with the same caveat are worth a caution if they carry at least this share of the private catch-up time."""
_ROUNDED = 0.5
"""The end of a range that is less than this below 0 is written as 0."""
_COUNTS = 0.05
"""A test that carries less of a figure is not worth naming."""
_VENDOR_TESTS = {
    "arc-agi": "{} questions pass through AI labs' servers",
    "frontiermath": "OpenAI funded it and has seen questions from it",
}
"""The prefixes of test ids that the bias `vendor-access` covers, each with its reason."""
_TIMES = {6.0: "six months", 12.0: "a year"}
"""A brief states the share of levels matched within these times."""
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ASIDES = {"private": "whose questions are secret", "public": "whose questions anyone can read"}
_ANSWERS = {
    "wider": "Yes", "probably-wider": "Probably", "probably-narrower": "Probably not", "narrower": "No",
    "cant-say": "The data can't say",
}  # fmt: skip
"""The answers to whether the gap grows; there is none while it is too early."""
_DATED_BY_MONTH = ("watch", "last")
"""The models whose month stands in their sentence, so that their name needs none."""
_IN_BRACKETS = re.compile(r"\s*\(.*\)")
_DATED = re.compile(r"\((?P<month>[A-Z][a-z]+) (?P<year>\d{4})\)")
_COUNTRIES = {
    "United States of America": "",
    "United Kingdom of Great Britain and Northern Ireland": "Britain",
    "United Arab Emirates": "the United Arab Emirates",
}
"""Countries as people say them; a maker in the United States stands without one."""


def brief_facts(look: Look, today: date) -> tuple[Fact, ...]:
    """State everything that a brief may say, except its terms and its reading time."""
    age, n_tests = (look.published - look.complete_to).days, len(look.analysis.scope.boards)
    return _tell_apart(look.evidence, _say_once([
        *title_facts(look),
        day_fact("today", today, "the day of writing"),
        day_fact("newest_score", look.as_of, "models and scores by"),
        day_fact("newest_data", look.complete_to, "the newest complete data"),
        method_fact(PARAMETERS),
        count_fact("boards", n_tests, "tests", count(n_tests, "test"), "tests behind the figures"),
        *_wait_facts(look),
        *_watch_facts(look),
        *_also_facts(look),  # it is dropped first, so what it shares is said before it
        *_forward_facts(look),
        *_caveat_facts(look),
        make_fact("age", age, "days", count(age, "day"), "duration", "the newest complete data"),
        share_fact("interval", PARAMETERS.level, "what “likely” stands for"),
        make_fact("average", MONTH_ENDS, "months", "six months", "duration", "the average that each figure is"),
    ]))  # fmt: skip


def title_facts(look: Look) -> Iterator[Fact]:
    """State the facts of a title and a deck: what is new, the figures and the verdict, and their days."""
    start, turn = _spoken_month(look, PARAMETERS.since), look.news.turn
    yield day_fact("published", look.published, "this brief", _spoken_day(look, look.published))
    yield day_fact("since", look.since, "the last brief", _spoken_day(look, look.since))
    yield day_fact("start", PARAMETERS.since, "the smallest gap, in the study", start)
    yield day_fact("newest.day", look.complete_to, "the newest complete data", _spoken_day(look, look.complete_to))
    yield name_fact("period", _period_name(look) or "time", "the time since the last brief")
    yield from _news_facts(look)
    yield from verdict_facts(look.analysis.direction, look.complete_to, look.stated, turn, start)
    if turn is not None:
        yield day_fact("turn.day", turn.day, "the last verdict", _spoken_day(look, turn.day))
    yield from _figure_facts(look)
    yield from _direction_facts(look)


def _say_once(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Drop a model's maker, and what a test is, if an earlier fact states it."""
    facts = tuple(facts)
    names = {fact.key: fact.shown for fact in facts}
    once: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        owner, _, part = fact.key.rpartition(".")
        if part == "what":
            once.setdefault(("test", names[f"{owner}.test"]), fact)
        elif part in ("from", "whose"):
            once.setdefault(("model", names[owner]), fact)
        else:
            once["", fact.key] = fact
    return tuple(once.values())


def _tell_apart(evidence: Evidence, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Add its month, or else its day, to a name that two models share, as "GPT-3.5 of November 2022"."""
    days = {model.name: date.fromordinal(model.day) for model in evidence.models}
    named = {(fact.shown, str(fact.value)) for fact in facts if fact.model and fact.kind == "name"}

    def date_name(fact: Fact) -> Fact:
        of_name = [days[model] for shown, model in named if shown == fact.shown and model in days]
        if len(of_name) < 2 or fact.key in _DATED_BY_MONTH:
            return fact
        write = month if len(set(map(month, of_name))) == len(of_name) else day
        return replace(fact, shown=f"{fact.shown} of {write(days[str(fact.value)])}")

    return tuple(map(date_name, facts))


# ---- days as they are spoken


def _spoken_day(look: Look, at: date | int) -> str:
    """Write a day without its year if that is the brief's own, or has lately ended: "27 July", "22 May 2024"."""
    of = date.fromordinal(at) if isinstance(at, int) else at
    is_plain = of.year == look.published.year or 0 <= (look.published - of).days <= _RECENT_DAYS
    return f"{of.day} {MONTHS[of.month - 1]}" if is_plain else day(of)


def _spoken_month(look: Look, at: date | int, before: str = "") -> str:
    """Write a day's month: "January", "last November", "January 2025"; `before` stands before all but "last"."""
    of, now = date.fromordinal(at) if isinstance(at, int) else at, look.published
    name = MONTHS[of.month - 1]
    if of.year == now.year - 1 and of.month > now.month:
        return f"last {name}"
    return f"{before}{name}" if of.year == now.year else f"{before}{name} {of.year}"


def _period_name(look: Look) -> str:
    """Name the time since the last brief: "month"; empty if it has no name."""
    days = (look.published - look.since).days
    return next((name for most, name in _PERIODS if days <= most), "")


# ---- what is new


def _news_facts(look: Look) -> Iterator[Fact]:
    """State the level that leads the news, or else the previous result; also the number of new scores."""
    news, groups = look.news, news_groups(look.news)
    if groups:
        yield from _lead_facts(look, groups[0])
    elif news.last is not None:
        yield from _level_facts(look, "last", news.last, "whose")
    if news.n_scores:
        yield count_fact("scores", news.n_scores, "scores", count(news.n_scores, "new score"), "became known")


def _lead_facts(look: Look, group: Group) -> Iterator[Fact]:
    """State the level that leads the news, and on how many tests its model set a record."""
    lead, number = group.lead, group.tests.total()
    key = "raised.closed" if isinstance(lead, Unmatched) else "news.open"
    yield from _level_facts(look, key, lead, "from")
    if number > 1:
        of = {"subject": "with a record", "side": group.side}
        yield count_fact("records", number, "tests", _number_text(number), **of)
        yield count_fact("records.tests", number, "tests", _tests_text(group.tests), **of)
    if isinstance(lead, Unmatched):
        yield from _near_facts(look, "near", lead)
    else:
        yield from _matched_facts(look, lead)


def _matched_facts(look: Look, result: Crossing) -> Iterator[Fact]:
    """State how long an open model took for a level after the first closed model, and any doubt about it."""
    evidence, lag = look.evidence, result.months
    open_model, closed_model = result.open, result.closed
    of: dict[str, Any] = {"measure": BETWEEN, "side": "closed", "model": open_model.called, "level": result.threshold}
    of |= {"benchmark": result.board.name, "day": iso(open_model.day)}
    shown = f"{about_months(abs(lag))} {'earlier' if lag > 0 else 'later'}" if lag else "on the same day"
    yield from _model_facts(look, "first", closed_model, "the first closed model there", "whose")
    yield lag_fact("first.lag", lag, shown, f"{open_model.called} after {closed_model.called}", **of)
    if open_model.day <= look.since.toordinal():
        yield from _late_facts(look, result)
    if open_model.openness_grade == "third-party":
        yield name_fact("doubt", f"{_spoken_name(evidence, open_model)} is open", "what rests on one outside list")


def _late_facts(look: Look, late: Crossing) -> Iterator[Fact]:
    """State when an older model's result became known: the day of its score, or of its openness if later."""
    evidence = look.evidence
    board, model = evidence.boards.index(late.board), evidence.models.index(late.open)
    scores = (evidence.board == board) & (evidence.model == model) & (evidence.score >= late.threshold)
    scored = int(evidence.known_from[scores].min()) if len(evidence.known_from) and scores.any() else 0
    opened = late.open.openness_from
    known = max(scored, opened if opened <= look.published.toordinal() else 0)
    if known:
        yield day_fact("late", known, "the first day on which this is known", _spoken_day(look, known))


def _wait_facts(look: Look) -> Iterator[Fact]:
    """Compare the wait that leads the news with others: since the last brief, or on such tests in the past year."""
    groups = news_groups(look.news)
    if not groups or isinstance(groups[0].lead, Unmatched) or groups[0].lead.months <= 0:
        return
    lead, period = groups[0].lead, _period_name(look)
    results, shown = look.news.matched, f"the past {period}'s {count(len(look.news.matched), 'catch-up')}"
    if len(results) < _FEWEST or not period:
        access, since = lead.board.access, look.as_of.toordinal() - _YEAR
        accepted = look.analysis.accepted
        results = tuple(result for result in accepted if result.board.access == access and result.open.day > since)
        shown = f"the past year's {count(len(results), 'catch-up')} on {access} tests"
    if len(results) < _FEWEST:
        return
    lags = sorted(result.months for result in results)
    beside = lead.months / max(median(lags), SHORTEST)
    word = "short" if beside < _SHORT else "long" if beside > _LONG else "typical"
    of: dict[str, Any] = {"measure": BETWEEN, "low": lags[0], "high": lags[-1], "day": look.published.isoformat()}
    yield name_fact("wait", word, "the wait beside others like it")
    yield count_fact("wait.others", len(lags), "results", shown, "waits like it")
    yield lag_fact("wait.spread", median(lags), _spread_text(lags), "waits like it", **of)


def _also_facts(look: Look) -> Iterator[Fact]:
    """Name one more model with a record: the first of the other side, or else the next."""
    groups = news_groups(look.news)
    if len(groups) > 1:
        group = next((other for other in groups[1:] if other.side != groups[0].side), groups[1])
        is_one = group.tests.total() == 1
        where = _spoken_test(group.lead.board) if is_one else _tests_text(group.tests)
        a, record = ("an", "open record") if group.side == "open" else ("a", "record")
        shown = f"{a} {group.side} model, set {f'{a} {record}' if is_one else f'{record}s'} on {where}"
        yield from _model_facts(look, "also", group.model, "another model with a record", "whose")
        yield name_fact("also.news", shown, "its records", side=group.side)


def _near_facts(look: Look, key: str, unmatched: Unmatched) -> Iterator[Fact]:
    """State the best open score on the test of a level that no open model has matched."""
    board = look.evidence.boards.index(unmatched.board)
    records = frontier(look.evidence, board, look.as_of.toordinal())
    if records is not None and records.open:
        best = records.open[-1]
        yield from _model_facts(look, key, best.model, "the best open model on this test", "whose")
        yield score_fact(f"{key}.score", best.score, records.board, best.model.called)


def _level_facts(look: Look, key: str, reached: Crossing | Unmatched, maker: str) -> Iterator[Fact]:
    """State who reached a level of a test, when that model came out, who made it, and what the test is."""
    side, model = first_model(reached)
    board, released = reached.board, model.day
    of, what = board_fields(board), f"a {board.access} test{f' of {board.asks}' if board.asks else ''}"
    what = board.asks if key == "watch" else what
    of_level = {**of, "level": reached.threshold, "side": side}
    yield from _model_facts(look, key, model, f"the first {side} model at the level", maker)
    yield name_fact(f"{key}.test", _spoken_test(board), "the test", **of)
    if what:
        yield name_fact(f"{key}.what", what, board.name, **of)
    shown = level(reached.threshold, board.unit)
    yield make_fact(f"{key}.level", reached.threshold, board.unit, shown, "level", board.name, **of_level)
    yield day_fact(f"{key}.day", released, model.called, _spoken_day(look, released))
    yield day_fact(f"{key}.month", released, model.called, _spoken_month(look, released, "in "))


def _model_facts(look: Look, key: str, model: Model, subject: str, maker: str) -> Iterator[Fact]:
    """State a model's name and, if known, its maker: who it is "from" (Moonshot of China), or "whose" it is."""
    name, lab = _spoken_name(look.evidence, model), _IN_BRACKETS.sub("", model.lab)
    name = _IN_BRACKETS.sub("", model.called) if key in _DATED_BY_MONTH else name
    country = _COUNTRIES.get(model.country, model.country)
    yield make_fact(key, model.name, "", name, "name", subject, side=model.side, model=model.called)
    if maker == "from":
        owner = f"{lab} of {country}" if lab and country else lab
    else:
        is_named = not lab or name.startswith(lab.split()[0])
        owner = possessive(owner) if (owner := country if is_named else lab) else ""
    if owner:
        yield name_fact(f"{key}.{maker}", owner, "who made it")


def _spoken_name(evidence: Evidence, model: Model) -> str:
    """Return a model's name as people say it: without brackets, or "Gemini 2.5 Pro of June 2025" for a later one."""
    name, dated = _IN_BRACKETS.sub("", model.called), _DATED.search(model.called)
    if dated and any(_IN_BRACKETS.sub("", other.called) == name and other.day < model.day for other in evidence.models):
        of = next(name for name in MONTHS if name.startswith(dated["month"]))
        return f"{name} of {of} {dated['year']}"
    return name


def _spoken_test(board: Board) -> str:
    """Return a test's name as people say it, without brackets."""
    return _IN_BRACKETS.sub("", board.name)


def _number_text(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def _tests_text(tests: Counter[str]) -> str:
    """Return the number of tests per class: "four private and two public tests"."""
    numbers = {name: tests[name] for name in CLASSES if tests[name]}
    parts = [f"{_number_text(number)} {name}" for name, number in numbers.items()]
    return f"{' and '.join(parts)} test{'s' if [*numbers.values()][-1] > 1 else ''}"


def _write_lengths(*lengths: float) -> list[str]:
    """Write lengths that stand in one sentence, all in whole months or all to a tenth."""
    texts = [about_months(length).removeprefix("about ") for length in lengths]
    return [months(length) for length in lengths] if any("." in text for text in texts) else texts


def _spread_text(lags: Sequence[float]) -> str:
    """Return how sorted lags spread: "the quickest took 3 months and the slowest 14"."""
    low, high = _write_lengths(max(lags[0], 0.0), max(lags[-1], 0.0))
    if lags[0] <= 0:
        return f"half took {about_months(max(median(lags), 0.0))} or less"
    return f"the quickest took {low} and the slowest {high.split()[0]}" if low != high else f"each took {low}"


# ---- how large the gap is, and whether it grows


def _figure_facts(look: Look) -> Iterator[Fact]:
    """State each class's figure with its range, and by the first of them where open models stand in time."""
    then: list[Fact] = []
    for name, gap in look.analysis.classes.items():
        figure, months, of = gap.headline, gap.headline.months, {"access": name}
        if months is None:
            yield name_fact(f"none.{name}", name, "tests without a figure", **of)
            continue
        of |= {"measure": CATCH_UP if gap.leads == "catch_up" else INDEX, "day": iso(figure.at) or ""}
        size, is_behind = about_months(abs(months)), months >= SHORTEST
        is_second = is_behind and any(fact.key == "then" for fact in then)
        shown = size.removesuffix(" months") if is_second else f"{'trail' if is_behind else 'lead'} by {size}"
        yield lag_fact(f"deck.{name}", months, shown, **of)
        if figure.low is not None and figure.high is not None:
            low = 0.0 if -_ROUNDED < figure.low < 0 else figure.low
            shown = likely_lag(low, figure.high) if figure.high > 0 else likely_range(-figure.high, -figure.low)
            yield from range_facts(f"range.{name}", figure.low, figure.high, shown, **of)
        if not then:
            then.append(name_fact("then.tests", f"{name} tests, {_ASIDES[name]}", "the tests", access=name))
            if is_behind:
                back = look.as_of.toordinal() - round(months * MONTH_DAYS)
                then.append(day_fact("then", back, "when closed models stood there", _spoken_month(look, back)))
            if gap.leads == "catch_up":
                then.append(name_fact("measure", f"by {CATCH_UP}", "the measure of the figures"))
    yield from then


def _direction_facts(look: Look) -> Iterator[Fact]:
    """Answer "is the gap growing?" since the method's fixed day, and over the past year; nothing if it is too early."""
    direction, classes = look.analysis.direction, [*look.analysis.classes]
    subject = "all tests" if len(classes) > 1 else f"all {classes[0]} tests"
    since, year, word = direction.since, direction.year, direction.word
    if word not in _ANSWERS:
        return
    yield name_fact("growing", _ANSWERS[word], "whether the gap grows")
    yield name_fact("tests", subject, "the tests that the change is of")
    if since.months is not None and since.low is not None and since.high is not None:
        of = {"low": since.low, "high": since.high}
        nearest, farthest = _write_lengths(abs(since.low), abs(since.high))
        if word != "cant-say":
            shown = f"{about_months(abs(since.months))} {'wider' if since.months > 0 else 'narrower'}"
            yield change_fact("change", since.months, shown, subject, **of)
        elif since.low < 0 < since.high:
            shown = f"{nearest} narrower or {farthest.split()[0]} wider"
            yield change_fact("change.either", since.months, shown, subject, **of)
        if word in ("wider", "narrower"):
            shown = likely_range(*sorted((abs(since.low), abs(since.high))))
            yield change_fact("change.range", shown, shown, subject, **of)
    if year.months is not None and year.low is not None and year.high is not None:
        of, subject = {"low": year.low, "high": year.high}, f"{subject}, over the past year"
        if direction.year_word != "cant-say":
            probably = "probably " if direction.year_word.startswith("probably") else ""
            shown = f"it {probably}{'grew' if year.months > 0 else 'shrank'} by {about_months(abs(year.months))}"
            yield change_fact("year", year.months, shown, subject, **of)
        elif year.low < 0 < year.high:
            yield change_fact("year.unsure", year.months, "too close to call", subject, **of)


def _forward_facts(look: Look) -> Iterator[Fact]:
    """State the share of a class's levels that open models match within half a year and a year: private tests first."""
    for name, gap in look.analysis.classes.items():
        levels = [level for level in look.analysis.crossings.unmatched if level.board.access == name]
        waits = estimate_class_waits(gap.points, levels, PARAMETERS)
        shares = {wait.within: wait.share for wait in waits.matched if wait.within in _TIMES and wait.share is not None}
        if len(shares) == len(_TIMES):
            yield name_fact("within", f"{name} tests", "the tests", access=name)
            for months, shown in _TIMES.items():
                yield make_fact(f"time.{months:g}", months, "months", shown, "duration", "the time for a match")
                subject = f"closed scores matched in time on {name} tests"
                share = "" if shares[months] else "none"
                yield share_fact(f"within.{months:g}", shares[months], subject, share, access=name, side="open")
            return


# ---- what to watch, and what may be wrong


def _watch_facts(look: Look) -> Iterator[Fact]:
    """State the level that has waited longest, on another test than the news and a current one if there is one."""
    groups = news_groups(look.news)
    lead = groups[0].lead.board if groups else None

    def weigh(level: Unmatched) -> tuple[bool, bool, float, float]:
        is_current = look.as_of.toordinal() - level.newest_day <= _CURRENT_DAYS
        return level.board != lead, is_current, level.age_months, level.threshold

    if look.analysis.steady_unmatched:
        oldest = max(look.analysis.steady_unmatched, key=weigh)
        yield from _level_facts(look, "watch", oldest, "whose")
        yield from _near_facts(look, "watch.near", oldest)


def _caveat_facts(look: Look) -> Iterator[Fact]:
    """State what flatters open models on public tests, and which tests' questions labs may see, if they carry much."""
    biases = {bias.bias_id: bias for bias in look.evidence.biases}
    if training := biases.get("training-to-test"):
        yield Fact("training-to-test", "", "", training.caveat, "but models can train for those", access="public")
    private = look.analysis.classes.get("private")
    vendors = biases.get("vendor-access")
    if vendors is None or private is None or (private.headline.months or 0.0) < 0:
        return
    shares = weight_shares(private, PARAMETERS)
    for start, why in _VENDOR_TESTS.items():
        parts = {board.name: share for board, share in shares.items()
                 if share >= _COUNTS and board.benchmark_id.startswith(start)}  # fmt: skip
        if (share := sum(parts.values())) >= _NEWS_SHARE:
            names = ["FrontierMath"] if "FrontierMath" in parts else list(parts)  # its hardest tier is part of it
            verb, whose = ("carries", "Its") if len(names) == 1 else ("carry", "Their")
            shown, why = f"{and_list(names)} {verb}", why.format(whose)
            yield name_fact("vendors", shown, "tests whose questions labs may see", access="private")
            yield share_fact("vendors.share", share, "of the weight in catch-ups on private tests", access="private")
            yield name_fact("vendors.why", f"{why}, which can make the gap look {vendors.effect}", vendors.caveat)
            return
