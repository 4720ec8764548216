"""What is read from the evidence file, as plain rows; each query says its columns."""

from datetime import date
from typing import Any

from core.store.store import Store

_DAY = "CAST(julianday({}) - 1721424.5 AS INTEGER)"
"""SQL for Python's `date.toordinal`: the Julian day of 0001-01-01 is 1721425.5."""


def boards(store: Store) -> list[Any]:
    """Rows of (benchmark_id, version, name, access, headline, unit, grid, aliases, description, url)."""
    return store.rows(
        "SELECT benchmark_id, version, name, access, headline, unit, grid, aliases, description, url"
        " FROM benchmarks ORDER BY benchmark_id, version"
    )


def thresholds(store: Store) -> list[Any]:
    """Rows of (benchmark_id, version, threshold): what the study accepted."""
    return store.rows("SELECT benchmark_id, version, threshold FROM thresholds")


def labs(store: Store) -> list[Any]:
    """Rows of (lab_id, name, country, aliases)."""
    return store.rows("SELECT lab_id, name, country, aliases FROM labs ORDER BY lab_id")


def countries(store: Store) -> list[Any]:
    """Rows of (country, aliases)."""
    return store.rows("SELECT country, aliases FROM countries ORDER BY country")


def models(store: Store) -> list[Any]:
    """Rows of (model_id, name, lab_id, country, openness_grade, lab name) for models that can be compared."""
    return store.rows(
        "SELECT m.model_id, m.name, coalesce(m.lab_id, ''), m.country, m.openness_grade, coalesce(l.name, '')"
        " FROM models AS m LEFT JOIN labs AS l USING (lab_id)"
        " WHERE openness IN ('open', 'closed') AND release_date IS NOT NULL ORDER BY model_id"
    )


def scores(store: Store, known_by: str) -> list[Any]:
    """Rows of (benchmark_id, version, model_id, release day, is open, score), known on the day `known_by`.

    Days are ordinals. Sorted by board and release day; on one day the source's order stays.
    """
    day = _DAY.format("m.release_date")
    return store.rows(
        f"SELECT s.benchmark_id, s.version, s.model_id, {day} AS day, m.openness = 'open', s.score"  # noqa: S608 (own words)
        " FROM scores AS s JOIN models AS m USING (model_id)"
        " WHERE m.openness IN ('open', 'closed') AND m.release_date IS NOT NULL"
        " AND s.known_from <= ?1 AND (s.superseded_from IS NULL OR s.superseded_from > ?1)"
        " ORDER BY s.benchmark_id, s.version, day, s.rowid",
        (known_by,),
    )


def excluded(store: Store, known_by: str) -> list[Any]:
    """Rows of (benchmark_id, version, model_id, release day or None, reason) known on the day `known_by`.

    These are scored models that no gap can count. Days are ordinals.
    """
    day = _DAY.format("m.release_date")
    return store.rows(
        f"SELECT DISTINCT s.benchmark_id, s.version, e.model_id, {day}, e.reason"  # noqa: S608 (own words)
        " FROM excluded_list AS e JOIN models AS m USING (model_id) JOIN scores AS s USING (model_id)"
        " WHERE s.known_from <= ? ORDER BY e.model_id",
        (known_by,),
    )


def sources(store: Store) -> list[Any]:
    """Rows of (source_id, publisher, title, snapshot, complete, licence, citation, url)."""
    return store.rows(
        "SELECT source_id, publisher, title, snapshot, complete, licence, citation, url FROM sources ORDER BY source_id"
    )


def board_sources(store: Store, known_by: str) -> list[Any]:
    """Rows of (benchmark_id, version, source_id): who gave the scores known on the day `known_by`."""
    return store.rows("SELECT DISTINCT benchmark_id, version, source_id FROM scores WHERE known_from <= ?", (known_by,))


def known_days(store: Store) -> tuple[date, date]:
    """Return the first and the last day from which a score is known."""
    first, last = store.rows("SELECT min(known_from), max(known_from) FROM scores")[0]
    return date.fromisoformat(first), date.fromisoformat(last)


def newest_data(store: Store, known_by: date) -> date:
    """Return the day of the newest complete snapshot known on a day; before the first, of the newest score."""
    snapshot, score = store.rows(
        "SELECT (SELECT max(snapshot) FROM sources WHERE complete AND snapshot <= ?1"
        " AND source_id IN (SELECT source_id FROM scores)),"
        " (SELECT max(known_from) FROM scores WHERE known_from <= ?1)",
        (known_by.isoformat(),),
    )[0]
    return date.fromisoformat(snapshot or score)
