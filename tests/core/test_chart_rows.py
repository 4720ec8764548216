"""The rows of a list chart: their texts, which are shown, and their places on one axis."""

import pytest

from core.answer import Answer, Chart, Fact, Line, Series
from core.chart_rows import read_ends, read_groups, read_ranges, read_rows, share_out


def catch_up(label: str, months: float | None, so_far: float | None = None, role: str = "private") -> Series:
    notes = ("GPT", "Kimi" if so_far is None else "")
    low = () if so_far is None else (None, so_far)
    return Series(label, role, ("2026-01-01", "2026-07-01"), (None, months), low, notes=notes)


def chart(*series: Series, kind: str = "catch-up", y_label: str = "") -> Chart:
    return Chart(kind, "Title", "", y_label, series)


def answer(*facts: Fact) -> Answer:
    return Answer(
        {}, "m", {}, "r", "2026-07-01", "2026-07-01", "2026-07-01", (Line("", "The gap"),), facts, (), (), {}, ()
    )  # fmt: skip


def test_a_catch_up_names_both_models_and_a_wait_says_so() -> None:
    rows = [catch_up("A", 3.14), catch_up("B", None, 8.8), catch_up("C", None, 0.03), catch_up("D", -2.0)]
    [group] = read_groups(chart(*rows), 8)
    assert group.name == "Private tests"
    assert [(row.name, row.note, row.figure) for row in group.rows] == [
        ("D", "Kimi → GPT", "−2.0"), ("A", "GPT → Kimi", "3.1"),
        ("B", "GPT → none yet", "8.8+"), ("C", "GPT → none yet", "new"),
    ]  # fmt: skip


def test_who_points_at_a_row_reads_its_name_and_what_its_question_wrote_of_it() -> None:
    details = "Closed: GPT, 1 January 2026", "Open: Kimi, 1 July 2026\nSource: Epoch AI"
    days, models = ("2026-01-01", "2026-07-01"), ("GPT", "Kimi")
    caught_up = Series("A 50 %", "private", days, (None, 6.0), notes=models, details=details)
    [group] = read_groups(chart(caught_up), 8)
    assert group.rows[0].detail.split("\n") == [
        "A 50 %", "Closed: GPT, 1 January 2026", "Open: Kimi, 1 July 2026", "Source: Epoch AI",
    ]  # fmt: skip
    series = Series("private tests", "private", ("Kimi", "GLM"), (1.0, 2.0), notes=("1T", ""), details=("Moonshot", ""))
    [group] = read_groups(chart(series, kind="best"), 8)
    assert [row.detail for row in group.rows] == ["Kimi\nMoonshot", "GLM\n2.0"]


def test_lines_over_time_are_no_list() -> None:
    assert read_groups(chart(Series("gap", "private", ("2026-01-01",), (1.0,)), kind="index"), 8) == []
    assert read_rows(chart(Series("gap", "private", ("2026-01-01",), (1.0,)), kind="frontier"), 8) is None


def test_rows_are_shared_by_the_kinds_of_test_and_the_rest_is_counted() -> None:
    private = [catch_up(f"A{n}", float(n)) for n in range(9)]
    groups = read_groups(chart(*private, catch_up("B", 1.0, role="public")), 8)
    assert [(group.role, len(group.rows), group.more) for group in groups] == [("private", 7, 2), ("public", 1, 0)]
    assert groups[0].heading == "Private tests, 7 of 9 scores"


@pytest.mark.parametrize(
    ("counts", "most", "shares"), [([9, 1], 8, [7, 1]), ([9, 9], 7, [4, 3]), ([2, 2], 8, [2, 2]), ([], 8, [])]
)
def test_every_group_has_its_share(counts: list[int], most: int, shares: list[int]) -> None:
    assert share_out(counts, most) == shares


def test_what_has_no_figure_ends_with_its_reason() -> None:
    series = Series("private tests", "private", ("A", "B"), (1.0, None), notes=("", "no recent result"))
    [group] = read_groups(chart(series, kind="benchmarks"), 8)
    assert [(row.figure, row.note, row.ends) for row in group.rows] == [
        ("1.0", "", (1.0,)), ("–", "no recent result", ()),
    ]  # fmt: skip


def test_two_sides_are_told_apart_by_the_marks_of_the_label() -> None:
    series = Series("private tests", "private", ("A",), (2.0,), (2.0,), (5.0,), ("3.0 ahead",))
    compared = chart(series, kind="compare", y_label="■ Qwen · □ Kimi")
    assert read_ends(compared) == "■□"
    assert read_groups(compared, 8)[0].rows[0].figure == "3.0 ahead"
    assert read_ends(chart(series, kind="best", y_label="● with likely range")) == ""


@pytest.mark.parametrize(
    ("values", "ticks"), [((0.4,), [0, 1]), ((7.0, 9.1), [0, 3, 6, 9, 12]), ((-2.0, 5.0), [-3, 0, 3, 6])]
)
def test_months_start_at_zero_unless_one_is_below(values: tuple[float, ...], ticks: list[int]) -> None:
    names = tuple(map(str, values))
    rows = read_rows(chart(Series("private tests", "private", names, values), kind="benchmarks"), 8)
    assert rows is not None
    assert list(rows.ticks) == ticks
    assert (rows.place(ticks[0]), rows.place(ticks[-1])) == (0.0, 1.0)


def test_the_figures_of_both_kinds_have_their_ranges_or_the_reason() -> None:
    facts = (
        Fact("gap.private", 7.0, "months", "gap", "7.0 months", low=5.0, high=9.0),
        Fact("range.private", "5 to 9", "months", "gap", "likely 5 to 9"),
        Fact("gap.public", None, "months", "gap", "can't tell: two tests only"),
    )
    private, public = read_ranges(answer(*facts)).series
    assert (private.x, private.y, private.low, private.high) == (("Private tests",), (7.0,), (5.0,), (9.0,))
    assert (private.notes, public.y, public.notes) == (("likely 5 to 9",), (None,), ("can't tell: two tests only",))


def test_how_far_back_a_closed_model_stands_is_no_gap() -> None:
    fact = Fact("index.private", 5.2, "months", "GPT", "5.2 months back", low=5.2, high=7.7)
    assert read_ranges(answer(fact), "index").series == ()
