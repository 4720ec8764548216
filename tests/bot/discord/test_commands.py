"""The operator's commands, and that nobody else pays for them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.conftest import Cli, Run
from tests.conftest import ROOT

HEAVY = ("discord", "aiohttp", "sqlalchemy", "alembic", "structlog", "fastapi", "uvicorn", "uvloop")


def test_a_question_on_the_command_line_loads_nothing_of_the_service(evidence_file: Path, tmp_path: Path) -> None:
    code = (
        "import sys\nfrom bot.cli import main\n"
        "main(['gap'], standalone_mode=False)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "GAPBRIEF_DB": str(evidence_file), "HOME": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert done.stdout.startswith("Open models trail")
    assert done.stderr == "[]\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("run", "--help"), "Run the service: web pages, schedules, webhooks"),
        (("discord", "--help"), "Set the Discord bot up: commands, invitation, permissions."),
        (("discord", "sync", "--help"), "Tell Discord the commands now"),
        (("discord", "invite", "--help"), "Print the address that adds the bot to a server"),
        (("discord", "check", "--help"), "Check the token, the intents, and the permissions in each channel"),
    ],
)
def test_each_command_says_what_it_does_with_an_example(run: Run, words: tuple[str, ...], sentence: str) -> None:
    result = run(*words)
    assert result.exit_code == 0
    assert sentence in " ".join(result.stdout.split())
    assert "Example: gapbrief " in result.stdout


@pytest.mark.slow
def test_the_real_command_without_a_token(cli: Cli) -> None:
    code, out, err = cli.process("discord", "check", DISCORD_TOKEN=None)
    assert (code, out) == (1, "")
    assert err == "DISCORD_TOKEN is not set; put your bot's token into .env, or into the environment.\n"
