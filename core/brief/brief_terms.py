"""The terms of a brief: those of the glossary that its bullets use, in the order that a reader meets them."""

from collections.abc import Iterable

from core.evidence.evidence import Term
from core.glossary import terms_in

_MOST, _MOST_WANTED = 2, 4
_LEAST = 2
_EXPLAINED = ("private-test", "public-test", "likely-range")
"""What a brief says in its own words."""


def chosen_terms(wanted: Iterable[str], text: str, glossary: Iterable[Term]) -> tuple[Term, ...]:
    """Return the wanted entries (by id) that a text uses, in their order; without two, those that it uses first."""
    used = {term.term_id: term for term in terms_in(text, tuple(glossary))}
    chosen = [used[term_id] for term_id in dict.fromkeys(wanted) if term_id in used][:_MOST_WANTED]
    if len(chosen) < _LEAST:
        chosen = sorted(used.values(), key=lambda term: term.term_id in _EXPLAINED)[:_MOST]
    return tuple(chosen)
