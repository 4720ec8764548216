"""The outbox worker: takes due rows, delivers each to its target, and records the outcome.

A row is claimed before anything is sent. A failed delivery is retried with growing delays; one that can't succeed is
reported to the moderators once, and pauses its schedule. If another process died while it sent a row, the target is
asked first whether the message arrived. Withdrawn briefs are not sent.
"""

import asyncio
import random
from collections.abc import Callable, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection

from bot.newsroom.targets import (
    CannotLookError,
    Delivered,
    DeliveryOrder,
    NotDoneError,
    RefusedError,
    Target,
    UnsureError,
    name_target,
)
from bot.state import briefs, guilds, outbox, schedules, watches
from bot.state.database import State
from bot.state.outbox import Item
from bot.state.watches import Watch
from core.words import quote

log = structlog.get_logger("gapbrief.newsroom")

AT_ONCE = 16
"""The most deliveries that run at the same time."""
_SECONDS = 45.0
"""Time limit for one row; less than its lease."""
_SHORTEST, _LONGEST = 2.0, 900.0
"""Seconds to wait after the first failed attempt, and at most."""
_LOOK_SECONDS = 1.0
"""How often to look for new rows while all deliveries are slow."""
_GIVEN_UP_AFTER = timedelta(days=1)
_CROSSPOSTS, _CROSSPOSTS_IN = 10, timedelta(hours=1)
"""Discord's limit for publishing in a channel."""
_CROSSPOST_SOON = timedelta(minutes=1)

T = TypeVar("T")


class _TooLateError(Exception):
    """Delivery failed for so long that nobody waits for it any more."""


class Delivery:
    """The outbox worker. `clock` returns the time in UTC; `owner` is the name under which this process claims rows.

    `closed` returns the kinds of targets that this process must leave alone for now: their rows wait.
    """

    def __init__(
        self, state: State, targets: Mapping[str, Target], owner: str, clock: Callable[[], datetime],
        closed: Callable[[], Set[str]] = frozenset,
    ) -> None:  # fmt: skip
        self.state, self.targets, self.owner, self.clock, self.closed = state, targets, owner, clock, closed
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="outbox")

    async def work(self) -> int:
        """Deliver everything that is due, and return the number of rows claimed."""
        number, is_slow = 0, False
        while not self._stopping:
            free = AT_ONCE - len(self._tasks)
            if free >= AT_ONCE // 2 or (is_slow and free):
                items = await self._in_thread(outbox.claim, self.state, self.owner, self.clock(), free, self.closed())
                number += len(items)
                for item in items:
                    task = asyncio.create_task(self._deliver(item))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
            if not self._tasks:
                break
            done, _ = await asyncio.wait(self._tasks, timeout=_LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            is_slow = not done
        return number

    async def stop(self, seconds: float) -> None:
        """Claim nothing more, and give running deliveries some seconds to finish."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in list(self._tasks):
            task.cancel()
        self._thread.shutdown(wait=True)

    async def _deliver(self, item: Item) -> None:
        """Deliver one row and record the outcome; if that fails too, its lease expires."""
        try:
            await self._attempt(item)
        except Exception:
            log.exception("a row of the outbox could not be dealt with", row=item.id)

    async def _attempt(self, item: Item) -> None:
        if item.action == "crosspost" and await self._waits_for_limit(item):
            return
        may_be_sent = item.may_be_sent
        try:
            async with asyncio.timeout(_SECONDS):
                target, order = await self._prepare(item)
                delivered = await target.look_up(order, self.clock()) if may_be_sent else None
                may_be_sent = False
                if delivered is None:
                    self._check(order)
                    delivered = await target.deliver(order, self.clock())
        except RefusedError as error:
            refuse = self._refuse_watch if item.action == "watch" else self._refuse
            await self._in_thread(refuse, item, str(error), tell=not error.is_gone)
        except _TooLateError:
            await self._in_thread(self._refuse, item, "it could not be sent for a day", tell=True, pauses=False)
        except CannotLookError as error:
            await self._in_thread(self._ask_to_look, item, str(error))
        except NotDoneError as error:
            await self._postpone(item, str(error), may_be_sent=may_be_sent, wait=error.wait)
        except (UnsureError, TimeoutError) as error:
            await self._postpone(item, str(error) or "no answer came in time", may_be_sent=True)
        except Exception:
            log.exception("a target failed", row=item.id, target=item.target)
            await self._postpone(item, "something went wrong; the log says what", may_be_sent=True)
        else:
            await self._in_thread(self._mark_sent, order, delivered)

    async def _prepare(self, item: Item) -> tuple[Target, DeliveryOrder]:
        """Return a row's target, and the order for it."""
        target = self.targets.get(item.kind)
        if target is None:
            raise NotDoneError(f"nothing here sends to {item.kind}")
        stored = await self._in_thread(briefs.by_id, self.state, item.brief_id)
        if stored is None:
            raise RefusedError("the brief is gone", is_gone=True)
        message_id, draft_id = None, None
        if item.action in ("edit", "delete", "crosspost"):
            message_id, draft_id = await self._in_thread(outbox.find_post, self.state, item.brief_id, item.target)
        matches: tuple[Watch, ...] = ()
        if item.action == "watch":
            matches = await self._in_thread(watches.list_matching, self.state, item.brief_id, item.target)
        return target, DeliveryOrder(item, stored, message_id, draft_id, matches)

    def _check(self, order: DeliveryOrder) -> None:
        """Raise if an order is a day overdue, or no longer wanted."""
        item, stored = order.item, order.stored
        if item.action in ("post", "edit", "watch") and stored.status == "withdrawn":
            raise RefusedError("the brief was withdrawn", is_gone=True)
        if item.action == "watch" and not order.watches:
            raise RefusedError("it is not watched any more", is_gone=True)
        if item.action == "review" and stored.status != "draft":
            raise RefusedError("it is no draft any more", is_gone=True)
        first_attempt = item.tried_at or item.next_at  # a repeated row counts from its repetition
        if item.action != "crosspost" and self.clock() - first_attempt > _GIVEN_UP_AFTER:
            raise _TooLateError

    async def _waits_for_limit(self, item: Item) -> bool:
        """Put off a crosspost while its channel is at Discord's limit; return whether it was."""
        now = self.clock()
        sent, n_running = await self._in_thread(outbox.recent_crossposts, self.state, item, now - _CROSSPOSTS_IN)
        if len(sent) + n_running < _CROSSPOSTS:
            return False
        until = sent[-_CROSSPOSTS] + _CROSSPOSTS_IN if len(sent) >= _CROSSPOSTS else now + _CROSSPOST_SOON
        postpone = partial(outbox.postpone, may_be_sent=False, counts=False)
        await self._in_thread(postpone, self.state, item, self.owner, until, "waits for Discord's limit")
        return True

    async def _postpone(self, item: Item, reason: str, *, may_be_sent: bool, wait: float | None = None) -> None:
        """Retry a row later: after twice the last delay, randomised, or as long as the target asked for."""
        backoff = min(_SHORTEST * 2 ** (item.attempts - 1), _LONGEST) * random.uniform(0.75, 1.25)  # noqa: S311 (no secret)
        until = self.clock() + timedelta(seconds=min(max(backoff, wait or 0), _GIVEN_UP_AFTER.total_seconds()))
        log.info("will be tried again", row=item.id, target=item.target, reason=reason, next_try=until.isoformat())
        await self._in_thread(outbox.postpone, self.state, item, self.owner, until, reason, may_be_sent=may_be_sent)

    def _mark_sent(self, order: DeliveryOrder, delivered: Delivered) -> None:
        outbox.mark_sent(
            self.state, order.item, self.owner, self.clock(), message_id=delivered.message_id,
            draft_id=delivered.draft_id, crosspost=delivered.crosspost,
        )  # fmt: skip
        if any(watch.failed for watch in order.watches):
            with self.state.begin() as connection:
                watches.clear_failures(connection, order.item.target)

    def _refuse_watch(self, item: Item, reason: str, *, tell: bool) -> None:
        """Record that a watcher can't be reached; no one is told, and the watches end after a few failures."""
        with self.state.begin() as connection:
            if outbox.mark_failed(connection, item, self.owner, reason) and tell:
                watches.count_failure(connection, item.target)

    def _refuse(self, item: Item, reason: str, *, tell: bool, pauses: bool = True) -> None:
        """Record that a row can't be delivered; tell the moderators, and pause the schedule."""
        log.warning("can't be sent", row=item.id, target=item.target, reason=reason)
        with self.state.begin() as connection:
            is_ours = outbox.mark_failed(connection, item, self.owner, reason)
            if is_ours and tell and item.action != "watch":
                paused = pauses and self._pause_schedule(connection, item, reason)
                self._tell_moderators(connection, item, _failure_sentence(item, reason, paused=paused))

    def _pause_schedule(self, connection: Connection, item: Item, reason: str) -> bool:
        """Pause a row's schedule if it can't post in its channel; return whether it was running."""
        if item.schedule_id is None or item.kind != "discord" or item.action not in ("post", "review"):
            return False
        return schedules.pause_by_itself(connection, item.schedule_id, reason, self.clock())

    def _ask_to_look(self, item: Item, reason: str) -> None:
        """Ask the moderators to look whether something was sent."""
        with self.state.begin() as connection:
            is_ours = outbox.mark_failed(connection, item, self.owner, reason, unsure=True)
            if is_ours and item.action not in ("tell", "watch"):
                self._tell_moderators(connection, item, _unsure_sentence(item, reason))

    def _tell_moderators(self, connection: Connection, item: Item, sentence: str) -> None:
        """Queue a sentence about a brief for the moderators' channel, or else for the person who made the brief.

        A sentence that could not be sent is passed on unchanged.
        """
        stored = briefs.get(connection, item.brief_id)
        title = quote(stored.brief.title, 100) if stored else ""
        text = (item.text or "") if item.action == "tell" else f"Brief {item.brief_id}, {title}, {sentence}"
        schedule = schedules.get(connection, item.schedule_id) if item.schedule_id is not None else None
        review = guilds.select_newsroom(connection, stored.guild_id if stored else None).review_channel_id
        maker = schedule.made_by if schedule else stored.made_by if stored else None
        channel = (schedule.review_channel_id if schedule else None) or review
        recipients = [f"discord:{channel}"] * bool(channel) + [f"user:{maker}"] * bool(maker)
        if item.target in recipients:  # it can't be reached, nor could those before it
            recipients = recipients[recipients.index(item.target) + 1 :]
        if not recipients:
            log.error("nobody to tell", brief=item.brief_id, words=text)
            return
        schedule_id = item.schedule_id
        outbox.enqueue_message(connection, item.brief_id, recipients[0], text, self.clock(), schedule_id=schedule_id)

    async def _in_thread(self, work: Callable[..., T], *arguments: Any, **options: Any) -> T:
        """Run database work in the worker's own thread, one piece after another."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: work(*arguments, **options))


def _failure_sentence(item: Item, reason: str, *, paused: bool) -> str:
    done = {"edit": "corrected", "delete": "withdrawn", "crosspost": "published to followers"}
    sentence = f"could not be {done.get(item.action, 'posted')} in {_place_name(item)}: {reason}."
    if item.action == "delete":
        sentence += " Please delete it there yourselves."
    if paused:
        sentence += f" Schedule {item.schedule_id} is paused until somebody lets it go on."
    return sentence


def _unsure_sentence(item: Item, reason: str) -> str:
    place = f"in {_place_name(item)}: {reason}. Please look"
    if item.action == "delete":
        return f"was withdrawn but may still be {place}, and delete it there."
    is_there = "may not be corrected" if item.action == "edit" else "may or may not be"
    return f"{is_there} {place}; if it is missing, send it again from the newsroom's history."


def _place_name(item: Item) -> str:
    return {"discord": f"<#{item.address}>", "user": "a direct message"}.get(item.kind) or name_target(item)
