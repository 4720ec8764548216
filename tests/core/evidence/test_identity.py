"""One model, many spellings: what joins, what stays apart, and which name a model gets."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence.identity import (
    Identity,
    PriorIds,
    Version,
    normal_form,
    split_effort,
    unknown_efforts,
    written_form,
)

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
    identity = Identity(dict(ALIASES))
    identity.learn(VERSIONS)
    return identity


@pytest.mark.parametrize(
    ("spelling", "base", "effort"),
    [
        ("gpt-5_high", "gpt-5", "high"),
        ("gpt-5 (high)", "gpt-5", "high"),
        ("anthropic/claude-sonnet-4.6@reasoning=none", "anthropic/claude-sonnet-4.6", "none"),
        ("claude-haiku-4.5 (thinking 16k)", "claude-haiku-4.5", "thinking 16k"),
        ("claude-opus-4.5 (high, 16k)", "claude-opus-4.5", "high, 16k"),
        ("gpt-6-sol_ultra", "gpt-6-sol", "ultra"),
        ("deepseek-v4.1-flash_enabled", "deepseek-v4.1-flash", "enabled"),
        ("gpt-6-sol_prounknown", "gpt-6-sol", "prounknown"),
        ("gpt-6-sol_proxhigh", "gpt-6-sol", "proxhigh"),
        ("gpt-oss-120b", "gpt-oss-120b", ""),
        ("gpt-6-pro", "gpt-6-pro", ""),
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


def test_a_family_and_its_number_are_one_word_or_two():
    assert written_form("Qwen 3.8 Max") == written_form("alibaba/qwen3.8-max") != written_form("qwen3-8-b")


@given(st.text())
def test_a_written_form_is_its_own_written_form(text: str):
    assert normal_form(normal_form(text)) == normal_form(text)


@pytest.mark.parametrize(
    ("spelling", "group", "day", "model", "effort"),
    [
        # Efforts share a model and stay apart; an alias of the group wins and may name an effort.
        ("gpt-5-2025-08-07_high", "epoch", None, "gpt-5-2025-08-07", "high"),
        ("gpt-5-2025-08-07_low", "epoch", None, "gpt-5-2025-08-07", "low"),
        ("gpt-5 (xhigh)", "weirdml", None, "gpt-5-2025-08-07", "xhigh"),
        # The same name, date, access and score is one model; another date or score is another of the same name.
        ("Kimi-K2-Instruct", "epoch", None, "Kimi-K2-Instruct", ""),
        ("kimi-k2-0711-preview", "epoch", None, "Kimi-K2-Instruct", ""),
        ("moonshotai/kimi-k2-0905", "epoch", None, "Kimi-K2-Instruct-0905", ""),
        ("Qwen3-235B-A22B-Thinking-2507", "epoch", None, "Qwen3-235B-A22B-Thinking-2507", ""),
        ("Qwen3-235B-A22B-Instruct-2507", "epoch", None, "Qwen3-235B-A22B-Instruct-2507", ""),
        # A host's copy joins and never names the model.
        ("qwen/qwen3-235b-a22b-thinking-2507", "epoch", None, "Qwen3-235B-A22B-Thinking-2507", ""),
        ("chutes/Qwen3-14B", "epoch", None, "Qwen3-14B", ""),
        ("Qwen/Qwen3-14B", "helm", None, "Qwen3-14B", ""),
        # An alias of Epoch's own group joins what its words leave apart, for every group.
        ("parasail-qwen3-235b-a22b-instruct-2507", "epoch", None, "Qwen3-235B-A22B-Instruct-2507", ""),
        ("parasail-qwen3-235b-a22b-instruct-2507", "metr", None, "Qwen3-235B-A22B-Instruct-2507", ""),
        # A name that versions share means the one of its date.
        ("GPT-4o", "other", date(2024, 5, 13), "gpt-4o-2024-05-13", ""),
        ("GPT-4o", "other", date(2024, 11, 20), "gpt-4o-2024-11-20", ""),
        ("Kimi K2", "other", date(2025, 9, 5), "Kimi-K2-Instruct-0905", ""),
        # An alias holds for the sources of its group alone.
        ("Kimi K2", "metr", None, "Kimi-K2-Instruct", ""),
        ("Kimi K2", "other", None, "Kimi K2", ""),
        ("moonshotai/kimi-k2", "helm", None, "kimi-k2", ""),
        ("same word", "helm", None, "same word", ""),
        ("same word", "bfcl", None, "gpt-4o-2024-11-20", ""),
        # Spellings that differ only in writing are one model.
        ("GPT_5_2025_08_07 (high)", "metr", None, "gpt-5-2025-08-07", "high"),
    ],
)
def test_a_spelling_means_a_model(
    identity: Identity, spelling: str, group: str, day: date | None, model: str, effort: str
):
    assert identity.resolve(spelling, group, day) == (model, effort)


def test_a_name_that_two_models_of_one_day_share_means_neither(identity: Identity):
    model = identity.resolve("Qwen3-235B-A22B (Jul 2025)", "other", date(2025, 7, 25))[0]
    assert model not in ("Qwen3-235B-A22B-Thinking-2507", "Qwen3-235B-A22B-Instruct-2507")


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


def test_a_version_that_the_index_files_under_another_model_is_one_of_its_own_where_we_say_so():
    versions = [
        Version("qwen2.5-72b-instruct", "Qwen2.5-72B", "2024-09-19", "open", "129.08"),
        Version("Qwen2.5-72B", "Qwen2.5-72B", "2024-09-19", "open", "129.08"),
        Version("Qwen2.5-VL-72B-Instruct", "Qwen2.5-72B", "2024-09-19", "open", "129.08"),
    ]
    apart = Identity({}, frozenset({"Qwen2.5-VL-72B-Instruct"}))
    apart.learn(versions)
    assert apart.resolve("qwen/qwen2.5-vl-72b-instruct", "helm") == ("Qwen2.5-VL-72B-Instruct", "")
    assert apart.resolve("Qwen2.5-72B", "epoch") == apart.resolve("qwen2.5-72b-instruct", "epoch")
    assert apart.resolve("Qwen2.5-72B", "eci", date(2024, 9, 19)) == apart.resolve("Qwen2.5-72B", "epoch")


PRO = ("GPT-5.5 Pro", "2026-04-23", "closed", "161.288")
PRO_VERSIONS = [Version("gpt-5.5-pro_high", *PRO), *(Version("gpt-5.5-pro-pre-release_xhigh", *PRO) for _ in range(9))]


NONE = PriorIds()


def learned(versions: list[Version], prior: PriorIds = NONE, **aliases: str) -> Identity:
    identity = Identity({("epoch", spelling): version for spelling, version in aliases.items()}, prior=prior)
    identity.learn(versions)
    return identity


def test_a_new_model_is_named_by_its_shortest_spelling_however_often_another_is_listed():
    assert learned(PRO_VERSIONS).resolve("gpt-5.5-pro-pre-release_xhigh", "epoch") == ("gpt-5.5-pro", "xhigh")


@pytest.mark.parametrize("model", ["gpt-5.5-pro", "gpt-5.5-pro-pre-release", "what it was called before"])
def test_a_model_keeps_the_id_that_it_was_given(model: str):
    prior = PriorIds(frozenset({model}), {("epoch", "gpt-5.5-pro_high", ""): model})
    identity = learned([*PRO_VERSIONS, Version("gpt-5.5", *PRO)], prior)
    for spelling in ("gpt-5.5-pro_high", "gpt-5.5-pro_low", "gpt-5.5-pro-pre-release_xhigh", "gpt-5.5"):
        assert identity.resolve(spelling, "epoch")[0] == model


def test_a_version_attaches_to_the_id_that_another_source_gave_its_model():
    prior = PriorIds(frozenset({"gpt-7", "Grok 6"}), {("weirdml", "Grok 6", "2026-12-01"): "Grok 6"})
    versions = [
        Version("GPT-7_high", "GPT-7", "2026-11-20", "closed"),
        Version("grok-6-1201", "Grok 6", "2026-12-01", "closed"),
    ]
    identity = learned(versions, prior)
    assert identity.resolve("GPT-7_high", "epoch") == ("gpt-7", "high")
    assert identity.resolve("gpt-7", "weirdml") == ("gpt-7", "")
    assert identity.resolve("grok-6-1201", "epoch") == identity.resolve("Grok 6", "weirdml") == ("Grok 6", "")


def test_a_new_effort_at_a_source_is_of_the_model_that_its_other_efforts_are_there():
    prior = PriorIds(frozenset({"gpt-5-2025-08-07"}), {("weirdml", "gpt-5 (high)", "2025-08-07"): "gpt-5-2025-08-07"})
    identity = learned([Version("gpt-5-2025-08-07_high"), Version("gpt-5")], prior)
    assert identity.resolve("gpt-5 (max)", "weirdml") == ("gpt-5-2025-08-07", "max")
    assert identity.resolve("gpt-5 (max)", "metr") == ("gpt-5", "max")


def test_an_effort_of_epochs_may_be_written_with_another_separator():
    versions = [Version("gpt-5.6-luna_max"), Version("gpt-5.6-luna_low")]
    assert learned(versions).resolve("gpt-5.6-luna-max", "livebench") == ("gpt-5.6-luna", "max")
    assert learned(versions).resolve("gpt-5.6-luna-high", "livebench") == ("gpt-5.6-luna-high", "")
    prior = PriorIds(frozenset({"gpt-5.6-luna-max"}))
    assert learned(versions, prior).resolve("gpt-5.6-luna-max", "livebench") == ("gpt-5.6-luna-max", "")


def test_a_name_is_another_model_where_its_day_is_that_of_another():
    prior = PriorIds(frozenset({"Kimi-K2-Instruct"}), {("metr", "Kimi K2", "2025-07-12"): "Kimi-K2-Instruct"})
    identity = learned(VERSIONS, prior)
    assert identity.resolve("Kimi K2", "metr", date(2025, 7, 12)) == ("Kimi-K2-Instruct", "")
    assert identity.resolve("Kimi K2", "metr", date(2025, 9, 5)) == ("Kimi-K2-Instruct-0905", "")
    assert identity.resolve("Kimi K2", "metr", date(2025, 7, 13)) == ("Kimi-K2-Instruct", "")


def test_sources_join_no_two_models_that_have_ids():
    prior = PriorIds(frozenset({"gpt-5.5-pro", "gpt-5.5-pro-pre-release"}))
    identity = learned(PRO_VERSIONS, prior)
    assert identity.resolve("gpt-5.5-pro_high", "epoch")[0] == "gpt-5.5-pro"
    assert identity.resolve("gpt-5.5-pro-pre-release_high", "epoch")[0] == "gpt-5.5-pro-pre-release"


def test_an_alias_joins_two_models_that_have_ids_under_that_of_its_target_and_the_other_means_it():
    prior = PriorIds(frozenset({"a", "b"}), {("weirdml", "A!", ""): "a"})
    identity = learned([Version("a_high"), Version("b_high")], prior, a="b")
    for spelling, group in (("a_high", "epoch"), ("a", "metr"), ("A!", "weirdml")):
        assert identity.resolve(spelling, group)[0] == "b"
    elsewhere = learned([], prior, a="b")
    assert {elsewhere.resolve(spelling, "weirdml")[0] for spelling in ("A!", "a (high)", "b")} == {"b"}


def test_a_person_makes_two_models_of_one():
    prior = PriorIds(frozenset({"gpt-5.5-pro"}), {("epoch", "gpt-5.5-pro-pre-release_xhigh", ""): "gpt-5.5-pro"})
    spelling = "gpt-5.5-pro-pre-release_xhigh"
    identity = Identity({}, frozenset({spelling, "gpt-5.5-pro-pre-release"}), prior)
    identity.learn(PRO_VERSIONS)
    assert identity.resolve(spelling, "epoch") == ("gpt-5.5-pro-pre-release", "xhigh")
    assert identity.resolve("gpt-5.5-pro_high", "epoch") == ("gpt-5.5-pro", "high")


def test_what_epoch_writes_behind_a_known_model_is_an_effort_though_it_is_unknown():
    versions = [Version("gpt-7_low"), Version("gpt-7_turbo"), Version("phi-1"), Version("phi-1_5"), Version("o9_pro")]
    identity = learned(versions)
    assert identity.resolve("gpt-7_turbo", "epoch") == ("gpt-7", "turbo")
    assert identity.resolve("phi-1_5", "epoch") == ("phi-1_5", "")
    assert identity.resolve("o9_pro", "epoch") == ("o9_pro", "")
    assert unknown_efforts(version.spelling for version in versions) == {"gpt-7_turbo": ("gpt-7", "turbo")}


def test_a_name_that_several_models_of_the_index_share_means_none():
    identity = learned(VERSIONS)
    day = date(2025, 7, 25)
    assert identity.is_shared("GPT-4o", "epoch-later", None)
    assert not identity.is_shared("GPT-4o", "epoch-later", date(2024, 5, 13))
    assert identity.is_shared("Qwen3-235B-A22B (Jul 2025)", "epoch-later", day)
    assert not learned(VERSIONS, PriorIds(frozenset({"GPT-4o"}))).is_shared("GPT-4o", "epoch-later", None)
