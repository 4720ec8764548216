"""A small world of tables, each rule of the contract touched once, and processes to use it from."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import DataError
from core.store.store import open_store

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = ROOT / "data"

TABLES = {
    "sources": """\
source_id,publisher,title,snapshot,held_until,complete,sets_day,role,licence,citation,url,rows_read,rows_used,rows_dropped
board,Board Inc.,The board,2026-05-22,,true,true,scores,MIT,The board,https://board.example/,4,3,1
index,Index Ltd.,The index,2026-04-01,,false,false,registry,none stated,The index,,2,2,0
""",
    "dropped": """\
source_id,reason,rows,examples
board,no score,1,Ghost
""",
    "benchmarks": """\
benchmark_id,version,name,access,headline,unit,grid,items,aliases,description,url,family,succeeds,domain,asks
exam,1,Exam,private,true,percent,5:100:5,100,the exam,"Questions, with a comma.",,exam,,reasoning,hard questions
quiz,1,Quiz,public,false,points,5:100:5,,,,,quiz,,,
""",
    "thresholds": """\
benchmark_id,version,threshold
exam,1,10
exam,1,2.5
""",
    "labs": """\
lab_id,name,country,aliases
acme,ACME,France,acme ai
""",
    "countries": """\
country,aliases
France,fr;french
""",
    "models": """\
model_id,name,release_date,date_source,lab_id,organization,country,openness,openness_grade,openness_from
first,First,2025-01-01,board,acme,ACME,France,closed,registry,2025-01-02
second,Second,2025-06-01,index,,Nobody,,open,audited,2025-06-02
third,Third,,,,,,unknown,none,
""",
    "awaited": """\
model_id,name,release_date,organization,openness,source_id
fourth,Fourth,2026-05-01,ACME,open,index
""",
    "aliases": """\
spelling,source_id,model_id,variant
First (high),board,first,high
""",
    "scores": """\
benchmark_id,version,model_id,variant,setting,score,standard_error,grade,known_from,known_grade,superseded_from,gone_from,source_id
exam,1,first,high,,41.5,1.25,board-run,2025-01-02,run date,,,board
exam,1,second,,,40,,board-run,2025-06-02,snapshot,2026-01-01,,board
quiz,1,third,,,-3.5,0,collected,2026-05-22,snapshot,,,board
""",
    "classifications": """\
model_id,source_id,claim,raw,used
first,board,closed,Proprietary,true
second,index,open,Apache-2.0,false
""",
    "conflicts": """\
kind,model_id,subject,kept,kept_source,other,other_source,why
openness,second,,open,index,closed,board,the index goes first
""",
    "parameters": """\
model_id,total_b,active_b,basis,stated_by
second,235,22,name,Second-235B-A22B
""",
    "model_prices": """\
model_id,provider,day,input_usd,output_usd,source_id
second,Host Inc.,2026-03-01,0.3,1.2,index
""",
    "published": """\
figure_id,source,published,measures,rule,months_low,months_high,figure,direction,url,comparable,why
study-2026,A study,2026-05-01,The gap.,,3.5,4,about 4 months,,,partly,
""",
    "glossary": """\
term_id,term,aliases,definition,see_also
gap,Gap,,How long it took.,
""",
    "biases": """\
bias_id,caveat,effect,remark,access
coverage,closed models are tested more often than open ones,larger,,
training,"open developers can train towards public tests, and do",smaller,probably,public
""",
}

NEWER = {"scores": TABLES["scores"].replace("41.5", "51.5")}
"""The table with another best score."""
BAD = {"scores": TABLES["scores"].replace("41.5", "101")}
"""The table with a score that can't be."""
LEFT = {"evidence.db", "evidence.db.lock"}
"""What may be in a store's folder when nobody has it open."""


def write_world(folder: Path, **changed: str) -> Path:
    """Write the small world's tables, some of them changed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {**TABLES, **changed}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def with_change(name: str, old: str, new: str) -> dict[str, str]:
    """Return one table with one place of it changed."""
    assert TABLES[name].count(old) == 1, f"{old!r} is not once in {name}"
    return {name: TABLES[name].replace(old, new)}


def refusal(path: Path, data: Path) -> str:
    """Return the one sentence in which a store is refused."""
    with pytest.raises(DataError) as error:
        open_store(path, data)
    assert "\n" not in str(error.value)
    return str(error.value)


PRELUDE = """
import json, os, signal, sqlite3, sys, time
from pathlib import Path
from core.errors import DataError
from core.store import file, making
from core.store.store import open_store

def become_nobody(scratch, data):
    # Everything is loaded first: the interpreter's own folder may be root's alone.
    open_store(Path(scratch) / "scratch.db", Path(data)).close()
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)

def attempt(path, data):
    try:
        with open_store(Path(path), Path(data)) as store:
            return store.rows("SELECT count(*) FROM scores")[0][0]
    except DataError as error:
        return str(error)
"""


def surroundings() -> dict[str, str]:
    """Return the environment of a process that finds the project and treats warnings as errors."""
    paths = filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONWARNINGS": "error"}


def start(code: str, *arguments: object, prelude: str = PRELUDE) -> subprocess.Popen[str]:
    """Start a Python process that has the prelude's names; `sys.argv[1:]` are the arguments."""
    return subprocess.Popen(
        [sys.executable, "-c", prelude + code, *map(str, arguments)],
        cwd=ROOT,
        env=surroundings(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str], seconds: float = 60) -> str:
    """Return what a process printed; it must end well."""
    out, err = process.communicate(timeout=seconds)
    assert process.returncode == 0, err
    return out


def run(code: str, *arguments: object, prelude: str = PRELUDE) -> str:
    """Run a process to its end and return what it printed."""
    return finish(start(code, *arguments, prelude=prelude))


def alter(path: Path, *statements: str) -> None:
    """Change a store's file by SQL, as another program would."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def revision_of(path: Path) -> str:
    """Return the revision that a store's file holds, read by SQLite alone; the file must be whole."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return str(connection.execute("SELECT value FROM meta WHERE key = 'revision'").fetchone()[0])
