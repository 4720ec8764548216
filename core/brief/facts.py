"""What a brief may say: the facts of the gap, and beside them what is new, what waits and what may be wrong."""

from dataclasses import replace
from datetime import date
from math import inf

from core.answer import Fact
from core.brief.news import PARAMETERS, Look
from core.brief.news_facts import month_of, news_facts, unmatched_facts
from core.brief.verdicts import verdict_facts
from core.evidence.evidence import Bias
from core.gap.coverage import weight_shares
from core.gap.forward import estimate_class_waits
from core.gap.index_figure import MONTH_ENDS
from core.questions.direction_wording import direction_text, past_year_text
from core.questions.gap_wording import gap_facts
from core.questions.measure_wording import measure_name
from core.questions.shared_facts import (
    as_of_facts,
    day_fact,
    figure_text,
    iso,
    lag_fact,
    method_fact,
    name_fact,
    share_fact,
    stated,
)
from core.words import about_months, and_list, capitalize, count, likely_lag, month

_CURRENT_DAYS = 60
"""A test whose newest model is older than this tells little of what still waits."""
_CARRIES = 0.5
"""From this share of a figure on, what is special about some tests is what matters most about it."""
_COUNTS = 0.05
"""A test that carries less of a figure is not worth naming."""
_THROUGH_VENDORS = {"arc": "arc-agi", "frontiermath": "frontiermath"}
"""How the ids of the tests begin that the bias `vendor-access` is about: each family has its own reason."""


def facts(look: Look, today: date) -> tuple[Fact, ...]:
    """State everything that a brief may say, but for its terms and its length."""
    evidence, of_gap = look.evidence, gap_facts(look.evidence, look.analysis, look.as_of, PARAMETERS, single=False)
    head = head_facts(look)
    taken = {fact.key for fact in head} | {"since"}
    found = [
        *head,
        day_fact("today", today, "the day of writing"),
        *_direction_facts(look),
        *as_of_facts(evidence, look.as_of),
        method_fact(PARAMETERS),
        *(fact for fact in of_gap if fact.key not in taken and not fact.key.startswith("newest.")),
        *(
            name_fact(f"why.{fact.access}", fact.shown.removeprefix("can't tell: "), fact.subject, access=fact.access)
            for fact in of_gap
            if fact.key.startswith("gap.") and fact.value is None
        ),
        *_waiting_facts(look),
        *_forward_facts(look),
        *_caution_facts(look),
        *_view_facts(look),
    ]
    age = (look.published - look.complete_to).days
    if age > 0:
        found.append(stated("age", age, "days", f"{count(age, 'day')} old", "duration", "the newest complete data"))
    found = _makers_once(found)
    return (*found, share_fact("interval", PARAMETERS.level, "what “likely” stands for"))


def _makers_once(facts: list[Fact]) -> list[Fact]:
    """Leave out whose a model is where it was said of it before."""
    names = {fact.key: fact.shown for fact in facts}
    first: dict[str, str] = {}
    for fact in facts:
        if fact.key.endswith(".maker"):
            first.setdefault(names[fact.key.removesuffix(".maker")], fact.key)
    said = set(first.values())
    return [fact for fact in facts if not fact.key.endswith(".maker") or fact.key in said]


def head_facts(look: Look) -> list[Fact]:
    """State what the title and the deck say: what is new, each class's figure with its range, and its month."""
    found = [
        stated("average", MONTH_ENDS, "months", "six months", "duration", "the average that each figure is"),
        day_fact("published", look.published, "this brief"),
        day_fact("since", look.since, "the last brief"),
        day_fact("start", PARAMETERS.since, "the smallest gap, in the study", month(PARAMETERS.since)),
        *news_facts(look),
        *verdict_facts(look.gaps.direction, look.complete_to, look.stated, look.news.turn),
        day_fact("newest.day", look.complete_to, "the newest complete data"),
    ]
    for name, gap in look.gaps.classes.items():
        line = gap.headline
        if line.months is None:
            continue
        of = {"access": name, "day": iso(line.at) or "", "measure": measure_name(gap, gap.leads)}
        way = "behind" if line.months > -0.05 else "ahead"
        shown = f"{figure_text(line.months, is_about=line.is_about)} {way}"
        found.append(lag_fact(f"deck.{name}", line.months, shown, **of))
        if line.low is not None and line.high is not None:
            ends = f"{line.low:.1f} to {line.high:.1f}"
            found.append(lag_fact(f"range.{name}", ends, likely_lag(line.low, line.high), **of))
        if line.at is not None:
            found.append(day_fact(f"month.{name}", line.at, f"{name} tests", month_of(line.at)))
    return found


def _direction_facts(look: Look) -> list[Fact]:
    """Answer "is the gap growing?" in the words of `gap`, each a sentence of its own."""
    direction = look.gaps.direction
    answer = capitalize(direction_text(direction, month(PARAMETERS.since)).split(":")[0])
    found = [name_fact("growing", answer, "whether the gap grows")]
    past_year = past_year_text(direction)
    if past_year:
        found.append(name_fact("growing.year", capitalize(past_year), "whether the gap grew over the past year"))
    return found


def _waiting_facts(look: Look) -> list[Fact]:
    """State the level that has waited longest on a test that is up to date; a class's count is the gap's own."""
    waiting = look.analysis.unmatched
    if not waiting:
        return []
    current = [each for each in waiting if look.as_of.toordinal() - each.newest_day <= _CURRENT_DAYS]
    oldest = max(current or waiting, key=lambda each: (each.age_months, each.threshold, -each.board))
    access, shown = look.evidence.boards[oldest.board].access, f"{about_months(oldest.age_months)} later"
    found = [
        *unmatched_facts(look, "wait", oldest),
        replace(day_fact("wait.until", oldest.newest_day, "the newest model on the test"), side="closed"),
        stated("wait.age", oldest.age_months, "months", shown, "duration", "this level, up to then", side="closed"),
    ]
    if oldest.age_months > (look.analysis.classes[access].catch_up.figure.months or inf):
        found.append(name_fact("wait.slow", f"raise catch-up time on {access} tests", "what a match would do"))
    return found


def _forward_facts(look: Look) -> list[Fact]:
    """State which share of each class's levels open models match within half a year and a year."""
    times = {6.0: "six months", 12.0: "a year"}
    found = [
        stated(f"time.{months:g}", months, "months", shown, "duration", "the time for a match")
        for months, shown in times.items()
    ]
    for name, gap in look.analysis.classes.items():
        for each in estimate_class_waits(look.evidence, look.analysis.crossings, PARAMETERS, gap.boards).matched:
            if each.within in times and each.share is not None:
                key, subject = f"within.{each.within:g}.{name}", f"closed scores matched in time on {name} tests"
                found.append(share_fact(key, each.share, subject, access=name, side="open"))
    return found


def _view_facts(look: Look) -> list[Fact]:
    """State the newest figure that somebody else published since the last brief, and what it measures."""
    known = [
        each
        for each in look.evidence.published
        if look.since.isoformat() < each.published <= look.published.isoformat()
    ]
    if not known:
        return []
    newest = max(known, key=lambda each: (each.comparable != "no", each.published))
    return [
        name_fact("view.source", newest.source, "who published a figure"),
        day_fact("view.day", date.fromisoformat(newest.published), "when it was published"),
        name_fact("view.measures", newest.measures[:1].lower() + newest.measures[1:].rstrip("."), "what it measures"),
        name_fact("view.figure", newest.figure, "what it says"),
    ]


def _caution_facts(look: Look) -> list[Fact]:
    """State the caveats that bear on this brief, each with its direction."""
    return [*(_effect_fact(look, bias) for bias in look.evidence.biases), *_vendor_facts(look)]


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
            shown = f"{and_list(names)} {'makes' if len(names) == 1 else 'make'} up"
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
