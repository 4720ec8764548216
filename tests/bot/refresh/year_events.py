"""Events that a year may bring to Epoch AI's zip: what each does to its files, and what must come of it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.bot.refresh import epoch_zip
from tests.bot.refresh.conftest import Row
from tests.bot.refresh.epoch_zip import DECLARED, INDEX, METADATA, Tables
from tests.fakes.publishers import Answer, html, page

GPQA, OTIS = "gpqa_diamond.csv", "otis_mock_aime_2024_2025.csv"
METR, WEIRDML = "metr_time_horizons_external.csv", "weirdml_external.csv"
SCORE, BEST, VERSION = "mean_score", "Best score (across scorers)", "Model version"
Spoil = Callable[[Tables], Answer | None]
Changes = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Event:
    """What happens upstream, and what must come of it; of which publisher data are new, docs/replay.md holds.

    `spoil` changes the files, or returns an answer to serve instead of the zip. `brings` are the changes, of anything
    but the index and the new `board`, as kinds and models; `moves` the classes of the headline that may move. The
    operator is told each text of `sees`, though not on the screen that stands in docs/replay.md.
    """

    name: str
    spoil: Spoil
    brings: Changes = frozenset()
    moves: tuple[str, ...] = ()
    sees: tuple[str, ...] = ()
    board: str = "eci"


# ---- what happens


def first(files: Tables, name: str, spelling: str) -> Row:
    """Return the row of a spelling on a board."""
    return next(row for row in files[name] if row[VERSION] == spelling)


def add(files: Tables, name: str, spelling: str, score: str, maker: str = "OpenAI", day: str = "2026-11-20") -> Row:
    """Let a board list one more model, and return its row."""
    row = dict.fromkeys(files[name][0], "") | {VERSION: spelling, "Release date": day, "Organization": maker}
    row |= {column: score for column in (SCORE, BEST, "Accuracy") if column in row}
    files[name].append(row)
    return row


def describe(files: Tables, spelling: str, group: str, maker: str = "OpenAI", day: str = "2026-11-20") -> None:
    """Let the list of models hold one more, a closed one."""
    row = {"model_version": spelling, "model_group": group, "date": day, "organization": maker}
    files[METADATA].append({**row, "accessibility": "API access"})


def rename_column(files: Tables) -> None:
    names = {SCORE: "score", BEST: "best"}
    files[GPQA] = [{names.get(key, key): cell for key, cell in row.items()} for row in files[GPQA]]


def rename_model(files: Tables) -> None:
    for name, rows in files.items():
        column = {METADATA: "model_version", INDEX: "Model"}.get(name, VERSION)
        for row in rows:
            if row.get(column) == "gpt-5-2025-08-07_high":
                row[column] = "gpt-5-2025-08-07-high"


def bring_out_version(files: Tables) -> None:
    """FrontierMath gets a third version: a file of its own, declared to succeed the second."""
    rows = [dict(row) for row in files["frontiermath_tiers_1_3_v2.csv"]]
    files["frontiermath_tiers_1_3_v3.csv"] = rows
    for row in files[DECLARED]:
        if row["source_file"] == "frontiermath_tiers_1_3_v2.csv":
            row["superseded_by"] = "frontiermath_tiers_1_3_v3"
            new = {**row, "benchmark": "frontiermath_tiers_1_3_v3", "source_file": "frontiermath_tiers_1_3_v3.csv"}
    files[DECLARED].append({**new, "superseded_by": ""})


def bring_out_board(files: Tables) -> None:
    kept = (VERSION, SCORE, "Release date", "Organization")
    rows = [{column: cell if column in kept else "" for column, cell in row.items()} for row in files[GPQA][:60]]
    files["osworld_2.csv"] = rows
    declared = {"benchmark": "OSWorld 2", "source_file": "osworld_2.csv", "score_column": SCORE, "scale": "1"}
    files[DECLARED].append({**declared, "superseded_by": ""})


def retire_board(files: Tables) -> None:
    del files[GPQA]


def change_scale(files: Tables) -> None:
    for row in files[GPQA]:
        for column in (SCORE, BEST):
            row[column] = str(float(row[column]) / 100) if row[column] else ""


def date_in_2062(files: Tables) -> None:
    add(files, GPQA, "gpt-9_high", "0.99", day="2062-09-03")


def date_without_noughts(files: Tables) -> None:
    first(files, GPQA, "gpt-5-2025-08-07_high")["Release date"] = "2025-8-7"


def retract(files: Tables) -> None:
    files[OTIS] = [row for row in files[OTIS] if row[VERSION] != "gpt-5-2025-08-07_high"]


def double_rows(files: Tables) -> None:
    files[GPQA] = [row for row in files[GPQA] for _ in (1, 2)]


def new_effort(files: Tables) -> None:
    add(files, OTIS, "gpt-5-2025-08-07_hyper", "0.2", day="2025-08-07")


def open_later(files: Tables) -> None:
    """A model whose scores set no record gets an open licence."""
    for row in files[METADATA]:
        if row["model_version"].startswith("gpt-4o-mini"):
            row["accessibility"] = "Open weights (unrestricted)"


def open_ten(files: Tables) -> None:
    """Whoever writes the list takes ten leading closed models for open ones."""
    for row in files[METADATA]:
        if row["model_version"].startswith(("gpt-5", "claude-opus-4")):
            row["accessibility"] = "Open weights (unrestricted)"


def new_lab(files: Tables) -> None:
    add(files, OTIS, "aurora-1_high", "0.3", maker="Aurora Labs")
    describe(files, "aurora-1_high", "Aurora 1", maker="Aurora Labs")


def new_suite(files: Tables) -> None:
    files[METR][0]["METR version"] = "METR-Horizon-v1.2"


def index_without_openness(files: Tables) -> None:
    files[INDEX] = [{key: cell for key, cell in row.items() if key != "Model accessibility"} for row in files[INDEX]]


def double_ids(files: Tables) -> None:
    """The list names one version twice, of another group the second time."""
    row = next(row for row in files[METADATA] if row["model_version"] == "gpt-5-2025-08-07_high")
    files[METADATA].append({**row, "model_group": "GPT-5 mini"})


def empty_file(files: Tables) -> None:
    files[GPQA] = [dict.fromkeys(files[GPQA][0], "")]


def spoil_a_name(files: Tables) -> None:
    add(files, OTIS, "gpt-\x007_high", "0.99")


def correct_a_score(files: Tables) -> None:
    row = first(files, OTIS, "gpt-5-2025-08-07_high")
    row |= {column: "0.905" for column in (SCORE, BEST) if column in row}


def add_a_twin(files: Tables) -> None:
    """One more run of a model that is listed under two spellings: it must rename none."""
    add(files, GPQA, "gpt-5.5-pro-pre-release_medium", "0.2", day="2026-04-23")
    describe(files, "gpt-5.5-pro-pre-release_medium", "GPT-5.5 Pro", day="2026-04-23")


def set_a_record(files: Tables) -> None:
    add(files, WEIRDML, "gpt-7_high", "0.999")
    describe(files, "gpt-7_high", "GPT-7")


def serve_half(files: Tables) -> Answer:
    whole = epoch_zip.as_zip(files)
    return page(whole[: len(whole) // 2])


EVENTS = (
    Event("a score column is renamed", rename_column, sees=("gpqa_diamond.csv stays as it was",)),
    Event("a model is spelt another way", rename_model),
    Event(
        "a benchmark has a new version, in a file of its own",
        bring_out_version,
        board="epoch-frontiermath-tiers-1-3-v3",
        sees=("proposed",),
    ),
    Event("a new benchmark is declared", bring_out_board, board="epoch-osworld-2"),
    Event("a benchmark's file is retired", retire_board),
    Event("scores come on another scale", change_scale),
    Event("a model is dated 2062", date_in_2062, sees=("in the future",)),
    Event("a day is written 2025-8-7", date_without_noughts),
    Event("a score is retracted", retract, brings=frozenset({("score gone", "gpt-5-2025-08-07")})),
    Event("every row comes twice", double_rows),
    Event("a score is corrected", correct_a_score, brings=frozenset({("revised score", "gpt-5-2025-08-07")})),
    Event(
        "an effort has a new word", new_effort, brings=frozenset({("new score", "gpt-5-2025-08-07")}), sees=("hyper",)
    ),
    Event(
        "a licence opens later",
        open_later,
        brings=frozenset({("openness", "gpt-4o-mini-2024-07-18")}),
        moves=("public",),
    ),
    Event(
        "ten leading models and more are called open",
        open_ten,
        brings=frozenset(("openness", model) for model in ("gpt-5-chat", "gpt-5-pro-2025-10-06", "gpt-5.2-2025-12-11")),
    ),
    Event(
        "a lab is new",
        new_lab,
        brings=frozenset({("new model", "aurora-1"), ("new score", "aurora-1")}),
        moves=("public",),
    ),
    Event("METR has a new suite", new_suite, sees=('"METR-Horizon-v1.2" is no known suite',)),
    Event("the index says no more who is open", index_without_openness, sees=("eci_scores.csv stays as it was",)),
    Event("the list names a version twice", double_ids),
    Event("a file is empty", empty_file),
    Event("a name holds a NUL", spoil_a_name, sees=("a text that nobody could read",)),
    Event("one more run of a listed model", add_a_twin, brings=frozenset({("new score", "gpt-5.5-pro")})),
    Event(
        "a closed model sets a record",
        set_a_record,
        brings=frozenset({("new model", "gpt-7"), ("new score", "gpt-7")}),
    ),
    Event("a web page comes instead of the zip", lambda _: html()),
    Event("half of the zip comes", serve_half),
)
