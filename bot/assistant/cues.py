"""What tells which question is meant: patterns of words with weights, read from `words/` (its README says how)."""

import re
from functools import cache
from pathlib import Path
from typing import cast

from bot.assistant.text import folded, stem
from core.answer import Aspect
from core.questions import QUESTIONS

_WORDS = Path(__file__).parent / "words"
_ANYTHING = {"*": r"(?:\S+ )*?", "~": r"(?:\S+ ){0,3}?"}
"""What stands for any words, for up to three, as an expression."""

SUBJECT = ("gapbrief ", "<open:1>", "<closed:1>", "<private:1>", "<public:1>", "<benchmark:", "<model:", "<publisher:")
"""What makes a text one about open and closed models, or their tests, though it holds unknown words."""


def lines(name: str) -> list[str]:
    """Return the lines of one of the files of words."""
    return (_WORDS / name).read_text(encoding="utf-8").splitlines()


@cache
def listed(name: str) -> frozenset[str]:
    """Return the words of a file that lists them."""
    return frozenset(word for line in lines(name) for word in line.split())


def groups(name: str) -> dict[str, list[str]]:
    """Return the words of a file by what stands before the colon; a line that begins with a space goes on."""
    found: dict[str, list[str]] = {}
    key = ""
    for line in lines(name):
        rest = line
        if not line.startswith(" "):
            key, _, rest = line.partition(":")
        found.setdefault(key, []).extend(rest.split())
    return found


@cache
def by_question() -> dict[str, list[tuple[float, str]]]:
    """Return the patterns of each question with their weights."""
    names = {path.stem: f"cues/{path.name}" for path in sorted((_WORDS / "cues").glob("*.txt"))}
    weighed = {question: [line.split(" ", 1) for line in lines(name)] for question, name in names.items()}
    return {question: [(float(weight), pattern) for weight, pattern in rest] for question, rest in weighed.items()}


def _sections(name: str) -> list[tuple[str, list[str]]]:
    """Return the lines of a file under each heading in brackets."""
    found: list[tuple[str, list[str]]] = []
    for line in filter(None, lines(name)):
        if line[0] == "[":
            found.append((line.strip("[]"), []))
        else:
            found[-1][1].append(line)
    return found


@cache
def not_answered() -> list[tuple[str, str]]:
    """Return the patterns of what the data can't answer, each with the sentence that says so."""
    return [(sentence, pattern) for sentence, patterns in _sections("not_answered.txt") for pattern in patterns]


@cache
def _aspects() -> list[tuple[str, str]]:
    return [(aspect, pattern) for aspect, patterns in _sections("aspects.txt") for pattern in patterns]


def aspect(line: str) -> Aspect | None:
    """Return what of its subject a line of stems and tags asks for: the first aspect of the file of which a cue fits.

    None where it asks for no one thing: then an answer begins as it always does.
    """
    present = first_words(line)
    return next((cast("Aspect", name) for name, pattern in _aspects() if matches(pattern, line, present)), None)


@cache
def words() -> frozenset[str]:
    """Return every word of the questions' patterns and their groups, and of the questions' own phrasings."""
    phrasings = (phrase for question in QUESTIONS.values() for phrase in question.phrasings)
    said = (word for phrase in phrasings for word in re.findall(r"[a-z]+(?:'[a-z]+)?", folded(phrase)))
    return _words_of([pattern for cues in by_question().values() for _, pattern in cues]) | frozenset(said)


@cache
def not_answered_words() -> frozenset[str]:
    """Return every word of the patterns of what the data can't answer."""
    return _words_of([pattern for _, pattern in not_answered()])


def _words_of(patterns: list[str]) -> frozenset[str]:
    choices = (choice for pattern in patterns for piece in pattern.split() for choice in _choices(piece.lstrip("!")))
    return frozenset(word for choice in choices if choice[0] not in "<*~" for word in choice.split("_"))


@cache
def _groups() -> dict[str, list[str]]:
    return groups("groups.txt")


def _choices(piece: str) -> list[str]:
    """Return the words, phrases and tags that a piece of a pattern stands for."""
    return [choice for each in piece.split("|") for choice in _groups().get(each, [each])]


def matches(pattern: str, line: str, present: frozenset[str]) -> bool:
    """Whether a pattern is in a line of stems and tags; `present` holds what `first_words` gives of the line."""
    return all(not first.isdisjoint(present) for first in _firsts(pattern)) and bool(_compiled(pattern).search(line))


def first_words(line: str) -> frozenset[str]:
    """Return the words and the kinds of tags in a line."""
    return frozenset(word.partition(":")[0] if word[0] == "<" else word for word in line.split())


@cache
def _firsts(pattern: str) -> tuple[frozenset[str], ...]:
    """Return what each piece of a pattern may begin with: one of each must be in a line, or looking closer is vain."""
    return tuple(
        frozenset(_written(choice).split(" ")[0].removesuffix(r":\d+>") for choice in _choices(piece))
        for piece in pattern.split()
        if piece not in _ANYTHING and piece[0] != "!"
    )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\S)" + "".join(_ANYTHING.get(piece) or _expression(piece) for piece in pattern.split()))


def _expression(piece: str) -> str:
    either = "|".join(map(_written, _choices(piece.lstrip("!"))))
    return f"(?!(?:{either}) )" if piece[0] == "!" else f"(?:{either}) "


def _written(choice: str) -> str:
    if choice[0] == "<":
        return rf"{choice[:-1]}:\d+>"
    return " ".join(re.escape(stem(word)) for word in choice.split("_"))
