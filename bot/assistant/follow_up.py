"""A text that goes on from the question before it: "and on private ones?", "what about China?", "and 90?"."""

import math
import re
from dataclasses import fields, replace
from datetime import date

from bot.assistant import english, patterns
from bot.assistant.field_values import FieldValues, fill, qualify
from bot.assistant.intents import is_clear, lacks
from bot.assistant.parsed_text import ParsedText, parse
from bot.assistant.periods import months_back
from bot.assistant.reading import Context, values_of, write_field
from core.names.name_index import NameIndex, mentions
from core.questions import QUESTIONS, Question
from core.questions.fields import HARDWARE_SIZES, parse_size, parse_size_key
from core.words import quote

_SHORT, _BARE = 5, 2
_IT = re.compile(r"\b(?:its?|(?:this|that)(?: (?:model|test|one)|(?=\W*$)))\b", re.IGNORECASE)
_ABOUT_MODELS = ("best", "frontier", "timeline", "roster")
"""Questions that are answered with a model."""
_WITHOUT_THE_BEST = ("gap", "compare", "frontier", "roster")
"""Questions after which it may be asked which model to take."""
_OF_ANSWERS = ("trust", "sources")
"""Questions that in short are about what was just answered."""
_OF_SCORES = ("best", "frontier", "unmatched")
"""Questions that may be asked of the tests of another in words of no kind."""
_SUBJECT = (("benchmark", "access", "domain"), ("model", "country", "lab"), ("size",), ("as_of",))
"""What a question is about: which tests, whose models, how large, as of when. Naming one replaces its whole group."""
_SIDES = ("model", "lab", "country", "benchmark", "access", "as_of")
"""What of a question can be a side of a comparison, the most particular first."""
_KEPT = {key for group in _SUBJECT for key in group} | {"since"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_OF_TESTS = ("benchmark", "access")
_EITHER_OR = (("country", "lab"), ("benchmark", "access"), ("benchmark", "domain"), ("level", "model"))
"""Fields of which a new one does away with the old other."""


_PLACE = re.compile(
    r"(?<!who is )(?<!who was )(?<!who's )(?<!whos )(?<!which is )(?<!which was )"
    r"\bthe (winner|winning|better|stronger|first|former|second|latter)\b"
    r"(?: (?:one|model|of (?:the two|them|these|those))\b(?! to)|(?<=winner|former|latter)|(?=\W*$))",
    re.IGNORECASE,
)
"""One of the models, tests or sides that the last answer named, by its place or as the one that is ahead."""
_PLACES = {"first": 0, "former": 0, "second": 1, "latter": 1}


def name_place(cleaned: str, context: Context, known: NameIndex) -> tuple[str, str | None]:
    """Return a text with what it means by "the winner" or "the second one" by name, or a sentence where none can be."""
    previous, place = context.previous, _PLACE.search(cleaned)
    if not (previous and place) or previous.name == "timeline":  # the first of it is an event
        return cleaned, None
    old, number = values_of(previous), _PLACES.get(place[1].lower(), 2)
    if number == 2 and "left" not in old:
        return cleaned, None
    named = dict.fromkeys(
        each.value for each in mentions(context.line, known, english.is_known) if each.kind in ("model", "benchmark")
    )
    listed = [old["left"], old["right"], context.ahead] if "left" in old else [*named, None, None]
    why = "Neither side is ahead on both kinds of tests" if number == 2 else f"I can't tell which {quote(place[0])} is"
    if meant := listed[number]:
        return _PLACE.sub(meant, cleaned), None
    return cleaned, f"{why}; name the one that you mean."


def name_subject(cleaned: str, context: Context, parsed: ParsedText) -> str | None:
    """Return a text that asks for a fact of the data, with the model or test of the question before as its subject.

    None for any other text. "And its licence?" and "and the licence?" name no subject.
    """
    signs = ("asks for a chart of it", "lifts the size", "lifts the price") if context.previous else ()
    if any(patterns.has_sign(sign, parsed.line) for sign in signs):
        return None
    values, it = values_of(context.previous) if context.previous else {}, _IT.search(cleaned)
    names = [name for name in (_model(context), values.get("benchmark")) if name and (it or parsed.n_words <= _SHORT)]
    start, end = (cleaned[: it.start()], cleaned[it.end() :]) if it else (f"{cleaned.rstrip(' ?.!')} of ", "")
    texts = (f"{start}{name}{end}" for name in names)
    lines = [(asked, parse(asked, parsed.names, parsed.today).line) for asked in texts]
    lines.insert(len(lines) if it else 0, (cleaned, parsed.line))  # "how old is it" may be the data
    return next((asked for asked, line in lines if patterns.fact(line)), None)


def _model(context: Context) -> str | None:
    """Return the model that was asked about last, or that the last answer named.

    A question of no subject of its own, such as how sure the figures are, leaves the model of the one before it.
    """
    asked = [values_of(question) for question in context.questions]
    if len(asked) > 1 and not asked[-1]:
        asked.pop()
    previous = context.previous
    last = asked[-1].get("model") if asked else None
    return last or (context.model if previous and previous.name in _ABOUT_MODELS else None)


def continue_question(previous: Question, parsed: ParsedText, own: str | None) -> tuple[str, FieldValues] | None:
    """Return the question and fields that a text means after another question, None where it stands on its own.

    `own` names the question that the text would be by itself, if any.
    """
    name = _next_question(previous, parsed, own)
    return (name, _merge(name, previous, parsed)) if name else None


def resume_question(previous: Question, context: Context, parsed: ParsedText) -> tuple[str, FieldValues] | None:
    """Return the question and fields of a text that says by a phrase what of those before it means, None for others."""
    earlier, old = context.questions[0], values_of(previous)
    has_aspect = context.last and context.last.aspect and not parsed.has("model", "benchmark")
    is_aside = earlier.name != previous.name in _OF_ANSWERS and not _adds(previous, parsed)
    is_aside |= earlier.name == "others" != previous.name  # between which and ours it may go on
    is_aside |= bool(has_aspect and previous.name == "model" != earlier.name)
    takes = has_only_names(parsed) and _named_values(fill(type(earlier), parsed), parsed)
    if is_aside and (takes or patterns.has_sign(f"goes on with {earlier.name}", parsed.line)):
        return earlier.name, _merge(earlier.name, earlier, parsed)  # who made the best was asked in between
    if any(patterns.has_sign(f"asks for {what} of it", parsed.line) for what in ("a chart", "all", "the number")):
        return previous.name, _merge(previous.name, previous, parsed)
    is_of_sizes = (previous.name == "best" or "size" in old) and not parsed.has("model")
    if is_of_sizes and patterns.has_sign("asks for smaller", parsed.line):
        return previous.name, _narrow_size(previous, parsed)
    if previous.name in (*_ABOUT_MODELS, "model", "compare") and patterns.has_sign("asks for better", parsed.line):
        name = "best" if fill(QUESTIONS["best"], parsed).values else "frontier"
        return name, replace(_merge(name, previous, parsed), aside=())
    sides = [parsed.names.mention(_bare(old.get(key, ""))) for key in ("left", "right")]
    is_of_a_side = any(each.value in (side.value, side.lab) for each in parsed.mentions for side in sides if side)
    if len(parsed.mentions) == 1 and is_of_a_side and patterns.has_sign("says who is ahead", parsed.line):
        return previous.name, FieldValues(old, {}, ())
    if previous.name in _WITHOUT_THE_BEST and patterns.has_sign("asks what to take", parsed.line):
        return "best", _merge("best", previous, parsed)
    if previous.name in (*_ABOUT_MODELS, "model", "gap") and patterns.has_sign("asks for the trend", parsed.line):
        return "gap", _merge("gap", previous, parsed)
    model = _model(context)
    maker = parsed.names.mention(model or "")
    is_of_makers = maker is not None or not old.keys().isdisjoint(("lab", "country"))
    if is_of_makers and patterns.has_sign("asks for their models", parsed.line):
        of = {"lab": maker.lab} if maker and old.keys().isdisjoint(("lab", "country")) else {}
        filled = _merge("roster", previous, parsed)
        return "roster", replace(filled, values=of | filled.values, aside=())
    is_of_group = len(parsed.of("country") + parsed.of("lab")) < 2 and not parsed.has("model", "closed", "rest")
    is_of_group &= not patterns.has_sign(f"goes on with {previous.name}", parsed.line)
    is_of_group &= patterns.has_sign("asks how far a group is", parsed.line)
    if is_of_group or patterns.has_sign("asks for our figure", parsed.line):
        return "gap", _merge("gap", previous, parsed)
    if patterns.has_sign("asks of the time between", parsed.line):
        return _explain("what moved it", context.questions, parsed)
    if exchanged := _exchange(previous, parsed):
        return exchanged
    if "country" in _fields_of(previous.name) and patterns.has_sign("restricts to these", parsed.line):
        return previous.name, _merge(previous.name, previous, parsed)
    rivals = [(each.value, kind) for kind in _SIDES[:4] for each in parsed.of(kind) if each.value]
    rivals += [(kind, "access") for kind in ("private", "public") if parsed.has(kind)]
    rivals = [(name, kind) for name, kind in rivals if kind in old or kind not in _OF_TESTS]
    is_another = "left" in old and parsed.has("model") and has_only_names(parsed)
    if len(rivals) == 1 and (is_another or patterns.has_sign("compares it", parsed.line)):
        rival, kind = rivals[0]
        subject = old["left"] if is_another else old[kind] if kind in _OF_TESTS else model or _subject(previous)
        return _compare([subject, rival], previous, parsed) if subject not in ("now", rival) else None
    lifted = {name for name in ("size", "price", "domain") if patterns.has_sign(f"lifts the {name}", parsed.line)}
    lifted -= {"domain"} if parsed.domains != [old.get("domain")] else set()
    lifted |= set(_SUBJECT[0]) if patterns.has_sign("asks of all tests", parsed.line) else set()
    if lifted & old.keys():
        filled = _merge(previous.name, previous, parsed)
        kept = {key: value for key, value in filled.values.items() if key not in lifted}
        return previous.name, replace(filled, values=kept)
    if patterns.has_sign("asks who is right", parsed.line):
        return "others", fill(QUESTIONS["others"], parsed)
    if model and patterns.has_sign("asks of the model", parsed.line):
        filled = fill(QUESTIONS["model"], parsed)
        test = {"benchmark": old["benchmark"]} if "benchmark" in old else {}
        return "model", replace(filled, values={"model": model} | test | filled.values)
    if "left" in old and patterns.has_sign("compares both", parsed.line):
        return previous.name, _merge(previous.name, previous, parsed)
    subjects = list(dict.fromkeys(map(_subject, context.questions)))
    are_alike = len(subjects) > 1 == len({each and each.kind for each in map(parsed.names.mention, subjects)}) == 1
    is_of_both = patterns.has_sign("compares both", parsed.line)
    if is_of_both or (are_alike and patterns.has_sign("compares two alike", parsed.line)):
        return _compare(subjects, previous, parsed) if len(subjects) > 1 else None
    for what in ("what moved it", "why", "how sure") if previous.name != "terms" else ():
        if patterns.has_sign(f"asks {what}", parsed.line):
            return _explain(what, (previous,), parsed)
    if patterns.has_sign("asks for the other", parsed.line) and len(context.questions) > 1:
        return context.questions[0].name, _merge(context.questions[0].name, context.questions[0], parsed)
    return None


def _explain(what: str, asked: tuple[Question, ...], parsed: ParsedText) -> tuple[str, FieldValues]:
    """Return what a figure rests on, or what moved it: where that can't be asked of its subject, its own question.

    What moved it between days of several that were asked is what changed from the first to the last of these.
    """
    previous, old = asked[-1], values_of(asked[-1])
    named = (pair for question in asked for pair in values_of(question).items())
    days = sorted({value for key, value in named if key in ("left", "right", "as_of") and _DAY.fullmatch(value)})
    if what == "what moved it" or (days and "left" in old):
        filled = _merge("changes", previous, parsed)
        aside = tuple(each for each in filled.aside if not each.startswith("as of "))
        values = filled.values | dict(zip(("since", "until"), days, strict=False))
        return "changes", replace(filled, values=values, aside=aside)
    is_own = previous.name in ("others", "changes" if what == "why" else "") or _is_past_trust(previous)
    name = previous.name if is_own else "trust"
    return name, _merge(name, previous, parsed)


def _is_past_trust(previous: Question) -> bool:
    """Whether a question is about what it can't be asked of how sure that is; its own answer says so then."""
    return bool(values_of(previous).keys() - _fields_of("trust") - {"since", "until"})


def _bare(side: str) -> str:
    """Return the name of a side without its openness."""
    return side.removeprefix("open ").removeprefix("closed ")


def _narrow_size(previous: Question, parsed: ParsedText) -> FieldValues:
    """Return a question of the models of the size that a text names, else of each usual size below the last one."""
    filled, old = _merge(previous.name, previous, parsed), values_of(previous).get("size")
    if parsed.has("size"):
        return filled
    most = parse_size_key(parse_size(old) or "").high if old else math.inf
    sizes = [f"up to {each}B" for each in sorted(set(HARDWARE_SIZES.values()), reverse=True) if each < most]
    values = {key: value for key, value in filled.values.items() if key != "size" or not sizes}
    return replace(filled, values=values, choices=filled.choices | ({"size": tuple(sizes)} if sizes else {}))


def _exchange(previous: Question, parsed: ParsedText) -> tuple[str, FieldValues] | None:
    """Return the question before with one name in the place of another, None for a text that exchanges none."""
    matches = (patterns.compiled(each).search(parsed.line) for each in patterns.under("signs.txt", "is replaced"))
    given_up = re.search(r"<without:\d+>", parsed.line) if not parsed.left_out else None
    tag = given_up[0] if given_up else next((re.findall(r"<\w+:\d+>", each[0])[-1] for each in matches if each), None)
    if tag is None:
        return None
    gone = parsed.mentions[int(tag.partition(":")[2][:-1])].value
    rest = replace(parsed, line=parsed.line.replace(f"{tag} ", ""))
    filled, old = _merge(previous.name, previous, rest), values_of(previous)
    new = next((each for kind in _SIDES[:4] for each in rest.of(kind) if each.value), None)
    sides = [side for side in ("left", "right") if gone in (old.get(side), old.get(side, "").partition(" ")[2])]
    if "left" in old and not (new and sides):
        return None
    if sides and new and new.value:
        values = old | {sides[0]: qualify([(new.value, new.kind)], rest)[0]}
        filled = FieldValues(values, {}, tuple(each for each in filled.aside if each != new.value))
    return previous.name, filled


def _compare(sides: list[str], previous: Question, parsed: ParsedText) -> tuple[str, FieldValues]:
    """Return a comparison of two sides, with what else of the question before it can take."""
    new, old = fill(QUESTIONS["compare"], parsed), values_of(previous)
    kept = {key: value for key, value in old.items() if value not in sides}
    aside = [each for each in new.aside if each not in sides]
    aside += [write_field(key, kept[key], {}, parsed.names) for key in kept.keys() & {"benchmark"}]
    values = {key: kept[key] for key in kept if key in ("access", "domain", "as_of")}
    values |= {key: value for key, value in new.values.items() if value not in sides}
    return "compare", FieldValues(values | dict(zip(("left", "right"), sides, strict=True)), {}, tuple(aside))


def _subject(question: Question) -> str:
    """Return what of a question can be a side of a comparison: "now" where it names none."""
    values = values_of(question)
    return next((values[name] for name in _SIDES if name in values), "now")


def fields_after(name: str, previous: Question | None, parsed: ParsedText) -> FieldValues:
    """Return the fields of a question that a text may ask; a short one goes on from the question before."""
    return _merge(name, previous, parsed) if previous and parsed.n_words <= _SHORT else fill(QUESTIONS[name], parsed)


def _next_question(previous: Question, parsed: ParsedText, own: str | None) -> str | None:
    is_short = parsed.n_words <= _SHORT
    is_open = patterns.has_sign("opens", parsed.line) or patterns.has_sign("points", parsed.line)
    of_level = values_of(previous).keys() & {"benchmark", "model"}
    if is_short and of_level and patterns.has_sign("asks for the model or day", parsed.line):
        return "timeline"
    for next_name in (previous.name, "sources"):
        if patterns.has_sign(f"goes on with {'frontier' if next_name == 'best' else next_name}", parsed.line):
            return next_name
    if patterns.has_sign("asks who leads there", parsed.line):
        return "frontier"
    old = values_of(previous).keys()
    if patterns.has_sign("asks who is best", parsed.line) and parsed.has("country", "lab") and not parsed.has("closed"):
        return None if own == "best" and not is_open else "best"
    if own in (None, "others") and parsed.has("publisher"):
        return "others"
    is_next_term = previous.name == "terms" and parsed.is_about_terms and not patterns.has_sign("points", parsed.line)
    if own is None or is_next_term or (has_only_names(parsed) and not _says_more(own, previous, parsed)):
        is_known = parsed.unknown <= parsed.known or parsed.is_about_terms
        stays = parsed.kinds - {"open", "closed"} and (own is None or old & _KEPT - _fields_of(own))
        name = previous.name if stays or _adds(previous, parsed) else own
        if name == "best" and parsed.side == "closed":
            name = "frontier"
        merged = _merge(previous.name, previous, parsed)
        adds = merged.choices or merged.values != values_of(previous) or parsed.has("model") or _adds(previous, parsed)
        is_new = own is not None or name != previous.name or adds
        return name if is_known and is_new and (is_open or is_short or (own is None and parsed.prices)) else None
    is_of_answer = is_short and own in _OF_ANSWERS
    if own == "trust" and _is_past_trust(previous):
        own = previous.name  # which says too what its figure rests on
    filled = fill(QUESTIONS[own], parsed)
    is_of_nothing = own == "timeline" and not (filled.values.keys() | filled.choices.keys()) & {"benchmark", "model"}
    is_lacking = own == previous.name and (is_of_nothing or lacks(QUESTIONS[own], filled) > 0)
    is_same = own == previous.name and _BARE < parsed.n_words <= _SHORT and "<" not in parsed.line
    is_same = is_same and not (own == "gap" and is_clear(own, parsed))  # "what is the gap?" asks for the whole
    return own if is_open or is_of_answer or is_lacking or is_same else None


def _says_more(own: str, previous: Question, parsed: ParsedText) -> bool:
    """Whether a text of names and little words asks a question of its own: a longer one, or one of another thing."""
    is_of_another = (parsed.terms and not parsed.days) or (parsed.has("model") and "model" not in values_of(previous))
    asks = own != previous.name or any(patterns.has_sign(sign, parsed.line) for sign in ("asks", "asks for the best"))
    is_longer = parsed.n_words > _BARE and asks and not patterns.has_sign("names alone", parsed.line)
    fits = not fill(QUESTIONS[own], parsed).aside or fill(type(previous), parsed).aside
    is_of_it = (
        parsed.n_words > _SHORT
        and own in _OF_SCORES
        and own != previous.name
        and patterns.has_sign("points", parsed.line)
    )
    is_said = is_clear(own, parsed) or is_of_it
    return bool(fits and is_said and (is_longer or is_of_another))


def has_only_names(parsed: ParsedText) -> bool:
    """Whether a text says nothing but names, days and levels, besides little words."""
    return "<" in parsed.line and all(word[0] == "<" or english.is_little(word) for word in parsed.line.split())


def _adds(previous: Question, parsed: ParsedText) -> bool:
    """Whether a text has anything that the question before can take, or names its own sides again."""
    new = fill(type(previous), parsed)
    return bool(new.choices or _named_values(new, parsed)) or (
        parsed.has("open", "closed", "now") and previous.name != "model"
    )


def _named_values(new: FieldValues, parsed: ParsedText) -> dict[str, str]:
    """Return the values that a text names: days between which things changed are filled in where none is named."""
    return {key: value for key, value in new.values.items() if key != "since" or parsed.days}


def _merge(name: str, previous: Question, parsed: ParsedText) -> FieldValues:
    """Return a question with what the one before was about where the text names none of it."""
    new = fill(QUESTIONS[name], parsed)
    old, values = values_of(previous), _named_values(new, parsed)
    if kind := re.match("(private|public) test", old.get("term", ""), re.IGNORECASE):
        old = {"access": kind[1].lower()}  # "which ones are of this kind?"
    if name == previous.name and "left" in values and parsed.days and not old.get("left", "")[:1].isdigit():
        values = {"as_of": parsed.days[0].as_of.isoformat()}
    given = values.keys() | new.choices.keys()
    if name == previous.name:
        pairs = [pair for pair in _EITHER_OR if len(given & set(pair)) == 1]
        kept = old.keys() - {key for pair in pairs for key in pair}
    else:
        kept = {key for group in _SUBJECT if given.isdisjoint(group) for key in group}
        kept -= {"access"} if "benchmark" in old else set()
        values = new.values
    bare = [each.value for each in parsed.levels if not each.unit]
    for key in {"size", "price"} & (old.keys() - given) if name == previous.name and len(bare) == 1 else ():
        values[key] = re.sub(r"[\d.]+", f"{bare[0]:g}", old[key])  # "make that 14"
    if name == previous.name and parsed.days:
        values |= _period_after(old, values, parsed)
        kept -= {"until"} if values.get("since", "") >= old.get("until", "9") else set()
    if name == "compare" and values.get("right") == "others" and not parsed.has("rest"):
        values = _sides_after(old, values, parsed)
    if parsed.has("now") or given & {"model", "level"}:
        kept -= {"as_of"}
    before = {key: old[key] for key in old if key in kept - new.choices.keys()}
    is_whole = name in ("terms", "others") or (parsed.n_words > _SHORT and values)  # it is about nothing of before
    lost = [
        key
        for key, value in before.items()
        if not (is_whole or key in _fields_of(name)) and value not in values.values()
    ]
    values = {key: before[key] for key in before if key in _fields_of(name)} | values
    return FieldValues(
        values, new.choices, (*new.aside, *(write_field(key, before[key], {}, parsed.names) for key in lost))
    )


def _period_after(old: dict[str, str], values: dict[str, str], parsed: ParsedText) -> dict[str, str]:
    """Return the days of a text that completes or corrects those before it: an end alone, or a year alone."""
    period = parsed.days[0]
    if period.role in ("until", "to", "before") and "since" in old and len(parsed.days) == 1:
        return {"since": old["since"], "until": period.as_of.isoformat()}
    days = {key: date.fromisoformat(value) for key, value in old.items() if _DAY.fullmatch(value)}
    if "before" in parsed.words and {"since", "until"} <= days.keys() and period.first == period.last:
        back = 12 * (days["until"].year - period.as_of.year) + days["until"].month - period.as_of.month
        return {"since": months_back(days["since"], back).isoformat(), "until": period.as_of.isoformat()}
    is_year = (period.first.month, period.first.day, period.last.month, period.last.day) == (1, 1, 12, 31)
    if not (days and is_year and patterns.has_sign("corrects", parsed.line)):
        return {}
    back = 12 * (max(days.values()).year - period.first.year)
    return {key: months_back(day, back).isoformat() for key, day in days.items()}


def _fields_of(name: str) -> set[str]:
    return {each.name for each in fields(QUESTIONS[name])}


def _sides_after(old: dict[str, str], values: dict[str, str], parsed: ParsedText) -> dict[str, str]:
    """Return a comparison of what was asked about, its first side if it had two, with what is named of that kind."""
    asked = next((old[kind] for kind in ("model", "lab", "country") if kind in old and parsed.has(kind)), None)
    subject = old["left"] if parsed.names.mention(_bare(old.get("right", ""))) else asked
    return values | {"left": subject, "right": values["left"]} if subject else values
