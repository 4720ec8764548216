"""Why something is so: only reasons that a fact or a known caveat argues."""

import re
from collections.abc import Iterator

from core.grounding.cause_words import CAUSE, CAVEATS, LIMITS, MEASURING
from core.grounding.claim_words import CONCLUDED, CONCLUDES
from core.grounding.lexicon import AHEAD, BEHIND
from core.grounding.profiles import Known
from core.grounding.reading import Reading, Span
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
        for found in CAUSE.finditer(reading.low, sentence.start, sentence.end):
            if any(span.holds(found.start()) for span in quoted):
                continue
            reason = re.split(r"[,;]", reading.bare[found.end() : sentence.end])[0]
            before = reading.bare[sentence.start : found.start()]
            if len(reason.split()) < 2 or re.search(
                r"explain|why$|so that|results? in|resulted in|reflect|led|leads", found[0], re.IGNORECASE
            ):
                reason = f"{before} {reason}"
            rest = reading.bare[sentence.start : sentence.end].replace(reason, " ")
            if not _is_argued(reason, rest, known):
                yield Violation(
                    "cause",
                    reading.said(found),
                    f"“{reading.said(found)}” gives a reason that no source argues; say only what is measured.",
                )
        for found in _SO.finditer(reading.low, sentence.start, sentence.end):
            reason, effect = reading.bare[sentence.start : found.start()], reading.bare[found.end() : sentence.end]
            if not (MEASURING.search(effect) or re.search(r"\d", reason) or _is_argued(reason, effect, known)):
                yield Violation(
                    "cause",
                    reading.said(found),
                    "“so” gives a reason that no source argues; say only what is measured.",
                )
        for found in _MADE.finditer(reading.low, sentence.start, sentence.end):
            before, words = reading.bare[sentence.start : found.start()].lower(), reading.words(sentence)
            if not (_ACTS.search(before) or _LOOKS.search(words) or _is_argued(words, words, known)
                    or any(span.holds(found.start()) for span in quoted)):  # fmt: skip
                yield Violation(
                    "cause",
                    reading.said(found),
                    f"“{reading.said(found)}” says what moved something, and no source argues it.",
                )
        yield from _concluded(reading, known, sentence, quoted)
        start = _AS_FIRST.match(reading.bare, sentence.start)
        if start and not _is_argued(start[0], reading.bare[start.end() : sentence.end], known):
            yield Violation("cause", start[0].strip(), f"“{start[0].strip()}” gives a reason that no source argues.")
        for found in _AFTER.finditer(reading.low, sentence.start, sentence.end):
            if not _REACHED.match(found["verb"]):
                yield Violation(
                    "cause", reading.said(found), f"“{reading.said(found)}” reads as a reason, and no source argues it."
                )


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
            yield Violation(
                "cause",
                reading.said(found),
                f"“{reading.said(found)}” draws a conclusion that no source draws.",
            )


def _is_argued(reason: str, rest: str, known: Known) -> bool:
    if CAVEATS.search(reason):
        return True
    if LIMITS.search(reason) and MEASURING.search(f"{rest}"):
        return True
    return _is_in_facts(reason, known)


def _is_in_facts(reason: str, known: Known) -> bool:
    """Whether the words of a reason stand together in a fact that is no figure."""
    stems = _stems(reason)
    return any(len(stems & _stems(each.fact.shown)) >= min(_SHARED, max(len(stems), 1)) and len(stems) > 0
               and len(stems & _stems(each.fact.shown)) * 2 >= len(stems)
               for each in known.profiles if not each.backing.numbers or each.kind in ("date", "name"))  # fmt: skip


def _stems(text: str) -> frozenset[str]:
    """Return the beginnings of the words that carry the meaning of a text."""
    return frozenset(word[:5] for word in re.findall(r"[a-z]{4,}", text.lower()) if word not in _STOP)
