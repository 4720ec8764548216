"""Milestones: a short brief as soon as a refresh of the data brings a first crossing, a new lead or another verdict.

It is posted in the servers that want milestones, and told to all who watch what it is about.

The state notes every level that a model was the first of its side to reach, of all data that was ever looked at. So
each is told once, also where scores are corrected, or go and come back; and a first look tells nothing. It notes the
last verdict on the direction too, with its day: whether that changed is read off the path of today.
"""

import json
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from bot.newsroom import workflow
from bot.newsroom.step_table import MAKE, POST
from bot.newsroom.writing import Writer
from bot.state import audit, briefs, guilds, notes, watches
from bot.state.briefs import NewBrief
from bot.state.database import State
from bot.state.guilds import NewsroomSettings
from bot.state.state_tables import BRIEFS
from core.gap.parameters import DEFAULT

if TYPE_CHECKING:
    from core.brief.milestones import Told

_NOTE = "milestones"
_EMPTY_LEVELS = {("", "", ""): 0.0}
"""A level that no model reached: where it alone was told, every test counts as new."""


def post_milestones(state: State, now: datetime, writer: Writer) -> int:
    """See if the data brought milestones since the last look, and post them; return to how many servers and watchers.

    The most important come first, and what a server has no room for today is noted as told. A first look gives the
    feeds the newest milestone of each test. Raises UsageError where there is nothing to measure.
    """
    from core.brief.milestones import Told

    note, revision = notes.read_note(state, _NOTE), writer.read_revision()
    last_revision, reported = _read_note(note)
    if last_revision == revision:
        return 0
    newsrooms = guilds.list_milestone_newsrooms(state)
    most = max((newsroom.milestones_per_day for newsroom in newsrooms.values()), default=0)
    milestones, now_reported = writer.write_milestones(now.date(), reported)
    earlier = [] if reported.levels else writer.write_milestones(now.date(), Told(_EMPTY_LEVELS, reported.verdict))[0]
    with state.begin() as connection:  # all servers at once, and it is noted: told is told
        if notes.read(connection, _NOTE) != note:
            return 0
        notes.keep(connection, _NOTE, _write_note(revision, now_reported))
        for milestone in reversed([] if watches.has_milestones(connection) else earlier):
            _store_for_feeds(connection, now, milestone)
        posted = sum(_post(connection, now, milestone, newsrooms) for milestone in milestones[:most])
        brief_ids = [_store_for_feeds(connection, now, milestone) for milestone in milestones]
        return posted + sum(
            watches.notify_watchers(connection, brief_id, now) for brief_id in brief_ids if brief_id is not None
        )


def _store_for_feeds(connection: Connection, now: datetime, milestone: NewBrief) -> int | None:
    """Keep a milestone for the feeds of what it is about, and return its id; None where it is about no single thing."""
    brief_id = watches.store_milestone(connection, milestone, now)
    if brief_id is not None:
        audit.add_entry(connection, now, MAKE.word, guild_id=None, who=None, detail="milestone")
    return brief_id


def _read_note(note: str | None) -> "tuple[str | None, Told]":
    """Read what is noted of the last look: of which revision, the highest level of each key, and the verdict.

    A note of another form counts for nothing; the verdict of another method is none.
    """
    from core.brief.milestones import Told
    from core.brief.verdicts import Verdict

    content = json.loads(note) if note else {}
    if "levels" not in content:
        return None, Told()
    levels = {(side, test, model): level for side, test, model, level in content["levels"]}
    if content.get("method") != DEFAULT.name or "verdict" not in content:
        return content["revision"], Told(levels)
    state, day = content["verdict"]
    return content["revision"], Told(levels, Verdict(state, date.fromisoformat(day)))


def _write_note(revision: str, reported: "Told") -> str:
    levels = [[*key, level] for key, level in reported.levels.items()]
    verdict = [reported.verdict.state, reported.verdict.day.isoformat()]
    return json.dumps({"revision": revision, "levels": levels, "method": DEFAULT.name, "verdict": verdict})


def _post(connection: Connection, now: datetime, milestone: NewBrief, newsrooms: dict[int, NewsroomSettings]) -> int:
    """Post a milestone in the servers that want them and did not have enough today; return how many."""
    number = 0
    for guild_id, newsroom in newsrooms.items():
        if _count_today(connection, guild_id, now) < newsroom.milestones_per_day:
            brief_id = briefs.add(connection, milestone, at=now, guild_id=guild_id, by=None)
            audit.add_entry(
                connection,
                now,
                MAKE.word,
                guild_id=guild_id,
                who=None,
                brief_id=brief_id,
                detail="milestone",
            )
            targets = workflow.list_targets(connection, guild_id, newsroom.milestones_channel_id)
            workflow.send(connection, brief_id, targets, now)
            audit.add_entry(
                connection,
                now,
                POST.word,
                guild_id=guild_id,
                who=None,
                brief_id=brief_id,
                detail="milestone",
            )
            number += 1
    return number


def _count_today(connection: Connection, guild_id: int, now: datetime) -> int:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    query = select(func.count()).where(
        BRIEFS.c.guild_id == guild_id, BRIEFS.c.kind == "milestone", BRIEFS.c.made_at >= midnight
    )
    return int(connection.execute(query).scalar() or 0)
