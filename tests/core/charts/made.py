"""Hand-made charts, and random charts, including ones that no data would give."""

from datetime import date, timedelta

from hypothesis import strategies as st

from core.answer import Chart, Series, Span

KINDS = ("index", "benchmarks", "frontier", "unmatched", "catch-up")
FOOT = "Data: Epoch AI and METR · as of 22 August 2026"


def days(*offsets: int) -> tuple[str, ...]:
    """Write days by their distance from New Year 2025."""
    return tuple((date(2025, 1, 1) + timedelta(days=offset)).isoformat() for offset in offsets)


def index(*series: Series, title: str = "Open models trail by about 8 months") -> Chart:
    return Chart("index", title, "when the open model was released", "months behind", series, foot=FOOT, alt="A line.")


def benchmarks(*series: Series) -> Chart:
    return Chart("benchmarks", "Months behind by test", "months behind", "", series, foot=FOOT, alt="Bars.")


def frontier(*series: Series, spans: tuple[Span, ...] = (), unit: str = "%", title: str = "Who leads") -> Chart:
    label = f"best score, {unit}"
    return Chart("frontier", title, "when the model was released", label, series, spans, FOOT, "Two steps.")


def unmatched(*series: Series) -> Chart:
    return Chart("unmatched", "Levels that wait", "months since the closed model", "", series, foot=FOOT, alt="Bars.")


def catch_up(*series: Series, title: str = "Open models trail by about 8 months") -> Chart:
    label = "from the first closed model to the first open one"
    return Chart("catch-up", title, label, "", series, foot=FOOT, alt="Lines.")


def caught_up(test: str, role: str, start: int, end: int, models: tuple[str, str], months: float) -> Series:
    """Return the line of a level that the second model matched."""
    return Series(test, role, days(start, end), (None, months), notes=models)


def open_ended(test: str, role: str, start: int, end: int, closed: str, months: float) -> Series:
    """Return the line of a level that no open model has matched."""
    return Series(test, role, days(start, end), (None, None), (None, months), notes=(closed, ""))


def make_plain_charts() -> list[Chart]:
    """Return a plain chart of every kind."""
    x = days(0, 100, 200, 300)
    span = Span("3.3 months", x[1], x[2], 40.0)
    low, high = (5.0, 6.0, None, 7.0), (9.0, 10.0, None, 11.0)
    return [
        index(
            Series("private tests", "private", x, (7.0, 8.0, None, 9.0), low, high),
            Series("public tests", "public", x[:3], (4.0, 5.0, 5.0), (3.0, 4.0, 4.0), (5.0, 6.0, 6.0)),
        ),
        benchmarks(
            Series("private tests", "private", ("WeirdML",), (8.0,), (4.0,), (9.0,), ("5 results",)),
            Series("public tests", "public", ("GPQA Diamond",), (4.0,), (-1.0,), (7.0,), ("7 results",)),
        ),
        frontier(
            Series("closed models", "closed", x, (20.0, 40.0, 70.0, 70.0), notes=("GPT-4", "o1", "GPT-5", "")),
            Series("open models", "private", x[1:], (10.0, 40.0, 40.0), notes=("Llama 3", "DeepSeek-R1", "")),
            spans=(span,),
        ),
        unmatched(
            Series("private tests", "private", ("WeirdML 80 %", "ARC-AGI 90 %"), (12.0, 3.0), notes=("o3", "GPT-5")),
            Series("public tests", "public", ("GPQA Diamond 95 %",), (1.0,), notes=("GPT-5",)),
        ),
        catch_up(
            caught_up("WeirdML 80 %", "private", 100, 200, ("GPT-5.5", "Kimi K3"), 3.3),
            open_ended("SimpleBench 75 %", "private", 0, 300, "Gemini 3 Pro", 9.9),
            caught_up("GPQA Diamond 90 %", "public", 50, 120, ("Gemini 3 Pro", "Kimi K2.6"), 2.3),
        ),
    ]


_HOSTILE = (
    "$x_1^2$ and \\alpha_{2}", "a_b_c", "模型 名字 " * 5, "Ünïcödé Ω тест", "\x00\n\t", "W" * 200,
    "x" * 30 + " " + "y" * 40,
    "GPT-4 " * 20, "Gemini 2.5 Pro (Mar 2025) (gemini-2.5-pro-exp-03-25)", "<b>&amp;</b>", "1 2 3 4 5 6 7 8 9 " * 12,
)  # fmt: skip
_WORDS = st.one_of(st.sampled_from(_HOSTILE), st.text(max_size=60))
_NUMBERS = st.one_of(st.floats(-40, 60), st.floats(-1e6, 1e6), st.sampled_from([0.0, 1e-300, 1e-9, 1e9, -5.0, 100.0]))
_MAYBE = st.one_of(st.none(), _NUMBERS, _NUMBERS, _NUMBERS)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """Draw any chart: few or many entries, gaps, negative values, names of any length and letters."""
    kind = draw(st.sampled_from(KINDS))
    roles = ("closed", "open", "elsewhere") if kind == "frontier" else ("private", "public", "elsewhere")
    of_kind = _catch_ups if kind == "catch-up" else _series
    series = tuple(series for role in roles[: draw(st.integers(0, 3))] for series in draw(of_kind(kind, role)))
    spans: tuple[Span, ...] = ()
    if kind == "frontier" and draw(st.booleans()):
        start, end = (draw(st.integers(0, 3000)) for _ in range(2))
        spans = (Span(draw(_WORDS), *days(start, end), draw(_NUMBERS)),)
    labels = st.one_of(st.sampled_from(["", "months behind", "best score, minutes", "best score, %"]), _WORDS)
    return Chart(kind, draw(_WORDS), draw(labels), draw(labels), series, spans, draw(_WORDS), draw(_WORDS))


@st.composite
def _catch_ups(draw: st.DrawFn, _kind: str, role: str) -> list[Series]:
    end = st.integers(0, draw(st.sampled_from([2, 100, 3000])))
    rows = st.builds(caught_up, _WORDS, st.just(role), end, end, st.tuples(_WORDS, _WORDS), st.floats(-40, 60))
    waiting = st.builds(open_ended, _WORDS, st.just(role), end, end, _WORDS, st.floats(0, 60))
    return draw(st.lists(rows, max_size=12)) + draw(st.lists(waiting, max_size=12))


@st.composite
def _series(draw: st.DrawFn, kind: str, role: str) -> list[Series]:
    n = draw(st.integers(0, draw(st.sampled_from([2, 8, 70]))))

    def column(of: st.SearchStrategy) -> tuple:
        return tuple(draw(st.lists(of, min_size=n, max_size=n)))

    last = draw(st.sampled_from([2, 100, 3000]))
    x = days(*sorted(column(st.integers(0, last)))) if kind in ("index", "frontier") else column(_WORDS)
    low, high = (
        (column(_MAYBE), column(_MAYBE)) if kind in ("index", "benchmarks") and draw(st.booleans()) else ((), ())
    )
    notes = column(_WORDS) if draw(st.booleans()) else ()
    return [Series(draw(_WORDS), role, x, column(_MAYBE), low, high, notes)]
