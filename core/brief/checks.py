"""What a brief's words must hold to when a model chose them: a sentence for each fault."""

from collections.abc import Iterable, Iterator

from core.brief.brief import MOST_BULLETS, MOST_TITLE_WORDS, MOST_WORDS, Material, Words, compose, said
from core.brief.bullets import Draft
from core.brief.prose import Form, faults
from core.text.model_text import slot_faults, word_faults
from core.text.slots import slots
from core.words import and_list, quote

LEAST_WORDS, LEAST_BULLETS, LEAST_EASE = 120, 5, 60.0
_MOST_WITHOUT_NEWS = 5
_WEIGHTY = 4
"""The facts of bullets up to this weight must be said: what is new, both figures, where they are going."""
_SHOWN = 60


def form_of(material: Material) -> Form:
    """Return what a brief of this material keeps to; no more is asked of it than the template could do."""
    own = compose(material)
    return Form(
        least_words=min(LEAST_WORDS, len(said(own.bullets).split())),
        most_words=MOST_WORDS,
        least_bullets=min(LEAST_BULLETS, len(own.bullets)),
        most_bullets=MOST_BULLETS if material.is_news else _MOST_WITHOUT_NEWS,
        most_title_words=MOST_TITLE_WORDS,
        least_ease=LEAST_EASE,
    )


def required(material: Material) -> tuple[str, ...]:
    """Return the facts that the bullets must say once each, in the template's order."""
    shared = _shared(material.offered)
    keys = [key for each in material.words.bullets if _weight(each, material) <= _WEIGHTY for key in slots(each.text)]
    return tuple(key for key in dict.fromkeys(keys) if key not in shared)


def check(words: Words, material: Material) -> list[str]:
    """Return what is wrong with words for a brief, a sentence each; empty where they may be shown."""
    found = [
        *slot_faults(words.title, material.facts, slots(material.words.title)),
        *slot_faults("\n".join(words.texts[1:]), material.facts, required(material)),
    ]
    own = [material.words.title, *(part for each in material.offered for part in each.parts)]
    for part in words.texts:
        found += word_faults(part, material.facts, own)
    found += _mixed(words, material)
    known = {fact.key for fact in material.facts}
    if all(key in known for part in words.texts for key in slots(part)):
        brief = compose(material, words)
        texts = [(bullet.text, bullet.remark) for bullet in brief.bullets]
        found += faults(brief.title, texts, form_of(material))
    return list(dict.fromkeys(found))


def _mixed(words: Words, material: Material) -> Iterator[str]:
    """Yield bullets without a fact, and those that mix facts which belong to different ones."""
    shared = _shared(material.offered)
    home = {key: number for number, each in enumerate(material.offered) for key in _keys(each) if key not in shared}
    for each in words.bullets:
        homes = {home[key] for key in _keys(each) if key in home}
        if not _keys(each):
            yield f"A bullet says no fact of its own; leave it out: {quote(each.text, _SHOWN)}."
        elif len(homes) > 1:
            apart = [f"{{{next(key for key in _keys(each) if home.get(key) == number)}}}" for number in sorted(homes)]
            yield f"{and_list(apart)} belong to different bullets; write a bullet each."
        strange = [key for key in _keys(each) if key not in home and key not in shared]
        if strange:
            yield f"{{{strange[0]}}} belongs into no bullet; leave it out."


def _keys(draft: Draft) -> tuple[str, ...]:
    return slots(" ".join(draft.parts))


def _shared(offered: Iterable[Draft]) -> set[str]:
    """Return the facts that stand in several bullets, such as the day of the last brief, and days of the frame."""
    seen: set[str] = {"published", "today", "since", "start"}
    once: set[str] = set()
    for each in offered:
        keys = set(_keys(each))
        seen |= keys & once
        once |= keys
    return seen


def _weight(chosen: Draft, material: Material) -> int:
    return next(each.weight for each in material.offered if each.text == chosen.text)
