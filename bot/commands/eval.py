"""`gapbrief eval`: how well free text is read, and how well texts that say more than their facts are found."""

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
    from bot.assistant.grounding_evaluation import Score as GroundingScore

_SETS = Path(core.__file__).parents[1] / "tests" / "eval"
_QUESTIONS, _OWN, _BLIND = (_SETS / f"{name}.yml" for name in ("questions", "grounding", "grounding_blind"))


@click.command(
    "eval", short_help="Measure how well free text is read.", epilog="Example: gapbrief eval tests/eval/questions.yml"
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--on", metavar="DATE", help="The day on which the questions are read; by default that of the set.")
@click.option("--llm", is_flag=True, help="Ask the language model that is set, whatever the rules understand.")
@click.option("--no-color", is_flag=True, help="Plain text, as when piped.")
def evaluate(file: Path | None, on: str | None, llm: bool, no_color: bool) -> None:
    """Measure how well free text is read, on a set of questions; exit code 1 below the bar.

    `gapbrief eval grounding` measures how well texts that say more than their facts are found.
    """
    from bot.assistant import evaluation
    from core.questions.question import read_day

    if file == Path("grounding"):
        if not measure_grounding(Settings.read(), read_day(on) if on else None, color=terminal.wants_color(no_color)):
            sys.exit(1)
        return
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


# ---- of grounding


def measure_grounding(settings: Settings, today: date | None, *, color: bool) -> bool:
    """Print the measures of our own set, with what went wrong, and of the blind one, as counts alone.

    Returns whether our own set meets both bars. The texts of the blind set are not shown: rules made to fit them
    would leave nothing to measure by.
    """
    from bot.assistant import grounding_evaluation as evaluation

    on = today or evaluation.READ_ON
    with open_store(settings.db, settings.data) as store:
        score = evaluation.run(evaluation.load(_OWN), store, on)
        blind = evaluation.run(evaluation.load(_BLIND), store, on) if _BLIND.exists() else None
    _show_grounding(score, "Our own set", color)
    for each in score.failed:
        found = "; ".join(f"{one.kind}: {one.why}" for one in each.violations) or f"let through ({each.entry.why})"
        click.echo(f"Wrong: {each.entry.text!r}\n  {found}")
    if blind is not None:
        _show_grounding(blind, "The blind set", color)
    return score.passes


def _show_grounding(score: "GroundingScore", title: str, color: bool) -> None:
    from bot.assistant.grounding_evaluation import FALSE_ALARMS, RECALL

    rows = tuple(
        ("let through" if is_grounded else "refused", kind, str(right), str(number))
        for kind, is_grounded, right, number in score.by_kind()
    )
    terminal.show_tables([Table(title, ("To be", "Kind", "Right", "Of"), rows)], color)
    (refused, altered), (alarms, grounded) = score.refused, score.false_alarms
    bar = f"{100 * RECALL:.0f} %"
    click.echo(f"\nAltered texts refused: {refused} of {altered}{_share(refused, altered)} (the bar: {bar})")
    bar = f"{100 * FALSE_ALARMS:.0f} %"
    click.echo(f"Grounded texts refused: {alarms} of {grounded}{_share(alarms, grounded)} (the bar: {bar})\n")


def _share(part: int, whole: int) -> str:
    return f", {100 * part / whole:.1f} %" if whole else ""
