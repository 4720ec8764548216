"""What came of asking publishers the last time: kept beside the data, for the operator."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from core.evidence.snapshot_checks import Finding

_FILE = "last_refresh.json"


@dataclass(frozen=True)
class Outcome:
    """What came of one publisher: `why` says what is wrong, `findings` what is odd."""

    series: str
    state: Literal["new", "unchanged", "held back", "failed"]
    why: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class LastRefresh:
    """When publishers were asked last, and why some gave nothing: by series, `failed` and `held_back`."""

    at: datetime
    failed: dict[str, str]
    held_back: dict[str, str]


def note(data: Path, at: datetime, outcomes: Sequence[Outcome]) -> None:
    """Keep what came of asking publishers; of those that were not asked, what came of it before stays."""
    before = last_refresh(data)
    whys = {"failed": before.failed if before else {}, "held_back": before.held_back if before else {}}
    asked = {each.series for each in outcomes}
    told = {
        state: {
            **{series: why for series, why in whys[state].items() if series not in asked},
            **{each.series: each.why for each in outcomes if each.state.replace(" ", "_") == state},
        }
        for state in whys
    }
    aside = data / f".{_FILE}"
    aside.write_text(json.dumps({"at": at.isoformat(), **told}, indent=1), encoding="utf-8")
    os.replace(aside, data / _FILE)


def last_refresh(data: Path) -> LastRefresh | None:
    """Return what came of the last time; None where there was none, or that can't be read."""
    try:
        told = json.loads((data / _FILE).read_text(encoding="utf-8"))
        return LastRefresh(datetime.fromisoformat(told["at"]), dict(told["failed"]), dict(told["held_back"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def doubts(data: Path, now: datetime) -> list[str]:
    """Say, a sentence each, what keeps the data from being fresh; none where all is well."""
    last = last_refresh(data)
    if last is None:
        return []
    age = now - last.at
    late = [f"publishers were asked last {age.days} days ago; see why `gapbrief run` does not"] if age.days > 2 else []
    failed = [f"{series} can't be had: {why}" for series, why in sorted(last.failed.items())]
    held = [
        f"{series} is held back: {why}; `gapbrief data refresh {series} --accept` takes it"
        for series, why in sorted(last.held_back.items())
    ]
    return [*late, *failed, *held]
