"""Other services, by apprise: once, in the form that they take, and nothing of their secrets in what goes wrong."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import pytest

from bot.newsroom.targets import CannotLookError, Delivered, RefusedError
from bot.newsroom.targets.notify import NotifyTarget, send_brief, send_withdrawal
from bot.settings import Settings
from bot.state.target_rows import TargetRow
from core.errors import GapbriefError, UsageError
from tests.bot.newsroom.newsroom import BRIEF, NOW, order
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
    monkeypatch.setattr("bot.newsroom.targets.notify.run_in_process", lambda work, *what, seconds: work(*what))
    return FakeApprise


@pytest.fixture
def target(evidence_file: Path) -> NotifyTarget:
    settings = Settings(evidence_file, ROOT / "data", public_url="https://gap.example.org")
    return NotifyTarget(lambda number: TargetRow(number, None, "apprise", ROOM, None, "a-name"), settings)


def test_others_than_mail_get_markdown_without_the_title_that_they_show_themselves(apprise: type[FakeApprise]) -> None:
    assert send_brief(ROOM, BRIEF, prefix="Corrected: ")
    (sent,) = apprise.sent
    assert (sent["title"], sent["body_format"]) == (f"Corrected: {BRIEF.title}", "markdown")
    assert BRIEF.title not in sent["body"]
    assert sent["body"].startswith("Research · 25 November 2026 · gapbrief · 1 min brief\n\n## In brief\n")
    assert "gapbrief brief --as-of" not in sent["body"], "readers of a room have no command line"


@pytest.mark.slow
async def test_a_brief_comes_with_what_belongs_around_it_its_correction_first(
    apprise: type[FakeApprise], target: NotifyTarget
) -> None:
    assert await target.deliver(order(3, "edit", kind="apprise", corrected=CORRECTED), NOW) == Delivered()
    (sent,) = apprise.sent
    kicker, note, chart, *_ = sent["body"].split("\n\n")
    assert (sent["title"], kicker.partition(" · ")[0]) == (f"Corrected: {BRIEF.title}", "Research")
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
    assert send_withdrawal(ROOM, BRIEF, NOW.date())
    assert apprise.sent[1]["body"] == words, "without a public address there is no page"


async def test_what_is_not_taken_is_not_sent_again(
    apprise: type[FakeApprise], target: NotifyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apprise, "taken", False)
    with pytest.raises(RefusedError, match="nothing is sent there twice"):
        await target.deliver(order(3, kind="apprise"), NOW)
    with pytest.raises(CannotLookError, match="nothing is sent there twice"):
        await target.look_up(order(3, kind="apprise"), NOW)


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
        send_brief(ROOM, BRIEF)
    with pytest.raises(RefusedError, match="pip install"):
        await target.deliver(order(3, kind="apprise"), NOW)
