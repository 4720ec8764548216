"""What is learned from examples: how likely each question is, and that the weights are what the examples teach."""

import math
from pathlib import Path

import numpy as np
import pytest

from bot.assistant import learned
from bot.assistant.learned import NONE, Weights, write_line
from bot.settings import Settings
from core.questions import QUESTIONS
from tests.bot.assistant.conftest import Understand
from tests.conftest import ROOT

FEW = Weights.read([
    "\tgap\tnone",
    write_line("", [0.0, 1.0]),
    "\tlag pizza",
    write_line("lag", [2.0, 3.0, -3.0]),
    write_line("pizza", [1.0, -2.0, 2.0]),
])  # fmt: skip
"""The rarity of two words, and what each says for two questions."""
SLACK = 0.0015
"""How far from the best weights the solver may have ended that found those that are kept."""
ROUNDING = 0.05 + SLACK


def test_a_text_without_a_known_word_is_as_likely_as_the_weights_begin() -> None:
    assert FEW.chances(["unheard"]) == pytest.approx({"gap": 1 / (1 + math.e), NONE: math.e / (1 + math.e)})


def test_each_word_counts_by_how_rare_it_is_and_all_together_as_much_as_one() -> None:
    assert FEW.chances(["lag"])["gap"] == pytest.approx(1 / (1 + math.exp(-3 - 3 + 1)))
    score = (3 * 2 - 2 * 1) / math.sqrt(5)
    assert FEW.chances(["lag", "pizza"])["gap"] == pytest.approx(1 / (1 + math.exp(1 - 2 * score)))


def test_a_text_has_its_words_pairs_tags_and_length_as_features(parse_question: Understand) -> None:
    features = learned.find_features(parse_question("compare GPQA and WeirdML"), ["models"])
    assert {"compar", "^_compar", "compar_<benchmark>", "<benchmark>", "+several <benchmark>", "+models"} < features
    assert {"+short", "+middle", "+long"} & features == {"+middle"}


def test_every_question_and_none_has_weights() -> None:
    assert {*QUESTIONS, "brief", NONE} == set(learned.load_weights().names)


def test_the_weights_are_small() -> None:
    assert learned.WEIGHTS_FILE.stat().st_size <= 256 * 1024


@pytest.mark.slow
def test_the_weights_are_what_the_examples_teach(evidence_file: Path) -> None:
    """From the weights that are kept, the best ones are a few of Newton's steps away, and no further than rounding.

    One example more or less, or of another question, moves some weight further.
    """
    from sklearn.linear_model import LogisticRegression

    from bot.evaluation import learning  # which loads what learns, and takes seconds

    examples = learning.load_examples(Settings(evidence_file, ROOT / "data", "sqlite://"))
    assert len(examples) > 2000
    kept, (values, rarity, our_words) = learned.load_weights(), learning.prepare(examples)
    features = rarity.get_feature_names_out()
    assert kept.rows.keys() <= {*features}
    is_kept = np.array([feature in kept.rows for feature in features])
    rows = np.zeros((len(features), 1 + len(kept.names)))
    rows[is_kept] = [learned._parse_numbers(kept.rows[feature]) for feature in features[is_kept]]
    model = LogisticRegression(C=learning.STRENGTH, tol=learning.TOLERANCE, solver="newton-cg", warm_start=True)
    model.classes_, model.coef_, model.intercept_ = np.array(kept.names), rows[:, 1:].T, np.array(kept.intercepts)
    model.fit(values, [example.name for example in examples])
    best = np.column_stack((rarity.idf_, model.coef_.T))
    assert (tuple(model.classes_), our_words) == (kept.names, kept.our_words)
    assert model.intercept_ - model.intercept_.mean() == pytest.approx(kept.intercepts, abs=ROUNDING)
    assert best[is_kept] == pytest.approx(rows[is_kept], abs=ROUNDING)
    assert abs(best[is_kept, 1:]).max(axis=1).min() > learning.LEAST - SLACK
    assert abs(best[~is_kept, 1:]).max() < learning.LEAST + SLACK
