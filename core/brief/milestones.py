"""Milestones: a model that is the first of its side at a level, or a verdict that changed; the short brief of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import inf

from core.brief import facts as brief_facts
from core.brief import news as brief_news
from core.brief.brief import Brief, Material, Words, compose, title_of
from core.brief.bullets import deck, drafts, foot
from core.brief.news import Look, News, glance
from core.brief.verdicts import NOTHING_STATED, Turn, Verdict
from core.evidence.evidence import Evidence
from core.gap.crossings import Unmatched
from core.gap.moves import Result

Key = tuple[str, str, str]
"""The side, the test (its id and version) and the id of the model."""


@dataclass(frozen=True)
class Milestone:
    """A model that was the first of its side to reach a level of a test, and what the analysis found of it.

    `day` is the model's release.
    """

    key: Key
    level: float
    day: date
    is_private: bool
    found: Result | Unmatched

    @property
    def side(self) -> str:
        """The side of the model: open or closed."""
        return self.key[0]

    @property
    def test(self) -> str:
        """The test's id and version."""
        return self.key[1]

    @property
    def is_news(self) -> bool:
        """Whether it may be told: an open model's match, or a closed one's mark that no open one has matched."""
        return self.side == "open" or isinstance(self.found, Unmatched)


@dataclass(frozen=True)
class Told:
    """What the looks so far saw: the highest level of each key, and the last verdict; none that counts at first."""

    levels: Mapping[Key, float] = field(default_factory=dict)
    verdict: Verdict = NOTHING_STATED


def milestones(evidence: Evidence, published: date, before: Told) -> tuple[list[Turn | Milestone], Told]:
    """Return what is new since the last look, the most important first, and what is seen by now.

    A verdict that revised data changed is none; the next brief tells it as a correction. Raises UsageError where there
    is nothing to measure.
    """
    seen = glance(evidence, published, date.min, before.verdict)
    reached, as_of, turn = _reached(evidence, seen.news), seen.as_of, seen.news.turn
    new = _new(
        [each for each in reached.values() if each.is_news and each.day > as_of - brief_news.LOOK_BACK], before.levels
    )
    levels = {key: max(each.level, before.levels.get(key, -inf)) for key, each in reached.items()}
    turned = [turn] if turn is not None and turn.is_news else []
    return [*turned, *new], Told({**before.levels, **levels}, Verdict(seen.gaps.direction.state, seen.complete_to))


def brief_of(evidence: Evidence, published: date, milestone: Turn | Milestone) -> Brief:
    """Write a short brief: the milestone and the standing figures."""
    stated = Verdict(milestone.stated, milestone.day) if isinstance(milestone, Turn) else None
    seen = _only_news(brief_news.look(evidence, published, since_of(milestone), stated), milestone)
    facts = brief_facts.facts(seen, published)
    known = {fact.key: fact for fact in facts}
    first, *others = drafts(known, is_news=True)
    first = replace(first, remark=None) if "raised.closed" in known else first
    words = Words(title_of(facts), (first, *(each for each in others if "{deck." in each.text)))
    material = Material(
        published, seen.as_of, evidence.newest_data, True, facts, words.bullets, words, deck(known),
        foot(known, is_late=False), (), evidence.terms,
    )  # fmt: skip
    return compose(material, words)


def since_of(milestone: Turn | Milestone) -> date:
    """Return the day from which on its brief says what is new."""
    return milestone.day if isinstance(milestone, Turn) else milestone.day - timedelta(days=1)


def _reached(evidence: Evidence, found: News) -> dict[Key, Milestone]:
    """Return what each model was the first of its side to reach: on one test, the highest level."""
    closed: list[Result | Unmatched] = [*found.matched, *found.raised]
    sides = [
        *(("open", each.open, each.open_day, each) for each in found.matched),
        *(("closed", each.closed, each.closed_day, each) for each in closed),
    ]
    highest: dict[Key, Milestone] = {}
    for side, model, day, each in sides:
        board = evidence.boards[each.board]
        key = side, f"{board.benchmark_id} {board.version}", evidence.models[model].model_id
        if key not in highest or each.threshold > highest[key].level:
            is_private = board.access == "private"
            highest[key] = Milestone(key, each.threshold, date.fromordinal(day), is_private, each)
    return highest


def _new(milestones: list[Milestone], before: Mapping[Key, float]) -> list[Milestone]:
    """Return those that are told: newest model first, and last those that another overtook in the same refresh.

    Of a test that is new itself it is the newest alone, and not the test's whole past; at a first look none.
    """
    if not before:
        return []
    new = [each for each in milestones if each.level > before.get(each.key, -inf)]
    new.sort(key=lambda each: (each.day, each.is_private, each.side, each.level), reverse=True)
    tests = {test for _, test, _ in before}
    newest = {each.test: each for each in reversed(new)}
    heads = {(each.test, each.side): each for each in reversed(new)}
    new = [each for each in new if each.test in tests or newest[each.test] is each]
    return sorted(new, key=lambda each: heads[each.test, each.side] is not each)


def _only_news(seen: Look, milestone: Turn | Milestone) -> Look:
    """Make a milestone the only news of a look."""
    if isinstance(milestone, Turn):
        return replace(seen, news=News((), (), turn=milestone))
    found = milestone.found
    return replace(seen, news=News((), (found,)) if isinstance(found, Unmatched) else News((found,), ()))
