"""The one palette: legible on both grounds, and distinct for everybody."""

import pytest

from core.palette import EMBED, PALETTE
from tests.core.charts.test_theme import GRAPHIC, JUST_NOTICEABLE, SEEN_BY, TEXT, contrast, difference

THEMES = pytest.mark.parametrize("theme", PALETTE)


@THEMES
@pytest.mark.parametrize("role", ["ink", "muted", "private", "public"])
def test_text_is_legible_on_both_grounds(theme: str, role: str) -> None:
    colors = PALETTE[theme]
    assert contrast(colors[role], colors["ground"]) >= TEXT
    assert contrast(colors[role], colors["raised"]) >= TEXT


@THEMES
def test_marks_of_closed_models_stand_out(theme: str) -> None:
    colors = PALETTE[theme]
    assert contrast(colors["closed"], colors["ground"]) >= TEXT
    assert contrast(colors["closed"], colors["raised"]) >= GRAPHIC


@THEMES
def test_private_and_public_differ_in_grey_too(theme: str) -> None:
    assert contrast(PALETTE[theme]["private"], PALETTE[theme]["public"]) >= 1.6


@THEMES
@pytest.mark.parametrize("eyes", SEEN_BY)
@pytest.mark.parametrize(("pair", "least"), [(("private", "public"), 76), (("private", "closed"), 20)])
def test_accents_are_told_apart_by_colour(theme: str, pair: tuple[str, str], least: float, eyes: str) -> None:
    one, other = (PALETTE[theme][role] for role in pair)
    assert difference(one, other, eyes) >= max(least, 5 * JUST_NOTICEABLE)


def test_the_stripe_of_an_embed_stands_out_on_either_ground() -> None:
    for theme in PALETTE.values():
        assert contrast(EMBED, theme["ground"]) >= GRAPHIC
