"""The short form of a brief, by the real apprise: title, figure with range, link; whole within what a service takes."""

import html
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from apprise import Apprise
from apprise.plugins.telegram import NotifyTelegram

from bot.newsroom.formats import Extras
from bot.newsroom.targets import Delivered, RefusedError
from bot.newsroom.targets import notify as notify_target
from bot.newsroom.targets.notify import (
    NotifyTarget,
    count_letters,
    fit,
    is_short,
    picture_name,
    preview,
    takes_picture,
    write_short_form,
)
from bot.settings import Settings
from bot.state.target_rows import TargetRow
from core.brief import WRITTEN_LATER
from core.errors import UsageError
from tests.bot.newsroom.newsroom import BRIEF, NOW, order
from tests.bot.newsroom.social import MASTODON_TOKEN, TELEGRAM_TOKEN, Social, social
from tests.conftest import ROOT

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # apprise loads it

PAGE = "https://gap.example.org/briefs/2026-11-25-open-models"
FIGURE = "On private tests, open models trail by about 7.5 months, likely between 5 and 10."
WHOLE = f"{BRIEF.title}\n\n{FIGURE} Data to 22 August 2026.\n\n{PAGE}"
MASTODON, BLUESKY = "mastodon://token@example.org", "bluesky://user.example.org@password"
TELEGRAM, X = f"tgram://{TELEGRAM_TOKEN}/42/", "x://a/b/c/d?mode=tweet"
SLACK, SLACK_BOT = f"slack://T1JJ3T3L2/A1BRTD4JD/{'x' * 24}/#news", "slack://xoxb-1234-1234-abcdef/#news"
MAIL = "mailto://user:password@example.org"
LONG_TEXT = "x" * 4000


def service(address: str) -> Any:
    (only,) = Apprise(address)
    return only


def shown(post: dict[str, str]) -> str:
    """Return the words of a post as people see them: Telegram takes them as HTML."""
    text = post.get("status") or post.get("caption") or post["text"]
    return html.unescape(text).replace("\r\n", "\n")


# ---- as it arrives


@dataclass
class Desk:
    network: Social
    settings: Settings

    def address(self, kind: str) -> str:
        if kind == "telegram":
            return TELEGRAM
        return self.network.url.replace("http", "mastodon").replace("//", f"//{MASTODON_TOKEN}@")

    async def deliver(self, address: str, action: str = "post", **more: Any) -> Delivered:
        target = NotifyTarget(lambda number: TargetRow(number, None, "apprise", address, None, "a"), self.settings)
        return await target.deliver(order(3, action, kind="apprise", at=NOW, **more), NOW)


@pytest.fixture
async def desk(evidence_file: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr("bot.newsroom.targets.notify.run_in_process", lambda work, *what, seconds: work(*what))
    async with social() as network:
        monkeypatch.setattr(NotifyTelegram, "notify_url", f"{network.url}/bot")
        yield Desk(network, Settings(evidence_file, ROOT / "data", public_url="https://gap.example.org"))


@pytest.mark.slow
async def test_mastodon_gets_title_figure_and_link_and_the_chart_with_its_alt_text(desk: Desk) -> None:
    await desk.deliver(desk.address("mastodon"))
    (post,), (picture,) = desk.network.posts, desk.network.pictures
    assert (post["status"], post["media_ids"]) == (WHOLE, ["1"])
    assert "months" in picture["alt"]
    assert not picture["alt"].endswith(".png")


@pytest.mark.slow
async def test_telegram_gets_it_as_the_caption_of_the_chart(desk: Desk) -> None:
    await desk.deliver(desk.address("telegram"))
    (post,), (picture,) = desk.network.posts, desk.network.pictures
    assert (post["by"], post["chat_id"], picture["alt"]) == ("sendPhoto", "42", "chart.png")
    assert shown(post) == WHOLE


@pytest.mark.slow
async def test_what_telegram_reads_as_html_is_none(desk: Desk) -> None:
    title = "Open <b>models</b> & <a href='https://a.org'>others</a>"
    await desk.deliver(desk.address("telegram"), brief=replace(BRIEF, title=title))
    (post,) = desk.network.posts
    assert post["caption"].startswith("Open &lt;b&gt;models&lt;/b&gt; &amp; &lt;a href")
    assert shown(post).startswith(f"{title}\n\n")


@pytest.mark.slow
async def test_a_correction_says_so_and_a_withdrawal_says_nothing_else(desk: Desk) -> None:
    for address in (desk.address("mastodon"), desk.address("telegram")):
        await desk.deliver(address, "edit", corrected=((NOW, "bullet 1"),))
        await desk.deliver(address, "delete")
    for corrected, withdrawn in (desk.network.posts[:2], desk.network.posts[2:]):
        assert shown(corrected) == f"Corrected: {WHOLE}"
        assert shown(withdrawn) == (
            f"Withdrawn: {BRIEF.title}\n\nThe brief “{BRIEF.title}” was withdrawn on 25 November 2026; please don't"
            f" quote it. Its page says so too: {PAGE}"
        )


@pytest.mark.parametrize("kind", ["mastodon", "telegram"])
@pytest.mark.parametrize("number", [401, 500])
async def test_what_is_not_taken_is_said_without_the_token(desk: Desk, kind: str, number: int) -> None:
    desk.network.before.extend([lambda: web.json_response({}, status=number)] * 2)
    with pytest.raises(RefusedError, match="nothing is sent there twice") as refusal:
        await desk.deliver(desk.address(kind))
    assert "PLANTED" not in str(refusal.value)
    assert not desk.network.posts


async def test_two_services_in_one_address_get_each_their_own(desk: Desk) -> None:
    await desk.deliver(f"{desk.address('mastodon')}, {desk.address('telegram')}")
    assert [shown(post) for post in desk.network.posts] == [WHOLE, WHOLE]


# ---- which form


@pytest.mark.parametrize(
    ("address", "form", "short"),
    [
        (MASTODON, "", True), (BLUESKY, "", True), (TELEGRAM, "", True), (SLACK, "", True), (MAIL, "", False),
        (SLACK, "long", False), (MAIL, "short", True), ("json://example.org", "", False),
        (MASTODON, "long", True), (f"{MASTODON}?overflow=split", "", False), ("ntfy://topic", "", False),
    ],
)  # fmt: skip
def test_chats_and_what_has_no_room_for_a_brief_get_the_short_form(address: str, form: str, short: bool) -> None:
    assert is_short(service(address), form, LONG_TEXT) is short


def test_every_chat_is_called_as_apprise_calls_it() -> None:
    schemas = Apprise().details(show_disabled=True)["schemas"]
    assert notify_target._CHATS <= {str(schema["service_name"]) for schema in schemas}


def test_an_address_asks_for_a_form() -> None:
    for form in ("short", "LONG"):
        assert NotifyTarget.check(f"{SLACK_BOT}?form={form}").address
    with pytest.raises(UsageError, match='no form "tall" of a brief; write form=short or form=long'):
        NotifyTarget.check(f"{SLACK_BOT}?format=text&form=tall")


# ---- letters


def test_letters_are_counted_as_each_service_counts_them() -> None:
    text = "e\N{COMBINING ACUTE ACCENT} \N{CHART WITH UPWARDS TREND} https://example.org/a-long-address/of-forty"
    count = {address: count_letters(service(address), text) for address in (MASTODON, BLUESKY, TELEGRAM, X, SLACK)}
    link = len("https://example.org/a-long-address/of-forty")
    assert count == {MASTODON: 4 + 23, BLUESKY: 4 + link, TELEGRAM: 6 + link, X: 6 + 23, SLACK: 5 + link}


@pytest.mark.parametrize(("room", "expected"), [
    (500, WHOLE),
    (len(WHOLE) - 1, f"{BRIEF.title}\n\n{FIGURE}\n\n{PAGE}"),
    (200, f"{BRIEF.title}\n\n{PAGE}"),
    (100, f"Open models about 7.5 months behind on priva…\n\n{PAGE}"),
    (70, BRIEF.title),
    (30, "Open models about 7.5 months…"),
])  # fmt: skip
def test_what_there_is_no_room_for_is_left_out_whole_and_never_cut_but_the_title(room: int, expected: str) -> None:
    chat = service("ircs://example.org/#news")
    chat.body_maxlen = room
    message = write_short_form(chat, BRIEF, Extras(PAGE))
    assert (message.title, message.body) == ("", expected)
    assert message.letters == len(expected) <= room


def test_a_title_that_is_shown_apart_has_its_own_room() -> None:
    message = fit(service(SLACK), "Title " * 60, "Words.")
    assert (len(message.title), message.title[-1], message.body) == (250, "…", "Words.")


OVERALL = (
    "Overall, open models trail by about 7 months on private tests (likely 5 to 9). Public tests say about 5 (likely 3"
    " to 8), but models can train for those."
)


@pytest.mark.parametrize("category", ["Research", WRITTEN_LATER])
def test_both_figures_are_given_with_what_private_means_and_what_was_written_later_says_so(category: str) -> None:
    brief = replace(BRIEF, category=category, bullets=(replace(BRIEF.bullets[0], text=OVERALL),))
    later = " Written later." if category == WRITTEN_LATER else ""
    body = write_short_form(service(MASTODON), brief, Extras(PAGE)).body
    meaning = "Private tests keep their questions secret."
    assert body == f"{BRIEF.title}\n\n{OVERALL} {meaning} Data to 22 August 2026.{later}\n\n{PAGE}"
    short = write_short_form(service(BLUESKY), brief, Extras(PAGE))
    assert short.letters <= 300
    assert later in short.body
    assert "(likely 5 to 9)" in short.body


def test_without_a_range_no_figure_is_given() -> None:
    brief = replace(BRIEF, bullets=BRIEF.bullets[1:])
    assert write_short_form(service(MASTODON), brief, Extras(PAGE)).body == f"{BRIEF.title}\n\n{PAGE}"


@pytest.mark.parametrize("words", [
    "likely 4.9 to 9.1", "(likely 5 to 9)", "likely 2 ahead to 34 behind", "likely between 5 and 10",
])  # fmt: skip
def test_every_range_that_is_written_is_known(words: str) -> None:
    sentence = f"The gap is about 7 months, {words}."
    brief = replace(BRIEF, bullets=(replace(BRIEF.bullets[0], text=f"News of Kimi K3. {sentence}"),))
    assert sentence in write_short_form(service(MASTODON), brief, Extras()).body


def test_a_name_of_the_data_calls_nobody_and_a_link_stays_whole() -> None:
    page = "https://gap.example.org/@gap"
    message = write_short_form(service(MASTODON), replace(BRIEF, title="@everyone @ann@example.org"), Extras(page))
    assert message.body.startswith("@everyone @ann@example.org\n".replace("@", "\N{FULLWIDTH COMMERCIAL AT}"))
    assert message.body.endswith(page)


# ---- pictures and preview


def test_a_picture_goes_where_it_is_taken_named_by_its_alt_text_where_that_is_shown() -> None:
    takes = {address: takes_picture(service(address)) for address in (MASTODON, TELEGRAM, SLACK, SLACK_BOT)}
    assert takes == {MASTODON: True, TELEGRAM: True, SLACK: False, SLACK_BOT: True}
    named = partial(picture_name, alt="The gap:\n7 months")
    assert [named(service(address)) for address in (BLUESKY, TELEGRAM)] == ["The gap: 7 months", "chart.png"]
    assert len(picture_name(service(MASTODON), "x" * 2000)) == 1000


def test_a_preview_is_what_is_sent_with_its_letters() -> None:
    around = Extras(PAGE, chart_alt="The gap")
    letters = len(WHOLE) - len(PAGE) + 23
    assert preview(MASTODON, BRIEF, around) == (
        f"The short form is sent there:\n\n{WHOLE}\n\n({letters} of 500 letters, and the chart)"
    )
    assert preview(SLACK, BRIEF, around).endswith(f"{PAGE}\n\n({len(WHOLE) - len(BRIEF.title) - 2} of 35000 letters)")
    assert preview(MAIL, BRIEF, around) == "The whole brief is sent there."
