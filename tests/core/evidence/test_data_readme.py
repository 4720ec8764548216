"""The table of boards in data/README.md: how many open and closed models each has, and what has become of it.

`python -m tests.core.evidence.test_data_readme` renews it from the shipped tables.
"""

import csv
import re
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np

from core.evidence.evidence import Evidence, load
from core.gap.board_life import find_board_lives
from core.gap.crossings import FEW_OPEN, find_crossings
from core.gap.parameters import CLUSTERED_2
from core.store.store import open_store

DATA = Path(__file__).parents[3] / "data"
README = DATA / "README.md"
BEGIN, END = "<!-- boards: begin (generated) -->", "<!-- boards: end -->"


def rows(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def known(evidence_file: Path) -> Evidence:
    """All that is known in the shipped tables."""
    with open_store(evidence_file, DATA) as store:
        records = load(store)
        return records.known_by(records.last_known)


def stages(evidence: Evidence) -> dict[str, str]:
    """What each board has become by the newest complete data."""
    as_of, boards = evidence.newest_data.toordinal(), np.arange(len(evidence.boards))
    found = find_crossings(evidence, boards, as_of, CLUSTERED_2)
    lives = find_board_lives(evidence, boards.tolist(), found, as_of, CLUSTERED_2)
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
        found = [models[name]["openness"] for name in tested[board["benchmark_id"], board["version"]]]
        open_, closed = found.count("open"), found.count("closed")
        few = open_ < CLUSTERED_2.min_open_models or not closed
        what = "too few open models" if few else "yes"
        headline = ", headline" if board["headline"] == "true" else ""
        lines.append(f"| {board['name']} | {open_}, {closed} | {what}{headline} | {stage[board['name']]} |")
    return "\n".join(lines)


def test_the_table_of_boards_is_that_of_the_data(evidence_file: Path) -> None:
    assert README.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0].strip() == block(known(evidence_file))


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        table = block(known(Path(folder) / "evidence.db"))
    README.write_text(re.sub(f"(?s){re.escape(BEGIN)}.*{re.escape(END)}", f"{BEGIN}\n{table}\n{END}", text))
