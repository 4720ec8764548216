"""The sides of a comparison: a country, lab, size, the rest, a model, test, kind of tests or day; parsed from text."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from core.errors import UsageError
from core.names import names
from core.questions import fields, selection
from core.questions.question import read_day, read_month
from core.questions.result import Keys
from core.store import queries
from core.store.store import Store
from core.words import CLASSES, day, possessive, quote

if TYPE_CHECKING:
    from core.evidence.evidence import BoolArray, Evidence

PLACES = ("left", "right")
"""The two places; facts and the JSON use them as keys."""
_KINDS = {
    "access": ("tests", "a kind of tests"), "benchmark": ("tests", "a test"), "day": ("days", "a day"),
    "country": ("models", "a country"), "lab": ("models", "a lab"), "model": ("models", "a model"),
    "not-country": ("models", "a country"), "not-lab": ("models", "a lab"),
    "size": ("models", "a size of models"), "not-size": ("models", "a size of models"),
}  # fmt: skip
"""For each kind of side: the group of comparisons that it can be in, and its name in a sentence."""
_OTHERS = {"other", "others", "rest", "therest", "restoftheworld", "therestoftheworld", "everyoneelse", "allothers"}
_NOW = {"now", "today"}
_ACCESS = {
    f"{access}{word}": access for access in CLASSES for word in ("", "test", "tests", "benchmark", "benchmarks", "ones")
}
_LIKE_A_DAY = re.compile(r"[\d/. -]*\d{4}[\d/. -]*|\d{1,2} [a-z]+ \d{4}|[a-z]+ \d{1,2},? \d{4}", re.IGNORECASE)
_LIKE_A_YEAR = re.compile(r"20\d\d")


@dataclass(frozen=True)
class Side:
    """One side of a comparison: its kind and id; as text "country:China"."""

    kind: str
    key: str

    @classmethod
    def read(cls, text: str) -> "Side":
        """Parse a side from its text, the kind and the id."""
        kind, _, key = text.partition(":")
        return cls(kind, key)

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"

    @property
    def group(self) -> str:
        """The group of comparisons that the side can be in: models, tests or days."""
        return _KINDS[self.kind][0]

    @property
    def date(self) -> date:
        """The day of a side of the kind "day"."""
        return date.fromisoformat(self.key)

    def members(self, evidence: "Evidence") -> "BoolArray":
        """Flag the models of the side: a single model, or the open models of a country, lab, size or the rest.

        A model of unknown size belongs neither to a size nor to its rest.
        """
        import numpy as np

        if self.kind == "model":
            return np.array([model.model_id == self.key for model in evidence.models], dtype=np.bool_)
        is_rest = self.kind.startswith("not-")
        if self.kind.endswith("size"):
            size = fields.parse_size_key(self.key)
            sizes = [model.parameters_b for model in evidence.models]
            holds = [billions is not None and size.holds(billions) != is_rest for billions in sizes]
        else:
            attribute = "country" if self.kind.endswith("country") else "lab_id"
            holds = [(getattr(model, attribute) == self.key) != is_rest for model in evidence.models]
        return evidence.model_is_open & np.array(holds, dtype=np.bool_)

    def with_name(self, evidence: "Evidence") -> "NamedSide":
        """Return the side with its name."""
        return NamedSide(self.kind, self.key, self._read_name(evidence))

    def _read_name(self, evidence: "Evidence") -> str:
        if self.kind == "access":
            return f"{self.key} tests"
        if self.kind == "day":
            return day(self.date)
        if self.kind == "benchmark":
            return selection.board_name(evidence, self.key)
        if self.kind == "country":
            return self.key.split(" of ")[0]
        if self.kind == "lab":
            return next((model.lab for model in evidence.models if model.lab_id == self.key and model.lab), self.key)
        if self.kind == "size":
            return fields.parse_size_key(self.key).shown
        if self.kind == "model":
            return next((model.name for model in evidence.models if model.model_id == self.key), self.key)
        return "others"


@dataclass(frozen=True)
class NamedSide(Side):
    """A side with its name: "China", "DeepSeek", "others", "GPQA Diamond", "private tests", "22 May 2026"."""

    json_keys: ClassVar[Keys] = {"key": "id"}

    name: str

    @property
    def whose(self) -> str:
        """The possessive of the side: "China's", "the United States'", "others'"; for a model or a size its name."""
        if self.kind in ("model", "size"):
            return self.name
        return possessive(selection.country_name(self.name) if self.kind == "country" else self.name)


@dataclass(frozen=True)
class TwoSides:
    """The base of every comparison: both sides, the boards (indices) behind it, and its as-of day."""

    json_keys: ClassVar[Keys] = {"boards": None, "as_of": None}

    left: NamedSide
    right: NamedSide
    boards: list[int]
    as_of: date

    @property
    def sides(self) -> dict[str, NamedSide]:
        """Return both sides by place."""
        return {"left": self.left, "right": self.right}


def find_pair(store: Store, typed: tuple[str, str], today: date, known_by: date) -> tuple[Side, Side]:
    """Parse two typed sides; raises UsageError if a side is unknown, or the two can't be compared."""
    now = queries.newest_data(store, known_by)
    left, right = (_find_side(store, text, today, now) for text in typed)
    left, right = _find_rest(left, right), _find_rest(right, left)
    if left == right:
        raise UsageError(f"Both sides are {quote(left.key)}; give two different ones, such as China and others.")
    if left.group != right.group:
        raise UsageError(
            f"{quote(typed[0])} is {_KINDS[left.kind][1]} and {quote(typed[1])} {_KINDS[right.kind][1]}; compare like"
            " with like: two countries, labs, sizes or models, two tests or kinds of tests, or two days."
        )
    return left, right


def _find_side(store: Store, typed: str, today: date, now: date) -> Side:
    """Parse one side; try a size and a kind of tests, then a day, then a name."""
    kind, colon, rest = (part.strip() for part in typed.partition(":"))
    if colon and kind in _KINDS:
        return _find_of_kind(store, kind, rest, today)
    size = fields.read_size(typed)
    if size is not None:
        return Side("size", size.key)
    wanted = names.plain(typed)
    if wanted in _OTHERS:
        return Side("others", "")
    if wanted in _ACCESS:
        return Side("access", _ACCESS[wanted])
    at = now if wanted in _NOW else _read_day_or_year(typed, now)
    if at is not None:
        fields.not_in_future("compared", at, today)
        return Side("day", at.isoformat())
    return _find_named(store, typed)


def _find_of_kind(store: Store, kind: str, typed: str, today: date) -> Side:
    """Parse a side with its kind before a colon."""
    if kind == "access":
        if names.plain(typed) not in _ACCESS:
            raise UsageError(f"The access can't be {quote(typed)}; choose private or public.", CLASSES)
        return Side(kind, _ACCESS[names.plain(typed)])
    if kind == "day":
        at = read_day(typed, month="last")
        fields.not_in_future("compared", at, today)
        return Side(kind, at.isoformat())
    if kind.endswith("size"):
        size = fields.read_size(typed)
        if size is None and not fields.is_size_key(typed):
            raise UsageError(f'{quote(typed)} is no size of models; write it as "up to 40B", or as "over 70B".')
        return Side(kind, size.key if size else typed)
    if not typed:
        raise UsageError(f"Which {kind.removeprefix('not-')} is missing after {quote(kind + ':')}; name one.")
    return Side(kind, fields.id_of(kind.removeprefix("not-"), store, typed) or "")


def _read_day_or_year(typed: str, now: date) -> date | None:
    """Parse a day, or a month or year as its last day; the year of `now` becomes `now`.

    Returns None for anything else; raises UsageError for a day that doesn't exist.
    """
    text = " ".join(typed.split())
    if _LIKE_A_YEAR.fullmatch(text):
        last = date(int(text), 12, 31)
        return now if int(text) == now.year else last
    return read_month(text, "last") or (read_day(text) if _LIKE_A_DAY.fullmatch(text) else None)


def _find_named(store: Store, typed: str) -> Side:
    """Find a benchmark, country or lab by its exact name, in this order; else by the nearest name, else a model."""
    by_kind = {kind: names.KINDS[kind](store) for kind in ("benchmark", "country", "lab")}
    wanted = names.plain(typed)
    for kind, of_kind in by_kind.items():
        if wanted and any(wanted == name.plain or wanted in name.plain_aliases for name in of_kind):
            return Side(kind, " ".join(names.find(kind, typed, of_kind).key))
    everything = [replace(name, key=(kind, *name.key)) for kind, of_kind in by_kind.items() for name in of_kind]
    try:
        kind, *key = names.find("side", typed, everything).key
    except UsageError as error:
        if names.may_mean(typed, names.models(store)):
            return Side("model", fields.id_of("model", store, typed) or "")
        *most, last = error.suggestions or ("",)
        choice = f"did you mean {', '.join(most)}{' or ' if most else ''}{last}?"
        if not last:
            choice = "give one, such as GPQA Diamond, China or DeepSeek, or a month with its year, such as May 2025."
        raise UsageError(
            f"{quote(typed)} is no single test, country, lab or model; {choice}", error.suggestions
        ) from error
    return Side(kind, " ".join(key))


def _find_rest(side: Side, against: Side) -> Side:
    """Return the side; "others" becomes the rest of the country, lab or size on the other side."""
    if side.kind != "others" and not side.kind.startswith("not-"):
        return side
    rest = Side(f"not-{against.kind}", against.key)
    if against.kind not in ("country", "lab", "size") or side not in (rest, Side("others", "")):
        raise UsageError('"others" needs a country, a lab or a size on the other side, such as China.')
    return rest
