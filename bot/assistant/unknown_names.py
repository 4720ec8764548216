"""A name in a text that nothing here has: said with what is near, so that no question is answered without it."""

import re

from bot.assistant import english, learned, patterns
from bot.assistant.intents import is_about_models
from bot.assistant.parsed_text import ParsedText
from bot.assistant.reading import Reading
from bot.assistant.text import stem
from core.names.names import find_nearest, may_mean
from core.words import quote

_BEFORE = re.compile(r"(?<!\S)(on|for|than|of|behind is|behind are) (?:(?:the|ai) )*")
_OF_TESTS = ("on", "than")
_OF_MAKERS = ("for", "of", "behind is", "behind are")
_VARIANTS = frozenset(map(stem, "pro lite mini plus max hard easy full live extended multilingual multimodal".split()))
"""What stands behind a test's name and makes another of it."""
_LONGEST = 4
"""A name has at most so many words."""
_SHORTEST, _SHORT = 3, 5
_NO_TEST_NEEDED = frozenset({"terms", "others", "sources", "trust", "roster", "brief", "changes"})
"""Questions about what is shown, not about any test."""


def unknown(reading: Reading, found: ParsedText, *, goes_on: bool) -> Reading | None:
    """Return the reading that says why another can't stand, since it names what nothing here has; None where it may.

    A text of which no question was read is asked of such a name where it is about models, or `goes_on` from a question,
    and holds nothing else that is unknown.
    """
    if reading.alternatives or reading.sentence or reading.name in _NO_TEST_NEEDED:
        return None
    is_narrowed = "benchmark" in reading.fields or "left" in reading.fields
    kind, typed = _variant(found) or _behind_a_word(found, _OF_MAKERS if is_narrowed else _OF_TESTS + _OF_MAKERS)
    is_ours = (goes_on and found.n_words <= _SHORT) or (is_about_models(found) and found.known > 0)
    if not typed or (reading.name is None and not (is_ours and found.unknown == len(typed.split()))):
        return None
    near = find_nearest(typed, found.names.benchmarks) if kind == "test" else None
    beside = f" Near: {near}." if near else ""
    name = reading.name or "gap"
    of_all = "The gap over all tests" if name == "gap" else "Over all tests"
    sentence = f"No {kind} is called {quote(typed)}.{beside} {of_all}: /{name.replace('_', '-')}."
    return Reading(sentence=sentence, aside=(typed,))


def _variant(found: ParsedText) -> tuple[str, str] | None:
    """Return a test's name with what stands behind it and makes another of it: "swebench pro"."""
    for match in re.finditer(r"<benchmark:(\d+)> (\S+) ", found.line):
        typed = f"{found.mentions[int(match[1])].typed} {match[2]}"
        if match[2] in _VARIANTS and not may_mean(typed, found.names.benchmarks):
            return "test", typed
    return None


def _behind_a_word(found: ParsedText, of: tuple[str, ...]) -> tuple[str, str]:
    """Return the words behind "on" or its like (one `of` these) that nobody knows, and what they may be the name of."""
    written = {stem(word): word for word in found.words}
    for match in _BEFORE.finditer(found.line):
        if match[1] not in of or not _asks(found.line[: match.start()]):
            continue
        words: list[str] = []
        for word in found.line[match.end() :].split()[:_LONGEST]:
            is_name = match[1] in _OF_TESTS or not learned.is_familiar(word)
            if not ((_is_unknown(word) and is_name) or (words and word.isdigit())):
                break
            words.append(written.get(word, word))
        if words:
            return "test" if match[1] in _OF_TESTS else "test, model, lab or country", " ".join(words)
    return "", ""


def _asks(before: str) -> bool:
    """Whether what stands before a name asks something of it: "the gap on …", and not "that runs on …"."""
    last = before.split()[-1:]
    return not last or last[0][0] == "<" or english.is_cue(last[0])


def _is_unknown(word: str) -> bool:
    is_listed = word in patterns.listed("little.txt") or english.is_cue(word)
    return word[0] != "<" and len(word) >= _SHORTEST and not word.isdigit() and not is_listed
