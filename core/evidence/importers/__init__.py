"""One importer per publisher's format; a build and a live refresh use the same importers."""

from collections.abc import Callable
from pathlib import Path

from core.evidence.importers import (
    epoch,
    epoch_hub,
    leaderboards,
    livebench,
    makers_cards,
    metr,
    openhands,
    registries,
    tau2,
)
from core.evidence.importers.rows import FileContent

IMPORTERS: dict[str, Callable[[Path], FileContent]] = {
    "aider": leaderboards.read_aider,
    "arena": leaderboards.read_arena,
    "arena-first-seen": leaderboards.read_arena_first_seen,
    "bfcl": leaderboards.read_bfcl,
    "bullshit-bench": leaderboards.read_bullshit_bench,
    "epoch-accessibility": epoch.read_accessibility,
    "epoch-daily": epoch.read_daily,
    "epoch-hub": epoch_hub.read,
    "epoch-index": epoch.read_index,
    "epoch-long": epoch.read_long,
    "epoch-models": registries.read_epoch_sizes,
    "epoch-transcribed": epoch.read_transcribed,
    "forecastbench": leaderboards.read_forecastbench,
    "hand-transcribed": epoch_hub.read_typed_rows,
    "helm": registries.read_helm,
    "livebench": livebench.read,
    "llm-leaderboard": leaderboards.read_llm_leaderboard,
    "makers-cards": makers_cards.read,
    "metr": metr.read,
    "mmlu-pro": leaderboards.read_mmlu_pro,
    "models-dev": registries.read_models_dev,
    "open-llm-leaderboard": registries.read_open_llm_sizes,
    "openhands": openhands.read,
    "price-history": registries.read_price_history,
    "study": registries.read_study,
    "tau2": tau2.read,
    "weights-evidence": registries.read_weights_evidence,
    "weirdml": leaderboards.read_weirdml,
    "weirdml-v3": leaderboards.read_weirdml_3,
}
"""The importers by their name in `sources.csv`."""
