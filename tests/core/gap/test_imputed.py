"""Both measures with untested models filled in: what is known stays, and unequal testing no longer lengthens them."""

import zlib
from dataclasses import replace

import numpy as np
import pytest

from core.evidence.evidence import Evidence
from core.gap.analysis import Analysis, analyse, gaps
from core.gap.imputed import DRAWS, completed, imputed_classes
from core.gap.index_figure import scale_of
from core.gap.parameters import CLUSTERED_2, DEFAULT
from core.validation.worlds import DESIGNS, make_world
from tests.core.gap.whole import headline_boards


@pytest.fixture(scope="module")
def found(known: Evidence) -> Analysis:
    return analyse(known, headline_boards(known), known.newest_data.toordinal(), DEFAULT)


def test_every_cell_up_to_a_boards_end_has_a_score_and_known_ones_stay(known: Evidence, found: Analysis) -> None:
    whole = scale_of(known, found.classes["private"].boards, DEFAULT)
    assert whole is not None
    filled, scores = completed(known, whole, known.newest_data.toordinal(), np.random.default_rng(0))
    assert scores.shape == (DRAWS, len(filled.score))
    for board in whole.boards.tolist():
        rows = filled.board == board
        last = known.day[known.board == board].max()
        expected = set(whole.model[whole.day <= last].tolist())
        assert set(filled.model[rows].tolist()) == expected
        assert (np.diff(filled.day[rows]) >= 0).all()
        own = {
            (m, s) for m, s in zip(known.model[known.board == board], known.score[known.board == board], strict=True)
        }
        assert own <= set(zip(filled.model[rows].tolist(), filled.score[rows].tolist(), strict=True))
        if known.boards[board].unit == "percent":
            assert scores[:, rows].min() >= 0
            assert scores[:, rows].max() <= 100
    tested = {(b, m) for b, m in zip(known.board.tolist(), known.model.tolist(), strict=True)}
    is_own = np.array([each in tested for each in zip(filled.board.tolist(), filled.model.tolist(), strict=True)])
    assert (scores[:, is_own] == filled.score[is_own]).all()
    assert (scores[:, ~is_own].std(axis=0) > 0).mean() > 0.8


def test_each_class_has_both_measures_with_a_range_at_the_days_of_its_own(known: Evidence, found: Analysis) -> None:
    imputed = imputed_classes(known, found, known.newest_data.toordinal(), DEFAULT)
    assert set(imputed) == {"private", "public"}
    for name, each in imputed.items():
        assert 0.2 < each.share < 0.8
        assert each.catch_up.low < each.catch_up.months < each.catch_up.high
        assert each.catch_up.at == found.classes[name].catch_up.at
    assert imputed["private"].standing.at == found.classes["private"].standing.figure.at
    assert imputed == imputed_classes(replace(known), found, known.newest_data.toordinal(), DEFAULT)


def test_where_open_models_are_tested_a_quarter_as_often_it_is_nearer_to_the_truth() -> None:
    off = []
    for number in range(5):
        rng = np.random.default_rng([zlib.crc32(b"42/10"), number])
        world = make_world(DESIGNS["42/10"], rng)
        known = gaps(world.evidence, world.boards, world.as_of, CLUSTERED_2)
        gap = known.classes["private"]
        imputed = imputed_classes(world.evidence, known, world.as_of, CLUSTERED_2)["private"]
        off.append((gap.catch_up.months - world.design.lag, imputed.catch_up.months - world.design.lag))
    raw, filled = np.sqrt((np.array(off) ** 2).mean(axis=0))
    assert filled < raw / 1.5
