"""The places of a chart of records on a page: shares of its width and height, worked out by hand."""

from itertools import pairwise

from core.answer import Chart, Series, Span
from core.chart_course import Course, Place, read_course


def chart(*series: Series, y_label: str = "Best score by release, %", spans: tuple[Span, ...] = ()) -> Chart:
    return Chart("frontier", "Title", "", y_label, series, spans)


def course(*series: Series, y_label: str = "Best score by release, %", spans: tuple[Span, ...] = ()) -> Course:
    text = read_course(chart(*series, y_label=y_label, spans=spans))
    assert text is not None
    return text


CLOSED = Series(
    "closed models", "closed", ("2024-01-01", "2024-04-10", "2024-07-19"), (20.0, 40.0, 40.0),
    notes=("c1", "c2", ""), details=("c1, 20 %\n1 January 2024", "c2, 40 %\n10 April 2024", ""),
)  # fmt: skip
OPEN = Series("open models", "public", ("2024-04-10",), (10.0,), notes=("o1",), details=("o1, 10 %",))


def test_days_go_from_left_to_right_and_scores_from_the_bottom_up() -> None:
    closed, open_ = course(CLOSED, OPEN).sides
    assert [round(corner.x, 3) for corner in closed.corners] == [0.0, 0.5, 1.0]
    top = 42.0  # the scale ends 5 % above the highest score
    assert [round(corner.y, 3) for corner in closed.corners] == [
        round(1 - score / top, 3) for score in (20.0, 40.0, 40.0)
    ]
    assert [(record.x, round(record.y, 3)) for record in open_.records] == [(0.5, round(1 - 10 / top, 3))]


def test_a_record_says_what_the_question_wrote_of_it_and_the_last_one_leads() -> None:
    closed, open_ = course(CLOSED, OPEN).sides
    assert [record.detail for record in closed.records] == ["c1, 20 %\n1 January 2024", "c2, 40 %\n10 April 2024"]
    assert (closed.name, closed.role, closed.leader) == ("Closed models", "closed", "c2, 40 %")
    assert (open_.name, open_.role, open_.leader) == ("Open models", "public", "o1, 10 %")


def test_a_lag_goes_from_its_first_day_to_its_last_at_its_level() -> None:
    [(start, end)] = course(CLOSED, OPEN, spans=(Span("3.3 months", "2024-04-10", "2024-07-19", 21.0),)).spans
    assert (start.x, end.x, start.y, end.y) == (0.5, 1.0, 0.5, 0.5)
    assert (start.detail, end.detail) == ("c2, 40 %", "3.3 months")


def test_ticks_are_within_the_chart_and_minutes_far_apart_are_on_a_scale_of_powers() -> None:
    minutes = Series("closed models", "closed", ("2024-01-01", "2025-01-01"), (1.0, 1000.0), details=("a", "b"))
    text = course(minutes, y_label="Best score by release, minutes")
    assert [label for _, label in text.scores] == ["1", "10", "100", "1,000"]
    places = [place for place, _ in text.scores]
    assert len({round(low - high, 3) for low, high in pairwise(places)}) == 1
    assert all(0 <= place <= 1 for place, _ in (*text.scores, *text.days))


def test_one_day_alone_stands_in_the_middle() -> None:
    [side] = course(OPEN).sides
    assert side.records == (Place(0.5, side.records[0].y, "o1, 10 %"),)


def test_other_charts_and_empty_ones_have_no_course() -> None:
    assert read_course(Chart("index", "Title", "", "", (CLOSED,))) is None
    assert read_course(chart()) is None
