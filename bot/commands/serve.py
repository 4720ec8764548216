"""`gapbrief serve`: the web pages, feeds and the API alone; and `gapbrief brief export`: the archive as files."""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.settings import Settings
from bot.web.server import LOOPBACK, health_of, keep_fresh, listening, web_server
from core.errors import UsageError
from core.words import count, quoted

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bot.answers import Answers
    from bot.state.state import State

FORMS = ("text", "md", "html", "email", "json", "csv")


@click.command(
    short_help="Serve the web pages, feeds and API, without Discord.", epilog="Example: gapbrief serve --port 8765"
)
@click.option("--port", metavar="NUMBER", help="The port to listen on; by default GAPBRIEF_PORT, or 8765.")
@click.option("--host", metavar="ADDRESS", default=LOOPBACK, show_default=True, help="The address to listen on.")
def serve(port: str | None, host: str) -> None:
    """Serve the web pages, feeds and API, without Discord; `run` serves them too."""
    from bot.logs import secrets_of, set_up_logs

    settings = Settings.read()
    set_up_logs(debug=False, secrets=secrets_of(settings))
    number = settings.port if port is None else _port(port)
    with listening(host, number) as found:
        asyncio.run(_serve(settings, found))


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) < 65536):
        raise UsageError(f"{quoted(text)} is no port; give a number from 1 to 65535.")
    return int(text)


async def _serve(settings: Settings, found: socket.socket) -> None:
    """Serve until told to stop."""
    from bot.answers import Answers
    from bot.state.state import open_state

    state = await asyncio.to_thread(open_state, settings.state_url)
    answers = Answers(settings)
    await answers.refresh()
    with _app(answers, state) as app:
        server = web_server(app)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, setattr, server, "should_exit", True)
        looking = asyncio.create_task(keep_fresh(app.state.site))
        click.echo(f"gapbrief serves {_address(found)} (Ctrl-C ends it)")
        try:
            await server.serve(sockets=[found])
        finally:
            looking.cancel()
            state.close()


def _address(found: socket.socket) -> str:
    host, port = found.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


@contextmanager
def _app(answers: "Answers", state: "State") -> Iterator["FastAPI"]:
    from bot.pictures import Pictures
    from bot.web.app import make_app

    pictures = Pictures(dark=False)
    try:
        yield make_app(lambda: health_of(answers), answers, pictures, state)
    finally:
        pictures.close()


@click.command(
    short_help="Write the archive as files, or as a site.",
    epilog="Example: gapbrief brief export --since 2026-05-01 --format md --out briefs",
)
@click.option("--since", metavar="DATE", help="Only briefs of this day and later.")
@click.option(
    "--format", "form", metavar="|".join(FORMS), default="md", show_default=True, help="How they are written."
)
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path), help="Write a file per brief here, and its chart."
)
@click.option(
    "--site", metavar="DIR", type=click.Path(path_type=Path), help="Write archive, feeds and charts as a site."
)
def export(since: str | None, form: str, out: Path | None, site: Path | None) -> None:
    """Write the briefs that were posted as files, or the archive as a site that any host can serve.

    While none is newer than the data, theirs is the first.
    """
    from core.questions.question import read_day

    if (out is None) == (site is None):
        raise UsageError("Say where to write: --out with a folder for the briefs, or --site with one for a whole site.")
    if site is not None and since is not None:
        raise UsageError("A site holds the whole archive; give --since with --out, or leave it out.")
    if form not in FORMS:
        raise UsageError(f"No format is called {quoted(form)}; choose {', '.join(FORMS[:-1])} or {FORMS[-1]}.", FORMS)
    folder = out or site or Path()
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{quoted(str(folder), 80)} is a file; give a folder.")
    settings, day = Settings.read(), None if since is None else read_day(since, month="first")
    click.echo(asyncio.run(_export(settings, folder, form if out else "", day)))


async def _export(settings: Settings, folder: Path, form: str, since: date | None) -> str:
    """Write briefs in a form, or (with none) the site, and say what was written."""
    from bot.answers import Answers
    from bot.pictures import Pictures
    from bot.state.state import open_state
    from bot.web.files import export_site
    from bot.web.handout import export_briefs
    from bot.web.site import Site

    answers, pictures = Answers(settings), Pictures(dark=False)
    state = open_state(settings.state_url)
    try:
        await answers.refresh()
        site = Site(answers, pictures, state)
        if form:
            return f"Wrote {count(await export_briefs(site, folder, form, since), 'brief')} into {folder}."
        with _progress() as note:
            written = await export_site(site, folder, note)
        done = f"Wrote {count(written.briefs, 'brief')} and {count(written.charts, 'chart')} into {folder}"
        done += f"; {count(written.changed, 'file')} changed."
        no_feeds = " There are no feeds, since they need an address that others reach; set GAPBRIEF_PUBLIC_URL."
        return done + ("" if site.public_url else no_feeds)
    finally:
        pictures.close()
        state.close()


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Show what is being made, where somebody looks on."""
    from rich.console import Console

    with Console(stderr=True).status("Reading the archive") as status:
        yield lambda what: status.update(f"Making {what}")
