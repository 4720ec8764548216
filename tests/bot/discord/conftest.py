"""A server with people and the bot on it, all in this process: what people do, and what they then see."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import MISSING, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
import structlog

from bot import answers
from bot.discord.client import Gapbrief
from bot.discord.error_messages import cause_of
from bot.pictures import Pictures
from bot.refresh import daily
from bot.refresh.refreshing import RefreshResult
from bot.scheduler import Scheduler, Work
from bot.services import Services
from bot.settings import Settings
from bot.state.database import State, open_state
from core.answer import Chart
from core.errors import UsageError
from core.questions import Question
from tests.bot.kept import allow_channels
from tests.conftest import ROOT
from tests.fakes.discord import FakeDiscord

TODAY = date(2026, 12, 1)
TOKEN = "MTIz.fake.token"  # noqa: S105 (opens nothing)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
BUTTON = 2
ESCAPED = re.compile(r"\\(.)")


_PATIENT_SECONDS = 60.0
"""How long a test waits for the bot: the machine may be busy with other things."""


@dataclass
class World:
    """A server with one channel, the people on it, and the bot."""

    env: simcord.Env
    guild: Any
    channel: Any
    alice: Any
    bob: Any

    @property
    def bot(self) -> Gapbrief:
        bot = self.env.bot
        assert isinstance(bot, Gapbrief)
        return bot

    async def slash(self, name: str, **options: Any) -> Any:
        """Let Alice use a command, and return the message that answers it."""
        return (await self.alice.slash(self.channel, name, **options)).response

    async def press(self, message: Any, label: str, who: Any = None) -> Any:
        """Let somebody press a button, or choose what is in a selection, and return the message that answers it."""
        who = who or self.alice
        if label in options(message):
            return (await who.select(message, [options(message)[label]])).response
        return (await who.click(message, label=label)).response

    async def mention(self, text: str, who: Any = None, **extra: Any) -> Any:
        """Let somebody ask the bot in the channel, and return the newest message there."""
        await (who or self.alice).send(self.channel, f"{self.bot.user.mention} {text}", **extra)
        return self.channel.last_message

    async def show(self, view: discord.ui.View, content: str = "…") -> Any:
        """Return a message of the bot with some buttons, such as one of another version."""
        channel = self.bot.get_channel(self.channel.id)
        await channel.send(content, view=view)
        return self.channel.last_message

    def allow(self, channels: list[int]) -> None:
        """Let the server allow some channels alone."""
        allow_channels(self.bot.services.state, self.guild.id, channels)
        self.bot.channels.invalidate(self.guild.id)

    def callbacks(self) -> list[dict[str, Any]]:
        """Return what was told Discord as first answers, in order."""
        return [entry.json for entry in self.env.http_requests if entry.path.endswith("/callback")]


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Chart]:
    """Have pictures drawn at once, and return the charts that were."""
    charts: list[Chart] = []

    async def draw(_self: Pictures, wanted: tuple[Chart, bool, str]) -> bytes:
        charts.append(wanted[0])
        return PNG

    monkeypatch.setattr(Pictures, "_draw_in_worker", draw)
    monkeypatch.setattr(answers, "utc_today", lambda: TODAY)
    return charts


@pytest.fixture(autouse=True)
def _no_publisher_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a moderator's press on "Refresh now" find nothing new: here nobody plays the publishers."""

    async def refresh_now(_services: object, _now: object) -> RefreshResult:
        return RefreshResult((), (), None, None)

    monkeypatch.setattr(daily, "refresh_now", refresh_now)


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    """Return what is logged."""
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture
def settings(evidence_file: Path, state_file: Path) -> Settings:
    return Settings(evidence_file, ROOT / "data", f"sqlite:///{state_file}", discord_token=TOKEN)


@pytest.fixture
def state(settings: Settings) -> Iterator[State]:
    opened = open_state(settings.state_url)
    yield opened
    opened.close()


class ManualScheduler(Scheduler):
    """Runs a job when it is added and when it is asked for, at no time of its own: simcord waits for every timer."""

    def __init__(self) -> None:
        super().__init__()
        self._work: dict[str, Work] = {}

    def add(self, name: str, work: Work, seconds: float, trigger: object = None) -> None:
        self._work[name] = work
        self.run_now(name)

    def run_now(self, *names: str) -> None:
        for name in names:
            task = asyncio.ensure_future(self._work[name]())
            self._running.add(task)
            task.add_done_callback(self._running.discard)


def started_anew(settings: Settings, state: State) -> Gapbrief:
    """A bot for simcord."""
    services = Services(settings, state)
    vars(services)["scheduler"] = ManualScheduler()
    return Gapbrief(services, shard_count=1)


@pytest.fixture
def simcord_bot(settings: Settings, state: State) -> Gapbrief:
    return started_anew(settings, state)


@pytest.fixture
async def world(simcord_env: simcord.Env) -> AsyncIterator[World]:
    """A server with Alice and Bob; no error but what a person can mend is left unseen at the end."""
    simcord_env.settle_timeout = _PATIENT_SECONDS
    guild = simcord_env.create_guild("Models")
    channel = guild.create_text_channel("general")
    alice, bob = (guild.add_member(simcord_env.create_user(name)) for name in ("alice", "bob"))
    yield World(simcord_env, guild, channel, alice, bob)
    if simcord_env.check_errors:
        assert not [error for error in simcord_env.errors if not isinstance(cause_of(error), UsageError)]


def words(message: Any) -> str:
    """Return all that a message says, as a person reads it."""
    parts = [message.content or ""]
    for embed in message.embeds:
        parts += [embed.title or "", embed.description or ""]
        parts += [f"{field.name}\n{field.value}" for field in embed.fields]
        parts.append(embed.footer.text or "")
    return ESCAPED.sub(r"\1", "\n".join(part for part in parts if part)).replace("\N{NO-BREAK SPACE}", " ")


def labels(message: Any) -> list[str]:
    """Return the labels of a message's buttons."""
    return [part["label"] for part in components_of(message) if part["type"] == BUTTON]


def options(message: Any) -> dict[str, str]:
    """Return what can be chosen in a message's selections, by its label."""
    return {part["label"]: part["value"] for select in components_of(message) for part in select.get("options", ())}


def custom_ids(message: Any) -> list[str]:
    return [part["custom_id"] for part in components_of(message)]


def button(message: Any, label: str) -> dict[str, Any]:
    [match] = [part for part in components_of(message) if part.get("label") == label]
    return match


def components_of(message: Any) -> list[dict[str, Any]]:
    """Return a message's buttons and selections, as Discord is sent them."""
    rows = [row if isinstance(row, dict) else row.to_dict() for row in message.components]
    return [part for row in rows for part in row["components"]]


def checked(embeds: list[discord.Embed]) -> None:
    """See that a message's embeds are within Discord's limits."""
    assert sum(len(embed) for embed in embeds) <= 6000
    for embed in embeds:
        assert len(embed.title or "") <= 256
        assert len(embed.description or "") <= 4096
        assert len(embed.fields) <= 25
        assert len(embed.footer.text or "") <= 2048
        for field in embed.fields:
            assert 0 < len(field.name or "") <= 256
            assert 0 < len(field.value or "") <= 1024


def needed(question: type[Question]) -> dict[str, str]:
    """Return what a question can't be asked without: the first example of each."""
    given = {field.name: str(field.metadata["examples"][0]) for field in fields(question) if field.default is MISSING}
    return given | ({"benchmark": "GPQA Diamond"} if question.name == "timeline" else {})


@pytest.fixture
async def wire(settings: Settings, state: State) -> AsyncIterator[FakeDiscord]:
    """A Discord on loopback with the bot logged in; #general of "Lab", with ada and mo."""
    from tests.bot.discord.wire import online  # which takes the picture from here

    async with online(settings, state) as (fake, _):
        yield fake
