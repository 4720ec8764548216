"""The questions that gapbrief answers: one file each, and this registry."""

from core.questions.gap import GapQuestion
from core.questions.question import Question, ask

QUESTIONS: dict[str, type[Question]] = {question.name: question for question in (GapQuestion,)}
"""Every question by its name; faces are made from these."""

__all__ = ["QUESTIONS", "GapQuestion", "Question", "ask"]
