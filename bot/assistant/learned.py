"""The chance of each question for a text, and the chance that it asks none of ours, learned from examples.

The weights are those of a multinomial logistic regression on a text's words and pairs of words, weighted by rarity
(tf-idf), and on its number of strange words: those that no example of our questions has.
`python -m bot.evaluation.learning --write` learns them again from the examples in `bot/evaluation/examples`.
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

from bot.assistant.parsed_text import ParsedText, is_telling

NONE = "none"
"""The name for texts that ask none of our questions."""
WEIGHTS_FILE = Path(__file__).parent / "words" / "learned.tsv.gz"
_STEPS_PER_UNIT = 10
"""Weights are stored as whole numbers of tenths."""
_MOST_SHORT, _MOST_MIDDLE = 3, 14
_MOST_STRANGE = 3
"""More strange words than this count the same."""


@dataclass(frozen=True)
class Weights:
    """The weights of all features for each of `names`, with their intercepts.

    `our_words` are the words of our questions' examples. `rows` have each feature's rarity and weights as unparsed
    text, as only those of a text's features are parsed.
    """

    names: tuple[str, ...]
    intercepts: tuple[float, ...]
    our_words: frozenset[str]
    rows: Mapping[str, str]

    @classmethod
    def read(cls, lines: Iterable[str]) -> Self:
        """Read weights from lines: names, intercepts, our words, then one line per feature."""
        (_, names), (_, intercepts), (_, our_words), *rows = (line.split("\t", 1) for line in lines)
        return cls(tuple(names.split("\t")), _parse_numbers(intercepts), frozenset(our_words.split()), dict(rows))

    def chances(self, features: Iterable[str]) -> dict[str, float]:
        """Return the chance of each name for a text with these features; their sum is 1."""
        all_features = frozenset(features)
        all_features |= find_strangeness(all_features, self.our_words.__contains__)
        rows = [_parse_numbers(self.rows[feature]) for feature in all_features if feature in self.rows]
        length = math.sqrt(sum(rarity * rarity for rarity, *_ in rows)) or 1.0
        scores = list(self.intercepts)
        for rarity, *row_weights in rows:
            for place, weight in enumerate(row_weights):
                scores[place] += weight * rarity / length
        highest = max(scores)
        powers = [math.exp(score - highest) for score in scores]
        return {name: power / sum(powers) for name, power in zip(self.names, powers, strict=True)}


def write_line(feature: str, numbers: Iterable[float]) -> str:
    """Return a line of weights for `Weights.read`."""
    return "\t".join([feature, *(str(round(number * _STEPS_PER_UNIT)) for number in numbers)])


def _parse_numbers(line: str) -> tuple[float, ...]:
    return tuple(int(number) / _STEPS_PER_UNIT for number in line.split("\t"))


def split_words(parsed: ParsedText) -> list[str]:
    """Return a text's words, and its tags without numbers, except names that need no exclusion."""
    line = parsed.line if parsed.left_out else re.sub(r"<without:\d+> ", "", parsed.line)
    return re.sub(r"<(\w+):\d+>", r"<\1>", line).split()


def find_features(parsed: ParsedText, signs: Iterable[str]) -> frozenset[str]:
    """Return a text's features: words, tags without numbers, their pairs, its length, and its `signs`."""
    words = split_words(parsed)
    length = "+short" if len(words) <= _MOST_SHORT else "+long" if len(words) > _MOST_MIDDLE else "+middle"
    pairs = (f"{left}_{right}" for left, right in pairwise(["^", *words, "$"]))
    terms = ["+term"] * bool(parsed.terms) + ["+terms alone"] * parsed.is_about_terms
    several = (f"+several {word}" for word, number in Counter(words).items() if number > 1 and word[0] == "<")
    return frozenset([*words, *pairs, length, *terms, *several, *(f"+{sign}" for sign in signs)])


def is_word(feature: str) -> bool:
    """Whether a feature is a word that says something about the subject."""
    return "_" not in feature and feature[0] not in "+<" and is_telling(feature)


def find_strangeness(features: Iterable[str], is_typical: Callable[[str], bool]) -> frozenset[str]:
    """Return features for the number of a text's strange words, and for having only strange words."""
    words = [feature for feature in features if is_word(feature)]
    n_strange = sum(not is_typical(word) for word in words)
    is_all = 0 < n_strange == len(words)
    return frozenset([f"+strange {min(n_strange, _MOST_STRANGE)}", *(["+all strange"] * is_all)])


def is_familiar(word: str) -> bool:
    """Whether a word of a line is in the examples, and so hardly a name."""
    return word in load_weights().rows or is_our_word(word)


def is_our_word(word: str) -> bool:
    """Whether examples of our questions have a word."""
    return word in load_weights().our_words


@cache
def load_weights() -> Weights:
    """Load the learned weights."""
    return Weights.read(read_lines())


def read_lines() -> list[str]:
    """Read the lines of the learned weights."""
    return gzip.decompress(WEIGHTS_FILE.read_bytes()).decode().splitlines()


def write_lines(lines: Iterable[str]) -> None:
    """Write the lines of learned weights; equal lines give equal bytes."""
    WEIGHTS_FILE.write_bytes(gzip.compress("\n".join([*lines, ""]).encode(), mtime=0))
