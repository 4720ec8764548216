"""A brief: what changed since the last one and how large the gap is now, readable in a minute."""

from core.brief.brief import (
    WRITTEN_LATER,
    Brief,
    Earlier,
    Material,
    ReadMore,
    Words,
    compose,
    gather,
    month_before,
)
from core.brief.bullets import Bullet
from core.brief.news import complete_day

__all__ = [
    "WRITTEN_LATER", "Brief", "Bullet", "Earlier", "Material", "ReadMore", "Words", "complete_day", "compose", "gather",
    "month_before",
]  # fmt: skip
