"""Plausibility checks: impossible scores, models from the future, runs before the release of their model."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from core.errors import TableError
from core.evidence.importers.rows import FileContent, RawScore
from core.store.tables import is_possible
from core.words import UNKNOWN

FIRST_YEAR = 2015
UNBORN = "a release date in the future"
_UNBORN_IN = 50
"""One row in fifty may have such a date by a typing error; if there are more, the dates of the file are misread."""
_EARLY_ACCESS = timedelta(days=7)


def check_rows(path: Path, content: FileContent, snapshot: date, units: Mapping[tuple[str, str], str]) -> None:
    """Check the rows of one file, and drop scores that can't belong to their model.

    `units` holds the unit of each (benchmark, version). Raises TableError for a score or standard error outside the
    range of its unit, a run after the snapshot, and a release date before 2015 or after the snapshot. A few dates after
    the snapshot in a large file are typing errors: only their scores and dates are dropped. A run more than a week
    before the release date in its own file belongs to another model and is dropped (none of the sources' 1,100 dated
    runs is between 2 and 50 days before).
    """
    released = {}
    content.drop_unreadable_names()
    _drop_unborn(content, snapshot)
    for model in content.models:
        if model.released is not None:
            if not FIRST_YEAR <= model.released.year or model.released > snapshot:
                problem = f'"{model.released}" is not a release date that data of {snapshot} can give'
                raise TableError(path, f"{problem} ({model.spelling})", model.line)
            released[model.line] = model.released
    plausible_scores = []
    units = {**units, **{(board.benchmark, board.version): "percent" for board in content.boards}}
    for score in content.scores:
        unit = units.get((score.benchmark, score.version))
        if unit is None:
            content.drop(score.line, score.spelling, "not one of gapbrief's benchmarks")
            continue
        if not is_possible(score.score, unit):
            problem = f'"{score.score:g}" is no score in {unit}'
            raise TableError(path, f"{problem} ({score.spelling} on {score.benchmark})", score.line, score.column)
        error = score.standard_error or 0.0
        if error < 0 or not is_possible(error, unit):
            problem = f'"{error:g}" is no standard error in {unit}'
            raise TableError(path, f"{problem} ({score.spelling} on {score.benchmark})", score.line)
        if score.run_on and score.run_on > snapshot:
            raise TableError(path, f'"{score.run_on}" is not a run day that data of {snapshot} can give', score.line)
        day = released.get(score.line)
        if score.run_on and day and score.run_on < day - _EARLY_ACCESS:
            content.drop(score.line, score.spelling, "run before the model's release: another model's score")
            continue
        plausible_scores.append(score)
    content.scores[:] = plausible_scores


def _drop_unborn(content: FileContent, snapshot: date) -> None:
    """Drop the scores of a few rows whose model is dated after the snapshot; if many, the caller refuses the file."""
    lines = {model.line for model in content.models if model.released and model.released > snapshot}
    if len(lines) * _UNBORN_IN > len(content.models):
        return
    content.models[:] = [replace(model, released=None) if model.line in lines else model for model in content.models]
    for score in content.scores:
        if score.line in lines:
            content.drop(score.line, score.spelling, UNBORN)
    content.scores[:] = [score for score in content.scores if score.line not in lines]


def drop_doubles(content: FileContent, resolve: Callable[[str], tuple[str, str]]) -> None:
    """Drop a run that is listed again without its effort, with the same model, setting, day and score.

    `resolve` returns the model and effort of a spelling. Boards that learn an effort later list the run again and keep
    the old row, whose effort is "unknown".
    """
    runs: dict[tuple[object, ...], list[RawScore]] = defaultdict(list)
    for score in content.scores:
        if score.run_on:
            model, _ = resolve(score.spelling)
            key = (score.benchmark, score.version, model, score.setting, score.run_on, score.score)
            runs[key].append(score)
    doubles = set()
    for rows in runs.values():
        with_effort = [row for row in rows if resolve(row.spelling)[1] != UNKNOWN]
        doubles |= {row.line for row in rows if with_effort and row not in with_effort}
    for score in content.scores:
        if score.line in doubles:
            content.drop(score.line, score.spelling, "the same run as another row, which names the effort")
    content.scores[:] = [score for score in content.scores if score.line not in doubles]
