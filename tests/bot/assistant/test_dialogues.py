"""Talks of several turns: what the second and third turn mean after those before them."""

from dataclasses import replace

import pytest

from bot.assistant.reader import read_text
from bot.assistant.reading import Context
from core.store.store import Store
from tests.bot.assistant.conftest import TODAY, Read


@pytest.mark.parametrize(
    ("before", "text", "understood"),
    [
        ("gap as of 1 March 2026", "and the month before?", "gap · as of 1 February 2026"),
        ("gap in September 2025", "three months before that?", "gap · as of 30 June 2025"),
        ("gap in June 2025", "three months later?", "gap · as of 30 September 2025"),
        ("gap in June 2025", "half a year earlier?", "gap · as of 31 December 2024"),
        ("gap in March 2025", "and a year and a half later?", "gap · as of 30 September 2026"),
        ("gap for China a year ago", "and the year before that?", "gap · China · as of 25 November 2024"),
        ("who led on 10 March 2025?", "what about a week earlier", "frontier · as of 3 March 2025"),
        ("how far behind are open models?", "and a year earlier?", "gap · as of 25 November 2025"),
    ],
)
def test_a_distance_is_counted_from_the_day_before(reading: Read, before: str, text: str, understood: str) -> None:
    assert reading(text, before).understood == understood


@pytest.mark.parametrize(
    ("first", "second", "text", "left", "right"),
    [
        ("how far behind is GLM-5?", "and Kimi K3?", "side by side?", "GLM-5", "Kimi K3"),
        ("how far behind is GLM-5?", "and Kimi K3?", "so which one's better?", "GLM-5", "Kimi K3"),
        ("gap for France", "and for Canada?", "which of those countries is better?", "France", "Canada"),
        ("gap for DeepSeek", "and Alibaba?", "put them next to each other", "DeepSeek", "Alibaba"),
        ("gap on gpqa", "and on simplebench?", "head to head", "GPQA Diamond", "SimpleBench"),
    ],
)
def test_the_two_last_are_put_side_by_side(
    reading: Read, first: str, second: str, text: str, left: str, right: str
) -> None:
    got = reading(text, first, second)
    assert (got.name, got.fields) == ("compare", {"left": left, "right": right})


@pytest.mark.parametrize("text", ["which one is better?", "side by side?"])
def test_one_alone_is_held_against_nothing(reading: Read, text: str) -> None:
    assert reading(text, "how far behind is GLM-5?").question is None
    assert reading("which one is better, tea or coffee?", "how far behind is GLM-5?", "and Kimi K3?").question is None


@pytest.mark.parametrize(
    ("before", "text", "understood"),
    [
        ("compare Meta with Mistral", "Google instead of Meta", "compare · Google DeepMind · against Mistral AI"),
        ("compare Kimi K3 and GPT-5.5", "GLM-5 instead of GPT-5.5", "compare · Kimi K3 · against GLM-5"),
        ("compare France with Canada", "replace Canada by Japan", "compare · France · against Japan"),
        (
            "compare Qwen and Llama",
            "instead of Llama take Kimi",
            "compare · open Alibaba · against open Moonshot",
        ),
        (
            "compare China and US in coding",
            "swap the US for France",
            "compare · China · against France · coding tests",
        ),
        ("gap for China", "France instead of China", "gap · France"),
    ],
)
def test_a_name_takes_the_place_of_the_one_that_is_given_up(
    reading: Read, before: str, text: str, understood: str
) -> None:
    assert reading(text, before).understood == understood


def test_what_is_too_big_is_asked_again_of_smaller_models(reading: Read) -> None:
    sizes = ["up to 32B", "up to 8B"]
    for text in ("hmm that's huge, anything smaller?", "too big", "a lighter one?", "it doesn't fit"):
        got = reading(text, "best open model for coding under 80B")
        assert [choice.fields for choice in got.alternatives] == [
            {"domain": "coding", "size": size} for size in sizes
        ], text
    assert reading("it doesn't fit", "best open model up to 32B").fields == {"size": "up to 8B"}
    got = reading("that won't fit on a 24 GB card", "best open model up to 70B for maths")
    assert got.fields == {"size": "24 GB", "domain": "maths"}
    assert reading("my shoes don't fit", "how far behind are open models?").question is None


@pytest.mark.parametrize(
    ("before", "text", "understood"),
    [
        ("how far behind is Kimi K3?", "is that getting better or worse?", "gap · Kimi K3 left aside"),
        ("how far behind is GLM-5 on gpqa?", "is it growing?", "gap · GPQA Diamond · GLM-5 left aside"),
        ("best open model for coding", "are they catching up?", "gap · coding tests"),
    ],
)
def test_a_trend_is_one_of_the_gap(reading: Read, before: str, text: str, understood: str) -> None:
    assert reading(text, before).understood == understood


@pytest.mark.parametrize(
    ("before", "text", "understood"),
    [
        ("gap for Mistral", "what else do they have?", "roster · Mistral AI"),
        ("best model from DeepSeek", "which models are theirs?", "roster · DeepSeek"),
        ("how far behind is Kimi K3?", "what else has that lab released?", "roster · Moonshot"),
        ("gap for Alibaba", "show me the rest of their models", "roster · Alibaba"),
        ("best French model", "what else do they make", "roster · France"),
    ],
)
def test_their_other_models_are_of_the_lab_that_was_spoken_of(
    reading: Read, before: str, text: str, understood: str
) -> None:
    assert reading(text, before).understood == understood
    assert reading("what else do you know?", before).question is None


def test_two_countries_after_only_are_offered_one_by_one(reading: Read) -> None:
    got = reading("only French or German ones", "gap in coding")
    assert [choice.fields["country"] for choice in got.alternatives] == ["France", "Germany"]


def test_an_aside_about_a_model_leaves_the_question_before_it(store: Store) -> None:
    best = read_text("best Chinese model for coding", store, TODAY)
    assert best.question
    context = Context().after_question(best.question, best, "Kimi K3")
    aside = read_text("who made it?", store, TODAY, context)
    assert (aside.name, aside.aspect) == ("model", "lab")
    assert aside.question
    context = context.after_question(aside.question, aside, "Kimi K3")
    assert read_text("what about for maths", store, TODAY, context).understood == "best · maths tests · China"
    assert read_text("and GLM-5?", store, TODAY, context).understood == "model · GLM-5"


def test_a_field_alone_keeps_whose_models(reading: Read) -> None:
    assert reading("mostly for agent work", "best open model from China").understood == "best · agent tests · China"


@pytest.mark.parametrize("text", ["give me all of them, the full list", "show me everything", "the complete list"])
def test_the_whole_list_is_the_same_question_in_full(reading: Read, text: str) -> None:
    got = reading(text, "what changed since May 2026")
    assert (got.name, got.fields, got.in_full) == ("changes", {"since": "2026-05-01"}, True)
    assert not reading("give me the full list of models from Mistral", "gap for China").in_full


@pytest.mark.parametrize(
    "text",
    ["where do I find the weekly brief?", "what does your latest brief say", "could I see the newest digest?"],
)
def test_the_newest_brief_is_asked_for_in_many_words(reading: Read, text: str) -> None:
    assert reading(text).is_brief


def test_a_family_means_its_open_models_only_against_open_ones(reading: Read) -> None:
    assert reading("Llama vs GPT").fields == {"left": "Meta AI", "right": "OpenAI"}
    assert reading("Llama vs Qwen").fields == {"left": "open Meta AI", "right": "open Alibaba"}
    assert reading("Meta vs Mistral").fields == {"left": "Meta AI", "right": "Mistral AI"}


def test_a_kind_of_test_is_the_term_that_is_asked_for_in_any_language(reading: Read) -> None:
    for text in ("c'est quoi un test privé ?", "co to jest test prywatny?", "what is a private test?"):
        assert reading(text).fields == {"term": "Private test"}, text


def test_a_long_story_around_a_model_is_asked_how_far_behind_it_is(reading: Read) -> None:
    text = (
        "We are a small hospital and our IT people want to host GLM-5 on our own servers because of privacy,"
        " how far behind the frontier would we be?"
    )
    assert reading(text).understood == "model · GLM-5"


@pytest.mark.parametrize(
    ("before", "text", "understood"),
    [
        ("best open model for maths up to 32B", "hmm raise it to 70b", "best · models up to 70B · maths tests"),
        ("best open model up to 10B", "what about a price below $1", "best · models up to 10B · at $1 or less"),
        ("best open model on 24 GB", "i do mostly agents", "best · models up to 32B (24 GB) · agent tests"),
        ("gap for China", "us?", "gap · United States of America"),
        (
            "best open model under 40B",
            "not from China, American ones",
            "best · models under 40B · United States of America",
        ),
        ("who leads on gpqa?", "where does that come from", "sources · GPQA Diamond"),
        ("who leads on gpqa?", "source?", "sources · GPQA Diamond"),
        ("who leads on gpqa?", "gap on simplebench i meant", "gap · SimpleBench"),
        ("best open model under $1", "which is the best", "best · at $1 or less"),
        ("gap in science", "is that going up or down", "gap · science tests"),
        ("gap in coding", "so which one should i take for that", "best · coding tests"),
        ("gap for China", "which do you recommend then", "best · China"),
        ("gap for Mistral", "list everything they have", "roster · Mistral AI"),
        ("when did open models match o1?", "who did it", "timeline · o1"),
        ("what is unmatched on WeirdML?", "since when is the oldest of them waiting", "unmatched · WeirdML"),
        ("gap as of 1 March 2026", "what changed since then", "changes · since 1 March 2026"),
    ],
)
def test_what_was_spoken_of_stays(reading: Read, before: str, text: str, understood: str) -> None:
    assert reading(text, before).understood == understood


@pytest.mark.parametrize(
    ("text", "left", "right"),
    [
        ("why is that bigger than the public one", "private", "public"),
        ("how come it is more than on public tests", "private", "public"),
        ("why so much bigger than on public", "private", "public"),
    ],
)
def test_one_kind_of_tests_is_held_against_the_other(reading: Read, text: str, left: str, right: str) -> None:
    got = reading(text, "gap on private tests")
    assert (got.name, got.fields) == ("compare", {"left": left, "right": right})


def test_a_comparison_is_narrowed_and_measured_as_it_stands(reading: Read) -> None:
    before = "are Chinese open models ahead of American ones?"
    assert reading("by how many months", before).name == "compare"
    got = reading("by how much if you leave the public tests out?", before)
    assert (got.name, got.fields["access"]) == ("compare", "private")
    assert reading("i meant Mistral not Llama", "is Qwen better than Llama").understood == (
        "compare · open Alibaba · against Mistral AI"
    )
    assert reading("not Qwen, i meant DeepSeek", "gap for Qwen").understood == "gap · DeepSeek"


def test_the_winner_is_the_side_that_was_ahead(store: Store) -> None:
    compared = read_text("DeepSeek or Qwen, who is ahead?", store, TODAY)
    assert compared.question
    context = replace(Context().after_question(compared.question, compared), winner="open Alibaba")
    assert read_text("and Kimi against the winner?", store, TODAY, context).fields == {
        "left": "open Moonshot",
        "right": "open Alibaba",
    }
    undecided = read_text("and Kimi against the winner?", store, TODAY, replace(context, winner=""))
    assert (undecided.sentence or "").startswith("Neither side is ahead")


def test_another_brief_is_asked_for_by_its_day_alone(reading: Read) -> None:
    assert reading("and the one for a month later", "brief for 22 May 2026 please").fields == {"as_of": "2026-06-22"}
    assert reading("what about June 2026", "give me the brief").fields == {"as_of": "2026-06-30"}
    assert reading("what about June 2026", "how far behind are open models?").understood == "gap · as of 30 June 2026"


def test_no_brief_of_today_stands_for_that_of_a_span(reading: Read) -> None:
    got = reading("can i have that as a short brief", "what changed since 1 July 2026?")
    assert (got.question, [choice.understood for choice in got.alternatives]) == (None, ["changes · since 1 July 2026"])


def test_a_term_stands_for_the_tests_of_its_kind_and_one_follows_another(reading: Read) -> None:
    term = "what is a private test?"
    assert reading("which tests are of this kind", term).fields == {"access": "private"}
    assert reading("gap on those", term).understood == "gap · private tests"
    assert reading("and a live test?", term).understood == "terms · Live test"


def test_a_publisher_that_finds_no_place_is_not_dropped(reading: Read) -> None:
    assert reading("does Epoch get anything similar?", "how sure is the private figure?").fields == {
        "publisher": "Epoch AI"
    }


@pytest.mark.parametrize(
    "text",
    [
        "is it going to rain there",
        "who pays for that",
        "which one is funnier",
        "did they win the game",
        "is the site down",
    ],
)
def test_small_talk_in_between_goes_on_from_nothing(reading: Read, text: str) -> None:
    for before in ("how far behind are open models?", "best open model for coding", "who leads on gpqa?"):
        assert reading(text, before).question is None, before
