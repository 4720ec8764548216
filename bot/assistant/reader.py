"""Free text read by rules: what was asked, as a question, or what can be asked instead."""

import re
from dataclasses import replace
from datetime import date

from bot.assistant import cues, text
from bot.assistant.field_values import FieldValues, fill, is_measure
from bot.assistant.followup import continued
from bot.assistant.intents import MARGIN, Intent, has_subject, intents, is_about_models, is_near
from bot.assistant.missing import missing
from bot.assistant.reading import Reading, reading, values_of
from bot.assistant.unanswerable import courtesy, why_unanswerable, without
from bot.assistant.understanding import Found, understand
from core.errors import UsageError
from core.evidence.name_index import name_index
from core.questions import QUESTIONS, Question
from core.questions.question import read_day
from core.store.store import Store
from core.words import quoted

_OF_MODELS = re.compile(r"\bmodels?\b")
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+")
_POINTS = re.compile(r"\b(?:it|its|they|them|that|this)\b")
_NEAR_OF = {"model": "How far behind is {}?", "benchmark": "What is the gap on {}?"}
"""The question that is near where a text names a thing of a kind, and asks of it what can't be read."""
_TRIED = 3
_WHOLE_COUNTS = 1.0
"""A reading that leaves nothing aside goes before one of a score so much higher that does."""


def read(typed: str, store: Store, today: date, previous: Question | None = None) -> Reading:
    """Read what a person typed on the day `today`, after the question `previous` if there was one.

    Never raises for any text; the work is bounded by the length that is read.
    """
    if len(typed) > text.LONGEST:
        return Reading(sentence=f"That is too long to read; ask in at most {text.LONGEST} characters.")
    cleaned = text.cleaned(typed)
    if not cleaned or text.is_hostile(cleaned):
        return none()
    found = understand(cleaned, name_index(store), today)
    whole = _read(found, previous)
    if whole.question is None and not (whole.alternatives or found.wrong or found.left_out or found.is_distant):
        found, whole = _of_one_sentence(cleaned, found, whole)
    sentence = missing(whole, found) or (_near(found) if whole == none() else None)
    if sentence:
        return Reading(sentence=sentence)
    aspect = cues.aspect(found.stems)
    choices = tuple(replace(each, aspect=aspect) for each in whole.alternatives)
    return replace(whole, alternatives=choices, aspect=aspect)


def _of_one_sentence(cleaned: str, found: Found, whole: Reading) -> tuple[Found, Reading]:
    """Read the one sentence of a text that asks, with the names of the others left aside; else keep the whole."""
    parts = [understand(part, found.names, found.today) for part in _SENTENCE.split(cleaned) if part]
    asking = [(part, got) for part in parts if (got := _read(part, None)).question and is_about_models(part)]
    if len(parts) < 2 or len(asking) != 1:
        return found, whole
    part, got = asking[0]
    typed = dict.fromkeys(each.value or each.typed for each in found.mentions if each not in part.mentions)
    if typed and _POINTS.search(part.line):
        return found, whole  # "it" may be what another sentence names
    said = " · ".join([got.understood, *(f"{name} left aside" for name in typed)])
    return part, replace(got, aside=(*got.aside, *typed), understood=said)


def _read(found: Found, previous: Question | None) -> Reading:
    ranked = intents(found)
    if found.wrong and (ranked or previous):
        return Reading(sentence=_no_day(found.wrong[0]))
    own = ranked[0].name if ranked else None
    why = courtesy(found) if not own else None
    is_term = previous is not None and previous.name == "terms" and found.is_about_terms
    if not is_term and (previous or is_about_models(found)):
        why = why or why_unanswerable(found, goes_on=previous is not None)
    if why:
        return Reading(sentence=why)
    if found.left_out and (own or previous):
        return _without(found, own, previous)
    after = continued(previous, found, own, found.names) if previous else None
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


def _near(found: Found) -> str | None:
    """Return what can be asked of the test or model that a text names, where nothing else of it was understood."""
    for kind, near in _NEAR_OF.items():
        named = next((each.value for each in found.of(kind) if each.value and not each.ordinary), None)
        if named:
            return f"I can't tell what you ask about {named}. Near: “{near.format(named)}”"
    return None


def _chosen(ranked: list[Intent], found: Found) -> Reading:
    """Return the reading of the best question, or those to choose from where several fit as well."""
    filled = {each.name: fill(QUESTIONS[each.name], found) for each in ranked}
    is_of_models = is_near(found) or _OF_MODELS.search(found.line)
    if not is_of_models and all(each.left_out and "left" not in each.values for each in filled.values()):
        return none()  # a name that found no place is what the text is about
    whole = [each for each in ranked if not filled[each.name].aside]
    best = whole if whole and ranked[0].score - whole[0].score < _WHOLE_COUNTS else ranked
    near = [intent.name for intent in best if best[0].score - intent.score < MARGIN]
    if len(near) == 1:
        others = _for_lost(near[0], filled[near[0]].left_out, found) + _for_days(near[0], found)
        near += [name for name in others if name not in near]
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
    if "lab" in lost and is_measure(lost["lab"], found):
        del lost["lab"]
    others = {"benchmark": "frontier", "model": "model"}
    if found.has("model") or name == "frontier":
        others |= {"lab": "gap", "country": "gap"}
    if "model" in lost and lost["model"].is_open is False:
        others["model"] = "timeline"
    return [others[kind] for kind in lost if kind in others]


def _for_days(name: str, found: Found) -> list[str]:
    """Return what "the difference between" two days may mean besides their figures: what happened from one on."""
    of_gap = re.search(r"\b(?:gap|lag|behind)\b", found.line)
    is_open = len(found.of_days) > 1 and "difference " in found.line and not of_gap
    return ["changes"] if name == "compare" and is_open else []


def _made(name: str, filled: FieldValues, found: Found) -> Reading:
    """Return a question's reading, or several where a name fits several."""
    aside = (*filled.aside, *_other_models(name, filled, found), *(f"“{topic}”" for topic in found.topics))
    made = [reading(name, values, found.names, aside) for values in filled.all_values()]
    return made[0] if len(made) == 1 else _offered(made)


def _other_models(name: str, filled: FieldValues, found: Found) -> tuple[str, ...]:
    """Return the models that a text names besides the one that the question is about."""
    if name not in ("model", "timeline") or "model" not in filled.values:
        return ()
    named = (each.value or each.typed for each in found.of("model"))
    return tuple(dict.fromkeys(each for each in named if each not in (filled.values["model"], *filled.aside)))


def _offered(readings: list[Reading]) -> Reading:
    can_be_asked = tuple(each for each in readings if each.question)
    if len(can_be_asked) < 2:
        return (can_be_asked or tuple(readings))[0]
    return Reading(alternatives=can_be_asked, sentence="That can mean several things; choose one.")
