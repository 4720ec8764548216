"""The archive: the briefs that were posted, and before the first of them the one that the newest data gives."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from time import monotonic
from typing import Any
from uuid import uuid4

from sqlalchemy import func, insert, select

from bot.settings import Settings
from bot.state import audit, briefs
from bot.state.state import State
from bot.state.tables import AUDIT, NOTES
from core.brief import Brief, compose
from core.errors import UsageError
from core.evidence.evidence import load
from core.questions import GapQuestion
from core.store.store import open_store

PER_PAGE = 20
LONGEST_SEARCH = 200
_MOST_WRITTEN, _MOST_READ = 50, 200
_OLD_SECONDS = 30.0
"""After so long what was read is read anew, whatever changed it."""
_WORD = re.compile(r"[^\W_]+")
_OF_DATA = "-brief"
"""How the address ends, after its day, of a brief that the data give."""
_SLUG = re.compile(r"[a-z0-9-]{1,120}")
_LAST_PAGE = 10_000


@dataclass(frozen=True)
class Entry:
    """A brief of the archive; `withdrawn_at` is None unless it was, `corrected` says when and what.

    `plain` is the brief without its corrections. `id` is None for one that nobody posted: it is made from the data when
    asked for, and its address does not have its title, which another version would word in another way.
    """

    slug: str
    brief: Brief
    plain: Brief
    posted_at: datetime
    changed_at: datetime
    revision: str
    known_by: date
    withdrawn_at: datetime | None = None
    corrected: tuple[tuple[datetime, str], ...] = ()
    id: int | None = None

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
    """Reads the archive. What was read is kept until something is done to a brief, or the data change."""

    def __init__(self, settings: Settings, state: State, revision: Callable[[], str]) -> None:
        self.settings, self.state, self._revision = settings, state, revision
        self._read: dict[Any, Any] = {}
        self._read_at: tuple[str, int] = ("", -1)
        self._read_on = 0.0
        self._written: OrderedDict[tuple[str, date | None], Entry | None] = OrderedDict()

    async def page(self, number: int = 0, words: str = "") -> tuple[list[Entry], int]:
        """Return the briefs of a page (counted from 0), the newest first, and how many there are in all."""
        number = min(max(number, 0), _LAST_PAGE)
        return await asyncio.to_thread(self._once, (number, words), lambda: self._page(number, words))

    async def newest(self) -> Entry | None:
        """Return the newest brief that stands; None where the data give none."""
        found, _ = await self.page()
        return next((each for each in found if each.withdrawn_at is None), None)

    async def all(self, since: date | None = None) -> list[Entry]:
        """Return all briefs, the newest first, or those of a day and later."""
        found, total = await self.page()
        for number in range(1, -(-total // PER_PAGE)):
            found = [*found, *(await self.page(number))[0]]
        return [each for each in found if since is None or each.brief.published >= since]

    async def find(self, slug: str) -> Entry | None:
        """Return a brief by its address; a day alone finds the brief of that day, posted or given by the data."""
        if not _SLUG.fullmatch(slug):
            return None
        return await asyncio.to_thread(self._once, slug, lambda: self._find(slug))

    async def earlier(self, entry: Entry) -> list[tuple[datetime, Brief]]:
        """Return a corrected brief as it read before each correction, with when that was, the last one first."""
        if entry.id is None or not entry.corrected:
            return []
        found = await asyncio.to_thread(briefs.versions, self.state, entry.id)
        return [(new.changed_at, old.brief) for old, new in pairwise(found) if new.what == "corrected"][::-1]

    async def feed_id(self) -> str:
        """Return what names this archive in feeds, made once and kept in the state: no address is in it."""
        return await asyncio.to_thread(self._once, "feeds", lambda: _feed_id(self.state))

    async def kept(self, key: Any, make: Callable[[], Awaitable[bytes]]) -> bytes:
        """Return what was made of the archive as it is; made once until something changes."""
        known = await asyncio.to_thread(self._known)
        if key not in known:
            known[key] = await make()
        found: bytes = known[key]
        return found

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
            self._read, self._read_at, self._read_on = {}, at, now
        return self._read

    def _page(self, number: int, words: str) -> tuple[list[Entry], int]:
        newest = self._of_data(None)
        is_first = newest is not None and _holds(newest, words) and not self._is_covered(newest)
        first, last = number * PER_PAGE - is_first, (number + 1) * PER_PAGE - is_first
        kept = briefs.archive(self.state, words=words, limit=last - max(first, 0), offset=max(first, 0))
        entries = [self._kept(each) for each in kept]
        if newest is not None and is_first and number == 0:
            entries.insert(0, newest)
        return entries, briefs.archive_size(self.state, words=words) + is_first

    def _is_covered(self, entry: Entry) -> bool:
        """Whether a brief that stands was posted on the day of an entry or later."""
        return any(
            each.status == "posted" and each.plain.published >= entry.brief.published
            for each in briefs.archive(self.state, limit=PER_PAGE)
        )

    def _find(self, slug: str) -> Entry | None:
        kept = briefs.by_slug(self.state, slug)
        if kept is not None:
            return self._kept(kept) if kept.status in briefs.PUBLIC and kept.posted_at else None
        try:
            day = date.fromisoformat(slug.removesuffix(_OF_DATA))
        except ValueError:
            return None
        posted = (each for each in self._page(0, "")[0] if each.id is not None and each.brief.published == day)
        return next(posted, None) or self._of_data(day)

    def _kept(self, kept: briefs.Kept) -> Entry:
        posted = kept.posted_at or kept.made_at
        withdrawn = None
        if kept.status == "withdrawn":
            done = audit.trail(self.state, brief_id=kept.id)
            withdrawn = next((each.at for each in done if each.what == "withdrawn"), kept.changed_at)
        return Entry(
            kept.slug, kept.brief, kept.plain, posted, kept.changed_at, kept.revision, kept.known_by, withdrawn,
            kept.corrected, kept.id,
        )  # fmt: skip

    def _of_data(self, day: date | None) -> Entry | None:
        """Write the brief of a day with what was known then, None for the last day on which something came in.

        Returns None for a day without one.
        """
        key = (self._revision(), day)
        if key not in self._written:
            self._written[key] = _of_data(self.settings, day)
            while len(self._written) > _MOST_WRITTEN:
                self._written.popitem(last=False)
        return self._written.get(key)


def _of_data(settings: Settings, day: date | None) -> Entry | None:
    with open_store(settings.db, settings.data) as store:
        records = load(store)
    day = day or records.last_known
    if not records.first_known <= day <= records.last_known:
        return None
    try:
        brief = compose(records.known_by(day), day, None, day)
    except UsageError:
        return None
    at = datetime.combine(day, time(), UTC)
    return Entry(f"{day}{_OF_DATA}", brief, brief, at, at, records.revision, day)


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
