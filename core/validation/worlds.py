"""Simulated worlds, built score by score, whose true gap is known: the judge's test cases (method.md).

Ability is measured in years of closed progress: the closed frontier is at t years on day t; the open frontier is where
the closed one was `lag` months earlier. A model is below its side's frontier by a random amount. A board turns ability
into a score by its difficulty, its slope, an offset for open models, effects of a model on the board or on its family,
and a random draw of items. Which models are tested on which boards is drawn at rates that depend on the side and on
whether the model is a frontier model.
"""

from datetime import date
from functools import cached_property

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import Board, BoolArray, Evidence, FloatArray, IntArray, Model
from core.gap.board_life import ACTIVE, find_board_lives
from core.gap.crossings import find_crossings
from core.gap.index_figure import MONTH_ENDS
from core.gap.parameters import CLUSTERED_2, MONTH_DAYS
from core.gap.standing import board_gap

START = date(2023, 3, 1).toordinal()
"""The first day of every world (ordinal)."""
MONTHS = 42
"""The length of every world in months; figures are computed as of the last day."""
LEVELS = tuple(float(level) for level in range(5, 101, 5))
_LOOKS_BACK_MONTHS = 12
"""A new board tests models up to this age."""
_FRONTIER_YEARS = 2 / 15
"""The maximum distance below its side's record at which a new model still counts as a frontier model: two points of
an index that rises by some 15 a year."""
_EARLY, _EARLY_BUT_LIVE = (6.0, 18.0), (8.0, 20.0)
"""How many months before the end a board ends early (range); the second range applies if the number of live boards
is fixed."""
_LABS = 9
"""The number of labs with open models, if some labs turn closed."""
_TURN_MONTHS = 12.0
"""Labs turn closed within this many months before the end."""
_SATURATED = 0.975
"""The best model's score a year before the end on a board that saturates, as a fraction."""


@dataclass(frozen=True)
class Design:
    """The parameters of a world; the defaults follow the real models and boards since 2023.

    Rates are the chance that a model is tested on a board. Standard deviations are in years of closed progress
    (`offset_sd`: how much harder a board is for open models) or in logits of a score (`noise_sd`: how much better or
    worse a model does on a board than its ability predicts). `lag` is the true lag a year before the end (months),
    `drift` its growth (months a year) over the last two years, `still` the number of months before the end without a
    better open model. Boards of one family share `family_share` of the variance of offset and noise. `early_ends` is
    the share of boards that end six to eighteen months early. `below_years` is the mean distance of a model from its
    side's frontier, `tails` the degrees of freedom of the noise, `scarcity` the number of closed models per open model,
    `private` the number of private boards.
    """

    lag: float = 6.0
    drift: float = 0.0
    still: float = 0.0
    models_per_month: float = 4.0
    small_open: float = 0.0
    scarcity: float = 1.0
    below_years: float = 0.55
    boards: int = 12
    private: int = 12
    family_size: int = 1
    family_share: float = 0.8
    offset_sd: float = 0.2
    noise_sd: float = 0.35
    tails: float = np.inf
    early_ends: float = 0.0
    closed_rate: float = 0.42
    open_rate: float = 0.42
    frontier_rates: tuple[tuple[float, float], tuple[float, float]] | None = None
    """The rates for frontier models, if they differ: (closed, open) on private boards, and on public ones."""
    twins: bool = False
    """Whether each open model has a twin with the same day and ability, tested independently."""
    live: int = 0
    """The number of boards live at the end; the others ended 8 to 20 months earlier. 0: not fixed."""
    contaminated: float = 0.0
    """The share of boards (the first ones) on which training towards the test lifts open scores."""
    lifted: float = 6.0
    """The lift in percentage points."""
    turned: float = 0.0
    """The share of open labs that turn closed on some day of the last year: later models are closed."""
    unreported: float = 0.0
    """The chance that a score below the model's true score is not reported."""
    saturated: float = 0.0
    """The share of boards (the first ones) on which the best models score above 97 % in the last year."""
    open_late: float = 0.0
    """The delay in months between an open model's release and the day its scores become known."""

    @property
    def direction(self) -> int:
        """Return 1 if the lag has grown since the first day of the measured change, -1 if it has shrunk."""
        since = (CLUSTERED_2.since.toordinal() - START) / MONTH_DAYS
        then, now = true_lag(self, np.array([since, float(MONTHS)])).tolist()
        return int(now > then) - int(now < then)


DESIGNS: dict[str, Design] = {
    "equal testing": Design(),
    "8 boards": Design(boards=8, private=8),
    "16 boards": Design(boards=16, private=16),
    "42/23": Design(open_rate=0.23),
    "42/10": Design(open_rate=0.10),
    "80/40": Design(closed_rate=0.80, open_rate=0.40),
    "sister boards": Design(family_size=3),
    "early ends": Design(early_ends=0.5),
    "heavy noise": Design(noise_sd=0.7, tails=3.0),
    "drift +3 a year": Design(drift=3.0),
    "drift -3 a year": Design(drift=-3.0),
    "open stands still": Design(still=9.0),
    "open ahead": Design(lag=-3.0),
    "few open models": Design(scarcity=3.0),
    "small open models": Design(small_open=0.5),
    "measured rates": Design(
        boards=16, private=8, closed_rate=0.30, open_rate=0.25, frontier_rates=((0.71, 0.47), (0.63, 0.62))
    ),
    "realistic mix": Design(
        boards=16, private=16, family_size=2, early_ends=0.3, noise_sd=0.45, tails=5.0, scarcity=1.3,
        closed_rate=0.30, open_rate=0.20, frontier_rates=((0.71, 0.47), (0.71, 0.47)),
    ),
    "two live boards": Design(boards=7, private=7, live=2),
    "two live boards, small open models": Design(boards=7, private=7, live=2, small_open=0.6),
    "contamination": Design(contaminated=0.5),
    "labs that turn closed": Design(turned=1 / 3),
    "pairs of sister boards, 42/23": Design(family_size=2, open_rate=0.23),
    "only good results reported": Design(unreported=0.7),
    "boards that saturate": Design(saturated=0.5),
    "open scores three months late": Design(open_late=3.0),
}  # fmt: skip
"""The judge's worlds, by name."""
RIVALS: dict[str, Design] = {
    "rivals": Design(twins=True),
    "rivals, sister boards": Design(twins=True, boards=24, private=24, family_size=3),
    "rivals, heavy noise": Design(twins=True, noise_sd=0.7, tails=3.0),
}
"""Worlds with two equally able groups of open models: neither is ahead."""


@dataclass(frozen=True)
class World:
    """A world: the evidence that estimators see, and the truth.

    Shape: `ability` (models,) in years of closed progress, `frontier` (models,), `family` (boards,) integer codes.
    `clean` (models, boards) is each model's score without noise, in percent, if open models did as well on the board as
    elsewhere.
    """

    design: Design
    evidence: Evidence
    clean: FloatArray
    family: IntArray
    ability: FloatArray
    frontier: BoolArray

    @property
    def as_of(self) -> int:
        """Return the last day (ordinal)."""
        return START + round(MONTHS * MONTH_DAYS)

    @property
    def boards(self) -> IntArray:
        """Return the indices of all boards."""
        return np.arange(len(self.evidence.boards))

    @cached_property
    def live(self) -> BoolArray:
        """Return which boards are live on the last day: (boards,) (method.md, H1)."""
        crossings = find_crossings(self.evidence, self.boards, self.as_of, CLUSTERED_2)
        lives = find_board_lives(self.evidence, self.boards.tolist(), crossings, self.as_of, CLUSTERED_2)
        return np.array([life.stage == ACTIVE and bool(life.levels_left) for life in lives.values()])

    def true_mean(self, at: int) -> float:
        """Return the mean true lag over a day (ordinal) and the five month ends before it, in months.

        The lag is the time since a closed model first had the ability of the best open model.
        """
        day, is_open = self.evidence.model_days, self.evidence.model_is_open
        lags = []
        for end in (at - round(back * MONTH_DAYS) for back in range(MONTH_ENDS)):
            out = int(np.searchsorted(day, end, side="right"))
            gap = board_gap(day[:out], is_open[:out], self.ability[:out], end)
            lags.append(np.nan if gap is None else gap[0])
        return float(np.mean(lags))


def true_lag(design: Design, month: FloatArray) -> FloatArray:
    """Return the lag of ability in months, at times in months since the start."""
    drifted_lag = design.lag + design.drift * (np.clip(month, MONTHS - 24, MONTHS) - (MONTHS - 12)) / 12
    return drifted_lag + np.clip(month - (MONTHS - design.still), 0, None)


def make_world(design: Design, rng: np.random.Generator) -> World:
    """Draw a world; if the number of live boards is fixed, redraw until a world has that number."""
    while True:
        world = _draw_world(design, rng)
        if not design.live or world.live.sum() == design.live:
            return world


def _draw_world(design: Design, rng: np.random.Generator) -> World:
    month, is_open = _draw_releases(design, rng)
    below = rng.exponential(design.below_years, len(month))
    if design.small_open:
        below = np.where(is_open & (rng.random(len(month)) < design.small_open), 3 * below, below)
    if design.twins:
        second = np.flatnonzero(is_open)[1::2]
        below[second] = below[second - 1]
    ability = np.where(is_open, month - true_lag(design, month), month) / 12 - below
    if design.still:
        is_late = is_open & (month > MONTHS - design.still)
        ability[is_late] = np.minimum(ability[is_late], ability[is_open & ~is_late].max(initial=-np.inf))
    if design.turned:
        is_open = is_open & ~_draw_turning_labs(design, month, rng)
    day = START + np.floor(month * MONTH_DAYS).astype(np.int64)
    family = np.arange(design.boards) // design.family_size
    starts = rng.uniform(0, 24, design.boards)
    ends = MONTHS - rng.uniform(0, 5, design.boards)
    early = design.boards - design.live if design.live else round(design.early_ends * design.boards)
    is_early = rng.permutation(design.boards) < early
    months_early = rng.uniform(*(_EARLY_BUT_LIVE if design.live else _EARLY), design.boards)
    ends = np.where(is_early, MONTHS - months_early, ends)
    is_eligible = (month[:, None] >= starts - _LOOKS_BACK_MONTHS) & (month[:, None] <= ends)
    frontier = _frontier_models(ability, day, is_open)
    is_tested = is_eligible & (rng.random(is_eligible.shape) < _test_rates(design, is_open, frontier))
    slope = np.exp(rng.normal(0.7, 0.4, design.boards))
    difficulty = starts / 12 + rng.uniform(0.2, 2.2, design.boards)
    saturates, is_contaminated = (
        np.arange(design.boards) < round(share * design.boards) for share in (design.saturated, design.contaminated)
    )
    if design.saturated:
        best = ability[month <= MONTHS - 12].max(initial=-np.inf)
        difficulty = np.where(saturates, best - np.log(_SATURATED / (1 - _SATURATED)) / slope, difficulty)
    shared_offset = _draw_shared_normal(design, rng, family, 1)[0] * design.offset_sd
    clean = slope * (ability[:, None] - difficulty)
    noise = _draw_shared_normal(design, rng, family, len(month)) * design.noise_sd
    noisy_score = clean - slope * shared_offset * is_open[:, None] + noise
    items = rng.choice([50, 100, 200, 450], design.boards)
    score = 100 * rng.binomial(items, _logistic(noisy_score)) / items
    score = np.minimum(100, score + design.lifted * (is_open[:, None] & is_contaminated))
    clean_score = 100 * _logistic(clean)
    if design.unreported:
        is_tested &= (score >= clean_score) | (rng.random(score.shape) >= design.unreported)
    if design.open_late:
        is_tested &= ~is_open[:, None] | (month[:, None] <= MONTHS - design.open_late)
    return World(
        design, _make_evidence(design, family, day, is_open, score, is_tested), clean_score, family, ability, frontier
    )


def _draw_releases(design: Design, rng: np.random.Generator) -> tuple[FloatArray, BoolArray]:
    """Draw the release times of models (months since the start, sorted), and which models are open."""
    counts = rng.poisson([design.models_per_month * MONTHS, design.models_per_month * MONTHS / design.scarcity])
    month = rng.uniform(0, MONTHS, counts.sum())
    is_open = np.arange(counts.sum()) >= counts[0]
    order = np.argsort(month)
    if design.twins:
        order = np.repeat(order, np.where(is_open[order], 2, 1))
    return month[order], is_open[order]


def _draw_turning_labs(design: Design, month: FloatArray, rng: np.random.Generator) -> BoolArray:
    """Return for each model whether its lab turned closed before its release."""
    lab = rng.integers(_LABS, size=len(month))
    turns = MONTHS - rng.uniform(0, _TURN_MONTHS, _LABS)
    turns[round(design.turned * _LABS) :] = np.inf
    return np.asarray(month >= turns[lab])


def _test_rates(design: Design, is_open: BoolArray, frontier: BoolArray) -> FloatArray:
    """Return the chance that a model is tested on a board: (models, boards)."""
    rates = np.where(is_open, design.open_rate, design.closed_rate)[:, None].repeat(design.boards, axis=1)
    if design.frontier_rates is not None:
        is_public = np.arange(design.boards) >= design.private
        of_frontier = np.array(design.frontier_rates)[is_public.astype(int)].T  # (side, boards)
        rates = np.where(frontier[:, None], of_frontier[is_open.astype(int)], rates)
    return rates


def _draw_shared_normal(design: Design, rng: np.random.Generator, family: IntArray, rows: int) -> FloatArray:
    """Draw numbers of variance 1 for (rows, boards); boards of one family share part of the variance."""
    size = (rows, len(family))
    own = rng.normal(size=size)
    if rows > 1 and np.isfinite(design.tails):
        own = rng.standard_t(design.tails, size) / np.sqrt(design.tails / (design.tails - 2))
    if design.family_size == 1:
        return own
    of_family = rng.normal(size=(rows, int(family.max()) + 1))[:, family]
    return np.asarray(np.sqrt(design.family_share) * of_family + np.sqrt(1 - design.family_share) * own)


def _logistic(logit: FloatArray) -> FloatArray:
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -700, 700))))


def _make_evidence(
    design: Design, family: IntArray, day: IntArray, is_open: BoolArray, score: FloatArray, is_tested: BoolArray
) -> Evidence:
    """Return a table of scores as evidence, sorted by board, then by day."""
    board, model = np.nonzero(is_tested.T)
    boards = tuple(
        Board(
            str(n), "1", str(n), "private" if n < design.private else "public", True, "percent", LEVELS,
            family=f"f{family[n]}",
        )
        for n in range(design.boards)
    )  # fmt: skip
    models = tuple(
        Model(str(n), str(n), day=released, is_open=side)
        for n, (released, side) in enumerate(zip(day.tolist(), is_open.tolist(), strict=True))
    )
    last = date.fromordinal(START + round(MONTHS * MONTH_DAYS))
    return Evidence(
        "world", last, last, boards, models, board, model, day[model], is_open[model], score.T[board, model]
    )


def _frontier_models(ability: FloatArray, day: IntArray, is_open: BoolArray) -> BoolArray:
    """Return which models were near their side's record at release, which includes the models of that day.

    Shape: all (models,), sorted by `day` (ordinals).
    """
    is_frontier = np.zeros(len(day), dtype=np.bool_)
    for side in (is_open, ~is_open):
        best = np.maximum.accumulate(ability[side])
        of_day = best[np.searchsorted(day[side], day[side], side="right") - 1]
        is_frontier[side] = ability[side] >= of_day - _FRONTIER_YEARS
    return is_frontier
