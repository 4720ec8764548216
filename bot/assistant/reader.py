"""Free text read by rules: what was asked, as a question, or why it can't be, and what can be asked instead."""

from dataclasses import replace
from datetime import date

from bot.assistant import patterns, text
from bot.assistant.field_values import FieldValues, fill, measures
from bot.assistant.follow_up import continued
from bot.assistant.intents import has_subject, intents, is_about_models, nearest_phrasing, why_not
from bot.assistant.missing import missing
from bot.assistant.parsed_text import ParsedText, parse
from bot.assistant.reading import Reading, reading, values_of
from core.answer import Aspect
from core.errors import UsageError
from core.evidence.name_index import name_index
from core.questions import QUESTIONS, Question
from core.questions.question import read_day
from core.store.store import Store
from core.text.sentences import clauses
from core.words import quoted

_ONLY = "I only know how far open-weights AI models trail closed ones."
_CANT_TELL = "I can't tell what you ask about"
_NEAR_OF = {"model": "How far behind is {}?", "benchmark": "What is the gap on {}?"}
"""The question that is near where a text names a thing of a kind, and asks of it what can't be read."""
_MARGIN = 0.2
"""Readings that are no further apart than this are offered to choose from."""
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
    found = parse(cleaned, name_index(store), today)
    whole = _read(found, previous)
    is_distant = found.has("future", "past")
    if whole.question is None and not (whole.alternatives or found.wrong or found.left_out or is_distant):
        found, whole = _of_one_sentence(cleaned, found, whole)
    lost = missing(whole, found, goes_on=previous is not None) or (none(found) if whole == Reading() else None)
    if lost:
        return lost
    aspect: Aspect | None = patterns.aspect(found.line)
    choices = tuple(replace(each, aspect=aspect) for each in whole.alternatives)
    return replace(whole, alternatives=choices, aspect=aspect)


def _of_one_sentence(cleaned: str, found: ParsedText, whole: Reading) -> tuple[ParsedText, Reading]:
    """Read the one sentence of a text that asks, with the names of the others left aside; else keep the whole."""
    parts = [parse(cleaned[start:end], found.names, found.today) for start, end in clauses(cleaned)]
    asking = [(part, got) for part in parts if is_about_models(part) and (got := _read(part, None)).question]
    if len(parts) < 2 or len(asking) != 1:
        return found, whole
    part, got = asking[0]
    asked = {each.value or each.typed for each in part.mentions}
    typed = dict.fromkeys(name for each in found.mentions if (name := each.value or each.typed) not in asked)
    if typed and patterns.has_sign("points", part.line):
        return found, whole  # "it" may be what another sentence names
    said = " · ".join([got.understood, *(f"{name} left aside" for name in typed)])
    return part, replace(got, aside=(*got.aside, *typed), understood=said)


def _read(found: ParsedText, previous: Question | None) -> Reading:
    ranked = intents(found)
    own = ranked[0][1] if ranked else None
    if found.wrong and (own or previous):
        return Reading(sentence=_no_day(found.wrong[0]))
    is_term = previous is not None and previous.name == "terms" and found.is_about_terms
    why = None if is_term or not (previous or is_about_models(found)) else why_not(found)
    if not own and "<" not in found.line:
        why = why or patterns.heading_of("courtesies.txt", found.line)
    if why:
        return Reading(sentence=why.replace("…", f"Near: “{_near(found)}”"))
    if found.left_out and (own or previous):
        return _without(found, own, previous)
    after = continued(previous, found, own) if previous else None
    if after:
        return _made(*after, found)
    return _chosen(ranked, found) if ranked else Reading()


def _no_day(typed: str) -> str:
    try:
        read_day(typed)
    except UsageError as error:
        return str(error)
    return f"{quoted(typed)} can't be read as a day."  # read_day knows a form that we do not


def none(found: ParsedText | None = None) -> Reading:
    """Return the reading of what is no question of ours: why, and the one that is near."""
    if found is None or not is_about_models(found):
        reason = _ONLY
    else:
        reason = f"{_CANT_TELL} {(_named(found) or ('', 'the models'))[1]}."
    near = _near(found) if found else QUESTIONS["gap"].phrasings[0]
    return Reading(sentence=f"{reason} Near: “{near}”")


def is_unread(reading: Reading) -> bool:
    """Whether a reading is one of `none`: no question, and no reason of its own against one."""
    return reading.question is None and (reading.sentence or "").startswith((_ONLY, _CANT_TELL))


def _near(found: ParsedText) -> str:
    """Return the question of ours that is nearest to a text: about what it names, or worded most like it."""
    named = _named(found)
    return _NEAR_OF[named[0]].format(named[1]) if named else nearest_phrasing(found)


def _named(found: ParsedText) -> tuple[str, str] | None:
    """Return the kind and name of the model or test that a text names."""
    named = ((kind, each.value) for kind in _NEAR_OF for each in found.of(kind) if each.value and not each.ordinary)
    return next(named, None)


def _without(found: ParsedText, own: str | None, previous: Question | None) -> Reading:
    """Return a comparison with the rest where a text leaves out a lab's or country's models, or why there is none."""
    one = found.left_out[0]
    name = one.value or one.typed
    if one.kind in ("benchmark", "model"):
        what = "test" if one.kind == "benchmark" else "single model"
        return Reading(
            sentence=f"No {what} can be left out; “trust” shows the figure without the one that it rests on most."
        )
    asked = own or (previous.name if previous else None)
    filled = fill(QUESTIONS["compare"], found)
    before = values_of(previous).keys() if previous is not None and not own else set()
    if len(found.left_out) > 1 or asked not in ("gap", "compare") or filled.aside or before - {"as_of", "access"}:
        return Reading(
            sentence=f"Models of {name} can't be left out of this; “compare {name} others” holds them against the rest."
        )
    return _made(
        "compare", replace(filled, values=filled.values | {"left": name, "right": "others"}, choices={}), found
    )


def _chosen(ranked: list[tuple[float, str]], found: ParsedText) -> Reading:
    """Return the reading of the best question, or those to choose from where several fit as well."""
    filled = {name: fill(QUESTIONS[name], found) for _, name in ranked}
    whole = [each for each in ranked if not filled[each[1]].aside]
    best = whole if whole and ranked[0][0] - whole[0][0] < _WHOLE_COUNTS else ranked
    near = [name for score, name in best if best[0][0] - score < _MARGIN]
    if len(near) == 1:
        near += [name for name in _for_lost(near[0], filled[near[0]].aside, found) if name not in near]
    readings = [_made(name, fill(QUESTIONS[name], found), found) for name in near]
    if len(readings) == 1:
        is_lacking = readings[0].question is None and not readings[0].alternatives
        return Reading() if is_lacking and not has_subject(found) else readings[0]
    return _offered([each for one in readings for each in (one.alternatives or (one,))])


def _for_lost(name: str, aside: tuple[str, ...], found: ParsedText) -> list[str]:
    """Return the questions about names that a reading leaves aside, where without them the text means another thing."""
    others = {"benchmark": "frontier", "model": "model"}
    if found.has("model") or name == "frontier":
        others |= {"lab": "gap", "country": "gap"}
    lost = [each.kind for each in found.mentions if (each.value or each.typed) in aside and each not in measures(found)]
    return [others[kind] for kind in dict.fromkeys(lost) if kind in others and name != "terms"]


def _made(name: str, filled: FieldValues, found: ParsedText) -> Reading:
    """Return a question's reading, or several where a name fits several."""
    made = [reading(name, values, found.names, filled.aside) for values in filled.all_values()]
    return made[0] if len(made) == 1 else _offered(made)


def _offered(readings: list[Reading]) -> Reading:
    can_be_asked = tuple(each for each in readings if each.question)
    if len(can_be_asked) < 2:
        return (can_be_asked or tuple(readings))[0]
    return Reading(alternatives=can_be_asked, sentence="That can mean several things; choose one.")
