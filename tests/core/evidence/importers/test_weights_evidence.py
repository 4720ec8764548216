"""Evidence on open weights: the day of the weights, where it is known to the day; else openness alone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.evidence.importers import registries

FILE = "study/overrides_evidence_2026-10.csv"


@pytest.mark.parametrize(("column", "word"), [("openness", "check"), ("weights_date", "announced for 2026-12-01")])
def test_what_is_still_to_be_seen_says_nothing(column: str, word: str, with_value: Callable[..., Path]):
    imported = registries.read_weights_evidence(with_value(FILE, column, word))
    dropped = {(drop.what, drop.reason) for drop in imported.dropped}
    assert ("GLM-5.3", "not settled yet") in dropped
    assert not {what for what, _ in dropped} & {model.spelling for model in imported.models}
