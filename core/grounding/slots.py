"""Templates: text from facts alone, with slots for them and no number outside of one."""

import re
from collections.abc import Iterable

from core.answer import Fact
from core.grounding.numbers import NUMBER_WORD

SLOT = re.compile(r"\{([^{}]*)\}")


class GroundingError(ValueError):
    """A text that says something which no fact backs: it is not shown."""


def render(template: str, facts: Iterable[Fact]) -> str:
    """Fill a template's slots, `{gap.private}`, with the facts of these keys as they are shown.

    Raises GroundingError for a slot without a fact, for a digit or number word outside a slot, and for a
    stray brace.
    """
    shown = {fact.key: fact.shown for fact in facts}
    outside = SLOT.sub("", template)
    number = NUMBER_WORD.search(outside)
    if number:
        raise GroundingError(f'"{number[0]}" stands outside a slot in: {template}')
    if "{" in outside or "}" in outside:
        raise GroundingError(f"a brace is open or empty in: {template}")
    missing = [slot for slot in SLOT.findall(template) if slot not in shown]
    if missing:
        raise GroundingError(f"no fact is called {', '.join(missing)}")
    return SLOT.sub(lambda slot: shown[slot[1]], template)


def slots(template: str) -> tuple[str, ...]:
    """Return the keys of the facts that a template says, in order."""
    return tuple(SLOT.findall(template))
