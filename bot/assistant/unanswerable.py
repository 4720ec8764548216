"""What a text about our subject asks that can't be answered as asked: a sentence that says so, and what can be."""

import re

from bot.assistant import cues
from bot.assistant.field_values import FieldValues, fill
from bot.assistant.intents import why_not
from bot.assistant.understanding import Found
from core.questions import QUESTIONS

_CLOSED_TRAIL = re.compile(
    r"\b(?:behind|back|late|lag\w*|trail\w*) (?:<open:\d> )?(?:are|is|do|does|were|was)"
    r" (?:(?!<open|<model)\S+ ){0,4}<closed:"
    r"|^(?:(?!<open|<model|<lab|<country)\S+ )*<closed:\d> (?:(?!<model)\S+ ){0,3}(?:behind|trail\w*|lag\w*) "
)
"""How a text asks for how far closed models trail."""
_COURTESY = re.compile(
    r"^(?:\S+ ){0,3}?(?:(thanks?|thx|cheers|ty|danke|merci|gracias)|hi|hello|hey|hiya|good (?:morning|day|evening)) "
)
_WHY = re.compile(
    r"^(?:(?:but|and|so|ok|okay|hmm|well) )*(?:why|how come)"
    r"(?: (?:is|are|does|do) (?:that|it|this|they))?(?: so| that| not)? $"
)
"""How a text asks for the cause of what was just answered."""
_MOST_WORDS = 6
"""A text of thanks or greeting alone has at most so many words."""


def courtesy(found: Found) -> str | None:
    """Return a friendly word for thanks or a greeting, None for any other text."""
    match = _COURTESY.match(found.line)
    if not match or "<" in found.line or found.n_words > _MOST_WORDS:
        return None
    return "You're welcome; ask on whenever you like." if match[1] else "Hello! Ask how far behind open models are."


def why_unanswerable(found: Found, *, goes_on: bool) -> str | None:
    """Return why a text can't be answered as it was asked, None if it may; `goes_on` where an answer stands before."""
    if goes_on and _WHY.match(found.line):
        return next(sentence for sentence, pattern in cues.not_answered() if pattern.startswith("why "))
    if _CLOSED_TRAIL.search(found.line):
        return "Closed models are what open ones are measured against; ask how far behind open models are."
    return why_not(found)


def without(found: Found, asked: str, before: set[str]) -> FieldValues | str:
    """Return a comparison with the rest where a text leaves out a lab's or country's models, or why there is none.

    `asked` is the question that it would be without this; `before` are the fields of the one that it goes on from.
    """
    one = found.left_out[0]
    name = one.value or one.typed
    if one.kind == "benchmark":
        return "No test can be left out; “trust” shows the figure without the test that it rests on most."
    if one.kind == "model":
        return "No single model can be left out; “trust” shows what changes with any one left out."
    filled = fill(QUESTIONS["compare"], found)
    if (
        len(found.left_out) == 1
        and asked in ("gap", "compare")
        and not filled.left_out
        and not before - {"as_of", "access"}
    ):
        return FieldValues(filled.values | {"left": name, "right": "others"}, {}, (), filled.days_left_out)
    return f"Models of {name} can't be left out of this; “compare {name} others” holds them against the rest."
