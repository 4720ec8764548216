"""The part of a text that asks: what is told around it, such as why one asks, is left out, and names stand for "it"."""

import re
from dataclasses import dataclass
from itertools import pairwise

from bot.assistant import mentions
from bot.assistant.names import Index

_SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\s+-+\s+")
_NEXT = re.compile(
    r"[,;]?\s+(?:(?:and|also|plus|then)\s+)+(?=(?:what|how|who|which|when|where|is|are|explain|compare|define|show)\b)"
    r"|;\s+",
    re.IGNORECASE,
)
"""Where a further question begins within a sentence."""
_AND = re.compile(r"^(?:(?:and|also|plus|then)\s+)+", re.IGNORECASE)
_COMMA = re.compile(r",\s+")
_ASKS = re.compile(
    r"^(?:(?:but|and|so|now|then|anyway|anyways|ok|okay|well|please|pls|just|still|hence|therefore|also|really)[, ]+)*"
    r"(?:how|what|which|whi?ch|who|whose|when|where|is|are|was|were|does|do|did|has|have|had|can|could|would|will"
    r"|tell me|compare|explain|define|give me|show|gap|lag|eli5|tl;?dr)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"^(?:i|i'\w+|im|we|we'\w+|my|our|you|your|some\w*|every\w*|people|they|he|she|the (?:boss|team|kids?)"
    r"|an? (?:colleague|friend|client)|because|cuz|since (?:i|we|my|our)|as (?:i|we|my|our|an?)|running|using|asking"
    r"|got|just got|having|need|apologies|sorry|writing|working)\b(?!.*\?$)",
    re.IGNORECASE,
)
"""How a part between commas begins that only tells something."""
_OWN_MACHINE = re.compile(
    r",? (?:that|which) (?:i|we) (?:use|run|have|host|keep|got)\b[^,.?!]*"
    r"|,? (?:when |if )?(?:(?:i|we) )?(?:run(?:ning)? )?(?:on|with|from) (?:my|our)(?: own)?(?: \w+){0,2}?"
    r" ?(?:\d090|rtx\s?\w*|gpus?|laptop|macbook|mac|pc|machine|server|desktop|rig|box|card)\b(?: (?:at home|at work))?",
    re.IGNORECASE,
)
_OF_STANDING = re.compile(r"\b(?:behind|lag\w*|trail\w*|gap|stands?|match\w*|catch\w*)\b", re.IGNORECASE)
"""Where a text asks for a model's place, what it is run on does not matter; where it asks for the best, it does."""
_POINTS = re.compile(r"\b(?:it|they|them|that|this|am i)\b", re.IGNORECASE)
_FEWEST = 3
"""A sentence of fewer words tells nothing: it belongs to the question, as "In robotics." does."""
_PLACES = ("model", "lab", "country", "benchmark")


@dataclass(frozen=True)
class Asked:
    """What a text asks, with the names, as typed, that only stand in what it tells besides."""

    text: str
    aside: tuple[str, ...]


def asked(text: str, known: Index) -> Asked | None:
    """Return the one part of a cleaned text that asks; None where there is none, several, or nothing else."""
    parts = _parts(text)
    asking = [part for part in parts if part[1]]
    if len(asking) != 1:
        return None
    question = asking[0][0]
    if _OF_STANDING.search(question):
        question = _OWN_MACHINE.sub("", question)
    if question == text:
        return None
    _, named = mentions.marked(" . ".join(told for told, asks in parts if not asks), known)
    own = {mention.kind for mention in mentions.marked(question, known)[1]}
    meant = next((each for kind in _PLACES for each in named if each.kind == kind), None)
    if meant and meant.kind not in own and _POINTS.search(question):
        question = _POINTS.sub(lambda _: meant.typed, question, count=1)
        named.remove(meant)
    return Asked(question, tuple(dict.fromkeys(each.value or each.typed for each in named)))


def several(text: str) -> tuple[str, ...]:
    """Return the parts of a cleaned text that may each be a question, in order, without their marks."""
    pieces = (piece for sentence in _SENTENCE.split(text) for piece in _NEXT.split(sentence))
    return tuple(_AND.sub("", piece.strip(" ,;.?!")) for piece in pieces if _ASKS.match(piece))


def _parts(text: str) -> list[tuple[str, bool]]:
    """Return the parts of a text in order, each with whether it asks."""
    parts: list[tuple[str, bool]] = []
    for sentence in filter(None, _SENTENCE.split(text)):
        new = _of_sentence(sentence)
        is_scrap = len(new) == 1 and not new[0][1] and len(sentence.split()) < _FEWEST
        if is_scrap and parts and parts[-1][1]:
            parts[-1] = (f"{parts[-1][0]} {sentence}", True)
        else:
            parts += new
    return parts


def _of_sentence(sentence: str) -> list[tuple[str, bool]]:
    """Return a sentence's parts: it is cut at the commas where telling and asking meet."""
    pieces = _COMMA.split(sentence)
    kinds = [bool(_ASKS.match(piece)) or (None if not _TELLS.match(piece) else False) for piece in pieces]
    cuts = [0, *(place for place, kind in enumerate(kinds) if place and kind is not None and kind != kinds[place - 1])]
    runs = [(", ".join(pieces[first:last]), kinds[first]) for first, last in pairwise([*cuts, len(pieces)])]
    if len(runs) == 1:
        return [(sentence, bool(kinds[0]) or sentence.endswith("?"))]
    return [(run, bool(kind)) for run, kind in runs]
