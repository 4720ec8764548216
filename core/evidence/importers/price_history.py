"""What models cost by day at those who serve them: modelpricewatch.com's history, from 2026 on."""

from datetime import date
from pathlib import Path

from core.evidence.importers.rows import Imported, RawPrice, read_csv

_FIRST = date(2026, 1, 1)
"""What is older is a backfill of few models from an archive of others' prices."""


def read(path: Path) -> Imported:
    """Read the days on which a price was new; one that stayed as it was is dropped."""
    imported = Imported()
    last: dict[str, tuple[float, float]] = {}
    columns = ("model_id", "model", "provider", "date", "input_per_mtok", "output_per_mtok")
    for row in imported.count(read_csv(path, columns)):
        day, listed = row.day("date"), row.text("model_id")
        price = row.number("input_per_mtok"), row.number("output_per_mtok")
        if day is None or day < _FIRST:
            imported.drop(row.line, row.text("model"), "a price from before 2026")
        elif price[0] is None or price[1] is None:
            imported.drop(row.line, row.text("model"), "no price per token")
        elif last.get(listed) == price:
            imported.drop(row.line, row.text("model"), "the price of the day before")
        else:
            last[listed] = price[0], price[1]
            imported.prices.append(RawPrice(row.line, row.text("model"), row.text("provider"), day, price[0], price[1]))
    return imported
