"""Who asked what before: by person and place, for an hour, for so many."""

from bot.assistant.reading import NEW, Context
from bot.discord.last_questions import LastQuestions
from core.questions import GapQuestion


def of(benchmark: str | None = None) -> Context:
    return NEW.after_question(GapQuestion(benchmark))


def test_the_last_question_of_a_person_in_a_place_is_remembered_for_an_hour() -> None:
    memory = LastQuestions()
    memory.remember((1, 2), of("gpqa"), 0)
    memory.remember((1, 2), of("weirdml"), 10)
    assert memory.context((1, 2), 3609) == of("weirdml")
    assert memory.context((1, 2), 3611) == NEW
    assert memory.context((1, 3), 20) == NEW
    assert memory.context((2, 2), 20) == NEW


def test_the_oldest_places_are_forgotten_first() -> None:
    memory = LastQuestions()
    for place in range(6000):
        memory.remember((place, 1), of(), 0)
        memory.remember((0, 1), of(), 0)
    assert memory.context((0, 1), 1) != NEW
    assert memory.context((5999, 1), 1) != NEW
    assert memory.context((1, 1), 1) == NEW
    assert len(memory._last) == 5000
