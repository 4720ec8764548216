"""Logs: one line of JSON per event on standard error, or plain words where a person looks on; never a secret."""

import logging
import re
import sys
from collections.abc import Collection
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, Processor

from bot.settings import Settings

_SHORTEST = 5
"""Letters that a secret has: "none" is no key, and stands in many lines."""
_QUIET = {"discord": logging.WARNING, "uvicorn": logging.WARNING, "alembic": logging.WARNING, "mcp": logging.WARNING}
_SECRET_NAMES = ("token", "authorization", "password", "secret", "api_key")
_INTERACTION = re.compile(r"""((?:webhooks|interactions)/\d+/|\\?["']token\\?["']: \\?["'])[\w.-]{20,}""")
"""An interaction's address and event hold its token, with which anybody could answer for a quarter of an hour."""


def set_up_logs(*, debug: bool = False, secrets: Collection[str] = ()) -> None:
    """Set up logging for the service; libraries' own logs go the same way. `secrets` are never written."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _without_secret_names,
    ]
    look_on = sys.stderr.isatty()
    renderer: Processor = structlog.dev.ConsoleRenderer() if look_on else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        _Formatter(
            [secret for secret in secrets if secret],
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(logging.DEBUG if debug and name == "discord" else level)


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Return what no log may hold: the keys and passwords of the settings."""
    from bot.state.database import password_of

    password = password_of(settings.state_url)
    keys = (settings.discord_token, settings.openai_api_key, password, quote(password, safe=""), *settings.secret_keys)
    return tuple(key for key in keys if key and len(key) >= _SHORTEST)


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Writes a line, and puts "***" where it would hold a secret, wherever that came from."""

    def __init__(self, secrets: Collection[str], *args: object, **extra: object) -> None:
        super().__init__(*args, **extra)  # type: ignore[arg-type]  # passed on as they are
        self.secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self.secrets:
            line = line.replace(secret, "***")
        return _INTERACTION.sub(r"\1***", line)


def _without_secret_names(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Keep what is a secret by its name out of the log."""
    return {key: "***" if any(word in key.lower() for word in _SECRET_NAMES) else value for key, value in event.items()}
