"""Free text read by rules: what was asked, as a question, or what can be asked instead."""

from datetime import date

from bot.assistant import names, text
from bot.assistant.followup import continued
from bot.assistant.intents import MARGIN, Intent, has_subject, intents, is_near, is_not_answered
from bot.assistant.names import Index
from bot.assistant.reading import Reading, reading
from bot.assistant.slots import Filled, fill
from bot.assistant.understanding import Found, understand
from core.errors import UsageError
from core.questions import QUESTIONS, Question
from core.questions.question import read_day
from core.store.store import Store
from core.words import quoted

_TRIED = 3
_WHOLE_COUNTS = 1.0
"""A reading that leaves nothing aside goes before one of a score so much higher that does."""


def read(typed: str, store: Store, today: date, previous: Question | None = None) -> Reading:
    """Read what a person typed on the day `today`, after the question `previous` if there was one.

    Never raises for any text; the work is bounded by the length that is read.
    """
    if len(typed) > text.LONGEST:
        return Reading(sentence=f"That is too long to read; ask in at most {text.LONGEST} letters.")
    cleaned = text.cleaned(typed)
    if not cleaned or text.is_hostile(cleaned):
        return none()
    known = names.index(store)
    found = understand(cleaned, known, today)
    ranked = intents(found)
    if found.wrong and (ranked or previous):
        return Reading(sentence=_no_day(found.wrong[0]))
    if previous is not None and not is_not_answered(found):
        after = continued(previous, found, ranked[0].name if ranked else None, known)
        if after:
            return _made(*after, known)
    return _chosen(ranked, found, known) if ranked else none()


def _no_day(typed: str) -> str:
    try:
        read_day(typed)
    except UsageError as error:
        return str(error)
    return f"{quoted(typed)} can't be read as a day."  # read_day knows a form that we do not


def none() -> Reading:
    """Return the reading of what is no question of ours: what can be asked."""
    *tried, last = (f"“{question.phrasings[0]}”" for question in list(QUESTIONS.values())[:_TRIED])
    only = "I only know how far open-weights AI models trail closed ones."
    return Reading(sentence=f"{only} Try: {', '.join(tried)} or {last}")


def _chosen(ranked: list[Intent], found: Found, known: Index) -> Reading:
    """Return the reading of the best question, or those to choose from where several fit as well."""
    filled = {each.name: fill(QUESTIONS[each.name], found) for each in ranked}
    if all(each.left_out for each in filled.values()) and not is_near(found):
        return none()  # a name that found no place is what the text is about
    whole = [each for each in ranked if not filled[each.name].aside]
    best = whole if whole and ranked[0].score - whole[0].score < _WHOLE_COUNTS else ranked
    near = [intent.name for intent in best if best[0].score - intent.score < MARGIN]
    readings = [_made(name, filled[name], known) for name in near]
    if len(readings) == 1:
        is_lacking = readings[0].question is None and not readings[0].alternatives
        return none() if is_lacking and not has_subject(found) else readings[0]
    return _offered([each for one in readings for each in (one.alternatives or (one,))])


def _made(name: str, filled: Filled, known: Index) -> Reading:
    """Return a question's reading, or several where a name fits several."""
    made = [reading(name, values, known, filled.aside) for values in filled.all_values()]
    return made[0] if len(made) == 1 else _offered(made)


def _offered(readings: list[Reading]) -> Reading:
    can_be_asked = tuple(each for each in readings if each.question)
    if len(can_be_asked) < 2:
        return (can_be_asked or tuple(readings))[0]
    return Reading(alternatives=can_be_asked, sentence="That can mean several things; choose one.")
