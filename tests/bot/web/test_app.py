"""The application under a public address that has a path: what leaves the machine leads there, and to something."""

import asyncio
import re
from html import unescape
from pathlib import Path

import pytest

from bot.state.protection import StateGoneError
from bot.web.export import FORMS, export_briefs
from tests.bot.web.conftest import Archive, Starter, Web

UNDER = "https://x.example.org/gap"
LEAVING = (
    "/", "/briefs/2026-05-22", "/benchmarks/gpqa-diamond", "/editors", "/embed", "/embed.json", "/feed.rss",
    "/feed.atom", "/feed.json", "/briefs/2026-05-22.md", "/briefs/2026-05-22.txt", "/briefs/2026-05-22.json",
    "/briefs/2026-05-22.email.html", "/api/openapi.json",
)  # fmt: skip


@pytest.fixture(scope="module")
def under(start_web: Starter) -> Web:
    """The pages as a proxy passes them on, which takes the path away."""
    return start_web(UNDER)


def ours(text: str) -> set[str]:
    """Return the addresses of our host that stand in a text of any form."""
    plain = unescape(unescape(text)).replace("\\/", "/")
    return set(re.findall(r"https://x\.example\.org[^\s\"'<>),\\]*", plain))


def paths(text: str) -> set[str]:
    """Return what the addresses of our host are below the public address; one that is not below it fails."""
    addresses = {address.partition("#")[0] for address in ours(text)}
    assert all(address == UNDER or address.startswith(f"{UNDER}/") for address in addresses), addresses
    return {address.removeprefix(UNDER) or "/" for address in addresses}


@pytest.mark.parametrize("path", LEAVING)
def test_each_address_that_leaves_is_under_the_public_one_and_leads_to_something(under: Web, path: str) -> None:
    addresses = paths(under.client.get(path).text)
    assert addresses
    for address in addresses:
        assert under.client.get(address).status_code == 200, address


def test_pages_may_show_pictures_of_the_host(under: Web) -> None:
    assert "img-src 'self' https://x.example.org;" in under.client.get("/").headers["content-security-policy"]


def test_between_pages_and_in_redirects_addresses_are_relative(under: Web) -> None:
    assert not re.search(r'(?:href|src|action)="/', under.client.get("/briefs/2026-05-22").text)
    for path in ("/briefs/", "/briefs/2026-05-22", "/benchmarks/GPQA"):
        assert under.get(path).headers["location"].startswith(("./", "../"))


@pytest.mark.parametrize("form", FORMS)
def test_exported_briefs_lead_there_too(under: Web, tmp_path: Path, form: str) -> None:
    asyncio.run(export_briefs(under.site, tmp_path, form, None))
    for file in tmp_path.rglob(f"*.{FORMS[form][0]}"):
        addresses = paths(file.read_text(encoding="utf-8-sig"))
        assert any(address.startswith("/charts/gap.png?") for address in addresses)
        for address in addresses:
            assert under.client.get(address).status_code == 200, address


def test_a_state_that_is_gone_is_the_operators_to_put_back_and_nobody_is_told_to_try_again_soon(
    start_web: Starter, archive: Archive, state_file: Path
) -> None:
    web = start_web(state_url=archive.url)
    for file in state_file.parent.glob("state.db*"):
        file.unlink()
    response = web.get("/briefs")
    assert (response.status_code, str(StateGoneError()) in unescape(response.text)) == (503, True)
    assert "retry-after" not in response.headers
    assert "few seconds" not in response.text
