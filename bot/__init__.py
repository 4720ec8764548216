"""The faces of gapbrief: they show answers and compute no number."""
