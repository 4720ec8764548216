"""The result of a refresh on one screen: what is new, what moved, and what waits for a person."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.refresh.effects import Effect, Effects, FirstCrosser
from bot.refresh.last_refresh import LastRefresh, drop_address, group_failures, split_command
from bot.refresh.refreshing import RefreshResult
from bot.settings import Settings
from core.answer import Line
from core.errors import DataError
from core.refresh.table_changes import Change
from core.store.store import open_store
from core.words import and_list, capitalize, count, day, levels, shorten

_MOST_NAMED, _MOST_FIRST, _MOST_WAITING, _MOST_FAILED = 5, 3, 4, 2
_LONGEST = 120
"""Characters of a waiting item or a failure: two rows of a screen; `data status` shows all."""
_KINDS = {
    "revised score": ("score revised", "scores revised"), "score gone": ("score gone", "scores gone"),
    "model gone": ("model gone", "models gone"), "release date": ("release date", "release dates"),
    "openness": ("model's openness", "models' openness"),
}  # fmt: skip
"""The singular and plural label of each kind of change."""
_GAP, _CATCH_UP = "gap", "catch-up time"
ALL = "`gapbrief data status` lists all"


@dataclass(frozen=True)
class Names:
    """The names of tests (by id and version) and models (by id), and the units of tests."""

    tests: Mapping[str, tuple[str, str]]
    models: Mapping[str, str]

    @classmethod
    def read(cls, settings: Settings) -> "Names":
        """Read the names from the data in use; none if they can't be read."""
        try:
            with open_store(settings.db, settings.data) as store:
                tests = store.rows("SELECT benchmark_id || ' ' || version, name, unit FROM benchmarks")
                models = store.rows("SELECT model_id, name FROM models")
        except DataError:
            return cls({}, {})
        return cls({key: (name, unit) for key, name, unit in tests}, dict(models))

    def test(self, key: str) -> str:
        """Return a test's name, or its id if it is not in the data."""
        return self.tests.get(key, (key, ""))[0]

    def model(self, model_id: str) -> str:
        """Return a model's name, or its id if it is not in the data."""
        return self.models.get(model_id, model_id)


def refresh_lines(result: RefreshResult, last: LastRefresh, names: Names, *, dry_run: bool = False) -> list[Line]:
    """Describe what a refresh did and the state of publishers after it; similar items share a line."""
    return [
        Line("", _write_headline(result)),
        *_change_lines(result.changes, names),
        *(_moved_lines(result.effects, names, bool(result.changes)) if result.effects else ()),
        *_unavailable_lines(last),
        *_waiting_lines(last),
        *_remark_lines(last),
        Line("Now", _write_ending(result, dry_run)),
    ]


def _write_headline(result: RefreshResult) -> str:
    states = Counter[str](outcome.state for outcome in result.outcomes)
    new = [outcome.series for outcome in result.outcomes if outcome.state == "new"]
    publishers = count(len(result.outcomes), "publisher")
    parts = [f"New data from {len(new)} of {publishers} ({and_list(new)})" if new else f"No new data from {publishers}"]
    words = (("unchanged", "unchanged"), ("held back", "held back"), ("failed", "unavailable"))
    parts += [f"{states[state]} {word}" for state, word in words if states[state]]
    return "; ".join(parts)


def _change_lines(changes: Sequence[Change], names: Names) -> Iterator[Line]:
    """Yield the new scores and models by test, and the number of other changes."""
    tests = Counter(" ".join(change.subject.split()[:2]) for change in changes if change.kind == "new score")
    if tests:
        counts = [f"{names.test(key)} {number}" for key, number in tests.most_common()]
        yield Line("New scores", f"{tests.total()} on {count(len(tests), 'test')}: {and_list(counts, _MOST_NAMED)}")
    if models := [names.model(change.model) for change in changes if change.kind == "new model"]:
        yield Line("New models", f"{len(models)}: {and_list(models, _MOST_NAMED)}")
    kinds = Counter[str](change.kind for change in changes)
    if parts := [f"{kinds[kind]:,} {words[kinds[kind] != 1]}" for kind, words in _KINDS.items() if kinds[kind]]:
        yield Line("Changed", ", ".join(parts))


def _moved_lines(effects: Effects, names: Names, has_changes: bool) -> Iterator[Line]:
    """Yield how the figures and the newest day moved, and who is newly first.

    An unmoved figure is shown only if some change could have moved it.
    """
    by_class: dict[str, dict[str, Effect]] = defaultdict(dict)
    for effect in effects.figures:
        by_class[effect.access][effect.measure] = effect
    for access, figures in by_class.items():
        gap = figures.get(_GAP)
        parts = [_write_effect(gap)] if gap and (has_changes or _is_moved(gap)) else []
        if _CATCH_UP in figures and _is_moved(figures[_CATCH_UP]):
            parts.append(f"catch-up time {_write_effect(figures[_CATCH_UP])}")
        if parts:
            yield Line(f"{capitalize(access)} gap", "; ".join(parts))
    before, after = (day(date.fromisoformat(newest)) for newest in effects.newest)
    if has_changes or before != after:
        yield Line("Newest day", f"{before}, as before" if before == after else f"{before} → {after}")
    firsts: dict[tuple[str, str], list[FirstCrosser]] = defaultdict(list)
    for first in effects.first:
        firsts[first.model, f"{first.benchmark} {first.version}"].append(first)
    if firsts:
        crossings = [_write_first(names, *key, crossers) for key, crossers in firsts.items()]
        yield Line("Newly first", f"{and_list(crossings, _MOST_FIRST)}; please review")


def _write_first(names: Names, model: str, test: str, crossers: Sequence[FirstCrosser]) -> str:
    name, unit = names.tests.get(test, (test, ""))
    crossed_levels = [crosser.level for crosser in crossers]
    return f"{names.model(model)} at {levels(min(crossed_levels), max(crossed_levels), unit)} on {name}"


def _is_moved(effect: Effect) -> bool:
    return _write_months(effect.before) != _write_months(effect.after)


def _write_effect(effect: Effect) -> str:
    before, after = _write_months(effect.before), _write_months(effect.after)
    return f"{before} → {after} months" if before != after else f"{after} months, as before"


def _write_months(value: float | None) -> str:
    return "none" if value is None else f"{value:.1f}"


def _unavailable_lines(last: LastRefresh) -> Iterator[Line]:
    failures = group_failures(last.failed)
    for reason, names in list(failures.items())[:_MOST_FAILED]:
        text = f"{and_list(names, _MOST_NAMED)}: {drop_address(reason)}"
        yield Line("Unavailable", shorten(text.rstrip("."), _LONGEST))
    if len(failures) > _MOST_FAILED:
        n_more = sum(len(names) for names in list(failures.values())[_MOST_FAILED:])
        yield Line("Unavailable", f"{n_more} more; {ALL}")


def _waiting_lines(last: LastRefresh) -> Iterator[Line]:
    """Yield a line for each item that waits for a person, with the command that settles it."""
    for finding in last.waiting[:_MOST_WAITING]:
        text, clause = split_command(finding)
        yield Line("Waits", f"{shorten(text.rstrip('.'), _LONGEST)}\n{clause}")
    if len(last.waiting) > _MOST_WAITING:
        yield Line("Waits", f"{len(last.waiting) - _MOST_WAITING} more; {ALL}")


def _remark_lines(last: LastRefresh) -> Iterator[Line]:
    remarks = last.remarks
    n_remarks = sum(map(len, remarks.values()))
    if n_remarks:
        yield Line("Remarks", f"{n_remarks} on {and_list(list(remarks), _MOST_NAMED)}; {ALL}")


def _write_ending(result: RefreshResult, dry_run: bool) -> str:
    if dry_run:
        return "nothing was changed: this was a dry run"
    if result.number:
        return f"revision {result.number}: `gapbrief data diff` lists each change, `gapbrief data undo` goes back"
    return "no score or model was changed"
