"""Whether the gap grew, as briefs state it: the states of two days, both read off the path of the newer day (H2)."""

from collections.abc import Iterable, Iterator
from datetime import date

from core.answer import Fact
from core.dataclass import dataclass
from core.gap.direction import Direction
from core.questions.shared_facts import change_fact

CANT_SAY = "can't say"
_WORDS = {1: "wider", 0: CANT_SAY, -1: "narrower"}
_STATES = {word: state for state, word in _WORDS.items()}


@dataclass(frozen=True)
class Verdict:
    """The state that a brief stated for a day (1 wider, -1 narrower, 0 neither); None if another method stated it."""

    state: int | None
    day: date


NOTHING_STATED = Verdict(None, date.min)
"""Replaces the verdict of another method: nothing is news compared with it."""


@dataclass(frozen=True)
class Turn:
    """The state now and on an earlier day, on the same path; `stated` is what was stated for that day, if anything.

    It `is_news` if the state differs from the earlier state and from the stated one. It `is_corrected` if revised data
    changed the earlier state.
    """

    day: date
    before: int
    now: int
    stated: int | None = None

    @property
    def is_news(self) -> bool:
        """Whether the state changed, and has not been stated already."""
        return self.now not in (self.before, self.stated)

    @property
    def is_corrected(self) -> bool:
        """Whether revised data give that day another state than the stated one."""
        return self.stated not in (None, self.before)


def find_turn(direction: Direction, since: date, stated: Verdict | None) -> Turn | None:
    """Return what changed since the day of the last verdict, or since a day; None if nothing changed.

    There is no comparison with another method's verdict, nor without a path.
    """
    if not len(direction.path.day) or (stated is not None and stated.state is None):
        return None
    day = stated.day if stated else since
    before = direction.path.state_on(day.toordinal())
    turn = Turn(day, before, direction.state, stated.state if stated else None)
    return turn if turn.is_news or turn.is_corrected else None


def verdict_facts(
    direction: Direction, at: date, stated: Verdict | None, turn: Turn | None, start: str
) -> Iterator[Fact]:
    """State a day's verdict, the last stated one (a brief always keeps both), and how the verdict changed.

    `start` is the month from which the change is counted, as a brief says it.
    """
    yield _verdict_fact("verdict", direction.state, at, start)
    if stated is not None:
        yield _verdict_fact("verdict.before", stated.state, stated.day, start)
    if turn is not None and turn.is_news:
        yield _verdict_fact("turned", turn.before, turn.day, start)
    if turn is not None and turn.is_corrected:
        yield _verdict_fact("corrected", turn.before, turn.day, start)
        yield _verdict_fact("corrected.stated", turn.stated, turn.day, start)


def verdict_of(facts: Iterable[Fact], method: str) -> Verdict | None:
    """Return the verdict that a stored brief's facts state by a method; None without facts."""
    known = {fact.key: fact for fact in facts}
    if not known:
        return None
    is_ours = "method" in known and known["method"].value == method
    return _read_verdict(known["verdict"]) if is_ours and "verdict" in known else NOTHING_STATED


def verdict_before(facts: Iterable[Fact]) -> Verdict | None:
    """Return the last verdict before a stored brief; None if there was none."""
    return next((_read_verdict(fact) for fact in facts if fact.key == "verdict.before"), None)


def _read_verdict(fact: Fact) -> Verdict:
    return Verdict(None if fact.value is None else _STATES[str(fact.value)], date.fromisoformat(fact.day))


def _verdict_fact(key: str, state: int | None, at: date, start: str) -> Fact:
    word = None if state is None else _WORDS[state]
    shown = f"{word} than in {start}" if state else "too close to call" if word else "stated by another method"
    return change_fact(key, word, shown, "the verdict on all tests together", day=at.isoformat())
