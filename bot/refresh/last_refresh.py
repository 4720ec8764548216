"""What came of asking publishers the last time: kept beside the data, for the operator and for moderators."""

import json
import os
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from bot.health_checks import Check
from core.answer import Table
from core.refresh import publishers, revisions
from core.refresh.publishers import Publisher
from core.refresh.revisions import HeldModel
from core.refresh.snapshot_checks import Finding
from core.store.tables import shipped_folder
from core.words import and_list, count, one_line, shorten

_FILE, _ATTEMPT = "last_refresh.json", "refresh_attempt.json"
_MOST_FINDINGS, _LONGEST = 50, 250
"""How many findings of a publisher are kept, and how many letters of each: a file may be odd in every row."""
_COMMAND = "\N{GRAVE ACCENT}gapbrief "
_FOUND_ANEW = f"{_COMMAND}data classify "
"""What a finding names that waits for a person, and one that each refresh finds anew."""
_ADDRESS = re.compile(r"^(?:[\w.-]+: )?https?://\S+ ")
_MOST_WAITING = 5
"""How many things that wait for a person are named; `gapbrief data status` lists all."""


@dataclass(frozen=True)
class Outcome:
    """What came of one publisher: `why` says what is wrong, `findings` what is odd."""

    series: str
    state: Literal["new", "unchanged", "held back", "failed"]
    why: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class LastRefresh:
    """When publishers were asked last, and by series why some gave nothing (`failed`, `held_back`) and what is odd."""

    at: datetime
    failed: dict[str, str]
    held_back: dict[str, str]
    findings: dict[str, list[str]] = field(default_factory=dict)

    @property
    def waiting(self) -> list[str]:
        """What waits for a person, each with its command: whole publishers first, then what is odd within one."""
        held = [
            f"{series} is held back: {why}; `gapbrief data refresh {series} --accept` takes it"
            for series, why in sorted(self.held_back.items())
        ]
        return [*held, *self.waiting_within]

    @property
    def waiting_within(self) -> list[str]:
        """What waits for a person within a publisher's data, which is used but for that."""
        whats = (what for _, findings in sorted(self.findings.items()) for what in findings if _COMMAND in what)
        return list(dict.fromkeys(whats))

    @property
    def remarks(self) -> dict[str, list[str]]:
        """What else is odd within a publisher's data, by series."""
        remarks = {
            series: [what for what in findings if _COMMAND not in what]
            for series, findings in sorted(self.findings.items())
        }
        return {series: whats for series, whats in remarks.items() if whats}


def without_command(what: str) -> str:
    """Return what waits without the clause that names a command, which is for whoever runs gapbrief."""
    return split_command(what)[0]


def split_command(what: str) -> tuple[str, str]:
    """Return what waits, and the clause that names the command that settles it: the last one, which is ours."""
    begin = what.rfind(_COMMAND)
    cut = what.rfind("; ", 0, begin) if begin >= 0 else -1
    return (what[:cut], what[cut + 2 :]) if cut >= 0 else (what, "")


@dataclass(frozen=True)
class Attempt:
    """A refresh that began and has not ended: it runs, or was stopped; `number` counts them since one that ended.

    Where no publisher could be reached, `no_network` says so.
    """

    began: datetime
    number: int
    no_network: str = ""


def note_attempt(data: Path, now: datetime) -> None:
    """Keep that a refresh begins, before anything of it can end the process."""
    before = unfinished_attempt(data)
    number = before.number + 1 if before and not before.no_network else 1
    _write_json(data / _ATTEMPT, {"began": now.isoformat(), "number": number})


def note_no_network(data: Path, now: datetime, why: str) -> None:
    """Keep that a refresh reached nobody: nothing is known of any publisher, and it is tried again before long."""
    _write_json(data / _ATTEMPT, {"began": now.isoformat(), "number": 1, "no_network": why})


def unfinished_attempt(data: Path) -> Attempt | None:
    """Return the refresh that has not ended; None where the last one did, or that can't be read."""
    try:
        attempt = json.loads((data / _ATTEMPT).read_text(encoding="utf-8"))
        began = datetime.fromisoformat(attempt["began"])
        return Attempt(began, int(attempt["number"]), str(attempt.get("no_network", "")))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def asked_at(data: Path) -> datetime | None:
    """Return when publishers were asked last, whether that ended or not; None where never."""
    last, attempt = last_refresh(data), unfinished_attempt(data)
    return attempt.began if attempt else last.at if last else None


def note(data: Path, at: datetime, outcomes: Sequence[Outcome]) -> None:
    """Keep what came of asking publishers; of those that were not asked, what came of it before stays."""
    last = with_outcomes(last_refresh(data), at, outcomes)
    _write_json(data / _FILE, {**asdict(last), "at": at.isoformat()})
    (data / _ATTEMPT).unlink(missing_ok=True)


def with_outcomes(before: LastRefresh | None, at: datetime, outcomes: Sequence[Outcome]) -> LastRefresh:
    """Return what is known of publishers after some of them were asked.

    What is odd within a publisher's data stays until there are newer data of it; what is held of open and closed is
    found anew each time.
    """
    before = before or LastRefresh(at, {}, {})
    whys: dict[str, dict[str, str]] = {"failed": dict(before.failed), "held back": dict(before.held_back)}
    findings = dict(before.findings)
    for outcome in outcomes:
        for state, of_state in whys.items():
            of_state.pop(outcome.series, None)
            if outcome.state == state:
                of_state[outcome.series] = outcome.why
        new = [_shorten_finding(finding.what) for finding in outcome.findings if finding.level != "stop"]
        old = [what for what in findings.get(outcome.series, []) if _FOUND_ANEW not in what]
        whats = new if outcome.state == "new" else [*new, *old]
        findings[outcome.series] = list(dict.fromkeys(whats))[:_MOST_FINDINGS]
    findings = {series: whats for series, whats in findings.items() if whats}
    return LastRefresh(at, whys["failed"], whys["held back"], findings)


def with_held(
    outcomes: Sequence[Outcome], held: Sequence[HeldModel], publishers: Mapping[str, Publisher]
) -> tuple[Outcome, ...]:
    """Return what came of publishers with what of open and closed is held: a finding of the first that says it."""
    names = {series: publisher.declared.publisher for series, publisher in publishers.items()}
    findings: dict[str, list[Finding]] = {outcome.series: [] for outcome in outcomes}
    for model in held:
        by = (series for series in findings if names.get(series) in model.publishers)
        series = next(by, next(iter(findings), ""))
        findings.setdefault(series, []).append(Finding("warn", model.why))
    return tuple(replace(outcome, findings=(*findings[outcome.series], *outcome.findings)) for outcome in outcomes)


def drop_settled(data: Path, why: str) -> None:
    """Forget what waited for a change that a person made: `why` are the words of its command, such as "classify X"."""
    last = last_refresh(data)
    if last is not None:
        left = {name: [what for what in whats if not _is_settled(what, why)] for name, whats in last.findings.items()}
        _write_json(data / _FILE, {**asdict(replace(last, findings=left)), "at": last.at.isoformat()})


def _is_settled(what: str, why: str) -> bool:
    """Whether a finding names the command that a person gave: the same verb and the same model or test."""
    command = split_command(what)[1].partition(_COMMAND)[2].partition("`")[0]
    try:
        words = shlex.split(command)
    except ValueError:  # a quote that is not closed
        return False
    return len(words) > 2 and f"{why} ".startswith(f"{words[1]} {words[2]} ")


def _shorten_finding(what: str) -> str:
    """Return a finding in a length to keep; the command that it names stays whole."""
    text, clause = split_command(one_line(what))
    return f"{shorten(text, _LONGEST)}; {clause}" if clause else shorten(text, _LONGEST)


def _write_json(place: Path, content: object) -> None:
    aside = place.with_name(f".{place.name}")
    aside.write_text(json.dumps(content, indent=1), encoding="utf-8")
    os.replace(aside, place)


def last_refresh(data: Path) -> LastRefresh | None:
    """Return what came of the last time; None where there was none, or that can't be read."""
    try:
        last = json.loads((data / _FILE).read_text(encoding="utf-8"))
        findings = {series: [str(what) for what in whats] for series, whats in last.get("findings", {}).items()}
        return LastRefresh(datetime.fromisoformat(last["at"]), dict(last["failed"]), dict(last["held_back"]), findings)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def doubts(data: Path, now: datetime) -> list[str]:
    """Say, a sentence each, what keeps the data from being fresh; none where all is well."""
    last, attempt = last_refresh(data), unfinished_attempt(data)
    n_stopped = attempt.number - 1 if attempt else 0  # the last one may be under way
    stopped = [f"the last {n_stopped + 1} refreshes did not end; see the log of `gapbrief run`"] if n_stopped else []
    if attempt and attempt.no_network:
        stopped = [f"{attempt.began:%Y-%m-%d at %H:%M} UTC: {attempt.no_network}"]
    if last is None:
        return stopped
    age = now - last.at
    late = [f"publishers were last asked {age.days} days ago; see why `gapbrief run` does not"] if age.days > 2 else []
    failed = [f"no data from {', '.join(names)}: {why}" for why, names in like_failures(last.failed).items()]
    return [*stopped, *late, *failed, *last.waiting[: len(last.held_back)]]


def like_failures(failed: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the series that failed, by the reason: of one alone with its address, of several without."""
    groups: dict[str, list[str]] = {}
    for series, why in sorted(failed.items()):
        groups.setdefault(without_address(why), []).append(series)
    return {
        failed[names[0]].removeprefix(f"{names[0]}: ") if len(names) == 1 else why: names
        for why, names in groups.items()
    }


def without_address(why: str) -> str:
    """Return why a publisher can't be had without the name and the address that begin it."""
    return _ADDRESS.sub("", why)


def overview(data: Path) -> Table:
    """Return what is in use of each publisher that is asked, and why no newer data are."""
    in_use, last = revisions.read_current(data), last_refresh(data)
    whys = {series: without_address(why) for series, why in (last.failed | last.held_back).items()} if last else {}
    rows = []
    for name in publishers.read_publishers(shipped_folder() / "publishers"):
        newest = in_use.newest(name) if in_use else None
        if newest is None:
            data_from, last_served = "came with gapbrief" if revisions.predecessor_id(name) else "–", "–"
        else:
            data_from = str(newest.source.snapshot)
            last_served = str(newest.source.held_until or newest.source.snapshot)
        rows.append((name, data_from, last_served, whys.get(name, "")))
    when = f"last asked on {last.at:%Y-%m-%d at %H:%M} UTC" if last else "not asked yet"
    return Table(f"Publishers, {when}", ("Source", "Data from", "Last served", "Remark"), tuple(rows))


def finding_tables(last: LastRefresh | None) -> list[Table]:
    """Return what waits for a person, with the command that settles it, and what else is odd in publishers' data."""
    if last is None:
        return []
    waiting = tuple(split_command(what) for what in last.waiting)
    remarks = tuple((series, what) for series, whats in last.remarks.items() for what in whats)
    tables = [
        Table("What waits for you", ("What", "What settles it"), waiting),
        Table("What is odd in the newest data", ("Source", "Remark"), remarks),
    ]
    return [table for table in tables if table.rows]


def check_refresh(data: Path, now: datetime) -> list[Check]:
    """Say when publishers were asked for new data, what of it is not used, and what waits for a person."""
    last = last_refresh(data)
    wrong = [Check("wrong", "refresh", doubt) for doubt in doubts(data, now)]
    if last is None:
        says = "never yet; `gapbrief data refresh` adds new scores, as `gapbrief run` does once a day"
        return [Check("missing", "refresh", says), *wrong]
    asked = Check("well", "refresh", f"publishers were asked on {last.at:%Y-%m-%d at %H:%M} UTC")
    waiting = last.waiting_within
    waits = [Check("missing", "waits for you", what) for what in waiting[:_MOST_WAITING]]
    if len(waiting) > _MOST_WAITING:
        says = f"{len(waiting) - _MOST_WAITING} more; `gapbrief data status` lists all"
        waits.append(Check("missing", "waits for you", says))
    if n_remarks := sum(map(len, last.remarks.values())):
        says = f"{count(n_remarks, 'remark')} on the newest data of {and_list(list(last.remarks))}"
        waits.append(Check("missing", "odd data", f"{says}; `gapbrief data status` lists all"))
    return [asked, *wrong, *waits]
