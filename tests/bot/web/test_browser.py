"""The pages in a real browser: no barrier, no need of a script, legible in light, dark and on a phone, by keyboard."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from bot.newsroom.formats import defuse, render
from core.palette import PALETTE
from tests.bot.conftest import COMMAND, free_port
from tests.bot.web.chromium import chromium
from tests.bot.web.conftest import PUBLIC
from tests.bot.web.test_escaping import ATTACKS, READERS, around, planted

pytestmark = pytest.mark.slow

PAGES = {
    "front": "/", "archive": "/briefs", "hits": "/briefs?q=known", "no-hits": "/briefs?q=zebra",
    "brief": "/briefs/2026-09-30", "corrected": "/briefs/2026-06-12", "withdrawn": "/briefs/2026-07-01",
    "benchmarks": "/benchmarks", "benchmark": "/benchmarks/weirdml", "models": "/models",
    "asked": "/ask?q=how+far+behind+is+kimi+k3",
    "direction": "/ask?q=are+open+models+catching+up", "one-test": "/ask?q=what+is+the+gap+on+WeirdML",
    "model": "/models/o3",
    "method": "/method", "glossary": "/glossary", "sources": "/sources", "data": "/data",
    "editors": "/editors", "api": "/api",
    "error": "/benchmarks/gpqaa", "embed": "/embed", "best": "/best", "trust": "/trust",
    "compare": "/compare/china/united-states",
}  # fmt: skip
DESCRIBED = {"front", "brief", "corrected", "benchmark", "model", "best", "trust", "compare"}
"""The pages that have a block of data for programs, which a browser must neither run nor complain of."""
ANSWERS = {
    "front": "/", "best": "/best", "8b": "/best/8b", "unmatched": "/unmatched", "trust": "/trust", "others": "/others",
    "compare": "/compare/china/united-states", "labs": "/compare/alibaba/moonshot", "kinds": "/compare/private/public",
    "model": "/models/kimi-k3", "closed": "/models/gpt-5.5", "test": "/benchmarks/weirdml",
    "public-test": "/benchmarks/gpqa-diamond", "asked": "/ask?q=how+far+behind+is+kimi+k3",
    "direction": "/ask?q=are+open+models+catching+up", "one-test": "/ask?q=what+is+the+gap+on+WeirdML",
}  # fmt: skip
HIGHEST, SMALLEST = 2200, 13
"""The most pixels of an answer on a phone with its folds closed, and of its smallest letters."""
SIZES = """[...document.querySelectorAll("body *")]
    .filter(each => each.checkVisibility() && [...each.childNodes].some(node => node.nodeType == 3 && node.data.trim()))
    .map(each => parseFloat(getComputedStyle(each).fontSize))"""
CLIPBOARD = """navigator.clipboard.read().then(([item]) => Promise.all(
    ["text/html", "text/plain"].map(type => item.getType(type).then(blob => blob.text()))))"""
MODES = {"light": ("light", 1280), "dark": ("dark", 1280), "phone": ("light", 390), "dark-phone": ("dark", 390)}


@pytest.fixture(scope="module")
def address(evidence_file: Path, archive_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The public address of `gapbrief serve`, running."""
    port = free_port()
    command = [COMMAND, "serve", "--port", str(port)]
    settings = {"DB": str(evidence_file), "STATE_URL": archive_url, "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    environment = {**os.environ, **{f"GAPBRIEF_{name}": value for name, value in settings.items()}}
    running = subprocess.Popen(command, cwd=tmp_path_factory.mktemp("serve"), env=environment)
    for _ in range(200):
        try:
            urlopen(f"http://127.0.0.1:{port}/healthz").close()
            break
        except OSError:
            time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    running.terminate()
    assert running.wait(60) == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture(autouse=True)
def close_pages(browser: Browser) -> Iterator[None]:
    """Close what a test opened."""
    yield
    for context in browser.contexts:
        context.close()


def find_barriers(page: Page) -> list[tuple[str, list[str]]]:
    """Return what axe-core complains of on a page, with the first elements that it complains of."""
    violations = Axe().run(page).response["violations"]
    return [(violation["id"], [node["html"] for node in violation["nodes"]][:3]) for violation in violations]


def opened(browser: Browser, mode: str = "light", *, javascript: bool = True, width: int = 0) -> Page:
    scheme, wide = MODES[mode]
    context = browser.new_context(
        viewport={"width": width or wide, "height": 844}, color_scheme=scheme, java_script_enabled=javascript
    )
    return context.new_page()


@pytest.mark.parametrize("mode", MODES)
def test_no_page_has_a_barrier_and_none_is_wider_than_its_window(browser: Browser, address: str, mode: str) -> None:
    """axe-core finds nothing, the browser complains of nothing, and nothing comes from elsewhere."""
    page, messages, asked = opened(browser, mode), [], []
    page.on("console", lambda message: messages.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    for name, path in PAGES.items():
        page.goto(address + path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0, f"{name} is {wide} pixels too wide"
        assert page.evaluate("[...document.images].every(each => each.loading == 'lazy' || each.naturalWidth > 0)")
        assert page.locator("script[type='application/ld+json']").count() == (name in DESCRIBED), name
        assert find_barriers(page) == [], name
        assert [text for text in messages if name != "error" or "404" not in text] == [], name
        assert [url for url in asked if not url.startswith(address)] == []
        messages.clear()


def test_on_a_narrow_phone_tables_scroll_by_themselves_and_by_keyboard(browser: Browser, address: str) -> None:
    page = opened(browser, "phone", width=320)
    page.goto(f"{address}/method")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    hidden = "each => each.scrollWidth - each.clientWidth"
    table = next(table for table in page.locator(".scroll").all() if table.evaluate(hidden) > 10)
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert table.evaluate("each => each.scrollLeft") > 0


def test_on_a_phone_an_answer_is_short_and_in_five_sizes_below_one_row_of_links(browser: Browser, address: str) -> None:
    page = opened(browser, "phone")
    for name, path in ANSWERS.items():
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollHeight") <= HIGHEST, name
        assert page.locator("header.top").evaluate("each => each.offsetHeight") <= 49
        assert len(set(page.evaluate(SIZES))) <= 5, name
        assert min(page.evaluate(SIZES)) >= SMALLEST, name


def test_on_a_phone_no_table_is_wider_than_its_room_folds_open_or_closed(browser: Browser, address: str) -> None:
    page = opened(browser, "phone")
    for name, path in ANSWERS.items():
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert max(page.evaluate("[...document.querySelectorAll('table')].map(each => each.scrollWidth)")) <= 350, name
        rows = page.evaluate(
            "[...document.querySelectorAll('.scroll')].map(each => each.scrollWidth - each.clientWidth)"
        )
        assert set(rows) == {0}, name


def test_the_first_tab_leads_past_the_menu_and_what_has_the_focus_is_seen(browser: Browser, address: str) -> None:
    page = opened(browser)
    page.goto(address)
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    assert skip.evaluate("each => each === document.activeElement && each.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"


def test_without_javascript_everything_is_there(browser: Browser, address: str) -> None:
    with_it, without = opened(browser), opened(browser, javascript=False)
    for name, path in PAGES.items():
        for page in (with_it, without):
            page.goto(address + path)
        assert without.inner_text("main") == with_it.inner_text("main"), name
    without.goto(f"{address}/briefs")
    without.fill("#q", "known then")
    without.keyboard.press("Enter")
    without.wait_for_url("**/briefs?q=known+then")
    assert without.locator("article").count() == 1


def test_a_brief_is_copied_as_rich_text_by_keyboard_and_the_page_says_so(browser: Browser, address: str) -> None:
    page = opened(browser)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{address}/briefs/2026-06-12")
    title = page.inner_text("h1")
    page.locator("summary", has_text="Use this brief").press("Enter")
    page.locator("summary", has_text="Use this brief").press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Copy as rich text"
    page.keyboard.press("Enter")
    page.get_by_role("status").filter(has_text="Copied: paste it into your editor.").wait_for()
    html, text = page.evaluate(CLIPBOARD)
    assert f"{title}</h1>" in html
    assert "<li>" in html
    assert text == page.request.get(f"{page.url}.txt").text()
    addresses = re.findall(r'(?:href|src)="([^"]+)"', html)
    assert page.url in addresses
    assert any(link.startswith(f"{address}/charts/gap.png") for link in addresses)
    assert [link for link in addresses if not link.startswith(("http://", "https://"))] == []
    assert re.findall(r"class=|<script|<style|\bid=", html) == []


def test_a_browser_that_forbids_copying_says_so_and_one_without_a_script_has_no_button(
    browser: Browser, address: str
) -> None:
    page = opened(browser)
    page.add_init_script("navigator.clipboard.write = () => Promise.reject(new Error('denied'))")
    page.goto(f"{address}/briefs/2026-06-12")
    page.locator("summary", has_text="Use this brief").click()
    page.get_by_role("button", name="Copy as rich text").click()
    page.get_by_role("status").filter(has_text="Your browser did not allow copying").wait_for()
    without = opened(browser, javascript=False)
    without.goto(f"{address}/briefs/2026-06-12")
    without.locator("summary", has_text="Use this brief").click()
    assert without.get_by_role("link", name="Markdown").is_visible()
    assert not without.get_by_text("Copy as rich text").is_visible()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_charts_are_of_the_colours_of_the_page(browser: Browser, address: str, mode: str) -> None:
    page = opened(browser, mode)
    for path, mark, role in (
        ("/", "li.private .dot", "private"), ("/benchmarks/weirdml", ".private .full", "private"),
        ("/benchmarks/weirdml", ".closed .line", "closed"),
    ):  # fmt: skip
        page.goto(address + path)
        style = page.locator(mark).first.evaluate("each => getComputedStyle(each)")
        color = style["stroke" if role == "closed" else "fill"]
        assert "#{:02x}{:02x}{:02x}".format(*map(int, re.findall(r"\d+", color))) == PALETTE[mode][role]


def test_only_what_may_be_embedded_shows_in_another_page(browser: Browser, address: str) -> None:
    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<iframe src="{address}/embed"></iframe><iframe src="{address}/"></iframe>'.encode())

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    Thread(target=server.serve_forever, daemon=True).start()
    page = opened(browser)
    page.goto(f"http://127.0.0.1:{server.server_port}/", wait_until="networkidle")
    shown = [frame.locator("main").count() for frame in page.frames[1:]]
    assert shown == [1, 0]
    server.shutdown()
    server.server_close()


def test_nothing_that_a_stranger_planted_in_a_brief_runs_or_loads(browser: Browser) -> None:
    forms = [render(planted(attack), form, around(attack)) for attack in ATTACKS for form in ("html", "email")]
    forms += [READERS[0].render(render(planted(attack), "md", around(attack))) for attack in ATTACKS]
    forms += [unescape(defuse(planted(attack).title)) for attack in ATTACKS]
    page, asked, ran = browser.new_page(), list[str](), list[str]()
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.route("**/*", lambda route: (asked.append(route.request.url), route.abort()))
    for html in forms:
        page.set_content(html, wait_until="domcontentloaded")
        page.evaluate("document.querySelectorAll('*').forEach(each => each.dispatchEvent(new Event('mouseover')))")
    assert ran == []
    assert {url for url in asked if not url.startswith(PUBLIC)} == set()
