"""Templates: text from facts alone, with slots for them. Tests see to it that no number stands outside of one."""

import re
from collections.abc import Iterable

from core.answer import Fact

SLOT = re.compile(r"\{([^{}]*)\}")


def render(template: str, facts: Iterable[Fact]) -> str:
    """Fill a template's slots, `{gap.private}`, with the facts of these keys as they are shown.

    Raises KeyError for a slot without a fact.
    """
    shown = {fact.key: fact.shown for fact in facts}
    return SLOT.sub(lambda slot: shown[slot[1]], template)


def slots(template: str) -> tuple[str, ...]:
    """Return the keys of the facts that a template says, in order."""
    return tuple(SLOT.findall(template))
