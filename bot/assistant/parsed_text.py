"""Parses a text: its names, days, levels and sizes, and a line of stems and tags."""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from bot.assistant import english, patterns
from bot.assistant.periods import Period, find_periods
from bot.assistant.text import fold_text, stem
from core.names.name_index import Mention, NameIndex, mentions
from core.questions.bounds import MEMORY, NEGATION, ONE_SIZE, SIZE_RANGE, add_memory
from core.questions.fields import HARDWARE_SIZES, SIZE_WORDS, read_size
from core.text.numbers import find_figures
from core.words import DOMAINS

# ---- sizes in parameters, and hardware: "a 24 GB card", "two 3090s"


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
"""A size with the negation before it, which may not belong to it: "no gap for models over 70B"."""
_BARE = re.compile(
    r"(?<![\w.-])(\d{1,4}) ?b(?:[- ]class)?(?= (?:open |local )?(?:models?|llms?)\b)"
    r"(?: models? (?:and|or) (?:smaller|below|less))?",
    re.IGNORECASE,
)
"""A bare size of models, "8B models" or "8B-class models and smaller", means up to it."""
_CARD_WORDS = (
    r"(?:(?:on|in|into|fits?|with|have|got|own|using|for|the|an?|my|our|one|single|used|old|rtx|gtx|rx|geforce|nvidia|radeon"
    r"|amd|habe?|nen?|auf|mit|f\u00fcr|eine[nrm]?|meine[nrm]?|sur|avec|pour|une?|con|para|una|su|per|com|uma|minha)"
    r"\b ?)*"
)
"""Words before the number of a card; without them a number may mean anything."""
_MEMORY = re.compile(rf"\b(?P<said>{_CARD_WORDS}){MEMORY.pattern}", re.IGNORECASE)


def find_sizes(text: str) -> list[tuple[str, int, int]]:
    """Return (size, start, end) of the sizes in a text, in order, as `read_size` reads them.

    "Larger models" beside a number are the others.
    """
    numbers = [(match[0], match.start(), match.end()) for match in _PARAMETERS.finditer(text) if read_size(match[0])]
    numbers += [
        (f"up to {match[1]}B", match.start(), match.end())
        for match in _BARE.finditer(text)
        if not any(start <= match.start() < end for _, start, end in numbers)
    ]
    words = [
        ("others" if match[2] and numbers else match[1].lower(), match.start(), match.end())
        for match in _BEFORE_MODELS.finditer(text)
    ]
    memory = [
        (f"{add_memory(match)} GB", match.start() if match["card"] else match.end("said"), match.end())
        for match in _MEMORY.finditer(text)
        if match["said"] or match["times"] or match["memory"] or not (match["card"] or "").isdigit()
    ]
    return sorted(numbers + words + memory, key=lambda size: size[1])


def is_hardware(size: str) -> bool:
    """Whether a size is hardware instead of parameters."""
    return size in HARDWARE_SIZES or size.endswith(" GB")


# ---- levels: "80 %", "eighty percent", "half of", "2 hours"; a plain number may be one too


_TAG = re.compile(r"<\w+:\d+>")
_UNITS = {"percent": 1, "points": 1, "levels": 1, "minutes": 1, "hours": 60}
"""Units of levels in percent, points or minutes; hours become minutes, and "the 90 mark" has no unit."""
_LEAST_MARK = 10
"""Fewer "levels" are counted; "the 90 level" is one."""
_NO_LEVEL = re.compile(r" ?(?:numbers?|figures?|times|sources?|others|b|k|m)\b|[:>.,]\d|\w|>")
"""Words after a plain number that is no level."""
_TENS = frozenset("twenty thirty forty fifty sixty seventy eighty ninety hundred".split())
"""Plain numbers in words that may be levels in a follow-up: "and ninety?"."""
_INTERVAL = re.compile(r" ?(?:intervals?|ranges?|confidence|likely|certain)")


@dataclass(frozen=True)
class Level:
    """A level that a text names from `start` to `end`, in percent, minutes, points, or in no unit ("")."""

    value: float
    unit: str
    start: int = 0
    end: int = 0


def find_levels(line: str, *, goes_on: bool = False) -> list[Level]:
    """Return the levels that a line names outside of its tags, in order; one that `goes_on` may have them in words."""
    line = re.sub(r"(?<=\d)o(?= ?%)", "0", re.sub(r"(?<=\d),(?=\d{1,2}\b)", ".", line))
    line = re.sub(r"(?<!half )\ban(?= hour\b)", " 1", line)
    levels: list[Level] = []
    for figure in find_figures(line, [tag.span() for tag in _TAG.finditer(line)])[0]:
        value, unit = figure.value, figure.unit
        if not unit and value < 1 and line.startswith(" of ", figure.end):
            value, unit = 100 * value, "percent"
        is_number = figure.text[0].isdigit() or (goes_on and figure.text.split()[-1] in _TENS)
        is_plain = not unit and is_number and not _NO_LEVEL.match(line, figure.end)
        is_mark = unit in _UNITS and (unit != "levels" or value >= _LEAST_MARK)
        if (is_plain or is_mark) and not _INTERVAL.match(line, figure.unit_end):
            value = round(value * _UNITS.get(unit, 1), 1)
            unit = {"hours": "minutes", "levels": ""}.get(unit, unit)
            levels.append(Level(value, unit, figure.start, figure.unit_end))
    return levels


# ---- the text

_PIECE = re.compile(r"<[a-z]+:\d+>|[^\W_]+(?:'[^\W_]+)*")
_JOINERS = re.compile(r"(?<![<:\w])[-/](?=\w)|(?<=\w)[-/]")
_AND_CO = re.compile(
    r" ?(?:&|\b(?:and|und|et|y|e|n)\b) ?(?:co|friends|the likes?|company|consorts)\b\.?", re.IGNORECASE
)
"""What stands behind a name that means all of its side."""
_AGAINST_FREE = re.compile(
    r"^(?=.*\b(?:free|download\w*)\b).*\b(?:as|behind|than|vs|versus|against|between|with|to|match\w*) (?:the )?$",
    re.IGNORECASE,
)
"""What stands before a product that lay people hold free models against."""
_PRODUCT = "chatgpt"
_PLURAL = re.compile(r"\b[^\W\d_]{3,}s\b")
"""What may be the plural of a family of models: "the qwens"."""
_HUB = re.compile(r"\b(?:on|off) hugging ?face\b", re.IGNORECASE)
"""Where open models are, as people say it."""
_OPEN_AI = re.compile(r"(?<=\w's )open ai\b|(?<=[aei]an )open ai\b|(?<=ese )open ai\b", re.IGNORECASE)
"""Open models of a country, not OpenAI: "Europe's open AI", "Chinese open AI"."""
_DURATION = re.compile(
    r"\bwithin (?:about )?(?!(?:the|last|past|this|next|these) )(?:\w+ )?(?:days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)
"""A duration, which is no day."""
_IN_WORDS = {"half a": "0.5", "a": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "ten": "10"}
_CENTS_IN_WORDS = {"ten": 10, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_PRICE = re.compile(
    r"(?:\$|\busd) ?(\d+(?:\.\d+)?)"
    rf"|(\d+(?:\.\d+)?|\b(?:{'|'.join(_IN_WORDS)})(?= )) ?(?:\$|(?:us )?(?:usd|dollars?|bucks?)\b)"
    rf"|(\d+|\b(?:{'|'.join(_CENTS_IN_WORDS)})(?= )) ?(?:cents?\b|ct\b|¢)"
    r"|(?<![\w.-])(\d+(?:\.\d+)?)(?= (?:per|a|for a) (?:million(?: of)? tokens|mtok))",
    re.IGNORECASE,
)
"""A price as people write it: "$1", "2.50 dollars", "two bucks", "50 cents", "0.30 per million tokens"."""
_SUBSCRIPTION = re.compile(
    r" ?(?:/|an?|per|each|every) ?(?:day|week|month|mo|year|yr|hour|night|seat|user|head)\b", re.IGNORECASE
)
"""Behind a price of something else than tokens."""
_CODES = re.compile(
    r"(?:\A|(?<=\bare )|(?<=\bthe )|(?<=\band )|(?<=\bof )|(?<=\bvs )|(?<=\bor )|(?<=\bonly )"
    r"|(?<=\ba )|(?<=\bopen )|(?<=\bclosed ))us(?= (?:open|labs?|models?|ones)\b)"
    r"|(?:\A|(?<=\Aand ))us(?=\W*\Z)|\b(?:eu|uk)(?= (?:open|labs?|models?|llms?)\b)"
)
"""Country codes in lower case; after a verb "us" is a pronoun."""
_BARE_SIZE = re.compile(r"(?<![\w.,:<-])(\d{1,4}) ?(?:b|(?:bn|billion) param\w*)(?!\w|[.-]\w| active)")
"""A bare size, "the best 7B", means up to it."""
_UNREAD_BOUND = re.compile(
    r"(?<![\w.,:<-])(?:[€£] ?\d+(?:[.,]\d+)?"
    r"|\d+(?:[.,]\d+)? ?(?:b|bn|billions?|trillions?|gb|tb|€|£|euros?|pounds?)(?!\w)"
    r"|\d+(?:st|nd|rd|th)\b|(?:[\w.]+ ){1,2}(?:days?|weeks?|months?|years?) (?:and a half )?ago\b"
    r"|\b(?:medians?|iqr|interquartile|quartiles?|standard deviations?|variance|index-?1)\b)"
)
"""A number with a unit, a day or a statistic: it is asked back if it could not be read."""
_MOVABLE_DAY = re.compile(
    r"\b(?:easter|thanksgiving|pentecost|passover|ramadan|diwali|black friday)\b(?! ?[(,] ?(?:on )?<day)"
)
"""A feast, unless its day stands behind it."""
_THAT_YEAR = re.compile(r"\b(?<=of )(?:that|the same) year\b")
"""The year of the last question."""
_NUMBER_ONE = re.compile(r"#1\b|\bnumber 1\b|\bno\.? 1\b")
_BEGINNING = date(2017, 1, 1)
"""Before this day there were no models to compare."""
_KINDS = {"private": "tests", "public": "tests"}
_TELLS_NOTHING = ("<level", "<day", "<now", "<rest", "<future", "<past")
"""Tags that say nothing about a text's subject, as any text may have a number or a day."""


@dataclass(frozen=True)
class ParsedText:
    """The parts of a text, with the known names and the day on which it is read.

    `line` has its stems and tags, each followed by a space; in `term_line` the glossary's terms have tags too, and
    `terms` are these, the longest first. `days`, `levels`, `sizes` as typed, and `prices` are in the text's order;
    `bad_days` look like days and are none, `unread_bounds` are bounds without a tag.
    """

    line: str
    term_line: str
    mentions: tuple[Mention, ...]
    days: tuple[Period, ...]
    levels: tuple[Level, ...]
    sizes: tuple[str, ...]
    prices: tuple[str, ...]
    terms: tuple[str, ...]
    bad_days: tuple[str, ...]
    unread_bounds: tuple[str, ...]
    words: tuple[str, ...]
    names: NameIndex = field(repr=False)
    today: date

    @cached_property
    def n_known(self) -> int:
        """The number of known telling words and tags in the line."""
        return _count_words(self.line)[0]

    @cached_property
    def n_unknown(self) -> int:
        """The number of unknown words in the line."""
        return _count_words(self.line)[1]

    @property
    def is_about_terms(self) -> bool:
        """Whether the text has terms of the glossary, and no unknown words beside them."""
        return bool(self.terms) and _count_words(self.term_line)[1] == 0

    @property
    def n_words(self) -> int:
        """The number of words and tags in the line."""
        return len(self.line.split())

    def has(self, *tags: str) -> bool:
        """Whether the line has a tag of one of these kinds."""
        return any(f"<{tag}:" in self.line for tag in tags)

    def has_sign(self, name: str) -> bool:
        """Whether the line matches a pattern of `signs.txt` under a heading."""
        return patterns.has_sign(name, self.line)

    @property
    def kinds(self) -> set[str]:
        """The kinds of the line's tags; both kinds of tests count as one."""
        return {_KINDS.get(kind, kind) for kind in re.findall(r"<([a-z]+):", self.line)}

    def find(self, kind: str) -> list[Mention]:
        """Return the names of a kind in the line, in order."""
        return [self.mentions[number] for number in _tag_numbers(kind, self.line)]

    @property
    def domains(self) -> list[str]:
        """The fields of work in the text, in order."""
        return list(dict.fromkeys(DOMAINS[number] for number in _tag_numbers("domain", self.line)))

    @property
    def left_out(self) -> list[Mention]:
        """The names to leave out, without those that another name of their kind excludes anyway."""
        return [mention for mention in self.find("without") if self.has("rest") or not self.find(mention.kind)]

    @property
    def side(self) -> str | None:
        """The side of the text, by a word or by its models and labs; None if neither or both."""
        sides = {side for side in ("open", "closed") if self.has(side)}
        products = {mention.value for mention in self.find("lab") if mention.choices}  # "a Gemini" of Google's
        for mention in self.find("model") + self.find("lab") if not sides else ():
            lab = mention.value if mention.kind == "lab" else mention.lab
            may_be_open = lab not in {*products, *self.names.closed_labs}
            is_open = mention.is_open if mention.is_open is not None else may_be_open
            sides.add("open" if is_open else "closed")
        return sides.pop() if len(sides) == 1 else None


def parse(text: str, names: NameIndex, today: date, *, goes_on: bool = False, day: date | None = None) -> ParsedText:
    """Parse a cleaned text; one that `goes_on` from another need not mention models again.

    `day` is the day that the other text was about.
    """
    text = _CODES.sub(lambda code: code[0].upper(), text)
    sizes = find_sizes(text)
    text = _tag_spans(re.sub("[<>]", " ", text), [("size", start, end) for _, start, end in sizes])
    text = _DURATION.sub("", text)
    prices = [price for price in _PRICE.finditer(text) if not _SUBSCRIPTION.match(text, price.end())]
    prices = [price for price in prices if not (price[4] and _ends_with_name(text[: price.start()], names))]
    text = _tag_spans(text, [("price", *price.span()) for price in prices])
    text = _PLURAL.sub(lambda word: _name_one(word[0], names), text)
    text = _OPEN_AI.sub("open models", _HUB.sub("open", _name_side(text, names)))
    entities = mentions(text, names, lambda word: english.is_known(fold_text(word)))
    line = fold_text(_tag_spans(text, [(mention.kind, mention.start, mention.end) for mention in entities]))
    for bare in _BARE_SIZE.finditer(line):  # no name has it
        line = line.replace(bare[0], f" <size:{len(sizes)}>", 1)
        sizes.append((f"up to {bare[1]}B", 0, 0))
    line = english.to_plain_english(re.sub(r"(<\w+:\d+>) ?'s?(?!\w)", r"\1", line))
    labels = {f"<{name.kind}:{n}>": name.typed for n, name in enumerate(entities)}  # "time horizon" is a term too
    labels |= {f"<size:{n}>": size for n, (size, *_) in enumerate(sizes)}
    labels |= {f"<price:{n}>": price[0] for n, price in enumerate(prices)}
    raw_line = re.sub(r"<\w+:\d+>", lambda tag: labels[tag[0]], line)
    terms = [term for term in mentions(raw_line, names.of_terms, english.is_known) if not term.ordinary]
    term_line = _stem_line(_tag_spans(raw_line, [("term", term.start, term.end) for term in terms]))
    terms.sort(key=lambda term: (-len(term.typed), -len(term.value or "")))
    line = _NUMBER_ONE.sub("number one", line)
    releases = {f"<model:{n}>": date.fromisoformat(name.since) for n, name in enumerate(entities) if name.since}
    releases = {} if patterns.has_sign("asks how long a match took", _stem_line(line)) else releases
    line = _THAT_YEAR.sub(str(day.year), line) if day else line
    periods, bad_days = find_periods(line, today, releases, day)
    line = _tag_spans(line, [("day", period.start, period.end) for period in periods])
    levels = find_levels(line, goes_on=goes_on)
    line = _tag_spans(line, [("level", level.start, level.end) for level in levels])
    unread_bounds = _UNREAD_BOUND.findall(line) + _MOVABLE_DAY.findall(line)
    for number, period in enumerate(periods):
        distance = "future" if period.first > today else "past" if period.last < _BEGINNING else None
        if distance:
            line = line.replace(f"<day:{number}>", f"<day:{number}> <{distance}:{number}>")
    models = [mention for mention in entities if mention.kind == "model" and not mention.ordinary]
    line, all_sizes = _tag_places(
        _stem_line(line), [size for size, *_ in sizes], has_model=bool(models), goes_on=goes_on
    )
    if not sizes and any(model.is_open is False for model in models):
        all_sizes = []  # "do we have GPT-4 at home": no closed model runs there
    return ParsedText(
        _tag_sides(_drop_makers(line, entities)), term_line, tuple(entities), tuple(periods), tuple(levels),
        tuple(all_sizes), tuple(map(_write_dollars, prices)), tuple(term.value for term in terms if term.value),
        tuple(bad_days), tuple(unread_bounds), tuple(_PIECE.findall(raw_line)), names, today,
    )  # fmt: skip


def _ends_with_name(text: str, names: NameIndex) -> bool:
    """Whether a text ends with a name, whose version may follow: "the price of GPT"."""
    return any(name.end == len(text.rstrip()) for name in mentions(text, names, english.is_known))


def _name_one(word: str, names: NameIndex) -> str:
    """Return a lab's or family's name for its plural: "the qwens"."""
    one = None if names.mention(word) or english.is_known(word.lower()) else names.mention(word[:-1])
    return word[:-1] if one and one.kind == "lab" and not one.ordinary else word


def _name_side(text: str, names: NameIndex) -> str:
    """Replace a name that stands for its whole side: "ChatGPT & co", or ChatGPT beside free models, are closed ones."""
    may_be_side = _AND_CO.search(text) or _PRODUCT in text.lower()
    for mention in reversed(mentions(text, names, english.is_known)) if may_be_side else ():
        others = _AND_CO.match(text, mention.end)
        is_product = mention.typed.lower() == _PRODUCT and _AGAINST_FREE.search(text[: mention.start])
        if (others or is_product) and mention.kind in ("model", "lab"):
            is_closed = mention.is_open is False or (mention.value or mention.lab) in names.closed_labs
            end = others.end() if others else mention.end
            text = f"{text[: mention.start]}{'closed' if is_closed else 'open'} models{text[end:]}"
    return text


def _write_dollars(price: re.Match[str]) -> str:
    """Return a price in dollars, as a number."""
    if price[3]:
        return f"{int(_CENTS_IN_WORDS.get(price[3].lower(), price[3])) / 100:g}"
    number = (price[1] or price[2] or price[4]).lower()
    return _IN_WORDS.get(number, number)


def _tag_spans(line: str, spans: list[tuple[str, int, int]]) -> str:
    """Replace each span (kind, start, end) of a line by a tag `<kind:n>`."""
    for number, (kind, start, end) in reversed(list(enumerate(spans))):
        line = f"{line[:start]} <{kind}:{number}> {line[end:]}"
    return re.sub(" +", " ", line).strip()


def _stem_line(line: str) -> str:
    words = _PIECE.findall(_JOINERS.sub(" ", line))
    return "".join(f"{word if word[0] == '<' else stem(word)} " for word in words)


def _tag_numbers(tag: str, line: str) -> list[int]:
    return [int(number) for number in re.findall(rf"<{tag}:(\d+)>", line)]


def is_telling(word: str) -> bool:
    """Whether a word or tag of a line says something about the subject."""
    return not (english.is_little(word) or word.startswith(_TELLS_NOTHING) or word.isdigit())


def _count_words(line: str) -> tuple[int, int]:
    """Count the known telling words and tags of a line, and its unknown words."""
    telling = [word for word in line.split() if is_telling(word)]
    n_known = sum(word[0] == "<" or english.is_cue(word) for word in telling)
    return n_known, len(telling) - n_known


def _tag_places(line: str, sizes: list[str], *, has_model: bool, goes_on: bool) -> tuple[str, list[str]]:
    """Replace places where models run, such as a laptop, by sizes; return the line and all sizes.

    A place is dropped beside a size; place and hardware have no tag beside a model's name.
    """
    all_sizes = list(sizes)
    for number in (number for number, size in enumerate(sizes) if has_model and is_hardware(size)):
        line = line.replace(f"<size:{number}> ", "")
    has_size = has_model or bool(sizes)
    may_be = has_model or goes_on or patterns.has_sign("speaks of models", line)
    for size, pattern in patterns.read_sections("places.txt") if may_be else ():
        line, times = patterns.compile_pattern(pattern).subn("" if has_size else "<size:0> ", line)
        all_sizes += [size] * (times > 0 and not all_sizes)
        has_size |= times > 0
    return line, all_sizes


# ---- the two sides, the two kinds of tests, the others, now


_SECRET_THAN_OPEN = re.compile(
    r"(<private:\d> (?:(?!<open|<closed|<public)\S+ ){0,6}(?:than|vs|against|or) (?:on )?(?:the )?)"
    r"(?:<open:1>|publish one) "
)
"""Open tests, which are public tests, compared with private ones."""
_OTHER_DOMAIN = re.compile(r"(<domain:\d> (?:(?!why)\S+ ){0,2})(?:but )?(?:not|instead of|rather than) <domain:\d> ")
"""A field of work, and another one that is not meant."""
_DROPPED_DOMAIN = re.compile(
    r"\b(?:forget|drop|skip|scrap|not|instead of|rather than) <domain:\d> (?=(?:(?!and |or )\S+ ){0,2}<domain:\d>)"
)
"""A field of work that is dropped for the one behind it: "forget science, knowledge"."""


def _tag_sides(line: str) -> str:
    """Tag domains, sides, kinds of tests, the others and now in a line, and names to leave out."""
    for domain, pattern in patterns.read_sections("domains.txt"):
        line = patterns.compile_pattern(pattern).sub(f"<domain:{DOMAINS.index(domain)}> ", line)
    for tag, pattern in patterns.read_sections("tags.txt"):
        line = patterns.compile_pattern(pattern).sub(f"<{tag}> ", line)
    line = _SECRET_THAN_OPEN.sub(r"\1<public:1> ", line)
    line = re.sub(r"(<(?:private|public):\d> )minus (?=<(?:private|public):)", r"\1vs ", line)  # their difference
    is_both = {"open", "closed"} <= set(re.findall(r"open|closed", line))
    line = re.sub(r"(?<!\S)(open|closed) ", rf"<\1:{int(is_both)}> ", line)
    line = _DROPPED_DOMAIN.sub("", _OTHER_DOMAIN.sub(r"\1", line))
    for pattern in patterns.patterns_under("signs.txt", "leaves out"):
        line = patterns.compile_pattern(pattern).sub(lambda match: _write_exclusion(match[0]), line)
    return line


def _write_exclusion(tags: str) -> str:
    """Return tags for names to leave out; for a kind of tests or models, the tag of the other kind."""
    for kind, other in (("private", "public"), ("public", "private"), ("open", "closed"), ("closed", "open")):
        if f"<{kind}:" in tags:
            return f"only <{other}:1> "
    return "".join(f"<without:{number}> " for number in re.findall(r":(\d+)>", tags))


def _drop_makers(line: str, entities: list[Mention]) -> str:
    """Remove the labs of named models from a line ("DeepSeek's R1")."""
    makers = {mention.lab for mention in entities if mention.kind == "model"}
    for number, mention in enumerate(entities):
        if mention.kind == "lab" and mention.value in makers:
            line = line.replace(f"<lab:{number}> ", "")
    return line
