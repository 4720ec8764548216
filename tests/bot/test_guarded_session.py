"""What guards every request to the public web; tests of what is fetched with it hold the rest."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from yarl import URL

from bot.guarded_session import led_to, read_address, retry_after
from core.errors import UsageError

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)


def response(status: int = 200, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SimpleNamespace(status=status, url=URL("https://example.org/a/b"), headers=named)


@pytest.mark.parametrize("text", ["http://me:secret@example.org/", "http://me@example.org/", "https://:x@example.org"])
def test_credentials_are_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(UsageError, match="holds a name or a password") as told:
        read_address(text)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("0", 0), ("120", 120), ("Sat, 28 Nov 2026 03:00:30 GMT", 30), ("Sat, 28 Nov 2026 02:00:00 GMT", 0),
        ("soon", None), ("-1", None), ("1.5", None), ("", None), ("٣", None),
    ],
)  # fmt: skip
def test_how_long_a_server_asks_to_wait_is_seconds_or_a_moment(given: str, seconds: float | None) -> None:
    assert retry_after(response(429, Retry_After=given), NOW) == seconds


def test_a_redirect_leads_on_and_nothing_else_does() -> None:
    assert led_to(response(200, Location="/c")) is None
    assert led_to(response(304, Location="/c")) is None
    assert led_to(response(308, Location="c?d#e")) == URL("https://example.org/a/c?d")
    with pytest.raises(UsageError, match="redirects to no web address"):
        led_to(response(302, Location="http://[::1"))
    with pytest.raises(UsageError, match="is not a web address"):
        led_to(response(302, Location="file:///etc/passwd"))
