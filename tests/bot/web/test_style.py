"""The one stylesheet: the palette's colours, five sizes of letters and six spacings, and no other."""

import re
from pathlib import Path

import bot.web
from core.palette import PALETTE

STYLE = (Path(bot.web.__file__).parent / "static" / "style.css").read_text(encoding="utf-8")
LIGHT, DARK = re.findall(r":root\s*{([^}]*)}", STYLE)[:2]


def test_its_colours_are_those_of_the_palette() -> None:
    for tokens, theme in ((LIGHT, "light"), (DARK, "dark")):
        assert dict(re.findall(r"--([a-z]+): *(#[0-9a-f]{6});", tokens)) == PALETTE[theme]


def test_the_icon_has_the_colours_of_both_kinds_of_test() -> None:
    icon = (Path(bot.web.__file__).parent / "static" / "icon.svg").read_text(encoding="utf-8")
    assert re.findall(r'fill="(#\w+)"', icon) == [PALETTE["light"]["private"], PALETTE["light"]["public"]]


def test_there_is_no_other_colour() -> None:
    rest = STYLE.replace(LIGHT, "").replace(DARK, "")
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", rest)


def test_letters_have_five_sizes_and_spacing_has_six_steps() -> None:
    assert set(re.findall(r"--(t-\w+):", LIGHT)) == {"t-s", "t-m", "t-l", "t-xl", "t-h"}
    assert set(re.findall(r"--(s\d):", LIGHT)) == {"s1", "s2", "s3", "s4", "s5", "s6"}
    sizes = re.findall(r"font-size: ([^;]*);", STYLE) + re.findall(r"font: ([^;]*);", STYLE)
    assert sizes
    assert all(re.search(r"var\(--t-\w+\)|^inherit$", size) for size in sizes), sizes
    gaps = re.findall(r"\b(?:gap|margin[a-z-]*): ([^;]*);", STYLE)
    allowed = {"0", "auto", "none", "16rem"}  # the axis of the figures begins where their bars do
    assert {part for gap in gaps for part in gap.split() if not part.startswith("var(--s")} <= allowed
