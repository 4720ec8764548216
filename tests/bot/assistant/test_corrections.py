"""A text that corrects, swaps, lifts or leaves out a part of the question before it, and keeps the rest."""

import pytest

from tests.bot.assistant.conftest import Read


@pytest.mark.parametrize(
    ("before", "text", "understood"),
    [
        ("what changed since 10 September 2026", "sorry, meant 10 june", "changes · since 10 June 2026"),
        ("what changed between 1 July and 31 August 2026", "push the start back to may 1st",
         "changes · since 1 May 2026 · until 31 August 2026"),
        ("compare china with the us", "same thing but on 31 December 2025",
         "compare · China · against United States of America · as of 31 December 2025"),
        ("compare qwen and kimi", "in agentic stuff i mean",
         "compare · open Alibaba · against open Moonshot · agent tests"),
        ("gap in coding", "science, not coding", "gap · science tests"),
        ("who leads in maths", "who did on 1 dec last year", "frontier · maths tests · as of 1 December 2025"),
        ("who leads on gpqa", "how did that look on 1 june 2025", "frontier · GPQA Diamond · as of 1 June 2025"),
        ("gap on 1 march 2026", "is that more or less than now?", "compare · 1 March 2026 · against now"),
        ("gap on 20 jan 2025", "only scores that were known on that day",
         "gap · as of 20 January 2025 · known by 20 January 2025"),
    ],
)  # fmt: skip
def test_a_correction_keeps_all_but_what_it_corrects(reading: Read, before: str, text: str, understood: str) -> None:
    assert reading(text, before).understood == understood


@pytest.mark.parametrize(
    ("before", "text", "understood"),
    [
        ("what can I run on 24 GB", "sorry, meant 48 GB", "best · models up to 60B (48 GB)"),
        ("what moved since july", "oops, june", "changes · since 1 June 2026"),
        ("gap on 1 may 2025", "june rather than may", "gap · as of 30 June 2026"),
        ("what remains unmatched in science", "drop the field, give me everything", "unmatched"),
        ("months behind for chinese models", "ok now the americans", "gap · United States of America"),
        ("what remains unmatched in science", "forget science, knowledge", "unmatched · knowledge tests"),
        ("best coding model", "too expensive. max 1 dollar per million", "best · coding tests · at $1 or less"),
        ("which open model for coding", "has to fit in 24 gigs tho", "best · models up to 32B (24 GB) · coding tests"),
        ("good open model from the US for a server", "country doesn't matter after all", "best · models up to 250B"),
        ("what's the lag of open models", "and if you leave out everything that's public?", "gap · private tests"),
        ("which qwen models are there", "how far does the lab as a whole trail", "gap · Alibaba"),
        ("best for agents", "too pricey, i can pay 40 cents at most", "best · agent tests · at $0.4 or less"),
        ("changes since 15 March 2026", "actually 2025", "changes · since 15 March 2025"),
        ("what does open weights mean", "and a closed one", "terms · Closed model"),
        ("what is a benchmark", "who is number one", "frontier"),
        ("best at $2", "not a chinese one, something from the US", "best · United States of America · at $2 or less"),
        ("changes from 1 June to 1 August 2026", "start in april instead",
         "changes · since 1 April 2026 · until 1 August 2026"),
        ("best for coding on 16 GB", "and if i rent a server instead", "best · models up to 250B · coding tests"),
    ],
)  # fmt: skip
def test_a_bound_a_start_or_a_group_is_changed_and_the_question_stays(
    reading: Read, before: str, text: str, understood: str
) -> None:
    assert reading(text, before).understood == understood


@pytest.mark.parametrize(
    ("before", "text", "understood"),
    [
        (("Kimi K3 against Gemini 3 Pro", "is the first one open?"), "when was the other matched",
         "timeline · Gemini 3 Pro"),
        (("is DeepSeek stronger than Qwen", "how far behind is Qwen"), "and the other one?", "gap · DeepSeek"),
        (("when was Claude Opus 4.5 matched",), "is kimi k3 better than it",
         "compare · Claude Opus 4.5 · against Kimi K3"),
        (("show all open models from mistral",), "is that lab ahead of meta", "compare · Mistral AI · against Meta AI"),
        (("METR: gap between open and closed?", "where are those numbers from"), "show it as a chart",
         "gap · METR Time Horizons"),
        (("is Qwen3-32B ahead of GPT-4.1",), "how big is it anyway, the qwen", "model · Qwen3-32B"),
        (("is Qwen3-32B ahead of GPT-4.1",), "which qwen models are there", "roster · Alibaba"),
        (("deepseek v3 vs kimi k3",), "how long did the latter stay ahead", "model · Kimi K3"),
        (("how far behind is Kimi K2", "and K3?"), "is it better than the first one",
         "compare · Kimi K3 · against Kimi K2 (Kimi-K2-Instruct)"),
        (("when was GPT-5.2 matched",), "how far is kimi k2.6 from it", "compare · GPT-5.2 · against Kimi K2.6"),
        (("are US open models behind China's?",), "was that so in january 2025 too",
         "compare · United States of America · against China · as of 31 January 2025"),
        (("how far back are French models",), "versus the chinese", "compare · France · against China"),
        (("what is a private test",), "and a live one", "terms · Live test"),
        (("how far behind is the US", "what about china"), "draw both in one chart",
         "compare · United States of America · against China"),
    ],
)  # fmt: skip
def test_the_other_that_lab_and_both_are_what_was_named_before(
    reading: Read, before: tuple[str, ...], text: str, understood: str
) -> None:
    assert reading(text, *before).understood == understood


@pytest.mark.parametrize(
    "text", ["swap gpt for gemini 3 pro", "gemini 3 pro instead of gpt", "rather gemini 3 pro than gpt"]
)
def test_a_family_is_its_model_that_was_compared(reading: Read, text: str) -> None:
    assert reading(text, "kimi k3 vs gpt 5.5").understood == "compare · Kimi K3 · against Gemini 3 Pro"


@pytest.mark.parametrize(
    "text",
    ["leave out the closed", "without the closed ones", "not the closed ones", "keep those with downloadable weights"],
)
def test_the_side_that_is_left_out_is_not_the_one_that_is_answered(reading: Read, text: str) -> None:
    assert reading(text, "list all american models").understood == "roster · an open model · United States of America"


@pytest.mark.parametrize(
    "text", ["forget the money", "never mind the price", "scrap the budget", "if money were no object"]
)
def test_a_price_is_lifted_in_other_words(reading: Read, text: str) -> None:
    assert reading(text, "best open model for coding under $2").understood == "best · coding tests"


def test_the_other_kind_and_everyone(reading: Read) -> None:
    assert (
        reading("is the other kind more reliable", "can i rely on the private figure").understood
        == "trust · public tests"
    )
    assert reading("ok give me everyone", "what does Epoch say of the gap").understood == "others"


def test_one_side_is_taken_for_another(reading: Read) -> None:
    understood = "compare · DeepSeek · against Moonshot · maths tests"
    assert reading("scratch qwen, take moonshot", "deepseek against qwen in maths").understood == understood


@pytest.mark.parametrize("text", ["has mistral got anything", "does mistral have one?"])
def test_what_a_lab_has_is_asked_within_the_last_bounds(reading: Read, text: str) -> None:
    understood = "best · models up to 32B (24 GB) · coding tests · Mistral AI"
    assert reading(text, "best open model for coding on 24gb").understood == understood


def test_does_it_beat_that_compares_the_two(reading: Read) -> None:
    understood = "compare · gpt-oss-120b · against DeepSeek-V3.2"
    assert reading("does deepseek v3.2 beat it", "tell me about gpt-oss-120b").understood == understood


def test_how_long_after_a_release_is_about_the_model(reading: Read) -> None:
    assert reading("how long after GPT-4o came out did open models match it").name == "model"


def test_an_unread_text_that_adds_a_field_offers_the_last_question_with_all_of_it(reading: Read) -> None:
    near = reading("mostly i write python and some rust tho", "best open model on 24 GB").near
    assert near[0].understood == "best · models up to 32B (24 GB) · coding tests"


def test_a_raised_price_keeps_the_field_of_work(reading: Read) -> None:
    text = "i could stretch to 3 dollars"
    assert reading(text, "open model for agents under $1").understood == "best · agent tests · at $3 or less"


def test_which_is_the_strongest_is_asked_within_the_last_list(reading: Read) -> None:
    assert reading("which is the strongest", "which open models from china do you track").understood == "best · China"


def test_versus_now_is_asked_of_the_day_before(reading: Read) -> None:
    assert reading("versus now?", "gap on 1 march 2025").understood == "compare · 1 March 2025 · against now"


@pytest.mark.parametrize(
    ("before", "text", "understood"),
    [
        ("who leads?", "no, the closed ones please", "frontier · a closed model"),
        ("best open model up to 30B", "no, 14B", "best · models up to 14B"),
        ("best open model up to 30B", "any 30B from China?", "best · models up to 30B · China"),
        ("compare Kimi K2 and GPT-5", "how big a gap between them?",
         "compare · Kimi K2 (Kimi-K2-Instruct) · against GPT-5 (gpt-5-2025-08-07)"),
        ("what changed since June 2026", "move the start back to March", "changes · since 1 March 2026"),
        ("how good is GPT-4?", "and the newest gpt?", "model · GPT-6 Astra"),
    ],
)  # fmt: skip
def test_words_of_a_correction_in_another_sense_change_nothing_else(
    reading: Read, before: str, text: str, understood: str
) -> None:
    assert reading(text, before).understood == understood


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("how far behind is DeepSeek?", "is any lab closer?"),
        ("how far behind are open models?", "happy new year!"),
        ("how far behind is China on coding?", "who was in the news in 2024?"),
        ("compare Kimi K2 and GPT-5 on private tests", "who made the other one?"),
        ("gap in coding", "what would it be?"),
    ],
)
def test_what_only_sounds_like_a_follow_up_is_not_answered(reading: Read, before: str, text: str) -> None:
    assert reading(text, before).question is None
