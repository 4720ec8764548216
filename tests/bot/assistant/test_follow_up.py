"""A text that goes on from the question before it, and one that stands on its own."""

from dataclasses import replace

import pytest

from bot.assistant.reader import read_text
from bot.assistant.reading import Context
from core.questions.best import BestQuestion
from core.store.store import Store
from tests.bot.assistant.conftest import TODAY, Read


@pytest.mark.parametrize(
    ("before", "text", "name", "fields"),
    [
        ("how far behind are open models?", "and on private ones?", "gap", {"access": "private"}),
        ("gap on private tests", "what about China?", "gap", {"access": "private", "country": "China"}),
        ("gap on private tests", "so is it getting worse?", "gap", {"access": "private"}),
        ("how far behind are open models?", "is it closing on private tests?", "gap", {"access": "private"}),
        ("gap for DeepSeek", "and China?", "gap", {"country": "China"}),
        ("gap on gpqa", "and GPQA in 2025?", "gap", {"benchmark": "GPQA Diamond", "as_of": "2025-12-31"}),
        ("gap on gpqa", "and on private tests?", "gap", {"access": "private"}),
        ("gap in coding", "and on private ones?", "gap", {"domain": "coding", "access": "private"}),
        ("gap in coding", "and in maths?", "gap", {"domain": "maths"}),
        ("gap in coding", "and on gpqa?", "gap", {"benchmark": "GPQA Diamond"}),
        ("when did open models reach 80% on GPQA", "and 90?", "timeline", {"benchmark": "GPQA Diamond", "level": 90.0}),
        ("when did open models match o1", "and gpt-4?", "timeline", {"model": "GPT-4 (Mar 2023)"}),
        ("how far behind is Kimi K3?", "and GLM-5?", "model", {"model": "GLM-5"}),
        ("how far behind is Kimi K3?", "on metr", "model", {"model": "Kimi K3", "benchmark": "METR Time Horizons"}),
        ("china vs the rest", "and the us?", "compare", {"left": "United States of America", "right": "others"}),
        ("private vs public", "and in 2025?", "compare", {"left": "private", "right": "public", "as_of": "2025-12-31"}),
        ("gap in january 2025 vs now", "and in march 2025?", "compare", {"left": "2025-03-31", "right": "now"}),
        ("who leads on gpqa", "a year ago?", "frontier", {"benchmark": "GPQA Diamond", "as_of": "2025-11-25"}),
        ("what changed since May 2026", "and since January?", "changes", {"since": "2026-01-01"}),
        (
            "what changed since May 2026",
            "stop at the 31st of august",
            "changes",
            {"since": "2026-05-01", "until": "2026-08-31"},
        ),
        ("GPT-5.5 or Kimi K3?", "kimi against o1?", "compare", {"left": "Kimi K3", "right": "o1"}),
        (
            "gap in may 2025 vs now",
            "ignore anything with secret questions",
            "compare",
            {"left": "2025-05-31", "right": "now", "access": "public"},
        ),
        ("how far behind is Moonshot?", "what's the best one they've got", "best", {"lab": "Moonshot"}),
        ("whats the gap for models up to 40b", "*70b, typo", "gap", {"size": "up to 70B"}),
        (
            "has anyone open cracked 50 % on GPQA",
            "the closed record there?",
            "frontier",
            {"benchmark": "GPQA Diamond", "side": "closed"},
        ),
        ("scores in coding that open models can't match", "all fields", "unmatched", {}),
    ],
)
def test_what_is_new_replaces_what_was_there(
    reading: Read, before: str, text: str, name: str, fields: dict[str, object]
) -> None:
    got = reading(text, before)
    assert got.name == name, got
    assert {key: got.fields[key] for key in fields} == fields
    assert set(got.fields) == set(fields)


def test_what_if_goes_on_with_another_score_or_side(reading: Read) -> None:
    before = "what if an open model scored 60% on SimpleBench"
    assert reading("and 70%?", before).fields["score"] == 70
    assert reading("what if it was a closed one", before).understood == "what if · SimpleBench · 60 % · a closed model"


def test_several_texts_go_on_from_each_other(reading: Read) -> None:
    got = reading("and on simplebench?", "how far behind are open models?", "what about China?", "and a year ago?")
    assert got.understood == "gap · SimpleBench · China · as of 25 November 2025"


@pytest.mark.parametrize(
    ("before", "text", "name", "fields"),
    [
        ("gap on gpqa", "who leads there?", "frontier", {"benchmark": "GPQA Diamond"}),
        ("gap in coding", "and who leads there?", "frontier", {"domain": "coding"}),
        ("gap on private tests", "can I trust that", "trust", {"access": "private"}),
        ("gap on gpqa", "where is that from?", "sources", {"benchmark": "GPQA Diamond"}),
        ("who leads on gpqa", "since when?", "timeline", {"benchmark": "GPQA Diamond"}),
        ("gap on gpqa", "and kimi k3?", "model", {"model": "Kimi K3", "benchmark": "GPQA Diamond"}),
    ],
)
def test_another_question_may_point_back(
    reading: Read, before: str, text: str, name: str, fields: dict[str, object]
) -> None:
    got = reading(text, before)
    assert (got.name, dict(got.fields)) == (name, fields)


@pytest.mark.parametrize(
    "text",
    [
        "how far behind are open models?",
        "who leads on weirdml",
        "what does open weights mean",
        "compare china us",
        "when did they reach 80 % on gpqa",
        "how far behind are open models without deepseek",
    ],
)
def test_a_whole_question_stands_on_its_own(reading: Read, text: str) -> None:
    assert replace(reading(text, "gap for China on private tests a year ago"), near=()) == replace(
        reading(text), near=()
    )


def test_leaving_out_goes_on_only_from_what_can_be_compared(reading: Read) -> None:
    assert (
        reading("and without china?", "how far behind are open models?").understood
        == "compare · China · against others"
    )
    assert reading("without china?", "gap on gpqa").question is None


@pytest.mark.parametrize(
    "text",
    [
        "and the weather?",
        "thanks!",
        "ignore that and write a poem",
        "lol",
        "and what will it be in 2030?",
        "and how much does it cost",
    ],
)
def test_what_is_no_question_of_ours_does_not_become_one(reading: Read, text: str) -> None:
    got = reading(text, "how far behind are open models?")
    assert (got.question, got.alternatives) == (None, ())


@pytest.mark.parametrize("text", ["which model was it", "and who was first?", "when was that"])
def test_the_model_and_day_of_a_level_are_asked_for_in_short(reading: Read, text: str) -> None:
    got = reading(text, "when did open models reach 80 % on gpqa")
    assert (got.name, got.fields) == ("timeline", {"benchmark": "GPQA Diamond", "level": 80.0})


def test_the_same_question_again_keeps_what_it_was_about(reading: Read) -> None:
    got = reading("and which is the best open one", "who leads on gpqa")
    assert (got.name, got.fields) == ("best", {"benchmark": "GPQA Diamond"})


@pytest.mark.parametrize(("text", "term"), [("and distillation?", "Distillation"), ("and token", "Token")])
def test_a_term_follows_on_another(reading: Read, text: str, term: str) -> None:
    assert reading(text, "what does contamination mean").fields == {"term": term}


def test_the_other_side_is_in_the_same_answer(reading: Read) -> None:
    got = reading("and the closed one?", "who leads on gpqa")
    assert (got.name, got.fields) == ("frontier", {"benchmark": "GPQA Diamond", "side": "closed"})


def test_doubt_in_short_is_about_what_was_just_answered(reading: Read) -> None:
    assert reading("how sure are you", "what's the gap on private tests").fields == {"access": "private"}
    assert reading("how sure are you").fields == {}


@pytest.mark.parametrize("text", ["why?", "but why is that?", "ok so how come"])
def test_why_after_an_answer_asks_what_it_rests_on(reading: Read, text: str) -> None:
    got = reading(text, "how far behind are open models on private tests?")
    assert (got.name, got.fields) == ("trust", {"access": "private"})
    assert reading(text, "what changed since May 2026").fields == {"since": "2026-05-01"}


def test_nothing_goes_on_from_nothing(reading: Read) -> None:
    assert reading("and 90?").question is None
    assert reading("since when?").question is None


@pytest.mark.parametrize(
    ("before", "text", "question", "aspect"),
    [
        ("how far behind is Kimi K3", "what's its licence?", ("model", {"model": "Kimi K3"}), "licence"),
        ("how far behind is Kimi K3", "and the licence?", ("model", {"model": "Kimi K3"}), "licence"),
        ("how far behind is Kimi K3", "can I run it on a 3090", ("model", {"model": "Kimi K3"}), "size"),
        ("gap on WeirdML", "who publishes it", ("sources", {"benchmark": "WeirdML"}), "who"),
        ("gap on WeirdML", "which tests are private?", ("sources", {"access": "private"}), "access"),
    ],
)
def test_a_fact_is_asked_of_the_model_or_test_of_before(
    before: str, text: str, question: tuple[str, dict[str, str]], aspect: str, reading: Read
) -> None:
    got = reading(text, before)
    assert ((got.name, got.fields), got.aspect) == (question, aspect)


# ---- what says by a phrase what of before it means


def test_compare_the_two_holds_the_last_two_against_each_other(reading: Read) -> None:
    for text in ("compare the two", "compare them", "which of the two is better?", "and the two compared?"):
        got = reading(text, "how far behind is Kimi K3?", "and GLM-5?")
        assert (got.name, got.fields) == ("compare", {"left": "Kimi K3", "right": "GLM-5"}), text
    assert reading("compare the two", "gap for China", "and Moonshot?").fields == {"left": "China", "right": "Moonshot"}
    assert reading("compare the two", "how far behind is Kimi K3?").question is None


@pytest.mark.parametrize(
    "text", ["when did it come out?", "when it came out?", "when was it released", "release date?"]
)
def test_when_it_came_out_is_asked_of_the_model_before(reading: Read, text: str) -> None:
    assert reading(text, "how far behind is Kimi K3?").understood == "model · Kimi K3"
    assert reading(text, "how far behind are open models?").question is None


def test_who_is_ahead_is_asked_of_the_two_that_were_compared(reading: Read) -> None:
    assert reading("who is ahead?", "compare China and France").understood == "compare · China · against France"


def test_a_limit_is_lifted_and_all_else_stays(reading: Read) -> None:
    before = "best open model up to 8B on coding"
    for text in ("without a size limit", "and without the size limit?", "any size", "and of any size?"):
        assert reading(text, before).fields == {"domain": "coding"}, text
    assert reading("whatever the price", "best open model under $1").understood == "best"


def test_a_field_of_work_is_lifted_and_never_asked_instead_of_left_out(reading: Read) -> None:
    assert reading("without the coding bit", "best open model on coding").understood == "best"
    for text, *before in (("gap except coding tests",), ("without coding", "gap on maths")):
        assert (reading(text, *before).sentence or "").startswith("No field of work can be left out"), text


@pytest.mark.parametrize("text", ["who is right", "so who is right?", "which one is right"])
def test_who_is_right_is_a_question_about_what_others_say(reading: Read, text: str) -> None:
    assert reading(text, "how far behind are open models?").name == "others"


def test_instead_replaces_what_was_there(reading: Read) -> None:
    assert reading("private tests instead", "gap on public tests for China").understood == "gap · private tests · China"


# ---- what a follow-up keeps, exchanges and leaves aside


@pytest.mark.parametrize(
    ("before", "text", "understood"),
    [
        ("best open model under 70B on maths", "and from France?", "best · models under 70B · maths tests · France"),
        ("who led in January 2025", "and which open model was best?", "best · as of 31 January 2025"),
        ("gap on gpqa as of march 2025", "who led there then?", "frontier · GPQA Diamond · as of 31 March 2025"),
        ("who led in January 2025", "and how far behind is Kimi K3?", "model · Kimi K3"),
        ("gap a year ago in coding", "and today?", "gap · coding tests"),
        ("best French model", "and in 2025?", "best · France · as of 31 December 2025"),
        ("gap for Mistral on private tests", "which is their best model?", "best · private tests · Mistral AI"),
        ("is WeirdML private?", "how far behind are open models there?", "gap · WeirdML"),
        ("gap for Moonshot", "is it better than DeepSeek's?", "compare · Moonshot · against DeepSeek"),
        ("compare DeepSeek with OpenAI", "what about Anthropic?", "compare · DeepSeek · against Anthropic"),
        ("how far behind is GLM-5?", "how far behind is it on gpqa?", "model · GLM-5 · GPQA Diamond"),
        ("open models of Meta", "how many?", "roster · an open model · Meta AI"),
        ("what does Epoch say?", "and why do they differ?", "others · Epoch AI"),
        ("when did open models reach 80% on gpqa", "how long did it take?", "timeline · GPQA Diamond · 80 %"),
        ("gap on gpqa", "what is it based on?", "sources · GPQA Diamond"),
        ("gap in coding for China", "how sure are you?", "gap · coding tests · China"),
        ("best open model on coding", "and the closed one?", "frontier · coding tests · a closed model"),
    ],
)
def test_the_subject_stays_with_what_is_asked_next(reading: Read, before: str, text: str, understood: str) -> None:
    assert reading(text, before).understood == understood


@pytest.mark.parametrize(
    ("before", "text", "understood"),
    [
        ("gap for China on gpqa", "who leads there?", "frontier · GPQA Diamond · China left aside"),
        ("gap in coding", "what changed there since May 2026?", "changes · since 1 May 2026 · coding tests left aside"),
        ("how far behind is Kimi K3", "and on private tests?", "model · Kimi K3 · private tests left aside"),
        ("gap on private tests", "and what does bootstrap mean?", "terms · Bootstrap"),
    ],
)
def test_what_cannot_be_kept_is_said_to_be_left_aside(reading: Read, before: str, text: str, understood: str) -> None:
    assert reading(text, before).understood == understood


def test_what_the_question_before_cannot_take_is_asked_back(reading: Read) -> None:
    got = reading("on coding?", "what changed since March 2026")
    assert got.sentence == "This can't be asked with coding tests; ask it without?"
    assert [offer.name for offer in got.offers] == ["changes"]


def test_a_second_part_that_scores_cannot_answer_is_said_to_be_left_aside(reading: Read) -> None:
    got = reading("what's the gap in coding, and why did it change?")
    assert got.understood == 'gap · coding tests · "why did it change?" left aside'
    changed = reading("why did it change?", "gap in coding")
    assert (changed.understood, changed.aspect) == ("changes · since 30 June 2026 · coding tests left aside", "why")


def test_the_best_of_a_country_is_no_comparison(reading: Read) -> None:
    before = "compare China and the US in coding"
    assert reading("who is best in France?", before).understood == "best · coding tests · France"
    assert reading("best from France?", "gap in coding").understood == "best · coding tests · France"


@pytest.mark.parametrize("kind", ["Private", "Public"])
def test_a_kind_of_tests_is_a_term_where_its_meaning_is_asked(reading: Read, kind: str) -> None:
    assert reading(f"and what does {kind.lower()} mean?", "gap in coding").understood == f"terms · {kind} test"


def test_the_model_of_the_last_answer_is_what_a_fact_is_asked_of(store: Store) -> None:
    context = Context().after_question(BestQuestion(), model="Kimi K3")
    for text in ("who made it?", "what is its licence?", "and how far behind is it?"):
        assert read_text(text, store, TODAY, context).understood == "model · Kimi K3", text


@pytest.mark.parametrize(
    ("before", "text", "left", "right"),
    [
        ("how far behind is Kimi K3", "compare it with opus 4.5", "Kimi K3", "Claude Opus 4.5"),
        ("how far behind is Kimi K3", "vs GPT-5.5", "Kimi K3", "GPT-5.5"),
        ("how far behind is Kimi K3", "how does it compare to GPT-5.5?", "Kimi K3", "GPT-5.5"),
        ("compare Kimi K3 with GPT-5.5", "and with opus 4.5", "Kimi K3", "Claude Opus 4.5"),
        ("gap for China", "is it ahead of the US", "China", "United States of America"),
    ],
)
def test_what_was_asked_about_is_held_against_what_is_named(
    reading: Read, before: str, text: str, left: str, right: str
) -> None:
    got = reading(text, before)
    assert (got.name, got.fields, got.extras) == ("compare", {"left": left, "right": right}, ())


@pytest.mark.parametrize(
    ("first", "second", "left", "right"),
    [
        ("how does GLM-5 do", "and Kimi K2.6?", "GLM-5", "Kimi K2.6"),
        ("gap for China", "and the US?", "China", "United States of America"),
        ("gap on private tests", "and public?", "private", "public"),
        ("gap a year ago", "and now?", "2025-11-25", "now"),
    ],
)
def test_the_two_last_are_compared_and_none_is_left_aside(
    reading: Read, first: str, second: str, left: str, right: str
) -> None:
    got = reading("compare the two", first, second)
    assert (got.name, got.fields, got.extras) == ("compare", {"left": left, "right": right}, ())


@pytest.mark.parametrize("text", ["show me a chart", "in a chart please", "as a picture", "can you draw that?"])
def test_a_chart_is_of_the_last_question(reading: Read, text: str) -> None:
    got = reading(text, "compare OpenAI and Anthropic")
    assert (got.name, got.fields, got.aspect) == ("compare", {"left": "OpenAI", "right": "Anthropic"}, "chart")


def test_the_other_one_is_the_question_before(reading: Read) -> None:
    assert reading("no, the other one", "has o1 been matched", "and gpt-4?").fields == {"model": "o1"}


@pytest.mark.parametrize(
    ("before", "text", "understood"),
    [
        ("when did open models match GPT-4?", "how long did each take?", "timeline · GPT-4 (Mar 2023)"),
        ("what is unmatched on private tests", "since when?", "unmatched · private tests"),
        ("who leads on gpqa", "by how much?", "frontier · GPQA Diamond"),
        ("best model for a laptop", "for a server?", "best · models up to 250B"),
        ("gap in coding", "and for a 24 GB card?", "gap · coding tests · models up to 32B (24 GB)"),
    ],
)
def test_a_short_text_keeps_the_question(reading: Read, before: str, text: str, understood: str) -> None:
    assert reading(text, before).understood == understood


# ---- the models of an answer


@pytest.mark.parametrize(
    ("line", "model_before", "text", "aspect"),
    [
        ("Most often best: MiniMax-M3 (2 of 4 tests) and GLM-5.1 (2 of 6)", "", "compare the two", None),
        ("MiniMax-M3 leads GLM-5.1", "Kimi K3", "which of them is the oldest?", "when"),
        ("GLM-5.1 is the best open model", "MiniMax-M3", "side by side please", None),
    ],
)
def test_them_are_the_models_of_the_last_answer_or_of_the_last_two(
    store: Store, line: str, model_before: str, text: str, aspect: str | None
) -> None:
    context = Context((BestQuestion(),), line=line, model="GLM-5.1", model_before=model_before)
    got = read_text(text, store, TODAY, context)
    assert (got.understood, got.aspect) == ("compare · MiniMax-M3 · against GLM-5.1", aspect)


@pytest.mark.parametrize("text", ["which one is newer?", "and which came first"])
def test_which_side_is_newer_is_in_the_comparison(reading: Read, text: str) -> None:
    got = reading(text, "compare Kimi K3 and GLM-5")
    assert (got.understood, got.aspect) == ("compare · Kimi K3 · against GLM-5", "when")
