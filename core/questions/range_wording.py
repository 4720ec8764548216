"""What `trust` says of ranges: how often they hold in the worlds of the judge, and what a further test may show."""

from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line
from core.gap.parameters import Parameters
from core.questions.judged import judged
from core.questions.measure_wording import measure_name
from core.questions.shared_facts import CATCH_UP, lag_fact, name_fact, share_fact, stated
from core.words import count, lag, likely_behind

if TYPE_CHECKING:
    from core.gap.analysis import Analysis

SIMULATED = {"independent": (88, 94), "shared": (83, 92), "points": (55, 60)}
"""How often 90 % ranges of catch-up time hold the truth where lags are simulated, in percent, from the worst case to
the best: with independent benchmarks, with models shared between them, and where every result is taken as independent
(docs/method.md)."""
LEAST = 85
"""A world in which fewer ranges hold the truth is named, in percent."""
WHERE = {
    "equal testing": "where both sides are tested alike",
    "8 boards": "with 8 tests",
    "16 boards": "with 16 tests",
    "42/23": "where 42 % of closed models are tested and 23 % of open ones",
    "42/10": "where 42 % of closed models are tested and 10 % of open ones",
    "80/40": "where 80 % of closed models are tested and 40 % of open ones",
    "sister boards": "where tests are sisters",
    "early ends": "where half of the tests have ended",
    "heavy noise": "where scores are noisy",
    "drift +3 a year": "where the gap grows by 3 months a year",
    "drift -3 a year": "where the gap shrinks by 3 months a year",
    "open stands still": "where open models have stood still for 9 months",
    "open ahead": "where open models are 3 months ahead",
    "few open models": "where a third as many open models come out",
    "small open models": "where half of the open models are small",
    "measured rates": "where frontier models are tested as the real ones",
    "realistic mix": "where most of this comes together",
    "two live boards": "where two tests of seven are live",
    "two live boards, small open models": "where two tests of seven are live and most open models are small",
    "contamination": "where training towards tests lifts open scores on half of the tests",
    "labs that turn closed": "where labs with open models turn closed",
    "pairs of sister boards, 42/23": "where tests come in pairs and open models are tested half as often",
    "only good results reported": "where only good results are reported",
    "boards that saturate": "where half of the tests are saturated",
    "open scores three months late": "where open scores are known three months late",
}
"""What the judge's worlds are like, in a sentence."""
_NAMED = 3
"""So many of them are named, the worst first."""
_RANGES = Line(
    "Ranges",
    "likely ranges come from how far tests differ, and are meant to hold the truth in {level} of cases; in simulated"
    " worlds those of {held.measure} do in {held}[, but {held.less}]",
    ("explain",),
    sentence=True,
)
_FURTHER = Line(
    "Another test", "a further test's mean over {window} of results, which is not the newest figure: <{expect.@}|; >"
)


def range_facts(analysis: "Analysis", parameters: Parameters) -> list[Fact]:
    """State what ranges of the measure that leads promise and keep in simulation, and what a further test may show."""
    window, level, worlds = parameters.window_months, parameters.level, judged().held[analysis.leads]
    held = sorted(share for share in worlds.values() if share >= LEAST)
    name = measure_name(next(iter(analysis.classes.values())), analysis.leads)
    facts = [
        stated("window", window, "months", f"{window:g} months", "duration", "recent results"),
        stated("level", level, "fraction", f"{100 * level:.0f} %", "share", "likely ranges"),
        name_fact("held.measure", f"{'' if analysis.leads == 'catch_up' else 'the '}{name}", "whose ranges are told"),
        share_fact("held", held[0] / 100, "ranges that hold the truth", f"{held[0]} to {held[-1]} %"),
    ]
    less = sorted((share, world) for world, share in worlds.items() if share < LEAST)
    if less:
        told = [f"{'in ' if n == 0 else ''}{share} % {WHERE[world]}" for n, (share, world) in enumerate(less[:_NAMED])]
        more = len(less) - _NAMED
        told += [f"less than {LEAST} % in {more} other worlds"] if more > 0 else []
        shown = f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]
        facts.append(share_fact("held.less", less[0][0] / 100, "ranges that hold the truth", shown))
    for access, each in analysis.classes.items():
        low, high, mean = each.mean.prediction_low, each.mean.prediction_high, each.mean.months
        if low is not None and high is not None and mean is not None:
            shown = f"{access} {likely_behind(low, high)}, around {lag(mean)}"
            of: dict[str, Any] = {"low": low, "high": high, "access": access}
            of["measure"] = f"{CATCH_UP} expected on one further test"
            ends, subject = f"{low:.1f} to {high:.1f}", f"one further {access} test"
            facts.append(lag_fact(f"expect.{access}", ends, shown, subject, **of))
    return facts


def worst_sentences() -> list[str]:
    """Say in which simulated worlds the headline errs most, and which way: a sentence each, the worst first."""
    return [
        f"{WHERE[world]}, the gap reads about {count(round(abs(verdict.bias)), 'month')}"
        f" too {'large' if verdict.bias > 0 else 'small'}"
        for world, verdict in judged().worst(_NAMED)
        if round(abs(verdict.bias))
    ]


def range_lines(analysis: "Analysis") -> list[Line]:
    """Return the lines on ranges, where a figure has one, and on a further test."""
    has_range = any(gap.headline.low is not None for gap in analysis.classes.values())
    return [*([_RANGES] if has_range else []), _FURTHER]
