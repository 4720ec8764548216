"""Other services, by apprise: once, in the form that they take, and nothing of their secrets in what goes wrong."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from bot.publish.targets import CannotLookError, Done, RefusedError
from bot.publish.targets.notify import NotifyTarget, check_address, notify
from bot.state.targets import Target
from core.errors import GapbriefError, UsageError
from tests.bot.publish.newsroom import BRIEF, NOW
from tests.bot.publish.test_channel import parcel

MAIL = "mailto://user:password@example.org"


class FakeApprise:
    """apprise with two kinds of addresses, which keeps what it is given to send."""

    sent: list[dict[str, Any]] = []  # noqa: RUF012 (emptied by the fixture)
    taken = True

    def add(self, address: str) -> bool:
        return address.startswith(("mailto://", "matrix://"))

    def notify(self, **what: Any) -> bool:
        self.sent.append(what)
        return self.taken


@pytest.fixture(autouse=True)
def apprise(monkeypatch: pytest.MonkeyPatch) -> type[FakeApprise]:
    monkeypatch.setitem(sys.modules, "apprise", SimpleNamespace(Apprise=FakeApprise))
    monkeypatch.setattr(FakeApprise, "sent", [])
    return FakeApprise


def target(address: str = MAIL) -> NotifyTarget:
    return NotifyTarget(lambda number: Target(number, None, "apprise", address, None))


def test_mail_is_a_whole_page_and_others_get_markdown(apprise: type[FakeApprise]) -> None:
    assert notify(MAIL, BRIEF)
    assert notify("matrix://x", BRIEF, before="Corrected: ")
    mail, matrix = apprise.sent
    assert (mail["title"], mail["body_format"], mail["body"][:15]) == (BRIEF.title, "html", "<!DOCTYPE html>")
    assert (matrix["title"], matrix["body_format"]) == (f"Corrected: {BRIEF.title}", "markdown")


@pytest.mark.parametrize(
    ("action", "title"),
    [("post", ""), ("edit", "Corrected: "), ("delete", "Withdrawn on 25 November 2026: ")],
)
async def test_what_happened_to_a_brief_is_in_the_title(apprise: type[FakeApprise], action: str, title: str) -> None:
    assert await target().deliver(parcel(3, action, kind="apprise"), NOW) == Done()
    assert apprise.sent[0]["title"] == f"{title}{BRIEF.title}"


async def test_what_is_not_taken_is_not_sent_again(apprise: type[FakeApprise], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apprise, "taken", False)
    with pytest.raises(RefusedError, match="nothing is sent there twice"):
        await target().deliver(parcel(3, kind="apprise"), NOW)
    with pytest.raises(CannotLookError, match="nothing is sent there twice"):
        await target().look(parcel(3, kind="apprise"), NOW)
    with pytest.raises(RefusedError, match="removed"):
        await NotifyTarget(lambda _: None).deliver(parcel(3, kind="apprise"), NOW)


def test_addresses_that_are_known_and_not() -> None:
    assert check_address(MAIL) == MAIL
    with pytest.raises(UsageError, match=r"no address that apprise knows \(it begins with \"nonsense\"\)"):
        check_address("nonsense://example.org")
    with pytest.raises(UsageError, match="no whole address"):
        check_address("nonsense")


@pytest.mark.parametrize(("typed", "meant"), [("htp", "http"), ("htps", "https"), ("HTTPSS", "https")])
def test_a_slip_in_the_scheme_of_the_web_is_no_matter_of_apprise(
    monkeypatch: pytest.MonkeyPatch, typed: str, meant: str
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(UsageError, match=f'begins with "{typed}"; did you mean {meant}://'):
        check_address(f"{typed}://example.org")


async def test_without_apprise_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(GapbriefError, match=r"pip install 'gapbrief\[notify\]'"):
        notify(MAIL, BRIEF)
    with pytest.raises(RefusedError, match="pip install"):
        await target().deliver(parcel(3, kind="apprise"), NOW)
