"""How many models that came since the study a refresh alone attaches and classifies.

`python -m tests.bench.attaching FILE`, FILE being models.dev's newest models (`models_2026-07_to_10.csv`). It starts
from what was known on 22 May 2026, with the aliases that hands had written for spellings of that day, and plays what
publishers served since, day by day, each day with the ids of the day before. What the shipped tables say is taken for
the truth; hands have looked at it. Half a minute.
"""

import csv
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from core.evidence import curated
from core.evidence.build import compile_tables, read_inputs
from core.evidence.curated import Curated
from core.evidence.identity import Identity
from core.evidence.importers import IMPORTERS
from core.evidence.importers.rows import copy_rows
from core.evidence.model_ids import Snapshot, build_identity, read_prior_ids
from core.refresh import publishers
from tests.conftest import ROOT

DATA = ROOT / "data"
BEGAN, ENDS = date(2026, 5, 22), date(2026, 10, 9)
BY_HAND = ("epoch-hub-later-rows", "weights-evidence-2026-10", "evidence-first-hand", "price-history-2026-08-22")
"""Sources that no refresh asks."""
INDEX_OF_JULY = "epoch-index-2026-07-01"
SERIES = {"epoch-accessibility": "epoch-index"}
CLASSES = ("open", "closed")
Rows = list[dict[str, str]]


def table(folder: Path, name: str) -> Rows:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Played:
    """What came of a model: its row in the played tables, if any, and why it is not as in the shipped ones."""

    row: Mapping[str, str]
    why: str
    is_attached: bool


def served(snapshots: list[Snapshot], registry: Path, *, has_index: bool) -> Iterator[Snapshot]:
    """Yield what publishers served since, as snapshots of their series."""
    declared = publishers.read_publishers(DATA / "publishers")
    for source, imported in snapshots:
        is_wanted = source.source_id not in BY_HAND and (has_index or source.source_id != INDEX_OF_JULY)
        if BEGAN < source.snapshot and is_wanted:
            name = source.source_id.split("-202")[0]
            name = SERIES.get(name, name)
            live = declared[name].source(source.snapshot) if name in declared else replace(source, series=name)
            yield live, imported
    yield declared["models-dev"].source(ENDS), IMPORTERS["models-dev"](registry)


def registry_file(models: Path, folder: Path) -> Path:
    """Write models.dev's newest models as it serves them; of two states of one the later."""
    with models.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    path = folder / "models.json"
    models = {
        row["id"].split(" (")[0]: {
            "name": row["name"], "release_date": row["release_date"], "open_weights": row["open_weights"] == "true",
        }
        for row in rows
    }  # fmt: skip
    path.write_text(json.dumps(models), encoding="utf-8")
    return path


def as_of_began(by_hand: Curated, snapshots: list[Snapshot]) -> Curated:
    """Return the curated inputs, with only the aliases of spellings of that time."""
    spellings = {
        (source.spellings, raw.spelling)
        for source, imported in snapshots
        for raw in (*imported.models, *imported.scores, *imported.sizes)
    }
    return replace(by_hand, aliases={key: target for key, target in by_hand.aliases.items() if key in spellings})


def play(registry: Path, folder: Path, *, has_index: bool) -> tuple[Path, Path, Identity, list[Snapshot]]:
    """Play all days; returns the first tables and the last ones, who is who in the end, and what was served."""
    shipped = curated.read_curated(DATA / "curated")
    snapshots = read_inputs(DATA, shipped)
    past = [pair for pair in snapshots if pair[0].snapshot <= BEGAN]
    by_hand = as_of_began(shipped, past)
    first = last = folder / str(BEGAN)
    first.mkdir()
    compile_tables(by_hand, [(source, copy_rows(content)) for source, content in past], DATA / "curated", first)
    news = list(served(snapshots, registry, has_index=has_index))
    for day in sorted({source.snapshot for source, _ in news}):
        past += [pair for pair in news if pair[0].snapshot == day]
        before, last = last, folder / str(day)
        last.mkdir()
        contents = [(source, copy_rows(content)) for source, content in past]
        compile_tables(by_hand, contents, DATA / "curated", last, previous=before)
    past = sorted(past, key=lambda pair: (pair[0].snapshot, -pair[0].rank))
    return first, last, build_identity(by_hand, past, read_prior_ids(last, past)), news


def compared(last: Path, identity: Identity, news: list[Snapshot]) -> dict[str, Played]:
    """Say of each shipped model what came of it."""
    shipped = {row["model_id"]: row for row in table(DATA, "models")}
    rows = {row["model_id"]: row for row in table(last, "models")}
    meant = {row["spelling"]: row["model_id"] for row in table(DATA, "aliases")}
    ids: dict[str, set[str]] = defaultdict(set)
    models: dict[str, set[str]] = defaultdict(set)
    for source, imported in news:
        days = {model.spelling: model.released for model in imported.models}
        for spelling in dict.fromkeys([*days, *(score.spelling for score in imported.scores)]):
            model = meant.get(spelling, spelling)
            if model in shipped:
                model_id, _ = identity.resolve(spelling, source.spellings, days.get(spelling))
                ids[model].add(model_id)
                models[model_id].add(model)
    pairs = {}
    for model, row in shipped.items():
        scored = sorted(id for id in ids[model] if id in rows)
        others = {other for spelling in scored for other in models[spelling]} - {model}
        played = rows[scored[0]] if scored else {}
        is_attached = len(scored) == 1 and not others
        if not scored:
            why = "no score of it was served"
        elif not is_attached:
            why = f"is {' and '.join(scored)}" + (f", with {', '.join(sorted(others))}" if others else "")
        elif played["openness"] == row["openness"]:
            why = ""
        elif row["openness"] not in CLASSES:
            why = f"{played['openness']} by {played['openness_grade']}; the shipped tables have it as {row['openness']}"
        elif played["openness"] not in CLASSES:
            why = f"nobody says so; it is {row['openness']} by {row['openness_grade']}"
        else:
            why = f"WRONG: {played['openness']} by {played['openness_grade']}"
            why += f", and it is {row['openness']} by {row['openness_grade']}"
        pairs[model] = Played(played, why, is_attached)
    return pairs


def records(folder: Path) -> set[str]:
    """Return the models that were the best of their side on a test of the headline when they came."""
    headline = {
        (row["benchmark_id"], row["version"]) for row in table(folder, "benchmarks") if row["headline"] == "true"
    }
    models = {row["model_id"]: row for row in table(folder, "models") if row["release_date"]}
    best: dict[tuple[str, str, str], dict[str, float]] = defaultdict(dict)
    for row in table(folder, "scores"):
        board, model = (row["benchmark_id"], row["version"]), row["model_id"]
        if board in headline and model in models and not row["superseded_from"]:
            side = best[*board, models[model]["openness"]]
            side[model] = max(side.get(model, 0.0), float(row["score"]))
    matches = set()
    for (*_, openness), side in best.items():
        if openness not in CLASSES:
            continue
        top = 0.0
        for model in sorted(side, key=lambda model: (models[model]["release_date"], -side[model])):
            if side[model] > top:
                top = side[model]
                matches.add(model)
    return matches


def report(registry: Path, *, has_index: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first, last, identity, news = play(registry_file(registry, folder), folder, has_index=has_index)
        outcomes, held_records = compared(last, identity, news), records(last)
        scored = {row["model_id"] for row in table(first, "scores")}
    shipped = {row["model_id"]: row for row in table(DATA, "models")}
    had = {row["model_id"] for row in table(DATA, "scores") if row["known_from"] <= str(BEGAN)}
    new = {model: outcomes[model] for model in shipped if model not in scored | had}
    print("With the index of July" if has_index else "Without the index of July", end=": ")
    for title, some in (
        ("all", new),
        ("released since", {model: new[model] for model in new if shipped[model]["release_date"] > str(BEGAN)}),
    ):
        classified = [model for model in some if shipped[model]["openness"] in CLASSES]
        attached = sum(outcome.is_attached for outcome in some.values())
        right = sum(not some[model].why for model in classified)
        print(
            f"{title} {len(some)}, attached {attached}, classified rightly {right} of {len(classified)} known", end="; "
        )
    print()
    for model, outcome in sorted(new.items(), key=lambda pair: (pair[1].why, pair[0])):
        if outcome.why:
            since = " (released since)" if shipped[model]["release_date"] > str(BEGAN) else ""
            record = " It holds a record." if outcome.row.get("model_id") in held_records else ""
            print(f"  {model}{since}: {outcome.why}.{record}")
    unknown = sorted(
        model for model, outcome in new.items() if not outcome.why and shipped[model]["openness"] not in CLASSES
    )
    print(f"  Unknown here and in the shipped tables: {', '.join(unknown)}.")


if __name__ == "__main__":
    for with_index in (True, False):
        report(Path(sys.argv[1]), has_index=with_index)
