"""What makes an open model seem to catch up when it did not: each trap with the false answer that it would give.

On one test Alpha 1, closed, has 55 % on 1 January 2025, and Bravo 2, the first open model there, on 1 August: 7.0
months later.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from core.evidence import curated as inputs
from core.evidence.build import compile_tables
from core.evidence.curated import Correction, Curated, Source
from core.evidence.evidence import Evidence, load
from core.evidence.importers.rows import FileContent, RawModel, RawScore
from core.gap.crossings import find_crossings
from core.gap.parameters import CLUSTERED_2
from core.store.store import open_store
from core.store.tables import Claim
from tests.conftest import ROOT
from tests.test_adding import add

LEVEL = 50.0
TRUE = ("Bravo 2", 7.0)
"""Who reached the level first of the open models, and how many months after the first closed one."""


@dataclass(frozen=True)
class Row:
    """What a source says of a model, and the model's score there, if any."""

    source: str
    model: str
    released: str = ""
    claim: Claim | None = None
    score: float | None = None
    version: str = "1"
    run_on: str = ""


INDEX = (
    Row("index", "Alpha 1", "2025-01-01", "closed"),
    Row("index", "Bravo 2", "2025-08-01", "open"),
    *(Row("index", f"Weak {number}", f"2024-0{number}-01", "open") for number in range(1, 6)),
)
BOARD = (
    Row("board", "Alpha 1", score=55),
    Row("board", "Bravo 2", score=55),
    *(Row("board", f"Weak {number}", score=10) for number in range(1, 6)),
)
WORLD = (*INDEX, *BOARD)
ROLES = {"hand": "override", "index": "index", "registry": "registry", "other": "registry", "daily": "third-party",
         "board": "scores", "copy": "scores"}  # fmt: skip
World = Callable[..., Evidence]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Make the evidence of what sources say, compiled and read as all data are."""
    hand_kept = tmp_path / "curated"
    empty = replace(inputs.read_curated(ROOT / "data" / "curated"), makers={}, names={})
    shutil.copytree(ROOT / "data" / "curated", hand_kept)
    for table in ("benchmarks", "thresholds"):
        path = hand_kept / f"{table}.csv"
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    for version in ("1", "2", "long-2026"):
        add(
            hand_kept / "benchmarks.csv", benchmark_id="exam", version=version, name=f"Exam {version}",
            access="private", headline="true", unit="percent", grid="50:100:50", family="exam",
        )  # fmt: skip
    count = 0

    def of(*rows: Row, **by_hand: object) -> Evidence:
        nonlocal count
        count += 1
        folder = tmp_path / str(count)
        folder.mkdir()
        curated: Curated = replace(empty, **{"aliases": {}, "corrections": {}, "apart": frozenset(), **by_hand})  # type: ignore[arg-type]
        compile_tables(curated, _imported(rows), hand_kept, folder)
        with open_store(folder / "evidence.db", folder) as store:
            records = load(store)
            return records.known_by(records.last_known)

    return of


def _imported(rows: tuple[Row, ...]) -> list[tuple[Source, FileContent]]:
    contents = []
    for rank, (name, role) in enumerate(ROLES.items(), 1):
        imported = FileContent()
        for line, row in enumerate((line for line in rows if line.source == name), 2):
            imported.rows += 1
            released = date.fromisoformat(row.released) if row.released else None
            imported.models.append(RawModel(line, row.model, row.model, released, "", row.claim, row.claim or ""))
            if row.score is not None:
                run_on = date.fromisoformat(row.run_on) if row.run_on else None
                score = RawScore(line, "exam", row.version, row.model, row.score, "board-run", run_on=run_on, column="")
                imported.scores.append(score)
        source = Source(
            f"{name}-2026", name, name, "none", date(2026, 1, 1), True, role, rank, "toy", "", "MIT", name, ""
        )
        contents.append((source, imported))
    return contents


def caught_up(evidence: Evidence, level: float = LEVEL) -> tuple[str, float] | None:
    """Return the first open model at the level on the test's first version, and how many months later it was."""
    board = next(n for n, board in enumerate(evidence.boards) if board.version == "1")
    points = find_crossings(evidence, np.array([board]), date(2026, 6, 1).toordinal(), CLUSTERED_2).points
    at = np.flatnonzero(points.threshold >= level).tolist()
    return (evidence.models[points.open[at[0]]].name, round(float(points.months[at[0]]), 1)) if at else None


def without(rows: tuple[Row, ...], model: str, source: str) -> tuple[Row, ...]:
    return tuple(row for row in rows if (row.model, row.source) != (model, source))


def test_the_world_without_a_trap(world: World) -> None:
    assert caught_up(world(*WORLD)) == TRUE


# ---- open or closed by a name


def test_models_of_open_labs_that_only_an_api_serves_catch_nobody_up(world: World) -> None:
    names = ("Qwen X Max", "Mistral X Large", "Muse X", "DeepSeek X", "Llama X")
    rows = (*WORLD, *(Row("board", name, score=55) for name in names))
    assert caught_up(world(*rows, *(Row("index", name, "2025-02-01", "closed") for name in names))) == TRUE
    assert caught_up(world(*rows, *(Row("index", name, "2025-02-01", "open") for name in names))) == (names[0], 1.0)


@pytest.mark.parametrize("name", ["gpt-oss-x", "Phi X"])
def test_a_model_of_a_closed_lab_with_open_weights_does(world: World, name: str) -> None:
    rows = (*WORLD, Row("board", name, score=55), Row("index", name, "2025-03-01", "open"))
    assert caught_up(world(*rows)) == (name, 1.9)


@pytest.mark.parametrize(
    ("words", "is_counted"),
    [
        ({}, False),  # nobody says
        ({"registry": "open", "other": "closed"}, False),  # registries disagree
        ({"hand": "closed", "index": "open"}, False),
        ({"hand": "open", "index": "closed"}, True),
        ({"index": "unreleased", "daily": "open"}, False),
    ],
)
def test_what_is_not_known_to_be_open_catches_nobody_up(
    world: World, words: dict[str, Claim], is_counted: bool
) -> None:
    rows = [Row(source, "Qwen X", "2025-02-01", claim) for source, claim in words.items()]
    evidence = world(*WORLD, Row("board", "Qwen X", "2025-02-01", score=55), *rows)
    assert caught_up(evidence) == (("Qwen X", 1.0) if is_counted else TRUE)
    assert ("Qwen X" in {model.name for model in evidence.models}) != ("Qwen X" in left_out(evidence))


def left_out(evidence: Evidence) -> set[str]:
    return {exclusion.model_id for exclusion in evidence.excluded}


# ---- versions mixed


@pytest.mark.parametrize("version", ["2", "long-2026"])
def test_a_score_on_another_version_catches_nobody_up_on_this_one(world: World, version: str) -> None:
    """A new edition of the tasks; a board that is corrected for chance, of each model's best run."""
    early = Row("index", "Early 1", "2025-02-01", "open")
    assert caught_up(world(*WORLD, early, Row("board", "Early 1", score=90, version=version))) == TRUE
    assert caught_up(world(*WORLD, early, Row("board", "Early 1", score=90))) == ("Early 1", 1.0)


# ---- wrong dates


def test_a_day_of_a_lesser_source_catches_nobody_up_earlier(world: World) -> None:
    """As a vendor's file dates a model by an older one of its name."""
    wrong = Row("registry", "Bravo 2", "2025-01-10", "open")
    assert caught_up(world(*WORLD, wrong)) == TRUE
    assert caught_up(world(*without(WORLD, "Bravo 2", "index"), wrong)) == ("Bravo 2", 0.3)


def test_a_day_that_somebody_looked_up_goes_before_every_sources(world: World) -> None:
    """As of weights that came after the service: the model could not be downloaded when its API opened."""
    service = (*without(WORLD, "Bravo 2", "index"), Row("index", "Bravo 2", "2025-07-16", "open"))
    weights = {"Bravo 2": Correction(date(2025, 8, 1), "its weights came later", "https://example.org/weights")}
    assert caught_up(world(*service)) == ("Bravo 2", 6.4)
    assert caught_up(world(*service, corrections=weights)) == TRUE


def test_a_day_that_can_t_be_and_is_not_known_better_leaves_the_model_out(world: World) -> None:
    """As of a model that is dated before the one that it was made of."""
    early = (*WORLD, Row("index", "Early 1", "2025-01-20", "open"), Row("board", "Early 1", score=55))
    withheld = {"Early 1": Correction(None, "it is dated before its base model", "https://example.org/base")}
    assert caught_up(world(*early)) == ("Early 1", 0.6)
    evidence = world(*early, corrections=withheld)
    assert caught_up(evidence) == TRUE
    assert "Early 1" in left_out(evidence)


def test_the_day_on_which_a_board_lists_a_model_is_no_release_where_the_index_knows_one(world: World) -> None:
    listed = tuple(replace(row, released="2025-12-01") if row.model == "Alpha 1" else row for row in BOARD)
    assert caught_up(world(*INDEX, *listed)) == TRUE
    unknown = (*without(INDEX, "Alpha 1", "index"), Row("daily", "Alpha 1", claim="closed"))
    assert caught_up(world(*unknown, *listed)) == ("Bravo 2", -4.0)


# ---- runs of one model taken for two


def test_a_closed_models_later_run_is_no_later_model(world: World) -> None:
    """Else what its first run had not reached would seem to be reached months later, and the open model to be near."""
    rows = (
        *INDEX, Row("board", "Alpha 1 (low)", score=40), *BOARD[1:],
        Row("copy", "Alpha-1 (high)", "2025-06-01", score=55),
    )  # fmt: skip
    assert caught_up(world(*rows)) == TRUE
    final = (Row("copy", "Alpha Final", "2025-06-01", score=55), Row("daily", "Alpha Final", claim="closed"))
    as_two = (*rows[:-1], *final)
    assert caught_up(world(*as_two)) == ("Bravo 2", 2.0)
    assert caught_up(world(*as_two, aliases={("toy", "Alpha Final"): "Alpha 1"})) == TRUE


def test_an_open_models_other_spelling_is_no_earlier_model(world: World) -> None:
    again = (Row("copy", "Bravo 2 Instruct", "2025-02-01", score=55), Row("daily", "Bravo 2 Instruct", claim="open"))
    assert caught_up(world(*WORLD, *again)) == ("Bravo 2 Instruct", 1.0)
    assert caught_up(world(*WORLD, *again, aliases={("toy", "Bravo 2 Instruct"): "Bravo 2"})) == TRUE


def test_a_run_that_is_filed_twice_counts_once(world: World) -> None:
    efforts = ("unknown", "high")
    twice = (Row("board", f"Bravo 2 ({effort})", score=55, run_on="2025-08-05") for effort in efforts)
    evidence = world(*without(WORLD, "Bravo 2", "board"), *twice)
    assert caught_up(evidence) == TRUE
    bravo = next(n for n, model in enumerate(evidence.models) if model.name == "Bravo 2")
    assert (evidence.model == bravo).sum() == 1
