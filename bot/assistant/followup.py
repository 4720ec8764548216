"""A text that goes on from the question before it: "and on private ones?", "what about China?", "and 90?"."""

import re
from dataclasses import fields

from bot.assistant import lexicon
from bot.assistant.field_values import FieldValues, fill
from bot.assistant.intents import is_whole, lacking
from bot.assistant.reading import values_of
from bot.assistant.understanding import Found
from core.evidence.name_index import NameIndex
from core.evidence.names import plain
from core.questions import QUESTIONS, Question

_OPENER = re.compile(
    r"^(?:(?:ok|okay|so|hmm|well|cool|thanks|yes|no) )*(?:and|but|or|also|then|now|only|same|what about|how about)\b"
    r"(?: (?:for|with|about|what about|how about|in|on))* ?"
)
_POINTING = re.compile(r"\b(?:that|this|it|its|there|those|these|them|they|same|one|ones)\b|<rest:")
_WHICH = re.compile(
    r"^(?:(?:and|so|but) )*(?:since when|when (?:was|did) (?:that|this|it)(?: happen)?|when"
    r"|which (?:model|one)(?: was (?:it|that|first))?|who was (?:it|that|first)) $"
)
"""How a text asks for the day of what was just answered, or for the model."""
_MOVES = re.compile(
    r"^(?:(?:so|and|but|ok|okay|well|then|hmm) )*(?:is|has|did|are|have) (?:it|that|this|things|they) (?:\S+ ){0,2}?"
    r"(?:wors\w*|better|small\w*|bigger|larger|wider|narrow\w*|shr[aiu]nk\w*|shrinking|gr[eo]w\w*|clos(?:e|es|ed|ing|er)"
    r"|widen\w*|improv\w*|chang(?:ed|ing)) (?:(?:on|over time|now|or not|at all|too) ?)*(?:<\S+ )?$"
)
"""How a text asks, after the gap, which way it goes."""
_ARTICLES = re.compile(r"\b(?:a|an|the|ones?) ")
_SHORT = 5
_OF_ANSWERS = ("trust", "sources")
"""Questions that in short are about what was just answered."""
_OF_BOTH = ("frontier", "timeline")
"""Questions whose answer names both sides."""
_INHERITED = (("benchmark", "access"), ("model", "country", "lab"))
"""What a question was about: on which tests, and whose models. Naming one of either does away with that of before."""
_EITHER_OR = (("country", "lab"), ("benchmark", "access"), ("level", "model"))
"""Fields of which a new one does away with the old other."""
_SWITCH = {"model": "model", "level": "timeline"} | dict.fromkeys(
    ("benchmark", "private", "public", "country", "lab"), "gap"
)
"""The question to go to where the one before has no place for what is new."""


def continued(previous: Question, found: Found, own: str | None, known: NameIndex) -> tuple[str, FieldValues] | None:
    """Return the question and fields that a text means after another question, None where it stands on its own.

    `own` names the question that the text would be by itself, if any.
    """
    if _WHICH.match(found.line) and values_of(previous).keys() & {"benchmark", "model"}:
        name, filled = _inheriting("timeline", previous, found)
        return name, FieldValues(values_of(previous), {}) if name == previous.name else filled
    if previous.name == "gap" and _MOVES.match(found.line):
        new = fill(type(previous), found)
        return previous.name, FieldValues(_merged(values_of(previous), new.values, new), new.choices, new.aside)
    opened = _OPENER.match(found.line) is not None
    points = _POINTING.search(found.line) is not None
    if own is None or (_only_names(found) and not is_whole(own, found)):
        goes_on = opened or points or found.n_words <= _SHORT
        is_known = found.unknown <= found.known or found.is_about_terms
        return _replaced(previous, found, known) if goes_on and is_known else None
    if own == previous.name:
        if not (opened or points or lacking(type(previous), found)):
            return None
        return _replaced(previous, found, known) or (previous.name, FieldValues(values_of(previous), {}))
    is_about_answer = own in _OF_ANSWERS and found.n_words <= _SHORT
    return _inheriting(own, previous, found) if opened or points or is_about_answer else None


def _only_names(found: Found) -> bool:
    """Whether a text says nothing but names, days and levels, besides little words."""
    words = found.line.split()
    return "<" in found.line and all(word[0] == "<" or lexicon.is_little(word) for word in words)


def _replaced(previous: Question, found: Found, known: NameIndex) -> tuple[str, FieldValues] | None:
    """Return the previous question with what is new in the text, or the question that has a place for it."""
    new = fill(type(previous), found)
    values = {key: value for key, value in new.values.items() if key != "side" or found.side}
    old = values_of(previous)
    if "since" in values and not found.of_days:
        del values["since"]  # only filled in
    if "term" in old and "term" not in values:
        values |= _other_term(old["term"], found, known)
    if "left" in values and found.of_days and not _are_days(old):
        values = {"as_of": found.of_days[0].as_of.isoformat()}
    if values or new.choices:
        return previous.name, FieldValues(_merged(old, values, new), new.choices, new.aside)
    if previous.name in _OF_BOTH and _only_names(found) and (found.has("open") or found.has("closed")):
        return previous.name, FieldValues(old, {})
    name = next((name for tag, name in _SWITCH.items() if found.has(tag)), None)
    return _inheriting(name, previous, found) if name and name != previous.name else None


def _are_days(sides: dict[str, str]) -> bool:
    return any(sides.get(side, "")[:1].isdigit() or sides.get(side) == "now" for side in ("left", "right"))


def _merged(old: dict[str, str], values: dict[str, str], new: FieldValues) -> dict[str, str]:
    """Return the old fields with the new ones, without what these do away with."""
    given = values.keys() | new.choices.keys()
    gone = {other for pair in _EITHER_OR for other, one in (pair, pair[::-1]) if one in given and other not in given}
    return {key: value for key, value in old.items() if key not in gone | new.choices.keys()} | values


def _inheriting(name: str, previous: Question, found: Found) -> tuple[str, FieldValues]:
    """Return a text's own question, with what the one before was about where the text itself names none of it."""
    filled = fill(QUESTIONS[name], found)
    given = filled.values.keys() | filled.choices.keys()
    has = {each.name for each in fields(QUESTIONS[name])}
    kept = {key for group in _INHERITED if given.isdisjoint(group) for key in group} & has
    old = {key: value for key, value in values_of(previous).items() if key in kept}
    return name, FieldValues(old | filled.values, filled.choices, filled.aside)


def _other_term(old: str, found: Found, known: NameIndex) -> dict[str, str]:
    """Return the term that a text names in short after another: "and a public one?" after "Private test"."""
    line = _ARTICLES.sub("", _OPENER.sub("", _untagged(found.line))).strip()
    noun = old.split()[-1]
    name = known.terms.get(plain(line)) or known.terms.get(plain(f"{line} {noun}"))
    return {"term": name.shown} if name else {}


def _untagged(line: str) -> str:
    return re.sub(r"<(open|closed|private|public):\d>", r"\1", line)
