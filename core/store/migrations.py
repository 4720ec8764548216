"""The evidence file's schema: the tables of `core/store/tables.py`, cached answers, and readable views.

A file with another schema is rebuilt, so every schema change needs a new number here and in `SCHEMA`.
"""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from core.store.file import APPLICATION_ID
from core.store.tables import TABLES, Table

evidence = Migrations("gapbrief-evidence")

_OWN = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE results (asked INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, answer TEXT NOT NULL) STRICT;
"""

_INDEXES = """
CREATE INDEX scores_by_source ON scores (benchmark_id, version, source_id, known_from);
CREATE INDEX scores_by_day ON scores (known_from, source_id);
"""
"""For the queries over all scores that run at each start, without reading whole rows."""

_VIEWS = """
CREATE VIEW score_list AS
    SELECT b.name AS benchmark, s.version, b.access, m.name AS model, s.variant AS effort, s.setting,
           m.openness, m.release_date, s.score, b.unit, s.grade, s.known_from, s.superseded_from, s.gone_from,
           o.publisher AS source
    FROM scores AS s
    JOIN benchmarks AS b USING (benchmark_id, version) JOIN models AS m USING (model_id)
    JOIN sources AS o USING (source_id)
    ORDER BY b.name, s.version, m.release_date;
CREATE VIEW model_list AS
    SELECT m.name AS model, m.model_id, l.name AS lab, m.country, m.release_date, m.openness,
           m.openness_grade AS evidence, (SELECT count(*) FROM scores AS s WHERE s.model_id = m.model_id) AS scores
    FROM models AS m LEFT JOIN labs AS l USING (lab_id) ORDER BY m.release_date DESC;
CREATE VIEW excluded_list AS
    SELECT model_id, name AS model, CASE
        WHEN openness = 'unknown' THEN 'open or closed is not known'
        WHEN openness = 'unreleased' THEN 'never released'
        WHEN openness_grade = 'held' THEN 'a record on one publisher''s word alone'
        ELSE 'no release date' END AS reason
    FROM models WHERE openness IN ('unknown', 'unreleased') OR openness_grade = 'held' OR release_date IS NULL
    ORDER BY model_id;
CREATE VIEW disputed_list AS
    SELECT m.model_id, m.name AS model, m.openness AS kept,
           group_concat(DISTINCT o.publisher) FILTER (WHERE c.claim = m.openness) AS kept_by,
           group_concat(DISTINCT o.publisher) FILTER (WHERE c.claim <> m.openness) AS otherwise_by
    FROM classifications AS c JOIN models AS m USING (model_id) JOIN sources AS o USING (source_id)
    WHERE m.openness IN ('open', 'closed') AND m.model_id IN (
        SELECT otherwise.model_id FROM classifications AS otherwise JOIN models AS it USING (model_id)
        WHERE otherwise.claim <> it.openness)
    GROUP BY m.model_id
    HAVING count(DISTINCT o.publisher) FILTER (WHERE c.claim <> m.openness)
        > count(DISTINCT o.publisher) FILTER (WHERE c.claim = m.openness)
    ORDER BY m.model_id;
CREATE VIEW conflict_list AS
    SELECT c.kind, m.name AS model, c.subject, c.kept, c.kept_source, c.other, c.other_source, c.why
    FROM conflicts AS c JOIN models AS m USING (model_id) ORDER BY c.kind, m.name;
"""


@evidence()
def m014_evidence(db: Database) -> None:
    """Create all tables, indexes and views."""
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for statement in (*map(Table.create_statement, TABLES), *(_OWN + _INDEXES + _VIEWS).split(";")):
        if statement.strip():
            db.execute(statement)
