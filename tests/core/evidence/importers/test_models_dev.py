"""models.dev: a registry that says whether a model's weights can be had."""

from datetime import date

import pytest

from core.evidence.importers import models_dev

REGISTRY = "models_dev/models_metadata.csv"


def test_it_holds_models_and_no_scores(read):
    imported = read("models-dev", REGISTRY)
    assert (imported.rows, len(imported.models), imported.scores) == (4, 4, [])


def test_its_word_on_weights_is_a_claim(read):
    words = {model.spelling: (model.claim, model.raw) for model in read("models-dev", REGISTRY).models}
    assert words["openai/gpt-oss-120b"] == ("open", "open_weights True")
    assert words["alibaba/qwen-max"] == ("closed", "open_weights False")


@pytest.mark.parametrize(("word", "claim"), [("True", "open"), ("False", "closed"), ("", None), ("maybe", None)])
def test_anything_but_true_and_false_says_nothing(word: str, claim: str | None, with_value):
    assert models_dev.read(with_value(REGISTRY, 0, "open_weights", word)).models[0].claim == claim


def test_a_date_that_is_only_a_month_is_no_date(read):
    found = {model.spelling: model.released for model in read("models-dev", REGISTRY).models}
    assert found["moonshotai/kimi-k2.5"] is None
    assert found["openai/gpt-oss-120b"] == date(2025, 8, 5)
