"""What is new since the last brief: what came out, and what tests scored of older models."""

from datetime import date

from core.brief.news import look
from core.evidence.evidence import Evidence

LAST, NOW = date(2026, 5, 20), date(2026, 5, 27)


def told(evidence: Evidence, known: date | None) -> set[tuple[str, str, float]]:
    """Return the matches of a brief by model, test and level."""
    matched = look(evidence.as_known_by(NOW), NOW, LAST, known=known).news.matched
    return {
        (evidence.models[each.open].model_id, evidence.boards[each.board].benchmark_id, each.threshold)
        for each in matched
    }


def test_what_tests_scored_since_the_last_brief_is_news_though_its_model_is_older(evidence: Evidence) -> None:
    assert told(evidence, LAST) >= {("kimi-k2.6", "gpqa-diamond", 90.0), ("kimi-k2.6", "frontiermath", 35.0)}


def test_what_the_last_brief_knew_is_not_told_again(evidence: Evidence) -> None:
    assert told(evidence, NOW) == told(evidence, None) == set()
