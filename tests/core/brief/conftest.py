"""Briefs of the shipped data, and of toy worlds with caveats and a glossary."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from core.answer import Fact
from core.brief import Brief, compose, gather
from core.evidence.evidence import Bias, Evidence, Term
from core.names.name_index import NameIndex
from core.text.findings import Finding, findings

TODAY = date(2026, 11, 25)
GOLDEN_DAYS = {
    "2025-01-31": date(2025, 1, 31),
    "2025-09-30": date(2025, 9, 30),
    "2026-05-22": date(2026, 5, 22),
    "2026-08-22": date(2026, 8, 22),
    "nothing-new": TODAY,
}
"""The briefs that were read from the first word to the last; the last one is of a day without news."""

BIASES = (
    Bias("coverage", "closed models are tested more often than open ones", "larger", "", ""),
    Bias("training-to-test", "open developers can train towards public tests", "smaller", "", "public"),
)
TERMS = (
    Term("open-weights", "Open weights", ("open model",), "Anyone can download them.", ()),
    Term("likely-range", "Likely range", ("likely",), "Nine times in ten it holds.", ()),
)

Write = Callable[..., Brief]


def unbacked(text: str, facts: Sequence[Fact], names: NameIndex) -> list[Finding]:
    """Return what a text says that no fact has, nor any fact's words."""
    return list(findings(text, facts, own=[", ".join(fact.shown for fact in facts)], names=names))


def with_caveats(evidence: Evidence) -> Evidence:
    """Give toy evidence the caveats and terms that a brief needs."""
    return replace(evidence, biases=BIASES, terms=TERMS)


@pytest.fixture(scope="session")
def evidence(evidence: Evidence) -> Evidence:
    """The shipped evidence, as known today."""
    return evidence


@pytest.fixture(scope="session")
def shipped(evidence: Evidence) -> Write:
    """Write the brief of a day from the shipped data, on 25 November 2026 or another day."""

    @cache
    def of(published: date, since: date | None = None, today: date = TODAY) -> Brief:
        return compose(gather(evidence, published, since, today))

    return of
