"""`gapbrief serve`: the web pages, feeds and the API alone."""

import socket

import click

from bot.services import look_over, opened
from bot.settings import Settings
from bot.web import server
from bot.web.server import LOOPBACK, listening
from core.errors import UsageError
from core.words import quote


@click.command(
    short_help="Serve the web pages, feeds and API, without Discord.", epilog="Example: gapbrief serve --port 8765"
)
@click.option("--port", metavar="NUMBER", help="The port to listen on; default: GAPBRIEF_PORT, or 8765.")
@click.option("--host", metavar="ADDRESS", default=LOOPBACK, show_default=True, help="The address to listen on.")
def serve(port: str | None, host: str) -> None:
    """Serve the web pages, feeds and API, without Discord; `run` serves them too."""
    from bot.event_loop import runner
    from bot.logs import secrets_of, set_up_logs

    settings = Settings.read()
    set_up_logs(debug=False, secrets=secrets_of(settings))
    number = settings.port if port is None else _port(port)
    with listening(host, number, "give another with --port") as found:
        with runner(for_pages=True) as running:
            running.run(_serve(settings, found))


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) < 65536):
        raise UsageError(f"{quote(text)} is not a port; give a number from 1 to 65535.")
    return int(text)


async def _serve(settings: Settings, found: socket.socket) -> None:
    """Serve until told to stop."""
    look_over(settings)
    with opened(settings) as services:
        await services.answers.refresh()
        click.echo(f"gapbrief serves {_address(found)} (Ctrl-C ends it)")
        await server.serve(services, found, lambda: server.health_of(services))


def _address(found: socket.socket) -> str:
    host, port = found.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
