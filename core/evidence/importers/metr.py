"""METR's time horizons: one YAML file per suite, minutes at a 50 % success rate."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from core.errors import TableError
from core.evidence.importers.columns import ScoreColumns
from core.evidence.importers.rows import (
    UNKNOWN_SUITE,
    FileContent,
    RawModel,
    is_left_out,
    read_yaml,
    yaml_day,
    yaml_number,
)

SUITES = {"METR-Horizon-v1": "1.0", "METR-Horizon-v1.0": "1.0", "METR-Horizon-v1.1": "1.1"}
"""METR's suite names and the versions of the benchmark."""
_HORIZONS = ScoreColumns("metr-time-horizons", "", "estimate")


def read(path: Path) -> FileContent:
    """Read the results of one suite; METR does not say which models are open."""
    document, node = read_yaml(path)
    if not isinstance(document, dict) or not isinstance(document.get("results"), dict):
        raise TableError(path, "is not METR's results file")
    suite = str(document.get("benchmark_name"))
    if suite not in SUITES:
        raise TableError(path, f'"{suite}" {UNKNOWN_SUITE}', column="benchmark_name")
    scores = replace(_HORIZONS, version=SUITES[suite])
    content, lines = FileContent(), _result_lines(node)
    for spelling, result in document["results"].items():
        line = lines.get(spelling, 1)
        content.rows += 1
        if is_left_out(path, line):
            continue
        if not isinstance(spelling, str) or not isinstance(result, dict):
            raise TableError(path, "is not a model with its result", line)
        released = yaml_day(path, line, "release_date", result.get("release_date"))
        content.models.append(RawModel(line, spelling, released=released))
        scores.add_value(content, line, spelling, yaml_number(path, line, "estimate", _estimate(result)))
    return content


def _estimate(result: dict[str, Any]) -> object:
    value: object = result
    for key in ("metrics", "p50_horizon_length", "estimate"):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _result_lines(node: yaml.Node) -> dict[Any, int]:
    """Return the starting lines of the results, by spelling."""
    results = next(value for key, value in node.value if key.value == "results")
    return {key.value: key.start_mark.line + 1 for key, _ in results.value}
