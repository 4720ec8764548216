"""Finds unknown names: they are refused with a near one, so that no question is answered without its name."""

import re

from bot.assistant import english, learned, patterns
from bot.assistant.intents import is_about_models
from bot.assistant.parsed_text import ParsedText
from bot.assistant.reading import Reading, make_reading
from bot.assistant.text import stem
from core.names.names import find_nearest, may_mean
from core.words import quote

_BEFORE_NAME = re.compile(r"(?<!\S)(on|for|than|of|behind is|behind are) (?:(?:the|ai) )*")
_OF_TESTS = ("on", "than")
_OF_MAKERS = ("for", "of", "behind is", "behind are")
_VARIANTS = frozenset(map(stem, "pro lite mini plus max hard easy full live extended multilingual multimodal".split()))
"""Words after a test's name that make it another test."""
_LONGEST = 4
"""The most words of a name."""
_SHORTEST, _SHORT = 3, 5
_NO_TEST_NEEDED = frozenset({"terms", "others", "sources", "trust", "roster", "brief", "changes"})
"""Questions about what is shown here, not about a test."""


def find_unknown_name(reading: Reading | None, parsed: ParsedText, *, goes_on: bool) -> Reading | None:
    """Return the refusal of a text that names something unknown, None if it names nothing unknown.

    A text without a question is refused so only if it is about models, or `goes_on` from a question, and has no other
    unknown words.
    """
    if reading and (reading.alternatives or reading.sentence or reading.name in _NO_TEST_NEEDED):
        return None
    is_narrowed = reading is not None and not reading.fields.keys().isdisjoint(("benchmark", "left"))
    prepositions = _OF_MAKERS if is_narrowed else _OF_TESTS + _OF_MAKERS
    kind, unknown_name = _find_variant(parsed) or _find_unknown_words(parsed, prepositions)
    is_ours = (goes_on and parsed.n_words <= _SHORT) or (is_about_models(parsed) and parsed.n_known > 0)
    if not unknown_name or (reading is None and not (is_ours and parsed.n_unknown == len(unknown_name.split()))):
        return None
    near = find_nearest(unknown_name, parsed.names.benchmarks) if kind == "test" else None
    hint = f" Near: {near}." if near else ""
    name = (reading and reading.name) or "gap"
    of_all = "The gap over all tests" if name == "gap" else "Over all tests"
    sentence = f"No {kind} is called {quote(unknown_name)}.{hint} {of_all}: /{name.replace('_', '-')}."
    fields = {key: str(value) for key, value in reading.fields.items()} if reading else {}
    offer = (
        make_reading(name, fields | {"benchmark": near}, parsed.names)
        if near and not parsed.find("benchmark")
        else None
    )
    return Reading(sentence=sentence, extras=(unknown_name,), near=(offer,) if offer and offer.question else ())


def _find_variant(parsed: ParsedText) -> tuple[str, str] | None:
    """Return a test's name with the word after it that makes it an unknown test: "swebench pro"."""
    for match in re.finditer(r"<benchmark:(\d+)> (\S+) ", parsed.line):
        name = f"{parsed.mentions[int(match[1])].typed} {match[2]}"
        if match[2] in _VARIANTS and not may_mean(name, parsed.names.benchmarks):
            return "test", name
    return None


def _find_unknown_words(parsed: ParsedText, prepositions: tuple[str, ...]) -> tuple[str, str]:
    """Return the unknown words after one of the prepositions, such as "on", with what they may name first."""
    words_by_stem = {stem(word): word for word in parsed.words}
    for match in _BEFORE_NAME.finditer(parsed.line):
        if match[1] not in prepositions or not _is_asked_of(parsed.line[: match.start()]):
            continue
        words: list[str] = []
        for word in parsed.line[match.end() :].split()[:_LONGEST]:
            is_name = match[1] in _OF_TESTS or not learned.is_familiar(word)
            if not ((_is_unknown(word) and is_name) or (words and word.isdigit())):
                break
            words.append(words_by_stem.get(word, word))
        if words:
            return "test" if match[1] in _OF_TESTS else "test, model, lab or country", " ".join(words)
    return "", ""


def _is_asked_of(prefix: str) -> bool:
    """Whether the words before a name ask about it: "the gap on …", but not "that runs on …"."""
    last_words = prefix.split()[-1:]
    is_topic = patterns.has_sign("is about a topic", prefix)
    return not last_words or last_words[0][0] == "<" or (english.is_cue(last_words[0]) and not is_topic)


def _is_unknown(word: str) -> bool:
    is_listed = word in patterns.listed_stems("little.txt") or english.is_cue(word)
    return word[0] != "<" and len(word) >= _SHORTEST and not word.isdigit() and not is_listed
