"""Revisions of refreshed data: one complete revision is always in use; old ones make room."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from core.errors import DataError, TableError
from core.evidence.importers.rows import FileContent, RawModel
from core.refresh import publishers, revisions
from core.refresh.revisions import RefusedSeries, Revision
from core.store.tables import shipped_folder, table_folder

FILES = [("weirdml_data.csv", FileContent(1, models=[RawModel(2, "glm-9", released=date(2026, 11, 1))]))]
DAY = date(2026, 11, 28)


def make_snapshot(day: date = DAY) -> revisions.KeptSnapshot:
    declared = publishers.read_publisher(shipped_folder() / "publishers" / "weirdml.toml")
    return revisions.make_snapshot(declared.source(day), f"{day.day:064x}")


def switch(data: Path, revision: Revision) -> None:
    """Put a revision in use; its tables don't matter."""
    draft = data / "revisions" / ".draft"
    draft.mkdir(parents=True)
    (draft / "sources.csv").write_text("", encoding="utf-8")
    for snapshot in revision.snapshots:
        revisions.write_snapshot(data, snapshot.file, FILES)
    revisions.switch_to(data, draft, revision)


def test_before_the_first_refresh_there_is_none(tmp_path: Path):
    assert revisions.read_current(tmp_path) is None
    assert revisions.read_log(tmp_path) == []
    assert revisions.next_number(tmp_path) == 1
    assert revisions.find_tables(tmp_path, 0) == shipped_folder()


def test_a_revision_in_use_reads_back_as_it_was_switched_to_and_as_its_manifest_was_rewritten(tmp_path: Path):
    revision = Revision(
        1, 0, "2026-11-28T12:00:00+00:00", "refresh", "abc", (make_snapshot(),), {"https://a.example": {"etag": "1"}},
        {"aider": RefusedSeries("has 3 rows", "2026-11-28", "f00")}, {"changes": {"new score": 2}},
    )  # fmt: skip
    switch(tmp_path, revision)
    assert revisions.read_current(tmp_path) == revision
    assert table_folder(tmp_path) == tmp_path / "revisions" / "1"
    assert revisions.read_snapshot(tmp_path, revision.snapshots[0]) == FILES
    assert revision.newest("weirdml") == make_snapshot()
    assert revision.newest("aider") is None
    noted = replace(revision, refused={"aider": RefusedSeries("has 4 rows", "2026-11-29", "f01")})
    revisions.rewrite_manifest(tmp_path, noted)
    assert revisions.read_current(tmp_path) == noted


def test_old_revisions_keep_their_account_and_lose_their_tables_and_snapshots(tmp_path: Path):
    for number in range(1, revisions.MOST_KEPT + 3):
        snapshots = (make_snapshot(date(2026, 1, 1 + number % 28)),)
        switch(tmp_path, Revision(number, number - 1, "", "refresh", snapshots=snapshots))
    assert [revision.number for revision in revisions.read_log(tmp_path)] == list(range(1, revisions.MOST_KEPT + 3))
    with pytest.raises(DataError, match=r"^There is no revision 2 to read; `gapbrief data log` lists"):
        revisions.find_tables(tmp_path, 2)
    assert revisions.find_tables(tmp_path, 3)
    files = {snapshot.file for revision in revisions.read_log(tmp_path) for snapshot in revision.snapshots}
    assert {f"{path.parent.name}/{path.name}" for path in (tmp_path / "snapshots").glob("*/*")} == files


def test_undo_refuses_what_came_since_and_goes_back_to_no_revision_without_tables(tmp_path: Path):
    last = Revision(1, 0, "", "refresh", snapshots=(make_snapshot(),))
    undone = revisions.undo_revision(tmp_path, last, DAY)
    assert (undone.snapshots, undone.why) == ((), "undo of 1")
    assert undone.refused == {"weirdml": RefusedSeries("undone on 2026-11-28", "2026-11-28", make_snapshot().digest)}
    switch(tmp_path, Revision(1, 0, "", "refresh"))
    (tmp_path / "revisions" / "1" / "sources.csv").unlink()
    with pytest.raises(DataError, match="Revision 1, before revision 2, is too old to go back to"):
        revisions.undo_revision(tmp_path, replace(last, number=2, parent=1), DAY)


@pytest.mark.parametrize("text", ["", "[]", '{"number": 1}', '{"snapshots": [1], "refused": {}}'])
def test_an_account_that_is_none_is_a_sentence(tmp_path: Path, text: str):
    switch(tmp_path, Revision(1, 0, "", "refresh"))
    (tmp_path / "revisions" / "1" / "revision.json").write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=r"^revision\.json: is not a record of a revision\."):
        revisions.read_current(tmp_path)


def test_one_changes_data_at_a_time(tmp_path: Path):
    with revisions.lock_data(tmp_path), pytest.raises(DataError, match="is being changed by another process"):
        revisions.lock_data(tmp_path).__enter__()
