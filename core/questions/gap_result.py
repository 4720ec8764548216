"""The result of `gap`, which is also its JSON: the figures of each class and test, and the matches behind them."""

from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from core.dataclass import dataclass
from core.gap.parameters import Measure
from core.questions.result import CHANGE, NAMED_BOARD, REACHED, THRESHOLD, Keys
from core.questions.sensitivity import LeftOut
from core.questions.shared_facts import ClassFigures

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence, Model, Published
    from core.gap.analysis import Analysis, BoardGap, ClassGap
    from core.gap.board_life import BoardLife
    from core.gap.crossings import BoardState
    from core.gap.figures import Change, Headline
    from core.gap.robust import Robust


@dataclass(frozen=True, eq=False)
class PastYear:
    """The change of the gap over the past year, and the word for it."""

    json_keys: ClassVar[Keys] = {"change": CHANGE}

    word: str
    change: "Change"


@dataclass(frozen=True, eq=False)
class MonthEnd:
    """The change of the gap up to a month end (ordinal), and the state then: "wider", "narrower" or None."""

    json_keys: ClassVar[Keys] = {"day": "date"}

    day: int
    months: float
    state: str | None


@dataclass(frozen=True, eq=False)
class Widening:
    """Whether the gap of all tests grew since a day (ordinal): the word for it, the change, and the path of states."""

    json_keys: ClassVar[Keys] = {"change": CHANGE}

    since: int
    word: str
    state: str | None
    change: "Change"
    past_year: PastYear
    access: "dict[str, Change]"
    path: list[MonthEnd]


@dataclass(frozen=True, eq=False)
class Standing:
    """The standing gap of a test on the day `at`, with its two models; the leader has had the score since `since`.

    Both days are ordinals.
    """

    json_keys: ClassVar[Keys] = {"closed": "closed_model", "open": "open_model"}

    months: float
    at: int
    closed: "Model"
    open: "Model"
    since: int
    reason: None = None


@dataclass(frozen=True, eq=False)
class NoStanding:
    """The reason why a test has no standing gap."""

    json_keys: ClassVar[Keys] = {"at": None}

    months: None = field(default=None, init=False)
    at: None = field(default=None, init=False)
    reason: str


@dataclass(frozen=True, eq=False)
class BoardFigures:
    """One test: its recent catch-up times, its standing gap, its models, and whether it can still give results."""

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


@dataclass(frozen=True, eq=False)
class CoursePoint:
    """The gap of a class on a day (ordinal); None if it can't be read."""

    json_keys: ClassVar[Keys] = {"day": "date"}

    access: str
    day: int
    months: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, eq=False)
class TrendPoint(CoursePoint):
    """Catch-up time of a class on a day (ordinal), and the effective number of benchmarks behind it."""

    n_effective: float | None


@dataclass(frozen=True, eq=False)
class Match:
    """A level that open models have reached, with each side's first model there; `reason` if it does not count."""

    json_keys: ClassVar[Keys] = REACHED

    board: "Board"
    threshold: float
    closed: "Model | None"
    open: "Model"
    gap_months: float | None
    closed_evidence: str = ""
    open_evidence: str = ""
    accepted: bool = False
    reason: str | None = None


@dataclass(frozen=True, eq=False)
class OpenFirst(Match):
    """A level that an open model reached before any closed model."""

    json_keys: ClassVar[Keys] = {**REACHED, "accepted": None, "reason": None}


@dataclass(frozen=True, eq=False)
class OpenAlone(OpenFirst):
    """A level that no closed model has reached."""

    json_keys: ClassVar[Keys] = {**OpenFirst.json_keys, "closed_evidence": None, "open_evidence": None}


@dataclass(frozen=True, eq=False)
class Pending:
    """A level that no open model has reached, with its age on the day (ordinal) of its test's newest model."""

    json_keys: ClassVar[Keys] = THRESHOLD

    board: "Board"
    threshold: float
    closed: "Model"
    age_months: float
    newest_data: int
    accepted: bool
    reason: str | None


@dataclass(frozen=True, eq=False)
class ExcludedModel:
    """A model (by id) that has scores but is left out, and why."""

    model: str
    reason: str


@dataclass(frozen=True, eq=False)
class Held:
    """The gap of a class without and with the held models, which rest on one publisher's word alone."""

    models: "list[Model]"
    without_them: "Headline"
    with_them: "Headline"


@dataclass(frozen=True, eq=False)
class StudyFigure:
    """The figure that the reproduced study published for a class, and what its rules give as of the day."""

    published: "Published"
    now: "Headline | None"

    @property
    def is_known(self) -> bool:
        """Whether both the figure by its rules and the published figure exist."""
        months = (self.now and self.now.months, self.published.months_low, self.published.months_high)
        return None not in months


@dataclass(frozen=True, eq=False)
class Gap:
    """The gap as of a day: the figures of each class and test, and the results and tests behind them.

    `single` if the question is about one test, `of_domain` if it is about one domain; `side` says which open models
    count, empty if all do.
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
        """Return the evidence behind the result."""
        return self.analysis.scope.evidence

    @property
    def as_of(self) -> date:
        """Return the as-of day."""
        return date.fromordinal(self.analysis.scope.as_of)

    @property
    def whose(self) -> str:
        """Say which open models count, after "open models": " from China"; empty if all do."""
        return f" {self.side}" if self.side else ""

    @property
    def only_class(self) -> str:
        """Return the class of the tests if several tests are of one class alone, else ""."""
        return next(iter(self.access)) if len(self.access) == 1 and not self.single else ""

    @property
    def classes(self) -> "dict[str, ClassGap]":
        """Return the estimates of each access class."""
        return self.analysis.classes

    @property
    def course(self) -> "list[TrendPoint] | list[CoursePoint]":
        """Return the leading measure over time."""
        return self.trend if self.leads == "catch_up" else self.index_trend or self.standing_trend
