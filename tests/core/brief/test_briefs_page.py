"""docs/briefs.md and the goldens of 24 months hold what the code writes."""

import pytest

from core.evidence.evidence import Evidence
from core.names.name_index import NameIndex
from docs.make.briefs import GOLDEN, MONTHS, PAGE, briefs, golden, monthly_briefs, page
from tests.core.brief.test_every_brief import check


def test_the_page_of_briefs_is_what_the_code_writes(evidence: Evidence) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(evidence)


@pytest.mark.slow
def test_the_briefs_of_24_months_are_those_that_were_read_aloud(evidence: Evidence, names: NameIndex) -> None:
    written = list(monthly_briefs(evidence))
    assert len(written) == MONTHS
    for brief in written:
        check(brief, names)
    assert GOLDEN.read_text(encoding="utf-8") == golden(written)


@pytest.mark.slow
def test_the_eight_of_the_page_are_briefs_as_any(evidence: Evidence, names: NameIndex) -> None:
    for brief in briefs(evidence):
        check(brief, names)
