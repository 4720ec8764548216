"""Why something is so: only reasons that a fact or a known caveat argues."""

import re
from collections.abc import Iterator

from core.grounding.lexicon import CAUSE
from core.grounding.profiles import Known
from core.grounding.reading import Reading, Span
from core.grounding.violation import Violation

_CAVEATS = re.compile(
    r"train(?:ed|ing)? (?:\w+ )?(?:towards?|to|for|on) (?:the |them|it|public|such|these|those)|train towards"
    r"|test(?:ed|ing)? (?:\w+ )?(?:more|less|rarely|seldom)|(?:more|less|fewer) (?:often "
    r"|frequently )?test|third[- ]party hosts|hosts .* degrade"
    r"|vendors? may|see(?:n)? (?:the |its |private )*(?:questions|problems)|self-reported|left out"
    r"|lucky|held back|hold back"
    r"|made up of|questions (?:are|stay|remain) (?:kept )?secret|keep their questions secret",
    re.IGNORECASE,
)
"""The reasons of the bias table, that a gap may look other than it is."""
_LIMITS = re.compile(
    r"\b(?:only|just|but|on|with|is|at|one|a single) (?:one |a single )?(?:test|benchmark|result)\b"
    r"|one test|single test|a single benchmark"
    r"|\b(?:too )?few(?:er)? (?:\w+ )?(?:tests|results|models|points|scores|data|benchmarks)"
    r"|\bno (?:newer|open|closed|other|more|recent|longer)\b"
    r"|\b(?:ranges?|intervals?)\b|overlap|includes? (?:zero|no change)|can['’]?t|cannot|unclear"
    r"|unknown|not known|nobody|not enough|not (?:in the data|tested)"
    r"|(?:data|board|boards|tests|results|scores) (?:end|ends|ended|stop|stops)|\bnever released"
    r"|no release date|third part|could go either way"
    r"|way or the other|both ways|is none of them|not (?:one|part) of|differ\w* between|tests differ"
    r"|noisy|below the floor",
    re.IGNORECASE,
)
"""Limits of the data, that explain what can't be told."""
_MEASURING = re.compile(
    r"\brange|interval|can['’]?t|cannot|unclear|\btell\b|\bfigure|\bread\b|\bends?\b|left out|leave"
    r"|exclud|\bcount|\bknown\b|\bwide\b|\bsure\b|doubt|caution"
    r"|careful|no verdict|nobody|no one|not (?:clear|certain|say|mean)|unmatched|waiting|missing"
    r"|nothing|stay|uncertain|averag|merg|stands?\b|\bwe\b|compare|apart|winner|named?\b"
    r"|open or closed",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\bafter (?!that\b|this\b|it\b|all\b|which\b"
    r"|\d)(?P<reason>(?:[\w'’-]+ ){1,6}?(?P<verb>[a-z]+(?:ed|ght)|stopped|began|cut|put|got|took|ran"
    r"|were|was|had|did"
    r"|shut|left|made|won|lost|gave|set|went|came|hit))\b",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"\b(?:made|makes?|forced?|forces|lets?|allow(?:s|ed)?|enabl\w+|help(?:s|ed)?|push(?:es|ed)?|drove"
    r"|drives?|driven|hurt|hurts|slow(?:s|ed)? down|boost(?:s|ed)?|gave|gives|puts?|leaves?|left"
    r"|keeps?|kept|hold(?:s|ing)?|pull(?:s|ed)?|widen(?:s|ed)|narrow(?:s|ed)|shr[aiu]nks?|clos(?:es"
    r"|ed)(?= the)) (?:the |their |its |all )?(?:private |public )?(?:¤+|open|closed|gap|labs?"
    r"|developers"
    r"|models|lag|lead)\b(?! (?:was|is|model|at|behind closed|ones behind)\b)",
    re.IGNORECASE,
)
"""Something that acts on models or on the gap."""
_ACTS = re.compile(
    r"\b(?:¤+|models?|ones|gap|they|results?|scores?|we|data|range|tests|test|match|figures?|numbers?"
    r"|estimates?|study|benchmarks?|report|levels?)(?:'s"
    r"|’s)?(?: \w+){0,2} $|^\s*(?:(?:that|this|it|which) )?$|^\s*(?:if|what|this|leaving|dropping|such)\b",
    re.I,
)
_SO = re.compile(r", so (?!far|that\b)|\bso (?=(?:open|closed|the gap)\b)", re.IGNORECASE)
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


def causes(reading: Reading, known: Known, quoted: tuple[Span, ...]) -> Iterator[Violation]:
    """Yield reasons that neither a fact nor a known caveat argues."""
    for sentence in reading.sentences:
        for found in CAUSE.finditer(reading.bare, sentence.start, sentence.end):
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
                    "cause", found[0], f"“{found[0]}” gives a reason that no source argues; say only what is measured."
                )
        for found in _SO.finditer(reading.bare, sentence.start, sentence.end):
            reason, effect = reading.bare[sentence.start : found.start()], reading.bare[found.end() : sentence.end]
            if not (_MEASURING.search(effect) or re.search(r"\d", reason) or _is_argued(reason, effect, known)):
                yield Violation(
                    "cause", found[0].strip(), "“so” gives a reason that no source argues; say only what is measured."
                )
        for found in _MADE.finditer(reading.bare, sentence.start, sentence.end):
            before, words = reading.bare[sentence.start : found.start()].lower(), reading.words(sentence)
            if not (_ACTS.search(before) or _LOOKS.search(words) or _is_argued(words, words, known)
                    or any(span.holds(found.start()) for span in quoted)):  # fmt: skip
                yield Violation("cause", found[0], f"“{found[0]}” says what moved something, and no source argues it.")
        start = _AS_FIRST.match(reading.bare, sentence.start)
        if start and not _is_argued(start[0], reading.bare[start.end() : sentence.end], known):
            yield Violation("cause", start[0].strip(), f"“{start[0].strip()}” gives a reason that no source argues.")
        for found in _AFTER.finditer(reading.bare, sentence.start, sentence.end):
            if not _REACHED.match(found["verb"]):
                yield Violation("cause", found[0], f"“{found[0]}” reads as a reason, and no source argues it.")


def _is_argued(reason: str, rest: str, known: Known) -> bool:
    if _CAVEATS.search(reason):
        return True
    if _LIMITS.search(reason) and _MEASURING.search(f"{rest}"):
        return True
    stems = _stems(reason)
    return any(len(stems & _stems(each.fact.shown)) >= min(_SHARED, max(len(stems), 1)) and len(stems) > 0
               and len(stems & _stems(each.fact.shown)) * 2 >= len(stems)
               for each in known.profiles if not each.backing.numbers or each.kind in ("date", "name"))  # fmt: skip


def _stems(text: str) -> frozenset[str]:
    """Return the beginnings of the words that carry the meaning of a text."""
    return frozenset(word[:5] for word in re.findall(r"[a-z]{4,}", text.lower()) if word not in _STOP)
