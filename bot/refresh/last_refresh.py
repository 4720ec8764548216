"""What came of asking publishers the last time: kept beside the data, for the operator."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from core.evidence.snapshot_checks import Finding

_FILE, _ATTEMPT = "last_refresh.json", "refresh_attempt.json"


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


@dataclass(frozen=True)
class Attempt:
    """A refresh that began and has not ended: it runs, or was stopped; `number` counts them since one that ended."""

    began: datetime
    number: int


def note_attempt(data: Path, now: datetime) -> None:
    """Keep that a refresh begins, before anything of it can end the process."""
    before = unfinished_attempt(data)
    _write(data / _ATTEMPT, {"began": now.isoformat(), "number": before.number + 1 if before else 1})


def unfinished_attempt(data: Path) -> Attempt | None:
    """Return the refresh that has not ended; None where the last one did, or that can't be read."""
    try:
        kept = json.loads((data / _ATTEMPT).read_text(encoding="utf-8"))
        return Attempt(datetime.fromisoformat(kept["began"]), int(kept["number"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def asked_at(data: Path) -> datetime | None:
    """Return when publishers were asked last, whether that ended or not; None where never."""
    last, attempt = last_refresh(data), unfinished_attempt(data)
    return attempt.began if attempt else last.at if last else None


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
    _write(data / _FILE, {"at": at.isoformat(), **told})
    (data / _ATTEMPT).unlink(missing_ok=True)


def _write(place: Path, content: object) -> None:
    aside = place.with_name(f".{place.name}")
    aside.write_text(json.dumps(content, indent=1), encoding="utf-8")
    os.replace(aside, place)


def last_refresh(data: Path) -> LastRefresh | None:
    """Return what came of the last time; None where there was none, or that can't be read."""
    try:
        told = json.loads((data / _FILE).read_text(encoding="utf-8"))
        return LastRefresh(datetime.fromisoformat(told["at"]), dict(told["failed"]), dict(told["held_back"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def doubts(data: Path, now: datetime) -> list[str]:
    """Say, a sentence each, what keeps the data from being fresh; none where all is well."""
    last, attempt = last_refresh(data), unfinished_attempt(data)
    n_stopped = attempt.number - 1 if attempt else 0  # the last one may be under way
    stopped = [f"the last {n_stopped + 1} refreshes did not end; see the log of `gapbrief run`"] if n_stopped else []
    if last is None:
        return stopped
    age = now - last.at
    late = [f"publishers were asked last {age.days} days ago; see why `gapbrief run` does not"] if age.days > 2 else []
    failed = [f"{series} can't be had: {why}" for series, why in sorted(last.failed.items())]
    held = [
        f"{series} is held back: {why}; `gapbrief data refresh {series} --accept` takes it"
        for series, why in sorted(last.held_back.items())
    ]
    return [*stopped, *late, *failed, *held]
