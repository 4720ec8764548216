"""What the evidence file holds, in tables, and what is wrong with it, in sentences."""

from dataclasses import dataclass
from pathlib import Path

from core.answer import Table
from core.errors import DataError
from core.store.making import differences
from core.store.store import Store
from core.store.tables import BY_NAME, read_tables, revision


@dataclass(frozen=True)
class Inspection:
    """Tables for a person, and problems: none when all is well."""

    tables: tuple[Table, ...]
    problems: tuple[str, ...]


_TOTALS = (
    "In all",
    ("What", "How many"),
    "SELECT 'scores', count(*) FROM scores UNION ALL SELECT 'models', count(*) FROM models"
    " UNION ALL SELECT 'models left out of the gap', count(*) FROM excluded_list"
    " UNION ALL SELECT 'conflicts: ' || kind, count(*) FROM conflicts GROUP BY kind"
    " UNION ALL SELECT 'complete to', max(coalesce(held_until, snapshot)) FROM sources WHERE sets_day"
    " UNION ALL SELECT 'newest release date', max(release_date) FROM models",
)
_COUNTED = (
    (
        "Sources",
        ("Source", "Snapshot", "Read", "Used", "Dropped", "Licence"),
        "SELECT source_id, snapshot, rows_read, rows_used, rows_dropped, licence FROM sources"
        " ORDER BY snapshot DESC, source_id",
    ),
    (
        "Benchmarks",
        ("Benchmark", "Kind", "Headline", "Scores", "Open models", "Closed models", "Newest model"),
        "SELECT b.name, b.access, CASE b.headline WHEN 1 THEN 'yes' ELSE 'no' END, count(s.rowid),"
        " count(DISTINCT CASE m.openness WHEN 'open' THEN m.model_id END),"
        " count(DISTINCT CASE m.openness WHEN 'closed' THEN m.model_id END), max(m.release_date)"
        " FROM benchmarks AS b LEFT JOIN scores AS s USING (benchmark_id, version)"
        " LEFT JOIN models AS m ON m.model_id = s.model_id AND m.release_date IS NOT NULL"
        " GROUP BY benchmark_id, version ORDER BY b.headline DESC, b.access, b.name",
    ),
    (
        "Open or closed, by evidence",
        ("Openness", "Evidence", "Models"),
        "SELECT openness, openness_grade, count(*) FROM models GROUP BY 1, 2 ORDER BY 1, 2",
    ),
    (
        "Rows that were read and not used",
        ("Source", "Reason", "Rows", "For example"),
        "SELECT source_id, reason, rows, examples FROM dropped ORDER BY source_id, reason",
    ),
    _TOTALS,
)
_DOUBTFUL = (
    (
        "Scored models that no gap can count",
        ("Model", "Reason"),
        "SELECT model_id, reason FROM excluded_list ORDER BY reason, model_id",
    ),
    (
        "Conflicts between sources on openness (all of them: view conflict_list)",
        ("Model", "Kept", "By", "Other", "By", "Why"),
        "SELECT model, kept, kept_source, other, other_source, why FROM conflict_list WHERE kind = 'openness'",
    ),
    (
        "Open models of the headline benchmarks without a number of parameters",
        ("Model", "Released", "Benchmarks"),
        "SELECT m.name, m.release_date, count(DISTINCT s.benchmark_id) FROM models AS m"
        " JOIN scores AS s USING (model_id) JOIN benchmarks AS b USING (benchmark_id, version)"
        " LEFT JOIN parameters AS p USING (model_id)"
        " WHERE m.openness = 'open' AND b.headline AND p.total_b IS NULL"
        " GROUP BY m.model_id ORDER BY m.release_date DESC, m.model_id",
    ),
    _TOTALS,
)


def _tables(store: Store, wanted: tuple[tuple[str, tuple[str, ...], str], ...]) -> tuple[Table, ...]:
    return tuple(
        Table(title, columns, tuple(tuple("–" if value is None else str(value) for value in row) for row in
                                    store.rows(query)))
        for title, columns, query in wanted
    )  # fmt: skip


def status(store: Store) -> Inspection:
    """Count what is there, per source and per benchmark."""
    return Inspection(_tables(store, _COUNTED), ())


def _differences(store: Store, data: Path) -> list[str]:
    """Compare every row of the file with the tables it was made from: somebody may have written to it."""
    try:
        tables = read_tables(data)
    except DataError as error:
        return [str(error)]
    return [
        f"{name} differs from {BY_NAME[name].path(data).name}; `gapbrief doctor` makes {store.path} anew"
        for name in differences(store.connection, tables)
    ]


def check(store: Store, data: Path) -> Inspection:
    """Check the file's integrity and that it holds just what the tables in `data` say; list what is in doubt."""
    problems = [str(row[0]) for row in store.rows("PRAGMA integrity_check") if row[0] != "ok"]
    broken = store.rows("PRAGMA foreign_key_check")
    if broken:
        problems.append(f"{len(broken)} rows refer to something that is not there")
    if store.revision != revision(data):
        problems.append("the evidence file is not of the same data as the tables")
    problems += _differences(store, data)
    return Inspection(_tables(store, _DOUBTFUL), tuple(problems))
