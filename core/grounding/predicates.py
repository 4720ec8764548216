"""Right numbers in nonsense: what a number counts must be able to do what its sentence says of it."""

import re
from collections.abc import Iterator

from core.grounding.backing import TIMES
from core.grounding.numbers import Number
from core.grounding.profiles import Known, Profile
from core.grounding.reading import Reading, Span
from core.grounding.violation import Violation

_THINGS = frozenset(("results", "tests", "levels", "models", "scores", "publications", "biases", "leaders", "names"))
_TRAIL = (
    r"(?:trail(?:s|ed)?|lag(?:s|ged)?|leads?|led|(?:are|is|have been|has been) (?:\w+ )?(?:behind|ahead)"
    r"|(?:is|are|was|were) (?:\w+ )?[\w.]+ (?:months?|points?) (?:behind|ahead)"
    r"|follow(?:s|ed)?|catch(?:es)? up|caught up)"
)
_TESTS_TRAIL = re.compile(
    rf"(?P<noun>\b(?:tests|benchmarks|results|levels|questions|test|benchmark|level)|¤+)(?: (?:also|now"
    rf"|still|currently|\w+ly))? {_TRAIL}\b(?! to\b)"
)
_ACTS = re.compile(
    r"(?P<noun>\b(?:tests|benchmarks|results|levels|gap|difference|distance|interval|range|months"
    r"|days)|¤+)(?:,? (?:also|now|still|has|have|had|already|first|\w+ly))? "
    r"(?P<verb>reach(?:es|ed)|(?<!has )(?<!have )scor(?:es|ed)|match(?:es|ed)|beat(?:s)?|overt(?:akes?|ook)"
    r"|outperform(?:s|ed)|surpass(?:es|ed)|outpac(?:es|ed)|came out|releas(?:es)"
    r"|w(?:as|ere) released|achiev(?:es|ed)|solv(?:es|ed)|needs?|needed|train(?:s|ed) (?:on|towards)"
    r"|pass(?:es|ed) (?=[\d¤])|got to (?=[\d¤])|hit (?=[\d¤])"
    r"|(?:are|is|was|were) (?:an? |the )?(?:(?:best|first|newest) )?(?:open|closed)(?: model\b"
    r"|(?: weights)?(?=[.,;]|$)))"
)
_AFTER_ON = re.compile(
    r"\b(?:on|in|at|of|from|over|across|by|with|to|for|than|that|which|towards|any|no|without|carry"
    r"|and|or|between|after|before|behind|ago|,) ?(?:the |all |any |such |most |some |both |its "
    r"|their )?"
    r"(?:[\d.,]+ |\w+ of (?:the )?)?(?:\w+ ){0,2}$",
    re.IGNORECASE,
)
_DAY_ACTS = re.compile(
    r" (?:trails?|trailed|lags?|lagged|leads?|led|reach(?:es|ed)|scor(?:es|ed)|match(?:es|ed)|beats?"
    r"|is behind|is ahead|open models trail)\b"
)
_ON_MODEL = re.compile(r"(?:\b(?P<verb>\w+) )?\bon (?:the (?:open |closed )?(?:model )?)?$", re.IGNORECASE)
_ON_ITS_OWN = frozenset(
    "based depend depends ground gain gains gained lead rests in closes closing improved advance".split()
)
"""Words that go on with "on" and a model: "gained on", "an advance on"."""
_CALLED_TEST = re.compile(
    r",? (?:is|was|as|being)?,? ?(?:an?|the|another) (?:\w+ )?(?:benchmark|test)\b", re.IGNORECASE
)
_BY = re.compile(
    r"\b(?:(?:trail\w*|lag\w*|behind|ahead|leads?|led)\b(?: \w+){0,6}? by|(?:gap|distance|difference"
    r"|lag|lead)\b(?: \w+){0,6}? (?:by|of|is|was))"
    r" (?:about |only |almost |just |around )*$",
    re.IGNORECASE,
)
_TO_DO = re.compile(r"[\s-]*\w+ to (?:be )?(?P<verb>[a-z]+)\b")
_MATCHING = re.compile(
    r"^(?:match\w*|catch|caught|reach\w*|get|close|equal\w*|come|arrive|do|pass\w*|follow\w*|draw|make"
    r"|repeat|beat|overtake\w*|surpass\w*|clear|fall|hit|achieve|go|go|the"
    r"|private|public|open|closed|an?|its|their|wait|bridge|meet|top|have|see|show|set|attain|crack|solve|score)$"
)
_FOR = re.compile(r"\b[a-z]+(?:ed|ing|t|n|ood|an|d)? for (?:about |almost |nearly |only |just |over |more than )*$")
_LASTING = re.compile(
    r"\b(?:stood|held|hold|holds|holding|led|lasted|waited|waiting|wait|been|unbeaten|unmatched"
    r"|unreached|remained|gone|kept|record|open|top|lead|leads|leading|alone|unsurpassed"
    r"|stayed|there|stand|score|place|months|first|ahead|level|levels|test|tests|unchallenged|crown"
    r"|title|spot|missing|behind|asked|model|models|one|ones|accounts?|accounted|stands?|allow|good) for "
)
_PART_OF = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|most|all|half|each) (?:out )?of (?:the |all |those )?$",
    re.I,
)
_COSTS = re.compile(r"\bcosts? (?:about |more than |less than |only )*$", re.IGNORECASE)
_BY_DAY = re.compile(r"\b(?:trail\w*|lag\w*|behind|ahead|lead\w*|led)(?: \w+){0,3} by $", re.IGNORECASE)
_GAP_IS = re.compile(
    r"\b(?:gap|lag|distance)\b(?: (?:on|between|for) [^,;:]*?)? (?:is|was|of|stands at|stood at|at"
    r"|comes to) (?:about |around |only |now )*$",
    re.IGNORECASE,
)
_TIME_OF = re.compile(
    r"[\s-]*(?:months?|weeks?|years?|days?) (?:of (?:the |all )?(?:private|public|open|closed|tests?"
    r"|models?|levels?|benchmarks?|¤)|per (?:test|model|level|result)"
    r"|(?:are|is|were) (?:open|closed|private|public|secret)\b|(?:private|public|open|closed) )",
    re.IGNORECASE,
)
_MEMBERS = re.compile(
    r"\b(?:consists? of|contains?|includes?|made up of|out of|there are|based on|rests? on) (?:about "
    r"|only |all |the )*$",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"[\s-]*(?:%|per ?cent|\w+) (?:private |public )?(?:(?:tests?|results?|levels?"
    r"|models?) )?(?:behind|ahead|ago|later|earlier|after|before|longer|old)\b",
    re.I,
)
_REACHED = re.compile(
    r"\b(?:reach(?:es|ed)?|scor(?:es|ed)|achiev(?:es|ed)|solv(?:es|ed)|hits?|got to|gets to|pass(?:es"
    r"|ed)) (?:about |almost |nearly |only |just |over |around )*$",
    re.I,
)
_GAP = re.compile(
    r"\b(?:gap|figure|difference|distance|lag|lead|wait|range|interval|estimate|number|value|median"
    r"|time|half|answer|guess|reading)\b",
    re.IGNORECASE,
)
_IS_TIME = re.compile(
    r"(?P<noun>¤+|\b(?:tests?|benchmark|results?|benchmarks|models|ones|levels|scores))(?: (?:alone|itself|now"
    r"|still))? (?:is|are|was|were) (?:about |only |now |almost |just )*$",
    re.I,
)
_TIME_SAID = re.compile(
    r"\b(?:behind|ahead|later|earlier|after|before|old|trail\w*|lag\w*|longer|shorter|apart|away|back"
    r"|ago|young\w*|wider|narrower|slower|late)\b",
    re.IGNORECASE,
)
_OF_THINGS = re.compile(
    r"^ ?(?:%|per ?cent) of (?:the |all |its |their )?(?:\w+ ){0,2}?(?P<noun>open|closed|private"
    r"|public|models?|tests?|results?|levels?|labs?|cases)\b"
)
_THEN = re.compile(r"[\s-]*(?:an? )?\w+ (?:before|earlier|ago|later|after)\b")
_TOOK = re.compile(
    r"\b(?:took|take|takes|lasted?|lasts|waited?) (?:longer than |about |more than |only |just )*$", re.IGNORECASE
)


def nonsense(reading: Reading, known: Known, quoted: tuple[Span, ...]) -> Iterator[Violation]:
    """Yield what can't be: tests that trail, levels as time, a test that is months, a gap told as a forecast."""
    for sentence in reading.sentences:
        yield from _tests_trail(reading, known, sentence)
        yield from _agents(reading, known, sentence)
    for number in reading.numbers:
        if any(span.holds(number.start) for span in quoted) and not number.unit:
            continue
        reason = _number(reading, number) or _share(reading, known, number)
        if reason:
            said = _around(reading, number)
            yield Violation("nonsense", said, f"“{said}”: {reason}.")


def _number(reading: Reading, number: Number) -> str:
    """Return why a number can't do what is said of it, empty where it can."""
    sentence = reading.sentence_at(number.start)
    before, after = reading.bare[sentence.start : number.start], reading.bare[number.end : sentence.end]
    in_range = any(number.start in (one.start, other.start) for one, other in reading.ranges)
    is_ago = bool(_AGO.match(after)) and not in_range
    if _COSTS.search(before):
        return "nothing here has a price"
    if number.unit in TIMES:
        return _of_time(before, after)
    if number.unit == "percent":
        return _of_percent(before, after, is_ago)
    return _of_things(number.unit, before, after, is_ago) if number.unit in _THINGS else ""


def _of_things(unit: str, before: str, after: str, is_ago: bool) -> str:
    """Return why a number of tests, results or models can't stand between these words."""
    if _BY.search(before) and not _PART_OF.search(before):
        return f"a gap is told in months, not in {unit}"
    if is_ago or _TOOK.search(before):
        return f"{unit} are no time"
    if re.match(r"[\s-]*(?:\w+ )?\w+ (?:wide|long|tall|old|late|early|slow)\b", after):
        return f"{unit} are no length"
    if re.match(r"[\s-]*\w+ of (?:lead|lag|gap|delay|distance)\b", after):
        return f"a lead is told in months, not in {unit}"
    return ""


def _of_percent(before: str, after: str, is_ago: bool) -> str:
    """Return why a percentage can't stand between these words."""
    if is_ago and not re.match(r" ?% (?:after|before|later)", after):
        return "a share is no time"
    if _GAP_IS.search(before):
        return "a gap is told in months, not in percent"
    if re.match(r" ?(?:%|per ?cent) (?:unbeaten|closed|open|private|public|secret|likely|unmatched)\b", after):
        return "a share of nothing that is told"
    return ""


def _of_time(before: str, after: str) -> str:
    """Return why a length of time can't stand between these words."""
    to = _TO_DO.match(after)
    if to and not _MATCHING.match(to["verb"]):
        return "the time is that until a level was matched"
    lasting = _FOR.search(before)
    if lasting and not _LASTING.search(lasting[0]):
        return "a gap is not how long something was done"
    if re.search(r"\b(?:scores?|records?|levels?|marks?) of (?:about |only )*$", before, re.IGNORECASE):
        return "a score is no time"
    if re.match(r"[\s-]*\w+ old\b", after) and re.search(r"\b(?:tests|results|benchmarks|models)\b[^,;:]*$", before):
        return "the age of a level, not of these"
    if _TIME_OF.match(after):
        return "months are not of tests, results or models"
    if _MEMBERS.search(before) and not _TIME_SAID.search(after):
        return "months are no number of things"
    if _REACHED.search(before) and not _GAP.search(before) and not _THEN.match(after):
        return "a score is no time"
    if _IS_TIME.search(before) and not _TIME_SAID.search(after) and not _GAP.search(before):
        return "a test or a model is no time"
    return ""


def _share(reading: Reading, known: Known, number: Number) -> str:
    """Return why a score can't be a share of models or tests."""
    if number.unit != "percent":
        return ""
    found = _OF_THINGS.match(reading.bare[number.end : number.end + 60])
    if found and found["noun"] not in ("cases", "case"):
        shares = [
            each
            for each in known.profiles
            if each.kind == "share"
            and any(abs(good.value - number.value) < 0.51 for good in each.backing.numbers if good.unit == "percent")
        ]
        stem = found["noun"].rstrip("s")
        if (
            shares
            and stem in ("model", "test", "result", "lab")
            and not any(stem in f"{each.fact.subject} {each.fact.shown}" for each in shares)
        ):
            return "a share of something else"
    backing = [
        each
        for each in known.profiles
        if any(abs(good.value - number.value) < 0.51 and good.unit == "percent" for good in each.backing.numbers)
    ]
    if found and backing and not any(_is_share(each, found["noun"]) for each in backing):
        return "a score on a test is no share of anything else"
    return ""


def _is_share(profile: Profile, noun: str) -> bool:
    """Whether a fact gives a share of something: of what it counts where it says "29 of 162"."""
    shown = profile.fact.shown
    if profile.kind not in ("score", "count", "name") or "% of" in shown or "carry" in shown:
        return True
    return profile.kind == "count" and " of " in shown and profile.fact.unit.startswith(noun.rstrip("s"))


def _tests_trail(reading: Reading, known: Known, sentence: Span) -> Iterator[Violation]:
    for found in _TESTS_TRAIL.finditer(reading.low, sentence.start, sentence.end):
        noun = found["noun"]
        if noun.startswith("¤"):
            mark = next((m for m in reading.marks if m.end == found.start("noun") + len(noun)), None)
            if mark is None or not mark.values & known.boards:
                continue
        before = re.split(r"[,;:]", reading.bare[sentence.start : found.start("noun")])[-1]
        if re.search(r"\b(?:on|in|for|at|of|from|over|across|by|with)\b[^,;]*$", before) and (
            re.search(
                r"\b(?:models?|ones|gap|systems?|score|closed|open)\b",
                reading.bare[sentence.start : found.start("noun")],
            )
        ):
            continue
        if re.search(r"\b(?:on|in|for|at|across) (?:\w+ ){0,3}$", before):
            continue
        said = reading.text[found.start() : found.end()]
        yield Violation("nonsense", said, f"“{said}”: models are behind or ahead, not tests or results.")


def _agents(reading: Reading, known: Known, sentence: Span) -> Iterator[Violation]:
    """Refuse what only models can do where tests, results, a gap or a date do it; and models that are tested upon."""
    for found in _ACTS.finditer(reading.low, sentence.start, sentence.end):
        start = found.start("noun")
        noun, before = found["noun"].lower(), reading.bare[sentence.start : start]
        if noun.startswith("¤"):
            mark = next((each for each in reading.marks if each.end == start + len(noun)), None)
            if mark is None or not mark.values & known.boards:
                continue
        if noun in ("gap", "difference", "distance", "lag") and re.match(r"reach", found["verb"], re.IGNORECASE):
            if not re.match(r" (?:[\d.,]+ ?%|¤)", reading.bare[found.end() :]):
                continue
        is_done = re.match(r"(?:came out|releas|w(?:as|ere) releas|need|scor|train)", found["verb"], re.IGNORECASE)
        if _AFTER_ON.search(before) or (
            not is_done
            and re.match(
                r" (?:by|so far|at|on|for the|in|up to|since|within|only|yet|there)\b", reading.bare[found.end() :]
            )
        ):
            continue
        said = reading.text[start : found.end()]
        yield Violation(
            "nonsense", said, f"“{said}”: that is said of models, not of {noun if noun[0] != '¤' else 'a test'}."
        )
    for day in reading.days:
        found_ = _DAY_ACTS.match(reading.bare, day.end) if sentence.holds(day.start) else None
        before = reading.bare[sentence.start : day.start]
        if sentence.holds(day.start) and _BY_DAY.search(before) and day.day:
            yield Violation("nonsense", day.text, "A gap is a number of months, no date.")
        if found_ and not re.search(
            r"\b(?:on|in|by|since|until|to|of|from|at|and|as of|before|after|early|late|mid|is|was|:)[ -]$", before
        ):
            yield Violation("nonsense", day.text + found_[0], "A date does nothing; say what happened on it.")
    for mark in reading.marks:
        called = _CALLED_TEST.match(reading.bare, mark.end) if sentence.holds(mark.start) else None
        if called and mark.kind == "name" and mark.values & set(known.sides) and not mark.values & known.boards:
            said = reading.text[mark.start : called.end()]
            yield Violation("nonsense", said, f"“{reading.text[mark.start : mark.end]}” is a model, no test.")
        on = _ON_MODEL.search(reading.bare[sentence.start : mark.start]) if sentence.holds(mark.start) else None
        is_model = mark.kind == "name" and mark.values & set(known.sides) and not mark.values & known.boards
        if (
            on
            and on["verb"] not in _ON_ITS_OWN
            and is_model
            and not re.match(r"(?:'s|’s|s’)", reading.bare[mark.end :])
        ):
            said = reading.text[mark.start - 3 : mark.end]
            yield Violation(
                "nonsense", said, f"“{reading.text[mark.start : mark.end]}” is a model; scores are on tests."
            )


def _around(reading: Reading, number: Number) -> str:
    found = re.match(r"[\s-]*(?:%|\w+)(?: \w+)?", reading.text[number.end :])
    return number.text + (found[0] if found else "")
