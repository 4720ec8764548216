"""Which question is meant: each is scored by its cues, by its own phrasings, and by what it can take of the text."""

import re
from dataclasses import MISSING, fields
from functools import lru_cache

from bot.assistant import english, patterns
from bot.assistant.field_values import FieldValues, fill
from bot.assistant.parsed_text import ParsedText, parse
from core.evidence.name_index import NameIndex
from core.questions import QUESTIONS, Question
from core.words import day

_ENOUGH, _ENOUGH_ALONE = 2.0, 4.0
"""A question that scores below this is not meant; the second holds for a text of little words alone."""
_LIKENESS, _ALIKE, _THE_SAME = 2.0, 0.65, 0.95
"""What likeness to a question's own phrasings weighs, and from where on it stands for a cue, and is one."""
_NEAR_ENOUGH, _OWN_WORDS = 0.25, 6.0
_A_CUE, _A_CLEAR_CUE = 1.0, 2.0
"""A question has at least a cue of this weight, a clear one where there are unknown words."""
_A_DEFINITION = 3.0
"""From this score of cues on, a text asks what a word means, or what changed."""
_FITS, _NO_PLACE, _A_NAME = 0.3, -1.0, 2.0
"""What it weighs that a question has a place for what is named, that it has none, and so much more for a name."""
_ALL_KNOWN = 1.0
_LITTLE = 0.25
_MOSTLY_KNOWN, _HALF_KNOWN = 0.85, 0.6
"""The share of telling words that must be known in a text with no subject of ours, or a doubtful one."""
_SUBJECT = re.compile(r"gapbrief |<(?:open|closed|private|public):1>|<(?:benchmark|model|publisher):")
"""What makes a text one about open and closed models, or their tests, though it holds unknown words."""
_NEAR = re.compile(r"\b(?:model|benchmark|llm|ai|weight|leaderboard)\b|<(?:open|closed):")
"""What is of our subject, though of others too."""
_OF_OURS = frozenset({"changes", "trust", "others", "terms", "sources"})
"""The questions about what we say, which no text needs to name."""
_A_CALL = 3
"""A text of no more words may ask without the form of a question: "leaderboard please"."""
_PLACES = {
    "benchmark": {"benchmark"}, "model": {"model"}, "lab": {"lab", "left"}, "country": {"country", "left"},
    "private": {"access", "left"}, "public": {"access", "left"}, "level": {"level", "score"},
    "day": {"as_of", "since", "day"},
}  # fmt: skip
"""The fields that can hold what a tag stands for; `left` stands for the sides of a comparison."""
_NAMES = ("benchmark", "model", "lab", "country")


def intents(found: ParsedText) -> list[tuple[float, str]]:
    """Return every question that may be meant with its score, best first; empty where the text is about something else.

    Of models are only those texts that name something of ours, or have the form of a question.
    """
    if not is_ours(found) or why_not(found):
        return []
    is_asked = is_about_models(found) or found.n_words <= _A_CALL or _has_form(found)
    scored = [(_score(question, found), name) for name, question in QUESTIONS.items() if is_asked or name in _OF_OURS]
    least = _ENOUGH if found.known else _ENOUGH_ALONE
    enough = [each for each in scored if each[0] >= (_ENOUGH if each[1] == "terms" else least)]
    if not enough and has_subject(found) and not (found.unknown or found.has("model", "publisher")):
        enough = [] if patterns.has_sign("asks something of its own", found.line) else [(_ENOUGH, "gap")]
    return sorted(enough, key=lambda each: -each[0])


def _has_form(found: ParsedText) -> bool:
    return patterns.has_sign("asks", found.line) and not patterns.has_sign("speaks of people", found.line)


def is_ours(found: ParsedText) -> bool:
    """Whether a text is about open and closed models: by what it names, or by holding little else."""
    if found.is_about_terms or has_subject(found):
        return True
    enough = _HALF_KNOWN if _NEAR.search(found.line) else _MOSTLY_KNOWN
    return found.known >= enough * (found.known + found.unknown)


def has_subject(found: ParsedText) -> bool:
    """Whether a text names something that only we are asked about."""
    named = found.of("benchmark") + found.of("model") + found.of("publisher")
    return bool(_SUBJECT.search(found.line)) and (not named or any(not mention.ordinary for mention in named))


def is_about_models(found: ParsedText) -> bool:
    """Whether a text has any word of models and their tests, or a name; a country's alone is of anything."""
    named = any(mention.kind != "country" for mention in found.mentions)
    return has_subject(found) or named or bool(_NEAR.search(found.line)) or "gap " in found.line


def why_not(found: ParsedText) -> str | None:
    """Return why the data can't answer a text, None if it may; a term of the glossary may be explained all the same.

    A day to come may be supposed, and why a figure moved since a day may be told by what changed.
    """
    if found.terms and not found.mentions and patterns.cue_score("terms", found.term_line) >= _A_DEFINITION:
        return None
    for sentence, pattern in patterns.sections("not_answered.txt"):
        is_supposed = pattern == "<future>" and patterns.cue_score("what_if", found.line) >= _ENOUGH
        is_told = (
            pattern.startswith("why ") and found.of_days and patterns.cue_score("changes", found.line) >= _A_DEFINITION
        )
        if not (is_supposed or is_told) and patterns.matches(pattern, found.line):
            return sentence.format(day=day(found.of_days[0].first)) if found.of_days else sentence
    return None


def says_it(name: str, found: ParsedText) -> bool:
    """Whether a text says by a clear cue that it asks this question."""
    line, needed = (found.term_line, _A_DEFINITION) if name == "terms" else (found.line, _A_CLEAR_CUE)
    return patterns.cue_score(name, line) >= needed


def lacks(question: type[Question], filled: FieldValues) -> int:
    """Count the fields that a question needs and that a text does not give; a day is filled in."""
    given = filled.values.keys() | filled.choices.keys()
    return sum(each.default is MISSING and each.name not in given for each in fields(question))


def _score(question: type[Question], found: ParsedText) -> float:
    line = found.term_line if question.name == "terms" else found.line
    is_term_alone = question.name == "terms" and found.n_words == 1 and found.is_about_terms and not found.known
    by_cue = _A_DEFINITION if is_term_alone else patterns.cue_score(question.name, line)
    likeness = max((_likeness(line, phrase) for phrase in _phrasings(question, found.names)), default=0.0)
    is_alike = likeness >= _ALIKE and (has_subject(found) or question.name not in patterns.cues())
    if by_cue < (_A_CLEAR_CUE if found.unknown else _A_CUE) and not is_alike:
        return 0.0
    whole = (0.0 if found.unknown else _ALL_KNOWN) + (_OWN_WORDS if likeness > _THE_SAME else 0.0)
    return (
        by_cue
        + _LIKENESS * likeness
        + whole
        + _fit(question, found)
        + _NO_PLACE * lacks(question, fill(question, found))
    )


def _fit(question: type[Question], found: ParsedText) -> float:
    """Weigh which of the things in the text the question has a place for, and which not."""
    has = {each.name for each in fields(question)}
    total = 0.0
    for tag, places in _PLACES.items():
        if found.has(tag):
            total += _FITS if has & places else _NO_PLACE * (_A_NAME if tag in _NAMES else 1.0)
    if "term" in has:
        return total + _NO_PLACE * max(len(found.terms) - 1, 0)
    if "left" in has:
        return total
    is_both = found.has("private") and found.has("public")
    is_two = any(len({each.value for each in found.of(kind)}) > 1 for kind in _NAMES if kind != "model")
    is_two_days = len(found.of_days) > 1 and not has & {"since", "known_by"}
    return total + _NO_PLACE * (_A_NAME * (is_both + is_two) + is_two_days)


def _likeness(line: str, phrase: str) -> float:
    """Return how much two lines have in common, from 0 to 1; little words weigh little, names count by their kind."""
    one, other = (_weights(each) for each in (line, phrase))
    return sum(weight for word, weight in one.items() if word in other) / (sum((one | other).values()) or 1.0)


def nearest_phrasing(found: ParsedText) -> str:
    """Return the phrasing of a question that a text is most like; the first of all where it is like none."""
    best, nearest = _NEAR_ENOUGH, next(iter(QUESTIONS.values())).phrasings[0]
    for question in QUESTIONS.values():
        for line, phrase in zip(_phrasings(question, found.names), question.phrasings, strict=True):
            likeness = _likeness(found.line, line)
            best, nearest = (likeness, phrase) if likeness > best else (best, nearest)
    return nearest


@lru_cache(maxsize=128)
def _weights(line: str) -> dict[str, float]:
    kinds = (word.partition(":")[0] if word[0] == "<" else word for word in line.split())
    return {word: _LITTLE if english.is_little(word) else 1.0 for word in kinds}


@lru_cache(maxsize=64)
def _phrasings(question: type[Question], known: NameIndex) -> tuple[str, ...]:
    """Return a question's phrasings as lines of stems and tags."""
    found = (parse(phrase, known, known.newest) for phrase in question.phrasings)
    return tuple(each.term_line if question.name == "terms" else each.line for each in found)
