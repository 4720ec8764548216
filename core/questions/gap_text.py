"""The facts and lines of `gap`; `trust`, the brief and others share them.

The wording depends on each figure's interval; a missing figure is replaced by the reason.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Aspect, Fact, Line, details
from core.gap.parameters import Measure
from core.questions.result import per_class
from core.questions.sensitivity import INFLUENCE_LINE, STAGE_LINE, influence_facts, robust_facts, stage_fact
from core.questions.shared_facts import (
    BETWEEN,
    CATCH_UP,
    INDEX,
    INDEX_ALONE,
    MEDIAN_CATCH_UP,
    OLD_DAYS,
    SHORTEST,
    STANDING,
    STANDING_REASONS,
    STUDYS_CATCH_UP,
    as_of_lines,
    board_fields,
    change_fact,
    count_fact,
    day_fact,
    figure_text,
    headline_text,
    iso,
    lag_fact,
    make_fact,
    name_fact,
    of_figure,
    range_facts,
    score_fact,
    with_range,
)
from core.words import (
    ACCESS,
    CLASSES,
    UNKNOWN,
    and_list,
    cell,
    count,
    day,
    lag_text,
    level,
    likely_change,
    likely_lag,
    likely_signed,
    month,
    months,
)

if TYPE_CHECKING:
    from core.gap.analysis import Analysis, ClassGap
    from core.gap.board_life import BoardLife
    from core.gap.crossings import Crossing
    from core.gap.direction import Direction, Word
    from core.gap.figures import Change
    from core.gap.standing import StandingGap
    from core.questions.gap_result import CoursePoint, Gap, StudyFigure

_NO_RANGE = {"one-benchmark": "one test only, so no range", "all-equal": "no range: all tests say the same"}
_ENDS = ("smallest", "largest")
_ASPECTS: dict[Measure, Aspect] = {"index": "level", "standing": "standing", "catch_up": "catch_up"}
"""The aspect of a question that asks for each measure."""
_MEANS: dict[Measure, str] = {
    "index": (
        "the gap is how long ago the best closed model stood where the best open one stands now, on one scale that all"
        " tests of a kind are put on, as the average of six month ends"
    ),
    "standing": (
        "on one test the standing gap is how long ago a closed model first had what the best open one has now"
    ),
    "catch_up": (
        "catch-up time is how many months after the first closed model with a score the first open one got it, for the"
        " scores matched last: how old those scores were, not how long open models will need"
    ),
}
_WHO = (
    "open models are those that anybody can download and run, closed ones stay with their makers; {what}; private tests"
    " keep their questions secret, public ones may flatter open models, which can be trained towards them"
)
VERDICTS = {
    "wider": "wider",
    "probably-wider": "probably wider",
    "cant-say": "too close to call",
    "probably-narrower": "probably narrower",
    "narrower": "narrower",
}
"""Each verdict on the direction in a word or two; there is none where it is too early to say."""


# ---- the three measures: the gap, a test's standing gap, and catch-up time


def measure_name(gap: "ClassGap", measure: Measure) -> str:
    """Return the name of a class's figure; a single test has no trend, so its catch-up time is a median."""
    if measure != "catch_up":
        return STANDING if measure == "standing" else INDEX
    return MEDIAN_CATCH_UP if len(gap.boards) == 1 and gap.catch_up.trend.last_readable() is None else CATCH_UP


def basis_of(gap: "ClassGap", measure: Measure) -> str:
    """Say what a class's figure rests on: "60 results on 8 tests"."""
    number, _ = _count_basis(gap, measure)
    if measure == "standing":
        return count(int(number), "test")
    if measure == "index":
        return f"{number:.0f} families of tests on one scale, {len(gap.index.live)} of the tests live"
    if measure_name(gap, measure) == MEDIAN_CATCH_UP:
        return f"the median of {count(len(gap.catch_up.recent.months), 'recent result')}"
    return f"{count(int(number), 'result')} on {count(len(set(gap.points.board.tolist())), 'test')}"


def _count_basis(gap: "ClassGap", measure: Measure) -> tuple[float, str]:
    """Return how many results, tests or families a class's figure rests on, and what these are."""
    if measure == "standing":
        return len(gap.standing.gaps), "tests"
    if measure == "index":
        return gap.index.figure.n_effective or 0, "families"
    return len(gap.points.months), "results"


def _explain_nothing(gap: "ClassGap", measure: Measure, *, of_domain: bool) -> str:
    """Say why a class's figure is not reported; empty if it is reported.

    A domain may have few tests; its figure is not reported either if it rests on one test or its range is too wide.
    """
    from core.gap.index_figure import WIDEST

    figure, n_boards = gap.figure(measure), len(gap.boards)
    if of_domain and n_boards == 1:
        return "can't tell from one test alone"
    if of_domain and figure.low is not None and figure.high is not None and figure.high - figure.low > 2 * WIDEST:
        return f"can't tell: {likely_lag(figure.low, figure.high)}"
    if figure.months is not None and figure.at is not None:
        return ""
    if measure == "catch_up" and not len(gap.points.months):
        return "no score yet that both sides have reached"
    if measure == "catch_up":
        return f"can't tell: {basis_of(gap, measure)}, on no day enough tests for a figure"
    if measure == "index" and n_boards > 1:
        return "can't tell: too few tests of both sides" if len(gap.index.live) else "can't tell: no test is live"
    if n_boards == 1:
        reason = next(iter(gap.standing.left_out.values()), "")
        return f"none: {STANDING_REASONS[reason]}" if reason else "can't tell from one test alone"
    return "can't tell"


# ---- facts


def facts(gap: "Gap") -> Iterator[Fact]:
    """State every figure, name and day of the result, whether the text uses it or not."""
    yield from figure_facts(gap)
    yield from _study_facts(gap.study)
    yield from _extreme_facts(gap)
    yield from robust_facts(gap.robust)
    yield from _held_facts(gap)


def figure_facts(gap: "Gap") -> Iterator[Fact]:
    """State the gap itself: the figures of each class, their direction, the newest matches and influences."""
    analysis, lives = gap.analysis, [test.life for test in gap.benchmarks]
    if gap.side:
        yield name_fact("side", gap.side, "the open models that are counted")
    board = gap.benchmarks[0].board.name if gap.single else ""
    for name, of_class in gap.classes.items():
        yield from class_facts(name, of_class, gap.as_of, board, of_domain=gap.of_domain)
        n_unmatched = sum(level.board.access == name for level in analysis.unmatched)
        yield from unmatched_facts(n_unmatched, len(of_class.points.months), name, board)
    yield from _measure_facts(gap, board)
    if not gap.single:
        yield from direction_facts(analysis)
    yield from newest_facts(analysis.accepted)
    yield from influence_facts(analysis)
    yield from map(stage_fact, lives) if gap.single else ended_facts(lives)
    yield _oldest_board_fact(gap)
    yield from _aside_facts(gap)


def class_facts(name: str, gap: "ClassGap", as_of: date, board: str = "", *, of_domain: bool = False) -> Iterator[Fact]:
    """State the leading figure of an access class, or of the single board, with its range, basis and live tests.

    `of_domain` if the class has only the tests of one domain, which may be few.
    """
    from core.gap.index_figure import FEWEST_LIVE

    headline, why = gap.headline, _explain_nothing(gap, gap.leads, of_domain=of_domain)
    of: dict[str, Any] = {"access": name, "benchmark": board}
    bounds = {**of, **of_figure(headline), "measure": measure_name(gap, gap.leads)}
    if why or headline.months is None or headline.at is None:
        yield lag_fact(f"gap.{name}", None, why, **bounds)
        return
    value, at = headline.months, headline.at
    yield lag_fact(f"gap.{name}", value, headline_text(headline), **bounds)
    size, where = figure_text(value, is_about=headline.is_about), board or f"{name} tests"
    then = f" ({month(date.fromordinal(at))})" if as_of.toordinal() - at > OLD_DAYS else ""
    yield lag_fact(f"about.{name}", value, f"{size} on {where}{then}", **bounds)
    short = f"{size.removesuffix(' months')} on {where.removesuffix(' tests')}{then}"
    yield lag_fact(f"about.{name}.short", value, short, **bounds)
    if headline.low is not None and headline.high is not None:
        yield from range_facts(f"range.{name}", **bounds)
    else:
        yield lag_fact(f"range.{name}", None, _NO_RANGE.get(headline.no_interval, ""), **bounds)
        if headline.no_interval == "one-benchmark":
            yield day_fact(f"read.{name}", at, "the test's newest model", f"when its newest model came out, {day(at)}")
    basis = f"{basis_of(gap, gap.leads)}, read at {day(at)}"
    yield count_fact(f"basis.{name}", *_count_basis(gap, gap.leads), basis, **of, day=iso(at))
    if gap.index.live and gap.leads == "index" and gap.index.n_live_families < FEWEST_LIVE:
        yield from _live_facts(name, gap)


def _live_facts(name: str, gap: "ClassGap") -> Iterator[Fact]:
    """Name the few live tests that a figure rests on, with their standing gaps."""
    live = gap.index.live
    standing = [stand for stand in gap.standing.gaps if stand.board in live]
    parts = [f"{stand.board.name} {abs(stand.months):.1f}{' ahead' if stand.months < 0 else ''}" for stand in standing]
    number = {1: "one test", 2: "two tests"}.get(len(live), f"{len(live)} tests")
    shown = f"{number} live: {', '.join(parts)}"
    yield count_fact(f"live.{name}", len(live), "tests", shown, f"live {name} tests", access=name)
    for stand in standing:
        of = {**board_fields(stand.board), "measure": STANDING, "day": iso(stand.at)}
        yield lag_fact(f"live.{name}.{stand.board.benchmark_id}", stand.months, lag_text(stand.months), **of)


def unmatched_facts(number: int, n_matched: int, name: str, board: str) -> Iterator[Fact]:
    """State how many scores on a class's live tests no open model has matched; for one test also out of how many."""
    if number + n_matched:
        of_all = f"{number} of {count(number + n_matched, 'score')} on {board}"
        shown = of_all if board else f"{number} {name} {'score' if number == 1 else 'scores'}"
        yield count_fact(f"unmatched.{name}", number, "levels", shown, access=name, benchmark=board)


def _measure_facts(gap: "Gap", board: str) -> Iterator[Fact]:
    """State each class's measures by name, and for a single test the two models of its standing gap."""
    wanted: tuple[Measure, ...] = ("standing", "catch_up") if gap.single else ("index", "catch_up")
    for name, of_class in gap.classes.items():
        for measure in wanted:
            figure, where = of_class.figure(measure), board or f"{name} tests"
            measured = measure_name(of_class, measure)
            of: dict[str, Any] = {"access": name, "benchmark": board, "measure": measured}
            shown = _explain_nothing(of_class, measure, of_domain=gap.of_domain)
            value = None
            if not shown and figure.at is not None:
                value, of = figure.months, of | of_figure(figure)
                shown = f"{with_range(figure)}{'' if board else f' on {where}'}, to {day(figure.at)}"
                if measure == gap.leads == "index" and (newest := of_class.index.newest) is not None:
                    alone = f"{headline_text(replace(figure, months=newest))} on {where}"
                    yield lag_fact(f"alone.{name}", newest, alone, measure=INDEX_ALONE, access=name, day=of["day"])
            yield lag_fact(f"{measure}.{name}", value, shown, f"{measured} on {where}", **of)
        if gap.single and of_class.standing.gaps:
            yield from _stand_facts(of_class.standing.gaps[0])


def _stand_facts(gap: "StandingGap") -> Iterator[Fact]:
    """State the two models of a board's standing gap, and their scores."""
    board = gap.board
    of: dict[str, Any] = {"measure": STANDING, "day": iso(gap.at), **board_fields(board)}
    yield lag_fact("stand.months", gap.months, lag_text(gap.months, "behind"), **of)
    for side, model, best in (("open", gap.open, gap.open_score), ("closed", gap.closed, gap.closed_score)):
        yield name_fact(f"stand.{side}", model.called, **board_fields(board), side=side, model=model.name)
        yield score_fact(f"stand.{side}.score", best, board, model.name)
    yield day_fact("stand.since", gap.since, (gap.open if gap.months < 0 else gap.closed).name)


def newest_facts(matches: "Sequence[Crossing]") -> Iterator[Fact]:
    """State the matches of the newest day: the open models, the number of matches, and their lags in months."""
    if not matches:
        return
    newest = max(match.open.day for match in matches)
    matches = [match for match in matches if match.open.day == newest]
    late = sorted(match.months for match in matches)
    models = list(dict.fromkeys(match.open for match in matches))
    boards, classes = {match.board for match in matches}, {match.board.access for match in matches}
    of: dict[str, Any] = {"day": iso(newest), "model": models[0].name if len(models) == 1 else "", "side": "open"}
    if len(boards) == 1:
        of |= board_fields(matches[0].board)
    elif len(classes) == 1:
        of |= {"access": classes.pop()}
    middle = (late[(len(late) - 1) // 2] + late[len(late) // 2]) / 2
    yield name_fact("newest.open", and_list([model.called for model in models], most=2), **of)
    yield make_fact("newest.day", iso(newest), "date", day(newest), "day", **of)
    yield count_fact("newest.count", len(late), "matches", _matches_text(len(late)), **of)
    shown = _late_text(middle, late)
    yield lag_fact("newest.gap", middle, shown, measure=BETWEEN, low=late[0], high=late[-1], **of)
    if len(matches) == 1:
        [match] = matches
        board, shown = match.board, level(match.threshold, match.board.unit)
        where = {**board_fields(board), "level": match.threshold}
        yield name_fact("newest.closed", match.closed.called, side="closed", **where)
        yield make_fact("newest.level", match.threshold, board.unit, shown, "level", **where)
        yield name_fact("newest.board", board.name, **where)


def _matches_text(number: int) -> str:
    """Write the number of matches: "six matches"."""
    words = "one two three four five six seven eight nine ten".split()
    return f"{words[number - 1] if number <= len(words) else number} {'match' if number == 1 else 'matches'}"


def _late_text(middle: float, late: list[float]) -> str:
    """Write how late a day's matches typically were, with the range: "typically 7.5 months late (3.1 to 13.7)"."""
    size = f"{abs(middle):.1f} months {'late' if middle >= 0 else 'early'}"
    least, most = cell(late[0]), cell(late[-1])
    return size if least == most else f"typically {size} ({least} to {most})"


def ended_facts(lives: "Sequence[BoardLife]") -> Iterator[Fact]:
    """Name the tests of each class that ended, with the day of the last model; only a test's newest version."""
    ended_lives = [life for life in lives if life.has_ended and life.successor is None]
    for access in ACCESS:
        ended = [(life.board.name, life.state.newest_day or 0) for life in ended_lives if life.board.access == access]
        if ended:
            ended.sort(key=lambda test: -test[1])
            shown = f"{and_list([f'{name} ({day(last)})' for name, last in ended])} ({access})"
            yield count_fact(f"ended.{access}", len(ended), "tests", shown, "ended", access=access)


def _oldest_board_fact(gap: "Gap") -> Fact:
    """State the day of the newest model on the board whose data end first; the board itself may continue."""
    counted = {match.board for match in gap.points if match.accepted}
    ends = ((test.state.newest_day or 0, test.board.name) for test in gap.benchmarks if test.board in counted)
    end, oldest = min(ends)
    shown = f"newest model by then: {day(end)}"
    shown = f"the board's {shown}" if gap.single else f"the oldest board's {shown} ({oldest})"
    return day_fact("oldest_board", end, oldest, shown)


def _aside_facts(gap: "Gap") -> Iterator[Fact]:
    """State how many models are left out and why, and how many only a third party classifies as open or closed."""
    if gap.excluded:
        reasons = sorted(Counter(model.reason for model in gap.excluded).items())
        shown = and_list([f"{count(number, 'model')} ({reason})" for reason, number in reasons])
        yield count_fact("excluded", len(gap.excluded), "models", shown, "scored, and left out")
    models = [model for match in gap.points if match.accepted for model in (match.closed, match.open) if model]
    n_doubtful = len({model.model_id for model in models if model.openness_grade == "third-party"})
    if n_doubtful:
        they = "it is" if n_doubtful == 1 else "they are"
        shown = f"of {count(n_doubtful, 'model')} in these results, only a third party says whether {they}"
        yield count_fact("doubt", n_doubtful, "models", f"{shown} open or closed", "classified by a third party alone")


def _study_facts(study: "dict[str, StudyFigure]") -> Iterator[Fact]:
    """State the reproduced study's published figure for each class, and what its rules give as of the day."""
    for name, of_class in study.items():
        published, now = of_class.published, of_class.now
        of: dict[str, Any] = {"access": name, "measure": STUDYS_CATCH_UP}
        if name == next(iter(study)):
            out = date.fromisoformat(published.published)
            yield day_fact("rules.of", out, "the study", month(out))
        if now is None or not of_class.is_known:
            continue
        shown = f"{cell(now.months)}{' months' if name == max(study, key=CLASSES.index) else ''}"
        yield lag_fact(f"rules.{name}", now.months, shown, f"{name} tests, by the study's rules", day=iso(now.at), **of)
        of |= {"low": published.months_low, "high": published.months_high}
        shown = f"{published.months_low:g} to {published.months_high:g}"
        yield lag_fact(f"rules.published.{name}", shown, shown, f"{name} tests, in the study", **of)


def _extreme_facts(gap: "Gap") -> Iterator[Fact]:
    """State the smallest and largest value of the leading measure over time, and of the standing gap across tests."""
    only = gap.benchmarks[0].board.name if len(gap.benchmarks) == 1 else ""
    for access, of_class in gap.classes.items():
        course = [point for point in gap.course if point.access == access and point.months is not None]
        if len(course) > 1:
            course.sort(key=lambda point: point.months or 0.0)
            measure = measure_name(of_class, gap.leads)
            for key, point in zip(_ENDS, (course[0], course[-1]), strict=True):
                yield _extreme_day_fact(f"{key}.{access}", point, only, measure)
        tests = [
            (test.standing.months, iso(test.standing.at), test.board) for test in gap.benchmarks
            if test.board.access == access and test.standing.months is not None
        ]  # fmt: skip
        if len(tests) > 1:
            shown = f"{len(tests)} {access} tests"
            tests.sort(key=lambda test: test[0])
            yield count_fact(f"by_test.{access}", len(tests), "tests", shown, "with a standing gap", access=access)
            for key, (value, at, board) in zip(_ENDS, (tests[0], tests[-1]), strict=True):
                shown = f"{board.name} ({lag_text(value, 'behind')})"
                yield lag_fact(f"{key}.test.{access}", value, shown, **board_fields(board), day=at, measure=STANDING)


def _extreme_day_fact(key: str, point: "CoursePoint", board: str, measure: str) -> Fact:
    months_, low, high, at = point.months or 0.0, point.low, point.high, iso(point.day)
    spread = f" ({likely_lag(low, high)})" if low is not None and high is not None else ""
    size = lag_text(months_, "behind") if measure == STANDING else lag_text(months_)
    shown = f"{size} on {board or f'{point.access} tests'}{spread}, on {day(point.day)}"
    of: dict[str, Any] = {"access": point.access, "benchmark": board, "measure": measure}
    return lag_fact(key, months_, shown, day=at, low=low, high=high, **of)


def _held_facts(gap: "Gap") -> Iterator[Fact]:
    """State the gap of each class without and with the held models, which rest on one publisher's word alone."""
    names: dict[str, str] = {}
    for access, of_class in gap.held.items():
        names |= {model.model_id: model.called for model in of_class.models}
        for key, figure in (("without", of_class.without_them), ("with", of_class.with_them)):
            at = iso(figure.at) or ""
            yield lag_fact(f"held.{key}.{access}", figure.months, headline_text(figure), access=access, day=at)
    if names:
        yield name_fact("held.models", and_list(list(names.values())))
        yield make_fact("held.them", "held", "", "it" if len(names) == 1 else "them", "name")


# ---- whether the gap grows (method.md, H2)


def direction_facts(analysis: "Analysis") -> Iterator[Fact]:
    """State whether the gap of all tests together grew since the method's fixed day, and over the past year.

    If both classes are asked for, also state the changes on private and on public tests. Yields nothing if the method
    has no direction.
    """
    parameters = analysis.scope.parameters
    if analysis.leads != "index" or parameters.range_by != "draws":
        return
    direction, since = analysis.direction, month(parameters.since)
    only = next(iter(analysis.classes)) if len(analysis.classes) == 1 else ""
    tests, of = f"{only} tests" if only else "all tests together", {"access": only}
    yield day_fact("since", parameters.since, "the smallest gap, in the study", since)
    yield name_fact("direction.of", tests, "the tests that the direction is of", **of)
    yield _direction_fact("direction", direction.since, tests, direction_text(direction, since), **of)
    if direction.since.low is not None:
        yield _direction_fact("direction.range", direction.since, tests, **of)
    past_year = past_year_text(direction)
    if past_year:
        yield _direction_fact("direction.year", direction.year, f"{tests} over the past year", past_year, **of)
        yield _direction_fact("direction.year.range", direction.year, f"{tests} over the past year", **of)
    for name, gap in analysis.classes.items():
        change = gap.index.change
        if not only and change.low is not None:
            yield _direction_fact(f"change.{name}", change, f"{name} tests", access=name)


def _direction_fact(key: str, change: "Change", subject: str, shown: str = "", **of: Any) -> Fact:
    shown = shown or change_text(change)
    return change_fact(key, change.months, shown, subject, low=change.low, high=change.high, **of)


def direction_text(direction: "Direction", since: str) -> str:
    """Answer "is the gap widening?" in a few words; `since` is the month from which the change is counted."""
    by, spread = months(direction.since.months or 0.0), _spread_text(direction.since)
    if _is_thin(direction.word, direction.since):
        return "Can't say: the data are too thin"
    texts: dict[Word, str] = {
        "wider": f"Yes: {by} wider than in {since}{spread}",
        "probably-wider": f"Probably: {by} since {since}{spread}",
        "cant-say": f"Can't say: too close to call since {since}",
        "probably-narrower": f"Probably not: {by} narrower since {since}{spread}",
        "narrower": f"No: {by} narrower than in {since}{spread}",
        "too-early": f"Too early to say: counted from {since}",
    }
    return texts[direction.word]


def past_year_text(direction: "Direction") -> str:
    """Say in a few words how the gap changed over the past year; empty if it can't be read."""
    if direction.year.low is None or _is_thin(direction.year_word, direction.year):
        return ""
    if direction.year_word == "cant-say":
        return "past year unclear"
    verdict, by = VERDICTS.get(direction.year_word), months(direction.year.months or 0.0)
    return f"{verdict} by {by} over the past year{_spread_text(direction.year)}" if verdict else ""


def _spread_text(change: "Change") -> str:
    """Write the range of a change that is stated without its sign: " (likely −1 to 6)"; empty if it has none."""
    if change.low is None or change.high is None:
        return ""
    ends = sorted(end if (change.months or 0.0) >= 0 else -end for end in (change.low, change.high))
    return f" ({likely_signed(*ends)})"


def _is_thin(word: "Word", change: "Change") -> bool:
    """Whether the verdict is "cant-say" though the range excludes 0: too few tests are live, or the range is wide."""
    return word == "cant-say" and None not in (change.low, change.high) and (change.low or 0) * (change.high or 0) > 0


def change_text(change: "Change") -> str:
    """Write a change with its range: "3.1 months wider (likely 0.2 narrower to 6.4 months wider)"."""
    if change.months is None or change.low is None or change.high is None:
        return "no figure"
    way = "wider" if change.months >= 0 else "narrower"
    return f"{months(change.months)} {way} ({likely_change(change.low, change.high, 'narrower', 'wider')})"


# ---- text


DIRECTION_LINE = Line("Widening?", "{direction}[; {direction.year}]", ("direction",))
CHANGE_LINE = Line(
    "Change", "since {since} {direction.of} {direction.range}[; private {change.private}][; public {change.public}]"
    "[; over the past year {direction.of} {direction.year.range}]",
)  # fmt: skip
LAST_DAY_LINE = Line(
    "Last day", "<{alone.@}|, >, not averaged: it jumps with each release, so the gap averages six months", ("when",)
)
"""The gap on the day itself, beside the average that leads."""
BASIS_LINE = Line("Rests on", "<@ tests: {basis.@}|; >")
ENDED_LINE = Line("Ended", "no model for six months, the last of <{ended.@}|; >")
ASIDE_LINES = (Line("Memory", "{size.memory}"), Line("In doubt", "{doubt}"), Line("Left out", "{excluded}"))
"""What fits in which memory, what is in doubt and what is left out, if anything."""
_HELD = "without {held.models} {held.without.@}, with {held.them} {held.with.@} on @ tests"
_EXTREME_LINES = (
    Line("Smallest", "<{smallest.@}|; >", ("smallest",)),
    Line("Largest", "<{largest.@}|; >", ("largest",)),
    Line("Smallest on", "<{smallest.test.@} of {by_test.@}|; > (standing gap)", ("smallest_test", "standing")),
    Line("Largest on", "<{largest.test.@} of {by_test.@}|; > (standing gap)", ("largest_test", "standing")),
)
"""When, and on which test, the gap was smallest and largest."""


def text(gap: "Gap") -> Iterator[Line]:
    """Yield the lines of the gap: a first look of at most seven short lines, then the details."""
    yield Line("", title(gap), ("level", _ASPECTS[gap.leads]))
    for name in gap.classes:
        label = "Of no class" if name == UNKNOWN else "@"
        yield from per_class([name], Line(label, "{gap.@}[ {read.@}][, {range.@}][; {live.@}]"))
    yield Line("Choices", "<{choices.@}|; >", ("choices", "sure"))
    yield replace(STAGE_LINE, detail=gap.benchmarks[0].life.successor is None)
    yield DIRECTION_LINE
    yield Line("Newest", "{newest.open}, {newest.count}, {newest.gap}", ("who",), sentence=True)
    yield Line("Unmatched", "<{unmatched.@}|, >" if gap.unmatched else "nothing that counts")
    yield from as_of_lines("{oldest_board}", "{method}", aspects=())
    yield from details(_detail_lines(gap))


def _detail_lines(gap: "Gap") -> Iterator[Line]:
    """Yield the details: what moves the figures most, what they rest on, what is left out."""
    yield Line("Newest match", "on {newest.day}, by {newest.open}", ("when",))
    yield Line("On one publisher's word", f"<{_HELD}|; >", ("sure",))
    yield from (INFLUENCE_LINE, Line("Moved most", "<on @ tests {choices.@.most}|; >", ("sure",)), CHANGE_LINE)
    yield LAST_DAY_LINE
    if gap.leads != "catch_up":
        is_median = any(
            measure_name(of_class, "catch_up") == MEDIAN_CATCH_UP for of_class in gap.classes.values()
            if not _explain_nothing(of_class, "catch_up", of_domain=gap.of_domain)
        )  # fmt: skip
        figures = "; ".join(f"{{catch_up.{name}}}" for name in gap.classes)
        yield Line("Median catch-up" if is_median else "Catch-up time", figures, ("catch_up",))
    yield from _EXTREME_LINES
    classes = [name for name in CLASSES if name in gap.study and gap.study[name].is_known]
    if classes:
        now, then = (" and ".join(f"{{{key}.{name}}}" for name in classes) for key in ("rules", "rules.published"))
        study = f"by the {{rules.of}} study's rules {now} ({' and '.join(classes)}); it published {then}"
        yield Line("The study", study)
    yield from (BASIS_LINE, ENDED_LINE, *ASIDE_LINES)
    what = [_MEANS[gap.leads], *(_MEANS[measure] for measure in _MEANS if measure not in (gap.leads, "index"))]
    yield Line("Meaning", _WHO.format(what="; ".join(what)), ("explain",), sentence=True)


def title(gap: "Gap") -> str:
    """Write the leading figures in one sentence, as trailing or leading according to their signs."""
    side = " {side}" if gap.side else ""
    reasons = {
        name: _explain_nothing(of_class, gap.leads, of_domain=gap.of_domain) for name, of_class in gap.classes.items()
    }
    classes = [name for name, reason in reasons.items() if not reason]
    if not classes:
        why = next((reason for reason in reasons.values() if reason.startswith("none: ")), "")
        if gap.single and why:
            where = gap.benchmarks[0].board.name
            return f"Can't tell how far open models{side} stand behind on {where}: {why.removeprefix('none: ')}"
        return f"Can't tell how far open models{side} trail: too little data"
    if gap.single and gap.benchmarks[0].standing.months is not None:
        return _stand_title(gap.benchmarks[0].board.name, gap.benchmarks[0].standing.months, side)
    trail = [name for name in classes if (gap.classes[name].headline.months or 0.0) >= 0]
    lead = [name for name in classes if name not in trail]
    parts = []
    if trail:
        parts.append(f"Open models{side} trail closed ones by {_list_figures(trail)}")
    if lead:
        parts.append(f"{'they' if trail else f'Open models{side}'} lead by {_list_figures(lead)}")
    return f"{'; '.join(parts)}{' (average of six months)' if gap.leads == 'index' else ''}"


def _list_figures(names: Sequence[str]) -> str:
    """Write the templates of figures as a list: the first in full, the others short."""
    return " and ".join(f"{{about.{name}{'.short' if n else ''}}}" for n, name in enumerate(names))


def _stand_title(board: str, months_: float, side: str) -> str:
    """Say where open models stand on one board, naming both models with their scores."""
    if abs(months_) < SHORTEST:
        return (
            f"Open models{side} are level with closed ones on {board}: {{stand.open}} scored {{stand.open.score}},"
            " {stand.closed} {stand.closed.score}"
        )
    behind, ahead = ("open", "closed") if months_ > 0 else ("closed", "open")
    return (
        f"Open models{side} stand {{stand.months}} on {board}: {{stand.{behind}}}'s {{stand.{behind}.score}} was first"
        f" reached by {{stand.{ahead}}} ({{stand.{ahead}.score}})"
    )
