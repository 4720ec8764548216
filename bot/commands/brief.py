"""`gapbrief brief`: the brief of a day, printed or written to a file, in the form that its reader needs."""

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import terminal
from bot.answers import Answers
from bot.commands.shared import BriefFormat
from bot.files import write_whole
from bot.settings import Settings
from core.errors import UsageError
from core.words import quote

if TYPE_CHECKING:
    from bot.newsroom import Around
    from core.brief import Brief

FORMS = ("text", "md", "html", "email", "json")
_NO_CHART = {
    "md": "The chart is left out: Markdown shows it from GAPBRIEF_PUBLIC_URL; `gapbrief brief export` writes both.",
    "email": "The chart is left out: a mail shows it from GAPBRIEF_PUBLIC_URL; --out brief.eml has it attached.",
}


@click.group(
    invoke_without_command=True, epilog="Example: gapbrief brief --as-of 2026-05-22 --format md --out brief.md"
)
@click.option("--as-of", "as_of", metavar="DATE", help="This day's brief, with today's data; default: today.")
@click.option("--since", metavar="DATE", help="The last brief's day; default: a month before.")
@click.option(
    "--format", "form", metavar="|".join(FORMS), type=BriefFormat(*FORMS), default="text", show_default=True,
    help="How it is written.",
)  # fmt: skip
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path), help="Write it to this file; a mail to brief.eml."
)
@click.option("--template", is_flag=True, hidden=True, expose_value=False)  # it always is: for what asks for it still
def brief(as_of: str | None, since: str | None, form: str, out: Path | None) -> None:
    """Say what is new and how the gap stands, in a minute."""
    if click.get_current_context().invoked_subcommand is not None:
        return
    from core.questions.question import read_day

    days = (read_day(as_of, month="last") if as_of else None, read_day(since, month="first") if since else None)
    settings = Settings.read()
    found = Answers(settings).brief_now(*days)
    if form in ("md", "html", "email"):
        _put_out_for_editors(settings, found, form, out, days[1])
    else:
        put_out(found, form, out)


def put_out(found: "Brief", form: str, out: Path | None, around: "Around | None" = None) -> None:
    """Print a brief in a form, or write it to a file, with what stands around it."""
    from bot.newsroom import Around, render

    text = render(found, form, around or Around(), ascii_only=out is None and not terminal.is_unicode())
    if out is None:
        sys.stdout.write(text)
    else:
        write(out, text)


def _put_out_for_editors(settings: Settings, found: "Brief", form: str, out: Path | None, since: date | None) -> None:
    """Put a brief out with its sources and its chart: from the public address, else inside HTML or a mail's file."""
    from bot.newsroom import render
    from bot.newsroom.formats import embedded
    from bot.newsroom.targets import mail
    from bot.newsroom.targets.notify import around_of
    from bot.pictures import brand_of, chart_of
    from core.charts import draw

    question = found.chart_question(since)
    answer = Answers(settings).now(question)
    around, chart = around_of(settings.public_url, "", question, answer), chart_of(answer)
    is_file = form == "email" and out is not None and out.suffix.lower() == ".eml"
    picture = b""
    if chart and (is_file or (form == "html" and not around.chart)):
        picture = draw(chart, shape="portrait" if is_file else "wide", brand=brand_of(settings.public_url))
    if out is not None and is_file:
        html = render(found, "email", replace(around, chart=mail.CHART) if picture else around)
        write(out, mail.write_file(found.title, html, render(found, "text", around), picture))
        return
    put_out(found, form, out, replace(around, chart=embedded(picture)) if picture else around)
    if chart and form != "html" and not settings.public_url:
        click.echo(_NO_CHART[form], err=True)


def write(path: Path, text: str) -> None:
    """Write a file as a whole or not at all: what stood there before stays until the new one is complete.

    Raises UsageError where the file can't be written.
    """
    try:
        path = path.expanduser()
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")  # a device or a pipe: there is nothing to keep
        else:
            write_whole(path, text.encode())
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "no such place"
        raise UsageError(f"{quote(str(path))} can't be written ({reason}); give --out another file.") from None
