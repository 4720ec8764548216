"""WeirdML's own board (version 2), as its author serves it."""

import re
from pathlib import Path

from core.evidence.importers.rows import Imported, RawModel, RawScore, percent, read_csv

_EFFORT = re.compile(r" \([^)]*\)$")


def read(path: Path) -> Imported:
    """Read the board; its display name holds the effort in brackets, "gpt-5.5 (xhigh)".

    Its columns come and go: the first states had neither standard errors nor release dates.
    """
    imported = Imported()
    for row in read_csv(path, ("display_name", "avg_acc")):
        imported.rows += 1
        shown, score = row.text("display_name"), percent(row.number("avg_acc"))
        imported.models.append(RawModel(row.line, shown, _EFFORT.sub("", shown), row.day("release_date")))
        if score is None:
            imported.drop(row.line, shown, "no score")
            continue
        imported.scores.append(
            RawScore(
                row.line,
                "weirdml",
                "2",
                shown,
                score,
                "board-run",
                standard_error=percent(row.number("avg_acc_standard_error")),
                column="avg_acc",
            )
        )
    return imported
