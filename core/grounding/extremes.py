"""Ends of a list: the test at which a lag is shortest, and the one at which it is longest, are not each other."""

import re
from collections.abc import Iterator

from core.grounding.profiles import Known
from core.grounding.reading import Mark, Reading
from core.grounding.violation import Violation

_ENDS = {
    "nearest": re.compile(
        r"\b(?:closest|nearest|least(?! as)|shortest|smallest|quickest|fastest|narrowest|soonest"
        r"|lowest)\b",
        re.IGNORECASE,
    ),
    "farthest": re.compile(
        r"\b(?:farthest|furthest|(?<!at )most(?! (?:of|recent|private|public|open|closed|tests))|longest|largest"
        r"|biggest"
        r"|slowest|widest|worst|highest|greatest)\b",
        re.IGNORECASE,
    ),
}
_OTHER = {"nearest": "farthest", "farthest": "nearest"}
_NEAR = 44
_ON = re.compile(r"(?:\b(?:on|at|for|is|was|with|in)|:|\() ?(?:the )?$", re.IGNORECASE)
_IS = re.compile(r"^(?:['’]s)?,? (?:took|is|was|where|has|had|shows?|comes?|came|being)\b[^.;,]{0,30}$", re.IGNORECASE)


def extremes(reading: Reading, known: Known) -> Iterator[Violation]:
    """Yield a test that is called the nearest where the facts call it the farthest, and the other way round."""
    tests = {end: _tests(known, end) for end in _ENDS}
    if not all(tests.values()):
        return
    boards = [mark for mark in reading.marks if mark.kind == "name" and mark.values & known.boards]
    for mark in boards:
        end = _end_of(reading, mark, boards)
        if end and mark.values & tests[_OTHER[end]] and not mark.values & tests[end]:
            name = reading.text[mark.start : mark.end]
            yield Violation("subject", name, f"“{name}” is the {_OTHER[end]} by the facts, not the {end}.")


def _tests(known: Known, end: str) -> frozenset[str]:
    found = (each.names & known.boards for each in known.profiles if each.fact.key.split(".")[0] == end)
    return frozenset[str]().union(*found)


def _end_of(reading: Reading, mark: Mark, boards: list[Mark]) -> str:
    """Return which end a test is called: by the last such word right before it, else by one right behind."""
    start = reading.sentence_at(mark.start).start
    start = max([start, mark.start - _NEAR, *(each.end for each in boards if each.end <= mark.start)])
    before, after = reading.bare[start : mark.start], reading.bare[mark.end : mark.end + _NEAR]
    found = [(each.start(), end) for end, pattern in _ENDS.items() for each in pattern.finditer(before)]
    if found and _ON.search(before):
        return max(found)[1]
    behind = [(each.start(), end) for end, pattern in _ENDS.items() for each in pattern.finditer(after)]
    return min(behind)[1] if behind and _IS.match(after[: min(behind)[0]]) else ""
