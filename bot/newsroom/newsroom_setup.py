"""Setting up newsrooms: servers' settings, targets outside Discord, and which servers' briefs are public."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.newsroom.step_table import ADD_TARGET, REMOVE_TARGET, SET, TEST_TARGET, Step
from bot.newsroom.targets import CheckedAddress, NotDoneError, RefusedError, UnsureError, address_kinds, with_address
from bot.newsroom.workflow import Actor
from bot.settings import Settings
from bot.state import audit, guilds, schedules, target_rows
from bot.state.database import State
from bot.state.target_rows import TargetRow
from core.errors import GapbriefError, UsageError
from core.words import and_list


def change_settings(
    state: State, guild_id: int, changes: Mapping[str, Any], detail: str, actor: Actor, now: datetime, *,
    channels: Collection[int] | None = None,
) -> None:  # fmt: skip
    """Change some of a server's newsroom settings, and the `channels` to answer in; `detail` goes to the audit trail.

    Raises UsageError if a schedule that asks first would lose the channel for its drafts.
    """
    with state.begin() as connection:
        newsroom = replace(guilds.select_newsroom(connection, guild_id), **changes)
        if "review_channel_id" in changes and newsroom.review_channel_id is None:
            _check_none_asks(connection, guild_id)
        guilds.set_newsroom(connection, guild_id, newsroom)
        if channels is not None:
            guilds.set_channels(connection, guild_id, channels)
        audit.add_entry(connection, now, SET.word, guild_id=guild_id, who=actor.user_id, detail=detail)


def _check_none_asks(connection: Connection, guild_id: int) -> None:
    asking = [str(schedule_id) for schedule_id in schedules.list_asking_first(connection, guild_id)]
    if not asking:
        return
    many = "s" * (len(asking) > 1)
    raise UsageError(
        f"Schedule{many} {and_list(asking, len(asking))} {'send their' if many else 'sends its'} drafts to the"
        f" moderators' channel; choose another channel, or remove the schedule{many} first."
    )


def publish_briefs(state: State, guild_id: int, now: datetime, *, undo: bool = False) -> str:
    """Make a server's briefs public, or private again; return the result as a predicate, such as "are public"."""
    with state.begin() as connection:
        is_new = guilds.make_private(connection, guild_id) if undo else guilds.make_public(connection, guild_id, now)
        if not is_new:
            return "are not public" if undo else "are public already"
        change = "are no longer public" if undo else "are public"
        detail = f"briefs of server {guild_id} {change}"
        audit.add_entry(connection, now, SET.word, guild_id=None, who=None, detail=detail)
        return change


def add_target(
    state: State, kind: str, checked: CheckedAddress, now: datetime, *, guild_id: int | None, name: str | None
) -> TargetRow:
    """Add a target; raises UsageError for an address that exists already and for an invalid or used name."""
    with state.begin() as connection:
        for existing in target_rows.select_targets(connection, guild_id):
            is_same_key = not address_kinds()[kind].home or existing.secret == checked.secret
            if (existing.kind, existing.address) == (kind, checked.address) and is_same_key:
                raise UsageError(f"Target {existing.name} has this address already; remove it first to add it again.")
        target = target_rows.add(
            connection, kind=kind, address=checked.address, secret=checked.secret, at=now, guild_id=guild_id, name=name
        )
        _audit(connection, now, ADD_TARGET, target, str(target))
        return target


def test_target(state: State, name: str, now: datetime, settings: Settings) -> tuple[TargetRow, str]:
    """Test a target; return it and the result.

    Raises UsageError if there is no such target, GapbriefError if the test failed.
    """
    with state.reading() as connection:
        target = target_rows.find_by_name(connection, name)
    sender = address_kinds()[target.kind](lambda _: target, settings)
    try:
        result = asyncio.run(sender.test(with_address(target), now))
    except (NotDoneError, UnsureError, RefusedError) as error:
        reason = str(error).rstrip(".")
        raise GapbriefError(f"Target {target.name} ({target}) did not take the test: {reason}.") from error
    with state.begin() as connection:
        _audit(connection, now, TEST_TARGET, target, result)
    return target, result


def remove_target(state: State, name: str, now: datetime) -> TargetRow:
    """Remove a target by its name; raises UsageError if there is none."""
    with state.begin() as connection:
        target = target_rows.find_by_name(connection, name)
        target_rows.remove(connection, target)
        _audit(connection, now, REMOVE_TARGET, target, str(target))
        return target


def _audit(connection: Connection, now: datetime, step: Step, target: TargetRow, detail: str) -> None:
    detail = f"target {target.name}: {detail}"
    audit.add_entry(connection, now, step.word, guild_id=target.guild_id, who=None, detail=detail)
