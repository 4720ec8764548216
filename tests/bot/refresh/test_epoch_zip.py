"""Epoch AI's zip as it is served: its first refresh succeeds, and what is wrong in it costs a row or a file."""

import os
import shlex
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.doctor import examine
from bot.refresh import refreshing
from bot.refresh.refreshing import RefreshResult
from core.answer import Answer
from core.errors import UsageError
from core.evidence.evidence import load
from core.evidence.importers import epoch_hub
from core.questions import GapQuestion, ask
from core.refresh import revisions
from core.store import queries
from core.store.store import open_store
from core.store.tables import table_folder
from tests.bot.refresh import epoch_zip
from tests.bot.refresh.conftest import NOON, Site, states, weirdml
from tests.bot.refresh.epoch_zip import DECLARED, METADATA, Tables
from tests.fakes.publishers import page

pytestmark = pytest.mark.slow

EPOCH = ("epoch-hub", "epoch-index")
DAY = timedelta(days=1)
GPQA, OTIS, METR = "gpqa_diamond.csv", "otis_mock_aime_2024_2025.csv", "metr_time_horizons_external.csv"
MMLU = "mmlu_external.csv"
SCORE, BEST = "mean_score", "Best score (across scorers)"


@pytest.fixture(scope="session")
def served() -> Tables:
    return epoch_zip.tables()


@pytest.fixture
def files(served: Tables) -> Tables:
    """The files of the zip, to spoil."""
    return {name: [dict(row) for row in rows] for name, rows in served.items()}


def refresh(site: Site, files: Tables, *names: str, days: int = 0, accept: bool | str = False) -> RefreshResult:
    site.serve(page(epoch_zip.as_zip(files)), "epoch-hub")
    return site.refresh(*names or EPOCH, now=NOON + days * DAY, accept=accept)


def run_typed(site: Site, command: str, exit_code: int = 0) -> Result:
    """Run a command just as it is typed."""
    environment = {"GAPBRIEF_DB": str(site.settings.db), "GAPBRIEF_ENV_FILE": os.devnull}
    result = CliRunner().invoke(main, shlex.split(command)[1:], env=environment)
    assert result.exit_code == exit_code, result.output
    return result


def findings_text(done: RefreshResult) -> str:
    return "\n".join(finding.what for outcome in done.outcomes for finding in outcome.findings)


def board_changes(done: RefreshResult) -> set[tuple[str, str]]:
    """The changes of anything but the index by model, which had been by version."""
    return {(change.kind, change.model) for change in done.changes if "eci" not in change.subject}


def add(files: Tables, name: str, model: str, score: str) -> None:
    """Let a board list a new model."""
    row = dict.fromkeys(files[name][0], "") | {"Model version": model}
    row |= {column: score for column in (SCORE, BEST, "Time horizon", "average_score") if column in row}
    files[name].append({**row, "Release date": "2026-11-20", "Organization": "OpenAI"})


def test_the_first_refresh_succeeds_in_one_go_and_the_newest_day_moves(site: Site, files: Tables) -> None:
    before = {*site.rows("SELECT model_id FROM models")}
    done = refresh(site, files)
    assert [(outcome.series, outcome.state, outcome.why) for outcome in done.outcomes] == [
        (name, "new", "") for name in EPOCH
    ]
    assert done.effects.first == ()
    with open_store(site.settings.db, site.settings.data) as store:
        records = load(store)
    assert records.known_by(records.last_known).newest_data == NOON.date() > date(2026, 9, 28)
    assert before <= {*site.rows("SELECT model_id FROM models")}
    aliases = dict(site.rows("SELECT spelling, model_id FROM aliases WHERE source_id LIKE 'epoch-index-%'"))
    assert board_changes(done) == set()
    shared: dict[str, set[str]] = defaultdict(set)
    for row in files[METADATA]:
        shared[row["model_group"]].add(aliases.get(row["model_version"], row["model_version"]))
    several = {model for models in shared.values() if len(models) > 1 for model in models}
    gone = {change.model for change in done.changes if change.kind == "score gone"}
    assert gone <= several, "an index by model has one score of models that share a name"


def test_the_index_moves_no_headline(site: Site, files: Tables) -> None:
    add(files, OTIS, "gpt-7_high", "0.5")
    refresh(site, files, "epoch-hub")
    done = refresh(site, files, "epoch-index")
    assert [figure.before for figure in done.effects.figures] == [figure.after for figure in done.effects.figures]


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


HELD: dict[str, tuple[Callable[[Tables], None], str]] = {
    GPQA: (lambda files: files.update({GPQA: files[GPQA][:100]}), "has 100 rows where it had"),
    METR: (
        lambda files: files[METR][0].update({"METR version": "METR-Horizon-v1.2"}),
        'METR version "METR-Horizon-v1.2" is no known suite',
    ),
    "chess_puzzles.csv": (lambda files: files.__delitem__("chess_puzzles.csv"), "chess_puzzles.csv is gone"),
    MMLU: (
        lambda files: files.update(
            {MMLU: [{{"EM": "Exact match"}.get(key, key): cell for key, cell in row.items()} for row in files[MMLU]]}
        ),
        'column EM: the column is missing, and what it held stands in "Exact match"',
    ),
}
"""What spoils a file, and why it then stays as it was."""


def test_a_file_that_cant_be_used_stays_as_it_was_and_the_others_go_on(site: Site, files: Tables) -> None:
    add(files, OTIS, "gpt-7_high", "0.99")
    for spoil, _ in HELD.values():
        spoil(files)
    done = refresh(site, files, "epoch-hub")
    assert done.outcomes[0].state == "new"
    assert board_changes(done) == {("new model", "gpt-7"), ("new score", "gpt-7")}
    kept = {line.split()[0]: line for line in findings_text(done).splitlines()[: len(HELD)]}
    assert kept.keys() == HELD.keys()
    assert [name for name, (_, why) in HELD.items() if why not in kept[name]] == []
    assert [outcome.state for outcome in refresh(site, files, "epoch-hub", days=1).outcomes] == ["unchanged"]
    refreshing.undo(site.settings, NOON + DAY)
    assert [outcome.state for outcome in refresh(site, files, "epoch-hub", days=2).outcomes] == ["held back"]


def test_a_file_that_vanished_stays_as_it_was_until_a_person_accepts_it(site: Site, files: Tables) -> None:
    add(files, OTIS, "gpt-7_high", "0.99")
    gpqa = files.pop(GPQA)
    done = refresh(site, files, "epoch-hub")
    assert f"{GPQA} stays as it was: {GPQA} is gone" in findings_text(done)
    assert board_changes(done) == {("new model", "gpt-7"), ("new score", "gpt-7")}
    files[GPQA] = gpqa
    add(files, GPQA, "gpt-7_high", "0.99")
    done = refresh(site, files, "epoch-hub", days=1)
    assert (board_changes(done), "stays as it was" in findings_text(done)) == ({("new score", "gpt-7")}, False)
    del files[GPQA]
    done = refresh(site, files, "epoch-hub", days=2, accept=True)
    assert [outcome.state for outcome in done.outcomes] == ["new"]
    [kept] = [snapshot for snapshot in site.in_use.snapshots if snapshot.source.snapshot == (NOON + 2 * DAY).date()]
    assert GPQA not in dict(revisions.read_snapshot(site.settings.data, kept))


def test_a_bad_cell_costs_its_row(site: Site, files: Tables) -> None:
    bad = [
        (SCORE, "n/a", f'column {SCORE}: "n/a" is not a number'),
        (SCORE, "73", f'column {SCORE}: "7300" is no score in percent'),
        ("Release date", "soon", 'column Release date: "soon" is not a date'),
        ("Release date", "1962-09-03", ': "1962-09-03" is not a release date'),
    ]
    add(files, GPQA, "gpt-7_high", "0.99")
    files[GPQA][-1]["Release date"] = "2026-9-3"  # another form of a day, which is read
    for number, (column, cell, _) in enumerate(bad):
        add(files, GPQA, f"gpt-8.{number}_high", "0.99")
        files[GPQA][-1][column] = cell
    add(files, METR, "gpt-9_high", "0.99")
    files[METR][-1]["Release date"] = "2062-09-03"
    done = refresh(site, files, "epoch-hub")
    assert board_changes(done) == {("new model", "gpt-7"), ("new score", "gpt-7")}
    lines = findings_text(done).splitlines()
    for line, (_, _, why) in enumerate(bad, start=len(files[GPQA]) - len(bad) + 2):
        assert [finding for finding in lines if finding.startswith(f"{GPQA}, line {line}") and why in finding]
    assert "gpt-9_high: a release date in the future" in lines
    assert site.rows("SELECT release_date FROM models WHERE model_id = 'gpt-7'") == [("2026-09-03",)]


@pytest.mark.parametrize(
    ("word", "openness", "finding"),
    [
        ("API access", "closed", ""),
        ("Weights on request", "unknown", "is an unknown word for openness, used for 1 model: it is no claim"),
    ],
)
def test_the_zips_metadata_say_what_a_new_model_is(
    site: Site, files: Tables, word: str, openness: str, finding: str
) -> None:
    refresh(site, files)
    add(files, GPQA, "gpt-7_high", "0.99")
    row = {"model_version": "gpt-7_high", "model_group": "GPT-7", "date": "2026-11-20", "organization": "OpenAI"}
    files[METADATA].append({**row, "accessibility": word})
    done = refresh(site, files, days=1)
    assert states(done) == dict.fromkeys(EPOCH, "new")
    rows = site.rows("SELECT name, openness, lab_id FROM models WHERE model_id = 'gpt-7'")
    assert rows == [("GPT-7", openness, "openai")]
    assert (f'"{word}" {finding}' in findings_text(done)) == bool(finding)


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


# ---- boards that the metadata alone declares

OSWORLD = "osworld_2_external.csv"


def declare(files: Tables, name: str, file: str, scores: dict[str, float], scale: str = "1", **more: str) -> None:
    """Let the metadata declare one more board, of models that the zip's GPQA has."""
    column, blank = "Binary accuracy", dict.fromkeys(files[DECLARED][0], "")
    row = blank | {"benchmark": name, "source_file": file, "score_column": column, "scale": scale} | more
    files[DECLARED] = [row, *(other for other in files[DECLARED] if other["source_file"] != file)]
    known = {row["Model version"]: row for row in files[GPQA]}
    files[file] = [
        {
            "Model version": model, column: str(score), "Release date": known[model]["Release date"],
            "Organization": known[model]["Organization"],
        }
        for model, score in scores.items()
    ]  # fmt: skip


def spread(files: Tables) -> dict[str, float]:
    """Scores of a new board: half of what a model has on GPQA."""
    return {row["Model version"]: round(float(row[SCORE]) / 2, 4) for row in files[GPQA] if row[SCORE]}


def ask_gap(site: Site, benchmark: str, access: str | None = None) -> Answer:
    with open_store(site.settings.db, site.settings.data) as store:
        return ask(GapQuestion(benchmark=benchmark, access=access), store, NOON.date())


def test_a_board_that_the_metadata_alone_declares_answers_after_one_refresh_with_no_file_touched(
    site: Site, files: Tables
) -> None:
    add(files, OTIS, "gpt-7_high", "0.1")
    refresh(site, files, "epoch-hub")
    declare(files, "OSWorld 2.0", OSWORLD, spread(files))
    done = refresh(site, files, "epoch-hub")
    answer = ask_gap(site, "OSWorld 2.0")
    [gap] = [fact for fact in answer.facts if fact.key == "gap.unknown"]
    assert isinstance(gap.value, float)
    assert "on OSWorld 2.0" in answer.text
    assert "Of no class" in answer.text
    assert " months " in run_typed(site, "gapbrief gap --benchmark 'OSWorld 2.0'").stdout
    assert ask_gap(site, "osworld 2").facts == answer.facts
    with pytest.raises(
        UsageError, match=r"^Nobody has said whether OSWorld 2\.0 is private or public; leave the access"
    ):
        ask_gap(site, "OSWorld 2.0", access="private")
    assert done.effects.first == ()
    assert [figure.before for figure in done.effects.figures] == [figure.after for figure in done.effects.figures]
    rows = len(spread(files))
    assert findings_text(done).splitlines()[0] == (
        f"new board: OSWorld 2.0, {rows} rows; to count it as private or public: "
        "`gapbrief data count epoch-osworld-2 private`, or `public`"
    )
    with open_store(site.settings.db, site.settings.data) as store:
        assert [row[:2] for row in queries.boards_of_no_class(store)] == [("epoch-osworld-2", "OSWorld 2.0")]
    assert [outcome.state for outcome in refresh(site, files, "epoch-hub", days=1).outcomes] == ["unchanged"]


def test_a_new_board_counts_once_a_person_says_in_which_class(site: Site, files: Tables) -> None:
    declare(files, "OSWorld 2.0", OSWORLD, spread(files))
    refresh(site, files, "epoch-hub")
    [waiting] = [check.text for check in examine(site.settings, NOON.date()) if check.name == "new boards"]
    assert waiting.startswith(
        f"OSWorld 2.0 ({len(files[OSWORLD])} scores): new, and neither private nor public yet; to count it as private"
    )
    done = run_typed(site, waiting.split("`")[1])
    assert "Revision 2 is in use" in done.stdout
    assert done.stdout.count("gap, private") == 1
    revision = revisions.read_log(site.settings.data)[-1]
    assert {figure["access"] for figure in revision.told["figures"] if figure["before"] != figure["after"]} == {
        "private"
    }
    assert [check for check in examine(site.settings, NOON.date()) if check.name == "new boards"] == []
    assert {fact.key for fact in ask_gap(site, "OSWorld 2.0").facts} >= {"gap.private"}
    add_score = files[OSWORLD][0] | {"Model version": "gpt-7_high", "Binary accuracy": "0.99"}
    files[OSWORLD].append(add_score)
    refresh(site, files, "epoch-hub", days=1)
    assert {fact.key for fact in ask_gap(site, "OSWorld 2.0").facts} >= {"gap.private"}
    refreshing.undo(site.settings, NOON + DAY)
    refreshing.undo(site.settings, NOON + DAY)
    assert {fact.key for fact in ask_gap(site, "OSWorld 2.0").facts} >= {"gap.unknown"}
    refused = run_typed(site, "gapbrief data count 'GPQA Diamond' private", exit_code=2)
    assert "GPQA Diamond is a public test already" in refused.stderr


def test_a_release_that_knows_a_declared_board_files_its_scores_as_its_own(
    site: Site, files: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(files, "OSWorld 2.0", OSWORLD, spread(files))
    refresh(site, files, "epoch-hub")
    with open_store(site.settings.db, site.settings.data) as store:
        [(_, _, n_scores)] = queries.boards_of_no_class(store)
    known = epoch_hub.known_boards()
    known[OSWORLD] = replace(known[GPQA], benchmark="apex-agents", version="long-2026")
    monkeypatch.setattr(epoch_hub, "known_boards", lambda: known)
    monkeypatch.setattr("core.__version__", "9.9.9")
    refreshing.merge_release(site.settings, NOON + DAY)
    with open_store(site.settings.db, site.settings.data) as store:
        assert queries.boards_of_no_class(store) == []
    [(n_filed,)] = site.rows("SELECT count(*) FROM scores WHERE benchmark_id = 'apex-agents'")
    assert n_filed >= n_scores


def test_a_new_board_that_cant_be_used_is_said_and_stops_none(site: Site, files: Tables) -> None:
    some = dict(list(spread(files).items())[:9])
    declare(files, "Dollars", "dollars.csv", some, scale="")
    declare(files, "Another column", "another.csv", some, score_column="Accuracy")
    declare(files, "Percent", "percent.csv", {model: 100 * score for model, score in some.items()})
    declare(files, "Nowhere", "nowhere.csv", some)
    del files["nowhere.csv"]
    declare(files, "GPQA Diamond", "gpqa_other.csv", some)
    declare(files, "gpt-5.5", "gpt.csv", some)
    declare(files, "x" * 81, "long.csv", some)
    declare(files, "Outside", "../outside.csv", some)
    del files["../outside.csv"]
    done = refresh(site, files, "epoch-hub")
    assert [outcome.state for outcome in done.outcomes] == ["new"]
    lines = findings_text(done).splitlines()
    whys = dict(line.split(" is new and can't be used: ") for line in lines if "can't be used" in line)
    assert whys.keys() == {"dollars.csv", "another.csv, column Accuracy", "percent.csv, line 2, column Binary accuracy"}
    assert whys["dollars.csv"] == "no column of scores, or no scale of these, is declared"
    assert "is no score in percent" in whys["percent.csv, line 2, column Binary accuracy"]
    with open_store(site.settings.db, site.settings.data) as store:
        assert [row[1] for row in queries.boards_of_no_class(store)] == [
            "GPQA Diamond (Epoch AI)", "gpt-5.5 (Epoch AI)",
        ]  # fmt: skip
    assert ask_gap(site, "GPQA Diamond").question["benchmark"] == "gpqa-diamond 1"


def test_boards_go_on_where_the_metadata_cant_be_read_or_is_gone(site: Site, files: Tables) -> None:
    declare(files, "OSWorld 2.0", OSWORLD, spread(files))
    refresh(site, files, "epoch-hub")
    add(files, OTIS, "gpt-7_high", "0.99")
    files[DECLARED] = [{"benchmark": "OSWorld 2.0"}]
    done = refresh(site, files, "epoch-hub", days=1)
    assert board_changes(done) == {("new model", "gpt-7"), ("new score", "gpt-7")}
    text = findings_text(done)
    assert "benchmark_metadata.csv, column source_file: the column is missing" in text
    assert f"{OSWORLD} stays as it was: no score of epoch-osworld-2 hub is there any more" in text
    del files[DECLARED]
    add(files, GPQA, "gpt-7_high", "0.99")
    assert board_changes(refresh(site, files, "epoch-hub", days=2)) == {("new score", "gpt-7")}


def test_a_successor_that_the_metadata_declares_is_proposed_where_it_is_none_yet(site: Site, files: Tables) -> None:
    names = {"frontiermath.csv": "FrontierMath", "frontiermath_tiers_1_3_v2.csv": "FrontierMath v2", OTIS: "OTIS"}
    for row in files[DECLARED]:
        row["benchmark"] = names.get(row["source_file"], row["benchmark"])
        row["superseded_by"] = {"FrontierMath": "FrontierMath v2", "OTIS": "OTIS 2026"}.get(row["benchmark"], "")
    done = refresh(site, files, "epoch-hub")
    assert [line for line in findings_text(done).splitlines() if line.startswith("proposed")] == [
        "proposed: OTIS 2026 in place of OTIS, which it supersedes by Epoch's word"
    ]


# ---- what a person accepts, by file


def _typed(done: RefreshResult, file: str) -> str:
    """Return what a message says to type for a file."""
    [line] = [finding for finding in findings_text(done).splitlines() if finding.startswith(f"{file} stays as it was")]
    command = shlex.split(line.split("`")[1])
    assert command[:3] == ["gapbrief", "data", "refresh"]
    assert command[4:] == ["--accept"]
    return command[3]


def test_what_holds_a_file_back_is_accepted_by_file_as_its_message_says(site: Site, files: Tables) -> None:
    refresh(site, files, "epoch-hub")
    for spoil, _ in HELD.values():
        spoil(files)
    done = refresh(site, files, "epoch-hub", days=1)
    for number, name in enumerate(HELD, start=1):
        done = refresh(site, files, "epoch-hub", days=number, accept=_typed(done, name))
        assert [outcome.state for outcome in done.outcomes] == ["new"], name
        waiting = [line.split()[0] for line in findings_text(done).splitlines() if "stays as it was" in line]
        assert sorted(waiting) == sorted([*HELD][number:])
    assert [outcome.state for outcome in refresh(site, files, "epoch-hub", days=9).outcomes] == ["unchanged"]
    for name in (METR, MMLU):
        files[name].append({**files[name][1], "Model version": "gpt-7_high", "Release date": "2026-11-20"})
    done = refresh(site, files, "epoch-hub", days=10)
    assert "stays as it was" not in findings_text(done)
    assert board_changes(done) == {("new model", "gpt-7"), ("new score", "gpt-7")}
    assert len([change for change in done.changes if change.kind == "new score"]) == 2


def test_a_file_is_named_to_be_accepted_alone_and_is_one_of_its_publishers(site: Site, files: Tables) -> None:
    refused = run_typed(site, "gapbrief data refresh epoch-hub:gpqa_diamond.csv", exit_code=2)
    assert refused.stderr.startswith('"epoch-hub:gpqa_diamond.csv" names a file, which only --accept takes; leave')
    done = refresh(site, files, "epoch-hub", accept="epoch-hub:gpqa.csv")
    assert done.outcomes[0].why.startswith('epoch-hub has no file "gpqa.csv"; there are aider_polyglot_external.csv, ')
