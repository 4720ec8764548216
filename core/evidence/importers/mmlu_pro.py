"""MMLU-Pro: part of TIGER-Lab's board. Most rows have no release date: it comes from the index."""

from pathlib import Path

from core.evidence.importers.rows import Grade, Imported, RawModel, RawScore, percent, read_csv


def read(path: Path) -> Imported:
    """Read the board's rows; repeats of a model stay apart by where they were copied from."""
    imported = Imported()
    for row in read_csv(path, ("name", "score", "release_date", "self_reported")):
        imported.rows += 1
        name, score = row.text("name"), percent(row.number("score"))
        imported.models.append(RawModel(row.line, name, name, row.day("release_date")))
        if score is None:
            imported.drop(row.line, name, "no score")
            continue
        grade: Grade = "self-reported" if row.text("self_reported") == "yes" else "board-run"
        imported.scores.append(RawScore(row.line, "mmlu-pro", "1", name, score, grade, column="score"))
    return imported
