"""What a text means besides names and figures: the two sides, the two kinds of tests, the others, now, and terms."""

import re

from bot.assistant import lexicon
from core.evidence.name_index import Mention, NameIndex, root
from core.evidence.names import misspelt, plain

_MODELS = (
    r"(?: models?| ones?| llms?| ai| side| labs?| stuff| systems?| makers?| releases?| community| ecosystem|"
    r" scores?| results?| records?)"
)
_PRIVATE = r"(?:private?|hidden|secret|held out|unpublished|non public|unseen)"
_TESTS = r"(?: tests?| ones?| benchmarks?| sets?| questions?| boards?| scores?| side| kind| results?)"
_WRITTEN = (
    ("private:1", rf"(?:the )?{_PRIVATE}{_TESTS}+"),
    ("private:0", rf"(?:the )?{_PRIVATE}"),
    ("public:1", rf"(?:the )?public{_TESTS}+"),
    ("public:0", r"(?:the )?public"),
    ("open:1", rf"(?:(?:open|free) weight(?:s|ed)?|open(?: sourced?)?{_MODELS}"
               rf"|free (?:models?|llms?|ai)|(?:opensource|downloadable|oss|foss){_MODELS}){_MODELS}*"),
    ("open:0", r"open sourced?|opensource|oss|foss|(?:that |which )?(?:you|i|we|one|anyone) can download"),
    ("closed:1", rf"(?:closed|proprietary|commercial)(?: sourced?| weights?)?{_MODELS}+|frontier (?:labs|models)"
                 r"|big labs"),
    ("closed:0", r"closed sourced?|proprietary"),
    ("rest:0", r"(?:all )?(?:the )?(?:others|rest(?: of (?:the world|them))?|(?:every|any)(?:one|body) else"
               r"|(?:all|those of |any |every )*other (?:countr(?:y|ies)|labs?|nations?|makers?)|elsewhere"
               r"|(?:(?<=against )|(?<=vs ))every(?:one|body))(?:'s)?"),
    ("now:0", r"(?:right now|now|today|currently|at the moment|these days|nowadays|present)(?:'s)?"),
)  # fmt: skip
_TAGGED = tuple((f"<{tag}>", re.compile(rf"(?<![\w<:])(?:{written})(?![\w:>])")) for tag, written in _WRITTEN)
"""Tags by how they are written; 1 stands where the text says models or tests besides, 0 where it does not."""
_ALONE = re.compile(
    r"(?<!\S)(open|closed) (?=(?:is|are|was|were|has|have|get|got|reach\w*|hits?|caught|catch\w*|trails?|lags?|leads?"
    r"|ahead|behind)(?: |$))"
)
"""A side that is called by its name alone, since it does something that only a side does."""
_TAGS = (
    r"((?:(?:the|any|all|those|and|or|from|by|on|of|counting|including) )*"
    r"<(?:benchmark|model|lab|country|private|public):\d+> (?:(?:and|or|nor) <(?:benchmark|model|lab|country):\d+> )*)"
)
_LEFT_OUT = tuple(
    re.compile(rf"(?<!\S){written}")
    for written in (
        r"(?:without|exclud(?:e|es|ing)|except(?:ing|ion of)?(?: for)?|other than|apart from|aside from|outside(?: of)?"
        r"|besides|beside|minus|(?:leav(?:e|ing)|left|tak(?:e|ing)|took) out|ignor(?:e|ing)|omit(?:ting)?|but not"
        r"|(?:all|any\w*|every\w*) but|non"
        r"|not|disregarding|drop|dropping|remov(?:e|ed|ing)|skip|skipping) " + _TAGS,
        r"if " + _TAGS + r"(?:had|has|did|was|were|is)(?: not| never|n't) ",
        r"(?:with|if|leaving|leave|taking|take|when)? ?"
        + _TAGS
        + r"(?:(?:is|are|was|were) )?(?:excluded|left out|taken out|removed|omitted|ignored|not counted|out|aside) ",
    )
)
"""How a text says that names are to be left out."""
_LONGEST_TERM, _LONGEST_SLIPPED = 6, 3
"""A term has at most so many words, a misspelt one so many."""
_NAMED = frozenset({"benchmark", "model", "lab", "country", "publisher"})


def with_concepts(line: str, mentions: list[Mention]) -> str:
    """Return a line with tags for the sides, the kinds of tests, the others and now besides those of names."""
    for tag, written in _TAGGED:
        line = written.sub(tag, line)
    line = _ALONE.sub(r"<\1:0> ", line)
    for tag, other in (("open", "closed"), ("closed", "open")):
        if f"<{other}:" in line or re.search(rf"(?<!\S){other} ", line):
            line = re.sub(rf"(?<!\S){tag} ", f"<{tag}:1> ", line)
    line = _without_doubles(_without_makers(line, mentions), mentions)
    for written in _LEFT_OUT:
        line = written.sub(lambda match: _left_out(match[1]), line)
    return line


def _left_out(tags: str) -> str:
    """Return what stands for names that are to be left out: a tag of their own; for a kind of tests the other one."""
    if "<private:" in tags or "<public:" in tags:
        return "<public:1> " if "<private:" in tags else "<private:1> "
    return "".join(f"<without:{number}> " for number in re.findall(r":(\d+)>", tags))


def _without_makers(line: str, mentions: list[Mention]) -> str:
    """Return a line without the labs of models that it names: "DeepSeek's R1" is one thing."""
    makers = {mention.lab for number, mention in enumerate(mentions) if f"<model:{number}>" in line}
    for number, mention in enumerate(mentions):
        if mention.kind == "lab" and mention.value in makers:
            line = line.replace(f"<lab:{number}> ", "")
    return line


def _without_doubles(line: str, mentions: list[Mention]) -> str:
    """Return a line with one name where two stand for one: "FrontierMath, Tier 4"."""

    def one(match: re.Match[str]) -> str:
        first, second = (mentions[int(number)].value or "" for number in match.groups())
        if first.startswith(second):
            return f"<benchmark:{match[1]}> "
        return f"<benchmark:{match[2]}> " if second.startswith(first) else match[0]

    return re.sub(r"<benchmark:(\d+)> <benchmark:(\d+)> ", one, line)


# ---- terms of the glossary


def with_terms(line: str, mentions: list[Mention], known: NameIndex) -> tuple[str, list[str]]:
    """Return a line with a tag `<term:n>` for each term of the glossary, and these, that of the most letters first."""
    words = line.split()
    parts: list[str] = []
    terms: list[tuple[int, str]] = []
    first = 0
    while first < len(words):
        last, shown = _longest(words, first, mentions, known)
        parts.append(f"<term:{len(terms)}>" if shown else words[first])
        terms += [(len(" ".join(words[first:last])), shown)] if shown else []
        first = last
    longest_first = sorted(terms, key=lambda term: (-term[0], -len(term[1])))
    return "".join(f"{part} " for part in parts), [shown for _, shown in longest_first]


def _longest(words: list[str], first: int, mentions: list[Mention], known: NameIndex) -> tuple[int, str | None]:
    """Return where the longest term ends that begins at a word, with the term; the next word where there is none."""
    for last in range(min(len(words), first + _LONGEST_TERM), first, -1):
        shown = _term(words[first:last], mentions, known)
        if shown:
            return last, shown
    return first + 1, None


def _term(words: list[str], mentions: list[Mention], known: NameIndex) -> str | None:
    """Return the term that some words are, or are a small slip of."""
    wanted = plain("".join(_typed(word, mentions) for word in words))
    name = known.terms.get(wanted) or known.terms.get(wanted.removesuffix("s")) or known.terms.get(f"{wanted}s")
    if name is None and len(words) == 1:
        name = known.inflected.get(root(wanted))  # "saturated" asks for "Saturation"
    if name:
        return name.shown
    if len(words) > _LONGEST_SLIPPED or any(word[0] == "<" or lexicon.is_known(word) for word in (words[0], words[-1])):
        return None
    slipped = misspelt(wanted, known.terms.values())
    return known.terms[slipped[0]].shown if slipped else None


def _typed(word: str, mentions: list[Mention]) -> str:
    """Return a word, of a name's tag what was typed: a name may be a term too, as "time horizon" is."""
    kind, _, number = word[1:-1].partition(":") if word[0] == "<" else ("", "", "")
    return mentions[int(number)].typed if kind in _NAMED else word
