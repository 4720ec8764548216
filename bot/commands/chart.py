"""The command that draws a chart into a file."""

import logging
from dataclasses import fields
from pathlib import Path
from typing import Literal

import click

from bot.answers import Answers
from bot.files import write_atomically
from bot.pictures import brand_line
from bot.settings import Settings
from core.answer import Chart
from core.errors import GapbriefError, UsageError
from core.questions import QUESTIONS, current
from core.words import one_line, quote, shorten

CHARTS = {kind: question.name for question in QUESTIONS.values() for kind in question.charts}
"""Every kind of chart, and the question whose answer holds it."""

_FORMS: dict[str, Literal["png", "svg"]] = {".png": "png", ".svg": "svg"}
_KINDS = ", ".join(list(CHARTS)[:-1]) + f" or {list(CHARTS)[-1]}"

_HELP = (
    "Draw a chart into a file, as a picture of 1200 by 675 pixels, or 1080 by 1350 with --portrait, or 1080 by 1080"
    " with --square.\n\n\b\n"
    + "\n".join(f"{kind:<13}  {label}" for question in QUESTIONS.values() for kind, label in question.charts.items())
)


@click.command(
    help=_HELP,
    short_help="Draw a chart into a file, as a picture.",
    epilog="Example: gapbrief chart frontier WeirdML --out weirdml.png",
)
@click.argument("kind", required=False, metavar="|".join(CHARTS))
@click.argument("named", required=False, metavar="[BENCHMARK]")
@click.option("--out", metavar="FILE", help="The file to write; its ending sets the format: .png or .svg.")
@click.option("--portrait", "shape", flag_value="portrait", help="Portrait, with text that can be read on a phone.")
@click.option("--square", "shape", flag_value="square", help="Square, for a message; its text can be read there.")
@click.option("--dark", is_flag=True, help="Light on dark, for dark themes.")
@click.option("--benchmark", metavar="NAME", help="One test, by any of its names; a frontier needs one.")
@click.option("--left", metavar="SIDE", help="What is compared, such as China.")
@click.option("--right", metavar="SIDE", help="What it is compared with, such as “United States”.")
@click.option("--access", metavar="private|public", help="Only tests of this kind; not for a frontier.")
@click.option("--domain", metavar="DOMAIN", help="Only tests in this field of work, such as coding.")
@click.option("--as-of", metavar="DATE", help="The world on this day; default: the newest data's day.")
@click.option("--known-by", metavar="DATE", help="Use only scores known by this day.")
def chart(
    kind: str | None, named: str | None, out: str | None, dark: bool, shape: str | None, **words: str | None
) -> None:
    """Draw the chart that was asked for, write it, and say what it shows."""
    if kind is None:
        raise UsageError(f"Say which chart to draw: {_KINDS}.")
    chart_kind = current(kind.lower())
    if chart_kind not in CHARTS:
        raise UsageError(f"No chart is called {quote(kind)}; choose {_KINDS}.", tuple(CHARTS))
    if named is not None and words["benchmark"] is not None:
        raise UsageError(f"The test is given twice, as {quote(named)} and as {quote(words['benchmark'])}.")
    path, form = _parse_path(out)
    words["benchmark"] = named or words["benchmark"]
    settings = Settings.read()
    chart = _find_chart(settings, chart_kind, words)
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it would warn about its own cache folder
    from core.charts import describe, draw

    if chart.is_empty:
        raise UsageError(f"The answer has no value for a {chart.kind} chart; draw another kind, or ask for more tests.")
    how = {"shape": shape or "wide", "brand": brand_line(settings.public_url)}
    _write(path, draw(chart, dark=dark, form=form, **how))
    click.echo(f"{describe(chart, **how)}\n\n{path}")


def _parse_path(out: str | None) -> tuple[Path, Literal["png", "svg"]]:
    """Return the file to write and its form."""
    if out is None:
        raise UsageError("Give the file to write with --out, such as --out chart.png.")
    path = Path(out)
    if path.suffix.lower() not in _FORMS:
        ending = shorten(one_line(path.suffix), 20)
        problem = f"can't be written as {ending}" if ending else "is not a picture's name"
        raise UsageError(f"{quote(out)} {problem}; end the name in .png or .svg.")
    return path, _FORMS[path.suffix.lower()]


def _find_chart(settings: Settings, kind: str, words: dict[str, str | None]) -> Chart:
    """Answer the question that a kind of chart belongs to, and return its chart."""
    question = QUESTIONS[CHARTS[kind]]
    field_names = {field.name for field in fields(question)}
    for name, text in words.items():
        if text is not None and name not in field_names:
            raise UsageError(f"A {kind} chart takes no --{name.replace('_', '-')}; leave it out.")
    if kind == "frontier" and words["benchmark"] is None:
        raise UsageError("A frontier chart shows one test; name it, such as: gapbrief chart frontier WeirdML.")
    answer = Answers(settings).compute(question.from_words(**words))
    for chart in answer.charts:
        if chart.kind == kind:
            return chart
    raise UsageError(f"There is no {kind} chart to draw: {answer.lines[0].text}.")


def _write(path: Path, picture: bytes) -> None:
    try:
        write_atomically(path, picture)
    except OSError as error:
        raise GapbriefError(
            f"The file {quote(str(path), 80)} can't be written ({error.strerror}); choose another with --out."
        ) from error
