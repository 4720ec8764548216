"""The names in a text: those of the facts, under any short form, and those that exist but are not among the facts."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from core.answer import Fact
from core.grounding.backing import is_name

if TYPE_CHECKING:
    from core.store.store import Store

_WORD = re.compile(r"[^\W_]+")
_BRACKETS = re.compile(r"\s*\(([^()]*(?:\([^()]*\))?[^()]*)\)")
_LEADING = re.compile(r"^(?:(?:from|of|the|an?|best|newest|release|match|on|scores?|model)\s+)+")
_POSSESSIVE = re.compile(r"(?:'s|’s|'|’)$")
_DATE_TAIL = re.compile(r"[ -]\d{4,8}$")
_LAB_TAIL = re.compile(r" (?:AI|Labs?|Research)$")
_FEW_WORDS = 7
_FAMILY = 3
"""So many names begin with a word that is a family's: Claude, Qwen."""
_DEMONYMS = {
    "Brazilian": "Brazil", "Canadian": "Canada", "Chinese": "China", "French": "France", "German": "Germany",
    "Indian": "India", "Israeli": "Israel", "Japanese": "Japan", "Polish": "Poland", "Portuguese": "Portugal",
    "Russian": "Russia", "Saudi": "Saudi Arabia", "Singaporean": "Singapore", "Korean": "South Korea",
    "Swiss": "Switzerland", "Thai": "Thailand", "Vietnamese": "Vietnam", "Emirati": "United Arab Emirates",
    "British": "United Kingdom of Great Britain and Northern Ireland", "American": "United States of America",
    "US": "United States of America", "U.S.": "United States of America", "USA": "United States of America",
    "America": "United States of America", "United States": "United States of America", "European": "Europe",
}  # fmt: skip
"""Words for what is a country's, with its name in the data."""
_DEMONYM = re.compile(rf"\b(?:{'|'.join(map(re.escape, _DEMONYMS))})(?!\w)")


@dataclass(frozen=True)
class Mention:
    """A name as it stands in a text, with the facts' names that it may stand for: none for a name of no fact."""

    start: int
    end: int
    text: str
    names: frozenset[str]


@dataclass(frozen=True)
class Names:
    """Every way to write some names: by first word, (plain form, exact form or empty, names), the longest first."""

    ways: Mapping[str, tuple[tuple[str, str, frozenset[str]], ...]]
    families: frozenset[str]


def all_names(store: "Store") -> frozenset[str]:
    """Return the names of every model, lab, benchmark and country of the data: the `known_names` of a check."""
    from core.evidence import names

    lists = (names.models, names.labs, names.benchmarks, names.countries)
    return frozenset(name.shown for each in lists for name in each(store))


def plain(name: str) -> str:
    """Return a name's form for comparing, place by place: no case, blanks for dashes."""
    return "".join(" " if letter in _DASHES else letter for letter in name.translate(_LOWER))


_DASHES = "-_\u2011\u2013"
_LOWER = {ord(letter): ord(letter.lower()) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


@lru_cache(maxsize=8)
def known_index(known: frozenset[str]) -> Names:
    """Return an index of all names that exist."""
    ways: dict[str, set[str]] = {}
    for name in known:
        for way in (*_short_forms(name), *_of_lab(name)):
            ways.setdefault(way, set()).add(name)
    firsts = Counter(name.split()[0].split("-")[0] for name in known)
    families = {first for first, number in firsts.items() if number >= _FAMILY and _is_family(first)}
    return _index({way: frozenset() for way in ways}, frozenset(families))


@lru_cache(maxsize=64)
def fact_index(facts: tuple[Fact, ...], known: frozenset[str]) -> Names:
    """Return an index of the names that the facts say; a short form that is another known name is left out."""
    ways: defaultdict[str, set[str]] = defaultdict(set)
    everything = known_index(known)
    own = _names_of(facts, everything)
    taken = {plain(name) for name in known} - {plain(name) for name in own}
    for name in own:
        for way in _short_forms(name):
            ways[way].add(canonical(name))
        for way in _shortest_forms(name):
            if plain(way) not in taken or way in everything.families:
                ways[way].add(canonical(name))
    for fact in facts:
        if is_name(fact) and _is_short_name(str(fact.value)) and _is_short_name(fact.shown):
            ways[str(fact.value)].add(canonical(fact.shown))
    return _index({way: frozenset(names) for way, names in ways.items()}, frozenset())


def _names_of(facts: tuple[Fact, ...], known: Names) -> set[str]:
    """Return the names that facts are, that stand in their subjects, and that exist and stand in their texts."""
    found: set[str] = set()
    for fact in facts:
        if is_name(fact) and _is_short_name(fact.shown):
            found.add(fact.shown)
        found |= set(subject_names(fact))
        for text in (fact.shown, fact.subject):
            found |= {mention.text for mention in mentions(text, known, known)}
    cleaned = {_POSSESSIVE.sub("", _LEADING.sub("", name)) for name in found}
    return {name for name in cleaned if any(letter.isalpha() for letter in name)}


def canonical(name: str) -> str:
    """Return the one form of a name by which it is known here: plain, without brackets."""
    return plain(_BRACKETS.sub("", _POSSESSIVE.sub("", _LEADING.sub("", name)))).strip()


def subject_names(fact: Fact) -> list[str]:
    """Return the names in a fact's subject: what begins with a capital or holds a digit, apart from dates."""
    parts = re.split(r", (?=\d{4}-)| on | after | before | behind | at (?=\d)", fact.subject)
    return [
        part for part in (_LEADING.sub("", each) for each in parts)
        if _is_short_name(part) and (part[0].isupper() or any(letter.isdigit() for letter in part.split()[0]))
    ]  # fmt: skip


def _is_short_name(text: str) -> bool:
    """Whether a text is a name by its form: few words, each with a capital or a digit, and no figure or date."""
    words = [word for word in text.split() if word not in ("of", "for", "and", "the", "from", "&")]
    has_form = all(any(letter.isupper() or letter.isdigit() for letter in word) or "-" in word for word in words)
    is_figure = re.search(r"%|\b(?:months?|days?|minutes?|points?)\b|^\d{1,2} \w+ \d{4}$|^[\d.]+$", text)
    return bool(words) and has_form and len(words) <= _FEW_WORDS and not is_figure


def _short_forms(name: str) -> set[str]:
    """Return the ways to write a name in full: with and without its brackets, its day and its maker's word."""
    name = _POSSESSIVE.sub("", " ".join(name.split()))
    whole = _BRACKETS.sub("", name).strip()
    forms = {name, whole, _DATE_TAIL.sub("", whole)}
    forms |= {inner for inner in _BRACKETS.findall(name) if re.search(r"[a-z][^ ]*-[^ ]*\d", inner)}
    _, _, rest = whole.replace("-", " ", 1).partition(" ")
    if (
        re.search(r"[A-Za-z]", rest)
        and re.search(r"\d", rest)
        and not re.fullmatch(r"[\d.]+[BMbm]?|(?:Level|Tier|Bench) \d", rest)
    ):
        forms |= {rest, _DATE_TAIL.sub("", rest)}
    return {form for form in forms if len(form) > 1}


def _of_lab(name: str) -> set[str]:
    inner = {part for part in _BRACKETS.findall(name) if part.endswith(" AI")}
    return {_LAB_TAIL.sub("", _BRACKETS.sub("", name)).strip(), *inner} if not re.search(r"\d", name) else set()


def _shortest_forms(name: str) -> set[str]:
    """Return what the facts make plain: "GPQA" for GPQA Diamond, "DeepSeek" for a model of it."""
    words = _BRACKETS.sub("", name).split()
    heads = {" ".join(words[:end]) for end in range(1, len(words))}
    forms = {head for head in heads if _is_distinct(head) or len(head.split()) > 1}
    forms |= {
        "-".join(parts[:end]) for parts in [words[0].split("-")] for end in range(2, len(parts)) if len(parts) > 2
    }
    if len(words) > 1 and _is_distinct(words[-1]) and words[-1].isupper():
        forms.add(words[-1])
    first = re.split(r"[ -]", name)[0]
    if first.isalpha() and first[0].isupper() and len(first) > 2:
        forms.add(first)
    return forms


def _is_distinct(word: str) -> bool:
    """Whether a word is no ordinary one: several capitals."""
    return sum(map(str.isupper, word)) > 1


def _is_family(first: str) -> bool:
    return first.isalpha() and first[0].isupper() and len(first) > 2


def _index(ways: Mapping[str, frozenset[str]], families: frozenset[str]) -> Names:
    by_first: defaultdict[str, dict[tuple[str, str], frozenset[str]]] = defaultdict(dict)
    for way, names in ways.items():
        form, exact = plain(way), "" if _is_any_case(way) else way
        first = _WORD.match(form)
        if first:
            same = by_first[first[0]]
            same[form, exact] = same.get((form, exact), frozenset()) | names
    return Names(
        {
            first: tuple((form, exact, names) for (form, exact), names in sorted(each.items(), key=_longest_first))
            for first, each in by_first.items()
        },
        families,
    )


def _longest_first(way: tuple[tuple[str, str], frozenset[str]]) -> tuple[int, str]:
    return -len(way[0][0]), way[0][0]


def _is_any_case(way: str) -> bool:
    """Whether a name is known in any case: one with a digit, or with a word of several capitals."""
    return way[0].isalpha() and (any(map(str.isdigit, way)) or any(_is_distinct(word) for word in way.split()))


def mentions(text: str, own: Names, known: Names) -> list[Mention]:
    """Return the names in a text, in order: the longest where several begin; the facts' own before others."""
    found: list[Mention] = []
    form, end = plain(text), 0
    for word in _WORD.finditer(form):
        if word.start() < end or (word.start() and (text[word.start() - 1].isalnum() or text[word.start() - 1] == ".")):
            continue
        mention = _longest(text, form, word, own, known)
        if mention is not None:
            found.append(mention)
            end = mention.end
    return found


def _longest(text: str, form: str, word: re.Match[str], own: Names, known: Names) -> Mention | None:
    best: Mention | None = None
    for names in (own, known):
        for way, exact, whose in names.ways.get(word[0], ()):
            if best is not None and len(way) <= best.end - best.start:
                break
            start, stop = word.start(), word.start() + len(way)
            if form.startswith(way, start) and _ends(text, stop) and (not exact or text.startswith(exact, start)):
                best = Mention(start, stop, text[start:stop], whose)
                break
    return best


def _ends(text: str, stop: int) -> bool:
    """Whether a name may end here: what follows does not go on with it."""
    return not re.match(r"\w|[.,]\d|-\w(?!\w*-?(?:style|like|based|level)\b)", text[stop : stop + 12])


def demonyms(text: str, own: Names) -> list[Mention]:
    """Return words for a country's: "Chinese", "US"; with the facts' name of the country where they have it."""
    by_plain = {form: names for ways in own.ways.values() for form, _, names in ways}
    found = []
    for match in _DEMONYM.finditer(text):
        country = plain(_DEMONYMS[match[0]])
        names = by_plain.get(country) or by_plain.get(country.partition(" of ")[0]) or frozenset()
        found.append(Mention(match.start(), match.end(), match[0], names))
    return found
