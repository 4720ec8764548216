"""Claims that no measurement bears: certainty, what is to come, all that exists, and what is only supposed."""

import re
from collections.abc import Iterator

from core.grounding import claim_words as said
from core.grounding.profiles import Known
from core.grounding.reading import Reading, Span
from core.grounding.violation import Violation

_WORD = re.compile(r"[^\W\d_]+")
_NO_CLOSED = re.compile(r"\b(?:no|without a|ahead of every) closed\b")


def claims(reading: Reading, known: Known, quoted: tuple[Span, ...]) -> Iterator[Violation]:
    """Yield what is surer, wider or later than what was measured, and what is told as done and was only supposed."""
    for sentence in reading.sentences:
        yield from _certain(reading, known, sentence, quoted)
        yield from _universal(reading, known, sentence, quoted)
        yield from _forecast(reading, known, sentence, quoted)
    yield from _supposed(reading, known, quoted)


def _found(
    pattern: re.Pattern[str], reading: Reading, known: Known, sentence: Span, quoted: tuple[Span, ...]
) -> Iterator[re.Match[str]]:
    """Yield where a sentence has words of a pattern that are neither quoted nor, in a row, a fact's own."""
    for found in pattern.finditer(reading.low, sentence.start, sentence.end):
        if any(span.holds(found.start()) for span in quoted):
            continue
        if not (len(words := _WORD.findall(found[0])) == 1 and words[0] in known.words):
            yield found


def _certain(reading: Reading, known: Known, sentence: Span, quoted: tuple[Span, ...]) -> Iterator[Violation]:
    if reading.bare[: sentence.end].rstrip().endswith("?"):
        return
    for found in _found(said.CERTAIN, reading, known, sentence, quoted):
        before, after = reading.bare[sentence.start : found.start()], reading.bare[found.end() : sentence.end]
        if not said.UNSURE_BEFORE.search(before) and not said.UNSURE_AFTER.match(after):
            word = found["word"] or reading.said(found)
            yield Violation("certainty", word, f"“{word}” is surer than any measured figure; leave it out.")


def _universal(reading: Reading, known: Known, sentence: Span, quoted: tuple[Span, ...]) -> Iterator[Violation]:
    """Yield what is said of all that exists: the data hold what was tested, and what was not may differ."""
    words = reading.bare[sentence.start : sentence.end]
    for pattern in (said.UNTESTED, said.ABILITY, said.NOBODY, said.EVERY_MODEL, said.EVERYWHERE):
        if pattern is said.EVERYWHERE and not said.ALL_OR_NONE.search(words):
            continue
        for found in _found(pattern, reading, known, sentence, quoted):
            before, after = words[: found.start() - sentence.start], words[found.end() - sentence.start :]
            if said.UNSURE_AFTER.match(after) or (pattern is said.UNTESTED and said.UNSURE_AFTER.search(before)):
                continue
            if pattern is said.NOBODY and any(_NO_CLOSED.search(each.fact.shown) for each in known.profiles):
                continue
            yield Violation(
                "certainty",
                reading.said(found),
                f"“{reading.said(found)}” is said of more than was tested; say what the data hold.",
            )


def _forecast(reading: Reading, known: Known, sentence: Span, quoted: tuple[Span, ...]) -> Iterator[Violation]:
    words = reading.bare[sentence.start : sentence.end]
    if said.FURTHER_TEST.search(words) and any(each.fact.key.startswith("expect.") for each in known.profiles):
        return
    coming = said.NEXT.search(words)
    found = next(_found(said.FORECAST, reading, known, sentence, quoted), None) or next(
        _found(said.CATCH_UP, reading, known, sentence, quoted), None
    )
    if found is None and coming and not said.PAST.search(words):
        found = next(_found(said.NEXT, reading, known, sentence, quoted), None)
    is_supposed = _is_what_if(known) and said.SUPPOSES.search(words)
    if found is not None and not is_supposed and not _is_denied(reading, sentence, found):
        yield Violation(
            "nonsense",
            reading.said(found),
            f"“{reading.said(found)}” is a forecast; a gap says how old the level is that was just reached.",
        )


def _is_denied(reading: Reading, sentence: Span, found: re.Match[str]) -> bool:
    """Whether a forecast is denied or left open: in its clause before it, or right after it."""
    before = re.split(r"[,;:]", reading.bare[sentence.start : found.start()])[-1]
    after = reading.bare[found.end() : sentence.end]
    return bool(said.NO_FORECAST.search(before) or said.UNSURE_AFTER.match(after))


def _is_what_if(known: Known) -> bool:
    return any(each.fact.key.startswith("supposed.") for each in known.profiles)


def _supposed(reading: Reading, known: Known, quoted: tuple[Span, ...]) -> Iterator[Violation]:
    """Yield what a line tells as done where its facts only suppose it, and no word of it says so."""
    if not _is_what_if(known) or said.SUPPOSES.search(reading.bare):
        return
    figures = [
        (good.value, good.unit)
        for each in known.profiles
        if each.fact.key.startswith(("supposed.", "results", "ended")) or "with the supposed" in each.fact.subject
        for good in each.backing.numbers
    ]
    days = [day for each in known.profiles if each.fact.key == "supposed.day" for day in each.backing.days]
    for sentence in reading.sentences:
        numbers = [each for each in reading.numbers if sentence.holds(each.start)]
        is_told = any(abs(each.value - value) < 0.06 for each in numbers for value, _ in figures) or any(
            day.year == each.year for each in reading.days if sentence.holds(each.start) for day in days
        )
        found = said.HAPPENED.search(reading.low, sentence.start, sentence.end) if is_told else None
        if found and not any(span.holds(found.start()) for span in quoted):
            yield Violation(
                "certainty",
                reading.said(found),
                f"“{reading.said(found)}” tells as done what is only supposed; say “if” and “would”.",
            )
