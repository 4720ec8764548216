"""`gapbrief eval`: how well free text is read, by rules and by a model."""

import sys
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

import core
from bot import terminal
from bot.commands.shared import COLOR, say
from bot.settings import Settings
from core.answer import Table

if TYPE_CHECKING:
    from bot.evaluation.scoring import Score

_QUESTIONS = Path(core.__file__).parents[1] / "tests" / "eval" / "questions.yml"


@click.command(
    "eval", short_help="Measure how well free text is read.", epilog="Example: gapbrief eval tests/eval/questions.yml"
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--on", metavar="DATE", help="The day on which the questions are read; default: the set's day.")
@click.option("--llm", is_flag=True, help="Always ask the language model, even if the rules understand.")
@COLOR
def evaluate(file: Path | None, on: str | None, llm: bool, color: bool) -> None:
    """Measure how well free text is read, on a set of questions; exit code 1 below the bar."""
    from bot.assistant.model_calls import connect_models
    from bot.evaluation import scoring as evaluation
    from core.questions.question import read_day

    entries = evaluation.load(file or _QUESTIONS)
    today: date = read_day(on) if on else evaluation.READ_ON
    settings = Settings.read()
    if llm:
        connect_models(settings)  # raises UsageError if none is set
    with terminal.progress(terminal.ASKING) if llm else nullcontext():
        score = evaluation.run(entries, settings, today, by_model=llm)
    _show_score(score, evaluation.BAR, color)
    for line in score.describe_model() if llm else ():
        say(line)
    if not score.passes:
        sys.exit(1)


def _show_score(score: "Score", bar: float, color: bool) -> None:
    tables = [
        Table(
            title,
            (title.split()[-1].capitalize(), "Right", "Of"),
            tuple((name, str(right), str(number)) for name, right, number in rows),
        )
        for title, rows in (("By kind", score.count_by("kind")), ("By question", score.count_by("question")))
    ]
    terminal.show_tables(tables, color)
    say("")
    for outcome in score.failures:
        case = outcome.case
        context = f" (after {', '.join(map(repr, case.after))})" if case.after else ""
        say(f"Wrong: {case.text[:200]!r}{context}\n  expected  {outcome.expected}\n  got       {outcome.actual}")
    n_right, n_answerable = score.answerable
    share = f"{100 * n_right / n_answerable:.0f} %" if n_answerable else "none"
    say(f"Read right: {n_right} of {n_answerable} that can be answered, {share} (the bar: {100 * bar:.0f} %)")
    say(f"Out of scope but answered: {score.wrongly_answered} (the bar: 0)")
