"""E6: one scale for all benchmarks, by an item-response model with an offset for open models (method.md, E6)."""

from dataclasses import replace
from functools import lru_cache
from typing import Literal

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.parameters import MONTH_DAYS

_YEAR_DAYS = 12 * MONTH_DAYS
_LOG_SLOPE, _LOG_SLOPE_SD = 0.7, 0.5
_DIFFICULTY_SD = 10.0
"""So wide that it only matters for a board without scores."""
_ITEMS = 100
"""Assumed number of items of a benchmark."""
_STEPS, _HALVINGS = 2, 20
"""Steps of the search per round, and the most halvings of a step that overshoots."""
_ROUNDS = 20
"""Most rounds of variances; the rounds stop when no variance changes by a fiftieth."""
_LEAST_GAIN = 1e-3
"""The search stops when a step raises the log posterior by less."""
_SPRING = 1e6
"""Stiffness of the penalty that keeps the sum of the offsets at zero."""
_FIRST_SPREAD, _FIRST_OFFSET, _FIRST_NOISE = 0.6, 0.2, 0.5
_PRIOR_CELLS = 2.0
"""The first values of the variances weigh as much as this many observations."""
_SHIFT_SD = 5.0
"""So wide that it only matters for a group without models."""
_LEAST_PROGRESS = 0.3
"""Lower bound of the progress per year that decides which models are frontier models."""
_NO_OFFSET = 1e-3
"""The spread of offsets if the form has none."""
_CEILING = 0.97
"""The assumed ceiling of a board, because some reference answers are wrong; a higher score raises its ceiling."""
_SORTS_FROM, _SORTS_UNTIL = 3, 9
"""The rounds in which models are sorted into frontier and others; later rounds keep the groups."""

Prior = Literal["line", "open-frontier", "both-frontiers"]
"""The lines over release days that the prior pulls abilities to: one line for closed and one for open models (`line`,
of index-1); separate lines for frontier and other open models (`open-frontier`); or the same on both sides
(`both-frontiers`)."""


Scores = Literal["logit", "rank", "ceiling"]


@dataclass(frozen=True)
class Form:
    """The choices of a fit.

    A frontier model is at most `frontier_years` of progress below its side's record. The final mode is fitted with
    `widened` times the fitted spreads. Without offsets, no board is harder for open models than another. `scores` are
    logits of the share right, of the rank on the board, or of the share of the board's ceiling.
    """

    prior: Prior = "line"
    frontier_years: float = 0.5
    widened: float = 1.0
    has_offsets: bool = True
    scores: Scores = "logit"


@dataclass(frozen=True)
class Cells:
    """Scores on the scale of the item-response model: the best score of each model on each board.

    Shape: `model`, `board` (positions in the two lists), `value` (logit of the share right, or log minutes) and
    `item_variance` (the sampling variance of the assumed number of items; 0 for minutes) are (cells,). `models`, in
    order of release, and `boards` hold the indices in the evidence; `day` (ordinal) and `is_open` are (models,);
    `access` (boards,) is 1 for private.
    """

    model: IntArray
    board: IntArray
    value: FloatArray
    item_variance: FloatArray
    models: IntArray
    boards: IntArray
    day: IntArray
    is_open: BoolArray
    access: IntArray


@dataclass(frozen=True)
class Index:
    """A fitted scale.

    Shape: `ability` and its posterior standard deviation `ability_sd` are (models,); one unit raises a score on the
    average board by about two logits. `slope`, `difficulty`, `offset` (how much harder the board is for open models)
    and `noise` are (boards,). `progress` is the growth of ability per year. `frontier` (models,) flags the models that
    the prior pulls to the line of their side's frontier. `shift` (groups,) is the height of each group's line above the
    first line. `spread` (2,) is the standard deviation of frontier models and of other models around their line.
    `offset_mean` holds the mean offsets of public and of private boards, `offset_sd` their standard deviation.
    """

    ability: FloatArray
    ability_sd: FloatArray
    slope: FloatArray
    difficulty: FloatArray
    offset: FloatArray
    noise: FloatArray
    progress: float
    shift: FloatArray
    spread: FloatArray
    offset_mean: tuple[float, float]
    offset_sd: float
    frontier: BoolArray


def collect_cells(evidence: Evidence, boards: IntArray, as_of: int, scores: Scores = "logit") -> Cells:
    """Transform the scores of models released by a day (ordinal); boards not in percent or minutes are ignored.

    Shares are kept half an item away from 0 and 1, so that the logit is finite.
    """
    units = {"percent", "minutes"}
    numbers = np.array([board for board in boards.tolist() if evidence.boards[board].unit in units], dtype=np.int64)
    rows = np.flatnonzero(np.isin(evidence.board, numbers) & (evidence.day <= as_of))
    order = rows[np.lexsort((evidence.score[rows], evidence.model[rows], evidence.board[rows]))]
    pair = np.stack((evidence.board[order], evidence.model[order]))
    last = np.append((np.diff(pair, axis=1) != 0).any(axis=0), True) if len(order) else np.zeros(0, dtype=np.bool_)
    best = order[last]
    models, first, model = np.unique(evidence.model[best], return_index=True, return_inverse=True)
    in_order = np.argsort(evidence.day[best][first], kind="stable")
    place = np.empty_like(in_order)
    place[in_order] = np.arange(len(in_order))
    models, first, model = models[in_order], best[first[in_order]], place[model]
    board = np.searchsorted(numbers, evidence.board[best])
    is_minutes = np.array([evidence.boards[number].unit == "minutes" for number in numbers.tolist()], dtype=np.bool_)
    share = _share(evidence.score[best])
    if scores == "ceiling":
        highest = np.zeros(len(numbers))
        np.maximum.at(highest, board, share)
        share = _share(100 * share / np.maximum(highest, _CEILING)[board])
    value = np.where(is_minutes[board], _log_minutes(evidence.score[best]), np.log(share / (1 - share)))
    if scores == "rank":
        for number in range(len(numbers)):
            own = value[board == number]
            rank = (own[:, None] > own).sum(axis=1) + 0.5 * (own[:, None] == own).sum(axis=1)
            value[board == number] = np.log(rank / (len(own) - rank))
    item_variance = np.where(is_minutes[board], 0.0, 1 / (_ITEMS * share * (1 - share)))
    access = np.array([evidence.boards[number].access == "private" for number in numbers.tolist()], dtype=np.int64)
    return Cells(
        model, board, value, item_variance, models, numbers, evidence.day[first], evidence.is_open[first], access
    )


def _share(score: FloatArray) -> FloatArray:
    """Convert percentages to shares, kept half an item away from 0 and 1."""
    return np.clip(score / 100, 1 / (2 * _ITEMS), 1 - 1 / (2 * _ITEMS))


def _log_minutes(score: FloatArray) -> FloatArray:
    return np.asarray(np.log(np.maximum(score, 0.1)))


def fit_index(
    scores: Cells,
    weight: FloatArray | None = None,
    start: Index | None = None,
    rounds: int = _ROUNDS,
    steps: int = _STEPS,
    form: Form = Form(),
) -> Index:
    """Fit the scale: y = a (theta - d - delta open) + e, by variational EM.

    theta ~ N(b1 t + shift of its group, s^2), log a ~ N(0.7, 0.5^2), delta ~ N(nu of the class, tau^2) and sums to 0,
    e ~ N(0, s_b^2). `weight` (cells,) counts a score several times, as in a bootstrap draw. `start` is a fit to begin
    from; its groups are kept. `rounds` is the most rounds of variances, `steps` the search steps in each round.
    y also has the sampling variance of its items, 1 / (n p (1 - p)), so a score of 0 or 100 % has little weight.
    The loss includes the variance of the abilities; otherwise slopes would grow to compensate for abilities that the
    prior shrinks. All other variances are expected values at the mode. The search is Gauss-Newton.
    Raises ValueError if there is no score.
    Source: Rasch 1960; Lord and Novick 1968 (two parameters); Dempster, Laird and Rubin 1977; Bock and Aitkin 1981.
    """
    if not len(scores.value):
        raise ValueError("there is no score to fit")
    problem = _Problem.build(scores, np.ones(len(scores.value)) if weight is None else weight, form)
    fit = problem.first() if start is None else replace(start, spread=start.spread / form.widened)
    sorts = form.prior != "line" and start is None
    for number in range(1, rounds + 1):
        if sorts and _SORTS_FROM <= number <= _SORTS_UNTIL:
            fit = replace(fit, frontier=problem.find_frontier(fit))
        before, fit = fit, problem.with_variances(problem.rescale(problem.mode(fit, steps)))
        if problem.is_settled(before, fit) and not (sorts and number <= _SORTS_UNTIL):
            break
    if form.widened > 1:
        fit = problem.mode(replace(fit, spread=form.widened * fit.spread), steps)
    return fit


def fit_with(scores: Cells, fit: Index, new: int, rounds: int, steps: int, form: Form) -> Index:
    """Fit the scale with one more model, at position `new` of `scores`, from the fit without the model.

    All other models stay in their groups; the position of the new model after a first search decides its group.
    """
    problem = _Problem.build(scores, np.ones(len(scores.value)), form)
    placed_fit = problem.mode(
        replace(
            fit, ability=np.insert(fit.ability, new, fit.progress * problem.years[new]),
            ability_sd=np.insert(fit.ability_sd, new, fit.spread[0]), frontier=np.insert(fit.frontier, new, True),
        ),
        steps,
    )  # fmt: skip
    frontier = placed_fit.frontier.copy()
    frontier[new] = problem.find_frontier(placed_fit)[new]
    return fit_index(scores, None, replace(placed_fit, frontier=frontier), rounds, steps, form)


def draw_abilities(
    scores: Cells, fit: Index, weight: FloatArray, form: Form, *, draws: int, seed: int
) -> tuple[FloatArray, FloatArray]:
    """Draw from the posterior at the mode (Laplace): abilities (draws, models), and private minus public (draws,).

    Private minus public is how many months further behind open models are on private than on public boards.
    With D the second derivatives of the abilities, C the cross derivatives, and S = LL' the Schur complement:
    z = L'^-1 e, theta = mode - D^-1 C z + D^-1/2 e'. Source: Tierney and Kadane 1986.
    """
    problem = _Problem.build(scores, weight, form)
    diagonal, cross, block, _ = problem.system(fit)
    scaled_cross = cross / diagonal[:, None]
    lower = np.linalg.cholesky(block - cross.T @ scaled_cross)
    of_border, of_abilities = _normals(len(block), len(diagonal), draws, seed)
    border = np.linalg.solve(lower.T, of_border).T
    means = border[:, -2:] @ np.array([-1.0, 1.0]) + (fit.offset_mean[1] - fit.offset_mean[0])
    progress = np.maximum(fit.progress + border[:, 3 * len(scores.boards)], _LEAST_PROGRESS * fit.progress)
    abilities = border @ scaled_cross.T
    np.subtract(fit.ability, abilities, out=abilities)  # in place: copies of the draws take as long as the product
    abilities += of_abilities / np.sqrt(diagonal)
    return abilities, 12 * means / progress


@lru_cache(maxsize=4)
def _normals(n_border: int, n_models: int, draws: int, seed: int) -> tuple[FloatArray, FloatArray]:
    """Return normal deviates of the border and the abilities; refits of one scale without some scores share them."""
    generator = np.random.default_rng(seed)
    return generator.standard_normal((n_border, draws)), generator.standard_normal((draws, n_models))


@dataclass(frozen=True)
class _Problem:
    """The posterior of one set of scores.

    Parameters are one vector: theta; then the border: d, log a, delta, b1, the groups' shifts, nu, nu.
    Shape: `years` and `side` are (models,). `side` is the factor of an offset: 1 for open and 0 for closed models, or
    a half and minus a half, so that swapping the labels only changes the sign of the offsets.
    """

    cells: Cells
    weight: FloatArray
    years: FloatArray
    side: FloatArray
    form: Form

    @classmethod
    def build(cls, scores: Cells, weight: FloatArray, form: Form) -> "_Problem":
        years = (scores.day - scores.day.mean()) / _YEAR_DAYS
        closed = -0.5 if form.prior == "both-frontiers" else 0.0
        return cls(scores, weight, years, np.where(scores.is_open, closed + 1, closed), form)

    def groups(self, frontier: BoolArray) -> FloatArray:
        """Return the factor of each group's shift: (models, groups)."""
        is_open = self.cells.is_open
        if self.form.prior == "line":
            return np.asarray(is_open[:, None].astype(np.float64))
        if self.form.prior == "open-frontier":
            return np.stack((is_open & frontier, is_open & ~frontier), axis=1).astype(np.float64)
        return np.stack((self.side, ~is_open & ~frontier, is_open & ~frontier), axis=1).astype(np.float64)

    def off_line(self, fit: Index) -> FloatArray:
        """Return the height of each ability above the line of its group."""
        return np.asarray(fit.ability - fit.progress * self.years - self.groups(fit.frontier) @ fit.shift)

    def spreads(self, fit: Index) -> FloatArray:
        """Return the standard deviation of each ability around its line."""
        return np.asarray(np.where(fit.frontier, fit.spread[0], fit.spread[1]))

    def find_frontier(self, fit: Index) -> BoolArray:
        """Return the models near their side's record at release; all closed models if these are one group."""
        near = np.ones(len(fit.ability), dtype=np.bool_)
        reach = self.form.frontier_years * max(fit.progress, _LEAST_PROGRESS)
        order = np.argsort(self.cells.day, kind="stable")
        for side in (True, False) if self.form.prior == "both-frontiers" else (True,):
            own = order[self.cells.is_open[order] == side]
            day = self.cells.day[own]
            record = np.maximum.accumulate(fit.ability[own])
            record = record[np.searchsorted(day, day, side="right") - 1] if len(own) else record
            near[own] = fit.ability[own] >= record - reach
        return near

    def first(self) -> Index:
        """Return the initial guess: slopes at their prior, each board's difficulty from its scores."""
        boards = len(self.cells.boards)
        slope = np.full(boards, np.exp(_LOG_SLOPE))
        counts = np.maximum(self._by_board(np.ones_like(self.cells.value)), 1)
        difficulty = self._by_board(self.years[self.cells.model] - self.cells.value / slope[self.cells.board]) / counts
        noise = np.full(boards, _FIRST_NOISE)
        models = len(self.cells.models)
        frontier = np.ones(models, dtype=np.bool_)
        fit = Index(
            self.years.copy(), np.zeros(models), slope, difficulty, np.zeros(boards), noise,
            1.0, np.zeros(self.groups(frontier).shape[1]), np.full(2, _FIRST_SPREAD), (0.0, 0.0),
            _FIRST_OFFSET if self.form.has_offsets else _NO_OFFSET, frontier,
        )  # fmt: skip
        return replace(fit, ability_sd=np.sqrt(self._ability_variance(fit)))

    def mode(self, fit: Index, steps: int) -> Index:
        """Return the mode at the variances of `fit`, by Gauss-Newton steps that are halved if they overshoot."""
        loss, candidate = self.loss(fit), fit
        for _ in range(steps):
            step = self.step(fit)
            for _ in range(_HALVINGS):
                candidate = self.move(fit, step)
                loss_there = self.loss(candidate)
                if loss_there <= loss:
                    break
                step = step / 2
            else:
                return fit
            gain, fit, loss = loss - loss_there, candidate, loss_there
            if gain < _LEAST_GAIN:
                break
        return fit

    def loss(self, fit: Index) -> float:
        """Return the negative log posterior at the variances of `fit`."""
        residual = self.cells.value - self._fitted_values(fit)
        off_line = self.off_line(fit) / self.spreads(fit)
        off_slope, off_mean = np.log(fit.slope) - _LOG_SLOPE, fit.offset - np.array(fit.offset_mean)[self.cells.access]
        precision = self._precision(fit)
        return 0.5 * float(
            residual**2 @ precision
            + precision @ self._spread_of_shown(fit)
            + off_line @ off_line
            + self._shift_precision * fit.shift @ fit.shift
            + off_slope @ off_slope / _LOG_SLOPE_SD**2
            + off_mean @ off_mean / fit.offset_sd**2
            + fit.difficulty @ fit.difficulty / _DIFFICULTY_SD**2
        )

    def step(self, fit: Index) -> FloatArray:
        """Return one Gauss-Newton step from `fit` towards the mode.

        No score depends on two abilities, so their block is diagonal and is eliminated. The remaining system has three
        rows per board (Schur complement).
        """
        diagonal, cross, block, gradient = self.system(fit)
        models = len(diagonal)
        scaled_cross = cross / diagonal[:, None]
        rest = np.linalg.solve(block - cross.T @ scaled_cross, scaled_cross.T @ gradient[:models] - gradient[models:])
        return np.concatenate((-gradient[:models] / diagonal - scaled_cross @ rest, rest))

    def system(self, fit: Index) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return the second derivatives (abilities' diagonal, abilities by border, border) and the gradient."""
        cells, boards = self.cells, len(self.cells.boards)
        n = np.arange(boards)
        side = self.side[cells.model]
        a = fit.slope[cells.board]
        fitted_values = self._fitted_values(fit)
        precision = self._precision(fit)
        pull = (cells.value - fitted_values) * precision
        # Derivatives of a fitted value with respect to theta, d, log a and delta.
        by = (a, -a, fitted_values, -a * side)
        models = len(cells.models)
        border = 3 * boards + 1 + len(fit.shift) + 2
        cross, block, gradient = np.zeros((models, border)), np.zeros((border, border)), np.zeros(models + border)
        for i, one in enumerate(by[1:]):
            cross[cells.model, i * boards + cells.board] = precision * a * one
            for j, other in enumerate(by[1 : i + 2]):
                together = self._by_board(precision * one * other)
                block[i * boards + n, j * boards + n] = block[j * boards + n, i * boards + n] = together
            gradient[models + i * boards + n] = -self._by_board(pull * one)
        spread = self._by_board(precision * self._spread_of_shown(fit))
        gradient[models + boards + n] += spread
        block[boards + n, boards + n] += 2 * spread
        gradient[:models] = -np.bincount(cells.model, weights=pull * a, minlength=models)
        self._add_prior(fit, cross, block, gradient)
        diagonal = 1 / self.spreads(fit) ** 2 + np.bincount(cells.model, weights=precision * a**2, minlength=models)
        return np.asarray(diagonal, dtype=np.float64), cross, block, gradient

    def _add_prior(self, fit: Index, cross: FloatArray, block: FloatArray, gradient: FloatArray) -> None:
        models, boards = len(self.cells.models), len(self.cells.boards)
        border = gradient[models:]
        line, nu = slice(3 * boards, len(border) - 2), slice(len(border) - 2, len(border))
        difficulty, slope, offset = (slice(part * boards, (part + 1) * boards) for part in range(3))
        columns, precision = np.column_stack((self.years, self.groups(fit.frontier))), 1 / self.spreads(fit) ** 2
        along, off_line = columns * precision[:, None], self.off_line(fit)
        cross[:, line] = -along
        block[line, line] = along.T @ columns
        gradient[:models] += off_line * precision
        border[line] = -(off_line @ along)
        shifts = np.arange(3 * boards + 1, len(border) - 2)
        block[shifts, shifts] += self._shift_precision
        border[shifts] += self._shift_precision * fit.shift
        border[difficulty] += fit.difficulty / _DIFFICULTY_SD**2
        border[slope] += (np.log(fit.slope) - _LOG_SLOPE) / _LOG_SLOPE_SD**2
        # A stiff spring keeps the sum of the offsets at zero. Parameters that no board affects stay at zero.
        of_class = (self.cells.access[:, None] == np.arange(2)) / fit.offset_sd**2
        pull = (fit.offset - np.array(fit.offset_mean)[self.cells.access]) / fit.offset_sd**2
        block[offset, offset] += _SPRING
        block[offset, nu] = -of_class
        block[nu, offset] = -of_class.T
        border[offset] += pull + _SPRING * fit.offset.sum()
        border[nu] = -(fit.offset_sd**2 * pull) @ of_class
        own = np.arange(boards)
        for part, spread in enumerate((_DIFFICULTY_SD, _LOG_SLOPE_SD, fit.offset_sd)):
            block[part * boards + own, part * boards + own] += 1 / spread**2
        block[nu, nu] = np.diag(of_class.sum(axis=0) + 1 / _SPRING)

    @property
    def _shift_precision(self) -> float:
        return 1e-9 if self.form.prior == "line" else 1 / _SHIFT_SD**2

    def move(self, fit: Index, step: FloatArray) -> Index:
        models, boards = len(self.cells.models), len(self.cells.boards)
        theta, difficulty, log_slope, offset, ends = np.split(step, np.cumsum([models, boards, boards, boards]))
        return replace(
            fit, ability=fit.ability + theta, difficulty=fit.difficulty + difficulty,
            slope=fit.slope * np.exp(np.clip(log_slope, -1, 1)), offset=fit.offset + offset,
            progress=fit.progress + float(ends[0]), shift=fit.shift + ends[1:-2],
            offset_mean=(fit.offset_mean[0] + float(ends[-2]), fit.offset_mean[1] + float(ends[-1])),
        )  # fmt: skip

    def _precision(self, fit: Index) -> FloatArray:
        """Return the weight of each score: one over its variance, the sum of the board's and the items' variance."""
        return np.asarray(self.weight / (fit.noise[self.cells.board] ** 2 + self.cells.item_variance))

    def _spread_of_shown(self, fit: Index) -> FloatArray:
        """Return the variance of each fitted value that comes from the model's ability."""
        return np.asarray(fit.slope[self.cells.board] ** 2 * fit.ability_sd[self.cells.model] ** 2)

    def _fitted_values(self, fit: Index) -> FloatArray:
        """Return the fitted value of each score."""
        cells = self.cells
        distance = fit.ability[cells.model] - fit.difficulty[cells.board]
        return np.asarray(fit.slope[cells.board] * (distance - fit.offset[cells.board] * self.side[cells.model]))

    def rescale(self, fit: Index) -> Index:
        """Return the same fit, rescaled so that the mean log slope is the prior's, which is the likeliest scale."""
        by = float(np.exp(np.log(fit.slope).mean() - _LOG_SLOPE))
        return replace(
            fit, ability=fit.ability * by, ability_sd=fit.ability_sd * by, difficulty=fit.difficulty * by,
            offset=fit.offset * by, slope=fit.slope / by, progress=fit.progress * by,
            shift=fit.shift * by, spread=fit.spread * by,
            offset_mean=(fit.offset_mean[0] * by, fit.offset_mean[1] * by), offset_sd=fit.offset_sd * by,
        )  # fmt: skip

    def with_variances(self, fit: Index) -> Index:
        """Return the fit with the expected variances, and the standard deviations of the abilities."""
        cells = self.cells
        a = fit.slope[cells.board]
        information = self._precision(fit) * a**2
        ability_variance = self._ability_variance(fit)
        offset_variance = 1 / (1 / fit.offset_sd**2 + self._by_board(information * self.side[cells.model] ** 2))
        squares = (cells.value - self._fitted_values(fit)) ** 2 + a**2 * ability_variance[cells.model]
        # The part of a squared residual that does not come from the sampling of items.
        own = fit.noise[cells.board] ** 2
        share = own / (own + cells.item_variance)
        squares = share**2 * squares + share * cells.item_variance
        noise = np.sqrt(_variance(self._by_board(self.weight * squares), self._by_board(self.weight), _FIRST_NOISE))
        squares = self.off_line(fit) ** 2 + ability_variance
        kinds = np.stack((fit.frontier, ~fit.frontier))
        spread = np.sqrt(_variance(kinds @ squares, kinds.sum(axis=1), _FIRST_SPREAD))
        off_mean = fit.offset - np.array(fit.offset_mean)[cells.access]
        squares = (off_mean**2 + offset_variance).sum()
        offset_sd = np.sqrt(_variance(squares, len(off_mean), _FIRST_OFFSET)) if self.form.has_offsets else _NO_OFFSET
        return replace(
            fit, ability_sd=np.sqrt(ability_variance), noise=noise, spread=spread, offset_sd=float(offset_sd)
        )

    def _ability_variance(self, fit: Index) -> FloatArray:
        """Return the variance of each ability, given the parameters of the boards."""
        information = self._precision(fit) * fit.slope[self.cells.board] ** 2
        of_model = np.bincount(self.cells.model, weights=information, minlength=len(fit.ability))
        return np.asarray(1 / (1 / self.spreads(fit) ** 2 + of_model))

    def is_settled(self, before: Index, after: Index) -> bool:
        """Return whether the variances have converged."""
        one, other = (np.concatenate((fit.noise, fit.spread, [fit.offset_sd])) for fit in (before, after))
        return bool(np.abs(other / one - 1).max() < 0.02)

    def _by_board(self, values: FloatArray) -> FloatArray:
        return np.bincount(self.cells.board, weights=values, minlength=len(self.cells.boards)).astype(np.float64)


def _variance(squares: FloatArray, count: FloatArray | int, first: float) -> FloatArray:
    return np.asarray((squares + _PRIOR_CELLS * first**2) / (count + _PRIOR_CELLS))
