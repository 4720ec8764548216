"""Who is behind whom: open and closed, and the two sides of a comparison, against the signs of the facts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.grounding.backing import TIMES, backs
from core.grounding.lexicon import AHEAD, BEHIND, HEDGED
from core.grounding.profiles import Known, Profile
from core.grounding.reading import Reading, Span
from core.grounding.violation import Violation

_ORDER = re.compile(rf"\b(?:(?P<behind>{BEHIND})|(?P<ahead>{AHEAD}))\b")
_NEEDS_TIME = {"after", "before", "later", "earlier"}
_TIME_BEFORE = re.compile(
    r"\b(?:months?|weeks?|days?|years?|half|quarter|soon|shortly|long|just|well|right|that much|[\d.]+"
    r"|later|much|lot) (?:or so )?$",
    re.IGNORECASE,
)
_NEEDS_POINTS = {"below", "above", "under", "short of"}
_POINTS_BEFORE = re.compile(r"(?:points?|%|pp|minutes) $", re.IGNORECASE)
_PASSIVE = re.compile(
    r"\b(?:was|were|is|are|been|being|be|got|gets) (?:\w+ly |first |only |then |already |not |yet )*$", re.IGNORECASE
)
_WAS_MATCHED = re.compile(
    r"\b(?:was|were|been|is|are|being|got) (?:\w+ )?(?:matched|reached|caught|equall?ed|overtaken"
    r"|beaten|passed|surpassed)\b(?!.*\bby\b)",
    re.IGNORECASE,
)
_NOT_ELIGIBLE = re.compile(
    r"\b(?:than|of|by|with|to|against|over|for|from|match(?:ed|es|ing)?|beat|caught|pass(?:ed|es)?"
    r"|reach(?:ed)?|after|before|behind"
    r"|between|versus|vs|compared (?:with|to)|ahead of|trail(?:s|ed|ing)?|overtook|like|unlike|even"
    r"|equall?ed) (?:the |an? |its |their )?(?:\w+ ){0,2}?$",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"^(?:'s|’s|'|’)(?=\W|$)")
_OWNED = {"lead", "head start", "advantage", "edge"}
_LED_BY = re.compile(r"^ by (?:the )?(?:¤|open|closed|proprietary)", re.IGNORECASE)
_BEHIND_IT = re.compile(
    r"^ (?:the |this |these |that |those )?(?:\w+ )?(?:gap|figures?|numbers?|scenes|estimate|result|news)\b"
)
_ROAD = re.compile(r"\b(?:look\w*|road|go|way|think\w*|(?:the|coming|next) (?:months|weeks|years)) $", re.IGNORECASE)
_NOTHING = re.compile(r",? (?:there (?:is|are|was|were)|no|none|nothing)\b", re.IGNORECASE)
"""What follows "a year later" where nobody came."""
_NO_OBJECT = re.compile(r"^(?:$|[,.;:)]| (?:on|by|in|within|later|after|so|at|yet|only|for|until|\d+ of)\b)")
_MATCHES = re.compile(r"match|catch|caught|equal", re.IGNORECASE)
_LED_TO = re.compile(r"^ (?:to|up to)\b")
_NOT = re.compile(
    r"\b(?:not|never|no longer|hardly|isn['’]t|aren['’]t|don['’]t|doesn['’]t|didn['’]t"
    r"|without (?=\w+ing))\b[^,;]*$",
    re.IGNORECASE,
)
_CLOSER = re.compile(
    r"\b(?:ahead|closer|better|in front|lead|leads|leading|stronger|shorter|smaller|less far|faster|beat|beats"
    r"|overt\w+|surpass\w*|outp\w+|passed|wins?|won|tops?)\b",
    re.I,
)
_FARTHER = re.compile(r"\b(?:behind|farther|further|worse|trail|trails|weaker|longer|larger|slower)\b(?! closed)", re.I)
_BOTH_WAYS = re.compile(r"\d (?:months? )?(?:shorter|longer) to [\d.]+ (?:months? )?(?:longer|shorter)\b")
_MAY = re.compile(r"\b(?:may|might|could|perhaps|possibly|seems?)\b")
_OPEN_QUESTION = re.compile(
    r"\b(?:whether|if|can['’]?t tell|cannot tell|how far|how much|nobody|unclear|who|whose|which of|no telling)\b",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r";|,? \b(?:and|but|while|whereas|though|although) ")
_AMONG = re.compile(r"\b(?:among|of|within) (?:the |all )*(?:open|closed)\b[^.;]*$", re.IGNORECASE)
"""How a sentence compares models of one side alone."""
_OPEN = "open"


@dataclass(frozen=True)
class _Actor:
    """Somebody in a sentence who can be ahead or behind, with their side."""

    start: int
    end: int
    side: str
    name: str


def roles(reading: Reading, known: Known, quoted: tuple[Span, ...]) -> Iterator[Violation]:
    """Yield where a text swaps who is behind whom."""
    for sentence in reading.sentences:
        words = reading.words(sentence)
        if not HEDGED.search(words) and not _MAY.search(reading.bare[sentence.start : sentence.end]):
            yield from _rivals(reading, known, sentence)
        actors = _actors(reading, known, sentence)
        for found in _ORDER.finditer(reading.low, sentence.start, sentence.end):
            if _is_own(found, quoted) or not _is_order(reading, found):
                continue
            yield from _reversed(reading, known, sentence, found, actors)


def _is_own(found: re.Match[str], quoted: tuple[Span, ...]) -> bool:
    """Whether a word of order is a fact's own; "5.8 months after" still says of whom in the words around it."""
    return found[0].lower() not in _NEEDS_TIME and any(span.holds(found.start()) for span in quoted)


def _actors(reading: Reading, known: Known, sentence: Span) -> list[_Actor]:
    found = []
    for mark in reading.marks:
        if not sentence.holds(mark.start):
            continue
        if mark.kind == "side":
            found.append(_Actor(mark.start, mark.end, next(iter(mark.values)), ""))
        elif mark.kind == "name":
            sides = {known.sides[name] for name in mark.values if name in known.sides}
            if len(sides) == 1:
                found.append(_Actor(mark.start, mark.end, sides.pop(), next(iter(mark.values))))
    return found


def _is_order(reading: Reading, found: re.Match[str]) -> bool:
    """Whether a word of order is used as one: "5.8 months after", but not "after that" and not "leads to"."""
    word, before, after = found[0].lower(), reading.bare[: found.start()], reading.bare[found.end() :]
    if word in _NEEDS_TIME and not _TIME_BEFORE.search(before):
        return False
    if word in _NEEDS_POINTS and not _POINTS_BEFORE.search(before):
        return False
    if word in ("led", "lead", "leads", "leading") and (_LED_TO.match(after) or _LED_BY.match(after)):
        return False
    if (word == "behind" and _BEHIND_IT.match(after)) or (word == "ahead" and _ROAD.search(before)):
        return False
    if word == "past" and re.match(r" (?:[\d.]+|\w+) ?(?:%|per ?cent)", after):
        return False
    if word == "leading" and re.match(r" (?:open|closed|model|¤)", after):
        return False
    if word == "behind" and re.search(r"\b(?:fall\w*|fell|slip\w*|the reason|why) (?:\w+ )?$", before):
        return False
    return not (
        word in ("edge", "advantage", "following")
        and not re.search(r"\b(?:an?|the|their|its|’s|'s) (?:[\w.]+-month )?$", before)
    )


def _reversed(
    reading: Reading, known: Known, sentence: Span, found: re.Match[str], actors: list[_Actor]
) -> Iterator[Violation]:  # fmt: skip
    is_behind = found.lastgroup == "behind"
    if _PASSIVE.search(reading.bare[: found.start()]) and re.match(
        r"match|beat|overt|surpass|outp|equal|caught|follow", found[0], re.I
    ):
        is_behind = not is_behind
    elif found[0].lower() == "matched" and _NO_OBJECT.match(reading.bare[found.end() :]):
        return  # who was matched, and by whom, is not said
    subject = _subject(reading, sentence, found, actors)
    if (
        subject is not None
        and found[0].lower() in _NEEDS_TIME
        and _WAS_MATCHED.search(reading.bare[subject.end : found.start()])
    ):
        is_behind = not is_behind
    before = reading.bare[sentence.start : found.start()]
    if (
        subject is None
        or _NOT.search(before)
        or _AMONG.search(before)
        or _OPEN_QUESTION.search(re.split(r"[;:]", before)[-1])
        or (found[0].lower() == "later" and _NOTHING.match(reading.bare, found.end()))
    ):
        return
    others = [
        each for each in actors if each.start >= found.end() and "," not in reading.bare[found.end() : each.start]
    ]
    rivals = _rival(known, "left") | _rival(known, "right")
    against = [mark for mark in reading.marks if sentence.holds(mark.start) and mark.start >= found.end()]
    if (others and others[0].side == subject.side) or (not others and any(rivals & mark.values for mark in against)):
        return
    signs = _signs(reading, known, sentence, found, [subject, *others[:1]])
    if len(signs) != 1:
        return
    is_open_behind = signs == {1}
    if subject.side == _OPEN and is_behind and _MATCHES.match(found[0]):
        return  # who matches a score has it, whoever came first
    if (subject.side == _OPEN) == (is_behind == is_open_behind):
        return
    said = reading.text[subject.start : found.end()]
    truth = "open models are behind closed ones" if is_open_behind else "open models are ahead here"
    yield Violation("role", said, f"“{said}” has it the wrong way round: by the facts, {truth}.")


def _subject(reading: Reading, sentence: Span, found: re.Match[str], actors: list[_Actor]) -> _Actor | None:
    """Return who is said to be behind or ahead: the nearest before who is nobody's object, else who owns it."""
    start = max([sentence.start, *(m.end() for m in re.finditer(r"[;:]", reading.bare) if m.end() <= found.start())])
    before = [each for each in actors if each.end <= found.start()]
    near = [each for each in before if each.start >= start]
    if (
        not near
        and found[0].lower() != "later"
        and not any(start <= mark.start < found.start() for mark in reading.marks)
    ):
        near = before
    owners = [each for each in near if _POSSESSIVE.match(reading.bare[each.end :])]
    if found[0].lower() in _OWNED and owners and owners[-1] is near[-1]:
        return owners[-1]
    free = [
        each for each in near
        if each not in owners and not _NOT_ELIGIBLE.search(reading.bare[start : each.start])
    ]  # fmt: skip
    if free:
        return free[-1]
    after = [each for each in actors if each.start >= found.end()]
    if found[0].lower() in ("later", "earlier") and after and not near:
        return after[0]
    return owners[-1] if owners and len(owners) == len(near) else None


def _signs(
    reading: Reading, known: Known, sentence: Span, found: re.Match[str], actors: list[_Actor]
) -> set[int]:  # fmt: skip
    """Return the signs of the gaps that are meant: of the nearest figure, else between these two, else of all."""
    names = {each.name for each in actors if each.name}
    lags = [each for each in known.profiles if each.sign and _is_lag(each)]
    numbers = [
        n for n in reading.numbers if sentence.holds(n.start) and (n.unit in TIMES or n.unit in ("points", "minutes"))
    ]
    if any(n.start in (one.start, other.start) for n in numbers for one, other in reading.ranges):
        numbers = [n for n in numbers if not any(n.start in (a.start, b.start) for a, b in reading.ranges)]
    if numbers:
        number = min(numbers, key=lambda each: abs(each.start - found.start()))
        backing = [each for each in lags if any(backs(good, number) for good in each.backing.numbers)]
        named = [each for each in backing if names & each.event]
        if backing:
            return {each.sign for each in named or backing}
    cuts = [each.end() for each in _CLAUSES.finditer(reading.bare, sentence.start, sentence.end)]
    clause = Span(
        max((cut for cut in cuts if cut <= found.start()), default=sentence.start),
        min((cut for cut in cuts if cut > found.start()), default=sentence.end),
    )
    told = {v for m in reading.marks if clause.holds(m.start) and m.values <= known.boards for v in m.values}
    if known.open_led and told:
        return {-1} if told <= known.open_led else {1}
    between = [each for each in lags if len(names) > 1 and names <= each.event]
    part = reading.part_at(found.start())
    boards = {v for m in reading.marks if part.holds(m.start) and m.values <= known.boards for v in m.values}
    of_board = [
        each for each in known.profiles if boards & each.names and re.search(r"open", each.fact.key + each.fact.subject)
    ]
    if boards - known.scope and not between and not any(boards & each.event for each in lags) and of_board:
        return set()
    access = {v for m in reading.marks if m.kind == "access" and sentence.holds(m.start) for v in m.values}
    of_class = [each for each in lags if access and each.access & access]
    return {each.sign for each in between or of_class or lags}


def _is_lag(profile: Profile) -> bool:
    return (profile.kind == "lag" and not profile.themes) or (
        profile.kind == "difference" and "score" in profile.fact.subject
    )


# ---- the two sides of a comparison


def _rivals(reading: Reading, known: Known, sentence: Span) -> Iterator[Violation]:
    """Yield where one side of a comparison is put before the other: facts must say so, and without a doubt."""
    sides = {side: _rival(known, side) for side in ("left", "right")}
    differences = [each for each in known.profiles if each.fact.key.startswith("difference.") and each.sign]
    if not all(sides.values()) or not differences:
        return
    words = reading.bare[sentence.start : sentence.end]
    if _BOTH_WAYS.search(words):
        return
    closer, farther = _CLOSER.search(words), _FARTHER.search(words)
    word = closer or farther
    if word is None:
        return
    place = sentence.start + word.start()
    named = [(mark.start, side) for mark in reading.marks if sentence.holds(mark.start)
             for side, name in sides.items() if name & mark.values]  # fmt: skip
    before = [side for start, side in named if start < place]
    if not before or (farther is word and len({side for _, side in named}) < 2) or (not closer and "than" not in words):
        return
    access = {v for m in reading.marks if m.kind == "access" and sentence.holds(m.start) for v in m.values}
    about = [each for each in differences if not access or each.access & access] or differences
    better = before[-1] if closer is word else {"left": "right", "right": "left"}[before[-1]]
    counted = re.search(r"\bof (?:the )?(?:\w+ ){0,2}(?:tests|benchmarks|\d+|them)|\bon \w+ of\b|\bmost\b", words)
    for each in about:
        leads = "left" if each.sign < 0 else "right"
        is_doubtful = "can't tell" in each.fact.shown
        if leads != better or (is_doubtful and not counted):
            said = reading.text[place : place + len(word[0])]
            yield Violation(
                "direction", said, f"Who is ahead is told by one fact: “{each.fact.shown}” ({each.fact.subject})."
            )
            return


def _rival(known: Known, side: str) -> frozenset[str]:
    return frozenset(name for each in known.profiles if each.fact.key == side for name in each.names)
