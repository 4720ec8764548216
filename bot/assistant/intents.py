"""Ranks the questions that a text may ask: by learned weights, and by how well its fields fit."""

import re
from dataclasses import MISSING, fields

from bot.assistant import learned, parsed_text, patterns
from bot.assistant.field_values import FieldValues, fill_fields, reports_score
from bot.assistant.parsed_text import ParsedText
from bot.assistant.reading import BRIEF
from core.questions import QUESTIONS, Question
from core.words import day

_SURE_BY_DOUBTS = (0.7, 0.8, 0.92)
"""The least chance that a text asks one of our questions to answer it, by its number of doubts."""
_LIKELY_CHANCE = 0.1
"""The least chance that a text asks one of our questions to offer the likeliest."""
_SURE_IF_PLAIN, _PLAIN_FIRST_CHANCE = 0.6, 0.8
"""The least chance without strange words, if the likeliest question has at least the second chance."""
_SURE_IF_NEXT = 0.5
"""The least chance of the likeliest question in a follow-up with a name, or without strange words."""
_OF_THE_FUTURE = ("what_if", "unmatched")
"""Questions that may name a future day: a supposed one, or a share of past scores stands for it."""
_MANY_WORDS = 5
"""A text of more telling words may say other things besides asking how far behind a model is."""
_CLEAR_CHANCE = 0.8
"""The least chance of a question that is asked clearly."""
_CERTAIN_CHANCE = 0.9
"""The least chance of a question that is asked of a day, or after another one, in words that are not ours."""
_SENTENCE = 2
"""The least little words that ask something."""
_LIKELY_IF_OURS = 0.65
"""The least chance of a question in little words about models."""
_LEAST_CHANCE = 0.15
"""The least chance of a question that is read at all."""
_UNFIT_FACTOR = 0.2
"""The factor for a question that has no field for a name, or lacks a required one."""
_SUBJECT = re.compile(
    r"gapbrief |<(?:open|closed|private|public):1>|<(?:benchmark|model|publisher):"
    r"|<price:\d+> (?:(?:per|a|for) )*(?:(?:1m|m|million) (?:of )?(?:thos )?token|mtok) "
    r"|<price:\d+> per (?:1m|m|million) "
    r"|<open:.*<closed:|<closed:.*<open:"
)
"""Patterns of texts about open and closed models, or their tests."""
_MAKERS = "(?:lab|company|firm|startup|developer|maker) "
_NEAR = re.compile(
    r"\b(?:gap|model|benchmark|llm|ai|weight|leaderboard)\b|<(?:open|closed):"
    rf"|<country:\d+> {_MAKERS}|\b{_MAKERS}(?:in|from|of) (?:the )?<country:"
)
"""Patterns of our subject that other subjects share."""


def guess_questions(parsed: ParsedText, previous: str | None = None, *, is_answered: bool = False) -> list[str]:
    """Return the likely questions, the likeliest first; none if none is likely and none `is_answered`."""
    chances = _question_chances(parsed, previous)
    our_chance = 1 - chances.pop(learned.NONE)
    least_chance = _LIKELY_CHANCE if parsed.n_known or parsed.terms else 1.0 if parsed.n_unknown else _SURE_IF_PLAIN
    return [name for _, name in _rank_chances(chances, parsed)] if is_answered or our_chance >= least_chance else []


def _rank_chances(chances: dict[str, float], parsed: ParsedText) -> list[tuple[float, str]]:
    """Return (chance, question), given that one is asked and by how well it fits, the likeliest first."""
    fitting = [(chance * _fit_factor(name, parsed), name) for name, chance in chances.items()]
    return sorted(((chance / sum(weight for weight, _ in fitting), name) for chance, name in fitting), reverse=True)


def rank_questions(parsed: ParsedText, previous: str | None = None) -> list[tuple[float, str]]:
    """Return (chance, question) for a text that surely asks one of our questions, else nothing.

    Doubts are words that no example has, no word about models, and words of what the data can't answer. Without
    strange words a lower chance suffices, in a follow-up a still lower one. A text without names needs a word of our
    questions; one of little words must be clear.
    """
    report = "timeline" if reports_score(parsed) else BRIEF if parsed.has_sign("asks for the brief") else None
    if clear_question := _fact_question(parsed) or report:
        return [(1.0, clear_question)]
    chances = _question_chances(parsed, previous)
    our_chance = 1 - chances.pop(learned.NONE)
    if any(parsed.find(kind) for kind in ("lab", "country", "model", "benchmark")):
        chances[BRIEF] = 0.0  # a brief is about all of them
    telling_words = list(filter(parsed_text.is_telling, learned.split_words(parsed)))
    words = list(filter(learned.is_word, telling_words))
    are_familiar = all(map(learned.is_familiar, words))
    names_bound = parsed.sizes or parsed.prices  # a named card or price is a bound, no subject
    doubts = (not are_familiar) + (not is_about_models(parsed)) + 2 * bool(refusal_reason(parsed) and not names_bound)
    has_tag = len(words) < len(telling_words)
    has_name = has_tag or parsed.is_about_terms
    is_strange = bool(words) and not (has_name or any(map(learned.is_our_word, words)))
    is_strange = is_strange and not (parsed.days and max(chances.values()) >= _CERTAIN_CHANCE)
    least_chance = _LIKELY_IF_OURS if is_about_models(parsed) else _CLEAR_CHANCE
    says_little = not (words or has_name) and (max(chances.values()) < least_chance or parsed.n_words < _SENTENCE)
    ranking = _rank_chances(chances, parsed)
    is_ours = not parsed.n_unknown and all(map(learned.is_our_word, words))
    is_plain = is_ours and ranking[0][0] >= _PLAIN_FIRST_CHANCE and not doubts
    sure_chance = _SURE_IF_PLAIN if is_plain else _SURE_BY_DOUBTS[min(doubts, 2)]
    is_bare = not parsed.has("country", "lab") and ranking[0][1] != BRIEF  # these need a full question, or none
    may_go_on = previous is not None and is_bare and (parsed.n_known > 0 or parsed.has_sign("points"))
    next_chance = our_chance * ranking[0][0] if previous is not None and not refusal_reason(parsed) else 0.0
    is_next = next_chance >= (_SURE_IF_NEXT if has_tag or may_go_on else _CERTAIN_CHANCE) and (has_tag or is_ours)
    own_chance = 1 - _question_chances(parsed)[learned.NONE] if previous is not None else our_chance
    if not is_next and (own_chance < sure_chance or is_strange or says_little):
        is_of_model = len(telling_words) > _MANY_WORDS and parsed.has("model") and parsed.has_sign("asks how far")
        return [(1.0, "model")] if is_of_model and not parsed.has("future", "benchmark", "country") else []
    may_be_asked = ranking[0][1] in _OF_THE_FUTURE or not parsed.has("future")
    return ranking if may_be_asked and ranking[0][0] >= _LEAST_CHANCE else []


def _fact_question(parsed: ParsedText) -> str | None:
    """Return the question with the fact that a text asks for; there are no sizes of closed models."""
    name, aspect = patterns.find_fact(parsed.line) or (None, "")
    if name == "sources" and aspect == "explain" and parsed.is_about_terms:
        return None  # "explain time horizon"
    if name is None or parsed.has("future") or (parsed.side == "closed" and aspect == "size"):
        return None
    filled = fill_fields(QUESTIONS[name], parsed)
    return None if count_missing(QUESTIONS[name], filled) or filled.extras else name


def is_clear(name: str, parsed: ParsedText, previous: str | None = None) -> bool:
    """Whether a text clearly asks this question, alone or after a `previous` one."""
    return _question_chances(parsed, previous).get(name, 0.0) >= _CLEAR_CHANCE


def find_signs(parsed: ParsedText, previous: str | None = None) -> list[str]:
    """Return the rules' findings on a text after a `previous` question, as features for the learned weights."""
    signs = {"subject": has_subject(parsed), "models": is_about_models(parsed), "goes on": previous is not None}
    signs |= {"not answered": bool(refusal_reason(parsed)), f"after {previous}": bool(previous)}
    return [name for name, is_present in signs.items() if is_present]


def _question_chances(parsed: ParsedText, previous: str | None = None) -> dict[str, float]:
    """Return the chance of each question, by its name, and the chance that none of ours is asked."""
    return learned.load_weights().chances(learned.find_features(parsed, find_signs(parsed, previous)))


def _fit_factor(name: str, parsed: ParsedText) -> float:
    """Return how well a question fits a text: less for missing fields, and for names without a field."""
    if name not in QUESTIONS or parsed.left_out:
        return 1.0
    filled = fill_fields(QUESTIONS[name], parsed)
    is_short = bool(filled.extras) or not {"country", "lab"}.isdisjoint(filled.choices)  # it takes only one of several
    return float(_UNFIT_FACTOR ** (count_missing(QUESTIONS[name], filled) + is_short))


def count_missing(question: type[Question], filled: FieldValues) -> int:
    """Count the required fields of a question that a text does not fill."""
    named_fields = filled.values.keys() | filled.choices.keys()
    return sum(field.default is MISSING and field.name not in named_fields for field in fields(question))


def has_subject(parsed: ParsedText) -> bool:
    """Whether a text names something of our subject only."""
    mentions = parsed.find("benchmark") + parsed.find("model") + parsed.find("publisher")
    return bool(_SUBJECT.search(parsed.line)) and (not mentions or any(not mention.ordinary for mention in mentions))


def is_about_models(parsed: ParsedText) -> bool:
    """Whether a text has a word about models or tests, or a name other than a country's."""
    has_name = any(mention.kind != "country" for mention in parsed.mentions)
    speaks_of_lag = parsed.has_sign("speaks of catching up")
    return has_subject(parsed) or has_name or bool(_NEAR.search(parsed.line)) or speaks_of_lag


def refusal_reason(parsed: ParsedText) -> str | None:
    """Return why the data can't answer a text, by its words; None if they may."""
    for sentence, pattern in patterns.read_sections("not_answered.txt"):
        if patterns.matches(pattern, parsed.line):
            return sentence.format(day=day(parsed.days[0].first)) if parsed.days else sentence
    return None
