"""E6: one scale for all benchmarks, by an item-response model with an offset for open models (method.md, E6).

scipy is imported where it is used: fits belong to builds and to the judge, never to the way of an answer.
"""

from dataclasses import dataclass, replace

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.parameters import MONTH_DAYS
from core.gap.standing import stand

_YEAR_DAYS = 12 * MONTH_DAYS
_LOG_SLOPE, _LOG_SLOPE_SD = 0.7, 0.5
_DIFFICULTY_SD = 10.0
"""So wide that it decides nothing but a board without scores."""
_ITEMS = 100
"""Items of a benchmark whose number is not known."""
_MONTH_ENDS = 6
_ITERATIONS = 100
_ROUNDS = 10
"""Most steps of the search a round, and most rounds of variances, which stop where none changes by a fiftieth."""
_FIRST_SPREAD, _FIRST_OFFSET, _FIRST_NOISE = 0.6, 0.2, 0.5
_PRIOR_CELLS = 2.0
"""How many observations the first values of the variances weigh as."""


@dataclass(frozen=True)
class Cells:
    """Scores on the scale of the model: the best one of each model on each board.

    Shape: `model`, `board` (positions in the two lists) and `value` (logit of the share right, or log minutes) are
    (cells,); `models` and `boards` hold the indices in the evidence, `day` (ordinal) and `is_open` are (models,),
    `access` (boards,) is 1 for private.
    """

    model: IntArray
    board: IntArray
    value: FloatArray
    models: IntArray
    boards: IntArray
    day: IntArray
    is_open: BoolArray
    access: IntArray


@dataclass(frozen=True)
class Index:
    """A fitted scale.

    Shape: `ability` and its posterior standard deviation `ability_sd` are (models,), in units that raise a score on the
    average board by some two logits; `slope`, `difficulty`, `offset` (how much harder the board is for open models) and
    `noise` are (boards,). `progress` is the growth of ability a year, `open_shift` how far open models lie above that,
    `spread` the standard deviation of models around it; `offset_mean` is that of the offsets of public and of private
    boards, `offset_sd` theirs around it.
    """

    ability: FloatArray
    ability_sd: FloatArray
    slope: FloatArray
    difficulty: FloatArray
    offset: FloatArray
    noise: FloatArray
    progress: float
    open_shift: float
    spread: float
    offset_mean: tuple[float, float]
    offset_sd: float
    rounds: int

    @property
    def private_minus_public(self) -> float:
        """Return how much further open models are behind on private boards than on public ones, in months."""
        return 12 * (self.offset_mean[1] - self.offset_mean[0]) / self.progress


def cells(evidence: Evidence, boards: IntArray, as_of: int) -> Cells:
    """Put scores of models released by a day (ordinal) on the model's scale; boards in other units stay out.

    A share is kept half an item away from 0 and 1, so that its logit is finite.
    """
    units = {"percent", "minutes"}
    used = np.array([board for board in boards.tolist() if evidence.boards[board].unit in units], dtype=np.int64)
    rows = np.flatnonzero(np.isin(evidence.board, used) & (evidence.day <= as_of))
    order = rows[np.lexsort((evidence.score[rows], evidence.model[rows], evidence.board[rows]))]
    pair = np.stack((evidence.board[order], evidence.model[order]))
    last = np.append((np.diff(pair, axis=1) != 0).any(axis=0), True) if len(order) else np.zeros(0, dtype=np.bool_)
    best = order[last]
    models, model = np.unique(evidence.model[best], return_inverse=True)
    board = np.searchsorted(used, evidence.board[best])
    is_minutes = np.array([evidence.boards[number].unit == "minutes" for number in used.tolist()], dtype=np.bool_)
    share = np.clip(evidence.score[best] / 100, 1 / (2 * _ITEMS), 1 - 1 / (2 * _ITEMS))
    logit = np.log(share / (1 - share))
    value = np.where(is_minutes[board], np.log(np.maximum(evidence.score[best], 0.1)), logit)
    first = np.zeros(len(models), dtype=np.int64)
    first[model] = best
    access = np.array([evidence.boards[number].access == "private" for number in used.tolist()], dtype=np.int64)
    return Cells(model, board, value, models, used, evidence.day[first], evidence.is_open[first], access)


def fit_index(
    found: Cells, weight: FloatArray | None = None, start: Index | None = None, rounds: int = _ROUNDS
) -> Index:
    """Fit the scale: y = a (theta - d - delta open) + e, by its posterior's mode; variances by EM around it.

    theta ~ N(b1 t + b2 open, s^2), log a ~ N(0.7, 0.5^2), delta ~ N(nu of the class, tau^2) and sums to 0,
    e ~ N(0, s_b^2). `weight` (boards,) counts a board's scores so often, as a bootstrap draw does; `start` is a fit to
    begin from, `rounds` the most rounds of variances.
    The variances are no part of the mode, which would let them collapse: each round takes their expected values at it.
    Raises ValueError without a score.
    Source: Rasch 1960; Lord and Novick 1968 (two parameters); Dempster, Laird and Rubin 1977; Liu and Nocedal 1989.
    """
    from scipy.optimize import minimize

    if not len(found.value):
        raise ValueError("there is no score to fit")
    problem = _Problem.of(found, np.ones(len(found.boards)) if weight is None else weight)
    fit = problem.first() if start is None else start
    done_rounds = 0
    for done_rounds in range(1, rounds + 1):  # noqa: B007 (told afterwards)
        width = problem.widths(fit)
        done = minimize(
            problem.loss, problem.packed(fit) / width, (fit, width), "L-BFGS-B", jac=True,
            options={"maxiter": _ITERATIONS, "maxcor": 20},
        )  # fmt: skip
        before, fit = fit, problem.with_variances(problem.scaled(problem.unpacked(done.x * width, fit)))
        if problem.settled(before, fit):
            break
    return replace(fit, rounds=done_rounds)


def standing_on_index(found: Cells, ability: FloatArray, as_of: int) -> float:
    """Return the standing gap of abilities in months: the mean of the day `as_of` (ordinal) and of five month ends.

    The five are those before; one day's gap falls with every open release and rises until the next, the mean of six
    moves less. NaN without models of both sides.
    """
    order = np.argsort(found.day, kind="stable")
    day = found.day[order]
    months = []
    for back in range(_MONTH_ENDS):
        at = as_of - round(back * MONTH_DAYS)
        out = order[: int(np.searchsorted(day, at, side="right"))]
        everything = np.ones((1, len(out)), dtype=np.bool_)
        months.append(float(stand(found.day[out], found.is_open[out], ability[out], at, everything)[0][0]))
    return float(np.mean(months))


def without_each_family(found: Cells, fit: Index, family: IntArray) -> list[Index]:
    """Refit the scale without each family of boards in turn; `family` (boards,) holds integer codes."""
    names, code = np.unique(family, return_inverse=True)
    return [fit_index(found, (code != n).astype(np.float64), fit, 1) for n in range(len(names))]


def jackknife_error(values: FloatArray) -> float:
    """Return the standard error of a figure from what it is without each family (Tukey 1958); NaN where one is."""
    number = len(values)
    return float(np.sqrt((number - 1) / number * ((values - values.mean()) ** 2).sum())) if number > 1 else float("nan")


@dataclass(frozen=True)
class _Problem:
    """The posterior of one set of scores.

    Parameters lie in one vector: what is left of theta without its line, d, log a, delta, b1, b2, nu, nu; each is
    counted in units of about its own width, so that all directions are alike to the search.
    """

    cells: Cells
    weight: FloatArray
    years: FloatArray
    is_open: FloatArray

    @classmethod
    def of(cls, found: Cells, weight: FloatArray) -> "_Problem":
        years = (found.day - found.day.mean()) / _YEAR_DAYS
        return cls(found, weight, years, found.is_open.astype(np.float64))

    def first(self) -> Index:
        """Guess: slopes at their prior, each board's difficulty from its scores."""
        boards = len(self.cells.boards)
        slope = np.full(boards, np.exp(_LOG_SLOPE))
        counts = np.maximum(self._by_board(np.ones_like(self.cells.value)), 1)
        difficulty = self._by_board(self.years[self.cells.model] - self.cells.value / slope[self.cells.board]) / counts
        noise = np.full(boards, _FIRST_NOISE)
        models = len(self.cells.models)
        return Index(
            self.years.copy(), np.zeros(models), slope, difficulty, np.zeros(boards), noise,
            1.0, 0.0, _FIRST_SPREAD, (0.0, 0.0), _FIRST_OFFSET, 0,
        )  # fmt: skip

    def packed(self, fit: Index) -> FloatArray:
        ends = (fit.progress, fit.open_shift, *fit.offset_mean)
        rest = fit.ability - fit.progress * self.years - fit.open_shift * self.is_open
        return np.concatenate((rest, fit.difficulty, np.log(fit.slope), fit.offset, ends))

    def unpacked(self, x: FloatArray, variances: Index) -> Index:
        rest, difficulty, log_slope, raw, ends = self._parts(x)
        ability = rest + ends[0] * self.years + ends[1] * self.is_open
        return replace(
            variances, ability=ability, difficulty=difficulty, slope=np.exp(log_slope), offset=raw - raw.mean(),
            progress=float(ends[0]), open_shift=float(ends[1]), offset_mean=(float(ends[2]), float(ends[3])),
        )  # fmt: skip

    def _parts(self, x: FloatArray) -> list[FloatArray]:
        models, boards = len(self.cells.models), len(self.cells.boards)
        return np.split(x, np.cumsum([models, boards, boards, boards]))

    def widths(self, fit: Index) -> FloatArray:
        """Return about how far each parameter may be off: one over the root of its own second derivative."""
        cells = self.cells
        precision = (self.weight / fit.noise**2)[cells.board]
        of_open, years = self.is_open[cells.model], self.years[cells.model]
        information = precision * fit.slope[cells.board] ** 2
        centred = fit.ability[cells.model] - fit.difficulty[cells.board] - fit.offset[cells.board] * of_open
        of_models = np.bincount(cells.model, weights=information, minlength=len(fit.ability))
        second = (
            of_models + 1 / fit.spread**2,
            self._by_board(information) + 1 / _DIFFICULTY_SD**2,
            self._by_board(information * centred**2) + 1 / _LOG_SLOPE_SD**2,
            self._by_board(information * of_open) + 1 / fit.offset_sd**2,
            [information @ years**2 + 1, information @ of_open + 1],
            np.bincount(cells.access, minlength=2) / fit.offset_sd**2 + 1,
        )
        return np.asarray(1 / np.sqrt(np.concatenate(second)))

    def loss(self, scaled: FloatArray, fit: Index, width: FloatArray) -> tuple[float, FloatArray]:
        """Return the negative log posterior at the variances of `fit`, and its gradient."""
        cells = self.cells
        rest, difficulty, log_slope, raw, ends = self._parts(scaled * width)
        ability, nu = rest + ends[0] * self.years + ends[1] * self.is_open, ends[2:]
        offset, slope = raw - raw.mean(), np.exp(log_slope)
        of_open = self.is_open[cells.model]
        a = slope[cells.board]
        shown = a * (ability[cells.model] - difficulty[cells.board] - offset[cells.board] * of_open)
        residual = cells.value - shown
        pull = residual * (self.weight / fit.noise**2)[cells.board]
        off_slope, off_mean = log_slope - _LOG_SLOPE, offset - nu[cells.access]
        loss = 0.5 * (
            pull @ residual
            + rest @ rest / fit.spread**2
            + off_slope @ off_slope / _LOG_SLOPE_SD**2
            + off_mean @ off_mean / fit.offset_sd**2
            + difficulty @ difficulty / _DIFFICULTY_SD**2
        )
        of_model = -np.bincount(cells.model, weights=pull * a, minlength=len(rest))
        by_offset = self._by_board(pull * a * of_open) + off_mean / fit.offset_sd**2
        gradient = np.concatenate(
            (
                of_model + rest / fit.spread**2,
                self._by_board(pull * a) + difficulty / _DIFFICULTY_SD**2,
                off_slope / _LOG_SLOPE_SD**2 - self._by_board(pull * shown),
                by_offset - by_offset.mean(),
                [of_model @ self.years, of_model @ self.is_open],
                -np.bincount(cells.access, weights=off_mean, minlength=2) / fit.offset_sd**2,
            )
        )
        return float(loss), gradient * width

    def scaled(self, fit: Index) -> Index:
        """Return the same fit on the scale on which the mean log slope is that of its prior.

        At the mode alone the scale would creep: abilities are drawn in by their prior, slopes grow to make up for it.
        """
        by = float(np.exp(np.log(fit.slope).mean() - _LOG_SLOPE))
        return replace(
            fit, ability=fit.ability * by, difficulty=fit.difficulty * by, offset=fit.offset * by, slope=fit.slope / by,
            progress=fit.progress * by, open_shift=fit.open_shift * by, spread=fit.spread * by,
            offset_mean=(fit.offset_mean[0] * by, fit.offset_mean[1] * by), offset_sd=fit.offset_sd * by,
        )  # fmt: skip

    def with_variances(self, fit: Index) -> Index:
        """Return the fit with the variances that are expected at it, and the abilities' standard deviations."""
        cells = self.cells
        a = fit.slope[cells.board]
        information = (self.weight / fit.noise**2)[cells.board] * a**2
        of_open = self.is_open[cells.model]
        of_model = np.bincount(cells.model, weights=information, minlength=len(fit.ability))
        ability_variance = 1 / (1 / fit.spread**2 + of_model)
        offset_variance = 1 / (1 / fit.offset_sd**2 + self._by_board(information * of_open))
        shown = a * (fit.ability[cells.model] - fit.difficulty[cells.board] - fit.offset[cells.board] * of_open)
        squares = (cells.value - shown) ** 2 + a**2 * ability_variance[cells.model]
        counts = self._by_board(np.ones_like(a))
        noise = np.sqrt(_expected(self._by_board(squares), counts, _FIRST_NOISE))
        off_line = fit.ability - fit.progress * self.years - fit.open_shift * self.is_open
        spread = np.sqrt(_expected((off_line**2 + ability_variance).sum(), len(off_line), _FIRST_SPREAD))
        off_mean = fit.offset - np.array(fit.offset_mean)[cells.access]
        offset_sd = np.sqrt(_expected((off_mean**2 + offset_variance).sum(), len(off_mean), _FIRST_OFFSET))
        return replace(
            fit, ability_sd=np.sqrt(ability_variance), noise=noise, spread=float(spread), offset_sd=float(offset_sd)
        )

    def settled(self, before: Index, after: Index) -> bool:
        """Say whether the variances have come to rest."""
        one = np.append(before.noise, (before.spread, before.offset_sd))
        other = np.append(after.noise, (after.spread, after.offset_sd))
        return bool(np.abs(other / one - 1).max() < 0.02)

    def _by_board(self, values: FloatArray) -> FloatArray:
        return np.bincount(self.cells.board, weights=values, minlength=len(self.cells.boards)).astype(np.float64)


def _expected(squares: FloatArray, count: FloatArray | int, first: float) -> FloatArray:
    return np.asarray((squares + _PRIOR_CELLS * first**2) / (count + _PRIOR_CELLS))
