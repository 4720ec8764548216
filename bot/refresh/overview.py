"""How fresh the data are, publisher by publisher: for the operator, and for moderators."""

from pathlib import Path

from bot.refresh.last_refresh import LastRefresh, last_refresh, split_command, without_address
from core.answer import Table
from core.refresh import publishers, revisions
from core.store.tables import shipped_folder

_COLUMNS = ("Source", "Data from", "Last served", "Remark")


def overview(data: Path) -> Table:
    """Return what is in use of each publisher that is asked, and why no newer data are."""
    in_use, last = revisions.read_current(data), last_refresh(data)
    whys = {series: without_address(why) for series, why in (last.failed | last.held_back).items()} if last else {}
    rows = []
    for name, publisher in publishers.read_publishers(shipped_folder() / "publishers").items():
        newest = in_use.newest(name) if in_use else None
        if newest is None:
            known = revisions.predecessor_id(name)
            rows.append((name, "came with gapbrief" if known else "–", "–", whys.get(name, "")))
        else:
            held = newest.source.held_until or newest.source.snapshot
            rows.append((publisher.name, str(newest.source.snapshot), str(held), whys.get(name, "")))
    when = f"last asked on {last.at:%Y-%m-%d at %H:%M} UTC" if last else "not asked yet"
    return Table(f"Publishers, {when}", _COLUMNS, tuple(rows))


def finding_tables(last: LastRefresh | None) -> list[Table]:
    """Return what waits for a person, with the command that settles it, and what else is odd in publishers' data."""
    if last is None:
        return []
    waiting = tuple(split_command(what) for what in last.waiting)
    remarks = tuple((series, what) for series, whats in last.remarks.items() for what in whats)
    tables = [
        Table("What waits for you", ("What", "What settles it"), waiting),
        Table("What is odd in the newest data", ("Source", "Remark"), remarks),
    ]
    return [table for table in tables if table.rows]
