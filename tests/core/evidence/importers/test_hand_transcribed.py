"""Rows typed from a later hub, read as the hub's own."""

from datetime import date

from core.evidence.importers import hand_transcribed


def test_arcs_two_benchmarks_share_a_file_and_stay_apart(read):
    scores = read("hand-transcribed", "hand_transcribed/arc_agi_later_rows.csv").scores
    assert [(score.benchmark, score.spelling, score.score) for score in scores] == [
        ("arc-agi", "gpt-5.5_xhigh", 95.0),
        ("arc-agi", "Inkling", 79.5),
        ("arc-agi-2", "gpt-5.5_xhigh", 85.0),
        ("arc-agi-2", "Inkling", 36.527777778),
    ]


def test_the_other_files_are_known_by_their_names(read):
    [muse] = read("hand-transcribed", "hand_transcribed/hle_later_rows.csv").scores
    assert (muse.benchmark, muse.score) == ("hle", 40.56)
    inkling, grok = read("hand-transcribed", "hand_transcribed/simplebench_later_rows.csv").scores
    assert (inkling.benchmark, inkling.score, grok.score) == ("simplebench", 50.0, 70.0)


def test_metrs_row_is_of_suite_1_1(read):
    [mythos] = read("hand-transcribed", "hand_transcribed/metr_later_rows.csv").scores
    assert (mythos.version, mythos.score) == ("1.1", 1044.780145)


def test_release_dates_come_with_the_rows(read):
    imported = read("hand-transcribed", "hand_transcribed/metr_later_rows.csv")
    assert imported.models[0].released == date(2026, 4, 7)


def test_a_benchmark_that_is_not_known_is_dropped(with_value):
    path = with_value("hand_transcribed/arc_agi_later_rows.csv", 0, "Benchmark", "ARC-AGI-3")
    imported = hand_transcribed.read(path)
    assert [(drop.what, drop.reason) for drop in imported.dropped] == [
        ("gpt-5.5_xhigh", "not one of gapbrief's benchmarks")
    ]
