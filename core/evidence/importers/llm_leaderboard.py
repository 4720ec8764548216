"""Vendor-reported scores collected over many benchmarks; MMLU-Pro alone is used, graded self-reported."""

from pathlib import Path

from core.evidence.importers.rows import Claim, Imported, percent, read_csv


def read(path: Path) -> Imported:
    """Read the MMLU-Pro rows, and of every model what its licence says of its weights."""
    imported = Imported()
    seen = set()
    columns = ("model_id", "name", "organization_id", "release_date", "benchmark", "score")
    for row in imported.count(read_csv(path, columns)):
        spelling, score = row.text("model_id"), percent(row.number("score"))
        if spelling not in seen:
            seen.add(spelling)
            licence = row.text("license_id")
            claim = _claim(licence, bool(row.text("weights_link")))
            released, maker = row.day("release_date"), row.text("organization_id")
            imported.add_model(row.line, spelling, row.text("name"), released, maker, claim, licence)
        if row.text("benchmark") != "mmlu-pro":
            imported.drop(row.line, spelling, "not one of gapbrief's benchmarks")
        else:
            imported.add_score(row.line, "mmlu-pro", "1", spelling, score, "self-reported", column="score")
    return imported


def _claim(licence: str, linked: bool) -> Claim | None:
    """Say what licence and link together claim; a proprietary licence with weights to load contradicts itself."""
    if licence == "proprietary":
        return None if linked else "closed"
    return "open" if linked else None
