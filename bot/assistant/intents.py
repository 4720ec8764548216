"""Which question is meant: by what is learned from examples, and by what each question can take of the text."""

import re
from dataclasses import MISSING, fields

from bot.assistant import learned, parsed_text, patterns
from bot.assistant.field_values import FieldValues, fill
from bot.assistant.parsed_text import ParsedText
from bot.assistant.reading import BRIEF
from core.questions import QUESTIONS, Question
from core.words import day

_SURE = (0.7, 0.8, 0.92)
"""From these chances on that a text asks a question of ours, it is answered: by how many doubts there are of it."""
_LIKELY = 0.1
"""From this chance on that a text asks a question of ours, the likeliest are offered where it is not answered."""
_PLAIN, _PLAIN_FIRST = 0.6, 0.8
"""Where no word is strange it is answered from the first chance on, if the likeliest question has the second."""
_PLAIN_NEXT = 0.4
"""Where no word is strange and the talk goes on, the likeliest question is answered from this chance on."""
_OF_THE_FUTURE = ("what_if", "unmatched")
"""The questions that a day to come may be named in: it is supposed, or a share of past ones stands for it."""
_LONG = 5
"""A text of more telling words has said much besides where it asks how far behind a model is."""
_CLEAR = 0.8
"""From this chance on a text asks one question and no other."""
_LEAST = 0.15
"""No question that is less likely is meant."""
_UNFIT = 0.2
"""By how much a question is meant less likely which has no place for what is named, or lacks what it needs."""
_SUBJECT = re.compile(
    r"gapbrief |<(?:open|closed|private|public):1>|<(?:benchmark|model|publisher):"
    r"|<price:\d+> (?:(?:per|a|for) )*(?:(?:1m|m|million) (?:of )?(?:thos )?token|mtok) "
    r"|<price:\d+> per (?:1m|m|million) "
    r"|<open:.*<closed:|<closed:.*<open:"
)
"""What makes a text one about open and closed models, or their tests."""
_MAKERS = "(?:lab|company|firm|startup|developer|maker) "
_NEAR = re.compile(
    r"\b(?:gap|model|benchmark|llm|ai|weight|leaderboard)\b|<(?:open|closed):"
    rf"|<country:\d+> {_MAKERS}|\b{_MAKERS}(?:in|from|of) (?:the )?<country:"
)
"""What is of our subject, though of others too."""


def guess_questions(parsed: ParsedText, *, goes_on: bool = False, is_answered: bool = False) -> list[str]:
    """Return the questions that may be meant, the likeliest first: none where none is likely and none `is_answered`."""
    chances = _chances(parsed, goes_on=goes_on)
    asked = 1 - chances.pop(learned.NONE)
    least = _LIKELY if parsed.known or parsed.terms else 1.0 if parsed.unknown else _PLAIN
    return [name for _, name in _rank(chances, parsed)] if is_answered or asked >= least else []


def _rank(chances: dict[str, float], parsed: ParsedText) -> list[tuple[float, str]]:
    """Return the questions with their chances, given that one of them is asked, by how well they fit too."""
    fitting = [(chance * _fit(name, parsed), name) for name, chance in chances.items()]
    return sorted(((chance / sum(each for each, _ in fitting), name) for chance, name in fitting), reverse=True)


def rank_questions(parsed: ParsedText, *, goes_on: bool = False) -> list[tuple[float, str]]:
    """Return the guesses of a text that is surely a question of ours; none where it may be about something else.

    It is doubtful that a text is of ours which has words that no example has, or none of models, or such as the data
    can't answer; where no word is strange and one question is likely, less is enough, and less still where it goes on
    from another. A text that names nothing asks none where it has no word of our questions; one of little words alone
    asks only what is clear.
    """
    if clear := _fact_question(parsed) or (BRIEF if patterns.has_sign("asks for the brief", parsed.line) else None):
        return [(1.0, clear)]
    chances = _chances(parsed, goes_on=goes_on)
    asked = 1 - chances.pop(learned.NONE)
    telling = list(filter(parsed_text.tells, learned.words_of(parsed)))
    words = list(filter(learned.is_word, telling))
    is_heard = all(map(learned.is_familiar, words))
    is_told = parsed.sizes or parsed.prices  # who names a card or a price does not ask about cards and prices
    doubts = (not is_heard) + (not is_about_models(parsed)) + 2 * bool(why_not(parsed) and not is_told)
    is_named = len(words) < len(telling) or bool(parsed.terms)
    is_strange = bool(words) and not (is_named or any(map(learned.is_ours, words)))
    says_little = not (words or is_named) and max(chances.values()) < _CLEAR
    ranked = _rank(chances, parsed)
    is_ours = not parsed.unknown and all(map(learned.is_ours, words))
    is_plain = is_ours and ranked[0][0] >= _PLAIN_FIRST and not doubts
    sure = _PLAIN if is_plain else _SURE[min(doubts, 2)]
    is_bare = not parsed.has("country", "lab") and ranked[0][1] != BRIEF  # of these one is spoken of in full, or alone
    may_go_on = goes_on and is_bare and (parsed.known > 0 or patterns.has_sign("points", parsed.line))
    is_next = may_go_on and is_ours and not why_not(parsed) and asked * ranked[0][0] >= _PLAIN_NEXT
    if not is_next and (asked < sure or is_strange or says_little):
        is_of_model = len(telling) > _LONG and parsed.has("model") and patterns.has_sign("asks how far", parsed.line)
        return [(1.0, "model")] if is_of_model and not parsed.has("future", "benchmark", "country") else []
    may_be_asked = ranked[0][1] in _OF_THE_FUTURE or not parsed.has("future")
    return ranked if may_be_asked and ranked[0][0] >= _LEAST else []


def _fact_question(parsed: ParsedText) -> str | None:
    """Return the question that holds the fact of the data that a text asks for; no size of a closed model is held."""
    name, aspect = patterns.fact(parsed.line) or (None, "")
    if name is None or parsed.has("future") or (parsed.side == "closed" and aspect == "size"):
        return None
    filled = fill(QUESTIONS[name], parsed)
    return None if lacks(QUESTIONS[name], filled) or filled.aside else name


def is_clear(name: str, parsed: ParsedText) -> bool:
    """Whether a text asks this question and no other."""
    return _chances(parsed).get(name, 0.0) >= _CLEAR


def signs(parsed: ParsedText, *, goes_on: bool = False) -> list[str]:
    """Return what rules make of a text, for what is learned to weigh, and whether it goes on from another."""
    of_text = {"subject": has_subject(parsed), "models": is_about_models(parsed), "not answered": bool(why_not(parsed))}
    of_text["goes on"] = goes_on
    return [name for name, is_so in of_text.items() if is_so]


def _chances(parsed: ParsedText, *, goes_on: bool = False) -> dict[str, float]:
    """Return how likely it is that a text asks each question, by its name, and that it asks none of ours."""
    return learned.weights().chances(learned.features(parsed, signs(parsed, goes_on=goes_on)))


def _fit(name: str, parsed: ParsedText) -> float:
    """Return how well a question fits what a text names: less where that is not all it needs, or finds no place."""
    if name not in QUESTIONS or parsed.left_out:
        return 1.0
    filled = fill(QUESTIONS[name], parsed)
    is_short = bool(filled.aside) or not {"country", "lab"}.isdisjoint(filled.choices)  # it takes one of several
    return float(_UNFIT ** (lacks(QUESTIONS[name], filled) + is_short))


def lacks(question: type[Question], filled: FieldValues) -> int:
    """Count the fields that a question needs and that a text does not give; a day is filled in."""
    given = filled.values.keys() | filled.choices.keys()
    return sum(each.default is MISSING and each.name not in given for each in fields(question))


def has_subject(parsed: ParsedText) -> bool:
    """Whether a text names something that only we are asked about."""
    named = parsed.of("benchmark") + parsed.of("model") + parsed.of("publisher")
    return bool(_SUBJECT.search(parsed.line)) and (not named or any(not mention.ordinary for mention in named))


def is_about_models(parsed: ParsedText) -> bool:
    """Whether a text has any word of models and their tests, or a name; a country's alone is of anything."""
    named = any(mention.kind != "country" for mention in parsed.mentions)
    is_of_them = patterns.has_sign("speaks of catching up", parsed.line)
    return has_subject(parsed) or named or bool(_NEAR.search(parsed.line)) or is_of_them


def why_not(parsed: ParsedText) -> str | None:
    """Return why the data can't answer a text by its words, None if they may."""
    for sentence, pattern in patterns.sections("not_answered.txt"):
        if patterns.matches(pattern, parsed.line):
            return sentence.format(day=day(parsed.days[0].first)) if parsed.days else sentence
    return None
