"""What goes wrong: one sentence for the person, a reference to the log, never silence and never a traceback."""

import re
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands

from bot.answers import Answers
from bot.discord import error_messages
from core.errors import DataError, UsageError
from tests.bot.discord.conftest import World, words

OURS = pytest.mark.simcord(check_errors=False)
SORRY = re.compile(
    r"Something went wrong on my side, and the error is logged. Please ask again later. \(ref ([0-9a-f]{4})\)"
)


class _Response:
    status, reason, headers = 400, "Bad Request", {}


def refused(code: int) -> discord.HTTPException:
    return discord.HTTPException(_Response(), {"code": code, "message": "…"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "start", "is_theirs"),
    [
        (UsageError("No test is called so."), "No test is called so.", True),
        (DataError("The state at /srv/x.db can't be used."), "I can't read my data right now, and the error", False),
        (app_commands.NoPrivateMessage(), "This works in a server only; ask me there.", True),
        (app_commands.CommandNotFound("old", []), "Discord still shows you an old version of this command", True),
        (refused(50013), "I lack a permission here.", True),
        (refused(50035), "Discord did not take my answer.", False),
        (discord.RateLimited(40.0), "Discord did not take my answer.", False),
        (TimeoutError(), "Discord did not take my answer.", False),
        (aiohttp.ClientError(), "Discord did not take my answer.", False),
        (ConnectionResetError(), "Discord did not take my answer.", False),
        (KeyError("gpqaa"), "Something went wrong on my side, and the error is logged.", False),
        (OSError("disk"), "Something went wrong on my side, and the error is logged.", False),
    ],
)
def test_every_error_has_its_sentence(error: Exception, start: str, is_theirs: bool) -> None:
    sentence, mended = error_messages.explain(error)
    assert sentence.startswith(start)
    assert mended is is_theirs
    assert sentence.endswith(".")


@OURS
async def test_an_error_of_ours_is_a_sentence_with_a_reference_and_the_rest_is_in_the_log(
    world: World, monkeypatch: pytest.MonkeyPatch, logged: list[Any]
) -> None:
    def broken(*_: Any) -> Any:
        raise KeyError("secret detail")

    monkeypatch.setattr(Answers, "compute", broken)
    message = await world.slash("gap", benchmark="WeirdML")
    [reference] = SORRY.findall(words(message))
    assert message.ephemeral
    assert "secret" not in words(message)
    [entry] = [record for record in logged if record["log_level"] == "error"]
    assert entry["ref"] == reference
    assert entry["command"] == "gap"
    assert entry["user"] == world.alice.id
    assert repr(entry["exc_info"]) == "KeyError('secret detail')"


@OURS
async def test_an_error_in_a_button_or_behind_a_mention_is_told_in_the_same_way(
    world: World, monkeypatch: pytest.MonkeyPatch, logged: list[Any]
) -> None:
    message = await world.slash("gap")

    def broken(*_: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(Answers, "compute", broken)
    monkeypatch.setattr(world.bot.services.assistant, "reply", broken)
    private = await world.press(message, "Unmatched")
    assert private.ephemeral
    for reply in (private, await world.mention("what is the gap?")):
        assert SORRY.fullmatch(words(reply))
    assert [entry["event"] for entry in logged if entry["log_level"] == "error"] == ["failed"] * 2


@OURS
async def test_a_check_that_fails_by_an_error_of_ours_is_told_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def locked(*_: Any) -> None:
        raise DataError("The state at /srv/state.db is in use by another program. Try again in a few seconds.")

    monkeypatch.setattr(world.bot.channels, "check", locked)
    assert words(await world.slash("gap")).startswith("I can't read my data right now, and the error is logged.")


async def test_a_refusal_of_the_persons_own_has_no_reference(world: World, logged: list[Any]) -> None:
    message = await world.slash("gap", benchmark="nothing like this")
    assert "ref" not in words(message)
    [entry] = [record for record in logged if record["event"] == "refused"]
    assert entry["log_level"] == "info"


@OURS
async def test_a_command_of_before_says_what_to_do(world: World) -> None:
    world.bot.tree.remove_command("gap")
    assert words(await world.slash("gap")).startswith("Discord still shows you an old version of this command.")
    assert world.env.errors


async def test_a_wrong_event_is_logged(world: World, logged: list[Any]) -> None:
    try:
        raise ValueError("x")
    except ValueError:
        await type(world.bot).on_error(world.bot, "on_something")
    [entry] = [record for record in logged if record["event"] == "event failed"]
    assert entry["event_name"] == "on_something"
