"""What is new since the last brief: what came out, and what tests scored of older models."""

from dataclasses import replace
from datetime import date

from core.brief import compose, gather
from core.brief.news import look
from core.evidence.evidence import Evidence

LAST, NOW = date(2026, 5, 20), date(2026, 5, 27)


def with_word_of_weights(evidence: Evidence, model_id: str, day: date) -> Evidence:
    """Return the evidence as known on a day, had that day brought the word that a model is open."""
    opened = evidence.as_known_by(day)
    models = (
        replace(model, openness_from=day.toordinal()) if model.model_id == model_id else model
        for model in opened.models
    )
    return replace(opened, models=tuple(models))


def matches(evidence: Evidence, by: date | None) -> set[tuple[str, str, float]]:
    """Return the matches of a brief by model, test and level."""
    matched = look(evidence.as_known_by(NOW), NOW, LAST, known=by).news.matched
    return {(match.open.model_id, match.board.benchmark_id, match.threshold) for match in matched}


def test_what_tests_scored_since_the_last_brief_is_news_though_its_model_is_older(evidence: Evidence) -> None:
    assert matches(evidence, LAST) >= {("kimi-k2.6", "gpqa-diamond", 90.0), ("kimi-k2.6", "frontiermath", 35.0)}


def test_what_the_last_brief_knew_is_not_told_again(evidence: Evidence) -> None:
    assert matches(evidence, NOW) == matches(evidence, None) == set()


def test_a_model_that_is_known_to_be_open_since_the_last_brief_is_news_with_its_own_dates(evidence: Evidence) -> None:
    before, now = date(2026, 6, 1), date(2026, 6, 12)
    with_word = with_word_of_weights(evidence, "kimi-k2.6", now)
    brief = compose(gather(with_word, now, before, now, None, before))
    assert brief.bullets[0].text.startswith("Moonshot of China released Kimi K2.6 on 20 April. It set open records ")
    assert brief.bullets[0].text.endswith(" This became known on 12 June.")
    matched = look(with_word, now, before, known=before).news.matched
    assert {match.open.model_id for match in matched} == {"kimi-k2.6"}
    assert look(with_word, now, before, known=now).news.matched == ()


def test_a_score_that_came_late_is_news_with_the_day_since_which_it_is_known(evidence: Evidence) -> None:
    brief = compose(gather(evidence.as_known_by(NOW), NOW, LAST, NOW, None, LAST))
    assert brief.bullets[0].text.endswith(" This became known on 22 May.")
