"""The evidence file's schema, in numbered steps; a released step is never edited."""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from core.store.file import APPLICATION_ID

evidence = Migrations("gapbrief-evidence")

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE sources (
    source_id TEXT PRIMARY KEY, publisher TEXT NOT NULL, title TEXT NOT NULL, snapshot TEXT NOT NULL,
    complete INTEGER NOT NULL, role TEXT NOT NULL, licence TEXT NOT NULL, citation TEXT NOT NULL, url TEXT NOT NULL,
    rows_read INTEGER NOT NULL, rows_used INTEGER NOT NULL, rows_dropped INTEGER NOT NULL
) STRICT;
CREATE TABLE dropped (
    source_id TEXT NOT NULL REFERENCES sources, reason TEXT NOT NULL, rows INTEGER NOT NULL, examples TEXT NOT NULL,
    PRIMARY KEY (source_id, reason)
) STRICT;
CREATE TABLE benchmarks (
    benchmark_id TEXT NOT NULL, version TEXT NOT NULL, name TEXT NOT NULL, access TEXT NOT NULL,
    headline INTEGER NOT NULL, unit TEXT NOT NULL, grid TEXT NOT NULL, items INTEGER, aliases TEXT NOT NULL,
    description TEXT NOT NULL, url TEXT NOT NULL, PRIMARY KEY (benchmark_id, version)
) STRICT;
CREATE TABLE thresholds (
    benchmark_id TEXT NOT NULL, version TEXT NOT NULL, threshold REAL NOT NULL,
    PRIMARY KEY (benchmark_id, version, threshold),
    FOREIGN KEY (benchmark_id, version) REFERENCES benchmarks (benchmark_id, version)
) STRICT;
CREATE TABLE labs (lab_id TEXT PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL, aliases TEXT NOT NULL) STRICT;
CREATE TABLE countries (country TEXT PRIMARY KEY, aliases TEXT NOT NULL) STRICT;
CREATE TABLE models (
    model_id TEXT PRIMARY KEY, name TEXT NOT NULL, release_date TEXT, date_source TEXT NOT NULL,
    lab_id TEXT REFERENCES labs, organization TEXT NOT NULL, country TEXT NOT NULL, openness TEXT NOT NULL,
    openness_grade TEXT NOT NULL
) STRICT;
CREATE TABLE aliases (
    spelling TEXT NOT NULL, source_id TEXT NOT NULL REFERENCES sources, model_id TEXT NOT NULL REFERENCES models,
    variant TEXT NOT NULL, PRIMARY KEY (spelling, source_id)
) STRICT;
CREATE TABLE scores (
    benchmark_id TEXT NOT NULL, version TEXT NOT NULL, model_id TEXT NOT NULL REFERENCES models,
    variant TEXT NOT NULL, setting TEXT NOT NULL, score REAL NOT NULL, standard_error REAL, grade TEXT NOT NULL,
    known_from TEXT NOT NULL, known_grade TEXT NOT NULL, superseded_from TEXT,
    source_id TEXT NOT NULL REFERENCES sources,
    FOREIGN KEY (benchmark_id, version) REFERENCES benchmarks (benchmark_id, version)
) STRICT;
CREATE INDEX scores_board ON scores (benchmark_id, version);
CREATE TABLE classifications (
    model_id TEXT NOT NULL REFERENCES models, source_id TEXT NOT NULL REFERENCES sources, claim TEXT NOT NULL,
    raw TEXT NOT NULL, used INTEGER NOT NULL, PRIMARY KEY (model_id, source_id, claim, raw)
) STRICT;
CREATE TABLE conflicts (
    kind TEXT NOT NULL, model_id TEXT NOT NULL REFERENCES models, subject TEXT NOT NULL, kept TEXT NOT NULL,
    kept_source TEXT NOT NULL, other TEXT NOT NULL, other_source TEXT NOT NULL, why TEXT NOT NULL
) STRICT;
CREATE TABLE published (
    figure_id TEXT PRIMARY KEY, source TEXT NOT NULL, published TEXT NOT NULL, measures TEXT NOT NULL,
    rule TEXT NOT NULL, months_low REAL, months_high REAL, figure TEXT NOT NULL, direction TEXT NOT NULL,
    url TEXT NOT NULL, comparable TEXT NOT NULL, why TEXT NOT NULL
) STRICT;
CREATE TABLE glossary (
    term_id TEXT PRIMARY KEY, term TEXT NOT NULL, aliases TEXT NOT NULL, definition TEXT NOT NULL,
    see_also TEXT NOT NULL
) STRICT;
CREATE TABLE results (asked INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, answer TEXT NOT NULL) STRICT;
"""

_VIEWS = """
CREATE VIEW score_list AS
    SELECT b.name AS benchmark, s.version, b.access, m.name AS model, s.variant AS effort, s.setting,
           m.openness, m.release_date, s.score, b.unit, s.grade, s.known_from, s.superseded_from,
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
        ELSE 'no release date' END AS reason
    FROM models WHERE openness IN ('unknown', 'unreleased') OR release_date IS NULL ORDER BY model_id;
CREATE VIEW conflict_list AS
    SELECT c.kind, m.name AS model, c.subject, c.kept, c.kept_source, c.other, c.other_source, c.why
    FROM conflicts AS c JOIN models AS m USING (model_id) ORDER BY c.kind, m.name;
"""


@evidence()
def m001_evidence(db: Database) -> None:
    """Create the tables of `core.store.tables`, the answers that are kept, and readable views."""
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for statement in (_TABLES + _VIEWS).split(";"):
        if statement.strip():
            db.execute(statement)


@evidence()
def m002_biases(db: Database) -> None:
    """Create the table of known caveats and the direction of each."""
    db.execute(
        "CREATE TABLE biases (bias_id TEXT PRIMARY KEY, caveat TEXT NOT NULL, effect TEXT NOT NULL,"
        " remark TEXT NOT NULL, access TEXT NOT NULL) STRICT"
    )
