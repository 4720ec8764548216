"""The fields of a question, filled from what was found in a text."""

import re
from dataclasses import dataclass, fields
from datetime import date
from itertools import product

from bot.assistant.periods import Period, months_back
from bot.assistant.understanding import Found
from core.evidence.name_index import Mention
from core.questions import Question
from core.words import day

_MOST = 6
"""At most so many readings are offered."""
_RECENT_MONTHS = 3
"""Changes are those of so many months where no day is named."""
_STUDY = re.compile(
    r"\bstud(?:y|ys|y's)\b(?: own)? (?:method|rules|way|estimator)|\b(?:method|rules|way) of the(?: \w+)? study"
    r"|\b(?:original|published) (?:method|rules)|\bmethod study"
)
_OF_MODELS = re.compile(r"<(?:open|closed|model|lab|country|term)|\b(?:models?|ai|llms?|horizons?)\b")
_NAMES = ("benchmark", "model", "lab", "country")
_HELD_AGAINST = re.compile(r"\b(?:compar\w+|difference)\b|<model:\d+> (?:vs|versus|and|or|with) <model:\d+>")
"""How a text holds two models against each other: each is then a question of its own."""
_GROUPS = (("country", "lab", "rest"), ("access",), ("benchmark",), ("day",))
"""What can be held against each other, by kind."""
_BESIDE = (" behind ", " with ", " than ", " against ", " vs ", " to ", " match ", " from ")


@dataclass(frozen=True)
class FieldValues:
    """Values by field, as texts; `choices` by field where the text leaves open which.

    `left_out` are the names that found no place, `days_left_out` the days.
    """

    values: dict[str, str]
    choices: dict[str, tuple[str, ...]]
    left_out: tuple[str, ...] = ()
    days_left_out: tuple[str, ...] = ()

    @property
    def aside(self) -> tuple[str, ...]:
        """All that found no place."""
        return self.left_out + self.days_left_out

    def all_values(self) -> list[dict[str, str]]:
        """Return every set of values that the choices allow, the first few."""
        is_paired = self.choices.keys() == {"benchmark", "level"}  # "80 % on GPQA, 90 % on AIME"
        combined = zip(*self.choices.values(), strict=True) if is_paired else product(*self.choices.values())
        return [self.values | dict(zip(self.choices, chosen, strict=True)) for chosen in combined][:_MOST]


def fill(question: type[Question], found: Found) -> FieldValues:
    """Fill a question's fields with what the text names."""
    has = {each.name for each in fields(question)}
    sides = _sides(found) if "left" in has else []
    named = _named(question.name, has, found)
    used = {kind for _, kind in sides} | named.keys()
    values = dict(zip(("left", "right"), (side for side, _ in sides), strict=False))
    values |= {kind: options[0] for kind, options in named.items() if len(options) == 1}
    choices = {kind: options[:_MOST] for kind, options in named.items() if len(options) > 1}
    values |= _plain_values(has, found, has_model="model" in values.keys() | choices.keys())
    if "level" in values and len(choices.get("benchmark", ())) == len(found.of_levels):
        choices["level"] = tuple(f"{level.value:g}" for level in found.of_levels)
    values |= _span(found) if "since" in has else _days(has, found, are_days="day" in used)
    left_out = _left_out(used, found) + _third_sides(values, used, found)
    return FieldValues(values, choices, left_out, _days_left_out(values, found, are_days="day" in used))


def _named(name: str, has: set[str], found: Found) -> dict[str, tuple[str, ...]]:
    """Return by kind the names that may fill the field of that kind, where there are any."""
    of_kind = {kind: _asked(kind, name, found) for kind in _NAMES if kind in has}
    return {
        kind: tuple(dict.fromkeys(option for each in mentions for option in _options(each)))
        for kind, mentions in of_kind.items()
        if mentions
    }


def _options(mention: Mention) -> tuple[str, ...]:
    return (mention.value,) if mention.value else mention.choices or (mention.typed,)


def _asked(kind: str, name: str, found: Found) -> list[Mention]:
    """Return the names of a kind that may fill the field; of several models those of the side that is asked about."""
    mentions = found.of(kind)
    if kind == "lab" and found.has("open"):
        mentions = [each for each in mentions if not is_measure(each, found)]
    if kind == "model" and len(mentions) > 1 and not (name == "model" and _HELD_AGAINST.search(found.line)):
        is_open = name != "timeline"
        of_side = [each for each in mentions if each.is_open is is_open]
        return of_side if len(of_side) == 1 else mentions
    return mentions


def is_measure(mention: Mention, found: Found) -> bool:
    """Whether a lab is what the open models are held against: "how far are open models behind OpenAI"."""
    tag = f"<{mention.kind}:{found.mentions.index(mention)}>"
    return any(f"{word}{tag}" in found.line for word in _BESIDE)


def _plain_values(has: set[str], found: Found, *, has_model: bool) -> dict[str, str]:
    """Return what is no name and no day: kind of tests, term, method, level, side."""
    values: dict[str, str] = {}
    if "access" in has and found.has("private") != found.has("public"):
        values["access"] = "private" if found.has("private") else "public"
    if "term" in has and found.terms:
        values["term"] = found.terms[0]
    if "method" in has and _STUDY.search(found.line):
        values["method"] = "study"
    if "score" in has and found.of_levels:
        values["score"] = f"{_level(found):g}"
    if "level" in has and found.of_levels and not has_model:  # a model is looked at by its own scores
        values["level"] = f"{_level(found):g}"
    if "benchmark" in has and not found.of("benchmark"):
        values |= _by_unit(found)
    if "side" in has:
        values["side"] = found.side or "open"
    return values


def _level(found: Found) -> float:
    """Return the level of a text: of several, the first with a unit."""
    return next((level for level in found.of_levels if level.unit), found.of_levels[0]).value


def _by_unit(found: Found) -> dict[str, str]:
    """Return the benchmark that a level's unit alone tells: minutes of models are those of the time horizons."""
    if all(level.unit != "minutes" for level in found.of_levels) or not _OF_MODELS.search(found.line):
        return {}
    return {"benchmark": min((name for name, unit in found.names.units.items() if unit == "minutes"), key=len)}


# ---- days


def _days(has: set[str], found: Found, *, are_days: bool) -> dict[str, str]:
    """Return the day by the field that has a place for it; none where days are the sides of a comparison."""
    values: dict[str, str] = {}
    for period in found.of_days:
        if period.role == "known" and "known_by" in has:
            values.setdefault("known_by", period.last.isoformat())
        elif "day" in has:
            values.setdefault("day", period.still_to_come(found.today).isoformat())
        elif "as_of" in has and not are_days and period.role != "since":
            values.setdefault("as_of", _state(period, found.today).isoformat())
    return values


def _state(period: Period, today: date) -> date:
    """Return the day whose state a time means: its last, or today while it goes on."""
    return today if period.first <= today < period.last else period.as_of


def _span(found: Found) -> dict[str, str]:
    """Return the days between which changes are asked for; without any, the last months of the data."""
    if not found.of_days:
        return {"since": months_back(found.names.newest, _RECENT_MONTHS).isoformat()}
    first, *others = found.of_days
    is_of_states = others and found.line.startswith("why ")  # the figure moved from that of one day to that of another
    if first.role in ("until", "before") and not others:
        return {"since": months_back(first.as_of, _RECENT_MONTHS).isoformat(), "until": first.as_of.isoformat()}
    until = others[0].as_of if others else None
    if until is None and first.role == "" and first.first != first.last:
        until = first.last
    bounded = {"until": until.isoformat()} if until and until < found.today else {}
    return {"since": (_state(first, found.today) if is_of_states else first.first).isoformat()} | bounded


# ---- sides


def _sides(found: Found) -> list[tuple[str, str]]:
    """Return two things of one sort that a text names, in its order, each with its kind."""
    named = list(dict.fromkeys(side for tag in found.line.split() if (side := _side(tag, found))))
    of_group = {group: [each for each in named if each[1] in group] for group in _GROUPS}
    for sides in of_group.values():
        if len(sides) > 1 and any(kind != "rest" for _, kind in sides):
            return _two_alike(sides)
    for group, sides in of_group.items():
        own = [each for each in sides if each[1] != "rest"]
        if own and "rest" in group and not found.has("closed") and not found.has("model"):
            return [*own, ("others", "rest")]
        if own and group == ("day",) and own[0][0] != "now":
            return [*own, ("now", "day")]
    return []


def _two_alike(sides: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the first two of one kind: of "Chinese labs, DeepSeek and Moonshot" the labs."""
    of_kind = ([each for each in sides if each[1] == kind] for _, kind in sides)
    return next((alike for alike in of_kind if len(alike) > 1), sides)[:2]


def _side(tag: str, found: Found) -> tuple[str, str] | None:
    """Return what a tag stands for as a side of a comparison, with its kind; None for what can be none."""
    kind, _, number = tag[1:-1].partition(":") if tag[0] == "<" else ("", "", "")
    if kind in ("country", "lab", "benchmark"):
        mention = found.mentions[int(number)]
        return mention.value or mention.typed, kind
    if kind == "day":
        period = found.periods[int(number)]
        return (period.first if period.role == "since" else _state(period, found.today)).isoformat(), kind
    return {
        "private": ("private", "access"),
        "public": ("public", "access"),
        "now": ("now", "day"),
        "rest": ("others", "rest"),
    }.get(kind)


# ---- what found no place


def _left_out(used: set[str], found: Found) -> tuple[str, ...]:
    out = (mention.value or mention.typed for kind in _NAMES if kind not in used for mention in found.of(kind))
    return tuple(dict.fromkeys(out))


def _third_sides(values: dict[str, str], used: set[str], found: Found) -> tuple[str, ...]:
    """Return the names that would be sides of a comparison too, were there more than two."""
    named = (mention.value or mention.typed for kind in _NAMES if kind in used for mention in found.of(kind))
    return tuple(dict.fromkeys(name for name in named if name not in values.values())) if "left" in values else ()


def _days_of(period: Period, today: date) -> tuple[date, ...]:
    """Return the days by which a time may fill a field."""
    return period.first, period.as_of, period.still_to_come(today), today


def _days_left_out(values: dict[str, str], found: Found, *, are_days: bool) -> tuple[str, ...]:
    """Return the times that fill no field, by their last days; one that is a side of a comparison fills it."""
    if are_days or "since" in values:
        return ()
    taken = set(values.values())
    days = (
        period for period in found.of_days if not {each.isoformat() for each in _days_of(period, found.today)} & taken
    )
    return tuple(dict.fromkeys(day(period.last) for period in days))
