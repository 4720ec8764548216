"""Milestones: a short brief as soon as new data shows a first crossing, a new lead or a changed verdict.

It is posted in the servers that want milestones, and sent to everyone who watches its subjects.

A note in the state holds every level that a model was the first of its side to reach, in any data seen so far. So each
is reported once, even if scores are corrected or vanish and return, and the first run reports nothing. The note also
holds the last verdict on the direction and its day; today's path shows whether it changed.
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
"""A level of no model: if only this was reported, every test counts as new."""


def post_milestones(state: State, now: datetime, writer: Writer) -> int:
    """Post the milestones in data that is new since the last run; return the number of servers and watchers reached.

    The most important come first; those beyond a server's daily limit are never sent to it. The first run fills the
    feeds with the newest milestone of each test. Raises UsageError if there is nothing to measure.
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
    with state.begin() as connection:  # one transaction with the note, so that nothing is reported twice
        if notes.read(connection, _NOTE) != note:
            return 0
        notes.keep(connection, _NOTE, _write_note(revision, now_reported))
        for milestone in reversed([] if watches.has_milestones(connection) else earlier):
            _store_for_feeds(connection, now, milestone)
        posted = sum(_post(connection, now, milestone, newsrooms) for milestone in milestones[:most])
        brief_ids = [_store_for_feeds(connection, now, milestone) for milestone in milestones]
        return posted + sum(watches.notify_watchers(connection, brief_id, now) for brief_id in brief_ids if brief_id)


def _store_for_feeds(connection: Connection, now: datetime, milestone: NewBrief) -> int | None:
    """Store a milestone for its subjects' feeds and return its id; None if it has no subjects."""
    brief_id = watches.store_milestone(connection, milestone, now)
    if brief_id is not None:
        audit.add_entry(connection, now, MAKE.word, guild_id=None, who=None, detail="milestone")
    return brief_id


def _read_note(note: str | None) -> "tuple[str | None, Told]":
    """Parse the last run's note: the revision, the highest level of each key, and the verdict.

    A note in an older form is ignored, as is a verdict by another method.
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
    """Post a milestone in the servers that are below their daily limit; return how many."""
    n_posted = 0
    for guild_id, newsroom in newsrooms.items():
        if _count_today(connection, guild_id, now) < newsroom.milestones_per_day:
            brief_id = briefs.add(connection, milestone, at=now, guild_id=guild_id, by=None)
            targets = workflow.list_targets(connection, guild_id, newsroom.milestones_channel_id)
            workflow.send(connection, brief_id, targets, now)
            for step in (MAKE, POST):
                audit.add_entry(
                    connection, now, step.word, guild_id=guild_id, who=None, brief_id=brief_id, detail="milestone"
                )
            n_posted += 1
    return n_posted


def _count_today(connection: Connection, guild_id: int, now: datetime) -> int:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    query = select(func.count()).where(
        BRIEFS.c.guild_id == guild_id, BRIEFS.c.kind == "milestone", BRIEFS.c.made_at >= midnight
    )
    return int(connection.execute(query).scalar() or 0)
