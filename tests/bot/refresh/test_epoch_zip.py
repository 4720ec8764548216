"""Epoch AI's zip as it is served: its first refresh succeeds, and what is wrong in it costs a row or a file."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from bot.refresh import refreshing
from bot.refresh.refreshing import Refreshed
from core.evidence import revisions
from core.evidence.evidence import load
from core.store.store import open_store
from core.store.tables import table_folder
from tests.bot.refresh import epoch_zip
from tests.bot.refresh.conftest import NOON, Row, Site, weirdml
from tests.bot.refresh.epoch_zip import DECLARED, METADATA, Tables
from tests.fakes.publishers import page

EPOCH = ("epoch-hub", "epoch-index")
DAY = timedelta(days=1)
GPQA, OTIS, METR = "gpqa_diamond.csv", "otis_mock_aime_2024_2025.csv", "metr_time_horizons_external.csv"
SCORE, BEST = "mean_score", "Best score (across scorers)"


@pytest.fixture(scope="session")
def served() -> Tables:
    return epoch_zip.tables()


@pytest.fixture
def files(served: Tables) -> Tables:
    """The files of the zip, to spoil."""
    return {name: [dict(row) for row in rows] for name, rows in served.items()}


def refresh(site: Site, files: Tables, *names: str, days: int = 0, accept: bool = False) -> Refreshed:
    site.serve(page(epoch_zip.as_zip(files)), "epoch-hub")
    return site.refresh(*names or EPOCH, now=NOON + days * DAY, accept=accept)


def findings_text(done: Refreshed) -> str:
    return "\n".join(finding.what for outcome in done.outcomes for finding in outcome.findings)


def board_changes(done: Refreshed) -> set[tuple[str, str]]:
    """The changes of anything but the index by model, which had been by version."""
    return {(each.kind, each.model) for each in done.changes if "eci" not in each.subject}


def add(files: Tables, name: str, model: str, score: str) -> None:
    """Let a board list a new model."""
    row = dict.fromkeys(files[name][0], "") | {"Model version": model}
    row |= {column: score for column in (SCORE, BEST, "Time horizon", "average_score") if column in row}
    files[name].append({**row, "Release date": "2026-11-20", "Organization": "OpenAI"})


def test_the_first_refresh_succeeds_in_one_go_and_the_newest_day_moves(site: Site, files: Tables) -> None:
    with open_store(site.settings.db, site.settings.data) as store:
        before = {row[0] for row in store.rows("SELECT model_id FROM models", ())}
    done = refresh(site, files)
    assert [(each.series, each.state, each.why) for each in done.outcomes] == [(name, "new", "") for name in EPOCH]
    assert done.looks is not None
    assert done.looks.first == ()
    with open_store(site.settings.db, site.settings.data) as store:
        records = load(store)
        assert records.known_by(records.last_known).newest_data == NOON.date() > date(2026, 9, 28)
        assert before <= {row[0] for row in store.rows("SELECT model_id FROM models", ())}
        aliases = dict(store.rows("SELECT spelling, model_id FROM aliases WHERE source_id LIKE 'epoch-index-%'", ()))
    assert board_changes(done) == set()
    shared: dict[str, set[str]] = defaultdict(set)
    for row in files[METADATA]:
        shared[row["model_group"]].add(aliases.get(row["model_version"], row["model_version"]))
    several = {model for models in shared.values() if len(models) > 1 for model in models}
    gone = {each.model for each in done.changes if each.kind == "score gone"}
    assert gone <= several, "an index by model has one score of models that share a name"


def test_the_boards_that_say_what_they_said_change_no_score(site: Site, files: Tables) -> None:
    assert refresh(site, files, "epoch-hub").changes == ()


def test_the_index_moves_no_headline(site: Site, files: Tables) -> None:
    add(files, OTIS, "gpt-7_high", "0.5")
    refresh(site, files, "epoch-hub")
    done = refresh(site, files, "epoch-index")
    assert done.looks is not None
    assert [each.before for each in done.looks.figures] == [each.after for each in done.looks.figures]


def test_a_column_that_epoch_declares_takes_the_place_of_one_that_is_gone_in_its_scale(
    site: Site, files: Tables
) -> None:
    for row in files[GPQA]:
        del row[SCORE]
        row |= {column: str(float(row[column]) * 100) if row[column] else "" for column in (BEST, "stderr")}
    for row in files[DECLARED]:
        row["scale"] = "0.01" if row["source_file"] == GPQA else row["scale"]
    done = refresh(site, files, "epoch-hub")
    assert (done.outcomes[0].state, done.changes) == ("new", ())


def _rename_column(rows: list[Row]) -> list[Row]:
    return [{{SCORE: "score", BEST: "best"}.get(key, key): value for key, value in row.items()} for row in rows]


SPOILT: dict[str, tuple[Callable[[list[Row]], list[Row]], str]] = {
    GPQA: (_rename_column, "column Best score (across scorers): the column is missing"),
    METR: (
        lambda rows: [{**rows[0], "METR version": "METR-Horizon-v1.2"}, *rows[1:]],
        'column METR version: "METR-Horizon-v1.2" is no known suite',
    ),
    "mmlu_external.csv": (lambda rows: rows[:220], "has 220 rows where it had"),
    "chess_puzzles.csv": (lambda rows: [dict.fromkeys(rows[0], "")], "has 1 rows where it had"),
    "simpleqa_verified.csv": (
        lambda rows: [{**row, SCORE: str(float(row[SCORE]) / 100) if row[SCORE] else ""} for row in rows],
        "are 0.01 times what they were",
    ),
}


def test_a_file_that_cant_be_used_stays_as_it_was_and_the_others_go_on(site: Site, files: Tables) -> None:
    add(files, OTIS, "gpt-7_high", "0.99")
    for name, (spoil, _) in SPOILT.items():
        files[name] = spoil(files[name])
    done = refresh(site, files, "epoch-hub")
    assert done.outcomes[0].state == "new"
    assert board_changes(done) == {("new model", "gpt-7"), ("new score", "gpt-7")}
    kept = {line.split()[0]: line for line in findings_text(done).splitlines()[: len(SPOILT)]}
    assert kept.keys() == SPOILT.keys()
    assert [name for name, (_, why) in SPOILT.items() if why not in kept[name]] == []
    assert [each.state for each in refresh(site, files, "epoch-hub", days=1).outcomes] == ["unchanged"]
    refreshing.undo(site.settings, NOON + DAY)
    assert [each.state for each in refresh(site, files, "epoch-hub", days=2).outcomes] == ["held back"]


def test_a_file_that_vanished_stays_as_it_was_until_a_person_accepts_it(site: Site, files: Tables) -> None:
    add(files, OTIS, "gpt-7_high", "0.99")
    gpqa = files.pop(GPQA)
    done = refresh(site, files, "epoch-hub")
    assert f"{GPQA} stays as it was: {GPQA} is there no more" in findings_text(done)
    assert board_changes(done) == {("new model", "gpt-7"), ("new score", "gpt-7")}
    files[GPQA] = gpqa
    add(files, GPQA, "gpt-7_high", "0.99")
    done = refresh(site, files, "epoch-hub", days=1)
    assert (board_changes(done), "stays as it was" in findings_text(done)) == ({("new score", "gpt-7")}, False)
    del files[GPQA]
    assert [each.state for each in refresh(site, files, "epoch-hub", days=2).outcomes] == ["new"]
    done = refresh(site, files, "epoch-hub", days=2, accept=True)
    assert [each.state for each in done.outcomes] == ["new"]
    assert site.in_use is not None
    [kept] = [each for each in site.in_use.snapshots if each.source.snapshot == (NOON + 2 * DAY).date()]
    assert GPQA not in dict(revisions.read_kept(site.settings.data, kept))


def test_what_a_file_was_held_back_for_is_taken_when_a_person_accepts_it(site: Site, files: Tables) -> None:
    files[GPQA] = files[GPQA][:100]
    assert "stays as it was" in findings_text(refresh(site, files, "epoch-hub"))
    done = refresh(site, files, "epoch-hub", accept=True)
    assert [each.state for each in done.outcomes] == ["new"]
    assert "stays as it was" not in findings_text(done)


def test_a_bad_cell_costs_its_row(site: Site, files: Tables) -> None:
    bad = [
        (SCORE, "n/a", f'column {SCORE}: "n/a" is not a number'),
        (SCORE, "73", f'column {SCORE}: "7300" is no score in percent'),
        ("Release date", "soon", 'column Release date: "soon" is not a date'),
        ("Release date", "1962-09-03", ': "1962-09-03" is no release date'),
    ]
    add(files, GPQA, "gpt-7_high", "0.99")
    for number, (column, cell, _) in enumerate(bad):
        add(files, GPQA, f"gpt-8.{number}_high", "0.99")
        files[GPQA][-1][column] = cell
    add(files, METR, "gpt-9_high", "0.99")
    files[METR][-1]["Release date"] = "2062-09-03"
    done = refresh(site, files, "epoch-hub")
    assert board_changes(done) == {("new model", "gpt-7"), ("new score", "gpt-7")}
    lines = findings_text(done).splitlines()
    for line, (_, _, why) in enumerate(bad, start=len(files[GPQA]) - len(bad) + 2):
        assert [each for each in lines if each.startswith(f"{GPQA}, line {line}") and why in each]
    assert "gpt-9_high: a release date that is yet to come" in lines


def test_a_day_in_another_form_is_read(site: Site, files: Tables) -> None:
    add(files, GPQA, "gpt-7_high", "0.99")
    files[GPQA][-1]["Release date"] = "2026-9-3"
    refresh(site, files, "epoch-hub")
    with open_store(site.settings.db, site.settings.data) as store:
        assert store.rows("SELECT release_date FROM models WHERE model_id = 'gpt-7'", ()) == [("2026-09-03",)]


def test_an_unknown_word_of_openness_is_no_claim(site: Site, files: Tables) -> None:
    refresh(site, files)
    add(files, GPQA, "gpt-7_high", "0.99")
    row = {"model_version": "gpt-7_high", "model_group": "GPT-7", "date": "2026-11-20", "organization": "OpenAI"}
    files[METADATA].append({**row, "accessibility": "Weights on request"})
    done = refresh(site, files, days=1)
    assert [each.state for each in done.outcomes] == ["new", "new"]
    assert '"Weights on request" is an unknown word on openness, of 1 models: it is no claim' in findings_text(done)
    with open_store(site.settings.db, site.settings.data) as store:
        assert store.rows("SELECT openness FROM models WHERE model_id = 'gpt-7'", ()) == [("unknown",)]


def test_the_zips_metadata_say_what_a_new_model_is(site: Site, files: Tables) -> None:
    add(files, GPQA, "gpt-7_high", "0.99")
    row = {"model_version": "gpt-7_high", "model_group": "GPT-7", "date": "2026-11-20", "organization": "OpenAI"}
    files[METADATA].append({**row, "accessibility": "API access"})
    refresh(site, files)
    with open_store(site.settings.db, site.settings.data) as store:
        rows = store.rows("SELECT name, openness, lab_id FROM models WHERE model_id = 'gpt-7'", ())
    assert rows == [("GPT-7", "closed", "openai")]


def contents(site: Site) -> dict[str, bytes]:
    return {name: (table_folder(site.settings.data) / f"{name}.csv").read_bytes() for name in ("models", "scores")}


def test_a_model_keeps_the_id_that_another_publisher_brought_and_undo_is_exact(site: Site, files: Tables) -> None:
    row = {"display_name": "GPT-7 (high)", "avg_acc": "0.5", "avg_acc_standard_error": "0.01"}
    site.serve([*weirdml(), {**row, "release_date": "2026-11-20"}])
    assert ("new model", "GPT-7") in board_changes(site.refresh("weirdml"))
    refresh(site, files, days=1)
    before = contents(site)
    add(files, GPQA, "gpt-7-2026-11-20_high", "0.99")
    add(files, OTIS, "gpt-7-2026-11-20_ultra", "0.99")
    add(files, METR, "gpt-7-2026-11-20_turbo", "500")
    words = {"model_group": "GPT-7", "date": "2026-11-20", "organization": "OpenAI", "accessibility": "API access"}
    files[METADATA].append({"model_version": "gpt-7-2026-11-20_high", **words})
    done = refresh(site, files, days=2)
    assert board_changes(done) == {("new score", "GPT-7"), ("openness", "GPT-7")}
    assert 'gpt-7-2026-11-20_turbo: "turbo" is no known effort of gpt-7-2026-11-20' in findings_text(done)
    refreshing.undo(site.settings, NOON + 2 * DAY)
    assert contents(site) == before
