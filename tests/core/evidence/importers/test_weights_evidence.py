"""Evidence on open weights: the day of the weights, where it is known to the day; else openness alone."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from core.evidence.importers import registries

FILE = "study/overrides_evidence_2026-10.csv"


def test_an_open_model_is_of_the_day_of_its_weights_if_that_is_one_day(raw: Path):
    models = {model.spelling: model for model in registries.read_weights_evidence(raw / FILE).models}
    assert models["GLM-5.3"].released == date(2026, 8, 28)  # its API was there on 14 August
    assert models["Kimi K3"].released == date(2026, 7, 27)
    assert models["GLM-5.3-Flash"].released is None  # "2026-08-26..28 (to check)"


@pytest.mark.parametrize(("column", "word"), [("openness", "check"), ("weights_date", "announced for 2026-12-01")])
def test_what_is_still_to_be_seen_says_nothing(column: str, word: str, with_value: Callable[..., Path]):
    imported = registries.read_weights_evidence(with_value(FILE, column, word))
    dropped = {(drop.what, drop.reason) for drop in imported.dropped}
    assert ("GLM-5.3", "not settled yet") in dropped
    assert not {what for what, _ in dropped} & {model.spelling for model in imported.models}
