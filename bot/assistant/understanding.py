"""What stands in a text: its names, times and levels, in a line of plain English words and tags."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.assistant import levels, lexicon
from bot.assistant.concepts import with_concepts, with_terms
from bot.assistant.levels import Level
from bot.assistant.periods import Period, periods
from bot.assistant.text import folded, stem
from core.evidence.name_index import Mention, NameIndex, mentions

_PIECE = re.compile(r"<[a-z]+:\d+>|[^\W_]+(?:'[^\W_]+)*")
_APART = re.compile(r"(?<![<:\w])[-/](?=\w)|(?<=\w)[-/]")
_MARKS = re.compile("[<>]")
_NUMBER_ONE = re.compile(r"#1\b|\bnumber 1\b|\bno\.? 1\b")
_TOPIC = re.compile(
    r"\b(?:on|at|in|for|from) (?:the |ai )*([a-z]+)(?: and ([a-z]+))?(?= )"
    r"|\b([a-z]+) (?=gap |tests? |benchmarks? |tasks? )"
)
_BEGINNING = date(2017, 1, 1)
"""Before this day there were no language models to compare."""
_TELLS_NOTHING = ("<level:", "<day:", "<now:", "<rest:", "<future:", "<past:")
"""Tags that tell nothing of a text's subject: every text may hold a number or a day."""


@dataclass(frozen=True)
class Found:
    """What was found in a text, with the names that are known and the day on which it is read.

    `line` holds its words and tags, each with a space behind it; in `term_line` the terms of the glossary have tags
    too, and `terms` are these, the longest first. `wrong` are those that have a day's form and are none.
    """

    line: str
    mentions: tuple[Mention, ...]
    periods: tuple[Period, ...]
    levels: tuple[Level, ...]
    term_line: str
    terms: tuple[str, ...]
    names: NameIndex
    today: date
    wrong: tuple[str, ...] = ()

    @cached_property
    def stems(self) -> str:
        """Return the line with each word as its stem."""
        return _stemmed(self.line)

    @cached_property
    def term_stems(self) -> str:
        """Return the line in which terms have tags, with each word as its stem."""
        return _stemmed(self.term_line)

    @cached_property
    def known(self) -> int:
        """How many words of cues, and tags, the line has."""
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
    def is_distant(self) -> bool:
        """Whether a time is named that is still to come, or before there was anything to compare."""
        return self.has("future") or self.has("past")

    @property
    def n_words(self) -> int:
        """How many words and tags the line has."""
        return len(self.line.split())

    def has(self, tag: str) -> bool:
        """Whether the line has a tag of this kind."""
        return f"<{tag}:" in self.line

    def of(self, kind: str) -> list[Mention]:
        """Return the names of a kind that are not used up by a time, in order."""
        return [self.mentions[number] for number in _numbers(kind, self.line)]

    @property
    def left_out(self) -> list[Mention]:
        """The names that the text wants left out."""
        return [self.mentions[number] for number in _numbers("without", self.line)]

    @property
    def topics(self) -> list[str]:
        """The words that say of what the text asks, and that are not known: "coding"."""
        named = (word for pair in _TOPIC.findall(self.line) for word in pair if word)
        return [word for word in dict.fromkeys(named) if not (lexicon.is_little(word) or lexicon.is_cue(word))]

    @property
    def of_days(self) -> list[Period]:
        """The times that the text names, in order."""
        return [self.periods[number] for number in _numbers("day", self.line)]

    @property
    def of_levels(self) -> list[Level]:
        """The levels that the text names, in order."""
        return [self.levels[number] for number in _numbers("level", self.line)]

    @property
    def side(self) -> str | None:
        """The side that the text names, itself or by a model or lab of that side; None if neither or both."""
        named = set(re.findall(r"\b(open|closed)\b", self.line))
        for mention in self.of("model") + self.of("lab") if not named else ():
            lab = mention.value if mention.kind == "lab" else mention.lab
            is_open = mention.is_open if mention.is_open is not None else lab not in self.names.closed_labs
            named.add("open" if is_open else "closed")
        return named.pop() if len(named) == 1 else None


def understand(text: str, known: NameIndex, today: date) -> Found:
    """Find what stands in a cleaned text."""
    named = mentions(text, known, lambda word: lexicon.is_known(folded(word)))
    line = _tagged(text, named)
    line, is_foreign = lexicon.plain_english(line)
    releases = {f"<model:{n}>": date.fromisoformat(each.since) for n, each in enumerate(named) if each.since}
    line = levels.in_digits(_NUMBER_ONE.sub("number one", line))
    times, wrong = periods(line, today, releases, lexicon.is_known, is_foreign=is_foreign)
    line = _with_tags(line, times)
    line, found_levels = levels.marked(line)
    line = _with_distance(line, times, today)
    line = "".join(f"{piece} " for piece in _PIECE.findall(_APART.sub(" ", line)))
    term_line, terms = with_terms(line, named, known)
    return Found(
        with_concepts(line, named),
        tuple(named),
        tuple(times),
        tuple(found_levels),
        term_line,
        tuple(terms),
        known,
        today,
        tuple(wrong),
    )


def _tagged(text: str, named: list[Mention]) -> str:
    """Return a text in plain letters with a tag `<kind:n>` in the place of each name."""
    parts, end = [], 0
    for number, each in enumerate(named):
        parts += [folded(_MARKS.sub(" ", text[end : each.start])), f" <{each.kind}:{number}> "]
        end = each.end
    line = re.sub(" +", " ", "".join([*parts, folded(_MARKS.sub(" ", text[end:]))]))
    return re.sub(r"(<\w+:\d+>) ?'s?(?!\w)", r"\1", line).strip()


def _with_tags(line: str, times: list[Period]) -> str:
    """Return a line with a tag `<day:n>` in the place of each time."""
    for number, each in reversed(list(enumerate(times))):
        line = f"{line[: each.start]} <day:{number}> {line[each.end :]}"
    return line


def _with_distance(line: str, times: list[Period], today: date) -> str:
    """Return a line with a tag behind the times that are still to come, or before there was anything to compare."""
    for number, period in enumerate(times):
        tag = f"<day:{number}>"
        if period.first > today:
            line = line.replace(tag, f"{tag} <future:{number}>")
        if period.last < _BEGINNING:
            line = line.replace(tag, f"{tag} <past:{number}>")
    return line


def _numbers(tag: str, line: str) -> list[int]:
    return [int(number) for number in re.findall(rf"<{tag}:(\d+)>", line)]


def _stemmed(line: str) -> str:
    return "".join(f"{word if word[0] == '<' else stem(word)} " for word in line.split())


def _counts(line: str) -> tuple[int, int]:
    """Count the words and tags of a line that say something to the reader, and the words that are not known."""
    telling = [
        word
        for word in line.split()
        if not (lexicon.is_little(word) or word.startswith(_TELLS_NOTHING) or word.isdigit())
    ]
    known = sum(word[0] == "<" or lexicon.is_cue(word) for word in telling)
    return known, len(telling) - known
