"""What does a word mean? An entry of the glossary, or the list of all."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from core import glossary
from core.answer import Answer, Fact, Line, Table
from core.names import names
from core.questions import fields, selection
from core.questions.question import Question
from core.questions.shared_facts import count_fact, name_fact
from core.store.store import Store
from core.words import and_list, count

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence, Term

_EXAMPLE = "open-weights"
"""The entry that a newcomer needs first."""
_OF_ALL = (Line("", "{terms} are explained; ask for any of them by name[, such as {example}]", ("explain",)),)
_OF_ONE = (
    Line("", "{term}: {definition}", ("explain",)),
    Line("Also called", "{aliases}"),
    Line("See also", "{see_also}"),
)


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
        """Return the question with the term's id; raises UsageError that offers near ones where none fits."""
        return replace(self, term=self.term and glossary.find_id(names.terms(store), self.term))

    def answer(self, evidence: "Evidence") -> Answer:
        """Explain the term, or list all of them."""
        known = {term.term_id: term for term in evidence.terms}
        asked = known[self.term] if self.term else None
        facts = _term_facts(asked, known) if asked else _list_facts(known)
        answer = selection.answered(
            self, evidence, evidence.newest_data, _OF_ONE if asked else _OF_ALL, facts,
            tables=() if asked else (_table(evidence.terms),),
            data={"terms": [_data(term) for term in ([asked] if asked else evidence.terms)]},
        )  # fmt: skip
        return replace(answer, historical=True)  # a definition has no date: old scores are no news here


def _term_facts(term: "Term", known: "dict[str, Term]") -> tuple[Fact, ...]:
    facts = [
        name_fact("term", term.term, "term"),
        Fact("definition", term.definition, "", term.term, _begun(term.definition)),
    ]
    related = [known[each].term for each in term.see_also if each in known]
    for key, named in (("aliases", term.aliases), ("see_also", related)):
        if named:
            facts.append(count_fact(key, len(named), "names", and_list(named, most=len(named)), term.term))
    return tuple(facts)


def _begun(definition: str) -> str:
    """Write a definition as it stands after its term: its first word small, if that is a word and not a name."""
    first = definition.split(" ", 1)[0]
    return definition[0].lower() + definition[1:] if first[1:].islower() or first == "A" else definition


def _list_facts(known: "dict[str, Term]") -> tuple[Fact, ...]:
    facts = [count_fact("terms", len(known), "terms", count(len(known), "term"), "explained")]
    example = known.get(_EXAMPLE)
    if example:
        facts.append(name_fact("example", example.term, "a term"))
    return tuple(facts)


def _data(term: "Term") -> dict[str, Any]:
    return {**asdict(term), "aliases": list(term.aliases), "see_also": list(term.see_also)}


def _table(terms: "tuple[Term, ...]") -> Table:
    rows = tuple((term.term, f"{term.definition.split('. ')[0].rstrip('.')}.") for term in terms)
    return Table("All terms, in short", ("Term", "Means"), rows)
