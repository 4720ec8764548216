"""Draw charts, light and dark, legible on a phone. Only this package imports matplotlib."""

from core.charts.drawing import describe, draw, figure

__all__ = ["describe", "draw", "figure"]
