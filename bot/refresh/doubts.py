"""Doubts about the data, each with how far it could move a headline and the command that settles it.

Suspects are shown by kind, and together with all other doubts in one list.
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

MOST_SHOWN = 5
"""Suspects shown of each kind."""
_KINDS = {
    "split": "One model under two names? (like names, days near)",
    "merged or misdated": "Two models under one name, or a wrong day? (a source's day is over a month away)",
    "twice": "One run stored twice? (same score and day)",
    DISPUTED: "Disputed: more publishers say the other of open and closed",
    "run before release": "Run more than a week before the release",
}
_CLASSIFY = "gapbrief data classify {} open|closed --evidence URL"
_OVERRIDE = "gapbrief data override {} --release-date DAY --evidence URL"
_ALIAS = "gapbrief data alias {} {}"
_SETTLED_BY = {"split": _ALIAS, "merged or misdated": _OVERRIDE, "run before release": _OVERRIDE, DISPUTED: _CLASSIFY}
"""The command that settles each kind of suspect; only its publisher can fix a duplicate run."""
_COMMANDS = {"openness": _CLASSIFY, "release date": _OVERRIDE}
_MOVES = tuple(f"{access.capitalize()} moves by" for access in CLASSES)
Headlines = dict[str, float | None]
"""The headline of each class in months; None if there is none."""


class Doubt(NamedTuple):
    """The doubtful models (ids), the reason, the headlines if the data are wrong, and the command that settles it.

    `is_record`: one of the models holds or held a side's record on a headline test, or would if it counted. `against`
    counts the publishers that contradict the data in use.
    """

    models: tuple[str, ...]
    reason: str
    headlines: Headlines
    command: str
    is_record: bool = False
    against: int = 0


@dataclass(frozen=True)
class Audit:
    """All doubts; `today` holds the current headlines.

    Record setters come first, then the largest moves of a headline, then the most disputed.
    """

    today: Headlines
    doubts: tuple[Doubt, ...]

    def table(self, most: int) -> Table:
        """Return the first doubts as a table."""
        moving = sum(largest_move(self.today, doubt.headlines) > 0 for doubt in self.doubts)
        title = f"What deserves a look: {len(self.doubts)}, of which {moving} could move a figure (in months)"
        rows = tuple(
            (", ".join(doubt.models), doubt.reason, *_write_moves(self.today, doubt.headlines), doubt.command or "–")
            for doubt in self.doubts[:most]
        )
        return Table(title, ("What", "Why", *_MOVES, "Settle it with"), rows)


def find_headlines(evidence: "Evidence", boards: "IntArray") -> Headlines:
    """Return the headlines as of the newest data."""
    analysis = analyse(evidence, boards, evidence.newest_data.toordinal(), DEFAULT, whole_band=False)
    return {access: gap.headline.months for access, gap in analysis.classes.items()}


def find_record_setters(evidence: "Evidence", boards: "IntArray", as_of: int) -> set[str]:
    """Return the ids of the models that hold or held a side's record on any of the boards."""
    by_board = frontiers(evidence, boards, as_of)
    return {record.model.model_id for board in by_board for record in (*board.closed, *board.open)}


def largest_move(today: Headlines, headlines: Headlines) -> float:
    """Return the largest move of a headline in months, to two decimals; infinity if one appears or disappears."""
    moves = []
    for access in CLASSES:
        before, after = today.get(access), headlines.get(access)
        if (before is None) != (after is None):
            return float("inf")
        moves.append(round(abs(after - before), 2) if before is not None and after is not None else 0.0)
    return max(moves)


def _write_moves(today: Headlines, headlines: Headlines) -> list[str]:
    return [_write_move(today.get(access), headlines.get(access)) for access in CLASSES]


def _write_move(before: float | None, after: float | None) -> str:
    """Write a move in months with its sign, to two decimals, as most are small."""
    if before is None or after is None:
        return "–" if before == after else "no figure" if after is None else "a figure"
    if not round(after - before, 2):
        return "–"
    return f"{after - before:+.2f}".replace("-", "−")


def suspect_tables(store: "Store") -> list[Table]:
    """List the suspects with the months by which each class's headline moves without them.

    A disputed model switches between open and closed instead.
    """
    from core.evidence.evidence import load

    records = load(store)
    evidence = records.known_by(records.last_known)
    boards = selection.boards(evidence, None, None)
    today = find_headlines(evidence, boards)
    by_kind: dict[str, list[tuple[float, tuple[str, ...]]]] = defaultdict(list)
    for suspect, headlines in _measure_suspects(store, evidence, boards):
        row = ", ".join(suspect.models), suspect.seen, *_write_moves(today, headlines)
        by_kind[suspect.kind].append((largest_move(today, headlines), row))
    tables = []
    for kind, title in _KINDS.items():
        if suspects := sorted(by_kind[kind], key=lambda suspect: -suspect[0]):
            moving = sum(move > 0 for move, _ in suspects)
            title = f"{title}: {len(suspects)}, of which {moving} could move a figure"
            rows = tuple(row for _, row in suspects[:MOST_SHOWN])
            tables.append(Table(title, ("Models", "What was seen", *_MOVES), rows))
    return tables


def _measure_suspects(
    store: "Store", evidence: "Evidence", boards: "IntArray"
) -> "Iterator[tuple[Suspect, Headlines]]":
    """Yield each suspect with the headlines without its models, or with a disputed one on the other side."""
    index = {model.model_id: number for number, model in enumerate(evidence.models)}
    by_key: dict[tuple[bool, tuple[str, ...]], Headlines] = {}
    for suspect in find_suspects(store):
        key = (suspect.kind == DISPUTED, suspect.models)
        if key not in by_key:
            models = [index[model] for model in suspect.models if model in index]
            by_key[key] = find_headlines(evidence.switch_sides(models) if key[0] else evidence.without(models), boards)
        yield suspect, by_key[key]


def awaited_table(store: "Store") -> Table:
    """Return the models that an index names but that have no score yet."""
    columns = ("Model", "Maker", "Released", "Open or closed", "Named by")
    rows = tuple((name, maker or "–", *rest) for name, maker, *rest in queries.unscored_models(store))
    return Table(f"Awaited: {count(len(rows), 'model')} named by an index, without a score here yet", columns, rows)


def audit(store: "Store") -> Audit:
    """Find all doubts about the data, except those decided by hand with evidence."""
    from core.evidence.evidence import read_records

    records = read_records(store, all_released=True)
    audited = _AuditedEvidence(store, records.known_by(records.last_known))

    def rank(doubt: Doubt) -> tuple[bool, float, int, tuple[str, ...]]:
        move = largest_move(audited.today, doubt.headlines)
        return not doubt.is_record, -round(move, 1), -doubt.against, doubt.models

    return Audit(audited.today, tuple(sorted(audited.doubts(), key=rank)))


class _AuditedEvidence:
    """The evidence with all models, and as answers use it: without the models that no gap can count."""

    def __init__(self, store: "Store", all_models: "Evidence") -> None:
        self.store, self.all_models = store, all_models
        self.index = {model.model_id: number for number, model in enumerate(all_models.models)}
        self.left_out = {self.index[row[0]]: row[1:] for row in queries.not_counted(store) if row[0] in self.index}
        self.evidence = all_models.without(self.left_out)
        self.boards: IntArray = selection.boards(all_models, None, None)
        self.as_of = all_models.newest_data.toordinal()
        self.today = find_headlines(self.evidence, self.boards)
        self.record_setters = find_record_setters(self.evidence, self.boards, self.as_of)

    def doubts(self) -> Iterator[Doubt]:
        """Yield each doubt once, except those decided by hand with evidence."""
        decided = queries.decided_by_hand(self.store)
        keys: set[tuple[tuple[str, ...], str]] = {
            ((model,), _fill_command(_COMMANDS[column], model)) for model, column in decided
        }
        kinds = (self._unknown, self._disputed_dates, self._suspects, self._conflicts, self._self_reported)
        for doubt in (doubt for kind in kinds for doubt in kind()):
            key = doubt.models, doubt.command or doubt.reason
            if key not in keys:
                keys.add(key)
                yield doubt._replace(is_record=doubt.is_record or not self.record_setters.isdisjoint(doubt.models))

    def _unknown(self) -> Iterator[Doubt]:
        """Yield the models with a score on a headline test that no gap can count, with the largest possible move."""
        import numpy as np

        on_headline = set(self.all_models.model[np.isin(self.all_models.board, self.boards)].tolist())
        for model, (lacking, claim, openness) in self.left_out.items():
            if model not in on_headline:
                continue
            other_models = set(self.left_out) - {model}
            supposed = {"closed": self.all_models.without(other_models)}
            supposed["open"] = supposed["closed"].switch_sides([model])
            identity = self.all_models.models[model]
            if identity.is_open:
                supposed = {"open": supposed["closed"], "closed": supposed["open"]}
            if lacking == "release date":
                supposed = {openness: supposed[openness]}
            first = {side: self._find_tests_led(evidence, model) for side, evidence in supposed.items()}
            records = "; ".join(f"{side} it is first on {and_list(names)}" for side, names in first.items() if names)
            headlines = max(
                (find_headlines(evidence, self.boards) for evidence in supposed.values()),
                key=lambda other_headlines: largest_move(self.today, other_headlines),
            )
            reason = f"{'open or closed' if lacking == 'openness' else f'its {lacking}'} is not known"
            if claim and lacking == "openness":
                reason = f"{reason}: {claim}" if openness == "unknown" else f"{claim} alone"
            reason = f"{reason}; {records or 'first nowhere'}"
            command = _fill_command(_COMMANDS[lacking], identity.model_id)
            yield Doubt((identity.model_id,), reason, headlines, command, is_record=bool(records))

    def _disputed_dates(self) -> Iterator[Doubt]:
        """Yield the record setters with a disputed release date, with the headlines by the most common other date."""
        rows = (row for row in queries.disputed_dates(self.store) if row[0] in self.record_setters)
        for (model, day_in_use, source), disputes in groupby(rows, key=itemgetter(0, 1, 2)):
            publishers: dict[str, list[str]] = defaultdict(list)
            for *_, day, publisher in disputes:
                publishers[day].append(publisher)
            against = len({name for names in publishers.values() for name in names})
            likeliest = max(publishers, key=lambda day: len(publishers[day]))
            other_dates = "; ".join(f"{day} by {and_list(names)}" for day, names in publishers.items())
            reason = f"released {day_in_use} by {source}, {count(against, 'publisher')} against it: {other_dates}"
            evidence = self.evidence.redate(self.index[model], date.fromisoformat(likeliest).toordinal())
            headlines = find_headlines(evidence, self.boards)
            yield Doubt((model,), reason, headlines, _fill_command(_OVERRIDE, model), against=against)

    def _find_tests_led(self, evidence: "Evidence", model: int) -> list[str]:
        """Return the names of the headline tests on which a model is first at a level that counts."""
        crossings = find_crossings(evidence, self.boards, self.as_of, DEFAULT)
        first_on = _find_boards_led(evidence, crossings, model)
        return [board.name for board in evidence.boards if board in first_on]

    def _suspects(self) -> Iterator[Doubt]:
        for suspect, headlines in _measure_suspects(self.store, self.evidence, self.boards):
            command = _SETTLED_BY.get(suspect.kind, "")
            settled_by = _fill_command(command, *suspect.models) if command else ""
            yield Doubt(suspect.models, f"{suspect.kind}: {suspect.seen}", headlines, settled_by)

    def _conflicts(self) -> Iterator[Doubt]:
        """Yield the models with conflicting sources on their openness."""
        for model, openness, publisher, opponents in queries.openness_conflicts(self.store):
            if model in self.index:
                headlines = find_headlines(self.evidence.switch_sides([self.index[model]]), self.boards)
                reason = f"{openness} by {publisher}, otherwise by {opponents}"
                yield Doubt((model,), reason, headlines, _fill_command(_CLASSIFY, model))

    def _self_reported(self) -> Iterator[Doubt]:
        """Yield the self-reported scores that make a model first at a level."""
        evidence = self.evidence
        crossings = find_crossings(evidence, self.boards, self.as_of, DEFAULT)
        rows = evidence.self_reported.nonzero()[0]
        pairs = {(int(evidence.model[row]), int(evidence.board[row])) for row in rows}
        for model, board in sorted(pairs):
            if evidence.boards[board] in _find_boards_led(evidence, crossings, model):
                hidden = evidence.self_reported & (evidence.model == model) & (evidence.board == board)
                reason = f"first on {evidence.boards[board].name} by its maker's word alone"
                headlines = find_headlines(evidence.select(~hidden), self.boards)
                yield Doubt((evidence.models[model].model_id,), reason, headlines, "")


def _find_boards_led(evidence: "Evidence", crossings: Crossings, model: int) -> "set[Board]":
    """Return the boards on which a model is its side's first at a level that counts."""
    points = crossings.points
    is_first = points.accepted & ((points.open == model) | (points.closed == model))
    unmatched = (level for level in crossings.unmatched if level.accepted and level.closed == evidence.models[model])
    return {evidence.boards[board] for board in points.board[is_first].tolist()} | {level.board for level in unmatched}


def _fill_command(command: str, *models: str) -> str:
    return command.format(*(f'"{model}"' if " " in model else model for model in models))
