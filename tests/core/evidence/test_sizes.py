"""How many parameters a model has: read from names that tell it, and decided where several say it."""

import pytest

from core.evidence.importers.rows import RawSize
from core.evidence.sizes import Size, decide_size, size_in_name


@pytest.mark.parametrize(
    ("name", "total", "active"),
    [
        ("Qwen3-235B-A22B-Instruct-2507", 235, 22),
        ("qwen3.8-2.4t-a95b", 2400, 95),
        ("Gemma 4 26B A4B", 26, 4),
        ("Llama-4-Maverick-17B-128E-Instruct", None, 17),
        ("qwen1.5-32b-chat", 32, None),
        ("Qwen-1_8B", 1.8, None),
        ("deepseek-coder-6.7b-base", 6.7, None),
        ("Granite-4.0-350m", 0.35, None),
        ("GPT-2 (1.5B)", 1.5, None),
        ("opt-13b", 13, None),
    ],
)
def test_a_name_that_tells_its_size(name: str, total: float | None, active: float | None):
    size = size_in_name(name)
    assert (size.total, size.active) == (total, active)


@pytest.mark.parametrize(
    "name",
    ["Mixtral-8x22B-v0.1", "kimi-k2.5", "gemma-3n-e2b-it", "DeepSeek-V3.2", "glm-4.7", "Phi3-medium-4k", "phi-2"],
)
def test_other_names_tell_none(name: str):
    assert size_in_name(name) is None


BY_HAND = Size(2800, 104, "by hand", "https://huggingface.co/moonshotai/Kimi-K3")
STATED = [("epoch", RawSize(2, "QwQ-32B", 32.5)), ("helm", RawSize(9, "qwq-32b", 32.8))]


@pytest.mark.parametrize(
    ("names", "by_hand", "stated", "basis", "total"),
    [
        (["QwQ-32B"], BY_HAND, STATED, "by hand", 2800),
        (["Qwen3-30B-A3B"], None, STATED, "name", 30),
        (["QwQ-32B"], None, STATED, "source", 32.5),
        (["QwQ-32B"], None, [], "name", 32),
        (["Llama-4-Scout-17B-16E"], None, STATED, "source", 32.5),
    ],
)
def test_who_goes_first(names, by_hand, stated, basis: str, total: float):
    size = decide_size(names, by_hand, stated)
    assert (size.basis, size.total) == (basis, total)


def test_what_nobody_states_is_not_known():
    assert decide_size(["kimi-k2.6", "Kimi K2.6"], None, []) is None
