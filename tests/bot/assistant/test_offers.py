"""What a text that is not surely read is offered, how an offer is taken, and how an answer is refused."""

import pytest

from bot.assistant.english import unread_script_sentence
from tests.bot.assistant.conftest import Read

UNREAD = "purple elephants dance around Kimi K3 forever"
GAP = "how far behind are open models on WeirdML?"


def test_a_text_that_is_not_surely_read_is_offered_its_likeliest_questions_with_their_fields(reading: Read) -> None:
    got = reading("which llm scores on gpqa are fishy and why on earth")
    assert (got.question, got.alternatives) == (None, ())
    assert 0 < len(got.offers) <= 3
    assert all("GPQA Diamond" in offer.understood for offer in got.offers)
    assert len({offer.understood for offer in got.offers}) == len(got.offers)


@pytest.mark.parametrize("yes", ["yes", "Yes please!", "ok", "ja", "Sí", "oui", "sim", "да", "はい", "네"])
def test_yes_takes_the_first_offer_in_any_language(reading: Read, yes: str) -> None:
    assert reading(yes, UNREAD).question == reading(UNREAD).offers[0].question


def test_a_number_takes_its_offer_or_choice(reading: Read) -> None:
    offers = reading(UNREAD).offers
    assert reading(str(len(offers)), UNREAD).question == offers[-1].question
    choices = reading("how far behind is deepseek v4").offers
    assert reading("2", "how far behind is deepseek v4").question == choices[1].question
    assert reading("99", UNREAD).question is None


@pytest.mark.parametrize("text", ["second", "the second one", "number 2", "2"])
def test_an_offer_is_taken_by_its_place_too(reading: Read, text: str) -> None:
    unread = "which llm scores on gpqa are fishy and why on earth"
    assert reading(text, unread).question == reading(unread).offers[1].question


@pytest.mark.parametrize(
    ("before", "text", "left", "right"),
    [
        ("is gpt-5.5 ahead of qwen3.5", "3", "GPT-5.5", None),
        ("is gpt-5.5 ahead of qwen3.5", "Qwen3.5 397B A17B", "GPT-5.5", "Qwen3.5-397B-A17B"),
        ("gemini 2.5 against glm-5", "Gemini 2.5 Pro (Mar 2025)", "Gemini 2.5 Pro (Mar 2025)", "GLM-5"),
    ],
)
def test_a_side_that_may_be_several_models_is_asked_for_and_the_clear_one_stays(
    reading: Read, before: str, text: str, left: str, right: str | None
) -> None:
    choices = reading(before).alternatives
    assert len(choices) > 1
    assert {choice.name for choice in choices} == {"compare"}
    got = reading(text, before)
    assert got.fields["left"].startswith(left), got.understood
    assert got.fields["right"] == (right or choices[2].fields["right"])


def test_the_rival_of_a_follow_up_may_be_asked_for_too(reading: Read) -> None:
    choices = reading("compared to deepseek v4?", "how far behind is GLM-5?").alternatives
    assert {choice.fields["left"] for choice in choices} == {"GLM-5"}
    assert len({choice.fields["right"] for choice in choices}) > 1


def test_an_open_choice_does_not_hold_the_next_text(reading: Read) -> None:
    assert reading("who leads on gpqa?", "gemini 2.5 against glm-5").understood == "frontier · GPQA Diamond"


def test_an_offer_that_is_refused_is_not_made_again(reading: Read) -> None:
    got = reading("no", UNREAD)
    assert (got.sentence, got.offers, got.misread) == ("Sorry, I misread that; ask it in other words.", (), "")


def test_yes_chooses_none_of_several_and_takes_nothing_where_nothing_is_offered(reading: Read) -> None:
    assert reading("yes", "how far behind is deepseek v4").question is None
    assert reading("yes", GAP).question is None
    assert reading("yes").question is None


def test_an_offer_that_was_taken_can_be_refused_for_the_others(reading: Read) -> None:
    offers = reading(UNREAD).offers
    assert [offer.question for offer in reading("no", UNREAD, "yes").offers] == [offer.question for offer in offers[1:]]


@pytest.mark.parametrize(
    "no", ["no", "that's not what I asked", "that is not what i meant", "wrong", "nein", "non", "não"]
)
def test_who_says_that_it_was_not_asked_is_shown_other_readings(reading: Read, no: str) -> None:
    got = reading(no, GAP)
    assert (got.question, got.misread) == (None, "gap")
    assert got.offers == reading(GAP).near
    assert all("WeirdML" in offer.understood for offer in got.offers)
    assert reading("1", GAP, no).question == got.offers[0].question


def test_a_name_alone_that_says_nothing_is_offered_with_what_it_answers(reading: Read) -> None:
    labels = {offer.label for offer in reading("how far behind are open models?").near}
    assert not labels & {"trust", "others", "roster", "sources"}
    assert any(": " in label for label in labels)


def test_the_nearest_that_fits_is_offered_first(reading: Read) -> None:
    got = reading("isn't it all memorised by llms")
    assert (got.question, got.offers[0].understood) == (None, "trust")


@pytest.mark.parametrize(
    "text", ["I read this on Substack: open models are 2 years behind", "heard it on NPR, open models trail"]
)
def test_where_something_was_read_is_no_test(reading: Read, text: str) -> None:
    assert "No test is called" not in (reading(text).sentence or "")


# ---- scripts that are not read


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("Насколько отстают открытые модели?", "На этом языке"),  # noqa: RUF001
        ("Наскільки відстають відкриті моделі?", "Цією мовою"),
        ("开源模型落后多少", "我看不懂"),
        ("オープンモデルはどれくらい遅れていますか", "日本語は"),
        ("오픈 모델은 얼마나 뒤처져 있나요?", "한국어는"),
        ("كم تتأخر النماذج المفتوحة؟", "لا أقرأ"),
        ("مدل‌های باز چقدر عقب هستند؟ چند ماه", "فارسی"),
        ("ओपन मॉडल कितने पीछे हैं?", "मुझे हिंदी"),
        ("Πόσο πίσω είναι τα ανοιχτά μοντέλα;", "Δεν διαβάζω"),
        ("כמה המודלים הפתוחים מפגרים?", "אין באפשרותי"),
        ("โมเดลเปิดตามหลังอยู่กี่เดือน", "ระบบนี้"),
    ],
)
def test_a_text_in_a_script_that_is_not_read_gets_a_sentence_in_it_and_the_gap(
    reading: Read, text: str, begins: str
) -> None:
    got = reading(text)
    assert (got.sentence or "").startswith(begins)
    assert got.offers[0].understood == "gap"


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        ("Kimi K3 落后多少个月", "model · Kimi K3"),
        ("中国的开源模型比美国的强吗", "compare · China · against United States of America"),
        ("2026年3月1日开源模型落后多少", "gap · as of 1 March 2026"),
        ("오픈 모델 중 32B 이하에서 코딩을 제일 잘하는 건?", "best · models up to 32B · coding tests"),
        ("オープンモデルがGPQAで80%に達したのはいつ?", "timeline · GPQA Diamond · 80 %"),
        ("что изменилось с 1 сентября 2026?", "changes · since 1 September 2026"),  # noqa: RUF001
        ("звідки у вас ці дані?", "sources"),  # noqa: RUF001
    ],
)
def test_what_is_known_of_such_a_text_is_in_the_offer(reading: Read, text: str, offer: str) -> None:
    assert reading(text).question is None
    assert reading(text).offers[0].understood == offer


def test_where_nothing_of_it_is_known_the_usual_questions_are_offered(reading: Read) -> None:
    assert [offer.understood for offer in reading("ฉันอยากรู้เรื่องนี้").offers] == ["gap", "best", "trust"]


@pytest.mark.parametrize("text", ["μ", "what is 差 on gpqa in march?", "how far behind is DeepSeek?", "", "42 %"])
def test_a_letter_or_two_in_an_english_text_are_none(text: str) -> None:
    assert unread_script_sentence(text) is None


def test_a_question_that_lacks_what_it_needs_is_not_offered_before_one_that_has_it(reading: Read) -> None:
    near = reading("is there an open model that is better than GPT-4o").near
    assert near[0].name in ("model", "timeline")  # both say who matched it; no comparison, without a second side
    assert near[0].fields == {"model": "GPT-4o (gpt-4o-2024-05-13)"}


def test_an_unread_text_that_adds_a_field_offers_the_last_question_with_all_of_it(reading: Read) -> None:
    near = reading("from france as my gran adores it", "best open model on 24 GB").near
    assert near[0].understood == "best · models up to 32B (24 GB) · France"


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
