"""Ids are permanent: whatever rows a publisher adds, a model keeps its id at every source."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence import curated
from core.evidence.build import compile_tables, read_inputs
from core.evidence.identity import PriorIds
from core.evidence.importers.rows import FileContent, RawModel, RawScore, copy_rows
from core.evidence.model_ids import Snapshot, build_identity, read_prior_ids
from tests.conftest import ROOT
from tests.core.evidence.csv_tables import read_rows

DATA = ROOT / "data"
BY_HAND = curated.read_curated(DATA / "curated")
SNAPSHOTS = sorted(read_inputs(DATA, BY_HAND), key=lambda pair: (pair[0].snapshot, -pair[0].rank))
MODELS = [model for _, imported in SNAPSHOTS for model in imported.models]
SPELLINGS = sorted({model.spelling for model in MODELS})
NAMED = [model for model in MODELS if model.name and model.released]


MEANT = {(row["spelling"], row["source_id"]): row["model_id"] for row in read_rows(DATA, "aliases")}
IDS = {row["model_id"] for row in read_rows(DATA, "models")}
PRIOR = read_prior_ids(DATA, SNAPSHOTS)


def known_spellings() -> Iterator[tuple[str, str, date | None, str]]:
    """Each spelling with its group and day, and the model that it means in the shipped tables."""
    for source, imported in SNAPSHOTS:
        days = {model.spelling: model.released for model in imported.models}
        for spelling in dict.fromkeys([*days, *(score.spelling for score in imported.scores)]):
            model = MEANT.get((spelling, source.source_id), spelling if spelling in IDS else "")
            if model:
                yield spelling, source.spellings, days.get(spelling), model


KNOWN = [*dict.fromkeys(known_spellings())]


def changed(snapshots: list[Snapshot], prior: PriorIds) -> Iterator[tuple[str, str, str, str]]:
    """The spellings that mean another model than in the shipped tables: group, and both ids."""
    identity = build_identity(BY_HAND, snapshots, prior)
    for spelling, group, day, was in KNOWN:
        is_now, _ = identity.resolve(spelling, group, day)
        if is_now != was:
            yield spelling, group, was, is_now


@st.composite
def written_otherwise(draw: st.DrawFn) -> str:
    """A spelling like one that is there: a host's copy, another effort, another case, a release of another day."""
    spelling = draw(st.sampled_from(SPELLINGS))
    forms = ["{}", "openrouter/{}", "{}_high", "{}_turbo", "{} (max)", "{}-pre-release", "{}-2026-11-20"]
    text = draw(st.sampled_from(forms)).format(spelling)
    return draw(st.sampled_from([text, text.lower(), text.upper(), text.replace("-", " "), text.rsplit("/", 1)[-1]]))


@st.composite
def added_rows(draw: st.DrawFn) -> tuple[int, list[RawModel]]:
    """The place of a snapshot, and rows for it that borrow name, day and access of what is there."""
    rows = []
    for _ in range(draw(st.integers(1, 12))):
        like = draw(st.sampled_from(NAMED))
        day = draw(st.sampled_from([like.released, None, date(2026, 10, 9)]))
        claim = draw(st.sampled_from([like.claim, None, "closed"]))
        rows.append(RawModel(9_999, draw(written_otherwise()), like.name, day, "", claim, "API access"))
    return draw(st.integers(0, len(SNAPSHOTS) - 1)), rows


@given(added_rows())
@pytest.mark.slow
def test_rows_that_a_source_adds_change_no_id(added: tuple[int, list[RawModel]]):
    place, rows = added
    source, imported = SNAPSHOTS[place]
    spellings = {model.spelling for model in imported.models} | {score.spelling for score in imported.scores}
    new = [row for row in rows if row.spelling not in spellings]
    more = replace(imported, models=[*new, *imported.models])
    snapshots = [*SNAPSHOTS[:place], (source, more), *SNAPSHOTS[place + 1 :]]
    assert [*changed(snapshots, PRIOR)] == []


@pytest.mark.slow
def test_one_more_row_moves_no_score_of_gpt_5_5_pro(tmp_path: Path):
    place = next(n for n, (source, _) in enumerate(SNAPSHOTS) if source.source_id == "epoch-index-2026-07-01")
    source, imported = SNAPSHOTS[place]
    like = next(model for model in imported.models if model.spelling == "gpt-5.5-pro-pre-release_high")
    more = copy_rows(imported)
    more.models += [replace(like, spelling=f"gpt-5.5-pro-pre-release_{effort}") for effort in ("low", "medium", "max")]
    snapshots = [*SNAPSHOTS[:place], (source, more), *SNAPSHOTS[place + 1 :]]
    copies = [(source, copy_rows(content)) for source, content in snapshots]
    compile_tables(BY_HAND, copies, DATA / "curated", tmp_path, previous=DATA)
    for name in ("scores.csv", "models.csv"):
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()


def compile_after(folder: Path, old: str, new: str) -> None:
    """Compile the shipped data after tables in which a model had another id."""
    before = folder / "before"
    before.mkdir()
    for name in ("models", "aliases"):
        text = (DATA / f"{name}.csv").read_text(encoding="utf-8")
        (before / f"{name}.csv").write_text(text.replace(old, new), encoding="utf-8")
    compile_tables(BY_HAND, read_inputs(DATA, BY_HAND), DATA / "curated", folder, previous=before)


@pytest.mark.slow
def test_an_id_stays_that_nothing_would_give_today(tmp_path: Path):
    compile_after(tmp_path, "gpt-5-2025-08-07,", "gpt-5,")
    ids = {row["model_id"] for row in read_rows(tmp_path, "models")}
    assert ids == IDS - {"gpt-5-2025-08-07"} | {"gpt-5"}
    scores, shipped = (read_rows(folder, "scores") for folder in (tmp_path, DATA))
    assert len(scores) == len(shipped)


@pytest.mark.slow
def test_what_is_kept_by_hand_of_a_model_holds_under_the_id_that_it_has(tmp_path: Path):
    compile_after(tmp_path, "deepseek-reasoner", "DeepSeek V3.2")
    names = {row["model_id"]: row["name"] for row in read_rows(tmp_path, "models")}
    assert "deepseek-reasoner" not in names
    assert names["DeepSeek V3.2"] == BY_HAND.names["deepseek-reasoner"]


@pytest.mark.slow
def test_a_score_in_an_index_by_model_is_of_no_effort_and_a_name_of_several_models_is_dropped(tmp_path: Path):
    source = next(source for source, _ in SNAPSHOTS if source.source_id == "epoch-index-2026-07-01")
    later = replace(
        source, source_id="epoch-index-2026-11-28", snapshot=date(2026, 11, 28), spellings="epoch-later", rank=2
    )
    by_model = FileContent(2)
    for line, (name, day) in enumerate((("GPT-5.5 Pro", date(2026, 4, 23)), ("Claude Instant", None)), start=2):
        by_model.models.append(RawModel(line, name, name, day, "", "closed", "API access"))
        by_model.scores.append(RawScore(line, "eci", "hub-2026", name, 170.0, "epoch-run", column="eci"))
    folder = tmp_path / "new"
    folder.mkdir()
    compile_tables(BY_HAND, [*read_inputs(DATA, BY_HAND), (later, by_model)], DATA / "curated", folder, previous=DATA)
    new = [row for row in read_rows(folder, "scores") if row["source_id"] == later.source_id]
    assert [(row["model_id"], row["variant"]) for row in new] == [("gpt-5.5-pro", "")]
    stand = [
        row for row in read_rows(folder, "scores")
        if (row["benchmark_id"], row["model_id"], row["superseded_from"]) == ("eci", "gpt-5.5-pro", "")
    ]  # fmt: skip
    assert stand == new
    dropped = {(row["source_id"], row["reason"]): row["examples"] for row in read_rows(folder, "dropped")}
    assert dropped[later.source_id, "a name that several models share"] == "Claude Instant"


def test_a_folder_without_tables_has_given_no_ids(tmp_path: Path):
    assert read_prior_ids(tmp_path, SNAPSHOTS) == PriorIds()
    shutil.copyfile(DATA / "models.csv", tmp_path / "models.csv")
    assert read_prior_ids(tmp_path, SNAPSHOTS) == PriorIds()
