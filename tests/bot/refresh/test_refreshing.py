"""A refresh: what is sound is taken, whole; what is not is said in a sentence, and nothing else changes."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.answers import Answers
from bot.refresh import refreshing
from core.errors import DataError, UsageError
from core.evidence.importers import IMPORTERS
from core.evidence.importers.rows import FileContent, RawModel, RawScore
from core.questions import GapQuestion, ask
from core.refresh import revisions
from core.refresh.table_changes import Change
from core.store.store import open_store
from core.store.tables import TABLES, hash_tables, shipped_folder, table_folder
from tests.bot.refresh.conftest import NEW, NOON, Row, Site, as_csv, states, weirdml
from tests.fakes import publishers as fake

DAY = timedelta(days=1)


def changed(rows: list[Row], name: str, **values: str) -> list[Row]:
    """The board with other values in the row of a model."""
    assert any(row["display_name"] == name for row in rows)
    return [{**row, **values} if row["display_name"] == name else row for row in rows]


def tables(folder: Path) -> dict[str, bytes]:
    return {table.name: table.path(table_folder(folder)).read_bytes() for table in TABLES}


def scores(site: Site, model: str) -> list[tuple[object, ...]]:
    return site.rows(
        "SELECT score, known_from, superseded_from, gone_from FROM scores WHERE benchmark_id = 'weirdml'"
        " AND model_id = ? ORDER BY known_from",
        model,
    )


@pytest.mark.slow
def test_what_is_served_as_shipped_or_as_before_is_noted_and_no_news(site: Site) -> None:
    site.serve(fake.page(as_csv(weirdml()), etag='"1"'))
    assert site.refresh().changes == ()
    assert tables(site.settings.data)["scores"] == tables(shipped_folder())["scores"]
    done = site.refresh(now=NOON + DAY)
    assert [outcome.state for outcome in done.outcomes] == ["unchanged"]
    assert site.served.asked[-1].headers["If-None-Match"] == '"1"'
    [held] = site.in_use.snapshots
    assert (held.source.snapshot, held.source.held_until) == (NOON.date(), (NOON + DAY).date())
    assert site.refresh(now=NOON + DAY).number is None


@pytest.mark.slow
def test_days_without_news_make_no_revision_and_the_data_are_read_on(site: Site) -> None:
    site.serve(fake.page(as_csv(weirdml()), etag='"1"'))
    site.refresh()
    site.serve(fake.page(as_csv(changed(weirdml(), "gpt-5.5 (xhigh)", avg_acc="0.8")), etag='"2"'))
    site.refresh(now=NOON + DAY)
    entries = [(revision.parent, revision.made, revision.told) for revision in revisions.read_log(site.settings.data)]
    for number in range(2, 5):
        assert site.refresh(now=NOON + number * DAY).number is None
    assert [
        (revision.parent, revision.made, revision.told) for revision in revisions.read_log(site.settings.data)
    ] == entries
    assert site.in_use.snapshots[-1].source.held_until == (NOON + 4 * DAY).date()
    assert site.rows("SELECT max(held_until) FROM sources") == [("2026-12-02",)]
    assert len([*(site.settings.data / "revisions").iterdir()]) == 3  # the last tables may be being read


@pytest.mark.slow
def test_undo_passes_over_what_changed_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.serve(weirdml())
    site.refresh()
    with pytest.raises(DataError, match="There is nothing to undo"):
        refreshing.undo(site.settings, NOON)
    site.serve(changed(weirdml(), "gpt-5.5 (xhigh)", avg_acc="0.8"))
    site.refresh(now=NOON + DAY)
    site.serve([dict(reversed(row.items())) for row in changed(weirdml(), "gpt-5.5 (xhigh)", avg_acc="0.8")])
    done = site.refresh(now=NOON + 2 * DAY)
    assert ([outcome.state for outcome in done.outcomes], done.number) == (["new"], None)
    monkeypatch.setattr("core.__version__", "9.9.9")
    refreshing.merge_release(site.settings, NOON + 3 * DAY)
    assert [change.kind for change in refreshing.undo(site.settings, NOON + 4 * DAY).changes] == ["revised score"]
    assert tables(site.settings.data)["scores"] == tables(shipped_folder())["scores"]


@pytest.mark.slow
def test_a_new_score_has_its_first_day_a_revised_one_both_values_and_a_row_that_is_gone_its_mark(site: Site) -> None:
    rows = weirdml()
    site.serve(rows)
    site.refresh()
    site.serve([NEW, *changed(rows, "gpt-5.5 (xhigh)", avg_acc="0.8")[:-1]])
    done = site.refresh(now=NOON + DAY)
    assert (states(done), done.number) == ({"weirdml": "new"}, 2)
    assert Change("new score", "glm-9", "weirdml 2 high", None, 61.0) in done.changes
    assert scores(site, "glm-9") == [(61.0, "2026-11-29", None, None)]
    assert tables(site.settings.data) == tables(site.settings.data / "revisions" / "2")
    revised = [row[0] for row in scores(site, "gpt-5.5") if row[2] == "2026-11-29"]
    assert len(revised) == 1
    assert (80.0, "2026-11-29", None, None) in scores(site, "gpt-5.5")
    assert [row for row in scores(site, "Llama-3.1-8B-Instruct") if row[3] == "2026-11-29"]


@pytest.mark.slow
def test_a_dry_run_tells_and_changes_nothing_and_a_revision_keeps_what_came_of_it(site: Site) -> None:
    site.serve(changed(weirdml(), "gpt-5.5 (xhigh)", avg_acc="0.8"))
    done = site.refresh(dry_run=True)
    assert [change.kind for change in done.changes] == ["revised score"]
    assert done.number is site.in_use is None
    assert [path.name for path in site.settings.data.rglob("*") if path.is_file()] == ["lock"]
    with open_store(site.settings.db, site.settings.data) as store:
        assert store.revision == hash_tables(shipped_folder())
    site.refresh()
    summary = json.loads((site.settings.data / "revisions" / "1" / "revision.json").read_text(encoding="utf-8"))["told"]
    assert summary["changes"] == {"revised score": 1}
    assert {(figure["measure"], figure["access"]) for figure in summary["figures"]} >= {("catch-up time", "private")}


@pytest.mark.slow
def test_what_the_change_does_to_the_figures_and_who_is_newly_first_are_told_before_it_is_made(site: Site) -> None:
    site.serve(changed(weirdml(), "kimi-k3 (max)", avg_acc="0.93"))
    done = site.refresh()
    moved = {(figure.measure, figure.access) for figure in done.effects.figures if figure.before != figure.after}
    assert ("catch-up time", "private") in moved
    assert {(leader.benchmark, leader.level, leader.model) for leader in done.effects.first} >= {
        ("weirdml", 90.0, "kimi-k3")
    }
    with open_store(site.settings.db, site.settings.data) as store:
        answer = ask(GapQuestion(), store, NOON.date())
    shown = {fact.key: fact.value for fact in answer.facts}
    for figure in done.effects.figures:
        if figure.measure == "catch-up time":
            assert shown[f"catch_up.{figure.access}"] == figure.after


SPOILT: dict[str, tuple[Callable[[], object], str]] = {
    "UTF-16": (lambda: fake.page(as_csv(weirdml()).decode().encode("utf-16")), "can't be read"),
    "half the rows": (lambda: weirdml()[:70], "has 70 rows where it had"),
    "percent": (
        lambda: [{**row, "avg_acc": f"{float(row['avg_acc']) * 100:.8f}"} for row in weirdml()],
        "is no score in percent",
    ),
}


@pytest.mark.parametrize("what", SPOILT)
@pytest.mark.slow
def test_what_cant_be_used_is_said_in_a_sentence_and_nothing_changes(site: Site, what: str) -> None:
    make, why = SPOILT[what]
    site.serve(make())
    before = site.settings.db.read_bytes()
    done = site.refresh()
    [outcome] = done.outcomes
    assert outcome.state in ("failed", "held back")
    assert why in outcome.why
    assert "\n" not in outcome.why
    assert done.changes == ()
    if site.in_use is not None:
        assert tables(site.settings.data)["scores"] == tables(shipped_folder())["scores"]
    else:
        assert site.settings.db.read_bytes() == before


@pytest.mark.parametrize("unseen", ["\x00", "\x1b[2J", "\x7f", "\u202e", "\u2066", "\u2028", "x" * 200])
@pytest.mark.slow
def test_a_name_that_nobody_could_read_costs_its_own_row_and_is_said_with_its_place(site: Site, unseen: str) -> None:
    rows = weirdml()
    rows[3] = {**rows[3], "display_name": f"glm-9{unseen} (high)"}
    site.serve([*rows, {**rows[0], "display_name": "glm-9 (low)", "avg_acc": "0.5"}])
    done = site.refresh()
    assert [outcome.state for outcome in done.outcomes] == ["new"]
    [finding] = [entry.what for entry in done.outcomes[0].findings if "line 5" in entry.what]
    assert finding.isprintable()
    assert len(finding) < 400
    assert Change("new score", "glm-9", "weirdml 2 low", None, 50.0) in done.changes


def unreadable(path: Path) -> FileContent:
    """What the checks of files let through and the tables' contract doesn't."""
    models = [RawModel(number, f"unreadable {number}", raw="open\0", claim="open") for number in range(70)]
    scores = [
        RawScore(model.line, "aider-polyglot", "1", model.spelling, 50.0, "board-run", column="score")
        for model in models
    ]
    return FileContent(70, scores, models)


def fault(path: Path) -> FileContent:
    """A day that no table can hold: a fault of ours."""
    imported = unreadable(path)
    imported.models[:] = [replace(model, raw="", organization=5) for model in imported.models]
    return imported


def unforeseen(path: Path) -> FileContent:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("read", "why"),
    [
        (None, "answers with 500"),
        (unforeseen, "ZeroDivisionError in test_refreshing.py, line "),
        (unreadable, "serves can't be compiled with the other data, so its old data stay: classifications.csv, line "),
        (fault, "so its old data stay: a fault of gapbrief's (AttributeError in curated.py, line"),
    ],
)
@pytest.mark.slow
def test_what_is_wrong_at_one_publisher_stays_out_and_stops_no_other(
    site: Site, monkeypatch: pytest.MonkeyPatch, read: Callable[[Path], FileContent] | None, why: str
) -> None:
    if read:
        monkeypatch.setitem(IMPORTERS, "aider", read)
    site.serve(fake.page(b"- x", etag='"1"') if read else fake.status(500), "aider")
    site.serve(changed(weirdml(), "gpt-5.5 (xhigh)", avg_acc="0.8"))
    done = site.refresh("aider", "weirdml")
    assert states(done) == {"aider": "failed", "weirdml": "new"}
    assert why in done.outcomes[0].why
    assert "\n" not in done.outcomes[0].why
    assert [change.kind for change in done.changes] == ["revised score"]
    assert (80.0, "2026-11-28", None, None) in scores(site, "gpt-5.5")
    assert site.in_use.newest("aider") is None
    assert [outcome.state for outcome in site.refresh("aider", now=NOON + DAY).outcomes] == ["failed"]


@pytest.mark.slow
def test_what_was_held_back_stays_so_until_it_changes_or_a_person_accepts_it(site: Site) -> None:
    site.serve(fake.page(as_csv(weirdml()[:140]), etag='"1"'))
    site.refresh()
    halved = [{**row, "avg_acc": f"{0.9 * float(row['avg_acc']):.8f}"} for row in weirdml()]
    site.serve(fake.page(as_csv(halved), etag='"2"'))
    first, again = site.refresh(now=NOON + DAY), site.refresh(now=NOON + 2 * DAY)
    assert [outcome.state for done in (first, again) for outcome in done.outcomes] == ["held back", "held back"]
    assert first.outcomes[0].why == again.outcomes[0].why
    assert site.in_use.refused["weirdml"].since == "2026-11-29"
    accepted = site.refresh(now=NOON + 3 * DAY, accept=True)
    assert [outcome.state for outcome in accepted.outcomes] == ["new"]
    assert accepted.changes
    assert not site.in_use.refused


@pytest.mark.slow
def test_a_renamed_column_is_taken_once_a_person_accepts_it_and_from_then_on(site: Site) -> None:
    def renamed(rows: list[Row]) -> list[Row]:
        return [{{"avg_acc": "accuracy"}.get(key, key): cell for key, cell in row.items()} for row in rows]

    site.serve(renamed(weirdml()))
    [outcome] = site.refresh().outcomes
    assert (outcome.state, outcome.why) == (
        "held back", 'weirdml_data.csv, column avg_acc: the column is missing, and what it held stands in "accuracy"'
    )  # fmt: skip
    [outcome] = site.refresh(accept=True).outcomes
    assert outcome.state == "new"
    assert tables(site.settings.data)["scores"] == tables(shipped_folder())["scores"]
    site.serve(renamed(changed(weirdml(), "gpt-5.5 (xhigh)", avg_acc="0.8")))
    assert [change.kind for change in site.refresh(now=NOON + DAY).changes] == ["revised score"]
    refreshing.undo(site.settings, NOON + DAY)
    assert site.in_use.columns == {"weirdml:weirdml_data.csv": {"accuracy": "avg_acc"}}


def test_a_column_is_none_that_holds_something_else(site: Site) -> None:
    site.serve([{{"avg_acc": "cost"}.get(key, key): cell * 2 for key, cell in row.items()} for row in weirdml()])
    [outcome] = site.refresh(accept=True).outcomes
    assert outcome.state == "failed"
    assert outcome.why.startswith("weirdml_data.csv, column avg_acc: the column is missing")
    assert "stands in" not in outcome.why


@pytest.mark.slow
def test_undo_goes_back_and_what_came_is_not_taken_again_until_it_changes(site: Site) -> None:
    site.serve(weirdml())
    site.refresh()
    before = tables(site.settings.data)
    site.serve(changed(weirdml(), "gpt-5.5 (xhigh)", avg_acc="0.8"))
    site.refresh(now=NOON + DAY)
    done = refreshing.undo(site.settings, NOON + DAY)
    assert [change.kind for change in done.changes] == ["revised score"]
    assert tables(site.settings.data) == before
    [outcome] = site.refresh(now=NOON + 2 * DAY).outcomes
    assert (outcome.state, outcome.why) == ("held back", "undone on 2026-11-29")
    assert tables(site.settings.data) == before
    site.serve(changed(weirdml(), "gpt-5.5 (xhigh)", avg_acc="0.81"))
    assert [result.state for result in site.refresh(now=NOON + 2 * DAY).outcomes] == ["new"]
    whys = [revision.why for revision in revisions.read_log(site.settings.data)]
    assert whys == ["refresh", "refresh", "undo of 2", "refresh"]
    refreshing.undo(site.settings, NOON + 3 * DAY)
    assert tables(site.settings.data)["scores"] == tables(shipped_folder())["scores"]
    with pytest.raises(DataError, match="There is nothing to undo"):
        refreshing.undo(site.settings, NOON + 3 * DAY)


def test_one_process_at_a_time_changes_data(site: Site) -> None:
    site.serve(weirdml())
    with revisions.lock_data(site.settings.data), pytest.raises(DataError, match="is being changed by another process"):
        site.refresh()


def test_a_publisher_that_is_none_is_named(site: Site) -> None:
    with pytest.raises(UsageError, match=r'^"weird" is not a publisher; choose from aider, arena,'):
        refreshing.choose_publishers(["weird"], site.publishers)


@pytest.mark.slow
def test_a_new_release_compiles_refreshed_data_with_its_own(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.serve(changed(weirdml(), "gpt-5.5 (xhigh)", avg_acc="0.8"))
    site.refresh()
    monkeypatch.setattr("core.__version__", "9.9.9")
    (site.settings.data / "revisions" / "1" / "models.csv").write_text("of another form", encoding="utf-8")
    assert Answers(site.settings).compute(GapQuestion()).facts
    assert (80.0, "2026-11-28", None, None) in scores(site, "gpt-5.5")
    assert [revision.why for revision in revisions.read_log(site.settings.data)] == ["refresh", "gapbrief 9.9.9"]
    Answers(site.settings)
    assert len(revisions.read_log(site.settings.data)) == 2
