"""The archive: posted briefs, preceded by the brief of the newest data."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from time import monotonic
from typing import Any
from uuid import uuid4

from sqlalchemy import func, insert, select

from bot.answers import open_evidence
from bot.memo import Memo
from bot.settings import Settings
from bot.state import audit, briefs
from bot.state.briefs import NO_MARKS
from bot.state.database import State
from bot.state.state_tables import AUDIT, NOTES
from bot.web.replies import WorkQueue
from core.brief import Brief, complete_day, compose, gather
from core.errors import UsageError
from core.evidence.evidence import Records, load
from core.questions import GapQuestion
from core.text.review import Review
from core.words import day, quote

PER_PAGE = 20
LONGEST_SEARCH = 200
LONGEST_SHOWN = 80
_MOST_WRITTEN, _MOST_READ = 50, 200
_OLD_SECONDS = 30.0
"""Maximum age of the cache, whatever changed."""
_DATA_SUFFIX = "-brief"
"""End of the slug, after the day, of a brief written from data."""
_SLUG = re.compile(r"[a-z0-9-]{1,120}")
_CHANGE_AGE = timedelta(days=30)
"""Feeds report corrections and withdrawals of older briefs for so long."""
_MOST_CHANGED = 20


class ForNow(bytes):
    """Incomplete content: served, but not cached."""


@dataclass(frozen=True)
class Entry:
    """A brief of the archive; `corrected` holds each correction's time and note.

    `id` is None for a brief that is written from the data on request. Its slug leaves out the title, which may change
    between versions of gapbrief.
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
        """The path of its page."""
        return f"briefs/{self.slug}"

    @property
    def title(self) -> str:
        """The title, marked if withdrawn."""
        return f"Withdrawn: {self.brief.title}" if self.withdrawn_at else self.brief.title

    @property
    def withdrawn(self) -> str:
        """A sentence that it was withdrawn, and when; "" if it was not."""
        return f"This brief was withdrawn on {day(self.withdrawn_at.date())}" if self.withdrawn_at else ""

    @property
    def updated(self) -> datetime:
        """The time of its last change for readers."""
        return max(self.posted_at, self.changed_at, self.withdrawn_at or self.posted_at)


class Archive:
    """Reads the archive, with a cache that lasts until a newsroom step or new data.

    Writing a brief from data is slow, so visitors' requests for one go through `queue`.
    """

    def __init__(self, settings: Settings, state: State, revision: Callable[[], str], queue: WorkQueue) -> None:
        self.settings, self.state, self._revision, self._queue = settings, state, revision, queue
        self._cache: dict[Any, Any] = {}
        self._pages: Memo[Any, bytes] = Memo(_MOST_READ)
        self._read_at: tuple[str, int] = ("", -1)
        self._read_on = 0.0
        self._composed: dict[tuple[str, date | None], Entry | None] = {}

    async def page(self, number: int = 0, words: str = "") -> tuple[list[Entry], int]:
        """Return a page (from 0) of briefs, and their total number.

        They are sorted by their day, then by the time of posting, newest first.
        """
        return await asyncio.to_thread(self._cached, (number, words), lambda: self._page(number, words))

    async def newest(self) -> Entry | None:
        """Return the newest brief that is not withdrawn, if any."""
        entries, _ = await self.page()
        return next((entry for entry in entries if entry.withdrawn_at is None), None)

    async def all(self) -> list[Entry]:
        """Return all briefs, newest first."""
        entries, total = await self.page()
        for number in range(1, -(-total // PER_PAGE)):
            entries = [*entries, *(await self.page(number))[0]]
        return entries

    async def feed_entries(self, today: date) -> list[Entry]:
        """Return the newest briefs, then older ones that were corrected or withdrawn recently."""
        newest, _ = await self.page()
        since = datetime.combine(today, time(), UTC) - _CHANGE_AGE
        changed_entries = await asyncio.to_thread(self._cached, ("changed", since), lambda: self._read_changed(since))
        newest_slugs = {entry.slug for entry in newest}
        changed_only = [entry for entry in changed_entries if entry.slug not in newest_slugs][:_MOST_CHANGED]
        return newest + sorted(changed_only, key=lambda entry: (entry.brief.published, entry.posted_at), reverse=True)

    async def milestones_about(self, subject: str) -> list[Entry]:
        """Return the newest milestones about a subject."""
        milestones = await asyncio.to_thread(briefs.list_milestones, self.state, subject, limit=PER_PAGE)
        return [self._read_entry(milestone) for milestone in milestones]

    async def find(self, slug: str) -> Entry | None:
        """Return a brief by its slug; a day alone finds that day's brief, posted or written from data.

        Raises BusyError if it must be written and too many wait for that.
        """
        if not _SLUG.fullmatch(slug):
            return None
        entry_or_day = await asyncio.to_thread(self._find, slug)
        if not isinstance(entry_or_day, date):
            return entry_or_day
        key = (self._revision(), entry_or_day)
        if key in self._composed:
            return self._composed[key]
        return await self._queue.do(lambda: asyncio.to_thread(self._write_from_data, entry_or_day))

    async def say_missing(self, slug: str) -> str:
        """Say that there is no brief at a slug, and since when there are no new data."""
        sentence = f"There is no brief {quote(slug, LONGEST_SHOWN)}"
        with suppress(ValueError):
            brief_day = date.fromisoformat(slug.removesuffix(_DATA_SUFFIX))
            last = await asyncio.to_thread(self._cached, ("complete day",), self._read_complete_day)
            sentence += f": no new data since {day(last)}" if brief_day > last else ""
        return f"{sentence}; the newest is at /briefs."

    async def earlier_versions(self, entry: Entry) -> list[tuple[datetime, Brief]]:
        """Return a brief's text before each correction with the correction's time, newest first."""
        if entry.id is None or not entry.corrected:
            return []
        versions = await asyncio.to_thread(briefs.list_versions, self.state, entry.id)
        return [(new.changed_at, old.brief) for old, new in pairwise(versions) if new.what == "corrected"][::-1]

    async def feed_id(self) -> str:
        """Return this archive's permanent id in feeds, which is independent of its address."""
        return await asyncio.to_thread(self._cached, "feeds", lambda: _feed_id(self.state))

    async def memoize(self, key: Any, make: Callable[[], Awaitable[bytes]]) -> bytes:
        """Return content from the cache, or make it; only `ForNow` content is not cached.

        Concurrent requests wait for the same content.
        """
        await asyncio.to_thread(self._current_cache)
        return await self._pages.get(key, make, lambda page: not isinstance(page, ForNow))

    def _cached(self, key: Any, read: Callable[[], Any]) -> Any:
        """Return a value from the cache, or read it."""
        cache = self._current_cache()
        if key not in cache:
            cache[key] = read()
        return cache[key]

    def _current_cache(self) -> dict[Any, Any]:
        """Return the cache, emptied after a change: each newsroom step adds to the audit trail."""
        with self.state.reading() as connection:
            steps = connection.execute(select(func.max(AUDIT.c.id))).scalar() or 0
        now, version = monotonic(), (self._revision(), steps)
        if version != self._read_at or now - self._read_on > _OLD_SECONDS or len(self._cache) > _MOST_READ:
            self._cache, self._pages, self._read_at, self._read_on = {}, Memo(_MOST_READ), version, now
        return self._cache

    def _page(self, number: int, words: str) -> tuple[list[Entry], int]:
        newest = self._write_from_data(None)
        is_first = newest is not None and _matches(newest, words) and not self._is_covered(newest)
        first, last = number * PER_PAGE - is_first, (number + 1) * PER_PAGE - is_first
        stored_briefs = briefs.search_archive(self.state, words=words, limit=last - max(first, 0), offset=max(first, 0))
        entries = [self._read_entry(row) for row in stored_briefs]
        if newest is not None and is_first and number == 0:
            n_later = sum(row.brief.published > newest.brief.published for row in entries)  # all of them withdrawn
            entries.insert(n_later, newest)
        return entries, briefs.count_archive(self.state, words=words) + is_first

    def _read_changed(self, since: datetime) -> list[Entry]:
        return [self._read_entry(row) for row in briefs.list_changed(self.state, since, limit=PER_PAGE + _MOST_CHANGED)]

    def _is_covered(self, entry: Entry) -> bool:
        """Whether a posted brief is as new as an entry."""
        return any(
            stored.status == "posted" and stored.brief.published >= entry.brief.published
            for stored in briefs.search_archive(self.state, limit=PER_PAGE)
        )

    def _find(self, slug: str) -> Entry | date | None:
        """Return the brief posted at a slug, or the day whose brief can be written from data.

        Neither is cached by its slug, as a flood of slugs would displace everything else.
        """
        stored = briefs.by_slug(self.state, slug)
        if stored is not None:
            is_shown = stored.is_public and stored.status in briefs.PUBLIC and stored.posted_at is not None
            return self._read_entry(stored) if is_shown else None
        try:
            brief_day = date.fromisoformat(slug.removesuffix(_DATA_SUFFIX))
        except ValueError:
            return None
        newest, _ = self._cached((0, ""), lambda: self._page(0, ""))
        posted = (entry for entry in newest if entry.id is not None and entry.brief.published == brief_day)
        records = self._cached(("records",), lambda: _read_records(self.settings))
        return next(posted, None) or (brief_day if records.first_known <= brief_day <= records.last_known else None)

    def _read_complete_day(self) -> date:
        records = _read_records(self.settings)
        return complete_day(records.known_by(records.last_known))

    def _read_entry(self, stored: briefs.StoredBrief) -> Entry:
        posted_at, changed_at = stored.posted_at or stored.made_at, stored.changed_at
        if stored.kind == briefs.ARCHIVE:  # written later, so it is not today's news
            posted_at = datetime.combine(stored.brief.published, time(), UTC)
            changed_at = changed_at if stored.corrections else posted_at
        withdrawn_at = None
        if stored.status == "withdrawn":
            trail = audit.list_entries(self.state, brief_id=stored.id)
            withdrawn_at = next((step.at for step in trail if step.what == "withdrawn"), stored.changed_at)
        return Entry(
            stored.slug, stored.brief, posted_at, changed_at, stored.revision, stored.chart_question,
            withdrawn_at, stored.corrections, stored.id, stored.review,
        )  # fmt: skip

    def _write_from_data(self, brief_day: date | None) -> Entry | None:
        """Write a day's brief from the data known then; None means the last day with new data.

        Returns None for a day without a brief, or without any data in its last month.
        """
        key = (self._revision(), brief_day)
        if key not in self._composed:
            self._composed[key] = _write_from_data(self.settings, brief_day)
            self._forget_oldest(key[0])
        return self._composed.get(key)

    def _forget_oldest(self, revision: str) -> None:
        """Drop briefs of former data, and of the oldest days; the newest brief and days without one stay."""
        entries = list(self._composed.items())  # a copy, as another thread may add one
        day_keys = [key for key, entry in entries if key[0] == revision and key[1] and entry]
        stale_keys = [key for key, _ in entries if key[0] != revision]
        for key in [*stale_keys, *day_keys[:-_MOST_WRITTEN]]:
            self._composed.pop(key, None)


def _read_records(settings: Settings) -> Records:
    with open_evidence(settings) as store:
        return load(store)


def _write_from_data(settings: Settings, brief_day: date | None) -> Entry | None:
    records = _read_records(settings)
    known_by = brief_day or records.last_known
    if not records.first_known <= known_by <= records.last_known:
        return None
    try:
        material = gather(records.known_by(known_by), known_by, None, known_by)
    except UsageError:
        return None
    if material.is_silent:
        return None
    brief = compose(material)
    moment = datetime.combine(known_by, time(), UTC)
    question = brief.chart_question(None, known_by)
    return Entry(f"{known_by}{_DATA_SUFFIX}", brief, moment, moment, records.revision, question)


def _matches(entry: Entry, words: str) -> bool:
    """Whether an entry contains all words; the last word may be a prefix."""
    search_words = briefs.search_words(words.lower())
    if not search_words:
        return search_words is None
    text = f" {' '.join(briefs.search_words(' '.join(entry.brief.texts).lower()) or ())} "
    return all(f" {word} " in text for word in search_words[:-1]) and f" {search_words[-1]}" in text


def _feed_id(state: State) -> str:
    with state.begin() as connection:
        feed_id = connection.execute(select(NOTES.c.value).where(NOTES.c.name == "feeds")).scalar()
        if feed_id is None:
            feed_id = uuid4().hex
            connection.execute(insert(NOTES).values(name="feeds", value=feed_id))
        return str(feed_id)
