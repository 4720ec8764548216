"""Writes briefs with a language model: it chooses, orders and words; all figures are slots that facts fill.

The whole text is checked, and corrected once.
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
"""The budget of briefs for all servers."""
MODELS = "the model's"
"""The owner of a language model's sentences."""
_MOST_NAME = 34
"""The most letters of a model's name in a brief's credit."""


class Point(BaseModel):
    """One bullet: a sentence or two."""

    text: str


class BriefForm(BaseModel):
    """A brief as it is written: title, bullets, and the ids of the terms to define."""

    title: str
    bullets: list[Point]
    terms: list[str] = Field(default_factory=list)


def write_brief(form_model: FormModel, material: Material, names: NameIndex) -> tuple[Brief, Review]:
    """Write a brief and mark its sentences; raises FailedError with the reason if no text passes. Blocks."""
    long_brief = compose(material, replace(material.words, bullets=material.offered))
    template_brief = replace(compose(material), facts=long_brief.facts)

    def mark(words: Words) -> tuple[Brief, Review]:
        brief = compose(material, words)
        return brief, mark_sentences(brief.parts, template_brief.parts, template_brief.text_facts, names, MODELS)

    def find_faults(form: BriefForm) -> list[str]:
        words = form_words(form, "model")
        return check(words, material) or [*mark(words)[1].findings]

    form, model = form_model.fill(BriefForm, [("human", build_prompt(material))], find_faults, "brief", NEWSROOM)
    return mark(form_words(form, model_credit(model)))


def model_credit(name: str) -> str:
    """Return the credit of a model as a writer."""
    return f"model {name[:_MOST_NAME]}"


def form_words(form: BriefForm, written_by: str) -> Words:
    """Return a form's words on one line each, the title without a full stop."""
    bullets = tuple(Bullet(one_line(point.text)) for point in form.bullets)
    return Words(one_line(form.title).rstrip("."), bullets, tuple(form.terms), written_by)


def build_prompt(material: Material) -> str:
    """Return the prompt for a brief of this material."""
    form = form_of(material)
    texts = (material.words.title, *(bullet.text for bullet in material.offered))
    keys = {key for text in texts for key in slots(text)}
    text = " ".join(render(part, material.facts) for part in texts)
    return prompts.load_prompt("brief").render(
        title=material.words.title,
        bullets=[bullet.text for bullet in material.offered],
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
