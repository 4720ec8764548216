"""Prepare text before it is drawn: replace letters that the font lacks, measure, wrap and fit. Sizes are pixels."""

import logging
import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import accumulate

from anyascii import anyascii
from matplotlib import font_manager, get_data_path
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags

from core.words import one_line

DPI = 100
LINE_HEIGHT = 1.22
"""The distance between lines, as a multiple of the text size."""
_MOST_NOTES = 4
_MOST_LINES = 8
_BOX = "□"
_HINTING = 1.03
"""Hinting widens a text by at most this factor, for words that people write."""
_UNITS_PER_EM = 100
_CJK_FONTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "SimHei",
    "Droid Sans Fallback", "Arial Unicode MS", "IPAexGothic",
)  # fmt: skip
"""Chinese, Japanese and Korean fonts that machines may have; the fonts with the most letters first."""
_WORD = re.compile(r"(?:[\d.,]+ (?:of [\d.,]+ )?|[○◉●■□] )?\S+(?: ·)?")
"""A word, with the number or mark before it: "7.5 months", "22 of 82 on", "■ open"; and with the dot behind it."""
_LAST_WORD = re.compile(r"\s(\([^()]*\)|\S+)$")
"""The last word of a name, or the brackets at its end."""
_LONGEST_END = 0.6
"""The last word of a shortened text may take at most this share of the room."""
_BRACKETS = re.compile(r"(?<=\S) \([^()\s]*\)$")


def clean_text(text: str) -> str:
    """Return a text as one line, without unprintable characters."""
    return one_line(unicodedata.normalize("NFC", text))


@lru_cache(maxsize=4096)
def make_drawable(text: str) -> str:
    """Return a text as one line, in letters that can be drawn.

    A letter that our font lacks is drawn in the machine's Chinese, Japanese and Korean font if that has it. Otherwise
    it is transliterated to Latin, or becomes a box.
    """
    return " ".join("".join(map(_drawable_letter, clean_text(text))).split())


def _drawable_letter(letter: str) -> str:
    if letter in _glyphs() or letter in _fallback_font()[1]:
        return letter
    return anyascii(letter) or _BOX


def width(text: str, size: float, bold: bool = False) -> float:
    """Return the maximum width of a line, including hinting."""
    return _em_width(text, bold) * size


@lru_cache(maxsize=4096)
def _em_width(text: str, bold: bool) -> float:
    """Return the maximum width of a line, as a multiple of the text size."""
    return sum(_advance(letter, bold) for letter in make_drawable(text)) * _HINTING


def _count_fitting(text: str, size: float, room: float, bold: bool) -> int:
    """Return how many letters of a text fit into a width; at least one."""
    ends = accumulate(_advance(letter, bold) * size * _HINTING for letter in text)
    return max(sum(1 for end in ends if end <= room), 1)


def split_words(text: str) -> list[str]:
    """Split a text where a line may end."""
    return _WORD.findall(make_drawable(text))


def drop_id(text: str) -> str:
    """Drop an id in brackets at the end of a name."""
    return _BRACKETS.sub("", text)


def wrap(text: str, size: float, room: float, bold: bool = False) -> list[str]:
    """Wrap a text into lines that fit into a width, never after a number; break a word that is too wide."""
    lines: list[str] = []
    for word in split_words(text):
        line = f"{lines[-1]} {word}" if lines else word
        if width(line, size, bold) <= room:
            lines[-1:] = [line]
            continue
        lines.append(word)
        while width(lines[-1], size, bold) > room and len(lines[-1]) > 1:
            n_fitting = _count_fitting(lines[-1], size, room, bold)
            n_fitting = lines[-1].rfind("-", 1, n_fitting) + 1 or n_fitting
            lines[-1:] = [lines[-1][:n_fitting], lines[-1][n_fitting:]]
    return lines


def wrap_evenly(text: str, size: float, room: float, bold: bool = False) -> list[str]:
    """Wrap a text into as few lines as possible; if there are two, make them nearly equally wide."""
    lines = wrap(text, size, room, bold)
    if len(lines) != 2:
        return lines
    while all(width(line, size, bold) <= room for line in lines):  # a single letter may be wider
        room *= 0.96
        narrow_lines = wrap(text, size, room, bold)
        if len(narrow_lines) != 2 or " ".join(narrow_lines) != " ".join(lines):  # no word is broken for this
            break
        lines = narrow_lines
    return lines


def fit_lines(text: str, room: float, sizes: Sequence[int], most: int, bold: bool = False) -> tuple[list[str], int]:
    """Return a text's lines and size: the largest of the given sizes that needs at most `most` lines.

    If even the smallest size needs more lines, it gets them, up to `_MOST_LINES`.
    """
    for size in sizes:
        lines = wrap_evenly(text, size, room, bold)
        if len(lines) <= most:
            return lines, size
    return _cut(lines, _MOST_LINES, sizes[-1], room, bold), sizes[-1]


def wrap_note(text: str, size: int, room: float) -> list[str]:
    """Return the lines of a text that may not take a chart's room: four at most, the last one cut."""
    return _cut(wrap_evenly(text, size, room), _MOST_NOTES, size, room)


def _cut(lines: list[str], most: int, size: float, room: float, bold: bool = False) -> list[str]:
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], fit_line(lines[most - 1] + "…", size, room, bold)]


def fit_line(text: str, size: float, room: float, bold: bool = False) -> str:
    """Shorten a text to one line that fits: drop an id in brackets at its end, or insert an ellipsis.

    The ellipsis is before the last word if that fits too: it distinguishes "Claude Opus 4.5" from "Claude Opus 4.6".
    """
    text = make_drawable(text)
    while width(text, size, bold) > room and _BRACKETS.search(text):
        text = drop_id(text)
    if width(text, size, bold) <= room:
        return text
    last = _LAST_WORD.search(text.rstrip(" …"))
    end = last[1] if last and width(f"…{last[1]}", size, bold) <= _LONGEST_END * room else ""
    n_letters = _count_fitting(text, size, room - width(f"…{end}", size, bold), bold)
    return f"{text[:n_letters].rstrip(' …')}…{end}"


def height(lines: Sequence[str], size: float) -> float:
    """Return the height of some lines, one below the other."""
    return len(lines) * size * LINE_HEIGHT


@cache
def font(size: float, bold: bool, fallback: bool = False) -> FontProperties:
    """Return matplotlib's own font, with the font family that browsers use for an SVG.

    With `fallback`, letters that it lacks come from the machine's Chinese, Japanese and Korean font.
    """
    weight = "bold" if bold else "normal"
    if fallback:
        return FontProperties(family=["DejaVu Sans", *_fallback_font()[0]], weight=weight, size=size * 72 / DPI)
    return FontProperties(family="sans-serif", weight=weight, size=size * 72 / DPI, fname=_font_file(bold))


def needs_fallback(text: str) -> bool:
    """Whether a drawable text needs letters of the fallback font."""
    return any(letter not in _glyphs() for letter in text)


@cache
def _fallback_font() -> tuple[tuple[str, ...], frozenset[str], FT2Font | None]:
    """Return the name, letters and face of the machine's Chinese, Japanese and Korean font.

    The name and letters are empty and the face is None if there is none.
    """
    entries = font_manager.fontManager.ttflist
    files = {entry.name: entry.fname for entry in (*entries, *filter(_is_plain, entries))}
    for name in _CJK_FONTS:
        if name in files:
            face = _open_face(files[name])
            logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # it warns of a missing bold face
            return (name,), frozenset(map(chr, face.get_charmap())), face
    return (), frozenset(), None


def _is_plain(entry: font_manager.FontEntry) -> bool:
    return entry.style == "normal" and entry.weight in (400, "normal", "regular")


def _font_file(bold: bool) -> str:
    return f"{get_data_path()}/fonts/ttf/DejaVuSans{'-Bold' if bold else ''}.ttf"


@cache
def _open_face(file: str) -> FT2Font:
    face = FT2Font(file)
    face.set_size(_UNITS_PER_EM, 72)
    return face


@cache
def _glyphs() -> frozenset[str]:
    """Return the letters that both weights of our font have."""
    regular_glyphs, bold = (_open_face(_font_file(bold)).get_charmap().keys() for bold in (False, True))
    return frozenset(map(chr, regular_glyphs & bold))


@cache
def _advance(letter: str, bold: bool) -> float:
    """Return how far a letter moves the pen, as a multiple of the text size."""
    fallback = _fallback_font()[2]
    face = fallback if fallback and letter not in _glyphs() else _open_face(_font_file(bold))
    return face.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / _UNITS_PER_EM
