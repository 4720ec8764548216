"""The fields that questions share, with descriptions and limits; resolving typed names to ids; parsing sizes."""

import math
import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import field
from datetime import date
from typing import Any

from core.dataclass import dataclass
from core.errors import UsageError
from core.gap.parameters import METHODS, NEWEST
from core.names import names
from core.store import queries
from core.store.store import Store
from core.words import one_line, parameter_count, quote

SIZE_WORDS = {"small": "<=40", "large": ">40", "big": ">40"}
"""What a size without a number means: one consumer graphics card can run 40 billion parameters (Epoch AI, "Frontier AI
performance becomes accessible on consumer hardware within a year", 2025). The answer states the number."""
HARDWARE_SIZES = {
    "small card": 8,
    "laptop": 8,
    "large card": 32,
    "card": 32,
    "home": 32,
    "workstation": 80,
    "server": 250,
}
"""How many billion parameters in total each kind of hardware can run, with 4-bit weights."""
HARDWARE_MEMORY = {"small card": 8, "large card": 24, "workstation": 64, "server": 160}
"""The least memory of each kind of hardware, in gigabytes; between two kinds sizes are in proportion.

The one rule of what fits: `parse_size` turns memory to a size by it, `memory_text` a size to memory.
"""
_MEMORY = (0, *HARDWARE_MEMORY.values())
_FITTING = (0, *(HARDWARE_SIZES[kind] for kind in HARDWARE_MEMORY))
_SIZE_KEY = re.compile(r"([<>]=?)([\d.]+)|([\d.]+)-([\d.]+)")
_SIGNS = {"<=": "≤", "<": "<", ">=": "≥", ">": ">"}
_PHRASES = {"<=": "up to", "<": "under", ">=": "from", ">": "over"}


def described(
    description: str, example: str = "", *, needed: bool = False, default: str | None = None, **more: Any
) -> Any:
    """Return a field with a description and an example; it has a `default` unless it is `needed`.

    `more` is further metadata: limits under pydantic's names, `by_place` for a positional argument on the command
    line, `only_drawn` for what changes the picture alone, and the keys that `Question` reads.
    """
    metadata = {"description": description, **({"examples": [example]} if example else {}), **more}
    return field(metadata=metadata) if needed else field(default=default, metadata=metadata)


def benchmark(
    description: str = "One test, by any of its names; without it, all of the headline.",
    *,
    example: str = "GPQA Diamond",
    by_place: bool = False,
) -> Any:
    """Return an optional field for a benchmark."""
    return described(description, example, max_length=100, by_place=by_place)


def model(description: str) -> Any:
    """Return an optional field for a model."""
    return described(description, "GPT-4", max_length=100)


def access_filter() -> Any:
    """Return a field that limits the tests to an access class."""
    return described("Only tests whose questions are secret (private), or only public ones.")


def domain_filter() -> Any:
    """Return a field that limits the tests to a domain."""
    return described("Only tests of this field of work, beyond the headline too.", "coding")


def country_filter() -> Any:
    """Return a field that limits the open models to a country."""
    return described(
        "Only open models from this country or region; the closed side stays whole.", "China", max_length=60
    )


def lab_filter() -> Any:
    """Return a field that limits the open models to a lab."""
    return described("Only open models of this lab; the closed side stays whole.", "DeepSeek", max_length=60)


def size() -> Any:
    """Return a field that limits the open models by size."""
    return described(
        "Open models up to this size in billions, or for 24 GB, small card, large card, workstation, server.",
        "32",
        max_length=40,
    )


def as_of() -> Any:
    """Return a field for the as-of day: models released later don't count."""
    return described("Models released by this day; without it, by the newest data's.", "2026-05-22")


def known_by(
    description: str = "Only scores that were known by this day; without it, all.", example: str = "2026-05-22"
) -> Any:
    """Return a field for the known-by day: scores known later don't count."""
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
    """Return both days with defaults filled in; raises UsageError if one is in the future or before all data."""
    for name, asked in (("as-of", as_of), ("known-by", known_by)):
        if asked is not None:
            not_in_future(name, asked, today)
    first, last = queries.known_days(store)
    known_by = min(known_by or last, last)
    if known_by < first:
        raise UsageError(f"No score was known by {known_by}; the first is known from {first}.")
    return as_of or queries.newest_data(store, known_by), known_by


def filled(store: Store, today: date, values: dict[str, Any]) -> dict[str, Any]:
    """Resolve the fields that questions share: names to ids, the size, the method to its version, both days.

    `values` are a question's fields as asked. Raises UsageError for an unknown name or an impossible day.
    """
    named = {"benchmark", "model", "country", "lab", "publisher"} & values.keys()
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
    """Raise UsageError if a day is in the future."""
    if asked > today:
        raise UsageError(f"The {name} day {asked} is in the future; give {today} or earlier.")


def id_of(kind: str, store: Store, typed: str | None) -> str | None:
    """Resolve a typed name of a kind to its id, for a benchmark with the version; None for None.

    Raises UsageError if nothing has the name, or several things have it.
    """
    if typed and kind == "country":
        names.check_region(store, typed)
    return typed and " ".join(names.find(kind, typed, names.KINDS[kind](store)).key)


def _id_among(kind: str, store: Store, typed: str | None, kinds: AbstractSet[str]) -> str | None:
    """Resolve a name as `id_of` does; if only another of these kinds has the name, the error names that field."""
    try:
        return id_of(kind, store, typed)
    except UsageError as error:
        others = sorted(kinds - {kind}) if not error.suggestions else []
        meant = next((other for other in others if names.may_mean(typed or "", names.KINDS[other](store))), None)
        if meant is None:
            raise
        name = typed or ""
        raise UsageError(f"{quote(name)} is a {meant}; ask with `--{meant} {one_line(name)}`.") from None


def method_name(typed: str) -> str:
    """Return the version of the method with a typed name; raises UsageError if there is none."""
    name = NEWEST.get(typed.lower(), typed.lower())
    if name not in METHODS:
        raise UsageError(f"No method is called {quote(typed)}; choose {' or '.join(NEWEST)}.", (*NEWEST, *METHODS))
    return name


# ---- model sizes in parameters, as people write them: "up to 40B", "over 70B", "10B to 40B", "small"


@dataclass(frozen=True)
class Size:
    """A range of sizes in billions of parameters; `has_low` and `has_high` say whether it includes its ends.

    `key` is the range as text: "<=40", ">70", "10-40".
    """

    key: str
    low: float = 0.0
    high: float = math.inf
    has_low: bool = True
    has_high: bool = True

    def holds(self, parameters: float) -> bool:
        """Whether a model with this many billion parameters is in the range."""
        above = parameters >= self.low if self.has_low else parameters > self.low
        return above and (parameters <= self.high if self.has_high else parameters < self.high)

    @property
    def shown(self) -> str:
        """Write the size for use before "open models": "≤40B", "10B to 40B"."""
        sign = self.key.rstrip("0123456789.-")
        low, high = parameter_count(self.low), parameter_count(self.high)
        return f"{_SIGNS[sign]}{high if sign[0] == '<' else low}" if sign else f"{low} to {high}"

    @property
    def phrase(self) -> str:
        """Write the size for use after "open models": "up to 40B", "over 70B", "of 10B to 40B"."""
        sign = self.key.rstrip("0123456789.-")
        end = parameter_count(self.high if sign[:1] == "<" else self.low)
        return f"{_PHRASES[sign]} {end}" if sign else f"of {self.shown}"


def read_size(text: str) -> Size | None:
    """Parse a size, or the memory that models should fit in; None for anything else.

    A bare "32B" may be part of a model's name.
    """
    from core.questions import bounds

    span = bounds.SIZE_RANGE.fullmatch(text.strip())
    if span:
        low, high = sorted(float(number.replace(",", ".")) for number in span.groups()[1:])
        return parse_size_key(f"{low:g}-{high:g}")
    word = SIZE_WORDS.get(text.strip().lower())
    if word:
        return parse_size_key(word)
    if memory := bounds.MEMORY.fullmatch(" ".join(text.split())):
        return parse_size_key(f"<={int(_scale(bounds.add_memory(memory), _MEMORY, _FITTING))}")
    one = bounds.ONE_SIZE.fullmatch(" ".join(text.replace("’", "'").split()))
    places = [place for place in ("turned", "before", "behind") if one and one[place]]
    if one is None or len(places) != 1:  # a bare number may be part of a name
        return None
    sign = bounds.BOUNDS[places[0]][one[places[0]].lower()]
    number = float(one["number"].replace(",", ".")) * (1000 if one["trillions"] else 1)
    return parse_size_key(f"{sign}{number:.9g}")


def _scale(value: float, kinds: Sequence[float], others: Sequence[float]) -> float:
    """Return what stands to the others as a value to the kinds of hardware: in proportion between two kinds."""
    from bisect import bisect_left

    n = min(max(bisect_left(kinds, value), 1), len(kinds) - 1)
    share = (value - kinds[n - 1]) / (kinds[n] - kinds[n - 1])
    return others[n - 1] + share * (others[n] - others[n - 1])


def memory_of(parameters: float) -> int:
    """Return how many gigabytes a model of so many billion parameters needs with 4-bit weights.

    It counts whole billions, as the size that `parse_size` makes of memory does: both agree on what fits.
    """
    return math.ceil(round(_scale(math.ceil(parameters), _FITTING, _MEMORY), 6))


def memory_text(parameters: float) -> str:
    """Write the memory that a model needs: "about 24 GB at 4 bits (16 GB for weights, the rest for context)"."""
    weights = f"{parameters / 2:,.{0 if parameters >= 20 else 1}f} GB for weights"
    return f"about {memory_of(parameters):,} GB at 4 bits ({weights}, the rest for context)"


def parse_size_key(key: str) -> Size:
    """Parse a key that `read_size` made; raises ValueError for any other text."""
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
    """Whether a text is the key of a `Size`."""
    return bool(_SIZE_KEY.fullmatch(text))


def parse_size(text: str | None) -> str | None:
    """Parse what people type in a size field, such as 32, 32B, up to 32B, 24 GB, a large card; return the size's key.

    None for None; raises UsageError for anything else.
    """
    if text is None or is_size_key(text):
        return text
    typed = " ".join(text.removeprefix("a ").split())
    plain = typed.lower()
    size = read_size(typed) or read_size(f"up to {HARDWARE_SIZES.get(plain) or plain.removesuffix('b').strip()}B")
    if size is None:
        raise UsageError(
            f"{quote(text)} is no size; give billions of parameters, such as 32, memory, such as 24 GB, or small card,"
            " large card, workstation or server.",
            tuple(HARDWARE_SIZES),
        )
    return size.key
