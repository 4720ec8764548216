"""Every command line that people are shown does what it says: those of README and of docs/ are run as they stand.

Of blocks marked `sh` each line is run, in order, in a folder of its own; publishers and Discord are fakes on loopback.
Commands within sentences are looked up, with their options.
"""

import asyncio
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from datetime import date
from functools import partial
from pathlib import Path
from time import sleep
from urllib.request import urlopen

import click
import pytest
from click.testing import CliRunner

from bot import answers
from bot.cli import main
from bot.refresh import refreshing
from tests.bot.conftest import free_port
from tests.bot.discord.conftest import TOKEN
from tests.bot.refresh.conftest import FETCH, as_csv, weirdml
from tests.conftest import ROOT
from tests.fakes.discord import FakeDiscord
from tests.fakes.publishers import FakePublishers, page

PAGES = ("README.md", "docs/asking.md", "docs/newsroom.md", "docs/operating.md")
OTHERS = (
    "CONTRIBUTING.md", "PRIVACY.md", "SECURITY.md", "data/README.md", ".env.example", "docs/json.md", "docs/method.md",
    "docs/scaling.md", "docs/validation.md", "docs/deploy/directory.md",
)  # fmt: skip
"""Where commands stand in sentences alone."""
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(?:uv run )?(gapbrief [^`]+)`")
OF_CI = "pip install uv && uv run --group dev pytest"
"""The line that is run by continuous integration itself."""
ON_DAY = date(2026, 10, 20)
"""A day on which the shipped data are not old."""
UP = 60.0

Machine = Callable[[str], tuple[int, str]]
"""Runs a line; returns its exit code and what it said."""


def lines_of(name: str) -> list[str]:
    """The command lines of a page, without remarks."""
    blocks = BLOCK.findall((ROOT / name).read_text(encoding="utf-8"))
    return [bare for line in "".join(blocks).splitlines() if (bare := re.sub(r"\s+#.*", "", line))]


@pytest.fixture
async def machine(unopened_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Machine]:
    """A machine of somebody's who has the project's folder and nothing else; it runs a line in a shell of theirs.

    What gapbrief alone does is done in this process; pip and uv find that all is installed.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(answers, "utc_today", lambda: ON_DAY)
    (tmp_path / ".env.example").write_bytes((ROOT / ".env.example").read_bytes())
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool, does in (("pip", "exit 0"), ("uv", 'shift; exec "$@"')):
        (tools / tool).write_text(f"#!/bin/sh\n{does}\n")
        (tools / tool).chmod(0o755)
    path = [str(tools), str(Path(sys.executable).parent), os.environ["PATH"]]
    environment = {
        "GAPBRIEF_DB": str(tmp_path / "evidence.db"), "GAPBRIEF_ENV_FILE": os.devnull, "HOME": str(tmp_path),
        "GAPBRIEF_PORT": str(free_port()), "PATH": os.pathsep.join(path),
    }  # fmt: skip
    (tmp_path / "evidence.db").write_bytes(unopened_file.read_bytes())
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def work(line: str) -> tuple[int, str]:
        words = shlex.split(line)
        if words[0] != "gapbrief" or "&&" in words:
            done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=False)
            return done.returncode, done.stdout + done.stderr
        if words[1] == "run":
            return served(words)
        result = CliRunner().invoke(main, words[1:], env={"DISCORD_TOKEN": TOKEN})
        return result.exit_code, result.output

    with FakePublishers() as publishers:
        asked = refreshing.known_publishers()["weirdml"]
        publishers[publishers.path(asked.addresses[0])] = page(as_csv(weirdml()))
        monkeypatch.setattr(refreshing, "known_publishers", lambda: {"weirdml": publishers.plays(asked)})
        monkeypatch.setattr(refreshing, "refresh", partial(refreshing.refresh, fetch=FETCH))
        async with FakeDiscord(token=TOKEN):
            yield work


def served(words: list[str]) -> tuple[int, str]:
    """Start the service, see that its pages are there, and end it as a person would."""
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        address = f"http://127.0.0.1:{os.environ['GAPBRIEF_PORT']}/healthz"
        for _ in range(int(UP / 0.2)):
            try:
                with urlopen(address, timeout=5) as answer:
                    assert answer.status == 200
                break
            except OSError:
                assert process.poll() is None, process.communicate()
            sleep(0.2)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=UP)
    return process.returncode, err


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
async def test_each_command_line_does_what_it_says(name: str, machine: Machine) -> None:
    lines = [line for line in lines_of(name) if line != OF_CI]
    assert lines
    for line in lines:
        code, output = await asyncio.to_thread(machine, line)
        assert code == 0, f"{name}: {line}\n{output}"
        assert "Traceback" not in output


@pytest.mark.parametrize("name", [*PAGES, *OTHERS])
def test_each_command_in_a_sentence_is_there_with_its_options(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    commands = [" ".join(command.split()) for command in INLINE.findall(text)]
    assert commands
    assert [command for command in commands if not is_there(command.split()[1:])] == []


def test_each_command_that_the_program_tells_of_is_there() -> None:
    """In its sentences and its remarks; "…" and {} stand for what is known later."""
    commands = {
        " ".join(command.split())
        for folder in ("bot", "core")
        for path in (ROOT / folder).rglob("*.py")
        for command in INLINE.findall(re.sub(r'"\n\s*f?"', "", path.read_text(encoding="utf-8")))
    }
    assert len(commands) > 40
    assert [
        command for command in commands if not re.search(r"…|\{\}", command) and not is_there(command.split()[1:])
    ] == []


def is_there(words: list[str]) -> bool:
    """Whether the words name a command, and each of its options."""
    command: click.Command = main
    is_value = False
    for word in words:
        options = {name: option for option in command.params for name in option.opts}
        if word.startswith("-"):
            if word not in options:
                return False
            is_value = not getattr(options[word], "is_flag", False)
        elif isinstance(command, click.Group) and not is_value:
            subcommand = command.get_command(click.Context(command), word)
            if subcommand is None:
                return False
            command = subcommand
        else:
            is_value = False
    return True


def test_readme_is_what_a_stranger_reads_at_once_and_the_index_names_every_document() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "docs").rglob("*.md"):
        assert path.name == "README.md" or f"]({path.relative_to(ROOT / 'docs')})" in index


@pytest.mark.parametrize("name", [*PAGES, "docs/README.md", "docs/architecture.md", "CONTRIBUTING.md"])
def test_every_link_and_picture_leads_somewhere(name: str) -> None:
    text, folder = (ROOT / name).read_text(encoding="utf-8"), (ROOT / name).parent
    links = [*re.findall(r"\]\((?!https?:)([^)#]+)", text), *re.findall(r'src(?:set)?="([^"]+)"', text)]
    assert [link for link in links if not (folder / link).exists()] == []
