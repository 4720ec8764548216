"""What stands in a text: its names, times, levels and sizes, in a line of stems and tags."""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from bot.assistant import english, patterns
from bot.assistant.periods import Period, periods
from bot.assistant.text import folded, stem
from core.names.name_index import Mention, NameIndex, mentions
from core.questions.bounds import MEMORY, NEGATION, ONE_SIZE, SIZE_RANGE, add_memory
from core.questions.fields import HARDWARE_SIZES, SIZE_WORDS, read_size
from core.text.numbers import find_figures
from core.words import DOMAINS

# ---- sizes in parameters, and what a model should run on: "a 24 GB card", "two 3090s"


_WORD = f"({'|'.join(SIZE_WORDS)})(g?e?r)?"
_BEFORE_MODELS = re.compile(
    rf"\b{_WORD}(?= (?:(?:vs\.?|versus|and|or|against|with|than) {_WORD} )?(?:open(?:[- ]?(?:weights?|sourced?))? )?"
    r"(?:models?|ones|llms?)\b)",
    re.IGNORECASE,
)
_PARAMETERS = re.compile(
    rf"(?<![\w.-])(?:{NEGATION} (?:(?!and\b|but\b|or\b)\w+ ){{0,3}}?)?(?:{SIZE_RANGE.pattern}|{ONE_SIZE.pattern})"
    r"(?!\w| *(?:tokens|dollars|usd|euros|users|people))",
    re.IGNORECASE,
)
"""A size with the negation before it, which may turn it round or not: "no gap for models over 70B" is none."""
_BARE = re.compile(r"(?<![\w.-])(\d{1,4}) ?b(?= (?:open |local )?(?:models?|llms?)\b)", re.IGNORECASE)
"""A size that is said of models alone, "8B models": up to it."""
_SAID = (
    r"(?:(?:on|in|into|fits?|with|have|got|own|using|for|the|an?|my|our|one|single|used|old|rtx|gtx|rx|geforce|nvidia|radeon"
    r"|amd|auf|mit|f\u00fcr|eine[rm]?|meine[rm]?|sur|avec|pour|une?|con|para|una|su|per|com|uma|minha)\b ?)*"
)
"""What stands before the number of a card; a number without it may be anything."""
_MEMORY = re.compile(rf"\b(?P<said>{_SAID}){MEMORY.pattern}", re.IGNORECASE)


def find_sizes(text: str) -> list[tuple[str, int, int]]:
    """Find the sizes in a text, in order: each as `read_size` reads it, with the places where it begins and ends.

    "Larger models" beside a number are the others.
    """
    numbers = [(each[0], each.start(), each.end()) for each in _PARAMETERS.finditer(text) if read_size(each[0])]
    numbers += [
        (f"up to {each[1]}B", each.start(), each.end())
        for each in _BARE.finditer(text)
        if not any(start <= each.start() < end for _, start, end in numbers)
    ]
    words = [
        ("others" if each[2] and numbers else each[1].lower(), each.start(), each.end())
        for each in _BEFORE_MODELS.finditer(text)
    ]
    memory = [
        (f"{add_memory(each)} GB", each.start() if each["card"] else each.end("said"), each.end())
        for each in _MEMORY.finditer(text)
        if each["said"] or each["times"] or each["memory"] or not (each["card"] or "").isdigit()
    ]
    return sorted(numbers + words + memory, key=lambda each: each[1])


def is_hardware(size: str) -> bool:
    """Whether a size names what models should run on instead of their parameters."""
    return size in HARDWARE_SIZES or size.endswith(" GB")


# ---- levels: "80 %", "eighty percent", "half of", "2 hours"; a plain number may be one too


_TAG = re.compile(r"<\w+:\d+>")
_UNITS = {"percent": 1, "points": 1, "minutes": 1, "hours": 60}
"""What levels are counted in; hours are minutes here."""
_NO_LEVEL = re.compile(r" ?(?:numbers?|figures?|times|sources?|others|b|k|m)\b|[:>.,]\d|\w|>")
"""What stands behind a plain number that is no level."""
_INTERVAL = re.compile(r" ?(?:intervals?|ranges?|confidence|likely|certain)")


@dataclass(frozen=True)
class Level:
    """A level that a text names from `start` to `end`, in percent, minutes, points, or in no unit ("")."""

    value: float
    unit: str
    start: int = 0
    end: int = 0


def find_levels(line: str) -> list[Level]:
    """Return the levels that a line names outside of its tags, in order."""
    line = re.sub(r"(?<=\d)o(?= ?%)", "0", re.sub(r"(?<=\d),(?=\d{1,2}\b)", ".", line))
    line = re.sub(r"(?<!half )\ban(?= hour\b)", " 1", line)
    found: list[Level] = []
    for each in find_figures(line, [tag.span() for tag in _TAG.finditer(line)])[0]:
        value, unit = each.value, each.unit
        if not unit and value < 1 and line.startswith(" of ", each.end):
            value, unit = 100 * value, "percent"
        is_plain = not unit and each.text[0].isdigit() and not _NO_LEVEL.match(line, each.end)
        if (is_plain or unit in _UNITS) and not _INTERVAL.match(line, each.unit_end):
            value = round(value * _UNITS.get(unit, 1), 1)
            found.append(Level(value, "minutes" if unit == "hours" else unit, each.start, each.unit_end))
    return found


# ---- the text

_PIECE = re.compile(r"<[a-z]+:\d+>|[^\W_]+(?:'[^\W_]+)*")
_APART = re.compile(r"(?<![<:\w])[-/](?=\w)|(?<=\w)[-/]")
_WITHIN = re.compile(
    r"\bwithin (?:about )?(?!(?:the|last|past|this|next|these) )(?:\w+ )?(?:days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)
"""A length of time in which something comes about, which is no day."""
_IN_WORDS = {"half a": "0.5", "a": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "ten": "10"}
_PRICE = re.compile(
    r"(?:\$|\busd) ?(\d+(?:\.\d+)?)"
    rf"|(\d+(?:\.\d+)?|\b(?:{'|'.join(_IN_WORDS)})(?= )) ?(?:\$|(?:us )?(?:usd|dollars?|bucks?)\b)"
    r"|(\d+) ?(?:cents?\b|ct\b|¢)|(?<![\w.-])(\d+(?:\.\d+)?)(?= (?:per|a|for a) (?:million(?: of)? tokens|mtok))",
    re.IGNORECASE,
)
"""A price as people write it: "$1", "2.50 dollars", "two bucks", "50 cents", "0.30 per million tokens"."""
_CODES = re.compile(
    r"(?:\A|(?<=\bare )|(?<=\bthe )|(?<=\band )|(?<=\bof )|(?<=\bvs )|(?<=\bor )|(?<=\bonly )"
    r"|(?<=\bopen )|(?<=\bclosed ))us(?= (?:open|labs?|models?|ones)\b)"
    r"|(?:\A|(?<=\Aand ))us(?=\W*\Z)|\b(?:eu|uk)(?= (?:open|labs?|models?|llms?)\b)"
)
"""Codes of places as people write them who write no capitals; behind a verb "us" is a pronoun."""
_BARE_SIZE = re.compile(r"(?<![\w.,:<-])(\d{1,4}) ?b(?!\w|[.-]\w| active)")
"""A size that is said alone, "the best 7B": up to it."""
_UNREAD = re.compile(
    r"(?<![\w.,:<-])(?:[€£] ?\d+(?:[.,]\d+)?"
    r"|\d+(?:[.,]\d+)? ?(?:b|bn|billions?|trillions?|gb|tb|€|£|euros?|pounds?)(?!\w)"
    r"|\d+(?:st|nd|rd|th)\b|(?:[\w.]+ ){1,2}(?:days?|weeks?|months?|years?) (?:and a half )?ago\b"
    r"|\b(?:easter|thanksgiving|pentecost|passover|ramadan|diwali|black friday)\b)"
)
"""A number with a unit, or a day: what bounds a question, and is asked back where it was not read."""
_NUMBER_ONE = re.compile(r"#1\b|\bnumber 1\b|\bno\.? 1\b")
_BEGINNING = date(2017, 1, 1)
"""Before this day there were no language models to compare."""
_KINDS = {"private": "tests", "public": "tests"}
_TELLS_NOTHING = ("<level", "<day", "<now", "<rest", "<future", "<past")
"""Tags that tell nothing of a text's subject: every text may hold a number or a day."""


@dataclass(frozen=True)
class ParsedText:
    """What was found in a text, with the names that are known and the day on which it is read.

    `line` holds its stems and tags, each with a space behind it; in `term_line` the terms of the glossary have tags
    too, and `terms` are these, the longest first. `days`, `levels`, `sizes` of models, as typed, and `prices` are in
    the order of the text; `wrong` is what has a day's form and is none, `unread` what bounds a question and has no tag.
    """

    line: str
    term_line: str
    mentions: tuple[Mention, ...]
    days: tuple[Period, ...]
    levels: tuple[Level, ...]
    sizes: tuple[str, ...]
    prices: tuple[str, ...]
    terms: tuple[str, ...]
    wrong: tuple[str, ...]
    unread: tuple[str, ...]
    words: tuple[str, ...]
    names: NameIndex = field(repr=False)
    today: date

    @cached_property
    def known(self) -> int:
        """How many telling words, and tags, the line has."""
        return _counts(self.line)[0]

    @cached_property
    def unknown(self) -> int:
        """How many words of the line say nothing to the reader."""
        return _counts(self.line)[1]

    @property
    def is_about_terms(self) -> bool:
        """Whether all that the text says is known once the terms of the glossary are."""
        return bool(self.terms) and _counts(self.term_line)[1] == 0

    @property
    def n_words(self) -> int:
        """How many words and tags the line has."""
        return len(self.line.split())

    def has(self, *tags: str) -> bool:
        """Whether the line has a tag of one of these kinds."""
        return any(f"<{tag}:" in self.line for tag in tags)

    @property
    def kinds(self) -> set[str]:
        """The kinds of the line's tags; a kind of tests is one."""
        return {_KINDS.get(kind, kind) for kind in re.findall(r"<([a-z]+):", self.line)}

    def of(self, kind: str) -> list[Mention]:
        """Return the names of a kind that are not used up by a time, in order."""
        return [self.mentions[number] for number in _numbers(kind, self.line)]

    @property
    def domains(self) -> list[str]:
        """The fields of work that the text names, in order."""
        return list(dict.fromkeys(DOMAINS[number] for number in _numbers("domain", self.line)))

    @property
    def left_out(self) -> list[Mention]:
        """The names that the text wants left out, without those that another of their kind leaves out by itself."""
        return [each for each in self.of("without") if self.has("rest") or not self.of(each.kind)]

    @property
    def side(self) -> str | None:
        """The side that the text names, itself or by a model or lab of that side; None if neither or both."""
        named = {side for side in ("open", "closed") if self.has(side)}
        for mention in self.of("model") + self.of("lab") if not named else ():
            lab = mention.value if mention.kind == "lab" else mention.lab
            is_open = mention.is_open if mention.is_open is not None else lab not in self.names.closed_labs
            named.add("open" if is_open else "closed")
        return named.pop() if len(named) == 1 else None


def parse(text: str, known: NameIndex, today: date, *, goes_on: bool = False, before: date | None = None) -> ParsedText:
    """Find what stands in a cleaned text; one that `goes_on` from another need not speak of models again.

    `before` is the day that the other was about.
    """
    text = _CODES.sub(lambda code: code[0].upper(), text)
    sizes = find_sizes(text)
    text = _tag(re.sub("[<>]", " ", text), [("size", start, end) for _, start, end in sizes])
    text = _WITHIN.sub("", text)
    prices = list(_PRICE.finditer(text))
    text = _tag(text, [("price", *each.span()) for each in prices])
    named = mentions(text, known, lambda word: english.is_known(folded(word)))
    line = folded(_tag(text, [(each.kind, each.start, each.end) for each in named]))
    is_of_best = patterns.has_sign("asks for the best", _stems(line))
    for bare in _BARE_SIZE.finditer(line) if is_of_best or goes_on else ():  # no name has it
        line = line.replace(bare[0], f" <size:{len(sizes)}>", 1)
        sizes.append((f"up to {bare[1]}B", 0, 0))
    line = english.plain_english(re.sub(r"(<\w+:\d+>) ?'s?(?!\w)", r"\1", line))
    called = {f"<{each.kind}:{n}>": each.typed for n, each in enumerate(named)}  # "time horizon" is a term too
    called |= {f"<size:{n}>": size for n, (size, *_) in enumerate(sizes)}
    called |= {f"<price:{n}>": each[0] for n, each in enumerate(prices)}
    typed = re.sub(r"<\w+:\d+>", lambda tag: called[tag[0]], line)
    terms = mentions(typed, known.of_terms, english.is_known)
    term_line = _stems(_tag(typed, [("term", each.start, each.end) for each in terms]))
    terms.sort(key=lambda each: (-len(each.typed), -len(each.value or "")))
    line = _NUMBER_ONE.sub("number one", line)
    releases = {f"<model:{n}>": date.fromisoformat(each.since) for n, each in enumerate(named) if each.since}
    times, wrong = periods(line, today, releases, before)
    line = _tag(line, [("day", each.start, each.end) for each in times])
    levels = find_levels(line)
    line = _tag(line, [("level", each.start, each.end) for each in levels])
    unread = _UNREAD.findall(line)
    for number, time in enumerate(times):
        distance = "future" if time.first > today else "past" if time.last < _BEGINNING else None
        if distance:
            line = line.replace(f"<day:{number}>", f"<day:{number}> <{distance}:{number}>")
    has_model = any(each.kind == "model" and not each.ordinary for each in named)
    line, placed = _tag_places(_stems(line), [size for size, *_ in sizes], has_model=has_model, goes_on=goes_on)
    return ParsedText(
        _tag_sides(_drop_makers(line, named)), term_line, tuple(named), tuple(times), tuple(levels),
        tuple(placed), tuple(map(_dollars, prices)),
        tuple(each.value for each in terms if each.value), tuple(wrong), tuple(unread), tuple(_PIECE.findall(typed)),
        known, today,
    )  # fmt: skip


def _dollars(price: re.Match[str]) -> str:
    """Write a price in dollars as a number."""
    if price[3]:
        return f"{int(price[3]) / 100:g}"
    typed = (price[1] or price[2] or price[4]).lower()
    return _IN_WORDS.get(typed, typed)


def _tag(line: str, spans: list[tuple[str, int, int]]) -> str:
    """Return a line with a tag `<kind:n>` in the place of each span."""
    for number, (kind, start, end) in reversed(list(enumerate(spans))):
        line = f"{line[:start]} <{kind}:{number}> {line[end:]}"
    return re.sub(" +", " ", line).strip()


def _stems(line: str) -> str:
    words = _PIECE.findall(_APART.sub(" ", line))
    return "".join(f"{word if word[0] == '<' else stem(word)} " for word in words)


def _numbers(tag: str, line: str) -> list[int]:
    return [int(number) for number in re.findall(rf"<{tag}:(\d+)>", line)]


def tells(word: str) -> bool:
    """Whether a word of a line, or a tag, says something of what a text is about."""
    return not (english.is_little(word) or word.startswith(_TELLS_NOTHING) or word.isdigit())


def _counts(line: str) -> tuple[int, int]:
    """Count the words and tags of a line that say something to the reader, and the words that are not known."""
    telling = [word for word in line.split() if tells(word)]
    known = sum(word[0] == "<" or english.is_cue(word) for word in telling)
    return known, len(telling) - known


def _tag_places(line: str, sizes: list[str], *, has_model: bool, goes_on: bool) -> tuple[str, list[str]]:
    """Return a line with sizes for where models should run, and all the sizes.

    A place says no more than the memory that is named besides; and what a model that is named runs on tells nothing.
    """
    found = ["" if has_model and is_hardware(size) else size for size in sizes]
    for number in (number for number, size in enumerate(found) if not size):
        line = line.replace(f"<size:{number}> ", "")
    is_told = has_model or bool(sizes)
    may_be = has_model or goes_on or patterns.has_sign("speaks of models", line)
    for size, pattern in patterns.sections("places.txt") if may_be else ():
        line, times = patterns.compiled(pattern).subn("" if is_told else "<size:0> ", line)
        found += [size] * (times > 0 and not is_told)
        is_told |= times > 0
    return line, found


# ---- the two sides, the two kinds of tests, the others, now


_SECRET_THAN_OPEN = re.compile(
    r"(<private:\d> (?:(?!<open|<closed|<public)\S+ ){0,6}(?:than|vs|against|or) (?:on )?(?:the )?)"
    r"(?:<open:1>|publish one) "
)
"""Open tests, which are public ones, beside private tests."""


def _tag_sides(line: str) -> str:
    """Return a line with tags for domains, sides, kinds of tests, the others and now, and for names to be left out."""
    for domain, pattern in patterns.sections("domains.txt"):
        line = patterns.compiled(pattern).sub(f"<domain:{DOMAINS.index(domain)}> ", line)
    for tag, pattern in patterns.sections("tags.txt"):
        line = patterns.compiled(pattern).sub(f"<{tag}> ", line)
    line = _SECRET_THAN_OPEN.sub(r"\1<public:1> ", line)
    is_both = {"open", "closed"} <= set(re.findall(r"open|closed", line))
    line = re.sub(r"(?<!\S)(open|closed) ", rf"<\1:{int(is_both)}> ", line)
    for pattern in patterns.under("signs.txt", "leaves out"):
        line = patterns.compiled(pattern).sub(lambda match: _left_out(match[0]), line)
    return line


def _left_out(tags: str) -> str:
    """Return what stands for names that are to be left out: a tag of their own; for a kind of tests the other one."""
    if "<private:" in tags or "<public:" in tags:
        return "<public:1> " if "<private:" in tags else "<private:1> "
    return "".join(f"<without:{number}> " for number in re.findall(r":(\d+)>", tags))


def _drop_makers(line: str, named: list[Mention]) -> str:
    """Return a line without the labs of models that it names ("DeepSeek's R1")."""
    makers = {each.lab for each in named if each.kind == "model"}
    for number, each in enumerate(named):
        if each.kind == "lab" and each.value in makers:
            line = line.replace(f"<lab:{number}> ", "")
    return line
