"""A refresh that nobody watches: what waits of open and closed is said and kept, until a person settles it."""

import json
from datetime import timedelta

import pytest

from bot.refresh import refreshing
from bot.refresh.refreshing import RefreshResult
from core.evidence import snapshots
from core.refresh.own_rows import OwnOpenness
from core.refresh.table_changes import Change
from core.store.tables import shipped_folder
from tests.bot.refresh.conftest import NOON, Site, weirdml
from tests.fakes.publishers import page

DAY = timedelta(days=1)
ROW = {
    "display_name": "acme-9 (high)", "avg_acc": "0.97", "avg_acc_standard_error": "0.01",
    "release_date": "2026-11-20",
}  # fmt: skip


def models_dev(**open_weights: bool) -> bytes:
    """The registry as shipped, as it is served, and what it says of new models."""
    [(_, imported)] = snapshots.read_rows(shipped_folder() / "imported" / "models-dev-2026-06-30.jsonl")
    known = {
        model.spelling: {
            "name": model.name, "release_date": str(model.released or ""), "open_weights": model.claim == "open",
        }
        for model in imported.models
    }  # fmt: skip
    new = {
        f"acme/{name.replace('_', '-')}": {"name": name, "release_date": "2026-11-20", "open_weights": is_open}
        for name, is_open in open_weights.items()
    }
    return json.dumps(known | new).encode()


def refresh(site: Site, *, days: int = 0, dry_run: bool = False, **open_weights: bool) -> RefreshResult:
    site.serve(page(models_dev(**open_weights)), "models-dev")
    site.serve([*weirdml(), ROW])
    return site.refresh("models-dev", "weirdml", now=NOON + days * DAY, dry_run=dry_run)


def class_of(site: Site, model: str) -> list[tuple[object, ...]]:
    return site.rows("SELECT openness, openness_grade FROM models WHERE model_id = ?", model)


def findings(done: RefreshResult) -> dict[str, list[str]]:
    return {outcome.series: [finding.what for finding in outcome.findings] for outcome in done.outcomes}


@pytest.mark.slow
def test_a_leader_that_one_registry_calls_open_waits_and_is_said_until_a_person_settles_it(site: Site) -> None:
    assert "acme-9 is left out" in findings(refresh(site, acme_9=True, dry_run=True))["models-dev"][0]
    done = refresh(site, acme_9=True)
    assert [outcome.state for outcome in done.outcomes] == ["new", "new"]
    assert Change("new model", "acme-9", "", None, "open, left out") in done.changes
    assert Change("new score", "acme-9", "weirdml 2 high", None, 97.0) in done.changes
    assert class_of(site, "acme-9") == [("open", "held")]
    why = "acme-9 is left out: open by models.dev alone, it would hold a record"
    again = refresh(site, days=1, acme_9=True)
    for result in (done, again):  # nothing is new the second time, and it waits still
        assert findings(result)["models-dev"][0].startswith(why)
    assert site.last.findings["models-dev"][0].startswith(why)

    person = OwnOpenness("acme-9", "open", "https://acme.example/9", (NOON + 2 * DAY).date())
    settled = refreshing.change(site.settings, NOON + 2 * DAY, "classify", lambda last: last.with_row(person))
    assert Change("openness", "acme-9", "", "open, left out", "open") in settled.changes
    assert findings(refresh(site, days=3, acme_9=True, other_1=False)) == {"models-dev": [], "weirdml": []}
    assert class_of(site, "acme-9") == [("open", "audited")]
    since = site.rows("SELECT openness_from FROM models WHERE model_id = 'acme-9'")
    assert since == [("2026-11-30",)], "the day on which it counts, and is news"


@pytest.mark.slow
def test_undo_takes_back_what_waits_with_what_brought_it(site: Site) -> None:
    refresh(site, other_1=True)
    assert class_of(site, "acme-9") == [("unknown", "none")]
    refresh(site, days=1, acme_9=True)
    assert class_of(site, "acme-9") == [("open", "held")]
    refreshing.undo(site.settings, NOON + 2 * DAY)
    assert class_of(site, "acme-9") == [("unknown", "none")]
    assert site.in_use.held == ()
