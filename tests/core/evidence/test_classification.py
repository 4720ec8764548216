"""Open or closed: by audit, then index, then registries that agree, then a third party; never by a name."""

import ast
import inspect
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence import classification
from core.evidence.classification import SourceWord, classify

AUDIT_CLOSED = SourceWord(1, "study-overrides", "override", "closed", "API access")
INDEX_OPEN = SourceWord(2, "epoch-index-2026-07-01", "index", "open", "Open weights (unrestricted)")
INDEX_CLOSED_OLDER = SourceWord(3, "epoch-index-2026-04-19", "index", "closed", "API access")
MODELS_DEV_OPEN = SourceWord(9, "models-dev-2026-06-30", "registry", "open", "open_weights True")
HELM_OPEN = SourceWord(11, "helm-2026-04-24", "registry", "open", "access open")
BFCL_CLOSED = SourceWord(14, "bfcl-2026-04-12", "registry", "closed", "Proprietary")
DAILY_OPEN = SourceWord(5, "epoch-daily-2026-08-22", "third-party", "open", "is_open True")
ALL = [AUDIT_CLOSED, INDEX_OPEN, INDEX_CLOSED_OLDER, MODELS_DEV_OPEN, HELM_OPEN, BFCL_CLOSED, DAILY_OPEN]


@pytest.mark.parametrize(
    ("heard", "openness", "grade", "decisive"),
    [
        (ALL, "closed", "audited", [AUDIT_CLOSED]),
        (ALL[1:], "open", "index", [INDEX_OPEN]),
        ([INDEX_CLOSED_OLDER, MODELS_DEV_OPEN, DAILY_OPEN], "closed", "index", [INDEX_CLOSED_OLDER]),
        ([MODELS_DEV_OPEN, HELM_OPEN, DAILY_OPEN], "open", "registry", [MODELS_DEV_OPEN, HELM_OPEN]),
        ([BFCL_CLOSED, DAILY_OPEN], "closed", "registry", [BFCL_CLOSED]),
        ([DAILY_OPEN], "open", "third-party", [DAILY_OPEN]),
    ],
)
def test_the_first_role_that_speaks_decides(heard, openness, grade, decisive):
    assert classify(heard) == (openness, grade, tuple(decisive))


@pytest.mark.parametrize(
    ("heard", "openness", "grade"),
    [
        ([MODELS_DEV_OPEN, HELM_OPEN, BFCL_CLOSED, DAILY_OPEN], "unknown", "none"),  # registries that disagree
        ([INDEX_OPEN, replace(INDEX_OPEN, claim="closed"), MODELS_DEV_OPEN], "unknown", "none"),
        ([SourceWord(4, "epoch-hub-2026-04-19", "scores", "open", "x")], "unknown", "none"),  # scores alone: not heard
        ([], "unknown", "none"),
        ([replace(AUDIT_CLOSED, claim="unreleased")], "unreleased", "audited"),
    ],
)
def test_what_disagrees_or_says_nothing_leaves_the_model_unknown(heard, openness, grade):
    assert classify(heard)[:2] == (openness, grade)


def test_the_order_in_which_evidence_comes_changes_nothing():
    assert len({classify(order) for order in permutations(ALL[2:])}) == 1


@given(st.lists(st.sampled_from(ALL)))
def test_what_decides_was_heard_and_says_what_was_decided(heard: list[SourceWord]):
    openness, _, decisive = classify(set(heard))
    assert set(decisive) <= set(heard)
    assert openness == "unknown" or {word.claim for word in decisive} == {openness}


def test_no_name_of_a_lab_or_a_model_is_in_the_rule():
    tree = ast.parse(inspect.getsource(classification))
    literals = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    words = {word for text in literals for word in text.lower().replace("-", " ").split()}
    makers = {"openai", "gpt", "qwen", "alibaba", "mistral", "meta", "llama", "google", "gemini", "gemma", "deepseek"}
    assert not words & (makers | {"anthropic", "claude", "kimi", "moonshot", "microsoft", "phi", "muse", "xai", "grok"})
    assert list(inspect.signature(classify).parameters) == ["words"]
    assert {field for field in SourceWord.__dataclass_fields__} == {"rank", "source_id", "role", "claim", "raw"}
