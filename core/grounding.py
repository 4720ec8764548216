"""Text from facts alone: templates with slots, and no number outside of one."""

import re
from collections.abc import Iterable

from core.answer import Fact

_SLOT = re.compile(r"\{([^{}]*)\}")
_NUMBER = re.compile(
    r"\d|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million"
    r"|half|third|thirds|quarter|twice|thrice|double|triple|dozen|couple|once)\b",
    re.IGNORECASE,
)


class GroundingError(ValueError):
    """A text that says something which no fact backs: it is not shown."""


def render(template: str, facts: Iterable[Fact]) -> str:
    """Fill a template's slots, `{gap.private}`, with the facts of these keys as they are shown.

    Raises GroundingError for a slot without a fact, for a digit or number word outside a slot, and for a
    stray brace.
    """
    shown = {fact.key: fact.shown for fact in facts}
    outside = _SLOT.sub("", template)
    number = _NUMBER.search(outside)
    if number:
        raise GroundingError(f'"{number[0]}" stands outside a slot in: {template}')
    if "{" in outside or "}" in outside:
        raise GroundingError(f"a brace is open or empty in: {template}")
    missing = [slot for slot in _SLOT.findall(template) if slot not in shown]
    if missing:
        raise GroundingError(f"no fact is called {', '.join(missing)}")
    return _SLOT.sub(lambda slot: shown[slot[1]], template)
