"""Open or closed, only from evidence: audit, index, registries that agree, a third party's field."""

from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Literal

from core.evidence.importers.rows import Claim

Openness = Literal["open", "closed", "unreleased", "unknown"]
Grade = Literal["audited", "index", "registry", "third-party", "none"]

_ORDER: tuple[tuple[str, Grade], ...] = (
    ("override", "audited"),
    ("index", "index"),
    ("registry", "registry"),
    ("third-party", "third-party"),
)


@dataclass(frozen=True, order=True)
class SourceWord:
    """One source's word on one model; `rank` orders sources of a role, lower first."""

    rank: int
    source_id: str
    role: str
    claim: Claim
    raw: str


def classify(words: Iterable[SourceWord]) -> tuple[Openness, Grade, tuple[SourceWord, ...]]:
    """Decide from the first role that speaks; return openness, grade and the words that decided.

    Within override and index the best-ranked source decides. Registries must agree: where they don't,
    the model is unknown, and is excluded and listed rather than guessed.
    """
    ranked = sorted(words)
    for role, grade in _ORDER:
        heard = tuple(word for word in ranked if word.role == role)
        if not heard:
            continue
        claims = {word.claim for word in heard}
        if role in ("override", "index"):
            first = tuple(word for word in heard if word.source_id == heard[0].source_id)
            heard, claims = first, {word.claim for word in first}
        if len(claims) > 1:
            return "unknown", "none", heard
        return heard[0].claim, grade, heard
    return "unknown", "none", ()


History = Sequence[tuple[date, SourceWord]]
"""What a series of snapshots, or a single one, says of a spelling: each word from its day on, in order."""


def known_from(histories: Iterable[History]) -> date | None:
    """Return the day since which a model is taken for what it is taken for now; None where nothing is said of it."""
    told = list(histories)
    days = {
        day
        for each in told
        for number, (day, word) in enumerate(each)
        if not number or word.claim != each[number - 1][1].claim
    }
    now, _, _ = classify(each[-1][1] for each in told)
    found = None
    for day in sorted(days, reverse=True):
        heard = (each[bisect(each, day, key=itemgetter(0)) - 1][1] for each in told if each[0][0] <= day)
        if classify(heard)[0] != now:
            break
        found = day
    return found
