"""Fills the fields of a question from the names, levels, sizes and days of a text."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from itertools import product

from bot.assistant import patterns
from bot.assistant.parsed_text import ParsedText, is_hardware
from bot.assistant.periods import Period, months_back
from core.names.name_index import Mention
from core.names.names import is_within
from core.questions import Question
from core.questions.fields import HARDWARE_SIZES, parse_size, parse_size_key
from core.words import day, tests_of

_MOST = 6
"""The most readings that are offered."""
_RECENT_MONTHS = 3
"""The months of changes to show if no day is named."""
_MONTH = timedelta(31)
_ACCESS = ("private", "public")
KNOWN_THEN = "scores known by then"
"""The part of a text that asks for scores as they were known on its day."""
_NAMES = ("benchmark", "model", "lab", "country")
_GROUPS = (("country", "lab", "size", "rest", "model"), ("private", "public"), ("benchmark",), ("day", "now"))
"""Kinds that can be compared with each other."""
_MEASURE = re.compile(
    r"\b(behind|with|than|against|vs|to|match|from) <lab:(\d+)>(?! (?:alone|as the only)\b)(?: (?:and|or) <lab:(\d+)>)?"
)
"""The lab that open models are compared with: "how far are open models behind OpenAI"."""
_CLOSEST = re.compile(r"\b(?:closest|nearest|close|near) to <lab:")
_SEPARATORS = frozenset("vs v versus against and or than with to behind ahead over beat".split())
"""Words between two sides."""
_BARE = ("<open:0>", "<closed:0>")
"""Openness of the name after it: "open Qwen", not "open models"."""
_REPORT = re.compile(r"<(?:model|open|closed|lab|day|now):\d+> ")
"""Who reached a reported score, and when."""
_AUTHOR_OF_STUDY = "Ihle (LessWrong)"
"""Whose method is our method "study"."""
_OF_MODELS = ("open", "closed", "model", "lab", "country")


@dataclass(frozen=True)
class FieldValues:
    """Values by field, as texts; `choices` for ambiguous fields; `extras` are parts of the text without a field."""

    values: dict[str, str]
    choices: dict[str, tuple[str, ...]]
    extras: tuple[str, ...] = ()

    def all_values(self) -> list[dict[str, str]]:
        """Return the first few combinations of values that the choices allow."""
        combined = product(*self.choices.values())
        return [self.values | dict(zip(self.choices, choice, strict=True)) for choice in combined][:_MOST]


def fill_fields(question: type[Question], parsed: ParsedText) -> FieldValues:
    """Fill a question's fields from the text; a reported score is looked up whoever reached it when."""
    if question.name == "timeline" and reports_score(parsed):
        parsed = replace(parsed, line=_REPORT.sub("", parsed.line), days=())
    names = {field.name for field in fields(question)}
    sides = _find_sides(parsed) if "left" in names else []
    options_by_kind = {kind: options for kind in _NAMES if kind in names and (options := _name_options(kind, parsed))}
    if "publisher" in names and len(publishers := _name_options("publisher", parsed)) == 1:
        options_by_kind["publisher"] = publishers
    values = dict(zip(("left", "right"), (side for side, _ in sides), strict=False))
    values |= {kind: options[0] for kind, options in options_by_kind.items() if len(options) == 1}
    choices = {kind: options[:_MOST] for kind, options in options_by_kind.items() if len(options) > 1}
    domain = {"domain": parsed.domains} if "domain" in names else {"benchmark": _domain_tests(parsed)}
    if "benchmark" not in options_by_kind and names & domain.keys():  # a test has a domain of its own
        several = {name: tuple(options) for name, options in domain.items() if options}
        values |= {name: options[0] for name, options in several.items() if len(options) == 1}
        choices = {name: options[:_MOST] for name, options in several.items() if len(options) > 1} | choices
    values |= _plain_values(names, parsed) | _level_values(names, parsed, has_model="model" in options_by_kind)
    are_days_sides = not {kind for _, kind in sides}.isdisjoint(("day", "now"))
    if "since" in names:
        values |= _span_values(parsed)
    elif not are_days_sides:
        values |= _day_values(names, parsed)
    explained = set(map(str.lower, parsed.terms)) if "term" in names else set()
    extras = [
        name
        for kind in _NAMES
        if kind not in options_by_kind
        for mention in parsed.find(kind)
        if (name := mention.value or mention.typed) not in values.values() and mention.typed.lower() not in explained
    ]
    if not {"publisher", "term"} & names and question.name != "sources" and not {"benchmark", "method"} & values.keys():
        extras += [mention.value for mention in parsed.find("publisher") if mention.value]
    is_of_a_test = question.name == "sources" and "benchmark" in values
    if not (is_of_a_test or "access" in values or names & {"left", "term"}):
        extras += [f"{kind} tests" for kind in _ACCESS if parsed.has(kind)]
    if not {"domain", "benchmark"} & (values.keys() | choices.keys()):
        extras += [tests_of(domain) for domain in parsed.domains]
    if "size" in names and not parsed.sizes and parsed.has_sign("asks what runs"):
        choices["size"] = tuple(f"up to {billions}B" for billions in sorted(set(HARDWARE_SIZES.values())))
    if "left" not in names:
        extras += ["the others"] if parsed.has("rest") and parsed.has("country", "lab", "size") else []
    is_of_sides, is_of_model = "left" in names, question.name == "model" and asks_if_it_fits(parsed)
    lost_sizes = [size for size in parsed.sizes if size not in ("others", values.get("size")) and not is_of_model]
    lost_sizes = [size for size in lost_sizes if not is_of_sides or (parsed.has("model") and is_hardware(size))]
    least = _most_parameters(values["size"]) if "size" in values else math.inf
    lost_sizes = [size for size in lost_sizes if not least <= _most_parameters(size) < math.inf]  # "8B for 16 GB"
    of_number = "size" in values and not values["size"].isalpha()
    extras += [_write_size(size) for size in lost_sizes if not (of_number and size.isalpha())]
    extras += (
        ["your hardware"] if not parsed.sizes and "size" not in names and parsed.has_sign("asks what runs") else []
    )
    extras += [f"${price}" for price in parsed.prices if price != values.get("price")]
    lost_levels = [level for level in parsed.levels if level.unit and f"{level.value:g}" not in values.values()]
    extras += [f"{level.value:g} {level.unit}" for level in lost_levels]
    extras += [KNOWN_THEN] if parsed.has_sign("known by then") and "known_by" not in values else []
    if "benchmark" in names and "method" not in names and parsed.has_sign("study method"):
        extras.append("the study's method")
    is_dated = "since" in values or are_days_sides
    days = parsed.days if not is_dated else ()
    extras += [day(period.last) for period in days if not _fills_field(period, values, parsed.today)]
    values |= zip(("left", "right"), qualify_sides(sides, parsed), strict=False)
    return FieldValues(values, choices | choose_sides(values, parsed), tuple(dict.fromkeys(extras)))


def _most_parameters(size: str) -> float:
    """Return the upper bound of a size or hardware, in billions of parameters; infinite without one."""
    key = parse_size(size)
    return parse_size_key(key).high if key else math.inf


def _write_size(size: str) -> str:
    """Return a size or hardware without a field, as a person would write it."""
    if is_hardware(size):
        return size if size[0].isdigit() else f"a {size}"
    return f"{size} models" if size.isalpha() else f"models {size}"


def reports_score(parsed: ParsedText) -> bool:
    """Whether a text says that a model reached a level of a test, which may be true: "K3 hit 80 % on WeirdML"."""
    return parsed.has_sign("reports a score") and not parsed.has_sign("supposes")


def asks_if_it_fits(parsed: ParsedText) -> bool:
    """Whether a text names a model, whose size may be known, and hardware for it."""
    is_of_open = any(model.is_open is not False for model in parsed.find("model"))
    return is_of_open and any(map(is_hardware, parsed.sizes))


def _domain_tests(parsed: ParsedText) -> list[str]:
    """Return the tests of a text's domains, for a question about one test."""
    return [test for domain in parsed.domains for test in parsed.names.of_domains.get(domain, ())]


def _name_options(kind: str, parsed: ParsedText) -> tuple[str, ...]:
    """Return the names that may fill a kind's field, without the labs that open models are compared with."""
    measures = _reference_labs(parsed) if kind == "lab" else set()
    mentions = [mention for mention in parsed.find(kind) if parsed.mentions.index(mention) not in measures]
    options = tuple(dict.fromkeys(option for mention in mentions for option in _mention_values(mention)))
    if kind != "country":
        return options
    # of "European, preferably from France" the country is meant
    holds_another = [any(is_within(other, place) for other in options if other != place) for place in options]
    return tuple(place for place, holds in zip(options, holds_another, strict=True) if not holds)


def _reference_labs(parsed: ParsedText) -> set[int]:
    """Return the numbers of the labs that open models are compared with; "open models from Alibaba" are its own."""
    far = re.search(r"\b(?:far|gap|lag|distance|away) ", parsed.line)
    may_be = _CLOSEST.search(parsed.line) or parsed.has("open", "country")
    may_be = may_be and not re.search(r"\b(?:restrict|limit|narrow|confin)", parsed.line)
    labs = [numbers for word, *numbers in _MEASURE.findall(parsed.line) if may_be and (far or word != "from")]
    return {int(number) for numbers in labs for number in numbers if number}


def _mention_values(mention: Mention) -> tuple[str, ...]:
    return (mention.value,) if mention.value else mention.choices or (mention.typed,)


def _plain_values(names: set[str], parsed: ParsedText) -> dict[str, str]:
    """Return the other fields: kind of tests, term, method, size, price, side."""
    values: dict[str, str] = {}
    if "access" in names and parsed.has("private") != parsed.has("public"):
        values["access"] = "private" if parsed.has("private") else "public"
    kinds = [f"{kind.title()} test" for kind in _ACCESS if parsed.has(kind)]
    if "term" in names and (terms := [*(kinds if set(parsed.terms) <= {"Benchmark"} else ()), *parsed.terms]):
        values["term"] = terms[0]  # "un test privé" is a kind of test
    elif "term" in names and parsed.side and not parsed.mentions:
        values["term"] = "Open weights" if parsed.side == "open" else "Closed model"
    methods = [method for method in ("study", "clustered") if parsed.has_sign(f"{method} method")]
    is_by_study = any(publisher.value == _AUTHOR_OF_STUDY for publisher in parsed.find("publisher"))
    methods += ["study"] if is_by_study and patterns.find_fact(parsed.line) == ("gap", "level") else []
    if "method" in names and methods:
        values["method"] = methods[0]
    if "robust" in names and parsed.has_sign("over other choices"):
        values["robust"] = "yes"
    if "size" in names and (sizes := [size for size in parsed.sizes if size != "others"]):
        memory = [size for size in sizes if size.endswith(" GB")]  # "two 4090s, so 48 GB"
        numbers = [size for size in sizes if not size.isalpha() and not (memory and size in HARDWARE_SIZES)]
        values["size"] = min(numbers, key=_most_parameters) if numbers else sizes[0]  # "a small one for 24 GB"
    if "price" in names and parsed.prices:
        values["price"] = parsed.prices[0]
    scorer = re.match(r".*<(open|closed):\d>(?=.*<level)", parsed.line) if "score" in names else None
    side = parsed.side or (scorer and scorer[1])
    if "side" in names and side and ("lab" not in names or parsed.has("open", "closed")):
        values["side"] = side
    return values


_MULTIPLE = re.compile(r"\b(?:half|double|twice) (?:of )?(?:that|this|it|the)\b")
"""How a follow-up changes the last bound or level: "half that", "double the size"."""


def scale_bound(old: dict[str, str], parsed: ParsedText) -> dict[str, str] | None:
    """Return the old fields with their bound or level halved or doubled, None if a text asks for neither."""
    multiple = _MULTIPLE.search(" ".join(parsed.words))
    key = next((key for key in ("price", "score", "level", "size") if key in old), None)
    if multiple is None or key is None or parsed.mentions:
        return None
    factor = 0.5 if multiple[0][0] == "h" else 2.0
    scaled = re.sub(r"\d+(?:\.\d+)?", lambda number: f"{factor * float(number[0]):g}", old[key], count=1)
    return old | {key: scaled} if scaled != old[key] else None


def _level_values(names: set[str], parsed: ParsedText, *, has_model: bool) -> dict[str, str]:
    """Return the level by its field; minutes without a test mean the test that is measured in minutes."""
    level = next((level for level in parsed.levels if level.unit), next(iter(parsed.levels), None))
    name = "score" if "score" in names else "level"
    if level is None:
        return {}
    values: dict[str, str] = {}
    if name in names and not (has_model and name == "level"):  # a model has its own scores
        values[name] = f"{level.value:g}"
    is_of_models = parsed.has(*_OF_MODELS) or "model " in parsed.line
    if level.unit == "minutes" and "benchmark" in names and not parsed.find("benchmark") and is_of_models:
        values["benchmark"] = min((name for name, unit in parsed.names.units.items() if unit == "minutes"), key=len)
    return values


# ---- days


def _day_values(names: set[str], parsed: ParsedText) -> dict[str, str]:
    """Return the days by the fields that take them."""
    values: dict[str, str] = {}
    for period in parsed.days:
        if period.role == "known" and "known_by" in names:
            values.setdefault("known_by", period.last.isoformat())
        elif "day" in names:
            values.setdefault("day", period.still_to_come(parsed.today).isoformat())
        elif "as_of" in names and period.role != "since":
            values.setdefault("as_of", _state_day(period, parsed.today).isoformat())
    if "as_of" in values and "known_by" in names and parsed.has_sign("known by then"):
        values.setdefault("known_by", values["as_of"])
    return values


def _state_day(period: Period, today: date) -> date:
    """Return the day whose state a period means: its last, or today if it is not over."""
    return today if period.first <= today < period.last else period.as_of


def _span_values(parsed: ParsedText) -> dict[str, str]:
    """Return the first and last day of the requested changes; by default the last months of the data."""
    if not parsed.days:
        return {"since": months_back(parsed.names.newest, _RECENT_MONTHS).isoformat()}
    first, *later_periods = parsed.days
    if later_periods[1:] and first.first <= later_periods[0].first <= later_periods[0].last <= first.last:
        first, *later_periods = later_periods  # "over the summer, June to September"
    if later_periods and later_periods[0].as_of < first.first:  # "why isn't today's figure the one of June"
        first, later_periods = later_periods[0], [first]
    if first.role in ("until", "before") and not later_periods:
        return {"since": months_back(first.as_of, _RECENT_MONTHS).isoformat(), "until": first.as_of.isoformat()}
    is_over = first.role == "" and first.first != first.last and not parsed.has("now")
    is_over = is_over and "since then" not in " ".join(parsed.words)
    until = later_periods[0].as_of if later_periods else first.last if is_over else None
    is_of_states = later_periods and parsed.line.startswith("why ")  # why a figure moved between two days
    if is_over and not later_periods and parsed.has_sign("asks what differs from then"):
        return {"since": first.last.isoformat()}
    since = _state_day(first, parsed.today) if is_of_states else first.first
    return {"since": since.isoformat()} | ({"until": until.isoformat()} if until and until < parsed.today else {})


def fill_ends(fields: Mapping[str, str | float], parsed: ParsedText) -> dict[str, str] | None:
    """Fill a comparison of the two ends of a text's only span, by its tests; None if it names more, or just a day.

    A month is a day: "in March" is its last one. Without a day in the text, the span is the one in `fields`.
    """
    span = parsed.days[0] if len(parsed.days) == 1 else None
    is_narrowed_only = not parsed.has("model", "benchmark", "lab", "country")
    if not parsed.days and "since" in fields:
        left, right = str(fields["since"]), str(fields.get("until", "now"))
    elif span and (span.role == "since" or (not span.role and span.last - span.first > _MONTH)):
        is_open_ended = span.role == "since" or span.last >= parsed.today
        left, right = span.first.isoformat(), "now" if is_open_ended else span.last.isoformat()
    else:
        return None
    tests = {"domain": parsed.domains, "access": [kind for kind in _ACCESS if parsed.has(kind)]}
    narrowed = {name: options[0] for name, options in tests.items() if len(options) == 1}
    return {"left": left, "right": right} | narrowed if is_narrowed_only else None


def _fills_field(period: Period, values: dict[str, str], today: date) -> bool:
    """Whether a field has the period's day."""
    days = (period.first, period.as_of, period.still_to_come(today), today)
    return any(day.isoformat() in values.values() for day in days)


# ---- sides


def _find_sides(parsed: ParsedText) -> list[tuple[str, str]]:
    """Return the two sides of a comparison, in the text's order, each with its kind."""
    sides_in_line = list(dict.fromkeys(side for tag in parsed.line.split() if (side := _tag_side(tag, parsed))))
    if any(kind == "size" and not name.isalpha() for name, kind in sides_in_line):  # "small ones, say up to 40B"
        sides_in_line = [side for side in sides_in_line if side[1] != "size" or not side[0].isalpha()]
    grouped = [[side for side in sides_in_line if side[1] in pair] for pair in _GROUPS]
    for sides in grouped:
        if len(sides) > 1 and any(kind != "rest" for _, kind in sides):
            if _is_against(sides[0], sides[1], parsed):
                return sides[:2]  # "China against Meta and Mistral"
            pairs = ([side for side in sides if side[1] == kind] for _, kind in sides)
            return next((pair for pair in pairs if len(pair) > 1), sides)[:2]  # "Chinese labs, DeepSeek and Moonshot"
    own = next((sides[0] for sides in grouped if sides), ("", ""))
    if own[1] in ("country", "lab", "size") and not parsed.has("closed", "model"):
        return [own, ("others", "rest")]
    return [own, ("now", "now")] if own[1] == "day" else []


def _is_against(left: tuple[str, str], right: tuple[str, str], parsed: ParsedText) -> bool:
    """Whether a word between two names sets the one against the other."""
    words = parsed.line.split()
    first, last = ([_tag_side(tag, parsed) for tag in words].index(side) for side in (left, right))
    return not _SEPARATORS.isdisjoint(words[first:last]) and words[last - 1] not in ("and", "or")


def choose_sides(values: dict[str, str], parsed: ParsedText) -> dict[str, tuple[str, ...]]:
    """Return the choices for the sides that may mean several models."""
    of_names = {mention.typed: mention.choices for mention in parsed.find("model") if not mention.value}
    sides = ((key, of_names.get(values.get(key, ""), ())) for key in ("left", "right"))
    return {key: options[:_MOST] for key, options in sides if options}


def qualify_sides(sides: list[tuple[str, str]], parsed: ParsedText) -> list[str]:
    """Return the names of sides; countries and labs have the openness and size of their models added.

    The text has these beside one name, or apart for both: "open models: Meta or Mistral", "US or China, up to 40B".
    """
    words = parsed.line.split()
    places = [next((n for n, tag in enumerate(words) if _tag_side(tag, parsed) == side), len(words)) for side in sides]
    first, last = min(places, default=0), max(places, default=0)
    cut = next((n for n in range(first, last) if words[n] in _SEPARATORS), first + 1)
    parts = [words, words] if ("others", "rest") in sides else [words[:cut], words[cut:]]
    is_shared = len({kind for _, kind in sides}) == 1
    common = [word for n, word in enumerate(words) if is_shared and not first <= n <= last and word not in _BARE]
    labs = parsed.find("lab")
    is_against_closed = any(lab.is_open is False or lab.value in parsed.names.closed_labs for lab in labs)
    open_labs = {lab.value for lab in labs if lab.is_open and not is_against_closed}
    qualified = []
    for (name, kind), part in zip(sides, parts, strict=False):
        line = " ".join([*part, *common]) if kind in ("country", "lab") else ""
        openness = re.findall("<(closed|open):" if kind == "lab" else "<(closed):", line)
        if not openness and name in open_labs:
            openness = ["open"]  # "Llama" names open models of Meta
        sizes = [parsed.sizes[int(number)] for number in re.findall(r"<size:(\d+)>", line)]
        sizes = [size for size in sizes if size != "others"][:1]
        phrases = [parse_size_key(parse_size(size) or "").phrase if is_hardware(size) else size for size in sizes]
        qualified.append(" ".join([*openness[:1], name, *phrases]))
    return qualified


def _tag_side(tag: str, parsed: ParsedText) -> tuple[str, str] | None:
    """Return the side of a comparison that a tag means, with its kind; None if it can't be one."""
    kind, _, number = tag[1:-1].partition(":") if tag[0] == "<" else ("", "", "")
    if kind in ("country", "lab", "benchmark", "model"):
        mention = parsed.mentions[int(number)]
        return mention.value or mention.typed, kind
    if kind == "day":
        period = parsed.days[int(number)]
        return (period.first if period.role == "since" else _state_day(period, parsed.today)).isoformat(), kind
    if kind == "size":
        size = parsed.sizes[int(number)]
        if is_hardware(size):
            return None  # hardware is no kind of model
        return (size, "rest" if size == "others" else kind)
    if kind in ("private", "public", "now"):
        return kind, kind
    return ("others", "rest") if kind == "rest" else None
