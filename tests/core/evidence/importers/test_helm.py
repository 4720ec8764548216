"""HELM's registry: who made a model, when, and who can use it."""

from datetime import date

from core.evidence.importers import helm

REGISTRY = "helm/model_metadata.csv"


def test_it_holds_models_and_no_scores(read):
    imported = read("helm", REGISTRY)
    assert (imported.rows, len(imported.models), imported.scores, imported.dropped) == (8, 8, [], [])


def test_names_dates_and_makers(read):
    models = {model.spelling: model for model in read("helm", REGISTRY).models}
    large = models["mistralai/mistral-large-2512"]
    assert (large.name, large.released, large.organization) == (
        "Mistral Large 3 (2512)",
        date(2025, 12, 2),
        "Mistral AI",
    )


def test_a_date_that_is_only_a_month_is_no_date(with_value):
    assert helm.read(with_value(REGISTRY, 0, "release_date", "2024-12")).models[0].released is None
