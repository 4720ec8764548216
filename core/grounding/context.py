"""What a number of a text is said of: the class of tests, the test, the model and the side that stand nearest to it."""

import itertools
import re
from dataclasses import dataclass

from core.grounding.numbers import Day, Number
from core.grounding.profiles import Known
from core.grounding.reading import Mark, Reading, Span

_LINKED = re.compile(r"[ (]*(?:on|in|for|at|of|by|from)?(?: the)?(?: \w+)?[ (]*$", re.IGNORECASE)
_THERE = re.compile(r"\b(?:there|these|those|them|here|its?|that (?:test|figure|class|side))\b", re.IGNORECASE)
_AGAINST = re.compile(r"\b(?:against|versus|vs\.?|compared (?:with|to)) (?:about )?$", re.IGNORECASE)
_JOINT = re.compile(
    r"\b(?P<one>private|public) (?:tests? |ones? |benchmarks? )?(?:and|or|nor|as well as) (?:on |the "
    r"|to )*(?P<other>private|public)\b",
    re.I,
)
_SET_OFF = re.compile(r"[,(] ?(?:and |that is |namely )?(?:on|in|for|at) (?:the )?", re.IGNORECASE)
"""What stands between a number and its test behind a comma: "21.5 months at the slowest, on MMLU"."""
_PAIR = 2
_NUMBERS_ROW = re.compile(
    r"(?: ?(?:%|months?|points?|per ?cent|minutes?))?(?:,| and|, and| or| versus| vs\.?"
    r"| against) (?:about |by |at )?",
    re.IGNORECASE,
)
_IN_ROW = re.compile(
    r"(?:['’]s?)?(?: (?:tests?|ones?|benchmarks?))?(?:,| and|, and| or| as well as| versus| vs\.?"
    r"| against) (?:on |the |to )*(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+) )?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Case:
    """One number of a text with what its sentence is about, to be held against a profile."""

    reading: Reading
    known: Known
    number: Number | Day
    sentence: Span
    part: Span
    ground: Mark | None
    actor: Mark | None
    actors: tuple[Mark, ...]
    """The actor, and all others in the part."""
    others: tuple[Mark, ...]
    """All actors of the sentence."""
    side: Mark | None
    without: frozenset[str]

    def words(self) -> str:
        """Return the words of the sentence, in small letters and without names."""
        return self.reading.words(self.sentence)


def case_of(reading: Reading, known: Known, number: Number | Day) -> Case:
    """Return what a number or date of a text is said of."""
    sentence, part = reading.sentence_at(number.start), reading.part_at(number.start)
    marks = list(reading.marks_by_sentence.get(sentence, ()))
    grounds = [m for m in marks if m.kind == "access" or (m.kind == "name" and m.values & known.boards)]
    actors = [m for m in marks if m.kind == "name" and not m.values & known.boards]
    sides = [m for m in marks if m.kind == "side"]
    without = frozenset(name for m in marks if m.kind == "without" for name in m.values)
    has_side = isinstance(number, Number) and any(
        part.start <= mark.start < number.start for mark in sides
    )  # "the best open model at 61 %"
    actor = _paired(reading, number, actors) or _nearest(
        reading, number, part, actors, is_far=not _AGAINST.search(reading.text[: number.start]) and not has_side
    )
    return Case(
        reading, known, number, sentence, part,
        _ground(reading, number, part, grounds),
        actor,
        tuple(m for m in actors if m is actor or (part.holds(m.start) and actor is not None)),
        tuple(actors),
        _nearest(reading, number, part, sides, is_far=False),
        without & _near_without(reading, number, sentence, marks),
    )  # fmt: skip


def _near_without(reading: Reading, number: Number | Day, sentence: Span, marks: list[Mark]) -> frozenset[str]:
    """Return the names that are left out where a number stands: the last such words before it count, or those after."""
    found = [mark for mark in marks if mark.kind == "without"]
    numbers = [each for each in reading.figures if sentence.holds(each.start)]
    names: set[str] = set()
    for mark in found:
        first = next((each for each in numbers if each.start > mark.start and isinstance(each, Number)), None)
        before = [each for each in numbers if each.start < mark.start and isinstance(each, Number)]
        nearest = first or (before[-1] if before else None)
        is_near = nearest is not None and nearest.start == number.start
        if is_near or (nearest is not None and reading.part_at(nearest.start) == reading.part_at(number.start)):
            names |= mark.values
    return frozenset(names)


def _ground(reading: Reading, number: Number | Day, part: Span, marks: list[Mark]) -> Mark | None:
    joint = _paired(reading, number, marks) or _joint(reading, number, part)
    if joint is not None:
        return joint
    if isinstance(number, Number) and not any(part.holds(mark.start) for mark in marks):
        sentence = reading.sentence_at(number.start)
        last = _row([each for each in reading.numbers if sentence.holds(each.start)], number, reading.text)[-1]
        behind = _nearest(reading, last, reading.part_at(last.start), marks, is_far=False)
        before = [mark for mark in marks if mark.end <= number.start]
        if (not before or _is_taken(reading, before[-1])) and behind is not None and behind.start >= last.end:
            return behind  # "4.2 versus 5.4 on public tests"
    found = _nearest(reading, number, part, marks, is_far=True, is_after=True)
    if found is None and _THERE.search(reading.words(reading.sentence_at(number.start))):
        past = [span for span in reading.sentences if span.end <= reading.sentence_at(number.start).start]
        earlier = [m for m in reading.marks if past and past[-1].holds(m.start) and m.kind == "access"]
        if earlier and len({m.values for m in earlier}) == 1:
            return earlier[-1]
    return found


def _is_leading(reading: Reading, mark: Mark) -> bool:
    """Whether a number of its own follows a mark in its part: ", on public tests 5.1"."""
    end = reading.sentence_at(mark.start).end
    follows = next((each for each in reading.numbers if mark.end <= each.start < end), None)
    return follows is not None and not re.search(r"[,;:()]", reading.bare[mark.end : follows.start])


def _is_taken(reading: Reading, mark: Mark) -> bool:
    """Whether a mark stands behind a number of its own: "11.3 months on private tests"."""
    part = reading.part_at(mark.start)
    return any(part.holds(each.start) and each.end <= mark.start for each in reading.numbers)


def _paired(reading: Reading, number: Number | Day, marks: list[Mark]) -> Mark | None:
    """Return the mark that a number has in "A, B and C: 1, 2 and 3": as many in a row, each its own in order."""
    if isinstance(number, Day):
        return None
    sentence = reading.sentence_at(number.start)
    figures = _row([each for each in reading.numbers if sentence.holds(each.start)], number, reading.text)
    if len(figures) < _PAIR:
        return None
    for first in range(len(marks) - len(figures) + 1):
        row = marks[first : first + len(figures)]
        gaps = [reading.bare[one.end : other.start] for one, other in itertools.pairwise(row)]
        is_apart = row[-1].end <= figures[0].start or row[0].start >= figures[-1].end
        if is_apart and all(_IN_ROW.fullmatch(gap) for gap in gaps):
            return row[figures.index(number)]
    return None


def _row(numbers: list[Number], number: Number, text: str) -> list[Number]:
    """Return the numbers that stand in a row with one: "1, 2 and 3 months"."""
    place = numbers.index(number)
    start = end = place
    while start and _NUMBERS_ROW.fullmatch(text[numbers[start - 1].end : numbers[start].start]):
        start -= 1
    while end + 1 < len(numbers) and _NUMBERS_ROW.fullmatch(text[numbers[end].end : numbers[end + 1].start]):
        end += 1
    return numbers[start : end + 1]


def _joint(reading: Reading, number: Number | Day, part: Span) -> Mark | None:
    """Return both classes where one phrase names both; of two numbers before it, each has its own."""
    sentence = reading.sentence_at(number.start)
    found = _JOINT.search(reading.bare, sentence.start, sentence.end)
    if found is None or found["one"].lower() == found["other"].lower():
        return None
    both = [found["one"].lower(), found["other"].lower()]
    inside = [each for each in reading.numbers if sentence.holds(each.start)]
    numbers = [each for each in inside if each.end <= found.start()] or inside
    pair = len(numbers) == 2 and reading.text[numbers[0].end : numbers[1].start].replace(" months", "").strip() in (
        "and",
        "or",
    )
    if pair and number.start in (numbers[0].start, numbers[1].start):
        which = both[0] if number.start == numbers[0].start else both[1]
        return Mark(found.start(), found.end(), "access", frozenset([which]))
    others = [m for m in reading.marks if m.kind == "access" and part.holds(m.start)]
    outside = [m for m in others if not found.start() <= m.start < found.end()]
    return None if outside else Mark(found.start(), found.end(), "access", frozenset(both))


def _nearest(
    reading: Reading, number: Number | Day, part: Span, marks: list[Mark], *, is_far: bool, is_after: bool = False
) -> Mark | None:
    """Return the mark that a number is said of: linked right behind it, else before it, else the nearest in its part.

    Then in brackets behind it; `is_far`, in the parts before; `is_after`, in those after.
    """
    inside = [mark for mark in marks if part.holds(mark.start)]
    after = [mark for mark in inside if mark.start >= number.end]
    before = [mark for mark in inside if mark.end <= number.start]
    text = reading.bare
    for mark in after[:1]:
        between = re.sub(r"^[\s-]*(?:%|\w+)", "", text[number.end : mark.start])
        if _LINKED.match(between) and len(between) < 24 and re.search(r"\b(?:on|in|for|at|of|by|from)\b|^ ?$", between):
            return mark
    if before:
        return before[-1]
    if after:
        return after[0]
    if text[part.end - 1 : part.end] == "(":
        bracket = [mark for mark in marks if part.end <= mark.start and ")" not in text[part.end : mark.start]]
        if bracket:
            return bracket[0]
        behind = re.match(r"[^()]*\)[^\w(]{0,2}(?:on|in|for|at) ", text[part.end :])
        linked = [mark for mark in marks if behind and mark.start >= part.end + behind.end()]
        if linked and linked[0].start - (part.end + (behind.end() if behind else 0)) < len("the public "):
            return linked[0]
    earlier = [mark for mark in marks if mark.end <= part.start]
    later = [mark for mark in marks if mark.start >= part.end]
    if later and _SET_OFF.fullmatch(text, part.end - 1, later[0].start) and not _is_leading(reading, later[0]):
        return later[0]
    if is_far and earlier:
        return earlier[-1]
    return later[0] if is_after and later else None
