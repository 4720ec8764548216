"""The fields of a question, filled from what was found in a text, each by what it holds."""

import re
from dataclasses import dataclass, fields
from datetime import date
from itertools import product

from bot.assistant import patterns
from bot.assistant.parsed_text import ParsedText, is_hardware
from bot.assistant.periods import Period, months_back
from core.names.name_index import Mention
from core.questions import Question
from core.questions.fields import parse_size, parse_size_key
from core.words import day, tests_of

_MOST = 6
"""At most so many readings are offered."""
_RECENT_MONTHS = 3
"""Changes are those of so many months where no day is named."""
_ACCESS = ("private", "public")
_NAMES = ("benchmark", "model", "lab", "country")
_GROUPS = (("country", "lab", "size", "rest", "model"), ("private", "public"), ("benchmark",), ("day", "now"))
"""What can be held against each other, by kind."""
_MEASURE = re.compile(r"\b(behind|with|than|against|vs|to|match|from) <lab:(\d+)>(?: (?:and|or) <lab:(\d+)>)?")
"""What open models are held against: "how far are open models behind OpenAI"."""
_NEAREST = re.compile(r"\b(?:closest|nearest|close|near) to <lab:")
_BETWEEN = frozenset("vs v versus against and or than with to behind ahead over".split())
"""Words between two sides."""
_BARE = ("<open:0>", "<closed:0>")
"""Openness that belongs to the name behind it: "open Qwen", not "open models"."""
_OF_MODELS = ("open", "closed", "model", "lab", "country")


@dataclass(frozen=True)
class FieldValues:
    """Values by field, as texts; `choices` where the text leaves open which; `aside` is what found no place."""

    values: dict[str, str]
    choices: dict[str, tuple[str, ...]]
    aside: tuple[str, ...] = ()

    def all_values(self) -> list[dict[str, str]]:
        """Return every set of values that the choices allow, the first few."""
        combined = product(*self.choices.values())
        return [self.values | dict(zip(self.choices, chosen, strict=True)) for chosen in combined][:_MOST]


def fill(question: type[Question], parsed: ParsedText) -> FieldValues:
    """Fill a question's fields with what the text names."""
    has = {each.name for each in fields(question)}
    sides = _sides(parsed) if "left" in has else []
    named = {kind: options for kind in _NAMES if kind in has and (options := _options(kind, parsed))}
    if "publisher" in has and len(publishers := _options("publisher", parsed)) == 1:
        named["publisher"] = publishers
    values = dict(zip(("left", "right"), (side for side, _ in sides), strict=False))
    values |= {kind: options[0] for kind, options in named.items() if len(options) == 1}
    choices = {kind: options[:_MOST] for kind, options in named.items() if len(options) > 1}
    domain = {"domain": parsed.domains} if "domain" in has else {"benchmark": _of_domains(parsed)}
    if "benchmark" not in named and has & domain.keys():  # a test is of its own domain
        several = {name: tuple(options) for name, options in domain.items() if options}
        values |= {name: options[0] for name, options in several.items() if len(options) == 1}
        choices = {name: options[:_MOST] for name, options in several.items() if len(options) > 1} | choices
    values |= _plain_values(has, parsed) | _level(has, parsed, has_model="model" in named)
    are_days_sides = not {kind for _, kind in sides}.isdisjoint(("day", "now"))
    if "since" in has:
        values |= _span(parsed)
    elif not are_days_sides:
        values |= _days(has, parsed)
    aside = [
        name
        for kind in _NAMES
        if kind not in named
        for mention in parsed.of(kind)
        if (name := mention.value or mention.typed) not in values.values()
    ]
    if not {"publisher", "term"} & has and question.name != "sources" and not {"benchmark", "method"} & values.keys():
        aside += [each.value for each in parsed.of("publisher") if each.value]
    is_of_a_test = question.name == "sources" and "benchmark" in values
    if not (is_of_a_test or "access" in values or has & {"left", "term"}):
        aside += [f"{kind} tests" for kind in _ACCESS if parsed.has(kind)]
    if not {"domain", "benchmark"} & (values.keys() | choices.keys()):
        aside += [tests_of(domain) for domain in parsed.domains]
    if "left" not in has:
        aside += ["the others"] if parsed.has("rest") and parsed.has("country", "lab", "size") else []
        sizes = [each for each in parsed.sizes if each not in ("", "others", values.get("size"))]
        aside += [f"{each} models" if each.isalpha() else f"models {each}" for each in sizes]
    aside += [f"${each}" for each in parsed.prices if each != values.get("price")]
    lost = [each for each in parsed.levels if each.unit and f"{each.value:g}" not in values.values()]
    aside += [f"{each.value:g} {each.unit}" for each in lost]
    if "benchmark" in has and "method" not in has and patterns.has_sign("study method", parsed.line):
        aside.append("the study's method")
    is_dated = "since" in values or are_days_sides
    aside += [day(each.last) for each in parsed.days if not (is_dated or _is_in(each, values, parsed.today))]
    values |= zip(("left", "right"), qualify(sides, parsed), strict=False)
    return FieldValues(values, choices, tuple(dict.fromkeys(aside)))


def _of_domains(parsed: ParsedText) -> list[str]:
    """Return the tests of the domains that a text names, for a question about one test."""
    return [test for domain in parsed.domains for test in parsed.names.of_domains.get(domain, ())]


def _options(kind: str, parsed: ParsedText) -> tuple[str, ...]:
    """Return the names that may fill the field of a kind, without the labs that open models are held against."""
    measures = _measures(parsed) if kind == "lab" else set()
    mentions = [each for each in parsed.of(kind) if parsed.mentions.index(each) not in measures]
    return tuple(dict.fromkeys(option for mention in mentions for option in _values(mention)))


def _measures(parsed: ParsedText) -> set[int]:
    """Return the numbers of the labs that open models are held against; "open models from Alibaba" are its own."""
    far = re.search(r"\b(?:far|gap|lag|distance|away) ", parsed.line)
    may_be = _NEAREST.search(parsed.line) or parsed.has("open", "country")
    measures = [numbers for word, *numbers in _MEASURE.findall(parsed.line) if may_be and (far or word != "from")]
    return {int(number) for numbers in measures for number in numbers if number}


def _values(mention: Mention) -> tuple[str, ...]:
    return (mention.value,) if mention.value else mention.choices or (mention.typed,)


def _plain_values(has: set[str], parsed: ParsedText) -> dict[str, str]:
    """Return what is no name, no level and no day: kind of tests, term, method, side."""
    values: dict[str, str] = {}
    if "access" in has and parsed.has("private") != parsed.has("public"):
        values["access"] = "private" if parsed.has("private") else "public"
    kinds = [f"{kind.title()} test" for kind in _ACCESS if parsed.has(kind)]
    if "term" in has and (terms := [*(kinds if set(parsed.terms) <= {"Benchmark"} else ()), *parsed.terms]):
        values["term"] = terms[0]  # "un test privé" is a kind of test
    methods = [method for method in ("study", "clustered") if patterns.has_sign(f"{method} method", parsed.line)]
    if "method" in has and methods:
        values["method"] = methods[0]
    if "size" in has and (sizes := [each for each in parsed.sizes if each not in ("", "others")]):
        values["size"] = sizes[0]
    if "price" in has and parsed.prices:
        values["price"] = parsed.prices[0]
    if "side" in has and parsed.side and ("lab" not in has or parsed.has("open", "closed")):
        values["side"] = parsed.side
    return values


def _level(has: set[str], parsed: ParsedText, *, has_model: bool) -> dict[str, str]:
    """Return the level by its field; minutes without a test are those of the one that is measured in minutes."""
    level = next((each for each in parsed.levels if each.unit), next(iter(parsed.levels), None))
    name = "score" if "score" in has else "level"
    if level is None:
        return {}
    values: dict[str, str] = {}
    if name in has and not (has_model and name == "level"):  # a model is looked at by its own scores
        values[name] = f"{level.value:g}"
    is_of_models = parsed.has(*_OF_MODELS) or "model " in parsed.line
    if level.unit == "minutes" and "benchmark" in has and not parsed.of("benchmark") and is_of_models:
        values["benchmark"] = min((name for name, unit in parsed.names.units.items() if unit == "minutes"), key=len)
    return values


# ---- days


def _days(has: set[str], parsed: ParsedText) -> dict[str, str]:
    """Return the day by the field that has a place for it."""
    values: dict[str, str] = {}
    for period in parsed.days:
        if period.role == "known" and "known_by" in has:
            values.setdefault("known_by", period.last.isoformat())
        elif "day" in has:
            values.setdefault("day", period.still_to_come(parsed.today).isoformat())
        elif "as_of" in has and period.role != "since":
            values.setdefault("as_of", _state(period, parsed.today).isoformat())
    return values


def _state(period: Period, today: date) -> date:
    """Return the day whose state a time means: its last, or today while it goes on."""
    return today if period.first <= today < period.last else period.as_of


def _span(parsed: ParsedText) -> dict[str, str]:
    """Return the days between which changes are asked for; without any, the last months of the data."""
    if not parsed.days:
        return {"since": months_back(parsed.names.newest, _RECENT_MONTHS).isoformat()}
    first, *others = parsed.days
    if first.role in ("until", "before") and not others:
        return {"since": months_back(first.as_of, _RECENT_MONTHS).isoformat(), "until": first.as_of.isoformat()}
    is_over = first.role == "" and first.first != first.last and not parsed.has("now")
    until = others[0].as_of if others else first.last if is_over else None
    is_of_states = others and parsed.line.startswith("why ")  # the figure moved from that of one day to that of another
    since = _state(first, parsed.today) if is_of_states else first.first
    return {"since": since.isoformat()} | ({"until": until.isoformat()} if until and until < parsed.today else {})


def _is_in(period: Period, values: dict[str, str], today: date) -> bool:
    """Whether a time fills a field."""
    days = (period.first, period.as_of, period.still_to_come(today), today)
    return any(each.isoformat() in values.values() for each in days)


# ---- sides


def _sides(parsed: ParsedText) -> list[tuple[str, str]]:
    """Return two things of one sort that a text names, in its order, each with its kind."""
    named = list(dict.fromkeys(side for tag in parsed.line.split() if (side := _side(tag, parsed))))
    grouped = [[each for each in named if each[1] in group] for group in _GROUPS]
    for sides in grouped:
        if len(sides) > 1 and any(kind != "rest" for _, kind in sides):
            alike = ([each for each in sides if each[1] == kind] for _, kind in sides)
            return next((each for each in alike if len(each) > 1), sides)[:2]  # "Chinese labs, DeepSeek and Moonshot"
    own = next((sides[0] for sides in grouped if sides), ("", ""))
    if own[1] in ("country", "lab", "size") and not parsed.has("closed", "model"):
        return [own, ("others", "rest")]
    return [own, ("now", "now")] if own[1] == "day" else []


def qualify(sides: list[tuple[str, str]], parsed: ParsedText) -> list[str]:
    """Return the names of sides, those of countries and labs with the openness and size of models that are meant.

    These stand beside the name, or beside neither: "open models: Meta or Mistral", "US or China, up to 40B".
    """
    words = parsed.line.split()
    at = [next((n for n, word in enumerate(words) if _side(word, parsed) == side), len(words)) for side in sides]
    first, last = min(at, default=0), max(at, default=0)
    cut = next((n for n in range(first, last) if words[n] in _BETWEEN), first + 1)
    parts = [words, words] if ("others", "rest") in sides else [words[:cut], words[cut:]]
    is_shared = len({kind for _, kind in sides}) == 1
    shared = [word for n, word in enumerate(words) if is_shared and not first <= n <= last and word not in _BARE]
    is_against_closed = any(
        each.is_open is False or each.value in parsed.names.closed_labs for each in parsed.of("lab")
    )
    qualified = []
    for (name, kind), part in zip(sides, parts, strict=False):
        line = " ".join([*part, *shared]) if kind in ("country", "lab") else ""
        openness = re.findall("<(closed|open):" if kind == "lab" else "<(closed):", line)
        if not (openness or is_against_closed) and any(
            each.is_open and each.value == name for each in parsed.of("lab")
        ):
            openness = ["open"]  # "Llama" names models of Meta's that are open
        sizes = [parsed.sizes[int(number)] for number in re.findall(r"<size:(\d+)>", line)]
        sizes = [
            parse_size_key(parse_size(size) or "").phrase if is_hardware(size) else size
            for size in sizes if size != "others"
        ]  # fmt: skip
        qualified.append(" ".join([*openness[:1], name, *sizes[:1]]))
    return qualified


def _side(tag: str, parsed: ParsedText) -> tuple[str, str] | None:
    """Return what a tag stands for as a side of a comparison, with its kind; None for what can be none."""
    kind, _, number = tag[1:-1].partition(":") if tag[0] == "<" else ("", "", "")
    if kind in ("country", "lab", "benchmark", "model"):
        mention = parsed.mentions[int(number)]
        return mention.value or mention.typed, kind
    if kind == "day":
        period = parsed.days[int(number)]
        return (period.first if period.role == "since" else _state(period, parsed.today)).isoformat(), kind
    if kind == "size":
        size = parsed.sizes[int(number)]
        if is_hardware(size):
            return None  # what runs on a card is no kind of models
        return (size, "rest" if size == "others" else kind)
    if kind in ("private", "public", "now"):
        return kind, kind
    return ("others", "rest") if kind == "rest" else None
