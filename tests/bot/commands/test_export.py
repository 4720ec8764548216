"""`gapbrief brief export`, as an operator meets it."""

import os
import re
from datetime import date
from pathlib import Path

import pytest

from bot.commands.brief import EXPORT_FORMS
from bot.web.export import FORMS
from bot.web.site import Site
from tests.bot.conftest import Run

MISSING = (
    " The archive is not complete: 32 past months still without a brief;"
    " `gapbrief run` or `gapbrief brief export --site DIR` writes them."
)


@pytest.mark.slow
def test_briefs_are_written_each_with_its_chart(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "briefs"
    result = run("brief", "export", "--out", str(folder))
    assert (result.exit_code, result.stdout) == (0, f"Wrote 1 brief into {folder}.{MISSING}\n")
    [bundle] = folder.iterdir()
    assert sorted(path.name for path in bundle.iterdir()) == ["chart.png", "index.md"]
    run("brief", "export", "--out", "flat", GAPBRIEF_PUBLIC_URL="https://gap.example.org/under")
    assert sorted(path.suffix for path in Path("flat").iterdir()) == [".md", ".png"]


@pytest.mark.slow
def test_text_may_be_called_as_its_files_end(run: Run) -> None:
    assert run("brief", "export", "--out", "texts", "--format", "txt").exit_code == 0
    assert sorted(path.suffix for path in Path("texts").iterdir()) == [".png", ".txt"]


@pytest.mark.slow
def test_what_it_removed_and_what_it_left_is_said(run: Run) -> None:
    run("brief", "export", "--out", "briefs")
    result = run("brief", "export", "--out", "briefs", GAPBRIEF_PUBLIC_URL="https://gap.example.org")
    assert result.stdout == (
        f"Wrote 1 brief into briefs. Removed what is no longer exported: 2026-09-30-brief/index.md.{MISSING}\n"
    )
    Path("briefs/2026-09-30-brief").mkdir()
    Path("briefs/2026-09-30-brief/index.md").write_text("mine")
    result = run("brief", "export", "--out", "briefs", GAPBRIEF_PUBLIC_URL="https://gap.example.org")
    assert result.stdout == (
        "Wrote 1 brief into briefs. No longer exported, but not as gapbrief wrote it, so still there:"
        f" 2026-09-30-brief/index.md; remove it if you no longer need it.{MISSING}\n"
    )


@pytest.mark.slow
def test_months_that_still_wait_for_their_brief_are_counted_from_the_day_that_is_asked_for(run: Run) -> None:
    assert "2 past months still" in run("brief", "export", "--out", "briefs", "--since", "2026-07-01").stdout
    assert "not complete" not in run("brief", "export", "--out", "briefs", "--since", "2026-09-01").stdout


def test_every_form_of_the_command_is_one_that_can_be_written() -> None:
    assert set(EXPORT_FORMS) == set(FORMS)


@pytest.mark.slow
def test_a_site_says_what_it_holds_and_what_it_lacks(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def draw(*_: object, **__: object) -> bytes:
        return b""

    monkeypatch.setattr(Site, "draw", draw)  # what pictures hold is said nowhere
    monkeypatch.setattr("bot.newsroom.monthly_archive.FIRST", date(2026, 6, 30))  # three months stand for all
    folder = tmp_path / "site"
    result = run("brief", "export", "--site", str(folder))
    assert re.fullmatch(
        rf"Wrote \d+ briefs and \d+ charts into {re.escape(str(folder))}; \d+ files changed\. There are no feeds,"
        r" because they need a public address; set GAPBRIEF_PUBLIC_URL\.\n",
        result.stdout,
    )
    again = run("brief", "export", "--site", str(folder), GAPBRIEF_PUBLIC_URL="https://gap.example.org/")
    assert "There are no feeds" not in again.stdout
    assert (folder / "feed.rss").is_file()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Say where to write: --out with a folder for the briefs, or --site with one for a whole site."),
        (("--out", "a", "--site", "b"), "Say where to write: --out with a folder for the briefs, or --site"),
        (("--out", "a", "--format", "pdf"), 'No format is called "pdf"; choose text, md, html, email, json or csv.'),
        (("--out", "a", "--since", "soon"), '"soon" is no date. Write it as 2026-05-22, or as 22 May 2026.'),
        (("--out", "a", "--since", "2026-11-01"), "There is no brief since 1 November 2026; the newest is from 30"),
        (("--site", "a", "--since", "2026-05-01"), "A site holds the whole archive; give --since with --out,"),
    ],
)
def test_what_can_not_be_exported_is_said_in_a_sentence(
    run: Run, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    result = run("brief", "export", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(sentence)
    assert not (tmp_path / "a").exists()


@pytest.mark.slow
def test_a_folder_that_can_not_be_written_is_said_in_a_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert run("brief", "export", "--out", "file").stderr == '"file" is a file; give a folder.\n'
    result = run("brief", "export", "--out", str(tmp_path / "file" / "below"))
    assert result.exit_code == 2
    assert result.stderr.endswith("can't be written (Not a directory); give another folder.\n")
    assert os.listdir(tmp_path) == ["file"] or not (tmp_path / "file").is_dir()
