"""The suspects of the data as tables, each kind ordered by how far its suspects could move a figure."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.answer import Table
from core.gap.analysis import analyse
from core.gap.parameters import DEFAULT
from core.questions import selection
from core.store.inspection import DISPUTED, Suspect, find_suspects
from core.words import CLASSES

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence, IntArray
    from core.store.store import Store

SHOWN = 5
"""Of each kind the first so many are shown."""
_KINDS = {
    "split": "One model under two names? (like names, days near)",
    "merged or misdated": "Two models under one name, or a wrong day? (a source's day is over a month away)",
    "twice": "One run stored twice? (same score and day)",
    DISPUTED: "Disputed: more publishers say the other of open and closed",
    "run before release": "Run more than a week before the release",
}
_COLUMNS = ("Models", "What was seen", *(f"{access.capitalize()} moves by" for access in CLASSES))


def doubts(store: "Store") -> list[Table]:
    """List the suspects with how far, in months, each class's headline moves without them.

    A disputed model is taken for the other of open and closed instead.
    """
    from core.evidence.evidence import load

    records = load(store)
    evidence = records.known_by(records.last_known)
    boards = selection.boards(evidence, None, None)
    today = headlines(evidence, boards)
    found: dict[str, list[tuple[float, tuple[str, ...]]]] = defaultdict(list)
    for suspect, other in otherwise(store, evidence, boards):
        found[suspect.kind].append((size(today, other), _row(suspect, today, other)))
    return [_table(kind, title, found[kind]) for kind, title in _KINDS.items() if found[kind]]


def otherwise(
    store: "Store", evidence: "Evidence", boards: "IntArray"
) -> "Iterator[tuple[Suspect, dict[str, float | None]]]":
    """Yield each suspect with what the headlines were without its models, or with a disputed one on the other side."""
    index = {model.model_id: number for number, model in enumerate(evidence.models)}
    moved: dict[tuple[bool, tuple[str, ...]], dict[str, float | None]] = {}
    for suspect in find_suspects(store):
        key = (suspect.kind == DISPUTED, suspect.models)
        if key not in moved:
            models = [index[model] for model in suspect.models if model in index]
            moved[key] = headlines(evidence.switch_sides(models) if key[0] else evidence.without(models), boards)
        yield suspect, moved[key]


def headlines(evidence: "Evidence", boards: "IntArray") -> dict[str, float | None]:
    """Return the headline of each class in months, as of the newest data; None where there is none."""
    known = analyse(evidence, boards, evidence.newest_data.toordinal(), DEFAULT, whole_band=False)
    return {access: gap.headline.months for access, gap in known.classes.items()}


def size(today: dict[str, float | None], other: dict[str, float | None]) -> float:
    """Return the largest move of a headline in months, to two decimals; one that goes or comes is before all else."""
    moves = []
    for access in CLASSES:
        before, after = today.get(access), other.get(access)
        if (before is None) != (after is None):
            return float("inf")
        moves.append(round(abs(after - before), 2) if before is not None and after is not None else 0.0)
    return max(moves)


def _row(suspect: Suspect, today: dict[str, float | None], other: dict[str, float | None]) -> tuple[str, ...]:
    moves = (move(today.get(access), other.get(access)) for access in CLASSES)
    return (", ".join(suspect.models), suspect.seen, *moves)


def move(before: float | None, after: float | None) -> str:
    """Write a move in months with its sign, to two decimals, as most are small."""
    if before is None or after is None:
        return "–" if before == after else "no figure" if after is None else "a figure"
    if not round(after - before, 2):
        return "–"
    return f"{after - before:+.2f}".replace("-", "−")


def _table(kind: str, title: str, found: list[tuple[float, tuple[str, ...]]]) -> Table:
    ranked = sorted(found, key=lambda each: -each[0])
    moving = sum(size > 0 for size, _ in ranked)
    counted = f"{len(ranked)}, of which {moving} could move a figure"
    return Table(f"{title}: {counted}", _COLUMNS, tuple(row for _, row in ranked[:SHOWN]))
