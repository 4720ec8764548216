"""docs/briefs.md holds what the code writes."""

from core.evidence.evidence import Evidence
from tests.core.brief.briefs_page import PAGE, page


def test_the_page_of_briefs_is_what_the_code_writes(evidence: Evidence) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(evidence)
