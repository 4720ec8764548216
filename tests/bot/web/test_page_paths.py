"""The pages to which the title of an answer in Discord leads: each is there, and answers the same question."""

from datetime import date

import pytest

from bot.links import page_path
from core.questions import GapQuestion, Question
from core.questions.best import BestQuestion
from core.questions.compare import CompareQuestion
from core.questions.model import ModelQuestion
from core.questions.unmatched import UnmatchedQuestion
from tests.bot.web.conftest import Web


@pytest.mark.parametrize(
    ("question", "path"),
    [
        (GapQuestion(), ""),
        (BestQuestion(), "best"),
        (UnmatchedQuestion(), "unmatched"),
        (GapQuestion(benchmark="GPQA Diamond"), "benchmarks/gpqa-diamond"),
        (ModelQuestion(model="Kimi K3"), "models/kimi-k3"),
        (ModelQuestion(model="GPT-5.5"), "models/gpt-5.5"),
        (CompareQuestion("China", "United States"), "compare/china/united-states"),
        (CompareQuestion("Kimi K3", "GPT-5.5"), "compare/kimi-k3/gpt-5.5"),
    ],
)
def test_the_page_that_answers_a_question_is_there(web: Web, question: Question, path: str) -> None:
    assert page_path(question) == path
    shown = web.client.get(f"/{path}")
    assert shown.status_code == 200
    assert shown.url.path == f"/{path}"


@pytest.mark.parametrize(
    "question",
    [
        GapQuestion(as_of=date(2026, 5, 22)), GapQuestion(access="private"), BestQuestion(size="32"),
        GapQuestion(benchmark="GPQA Diamond", country="China"), GapQuestion(benchmark="a/../b"),
        ModelQuestion(model="x?y=z"), CompareQuestion("not-country:China", "<b>"), CompareQuestion("May 2025", "a/b"),
    ],
)  # fmt: skip
def test_a_question_that_no_page_answers_just_so_has_none(question: Question) -> None:
    assert page_path(question) is None
