"""Names of models, benchmarks, labs and countries in a text, each with where it stands."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from core.evidence import names as lists
from core.evidence.names import Name, plain
from core.store.store import Store

_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 9
_GOES_ON = re.compile(r"[.,]\d|-?\w")
"""What follows a name that is not at its end: GPT-5 in GPT-5.5."""
_BEGINS = re.compile(r"[.!?:\n]\W*$")


@dataclass(frozen=True)
class Mention:
    """A name as it stands in a text, with the names as shown that it may stand for."""

    start: int
    end: int
    text: str
    names: frozenset[str]


class Names:
    """An index of names under every way to call them, whatever stands between their words."""

    def __init__(self, names: Iterable[Name] = ()) -> None:
        """Take the names to find; without any it finds none."""
        self._called: defaultdict[str, set[str]] = defaultdict(set)
        self._shown: set[str] = set()
        for name in names:
            self._shown.add(name.plain)
            for way in (name.plain, *name.plain_aliases):
                self._called[way].add(name.shown)

    def mentions(self, text: str) -> list[Mention]:
        """Return the names in a text, in order: the longest where several begin.

        A word without a capital or digit is no name ("meta"), nor at a sentence's start one that is no whole name
        ("Coding").
        """
        words = [found.span() for found in _WORD.finditer(text)]
        found: list[Mention] = []
        for number, (start, _) in enumerate(words):
            if (found and start < found[-1].end) or text[:start].endswith((".", "-")):
                continue
            is_begin = start == 0 or bool(_BEGINS.search(text[:start]))
            for _, end in reversed(words[number : number + _MOST_WORDS]):
                said = text[start:end]
                called = self._called.get(plain(said))
                is_word = said.islower() or (is_begin and said.istitle() and plain(said) not in self._shown)
                if called and not is_word and not _GOES_ON.match(text, end):
                    found.append(Mention(start, end, said, frozenset(called)))
                    break
        return found


def all_names(store: Store) -> Names:
    """Return the index of every model, benchmark, lab and country of the data."""
    return Names(name for read in (lists.models, lists.benchmarks, lists.labs, lists.countries) for name in read(store))
