"""Queries of the evidence file. Rows are plain; rows of a whole table have the columns of its contract (tables.py)."""

from datetime import date
from typing import Any, Literal

from core.store.store import Store
from core.store.tables import BY_NAME, OWN_VERSION
from core.words import UNKNOWN


def boards(store: Store) -> list[Any]:
    """Rows of benchmark_id, version, name, access, headline, unit, grid, aliases, description, url, family, and more.

    Two columns follow for a successor: the version it replaces, and the day its first score became known; empty and
    None for other boards. The last three columns are the domain, what the test asks, and whether one source has all of
    it.
    """
    return store.rows(
        "SELECT benchmark_id, version, name, access, headline, unit, grid, aliases, description, url, family,"
        " succeeds, iif(succeeds = '', NULL, (SELECT min(known_from) FROM scores AS s"
        "  WHERE s.benchmark_id = b.benchmark_id AND s.version = b.version)),"
        " domain, asks, EXISTS (SELECT 1 FROM scores AS s JOIN sources AS o USING (source_id)"
        "  WHERE s.benchmark_id = b.benchmark_id AND s.version = b.version AND o.complete)"
        " FROM benchmarks AS b ORDER BY benchmark_id, version"
    )


def boards_of_no_class(store: Store) -> list[Any]:
    """Rows of (benchmark_id, name, scores): boards that count in no class until a person assigns one."""
    return store.rows(
        "SELECT benchmark_id, name, count(*) FROM benchmarks JOIN scores USING (benchmark_id, version)"
        " WHERE access = ? AND version <> ? GROUP BY benchmark_id ORDER BY name",
        (UNKNOWN, OWN_VERSION),
    )


def _table_rows(store: Store, table: str, order_by: str = "rowid") -> list[Any]:
    """Return the rows of a table, with all columns of its contract in their order."""
    return store.rows(BY_NAME[table].select_statement(order_by))


def thresholds(store: Store) -> list[Any]:
    """Return the thresholds that the study accepted."""
    return _table_rows(store, "thresholds")


def labs(store: Store) -> list[Any]:
    """Return all labs."""
    return _table_rows(store, "labs", "lab_id")


def countries(store: Store) -> list[Any]:
    """Return all countries."""
    return _table_rows(store, "countries", "country")


def models(store: Store, *, all_released: bool = False, with_held: bool = False) -> list[Any]:
    """Rows of model id, name, lab, country, grade, lab's name, release date, is open, and more.

    By default only models that can be compared; `with_held` adds held models. `all_released` returns all released
    models: an unknown one counts as not open, and one without a release date gets the day of its first score. The other
    columns are: the licences, one line for each name that a source gives the licence or the terms of the weights; total
    and active parameters in billions, None if unknown; whether more publishers dispute the class (open or closed) than
    confirm it; and the day the class became known.
    """
    return store.rows(
        "SELECT m.model_id, m.name, coalesce(m.lab_id, ''), m.country, m.openness_grade, coalesce(l.name, ''),"
        " coalesce(m.release_date, (SELECT min(f.known_from) FROM scores AS f WHERE f.model_id = m.model_id)),"
        " m.openness = 'open', coalesce(c.raw, ''), p.total_b, p.active_b, d.model_id IS NOT NULL,"
        " m.openness_from"
        " FROM models AS m LEFT JOIN labs AS l USING (lab_id) LEFT JOIN parameters AS p USING (model_id)"
        " LEFT JOIN disputed_list AS d USING (model_id)"
        " LEFT JOIN (SELECT model_id, group_concat(raw, char(10)) AS raw FROM classifications WHERE claim = 'open'"
        "  AND raw NOT IN ('is_open True', 'access open', 'open_weights', 'open_weights True', 'open_source')"
        "  GROUP BY model_id) AS c USING (model_id)"
        " WHERE m.openness <> 'unreleased'"
        "  AND (?1 OR (m.openness IN ('open', 'closed') AND m.release_date IS NOT NULL"
        "   AND (?2 OR m.openness_grade <> 'held'))) ORDER BY model_id",
        (all_released, with_held),
    )


def model_prices(store: Store) -> list[Any]:
    """Return the prices of models, by model, provider and day."""
    return _table_rows(store, "model_prices", "model_id, provider, day")


def model_names(store: Store) -> list[Any]:
    """Rows of (model_id, name, release date or blank, spellings, whether a headline test has a score) for every model.

    The spellings come from all sources, one per line.
    """
    return store.rows(
        "SELECT m.model_id, m.name, coalesce(m.release_date, ''),"
        " coalesce(group_concat(DISTINCT a.spelling || char(10)), ''),"
        " EXISTS (SELECT 1 FROM scores AS s JOIN benchmarks AS b USING (benchmark_id, version)"
        "  WHERE s.model_id = m.model_id AND b.headline)"
        " FROM models AS m LEFT JOIN aliases AS a USING (model_id) GROUP BY m.model_id ORDER BY m.model_id"
    )


def flagships(store: Store) -> list[Any]:
    """Rows of (model_id) for models that were their lab's best on a headline test at their release."""
    return store.rows(
        "SELECT DISTINCT model_id FROM (SELECT s.model_id, s.score, max(s.score) OVER"
        "  (PARTITION BY s.benchmark_id, s.version, m.lab_id ORDER BY m.release_date) AS best"
        "  FROM scores AS s JOIN benchmarks AS b USING (benchmark_id, version) JOIN models AS m USING (model_id)"
        "  WHERE b.headline AND m.release_date IS NOT NULL) WHERE score >= best ORDER BY model_id"
    )


def scores(store: Store) -> list[Any]:
    """Rows of (benchmark_id, version, model_id, score, known from, superseded, error, claim), in the sources' order.

    The error and the superseded day may be None. `claim` is whether the score is self-reported by the model's maker.
    """
    return store.rows(
        "SELECT benchmark_id, version, model_id, score, known_from, superseded_from, standard_error,"
        " grade = 'self-reported' FROM scores ORDER BY rowid"
    )


def excluded_models(store: Store) -> list[Any]:
    """Rows of (benchmark_id, version, model_id, release date or None, reason, known from).

    These models have scores, but no gap can count them.
    """
    return store.rows(
        "SELECT s.benchmark_id, s.version, e.model_id, m.release_date, e.reason, min(s.known_from)"
        " FROM excluded_list AS e JOIN models AS m USING (model_id) JOIN scores AS s USING (model_id)"
        " GROUP BY s.benchmark_id, s.version, e.model_id ORDER BY e.model_id, s.benchmark_id, s.version"
    )


def sources(store: Store) -> list[Any]:
    """Rows of (source_id, publisher, title, snapshot, licence, citation, url, rows_used)."""
    return store.rows(
        "SELECT source_id, publisher, title, snapshot, licence, citation, url, rows_used FROM sources"
        " ORDER BY source_id"
    )


def board_sources(store: Store) -> list[Any]:
    """Rows of (benchmark_id, version, source_id, known from, scores): each source's first day and number of scores."""
    return store.rows(
        "SELECT benchmark_id, version, source_id, min(known_from), count(*)"
        " FROM scores GROUP BY benchmark_id, version, source_id"
    )


def complete_days(store: Store) -> list[Any]:
    """Rows of (benchmark_id, version, snapshot, held until): the complete snapshots of each board's sources.

    A later snapshot with the same title covers the boards of an earlier one, even if it changes none of their scores.
    """
    return store.rows(
        "SELECT DISTINCT s.benchmark_id, s.version, of_title.snapshot, coalesce(of_title.held_until, of_title.snapshot)"
        " FROM (SELECT DISTINCT benchmark_id, version, source_id FROM scores) AS s JOIN sources USING (source_id)"
        " JOIN sources AS of_title ON of_title.publisher = sources.publisher AND of_title.title = sources.title"
        " WHERE of_title.sets_day"
    )


def data_days(store: Store) -> list[str]:
    """Return the days (ISO) of complete snapshots, in order; before the first snapshot, the days of scores.

    If a publisher still served a snapshot unchanged on a later day, that day counts too.
    """
    complete = "FROM sources WHERE sets_day"
    snapshots = f"SELECT snapshot {complete} UNION SELECT held_until {complete} AND held_until IS NOT NULL"
    return [
        row[0]
        for row in store.rows(
            f"{snapshots} UNION SELECT known_from FROM scores"  # noqa: S608 (own words)
            f" WHERE known_from < coalesce((SELECT min(snapshot) FROM ({snapshots})), '9999') ORDER BY 1"
        )
    ]


def unscored_models(store: Store) -> list[Any]:
    """Return the models that an index names but no test has scored, newest first.

    Columns: name, maker, release date, openness, publisher.
    """
    return store.rows(
        "SELECT name, organization, release_date, openness, publisher FROM awaited JOIN sources USING (source_id)"
        " ORDER BY release_date DESC, name"
    )


def glossary(store: Store) -> list[Any]:
    """Return the glossary, sorted by term."""
    return _table_rows(store, "glossary", "term")


def published_figures(store: Store) -> list[Any]:
    """Return the figures that others published, newest first."""
    return _table_rows(store, "published", "published DESC, figure_id")


def biases(store: Store) -> list[Any]:
    """Return the known caveats with their direction."""
    return _table_rows(store, "biases")


def known_days(store: Store) -> tuple[date, date]:
    """Return the first and the last day on which a score became known."""
    first, last = store.rows("SELECT (SELECT min(known_from) FROM scores), (SELECT max(known_from) FROM scores)")[0]
    return date.fromisoformat(first), date.fromisoformat(last)


def newest_data(store: Store, known_by: date) -> date:
    """Return the day up to which the data known by a day are complete.

    Before the first complete snapshot, return the day of the newest score.
    """
    snapshot, score = store.rows(
        "SELECT (SELECT max(iif(held_until > snapshot, min(held_until, ?1), snapshot)) FROM sources"
        " WHERE sets_day AND snapshot <= ?1),"
        " (SELECT max(known_from) FROM scores WHERE known_from <= ?1)",
        (known_by.isoformat(),),
    )[0]
    return date.fromisoformat(snapshot or score)


def view_rows(store: Store, view: Literal["score_list", "model_list"]) -> list[dict[str, Any]]:
    """Return all rows of a readable view, as dictionaries by column name."""
    columns = [row[0] for row in store.rows("SELECT name FROM pragma_table_info(?) ORDER BY cid", (view,))]
    return [dict(zip(columns, row, strict=True)) for row in store.rows(f"SELECT * FROM {view}")]  # noqa: S608 (own words)


def not_counted(store: Store) -> list[Any]:
    """Rows of (model_id, what is missing, who says what, openness) for released models that no gap can count.

    Missing is what an override can supply: openness or a release date. Who says what about openness reads "open by
    models.dev, closed by HELM"; "" if nobody says anything.
    """
    return store.rows(
        "SELECT m.model_id, iif(m.openness = 'unknown' OR m.openness_grade = 'held', 'openness', 'release date'),"
        " coalesce((SELECT group_concat(said, ', ') FROM (SELECT c.claim || ' by ' ||"
        "   group_concat(DISTINCT o.publisher) AS said FROM classifications AS c JOIN sources AS o USING (source_id)"
        "   WHERE c.model_id = m.model_id"
        "   GROUP BY c.claim ORDER BY c.claim)), ''), m.openness"
        " FROM models AS m WHERE m.openness = 'unknown' OR m.openness_grade = 'held'"
        "  OR (m.openness IN ('open', 'closed') AND m.release_date IS NULL) ORDER BY model_id"
    )


def held_models(store: Store) -> list[str]:
    """Return the ids of held models: they would hold a record on one publisher's word alone, so no gap counts them."""
    return [row[0] for row in store.rows("SELECT model_id FROM models WHERE openness_grade = 'held' ORDER BY 1")]


def decided_by_hand(store: Store) -> list[Any]:
    """Rows of (model_id, "openness" or "release date"): what a person decided, with evidence."""
    return store.rows(
        "SELECT model_id, 'openness' FROM models WHERE openness_grade = 'audited'"
        " UNION SELECT model_id, 'release date' FROM models WHERE date_source = 'release_dates' ORDER BY 1, 2"
    )


def disputed_dates(store: Store) -> list[Any]:
    """Rows of (model_id, release date that counts, its publisher, another date, its publisher) by model and date.

    A date that a person decided with evidence is not in dispute.
    """
    return store.rows(
        "SELECT DISTINCT c.model_id, c.kept, k.publisher, c.other, o.publisher FROM conflicts AS c"
        " JOIN sources AS k ON k.source_id = c.kept_source JOIN sources AS o ON o.source_id = c.other_source"
        " WHERE c.kind = 'release date' AND k.role <> 'override' AND o.publisher <> k.publisher ORDER BY 1, 4, 5"
    )


def openness_conflicts(store: Store) -> list[Any]:
    """Rows of (model_id, class that counts, its sources, disagreeing sources) where sources disagree on openness."""
    return store.rows(
        "SELECT model_id, kept, group_concat(DISTINCT kept_source), group_concat(DISTINCT other_source) FROM conflicts"
        " WHERE kind = 'openness' AND kept IN ('open', 'closed') GROUP BY model_id, kept ORDER BY model_id"
    )
