"""Words for a share that is told without a number, and how a sentence says which part of what it means."""

import re
from dataclasses import dataclass

_I = re.IGNORECASE
SHARES: tuple[tuple[re.Pattern[str], float, float], ...] = tuple(
    (re.compile(pattern), least, most)
    for pattern, least, most in (
        (
            r"\b(?:nearly|almost|virtually|practically|just about) (?:all|every(?: one)?)\b|\bthe (?:vast"
            r"|overwhelming|great"
            r"|large|huge) majority\b|\bthe lion['’]s share\b|\ball but (?:a few|a handful|one|two)\b",
            0.75,
            0.9999,
        ),
        (
            r"(?<!the )(?<!at )\bmost(?= (?:of|private|public|open|closed|such|levels|tests|models|results|scores"
            r"|biases"
            r"|publications|studies|papers|sources|boards|outside)\b)|\bthe (?:bulk|majority|better part|greater part"
            r"|larger part|greater share|larger share|main part)\b|\ba (?:clear |slim |narrow |large "
            r"|solid )?majority\b"
            r"|\b(?:more than|over) half\b(?! an? | of an? )|\b(?:mainly|mostly|largely|predominantly|chiefly)\b"
            r"|\bfor the most part\b"
            r"|(?<=, )most\b|\b(?:usually|typically|generally|as a rule|more often than not|in most cases)\b",
            0.501,
            1.0,
        ),
        (
            r"(?<!a )(?<!a good )(?<!quite a )(?<!too )(?<!next )\bfew(?= (?:of|private|public|open|closed|such|levels"
            r"|tests|models|results|scores|biases|publications)\b)|\ba (?:minority|handful|fraction)\b",
            0.0,
            0.499,
        ),
        (
            r"\bhardly any(?:one|body)?\b|\bnext to none\b|\ba (?:small|tiny|slim|mere|negligible) (?:share|part|number"
            r"|minority|fraction"
            r"|handful)\b|\bscarcely any\b|\bbarely any\b|\bonly a (?:few|handful)\b|\bvery few\b|\brarely\b"
            r"|\bseldom\b|\bhardly ever\b|\balmost never\b",
            0.0,
            0.34,
        ),
        (
            r"\b(?:every (?:single )?one|all|each(?: one)?) of (?:them|these|those)\b|(?<!of )(?<!half )\b(?:all"
            r"|every) (?:the )?(?:known |private |public |such )?"
            r"(?:bias(?:es)?|caveats?|tests?|levels?|publications?|studies|papers)\b|\bwithout exception\b"
            r"|\bacross the board\b|\binvariably\b",
            0.999,
            1.0,
        ),
        (r"\bnot (?:on |in |for |of )?(?:all|every)\b(?! the same| that)", 0.0, 0.999),
        (r"\bnone of\b|\bnot (?:one|a single one) of\b", 0.0, 0.0),
    )
)
"""In small letters, words for a share with the least and the most that they may stand for."""
LEVELS = r"\b(?:levels?|marks?|thresholds?|scores? that closed|them|these|those|ones)\b"
TESTS = r"\b(?:tests?|benchmarks?|boards?|them|these|those|ones)\b"
MODELS = r"\b(?:models?|them|these|those|ones|systems?)\b"
OTHERS = (
    r"\b(?:publications?|studies|papers?|others|sources?|authors?|outside|reports?"
    r"|analys\w+|any(?:one|body)|them|these)\b"
)
_WAITS = (
    r"\ba?wait\w*\b(?! (?:\w+ ){0,3}(?:\d|half|months?|years?|than)\b)|\bunmatched\b|\bunreached\b|\bmissing\b"
    r"|\bno open model\b|\bstill\b|\black\w*|\bwithout an open\b"
    r"|\b(?:not|n['’]t|never|yet to)\b[^.;,]{0,24}\b(?:match|reach|caught|met)\w*|\bunanswered\b|\bpending\b"
)
_MATCHED = r"\b(?:match\w*|reached|caught|equall?ed|met|gone|fallen|fell|cleared)\b"
_UNMATCHED = r"\b(?:not|n['’]t|never|yet to|un(?=match)|without|no open)\b|\bunmatched\b|\bstill\b|\bwait\w*"
_AHEAD = r"(?:ahead|leads?|led|in front|on top|best|first|win|better)"
_TOPPED = r"(?:(?:topped|led|won|held|headed|dominated|owned) by|belongs? to|goes? to)(?: an?| the)?(?: best)?"
_BY_SIX = r"(?:the first )?(?:6 months|six months|half a year)"
_BY_TWELVE = r"(?:the first )?(?:12 months|twelve months|(?<!half )a year|one year)"
_WITHIN = r"\b(?:within|in (?:under|less than)|inside|under|less than) "
_BEYOND = r"\b(?:(?:surviv|outlast|last|stood|stand)\w*(?: for)?(?: (?:more|longer) than)?|more than|longer than) "
_BIASES = r"\b(?:bias\w*|caveats?|them|these|effects?)\b"


@dataclass(frozen=True)
class Topic:
    """Facts by their keys: what the share is of, how a sentence says the part that they give, and how the rest of it.

    Of the two ways `rest` is looked for first where it holds the words of the other: "not tested" before "tested".
    """

    key: re.Pattern[str]
    noun: re.Pattern[str]
    part: re.Pattern[str]
    rest: re.Pattern[str] | None = None
    is_rest_first: bool = False


def _topic(key: str, noun: str, part: str, rest: str = "", *, is_rest_first: bool = False) -> Topic:
    return Topic(
        re.compile(key), re.compile(noun, _I), re.compile(part, _I),
        re.compile(rest, _I) if rest else None, is_rest_first,
    )  # fmt: skip


TOPICS: tuple[Topic, ...] = (
    _topic(r"^within_6\b", LEVELS, _WITHIN + _BY_SIX, rf"{_BEYOND}{_BY_SIX}"),
    _topic(r"^within_12\b", LEVELS, _WITHIN + _BY_TWELVE, rf"{_BEYOND}{_BY_TWELVE}"),
    _topic(r"^waiting(?:\.\w+)?$", LEVELS, _WAITS, _MATCHED),
    _topic(
        r"^led(?:\.\w+)?$", TESTS,
        rf"\bclosed\b[^.;,]{{0,30}}\b{_AHEAD}\b|\b{_TOPPED} closed\b",
        rf"\bopen\b[^.;,]{{0,30}}\b{_AHEAD}\b|\b{_TOPPED} open\b",
    ),
    _topic(r"^holds\.", TESTS, rf"\b(?:{_AHEAD}|beats?|holds?|longer|shorter|closer|so)\b"),
    _topic(r"^matched(?:\.\w+)?$", TESTS, _MATCHED, _UNMATCHED, is_rest_first=True),
    _topic(
        r"^before$", TESTS,
        rf"\bclosed\b[^.;,]{{0,30}}\b(?:{_AHEAD}|before|earlier|came)\b|\b(?:behind|after) (?:the )?closed",
        r"\b(?:ahead of|before|beat|earlier than|led|leads|in front of|sooner than) (?:the |all |any )?closed",
        is_rest_first=True,
    ),
    _topic(
        r"^tested\.", MODELS,
        r"\b(?:tested|tried|tests? (?:have|has) tried|covered|evaluated)\b",
        r"\b(?:not|never|n['’]t)\b[^.;,]{0,20}\b(?:tested|tried|evaluated)\b|\buntested\b",
        is_rest_first=True,
    ),
    _topic(r"^not_counted$", r"\bresults?\b", r"\b(?:not|n['’]t) count|\bleft out\b", r"\bcounts?\b"),
    _topic(
        r"^carry\.", r"\b(?:figure|weight|number|estimate|gap)\b",
        r"\b(?:two|2) tests\b|\b(?:carr|come|rest|made up|makes? up|hang|depend|lean)\w*",
    ),
    _topic(r"^says\.widening$", OTHERS, r"\bwiden\w*|\bwider\b|\bgr[eo]w\w*|\blarger\b"),
    _topic(r"^says\.narrowing$", OTHERS, r"\bnarrow\w*|\bshr[iau]nk\w*|\bclosing\b|\bsmaller\b"),
    _topic(r"^says\.flat$", OTHERS, r"\bflat\b|\bstable\b|\bunchanged\b|\bsteady\b|\bno change\b"),
    _topic(r"^says\.unsaid$", OTHERS, r"\b(?:not|n['’]t) say\b|\bsilent\b|\bno direction\b|\bleave\w* open\b"),
    _topic(
        r"^biases\.larger$", _BIASES,
        r"\b(?:larger|longer|bigger|wider|worse|overstat\w*|exaggerat\w*|inflat\w*)\b"
        r"|\bfavou?r\w* (?:of )?closed|\bagainst open\b",
    ),
    _topic(r"^biases\.smaller$", _BIASES, r"\b(?:smaller|shorter|narrower|better|understat\w*|flatter\w*)\b"
           r"|\bfavou?r\w* (?:of )?open|\bagainst closed\b"),
)  # fmt: skip
"""What shares can be of; the first of them that fits a clause goes."""
_TIMES = {"within_6": re.compile(_BY_SIX), "within_12": re.compile(_BY_TWELVE)}


def is_other_time(key: str, words: str) -> bool:
    """Whether words tell of the other of two times than the share of a key is of: "after half a year" for a year."""
    own = _TIMES.get(key.split(".")[0])
    others = [each for each in _TIMES.values() if each is not own]
    return own is not None and not own.search(words) and any(each.search(words) for each in others)
