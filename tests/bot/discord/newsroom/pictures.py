"""Real messages as Discord shows them, on a desk and a phone, dark and light: to be looked at, and for docs/pictures.

`PICTURES=folder uv run --group dev --with simcord[preview] pytest -n 0 tests/bot/discord/newsroom/pictures.py` draws
them; no test, and collected by name alone.
"""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from simcord.preview import _capture

from bot import answers, pictures
from bot.newsroom.writing import build_writer
from bot.pictures import Pictures
from tests.bot.discord.conftest import TODAY
from tests.bot.discord.newsroom.conftest import Room, text_of

NINE = time(9, 0, tzinfo=UTC)
FOLDER = Path(os.environ.get("PICTURES", "pictures"))
WIDTHS = {"desk": 1000, "phone": 390}
PATIENCE = 2.5
# simcord draws Discord's dark theme alone; these are the light one's colours
WRAPPED = "pre, pre code { white-space: pre-wrap !important; overflow-wrap: anywhere; min-width: 0 !important }"
"""Discord folds long lines of a code block; simcord cuts them at the right."""
LIGHT = """
:root, html, body, [data-workbench], .preview-shell {
  --discord-bg: #fff; --discord-surface: #f2f3f5; --discord-elevated: #e3e5e8; --discord-control: #ebedef;
  --discord-hover: #e0e1e5; --discord-text: #313338; --discord-muted: #5c5e66; --discord-subtle: #4e5058;
  --discord-border: #d7d8dc; --component-surface: #f2f3f5; --component-border: #e1e2e4; --modal-surface: #fff;
  --entity-text: #313338; --entity-dim: #5c5e66; --button-alt: #e3e5e8; --button-alt-hover: #d5d7dc;
  --button-alt-active: #c4c9ce; --code-surface: #f2f3f5; --code-border: #e3e5e8; --code-text: #313338;
  --embed-field-name: #060607; --link-text: #006ce7; --link-accent: #0068e0; --chip-surface: #e3e5e8;
}
body, .preview-stage, .message-content, .channel-message { background: #fff !important; color: #313338 !important }
.message-content, .embed-description, .embed-field-value, .embed-title { color: #313338 !important }
.mention { color: #505cdc }
"""


async def table(room: Room) -> Any:
    return await room.world.press(await room.world.slash("gap"), "By test")


async def draft(room: Room) -> Any:
    services = room.world.bot.services
    vars(services)["writer"] = build_writer(services.settings, room.state)
    return await room.new(channel=room.news)


async def findings(room: Room) -> Any:
    """Return a draft that a moderator edited beyond its facts."""
    card = await draft(room)
    await room.edit(card, "trail by about 7 months", "trail by about 12 months")
    last = text_of(await room.press(card, "Edit")).splitlines()[-1]
    await room.edit(card, last, f"{last}\n- Closed models trail open-weights ones by 7.0 months.")
    return card


async def correction(room: Room) -> Any:
    """Return what a moderator sees of a correction that the facts do not have."""
    card = await draft(room)
    await room.press(card, "Post")
    form = await room.press(card, "Correct")
    text = text_of(form).replace("trail by about 7 months", "trail by about 12 months", 1)
    [asked] = (await room.alice.submit_modal(form, {"text": text, "note": "A new count"})).followups
    return asked


MESSAGES: dict[str, Callable[[Room], Awaitable[Any]]] = {
    "gap": lambda room: room.world.slash("gap"),
    "timeline": lambda room: room.world.slash("timeline", benchmark="gpqa", level="80"),
    "compare": lambda room: room.world.slash("compare", left="china", right="us"),
    "brief": lambda room: room.world.slash("brief"),
    "trust": lambda room: room.world.slash("trust"),
    "best": lambda room: room.world.slash("best"),
    "error": lambda room: room.world.slash("frontier", benchmark="gpqaa"),
    "table": table,
    "draft": draft,
    "findings": findings,
    "correction": correction,
    "about": lambda room: room.world.slash("about"),
    "help": lambda room: room.world.slash("help"),
}


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pictures be drawn as they are, in this process, whose start simcord waits for; on a day of its own."""

    async def draw_here(_self: Pictures, wanted: Any) -> bytes:
        return pictures._draw(*wanted, pictures.brand_line(None))

    monkeypatch.setattr(Pictures, "_draw_in_worker", draw_here)
    monkeypatch.setattr(answers, "utc_today", lambda: TODAY)


@pytest.fixture(params=["dark", "light"])
def theme(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Show messages in a theme, by the system's chromium."""

    async def browser(capture: Any) -> Any:
        from playwright.async_api import async_playwright

        if capture._browser is None:
            capture._playwright = await async_playwright().start()
            executable = shutil.which("chromium")
            capture._browser = await capture._playwright.chromium.launch(
                executable_path=executable, args=["--no-sandbox"]
            )
        return capture._browser

    async def route(capture: Any, asked: Any, pin: Any, origin: str) -> None:
        if "preview.css" not in asked.request.url:
            return await as_it_is(capture, asked, pin, origin)
        response = await asked.fetch()
        style = await response.text() + WRAPPED
        if request.param == "light":
            style = style.replace("color-scheme: dark", "color-scheme: light") + LIGHT
        await asked.fulfill(response=response, body=style)

    as_it_is = _capture.ManagedCapture._route
    monkeypatch.setattr(_capture.ManagedCapture, "_ensure_browser", browser)
    monkeypatch.setattr(_capture.ManagedCapture, "_route", route)
    return str(request.param)


@pytest.mark.parametrize("name", MESSAGES)
async def test_a_message_as_it_looks(room: Room, name: str, theme: str) -> None:
    env = room.world.env
    env.backend.edit_bot_profile("gapbrief")
    env.backend.clock.advance((datetime.combine(TODAY, NINE) - env.now()).total_seconds())
    FOLDER.mkdir(parents=True, exist_ok=True)
    message = await MESSAGES[name](room)
    await asyncio.sleep(PATIENCE)  # its picture follows by an edit
    async with env.preview(room.world.channel, viewers=[room.alice], width=1000, height=1400) as preview:
        for place, width in WIDTHS.items():
            path = FOLDER / f"{name}-{place}-{theme}.png"
            await preview.screenshot(
                path, viewer=room.alice, target=message, allow_incomplete=True, viewport=(width, 2000)
            )
