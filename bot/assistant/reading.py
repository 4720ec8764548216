"""What a text was understood as: a question with its fields, in words that let a person see it at once."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from typing import Any, get_args

from core.answer import Aspect
from core.errors import UsageError
from core.evidence import names
from core.evidence.name_index import NameIndex, name_index
from core.questions import QUESTIONS, Question
from core.questions.question import hints_of
from core.store.store import Store
from core.words import day, level

_DAYS = {"as_of": "as of", "known_by": "known by", "since": "since", "until": "until", "day": "on"}
_NAMED = {
    "benchmark": names.benchmarks, "model": names.models, "lab": names.labs, "country": names.countries,
    "term": names.terms,
}  # fmt: skip
"""How the names of each kind are found."""
_OF_SIDES = ["country", "lab", "benchmark"]


@dataclass(frozen=True)
class Reading:
    """How a text is understood.

    `question` is None where it can't be asked like that: then `sentence` says why, or what can. `name` and `fields`
    are the question's, names as they are shown and days in ISO form. `alternatives` are readings to choose from, where
    several fit as well: then this one is none. `aside` is what of the text found no place. `aspect` is what of the
    question was asked, None where no one thing was.
    """

    name: str | None = None
    question: Question | None = None
    fields: Mapping[str, str | float] = field(default_factory=dict)
    understood: str = ""
    alternatives: tuple["Reading", ...] = ()
    sentence: str | None = None
    aside: tuple[str, ...] = ()
    aspect: Aspect | None = None


def reading(name: str, values: Mapping[str, str], known: NameIndex, left_out: tuple[str, ...] = ()) -> Reading:
    """Make a reading from a question's name and its fields as texts."""
    shown = _shown(name, values)
    words = _words(name, shown, known)
    understood = " · ".join([name.replace("_", " "), *words, *(f"{each} left aside" for each in left_out)])
    try:
        return Reading(name, QUESTIONS[name].from_words(**values), shown, understood, aside=left_out)
    except UsageError as error:
        return Reading(name, None, shown, understood, sentence=str(error), aside=left_out)


def reading_of(question: Question, store: Store) -> Reading:
    """Return the reading that a question is, its names as they are shown."""
    values = {name: as_shown(name, value, store) for name, value in values_of(question).items()}
    return reading(question.name, values, name_index(store))


def as_shown(field_name: str, value: str, store: Store) -> str:
    """Return a name as it is shown, anything else as it is; a side of a comparison is one of several kinds."""
    kinds = [field_name] if field_name in _NAMED else _OF_SIDES if field_name in ("left", "right") else []
    for kind in kinds:
        try:
            return names.find(kind, value, _NAMED[kind](store)).shown
        except UsageError:
            continue
    return value


def values_of(question: Question) -> dict[str, str]:
    """Return the fields of a question that are set, as texts that `from_words` takes."""
    found: dict[str, str] = {}
    for each in fields(question):
        value = getattr(question, each.name)
        is_preset = each.default is not MISSING and value == each.default
        if value is not None and not (is_preset and each.name == "method"):
            found[each.name] = f"{value:g}" if isinstance(value, float) else str(value)
    return found


def _shown(name: str, values: Mapping[str, str]) -> dict[str, str | float]:
    """Return the values in the order of the fields, numbers as numbers."""
    hints = hints_of(QUESTIONS[name])
    return {
        each.name: float(values[each.name]) if _is_number(hints[each.name]) else values[each.name]
        for each in fields(QUESTIONS[name])
        if each.name in values
    }


def _is_number(hint: Any) -> bool:
    return float in (hint, *get_args(hint))


def _words(name: str, shown: Mapping[str, str | float], known: NameIndex) -> list[str]:
    """Write each field as a person would: "80 %", "as of 31 March 2026", "private tests"."""
    words: list[str] = []
    for key, value in shown.items():
        if isinstance(value, float):
            words.append(level(value, known.units.get(str(shown.get("benchmark")), "percent")))
        elif key in _DAYS:
            words.append(f"{_DAYS[key]} {day(date.fromisoformat(value))}")
        elif key == "access":
            words.append(f"{value} tests")
        elif key == "side":
            words.append(f"{'an' if value == 'open' else 'a'} {value} model")
        elif key == "method":
            words.append(f"method {value}")
        elif key == "right":
            words.append(f"against {_side(value)}")
        else:
            words.append(_side(value) if key == "left" else value)
    return words


def _side(value: str) -> str:
    """Write one side of a comparison: a day in words, a kind of tests as such, a name as it is."""
    if value in ("private", "public"):
        return f"{value} tests"
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value
