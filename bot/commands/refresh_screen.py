"""What a refresh did, on one screen: what came, what moved, and what waits for a person with the command for it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.refresh.effects import Effect, FirstCrosser, Looks
from bot.refresh.last_refresh import LastRefresh, like_failures, split_command, without_address
from bot.refresh.refreshing import Refreshed
from bot.settings import Settings
from core.answer import Line
from core.errors import DataError
from core.refresh.table_changes import Change
from core.store.store import open_store
from core.words import and_list, capitalize, count, day, levels

_MOST_NAMED, _MOST_FIRST, _MOST_WAITING, _MOST_FAILED = 5, 3, 4, 2
_LONGEST = 120
"""Letters of what waits, or of who can't be had and why: two rows of a screen; `data status` has all of it."""
_KINDS = {
    "revised score": ("score revised", "scores revised"), "score gone": ("score gone", "scores gone"),
    "model gone": ("model gone", "models gone"), "release date": ("release date", "release dates"),
    "openness": ("model's openness", "models' openness"),
}  # fmt: skip
"""What a change of each kind is called, and several."""
_GAP, _CATCH_UP = "gap", "catch-up time"
ALL = "`gapbrief data status` lists all"


@dataclass(frozen=True)
class Known:
    """What people call tests (by id and version) and models (by id), and the unit of a test."""

    tests: Mapping[str, tuple[str, str]]
    models: Mapping[str, str]

    @classmethod
    def read(cls, settings: Settings) -> "Known":
        """Read the names of the data in use; none where they can't be read."""
        try:
            with open_store(settings.db, settings.data) as store:
                tests = store.rows("SELECT benchmark_id || ' ' || version, name, unit FROM benchmarks")
                models = store.rows("SELECT model_id, name FROM models")
        except DataError:
            return cls({}, {})
        return cls({key: (name, unit) for key, name, unit in tests}, dict(models))

    def test(self, key: str) -> str:
        """Return what a test is called, for one that is not in the data its id."""
        return self.tests.get(key, (key, ""))[0]

    def model(self, model_id: str) -> str:
        """Return what a model is called, for one that is not in the data its id."""
        return self.models.get(model_id, model_id)


def refresh_lines(done: Refreshed, last: LastRefresh, known: Known, *, dry_run: bool = False) -> list[Line]:
    """Write what a refresh did and what is known of publishers after it, for a screen; like things in one line."""
    return [
        Line("", _headline(done)),
        *_came(done.changes, known),
        *(_moved(done.looks, known, bool(done.changes)) if done.looks else ()),
        *_failed(last),
        *_waiting(last),
        *_remarks(last),
        Line("Now", _ending(done, dry_run)),
    ]


def _headline(done: Refreshed) -> str:
    states = Counter[str](each.state for each in done.outcomes)
    new = [each.series for each in done.outcomes if each.state == "new"]
    of = count(len(done.outcomes), "publisher")
    parts = [f"New data from {len(new)} of {of} ({and_list(new)})" if new else f"No new data from {of}"]
    words = (("unchanged", "unchanged"), ("held back", "held back"), ("failed", "unavailable"))
    parts += [f"{states[state]} {word}" for state, word in words if states[state]]
    return "; ".join(parts)


def _came(changes: Sequence[Change], known: Known) -> Iterator[Line]:
    """Say which scores and models are new, by test, and how many rows changed otherwise."""
    tests = Counter(" ".join(each.subject.split()[:2]) for each in changes if each.kind == "new score")
    if tests:
        named = [f"{known.test(key)} {number}" for key, number in tests.most_common()]
        yield Line("New scores", f"{tests.total()} on {count(len(tests), 'test')}: {and_list(named, _MOST_NAMED)}")
    models = [known.model(each.model) for each in changes if each.kind == "new model"]
    if models:
        yield Line("New models", f"{len(models)}: {and_list(models, _MOST_NAMED)}")
    others = Counter[str](each.kind for each in changes)
    if parts := [f"{others[kind]:,} {words[others[kind] != 1]}" for kind, words in _KINDS.items() if others[kind]]:
        yield Line("Changed", ", ".join(parts))


def _moved(looks: Looks, known: Known, has_changes: bool) -> Iterator[Line]:
    """Say from what to what the figures and the newest day went, and who is newly first.

    What did not move is told where something else could have moved it.
    """
    by_class: dict[str, dict[str, Effect]] = defaultdict(dict)
    for each in looks.figures:
        by_class[each.access][each.measure] = each
    for access, figures in by_class.items():
        gap = figures.get(_GAP)
        parts = [_effect(gap)] if gap and (has_changes or _is_moved(gap)) else []
        if _CATCH_UP in figures and _is_moved(figures[_CATCH_UP]):
            parts.append(f"catch-up time {_effect(figures[_CATCH_UP])}")
        if parts:
            yield Line(f"{capitalize(access)} gap", "; ".join(parts))
    before, after = (day(date.fromisoformat(each)) for each in looks.newest)
    if has_changes or before != after:
        yield Line("Newest day", f"{before}, as before" if before == after else f"{before} → {after}")
    firsts: dict[tuple[str, str], list[FirstCrosser]] = defaultdict(list)
    for first in looks.first:
        firsts[first.model, f"{first.benchmark} {first.version}"].append(first)
    if firsts:
        named = [_first(known, *key, crossers) for key, crossers in firsts.items()]
        yield Line("Newly first", f"{and_list(named, _MOST_FIRST)}; please review")


def _first(known: Known, model: str, test: str, crossers: Sequence[FirstCrosser]) -> str:
    name, unit = known.tests.get(test, (test, ""))
    reached = [each.level for each in crossers]
    return f"{known.model(model)} at {levels(min(reached), max(reached), unit)} on {name}"


def _is_moved(effect: Effect) -> bool:
    return _months(effect.before) != _months(effect.after)


def _effect(effect: Effect) -> str:
    before, after = _months(effect.before), _months(effect.after)
    return f"{before} → {after} months" if before != after else f"{after} months, as before"


def _months(value: float | None) -> str:
    return "none" if value is None else f"{value:.1f}"


def _failed(last: LastRefresh) -> Iterator[Line]:
    failures = like_failures(last.failed)
    for why, names in list(failures.items())[:_MOST_FAILED]:
        yield Line("Unavailable", _cut(f"{and_list(names, _MOST_NAMED)}: {without_address(why)}"))
    if len(failures) > _MOST_FAILED:
        n_more = sum(len(names) for names in list(failures.values())[_MOST_FAILED:])
        yield Line("Unavailable", f"{n_more} more; {ALL}")


def _waiting(last: LastRefresh) -> Iterator[Line]:
    """Say what waits for a person, a line each, with the command that settles it."""
    for each in last.waiting[:_MOST_WAITING]:
        what, clause = split_command(each)
        yield Line("Waits", f"{_cut(what)}\n{clause}")
    if len(last.waiting) > _MOST_WAITING:
        yield Line("Waits", f"{len(last.waiting) - _MOST_WAITING} more; {ALL}")


def _remarks(last: LastRefresh) -> Iterator[Line]:
    remarks = last.remarks
    n_remarks = sum(map(len, remarks.values()))
    if n_remarks:
        yield Line("Remarks", f"{n_remarks} on {and_list(list(remarks), _MOST_NAMED)}; {ALL}")


def _cut(text: str) -> str:
    text = text.rstrip(".")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _ending(done: Refreshed, dry_run: bool) -> str:
    if dry_run:
        return "nothing was changed: this was a dry run"
    if done.number:
        return f"revision {done.number}: `gapbrief data diff` lists each change, `gapbrief data undo` goes back"
    return "no score or model was changed"
