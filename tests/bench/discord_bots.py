"""The two bots of the load bench, each in a process of its own, and a Discord for each in this one."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from tests.conftest import ROOT
from tests.fakes.discord import TOKEN, FakeDiscord, Interaction, User, small_world

GAPBRIEF = "from bot.cli import main\nmain(['run'])\n"
PLAIN = "from tests.bench.discord_bots import plain\nplain()\n"
"""What each process runs, once discord.py is led to its Discord."""

MISSED = 3.0
"""Seconds after which Discord gives an interaction up."""
_PATIENCE = 30.0
_LOOK_EVERY = 0.05
_KEEP = 2000


def plain() -> None:
    """Run a bot with one command, which does nothing but answer."""
    import discord
    from discord.ext import commands

    from bot.discord.client import intents
    from bot.processes import make_runner

    bot = commands.Bot(commands.when_mentioned, intents=intents(), help_command=None)

    @bot.tree.command()
    async def empty(interaction: discord.Interaction) -> None:
        """Answer."""
        await interaction.response.send_message("ok")

    @bot.event
    async def setup_hook() -> None:
        await bot.tree.sync()

    with make_runner() as running:
        running.run(bot.start(TOKEN))


@dataclass
class Times:
    """How long (seconds) answers took: to the first answer, and to its picture."""

    first: list[float] = field(default_factory=list)
    picture: list[float] = field(default_factory=list)
    missed: int = 0
    """How many had no first answer within 3 s."""
    unpictured: int = 0
    """How many never got their picture."""
    cpu: float = 0.0
    """Processor time (seconds) of the bot."""

    def compute_answer_cost(self) -> float:
        """Return the processor time (ms) for one answer."""
        return 1000 * self.cpu / len(self.first)

    def __iadd__(self, other: "Times") -> "Times":
        self.first += other.first
        self.picture += other.picture
        self.missed += other.missed
        self.unpictured += other.unpictured
        self.cpu += other.cpu
        return self


@dataclass
class Side:
    """A bot with its Discord: `ask` asks it."""

    fake: FakeDiscord
    process: subprocess.Popen[bytes]
    command: str
    has_picture: bool
    people: Iterator[User]
    port: int = 0
    """Where its pages are, 0 without any."""

    async def at_once(self, number: int) -> Times:
        """Let a number of people use the command in one moment."""
        before = self.cpu()
        return await self._times([await self.ask() for _ in range(number)], before)

    async def steady(self, per_second: float, seconds: float) -> Times:
        """Let people use the command at a steady rate."""
        before, began, interactions = self.cpu(), time.monotonic(), []
        for number in range(round(per_second * seconds)):
            await asyncio.sleep(began + number / per_second - time.monotonic())
            interactions.append(await self.ask())
        return await self._times(interactions, before)

    async def ask(self) -> Interaction:
        """Let the next person use the command."""
        return await self.fake.slash(next(self.people), self.fake.world.channel("general"), self.command)

    async def typed(self, command: str, option: str, text: str) -> float:
        """Let the next person type into an option of a command, and return how long (seconds) the choices took."""
        channel = self.fake.world.channel("general")
        interaction = await self.fake.autocomplete(next(self.people), channel, command, option, text)
        return (await interaction.first_answer()).latency

    def memory(self) -> float:
        """Return the memory (RSS, MB) that the process holds."""
        return memory_of(self.process.pid)

    def cpu(self) -> float:
        """Return the processor time (seconds) that the process has used."""
        return cpu_of(self.process.pid)

    async def _times(self, interactions: list[Interaction], before: float) -> Times:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and not all(map(self._is_over, interactions)):
            await asyncio.sleep(_LOOK_EVERY)
        first = [interaction.latency for interaction in interactions if interaction.answered_at is not None]
        with_picture = filter(self._has_picture, interactions)
        picture = [interaction.original.versions[1].at - interaction.created_at for interaction in with_picture]
        missed = len(interactions) - sum(seconds <= MISSED for seconds in first)
        return Times(first, picture, missed, (len(interactions) - len(picture)) * self.has_picture, self.cpu() - before)

    def _is_over(self, interaction: Interaction) -> bool:
        return interaction.expired or (
            self._has_picture(interaction) if self.has_picture else interaction.answered_at is not None
        )

    def _has_picture(self, interaction: Interaction) -> bool:
        return interaction.original is not None and bool(interaction.original.attachments)


def memory_of(process: int) -> float:
    """Return the memory (RSS, MB) that a process holds."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu_of(process: int) -> float:
    """Return the processor time (seconds) that a process has used."""
    used = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def gapbrief(folder: Path, people: int, before: str = "") -> AsyncIterator[Side]:
    """Start gapbrief as its operator does, with the shipped data, and wait until it answers with a picture.

    `before` is code that its process runs first.
    """
    environment = {
        "GAPBRIEF_DB": str(folder / "evidence.db"),
        "GAPBRIEF_STATE_URL": f"sqlite:///{folder / 'state.db'}",
        "GAPBRIEF_PORT": str(_free_port()),
        "DISCORD_TOKEN": TOKEN,
    }
    async with _side(before + GAPBRIEF, environment, folder, "gap", people) as side:
        yield side


@asynccontextmanager
async def empty(folder: Path, people: int) -> AsyncIterator[Side]:
    """Start the plain bot."""
    async with _side(PLAIN, {}, folder, "empty", people) as side:
        yield side


@asynccontextmanager
async def _side(code: str, environment: dict[str, str], folder: Path, command: str, people: int) -> AsyncIterator[Side]:
    world = small_world()
    lab = world.guild("Lab")
    crowd = [world.add_user(f"person {number}") for number in range(people)]
    for person in crowd:
        lab.join(person)
    async with FakeDiscord(world, point_client=False, keep=_KEEP) as fake:
        with _process(fake.prelude + code, environment, folder / f"{command}.log") as process:
            side = Side(
                fake, process, command, command == "gap", cycle(crowd), int(environment.get("GAPBRIEF_PORT", 0))
            )
            await _ready(side, folder / f"{command}.log")
            yield side


async def _ready(side: Side, log: Path) -> None:
    try:
        await side.fake.gateway.connected(timeout=60)
        await side.fake.until(lambda: side.fake.called("PUT */commands"), timeout=60)
        await side.fake.settled()
        times = await side.at_once(1)
    except TimeoutError:
        raise RuntimeError(log.read_text()) from None
    if times.missed or times.unpictured:
        raise RuntimeError(log.read_text())


@contextmanager
def _process(code: str, environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    with (
        log.open("wb") as output,
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=output, stderr=output) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            process.wait(15)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
