"""Epoch's benchmarking hub: each file has a score column, a scale and a version of its own."""

from pathlib import Path

from core.evidence.importers import epoch_hub

HUB = "epoch_hub_2026-04-19"


def scores(read, file: str):
    return read("epoch-hub", f"{HUB}/{file}.csv").scores


def by_spelling(read, file: str):
    return {score.spelling: score for score in scores(read, file)}


def test_weirdml_is_version_2_and_its_variances_are_not_taken_for_standard_errors(read):
    codex = by_spelling(read, "weirdml_external")["gpt-5.3-codex_xhigh"]
    assert (codex.version, codex.score, codex.standard_error) == ("2", 79.3, None)


def test_a_collected_score_that_stanford_measured_is_graded_as_measured(read):
    grades = {score.setting: score.grade for score in scores(read, "mmlu_external")}
    assert grades["Stanford CRFM Leaderboard, 5 shots"] == "board-run"
    assert grades["DeepSeek-V3 Technical Report, 5 shots"] == "collected"


def test_a_row_that_spans_lines_is_known_by_the_line_on_which_it_starts(read, raw: Path):
    lines = (raw / HUB / "aider_polyglot_external.csv").read_text(encoding="utf-8").splitlines()
    kimi = by_spelling(read, "aider_polyglot_external")["Kimi-K2-Instruct"]
    assert lines[kimi.line - 1].startswith("Kimi-K2-Instruct,59.1")
    assert kimi.line > 3


def test_16_of_the_studys_17_benchmarks_and_more_are_read_each_under_one_key():
    keys = [(board.benchmark, board.version) for board in epoch_hub.known_boards().values()]
    assert len(keys) == len(set(keys)) == 21
