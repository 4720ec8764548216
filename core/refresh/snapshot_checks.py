"""Compare a publisher's new snapshot with the last one: anomalies are listed, or block the snapshot."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from statistics import median
from typing import Any, Literal

from core.dataclass import dataclass
from core.evidence.identity import unknown_efforts
from core.evidence.importers.makers_cards import GONE
from core.evidence.importers.rows import UNKNOWN_SUITE, UNREADABLE, FileContent, RawModel, RawScore
from core.evidence.plausibility import UNBORN
from core.words import count

_FEWER = 0.9
"""A file with less than this share of its previous rows is truncated: real boards lose single rows."""
_DOUBLED = 0.1
_FACTOR = 5.0
"""If the median score changes by more than this factor, the scores are in another unit."""
_MOST_MOVED = 0.5
_ERRORS, _POINTS = 3.0, 5.0
"""A score may move this far without a warning: in standard errors, or in points if no error is known."""
_LEAST = 5
"""Fewer scores or rows are no evidence about a file."""

_STATEMENTS: tuple[tuple[str, Callable[[RawModel], Any]], ...] = (
    ("open or closed", lambda model: model.claim), ("release date", lambda model: model.released),
)  # fmt: skip

Files = list[tuple[str, FileContent]]
_Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Finding:
    """An anomaly: `stop` blocks the snapshot until a person has looked, `warn` is only listed.

    If a person has to decide, it names the command: "…; `gapbrief data …` takes it".
    """

    level: Literal["warn", "stop"]
    what: str


def check_snapshot(new: Files, old: Files, units: Mapping[tuple[str, str], str]) -> list[Finding]:
    """Compare a snapshot's files with the last snapshot's; return the anomalies, most serious first.

    `units` is the unit of each (benchmark, version): an index, in points, is refitted and moves as a whole.
    """
    before, after = _best_scores(old), _best_scores(new)
    impossible_rows = [
        Finding("warn", f"{row.what}: {row.reason}")
        for _, content in new
        for row in content.dropped
        if row.reason in (UNBORN, GONE)
    ]
    findings = [
        *_check_rows(new, old),
        *_check_doubles(new, old),
        *_check_boards(before, after),
        *_check_scores(before, after, units),
        *_check_missing(new, old),
        *_check_statements(new, old),
        *_check_new_words(new, old),
        *impossible_rows,
        *_check_unreadable(new),
        *_check_suites(new, old),
    ]
    return sorted(map(_without_command, findings), key=lambda finding: finding.level != "stop")


def _without_command(finding: Finding) -> Finding:
    """Return a finding without commands: a name in a publisher's file may contain one that a person would then run."""
    return replace(finding, what=finding.what.replace("`", "'"))


def _check_rows(new: Files, old: Files) -> Iterator[Finding]:
    last_files = dict(old)
    for name, content in new:
        last = last_files.get(name)
        if last is not None and content.rows < _FEWER * last.rows and last.rows >= _LEAST:
            yield Finding("stop", f"{name} has {content.rows:,} rows where it had {last.rows:,}")
    for name in sorted(last_files.keys() - {name for name, _ in new}):
        yield Finding("stop", f"{name} is gone")


def _check_unreadable(new: Files) -> Iterator[Finding]:
    for name, content in new:
        rows = [row for row in content.dropped if row.reason.startswith(UNREADABLE)]
        if rows:
            first, others = rows[0], f" (as in {count(len(rows), 'row')})" if rows[1:] else ""
            yield Finding("warn", f"{name}, line {first.line}: {first.what}: {first.reason}{others}")


def _check_suites(new: Files, old: Files) -> Iterator[Finding]:
    """Find rows of new suites: a new suite may be replacing the known one."""
    before, after = (
        {(name, row.reason) for name, one in files for row in one.dropped if row.reason.endswith(UNKNOWN_SUITE)}
        for files in (old, new)
    )
    for name, reason in sorted(after - before):
        yield Finding("stop", f"{name}, {reason}")


def _check_doubles(new: Files, old: Files) -> Iterator[Finding]:
    usual = sum(_count_doubles(content) for _, content in old)
    for name, content in new:
        doubles = _count_doubles(content)
        if doubles > usual + max(_LEAST, _DOUBLED * content.rows):
            yield Finding("stop", f"{name} has {doubles:,} rows twice")


def _count_doubles(content: FileContent) -> int:
    rows = Counter((*_key(raw), raw.score, raw.run_on) for raw in content.scores)
    return sum(number - 1 for number in rows.values())


def _key(raw: RawScore) -> _Key:
    return raw.benchmark, raw.version, raw.spelling, raw.setting


def _best_scores(files: Files) -> dict[_Key, RawScore]:
    """Return the best score of each cell, which is the score that counts."""
    best: dict[_Key, RawScore] = {}
    for _, content in files:
        for raw in content.scores:
            if _key(raw) not in best or raw.score > best[_key(raw)].score:
                best[_key(raw)] = raw
    return best


def _check_boards(before: Mapping[_Key, RawScore], after: Mapping[_Key, RawScore]) -> Iterator[Finding]:
    keys_before, keys_after = ({key[:2] for key in scores} for scores in (before, after))
    for benchmark, version in sorted(keys_before - keys_after):
        yield Finding("stop", f"no score of {benchmark} {version} is there any more")
    if keys_before:
        for benchmark, version in sorted(keys_after - keys_before):
            yield Finding("warn", f"{benchmark} {version} is new")


def _check_scores(
    before: Mapping[_Key, RawScore], after: Mapping[_Key, RawScore], units: Mapping[tuple[str, str], str]
) -> Iterator[Finding]:
    boards: dict[tuple[str, str], list[_Key]] = defaultdict(list)
    for key in before.keys() & after.keys():
        boards[key[:2]].append(key)
    for board, keys in sorted(boards.items()):
        name = " ".join(board)
        ratios = [after[key].score / before[key].score for key in keys if before[key].score > 0]
        if len(ratios) >= _LEAST and not 1 / _FACTOR < median(ratios) < _FACTOR:
            yield Finding("stop", f"the scores of {name} are {median(ratios):.3g} times what they were")
            continue
        if units.get(board) == "points":
            continue
        moves = sorted(key for key in keys if _has_moved(before[key], after[key]))
        if len(moves) > max(_LEAST, _MOST_MOVED * len(keys)):
            yield Finding("stop", f"{len(moves)} of {len(keys)} scores of {name} moved by more than their errors allow")
            continue
        for key in moves:
            yield Finding("warn", f"{key[2]} on {name} moved from {before[key].score:g} to {after[key].score:g}")


def _has_moved(old: RawScore, new: RawScore) -> bool:
    tolerance = _ERRORS * old.standard_error if old.standard_error else min(_POINTS, abs(old.score) / 2)
    return abs(new.score - old.score) > max(tolerance, 0.02)


def _check_missing(new: Files, old: Files) -> Iterator[Finding]:
    """Find statements that disappeared from all rows: for example, a dropped column would lose the models' dates."""
    for what, of in _STATEMENTS:
        before, after = _statements(old, of), _statements(new, of)
        if len(before) >= _LEAST and not after:
            yield Finding("stop", f'no model has "{what}" any more, where {len(before)} had it')
    errors = [sum(raw.standard_error is not None for raw in _best_scores(files).values()) for files in (old, new)]
    if errors[0] >= _LEAST and not errors[1]:
        yield Finding("warn", "no score has a standard error any more")


def _check_statements(new: Files, old: Files) -> Iterator[Finding]:
    for what, of in _STATEMENTS:
        before, after = _statements(old, of), _statements(new, of)
        for spelling in sorted(before.keys() & after.keys()):
            if before[spelling] != after[spelling]:
                yield Finding("warn", f"{spelling}: {what} was {before[spelling]} and is {after[spelling]}")


def _check_new_words(new: Files, old: Files) -> Iterator[Finding]:
    """Find new unknown words on openness: a publisher may have started to use them."""
    before, after = (
        Counter(model.raw for _, one in files for model in one.models if model.claim is None and model.raw)
        for files in (old, new)
    )
    if any(_statements(old, lambda model: model.claim)):
        for word in sorted(after.keys() - before.keys()):
            yield Finding(
                "warn",
                f'"{word}" is an unknown word for openness, used for {count(after[word], "model")}: it is no claim',
            )


def find_new_efforts(new: Files, old: Files) -> Iterator[Finding]:
    """Find new endings of model names that look like an effort but are not a known one."""
    before, after = (
        {raw.spelling for _, one in files for raw in one.models}
        | {raw.spelling for _, one in files for raw in one.scores}
        for files in (old, new)
    )
    for spelling, (base, effort) in sorted(unknown_efforts(before | after).items()):
        if spelling in after - before:
            yield Finding("warn", f'{spelling}: "{effort}" is no known effort of {base}; see which model it is')


def _statements(files: Files, of: Callable[[RawModel], Any]) -> dict[str, Any]:
    return {model.spelling: of(model) for _, content in files for model in content.models if of(model) is not None}


def is_nearly_same(new: FileContent, old: FileContent) -> bool:
    """Whether a file keeps nine tenths of its values, for each kind of value that it had enough of."""
    pairs = [
        (
            {(*_key(raw), round(raw.score, 3)) for raw in content.scores},
            {(model.spelling, model.released) for model in content.models if model.released},
            {(model.spelling, model.claim) for model in content.models if model.claim},
        )
        for content in (new, old)
    ]
    kinds = [(after, before) for after, before in zip(*pairs, strict=True) if len(before) >= _LEAST]
    return bool(kinds) and all(len(after & before) >= _FEWER * len(before) for after, before in kinds)
