"""The base class of questions: fields with descriptions, example phrasings, and one pure function."""

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import MISSING, Field, asdict, fields, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, get_args, get_origin, get_type_hints

import core
from core.answer import Answer
from core.dataclass import dataclass
from core.errors import UsageError
from core.questions.fields import filled
from core.store.store import Store, open_made
from core.words import or_list, quote

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence

_TOO_LARGE = 1e9
_MONTH_FORMS = ("%B %Y", "%b %Y", "%Y-%m")
_DAY_FORMS = ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%B %d %Y", "%b %d, %Y", "%b %d %Y", "%Y/%m/%d")


@dataclass(frozen=True)
class Question(ABC):
    """A question: its fields are its parameters, None where left open.

    A field's metadata holds its `description` and limits in pydantic's words (`max_length`, `examples`), so
    that a schema made from the type says them too, and what it is `called` where its name is no word for people.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    """What it answers, in one sentence for people: the first line of its docstring."""
    phrasings: ClassVar[tuple[str, ...]]
    behind: ClassVar[str] = "all figures and tables"
    """What the details of its answers hold, in a few words."""
    is_kept: ClassVar[bool] = True
    """Whether its answers may be cached."""
    lists_points: ClassVar[bool] = False
    """Whether its answers include individual results that can be listed."""
    charts: ClassVar[Mapping[str, str]] = {}
    """The kinds of chart in its answers, and what each kind shows."""

    def resolved(self, store: Store, today: date) -> Self:
        """Return the question with ids for names and dates filled in; raises UsageError if it can't be asked."""
        return replace(self, **filled(store, today, dict(vars(self))))

    def evidence(self, store: Store) -> "Evidence":
        """Read the evidence for the resolved question: what was known by its known-by day, if it has one."""
        from core.evidence.evidence import load

        records = load(store)
        return records.known_by(getattr(self, "known_by", None) or records.last_known)

    def __init_subclass__(cls) -> None:
        cls.summary = (cls.__doc__ or "").split("\n")[0]

    @abstractmethod
    def answer(self, evidence: "Evidence") -> Answer:
        """Answer the resolved question from the evidence alone."""

    def key(self) -> str:
        """Return the cache key of the answer; it includes gapbrief's version, as each may word answers differently."""
        return json.dumps([core.__version__, self.name, asdict(self)], default=str, sort_keys=True)

    @classmethod
    def from_words(cls, **words: str | None) -> Self:
        """Make a question from what a person typed for each field; raises UsageError if a field can't be parsed."""
        hints, values = hints_of(cls), {}
        for part in fields(cls):
            text = words.get(part.name)
            if text is not None:
                values[part.name] = _read(part, text, hints[part.name])
            elif part.default is MISSING:
                example = part.metadata["examples"][0]
                raise UsageError(f"The {_called(part)} is missing; give one, such as {quote(str(example))}.")
        return cls(**values)


@cache
def hints_of(kind: type[Question]) -> dict[str, Any]:
    """Return the evaluated types of a question's fields; cached, as evaluating is a question's most expensive part."""
    return get_type_hints(kind)


def _called(part: "Field[Any]") -> str:
    """Return a field's name in a sentence: `called` from its metadata, else its own name."""
    called: str = part.metadata.get("called", part.name.replace("_", " "))
    return called


def _read(part: "Field[Any]", text: str, hint: Any) -> Any:
    """Parse one field: a day, a number, one of a few choices, or a text up to its maximum length."""
    name, longest = _called(part), part.metadata.get("max_length", 100)
    kinds = [hint] if get_origin(hint) is Literal else [kind for kind in get_args(hint) if kind is not NoneType]
    kinds = kinds or [hint]
    if date in kinds:
        return read_day(text, month=part.metadata.get("month", "last"))
    if float in kinds:
        return read_number(name, text)
    if len(text) > longest:
        raise UsageError(f"The {name} {quote(text, 20)} is too long; give at most {longest} characters.")
    if not text.strip():
        raise UsageError(f"The {name} is empty; give one, or leave it out.")
    for kind in kinds:
        if get_origin(kind) is Literal:
            choices = get_args(kind)
            choice = text.strip().lower().replace("-", " ")  # a command line has "long-context"
            if choice not in choices:
                raise UsageError(f"The {name} can't be {quote(text)}; choose {or_list(choices)}.", choices)
            return choice
    return text.strip()


def read_day(text: str, *, month: Literal["first", "last"] | None = None) -> date:
    """Parse a day as people write it: 2026-05-22, 22 May 2026, May 22, 2026; raises UsageError for anything else.

    `month` says which day a month means: its last if the question is about a state, its first if something begins.
    Without it a month is refused.
    """
    if len(text) == len("2026-05-22") and text[4::3] == "--":  # most days; strptime is expensive to import
        with suppress(ValueError):
            return date.fromisoformat(text)
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(" ".join(text.split()), form).date()  # noqa: DTZ007 (a day has no time zone)
        except ValueError:
            continue
    of_month = read_month(text, month) if month else None
    if of_month:
        return of_month
    raise UsageError(f"{quote(text)} is no date. Write it as 2026-05-22, or as 22 May 2026.")


def read_month(text: str, which: Literal["first", "last"]) -> date | None:
    """Parse a month as people write it, May 2026 or 2026-05, as its first or last day; None for anything else."""
    from calendar import monthrange

    for form in _MONTH_FORMS:
        with suppress(ValueError):
            first = datetime.strptime(" ".join(text.split()), form).date()  # noqa: DTZ007 (a month has no time zone)
            return first if which == "first" else first.replace(day=monthrange(first.year, first.month)[1])
    return None


def read_number(name: str, text: str) -> float:
    """Parse a number as people write it: 45, 45.5, 45 %; raises UsageError for anything else."""
    clean = text.strip().removeprefix("$").removesuffix("%").strip().replace("−", "-")
    try:
        number = float(clean)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or abs(number) >= _TOO_LARGE:
        raise UsageError(f"The {name} {quote(text, 20)} is no number; write it as 45 or 45.5.")
    return number


def ask(question: Question, store: Store, today: date) -> Answer:
    """Answer a question for a reader on the day `today`, from the cache if it has the answer."""
    with store.snapshot():  # a consistent view, even if the file is replaced meanwhile
        resolved = question.resolved(store, today)
        cached = store.kept_result(resolved.key()) if resolved.is_kept else None
        if cached is not None:
            with suppress(KeyError, TypeError):  # recompute if the cached value isn't an answer
                return Answer.from_dict(cached).with_data_age(today)
        evidence = resolved.evidence(store)
        _load_cache(evidence, store)
    n_cached = len(evidence.cache)
    answer = resolved.answer(evidence)
    if len(evidence.cache) > n_cached:
        store_cache(evidence, store)
    if resolved.is_kept:
        store.keep_result(resolved.key(), answer.to_dict())
    return answer.with_data_age(today)


def _cache_key(evidence: "Evidence") -> str:
    return json.dumps([core.__version__, "figures", evidence.known_by.isoformat()])


def _load_cache(evidence: "Evidence", store: Store) -> None:
    """Load the evidence's cache from the store; this process or another has written it."""
    cached = store.kept_result(_cache_key(evidence)) if not evidence.cache else None
    if cached:
        from core.gap.cache import load_cache

        load_cache(evidence, cached)


def store_cache(evidence: "Evidence", store: Store) -> None:
    """Store the evidence's cache in its file, for other and later processes."""
    from core.gap.cache import dump_cache

    store.keep_result(_cache_key(evidence), dump_cache(evidence))


def prepare(path: Path, data: Path) -> None:
    """Cache in a newly made evidence file the fits behind the newest day's default answers."""
    import numpy as np

    from core.evidence.evidence import load
    from core.gap.analysis import analyse
    from core.gap.parameters import DEFAULT

    with open_made(path, data) as store:
        records = load(store)
        evidence = records.known_by(records.last_known)
        boards = np.flatnonzero([board.headline for board in evidence.boards])
        analysis = analyse(evidence, boards, evidence.newest_data.toordinal(), DEFAULT)
        _ = analysis.direction, analysis.influences, analysis.courses  # computed and cached on first access
        store_cache(evidence, store)
