"""Sizes that a text names by parameters, by memory or by a card."""

import pytest

from bot.assistant.hardware import sizes


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("small open models against larger ones", ["small", "large"]),
        ("small vs big models", ["small", "big"]),
        ("models under 40B and larger ones", ["under 40B", "others"]),
        ("what fits on a 24GB GPU, or on my 4090", ["large card", "large card"]),
        ("with 12 GB of VRAM, on an H100, in 192 gb", ["small card", "workstation", "server"]),
        ("rtx 3060 12gb or two 3090s, or 8xH100", ["small card", "pair of cards", "server"]),
        ("on 2x24GB, 4\u00d748 gb, two 8 GB cards", ["pair of cards", "server", "small card"]),
        ("für eine 3090, sur une 4090, avec 24 Go", ["large card", "large card", "large card"]),
        ("on 4 A100s or one h100", ["server", "workstation"]),
        ("MMLU in 2025, 4090 people, the 3080", ["small card"]),
        ("from 7B to 40B, or over 70b", ["from 7B to 40B", "over 70b"]),
        ("one not bigger than 8B, nothing over 20b", ["not bigger than 8B", "nothing over 20b"]),
        ("a sub 32b or ≤9B model bis 12B", ["sub 32b", "≤9B", "bis 12B"]),
        ("is there no gap for models over 70B", []),
        ("I want nothing that is bigger than 8B, never at least 9B", ["nothing that is bigger than 8B"]),
        ("is the gap small for large language models", []),
        ("Qwen3-32B, and over 15 billion tokens", []),
    ],
)
def test_sizes_are_found_in_a_text(text: str, typed: list[str]) -> None:
    assert [size for size, *_ in sizes(text)] == typed
