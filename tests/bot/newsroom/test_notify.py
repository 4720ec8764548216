"""Other services, by apprise: once, in the form that they take, and nothing of their secrets in what goes wrong."""

import html
import re
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import pytest
from aiohttp import web
from apprise import Apprise
from apprise.plugins.telegram import NotifyTelegram

from bot.newsroom.formats import Around
from bot.newsroom.targets import CannotLookError, Delivered, RefusedError
from bot.newsroom.targets import notify as notify_target
from bot.newsroom.targets.notify import (
    NotifyTarget,
    count_letters,
    fit,
    is_short,
    name_picture,
    notify,
    preview,
    takes_picture,
    tell_withdrawn,
    write_short_form,
)
from bot.settings import Settings
from bot.state.target_rows import TargetRow
from core.errors import GapbriefError, UsageError
from tests.bot.discord.test_discord_target import order
from tests.bot.newsroom.newsroom import BRIEF, NOW
from tests.bot.newsroom.social import MASTODON_TOKEN, TELEGRAM_TOKEN, Social, social
from tests.conftest import ROOT

ROOM = "matrix://user:password@example.org?form=long"
CORRECTED = ((NOW, "bullet 1 now says “10”, not “11”."),)


class FakeApprise:
    """apprise with one service, which is itself, and keeps what it is given to send; how mail goes, test_mail says."""

    sent: list[dict[str, Any]] = []  # noqa: RUF012 (emptied by the fixture)
    taken = True
    service_name, schema, overflow_mode, asset = "Matrix", "matrix", "upstream", None
    body_maxlen, title_maxlen, attachment_support = 65_000, 250, False

    def __init__(self, service: object = None, asset: object = None) -> None: ...

    def __iter__(self) -> Iterator[Self]:
        yield self

    def add(self, address: str) -> bool:
        return address.startswith("matrix://") and len(address) > len("matrix://")

    def details(self) -> dict[str, Any]:
        templates = {"templates": ("{schema}://{token}", "{schema}://{user}:{password}@{host}")}
        return {"schemas": [{"protocols": ("matrix",), "secure_protocols": None, "details": templates}]}

    def notify(self, **what: Any) -> bool:
        self.sent.append(what)
        return self.taken


@pytest.fixture(autouse=True)
def apprise(monkeypatch: pytest.MonkeyPatch) -> type[FakeApprise]:
    monkeypatch.setitem(sys.modules, "apprise", SimpleNamespace(Apprise=FakeApprise, AppriseAsset=SimpleNamespace))
    monkeypatch.setattr(FakeApprise, "sent", [])
    monkeypatch.setattr("bot.newsroom.targets.notify.in_own_process", lambda work, *what, seconds: work(*what))
    return FakeApprise


@pytest.fixture
def target(evidence_file: Path) -> NotifyTarget:
    settings = Settings(evidence_file, ROOT / "data", public_url="https://gap.example.org")
    return NotifyTarget(lambda number: TargetRow(number, None, "apprise", ROOM, None, "a-name"), settings)


def test_others_than_mail_get_markdown_without_the_title_that_they_show_themselves(apprise: type[FakeApprise]) -> None:
    assert notify(ROOM, BRIEF, before="Corrected: ")
    (sent,) = apprise.sent
    assert (sent["title"], sent["body_format"]) == (f"Corrected: {BRIEF.title}", "markdown")
    assert BRIEF.title not in sent["body"]
    assert sent["body"].startswith("Research · 25 November 2026 · gapbrief · 1 min brief\n\n## In brief\n")
    assert "gapbrief brief --as-of" not in sent["body"], "readers of a room have no command line"


@pytest.mark.parametrize(("action", "title"), [("post", BRIEF.title), ("edit", f"Corrected: {BRIEF.title}")])
async def test_a_brief_comes_with_what_belongs_around_it_its_correction_first(
    apprise: type[FakeApprise], target: NotifyTarget, action: str, title: str
) -> None:
    assert await target.deliver(order(3, action, kind="apprise", corrected=CORRECTED), NOW) == Delivered()
    (sent,) = apprise.sent
    kicker, note, chart, *_ = sent["body"].split("\n\n")
    assert (sent["title"], kicker.partition(" · ")[0]) == (title, "Research")
    assert note == "**Corrected on 25 November 2026: bullet 1 now says “10”, not “11”.**"
    assert re.match(r"!\[.+\]\(<https://gap\.example\.org/charts/gap\.png\?.*known_by=2026-08-22.*>\)$", chart)
    for part in ("(<https://gap.example.org/briefs/2026-11-25-open-models>)", "\n## Sources\n", "\nCite as: gapbrief "):
        assert part in sent["body"]
    assert sent["body"].count("Corrected on") == 1


async def test_of_a_withdrawn_brief_nothing_but_that_is_said(apprise: type[FakeApprise], target: NotifyTarget) -> None:
    await target.deliver(order(3, "delete", kind="apprise", at=NOW, corrected=CORRECTED), NOW)
    words = f"The brief “{BRIEF.title}” was withdrawn on 25 November 2026; please don't quote it."
    page = "https://gap.example.org/briefs/2026-11-25-open-models"
    assert apprise.sent == [
        {"title": f"Withdrawn: {BRIEF.title}", "body": f"{words} Its page says so too: {page}", "body_format": "text"}
    ]
    assert tell_withdrawn(ROOM, BRIEF, NOW.date())
    assert apprise.sent[1]["body"] == words, "without a public address there is no page"


async def test_what_is_not_taken_is_not_sent_again(
    apprise: type[FakeApprise], target: NotifyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apprise, "taken", False)
    with pytest.raises(RefusedError, match="nothing is sent there twice"):
        await target.deliver(order(3, kind="apprise"), NOW)
    with pytest.raises(CannotLookError, match="nothing is sent there twice"):
        await target.look(order(3, kind="apprise"), NOW)
    with pytest.raises(RefusedError, match="removed"):
        await NotifyTarget(lambda _: None, target.settings).deliver(order(3, kind="apprise"), NOW)


def test_addresses_that_are_known_and_not() -> None:
    assert NotifyTarget.check(ROOM).address == ROOM
    with pytest.raises(UsageError, match='No address that apprise knows begins with "nonsense"; its manual'):
        NotifyTarget.check("nonsense://example.org")
    with pytest.raises(UsageError, match='begins with "matrx"; did you mean matrix://'):
        NotifyTarget.check("matrx://example.org")
    with pytest.raises(UsageError, match=r"matrix:// address is not whole; apprise has it as matrix://\{user\}"):
        NotifyTarget.check("matrix://")
    with pytest.raises(UsageError, match="no whole address"):
        NotifyTarget.check("nonsense")


@pytest.mark.parametrize(("typed", "meant"), [("htp", "http"), ("htps", "https"), ("HTTPSS", "https")])
def test_a_slip_in_the_scheme_of_the_web_is_no_matter_of_apprise(
    monkeypatch: pytest.MonkeyPatch, typed: str, meant: str
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(UsageError, match=f'begins with "{typed}"; did you mean {meant}://'):
        NotifyTarget.check(f"{typed}://example.org")


async def test_without_apprise_it_is_said_how_to_get_it(target: NotifyTarget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(GapbriefError, match=r"pip install 'gapbrief\[notify\]'"):
        notify(ROOM, BRIEF)
    with pytest.raises(RefusedError, match="pip install"):
        await target.deliver(order(3, kind="apprise"), NOW)


# ---- the short form, by the real apprise: title, figure with range, link; whole within what a service takes


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
    (found,) = Apprise(address)
    return found


def shown(text: str) -> str:
    """Return a text as people see it: Telegram takes it as HTML."""
    return html.unescape(text).replace("\r\n", "\n")


# ---- as it arrives


@dataclass
class Desk:
    network: Social
    settings: Settings

    def address(self, kind: str, token: str = "") -> str:
        if kind == "telegram":
            return f"tgram://{token or TELEGRAM_TOKEN}/42/"
        return self.network.url.replace("http", "mastodon").replace("//", f"//{token or MASTODON_TOKEN}@")

    async def deliver(self, address: str, action: str = "post", **more: Any) -> Delivered:
        target = NotifyTarget(lambda number: TargetRow(number, None, "apprise", address, None, "a"), self.settings)
        return await target.deliver(order(3, action, kind="apprise", at=NOW, **more), NOW)


@pytest.fixture
async def desk(evidence_file: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr("bot.newsroom.targets.notify.in_own_process", lambda work, *what, seconds: work(*what))
    async with social() as network:
        monkeypatch.setattr(NotifyTelegram, "notify_url", f"{network.url}/bot")
        yield Desk(network, Settings(evidence_file, ROOT / "data", public_url="https://gap.example.org"))


async def test_mastodon_gets_title_figure_and_link_and_the_chart_with_its_alt_text(desk: Desk) -> None:
    await desk.deliver(desk.address("mastodon"))
    (post,), (picture,) = desk.network.posts, desk.network.pictures
    assert (post["status"], post["media_ids"]) == (WHOLE, ["1"])
    assert "months" in picture["alt"]
    assert not picture["alt"].endswith(".png")


async def test_telegram_gets_it_as_the_caption_of_the_chart(desk: Desk) -> None:
    await desk.deliver(desk.address("telegram"))
    (post,), (picture,) = desk.network.posts, desk.network.pictures
    assert (post["by"], post["chat_id"], picture["alt"]) == ("sendPhoto", "42", "chart.png")
    assert shown(post["caption"]) == WHOLE


async def test_what_telegram_reads_as_html_is_none(desk: Desk) -> None:
    title = "Open <b>models</b> & <a href='https://a.org'>others</a>"
    await desk.deliver(desk.address("telegram"), brief=replace(BRIEF, title=title))
    caption = desk.network.posts[0]["caption"]
    assert caption.startswith("Open &lt;b&gt;models&lt;/b&gt; &amp; &lt;a href")
    assert shown(caption).startswith(f"{title}\n\n")


async def test_without_a_public_address_there_is_no_link_but_the_chart(desk: Desk) -> None:
    desk.settings = replace(desk.settings, public_url=None)
    await desk.deliver(desk.address("mastodon"))
    assert desk.network.posts[0]["status"] == WHOLE.removesuffix(f"\n\n{PAGE}")
    assert desk.network.pictures


async def test_a_correction_says_so_and_a_withdrawal_says_nothing_else(desk: Desk) -> None:
    for address in (desk.address("mastodon"), desk.address("telegram")):
        await desk.deliver(address, "edit", corrected=((NOW, "bullet 1"),))
        await desk.deliver(address, "delete")
    for corrected, withdrawn in (desk.network.posts[:2], desk.network.posts[2:]):
        assert shown(corrected.get("status") or corrected["caption"]) == f"Corrected: {WHOLE}"
        assert shown(withdrawn.get("status") or withdrawn["text"]) == (
            f"Withdrawn: {BRIEF.title}\n\nThe brief “{BRIEF.title}” was withdrawn on 25 November 2026; please don't"
            f" quote it. Its page says so too: {PAGE}"
        )


@pytest.mark.parametrize("kind", ["mastodon", "telegram"])
@pytest.mark.parametrize("number", [401, 413, 422, 500])
async def test_what_is_not_taken_is_said_without_the_token(desk: Desk, kind: str, number: int) -> None:
    desk.network.before.extend([lambda: web.json_response({}, status=number)] * 2)
    with pytest.raises(RefusedError, match="nothing is sent there twice") as refusal:
        await desk.deliver(desk.address(kind))
    assert "PLANTED" not in str(refusal.value)
    assert not desk.network.posts


async def test_another_token_posts_nothing(desk: Desk) -> None:
    for address in (desk.address("mastodon", "another"), desk.address("telegram", f"987654321:{'x' * 35}")):
        with pytest.raises(RefusedError):
            await desk.deliver(address)
    assert not desk.network.posts + desk.network.pictures


async def test_two_services_in_one_address_get_each_their_own(desk: Desk) -> None:
    await desk.deliver(f"{desk.address('mastodon')}, {desk.address('telegram')}")
    assert [shown(post.get("status") or post["caption"]) for post in desk.network.posts] == [WHOLE, WHOLE]


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
    services = Apprise().details(show_disabled=True)["schemas"]
    assert notify_target._CHATS <= {str(service["service_name"]) for service in services}


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
    message = write_short_form(chat, BRIEF, Around(PAGE))
    assert (message.title, message.body) == ("", expected)
    assert message.letters == len(expected) <= room


def test_a_title_that_is_shown_apart_has_its_own_room() -> None:
    message = fit(service(SLACK), "Title " * 60, "Words.")
    assert (len(message.title), message.title[-1], message.body) == (250, "…", "Words.")


def test_without_a_range_no_figure_is_given() -> None:
    brief = replace(BRIEF, bullets=BRIEF.bullets[1:])
    assert write_short_form(service(MASTODON), brief, Around(PAGE)).body == f"{BRIEF.title}\n\n{PAGE}"


@pytest.mark.parametrize("words", [
    "likely 4.9 to 9.1", "(likely 5 to 9)", "likely 2 ahead to 34 behind", "likely between 5 and 10",
])  # fmt: skip
def test_every_range_that_is_written_is_known(words: str) -> None:
    sentence = f"The gap is about 7 months, {words}."
    brief = replace(BRIEF, bullets=(replace(BRIEF.bullets[0], text=f"News of Kimi K3. {sentence}"),))
    assert sentence in write_short_form(service(MASTODON), brief, Around()).body


def test_a_name_of_the_data_calls_nobody_and_a_link_stays_whole() -> None:
    page = "https://gap.example.org/@gap"
    message = write_short_form(service(MASTODON), replace(BRIEF, title="@everyone @ann@example.org"), Around(page))
    assert message.body.startswith("@everyone @ann@example.org\n".replace("@", "\N{FULLWIDTH COMMERCIAL AT}"))
    assert message.body.endswith(page)


# ---- pictures and preview


def test_a_picture_goes_where_it_is_taken_named_by_its_alt_text_where_that_is_shown() -> None:
    takes = {address: takes_picture(service(address)) for address in (MASTODON, TELEGRAM, SLACK, SLACK_BOT)}
    assert takes == {MASTODON: True, TELEGRAM: True, SLACK: False, SLACK_BOT: True}
    named = partial(name_picture, alt="The gap:\n7 months")
    assert [named(service(address)) for address in (BLUESKY, TELEGRAM)] == ["The gap: 7 months", "chart.png"]
    assert len(name_picture(service(MASTODON), "x" * 2000)) == 1000


def test_a_preview_is_what_is_sent_with_its_letters() -> None:
    around = Around(PAGE, chart_alt="The gap")
    letters = len(WHOLE) - len(PAGE) + 23
    assert preview(MASTODON, BRIEF, around) == (
        f"The short form is sent there:\n\n{WHOLE}\n\n({letters} of 500 letters, and the chart)"
    )
    assert preview(SLACK, BRIEF, around).endswith(f"{PAGE}\n\n({len(WHOLE) - len(BRIEF.title) - 2} of 35000 letters)")
    assert preview(MAIL, BRIEF, around) == "The whole brief is sent there."
