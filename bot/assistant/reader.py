"""Free text read by rules: what was asked, as a question, or what can be asked instead."""

from datetime import date

from bot.assistant import names, text
from bot.assistant.followup import continued
from bot.assistant.intents import MARGIN, Intent, has_subject, intents, is_about_models, is_near
from bot.assistant.limits import courtesy, limit, without
from bot.assistant.reading import Reading, reading, values_of
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
    own = ranked[0].name if ranked else None
    why = courtesy(found) if not own else None
    why = why or (limit(found) if previous or is_about_models(found) else None)
    if why:
        return Reading(sentence=why)
    if found.left_out and (own or previous):
        return _without(found, own, previous)
    after = continued(previous, found, own, known) if previous else None
    if after:
        return _made(*after, found)
    return _chosen(ranked, found) if ranked else none()


def _without(found: Found, own: str | None, previous: Question | None) -> Reading:
    goes_on = previous is not None and own is None
    before = set(values_of(previous)) if previous is not None and goes_on else set()
    after = without(found, previous.name if previous is not None and goes_on else own or "", before)
    return Reading(sentence=after) if isinstance(after, str) else _made("compare", after, found)


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


def _chosen(ranked: list[Intent], found: Found) -> Reading:
    """Return the reading of the best question, or those to choose from where several fit as well."""
    filled = {each.name: fill(QUESTIONS[each.name], found) for each in ranked}
    if all(each.left_out for each in filled.values()) and not is_near(found):
        return none()  # a name that found no place is what the text is about
    whole = [each for each in ranked if not filled[each.name].aside]
    best = whole if whole and ranked[0].score - whole[0].score < _WHOLE_COUNTS else ranked
    near = [intent.name for intent in best if best[0].score - intent.score < MARGIN]
    if len(near) == 1:
        near += [name for name in _for_lost(near[0], filled[near[0]].left_out, found) if name not in near]
        filled |= {name: fill(QUESTIONS[name], found) for name in near}
    readings = [_made(name, filled[name], found) for name in near]
    if len(readings) == 1:
        is_lacking = readings[0].question is None and not readings[0].alternatives
        return none() if is_lacking and not has_subject(found) else readings[0]
    return _offered([each for one in readings for each in (one.alternatives or (one,))])


def _for_lost(name: str, left_out: tuple[str, ...], found: Found) -> list[str]:
    """Return the questions about what a reading leaves aside, where without it the text means another thing."""
    if name == "terms":
        return []
    lost = {each.kind: each for each in found.mentions if (each.value or each.typed) in left_out}
    others = {"benchmark": "frontier", "model": "model"} | ({"lab": "gap"} if found.has("model") else {})
    if "model" in lost and lost["model"].is_open is False:
        others["model"] = "timeline"
    return [others[kind] for kind in lost if kind in others]


def _made(name: str, filled: Filled, found: Found) -> Reading:
    """Return a question's reading, or several where a name fits several."""
    aside = (*filled.aside, *(f"“{topic}”" for topic in found.topics))
    made = [reading(name, values, found.names, aside) for values in filled.all_values()]
    return made[0] if len(made) == 1 else _offered(made)


def _offered(readings: list[Reading]) -> Reading:
    can_be_asked = tuple(each for each in readings if each.question)
    if len(can_be_asked) < 2:
        return (can_be_asked or tuple(readings))[0]
    return Reading(alternatives=can_be_asked, sentence="That can mean several things; choose one.")
