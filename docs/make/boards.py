"""The table of boards in data/README.md: how many open and closed models each has, and what has become of it.

`python -m docs.make.boards --write` renews it from the shipped tables; without `--write` it prints the table.
"""

import csv
from collections import defaultdict

import numpy as np

from core.evidence.evidence import Evidence, load
from core.gap.board_life import find_board_lives
from core.gap.crossings import FEW_OPEN, find_crossings
from core.gap.parameters import CLUSTERED_2
from core.store.store import Store
from docs.make.pages import ROOT, Part, shipped

DATA = ROOT / "data"
PART = Part(DATA / "README.md", "boards")


def rows(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def known(store: Store) -> Evidence:
    """All that is known in the shipped tables."""
    records = load(store)
    return records.known_by(records.last_known)


def stages(evidence: Evidence) -> dict[str, str]:
    """What each board has become by the newest complete data."""
    as_of, boards = evidence.newest_data.toordinal(), np.arange(len(evidence.boards))
    crossings = find_crossings(evidence, boards, as_of, CLUSTERED_2)
    lives = find_board_lives(evidence, boards.tolist(), crossings, as_of, CLUSTERED_2)
    return {board.name: "–" if life.stage == FEW_OPEN else life.stage for board, life in lives.items()}


def block(evidence: Evidence) -> str:
    """Write the table: models with a release date and a score that still stands."""
    stage = stages(evidence)
    models = {row["model_id"]: row for row in rows("models") if row["release_date"]}
    tested = defaultdict(set)
    for score in rows("scores"):
        if not score["superseded_from"] and score["model_id"] in models:
            tested[score["benchmark_id"], score["version"]].add(score["model_id"])
    lines = ["| board | open, closed models | crossed on both sides? | stage |", "|---|---|---|---|"]
    for board in rows("benchmarks"):
        openness = [models[name]["openness"] for name in tested[board["benchmark_id"], board["version"]]]
        open_, closed = openness.count("open"), openness.count("closed")
        few = open_ < CLUSTERED_2.min_open_models or not closed
        what = "too few open models" if few else "yes"
        headline = ", headline" if board["headline"] == "true" else ""
        lines.append(f"| {board['name']} | {open_}, {closed} | {what}{headline} | {stage[board['name']]} |")
    return "\n".join(lines)


if __name__ == "__main__":
    with shipped() as store:
        PART.put_out(block(known(store)))
