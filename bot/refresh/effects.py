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

from bot.refresh.doubts import headlines, size
from core.answer import Answer
from core.gap.records import frontiers
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
_CLASSES = ("private", "public")


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


def looks(old: tuple[Path, Path], new: tuple[Path, Path], today: date) -> Looks:
    """Hold the answers of two evidence files, each with its folder of tables, against each other.

    The new file keeps its answer, for the first person who asks. Raises DataError where a file can't be read.
    """
    before, after = (_answered(*files, today) for files in (old, new))
    return Looks(
        tuple(_compare_figures(before, after)), tuple(_find_first_crossers(before, after)), (before.as_of, after.as_of)
    )


def _answered(db: Path, data: Path, today: date) -> Answer:
    with open_store(db, data) as store:
        return ask(GapQuestion(), store, today)


def _compare_figures(before: Answer, after: Answer) -> Iterator[Effect]:
    was, is_now = ({fact.key: fact for fact in answer.facts} for answer in (before, after))
    for measure in _MEASURES:
        for access in _CLASSES:
            key = f"{measure}.{access}"
            shown = is_now.get(key) or was.get(key)
            if shown:
                yield Effect(shown.measure, access, _months(was.get(key)), _months(is_now.get(key)))


def _months(fact: Any) -> float | None:
    return fact.value if fact and isinstance(fact.value, float) else None


def _find_first_crossers(before: Answer, after: Answer) -> Iterator[FirstCrosser]:
    was, is_now = (_open_first(answer) for answer in (before, after))
    for (benchmark, version, level), model in is_now.items():
        if was.get((benchmark, version, level)) != model:
            yield FirstCrosser(benchmark, version, level, model, was.get((benchmark, version, level), ""))


def _open_first(answer: Answer) -> dict[tuple[str, str, float], str]:
    """Return which open model is the first on each level that counts."""
    rows = [*answer.data["points"], *answer.data["open_first"]]
    return {(row["benchmark"], row["version"], row["threshold"]): row["open_model"] for row in rows}


MOST_MOVED = 0.5
"""Months: by so much a headline may move at once by what changes of open and closed, before a person looks."""
_SEEN = 0.05
"""Months: less than this is not seen in a headline."""
_Side = Openness | None
"""What a model counts as, open or closed; None where it is left out."""


def find_held(db: Path, draft: Path, in_use: Path) -> tuple[HeldModel, ...]:
    """Return what has to wait of drafted tables, whose evidence file is `db`; held against shipped tables and others.

    `in_use` is the folder of the data in use.
    """
    from core.evidence.evidence import read_records

    changes = _Changes(_classes(shipped_folder()), _classes(table_folder(in_use)), _classes(draft), _publishers(draft))
    if not (changes.lone or changes.moved):
        return ()
    with open_made(db, draft) as store:
        everything = read_records(store, all_released=True)
    return tuple(_Sides(changes, everything.known_by(everything.last_known)).held())


@dataclass(frozen=True)
class _Class:
    openness: Openness
    grade: OpennessGrade
    side: _Side


def _picked(name: str, folder: Path, *columns: str) -> Iterator[tuple[Value, ...]]:
    places = [[column.name for column in BY_NAME[name].columns].index(column) for column in columns]
    return (tuple(row[place] for place in places) for row in read_table(BY_NAME[name], folder))


def _classes(folder: Path) -> dict[str, _Class]:
    """Return what models are taken for in the tables of a folder, by their ids."""
    found, columns = {}, ("model_id", "openness", "openness_grade", "release_date")
    for model, word, evidence, released in _picked("models", folder, *columns):
        openness, grade = cast(Openness, word), cast(OpennessGrade, evidence)
        is_counted = openness in ("open", "closed") and grade != "held" and released
        found[str(model)] = _Class(openness, grade, openness if is_counted else None)
    return found


def _publishers(folder: Path) -> dict[str, dict[str, list[str]]]:
    """Return who decides what of each model: its publishers by what they say."""
    called = {source: str(publisher) for source, publisher in _picked("sources", folder, "source_id", "publisher")}
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for model, source, claim, used in _picked("classifications", folder, "model_id", "source_id", "claim", "used"):
        publishers = found[str(model)][str(claim)]
        if used and called[source] not in publishers:
            publishers.append(called[source])
    return found


class _Changes:
    """What of a draft's classes is news that no two publishers, and no person, stand for.

    `lone` are the models that one publisher alone calls open or closed; `moved` those that count as something else than
    before, with what that was: where two publishers agree now, but the class was another one, too. A third party's
    field is in no file that a refresh asks for.
    """

    def __init__(
        self,
        audited: Mapping[str, _Class],
        in_use: Mapping[str, _Class],
        new: Mapping[str, _Class],
        publishers: Mapping[str, Mapping[str, list[str]]],
    ) -> None:
        self.audited, self.in_use, self.new, self.publishers = audited, in_use, new, publishers
        self.lone: set[str] = set()
        self.moved: dict[str, _Side] = {}
        for model, known in new.items():
            if known.grade == "audited":
                continue
            is_agreed = known.grade == "third-party" or len(self.of(model, known.openness)) > 1
            if not is_agreed and model in audited and audited[model].openness == known.openness:
                continue
            if not is_agreed and known.side:
                self.lone.add(model)
            before = self._side(in_use, model) if is_agreed else self._side(audited, model) or self._side(in_use, model)
            if before != known.side and (before or not is_agreed):
                self.moved[model] = before

    def of(self, model: str, claim: str) -> list[str]:
        """Return the publishers by whose word a model is open, or closed."""
        return self.publishers[model][claim] if model in self.publishers else []

    def before(self, model: str) -> _Class:
        """Return the class that a model had."""
        return next(known[model] for known in (self.in_use, self.audited) if self._side(known, model))

    def _side(self, classes: Mapping[str, _Class], model: str) -> _Side:
        return classes[model].side if model in classes else None


class _Sides:
    """A draft's evidence, with models on the side that one supposes."""

    def __init__(self, changes: _Changes, everything: "Evidence") -> None:
        self.changes, self.everything = changes, everything
        self.index = {model.model_id: number for number, model in enumerate(everything.models)}
        self.boards = selection.boards(everything, None, None)
        self.sides: dict[str, _Side] = {model: known.side for model, known in changes.new.items()}

    def held(self) -> Iterator[HeldModel]:
        """Yield what has to wait."""
        left_out = self._lone_record_setters()
        claimed, self.sides = self.sides, {**self.sides, **dict.fromkeys(left_out)}
        back = self._too_far()
        self.sides |= {model: self.changes.moved[model] for model in back}
        today = self._headlines({})
        for model in sorted({*left_out, *back}):
            known = self.changes.new[model]
            moved = self._headlines({model: claimed[model]})
            by, figures = self.changes.of(model, known.openness), _write_headlines(today, moved)
            if self.sides[model] is None:
                said = f"is left out: {known.openness} by {by[0]} alone, it would hold a record"
                yield self._held(model, known.openness, "held", f"{said} ({figures})")
            else:
                before = self.changes.before(model)
                word = f"it is {known.openness} by {and_list(by)}" if by else "publishers disagree"
                said = f"stays {before.openness}, though {word}: that would move a headline too far ({figures})"
                yield self._held(model, before.openness, before.grade, said)

    def _held(self, model: str, openness: Openness, grade: OpennessGrade, said: str) -> HeldModel:
        publishers = tuple(dict.fromkeys(each for claims in self.changes.publishers[model].values() for each in claims))
        settles = f"`gapbrief data classify {shlex.quote(model)} open|closed --evidence URL` settles it"
        return HeldModel(model, openness, grade, publishers, f"{model} {said}; {settles}")

    def _lone_record_setters(self) -> set[str]:
        """Return the models that hold a record by one publisher's word alone; without the first the next may."""
        found: set[str] = set()
        while True:
            evidence = self._evidence(dict.fromkeys(found))
            newest = int(evidence.day.max(initial=0))
            records = (r for each in frontiers(evidence, self.boards, newest) for r in (*each.closed, *each.open))
            setters = {record.model.model_id for record in records} & self.changes.lone
            if not setters:
                return found
            found |= setters

    def _too_far(self) -> list[str]:
        """Return the models that have to stay what they were, those that move a headline most first."""
        moved = {model: side for model, side in self.changes.moved.items() if side != self.sides[model]}
        before = self._headlines(moved)

        def moves(back: Collection[str]) -> float:
            return size(before, self._headlines({model: moved[model] for model in back}))

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

    def _headlines(self, sides: Mapping[str, _Side]) -> dict[str, float | None]:
        return headlines(self._evidence(sides), self.boards)

    def _evidence(self, sides: Mapping[str, _Side]) -> "Evidence":
        """Return the evidence with some models on other sides than they are on."""
        counted = {**self.sides, **sides}
        models = self.everything.models
        out = [self.index[model] for model, side in counted.items() if side is None and model in self.index]
        turned = [n for n, each in enumerate(models) if (counted[each.model_id] or "") == _OTHER[each.is_open]]
        return self.everything.switch_sides(turned).without(out)


_OTHER = {True: "closed", False: "open"}


def _write_headlines(today: Mapping[str, float | None], moved: Mapping[str, float | None]) -> str:
    """Write the headlines in months as they are, and as they would be."""
    now, then = ([_write_months(told.get(access)) for access in CLASSES] for told in (today, moved))
    of = and_list([f"{months} on {access} tests" for months, access in zip(now, CLASSES, strict=True)])
    return f"the gap in months is {of}, and would be {and_list(then)}"


def _write_months(value: float | None) -> str:
    return "no figure" if value is None else f"{value:.1f}"
