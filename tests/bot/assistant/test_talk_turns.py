"""What strangers type next: a doubt, a reason, a completed or corrected period, whose gap, the other side."""

import pytest

from tests.bot.assistant.conftest import Read


@pytest.mark.parametrize(
    ("before", "text", "understood", "aspect"),
    [
        ("how far behind are open models", "can i trust it", "trust", "sure"),
        ("gap on private tests", "is that certain", "trust · private tests", "sure"),
        ("who leads on weirdml", "can i rely on that", "trust · WeirdML", "sure"),
        ("how far behind are open models", "hm and is that solid?", "trust", "sure"),
        ("are open models catching up", "what makes you say that", "trust", None),
        ("what's the gap", "what would change it", "trust", "sure"),
        ("gap for Mistral", "is it reliable", "gap · Mistral AI", "sure"),
        ("compare deepseek and mistral", "can I rely on it", "compare · DeepSeek · against Mistral AI", "sure"),
        ("how far behind are open models", "why is it that much", "trust", "why"),
        ("gap in coding", "that is less than i thought, why", "gap · coding tests", "sure"),
        ("when did open models match gpt-4o", "why did it take so long", "timeline · GPT-4o", "sure"),
        (
            "private against public tests",
            "why are they different",
            "compare · private tests · against public tests",
            "why",
        ),
        ("what does CAISI say", "why do they differ", "others · CAISI", "why"),
    ],
)
def test_a_doubt_or_a_why_after_a_figure_is_answered(
    reading: Read, before: str, text: str, understood: str, aspect: str | None
) -> None:
    got = reading(text, before)
    assert got.question
    assert got.understood.startswith(understood)
    assert aspect in (None, got.aspect)


@pytest.mark.parametrize(
    ("before", "text", "understood"),
    [
        ("compare the gap on 1 may 2025 with now", "what made it move", "changes · since 1 May 2025"),
        (
            "compare the gap on 1 may 2025 with 1 may 2026",
            "what caused it",
            "changes · since 1 May 2025 · until 1 May 2026",
        ),
        ("gap on 1 March 2026", "what moved it since", "changes · since 1 March 2026"),
        ("what changed in May 2026", "what drove that", "changes · since 1 May 2026 · until 31 May 2026"),
    ],
)
def test_what_moved_a_figure_is_what_changed_since_its_day(
    reading: Read, before: str, text: str, understood: str
) -> None:
    assert reading(text, before).understood == understood


@pytest.mark.parametrize(
    ("before", "text", "understood"),
    [
        ("what changed since 1 July 2026", "until the end of August only", "since 1 July 2026 · until 31 August 2026"),
        ("what changed since 1 May 2026", "to 30 June", "since 1 May 2026 · until 30 June 2026"),
        ("what changed since 1 March 2026", "up to the first of July please", "since 1 March 2026 · until 1 July 2026"),
        ("what changed between 1 June and 1 August 2026", "no, since July", "since 1 July 2026 · until 1 August 2026"),
        ("what changed between 1 June and 1 August 2026", "since October", "since 1 October 2026"),
        ("what changed between 1 June and 1 August 2026", "no, 2025", "since 1 June 2025 · until 1 August 2025"),
        ("gap on 1 March 2025", "no, 2026", "as of 1 March 2026"),
        ("how far behind were open models on 15 June 2024", "i meant 2025", "as of 15 June 2025"),
        ("gap on 1 March 2025", "and in 2024?", "as of 31 December 2024"),
        ("gap", "no, 2025", "as of 31 December 2025"),
    ],
)
def test_a_period_is_completed_or_corrected(reading: Read, before: str, text: str, understood: str) -> None:
    assert reading(text, before).understood.endswith(f" · {understood}")


def test_a_span_back_from_today_is_one_and_what_is_no_day_is_asked_back(reading: Read) -> None:
    assert reading("I was away for three months, what did I miss?").fields == {"since": "2026-08-25"}
    for text, lost in [
        ("what changed since the olympics", "since the olympics"),
        ("what happened since easter", "easter"),
        ("what was the gap at easter 2025", "easter"),
    ]:
        got = reading(text)
        assert (got.question, got.sentence) == (None, f"This can't be asked with {lost}; ask it without?")
        assert got.alternatives


@pytest.mark.parametrize(
    ("before", "text", "understood"),
    [
        ("best open model", "how far behind does that leave France", "gap · France"),
        ("which open models from China do you have", "how far behind are they", "gap · China"),
        ("best open model from the US", "how far does the us trail overall", "gap · United States of America"),
        ("what does CAISI say", "and yours?", "gap"),
        ("what does Epoch say about the gap", "and your own number?", "gap"),
        ("what do others say of the gap", "what is it according to you", "gap"),
        ("gap in coding on public tests", "and overall?", "gap"),
        ("compare small models against the rest", "how far behind are they", "compare · small · against others"),
    ],
)
def test_whose_gap_is_asked_anew(reading: Read, before: str, text: str, understood: str) -> None:
    assert reading(text, before).understood == understood


@pytest.mark.parametrize(
    ("before", "between", "text", "understood"),
    [
        ("compare China and the US", "is that reliable", "how far apart are they", "compare · China"),
        (
            "what if an open model gets 70 on weirdml",
            "where does that come from",
            "and 80?",
            "what if · WeirdML · 80 %",
        ),
        ("what does CAISI say", "and yours?", "why do they differ", "others · CAISI"),
        ("gap on private tests", "and public?", "why are those two different", "compare · private tests"),
    ],
)
def test_an_aside_leaves_what_was_asked_before_it(
    reading: Read, before: str, between: str, text: str, understood: str
) -> None:
    assert reading(text, before, between).understood.startswith(understood)


@pytest.mark.parametrize(
    ("text", "left", "right"),
    [
        ("Do secret tests give a bigger gap than open ones?", "private", "public"),
        ("is the lag larger on hidden benchmarks than on published ones?", "private", "public"),
        ("how much worse are models up to 32B than all the other open ones", "up to 32B", "others"),
        ("lopen Chinese open modellen voor op de Amerikaanse?", "China", "United States of America"),
        ("China of Frankrijk, wie ligt voor?", "China", "France"),
        ("czy chińskie modele wyprzedzają amerykańskie?", "China", "United States of America"),
    ],
)
def test_a_comparison_keeps_both_its_sides(reading: Read, text: str, left: str, right: str) -> None:
    got = reading(text)
    assert (got.name, got.fields) == ("compare", {"left": left, "right": right})


def test_models_that_are_not_wanted_are_not_asked_for(reading: Read) -> None:
    got = reading("nothing chinese please", "best open model for maths")
    offered = [offer.understood for offer in got.offers]
    assert (got.question, offered[:1]) == (None, ["compare · China · against others"])


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("wie wird das Wetter morgen", "Das habe ich nicht verstanden."),
        ("puis-je te demander la recette des crêpes", "Je n'ai pas compris."),
        ("hoe laat is het", "Dat heb ik niet begrepen."),
        ("private equity returns", "I can't answer that."),
    ],
)
def test_a_language_that_was_not_understood_is_answered_in_it(reading: Read, text: str, begins: str) -> None:
    got = reading(text)
    assert got.question is None
    assert (got.sentence or "").startswith(begins)
    assert bool(got.offers) == (begins != "I can't answer that.")


def test_a_topic_is_no_name_of_a_test(reading: Read) -> None:
    asked = reading("I'm writing a seminar paper on technology diffusion. How far behind are open models?")
    assert asked.name == "gap"
    assert (reading("gap on superduperbench").sentence or "").startswith('No test is called "superduperbench".')


@pytest.mark.parametrize(
    ("before", "text", "understood"),
    [
        ("compare kimi k3 and glm-5", "is the latter open?", "model · GLM-5"),
        ("compare kimi k3 and glm-5", "how many months behind is the first one", "model · Kimi K3"),
        ("compare kimi k3 and glm-5", "so kimi wins?", "compare · Kimi K3 · against GLM-5"),
        ("compare China and the US", "so who's winning", "compare · China · against United States of America"),
        ("is deepseek better than kimi", "same question for glm", "compare · DeepSeek · against open Z.ai (Zhipu AI)"),
        ("Kimi K3", "is there anything better from Moonshot?", "best · Moonshot"),
        ("how far behind is GLM-5", "anything better?", "frontier"),
        ("when was GPT-5.5 released", "is it matched yet", "model · GPT-5.5"),
        ("GPT-5.5", "closed?", "model · GPT-5.5"),
        ("who leads on GPQA Diamond", "how big is the difference", "frontier · GPQA Diamond"),
        ("who leads on ARC-AGI", "what has open not reached on that one", "unmatched · ARC-AGI"),
        ("how many months do open models lag?", "just from Qwen", "gap · Alibaba"),
        ("best open model for agents", "cheaper, max $1 per million tokens", "best · agent tests · at $1 or less"),
        ("what do others say", "and yours, what's your number again", "gap"),
        ("best open model up to 32B", "ok thanks, and who leads on weirdml?", "frontier · WeirdML"),
        ("how far behind are open models", "that can't be right", "trust"),
    ],
)
def test_what_a_short_text_points_to_is_what_was_named(reading: Read, before: str, text: str, understood: str) -> None:
    assert reading(text, before).understood == understood


@pytest.mark.parametrize(
    ("before", "text", "understood"),
    [
        ("best open model for 16 GB", "and if I had 48?", "models up to 60B (48 GB)"),
        ("gap for models up to 32B", "make that 14", "models up to 14B"),
        ("best open model under $2", "forget the price", "best"),
        ("gap for models up to 32B", "no limit at all", "gap"),
        ("what changed in October 2026", "and the month before?", "since 1 September 2026 · until 30 September 2026"),
    ],
)
def test_a_bound_or_period_is_changed_and_never_repeated(
    reading: Read, before: str, text: str, understood: str
) -> None:
    assert reading(text, before).understood.endswith(understood)


def test_what_happened_between_two_days_is_what_changed_between_them(reading: Read) -> None:
    got = reading("what happened between those two days?", "what was the gap on 1 june 2025", "and a year later")
    assert got.understood == "changes · since 1 June 2025 · until 1 June 2026"


def test_what_is_not_understood_repeats_no_answer(reading: Read) -> None:
    assert reading("by google only", "which tests are private").question is None
    assert reading("which of these matters most", "what changed since 1 september").question is None
    assert reading("which lab made it", "which scores are unmatched").question is None
    assert reading("who's runner-up?", "best open model for coding").question is None
    got = reading("is the second one harder", "how far behind are open models")
    assert got.sentence == 'I can\'t tell which "the second one" is; name the one that you mean.'


def test_an_offer_is_taken_by_its_name(reading: Read) -> None:
    assert reading("sorry, i meant france", "how far behind are they in Europe").understood == "gap · France"


def test_after_a_brief_its_change_and_its_figure_are_asked_for(reading: Read) -> None:
    assert reading("why did it change", "give me the brief").name == "changes"
    assert reading("shorter", "give me the brief of 1 September 2026").understood == "gap · as of 1 September 2026"
