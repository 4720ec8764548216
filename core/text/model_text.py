"""Check the slots of a language model's text: every figure, name and date is one."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from core.answer import Fact
from core.text.numbers import find_figures
from core.text.slots import SLOT, slots


def slot_faults(template: str, facts: Iterable[Fact], required: Collection[str] = ()) -> Iterator[str]:
    """Yield a sentence for each unknown slot, required slot that does not occur once, and figure outside of slots."""
    keys, counts = {fact.key for fact in facts}, Counter(slots(template))
    for key in counts:
        if key not in keys:
            yield f"No fact is called “{key}”; take slots from the list."
    for key in required:
        if counts[key] != 1:
            yield f"The slot “{key}” {'is missing' if not counts[key] else 'stands more than once'}; write it once."
    if re.search(r"[{}]", SLOT.sub("", template)):
        yield "A brace is open or empty; a slot is a fact's key in braces."
    numbers, days = find_figures(SLOT.sub("_", template))
    for figure in (*(number.text for number in numbers), *(day.text for day in days)):
        yield f"“{figure}” stands outside a slot; figures come from facts alone."
