"""What new data do to the figures: the gap before and after, who is newly first, and what waits for a person.

Words on open and closed wait by which one publisher could move the figures. A model that would hold a record by one
publisher's word alone is left out. What else changes of open and closed, in all models of a refresh together, moves no
headline by more than half a month: a model that would alone stays what it was; where the rest together would, each
stays that moves a headline to be seen. What was shipped has been looked at, and is no change.
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
from core.store.tables import BY_NAME, Openness, OpennessGrade, Value, read_table, shipped_folder, table_folder
from core.words import CLASSES, and_list

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence

_MEASURES = ("index", "standing", "catch_up")
MOST_MOVED = 0.5
"""Months: by so much a headline may move at once by what changes of open and closed, before a person looks."""
_SEEN = 0.05
"""Months: less than this is not seen in a headline."""
_Side = Openness | None
"""What a model counts as, open or closed; None where it is left out."""
_OTHER_SIDE = {True: "closed", False: "open"}


@dataclass(frozen=True)
class Effect:
    """A figure of the gap in months, before and after; None where it can't be given."""

    measure: str
    access: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class FirstCrosser:
    """An open model that is newly the first one on a level of a benchmark in the headline, and who was before it."""

    benchmark: str
    version: str
    level: float
    model: str
    before: str


@dataclass(frozen=True)
class Looks:
    """What a change of the data does, before it is made; `newest` is the day (ISO) of the data before and after."""

    figures: tuple[Effect, ...]
    first: tuple[FirstCrosser, ...]
    newest: tuple[str, str]


def compare_answers(old: tuple[Path, Path], new: tuple[Path, Path], today: date) -> Looks:
    """Hold the answers of two evidence files, each with its folder of tables, against each other.

    The new file keeps its answer, for the first person who asks. Raises DataError where a file can't be read.
    """
    before, after = (_answer_gap(*files, today) for files in (old, new))
    return Looks(
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
    """Return which open model is the first on each level that counts."""
    rows = [*answer.data["points"], *answer.data["open_first"]]
    return {(row["benchmark"], row["version"], row["threshold"]): row["open_model"] for row in rows}


def find_held(db: Path, draft: Path, in_use: Path) -> tuple[HeldModel, ...]:
    """Return what has to wait of drafted tables, whose evidence file is `db`; held against shipped tables and others.

    `in_use` is the folder of the data in use.
    """
    from core.evidence.evidence import read_records

    changes = _Changes(draft, table_folder(in_use))
    if not (changes.lone or changes.moved):
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
    """Return what models are taken for in the tables of a folder, by their ids."""
    classes, columns = {}, ("model_id", "openness", "openness_grade", "release_date")
    for model, word, evidence, released in _read_columns("models", folder, *columns):
        openness, grade = cast(Openness, word), cast(OpennessGrade, evidence)
        is_counted = openness in ("open", "closed") and grade != "held" and released
        classes[str(model)] = _Class(openness, grade, openness if is_counted else None)
    return classes


def _read_publishers(folder: Path) -> dict[str, dict[str, list[str]]]:
    """Return who decides what of each model: its publishers by what they say."""
    names = {source: str(publisher) for source, publisher in _read_columns("sources", folder, "source_id", "publisher")}
    by_claim: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    columns = ("model_id", "source_id", "claim", "used")
    for model, source, claim, is_used in _read_columns("classifications", folder, *columns):
        publishers = by_claim[str(model)][str(claim)]
        if is_used and names[source] not in publishers:
            publishers.append(names[source])
    return by_claim


class _Changes:
    """What of a draft's classes is news that no two publishers, and no person, stand for.

    `lone` are the models that one publisher alone calls open or closed; `moved` those that count as something else than
    before, with what that was: where two publishers agree now, but the class was another one, too. A third party's
    field is in no file that a refresh asks for.
    """

    def __init__(self, draft: Path, in_use: Path) -> None:
        self.shipped, self.in_use, self.new = map(_read_classes, (shipped_folder(), in_use, draft))
        self.publishers = _read_publishers(draft)
        self.lone: set[str] = set()
        self.moved: dict[str, _Side] = {}
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
                self.moved[model] = old

    def publishers_of(self, model: str, claim: str) -> list[str]:
        """Return the publishers by whose word a model is open, or closed."""
        return self.publishers[model][claim] if model in self.publishers else []

    def old_class(self, model: str) -> _Class:
        """Return the class that a model had."""
        return next(classes[model] for classes in (self.in_use, self.shipped) if _side(classes, model))


def _side(classes: Mapping[str, _Class], model: str) -> _Side:
    return classes[model].side if model in classes else None


class _Sides:
    """A draft's evidence, with models on the side that one supposes."""

    def __init__(self, changes: _Changes, evidence: "Evidence") -> None:
        self.changes, self.evidence = changes, evidence
        self.index = {model.model_id: number for number, model in enumerate(evidence.models)}
        self.boards = selection.boards(evidence, None, None)
        self.sides: dict[str, _Side] = {model: new.side for model, new in changes.new.items()}

    def find_held(self) -> Iterator[HeldModel]:
        """Yield what has to wait."""
        left_out = self._find_lone_record_setters()
        claimed, self.sides = self.sides, {**self.sides, **dict.fromkeys(left_out)}
        back = self._find_far_movers()
        self.sides |= {model: self.changes.moved[model] for model in back}
        today = self._headlines({})
        for model in sorted({*left_out, *back}):
            new = self.changes.new[model]
            publishers = self.changes.publishers_of(model, new.openness)
            figures = _write_headlines(today, self._headlines({model: claimed[model]}))
            if self.sides[model] is None:
                why = f"is left out: {new.openness} by {publishers[0]} alone, it would hold a record ({figures})"
                yield self._hold_model(model, new.openness, "held", why)
            else:
                old = self.changes.old_class(model)
                claim = f"it is {new.openness} by {and_list(publishers)}" if publishers else "publishers disagree"
                why = f"stays {old.openness}, though {claim}: that would move a headline too far ({figures})"
                yield self._hold_model(model, old.openness, old.grade, why)

    def _hold_model(self, model: str, openness: Openness, grade: OpennessGrade, why: str) -> HeldModel:
        by_claim = self.changes.publishers[model].values()
        publishers = tuple(dict.fromkeys(publisher for publishers in by_claim for publisher in publishers))
        settles = f"`gapbrief data classify {shlex.quote(model)} open|closed --evidence URL` settles it"
        return HeldModel(model, openness, grade, publishers, f"{model} {why}; {settles}")

    def _find_lone_record_setters(self) -> set[str]:
        """Return the models that hold a record by one publisher's word alone; without the first the next may."""
        left_out: set[str] = set()
        while True:
            evidence = self._switch_sides(dict.fromkeys(left_out))
            newest = int(evidence.day.max(initial=0))
            setters = find_record_setters(evidence, self.boards, newest) & self.changes.lone
            if not setters:
                return left_out
            left_out |= setters

    def _find_far_movers(self) -> list[str]:
        """Return the models that have to stay what they were, those that move a headline most first."""
        moved = {model: side for model, side in self.changes.moved.items() if side != self.sides[model]}
        before = self._headlines(moved)

        def moves(back: Collection[str]) -> float:
            return largest_move(before, self._headlines({model: moved[model] for model in back}))

        alone = {model: moves(moved.keys() - {model}) for model in sorted(moved)}
        most_first = sorted(alone, key=lambda model: -alone[model])
        back = [model for model in most_first if alone[model] > MOST_MOVED]
        if moves(back) <= MOST_MOVED:
            return back
        for model in most_first[len(back) :]:  # many that move it by little each
            back.append(model)
            if moves(back) <= _SEEN:
                break
        return back

    def _headlines(self, sides: Mapping[str, _Side]) -> Headlines:
        return find_headlines(self._switch_sides(sides), self.boards)

    def _switch_sides(self, sides: Mapping[str, _Side]) -> "Evidence":
        """Return the evidence with some models on other sides than they are on."""
        sides = {**self.sides, **sides}
        left_out = [self.index[model] for model, side in sides.items() if side is None and model in self.index]
        models = enumerate(self.evidence.models)
        switched = [n for n, model in models if sides[model.model_id] == _OTHER_SIDE[model.is_open]]
        return self.evidence.switch_sides(switched).without(left_out)


def _write_headlines(today: Headlines, moved: Headlines) -> str:
    """Write the headlines in months as they are, and as they would be."""
    now = [f"{_write_months(today.get(access))} on {access} tests" for access in CLASSES]
    then = [_write_months(moved.get(access)) for access in CLASSES]
    return f"the gap in months is {and_list(now)}, and would be {and_list(then)}"


def _write_months(value: float | None) -> str:
    return "no figure" if value is None else f"{value:.1f}"
