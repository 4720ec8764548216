"""Logs: one line of JSON per event, with what went wrong, and never a secret."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from bot import logs
from core.errors import DataError

TOKEN = "MTIz.a-very-secret.token"  # noqa: S105 (opens nothing)
INTERACTION = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OmFiY2RlZg"


Written = Callable[[], str]


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[Written]:
    """Return what was written to standard error, and put logging back at the end."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in ("discord", "uvicorn", "alembic")}
    yield lambda: capsys.readouterr().err
    root.handlers[:], root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def lines(written: Written) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written().splitlines()]


def test_an_event_is_one_line_of_json(written: Written) -> None:
    logs.set_up_logs()
    structlog.get_logger("gapbrief").info("stopping", answers=3)
    [line] = lines(written)
    assert (line["event"], line["answers"], line["level"], line["logger"]) == ("stopping", 3, "info", "gapbrief")
    assert line["timestamp"].endswith("Z")


def test_an_error_brings_its_traceback_in_the_same_line(written: Written) -> None:
    logs.set_up_logs()
    try:
        raise KeyError("gpqaa")
    except KeyError as error:
        structlog.get_logger("gapbrief").error("failed", ref="4f2a", exc_info=error)
    [line] = lines(written)
    assert line["ref"] == "4f2a"
    assert "KeyError: 'gpqaa'" in line["exception"]


@pytest.mark.parametrize("by_name", [False, True])
def test_an_error_that_is_a_sentence_is_that_sentence_without_a_traceback(written: Written, *, by_name: bool) -> None:
    logs.set_up_logs()
    try:
        raise DataError("No publisher can be reached.")
    except DataError as error:
        log = structlog.get_logger("gapbrief")
        log.error("a job failed", exc_info=error) if by_name else log.exception("a job failed")
    [line] = lines(written)
    assert (line["event"], line["level"]) == ("a job failed", "error")
    assert line["error"] == "No publisher can be reached."
    assert "Traceback" not in str(line)


def test_libraries_logs_go_the_same_way(written: Written) -> None:
    logs.set_up_logs()
    logging.getLogger("discord.gateway").warning("Shard ID %s is lost", 3)
    logging.getLogger("discord.gateway").info("not said")
    [line] = lines(written)
    assert (line["event"], line["logger"]) == ("Shard ID 3 is lost", "discord.gateway")


def test_debug_mode_says_what_the_client_does(written: Written) -> None:
    logs.set_up_logs(debug=True)
    logging.getLogger("discord.gateway").debug("said")
    assert "said" in written()


@pytest.mark.parametrize("debug", [False, True])
def test_no_secret_is_ever_written(written: Written, debug: bool) -> None:
    logs.set_up_logs(debug=debug, secrets=[TOKEN, "hunter2", ""])
    log = structlog.get_logger("gapbrief")
    log.warning(f"with {TOKEN}", nested=[TOKEN], **{"discord_token": "abc", "password": "abc", "Authorization": "abc"})
    try:
        raise RuntimeError(f"Bot {TOKEN} at postgresql://gap:hunter2@db")
    except RuntimeError as error:
        log.error("failed", exc_info=error)
    logging.getLogger("discord.http").warning("POST https://x/webhooks/123/%s/messages/@original", INTERACTION)
    logging.getLogger("aiohttp").warning("https://x/interactions/456/%s/callback", INTERACTION)
    logging.getLogger("discord.gateway").error("For Shard ID 0: WebSocket Event: %s", {"d": {"token": INTERACTION}})
    text = written()
    for secret in (TOKEN, "hunter2", "abc", INTERACTION):
        assert secret not in text
    assert "webhooks/123/***/messages" in text
    assert "interactions/456/***/callback" in text
    assert "postgresql://gap:***@db" in text


def test_whoever_looks_on_sees_words(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    logs.set_up_logs(secrets=[TOKEN])
    try:
        token = TOKEN
        raise ValueError("x")
    except ValueError:
        structlog.get_logger("gapbrief").exception("failed", ref="4f2a")
    text = written()
    assert "failed" in text
    assert "ValueError: x" in text
    assert token not in text
