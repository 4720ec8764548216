"""Kills of a process that posts, at every step and at any instant; and what readers then find."""

import asyncio
import json
import random
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any
from unittest.mock import patch

from aiohttp import web
from sqlalchemy import Connection

from bot.newsroom import workflow
from bot.newsroom.editing import as_text
from bot.newsroom.targets.webhook import new_secret
from bot.newsroom.workflow import OPERATOR
from bot.state import briefs, outbox, schedules, target_rows, watches
from bot.state.database import State, open_state
from tests.bot.newsroom import process
from tests.bot.newsroom.desk import KINDS
from tests.bot.newsroom.editors import Editor, editing
from tests.bot.newsroom.listener import Listener, listening
from tests.bot.newsroom.newsroom import NO_NAMES, made, unsettled
from tests.conftest import ROOT
from tests.fakes.discord import ChannelKind, FakeDiscord, Message, World, messages
from tests.fakes.discord.world import Channel, Guild
from tests.forked import Forked

SCRIPT = Path(__file__).with_name("process.py")
STEPS = [
    (step, when)
    for step in ("due", "tick", "claim", "send", "settle", "look")
    for when in ("before", "after")
    if (step, when) != ("look", "before")
]
"""Where the process kills itself."""
SERVER = ("lost", "unanswered")
"""How Discord sees it: the request never came, or its answer found nobody."""
PER_CHANNEL = 4
PLACES = (ChannelKind.ANNOUNCEMENT, ChannelKind.FORUM, ChannelKind.TEXT)
"""Where briefs go, in turns."""
WATCHED = "model:kimi-k3"
WATCHERS = 3
"""People who watch it, beside a channel."""


@dataclass
class Newsdesk:
    """A state, a Discord, a webhook and editors' systems, and the processes that post from the one to the others.

    `watchers` are the channels, private ones too, that each milestone goes to.
    """

    fake: FakeDiscord
    state: State
    options: dict[str, Any]
    hook: Listener
    editors: dict[str, Editor]
    guild: Guild
    chance: random.Random
    log: IO[bytes]
    channels: list[Channel] = field(default_factory=list)
    watchers: list[Channel] = field(default_factory=list)
    kills: dict[str, int] = field(default_factory=dict)
    milestones: int = 0

    @asynccontextmanager
    async def process(self, die: tuple[str, str, int] | None = None) -> AsyncIterator[Forked]:
        """Run the process; at the end it is gone."""
        running = start_process({**self.options, "die": die}, self.log)
        try:
            yield running
        finally:
            if running.returncode is None:
                running.kill()
            await running.wait()

    async def ready(self, running: Forked) -> None:
        """Wait until the process posts."""
        await wait_until_it_posts(running, self.log, 60)

    def schedule(self) -> int:
        """Make a brief due now: each a new schedule, in a channel of its own or one that a few share."""
        number = len(schedules.list_schedules(self.state))
        if number % PER_CHANNEL == 0:
            kind = PLACES[number // PER_CHANNEL % len(PLACES)]
            self.channels.append(self.guild.add_channel(f"briefs-{number}", kind))
        with self.state.begin() as connection:
            return add_due(connection, self.channels[-1].id)

    def watch(self) -> None:
        """Let people and a channel watch something."""
        people = [self.fake.world.add_user(f"watcher {number}") for number in range(WATCHERS)]
        for person in people:
            self.guild.join(person)
        self.watchers = [self.guild.add_channel("watched"), *map(self.fake.world.dm, people)]
        targets = [f"discord:{self.watchers[0].id}", *(f"user:{person.id}" for person in people)]
        for target in targets:
            watches.add(self.state, target, WATCHED, "Kimi K3")

    def reach(self) -> None:
        """Have what is watched reach a milestone."""
        self.milestones += 1
        new, now = replace(made(f"Kimi K3 reaches {self.milestones}"), subjects=(WATCHED,)), datetime.now(UTC)
        with self.state.begin() as connection:
            brief_id = watches.store_milestone(connection, new, now)
            assert watches.notify_watchers(connection, brief_id or 0, now) == len(self.watchers)

    def check_watched(self) -> None:
        """See that each milestone is there once, for each who watches."""
        expected = [f"Kimi K3 reaches {number}" for number in range(1, self.milestones + 1)]
        for channel in self.watchers:
            posts = sorted(
                (str(message.embeds[0]["title"]) for message in _all(channel)), key=lambda title: int(title.split()[-1])
            )
            assert posts == expected, channel.name
            assert len({message.nonce for message in _all(channel)}) == len(expected)

    def change_one(self) -> str | None:
        """Correct or withdraw a brief, sent or not; return the request that comes of it where it was sent."""
        posted = [
            brief for brief in briefs.list_briefs(self.state, statuses=["posted"], limit=1000) if brief.version == 1
        ]
        if not posted:
            return None
        kept, now = self.chance.choice(posted), datetime.now(UTC)
        is_sent = all(item.status == "sent" for item in outbox.list_items(self.state, kept.id))
        if self.chance.random() < 0.5:
            workflow.withdraw(self.state, kept.id, OPERATOR, now)
            return "DELETE /channels/*/messages/*" if is_sent else None
        text = as_text(kept.brief).replace("open models", "open-weights models", 1)
        workflow.correct(self.state, kept.id, text, OPERATOR, now, names=NO_NAMES)
        return "PATCH /channels/*/messages/*" if is_sent else None

    async def kill_by_itself(self, step: str, when: str) -> bool:
        """Let the process kill itself at a step; return whether it came to it."""
        count = self.chance.randint(1, 2) if step in ("tick", "claim", "settle") else 1
        async with self.process((step, when, count)) as running:
            return await _is_killed(running)

    async def kill_at_request(self, how: str, requests: list[str]) -> bool:
        """Kill the process when Discord gets one of these requests from it, before or after it is handled."""
        async with self.process() as running:
            hit = self.fake.disturb(self.chance.choice(requests), _killer(running, how))
            is_killed = await _is_killed(running)
            hit.stop()
            return is_killed

    async def kill_at_random(self) -> bool:
        """Kill the process some time after it began to post."""
        async with self.process() as running:
            await self.ready(running)
            await asyncio.sleep(self.chance.uniform(0, 1.5))
            running.kill()
            return True

    async def kill_beside_another(self) -> bool:
        """Kill the process that posts beside another one that takes over, and that one some time after."""
        async with self.process() as first, self.process() as second:
            for running in (first, second):
                await self.ready(running)
            for running in (first, second):
                await asyncio.sleep(self.chance.uniform(0, 2.5))
                running.kill()
            return True

    async def kill(self, kind: str) -> bool:
        """Make something due, and kill the process; return whether it died as meant, which is counted."""
        step, _, when = kind.partition(" ")
        if step == "look":  # for something to be looked for
            self.schedule()
            await self.kill_by_itself("settle", "before")
        self.schedule()
        self.reach()
        is_in_forum = self.channels[-1].kind is ChannelKind.FORUM
        requests = ["POST /channels/*/threads" if is_in_forum else "POST /channels/*/messages", self.change_one()]
        if self.channels[-1].kind is ChannelKind.ANNOUNCEMENT:
            requests.append("POST */crosspost")
        if kind == "random":
            died = await self.kill_at_random()
        elif kind == "two":
            died = await self.kill_beside_another()
        elif kind in SERVER:
            died = await self.kill_at_request(kind, [request for request in requests if request])
        else:
            died = await self.kill_by_itself(step, when)
        if died:
            self.kills[kind] = self.kills.get(kind, 0) + 1
        return died

    async def finish(self, seconds: float = 600) -> None:
        """Let the process do what is left, and end it as an operator does."""
        async with self.process() as running:
            await self.ready(running)
            async with asyncio.timeout(seconds):
                while unsettled(self.state) or any(
                    not schedules.list_runs(self.state, schedule.id)
                    for schedule in schedules.list_schedules(self.state)
                ):
                    await asyncio.sleep(0.2)
            running.terminate()
            async with asyncio.timeout(60):
                assert await running.wait() == 0

    def collect_event_ids(self) -> dict[tuple[str, str], set[str]]:
        """Return by what the webhook was told of which brief: the ids that it bore."""
        event_ids: dict[tuple[str, str], set[str]] = {}
        for (headers, _), event in zip(self.hook.requests, self.hook.events, strict=True):
            event_ids.setdefault((event["type"], event["data"]["id"]), set()).add(headers["webhook-id"])
        return event_ids

    def drafts(self) -> dict[str, list[tuple[str, str, str]]]:
        """Return the drafts at the editors' systems by their marks, as status, title and body."""
        drafts_by_mark: dict[str, list[tuple[str, str, str]]] = {}
        for editor in self.editors.values():
            for draft in editor.drafts.values():
                drafts_by_mark.setdefault(editor.mark_of(draft), []).append((draft["status"], *editor.words_of(draft)))
        return drafts_by_mark

    def messages(self, channel: Channel) -> list[Message]:
        """Return what is in a channel, or in a forum's posts."""
        posts = [place for place in self.fake.world.channels.values() if place.parent is channel]
        return [message for place in (channel, *posts) for message in self.fake.sent(place)]

    def check(self) -> int:
        """See that each due time became one brief, and that each brief is where it should be, once; return how many."""
        self.check_watched()
        all_schedules, event_ids, drafts = schedules.list_schedules(self.state), self.collect_event_ids(), self.drafts()
        for schedule in all_schedules:
            (run,) = schedules.list_runs(self.state, schedule.id)
            assert run.status == "made"
            kept = briefs.by_id(self.state, run.brief_id or 0)
            assert kept is not None
            items = {(item.kind, item.action): item for item in outbox.list_items(self.state, kept.id)}
            assert all(item.status == "sent" or _was_withdrawn_first(kept, item) for item in items.values()), [
                (item.action, item.status, item.error) for item in items.values()
            ]
            channel = self.fake.world.channels[schedule.channel_id or 0]
            here = [message for message in self.messages(channel) if _mark(message) == f"Brief {kept.id}"]
            assert len(here) == (0 if kept.status == "withdrawn" else 1), f"brief {kept.id} is there {len(here)} times"
            for message in here:
                assert message.id == items["discord", "post"].message_id
                assert message.embeds[0]["title"] == kept.brief.title
                assert message.published == (channel.kind is ChannelKind.ANNOUNCEMENT)
            _check_events(kept, {event for event, slug in event_ids if slug == kept.slug})
            for kind in KINDS:
                _check_draft(kept, drafts.pop(items[kind, "post"].nonce, []))
        posts = [message for channel in self.channels for message in _all(channel)]
        assert len({message.nonce for message in posts}) == len(posts)
        assert all(len(ids) == 1 for ids in event_ids.values())
        assert not drafts
        return len(all_schedules)


def add_due(connection: Connection, channel_id: int, guild_id: int | None = None) -> int:
    """Add a schedule whose brief is due now, and return its id."""
    now = datetime.now(UTC)
    due = now - timedelta(minutes=1)
    new = schedules.NewSchedule(f"{due.minute} {due.hour} * * *", "UTC", channel_id, only_news=False)
    schedule_id = schedules.add(connection, new, now, guild_id=guild_id)
    schedules.set_checked(connection, schedule_id, due - timedelta(minutes=1))
    return schedule_id


def start_process(options: dict[str, Any], log: IO[bytes]) -> Forked:
    """Start a process that posts, as it is told."""
    return Forked(log, process.run, json.dumps(options))


async def wait_until_it_posts(running: Forked, log: IO[bytes], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        assert await running.stdout.readline() == b"ready\n", Path(log.name).read_text()[-3000:]


def _killer(running: Forked, how: str) -> Callable[..., Any]:
    async def fault(_request: web.BaseRequest, proceed: Callable[[], Any]) -> web.StreamResponse:
        response = await proceed() if how == "unanswered" else web.Response(status=503)
        running.kill()
        await running.wait()
        return response

    return fault


async def _is_killed(running: Forked) -> bool:
    """Whether a process is killed within a minute."""
    try:
        return await asyncio.wait_for(running.wait(), 60) == -signal.SIGKILL
    except TimeoutError:
        return False


def _mark(message: Message) -> str:
    return str(message.embeds[-1]["footer"]["text"]).rsplit(" · ", 1)[-1]


def _all(channel: Channel) -> list[Message]:
    return list(channel.messages.values())


def _was_withdrawn_first(kept: briefs.StoredBrief, item: outbox.Item) -> bool:
    """Whether something was not done because its brief was withdrawn before it could be."""
    reasons = ("the brief was withdrawn", "it was never posted there")
    return kept.status == "withdrawn" and item.status == "failed" and item.error in reasons


def _check_events(kept: briefs.StoredBrief, events: set[str]) -> None:
    """See that a webhook knows all of a brief; of one that was withdrawn, that it was if it knows of it at all."""
    expected = {"brief.posted"} | ({"brief.corrected"} if kept.corrections else set())
    if kept.status != "withdrawn":
        assert events == expected
    else:
        assert events <= expected | {"brief.withdrawn"}
        assert not events or "brief.withdrawn" in events


def _check_draft(kept: briefs.StoredBrief, drafts: list[tuple[str, str, str]]) -> None:
    """See that a brief is one draft, which says what became of it; none where it was withdrawn before."""
    assert len(drafts) == 1 or (kept.status == "withdrawn" and not drafts)
    for status, title, body in drafts:
        before = "Withdrawn: " if kept.status == "withdrawn" else ""
        assert (status, title) == ("draft", f"{before}{kept.brief.title}")
        assert ("Corrected on" in body) >= (bool(kept.corrections) and kept.status != "withdrawn")


@asynccontextmanager
async def newsdesk(evidence: Path, folder: Path, address: str, seed: int) -> AsyncIterator[Newsdesk]:
    """Open the state at an address, a webhook, editors, and a Discord without nonces: what was posted must be found."""
    world = World()
    guild = world.add_guild("Lab")
    async with (
        AsyncExitStack() as stack, listening() as hook, FakeDiscord(world, point_client=False) as fake
    ):  # fmt: skip
        editors = {kind: await stack.enter_async_context(editing(cls())) for kind, (_, cls, _) in KINDS.items()}
        vars(editors["kit"])["page"] = 100  # as many as Kit lists at once
        options = {
            "url": fake.url, "gateway": fake.gateway_url, "token": fake.token, "db": str(evidence),
            "data": str(ROOT / "data"), "state": address,
        }  # fmt: skip
        with (
            patch.object(messages, "NONCE_LIFETIME", 0.0),
            closing(open_state(address)) as state,
            (folder / "process.log").open("ab") as log,
        ):
            with state.begin() as connection:
                # of the whole service, so that it may be on this machine; so are the schedules
                target_rows.add(connection, kind="webhook", address=hook.url, secret=new_secret(), at=datetime.now(UTC))
                for kind, (_, _, key) in KINDS.items():
                    address = editors[kind].url
                    target_rows.add(connection, kind=kind, address=address, secret=key, at=datetime.now(UTC))
            desk = Newsdesk(fake, state, options, hook, editors, guild, random.Random(seed), log)  # noqa: S311 (no secret)
            desk.watch()
            yield desk
