"""Epoch's hub: the boards that are known, and what its own table declares by file; a row that declares none is left."""

from pathlib import Path

import pytest

from core.errors import TableError
from core.evidence.importers import epoch_hub
from core.evidence.importers.epoch_hub import DeclaredBoard

HEADER = "benchmark,source_file,score_column,scale,superseded_by\n"


def declared(tmp_path: Path, *rows: str) -> dict[str, DeclaredBoard]:
    path = tmp_path / "benchmark_metadata.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return epoch_hub.read_declared(path)


def test_a_board_is_declared_by_its_file(tmp_path: Path) -> None:
    boards = declared(
        tmp_path,
        "OSWorld 2.0,osworld_2_external.csv,Binary accuracy,1.0,",
        "Aider,aider.csv,Percent correct,0.01,Aider 2",
    )
    assert boards == {
        "osworld_2_external.csv": DeclaredBoard("OSWorld 2.0", "Binary accuracy", 1.0, ""),
        "aider.csv": DeclaredBoard("Aider", "Percent correct", 0.01, "Aider 2"),
    }


def test_its_id_is_of_its_file_since_names_are_worded_anew(tmp_path: Path) -> None:
    boards = declared(tmp_path, "OSWorld 2.0,osworld_2_external.csv,Binary accuracy,1,")
    raw = epoch_hub.raw_board("osworld_2_external.csv", boards["osworld_2_external.csv"])
    assert (raw.benchmark, raw.version, raw.name, raw.alias) == ("epoch-osworld-2", "hub", "OSWorld 2.0", "osworld 2")


@pytest.mark.parametrize(
    "row",
    [
        ",a.csv,Score,1,",  # without a name
        "?!,a.csv,Score,1,",
        f"{'x' * 81},a.csv,Score,1,",
        "A\x1b[2J,a.csv,Score,1,",
        "A,,Score,1,",
        "A,../a.csv,Score,1,",
        "A,a.exe,Score,1,",
        "A,.csv,Score,1,",
        "A,_external.csv,Score,1,",
        "A,a.csv,Score,much,",
        "A,a.csv,Score,-1,",
        "A,a.csv,Score,0,",
    ],
)
def test_a_row_that_declares_no_board_is_passed_over(tmp_path: Path, row: str) -> None:
    assert declared(tmp_path, row, "B,b.csv,Score,,").keys() == {"b.csv"}


def test_a_table_of_another_form_is_refused_and_one_beside_a_board_declares_nothing(tmp_path: Path) -> None:
    path = tmp_path / "benchmark_metadata.csv"
    path.write_text("benchmark,file\nA,a.csv\n", encoding="utf-8")
    with pytest.raises(TableError, match="column source_file: the column is missing"):
        epoch_hub.read_declared(path)
    assert epoch_hub.read_declared_beside(tmp_path / "a.csv", path.name) == {}
    assert epoch_hub.read_declared_beside(tmp_path / "a.csv", "nowhere.csv") == {}


def test_only_a_successor_that_is_none_yet_is_proposed(tmp_path: Path) -> None:
    rows = [
        "FrontierMath,frontiermath.csv,Score,1,FrontierMath v2",
        "FrontierMath v2,frontiermath_tiers_1_3_v2.csv,Score,1,",
        "GPQA diamond,gpqa_diamond.csv,Score,1,GPQA 2", "OSWorld,os_world_external.csv,Score,1,OSWorld 2.0",
    ]  # fmt: skip
    assert epoch_hub.propose_successors(declared(tmp_path, *rows)) == [
        "proposed: GPQA 2 in place of GPQA diamond, which it supersedes by Epoch's word"
    ]


def test_16_of_the_studys_17_benchmarks_and_more_are_read_each_under_one_key():
    keys = [(board.benchmark, board.version) for board in epoch_hub.known_boards().values()]
    assert len(keys) == len(set(keys)) == 21
