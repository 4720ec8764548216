"""`gapbrief brief story` and `gapbrief newsroom story`: a brief of an article, printed, or kept as a draft."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import service, terminal
from bot.commands.brief import check_form, put_out
from bot.commands.shared import SERVER, now, opened_state, show
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.state.briefs import NewBrief
    from bot.state.state import State

_SOURCE = click.argument("source", metavar="URL|FILE")


@click.command(
    short_help="Brief an article.",
    epilog="Example: gapbrief brief story https://example.org/article --format md --out story.md",
)
@_SOURCE
@click.option(
    "--format", "form", metavar="text|md|html|email|json", default="text", show_default=True, help="How it is written."
)
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write it to this file.")
def story(source: str, form: str, out: Path | None) -> None:
    """Brief an article from the web or a file, held against our own figures; it needs a language model."""
    check_form(form)
    with opened_state() as state:
        made = _made(source, state)
    put_out(made.brief, form, out)


@click.command(
    "story", short_help="Make a draft from an article.", epilog="Example: gapbrief newsroom story https://example.org/a"
)
@_SOURCE
@SERVER
def draft(source: str, server: int | None) -> None:
    """Write a draft of an article from the web or a file, and print it; it needs a language model."""
    from bot.publish import workflow

    with opened_state() as state:
        kept = workflow.make(state, _made(source, state), workflow.OPERATOR, now(), guild_id=server)
    show(kept)
    click.echo(f"\nThis is draft {kept.id}. Go on with: gapbrief newsroom edit, post or discard {kept.id}")


def _made(source: str, state: "State") -> "NewBrief":
    """Read an article, and have its brief written; raises UsageError where there can be none."""
    from bot.assistant import article
    from bot.assistant.story import see_that_set
    from bot.assistant.writer import NEWSROOM
    from bot.publish.writing import writer_of

    settings = Settings.read()
    see_that_set(settings)
    found = article.of_web(source) if "://" in source else article.of_file(source)
    with terminal.waiting(terminal.ASKING):
        return writer_of(settings, state).story(found, service.today(), NEWSROOM)
