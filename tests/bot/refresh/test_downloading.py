"""Downloading one file: whole or not at all, only when it is new, and in one sentence when not."""

import asyncio
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat
from yarl import URL

from bot.public_addresses import is_public
from bot.refresh.downloading import Downloaded, Limits, NotModified, _RefusedError, _try, download
from core.errors import DataError
from tests.fakes.publishers import (
    Answer,
    FakePublishers,
    cut,
    cut_chunks,
    cut_gzip,
    drip,
    gzip_bomb,
    gzipped,
    html,
    in_turn,
    into_a_private_network,
    large,
    onward,
    page,
    redirect_loop,
    silent,
    status,
)  # fmt: skip

CSV = b"display_name,avg_acc\ngpt-5,0.5\n" * 1000
QUICK = Limits(n_bytes=1_000_000, seconds=10, tries=3, first_wait=0.01, longest_wait=0.2)


def on_loopback(address: str) -> bool:
    """The rule of the tests: the test's own server may be connected to, and nothing else."""
    return address == "127.0.0.1"


@pytest.fixture
def served() -> Iterator[FakePublishers]:
    with FakePublishers() as publishers:
        yield publishers


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """Where the file goes; what lies there is of the last time."""
    path = tmp_path / "scores.csv"
    path.write_bytes(b"of the last time")
    return path


async def got(served: FakePublishers, into: Path, answer: Answer, **options: Any) -> Downloaded | NotModified:
    served["/a"] = answer
    options = {"may_reach": on_loopback, "limits": QUICK, **options}
    return await download(f"{served.url}/a", into, publisher="WeirdML", **options)


async def refused(served: FakePublishers, into: Path, answer: Answer, **options: Any) -> str:
    """Return the one sentence, of a download that left all as it was."""
    with pytest.raises(DataError) as told:
        await got(served, into, answer, **options)
    said = str(told.value)
    assert said.startswith(f"WeirdML: {served.url}/a ")
    assert said.endswith(".")
    assert "\n" not in said
    assert {path.name: path.read_bytes() for path in into.parent.iterdir()} == {into.name: b"of the last time"}
    return said.removeprefix(f"WeirdML: {served.url}/a ")


# ---- what is downloaded


async def test_a_file_is_in_its_place_with_what_to_ask_with_the_next_time(served: FakePublishers, into: Path):
    assert await got(served, into, page(CSV, etag='"1"', modified="Sat, 22 Aug 2026 00:00:00 GMT")) == Downloaded(
        '"1"', "Sat, 22 Aug 2026 00:00:00 GMT"
    )
    assert {path.name: path.read_bytes() for path in into.parent.iterdir()} == {into.name: CSV}
    assert served.asked[0].headers["User-Agent"].startswith("gapbrief/")


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (page(CSV, etag='"1"', modified="Sat, 22 Aug 2026 00:00:00 GMT"), {"etag": '"1"'}),
        (page(CSV, modified="Sat, 22 Aug 2026 00:00:00 GMT"), {"modified": "Sat, 22 Aug 2026 00:00:00 GMT"}),
    ],
)
async def test_what_has_not_changed_is_not_downloaded(
    served: FakePublishers, into: Path, answer: Answer, asked: dict[str, str]
):
    assert await got(served, into, answer, **asked) == NotModified()
    assert into.read_bytes() == b"of the last time"
    assert await got(served, into, page(CSV, etag='"2"'), **asked) == Downloaded('"2"', "")
    assert into.read_bytes() == CSV


async def test_not_modified_is_no_answer_to_who_has_nothing(served: FakePublishers, into: Path):
    assert await refused(served, into, status(304)) == "answers with 304; see whether it has moved."


async def test_a_packed_file_is_unpacked_and_its_progress_is_told(served: FakePublishers, into: Path):
    told: list[tuple[int, int | None]] = []
    await got(served, into, gzipped(CSV), progress=lambda n, of: told.append((n, of)))
    assert into.read_bytes() == CSV
    assert told[-1][0] == told[-1][1]
    assert 0 < told[-1][0] < len(CSV)
    assert [n for n, _ in told] == sorted(n for n, _ in told)


async def test_a_file_that_moved_within_the_public_web_is_followed(served: FakePublishers, into: Path):
    served["/b"] = onward("/c", 308)
    served["/c"] = page(CSV, etag='"1"')
    assert await got(served, into, onward("/b")) == Downloaded('"1"', "")
    assert await got(served, into, onward("/b"), etag='"1"') == NotModified()


# ---- what passes by itself


@pytest.mark.parametrize("fault", [cut(CSV), cut_chunks(CSV), status(500), status(503), status(429, 0), status(429)])
async def test_what_passes_by_itself_is_tried_again(served: FakePublishers, into: Path, fault: Answer):
    await got(served, into, in_turn(fault, fault, page(CSV)))
    assert into.read_bytes() == CSV
    assert len(served.asked) == 3


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (cut(CSV), "broke off in the middle, at the last of 3 tries too; try again later."),
        (cut_chunks(CSV), "broke off in the middle, at the last of 3 tries too; try again later."),
        (status(500), "answers with 500, at the last of 3 tries too; try again later."),
        (status(429), "answers with 429, at the last of 3 tries too; try again later."),
    ],
)
async def test_what_does_not_pass_is_told(served: FakePublishers, into: Path, fault: Answer, said: str):
    assert await refused(served, into, fault) == said
    assert len(served.asked) == 3


async def test_a_wait_that_the_server_asks_for_is_kept(served: FakePublishers, into: Path):
    began = time.monotonic()
    await got(served, into, in_turn(status(429, 1), page(CSV)), limits=replace(QUICK, longest_wait=3))
    assert time.monotonic() - began > 0.9


async def test_a_wait_that_is_too_long_is_left_to_another_time(served: FakePublishers, into: Path):
    said = await refused(served, into, status(429, 3600))
    assert said == "answers with 429 and asks to wait 3600 seconds; try again later."
    assert len(served.asked) == 1


@pytest.mark.parametrize("answer", [silent(), drip(), status(500), onward("/silent")])
async def test_all_of_it_has_its_time(served: FakePublishers, into: Path, answer: Answer):
    served["/silent"] = silent()
    limits = replace(QUICK, seconds=0.3, tries=50, first_wait=0.1)
    assert await refused(served, into, answer, limits=limits) == "took longer than 0.3 seconds; try again later."


# ---- what can't be used


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (status(404), "answers with 404; see whether it has moved."),
        (status(403), "answers with 403; see whether it has moved."),
        (status(204), "answers with 204; see whether it has moved."),
        (html(), "is a web page where data should be; see whether it has moved."),
        (html("text/csv"), "is a web page where data should be; see whether it has moved."),
        (redirect_loop(), "leads on more than 5 times; see whether it has moved."),
        (into_a_private_network(),
         "can't be read (The address leads into a private network); see whether it has moved."),
        (large(), "is larger than 1 MB; see whether it has moved."),
        (large(told=False), "is larger than 1 MB; see whether it has moved."),
        (gzip_bomb(), "is larger than 1 MB; see whether it has moved."),
        (cut_gzip(CSV), "is packed in a broken way; see whether it has moved."),
        (page(CSV, packing="br"), 'is packed as "br", which I can\'t read; see whether it has moved.'),
    ],
)  # fmt: skip
async def test_what_can_not_be_used_is_told_at_once(served: FakePublishers, into: Path, answer: Answer, said: str):
    assert await refused(served, into, answer) == said
    assert len({asked.path for asked in served.asked}) == 1


async def test_the_real_rule_connects_to_nothing_here(served: FakePublishers, into: Path):
    assert "private network" in await refused(served, into, page(CSV), may_reach=is_public)
    assert not served.asked


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://me:secret@example.org/", "http://127.1/"])
async def test_an_address_that_is_none_is_not_asked(into: Path, address: str):
    with pytest.raises(DataError, match=r"^WeirdML: .+ can't be read .+; see whether it has moved\.$"):
        await download(address, into, publisher="WeirdML")


async def test_nobody_there_is_told_after_all_tries(into: Path):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(DataError, match=r"can't be read \(it can't be reached\), at the last of 3 tries too"):
        await download(f"http://127.0.0.1:{port}/", into, publisher="a", may_reach=on_loopback, limits=QUICK)


async def test_who_vouches_for_itself_is_not_believed(into: Path, tmp_path: Path):
    """Nor asked again: a certificate that is not valid does not pass by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, datetime(2026, 1, 1), datetime(2036, 1, 1))  # noqa: DTZ001 (as X.509 has it)
    pem = made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    (tmp_path / "own.pem").write_bytes(
        pem + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "own.pem")
    n_asked = 0

    def came(*_: Any) -> None:
        nonlocal n_asked
        n_asked += 1

    server = await asyncio.start_server(came, "127.0.0.1", 0, ssl=context)
    address = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with server:
        with pytest.raises(DataError, match=r"can't be read \(its certificate is not valid\); try again later"):
            await download(address, into, publisher="a", may_reach=on_loopback, limits=QUICK)
    assert not n_asked


async def test_a_redirect_out_of_https_is_not_followed(into: Path):
    headers = {"Location": "http://example.org/b"}
    response = SimpleNamespace(status=302, url=URL("https://example.org/a"), headers=headers)
    session: Any = SimpleNamespace(get=lambda *_, **__: nullcontext(response))
    with pytest.raises(_RefusedError, match="leads on to an address without https"):
        await _try(
            session,
            URL("https://example.org/a"),
            into,
            into,
            QUICK,
            lambda _n, _of: None,
            lambda _host, _is_reached: None,
        )


async def test_a_place_that_can_not_be_written_is_told(served: FakePublishers, into: Path, tmp_path: Path):
    served["/a"] = page(CSV)
    with pytest.raises(DataError, match=r"can't be kept in .+none.+; make room there"):
        await download(f"{served.url}/a", tmp_path / "none" / "a", publisher="a", may_reach=on_loopback, limits=QUICK)
