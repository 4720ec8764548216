"""The files that pictures are: their size, their words for those who can't see them, and the same bytes every time."""

import hashlib
import subprocess
import sys
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import matplotlib
import pytest
from PIL import Image

from core.answer import Chart
from core.charts import draw, figure
from core.charts.drawing import Form
from tests.conftest import ROOT
from tests.core.charts import made
from tests.core.charts.reading import words

FORMS: tuple[Form, ...] = ("png", "svg")
SVG = "{http://www.w3.org/2000/svg}"
CHARTS = pytest.mark.parametrize("chart", made.make_plain_charts(), ids=made.KINDS)
ALT = "Line chart of the gap: it was “lowest” at 5.0 months & < 6."


def svg(chart: Chart, **how: bool) -> ET.Element:
    return ET.fromstring(draw(chart, form="svg", **how))  # noqa: S314 (our own)


def texts(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("shape", "size", "has_title"),
    [
        ("wide", (1200, 675), True), ("page", (1200, 675), False), ("square", (1080, 1080), True),
        ("portrait", (1080, 1350), True), ("phone", (1080, 1350), False), ("card", (1200, 630), True),
    ],
)  # fmt: skip
def test_a_shape_has_its_size_and_pages_have_the_title(shape: str, size: tuple[int, int], has_title: bool) -> None:
    chart = replace(made.make_plain_charts()[0], title="Widening")
    with Image.open(BytesIO(draw(chart, shape=shape))) as image:
        assert image.size == size
    assert ("Widening" in words(figure(chart, shape=shape))) is has_title


@CHARTS
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_png_has_the_size_of_a_card(chart: Chart, dark: bool) -> None:
    with Image.open(BytesIO(draw(chart, dark=dark))) as image:
        assert image.format == "PNG"
        assert image.size == (1200, 675)
        corner = image.convert("RGB").getpixel((2, 2))
    assert corner == ((0x1A, 0x1D, 0x21) if dark else (255, 255, 255))


def test_a_picture_says_what_it_shows_and_neither_when_nor_by_what_it_was_made() -> None:
    chart = replace(made.make_plain_charts()[0], alt=ALT, title="A & B < C")
    with Image.open(BytesIO(draw(chart))) as image:
        image.load()
        assert image.text == {"Title": chart.title, "Description": ALT}
    root = svg(chart)
    title, alt = root[0], root[1]
    assert [(part.tag, part.text) for part in (title, alt)] == [(f"{SVG}title", "A & B < C"), (f"{SVG}desc", ALT)]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {alt.get('id')}"
    picture = draw(chart, form="svg").decode()
    assert "matplotlib" not in picture.lower()
    assert "dc:date" not in picture


@CHARTS
def test_an_svg_has_the_texts_of_the_png_as_text(chart: Chart) -> None:
    root = svg(chart)
    assert (root.get("width"), root.get("height")) == ("1200", "675")
    assert sorted(texts(root)) == sorted(words(figure(chart)))
    styles = {part for element in root.iter(f"{SVG}text") for part in (element.get("style") or "").split(";")}
    fonts = {part for part in styles if "family" in part}
    assert fonts == {" font-family: 'DejaVu Sans', 'Verdana', 'Geneva', sans-serif"}


def test_a_chart_without_alt_text_is_read_out_by_its_title() -> None:
    title, alt, *_ = svg(replace(made.make_plain_charts()[0], alt=""))
    assert alt.text == title.text


def test_what_no_file_may_hold_is_left_out() -> None:
    chart = replace(made.make_plain_charts()[0], title="a\x00b\ud800c", alt="d\x1b[1m\x00e")
    root = svg(chart)
    assert (root[0].text, root[1].text) == ("a b c", "d [1m e")
    with Image.open(BytesIO(draw(chart))) as image:
        image.load()
        assert image.text["Description"] == "d [1m e"


def test_a_kind_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="no chart is of the kind pie"):
        draw(replace(made.make_plain_charts()[0], kind="pie"))


# ---- the same every time


@pytest.mark.slow
def test_a_users_own_settings_of_matplotlib_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text(
        "text.usetex: True\nfont.size: 30\nlines.linewidth: 9\naxes.facecolor: red\nsvg.fonttype: path\n"
        "savefig.facecolor: green\nsavefig.bbox: tight\nsavefig.dpi: 30\npath.sketch: 3, 100, 2\nlines.marker: x\n"
    )
    code = (
        "from hashlib import sha256\nfrom core.answer import *\nfrom core.charts import draw\n"
        f"for chart in {made.make_plain_charts()}:\n"
        "    print(sha256(draw(chart)).hexdigest(), sha256(draw(chart, form='svg')).hexdigest())\n"
    )
    ours = [hashlib.sha256(draw(chart, form=form)).hexdigest() for chart in made.make_plain_charts() for form in FORMS]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "MPLCONFIGDIR": str(tmp_path)}
    theirs = subprocess.check_output([sys.executable, "-c", code], cwd=tmp_path, env=environment, text=True)
    assert theirs.split() == ours


@pytest.mark.parametrize("form", FORMS)
def test_drawing_leaves_the_settings_of_matplotlib_as_they_are(form: Form) -> None:
    with matplotlib.rc_context({"lines.linewidth": 7, "svg.hashsalt": "another"}):
        before = dict(matplotlib.rcParams)
        draw(made.make_plain_charts()[0], form=form)
        with pytest.raises(ValueError, match="pie"):
            draw(replace(made.make_plain_charts()[0], kind="pie"))
        assert dict(matplotlib.rcParams) == before


@pytest.mark.slow
def test_threads_draw_what_one_draws_alone() -> None:
    tasks = [(chart, dark, form) for chart in made.make_plain_charts() for dark in (False, True) for form in FORMS]
    alone = [draw(chart, dark=dark, form=form) for chart, dark, form in tasks]
    with ThreadPoolExecutor(len(tasks)) as pool:
        together = list(pool.map(lambda task: draw(task[0], dark=task[1], form=task[2]), tasks))
    assert together == alone


@pytest.mark.slow
def test_no_window_system_and_no_list_of_open_figures_is_needed() -> None:
    code = (
        "import sys\nfrom core.answer import *\nfrom core.charts import draw\n"
        f"draw({made.make_plain_charts()[0]})\nprint('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True) == "False\n"
