"""The study's audited words on accessibility."""

import pytest

from core.errors import TableError
from core.evidence.importers import study

OVERRIDES = "study/accessibility_overrides.csv"


def test_a_word_that_is_not_known_is_refused_not_guessed(with_value):
    with pytest.raises(TableError, match='line 2, column accessibility: "open" is no known accessibility'):
        study.read(with_value(OVERRIDES, 0, "accessibility", "open"))
