"""Which question a text asks, as learned from examples: how likely each is, and that none of ours is asked.

The weights are those of a multinomial logistic regression on the words of a text, and its pairs of words, each weighed
by how rare it is (tf-idf), and on how many of its words no question of ours has been asked with: those are strange.
`python -m bot.evaluation.learning --write` learns them anew from the examples in `bot/evaluation/examples`.
"""

import gzip
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Self

from bot.assistant.parsed_text import ParsedText, tells

NONE = "none"
"""What is asked where it is no question of ours."""
FILE = Path(__file__).parent / "words" / "learned.tsv.gz"
_SCALE = 10
"""Weights are kept as whole numbers of tenths."""
_SHORT, _LONG = 3, 14
_MANY = 3
"""So many strange words are as telling as more."""


@dataclass(frozen=True)
class Weights:
    """What each feature of a text says for each of `names`, from where they begin (`first`).

    `ours` are the words that questions of ours have been asked with. `rows` hold, per feature, how rare it is and its
    weights, as a line has them: only those of a text are ever read.
    """

    names: tuple[str, ...]
    first: tuple[float, ...]
    ours: frozenset[str]
    rows: Mapping[str, str]

    @classmethod
    def read(cls, lines: Iterable[str]) -> Self:
        """Read weights from lines: the names, what they begin with, the words of ours, then each feature."""
        (_, names), (_, first), (_, ours), *rows = (line.split("\t", 1) for line in lines)
        return cls(tuple(names.split("\t")), _numbers(first), frozenset(ours.split()), dict(rows))

    def chances(self, features: Iterable[str]) -> dict[str, float]:
        """Return how likely each name is for a text of these features; together they are 1."""
        seen = frozenset(features)
        seen |= strangeness(seen, self.ours.__contains__)
        found = [_numbers(self.rows[each]) for each in seen if each in self.rows]
        length = math.sqrt(sum(rarity * rarity for rarity, *_ in found)) or 1.0
        scores = list(self.first)
        for rarity, *weights in found:
            for place, weight in enumerate(weights):
                scores[place] += weight * rarity / length
        most = max(scores)
        powers = [math.exp(score - most) for score in scores]
        return {name: power / sum(powers) for name, power in zip(self.names, powers, strict=True)}


def line_of(feature: str, numbers: Iterable[float]) -> str:
    """Return a line of weights, as `Weights.read` reads it."""
    return "\t".join([feature, *(str(round(number * _SCALE)) for number in numbers)])


def _numbers(line: str) -> tuple[float, ...]:
    return tuple(int(number) / _SCALE for number in line.split("\t"))


def words_of(parsed: ParsedText) -> list[str]:
    """Return the words of a text, and its tags without their numbers: not of names that are left out without saying."""
    line = parsed.line if parsed.left_out else re.sub(r"<without:\d+> ", "", parsed.line)
    return re.sub(r"<(\w+):\d+>", r"<\1>", line).split()


def features(parsed: ParsedText, signs: Iterable[str]) -> frozenset[str]:
    """Return the features of a text: its words, tags without numbers, pairs of these, its length, and `signs` of it."""
    words = words_of(parsed)
    length = "+short" if len(words) <= _SHORT else "+long" if len(words) > _LONG else "+middle"
    pairs = (f"{one}_{other}" for one, other in pairwise(["^", *words, "$"]))
    terms = ["+term"] * bool(parsed.terms) + ["+terms alone"] * parsed.is_about_terms
    several = (f"+several {word}" for word, number in Counter(words).items() if number > 1 and word[0] == "<")
    return frozenset([*words, *pairs, length, *terms, *several, *(f"+{each}" for each in signs)])


def is_word(feature: str) -> bool:
    """Whether a feature is a word that says something of what a text is about."""
    return "_" not in feature and feature[0] not in "+<" and tells(feature)


def strangeness(features: Iterable[str], is_ours: Callable[[str], bool]) -> frozenset[str]:
    """Return, as features, how many of a text's words no question of ours has, and whether they are all it has."""
    words = [each for each in features if is_word(each)]
    number = sum(not is_ours(word) for word in words)
    is_all = 0 < number == len(words)
    return frozenset([f"+strange {min(number, _MANY)}", *(["+all strange"] * is_all)])


def is_familiar(word: str) -> bool:
    """Whether a word, as a line of a text has it, is in the examples: then it is hardly a name."""
    return word in weights().rows or is_ours(word)


def is_ours(word: str) -> bool:
    """Whether questions of ours have been asked with a word."""
    return word in weights().ours


@cache
def weights() -> Weights:
    """Return the weights that were learned."""
    return Weights.read(read_lines())


def read_lines() -> list[str]:
    """Read the lines of what was learned."""
    return gzip.decompress(FILE.read_bytes()).decode().splitlines()


def write_lines(lines: Iterable[str]) -> None:
    """Write the lines of what was learned; the same ones are the same bytes."""
    FILE.write_bytes(gzip.compress("\n".join([*lines, ""]).encode(), mtime=0))
