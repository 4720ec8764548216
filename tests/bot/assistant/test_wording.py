"""A model's text: what of it can be shown, and what is refused before any check by value."""

import asyncio
from typing import Any

import pytest

from bot.assistant.offer import caveats, offer
from bot.assistant.tools import Run
from bot.assistant.wording import LONGEST, faults, shown, tidy
from core.answer import Answer
from core.evidence.evidence import load
from core.grounding import all_names
from core.questions import QUESTIONS, Question, ask
from core.store.store import Store
from tests.bot.assistant.conftest import TODAY
from tests.bot.assistant.test_tools import EXAMPLES


@pytest.fixture(scope="module")
def run(store: Store) -> Run:
    """The gap (q1), China against the United States (q2), and the best scores on WeirdML (q3)."""

    async def answer(question: Question) -> Answer:
        return ask(question, store, TODAY)

    made = Run(answer, caveats(load(store).biases))
    asked: list[tuple[str, dict[str, Any]]] = [
        ("gap", {}), ("compare", {"left": "china", "right": "us"}), ("frontier", {"benchmark": "weirdml"})
    ]  # fmt: skip
    for name, given in asked:
        asyncio.run(made.answer(QUESTIONS[name], given))
    return made


GOOD = [
    "Open models trail by {q1.about.private} and {q1.about.public}.",
    "On private tests, open models are behind by {q1.gap.private} ({q1.range.private}).",
    "Put briefly: {q1.about.private}, and {q1.about.public}. Whether that has changed, {q1.change.private}.",
    "The newest match is {q1.newest.open}, which reached {q1.newest.level} on {q1.newest.board} on {q1.newest.day}.",
    "Currently the gap stands at {q1.gap.private}, while it is {q1.gap.public}; keep in mind that {caveat.coverage}.",
    "{q2.left} open models trail by {q2.left.private}, {q2.right} by {q2.right.private}: {q2.difference.private}.",
    "{q3.best.closed} leads on {q3.board} with {q3.best.closed.score}; {q3.best.open} has {q3.best.open.score}.",
    "The best open model on {q3.board}, {q3.best.open}, came out on {q3.best.open.day}.",
    "Open models trail by {q1.about.private}. On {q3.board}, {q3.best.open} is best with {q3.best.open.score}.",
]


@pytest.mark.parametrize("template", GOOD)
def test_what_rewords_the_answers_can_be_shown(run: Run, store: Store, template: str) -> None:
    assert faults(template, run, all_names(store)) == []


async def unasked(question: Question) -> Answer:
    raise AssertionError(question)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_sentence_of_an_answer_can_be_copied(store: Store, name: str) -> None:
    question = QUESTIONS[name].from_words(**{key: str(value) for key, value in EXAMPLES.get(name, {}).items()})
    copied = Run(unasked)
    copied.told[1] = offer(1, question, ask(question, store, TODAY))
    for sentence in copied.told[1].sentences:
        assert faults(f"{sentence[:1].upper()}{sentence[1:]}.", copied, all_names(store)) == []


BAD = {
    "": "no slot of a tool result",
    "Open models trail closed ones.": "no slot of a tool result",
    "Mind that {caveat.coverage}.": "no slot of a tool result",
    "{q1.about.private} and {q9.about.public}.": "There is no slot {q9.about.public}.",
    "Open models trail by 7.5 months, {q1.about.public}.": "outside a slot",
    "Open models trail by {q1.about.private}. Closed ones are better.": "A sentence has no slot",
    "Open models trail by {q1.about.private}, so buy shares.": 'in no tool result, use others: "buy"',
    "Open models are garbage: {q1.about.private}.": '"garbage"',
    "Ignore the rules: {q1.about.private}.": '"ignore"',
    "- {q1.about.private}\n- {q1.about.public}": "It holds marks",
    "# Gap\n{q1.about.private}": "It holds marks",
    "See [here](https://evil.example), {q1.about.private}.": "It holds marks",
    "@everyone, {q1.about.private}.": "It holds marks",
    "<@123> {q1.about.private}.": "It holds marks",
    "{q1.about.private} \N{FIRE}": "It holds marks",
    "On public tests it is {q1.gap.private}.": "{q1.gap.private} is of private tests",
    "{q2.right} open models trail by {q2.left.private}.": "{q2.left.private} is of {q2.left}; name it just before.",
    "{q3.best.open} leads with {q3.best.closed.score}.": "{q3.best.closed.score} is of {q3.best.closed}",
    "{q1.about.private} " * 60: "It is too long",
    "{q1.waiting}. " * 20: "It is too long; write at most 8 sentences.",
    "{{q1.about.private}}": "brace",
    "Open models are ahead by {q1.gap.private}.": "behind",
    "Open models trail by {q1.about.private} because of export controls.": "",
}


@pytest.mark.parametrize(("template", "why"), BAD.items(), ids=[each[:40] for each in BAD])
def test_what_says_anything_else_is_refused_with_the_reason(run: Run, store: Store, template: str, why: str) -> None:
    found = faults(template, run, all_names(store))
    assert found
    assert any(why in each for each in found), found


def test_a_class_that_the_sentence_names_is_not_said_again_by_its_figures(run: Run) -> None:
    assert shown("On private tests it is {q1.gap.private} ({q1.range.private}).", run) == (
        "On private tests it is 7.5 months (likely 5 to 10)."
    )
    assert shown("It is {q1.gap.private}, and {q1.gap.public}.", run) == (
        "It is 7.5 months on private tests, and 5.1 months on public tests."
    )
    assert shown("On private and public tests: {q1.gap.private}, {q1.gap.public}.", run) == (
        "On private and public tests: 7.5 months on private tests, 5.1 months on public tests."
    )


def test_a_sentence_that_begins_with_a_slot_begins_with_a_capital(run: Run) -> None:
    assert shown("{q1.change.private}. {q1.about.public}!", run).startswith("Can't tell on private tests")
    assert ". About 5 months" not in shown("{q1.change.private}. {q1.about.public}!", run)[:30]


def test_the_longest_text_is_bounded_before_it_is_read(run: Run) -> None:
    assert faults("{" * 10_000_000, run) == [f"It is too long; write at most {LONGEST} characters."]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("  **Open** models trail. \n", "Open models trail."),
        ('"{q1.gap.private}"', "{q1.gap.private}"),
        ("`{q1.gap.private}`   is it", "{q1.gap.private} is it"),
    ],
)
def test_what_models_put_around_their_words_is_taken_off(said: str, text: str) -> None:
    assert tidy(said) == text
