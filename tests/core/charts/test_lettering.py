"""Text before it is drawn: measured as it will be, broken and made to fit without loss."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import RendererAgg

from core.charts import figure, lettering
from core.charts.lettering import DPI, clean_text, fit_line, fit_lines, font, make_drawable, width, wrap, wrap_evenly
from tests.core.charts import made
from tests.core.charts.reading import words

SENTENCE = "Open models trail by about 7.5 months on private tests and about 5 months on public tests"
WORDS = st.text(st.characters(codec="utf-8"), max_size=120)


@pytest.mark.parametrize(
    "words", [SENTENCE, "FictionLiveBench (120k)", "likely 4.1 to 6.0", "gpt-4o-2024-08-06", "WAVE"]
)
@pytest.mark.parametrize("size", [12, 18, 22, 25, 38])
@pytest.mark.parametrize("bold", [False, True])
def test_a_text_is_no_wider_than_it_is_measured(words: str, size: int, bold: bool) -> None:
    drawn_width, _, _ = RendererAgg(10, 10, DPI).get_text_width_height_descent(words, font(size, bold), False)
    assert 0.9 * width(words, size, bold) <= drawn_width <= width(words, size, bold)


@given(WORDS, st.sampled_from([12, 25]), st.integers(30, 600))
def test_lines_fit_and_lose_no_letter(words: str, size: int, room: int) -> None:
    for lines in (wrap(words, size, room), wrap_evenly(words, size, room)):
        assert all(width(line, size) <= room or len(line) == 1 for line in lines)
        assert "".join(lines).replace(" ", "") == make_drawable(words).replace(" ", "")


def test_letters_that_are_wider_than_the_room_stand_one_below_the_other() -> None:
    assert wrap_evenly("WM", 25, 10) == ["W", "M"]


def test_two_lines_are_of_nearly_equal_width() -> None:
    first, second = wrap_evenly(SENTENCE, 38, 1128)
    assert abs(width(first, 38) - width(second, 38)) < 200
    assert len(wrap(SENTENCE, 38, 1128)) == 2


def test_a_long_word_is_broken_after_a_hyphen() -> None:
    assert wrap("DeepSeek-Coder-V2 236B", 22, 160) == ["DeepSeek-", "Coder-V2", "236B"]


def test_a_number_stays_with_what_it_counts() -> None:
    text = "trail by about 7.5 months on 22 of 82 tests"
    lines = [line for room in range(200, 900, 25) for line in wrap(text, 30, room)]
    assert not [line for line in lines if line.endswith(("7.5", "22", "22 of", "82"))]


def test_the_largest_size_that_fits_is_taken() -> None:
    assert fit_lines("short", 500, (30, 20, 10), 1) == (["short"], 30)
    lines, size = fit_lines(SENTENCE, 560, (30, 20, 10), 2)
    assert size == 20
    assert len(lines) == 2


@given(WORDS, st.integers(20, 400))
def test_what_is_shortened_fits(words: str, room: int) -> None:
    short, full = fit_line(words, 20, room), make_drawable(words)
    assert width(short, 20) <= room or len(short) <= 2
    cuts = [(short[:n], short[n + 1 :]) for n, letter in enumerate(short) if letter == "…"]  # one may be the words' own
    assert short == full or any(full.startswith(begin) and full.endswith(end) for begin, end in cuts)


@pytest.mark.parametrize(
    ("words", "room", "short"),
    [
        ("GPT-5 (gpt-5-2025-08-07)", 400, "GPT-5 (gpt-5-2025-08-07)"),
        ("GPT-5 (gpt-5-2025-08-07)", 150, "GPT-5"),
        ("DeepSeek-R1 (May 2025)", 222, "DeepSeek-R1 (May…"),
        ("(gpt-5-2025-08-07)", 110, "(gpt-5-2…"),
        ("Claude Opus 4.6", 150, "Claude O…4.6"),
        ("DeepSeek V4 Flash 0731", 222, "DeepSeek V4…0731"),
    ],
)
def test_an_id_in_brackets_goes_before_letters_do(words: str, room: int, short: str) -> None:
    assert fit_line(words, 20, room) == short


def test_a_text_is_one_line_without_what_cant_be_seen() -> None:
    assert clean_text("  a\x00\n\tb\u200bc ") == "a b c"
    assert make_drawable("a\u0000 Ω e\u0301") == "a Ω é"


@pytest.fixture
def fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Make one of matplotlib's own fonts the machine's only one of further letters: fonts("cmsy10"), or none: ""."""

    def clear() -> None:
        for cached in (make_drawable, lettering._fallback_font, lettering._advance, lettering._em_width, font):
            cached.cache_clear()

    def only(name: str) -> None:
        monkeypatch.setattr(lettering, "_CJK_FONTS", (name,))
        clear()

    yield only
    monkeypatch.undo()
    clear()


def test_letters_that_no_font_has_are_written_in_latin_ones(fonts: Callable[[str], None]) -> None:
    fonts("")
    assert make_drawable("通义千问 3 くま") == "TongYiQianWen 3 kuma"
    assert "\N{WHITE SQUARE}" not in words(figure(made.index(title="深度求索")))[0]


def test_letters_that_the_machine_has_a_font_of_stay_and_are_measured_by_it(fonts: Callable[[str], None]) -> None:
    fonts("STIXGeneral")
    letter = next(sign for sign in sorted(lettering._fallback_font()[1] - lettering._glyphs()) if sign.isalpha())
    assert make_drawable(letter) == letter
    assert width(letter, 20) > 0
    drawn_width, _, _ = RendererAgg(10, 10, DPI).get_text_width_height_descent(letter, font(20, False, True), False)
    assert 0 < drawn_width <= width(letter, 20) + 1
