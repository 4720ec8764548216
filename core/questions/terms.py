"""What does a word mean? One entry of the glossary, or the list of all."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from core import glossary
from core.answer import Answer, Fact, Line, Table
from core.dataclass import dataclass
from core.names import names
from core.questions import fields, selection
from core.questions.question import Question
from core.questions.result import Keys, as_json, table
from core.questions.shared_facts import count_fact, list_facts, make_fact, name_fact
from core.store.store import Store
from core.words import count

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence, Term

_EXAMPLE = "open-weights"
"""The term that a newcomer needs first."""


@dataclass(frozen=True, eq=False)
class Terms:
    """All terms, or the requested term, with the names of related terms."""

    json_keys: ClassVar[Keys] = dict.fromkeys(("asked", "related"))

    terms: "tuple[Term, ...]"
    asked: "Term | None" = None
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class TermsQuestion(Question):
    """What a word means: open weights, private test, months behind and others."""

    name: ClassVar[str] = "terms"
    behind: ClassVar[str] = "all terms in short"
    phrasings: ClassVar[tuple[str, ...]] = (
        "What does open weights mean?",
        "What is a private test?",
        "Which terms do you explain?",
    )

    term: str | None = fields.described(
        "The word to explain; without it, the list of all.", "open weights", max_length=60, by_place=True
    )

    def resolved(self, store: Store, today: date) -> "TermsQuestion":
        """Return the question with the term's id; raises UsageError with similar terms if none fits."""
        return replace(self, term=self.term and glossary.find_id(names.terms(store), self.term))

    def answer(self, evidence: "Evidence") -> Answer:
        """Explain the term, or list all terms."""
        terms = self.find(evidence)
        answer = selection.build_answer(
            self, evidence, evidence.newest_data, text(terms), facts(terms), tables=tables(terms), data=as_json(terms)
        )
        return replace(answer, historical=True)  # a definition has no date, so old scores need no warning

    def find(self, evidence: "Evidence") -> Terms:
        """Find the term, or all terms."""
        if not self.term:
            return Terms(evidence.terms)
        by_id = {term.term_id: term for term in evidence.terms}
        asked = by_id[self.term]
        return Terms((asked,), asked, tuple(by_id[term_id].term for term_id in asked.see_also if term_id in by_id))


def facts(terms: Terms) -> Iterator[Fact]:
    """State the term's definition and names, or the number of all terms."""
    term = terms.asked
    if term is None:
        yield count_fact("terms", len(terms.terms), "terms", count(len(terms.terms), "term"), "explained")
        for example in terms.terms:
            if example.term_id == _EXAMPLE:
                yield name_fact("example", example.term, "a term")
        return
    yield name_fact("term", term.term, "term")
    yield make_fact("definition", term.definition, "", _begin_small(term.definition), "note", term.term)
    for key, named in (("aliases", term.aliases), ("see_also", terms.related)):
        yield from list_facts(key, named, "names", term.term, most=len(named))


def _begin_small(definition: str) -> str:
    """Lower the first letter of a definition, for use after its term, unless the first word is a name."""
    first = definition.split(" ", 1)[0]
    return definition[0].lower() + definition[1:] if first[1:].islower() or first == "A" else definition


def text(terms: Terms) -> Iterator[Line]:
    """Explain the term, or say how many there are."""
    if terms.asked is None:
        yield Line("", "{terms} are explained; ask for any of them by name[, such as {example}]", ("explain",))
        return
    yield Line("", "{term}: {definition}", ("explain",))
    yield Line("Also called", "{aliases}")
    yield Line("See also", "{see_also}")


def tables(terms: Terms) -> Iterator[Table]:
    """List all terms with the first sentence of their definitions."""
    if terms.asked is None:
        rows = ((term.term, f"{term.definition.split('. ')[0].rstrip('.')}.") for term in terms.terms)
        yield table("All terms, in short", "Term | Means", rows)
