"""How a lag with scores drawn anew is said, shown and given as data: how much of it is noise."""

import math
from typing import TYPE_CHECKING, Any

from core.answer import Fact
from core.questions.shared_facts import BETWEEN, finite, lag_fact, of_board
from core.words import cell, lag_text, likely_lag

if TYPE_CHECKING:
    from core.evidence.evidence import Board
    from core.gap.score_noise import NoisyLag

NOISE = "with scores drawn anew within their standard errors, the lag is {{{key}.noise}}"
"""The sentence on a lag's noise, as a template of the key that the lag has."""


def noise_facts(key: str, noise: "NoisyLag | None", board: "Board", **of: Any) -> list[Fact]:
    """State a lag with its board's scores drawn anew; nothing where none has a standard error."""
    values = noise_data(noise)
    if noise is None or values is None:
        return []
    of = {**of_board(board), "measure": f"{BETWEEN}, scores drawn anew", **of}
    return [lag_fact(f"{key}.noise", values["months"], _words(noise), low=values["low"], high=values["high"], **of)]


def _words(noise: "NoisyLag") -> str:
    """Write the middle of the draws and the range of 90 % of them: "4.3 months, likely 2 to 6"."""
    middle = lag_text(noise.median) if math.isfinite(noise.median) else "without end"
    is_bounded = math.isfinite(noise.low) and math.isfinite(noise.high)
    return f"{middle}, {likely_lag(noise.low, noise.high) if is_bounded else _ends(noise)}"


def noise_cell(noise: "NoisyLag | None") -> str:
    """Write the same for a table: "4.3 (2.1 to 6.0)", a dash where there is none."""
    if noise is None or not math.isfinite(noise.median):
        return "–"
    return f"{cell(noise.median)} ({_ends(noise)})"


def noise_data(noise: "NoisyLag | None") -> dict[str, float | None] | None:
    """Return it as data; an end that there is not is None."""
    if noise is None:
        return None
    return {"months": finite(noise.median), "low": finite(noise.low), "high": finite(noise.high)}


def _ends(noise: "NoisyLag") -> str:
    low, high = (cell(end) if math.isfinite(end) else "" for end in (noise.low, noise.high))
    if low and high:
        return f"{low} to {high}"
    return f"{low} or more" if low else f"up to {high}" if high else "without end"
