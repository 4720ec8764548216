"""`gapbrief discord …` and doctor's look at Discord, against a Discord on loopback: each finding with what to do."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, cast

import discord
import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.discord.setup import in_one_sentence
from core.errors import DataError
from tests.bot.discord.conftest import TOKEN
from tests.fakes.discord import ChannelKind, FakeDiscord, Permission, World, faults

WRONG = "wrong.token"
Run = Callable[..., Any]


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord(token=TOKEN) as server:
        yield server


@pytest.fixture
def run(evidence_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in a thread of its own, beside the Discord that runs here."""
    monkeypatch.chdir(tmp_path)
    environment = {
        "GAPBRIEF_DB": str(evidence_file),
        "GAPBRIEF_STATE_URL": f"sqlite:///{tmp_path / 'state.db'}",
        "DISCORD_TOKEN": TOKEN,
    }

    async def invoke(*words: str, **changed: str | None) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, main, list(words), env={**environment, **changed})

    return invoke


async def test_check_looks_at_token_intents_and_every_channel(fake: FakeDiscord, run: Run) -> None:
    result = await run("discord", "check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "ok     token: logged in as gapbrief#0000",
        "ok     intents: 3 intents, none of them privileged; you need to switch nothing on",
        "ok     servers: it is on 1 server",
        "ok     Lab: 2 of 2 channels can get answers",
    ]


async def test_check_names_what_is_missing_where_and_what_to_do(fake: FakeDiscord, run: Run) -> None:
    world: World = fake.world
    world.channel("news").overwrite(world.bot, deny=Permission.EMBED_LINKS | Permission.ATTACH_FILES)
    for _ in range(2):
        world.guild("Lab").add_channel("secret").overwrite(world.bot, deny=Permission.VIEW_CHANNEL)
    result = await run("discord", "check")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[3:] == [
        "ok     Lab: 1 of 4 channels can get answers",
        "wrong  Lab, #news: Embed Links and Attach Files missing; grant it under Channel settings › Permissions",
        *["wrong  Lab, #secret: View Channel missing; grant it under Channel settings › Permissions"] * 2,
    ]


async def test_check_looks_beside_voices_and_in_forums(fake: FakeDiscord, run: Run) -> None:
    lab, bot = fake.world.guild("Lab"), fake.world.bot
    lab.add_channel("Talk", ChannelKind.VOICE).overwrite(bot, deny=Permission.SEND_MESSAGES)
    lab.add_channel("Stage", ChannelKind.STAGE).overwrite(bot, deny=Permission.SEND_MESSAGES_IN_THREADS)
    lab.add_channel("questions", ChannelKind.FORUM).overwrite(bot, deny=Permission.SEND_MESSAGES_IN_THREADS)
    lab.add_channel("replies-only", ChannelKind.FORUM).overwrite(bot, deny=Permission.SEND_MESSAGES)
    result = await run("discord", "check")
    assert result.stdout.splitlines()[3:] == [
        "ok     Lab: 4 of 6 channels can get answers",
        "wrong  Lab, #Talk: Send Messages missing; grant it under Channel settings › Permissions",
        "wrong  Lab, #questions: Send Messages In Threads missing; grant it under Channel settings › Permissions",
    ]


async def test_check_without_a_server_says_how_to_add_it(run: Run) -> None:
    async with FakeDiscord(World(), token=TOKEN):
        result = await run("discord", "check")
    assert result.exit_code == 1
    assert "wrong  servers: none yet; `gapbrief discord invite` prints the link that adds it" in (result.stdout)


async def test_invite_prints_the_address_with_just_what_is_needed(fake: FakeDiscord, run: Run) -> None:
    result = await run("discord", "invite")
    [address] = result.stdout.splitlines()
    assert f"client_id={fake.world.bot.id}" in address
    assert "scope=bot+applications.commands" in address
    [number] = re.findall(r"permissions=(\d+)", address)
    needed = Permission(int(number))
    assert Permission.SEND_MESSAGES in needed
    assert Permission.EMBED_LINKS in needed
    assert Permission.ADMINISTRATOR not in needed
    assert int(number).bit_count() == 6


async def test_sync_tells_the_commands_whether_they_changed_or_not(fake: FakeDiscord, run: Run) -> None:
    for _ in range(2):
        result = await run("discord", "sync")
        assert (result.exit_code, result.stderr) == (0, "")
        assert re.fullmatch(r"Discord knows \d+ commands.\n", result.stdout)
    assert len(fake.called("PUT /applications/*/commands")) == 2
    assert {"gap", "ask", "about"} <= {command["name"] for command in fake.commands.all()}


async def test_what_one_server_is_told_is_taken_back(fake: FakeDiscord, run: Run) -> None:
    lab = fake.world.guild("Lab")
    await run("discord", "sync")
    result = await run("discord", "sync", "--guild", str(lab.id))
    assert re.fullmatch(r"Discord knows \d+ commands on that server.\n", result.stdout)
    assert fake.commands.all(lab.id)
    result = await run("discord", "sync", "--guild", str(lab.id), "--clear")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "That server has no commands of its own now; the global ones stay.\n"
    assert not fake.commands.all(lab.id)
    assert fake.commands.all()


NOT_SET = "DISCORD_TOKEN is not set; put your bot's token into .env, or into the environment.\n"
NOT_ACCEPTED = "Discord does not accept DISCORD_TOKEN; copy it again from your application's Bot page.\n"


@pytest.mark.parametrize(
    ("words", "token", "trouble", "says"),
    [
        ("check", None, None, NOT_SET),
        ("invite", None, None, NOT_SET),
        ("sync", None, None, NOT_SET),
        ("check", WRONG, None, NOT_ACCEPTED),
        ("invite", TOKEN, ("GET /users/@me", faults.cut_off()), "Discord can't be reached; see if this machine is"),
        ("sync --guild 123456789012345678", TOKEN, None, "Discord refuses this: "),
    ],
)
async def test_what_goes_wrong_is_one_sentence_without_the_token(
    fake: FakeDiscord, run: Run, words: str, token: str | None, trouble: tuple[str, faults.Fault] | None, says: str
) -> None:
    if trouble:
        fake.disturb(*trouble, None)
    result = await run("discord", *words.split(), DISCORD_TOKEN=token)
    assert result.exit_code == 1
    assert result.stderr.startswith(says)
    assert result.stderr.count("\n") == 1
    assert WRONG not in result.output


async def test_a_discord_that_asks_to_wait_is_said(fake: FakeDiscord, run: Run) -> None:
    fake.disturb("PUT /applications/*/commands", faults.rate_limited(120), None)
    result = await run("discord", "sync")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "Discord asks us to wait; try again in 2 minutes."


# ---- doctor


async def test_doctor_tries_the_token_and_counts_the_servers(fake: FakeDiscord, run: Run) -> None:
    result = await run("doctor")
    assert "wrong  Discord" not in result.stdout
    assert "ok     Discord          token: logged in as gapbrief#0000\n" in result.stdout
    assert "ok     Discord          servers: it is on 1 server\n" in result.stdout
    assert "ok     state            none yet; `gapbrief run` makes it when it first starts\n" in result.stdout
    assert TOKEN not in result.output


async def test_doctor_says_what_is_wrong_with_the_token(fake: FakeDiscord, run: Run) -> None:
    result = await run("doctor", DISCORD_TOKEN=WRONG)
    assert result.exit_code == 1
    assert "wrong  Discord          Discord does not accept DISCORD_TOKEN; copy it again" in result.stdout


NO_SOCKET = cast(Any, None)


def closed(code: int) -> discord.ConnectionClosed:
    return discord.ConnectionClosed(NO_SOCKET, shard_id=0, code=code)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (closed(4004), NOT_ACCEPTED.strip()),
        (closed(4011), "Discord ended the connection (code 4011); start `gapbrief run` again."),
        (discord.RateLimited(31), "Discord asks us to wait; try again in 1 minute."),
        (ConnectionResetError(104, "Reset by peer"), "Discord can't be reached; see if this machine is online."),
    ],
    ids=["4004", "4011", "wait", "network"],
)
def test_each_refusal_is_one_sentence(error: Exception, says: str) -> None:
    with pytest.raises(DataError) as caught, in_one_sentence():
        raise error
    assert str(caught.value) == says
    assert caught.value.__cause__ is error


def test_what_is_none_is_left_as_it_is() -> None:
    with pytest.raises(KeyError), in_one_sentence():
        raise KeyError("a mistake of ours")
