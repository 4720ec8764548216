"""The check of a text against facts: what a template or a free text says that no fact backs."""

import re
from collections import Counter
from collections.abc import Iterable

from core.answer import Fact
from core.grounding.causes import causes
from core.grounding.claims import claims
from core.grounding.definitions import definitions
from core.grounding.directions import directions
from core.grounding.extremes import extremes
from core.grounding.holders import holders
from core.grounding.naming import foreign_names
from core.grounding.numbers import NUMBER_WORD, unit_after, unit_name
from core.grounding.pairs import pairs
from core.grounding.predicates import nonsense
from core.grounding.profiles import Known, known_of
from core.grounding.reading import Reading, Span
from core.grounding.roles import roles
from core.grounding.shares import shares
from core.grounding.sides import sides
from core.grounding.slots import SLOT
from core.grounding.subjects import Quote, figures
from core.grounding.topics import topics
from core.grounding.violation import Violation

_WORDS_OF_QUOTE = 3


def unsupported(text: str, facts: Iterable[Fact], *, known_names: Iterable[str] = ()) -> list[Violation]:
    """Return what a free text says that no fact backs, in the order of the checks; empty where all is backed.

    Numbers and dates are checked by value within shown rounding, unit and subject; names, who is behind whom, words
    of direction and reasons against the facts; and whether a number can do what is said of it. `known_names` are all
    names of models, labs and tests that exist (`all_names`): one of them that is not among the facts is refused.
    """
    known = known_of(tuple(facts), frozenset(known_names))
    found: list[Violation] = []
    for line in text.splitlines():
        reading = known.read(line)
        found += _of_reading(reading, known, _quotes(reading.text, known))
    return found


def violations(
    template: str, facts: Iterable[Fact], *, required: Iterable[str] = (), known_names: Iterable[str] = ()
) -> list[Violation]:
    """Return what is wrong with a text that a model wrote with slots, `{gap.private}`, for facts.

    Outside a slot stand no digits, number words and units; every slot is a fact's key, those required stand there
    once; and what the filled text says is checked as `unsupported` checks it, each number as its slot's fact.
    """
    known_facts = tuple(facts)
    by_key = {fact.key: fact for fact in known_facts}
    wrong = [*_slots(template, by_key, tuple(required)), *_outside(template, by_key)]
    known = known_of(known_facts, frozenset(known_names))
    for line in template.splitlines():
        text, quotes = _filled(" ".join(line.split()), by_key)
        reading = known.read(text)
        wrong += _of_reading(reading, known, [*quotes, *_quotes(reading.text, known)])
    return list(dict.fromkeys(wrong))


def _of_reading(reading: Reading, known: Known, quotes: list[Quote]) -> list[Violation]:
    quoted = tuple(Span(each.start, each.end) for each in quotes)
    return [
        *foreign_names(reading, known),
        *figures(reading, known, quotes),
        *shares(reading, known),
        *sides(reading, known),
        *holders(reading, known),
        *extremes(reading, known),
        *pairs(reading, known),
        *roles(reading, known, quoted),
        *directions(reading, known, quoted),
        *causes(reading, known, quoted),
        *claims(reading, known, quoted),
        *definitions(reading, known),
        *topics(reading, known, quoted),
        *nonsense(reading, known, quoted),
    ]


def _quotes(text: str, known: Known) -> list[Quote]:
    """Return where a text says a fact word for word, in more than a bare figure."""
    found = []
    for fact in dict.fromkeys(each.fact for each in known.profiles):
        shown = " ".join(fact.shown.split())
        if len(re.findall(r"[^\W\d_]+", shown)) >= _WORDS_OF_QUOTE and shown in text:
            start = text.index(shown)
            found.append(Quote(start, start + len(shown), fact))
    return found


def _slots(template: str, by_key: dict[str, Fact], required: tuple[str, ...]) -> list[Violation]:
    counted = Counter(SLOT.findall(template))
    wrong = [
        Violation("slot", f"{{{key}}}", f"No fact is called “{key}”; use one of those that are given.")
        for key in counted
        if key not in by_key
    ]
    for key in dict.fromkeys(required):
        if counted[key] != 1:
            often = "is missing" if not counted[key] else "stands there more than once"
            wrong.append(Violation("slot", f"{{{key}}}", f"The slot “{key}” {often}; write it once."))
    return wrong


def _outside(template: str, by_key: dict[str, Fact]) -> list[Violation]:
    """Refuse digits and number words outside a slot, stray braces, and a unit behind a slot that says its own."""
    outside = SLOT.sub("¤", template)
    wrong = [
        Violation("number", found[0], f"“{found[0]}” stands outside a slot; figures come from facts alone.")
        for found in NUMBER_WORD.finditer(outside)
    ]
    if "{" in outside or "}" in outside:
        wrong.append(Violation("slot", "{", "A brace is open or empty; a slot is a fact's key in braces."))
    for found in SLOT.finditer(template):
        unit = unit_after(template, found.end())
        fact = by_key.get(found[1])
        if unit and fact is not None and fact.unit and (unit_after(fact.shown, None) or _is_other_unit(fact, unit)):
            wrong.append(
                Violation("unit", unit, f"“{unit}” stands behind a slot that says its own unit: “{fact.shown}”.")
            )
    return wrong


def _is_other_unit(fact: Fact, unit: str) -> bool:
    """Whether a word behind a bare figure is not what its fact counts."""
    return unit_name(unit) != unit_name(fact.unit)


def _filled(template: str, by_key: dict[str, Fact]) -> tuple[str, list[Quote]]:
    """Fill the slots that are facts' and return where each stands; others stay as blanks."""
    text, place, quotes = "", 0, []
    for found in SLOT.finditer(template):
        text += template[place : found.start()]
        fact = by_key.get(found[1])
        if fact is not None:
            shown = " ".join(fact.shown.split())
            quotes.append(Quote(len(text), len(text) + len(shown), fact))
            text += shown
        place = found.end()
    return text + template[place:], quotes
