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
        Line("As of", "22 May 2026"),
        Line("Direction", "can't tell"),
    ),
    facts=(Fact("gap.private", 8.8, "months", "private tests", "8.8 months"), Fact("none", None, "", "", "–")),
    tables=(Table("By test", ("Test", "Months"), (("GPQA Diamond", "4.3"), ("MMLU", "–"))),),
    charts=(
        Chart(
            "trend",
            "Lag",
            "day",
            "months",
            (Series("private", "private", ("2025-01-01",), (None,), (1.0,), (2.0,), ("R1",)),),
            (Span("4.3 months", "2024-09-12", "2025-01-20", 35.0),),
        ),
    ),
    data={"points": [], "access": {"private": {"months": 8.8, "low": None}}},
    sources=({"source_id": "board", "title": "The board"},),
)

TEXT = st.text(max_size=20)
MAYBE = st.none() | st.floats(allow_nan=False, allow_infinity=False)
ANSWERS = st.builds(
    replace,
    st.just(ANSWER),
    lines=st.lists(st.builds(Line, TEXT, TEXT), max_size=4).map(tuple),
    facts=st.lists(st.builds(Fact, TEXT, MAYBE | TEXT, TEXT, TEXT, TEXT), max_size=4).map(tuple),
    tables=st.lists(
        st.builds(Table, TEXT, st.just(("a", "b")), st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple)), max_size=2
    ).map(tuple),
    charts=st.lists(
        st.builds(
            Chart,
            TEXT,
            TEXT,
            TEXT,
            TEXT,
            st.lists(
                st.builds(
                    Series, TEXT, TEXT, st.just(("2025-01-01",)), *[st.tuples(MAYBE)] * 3, st.just(()) | st.tuples(TEXT)
                ),
                max_size=2,
            ).map(tuple),
            st.lists(st.builds(Span, TEXT, TEXT, TEXT, st.floats(0, 100)), max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    stale_days=st.none() | st.integers(0, 9999),
)


@given(ANSWERS)
def test_it_comes_back_from_json_as_it_was(answer: Answer) -> None:
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict(), allow_nan=False, default=vars))) == answer


@pytest.mark.parametrize("kept", [{}, {"charts": None}, {**ANSWER.to_dict(), "more": 1}, {"facts": 3}])
def test_what_is_no_answer_is_refused(kept: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError)):
        Answer.from_dict(kept)


def test_the_text_has_its_labels_in_a_column() -> None:
    assert ANSWER.text == "Open models trail by about 9 months\nAs of       22 May 2026\nDirection   can't tell"


@pytest.mark.parametrize(
    ("today", "stale_days", "said"),
    [
        (date(2026, 5, 21), 0, False),  # data of tomorrow, in another time zone
        (date(2026, 5, 22), 0, False),
        (date(2026, 6, 21), 30, False),
        (date(2026, 6, 22), 31, True),
        (date(2027, 5, 22), 365, True),
    ],
)
def test_data_older_than_30_days_is_said_to_be_old(today: date, stale_days: int, said: bool) -> None:
    seen = ANSWER.seen_on(today)
    assert seen.stale_days == stale_days
    if said:
        age = Line("Data age", f"{stale_days} days (complete to 22 May 2026); `gapbrief data refresh` asks for more")
        as_of = replace(ANSWER.lines[1], detail=True)  # the age names that day too
        assert seen.lines == (ANSWER.lines[0], age, as_of, *ANSWER.lines[2:])
        assert seen.facts[-1].value == stale_days
    else:
        assert (seen.lines, seen.facts) == (ANSWER.lines, ANSWER.facts)


def test_json_has_the_questions_figures_beside_its_own() -> None:
    found = ANSWER.seen_on(date(2026, 5, 23)).to_json()
    assert found["access"] == {"private": {"months": 8.8, "low": None}}
    assert found["facts"][0] == {
        "key": "gap.private",
        "value": 8.8,
        "unit": "months",
        "subject": "private tests",
        "shown": "8.8 months",
        "kind": "note",
        "low": None,
        "high": None,
        "access": "",
        "side": "",
        "benchmark": "",
        "model": "",
        "measure": "",
        "level": None,
        "day": "",
    }
    assert (found["stale_days"], found["text"]) == (1, ANSWER.text)
    assert not {"lines", "table", "chart", "data"} & set(found)
