"""`gapbrief validate`: the page is written, the same whoever draws the worlds; a cluster that isn't there is said."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.validate import judge_worlds
from core.validation.estimates import FIGURES
from core.validation.report import write_page
from tests.bot.conftest import Run, free_port

FEW = ("equal testing", "measured rates", "drift +3 a year", "rivals")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few kinds, and blocks so short that three worlds of a kind are drawn in two."""
    monkeypatch.setattr("core.validation.judge.WORLDS", FEW)
    monkeypatch.setattr("bot.commands.validate._BLOCK", 2)


@pytest.mark.usefixtures("few")
class TestPage:
    @pytest.mark.slow
    def test_it_has_a_table_for_every_figure_with_a_row_for_every_world(self, run: Run, tmp_path: Path) -> None:
        result = run("validate", "--worlds", "3", "--jobs", "1", "--out", "found.md")
        assert (result.exit_code, result.output) == (0, "Wrote found.md.\n")
        text = (tmp_path / "found.md").read_text(encoding="utf-8")
        for figure in FIGURES:
            rows = re.search(rf"^## {figure[0].upper()}{figure[1:]}\n\n((?:\|.*\n)+)", text, re.MULTILINE)
            assert rows is not None, figure
            worlds = [line.split("|")[1].strip() for line in rows[1].splitlines()[2:]]
            assert worlds == list(FEW[:-1]), figure
        assert "nan" not in text
        assert re.search(r"^\| drift \+3 a year \|.* \d+ % \(true\) \| \d+ % \(false\) \|$", text, re.MULTILINE)
        assert re.search(r"^\| rivals \| .* \| \d+ \|$", text, re.MULTILINE)
        assert re.search(r"^\| measured rates \| \d+ \|", text, re.MULTILINE)

    @pytest.mark.slow
    def test_processes_change_no_number(self) -> None:
        alone, together = (write_page(judge_worlds(3, jobs), 3) for jobs in (1, 2))
        assert together == alone

    def test_a_folder_that_is_not_there_is_one_sentence(self, run: Run) -> None:
        result = run("validate", "--worlds", "2", "--jobs", "1", "--out", "nowhere/found.md")
        assert (result.exit_code, result.output) == (2, '"nowhere" is not a folder; name a file in one with --out.\n')


def test_the_method_has_the_page_s_table_and_says_which_form_has_the_least_error() -> None:
    docs = Path(__file__).parents[3] / "docs"
    page_text, method = ((docs / name).read_text(encoding="utf-8") for name in ("validation.md", "method.md"))
    table = re.search(r"^## Over all worlds\n\n((?:\|.*\n)+)", page_text, re.MULTILINE)
    assert table is not None
    assert table[1] in method
    least = table[1].splitlines()[2].split("|")[1].strip()
    assert least == "the gap, frontiers of both sides"
    assert "Z has the least error of all" in method


@pytest.fixture
def scheduler() -> Iterator[str]:
    """The address of a Dask cluster on this machine, of two processes."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:
        yield cluster.scheduler_address


@pytest.mark.slow
@pytest.mark.usefixtures("few")
def test_a_cluster_changes_no_number(run: Run, tmp_path: Path, scheduler: str) -> None:
    assert run("validate", "--quick", "--worlds", "3", "--jobs", "1", "--out", "here.md").exit_code == 0
    result = run("validate", "--quick", "--worlds", "3", "--dask", scheduler, "--out", "there.md")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "there.md").read_text() == (tmp_path / "here.md").read_text()


@pytest.mark.slow
def test_a_cluster_that_is_not_there_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.commands.validate._SECONDS", 0.5)
    address = f"tcp://127.0.0.1:{free_port()}"
    result = run("validate", "--dask", address, "--out", "found.md")
    assert (result.exit_code, result.output) == (
        2,
        f'No Dask scheduler answers at "{address}": start one with `dask scheduler`, or leave --dask out.\n',
    )


def test_without_joblib_it_says_how_to_add_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "joblib", None)
    result = run("validate", "--quick", "--out", "found.md")
    assert (result.exit_code, result.output) == (
        2, "Judging the figures needs joblib; `uv sync --extra cluster`, or pip install 'gapbrief[cluster]', adds it.\n"
    )  # fmt: skip


def test_without_dask_it_says_how_to_add_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = run("validate", "--dask", "tcp://127.0.0.1:8786", "--out", "found.md")
    assert result.exit_code == 2
    assert result.output.startswith("A cluster needs Dask; `uv sync --extra cluster`")
