"""The names in a text, by any spelling, longest first, with small slips of typing, and versions that nobody knows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.assistant.lexicon import is_known
from bot.assistant.names import Index, Mention, digits
from bot.assistant.text import folded
from core.evidence.names import plain

_TOKEN = re.compile(r"[^\W_]+|\S")
_LONGEST = 12
"""A name has at most so many words and marks."""
_LONGEST_SLIPPED, _MOST_TRIED = 4, 60
"""A misspelt name has at most so many words; in one text so many runs of words are looked up."""
_CLITICS = frozenset("s m t d re ve ll".split())
"""What English has behind an apostrophe; other languages have names there: "d'o1"."""
_LETTERS_PER_SLIP = 6
_LONGEST_TYPED = 40
_YEAR_DIGITS = 4
_UNITS = ("%", "percent", "pct", "per", "point", "min", "hour", "day", "week", "month", "year")
_OPEN_AI = "openai"
_AS_WRITTEN = frozenset(
    """ada babbage bloom chess codex command curie dolly fair falcon fm fractal hermes hunter inception
    inflection inkling intellect marin math mercury muse open opt palm runway sail seed stability stable step
    together trinity writer yi ae br ca ch cn de fr fra gb ger hk il ind jp kr pl pt ru sa sg th us eu""".split()
)
"""Spellings that count as names only where they are written with a capital, or beside a word that shows it."""
_ONE_TO_NINE = "one two three four five six seven eight nine".split()
_SPOKEN = re.compile(
    rf"\b(gpt|opus|sonnet|glm|llama|gemma|gemini|grok|phi|claude|qwen|agi|tier|k|o|r|v)[ -]({'|'.join(_ONE_TO_NINE)})"
    rf"(?: point ({'|'.join(_ONE_TO_NINE)}))?\b",
    re.IGNORECASE,
)
"""A version as it is spoken, or written by who listens: "k three", "opus four point six"."""
_BESIDE = frozenset("on at in from by of vs versus and or gap lag the than ai models model open labs lab".split())
_BEFORE_US, _OF_US = (
    frozenset("do does are is were of for and the have".split()),
    frozenset("open ai models labs".split()),
)
"""What stands around "us" where it is a country: "do us open models trail"."""
_BEFORE_A_CODE = frozenset("vs versus the from than compare".split())


@dataclass(frozen=True)
class _Token:
    """A word or mark; `glued` says whether no space stands before it."""

    text: str
    glued: bool

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()


_Span = tuple[int, int, Mention]


def marked(text: str, known: Index) -> tuple[str, list[Mention]]:
    """Return a cleaned text, folded, with a tag `<kind:n>` in the place of each name, and the names in order."""
    tokens = _tokens(_SPOKEN.sub(_in_digits, text))
    spans = _with_unknown_versions(tokens, _exact(tokens, known), known)
    spans += _slipped(tokens, spans, known)
    mentions: list[Mention] = []
    parts: list[str] = []
    at = 0
    for first, last, mention in sorted(spans, key=lambda span: span[0]):
        parts += [_written(token) for token in tokens[at:first]] + [f" <{mention.kind}:{len(mentions)}>"]
        mentions.append(mention)
        at = last
    parts += [_written(token) for token in tokens[at:]]
    return re.sub(r"(<\w+:\d+>) ?'s?(?!\w)", r"\1", "".join(parts)).strip(), mentions


def _in_digits(spoken: re.Match[str]) -> str:
    whole, *part = (str(_ONE_TO_NINE.index(each.lower()) + 1) for each in spoken.groups()[1:] if each)
    glue = "" if len(spoken[1]) == 1 else " "
    return glue.join((spoken[1], ".".join((whole, *part))))


def _written(token: _Token) -> str:
    return ("" if token.glued else " ") + folded(token.text)


def _tokens(text: str) -> list[_Token]:
    found, end = [], 0
    for match in _TOKEN.finditer(re.sub("[<>]", " ", text)):
        found.append(_Token(match[0], match.start() == end))
        end = match.end()
    return found


def _typed(tokens: list[_Token], first: int, last: int) -> str:
    return "".join(("" if token.glued else " ") + token.text for token in tokens[first:last]).strip()


# ---- as they are spelled


def _exact(tokens: list[_Token], known: Index) -> list[_Span]:
    """Find the names that are spelled as they are known, from left to right, the longest of each place."""
    spans: list[_Span] = []
    first = 0
    while first < len(tokens):
        span = next(_from(tokens, first, known), None)
        if span:
            spans.append(span)
        first = span[1] if span else first + 1
    return spans


def _from(tokens: list[_Token], first: int, known: Index) -> Iterator[_Span]:
    """Yield the names that begin at a token, longest first."""
    if not tokens[first].is_word or _goes_on(tokens, first) or _ends_a_word(tokens, first):
        return
    for last in range(min(len(tokens), first + _LONGEST), first, -1):
        if not tokens[last - 1].is_word or _goes_on(tokens, last):
            continue
        typed = _typed(tokens, first, last)
        spelling = plain(typed)
        mention = known.mention(spelling, typed) if spelling and not _is_open_ai(tokens, last, typed) else None
        if mention and (spelling not in _AS_WRITTEN or _is_written_as_name(tokens, first, last, known)):
            yield first, last, mention


def _ends_a_word(tokens: list[_Token], place: int) -> bool:
    """Whether a token is what stands behind an apostrophe: the "m" of "I'm 3 months behind" is no M3."""
    is_behind = place > 1 and tokens[place].glued and tokens[place - 1].glued and tokens[place - 1].text in "'’"
    return is_behind and tokens[place].text.lower() in _CLITICS


def _is_open_ai(tokens: list[_Token], last: int, typed: str) -> bool:
    """Whether two words that spell a lab are the beginning of "open AI models"."""
    after = folded(tokens[last].text) if last < len(tokens) else ""
    return " " in typed and plain(typed) == _OPEN_AI and after.startswith("model")


def _goes_on(tokens: list[_Token], place: int) -> bool:
    """Whether a version goes on across a place: within "4.1", before the "-3" of "AGI-3"."""
    if not 0 < place < len(tokens):
        return False
    if tokens[place].is_word and tokens[place - 1].text in (".", "-") and place > 1:
        return tokens[place].glued and tokens[place - 1].glued and tokens[place].text[0].isdigit()
    while place + 1 < len(tokens) and tokens[place].text in (".", "-") and tokens[place].glued:
        beyond = tokens[place + 1]
        if not (beyond.glued and beyond.is_word):
            return False
        if digits(beyond.text):
            return True
        place += 2
    return False


def _is_written_as_name(tokens: list[_Token], first: int, last: int, known: Index) -> bool:
    """Whether an ordinary word stands as a name: with a capital within the text, or beside a word that shows it."""
    word = tokens[first].text
    before = tokens[first - 1].text.lower() if first else ""
    after = tokens[last].text.lower() if last < len(tokens) else ""
    if len(word) == 2 and word.isalpha():  # a country's code
        return (
            word.isupper()
            or before in _BEFORE_A_CODE
            or known.kind(before) == "country"
            or (word == "us" and before in _BEFORE_US and after in _OF_US)
            or (before in ("and", "or") and first > 1)
        )
    if word[0].isupper():
        return bool(first) or after in _BESIDE
    return before in ("on", "at", "vs") or after == "'"


# ---- versions that are not known


def _with_unknown_versions(tokens: list[_Token], spans: list[_Span], known: Index) -> list[_Span]:
    """Replace what looks like a version of something known, and is none: "GPT-9", "ARC-AGI-3"."""
    by_start = {span[0]: span for span in spans}
    taken = {place for first, last, _ in spans for place in range(first, last)}
    for first, token in enumerate(tokens):
        span = by_start.get(first)
        kind = _versioned(token, span, known)
        if kind is None or (first in taken and span is None):
            continue
        after = span[1] if span else first + 1
        meant = _misspelt_version(tokens, first, after, taken, known) if kind == "model" else None
        meant = meant or _unknown_version(tokens, first, span, kind, taken, known)
        if meant:
            by_start[first] = meant
            taken |= set(range(first, meant[1]))
    return list(by_start.values())


def _unknown_version(
    tokens: list[_Token], first: int, span: _Span | None, kind: str, taken: set[int], known: Index
) -> _Span | None:
    """Return what stands at a place as a version that is not known, None where no version stands there."""
    after = span[1] if span else first + 1
    while kind == "model" and after not in taken and _text(tokens, after) in known.series:
        after += 1  # "Claude Opus 9": a series between family and version
    last = _version_end(tokens, after, taken, spaced=kind == "model" or _is_lone_digit(tokens, after))
    if last == after and (span is not None or not digits(tokens[first].text)):
        return None
    lab = span[2].value or "" if span and span[2].kind == "lab" else known.families.get(_family(tokens[first]), "")
    return first, last, Mention(kind, None, _typed(tokens, first, last)[:_LONGEST_TYPED], lab=lab)


def _misspelt_version(tokens: list[_Token], first: int, after: int, taken: set[int], known: Index) -> _Span | None:
    """Find a model whose family is spelled right, and whose series is not: "Claude Opsu 4.6"."""
    if after >= len(tokens) or after in taken or not _may_be_misspelt(tokens[after]):
        return None
    for last in range(min(len(tokens), after + _LONGEST_SLIPPED), after + 1, -1):
        if not tokens[last - 1].is_word or _goes_on(tokens, last) or not taken.isdisjoint(range(after, last)):
            continue
        typed = _typed(tokens, first, last)
        mention = _nearest(typed, known) if digits(typed) else None
        if mention and mention.kind == "model":
            return first, last, mention
    return None


def _text(tokens: list[_Token], place: int) -> str:
    return folded(tokens[place].text) if place < len(tokens) else ""


def _family(token: _Token) -> str:
    """Return the letters that a word begins with: "qwen" of "Qwen9"."""
    letters = re.match(r"[a-z]*", folded(token.text))
    return letters[0] if letters else ""


def _versioned(token: _Token, span: _Span | None, known: Index) -> str | None:
    """Return of what kind a version may follow: a model's after a family, a benchmark's after a benchmark."""
    if span:
        mention = span[2]
        is_series = mention.kind == "model" and not digits(mention.typed)  # "Claude Opus", before a 9
        is_family = is_series or (mention.kind == "lab" and mention.typed == token.text)
        return "model" if is_family else "benchmark" if mention.kind == "benchmark" else None
    family = _family(token)
    if len(family) < 3:
        return None
    if family in known.families or known.kind(family) == "lab":
        return "model"
    return "benchmark" if known.kind(family) == "benchmark" else None


def _version_end(tokens: list[_Token], after: int, taken: set[int], *, spaced: bool) -> int:
    """Return where a version ends that begins at a place: after words with a digit, and marks between them."""
    last = after
    while last < len(tokens) and last not in taken:
        token = tokens[last]
        if token.is_word and digits(token.text) and (token.glued or (spaced and not _is_figure(tokens, last))):
            last += 1
        elif token.glued and token.text in (".", "-") and last + 1 < len(tokens) and _is_glued_word(tokens[last + 1]):
            last += 2
        else:
            break
    return last if any(digits(token.text) for token in tokens[after:last]) else after


def _is_glued_word(token: _Token) -> bool:
    return token.glued and token.is_word


def _is_lone_digit(tokens: list[_Token], place: int) -> bool:
    """Whether one digit stands at a place after a space, which is no figure."""
    if place >= len(tokens) or len(tokens[place].text) > 1:
        return False
    return tokens[place].text.isdigit() and not _is_figure(tokens, place)


def _is_figure(tokens: list[_Token], place: int) -> bool:
    """Whether a number is a year, or has a unit behind it."""
    text = tokens[place].text
    if not text.isdigit():
        return False
    after = tokens[place + 1].text.lower() if place + 1 < len(tokens) else ""
    return len(text) == _YEAR_DIGITS or after.startswith(_UNITS)


# ---- with a slip of typing


def _slipped(tokens: list[_Token], spans: list[_Span], known: Index) -> list[_Span]:
    """Find names with a small slip of typing in what is left: one letter in six, never a digit."""
    taken = {place for first, last, _ in spans for place in range(first, last)}
    found: list[_Span] = []
    first = tried = 0
    while first < len(tokens) and tried < _MOST_TRIED:
        span = None
        for last in _slipped_ends(tokens, first, taken):
            tried += 1
            mention = _nearest(_typed(tokens, first, last), known)
            if mention:
                span = (first, last, mention)
                found.append(span)
                break
        first = span[1] if span else first + 1
    return found


def _slipped_ends(tokens: list[_Token], first: int, taken: set[int]) -> Iterator[int]:
    """Yield where a misspelt name may end that begins at a place: neither end is a word that is known."""
    if not _may_be_misspelt(tokens[first]):
        return
    for last in range(min(len(tokens), first + _LONGEST_SLIPPED), first, -1):
        if not taken & set(range(first, last)) and _may_be_misspelt(tokens[last - 1]):
            yield last


def _may_be_misspelt(token: _Token) -> bool:
    return token.is_word and not is_known(folded(token.text))


def _nearest(typed: str, known: Index) -> Mention | None:
    wanted = plain(typed)
    slips = len(wanted) // _LETTERS_PER_SLIP
    if not slips:
        return None
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    near = known.by_digits.get(digits(wanted), [])
    found = process.extractOne(wanted, near, scorer=OSA.distance, score_cutoff=slips)
    if found is None or found[0] in _AS_WRITTEN:
        return None
    is_cut = found[0].startswith(wanted) and known.kind(found[0]) == "model"  # "command" is not "Command A" misspelt
    return None if is_cut else known.mention(found[0], found[0])
