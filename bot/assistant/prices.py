"""What a language model costs, by its maker's list price: `prices.csv` beside the data, which an operator may edit."""

import re
from functools import cache
from pathlib import Path

import core
from core.errors import TableError
from core.evidence.importers.rows import Row, read_csv

TABLE = Path(core.__file__).parents[1] / "data" / "prices.csv"
"""The table that came with gapbrief."""
_PER = 1e6
_MOST = 10_000.0
"""US dollars per million tokens that no model costs: a slip."""
_DATED = re.compile(r"[-@](\d{4}-\d\d-\d\d|\d{8}|latest)")
"""What may follow a name of the table: the day of a version, as makers write it."""


def cost(model: str, tokens_in: int, tokens_out: int, table: Path = TABLE) -> float | None:
    """Return what tokens cost in US dollars, None where the model's price is not known.

    A price is that of the model's own name, else of the longest name in the table that only a date follows.
    Raises DataError for a table that can't be read.
    """
    names = [name for name in _prices(table) if _is_of(model, name)]
    if not names:
        return None
    price_in, price_out = _prices(table)[max(names, key=len)]
    return (tokens_in * price_in + tokens_out * price_out) / _PER


def table_in(folder: Path) -> Path:
    """Return the table of a data folder, the one that came with gapbrief where it has none."""
    own = folder / TABLE.name
    return own if own.is_file() else TABLE


def _is_of(model: str, name: str) -> bool:
    return model == name or (model.startswith(name) and _DATED.fullmatch(model[len(name) :]) is not None)


@cache
def _prices(table: Path) -> dict[str, tuple[float, float]]:
    """Return the US dollars per million tokens, read and written, of each model."""
    rows = read_csv(table, ("model", "input", "output", "read_on", "url"))
    return {row.text("model"): (_number(row, "input"), _number(row, "output")) for row in rows}


def _number(row: Row, column: str) -> float:
    found = row.number(column)
    if found is None or not 0 <= found <= _MOST:
        why = "the price is missing" if found is None else f"a price is from 0 to {_MOST:,.0f} dollars"
        raise TableError(row.path, why, row.line, column)
    return found
