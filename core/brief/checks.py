"""Check a brief's words if a language model chose them; each fault is a sentence."""

from collections import Counter
from collections.abc import Iterable, Iterator

from core.brief.brief import (
    MOST_BULLETS,
    MOST_NUMBERS,
    MOST_QUIET_BULLETS,
    MOST_TITLE_WORDS,
    MOST_WORDS,
    Brief,
    Material,
    Words,
    bullets_text,
    compose,
)
from core.brief.bullets import MOST_BULLET_WORDS, Bullet
from core.brief.prose import Form, count_numbers, count_words, find_faults
from core.text.model_text import slot_faults
from core.text.slots import slots
from core.words import and_list, quote

LEAST_WORDS, LEAST_BULLETS, LEAST_EASE = 80, 4, 65.0
_WEIGHTY = 3
"""Facts of bullets up to this rank are required: what is new, both figures, where they are going."""
_SHOWN = 60


def form_of(material: Material) -> Form:
    """Return the limits for a brief from this material; they ask no more than the template could do."""
    own = compose(material)
    return Form(
        least_words=min(LEAST_WORDS, count_words(bullets_text(own.bullets))),
        most_words=MOST_WORDS - count_words(f"{own.title} {own.deck}"),
        least_bullets=min(LEAST_BULLETS, len(own.bullets)),
        most_bullets=MOST_BULLETS if material.is_news else MOST_QUIET_BULLETS,
        most_title_words=MOST_TITLE_WORDS,
        least_ease=LEAST_EASE,
    )


def required(material: Material) -> tuple[str, ...]:
    """Return the facts that the bullets must state exactly once, in the template's order."""
    shared = _shared_keys(material.offered)
    ranks = {draft.text: draft.rank for draft in material.offered}
    texts = [bullet.text for bullet in material.words.bullets if ranks[bullet.text] <= _WEIGHTY]
    return tuple(key for key in dict.fromkeys(slots(" ".join(texts))) if key not in shared)


def check(words: Words, material: Material) -> list[str]:
    """Return the faults in words for a brief, one sentence per fault; empty if the words may be shown."""
    wrong = [
        *slot_faults(words.title, material.facts, slots(material.words.title)),
        *slot_faults("\n".join(words.texts[1:]), material.facts, required(material)),
    ]
    wrong += _find_mixed_facts(words, material)
    known = {fact.key for fact in material.facts}
    if all(key in known for part in words.texts for key in slots(part)):
        brief = compose(material, words)
        wrong += find_faults(brief.title, brief.texts[1:], form_of(material))
        wrong += _find_length_faults(brief, material)
    return list(dict.fromkeys(wrong))


def _find_length_faults(brief: Brief, material: Material) -> Iterator[str]:
    """Yield faults: too many numbers from the title to the last bullet, bullets that are too long."""
    names = [fact.shown for fact in material.facts if fact.kind == "name"]
    numbers = count_numbers(" ".join((brief.deck, *brief.texts)), names)
    if numbers > MOST_NUMBERS:
        yield f"Title, deck and bullets have {numbers} numbers; keep to {MOST_NUMBERS}."
    for text in brief.texts[1:]:
        if count_words(text) > MOST_BULLET_WORDS:
            yield f"A bullet has more than {MOST_BULLET_WORDS} words; shorten it: {quote(text, _SHOWN)}."


def _find_mixed_facts(words: Words, material: Material) -> Iterator[str]:
    """Yield faults: bullets without a fact, facts from different bullets in one, facts that belong in no bullet."""
    shared = _shared_keys(material.offered)
    home = {key: number for number, draft in enumerate(material.offered) for key in _keys(draft) if key not in shared}
    for bullet in words.bullets:
        keys = _keys(bullet)
        homes = {home[key]: f"{{{key}}}" for key in reversed(keys) if key in home}
        if not keys:
            yield f"A bullet says no fact of its own; leave it out: {quote(bullet.text, _SHOWN)}."
        elif len(homes) > 1:
            apart = and_list([homes[number] for number in sorted(homes)])
            yield f"{apart} belong to different bullets; write a bullet each."
        strange = [key for key in keys if key not in home and key not in shared]
        if strange:
            yield f"{{{strange[0]}}} belongs into no bullet; leave it out."


def _keys(bullet: Bullet) -> tuple[str, ...]:
    return slots(bullet.text)


def _shared_keys(offered: Iterable[Bullet]) -> set[str]:
    """Return the facts that several bullets share, such as the day of the last brief, and the days of the frame."""
    bullets_with = Counter(key for bullet in offered for key in set(_keys(bullet)))
    return {"published", "today", "since", "start"} | {key for key, number in bullets_with.items() if number > 1}
