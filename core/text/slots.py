"""Templates: text with slots for facts. Tests check that no template has a number outside a slot."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from core.answer import Fact, Line
from core.words import ACCESS

SLOT = re.compile(r"\{([^{}]*)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_REPEATED = re.compile(r"<([^<>|]*)\|([^<>|]*)>")


def render(template: str, facts: Iterable[Fact]) -> str:
    """Fill a template's slots, such as `{gap.private}`, with the words of the facts with these keys.

    Raises KeyError for a slot without a fact.
    """
    shown = {fact.key: fact.shown for fact in facts}
    return SLOT.sub(lambda slot: shown[slot[1]], template)


def render_known(templates: Iterable[Line], facts: Iterable[Fact]) -> tuple[Line, ...]:
    """Fill the slots of lines and their labels; leave out lines with a slot that has no fact.

    A part in square brackets is left out on its own if its facts are missing: "behind by {gap}[, likely {range}]". A
    part in angle brackets is repeated for each class of tests (`@`) that has the facts; the text after the bar joins
    the copies: "<@ tests {gap.@}|; >".
    """
    known = tuple(facts)
    keys = {fact.key for fact in known}
    lines = []
    for line in templates:
        text = known_parts(line.text, keys)
        if keys.issuperset(slots(line.label + text)):
            lines.append(replace(line, label=render(line.label, known), text=render(text, known)))
    return tuple(lines)


def known_parts(template: str, keys: Collection[str]) -> str:
    """Return a template with its parts in square and angle brackets expanded, as far as `keys` has their slots.

    If no class of tests has the facts of a part in angle brackets, the slots of the first class remain. They have no
    fact, so the line is left out.
    """
    known = set(keys)

    def repeat(part: re.Match[str]) -> str:
        texts = [drop_unknown(part[1].replace("@", name)) for name in ACCESS]
        return part[2].join([text for text in texts if known.issuperset(slots(text))] or texts[:1])

    def drop_unknown(text: str) -> str:
        return _OPTIONAL.sub(lambda part: part[1] if known.issuperset(slots(part[1])) else "", text)

    return drop_unknown(_REPEATED.sub(repeat, template))


def slots(template: str) -> tuple[str, ...]:
    """Return the keys of a template's slots, in order."""
    return tuple(SLOT.findall(template))
