"""The archive: the briefs that were posted, and before the first of them the one that the newest data gives."""

import asyncio
import re
import unicodedata
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import uuid4

from sqlalchemy import insert, select

from bot.settings import Settings
from bot.state import audit, briefs
from bot.state.state import State
from bot.state.tables import NOTES
from core.brief import Brief, compose
from core.errors import UsageError
from core.evidence.evidence import load
from core.questions import GapQuestion
from core.store.store import open_store

PER_PAGE = 20
LONGEST_SEARCH = 200
_KEPT = 50
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:-|$)")
_WORD = re.compile(r"[^\W_]+")
_SLUG = re.compile(r"[a-z0-9-]{1,120}")
_LAST_PAGE = 10_000


@dataclass(frozen=True)
class Entry:
    """A brief of the archive; `withdrawn_at` is None unless it was, `corrected` says when and what.

    `is_posted` is false for one that nobody posted: it is made from the data when asked for.
    """

    slug: str
    brief: Brief
    posted_at: datetime
    changed_at: datetime
    revision: str
    known_by: date
    withdrawn_at: datetime | None = None
    corrected: tuple[tuple[datetime, str], ...] = ()
    is_posted: bool = True

    @property
    def path(self) -> str:
        """Return the path of its page."""
        return f"briefs/{self.slug}"

    @property
    def updated(self) -> datetime:
        """Return when it last changed, for those who have read it."""
        return max(self.posted_at, self.changed_at, self.withdrawn_at or self.posted_at)

    @property
    def chart_question(self) -> GapQuestion:
        """Return the question whose chart belongs to the brief: the gap as it was then."""
        return GapQuestion(as_of=self.brief.as_of, known_by=self.known_by)


class Archive:
    """Reads the archive, each time as it is; what is worked out is kept in memory."""

    def __init__(self, settings: Settings, state: State) -> None:
        self.settings, self.state = settings, state
        self._written: OrderedDict[tuple[str, date], Entry | None] = OrderedDict()

    async def page(self, number: int = 0, words: str = "") -> tuple[list[Entry], int]:
        """Return the briefs of a page (counted from 0), the newest first, and how many there are in all."""
        return await asyncio.to_thread(self._page, min(max(number, 0), _LAST_PAGE), words)

    async def newest(self) -> Entry | None:
        """Return the newest brief that stands; None where the data give none."""
        found, _ = await self.page()
        return next((each for each in found if each.withdrawn_at is None), None)

    async def all(self, since: date | None = None) -> list[Entry]:
        """Return all briefs, the newest first, or those of a day and later."""
        found: list[Entry] = []
        number, total = 0, 1
        while len(found) < total and number <= _LAST_PAGE:
            entries, total = await self.page(number)
            found += entries
            number += 1
            if not entries:
                break
        return [each for each in found if since is None or each.brief.published >= since]

    async def find(self, slug: str) -> Entry | None:
        """Return a brief by its address; one that the data give is also found by its day alone."""
        return await asyncio.to_thread(self._find, slug) if _SLUG.fullmatch(slug) else None

    async def feed_id(self) -> str:
        """Return what names this archive in feeds, made once and kept in the state: no address is in it."""
        return await asyncio.to_thread(_feed_id, self.state)

    def _page(self, number: int, words: str) -> tuple[list[Entry], int]:
        first, total = number * PER_PAGE, briefs.archive_size(self.state, words=words)
        kept = briefs.archive(self.state, words=words, limit=PER_PAGE, offset=first)
        entries = [self._kept(each) for each in kept]
        newest = self._of_data(None)
        if newest is not None and _holds(newest, words) and not self._is_covered(newest):
            total += 1
            if number == 0:
                entries.insert(0, newest)
        return entries, total

    def _is_covered(self, entry: Entry) -> bool:
        """Whether a brief that stands was posted on the day of an entry or later."""
        return any(
            each.status == "posted" and each.brief.published >= entry.brief.published
            for each in briefs.archive(self.state, limit=PER_PAGE)
        )

    def _find(self, slug: str) -> Entry | None:
        kept = briefs.by_slug(self.state, slug)
        if kept is not None:
            return self._kept(kept) if kept.status in briefs.PUBLIC and kept.posted_at else None
        day = _DAY.match(slug)
        try:
            found = self._of_data(date.fromisoformat(day[1])) if day else None
        except ValueError:
            return None
        return found if found is not None and slug in (found.slug, found.brief.published.isoformat()) else None

    def _kept(self, kept: briefs.Kept) -> Entry:
        posted = kept.posted_at or kept.made_at
        withdrawn = None
        if kept.status == "withdrawn":
            done = audit.trail(self.state, brief_id=kept.id)
            withdrawn = next((each.at for each in done if each.what.startswith("withdr")), kept.changed_at)
        return Entry(
            kept.slug,
            kept.brief,
            posted,
            kept.changed_at,
            kept.revision,
            kept.made_at.date(),
            withdrawn,
            kept.corrected,
        )

    def _of_data(self, day: date | None) -> Entry | None:
        """Write the brief of a day with what was known then, None for the last day on which something came in.

        Returns None for a day without one.
        """
        with open_store(self.settings.db, self.settings.data) as store:
            records = load(store)
            day = day or records.last_known
            key = (store.revision, day)
            if key not in self._written:
                self._written[key] = None
                if records.first_known <= day <= records.last_known:
                    try:
                        brief = compose(records.known_by(day), day, None, day)
                        at = datetime.combine(day, time(), UTC)
                        self._written[key] = Entry(slug_of(brief), brief, at, at, store.revision, day, is_posted=False)
                    except UsageError:
                        pass
                while len(self._written) > _KEPT:
                    self._written.popitem(last=False)
            return self._written.get(key)


def slug_of(brief: Brief) -> str:
    """Return the last part of a brief's address: its day and title."""
    plain = unicodedata.normalize("NFKD", brief.title).encode("ascii", "ignore").decode().lower()
    return f"{brief.published.isoformat()}-{'-'.join(re.findall(r'[a-z0-9]+', plain))}"[:100].rstrip("-")


def _holds(entry: Entry, words: str) -> bool:
    """Whether all words stand in an entry's title or bullets; the last may be a word's beginning."""
    parts = [entry.brief.title, *(part for each in entry.brief.bullets for part in (each.text, each.remark or ""))]
    text = f" {' '.join(_WORD.findall(' '.join(parts).lower()))} "
    asked = _WORD.findall(words.lower())
    return all(f" {word} " in text for word in asked[:-1]) and all(f" {word}" in text for word in asked[-1:])


def _feed_id(state: State) -> str:
    with state.begin() as connection:
        found = connection.execute(select(NOTES.c.value).where(NOTES.c.name == "feeds")).scalar()
        if found is None:
            found = uuid4().hex
            connection.execute(insert(NOTES).values(name="feeds", value=found))
        return str(found)
