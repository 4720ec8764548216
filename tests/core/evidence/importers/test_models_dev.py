"""models.dev: a registry that says whether a model's weights can be had."""

from datetime import date

REGISTRY = "models_dev/models_metadata.csv"


def test_it_holds_models_and_no_scores(read):
    imported = read("models-dev", REGISTRY)
    assert (imported.rows, len(imported.models), imported.scores) == (4, 4, [])


def test_its_word_on_weights_is_a_claim(read):
    words = {model.spelling: (model.claim, model.raw) for model in read("models-dev", REGISTRY).models}
    assert words["openai/gpt-oss-120b"] == ("open", "open_weights True")
    assert words["alibaba/qwen-max"] == ("closed", "open_weights False")


def test_a_date_that_is_only_a_month_is_no_date(read):
    found = {model.spelling: model.released for model in read("models-dev", REGISTRY).models}
    assert found["moonshotai/kimi-k2.5"] is None
    assert found["openai/gpt-oss-120b"] == date(2025, 8, 5)
