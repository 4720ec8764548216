"""Epoch's capabilities index: a score per model version, and the word on access that decides most models."""

from core.evidence.importers import epoch_index

INDEX = "epoch_index_2026-07-01/epoch_capabilities_index.csv"


def models(read):
    return {model.spelling: model for model in read("epoch-index", INDEX).models}


def test_a_model_without_an_index_score_is_a_model_still(read):
    imported = read("epoch-index", INDEX)
    assert "WizardLM-2-8x22B" not in {score.spelling for score in imported.scores}
    assert models(read)["WizardLM-2-8x22B"].claim == "open"
    assert imported.dropped == []


def test_a_row_without_a_model_version_is_dropped(with_value):
    imported = epoch_index.read(with_value(INDEX, 0, "Model version", ""))
    assert [(drop.line, drop.what, drop.reason) for drop in imported.dropped] == [
        (2, "GPT-5.4 Mini", "no model version")
    ]
