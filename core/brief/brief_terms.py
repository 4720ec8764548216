"""The terms of a brief: those of the glossary that its bullets use, the ones a newcomer needs first."""

from collections.abc import Iterable

from core.evidence.evidence import Term
from core.glossary import terms_in

_MOST = 4
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


def chosen_terms(wanted: Iterable[str], text: str, glossary: Iterable[Term]) -> tuple[Term, ...]:
    """Return the wanted entries (by id) that a text uses, in their order; without two, those that a newcomer needs.

    These are four at most, in the order that a reader meets them.
    """
    used = {term.term_id: term for term in terms_in(text, tuple(glossary))}
    chosen = [used[term_id] for term_id in dict.fromkeys(wanted) if term_id in used][:_MOST]
    if len(chosen) < _LEAST:
        first = [term_id for term_id in _FIRST if term_id in used][:_MOST]
        chosen = [term for term_id, term in used.items() if term_id in first]
    return tuple(chosen)
