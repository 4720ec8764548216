"""`gapbrief run`: the real process with a Discord on loopback: it answers, is healthy, and stops well."""

import asyncio
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from textwrap import indent
from typing import Any

import aiohttp
import pytest

from bot.files import allow_open_files
from bot.newsroom import workflow
from bot.newsroom.targets.webhook import new_secret
from bot.newsroom.workflow import OPERATOR
from bot.run import Headless
from bot.services import Services
from bot.settings import Settings
from bot.state import outbox, target_rows
from bot.state.database import State, open_state
from bot.state.protection import StateGoneError
from tests.bot.conftest import COMMAND, free_port
from tests.bot.newsroom.listener import Listener, listening
from tests.bot.newsroom.newsroom import NOW, made
from tests.conftest import ROOT
from tests.fakes.discord import TOKEN, FakeDiscord, Interaction, faults

pytestmark = pytest.mark.slow

START = 60
"""Seconds that a start may take on a machine that has much else to do."""


@dataclass
class Service:
    """The running process and the Discord that it is logged in to."""

    process: asyncio.subprocess.Process
    fake: FakeDiscord
    port: int

    async def connected(self) -> None:
        """Wait until it is connected to Discord, and has said all that it says to it."""
        await self.fake.gateway.connected(timeout=START)
        await self.fake.settled(timeout=START)

    async def gap(self, who: str = "ada") -> Interaction:
        return await self.fake.slash(self.fake.world.user(who), self.fake.world.channel("general"), "gap")

    async def health(self, who: str = "127.0.0.1") -> tuple[int, dict[str, Any]]:
        url = f"http://127.0.0.1:{self.port}/healthz"
        connector = aiohttp.TCPConnector(local_addr=(who, 0))
        async with aiohttp.ClientSession(connector=connector) as session, session.get(url) as response:
            return response.status, await response.json()

    async def page(self, path: str) -> str:
        url = f"http://127.0.0.1:{self.port}{path}"
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            return await response.text()

    async def well(self) -> dict[str, Any]:
        """Wait until it says that it is well, some seconds after it is connected; return what it says."""
        return await self._wait_for_status(200)

    async def unwell(self) -> dict[str, Any]:
        """Wait until it says that it is not; return what it says."""
        return await self._wait_for_status(503)

    async def _wait_for_status(self, status: int) -> dict[str, Any]:
        async with asyncio.timeout(START):
            while True:
                with suppress(aiohttp.ClientConnectionError):  # of a service that has only begun
                    answer = await self.health()
                    if answer[0] == status:
                        return answer[1]
                await asyncio.sleep(0.1)

    async def end(self, how: signal.Signals = signal.SIGTERM) -> str:
        """Send a signal, see that it ends well, and return what was logged."""
        self.process.send_signal(how)
        _, err = await asyncio.wait_for(self.process.communicate(), START)
        assert self.process.returncode == 0, err.decode()
        return err.decode()


def environment_of(folder: Path, evidence: Path, **changed: str) -> dict[str, str]:
    state = f"sqlite:///{folder / 'state.db'}"
    return {**os.environ, "GAPBRIEF_DB": str(evidence), "GAPBRIEF_STATE_URL": state, **changed}


async def started(
    fake: FakeDiscord, folder: Path, evidence: Path, *, token: str | None = TOKEN, **changed: str
) -> Service:
    """Start the service, on a port of its own; it is led to a Discord by the two address constants alone."""
    script = folder / "serve.py"
    lines = (
        f"{fake.prelude}\nfrom bot.run import run\nfrom bot.settings import Settings\n"
        "import sys\nimport bot.web.server\nfrom core.errors import GapbriefError\nbot.web.server._SHORTEST = 0.5\n"
        "try:\n    run(Settings.read())\n"
        "except GapbriefError as error:\n    print(error, file=sys.stderr)\n    sys.exit(1)\n"
    )
    script.write_text(f"if __name__ == '__main__':\n{indent(lines, '    ')}")  # the pages' process imports it too
    changed = {"GAPBRIEF_PORT": str(free_port()), "PYTHONWARNINGS": "error::ResourceWarning", **changed}
    environment = environment_of(folder, evidence, PYTHONPATH=str(ROOT), **changed)
    environment.pop("DISCORD_TOKEN", None)
    environment |= {} if token is None else {"DISCORD_TOKEN": token}
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), cwd=folder, env=environment, stdout=pipe, stderr=pipe
    )
    return Service(process, fake, int(changed["GAPBRIEF_PORT"]))


async def refused(service: Service) -> list[str]:
    """Wait until a start is given up with exit code 1, and return the lines that it wrote."""
    _, err = await asyncio.wait_for(service.process.communicate(), START)
    assert service.process.returncode == 1
    assert "Traceback" not in err.decode()
    return err.decode().splitlines()


@asynccontextmanager
async def serving(
    folder: Path, evidence: Path, fault: tuple[str, faults.Fault] | None = None
) -> AsyncIterator[Service]:
    """Start the service with a Discord in which requests to an address may meet a fault, and end it."""
    async with FakeDiscord(point_client=False) as fake:
        if fault:
            fake.disturb(*fault, None)
        service = await started(fake, folder, evidence)
        try:
            await service.connected()
            yield service
        finally:
            if service.process.returncode is None:
                service.process.kill()
                await service.process.communicate()


async def test_it_answers_ends_well_and_begins_again_where_old_buttons_work(
    evidence_file: Path, tmp_path: Path
) -> None:
    counted = 'gapbrief_answers_total{outcome="answered",question="gap"}'
    async with serving(tmp_path, evidence_file) as service:
        interaction = await (await service.gap()).first_answer()
        message = await interaction.edited(timeout=START)
        assert message.embeds[0]["title"].startswith("Open models trail")
        assert message.attachments[0].content.startswith(b"\x89PNG")
        assert len(message.attachments[0].content) > 10_000

        health = await service.well()
        assert health["ok"] is True
        assert health["discord"]["guilds"] == 1
        assert health["discord"]["latency_seconds"] is None or health["discord"]["latency_seconds"] >= 0
        assert health["data"]["newest"] == "2026-09-28"

        async with asyncio.timeout(START):
            while counted not in (measured := await service.page("/metrics")):
                await asyncio.sleep(0.1)
        assert "\nprocess_resident_memory_bytes " in measured
        assert "\ngapbrief_pages_process_resident_memory_bytes " in measured

        log = await service.end()
        lines = [json.loads(line) for line in log.splitlines()]
        assert [line["event"] for line in lines][-2:] == ["stopping", "stopped"]
        assert TOKEN not in log
        assert "Traceback" not in log

        again = await started(service.fake, tmp_path, evidence_file)
        service.process = again.process
        await again.connected()
        pressed = await service.fake.press(message, "By test", service.fake.world.user("mo"))
        assert (await pressed.answered()).audience is service.fake.world.user("mo")
        assert len(service.fake.called("PUT /applications/*/commands")) == 1


@asynccontextmanager
async def hooked(folder: Path) -> AsyncIterator[tuple[State, Listener]]:
    """Yield a state with a webhook on loopback, and what listens there."""
    async with listening() as listener:
        with closing(open_state(f"sqlite:///{folder / 'state.db'}")) as opened:
            with opened.begin() as connection:
                target_rows.add(
                    connection, kind="webhook", address=listener.url, secret=new_secret(), at=NOW, guild_id=None
                )
            yield opened, listener


async def test_without_a_token_all_but_discord_works(evidence_file: Path, tmp_path: Path) -> None:
    async with FakeDiscord(point_client=False) as fake, hooked(tmp_path) as (state, listener):
        moment = datetime.now(UTC)
        kept = workflow.add_draft(state, made(), OPERATOR, moment)
        workflow.post(state, kept.id, 123, OPERATOR, moment)
        service = await started(fake, tmp_path, evidence_file, token=None)
        await fake.until(lambda: listener.requests, "the webhook", START)
        health = await service.well()
        assert (health["ok"], "discord" in health) == (True, False)
        log = await service.end()
        assert [event["data"]["id"] for event in listener.events] == [kept.slug]
        events = [json.loads(line)["event"] for line in log.splitlines()]
        assert events == [
            "pages are served",
            "Discord is off until DISCORD_TOKEN is set; posts for Discord wait until then",
            "stopping", "stopped",
        ]  # fmt: skip
        assert f"http://127.0.0.1:{service.port}/" in log
        waiting, sent = outbox.list_items(state, kept.id)
        assert (waiting.kind, waiting.status, waiting.attempts, sent.status) == ("discord", "pending", 0, "sent")


async def test_while_discord_cant_be_reached_the_rest_works(evidence_file: Path, tmp_path: Path) -> None:
    async with FakeDiscord(point_client=False) as fake, hooked(tmp_path) as (state, listener):
        cut = fake.disturb("GET /users/@me", faults.cut_off(), None)
        moment = datetime.now(UTC)
        workflow.post(state, workflow.add_draft(state, made(), OPERATOR, moment).id, None, OPERATOR, moment)
        service = await started(fake, tmp_path, evidence_file)
        await fake.until(lambda: listener.requests, "the webhook", START)
        assert (await service.unwell())["discord"]["ready"] is False
        cut.stop()
        await fake.gateway.connected(timeout=START)
        await service.well()
        log = await service.end()
        assert "Traceback" not in log
        assert "ResourceWarning" not in log
        assert "Discord can't be reached; the rest goes on" in log


# ---- the pages, in a process of their own


def pages_of(service: Service) -> int:
    """Return the process of the pages: of the service's children the one that gives way to others."""
    [page_process] = [child for child in _children(service.process.pid) if os.getpriority(os.PRIO_PROCESS, child) > 0]
    return page_process


async def test_neither_slow_connections_nor_the_end_of_the_pages_stop_what_else_is_served(
    evidence_file: Path, tmp_path: Path
) -> None:
    """1,300 slow connections of one address stopped the pages, and 20 s later Discord and the newsroom."""
    async with serving(tmp_path, evidence_file) as service, AsyncExitStack() as stack:
        await (await service.gap()).edited(timeout=START)
        await service.well()
        many = min(1300, allow_open_files(3000) - 500)
        for _ in range(many):
            _, writer = await asyncio.open_connection("127.0.0.1", service.port)
            stack.callback(writer.close)
            writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        status, _ = await service.health("127.0.0.2")
        assert status == 200
        assert len(os.listdir(f"/proc/{service.process.pid}/fd")) < 100
        assert len(os.listdir(f"/proc/{pages_of(service)}/fd")) < 500
        assert (await (await service.gap("mo")).first_answer()).messages
        await stack.aclose()

        before = pages_of(service)
        os.kill(before, signal.SIGKILL)
        assert (await (await service.gap("mo")).first_answer()).messages
        health = await service.well()
        assert health["discord"]["ready"] is True
        assert pages_of(service) != before
        assert "the pages ended, and are started again" in await service.end()


async def test_answers_that_were_begun_are_finished_first(evidence_file: Path, tmp_path: Path) -> None:
    async with serving(tmp_path, evidence_file) as service:
        await (await service.gap()).edited(timeout=START)
        for number in range(20):
            service.fake.world.guild("Lab").join(service.fake.world.add_user(f"person {number}"))
        service.fake.disturb("POST */callback", faults.slow(1), None)
        begun = [await service.gap(f"person {number}") for number in range(20)]
        await service.fake.until(lambda: service.fake._busy, timeout=START)
        await service.end()
        for interaction in begun:
            assert not interaction.error
            assert len(interaction.messages) == 1
            assert interaction.messages[0].attachments


async def test_where_discord_ends_it_for_good_answers_are_finished_and_why_is_said(
    evidence_file: Path, tmp_path: Path
) -> None:
    async with serving(tmp_path, evidence_file) as service:
        await (await service.gap()).edited(timeout=START)
        service.fake.disturb("POST */callback", faults.slow(1), None)
        begun = await service.gap("mo")
        await service.fake.until(lambda: service.fake._busy, timeout=START)
        service.fake.gateway.close(4011)
        says = "Discord ended the connection (code 4011); start `gapbrief run` again."
        assert (await refused(service))[-1] == says
        [message] = begun.messages
        assert message.attachments


async def test_an_answer_that_never_ends_does_not_hold_up_the_end(evidence_file: Path, tmp_path: Path) -> None:
    async with serving(tmp_path, evidence_file) as service:
        await (await service.gap()).edited(timeout=START)
        service.fake.disturb("POST */callback", faults.slow(60 * START), None)
        await service.gap()
        await service.fake.until(lambda: service.fake._busy, timeout=START)
        await service.end(signal.SIGINT)


async def test_a_discord_that_asks_to_wait_long_does_not_keep_it_from_starting(
    evidence_file: Path, tmp_path: Path
) -> None:
    fault = "PUT /applications/*/commands", faults.rate_limited(120)
    async with serving(tmp_path, evidence_file, fault) as service:
        assert "commands not told to Discord" in await service.end()


async def test_pages_and_what_draws_end_with_a_service_that_was_killed(evidence_file: Path, tmp_path: Path) -> None:
    async with serving(tmp_path, evidence_file) as service:
        await (await service.gap()).edited(timeout=START)
        await service.well()
        await service.page("/charts/gap.svg")
        await service.fake.until(lambda: _children(pages_of(service)), "what draws for the pages", START)
        children = _children(service.process.pid)
        children += [grandchild for child in children for grandchild in _children(child)]
        service.process.kill()
        await service.process.wait()
        await service.fake.until(lambda: not any(map(_lives, children)), "the end of all", START)


async def test_a_service_that_was_killed_starts_again_at_once_on_its_port(evidence_file: Path, tmp_path: Path) -> None:
    """Its pages finish nothing, not for whoever reads slowly: they would hold the port."""
    async with serving(tmp_path, evidence_file) as service:
        await service.well()
        killed, pages = service.process, pages_of(service)
        os.kill(pages, signal.SIGSTOP)  # as busy pages, which hear of nothing
        threading.Timer(1, os.kill, (pages, signal.SIGCONT)).start()
        os.kill(killed.pid, signal.SIGKILL)
        again = await started(service.fake, tmp_path, evidence_file, GAPBRIEF_PORT=str(service.port))
        service.process = again.process
        await service.fake.until(lambda: not _lives(pages), "the end of the pages of before", START)
        await service.well()  # of the new pages: those of before may have answered until they ended
        await killed.communicate()
        await service.end()


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _lives(process: int) -> bool:
    try:
        return "(zombie)" not in Path(f"/proc/{process}/status").read_text().split("State:")[1].split("\n")[0]
    except FileNotFoundError:
        return False


async def test_a_port_that_is_taken_is_said(evidence_file: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with FakeDiscord(point_client=False) as fake:
            lines = await refused(await started(fake, tmp_path, evidence_file, GAPBRIEF_PORT=str(port)))
    assert lines == [f"Port {port} of 127.0.0.1 can't be used (Address already in use); set GAPBRIEF_PORT to another."]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"token": "wrong.token"}, "Discord does not accept DISCORD_TOKEN; copy it again"),
        ({"GAPBRIEF_STATE_URL": "sqlite:////proc/nowhere/state.db"}, "The state can't be written to /proc/nowhere"),
    ],
)
async def test_what_keeps_it_from_starting_is_one_sentence(
    evidence_file: Path, tmp_path: Path, changed: dict[str, str], sentence: str
) -> None:
    async with FakeDiscord(point_client=False) as fake:
        assert (await refused(await started(fake, tmp_path, evidence_file, **changed)))[-1].startswith(sentence)


async def command(folder: Path, evidence: Path, *words: str, **changed: str) -> tuple[int, str]:
    """Run the console command on the state of a service, and return its exit code with all that it wrote."""
    environment, pipe = environment_of(folder, evidence, **changed), asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        str(COMMAND), *words, cwd=folder, env=environment, stdout=pipe, stderr=asyncio.subprocess.STDOUT
    )
    out, _ = await asyncio.wait_for(process.communicate(), START)
    return process.returncode or 0, out.decode()


async def test_a_state_that_is_deleted_stops_new_work_and_comes_back_from_the_daily_copy(
    evidence_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "state.db"
    with closing(open_state(f"sqlite:///{file}")) as state:
        workflow.post(state, workflow.add_draft(state, made(), OPERATOR, NOW).id, None, OPERATOR, NOW)
    async with serving(tmp_path, evidence_file) as service:
        await service.well()
        copies = tmp_path / "backups"
        await service.fake.until(lambda: any(copies.glob("state-*.db")), "a copy", START)
        (copy,) = copies.glob("state-*.db")
        for part in tmp_path.glob("state.db*"):
            part.unlink()

        assert (await service.unwell())["state"]["ok"] is False
        measured = await service.page("/metrics")
        assert "gapbrief_state_ok 0.0" in measured
        assert "gapbrief_backup_age_seconds" in measured
        assert "not now" in (await service.page("/briefs")).lower()
        assert "Open models trail" in await service.page("/api/gap"), "what needs no state goes on"
        people, general = service.fake.world, service.fake.world.channel("general")
        history = await service.fake.slash(people.user("mo"), general, "newsroom history")
        assert str(StateGoneError()) in str((await history.answered()).embeds)
        code, output = await command(tmp_path, evidence_file, "doctor", GAPBRIEF_PORT=str(service.port))
        assert code == 1
        assert f"wrong  state            The state {file} is gone, and there is a copy of " in output
        assert (
            "wrong  running state    deleted or replaced while gapbrief runs, so gapbrief starts nothing new" in output
        )
        log = await service.end()
        assert "Traceback" not in log.split("stopping")[-1]
    assert not file.exists(), "nothing was written in its place"

    again = await started(service.fake, tmp_path, evidence_file, token=None)
    assert (await refused(again))[-1].endswith("puts it back, `gapbrief state new` begins without it.")
    assert (await command(tmp_path, evidence_file, "state", "restore", str(copy)))[0] == 0
    async with serving(tmp_path, evidence_file) as service:
        assert (await service.well())["state"]["ok"]
        assert made().brief.title in (await service.page("/briefs")).replace("\N{NO-BREAK SPACE}", " ")


# ---- the service without Discord; its processes, webhooks and stops are those of test_run


async def test_it_is_well_once_it_posts_what_is_due_and_stops_with_nothing_left(
    evidence_file: Path, tmp_path: Path
) -> None:
    address = f"sqlite:///{tmp_path / 'state.db'}"
    state = open_state(address)
    service = Headless(Services(Settings(evidence_file, ROOT / "data", address), state))
    assert service.health()["ok"] is False
    work = asyncio.create_task(service.work())
    async with asyncio.timeout(60):
        while not service.health()["ok"]:
            await asyncio.sleep(0.01)
    assert service.health()["data"]["newest"] == "2026-09-28"
    work.cancel()
    await service.close()
    assert service.health()["ok"] is False
    state.close()
