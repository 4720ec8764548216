"""Writing briefs from the evidence file: each once, however many servers are due at the same minute."""

from dataclasses import replace
from datetime import date, timedelta
from threading import Lock
from typing import Protocol

from bot.settings import Settings
from bot.state.briefs import Kept, Made
from bot.state.schedules import Last
from core.brief import Brief, compose, month_before
from core.brief.focus import focused
from core.evidence.evidence import Records, load
from core.store.store import open_store

NEWS = ("news.open", "raised.closed")
"""The facts that a brief states where an open model matched a level, or a closed one set one."""
_SCORES = "scores"
_KEPT = 50


class Writer(Protocol):
    """Writes briefs."""

    def revision(self) -> str:
        """Return the revision of the data."""
        ...

    def write(self, published: date, since: date | None, focus: str | None) -> Made:
        """Write the brief of a day; without `since` it says what is new since a month before."""
        ...


class EvidenceWriter:
    """Writes briefs from the evidence file of the settings; safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = Lock()
        self._kept: dict[tuple[str, date, date | None, str | None, date], Made | Exception] = {}

    def revision(self) -> str:
        """Return the revision of the data."""
        with open_store(self.settings.db, self.settings.data) as store:
            return store.revision

    def write(self, published: date, since: date | None, focus: str | None) -> Made:
        """Write the brief of a day, or return it as written before; raises UsageError where there can be none."""
        with self._lock:
            return self._written(published, since, focus, published)

    def rewrite(self, kept: Kept, today: date) -> Brief:
        """Write a brief of before anew, from the data of today; where it is of an earlier day it says so."""
        with self._lock:
            return self._written(kept.plain.published, kept.since, kept.focus, today).brief

    def _written(self, published: date, since: date | None, focus: str | None, today: date) -> Made:
        """Write a brief, once for each revision; what can't be written is not tried again either."""
        with open_store(self.settings.db, self.settings.data) as store:
            key = (store.revision, published, since, focus, today)
            if key not in self._kept:
                if len(self._kept) >= _KEPT:
                    self._kept.clear()
                try:
                    self._kept[key] = _compose(load(store), *key)
                except Exception as error:
                    self._kept[key] = error
        found = self._kept[key]
        if isinstance(found, Exception):
            raise found
        return found


def _compose(
    records: Records, revision: str, published: date, since: date | None, focus: str | None, today: date
) -> Made:
    evidence = records.known_by(records.last_known)
    brief = compose(focused(evidence, focus) if focus else evidence, published, since, today)
    has_news = any(fact.key in (*NEWS, _SCORES) for fact in brief.facts)
    return Made(brief, since or month_before(published), records.last_known, revision, has_news, focus)


def write_after(writer: Writer, last: Last | None, published: date, focus: str | None) -> Made:
    """Write the brief of a day that follows on another: what is new is what that one could not know.

    Levels that were reached after the day whose world the last brief described come first, then scores that became
    known after those that it was made from. On the same data there is no news.
    """
    if last is None:
        return writer.write(published, None, focus)
    before = published - timedelta(days=1)
    if last.revision == writer.revision():
        return replace(writer.write(published, min(last.day, before), focus), has_news=False)
    made = writer.write(published, min(last.as_of, before), focus)
    if any(fact.key in NEWS for fact in made.brief.facts):
        return made
    return writer.write(published, min(last.known_by, before), focus)
