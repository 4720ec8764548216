"""The shipped data, to be asked."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.answer import Answer
from core.evidence.evidence import load
from core.questions import ask
from core.questions.compare import CompareQuestion
from core.store.store import Store, open_store
from tests.conftest import ROOT

TODAY = date(2026, 12, 1)
Ask = Callable[..., Answer]


@pytest.fixture(scope="module")
def compared(store: Store) -> Callable[..., Answer]:
    """Compare two sides of the shipped data, without the kept answers."""

    def of(left: str, right: str, **fields: Any) -> Answer:
        question = CompareQuestion(left, right, **fields).resolved(store, TODAY)
        return question.answer(load(store).known_by(question.known_by))

    return of


@pytest.fixture
def shipped(request: pytest.FixtureRequest, evidence_file: Path) -> Callable[..., Answer]:
    """Ask the shipped data a test file's own QUESTION, or one that comes first, on 1 December 2026 or another day."""

    def of(*values: Any, today: date = TODAY, **fields: object) -> Answer:
        question, *values = values if isinstance(next(iter(values), None), type) else (request.module.QUESTION, *values)
        with open_store(evidence_file, ROOT / "data") as store:
            return ask(question(*values, **fields), store, today)

    return of
