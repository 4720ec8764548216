"""The fields that questions share, each with its description and limits; how a typed name becomes an id, and sizes."""

import math
import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.errors import UsageError
from core.gap.parameters import METHODS, NEWEST
from core.names import names
from core.store import queries
from core.store.store import Store
from core.words import one_line, quote

_BELOW = {
    **dict.fromkeys(
        ("up to", "at most", "no more than", "no larger than", "no bigger than", "maximum", "max", "<="), "<="
    ),
    **dict.fromkeys(("under", "below", "less than", "smaller than", "<"), "<"),
}
_ABOVE = {
    **dict.fromkeys(("at least", "no smaller than", "minimum", "min", ">="), ">="),
    **dict.fromkeys(("over", "above", "more than", "larger than", "bigger than", ">"), ">"),
}
_BEHIND = {
    **dict.fromkeys(
        ("or less", "or smaller", "or below", "or under", "and below", "and under", "max", "tops", "at most"), "<="
    ),
    **dict.fromkeys(("or more", "or larger", "or bigger", "or above", "and above", "and up", "+"), ">="),
}
_NUMBER = r"(\d{1,5}(?:\.\d{1,3})?)"
_UNIT = r"\s*(?:b|bn|billions?)(?: (?:parameters|params))?"
ONE_SIZE = re.compile(
    f"(?:(?P<before>{'|'.join(map(re.escape, {**_BELOW, **_ABOVE}))})\\s*)?{_NUMBER}{_UNIT}"
    f"(?(before)|(?:\\s*({'|'.join(map(re.escape, _BEHIND))}))?)",
    re.IGNORECASE,
)
SIZE_RANGE = re.compile(
    f"(?P<between>between\\s+)?{_NUMBER}(?:{_UNIT})?\\s*(?(between)and|(?:-|to))\\s*{_NUMBER}{_UNIT}", re.IGNORECASE
)
SIZE_WORDS = {"small": "<=40", "large": ">40", "big": ">40"}
"""What a size without a number means: 40 billion parameters are what one graphics card for consumers can run (Epoch AI,
"Frontier AI performance becomes accessible on consumer hardware within a year", 2025). The answer says the number."""
HARDWARE_SIZES = {
    "small card": 8,
    "laptop": 8,
    "large card": 32,
    "card": 32,
    "home": 32,
    "workstation": 80,
    "server": 250,
}
"""How many billion parameters in all run on what people have, with weights of four bits."""
HARDWARE_MEMORY = {"small card": 8, "large card": 24, "workstation": 64, "server": 160}
"""From how many gigabytes on something is one of these."""
_SIZE_KEY = re.compile(r"([<>]=?)([\d.]+)|([\d.]+)-([\d.]+)")
_SIGNS = {"<=": "≤", "<": "<", ">=": "≥", ">": ">"}
_PHRASES = {"<=": "up to", "<": "under", ">=": "from", ">": "over"}


def described(
    description: str, example: str = "", *, needed: bool = False, default: str | None = None, **more: Any
) -> Any:
    """Return a field with a description and an example, to be left out for its `default` unless it is `needed`.

    `more` is the rest of its metadata: its limits in pydantic's words, `by_place` where the command line takes it
    without its name, and what `Question` reads.
    """
    metadata = {"description": description, **({"examples": [example]} if example else {}), **more}
    return field(metadata=metadata) if needed else field(default=default, metadata=metadata)


def benchmark(
    description: str = "One test, by any of its names; without it, all of the headline.",
    *,
    example: str = "GPQA Diamond",
    by_place: bool = False,
) -> Any:
    """Return a field for a benchmark that may be left out."""
    return described(description, example, max_length=100, by_place=by_place)


def model(description: str) -> Any:
    """Return a field for a model that may be left out."""
    return described(description, "GPT-4", max_length=100)


def access_filter() -> Any:
    """Return a field that narrows the tests to an access class."""
    return described("Only tests whose questions are secret (private), or only public ones.")


def domain_filter() -> Any:
    """Return a field that narrows the tests to a field of work."""
    return described("Only tests of this field of work, beyond the headline too.", "coding")


def country_filter() -> Any:
    """Return a field that narrows the open models to a country."""
    return described("Only open models from this country; the closed side stays whole.", "China", max_length=60)


def lab_filter() -> Any:
    """Return a field that narrows the open models to a lab."""
    return described("Only open models of this lab; the closed side stays whole.", "DeepSeek", max_length=60)


def size() -> Any:
    """Return a field that narrows the open models to those up to a size."""
    return described(
        "Only open models up to this size in billions, or small card, large card, workstation, server.",
        "32",
        max_length=40,
    )


def as_of() -> Any:
    """Return a field for the day whose world is described."""
    return described("Models released by this day; without it, by the newest data's.", "2026-05-22")


def known_by(
    description: str = "Only scores that were known by this day; without it, all.", example: str = "2026-05-22"
) -> Any:
    """Return a field for the day whose knowledge is used."""
    return described(description, example)


def method() -> Any:
    """Return a field for the method's name."""
    return described(
        "index: the standing gap on one scale of all tests. clustered: catch-up time."
        " study: the published study's own rules.",
        default="index",
        examples=["study", "clustered", "index"],
        max_length=20,
    )


def days(store: Store, today: date, as_of: date | None, known_by: date | None) -> tuple[date, date]:
    """Return both days, filled in; raises UsageError for one that is in the future, or before all data."""
    for name, asked in (("as-of", as_of), ("known-by", known_by)):
        if asked is not None:
            not_in_future(name, asked, today)
    first, last = queries.known_days(store)
    known_by = min(known_by or last, last)
    if known_by < first:
        raise UsageError(f"No score was known by {known_by}; the first is known from {first}.")
    return as_of or queries.newest_data(store, known_by), known_by


def filled(store: Store, today: date, values: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that questions share, by their names: ids for names, the method's version, both days.

    `values` are a question's fields as asked. Raises UsageError for a name that nothing has, and a day that is none.
    """
    named = {"benchmark", "model", "country", "lab"} & values.keys()
    resolved: dict[str, Any] = {kind: _id_among(kind, store, values[kind], named) for kind in named}
    if "drawn_first" in values:
        resolved["drawn_first"] = id_of("model", store, values["drawn_first"])
    if "size" in values:
        resolved["size"] = parse_size(values["size"])
    if "method" in values:
        resolved["method"] = method_name(values["method"])
    if {"as_of", "known_by"} <= values.keys():
        resolved["as_of"], resolved["known_by"] = days(store, today, values["as_of"], values["known_by"])
    return resolved


def not_in_future(name: str, asked: date, today: date) -> None:
    """Raise UsageError for a day that is still to come."""
    if asked > today:
        raise UsageError(f"The {name} day {asked} is in the future; give {today} or earlier.")


def id_of(kind: str, store: Store, typed: str | None) -> str | None:
    """Return the id that is meant by a name of a kind, of a benchmark with its version; None for none.

    Raises UsageError where nothing is called so, or several things are.
    """
    return typed and " ".join(names.find(kind, typed, names.KINDS[kind](store)).key)


def _id_among(kind: str, store: Store, typed: str | None, kinds: AbstractSet[str]) -> str | None:
    """Return the id as `id_of`; what is the name of another of these kinds alone is refused with the field for it."""
    try:
        return id_of(kind, store, typed)
    except UsageError as error:
        others = sorted(kinds - {kind}) if not error.suggestions else []
        meant = next((other for other in others if names.fits(typed or "", names.KINDS[other](store))), None)
        if meant is None:
            raise
        name = typed or ""
        raise UsageError(f"{quote(name)} is a {meant}; ask with `--{meant} {one_line(name)}`.") from None


def method_name(typed: str) -> str:
    """Return the version of the method that is meant; raises UsageError if none is."""
    name = NEWEST.get(typed.lower(), typed.lower())
    if name not in METHODS:
        raise UsageError(f"No method is called {quote(typed)}; choose {' or '.join(NEWEST)}.", (*NEWEST, *METHODS))
    return name


# ---- sizes of models by their parameters, as people write them: "up to 40B", "over 70B", "10B to 40B", "small"


@dataclass(frozen=True)
class Size:
    """A span of sizes in billions of parameters, each end in it or not; `key` writes it: "<=40", ">70", "10-40"."""

    key: str
    low: float = 0.0
    high: float = math.inf
    has_low: bool = True
    has_high: bool = True

    def holds(self, parameters: float) -> bool:
        """Whether a model of so many billion parameters is of the size."""
        above = parameters >= self.low if self.has_low else parameters > self.low
        return above and (parameters <= self.high if self.has_high else parameters < self.high)

    @property
    def shown(self) -> str:
        """Write the size so that it stands before "open models": "≤40B", "10B to 40B"."""
        sign = self.key.rstrip("0123456789.-")
        return f"{_SIGNS[sign]}{self.key.removeprefix(sign)}B" if sign else f"{self.low:g}B to {self.high:g}B"

    @property
    def phrase(self) -> str:
        """Write the size so that it stands behind "open models": "up to 40B", "over 70B", "of 10B to 40B"."""
        sign = self.key.rstrip("0123456789.-")
        return f"{_PHRASES[sign]} {self.key.removeprefix(sign)}B" if sign else f"of {self.shown}"


def read_size(text: str) -> Size | None:
    """Read a size; None for anything else, such as the bare "32B" of a model's name."""
    span = SIZE_RANGE.fullmatch(text.strip())
    if span:
        low, high = sorted(map(float, span.groups()[1:]))
        return parse_size_key(f"{low:g}-{high:g}")
    word = SIZE_WORDS.get(text.strip().lower())
    if word:
        return parse_size_key(word)
    one = ONE_SIZE.fullmatch(text.strip())
    if one is None or not (one[1] or one[3]):  # the bare number of a name
        return None
    sign = {**_BELOW, **_ABOVE}[one[1].lower()] if one[1] else _BEHIND[one[3].lower()]
    return parse_size_key(f"{sign}{float(one[2]):g}")


def parse_size_key(key: str) -> Size:
    """Return the size of a key that `read_size` made; raises ValueError for any other."""
    parts = _SIZE_KEY.fullmatch(key)
    if parts is None:
        raise ValueError(f"no size: {key!r}")
    if parts[3]:
        return Size(key, float(parts[3]), float(parts[4]))
    sign, number = parts[1], float(parts[2])
    if sign[0] == "<":
        return Size(key, high=number, has_high=sign == "<=")
    return Size(key, low=number, has_low=sign == ">=")


def is_size_key(text: str) -> bool:
    """Whether a text is the key of a size."""
    return bool(_SIZE_KEY.fullmatch(text))


def parse_size(text: str | None) -> str | None:
    """Return the key of a size as people give it where one is asked for: 32, 32B, up to 32B, a large card.

    None for none; raises UsageError for anything else.
    """
    if text is None or is_size_key(text):
        return text
    plain = " ".join(text.lower().removeprefix("a ").split())
    size = read_size(text) or read_size(f"up to {HARDWARE_SIZES.get(plain) or plain.removesuffix('b').strip()}B")
    if size is None:
        raise UsageError(
            f"{quote(text)} is no size; give billions of parameters, such as 32, or small card, large card,"
            " workstation or server.",
            tuple(HARDWARE_SIZES),
        )
    return size.key
