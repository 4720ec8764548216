"""Which question a text means: as learned from examples, and only where it asks something of ours."""

import pytest

from tests.bot.assistant.conftest import Read


@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        ("list every step of terminal bench with the dates", "timeline", {"benchmark": "Terminal-Bench 2"}),
        ("gemini 3 pro been matched by anything?", "timeline", {"model": "Gemini 3 Pro"}),
        ("which levels has no open model reached so far", "unmatched", {}),
        ("when do open models catch up with closed ones", "unmatched", {}),
        ("could the private figure be way off", "trust", {"access": "private"}),
        ("is the 90 % interval reliable", "trust", {}),
        ("how should we credit you in print", "sources", {}),
        ("should i trust this number", "trust", {}),
        ("is there other research on the open closed gap", "others", {}),
        ("why did the gap fall since May", "changes", {"since": "2026-05-01", "until": None}),
        (
            "why did the private figure come down between April and July 2026",
            "changes",
            {"since": "2026-04-30", "until": "2026-07-31"},
        ),
        ("what changed between April and July 2026", "changes", {"since": "2026-04-01", "until": "2026-07-31"}),
        ("imagine a closed model with 2000 min on metr", "what_if", {"score": 2000.0, "side": "closed"}),
        ("has the gap ever been smaller than today", "gap", {}),
        ("are they catching up?", "gap", {}),
        ("china against everyone", "compare", {"left": "China", "right": "others"}),
        ("has the distance narrowed since March 2025?", "changes", {"since": "2025-03-01"}),
        ("best model from the US", "best", {"country": "United States of America"}),
        ("is Qwen open source", "roster", {"lab": "Alibaba"}),
        ("Qwen or Kimi?", "compare", {"left": "open Alibaba", "right": "open Moonshot"}),
        ("who is ahead, China or the US", "compare", {"left": "China", "right": "United States of America"}),
        ("Kimi K3 vs GLM-4.6", "compare", {"left": "Kimi K3", "right": "GLM-4.6"}),
        ("Kimi K3 and GLM-4.6", "compare", {"left": "Kimi K3", "right": "GLM-4.6"}),
        ("which is better, DeepSeek R1 or o1?", "compare", {"left": "DeepSeek-R1", "right": "o1"}),
        ("how far is Kimi K3 behind GPT-5.5", "compare", {"left": "Kimi K3", "right": "GPT-5.5"}),
        ("is Kimi K3 better than Qwen", "compare", {"left": "Kimi K3", "right": "open Alibaba"}),
        ("is Kimi K3 better than the closed models", "model", {"model": "Kimi K3"}),
        ("which open lab is closest to OpenAI and Anthropic", "best", {"lab": None}),
        ("which model is strongest for at most $3 per 1M tokens, my CFO wonders", "best", {"price": 3.0}),
        ("most powerful open model max 20B", "best", {"size": "max 20B"}),
        ("top uk model at chemistry", "best", {"domain": "science"}),
        ("what is best under 2 dollars per million", "best", {"price": 2.0}),
        ("what is the weakest test of open source", "gap", {}),
        ("in which quarter was open source nearest to closed", "gap", {}),
        (
            "any estimate of open models reaching 80 on simplebench",
            "timeline",
            {"benchmark": "SimpleBench", "level": 80.0},
        ),
        ("which ones by Mistral do you track", "roster", {"lab": "Mistral AI"}),
        ("why should I believe these months", "trust", {}),
        ("distillation?", "terms", {"term": "Distillation"}),
        ("what's an open weights model", "terms", {"term": "Open weights"}),
    ],
)
def test_a_kind_of_text_is_read_by_a_rule(reading: Read, text: str, name: str, wanted: dict[str, object]) -> None:
    got = reading(text)
    assert got.name == name, got
    assert {key: got.fields.get(key) for key in wanted} == wanted


@pytest.mark.parametrize(
    "text",
    [
        "anyone up for ranked tonight",
        "when will my order reach me",
        "is the store open or closed",
        "is anyone else having lag",
        "free stuff?",
        "what does openai think about open weights",
        "how many people live in china",
        "did they catch the bus?",
        "catch you later",
        "did I miss the train",
        "what is the gap between pensions in Spain and Italy",
        "what happened at Google last month",
        "which open model draws the best pictures of cats",
        "is it legal to run Chinese models",
        "weak points of my thesis",
        "best plan which is under $5 per month",
    ],
)
def test_a_text_with_words_of_ours_alone_is_not_answered(reading: Read, text: str) -> None:
    got = reading(text)
    assert (got.question, got.alternatives) == (None, ())


@pytest.mark.parametrize("text", ["I:ĸ", "I:0A", "I:EO", "k", "violin", "what is the breakfast"])
def test_a_text_that_names_nothing_and_has_no_word_of_ours_asks_nothing(reading: Read, text: str) -> None:
    got = reading(text)
    assert got.question is None
    assert not got.alternatives
    assert not got.is_brief


@pytest.mark.parametrize(
    "text", ["Which field has the biggest gap?", "gap per field of work", "in which domain are open models closest?"]
)
def test_of_the_gap_field_by_field_each_field_is_offered(reading: Read, text: str) -> None:
    got = reading(text)
    assert got.sentence == "Each field of work has a gap of its own; choose one."
    assert {"gap · coding tests", "gap · reasoning tests"} <= {choice.understood for choice in got.alternatives}
