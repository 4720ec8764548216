"""Which way the gap went, as a brief says it, and where that changed since the last one: a fact of its own (E7).

Near the edge of its level a verdict is told one week and not the next, while the figure hardly moves. So what was told
holds until another direction is told, or the figure leaves the range that it was told with.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from core.answer import Fact
from core.gap.analysis import Gaps
from core.questions.direction_wording import told_way
from core.questions.shared_facts import change_fact, day_fact, name_fact
from core.words import listed

CANT_TELL = "can't tell"


@dataclass(frozen=True)
class Verdict:
    """The word for what the interval told of a class's figure since the method's own day, as of a day.

    `low` and `high` are that interval, in months; a brief of an earlier release kept none.
    """

    word: str
    as_of: date
    low: float | None = None
    high: float | None = None

    def holds(self, now: "Verdict") -> bool:
        """Whether this direction still stands beside newer data that tell none: the figure is in its range."""
        ends = (self.low, self.high, now.low, now.high)
        if self.word == CANT_TELL or now.word != CANT_TELL or None in ends:
            return False
        low, high, *others = (each for each in ends if each is not None)
        return low <= sum(others) / 2 <= high


@dataclass(frozen=True)
class Turn:
    """A verdict that is another than that of the last brief.

    `is_corrected` says that it was so on the day of the last one already, by the scores
    of then and what is now known of who is open: no new score turned it.
    """

    access: str
    before: Verdict
    now: Verdict
    is_corrected: bool = False


Verdicts = Mapping[str, Verdict]
"""By class; one without a figure, or without one of the day before, has none."""


def verdicts(gaps: Gaps, as_of: date) -> dict[str, Verdict]:
    """Return the verdict on each class."""
    return {
        name: Verdict(
            told_way(gap.change, gap.headline.months or 0.0) or CANT_TELL, as_of, gap.change.low, gap.change.high
        )
        for name, gap in gaps.classes.items()
        if gap.change.low is not None
    }


def held(before: Verdicts, now: Verdicts) -> dict[str, Verdict]:
    """Return the verdict on each class of today: that of before where it holds."""
    return {
        name: before[name] if name in before and before[name].holds(verdict) else verdict
        for name, verdict in now.items()
    }


def turns(before: Verdicts, now: Verdicts) -> tuple[Turn, ...]:
    """Return the verdicts that changed; those of `now` are `held` against `before`."""
    return tuple(
        Turn(name, before[name], verdict)
        for name, verdict in now.items()
        if name in before and before[name].word != verdict.word
    )


def with_causes(found: tuple[Turn, ...], then: Callable[[date], Verdicts]) -> tuple[Turn, ...]:
    """Return verdicts that changed, each with whether it is corrected.

    `then` measures the verdicts of a day, by its scores and by what is now known of who is open.
    """
    known = {day: then(day) for day in {each.before.as_of for each in found}}
    return tuple(
        replace(each, is_corrected=each.access in known[each.before.as_of]
                and known[each.before.as_of][each.access].word == each.now.word)
        for each in found
    )  # fmt: skip


def verdict_facts(now: Verdicts, before: Verdicts, turned: Sequence[Turn]) -> list[Fact]:
    """State each verdict and what the last brief said, which a brief keeps whatever it says; and those that changed."""
    found = [_fact(f"verdict.{name}", name, verdict) for name, verdict in now.items()]
    found += [
        day_fact(f"verdict.day.{name}", verdict.as_of, f"the verdict on {name} tests")
        for name, verdict in now.items()
        if verdict == before.get(name)
    ]
    found += [_fact(f"verdict.before.{name}", name, before[name]) for name in now if name in before]
    for each in turned:
        found.append(_fact(f"turned.{each.access}", each.access, each.before))
        found.append(day_fact(f"turned.day.{each.access}", each.before.as_of, f"the verdict on {each.access} tests"))
    corrected = [f"{each.access} tests" for each in turned if each.is_corrected]
    if corrected:
        found.append(name_fact("turned.corrected", listed(corrected), "turned by who is open"))
    return found


def said(facts: Iterable[Fact], method: str, key: str = "verdict") -> dict[str, Verdict] | None:
    """Return the verdicts that the facts of a kept brief state, None where they state none by this method.

    With the key "verdict.before" those of the brief before it.
    """
    known = {fact.key: fact for fact in facts}
    if "method" not in known or known["method"].value != method:
        return None
    return {
        fact.access: Verdict(str(fact.value), date.fromisoformat(fact.day), fact.low, fact.high)
        for fact in known.values()
        if fact.key == f"{key}.{fact.access}"
    } or None


def _fact(key: str, name: str, verdict: Verdict) -> Fact:
    of: dict[str, Any] = {"access": name, "day": verdict.as_of.isoformat(), "low": verdict.low, "high": verdict.high}
    return change_fact(key, verdict.word, verdict.word, f"the verdict on {name} tests", **of)
