"""One model, one number: today's months behind are the same in every answer (method.md, H3)."""

from datetime import date

import pytest

from core.answer import Answer
from core.evidence.evidence import Evidence
from core.questions import QUESTIONS
from core.store.store import Store
from tests.core.questions.conftest import TODAY

DAYS = [date(2024, 10, 1), date(2025, 6, 1), date(2026, 1, 31), date(2026, 8, 22), date(2026, 9, 28)]


@pytest.fixture(params=DAYS, ids=str)
def day(request: pytest.FixtureRequest) -> date:
    return request.param


def answer_on(store: Store, evidence: Evidence, day: date, name: str, **words: str) -> Answer:
    return QUESTIONS[name].from_words(**words, as_of=day.isoformat()).resolved(store, TODAY).answer(evidence)


def months_of(index: dict[str, float]) -> tuple[float, ...]:
    return tuple(index[key] for key in ("months", "months_low", "months_high", "months_at_release"))


def test_a_model_is_as_far_behind_in_best_by_lab_in_model_and_in_compare(
    store: Store, evidence: Evidence, day: date
) -> None:
    best = answer_on(store, evidence, day, "best")
    lag = {fact.key: fact for fact in best.facts if fact.kind == "lag"}
    for access, ranked in best.data["ranking"].items():
        index = {row["model"]: row["index"] for row in ranked}
        assert lag[f"best.index.{access}"].value == ranked[0]["index"]["months"]
        for lab in best.data["labs"][access]:
            assert lab["index"] == index.get(lab["model"], lab["index"])
        for row in ranked[:4]:
            alone = answer_on(store, evidence, day, "model", model=row["model"])
            assert alone.data["index"][access] == row["index"]
            assert f"{row['index']['months']:.1f}" in alone.lines[0].text
            other = ranked[0]["model"] if row is not ranked[0] else ranked[1]["model"]
            beside = answer_on(store, evidence, day, "compare", left=f"model: {row['model']}", right=f"model: {other}")
            assert months_of(beside.data["index"][access]["left"]) == months_of(row["index"])
        for lab in best.data["labs"][access][:6]:
            alone = answer_on(store, evidence, day, "model", model=lab["model"])
            assert alone.data["index"][access] == lab["index"]


def test_nothing_is_ranked_by_one_number_and_shown_with_another(store: Store, evidence: Evidence, day: date) -> None:
    best = answer_on(store, evidence, day, "best")
    for key in ("ranking", "labs"):
        for rows in best.data[key].values():
            months = [-1.0 if row["index"]["months"] is None else row["index"]["months"] for row in rows]
            assert months == sorted(months)
    for table in best.tables:
        if "Behind now" in table.columns and "by their best model" in table.title:
            shown = [row[table.columns.index("Behind now")] for row in table.rows]
            rows = best.data["labs"]["private" if "private" in table.title else "public"]
            assert shown == [f"{row['index']['months']:.1f}" for row in rows]


def test_at_a_price_both_sides_best_stand_where_they_stand_everywhere(
    store: Store, evidence: Evidence, day: date
) -> None:
    best = answer_on(store, evidence, day, "best")
    for access, rows in best.data["equal_price"].items():
        for row in rows[:3]:
            for side in ("open", "closed"):
                if row[side] is not None:
                    alone = answer_on(store, evidence, day, "model", model=row[side])
                    assert alone.data["index"][access]["months"] == row[f"{side}_months"]


def test_on_a_test_the_best_open_model_is_as_far_behind_in_best_frontier_model_and_gap(
    store: Store, evidence: Evidence, day: date
) -> None:
    gap = answer_on(store, evidence, day, "gap")
    standing = {(row["benchmark"], row["version"]): row["standing"] for row in gap.data["benchmarks"]}
    for name in ("best", "frontier"):
        for row in answer_on(store, evidence, day, name).data["tests"]:
            gap_of_test = standing.get((row["benchmark"], row["version"]))
            if row["months"] is None or not gap_of_test or gap_of_test["months"] is None:
                continue
            assert row["months"] == pytest.approx(gap_of_test["months"])
            model = row["model"] if name == "best" else row["best_open"]["model"]
            alone = answer_on(
                store, evidence, day, "model", model=model, benchmark=f"{row['benchmark']} {row['version']}"
            )
            assert alone.data["tests"][0]["months"] == pytest.approx(row["months"])
