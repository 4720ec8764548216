"""LiveBench: one table per release of its questions; a score is the mean of the category means."""

import re
from pathlib import Path
from statistics import fmean

from core.errors import TableError
from core.evidence.importers.columns import ScoreColumns
from core.evidence.importers.rows import FileContent, RawModel, effort_in_brackets, read_csv, read_mapping

_RELEASE = re.compile(r"table_(\d{4})_(\d{2})_(\d{2})")


def read(path: Path) -> FileContent:
    """Read the table of one release, which is the version; the categories are in the same folder.

    A model without all tasks is dropped, because its mean would be over other tasks.
    """
    release = _RELEASE.fullmatch(path.stem)
    if release is None:
        raise TableError(path, "is not named by its release (table_YYYY_MM_DD.csv)")
    categories = _read_categories(path.with_name(f"categories_{'_'.join(release.groups())}.json"))
    tasks = [task for category in categories for task in category]
    columns = ScoreColumns("livebench", "-".join(release.groups()), tasks[0])
    content = FileContent()
    for row in content.count(read_csv(path, ("model", *tasks), may_be_short=True)):
        spelling = effort_in_brackets(row.text("model"))
        content.models.append(RawModel(row.line, spelling))
        scores = {task: score for task in tasks if (score := row.number(task)) is not None}
        mean = None
        if len(scores) == len(tasks):
            mean = round(fmean(fmean(scores[task] for task in category) for category in categories), 4)
        columns.add_value(content, row.line, spelling, mean)
    return content


def _read_categories(path: Path) -> list[list[str]]:
    problem = "is not LiveBench's list of categories"
    categories = read_mapping(path, problem)
    if not categories or not all(categories.values()):
        raise TableError(path, problem)
    return list(categories.values())
