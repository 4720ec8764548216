"""A brief in a language model's words: it chooses, orders and words; every figure comes from the facts, by slots.

What it writes is checked as a whole, and mended once.
"""

from dataclasses import replace

from pydantic import BaseModel, Field

from bot.assistant import prompts
from bot.assistant.model_calls import FormModel
from bot.state.conversation_key import ConversationKey
from core.brief import Brief, Bullet, Material, Words, compose
from core.brief.brief import MOST_NUMBERS
from core.brief.bullets import MOST_BULLET_WORDS
from core.brief.checks import check, form_of, required
from core.brief.prose import MOST_SENTENCE_WORDS
from core.glossary import terms_in
from core.names.name_index import NameIndex
from core.text import render, slots
from core.text.marks import mark_sentences
from core.text.review import Review
from core.words import one_line

NEWSROOM = ConversationKey("newsroom")
"""To whom the words of a brief are charged that all servers may get."""
MODELS = "the model's"
"""Whose sentences those of a language model are."""
_MOST_NAME = 34
"""Letters of a model's name where it is said who wrote a brief."""


class Point(BaseModel):
    """One bullet: a sentence or two."""

    text: str


class BriefForm(BaseModel):
    """A brief as it is written: title, bullets, and the ids of the terms to define."""

    title: str
    bullets: list[Point]
    terms: list[str] = Field(default_factory=list)


def word(form_model: FormModel, material: Material, names: NameIndex) -> tuple[Brief, Review]:
    """Have a brief worded, and mark its sentences; raises FailedError, with why, where there is no text that holds.

    Blocks for that time.
    """
    offered = compose(material, replace(material.words, bullets=material.offered))
    written = replace(compose(material), facts=offered.facts)

    def mark(words: Words) -> tuple[Brief, Review]:
        brief = compose(material, words)
        return brief, mark_sentences(brief.parts, written.parts, written.text_facts, names, MODELS)

    def faults(form: BriefForm) -> list[str]:
        words = words_of(form, "model")
        return check(words, material) or [*mark(words)[1].findings]

    form, model = form_model.fill(BriefForm, [("human", prompt(material))], faults, "brief", NEWSROOM)
    return mark(words_of(form, by_model(model)))


def by_model(name: str) -> str:
    """Return how it is said that a model wrote something."""
    return f"model {name[:_MOST_NAME]}"


def words_of(form: BriefForm, written_by: str) -> Words:
    """Return a form's words on one line each, the title without a full stop."""
    bullets = tuple(Bullet(one_line(each.text)) for each in form.bullets)
    return Words(one_line(form.title).rstrip("."), bullets, tuple(form.terms), written_by)


def prompt(material: Material) -> str:
    """Return the text that asks for a brief of this material."""
    form = form_of(material)
    every = (material.words.title, *(each.text for each in material.offered))
    keys = {key for each in every for key in slots(each)}
    text = " ".join(render(each, material.facts) for each in every)
    return prompts.load("brief").render(
        title=material.words.title,
        bullets=[each.text for each in material.offered],
        slots=[(fact.key, fact.subject, fact.shown) for fact in material.facts if fact.key in keys],
        must=required(material),
        terms=[(term.term_id, term.term) for term in terms_in(text, material.glossary)],
        most_sentence_words=MOST_SENTENCE_WORDS,
        least_words=form.least_words,
        most_words=form.most_words,
        least_bullets=form.least_bullets,
        most_bullets=form.most_bullets,
        most_title_words=form.most_title_words,
        most_bullet_words=MOST_BULLET_WORDS,
        most_numbers=MOST_NUMBERS,
    )
