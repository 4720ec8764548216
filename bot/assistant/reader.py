"""Free text read by rules: what was asked, as a question, or why it can't be, and what can be asked instead."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

from bot.assistant import english, learned, patterns, text
from bot.assistant.english import unread_language_sentence, unread_script_sentence
from bot.assistant.field_values import FieldValues, fill, qualify
from bot.assistant.follow_up import (
    continue_question,
    fields_after,
    has_only_names,
    name_place,
    name_subject,
    resume_question,
)
from bot.assistant.intents import guess_questions, has_subject, is_about_models, is_clear, rank_questions, why_not
from bot.assistant.parsed_text import ParsedText, parse
from bot.assistant.reading import BRIEF, NEW, Context, Reading, brief_reading, make_reading, reading_of, values_of
from bot.assistant.text import stem
from core.answer import Aspect
from core.errors import UsageError
from core.names.name_index import name_index
from core.names.names import find_nearest, may_mean
from core.questions import QUESTIONS, Question
from core.questions.question import read_day
from core.store.store import Store
from core.words import and_list, quote

_CANT_ANSWER = "I can't answer that. Ask how far behind open AI models are, which is best, or who leads."
_NOT_SURE = "I'm not sure what you ask"
_NEAR_OF = {"model": "model", "benchmark": "gap", "lab": "gap"}
"""The question that is near where a text names a thing of a kind, and asks of it what can't be read."""
_TRIED, _MOST_NEAR = 5, 3
"""Of so many likely questions, so many are offered: those that can be asked."""
_OF_ALL_LABS = ("timeline", "frontier", "unmatched")
"""Questions that are of no lab's or country's models alone: with one, they are another question."""
_EXPLAINED = ("changes", "compare", "others", "trust")
"""Questions whose answers say why; others say what their figure rests on."""
_ORDINALS = {"first": "1", "second": "2", "third": "3"}
_MARGIN = 0.1
"""Readings that are no further apart than this are offered to choose from."""
_GREETING = 4
"""A text of little words alone that has more of them may ask something all the same."""
_BREAK = re.compile(
    r"(?:[?!;]|(?<!\d)\.(?!\s+\d))+\s+|,?\s+\b(?:and|also|plus)\s+(?:also\s+)?"
    r"(?=(?:when|how|what|which|who|whose|why|where|is|are|did|does|do|has|have)\b)",
    re.IGNORECASE,
)
"""Where another question may begin in a text."""


_SINCE = re.compile(r"\bsince (?!(?:when|then|i|we|you|it|they)\b)[^\W\d]+(?: [^\W\d]+){0,2}$")
"""What begins a time and is no day that is known: "since the summit"."""


def read(typed: str, store: Store, today: date, context: Context = NEW) -> Reading:
    """Read what a person typed on the day `today`, after what was said before.

    Never raises for any text; the work is bounded by the length that is read.
    """
    if len(typed) > text.LONGEST:
        too_long = f"That is too long to read; ask in at most {text.LONGEST} characters."
        return Reading(sentence=too_long, is_certain=True)
    cleaned = text.cleaned(typed)
    if not cleaned or text.is_hostile(cleaned):
        return replace(refuse(), is_certain=True)
    if chosen := _chosen_offer(cleaned, context):
        return chosen
    cleaned, sentence = name_place(cleaned, context, name_index(store))
    if sentence:
        return Reading(sentence=sentence)
    last = context.last
    before = (context.day or today) if context.previous or (last and last.is_brief) else None
    parsed = parse(cleaned, name_index(store), today, goes_on=before is not None, before=before)
    if last and (last.question or last.offers) and patterns.has_sign("says that it was misread", parsed.line):
        return misread(last)
    if context.older_brief and patterns.has_sign("asks for an older one", parsed.line):
        return brief_reading(context.older_brief)
    if last and last.is_brief and parsed.days and has_only_names(parsed) and not parsed.has("future"):
        return brief_reading(_brief_day(parsed))
    if last and parsed.mentions and has_only_names(parsed):
        names = {each.value for each in parsed.mentions}
        if named := next((each for each in last.offers if names <= set(each.fields.values())), None):
            return replace(named, near=tuple(each for each in last.offers if each != named))
    if last and last.is_brief:
        gap = QUESTIONS["gap"].from_words(**{key: str(value) for key, value in last.fields.items()})
        context = context.after_question(gap, last)
    if fact := name_subject(cleaned, context, parsed):
        cleaned, parsed, context = fact, parse(fact, parsed.names, today), NEW
    reading = _of_text(cleaned, parsed, context)
    near = () if reading and reading.is_brief else tuple(islice(_near(parsed, context, reading, store), _MOST_NEAR))
    reading = replace(reading, near=near) if reading else _unread(cleaned, near, parsed)
    if sentence := unread_script_sentence(cleaned):
        offers = (each for each in (reading, *reading.alternatives, *near) if each.question)
        first = sorted(
            offers, key=lambda each: each.question != reading.question and each.name not in _NEAR_OF.values()
        )
        first = first[:_MOST_NEAR] or [_make("gap", fill(QUESTIONS["gap"], parsed), parsed)]
        return Reading(near=tuple(first), sentence=sentence)
    return reading


def _chosen_offer(cleaned: str, context: Context) -> Reading | None:
    """Return the offered reading that a text takes: by its number, or the first one by a yes."""
    if context.last is None:
        return None
    offers, word = context.last.offers, text.folded(cleaned).strip(" .,!")
    number = " ".join(_ORDINALS.get(each, each) for each in word.split() if each not in ("the", "number", "one"))
    is_yes = word in patterns.folded_lines("yes.txt") and not context.last.alternatives[1:]
    numbered = {str(place): each for place, each in enumerate(offers, 1)}
    chosen = numbered.get("1" if is_yes else number)
    others = tuple(each for each in offers if each != chosen)
    return chosen and replace(chosen, near=others, is_certain=True)


def misread(last: Reading) -> Reading:
    """Return what else a text may have asked, whose answer is said to be none that was asked."""
    near = last.near if last.question or last.name else ()
    what = "choose what you meant" if near else "ask it in other words"
    return Reading(
        alternatives=near, misread=last.name or "", sentence=f"Sorry, I misread that; {what}.", is_certain=True
    )


def _of_text(cleaned: str, parsed: ParsedText, context: Context) -> Reading | None:
    """Return what a parsed text asks after what was said before, None where that can't be read."""
    previous = context.previous
    if previous and (resumed := resume_question(previous, context, parsed)):
        is_chart = patterns.has_sign("asks for a chart of it", parsed.line)
        aspect: Aspect | None = "chart" if is_chart else patterns.aspect(parsed.line)
        if aspect == "why" and resumed[0] not in _EXPLAINED:
            aspect = "sure"
        in_full = patterns.has_sign("asks for all of it", parsed.line)
        resumed_reading = _ask_back(_make(*resumed, parsed), parsed)
        return replace(resumed_reading, aspect=aspect, in_full=in_full, is_certain=True)
    pieces = [part for part in _BREAK.split(cleaned) if part]
    parts = list(_parse_parts(pieces, parsed)) if len(pieces) > 1 else [parsed]
    asking = [n for n, each in enumerate(parts) if each.mentions or each.days or patterns.has_sign("asks", each.line)]
    if previous and len(asking) == 1 < len(parts):  # beside it is small talk
        piece = pieces[asking[0]]
        return _of_text(piece, parse(piece, parsed.names, parsed.today, goes_on=True), context)
    asked = {part: reading for part in parts if not _is_a_name(part) and (reading := _read_clear(part))}
    if len(asked) > 1:
        asked = {
            part: reading for part, reading in asked.items() if not patterns.has_sign("asks nothing beside", part.line)
        }
    names = {each.name for each in asked.values() if each.name}
    if len(names) > 1 and not is_clear("what_if", parsed):
        sentence = "You ask several things; choose what to begin with."
        return Reading(alternatives=tuple(asked.values()), sentence=sentence)
    reading = _read(parsed, context)
    reading = find_unknown_name(reading, parsed, goes_on=previous is not None) or reading
    if len(parts) > 1 and not (reading and reading.question and previous):
        alone = [each for part, each in asked.items() if _stands_alone(part, parts, parsed, reading)]
        reading = alone[0] if len(alone) == 1 else reading
        if len(asked) > 1 and len({each.question for each in asked.values()}) == 1:
            reading = next(iter(asked.values()))
    if reading is None:
        return None
    if not (reading.name or reading.alternatives):
        return replace(reading, is_certain=_is_plain(parsed))
    reading = _ask_back(reading, parsed)
    if reading.question and len(parts) > 1:
        beside = [(piece, part) for piece, part in zip(pieces, parts, strict=True) if part not in asked]
        unread = tuple(quote(each) for each, part in beside if why_not(part) and patterns.has_sign("asks", part.line))
        understood = " · ".join([reading.understood, *(f"{piece} left aside" for piece in unread)])
        reading = replace(reading, understood=understood, aside=reading.aside + unread)
    facts = [fact for part in parts if (fact := patterns.fact(part.line)) and fact[0] == reading.name]
    aspect = facts[0][1] if facts else patterns.aspect(parsed.line)
    alternatives = tuple(replace(each, aspect=aspect) for each in reading.alternatives)
    is_certain = not (parsed.unknown or reading.aside or len(parts) > 1)
    return replace(reading, alternatives=alternatives, aspect=aspect, is_certain=is_certain)


def _parse_parts(pieces: list[str], whole: ParsedText) -> Iterator[ParsedText]:
    """Yield the parts of a text; one that asks for a fact of "it" means the model or test of the part before."""
    context = NEW
    for piece in pieces:
        part = parse(piece, whole.names, whole.today)
        if (asked := name_subject(piece, context, part)) and asked != piece:
            part = parse(asked, whole.names, whole.today)
        if (reading := _read(part, NEW)) and reading.question:
            context = context.after_question(reading.question)
        yield part


def _ask_back(reading: Reading, parsed: ParsedText) -> Reading:
    """Return a question as an offer where a name, bound or day of the text finds no place in it; else as it is.

    What may be left aside is a kind of tests, as answers show both kinds, and a lab or country that is named besides
    the question, but not where it would be whose scores are asked for.
    """
    regions = [each.typed for each in parsed.of("country") if each.choices]
    if regions:
        return Reading(sentence=f"{quote(regions[0])} is no country; ask for one of its countries.")
    if reading.name == "gap" and len(parsed.of("model")) == 1 and not parsed.unread:  # "how far are they behind GPT-5"
        of_model = _make("model", fill(QUESTIONS["model"], parsed), parsed)
        reading = reading if of_model.aside else of_model
    beside = {"private tests", "public tests"}
    if reading.name not in _OF_ALL_LABS:
        beside |= {each.value or each.typed for kind in ("lab", "country") for each in parsed.of(kind)}
    own = fill(type(reading.question), parsed).aside if reading.question else ()
    named = [each for each in reading.aside if each in own]  # and not what the text before had
    times = _SINCE.findall(" ".join(parsed.words)) if reading.name == "changes" and not parsed.days else []
    dropped = [each for each in (*named, *(parsed.unread or times)) if each not in beside]
    if reading.question is None or reading.name == "terms" or not dropped:  # a term may be a test's name
        return reading
    return Reading(alternatives=(reading,), sentence=f"This can't be asked with {and_list(dropped)}; ask it without?")


def _near(parsed: ParsedText, context: Context, reading: Reading | None, store: Store) -> Iterator[Reading]:
    """Yield what else than it was read as a text may ask, the likeliest first, then what is near to what it names.

    What leaves something of the text aside comes last.
    """
    known = {reading.question, *(each.question for each in reading.alternatives)} if reading else set()
    is_answered = reading is not None and reading.question is not None
    names = guess_questions(parsed, goes_on=context.previous is not None, is_answered=is_answered)
    made = [
        _make(name, fields_after(name, context.previous, parsed), parsed) for name in names[:_TRIED] if name != BRIEF
    ]
    near = [each for one in made for each in one.alternatives or (one,)]
    if named := _named(parsed):
        near.insert(1, make_reading(_NEAR_OF[named[0]], dict([named]), parsed.names))
    aspect: Aspect | None = patterns.aspect(parsed.line)
    for each in sorted(near, key=lambda each: bool(each.aside)):
        if each.question not in known and can_be_asked(each.question, store, parsed.today):
            known.add(each.question)
            yield replace(each, aspect=aspect)


def can_be_asked(question: Question | None, store: Store, today: date) -> bool:
    """Whether the names and days of a question can be resolved."""
    try:
        return question is not None and bool(question.resolved(store, today))
    except UsageError:
        return False


def _brief_day(parsed: ParsedText) -> date | None:
    """Return the day whose brief a text asks for: the last of a time; None for the newest, or where that goes on."""
    period = parsed.days[0] if parsed.days else None
    return None if period is None or period.first <= parsed.today <= period.last else period.as_of


def _is_a_name(part: ParsedText) -> bool:
    """Whether a part of a text is a name alone, of which the next part asks something: "Gemma 3? How far behind?"."""
    return all(word[0] == "<" for word in part.line.split())


def _read_clear(part: ParsedText) -> Reading | None:
    """Return the question that a part of a text asks by clear words, None where it asks none."""
    reading = _read(part, NEW)
    if not (
        reading and reading.name and reading.question and (is_clear(reading.name, part) or patterns.fact(part.line))
    ):
        return None
    return replace(reading, aspect=patterns.aspect(part.line))


def _stands_alone(part: ParsedText, parts: list[ParsedText], whole: ParsedText, reading: Reading | None) -> bool:
    """Whether a part means the same without those beside it, which are small talk: they name nothing of another kind.

    Where the whole, as it was read, is no question, they may name a side, and a day if they are not about models.
    """
    if whole.wrong or whole.left_out:
        return False
    beside = [each for each in parts if each is not part]
    if reading and (reading.question or reading.alternatives):
        is_of_self = all(patterns.has_sign("asks nothing beside", each.line) for each in beside)
        return whole.kinds - ({"day"} if is_of_self else set()) <= part.kinds
    is_of_ours = any(is_about_models(each) for each in beside)
    spare = {"open", "closed"} | (set() if is_of_ours else {"day", "now", "future", "level"})
    return whole.kinds - spare <= part.kinds and not any(each.mentions for each in beside)


def _is_plain(parsed: ParsedText) -> bool:
    """Whether a model would make no more of a text: a greeting or less, or a day that there is not."""
    return bool(parsed.wrong) or (not (parsed.known or parsed.unknown) and parsed.n_words <= _GREETING)


def _read(parsed: ParsedText, context: Context) -> Reading | None:
    """Return what a text asks that is one piece, None where that can't be read."""
    previous = context.previous
    ranked = rank_questions(parsed, goes_on=previous is not None)
    own = ranked[0][1] if ranked else None
    if own == "best" and context.last and not (parsed.known or patterns.has_sign("asks for the best", parsed.line)):
        own, ranked = None, []  # "which ones" of what was listed
    if parsed.wrong and (own or previous or is_about_models(parsed)):
        return Reading(sentence=_no_day(parsed.wrong[0]))
    if own == BRIEF and previous and previous.name == "changes" and not parsed.days:
        sentence = "A brief is of one day; what changed in that time is this."
        return Reading(alternatives=(reading_of(previous, parsed.names),), sentence=sentence)
    if own == BRIEF:
        return brief_reading(_brief_day(parsed))
    why = None if own else _why_not(parsed, own, previous)
    if why:
        return Reading(sentence=why)
    if parsed.domains and patterns.has_sign("leaves out a field", parsed.line) and (own or previous):
        return Reading(sentence="No field of work can be left out; ask for one field, or for all tests.")
    if parsed.left_out and (own or previous):
        return _leave_out(parsed, None if previous and has_only_names(parsed) else own, previous)
    after = continue_question(previous, parsed, own) if previous else None
    if after:
        return _make(*after, parsed)
    return _choose(ranked, parsed) if ranked else None


def _no_day(typed: str) -> str:
    try:
        read_day(typed)
    except UsageError as error:
        return str(error)
    return f"{quote(typed)} can't be read as a day."  # read_day knows a form that we do not


def _why_not(parsed: ParsedText, own: str | None, previous: Question | None) -> str | None:
    """Return why the data can't answer a text, or what is said back to a courtesy."""
    is_term = previous is not None and previous.name == "terms" and parsed.is_about_terms
    is_bounded = previous is not None and bool(parsed.sizes or parsed.prices)  # "raise it to 70B" is of no money
    is_supposed = previous is not None and previous.name == "what_if" and parsed.has("future")
    may_be_none = (previous or is_about_models(parsed)) and not (is_term or is_bounded or is_supposed)
    why = why_not(parsed) if may_be_none else None
    if not why and not own and "<" not in parsed.line:
        return patterns.heading_of("courtesies.txt", parsed.line)
    return why


def refuse() -> Reading:
    """Return the reading of what is no question of ours."""
    return Reading(sentence=_CANT_ANSWER)


def _unread(cleaned: str, near: tuple[Reading, ...], parsed: ParsedText) -> Reading:
    """Return the reading of a text that can't be read, with what is near; in its own language if that is known."""
    if sentence := unread_language_sentence(cleaned):
        return Reading(near=near or (_make("gap", fill(QUESTIONS["gap"], parsed), parsed),), sentence=sentence)
    named = _named(parsed)
    about = f" about {named[1]}" if named else ""
    sentence = f"{_NOT_SURE}{about}." if near else _CANT_ANSWER
    return Reading(near=near, sentence=sentence, is_certain=_is_plain(parsed))


def is_unread(reading: Reading) -> bool:
    """Whether a reading has no question, and no reason of its own against one."""
    by_language = (line[3:] for line in patterns.lines("not_understood.txt"))
    return reading.question is None and (reading.sentence or "").startswith((_CANT_ANSWER, _NOT_SURE, *by_language))


def _named(parsed: ParsedText) -> tuple[str, str] | None:
    """Return the kind and name of the model or test that a text names."""
    named = ((kind, each.value) for kind in _NEAR_OF for each in parsed.of(kind) if each.value and not each.ordinary)
    return next(named, None)


def _leave_out(parsed: ParsedText, own: str | None, previous: Question | None) -> Reading:
    """Return a comparison with the rest where a text leaves out a lab's or country's models, or why there is none."""
    first = parsed.left_out[0]
    name = first.value or first.typed
    if first.kind in ("benchmark", "model"):
        return Reading(
            sentence="No test or model can be left out; “trust” shows the figure without the one that it rests on most."
        )
    asked = own or (previous.name if previous else None)
    filled = fill(QUESTIONS["compare"], parsed)
    left, _ = qualify([(name, first.kind), ("others", "rest")], parsed)
    if first.kind == "lab" and not left.startswith(("open ", "closed ")):
        left = f"open {left}"  # it is the open models whose lag is asked
    before = values_of(previous).keys() if previous is not None and not own else set()
    values = filled.values | {"left": left, "right": "others"}
    against_rest = _make("compare", replace(filled, values=values, choices={}), parsed)
    is_besides = len(parsed.left_out) > 1 or parsed.of(first.kind)
    if is_besides or asked not in ("gap", "compare") or filled.aside or before - {"as_of", "access"}:
        sentence = f"Models of {name} can't be left out of this; “compare {name} others” holds them against the rest."
        return Reading(alternatives=(against_rest,) if against_rest.question else (), sentence=sentence)
    return against_rest


def _choose(ranked: list[tuple[float, str]], parsed: ParsedText) -> Reading | None:
    """Return the reading of the best question, or those to choose from where several fit as well.

    None where the best lacks what it needs, and the text names nothing that only we are asked about.
    """
    if ranked[0][1] == "gap" and not parsed.domains and patterns.has_sign("asks of each field", parsed.line):
        return replace(_of_each_field(parsed), sentence="Each field of work has a gap of its own; choose one.")
    near = [name for chance, name in ranked if ranked[0][0] - chance < _MARGIN and name != BRIEF]
    readings = [_make(name, fill(QUESTIONS[name], parsed), parsed) for name in near]
    readings = [each for each in readings if not each.aside] or readings
    if len(readings) > 1:
        return _offer([each for one in readings for each in (one.alternatives or (one,))])
    is_lacking = readings[0].question is None and not readings[0].alternatives
    return None if is_lacking and not has_subject(parsed) else readings[0]


def _of_each_field(parsed: ParsedText) -> Reading:
    filled = fill(QUESTIONS["gap"], parsed)
    fields = sorted(parsed.names.of_domains)
    return _offer(
        [make_reading("gap", filled.values | {"domain": each}, parsed.names, filled.aside) for each in fields]
    )


def _make(name: str, filled: FieldValues, parsed: ParsedText) -> Reading:
    """Return a question's reading, or several where a name fits several."""
    return _offer([make_reading(name, values, parsed.names, filled.aside) for values in filled.all_values()])


def _offer(readings: list[Reading]) -> Reading:
    can_be_asked = tuple(each for each in readings if each.question)
    if len(can_be_asked) < 2:
        return (can_be_asked or tuple(readings))[0]
    return Reading(alternatives=can_be_asked, sentence="That can mean several things; choose one.")


# ---- names that nothing here has: said with what is near, so that no question is answered without one


_BEFORE = re.compile(r"(?<!\S)(on|for|than|of|behind is|behind are) (?:(?:the|ai) )*")
_OF_TESTS = ("on", "than")
_OF_MAKERS = ("for", "of", "behind is", "behind are")
_VARIANTS = frozenset(map(stem, "pro lite mini plus max hard easy full live extended multilingual multimodal".split()))
"""What stands behind a test's name and makes another of it."""
_LONGEST = 4
"""A name has at most so many words."""
_SHORTEST, _SHORT = 3, 5
_NO_TEST_NEEDED = frozenset({"terms", "others", "sources", "trust", "roster", "brief", "changes"})
"""Questions about what is shown, not about any test."""


def find_unknown_name(reading: Reading | None, parsed: ParsedText, *, goes_on: bool) -> Reading | None:
    """Return the reading that says why another can't stand, since it names what nothing here has; None where it may.

    A text of which no question was read is asked of such a name where it is about models, or `goes_on` from a question,
    and holds nothing else that is unknown.
    """
    if reading and (reading.alternatives or reading.sentence or reading.name in _NO_TEST_NEEDED):
        return None
    is_narrowed = reading is not None and not reading.fields.keys().isdisjoint(("benchmark", "left"))
    kind, typed = _variant(parsed) or _behind_a_word(parsed, _OF_MAKERS if is_narrowed else _OF_TESTS + _OF_MAKERS)
    is_ours = (goes_on and parsed.n_words <= _SHORT) or (is_about_models(parsed) and parsed.known > 0)
    if not typed or (reading is None and not (is_ours and parsed.unknown == len(typed.split()))):
        return None
    near = find_nearest(typed, parsed.names.benchmarks) if kind == "test" else None
    beside = f" Near: {near}." if near else ""
    name = (reading and reading.name) or "gap"
    of_all = "The gap over all tests" if name == "gap" else "Over all tests"
    sentence = f"No {kind} is called {quote(typed)}.{beside} {of_all}: /{name.replace('_', '-')}."
    return Reading(sentence=sentence, aside=(typed,))


def _variant(parsed: ParsedText) -> tuple[str, str] | None:
    """Return a test's name with what stands behind it and makes another of it: "swebench pro"."""
    for match in re.finditer(r"<benchmark:(\d+)> (\S+) ", parsed.line):
        typed = f"{parsed.mentions[int(match[1])].typed} {match[2]}"
        if match[2] in _VARIANTS and not may_mean(typed, parsed.names.benchmarks):
            return "test", typed
    return None


def _behind_a_word(parsed: ParsedText, of: tuple[str, ...]) -> tuple[str, str]:
    """Return the words behind "on" or its like (one `of` these) that nobody knows, and what they may be the name of."""
    written = {stem(word): word for word in parsed.words}
    for match in _BEFORE.finditer(parsed.line):
        if match[1] not in of or not _asks(parsed.line[: match.start()]):
            continue
        words: list[str] = []
        for word in parsed.line[match.end() :].split()[:_LONGEST]:
            is_name = match[1] in _OF_TESTS or not learned.is_familiar(word)
            if not ((_is_unknown(word) and is_name) or (words and word.isdigit())):
                break
            words.append(written.get(word, word))
        if words:
            return "test" if match[1] in _OF_TESTS else "test, model, lab or country", " ".join(words)
    return "", ""


def _asks(before: str) -> bool:
    """Whether what stands before a name asks something of it: "the gap on …", and not "that runs on …"."""
    last = before.split()[-1:]
    is_topic = patterns.has_sign("is about a topic", before)
    return not last or last[0][0] == "<" or (english.is_cue(last[0]) and not is_topic)


def _is_unknown(word: str) -> bool:
    is_listed = word in patterns.listed("little.txt") or english.is_cue(word)
    return word[0] != "<" and len(word) >= _SHORTEST and not word.isdigit() and not is_listed
