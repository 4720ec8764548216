"""What finds no place in a question is asked back; names that stand for the newest or the nearest model."""

import pytest

from tests.bot.assistant.conftest import Read


def test_of_a_series_the_newest_model_is_meant(reading: Read) -> None:
    assert reading("claude haiku").fields == {"model": "Claude Haiku 4.5"}


def test_the_first_chatgpt_is_not_the_newest(reading: Read) -> None:
    assert reading("has the original ChatGPT been matched").fields["model"].startswith("GPT-3.5 Turbo")


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("clustered estimate of the gap on public tests", {"access": "public", "method": "clustered"}),
        ("the smallest model under 10B that is good at reasoning", {"size": "under 10B", "domain": "reasoning"}),
        ("best coding model that fits in 48 GB", {"size": "48 GB", "domain": "coding"}),
        ("about 70 billion params is my limit, the best for reasoning?", {"size": "up to 70B", "domain": "reasoning"}),
        ("best american open model, my boss says no china", {"country": "United States of America"}),
        ("gap on new year 2026", {"as_of": "2026-01-01"}),
        ("long documents: open lag in months", {"domain": "long context"}),
        ("GLM-5 v. Claude Opus 4.5, who takes it", {"left": "GLM-5", "right": "Claude Opus 4.5"}),
        ("we've a proper server, which open model belongs on it", {"size": "server"}),
        ("welches modell läuft auf ner 24gb karte am besten", {"size": "24 GB"}),
        ("the gap on tests nobody could have trained on", {"access": "private"}),
        ("what's the private test gap", {"access": "private"}),
        ("was it worse on 1 january 2025 or is it worse now", {"left": "2025-01-01", "right": "now"}),
        (
            "is the picture different between secret tests and the published ones?",
            {"left": "private", "right": "public"},
        ),
        ("what changed since easter (5 april 2026)", {"since": "2026-04-05"}),
        (
            "a closed system at 95 on weirdml, what for the open camp",
            {"benchmark": "WeirdML", "score": 95.0, "side": "closed"},
        ),
    ],
)
def test_what_a_text_names_is_in_the_fields(reading: Read, text: str, fields: dict[str, object]) -> None:
    assert reading(text).fields == fields


def test_flagships_stand_first_among_choices(reading: Read) -> None:
    offered = [choice.fields["model"] for choice in reading("how far behind is gemma 3").alternatives]
    assert offered[0] == "Gemma 3 27B"


def test_what_open_models_are_held_against_is_looked_at_itself(reading: Read) -> None:
    assert reading("how far behind GPT-5.5 are open models").understood == "model · GPT-5.5"


@pytest.mark.parametrize(
    ("text", "sentence", "offered"),
    [
        (
            "what changed in coding since May 2026?",
            "coding tests",
            "changes · since 1 May 2026 · coding tests left aside",
        ),
        ("best open model under €2", "€2", "best"),
        ("when did deepseek catch up with o1", "DeepSeek", "timeline · o1 · DeepSeek left aside"),
        (
            "how far behind is Kimi K3 for models under 8B",
            "models under 8B",
            "model · Kimi K3 · models under 8B left aside",
        ),
        (
            "when did DeepSeek first reach 50 % on GPQA",
            "DeepSeek",
            "timeline · GPQA Diamond · 50 % · DeepSeek left aside",
        ),
        (
            "have Chinese models caught up with GPT-4o",
            "China",
            "timeline · GPT-4o (gpt-4o-2024-05-13) · China left aside",
        ),
        ("when did open models match o1 on two 3090s?", "48 GB", "timeline · o1 · 48 GB left aside"),
        ("compare GLM-5 and Kimi K3 on a 4090", "24 GB", "compare · GLM-5 · against Kimi K3 · 24 GB left aside"),
        ("the gap by the index-1 method", "index-1", "gap"),
        ("the median gap on private tests", "median", "gap · private tests"),
    ],
)
def test_a_test_bound_or_day_without_a_place_is_asked_back(
    reading: Read, text: str, sentence: str, offered: str
) -> None:
    got = reading(text)
    assert got.question is None
    assert got.sentence == f"This can't be asked with {sentence}; ask it without?"
    assert [choice.understood for choice in got.alternatives] == [offered]


@pytest.mark.parametrize(
    ("text", "rivals"),
    [
        ("is France ahead of OpenAI and Anthropic?", ["OpenAI", "Anthropic"]),
        ("do Chinese models beat Mistral or Cohere", ["Mistral AI", "Cohere"]),
    ],
)
def test_a_country_against_two_labs_is_to_be_held_against_one(reading: Read, text: str, rivals: list[str]) -> None:
    got = reading(text)
    assert got.sentence == "Two sides can be compared at once; choose which."
    assert len({choice.fields["left"] for choice in got.alternatives}) == 1
    assert [choice.fields["right"] for choice in got.alternatives] == rivals


def test_labs_of_a_country_are_two_sides(reading: Read) -> None:
    got = reading("Chinese labs: DeepSeek or Moonshot, who is ahead?")
    assert (got.fields["left"], got.fields["right"]) == ("DeepSeek", "Moonshot")


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (
            "the gap on 1 March 2026, with scores published by then",
            {"as_of": "2026-03-01", "known_by": "2026-03-01"},
        ),
        (
            "who led on GPQA in May 2026, known at the time",
            {"benchmark": "GPQA Diamond", "as_of": "2026-05-31", "known_by": "2026-05-31"},
        ),
        ("the best tiny model for a 16 GB card", {"size": "16 GB"}),
        ("which small llm under 12B is best", {"size": "under 12B"}),
    ],
)
def test_a_bound_in_other_words_is_a_field(reading: Read, text: str, fields: dict[str, object]) -> None:
    assert reading(text).fields == fields


def test_the_best_that_a_person_can_run_is_asked_for_its_size(reading: Read) -> None:
    got = reading("which is the best model I could host")
    assert [choice.fields["size"] for choice in got.alternatives] == [
        "up to 8B",
        "up to 32B",
        "up to 80B",
        "up to 250B",
    ]
    assert reading("anything i can run that matches o1?").question is None


@pytest.mark.parametrize("text", ["is GLM-5 any good on my laptop", "could we run GLM-5 at home, please"])
def test_whether_a_model_fits_is_told_by_its_size(reading: Read, text: str) -> None:
    got = reading(text)
    assert (got.understood, got.aspect) == ("model · GLM-5", "size")


def test_a_second_level_is_asked_back(reading: Read) -> None:
    got = reading("80% gpqa 90 percent aime when")
    assert (got.question, len(got.alternatives)) == (None, 1)
    assert "90 percent" in (got.sentence or "")


def test_the_study_s_method_is_dropped_by_no_question_that_has_none(reading: Read) -> None:
    got = reading("when did open models match GPT-4 by the study's method?")
    assert got.sentence == "This can't be asked with the study's method; ask it without?"
    assert [choice.name for choice in got.alternatives] == ["timeline"]


def test_a_lab_behind_isn_t_is_left_out(reading: Read) -> None:
    got = reading("best model that isn't from Meta")
    assert [dict(choice.fields) for choice in got.alternatives] == [{"left": "open Meta AI", "right": "others"}]


def test_a_place_or_a_purpose_is_no_test_s_name(reading: Read) -> None:
    assert reading("For a sidebar: gpt-oss-120b head to head with Llama 4 Maverick").name == "compare"
    assert reading("I have a small card here in Recife, what is the best model that runs in it?").name == "best"
    refused = reading("what is the gap on superduperbench?")
    assert refused.question is None
    assert (refused.sentence or "").startswith('No test is called "superduperbench".')


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("DeepSeek-R1 reached 70 % on GPQA 5 months after o1, right?", "timeline · GPQA Diamond · 70 %"),
        ("fact check: GLM-5 scored 60% on WeirdML 2 months later than Gemini 3 Pro", "timeline · WeirdML · 60 %"),
        ("I read that Kimi K3 is at 60% on SimpleBench 4 weeks after Gemini 2.5 Pro", "timeline · SimpleBench · 60 %"),
    ],
)
def test_a_report_of_a_score_is_checked_by_the_timeline_of_its_test(reading: Read, text: str, understood: str) -> None:
    assert reading(text).understood == understood


@pytest.mark.parametrize("text", ["what if GLM-5 scored 90% on GPQA", "suppose Kimi K3 reached 95% on WeirdML"])
def test_a_supposed_score_is_no_report(reading: Read, text: str) -> None:
    assert reading(text).name == "what_if"


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("best open model for two used 3090s", {"size": "48 GB"}),
        ("how far behind are models 8b and down", {"size": "8b and down"}),
        ("which open model is best for refactoring", {"domain": "coding"}),
        ("best open model for proofs", {"domain": "maths"}),
        ("best open model for photos", {"domain": "pictures"}),
        ("what changed since I last looked in June", {"since": "2026-06-01"}),
        ("what changed since halloween", {"since": "2026-10-31"}),
        ("qu'est-ce qui a changé depuis le mois de mars", {"since": "2026-03-01"}),
    ],
)
def test_a_bound_field_or_day_in_other_words_is_kept(reading: Read, text: str, fields: dict[str, str]) -> None:
    assert reading(text).fields == fields
