"""An answer: kept and read back, written as text, and read on a day."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.answer import Answer, Chart, Fact, Line, Series, Span, Table

ANSWER = Answer(
    question={"benchmark": None},
    method="clustered-2",
    parameters={"level": 0.9, "since": "2025-01-20"},
    revision="abc",
    as_of="2026-05-22",
    known_by="2026-05-22",
    newest_data="2026-05-22",
    lines=(
        Line("", "Open models trail by about 9 months"),
        Line("As of", "22 May 2026", is_day=True),
        Line("Direction", "can't tell"),
    ),
    facts=(Fact("gap.private", 8.8, "months", "private tests", "8.8 months"), Fact("none", None, "", "", "–")),
    tables=(Table("By test", ("Test", "Months"), (("GPQA Diamond", "4.3"), ("MMLU", "–"))),),
    charts=(
        Chart("index", "Lag", "day", "months",
              (Series("private", "private", ("2025-01-01",), (None,), (1.0,), (2.0,), ("R1",)),),
              (Span("4.3 months", "2024-09-12", "2025-01-20", 35.0),)),
    ),
    data={"points": [], "access": {"private": {"months": 8.8, "low": None}}},
    sources=({"source_id": "board", "title": "The board"},),
)  # fmt: skip

TEXT = st.text(max_size=20)
MAYBE = st.none() | st.floats(allow_nan=False, allow_infinity=False)
DRAWN = st.builds(Series, TEXT, TEXT, st.just(("2025-01-01",)), *[st.tuples(MAYBE)] * 3, st.just(()) | st.tuples(TEXT))
SPANS = st.builds(Span, TEXT, TEXT, TEXT, st.floats(0, 100))
CHARTS = st.builds(Chart, *[TEXT] * 4, st.lists(DRAWN, max_size=2).map(tuple), st.lists(SPANS, max_size=2).map(tuple))
ANSWERS = st.builds(
    replace,
    st.just(ANSWER),
    lines=st.lists(st.builds(Line, TEXT, TEXT), max_size=4).map(tuple),
    facts=st.lists(st.builds(Fact, TEXT, MAYBE | TEXT, TEXT, TEXT, TEXT), max_size=4).map(tuple),
    tables=st.lists(
        st.builds(Table, TEXT, st.just(("a", "b")), st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple)), max_size=2
    ).map(tuple),
    charts=st.lists(CHARTS, max_size=2).map(tuple),
    stale_days=st.none() | st.integers(0, 9999),
)


@given(ANSWERS)
def test_it_comes_back_from_json_as_it_was(answer: Answer) -> None:
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict(), allow_nan=False, default=vars))) == answer


@pytest.mark.parametrize("content", [{}, {"charts": None}, {**ANSWER.to_dict(), "more": 1}, {"facts": 3}])
def test_what_is_no_answer_is_refused(content: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError)):
        Answer.from_dict(content)


def test_the_json_says_which_contract_it_keeps() -> None:
    assert next(iter(ANSWER.to_json().items())) == ("contract", 2)


def test_the_text_has_its_labels_in_a_column() -> None:
    assert ANSWER.text == "Open models trail by about 9 months\nAs of       22 May 2026\nDirection   can't tell"


@pytest.mark.parametrize(
    ("today", "stale_days", "message"),
    [
        (date(2026, 5, 21), 0, "to 22 May 2026"),  # data of tomorrow, in another time zone
        (date(2026, 5, 22), 0, "to 22 May 2026"),
        (date(2026, 6, 21), 30, "to 22 May 2026"),
        (date(2026, 6, 22), 31, "to 22 May 2026, 31 days old"),
        (date(2027, 5, 22), 365, "to 22 May 2026, 365 days old"),
    ],
)
def test_the_day_of_the_data_is_said_and_their_age_where_it_is_over_30_days(
    today: date, stale_days: int, message: str
) -> None:
    aged = ANSWER.with_data_age(today)
    assert (aged.stale_days, aged.is_old) == (stale_days, stale_days > 30)
    as_of = replace(ANSWER.lines[1], detail=True)  # the line on the data names that day too
    assert aged.lines == (ANSWER.lines[0], Line("Data", message, ("age",), is_day=True), as_of, *ANSWER.lines[2:])
    ages = [(fact.key, fact.value) for fact in aged.facts[len(ANSWER.facts) :]]
    assert ages == ([("data.age", stale_days)] if aged.is_old else [])


def test_of_an_earlier_day_that_day_comes_first_and_the_data_stand_behind() -> None:
    aged = replace(ANSWER, as_of="2025-01-20").with_data_age(date(2027, 5, 22))
    assert [line.label for line in aged.first_look] == ["", "As of", "Direction"]
    assert Line("Data", "to 22 May 2026, 365 days old", ("age",), detail=True, is_day=True) in aged.details


def test_what_was_asked_as_known_on_an_earlier_day_has_no_age() -> None:
    aged = replace(ANSWER, historical=True).with_data_age(date(2027, 5, 22))
    assert (aged.lines[1].text, aged.stale_days, aged.is_old) == ("to 22 May 2026", 365, False)


def test_an_answer_without_a_day_of_its_own_says_only_that_its_data_are_old() -> None:
    timeless = replace(ANSWER, lines=ANSWER.lines[:1])
    assert timeless.with_data_age(date(2026, 5, 23)).lines == timeless.lines
    assert timeless.with_data_age(date(2026, 6, 22)).lines[1].text == "to 22 May 2026, 31 days old"


def test_what_the_figures_rest_on_is_how_many_tests_and_what_likely_means_or_that_no_range_is_known() -> None:
    tests = Fact("data.tests", 19, "tests", "tests behind the answer", "19 tests", "count")
    counted = replace(ANSWER, facts=(*ANSWER.facts, tests))
    ranged = replace(counted, lines=(*ANSWER.lines, Line("Private", "7.0 months, likely 5 to 9")))
    assert (ANSWER.basis, counted.basis) == ("", "19 tests · no likely range")
    assert ranged.basis.replace("\N{NO-BREAK SPACE}", " ") == "19 tests · likely = 90 %"


def test_a_chart_says_what_likely_means_only_if_it_draws_likely_ranges() -> None:
    ranges, none = ((5.0,), (9.0,)), ((None,), (None,))
    pictures = [
        ("index", "Months behind", ranges), ("best", "● with likely range", ranges), ("index", "", none),
        ("compare", "■ China · □ United States", ranges), ("others", "● figure, bar: range", ranges),
        ("catch-up", "", none),
    ]  # fmt: skip
    charts = [Chart(kind, "", "", label, (Series("s", "", ("x",), (7.0,), *ends),)) for kind, label, ends in pictures]
    assert [chart.is_ranged for chart in charts] == [True, True, False, False, False, False]


def test_json_has_the_questions_figures_beside_its_own() -> None:
    body = ANSWER.with_data_age(date(2026, 5, 23)).to_json()
    assert body["access"] == {"private": {"months": 8.8, "low": None}}
    assert body["facts"][0] == {
        "key": "gap.private", "value": 8.8, "unit": "months", "subject": "private tests", "shown": "8.8 months",
        "kind": "note", "low": None, "high": None, "access": "", "side": "", "benchmark": "", "model": "",
        "measure": "", "level": None, "day": "",
    }  # fmt: skip
    assert (body["stale_days"], body["text"]) == (1, ANSWER.with_data_age(date(2026, 5, 23)).text)
    assert not {"lines", "table", "chart", "data"} & set(body)
