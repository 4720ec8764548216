"""The shape of the code: what may import what, what is loaded when, and how long a file may be."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest

from tests.conftest import ROOT

CODE = sorted(path for room in ("core", "bot") for path in (ROOT / room).rglob("*.py"))
TESTS = sorted(path for room in ("tests", "docs/make") for path in (ROOT / room).rglob("*.py"))
HEAVY = {
    "pandas", "scipy", "sqlite_utils", "rich", "rapidfuzz", "filelock", "matplotlib", "hypothesis", "joblib",
    "cryptography", "discord", "aiohttp", "sqlalchemy", "alembic", "structlog", "fastapi", "uvicorn", "uvloop",
}  # fmt: skip


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_imports_go_one_way() -> None:
    command = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "6 kept, 0 broken" in done.stdout


def test_no_files_import_each_other_in_a_circle() -> None:
    """Nor through what is imported for types alone, or inside of a function."""
    graph = grimp.build_graph("core", "bot", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    while free := {module for module, imported in imports.items() if not imported & imports.keys()}:
        imports = {module: imported for module, imported in imports.items() if module not in free}
    assert sorted(imports) == []


FOR_READERS = (
    "core/questions", "core/brief", "core/gap", "core/text", "core/charts", "core/names", "core/answer.py",
    "core/words.py", "core/glossary.py", "bot/discord", "bot/web", "bot/assistant", "bot/newsroom/formats.py",
    "bot/newsroom/targets", "bot/newsroom/templates", "bot/newsroom/milestone_posts.py", "bot/newsroom/delivery.py",
)  # fmt: skip
FOR_OPERATORS = {"bot/discord/setup.py", "bot/web/server.py"}
"""Files of these rooms whose sentences stand on a terminal or in the log."""
COMMAND = re.compile(r"gapbrief (run|serve|newsroom|data|doctor|state|discord|brief|gap|ask) |`gapbrief |[\s`(]--[a-z]")


def sentences(path: Path) -> Iterator[str]:
    """Yield the texts of a file that are no docstrings; of a template its lines."""
    if path.suffix != ".py":
        yield re.sub(r"<style>.*?</style>|{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        return
    nodes = list(ast.walk(tree(path)))
    docs = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


@pytest.mark.slow
def test_no_reader_is_given_a_shell_command() -> None:
    """In Discord, on pages, in mail and by the API: those on the terminal alone can type one."""
    paths = [
        path for room in FOR_READERS for path in ([ROOT / room] if room.endswith(".py") else (ROOT / room).rglob("*"))
    ]
    texts = [path for path in paths if path.suffix in (".py", ".j2", ".html") and place(path) not in FOR_OPERATORS]
    assert [(place(path), text) for path in texts for text in sentences(path) if COMMAND.search(text)] == []


def loaded(db: Path, folder: Path, *words: str) -> set[str]:
    """Return the top-level modules that a process has loaded when a command is done."""
    code = (
        "import sys\nfrom bot.cli import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit as end: assert not end.code\n"
        "print('\\n' + ' '.join({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=folder,
        env={"GAPBRIEF_DB": str(db), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("method", ["clustered", "study"])
def test_a_new_question_loads_nothing_heavy_and_a_kept_answer_not_even_numpy(
    evidence_file: Path, tmp_path: Path, method: str
) -> None:
    words = ("gap", "--as-of", "2026-01-15", "--method", method, "--benchmark", "gpqa")
    first = loaded(evidence_file, tmp_path, *words)
    assert "numpy" in first
    assert not first & HEAVY
    assert not loaded(evidence_file, tmp_path, *words) & (HEAVY | {"numpy"})


def test_help_opens_no_file(tmp_path: Path) -> None:
    modules = loaded(tmp_path / "evidence.db", tmp_path, "gap", "--help")
    assert not modules & (HEAVY | {"numpy"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_every_module_says_what_it_is_for() -> None:
    assert [place(path) for path in CODE if not ast.get_docstring(tree(path))] == []


def test_no_file_is_longer_than_500_lines_and_no_question_than_700() -> None:
    for path in [*CODE, *TESTS]:
        most = 700 if path.parent.parts[-2:] == ("core", "questions") and path in CODE else 500
        assert len(path.read_text(encoding="utf-8").splitlines()) <= most, place(path)


@pytest.mark.slow
def test_no_function_is_longer_than_80_lines() -> None:
    long = [
        (path, function)
        for path in CODE
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= 80
    ]
    assert [(place(path), function.name) for path, function in long] == []


@pytest.mark.slow
def test_core_has_no_clock_no_environment_and_prints_nothing() -> None:
    attributes = {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow")}
    attributes |= {("time", "time"), ("os", "environ"), ("os", "getenv"), ("sys", "stdout")}
    for path in (path for path in CODE if "core" in path.parts):
        nodes = list(ast.walk(tree(path)))
        asked = {(ast.unparse(n.value).split(".")[-1], n.attr) for n in nodes if isinstance(n, ast.Attribute)}
        assert not asked & attributes, place(path)
        calls = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
        assert not calls & {"print", "input", "exit"}, place(path)


def imported(path: Path) -> set[str]:
    """Return the top-level modules that a file imports, also for types alone or inside of a function."""
    nodes = list(ast.walk(tree(path)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


@pytest.mark.slow
def test_sql_lives_in_the_store() -> None:
    for path in CODE:
        if not {"store", "state"} & set(path.parts):
            assert not imported(path) & {"sqlite3", "sqlite_utils"}, place(path)


def required(specifiers: list[str]) -> set[str]:
    return {re.split(r"[\[<>=; ]", specifier, maxsplit=1)[0].lower() for specifier in specifiers}


@pytest.mark.slow
def test_every_package_that_is_imported_is_declared_and_every_declared_one_is_imported() -> None:
    """But for what others load: zoneinfo the time zones, SQLAlchemy PostgreSQL's driver.

    What the reader learned is learned with the developers' packages; no wheel has the file that does so.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runs = required(project["project"]["dependencies"])
    extras = required(
        [specifier for extra in project["project"]["optional-dependencies"].values() for specifier in extra]
    )
    tests = required(project["dependency-groups"]["dev"])
    known = packages_distributions()
    own = {"bot", "core", "docs", "gapbrief", "tests", "xllamacpp"} | sys.stdlib_module_names
    learning = ROOT / "bot" / "evaluation" / "learning.py"
    assert place(learning) in project["tool"]["hatch"]["build"]["targets"]["wheel"]["exclude"]
    code = {name for path in {*CODE, ROOT / "gapbrief.py"} - {learning} for name in imported(path)} - own
    test_code = {name for path in [*TESTS, learning] for name in imported(path)} - own

    def packages(module: str) -> set[str]:
        return {name.lower().replace("_", "-") for name in known.get(module, [module])}

    assert {module for module in code if not packages(module) & (runs | extras)} == set()
    assert {module for module in test_code if not packages(module) & (runs | extras | tests)} == set()
    assert (runs | extras) - {name for module in code for name in packages(module)} == {"tzdata", "psycopg"}
    assert runs >= {"discord.py", "langchain", "openai", "pandas", "sqlite-utils", "apscheduler"}


@pytest.mark.parametrize("room", ["bot", "core"])
def test_a_folder_with_tests_is_a_folder_of_the_code(room: str) -> None:
    tested = {path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests" / room).rglob("test_*.py")}
    assert [folder.as_posix() for folder in sorted(tested) if not (ROOT / folder).is_dir()] == []


@pytest.mark.parametrize("room", ["bot", "core"])
def test_each_module_beside_the_packages_has_tests_of_its_name(room: str) -> None:
    """But for core.errors, which only names what others raise."""
    modules = {path.stem for path in (ROOT / room).glob("*.py")} - {"__init__", "errors"}
    assert sorted(modules - {path.stem.removeprefix("test_") for path in (ROOT / "tests" / room).glob("*.py")}) == []


NAMED_FOR_COMMANDS = (ROOT / "bot" / "commands", ROOT / "bot" / "discord" / "cogs")
"""The folders whose files are named for the command that they hold, whatever else is of that name."""


def test_no_name_stands_for_two_files() -> None:
    files = [path for path in CODE if path.parent not in NAMED_FOR_COMMANDS and path.stem != "__init__"]
    names = Counter(path.stem for path in files)
    assert {name for name, number in names.items() if number > 1} == set()


def test_every_place_that_the_documents_for_developers_name_is_there() -> None:
    page = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("CONTRIBUTING.md", "docs/architecture.md"))
    named = re.findall(r"(?:`|tests/)((?:tests|core|bot|data|docs|\.ci)/[\w./*-]*|test_[\w./]+\.py)", page)
    assert len(named) > 40
    missing = [
        entry for entry in named if not any(ROOT.glob(entry.rstrip("/"))) and not any(ROOT.glob(f"tests/{entry}"))
    ]
    assert not missing


def test_the_command_line_imports_no_question_that_was_not_asked() -> None:
    code = "import sys, bot.cli; print({'core.questions.compare', 'core.questions.bounds'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
