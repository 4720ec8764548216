"""The outcome of the last refresh, stored beside the data for the operator and for moderators."""

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from bot.files import write_atomically
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
"""Findings kept of a publisher, and characters of each: a file may be odd in every row."""
_COMMAND = "\N{GRAVE ACCENT}gapbrief "
_FOUND_ANEW = f"{_COMMAND}data classify "
"""In a finding that waits for a person, and in one that every refresh finds again."""
_ADDRESS = re.compile(r"^(?:[\w.-]+: )?https?://\S+ ")
_MOST_WAITING = 5
"""Waiting findings that `doctor` names; `gapbrief data status` lists all."""


@dataclass(frozen=True)
class Outcome:
    """A publisher's outcome: `why` says what is wrong, `findings` what is odd."""

    series: str
    state: Literal["new", "unchanged", "held back", "failed"]
    why: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class LastRefresh:
    """When publishers were last asked; by series, why some gave nothing (`failed`, `held_back`), and what is odd."""

    at: datetime
    failed: dict[str, str]
    held_back: dict[str, str]
    findings: dict[str, list[str]] = field(default_factory=dict)

    @property
    def waiting(self) -> list[str]:
        """What waits for a person, each with its command: whole publishers first, then findings within one."""
        held_back = [
            f"{series} is held back: {reason}; `gapbrief data refresh {series} --accept` takes it"
            for series, reason in sorted(self.held_back.items())
        ]
        return [*held_back, *self.waiting_within]

    @property
    def waiting_within(self) -> list[str]:
        """The findings that wait for a person while the rest of the publisher's data is used."""
        texts = (text for _, findings in sorted(self.findings.items()) for text in findings if _COMMAND in text)
        return list(dict.fromkeys(texts))

    @property
    def remarks(self) -> dict[str, list[str]]:
        """All other findings, by series."""
        remarks = {
            series: [finding for finding in findings if _COMMAND not in finding]
            for series, findings in sorted(self.findings.items())
        }
        return {series: texts for series, texts in remarks.items() if texts}


def drop_command(finding: str) -> str:
    """Return a finding without its command clause, which is for the operator."""
    return split_command(finding)[0]


def split_command(finding: str) -> tuple[str, str]:
    """Split a finding from its last clause, which names our command that settles it."""
    begin = finding.rfind(_COMMAND)
    cut = finding.rfind("; ", 0, begin) if begin >= 0 else -1
    return (finding[:cut], finding[cut + 2 :]) if cut >= 0 else (finding, "")


@dataclass(frozen=True)
class Attempt:
    """An unfinished refresh, running or interrupted; `number` counts them since the last one that finished.

    `no_network` is set if no publisher could be reached.
    """

    began: datetime
    number: int
    no_network: str = ""


def save_attempt(data: Path, now: datetime) -> None:
    """Record that a refresh begins, in case the process dies."""
    previous = read_attempt(data)
    number = previous.number + 1 if previous and not previous.no_network else 1
    _write_json(data / _ATTEMPT, {"began": now.isoformat(), "number": number})


def save_no_network(data: Path, now: datetime, reason: str) -> None:
    """Record that a refresh reached no publisher; it is retried soon."""
    _write_json(data / _ATTEMPT, {"began": now.isoformat(), "number": 1, "no_network": reason})


def read_attempt(data: Path) -> Attempt | None:
    """Return the unfinished refresh; None if the last one finished, or the file can't be read."""
    try:
        attempt = json.loads((data / _ATTEMPT).read_text(encoding="utf-8"))
        began = datetime.fromisoformat(attempt["began"])
        return Attempt(began, int(attempt["number"]), str(attempt.get("no_network", "")))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def last_asked(data: Path) -> datetime | None:
    """Return when the last refresh began, finished or not; None if there was none."""
    last, attempt = read_last_refresh(data), read_attempt(data)
    return attempt.began if attempt else last.at if last else None


def save_outcomes(data: Path, now: datetime, outcomes: Sequence[Outcome]) -> None:
    """Record the outcomes of a refresh; the state of other publishers stays."""
    last = add_outcomes(read_last_refresh(data), now, outcomes)
    _write_json(data / _FILE, {**asdict(last), "at": now.isoformat()})
    (data / _ATTEMPT).unlink(missing_ok=True)


def add_outcomes(previous: LastRefresh | None, now: datetime, outcomes: Sequence[Outcome]) -> LastRefresh:
    """Return the state of all publishers after some of them were asked.

    A publisher's findings stay until it has newer data; held models are found again every time.
    """
    previous = previous or LastRefresh(now, {}, {})
    whys: dict[str, dict[str, str]] = {"failed": dict(previous.failed), "held back": dict(previous.held_back)}
    findings = dict(previous.findings)
    for outcome in outcomes:
        for state, reasons_of_state in whys.items():
            reasons_of_state.pop(outcome.series, None)
            if outcome.state == state:
                reasons_of_state[outcome.series] = outcome.why
        new = [_shorten_finding(finding.what) for finding in outcome.findings if finding.level != "stop"]
        old = [text for text in findings.get(outcome.series, []) if _FOUND_ANEW not in text]
        texts = new if outcome.state == "new" else [*new, *old]
        findings[outcome.series] = list(dict.fromkeys(texts))[:_MOST_FINDINGS]
    findings = {series: texts for series, texts in findings.items() if texts}
    return LastRefresh(now, whys["failed"], whys["held back"], findings)


def add_held_models(
    outcomes: Sequence[Outcome], held_models: Sequence[HeldModel], publishers: Mapping[str, Publisher]
) -> tuple[Outcome, ...]:
    """Add each held model as a finding to the outcome of the first publisher that classifies it."""
    names = {series: publisher.declared.publisher for series, publisher in publishers.items()}
    findings: dict[str, list[Finding]] = {outcome.series: [] for outcome in outcomes}
    for model in held_models:
        by = (series for series in findings if names.get(series) in model.publishers)
        series = next(by, next(iter(findings), ""))
        findings.setdefault(series, []).append(Finding("warn", model.why))
    return tuple(replace(outcome, findings=(*findings[outcome.series], *outcome.findings)) for outcome in outcomes)


def drop_settled(data: Path, change: str) -> None:
    """Drop the findings settled by a change, given as its command's words, such as "classify X"."""
    last = read_last_refresh(data)
    if last is not None:
        left = {key: [text for text in texts if not _is_settled(text, change)] for key, texts in last.findings.items()}
        _write_json(data / _FILE, {**asdict(replace(last, findings=left)), "at": last.at.isoformat()})


def _is_settled(finding: str, change: str) -> bool:
    """Whether a finding's command has the verb and the model or test of a change."""
    command = split_command(finding)[1].partition(_COMMAND)[2].partition("`")[0]
    try:
        words = shlex.split(command)
    except ValueError:  # an unclosed quote
        return False
    return len(words) > 2 and f"{change} ".startswith(f"{words[1]} {words[2]} ")


def _shorten_finding(finding: str) -> str:
    """Shorten a finding, but not its command."""
    text, clause = split_command(one_line(finding))
    return f"{shorten(text, _LONGEST)}; {clause}" if clause else shorten(text, _LONGEST)


def _write_json(path: Path, content: object) -> None:
    write_atomically(path, json.dumps(content, indent=1).encode())


def read_last_refresh(data: Path) -> LastRefresh | None:
    """Return the last refresh; None if there was none, or the file can't be read."""
    try:
        last = json.loads((data / _FILE).read_text(encoding="utf-8"))
        findings = {series: [str(text) for text in texts] for series, texts in last.get("findings", {}).items()}
        return LastRefresh(datetime.fromisoformat(last["at"]), dict(last["failed"]), dict(last["held_back"]), findings)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def find_doubts(data: Path, now: datetime) -> list[str]:
    """List, a sentence each, what keeps the data from being fresh."""
    last, attempt = read_last_refresh(data), read_attempt(data)
    n_stopped = attempt.number - 1 if attempt else 0  # the last one may still run
    stopped = [f"the last {n_stopped + 1} refreshes did not end; see the log of `gapbrief run`"] if n_stopped else []
    if attempt and attempt.no_network:
        stopped = [f"{attempt.began:%Y-%m-%d at %H:%M} UTC: {attempt.no_network}"]
    if last is None:
        return stopped
    age = now - last.at
    late = [f"publishers were last asked {age.days} days ago; see why `gapbrief run` does not"] if age.days > 2 else []
    failures = [f"no data from {', '.join(names)}: {reason}" for reason, names in group_failures(last.failed).items()]
    return [*stopped, *late, *failures, *last.waiting[: len(last.held_back)]]


def group_failures(failed: Mapping[str, str]) -> dict[str, list[str]]:
    """Group failed series by reason; a reason shared by several series has no address."""
    groups: dict[str, list[str]] = {}
    for series, reason in sorted(failed.items()):
        groups.setdefault(drop_address(reason), []).append(series)
    return {
        failed[names[0]].removeprefix(f"{names[0]}: ") if len(names) == 1 else reason: names
        for reason, names in groups.items()
    }


def drop_address(reason: str) -> str:
    """Remove the leading name and address from the reason of a failure."""
    return _ADDRESS.sub("", reason)


def publisher_table(data: Path) -> Table:
    """Return the data in use of each publisher, and why there are none newer."""
    in_use, last = revisions.read_current(data), read_last_refresh(data)
    failures = last.failed | last.held_back if last else {}
    rows = []
    for name in publishers.read_publishers(shipped_folder() / "publishers"):
        newest = in_use.newest(name) if in_use else None
        if newest is None:
            data_from, last_served = "came with gapbrief" if revisions.predecessor_id(name) else "–", "–"
        else:
            data_from = str(newest.source.snapshot)
            last_served = str(newest.source.held_until or newest.source.snapshot)
        rows.append((name, data_from, last_served, drop_address(failures.get(name, ""))))
    when = f"last asked on {last.at:%Y-%m-%d at %H:%M} UTC" if last else "not asked yet"
    return Table(f"Publishers, {when}", ("Source", "Data from", "Last served", "Remark"), tuple(rows))


def finding_tables(last: LastRefresh | None) -> list[Table]:
    """Return what waits for a person, with the command that settles it, and all other findings."""
    if last is None:
        return []
    waiting = tuple(split_command(text) for text in last.waiting)
    remarks = tuple((series, text) for series, texts in last.remarks.items() for text in texts)
    tables = [
        Table("What waits for you", ("What", "What settles it"), waiting),
        Table("What is odd in the newest data", ("Source", "Remark"), remarks),
    ]
    return [table for table in tables if table.rows]


def check_refresh(data: Path, now: datetime) -> list[Check]:
    """Check when publishers were asked for new data, what is unused, and what waits for a person."""
    last = read_last_refresh(data)
    doubts = [Check("wrong", "refresh", doubt) for doubt in find_doubts(data, now)]
    if last is None:
        text = "never yet; `gapbrief data refresh` adds new scores, as `gapbrief run` does once a day"
        return doubts or [Check("missing", "refresh", text)]
    last_check = Check("well", "refresh", f"publishers were asked on {last.at:%Y-%m-%d at %H:%M} UTC")
    waiting = last.waiting_within
    checks = [Check("missing", "waits for you", finding) for finding in waiting[:_MOST_WAITING]]
    if len(waiting) > _MOST_WAITING:
        text = f"{len(waiting) - _MOST_WAITING} more; `gapbrief data status` lists all"
        checks.append(Check("missing", "waits for you", text))
    if n_remarks := sum(map(len, last.remarks.values())):
        text = f"{count(n_remarks, 'remark')} on the newest data of {and_list(list(last.remarks))}"
        checks.append(Check("missing", "odd data", f"{text}; `gapbrief data status` lists all"))
    return [last_check, *doubts, *checks]
