"""Directions of the gap made by hand: the states after the last days of June, July and August 2026."""

from datetime import date

import numpy as np

from core.gap.direction import Direction, Path
from core.gap.figures import Change

JUNE, JULY, AUGUST = date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31)
_WORDS = {1: "wider", 0: "cant-say", -1: "narrower"}


def walk(*states: int) -> Direction:
    """Make a direction whose states after June, July and August are these."""
    days = np.array([day.toordinal() for day in (JUNE, JULY, AUGUST)])
    path = Path(days, 3.0 * np.array(states), np.array(states))
    change = Change(3.2 * (states[-1] or 1), -1.0 if not states[-1] else 0.7, 6.4)
    return Direction(_WORDS[states[-1]], states[-1], change, Change(0.4, -2.0, 2.8), "cant-say", path)  # type: ignore[arg-type]
