"""`gapbrief brief export`: the archive as files, or as a site."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import terminal
from bot.commands.shared import BriefFormat
from bot.services import open_services
from bot.settings import Settings
from core.errors import UsageError
from core.words import and_list, count, quote

if TYPE_CHECKING:
    from bot.web.export import Exported

_MISSING = (
    " The archive is not complete: {} still without a brief;"
    " `gapbrief run` or `gapbrief brief export --site DIR` writes them."
)
FORMS = ("text", "md", "html", "email", "json", "csv")


@click.command(
    short_help="Write the archive as files, or as a site.",
    epilog="Example: gapbrief brief export --since 2026-05-01 --format md --out briefs",
)
@click.option("--since", metavar="DATE", help="Only briefs of this day and later.")
@click.option(
    "--format", "form", metavar="|".join(FORMS), type=BriefFormat(*FORMS), default="md", show_default=True,
    help="How they are written.",
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
