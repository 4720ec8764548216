"""`gapbrief discord …`: what is refused before Discord is asked; the rest is in tests/bot/discord/test_setup."""

import pytest

from tests.bot.conftest import Run

ID = "123456789012345678"


@pytest.mark.parametrize("guild", ["Lab", "١٢٣", "1" * 40, "-1", "9" * 20, ""])
def test_a_servers_id_is_a_number(run: Run, guild: str) -> None:
    result = run("discord", "sync", "--guild", guild)
    assert result.exit_code == 2
    assert result.stderr.startswith(f'"{guild[:3]}')
    assert " is not a Discord id, a long number; with developer mode on, right-click to copy it.\n" in result.stderr


def test_what_is_taken_back_is_one_servers(run: Run) -> None:
    result = run("discord", "sync", "--clear")
    assert result.exit_code == 2
    assert result.stderr == "--clear removes one server's own commands; name the server with --guild.\n"


@pytest.mark.parametrize("token", ["x\ny", "x y", "tökén"])
@pytest.mark.parametrize("words", [("discord", "check"), ("discord", "sync", "--guild", ID), ("run",)])
def test_what_can_be_no_token_is_refused_and_not_shown(run: Run, words: tuple[str, ...], token: str) -> None:
    result = run(*words, DISCORD_TOKEN=token)
    assert result.exit_code == 1
    assert result.output == (
        "DISCORD_TOKEN in the environment holds a space, a line break or another character that no key has;"
        " copy it again.\n"
    )
