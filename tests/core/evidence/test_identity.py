"""One model, many spellings: what joins, what stays apart, and which name a model gets."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence.identity import Identity, Version, normal_form, split_effort

K2_JULY = ("Kimi K2", "2025-07-12", "open", "140.421")
K2_SEPTEMBER = ("Kimi K2", "2025-09-05", "open", "141.039")
QWEN_JULY = ("Qwen3-235B-A22B (Jul 2025)", "2025-07-25", "open")
VERSIONS = [
    Version("gpt-5-2025-08-07_high", "GPT-5", "2025-08-07", "closed", "150"),
    Version("gpt-5-2025-08-07_low", "GPT-5", "2025-08-07", "closed", "150"),
    Version("Kimi-K2-Instruct", *K2_JULY),
    Version("kimi-k2-0711-preview", *K2_JULY),
    Version("moonshotai/kimi-k2-0905", *K2_SEPTEMBER),
    Version("Kimi-K2-Instruct-0905", *K2_SEPTEMBER),
    Version("Qwen3-235B-A22B-Thinking-2507", *QWEN_JULY, "144.945"),
    Version("qwen/qwen3-235b-a22b-thinking-2507", *QWEN_JULY, "144.945"),
    Version("Qwen3-235B-A22B-Instruct-2507", *QWEN_JULY, "138.986"),
    Version("parasail-qwen3-235b-a22b-instruct-2507", QWEN_JULY[0], "2025-09-01", "open", "138.986"),
    Version("chutes/Qwen3-14B", "Qwen3-14B", "2025-04-28", "open", ""),
    Version("gpt-4o-2024-05-13", "GPT-4o", "2024-05-13", "closed", "128.78"),
    Version("gpt-4o-2024-11-20", "GPT-4o", "2024-11-20", "closed", "129.33"),
    Version("listed-by-the-hub-alone"),
]
ALIASES = {
    ("epoch", "parasail-qwen3-235b-a22b-instruct-2507"): "Qwen3-235B-A22B-Instruct-2507",
    ("weirdml", "gpt-5 (xhigh)"): "gpt-5-2025-08-07_xhigh",
    ("metr", "Kimi K2"): "Kimi-K2-Instruct",
    ("bullshit-bench", "moonshotai/kimi-k2"): "Kimi-K2-Instruct",
    ("aider", "same word"): "gpt-4o-2024-05-13",
    ("bfcl", "same word"): "gpt-4o-2024-11-20",
}


@pytest.fixture
def identity() -> Identity:
    found = Identity(dict(ALIASES))
    found.learn(VERSIONS)
    return found


@pytest.mark.parametrize(
    ("spelling", "base", "effort"),
    [
        ("gpt-5_high", "gpt-5", "high"),
        ("gpt-5 (high)", "gpt-5", "high"),
        ("anthropic/claude-sonnet-4.6@reasoning=none", "anthropic/claude-sonnet-4.6", "none"),
        ("claude-haiku-4.5 (thinking 16k)", "claude-haiku-4.5", "thinking 16k"),
        ("claude-opus-4.5 (high, 16k)", "claude-opus-4.5", "high, 16k"),
        ("gpt-oss-120b", "gpt-oss-120b", ""),
        ("Chinchilla (70B)", "Chinchilla (70B)", ""),
        ("GPT-4 (Mar 2023)", "GPT-4 (Mar 2023)", ""),
    ],
)
def test_the_effort_is_split_off_and_nothing_else(spelling: str, base: str, effort: str):
    assert split_effort(spelling) == (base, effort)


@pytest.mark.parametrize(
    ("a", "b"),
    [("gpt_oss_120b", "gpt-oss-120b"), ("Qwen/Qwen3-32B", "qwen3 32b"), ("Claude 3.5 Sonnet", "claude-3-5-sonnet")],
)
def test_one_written_form(a: str, b: str):
    assert normal_form(a) == normal_form(b)


@given(st.text())
def test_a_written_form_is_its_own_written_form(text: str):
    assert normal_form(normal_form(text)) == normal_form(text)


def test_efforts_share_a_model_and_stay_apart(identity: Identity):
    assert identity.resolve("gpt-5-2025-08-07_high", "epoch") == ("gpt-5-2025-08-07", "high")
    assert identity.resolve("gpt-5-2025-08-07_low", "epoch") == ("gpt-5-2025-08-07", "low")


def test_an_alias_of_the_group_wins_and_may_name_an_effort(identity: Identity):
    assert identity.resolve("gpt-5 (xhigh)", "weirdml") == ("gpt-5-2025-08-07", "xhigh")


@pytest.mark.parametrize("spelling", ["Kimi-K2-Instruct", "kimi-k2-0711-preview"])
def test_same_name_date_access_and_score_is_one_model(identity: Identity, spelling: str):
    assert identity.resolve(spelling, "epoch")[0] == "Kimi-K2-Instruct"


def test_another_date_is_another_model_of_the_same_name(identity: Identity):
    assert identity.resolve("moonshotai/kimi-k2-0905", "epoch")[0] == "Kimi-K2-Instruct-0905"


def test_another_index_score_is_another_model_of_the_same_name_and_date(identity: Identity):
    assert identity.resolve("Qwen3-235B-A22B-Thinking-2507", "epoch")[0] == "Qwen3-235B-A22B-Thinking-2507"
    assert identity.resolve("Qwen3-235B-A22B-Instruct-2507", "epoch")[0] == "Qwen3-235B-A22B-Instruct-2507"


def test_a_hosts_copy_joins_and_never_names_the_model(identity: Identity):
    assert identity.resolve("qwen/qwen3-235b-a22b-thinking-2507", "epoch")[0] == "Qwen3-235B-A22B-Thinking-2507"
    assert identity.resolve("chutes/Qwen3-14B", "epoch")[0] == "Qwen3-14B"
    assert identity.resolve("Qwen/Qwen3-14B", "helm")[0] == "Qwen3-14B"


def test_an_alias_of_epochs_own_group_joins_what_its_words_leave_apart(identity: Identity):
    for group in ("epoch", "metr", "weirdml"):
        found = identity.resolve("parasail-qwen3-235b-a22b-instruct-2507", group)
        assert found == ("Qwen3-235B-A22B-Instruct-2507", "")


def test_a_name_that_versions_share_means_the_one_of_its_date(identity: Identity):
    assert identity.resolve("GPT-4o", "other", date(2024, 5, 13))[0] == "gpt-4o-2024-05-13"
    assert identity.resolve("GPT-4o", "other", date(2024, 11, 20))[0] == "gpt-4o-2024-11-20"


def test_the_date_goes_before_another_groups_alias(identity: Identity):
    assert identity.resolve("Kimi K2", "other", date(2025, 9, 5))[0] == "Kimi-K2-Instruct-0905"
    assert identity.resolve("Kimi K2", "other")[0] == "Kimi-K2-Instruct"


def test_a_name_that_two_models_of_one_day_share_means_neither(identity: Identity):
    found = identity.resolve("Qwen3-235B-A22B (Jul 2025)", "other", date(2025, 7, 25))[0]
    assert found not in ("Qwen3-235B-A22B-Thinking-2507", "Qwen3-235B-A22B-Instruct-2507")


def test_another_groups_alias_helps_unless_groups_disagree(identity: Identity):
    assert identity.resolve("moonshotai/kimi-k2", "helm")[0] == "Kimi-K2-Instruct"
    assert identity.resolve("same word", "helm")[0] == "same word"
    assert identity.resolve("same word", "bfcl")[0] == "gpt-4o-2024-11-20"


def test_spellings_that_differ_only_in_writing_are_one_model(identity: Identity):
    assert identity.resolve("GPT_5_2025_08_07 (high)", "metr") == ("gpt-5-2025-08-07", "high")


def test_a_model_that_nobody_listed_is_named_as_it_was_first_written(identity: Identity):
    assert identity.resolve("lab/New Model 1", "metr") == ("New Model 1", "")
    assert identity.resolve("new-model-1_high", "weirdml") == ("New Model 1", "high")


def test_a_written_form_that_two_models_share_joins_neither():
    identity = Identity({})
    identity.learn([Version("Model-1", "A", "2025-01-01", "open"), Version("model_1", "B", "2025-02-01", "open")])
    assert identity.resolve("Model-1", "epoch")[0] == "Model-1"
    assert identity.resolve("model_1", "epoch")[0] == "model_1"


@given(st.permutations(VERSIONS))
def test_the_order_of_the_index_changes_no_model(versions: list[Version]):
    identity, other = Identity(dict(ALIASES)), Identity(dict(ALIASES))
    identity.learn(VERSIONS)
    other.learn(versions)
    for version in VERSIONS:
        assert identity.resolve(version.spelling, "epoch") == other.resolve(version.spelling, "epoch")


@given(st.sampled_from(VERSIONS))
def test_a_models_id_means_that_model(version: Version):
    identity = Identity(dict(ALIASES))
    identity.learn(VERSIONS)
    model, _ = identity.resolve(version.spelling, "epoch")
    assert identity.resolve(model, "epoch")[0] == model
