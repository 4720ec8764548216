"""`gapbrief eval grounding`: both measures, what went wrong in our own set, and of the blind one nothing but counts."""

from datetime import date
from pathlib import Path

import pytest

from bot.commands import grounding_score
from bot.settings import Settings

TEXT = """texts:
- {question: {name: gap}, text: "On private tests it is 7.5 months.", grounded: true, kind: chat}
- {question: {name: gap}, text: "On private tests it is 9.5 months.", grounded: false, kind: number, why: "7.5"}
"""
WRONG = (
    '- {question: {name: gap}, text: "The secret is out.", grounded: false, kind: nonsense, why: "a secret reason"}\n'
)


def measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evidence_file: Path, own: str, blind: str | None) -> bool:
    for name, text in (("_OWN", own), ("_BLIND", blind)):
        path = tmp_path / f"{name}.yml"
        if text is not None:
            path.write_text(text)
        monkeypatch.setattr(grounding_score, name, path)
    monkeypatch.setenv("GAPBRIEF_DB", str(evidence_file))
    return grounding_score.measure(Settings.read(), date(2026, 11, 25), color=False)


def test_our_own_set_is_shown_with_what_went_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evidence_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measured(tmp_path, monkeypatch, evidence_file, TEXT, None)
    shown = capsys.readouterr().out
    assert "Altered texts refused: 1 of 1, 100.0 % (the bar: 98 %)" in shown
    assert "Grounded texts refused: 0 of 1, 0.0 % (the bar: 3 %)" in shown
    assert "blind" not in shown
    assert not measured(tmp_path, monkeypatch, evidence_file, TEXT + WRONG, None)
    assert "Wrong: 'The secret is out.'\n  let through (a secret reason)" in capsys.readouterr().out


def test_of_the_blind_set_no_text_is_shown_and_it_decides_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evidence_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measured(tmp_path, monkeypatch, evidence_file, TEXT, TEXT + WRONG)
    shown = capsys.readouterr().out
    assert "The blind set" in shown
    assert "Altered texts refused: 1 of 2, 50.0 %" in shown
    assert "secret" not in shown


def test_the_command_takes_it_by_name(evidence_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from bot.cli import main

    monkeypatch.setenv("GAPBRIEF_DB", str(evidence_file))
    monkeypatch.setattr(grounding_score, "measure", lambda settings, today, *, color: today is None)
    assert CliRunner().invoke(main, ["eval", "grounding"]).exit_code == 0
    assert CliRunner().invoke(main, ["eval", "grounding", "--on", "2026-11-24"]).exit_code == 1
