"""The charts of `gap`: which catch-ups they hold, what they say, and that they end at the figures."""

from datetime import date
from operator import itemgetter

import pytest

from core.questions import GapQuestion
from core.words import cell
from tests.core.questions.conftest import Ask

QUESTION = GapQuestion


def test_the_catch_up_chart_holds_each_tests_newest_result_and_oldest_unmatched_level(shipped: Ask) -> None:
    answer = shipped()
    points = [(p["open_date"], p["threshold"], p) for p in answer.data["points"] if p["accepted"]]
    newest = {point["benchmark"] + point["version"]: point for _, _, point in sorted(points, key=itemgetter(0, 1))}
    lines_ = [(*series.x, series.y[1]) for series in answer.charts[0].series if series.y[1] is not None]
    assert sorted(lines_) == sorted((p["closed_date"], p["open_date"], p["gap_months"]) for p in newest.values())
    [arc] = [series for series in answer.charts[0].series if series.label == "ARC-AGI-2 60 %"]
    assert (arc.role, arc.notes) == ("private", ("Claude Opus 4.6", "Kimi K3"))
    assert arc.details == ("Closed: Claude Opus 4.6, 5 February 2026", "Open: Kimi K3, 27 July 2026\nSource: Epoch AI")
    [waits] = [series for series in answer.charts[0].series if series.label == "SimpleBench 75 %"]
    assert (waits.y, waits.low[1], waits.notes) == ((None, None), pytest.approx(8.8, abs=0.05), ("Gemini 3 Pro", ""))
    assert waits.details[1].startswith("Open: none in the data to ")


def test_the_catch_up_chart_of_a_time_holds_what_came_in_it_where_anything_did(shipped: Ask) -> None:
    def ends(since: date) -> list[str]:
        return [series.x[1] for series in shipped(shown_since=since).charts[0].series if series.y[1] is not None]

    assert ends(date(2026, 7, 1)) == ["2026-07-27"] * 6
    assert ends(date(2026, 8, 30)) == ends(date(2020, 1, 1))


def test_the_records_of_a_model_lead_the_catch_up_chart_whenever_they_were_set(shipped: Ask) -> None:
    def first(model: str) -> tuple[set[tuple[str, str]], tuple[str, ...]]:
        rows = shipped(shown_since=date(2026, 7, 1), drawn_first=model).charts[0].series
        return {(row.label, row.notes[row.y[1] is not None]) for row in rows if model in row.notes}, rows[0].notes

    text, at_the_top = first("Kimi K2.6")
    assert ("GPQA Diamond 90 %", "Kimi K2.6") in text
    assert at_the_top[1] == "Kimi K2.6"
    text, at_the_top = first("GPT-6 Astra")
    assert text == {("ARC-AGI-2 95 %", "GPT-6 Astra"), ("FrontierMath Tier 4 v2 95 %", "GPT-6 Astra")}
    assert at_the_top == ("GPT-6 Astra", "")


def test_the_catch_up_chart_of_one_test_holds_all_its_results_after_its_shortest_and_longest(shipped: Ask) -> None:
    rows = shipped(benchmark="weirdml").charts[0].series
    assert [row.label for row in rows if row.y[1] is not None][:4] == ["80 %", "50 %", "75 %", "70 %"]


def test_the_gap_over_time_ends_at_the_figure_of_each_class(shipped: Ask) -> None:
    answer = shipped()
    chart = answer.charts[1]
    assert (chart.kind, [series.label for series in chart.series]) == ("index", ["private tests", "public tests"])
    for series in chart.series:
        assert (series.x[-1], series.y[-1]) == (answer.as_of, answer.data["access"][series.role]["index"]["months"])
        levels = [
            (low, months, high)
            for low, months, high in zip(series.low, series.y, series.high, strict=True)
            if months is not None
        ]
        assert len(levels) > 15
        assert all(low < months < high for low, months, high in levels)


def test_of_one_test_it_is_the_standing_gap_and_by_the_study_s_method_catch_up_time(shipped: Ask) -> None:
    [series] = shipped(benchmark="weirdml").charts[1].series
    assert (series.role, series.y[-1], set(series.low)) == ("private", pytest.approx(3.7, abs=0.05), {None})
    study = shipped(method="study")
    assert study.charts[1].y_label == "Months until open models reached the same scores"
    for series in study.charts[1].series:
        last = [value for value in series.y if value is not None][-1]
        assert last == study.data["access"][series.role]["catch_up"]["months"]


def test_the_chart_by_test_holds_each_tests_standing_gap_as_the_table_does(shipped: Ask) -> None:
    answer = shipped()
    by_test = answer.charts[-1]
    assert (by_test.kind, [series.role for series in by_test.series]) == ("benchmarks", ["private", "public"])
    [table] = [table for table in answer.tables if table.title == "By test, in months"]
    of_table = {row[0]: row[2] for row in table.rows}
    for series in by_test.series:
        values = [value for value in series.y if value is not None]
        assert list(series.y) == [*sorted(values, reverse=True), *[None] * (len(series.y) - len(values))]
        for name, months, note in zip(series.x, series.y, series.notes, strict=True):
            own = next(board for board in answer.data["benchmarks"] if board["name"] == name)["standing"]
            assert (months, note) == (own["months"], own["reason"] or "")
            assert cell(months) == of_table[name]


def test_every_chart_says_its_finding_its_sources_and_what_it_shows(shipped: Ask) -> None:
    answer = shipped()
    assert [chart.kind for chart in answer.charts] == ["catch-up", "index", "benchmarks"]
    for chart in answer.charts:
        assert "Data: Aider, Epoch AI and 4 others" in chart.foot
        range_text = "likely = 90 %" if chart.kind == "index" else "no likely range"  # the others draw none
        foot = chart.foot.replace("\N{NO-BREAK SPACE}", " ")
        assert foot.endswith(f" · as of 28 September 2026 · 19 tests · {range_text}")  # one day, given once
        assert "private tests" in chart.alt
        assert "public tests" in chart.alt
    _, index, by_test = answer.charts
    assert answer.charts[0].title == "Kimi K3 matched closed scores on private tests after 3 to 14 months"
    assert index.title == "Is the gap widening? Probably: 2.7 months since January 2025 (likely −1 to 6)"
    assert by_test.title == "Open models are furthest behind on SimpleBench: 14.2 months"
    assert by_test.x_label == "Months behind a test's newest model"  # nothing is left of 0


SCOPES = [
    (
        {"country": "China", "access": "private"},
        "Of open models from China, Kimi K3 matched closed scores on private tests after ",
        "Is the gap of open models from China on private tests widening? ",
        "Of private tests, open models from China are furthest behind on ",
    ),
    (
        {"size": "<=40", "domain": "coding"},
        "Coding · Of open models up to 40B, ",
        "Coding · Is the gap of open models up to 40B widening? ",
        "Coding · Open models up to 40B are furthest behind on ",
    ),
    (
        {"benchmark": "weirdml", "country": "China"},
        "Open models from China matched closed scores on WeirdML after ",
        "Open models from China stand ",
        "Open models from China trail on WeirdML",
    ),
]


@pytest.mark.parametrize(("fields", "catch_up", "index", "by_test"), SCOPES)
def test_every_charts_title_says_of_which_models_and_tests_it_is(
    shipped: Ask, fields: dict[str, str], catch_up: str, index: str, by_test: str
) -> None:
    for chart, begin in zip(shipped(**fields).charts, (catch_up, index, by_test), strict=True):
        assert chart.title.startswith(begin)


def test_catch_ups_since_a_day_say_that_day_under_their_title(shipped: Ask) -> None:
    assert shipped(shown_since=date(2026, 7, 1)).charts[0].y_label == "since 1 July 2026"
    assert shipped(shown_since=date(2026, 8, 30)).charts[0].y_label == ""  # nothing came, so all are drawn
    assert shipped(shown_since=date(2026, 7, 1), drawn_first="Kimi K2.6").charts[0].y_label == ""  # older ones too


def test_of_one_test_its_title_is_about_all_models_that_matched_a_score(shipped: Ask) -> None:
    chart = shipped(benchmark="weirdml").charts[0]
    ends = [months for row in chart.series if (months := row.y[1]) is not None]
    assert len({row.notes[1] for row in chart.series if row.notes[1]}) > 1
    assert (
        chart.title == f"Open models matched closed scores on WeirdML after {min(ends):.0f} to {max(ends):.0f} months"
    )
    assert [row.y[1] for row in chart.series[:2]] == [min(ends), max(ends)]  # which every picture shows


def test_a_catch_up_charts_title_is_about_the_rows_that_come_first(shipped: Ask) -> None:
    first, second, *_ = shipped().charts[0].series
    assert [(row.notes[1], round(row.y[1] or 0)) for row in (first, second)] == [("Kimi K3", 3), ("Kimi K3", 14)]
    waits = shipped(shown_since=date(2026, 7, 1), drawn_first="GPT-6 Astra").charts[0]
    assert waits.title == "No open model has matched GPT-6 Astra on ARC-AGI-2 95 %"


def test_a_class_without_a_figure_ends_its_line_with_the_reason(shipped: Ask) -> None:
    answer = shipped(domain="agents")
    reasons = {fact.key: fact.shown for fact in answer.facts if fact.key.startswith("gap.") and fact.value is None}
    ends = {series.role: series.notes[-1] for series in answer.charts[1].series if series.notes}
    assert {f"gap.{role}": reason for role, reason in ends.items() if reason} == reasons
