"""The terms of a brief: those of the glossary that its bullets use, the ones a newcomer needs first."""

from collections.abc import Iterable

from core.evidence import evidence
from core.glossary import terms_in

MOST = 4
_LEAST = 2
_FIRST = (
    "open-weights",
    "closed-model",
    "likely-range",
    "months-behind",
    "threshold",
    "private-test",
    "public-test",
    "benchmark",
)
"""The terms that a newcomer needs, in this order; further ones are not explained."""


def chosen_terms(wanted: Iterable[str], text: str, glossary: Iterable[evidence.Term]) -> tuple[evidence.Term, ...]:
    """Return the wanted entries (by id) that a text uses, in their order; `terms_of` it where these are too few."""
    used = {term.term_id: term for term in terms_in(text, tuple(glossary))}
    chosen = tuple(used[term_id] for term_id in dict.fromkeys(wanted) if term_id in used)[:MOST]
    return chosen if len(chosen) >= _LEAST else terms_of(text, glossary)


def terms_of(text: str, glossary: Iterable[evidence.Term]) -> tuple[evidence.Term, ...]:
    """Return the glossary's entries to define beside a text, four at most, in the order that a reader meets them."""
    used = terms_in(text, tuple(glossary))
    chosen = sorted((term for term in used if term.term_id in _FIRST), key=lambda term: _FIRST.index(term.term_id))
    return tuple(term for term in used if term in chosen[:MOST])
