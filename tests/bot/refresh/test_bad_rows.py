"""A row that can't be read costs itself alone, in whatever form its file is; a file of such rows is refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from bot.refresh.board_files import read_good_rows
from core.errors import TableError
from core.evidence.importers import IMPORTERS

GOOD = 20
NAMES = [f"model-{number}" for number in range(GOOD)]


def as_csv(bad: object) -> str:
    rows = [f"{name},0.5" for name in NAMES]
    return "\n".join(["display_name,avg_acc", *rows[:3], f"bad,{bad}", *rows[3:]]) + "\n"


def aider(bad: object) -> str:
    runs = [{"model": name, "pass_rate_2": 50.0} for name in NAMES]
    return yaml.safe_dump([*runs[:3], {"model": "bad", "pass_rate_2": bad}, *runs[3:]])


def metr(bad: object) -> str:
    results = {name: {"metrics": {"p50_horizon_length": {"estimate": 5.0}}} for name in NAMES}
    return yaml.safe_dump({
        "benchmark_name": "METR-Horizon-v1.1",
        "results": {"bad": {"metrics": {"p50_horizon_length": {"estimate": bad}}}, **results},
    })  # fmt: skip


def arena(bad: object) -> str:
    rows = [{"model_name": name, "rating": 1400.5} for name in NAMES]
    return json.dumps([*rows[:3], {"model_name": "bad", "rating": bad}, *rows[3:]])


def models_dev(bad: object) -> str:
    def entry(day: object) -> dict[str, object]:
        return {"name": "A", "release_date": day, "open_weights": True}

    return json.dumps({"lab/bad": entry(bad), **{f"lab/{name}": entry("2026-09-03") for name in NAMES}})


def helm(bad: object) -> str:
    def entry(name: str, day: object) -> dict[str, object]:
        return {
            "name": name, "display_name": name, "creator_organization_name": "A", "access": "open",
            "release_date": day,
        }  # fmt: skip

    return yaml.safe_dump({"models": [entry("bad", bad), *(entry(name, "2026-09-03") for name in NAMES)]})


def openhands(bad: object) -> str:
    run = {"agent_name": "OpenHands", "model": "A", "openness": "open_weights"}
    results = [{"benchmark": "gaia", "score": 50.0} for _ in NAMES]
    return json.dumps({"a/metadata.json": run, "a/scores.json": [{"benchmark": "gaia", "score": bad}, *results]})


def tau2(bad: object) -> str:
    def entry(name: str, score: object) -> dict[str, object]:
        return {
            "model_name": name, "submitting_organization": "A", "submission_date": "2026-09-03",
            "results": {"retail": {"pass_1": score}},
        }  # fmt: skip

    return json.dumps({"bad": entry("bad", bad), **{name: entry(name, 50.0) for name in NAMES}})


def weirdml_v3(bad: object) -> str:
    rows = [{"id": name, "name": name, "score": 0.5} for name in NAMES]
    return json.dumps({"models": [*rows, {"id": "bad", "name": "bad", "score": bad}]})


FORMS: dict[str, tuple[str, Callable[[object], str]]] = {
    "weirdml": ("weirdml_data.csv", as_csv),
    "aider": ("polyglot_leaderboard.yml", aider),
    "metr": ("benchmark_results_1_1.yaml", metr),
    "arena": ("text_latest.json", arena),
    "models-dev": ("models.json", models_dev),
    "helm": ("model_metadata.yaml", helm),
    "openhands": ("results.json", openhands),
    "tau2": ("submissions.json", tau2),
    "weirdml-v3": ("weirdml_v3.json", weirdml_v3),
}


@pytest.mark.parametrize("importer", FORMS)
def test_a_value_that_cant_be_read_costs_its_row(tmp_path: Path, importer: str) -> None:
    name, make = FORMS[importer]
    path = tmp_path / name
    path.write_text(make("soon"), encoding="utf-8")
    imported, [error] = read_good_rows(path, IMPORTERS[importer])
    assert '"soon" is not a' in error.problem
    assert error.line is not None
    assert imported.rows == GOOD + 1
    assert "bad" not in {each.spelling for each in imported.models}
    assert len(imported.models) == GOOD


@pytest.mark.parametrize("bad", ["3", "null", "[1]", '"text"'])
def test_an_entry_of_another_kind_costs_itself(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "models.json"
    path.write_text(models_dev("2026-09-03").replace("{", f'{{"lab/odd": {bad}, ', 1), encoding="utf-8")
    imported, [error] = read_good_rows(path, IMPORTERS["models-dev"])
    assert (error.line, error.problem) == (1, "is not an entry with keys and values")
    assert len(imported.models) == GOOD + 1


@pytest.mark.parametrize("text", ["soon", "n/a"])
def test_a_file_of_which_more_than_a_tenth_cant_be_read_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "weirdml_data.csv"
    path.write_text("display_name,avg_acc\n" + f"a,{text}\nb,0.5\n" * 10, encoding="utf-8")
    with pytest.raises(TableError, match=f'line 2, column avg_acc: "{text}" is not a number'):
        read_good_rows(path, IMPORTERS["weirdml"])


def test_what_is_wrong_with_a_whole_file_is_no_row_of_it(tmp_path: Path) -> None:
    path = tmp_path / "models.json"
    path.write_text("{\n,", encoding="utf-8")
    with pytest.raises(TableError, match="line 2: is not JSON"):
        read_good_rows(path, IMPORTERS["models-dev"])
