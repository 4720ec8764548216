"""The effects of new data: the gap before and after, who is newly first, and what waits for a person.

No single publisher can move the figures by its classes of models. A model that would hold a record by one publisher's
word alone is left out. All other changes of openness in a refresh together move no headline by more than half a month:
a model that alone would keeps its class; if the rest together would, every model with a visible effect keeps its class.
The shipped classes have been reviewed, so they are no change.
"""

import shlex
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from bot.refresh.doubts import Headlines, find_headlines, find_record_setters, largest_move
from core.answer import Answer
from core.questions import selection
from core.questions.gap import GapQuestion
from core.questions.question import ask
from core.refresh.revisions import HeldModel
from core.store.store import open_made, open_store
from core.store.table_files import read_table
from core.store.tables import BY_NAME, Openness, OpennessGrade, Value, shipped_folder, table_folder
from core.words import CLASSES, and_list

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence

_MEASURES = ("index", "standing", "catch_up")
MOST_MOVED = 0.5
"""Months by which changes of openness may move a headline without a person's approval."""
_VISIBLE_MOVE = 0.05
"""Months; a smaller move is invisible in a headline."""
_Side = Openness | None
"""What a model counts as, open or closed; None if it is left out."""
_OTHER_SIDE = {True: "closed", False: "open"}


@dataclass(frozen=True)
class Effect:
    """A figure of the gap in months, before and after; None if there is none."""

    measure: str
    access: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class FirstCrosser:
    """An open model that is newly first at a level of a headline benchmark, and the one that was first before."""

    benchmark: str
    version: str
    level: float
    model: str
    before: str


@dataclass(frozen=True)
class Effects:
    """The effects of a change of the data; `newest` is the newest day (ISO) before and after."""

    figures: tuple[Effect, ...]
    first: tuple[FirstCrosser, ...]
    newest: tuple[str, str]


def compare_answers(old: tuple[Path, Path], new: tuple[Path, Path], today: date) -> Effects:
    """Compare the answers from two evidence files, each with its folder of tables.

    The new file caches its answer for the first person who asks. Raises DataError if a file can't be read.
    """
    before, after = (_answer_gap(*files, today) for files in (old, new))
    return Effects(
        tuple(_compare_figures(before, after)), tuple(_find_first_crossers(before, after)), (before.as_of, after.as_of)
    )


def _answer_gap(db: Path, data: Path, today: date) -> Answer:
    with open_store(db, data) as store:
        return ask(GapQuestion(), store, today)


def _compare_figures(before: Answer, after: Answer) -> Iterator[Effect]:
    old, new = ({fact.key: fact for fact in answer.facts} for answer in (before, after))
    for measure in _MEASURES:
        for access in CLASSES:
            key = f"{measure}.{access}"
            if fact := new.get(key) or old.get(key):
                yield Effect(fact.measure, access, _months(old.get(key)), _months(new.get(key)))


def _months(fact: Any) -> float | None:
    return fact.value if fact and isinstance(fact.value, float) else None


def _find_first_crossers(before: Answer, after: Answer) -> Iterator[FirstCrosser]:
    old, new = (_find_open_first(answer) for answer in (before, after))
    for level, model in new.items():
        if old.get(level) != model:
            yield FirstCrosser(*level, model, old.get(level, ""))


def _find_open_first(answer: Answer) -> dict[tuple[str, str, float], str]:
    """Return the first open model at each level that counts."""
    rows = [*answer.data["points"], *answer.data["open_first"]]
    return {(row["benchmark"], row["version"], row["threshold"]): row["open_model"] for row in rows}


def find_held_models(db: Path, draft: Path, in_use: Path) -> tuple[HeldModel, ...]:
    """Return the models of drafted tables that have to wait; `db` is the draft's evidence file.

    The draft is compared with the shipped tables and the data in use, in the folder `in_use`.
    """
    from core.evidence.evidence import read_records

    changes = _Changes(draft, table_folder(in_use))
    if not (changes.lone or changes.old_sides):
        return ()
    with open_made(db, draft) as store:
        records = read_records(store, all_released=True)
    return tuple(_Sides(changes, records.known_by(records.last_known)).find_held())


@dataclass(frozen=True)
class _Class:
    openness: Openness
    grade: OpennessGrade
    side: _Side


def _read_columns(name: str, folder: Path, *columns: str) -> Iterator[tuple[Value, ...]]:
    places = [[column.name for column in BY_NAME[name].columns].index(column) for column in columns]
    return (tuple(row[place] for place in places) for row in read_table(BY_NAME[name], folder))


def _read_classes(folder: Path) -> dict[str, _Class]:
    """Return the classes of models in a folder's tables, by id."""
    classes, columns = {}, ("model_id", "openness", "openness_grade", "release_date")
    for model, word, evidence, released in _read_columns("models", folder, *columns):
        openness, grade = cast(Openness, word), cast(OpennessGrade, evidence)
        is_counted = openness in ("open", "closed") and grade != "held" and released
        classes[str(model)] = _Class(openness, grade, openness if is_counted else None)
    return classes


def _read_publishers(folder: Path) -> dict[str, dict[str, list[str]]]:
    """Return the deciding publishers of each model, by claim."""
    names = {source: str(publisher) for source, publisher in _read_columns("sources", folder, "source_id", "publisher")}
    by_claim: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    columns = ("model_id", "source_id", "claim", "used")
    for model, source, claim, is_used in _read_columns("classifications", folder, *columns):
        publishers = by_claim[str(model)][str(claim)]
        if is_used and names[source] not in publishers:
            publishers.append(names[source])
    return by_claim


class _Changes:
    """A draft's changes of classes that no two publishers, and no person, support.

    `lone` are the models that a single publisher calls open or closed. `old_sides` has the previous side of each model
    that changed, even if two publishers agree on the change. A third party's field is in no refreshed file.
    """

    def __init__(self, draft: Path, in_use: Path) -> None:
        self.shipped, self.in_use, self.new = map(_read_classes, (shipped_folder(), in_use, draft))
        self.publishers = _read_publishers(draft)
        self.lone: set[str] = set()
        self.old_sides: dict[str, _Side] = {}
        for model, new in self.new.items():
            if new.grade == "audited":
                continue
            is_agreed = new.grade == "third-party" or len(self.publishers_of(model, new.openness)) > 1
            if not is_agreed and model in self.shipped and self.shipped[model].openness == new.openness:
                continue
            if not is_agreed and new.side:
                self.lone.add(model)
            old = _side(self.in_use, model)
            if not is_agreed:
                old = _side(self.shipped, model) or old
            if old != new.side and (old or not is_agreed):
                self.old_sides[model] = old

    def publishers_of(self, model: str, claim: str) -> list[str]:
        """Return the publishers that claim a model to be open, or closed."""
        return self.publishers[model][claim] if model in self.publishers else []

    def old_class(self, model: str) -> _Class:
        """Return a model's previous class."""
        return next(classes[model] for classes in (self.in_use, self.shipped) if _side(classes, model))


def _side(classes: Mapping[str, _Class], model: str) -> _Side:
    return classes[model].side if model in classes else None


class _Sides:
    """A draft's evidence, with models on supposed sides."""

    def __init__(self, changes: _Changes, evidence: "Evidence") -> None:
        self.changes, self.evidence = changes, evidence
        self.index = {model.model_id: number for number, model in enumerate(evidence.models)}
        self.boards = selection.boards(evidence, None, None)
        self.sides: dict[str, _Side] = {model: new.side for model, new in changes.new.items()}

    def find_held(self) -> Iterator[HeldModel]:
        """Yield the models that have to wait."""
        left_out = self._find_lone_record_setters()
        claimed, self.sides = self.sides, {**self.sides, **dict.fromkeys(left_out)}
        reverted = self._find_far_movers()
        self.sides |= {model: self.changes.old_sides[model] for model in reverted}
        today = self._headlines({})
        for model in sorted({*left_out, *reverted}):
            new = self.changes.new[model]
            publishers = self.changes.publishers_of(model, new.openness)
            figures = _write_headlines(today, self._headlines({model: claimed[model]}))
            if self.sides[model] is None:
                reason = f"is left out: {new.openness} by {publishers[0]} alone, it would hold a record ({figures})"
                yield self._hold_model(model, new.openness, "held", reason)
            else:
                old = self.changes.old_class(model)
                claim = f"it is {new.openness} by {and_list(publishers)}" if publishers else "publishers disagree"
                reason = f"stays {old.openness}, though {claim}: that would move a headline too far ({figures})"
                yield self._hold_model(model, old.openness, old.grade, reason)

    def _hold_model(self, model: str, openness: Openness, grade: OpennessGrade, reason: str) -> HeldModel:
        by_claim = self.changes.publishers[model].values()
        publishers = tuple(dict.fromkeys(publisher for publishers in by_claim for publisher in publishers))
        settles = f"`gapbrief data classify {shlex.quote(model)} open|closed --evidence URL` settles it"
        return HeldModel(model, openness, grade, publishers, f"{model} {reason}; {settles}")

    def _find_lone_record_setters(self) -> set[str]:
        """Return the models that hold a record by one publisher's word alone, or would once others are left out."""
        left_out: set[str] = set()
        while True:
            evidence = self._switch_sides(dict.fromkeys(left_out))
            newest = int(evidence.day.max(initial=0))
            setters = find_record_setters(evidence, self.boards, newest) & self.changes.lone
            if not setters:
                return left_out
            left_out |= setters

    def _find_far_movers(self) -> list[str]:
        """Return the models that have to keep their class, by the size of their move of a headline."""
        old_sides = {model: side for model, side in self.changes.old_sides.items() if side != self.sides[model]}
        headlines = self._headlines(old_sides)

        def moves(reverted: Collection[str]) -> float:
            return largest_move(headlines, self._headlines({model: old_sides[model] for model in reverted}))

        single_moves = {model: moves(old_sides.keys() - {model}) for model in sorted(old_sides)}
        most_first = sorted(single_moves, key=lambda model: -single_moves[model])
        reverted = [model for model in most_first if single_moves[model] > MOST_MOVED]
        if moves(reverted) <= MOST_MOVED:
            return reverted
        for model in most_first[len(reverted) :]:  # many small moves
            reverted.append(model)
            if moves(reverted) <= _VISIBLE_MOVE:
                break
        return reverted

    def _headlines(self, sides: Mapping[str, _Side]) -> Headlines:
        return find_headlines(self._switch_sides(sides), self.boards)

    def _switch_sides(self, sides: Mapping[str, _Side]) -> "Evidence":
        """Return the evidence with some models on other sides."""
        sides = {**self.sides, **sides}
        left_out = [self.index[model] for model, side in sides.items() if side is None and model in self.index]
        models = enumerate(self.evidence.models)
        switched = [n for n, model in models if sides[model.model_id] == _OTHER_SIDE[model.is_open]]
        return self.evidence.switch_sides(switched).without(left_out)


def _write_headlines(today: Headlines, headlines: Headlines) -> str:
    """Write the headlines in months as they are and would be."""
    now = [f"{_write_months(today.get(access))} on {access} tests" for access in CLASSES]
    then = [_write_months(headlines.get(access)) for access in CLASSES]
    return f"the gap in months is {and_list(now)}, and would be {and_list(then)}"


def _write_months(value: float | None) -> str:
    return "no figure" if value is None else f"{value:.1f}"
