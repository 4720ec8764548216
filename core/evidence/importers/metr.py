"""METR's time horizons: one YAML file per suite, minutes at a 50 % success rate."""

from pathlib import Path
from typing import Any

import yaml

from core.errors import TableError
from core.evidence.importers.rows import Imported, is_left_out, read_yaml, yaml_day, yaml_number

SUITES = {"METR-Horizon-v1": "1.0", "METR-Horizon-v1.0": "1.0", "METR-Horizon-v1.1": "1.1"}
"""METR's names of its suites, as versions of the benchmark."""


def read(path: Path) -> Imported:
    """Read one suite's results; METR does not say which models are open."""
    document, node = read_yaml(path)
    if not isinstance(document, dict) or not isinstance(document.get("results"), dict):
        raise TableError(path, "is not METR's results file")
    suite = str(document.get("benchmark_name"))
    version = SUITES.get(suite)
    if version is None:
        raise TableError(path, f'"{suite}" is no known suite', column="benchmark_name")
    imported, lines = Imported(), _lines(node)
    for spelling, result in document["results"].items():
        line = lines.get(spelling, 1)
        imported.rows += 1
        if is_left_out(path, line):
            continue
        if not isinstance(spelling, str) or not isinstance(result, dict):
            raise TableError(path, "is not a model with its result", line)
        released = yaml_day(path, line, "release_date", result.get("release_date"))
        imported.add_model(line, spelling, released=released)
        minutes = yaml_number(path, line, "estimate", _estimate(result))
        imported.add_score(line, "metr-time-horizons", version, spelling, minutes, "board-run", column="estimate")
    return imported


def _estimate(result: dict[str, Any]) -> object:
    found: object = result
    for key in ("metrics", "p50_horizon_length", "estimate"):
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _lines(node: yaml.Node) -> dict[Any, int]:
    """Say on which line each result starts."""
    results = next(value for key, value in node.value if key.value == "results")
    return {key.value: key.start_mark.line + 1 for key, _ in results.value}
