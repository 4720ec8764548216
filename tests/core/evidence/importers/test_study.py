"""The study's audited words on accessibility."""

import pytest

from core.errors import TableError
from core.evidence.importers import study

OVERRIDES = "study/accessibility_overrides.csv"


def test_it_holds_words_on_openness_and_nothing_else(read):
    imported = read("study", OVERRIDES)
    assert {model.spelling: model.claim for model in imported.models} == {
        "Baichuan2-13B-Chat": "open",
        "PaLM 62B": "unreleased",
        "mistral-medium-2508": "closed",
        "qwen3.5-flash": "closed",
        "WizardLM-2-8x22B": "open",
    }
    assert (imported.rows, imported.scores, imported.dropped) == (5, [], [])
    assert all(model.released is None and not model.name for model in imported.models)


def test_a_word_that_is_not_known_is_refused_not_guessed(with_value):
    with pytest.raises(TableError, match='line 2, column accessibility: "open" is no known accessibility'):
        study.read(with_value(OVERRIDES, 0, "accessibility", "open"))
