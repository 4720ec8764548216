"""What is said of the three measures: the gap, a test's standing gap, and catch-up time."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Aspect, Fact, Line
from core.gap.parameters import Measure
from core.questions.reasons import STANDING as STANDING_REASONS
from core.questions.shared_facts import (
    CATCH_UP,
    INDEX,
    MEDIAN_CATCH_UP,
    STANDING,
    day_fact,
    figure_text,
    iso,
    lag_fact,
    name_fact,
    of_board,
    score_fact,
    with_range,
)
from core.words import count, day, lag_text, likely_lag, month

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.analysis import Analysis, ClassGap
    from core.gap.standing import StandingGap

ASPECTS: dict[Measure, Aspect] = {"index": "level", "standing": "standing", "catch_up": "catch_up"}
"""The aspect of a question by which each is asked for."""
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


def measure_name(gap: "ClassGap", measure: Measure) -> str:
    """Return the name of a class's figure: one test alone has no trend, and its catch-up time is a median."""
    if measure != "catch_up":
        return STANDING if measure == "standing" else INDEX
    return MEDIAN_CATCH_UP if len(gap.boards) == 1 and gap.catch_up.trend.last_readable() is None else CATCH_UP


def basis_count(gap: "ClassGap", measure: Measure) -> tuple[float, str]:
    """Return how many results, tests or families of tests a class's figure of a measure rests on."""
    if measure == "standing":
        return len(gap.standing.gaps), "tests"
    if measure == "index":
        return gap.index.figure.n_effective or 0, "families"
    return len(gap.points.months), "results"


def basis_of(gap: "ClassGap", measure: Measure) -> str:
    """Say what a class's figure of a measure rests on: "60 results on 8 tests"."""
    number, _ = basis_count(gap, measure)
    if measure == "standing":
        return count(int(number), "test")
    if measure == "index":
        return f"{number:.0f} families of tests on one scale, {len(gap.index.live)} of the tests live"
    if measure_name(gap, measure) == MEDIAN_CATCH_UP:
        return f"the median of {count(len(gap.catch_up.recent.months), 'recent result')}"
    return f"{count(int(number), 'result')} on {count(len(set(gap.points.board.tolist())), 'test')}"


def no_figure(gap: "ClassGap", measure: Measure) -> str:
    """Say why a class has no figure of a measure."""
    if measure == "catch_up" and not len(gap.points.months):
        return "no score yet that both sides have reached"
    if measure == "catch_up":
        return f"can't tell: {basis_of(gap, measure)}, on no day enough tests for a figure"
    if measure == "index" and len(gap.boards) > 1:
        return "can't tell: no test is live" if not len(gap.index.live) else "can't tell: too few tests of both sides"
    if len(gap.boards) == 1:
        reason = gap.standing.left_out.get(int(gap.boards[0]), "")
        return f"none: {STANDING_REASONS[reason]}" if reason else "can't tell from one test alone"
    return "can't tell"


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
    return f"can't tell: {likely_lag(figure.low, figure.high)}"


def measure_facts(evidence: "Evidence", analysis: "Analysis", *, single: bool, of_domain: bool = False) -> list[Fact]:
    """State the measures of each class by their names, and on one test the two models of its standing gap."""
    facts: list[Fact] = []
    for name, gap in analysis.classes.items():
        board = evidence.boards[gap.boards[0]].name if single else ""
        wanted: tuple[Measure, ...] = ("standing", "catch_up") if single else ("index", "catch_up")
        facts += [_measure_fact(name, gap, measure, board, of_domain) for measure in wanted]
        if single and gap.standing.gaps:
            facts += _stand_facts(evidence, gap.standing.gaps[0])
    return facts


def _measure_fact(name: str, gap: "ClassGap", measure: Measure, board: str, of_domain: bool) -> Fact:
    figure, where = gap.figure(measure), board or f"{name} tests"
    called = measure_name(gap, measure)
    of: dict[str, Any] = {"access": name, "benchmark": board, "measure": called}
    subject, why = f"{called} on {where}", tells_nothing(gap, measure) if of_domain else ""
    if figure.months is None or figure.at is None or why:
        return lag_fact(f"{measure}.{name}", None, why or no_figure(gap, measure), subject, **of)
    shown = f"{with_range(figure)}{'' if board else f' on {where}'}, to {day(figure.at)}"
    bounds = {"low": figure.low, "high": figure.high, "day": iso(figure.at)}
    return lag_fact(f"{measure}.{name}", figure.months, shown, subject, **of, **bounds)


def _stand_facts(evidence: "Evidence", gap: "StandingGap") -> list[Fact]:
    """State the two models between which the standing gap of one board lies, and their scores."""
    board = evidence.boards[gap.board]
    facts = [
        lag_fact(
            "stand.months",
            gap.months,
            lag_text(gap.months, "behind"),
            measure=STANDING,
            day=iso(gap.at),
            **of_board(board),
        )
    ]
    for side, number in (("open", gap.open), ("closed", gap.closed)):
        rows = (evidence.board == gap.board) & (evidence.model == number) & (evidence.day <= gap.at)
        model = evidence.models[number].name
        of = {**of_board(board), "side": side, "model": model}
        facts.append(name_fact(f"stand.{side}", model, **of))
        facts.append(score_fact(f"stand.{side}.score", float(evidence.score[rows].max()), board, model))
    ahead = evidence.models[gap.open if gap.months < 0 else gap.closed].name
    return [*facts, day_fact("stand.since", gap.since, ahead)]


def catch_up_line(analysis: "Analysis", known: Mapping[str, Fact]) -> list[Line]:
    """Return the line on how long the last matches took, where another measure leads."""
    named = [name for name in analysis.classes if f"catch_up.{name}" in known]
    if analysis.leads == "catch_up" or not named:
        return []
    gaps = [analysis.classes[name] for name in named if known[f"catch_up.{name}"].value is not None]
    is_median = any(measure_name(gap, "catch_up") == MEDIAN_CATCH_UP for gap in gaps)
    text = "; ".join(f"{{catch_up.{name}}}" for name in named)
    return [Line("Median catch-up" if is_median else "Catch-up time", text, ("catch_up",), detail=True)]


def meaning(leads: Measure) -> str:
    """Say what the figures mean, the measure that leads first."""
    what = [_MEANS[leads], *(text for measure, text in _MEANS.items() if measure not in (leads, "index"))]
    return _WHO.format(what="; ".join(what))


def title(known: Mapping[str, Fact], classes: list[str], measure: Measure) -> str:
    """Say the figures of the measure that leads in one sentence, with directions that follow their signs."""
    whose = "open models {side}" if "side" in known else "open models"
    if not classes:
        of_test = next((fact for fact in known.values() if fact.key.startswith("gap.") and fact.benchmark), None)
        if of_test and of_test.shown.startswith("none: "):
            why = of_test.shown.removeprefix("none: ")
            return f"Can't tell how far {whose} stand behind on {of_test.benchmark}: {why}"
        return f"Can't tell how far {whose} trail: too little data"
    if "stand.months" in known:
        return _stand(known, whose)
    trail = [name for name in classes if float(known[f"gap.{name}"].value or 0.0) >= 0]
    lead = [name for name in classes if name not in trail]
    parts = []
    if trail:
        parts.append(f"O{whose[1:]} trail closed ones by {_list_figures(trail)}")
    if lead:
        parts.append(f"{'they' if trail else f'O{whose[1:]}'} lead by {_list_figures(lead)}")
    return "; ".join(parts) + {"index": " (average of six months)", "catch_up": ""}.get(measure, "")


def _list_figures(names: list[str]) -> str:
    """Write the templates of figures in a row: the second is written short."""
    return " and ".join(f"{{about.{name}{'.short' if n else ''}}}" for n, name in enumerate(names))


def title_facts(name: str, value: float, subject: str, then: str, is_about: bool, of: dict[str, Any]) -> list[Fact]:
    """State a class's figure for a sentence, and for its second half: "7.5 months on private tests", "6.3 on public".

    `then` says of when it is, where it is no figure of now.
    """
    short = figure_text(value, is_about=is_about).removesuffix(" months")
    where = subject.removesuffix(" tests") if subject.endswith(" tests") else subject
    return [
        lag_fact(f"about.{name}", value, f"{figure_text(value, is_about=is_about)} on {subject}{then}", **of),
        lag_fact(f"about.{name}.short", value, f"{short} on {where}{then}", **of),
    ]


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


def about_when(at: int, as_of: date, old_days: int) -> str:
    """Say of which month a figure is, where it was read long before the day that was asked for."""
    return f" ({month(date.fromordinal(at))})" if as_of.toordinal() - at > old_days else ""
