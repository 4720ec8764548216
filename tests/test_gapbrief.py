"""The Python face, as in a notebook: questions as functions, answers as text, facts and frames."""

import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from base64 import b64decode
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from inspect import signature
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

import core
import gapbrief
from bot import answers
from core.answer import Line
from core.questions import QUESTIONS
from tests.conftest import ROOT

ASKS = """
print(len(gapbrief.gap().frame()), gapbrief.gap().text[:5])
import bot, core.mine, data
print(bot.whose, core.whose, core.mine.whose, data.whose)
print(len(gapbrief.unmatched().frame("facts")) > 0)
"""
READ_ON = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _read_on_a_day(evidence_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAPBRIEF_DB", str(evidence_file))
    monkeypatch.setattr(answers, "utc_today", lambda: READ_ON)


def test_the_gap_as_text_facts_and_frames() -> None:
    answer = gapbrief.gap(as_of="2026-05-22")
    assert answer.text.startswith("Open models trail closed ones by ")
    assert str(answer) == answer.text
    private = next(fact for fact in answer.facts if fact.key == "gap.private")
    headline = answer.frame()
    assert list(headline["access"]) == ["private", "public"]
    assert headline["index.months"][0] == pytest.approx(private.value)
    assert str(headline["index.at"].dtype).startswith("datetime64")
    by_test = answer.frame("benchmarks")
    assert answer.tables == (
        *("access", "benchmarks", "trend", "points", "pending", "open_first", "influences", "excluded", "index_trend"),
        "facts",
    )
    assert set(by_test["access"]) == {"private", "public"}
    trend = answer.frame("index_trend").query("access == 'private'").dropna(subset=["months"])
    assert trend["months"].iloc[-1] == pytest.approx(private.value)
    assert str(trend["date"].dtype).startswith("datetime64")
    counted = answer.frame("points").query("accepted").groupby("access").size()
    assert counted["private"] == answer.answer.data["access"]["private"]["n_points"]
    assert list(answer.frame("facts")["key"]) == [fact.key for fact in answer.facts]


def test_a_notebook_shows_the_first_look_with_its_chart() -> None:
    answer = gapbrief.gap()
    assert repr(answer) == answer.text
    page = ET.fromstring(answer._repr_html_())  # noqa: S314 (our own)
    title, *lines = answer.answer.first_look
    assert page.findtext(".//strong") == title.text
    shown = [(row.findtext("th"), row.findtext("td")) for row in page.iter("tr")]
    assert shown == [(line.label, line.text) for line in lines]
    picture = page.find(".//img")
    kind, _, data = picture.get("src").partition(",")
    assert kind == "data:image/png;base64"
    assert Image.open(BytesIO(b64decode(data))).size == (1200, 675)
    assert "Kimi K3 reached ARC-AGI 90 %" in picture.get("alt")
    assert "<img" not in gapbrief.terms("open weights")._repr_html_(), "an answer without a chart is its lines"


def test_a_notebook_gets_no_markup_from_the_data() -> None:
    hostile = "<script>alert('x')</script> & \"y\""
    answer = gapbrief.gap().answer
    lines = (Line("", hostile), Line(hostile, f"{hostile}\n{hostile}"))
    charts = tuple(replace(chart, alt=hostile) for chart in answer.charts)
    shown = gapbrief.Result(replace(answer, lines=lines, charts=charts))._repr_html_()
    page = ET.fromstring(shown)  # noqa: S314 (our own)
    assert {element.tag for element in page.iter()} <= {"div", "p", "strong", "table", "tr", "th", "td", "img"}
    assert (page.findtext(".//strong"), page.findtext(".//th")) == (hostile, hostile)
    assert page.find(".//img").get("alt") == hostile


def test_how_to_cite_is_one_line_of_all_data_or_of_a_test() -> None:
    assert gapbrief.cite().startswith(f"gapbrief {core.__version__}, as of 28 September 2026, data revision ")
    assert gapbrief.cite("metr").endswith("data: Epoch AI, AI Benchmarking Hub; METR, Time Horizons")


def test_a_table_of_both_classes_is_one_frame() -> None:
    best = gapbrief.best()
    assert best.tables[:3] == ("ranking", "labs", "equal_price")
    assert set(best.frame()["access"]) == {"private", "public"}


def test_every_question_is_a_function_with_its_fields() -> None:
    for name, question in QUESTIONS.items():
        function = getattr(gapbrief, name)
        taken = [
            "model" if (name, parameter) == ("model", "name") else parameter
            for parameter in signature(function).parameters
        ]
        assert taken == [question_field.name for question_field in fields(question)]


@pytest.mark.parametrize(
    ("answer", "table"),
    [
        (lambda: gapbrief.frontier("weirdml"), "tests"),
        (lambda: gapbrief.compare("private", "public"), "comparisons"),
        (lambda: gapbrief.compare("China", "US"), "comparisons"),
        (lambda: gapbrief.what_if("frontiermath", 45, day=date(2026, 12, 1)), "first_at"),
        (lambda: gapbrief.changes("2026-06-12"), "added"),
        (lambda: gapbrief.timeline("gpqa", 80), "tests"),
        (lambda: gapbrief.model("Kimi K2"), "tests"),
        (lambda: gapbrief.unmatched(access="private"), "waiting"),
        (lambda: gapbrief.trust(), "benchmarks"),
        (lambda: gapbrief.others(), "published"),
        (lambda: gapbrief.terms("open weights"), "terms"),
        (lambda: gapbrief.sources("metr"), "given"),
    ],
)
def test_every_question_answers_with_a_frame(answer: Callable[[], gapbrief.Result], table: str) -> None:
    result = answer()
    assert table in result.tables
    assert len(result.frame(table)) > 0
    assert len(result.frame()) > 0


def test_the_data_behind_the_answers() -> None:
    scores, models = gapbrief.scores(), gapbrief.models()
    assert {"benchmark", "model", "openness", "score", "unit", "source", "known_from"} <= set(scores.columns)
    assert {"model", "lab", "country", "release_date", "openness", "evidence", "scores"} <= set(models.columns)
    assert models["scores"].sum() == len(scores)
    assert scores["release_date"].dropna().max().date() <= READ_ON


def test_what_cant_be_asked_is_one_sentence() -> None:
    with pytest.raises(gapbrief.GapbriefError, match=r'No test is called "gpqaa"'):
        gapbrief.gap("gpqaa")
    with pytest.raises(gapbrief.GapbriefError, match=r'has no table "trends"; choose access, benchmarks, trend, '):
        gapbrief.gap().frame("trends")


@pytest.mark.parametrize("code", ["import gapbrief\n", "import core; from core import mine; import gapbrief\n"])
@pytest.mark.slow
def test_a_folder_with_packages_of_the_same_names_does_not_get_in_the_way(
    evidence_file: Path, tmp_path: Path, code: str
) -> None:
    for package in ("core", "bot", "data"):
        (tmp_path / package).mkdir()
        for name in ("__init__", "mine", "answer", "questions"):
            (tmp_path / package / f"{name}.py").write_text("whose = 'mine'\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", code + ASKS],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"GAPBRIEF_DB": str(evidence_file), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )  # fmt: skip
    assert (done.stderr, done.stdout) == ("", "2 Open \nmine mine mine mine\nTrue\n")


def test_it_ships_with_the_package() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert "gapbrief.py" in build["targets"]["wheel"]["only-include"]
