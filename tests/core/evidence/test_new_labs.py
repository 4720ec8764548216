"""A lab that nobody filed by hand: it gets an id, and the country that its publisher gives."""

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from core.evidence import curated
from core.evidence.build import compile_tables, read_inputs
from core.evidence.importers import IMPORTERS
from core.evidence.importers.rows import FileContent, RawModel, RawScore
from core.store.table_files import read_tables
from core.store.tables import shipped_folder

DAY = date(2026, 11, 28)


def labs_of(folder: Path, *models: RawModel) -> dict[str, tuple[object, ...]]:
    """Compile the shipped data with models that have a score each; return (lab, country) by model, and new labs."""
    by_hand = curated.read_curated(shipped_folder() / "curated")
    source = replace(by_hand.sources["epoch-index-2026-07-01"], source_id="epoch-index-today", snapshot=DAY, rank=1)
    score = partial(RawScore, benchmark="weirdml", version="2", score=5.0, grade="board-run", column="score")
    scores = [score(line=model.line, spelling=model.spelling) for model in models]
    imported = FileContent(len(models), models=list(models), scores=scores)
    files = [*read_inputs(shipped_folder(), by_hand), (source, imported)]
    compile_tables(by_hand, files, shipped_folder() / "curated", folder)
    tables = read_tables(folder)
    rows = {str(row[0]): (row[4], row[6]) for row in tables["models"] if row[0] in {model.spelling for model in models}}
    old = {lab.lab_id for lab in by_hand.labs}
    return rows | {f"lab {row[0]}": row[1:3] for row in tables["labs"] if row[0] not in old}


@pytest.mark.parametrize(
    ("organization", "country", "lab", "new"),
    [
        ("Acme Labs", "Finland", ("acme-labs", "Finland"), {"lab acme-labs": ("Acme Labs", "Finland")}),
        ("Acme Labs,MIT", "Finland,USA", ("acme-labs", "Finland"), {"lab acme-labs": ("Acme Labs", "Finland")}),
        ("OpenAI", "Finland", ("openai", "United States of America"), {}),  # what was filed by hand stays
        ("Acme Labs", "", (None, ""), {}),  # no country: nobody knows more than its name
        ("智谱", "China", (None, ""), {}),  # no plain letters to call it by
        ("A" * 61, "Finland", (None, ""), {}),
    ],
)
@pytest.mark.slow
def test_a_new_lab_has_the_id_and_the_country_that_its_publisher_gives(
    tmp_path: Path, organization: str, country: str, lab: tuple[str | None, str], new: dict[str, tuple[str, str]]
) -> None:
    model = RawModel(1, "acme-9", "Acme 9", DAY, organization, "open", "Open weights (unrestricted)", country)
    again = replace(model, line=2, spelling="acme-10", name="Acme 10")
    assert labs_of(tmp_path, model, again) == {"acme-9": lab, "acme-10": lab, **new}


@pytest.mark.parametrize(
    ("name", "header", "row"),
    [
        ("eci_scores.csv", "Model,eci,date,Organization,Country (of organization),Model accessibility",
         "Acme 9,150.5,2026-11-20,Acme Labs,Finland,API access"),
        ("model_metadata.csv", "model_version,model_group,date,organization,country,accessibility",
         "acme-9,Acme 9,2026-11-20,Acme Labs,Finland,API access"),
    ],
)  # fmt: skip
def test_the_metadata_of_the_index_give_the_country(tmp_path: Path, name: str, header: str, row: str) -> None:
    (tmp_path / name).write_text(f"{header}\n{row}\n", encoding="utf-8")
    [model] = IMPORTERS["epoch-index"](tmp_path / name).models
    assert (model.organization, model.country) == ("Acme Labs", "Finland")
