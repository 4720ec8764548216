"""Tables of cases, which are kept in the cases.yml beside a test's file under the test's own name."""

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

Test = Callable[..., None]


@cache
def read_cases(path: Path) -> dict[str, list[Any]]:
    """Read all tables of a folder: each a list of rows, by the name of its test."""
    tables: dict[str, list[Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tables


def cases(names: str, **options: Any) -> Callable[[Test], Test]:
    """Run a test once for each row of its table, whose columns are its arguments of these names."""

    def parametrize(test: Test) -> Test:
        tables = read_cases(Path(str(sys.modules[test.__module__].__file__)).with_name("cases.yml"))
        return pytest.mark.parametrize(names, tables[test.__name__.removeprefix("test_")], **options)(test)

    return parametrize
