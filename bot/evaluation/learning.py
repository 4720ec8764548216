"""Learns which question a text asks: `python -m bot.evaluation.learning --write`; `--held-out` measures how well.

The examples are texts that strangers wrote, and those that the rules were tuned on: never a set that measures.
"""

import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when numpy is imported; with more threads the last digits differ

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

import core
from bot.answers import open_evidence
from bot.assistant import learned, text
from bot.assistant.intents import signs
from bot.assistant.learned import NONE, Weights, is_word, line_of, strangeness
from bot.assistant.parsed_text import parse
from bot.evaluation.scoring import READ_ON, load
from bot.settings import Settings
from core.names.name_index import name_index
from core.questions import QUESTIONS

_EXAMPLES = Path(__file__).parent / "examples"
_MEASURED = Path(core.__file__).parents[1] / "tests" / "eval"
SETS = (_MEASURED / "questions.yml", _MEASURED / "development.yml", *sorted(_EXAMPLES.glob("*.yml")))
_ELSEWHERE = ("off-topic", "unanswerable")
"""The kinds of texts that are none of ours whatever was said before."""
_STRENGTH = 60.0
"""How closely the weights follow the examples: the inverse of the penalty on large ones."""
_OFTEN = 4
"""So many examples of our questions have a word that is one of theirs; fewer may have told a story with it."""
_LEAST = 0.25
"""A feature none of whose weights is as large tells too little to be kept."""


@dataclass(frozen=True)
class Example:
    """A text's features, the question that it asks, and the set that it is of."""

    features: frozenset[str]
    name: str
    of: str


def examples(settings: Settings, today: date = READ_ON) -> list[Example]:
    """Return all examples; what is none of ours is none in the midst of a talk too."""
    texts = [(each, name, "phrasings", False) for name, question in QUESTIONS.items() for each in question.phrasings]
    for path in SETS:
        for each in load(path):
            texts.append((each.text, each.question or NONE, path.stem, bool(each.after)))
            if each.kind in _ELSEWHERE and not each.after:
                texts.append((each.text, NONE, path.stem, True))
    with open_evidence(settings) as store:
        known = name_index(store)
    found = [(parse(text.cleaned(typed), known, today), name, of, goes_on) for typed, name, of, goes_on in texts]
    return [
        Example(learned.features(each, signs(each, goes_on=goes_on)), name, of) for each, name, of, goes_on in found
    ]


def learn(known: Sequence[Example]) -> list[str]:
    """Return, as lines, the weights of a multinomial logistic regression on tf-idf features.

    What stands in one example alone tells nothing, and is left out. Whether a word is strange to a question of ours is
    asked of all other examples.
    """
    times = Counter(feature for each in known for feature in each.features)
    telling = {feature for feature in times if times[feature] > 1}
    words = Counter(feature for each in known if each.name != NONE for feature in each.features if is_word(feature))
    ours, without = ({word for word in words if words[word] >= least} for least in (_OFTEN, _OFTEN + 1))
    rarity = TfidfVectorizer(analyzer=sorted)
    values = rarity.fit_transform(
        [
            (each.features & telling)
            | strangeness(each.features, (ours if each.name == NONE else without).__contains__)
            for each in known
        ]
    )
    model = LogisticRegression(C=_STRENGTH, max_iter=3000)
    model.fit(values, [each.name for each in known])
    rows: NDArray[np.float64] = model.coef_.T
    return [
        "\t".join(["", *model.classes_]),
        line_of("", model.intercept_),
        f"\t{' '.join(sorted(ours))}",
        *(
            line_of(name, (rarity.idf_[place], *rows[place]))
            for name, place in sorted(rarity.vocabulary_.items())
            if abs(rows[place]).max() >= _LEAST
        ),
    ]


def held_out(known: list[Example], least: float) -> list[tuple[str, int, int, int, int]]:
    """Return of each set how many are read right by what the others teach, of how many; and how many answered amiss.

    A text is answered where it asks a question of ours with the chance `least`.
    """
    rows = []
    for of, group in groupby(known, lambda each: each.of):
        own = list(group)
        weights = Weights.read(learn([each for each in known if each.of != of]))
        right = asked = amiss = others = 0
        for each in own:
            chances = weights.chances(each.features)
            answered = 1 - chances.pop(NONE) >= least
            if each.name == NONE:
                others, amiss = others + 1, amiss + answered
            else:
                asked, right = asked + 1, right + (answered and max(chances, key=lambda n: chances[n]) == each.name)
        rows.append((of, right, asked, amiss, others))
    return rows


if __name__ == "__main__":
    if "--held-out" in sys.argv:
        for of, right, asked, amiss, others in held_out(examples(Settings.read()), 0.5):
            sys.stdout.write(f"{of}: {right} of {asked} right, {amiss} of {others} others answered\n")
    else:
        lines = learn(examples(Settings.read()))
        if "--write" in sys.argv:
            learned.write_lines(lines)
        sys.stdout.write(f"{len(lines) - 3} features\n")
