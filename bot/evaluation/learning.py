"""Learns which question a text asks: `python -m bot.evaluation.learning --write`; `--held-out` measures how well.

The examples are strangers' texts and those that the rules were tuned on, never a set for measuring.
"""

import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle, groupby
from pathlib import Path
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when numpy is imported; with more threads the last digits differ

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

import core
from bot.answers import open_evidence
from bot.assistant import learned, text
from bot.assistant.intents import find_signs
from bot.assistant.learned import NONE, Weights, find_strangeness, is_word, write_line
from bot.assistant.parsed_text import parse
from bot.evaluation.scoring import READ_ON, load
from bot.settings import Settings
from core.names.name_index import name_index
from core.questions import QUESTIONS

_EXAMPLES = Path(__file__).parent / "examples"
_MEASURED = Path(core.__file__).parents[1] / "tests" / "eval"
SETS = (_MEASURED / "questions.yml", _MEASURED / "development.yml", *sorted(_EXAMPLES.glob("*.yml")))
_ELSEWHERE = ("off-topic", "unanswerable")
"""The kinds of texts that are out of scope in any context."""
STRENGTH = 60.0
"""How closely the weights follow the examples: the inverse of the penalty on large weights."""
_OFTEN = 4
"""A word in this many examples of our questions is typical of them; fewer may be coincidence."""
TOLERANCE = 1e-7
"""The solver's; at its default of 1e-4 one example more moved most weights, and with them unrelated readings."""
LEAST = 0.35
"""A feature needs at least one weight of this size to be stored."""


@dataclass(frozen=True)
class Example:
    """A text's features, the question that it asks, and its set."""

    features: frozenset[str]
    name: str
    set_name: str


def load_examples(settings: Settings, today: date = READ_ON) -> list[Example]:
    """Return all examples; out-of-scope texts are examples within a conversation too."""
    sets = {path.stem: load(path) for path in SETS}
    asked = {(*case.after, case.text): case.question or "" for cases in sets.values() for case in cases}
    elsewhere = cycle(QUESTIONS)
    texts: list[tuple[str, str, str, list[str | None]]] = [
        (words, name, "phrasings", [None]) for name, question in QUESTIONS.items() for words in question.phrasings
    ]
    for set_name, cases in sets.items():
        for case in cases:
            before = (asked[case.after[:end]] for end in range(len(case.after), 0, -1) if case.after[:end] in asked)
            previous = next(filter(None, before), "") if case.after else None
            is_anywhere = case.kind in _ELSEWHERE and not case.after
            contexts = [None, next(elsewhere)] if is_anywhere else [previous]
            texts.append((case.text, case.question or NONE, set_name, contexts))
    with open_evidence(settings) as store:
        index = name_index(store)
    examples = []
    for message, name, set_name, contexts in texts:
        parsed = parse(text.clean_text(message), index, today)
        for previous in contexts:
            examples.append(Example(learned.find_features(parsed, find_signs(parsed, previous)), name, set_name))
    return examples


def prepare(examples: Sequence[Example]) -> tuple[Any, TfidfVectorizer, set[str]]:
    """Return the tf-idf features of the examples (a sparse matrix), what made them, and the words typical of ours.

    Features of a single example are left out. Whether a word is strange to our questions is decided by all other
    examples.
    """
    times = Counter(feature for example in examples for feature in example.features)
    common = {feature for feature in times if times[feature] > 1}
    ours = [example for example in examples if example.name != NONE]
    words = Counter(feature for example in ours for feature in example.features if is_word(feature))
    typical, typical_elsewhere = ({word for word in words if words[word] >= least} for least in (_OFTEN, _OFTEN + 1))
    rarity = TfidfVectorizer(analyzer=sorted)
    features = []
    for example in examples:
        is_typical = (typical if example.name == NONE else typical_elsewhere).__contains__
        features.append((example.features & common) | find_strangeness(example.features, is_typical))
    return rarity.fit_transform(features), rarity, typical


def learn(examples: Sequence[Example]) -> list[str]:
    """Return, as lines, the weights of a multinomial logistic regression on tf-idf features."""
    values, rarity, typical = prepare(examples)
    model = LogisticRegression(C=STRENGTH, max_iter=3000, tol=TOLERANCE)
    model.fit(values, [example.name for example in examples])
    rows: NDArray[np.float64] = model.coef_.T
    return [
        "\t".join(["", *model.classes_]),
        write_line("", model.intercept_),
        f"\t{' '.join(sorted(typical))}",
        *(
            write_line(name, (rarity.idf_[place], *rows[place]))
            for name, place in sorted(rarity.vocabulary_.items())
            if abs(rows[place]).max() >= LEAST
        ),
    ]


def cross_validate(examples: list[Example], least: float) -> list[tuple[str, int, int, int, int]]:
    """Score each set by the weights learned from the others: (set, right, ours, wrongly answered, out of scope).

    A text is answered if it asks one of our questions with at least the chance `least`.
    """
    rows = []
    for set_name, group in groupby(examples, lambda example: example.set_name):
        own = list(group)
        weights = Weights.read(learn([example for example in examples if example.set_name != set_name]))
        n_right = n_ours = n_wrong = n_others = 0
        for example in own:
            chances = weights.chances(example.features)
            is_answered = 1 - chances.pop(NONE) >= least
            if example.name == NONE:
                n_others, n_wrong = n_others + 1, n_wrong + is_answered
            else:
                n_ours += 1
                n_right += is_answered and max(chances, key=lambda name: chances[name]) == example.name
        rows.append((set_name, n_right, n_ours, n_wrong, n_others))
    return rows


if __name__ == "__main__":
    if "--held-out" in sys.argv:
        for set_name, *counts in cross_validate(load_examples(Settings.read()), 0.5):
            sys.stdout.write("{}: {} of {} right, {} of {} others answered\n".format(set_name, *counts))
    else:
        lines = learn(load_examples(Settings.read()))
        if "--write" in sys.argv:
            learned.write_lines(lines)
        sys.stdout.write(f"{len(lines) - 3} features\n")
