"""Epoch's long file: corrected for chance, so its boards are versions of their own, and raw boards stay raw."""

from pathlib import Path

from core.evidence.importers import epoch


def test_its_boards_are_versions_of_their_own_and_raw_boards_are_not_taken(raw: Path):
    imported = epoch.read_long(raw / "epoch_long_2026-08-11/eci_benchmarks.csv")
    assert {(score.benchmark, score.version) for score in imported.scores} == {
        ("critpt", "long-2026"),
        ("proofbench", "long-2026"),
    }
    assert {drop.what for drop in imported.dropped} == {"GPQA diamond"}
    kimi = {score.benchmark: score.score for score in imported.scores if score.spelling.startswith("kimi-k3")}
    assert kimi == {"critpt": 23.4, "proofbench": 70.0}
