"""The worker of the outbox: takes what is due, has it done at its target, and notes what came of it.

A row is taken before anything is sent. What is not done is tried again, later each time; what can't be done is told
the moderators once, and pauses the schedule. A row that somebody began who is gone is looked up at its target first.
What was withdrawn meanwhile is not sent any more.
"""

import asyncio
import random
from collections.abc import Callable, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
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
"""Requests to targets that are under way together."""
_SECONDS = 45.0
"""Time for one row; less than its lease."""
_SHORTEST, _LONGEST = 2.0, 900.0
"""Seconds to wait after the first failed try, and at most."""
_LOOK_SECONDS = 1.0
"""How often it is looked for new rows while all that were taken are slow."""
_GIVEN_UP_AFTER = timedelta(days=1)
_CROSSPOSTS, _CROSSPOSTS_IN = 10, timedelta(hours=1)
"""What Discord lets be published in a channel."""
_CROSSPOST_SOON = timedelta(minutes=1)

T = TypeVar("T")


class _TooLateError(Exception):
    """It could not be sent for so long that nobody waits for it any more."""


class Delivery:
    """The worker. `clock` tells the time in UTC; `owner` is by what name this process takes rows.

    `closed` is asked before each look which kinds of targets are another process's, or nobody's yet: what is for those
    waits, untried.
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
        """Do all that is due now, and return how many rows were taken."""
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
        """Take nothing more, and finish what is under way if it takes no longer than so."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in list(self._tasks):
            task.cancel()
        self._thread.shutdown(wait=True)

    async def _deliver(self, item: Item) -> None:
        """See one row through; whatever happens is noted on it, and if that fails its lease ends."""
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
                done = await target.look_up(order, self.clock()) if may_be_sent else None
                may_be_sent = False
                if done is None:
                    self._check(order)
                    done = await target.deliver(order, self.clock())
        except RefusedError as error:
            note_refusal = self._note_unwatched if item.action == "watch" else self._note_refusal
            await self._in_thread(note_refusal, item, str(error), tell=not error.is_gone)
        except _TooLateError:
            await self._in_thread(self._note_refusal, item, "it could not be sent for a day", tell=True, pauses=False)
        except CannotLookError as error:
            await self._in_thread(self._ask_to_look, item, str(error))
        except NotDoneError as error:
            await self._postpone(item, str(error), may_be_sent=may_be_sent, wait=error.wait)
        except (UnsureError, TimeoutError) as error:
            await self._postpone(item, str(error) or "no answer came in time", may_be_sent=True)
        except Exception as error:
            log.exception("a target failed", row=item.id, target=item.target)
            await self._postpone(item, f"something went wrong ({type(error).__name__})", may_be_sent=True)
        else:
            await self._in_thread(self._settle, order, done)

    async def _prepare(self, item: Item) -> tuple[Target, DeliveryOrder]:
        """Return a row's target, and what is to be done there."""
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
        """Raise for what is not to be sent any more: after a day, or since people wanted it otherwise meanwhile."""
        item, stored = order.item, order.stored
        if item.action in ("post", "edit", "watch") and stored.status == "withdrawn":
            raise RefusedError("the brief was withdrawn", is_gone=True)
        if item.action == "watch" and not order.watches:
            raise RefusedError("it is not watched any more", is_gone=True)
        if item.action == "review" and stored.status != "draft":
            raise RefusedError("it is no draft any more", is_gone=True)
        may_be_sent = item.tried_at or item.next_at  # of one that is sent again, since it is
        if item.action != "crosspost" and self.clock() - may_be_sent > _GIVEN_UP_AFTER:
            raise _TooLateError

    async def _waits_for_limit(self, item: Item) -> bool:
        """Whether a message has to wait until its channel may publish again."""
        now = self.clock()
        sent, may_be_sent = await self._in_thread(outbox.recent_crossposts, self.state, item, now - _CROSSPOSTS_IN)
        if len(sent) + may_be_sent < _CROSSPOSTS:
            return False
        until = sent[-_CROSSPOSTS] + _CROSSPOSTS_IN if len(sent) >= _CROSSPOSTS else now + _CROSSPOST_SOON
        await self._in_thread(
            outbox.postpone, self.state, item, self.owner, until, "waits for Discord's limit", begun=False, counts=False
        )
        return True

    async def _postpone(self, item: Item, reason: str, *, may_be_sent: bool, wait: float | None = None) -> None:
        """Put a row off: twice as long after each try, some more or less by chance, and as long as the target said."""
        backoff = min(_SHORTEST * 2 ** (item.attempts - 1), _LONGEST) * random.uniform(0.75, 1.25)  # noqa: S311 (no secret)
        until = self.clock() + timedelta(seconds=min(max(backoff, wait or 0), _GIVEN_UP_AFTER.total_seconds()))
        log.info("will be tried again", row=item.id, target=item.target, reason=reason, until=until.isoformat())
        await self._in_thread(outbox.postpone, self.state, item, self.owner, until, reason, begun=may_be_sent)

    def _settle(self, order: DeliveryOrder, done: Delivered) -> None:
        outbox.mark_sent(
            self.state, order.item, self.owner, self.clock(), message_id=done.message_id, draft_id=done.draft_id,
            crosspost=done.crosspost,
        )  # fmt: skip
        if any(watch.failed for watch in order.watches):
            with self.state.begin() as connection:
                watches.clear_failures(connection, order.item.target)

    def _note_unwatched(self, item: Item, reason: str, *, tell: bool) -> None:
        """Note that who watches something did not take a milestone: nobody is told, and it ends after a few."""
        with self.state.begin() as connection:
            if outbox.mark_failed(connection, item, self.owner, reason) and tell:
                watches.count_failure(connection, item.target)

    def _note_refusal(self, item: Item, reason: str, *, tell: bool, pauses: bool = True) -> None:
        """Note that a row can't be done; tell the moderators, and pause the schedule."""
        log.warning("can't be sent", row=item.id, target=item.target, reason=reason)
        with self.state.begin() as connection:
            if not outbox.mark_failed(connection, item, self.owner, reason) or not tell or item.action == "watch":
                return
            if item.action == "tell":
                self._tell_moderators(connection, item, item.text or "")
                return
            paused = pauses and self._pause_schedule(connection, item, reason)
            self._tell_moderators(
                connection,
                item,
                f"{self._name_brief(connection, item)} {_failure_sentence(item, reason, paused=paused)}",
            )

    def _pause_schedule(self, connection: Connection, item: Item, reason: str) -> bool:
        """Pause the schedule that a row is of, as its channel can't be posted in; return whether it went on so far."""
        if item.schedule_id is None or item.kind != "discord" or item.action not in ("post", "review"):
            return False
        return schedules.pause_by_itself(connection, item.schedule_id, reason, self.clock())

    def _ask_to_look(self, item: Item, reason: str) -> None:
        """Ask the moderators to look whether something was sent."""
        with self.state.begin() as connection:
            if outbox.mark_failed(connection, item, self.owner, reason, unsure=True) and item.action not in (
                "tell",
                "watch",
            ):
                self._tell_moderators(
                    connection, item, f"{self._name_brief(connection, item)} {_unsure_sentence(item, reason)}"
                )

    def _name_brief(self, connection: Connection, item: Item) -> str:
        """Write which brief a sentence is about."""
        stored = briefs.get(connection, item.brief_id)
        return f"Brief {item.brief_id}, {quote(stored.brief.title, 100) if stored else ''},"

    def _tell_moderators(self, connection: Connection, item: Item, text: str) -> None:
        """Put a sentence for the moderators into the outbox: to their channel, or else to whoever made the brief."""
        stored = briefs.get(connection, item.brief_id)
        schedule = schedules.get(connection, item.schedule_id) if item.schedule_id is not None else None
        guild_id = stored.guild_id if stored else None
        review = guilds.select_newsroom(connection, guild_id).review_channel_id
        maker = schedule.made_by if schedule else stored.made_by if stored else None
        channel = (schedule.review_channel_id if schedule else None) or review
        recipients = [f"discord:{channel}"] * bool(channel) + [f"user:{maker}"] * bool(maker)
        if item.target in recipients:  # it can't be reached, nor could those before it
            recipients = recipients[recipients.index(item.target) + 1 :]
        if not recipients:
            log.error("nobody to tell", brief=item.brief_id, words=text)
            return
        outbox.enqueue_message(
            connection, item.brief_id, recipients[0], text, self.clock(), schedule_id=item.schedule_id
        )

    async def _in_thread(self, work: Callable[..., T], *arguments: Any, **options: Any) -> T:
        """Run a piece of work on the database in the worker's own thread, one after another."""
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
