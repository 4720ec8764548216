"""The questions that gapbrief answers: one file each, and this registry."""

from core.questions.changes import ChangesQuestion
from core.questions.compare import CompareQuestion
from core.questions.frontier import FrontierQuestion
from core.questions.gap import GapQuestion
from core.questions.model import ModelQuestion
from core.questions.others import OthersQuestion
from core.questions.question import Question, ask
from core.questions.sources import SourcesQuestion
from core.questions.terms import TermsQuestion
from core.questions.timeline import TimelineQuestion
from core.questions.trust import TrustQuestion
from core.questions.unmatched import UnmatchedQuestion
from core.questions.what_if import WhatIfQuestion

QUESTIONS: dict[str, type[Question]] = {
    question.name: question
    for question in (
        GapQuestion,
        FrontierQuestion,
        CompareQuestion,
        WhatIfQuestion,
        ChangesQuestion,
        TimelineQuestion,
        ModelQuestion,
        UnmatchedQuestion,
        TrustQuestion,
        OthersQuestion,
        TermsQuestion,
        SourcesQuestion,
    )
}
"""Every question by its name; faces are made from these."""
FORMER_NAMES = {"waiting": "unmatched"}
"""What questions were called before, and are called now."""


def current(name: str) -> str:
    """Return what a question, or a chart of it, is called now: buttons, links and sets hold former names."""
    return FORMER_NAMES.get(name, name)


__all__ = ["FORMER_NAMES", "QUESTIONS", "GapQuestion", "Question", "ask", "current"]
