"""A level and the lag at it belong together: "at 75 % it took 7.4 months" where that was at 85 %."""

from collections import defaultdict
from collections.abc import Iterator

from core.grounding.backing import TIMES, backs
from core.grounding.numbers import Number
from core.grounding.profiles import Known
from core.grounding.reading import Reading
from core.grounding.violation import Violation

_LEVELS = ("level", "score")
_LAGS = ("months", "gap", "lag", "age")
_SCORES = ("percent", "minutes")


def pairs(reading: Reading, known: Known) -> Iterator[Violation]:
    """Yield a lag told at one level, alone or each in its order, where the facts have it at another."""
    events = _events(known)
    if len(events) < 2:
        return
    for sentence in reading.sentences:
        numbers = [each for each in reading.numbers if sentence.holds(each.start)]
        levels = [each for each in numbers if each.unit in _SCORES and each.decimals >= 0]
        lags = [each for each in numbers if each.unit in TIMES]
        if len(levels) != len(lags) or not levels:
            continue
        for level, lag in zip(levels, lags, strict=True):
            at, of = _that(events, 0, level), _that(events, 1, lag)
            if at and of and not at & of and not _is_said_elsewhere(known, lag, events):
                yield Violation(
                    "subject", lag.text, f"“{lag.text} months” is at another level than {level.text} by the facts."
                )


def _events(known: Known) -> dict[str, tuple[Number, Number]]:
    """Return the level and the lag of each event of the facts, by the part of the key that is theirs."""
    found: defaultdict[str, dict[int, Number]] = defaultdict(dict)
    for each in known.profiles:
        parent, _, last = each.fact.key.rpartition(".")
        place = 0 if last in _LEVELS else 1 if last in _LAGS else -1
        if parent and place >= 0 and isinstance(each.fact.value, int | float):
            unit = each.fact.unit if place == 0 else "months"
            found[parent].setdefault(place, Number(-1, "", abs(float(each.fact.value)), 0, unit))
    return {parent: (both[0], both[1]) for parent, both in found.items() if len(both) == len((0, 1))}


def _that(events: dict[str, tuple[Number, Number]], place: int, said: Number) -> set[str]:
    return {parent for parent, both in events.items() if backs(both[place], said)}


def _is_said_elsewhere(known: Known, lag: Number, events: dict[str, tuple[Number, Number]]) -> bool:
    """Whether another fact than these has the same length of time."""
    return any(
        backs(good, lag)
        for each in known.profiles
        if each.fact.unit == "months" and each.fact.key.rpartition(".")[0] not in events
        for good in each.backing.numbers
    )
