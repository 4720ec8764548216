"""What each mend of the data moves: the table of docs/method.md, each mend undone alone on the shipped data.

`python -m docs.make.mends --write` renews the document; without `--write` it prints the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from core.evidence.evidence import Evidence, read_records
from core.gap.analysis import ClassGap, analyse
from core.gap.parameters import INDEX_2, STUDY_1, Parameters
from core.store import queries
from core.store.store import Store
from core.words import CLASSES
from docs.make.pages import METHOD, Part, shipped
from docs.make.sensitivity import DAY, Edit, row_text, sql
from tests.core.gap.whole import headline_boards

PART = Part(METHOD, "mends")
HEAD = (
    "Undone", "Evidence", "Study, private", "Study, public", "Catch-up, private", "Catch-up, public",
    "Gap, private", "Gap, public", "Results that differ",
)  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """The six figures in months, and the single results at the newest data: test, level, closed, open, months."""

    months: tuple[float | None, ...]
    results: frozenset[tuple[str, float, str, str, float]]


@dataclass(frozen=True)
class Mend:
    """A mend, the hand-kept table or the source that holds its evidence, and the edit that takes it back."""

    name: str
    evidence: str
    undo: Edit


def dated(model: str, day: str) -> str:
    return f"UPDATE models SET release_date = '{day}' WHERE model_id = '{model}'"  # noqa: S608 (own words)


def classed(model: str, openness: str) -> str:
    return f"UPDATE models SET openness = '{openness}' WHERE model_id = '{model}'"  # noqa: S608 (own words)


def merged(model: str, into: str) -> str:
    """File the scores of a model under another; where both have one, theirs is kept as a run of its own."""
    return f"UPDATE scores SET model_id = '{into}', setting = setting || ' merged' WHERE model_id = '{model}'"  # noqa: S608


def left_out(where: str) -> str:
    """Leave scores out, as those of a model without a date or a class were."""
    return f"DELETE FROM scores WHERE {where}"  # noqa: S608 (own words)


MENDS = (
    Mend(
        "Kimi K3 counts from its weights, 2026-07-27", "weights-evidence-2026-10", sql(dated("kimi-k3", "2026-07-16"))
    ),
    Mend("codestral-2501 is closed", "openness", sql(classed("codestral-2501", "open"))),
    Mend(
        "MiniMax-M3, disputed in July, is what its newest sources call it",
        "classifications",
        sql(
            "UPDATE models SET openness = CASE openness WHEN 'open' THEN 'closed' ELSE 'open' END"
            " WHERE model_id = 'MiniMax-M3'"
        ),
    ),
    Mend(
        "TIGER's GPT-4-Turbo is that of November 2023",
        "model_aliases",
        sql(
            "UPDATE scores SET model_id = 'gpt-4-turbo-2024-04-09', setting = setting || ' again'"
            " WHERE benchmark_id = 'mmlu-pro' AND model_id = 'gpt-4-1106-preview'"
        ),
    ),
    Mend(
        "qwen2.5-7b and 14b of 2024-09-19",
        "release_dates",
        sql(dated("qwen2.5-7b-instruct", "2025-02-26"), dated("qwen2.5-14b-instruct", "2025-02-26")),
    ),
    Mend("falcon-40b of 2023-05-25", "release_dates", sql(dated("falcon-40b", "2023-03-15"))),
    Mend(
        "Qwen2.5-VL-72B apart from Qwen2.5-72B",
        "models_apart",
        sql(merged("Qwen2.5-VL-72B-Instruct", "qwen2.5-72b-instruct")),
    ),
    Mend(
        "code-davinci-002 apart from text-davinci-002",
        "models_apart",
        sql(merged("code-davinci-002", "text-davinci-002")),
    ),
    Mend(
        "Grok 4.1 Fast with reasoning apart from that without",
        "models_apart",
        sql(merged("grok-4-1-fast-reasoning", "grok-4-1-fast-non-reasoning")),
    ),
    Mend(
        "gpt-5.6-sol-pro is GPT-5.6 Sol",
        "model_aliases",
        sql(left_out("benchmark_id = 'weirdml' AND model_id = 'gpt-5.6-sol' AND variant = 'promax'")),
    ),
    Mend(
        "Mistral-small-2506 is Mistral Small 3.2, and open",
        "model_aliases, openness",
        sql(left_out("model_id = 'mistral-small-2506' AND benchmark_id <> 'mmlu-pro'")),
    ),
    Mend(
        "Phi3-medium-4k is Phi-3-medium-4k-instruct",
        "model_aliases",
        sql(left_out("benchmark_id = 'mmlu-pro' AND model_id = 'Phi-3-medium-4k-instruct' AND score > 55")),
    ),
    Mend(
        "Deepseek-V2-Chat is DeepSeek-V2",
        "model_aliases",
        sql(left_out("benchmark_id = 'mmlu-pro' AND model_id = 'DeepSeek-V2'")),
    ),
    Mend(
        "qwen3.8-2.4t-a95b is known to be open",
        "weights-evidence-2026-10",
        sql(classed("qwen3.8-2.4t-a95b", "unknown")),
    ),
    Mend(
        "34 runs of Terminal-Bench count once",
        "dropped",
        sql(
            "INSERT INTO scores SELECT benchmark_id, version, model_id, 'unknown', setting || ' again', score,"
            " standard_error, grade, known_from, known_grade, superseded_from, gone_from, source_id FROM scores"
            " WHERE benchmark_id = 'terminal-bench' AND variant <> 'unknown'"
        ),
    ),
)


def figures(store: Store, *undone: Mend) -> Figures:
    """The study's figures on its day, then both measures at the newest data, each private and public, in months."""
    for mend in undone:
        mend.undo(store)
    known = read_records(store)  # the store is altered: never kept
    newest = known.known_by(queries.known_days(store)[1])
    store.connection.rollback()
    on_the_day = known.known_by(DAY)
    study = _classes(on_the_day, DAY, STUDY_1)
    now = _classes(newest, newest.newest_data, INDEX_2)
    months = (
        *(study[access].catch_up.figure.months for access in CLASSES),
        *(now[access].catch_up.figure.months for access in CLASSES),
        *(now[access].index.figure.months for access in CLASSES),
    )
    names = [model.model_id for model in newest.models]
    results = {
        (newest.boards[board].name, level, names[closed], names[opened], round(lag, 2))
        for gap in now.values()
        for board, level, closed, opened, lag in zip(
            gap.points.board, gap.points.threshold, gap.points.closed, gap.points.open, gap.points.months, strict=True
        )
    }
    return Figures(months, frozenset(results))


def _classes(evidence: Evidence, day: date, parameters: Parameters) -> Mapping[str, ClassGap]:
    return analyse(evidence, headline_boards(evidence), day.toordinal(), parameters, whole_band=False).classes


@cache
def results() -> tuple[Figures, dict[str, Figures], Figures]:
    """The shipped figures, those with each mend undone alone, and with all undone."""
    with shipped() as store:
        first = figures(store)
        alone = {mend.name: figures(store, mend) for mend in MENDS}
        return first, alone, figures(store, *MENDS)


def block() -> str:
    first, alone, none = results()
    lines = [
        row_text(HEAD),
        row_text(["---"] * 2 + ["---:"] * 7),
        _row("nothing (the data as shipped)", "", first, first),
    ]
    lines += [_row(mend.name, f"`{mend.evidence}`", alone[mend.name], first) for mend in MENDS]
    return "\n".join([*lines, _row("all of them", "", none, first)])


def _row(name: str, evidence: str, outcome: Figures, first: Figures) -> str:
    cells = []
    for months, shipped_months in zip(outcome.months, first.months, strict=True):
        cell = "none" if months is None else f"{months:.2f}"
        same = months is not None and shipped_months is not None and f"{shipped_months:.2f}" == cell
        cells.append(cell if same or months is shipped_months is None else f"**{cell}**")
    return row_text([name, evidence, *cells, str(len(first.results - outcome.results))])


if __name__ == "__main__":
    PART.put_out(block())
