"""A text as the checks see it: its names, numbers and dates, its sentences and their parts, and what they speak of."""

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from core.grounding.names import Mention, Names, demonyms, mentions
from core.grounding.numbers import Day, Number, blanked, said
from core.words import CLASSES

_NAME = "¤"
"""Stands for a letter of a name, so that no rule reads words in it."""
_ABBREVIATIONS = re.compile(
    r"\b(?:vs|e\.g|i\.e|approx|[Ss]ept?|[Jj]an|[Ff]eb|[Aa]ug|[Oo]ct|[Nn]ov|[Dd]ec|no|ca|U\.S|cf)\."
)
_END = re.compile(r"[.!?]+[\"”’)\]]*(?=\s|$)|\s[·•|]\s")
_ALWAYS = re.compile(r"[,;:()\[\]]|\s[-–—]\s|—")
_JOINTS = re.compile(
    r"\b(?:and|but|while|whereas|though|although|against|versus|vs|compared (?:with|to)|rather than|than|or|plus|yet"
    r"|with)\b"
)
"""Words that join two parts of a sentence; they part it where a figure stands on either side."""
_RANGE = re.compile(r"\s*(?:%|per ?cent|points?|months?|ahead|behind|narrower|wider|shorter|longer|better|worse)?"
                    r"(?: (?:ahead|behind|narrower|wider|shorter|longer|better|worse))?"
                    r"(?:\s*[-–—]\s*|\s+(?:to|and|or|up to)\s+)(?:by )?[+−-]?", re.IGNORECASE)  # fmt: skip
_ACCESS = re.compile(
    r"\b(?P<private>private|secret|held[- ]out|unpublished)\b|\b(?P<public>public|(?:known"
    r"|published)(?= questions))\b(?! \w*ations?\b)",
    re.I,
)
_OPEN = r"open(?:[- ]?(?:weights?|source))?"
_HEAD = (
    r"(?:models?|ones|one|systems?|labs?|side|scores?|records?|developers?|competitors?|rivals?|efforts?|camp|AI|LLMs?)"
)
_SIDE = re.compile(
    rf"\b(?P<open>{_OPEN})(?=[ -]+(?:\w+[ -]+)?{_HEAD}\b|\s*{_NAME}|(?:'s|’s)? (?:trail|lag|lead|match|are|have)\b)"
    rf"|\b(?P<opened>open weights)\b"
    rf"|\b(?P<closed>closed|proprietary)(?=[ -]+(?:\w+[ -]+)?{_HEAD}\b|\s*{_NAME}|[- ]weights?\b"
    r"|(?:'s|’s)? (?:trail|lag|lead|led|match|are|have)\b)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\bthe (?:(?P<other>other)(?: (?:one|figure|class|kind|sort))?|(?P<former>former|first)(?: (?:one|figure))?"
    r"|(?:latter|second)(?: (?:one|figure))?)(?=[.,;:)]|$| (?:is|was|lies|stands|has|had|and|at|by|with|rests?"
    r"|ends?)\b)"
)
"""Words that stand for one of two classes of tests named before."""
_WITHOUT = re.compile(
    r"\b(?:without|leav(?:e|es|ing)(?: out)?|left out|drop(?:s|ped|ping)?|exclud\w+|remov\w+|tak(?:e"
    r"|es|ing)(?: away| out)?"
    r"|minus|except(?: for)?|omit\w*|ignor\w+|not counting|but for|set(?:ting)? aside|strip(?:ping)? out)"
    r" (?:the |test |benchmark |out )*$",
    re.IGNORECASE,
)
_WITHOUT_IT = re.compile(
    r"\b(?:without|leav(?:e|es|ing)(?: out)?|drop(?:s|ping)?|exclud(?:e|es|ing)|remov(?:e|es|ing)"
    r"|tak(?:e|es|ing)(?: out| away)?|minus|omit(?:s|ting)?) "
    r"(?:it|that(?: one| test)?|this(?: one| test)?)\b",
    re.IGNORECASE,
)
_WITHOUT_AFTER = re.compile(
    r"^ (?:(?:is|are|was|were|being) )?(?:away|out|aside|left out|removed|excluded|dropped|omitted"
    r"|taken (?:out|away)|gone|ignored)\b"
)
_ON = re.compile(r"\b(?:on|in|at|for|of|to|from|over)(?: the)?(?: (?:private|public))?(?: (?:test|benchmark))? $", re.I)


@dataclass(frozen=True)
class Mark:
    """A word that says what a sentence is about: where, and of which kind: access, side, name, without, foreign."""

    start: int
    end: int
    kind: str
    values: frozenset[str]
    is_place: bool = False
    """Whether it stands behind "on", as tests do."""


@dataclass(frozen=True)
class Span:
    """A stretch of the text."""

    start: int
    end: int

    def holds(self, place: int) -> bool:
        """Whether a place lies in it."""
        return self.start <= place < self.end


@dataclass(frozen=True)
class Reading:
    """A text in one line, with what was found in it."""

    text: str
    mentions: tuple[Mention, ...]
    nations: tuple[Mention, ...]
    numbers: tuple[Number, ...]
    days: tuple[Day, ...]

    @cached_property
    def bare(self) -> str:
        """Return the text with its names blanked, letter for letter."""
        return blanked(self.text, ((each.start, each.end) for each in self.mentions), _NAME)

    @cached_property
    def low(self) -> str:
        """Return the bare text in small letters: patterns without case are found in it much faster."""
        low = self.bare.lower()
        return low if len(low) == len(self.bare) else self.bare

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Return the sentences; no name, figure or short form ends one."""
        masked = _ABBREVIATIONS.sub(lambda found: found[0].replace(".", "_"), self.bare)
        masked = blanked(masked, ((each.start, each.end) for each in self.figures))
        ends = [found.end() for found in _END.finditer(masked)]
        starts = [0, *ends]
        return tuple(
            Span(start, end)
            for start, end in zip(starts, [*ends, len(masked)], strict=True)
            if masked[start:end].strip()
        )

    @cached_property
    def figures(self) -> tuple[Number | Day, ...]:
        """Return the numbers and the dates, in order."""
        both: list[Number | Day] = [*self.numbers, *self.days]
        return tuple(sorted(both, key=lambda each: each.start))

    @cached_property
    def parts(self) -> tuple[Span, ...]:
        """Return the parts of the sentences: between marks, and at joints with a figure on either side."""
        return tuple(part for sentence in self.sentences for part in self._parts(sentence))

    @cached_property
    def ranges(self) -> tuple[tuple[Number, Number], ...]:
        """Return the pairs of numbers that are a range: "5 to 10", "between 4 and 6", "1 narrower to 6 wider"."""
        pairs = zip(self.numbers, self.numbers[1:], strict=False)
        return tuple((one, other) for one, other in pairs if self._is_range(one, other))

    def _is_range(self, one: Number, other: Number) -> bool:
        joint = _RANGE.fullmatch(self.text, one.end, other.start)
        if not joint or (one.unit and other.unit and one.unit != other.unit):
            return False
        words = joint[0].split()
        if "and" in words or "or" in words:
            return (
                bool(re.search(r"\bbetween (?:about |around |roughly )?[−+-]?$", self.text[: one.start]))
                or "or" in words
            )
        return True

    def _parts(self, sentence: Span) -> Iterator[Span]:
        figures = [(each.start, each.end) for each in self.figures]
        inside = [(one.start, other.end) for one, other in self.ranges]
        cuts = []
        for pattern in (_ALWAYS, _JOINTS):
            for found in pattern.finditer(self.bare, sentence.start, sentence.end):
                place = found.start()
                if any(start <= place < end for start, end in (*figures, *inside)):
                    continue
                before = any(sentence.start <= start < place for start, _ in figures)
                after = any(place < start < sentence.end for start, _ in figures)
                if pattern is _ALWAYS or (before and after):
                    cuts.append(found.end() if pattern is _ALWAYS else place)
        bounds = [sentence.start, *sorted(cuts), sentence.end]
        for start, end in itertools.pairwise(bounds):
            if end > start:
                yield Span(start, end)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Return what the text says that it is about, in order."""
        found = [
            Mark(each.start(), each.end(), "access", frozenset([each.lastgroup or ""]))
            for each in _ACCESS.finditer(self.bare)
        ]
        for each in _SIDE.finditer(self.bare):
            side = "closed" if each["closed"] else "open"
            found.append(Mark(each.start(), each.end(), "side", frozenset([side])))
        for name in (*self.mentions, *self.nations):
            before, after = self.bare[max(0, name.start - 40) : name.start], self.bare[name.end : name.end + 16]
            kind = "name" if name.names else "foreign"
            if _WITHOUT.search(before) or _WITHOUT_AFTER.match(after):
                kind = "without"
            found.append(Mark(name.start, name.end, kind, name.names, bool(_ON.search(before))))
        classes = [mark for mark in found if mark.kind == "access"]
        for each in _OTHER.finditer(self.low):
            told = [mark for mark in classes if mark.end <= each.start()]
            if each["other"] and told and len(told[-1].values) == 1:
                found.append(Mark(each.start(), each.end(), "access", frozenset(CLASSES) - told[-1].values))
            elif not each["other"] and len(told) > 1 and told[-1].values != told[-2].values:
                meant = told[-2 if each["former"] else -1]
                found.append(Mark(each.start(), each.end(), "access", meant.values))
        for each in _WITHOUT_IT.finditer(self.bare):
            last = [name for name in self.mentions if name.names and name.end <= each.start()]
            if last:
                found.append(Mark(each.start(), each.end(), "without", last[-1].names))
        return tuple(sorted(found, key=lambda mark: mark.start))

    @cached_property
    def marks_by_sentence(self) -> dict[Span, tuple[Mark, ...]]:
        """Return the marks of each sentence."""
        return {
            sentence: tuple(mark for mark in self.marks if sentence.holds(mark.start)) for sentence in self.sentences
        }

    def sentence_at(self, place: int) -> Span:
        """Return the sentence that holds a place."""
        return _holding(self.sentences, place) or Span(0, len(self.text))

    def part_at(self, place: int) -> Span:
        """Return the part of a sentence that holds a place."""
        return _holding(self.parts, place) or self.sentence_at(place)

    def said(self, found: re.Match[str]) -> str:
        """Return the words of the text at which something was found."""
        return self.text[found.start() : found.end()].strip()

    def words(self, span: Span) -> str:
        """Return the words of a stretch, in small letters and without names."""
        return self.low[span.start : span.end]


def _holding(spans: tuple[Span, ...], place: int) -> Span | None:
    """Return which of some spans in order holds a place."""
    at = bisect_right(spans, place, key=lambda each: each.start)
    return spans[at - 1] if at and spans[at - 1].holds(place) else None


def read(text: str, own: Names, known: Names) -> Reading:
    """Read a text of one line, with the names of its facts and all that there are."""
    text = " ".join(text.split())
    found = tuple(mentions(text, own, known))
    nations = tuple(
        each for each in demonyms(text, own) if not any(name.start <= each.start < name.end for name in found)
    )
    numbers, days = said(text, [(each.start, each.end) for each in found])
    return Reading(text, found, nations, tuple(numbers), tuple(days))
