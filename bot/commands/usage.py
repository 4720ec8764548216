"""`gapbrief usage`: what the language model was used for, what that cost, and what is left of today's budgets."""

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from bot import terminal
from bot.commands.shared import Between
from bot.settings import Settings
from core.answer import Table
from core.words import and_list, count, day

if TYPE_CHECKING:
    from bot.state.usage import Usage

_LONGEST = 366
_COLUMNS = ("Day", "Model", "For", "Texts", "By rules", "Calls", "Tokens in", "Tokens out", "Dollars")


@dataclass(frozen=True)
class Row:
    """What a model was used for on a day: so many texts, of which rules or templates wrote the `fallbacks` after all.

    `failed` of these are for want of any words of the model's. `dollars` is None where the model's price is not known.
    """

    day: date
    model: str
    purpose: str
    texts: int
    fallbacks: int
    failed: int
    calls: int
    tokens_in: int
    tokens_out: int
    seconds: float
    dollars: float | None = None


@dataclass(frozen=True)
class Report:
    """What was used since a day; `spent` are today's tokens of everybody who spent any.

    `misread` is how often each question was answered though a person says that it was not asked.
    """

    first: date
    last: date
    rows: tuple[Row, ...]
    spent: dict[str, int]
    misread: dict[str, int]


@click.command(
    short_help="Say what the language model was used for, and what is left today.",
    epilog="Example: gapbrief usage --days 30",
)
@click.option(
    "--days", metavar="NUMBER", type=Between(1, _LONGEST), default=7, show_default=True,
    help="How many days, including today.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--no-color", is_flag=True, help="Plain text, as when piped.")
def usage(days: int, as_json: bool, no_color: bool) -> None:
    """Say what the language model was used for, what that cost, and what is left of today's budgets."""
    settings = Settings.read()
    found = report(settings, datetime.now(UTC).date(), days)
    if as_json:
        terminal.show_json(_as_json(found, settings))
        return
    if found.rows:
        terminal.show_tables([_table(found)], not no_color)
        click.echo("")
    click.echo("\n".join(_sentences(found, settings)))


def report(settings: Settings, today: date, days: int) -> Report:
    """Read what was used on the last days, today's too; a state that is not there, or has no such table, has nothing.

    Raises DataError for a state or a table of prices that can't be read.
    """
    from bot.services import open_state_of
    from bot.state import usage as kept
    from bot.state.database import read_schemas

    first = today - timedelta(days=days - 1)
    found, newest = read_schemas(settings.state_url)
    if found is None or found < newest:
        return Report(first, today, (), {}, {})
    with closing(open_state_of(settings)) as state, state.reading() as connection:
        counts, spent = kept.list_since(connection, first), kept.list_spent(connection, today)
    misread: Counter[str] = Counter()
    for each in counts:
        if each.purpose == kept.MISREAD:
            misread[each.outcome] += each.texts
    used = [each for each in counts if each.purpose != kept.MISREAD]
    return Report(first, today, _rows(used, settings), spent, dict(misread.most_common()))


def _rows(used: "Sequence[Usage]", settings: Settings) -> tuple[Row, ...]:
    """Add up the outcomes of each day, model and purpose, which stand one after the other."""
    from bot.assistant.budget import FAILED, FALLBACK

    rows = []
    for (on, model, purpose), group in groupby(used, key=lambda each: (each.day, each.model, each.purpose)):
        found = list(group)
        failed = sum(each.texts for each in found if each.outcome == FAILED)
        row = Row(
            on, model, purpose, texts=sum(each.texts for each in found),
            fallbacks=failed + sum(each.texts for each in found if each.outcome == FALLBACK), failed=failed,
            calls=sum(each.calls for each in found), tokens_in=sum(each.tokens_in for each in found),
            tokens_out=sum(each.tokens_out for each in found), seconds=sum(each.seconds for each in found),
        )  # fmt: skip
        rows.append(replace(row, dollars=_dollars(row, settings)))
    return tuple(rows)


def _dollars(row: Row, settings: Settings) -> float | None:
    """Return what a row cost by the list prices: nothing where the settings' model is on this machine."""
    from bot.assistant.budget import cost, table_in

    if row.model in (settings.llm_model, settings.llm_fallback) and is_local(settings.llm_base_url):
        return 0.0
    return cost(row.model, row.tokens_in, row.tokens_out, table_in(settings.data))


def is_local(address: str | None) -> bool:
    """Whether a server's address is on this machine."""
    host = urlsplit(address or "").hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _table(found: Report) -> Table:
    rows = [
        (
            row.day.isoformat(), row.model, row.purpose,
            *(str(number) for number in (row.texts, row.fallbacks, row.calls, row.tokens_in, row.tokens_out)),
            "–" if row.dollars is None else f"{row.dollars:.4f}",
        )
        for row in found.rows
    ]  # fmt: skip
    when = f"from {day(found.first)} to {day(found.last)}" if found.first < found.last else f"on {day(found.last)}"
    return Table(f"The language model {when} (UTC)", _COLUMNS, tuple(rows))


def _sentences(found: Report, settings: Settings) -> list[str]:
    """Say what was used in all, and what is left today."""
    from bot.assistant.models import is_set

    sentences = [_in_all(found)]
    if not is_set(settings):
        sentences.append("No model is set now; name one in GAPBRIEF_LLM_MODEL.")
    left = max(settings.llm_tokens - _spent_by_all(found), 0)
    sentences.append(f"Left today (UTC): {left:,} of {settings.llm_tokens:,} tokens.")
    for kind, tokens, whose in (
        ("guild", settings.llm_guild_tokens, "server"), ("user", settings.llm_user_tokens, "person"),
    ):  # fmt: skip
        n_out = _n_out(found, kind, tokens)
        sentences.append(f"Each {whose} has {tokens:,} a day; {n_out or 'none'} used them up today.")
    if found.misread:
        times = and_list([f"{name.replace('_', ' ')} ({number})" for name, number in found.misread.items()])
        sentences.append(f"“Not what I asked” was said of answers to: {times}.")
    return sentences


def _in_all(found: Report) -> str:
    if not found.rows:
        n_days = (found.last - found.first).days + 1
        return f"The language model was not used {f'in the last {n_days} days' if n_days > 1 else 'today'}."
    n_texts, n_calls = sum(row.texts for row in found.rows), sum(row.calls for row in found.rows)
    tokens = sum(row.tokens_in + row.tokens_out for row in found.rows)
    unknown = sorted({row.model for row in found.rows if row.dollars is None})
    said = f"In all: {count(n_texts, 'text')}, {count(n_calls, 'call')}, {tokens:,} tokens"
    if any(row.dollars is not None for row in found.rows):
        dollars = sum(row.dollars or 0 for row in found.rows)
        said += f", ${dollars:.{2 if dollars >= 1 else 4}f} at list prices"
    return f"{said}; prices.csv has no price for {and_list(unknown)}." if unknown else f"{said}."


def _spent_by_all(found: Report) -> int:
    from bot.state.usage import ALL

    return found.spent.get(ALL, 0)


def _n_out(found: Report, kind: str, tokens: int) -> int:
    """Count the servers or persons who used all of their tokens today."""
    return sum(1 for spender, used in found.spent.items() if spender.startswith(f"{kind}:") and used >= tokens)


def _as_json(found: Report, settings: Settings) -> dict[str, Any]:
    """Return the report as JSON, with nobody's id."""
    spent = _spent_by_all(found)
    return {
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "misread": found.misread,
        "usage": [asdict(row) | {"day": row.day.isoformat()} for row in found.rows],
        "today": {
            "tokens": settings.llm_tokens,
            "spent": spent,
            "left": max(settings.llm_tokens - spent, 0),
            "tokens_per_server": settings.llm_guild_tokens,
            "servers_out": _n_out(found, "guild", settings.llm_guild_tokens),
            "tokens_per_person": settings.llm_user_tokens,
            "persons_out": _n_out(found, "user", settings.llm_user_tokens),
        },
    }
