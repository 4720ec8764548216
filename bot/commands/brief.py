"""`gapbrief brief`: a brief, of a day or an article, printed, written to a file or sent; and the archive as files."""

import asyncio
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import terminal
from bot.answers import Answers
from bot.commands.shared import BriefFormat, state_session
from bot.files import write_atomically
from bot.links import Shape
from bot.services import Services, open_services
from bot.settings import Settings
from core.errors import GapbriefError, UsageError
from core.words import and_list, count, quote

if TYPE_CHECKING:
    from bot.newsroom import Extras
    from bot.state.briefs import NewBrief
    from bot.web.export import Exported
    from core.answer import Chart
    from core.brief import Brief

FORMS = ("text", "md", "html", "email", "json")
EXPORT_FORMS = (*FORMS, "csv")
_NO_CHART = {
    "md": "The chart is left out: Markdown shows it from GAPBRIEF_PUBLIC_URL; `gapbrief brief export` writes both.",
    "email": "The chart is left out: a mail shows it from GAPBRIEF_PUBLIC_URL; --out brief.eml has it attached.",
}
_FORM = click.option(
    "--format", "form", metavar="|".join(FORMS), type=BriefFormat(*FORMS), default="text", show_default=True,
    help="How it is written.",
)  # fmt: skip


@click.group(
    invoke_without_command=True, epilog="Example: gapbrief brief --as-of 2026-05-22 --format md --out brief.md"
)
@click.option("--as-of", "as_of", metavar="DATE", help="This day's brief, with today's data; default: today.")
@click.option("--since", metavar="DATE", help="The last brief's day; default: a month before.")
@_FORM
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path), help="Write it to this file; a mail to brief.eml."
)
@click.option("--template", is_flag=True, hidden=True, expose_value=False)  # ignored, for old scripts
def brief(as_of: str | None, since: str | None, form: str, out: Path | None) -> None:
    """Say what is new and how the gap stands, in a minute."""
    if click.get_current_context().invoked_subcommand is not None:
        return
    day, since_day = _read_days(as_of, since)
    settings = Settings.read()
    day_brief = Answers(settings).compose_brief(day, since_day)
    if form in ("md", "html", "email"):
        _output_for_editors(settings, day_brief, form, out, since_day)
    else:
        output_brief(day_brief, form, out)


def _read_days(as_of: str | None, since: str | None) -> tuple[date | None, date | None]:
    """Read the day of a brief and of the one before it, if they are given; raises UsageError for what is no day."""
    from core.questions.question import read_day

    return read_day(as_of, month="last") if as_of else None, read_day(since, month="first") if since else None


def output_brief(brief: "Brief", form: str, out: Path | None, around: "Extras | None" = None) -> None:
    """Print a brief in a form, or write it to a file, with what surrounds it."""
    from bot.newsroom import Extras, render

    text = render(brief, form, around or Extras(), ascii_only=out is None and not terminal.is_unicode())
    if out is None:
        sys.stdout.write(text)
    else:
        write(out, text)


def _output_for_editors(settings: Settings, brief: "Brief", form: str, out: Path | None, since: date | None) -> None:
    """Write a brief with its sources and its chart, linked from the public address or else embedded."""
    from bot.newsroom import render
    from bot.newsroom.extras import build_extras
    from bot.newsroom.formats import data_url
    from bot.newsroom.targets import mail
    from bot.pictures import brand_line, choose_chart, describe
    from core.charts import draw

    question = brief.chart_question(since)
    answer = Answers(settings).compute(question)
    around, chart = build_extras(settings.public_url, "", question, answer), choose_chart(answer)
    is_file = form == "email" and out is not None and out.suffix.lower() == ".eml"
    shape: Shape = "portrait" if is_file else "wide"
    picture, brand = b"", brand_line(settings.public_url)
    if chart and (is_file or (form == "html" and not around.chart)):
        picture = draw(chart, shape=shape, brand=brand)
        around = replace(around, chart_alt=describe(chart, shape, brand))
    if out is not None and is_file:
        html = render(brief, "email", replace(around, chart=mail.CHART) if picture else around)
        write(out, mail.write_file(brief.title, html, render(brief, "text", around), picture))
        return
    output_brief(brief, form, out, replace(around, chart=data_url(picture)) if picture else around)
    if chart and form != "html" and not settings.public_url:
        click.echo(_NO_CHART[form], err=True)


def write(path: Path, text: str) -> None:
    """Write a file atomically; raises UsageError if it can't be written."""
    try:
        path = path.expanduser()
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")  # a device or a pipe
        else:
            write_atomically(path, text.encode())
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "no such place"
        raise UsageError(f"{quote(str(path))} can't be written ({reason}); give --out another file.") from None


# ---- the brief of a day to one address of another service


_WEBHOOK = (
    "{} gets every brief that is posted: {}. --to takes another kind, such as mailto://user:password@example.org."
)


@brief.command(epilog="Example: gapbrief brief send --to mailto://user:password@example.org")
@click.option("--to", "address", metavar="ADDRESS|NAME", help="Any address that apprise knows, or a target's name.")
@click.option("--as-of", "as_of", metavar="DATE", help="This day's brief; default: today.")
@click.option("--since", metavar="DATE", help="The last brief's day; default: a month before.")
@click.option("--preview", "is_preview", is_flag=True, help="Print what would be sent, and send nothing.")
def send(address: str | None, as_of: str | None, since: str | None, is_preview: bool) -> None:
    """Send the brief of a day to one address, once."""
    from bot.newsroom.targets.notify import preview, send_brief

    if not address:
        raise UsageError("Say where to send it with --to, such as --to mailto://user:password@example.org.")
    if address.lower().startswith(("http://", "https://")):
        raise UsageError(
            _WEBHOOK.format("An http address is a webhook, which", "`gapbrief newsroom target add ADDRESS` adds it")
        )
    if "://" not in address and "@" in address:
        raise UsageError("That is not a full address; write it like mailto://user:password@example.org.")
    if "://" not in address:
        address = _address_of(address)
    brief, around, chart = prepare_brief(Settings.read(), *_read_days(as_of, since))
    if is_preview:
        click.echo(preview(address, brief, around))
        return
    if not send_brief(address, brief, around, chart):
        raise GapbriefError("The service did not take the brief; see that the address is right, and try again.")
    click.echo(f"Sent: {brief.title}")


def prepare_brief(
    settings: Settings, as_of: date | None = None, since: date | None = None
) -> "tuple[Brief, Extras, Chart | None]":
    """Return the brief of a day, today by default, with what surrounds it and its chart."""
    from bot.newsroom.extras import build_extras
    from bot.pictures import choose_chart

    answers = Answers(settings)
    brief = answers.compose_brief(as_of, since)
    question = brief.chart_question(since)
    answer = answers.compute(question)
    # days after the newest data are on the front page
    path = f"briefs/{brief.published}" if str(brief.published) <= answer.known_by else ""
    page = f"{settings.public_url}/{path}" if settings.public_url else ""
    return brief, build_extras(settings.public_url, page, question, answer), choose_chart(answer)


def _address_of(name: str) -> str:
    """Return the address of an apprise target by its name; raises UsageError for any other name."""
    from bot.state import target_rows  # imports SQLAlchemy, which other commands don't need

    with state_session() as state, state.reading() as connection:
        target = target_rows.find_by_name(connection, name)
    if target.kind != "apprise":
        raise UsageError(
            _WEBHOOK.format(
                f"Target {target.name} is a {target.kind}, which",
                f"`gapbrief newsroom target test {target.name}` tries it",
            )
        )
    if not target.address:
        raise UsageError(f"Target {target.name} can't be used: {target_rows.UNREADABLE}.")
    return target.address


# ---- a brief of an article


SOURCE = click.argument("source", metavar="URL|FILE")


@brief.command(
    short_help="Brief an article.",
    epilog="Example: gapbrief brief story https://example.org/article --format md --out story.md",
)
@SOURCE
@_FORM
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write it to this file.")
def story(source: str, form: str, out: Path | None) -> None:
    """Brief an article from the web or a file, held against our own figures; it needs a language model."""
    with open_services(Settings.read()) as services:
        draft = write_story(source, services)
    output_brief(draft.brief, form, out)


def write_story(source: str, services: Services) -> "NewBrief":
    """Read an article and write its brief; raises UsageError without a language model or an article."""
    from bot.assistant import article_loader
    from bot.assistant.brief_writer import NEWSROOM
    from bot.assistant.story import missing_model_error

    if services.writer.form_model is None:
        raise missing_model_error()
    article = article_loader.load_from_web(source) if "://" in source else article_loader.load_from_file(source)
    with terminal.progress(terminal.ASKING):
        return services.writer.write_story(article, services.answers.today(), NEWSROOM)


# ---- the archive, as files or as a site


_MISSING = (
    " The archive is not complete: {} still without a brief;"
    " `gapbrief run` or `gapbrief brief export --site DIR` writes them."
)


@brief.command(
    short_help="Write the archive as files, or as a site.",
    epilog="Example: gapbrief brief export --since 2026-05-01 --format md --out briefs",
)
@click.option("--since", metavar="DATE", help="Only briefs of this day and later.")
@click.option(
    "--format", "form", metavar="|".join(EXPORT_FORMS), type=BriefFormat(*EXPORT_FORMS), default="md",
    show_default=True, help="How they are written.",
)  # fmt: skip
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path), help="Write a file per brief here, and its chart."
)
@click.option(
    "--site", metavar="DIR", type=click.Path(path_type=Path), help="Write archive, feeds and charts as a site."
)
def export(since: str | None, form: str, out: Path | None, site: Path | None) -> None:
    """Write the briefs that were posted as files, or the archive as a site that any host can serve.

    If the data are newer than the newest of them, a brief of the newest data comes first, though nobody posted it.
    Every form has sources and citation, and a picture of the chart lies beside it. Of briefs that were withdrawn since
    the last export, the files in DIR are removed.

    With GAPBRIEF_PUBLIC_URL the brief shows the chart from there, so that it can be moved anywhere; without, from the
    file beside it, and Markdown is a folder per brief (index.md, chart.png): a leaf bundle for Hugo, a page for Jekyll.
    """
    from core.questions.question import read_day

    if (out is None) == (site is None):
        raise UsageError("Say where to write: --out with a folder for the briefs, or --site with one for a whole site.")
    if site is not None and since is not None:
        raise UsageError("A site holds the whole archive; give --since with --out, or leave it out.")
    folder = out or site or Path()
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{quote(str(folder), 80)} is a file; give a folder.")
    settings, day = Settings.read(), None if since is None else read_day(since, month="first")
    click.echo(asyncio.run(_export(settings, folder, form if out else "", day)))


async def _export(settings: Settings, folder: Path, form: str, since: date | None) -> str:
    """Write briefs in a form, or the site if there is none, and say what was written."""
    from bot.newsroom.monthly_archive import count_missing, write_next
    from bot.web.export import export_briefs, export_site
    from bot.web.site import Site

    with open_services(settings) as services:
        await services.answers.refresh()
        site = Site(services)
        if form:
            report = _write_report(await export_briefs(site, folder, form, since), folder)
            order = (services.state, since or date.min, services.answers.today(), services.writer)
            missing = await asyncio.to_thread(count_missing, *order)
            return report + (_MISSING.format(count(missing, "past month")) if missing else "")
        with terminal.progress("Writing the monthly archive"):
            while await asyncio.to_thread(write_next, services.state, datetime.now(UTC), services.writer):
                pass
        with terminal.progress("Reading the archive") as note:
            exported = await export_site(site, folder, lambda step: note(f"Making {step}"))
        report = f"Wrote {count(exported.briefs, 'brief')} and {count(exported.charts, 'chart')} into {folder}"
        report += f"; {count(exported.changed, 'file')} changed."
        no_feeds = " There are no feeds, because they need a public address; set GAPBRIEF_PUBLIC_URL."
        return report + ("" if site.public_url else no_feeds)


def _write_report(exported: "Exported", folder: Path) -> str:
    report = f"Wrote {count(exported.briefs, 'brief')} into {folder}."
    if exported.removed:
        report += f" Removed what is no longer exported: {and_list(exported.removed)}."
    if exported.left:
        them, files = "it" if len(exported.left) == 1 else "them", and_list(exported.left, most=20)
        report += f" No longer exported, but not as gapbrief wrote {them}, so still there: {files};"
        report += f" remove {them} if you no longer need {them}."
    return report
