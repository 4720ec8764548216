"""`gapbrief eval grounding`: how well texts that say more than their facts are told from those that do not."""

from datetime import date
from pathlib import Path

import click

import core
from bot import terminal
from bot.assistant import grounding_evaluation as evaluation
from bot.settings import Settings
from core.answer import Table
from core.store.store import open_store

_SETS = Path(core.__file__).parents[1] / "tests" / "eval"
_OWN, _BLIND = _SETS / "grounding.yml", _SETS / "grounding_blind.yml"


def measure(settings: Settings, today: date | None, *, color: bool) -> bool:
    """Print the measures of our own set, with what went wrong, and of the blind one, as counts alone.

    Returns whether our own set meets both bars. The texts of the blind set are not shown: rules made to fit them
    would leave nothing to measure by.
    """
    on = today or evaluation.READ_ON
    with open_store(settings.db, settings.data) as store:
        score = evaluation.run(evaluation.load(_OWN), store, on)
        blind = evaluation.run(evaluation.load(_BLIND), store, on) if _BLIND.exists() else None
    _show(score, "Our own set", color)
    for each in score.failed:
        found = "; ".join(f"{one.kind}: {one.why}" for one in each.violations) or f"let through ({each.entry.why})"
        click.echo(f"Wrong: {each.entry.text!r}\n  {found}")
    if blind is not None:
        _show(blind, "The blind set", color)
    return score.passes


def _show(score: evaluation.Score, title: str, color: bool) -> None:
    rows = tuple(
        ("let through" if is_grounded else "refused", kind, str(right), str(number))
        for kind, is_grounded, right, number in score.by_kind()
    )
    terminal.show_tables([Table(title, ("To be", "Kind", "Right", "Of"), rows)], color)
    (refused, altered), (alarms, grounded) = score.refused, score.false_alarms
    bar = f"{100 * evaluation.RECALL:.0f} %"
    click.echo(f"\nAltered texts refused: {refused} of {altered}{_share(refused, altered)} (the bar: {bar})")
    bar = f"{100 * evaluation.FALSE_ALARMS:.0f} %"
    click.echo(f"Grounded texts refused: {alarms} of {grounded}{_share(alarms, grounded)} (the bar: {bar})\n")


def _share(part: int, whole: int) -> str:
    return f", {100 * part / whole:.1f} %" if whole else ""
