"""Logs: one line of JSON per event on standard error, or plain text on a terminal; never a secret."""

import logging
import re
import sys
from collections.abc import Collection
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, Processor

from bot.settings import Settings
from core.errors import GapbriefError

_SHORTEST_SECRET = 5
"""The least length of a secret: "none" is no key, and is in many lines."""
_LEVELS = {"discord": logging.WARNING, "uvicorn": logging.WARNING, "alembic": logging.WARNING, "mcp": logging.WARNING}
_SECRET_NAMES = ("token", "authorization", "password", "secret", "api_key")
_INTERACTION = re.compile(r"""((?:webhooks|interactions)/\d+/|\\?["']token\\?["']: \\?["'])[\w.-]{20,}""")
"""An interaction's address and event hold its token, with which anybody could reply for 15 minutes."""


def set_up_logs(*, debug: bool = False, secrets: Collection[str] = ()) -> None:
    """Set up logging for the service and its libraries; `secrets` are never written."""
    processors: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _shorten_own_error,
        structlog.processors.format_exc_info,
        _hide_named_secrets,
    ]
    is_terminal = sys.stderr.isatty()
    renderer: Processor = structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*processors, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        _Formatter(
            [secret for secret in secrets if secret],
            foreign_pre_chain=processors,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name, level in _LEVELS.items():
        logging.getLogger(name).setLevel(logging.DEBUG if debug and name == "discord" else level)


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Return the keys and passwords of the settings, which no log may hold."""
    from bot.state.database import password_of

    password = password_of(settings.state_url)
    keys = (settings.discord_token, settings.openai_api_key, password, quote(password, safe=""), *settings.secret_keys)
    return tuple(key for key in keys if key and len(key) >= _SHORTEST_SECRET)


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Formats a line with "***" for any secret in it."""

    def __init__(self, secrets: Collection[str], *args: object, **extra: object) -> None:
        super().__init__(*args, **extra)  # type: ignore[arg-type]  # passed on as they are
        self.secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self.secrets:
            line = line.replace(secret, "***")
        return _INTERACTION.sub(r"\1***", line)


def _shorten_own_error(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Log an error that is a sentence for people as this sentence, without a traceback."""
    error = sys.exc_info()[1] if event.get("exc_info") is True else event.get("exc_info")
    return {**event, "exc_info": None, "error": str(error)} if isinstance(error, GapbriefError) else event


def _hide_named_secrets(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Hide values whose names mark them as secrets."""
    return {key: "***" if any(word in key.lower() for word in _SECRET_NAMES) else value for key, value in event.items()}
