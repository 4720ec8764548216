"""Schedules: people set them, the worker runs them every few seconds; each due time makes at most one brief."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.newsroom import workflow
from bot.newsroom.recurrence import Due, describe_rule, due_times, is_once, next_due, parse_rule, parse_zone
from bot.newsroom.step_table import MAKE, PAUSE, POST, REMOVE, RESUME, RUN_NOW, SCHEDULE, Step
from bot.newsroom.workflow import Actor
from bot.newsroom.writing import Writer, parse_focus, write_after
from bot.state import audit, briefs, guilds, outbox, schedules
from bot.state.briefs import NewBrief
from bot.state.database import State
from bot.state.schedules import NewSchedule, Run, Schedule
from core.errors import UsageError
from core.words import count

_ON_TIME = timedelta(minutes=5)
"""A brief this late is still on time, whatever the grace."""
_WRONG_CLOCK = timedelta(days=2)
"""A schedule checked further ahead than this was checked by a wrong clock."""
_DOUBLE_PRESS = timedelta(minutes=1)
"""Two presses closer than this count as one, even if the second comes from a clock that is behind."""
MOST_GRACE = 7 * 24 * 60
_MOST = 20
"""The most schedules that a server may have."""
_DONE = "done"
"""Why a schedule for a single time is paused after that time."""
_NO_REVIEW_CHANNEL = "To be asked first, set a moderators' channel for the drafts with /newsroom settings."


# ---- people's steps


def add(state: State, new: NewSchedule, actor: Actor, now: datetime, *, guild_id: int | None = None) -> Schedule:
    """Set a schedule for the person's server; the operator's is for `guild_id`, or the whole service.

    The operator's schedules can ask first without a review channel: their drafts wait for the command line.
    Raises UsageError for settings that are invalid.
    """
    guild_id = guild_id if actor.user_id is None else actor.guild_id
    if new.role_id is not None and new.channel_id is None:
        raise UsageError("A role is mentioned in a Discord channel alone; give the channel too, or leave the role out.")
    focus = parse_focus(new.focus) if new.focus else None
    zone = parse_zone(new.timezone)
    rule = parse_rule(new.rule, zone, now)
    only_news = not is_once(rule) if new.only_news is None else new.only_news
    new = replace(new, rule=rule, timezone=zone, focus=focus, only_news=only_news)
    if not 0 <= new.grace_minutes <= MOST_GRACE:
        raise UsageError(f"A grace of {new.grace_minutes} minutes can't be; give 0 to {MOST_GRACE} (a week).")
    existing = schedules.list_schedules(state, guild_id=guild_id)
    if guild_id is not None and sum(schedule.paused_why != _DONE for schedule in existing) >= _MOST:
        raise UsageError(f"There are {_MOST} schedules here, and more can't be; remove one first.")
    _check_no_duplicate(existing, new)
    with state.begin() as connection:
        review_channel = new.review_channel_id or guilds.select_newsroom(connection, guild_id).review_channel_id
        if new.ask_first and review_channel is None and actor.user_id is not None:
            raise UsageError(_NO_REVIEW_CHANNEL)
        schedule_id = schedules.add(connection, new, now, guild_id=guild_id, by=actor.user_id)
        detail = f"schedule {schedule_id}: {describe_rule(new.rule)} in {new.timezone}"
        audit.add_entry(connection, now, SCHEDULE.word, guild_id=guild_id, who=actor.user_id, detail=detail)
        return _get_schedule(connection, schedule_id, actor)


def pause(state: State, schedule_id: int, actor: Actor, now: datetime) -> Schedule:
    """Pause a schedule."""
    with state.begin() as connection:
        schedule = _get_schedule(connection, schedule_id, actor)
        if schedules.pause(connection, schedule_id, "a moderator paused it"):
            _audit(connection, now, PAUSE, schedule, actor)
        return _get_schedule(connection, schedule_id, actor)


def resume(state: State, schedule_id: int, actor: Actor, now: datetime) -> Schedule:
    """Resume a paused schedule from its next due time; raises UsageError for a single time that is over."""
    with state.begin() as connection:
        schedule = _get_schedule(connection, schedule_id, actor)
        is_over = schedule.paused_why == _DONE or not next_due(schedule.rule, schedule.timezone, now, 1)
        if is_once(schedule.rule) and is_over:
            time = describe_rule(schedule.rule)
            raise UsageError(f"Schedule {schedule_id} was for {time}, which is over; set another.")
        if schedule.paused:
            schedules.resume(connection, schedule_id, now)
            _audit(connection, now, RESUME, schedule, actor)
        return _get_schedule(connection, schedule_id, actor)


def remove(state: State, schedule_id: int, actor: Actor, now: datetime) -> list[int]:
    """Remove a schedule; what it posted stays. Return the briefs whose waiting deliveries were cancelled."""
    with state.begin() as connection:
        schedule = _get_schedule(connection, schedule_id, actor)
        unsent = schedules.remove(connection, schedule_id)
        _audit(connection, now, REMOVE, schedule, actor)
        return unsent


def removal_sentence(schedule_id: int, unsent: Sequence[int], hint: str) -> str:
    """Confirm a removal; `hint` says how to send an unsent brief, with {} for the brief's number."""
    sentence = REMOVE.sentence.format(schedule_id)
    for brief_id in unsent:
        sentence += f" What waited to be sent of brief {brief_id} is not sent any more; {hint.format(brief_id)}."
    return sentence


def run_now(state: State, schedule_id: int, actor: Actor, now: datetime, writer: Writer) -> int:
    """Write a schedule's brief now, news or not, publish it as the schedule says, and return its id.

    Raises UsageError if it was run within the last minute, as by a double press.
    """
    with state.begin() as connection:
        schedule = _get_schedule(connection, schedule_id, actor)
        last = schedules.find_last_brief(connection, schedule_id)
    local = now.astimezone(ZoneInfo(schedule.timezone))
    brief = write_after(writer, last, local.date(), schedule.focus)
    brief = writer.reword(brief) if schedule.ask_first else brief
    due = Due(f"{local:%Y-%m-%dT%H:%M}{schedules.RUN_NOW}", now)
    with state.begin() as connection:
        schedule = _get_schedule(connection, schedule_id, actor, lock=True)
        is_twice = schedules.was_run_now(connection, schedule_id, now - _DOUBLE_PRESS, now + _DOUBLE_PRESS)
        if is_twice or schedules.has_run(connection, schedule_id, due.local):
            raise UsageError("This schedule was run a moment ago; see the history.")
        _audit(connection, now, RUN_NOW, schedule, actor)
        return _publish(connection, schedule, due, brief, now)


def describe_review(state: State, brief_id: int) -> str:
    """Say who approves a schedule's draft: "goes to the moderators' channel for approval"."""
    kinds = [item.kind for item in outbox.list_items(state, brief_id) if item.action == "review"]
    if not kinds:
        return "waits for approval"
    if kinds[0] == "discord":
        return "goes to the moderators' channel for approval"
    return "goes to whoever set the schedule for approval, as there is no moderators' channel"


def _check_no_duplicate(existing: Sequence[Schedule], new: NewSchedule) -> None:
    for schedule in existing:
        is_same = all(getattr(schedule, name) == value for name, value in vars(new).items() if name != "rule")
        if is_same and describe_rule(schedule.rule) == describe_rule(new.rule):
            hint = "resume that" if schedule.paused else "give another time or place, or remove that first"
            raise UsageError(f"Schedule {schedule.id} is the same{' and paused' * schedule.paused}; {hint}.")


def next_times(schedule: Schedule, now: datetime, number: int = 3) -> list[datetime]:
    """Return a schedule's next times, in UTC; none while it is paused."""
    return [] if schedule.paused else next_due(schedule.rule, schedule.timezone, now, number)


def describe_pause(schedule: Schedule) -> str | None:
    """Say why a schedule has no next time: "done" or "paused: …"; None if it has one."""
    if not schedule.paused:
        return None
    return _DONE if schedule.paused_why == _DONE else f"paused: {schedule.paused_why or 'a moderator paused it'}"


# ---- the worker's steps


def run_due(state: State, now: datetime, writer: Writer) -> int:
    """Handle all due times since the last run, and return the number of briefs written.

    The latest missed time is made up for within its grace; earlier ones are recorded as skipped. A failing schedule
    doesn't hold up the others: the first error is raised at the end, and the schedule stays due.
    """
    n_briefs, first_error = 0, None
    reword = cache(writer.reword)  # ask the model once for equal briefs, even if it fails
    for schedule in schedules.list_active(state):
        try:
            n_briefs += _run_schedule(state, schedule, now, writer, reword)
        except Exception as error:
            first_error = first_error or error
    if first_error is not None:
        raise first_error
    return n_briefs


def _run_schedule(
    state: State, schedule: Schedule, now: datetime, writer: Writer, reword: Callable[[NewBrief], NewBrief]
) -> int:
    if schedule.checked_until > now + _WRONG_CLOCK:
        with state.begin() as connection:
            schedules.set_checked(connection, schedule.id, now)
        return 0
    missed = list(due_times(schedule.rule, schedule.timezone, schedule.checked_until, now))
    if not missed:
        return 0
    newest = missed[-1]
    in_time = now - newest.at <= max(timedelta(minutes=schedule.grace_minutes), _ON_TIME)
    brief, reason = _write_due(state, schedule, now, writer) if in_time else (None, "missed by more than its grace")
    if brief is not None and schedule.ask_first and (brief.has_news or not schedule.only_news):
        brief = reword(brief)  # a model's words are posted only after approval
    with state.begin() as connection:
        current = schedules.get(connection, schedule.id, lock=True)
        if current is None or current.paused or current.checked_until != schedule.checked_until:
            return 0  # changed or handled meanwhile
        schedules.set_checked(connection, schedule.id, newest.at)
        if is_once(schedule.rule):
            schedules.pause(connection, schedule.id, _DONE)
        _note_skipped(connection, schedule, missed[:-1])
        if schedules.has_run(connection, schedule.id, newest.local):
            return 0
        if brief is None:
            _add_run(connection, schedule, newest, "skipped", None, reason)
        elif schedule.only_news and not brief.has_news:
            _add_run(connection, schedule, newest, "nothing-new", None, None)
        else:
            _publish(connection, schedule, newest, brief, now)
            return 1
    return 0


def _write_due(state: State, schedule: Schedule, now: datetime, writer: Writer) -> tuple[NewBrief | None, str | None]:
    """Return the due brief, or why it can't be written; the writer caches equal briefs."""
    with state.reading() as connection:
        last = schedules.find_last_brief(connection, schedule.id)
    today = now.astimezone(ZoneInfo(schedule.timezone)).date()
    try:
        return write_after(writer, last, today, schedule.focus), None
    except UsageError as error:
        return None, str(error)


def _publish(connection: Connection, schedule: Schedule, due: Due, brief: NewBrief, now: datetime) -> int:
    """Store a due brief, and queue it for its readers, or first for the moderators."""
    brief_id = briefs.add(connection, brief, at=now, guild_id=schedule.guild_id, by=None)
    due_at = due.local.rstrip(schedules.RUN_NOW).replace("T", " ")
    detail = f"schedule {schedule.id}, due {due_at} in {schedule.timezone}"
    audit.add_entry(connection, now, MAKE.word, guild_id=schedule.guild_id, who=None, brief_id=brief_id, detail=detail)
    _add_run(connection, schedule, due, "awaiting" if schedule.ask_first else "made", brief_id, None)
    if schedule.ask_first:
        target = _review_target(connection, schedule)
        if target is not None:
            outbox.enqueue(connection, brief_id, 1, "review", [target], now, schedule_id=schedule.id)
    else:
        targets = workflow.list_targets(connection, schedule.guild_id, schedule.channel_id)
        workflow.send(connection, brief_id, targets, now, schedule_id=schedule.id)
        word = POST.word
        audit.add_entry(connection, now, word, guild_id=schedule.guild_id, who=None, brief_id=brief_id, detail=detail)
    return brief_id


def _review_target(connection: Connection, schedule: Schedule) -> str | None:
    """Return who approves drafts: the moderators' channel, or whoever set the schedule; None for the operator."""
    channel = schedule.review_channel_id or guilds.select_newsroom(connection, schedule.guild_id).review_channel_id
    if channel is not None:
        return f"discord:{channel}"
    return None if schedule.made_by is None else f"user:{schedule.made_by}"


def _note_skipped(connection: Connection, schedule: Schedule, missed: list[Due]) -> None:
    """Record missed times that are not made up for: only the latest, with the number of others."""
    if not missed:
        return
    newest = missed[-1]
    more = f", with {count(len(missed) - 1, 'time')} before it" if len(missed) > 1 else ""
    if not schedules.has_run(connection, schedule.id, newest.local):
        _add_run(connection, schedule, newest, "skipped", None, f"missed{more}, as a later time had come")


def _add_run(
    connection: Connection, schedule: Schedule, due: Due, status: str, brief_id: int | None, note: str | None
) -> None:
    schedules.add_run(connection, Run(schedule.id, due.local, due.at, status, brief_id, note))


def _get_schedule(connection: Connection, schedule_id: int, actor: Actor, *, lock: bool = False) -> Schedule:
    schedule = schedules.get(connection, schedule_id, lock=lock)
    if schedule is None or not actor.may(schedule.guild_id):
        raise UsageError(f"There is no schedule {schedule_id} here; the list shows the existing ones.")
    return schedule


def _audit(connection: Connection, now: datetime, step: Step, schedule: Schedule, actor: Actor) -> None:
    detail = f"schedule {schedule.id}"
    audit.add_entry(connection, now, step.word, guild_id=schedule.guild_id, who=actor.user_id, detail=detail)
