"""Whether the rules have understood a text wholly: then nobody needs to wait, or pay, for a language model."""

import re
from datetime import date

from bot.assistant import text
from bot.assistant.parsed_text import parse
from bot.assistant.reading import Reading
from core.evidence.name_index import name_index
from core.store.store import Store

_SEVERAL = re.compile(
    r"\?.*\w.*\?|[?.;]\s+\S+\s+\S+\s+\S|\b(?:and|also|plus)\s+(?:also\s+)?"
    r"(?:when|how|what|which|who|whose|why|where|is|are|did|does|do|has|have)\b",
    re.IGNORECASE,
)
"""How a text asks several things at once."""
_GREETING = 4
"""A text of little words alone that has more of them may ask something all the same."""


def is_certain(typed: str, reading: Reading, store: Store, today: date) -> bool:
    """Whether a reading by rules needs no second one by a model.

    It does not where every word of the text was understood, nothing was left aside, and one thing is asked: the rules
    then answer at once and for nothing, in the words that every face has. Nor does a text that no model should see:
    one that gives orders, is too long, or is empty, or a word of greeting, or a day that there is not.
    """
    cleaned = text.cleaned(typed)
    if len(typed) > text.LONGEST or not cleaned or text.is_hostile(cleaned):
        return True
    found = parse(cleaned, name_index(store), today)
    if reading.name is None and not reading.alternatives:
        says_nothing = not (found.known or found.unknown) and found.n_words <= _GREETING
        return says_nothing or bool(found.wrong)  # a model would mend "31 June" in silence
    return found.unknown == 0 and not reading.aside and not _SEVERAL.search(cleaned)
