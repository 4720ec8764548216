"""Which two groups of models a text compares: openness and size beside a name, and what is meant of both."""

from datetime import date

import pytest

from bot.assistant.reader import read_text
from core.store.store import Store

TODAY = date(2026, 11, 25)
US = "United States of America"


@pytest.mark.parametrize(
    ("text", "left", "right"),
    [
        ("OpenAI vs Anthropic", "OpenAI", "Anthropic"),
        ("OpenAI vs China", "OpenAI", "China"),
        ("open Chinese models vs closed US models", "China", f"closed {US}"),
        ("closed us models against open chinese ones, who is ahead", f"closed {US}", "China"),
        ("closed US vs Chinese labs", f"closed {US}", "China"),
        ("closed models: US or China, who leads?", f"closed {US}", "closed China"),
        ("open Qwen vs Kimi", "open Alibaba", "open Moonshot"),
        ("Llama vs Qwen", "open Meta AI", "open Alibaba"),  # an open family names its open models
        ("Meta vs Alibaba", "Meta AI", "Alibaba"),
        ("Grok vs closed Qwen", "xAI", "closed Alibaba"),
        ("Meta's open models against OpenAI", "open Meta AI", "OpenAI"),
        ("Are open models from Meta better than those from Mistral?", "open Meta AI", "open Mistral AI"),
        ("is Qwen's best open model better than Mistral's best closed one", "open Alibaba", "closed Mistral AI"),
        ("US open models up to 40B against Chinese ones", f"{US} up to 40B", "China"),
        ("China or the US, which is ahead up to 40B?", "China up to 40B", f"{US} up to 40B"),
        ("How does Qwen fare against the rest of the open labs", "open Alibaba", "others"),
        ("how late are open models other than those from Alibaba?", "open Alibaba", "others"),
        ("models up to 8B vs models up to 70B", "up to 8B", "up to 70B"),
        ("Kimi K3 vs GPT-5.5", "Kimi K3", "GPT-5.5"),
    ],
)
def test_two_groups_are_read_with_their_openness_and_size(store: Store, text: str, left: str, right: str) -> None:
    reading = read_text(text, store, TODAY)
    assert (reading.name, reading.fields.get("left"), reading.fields.get("right")) == ("compare", left, right)
    assert not reading.extras
