"""One importer per publisher's format; a build and a live refresh use the same ones."""

from collections.abc import Callable
from pathlib import Path

from core.evidence.importers import (
    aider,
    arena,
    bfcl,
    bullshit_bench,
    epoch_accessibility,
    epoch_daily,
    epoch_hub,
    epoch_index,
    epoch_long,
    epoch_transcribed,
    forecastbench,
    hand_transcribed,
    helm,
    livebench,
    llm_leaderboard,
    metr,
    mmlu_pro,
    model_sizes,
    models_dev,
    openhands,
    price_history,
    study,
    tau2,
    weights_evidence,
    weirdml,
)
from core.evidence.importers.rows import Imported

IMPORTERS: dict[str, Callable[[Path], Imported]] = {
    "aider": aider.read,
    "arena": arena.read,
    "bfcl": bfcl.read,
    "bullshit-bench": bullshit_bench.read,
    "epoch-accessibility": epoch_accessibility.read,
    "epoch-daily": epoch_daily.read,
    "epoch-hub": epoch_hub.read,
    "epoch-index": epoch_index.read,
    "epoch-long": epoch_long.read,
    "epoch-models": model_sizes.read_epoch,
    "epoch-transcribed": epoch_transcribed.read,
    "forecastbench": forecastbench.read,
    "hand-transcribed": hand_transcribed.read,
    "helm": helm.read,
    "livebench": livebench.read,
    "llm-leaderboard": llm_leaderboard.read,
    "metr": metr.read,
    "mmlu-pro": mmlu_pro.read,
    "models-dev": models_dev.read,
    "open-llm-leaderboard": model_sizes.read_open_llm,
    "openhands": openhands.read,
    "price-history": price_history.read,
    "study": study.read,
    "tau2": tau2.read,
    "weights-evidence": weights_evidence.read,
    "weirdml": weirdml.read,
    "weirdml-v3": weirdml.read_v3,
}
"""The importers by the name that `sources.csv` gives them."""
