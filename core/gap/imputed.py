"""E6: both measures of a class with every model tested on every board, where the index fills in what was not."""

from dataclasses import dataclass, replace

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, FloatArray
from core.gap.analysis import Gaps
from core.gap.class_gap import ClassGap
from core.gap.crossings import rows_until
from core.gap.figures import NO_FIGURE, Headline, headline_of
from core.gap.index_figure import Scale, scale_of
from core.gap.index_fit import cells
from core.gap.kept import measured_once
from core.gap.parameters import Parameters
from core.gap.standing import over_draws
from core.gap.thinned import thinned_points

DRAWS = 20
_ITEMS = 100
"""Items of a test, of which a drawn score is a share."""


@dataclass(frozen=True)
class ImputedClass:
    """One class with the untested cells filled in: both measures, and which share of all cells that are."""

    catch_up: Headline
    standing: Headline
    share: float


@measured_once
def imputed_classes(evidence: Evidence, known: Gaps, as_of: int, parameters: Parameters) -> dict[str, ImputedClass]:
    """Measure each class by complete tables of scores, at the days at which its figures of all scores stand.

    A model without a score on a board is given one in each of 20 draws: of its ability, as the index knows it, of what
    it may do better or worse on one board, and of the items. The error of a figure is that within draws and between
    them. A class without an index is left out.
    Source: Rubin 1987, Multiple Imputation for Nonresponse in Surveys (both errors).
    """
    found = {}
    for name, gap in known.classes.items():
        whole = scale_of(evidence, gap.boards, parameters)
        if whole is None or gap.index.figure.months is None:
            continue
        filled, scores = completed(evidence, whole, as_of, np.random.default_rng(parameters.seed))
        kept = np.ones(scores.shape, dtype=np.bool_)
        found[name] = ImputedClass(
            _catch_up(filled, known, gap, as_of, (kept, scores), parameters),
            _standing(filled, whole, gap, (kept, scores), parameters),
            1
            - float(np.isin(evidence.board, whole.boards).sum())
            / max(int(np.isin(filled.board, whole.boards).sum()), 1),
        )
    return found


def completed(evidence: Evidence, whole: Scale, as_of: int, rng: np.random.Generator) -> tuple[Evidence, FloatArray]:
    """Fill in the scores of a scale's models on its boards, up to the last release on each by a day (ordinal).

    Returns the evidence with a row for each cell, at the score that is expected there, and the scores of each draw,
    (draws, scores): those that are known stay as they are.
    """
    found, fit = cells(evidence, whole.boards, int(evidence.day.max(initial=0))), whole.fit
    tested = np.zeros((len(found.models), len(found.boards)), dtype=np.bool_)
    tested[found.model, found.board] = True
    ends = [rows_until(evidence, board, as_of) for board in found.boards.tolist()]
    last = np.array([evidence.day[stop - 1] if stop > start else 0 for start, stop in ends])
    model, board = np.nonzero(~tested & (found.day[:, None] <= last))
    able = fit.ability + np.concatenate(
        (np.zeros((1, len(fit.ability))), rng.normal(0, fit.ability_sd, (DRAWS, len(fit.ability))))
    )
    value = fit.slope[board] * (able[:, model] - fit.difficulty[board] - fit.offset[board] * found.is_open[model])
    value[1:] += rng.normal(0, fit.noise[board], (DRAWS, len(model)))
    minutes = np.array([evidence.boards[number].unit == "minutes" for number in found.boards.tolist()], dtype=np.bool_)
    share = 1 / (1 + np.exp(-value))
    share[1:] = rng.binomial(_ITEMS, share[1:]) / _ITEMS
    imputed = np.where(minutes[board], np.exp(np.minimum(value, 50.0)), 100 * share)
    of_board = np.concatenate((evidence.board, found.boards[board]))
    day = np.concatenate((evidence.day, found.day[model]))
    order = np.lexsort((day, of_board))
    filled = replace(
        evidence,
        board=of_board[order],
        model=np.concatenate((evidence.model, found.models[model]))[order],
        day=day[order],
        is_open=np.concatenate((evidence.is_open, found.is_open[model]))[order],
        score=np.concatenate((evidence.score, imputed[0]))[order],
        known_from=np.zeros(0, dtype=np.int64),
        standard_error=np.zeros(0),
        assumed=None,
    )
    own = np.broadcast_to(evidence.score, (DRAWS, len(evidence.score)))
    return filled, np.concatenate((own, imputed[1:]), axis=1)[:, order]


def _catch_up(
    filled: Evidence,
    known: Gaps,
    gap: ClassGap,
    as_of: int,
    draws: tuple[BoolArray, FloatArray],
    parameters: Parameters,
) -> Headline:
    at, (kept, scores) = gap.catch_up.at, draws
    boards = np.array([n for n in gap.boards.tolist() if not known.crossings.states[n].reason], dtype=np.int64)
    if at is None or gap.trend.last_readable() is None:
        return NO_FIGURE
    points = thinned_points(filled, boards, as_of, at, kept, parameters, scores)
    band = points.band(filled.families[boards], level=parameters.level)
    return _of_draws(band.months, band.standard_error, band.df, at, parameters.level)


def _standing(
    filled: Evidence, whole: Scale, gap: ClassGap, draws: tuple[BoolArray, FloatArray], parameters: Parameters
) -> Headline:
    now, (kept, scores) = gap.standing.gaps, draws
    alive = [each for each in now.gaps if each.board in whole.boards]
    if gap.standing.figure.months is None or not alive:
        return NO_FIGURE
    return _of_draws(*over_draws(filled, alive, kept, scores), gap.standing.figure.at, parameters.level)


def _of_draws(months: FloatArray, errors: FloatArray, df: FloatArray, at: int | None, level: float) -> Headline:
    """Return a figure of many draws: their mean, with the error within draws and that between them."""
    known = np.isfinite(months) & np.isfinite(errors) & (df > 0)
    if at is None or not known.any():
        return NO_FIGURE
    number = int(known.sum())
    between = float(months[known].var(ddof=1)) if number > 1 else 0.0
    error = float(np.sqrt((errors[known] ** 2).mean() + (1 + 1 / number) * between))
    return headline_of(float(months[known].mean()), error, float(df[known].mean()), at, None, level)
