"""Templates: text from facts alone, with slots for them. Tests see to it that no number stands outside of one."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from core.answer import Fact, Line
from core.words import ACCESS

SLOT = re.compile(r"\{([^{}]*)\}")
_PART = re.compile(r"\[([^\[\]]*)\]")
_EACH = re.compile(r"<([^<>|]*)\|([^<>|]*)>")


def render(template: str, facts: Iterable[Fact]) -> str:
    """Fill a template's slots, `{gap.private}`, with the facts of these keys as they are shown.

    Raises KeyError for a slot without a fact.
    """
    shown = {fact.key: fact.shown for fact in facts}
    return SLOT.sub(lambda slot: shown[slot[1]], template)


def render_known(templates: Iterable[Line], facts: Iterable[Fact]) -> tuple[Line, ...]:
    """Fill the slots of the lines and labels whose facts are all there, and leave out the others.

    A part in brackets stands only where its own facts are there: "behind by {gap}[, likely {range}]". A part in angles
    stands for each kind of tests, `@`, whose facts are there, apart by what follows its bar: "<@ tests {gap.@}|; >".
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
    """Return a template with those parts in brackets and angles alone whose slots have a fact, without these signs.

    A part in angles that no kind of tests has the facts of keeps the slots of the first, which leave its line out.
    """
    known = set(keys)

    def for_each(part: re.Match[str]) -> str:
        each = [in_brackets(part[1].replace("@", name)) for name in ACCESS]
        return part[2].join([text for text in each if known.issuperset(slots(text))] or each[:1])

    def in_brackets(text: str) -> str:
        return _PART.sub(lambda part: part[1] if known.issuperset(slots(part[1])) else "", text)

    return in_brackets(_EACH.sub(for_each, template))


def slots(template: str) -> tuple[str, ...]:
    """Return the keys of the facts that a template says, in order."""
    return tuple(SLOT.findall(template))
