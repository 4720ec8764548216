"""Which shards a process holds: read from what a person wrote, and refused in one sentence."""

import pytest

from bot.discord.shards import Shards
from bot.settings import Settings
from core.errors import UsageError
from tests.bot.conftest import Run


@pytest.mark.parametrize(
    ("written", "ids", "count", "shown"),
    [
        ("0-3/16", [0, 1, 2, 3], 16, "0-3/16"),
        ("5/16", [5], 16, "5/16"),
        (" 2-2/3 ", [2], 3, "2/3"),
        ("0/1", [0], 1, "0/1"),
    ],
)
def test_they_are_the_first_and_the_last_of_how_many(written: str, ids: list[int], count: int, shown: str) -> None:
    shards = Shards.read(written)
    assert (shards.ids, shards.count, str(shards)) == (ids, count, shown)


@pytest.mark.parametrize(
    "written",
    ["", "3", "0-3", "/16", "0-/16", "-1/16", "3-0/16", "0-16/16", "16/16", "0/0", "0,1/2", "\u0660/\u0663", "a-b/c"],
)
def test_what_names_no_shards_is_refused(written: str) -> None:
    with pytest.raises(UsageError) as caught:
        Shards.read(written)
    assert str(caught.value).endswith(
        " names no shards; give the first and the last of how many, counted from 0, such as 0-3/16."
    )


def test_each_server_is_in_one_shard_by_its_id() -> None:
    held = [Shards.read(f"{number}/3") for number in range(3)]
    for guild_id in (number << 22 for number in range(30)):
        assert [each.has(guild_id) for each in held].count(True) == 1
    assert held[1].has(4 << 22)


# ---- gapbrief run --shards


def test_a_state_that_is_a_file_is_one_process_s(settings: Settings) -> None:
    Shards.read("0-2/3").check(settings)  # which holds them all
    with pytest.raises(UsageError) as caught:
        Shards.read("0-1/3").check(settings)
    assert str(caught.value) == (
        "--shards 0-1/3 leaves shards to other processes, and these can't share a state that is a file;"
        " set GAPBRIEF_STATE_URL to a PostgreSQL database."
    )


@pytest.mark.parametrize(
    ("shards", "token", "said"),
    [
        ("0-3", "x", '"0-3" names no shards; give the first and the last of how many'),
        ("0-3/16", None, "DISCORD_TOKEN is not set"),
        ("0-3/16", "x", "--shards 0-3/16 leaves shards to other processes"),
    ],
)
def test_what_run_can_not_do_with_them_is_one_sentence(run: Run, shards: str, token: str | None, said: str) -> None:
    result = run("run", "--shards", shards, DISCORD_TOKEN=token)
    assert result.exit_code != 0
    assert result.stderr.startswith(said)
    assert result.stderr.count("\n") == 1
