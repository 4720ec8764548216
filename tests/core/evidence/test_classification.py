"""Open or closed: by audit, then publishers that agree, then a third party; never by a name."""

import ast
import inspect
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence import classification
from core.evidence.classification import SourceWord, classify, known_since

AUDIT_CLOSED = SourceWord(1, "study-overrides", "override", "closed", "API access", "H. T. Ihle")
INDEX_OPEN = SourceWord(2, "epoch-index-2026-07-01", "index", "open", "Open weights (unrestricted)", "Epoch AI")
INDEX_CLOSED_OLDER = SourceWord(3, "epoch-index-2026-04-19", "index", "closed", "API access", "Epoch AI")
MODELS_DEV_OPEN = SourceWord(9, "models-dev-2026-06-30", "registry", "open", "open_weights True", "models.dev")
HELM_OPEN = SourceWord(11, "helm-2026-04-24", "registry", "open", "access open", "Stanford CRFM")
BFCL_CLOSED = SourceWord(14, "bfcl-2026-04-12", "registry", "closed", "Proprietary", "UC Berkeley")
OPENHANDS_CLOSED = SourceWord(16, "openhands-2026-06", "registry", "closed", "closed", "OpenHands")
DAILY_OPEN = SourceWord(5, "epoch-daily-2026-08-22", "third-party", "open", "is_open True", "Epoch AI and METR")
ALL = [AUDIT_CLOSED, INDEX_OPEN, INDEX_CLOSED_OLDER, MODELS_DEV_OPEN, HELM_OPEN, BFCL_CLOSED, DAILY_OPEN]


@pytest.mark.parametrize(
    ("heard", "openness", "grade", "decisive"),
    [
        (ALL, "closed", "audited", [AUDIT_CLOSED]),
        (ALL[1:], "open", "index", [INDEX_OPEN, MODELS_DEV_OPEN, HELM_OPEN]),
        ([INDEX_CLOSED_OLDER, DAILY_OPEN], "closed", "index", [INDEX_CLOSED_OLDER]),
        ([MODELS_DEV_OPEN, HELM_OPEN, BFCL_CLOSED], "open", "registry", [MODELS_DEV_OPEN, HELM_OPEN]),
        ([INDEX_OPEN, MODELS_DEV_OPEN, BFCL_CLOSED], "open", "index", [INDEX_OPEN, MODELS_DEV_OPEN]),
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
        ([MODELS_DEV_OPEN, BFCL_CLOSED, DAILY_OPEN], "unknown", "none"),  # one against one
        ([INDEX_CLOSED_OLDER, MODELS_DEV_OPEN, DAILY_OPEN], "unknown", "none"),  # the index has one say, as others do
        ([INDEX_CLOSED_OLDER, MODELS_DEV_OPEN, HELM_OPEN], "unknown", "none"),  # and registries do not overrule it
        ([INDEX_OPEN, HELM_OPEN, BFCL_CLOSED, OPENHANDS_CLOSED], "unknown", "none"),
        ([INDEX_OPEN, INDEX_OPEN._replace(claim="closed")], "unknown", "none"),
        ([SourceWord(4, "epoch-hub-2026-04-19", "scores", "open", "x", "Epoch AI")], "unknown", "none"),  # not heard
        ([], "unknown", "none"),
        ([AUDIT_CLOSED._replace(claim="unreleased")], "unreleased", "audited"),
    ],
)
def test_what_disagrees_or_says_nothing_leaves_the_model_unknown(heard, openness, grade):
    assert classify(heard)[:2] == (openness, grade)


def test_a_publisher_has_one_say_however_many_of_its_files_speak():
    again = INDEX_CLOSED_OLDER._replace(source_id="epoch-accessibility-2026-10-08")
    assert classify([INDEX_CLOSED_OLDER, again, MODELS_DEV_OPEN])[0] == "unknown"


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
    assert " ".join(SourceWord._fields) == "rank source_id role claim raw publisher"


# ---- since when

JUNE = [date(2026, 6, number) for number in range(1, 31)]
CLAIMS = st.lists(st.sampled_from(["open", "closed"]), min_size=1, max_size=len(JUNE))


def says(*claims: str, word: SourceWord = INDEX_OPEN) -> list[tuple[date, SourceWord]]:
    days = zip(JUNE, claims, strict=False)
    return [(day, word._replace(source_id=f"{word.role}-{day}", claim=claim)) for day, claim in days]


@given(CLAIMS)
def test_what_a_publisher_says_is_known_since_it_said_so_without_a_break(claims: list[str]) -> None:
    same = next((n for n, claim in enumerate(reversed(claims)) if claim != claims[-1]), len(claims))
    assert known_since([says(*claims)]) == JUNE[len(claims) - same]


def test_a_better_word_that_says_the_same_changes_no_day_and_one_that_says_otherwise_does() -> None:
    daily, june_9 = says("open", "open", word=DAILY_OPEN), JUNE[0] + timedelta(days=8)
    assert known_since([daily, [(june_9, INDEX_OPEN)]]) == JUNE[0]
    assert known_since([daily, [(june_9, AUDIT_CLOSED)]]) == june_9
    better_audit = AUDIT_CLOSED._replace(rank=0, claim="open")
    assert known_since([daily, [(JUNE[4], AUDIT_CLOSED)], [(june_9, better_audit)]]) == june_9


def test_of_a_model_that_waited_it_is_known_since_two_said_so_or_a_person() -> None:
    first, day = says("open", word=HELM_OPEN), JUNE[8]
    assert known_since([first, [(day, MODELS_DEV_OPEN)]], by_one=False) == day
    assert known_since([first, [(day, AUDIT_CLOSED._replace(claim="open"))]], by_one=False) == day
    assert known_since([first], by_one=False) is None


def test_registries_that_agree_again_are_heard_since_then_and_of_silence_there_is_no_day() -> None:
    assert known_since([says("open", word=HELM_OPEN), says("closed", "closed", "open", word=BFCL_CLOSED)]) == JUNE[2]
    assert known_since([]) is None
