"""What stands in a text besides names: sizes, levels and prices, in words and in figures, and what is none."""

import pytest

from bot.assistant.parsed_text import find_levels, find_sizes


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


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("80 %", 80, "percent"),
        ("80%", 80, "percent"),
        ("62.5 percent", 62.5, "percent"),
        ("62,5 %", 62.5, "percent"),
        ("eighty percent", 80, "percent"),
        ("forty-five pct", 45, "percent"),
        ("half of the test", 50, "percent"),
        ("two thirds of it", 66.7, "percent"),
        ("three quarters of it", 75, "percent"),
        ("2 hours", 120, "minutes"),
        ("two hours", 120, "minutes"),
        ("an hour", 60, "minutes"),
        ("half an hour", 30, "minutes"),
        ("100 minutes", 100, "minutes"),
        ("one hundred minutes", 100, "minutes"),
        ("90 min", 90, "minutes"),
        ("145 points", 145, "points"),
        ("gpqa 80 when", 80, ""),
    ],
)
def test_a_level_is_read_in_its_unit(text: str, value: float, unit: str) -> None:
    assert [(level.value, level.unit) for level in find_levels(text)] == [(value, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "6 months",
        "17 benchmarks",
        "two numbers",
        "half a year",
        "$20",
        "the open one",
        "72b",
        "<model:3>",
        "the 90 % interval",
        "a 90 percent range",
    ],
)
def test_other_figures_are_no_levels(text: str) -> None:
    assert find_levels(text) == []
