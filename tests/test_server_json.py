"""server.json: what registries of MCP servers read, and the line in the README by which they know whose it is."""

import json
import re
import tomllib

import core
from bot.cli import main
from tests.conftest import ROOT

SERVER = json.loads((ROOT / "server.json").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_it_names_this_version_of_this_package() -> None:
    [package] = SERVER["packages"]
    assert SERVER["version"] == package["version"] == core.__version__
    assert (package["registryType"], package["identifier"]) == ("pypi", PROJECT["name"])
    assert package["transport"] == {"type": "stdio"}


def test_its_name_is_the_one_in_the_readme_which_the_package_shows() -> None:
    readme = (ROOT / PROJECT["readme"]).read_text(encoding="utf-8")
    assert re.findall(r"mcp-name: (\S+)", readme) == [SERVER["name"]]
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", SERVER["name"])


def test_registries_take_its_texts() -> None:
    assert SERVER["$schema"].endswith("/2025-12-11/server.schema.json")
    assert 1 <= len(SERVER["description"]) <= 100
    assert 1 <= len(SERVER["title"]) <= 100


def test_what_it_starts_is_a_command_with_the_sdk_beside_it() -> None:
    [package] = SERVER["packages"]
    assert [argument["value"] for argument in package["packageArguments"]] == ["mcp"]
    assert "mcp" in main.list_commands(None)  # type: ignore[arg-type]
    [sdk] = [argument["value"] for argument in package["runtimeArguments"] if argument["name"] == "--with"]
    assert [sdk] == PROJECT["optional-dependencies"]["mcp"]
