"""`gapbrief brief story` and `gapbrief newsroom story`: a brief of an article, printed, or kept as a draft."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import terminal
from bot.commands.brief import FORMS, put_out
from bot.commands.shared import SERVER, BriefFormat, now, show
from bot.services import Services, opened
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.state.briefs import NewBrief

_SOURCE = click.argument("source", metavar="URL|FILE")


@click.command(
    short_help="Brief an article.",
    epilog="Example: gapbrief brief story https://example.org/article --format md --out story.md",
)
@_SOURCE
@click.option(
    "--format", "form", metavar="|".join(FORMS), type=BriefFormat(*FORMS), default="text", show_default=True,
    help="How it is written.",
)  # fmt: skip
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write it to this file.")
def story(source: str, form: str, out: Path | None) -> None:
    """Brief an article from the web or a file, held against our own figures; it needs a language model."""
    with opened(Settings.read()) as services:
        made = _made(source, services)
    put_out(made.brief, form, out)


@click.command(
    "story", short_help="Make a draft from an article.", epilog="Example: gapbrief newsroom story https://example.org/a"
)
@_SOURCE
@SERVER
def draft(source: str, server: int | None) -> None:
    """Write a draft of an article from the web or a file, and print it; it needs a language model."""
    from bot.newsroom import workflow

    with opened(Settings.read()) as services:
        kept = workflow.make(services.state, _made(source, services), workflow.OPERATOR, now(), guild_id=server)
    show(kept)
    click.echo(f"\nThis is draft {kept.id}. Go on with: gapbrief newsroom edit, post or discard {kept.id}")


def _made(source: str, services: Services) -> "NewBrief":
    """Read an article, and have its brief written; raises UsageError where there can be none."""
    from bot.assistant import article_loader
    from bot.assistant.brief_writer import NEWSROOM
    from bot.assistant.story import no_model

    if services.writer.form_model is None:
        raise no_model()
    found = article_loader.of_web(source) if "://" in source else article_loader.of_file(source)
    with terminal.waiting(terminal.ASKING):
        return services.writer.story(found, services.answers.today(), NEWSROOM)
