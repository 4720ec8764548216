"""What a new thing takes: its file and one line in its registry; all else follows. A new target: tests/bot/newsroom."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from mcp import Client

import gapbrief
from bot.discord.cogs.questions import command_of
from bot.services import Services
from bot.settings import Settings
from bot.state.database import open_state
from bot.web.app import make_app
from bot.web.mcp_server import make_server
from bot.web.site import Site
from core.charts import drawing
from core.evidence.build import build
from core.evidence.importers import IMPORTERS
from core.evidence.importers.columns import ModelColumns, ScoreColumns, TableForm
from core.questions import QUESTIONS, Question, ask
from core.store.store import open_store
from core.store.tables import Claim
from tests.core.questions.laws import lines
from tests.toy_question import CensusQuestion, register

DATA = Path(__file__).parents[1] / "data"
TODAY = date(2026, 9, 1)

# A new source: its importer, here a declaration of its columns, and one line in IMPORTERS.
# Address, licence, levels and files are rows of data/curated.

BOARD = """model,score,released,open
Anvil 1,40,2026-01-10,no
Anvil 2,60,2026-04-10,no
Feather 1,41,2026-05-20,yes
Feather 2,61,2026-08-01,yes
"""


CLAIMS: dict[str, Claim] = {"yes": "open", "no": "closed"}
TOY_BOARD = TableForm(
    ModelColumns("model", "model", "released", openness="open", claim_of=CLAIMS.get),
    ScoreColumns("toy-board", "1", "score"),
)


def add(table: Path, **row: str) -> None:
    """Add a row to a curated table, or make it the only one of `files`."""
    with table.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    with table.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, columns, restval="", lineterminator="\n").writerow(row)


@pytest.fixture
def with_toy_board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tables that were built from the toy board alone."""
    folder, raw = tmp_path / "data", tmp_path / "raw"
    shutil.copytree(DATA, folder)
    raw.mkdir()
    (raw / "toy.csv").write_text(BOARD, encoding="utf-8")
    (folder / "curated" / "files.csv").write_text("path,source_id,min_rows\n", encoding="utf-8")
    add(folder / "curated" / "files.csv", path="toy.csv", source_id="toy-2026-08-15", min_rows="4")
    add(
        folder / "curated" / "sources.csv",
        source_id="toy-2026-08-15", publisher="The Toy Maker", title="Toy board", importer="toy", snapshot="2026-08-15",
        complete="true", role="registry", rank="30", spellings="toy", licence="CC BY 4.0",
        citation="The Toy Maker, Toy board", url="https://example.org/toy.csv",
    )  # fmt: skip
    add(
        folder / "curated" / "benchmarks.csv",
        benchmark_id="toy-board", version="1", name="Toy Board", access="private", headline="true", unit="percent",
        grid="20:100:20", description="Toys.", url="https://example.org/toy", family="toy-board",
    )  # fmt: skip
    monkeypatch.setitem(IMPORTERS, "toy", TOY_BOARD.read_file)
    build(raw, folder)
    return folder


def test_a_new_source_is_read_asked_about_and_cited(with_toy_board: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "evidence.db", with_toy_board) as store:
        timeline = ask(QUESTIONS["timeline"].from_words(benchmark="toy board", level="60"), store, TODAY)
        sources = ask(QUESTIONS["sources"].from_words(benchmark="Toy Board"), store, TODAY)
    assert "Feather 2" in timeline.text
    assert "1 August 2026" in timeline.text
    assert [source["licence"] for source in sources.sources] == ["CC BY 4.0"]
    assert "The Toy Maker" in sources.text
    assert lines(sources)["Domain"] == "no domain yet"  # nobody has said which; nothing is guessed


# A new question: its file, and one line in QUESTIONS. A new chart: what draws it, and one line in KINDS.


@pytest.fixture
def with_census(monkeypatch: pytest.MonkeyPatch, evidence_file: Path) -> type[Question]:
    monkeypatch.setattr(drawing, "KINDS", dict(drawing.KINDS))
    monkeypatch.setattr(QUESTIONS, "data", dict(QUESTIONS.data))
    monkeypatch.setitem(sys.modules, f"core.questions.{CensusQuestion.name}", sys.modules[CensusQuestion.__module__])
    monkeypatch.setenv("GAPBRIEF_DB", str(evidence_file))
    register()
    return CensusQuestion


@pytest.fixture
def run_python(evidence_file: Path, tmp_path: Path) -> Callable[..., str]:
    """Run Python with the census among the questions from the start, and return what it prints."""
    environment = {**os.environ, "GAPBRIEF_DB": str(evidence_file), "PYTHONPATH": str(DATA.parent)}

    def run(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout

    return run


@pytest.mark.slow
def test_a_new_question_and_chart_are_on_the_command_line(run_python: Callable[..., str], tmp_path: Path) -> None:
    line = partial(run_python, "-m", "tests.toy_question")
    assert "census" in line("--help")
    assert "Take a census of GPQA" in line("census", "--help")
    assert json.loads(line("census", "--benchmark", "gpqa", "--json"))["open"] > 10
    assert line("chart", "heads", "--benchmark", "gpqa", "--out", "heads.svg").endswith("heads.svg\n")
    assert "heads: (" in (tmp_path / "heads.svg").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_new_question_is_read_by_a_model_and_by_rules_once_they_learned_it(run_python: Callable[..., str]) -> None:
    read = run_python("-c", "from tests.toy_question import register; register(); from bot.assistant import learned;"
                "known = learned.load_weights();"
                "census = learned.write_line('', [9.9, *[0] * len(known.names), 9.9]).strip();"
                "names, first = (*known.names, 'census'), (*known.intercepts, -1.0);"
                "known = learned.Weights(names, first, known.our_words, {**known.rows, 'census': census});"
                "learned.load_weights = lambda: known; from bot.cli import main;"
                "main(['ask', 'take a census of gpqa'])")  # fmt: skip
    assert "Understood: census · GPQA Diamond" in read
    prompt = run_python("-c", "from tests.toy_question import register; register(); from datetime import date;"
                "from bot.assistant import model_reader as reader; day = date(2026, 9, 1);"
                "print(reader.ModelReading.model_json_schema(), reader.build_prompt(day, day, None))")  # fmt: skip
    assert "'census'" in prompt
    assert "- census(benchmark): How many open and closed models have a score on a test." in prompt


@pytest.fixture
def services(with_census: type[Question], tmp_path: Path) -> Iterator[Services]:
    opened = Services(Settings.read(), open_state(f"sqlite:///{tmp_path / 'state.db'}"), today=lambda: TODAY)
    yield opened
    opened.close()


def test_a_new_question_is_an_address_and_in_the_description_of_all(services: Services) -> None:
    with TestClient(make_app(lambda: {"ok": True}, services)) as web:
        assert web.get("/api/census", params={"benchmark": "gpqa"}).json()["open"] > 10
        assert "/api/census" in web.get("/api/openapi.json").json()["paths"]
        assert CensusQuestion.summary in web.get("/api").text


async def test_a_new_question_is_a_tool_of_mcp_clients(services: Services) -> None:
    async with Client(make_server(Site(services))) as asked:
        tools = {tool.name: tool for tool in (await asked.list_tools()).tools}
        assert list(tools["census"].input_schema["properties"]) == ["benchmark", "chart"]
        assert (tools["census"].description or "").startswith(CensusQuestion.summary)
        answer = await asked.call_tool("census", {"benchmark": "gpqa"})
    assert answer.structured_content["open"] > 10  # type: ignore[index]


def test_a_new_question_is_a_command_of_discord(with_census: type[Question]) -> None:
    command = command_of(with_census)
    assert (command.name, command.description) == ("census", with_census.summary)
    assert [option.name for option in command.parameters] == ["benchmark", "private"]
    assert command.parameters[0].autocomplete


@pytest.mark.usefixtures("with_census")
def test_a_new_question_is_a_function() -> None:
    assert gapbrief.census("gpqa").answer.data["open"] > 10  # type: ignore[operator]
