"""What the pages of security and privacy say is there: each test that they name, each table with people in it."""

import ast
import re
from pathlib import Path

import pytest

from bot.state.state_tables import METADATA
from tests.conftest import ROOT

PAGES = [ROOT / "docs" / "security.md", ROOT / "SECURITY.md", ROOT / "PRIVACY.md"]
TEST = re.compile(r"tests/[\w/]+\.(?:py|yml)(?:::\w+)?")
PEOPLE = {"made_by", "changed_by", "who", "user_id", "guild_id", "spender"}


def rows(page: Path) -> list[list[str]]:
    """Return the cells of a page's tables, without their heads."""
    lines = [line for line in page.read_text("utf-8").splitlines() if line.startswith("|")]
    heads = {number for number, line in enumerate(lines) if set(line) <= set("|-: ")}
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for number, line in enumerate(lines) if number not in heads and number + 1 not in heads
    ]  # fmt: skip


@pytest.mark.parametrize("named", sorted({name for page in PAGES for name in TEST.findall(page.read_text("utf-8"))}))
def test_each_test_that_is_named_is_there(named: str) -> None:
    name, _, function = named.partition("::")
    file = ROOT / name
    assert file.is_file()
    if function:
        tree = ast.parse(file.read_text("utf-8"))
        assert function in {
            node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }


def test_each_attack_and_each_thing_that_is_stored_has_its_test() -> None:
    assert len(rows(PAGES[0])) > 20
    for page in (PAGES[0], PAGES[2]):
        for cells in rows(page):
            assert any(TEST.search(cell) for cell in cells), cells


def test_the_page_of_privacy_names_every_table_that_holds_people_or_servers() -> None:
    listed = " ".join(cells[1] for cells in rows(PAGES[2]))
    holding = {table.name for table in METADATA.sorted_tables if PEOPLE & {column.name for column in table.columns}}
    assert {"turns", "spent", "audit", "briefs"} <= holding
    assert {name for name in holding if f"`{name}`" not in listed} == set()
    assert {table.name for table in METADATA.sorted_tables} == set(re.findall(r"`(\w+)`", listed))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_place_that_is_linked_is_there(page: Path) -> None:
    for place in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
        assert (page.parent / place).exists(), place
