"""Which question is meant: each is scored by its cues, by its own phrasings, and by what it can take of the text."""

import re
from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from functools import lru_cache

from bot.assistant import cues, lexicon
from bot.assistant.field_values import fill
from bot.assistant.understanding import Found, understand
from core.evidence.name_index import NameIndex
from core.questions import QUESTIONS, Question
from core.words import day

ENOUGH = 2.0
"""A reading below this score is none."""
MARGIN = 0.2
"""Readings that are no further apart than this are offered to choose from."""

_ENOUGH_ALONE = 4.0
"""The same for a text of little words alone, such as "where is that from?"."""
_LIKENESS = 2.0
_OWN_WORDS, _THE_SAME = 6.0, 0.95
"""What it weighs that a text is one of the question's own phrasings, and from which likeness on it is."""
_FITS, _NO_PLACE = 0.3, -1.0
_A_NAME = 2.0
"""That a name has no place weighs so much more than that another thing has none."""
_LITTLE = 0.25
_A_CUE, _CLEAR_CUE, _ALIKE = 1.0, 2.0, 0.65
"""A question has at least a cue of this weight, a clear one where there are unknown words, or a phrasing this alike."""
_CLEARLY = frozenset({"terms", "compare"})
"""Questions that are only read where a cue is clear: their words are in many texts."""
_A_DEFINITION = 3.0
"""From this score of cues on, a text asks what a word means, or what changed."""
_ALL_KNOWN = 1.0
_MOSTLY_KNOWN, _HALF_KNOWN = 0.85, 0.6
"""The share of telling words that must be known in a text with no subject of ours, or a doubtful one."""
_NEAR = re.compile(r"\b(?:models?|benchmarks?|llms?|ai|weights|leaderboards?)\b")
"""Words of our subject, though of others too."""
_ASKS = re.compile(r"\b(?:which|who|whose|why|where|does|did|should|can)\b")
"""Words of a text that asks something of its own."""
_A_FORM = re.compile(
    r"\b(?:wh(?:at|en|ere|ich|o|om|ose|y)|how|is|are|was|were|do|does|did|ha[sd]|have|ca|can|could|would|should|any"
    r"|anything|catch|cite|compare|define|difference|explain|give|link|list|need|please|pls|plz|say|show|tell)\b"
)
"""Words of a text that asks, or wants to be told."""
_OF_PEOPLE = re.compile(r"\b(?:my|our|we|he|she|him|his|her|do i)\b")
"""Words of a text about people."""
_OF_OURS = frozenset({"changes", "trust", "others", "terms", "sources"})
"""The questions about what we say, which no text needs to name."""
_A_CALL = 3
"""A text of no more words may ask without any of these: "leaderboard please"."""
_NAMES = frozenset({"benchmark", "model", "lab", "country"})
_PLACES = {
    "benchmark": ("benchmark",),
    "model": ("model",),
    "lab": ("lab", "left"),
    "country": ("country", "left"),
    "private": ("access", "left"),
    "public": ("access", "left"),
    "level": ("level", "score"),
    "day": ("as_of", "since", "day"),
}
"""The fields that can hold what a tag stands for; `left` stands for the sides of a comparison."""


@dataclass(frozen=True)
class Intent:
    """A question's name with its score."""

    name: str
    score: float


def intents(found: Found) -> list[Intent]:
    """Score every question that may be meant, best first; empty where the text is about something else."""
    if not is_ours(found) or why_not(found):
        return []
    scored = [Intent(name, _score(name, question, found)) for name, question in QUESTIONS.items()]
    enough = _enough(scored, found)
    return sorted(enough or _by_default(found), key=lambda intent: -intent.score)


def _enough(scored: list[Intent], found: Found) -> list[Intent]:
    """Return the questions that score enough.

    Of models are only those texts that name something of ours, or have the form of a question.
    """
    has_form = found.n_words <= _A_CALL or (_A_FORM.search(found.line) and not _OF_PEOPLE.search(found.line))
    is_asked = is_about_models(found) or has_form
    scored = [each for each in scored if is_asked or each.name in _OF_OURS]
    return [each for each in scored if each.score >= (ENOUGH if found.known or each.name == "terms" else _ENOUGH_ALONE)]


def _by_default(found: Found) -> list[Intent]:
    """Return the gap where a text names our subject and says nothing else that could be asked of it."""
    if (
        _ASKS.search(found.line)
        or found.unknown
        or found.has("model")
        or found.has("publisher")
        or not has_subject(found)
    ):
        return []
    return [Intent(name, ENOUGH) for name in QUESTIONS if name == "gap"]


def is_ours(found: Found) -> bool:
    """Whether a text is about open and closed models: by what it names, or by holding little else."""
    if found.is_about_terms or has_subject(found):
        return True
    enough = _HALF_KNOWN if is_near(found) or _NEAR.search(found.line) else _MOSTLY_KNOWN
    return found.known >= enough * (found.known + found.unknown)


def has_subject(found: Found) -> bool:
    """Whether a text names something that only we are asked about."""
    if not any(tag in found.line for tag in cues.SUBJECT):
        return False
    named = found.of("benchmark") + found.of("model") + found.of("publisher")
    return not named or any(not mention.ordinary for mention in named)


def is_near(found: Found) -> bool:
    """Whether a text names our subject, or one of the sides, which other texts may do too."""
    return has_subject(found) or found.has("open") or found.has("closed")


def is_about_models(found: Found) -> bool:
    """Whether a text has any word or name of models and their tests."""
    return is_near(found) or bool(found.mentions) or bool(_NEAR.search(found.line)) or "gap " in found.line


def why_not(found: Found) -> str | None:
    """Return why the data can't answer a text, None if it may; a term of the glossary may be explained all the same.

    A day to come may be supposed, and why a figure moved since a day may be told by what changed.
    """
    if found.terms and not found.mentions and _cue_score("terms", found.term_stems) >= _A_DEFINITION:
        return None
    present = cues.first_words(found.stems)
    for sentence, pattern in cues.not_answered():
        is_supposed = pattern == "<future>" and _cue_score("what_if", found.stems) >= ENOUGH
        is_told = pattern.startswith("why ") and found.of_days and _cue_score("changes", found.stems) >= _A_DEFINITION
        if not (is_supposed or is_told) and cues.matches(pattern, found.stems, present):
            return sentence.format(day=day(found.of_days[0].first)) if found.of_days else sentence
    return None


def is_whole(name: str, found: Found) -> bool:
    """Whether a text says by a clear cue that it asks this question."""
    if name == "terms":
        return _cue_score(name, found.term_stems) >= _A_DEFINITION
    return _cue_score(name, found.stems) >= _CLEAR_CUE


def _score(name: str, question: type[Question], found: Found) -> float:
    line = found.term_stems if name == "terms" else found.stems
    by_cue = _cue_score(name, line) or (_A_DEFINITION if name == "terms" and _is_term_alone(found) else 0.0)
    likeness = max((_likeness(line, phrase) for phrase in _phrasings(question, found.names)), default=0.0)
    needed = _CLEAR_CUE if found.unknown or name in _CLEARLY else _A_CUE
    is_alike = likeness >= _ALIKE and name not in _CLEARLY and (has_subject(found) or name not in cues.by_question())
    if by_cue < needed and not is_alike:
        return 0.0
    whole = _ALL_KNOWN if not found.unknown else 0.0
    own = _OWN_WORDS if likeness > _THE_SAME else 0.0
    return by_cue + _LIKENESS * likeness + own + whole + _fit(question, found) + _NO_PLACE * lacking(question, found)


def _is_term_alone(found: Found) -> bool:
    """Whether a text is a term of the glossary that says nothing else to the reader: "distillation?"."""
    return found.n_words == 1 and found.unknown == 1 and found.is_about_terms


def _cue_score(name: str, line: str) -> float:
    present = cues.first_words(line)
    return sum(weight for weight, pattern in cues.by_question().get(name, ()) if cues.matches(pattern, line, present))


def _fit(question: type[Question], found: Found) -> float:
    """Weigh which of the things in the text the question has a place for, and which not."""
    has = {each.name for each in fields(question)}
    total = 0.0
    for tag, places in _PLACES.items():
        if found.has(tag):
            total += _FITS if has & set(places) else _NO_PLACE * (_A_NAME if tag in _NAMES else 1.0)
    if "term" in has:
        return total + _NO_PLACE * max(len(found.terms) - 1, 0)
    if "left" in has:
        return total
    both_kinds = found.has("private") and found.has("public")
    two_of_a_kind = any(len({each.value for each in found.of(kind)}) > 1 for kind in _NAMES - {"model"})
    two_days = len(found.of_days) > 1 and not has & {"since", "known_by"}
    return total + _NO_PLACE * (_A_NAME * (both_kinds + two_of_a_kind) + two_days)


def lacking(question: type[Question], found: Found) -> int:
    """Count the fields that a question needs and that the text does not give; a day is filled in."""
    filled = fill(question, found)
    given = filled.values.keys() | filled.choices.keys()
    return sum(each.default is MISSING and each.name not in given for each in fields(question))


# ---- likeness to a question's own phrasings


def _likeness(line: str, phrase: str) -> float:
    """Return how much two lines have in common, from 0 to 1; little words weigh little, names count by their kind."""
    one, other = (_weights(each.split()) for each in (line, phrase))
    both = sum(weight for word, weight in one.items() if word in other)
    return both / (sum((one | other).values()) or 1.0)


def _weights(words: Iterable[str]) -> dict[str, float]:
    kinds = (word.partition(":")[0] if word[0] == "<" else word for word in words)
    return {word: _LITTLE if lexicon.is_little(word) else 1.0 for word in kinds}


@lru_cache(maxsize=64)
def _phrasings(question: type[Question], known: NameIndex) -> tuple[str, ...]:
    """Return a question's phrasings as lines of stems and tags."""
    found = (understand(phrase, known, known.newest) for phrase in question.phrasings)
    return tuple(each.term_stems if question.name == "terms" else each.stems for each in found)
