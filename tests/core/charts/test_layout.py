"""Layout of a picture: whatever the data, no text touches another text or the edge."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from matplotlib.text import Text

from core.answer import Chart, Series, Span
from core.chart_rows import COURSES, read_groups
from core.charts import figure
from core.charts.page import SHAPES
from core.evidence.evidence import Evidence
from tests.core.charts import made
from tests.core.charts.conftest import Charts, Drawn
from tests.core.charts.reading import boxes, clashes, markers, steps, texts, words

DAYS = [{}, {"as_of": date(2024, 6, 1)}, {"as_of": date(2025, 1, 20)}, {"access": "private"}, {"access": "public"}]
SENTENCE = "Open models trail by about 7.5 months on private tests and about 5 months on public tests"


# ---- real answers


@pytest.mark.slow
def test_the_frontier_of_every_benchmark_is_clear(frontiers: Drawn, evidence: Evidence) -> None:
    assert len(frontiers) > sum(board.headline for board in evidence.boards)
    for chart, picture in frontiers:
        assert list(clashes(picture)) == [], chart.title


@pytest.mark.slow
def test_the_other_charts_of_every_benchmark_are_clear(real: Charts, evidence: Evidence) -> None:
    for board in filter(lambda board: board.headline, evidence.boards):
        benchmark = f"{board.benchmark_id} {board.version}"
        for chart in real("gap", benchmark=benchmark) + real("unmatched", benchmark=benchmark):
            assert list(clashes(figure(chart))) == [], benchmark


@pytest.mark.parametrize("shape", ["wide", "square", "phone"])
@pytest.mark.parametrize("fields", DAYS, ids=str)
def test_the_charts_of_all_benchmarks_together_are_clear(real: Charts, fields: dict[str, object], shape: str) -> None:
    charts = real("gap", **fields) + real("unmatched", **fields)
    assert {"catch-up", "index", "benchmarks"} <= {chart.kind for chart in charts}
    for chart in charts:
        assert list(clashes(figure(chart, shape=shape))) == []


SHOWN = {"page": (584, 12), "phone": (350, 12), "portrait": (350, 12), "square": (270, 10), "card": (500, 10)}
"""How many pixels wide pictures are shown at least, and what their smallest letter then has at least."""


@pytest.mark.parametrize("shape", SHOWN)
def test_the_smallest_letter_can_be_read_where_a_picture_is_shown(real: Charts, shape: str) -> None:
    shown, least = SHOWN[shape]
    for chart in [*made.make_plain_charts(), *real("gap"), *real("unmatched")]:
        picture = figure(chart, shape=shape)
        smallest = min(text.get_fontsize() for text in texts(picture)) * picture.dpi / 72
        assert smallest * shown / picture.bbox.width >= least, chart.title


@pytest.mark.parametrize(("shape", "most"), [("phone", 8), ("page", 8), ("square", 6), ("card", 6)])
def test_no_picture_has_more_rows_than_its_reader_takes_in(real: Charts, shape: str, most: int) -> None:
    for chart in [*real("gap"), *real("unmatched"), *real("best"), *real("trust"), *real("others")]:
        names = {row.name for group in read_groups(chart, 99) for row in group.rows}
        texts = words(figure(chart, shape=shape))
        assert sum(word in names for word in texts) <= most or chart.kind in COURSES


@pytest.mark.parametrize("shape", ["wide", "square", "phone", "card"])
def test_nothing_of_a_real_chart_is_cut(real: Charts, shape: str) -> None:
    for chart in [chart for question in ("gap", "unmatched", "best", "trust", "others") for chart in real(question)]:
        chart = replace(chart, foot="28 September 2026") if shape == "card" else chart  # a card has the day alone
        assert not [text for text in words(figure(chart, shape=shape)) if "…" in text], chart.title


def test_dark_pictures_have_the_layout_of_light_ones(real: Charts) -> None:
    for chart in [
        *made.make_plain_charts(),
        *real("gap"),
        *real("unmatched"),
        *real("frontier", benchmark="weirdml 2"),
    ]:
        light, dark = (texts(figure(chart, dark=is_dark)) for is_dark in (False, True))
        assert [(text.get_position(), text.get_text()) for text in dark] == [
            (text.get_position(), text.get_text()) for text in light
        ]


@pytest.mark.slow
def test_no_name_covers_a_record_or_a_line(frontiers: Drawn) -> None:
    squares = [(chart, figure(chart, shape="square")) for chart, _ in frontiers if "METR" in chart.title]
    assert squares
    for chart, picture in [*frontiers, *squares]:
        inside = [box for _, box in boxes(picture) if box.x1 < picture.axes[0].bbox.x1]
        for box in inside:
            assert not [place for place in markers(picture) if box.contains(*place)], chart.title
            assert not [line for line in steps(picture) if line.intersects_bbox(box, filled=False)], chart.title


# ---- anything else


def named_by_high_letters() -> Chart:
    """Names that nearly overlap, one of them in the tallest letters."""
    days = ("2025-01-01", "2025-01-01", "2025-01-03", "2025-01-03", "2025-01-03")
    words = r"$x_1^2$ and \alpha_{2}"
    names = (words, words, words, "000\u00c8", "a_b_c")
    return Chart(
        "frontier", words, "", "", (Series(words, "closed", days, (-250383.9, 0.0, -40.0, 45.0, 0.0), notes=names),),
        foot=words, alt=words,
    )  # fmt: skip


def in_little_room() -> Chart:
    """A title and a label of the axis that leave the plot less height than the label of its span."""
    name, wide, days = r"$x_1^2$ and \alpha_{2}", "W" * 200, ("2025-01-01",) * 5
    sides = (Series(name, "elsewhere", days, (None, None, None, None, -0.25), notes=(name,) * 5),)
    span = Span("模型 名字 " * 5, days[0], days[0], 0.0)
    return Chart("frontier", wide, "", wide, sides, (span,), foot=name, alt=name)


def with_many_names_in_little_room() -> Chart:
    """A title and a label of the axis that leave the plot less height than the names of its lines."""
    name, wide = r"$x_1^2$ and \alpha_{2}", "W" * 200
    sides = [Series(name, role, made.days(0, 2), (0.0, 0.0), notes=(name, name)) for role in ("closed", "open") * 3]
    return Chart("frontier", wide, "", wide, tuple(sides), (), foot=name, alt=name)


def with_long_figures() -> Chart:
    """Long names, and a figure that takes half of the width."""
    words = r"$x_1^2$ and \alpha_{2}"
    row = Series(words, "private", (words,) * 2, (None, 0.0), (0.0, None), (None, None), ("模型 名字 " * 5, words))
    return Chart("benchmarks", words, "", "", (row,), foot=words, alt=words)


@example(named_by_high_letters(), "wide")
@example(in_little_room(), "card")
@example(with_long_figures(), "card")
@example(with_many_names_in_little_room(), "card")
@example(with_many_names_in_little_room(), "square")
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(made.charts(), st.sampled_from(sorted(SHAPES)))
@pytest.mark.slow
def test_any_chart_is_clear(chart: Chart, shape: str) -> None:
    assert list(clashes(figure(chart, shape=shape))) == []


def test_the_check_sees_an_overlap() -> None:
    picture = figure(made.make_plain_charts()[0])
    picture.text(0.1, 0.9, "over the title", fontsize=20)
    picture.text(0.99, 0.5, "over the edge", fontsize=20)
    assert len(list(clashes(picture))) >= 2


# ---- titles and feet


def draw_title(sentence: str) -> list[Text]:
    """Return the lines of a title: the bold texts of a chart with one line, but for the line's name."""
    picture = figure(made.index(Series("private tests", "private", made.days(0), (1.0,)), title=sentence))
    return [text for text in texts(picture) if text.get_fontweight() == "bold"][:-1]


def test_a_title_has_one_large_line_or_two() -> None:
    [line] = draw_title("Open models trail by 8.4 months on METR Time Horizons")
    assert line.get_text() == "Open models trail by 8.4 months on METR Time Horizons"
    first, second = draw_title(SENTENCE)
    assert f"{first.get_text()} {second.get_text()}" == SENTENCE
    assert first.get_fontsize() == second.get_fontsize() > line.get_fontsize()


@pytest.mark.parametrize("repeats", [1, 2, 3])
def test_a_title_is_never_cut(repeats: int) -> None:
    sentence = "; ".join([SENTENCE] * repeats)
    assert " ".join(line.get_text() for line in draw_title(sentence)) == sentence


# ---- names


def test_what_looks_like_mathematics_is_shown_as_it_stands() -> None:
    rows = Series("$private_x$ tests", "private", ("a_b^2", r"$\alpha_1$"), (1.0, 2.0), notes=("$5$", "_"))
    picture = figure(made.benchmarks(rows))
    assert {"$private_x$ tests", "a_b^2", r"$\alpha_1$", "$5$", "_"} <= set(words(picture))
    assert not [text for text in texts(picture) if text.get_parse_math()]


def test_rows_beyond_what_a_phone_can_show_are_counted_and_two_groups_share_the_rows() -> None:
    names = tuple(f"Test {number}" for number in range(1, 61))
    many = Series("private tests", "private", names, (1.0,) * 60)
    picture = figure(made.unmatched(many), shape="phone")
    assert [name for name in names if name in words(picture)] == list(names[:8])
    assert "Private tests, 8 of 60 scores" in words(picture)
    few = Series("public tests", "public", ("P 1", "P 2"), (1.0, 2.0))
    shared = words(figure(made.benchmarks(many, few), shape="phone"))
    assert {"P 1", "P 2", "Test 6", "Private tests, 6 of 60"} <= set(shared)
    assert "Test 7" not in shared


@pytest.mark.slow
def test_the_last_leaders_are_always_named(frontiers: Drawn) -> None:
    for chart, picture in frontiers:
        text = "".join(words(picture)).replace(" ", "")
        for series in chart.series:
            assert [note for note in series.notes if note][-1].replace(" ", "") in text


def test_a_label_without_free_ground_stays_in_the_picture() -> None:
    x = made.days(*range(0, 60, 2))
    crowded = tuple(float(step % 2) * 100 for step in range(30))
    span = Span("a label of some length that finds no room anywhere", x[0], x[-1], 50.0)
    side = Series("closed models", "closed", x, crowded, notes=("A model",) * 30)
    picture = figure(made.frontier(side, spans=(span,)))
    assert span.label in " ".join(words(picture))
    assert list(clashes(picture)) == []
