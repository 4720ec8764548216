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
from core.questions.waiting import WaitingQuestion
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
        WaitingQuestion,
        TrustQuestion,
        OthersQuestion,
        TermsQuestion,
        SourcesQuestion,
    )
}
"""Every question by its name; faces are made from these."""

__all__ = ["QUESTIONS", "GapQuestion", "Question", "ask"]
