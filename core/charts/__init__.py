"""Charts drawn from their data, light and dark, legible on a phone; matplotlib is loaded by this package alone."""

from core.charts.drawing import draw, figure

__all__ = ["draw", "figure"]
