"""Rows typed from a later hub, read as the hub's own."""

from core.evidence.importers import hand_transcribed


def test_a_benchmark_that_is_not_known_is_dropped(with_value):
    path = with_value("hand_transcribed/arc_agi_later_rows.csv", 0, "Benchmark", "ARC-AGI-3")
    imported = hand_transcribed.read(path)
    assert [(drop.what, drop.reason) for drop in imported.dropped] == [
        ("gpt-5.5_xhigh", "not one of gapbrief's benchmarks")
    ]
