"""Which question is meant: each is scored by its cues, and by what it can take of the text."""

import re
from dataclasses import MISSING, fields

from bot.assistant import patterns
from bot.assistant.field_values import FieldValues, fill
from bot.assistant.parsed_text import ParsedText
from core.questions import QUESTIONS, Question
from core.words import day

_ENOUGH, _ENOUGH_ALONE = 2.0, 4.0
"""A question that scores below this is not meant; the second holds for a text of little words alone."""
_A_CUE, _A_CLEAR_CUE = 1.0, 2.0
"""A question has at least a cue of this weight, a clear one where there are unknown words."""
_A_DEFINITION = 3.0
"""From this score of cues on, a text asks what a word means, or what changed."""
_FITS, _NO_PLACE, _SEVERAL = 0.3, -2.0, -1.5
"""What it weighs that a question has a place for what is named, that it has none, and that it takes one of several."""
_ALL_KNOWN = 1.0
_MOSTLY_KNOWN = 0.7
"""The share of telling words that must be known in a text with no subject of ours."""
_SUBJECT = re.compile(
    r"gapbrief |<(?:open|closed|private|public):1>|<(?:benchmark|model|publisher):"
    r"|<price:\d+> (?:per )?(?:(?:1m|m|million) token|mtok) |<price:\d+> per (?:1m|m|million) "
    r"|<open:.*<closed:|<closed:.*<open:"
)
"""What makes a text one about open and closed models, or their tests, though it holds unknown words."""
_NEAR = re.compile(r"\b(?:gap|model|benchmark|llm|ai|weight|leaderboard)\b|<(?:open|closed):")
"""What is of our subject, though of others too."""
_OF_OURS = frozenset({"changes", "trust", "others", "terms", "sources"})
"""The questions about what we say, which no text needs to name."""
_A_CALL = 3
"""A text of no more words may ask without the form of a question: "leaderboard please"."""


def intents(found: ParsedText) -> list[tuple[float, str]]:
    """Return every question that may be meant with its score, best first; empty where the text is about something else.

    Of models are only those texts that name something of ours, or have the form of a question.
    """
    is_of_lands = found.has("country") and not (found.has("lab") or patterns.has_sign("speaks of models", found.line))
    is_known = found.known >= (1.0 if is_of_lands else _MOSTLY_KNOWN) * (found.known + found.unknown)
    is_of_news = patterns.has_sign("asks what was missed", found.line)
    is_ours = found.is_about_terms or has_subject(found) or is_known or is_of_news
    if not is_ours or why_not(found):
        return []
    has_form = patterns.has_sign("asks", found.line) and not patterns.has_sign("speaks of people", found.line)
    is_asked = is_about_models(found) or found.n_words <= _A_CALL or has_form
    scored = [(_score(question, found), name) for name, question in QUESTIONS.items() if is_asked or name in _OF_OURS]
    is_telling = found.known or found.is_about_terms or _is_of_catching_up(found)
    least = _ENOUGH if is_telling else _ENOUGH_ALONE
    enough = [each for each in scored if each[0] >= least]
    is_bare = has_subject(found) and not (found.unknown or found.has("model", "publisher"))
    if not enough and is_bare and not patterns.has_sign("asks something of its own", found.line):
        return [(_ENOUGH, "gap")]
    return sorted(enough, key=lambda each: -each[0])


def has_subject(found: ParsedText) -> bool:
    """Whether a text names something that only we are asked about."""
    named = found.of("benchmark") + found.of("model") + found.of("publisher")
    return bool(_SUBJECT.search(found.line)) and (not named or any(not mention.ordinary for mention in named))


def is_about_models(found: ParsedText) -> bool:
    """Whether a text has any word of models and their tests, or a name; a country's alone is of anything."""
    named = any(mention.kind != "country" for mention in found.mentions)
    return has_subject(found) or named or bool(_NEAR.search(found.line)) or _is_of_catching_up(found)


def _is_of_catching_up(found: ParsedText) -> bool:
    """Whether a text asks if "they" catch up, which says who is meant though all its words are little ones."""
    return patterns.has_sign("speaks of catching up", found.line)


def why_not(found: ParsedText) -> str | None:
    """Return why the data can't answer a text, None if it may; a term of the glossary may be explained all the same.

    A day to come may be supposed, why a figure moved since a day may be told by what changed, and both sides may be
    held against each other at a price.
    """
    if found.terms and not found.mentions and _cue_score("terms", found) >= _A_DEFINITION:
        return None
    is_supposed = _cue_score("what_if", found) >= _ENOUGH
    is_told = bool(found.days) and _cue_score("changes", found) >= _A_DEFINITION
    for sentence, pattern in patterns.sections("not_answered.txt"):
        may_be = (pattern == "<future>" and is_supposed) or (pattern.startswith("why ") and is_told)
        may_be |= pattern.startswith("gpu|") and bool(found.sizes)
        may_be |= pattern.startswith(("price|", "token")) and patterns.has_sign("asks at a price", found.line)
        if not may_be and patterns.matches(pattern, found.line):
            return sentence.format(day=day(found.days[0].first)) if found.days else sentence
    return None


def nearest(found: ParsedText) -> type[Question]:
    """Return the question whose cues a text holds most of, the first of all where it holds none."""
    return max(QUESTIONS.values(), key=lambda question: _cue_score(question.name, found))


def says_it(name: str, found: ParsedText) -> bool:
    """Whether a text says by a clear cue that it asks this question."""
    return _cue_score(name, found) >= (_A_DEFINITION if name == "terms" else _A_CLEAR_CUE)


def lacks(question: type[Question], filled: FieldValues) -> int:
    """Count the fields that a question needs and that a text does not give; a day is filled in."""
    given = filled.values.keys() | filled.choices.keys()
    return sum(each.default is MISSING and each.name not in given for each in fields(question))


def _cue_score(name: str, found: ParsedText) -> float:
    if name != "terms":
        return patterns.cue_score(name, found.line)
    is_term_alone = found.n_words == 1 and found.is_about_terms and not found.known
    return _A_DEFINITION if is_term_alone else patterns.cue_score(name, found.term_line)


def _score(question: type[Question], found: ParsedText) -> float:
    by_cue = _cue_score(question.name, found)
    if by_cue < (_A_CLEAR_CUE if found.unknown else _A_CUE):
        return 0.0
    filled = fill(question, found)
    whole = 0.0 if found.unknown else _ALL_KNOWN
    fits = _FITS * len(filled.values | filled.choices)
    several = _SEVERAL * sum(len(found.domains if kind == "domain" else found.of(kind)) > 1 for kind in filled.choices)
    return by_cue + whole + fits + several + _NO_PLACE * (lacks(question, filled) + bool(filled.aside))
