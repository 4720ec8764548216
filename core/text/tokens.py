"""The pieces of a text that are compared with facts and other texts: figures, dates, names, classes, words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from core.answer import Fact
from core.dataclass import dataclass
from core.names.name_index import Mention, NameIndex, mentions
from core.text.numbers import MINUTES_PER_UNIT, MONTHS_PER_UNIT, Day, Number, blank_out, code_spans, find_figures
from core.text.sentences import CLASS_WORD, SIDES, sentence_spans

_HALF = 0.5 + 1e-6
_OTHER_UNIT = 0.085
"""How far a length of time may be from one in another unit: 8 weeks are 2 months, 7 are not."""
_PIECE = re.compile(r"[^\W\d_]+(?:['’][a-z]+)?|[,;:.!?()–—](?=\s|$)|[?()]")
_JOINS = frozenset("and but while whereas which who , ; : . ! ( ) – —".split())
"""What ends a segment: a piece of a sentence that may stand by itself."""
_ENDING = re.compile(r"(?<=\w{3})(?:ies|ing|ed|es|s|e)$")
_EMPTY = (("by", "number"), ("by", "access"), ("by", "lab"), ("last", "day"), ("some", "number"))
_BEFORE_WHOSE = _JOINS | frozenset("number is are score record result model test".split())
_FULL = (("over", "number"), ("from", "number"), ("to", "number"), ("this", "day"))
"""Words that say nothing before an anchor, and neutral words that do; those of a range, "from 3 to 7", do not."""
_YEAR = Number(0, 0, "", 12.0, "months")
_NOUNS = {"side": ("model", "system", "one", "weight"), "access": ("test", "benchmark", "one")}
"""The words that a class word stands before: open models, open ones."""


@dataclass(frozen=True)
class Token:
    """A figure, date, name or class word (an anchor), or another word by its stem.

    `values` are what an anchor may be: of the draft's, also the exact values of the facts that show it.
    """

    kind: str
    values: tuple[Any, ...]
    text: str
    start: int
    sentence: int
    segment: int
    is_leading: bool = False
    maker: str = ""

    @property
    def is_anchor(self) -> bool:
        """Whether it is a figure, date, name or class word."""
        return self.kind != "word"

    @property
    def is_neutral(self) -> bool:
        """Whether it says nothing by itself."""
        return self.kind == "word" and self.values[0] in same_words()[0]


@cache
def same_words() -> tuple[frozenset[str], dict[str, str]]:
    """Return the stems that say nothing by themselves, and for each stem the first that says the same."""
    lines = Path(__file__).with_name("same_words.txt").read_text(encoding="utf-8").splitlines()
    groups = [[_stem(word) for word in line.split()] for line in lines if not line.startswith("#")]
    neutral = frozenset(word for group in groups if group[0] == "-" for word in group[1:])
    return neutral, {word: group[0] for group in groups if group[0] not in "-+" for word in group}


def _stem(word: str) -> str:
    return _ENDING.sub("", word.lower().replace("’", "'").removesuffix("'s"))


def parse_tokens(text: str, facts: Iterable[Fact], names: NameIndex) -> list[Token]:
    """Return the tokens of a text, with the exact values of the facts that it shows."""
    named = find_mentions(text, names)
    spans = [(mention.start, mention.end) for mention in named]
    numbers, days = find_figures(text, spans)
    shown = [(place, fact) for fact in facts if fact.shown and (place := text.find(fact.shown)) >= 0]

    def of_facts(start: int) -> list[Fact]:
        return [fact for place, fact in shown if place <= start < place + len(fact.shown)]

    anchors: list[tuple[int, int, str, tuple[Any, ...]]] = [
        *((m.start, m.end, m.kind, tuple(meanings(m)) or (m.typed.lower(),)) for m in named),
        *((start, end, "model", (text[start:end].lower(),)) for start, end in code_spans(text)),
        *(
            (number.start, number.end, "number", (number, *(
                exact for fact in of_facts(number.start) for exact in numbers_of(fact) if is_same_number(exact, number)
            )))
            for number in numbers
        ),
        *(
            (day.start, day.end, "day", (day, *(
                known for fact in facts for known in days_of(fact) if is_same_day(known, day)
            )))
            for day in days
        ),
        *(
            (word.start(), word.end(), "side" if word.lastgroup in SIDES else "access", (word.lastgroup,))
            for word in CLASS_WORD.finditer(text)
        ),
    ]  # fmt: skip
    taken: list[tuple[int, int, str, tuple[Any, ...]]] = []
    for anchor in sorted(anchors, key=lambda anchor: (anchor[0], -anchor[1])):
        if not taken or anchor[0] >= taken[-1][1]:
            taken.append(anchor)
    units = {number.unit_end for number in numbers if number.unit_end > number.end}
    rest = blank_out(text, [(start, end) for start, end, _, _ in taken])
    pieces = [*taken, *((piece.start(), piece.end(), piece[0].lower(), ()) for piece in _PIECE.finditer(rest))]
    makers = {mention.start: mention.lab for mention in named if mention.kind == "model"}
    return _tokens(text, sorted(pieces, key=lambda piece: piece[:2]), units, makers)


def _tokens(
    text: str, pieces: list[tuple[int, int, str, tuple[Any, ...]]], units: set[int], makers: dict[int, str]
) -> list[Token]:
    """Return the tokens of a text's pieces with their sentences and segments, without units and joins."""
    bounds = [start for start, _ in sentence_spans(text)]
    tokens: list[Token] = []
    segment = sentence = 0
    for n, (start, end, kind, values) in enumerate(pieces):
        follows = next(
            (p[2] for p in pieces[n + 1 : n + 9] if p[2] != "country" and (p[3] or _stem(p[2]) not in same_words()[0])),
            "",
        )
        if sum(start >= bound for bound in bounds) > sentence:
            segment, sentence = segment + 1, sentence + 1
        if kind == ",":  # what a sentence begins with holds for all of it
            is_first = all(token.segment == segment for token in tokens if token.sentence == sentence)
            tokens = [
                replace(token, is_leading=token.is_leading or is_first) if token.segment == segment else token
                for token in tokens
            ]
        if kind in _JOINS:
            segment += 1
        elif kind == "number" and tokens and tokens[-1].values == ("past",) and is_same_number(_YEAR, values[0]):
            tokens.append(Token("word", ("year",), text[start:end], start, sentence, segment))
        elif values:
            shown = values[0].with_unit if kind == "number" else text[start:end]
            tokens.append(Token(kind, values, shown, start, sentence, segment, maker=makers.get(start, "")))
        elif end not in units and (kind, follows) not in _EMPTY:
            last, stem = pieces[n - 1][2] if n else "", _stem(kind)
            if (last in _BEFORE_WHOSE and (kind, follows) == ("by", "model")) or (last, kind) == (",", "where"):
                continue  # it says whose a score is, not who does what
            is_range = last == "number" or (kind == "from" and any(p[2] == "to" for p in pieces[n + 2 : n + 3]))
            word = f"{kind} {follows}" if (kind, follows) in _FULL and not is_range else same_words()[1].get(stem, stem)
            if last == "," and kind in ("so", "as"):
                word = "therefore"
            is_again = tokens and tokens[-1].values == (word,)
            if not is_again and stem not in _NOUNS.get(last, ()):
                tokens.append(Token("word", (word,), kind, start, sentence, segment))
    return tokens


def is_same(own: Token, token: Token) -> bool:
    """Whether a token says the same as one of the draft's."""
    if own.kind != token.kind:
        return False
    if own.kind == "number":
        return any(is_same_number(value, token.values[0]) for value in own.values)
    if own.kind == "day":
        return any(is_same_day(value, token.values[0]) for value in own.values)
    if own.kind == "lab":
        return any(is_same_lab(value, other) for value in own.values for other in token.values)
    return bool({*own.values} & {*token.values})


# ---- figures, dates and names


def numbers_of(fact: Fact) -> Iterator[Number]:
    """Yield the figures of a fact: its value, and the ends of its interval."""
    unit, times = ("percent", 100.0) if fact.unit == "share" else (fact.unit, 1.0)
    for value in (fact.value, fact.low, fact.high):
        if isinstance(value, int | float):
            yield Number(0, 0, "", abs(value) * times, unit)


def days_of(fact: Fact) -> Iterator[Day]:
    """Yield the day of a fact, if it has one."""
    if fact.day:
        day = date.fromisoformat(fact.day)
        yield Day(0, 0, "", day.year, day.month, day.day)


def is_same_number(figure: Number, number: Number) -> bool:
    """Whether a number is a figure as rounded in the text; the units must agree. A time without a unit is in months."""
    unit = figure.unit or ("months" if number.unit in MONTHS_PER_UNIT else number.unit)
    value, most = number.value, _HALF * number.step
    for units in (MONTHS_PER_UNIT, MINUTES_PER_UNIT):
        if unit != number.unit and unit in units and number.unit in units:
            value, most = value * units[number.unit] / units[unit], _OTHER_UNIT * figure.value
            unit = number.unit
    is_bound = not number.bound or number.bound in (figure.bound, (figure.value > value) - (figure.value < value))
    return unit == (number.unit or unit) and abs(figure.value - value) <= most and is_bound


def keeps_limit(figure: Number, number: Number) -> bool:
    """Whether a figure is on the side of a number that its words name: 7.5 months are "more than half a year"."""
    scale = {"": 1.0, **MONTHS_PER_UNIT}
    is_one_kind = figure.unit == number.unit or {figure.unit, number.unit} <= {*scale}
    excess = figure.value * scale.get(figure.unit, 1) - number.value * scale.get(number.unit, 1)
    return is_one_kind and number.limit * excess > 0


def is_same_lab(known: str, name: str) -> bool:
    """Whether one name of a lab is a part of the other: DeepMind (before 2023) and Google DeepMind."""
    one, other = ({*lab.partition(" (")[0].split()} for lab in (known, name))
    return one <= other or other <= one


def is_same_day(known: Day, day: Day) -> bool:
    """Whether a known date matches the text's date, which may omit the year or the day."""
    pairs = ((known.year, day.year), (known.month, day.month), (known.day, day.day))
    known_third = min((known.day + 9) // 10, 3) or known.third
    return all(not part or known_part == part for known_part, part in (*pairs, (known_third, day.third)))


@lru_cache(maxsize=256)
def find_mentions(text: str, names: NameIndex) -> tuple[Mention, ...]:
    """Return the names from the data in a text as written there, including unknown versions of them."""
    return tuple(
        mention
        for mention in mentions(text, names, is_word=lambda _: True)
        if not (mention.typed.islower() and mention.typed.isalpha())
        and not (mention.ordinary and _begins_sentence(text, mention.start))
    )


def _begins_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(' "“(-')
    return not before or before.endswith((".", "!", "?", ":", "\n"))


def meanings(mention: Mention) -> set[str]:
    """Return the names that a mention may mean; none for an unknown version."""
    return {*mention.choices, *([mention.value] if mention.value else [])}
