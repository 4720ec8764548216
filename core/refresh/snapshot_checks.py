"""What is odd in a publisher's new snapshot, held against the last one: it is listed, or the snapshot is not taken."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, Literal

from core.evidence.identity import unknown_efforts
from core.evidence.importers.makers_cards import GONE
from core.evidence.importers.rows import UNKNOWN_SUITE, UNREADABLE, Imported, RawModel, RawScore
from core.evidence.plausibility import UNBORN
from core.words import count

_FEWER = 0.9
"""A file with a smaller share of its last rows is cut: real boards lose single rows."""
_DOUBLED = 0.1
_FACTOR = 5.0
"""Scores that are in the middle so many times what they were, or a part of it, are in another unit."""
_MOST_MOVED = 0.5
_ERRORS, _POINTS = 3.0, 5.0
"""How far a score may move unremarked: so many standard errors, and points where no error is known."""
_LEAST = 5
"""Fewer scores or rows than this tell nothing about a file."""

_WORDS: tuple[tuple[str, Callable[[RawModel], Any]], ...] = (
    ("open or closed", lambda model: model.claim), ("release date", lambda model: model.released),
)  # fmt: skip

Files = list[tuple[str, Imported]]
_Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Finding:
    """Something odd: `stop` keeps the snapshot out until a person looked, `warn` is listed.

    Where it waits for a person, it names the command that settles it: "…; `gapbrief data …` takes it".
    """

    level: Literal["warn", "stop"]
    what: str


def check_snapshot(new: Files, old: Files, units: Mapping[tuple[str, str], str]) -> list[Finding]:
    """Hold a snapshot's files against those of the last one; returns what is odd, in order of weight.

    `units` is the unit of each (benchmark, version): an index, in points, is fitted anew and moves as a whole.
    """
    found = [*_rows(new, old), *_doubled(new, old)]
    before, after = _scores(old), _scores(new)
    found += _boards(before, after)
    found += _scale_and_moves(before, after, units)
    found += _untold(new, old)
    found += _words(new, old)
    found += _new_words(new, old)
    found += (
        Finding("warn", f"{each.what}: {each.reason}")
        for _, one in new
        for each in one.dropped
        if each.reason in (UNBORN, GONE)
    )
    found += _unreadable(new)
    found += _unknown_suites(new, old)
    return sorted(map(_without_command, found), key=lambda each: each.level != "stop")


def _without_command(finding: Finding) -> Finding:
    """Return a finding with no command in it: a name in a publisher's file may hold one, for a person to run."""
    return replace(finding, what=finding.what.replace("`", "'"))


def _rows(new: Files, old: Files) -> Iterator[Finding]:
    had = dict(old)
    for name, imported in new:
        last = had.get(name)
        if last is not None and imported.rows < _FEWER * last.rows and last.rows >= _LEAST:
            yield Finding("stop", f"{name} has {imported.rows:,} rows where it had {last.rows:,}")
    for name in sorted(had.keys() - {name for name, _ in new}):
        yield Finding("stop", f"{name} is there no more")


def _unreadable(new: Files) -> Iterator[Finding]:
    for name, imported in new:
        dropped = [each for each in imported.dropped if each.reason.startswith(UNREADABLE)]
        if dropped:
            first, others = dropped[0], f" (as in {count(len(dropped), 'row')})" if dropped[1:] else ""
            yield Finding("warn", f"{name}, line {first.line}: {first.what}: {first.reason}{others}")


def _unknown_suites(new: Files, old: Files) -> Iterator[Finding]:
    """Find the rows of tests that are new: another suite may have begun to take the place of the known one."""
    before, after = (
        {(name, each.reason) for name, one in files for each in one.dropped if each.reason.endswith(UNKNOWN_SUITE)}
        for files in (old, new)
    )
    for name, reason in sorted(after - before):
        yield Finding("stop", f"{name}, {reason}")


def _doubled(new: Files, old: Files) -> Iterator[Finding]:
    usual = sum(_doubles(imported) for _, imported in old)
    for name, imported in new:
        doubles = _doubles(imported)
        if doubles > usual + max(_LEAST, _DOUBLED * imported.rows):
            yield Finding("stop", f"{name} has {doubles:,} rows twice")


def _doubles(imported: Imported) -> int:
    rows = Counter((*_key(raw), raw.score, raw.run_on) for raw in imported.scores)
    return sum(number - 1 for number in rows.values())


def _key(raw: RawScore) -> _Key:
    return raw.benchmark, raw.version, raw.spelling, raw.setting


def _scores(files: Files) -> dict[_Key, RawScore]:
    """Return each cell's best score: what counts."""
    found: dict[_Key, RawScore] = {}
    for _, imported in files:
        for raw in imported.scores:
            if _key(raw) not in found or raw.score > found[_key(raw)].score:
                found[_key(raw)] = raw
    return found


def _boards(before: Mapping[_Key, RawScore], after: Mapping[_Key, RawScore]) -> Iterator[Finding]:
    had, has = ({key[:2] for key in scores} for scores in (before, after))
    for benchmark, version in sorted(had - has):
        yield Finding("stop", f"no score of {benchmark} {version} is there any more")
    if had:
        for benchmark, version in sorted(has - had):
            yield Finding("warn", f"{benchmark} {version} is new")


def _scale_and_moves(
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
        moved = sorted(key for key in keys if _has_moved(before[key], after[key]))
        if len(moved) > max(_LEAST, _MOST_MOVED * len(keys)):
            yield Finding("stop", f"{len(moved)} of {len(keys)} scores of {name} moved by more than their errors allow")
            continue
        for key in moved:
            yield Finding("warn", f"{key[2]} on {name} moved from {before[key].score:g} to {after[key].score:g}")


def _has_moved(old: RawScore, new: RawScore) -> bool:
    allowed = _ERRORS * old.standard_error if old.standard_error else min(_POINTS, abs(old.score) / 2)
    return abs(new.score - old.score) > max(allowed, 0.02)


def _untold(new: Files, old: Files) -> Iterator[Finding]:
    """Find what a file tells of no row any more: the models' dates, say, would be lost with the column."""
    for what, of in _WORDS:
        before, after = _told(old, of), _told(new, of)
        if len(before) >= _LEAST and not after:
            yield Finding("stop", f"{what} is told of no model any more, where it was of {len(before)}")
    errors = [sum(raw.standard_error is not None for raw in _scores(files).values()) for files in (old, new)]
    if errors[0] >= _LEAST and not errors[1]:
        yield Finding("warn", "standard errors are told of no score any more")


def _words(new: Files, old: Files) -> Iterator[Finding]:
    for what, of in _WORDS:
        before, after = _told(old, of), _told(new, of)
        for spelling in sorted(before.keys() & after.keys()):
            if before[spelling] != after[spelling]:
                yield Finding("warn", f"{spelling}: {what} was {before[spelling]} and is {after[spelling]}")


def _new_words(new: Files, old: Files) -> Iterator[Finding]:
    """Find words on openness that claim nothing, and that no file had: a publisher may have thought of a new one."""
    before, after = (
        Counter(model.raw for _, one in files for model in one.models if model.claim is None and model.raw)
        for files in (old, new)
    )
    if any(_told(old, lambda model: model.claim)):
        for word in sorted(after.keys() - before.keys()):
            yield Finding("warn", f'"{word}" is an unknown word on openness, of {after[word]} models: it is no claim')


def new_efforts(new: Files, old: Files) -> Iterator[Finding]:
    """Find in a snapshot what stands behind a model's name as an effort does, and is none that is known."""
    before, after = (
        {raw.spelling for _, one in files for raw in one.models}
        | {raw.spelling for _, one in files for raw in one.scores}
        for files in (old, new)
    )
    for spelling, (base, effort) in sorted(unknown_efforts(before | after).items()):
        if spelling in after - before:
            yield Finding("warn", f'{spelling}: "{effort}" is no known effort of {base}; see which model it is')


def _told(files: Files, of: Callable[[RawModel], Any]) -> dict[str, Any]:
    return {model.spelling: of(model) for _, imported in files for model in imported.models if of(model) is not None}


def says_the_same(new: Imported, old: Imported) -> bool:
    """Whether a file holds nine tenths of what it held, kind by kind, where that is enough to tell a column by."""
    pairs = [
        (
            {(*_key(raw), round(raw.score, 3)) for raw in imported.scores},
            {(model.spelling, model.released) for model in imported.models if model.released},
            {(model.spelling, model.claim) for model in imported.models if model.claim},
        )
        for imported in (new, old)
    ]
    kinds = [(after, before) for after, before in zip(*pairs, strict=True) if len(before) >= _LEAST]
    return bool(kinds) and all(len(after & before) >= _FEWER * len(before) for after, before in kinds)
