"""Answers from the evidence file: computed directly, or for the event loop from a cache or in a thread."""

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

_MOST_ANSWERS, _MOST_BRIEFS, _MOST_REFRESHED = 200, 30, 10
_GOOD_ENOUGH = 60.0
"""The similarity, of 100, that makes a name a near miss."""

P = ParamSpec("P")
T = TypeVar("T")

Watch = Callable[[str, str, float], None]
"""Called after each question with its name, its outcome (answered, refused or failed), and the seconds."""


def utc_today() -> date:
    """Return today's date (UTC); only faces read the clock."""
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class Names:
    """Everything with a name, by kind: benchmark, model (newest first), lab, country, term.

    `warning` says why the tables of `data/` are not in use, or is empty; `boards` has the age of each test's scores.
    """

    revision: str = ""
    warning: str = ""
    newest_data: date = date.min
    kinds: "dict[str, list[Name]]" = field(default_factory=dict)
    boards: "tuple[BoardAge, ...]" = ()

    @cached_property
    def subjects(self) -> "list[Name]":
        """Return everything that can be watched; the key is one text, such as `model:kimi-k3`."""
        from core.names.names import Name

        fields = [Name((f"domain:{domain}",), domain.capitalize(), ()) for domain in DOMAINS]
        entities = [
            Name((f"{kind}:{' '.join(name.key)}",), name.shown, name.aliases, name.since)
            for kind in ("lab", "benchmark", "model")
            for name in self.kinds.get(kind, ())
        ]
        return [*fields, *entities]

    def forms(self) -> Iterator[str]:
        """Yield every form of a name in a question: its id, its label, and as a side of a comparison."""
        for kind, entries in self.kinds.items():
            for name in entries:
                key = " ".join(name.key)
                yield from (key, name.shown, f"{kind}:{key}", f"not-{kind}:{key}")


class Answers:
    """Answers from the evidence file; `refresh` checks whether the file has changed.

    `warning` says why the last good data are used instead of the tables of `data/`, or is empty.
    """

    def __init__(self, settings: Settings, today: Callable[[], date] | None = None) -> None:
        self.settings, self.names, self.warning = settings, Names(), ""
        self.today = today or utc_today
        self.watch: Watch = lambda question, outcome, seconds: None

    @cached_property
    def _answers(self) -> "Memo[tuple[Question, date], Answer]":
        from bot.memo import Memo  # imports asyncio, which takes longer than a cached answer

        return Memo(_MOST_ANSWERS)

    @cached_property
    def _briefs(self) -> "Memo[tuple[date, date | None, str], Brief]":
        from bot.memo import Memo

        return Memo(_MOST_BRIEFS)

    def compute(self, question: Question, today: date | None = None) -> Answer:
        """Answer a question as of a day, today by default; raises GapbriefError if it can't be answered."""
        with open_evidence(self.settings) as store:
            self.warning = store.warning
            return ask(question, store, today or self.today())

    def compose_brief(self, as_of: date | None = None, since: date | None = None) -> "Brief":
        """Compose the brief of a day, today by default, from all data; raises UsageError for a day without one."""
        from core.brief import compose, gather
        from core.evidence.evidence import load
        from core.questions.fields import not_in_future

        today = self.today()
        if as_of is not None:
            not_in_future("as-of", as_of, today)
        with open_evidence(self.settings) as store:
            records = load(store)
        return compose(gather(records.known_by(records.last_known), as_of or today, since, today))

    async def refresh(self, prepare_answer: "Callable[[Answer], Awaitable[object]] | None" = None) -> bool:
        """Reload the names if the data changed, and clear the cached answers; return whether they changed.

        The latest questions are answered again first, and `prepare_answer` is called with each answer, to draw its
        picture; meanwhile the old answers stay cached.
        """
        names = await _in_thread(_names, self.settings, self.names)
        has_changed, last_warning = names.revision != self.names.revision, self.names.warning
        answers = await self._answer_again(names.revision, prepare_answer) if has_changed else {}
        self.names, self.warning = names, names.warning
        if has_changed:
            self._answers.values.clear()
            self._answers.values.update(answers)
        if names.warning and names.warning != last_warning:
            import structlog

            structlog.get_logger("gapbrief").warning("the last good data stays in use", reason=names.warning)
        return has_changed

    async def _answer_again(
        self, revision: str, prepare_answer: "Callable[[Answer], Awaitable[object]] | None"
    ) -> dict[tuple[Question, date], Answer]:
        """Answer the latest questions from another revision of the data."""
        latest_keys = [key for key in self._answers.values if key[1] == self.today()][-_MOST_REFRESHED:]
        answers: dict[tuple[Question, date], Answer] = {}
        for key in latest_keys:
            with suppress(GapbriefError, RuntimeError):  # as from a dead worker; a later question will show it
                answer = await _in_thread(self.compute, *key)
                if answer.revision == revision:
                    answers[key] = answer
                    if prepare_answer:
                        await prepare_answer(answer)
        return answers

    def cached(self, question: Question) -> Answer | None:
        """Return the cached answer, if any."""
        answer = self._answers.cached((question, self.today()))
        if answer is not None:
            self.watch(question.name, "answered", 0.0)
        return answer

    async def answer(self, question: Question) -> Answer:
        """Answer a question, from the cache if possible; raises GapbriefError as `compute` does."""
        answer = self.cached(question)
        if answer is not None:
            return answer
        began, key = time.monotonic(), (question, self.today())

        def is_final(answer: Answer) -> bool:
            return question.is_kept and answer.revision == self.names.revision  # else the data changed meanwhile

        try:
            answer = await self._answers.get(key, lambda: _in_thread(self.compute, *key), is_final)
        except Exception as error:
            outcome = "refused" if isinstance(error, UsageError) else "failed"
            self.watch(question.name, outcome, time.monotonic() - began)
            raise
        self.watch(question.name, "answered", time.monotonic() - began)
        return answer

    async def brief(self, published: date | None = None, since: date | None = None) -> "Brief":
        """Compose the brief of a day, today by default; raises UsageError for a day without one."""
        days = (published or self.today(), since)
        return await self._briefs.get((*days, self.names.revision), lambda: _in_thread(self.compose_brief, *days))

    async def terms_in(self, text: str) -> "list[Term]":
        """Return the glossary's terms in a text, in order of appearance."""
        return await _in_thread(_terms_in, self.settings, text)


async def _in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    import asyncio  # takes longer than a cached answer on the command line

    return await asyncio.to_thread(work, *args, **kwargs)


def resolve_ids(question: Question, answer: Answer) -> Question:
    """Return a question with its names replaced by the ids in its answer; open days stay open."""
    ids = {
        field.name: answer.question[field.name]
        for field in fields(question)
        if isinstance(getattr(question, field.name), str) and isinstance(answer.question.get(field.name), str)
    }
    return replace(question, **ids)


def _terms_in(settings: Settings, text: str) -> "list[Term]":
    from core.evidence.evidence import load
    from core.glossary import terms_in

    with open_evidence(settings) as store:
        return list(terms_in(text, load(store).terms))


def _names(settings: Settings, last_names: Names) -> Names:
    from core.names import names
    from core.store.board_ages import board_ages

    with open_evidence(settings) as store:
        if store.revision == last_names.revision:
            return last_names if store.warning == last_names.warning else replace(last_names, warning=store.warning)
        kinds = {kind: list_names(store) for kind, list_names in names.KINDS.items()}
        kinds["model"] = sorted(kinds["model"], key=lambda name: name.since, reverse=True)
        newest = queries.newest_data(store, queries.known_days(store)[1])
        return Names(store.revision, store.warning, newest, kinds, board_ages(store))


def open_evidence(settings: Settings) -> Store:
    """Open the evidence file, merging refreshed data with this release first; raises DataError on failure."""
    if is_of_another_release(settings.data):
        from bot.refresh.refreshing import merge_release

        merge_release(settings, datetime.now(UTC))
    return open_store(settings.db, settings.data, prepare)


def repair_evidence(settings: Settings) -> bool:
    """Rebuild a damaged evidence file, and return whether it was damaged; raises DataError on failure."""
    from core.store.making import mend_file

    return mend_file(settings.db, settings.data, prepare)


def complete_name(text: str, names: "list[Name]", most: int = 25) -> "list[Name]":
    """Return the best matches: names that begin with the text, then names that contain it, then near misses."""
    from rapidfuzz import fuzz, process

    from core.names.names import plain

    plain_text = plain(text)
    if not plain_text:
        return names[:most]
    ranks = sorted((rank, n) for n, name in enumerate(names) if (rank := _rank(plain_text, name)) is not None)
    matches = {names[n].key: names[n] for _, n in ranks}
    if len(matches) < most:
        spellings = {number: name.plain for number, name in enumerate(names)}
        near_misses = process.extract(plain_text, spellings, scorer=fuzz.WRatio, limit=most, score_cutoff=_GOOD_ENOUGH)
        for _, _, number in near_misses:
            matches.setdefault(names[number].key, names[number])
    return list(matches.values())[:most]


def _rank(text: str, name: "Name") -> int | None:
    """Return how well a name matches, 0 is best; None if it is at most a near miss."""
    if text == name.plain or text in name.plain_aliases:
        return 0
    if name.plain.startswith(text):
        return 1
    if any(alias.startswith(text) for alias in name.plain_aliases):
        return 2
    return 3 if text in name.plain else None
