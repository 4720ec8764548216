"""What each kind of chart shows of its data."""

import re

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from core.answer import Chart, Series, Span
from core.charts import figure
from core.charts.drawing import NOTHING
from tests.core.charts import made
from tests.core.charts.reading import boxes, clashes, lines, steps, texts, words

X = made.days(0, 100, 200, 300, 400)


def private(*y: float | None, low: tuple = (), high: tuple = ()) -> Series:
    return Series("private tests", "private", X[: len(y)], y, low, high)


def thick(picture: Figure) -> list[Line2D]:
    """Return the lines that show values; lines of bands are finer."""
    return [line for line in lines(picture) if line.get_linewidth() > 3 and line.get_marker() in ("None", None)]


# ---- the gap over time


def test_the_line_has_a_gap_where_nothing_may_be_read_and_a_value_alone_between_gaps_is_a_dot() -> None:
    [line] = thick(figure(made.index(private(5, 6, None, 7, 8))))
    assert np.isnan(line.get_ydata()).tolist() == [False, False, True, False, False]
    dots = [line for line in lines(figure(made.index(private(5, None, 6, None, 7)))) if line.get_marker() == "o"]
    assert sorted({y for line in dots for y in line.get_ydata()}) == [5, 6, 7]


@pytest.mark.parametrize(("values", "is_from_zero"), [((5, 6), True), ((0, 6), True), ((-2, 6), False)])
def test_the_scale_starts_at_zero_unless_there_is_less(values: tuple[float, ...], is_from_zero: bool) -> None:
    low, high = figure(made.index(private(*values))).axes[0].get_ylim()
    assert bool(low == 0) is is_from_zero
    assert low <= min(values) < max(values) < high


def test_what_lies_below_zero_is_explained_where_there_is_any() -> None:
    assert "below 0: open models ahead" in " ".join(words(figure(made.index(private(3, -2)))))
    assert "below 0" not in " ".join(words(figure(made.index(private(3, 2)))))


def test_a_line_is_named_at_its_end_with_its_value_and_range() -> None:
    picture = figure(made.index(private(5, 7.4, low=(4, 5.1), high=(6, 9.8))))
    assert words(picture)[-3:] == ["Private tests", "7.4 months", "likely 5 to 10"]
    axes = picture.axes[0].bbox
    assert all(box.x0 > axes.x1 for _, box in boxes(picture)[-3:])


@pytest.mark.parametrize(
    ("value", "low", "high", "texts"),
    [(-2.0, None, None, ["2.0 months ahead"]), (0.5, -1.5, 2.5, ["0.5 months", "likely 2 ahead", "to 2 behind"])],
)
def test_the_name_says_who_is_ahead(value: float, low: float | None, high: float | None, texts: list[str]) -> None:
    text = " ".join(words(figure(made.index(private(3, value, low=(None, low), high=(None, high))))))
    assert text.endswith(" ".join(texts))


def test_names_stand_in_the_order_of_the_ends_of_their_lines() -> None:
    public = Series("public tests", "public", X[:2], (9.0, 6.9))
    picture = figure(made.index(private(5, 7), public))
    height = {text: box.y0 for text, box in boxes(picture)}
    assert height["Private tests"] > height["Public tests"] > height["6.9 months"]


@pytest.mark.parametrize(
    ("last", "ticks"),
    [
        (300, ["Jan 2025", "Mar 2025", "May 2025", "Jul 2025", "Sep 2025"]),
        (4000, ["2026", "2028", "2030", "2032", "2034"]),
    ],
)
def test_time_has_few_ticks_and_no_rule(last: int, ticks: list[str]) -> None:
    picture = figure(made.index(Series("private tests", "private", made.days(0, last), (5.0, 6.0))))
    assert [word for word in words(picture) if re.fullmatch(r"(\w{3} )?20\d\d", word)] == ticks
    rules = [line for line in picture.axes[0].lines if len(set(line.get_xdata())) == 1 < len(line.get_xdata())]
    assert rules == []


# ---- benchmarks


def test_a_bar_reaches_from_the_smallest_to_the_largest_with_a_dot_at_the_mean() -> None:
    picture = figure(made.benchmarks(Series("private tests", "private", ("WeirdML",), (8.0,), (4.0,), (9.0,))))
    bar, dot = lines(picture)
    assert list(bar.get_xdata()) == [4, 9]
    assert list(dot.get_xdata()) == [8]
    assert dot.get_marker() == "o"


def test_rows_keep_their_order_under_the_name_of_their_class() -> None:
    private_rows = Series("private tests", "private", ("B", "no value", "A"), (1.0, None, 2.0))
    picture = figure(made.benchmarks(private_rows, Series("public tests", "public", ("C",), (3.0,))))
    height = {text: box.y0 for text, box in boxes(picture)}
    assert "no value" not in height
    order = ["Private tests", "B", "A", "Public tests", "C"]
    assert sorted(order, key=lambda name: -height[name]) == order


# ---- frontier


def sides(*, unit: str = "%", closed: tuple[float, ...] = (20, 40, 70), span: Span | None = None) -> Figure:
    closed_side = Series("closed models", "closed", X[:3], closed, notes=("GPT-4", "o1", ""))
    open_side = Series("open models", "open", X[1:3], closed[:2], notes=("Llama 3", ""))
    return figure(made.frontier(closed_side, open_side, spans=(span,) if span else (), unit=unit))


def test_records_are_steps_that_last_until_the_next_and_the_entry_that_ends_a_line_is_none() -> None:
    picture = sides()
    assert len(steps(picture)) == 2
    assert list(lines(picture)[0].get_ydata()) == [20, 40, 70]
    records = [line for line in lines(picture) if line.get_marker() in ("o", "s")]
    assert [len(line.get_xdata()) for line in records] == [2, 1]


@pytest.mark.parametrize(
    ("unit", "scores", "scale"),
    [
        ("minutes", (0.5, 40, 60), "log"),
        ("minutes", (2, 40, 60), "linear"),
        ("minutes", (0, 40, 600), "linear"),
        ("%", (0.5, 40, 60), "linear"),
    ],
)
def test_minutes_over_more_than_two_decades_have_a_scale_of_powers(
    unit: str, scores: tuple[float, ...], scale: str
) -> None:
    assert sides(unit=unit, closed=scores).axes[0].get_yscale() == scale


def test_the_lag_is_a_span_of_its_whole_length_with_a_mark_at_each_end_and_its_label_near_by() -> None:
    picture = sides(span=Span("3.3 months", X[0], X[1], 20.0))
    strokes = [
        line.get_transform().transform(line.get_xydata()) for line in picture.artists if line.get_linestyle() == "-"
    ]
    [closed] = [line for line in lines(picture) if len(line.get_xdata()) == 3]
    places = picture.axes[0].transData.transform(closed.get_xydata())
    y = places[0, 1]
    [((start, _), (end, _))] = [stroke for stroke in strokes if stroke[0][1] == stroke[1][1] == pytest.approx(y)]
    assert (start, end) == pytest.approx((places[0, 0], places[1, 0]))
    marks = [low[0] for low, high in strokes if low[0] == high[0] and low[1] < y < high[1]]
    assert marks == pytest.approx([start, end])
    [box] = [box for text, box in boxes(picture) if text.startswith("3.3 months")]
    assert abs((box.y0 + box.y1) / 2 - y) < 60


# ---- lengths of time


def spans(picture: Figure) -> list[list[float]]:
    """Return where each line of a row begins and ends, in months."""
    return [list(line.get_xdata()) for line in thick(picture)]


def test_a_line_is_as_long_as_the_level_has_waited_and_has_no_end() -> None:
    picture = figure(made.unmatched(Series("private tests", "private", ("A", "B"), (12.0, 3.0), notes=("o3", "GPT-5"))))
    assert spans(picture) == [[0, 12], [0, 3]]
    assert [line.get_linestyle() for line in thick(picture)] == ["--", "--"]
    assert [line.get_marker() for line in lines(picture) if line not in thick(picture)] == ["o", "o"]
    assert {"12.0+", "3.0+", "o3", "GPT-5"} <= set(words(picture))


def test_catch_ups_begin_at_one_zero_sorted_with_both_models_under_the_test_and_the_months_at_the_right() -> None:
    rows = [
        made.caught_up("Long 80 %", "private", 100, 200, ("GPT-5.5", "Kimi K3"), 13.7),
        made.caught_up("Short 80 %", "private", 300, 400, ("Gemini 2.5 Pro (Jun 2025)", "DeepSeek V4 Flash"), 3.3),
    ]
    picture = figure(made.catch_up(*rows), shape="phone")
    assert spans(picture) == [[0, 3.3], [0, 13.7]]
    box_of = dict(boxes(picture))
    for test, models, months in (
        ("Short 80 %", "Gemini 2.5 Pro (Jun 2025) → DeepSeek V4 Flash", "3.3"),
        ("Long 80 %", "GPT-5.5 → Kimi K3", "13.7"),
    ):
        assert box_of[test].y0 >= box_of[models].y1 - 1
        assert box_of[months].x1 > 0.95 * picture.bbox.width


def test_an_open_model_that_came_first_is_left_of_zero_and_named_first() -> None:
    picture = figure(made.catch_up(made.caught_up("A 80 %", "public", 200, 100, ("o1", "Kimi K3"), -2.0)))
    assert spans(picture) == [[0, -2.0]]
    assert {"Kimi K3 → o1", "−2.0"} <= set(words(picture))


def test_the_unmatched_stay_in_the_picture_however_many_were_matched() -> None:
    matched = [made.caught_up(f"Test {n} 80 %", "private", n, 90 + n, ("GPT-5.5", "Kimi K3"), 3.0) for n in range(30)]
    picture = figure(made.catch_up(*matched, made.open_ended("Last 75 %", "private", 0, 300, "o3", 9.9)))
    assert "9.9+" in words(picture)
    assert any(re.fullmatch(r"Private tests, \d+ of \d+ scores", text) for text in words(picture))


# ---- two sides


def test_both_ends_of_a_comparison_have_the_marks_that_the_subtitle_names() -> None:
    row = Series("private tests", "private", ("WeirdML",), (8.0,), (3.0,), (8.0,), ("5.0 behind",))
    chart = Chart("compare", "Kimi K3 is behind", "Months behind", "■ Kimi K3 · ○ GPT-5.5", (row,))
    picture = figure(chart)
    ends = {line.get_marker(): line.get_xdata()[0] for line in lines(picture) if len(line.get_xdata()) == 1}
    assert ends == {"s": 8.0, "o": 3.0}
    assert {"Months behind · ■ Kimi K3 · ○ GPT-5.5", "5.0 behind"} <= set(words(picture))


def test_a_short_comparison_has_the_largest_leads_of_both_sides() -> None:
    names = tuple(f"Test {n}" for n in range(10))
    low, high, notes = tuple(map(float, range(10))), (9.0,) * 10, ("ahead",) * 10
    row = Series("private tests", "private", names, (5.0,) * 10, low, high, notes)
    texts = words(figure(Chart("compare", "", "Months behind", "■ A · □ B", (row,)), shape="square"))
    assert [name for name in names if name in texts] == [f"Test {n}" for n in (0, 1, 2, 7, 8, 9)]


# ---- without a figure


def test_a_line_over_time_ends_with_the_reason_why_there_is_no_figure_today() -> None:
    columns = X[:2], (5.0, 7.4), (4.0, -2.0), (6.0, 18.0), ("", "can't tell from one test")
    texts = " ".join(words(figure(made.index(Series("private tests", "private", *columns)))))
    assert "can't tell from one test" in texts
    assert "7.4 months" not in texts


# ---- cards


def test_a_card_has_mark_date_title_and_two_ranges() -> None:
    private_row = Series("", "private", ("Private tests",), (7.0,), (5.0,), (9.0,), ("likely 5 to 9",))
    public_row = Series("", "public", ("Public tests",), (5.4,), (3.0,), (8.0,), ("likely 3 to 8",))
    card = Chart("ranges", "Open models trail", "", "Months behind", (private_row, public_row), foot="22 May 2026")
    picture = figure(card, shape="card", brand="gapbrief · gap.example.org")
    head = {"gapbrief · gap.example.org · 22 May 2026", "Open models trail"}
    assert {*head, "7.0", "likely 5 to 9", "5.4"} <= set(words(picture))
    assert [list(line.get_xdata()) for line in thick(picture)] == [[5, 9], [3, 8]]
    assert list(clashes(picture)) == []


def test_a_card_leaves_its_address_out_before_it_shortens_what_the_figures_rest_on() -> None:
    foot = "28 September 2026 · 18 tests that both took · no likely range"
    card = Chart("ranges", "China's open models are ahead", "", "", (), foot=foot)
    assert f"gapbrief · {foot}" in words(figure(card, shape="card", brand="gapbrief · gap.example.org"))


def test_a_card_without_a_figure_has_its_title_alone_and_large() -> None:
    picture = figure(Chart("ranges", "The figures are sure enough", "", "", ()), shape="card")
    assert words(picture) == ["gapbrief", "The figures are", "sure enough"]
    assert [round(text.get_fontsize() * 100 / 72) for text in texts(picture)] == [25, 72, 72]
    assert list(clashes(picture)) == []


def test_a_long_sentence_alone_on_a_card_is_whole() -> None:
    sentence = "Best of the open models: Kimi K2.6 on GAIA (OpenHands Index), GLM-5 on Terminal-Bench 2 and 2 others"
    picture = figure(Chart("ranges", sentence, "", "", ()), shape="card")
    assert " ".join(words(picture)[1:]) == sentence
    assert list(clashes(picture)) == []


# ---- nothing to draw


@pytest.mark.parametrize("kind", made.KINDS)
@pytest.mark.parametrize("y", [(), (None, None)])
def test_a_chart_without_values_says_so(kind: str, y: tuple[None, ...]) -> None:
    chart = getattr(made, kind.replace("-", "_"))(Series("private tests", "private", X[: len(y)], y))
    assert chart.is_empty
    picture = figure(chart)
    assert NOTHING in words(picture)
    assert chart.title in words(picture)
    assert picture.axes == []
