"""Answers from the evidence file: at once for whoever may wait; for the event loop from memory, else from a thread."""

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from bot.settings import Settings
from core.answer import Answer
from core.errors import GapbriefError, UsageError
from core.questions import Question, ask
from core.questions.question import prepare
from core.store import queries
from core.store.store import Store, open_store
from core.store.tables import is_of_another_release
from core.words import DOMAINS

if TYPE_CHECKING:
    from bot.memo import Memo
    from core.brief import Brief
    from core.evidence.evidence import Term
    from core.names.names import Name
    from core.store.board_ages import BoardAge

_KEPT, _BRIEFS_KEPT, _ASKED_ANEW = 200, 30, 10
_GOOD_ENOUGH = 60.0
"""How alike, of 100, what was typed and a name must be for a near miss."""

P = ParamSpec("P")
T = TypeVar("T")

Watch = Callable[[str, str, float], None]
"""Is told of each question: its kind, what came of it (answered, refused or failed), and in how many seconds."""


def utc_today() -> date:
    """Return today's date (UTC): the one clock of days, read by faces alone."""
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class Names:
    """Everything that can be asked for by name, by its kind: benchmark, model (newest first), lab, country, term.

    `warning` says why the tables of `data/` are not used, "" where they are; `boards` how old each test's scores are.
    """

    revision: str = ""
    warning: str = ""
    newest_data: date = date.min
    kinds: "dict[str, list[Name]]" = field(default_factory=dict)
    boards: "tuple[BoardAge, ...]" = ()

    @cached_property
    def subjects(self) -> "list[Name]":
        """Return all that can be watched; the key is one text, as `model:kimi-k3`."""
        from core.names.names import Name

        fields = [Name((f"domain:{domain}",), domain.capitalize(), ()) for domain in DOMAINS]
        named = [
            Name((f"{kind}:{' '.join(name.key)}",), name.shown, name.aliases, name.since)
            for kind in ("lab", "benchmark", "model")
            for name in self.kinds.get(kind, ())
        ]
        return [*fields, *named]

    def written(self) -> Iterator[str]:
        """Yield every form in which a question holds a name: its id, what is shown, and a side of a comparison."""
        for kind, known in self.kinds.items():
            for name in known:
                key = " ".join(name.key)
                yield from (key, name.shown, f"{kind}:{key}", f"not-{kind}:{key}")


class Answers:
    """What is known of the evidence file; `refresh` looks if the file has changed.

    `warning` says why the last good data answer instead of the tables of `data/`, "" where these do.
    """

    def __init__(self, settings: Settings, today: Callable[[], date] | None = None) -> None:
        self.settings, self.names, self.warning = settings, Names(), ""
        self.today = today or utc_today
        self.watch: Watch = lambda question, outcome, seconds: None

    @cached_property
    def _kept(self) -> "Memo[tuple[Question, date], Answer]":
        from bot.memo import Memo  # and asyncio, which takes longer than a kept answer on the command line

        return Memo(_KEPT)

    @cached_property
    def _briefs(self) -> "Memo[tuple[date, str], Brief]":
        from bot.memo import Memo

        return Memo(_BRIEFS_KEPT)

    def now(self, question: Question, on: date | None = None) -> Answer:
        """Work a question out as read on a day, today by default; raises GapbriefError where it can't be answered."""
        with open_evidence(self.settings) as store:
            self.warning = store.warning
            return ask(question, store, on or self.today())

    def brief_now(self, as_of: date | None = None, since: date | None = None) -> "Brief":
        """Write the brief of a day, today's by default, from all that is known now.

        Raises UsageError for a day that can't have a brief.
        """
        from core.brief import compose, gather
        from core.evidence.evidence import load
        from core.questions.fields import not_in_future

        today = self.today()
        if as_of is not None:
            not_in_future("as-of", as_of, today)
        with open_evidence(self.settings) as store:
            records = load(store)
        return compose(gather(records.known_by(records.last_known), as_of or today, since, today))

    async def refresh(self, ready: "Callable[[Answer], Awaitable[object]] | None" = None) -> bool:
        """Read the names anew where the data changed, and forget the answers; return whether they did.

        What was asked last is answered anew before, with what `ready` makes of an answer (its picture): until then
        whoever asks that has the answer of before at once.
        """
        names = await _in_thread(_names, self.settings, self.names)
        changed, warning = names.revision != self.names.revision, self.names.warning
        answers = await self._anew(names.revision, ready) if changed else {}
        self.names, self.warning = names, names.warning
        if changed:
            self._kept.values.clear()
            self._kept.values.update(answers)
        if names.warning and names.warning != warning:
            import structlog

            structlog.get_logger("gapbrief").warning("the last good data stays in use", reason=names.warning)
        return changed

    async def _anew(
        self, revision: str, ready: "Callable[[Answer], Awaitable[object]] | None"
    ) -> dict[tuple[Question, date], Answer]:
        """Answer what was asked last from another state of the data."""
        asked = [key for key in self._kept.values if key[1] == self.today()][-_ASKED_ANEW:]
        answers: dict[tuple[Question, date], Answer] = {}
        for key in asked:
            with suppress(GapbriefError, RuntimeError):  # of a worker that died: whoever asks later sees or hears it
                answer = await _in_thread(self.now, *key)
                if answer.revision == revision:
                    answers[key] = answer
                    if ready:
                        await ready(answer)
        return answers

    def at_hand(self, question: Question) -> Answer | None:
        """Return the answer that is in memory, if any."""
        answer = self._kept.at_hand((question, self.today()))
        if answer is not None:
            self.watch(question.name, "answered", 0.0)
        return answer

    async def answer(self, question: Question) -> Answer:
        """Answer a question; raises GapbriefError as `now` does."""
        answer = self.at_hand(question)
        if answer is not None:
            return answer
        began, key = time.monotonic(), (question, self.today())

        def is_kept(answer: Answer) -> bool:
            return question.is_kept and answer.revision == self.names.revision  # else the data changed meanwhile

        try:
            answer = await self._kept.get(key, lambda: _in_thread(self.now, *key), is_kept)
        except Exception as error:
            outcome = "refused" if isinstance(error, UsageError) else "failed"
            self.watch(question.name, outcome, time.monotonic() - began)
            raise
        self.watch(question.name, "answered", time.monotonic() - began)
        return answer

    async def brief(self, published: date | None = None) -> "Brief":
        """Write the brief of a day, None for today; raises UsageError for a day that can't have one."""
        day = published or self.today()
        return await self._briefs.get((day, self.names.revision), lambda: _in_thread(self.brief_now, day))

    async def terms_in(self, text: str) -> "list[Term]":
        """Return the glossary's terms that occur in a text, in the order in which they do."""
        return await _in_thread(_terms_in, self.settings, text)


async def _in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    import asyncio  # which takes longer than a kept answer on the command line

    return await asyncio.to_thread(work, *args, **kwargs)


def named_by_id(question: Question, answer: Answer) -> Question:
    """Return a question with the ids that its names were found to mean; days that were left open stay open."""
    ids = {
        each.name: answer.question[each.name]
        for each in fields(question)
        if isinstance(getattr(question, each.name), str) and isinstance(answer.question.get(each.name), str)
    }
    return replace(question, **ids)


def _terms_in(settings: Settings, text: str) -> "list[Term]":
    from core.evidence.evidence import load
    from core.glossary import terms_in

    with open_evidence(settings) as store:
        return list(terms_in(text, load(store).terms))


def _names(settings: Settings, known: Names) -> Names:
    from core.names import names
    from core.store.board_ages import board_ages

    with open_evidence(settings) as store:
        if store.revision == known.revision:
            return known if store.warning == known.warning else replace(known, warning=store.warning)
        kinds = {kind: listed(store) for kind, listed in names.KINDS.items()}
        kinds["model"] = sorted(kinds["model"], key=lambda name: name.since, reverse=True)
        newest = queries.newest_data(store, queries.known_days(store)[1])
        return Names(store.revision, store.warning, newest, kinds, board_ages(store))


def open_evidence(settings: Settings) -> Store:
    """Open the evidence file, of refreshed data that fit this release; raises DataError where it can't be."""
    if is_of_another_release(settings.data):
        from bot.refresh.refreshing import merge_release

        merge_release(settings, datetime.now(UTC))
    return open_store(settings.db, settings.data, prepare)


def mend_evidence(settings: Settings) -> bool:
    """Make the evidence file anew where it is damaged, and return whether it was; raises DataError."""
    from core.store.making import mend_file

    return mend_file(settings.db, settings.data, prepare)


def complete_name(typed: str, names: "list[Name]", most: int = 25) -> "list[Name]":
    """Return the names that fit best: those that begin so, then those that hold it, then near misses."""
    from rapidfuzz import fuzz, process

    from core.names.names import plain

    wanted = plain(typed)
    if not wanted:
        return names[:most]
    ranked = sorted((rank, n) for n, name in enumerate(names) if (rank := _rank(wanted, name)) is not None)
    found = {names[n].key: names[n] for _, n in ranked}
    if len(found) < most:
        spelt = {number: name.plain for number, name in enumerate(names)}
        near = process.extract(wanted, spelt, scorer=fuzz.WRatio, limit=most, score_cutoff=_GOOD_ENOUGH)
        for _, _, number in near:
            found.setdefault(names[number].key, names[number])
    return list(found.values())[:most]


def _rank(wanted: str, name: "Name") -> int | None:
    """Return how well a name fits, 0 best; None where it is at most a near miss."""
    if wanted == name.plain or wanted in name.plain_aliases:
        return 0
    if name.plain.startswith(wanted):
        return 1
    if any(alias.startswith(wanted) for alias in name.plain_aliases):
        return 2
    return 3 if wanted in name.plain else None
