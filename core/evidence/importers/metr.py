"""METR's time horizons: one YAML file per suite, minutes at a 50 % success rate."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from core.errors import TableError
from core.evidence.importers.rows import Imported, RawModel, RawScore

_VERSIONS = {"METR-Horizon-v1": "1.0", "METR-Horizon-v1.0": "1.0", "METR-Horizon-v1.1": "1.1"}


def read(path: Path) -> Imported:
    """Read one suite's results; METR does not say which models are open."""
    try:
        document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        version, results = _VERSIONS[document["benchmark_name"]], document["results"]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise TableError(path, f"is not METR's results file ({type(error).__name__})") from error
    imported = Imported()
    for line, (spelling, result) in enumerate(results.items(), start=1):
        imported.rows += 1
        released = result.get("release_date")
        imported.models.append(RawModel(line, spelling, released=released if isinstance(released, date) else None))
        estimate = result.get("metrics", {}).get("p50_horizon_length", {}).get("estimate")
        if not isinstance(estimate, int | float):
            imported.drop(line, spelling, "no score")
            continue
        imported.scores.append(RawScore(line, "metr-time-horizons", version, spelling, float(estimate), "board-run"))
    return imported
