"""The page of the judge: every world is described, and the real data stand beside the worlds."""

import re

from core.evidence.evidence import Evidence
from core.validation.judge import WORLDS
from core.validation.report import DESCRIPTIONS, today


def test_every_world_is_described() -> None:
    assert tuple(DESCRIPTIONS) == WORLDS


def test_it_says_what_each_figure_says_of_the_real_data(known: Evidence) -> None:
    """The study published 8 to 10 and 4 to 6; its rules give the same as `--method study`."""
    rows = re.findall(r"^\| (.*?) \| (\d+\.\d) \(.*?\) \| (\d+\.\d) ", today(known), re.MULTILINE)
    found = {figure: (float(private), float(public)) for figure, private, public in rows}
    private, public = found["catch-up time by the study's rules"]
    assert 8 < private < 10
    assert 4 < public < 6
    assert {"standing gap on the index", "standing gap", "catch-up time", "recent mean"} < set(found)
