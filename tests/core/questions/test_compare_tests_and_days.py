"""What `compare` says of kinds of tests, tests and days: both figures, and a direction where it is clear."""

import re
from datetime import date

import pytest

from core.evidence.evidence import Evidence
from core.gap.figures import NO_CHANGE, NO_FIGURE, Change, Headline
from core.gap.index_figure import private_minus_public
from core.gap.parameters import DEFAULT
from core.questions import GapQuestion, ask, compare
from core.questions.compare import ALL, Compared, ComparedDays, CompareQuestion, Difference
from core.questions.sides import NamedSide
from core.store.store import Store
from core.text import render
from tests.core.gap.whole import headline_boards
from tests.core.questions.conftest import TODAY, Ask
from tests.core.questions.laws import lines, shown

QUESTION = CompareQuestion
AT = 739_000
FIGURE = Headline(5.0, 4.0, 7.0, "", AT, 4.0)


def compared_kinds(apart: Change) -> Compared:
    """Compare private with public tests that are so far apart."""
    left, right = (NamedSide("access", name, f"{name} tests") for name in ("private", "public"))
    return Compared(left, right, [], TODAY, [], [Difference(None, FIGURE, FIGURE, apart, None)])


def compared_days(**growths: Change) -> ComparedDays:
    """Compare two days on which the gap of each class, or of all tests together, grew so."""
    left, right = (NamedSide("day", day, name) for day, name in (("2025-01-20", "then"), ("2026-09-28", "now")))
    reason = "no figure on a side"
    differences = [Difference(name, FIGURE, FIGURE, NO_CHANGE, reason) for name in growths if name != ALL]
    return ComparedDays(left, right, [], TODAY, [], differences, growths.get(ALL), growths, TODAY)


def change(months: float, half: float) -> Change:
    return Change(months, months - half, months + half)


# ---- tests


def test_private_against_public_is_the_effect_on_one_scale_with_both_figures_of_gap_beside_it(
    compared: Ask, store: Store, evidence: Evidence
) -> None:
    answer, gap = compared("private", "public"), ask(GapQuestion(), store, TODAY).data["access"]
    [comparison] = answer.data["comparisons"]
    effect = private_minus_public(evidence, headline_boards(evidence), DEFAULT)
    assert (comparison["access"], comparison["months"]) == (None, pytest.approx(effect.months))
    assert (comparison["low"], comparison["high"]) == (pytest.approx(effect.low), pytest.approx(effect.high))
    for side, name in (("left", "private"), ("right", "public")):
        assert comparison[side]["months"] == gap[name]["index"]["months"]
    assert effect.low < 0 < effect.high
    assert re.fullmatch(
        r"Private against public tests is too close to call: over all scores open models are \d\.\d months further"
        r" behind on private tests than on public ones \(likely \d\.\d less to \d\.\d months more\)",
        answer.lines[0].text,
    )
    assert lines(answer)["Private tests"] == f"{gap['private']['index']['months']:.1f} months, likely 5 to 9"
    assert lines(answer)["Two measures"].startswith("the difference is not one figure minus the other: it is read off")
    assert any(line.label == "Two measures" for line in answer.first_look)
    assert "can be trained towards them" in lines(answer)["Caution"]


@pytest.mark.parametrize(
    ("apart", "words"),
    [
        (change(2.0, 1.5), "over all scores open models are {effect}"),
        (change(2.0, 2.5),
         "private against public tests is too close to call: over all scores open models are {effect}"),
        (NO_CHANGE, "can't tell {left} from {right}: too few tests to put both on one scale"),
    ],
)  # fmt: skip
def test_an_effect_is_said_without_a_doubt_where_it_is_clear(apart: Change, words: str) -> None:
    assert next(compare.kinds_text(compared_kinds(apart))).text == words


def test_kinds_without_a_scale_of_both_cant_be_told_apart(compared: Ask) -> None:
    answer = compared("public", "private", domain="science")
    assert answer.lines[0].text.endswith(
        "an't tell public tests from private tests: too few tests to put both on one scale"
    )


def test_two_tests_have_their_standing_gaps_with_the_last_matches_beside_them(compared: Ask, store: Store) -> None:
    answer = compared("gpqa", "otis")
    [comparison] = answer.data["comparisons"]
    for side, name in (("left", "gpqa"), ("right", "otis")):
        [of_gap] = ask(GapQuestion.from_words(benchmark=name).resolved(store, TODAY), store, TODAY).data["benchmarks"]
        assert comparison[side]["months"] == of_gap["standing"]["months"]
        row = lines(answer)[shown(answer, side)]
        assert row.startswith(f"{comparison[side]['months']:.1f} months behind; the last matches took ")
    assert answer.lines[0].text == (
        f"Open models stand {comparison['left']['months']:.1f} months behind on GPQA Diamond and"
        f" {comparison['right']['months']:.1f} months behind on OTIS Mock AIME"
    )
    assert lines(answer)["Difference"].endswith(" months apart, one test each, so no range: too close to call")


def test_a_test_stands_beside_the_gap_of_a_kind_and_has_no_difference_from_it(compared: Ask, store: Store) -> None:
    answer = compared("arc-agi-2", "private")
    [comparison] = answer.data["comparisons"]
    assert (
        comparison["right"]["months"] == ask(GapQuestion(), store, TODAY).data["access"]["private"]["index"]["months"]
    )
    assert comparison["months"] is None
    assert comparison["reason"].endswith("are two measures")
    assert [row["name"] for row in answer.data["tests"]].count("ARC-AGI-2") == 1
    assert "Difference" not in lines(answer)
    assert "Public tests" in lines(compared("arc-agi-2", "public"))


def test_a_test_beside_the_headline_can_be_compared(compared: Ask) -> None:
    answer = compared("bfcl", "gpqa")
    assert [row["name"] for row in answer.data["tests"]] == ["Berkeley Function Calling Leaderboard v4", "GPQA Diamond"]


def test_a_test_that_ended_says_so(compared: Ask) -> None:
    answer = compared("gsm8k", "gpqa")
    assert re.fullmatch(
        r"Open models stand \d\.\d months behind on GPQA Diamond; on GSM8K can't tell: no model for 6 months",
        answer.lines[0].text,
    )
    assert lines(answer)["GSM8K"].startswith("can't tell: no model for 6 months; the last matches took ")


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (FIGURE, "5.0 months behind"),
        (Headline(5.6, 2.0, 9.0, "", AT, 3.0, is_about=True), "about 6 months behind"),
        (Headline(-2.0, -3.0, -1.0, "", AT, 4.0), "2.0 months ahead"),
        (NO_FIGURE, "no figure"),
    ],
)
def test_few_live_tests_a_lead_and_no_figure_are_said(figure: Headline, words: str) -> None:
    assert next(compare.gap_facts("left.stand", figure, "public", behind=" behind")).shown == words


def test_a_figure_has_its_range_and_its_day() -> None:
    figure, spread = compare.gap_facts("left.gap", FIGURE, "private")
    assert (figure.shown, figure.low, figure.high, figure.day) == ("5.0 months", 4.0, 7.0, "2024-04-24")
    assert (spread.key, spread.shown) == ("left.gap.range", "likely 4 to 7")


def test_a_test_is_compared_with_the_others_of_a_domain(compared: Ask) -> None:
    assert len(compared("gpqa", "public", domain="science").data["tests"]) == 1


# ---- days


@pytest.mark.parametrize(
    ("growths", "words"),
    [
        ({"all": change(4.0, 3.29), "private": change(3.0, 3.29), "public": change(1.0, 3.29)},
         "the gap grew by 4.0 months on all tests together; the gap probably grew by 3.0 months on private tests;"
         " too close to call on public tests"),
        ({"private": change(-4.0, 3.29), "public": change(-5.0, 3.29)},
         "the gap shrank by 4.0 months on private tests and 5.0 months on public tests"),
        ({"private": change(-3.0, 3.29)}, "the gap probably shrank by 3.0 months on private tests"),
        ({"private": change(1.0, 3.29), "public": change(-1.0, 3.29)},
         "too close to call whether the gap grew on private tests or public tests"),
        ({"private": change(1.0, 3.29), "public": NO_CHANGE},
         "too close to call whether the gap grew on private tests; can't tell on public tests"),
    ],
)  # fmt: skip
def test_a_change_is_worded_by_how_sure_it_is(growths: dict[str, Change], words: str) -> None:
    days = compared_days(**growths)
    title = render(next(compare.days_text(days)).text, compare.days_facts(days))
    assert title == f"from then to now: {words}"


def test_two_days_are_the_gap_on_each_read_off_one_scale(compared: Ask, store: Store) -> None:
    answer = compared("May 2025", "now")
    for side, day in (("left", date(2025, 5, 31)), ("right", date(2026, 9, 28))):
        gap = ask(GapQuestion(as_of=day), store, TODAY).data["access"]
        for comparison in answer.data["comparisons"]:
            of_gap = gap[comparison["access"]]["index"]
            for key in ("months", "low", "high", "at"):
                assert comparison[side][key] == of_gap[key]
    assert answer.as_of == "2026-09-28"
    assert "one scale of the scores known by 30 September 2026" in lines(answer)["Counted"]


def test_all_tests_together_grew_between_two_days_as_gap_says(compared: Ask, store: Store) -> None:
    answer, direction = compared("2025-01-20", "now"), ask(GapQuestion(), store, TODAY).data["direction"]
    assert answer.data["all_tests"]["months"] == pytest.approx(-direction["months"])
    assert answer.lines[0].text.startswith(
        f"From 20 January 2025 to 28 September 2026: the gap probably grew by {direction['months']:.1f} months on all"
        " tests together"
    )
    assert direction["word"] == "probably-wider"


def test_the_earlier_day_goes_first_whichever_side_it_is_on(compared: Ask) -> None:
    forth, other = compared("2025-01-20", "now"), compared("now", "2025-01-20")
    assert [line.text for line in forth.lines] == [line.text for line in other.lines]


def test_a_day_without_a_figure_cant_be_told_apart(compared: Ask) -> None:
    answer = compared("2023-07-01", "2024-06-01")
    assert answer.lines[0].text.endswith("; can't tell on private tests")
    assert lines(answer)["Private tests"] == "no figure, then no figure"
    assert "private tests: no figure on a side" in lines(answer)["Change"]


def test_days_that_share_months_are_too_near_to_compare(compared: Ask) -> None:
    answer = compared("2026-09-01", "2026-09-28")
    assert (
        "can't tell whether the gap grew on all tests together, private tests or public tests" in answer.lines[0].text
    )
    assert "the averages of both days share months" in lines(answer)["Change"]


# ---- charts


@pytest.mark.parametrize(
    ("left", "right", "marks"),
    [
        ("China", "United States", "■□"), ("GPT-5.5", "Kimi K3", "○■"), ("Kimi K3", "GPT-5.5", "○■"),
        ("GPT-5.5", "GPT-5.4", "○◉"), ("Alibaba", "Moonshot", "■□"),
    ],
)  # fmt: skip
def test_two_groups_or_models_have_a_row_per_test_from_the_side_that_the_headline_names_first_to_the_other(
    shipped: Ask, left: str, right: str, marks: str
) -> None:
    answer = shipped(left=left, right=right)
    [chart] = answer.charts
    headline = {row["name"]: row for row in answer.data["tests"] if row["headline"]}
    first, second = (left, right) if answer.lines[0].text.startswith(left) else (right, left)
    assert chart.y_label == f"{marks[0]} {first} · {marks[1]} {second}"
    assert answer.tables[0].columns[1:3] == (first, second)
    place, way = ("left", 1) if first == left else ("right", -1)
    assert "(" not in chart.title
    for series in chart.series:
        ahead = []
        for test, dot, low, high, note in zip(series.x, series.y, series.low, series.high, series.notes, strict=True):
            row = headline[test]
            assert (dot, {low, high}) == (row[f"{place}_months"], {row["left_months"], row["right_months"]})
            is_first = way * row["difference"] < 0 or (not row["difference"] and row["higher"] == place)
            assert (note.endswith("later" if marks == "○◉" else "ahead") or note == "higher, 0 months") == is_first
            assert (note == "the same") == (row["higher"] is None)
            ahead.append(way * row["difference"])
        assert ahead == sorted(ahead)


def test_kinds_of_tests_have_their_gap_with_its_range_above_their_tests(shipped: Ask) -> None:
    answer = shipped(left="private", right="public")
    [chart] = answer.charts
    [comparison] = answer.data["comparisons"]
    assert chart.title == "Open models trail 7.0 months on private tests, 5.4 on public"
    for series, figure in zip(chart.series, (comparison["left"], comparison["right"]), strict=True):
        assert (series.low[0], series.y[0], series.high[0]) == (figure["low"], figure["months"], figure["high"])
        assert list(series.y[1:]) == sorted(series.y[1:], reverse=True)


def test_days_have_both_figures_of_each_class_with_their_ranges(shipped: Ask) -> None:
    [chart] = shipped(left="May 2025", right="September 2026").charts
    assert [(series.label, series.x) for series in chart.series] == [
        (f"{access} tests", ("31 May 2025", "30 September 2026")) for access in ("private", "public")
    ]
    ends = [end for series in chart.series for end in zip(series.low, series.y, series.high, strict=True)]
    assert all(low < value < high for low, value, high in ends)


def test_tests_without_a_range_are_dots_alone(shipped: Ask) -> None:
    [chart] = shipped(left="gpqa", right="metr").charts
    assert chart.y_label == ""
    assert [series.x for series in chart.series] == [("GPQA Diamond",), ("METR Time Horizons",)]


@pytest.mark.parametrize(("left", "right"), [("GPT-5.5", "Kimi K3"), ("China", "United States"), ("Qwen", "Moonshot")])
def test_the_sentence_the_charts_title_its_rows_the_table_and_the_basis_count_the_same_tests(
    shipped: Ask, left: str, right: str
) -> None:
    answer = shipped(left=left, right=right)
    [chart], (private, public, *_) = answer.charts, answer.tables
    shared = [[row for row in table.rows if "–" not in row[1:3]] for table in (private, public)]
    assert [len(rows) for rows in shared] == [len(series.x) for series in chart.series]
    assert answer.basis.startswith(f"{sum(map(len, shared))} tests that both took")
    ahead = sum(note.endswith("ahead") or note == "higher, 0 months" for note in chart.series[0].notes)
    [(most, whole)] = re.findall(r"(?:ahead of|higher than) .+ on (\d+) of (\d+) private tests$", chart.title)
    assert (int(most), int(whole)) == (ahead, len(shared[0]))
    assert f" on {most} of {whole} private tests" in answer.lines[0].text
    assert chart.title in chart.alt


def test_where_related_tests_alone_make_one_side_higher_it_is_too_close_to_call_and_both_counts_are_named(
    shipped: Ask,
) -> None:
    answer = shipped(left="closed Anthropic", right="closed OpenAI", access="private")
    [private], rows = answer.data["comparisons"], [row["higher"] for row in answer.data["tests"] if row["headline"]]
    assert private["left_higher"] == private["right_higher"]  # families
    assert rows.count("left") < rows.count("right")
    assert answer.lines[0].text == (
        "Anthropic's closed models and OpenAI's are too close to call on private tests: OpenAI (closed) is higher on"
        f" {rows.count('right')} and Anthropic (closed) on {rows.count('left')} of {private['n_tests']} that both took"
    )
    assert answer.charts[0].title == "Anthropic's closed models and OpenAI's are too close to call on private tests"
    assert answer.charts[0].title in answer.charts[0].alt
