"""Which way the gap went, as a brief says it, and where that changed since the last one: a fact of its own (E7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.answer import Fact
from core.gap.analysis import Gaps
from core.questions.direction_wording import told_way
from core.questions.shared_facts import day_fact

CANT_TELL = "can't tell"


@dataclass(frozen=True)
class Verdict:
    """The word for what the interval told of a class's figure since the method's own day, as of a day."""

    word: str
    as_of: date


@dataclass(frozen=True)
class Turn:
    """A verdict that is another than that of the last brief."""

    access: str
    before: Verdict
    now: Verdict


Verdicts = Mapping[str, Verdict]
"""By class; one without a figure, or without one of the day before, has none."""


def verdicts(gaps: Gaps, as_of: date) -> dict[str, Verdict]:
    """Return the verdict on each class."""
    return {
        name: Verdict(told_way(gap.change, gap.headline.months or 0.0) or CANT_TELL, as_of)
        for name, gap in gaps.classes.items()
        if gap.change.low is not None
    }


def turns(before: Verdicts, now: Verdicts) -> tuple[Turn, ...]:
    """Return the verdicts that changed."""
    return tuple(
        Turn(name, before[name], verdict)
        for name, verdict in now.items()
        if name in before and before[name].word != verdict.word
    )


def verdict_facts(now: Verdicts, turned: Sequence[Turn]) -> list[Fact]:
    """State each verdict, which a brief keeps whatever it says; and of those that changed what the last brief said."""
    found = [_fact(f"verdict.{name}", name, verdict) for name, verdict in now.items()]
    found += [_fact(f"turned.{each.access}", each.access, each.before) for each in turned]
    if turned:
        found.append(day_fact("turned.day", min(each.before.as_of for each in turned), "the verdict of the last brief"))
    return found


def said(facts: Iterable[Fact], method: str, key: str = "verdict") -> dict[str, Verdict] | None:
    """Return the verdicts that the facts of a kept brief state, None where they state none by this method.

    With the key "turned" those that it said to have changed.
    """
    known = {fact.key: fact for fact in facts}
    if "method" not in known or known["method"].value != method:
        return None
    return {
        fact.access: Verdict(str(fact.value), date.fromisoformat(fact.day))
        for fact in known.values()
        if fact.key == f"{key}.{fact.access}"
    } or None


def _fact(key: str, name: str, verdict: Verdict) -> Fact:
    subject, at = f"the verdict on {name} tests", verdict.as_of.isoformat()
    return Fact(key, verdict.word, "", subject, verdict.word, access=name, day=at)
