"""HELM's registry: who made a model, when, and who can use it."""

from core.evidence.importers import helm

REGISTRY = "helm/model_metadata.csv"


def test_a_date_that_is_only_a_month_is_no_date(with_value):
    assert helm.read(with_value(REGISTRY, 0, "release_date", "2024-12")).models[0].released is None
