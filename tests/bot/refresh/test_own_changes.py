"""What the operator says of models: before all sources, in every later revision, and taken back by undo."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.refresh import own_changes, refreshing
from bot.refresh.own_changes import make_alias, make_openness, make_release_date
from bot.refresh.refreshing import RefreshResult
from core.errors import DataError, UsageError
from core.names import names
from core.names.name_index import mentions, name_index
from core.questions import GapQuestion, ask
from core.refresh import own_rows, own_scores, revisions, table_changes
from core.refresh.own_rows import OwnRow
from core.refresh.table_changes import Change
from core.store.store import open_store
from core.store.table_files import read_tables
from core.store.tables import table_folder
from tests.bot.refresh.conftest import NOON, Site, weirdml
from tests.fakes.publishers import status

PAGE = "https://example.org/weights"
TODAY = NOON.date()


def put(site: Site, row: OwnRow, why: str = "by hand") -> RefreshResult:
    return refreshing.change(site.settings, NOON, why, lambda last: last.with_row(row))


def model(site: Site, model_id: str) -> tuple[object, ...]:
    query = "SELECT openness, openness_grade, release_date, date_source FROM models WHERE model_id = ?"
    [row] = site.rows(query, model_id)
    return tuple(row)


def meant(site: Site, typed: str) -> str:
    with open_store(site.settings.db, site.settings.data) as store:
        return names.find("model", typed, names.models(store)).key[0]


def in_a_text(site: Site, text: str) -> list[str | None]:
    with open_store(site.settings.db, site.settings.data) as store:
        return [mention.value for mention in mentions(text, name_index(store), lambda _word: True)]


@pytest.mark.slow
def test_own_evidence_goes_before_all_sources_outlives_a_refresh_and_is_taken_back(site: Site) -> None:
    before = model(site, "kimi-k3")
    assert before[0] == "open"
    row = make_openness(site.settings, "Kimi K3", "closed", PAGE, TODAY)
    done = put(site, row, "classify kimi-k3 closed")
    assert done.changes == (Change("openness", "kimi-k3", "", "open", "closed"),)
    assert any(figure.before != figure.after for figure in done.effects.figures)
    assert model(site, "kimi-k3") == ("closed", "audited", *before[2:])
    query = "SELECT publisher, url FROM classifications JOIN sources USING (source_id) WHERE model_id = ? AND used"
    assert site.rows(query, row.model) == [("own data", PAGE)]
    assert site.rows("SELECT max(held_until) FROM sources WHERE sets_day") == [(None,)]
    site.serve(weirdml())
    site.refresh(now=NOON + timedelta(days=1))
    assert model(site, "kimi-k3")[:2] == ("closed", "audited")
    assert [revision.why for revision in revisions.read_log(site.settings.data)] == [
        "classify kimi-k3 closed",
        "refresh",
    ]
    refreshing.undo(site.settings, NOON)
    assert model(site, "kimi-k3") == before
    assert [outcome.state for outcome in site.refresh(now=NOON + timedelta(days=1)).outcomes] == ["unchanged"]
    with pytest.raises(DataError, match="There is nothing to undo"):
        refreshing.undo(site.settings, NOON)


@pytest.mark.slow
def test_a_spelling_means_a_model_with_each_effort_at_sources_and_for_who_asks(site: Site) -> None:
    rows = weirdml()
    rows.append({**rows[0], "display_name": "kimi three (high)", "avg_acc": "0.97", "release_date": "2026-07-27"})
    site.serve(rows)
    site.refresh()
    assert meant(site, "kimi three") == "kimi three"
    done = put(site, make_alias(site.settings, "kimi three", "Kimi K3", "", TODAY))
    assert {(change.kind, change.model, change.subject) for change in done.changes} >= {
        ("model gone", "kimi three", ""),
        ("new score", "kimi-k3", "weirdml 2 high"),
    }
    put(site, make_alias(site.settings, "the moonshot", "Kimi K3", "", TODAY))
    assert meant(site, "kimi three") == meant(site, "the moonshot") == "kimi-k3"
    assert in_a_text(site, "how far behind is kimi three") == ["Kimi K3"]  # no spoken version of another name


@pytest.mark.slow
def test_a_day_of_release_is_corrected_exported_and_a_dry_run_only_says_so(site: Site, tmp_path: Path) -> None:
    row = make_release_date(site.settings, "Kimi K3", date(2026, 7, 1), PAGE, TODAY)
    first = refreshing.change(site.settings, NOON, "", lambda last: last.with_row(row), dry_run=True)
    assert first.number is site.in_use is None
    change = Change("release date", "kimi-k3", "", "2026-07-27", "2026-07-01")
    assert put(site, row).changes == first.changes == (change,)
    assert model(site, "kimi-k3")[2:] == ("2026-07-01", "release_dates")
    changes = table_changes.export_tables(site.settings.data, tmp_path / "out")
    assert changes == list(first.changes)
    assert own_rows.read_rows(tmp_path / "out") == own_rows.read_rows(table_folder(site.settings.data))
    assert read_tables(tmp_path / "out" / "data") == read_tables(site.settings.data)
    summary = (tmp_path / "out" / table_changes.SUMMARY).read_text(encoding="utf-8")
    assert f"| kimi-k3 | 2026-07-01 | {PAGE} | 2026-11-28 |" in summary
    assert "| release date | kimi-k3 |  | 2026-07-27 | 2026-07-01 |" in summary
    with pytest.raises(UsageError, match="exists and is not empty; name a new folder"):
        table_changes.export_tables(site.settings.data, tmp_path / "out")


@pytest.mark.slow
def test_own_scores_are_kept_apart_and_move_nothing_of_others(site: Site, tmp_path: Path) -> None:
    rows = ["model,score", "Kimi K3,60", "GPT-5.5,70", "my own model,99.5"]
    rows += [f"{name},5{number}" for number, name in enumerate(["glm-5", "glm-5.2", "kimi-k2.6", "MiniMax-M3"])]
    (tmp_path / "runs.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    own = own_scores.read_scores(tmp_path / "runs.csv", {})
    filed = own_changes.make_benchmark(site.settings, "weirdml", None, "public", TODAY)
    before, others = gap(site), tables_of_others(site)
    done = own_changes.import_scores(site.settings, NOON, own, filed, None, dry_run=False)
    assert {change.kind for change in done.changes} == {"new score", "new model"}
    assert all(figure.before == figure.after for figure in done.effects.figures)
    assert gap(site) == before
    assert tables_of_others(site) == others
    assert "Own WeirdML" in gap(site, "Own WeirdML")
    assert "private" in gap(site, "Own WeirdML")
    refreshing.undo(site.settings, NOON)
    with pytest.raises(UsageError, match='No test is called "Own WeirdML"'):
        gap(site, "Own WeirdML")
    assert not revisions.read_current(site.settings.data).refused


def gap(site: Site, benchmark: str | None = None) -> str:
    """What is said of the gap, as of the newest complete day."""
    with open_store(site.settings.db, site.settings.data) as store:
        return ask(GapQuestion(benchmark=benchmark), store, TODAY).text


def tables_of_others(site: Site) -> set[tuple[object, ...]]:
    return {*site.rows("SELECT * FROM scores WHERE version <> 'own'")}


LATER, POSSIBLE = date(2026, 12, 1), "give a day from 2015 to 2026-11-28"


@pytest.mark.parametrize(
    ("make", "words", "why"),
    [
        (make_openness, ("kimi-k9", "open", PAGE), 'No model is called "kimi-k9". Did you mean Kimi K3'),
        (make_openness, ("Kimi K3", "open", "I know it"), "\"I know it\" is not a page's address"),
        (make_alias, ("k3", "Kimi K3", "moon"), 'No source is called "moon"; there are aider, arena, bfcl'),
        (make_alias, ("kimi-k3", "Kimi K3", ""), 'The alias "kimi-k3" adds nothing to kimi-k3'),
        (make_release_date, ("Kimi K3", LATER, PAGE), f"The release date {LATER} can't be; {POSSIBLE}"),
    ],
)  # fmt: skip
def test_what_cant_be_an_own_row_is_said_in_a_sentence(
    site: Site, make: Callable[..., OwnRow], words: tuple[object, ...], why: str
) -> None:
    with pytest.raises(UsageError) as refused:
        make(site.settings, *words, TODAY)
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.slow
def test_a_new_release_is_merged_with_own_rows_at_the_next_refresh(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    put(site, make_openness(site.settings, "Kimi K3", "closed", PAGE, TODAY))
    site.serve(status(500))
    assert site.refresh().number is None
    monkeypatch.setattr(revisions, "shipped_revision", lambda: "of a new release")
    assert site.refresh().number is None
    assert (site.in_use.number, site.in_use.quiet) == (2, True)
    assert site.in_use.shipped == "of a new release"
    assert model(site, "kimi-k3")[:2] == ("closed", "audited")
