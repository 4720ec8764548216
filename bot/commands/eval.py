"""`gapbrief eval`: how well free text is read, by rules and by a model."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

import core
from bot import terminal
from bot.commands.shared import say
from bot.settings import Settings
from core.answer import Table
from core.store.store import open_store

if TYPE_CHECKING:
    from bot.assistant.evaluation import Entry, Score

_QUESTIONS = Path(core.__file__).parents[1] / "tests" / "eval" / "questions.yml"


@click.command(
    "eval", short_help="Measure how well free text is read.", epilog="Example: gapbrief eval tests/eval/questions.yml"
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--on", metavar="DATE", help="The day on which the questions are read; by default that of the set.")
@click.option("--llm", is_flag=True, help="Ask the language model that is set, whatever the rules understand.")
@click.option("--no-color", is_flag=True, help="Plain text, as when piped.")
def evaluate(file: Path | None, on: str | None, llm: bool, no_color: bool) -> None:
    """Measure how well free text is read, on a set of questions; exit code 1 below the bar."""
    from bot.assistant import evaluation
    from core.questions.question import read_day

    entries = evaluation.load(file or _QUESTIONS)
    today: date = read_day(on) if on else evaluation.READ_ON
    settings = Settings.read()
    lines: list[str] = []
    if llm:
        score, lines = _by_model(entries, settings, today)
    else:
        with open_store(settings.db, settings.data) as store:
            score = evaluation.run(entries, store, today)
    _show_score(score, evaluation.BAR, terminal.wants_color(no_color))
    for line in lines:
        say(line)
    if not score.passes:
        sys.exit(1)


def _by_model(entries: "list[Entry]", settings: Settings, today: date) -> "tuple[Score, list[str]]":
    """Ask the model all of a set; return how it read it, and what else there is to say of it."""
    from bot.assistant import model_evaluation
    from bot.assistant.models import models

    models(settings)  # raises UsageError where none is set
    with terminal.waiting(terminal.ASKING):
        found = model_evaluation.run(entries, settings, today)
    return found.score, found.lines()


def _show_score(score: "Score", bar: float, color: bool) -> None:
    tables = [
        Table(
            title,
            (title.split()[-1].capitalize(), "Right", "Of"),
            tuple((name, str(right), str(number)) for name, right, number in rows),
        )
        for title, rows in (("By kind", score.by("kind")), ("By question", score.by("question")))
    ]
    terminal.show_tables(tables, color)
    say("")
    for each in score.failed:
        after = f" (after {each.entry.after!r})" if each.entry.after else ""
        say(f"Wrong: {each.entry.text[:200]!r}{after}\n  expected  {each.expected}\n  got       {each.got}")
    right, asked = score.answerable
    share = f"{100 * right / asked:.0f} %" if asked else "none"
    say(f"Read right: {right} of {asked} that can be answered, {share} (the bar: {100 * bar:.0f} %)")
    say(f"Answered though it is no question of ours: {score.answered_wrongly} (the bar: 0)")
