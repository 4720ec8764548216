"""What keeps us from Discord, in one sentence for the operator."""

from typing import Any, cast

import discord
import pytest

from bot.discord.connection_errors import in_one_sentence
from core.errors import DataError

NO_SOCKET = cast(Any, None)


def closed(code: int) -> discord.ConnectionClosed:
    return discord.ConnectionClosed(NO_SOCKET, shard_id=0, code=code)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            discord.LoginFailure("Improper token"),
            "Discord does not accept DISCORD_TOKEN; copy it again from your application's Bot page.",
        ),
        (closed(4004), "Discord does not accept DISCORD_TOKEN; copy it again from your application's Bot page."),
        (closed(4011), "Discord ended the connection (code 4011); start `gapbrief run` again."),
        (discord.RateLimited(120), "Discord asks us to wait; try again in 2 minutes."),
        (discord.RateLimited(31), "Discord asks us to wait; try again in 1 minute."),
        (
            ConnectionResetError(104, "Connection reset by peer"),
            "Discord can't be reached (ConnectionResetError); see if this machine is online.",
        ),
    ],
    ids=["login", "4004", "4011", "minutes", "seconds", "network"],
)
def test_each_refusal_is_one_sentence(error: Exception, says: str) -> None:
    with pytest.raises(DataError) as caught, in_one_sentence():
        raise error
    assert str(caught.value) == says
    assert caught.value.__cause__ is error


def test_what_is_none_is_left_as_it_is() -> None:
    with pytest.raises(KeyError), in_one_sentence():
        raise KeyError("a mistake of ours")
