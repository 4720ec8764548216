"""What `gap` works out, which is its JSON: the figures of each class and test, and the results that they come from."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from core.gap.parameters import Measure
from core.questions.result import BOARD, NAMED_BOARD, Keys
from core.questions.sensitivity import LeftOut
from core.questions.shared_facts import ClassFigures

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence, Model, Published
    from core.gap.analysis import Analysis, BoardGap, ClassGap
    from core.gap.board_life import BoardLife
    from core.gap.crossings import BoardState
    from core.gap.figures import Change, Headline
    from core.gap.robust import Robust

_CHANGE: Keys = {"change": {key: key for key in ("months", "low", "high")}}


@dataclass(frozen=True)
class PastYear:
    """What is said of the past year, and the change of the gap in it."""

    json_keys: ClassVar[Keys] = _CHANGE

    word: str
    change: "Change"


@dataclass(frozen=True)
class MonthEnd:
    """The change of the gap by a calendar month end (ordinal), and the state after it: "wider", "narrower" or None."""

    json_keys: ClassVar[Keys] = {"day": "date"}

    day: int
    months: float
    state: str | None


@dataclass(frozen=True)
class Widening:
    """Whether the gap of all tests grew since a day (ordinal): what is said, the change, and the path of states."""

    json_keys: ClassVar[Keys] = _CHANGE

    since: int
    word: str
    state: str | None
    change: "Change"
    past_year: PastYear
    access: "dict[str, Change]"
    path: list[MonthEnd]


@dataclass(frozen=True)
class Standing:
    """The standing gap of a test at a day, with its two models; the one ahead had the score `since` (ordinals)."""

    json_keys: ClassVar[Keys] = {"closed": "closed_model", "open": "open_model"}

    months: float
    at: int
    closed: "Model"
    open: "Model"
    since: int
    reason: None = None


@dataclass(frozen=True)
class NoStanding:
    """Why a test has no standing gap."""

    json_keys: ClassVar[Keys] = {"at": None}

    months: None = field(default=None, init=False)
    at: None = field(default=None, init=False)
    reason: str


@dataclass(frozen=True)
class BoardFigures:
    """One test: its recent catch-up times, its standing gap, its models, and what it can still tell."""

    json_keys: ClassVar[Keys] = {
        "board": NAMED_BOARD,
        "catch_up": {key: key for key in ("months", "smallest", "largest", "n_points")},
        "state": {"newest_data": "newest_day", "open_models": "open_models", "closed_models": "closed_models"},
        "life": {key: key for key in ("stage", "succeeded_by", "levels_left", "newest_result")},
    }

    board: "Board"
    catch_up: "BoardGap"
    standing: Standing | NoStanding
    state: "BoardState"
    reason: str | None
    life: "BoardLife"
    nothing_newer: str


@dataclass(frozen=True)
class CoursePoint:
    """The gap of a class on a day (ordinal); None where it can't be read."""

    json_keys: ClassVar[Keys] = {"day": "date"}

    access: str
    day: int
    months: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class TrendPoint(CoursePoint):
    """Catch-up time of a class on a day (ordinal), and how many benchmarks it is worth."""

    n_effective: float | None


_WAITING: Keys = {
    "board": BOARD | {"access": "access"},
    "closed": {"closed_model": "model_id", "closed_date": "day"},
}
_REACHED: Keys = {**_WAITING, "open": {"open_model": "model_id", "open_date": "day"}}
"""The keys of a level that open models have not reached, and of one that they have."""


@dataclass(frozen=True)
class Match:
    """A level that open models have reached, with the first model of each side there; why it does not count, if so."""

    json_keys: ClassVar[Keys] = _REACHED

    board: "Board"
    threshold: float
    closed: "Model | None"
    open: "Model"
    gap_months: float | None
    closed_evidence: str = ""
    open_evidence: str = ""
    accepted: bool = False
    reason: str | None = None


@dataclass(frozen=True)
class OpenFirst(Match):
    """A level that an open model reached before the first closed one."""

    json_keys: ClassVar[Keys] = {**_REACHED, "accepted": None, "reason": None}


@dataclass(frozen=True)
class OpenAlone(OpenFirst):
    """A level that no closed model has reached."""

    json_keys: ClassVar[Keys] = {**OpenFirst.json_keys, "closed_evidence": None, "open_evidence": None}


@dataclass(frozen=True)
class Pending:
    """A level that no open model has reached, with its age by the day (ordinal) of its test's newest model."""

    json_keys: ClassVar[Keys] = _WAITING

    board: "Board"
    threshold: float
    closed: "Model"
    age_months: float
    newest_data: int
    accepted: bool
    reason: str | None


@dataclass(frozen=True)
class ExcludedModel:
    """A model (by id) that is scored and left out."""

    model: str
    reason: str


@dataclass(frozen=True)
class Held:
    """The gap of a class without and with the models that one publisher's word alone holds back."""

    models: "list[Model]"
    without_them: "Headline"
    with_them: "Headline"


@dataclass(frozen=True)
class StudyFigure:
    """What the reproduced study published of a class, and what its rules give as of the day."""

    published: "Published"
    now: "Headline | None"

    @property
    def is_known(self) -> bool:
        """Whether there is a figure by its rules, and a published one to hold it against."""
        months = (self.now and self.now.months, self.published.months_low, self.published.months_high)
        return None not in months


@dataclass(frozen=True)
class Gap:
    """The gap as of a day: the figures of each class and test, what they come from and what they rest on.

    `single` where one test was asked for, `of_domain` where the tests of one domain were; `side` says which open models
    count, where not all do.
    """

    json_keys: ClassVar[Keys] = dict.fromkeys(("analysis", "single", "of_domain", "side", "study", "held", "robust"))

    analysis: "Analysis"
    single: bool
    of_domain: bool
    leads: Measure
    direction: Widening | None
    access: dict[str, ClassFigures]
    benchmarks: list[BoardFigures]
    trend: list[TrendPoint]
    points: list[Match]
    pending: list[Pending]
    open_first: list[OpenFirst]
    unmatched: int
    influences: list[LeftOut]
    excluded: list[ExcludedModel]
    standing_trend: list[CoursePoint] = field(default_factory=list)
    index_trend: list[CoursePoint] = field(default_factory=list)
    side: str = ""
    study: dict[str, StudyFigure] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)
    robust: "tuple[Robust, ...]" = ()

    @property
    def evidence(self) -> "Evidence":
        """Return the evidence that it was measured on."""
        return self.analysis.scope.evidence

    @property
    def as_of(self) -> date:
        """Return the day that it is of."""
        return date.fromordinal(self.analysis.scope.as_of)

    @property
    def classes(self) -> "dict[str, ClassGap]":
        """Return the estimates of each access class."""
        return self.analysis.classes

    @property
    def course(self) -> "list[TrendPoint] | list[CoursePoint]":
        """Return the measure that leads over time."""
        return self.trend if self.leads == "catch_up" else self.index_trend or self.standing_trend
