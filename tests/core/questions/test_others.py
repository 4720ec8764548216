"""What `others` says: every published figure as it was published, none averaged, and ours beside the same rules."""

import csv
import re
import statistics
from dataclasses import replace
from datetime import date

import pytest

from core.chart_rows import read_groups
from core.evidence.evidence import Published
from core.questions import GapQuestion
from core.questions.others import OthersQuestion
from tests.conftest import ROOT
from tests.core.questions.conftest import Ask
from tests.core.questions.laws import lines, shown
from tests.core.questions.worlds import race

QUESTION = OthersQuestion
STUDY_DAY = date(2026, 5, 22)
ENDS = ("months_low", "months_high")


def in_the_data() -> list[dict[str, str]]:
    with (ROOT / "data" / "published.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figure(name: str, **values: str) -> Published:
    fields = {
        "source": name,
        "published": "2026-05-01",
        "figure": "about 3 months",
        "direction": "",
        "comparable": "no",
    }
    published = Published(name, "", "", "The gap.", "", 3.0, 3.0, "", "", "", "", "Because.")
    return replace(published, **{**fields, **values})


# ---- all of them, as published


def test_all_figures_are_listed_newest_first(shipped: Ask) -> None:
    answer = shipped()
    published = answer.data["published"]
    assert len(published) == 19
    assert {row["figure_id"] for row in published} == {row["figure_id"] for row in in_the_data()}
    assert [row["published"] for row in published] == sorted((row["published"] for row in published), reverse=True)
    for table in answer.tables:
        assert [row[1] for row in table.rows] == [row["published"] for row in published]


def test_a_figure_that_is_published_with_a_change_has_its_direction() -> None:
    rows = [row for row in in_the_data() if "a change of" in row["rule"]]
    assert [(row["figure_id"], row["direction"]) for row in rows] == [("iaps-2026-07-trend", "narrowing")]


def test_the_reasons_are_of_the_gap_as_it_is_read_today() -> None:
    """The gap is read off one scale for a class of tests; crossings are of catch-up time and of the study."""
    assert [row["figure_id"] for row in in_the_data() if "ours takes crossings" in row["why"]] == []


def test_each_figure_is_told_as_it_was_published_with_what_it_measures_and_why_it_compares(shipped: Ask) -> None:
    answer = shipped()
    figures, rules = answer.tables
    for row in in_the_data():
        assert shown(answer, f"published.{row['figure_id']}") == row["figure"]
        assert any(cells[0] == row["source"] and cells[2] == row["figure"] for cells in figures.rows)
        [cells] = [
            cells
            for cells in rules.rows
            if cells[:2] == (row["source"], row["published"]) and cells[2].startswith(row["measures"])
        ]
        assert cells[2] == f"{row['measures']} {row['rule'] or 'Its rule is not known here.'}"
        assert cells[3:] == (row["comparable"], row["why"])


def test_nothing_is_averaged(shipped: Ask) -> None:
    """No figure is the mean or the median of others' figures, whole or of one end, to a tenth."""
    answer = shipped()
    lows, highs = ([float(row[end]) for row in in_the_data() if row[end]] for end in ("months_low", "months_high"))
    middles = [(low + high) / 2 for low, high in zip(lows, highs, strict=True)]
    averages = {
        f"{average(values):.1f} months"
        for average in (statistics.mean, statistics.median)
        for values in (lows, highs, middles)
    }
    own = {row["figure"] for row in in_the_data()}
    shown_text = answer.text + " ".join(cell for table in answer.tables for row in table.rows for cell in row)
    for text in own:
        shown_text = shown_text.replace(text, "")
    ours = {fact.shown for fact in answer.facts if fact.unit == "months"}
    for text in sorted(ours, key=len, reverse=True):
        shown_text = shown_text.replace(text, "")
    assert not any(average in shown_text for average in averages)
    assert not re.search(r"\bon average|\bmean\b|\bmedian\b", shown_text)
    assert "each stands by itself" in lines(answer)["Not averaged"]


# ---- they disagree


def test_the_disagreement_is_told_with_who_says_which(shipped: Ask) -> None:
    answer = shipped()
    assert answer.lines[0].text == "Others disagree on the gap's direction: 3 widening, 1 flat, 3 narrowing, 9 silent"
    by_label = lines(answer)
    assert by_label["Widening"] == "CAISI on 1 May 2026, Ihle (LessWrong) on 28 May 2026 and Epoch AI on 29 May 2026"
    assert by_label["Flat"] == "Doubleword on 26 June 2026"
    assert by_label["Narrowing"] == ("IAPS on 16 July 2026, UK AISI on 17 July 2026 and SemiAnalysis on 21 August 2026")
    assert by_label["Not said"].startswith("Epoch AI on 30 October 2025, Interconnects (N. Lambert) on 22 July 2026, ")
    assert "ECI-H on 29 September 2026" in by_label["Not said"]


def test_each_source_is_told_under_the_direction_that_the_data_give_it(shipped: Ask) -> None:
    by_label = lines(shipped())
    for row in in_the_data():
        assert row["source"] in by_label[row["direction"].capitalize() or "Not said"]


def test_sources_that_agree_are_not_said_to_disagree() -> None:
    world = replace(race(100), published=(figure("A", direction="flat"), figure("B", direction="flat")))
    answer = OthersQuestion().answer(world)
    assert answer.lines[0].text == "2 publications of others give a figure of the gap: 2 flat"
    assert lines(answer)["Flat"] == "A on 1 May 2026 and B on 1 May 2026"


# ---- ours beside them


def test_ours_by_the_studys_rules_and_at_its_time_stands_beside_the_study(shipped: Ask) -> None:
    answer = shipped()
    gap = shipped(GapQuestion, as_of=STUDY_DAY, known_by=STUDY_DAY, method="study").data["access"]
    for access in ("private", "public"):
        [row] = [row for row in answer.data["published"] if row["figure_id"] == f"ihle-2026-05-{access}"]
        ours, theirs = row["ours"]["catch_up"], gap[access]["catch_up"]
        assert ours == theirs | {key: pytest.approx(theirs[key], rel=1e-5) for key in ("low", "high")}
        assert row["months_low"] <= ours["months"] <= row["months_high"]
        assert f"{theirs['months']:.1f} months (likely " in lines(answer)["The study"]
    assert answer.data["ours"]["study"]["known_by"] == "2026-05-22"
    assert "by the same rules (study-1) and with what was known by 22 May 2026" in lines(answer)["The study"]


def test_only_figures_by_the_same_rules_have_ours_beside_them(shipped: Ask) -> None:
    answer = shipped()
    for row, cells in zip(answer.data["published"], answer.tables[0].rows, strict=True):
        same = row["comparable"] == "same"
        assert (row["ours"] is not None) == same
        assert (cells[4] != "–") == same


def test_ours_today_is_the_gap_and_its_direction(shipped: Ask) -> None:
    answer, gap = shipped(), shipped(GapQuestion)
    assert answer.data["ours"]["today"]["access"] == gap.data["access"]
    figures = (f"{shown(gap, f'gap.{name}')} ({shown(gap, f'range.{name}')}) on {name} tests"
               for name in ("private", "public"))  # fmt: skip
    assert lines(answer)["Ours today"] == "; ".join(figures)
    assert lines(answer)["Ours widening?"] == lines(gap)["Widening?"]
    assert lines(answer)["Our change"] == lines(gap)["Change"]


def test_too_little_data_for_ours_is_said_and_theirs_are_told_still() -> None:
    empty = replace(race(100, boards=1, until=date(2024, 2, 15)), published=(figure("A", published="2026-05-01"),))
    answer = OthersQuestion().answer(empty)
    assert lines(answer)["Ours today"] == "too little data for a figure"
    assert answer.data["ours"]["today"]["access"] == {}
    assert answer.data["ours"]["today"]["reason"]
    assert answer.data["published"][0]["figure"] == "about 3 months"


def test_a_named_publishers_newest_figure_comes_first_then_why_ours_differs(shipped: Ask) -> None:
    answer = shipped(publisher="CAISI")
    assert answer.lines[0].text == (
        "CAISI says about 4 months, by a second-hand quote (17 September 2026): how far one open model, GLM-5.3, is"
        " behind on cyber tasks"
    )
    assert lines(answer)["Beside ours"] == "It is about one open model and cyber tasks only, and quoted by others."
    assert "about 8 months (1 May 2026, widening): how far one open model, DeepSeek V4 Pro, is behind" in answer.text
    assert {row["source"] for row in answer.data["published"]} == {"CAISI", "UK AISI and CAISI"}
    assert shipped(publisher="epoch").lines[0].text.startswith("Epoch AI says 4 months, or 6 by a stricter match")


def test_every_picture_of_the_chart_has_both_ends_of_its_title_and_tells_figures_of_one_publication_apart(
    shipped: Ask,
) -> None:
    [chart] = shipped().charts
    ends = [float(row[end]) for row in in_the_data() if row["published"] >= "2026-08" for end in ENDS if row[end]]
    assert chart.title == f"Others put the gap at {min(ends):.0f} to {max(ends):.0f} months since August 2026"
    for most in (8, 6, 4):  # a page, a card, a square picture
        *_, others = read_groups(chart, most)
        range_ends = [end for row in others.rows for end in row.ends]
        assert (round(min(range_ends)), round(max(range_ends))) == (round(min(ends)), round(max(ends)))
        assert len(others.rows) + others.more == len(chart.series[-1].x)
    assert {"CAISI", "IAPS, 5 benchmarks", "IAPS, METR's time horizons"} < set(chart.series[-1].x)
    assert len(set(chart.series[-1].x)) == len(chart.series[-1].x)
    assert all(re.search(r"\n.*, \d+ \w+ 20\d\d$", details) for details in chart.series[-1].details)
    assert chart.foot.startswith("Others: the publishers named · Data: ")
