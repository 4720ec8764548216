"""What is learned from examples: how likely each question is, and that the weights are what the examples teach."""

import math
from pathlib import Path

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
    from bot.evaluation import learning  # which loads what learns, and takes seconds

    examples = learning.load_examples(Settings(evidence_file, ROOT / "data", "sqlite://"))
    assert len(examples) > 2000
    lines = learning.learn(examples)
    known = {line.split("\t")[0] for line in learned.read_lines()}
    assert {line.split("\t")[0] for line in lines} == known
    anew = Weights.read(lines)
    for example in examples:
        then, now = (weights.chances(example.features) for weights in (learned.load_weights(), anew))
        assert now == pytest.approx(then, abs=0.02)
