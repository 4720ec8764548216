"""Names in a text: by any spelling, the longest, with small slips, and never a number for another."""

from collections.abc import Callable

import pytest

from core.names.name_index import Mention, NameIndex, mentions
from core.names.names import nicknames, plain

WORDS = frozenset(
    "behind chance command compare done door explain fair hard have inkling line math models more much open please"
    " stable step tell that them together time today writer 2025".split()
)
Find = Callable[[str], list[Mention]]


@pytest.fixture
def find(names: NameIndex) -> Find:
    """Find the names in a text."""
    return lambda text: mentions(text, names, lambda word: len(word) < 4 or word in WORDS)


def named(find: Find, text: str) -> list[tuple[str, str | None]]:
    return sorted(((mention.kind, mention.value) for mention in find(text)), key=str)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("GPQA-Diamond", "benchmark", "GPQA Diamond"),
        ("frontier math tier 4", "benchmark", "FrontierMath Tier 4"),
        ("arc agi 2", "benchmark", "ARC-AGI-2"),
        ("kimi k2 thinking today", "model", "Kimi K2 Thinking"),
        ("gpt-5.5 pro", "model", "GPT-5.5 Pro"),
        ("humanity’s last exam", "benchmark", "Humanity's Last Exam"),
        ("gpt4", "model", "GPT-4 (Mar 2023)"),
        ("o3", "model", "o3"),
        ("Qwen2.5-72B", "model", "Qwen2.5-72B"),
        ("k2.5", "model", "Kimi K2.5"),
        ("deepseek r1 0528", "model", "DeepSeek-R1 (May 2025)"),
        ("qwen3 235b", "model", "Qwen3-235B-A22B"),
        ("zhipu", "lab", "Z.ai (Zhipu AI)"),
        ("llama", "lab", "Meta AI"),
        ("mistral", "lab", "Mistral AI"),
        ("chinese", "country", "China"),
        ("chinesische", "country", "China"),
        ("the US", "country", "United States of America"),
        ("CAISI", "publisher", "CAISI"),
        ("lesswrong", "publisher", "Ihle (LessWrong)"),
    ],
)
def test_a_name_is_found_by_any_spelling_the_longest_first(find: Find, text: str, kind: str, value: str) -> None:
    assert named(find, f"tell me of {text} please") == [(kind, value)]


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("Llama 405B", "Llama 3.1-405B"),
        ("sonnet 3.5", "Claude 3.5 Sonnet"),
        ("claude sonnet 3.7", "Claude 3.7 Sonnet"),
        ("opus 4.6", "Claude Opus 4.6"),
        ("ChatGPT 5.5", "GPT-5.5"),
        ("claude 4.5 opus", "Claude Opus 4.5"),
        ("gemini pro 3.1", "Gemini 3.1 Pro"),
        ("deepseek r1", "DeepSeek-R1"),
        ("kimi k three", "Kimi K3"),
        ("claude opus four point six", "Claude Opus 4.6"),
        ("deep seek r one", "DeepSeek-R1"),
    ],
)
def test_a_models_parts_may_stand_in_any_order_and_its_version_be_as_it_is_spoken(
    find: Find, text: str, model: str
) -> None:
    assert named(find, f"how is {text} doing") == [("model", model)]


@pytest.mark.parametrize("product", ["Claude", "ChatGPT", "gemini", "Grok", "opus", "Sonnet", "claude haiku"])
def test_a_product_is_its_newest_flagship_with_a_score(find: Find, names: NameIndex, product: str) -> None:
    [mention] = find(f"how is {product} doing")
    [model] = [name for name in names.models if name.shown == mention.value]
    assert (mention.kind, model.has_headline, mention.typed) == ("model", True, product)


def test_a_product_is_its_lab_beside_another_lab_or_where_all_its_models_are_meant(find: Find) -> None:
    assert named(find, "claude or deepseek") == [("lab", "Anthropic"), ("lab", "DeepSeek")]
    assert named(find, "china against claude") == [("country", "China"), ("lab", "Anthropic")]
    assert {kind for kind, _ in named(find, "claude or gemini")} == {"model"}
    assert named(find, "how are Claude models") == [("lab", "Anthropic")]
    assert named(find, "claude's opus 4.6") == [("lab", "Anthropic"), ("model", "Claude Opus 4.6")]


def test_a_size_alone_is_no_name(find: Find) -> None:
    assert [named(find, f"one of {size}") for size in ("10B", "30b", "405B")] == [[], [], []]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("qwne3 32b", "Qwen3-32B"),
        ("gemni 3 pro", "Gemini 3 Pro"),
        ("claude sonet 3.5", "Claude 3.5 Sonnet"),
        ("simplebnech", "SimpleBench"),
        ("gpqa dimond", "GPQA Diamond"),
        ("deepsek", "DeepSeek"),
        ("frontiermaht", "FrontierMath"),
        ("humanitys last exma", "Humanity's Last Exam"),
        ("claude opsu 4.6", "Claude Opus 4.6"),
    ],
)
def test_a_small_slip_is_forgiven(find: Find, text: str, value: str) -> None:
    assert value in [mention.value for mention in find(text)]


@pytest.mark.parametrize(
    "text",
    ["GPT-9", "kimi k4", "Qwen2.5-99B", "claude opus 9", "DeepSeek-V9", "o9 mini", "ARC-AGI-3", "gpqa-7", "arc agi 3"],
)
def test_no_version_is_taken_for_another(find: Find, text: str) -> None:
    assert all(mention.value is None and not mention.choices for mention in find(f"how is {text}"))


@pytest.mark.parametrize("text", ["gamma", "meter", "metal", "clause", "bench press", "mini m4", "grok6", "opus 4.9"])
def test_another_word_or_version_is_no_slip(find: Find, text: str) -> None:
    assert all(mention.value is None for mention in find(f"how is {text}"))


def test_a_figure_behind_a_family_is_no_version(find: Find) -> None:
    assert named(find, "has llama 80 % on gpqa") == [("benchmark", "GPQA Diamond"), ("lab", "Meta AI")]
    assert named(find, "deepseek in 2025, mistral 2024") == [("lab", "DeepSeek"), ("lab", "Mistral AI")]


@pytest.mark.parametrize("text", ["deepseek v4", "V4", "llama 3", "qwen3"])
def test_what_begins_several_names_leaves_the_choice_open(find: Find, text: str) -> None:
    [mention] = find(f"how far behind is {text}")
    assert (mention.kind, mention.value) == ("model", None)
    assert 2 <= len(mention.choices) <= 6


@pytest.mark.parametrize(
    "text",
    [
        "tell us together, open the door", "a fair step, by chance", "the writer of the command line", "is math hard",
        "it can be done in a day", "my stable", "or not", "an inkling", "i'm 3 months behind",
    ],
)  # fmt: skip
def test_words_are_no_names(find: Find, text: str) -> None:
    assert named(find, text) == []


def test_words_are_names_where_they_are_written_as_names(find: Find) -> None:
    assert named(find, "the models of Together") == [("lab", "Together AI")]
    assert named(find, "china vs us") == [("country", "China"), ("country", "United States of America")]
    assert named(find, "how is Inkling doing") == [("model", "Inkling")]


def test_open_ai_models_are_not_those_of_openai(find: Find) -> None:
    assert named(find, "how far behind are open AI models") == []
    assert named(find, "how far behind is open ai") == [("lab", "OpenAI")]


def test_so_many_runs_of_words_are_looked_up_and_no_more(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    lookups: list[str] = []
    monkeypatch.setattr(NameIndex, "nearest", lambda evidence, typed: lookups.append(typed))
    find(" ".join(f"{chr(97 + n % 26)}xq{chr(97 + n // 26)}jvz" for n in range(60)))
    assert 0 < len(lookups) <= 64


def test_a_name_is_found_with_its_place(find: Find) -> None:
    text = "Is Kimi K3 ahead of GPT-5 on gpqa?"
    places = [(text[mention.start : mention.end], mention.typed) for mention in find(text)]
    assert places == [(typed, typed) for typed in ("Kimi K3", "GPT-5", "gpqa")]


def test_nicknames_are_in_the_form_in_which_they_are_looked_for() -> None:
    by_heading = nicknames()
    assert all(word == plain(word) for words in by_heading.values() for word in words)
    assert by_heading["written"] < by_heading["ordinary"]
