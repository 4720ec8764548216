"""The sides of a comparison: a group of models, the rest, a model, test, kind of tests or day; parsed from text."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from core.answer import Answer, Chart, Fact, Line, Table
from core.dataclass import dataclass
from core.errors import UsageError
from core.gap.parameters import DEFAULT
from core.names import names
from core.questions import bounds, fields, selection
from core.questions.question import read_day, read_month
from core.questions.result import Keys, as_json
from core.store import queries
from core.store.store import Store
from core.words import CLASSES, capitalize, day, possessive, quote, tests_of

if TYPE_CHECKING:
    from core.evidence.evidence import BoolArray, Evidence, Model
    from core.questions.question import Question

PLACES = ("left", "right")
"""The two places; facts and the JSON use them as keys."""
_GROUPS = {
    "openness": "a kind of models", "country": "a country", "lab": "a lab", "size": "a size of models",
    "group": "a group of models",
}  # fmt: skip
"""The kinds of groups of models, with their names in a sentence. A group of the kind "group" has several qualifiers."""
_KINDS = {
    "access": ("tests", "a kind of tests"), "benchmark": ("tests", "a test"), "day": ("days", "a day"),
    "model": ("models", "a model"),
    **{f"{prefix}{kind}": ("models", name) for kind, name in _GROUPS.items() for prefix in ("", "not-")},
}  # fmt: skip
"""For each kind of side: what its comparison is about, and its name in a sentence."""
_OTHERS = {"other", "others", "rest", "therest", "restoftheworld", "therestoftheworld", "everyoneelse", "allothers"}
_NOW = {"now", "today"}
_ACCESS = {
    f"{access}{word}": access for access in CLASSES for word in ("", "test", "tests", "benchmark", "benchmarks", "ones")
}
_LIKE_A_DAY = re.compile(r"[\d/. -]*\d{4}[\d/. -]*|\d{1,2} [a-z]+ \d{4}|[a-z]+ \d{1,2},? \d{4}", re.IGNORECASE)
_LIKE_A_YEAR = re.compile(r"20\d\d")
_OPENNESS = re.compile(r"\b(?:(open)|closed|proprietary)(?:[- ]?(?:weights?|sourced?))?\b", re.IGNORECASE)
_LITTLE = "(?:the|all|ai|models?|labs?|company|companies|of|from|by|in|with)"
_AROUND = re.compile(rf"\A(?:{_LITTLE}(?: |\Z))+|(?:(?:\A| ){_LITTLE})+\Z", re.IGNORECASE)
"""Words that may stand around the owner of a group: "all models of the US", "Chinese labs"."""
_SIZE_KEY = re.compile("size:([^;]*?)B?(?=;|$)")
_IN_BRACKETS = re.compile(r" \([^)]*\)")
_QUALIFIER = re.compile("(?:not-)?(?:group|openness|country|lab):|not-|;")


@dataclass(frozen=True)
class Side:
    """One side of a comparison: its kind and id; as text "country:China"."""

    kind: str
    key: str

    @classmethod
    def read(cls, text: str) -> "Side":
        """Parse a side from its text, the kind and the id."""
        kind, _, key = text.partition(":")
        return cls(kind, key)

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"

    @property
    def group(self) -> str:
        """The group of comparisons that the side can be in: models, tests or days."""
        return _KINDS[self.kind][0]

    @property
    def date(self) -> date:
        """The day of a side of the kind "day"."""
        return date.fromisoformat(self.key)

    @property
    def is_rest(self) -> bool:
        """Whether the side is the rest of a group."""
        return self.kind.startswith("not-")

    @property
    def qualifiers(self) -> dict[str, str]:
        """The qualifiers of a group or of its rest: openness, country, lab and size, each with its id."""
        kind = self.kind.removeprefix("not-")
        parts = self.key.split("; ") if kind == "group" else [str(Side(kind, self.key))]
        return {name: key for name, _, key in (part.partition(":") for part in parts)}

    @property
    def openness(self) -> str:
        """The openness of a group's models; without this qualifier a lab has all its models, any other group open ones.

        "" if open and closed models are in the group.
        """
        return self.qualifiers.get("openness", "" if "lab" in self.qualifiers else "open")

    def members(self, evidence: "Evidence", *, sized: bool = True) -> "BoolArray":
        """Flag the models of the side: a single model, or a group or its rest.

        A model of unknown size belongs neither to a size nor to its rest; without `sized`, only such models are
        flagged.
        """
        import numpy as np

        if self.kind == "model":
            return np.array([model.model_id == self.key and sized for model in evidence.models], dtype=np.bool_)
        return np.array([self._holds(model, sized=sized) for model in evidence.models], dtype=np.bool_)

    def _holds(self, model: "Model", *, sized: bool) -> bool:
        of = self.qualifiers
        is_owned = names.is_within(model.country, of.get("country")) and of.get("lab") in (None, model.lab_id)
        is_unsized = is_owned and "size" in of and model.parameters_b is None
        if self.openness not in ("", model.side) or is_unsized == sized:
            return False
        size = fields.parse_size_key(of["size"]) if "size" in of else fields.Size("")
        return is_unsized or (is_owned and size.holds(model.parameters_b or 0.0)) != self.is_rest

    def mixes_in(self, model: "Model") -> bool:
        """Return whether a model of the side is a closed one beside which open ones count too."""
        return self.kind != "model" and not self.openness and not model.is_open

    def with_name(self, evidence: "Evidence") -> "NamedSide":
        """Return the side with its name."""
        return NamedSide(self.kind, self.key, *self._read_name(evidence))

    def _read_name(self, evidence: "Evidence") -> tuple[str, str]:
        """Return the side's name, and its owner in a sentence: "United States (closed)", "the United States"."""
        if self.kind == "access":
            return f"{self.key} tests", ""
        if self.kind == "day":
            return day(self.date), ""
        if self.kind == "benchmark":
            return selection.board_name(evidence, self.key), ""
        if self.kind == "model":
            return next((model.name for model in evidence.models if model.model_id == self.key), self.key), ""
        of = self.qualifiers
        lab, country = of.get("lab", ""), of.get("country", "").split(" of ")[0]
        owner = next((model.lab for model in evidence.models if model.lab_id == lab and model.lab), lab) or country
        if self.is_rest:
            return f"others ({of['openness']})" if "openness" in of else "others", ""
        size = fields.parse_size_key(of["size"]).shown if "size" in of else ""
        marks = ", ".join(filter(None, (of.get("openness"), lab and country, size)))
        name = f"{owner} ({marks})" if owner and marks else owner or f"{marks} models"
        return name, owner if lab else selection.country_name(owner)


@dataclass(frozen=True)
class NamedSide(Side):
    """A side with its name: "China", "DeepSeek", "others", "GPQA Diamond", "private tests", "22 May 2026".

    `owner` is the lab or country of a group as it stands in a sentence: "the United States".
    """

    json_keys: ClassVar[Keys] = {"key": "id", "owner": None}

    name: str
    owner: str = ""

    @property
    def noun(self) -> str:
        """What the side's models are without their owner: "closed models", "models up to 40B", "other open models"."""
        of = self.qualifiers
        size = fields.parse_size_key(of["size"]).phrase if "size" in of and not self.is_rest else ""
        return " ".join(filter(None, ("other" if self.is_rest else "", self.openness, "models", size)))

    @property
    def models(self) -> str:
        """The side in a sentence: "China's open models", "other models", "Kimi K3"."""
        if self.kind == "model":
            return self.name
        return f"{possessive(names.without_version(self.owner))} {self.noun}" if self.owner else self.noun


@dataclass(frozen=True)
class TwoSides:
    """The base of every comparison: both sides, the boards (indices) behind it, and its as-of day."""

    json_keys: ClassVar[Keys] = {"boards": None, "as_of": None}

    left: NamedSide
    right: NamedSide
    boards: list[int]
    as_of: date

    @property
    def sides(self) -> dict[str, NamedSide]:
        """Return both sides by place."""
        return {"left": self.left, "right": self.right}


def build_titled_answer(
    question: "Question", evidence: "Evidence", result: TwoSides, lines: Iterable[Line], facts: Iterable[Fact],
    tables: Iterable[Table], chart: Chart,
) -> Answer:  # fmt: skip
    """Build an answer whose first line is a sentence; its first clause is the title of a chart without one."""
    answer = selection.build_answer(
        question, evidence, result.as_of, lines, facts,
        tables=tables, data=as_json(result), boards=result.boards, parameters=DEFAULT,
    )  # fmt: skip
    first, *others = answer.lines
    title = capitalize(first.text)
    finding, _, _ = _IN_BRACKETS.sub("", title).partition("; ")[0].partition(", ")
    chart = replace(chart, title=chart.title or finding, alt=f"{title}. {chart.alt}")
    chart = selection.with_foot(chart, answer, evidence, result.boards)
    return replace(answer, lines=(replace(first, text=title), *others), charts=() if chart.is_empty else (chart,))


def count_unsized(evidence: "Evidence", boards: list[int], as_of: date, sides: Iterable[Side]) -> int:
    """Count the models with a score on the boards that are on neither side because their size is unknown."""
    import numpy as np

    on = np.isin(evidence.board, boards) & (evidence.day <= as_of.toordinal())
    left, right = (side.members(evidence, sized=False) for side in sides)
    return int((left | right)[np.unique(evidence.model[on])].sum())


def explain_no_score(side: NamedSide, as_of: date, access: str | None, domain: str | None) -> str:
    """Say that a side has no score on the tests by a day."""
    tests = " ".join(filter(None, (access, tests_of(domain).removesuffix("s") if domain else "test")))
    no_model = f"No {side.noun.replace('models', 'model')}{f' of {side.owner}' if side.owner else ''} has a score"
    who = f"{side.name} has no score" if side.kind == "model" else no_model
    hint = " (a model of unknown size counts in no size)" if "size" in side.qualifiers else ""
    return f"{who} on a {tests} by {day(as_of)}{hint}; compare others, or two models."


def find_pair(store: Store, typed: tuple[str, str], today: date, known_by: date) -> tuple[Side, Side]:
    """Parse two typed sides; raises UsageError if a side is unknown, or the two can't be compared."""
    now = queries.newest_data(store, known_by)
    left, right = (_find_side(store, text, today, now) for text in typed)
    left, right = _find_rest(left, right), _find_rest(right, left)
    if left.kind == right.kind == "openness" and left != right:
        raise UsageError("How far open models trail closed ones is the gap itself; ask for the gap.")
    if left == right:
        raise UsageError(f"Both sides are {quote(left.key)}; give two different ones, such as China and others.")
    if left.group != right.group:
        raise UsageError(
            f"{quote(typed[0])} is {_KINDS[left.kind][1]} and {quote(typed[1])} {_KINDS[right.kind][1]}; compare like"
            " with like: two countries, labs, sizes or models, two tests or kinds of tests, or two days."
        )
    return left, right


def _find_side(store: Store, typed: str, today: date, now: date) -> Side:
    """Parse one side; try a size and a kind of tests, then a day, then a name."""
    kind, colon, rest = (part.strip() for part in typed.partition(":"))
    if colon and kind in _KINDS:
        return _find_of_kind(store, kind, rest, today)
    size = fields.read_size(typed)
    if size is not None:
        return Side("size", size.key)
    wanted = names.plain(typed)
    if wanted in _OTHERS:
        return Side("others", "")
    if wanted in _ACCESS:
        return Side("access", _ACCESS[wanted])
    at = now if wanted in _NOW else _read_day_or_year(typed, now)
    if at is not None:
        fields.not_in_future("compared", at, today)
        return Side("day", at.isoformat())
    return _find_named(store, typed)


def _find_of_kind(store: Store, kind: str, typed: str, today: date) -> Side:
    """Parse a side with its kind before a colon."""
    if kind == "access":
        if names.plain(typed) not in _ACCESS:
            raise UsageError(f"The access can't be {quote(typed)}; choose private or public.", CLASSES)
        return Side(kind, _ACCESS[names.plain(typed)])
    if kind.removeprefix("not-") in ("group", "openness", "size"):
        group = _find_group(store, _QUALIFIER.sub(" ", _SIZE_KEY.sub(r"\1B", f"{kind}:{typed}")))
        if group is None:
            what = _KINDS[kind][1].removeprefix("a ")
            raise UsageError(f'{quote(typed)} is no {what}; write it as "up to 40B", or as "closed US".')
        return Side(kind.replace(kind.removeprefix("not-"), group.kind), group.key)
    if kind == "day":
        at = read_day(typed, month="last")
        fields.not_in_future("compared", at, today)
        return Side(kind, at.isoformat())
    if not typed:
        raise UsageError(f"Which {kind.removeprefix('not-')} is missing after {quote(kind + ':')}; name one.")
    return Side(kind, fields.id_of(kind.removeprefix("not-"), store, typed) or "")


def _read_day_or_year(typed: str, now: date) -> date | None:
    """Parse a day, or a month or year as its last day; the year of `now` becomes `now`.

    Returns None for anything else; raises UsageError for a day that doesn't exist.
    """
    text = " ".join(typed.split())
    if _LIKE_A_YEAR.fullmatch(text):
        last = date(int(text), 12, 31)
        return now if int(text) == now.year else last
    return read_month(text, "last") or (read_day(text) if _LIKE_A_DAY.fullmatch(text) else None)


def _find_named(store: Store, typed: str) -> Side:
    """Find a benchmark, country or lab by its exact name, in this order; else a group, the nearest name, or a model.

    A group with a size that may also be the name of a model is the model: "Mistral Large", "Yi 1.5-34B".
    """
    by_kind = {kind: names.KINDS[kind](store) for kind in ("benchmark", "country", "lab")}
    wanted = names.plain(typed)
    for kind, of_kind in by_kind.items():
        if wanted and any(wanted == name.plain or wanted in name.plain_aliases for name in of_kind):
            return Side(kind, " ".join(names.find(kind, typed, of_kind).key))
    group = _find_group(store, typed)
    if group and not ("size" in group.qualifiers and names.may_mean(typed, names.models(store))):
        return group
    everything = [replace(name, key=(kind, *name.key)) for kind, of_kind in by_kind.items() for name in of_kind]
    try:
        kind, *key = names.find("side", typed, everything).key
    except UsageError as error:
        if names.may_mean(typed, names.models(store)):
            return Side("model", fields.id_of("model", store, typed) or "")
        *most, last = error.suggestions or ("",)
        choice = f"did you mean {', '.join(most)}{' or ' if most else ''}{last}?"
        if not last:
            choice = "give one, such as GPQA Diamond, China or DeepSeek, or a month with its year, such as May 2025."
        raise UsageError(
            f"{quote(typed)} is no single test, country, lab or model; {choice}", error.suggestions
        ) from error
    return Side(kind, " ".join(key))


def _find_group(store: Store, typed: str) -> Side | None:
    """Parse a group of models: openness, country, lab and size in any order, each once; None for any other text."""
    openness = {"open" if word else "closed" for word in _OPENNESS.findall(typed)}
    of = dict(zip(("openness",), openness, strict=False))
    rest = _OPENNESS.sub(" ", typed).replace("'s ", " ")
    spans = [match[0] for pattern in (bounds.SIZE_RANGE, bounds.ONE_SIZE) for match in pattern.finditer(rest)]
    for span in (*spans, *rest.split()):
        if "size" not in of and (size := fields.read_size(span)):
            of["size"], rest = size.key, rest.replace(span, " ", 1)
    words = _AROUND.sub("", " ".join(rest.replace(",", " ").split())).split()
    names.check_region(store, " ".join(words))
    for cut in range(max(1, len(words))):
        parts = [names.plain(" ".join(part)) for part in (words[:cut], words[cut:]) if part]
        owners = {
            kind: name.key[0]
            for part in parts
            for kind in ("country", "lab")
            for name in names.KINDS[kind](store)
            if part == name.plain or part in name.plain_aliases
        }
        if len(owners) == len(parts) and len(openness) < len(PLACES):
            return _make_group(of | owners)
    return None


def _make_group(of: dict[str, str]) -> Side | None:
    """Return the group with these qualifiers; one is a kind of its own, and "open" the default without a lab."""
    if of.get("openness") == "open" and "lab" not in of and len(of) > 1:
        del of["openness"]
    sides = [Side(kind, of[kind]) for kind in _GROUPS if kind in of]
    return Side("group", "; ".join(map(str, sides))) if len(sides) > 1 else next(iter(sides), None)


def _find_rest(side: Side, against: Side) -> Side:
    """Return the side; "others" becomes the rest of the group on the other side, of the same openness."""
    if side.kind != "others" and not side.is_rest:
        return side
    rest = Side(f"not-{against.kind}", against.key)
    if against.kind not in _GROUPS or against.kind == "openness" or side not in (rest, Side("others", "")):
        raise UsageError('"others" needs a country, a lab or a size on the other side, such as China.')
    return rest
