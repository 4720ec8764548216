"""What a change of the data does to the figures: the gap as answered before and after, and who is newly first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from core.answer import Answer
from core.questions.gap import GapQuestion
from core.questions.question import ask
from core.store.store import open_store

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
    return Looks(tuple(_figures(before, after)), tuple(_first(before, after)), (before.as_of, after.as_of))


def _answered(db: Path, data: Path, today: date) -> Answer:
    with open_store(db, data) as store:
        return ask(GapQuestion(), store, today)


def _figures(before: Answer, after: Answer) -> Iterator[Effect]:
    was, is_now = ({fact.key: fact for fact in answer.facts} for answer in (before, after))
    for measure in _MEASURES:
        for access in _CLASSES:
            key = f"{measure}.{access}"
            shown = is_now.get(key) or was.get(key)
            if shown:
                yield Effect(shown.measure, access, _months(was.get(key)), _months(is_now.get(key)))


def _months(fact: Any) -> float | None:
    return fact.value if fact and isinstance(fact.value, float) else None


def _first(before: Answer, after: Answer) -> Iterator[FirstCrosser]:
    was, is_now = (_open_first(answer) for answer in (before, after))
    for (benchmark, version, level), model in is_now.items():
        if was.get((benchmark, version, level)) != model:
            yield FirstCrosser(benchmark, version, level, model, was.get((benchmark, version, level), ""))


def _open_first(answer: Answer) -> dict[tuple[str, str, float], str]:
    """Return which open model is the first on each level that counts."""
    rows = [*answer.data["points"], *answer.data["open_first"]]
    return {(row["benchmark"], row["version"], row["threshold"]): row["open_model"] for row in rows}
