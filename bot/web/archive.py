"""The archive: the briefs that were posted, and before the first of them the one that the newest data gives."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from time import monotonic
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import func, insert, select

from bot.answers import open_evidence
from bot.memo import Memo
from bot.settings import Settings
from bot.state import audit, briefs
from bot.state.briefs import NO_MARKS
from bot.state.database import State
from bot.state.state_tables import AUDIT, NOTES
from bot.web.replies import Turns
from core.brief import Brief, complete_day, compose, gather
from core.errors import UsageError
from core.evidence.evidence import load
from core.questions import GapQuestion
from core.text.review import Review
from core.words import day, quote

PER_PAGE = 20
LONGEST_SEARCH = 200
LONGEST_SHOWN = 80
_MOST_WRITTEN, _MOST_READ = 50, 200
_OLD_SECONDS = 30.0
"""After so long what was read is read anew, whatever changed it."""
_OF_DATA = "-brief"
"""How the address ends, after its day, of a brief that the data give."""
_SLUG = re.compile(r"[a-z0-9-]{1,120}")
_LAST_PAGE = 10_000
_TOLD = timedelta(days=30)
"""For so long feeds tell that a brief was corrected or withdrawn which is no more among the newest."""
_MOST_TOLD = 20


class ForNow(bytes):
    """What was made while a part of it could not be had: it is given, and not kept."""


@dataclass(frozen=True)
class Entry:
    """A brief of the archive; `withdrawn_at` is None unless it was, `corrected` says when and what.

    `chart_question` is the question whose chart belongs to it. `id` is None for one that nobody posted: it is made from
    the data when asked for, and its address does not have its title, which another version would word in another way.
    """

    slug: str
    brief: Brief
    posted_at: datetime
    changed_at: datetime
    revision: str
    chart_question: GapQuestion
    withdrawn_at: datetime | None = None
    corrected: tuple[tuple[datetime, str], ...] = ()
    id: int | None = None
    review: Review = NO_MARKS

    @property
    def path(self) -> str:
        """Return the path of its page."""
        return f"briefs/{self.slug}"

    @property
    def title(self) -> str:
        """Return its title, which says so where it was withdrawn."""
        return f"Withdrawn: {self.brief.title}" if self.withdrawn_at else self.brief.title

    @property
    def withdrawn(self) -> str:
        """Say that it was withdrawn, and when; "" where it was not."""
        return f"This brief was withdrawn on {day(self.withdrawn_at.date())}" if self.withdrawn_at else ""

    @property
    def updated(self) -> datetime:
        """Return when it last changed, for those who have read it."""
        return max(self.posted_at, self.changed_at, self.withdrawn_at or self.posted_at)


class Archive:
    """Reads the archive. What was read is kept until something is done to a brief, or the data change.

    A brief that the data give takes long to write, so that one for a visitor waits for one of `turns`.
    """

    def __init__(self, settings: Settings, state: State, revision: Callable[[], str], turns: Turns) -> None:
        self.settings, self.state, self._revision, self._turns = settings, state, revision, turns
        self._read: dict[Any, Any] = {}
        self._pages: Memo[Any, bytes] = Memo(_MOST_READ)
        self._read_at: tuple[str, int] = ("", -1)
        self._read_on = 0.0
        self._written: dict[tuple[str, date | None], Entry | None] = {}

    async def page(self, number: int = 0, words: str = "") -> tuple[list[Entry], int]:
        """Return the briefs of a page (counted from 0), and how many there are in all.

        The newest is first, by its own day; of one day the one that was posted last.
        """
        number = min(max(number, 0), _LAST_PAGE)
        return await asyncio.to_thread(self._once, (number, words), lambda: self._page(number, words))

    async def newest(self) -> Entry | None:
        """Return the newest brief that stands; None where the data give none."""
        entries, _ = await self.page()
        return next((each for each in entries if each.withdrawn_at is None), None)

    async def all(self) -> list[Entry]:
        """Return all briefs, the newest first."""
        entries, total = await self.page()
        for number in range(1, -(-total // PER_PAGE)):
            entries = [*entries, *(await self.page(number))[0]]
        return entries

    async def of_feeds(self, today: date) -> list[Entry]:
        """Return the newest briefs, and below them those before that were corrected or withdrawn of late."""
        newest, _ = await self.page()
        since = datetime.combine(today, time(), UTC) - _TOLD
        changed = await asyncio.to_thread(self._once, ("changed", since), lambda: self._changed(since))
        known = {each.slug for each in newest}
        late = [each for each in changed if each.slug not in known][:_MOST_TOLD]
        return newest + sorted(late, key=lambda each: (each.brief.published, each.posted_at), reverse=True)

    async def about(self, subject: str) -> list[Entry]:
        """Return the newest milestones that are about a subject."""
        milestones = await asyncio.to_thread(briefs.list_milestones, self.state, subject, limit=PER_PAGE)
        return [self._read_entry(each) for each in milestones]

    async def find(self, slug: str) -> Entry | None:
        """Return a brief by its address; a day alone finds the brief of that day, posted or given by the data.

        Raises BusyError where it would have to be written, and too many wait for that.
        """
        if not _SLUG.fullmatch(slug):
            return None
        entry_or_day = await asyncio.to_thread(self._find, slug)
        if not isinstance(entry_or_day, date):
            return entry_or_day
        key = (self._revision(), entry_or_day)
        if key in self._written:
            return self._written[key]
        return await self._turns.do(lambda: asyncio.to_thread(self._of_data, entry_or_day))

    async def why_none(self, slug: str) -> str:
        """Say that an address has no brief, and of a day without data that there are none."""
        sentence = f"There is no brief {quote(slug, LONGEST_SHOWN)}"
        with suppress(ValueError):
            published = date.fromisoformat(slug.removesuffix(_OF_DATA))
            until = await asyncio.to_thread(self._once, ("complete day",), lambda: _complete_day(self.settings))
            sentence += f": no new data since {day(until)}" if published > until else ""
        return f"{sentence}; the newest is at /briefs."

    async def earlier(self, entry: Entry) -> list[tuple[datetime, Brief]]:
        """Return a corrected brief as it read before each correction, with when that was, the last one first."""
        if entry.id is None or not entry.corrected:
            return []
        versions = await asyncio.to_thread(briefs.list_versions, self.state, entry.id)
        return [(new.changed_at, old.brief) for old, new in pairwise(versions) if new.what == "corrected"][::-1]

    async def feed_id(self) -> str:
        """Return what names this archive in feeds, made once and kept in the state: no address is in it."""
        return await asyncio.to_thread(self._once, "feeds", lambda: _feed_id(self.state))

    async def memoize(self, key: Any, make: Callable[[], Awaitable[bytes]]) -> bytes:
        """Return what was made of the archive as it is, unless it is for now made once until something changes.

        Who asks while it is made waits for the same.
        """
        await asyncio.to_thread(self._known)
        return await self._pages.get(key, make, lambda page: not isinstance(page, ForNow))

    def _once(self, key: Any, read: Callable[[], Any]) -> Any:
        """Read something, or return it as it was read before where nothing changed since."""
        known = self._known()
        if key not in known:
            known[key] = read()
        return known[key]

    def _known(self) -> dict[Any, Any]:
        """Return what was read since the last change: each step is in the audit trail."""
        with self.state.reading() as connection:
            steps = connection.execute(select(func.max(AUDIT.c.id))).scalar() or 0
        now, at = monotonic(), (self._revision(), steps)
        if at != self._read_at or now - self._read_on > _OLD_SECONDS or len(self._read) > _MOST_READ:
            self._read, self._pages, self._read_at, self._read_on = {}, Memo(_MOST_READ), at, now
        return self._read

    def _page(self, number: int, words: str) -> tuple[list[Entry], int]:
        newest = self._of_data(None)
        is_first = newest is not None and _holds(newest, words) and not self._is_covered(newest)
        first, last = number * PER_PAGE - is_first, (number + 1) * PER_PAGE - is_first
        stored = briefs.search_archive(self.state, words=words, limit=last - max(first, 0), offset=max(first, 0))
        entries = [self._read_entry(each) for each in stored]
        if newest is not None and is_first and number == 0:
            later = sum(each.brief.published > newest.brief.published for each in entries)  # all of them withdrawn
            entries.insert(later, newest)
        return entries, briefs.count_archive(self.state, words=words) + is_first

    def _changed(self, since: datetime) -> list[Entry]:
        return [self._read_entry(each) for each in briefs.list_changed(self.state, since, limit=PER_PAGE + _MOST_TOLD)]

    def _is_covered(self, entry: Entry) -> bool:
        """Whether a brief that stands was posted on the day of an entry or later."""
        return any(
            each.status == "posted" and each.brief.published >= entry.brief.published
            for each in briefs.search_archive(self.state, limit=PER_PAGE)
        )

    def _find(self, slug: str) -> Entry | date | None:
        """Return the brief that was posted at an address, or the day whose brief the data may give.

        Addresses without a posted brief are not kept: whoever asks for many would push out what others ask for.
        """
        known = self._known()
        if slug in known:
            return cast(Entry, known[slug])
        stored = briefs.by_slug(self.state, slug)
        if stored is not None:
            if not stored.is_public or stored.status not in briefs.PUBLIC or stored.posted_at is None:
                return None
            known[slug] = self._read_entry(stored)
            return cast(Entry, known[slug])
        try:
            wanted = date.fromisoformat(slug.removesuffix(_OF_DATA))
        except ValueError:
            return None
        newest, _ = self._once((0, ""), lambda: self._page(0, ""))
        posted = (each for each in newest if each.id is not None and each.brief.published == wanted)
        first, last = self._once(("days",), lambda: _known_days(self.settings))
        return next(posted, None) or (wanted if first <= wanted <= last else None)

    def _read_entry(self, stored: briefs.StoredBrief) -> Entry:
        posted, changed = stored.posted_at or stored.made_at, stored.changed_at
        if stored.kind == briefs.ARCHIVE:  # it was written later, and is no news of today
            posted = datetime.combine(stored.brief.published, time(), UTC)
            changed = changed if stored.corrections else posted
        withdrawn = None
        if stored.status == "withdrawn":
            done = audit.list_entries(self.state, brief_id=stored.id)
            withdrawn = next((each.at for each in done if each.what == "withdrawn"), stored.changed_at)
        return Entry(
            stored.slug, stored.brief, posted, changed, stored.revision, stored.chart_question,
            withdrawn, stored.corrections, stored.id, stored.review,
        )  # fmt: skip

    def _of_data(self, published: date | None) -> Entry | None:
        """Write the brief of a day with what was known then, None for the last day on which something came in.

        Returns None for a day without one, and for one of whose last month there are no data at all.
        """
        key = (self._revision(), published)
        if key not in self._written:
            self._written[key] = _of_data(self.settings, published)
            self._forget_oldest(key[0])
        return self._written.get(key)

    def _forget_oldest(self, revision: str) -> None:
        """Forget briefs of other data and the oldest of days; the last day's stays, and that a day has none."""
        written = list(self._written.items())  # another thread may add one meanwhile
        of_days = [key for key, entry in written if key[0] == revision and key[1] and entry]
        others = [key for key, _ in written if key[0] != revision]
        for key in [*others, *of_days[:-_MOST_WRITTEN]]:
            self._written.pop(key, None)


def _complete_day(settings: Settings) -> date:
    with open_evidence(settings) as store:
        records = load(store)
    return complete_day(records.known_by(records.last_known))


def _known_days(settings: Settings) -> tuple[date, date]:
    with open_evidence(settings) as store:
        records = load(store)
    return records.first_known, records.last_known


def _of_data(settings: Settings, published: date | None) -> Entry | None:
    with open_evidence(settings) as store:
        records = load(store)
    known_by = published or records.last_known
    if not records.first_known <= known_by <= records.last_known:
        return None
    try:
        material = gather(records.known_by(known_by), known_by, None, known_by)
    except UsageError:
        return None
    if material.is_silent:
        return None
    brief = compose(material)
    at = datetime.combine(known_by, time(), UTC)
    question = brief.chart_question(None, known_by)
    return Entry(f"{known_by}{_OF_DATA}", brief, at, at, records.revision, question)


def _holds(entry: Entry, words: str) -> bool:
    """Whether all words stand in an entry's title or bullets; the last may be a word's beginning."""
    asked = briefs.search_words(words.lower())
    if not asked:
        return asked is None
    text = f" {' '.join(briefs.search_words(' '.join(entry.brief.texts).lower()) or ())} "
    return all(f" {word} " in text for word in asked[:-1]) and f" {asked[-1]}" in text


def _feed_id(state: State) -> str:
    with state.begin() as connection:
        feed_id = connection.execute(select(NOTES.c.value).where(NOTES.c.name == "feeds")).scalar()
        if feed_id is None:
            feed_id = uuid4().hex
            connection.execute(insert(NOTES).values(name="feeds", value=feed_id))
        return str(feed_id)
