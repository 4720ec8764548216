"""What people see: the whole answer as golden text, and tables in plain text.

`UPDATE_GOLDEN=1 uv run --group dev pytest tests/bot/test_terminal.py` writes the golden files anew; look at the
difference.
"""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot import terminal
from core.answer import Answer, Line, Table
from core.evidence.evidence import Evidence
from core.questions import GapQuestion
from tests.bot.conftest import STYLE
from tests.core.questions.worlds import from_country, race

GOLDEN = Path(__file__).parent / "golden"


def widening(closed: date) -> int:
    return 90 if closed < date(2024, 11, 1) else 260


WORLDS: dict[str, tuple[Evidence, GapQuestion, date]] = {
    "trails": (race(widening, boards=6, private=3, waiting=2), GapQuestion(method="index-2"), date(2026, 1, 10)),
    "study": (race(widening, boards=6, private=3, waiting=2), GapQuestion(method="study-1"), date(2026, 1, 10)),
    "leads": (race(-60), GapQuestion(method="index-2"), date(2026, 1, 10)),
    "one_test": (race(120, boards=1), GapQuestion(method="index-2", benchmark="Board-1 1"), date(2026, 1, 10)),
    "from_one_country": (
        from_country(race(120, boards=4), "Ruritania"),
        GapQuestion(method="index-2", country="Ruritania"),
        date(2026, 1, 10),
    ),
    "stale": (race(120), GapQuestion(method="index-2"), date(2026, 3, 1)),
    "too_few": (race(120, boards=2), GapQuestion(method="index-2"), date(2026, 1, 10)),
}


def answer(name: str) -> Answer:
    evidence, question, today = WORLDS[name]
    return question.answer(evidence).with_data_age(today)


@pytest.mark.parametrize("name", WORLDS)
def test_the_answer_reads_as_it_was_reviewed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show_answer(answer(name), color=False, details=True)
    shown, path = capsys.readouterr().out, GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


def shown(lines: list[Line], capsys: pytest.CaptureFixture[str]) -> list[str]:
    parts: Any = dict.fromkeys(Answer.__dataclass_fields__, ()) | {"stale_days": None}
    terminal.show_answer(Answer(**{**parts, "lines": tuple(lines)}), color=False, details=True)
    return capsys.readouterr().out.splitlines()


DETAILS = [
    Line("As of", "1 May", ("when",), is_day=True, detail=True), Line("Basis", "x", detail=True),
    Line("Meaning", "y", ("explain",), detail=True), Line("Left out", "2 models", detail=True),
    Line("Can't tell", "z", ("sure", "explain"), detail=True), Line("Size", "8B", ("size",), detail=True),
    Line("Change", "wider", detail=True), Line("Largest", "9", ("largest",), detail=True),
]  # fmt: skip


def test_many_details_stand_in_groups_under_headings_each_line_once(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown([Line("", "Title"), *DETAILS, Line("Catch-up time", "7 months", ("catch_up",), detail=True)], capsys)
    assert [line.split("   ")[0] for line in lines] == [
        "Title", "",
        "More figures", "Catch-up time", "",
        "Over time", "Change", "Largest", "",
        "Makers and prices", "Size", "",
        "How sure", "Can't tell", "",
        "Left out", "Left out", "",
        "Data", "As of", "Basis", "",
        "What the words mean", "Meaning",
    ]  # fmt: skip


def test_a_few_details_need_no_headings(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown([Line("", "Title"), *DETAILS], capsys)
    assert [line.split("   ")[0] for line in lines] == ["Title", *(line.label for line in DETAILS)]


TABLE = Table(
    "Tests", ("Test", "Months behind", "Newest"), (("GPQA [Diamond]", "4.3", "2026-08-13"), ("MMLU", "–", "2025-02-26"))
)


def test_a_plain_table_has_figures_to_the_right_and_no_trailing_spaces() -> None:
    assert terminal.table_text(TABLE, 80) == (
        "Tests\n"
        "Test            Months behind      Newest\n"
        "GPQA [Diamond]            4.3  2026-08-13\n"
        "MMLU                        –  2025-02-26"
    )


def test_an_empty_table_is_its_head() -> None:
    assert terminal.table_text(Table("Nothing", ("A", "B"), ()), 80) == "Nothing\nA  B"


@pytest.mark.parametrize(("width", "sign"), [(80, "Test"), (25, "Months behind 4.3, Newest")])
def test_a_looker_on_gets_tables_that_fit_whose_marks_are_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int, sign: str
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", str(width))
    terminal.show_tables([TABLE, Table("Nothing", ("A", "B"), ())], color=True)
    shown = " ".join(STYLE.sub("", capsys.readouterr().out).split())
    assert "GPQA [Diamond]" in shown
    assert sign in shown
    assert "Nothing" in shown


def test_rejected_points_are_shown_with_their_reason() -> None:
    accepted, every = (terminal.points_table(answer("trails"), chosen) for chosen in ("accepted", "all"))
    assert len(accepted.columns) == len(every.columns) - 1
    assert len(accepted.rows) <= len(every.rows)
    assert {row[0] for row in every.rows} == {f"Board-{number}" for number in range(1, 7)}
