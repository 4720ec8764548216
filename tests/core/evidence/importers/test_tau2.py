"""tau2-bench: a board per field of work, models alone, and whose run it was."""

from pathlib import Path

from core.evidence.importers import tau2


def test_each_field_of_work_is_a_board(raw: Path):
    imported = tau2.read(raw / "tau2/submissions_flat.csv")
    glm = {score.benchmark: score.score for score in imported.scores if score.spelling == "GLM-5"}
    assert glm == {"tau2-retail": 73.68, "tau2-airline": 82.5, "tau2-telecom": 86.84, "tau2-banking": 9.79}


def test_a_run_by_the_board_is_no_vendors_own_report(raw: Path):
    imported = tau2.read(raw / "tau2/submissions_flat.csv")
    grades = {(score.spelling, score.benchmark): score.grade for score in imported.scores}
    assert grades["Claude-Sonnet-4.5", "tau2-retail"] == "self-reported"
    assert grades["Claude Sonnet 4.5", "tau2-retail"] == "board-run"


def test_agents_built_around_a_model_and_voice_are_other_tests(raw: Path):
    dropped = {drop.what for drop in tau2.read(raw / "tau2/submissions_flat.csv").dropped}
    assert dropped == {"Nemotron-Orchestrator-8B", "gpt-realtime-1.5"}
