"""Sizes that a text names by parameters, by memory or by a card."""

import pytest

from bot.assistant.parsed_text import find_sizes


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("small open models against larger ones", ["small", "large"]),
        ("small vs big models", ["small", "big"]),
        ("models under 40B and larger ones", ["under 40B", "others"]),
        ("what fits on a 24GB GPU, or on my 4090", ["24 GB", "24 GB"]),
        ("with 12 GB of VRAM, on an H100, in 192 gb", ["12 GB", "80 GB", "192 GB"]),
        ("rtx 3060 12gb or two 3090s, or 8xH100", ["12 GB", "48 GB", "640 GB"]),
        ("on 2x24GB, 4\u00d748 gb, two 8 GB cards", ["48 GB", "192 GB", "16 GB"]),
        ("für eine 3090, sur une 4090, avec 24 Go", ["24 GB", "24 GB", "24 GB"]),
        ("on 4 A100s or one h100", ["320 GB", "80 GB"]),
        ("MMLU in 2025, 4090 people, the 3080", ["10 GB"]),
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
    assert [size for size, *_ in find_sizes(text)] == typed
