"""Registries and boards in the form that their publishers serve, beside the tables in the folders."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from core.errors import TableError
from core.evidence.importers import epoch_hub, leaderboards, openhands, registries, tau2
from core.evidence.importers.rows import FileContent
from tests.core.evidence.csv_tables import read_rows

RESULTS = """\
Models,Data Source,Model Size(B),Overall,Biology,Other
Gemini-3.1-Pro,TIGER-Lab,unk,0.9116,0.95,0.9
Phi-4,TIGER-LAb,14,0.704,0.8,0.7
GPT-o1,Self-Reported,unk,0.893,0.9
LLaDA,Sefl-Reported,8,,0.4,0.3
"""


TAU2, OPENHANDS = "tau2/submissions_flat", "openhands_index/scores"


def submissions(rows: list[dict[str, str]]) -> str:
    """Write rows of tau2's table as their original submissions, beside the repository's example."""
    files = {}
    for row in rows:
        fields = {name: row[f"{name}_pass_1"] for name in ("retail", "airline", "telecom", "banking_knowledge")}
        files[f"web/{row['folder']}/submission.json"] = {
            "model_name": row["model"], "model_organization": row["model_org"],
            "submitting_organization": row["submitter"], "submission_date": row["submitted"],
            "modality": row["modality"], **({"submission_type": row["type"]} if row["type"] else {}),
            "results": {name: {"pass_1": float(score)} if score else None for name, score in fields.items()},
            "model_release": {"release_date": row["model_release"]},
        }  # fmt: skip
    return json.dumps({"web/A_EXAMPLE_a_model_2026/submission.json": {"model_name": "x"}, **files}, indent=0)


def runs(rows: list[dict[str, str]]) -> str:
    """Write rows of OpenHands' table as the two original files of each run."""
    files: dict[str, object] = {}
    for row in rows:
        own = {key: row[key] for key in ("model", "openness", "release_date")}
        results = files.setdefault(f"{row['dir']}/scores.json", [])
        files[f"{row['dir']}/metadata.json"] = {"agent_name": row["agent"], **own, "submission_time": "2020-01-01"}
        score = float(row["score"]) if row["score"] else None
        results.append({"benchmark": row["benchmark"], "score": score, "submission_time": row["submission_time"]})
    return json.dumps(files, indent=0)


def without_lines(imported: FileContent) -> list[list[object]]:
    return [[replace(record, line=0) for record in kind] for kind in (imported.models, imported.sizes, imported.scores)]


def test_models_dev_says_the_same_in_both_forms(raw: Path, tmp_path: Path):
    reference = raw / "models_dev/models_metadata.csv"
    served = tmp_path / "models.json"
    models = {row["id"]: {**row, "id": "x", "open_weights": row["open_weights"] == "True", "modalities": {}}
              for row in read_rows(raw, "models_dev/models_metadata")}  # fmt: skip
    served.write_text(json.dumps(models), encoding="utf-8")
    assert without_lines(registries.read_models_dev(served)) == without_lines(registries.read_models_dev(reference))
    assert registries.read_models_dev(served).rows == len(models) > 1


def test_helm_says_the_same_in_both_forms(raw: Path, tmp_path: Path):
    reference = raw / "helm/model_metadata.csv"
    served = tmp_path / "model_metadata.yaml"
    models = []
    for row in read_rows(raw, "helm/model_metadata"):
        size = {"num_parameters": int(row["num_parameters"])} if row["num_parameters"] else {}
        day = {"release_date": yaml.safe_load(row["release_date"])} if row["release_date"] else {}
        named = {key: row[key] for key in ("name", "display_name", "access")}
        models.append({**named, **size, **day, "creator_organization_name": row["creator"], "tags": ["A"]})
    served.write_text("# all models\nmodels:\n" + yaml.safe_dump(models, indent=2), encoding="utf-8")
    assert without_lines(registries.read_helm(served)) == without_lines(registries.read_helm(reference))
    assert registries.read_helm(served).models[0].line == 3


def test_mmlu_pros_own_file_grades_by_who_ran_it_and_may_lack_last_subjects(tmp_path: Path):
    served = tmp_path / "results.csv"
    served.write_text(RESULTS, encoding="utf-8")
    imported = leaderboards.read_mmlu_pro(served)
    assert [(score.spelling, score.score, score.grade) for score in imported.scores] == [
        ("Gemini-3.1-Pro", 91.16, "board-run"), ("Phi-4", 70.4, "board-run"), ("GPT-o1", 89.3, "self-reported"),
    ]  # fmt: skip
    assert [(drop.what, drop.reason) for drop in imported.dropped] == [("LLaDA", "no score")]


@pytest.mark.parametrize("name", ["frontiermath_tiers_1_3_v2.csv", "frontiermath_tier_4_v2.csv"])
def test_the_hubs_second_frontiermath_is_a_version_of_its_own(raw: Path, tmp_path: Path, name: str):
    first = (raw / "epoch_hub_2026-04-19" / "gpqa_diamond.csv").read_text(encoding="utf-8")
    (tmp_path / name).write_text(first, encoding="utf-8")
    assert {score.version for score in epoch_hub.read(tmp_path / name).scores} == {"2"}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("models.json", "[]", "is not models.dev's list of models"),
        ("models.json", '{"a/b": 1}', "line 1: is not an entry with keys and values"),
        ("models.json", '{"a/b": {"name": "B", "release_date": "2026-01"}}', "line 1, column open_weights: the key"),
        ("models.json", '{"a/b": {"name": "B", "release_date": "soon", "open_weights": true}}', '"soon" is not a date'),
        ("model_metadata.yaml", "models: 3", "is not HELM's list of models"),
        ("model_metadata.yaml", "- models", "is not HELM's list of models"),
        ("model_metadata.yaml", "models:\n- name: a/b\n  access: open\n", "line 2, column display_name: the key"),
        ("model_metadata.yaml", "models: [", "is not YAML"),
        ("model_metadata.yaml", "models: []\nmodels: [{name: [a]}]", "line 2, column name: the key is missing"),
        ("model_metadata.yaml", "models:\n- 3", "line 2: is not an entry with keys and values"),
        ("models.json", '{"a/b": {"name": ["B"]}}', "line 1, column name: the key is missing"),
        ("results.csv", "Models,Overall\na,0.5\n", "column Data Source: the column is missing"),
    ],
)
def test_another_form_is_refused_with_its_place(tmp_path: Path, name: str, text: str, message: str):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    reads = {
        "models.json": registries.read_models_dev,
        "model_metadata.yaml": registries.read_helm,
        "results.csv": leaderboards.read_mmlu_pro,
    }
    with pytest.raises(TableError, match=message):
        reads[name](path)


def sorted_scores(imported: FileContent) -> list[tuple[object, ...]]:
    return sorted((s.benchmark, s.spelling, s.setting, s.score, s.grade, str(s.run_on)) for s in imported.scores)


def test_tau2s_submissions_say_what_the_table_of_them_says(raw: Path, tmp_path: Path):
    served = tmp_path / "submissions.json"
    served.write_text(submissions(read_rows(raw, TAU2)), encoding="utf-8")
    reference, content = tau2.read(raw / f"{TAU2}.csv"), tau2.read(served)
    assert sorted_scores(content) == sorted_scores(reference) != []
    assert {drop.what for drop in content.dropped} == {drop.what for drop in reference.dropped}
    assert {(model.spelling, model.released, model.organization) for model in content.models} == {
        (model.spelling, model.released, model.organization) for model in reference.models
    }


def test_the_runs_of_openhands_say_what_the_table_of_them_says(raw: Path, tmp_path: Path):
    served = tmp_path / "results.json"
    served.write_text(runs(read_rows(raw, OPENHANDS)), encoding="utf-8")
    reference, content = openhands.read(raw / f"{OPENHANDS}.csv"), openhands.read(served)
    assert sorted_scores(content) == sorted_scores(reference) != []
    assert {(model.spelling, model.released, model.claim) for model in content.models} == {
        (model.spelling, model.released, model.claim) for model in reference.models
    }


def test_a_run_without_its_scores_is_refused_by_its_name(tmp_path: Path):
    served = tmp_path / "results.json"
    served.write_text('{"results/Kimi-K2.6/metadata.json": {"model": "Kimi-K2.6"}}', encoding="utf-8")
    with pytest.raises(TableError, match=r'"Kimi-K2\.6" is not a run with its scores'):
        openhands.read(served)


@pytest.mark.parametrize(
    ("licence", "claim"), [("Proprietary", "closed"), ("Propretary", None), ("MIT", None), ("", None)]
)
def test_of_arenas_licences_only_proprietary_says_anything(tmp_path: Path, licence: str, claim: str | None):
    served = tmp_path / "text_latest.json"
    served.write_text(json.dumps([{"model_name": "a", "rating": 1400.5, "license": licence}]), encoding="utf-8")
    [model] = leaderboards.read_arena(served).models
    assert (model.claim, model.raw) == (claim, licence)
