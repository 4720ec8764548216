"""The language models of the settings, by any server that speaks OpenAI's chat completions."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from bot.settings import Settings
from core.errors import UsageError

if TYPE_CHECKING:
    from httpx2 import AsyncClient
    from langchain_openai import ChatOpenAI

CALL_SECONDS = 12.0
"""How long one read of a call may wait; whoever calls bounds the whole."""
LONGEST = 1500
"""Tokens that a model may write in one call."""


@dataclass(frozen=True)
class Limits:
    """Seconds that reading a text may take: one call where a second model stands in, and all calls."""

    call: float = 9.0
    whole: float = 17.0


LIMITS = Limits()
_NO_TRACING = dict.fromkeys(
    ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"), "false"
)
"""What people ask goes to the model's server alone, whatever else of LangChain's is set on this machine."""


def is_set(settings: Settings) -> bool:
    """Whether there is a model to ask: one that is named, on a server of one's own or with a key."""
    return bool(settings.llm_model and (settings.llm_base_url or settings.openai_api_key))


def models(
    settings: Settings, client: "AsyncClient | None" = None, *, seconds: float = CALL_SECONDS, longest: int = LONGEST
) -> "list[ChatOpenAI]":
    """Return the model and the one that stands in for it; raises UsageError where none is set.

    A read of theirs waits `seconds` and they write `longest` tokens at most. `client` connects them, by default one of
    their own for one event loop. langchain and openai are imported here, when first needed.
    """
    if not is_set(settings):
        raise UsageError(
            "No language model can be used; name one in GAPBRIEF_LLM_MODEL, and its server in GAPBRIEF_LLM_BASE_URL"
            " or its key in OPENAI_API_KEY."
        )
    os.environ.update(_NO_TRACING)
    from langchain.chat_models import init_chat_model
    from pydantic import SecretStr

    from bot.assistant.model_client import model_client

    names = [name for name in (settings.llm_model, settings.llm_fallback) if name]
    made = (
        init_chat_model(
            name,
            model_provider="openai",
            base_url=settings.llm_base_url or "https://api.openai.com/v1",
            api_key=SecretStr(settings.openai_api_key or "none"),
            timeout=seconds,
            max_retries=0,  # openai's own would wait as long as retry-after says; ours ends with the deadline
            max_completion_tokens=longest,
            stream_usage=True,
            use_responses_api=False,
            http_async_client=client or model_client(),
        )
        for name in names
    )
    return [cast("ChatOpenAI", model) for model in made]
