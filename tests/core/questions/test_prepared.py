"""A file that is finished with what answers read: nothing is fitted when a question comes."""

from pathlib import Path
from typing import Any

import pytest

import core
from core.evidence.evidence import FloatArray
from core.gap.index_fit import Cells, Index, fit_index
from core.questions import QUESTIONS
from core.questions.question import ask, prepare
from core.store.store import open_store
from tests.core.questions.conftest import TODAY


def refuse_whole_fits(cells: Cells, weight: FloatArray, start: Index | None = None, *rest: Any, **named: Any) -> Index:
    """Fit what is left out from a whole fit, and nothing from the start."""
    return pytest.fail("it was fitted again") if start is None else fit_index(cells, weight, start, *rest, **named)


DATA = Path(core.__file__).parents[1] / "data"


@pytest.mark.parametrize(
    ("name", "words"), [("gap", {}), ("gap", {"as_of": "2026-09-20"}), ("model", {"model": "Kimi K3"})]
)
def test_a_first_question_reads_what_was_fitted_when_the_file_was_made(
    name: str, words: dict[str, str], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path_factory.getbasetemp() / "prepared.db"
    with open_store(path, DATA, prepare) as store:
        monkeypatch.setattr("core.evidence.evidence._cache", {})  # as in a process of its own
        monkeypatch.setattr("core.gap.index_figure.fit_index", refuse_whole_fits)
        assert ask(QUESTIONS[name].from_words(**words), store, TODAY).lines
