"""`gapbrief chart`: a picture in a file, what it shows in words, and one sentence where it can't be."""

import os
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PIL import Image

from bot.commands.chart import CHARTS
from core.questions import QUESTIONS
from tests.bot.conftest import Cli, Run
from tests.bot.test_cli import refusal
from tests.test_architecture import loaded

ASKED = {
    "catch-up": (),
    "index": (), "benchmarks": (), "best": (), "frontier": ("weirdml",), "unmatched": (),
    "compare": ("--left", "China", "--right", "US"), "trust": (), "others": (),
}  # fmt: skip
LISTED = "catch-up, index, benchmarks, best, frontier, compare, unmatched, trust or others"


def asked(kind: str) -> tuple[str, ...]:
    return ("chart", kind, *ASKED[kind])


def test_every_kind_belongs_to_a_question() -> None:
    assert set(CHARTS.values()) <= set(QUESTIONS)
    assert set(CHARTS) == set(ASKED)


@pytest.mark.parametrize("kind", CHARTS)
def test_a_picture_is_written_and_what_it_shows_is_said(run: Run, tmp_path: Path, kind: str) -> None:
    done = run(*asked(kind), "--out", "chart.png")
    assert done.exit_code == 0, done.output
    with Image.open(tmp_path / "chart.png") as image:
        image.load()
        assert image.size == (1200, 675)
        assert done.stdout == f"{image.text['Description']}\n\nchart.png\n"
    assert [path.name for path in tmp_path.iterdir()] == ["chart.png"]


@pytest.mark.parametrize(
    ("words", "size", "is_dark"),
    [(["--portrait"], (1080, 1350), False), (["--square", "--dark"], (1080, 1080), True)],
)
def test_a_shape_and_dark_are_asked_for(
    run: Run, tmp_path: Path, words: list[str], size: tuple[int, int], *, is_dark: bool
) -> None:
    run("chart", "index", "--out", "chart.png", *words)
    with Image.open(tmp_path / "chart.png") as image:
        assert image.size == size
        assert (max(image.convert("RGB").getpixel((2, 2))) < 50) is is_dark


def test_the_ending_says_the_form_and_options_go_to_the_question(run: Run, tmp_path: Path) -> None:
    run("chart", "waiting", "--access", "public", "--as-of", "2025-06-01", "--out", "a.SVG")
    root = ET.parse(tmp_path / "a.SVG").getroot()  # noqa: S314 (our own)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    shown = " ".join(part.text or "" for part in root.iter() if part.tag.endswith(("text", "desc")))
    assert "Public tests" in shown
    assert "private" not in shown
    assert "as of 1 June 2025" in shown


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), f"Say which chart to draw: {LISTED}."),
        (("pie", "--out", "a.png"), f'No chart is called "pie"; choose {LISTED}.'),
        (("index",), "Give the file to write with --out, such as --out chart.png."),
        (("index", "--out", "a.jpg"), '"a.jpg" can\'t be written as .jpg; end the name in .png or .svg.'),
        (("index", "--out", ".png"), '".png" is not a picture\'s name; end the name in .png or .svg.'),
        (
            ("frontier", "--out", "a.png"),
            "A frontier chart shows one test; name it, such as: gapbrief chart frontier WeirdML.",
        ),
        (
            ("frontier", "weirdml", "--benchmark", "gpqa", "--out", "a.png"),
            'The test is given twice, as "weirdml" and as "gpqa".',
        ),
        (
            ("frontier", "--benchmark", "weirdml", "--access", "private", "--out", "a.png"),
            "A frontier chart takes no --access; leave it out.",
        ),
        (
            ("unmatched", "--benchmark", "gsm8k", "--out", "a.png"),
            "There is no unmatched chart to draw: Open models have matched every score that counts and that closed ones"
            " reached on GSM8K.",
        ),
    ],
)
def test_what_cant_be_drawn_is_said_in_one_sentence(
    run: Run, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    assert refusal(run, "chart", *words) == sentence
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("out", "why"),
    [("none/a.png", "No such file or directory"), ("folder.png", "Is a directory"), ("file/a.png", "Not a directory")],
)
def test_a_file_that_cant_be_written_is_named(run: Run, tmp_path: Path, out: str, why: str) -> None:
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "file").touch()
    done = run("chart", "index", "--out", out)
    assert done.exit_code == 1
    assert done.stderr == f'The file "{out}" can\'t be written ({why}); choose another with --out.\n'
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.png"]


def test_an_older_picture_stays_when_the_new_one_cant_be_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.png").write_bytes(b"older")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert run("chart", "index", "--out", "a.png").exit_code == 1
    assert (tmp_path / "a.png").read_bytes() == b"older"
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


@pytest.mark.slow
def test_nothing_else_is_said_where_matplotlib_has_no_folder_of_its_own(cli: Cli) -> None:
    code, out, err = cli.process("chart", "index", "--out", "a.png", MPLCONFIGDIR="/proc/none")
    assert (code, err) == (0, "")
    assert out.endswith("\na.png\n")


@pytest.mark.parametrize("words", ["chart --help", "frontier weirdml", "unmatched"])
def test_matplotlib_is_loaded_for_a_picture_alone(evidence_file: Path, tmp_path: Path, words: str) -> None:
    """Nor for `gap`: tests/test_architecture.py."""
    assert not loaded(evidence_file, tmp_path, *words.split()) & {"matplotlib", "PIL"}
