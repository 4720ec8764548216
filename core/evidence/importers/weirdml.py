"""WeirdML's own boards, as their author serves them: version 2, and version 3, where an agent works longer."""

import re
from pathlib import Path

from core.errors import TableError
from core.evidence.importers.rows import Claim, Imported, entry, percent, read_csv, read_json

_EFFORT = re.compile(r" \([^)]*\)$")
_AGENT = re.compile(r", [^,)]+\)$")
_CLAIMS: dict[str, Claim] = {"True": "open", "False": "closed"}


def read(path: Path) -> Imported:
    """Read the board; its display name holds the effort in brackets, "gpt-5.5 (xhigh)".

    Its columns come and go: the first states had neither standard errors nor release dates.
    """
    imported = Imported()
    for row in imported.count(read_csv(path, ("display_name", "avg_acc"))):
        shown, score = row.text("display_name"), percent(row.number("avg_acc"))
        imported.add_model(row.line, shown, _EFFORT.sub("", shown), row.day("release_date"))
        error = percent(row.number("avg_acc_standard_error"))
        imported.add_score(row.line, "weirdml", "2", shown, score, "board-run", standard_error=error, column="avg_acc")
    return imported


def read_v3(path: Path) -> Imported:
    """Read version 3, an entry a model; its name holds effort and agent, "Kimi K3 (high, Kimi Code)"."""
    document, _ = read_json(path)
    models = document.get("models") if isinstance(document, dict) else None
    if not isinstance(models, list):
        raise TableError(path, "is not WeirdML's list of models")
    imported = Imported()
    entries = (entry(path, n, model, ("id", "name", "score")) for n, model in enumerate(models, start=1))
    for row in imported.count(entries):
        spelling, raw = _AGENT.sub(")", row.text("name")), row.text("open_weights")
        if row.text("synthetic") == "True":
            imported.drop(row.line, spelling, "made by the author to try the board: no model's score")
            continue
        name, released, claim = _EFFORT.sub("", spelling), row.day("release_date"), _CLAIMS.get(raw)
        imported.add_model(row.line, spelling, name, released, claim=claim, raw=f"open_weights {raw}" if claim else "")
        score, agent = percent(row.number("score")), row.text("agent")
        imported.add_score(row.line, "weirdml-v3", "3", spelling, score, "board-run", agent, column="score")
    return imported
