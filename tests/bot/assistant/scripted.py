"""The assistant with a scripted model behind it: what is typed, what the model says, what the person gets."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bot.answers import Answers
from bot.assistant.assistant import Assistant
from bot.assistant.models import Limits
from bot.assistant.reading import Context, Reply
from bot.settings import Settings
from bot.state.conversation_key import ConversationKey
from core.questions import Question
from tests.conftest import ROOT
from tests.fakes.openai import FakeOpenAI

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HERE = ConversationKey("terminal", "ada", "models")
QUICK = Limits(call=0.6, total=1.5)
"""Time-outs of tests: for what a model never answers."""
UNSURE = "how far behind are open models, is the moat gone?"
"""A question that the rules read, but not wholly, so that the model is asked: they would answer it as `gap`."""


def settings_of(db: Path, model: FakeOpenAI | None, **other: Any) -> Settings:
    settings = Settings(db, ROOT / "data", "sqlite://")
    return replace(settings, llm_model="fake", llm_base_url=model.url, **other) if model else settings


def assistant_of(settings: Settings, **extra: Any) -> Assistant:
    answers = Answers(settings, lambda: TODAY)
    return Assistant(settings, answers.answer, today=answers.today, **extra)


async def reply_of(
    db: Path,
    model: FakeOpenAI | None,
    typed: str,
    previous: Question | None = None,
    *,
    settings: Any = (),
    **extra: Any,
) -> Reply:
    """Let somebody type a text, and return the reply."""
    context = Context().after_question(previous) if previous else Context()
    return await assistant_of(settings_of(db, model, **dict(settings)), **extra).reply(typed, HERE, NOW, context)
