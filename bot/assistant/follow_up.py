"""A text that goes on from the question before it: "and on private ones?", "what about China?", "and 90?"."""

import math
import re
from dataclasses import fields, replace

from bot.assistant import english, patterns
from bot.assistant.field_values import FieldValues, fill, qualify
from bot.assistant.intents import is_clear, lacks
from bot.assistant.parsed_text import ParsedText, parse
from bot.assistant.reading import Context, values_of, write_field
from core.questions import QUESTIONS, Question
from core.questions.fields import HARDWARE_SIZES, parse_size, parse_size_key

_SHORT, _BARE = 5, 2
_IT = re.compile(r"\b(?:its?|(?:this|that)(?: (?:model|test|one)|(?=\W*$)))\b", re.IGNORECASE)
_ABOUT_MODELS = ("best", "frontier", "timeline", "roster")
"""Questions that are answered with a model."""
_WITHOUT_THE_BEST = ("gap", "compare", "frontier", "roster")
"""Questions after which it may be asked which model to take."""
_OF_ANSWERS = ("trust", "sources")
"""Questions that in short are about what was just answered."""
_SUBJECT = (("benchmark", "access", "domain"), ("model", "country", "lab"), ("size",), ("as_of",))
"""What a question is about: which tests, whose models, how large, as of when. Naming one replaces its whole group."""
_SIDES = ("model", "lab", "country", "benchmark", "access", "as_of")
"""What of a question can be a side of a comparison, the most particular first."""
_KEPT = {key for group in _SUBJECT for key in group} | {"since"}
_OF_TESTS = ("benchmark", "access")
_EITHER_OR = (("country", "lab"), ("benchmark", "access"), ("benchmark", "domain"), ("level", "model"))
"""Fields of which a new one does away with the old other."""


def name_subject(cleaned: str, context: Context, found: ParsedText) -> str | None:
    """Return a text that asks for a fact of the data, with the model or test of the question before as its subject.

    None for any other text. "And its licence?" and "and the licence?" name no subject.
    """
    if context.previous and patterns.has_sign("asks for a chart of it", found.line):
        return None
    values, it = values_of(context.previous) if context.previous else {}, _IT.search(cleaned)
    names = [name for name in (_model(context), values.get("benchmark")) if name and (it or found.n_words <= _SHORT)]
    start, end = (cleaned[: it.start()], cleaned[it.end() :]) if it else (f"{cleaned.rstrip(' ?.!')} of ", "")
    texts = (f"{start}{name}{end}" for name in names)
    lines = ((asked, parse(asked, found.names, found.today).line) for asked in texts)
    return next((asked for asked, line in ((cleaned, found.line), *lines) if patterns.fact(line)), None)


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


def continued(previous: Question, found: ParsedText, own: str | None) -> tuple[str, FieldValues] | None:
    """Return the question and fields that a text means after another question, None where it stands on its own.

    `own` names the question that the text would be by itself, if any.
    """
    name = _continued(previous, found, own)
    return (name, _merged(name, previous, found)) if name else None


def resumed_question(previous: Question, context: Context, found: ParsedText) -> tuple[str, FieldValues] | None:
    """Return the question and fields of a text that says by a phrase what of those before it means, None for others."""
    earlier, old = context.questions[0], values_of(previous)
    has_aspect = context.last and context.last.aspect and not found.has("model", "benchmark")
    is_aside = has_aspect and previous.name == "model" != earlier.name
    if is_aside and has_only_names(found) and _named(fill(type(earlier), found), found):
        return earlier.name, _merged(earlier.name, earlier, found)  # who made the best was asked in between
    if any(patterns.has_sign(f"asks for {what} of it", found.line) for what in ("a chart", "all")):
        return previous.name, _merged(previous.name, previous, found)
    is_of_sizes = (previous.name == "best" or "size" in old) and not found.has("model")
    if is_of_sizes and patterns.has_sign("asks for smaller", found.line):
        return previous.name, _smaller(previous, found)
    if previous.name in _WITHOUT_THE_BEST and patterns.has_sign("asks what to take", found.line):
        return "best", _merged("best", previous, found)
    if previous.name in (*_ABOUT_MODELS, "model", "gap") and patterns.has_sign("asks for the trend", found.line):
        return "gap", _merged("gap", previous, found)
    model = _model(context)
    maker = found.names.mention(model or "")
    is_of_makers = maker is not None or not old.keys().isdisjoint(("lab", "country"))
    if is_of_makers and patterns.has_sign("asks for their models", found.line):
        of = {"lab": maker.lab} if maker and old.keys().isdisjoint(("lab", "country")) else {}
        filled = _merged("roster", previous, found)
        return "roster", replace(filled, values=of | filled.values, aside=())
    if exchanged := _exchanged(previous, found):
        return exchanged
    if "country" in _fields_of(previous.name) and patterns.has_sign("restricts to these", found.line):
        return previous.name, _merged(previous.name, previous, found)
    rivals = [(each.value, kind) for kind in _SIDES[:4] for each in found.of(kind) if each.value]
    rivals += [(kind, "access") for kind in ("private", "public") if found.has(kind)]
    rivals = [(name, kind) for name, kind in rivals if kind in old or kind not in _OF_TESTS]
    is_another = "left" in old and found.has("model") and has_only_names(found)
    if len(rivals) == 1 and (is_another or patterns.has_sign("compares it", found.line)):
        rival, kind = rivals[0]
        subject = old["left"] if is_another else old[kind] if kind in _OF_TESTS else model or _subject(previous)
        return _compared([subject, rival], previous, found) if subject not in ("now", rival) else None
    if patterns.has_sign("asks why", found.line):
        name = "changes" if previous.name == "changes" else "trust"
        return name, _merged(name, previous, found)
    for name in ("size", "price", "domain"):
        is_of_another = name == "domain" and found.domains != [old.get(name)]
        if name in old and not is_of_another and patterns.has_sign(f"lifts the {name}", found.line):
            filled = _merged(previous.name, previous, found)
            filled.values.pop(name)
            return previous.name, filled
    if patterns.has_sign("asks who is right", found.line):
        return "others", fill(QUESTIONS["others"], found)
    if model and patterns.has_sign("asks of the model", found.line):
        filled = fill(QUESTIONS["model"], found)
        return "model", replace(filled, values={"model": model} | filled.values)
    if "left" in old and patterns.has_sign("compares both", found.line):
        return previous.name, _merged(previous.name, previous, found)
    subjects = list(dict.fromkeys(map(_subject, context.questions)))
    are_alike = len({each and each.kind for each in map(found.names.mention, subjects)}) == 1
    is_of_both = patterns.has_sign("compares both", found.line)
    if is_of_both or (are_alike and patterns.has_sign("compares two alike", found.line)):
        return _compared(subjects, previous, found) if len(subjects) > 1 else None
    if patterns.has_sign("asks for the other", found.line) and len(context.questions) > 1:
        return context.questions[0].name, _merged(context.questions[0].name, context.questions[0], found)
    return None


def _smaller(previous: Question, found: ParsedText) -> FieldValues:
    """Return a question of the models of the size that a text names, else of each usual size below the last one."""
    filled, old = _merged(previous.name, previous, found), values_of(previous).get("size")
    if found.has("size"):
        return filled
    most = parse_size_key(parse_size(old) or "").high if old else math.inf
    sizes = [f"up to {each}B" for each in sorted(set(HARDWARE_SIZES.values()), reverse=True) if each < most]
    values = {key: value for key, value in filled.values.items() if key != "size" or not sizes}
    return replace(filled, values=values, choices=filled.choices | ({"size": tuple(sizes)} if sizes else {}))


def _exchanged(previous: Question, found: ParsedText) -> tuple[str, FieldValues] | None:
    """Return the question before with one name in the place of another, None for a text that exchanges none."""
    matches = (patterns.compiled(each).search(found.line) for each in patterns.under("signs.txt", "is replaced"))
    given_up = re.search(r"<without:\d+>", found.line) if not found.left_out else None
    tag = given_up[0] if given_up else next((re.findall(r"<\w+:\d+>", each[0])[-1] for each in matches if each), None)
    if tag is None:
        return None
    gone = found.mentions[int(tag.partition(":")[2][:-1])].value
    rest = replace(found, line=found.line.replace(f"{tag} ", ""))
    filled, old = _merged(previous.name, previous, rest), values_of(previous)
    new = next((each for kind in _SIDES[:4] for each in rest.of(kind) if each.value), None)
    sides = [side for side in ("left", "right") if gone in (old.get(side), old.get(side, "").partition(" ")[2])]
    if "left" in old and not (new and sides):
        return None
    if sides and new and new.value:
        values = old | {sides[0]: qualify([(new.value, new.kind)], rest)[0]}
        filled = FieldValues(values, {}, tuple(each for each in filled.aside if each != new.value))
    return previous.name, filled


def _compared(sides: list[str], previous: Question, found: ParsedText) -> tuple[str, FieldValues]:
    """Return a comparison of two sides, with what else of the question before it can take."""
    new, old = fill(QUESTIONS["compare"], found), values_of(previous)
    kept = {key: value for key, value in old.items() if value not in sides}
    aside = [each for each in new.aside if each not in sides]
    aside += [write_field(key, kept[key], {}, found.names) for key in kept.keys() & {"benchmark"}]
    values = {key: kept[key] for key in kept if key in ("access", "domain", "as_of")}
    values |= {key: value for key, value in new.values.items() if value not in sides}
    return "compare", FieldValues(values | dict(zip(("left", "right"), sides, strict=True)), {}, tuple(aside))


def _subject(question: Question) -> str:
    """Return what of a question can be a side of a comparison: "now" where it names none."""
    values = values_of(question)
    return next((values[name] for name in _SIDES if name in values), "now")


def fields_after(name: str, previous: Question | None, found: ParsedText) -> FieldValues:
    """Return the fields of a question that a text may ask; a short one goes on from the question before."""
    return _merged(name, previous, found) if previous and found.n_words <= _SHORT else fill(QUESTIONS[name], found)


def _continued(previous: Question, found: ParsedText, own: str | None) -> str | None:
    is_short = found.n_words <= _SHORT
    is_open = patterns.has_sign("opens", found.line) or patterns.has_sign("points", found.line)
    of_level = values_of(previous).keys() & {"benchmark", "model"}
    if is_short and of_level and patterns.has_sign("asks for the model or day", found.line):
        return "timeline"
    for next_name in (previous.name, "sources", "frontier"):
        if patterns.has_sign(f"goes on with {next_name}", found.line):
            return next_name
    old = values_of(previous).keys()
    if patterns.has_sign("asks who is best", found.line) and found.has("country", "lab") and not found.has("closed"):
        return None if own == "best" and not is_open else "best"
    if own in (None, "others") and found.has("publisher"):
        return "others"
    is_next_term = previous.name == "terms" and found.is_about_terms and not patterns.has_sign("points", found.line)
    if own is None or is_next_term or (has_only_names(found) and not _says_more(own, previous, found)):
        is_known = found.unknown <= found.known or found.is_about_terms
        stays = found.kinds - {"open", "closed"} and (own is None or old & _KEPT - _fields_of(own))
        name = previous.name if stays or _adds(previous, found) else own
        if name == "best" and found.side == "closed":
            name = "frontier"
        return name if is_known and (is_open or is_short) else None
    is_of_answer = is_short and own in _OF_ANSWERS
    if own == "trust" and previous.name == "gap" and old - _fields_of(own):
        own = "gap"  # which says too what its figure rests on
    filled = fill(QUESTIONS[own], found)
    is_of_nothing = own == "timeline" and not (filled.values.keys() | filled.choices.keys()) & {"benchmark", "model"}
    is_lacking = own == previous.name and (is_of_nothing or lacks(QUESTIONS[own], filled) > 0)
    is_same = own == previous.name and _BARE < found.n_words <= _SHORT and "<" not in found.line
    is_same = is_same and not (own == "gap" and is_clear(own, found))  # "what is the gap?" asks for the whole
    return own if is_open or is_of_answer or is_lacking or is_same else None


def _says_more(own: str, previous: Question, found: ParsedText) -> bool:
    """Whether a text of names and little words asks a question of its own: a longer one, or one of another thing."""
    is_of_another = (found.terms and not found.days) or (found.has("model") and "model" not in values_of(previous))
    asks = own != previous.name or any(patterns.has_sign(sign, found.line) for sign in ("asks", "asks for the best"))
    is_longer = found.n_words > _BARE and asks and not patterns.has_sign("names alone", found.line)
    fits = not fill(QUESTIONS[own], found).aside or fill(type(previous), found).aside
    return bool(fits and is_clear(own, found) and (is_longer or is_of_another))


def has_only_names(found: ParsedText) -> bool:
    """Whether a text says nothing but names, days and levels, besides little words."""
    return "<" in found.line and all(word[0] == "<" or english.is_little(word) for word in found.line.split())


def _adds(previous: Question, found: ParsedText) -> bool:
    """Whether a text has anything that the question before can take, or names its own sides again."""
    new = fill(type(previous), found)
    return bool(new.choices or _named(new, found)) or (found.has("open", "closed", "now") and previous.name != "model")


def _named(new: FieldValues, found: ParsedText) -> dict[str, str]:
    """Return the values that a text names: days between which things changed are filled in where none is named."""
    return {key: value for key, value in new.values.items() if key != "since" or found.days}


def _merged(name: str, previous: Question, found: ParsedText) -> FieldValues:
    """Return a question with what the one before was about where the text names none of it."""
    new = fill(QUESTIONS[name], found)
    old, values = values_of(previous), _named(new, found)
    if kind := re.match("(private|public) test", old.get("term", ""), re.IGNORECASE):
        old = {"access": kind[1].lower()}  # "which ones are of this kind?"
    if name == previous.name and "left" in values and found.days and not old.get("left", "")[:1].isdigit():
        values = {"as_of": found.days[0].as_of.isoformat()}
    given = values.keys() | new.choices.keys()
    if name == previous.name:
        pairs = [pair for pair in _EITHER_OR if len(given & set(pair)) == 1]
        kept = old.keys() - {key for pair in pairs for key in pair}
    else:
        kept = {key for group in _SUBJECT if given.isdisjoint(group) for key in group}
        kept -= {"access"} if "benchmark" in old else set()
        values = new.values
    if name == "compare" and values.get("right") == "others" and not found.has("rest"):
        values = _sides_after(old, values, found)
    if found.has("now") or given & {"model", "level"}:
        kept -= {"as_of"}
    before = {key: old[key] for key in old if key in kept - new.choices.keys()}
    is_whole = name in ("terms", "others") or (found.n_words > _SHORT and values)  # it is about nothing of before
    lost = [
        key
        for key, value in before.items()
        if not (is_whole or key in _fields_of(name)) and value not in values.values()
    ]
    values = {key: before[key] for key in before if key in _fields_of(name)} | values
    return FieldValues(
        values, new.choices, (*new.aside, *(write_field(key, before[key], {}, found.names) for key in lost))
    )


def _fields_of(name: str) -> set[str]:
    return {each.name for each in fields(QUESTIONS[name])}


def _sides_after(old: dict[str, str], values: dict[str, str], found: ParsedText) -> dict[str, str]:
    """Return a comparison of what was asked about, its first side if it had two, with what is named of that kind."""
    asked = next((old[kind] for kind in ("model", "lab", "country") if kind in old and found.has(kind)), None)
    subject = old["left"] if found.names.mention(old.get("right", "")) else asked
    return values | {"left": subject, "right": values["left"]} if subject else values
