"""The terms of a brief: those of the glossary that its bullets use, the ones a newcomer needs first."""

from collections.abc import Iterable

from core.evidence import evidence
from core.glossary import terms_in

MOST = 4
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


def terms_of(text: str, glossary: Iterable[evidence.Term]) -> tuple[evidence.Term, ...]:
    """Return the glossary's entries to define beside a text, four at most, in the order that a reader meets them."""
    used = terms_in(text, tuple(glossary))
    chosen = sorted((term for term in used if term.term_id in _FIRST), key=lambda term: _FIRST.index(term.term_id))
    return tuple(term for term in used if term in chosen[:MOST])
