"""Colours are legible and distinct, also for colour-blind readers."""

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

from core.charts import figure
from core.charts.theme import DARK, LIGHT
from core.palette import PALETTE
from tests.core.charts import made
from tests.core.charts.reading import lines, texts

TEXT, GRAPHIC = 4.5, 3.0
"""The least contrasts of WCAG 2.2, success criteria 1.4.3 and 1.4.11."""
JUST_NOTICEABLE = 2.3
"""In CIE 1976 differences (M. Mahy et al., "Evaluation of uniform color spaces", 1994)."""

# The whole loss of one kind of cone, on linear RGB: G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, "A
# Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15(6), 2009, table of severity 1.0.
SEEN_BY = {
    "everybody": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
"""From linear sRGB to CIE XYZ under D65 (IEC 61966-2-1)."""


def linear(color: str) -> np.ndarray:
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(color: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2."""
    dark, light = sorted(float(XYZ[1] @ linear(shade)) for shade in (color, other))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """Return the CIE 1976 L*a*b* of a linear colour."""
    xyz = XYZ @ np.clip(rgb, 0, 1) / (XYZ @ np.ones(3))
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(color: str, other: str, eyes: str) -> float:
    one, two = (lab(SEEN_BY[eyes] @ linear(shade)) for shade in (color, other))
    return float(np.linalg.norm(one - two))


def test_the_formulas_are_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert lab(linear("#ffffff")) == pytest.approx([100, 0, 0], abs=0.01)
    assert lab(linear("#ff0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.05)
    assert difference("#d00000", "#4f6f00", "deuteranopia") < difference("#d00000", "#4f6f00", "everybody") / 3


def test_the_kinds_of_test_are_told_apart_without_colour() -> None:
    index, *_ = made.make_plain_charts()
    dashes = {line.get_linestyle() for line in lines(figure(index)) if line.get_linewidth() > 3}
    assert dashes - {"None"} == {"-", "--"}


@pytest.mark.parametrize("kind", ["catch-up", "frontier"])
def test_a_closed_model_is_a_grey_hollow_circle_and_an_open_one_a_filled_square_of_its_kind_of_test(kind: str) -> None:
    chart = next(chart for chart in made.make_plain_charts() if chart.kind == kind)
    marks = {
        (line.get_marker(), to_hex(line.get_markeredgecolor()), to_hex(line.get_markerfacecolor()))
        for line in lines(figure(chart)) if line.get_marker() not in ("None", None)
    }  # fmt: skip
    light = PALETTE["light"]
    kinds = ("private", "public") if kind == "catch-up" else ("private",)
    assert marks == {("o", light["closed"], light["ground"]), *(("s", light[name], light[name]) for name in kinds)}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_pictures_have_no_colours_but_those_of_the_palette(dark: bool) -> None:
    palette = PALETTE["dark" if dark else "light"]
    strong = {palette[name] for name in ("ink", "muted", "private", "public", "closed")}
    for chart in made.make_plain_charts():
        picture = figure(chart, dark=dark)
        assert to_hex(picture.get_facecolor()) == palette["ground"]
        assert {to_hex(text.get_color()) for text in texts(picture)} <= strong
        rules, others = [], []
        for line in [*picture.axes[0].lines, *picture.lines]:
            (rules if line.get_zorder() == 0 else others).append(to_hex(line.get_color()))
        assert set(others) <= strong
        assert set(rules) <= {palette["rule"], palette["muted"]}


def test_a_role_without_a_colour_is_drawn_in_ink() -> None:
    assert all(theme.color("elsewhere") == theme.ink for theme in (LIGHT, DARK))
