"""Vendor-reported scores collected over many benchmarks; MMLU-Pro alone is used, graded self-reported."""

from pathlib import Path

from core.evidence.importers.rows import Claim, Imported, RawModel, RawScore, percent, read_csv


def read(path: Path) -> Imported:
    """Read the MMLU-Pro rows, and of every model what its licence says of its weights."""
    imported = Imported()
    seen = set()
    for row in read_csv(path, ("model_id", "name", "organization_id", "release_date", "benchmark", "score")):
        imported.rows += 1
        spelling, score = row.text("model_id"), percent(row.number("score"))
        if spelling not in seen:
            seen.add(spelling)
            licence = row.text("license_id")
            imported.models.append(
                RawModel(
                    row.line,
                    spelling,
                    row.text("name"),
                    row.day("release_date"),
                    row.text("organization_id"),
                    _claim(licence, bool(row.text("weights_link"))),
                    licence,
                )
            )
        if row.text("benchmark") != "mmlu-pro":
            imported.drop(row.line, spelling, "not one of gapbrief's benchmarks")
        elif score is None:
            imported.drop(row.line, spelling, "no score")
        else:
            imported.scores.append(
                RawScore(row.line, "mmlu-pro", "1", spelling, score, "self-reported", column="score")
            )
    return imported


def _claim(licence: str, linked: bool) -> Claim | None:
    """Say what licence and link together claim; a proprietary licence with weights to load contradicts itself."""
    if licence == "proprietary":
        return None if linked else "closed"
    return "open" if linked else None
