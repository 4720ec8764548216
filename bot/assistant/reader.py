"""Reads free text by rules: the question asked, or the reason why none can be answered, with offers."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

from bot.assistant import patterns, text
from bot.assistant.english import gloss_text, unread_language_sentence, unread_script_sentence
from bot.assistant.field_values import FieldValues, asks_if_it_fits, fill_ends, fill_fields, qualify_sides
from bot.assistant.follow_up import (
    adds_values,
    continue_question,
    fill_follow_up,
    has_only_names,
    merge_fields,
    name_subject,
    resume_question,
)
from bot.assistant.intents import (
    guess_questions,
    has_subject,
    is_about_models,
    is_clear,
    rank_questions,
    refusal_reason,
)
from bot.assistant.parsed_text import ParsedText, parse
from bot.assistant.reading import (
    BRIEF,
    NEW,
    Context,
    Reading,
    apologize,
    brief_reading,
    explain_bad_day,
    field_texts,
    make_reading,
    question_reading,
)
from bot.assistant.references import name_family, name_place, turn_back
from bot.assistant.unknown_names import find_unknown_name
from core.answer import Aspect
from core.errors import UsageError
from core.names.name_index import name_index
from core.questions import QUESTIONS, Question
from core.questions.changes import ChangesQuestion
from core.store.store import Store
from core.words import and_list, quote

_CANT_ANSWER = "I can't answer that. Ask how far behind open AI models are, which is best, or who leads."
_NOT_SURE = "I'm not sure what you ask"
_NEAR_OF = {"model": "model", "benchmark": "gap", "lab": "gap"}
"""The question to offer, by kind of the thing named, where the rest of a text can't be read."""
_MOST_TRIED, _MOST_NEAR = 5, 3
"""How many likely questions are tried, and how many of those that can be asked are offered."""
_OF_ALL_LABS = ("timeline", "frontier", "unmatched")
"""Questions about all labs: naming a lab or country makes them another question."""
_EXPLAINED = ("changes", "compare", "others", "trust")
"""Questions whose answers say why; the others say what their figure rests on."""
_COMMON = (QUESTIONS["gap"](), QUESTIONS["best"](), QUESTIONS["trust"]())
"""What is offered for a text of which nothing can be read."""
_DRAWN = ("chart", "curve", "by_test")
"""Aspects that a short follow-up keeps: "the same for maths" after a chart is another chart."""
_ORDINALS = {"first": "1", "second": "2", "third": "3"}
_MARGIN = 0.1
"""Readings whose chances differ by less than this are offered as a choice."""
_GREETING = 4
"""The most words of a greeting; a longer text of little words may ask something."""
_BREAK = re.compile(
    r"(?:[?!;]|(?<!\d)\.(?!\s+\d))+\s+|,?\s+\b(?:and|also|plus)\s+(?:also\s+)?"
    r"(?=(?:when|how|what(?! it'd\b| it would\b)|which|who|whose|why|where|is|are|did|does|do|has|have)\b)",
    re.IGNORECASE,
)
"""Where another question may begin in a text."""
_BEGINS = re.compile(
    r"\b(?:sinc|after|back (?:to|from)|(?:begin|start) (?:it )?(?:in|on|at|from|with)) <day:(\d)>"
    r"|\bfrom <day:(\d)> (?:on|onward|to|until|through)\b"
)
"""From when on a brief is to have news."""
_SINCE = re.compile(r"\bsince (?!(?:when|then|i|we|you|it|they)\b)[^\W\d]+(?: [^\W\d]+){0,2}$")
"""A time that begins at an unknown event: "since the summit"."""


def read_text(message: str, store: Store, today: date, context: Context = NEW) -> Reading:
    """Read a person's message on the day `today`, in the context of the conversation.

    Never raises; the message's length is limited, and with it the work.
    """
    if len(message) > text.MOST_LETTERS:
        too_long = f"That is too long to read; ask in at most {text.MOST_LETTERS} characters."
        return Reading(sentence=too_long, is_certain=True)
    cleaned = text.clean_text(message)
    if not cleaned or text.is_hostile(cleaned):
        return replace(make_refusal(), is_certain=True)
    if offer := _take_offer(cleaned, context):
        return offer
    if sentence := unread_script_sentence(cleaned):
        guess = read_text(gloss_text(cleaned), store, today, context)
        offers = (guess, *guess.near)[:_MOST_NEAR] if guess.question else guess.offers
        return Reading(
            near=offers or tuple(question_reading(question, name_index(store)) for question in _COMMON),
            sentence=sentence,
        )
    cleaned = name_family(text.strip_small_talk(cleaned), context.previous, name_index(store))
    cleaned, context = turn_back(cleaned, context)
    cleaned, sentence = name_place(cleaned, context, name_index(store))
    if sentence:
        return Reading(sentence=sentence)
    last = context.last
    last_day = (context.day or today) if context.previous or (last and last.is_brief) else None
    parsed = parse(cleaned, name_index(store), today, goes_on=last_day is not None, day=last_day)
    if last and (last.question or last.offers) and parsed.has_sign("says that it was misread"):
        return apologize(last)
    if context.older_brief and parsed.has_sign("asks for an older one"):
        return brief_reading(context.older_brief)
    if last and last.is_brief and parsed.has_sign("asks for the newest one"):
        return brief_reading(None)
    is_of_days = bool(parsed.kinds) and parsed.kinds <= {"day", "now", "past"} and not is_clear("changes", parsed)
    if last and last.is_brief and is_of_days and (has_only_names(parsed) or _BEGINS.search(parsed.line)):
        return _read_brief(parsed, last)
    if last and has_only_names(parsed) and (choice := _take_name(parsed, last)):
        return choice
    likeliest = last.alternatives[0].question if last and last.alternatives else None
    if last and likeliest and {choice.name for choice in last.alternatives} == {"model"}:  # who goes on means that one
        context = replace(context.after_question(likeliest), last=last)
    if last and last.is_brief:
        gap = QUESTIONS["gap"].from_words(**{key: str(value) for key, value in last.fields.items()})
        context = context.after_question(gap, last)
    if subject_text := name_subject(cleaned, context, parsed):
        cleaned, parsed, context = subject_text, parse(subject_text, parsed.names, today), NEW
    reading = _read_parsed(cleaned, parsed, context)
    near_readings = _near_readings(parsed, context, reading, store)
    first = reading.near if reading else ()
    near = () if reading and reading.is_brief else (*first, *islice(near_readings, _MOST_NEAR - len(first)))
    if reading is None:
        return _unread_reading(cleaned, near, parsed)
    is_drawn = last and last.name == reading.name and last.aspect in _DRAWN and has_only_names(parsed)
    return replace(reading, near=near, aspect=reading.aspect or (last.aspect if last and is_drawn else None))


def _take_offer(cleaned: str, context: Context) -> Reading | None:
    """Return the offer that a text chooses: by its number, or the first one by a yes."""
    if context.last is None:
        return None
    offers, word = context.last.offers, text.fold_text(cleaned).strip(" .,!")
    number = " ".join(_ORDINALS.get(part, part) for part in word.split() if part not in ("the", "number", "one"))
    is_yes = word in patterns.folded_lines("yes.txt") and not context.last.alternatives[1:]
    numbered = {str(place): offer for place, offer in enumerate(offers, 1)}
    choice = numbered.get("1" if is_yes else number)
    other_offers = tuple(offer for offer in offers if offer != choice)
    return choice and replace(choice, near=other_offers, is_certain=True)


def _take_name(parsed: ParsedText, last: Reading) -> Reading | None:
    """Return the offer with the names of a text; a single name fills the only field in which the choices differ."""
    names = set() if parsed.has_sign("compares it") else {name.value for name in parsed.mentions if name.value}
    if choice := next((offer for offer in last.offers if names and names <= set(offer.fields.values())), None):
        return replace(choice, near=tuple(offer for offer in last.offers if offer != choice))
    choices = last.alternatives if len({offer.name for offer in last.alternatives}) == 1 else ()
    open_fields = {key for offer in choices for key, _ in offer.fields.items() - choices[0].fields.items()}
    if len(open_fields) != 1 or len(names) != 1 or not all(mention.kind == "model" for mention in parsed.mentions):
        return None
    values = {key: str(value) for key, value in choices[0].fields.items()}
    values |= zip(open_fields, names, strict=True)
    return make_reading(choices[0].name or "", values, parsed.names, choices[0].extras)


def _read_parsed(cleaned: str, parsed: ParsedText, context: Context) -> Reading | None:
    """Return what a parsed text asks in its context, None if that can't be read."""
    previous = context.previous
    if previous and (resumed := resume_question(previous, context, parsed)):
        is_chart = parsed.has_sign("asks for a chart of it")
        aspect: Aspect | None = "chart" if is_chart else patterns.find_aspect(parsed.line)
        aspect = None if parsed.has_sign("asks for less of it") else aspect
        if aspect == "why" and resumed[0] not in _EXPLAINED:
            aspect = "sure"
        in_full = parsed.has_sign("asks for all of it")
        resumed_reading = _ask_back(_make_reading(*resumed, parsed), parsed, context)
        return replace(resumed_reading, aspect=aspect, in_full=in_full, is_certain=True)
    pieces = [part for part in _BREAK.split(cleaned) if part]
    parts = list(_parse_parts(pieces, parsed)) if len(pieces) > 1 else [parsed]
    places = [n for n, part in enumerate(parts) if part.mentions or part.days or part.levels or part.has_sign("asks")]
    if previous and len(places) == 1 < len(parts):  # the rest is small talk
        piece = pieces[places[0]]
        return _read_parsed(piece, parse(piece, parsed.names, parsed.today, goes_on=True), context)
    readings = {part: reading for part in parts if not _has_only_tags(part) and (reading := _read_clear(part))}
    if len(readings) > 1:
        readings = {part: reading for part, reading in readings.items() if not part.has_sign("asks nothing beside")}
    names = {reading.name for reading in readings.values() if reading.name}
    if names == {"compare", "frontier"}:  # "Qwen and Kimi are close; who is ahead?"
        readings = {part: reading for part, reading in readings.items() if reading.name == "compare" or part.mentions}
        names = {reading.name for reading in readings.values() if reading.name}
    if len(names) > 1 and not is_clear("what_if", parsed):
        offers = tuple(readings.values())
        return Reading(alternatives=offers, sentence="You ask several things; choose what to begin with.")
    reading = _read_part(parsed, context)
    reading = find_unknown_name(reading, parsed, goes_on=previous is not None) or reading
    if len(parts) > 1 and not (reading and reading.question and previous):
        own_readings = [own for part, own in readings.items() if _stands_alone(part, parts, parsed, reading)]
        has_all = reading is not None and reading.question is not None and not reading.extras
        if len(own_readings) == 1 and not (reading and has_all and own_readings[0].name == reading.name):
            reading = own_readings[0]
        if len(readings) > 1 and len({reading.question for reading in readings.values()}) == 1:
            reading = next(iter(readings.values()))
    if reading is None:
        return None
    if not (reading.name or reading.alternatives):
        return replace(reading, is_certain=_is_plain(parsed))
    reading = _ask_back(reading, parsed, context)
    if reading.question and len(parts) > 1:
        small_talk = [(piece, part) for piece, part in zip(pieces, parts, strict=True) if part not in readings]
        extras = tuple(quote(piece) for piece, part in small_talk if refusal_reason(part) and part.has_sign("asks"))
        understood = " · ".join([reading.understood, *(f"{extra} left aside" for extra in extras)])
        reading = replace(reading, understood=understood, extras=reading.extras + extras)
    facts = [fact for part in parts if (fact := patterns.find_fact(part.line)) and fact[0] == reading.name]
    aspect = facts[0][1] if facts else patterns.find_aspect(parsed.line)
    aspect = "size" if reading.name == "model" and asks_if_it_fits(parsed) else aspect
    alternatives = tuple(replace(choice, aspect=aspect) for choice in reading.alternatives)
    is_certain = not (parsed.n_unknown or reading.extras or len(parts) > 1)
    return replace(reading, alternatives=alternatives, aspect=aspect, is_certain=is_certain)


def _parse_parts(pieces: list[str], parsed: ParsedText) -> Iterator[ParsedText]:
    """Yield the parsed parts of a text; "it" in a part means the model or test of the part before."""
    context = NEW
    for piece in pieces:
        part = parse(piece, parsed.names, parsed.today)
        if (full_piece := name_subject(piece, context, part)) and full_piece != piece:
            part = parse(full_piece, parsed.names, parsed.today)
        if (reading := _read_part(part, NEW)) and reading.question:
            context = context.after_question(reading.question)
        yield part


def _ask_back(reading: Reading, parsed: ParsedText, context: Context) -> Reading:
    """Return the reading, or an offer of it if it has no place for a name, bound or day of the text.

    A kind of tests may be left aside, as answers show both kinds; so may a lab or country, unless the question would
    be about that one's scores.
    """
    if reading.name == "gap" and len(parsed.find("model")) == 1 and not parsed.unread_bounds:  # "how far behind GPT-5"
        of_model = _read_as("model", parsed)
        reading = reading if of_model.extras else of_model
    optional = {"private tests", "public tests"}
    if reading.name not in _OF_ALL_LABS:
        optional |= {mention.value or mention.typed for kind in ("lab", "country") for mention in parsed.find(kind)}
    own = fill_fields(type(reading.question), parsed).extras if reading.question else ()
    if reading.name == "compare" and (choice := _choose_rival(reading, own, parsed)):
        return choice
    own_extras = [extra for extra in reading.extras if extra in own]  # not those of the text before
    times = _SINCE.findall(" ".join(parsed.words)) if reading.name == "changes" and not parsed.days else []
    lost = [extra for extra in (*own_extras, *(parsed.unread_bounds or times)) if extra not in optional]
    last_aspect = context.last.aspect if context.last and reading.name == "changes" and not parsed.days else None
    asks_course = "direction" in (patterns.find_aspect(parsed.line), last_aspect)
    asks_course = asks_course or parsed.has_sign("asks how the gap changed")
    if asks_course and (own_extras or reading.name == "gap") and (ends := fill_ends(reading.fields, parsed)):
        return make_reading("compare", ends, parsed.names)
    if reading.question is None or reading.name == "terms" or not lost:  # a term may be a test's name
        return reading
    return Reading(alternatives=(reading,), sentence=f"This can't be asked with {and_list(lost)}; ask it without?")


def _choose_rival(reading: Reading, own_extras: tuple[str, ...], parsed: ParsedText) -> Reading | None:
    """Return the choice between the labs against which a country is held: "is China ahead of Meta and Mistral"."""
    values = {key: str(value) for key, value in reading.fields.items()}
    labs = [lab.value for lab in parsed.find("lab") if lab.value]
    rivals = [lab for lab in labs if lab in own_extras or lab in values.get("right", "")]
    if len(rivals) < 2 or any(lab in values.get("left", "") for lab in labs):
        return None
    pairs = tuple(make_reading("compare", values | {"right": rival}, parsed.names) for rival in rivals)
    return Reading(alternatives=pairs, sentence="Two sides can be compared at once; choose which.")


def _near_readings(parsed: ParsedText, context: Context, reading: Reading | None, store: Store) -> Iterator[Reading]:
    """Yield other readings of a text, the likeliest first, with the usual question about what it names.

    Readings that leave part of the text aside come last.
    """
    questions = {reading.question, *(choice.question for choice in reading.alternatives)} if reading else set()
    is_answered = reading is not None and reading.question is not None
    names = guess_questions(parsed, context.previous_name, is_answered=is_answered)
    names = [name for name in names[:_MOST_TRIED] if name != BRIEF]
    guesses = [_make_reading(name, fill_follow_up(name, context.previous, parsed), parsed) for name in names]
    near = [choice for guess in guesses for choice in guess.alternatives or (guess,)]
    if subject := _find_subject(parsed):
        near.insert(1, make_reading(_NEAR_OF[subject[0]], dict([subject]), parsed.names))
    near = [_read_as("trust", parsed)] * parsed.has_sign("is near trust") + near
    if context.previous and reading is None and adds_values(context.previous, parsed):  # of the last question, likely
        name = context.previous.name
        near.insert(0, _make_reading(name, merge_fields(name, context.previous, parsed), parsed))
    aspect: Aspect | None = patterns.find_aspect(parsed.line)
    for offer in sorted(near, key=lambda offer: bool(offer.extras)):
        if offer.question not in questions and can_be_asked(offer.question, store, parsed.today):
            questions.add(offer.question)
            yield replace(offer, aspect=aspect)


def can_be_asked(question: Question | None, store: Store, today: date) -> bool:
    """Whether the names and days of a question can be resolved."""
    try:
        return question is not None and bool(question.resolved(store, today))
    except UsageError:
        return False


def _read_brief(parsed: ParsedText, last: Reading | None = None) -> Reading:
    """Return the brief of the days that a text names: its own day, and from when on it has news.

    A text that names only the second keeps the day of the `last` brief.
    """
    begins = _BEGINS.search(parsed.line)
    if begins is None and any(period.role == "since" and period.last == parsed.today for period in parsed.days):
        return brief_reading(None, parsed.days[0].first)  # "the past two weeks"
    if begins is None:
        published, since = _brief_day(parsed), last.brief_since if last else None
        return brief_reading(published, since if since and since < (published or parsed.today) else None)
    first = parsed.days[int(begins[1] or begins[2])]
    others = tuple(period for period in parsed.days if period is not first)
    published = _brief_day(replace(parsed, days=others)) if others else last.brief_day if last else None
    return brief_reading(published, first.first)


def _brief_day(parsed: ParsedText) -> date | None:
    """Return the day of the requested brief, a period's last; None for the newest, or if the period is not over."""
    period = parsed.days[0] if parsed.days else None
    return None if period is None or period.first <= parsed.today <= period.last else period.as_of


def _has_only_tags(part: ParsedText) -> bool:
    """Whether a part of a text is only a name, and the next part asks about it: "Gemma 3? How far behind?"."""
    return all(word[0] == "<" for word in part.line.split())


def _read_clear(part: ParsedText) -> Reading | None:
    """Return the question that a part of a text clearly asks, None if there is none."""
    reading = _read_part(part, NEW)
    if not (reading and reading.name and reading.question):
        return None
    is_plain = is_clear(reading.name, part) or patterns.find_fact(part.line)
    return replace(reading, aspect=patterns.find_aspect(part.line)) if is_plain else None


def _stands_alone(part: ParsedText, parts: list[ParsedText], full_text: ParsedText, reading: Reading | None) -> bool:
    """Whether a part means the same without the others, which are small talk: they name nothing of another kind.

    If the full text is no question, they may name a side, and a day if they are not about models.
    """
    if full_text.bad_days or full_text.left_out:
        return False
    neighbours = [neighbour for neighbour in parts if neighbour is not part]
    if reading and (reading.question or reading.alternatives):
        is_of_self = all(neighbour.has_sign("asks nothing beside") for neighbour in neighbours)
        return full_text.kinds - ({"day"} if is_of_self else set()) <= part.kinds
    is_of_ours = any(is_about_models(neighbour) for neighbour in neighbours)
    spare = {"open", "closed"} | (set() if is_of_ours else {"day", "now", "future", "level"})
    return full_text.kinds - spare <= part.kinds and not any(neighbour.mentions for neighbour in neighbours)


def _is_plain(parsed: ParsedText) -> bool:
    """Whether a language model could read no more in a text: a greeting or less, or an impossible day."""
    return bool(parsed.bad_days) or (not (parsed.n_known or parsed.n_unknown) and parsed.n_words <= _GREETING)


def _read_part(parsed: ParsedText, context: Context) -> Reading | None:
    """Return what one part of a text asks, None if that can't be read."""
    previous = context.previous
    ranking = rank_questions(parsed, context.previous_name)
    own = ranking[0][1] if ranking else None
    if own == "best" and context.last and not (parsed.n_known or parsed.has_sign("asks for the best")):
        own, ranking = None, []  # "which ones" of what was listed
    if parsed.bad_days and (own or previous or is_about_models(parsed)):
        return Reading(sentence=explain_bad_day(parsed.bad_days[0]))
    if own == BRIEF and isinstance(previous, ChangesQuestion) and not parsed.days:
        return brief_reading(previous.until, previous.since)
    if own == BRIEF and parsed.has_sign("has had a brief"):
        return brief_reading(None, parsed.days[0].first)
    if own == BRIEF:
        return _read_brief(parsed)
    reason = None if own else _find_refusal(parsed, own, previous)
    if reason:
        return Reading(sentence=reason)
    if parsed.domains and parsed.has_sign("leaves out a field") and (own or previous):
        return Reading(sentence="No field of work can be left out; ask for one field, or for all tests.")
    if parsed.left_out and (own or previous):
        return _leave_names_out(parsed, None if previous and has_only_names(parsed) else own, previous)
    follow_up = continue_question(previous, parsed, own) if previous else None
    if follow_up:
        return _make_reading(*follow_up, parsed)
    return _choose_reading(ranking, parsed) if ranking else None


def _find_refusal(parsed: ParsedText, own: str | None, previous: Question | None) -> str | None:
    """Return why the data can't answer a text, or the reply to a courtesy."""
    is_term = previous is not None and previous.name == "terms" and parsed.is_about_terms
    has_price = previous is not None and "price" in field_texts(previous) and bool(parsed.levels)
    is_bounded = previous is not None and bool(parsed.sizes or parsed.prices or has_price)  # "raise it to 70B"
    is_supposed = previous is not None and previous.name == "what_if" and parsed.has("future")
    may_be_none = (previous or is_about_models(parsed)) and not (is_term or is_bounded or is_supposed)
    reason = refusal_reason(parsed) if may_be_none else None
    if not reason and not own and "<" not in parsed.line:
        return patterns.find_heading("courtesies.txt", parsed.line)
    return reason


def make_refusal() -> Reading:
    """Return the reading of a text that asks none of our questions."""
    return Reading(sentence=_CANT_ANSWER)


def _unread_reading(cleaned: str, near: tuple[Reading, ...], parsed: ParsedText) -> Reading:
    """Return the reading of a text that can't be read, with offers; its sentence is in the text's language if known."""
    if sentence := unread_language_sentence(cleaned):
        return Reading(near=near or (_read_as("gap", parsed),), sentence=sentence)
    subject = _find_subject(parsed)
    topic = f" about {subject[1]}" if subject else ""
    sentence = f"{_NOT_SURE}{topic}." if near else _CANT_ANSWER
    return Reading(near=near, sentence=sentence, is_certain=_is_plain(parsed))


def is_unread(reading: Reading) -> bool:
    """Whether a reading has neither a question nor a particular reason against one."""
    by_language = (line[3:] for line in patterns.read_lines("not_understood.txt"))
    return reading.question is None and (reading.sentence or "").startswith((_CANT_ANSWER, _NOT_SURE, *by_language))


def _find_subject(parsed: ParsedText) -> tuple[str, str] | None:
    """Return the kind and name of the first model, test or lab that a text names."""
    names = ((kind, name.value) for kind in _NEAR_OF for name in parsed.find(kind) if name.value and not name.ordinary)
    return next(names, None)


def _leave_names_out(parsed: ParsedText, own: str | None, previous: Question | None) -> Reading:
    """Return a comparison with the rest if a text leaves out a lab's or country's models, or why there is none."""
    first = parsed.left_out[0]
    name = first.value or first.typed
    if first.kind in ("benchmark", "model"):
        return Reading(
            sentence="No test or model can be left out; “trust” shows the figure without the one that it rests on most."
        )
    question = own or (previous.name if previous else None)
    filled = fill_fields(QUESTIONS["compare"], parsed)
    left, _ = qualify_sides([(name, first.kind), ("others", "rest")], parsed)
    if first.kind == "lab" and not left.startswith(("open ", "closed ")):
        left = f"open {left}"  # the lag is that of open models
    old_names = field_texts(previous).keys() if previous is not None and not own else set()
    values = filled.values | {"left": left, "right": "others"}
    against_rest = _make_reading("compare", replace(filled, values=values, choices={}), parsed)
    is_besides = len(parsed.left_out) > 1 or parsed.find(first.kind)
    if is_besides or question not in ("gap", "compare") or filled.extras or old_names - {"as_of", "access"}:
        sentence = f"Models of {name} can't be left out of this; “compare {name} others” holds them against the rest."
        return Reading(alternatives=(against_rest,) if against_rest.question else (), sentence=sentence)
    return against_rest


def _choose_reading(ranking: list[tuple[float, str]], parsed: ParsedText) -> Reading | None:
    """Return the reading of the likeliest question, or a choice if several fit about as well.

    None if that question lacks a field and the text has none of our subject.
    """
    if ranking[0][1] == "gap" and not parsed.domains and parsed.has_sign("asks of each field"):
        filled = fill_fields(QUESTIONS["gap"], parsed)
        fillings = [filled.values | {"domain": field} for field in sorted(parsed.names.of_domains)]
        offer = _offer_readings([make_reading("gap", values, parsed.names, filled.extras) for values in fillings])
        return replace(offer, sentence="Each field of work has a gap of its own; choose one.")
    names = [name for chance, name in ranking if ranking[0][0] - chance < _MARGIN and name != BRIEF]
    readings = [_read_as(name, parsed) for name in names]
    readings = [reading for reading in readings if not reading.extras] or readings
    if len(readings) > 1:
        return _offer_readings([choice for reading in readings for choice in (reading.alternatives or (reading,))])
    is_lacking = readings[0].question is None and not readings[0].alternatives
    return None if is_lacking and not has_subject(parsed) else readings[0]


def _read_as(name: str, parsed: ParsedText) -> Reading:
    """Return the reading of a text as one question."""
    return _make_reading(name, fill_fields(QUESTIONS[name], parsed), parsed)


def _make_reading(name: str, filled: FieldValues, parsed: ParsedText) -> Reading:
    """Return a question's reading, or a choice if a name is ambiguous."""
    return _offer_readings([make_reading(name, values, parsed.names, filled.extras) for values in filled.all_values()])


def _offer_readings(readings: list[Reading]) -> Reading:
    can_be_asked = tuple(reading for reading in readings if reading.question)
    if len(can_be_asked) < 2:
        return (can_be_asked or tuple(readings))[0]
    fullest_first = tuple(sorted(can_be_asked, key=lambda reading: (len(reading.extras), -len(reading.fields))))
    return Reading(alternatives=fullest_first, sentence="That can mean several things; choose one.")
