"""Downloading: whole or not at all, only what is new, in one sentence when not; pieces are joined to one file."""

import asyncio
import json
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat
from yarl import URL

from bot.guarded_session import is_public
from bot.refresh.downloading import (
    Downloaded,
    DownloadLimits,
    NotModified,
    _attempt,
    _RefusedError,
    download,
    download_listed,
    download_pages,
)
from core.errors import DataError
from core.refresh.publishers import Listing
from tests.bot.refresh.conftest import NOON, Site, states
from tests.core.evidence.csv_tables import read_rows
from tests.core.evidence.importers.test_served_forms import TAU2, submissions
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
QUICK = DownloadLimits(n_bytes=1_000_000, seconds=10, tries=3, first_wait=0.01, longest_wait=0.2)


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
    with pytest.raises(DataError) as error:
        await got(served, into, answer, **options)
    sentence = str(error.value)
    assert sentence.startswith(f"WeirdML: {served.url}/a ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert {path.name: path.read_bytes() for path in into.parent.iterdir()} == {into.name: b"of the last time"}
    return sentence.removeprefix(f"WeirdML: {served.url}/a ")


# ---- what is downloaded


async def test_a_file_is_in_its_place_with_what_to_ask_with_the_next_time(served: FakePublishers, into: Path):
    day = "Sat, 22 Aug 2026 00:00:00 GMT"
    assert await got(served, into, page(CSV, etag='"1"', modified=day)) == Downloaded('"1"', day)
    assert {path.name: path.read_bytes() for path in into.parent.iterdir()} == {into.name: CSV}
    assert served.asked[0].headers["User-Agent"].startswith("gapbrief/")
    into.unlink()
    await got(served, into, gzipped(CSV))
    assert into.read_bytes() == CSV, "it was unpacked"


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


async def test_a_file_that_moved_within_the_public_web_is_followed(served: FakePublishers, into: Path):
    served["/b"] = onward("/c", 308)
    served["/c"] = page(CSV, etag='"1"')
    assert await got(served, into, onward("/b")) == Downloaded('"1"', "")
    assert await got(served, into, onward("/b"), etag='"1"') == NotModified()


# ---- what passes by itself


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (cut(CSV), "broke off in the middle"),
        (cut_chunks(CSV), "broke off in the middle"),
        (status(500), "answers with 500"),
        (status(503), "answers with 503"),
        (status(429, 0), "answers with 429"),
        (status(429), "answers with 429"),
    ],
)
async def test_what_may_pass_by_itself_is_tried_three_times(
    served: FakePublishers, into: Path, fault: Answer, problem: str
):
    assert await refused(served, into, fault) == f"{problem}, at the last of 3 tries too; try again later."
    assert len(served.asked) == 3
    await got(served, into, in_turn(fault, fault, page(CSV)))
    assert into.read_bytes() == CSV
    assert len(served.asked) == 6


async def test_a_wait_that_the_server_asks_for_is_kept(served: FakePublishers, into: Path):
    began = time.monotonic()
    await got(served, into, in_turn(status(429, 1), page(CSV)), limits=replace(QUICK, longest_wait=3))
    assert time.monotonic() - began > 0.9


async def test_a_wait_that_is_too_long_is_left_to_another_time(served: FakePublishers, into: Path):
    sentence = await refused(served, into, status(429, 3600))
    assert sentence == "answers with 429 and asks to wait 3600 seconds; try again later."
    assert len(served.asked) == 1


@pytest.mark.parametrize("answer", [silent(), drip(), status(500), onward("/silent")])
async def test_all_of_it_has_its_time(served: FakePublishers, into: Path, answer: Answer):
    served["/silent"] = silent()
    limits = replace(QUICK, seconds=0.3, tries=50, first_wait=0.1)
    assert await refused(served, into, answer, limits=limits) == "took longer than 0.3 seconds; try again later."


# ---- what can't be used


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (status(404), "answers with 404; see whether it has moved."),
        (status(403), "answers with 403; see whether it has moved."),
        (status(304), "answers with 304; see whether it has moved."),
        (status(204), "answers with 204; see whether it has moved."),
        (html(), "is a web page where data should be; see whether it has moved."),
        (html("text/csv"), "is a web page where data should be; see whether it has moved."),
        (redirect_loop(), "leads on more than 5 times; see whether it has moved."),
        (into_a_private_network(),
         "can't be read (The address leads into a private network); see whether it has moved."),
        (large(), "is larger than 1 MB; see whether it has moved."),
        (large(has_length=False), "is larger than 1 MB; see whether it has moved."),
        (gzip_bomb(), "is larger than 1 MB; see whether it has moved."),
        (cut_gzip(CSV), "is packed in a broken way; see whether it has moved."),
        (page(CSV, packing="br"), 'is packed as "br", which I can\'t read; see whether it has moved.'),
    ],
)  # fmt: skip
async def test_what_can_not_be_used_is_told_at_once(served: FakePublishers, into: Path, answer: Answer, problem: str):
    assert await refused(served, into, answer) == problem
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
        await _attempt(session, URL("https://example.org/a"), into, into, QUICK.n_bytes, lambda *_: None)


async def test_a_place_that_can_not_be_written_is_told(served: FakePublishers, into: Path, tmp_path: Path):
    served["/a"] = page(CSV)
    with pytest.raises(DataError, match=r"can't be kept in .+none.+; make room there"):
        await download(f"{served.url}/a", tmp_path / "none" / "a", publisher="a", may_reach=on_loopback, limits=QUICK)


RAW = Path(__file__).parents[2] / "core" / "evidence" / "fixtures"
ASIDE = asyncio.to_thread
ONCE = partial(download, may_reach=on_loopback, limits=DownloadLimits(tries=1))
WANTED = ("results/*/scores.json", "results/*/metadata.json")


def tree(*paths: str, truncated: bool = False) -> Answer:
    blobs = [{"path": path, "type": "blob", "sha": "0"} for path in paths]
    body = {"sha": "1", "tree": [{"path": "results", "type": "tree"}, *blobs], "truncated": truncated}
    return page(json.dumps(body).encode(), "application/json", etag='"1"')


def a_file(content: object) -> Answer:
    return page(json.dumps(content).encode(), "text/plain")


@pytest.fixture
def repository() -> Iterator[FakePublishers]:
    """A repository of two results, and of much that is not wanted."""
    with FakePublishers() as publishers:
        publishers["/tree"] = tree("README.md", "results/a & b/scores.json", "results/a & b/metadata.json",
                                   "old/results/c/scores.json", "results/scores.json")  # fmt: skip
        publishers["/main/results/a & b/scores.json"] = a_file([{"score": 1}])
        publishers["/main/results/a & b/metadata.json"] = a_file({"model": "a"})
        yield publishers


def fetch_listed(repository: FakePublishers, into: Path, etag: str | None = None) -> Downloaded | NotModified:
    wanted = Listing(f"{repository.url}/main/", WANTED)
    known = {"etag": etag, "modified": None}
    get = partial(download_listed, ONCE, publisher="openhands", offload=ASIDE, today=NOON.date())
    return asyncio.run(get(f"{repository.url}/tree", wanted, into, **known))


def test_what_is_wanted_of_a_listing_is_one_file(repository: FakePublishers, tmp_path: Path) -> None:
    assert fetch_listed(repository, tmp_path / "it") == Downloaded('"1"', "")
    assert json.loads((tmp_path / "it").read_text("utf-8")) == {
        "results/a & b/metadata.json": {"model": "a"},
        "results/a & b/scores.json": [{"score": 1}],
    }


def test_where_a_listing_is_as_it_was_nothing_more_is_asked_for(repository: FakePublishers, tmp_path: Path) -> None:
    assert fetch_listed(repository, tmp_path / "it", etag='"1"') == NotModified()
    assert [request.path for request in repository.asked] == ["/tree"]


@pytest.mark.parametrize(
    ("path", "answer", "problem"),
    [
        ("/tree", tree("README.md"), "lists 0 files of results"),
        ("/tree", tree(*(f"results/{n}/scores.json" for n in range(1001))), "lists 1001 files of results"),
        ("/tree", tree("results/a & b/scores.json", truncated=True), "is not a whole list of files"),
        ("/tree", a_file([]), "is not a whole list of files"),
        ("/tree", page(b"{", "application/json"), "is not JSON"),
        ("/tree", status(403), "answers with 403"),
        ("/tree", tree("results/../scores.json"), "lists 0 files of results"),
        ("/main/results/a & b/scores.json", status(404), "answers with 404"),
        ("/main/results/a & b/scores.json", page(b"not yet", "text/plain"), "is not JSON"),
    ],
)
def test_what_is_amiss_is_one_sentence(
    repository: FakePublishers, tmp_path: Path, path: str, answer: Answer, problem: str
) -> None:
    repository[path] = answer
    with pytest.raises(DataError, match=rf"^openhands: {repository.url}.*{problem}[^\n]*$"):
        fetch_listed(repository, tmp_path / "it")


@pytest.mark.slow
def test_all_files_of_a_listing_together_are_bounded(repository: FakePublishers, tmp_path: Path) -> None:
    paths = [f"results/{n}/scores.json" for n in range(40)]
    repository["/tree"] = tree(*paths)
    for path in paths:
        repository[f"/main/{path}"] = a_file("x" * 6_000_000)
    with pytest.raises(DataError, match="lists is larger than 20 MB; see whether its format has changed"):
        fetch_listed(repository, tmp_path / "it")
    assert len(repository.asked) < 12


def pages(of: int, *, total: int | None = None, partial: bool = False) -> Answer:
    """A table of so many rows, as Hugging Face serves it: the rows of a page, and how many there are."""

    async def answer(request: web.Request) -> web.Response:
        offset, length = int(request.query["offset"]), int(request.query["length"])
        rows = [{"row_idx": 7 * n, "row": {"number": n}} for n in range(offset, min(offset + length, of))]
        return web.json_response({"rows": rows, "num_rows_total": of if total is None else total, "partial": partial})

    return answer


def paged(repository: FakePublishers, answer: Answer, into: Path) -> list[object]:
    repository["/table"] = answer
    asyncio.run(
        download_pages(ONCE, f"{repository.url}/table?split=latest", 100, into, publisher="arena", offload=ASIDE)
    )
    return json.loads(into.read_text("utf-8"))


@pytest.mark.parametrize(("rows", "asked"), [(1, 1), (100, 1), (101, 2), (250, 3)])
def test_all_pages_of_a_table_are_one_file(repository: FakePublishers, tmp_path: Path, rows: int, asked: int) -> None:
    assert paged(repository, pages(rows), tmp_path / "it") == [{"number": n} for n in range(rows)]
    assert len(repository.asked) == asked


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (pages(150, total=170), "has 150 rows where it says 170; try again later"),
        (pages(50, partial=True), "is not a page of a whole table"),
        (a_file({"error": "The index is loading"}), "is not a page of a whole table"),
        (a_file({"rows": [], "num_rows_total": "0"}), "is not a page of a whole table"),
        (status(404), "answers with 404"),
    ],
)
def test_a_table_that_is_not_whole_is_one_sentence(
    repository: FakePublishers, tmp_path: Path, answer: Answer, problem: str
) -> None:
    with pytest.raises(DataError, match=rf"^arena: {repository.url}/table[^ ]* {problem}"):
        paged(repository, answer, tmp_path / "it")


@pytest.mark.slow
def test_a_refresh_takes_the_submissions_of_tau2(site: Site) -> None:
    rows = read_rows(RAW, TAU2)
    alone = {name: "" for name in ("retail_pass_1", "airline_pass_1", "banking_knowledge_pass_1")}
    for number in range(58):  # more than the fewest that it may have
        rows.append({**rows[1], **alone, "folder": f"a-{number}", "telecom_pass_1": str(30 + number)})
    contents = json.loads(submissions(rows))
    [file] = site.publishers["tau2"].files
    below = "web/leaderboard/public/submissions"
    paths = {name.replace("web/", f"{below}/"): content for name, content in contents.items()}
    site.served[file.address.removeprefix(site.served.url).partition("?")[0]] = tree(*paths)
    for path, content in paths.items():
        site.served[file.listing.address.removeprefix(site.served.url) + path] = a_file(content)
    result = site.refresh("tau2")
    assert (states(result), result.number) == ({"tau2": "new"}, 1)
