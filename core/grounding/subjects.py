"""Every number and date of a text against the facts: by value, then unit, then by what its sentence is about."""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from core.answer import Fact
from core.grounding.backing import CONVERTED, TIMES, backs, farthest, is_day, rounds_to
from core.grounding.claim_words import SUPPOSES
from core.grounding.context import Case, case_of
from core.grounding.lexicon import CONTRASTS, speaks_of
from core.grounding.numbers import Day, Number, unit_after, unit_name
from core.grounding.portions import is_rest, is_sum, parts_of, portion
from core.grounding.profiles import Known, Profile
from core.grounding.pronouns import is_pronoun
from core.grounding.reading import Reading
from core.grounding.share_words import is_other_time
from core.grounding.violation import Violation
from core.words import CLASSES

_BOUND = re.compile(
    r"\blikely\b|\brange|\bat (?:least|most)\b|\bas (?:little|few|much|many|long|low|high|short|large|small)\b"
    r"|\bup to\b|\bno (?:more|less)\b|\bor (?:more|less)\b|\bmin\w*mum\b|\bmaximum\b|\banywhere\b"
    r"|\bend\b|\b(?:upper|lower)\b"
    r"|\bbound|narrow|widen|wider|shorter|longer|\bfrom\b|\bspread|\binterval|\b(?:could|might"
    r"|may) be\b|\bat (?:best|worst)\b"
    r"|\bno fewer|\bpossibly\b|\bperhaps\b|\bcases\b|\bextreme|\bworst\b|\bbest case"
)
_WENT = re.compile(
    r"\b(?:from|went|go(?:es)?|gone|moved?|moves|rose|rises|fell|falls|dropped|climbed|slipped|changed|was|were)\b",
    re.I,
)
_RELEASED = re.compile(
    r"\b(?:came out|comes out|coming out|released?|release date|releases|launched|launch|appeared"
    r"|arrived|out on|published on|debuted"
    r"|shipped|unveiled)\b",
    re.IGNORECASE,
)
_MATCHED = re.compile(
    r"\b(?:match\w*|caught|catch\w*|equal\w*|follow\w*|overt\w+|lost|beaten|after|later)\b", re.IGNORECASE
)
_EVENT = re.compile(
    r"\b(?:newest|latest|most recent|last|first|came|come|match\w*|reach\w*|best|top|record|closest"
    r"|farthest|furthest|nearest"
    r"|soonest|quickest|slowest|quick|oldest|level|score\w*|followed|got there|did so|same|passed"
    r"|weakest|strongest|long(?:er|est)|short(?:er|est)"
    r"|caught|catch|earlier|later|released?|model|there|it|its)\b"
)
_LAG_BEFORE = re.compile(
    r"\b(?:trail\w*|lag\w*|behind|ahead|lead\w*|led)(?: \w+){0,4} by (?:about |around |roughly "
    r"|almost |nearly |just |only |some )*$",
    re.IGNORECASE,
)
_LAG_AFTER = re.compile(
    r" (?:behind|ahead|later|earlier|ago)\b(?! (?:ones|scores|results|models|levels|tests))", re.IGNORECASE
)
_ASIDE = re.compile(r"(?:^|[.,;:(] ?)(?:before|after|besides|unlike|next to) (?:the )?$", re.IGNORECASE)
"""How a clause begins with another model than the one that it tells of: "Before Kimi K2.6 came Kimi K2.5"."""
_WHOLE = re.compile(r"(?:est|one|first|last|only) of (?:(?:the|these|those|all|its) )?$", re.IGNORECASE)
"""How a whole is named by one of its members: "the youngest of the 22"."""
_SCORED = re.compile(
    r"\b(?:scored|(?<!new )(?<!these )(?<!those )(?<!the )(?<!\d )scores|scoring) (?:about |only |just )?$",
    re.IGNORECASE,
)
_HALF = re.compile(
    r"\bhalf of (?:all |the |such |these |those |its )?(?:\w+ )?(?:levels|them|waits|marks)\b|\bhalf (?:took"
    r"|waited|needed)\b"
)
"""How a sentence tells of how long half of the levels took."""
_ANY_ONE = re.compile(
    r"\b(?:any|each|no|every) (?:one |single |other )?(?:of them|test|benchmark|one)\b|\bleaving (?:one )?out any\b"
)


@dataclass(frozen=True)
class Quote:
    """Words of a text that are a fact's own: filled into a slot, or standing there as the fact shows them."""

    start: int
    end: int
    fact: Fact


@lru_cache(maxsize=4096)
def _finds(pattern: re.Pattern[str], words: str) -> bool:
    """Whether a pattern is found in the words of a sentence, which are asked for each of its numbers and facts."""
    return bool(pattern.search(words))


def figures(reading: Reading, known: Known, quotes: Iterable[Quote] = ()) -> Iterator[Violation]:
    """Yield what is wrong with the numbers and the dates of a text."""
    quoted, done = tuple(quotes), set()
    for one, other in reading.ranges:
        done |= {one.start, other.start}
        if not _is_quoted(one, quoted):
            yield from _range(reading, known, one, other)
    for one, other in parts_of(reading):
        if not is_pronoun(reading, one) and not _quote_at(one, quoted):
            wrong = portion(reading, known, one, other)
            if wrong is None:
                done.add(one.start)
            elif wrong:
                yield Violation(*wrong)
    for number in reading.numbers:
        if is_rest(reading, known, number) or is_sum(reading, number):
            continue
        if number.start not in done and not is_pronoun(reading, number):
            yield from _number(reading, known, number, _quote_at(number, quoted))
    for day in reading.days:
        yield from _day(reading, known, day, _quote_at(day, quoted))


def _quote_at(found: Number | Day, quotes: tuple[Quote, ...]) -> list[Fact]:
    """Return the facts of which a number is quoted: several where they show the same."""
    return [each.fact for each in quotes if each.start <= found.start and found.end <= each.end]


def _is_quoted(number: Number, quotes: tuple[Quote, ...]) -> bool:
    return bool(_quote_at(number, quotes))


# ---- one number


def _number(reading: Reading, known: Known, number: Number, quoted: list[Fact]) -> Iterator[Violation]:
    near = [each for each in known.profiles if not quoted or each.fact in quoted]
    reach, is_other_unit = farthest(number), number.unit in CONVERTED
    by_value = [
        (profile, good)
        for profile in near
        for good in profile.backing.numbers
        if (is_other_unit or abs(good.value - number.value) <= reach)
        and (backs(good, number) or rounds_to(good, number))
    ]  # fmt: skip
    case = case_of(reading, known, number)
    if not by_value:
        yield _wrong("number", case, "is no figure of these facts")
        return
    by_unit = [(profile, good) for profile, good in by_value if _has_unit(case, good, number)]
    if not by_unit:
        yield _wrong("unit", case, f"counts {by_value[0][1].unit or 'something else'} in the facts")
        return
    reasons = [_misfit(case, profile, good, bool(quoted)) for profile, good in by_unit]
    if all(reasons):
        yield _wrong("subject", case, f"is {_listed(reasons)}", by_unit[0][0])


def _has_unit(case: Case, good: Number, number: Number) -> bool:
    text = case.reading.text
    if not number.unit:
        if _SCORED.search(text[: number.start]):
            return good.unit in ("percent", "minutes", "points", "share", "")
        is_lag = _LAG_BEFORE.search(text[: number.start]) or _LAG_AFTER.match(text, number.end)
        return not is_lag or not good.unit or good.unit in TIMES or good.unit in ("points", "minutes", "percent")
    return backs(good, number)


def _misfit(case: Case, profile: Profile, good: Number, is_quoted: bool, *, is_range: bool = False) -> str:
    """Return why a fact does not say a number where it stands, empty where it does."""
    words = case.words()
    if (
        not is_range
        and profile.is_bound(good)
        and not any(rounds_to(each, good) and not profile.is_bound(each) for each in _points(profile))
    ):
        is_finer = isinstance(case.number, Number) and case.number.decimals > good.decimals
        if not is_quoted and (is_finer or not _finds(_BOUND, words)):
            return f"only an end of a range ({profile.fact.shown})"
    if profile.kind == "share" and is_other_time(profile.fact.key, case.reading.words(case.part)):
        return f"another share ({profile.fact.shown})"
    if _is_lag(profile) and "half" not in profile.themes and _finds(_HALF, words) and case.known.has_halves:
        return f"another figure ({profile.fact.subject})"
    any_one = _finds(_ANY_ONE, words) and (profile.without or "without" in profile.themes)
    if not any_one and profile.without != case.without and (profile.without or _is_lag(profile)):
        return f"another figure ({profile.fact.subject})"
    themes = profile.themes_for(good)
    contrasts = themes & CONTRASTS
    told = case.reading.words(case.part) if contrasts and speaks_of(case.reading.words(case.part), CONTRASTS) else words
    if "supposed" in themes and SUPPOSES.search(case.reading.bare):
        themes -= {"supposed"}  # one word of it does for a whole line
    if not is_quoted and not speaks_of(told, themes):
        return f"another figure ({profile.fact.subject or profile.fact.shown})"
    return _off_ground(case, profile) or _off_actor(case, profile, is_quoted) or _off_side(case, profile)


def _points(profile: Profile) -> list[Number]:
    return [each for each in profile.backing.numbers if not profile.is_bound(each)]


def _is_lag(profile: Profile) -> bool:
    return profile.kind == "lag"


def _off_ground(case: Case, profile: Profile) -> str:
    """Hold the access class or test of a sentence against those of a fact."""
    mark, boards = case.ground, profile.names & case.known.boards
    is_whole_of = profile.kind == "count" and _WHOLE.search(case.reading.text[: case.number.start])
    if mark is None or (is_whole_of and mark.kind != "access"):
        return ""
    about = f"of {profile.fact.subject}"
    if mark.kind == "access":
        if profile.access:
            return "" if profile.access & mark.values else about
        opens = mark.start < case.number.start and mark.start - case.sentence.start < len("On the private tests ")
        if profile.kind == "count" and not case.part.holds(mark.start) and not opens:
            return ""
        if ";" in case.reading.bare[mark.end : case.number.start]:
            return ""
        of_scope = case.known.scope.intersection(CLASSES)
        if profile.event & case.known.boards or not _is_whole(profile):
            return ""
        return "" if of_scope & mark.values else f"of all tests ({profile.fact.shown})"
    if ";" in case.reading.bare[mark.end : case.number.start] and not boards:
        return ""
    if boards or profile.event & case.known.boards:
        return "" if (boards or profile.event) & mark.values else about
    opens = mark.start - case.sentence.start < len("On the public test ")
    is_topic = case.part.holds(mark.start) or (mark.is_place and (opens or profile.kind in ("lag", "change")))
    return about if is_topic and _is_whole(profile) and not case.known.scope & mark.values else ""


def _is_whole(profile: Profile) -> bool:
    """Whether a fact is a figure over many tests, which is none of any one of them."""
    return profile.kind in ("lag", "change", "count") and profile.fact.key not in ("data.age", "window")


def _off_actor(case: Case, profile: Profile, is_quoted: bool) -> str:
    """Hold the model, country or author of a sentence against those of a fact."""
    boards = case.known.boards
    own, event = profile.names - boards, profile.event - boards
    mark = case.actor
    if mark is None:
        is_one = own and profile.kind == "lag" and not profile.access and not is_quoted and case.known.has_figures
        is_named = _finds(_EVENT, case.words()) or any(profile.event & each.values for each in case.others)
        return f"another figure ({profile.fact.subject})" if is_one and not is_named else ""
    if profile.side and any(case.known.sides.get(name) == profile.side for name in mark.values) and not own:
        return ""
    if own or event:
        allowed = (own or event) if profile.kind == "score" else event
        marks = [mark] if profile.kind != "lag" else case.actors
        is_theirs = all(allowed & each.values for each in marks) or (not own and not profile.fact.unit)
        return "" if is_theirs else f"of {profile.fact.subject}"
    is_topic = case.part.holds(mark.start) and mark.start < case.number.start
    if profile.kind in ("lag", "change", "score") and is_topic and not case.known.scope & mark.values:
        return f"of {profile.fact.subject}"
    return ""


def _off_side(case: Case, profile: Profile) -> str:
    is_one = profile.kind in ("share", "score", "date") or "unbeaten" in profile.themes
    if case.side is None or not profile.side or not is_one or profile.side in case.side.values:
        return ""
    return f"of {profile.fact.subject}"


# ---- ranges


def _range(reading: Reading, known: Known, one: Number, other: Number) -> Iterator[Violation]:
    """Check that one fact gives both ends; or that a figure went from one to the other."""
    case = case_of(reading, known, one)
    reasons: list[str] = []
    values = False
    for profile in known.profiles:
        pairs = profile.ranges or tuple(zip(profile.backing.numbers, profile.backing.numbers[1:], strict=False))
        for low, high in pairs:
            if rounds_to(low, one) and rounds_to(high, other):
                values = True
                if backs(low, one) and backs(high, other):
                    reasons.append(_misfit(case, profile, high, is_quoted=False, is_range=True))
    if reasons and not all(reasons):
        return
    if _WENT.search(reading.words(case.sentence)) and not re.search(
        r"\b(?:likely|between)\b[^,;]*$", reading.text[: one.start]
    ):
        wrong = [*_number(reading, known, one, []), *_number(reading, known, other, [])]
        if not wrong:
            yield from _order(reading, known, one, other)
            return
    likely = re.search(r"\b(?:likely|range)\b[^,;]*$", reading.text[: one.start])
    if not reasons and not likely and other.value - one.value == 1 and _between(reading, known, one, other):
        return
    text = reading.text[one.start : other.end]
    if reasons:
        yield Violation("subject", text, _sentence(text, f"is {_listed(reasons)}", _meant(case)))
    elif values:
        yield Violation("unit", text, _sentence(text, "counts something else in the facts", _meant(case)))
    else:
        yield Violation("number", text, _sentence(text, "is no range of these facts", _meant(case)))


def _between(reading: Reading, known: Known, one: Number, other: Number) -> bool:
    """Whether a figure lies between two whole numbers that follow each other: "seven to eight months" for 7.5."""
    case = case_of(reading, known, one)
    return any(
        one.value <= good.value <= other.value
        and backs(good, replace(other, value=good.value))
        and not _misfit(case, profile, good, is_quoted=False)
        for profile in known.profiles
        for good in profile.backing.numbers
    )


def _order(reading: Reading, known: Known, one: Number, other: Number) -> Iterator[Violation]:
    """Refuse "from B to A" where the facts say that a figure went from A to B."""
    for profile in known.profiles:
        numbers = [each for each in profile.backing.numbers if each.text and not profile.is_bound(each)]
        for low, high in itertools.pairwise(numbers):
            if profile.kind == "change" and rounds_to(low, other) and rounds_to(high, one) and not rounds_to(low, one):
                text = reading.text[one.start : other.end]
                yield Violation("direction", text, _sentence(text, "is the wrong way round", profile))
                return


# ---- dates


def _day(reading: Reading, known: Known, day: Day, quoted: list[Fact]) -> Iterator[Violation]:
    near = [each for each in known.profiles if not quoted or each.fact in quoted]
    good = [profile for profile in near if any(is_day(each, day) for each in profile.backing.days)]
    case = case_of(reading, known, day)
    unit = unit_after(reading.text, day.end)
    if unit_name(unit) in TIMES and day.day:
        yield Violation(
            "nonsense", f"{day.text} {unit}", "A date counts nothing; a length of time is a number of months."
        )
        return
    if not good:
        yield _wrong("number", case, "is no date of these facts")
        return
    if not quoted and all(reasons := [_date_misfit(case, profile) for profile in good]):
        yield _wrong("subject", case, f"is {_listed(reasons)}", good[0])


def _date_misfit(case: Case, profile: Profile) -> str:
    """Hold a date against what its sentence says happened then, and to whom."""
    boards, mark = case.known.boards, case.actor
    own, event = profile.names - boards, profile.event - boards
    part = case.reading.words(case.part)
    if mark is not None and mark.values:
        released = bool(_RELEASED.search(part))
        is_own = bool(own) and (released or not _MATCHED.search(case.words()))
        marks = [mark] if is_own else list(case.actors)
        if not case.part.holds(mark.start) and any((own or event) & each.values for each in case.others):
            marks = []
        marks = [each for each in marks if not _ASIDE.search(case.reading.bare[case.sentence.start : each.start])]
        if (own or event) and not all((own if is_own else event) & each.values for each in marks):
            return f"the date of {profile.fact.subject}"
        if not own and released:
            return f"the date of {profile.fact.subject}"
    elif case.ground is not None and profile.event & case.ground.values:
        return ""
    elif own and not _finds(_EVENT, case.words()) and profile.kind == "date":
        return f"the date of {profile.fact.subject}"
    is_named = profile.kind == "count" and mark is not None and bool(own & mark.values)
    return ("" if profile.kind == "change" or is_named else _off_ground(case, profile)) or _off_side(case, profile)


# ---- what is said of it


def _wrong(kind: str, case: Case, what: str, profile: Profile | None = None) -> Violation:
    said = case.number.text + _unit_behind(case)
    return Violation(kind, said, _sentence(said, what, _meant(case) or profile))


def _unit_behind(case: Case) -> str:
    if isinstance(case.number, Day) or not case.number.unit:
        return ""
    found = re.match(r"[\s-]*(?:%|\w+)", case.reading.text[case.number.end :])
    return found[0] if found and unit_after(case.reading.text, case.number.end) else ""


def _sentence(said: str, what: str, meant: Profile | None) -> str:
    hint = f"; the data has “{meant.fact.shown}” ({meant.fact.subject})" if meant else "; leave it out"
    return f"“{said}” {what}{hint}."


def _listed(reasons: list[str]) -> str:
    return next((each for each in reasons if each), "another figure")


def _meant(case: Case) -> Profile | None:
    """Return the fact that should stand where a wrong number does: it fits the sentence, and is nearest in value."""
    number = case.number
    if isinstance(number, Day):
        fitting = [each for each in case.known.profiles if each.kind == "date" and not _date_misfit(case, each)]
        named = [each for each in fitting if case.actor and each.names & case.actor.values]
        return named[0] if named else None
    near = [
        (abs(good.value - number.value) / max(good.value, number.value, 1e-9), profile)
        for profile in case.known.profiles
        for good in profile.backing.numbers
        if (not number.unit or backs(Number(0, "", number.value, 0, good.unit), number))
        and not _misfit(case, profile, good, False)
    ]
    return min(near, key=lambda each: each[0])[1] if near else None
