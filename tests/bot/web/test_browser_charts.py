"""A finger on a chart, in a real browser: by mouse, keyboard and touch, with and without the script."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page

import bot.web
from bot.web.markup import environment
from core.answer import Chart, Series
from core.chart_course import read_course
from tests.bot.web import test_browser
from tests.bot.web.test_browser import MODES, find_barriers, opened

pytestmark = pytest.mark.slow

address, browser, close_pages = test_browser.address, test_browser.browser, test_browser.close_pages
CHARTS = {"rows": "/", "records": "/benchmarks/weirdml", "sides": "/compare/alibaba/moonshot"}
NO_BREAK = "\N{NO-BREAK SPACE}"
SCRIPT = Path(bot.web.__file__).parent / "static" / "charts.js"
HOSTILE = "</title><img src=x onerror=alert(1)><script>alert(2)</script> & \"y\" 'z'"


def read_tip(page: Page) -> str:
    """Return what is said of a mark, "" where nothing is."""
    tip = page.locator(".tip")
    return tip.inner_text() if tip.is_visible() else ""


def read_hidden(page: Page) -> list[str]:
    """Return the groups that the address says are hidden."""
    return parse_qs(urlsplit(page.url).query).get("hide", [])


def read_pressed(page: Page) -> list[str | None]:
    return [button.get_attribute("aria-pressed") for button in page.locator(".kind button").all()]


def test_under_the_mouse_a_mark_says_model_score_day_and_source_until_the_mouse_leaves(
    browser: Browser, address: str
) -> None:
    page = opened(browser)
    page.goto(f"{address}/benchmarks/weirdml")
    assert read_tip(page) == ""
    page.locator(".public .point, .private .point").last.hover()
    record, source = read_tip(page).split("\n")
    leader = page.locator("[data-group='open models']").inner_text().replace(NO_BREAK, " ")
    assert leader == f"Open models: {record}"
    assert re.fullmatch(r"[^,]+, [\d.]+ %, \d+ [A-Z][a-z]+ 20\d\d", record)
    assert source.startswith("Source: ")
    page.locator("h1").hover()
    assert read_tip(page) == ""
    page.goto(address)
    row = page.locator(".chart .rows li").first
    row.locator("strong").hover()
    lines = read_tip(page).split("\n")
    assert lines[0] == row.locator("> span").inner_text().replace(NO_BREAK, " ").split("\n")[0]
    assert [line.partition(":")[0] for line in lines[1:]] == ["Closed", "Open", "Source"]


def test_by_keyboard_tab_comes_to_one_mark_arrows_go_on_and_escape_ends(browser: Browser, address: str) -> None:
    page = opened(browser)
    page.goto(f"{address}/benchmarks/weirdml")
    marks = page.locator(".point")
    assert page.locator(".point[tabindex='0']").count() == 1
    marks.first.focus()
    assert read_tip(page) == marks.first.get_attribute("aria-label")
    page.keyboard.press("ArrowRight")
    assert read_tip(page) == marks.nth(1).get_attribute("aria-label")
    assert page.evaluate("document.activeElement.id") == "mark-1-2"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.id") == "mark-1-1"
    page.keyboard.press("Escape")
    assert read_tip(page) == ""
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert read_tip(page) == ""
    assert page.evaluate("document.activeElement.closest('.point')") is None
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "mark-1-2"


@pytest.mark.parametrize("path", CHARTS.values(), ids=CHARTS)
def test_a_tap_near_a_mark_says_the_same_within_the_window_and_one_elsewhere_ends_it(
    browser: Browser, address: str, path: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(address + path)
    for mark in (page.locator(".point").first, page.locator(".point").last):
        mark.scroll_into_view_if_needed()
        box = (mark.locator(".spot") if mark.locator(".spot").count() else mark).bounding_box()
        assert box is not None
        page.touchscreen.tap(box["x"] + box["width"] / 2 - 3, box["y"] + box["height"] / 2 + 4)
        assert read_tip(page) == mark.get_attribute("aria-label")
        tip = page.locator(".tip").bounding_box()
        assert tip is not None
        assert tip["x"] >= 0
        assert tip["x"] + tip["width"] <= 390
        assert tip["y"] >= 0
        assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator("h1").tap()
    assert read_tip(page) == ""


@pytest.mark.parametrize("path", CHARTS.values(), ids=CHARTS)
def test_a_group_is_hidden_by_its_button_and_the_address_and_the_back_button_know_it(
    browser: Browser, address: str, path: str
) -> None:
    page = opened(browser)
    page.goto(address + path)
    first, second = page.locator(".kind button").all()
    name = page.locator("[data-group]").first.get_attribute("data-group") or ""
    parts = page.locator(f"[data-of='{name}'] .point")
    others = page.locator(".point").count() - parts.count()
    assert read_pressed(page) == ["true", "true"]
    first.focus()
    page.keyboard.press("Enter")
    assert read_pressed(page) == ["false", "true"]
    assert read_hidden(page) == [name]
    assert not parts.first.is_visible()
    assert page.locator(".point:visible").count() == others
    assert page.locator(".point[tabindex='0']:visible").count() == 1
    pasted = page.url
    second.click()
    assert page.locator(".point:visible").count() == 0
    page.go_back()
    assert read_pressed(page) == ["false", "true"]
    page.go_back()
    assert read_pressed(page) == ["true", "true"]
    assert read_hidden(page) == []
    assert parts.first.is_visible()
    page.goto(pasted)
    assert read_pressed(page) == ["false", "true"]
    assert not parts.first.is_visible()
    page.locator(".kind button").first.click()
    assert page.url == address + path


def test_what_hides_a_group_of_an_asked_question_keeps_the_question(browser: Browser, address: str) -> None:
    page = opened(browser)
    page.goto(f"{address}/ask?q=how+far+behind+is+kimi+k3")
    for button in page.locator(".kind button").all():
        button.click()
    page.reload()
    assert parse_qs(urlsplit(page.url).query)["q"] == ["how far behind is kimi k3"]
    assert read_pressed(page) == ["false", "false"]
    page.goto(f"{address}/?hide=no+such+group|%3Cscript%3E&hide=x")
    assert read_pressed(page) == ["true", "true"]


@pytest.mark.parametrize("mode", MODES)
def test_with_something_said_and_something_hidden_there_is_no_barrier_either(
    browser: Browser, address: str, mode: str
) -> None:
    page = opened(browser, mode)
    for name, path in CHARTS.items():
        page.goto(address + path)
        page.locator(".kind button").first.click()
        page.locator(".point:visible").first.focus()
        assert read_tip(page)
        assert find_barriers(page) == [], name


@pytest.mark.parametrize("path", CHARTS.values(), ids=CHARTS)
def test_without_the_script_each_mark_has_its_title_and_nothing_waits_for_a_finger(
    browser: Browser, address: str, path: str
) -> None:
    page, with_it = opened(browser, javascript=False), opened(browser)
    page.goto(address + path)
    with_it.goto(address + path)
    titles = page.locator(".point > title").all_text_contents()
    assert path != CHARTS["records"] or page.get_by_role("group", name="Best scores over time on WeirdML").is_visible()
    assert titles == [point.get_attribute("aria-label") for point in with_it.locator(".point").all()]
    assert all(titles)
    assert page.locator(".chart button, .tip").count() == 0
    assert page.locator(".point:visible").count() == len(titles)


def test_hostile_names_are_words_in_titles_and_in_what_is_said(browser: Browser) -> None:
    side = Series(HOSTILE, "closed", ("2024-01-01",), (1.0,), notes=(HOSTILE,), details=(f"{HOSTILE}\n2024",))
    course = read_course(Chart("frontier", "", "", "", (side, side)))
    parts = environment().get_template("parts.html.j2").make_module({"addresses": (), "paths": {}, "links": None})
    html = f'<div class="chart">{parts.course_chart(course, HOSTILE)}'
    page, ran = browser.new_page(), list[str]()
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.set_content(html)
    assert page.locator("img, script").count() == 0
    assert page.locator(".point > title").first.text_content() == f"{HOSTILE}\n2024"
    page.add_script_tag(path=SCRIPT)
    page.locator(".point").first.focus()
    assert page.locator(".tip").text_content() == f"{HOSTILE}\n2024"
    assert page.locator(".tip *, .chart img").count() == 0
    assert ran == []


def test_the_script_is_a_few_kilobytes() -> None:
    assert SCRIPT.stat().st_size < 5_000
