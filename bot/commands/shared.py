"""What several commands share: options, the state while it is open, and sentences."""

import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from bot import terminal
from bot.settings import Settings
from core.errors import UsageError
from core.words import quote

if TYPE_CHECKING:
    from bot.newsroom.step_table import Step
    from bot.state.briefs import StoredBrief
    from bot.state.database import State

_LONGEST_ID = 20


class DiscordId(click.ParamType[int]):
    """The Discord id of a server, a channel or a role."""

    name = "ID"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> int:
        """Return an id; raises UsageError for anything else."""
        text = str(value)
        if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID and int(text) < 2**63):
            raise UsageError(
                f"{quote(text)} is not a Discord id, a long number; with developer mode on, right-click to copy it."
            )
        return int(text)


class Number(click.ParamType[int]):
    """The number of a brief, a schedule or a target."""

    name = "NUMBER"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> int:
        """Return a number; raises UsageError for anything else."""
        number = _parse_number(str(value).removeprefix("#"))
        if number is None:
            raise UsageError(
                f"{quote(str(value))} is no such number; `gapbrief newsroom list` and `history` show them."
            )
        return number


class BoundedNumber(click.ParamType[int]):
    """A whole number within limits."""

    name = "NUMBER"

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: click.Parameter | None, _ctx: click.Context | None) -> int:
        """Return a number; raises UsageError for anything else, or outside the limits."""
        number = _parse_number(str(value))
        if number is None or not self.least <= number <= self.most:
            option = f"{param.opts[0]} " if param else ""
            raise UsageError(f"{option}{quote(str(value))} can't be; give {self.least} to {self.most}.")
        return number


class BriefFormat(click.ParamType[str]):
    """A brief format by name; "txt" means text."""

    name = "FORMAT"

    def __init__(self, *names: str) -> None:
        self.names = names

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> str:
        """Return a format's name; raises UsageError for an unknown one."""
        form = "text" if value == "txt" else str(value)
        if form not in self.names:
            *others, last = self.names
            raise UsageError(f"No format is called {quote(form)}; choose {', '.join(others)} or {last}.", self.names)
        return form


def _parse_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


NUMBER = click.argument("number", metavar="NUMBER", type=Number())
SERVER = click.option(
    "--server", metavar="ID", type=DiscordId(), help="A Discord server; without it, the whole service."
)
COLOR = click.option(
    "--no-color", "color", is_flag=True, callback=lambda _ctx, _param, is_off: terminal.wants_color(is_off),
    help="Plain text, as when piped.",
)  # fmt: skip
"""The option --no-color, by which a command is told whether to write in color."""


def step_command(step: "Step", example: str = "17") -> Callable[[Callable[..., None]], click.Command]:
    """Let a function be the command of a newsroom's step, which takes the number of what it is done to."""
    command = click.command(step.name, short_help=step.help, epilog=f"Example: gapbrief newsroom {step.name} {example}")
    return lambda run: command(NUMBER(run))


def state_session() -> "closing[State]":
    """Open the state of the settings, and close it at the end."""
    from bot.services import open_state_of

    return closing(open_state_of(Settings.read()))


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def say(text: str) -> None:
    """Write a line in characters that the terminal's encoding has; click would fail on others."""
    sys.stdout.write(f"{text}\n")


def say_why(reason: str, _error: Exception | None) -> None:
    """Say why a brief is in the template's words."""
    click.echo(f"In the template's words: {reason}", err=True)


def show(stored: "StoredBrief") -> None:
    """Print a brief as text, with its author unless that is the template."""
    from bot.newsroom import render
    from bot.newsroom.formats import Extras, correction_notes

    around = Extras(notes=correction_notes(stored.corrections))
    sys.stdout.write(render(stored.brief, "text", around, ascii_only=not terminal.is_unicode()))
    for sentence in stored.review.unchecked:
        say(f"\n{sentence.text} [{sentence.mark_text()}]")
    if stored.brief.written_by.startswith("model "):
        click.echo(f"\nWritten by the {stored.brief.written_by}.")


def say_unchecked(channel: int | None) -> None:
    """Say that a channel can't be checked without a Discord token."""
    if channel is not None and Settings.read().discord_token is None:
        click.echo(
            f"Channel {channel} can't be checked, because DISCORD_TOKEN is not set here; its posts wait for a"
            " `gapbrief run` that has one."
        )
