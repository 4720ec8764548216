"""What of the data most deserves a person's look: each doubt, how far it could move a headline, and what settles it.

The suspects are shown by kind, and with all other doubts in one list.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from core.answer import Table
from core.gap.analysis import analyse
from core.gap.crossings import Crossings, find_crossings
from core.gap.parameters import DEFAULT
from core.gap.records import frontiers
from core.questions import selection
from core.store import queries
from core.store.inspection import DISPUTED, Suspect, find_suspects
from core.words import CLASSES, and_list, count

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence, IntArray
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
_SUSPECT_COLUMNS = ("Models", "What was seen", *(f"{access.capitalize()} moves by" for access in CLASSES))


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
    return Table(f"{title}: {counted}", _SUSPECT_COLUMNS, tuple(row for _, row in ranked[:SHOWN]))


_Headlines = dict[str, float | None]
_CLASSIFY = "gapbrief data classify {} open|closed --evidence URL"
_OVERRIDE = "gapbrief data override {} --release-date DAY --evidence URL"
_ALIAS = "gapbrief data alias {} {}"
_SETTLED_BY = {"split": _ALIAS, "merged or misdated": _OVERRIDE, "run before release": _OVERRIDE, DISPUTED: _CLASSIFY}
"""The command that settles each kind of suspect; a run that is there twice is its publisher's to mend."""
_COMMANDS = {"openness": _CLASSIFY, "release date": _OVERRIDE}
_COLUMNS = ("What", "Why", *(f"{access.capitalize()} moves by" for access in CLASSES), "Settle it with")


class Doubt(NamedTuple):
    """What is in doubt (ids of models), why, each class's headline (months) if it were otherwise, and the command.

    `is_record` tells that one of the models holds or held a side's record on a headline test, or would if it counted;
    `against` how many publishers say otherwise than what counts.
    """

    what: tuple[str, ...]
    why: str
    otherwise: _Headlines
    command: str
    is_record: bool = False
    against: int = 0


@dataclass(frozen=True)
class Audit:
    """Every doubt; `today` are the headlines as they are, in months.

    Doubts of record setters come first, of these what moves a headline farthest, then what most publishers dispute.
    """

    today: _Headlines
    doubts: tuple[Doubt, ...]

    def table(self, most: int) -> Table:
        """Return the first doubts as a table."""
        moving = sum(size(self.today, each.otherwise) > 0 for each in self.doubts)
        title = f"What deserves a look: {len(self.doubts)}, of which {moving} could move a figure (in months)"
        rows = (
            (
                ", ".join(each.what),
                each.why,
                *(move(self.today.get(access), each.otherwise.get(access)) for access in CLASSES),
                each.command or "–",
            )
            for each in self.doubts[:most]
        )
        return Table(title, _COLUMNS, tuple(rows))


def awaited(store: "Store") -> Table:
    """Return the models that an index names, and of which no score is here yet."""
    columns = ("Model", "Maker", "Released", "Open or closed", "Named by")
    rows = tuple((name, maker or "–", *told) for name, maker, *told in queries.unscored_models(store))
    return Table(f"Awaited: {count(len(rows), 'model')} named by an index, without a score here yet", columns, rows)


def audit(store: "Store") -> Audit:
    """Look through all doubts of the data, but for those on which somebody has decided by hand, with evidence."""
    from core.evidence.evidence import read_records

    found = read_records(store, all_released=True)
    work = _Audited(store, found.known_by(found.last_known))
    ranked = sorted(
        work.doubts(),
        key=lambda doubt: (
            not doubt.is_record,
            -round(size(work.today, doubt.otherwise), 1),
            -doubt.against,
            doubt.what,
        ),
    )
    return Audit(work.today, tuple(ranked))


class _Audited:
    """The evidence with the models that no gap can count, and without them, as it is answered from."""

    def __init__(self, store: "Store", everything: "Evidence") -> None:
        self.store, self.everything = store, everything
        self.index = {model.model_id: number for number, model in enumerate(everything.models)}
        self.left_out = {self.index[row[0]]: row[1:] for row in queries.not_counted(store) if row[0] in self.index}
        self.evidence = everything.without(self.left_out)
        self.boards: IntArray = selection.boards(everything, None, None)
        self.as_of = everything.newest_data.toordinal()
        self.today = headlines(self.evidence, self.boards)
        records = (r for each in frontiers(self.evidence, self.boards, self.as_of) for r in (*each.closed, *each.open))
        self.record_setters = {record.model.model_id for record in records}

    def doubts(self) -> Iterator[Doubt]:
        """Yield each doubt once, but for those on which somebody has decided by hand, with evidence."""
        decided = queries.decided_by_hand(self.store)
        seen: set[tuple[tuple[str, ...], str]] = {((model,), _called(_COMMANDS[of], model)) for model, of in decided}
        kinds = (self._unknown, self._disputed_dates, self._suspects, self._conflicts, self._self_reported)
        for doubt in (doubt for kind in kinds for doubt in kind()):
            key = doubt.what, doubt.command or doubt.why
            if key not in seen:
                seen.add(key)
                yield doubt._replace(is_record=doubt.is_record or not self.record_setters.isdisjoint(doubt.what))

    def _unknown(self) -> Iterator[Doubt]:
        """Yield the models that no gap can count and that have a score on a headline test, as what moves most."""
        import numpy as np

        on_headline = set(self.everything.model[np.isin(self.everything.board, self.boards)].tolist())
        for model, (wanting, said, openness) in self.left_out.items():
            if model not in on_headline:
                continue
            others = set(self.left_out) - {model}
            supposed = {"closed": self.everything.without(others)}
            supposed["open"] = supposed["closed"].switch_sides([model])
            known = self.everything.models[model]
            if known.is_open:
                supposed = {"open": supposed["closed"], "closed": supposed["open"]}
            if wanting == "release date":
                supposed = {openness: supposed[openness]}
            first = {side: self._first_on(evidence, model) for side, evidence in supposed.items()}
            firsts = "; ".join(f"{side} it is first on {and_list(names)}" for side, names in first.items() if names)
            otherwise = max(
                (headlines(evidence, self.boards) for evidence in supposed.values()),
                key=lambda each: size(self.today, each),
            )
            why = f"{'open or closed' if wanting == 'openness' else f'its {wanting}'} is not known"
            if said and wanting == "openness":
                why = f"{why}: {said}" if openness == "unknown" else f"{said} alone"
            why = f"{why}; {firsts or 'first nowhere'}"
            command = _called(_COMMANDS[wanting], known.model_id)
            yield Doubt((known.model_id,), why, otherwise, command, is_record=bool(firsts))

    def _disputed_dates(self) -> Iterator[Doubt]:
        """Yield the record setters whose release date publishers dispute, as if the date of most others counted."""
        rows = (row for row in queries.disputed_dates(self.store) if row[0] in self.record_setters)
        for (model, kept, keeper), disputes in groupby(rows, key=itemgetter(0, 1, 2)):
            publishers: dict[str, list[str]] = defaultdict(list)
            for *_, day, publisher in disputes:
                publishers[day].append(publisher)
            against = len({name for names in publishers.values() for name in names})
            likeliest = max(publishers, key=lambda day: len(publishers[day]))
            others = "; ".join(f"{day} by {and_list(names)}" for day, names in publishers.items())
            why = f"released {kept} by {keeper}, {count(against, 'publisher')} against it: {others}"
            redated = self.evidence.redate(self.index[model], date.fromisoformat(likeliest).toordinal())
            moved = headlines(redated, self.boards)
            yield Doubt((model,), why, moved, _called(_OVERRIDE, model), against=against)

    def _first_on(self, evidence: "Evidence", model: int) -> list[str]:
        """Return the names of the headline tests on which a model is the first at a level that counts."""
        found = find_crossings(evidence, self.boards, self.as_of, DEFAULT)
        first_on = _boards_first(evidence, found, model)
        return [board.name for board in evidence.boards if board in first_on]

    def _suspects(self) -> Iterator[Doubt]:
        for suspect, other in otherwise(self.store, self.evidence, self.boards):
            command = _SETTLED_BY.get(suspect.kind, "")
            settled_by = _called(command, *suspect.models) if command else ""
            yield Doubt(suspect.models, f"{suspect.kind}: {suspect.seen}", other, settled_by)

    def _conflicts(self) -> Iterator[Doubt]:
        """Yield the models on whose openness sources disagree."""
        for model, kept, by, others in queries.openness_conflicts(self.store):
            if model in self.index:
                other = headlines(self.evidence.switch_sides([self.index[model]]), self.boards)
                yield Doubt((model,), f"{kept} by {by}, otherwise by {others}", other, _called(_CLASSIFY, model))

    def _self_reported(self) -> Iterator[Doubt]:
        """Yield the self-reported scores that make a model the first at a level."""
        evidence = self.evidence
        found = find_crossings(evidence, self.boards, self.as_of, DEFAULT)
        rows = evidence.self_reported.nonzero()[0]
        pairs = {(int(evidence.model[row]), int(evidence.board[row])) for row in rows}
        for model, board in sorted(pairs):
            if evidence.boards[board] in _boards_first(evidence, found, model):
                hidden = evidence.self_reported & (evidence.model == model) & (evidence.board == board)
                why = f"first on {evidence.boards[board].name} by its maker's word alone"
                yield Doubt(
                    (evidence.models[model].model_id,), why, headlines(evidence.select(~hidden), self.boards), ""
                )


def _boards_first(evidence: "Evidence", found: Crossings, model: int) -> "set[Board]":
    """Return the boards on which a model is the first of its side at a level that counts."""
    points = found.points
    is_first = points.accepted & ((points.open == model) | (points.closed == model))
    unmatched = (level for level in found.unmatched if level.accepted and level.closed == evidence.models[model])
    return {evidence.boards[board] for board in points.board[is_first].tolist()} | {level.board for level in unmatched}


def _called(command: str, *models: str) -> str:
    return command.format(*(f'"{model}"' if " " in model else model for model in models))
