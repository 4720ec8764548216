"""A text that goes on from the question before it: "and on private ones?", "what about China?", "and 90?"."""

import re
from dataclasses import fields, replace

from bot.assistant import english, patterns
from bot.assistant.context import Context
from bot.assistant.field_values import FieldValues, fill
from bot.assistant.intents import is_clear, lacks
from bot.assistant.parsed_text import ParsedText, parse
from bot.assistant.reading import values_of
from core.questions import QUESTIONS, Question

_SHORT, _BARE = 5, 2
_IT = re.compile(r"\b(?:its?|(?:this|that) (?:model|test|one))\b", re.IGNORECASE)
_ABOUT_MODELS = ("best", "frontier", "timeline")
"""Questions that are answered with a model."""
_OF_ANSWERS = ("trust", "sources")
"""Questions that in short are about what was just answered."""
_SUBJECT = (("benchmark", "access", "domain"), ("model", "country", "lab"))
"""What a question is about: on which tests, and whose models. Naming one of either does away with that of before."""
_EITHER_OR = (("country", "lab"), ("benchmark", "access"), ("benchmark", "domain"), ("level", "model"))
"""Fields of which a new one does away with the old other."""


def name_subject(cleaned: str, previous: Question | None, found: ParsedText) -> str | None:
    """Return a text that asks for a fact of the data, with the model or test of the question before as its subject.

    None for any other text. "And its licence?" and "and the licence?" name no subject.
    """
    values, it = values_of(previous) if previous else {}, _IT.search(cleaned)
    names = [values[key] for key in ("model", "benchmark") if key in values and (it or found.n_words <= _SHORT)]
    start, end = (cleaned[: it.start()], cleaned[it.end() :]) if it else (f"{cleaned.rstrip(' ?.!')} of ", "")
    texts = (f"{start}{name}{end}" for name in names)
    lines = ((asked, parse(asked, found.names, found.today).line) for asked in texts)
    return next((asked for asked, line in ((cleaned, found.line), *lines) if patterns.fact(line)), None)


def continued(previous: Question, found: ParsedText, own: str | None) -> tuple[str, FieldValues] | None:
    """Return the question and fields that a text means after another question, None where it stands on its own.

    `own` names the question that the text would be by itself, if any.
    """
    name = _continued(previous, found, own)
    return (name, _merged(name, previous, found)) if name else None


def resumed_question(previous: Question, context: Context, found: ParsedText) -> tuple[str, FieldValues] | None:
    """Return the question and fields of a text that says by a phrase what of those before it means, None for others."""
    old = values_of(previous)
    for name in ("size", "price", "domain"):
        is_of_another = name == "domain" and found.domains != [old.get(name)]
        if name in old and not is_of_another and patterns.has_sign(f"lifts the {name}", found.line):
            filled = _merged(previous.name, previous, found)
            filled.values.pop(name)
            return previous.name, filled
    if patterns.has_sign("asks who is right", found.line):
        return "others", fill(QUESTIONS["others"], found)
    model = old.get("model") or (context.model if previous.name in _ABOUT_MODELS else None)
    if model and patterns.has_sign("asks when it came out", found.line):
        return "model", FieldValues({"model": model}, {})
    if "left" in old and patterns.has_sign("compares both", found.line):
        return previous.name, _merged(previous.name, previous, found)
    subjects = [subject for each in context.questions if (subject := _subject(each))]
    if len(set(subjects)) > 1 and patterns.has_sign("compares both", found.line):
        filled = _merged("compare", previous, found)
        return "compare", replace(filled, values=filled.values | dict(zip(("left", "right"), subjects, strict=True)))
    return None


def _subject(question: Question) -> str | None:
    """Return what of a question can be a side of a comparison."""
    values = values_of(question)
    return next((values[name] for name in ("model", "lab", "country", "benchmark") if name in values), None)


def fields_after(name: str, previous: Question | None, found: ParsedText) -> FieldValues:
    """Return the fields of a question that a text may ask; a short one goes on from the question before."""
    return _merged(name, previous, found) if previous and found.n_words <= _SHORT else fill(QUESTIONS[name], found)


def _continued(previous: Question, found: ParsedText, own: str | None) -> str | None:
    is_short = found.n_words <= _SHORT
    is_open = patterns.has_sign("opens", found.line) or patterns.has_sign("points", found.line)
    if is_short and patterns.has_sign("asks for the model or day", found.line):
        return "timeline" if values_of(previous).keys() & {"benchmark", "model"} else own
    if previous.name == "gap" and patterns.has_sign("asks which way it goes", found.line):
        return "gap"
    if own is None or (has_only_names(found) and not _says_more(own, previous, found)):
        is_known = found.unknown <= found.known or found.is_about_terms
        name = previous.name if _adds(previous, found) else own
        return name if is_known and (is_open or is_short) else None
    is_of_answer = is_short and own in _OF_ANSWERS
    is_lacking = own == previous.name and lacks(QUESTIONS[own], fill(QUESTIONS[own], found)) > 0
    return own if is_open or is_of_answer or is_lacking else None


def _says_more(own: str, previous: Question, found: ParsedText) -> bool:
    """Whether a text of names and little words asks a question of its own: a longer one, or one of another thing."""
    is_of_another = found.terms or (found.has("model") and "model" not in values_of(previous))
    return is_clear(own, found) and bool(found.n_words > _BARE or is_of_another)


def has_only_names(found: ParsedText) -> bool:
    """Whether a text says nothing but names, days and levels, besides little words."""
    return "<" in found.line and all(word[0] == "<" or english.is_little(word) for word in found.line.split())


def _adds(previous: Question, found: ParsedText) -> bool:
    """Whether a text has anything that the question before can take, or names its own sides again."""
    new = fill(type(previous), found)
    return bool(new.choices or _named(new, found)) or found.has("open", "closed")


def _named(new: FieldValues, found: ParsedText) -> dict[str, str]:
    """Return the values that a text names: days between which things changed are filled in where none is named."""
    return {key: value for key, value in new.values.items() if key != "since" or found.days}


def _merged(name: str, previous: Question, found: ParsedText) -> FieldValues:
    """Return a question with what the one before was about where the text names none of it."""
    new = fill(QUESTIONS[name], found)
    old, values = values_of(previous), _named(new, found)
    if name == previous.name and "left" in values and found.days and not old.get("left", "")[:1].isdigit():
        values = {"as_of": found.days[0].as_of.isoformat()}
    given = values.keys() | new.choices.keys()
    if name == previous.name:
        pairs = [pair for pair in _EITHER_OR if len(given & set(pair)) == 1]
        kept = old.keys() - {key for pair in pairs for key in pair}
    else:
        has = {each.name for each in fields(QUESTIONS[name])}
        kept = {key for group in _SUBJECT if given.isdisjoint(group) for key in group} & has
        values = new.values
    before = {key: old[key] for key in old if key in kept - new.choices.keys()}
    return FieldValues(before | values, new.choices, new.aside)
