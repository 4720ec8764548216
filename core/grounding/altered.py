"""A changed text beside the one it was made from: what was turned round, denied or made surer, in words alone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from core.grounding.lexicon import ASSURED, COMPARED, HEDGED_FIRST, HEDGES, NEGATION, NONE_BEFORE, OPPOSED, UNDONE
from core.grounding.violation import Violation

_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“(]?[A-Z\d])")
_CLAUSE = re.compile(
    r"(?<!\d)[,;:](?!\d)|[,;:]\s|\s[-–—]\s|—|\b(?:but|while|whereas|although|though)\b"
    r"|\b(?:and|or)(?= (?:no|not|none|never|nothing|nobody)\b)|(?=\bnor\b)"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)*")
_PLACED = frozenset("of on in into at since for by from until with among within during to".split())
"""Words behind which a clause says where and when, and no longer what it denies."""
_EMPTY = _PLACED | frozenset(
    "the a an and or that this these those it its is are was were be been being has have had do does did there here"
    " which who whose as than then any so such ones one they them their he she we our i also".split()
)
_DIGITS = {
    word: str(number)
    for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}
_SAME = 0.5
"""The share of a sentence's words from which on it counts as made from another."""
_WHOLE = 0.65
"""The share of an earlier sentence's words from which on it is told in another one."""
_BESIDE = 3
"""So many words of a denial in the sentence beside must be told to count as it."""
_BEHIND = len(" months or so")
_FAR = 6
"""So many words behind a hedge its figures or its verb are looked for."""


@dataclass(frozen=True)
class _Denial:
    """A word that denies, what it denies first, and its whole clause, as stems."""

    said: str
    focus: frozenset[str]
    covered: frozenset[str]


@dataclass(frozen=True)
class _Sentence:
    text: str
    part: int = 0
    """The number of the text that it stands in."""

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(_stems(self.text))

    @cached_property
    def denials(self) -> tuple[_Denial, ...]:
        return tuple(each for clause in _CLAUSE.split(self.text) for each in _denials(clause))

    @cached_property
    def denied(self) -> frozenset[str]:
        """Return what is denied: covered by one word that denies, but not by two, which affirm it."""
        found: set[str] = set()
        for clause in _CLAUSE.split(self.text):
            inside: set[str] = set()
            for denial in _denials(clause):
                inside ^= denial.covered
            found |= inside
        return frozenset(found)


def altered(before: Sequence[str], after: Sequence[str]) -> list[Violation]:
    """Return what the changed sentences of texts say against those they were made from; empty where nothing is.

    A sentence is held against the earlier ones that share half of its words. It must not deny what they say or say
    what they deny, put a word's opposite in its place, or drop a word that leaves something open; and no sentence
    may be surer than the texts before. Each is a Violation of kind "altered" that quotes what stood there.
    """
    old = [_Sentence(each, part) for part, text in enumerate(before) for each in _sentences(text)]
    kept = {each.text for each in old}
    told = [each for part in after for each in _sentences(part)]
    moved = [each for each in old if each.text not in told]
    return [wrong for text in told if text not in kept for wrong in _of_sentence(_Sentence(text), old, moved)]


def _of_sentence(
    new: _Sentence, old: Sequence[_Sentence], moved: Sequence[_Sentence]
) -> Iterator[Violation]:  # fmt: skip
    """Yield what is wrong with a sentence beside the old ones; those `moved` stand no longer as they did."""
    yield from _surer(new, old)
    sources = _sources(new, old, moved)
    if not sources:
        return
    yield from _turned(new, sources)
    yield from _exchanged(new, sources[0])
    beside = [each for each in old if each.part == sources[0].part and each is not sources[0]]
    yield from _affirmed(new, [sources[0], *beside])
    yield from _denied(new, sources)
    yield from _opened(new, sources)


def _sentences(text: str) -> list[str]:
    return [each for each in _SENTENCE.split(" ".join(text.split())) if each]


def _sources(new: _Sentence, old: Sequence[_Sentence], moved: Sequence[_Sentence]) -> list[_Sentence]:
    """Return the sentence that one was made from, first, and the others that it tells too; empty for a new one."""
    shared = [(_share(new.stems & each.stems, new.stems), _likeness(new, each), each) for each in old]
    alike = [each for each in shared if each[0] >= _SAME]
    if not alike:
        return []
    best = max(alike, key=lambda each: each[1])[2]
    return [
        best,
        *(each for each in moved if each is not best and _share(new.stems & each.stems, each.stems) >= _WHOLE),
    ]


def _share(some: frozenset[str], of: frozenset[str]) -> float:
    return len(some) / len(of) if of else 0.0


def _likeness(one: _Sentence, other: _Sentence) -> float:
    return _share(one.stems & other.stems, one.stems | other.stems)


def _surer(new: _Sentence, old: Sequence[_Sentence]) -> Iterator[Violation]:
    for found in ASSURED.finditer(new.text):
        clause = _CLAUSE.split(new.text[: found.start()])[-1]
        if not NEGATION.search(clause) and not any(found[0].lower() in each.text.lower() for each in old):
            yield _violation(found[0], f"“{found[0]}” is surer than the text that stood here; leave it out.")


def _turned(new: _Sentence, sources: list[_Sentence]) -> Iterator[Violation]:
    """Yield a word whose opposite stood there: it came as that went."""
    source = " ".join(each.text for each in sources)
    is_reversed = _is_reversed(sources[0].text, new.text)
    for pair in OPPOSED if is_reversed else (*COMPARED, *OPPOSED):
        for gone, come in (pair, pair[::-1]):
            was, came = gone.search(sources[0].text), come.search(new.text)
            is_gone = len(gone.findall(new.text)) < len(gone.findall(sources[0].text))
            if was and came and is_gone and len(come.findall(new.text)) > len(come.findall(source)):
                said, stood = _around(new.text, came), _around(sources[0].text, was)
                yield _violation(came[0], f"“{said}” says the opposite; “{stood}” stood here.")


def _is_reversed(before: str, after: str) -> bool:
    """Whether two things are named the other way round: sides, kinds of tests, names."""
    marks = re.compile(r"\b(?:open|closed|private|public)\b|(?<=[a-z,%\d] )[A-Z]\w+", re.IGNORECASE)
    old, new = (list(dict.fromkeys(_side_words(text, marks))) for text in (before, after))
    first = [next((each for each in words if each in ("open", "closed")), "") for words in (old, new)]
    if set(first) == {"open", "closed"}:
        return True
    both = [each for each in old if each in new]
    return [each for each in new if each in both] != both


def _side_words(text: str, marks: re.Pattern[str]) -> Iterator[str]:
    for found in marks.finditer(text):
        if found[0][0].isupper() or found[0].lower() in ("open", "closed", "private", "public"):
            yield found[0].lower()


def _exchanged(new: _Sentence, source: _Sentence) -> Iterator[Violation]:
    """Yield a figure that has another's word of direction: "4 wider" for "4 narrower"."""
    for pair in COMPARED:
        for one, other in (pair, pair[::-1]):
            for number, word in _with_word(new.text, one):
                was = [each for figure, each in _with_word(source.text, other) if figure == number]
                if (
                    was
                    and (number, word) not in _with_word(source.text, one)
                    and not _is_reversed(source.text, new.text)
                ):
                    said = f"{number} {word}"
                    yield _violation(said, f"“{said}” says the opposite; “{number} {was[0]}” stood here.")


def _with_word(text: str, word: re.Pattern[str]) -> list[tuple[str, str]]:
    """Return the figures of a text that a word stands behind, with it."""
    found = re.finditer(rf"(\d+(?:\.\d+)?)(?: months?| points?| days?)? ({word.pattern})", text, re.IGNORECASE)
    return [(each[1], each[2]) for each in found]


def _affirmed(new: _Sentence, sources: list[_Sentence]) -> Iterator[Violation]:
    """Yield what the sentence denied that one was made from, or one beside it, and is no longer denied."""
    for source in sources:
        for denial in source.denials:
            said = denial.focus & new.stems
            if _share(said, denial.focus) >= _SAME and len(said) >= (1 if source is sources[0] else _BESIDE) \
                    and not said & new.denied:  # fmt: skip
                why = f"“{denial.said}” stood here, and without it the text says the opposite."
                yield _violation(denial.said, why)


def _denied(new: _Sentence, sources: list[_Sentence]) -> Iterator[Violation]:
    """Yield what the sentences said that one was made from, and is now denied."""
    first, before = NONE_BEFORE
    if first.search(sources[0].text) and before.search(new.text):
        return
    told = frozenset(stem for each in sources for stem in each.stems)
    denied = frozenset(stem for each in sources for stem in each.denied)
    for denial in new.denials:
        said = denial.focus & told
        is_turned = _share(said, denial.focus) >= _SAME and not said & denied
        if is_turned or (not denied and _share(denial.covered & told, denial.covered) >= _SAME):
            said = said or denial.covered & told
            clauses = [each for source in sources for each in _CLAUSE.split(source.text)]
            stood = max(clauses, key=lambda clause: len(said.intersection(_stems(clause))))
            yield _violation(denial.said, f"“{denial.said}” denies what stood here: “{_short(stood)}”.")


def _opened(new: _Sentence, sources: list[_Sentence]) -> Iterator[Violation]:
    """Yield a word that left something open, where what it stood before is told without one."""
    for kind, alike in HEDGES:
        for found in HEDGED_FIRST[kind].finditer(sources[0].text):
            left_open = _left_open(sources[0].text[found.end() :], is_verb=kind == "can")
            said = list(_stems(new.text, also=_EMPTY))
            if not left_open or not all(each in said for each in left_open):
                continue
            if not alike.search(new.text, 0, _reach(new.text, left_open) if kind == "about" else len(new.text)):
                words = _words_from(sources[0].text, found)
                yield _violation(found[0], f"“{words}” stood here; keep “{found[0].lower()}”, or a word like it.")


def _reach(text: str, figures: list[str]) -> int:
    """Return up to where "about" or "or so" may stand for the first of some figures: shortly behind it."""
    return next(found.end() + _BEHIND for found in _WORD.finditer(text) if _stem(found[0]) in figures)


def _left_open(rest: str, *, is_verb: bool) -> list[str]:
    """Return what a hedge stands before: the figures beside it, or its verb."""
    rest = re.split(r"[;:.](?!\d)|, ", rest, maxsplit=1)[0]
    words = [found[0] for found in _WORD.finditer(rest)][:_FAR]
    if is_verb:
        return [stem for word in words for stem in _stems(word)][:1]
    return [_stem(word) for word in words[:4] if word[0].isdigit() or word.lower() in _DIGITS]


def _denials(clause: str) -> Iterator[_Denial]:
    whole = frozenset(_stems(clause))
    for found in NEGATION.finditer(clause):
        yield _Denial(_words_from(clause, found), _focus(clause[found.end() :]), whole)
    for found in UNDONE.finditer(clause):
        is_part = found[0].lower() == "un"
        denied = list(_stems(clause[found.end() :]))[:1] if is_part else _stems(clause[: found.start()])
        yield _Denial(_words_from(clause, found), frozenset(denied), whole)


def _focus(rest: str) -> frozenset[str]:
    """Return the stems that are denied first: up to where and when."""
    focus: list[str] = []
    for found in _WORD.finditer(rest):
        if focus and found[0].lower() in _PLACED:
            break
        focus += [each for each in _stems(found[0]) if not each[0].isdigit()]
    return frozenset(focus)


def _stems(text: str, also: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the stems of a text's words that say something; matched and unmatched have one."""
    bare = UNDONE.sub(lambda found: " " if found[0].lower() == "un" else found[0], NEGATION.sub(" ", text))
    for found in _WORD.finditer(bare):
        if found[0].lower() not in _EMPTY or found[0].lower() in also:
            yield _stem(found[0])


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    word = _DIGITS.get(word.lower(), word.lower())
    word = re.sub(r"['’]s$", "", word)
    if len(word) > 4:
        word = re.sub(r"(?:ied|ies)$", "y", word)
        word = re.sub(r"(?<=\w{3})(?:ing|ed|es|s|e)$", "", word)
    elif len(word) == 4:
        word = re.sub(r"[se]$", "", word)
    return word


def _around(text: str, found: re.Match[str]) -> str:
    """Return a word with the one before and the one behind it."""
    before, behind = text[: found.start()].split()[-1:], text[found.end() :].split()[:1]
    return " ".join([*before, found[0], *behind]).strip(".,;: ") if not text[found.end() : found.end() + 1].isalnum() \
        else found[0]  # fmt: skip


def _words_from(text: str, found: re.Match[str]) -> str:
    """Return a word with the few that follow it."""
    return " ".join(text[found.start() :].split()[:4]).rstrip(".,;:")


def _short(text: str) -> str:
    words = text.split()
    return " ".join(words[:12]).rstrip(".,;:") + ("…" if len(words) > 12 else "")


def _violation(said: str, why: str) -> Violation:
    return Violation("altered", said, why)
