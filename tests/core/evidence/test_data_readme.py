"""The table of boards in data/README.md: how many open and closed models each has, and what comes of it.

`python tests/core/evidence/test_data_readme.py` renews it from the shipped tables.
"""

import csv
import re
from collections import defaultdict
from pathlib import Path

from core.gap.parameters import CLUSTERED_2

DATA = Path(__file__).parents[3] / "data"
README = DATA / "README.md"
BEGIN, END = "<!-- boards: begin (generated) -->", "<!-- boards: end -->"


def rows(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def block() -> str:
    """Write the table: models with a release date and a score that still stands."""
    models = {row["model_id"]: row for row in rows("models") if row["release_date"]}
    tested = defaultdict(set)
    for score in rows("scores"):
        if not score["superseded_from"] and score["model_id"] in models:
            tested[score["benchmark_id"], score["version"]].add(score["model_id"])
    lines = ["| board | open, closed models | crossed on both sides? |", "|---|---|---|"]
    for board in rows("benchmarks"):
        found = [models[name]["openness"] for name in tested[board["benchmark_id"], board["version"]]]
        open_, closed = found.count("open"), found.count("closed")
        few = open_ < CLUSTERED_2.min_open_models or not closed
        what = "too few open models" if few else "yes"
        lines.append(
            f"| {board['name']} | {open_}, {closed} | {what}{', headline' if board['headline'] == 'true' else ''} |"
        )
    return "\n".join(lines)


def test_the_table_of_boards_is_that_of_the_data() -> None:
    assert README.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0].strip() == block()


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    README.write_text(re.sub(f"(?s){re.escape(BEGIN)}.*{re.escape(END)}", f"{BEGIN}\n{block()}\n{END}", text))
