"""ForecastBench's tournament board: its own runs of single models."""

from core.evidence.importers import forecastbench

BOARD = "forecastbench/sota_graph_tournament.csv"


def test_a_row_without_a_score_is_dropped(with_value):
    imported = forecastbench.read(with_value(BOARD, "Overall", "", 4))
    assert ("gpt-5-2025-08-07\u2020", "no score") in {(drop.what, drop.reason) for drop in imported.dropped}
