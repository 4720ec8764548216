"""Why something is so: only reasons that a fact or a known caveat argues."""

import re
from collections.abc import Iterator
from functools import partial

from core.grounding.cause_words import CAUSE, CAVEATS, LIMITS, MEASURING
from core.grounding.claim_words import CONCLUDED, CONCLUDES
from core.grounding.lexicon import AHEAD, BEHIND
from core.grounding.profiles import Known
from core.grounding.reading import Reading, Span
from core.grounding.stems import stems
from core.grounding.violation import Violation

_AFTER = re.compile(
    r"\bafter (?!that\b|this\b|it\b|all\b|which\b"
    r"|\d)(?P<reason>(?:[\w'’-]+ ){1,6}?(?P<verb>[a-z]+(?:ed|ght)|stopped|began|cut|put|got|took|ran"
    r"|were|was|had|did"
    r"|shut|left|made|won|lost|gave|set|went|came|hit))\b"
)
_MADE = re.compile(
    r"\b(?:made|makes?|forced?|forces|lets?|allow(?:s|ed)?|enabl\w+|help(?:s|ed)?|push(?:es|ed)?|drove"
    r"|drives?|driven|hurt|hurts|slow(?:s|ed)? down|boost(?:s|ed)?|gave|gives|puts?|leaves?|left"
    r"|keeps?|kept|hold(?:s|ing)?|pull(?:s|ed)?|widen(?:s|ed)|narrow(?:s|ed)|shr[aiu]nks?|clos(?:es"
    r"|ed)(?= the)) (?:the |their |its |all )?(?:private |public )?(?:¤+|open|closed|gap|labs?"
    r"|developers"
    r"|models|lag|lead)\b(?! (?:was|is|model|at|behind closed|ones behind)\b| (?:models |ones )?(?:about |some "
    r"|around |roughly "
    r"|nearly |almost )?[\d.]+ months)"
)
"""Something that acts on models or on the gap."""
_ACTS = re.compile(
    r"\b(?:¤+|models?|ones|gap|they|results?|scores?|we|data|range|tests|test|match|figures?|numbers?"
    r"|estimates?|study|benchmarks?|report|levels?)(?:'s"
    r"|’s)?(?: \w+){0,2} $|^\s*(?:(?:that|this|it|which) )?$|^\s*(?:if|what|this|leaving|dropping|such)\b",
    re.I,
)
_REASON_BEFORE = re.compile(r"explain|why$|so that|results? in|resulted in|reflect|led|leads", re.IGNORECASE)
"""Words for a cause whose reason stands before them: "this led to …"."""
_SO = re.compile(r", so (?!far|that\b|as\b)|\bso (?=(?:open|closed|the gap)\b)")
_AS_FIRST = re.compile(
    r"\s*As (?!it\b|things\b|of\b|an?\b|before\b|shown\b|said\b|noted\b|ever\b|usual\b|for\b|this\b"
    r"|that\b|we\b|long\b)(?:[\w'’-]+ ){1,5}?(?:is|are|was|were|has|have|lacks?|remains?)\b[^,]*,"
)
_REACHED = re.compile(
    r"^(?:had|did|reached|got|scored|came|was|were|passed|hit|set|managed|matched|achieved|released"
    r"|went|made|counted)$",
    re.IGNORECASE,
)
_STOP = frozenset(
    """that this these those with from have been were they them their than into about more most some such very also only
    just which what when where while there here because since being does make makes model models open closed test tests
    private public data result results month months level levels""".split()
)
_stems = partial(stems, length=5, stop=_STOP)
_LOOKS = re.compile(r"\b(?:look|looks|seem|seems|appear|appears|would|could|without|leaving|drop|dropping|if)\b")
_SHARED = 2
_CLAUSE_END = re.compile(r"[;]|, (?:but|while|and|though|although)\b")
_ASKED = re.compile(r"\b(?:what|how|why|whether|of what) $", re.IGNORECASE)
"""What is told and not concluded: "what the number means"."""
_ORDER = re.compile(rf"\b(?:{BEHIND}|{AHEAD})\b(?! at\b)", re.IGNORECASE)
"""What a conclusion may say all the same: who is behind, which is held against the facts elsewhere."""


def causes(reading: Reading, known: Known, quoted: tuple[Span, ...]) -> Iterator[Violation]:
    """Yield reasons that neither a fact nor a known caveat argues."""
    for sentence in reading.sentences:
        yield from _given(reading, known, sentence, quoted)
        yield from _so(reading, known, sentence)
        yield from _made(reading, known, sentence, quoted)
        yield from _concluded(reading, known, sentence, quoted)
        yield from _first(reading, known, sentence)
        yield from _after(reading, sentence)


def _given(reading: Reading, known: Known, sentence: Span, quoted: tuple[Span, ...]) -> Iterator[Violation]:
    """Yield "because …", "thanks to …" before what is argued nowhere; behind some words the reason stands before."""
    for found in CAUSE.finditer(reading.low, sentence.start, sentence.end):
        if any(span.holds(found.start()) for span in quoted):
            continue
        reason = re.split(r"[,;]", reading.bare[found.end() : sentence.end])[0]
        if len(reason.split()) < 2 or _REASON_BEFORE.search(found[0]):
            reason = f"{reading.bare[sentence.start : found.start()]} {reason}"
        rest = reading.bare[sentence.start : sentence.end].replace(reason, " ")
        if not _is_argued(reason, rest, known):
            yield _violation(reading.said(found), "gives a reason that no source argues; say only what is measured.")


def _so(reading: Reading, known: Known, sentence: Span) -> Iterator[Violation]:
    """Yield "…, so open models trail"."""
    for found in _SO.finditer(reading.low, sentence.start, sentence.end):
        reason, effect = reading.bare[sentence.start : found.start()], reading.bare[found.end() : sentence.end]
        if not (MEASURING.search(effect) or re.search(r"\d", reason) or _is_argued(reason, effect, known)):
            why = "“so” gives a reason that no source argues; say only what is measured."
            yield Violation("cause", reading.said(found), why)


def _made(reading: Reading, known: Known, sentence: Span, quoted: tuple[Span, ...]) -> Iterator[Violation]:
    """Yield what is said to have moved models or the gap: "a chip ban keeps open models behind"."""
    for found in _MADE.finditer(reading.low, sentence.start, sentence.end):
        before, words = reading.bare[sentence.start : found.start()].lower(), reading.words(sentence)
        if not (_ACTS.search(before) or _LOOKS.search(words) or _is_argued(words, words, known)
                or any(span.holds(found.start()) for span in quoted)):  # fmt: skip
            yield _violation(reading.said(found), "says what moved something, and no source argues it.")


def _first(reading: Reading, known: Known, sentence: Span) -> Iterator[Violation]:
    """Yield "As labs have chips, …" at the beginning of a sentence."""
    start = _AS_FIRST.match(reading.bare, sentence.start)
    if start and not _is_argued(start[0], reading.bare[start.end() : sentence.end], known):
        yield _violation(start[0].strip(), "gives a reason that no source argues.")


def _after(reading: Reading, sentence: Span) -> Iterator[Violation]:
    """Yield "after labs stopped publishing", which reads as a reason."""
    for found in _AFTER.finditer(reading.low, sentence.start, sentence.end):
        if not _REACHED.match(found["verb"]):
            yield _violation(reading.said(found), "reads as a reason, and no source argues it.")


def _violation(said: str, why: str) -> Violation:
    return Violation("cause", said, f"“{said}” {why}")


def _concluded(reading: Reading, known: Known, sentence: Span, quoted: tuple[Span, ...]) -> Iterator[Violation]:
    """Yield "which shows that …" before what no figure, fact or limit of the data says."""
    for found in CONCLUDES.finditer(reading.low, sentence.start, sentence.end):
        end = next(
            (each.start() for each in _CLAUSE_END.finditer(reading.bare, found.end(), sentence.end)), sentence.end
        )
        clause = reading.bare[found.end() : end]
        is_told = any(found.end() <= each.start < end for each in reading.figures)
        if (
            is_told
            or _ASKED.search(reading.bare[: found.start()])
            or any(span.holds(found.start()) for span in quoted)
            or _ORDER.search(clause)
        ):
            continue
        if not (CONCLUDED.search(clause) or CAVEATS.search(clause) or _is_in_facts(clause, known)):
            yield _violation(reading.said(found), "draws a conclusion that no source draws.")


def _is_argued(reason: str, rest: str, known: Known) -> bool:
    if CAVEATS.search(reason):
        return True
    if LIMITS.search(reason) and MEASURING.search(f"{rest}"):
        return True
    return _is_in_facts(reason, known)


def _is_in_facts(reason: str, known: Known) -> bool:
    """Whether the words of a reason stand together in a fact that is no figure."""
    said = _stems(reason)
    least = max(min(_SHARED, len(said)), len(said) / 2)
    worded = (each for each in known.profiles if not each.backing.numbers or each.kind in ("date", "name"))
    return bool(said) and any(len(said & _stems(each.fact.shown)) >= least for each in worded)
