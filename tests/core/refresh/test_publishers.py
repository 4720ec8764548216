"""Declarations of publishers: the shipped ones say what the shipped sources say, and a slip is named with its key."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from core.errors import TableError
from core.evidence import curated
from core.evidence.importers import IMPORTERS
from core.refresh import publishers, revisions
from core.refresh.publishers import Publisher
from tests.conftest import ROOT
from tests.core.evidence.conftest import RAW

FOLDER = ROOT / "data" / "publishers"
SHIPPED = publishers.read_publishers(FOLDER)
CURATED = curated.read_curated(ROOT / "data" / "curated")
SERVED_OTHERWISE = {"models-dev": 231, "helm": 632, "mmlu-pro": 262, "openhands": 215, "tau2": 65}
"""Publishers whose live file differs from the table in the folders: the rows seen in it."""
NEW = ("arena", "epoch-index", "makers-cards", "weirdml-v3")
FOLLOWING = {name: publisher for name, publisher in SHIPPED.items() if name not in NEW}
"""Publishers with a shipped snapshot in the served form, which refreshes continue."""


def newest(publisher: Publisher) -> curated.Source:
    """The shipped snapshot that a series follows."""
    if publisher.follows:
        return CURATED.sources[publisher.follows]
    series = [source for source in CURATED.sources.values()
              if source.importer == publisher.declared.importer and source.spellings == publisher.declared.spellings
              and ("dates" in source.source_id) == ("dates" in publisher.name)]  # fmt: skip
    return max(series, key=lambda source: source.snapshot)


@pytest.mark.parametrize("publisher", FOLLOWING.values(), ids=lambda publisher: publisher.name)
def test_a_declaration_says_what_the_newest_shipped_snapshot_says(publisher: Publisher):
    shipped, declared = newest(publisher), publisher.source(date(2026, 11, 28))
    same = ["publisher", "importer", "role", "rank", "author_of", "licence", "citation", "url"]
    same += [] if publisher.name == "epoch-hub" else ["spellings"]  # the served form names no new model
    same += [] if publisher.name in ("mmlu-pro", "tau2") else ["title", "complete"]  # shipped is a part of it alone
    assert {key: getattr(declared, key) for key in same} == {key: getattr(shipped, key) for key in same}
    assert declared.source_id == f"{publisher.name}-2026-11-28"
    assert declared.source_id not in CURATED.sources


@pytest.mark.parametrize("publisher", FOLLOWING.values(), ids=lambda publisher: publisher.name)
def test_files_may_lose_a_tenth_of_their_rows_and_no_more(publisher: Publisher):
    """A row that its publisher withdraws is no damage; a file that lost half its rows is damaged."""
    declared = {file.name: file.min_rows for file in publisher.files if file.min_rows}
    if publisher.declares:  # of a board that was read before nine tenths are the bound
        assert not declared
        return
    shipped = [file for file in CURATED.files if file.source_id == newest(publisher).source_id]
    row_counts = {Path(file.path).name: file.min_rows for file in shipped}
    if len(declared) > 1:
        declared = {name: rows for name, rows in declared.items() if name in row_counts}
        row_counts = {name: row_counts[name] for name in declared}
    rows = SERVED_OTHERWISE.get(publisher.name) or sum(row_counts.values())
    assert 0.87 * rows < sum(declared.values()) <= 0.9 * rows


@pytest.mark.parametrize("publisher", FOLLOWING.values(), ids=lambda publisher: publisher.name)
def test_its_importer_reads_a_file_of_the_declared_name(publisher: Publisher, tmp_path: Path):
    """The rows of the folders, named as they are served; the three that are served in another form have their test."""
    if publisher.name in SERVED_OTHERWISE:
        pytest.skip("read in test_served_forms")
    names = [file.name for file in publisher.files]
    for number, file in enumerate(CURATED.files):
        path = RAW / file.path
        is_read = path.name in names or not publisher.is_zip
        if file.source_id == newest(publisher).source_id and path.exists() and is_read:
            beside = Path(shutil.copytree(path.parent, tmp_path / str(number)))
            served = (beside / path.name).rename(beside / (path.name if path.name in names else names[0]))
            imported = IMPORTERS[publisher.declared.importer](served)
            assert imported.rows > len(imported.dropped), path.name
            assert imported.models


def test_the_zip_is_of_the_hub_and_of_the_index_and_holds_every_board_that_is_read():
    hub, index = SHIPPED["epoch-hub"], SHIPPED["epoch-index"]
    assert (hub.is_zip, index.is_zip) == (True, True)
    assert hub.addresses == index.addresses == ("https://epoch.ai/data/benchmark_data.zip",)
    assert {hub.declares} == {file.name for file in hub.files}


@pytest.mark.parametrize("publisher", SHIPPED.values(), ids=lambda publisher: publisher.name)
def test_what_a_series_follows_is_a_shipped_snapshot_of_its_own_form(publisher: Publisher):
    followed = revisions.predecessor_id(publisher.name)
    assert publisher.follows in ("", followed)
    if followed:
        assert CURATED.sources[followed].importer == publisher.declared.importer


def test_every_other_declared_file_has_an_address_of_its_own():
    addresses = [file.address for publisher in SHIPPED.values() if not publisher.is_zip for file in publisher.files]
    assert len(addresses) == len(set(addresses))


# ---- slips


FILE = "files.table_2026_06_25.csv"
SLIPS = {
    "livebench": (
        ('publisher = "LiveBench"\n', "", "publisher", "is missing"),
        ('"LiveBench"', '" "', "publisher", "is empty"),
        ("rank = 33", 'rank = "33"', "rank", "is not a whole number"),
        ("rank = 33", "rank = true", "rank", "is not a whole number"),
        ("complete = false", "complete = 0", "complete", "is not true or false"),
        ("sets_day = false", "sets_day = 0", "sets_day", "is not true or false"),
        ('role = "scores"', 'role = "oracle"', "role", '"oracle" is not known'),
        ('importer = "livebench"', 'importer = "guess"', "importer", '"guess" is not known'),
        ("rank = 33", "rank = 33\nrang = 3", "rang", "is not a key of a declaration"),
        ("min_rows = 41", "min_rows = 0", f"{FILE}.min_rows", "is less than 1"),
        ("min_rows = 41", "page = 0, min_rows = 41", f"{FILE}.page", "is less than 1"),
        ("min_rows = 41", "rows = 1", f"{FILE}.rows", "is not a key of a declaration"),
        ("min_rows = 41, ", "", "files", "no file has a min_rows"),
        ("https://livebench.ai/t", "http://livebench.ai/t", f"{FILE}.address", "not an address"),
        ("https://livebench.ai/t", "https://me@livebench.ai/t", f"{FILE}.address", "not an address"),
        ("https://livebench.ai/t", "https:///t", f"{FILE}.address", "not an address"),
        ('"table_2026_06_25.csv" =', '"../table.csv" =', "files.../table.csv", "is not the bare name of a file"),
        ('"table_2026_06_25.csv" =', '"C:\\\\a.csv" =', r"files.C:\a.csv", "is not the bare name of a file"),
        ('"table_2026_06_25.csv" =', '".a" =', "files..a", "is not the bare name of a file"),
        ("[files]", 'zip = "https://a.example/b.zip"\n[files]', f"{FILE}.address", "not a key of"),
    ),
    "tau2": (
        ("each = ", "of = ", "files.submissions.json.of", "is not a key of a declaration"),
        ('each = "https', 'each = "http', "files.submissions.json.each", "not an address"),
        ("paths = [", "paths = 3 #", "files.submissions.json.paths", "is not a list"),
        ('paths = ["web', 'paths = ["", "web', "files.submissions.json.paths", "is not a list of paths"),
        ("listing = ", "address = ", "files.submissions.json.each", "is not a key of a declaration"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", [(name, *slip) for name, slips in SLIPS.items() for slip in slips], ids=str)
def test_a_slip_is_named_with_file_and_key(tmp_path: Path, slip: tuple[str, str, str, str, str]):
    name, old, new, key, message = slip
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / f"{name}.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TableError) as error:
        publishers.read_publishers(tmp_path)
    assert str(error.value).startswith(f"{name}.toml, column {key}: ")
    assert message in str(error.value)


def test_of_a_listing_the_paths_are_asked_for_below_an_address():
    [file] = SHIPPED["tau2"].files
    assert (SHIPPED["tau2"].addresses, file.listing.paths) == (
        ("https://api.github.com/repos/sierra-research/tau2-bench/git/trees/main?recursive=1",),
        ("web/leaderboard/public/submissions/*/submission.json",),
    )


@pytest.mark.parametrize("text", ["", "publisher =", "files = 3", "\xff"])
def test_a_file_that_is_no_declaration_is_named(tmp_path: Path, text: str):
    (tmp_path / "livebench.toml").write_text(text, encoding="latin-1")
    with pytest.raises(TableError, match=r"^livebench\.toml"):
        publishers.read_publisher(tmp_path / "livebench.toml")


def test_a_folder_without_declarations_has_no_publisher(tmp_path: Path):
    assert publishers.read_publishers(tmp_path) == {}
