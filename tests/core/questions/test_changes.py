"""What `changes` says: how the figures moved, by what, and no more than one line where nothing did."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.answer import Answer, Line
from core.evidence.evidence import Evidence, load
from core.gap.index_figure import index_change
from core.gap.parameters import DEFAULT
from core.questions import GapQuestion, ask
from core.questions.changes import ChangesQuestion
from core.store.store import Store
from tests.core.questions.conftest import TODAY, Ask
from tests.core.questions.laws import check, lines, shown
from tests.directions import walk

LAST = date(2026, 9, 30)


@pytest.fixture(scope="module")
def changes(store: Store) -> Ask:
    """Ask what changed in the shipped data, without the kept answers."""

    def of(since: date, until: date | None = None, **fields: Any) -> Answer:
        question = ChangesQuestion(since, until, **fields).resolved(store, TODAY)
        evidence: Evidence = load(store).known_by(question.known_by or LAST)
        return question.answer(evidence)

    return of


# ---- the period


def test_the_last_day_is_the_last_that_is_known(store: Store) -> None:
    resolved = ChangesQuestion(date(2026, 3, 1)).resolved(store, TODAY)
    assert resolved == ChangesQuestion(date(2026, 3, 1), LAST)
    assert resolved.resolved(store, TODAY) == resolved
    later = ChangesQuestion(date(2026, 3, 1), date(2026, 11, 1))  # the answer says that it is later
    assert later.resolved(store, TODAY).until == later.until
    fixed = ChangesQuestion(date(2026, 3, 1), known_by=date(2026, 5, 22)).resolved(store, TODAY)
    assert fixed == ChangesQuestion(date(2026, 3, 1), date(2026, 5, 22), date(2026, 5, 22))
    assert fixed.resolved(store, TODAY) == fixed


# ---- the figures


def test_the_last_figures_are_those_of_gap(changes: Ask, store: Store) -> None:
    answer, gap = changes(date(2026, 3, 1)), ask(GapQuestion(), store, TODAY)
    assert (answer.as_of, answer.known_by) == (gap.as_of, gap.known_by)
    for name, move in answer.data["access"].items():
        for key in ("months", "low", "high", "at"):
            assert move["after"][key] == gap.data["access"][name]["index"][key]


@pytest.mark.slow
def test_the_first_figures_are_those_of_gap_as_it_was_known(changes: Ask, store: Store) -> None:
    answer = changes(date(2026, 6, 12), date(2026, 8, 22))
    for day, key in ((date(2026, 6, 12), "before"), (date(2026, 8, 22), "after")):
        gap = ask(GapQuestion(as_of=day, known_by=day), store, TODAY)
        for name, move in answer.data["access"].items():
            assert move[key]["months"] == gap.data["access"][name]["index"]["months"]
    assert (answer.as_of, answer.known_by, answer.historical) == ("2026-08-22", "2026-08-22", True)


DAYS = st.dates(date(2023, 8, 1), LAST)


@given(st.lists(DAYS, min_size=2, max_size=2, unique=True).map(sorted), st.booleans())
@pytest.mark.slow
def test_every_answer_adds_up_and_obeys_what_all_do(changes: Ask, days: list[date], one_knowledge: bool) -> None:
    known_by = date(2026, 8, 22) if one_knowledge and days[0] < date(2026, 8, 22) else None
    answer = changes(days[0], days[1], known_by=known_by)
    check(answer)
    for move in answer.data["access"].values():
        if None not in (move["revision"], move["new_models"], move["months"]):
            assert move["months"] == pytest.approx(move["revision"] + move["new_models"], abs=1e-9)


@settings(max_examples=15)
@given(st.lists(DAYS, min_size=3, max_size=3, unique=True).map(sorted))
@pytest.mark.slow
def test_two_periods_add_up_to_the_whole(changes: Ask, days: list[date]) -> None:
    first, second, whole = (
        changes(since, until).data["access"]
        for since, until in ((days[0], days[1]), (days[1], days[2]), (days[0], days[2]))
    )
    for name, move in whole.items():
        parts = [period[name]["months"] for period in (first, second)]
        if None not in parts:
            assert move["months"] == pytest.approx(sum(parts), abs=1e-9)


def test_the_first_line_says_how_both_figures_moved(changes: Ask) -> None:
    answer = changes(date(2026, 6, 12), date(2026, 8, 22))
    private, public = (answer.data["access"][name] for name in ("private", "public"))
    assert answer.lines[0].text == (
        "From 12 June 2026 to 22 August 2026 (as known by 22 August 2026) the gap went from"
        f" {private['before']['months']:.1f} to {private['after']['months']:.1f} months on private tests"
        " (0.3 shorter by revision) and from"
        f" {public['before']['months']:.1f} to {public['after']['months']:.1f} months on public tests"
        " (0.5 shorter by revision)"
    )
    assert "Catch-up time" not in lines(answer)


@pytest.mark.parametrize(
    ("since", "until", "known_by", "known"),
    [
        (date(2026, 6, 12), date(2026, 9, 28), None, "(as known by 28 September 2026)"),
        (date(2025, 1, 1), date(2025, 6, 1), None, "(both as known by 19 April 2026)"),
        (date(2026, 3, 1), None, date(2026, 8, 22), "(both as known by 22 August 2026)"),
    ],
)
def test_the_first_line_says_whose_knowledge_it_has(
    changes: Ask, since: date, until: date | None, known_by: date | None, known: str
) -> None:
    """Two readings of the same two days differ by what was known; each says which it is."""
    answer = changes(since, until, known_by=known_by)
    assert f" {known} the gap went " in answer.lines[0].text
    assert "New results" in {line.label for line in answer.with_data_age(TODAY).first_look}


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2026, 6, 12), None),
        (date(2025, 9, 1), None),
        (date(2026, 8, 15), date(2026, 8, 22)),
        (date(2024, 6, 1), None),
    ],
)
def test_the_first_line_says_how_much_of_a_move_is_revision(changes: Ask, since: date, until: date | None) -> None:
    """Late or corrected scores, with the way they moved it; nothing where it is little."""
    answer = changes(since, until)
    for name, move in answer.data["access"].items():
        is_much = move["months"] is not None and abs(move["revision"]) >= max(0.1, 0.2 * abs(move["months"]))
        amount = lines(answer)[f"{name.capitalize()} tests"].rpartition("late or corrected scores: ")[2]
        assert (f" on {name} tests ({amount} by revision)" in answer.lines[0].text) == is_much


def test_its_figures_are_those_of_gap_and_their_change_has_the_range_of_one_scale(evidence: Evidence) -> None:
    """One figure, one number: with one knowledge, of two days half a year apart."""
    since, until = date(2026, 3, 29), evidence.newest_data
    moves = ChangesQuestion(since, until, evidence.known_by).answer(evidence).data["access"]
    now, then = (GapQuestion(as_of=day, method=DEFAULT.name).analysis(evidence).classes for day in (until, since))
    for name, move in moves.items():
        assert move["before"]["months"] == then[name].index.figure.months
        assert move["after"]["months"] == now[name].index.figure.months
        change = index_change(evidence, now[name].boards, since.toordinal(), until.toordinal(), DEFAULT)
        assert (move["months"], move["low"], move["high"]) == pytest.approx((change.months, change.low, change.high))


@pytest.mark.slow
def test_the_first_line_says_where_the_days_compared_are_not_those_asked_for(changes: Ask) -> None:
    first = changes(date(2026, 5, 3), date(2026, 11, 1)).lines[0].text
    assert first.startswith(
        "From 27 April 2026 (the newest data known on 3 May 2026) to 28 September 2026 (the newest data known on"
        " 1 November 2026) the gap went "
    )
    assert (
        changes(date(2026, 3, 1), date(2026, 5, 3))
        .lines[0]
        .text.startswith("From 1 March 2026 to 27 April 2026 (the newest data known on 3 May 2026) the gap went ")
    )
    assert "newest data" not in changes(date(2026, 6, 12)).lines[0].text


def test_a_move_has_its_range_and_its_parts_in_the_details(changes: Ask) -> None:
    answer = changes(date(2026, 3, 1))
    move = answer.data["access"]["private"]
    assert move["low"] < 0 < move["high"]
    moved = r": \d\.\d shorter \(likely \d shorter to \d months longer\); new models: \d\.\d (shorter|longer), late or "
    assert re.search(f"{moved}corrected scores: .*$", lines(answer)["Private tests"])


def test_whether_the_gap_grows_is_said_of_both_days_off_one_path(changes: Ask) -> None:
    answer, gap = changes(date(2026, 6, 12)), changes(date(2026, 6, 12), known_by=LAST)
    probably = "Probably: 2.7 months since January 2025 (likely −1 to 6)"
    assert lines(answer)["Widening?"] == f"{probably}; as on 12 June 2026"
    assert lines(changes(date(2025, 9, 1)))["Widening?"] == f"{probably}; on 1 September 2025 it was too close to call"
    assert answer.data["direction"] == {"since": None, "until": None, "word": "probably-wider"}
    assert gap.data["direction"] == answer.data["direction"]
    assert "Widening?" in {line.label for line in answer.first_look}


@pytest.mark.parametrize("day", [date(2024, 6, 1), date(2025, 1, 1), date(2025, 6, 30)])
def test_no_verdict_is_given_for_a_day_before_there_can_be_one(changes: Ask, day: date) -> None:
    """The direction is counted from January 2025, and given from July 2025 on."""
    verdict = "Probably: 2.7 months since January 2025 (likely −1 to 6)"
    assert lines(changes(day))["Widening?"] == verdict


def test_a_verdict_that_is_another_now_is_named_with_both(changes: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.gap.moves.find_direction", lambda *_: walk(0, 1, 0))
    answer = changes(date(2026, 8, 15), known_by=LAST)
    assert answer.data["direction"] == {"since": "wider", "until": None, "word": "cant-say"}
    assert lines(answer)["Widening?"].endswith("; on 15 August 2026 it was wider")


def test_a_day_without_a_figure_cant_tell(changes: Ask) -> None:
    answer = changes(date(2024, 1, 1))
    assert answer.lines[0].text.startswith("From 1 January 2024 to 28 September 2026 the gap ")
    assert answer.lines[0].text.endswith("; can't tell on private tests")
    assert lines(answer)["Private tests"].startswith("can't tell: no figure then and ")


# ---- what is new, and what was revised


def test_new_results_come_newest_first_with_both_models_and_the_lag(changes: Ask) -> None:
    answer = changes(date(2026, 3, 1))
    added = answer.data["added"]
    assert [result["open_date"] for result in added] == sorted((result["open_date"] for result in added), reverse=True)
    newest = "Kimi K3 reached 80 % on WeirdML on 27 July 2026, 3.1 months after GPT-5.5"
    assert lines(answer)["New results"] == f"{len(added)} results; the newest: {newest}"
    assert lines(answer)["All new results"].startswith(f"{len(added)} results: {newest}; ")
    assert answer.tables[0].title == f"New results, 20 of {len(added)}"


def test_with_one_knowledge_nothing_is_revised(changes: Ask) -> None:
    answer = changes(date(2026, 3, 1), known_by=date(2026, 8, 22))
    assert answer.data["revised_in"] == answer.data["revised_out"] == []
    assert all(move["revision"] == 0.0 for move in answer.data["access"].values())
    assert lines(answer)["As of"] == "1 March 2026 and 22 August 2026, both as known by 22 August 2026"
    assert "Revised" not in lines(answer)


def test_late_scores_of_older_models_are_revision(changes: Ask) -> None:
    answer = changes(date(2026, 9, 29))
    assert answer.data["states"]["since"]["as_of"] == answer.data["states"]["until"]["as_of"] == "2026-09-28"
    assert answer.data["added"] == []
    assert lines(answer)["New results"].startswith("no catch-up")
    assert lines(answer)["Revised"].startswith(
        f"late or corrected scores brought {len(answer.data['revised_in'])} results"
    )
    assert all(move["new_models"] == 0.0 for move in answer.data["access"].values())
    assert lines(answer)["As of"].startswith("28 September 2026 on both days")
    assert re.match(
        r"42 since 29 September 2026: 0 of models released in the period, 42 of older", shown(answer, "scores")
    )


def test_new_leaders_are_named_for_each_side(changes: Ask) -> None:
    answer = changes(date(2026, 6, 12), date(2026, 8, 22))
    leaders = {(leader["benchmark"], leader["side"]): leader for leader in answer.data["leaders"]}
    weirdml = leaders["weirdml", "open"]
    assert weirdml["after"]["score"] > weirdml["before"]["score"]
    assert "Kimi K3 (best open model on FrontierMath v2)" in lines(answer)["New leaders"]


def test_without_a_catch_up_new_leaders_are_told_and_a_class_without_a_figure_is_named(changes: Ask) -> None:
    autumn = lines(changes(date(2026, 8, 22), known_by=date(2026, 9, 28)))
    assert re.fullmatch(r"no catch-up; \d+ new leaders, most often GPT-6 Astra", autumn["New results"])
    assert lines(changes(date(2024, 6, 1)))[""].endswith("months on public tests; can't tell on private tests")


def test_levels_that_began_to_wait_and_that_no_longer_do(changes: Ask) -> None:
    answer = changes(date(2026, 6, 12), date(2026, 8, 22))
    assert lines(answer)["Now unmatched"] == (
        "9 scores: 90 % on FrontierMath Tier 4 v2 (Claude Fable 5), 90 % on WeirdML (Claude Fable 5), 85 %"
        " on FrontierMath v2 (GPT-5.5) and more, in the table"
    )
    assert {level["threshold"] for level in answer.data["waits"] if level["benchmark"] == "weirdml"} == {90.0}


def test_older_days_are_said_to_be_seen_with_the_first_snapshot(changes: Ask) -> None:
    message = "begin on 19 April 2026; 1 March 2026 is as known then"
    assert lines(changes(date(2026, 3, 1)))["Records"] == message
    assert "Records" not in lines(changes(date(2026, 6, 12)))


def test_both_worlds_are_named_once_with_whose_knowledge_each_is_seen(changes: Ask) -> None:
    answer = changes(date(2026, 6, 12))
    assert answer.lines[0].text.startswith("From 12 June 2026 to 28 September 2026 the gap ")
    assert lines(answer)["As of"] == (
        "12 June 2026 as known that day, and 28 September 2026 as known by 30 September 2026"
    )
    late = changes(date(2026, 9, 29))
    assert late.lines[0].text.startswith("From 29 September 2026 to 30 September 2026 the gap ")
    assert lines(late)["As of"] == (
        "28 September 2026 on both days, as known by 29 September 2026 and by 30 September 2026"
    )


def test_the_parts_that_are_shown_add_up(changes: Ask) -> None:
    line = lines(changes(date(2026, 6, 12)))["Private tests"]
    total, news, revised = (
        float(amount) * (1 if way == "longer" else -1)
        for amount, way in re.findall(r": ([0-9.]+) (longer|shorter)", line)
    )
    assert total == pytest.approx(news + revised)


def test_nothing_changed_is_said_in_one_line(changes: Ask) -> None:
    answer = changes(date(2026, 9, 20), date(2026, 9, 27))
    assert [line.label for line in answer.lines] == ["", "As of", "Basis"]
    assert answer.lines[0].text == "Nothing in the gap changed from 20 September 2026 to 27 September 2026"
    assert answer.tables == ()
    check(answer)


def test_scores_of_the_period_are_counted_by_the_age_of_their_models(changes: Ask) -> None:
    scores = changes(date(2026, 6, 12), date(2026, 8, 22)).data["scores"]
    assert scores["of_new"] > 0
    assert scores["of_older"] > 0
    assert scores["replaced"] > 0


def test_of_a_time_in_which_nothing_was_recorded_the_last_thing_that_did_happen_is_told(store: Store) -> None:
    answer = ask(ChangesQuestion(since=date(2026, 11, 1)), store, TODAY)
    assert answer.lines[0].text == (
        "Nothing was recorded since 1 November 2026: the newest scores are of 30 September 2026"
    )
    assert answer.lines[1] == Line(
        "Before that",
        "the newest match is of 27 July 2026: Kimi K3, 11 matches, typically 7.5 months late (3.1 to 13.7)",
        ("who", "when"),
    )
    assert answer.data["added"] == []
    resolved = ChangesQuestion(date(2026, 11, 1)).resolved(store, TODAY)
    assert resolved.resolved(store, TODAY) == resolved
    as_known = ask(ChangesQuestion(since=date(2026, 6, 1), known_by=date(2026, 5, 22)), store, TODAY)
    assert as_known.lines[0].text.endswith("since 1 June 2026: the newest scores are of 22 May 2026")
