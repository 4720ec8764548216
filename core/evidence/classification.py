"""Open or closed, only from evidence: audit, index and registries that agree, a third party's field."""

from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Literal

from core.evidence.importers.rows import Claim
from core.evidence.merge import Conflict

Openness = Literal["open", "closed", "unreleased", "unknown"]
Grade = Literal["audited", "index", "registry", "third-party", "none", "held"]
"""By what evidence; a `held` model is left out until a second publisher, or a person, says so too."""

_GRADES: dict[str, Grade] = {"index": "index", "registry": "registry"}
"""The roles of publishers that are heard alike, and the grade of what one of them decides, the first before others."""


@dataclass(frozen=True, order=True)
class SourceWord:
    """One source's word on one model; `rank` orders sources of a role, lower first."""

    rank: int
    source_id: str
    role: str
    claim: Claim
    raw: str
    publisher: str


def classify(words: Iterable[SourceWord]) -> tuple[Openness, Grade, tuple[SourceWord, ...]]:
    """Decide from the first that speak: audits, publishers, third parties; return openness, grade and what decided.

    Of audits the best-ranked source decides. Of publishers each has one say, that of its best-ranked source: one
    decides where none says otherwise, else two that agree and are more than those who do; against the index none do.
    Where that leaves two answers, the model is unknown, and is excluded and listed rather than guessed.
    """
    ranked = sorted(words)
    audits = _of_first_source([word for word in ranked if word.role == "override"])
    if audits:
        return _agreed(audits, "audited")
    heard = _says([word for word in ranked if word.role in _GRADES])
    if heard:
        claim = _more_say(heard)
        decisive = tuple(word for word in heard if claim in (None, word.claim))
        return (claim, _GRADES[decisive[0].role], decisive) if claim else ("unknown", "none", decisive)
    third = tuple(word for word in ranked if word.role == "third-party")
    return _agreed(third, "third-party") if third else ("unknown", "none", ())


def _says(ranked: Sequence[SourceWord]) -> list[SourceWord]:
    """Return each publisher's words, those of its best-ranked source; an index goes before registries."""
    by_publisher: dict[str, list[SourceWord]] = {}
    for word in ranked:
        by_publisher.setdefault(word.publisher, []).append(word)
    return sorted((word for said in by_publisher.values() for word in _of_first_source(said)), key=_role)


def _role(word: SourceWord) -> str:
    return word.role


def _more_say(heard: Sequence[SourceWord]) -> Claim | None:
    """Return what publishers agree on, None where that is not one thing."""
    saying = Counter(claim for claim, _ in {(word.claim, word.publisher) for word in heard})
    (first, most), *others = saying.most_common()
    is_decided = not others or (
        most > max(1, others[0][1]) and all(first == word.claim for word in heard if word.role == "index")
    )
    return first if is_decided else None


def _of_first_source(ranked: Sequence[SourceWord]) -> tuple[SourceWord, ...]:
    return tuple(word for word in ranked if word.source_id == ranked[0].source_id)


def _agreed(heard: tuple[SourceWord, ...], grade: Grade) -> tuple[Openness, Grade, tuple[SourceWord, ...]]:
    return (heard[0].claim, grade, heard) if len({word.claim for word in heard}) == 1 else ("unknown", "none", heard)


History = Sequence[tuple[date, SourceWord]]
"""What a series of snapshots, or a single one, says of a spelling: each word from its day on, in order."""


def known_since(histories: Iterable[History], *, by_one: bool = True) -> date | None:
    """Return the day since which a model is taken for what it is taken for now; None where nothing is said of it.

    `by_one` says that one publisher alone could decide; else that was known once two did, or a person.
    """

    def decided(words: Iterable[SourceWord]) -> Openness:
        openness, grade, decisive = classify(words)
        is_enough = by_one or grade == "audited" or len({word.publisher for word in decisive}) > 1
        return openness if is_enough else "unknown"

    told = list(histories)
    days = {
        day
        for each in told
        for number, (day, word) in enumerate(each)
        if not number or word.claim != each[number - 1][1].claim
    }
    now, _, _ = classify([each[-1][1] for each in told])
    found = None
    for day in sorted(days, reverse=True):
        heard = (each[bisect(each, day, key=itemgetter(0)) - 1][1] for each in told if each[0][0] <= day)
        if decided(heard) != now:
            break
        found = day
    return found


def openness_conflicts(
    model: str, openness: str, decisive: tuple[SourceWord, ...], words: set[SourceWord]
) -> list[Conflict]:
    """List what sources say otherwise, where they differ."""
    claims = {word.claim for word in words}
    if claims <= {openness} or (len(claims) < 2 and openness == "unknown"):
        return []
    kept_by = decisive[0].source_id if decisive else "the last data"
    return [
        Conflict(
            "openness",
            model,
            other.raw,
            openness,
            kept_by,
            other.claim,
            other.source_id,
            _why_kept(openness, decisive, other),
        )
        for other in sorted(words)
        if other.claim != openness
    ]


def _why_kept(openness: str, decisive: tuple[SourceWord, ...], other: SourceWord) -> str:
    if openness == "unknown":
        return "publishers disagree: the model is excluded"
    if not decisive:
        return "held for a person: it would move a headline"
    if {decisive[0].role, other.role} <= {"index", "registry"} and other.publisher != decisive[0].publisher:
        return "more publishers say so"
    return f"the {decisive[0].role} goes first"
