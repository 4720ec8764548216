"""Reads follow-ups to the last question: "and on private ones?", "what about China?", "and 90?"."""

import math
import re
from dataclasses import fields, replace
from datetime import date

from bot.assistant import english, patterns
from bot.assistant.field_values import KNOWN_THEN, FieldValues, choose_sides, fill_fields, qualify_sides, scale_bound
from bot.assistant.intents import count_missing, is_about_models, is_clear
from bot.assistant.parsed_text import ParsedText, parse
from bot.assistant.periods import months_back
from bot.assistant.reading import Context, field_texts, write_field
from bot.assistant.references import bare_name
from core.names.name_index import NameIndex, mentions
from core.questions import QUESTIONS, Question
from core.questions.fields import HARDWARE_SIZES, parse_size, parse_size_key

_SHORT, _BARE = 5, 2
_IT = re.compile(r"\b(?:its?|(?:this|that)(?: (?:model|test|one)|(?=\W*$)))\b", re.IGNORECASE)
_ABOUT_MODELS = ("best", "frontier", "timeline", "roster")
"""Questions whose answer is a model."""
_WITHOUT_THE_BEST = ("gap", "compare", "frontier", "roster")
"""Questions that "which should I take" may follow."""
_OF_ANSWERS = ("trust", "sources")
"""Questions that in a short text are about the last answer."""
_SAYS_HOW_SURE = ("gap", "best", "compare", "frontier", "model", "changes", "others", "terms", "sources")
"""Questions whose answers say how sure they are."""
_OF_SCORES = ("best", "frontier", "unmatched")
"""Questions that a text may ask about the tests of the last one."""
_SUBJECT = (("benchmark", "access", "domain"), ("model", "country", "lab"), ("size",), ("as_of",))
"""What a question is about: tests, models, size, day. A new value replaces its whole group."""
_SIDES = ("model", "lab", "country", "benchmark", "access", "as_of")
"""Fields that can be a side of a comparison, the most specific first."""
_LASTING_FIELDS = {key for group in _SUBJECT for key in group} | {"since"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CATCH_UP_TIME = "Catch-up time"
"""The term for what the method "clustered" measures."""
_OF_TESTS = ("benchmark", "access")
_KINDS_OF_TESTS = ("private", "public")
_OF_ALL = {"overall", "general", "generally", "total", "whole", "all", "altogether", "everything"}
"""Words that free a text of what the last question was about."""
_EITHER_OR = (("country", "lab"), ("benchmark", "access"), ("benchmark", "domain"), ("level", "model"))
"""Pairs of fields: a new value of one removes the old value of the other."""


def name_subject(cleaned: str, context: Context, parsed: ParsedText) -> str | None:
    """Add the last question's model or test to a text that asks for a fact without naming one, else return None.

    "And its licence?" and "and the licence?" name none.
    """
    signs = ("asks for a chart of it", "compares both", "lifts the size", "lifts the price", "asks who leads there")
    if context.previous and any(parsed.has_sign(sign) for sign in signs):
        return None
    values, it = field_texts(context.previous) if context.previous else {}, _IT.search(cleaned)
    needs_name = it or parsed.n_words <= _SHORT
    model = None if it and it[0].endswith(" test") else _last_model(context)
    names = [name for name in (model, values.get("benchmark")) if name and needs_name]
    start, end = (cleaned[: it.start()], cleaned[it.end() :]) if it else (f"{cleaned.rstrip(' ?.!')} of ", "")
    texts = (f"{start}{name}{end}" for name in names)
    lines = [(text, parse(text, parsed.names, parsed.today).line) for text in texts]
    lines.insert(len(lines) if it else 0, (cleaned, parsed.line))  # "how old is it" may mean the data
    return next((text for text, line in lines if patterns.find_fact(line)), None)


def _last_model(context: Context) -> str | None:
    """Return the model of the last question or of its answer.

    A question without fields, such as how sure the figures are, keeps the model of the one before it.
    """
    values = [field_texts(question) for question in context.questions]
    if len(values) > 1 and not values[-1]:
        values.pop()
    previous = context.previous
    model = values[-1].get("model") if values else None
    return model or (context.model if previous and previous.name in _ABOUT_MODELS else None)


def continue_question(previous: Question, parsed: ParsedText, own: str | None) -> tuple[str, FieldValues] | None:
    """Return the question and fields that a text means after another question, None if it stands on its own.

    `own` is the question that the text asks by itself, if any.
    """
    name = _next_question(previous, parsed, own)
    return (name, merge_fields(name, previous, parsed)) if name else None


def resume_question(previous: Question, context: Context, parsed: ParsedText) -> tuple[str, FieldValues] | None:
    """Return the question and fields that a phrase about the last questions asks for, None for other texts."""
    base, old = context.questions[0], field_texts(previous)
    if _was_aside(previous, context, parsed):
        return base.name, merge_fields(base.name, base, parsed)
    if any(parsed.has_sign(f"asks for {request} of it") for request in ("a chart", "all", "less", "the number")):
        is_of_sources = previous.name == "sources" and parsed.has_sign("asks for a chart of it")
        drawn = (question for question in reversed(context.questions) if question.charts)
        shown = next(drawn, previous) if is_of_sources else previous
        return shown.name, merge_fields(shown.name, shown, parsed)
    if scaled := scale_bound(old, parsed):
        return previous.name, FieldValues(scaled, {}, ())
    is_of_sizes = (previous.name == "best" or "size" in old) and not parsed.has("model")
    if is_of_sizes and parsed.has_sign("asks for smaller"):
        return previous.name, _narrow_size(previous, parsed)
    if previous.name in (*_ABOUT_MODELS, "model", "compare") and parsed.has_sign("asks for better"):
        name = "best" if fill_fields(QUESTIONS["best"], parsed).values else "frontier"
        return name, replace(merge_fields(name, previous, parsed), extras=())
    sides = [parsed.names.mention(bare_name(old.get(key, ""))) for key in ("left", "right")]
    is_of_a_side = any(mention.value in (side.value, side.lab) for mention in parsed.mentions for side in sides if side)
    if len(parsed.mentions) == 1 and is_of_a_side and parsed.has_sign("says who is ahead"):
        return previous.name, FieldValues(old, {}, ())
    then = next((day for question in (previous, base) if (day := field_texts(question).get("as_of"))), None)
    if then and parsed.kinds <= {"now", "day"} and parsed.has_sign("compares with then"):
        return _compare_sides([then, "now"], previous, parsed)
    are_tests = {old.get("left"), old.get("right")} == set(_KINDS_OF_TESTS)
    if are_tests and sum(map(parsed.has, _KINDS_OF_TESTS)) == 1 and not parsed.has_sign("compares it"):
        return "gap", merge_fields("gap", previous, parsed)
    if previous.name in _WITHOUT_THE_BEST and parsed.has_sign("asks what to take"):
        return "best", merge_fields("best", previous, parsed)
    if previous.name in (*_ABOUT_MODELS, "model", "gap") and parsed.has_sign("asks for the trend"):
        return "gap", merge_fields("gap", previous, parsed)
    model = _last_model(context)
    maker = parsed.names.mention(model or "")
    is_of_makers = maker is not None or not old.keys().isdisjoint(("lab", "country"))
    if is_of_makers and parsed.has_sign("asks for their models"):
        maker_values = {"lab": maker.lab} if maker and old.keys().isdisjoint(("lab", "country")) else {}
        filled = merge_fields("roster", previous, parsed)
        return "roster", replace(filled, values=maker_values | filled.values, extras=())
    is_of_group = len(parsed.find("country") + parsed.find("lab")) < 2 and not parsed.has("model", "closed", "rest")
    is_of_group &= not parsed.has_sign(f"goes on with {previous.name}")
    is_of_group &= parsed.has_sign("asks how far a group is")
    if is_of_group or parsed.has_sign("asks for our figure"):
        return "gap", merge_fields("gap", previous, parsed)
    if parsed.has_sign("asks of the time between"):
        return _explain_figure("what moved it", context.questions, parsed)
    if exchange := _exchange_name(previous, parsed):
        return exchange
    if "country" in _field_names(previous.name) and parsed.has_sign("restricts to these"):
        return previous.name, merge_fields(previous.name, previous, parsed)
    if rivals := _find_rivals(previous, model, parsed):
        return _compare_sides(rivals, previous, parsed) if rivals[0] not in ("now", rivals[1]) else None
    if freed := _find_lifted_fields(parsed, old) & old.keys():
        filled = merge_fields(previous.name, previous, parsed)
        values = {key: value for key, value in filled.values.items() if key not in freed}
        return previous.name, replace(filled, values=values)
    if parsed.has_sign("asks who is right"):
        return "others", fill_fields(QUESTIONS["others"], parsed)
    spoken_of = model or next((side.value for side in sides if side and side.kind == "model"), None)
    if spoken_of and parsed.has_sign("asks of the model"):
        filled = fill_fields(QUESTIONS["model"], parsed)
        test = {"benchmark": old["benchmark"]} if "benchmark" in old else {}
        return "model", replace(filled, values={"model": spoken_of} | test | filled.values)
    is_of_both = parsed.has_sign("compares both") or parsed.has_sign("asks which is newest")
    if "left" in old and is_of_both:
        return previous.name, merge_fields(previous.name, previous, parsed)
    subjects = _list_subjects(context, parsed.names, is_of_both=is_of_both)
    if is_of_both or (subjects and parsed.has_sign("compares two alike")):
        return _compare_sides(subjects, previous, parsed) if len(subjects) > 1 else None
    if parsed.has_sign("asks why") and _asked_of_two_days(context):
        return _explain_figure("what moved it", context.questions, parsed)
    for request in ("what moved it", "why", "how sure") if previous.name != "terms" else ():
        if parsed.has_sign(f"asks {request}"):
            return _explain_figure(request, (previous,), parsed)
    if parsed.has_sign("asks for the other") and len(context.questions) > 1:
        return context.questions[0].name, merge_fields(context.questions[0].name, context.questions[0], parsed)
    return None


def _was_aside(previous: Question, context: Context, parsed: ParsedText) -> bool:
    """Whether a text goes on with the first question, and the previous one between them was an aside."""
    base = context.questions[0]
    has_aspect = context.last and context.last.aspect and not parsed.has("model", "benchmark")
    is_aside = base.name != previous.name in _OF_ANSWERS and not adds_values(previous, parsed)
    is_aside |= base.name == "others" != previous.name  # a text may go on from either
    is_aside |= bool(has_aspect and previous.name == "model" != base.name)
    new_values = has_only_names(parsed) and _named_values(fill_fields(type(base), parsed), parsed)
    return is_aside and bool(new_values or parsed.has_sign(f"goes on with {base.name}"))


def _asked_of_two_days(context: Context) -> bool:
    """Whether the last two questions are the same but for their day."""
    last_two = [field_texts(question) for question in context.questions[-2:]]
    days = {values.pop("as_of", "now") for values in last_two}
    return len(days) == 2 and last_two[0] == last_two[1] and len({q.name for q in context.questions[-2:]}) == 1


def _find_rivals(previous: Question, model: str | None, parsed: ParsedText) -> list[str]:
    """Return the last question's subject and the one thing that a text holds against it, [] if it holds none.

    `model` is the model that was last spoken of.
    """
    old = field_texts(previous)
    named = [(mention, kind) for kind in _SIDES[:4] for mention in parsed.find(kind)]
    rivals = [(mention.value or mention.typed, kind) for mention, kind in named if mention.value or mention.choices]
    rivals += [(kind, "access") for kind in ("private", "public") if parsed.has(kind)]
    rivals = [(name, kind) for name, kind in rivals if kind in old or kind not in _OF_TESTS]
    is_another = "left" in old and parsed.has("model") and has_only_names(parsed)
    is_another &= all(name not in (old.get("left"), old.get("right")) for name, _ in rivals)
    if len(rivals) != 1 or not (is_another or parsed.has_sign("compares it")):
        return []
    rival, kind = rivals[0]
    if is_another:  # it replaces the side of its own maker, else the second one
        left, right, new = (parsed.names.mention(bare_name(name)) for name in (old["left"], old["right"], rival))
        is_of_left = left and new and left.lab == new.lab and not (right and right.lab == new.lab)
        return [rival, old["right"]] if is_of_left else [old["left"], rival]
    if kind in _OF_TESTS or ("left" in old and kind in ("lab", "country")):
        return [old["left" if "left" in old else kind], rival]
    maker = parsed.names.mention(model or "")
    is_of_lab = re.search(r"\b(?:that|this|the) (?:lab|company|maker)\b", parsed.line)
    lab = old.get("lab") or (maker.lab if maker else None) if is_of_lab else None
    return [lab or old.get(kind) or model or _subject_value(previous), rival]


def _find_lifted_fields(parsed: ParsedText, old: dict[str, str]) -> set[str]:
    """Return the fields that a text frees of their last value: "any size", "forget the money", "all fields"."""
    liftable = ("size", "price", "domain", "country", "lab", "as_of", "side")
    freed = {name for name in liftable if parsed.has_sign(f"lifts the {name}")}
    freed -= {"domain"} if parsed.domains not in ([], [old.get("domain")]) else set()
    freed |= set(_SUBJECT[0]) if parsed.has_sign("asks of all tests") else set()
    return freed | ({"publisher"} if parsed.has_sign("asks of every publisher") else set())


def _list_subjects(context: Context, names: NameIndex, *, is_of_both: bool) -> list[str]:
    """Return what the last questions were about: if both were asked for, any two, else several of one kind."""
    subjects = list(dict.fromkeys(map(_subject_value, context.questions)))
    if is_of_both:
        return subjects if len(subjects) > 1 else _shown_models(context, names)[:2]
    kinds = {mention and mention.kind for mention in map(names.mention, subjects)}
    return subjects if len(subjects) > 1 == len(kinds) else []


def _shown_models(context: Context, names: NameIndex) -> list[str]:
    """Return the models in the last answer's first line, or the first models of the last two answers."""
    in_line = (name for name in mentions(context.line, names, english.is_known) if name.kind == "model")
    models = list(dict.fromkeys(name.value for name in in_line if name.value))
    return models if len(models) > 1 else list(dict.fromkeys(filter(None, (context.model_before, context.model))))


def _explain_figure(request: str, questions: tuple[Question, ...], parsed: ParsedText) -> tuple[str, FieldValues]:
    """Return the question what a figure rests on, or what moved it; its own question if that has no such subject.

    If several days were asked about, the changes are those from the first to the last of them.
    """
    previous, old = questions[-1], field_texts(questions[-1])
    pairs = (pair for question in questions for pair in field_texts(question).items())
    days = sorted({value for key, value in pairs if key in ("left", "right", "as_of") and _DAY.fullmatch(value)})
    if request == "what moved it" or (days and "left" in old):
        filled = merge_fields("changes", previous, parsed)
        extras = tuple(extra for extra in filled.extras if not extra.startswith("as of "))
        values = filled.values | dict(zip(("since", "until"), days, strict=False))
        return "changes", replace(filled, values=values, extras=extras)
    has_reason = previous.name in ("others", "changes") or previous.name not in _SAYS_HOW_SURE
    is_own = (request == "why" and has_reason) or _exceeds_trust(previous)
    name = previous.name if is_own else "trust"
    return name, merge_fields(name, previous, parsed)


def _exceeds_trust(previous: Question) -> bool:
    """Whether `trust` lacks a field of a question; then the question's own answer says how sure it is."""
    is_sure = previous.name in _SAYS_HOW_SURE
    return is_sure and bool(field_texts(previous).keys() - _field_names("trust") - {"since", "until"})


def _narrow_size(previous: Question, parsed: ParsedText) -> FieldValues:
    """Return the fields with the size that a text names, else a choice of the usual sizes below the last one."""
    filled, old = merge_fields(previous.name, previous, parsed), field_texts(previous).get("size")
    if parsed.has("size"):
        return filled
    most = parse_size_key(parse_size(old) or "").high if old else math.inf
    sizes = [f"up to {billions}B" for billions in sorted(set(HARDWARE_SIZES.values()), reverse=True) if billions < most]
    values = {key: value for key, value in filled.values.items() if key != "size" or not sizes}
    return replace(filled, values=values, choices=filled.choices | ({"size": tuple(sizes)} if sizes else {}))


def _exchange_name(previous: Question, parsed: ParsedText) -> tuple[str, FieldValues] | None:
    """Return the last question with one name replaced by another, None if a text replaces none."""
    matches = (
        patterns.compile_pattern(pattern).search(parsed.line)
        for pattern in patterns.patterns_under("signs.txt", "is replaced")
    )
    exclusion = re.search(r"<without:\d+>", parsed.line) if not parsed.left_out else None
    last_tags = (re.findall(r"<\w+:\d+>", match[0])[-1] for match in matches if match)
    tag = exclusion[0] if exclusion else next(last_tags, None)
    if tag is None:
        return None
    old_name = parsed.mentions[int(tag.partition(":")[2][:-1])].value
    rest = replace(parsed, line=parsed.line.replace(f"{tag} ", ""))
    filled, old = merge_fields(previous.name, previous, rest), field_texts(previous)
    new = next((mention for kind in _SIDES[:4] for mention in rest.find(kind) if mention.value), None)
    makers = {side: parsed.names.mention(bare_name(old.get(side, ""))) for side in ("left", "right")}
    sides = [side for side in ("left", "right") if old_name in (old.get(side), old.get(side, "").partition(" ")[2])]
    sides = sides or [side for side, mention in makers.items() if mention and old_name == mention.lab]
    if "left" in old and not (new and sides):
        return None
    if sides and new and new.value:
        values = old | {sides[0]: qualify_sides([(new.value, new.kind)], rest)[0]}
        filled = FieldValues(values, {}, tuple(extra for extra in filled.extras if extra != new.value))
    return previous.name, filled


def _compare_sides(sides: list[str], previous: Question, parsed: ParsedText) -> tuple[str, FieldValues]:
    """Return a comparison of two sides, with the last question's other fields where it takes them."""
    new, old = fill_fields(QUESTIONS["compare"], parsed), field_texts(previous)
    old_rest = {key: value for key, value in old.items() if value not in sides}
    extras = [extra for extra in new.extras if extra not in sides]
    extras += [write_field(key, old_rest[key], {}, parsed.names) for key in old_rest.keys() & {"benchmark"}]
    values = {key: old_rest[key] for key in old_rest if key in ("access", "domain", "as_of")}
    values |= {key: value for key, value in new.values.items() if value not in sides}
    values |= zip(("left", "right"), sides, strict=True)
    return "compare", FieldValues(values, choose_sides(values, parsed), tuple(extras))


def _subject_value(question: Question) -> str:
    """Return the value of a question that can be a side of a comparison, "now" if it has none."""
    values = field_texts(question)
    return next((values[name] for name in _SIDES if name in values), "now")


def fill_follow_up(name: str, previous: Question | None, parsed: ParsedText) -> FieldValues:
    """Return the fields of a question that a text may ask; a short text continues the last question."""
    is_follow_up = previous and parsed.n_words <= _SHORT
    return merge_fields(name, previous, parsed) if previous and is_follow_up else fill_fields(QUESTIONS[name], parsed)


def _next_question(previous: Question, parsed: ParsedText, own: str | None) -> str | None:
    is_short = parsed.n_words <= _SHORT
    is_open = parsed.has_sign("opens") or parsed.has_sign("points")
    of_level = field_texts(previous).keys() & {"benchmark", "model"}
    if is_short and of_level and parsed.has_sign("asks for the model or day"):
        return "timeline"
    for next_name in (previous.name, "sources"):
        if parsed.has_sign(f"goes on with {'frontier' if next_name == 'best' else next_name}"):
            return next_name
    if parsed.has_sign("asks who leads there"):
        return "frontier"
    old = field_texts(previous).keys()
    if parsed.has_sign("narrows it") and adds_values(previous, parsed):
        return previous.name
    has_maker = parsed.has("country", "lab") or (parsed.has_sign("points") and bool(old & {"country", "lab"}))
    if parsed.has_sign("asks who is best") and has_maker and not parsed.has("closed"):
        return None if own == "best" and not (is_open or is_short) else "best"
    if own in (None, "others") and parsed.has("publisher"):
        return "others"
    is_next_term = previous.name == "terms" and parsed.is_about_terms and not parsed.has_sign("points")
    is_next_term = is_next_term and own in (None, "terms")
    if own is None or is_next_term or (has_only_names(parsed) and not _says_more(own, previous, parsed)):
        takes_level = previous.name in ("what_if", "timeline") or bool(old & {"price", "size"})
        has_level = takes_level and len(parsed.levels) == 1
        is_known = parsed.n_unknown <= parsed.n_known + has_level or parsed.is_about_terms
        stays = parsed.kinds - {"open", "closed"} and (own is None or old & _LASTING_FIELDS - _field_names(own))
        name = previous.name if stays or adds_values(previous, parsed) else own
        if name == "best" and parsed.side == "closed":
            name = "frontier"
        merge = merge_fields(previous.name, previous, parsed)
        has_more = merge.choices or merge.values != field_texts(previous)
        has_more = has_more or parsed.has("model") or adds_values(previous, parsed)
        is_new = own is not None or name != previous.name or has_more
        has_bound = own is None and bool(parsed.prices or (parsed.levels and old & {"price", "size"}))
        has_bound |= own == previous.name and has_level  # "I care about the 80 percent step"
        return name if is_known and is_new and (is_open or is_short or has_bound) else None
    is_of_answer = is_short and own in _OF_ANSWERS
    is_vague = "<" not in parsed.line and not is_about_models(parsed) and not _OF_ALL & set(parsed.words)
    is_of_answer |= is_short and is_vague and bool(old & set(_SUBJECT[0]))  # "which are left"
    if own == "trust" and _exceeds_trust(previous) and not _OF_ALL & set(parsed.words):
        own = previous.name  # whose answer says what its figure rests on
    filled = fill_fields(QUESTIONS[own], parsed)
    named = filled.values.keys() | {key for key in filled.choices if parsed.has(key)}
    is_of_nothing = own == "timeline" and not named & {"benchmark", "model"}
    is_lacking = (own == previous.name or "benchmark" in old) and count_missing(QUESTIONS[own], filled) > 0
    is_lacking |= bool(is_of_nothing and (of_level or own == previous.name))
    is_same = own == previous.name and _BARE < parsed.n_words <= _SHORT and "<" not in parsed.line
    is_same = is_same and not (own == "gap" and is_clear(own, parsed))  # "what is the gap?" means all tests
    has_bounds = bool(parsed.kinds) and parsed.kinds <= {"price", "size"}
    is_bound = (
        own == previous.name
        and has_bounds
        and (parsed.kinds <= old or parsed.has_sign("names a bound") or not parsed.has_sign("asks for the best"))
    )
    is_elliptic = own == previous.name and not is_clear(own, parsed)
    return own if is_open or is_of_answer or is_lacking or is_same or is_bound or is_elliptic else None


def _says_more(own: str, previous: Question, parsed: ParsedText) -> bool:
    """Whether a text of names and little words asks its own question: it is longer, or about something else."""
    if own == "terms" != previous.name and is_clear(own, parsed):
        return True
    if parsed.has_sign("corrects") or parsed.has_sign("says the same"):
        return False
    is_of_another = (parsed.terms and not parsed.days) or (parsed.has("model") and "model" not in field_texts(previous))
    is_question = own != previous.name or any(parsed.has_sign(sign) for sign in ("asks", "asks for the best"))
    is_longer = parsed.n_words > _BARE and is_question and not parsed.has_sign("names alone")
    has_place = not fill_fields(QUESTIONS[own], parsed).extras or fill_fields(type(previous), parsed).extras
    is_of_it = parsed.n_words > _SHORT and own in _OF_SCORES and own != previous.name and parsed.has_sign("points")
    is_said = (is_clear(own, parsed) and is_clear(own, parsed, previous.name)) or is_of_it
    return bool(has_place and is_said and (is_longer or is_of_another))


def has_only_names(parsed: ParsedText) -> bool:
    """Whether a text has only names, days, levels and little words."""
    return "<" in parsed.line and all(word[0] == "<" or english.is_little(word) for word in parsed.line.split())


def adds_values(previous: Question, parsed: ParsedText) -> bool:
    """Whether a text has values for the last question, or names a side."""
    new = fill_fields(type(previous), parsed)
    names_side = parsed.has("open", "closed", "now") and previous.name not in ("model", "terms")
    return bool(new.choices or _named_values(new, parsed)) or names_side


def _named_values(new: FieldValues, parsed: ParsedText) -> dict[str, str]:
    """Return the values that a text names, without default days."""
    return {key: value for key, value in new.values.items() if key != "since" or parsed.days}


def merge_fields(name: str, previous: Question, parsed: ParsedText) -> FieldValues:
    """Return a question's fields from the text, completed from the last question."""
    new = fill_fields(QUESTIONS[name], parsed)
    old, values = field_texts(previous), _named_values(new, parsed)
    if name == "what_if" != previous.name and "level" in old and not new.values.get("score"):
        values["score"] = new.values["score"] = old["level"]  # "and if one got that on Friday"
    if kind := re.match("(private|public) test", old.get("term", ""), re.IGNORECASE):
        old = {"access": kind[1].lower()}  # "which ones are of this kind?"
    if old.get("term") == _CATCH_UP_TIME and name == "gap" and "way" in parsed.words:
        values["method"] = new.values["method"] = "clustered"  # "measured that way"
    if name == previous.name and "left" in values and parsed.days and not old.get("left", "")[:1].isdigit():
        values = {"as_of": parsed.days[0].as_of.isoformat()}
    new_names = values.keys() | new.choices.keys()
    if name == previous.name:
        pairs = [pair for pair in _EITHER_OR if len(new_names & set(pair)) == 1]
        kept_names = old.keys() - {key for pair in pairs for key in pair}
    else:
        kept_names = {key for group in _SUBJECT if new_names.isdisjoint(group) for key in group}
        kept_names -= {"access"} if "benchmark" in old else set()
        values = new.values
    bare = [level.value for level in parsed.levels if not level.unit]
    for key in {"size", "price"} & (old.keys() - new_names) if name == previous.name and len(bare) == 1 else ():
        values[key] = re.sub(r"[\d.]+", f"{bare[0]:g}", old[key])  # "make that 14"
    if name == previous.name and parsed.days:
        corrected = _correct_period(old, values, parsed)
        values = {key: values[key] for key in values if key != "until" or not corrected} | corrected
        kept_names -= {"until"} if values.get("since", "") >= old.get("until", "9") else set()
    if name == "compare" and values.get("right") == "others" and not parsed.has("rest"):
        values = _carry_sides(old, values, parsed)
    if parsed.has("now") or new_names & {"model", "level"}:
        kept_names -= {"as_of"}
    old_values = {key: old[key] for key in old if key in kept_names - new.choices.keys()}
    is_whole = name in ("terms", "others") or (
        parsed.n_words > _SHORT and values
    )  # it needs nothing of the last question
    field_names = _field_names(name)
    foreign = {} if is_whole else {key: value for key, value in old_values.items() if key not in field_names}
    lost = [key for key, value in foreign.items() if value not in values.values()]
    values = {key: value for key, value in old_values.items() if key in field_names} | values
    extras = [*new.extras, *(write_field(key, old_values[key], {}, parsed.names) for key in lost)]
    if KNOWN_THEN in extras and "known_by" in field_names and "as_of" in values:
        values["known_by"] = values["as_of"]
        extras.remove(KNOWN_THEN)
    return FieldValues(values, new.choices, tuple(extras))


def _correct_period(old: dict[str, str], values: dict[str, str], parsed: ParsedText) -> dict[str, str]:
    """Return the days of a text that completes or corrects the last ones by an end or a year."""
    period = parsed.days[0]
    is_year = (period.first.month, period.first.day, period.last.month, period.last.day) == (1, 1, 12, 31)
    is_start = not (is_year or period.role or "until" in old or parsed.days[1:]) and parsed.has_sign("corrects")
    moves_start = parsed.has_sign("moves the span") and period.first.isoformat() < old.get("until", "9")
    if "since" in old and (is_start or moves_start):
        return {"since": period.first.isoformat()} | {key: old[key] for key in old if key == "until"}
    moves_end = period.role in ("until", "to", "before") or parsed.has_sign("moves the span")
    if moves_end and "since" in old and len(parsed.days) == 1:
        if period.as_of.isoformat() <= old["since"]:  # "go back to July"
            return {"since": period.first.isoformat()} | {key: old[key] for key in old if key == "until"}
        return {"since": old["since"], "until": period.as_of.isoformat()}
    days = {key: date.fromisoformat(value) for key, value in old.items() if _DAY.fullmatch(value)}
    if "before" in parsed.words and {"since", "until"} <= days.keys() and period.first == period.last:
        months = 12 * (days["until"].year - period.as_of.year) + days["until"].month - period.as_of.month
        return {"since": months_back(days["since"], months).isoformat(), "until": period.as_of.isoformat()}
    if not (days and is_year and parsed.has_sign("corrects")):
        return {}
    months = 12 * (max(days.values()).year - period.first.year)
    return {key: months_back(day, months).isoformat() for key, day in days.items()}


def _field_names(name: str) -> set[str]:
    return {field.name for field in fields(QUESTIONS[name])}


def _carry_sides(old: dict[str, str], values: dict[str, str], parsed: ParsedText) -> dict[str, str]:
    """Return a comparison of the last subject, or its first side, with the name in the text."""
    entity = next((old[kind] for kind in ("model", "lab", "country") if kind in old and parsed.has(kind)), None)
    subject = old["left"] if parsed.names.mention(bare_name(old.get("right", ""))) else entity
    return values | {"left": subject, "right": values["left"]} if subject else values
