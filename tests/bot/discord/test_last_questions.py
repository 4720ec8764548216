"""Who asked what before: by person and place, for an hour, for so many."""

from bot.discord.last_questions import LastQuestions
from core.questions import GapQuestion


def test_the_last_question_of_a_person_in_a_place_is_remembered_for_an_hour() -> None:
    memory = LastQuestions()
    memory.remember((1, 2), GapQuestion("gpqa"), 0)
    memory.remember((1, 2), GapQuestion("weirdml"), 10)
    assert memory.question((1, 2), 3609) == GapQuestion("weirdml")
    assert memory.question((1, 2), 3611) is None
    assert memory.question((1, 3), 20) is None
    assert memory.question((2, 2), 20) is None


def test_the_oldest_places_are_forgotten_first() -> None:
    memory = LastQuestions()
    for place in range(6000):
        memory.remember((place, 1), GapQuestion(), 0)
        memory.remember((0, 1), GapQuestion(), 0)
    assert memory.question((0, 1), 1) is not None
    assert memory.question((5999, 1), 1) is not None
    assert memory.question((1, 1), 1) is None
    assert len(memory._last) == 5000
