"""What `gap` says: the figure first, no more than the data show, and every figure from a fact."""

import json
import re
from datetime import date, timedelta

import pytest

from core.answer import Answer
from core.errors import UsageError
from core.evidence.evidence import Evidence
from core.questions import GapQuestion
from tests import toy
from tests.core.questions.conftest import Ask
from tests.core.questions.laws import check, lines, shown
from tests.core.questions.worlds import from_country, race

QUESTION = GapQuestion


def ask(evidence: object, **fields: object) -> Answer:
    """Ask toy evidence."""
    return GapQuestion(**{"method": "clustered-2", **fields}).answer(evidence)


def rows_of(evidence: Evidence, prefix: str) -> dict[str, list[toy.Row]]:
    """Return evidence as rows again, with a prefix to every name."""
    rows: dict[str, list[toy.Row]] = {prefix + board.name: [] for board in evidence.boards}
    columns = (evidence.board, evidence.model, evidence.day, evidence.is_open, evidence.score)
    for board, model, day, is_open, score in zip(*(column.tolist() for column in columns), strict=True):
        side = "open" if is_open else "closed"
        name = prefix + evidence.models[model].name
        rows[prefix + evidence.boards[board].name].append((name, date.fromordinal(day).isoformat(), side, score))
    return rows


# ---- the first line


def test_the_first_look_is_seven_lines(shipped: Ask) -> None:
    look = {line.label: line.text for line in shipped().first_look}
    assert list(look) == ["", "Private", "Public", "Widening?", "Newest", "Unmatched", "Data"]
    assert re.fullmatch(r"\d\.\d months, likely \d+ to \d+", look["Private"])
    assert look["Widening?"] == "Probably: 2.7 months since January 2025 (likely −1 to 6); past year unclear"
    assert look["Newest"] == "Kimi K3, 11 matches, typically 7.5 months late (3.1 to 13.7)"
    assert re.fullmatch(r"\d+ private scores, \d+ public scores", look["Unmatched"])
    assert look["Data"] == "to 28 September 2026, 64 days old"


def test_with_two_live_tests_the_figure_is_about_so_many_months_with_both_tests_beside_it(shipped: Ask) -> None:
    answer = shipped(as_of=date(2025, 1, 20))
    assert answer.lines[0].text.startswith(
        "Open models trail closed ones by about 4 months on private tests and 3.4 on"
    )
    assert lines(answer)["Private"] == "about 4 months, likely 1 to 7; two tests live: SimpleBench 4.3, WeirdML 4.3"
    assert answer.data["access"]["private"]["index"]["about"] is True
    assert answer.data["access"]["public"]["index"]["about"] is False


def test_a_class_without_a_live_test_has_no_figure(shipped: Ask) -> None:
    answer = shipped(as_of=date(2024, 6, 1))
    assert lines(answer)["Private"] == "can't tell: no test is live"
    assert answer.lines[0].text == "Open models trail closed ones by 7.8 months on public tests (average of six months)"


@pytest.mark.parametrize(
    ("lag", "title"),
    [
        (215, "Open models trail closed ones by 7.0 months on public tests"),
        (40, "Open models trail closed ones by 1.3 months on public tests"),
        (-60, "Open models lead by 2.0 months on public tests"),
        (0, "Open models trail closed ones by less than 0.1 months on public tests"),
    ],
)
def test_the_first_line_follows_the_sign(lag: int, title: str) -> None:
    assert ask(race(lag)).lines[0].text == title


def test_private_and_public_are_never_merged() -> None:
    trails, leads = rows_of(race(200, boards=3), "T "), rows_of(race(-60, boards=3), "L ")
    answer = ask(toy.evidence({**trails, **leads}, private=list(trails)))
    assert answer.lines[0].text == (
        "Open models trail closed ones by 6.5 months on private tests; they lead by 2.0 months on public tests"
        " (July 2025)"
    )
    assert set(answer.data["access"]) == {"private", "public"}
    assert lines(answer)["Public"].startswith("2.0 months ahead, likely ")


# ---- who leads, in words


def test_where_open_leads_everything_says_so() -> None:
    answer = ask(race(-60))
    assert re.match(r"[12]\.\d months ahead, likely [12]\.\d to [12]\.\d ahead", lines(answer)["Public"])
    assert re.match(r"public tests: \d+ results on 4 tests, read at ", lines(answer)["Rests on"])
    assert lines(answer)["Newest"] == "open-Board-2-90, one match, 1.8 months early"
    assert lines(answer)["Unmatched"] == "nothing that counts"
    assert answer.data["open_first"]
    assert "−" in str(answer.tables[0].rows)
    assert "likely −" not in answer.text
    _, trend, *_, by_test = (chart.alt for chart in answer.charts)
    assert re.search(r"lowest at 2\.\d months ahead on .* and ends at [12]\.\d months ahead on .*\.$", trend)
    assert answer.charts[-1].title == "Open models are level or ahead on every public test"
    assert re.search(r"from Board-\d \(0\.0 months\) to Board-\d \(0\.0 months\)\.$", by_test)  # closed ones came later


# ---- direction


def test_the_direction_is_one_of_all_tests_and_says_no_more_than_the_data(shipped: Ask) -> None:
    answer = shipped()
    direction = answer.data["direction"]
    assert (direction["word"], direction["state"], direction["since"]) == ("probably-wider", None, "2025-01-20")
    assert direction["low"] < 0 < direction["months"] < direction["high"]
    assert lines(answer)["Change"].startswith(
        "since January 2025 all tests together 2.7 months wider (likely 1 narrower to 6 months wider); private "
    )
    assert set(direction["access"]) == {"private", "public"}
    assert direction["path"][-1]["date"] == "2026-08-31"


def test_one_test_and_older_methods_have_no_direction(shipped: Ask) -> None:
    for fields in ({"benchmark": "gpqa"}, {"method": "index-1"}, {"method": "study"}):
        answer = shipped(**fields)
        assert answer.data["direction"] is None
        assert not {"Widening?", "Change"} & set(lines(answer))


def test_a_wide_change_that_few_live_tests_show_is_not_too_close_but_too_thin(shipped: Ask) -> None:
    answer = shipped(country="France", access="public")
    assert lines(answer)["Widening?"] == "Can't say: the data are too thin"
    assert answer.data["direction"]["low"] > 0


def test_the_table_has_each_tests_standing_gap_and_what_its_last_matches_took(shipped: Ask) -> None:
    table = shipped().tables[0]
    assert table.title == "By test, in months"
    assert table.columns[2:5] == ("Standing gap", "Last matches took", "Matches")
    assert table.rows[0][:3] == ("SimpleBench", "private", "14.2")
    for kind, counted in (("private", 39), ("public", 37)):
        assert sum(int(row[4]) for row in table.rows if row[1] == kind) == counted


def test_before_and_soon_after_january_2025_it_is_too_early_for_a_direction(shipped: Ask) -> None:
    for day in (date(2024, 6, 1), date(2025, 1, 20), date(2025, 6, 15)):
        assert lines(shipped(as_of=day))["Widening?"] == "Too early to say: counted from January 2025"
    assert lines(shipped(as_of=date(2025, 12, 1)))["Widening?"].startswith("Can't say: ")


# ---- what is waiting, missing, left out


def test_scores_that_no_open_model_has_matched_are_counted() -> None:
    answer = ask(race(100, waiting=2))
    assert lines(answer)["Unmatched"] == "8 public scores"
    assert answer.data["unmatched"] == 8
    assert len([level for level in answer.data["pending"] if level["accepted"]]) == 8


def test_a_class_without_a_result_says_so_and_the_other_is_told(shipped: Ask) -> None:
    answer = shipped(as_of=date(2024, 6, 1), method="clustered")
    assert answer.lines[0].text.endswith(" on public tests")
    assert "private" not in answer.lines[0].text
    assert lines(answer)["Private"] == "no score yet that both sides have reached"


def test_too_few_results_for_a_figure_are_said_to_be_too_few(shipped: Ask) -> None:
    answer = shipped(as_of=date(2023, 7, 1), method="clustered")
    assert answer.lines[0].text == "Can't tell how far open models trail: too little data"
    assert re.fullmatch(
        r"can't tell: \d results on 2 tests, on no day enough tests for a figure", lines(answer)["Public"]
    )
    assert "Widening?" not in lines(answer)


def test_the_age_of_the_data_is_said_from_31_days_on(shipped: Ask) -> None:
    newest = date.fromisoformat(shipped().newest_data)
    assert lines(shipped(today=newest + timedelta(days=30)))["Data"] == "to 28 September 2026"
    stale = shipped(today=newest + timedelta(days=31))
    assert lines(stale)["Data"] == shown(stale, "data.age") == "to 28 September 2026, 31 days old"


# ---- country and lab


def test_a_country_narrows_the_open_side_only(shipped: Ask) -> None:
    everyone, french = shipped(access="public"), shipped(access="public", country="France")
    assert french.lines[0].text.startswith("Open models from France trail closed ones by ")
    assert lines(french)["Unmatched"].endswith(" public scores")
    for mine, all_ in zip(french.data["benchmarks"], everyone.data["benchmarks"], strict=True):
        assert mine["closed_models"] == all_["closed_models"]
    reached = {(p["benchmark"], p["threshold"]): p for p in everyone.data["points"]}
    for point in french.data["points"]:
        same = reached.get((point["benchmark"], point["threshold"]))
        if same is not None and same["closed_model"] == point["closed_model"]:
            assert point["open_date"] >= same["open_date"]


def test_a_region_counts_the_models_of_all_its_countries(shipped: Ask) -> None:
    french, european, everyones = ({}, {}, {})
    for dates, country in ((french, "France"), (european, "Europe"), (everyones, None)):
        points = shipped(access="public", country=country).data["points"]
        dates |= {(p["benchmark"], p["threshold"], p["closed_model"]): p["open_date"] for p in points}
    assert all(european.get(point, day) <= day for point, day in french.items())
    assert all(everyones.get(point, day) <= day for point, day in european.items())
    assert european != french


def test_a_lab_whose_first_model_came_late_has_no_figure_before_in_strict_json(shipped: Ask) -> None:
    path = shipped(lab="Moonshot").data["direction"]["path"]
    assert {point["months"] for point in path} == {None}
    json.dumps(path, allow_nan=False)


def test_a_filter_names_whom_it_counts() -> None:
    evidence = from_country(race(100), "Ruritania", lab="acme")
    both = ask(evidence, country="Ruritania", lab="acme")
    assert both.lines[0].text.startswith("Open models of acme from Ruritania trail closed ones by ")
    with pytest.raises(UsageError, match="No open model of nobody from Ruritania had reached a score that counts by"):
        ask(evidence, country="Ruritania", lab="nobody")


# ---- every figure from a fact

QUESTIONS = [
    {},
    {"method": "study"},
    {"access": "private"},
    {"benchmark": "metr"},
    {"benchmark": "arc agi 2", "method": "study"},
    {"country": "China"},
    {"lab": "01.AI"},
    {"lab": "openai"},
    {"as_of": date(2023, 7, 1)},
    {"as_of": date(2025, 1, 20), "known_by": date(2026, 5, 22)},
]


@pytest.mark.parametrize("fields", QUESTIONS, ids=str)
def test_every_answer_obeys_the_laws_of_all_and_shows_its_figures_rounded(
    shipped: Ask, fields: dict[str, object]
) -> None:
    answer = shipped(**fields)
    check(answer)
    for name, figures in answer.data["access"].items():
        leads = (
            answer.data["benchmarks"][0]["standing"]
            if (measure := answer.data["leads"]) == "standing"
            else figures[measure]
        )
        if leads["months"] is not None:
            is_about = leads.get("about")
            value = abs(leads["months"])
            assert shown(answer, f"gap.{name}").startswith(
                f"about {value:.0f} month" if is_about else f"{value:.1f} month"
            )


def test_on_one_benchmark_the_standing_gap_leads_and_names_both_models(shipped: Ask) -> None:
    answer = shipped(benchmark="weirdml")
    [own] = answer.data["benchmarks"]
    names = {fact.key: fact.shown for fact in answer.facts}
    for side in ("open", "closed"):
        assert f"{names[f'stand.{side}']}" in answer.lines[0].text
        assert f"{names[f'stand.{side}.score']}" in answer.lines[0].text
    assert f" {own['standing']['months']:.1f} months behind on WeirdML" in answer.lines[0].text
    assert lines(answer)["Median catch-up"] == shown(answer, "catch_up.private")
    assert "one test only, so no range" in lines(answer)["Private"]
    assert "the board's newest model by then: " in lines(answer)["Basis"]
    assert answer.charts[1].kind == "index"
    assert answer.charts[1].series[0].y[-1] == own["standing"]["months"]


def test_a_benchmark_that_has_ended_is_in_no_standing_gap(shipped: Ask) -> None:
    answer = shipped()
    assert "FictionLiveBench (120k) (27 January 2026) (private)" in lines(answer)["Ended"]
    [row] = [row for row in answer.data["benchmarks"] if row["benchmark"] == "gsm8k"]
    assert row["standing"] == {"months": None, "reason": "no model for 6 months"}
    assert (
        lines(shipped(benchmark="gsm8k"))[""]
        == "Can't tell how far open models stand behind on GSM8K: no model for 6 months"
    )


def test_the_study_s_rules_and_what_it_published_are_one_sentence(shipped: Ask) -> None:
    """Its own rule on the asked day, beside its own figures; where all is asked for, and the study's method is not."""
    study, answer = shipped(method="study"), shipped()
    private, public = (f"{study.data['access'][name]['catch_up']['months']:.1f}" for name in ("private", "public"))
    assert lines(answer)["The study"] == (
        f"by the May 2026 study's rules {private} and {public} months (private and public);"
        " it published 8 to 10 and 4 to 6"
    )
    assert lines(shipped(access="public"))["The study"].endswith(f"{public} months (public); it published 4 to 6")
    for fields in ({"method": "study"}, {"lab": "moonshot"}, {"benchmark": "gpqa"}):
        assert "The study" not in lines(shipped(**fields))


def test_sources_of_the_asked_tests_are_cited(shipped: Ask) -> None:
    of_one, of_all = ({source["source_id"] for source in shipped(**q).sources} for q in ({"benchmark": "aider"}, {}))
    assert of_one
    assert of_one < of_all


# ---- what of it was asked


def test_the_line_that_answers_what_was_asked_comes_first_and_no_line_is_lost(shipped: Ask) -> None:
    answer = shipped()
    turned = answer.about("direction")
    assert [line.label for line in turned.lines[:2]] == ["", "In short"]
    assert turned.lines[1].text == answer.lines[0].text
    assert len(turned.lines) == len(answer.lines)
    assert turned.facts == answer.facts
    assert answer.about("explain").lines[0].text.startswith("Open models are those that anybody can download ")
    assert answer.about("level") is answer.about("licence") is answer


# ---- the smallest and the largest


@pytest.mark.parametrize("words", [{}, {"access": "public"}, {"benchmark": "gpqa"}, {"method": "study"}], ids=str)
def test_the_smallest_and_largest_gap_are_the_ends_of_the_course_that_leads(
    shipped: Ask, words: dict[str, str]
) -> None:
    answer = shipped(**words)
    course = {"index": "index_trend", "standing": "standing_trend", "catch_up": "trend"}[answer.data["leads"]]
    for access in answer.data["access"]:
        months_on = {
            row["date"]: row["months"]
            for row in answer.data[course]
            if row["access"] == access and row["months"] is not None
        }
        facts = {fact.key: fact for fact in answer.facts}
        for key, end in (("smallest", min), ("largest", max)):
            fact = facts[f"{key}.{access}"]
            assert fact.value == months_on[fact.day] == end(months_on.values())


def test_the_tests_with_the_smallest_and_largest_gap_are_of_those_that_stand_now(shipped: Ask) -> None:
    answer = shipped()
    for access in answer.data["access"]:
        standing = {
            row["name"]: row["standing"]["months"]
            for row in answer.data["benchmarks"]
            if row["access"] == access and row["standing"]["months"] is not None
        }
        facts = {fact.key: fact for fact in answer.facts}
        assert facts[f"smallest.test.{access}"].value == min(standing.values())
        assert facts[f"largest.test.{access}"].benchmark == max(standing, key=lambda name: standing[name])
        assert facts[f"by_test.{access}"].value == len(standing)


def test_of_a_test_with_a_newer_version_it_says_so_at_once(shipped: Ask) -> None:
    old, new = shipped(benchmark="frontiermath"), shipped(benchmark="frontiermath v2")
    assert "Stage" in {line.label for line in old.first_look}
    assert lines(old)["Stage"].startswith("succeeded by FrontierMath v2 (known since 9 June 2026); ")
    assert [line.label for line in old.lines].count("Stage") == 1
    assert "Stage" in {line.label for line in new.details}
    ended = shipped(benchmark="mmlu")
    assert ended.lines[0].text.endswith("no model for 6 months")


def test_a_method_that_counts_no_live_tests_names_none(shipped: Ask) -> None:
    assert lines(shipped(method="index-1"))["Private"] == "7.5 months, likely 5 to 10"
