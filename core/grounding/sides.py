"""Who is open and who is closed: what a text calls each, and what it says of the one that is true of the other."""

import re
from collections.abc import Iterator

from core.grounding.profiles import Known
from core.grounding.reading import Reading
from core.grounding.violation import Violation

_SIDE_BEFORE = re.compile(
    r"\b(?P<side>open|closed|proprietary)(?:[- ](?:weights?|source))?(?: (?:model|one|system|rival"
    r"|record|leader|score))?s?(?:,|:)? (?:called )?$",
    re.I,
)
_SIDE_AFTER = re.compile(
    r"^(?:,| \(|:| –| —)? ?(?:which )?(?:(?:is|was|remains|became|becomes|as) )?(?:still |also |now )?(?:(?:the|an?) )?"
    r"(?:(?:best|first|newest|top|latest|leading|strongest|only|only other|other|quickest|second) ){0,2}"
    r"(?P<side>open|closed|proprietary)\b(?!(?:[- ]weights?)? (?:ones|models|rivals?|competitors?"
    r"|scores?|labs?|side|developers?))",
    re.IGNORECASE,
)
_IS = re.compile(
    r"\b(?P<side>open|closed|proprietary)(?=[- ](?:weights? |source )?(?:model|one|system|record|leader)\b)"
    r"(?P<between>(?:(?!\b(?:(?:open|closed|proprietary)[- ](?:weights )?(?:model|one|system)|behind"
    r"|after|matched|than|from|ahead)\b)[^.;])*?) (?:was|is|were|came from|belongs to|goes to) $",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(r"\b(?:if|suppos\w+|would|should|were)\b", re.IGNORECASE)
_A_MODEL = re.compile(
    r"\b(?:an?|some|one|another|any) (?:\w+ )?(?P<side>open|closed)(?:[- ]weights?)? (?:model|system|one)\b",
    re.IGNORECASE,
)
_AS_A = re.compile(
    r"\b(?:is|was|as|being|remains|stays|becom\w+|became|called) (?:an? "
    r"|the )(?:\w+ ){0,2}?(?P<side>open|closed|proprietary)[- ](?:weights? )?"
    r"(?:model|one|system)\b",
    re.IGNORECASE,
)
_TESTED = re.compile(
    r"\b(?P<side>open|closed|proprietary)\b(?:(?!\b(?:open|closed)\b)[^.;]){0,30}\btest(?:ed"
    r"|s)? (?:\w+ )?(?P<more>more|less)\b",
    re.IGNORECASE,
)
_NO_CLOSED = re.compile(
    r"\b(?:no|not one|not a single) (?:\w+ )?(?:closed|proprietary) (?:model|one|system)s?\b", re.IGNORECASE
)
_FIRST = re.compile(
    r"\b(?:(?:was|were|is|came|comes|got there|did so|arrived)(?: \w+)? first|(?:reach|pass|hit|clear"
    r"|scor)\w*[^.;]{0,60}? first(?=\s*(?:[;,.]|$)))"
    r"(?! (?:¤|open|closed|model|one|(?:of|among|for|to match|in) (?:the |an? )?(?:open|closed)))",
    re.IGNORECASE,
)
_FIRST_BY = re.compile(
    r"\b(?:first (?:(?:reached|passed|matched|cleared|hit|scored|achieved|solved|set|got) )?by"
    r"|(?:reached|passed|cleared|hit|scored|achieved|solved|set) first by) (?:the )?$",
    re.IGNORECASE,
)
_UNREACHED = re.compile(
    r"\bclosed (?:models?|ones?)(?: \w+)? (?:(?:have|has|had|are|is) (?:not|never|yet to|still to)"
    r"|still (?:wait|miss|lack)\w*|haven['’]t|hasn['’]t|lack\w*)\b"
    r"|\b(?:wait|waits|waiting|unmatched|unreached|missing)(?: \w+)? (?:for|by) (?:an?|any|the|all)? ?closed\b",
    re.IGNORECASE,
)
_OF_OPEN = re.compile(
    r"\b(?:flatter\w*|serv(?:e|es|ing)) (?:for |to |towards )?(?:the )?(?P<one>closed)\b"
    r"|\b(?P<other>closed)(?: \w+)? (?:can"
    r"|could|may|might) (?:be )?(?:\w+ )?train",
    re.IGNORECASE,
)
"""What the bias table says of open models alone: they are flattered, served by hosts, trained towards public tests."""


def sides(reading: Reading, known: Known) -> Iterator[Violation]:
    """Yield where a text calls open what is closed, or says of closed models what the facts say of open ones."""
    yield from _misnamed(reading, known)
    yield from _of_name(reading, known)
    yield from _supposed(reading, known)
    yield from _tested(reading, known)
    yield from _first(reading, known)
    for pattern, why in (
        (_UNREACHED, "the levels that wait are for open models"),
        (_OF_OPEN, "that is said of open models"),
    ):
        for found in pattern.finditer(reading.bare):
            texts = (f"{each.fact.subject} {each.fact.shown}" for each in known.profiles)
            if pattern is _OF_OPEN or not any(
                re.search(r"\b(?:no|without a|ahead of every) closed\b", text) for text in texts
            ):
                yield Violation("role", found[0], f"“{found[0]}” has it the wrong way round: {why}.")


def _first(reading: Reading, known: Known) -> Iterator[Violation]:
    """Yield an open model that is called the first of all, where every fact has a closed one before it."""
    lags = {each.sign for each in known.profiles if each.kind == "lag" and each.sign and not each.themes}
    for mark in reading.marks if lags == {1} else ():
        is_open = any(known.sides.get(value) == "open" for value in mark.values)
        if mark.kind == "name" and is_open and _FIRST_BY.search(reading.bare[: mark.start]):
            yield Violation("role", reading.text[mark.start : mark.end], "By the facts a closed model was first.")
    for found in _FIRST.finditer(reading.bare) if lags == {1} else ():
        sentence = reading.sentence_at(found.start())
        before = [mark for mark in reading.marks if sentence.start <= mark.start < found.start() + 1]
        named = [mark for mark in before if mark.kind == "side" or any(name in known.sides for name in mark.values)]
        told = {known.sides.get(value, value) for value in named[-1].values} if named else set()
        if told == {"open"}:
            yield Violation(
                "role", found[0].strip(), "By the facts a closed model was first; say which open one was the first."
            )


def _misnamed(reading: Reading, known: Known) -> Iterator[Violation]:
    """Yield names that are called closed and are open, or the other way round."""
    for mark in reading.marks:
        sides = {known.sides[name] for name in mark.values if name in known.sides}
        if mark.kind != "name" or len(sides) != 1:
            continue
        start = next((s.start for s in reading.sentences if s.holds(mark.start)), 0)
        before, after = reading.bare[start : mark.start], reading.bare[mark.end :]
        found = _SIDE_BEFORE.search(before) or _IS.search(before) or _SIDE_AFTER.match(after)
        if found is None:
            continue
        said = "open" if found["side"].lower() == "open" else "closed"
        if said not in sides:
            name = reading.text[mark.start : mark.end]
            yield Violation("role", f"{said} … {name}", f"“{name}” is {sides.pop()} by the facts, not {said}.")


def _of_name(reading: Reading, known: Known) -> Iterator[Violation]:
    """Yield "X came out as a closed model" where X is open, and "no closed model" where no fact says so."""
    for found in _AS_A.finditer(reading.bare):
        sentence = reading.sentence_at(found.start())
        named = [mark for mark in reading.marks if mark.kind == "name" and sentence.start <= mark.start < found.start()
                 and any(name in known.sides for name in mark.values)]  # fmt: skip
        said = "open" if found["side"].lower() == "open" else "closed"
        sides = {known.sides[name] for name in named[-1].values if name in known.sides} if named else set()
        if len(sides) == 1 and said not in sides:
            yield Violation(
                "role", found[0], f"“{reading.text[named[-1].start : named[-1].end]}” is {sides.pop()} by the facts."
            )
    for found in _NO_CLOSED.finditer(reading.bare):
        texts = (f"{each.fact.subject} {each.fact.shown}" for each in known.profiles)
        if not any(re.search(r"\b(?:no|without a|ahead of every) closed\b", text) for text in texts):
            yield Violation("role", found[0], f"“{found[0]}”: by the facts it is open models that are not there.")


def _tested(reading: Reading, known: Known) -> Iterator[Violation]:
    """Yield "open models are tested more often": by the bias table closed ones are."""
    shares = {
        each.side: each.fact.value for each in known.profiles if each.fact.key in ("tested.open", "tested.closed")
    }
    numbers = {side: value for side, value in shares.items() if isinstance(value, float)}
    more = "open" if numbers.get("open", 0.0) > numbers.get("closed", 1.0) else "closed"
    for found in _TESTED.finditer(reading.bare):
        side = "open" if found["side"].lower() == "open" else "closed"
        is_more = found["more"].lower() == "more"
        if (side == more) != is_more:
            yield Violation(
                "role", found[0], f"“{found[0]}” has it the wrong way round: {more} models are tested more often."
            )


def _supposed(reading: Reading, known: Known) -> Iterator[Violation]:
    meant = {
        side
        for each in known.profiles
        if each.fact.key == "supposed.model"
        for side in re.findall(r"open|closed", each.fact.shown)
    }
    for found in _A_MODEL.finditer(reading.bare) if meant else ():
        is_supposed = _SUPPOSED.search(reading.words(reading.sentence_at(found.start())))
        if is_supposed and found["side"].lower() not in meant:
            yield Violation(
                "role", found[0], f"The supposed model is {' or '.join(meant)} by the facts, not {found['side']}."
            )
