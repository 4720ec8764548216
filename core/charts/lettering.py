"""Text before it is drawn: literal, measured, broken into lines, and made to fit."""

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

PITCH = 1.22
"""From line to line, in sizes of the text."""
_MOST_LINES = 8
_UNKNOWN = "□"
_HINTING = 1.03
"""How much wider the font's hinting makes a text at most, in words that people write."""
_UNITS = 100
_FURTHER = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "SimHei",
    "Droid Sans Fallback", "Arial Unicode MS", "IPAexGothic",
)  # fmt: skip
"""Fonts of Chinese, Japanese and Korean that machines have, the widest first."""
_PIECE = re.compile(r"(?:[\d.,]+ (?:of [\d.,]+ )?)?\S+")
"""A word, with the number before it: "7.5 months", "22 of 82 on"."""
_LAST = re.compile(r"\s(\([^()]*\)|\S+)$")
"""The last word of a name, or what stands in brackets there."""
_END = 0.6
"""How much of a shortened text its last word may be, as a share of the room."""
_BRACKETED = re.compile(r"(?<=\S) \([^()\s]*\)$")


def printable(words: str) -> str:
    """Return a text on one line, without what can't be seen."""
    return one_line(unicodedata.normalize("NFC", words))


@lru_cache(maxsize=4096)
def literal(words: str) -> str:
    """Return a text on one line with letters that can be drawn.

    What the font lacks is of a font of Chinese, Japanese and Korean that the machine has; where it has none, or that
    lacks it too, the letter is written in Latin ones, a box where it has none.
    """
    return " ".join("".join(map(_drawable, printable(words))).split())


def _drawable(letter: str) -> str:
    if letter in _letters() or letter in _further()[1]:
        return letter
    return anyascii(letter) or _UNKNOWN


def width(words: str, size: float, bold: bool = False) -> float:
    """Return how wide one line is at most; what the font's hinting adds is allowed for."""
    return _breadth(words, bold) * size


@lru_cache(maxsize=4096)
def _breadth(words: str, bold: bool) -> float:
    """Return how wide one line is at most, in sizes of the text."""
    return sum(_advance(letter, bold) for letter in literal(words)) * _HINTING


def _how_many_fit(words: str, size: float, room: float, bold: bool) -> int:
    """Return how many letters of a text fit into a width, one at least."""
    taken = accumulate(_advance(letter, bold) * size * _HINTING for letter in words)
    return max(sum(1 for right in taken if right <= room), 1)


def wrapped(words: str, size: float, room: float, bold: bool = False) -> list[str]:
    """Break a text into lines that fit into a width, not after a number; what is wider by itself is broken too."""
    lines: list[str] = []
    for word in _PIECE.findall(literal(words)):
        joined = f"{lines[-1]} {word}" if lines else word
        if width(joined, size, bold) <= room:
            lines[-1:] = [joined]
            continue
        lines.append(word)
        while width(lines[-1], size, bold) > room and len(lines[-1]) > 1:
            fits = _how_many_fit(lines[-1], size, room, bold)
            fits = lines[-1].rfind("-", 1, fits) + 1 or fits
            lines[-1:] = [lines[-1][:fits], lines[-1][fits:]]
    return lines


def balanced(words: str, size: float, room: float, bold: bool = False) -> list[str]:
    """Break a text into as few lines as fit, of nearly equal width."""
    lines = wrapped(words, size, room, bold)
    if len(lines) != 2:
        return lines
    while all(width(line, size, bold) <= room for line in lines):  # single letters do not get narrower
        room *= 0.96
        narrower = wrapped(words, size, room, bold)
        if len(narrower) != 2:
            break
        lines = narrower
    return lines


def fitted(words: str, room: float, sizes: Sequence[int], most: int, bold: bool = False) -> tuple[list[str], int]:
    """Return the lines of a text in the largest of some sizes that needs no more than `most` lines.

    Where not even the smallest does, it has as many lines as it takes, up to `_MOST_LINES`.
    """
    for size in sizes:
        lines = balanced(words, size, room, bold)
        if len(lines) <= most:
            return lines, size
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], shortened(lines[_MOST_LINES - 1] + "…", sizes[-1], room, bold)]
    return lines, sizes[-1]


def fitting(words: str, room: float, sizes: Sequence[int], bold: bool = False) -> int:
    """Return the largest of some sizes, the largest first, in which a text fits on one line; else the smallest."""
    return next((size for size in sizes if width(words, size, bold) <= room), sizes[-1])


def shortened(words: str, size: float, room: float, bold: bool = False) -> str:
    """Return a text on one line that fits: without an id in brackets at its end, or with an ellipsis.

    That stands before the last word, which tells "Claude Opus 4.5" from "Claude Opus 4.6", where there is room for it.
    """
    words = literal(words)
    while width(words, size, bold) > room and (bracketed := _BRACKETED.search(words)):
        words = words[: bracketed.start()]
    if width(words, size, bold) <= room:
        return words
    last = _LAST.search(words.rstrip(" …"))
    end = last[1] if last and width(f"…{last[1]}", size, bold) <= _END * room else ""
    kept = _how_many_fit(words, size, room - width(f"…{end}", size, bold), bold)
    return f"{words[:kept].rstrip(' …')}…{end}"


def height(lines: Sequence[str], size: float) -> float:
    """Return how high some lines are, one below the other."""
    return len(lines) * size * PITCH


@cache
def font(size: float, bold: bool, further: bool = False) -> FontProperties:
    """Return the font that matplotlib brings along; its family names what a browser takes for an SVG.

    With `further` letters that it lacks are of the machine's own font.
    """
    weight = "bold" if bold else "normal"
    if further:
        return FontProperties(family=["DejaVu Sans", *_further()[0]], weight=weight, size=size * 72 / DPI)
    return FontProperties(family="sans-serif", weight=weight, size=size * 72 / DPI, fname=_font_file(bold))


def needs_further(words: str) -> bool:
    """Whether a text that can be drawn has letters of the machine's own font."""
    return any(letter not in _letters() for letter in words)


def _is_plain(entry: font_manager.FontEntry) -> bool:
    return entry.style == "normal" and entry.weight in (400, "normal", "regular")


@cache
def _further() -> tuple[tuple[str, ...], frozenset[str], FT2Font | None]:
    """Return the machine's font of Chinese, Japanese and Korean: its name, its letters, and itself; nothing without."""
    known = font_manager.fontManager.ttflist
    found = {each.name: each.fname for each in (*known, *(each for each in known if _is_plain(each)))}
    for name in _FURTHER:
        if name in found:
            face = FT2Font(found[name])
            face.set_size(_UNITS, 72)
            logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # that it has no bold is no news
            return (name,), frozenset(map(chr, face.get_charmap())), face
    return (), frozenset(), None


def _font_file(bold: bool) -> str:
    return f"{get_data_path()}/fonts/ttf/DejaVuSans{'-Bold' if bold else ''}.ttf"


@cache
def _face(bold: bool) -> FT2Font:
    face = FT2Font(_font_file(bold))
    face.set_size(_UNITS, 72)
    return face


@cache
def _letters() -> frozenset[str]:
    """Return the letters that both weights of the font have."""
    return frozenset(map(chr, _face(False).get_charmap().keys() & _face(True).get_charmap().keys()))


@cache
def _advance(letter: str, bold: bool) -> float:
    """Return how far a letter carries the pen, in sizes of the text."""
    further = _further()[2]
    face = further if further and letter not in _letters() else _face(bold)
    return face.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / _UNITS
