"""What is said of each measure of the gap by its name: catch-up time and standing gap, and how either leads."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.answer import Aspect, Fact, Line
from core.gap.parameters import Measure
from core.questions.reasons import STANDING as STANDING_REASONS
from core.questions.shared_facts import (
    CATCH_UP,
    INDEX,
    MEDIAN_CATCH_UP,
    STANDING,
    count_fact,
    day_fact,
    iso,
    lag_fact,
    name_fact,
    of_board,
    score_fact,
    stated,
    with_range,
)
from core.words import about_months, count, day, likely_behind, listed, months, stands

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.analysis import Analysis
    from core.gap.class_gap import ClassGap
    from core.gap.standing import StandingGap

NAMES: dict[Measure, str] = {"index": "Index", "standing": "Standing gap", "catch_up": "Catch-up time"}
"""What each measure is called, the most telling first."""
ASPECTS: dict[Measure, Aspect] = {"index": "level", "standing": "standing", "catch_up": "catch_up"}
"""The aspect of a question by which each is asked for."""
_MEANS: dict[Measure, str] = {
    "index": (
        "the gap is how long ago the best closed model stood where the best open one stands now, on one scale that all"
        " tests of a kind are put on (the index), as the mean of six month ends"
    ),
    "standing": (
        "the standing gap is how long ago, test by test, a closed model first had what the best open one has now, and"
        " grows while open models stand still"
    ),
    "catch_up": (
        "catch-up time is how many months after the first closed model with a score the first open one got it: how old"
        " that score was, not how long open models will need"
    ),
}
_WHO = (
    "open models are those that anybody can download and run, closed ones stay with their makers; {what}; private tests"
    " keep their questions secret, public ones may flatter open models, which can be trained towards them"
)
_NO_LEVEL = "no level yet that both sides have reached"


def measure_name(gap: "ClassGap", measure: Measure) -> str:
    """Return the name of a class's figure: one test alone has no trend, and its catch-up time is a median."""
    if measure != "catch_up":
        return STANDING if measure == "standing" else INDEX
    return MEDIAN_CATCH_UP if len(gap.boards) == 1 and gap.trend.last_readable() is None else CATCH_UP


def basis_of(gap: "ClassGap", measure: Measure) -> str:
    """Say what a class's figure of a measure rests on: "60 results on 8 tests"."""
    number, _ = basis_count(gap, measure)
    if measure == "standing":
        return count(int(number), "test")
    if measure == "index":
        return f"{number:.0f} families of tests on one scale"
    if measure_name(gap, measure) == MEDIAN_CATCH_UP:
        return f"the median of {count(len(gap.recent.months), 'recent result')}"
    return f"{count(int(number), 'result')} on {count(len(set(gap.points.board.tolist())), 'test')}"


def basis_count(gap: "ClassGap", measure: Measure) -> tuple[float, str]:
    """Return how many results, tests or families of tests a class's figure of a measure rests on."""
    if measure == "standing":
        return len(gap.standing.gaps.gaps), "tests"
    return (
        (gap.index.figure.n_effective or 0, "families") if measure == "index" else (len(gap.points.months), "results")
    )


def no_figure(gap: "ClassGap", measure: Measure) -> str:
    """Say why a class has no figure of a measure."""
    if measure == "catch_up" and not len(gap.points.months):
        return _NO_LEVEL
    if measure == "index":
        return "can't tell: too few families of tests with models of both sides"
    if measure == "catch_up":
        return f"can't tell: {basis_of(gap, measure)}, on no day enough tests for a figure"
    return no_standing(gap)


def tells_nothing(gap: "ClassGap", measure: Measure) -> str:
    """Say why a class's figure of a measure tells nothing of a domain: it is of one test, or its range is too wide.

    Empty where it tells something.
    """
    from core.gap.index_figure import WIDEST

    figure = gap.figure(measure)
    if len(gap.boards) == 1:
        return "can't tell from one test alone"
    if figure.low is None or figure.high is None or figure.high - figure.low <= 2 * WIDEST:
        return ""
    return f"can't tell: {likely_behind(figure.low, figure.high)}"


def no_standing(gap: "ClassGap") -> str:
    """Say why a class, or the one test that was asked for, has no standing gap."""
    from core.gap.standing_figure import FEWEST_FAMILIES

    if len(gap.boards) == 1:
        return f"none: {STANDING_REASONS[gap.standing.gaps.left_out[int(gap.boards[0])]]}"
    alive = count(int(gap.standing.figure.n_effective or 0), "family")
    return f"can't tell, with {alive} of tests alive and {FEWEST_FAMILIES} needed"


def measure_facts(evidence: "Evidence", analysis: "Analysis", *, single: bool, of_domain: bool = False) -> list[Fact]:
    """State all measures of each class by their names, and which tests the standing gap leaves out as ended."""
    from core.gap.standing import ENDED, ENDED_AFTER_MONTHS

    found: list[Fact] = []
    for name, gap in analysis.classes.items():
        board = evidence.boards[gap.boards[0]].name if single else ""
        found += [_measure_fact(name, gap, measure, board, of_domain) for measure in NAMES]
        if single and gap.standing.gaps.gaps:
            found += _stand_facts(evidence, gap.standing.gaps.gaps[0])
        left_out = gap.standing.gaps.left_out.items()
        ended = [evidence.boards[number].name for number, reason in left_out if reason == ENDED]
        if ended and not single:
            shown = f"{listed(ended)} ({name})"
            found.append(count_fact(f"ended.{name}", len(ended), "tests", shown, "without a newer model", access=name))
    shown = f"{ENDED_AFTER_MONTHS:g} months"
    return [*found, stated("ended_after", ENDED_AFTER_MONTHS, "months", shown, "duration", "until a test has ended")]


def _measure_fact(name: str, gap: "ClassGap", measure: Measure, board: str, of_domain: bool) -> Fact:
    figure, where = gap.figure(measure), board or f"{name} tests"
    of: dict[str, Any] = {"access": name, "benchmark": board, "low": figure.low, "high": figure.high}
    name_ = of["measure"] = measure_name(gap, measure)
    subject = f"{name_} on {where}"
    why = tells_nothing(gap, measure) if of_domain else ""
    if figure.months is None or figure.at is None or why:
        return lag_fact(f"{measure}.{name}", None, why or no_figure(gap, measure), subject, **of)
    shown = f"{with_range(figure)}{'' if board else f' on {where}'}, to {day(figure.at)}"
    return lag_fact(f"{measure}.{name}", figure.months, shown, subject, day=iso(figure.at), **of)


def _stand_facts(evidence: "Evidence", gap: "StandingGap") -> list[Fact]:
    """State the two models between which the standing gap of one board lies, and their scores."""
    board = evidence.boards[gap.board]
    found = [
        lag_fact("stand.months", gap.months, stands(gap.months), measure=STANDING, day=iso(gap.at), **of_board(board))
    ]
    for side, number in (("open", gap.open), ("closed", gap.closed)):
        rows = (evidence.board == gap.board) & (evidence.model == number) & (evidence.day <= gap.at)
        model = evidence.models[number].name
        of = {**of_board(board), "side": side, "model": model}
        found.append(name_fact(f"stand.{side}", model, **of))
        found.append(score_fact(f"stand.{side}.score", float(evidence.score[rows].max()), board, model))
    ahead = evidence.models[gap.open if gap.months < 0 else gap.closed].name
    return [*found, day_fact("stand.since", gap.since, ahead)]


def other_measure_lines(analysis: "Analysis", known: Mapping[str, Fact]) -> list[Line]:
    """Return a line for each measure that does not lead, and for the tests that have ended."""
    lines = []
    for measure, name in NAMES.items():
        told = [each for each in analysis.classes if f"{measure}.{each}" in known]
        parts = [f"{{{measure}.{each}}}" for each in told if known[f"{measure}.{each}"].value is not None]
        if measure == "standing":
            parts += without_standing(analysis, known)
        if measure != analysis.leads and parts:
            figures = [gap for each, gap in analysis.classes.items() if known[f"{measure}.{each}"].value is not None]
            is_median = any(measure_name(gap, measure) == MEDIAN_CATCH_UP for gap in figures)
            lines.append(Line("Median catch-up" if is_median else name, "; ".join(parts), (ASPECTS[measure],)))
    return [*lines, Line("Ended", "no model for {ended_after}, so in no standing gap: <{ended.@}|; >")]


def without_standing(analysis: "Analysis", known: Mapping[str, Fact]) -> list[str]:
    """Return a template for each class of several tests that has no standing gap: why not."""
    return [
        f"{name} tests: {{standing.{name}}}"
        for name, gap in analysis.classes.items()
        if len(gap.boards) > 1 and f"standing.{name}" in known and known[f"standing.{name}"].value is None
    ]


def chart_title(analysis: "Analysis", measure: Measure) -> str:
    """Say the figures of a measure by its name: "Standing gap: about 9 months on private tests and …"."""
    figures = {name: gap.figure(measure).months for name, gap in analysis.classes.items()}
    told = [f"{_way(months_)} on {name} tests" for name, months_ in figures.items() if months_ is not None]
    return f"{NAMES[measure]}: {' and '.join(told) or 'too little data for a figure'}"


def _way(value: float) -> str:
    return about_months(abs(value)) + (" ahead" if value <= -0.05 else "")


def meaning(leads: Measure) -> str:
    """Say what the figures mean, that of the measure that leads first."""
    what = [_MEANS[leads], *(text for measure, text in _MEANS.items() if measure not in (leads, "index"))]
    return _WHO.format(what="; ".join(what))


def ago_facts(name: str, value: float, subject: str, then: str, of: dict[str, Any]) -> list[Fact]:
    """State how long ago closed models stood where open ones stand: for a sentence, and for its second half.

    `then` says when that was, where it is no figure of now.
    """
    return [
        lag_fact(f"ago.{name}", value, f"{months(value)} ago on {subject}{then}", **of),
        lag_fact(f"ago.{name}.short", value, f"{abs(value):.1f} on {name}{then}", **of),
    ]


def title(known: Mapping[str, Fact], classes: list[str], measure: Measure) -> str:
    """Say the figures of the measure that leads in one sentence, with directions that follow their signs."""
    whose = "open models {side}" if "side" in known else "open models"
    if not classes:
        return f"Can't tell how far {whose} trail: too little data"
    if measure != "catch_up":
        if "stand.months" in known:
            return _stand(known, whose)
        key, behind, ahead = "ago", "stand where closed ones stood", "stand ahead by"
    else:
        key, behind, ahead = "about", "trail by", "lead by"
    trail: list[str] = []
    lead: list[str] = []
    for name in classes:
        is_lead = float(known[f"gap.{name}"].value or 0.0) < 0
        (lead if is_lead else trail).append(_dated(known, "about" if is_lead else key, name))
    if key == "ago":  # the second figure is the first's in short
        trail = [", ".join([*trail[:1], *(part.replace("}", ".short}", 1) for part in trail[1:])])] if trail else []
    parts = [f"O{whose[1:]} {behind} {' and '.join(trail)}"] if trail else []
    if lead:
        parts.append(f"{'they' if trail else f'O{whose[1:]}'} {ahead} {' and '.join(lead)}")
    return "; ".join(parts)


def _dated(known: Mapping[str, Fact], key: str, name: str) -> str:
    return f"{{{key}.{name}}}" + (f" ({{read.{name}}})" if f"read.{name}" in known else "")


def _stand(known: Mapping[str, Fact], whose: str) -> str:
    """Say where open models stand on one board: both models by name, with their scores."""
    months_ = float(known["stand.months"].value or 0.0)
    if abs(months_) < 0.05:
        return (
            f"O{whose[1:]} are level with closed ones on {known['stand.months'].benchmark}: {{stand.open}} scored"
            " {stand.open.score}, {stand.closed} {stand.closed.score}"
        )
    behind, ahead = ("open", "closed") if months_ > 0 else ("closed", "open")
    return (
        f"O{whose[1:]} stand {{stand.months}} on {known['stand.months'].benchmark}: {{stand.{behind}}}'s"
        f" {{stand.{behind}.score}} was first reached by {{stand.{ahead}}} ({{stand.{ahead}.score}})"
    )
