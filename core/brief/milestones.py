"""Milestones and their short briefs: a model is the first of its side at a level, or the verdict changed."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, timedelta
from math import inf

from core.brief.brief import Brief, compose, draft_material
from core.brief.news import LOOK_BACK, News, glance, look
from core.brief.verdicts import NOTHING_STATED, Turn, Verdict
from core.dataclass import dataclass
from core.evidence.evidence import Evidence
from core.gap.crossings import Crossing, Unmatched

_ROLES = ("turned", "records", "sharpest", "overall", "plain")
"""The bullets of a milestone's brief: what it is, how large the gap is, and what a new verdict means."""
Key = tuple[str, str, str]
"""The side, the test (its id and version) and the model's id."""


@dataclass(frozen=True)
class Milestone:
    """The first model of its side to reach a level of a test, as the analysis has it.

    `day` is the model's release day.
    """

    key: Key
    level: float
    day: date
    is_private: bool
    reached: Crossing | Unmatched

    @property
    def side(self) -> str:
        """Return the side of the model: open or closed."""
        return self.key[0]

    @property
    def test(self) -> str:
        """Return the test's id and version."""
        return self.key[1]

    @property
    def subjects(self) -> tuple[str, ...]:
        """Return what it is about, each a kind and an id: the models, their labs, the test and its field of work."""
        level = self.reached
        models = (level.closed,) if isinstance(level, Unmatched) else (level.open, level.closed)
        ids = [
            *(("model", model.model_id) for model in models), *(("lab", model.lab_id) for model in models),
            ("benchmark", self.test), ("domain", level.board.domain),
        ]  # fmt: skip
        return tuple(dict.fromkeys(f"{kind}:{subject_id}" for kind, subject_id in ids if subject_id))

    @property
    def is_news(self) -> bool:
        """Whether it may be posted: an open model's match, or a closed model's level that no open model matched."""
        return self.side == "open" or isinstance(self.reached, Unmatched)


@dataclass(frozen=True)
class Told:
    """What was seen so far: the highest level of each key, and the last verdict; at first, no verdict that counts."""

    levels: Mapping[Key, float] = field(default_factory=dict)
    verdict: Verdict = NOTHING_STATED


def find_milestones(evidence: Evidence, published: date, before: Told) -> tuple[list[Turn | Milestone], Told]:
    """Return what is new since the last look, most important first, and what has been seen by now.

    A verdict that revised data changed is not a milestone; the next brief reports the correction. Raises UsageError if
    there is nothing to measure.
    """
    seen = glance(evidence, published, date.min, before.verdict)
    highest, turn = _highest_levels(seen.news), seen.news.turn
    recent = [level for level in highest.values() if level.is_news and level.day > seen.as_of - LOOK_BACK]
    levels = {key: max(reached.level, before.levels.get(key, -inf)) for key, reached in highest.items()}
    turned = [turn] if turn is not None and turn.is_news else []
    told = Told({**before.levels, **levels}, Verdict(seen.analysis.direction.state, seen.complete_to))
    return [*turned, *_order_new(recent, before.levels)], told


def brief_of(evidence: Evidence, published: date, milestone: Turn | Milestone) -> Brief:
    """Write a short brief: the milestone, and the current figures."""
    stated = Verdict(milestone.stated, milestone.day) if isinstance(milestone, Turn) else None
    seen = look(evidence, published, since_of(milestone), stated)
    return compose(draft_material(replace(seen, news=_only_news(milestone)), published, _ROLES))


def since_of(milestone: Turn | Milestone) -> date:
    """Return the day since which a milestone's brief reports news."""
    return milestone.day if isinstance(milestone, Turn) else milestone.day - timedelta(days=1)


def _highest_levels(news: News) -> dict[Key, Milestone]:
    """Return the highest level per model and test at which the model was the first of its side."""
    by_closed: list[Crossing | Unmatched] = [*news.matched, *news.raised]
    reached = [
        *(("open", result.open, result) for result in news.matched),
        *(("closed", level.closed, level) for level in by_closed),
    ]
    highest: dict[Key, Milestone] = {}
    for side, model, level in reached:
        board = level.board
        if (board, model) in news.outdone:
            continue
        key = side, f"{board.benchmark_id} {board.version}", model.model_id
        if key not in highest or level.threshold > highest[key].level:
            is_private = board.access == "private"
            highest[key] = Milestone(key, level.threshold, date.fromordinal(model.day), is_private, level)
    return highest


def _order_new(milestones: list[Milestone], before: Mapping[Key, float]) -> list[Milestone]:
    """Return milestones worth posting, newest model first; those overtaken in the same refresh come last.

    For a new test only the newest milestone counts, not the test's whole past. The first look returns none.
    """
    if not before:
        return []
    new = [milestone for milestone in milestones if milestone.level > before.get(milestone.key, -inf)]
    new.sort(key=lambda milestone: (milestone.day, milestone.is_private, milestone.side, milestone.level), reverse=True)
    tests = {test for _, test, _ in before}
    newest = {milestone.test: milestone for milestone in reversed(new)}
    heads = {(milestone.test, milestone.side): milestone for milestone in reversed(new)}
    worthy = [milestone for milestone in new if milestone.test in tests or newest[milestone.test] is milestone]
    return sorted(worthy, key=lambda milestone: heads[milestone.test, milestone.side] is not milestone)


def _only_news(milestone: Turn | Milestone) -> News:
    """Return news with this milestone alone."""
    if isinstance(milestone, Turn):
        return News((), (), turn=milestone)
    level = milestone.reached
    return News((), (level,)) if isinstance(level, Unmatched) else News((level,), ())
