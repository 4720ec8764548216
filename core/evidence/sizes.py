"""The number of parameters of an open model: set by hand with evidence, read from its name, or given by a source."""

import re
from collections.abc import Iterable, Mapping

from core.dataclass import dataclass
from core.evidence.importers.rows import RawSize

_IN_A_BILLION = {"m": 1000.0, "b": 1.0, "t": 0.001}
_NUMBER = r"(\d+(?:[._]\d+)?)"
_IN_NAME = re.compile(
    rf"(?<![a-z0-9._]){_NUMBER}([mbt])(?:[ -]a{_NUMBER}b|(?P<experts>[ -]\d+e))?(?![a-z0-9])", re.IGNORECASE
)


@dataclass(frozen=True)
class Size:
    """The parameters of a model in billions: `total`, and `active` per token for a mixture of experts.

    `basis` is the origin: a person with evidence ("by hand"), the model's own "name", or a "source".
    """

    total: float | None
    active: float | None
    basis: str
    stated_by: str


def size_in_name(name: str) -> Size | None:
    """Parse "Qwen3-235B-A22B", "opt-13b" or "Llama-4-Scout-17B-16E" (17B is the number of active parameters).

    None if the name has no size. "Mixtral-8x22B" is not parsed, because the model has less than 8 x 22B.
    """
    match = _IN_NAME.search(name)
    if match is None:
        return None
    size = float(match[1].replace("_", ".")) / _IN_A_BILLION[match[2].lower()]
    if match["experts"]:
        return Size(None, size, "name", name)
    return Size(size, float(match[3].replace("_", ".")) if match[3] else None, "name", name)


def decide_size(names: Iterable[str], by_hand: Size | None, statements: Iterable[tuple[str, RawSize]]) -> Size | None:
    """Decide the size of one model: by hand, or a name with both numbers, or a source, or the name, in this order.

    `names` are sorted by trust; `statements` are source ids and their sizes, best first. Missing values of the first
    are not filled from another origin: both numbers of a model have the same origin.
    """
    sizes_in_names = [size for size in map(size_in_name, names) if size is not None]
    with_total = [size for size in sizes_in_names if size.total is not None]
    sizes = [by_hand] if by_hand else []
    sizes += [size for size in with_total if size.active is not None]
    sizes += [Size(size.total, None, "source", source_id) for source_id, size in statements]
    sizes += with_total + sizes_in_names
    return sizes[0] if sizes else None


def size_rows(
    names: Mapping[str, Iterable[str]], by_hand: Mapping[str, Size], statements: Mapping[str, list[tuple[str, RawSize]]]
) -> list[tuple[object, ...]]:
    """Return one row per model with a known size; `names` holds the names of each model that may have a size."""
    rows: list[tuple[object, ...]] = []
    for model, own_names in names.items():
        size = decide_size(own_names, by_hand.get(model), statements.get(model, []))
        if size is not None:
            rows.append((model, size.total, size.active, size.basis, size.stated_by))
    return rows
