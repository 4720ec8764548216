"""Which way the gap went, where it is larger, and which way a bias pushes: no word that its fact does not allow."""

import re
from collections.abc import Iterator

from core.grounding.lexicon import HEDGED, NARROWER, SAID, SAME, WIDER
from core.grounding.profiles import Known, Profile
from core.grounding.reading import Reading, Span
from core.grounding.violation import Violation

_LOOK = re.compile(
    r"\b(?:look|looks|seem|seems|appear|appears|flatter\w*|understat\w*|overstat\w*|exaggerat\w*"
    r"|punish\w*|penali[sz]e\w*|inflat\w*|deflat\w*"
    r"|underestimat\w*|overestimat\w*|disadvantage\w*|favou?r\w*|bias\w*|make|makes|making)\b",
    re.IGNORECASE,
)
_OF_THE_GAP = re.compile(
    r"\b(?:overstat|exaggerat|inflat|overestimat|understat|underestimat|flatter)\w* the (?:gap|lag)\b", re.IGNORECASE
)
_SEEMS = re.compile(r"\b(?:look|looks|seem|seems|appear|appears)\b")
_LARGER = re.compile(
    r"\b(?:larger|longer|wider|bigger|greater|worse|overstat\w*|exaggerat\w*|overestimat\w*|inflat\w*"
    r"|punish\w*|penali[sz]\w*"
    r"|disadvantage\w*)\b",
    re.IGNORECASE,
)
_SMALLER = re.compile(
    r"\b(?:smaller|shorter|narrower|lower|flatter\w*|understat\w*|underestimat\w*|deflat\w*|favou?r\w*|better)\b",
    re.IGNORECASE,
)
_BIASES: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (way, re.compile(pattern, re.IGNORECASE))
    for way, pattern in (
        (
            1,
            r"test(?:ed|ing) (?:\w+ )?(?:more|less)|(?:more|less|fewer) (?:often |frequently )?test"
            r"|tested (?:\w+ )?often|coverage",
        ),
        (1, r"\bhost"),
        (
            1,
            r"vendors?\b|funded|see (?:the )?(?:private |secret )?questions|seen (?:its |the |private )"
            r"|look at (?:the )?(?:private )?questions",
        ),
        (-1, r"train(?:ed|ing)?\b.{0,30}\b(?:towards?|to|for|on)\b|public tests may|train towards"),
        (-1, r"self-report"),
        (-1, r"left out when|not reached are left out|leav\w+ out levels|levels .* left out"),
        (1, r"lucky|luck\b"),
        (-1, r"held back|hold(?:ing)? back"),
    )
)
"""The caveats of every answer, and which way each makes the gap look, as in the bias table: 1 for larger."""
_COMPARED = re.compile(
    r"\b(?:(?P<more>larger|longer|wider|bigger|greater|more|further|farther|worse|higher)"
    r"|(?P<less>smaller|shorter|narrower|less|lower|better"
    r"|closer|fewer))\b",
    re.IGNORECASE,
)
_ROSE = re.compile(
    r"\b(?:rose|rises|rising|climbed|up|went up|jumped|grew|increased)\b[^.;]{0,20}\bfrom\b", re.IGNORECASE
)
_FELL = re.compile(
    r"\b(?:fell|falls|dropped|down|went down|declined|shrank|decreased|slipped)\b[^.;]{0,20}\bfrom\b", re.IGNORECASE
)
_MORE_THAN = re.compile(
    r"\b(?:more than|over|above|at least|longer than|upwards of|exceeds?|exceeding) (?:about )?$", re.IGNORECASE
)
_LESS_THAN = re.compile(
    r"\b(?:less than|under|below|fewer than|at most|shorter than|not even) (?:about )?$", re.IGNORECASE
)
_MOTION = re.compile(r"\b(?:rose|risen|climb\w*|jumped|surged|up|fell|fallen|dropped|down|eased)$", re.IGNORECASE)
_MODAL = re.compile(r"\b(?:may|might|could|possibly|perhaps|maybe|seems?|looks?|appears?|if anything)\b")
_AGAINST = re.compile(r";|,? \b(?:but|while|whereas|though|although|yet)\b")
_PRONOUN = re.compile(r"\s*(?:that|this|it|there|here)\b", re.IGNORECASE)
_FIGURE_WENT = re.compile(
    r"\b(?:shorter|longer|(?<!catching )(?<!speeding )up|down|rose|risen|climbed|jumped|fell|fallen"
    r"|dropped|smaller|larger)\b",
    re.IGNORECASE,
)
_BY_SOURCE = re.compile(r"(?P<value>[\d.]+) (?:longer|shorter) by (?P<source>new models|late or corrected scores)")
_SOURCES = (
    ("new", re.compile(r"\bnew(?:er|ly)? (?:models?|releases?|ones)\b|\breleases\b")),
    ("late", re.compile(r"\blate\b|\bcorrect\w*|\brevis\w*|\bolder models\b|\bbelated")),
)
"""What changed a figure between two days, and how a part of a sentence says so."""
_EXACT = 0.01
_FROM_TO = re.compile(r"\bfrom (?P<first>[\d.]+) months.*? to (?P<last>[\d.]+) months")
_PUSHED_DOWN = re.compile(
    r"\b(?:push|pull|mov|bring|drag|driv)\w* (?:it|(?:the|this|that)(?: private| public)? (?:gap|lag|figure))"
    r" down(?:wards?)?\b",
    re.IGNORECASE,
)
_THE_FIGURE = re.compile(r"(?:s|ed)? (?:the|our|this) (?:private |public )?(?:figure|number)\b")
_MOVED = re.compile(r"gap (?:itself )?(?:has |have )?(?:moved|changed|shifted)\b")
_NEAR = 40
"""So many letters before a number are looked at for what it is more or less than."""
_PLAIN_LAG = re.compile(r"^(?:gap|left|right|title|stand|size|figure|today|middle)\b")


def directions(reading: Reading, known: Known, quoted: tuple[Span, ...]) -> Iterator[Violation]:
    """Yield words of direction against the facts: of a change, between private and public tests, of a bias."""
    yield from _of_sources(reading, known)
    yield from _of_matches(reading, known)
    for sentence in reading.sentences:
        words = reading.words(sentence)
        yield from _between_classes(reading, known, sentence)
        if _LOOK.search(words) and (_LARGER.search(words) or _SMALLER.search(words)):
            before = next((each for each in reading.sentences if each.end == sentence.start), sentence)
            bias = _bias(words) or _bias(reading.words(before))
            if bias:
                yield from _of_bias(reading, sentence, bias)
            if bias or _SEEMS.search(words):
                continue
        yield from _of_numbers(reading, known, sentence)
        yield from _of_change(reading, known, sentence, quoted)


def _bias(words: str) -> int:
    ways = {way for way, pattern in _BIASES if pattern.search(words)}
    return ways.pop() if len(ways) == 1 else 0


def _of_bias(reading: Reading, sentence: Span, way: int) -> Iterator[Violation]:
    words = reading.words(sentence)
    words = ((told := _OF_THE_GAP.search(words)) and told[0]) or words
    larger, smaller = _LARGER.search(words), _SMALLER.search(words)
    wrong = smaller if way > 0 else larger
    if wrong and not (larger and smaller):
        said = "larger" if way > 0 else "smaller"
        yield Violation(
            "direction", wrong[0], f"By the known biases, this makes the gap look {said}, not the other way."
        )


def _of_change(reading: Reading, known: Known, sentence: Span, quoted: tuple[Span, ...]) -> Iterator[Violation]:
    found = [
        (way, match) for way, pattern in ((1, WIDER), (-1, NARROWER), (0, SAME))
        for match in pattern.finditer(reading.low, sentence.start, sentence.end)
        if not any(span.holds(match.start()) for span in quoted)
    ]  # fmt: skip
    if {way for way, _ in found} == {1, -1} and any(sentence.holds(number.start) for number in reading.numbers):
        found = [each for each in found if not _is_in_range(reading, each[1])]
    for way, match in found:
        if _MOTION.search(match[0]) and any(sentence.holds(one.start) for one, _ in reading.ranges):
            continue  # from where to where it went is held against the numbers
        if re.search(r"\bside (?:is|was) $", reading.bare[: match.start()]):
            continue
        if (
            _is_hedged(reading, sentence, match, found)
            or _is_compared(reading, sentence, match)
            or _is_reported(reading, known, sentence, match, way)
        ):
            continue
        told = _changes(reading, known, sentence, match)
        if way == 0 and not _MOVED.match(match[0]) and any(each.fact.key.startswith("stay") for each in told):
            continue
        is_figure = _FIGURE_WENT.search(match[0]) or _THE_FIGURE.match(reading.bare, match.end())
        if is_figure and any(_went(each) == way for each in told):
            continue
        if not told and {match[0], f"{match[0]}s"} & known.words:
            continue  # a term's definition has it
        if not told or way == 0 or any(each.moved != way for each in told):
            fact = f"; the data has “{told[0].fact.shown}”" if told else "; no fact says so"
            word = reading.said(match)
            yield Violation("direction", word, f"“{word}” says which way the gap went{fact}.")


def _of_sources(reading: Reading, known: Known) -> Iterator[Violation]:
    """Hold what new models did to a figure, and what late scores did, against the fact that says both."""
    moves = {each.fact for each in known.profiles if each.fact.key.startswith("move.")}
    told = [each for fact in moves for each in _BY_SOURCE.finditer(fact.shown)]
    for number in reading.numbers if told else ():
        words = reading.words(reading.part_at(number.start))
        own = [each for each in told if abs(float(each["value"]) - number.value) < _EXACT]
        sources = {name for name, pattern in _SOURCES if pattern.search(words)}
        if own and len(sources) == 1 and not any(each["source"].startswith(tuple(sources)) for each in own):
            yield Violation(
                "subject", number.text, f"“{number.text}” is by {own[0]['source']}; the data has “{own[0][0]}”."
            )


def _of_matches(reading: Reading, known: Known) -> Iterator[Violation]:
    """Hold what a match would do to the gap against the fact of marks that have waited longer than it: push it up."""
    if any(each.fact.key == "older" for each in known.profiles):
        for found in _PUSHED_DOWN.finditer(reading.text):
            why = f"“{found[0]}” is the wrong way: a match of what has waited longer than the gap pushes it up."
            yield Violation("direction", found[0], why)


def _went(change: Profile) -> int:
    """Return which way a figure went between two days, whatever the gap itself did."""
    if not re.match(r"(?:went|move)\b", change.fact.key):
        return 0
    told = _FROM_TO.search(change.fact.shown)
    moved = float(told["last"]) - float(told["first"]) if told else change.sign
    return (moved > 0) - (moved < 0)


def _is_hedged(
    reading: Reading, sentence: Span, match: re.Match[str], found: list[tuple[int, re.Match[str]]]
) -> bool:  # fmt: skip
    """Whether a direction is left open: in its clause, or in its sentence if that is not about another class."""
    words, clause = reading.words(sentence), _clause(reading, sentence, match.start())
    if HEDGED.search(clause.lower()):
        return True
    classes = {
        value for mark in reading.marks if sentence.holds(mark.start) and mark.kind == "access" for value in mark.values
    }
    if HEDGED.search(words) and len(classes) < 2:
        return True
    whole = reading.bare[sentence.start : sentence.end]
    return bool(_MODAL.search(clause)) or (bool(_MODAL.search(whole)) and {way for way, _ in found} == {1, -1})


def _clause(reading: Reading, sentence: Span, place: int) -> str:
    """Return the clause of a sentence that holds a place: what stands between semicolons and words that set against."""
    cuts = [sentence.start, *(found.start() for found in _AGAINST.finditer(reading.bare, sentence.start, sentence.end))]
    start = max(cut for cut in cuts if cut <= place)
    return reading.bare[start : min([cut for cut in cuts if cut > place], default=sentence.end)]


def _is_in_range(reading: Reading, match: re.Match[str]) -> bool:
    """Whether a word of direction belongs to a figure beside it: "1 narrower to 6 wider"."""
    return any(-24 <= match.start() - each.end <= 24 for each in reading.numbers)


def _is_compared(reading: Reading, sentence: Span, match: re.Match[str]) -> bool:
    """Whether a word compares two classes or a figure, and of no change: "wider on private tests than on public"."""
    rest = reading.bare[match.end() : sentence.end]
    marks = [mark for mark in reading.marks if sentence.holds(mark.start) and mark.kind == "access"]
    than = re.search(r"\bthan\b", rest)
    return (
        bool(than)
        and len({mark.values for mark in marks}) > 1
        and not re.search(r"\bthan (?:in|it|a|last|ever|before)\b", rest)
    )


def _is_reported(reading: Reading, known: Known, sentence: Span, match: re.Match[str], way: int) -> bool:
    """Whether a direction is told as what others say, and they do: the facts name them with it."""
    says = [each for each in known.profiles if each.fact.key.startswith(("says.", "who."))]
    if not says:
        return False
    word = {1: "widening", -1: "narrowing", 0: "flat"}[way]
    part = reading.part_at(match.start())
    start = max([sentence.start, *(each.end() for each in re.finditer(";", reading.bare[: match.start()]))])
    end = reading.bare.find(";", match.end(), sentence.end)
    clause = Span(start, end if end >= 0 else sentence.end)
    named = [mark for mark in reading.marks if mark.kind == "name" and clause.holds(mark.start)]
    authors = [mark.values for mark in named if part.holds(mark.start)] or [mark.values for mark in named]
    of_way = [each for each in says if each.fact.key.endswith(word)]
    if authors:
        return all(any(names & each.names for each in of_way) for names in authors)
    is_counted = any(sentence.holds(number.start) for number in reading.numbers)
    return bool(of_way) and (is_counted or bool(SAID.search(reading.words(sentence))))


def _changes(reading: Reading, known: Known, sentence: Span, match: re.Match[str]) -> list[Profile]:
    """Return the changes that a word of direction may tell of: those of the class nearest to it, else all."""
    marks = [mark for mark in reading.marks if mark.kind == "access" and sentence.holds(mark.start)]
    part = reading.part_at(match.start())
    if not marks and _PRONOUN.match(reading.bare[sentence.start :]):
        marks = [mark for mark in reading.marks if mark.kind == "access" and mark.start < sentence.start][-1:]
    near = [mark for mark in marks if part.holds(mark.start)] or marks
    nearest = min(near, key=lambda mark: abs(mark.start - match.start()), default=None)
    changes = [each for each in known.profiles if each.kind == "change" and not each.fact.key.endswith(".range")]
    if nearest is not None:
        changes = [each for each in changes if each.access & nearest.values]
    told = [each for each in changes if each.moved]
    numbers = [n for n in reading.numbers if part.holds(n.start)]
    exact = [
        each for each in told if any(abs(good.value - n.value) < 0.06 for good in each.backing.numbers for n in numbers)
    ]
    return exact or changes


def _between_classes(reading: Reading, known: Known, sentence: Span) -> Iterator[Violation]:
    """Hold "larger on private tests than on public ones" against the two figures."""
    than = re.search(r"\bthan\b", reading.bare[sentence.start : sentence.end])
    if than is None:
        return
    place = sentence.start + than.start()
    marks = [mark for mark in reading.marks if mark.kind == "access" and sentence.holds(mark.start)]
    before = [mark for mark in marks if mark.end <= place]
    after = [mark for mark in marks if mark.start >= place]
    compared = list(_COMPARED.finditer(reading.bare, sentence.start, place))
    if not before or not after or not compared or before[-1].values == after[0].values:
        return
    one, other = (_gap_of(known, mark.values) for mark in (before[-1], after[0]))
    if one is None or other is None:
        return
    is_more = compared[-1].lastgroup == "more"
    if (one > other) != is_more:
        said = compared[-1][0]
        yield Violation("direction", said, f"“{said}” is the wrong way round: {one:.1f} months against {other:.1f}.")


def _gap_of(known: Known, access: frozenset[str]) -> float | None:
    plain = [
        each for each in known.profiles if each.kind == "lag" and not each.themes and _PLAIN_LAG.match(each.fact.key)
    ]
    lags = [each for each in plain if each.access == access]
    values = [each.fact.value for each in lags if isinstance(each.fact.value, int | float)]
    return float(values[0]) if values else None


def _of_numbers(reading: Reading, known: Known, sentence: Span) -> Iterator[Violation]:
    """Hold "rose from A to B", and "more than A" where the figure is clearly less, against the numbers."""
    words = reading.words(sentence)
    for one, other in reading.ranges:
        if sentence.holds(one.start):
            is_wrong = (_ROSE.search(words) and one.value > other.value) or (
                _FELL.search(words) and one.value < other.value
            )
            if is_wrong:
                said = reading.text[one.start : other.end]
                yield Violation("direction", said, f"“{said}” goes the other way than the word before it.")
    for number in reading.numbers:
        if not sentence.holds(number.start) or number.decimals < 0 or number.about == "about":
            continue
        before = reading.bare[max(sentence.start, number.start - _NEAR) : number.start]
        step = 0.5 * 10.0**-number.decimals
        units = ("", number.unit) if number.unit else None
        goods = [good for each in known.profiles for good in each.backing.numbers if not units or good.unit in units]
        exact = [good.value for good in goods if abs(good.value - number.value) <= step]
        is_less = _MORE_THAN.search(before) and exact and all(value < number.value - 0.06 for value in exact)
        is_more = _LESS_THAN.search(before) and exact and all(value > number.value + 0.06 for value in exact)
        if is_less or is_more:
            yield Violation(
                "direction", number.text, f"“{number.text}” stands on the wrong side of the figure, {exact[0]:.1f}."
            )
