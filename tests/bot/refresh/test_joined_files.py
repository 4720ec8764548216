"""What a publisher serves in pieces is joined to one file, or left as it was: a file for each result, pages."""

import asyncio
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web

from bot.refresh.downloading import Downloaded, Limits, NotModified, download
from bot.refresh.joined_files import download_listed, download_pages
from core.errors import DataError
from core.refresh.publishers import Listing
from tests.bot.refresh.conftest import NOON, Site
from tests.core.evidence.importers.test_served_forms import TAU2, submissions, table
from tests.fakes.publishers import Answer, FakePublishers, page, status

RAW = Path(__file__).parents[2] / "core" / "evidence" / "fixtures"
ASIDE = asyncio.to_thread
WANTED = ("results/*/scores.json", "results/*/metadata.json")


def tree(*paths: str, truncated: bool = False) -> Answer:
    blobs = [{"path": path, "type": "blob", "sha": "0"} for path in paths]
    body = {"sha": "1", "tree": [{"path": "results", "type": "tree"}, *blobs], "truncated": truncated}
    return page(json.dumps(body).encode(), "application/json", etag='"1"')


def a_file(told: object) -> Answer:
    return page(json.dumps(told).encode(), "text/plain")


@pytest.fixture
def served() -> Iterator[FakePublishers]:
    """A repository of two results, and of much that is not wanted."""
    with FakePublishers() as found:
        found["/tree"] = tree("README.md", "results/a & b/scores.json", "results/a & b/metadata.json",
                              "old/results/c/scores.json", "results/scores.json")  # fmt: skip
        found["/main/results/a & b/scores.json"] = a_file([{"score": 1}])
        found["/main/results/a & b/metadata.json"] = a_file({"model": "a"})
        yield found


def got(served: FakePublishers, into: Path, etag: str | None = None) -> Downloaded | NotModified:
    fetch = partial(download, may_reach=lambda _address: True, limits=Limits(tries=1))
    wanted = Listing(f"{served.url}/main/", WANTED)
    known = {"etag": etag, "modified": None}
    get = partial(download_listed, fetch, publisher="openhands", aside=ASIDE, today=NOON.date())
    return asyncio.run(get(f"{served.url}/tree", wanted, into, **known))


def test_what_is_wanted_of_a_listing_is_one_file(served: FakePublishers, tmp_path: Path) -> None:
    assert got(served, tmp_path / "it") == Downloaded('"1"', "")
    assert json.loads((tmp_path / "it").read_text("utf-8")) == {
        "results/a & b/metadata.json": {"model": "a"},
        "results/a & b/scores.json": [{"score": 1}],
    }


def test_where_a_listing_is_as_it_was_nothing_more_is_asked_for(served: FakePublishers, tmp_path: Path) -> None:
    assert got(served, tmp_path / "it", etag='"1"') == NotModified()
    assert [each.path for each in served.asked] == ["/tree"]


@pytest.mark.parametrize(
    ("path", "answer", "said"),
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
    served: FakePublishers, tmp_path: Path, path: str, answer: Answer, said: str
) -> None:
    served[path] = answer
    with pytest.raises(DataError) as told:
        got(served, tmp_path / "it")
    assert str(told.value).startswith(f"openhands: {served.url}")
    assert said in str(told.value)
    assert str(told.value).count("\n") == 0


def test_all_files_of_a_listing_together_are_bounded(served: FakePublishers, tmp_path: Path) -> None:
    paths = [f"results/{n}/scores.json" for n in range(40)]
    served["/tree"] = tree(*paths)
    for path in paths:
        served[f"/main/{path}"] = a_file("x" * 6_000_000)
    with pytest.raises(DataError, match="lists is larger than 20 MB; see whether its format has changed"):
        got(served, tmp_path / "it")
    assert len(served.asked) < 12


def pages(of: int, *, told: int | None = None, partial: bool = False) -> Answer:
    """A table of so many rows, as Hugging Face serves it: the rows of a page, and how many there are."""

    async def answer(request: web.Request) -> web.Response:
        offset, length = int(request.query["offset"]), int(request.query["length"])
        rows = [{"row_idx": 7 * n, "row": {"number": n}} for n in range(offset, min(offset + length, of))]
        return web.json_response({"rows": rows, "num_rows_total": of if told is None else told, "partial": partial})

    return answer


def paged(served: FakePublishers, answer: Answer, into: Path) -> list[object]:
    served["/table"] = answer
    fetch = partial(download, may_reach=lambda _address: True, limits=Limits(tries=1))
    asyncio.run(download_pages(fetch, f"{served.url}/table?split=latest", 100, into, publisher="arena", aside=ASIDE))
    return json.loads(into.read_text("utf-8"))


@pytest.mark.parametrize(("rows", "asked"), [(1, 1), (100, 1), (101, 2), (250, 3)])
def test_all_pages_of_a_table_are_one_file(served: FakePublishers, tmp_path: Path, rows: int, asked: int) -> None:
    assert paged(served, pages(rows), tmp_path / "it") == [{"number": n} for n in range(rows)]
    assert len(served.asked) == asked


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (pages(150, told=170), "has 150 rows where it says 170; try again later"),
        (pages(50, partial=True), "is not a page of a whole table"),
        (a_file({"error": "The index is loading"}), "is not a page of a whole table"),
        (a_file({"rows": [], "num_rows_total": "0"}), "is not a page of a whole table"),
        (status(404), "answers with 404"),
    ],
)
def test_a_table_that_is_not_whole_is_one_sentence(
    served: FakePublishers, tmp_path: Path, answer: Answer, said: str
) -> None:
    with pytest.raises(DataError, match=rf"^arena: {served.url}/table[^ ]* {said}"):
        paged(served, answer, tmp_path / "it")


def test_a_refresh_takes_the_submissions_of_tau2(site: Site) -> None:
    rows = table(RAW / TAU2)
    alone = {name: "" for name in ("retail_pass_1", "airline_pass_1", "banking_knowledge_pass_1")}
    for number in range(58):  # more than the fewest that it may have
        rows.append({**rows[1], **alone, "folder": f"a-{number}", "telecom_pass_1": str(30 + number)})
    told = json.loads(submissions(rows))
    [file] = site.publishers["tau2"].files
    assert file.listing is not None
    below = "web/leaderboard/public/submissions"
    paths = {name.replace("web/", f"{below}/"): each for name, each in told.items()}
    site.served[file.address.removeprefix(site.served.url).partition("?")[0]] = tree(*paths)
    for path, each in paths.items():
        site.served[file.listing.address.removeprefix(site.served.url) + path] = a_file(each)
    done = site.refresh("tau2")
    assert [(each.series, each.state, each.why) for each in done.outcomes] == [("tau2", "new", "")]
    assert done.number == 1
