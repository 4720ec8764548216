"""Milestones: a short brief as soon as a refresh of the data brings a first crossing or a new lead.

What was newest when it was last looked is noted in the state, so each is told once, and a first look tells nothing.
"""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, select

from bot.publish import desk
from bot.publish.writing import Writer
from bot.state import audit, briefs, guilds, notes
from bot.state.briefs import Made
from bot.state.guilds import Newsroom
from bot.state.state import State
from bot.state.tables import BRIEFS
from core.brief import Brief
from core.grounding import render

_NOTE = "milestones"
_LOOK_BACK = timedelta(days=365)
_BULLETS = 3
_TITLES = {
    "news.open": "{news.open} is the first open model to reach {news.level} on {news.test}",
    "raised.closed": "{raised.closed} is the first model to reach {raised.level} on {raised.test}",
}
"""By what a brief's news begins with: an open model matched a level, or a closed one set one."""


@dataclass(frozen=True)
class Newest:
    """The newest result of a kind: who reached which level on which test, as a key, and its day."""

    key: str
    day: date


def look(state: State, now: datetime, writer: Writer) -> int:
    """See if the data brought a milestone since the last look; return how many servers get a brief of it."""
    revision, published = writer.revision(), now.date()
    noted = notes.note(state, _NOTE)
    before = json.loads(noted) if noted else {}
    if before.get("revision") == revision:
        return 0
    newest = _newest(writer, published)
    new = [kind for kind, found in newest.items() if before and _is_new(found, before.get(kind))]
    made = _written(writer, published, new[0], newest[new[0]]) if new else None
    kept = {kind: [found.key, found.day.isoformat()] for kind, found in newest.items()}
    wanted = guilds.with_milestones(state)
    with state.begin() as connection:  # all servers at once, and it is noted: told is told
        if notes.read(connection, _NOTE) != noted:
            return 0
        notes.keep(connection, _NOTE, json.dumps({"revision": revision, **kept}))
        return 0 if made is None else _tell(connection, now, made, wanted)


def _newest(writer: Writer, published: date) -> dict[str, Newest]:
    """Return the newest level that an open model matched, and the newest that a closed one set since then."""
    newest: dict[str, Newest] = {}
    since = published - _LOOK_BACK
    for kind in _TITLES:
        facts = {fact.key: fact for fact in writer.write(published, since, None).brief.facts}
        if kind in facts:
            stem = kind.partition(".")[0]
            key = "/".join(str(facts[each].value) for each in (kind, f"{stem}.test", f"{stem}.level"))
            newest[kind] = Newest(key, date.fromisoformat(str(facts[f"{stem}.day"].value)))
            since = min(newest[kind].day, published - timedelta(days=1))
    return newest


def _is_new(found: Newest, before: list[str] | None) -> bool:
    """Whether a result is another than before, and no older one that only came to light."""
    return before is None or (found.key != before[0] and found.day >= date.fromisoformat(before[1]))


def _written(writer: Writer, published: date, kind: str, newest: Newest) -> Made | None:
    """Write a short brief: its news and the standing figures, with a title of the news."""
    made = writer.write(published, min(newest.day, published) - timedelta(days=1), None)
    if all(fact.key != kind for fact in made.brief.facts):
        return None
    title = render(_TITLES[kind], made.brief.facts)
    brief: Brief = replace(made.brief, title=title, bullets=made.brief.bullets[:_BULLETS], more=())
    return replace(made, brief=brief, kind="milestone")


def _tell(connection: Connection, now: datetime, made: Made, wanted: dict[int, Newsroom]) -> int:
    """Post a milestone in the servers that want them and did not have enough today; return how many."""
    number = 0
    for guild_id, newsroom in wanted.items():
        if _told_today(connection, guild_id, now) < newsroom.milestones_per_day:
            brief_id = briefs.add(connection, made, at=now, guild_id=guild_id, by=None)
            audit.note(connection, now, "made", guild_id=guild_id, who=None, brief_id=brief_id, detail="milestone")
            where = desk.targets_of(connection, guild_id, newsroom.milestones_channel_id)
            desk.send(connection, brief_id, where, now)
            audit.note(connection, now, "posted", guild_id=guild_id, who=None, brief_id=brief_id, detail="milestone")
            number += 1
    return number


def _told_today(connection: Connection, guild_id: int, now: datetime) -> int:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    query = select(func.count()).where(
        BRIEFS.c.guild_id == guild_id, BRIEFS.c.kind == "milestone", BRIEFS.c.made_at >= midnight
    )
    return int(connection.execute(query).scalar() or 0)
