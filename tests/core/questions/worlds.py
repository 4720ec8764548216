"""Races between open and closed models on a few tests, as evidence with a known lag."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from core.evidence.evidence import Evidence
from tests import toy

START = date(2024, 2, 1)
LEVELS = range(5, 95, 5)


def race(
    lag: float | Callable[[date], float],
    *,
    boards: int = 4,
    private: int = 0,
    until: date = date(2025, 12, 31),
    waiting: int = 0,
) -> Evidence:
    """Make boards on which a closed model reaches a level each month, and an open one `lag` days later.

    Each board's lag is shifted by a few days, so that there is a spread. The first `private` boards are
    private. The last `waiting` levels are reached by closed models only.
    """
    shifts = (-6, 5, -2, 3, 1, -1)
    rows: dict[str, list[toy.Row]] = {}
    for board in range(boards):
        name = f"Board-{board + 1}"
        rows[name] = []
        for number, level in enumerate(LEVELS):
            closed = START + timedelta(days=35 * number)
            days = lag(closed) if callable(lag) else lag
            opened = closed + timedelta(days=days + shifts[board])
            if closed <= until:
                rows[name].append((f"closed-{name}-{level}", closed.isoformat(), "closed", float(level)))
            if opened <= until and number < len(LEVELS) - waiting:
                rows[name].append((f"open-{name}-{level}", opened.isoformat(), "open", float(level)))
    return toy.evidence(rows, private=[f"Board-{number + 1}" for number in range(private)])


def from_country(evidence: Evidence, country: str, *, lab: str = "lab", every: int = 2) -> Evidence:
    """Say of every second model of each side that it is from a country and a lab."""
    models = tuple(
        replace(model, country=country, lab_id=lab) if number % every == 0 else model
        for number, model in enumerate(evidence.models)
    )
    return replace(evidence, models=models)
