"""Epoch AI's long file: a model's best run on each of many benchmarks, corrected for chance, in one table."""

from pathlib import Path

from core.evidence.importers.rows import Imported, percent, read_csv

VERSION = "long-2026"
"""The version of every board of this file: corrected for chance, so that none joins the raw board of its name."""

_BOARDS = {
    "APEX-Agents": "apex-agents",
    "Balrog": "balrog",
    "CL-bench": "cl-bench",
    "CritPt": "critpt",
    "FrontierCode": "frontiercode",
    "Lech Mazur Writing": "lech-mazur-writing",
    "PostTrainBench": "posttrainbench",
    "ProofBench": "proofbench",
    "The Agent Company": "the-agent-company",
}


def read(path: Path) -> Imported:
    """Read the boards that no other source has and that at least five models of each side have taken."""
    imported = Imported()
    for row in imported.count(read_csv(path, ("performance", "benchmark", "model_version", "Model", "date"))):
        benchmark = _BOARDS.get(row.text("benchmark"))
        spelling, score = row.text("model_version"), percent(row.number("performance"))
        if benchmark is None:
            imported.drop(row.line, row.text("benchmark"), "a board that a raw source has, or that too few have taken")
            continue
        imported.add_model(row.line, spelling, row.text("Model"), row.day("date"))
        imported.add_score(row.line, benchmark, VERSION, spelling, score, "collected", column="performance")
    return imported
