"""The checks of `gapbrief doctor`, which several rooms return."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal


@dataclass(frozen=True)
class Check:
    """The result of a check; `missing` means optional, and `text` says how to turn it on."""

    state: Literal["well", "missing", "wrong"]
    name: str
    text: str
    is_setting: bool = False


def how_to_add(extra: str) -> str:
    """Return the command that adds an extra, with uv in gapbrief's folder or with pip."""
    return f"`uv sync --extra {extra}`, or pip install 'gapbrief[{extra}]',"


def check_extra(name: str, module: str, extra: str, adds: str) -> Check:
    """Check whether an extra is installed, and say what it adds."""
    if find_spec(module) is None:
        return Check("missing", name, f"not installed; {how_to_add(extra)} adds {adds}")
    return Check("well", name, adds)
