"""A newsroom without data and network: briefs made by hand, and a target that does what a test says."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any, TypeVar

from sqlalchemy import func, select

from bot.newsroom import workflow
from bot.newsroom.delivery import Delivery
from bot.newsroom.targets import Delivered, DeliveryOrder
from bot.newsroom.workflow import Actor
from bot.state import outbox, schedules, target_rows
from bot.state.briefs import NewBrief, StoredBrief
from bot.state.database import State
from bot.state.outbox import LEASE, UNSETTLED, Item
from bot.state.state_tables import OUTBOX
from bot.state.target_rows import TargetRow
from core.answer import Fact
from core.brief import Brief, Bullet, Earlier, ReadMore
from core.brief.milestones import Told
from core.evidence.evidence import Term
from core.names.name_index import NameIndex
from tests.fakes.discord.world import Channel

T, R = TypeVar("T"), TypeVar("R")
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

BRIEF = Brief(
    title="Open models about 7.5 months behind on private tests, 5 on public",
    category="Research",
    published=date(2026, 11, 25),
    source="gapbrief",
    reading_minutes=1,
    bullets=(
        Bullet("On private tests, open models trail by about 7.5 months, likely between 5 and 10."),
        Bullet("On public tests, the gap is about 5 months.", "29 of 162 levels still wait."),
    ),
    terms=(Term("private-test", "private test", ("secret test",), "A test whose questions are secret.", ()),),
    read_more=ReadMore("LessWrong: How far behind are open models?", "https://example.org/story"),
    more=(Earlier("An earlier brief", "", date(2026, 10, 25)),),
    as_of=date(2026, 8, 22),
    newest_data=date(2026, 8, 22),
    foot="Figures as of 22 August 2026.",
    facts=(
        Fact("title.private", 7.5, "months", "private tests", "about 7.5 months behind on private tests"),
        Fact("title.public.short", 5.07, "months", "public tests", "5 on public"),
        Fact("stand.private", 7.49, "months", "private tests", "trail by about 7.5 months"),
        Fact("likely.private", "4.9 to 10.1", "months", "private tests", "likely between 5 and 10"),
        Fact("size.public", 5.07, "months", "public tests", "the gap is about 5 months"),
        Fact("waiting", 29, "levels", "waiting", "29 of 162 levels"),
        Fact("as_of", "2026-08-22", "date", "the figures", "22 August 2026"),
    ),
)


NO_NAMES = NameIndex({}, {}, {}, {}, (), (), {}, {}, frozenset(), frozenset(), {}, date.min, frozenset(), {})
"""An index that knows no name."""


def made(
    title: str = BRIEF.title, *, has_news: bool = True, revision: str = "r1", focus: str | None = None
) -> NewBrief:
    """A brief that was just written."""
    brief = replace(BRIEF, title=title)
    return NewBrief(brief, date(2026, 10, 25), date(2026, 9, 30), revision, has_news, focus)


def unsettled(state: State) -> int:
    """Count the rows of the outbox of which it is not known what came of them."""
    query = select(func.count()).where(OUTBOX.c.status.in_(UNSETTLED))
    with state.reading() as connection:
        return connection.execute(query).scalar_one()


def order(
    channel: Channel | int, action: str = "post", *, kind: str = "discord", message_id: int | None = None, **more: Any
) -> DeliveryOrder:
    """What is to be done with brief 17, in a channel or for the target of a number."""
    address = channel if isinstance(channel, int) else channel.id
    at = more.pop("at", datetime.now(UTC))
    item = Item(
        1, 17, 1, f"{kind}:{address}", action, None, None, "sending", f"nonce-{action}", None, 1, at, at, at, None,
        None, None, None,
    )  # fmt: skip
    day = BRIEF.as_of
    kept = StoredBrief(
        17, "2026-11-25-open-models", "brief", 5, at, None, "posted", at, day, day, None, "r",
        more.pop("brief", BRIEF), 1, at, more.pop("corrected", ()), more.pop("is_public", True),
    )  # fmt: skip
    return DeliveryOrder(replace(item, **more), kept, message_id)


@dataclass
class FakeWriter:
    """Writes the same brief whenever it is asked, and notes for what it was."""

    has_news: bool = True
    at_revision: str = "r1"
    asked: list[tuple[date, date | None, str | None]] = field(default_factory=list)
    problem: Exception | None = None

    def read_revision(self) -> str:
        return self.at_revision

    def complete_to(self) -> date:
        return date.max

    def write(
        self,
        published: date,
        since: date | None,
        focus: str | None,
        last_facts: tuple[Fact, ...] = (),
        known_by: date | None = None,
    ) -> NewBrief:
        self.asked.append((published, since, focus))
        if self.problem:
            raise self.problem
        return made(has_news=self.has_news, revision=self.at_revision, focus=focus)

    def write_milestones(self, published: date, before: Told) -> tuple[list[NewBrief], Told]:
        return [], before

    def reword(self, made: NewBrief) -> NewBrief:
        return made

    def stop(self) -> None: ...


@dataclass
class FakeTarget:
    """A target: `outcome` says what comes of a delivery, `there` what a look finds."""

    outcome: Callable[[DeliveryOrder], Delivered] = lambda order: Delivered(1000 + order.item.id)
    there: Callable[[DeliveryOrder], Delivered | None] = lambda _order: None
    delivered: list[Item] = field(default_factory=list)
    looked: list[Item] = field(default_factory=list)
    orders: list[DeliveryOrder] = field(default_factory=list)

    async def deliver(self, order: DeliveryOrder, _now: datetime) -> Delivered:
        await asyncio.sleep(0)
        self.delivered.append(order.item)
        self.orders.append(order)
        return self.outcome(order)

    async def look_up(self, order: DeliveryOrder, _now: datetime) -> Delivered | None:
        await asyncio.sleep(0)
        self.looked.append(order.item)
        return self.there(order)


@dataclass
class Clock:
    """A clock that goes only when it is told to."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def go(self, by: timedelta) -> datetime:
        self.now += by
        return self.now


def at_once(work: Callable[[T], R], values: Sequence[T]) -> list[R]:
    """Do the same with several values in threads that begin at the same moment; return the results."""
    barrier = Barrier(len(values))

    def begin(value: T) -> R:
        barrier.wait()
        return work(value)

    with ThreadPoolExecutor(len(values)) as pool:
        return [*pool.map(begin, values)]


async def until(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.01)


def add_target(
    state: State, kind: str = "webhook", address: str = "https://a.org", secret: str | None = "s", *,  # noqa: S107
    guild_id: int | None = None,
) -> TargetRow:  # fmt: skip
    """Add a target of a server, or of the whole service."""
    with state.begin() as connection:
        return target_rows.add(connection, kind=kind, address=address, secret=secret, at=NOW, guild_id=guild_id)


def items(state: State, brief_id: int) -> list[Item]:
    return outbox.list_items(state, brief_id)


def raising(error: Exception) -> Callable[[DeliveryOrder], Delivered]:
    def outcome(_order: DeliveryOrder) -> Delivered:
        raise error

    return outcome


class Worker:
    """The worker of the outbox, with one target for every kind of address, and a clock that stands still."""

    def __init__(self, state: State) -> None:
        self.state, self.target, self.clock = state, FakeTarget(), Clock()
        self.delivery = Delivery(state, dict.fromkeys(("discord", "user", "webhook"), self.target), "w", self.clock)

    def post(self, *channels: int, scheduled: bool = False) -> int:
        """Post a brief in channels of server 5, by hand or by a schedule, and return its id."""
        schedule_id = None
        if scheduled:
            with self.state.begin() as connection:
                new = schedules.NewSchedule("0 9 * * *", "UTC", channel_id=channels[0])
                schedule_id = schedules.add(connection, new, NOW, guild_id=5, by=7)
        brief_id = workflow.add_draft(self.state, made(), Actor(7, 5), NOW).id
        targets = [f"discord:{channel}" for channel in channels]
        with self.state.begin() as connection:
            workflow.send(connection, brief_id, targets, NOW, schedule_id=schedule_id)
        return brief_id

    def queue(self, brief_id: int, target: str, action: str = "post", schedule_id: int | None = None) -> None:
        """Queue a brief for one more target."""
        with self.state.begin() as connection:
            outbox.enqueue(connection, brief_id, 1, action, [target], NOW, schedule_id=schedule_id)

    def interrupt(self) -> None:
        """Let a process take a row and die, and its lease end."""
        outbox.claim(self.state, "who is gone", NOW, 1)
        self.clock.go(LEASE + SECOND)

    async def work(
        self, outcome: Callable[[DeliveryOrder], Delivered] | Exception | None = None, after: timedelta = timedelta()
    ) -> int:
        """Do what is due after some time; from now on a delivery comes to an outcome, which may be an error."""
        self.clock.go(after)
        if outcome is not None:
            self.target.outcome = raising(outcome) if isinstance(outcome, Exception) else outcome
        return await self.delivery.work()

    def items(self, brief_id: int) -> list[Item]:
        return items(self.state, brief_id)

    def statuses(self, brief_id: int) -> list[tuple[str, str]]:
        return [(item.action, item.status) for item in self.items(brief_id)]

    @property
    def actions(self) -> list[str]:
        """What was delivered, in order."""
        return [item.action for item in self.target.delivered]
