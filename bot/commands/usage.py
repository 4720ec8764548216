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
from bot.commands.shared import COLOR, BoundedNumber
from bot.settings import Settings
from core.answer import Table
from core.words import and_list, count, day

if TYPE_CHECKING:
    from bot.state.usage import Usage

_MOST_DAYS = 366
_ADDED_UP = ("texts", "calls", "tokens_in", "tokens_out", "seconds")
_COLUMNS = ("Day", "Model", "For", "Texts", "By rules", "Calls", "Tokens in", "Tokens out", "Dollars")


@dataclass(frozen=True)
class Row:
    """What a model was used for on a day: the number of texts, and how many rules or templates wrote (`fallbacks`).

    `failed` counts the fallbacks for which the model returned nothing. `dollars` is None if its price is unknown.
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
    """The usage of a range of days; `spent` holds today's tokens by spender.

    `misread` counts, by question, the answers that people marked as not what they asked.
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
    "--days", metavar="NUMBER", type=BoundedNumber(1, _MOST_DAYS), default=7, show_default=True,
    help="How many days, including today.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@COLOR
def usage(days: int, as_json: bool, color: bool) -> None:
    """Say what the language model was used for, what that cost, and what is left of today's budgets."""
    settings = Settings.read()
    report = read_report(settings, datetime.now(UTC).date(), days)
    if as_json:
        terminal.show_json(_as_json(report, settings))
        return
    if report.rows:
        terminal.show_tables([_usage_table(report)], color)
        click.echo("")
    click.echo("\n".join(_write_sentences(report, settings)))


def read_report(settings: Settings, today: date, days: int) -> Report:
    """Read the usage of the last days, including today; a missing state, or one without the table, has none.

    Raises DataError if the state or the price table can't be read.
    """
    from bot.services import open_state_of
    from bot.state import usage as kept
    from bot.state.database import read_schemas

    first = today - timedelta(days=days - 1)
    schema, newest = read_schemas(settings.state_url)
    if schema is None or schema < newest:
        return Report(first, today, (), {}, {})
    with closing(open_state_of(settings)) as state, state.reading() as connection:
        counts, spent = kept.list_since(connection, first), kept.list_spent(connection, today)
    misread: Counter[str] = Counter()
    for row in counts:
        if row.purpose == kept.MISREAD:
            misread[row.outcome] += row.texts
    model_rows = [row for row in counts if row.purpose != kept.MISREAD]
    return Report(first, today, _add_up(model_rows, settings), spent, dict(misread.most_common()))


def _add_up(usage_rows: "Sequence[Usage]", settings: Settings) -> tuple[Row, ...]:
    """Add up the outcomes of each day, model and purpose; the usage rows come sorted by these."""
    from bot.assistant.budget import FAILED, FALLBACK

    rows = []
    for key, group in groupby(usage_rows, key=lambda usage: (usage.day, usage.model, usage.purpose)):
        usages = list(group)
        totals = {name: sum(getattr(usage, name) for usage in usages) for name in _ADDED_UP}
        texts = {state: sum(usage.texts for usage in usages if usage.outcome == state) for state in (FAILED, FALLBACK)}
        row = Row(*key, fallbacks=sum(texts.values()), failed=texts[FAILED], **totals)
        rows.append(replace(row, dollars=_estimate_cost(row, settings)))
    return tuple(rows)


def _estimate_cost(row: Row, settings: Settings) -> float | None:
    """Return what a row cost at list prices: nothing if the settings' model runs on this machine."""
    from bot.assistant.budget import find_price_table, token_cost

    if row.model in (settings.llm_model, settings.llm_fallback) and is_local(settings.llm_base_url):
        return 0.0
    return token_cost(row.model, row.tokens_in, row.tokens_out, find_price_table(settings.data))


def is_local(address: str | None) -> bool:
    """Whether a server's address is on this machine."""
    host = urlsplit(address or "").hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _usage_table(report: Report) -> Table:
    rows = [
        (
            row.day.isoformat(), row.model, row.purpose,
            *(str(number) for number in (row.texts, row.fallbacks, row.calls, row.tokens_in, row.tokens_out)),
            "–" if row.dollars is None else f"{row.dollars:.4f}",
        )
        for row in report.rows
    ]  # fmt: skip
    when = f"from {day(report.first)} to {day(report.last)}" if report.first < report.last else f"on {day(report.last)}"
    return Table(f"The language model {when} (UTC)", _COLUMNS, tuple(rows))


def _write_sentences(report: Report, settings: Settings) -> list[str]:
    """Say how much was used in total, and what is left today."""
    from bot.assistant.models import has_model

    sentences = [_total_sentence(report)]
    if not has_model(settings):
        no_server = f"{settings.llm_model} has no server; set OPENAI_API_KEY, or GAPBRIEF_LLM_BASE_URL for another."
        sentences.append(no_server if settings.llm_model else "No model is set now; name one in GAPBRIEF_LLM_MODEL.")
    left = max(settings.llm_tokens - _tokens_spent(report), 0)
    sentences.append(f"Left today (UTC): {left:,} of {settings.llm_tokens:,} tokens.")
    for kind, tokens, spender_word in (
        ("guild", settings.llm_guild_tokens, "server"), ("user", settings.llm_user_tokens, "person"),
    ):  # fmt: skip
        n_exhausted = _count_exhausted(report, kind, tokens)
        sentences.append(f"Each {spender_word} has {tokens:,} a day; {n_exhausted or 'none'} used them up today.")
    if report.misread:
        times = and_list([f"{name.replace('_', ' ')} ({number})" for name, number in report.misread.items()])
        sentences.append(f"“Not what I asked” was said of answers to: {times}.")
    return sentences


def _total_sentence(report: Report) -> str:
    if not report.rows:
        n_days = (report.last - report.first).days + 1
        return f"The language model was not used {f'in the last {n_days} days' if n_days > 1 else 'today'}."
    n_texts, n_calls = sum(row.texts for row in report.rows), sum(row.calls for row in report.rows)
    tokens = sum(row.tokens_in + row.tokens_out for row in report.rows)
    unknown = sorted({row.model for row in report.rows if row.dollars is None})
    sentence = f"In all: {count(n_texts, 'text')}, {count(n_calls, 'call')}, {tokens:,} tokens"
    if any(row.dollars is not None for row in report.rows):
        dollars = sum(row.dollars or 0 for row in report.rows)
        sentence += f", ${dollars:.{2 if dollars >= 1 else 4}f} at list prices"
    return f"{sentence}; prices.csv has no price for {and_list(unknown)}." if unknown else f"{sentence}."


def _tokens_spent(report: Report) -> int:
    from bot.state.usage import ALL

    return report.spent.get(ALL, 0)


def _count_exhausted(report: Report, kind: str, tokens: int) -> int:
    """Count the servers or people who used up their tokens today."""
    return sum(1 for spender, n_tokens in report.spent.items() if spender.startswith(f"{kind}:") and n_tokens >= tokens)


def _as_json(report: Report, settings: Settings) -> dict[str, Any]:
    """Return the report as JSON, without anybody's id."""
    spent = _tokens_spent(report)
    return {
        "first": report.first.isoformat(),
        "last": report.last.isoformat(),
        "misread": report.misread,
        "usage": [asdict(row) | {"day": row.day.isoformat()} for row in report.rows],
        "today": {
            "tokens": settings.llm_tokens,
            "spent": spent,
            "left": max(settings.llm_tokens - spent, 0),
            "tokens_per_server": settings.llm_guild_tokens,
            "servers_out": _count_exhausted(report, "guild", settings.llm_guild_tokens),
            "tokens_per_person": settings.llm_user_tokens,
            "persons_out": _count_exhausted(report, "user", settings.llm_user_tokens),
        },
    }
