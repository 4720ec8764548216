"""Shares told in a word, "most of them", "few": held against the parts that the facts count."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from core.answer import Fact
from core.grounding.profiles import Known, Profile
from core.grounding.reading import Reading, Span
from core.grounding.share_words import SHARES, TOPICS, Topic
from core.grounding.stems import stems
from core.grounding.violation import Violation

_CLAUSE = re.compile(
    r"[;:]|,? \b(?:but|while|whereas|though|although|against|yet)\b|, and |,? and (?=on |of |for |in |most|few)"
)
_LABEL = re.compile(r"(?P<number>\d+) (?:\w+ )?(?:\((?P<label>[^()\d]+)\)|of (?P<words>[a-z][^,;\d]+))")
_STOP = frozenset("models model results levels with that this them".split())
_stems = partial(stems, length=4, stop=_STOP)


@dataclass(frozen=True)
class _Part:
    """A share that facts give of something, with the words by which a sentence says it."""

    share: float
    access: frozenset[str]
    side: str
    fact: Fact


def shares(reading: Reading, known: Known) -> Iterator[Violation]:
    """Yield "most of them" and its like where every fact that it may be said of gives another share."""
    for pattern, least, most in SHARES:
        for found in pattern.finditer(reading.low):
            sentence = reading.sentence_at(found.start())
            clause = _clause(reading, sentence, found.start())
            parts = list(_parts(reading, known, sentence, clause))
            if not parts and found[0].startswith("not"):  # "on most tests, but not on all"
                parts = list(_parts(reading, known, sentence, sentence))
            if parts and not any(least <= each.share <= most for each in parts):
                fact = parts[0].fact
                yield Violation(
                    "number",
                    reading.said(found),
                    f"“{reading.said(found)}” is another share; the data has “{fact.shown}” ({fact.subject}).",
                )


def _clause(reading: Reading, sentence: Span, place: int) -> Span:
    cuts = [each.start() for each in _CLAUSE.finditer(reading.bare, sentence.start, sentence.end)]
    start = max((cut for cut in cuts if cut < place), default=sentence.start)
    return Span(start, min((cut for cut in cuts if cut > place), default=sentence.end))


def _parts(reading: Reading, known: Known, sentence: Span, clause: Span) -> Iterator[_Part]:
    """Yield the shares that a clause may tell: of its class of tests and its side, by the words of its fact."""
    words = reading.bare[clause.start : clause.end]
    access = {
        value for mark in reading.marks if mark.kind == "access" and clause.holds(mark.start) for value in mark.values
    }
    sides = {
        value for mark in reading.marks if mark.kind == "side" and clause.holds(mark.start) for value in mark.values
    }
    for topic in TOPICS:
        if not (topic.noun.search(words) or topic.noun.search(reading.bare[sentence.start : sentence.end])):
            continue
        found = []
        for each in known.profiles:
            is_other = (access and each.access and not access & each.access) or (
                sides and each.kind == "share" and each.side and each.side not in sides
            )
            share = None if is_other or not topic.key.search(each.fact.key) else _share(each, known)
            told = None if share is None else _told(topic, words)
            if share is not None and told is not None:
                found.append(_Part(share if told else 1 - share, each.access, each.side, each.fact))
        if found:
            yield from found
            return
    for each in {profile.fact.key: profile for profile in reversed(known.profiles)}.values():
        yield from _labelled(each, words)


def _told(topic: Topic, words: str) -> bool | None:
    """Whether words say the part that a fact gives, or the rest of it; None where they say neither."""
    is_part, is_rest = bool(topic.part.search(words)), bool(topic.rest and topic.rest.search(words))
    if is_part and is_rest:
        return not topic.is_rest_first
    return is_part if is_part or is_rest else None


def _share(profile: Profile, known: Known) -> float | None:
    """Return the share that a fact gives: its value, "29 of 162", "carry 72 %", or a count of all that are like it."""
    fact = profile.fact
    carried = re.search(r"\bcarry (\d+) %", fact.shown)
    if carried:
        return float(carried[1]) / 100
    if profile.kind == "share" and isinstance(fact.value, float):
        return fact.value
    for one, other in pairwise([each for each in profile.backing.numbers if each.text]):
        if fact.shown[one.end : other.start] == " of " and other.value:
            return one.value / other.value
    family = fact.key.split(".")[0]
    if family in ("says", "biases") and isinstance(fact.value, int | float):
        alike = {each.fact.key: each.fact.value for each in known.profiles if each.fact.key.startswith(f"{family}.")}
        return fact.value / max(sum(value for value in alike.values() if isinstance(value, int | float)), 1)
    return None


def _labelled(profile: Profile, words: str) -> Iterator[_Part]:
    """Yield the part of a count whose label a clause tells: "7 models (never released), 2 models (no release date)"."""
    fact = profile.fact
    if not isinstance(fact.value, int | float) or fact.value <= 1:
        return
    labels = [
        (int(each["number"]), _stems(each["label"] or each["words"] or "")) for each in _LABEL.finditer(fact.shown)
    ]
    if len(labels) < 2 or sum(number for number, _ in labels) != fact.value:
        return
    said = _stems(words)
    told = [(len(label & said) / len(label), number) for number, label in labels if label]
    best = max((match for match, _ in told), default=0.0)
    if best > 0.5:
        for match, number in told:
            if match == best:
                yield _Part(number / fact.value, profile.access, profile.side, fact)
