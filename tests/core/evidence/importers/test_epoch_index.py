"""Epoch's capabilities index: a score per model version, and the word on access that decides most models."""

INDEX = "epoch_index_2026-07-01/epoch_capabilities_index.csv"


def models(read):
    return {model.spelling: model for model in read("epoch-index", INDEX).models}


def test_a_model_without_an_index_score_is_a_model_still(read):
    imported = read("epoch-index", INDEX)
    assert "WizardLM-2-8x22B" not in {score.spelling for score in imported.scores}
    assert models(read)["WizardLM-2-8x22B"].claim == "open"
    assert imported.dropped == []
