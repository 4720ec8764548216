"""Classify models as open or closed, only from evidence: audits, publishers that agree, or third parties."""

from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter, itemgetter
from typing import NamedTuple

from core.evidence.merge import Conflict
from core.store.tables import Claim, Openness, OpennessGrade

_GRADES: dict[str, OpennessGrade] = {"index": "index", "registry": "registry"}
"""The roles whose publishers have equal votes, with the grade of their decisions; an index precedes registries."""


class SourceWord(NamedTuple):
    """The word of one source on one model; `rank` orders sources of a role, lower first."""

    rank: int
    source_id: str
    role: str
    claim: Claim
    raw: str
    publisher: str


def classify(words: Iterable[SourceWord]) -> tuple[Openness, OpennessGrade, tuple[SourceWord, ...]]:
    """Classify by audits, otherwise by publishers, otherwise by third parties; return openness, grade, deciding words.

    The best-ranked audit decides. Each publisher has one vote, the word of its best-ranked source. A single vote
    decides if no vote is against it; otherwise two or more votes that outnumber the others decide. The index can't be
    outvoted. If two answers remain, the model is unknown: it is excluded and listed, not guessed.
    """
    in_order = sorted(words)
    audits = _of_first_source([word for word in in_order if word.role == "override"])
    if audits:
        return _unanimous(audits, "audited")
    votes = _publisher_votes([word for word in in_order if word.role in _GRADES])
    if votes:
        claim = _majority_claim(votes)
        decisive = tuple(word for word in votes if claim in (None, word.claim))
        return (claim, _GRADES[decisive[0].role], decisive) if claim else ("unknown", "none", decisive)
    third = tuple(word for word in in_order if word.role == "third-party")
    return _unanimous(third, "third-party") if third else ("unknown", "none", ())


def _publisher_votes(in_order: Sequence[SourceWord]) -> list[SourceWord]:
    """Return the words of each publisher's best-ranked source, index before registries."""
    by_publisher: dict[str, list[SourceWord]] = {}
    for word in in_order:
        by_publisher.setdefault(word.publisher, []).append(word)
    votes = (word for words in by_publisher.values() for word in _of_first_source(words))
    return sorted(votes, key=attrgetter("role"))


def _majority_claim(votes: Sequence[SourceWord]) -> Claim | None:
    """Return the claim that the publishers' votes decide on; None if they are undecided."""
    counts = Counter(claim for claim, _ in {(word.claim, word.publisher) for word in votes})
    (first, most), *others = counts.most_common()
    is_decided = not others or (
        most > max(1, others[0][1]) and all(first == word.claim for word in votes if word.role == "index")
    )
    return first if is_decided else None


def _of_first_source(words: Sequence[SourceWord]) -> tuple[SourceWord, ...]:
    return tuple(word for word in words if word.source_id == words[0].source_id)


def _unanimous(
    words: tuple[SourceWord, ...], grade: OpennessGrade
) -> tuple[Openness, OpennessGrade, tuple[SourceWord, ...]]:
    return (words[0].claim, grade, words) if len({word.claim for word in words}) == 1 else ("unknown", "none", words)


History = Sequence[tuple[date, SourceWord]]
"""The words of a series of snapshots, or of a single snapshot, on a spelling, with the day each began, in order."""


def known_since(histories: Iterable[History], *, by_one: bool = True) -> date | None:
    """Return the day since which a model has had its current class; None if nobody says anything about it.

    With `by_one`, a single publisher could decide; otherwise two publishers had to agree, or a person had to decide.
    """

    def decide(words: Iterable[SourceWord]) -> Openness:
        openness, grade, decisive = classify(words)
        is_enough = by_one or grade == "audited" or len({word.publisher for word in decisive}) > 1
        return openness if is_enough else "unknown"

    histories = list(histories)
    days_of_change = {
        day
        for history in histories
        for number, (day, word) in enumerate(history)
        if not number or word.claim != history[number - 1][1].claim
    }
    now, _, _ = classify([history[-1][1] for history in histories])
    since = None
    for day in sorted(days_of_change, reverse=True):
        words = (
            history[bisect(history, day, key=itemgetter(0)) - 1][1] for history in histories if history[0][0] <= day
        )
        if decide(words) != now:
            break
        since = day
    return since


def openness_conflicts(
    model: str, openness: str, decisive: tuple[SourceWord, ...], words: set[SourceWord]
) -> list[Conflict]:
    """List the sources' words that differ from the decision."""
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
