"""What a check of `gapbrief doctor` says; the rooms that have something to check return these."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

_MARKS = {"well": "ok   ", "missing": "–    ", "wrong": "wrong"}


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; what is `missing` is not needed, and turned on as it says."""

    state: Literal["well", "missing", "wrong"]
    what: str
    says: str
    is_setting: bool = False

    @property
    def mark(self) -> str:
        """Return the state as it stands at the beginning of a line."""
        return _MARKS[self.state]


def how_to_add(extra: str) -> str:
    """Return what to type for an extra, for whoever runs gapbrief by uv in its folder, or installed it."""
    return f"`uv sync --extra {extra}`, or pip install 'gapbrief[{extra}]',"


def check_extra(what: str, module: str, extra: str, adds: str) -> Check:
    """Say whether something optional is installed, and what it adds."""
    if find_spec(module) is None:
        return Check("missing", what, f"not installed; {how_to_add(extra)} adds {adds}")
    return Check("well", what, adds)
