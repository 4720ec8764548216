"""Mail as it arrives, by the real apprise: HTML and plain text, each with everything that belongs around the brief."""

import asyncio
from collections.abc import AsyncIterator
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import pytest
from apprise import Apprise
from PIL import Image

from bot.answers import Answers
from bot.newsroom.targets import Delivered, RefusedError, mail
from bot.newsroom.targets.notify import NotifyTarget
from bot.settings import Settings
from bot.state.target_rows import TargetRow
from tests.bot.newsroom.mailbox import Mailbox, mailbox
from tests.bot.newsroom.newsroom import BRIEF, NOW, order
from tests.conftest import ROOT

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # apprise loads it
PUBLIC = "https://gap.example.org"
PAGE = f"{PUBLIC}/briefs/2026-11-25-open-models"


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as box:
        yield box


async def deliver(
    box: Mailbox, evidence_file: Path, query: str = "", site: str | None = PUBLIC, **more: Any
) -> Delivered:
    """Have the target do what is asked of brief 17."""
    settings = Settings(evidence_file, ROOT / "data", public_url=site)
    target = NotifyTarget(
        lambda number: TargetRow(number, None, "apprise", box.address + query, None, "a-name"), settings
    )
    async with asyncio.timeout(60):
        return await target.deliver(order(3, kind="apprise", at=NOW, **more), NOW)


def whole(mail: EmailMessage, form: Literal["plain", "html"]) -> str:
    body = mail.get_body((form,))
    assert body is not None
    return str(body.get_content())


def part(mail: EmailMessage, form: Literal["plain", "html"]) -> str:
    return " ".join(whole(mail, form).split())


@pytest.mark.slow
async def test_a_test_is_a_mail_that_says_so(box: Mailbox, evidence_file: Path) -> None:
    row = TargetRow(3, None, "apprise", box.address, None, "a-name")
    mails = NotifyTarget(lambda _: row, Settings(evidence_file, ROOT / "data"))
    assert "look whether it arrived" in await mails.test(row, NOW)
    (mail,) = box.mails
    assert mail["Subject"] == "Test from gapbrief"
    assert "A test of the target a-name; nothing was posted." in mail.as_string()
    box.refuses = True
    with pytest.raises(RefusedError, match="did not take it"):
        await mails.test(row, NOW)


@pytest.mark.slow
async def test_a_brief_arrives_with_its_chart_page_sources_and_citation_in_both_forms(
    box: Mailbox, evidence_file: Path
) -> None:
    assert await deliver(box, evidence_file) == Delivered()
    (mail,) = box.mails
    assert mail["Subject"] == BRIEF.title
    assert (mail["From"], mail["To"]) == ("gapbrief <news@example.org>", "reader@example.org")
    assert [section.get_content_type() for section in mail.iter_parts()] == ["text/plain", "multipart/related"]
    for shown in (part(mail, "plain"), part(mail, "html")):
        for words in ("29 of 162 levels still wait.", PAGE, "CC BY 4.0", "Cite as: gapbrief"):
            assert words in shown
        assert "gapbrief brief --as-of" not in shown
    [picture] = [section for section in mail.walk() if section.get_content_type() == "image/png"]
    assert (picture["Content-ID"], picture.get_content_disposition()) == ("<chart>", "inline")
    with Image.open(BytesIO(picture.get_content())) as image:
        assert image.size == (1080, 1350)
    assert 'src="cid:chart" alt="Kimi K3 matched closed scores on private tests after ' in part(mail, "html")
    assert len(whole(mail, "html")) < 102_000, "more is cut off by some mail programs"
    assert part(mail, "plain").count("On private tests, open models") == 1, "the hidden line is not in it"
    assert "  - 29 of 162 levels still wait." in whole(mail, "plain").splitlines(), "it is the brief's own"


@pytest.mark.parametrize(("query", "takes"), [("", True), ("&pgp=sign", False), ("&pgp=encrypt", False)])
def test_only_a_mail_that_apprise_does_not_sign_or_encrypt_has_the_chart_attached(query: str, takes: bool) -> None:
    address = f"mailto://127.0.0.1?from=a@example.org&to=b@example.org{query}"
    assert mail.takes_picture(Apprise.instantiate(address)) is takes


@pytest.mark.slow
async def test_a_mail_of_a_site_without_a_public_address_has_its_chart_too(box: Mailbox, evidence_file: Path) -> None:
    await deliver(box, evidence_file, site=None)
    assert [section.get_content_type() for section in box.mails[0].walk()][-1] == "image/png"
    assert 'src="cid:chart"' in part(box.mails[0], "html")


@pytest.mark.slow
async def test_an_address_that_asks_for_plain_text_gets_that_alone(box: Mailbox, evidence_file: Path) -> None:
    await deliver(box, evidence_file, query="&format=text")
    (mail,) = box.mails
    assert mail.get_content_type() == "text/plain"
    assert "29 of 162 levels still wait." in part(mail, "plain")


@pytest.mark.slow
async def test_what_the_server_does_not_take_or_does_not_answer_was_not_sent(box: Mailbox, evidence_file: Path) -> None:
    box.refuses = True
    with pytest.raises(RefusedError, match="nothing is sent there twice"):
        await deliver(box, evidence_file)
    for to in ("b@example.org", "nobody"):
        box.address = f"mailto://127.0.0.1:1?from=a@example.org&to={to}&mode=insecure"
        with pytest.raises(RefusedError, match="nothing is sent there twice"):
            await deliver(box, evidence_file)


@pytest.mark.slow
async def test_without_data_it_is_sent_without_chart(
    box: Mailbox, evidence_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(Answers, "compute", broken)
    await deliver(box, evidence_file)
    assert PAGE in part(box.mails[0], "html")
    assert "charts/" not in part(box.mails[0], "html")
