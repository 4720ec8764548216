"""Optional packages: both ways in which gapbrief is run are told how to add one."""

import tomllib

from bot.health_checks import how_to_add
from tests.conftest import ROOT


def test_each_extra_of_the_project_can_be_added() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for extra in project["optional-dependencies"]:
        assert how_to_add(extra) == f"`uv sync --extra {extra}`, or pip install 'gapbrief[{extra}]',"
