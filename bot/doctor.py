"""`gapbrief doctor`: what works, what is missing, and how to turn it on, without showing any secret."""

import asyncio
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

from aiohttp import ClientError

import core
from bot.answers import open_evidence, repair_evidence
from bot.assistant.models import has_model
from bot.files import ENOUGH_OPEN, allow_open_files
from bot.guarded_session import safe_session
from bot.health_checks import Check, check_extra
from bot.newsroom.targets import name_target
from bot.refresh.board_files import how_to_count
from bot.refresh.last_refresh import check_refresh
from bot.response_body import BodyError, read_limited
from bot.settings import (
    Settings,
    env_file,
    find_unknown,
    how_to_use,
    ignored_env_file,
    mask,
    read_variables,
    variable,
)
from bot.state import outbox
from bot.state.protection import StateGoneError
from bot.state.state_checks import check_secret_key, check_state, open_unchanged
from core.answer import STALE_AFTER_DAYS
from core.errors import GapbriefError
from core.store import queries
from core.store.board_ages import STILL_DAYS, BoardAge, board_ages, old_boards, still_boards
from core.words import and_list, count, quote

_PATIENCE = 10.0
"""Seconds to wait for Discord."""
_LOOPBACK_SECONDS = 2.0
"""Seconds to wait for a gapbrief on this machine."""
_CHANNEL_MEMORY = timedelta(days=31)
"""A Discord channel whose last failure is older is no longer in use."""
_ROWS = {
    "GAPBRIEF_DB": ("evidence", "data age", "refresh", "state", "backups"), "GAPBRIEF_DATA": ("refresh",),
    "GAPBRIEF_STATE_URL": ("state", "backups", "target", "secret key"), "GAPBRIEF_BACKUP_DIR": ("backups",),
    "GAPBRIEF_SECRET_KEY": ("secret key",), "GAPBRIEF_PORT": ("web pages",), "GAPBRIEF_PUBLIC_URL": ("public address",),
    "DISCORD_TOKEN": ("Discord",), "OPENAI_API_KEY": ("model",), "GAPBRIEF_LLM_BASE_URL": ("model",),
}  # fmt: skip
"""By setting, the rows that would be about its default while it can't be read."""
_STATE_IS_LOST = (
    "deleted or replaced while gapbrief runs, so gapbrief starts nothing new; put the same file back, or stop"
    " gapbrief, restore a backup with `gapbrief state restore FILE`, and start it again"
)


def examine(settings: Settings, today: date, faults: Mapping[str, str] | None = None) -> list[Check]:
    """Check everything that gapbrief needs or can use, without calling a language model.

    `faults` are the invalid variables, each with the reason.
    """
    faults = faults or {}
    hidden = {name for faulty in faults for name in _ROWS.get(faulty, ())}
    state_checks, refresh_checks = check_state(settings), check_refresh(settings.data, datetime.now(UTC))
    checks = [
        Check("well", "gapbrief", f"{core.__version__}, Python {platform.python_version()}"),
        *_check_env_file(),
        *_check_user(),
        *_check_open_files(),
        *_check_evidence(settings, today),
        *refresh_checks,
        *state_checks,
        *(_check_targets(settings) if state_checks and state_checks[0].state == "well" else ()),
        *check_secret_key(settings),
        *_check_running(settings, [check.text for check in (*refresh_checks, *state_checks)]),
        *_check_discord(settings),
        _check_model(settings),
        *_check_public_url(settings),
        check_extra("services", "apprise", "notify", "briefs by e-mail, Matrix, Slack and many more"),
        check_extra("articles", "trafilatura", "articles", "briefs of articles, with a language model"),
        check_extra("MCP", "mcp", "mcp", "`gapbrief mcp` and /mcp, where MCP clients ask"),
        *(_show_setting(row.name, getattr(settings, row.name), secret=row.metadata["secret"])
          for row in fields(settings) if variable(row.name) in read_variables().keys() - faults),
        *(Check("wrong", name, text, is_setting=True) for name, text in faults.items()),
        *_check_unknown(),
    ]  # fmt: skip
    return [check for check in checks if check.name not in hidden]


def _check_open_files() -> list[Check]:
    """Warn if a process may open too few files for all connections to the pages."""
    limit = allow_open_files(ENOUGH_OPEN)
    if limit >= ENOUGH_OPEN:
        return []
    text = f"{limit} may be open at once, so pages take fewer connections; raise `ulimit -n` to {ENOUGH_OPEN:,}"
    return [Check("missing", "open files", text)]


def _check_user() -> list[Check]:
    """Warn if gapbrief runs as root: an intruder would have the same rights."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return []
    text = "root, who can read and change everything here; run gapbrief as its own user, as docs/deploy shows"
    return [Check("missing", "user", text)]


def try_model(settings: Settings) -> list[Check]:
    """Make one real call for each feature that needs a language model; raises UsageError if none is set."""
    from bot.assistant.model_reader import check_models

    return [Check(attempt.state, "model", attempt.text) for attempt in asyncio.run(check_models(settings))]


def _check_env_file() -> list[Check]:
    """Say which `.env` is read, whether others can read it too, and which one is ignored."""
    checks, file, ignored = [], env_file(), ignored_env_file()
    names = [name for name, (_, place) in read_variables().items() if place == str(file)]
    if file is not None and names:
        secret = {variable(field.name) for field in fields(Settings) if field.metadata["secret"]}
        if os.name == "posix" and file.stat().st_mode & 0o077 and not secret.isdisjoint(names):
            text = f"{file} holds secrets, and others on this machine can read it; `chmod 600 {file}` fixes that"
            checks.append(Check("wrong", ".env", text))
        else:
            checks.append(Check("well", ".env", str(file)))
    if ignored is not None:
        checks.append(Check("missing", ".env", how_to_use(ignored)))
    return checks


def _check_evidence(settings: Settings, today: date) -> list[Check]:
    try:
        was_damaged = repair_evidence(settings)
        with open_evidence(settings) as store:
            first, last = queries.known_days(store)
            newest = queries.newest_data(store, last)
            is_writable, warning = store.can_write, store.warning
            n_scores = store.rows("SELECT count(*) FROM scores")[0][0]
            boards = board_ages(store)
            new_boards = queries.boards_of_no_class(store)
    except GapbriefError as error:
        return [Check("wrong", "evidence", str(error))]
    age = (today - newest).days
    checks = [Check("well", "evidence", f"{n_scores:,} scores known from {first} to {last}, in {settings.db}")]
    text, is_old = f"newest complete snapshot {newest}, {age} days old", age > STALE_AFTER_DAYS
    mend = "; `gapbrief data refresh` asks publishers for newer ones, as `gapbrief run` does once a day"
    checks.append(Check("wrong", "data age", text + mend) if is_old else Check("well", "data age", text))
    checks += _check_old_tests(boards, today)
    if new_boards:
        board_names = and_list([f"{name} ({n} scores)" for _, name, n in new_boards], most=len(new_boards))
        text = f"{board_names}: new, and neither private nor public yet; {how_to_count(new_boards[0][0])}"
        checks.append(Check("missing", "new boards", text))
    if was_damaged:
        text = f"{settings.db} was damaged and has been rebuilt; check its disk"
        checks.append(Check("wrong", "evidence file", text))
    if warning:
        checks.append(Check("wrong", "data tables", warning))
    if not is_writable:
        text = "the evidence file can't be written, so answers are not cached; set GAPBRIEF_DB to a writable place"
        checks.append(Check("missing", "kept answers", text))
    return checks


def _check_old_tests(boards: Sequence[BoardAge], today: date) -> list[Check]:
    """Name the tests without new scores, and count those that nobody has served since."""
    checks, still, old = [], still_boards(boards), old_boards(boards, today)
    if still:
        by_publisher: dict[str, list[str]] = {}
        for board in still:
            by_publisher.setdefault(board.publisher, []).append(board.name)
        test_names = "; ".join(f"{', '.join(names)} ({publisher})" for publisher, names in by_publisher.items())
        text = f"{count(len(still), 'test')} served for {STILL_DAYS} days without a new score: {test_names}"
        checks.append(Check("missing", "standing still", text))
    if old:
        names = and_list([board.name for board in old])
        text = f"{count(len(old), 'test')} without a new score for {STILL_DAYS} days, and not served since: {names}"
        checks.append(Check("missing", "old tests", f"{text}; `gapbrief data status` lists all"))
    return checks


def _check_targets(settings: Settings) -> list[Check]:
    """Name the targets and channels that missed their newest brief, and why."""
    with open_unchanged(settings) as state:
        failing = outbox.list_failing(state, datetime.now(UTC) - _CHANNEL_MEMORY) if state else []
    checks = []
    for item in failing:
        target = f"Discord channel {item.address}" if item.kind in outbox.IN_DISCORD else name_target(item)
        tries = "gapbrief tries again" if item.is_waiting else (
            f"once that is fixed, `gapbrief newsroom send-again {item.brief_id}` sends it"
        )  # fmt: skip
        test = f"`gapbrief newsroom target test {item.name}` tries it" if item.name else (
            "`gapbrief discord check` says what is missing there"
        )  # fmt: skip
        checks.append(Check("wrong", "target", f"{target} lacks brief {item.brief_id}: {item.error}; {test}, {tries}"))
    return checks


async def _fetch_health(port: int) -> bytes:
    """Fetch /healthz from whatever listens on a port of this machine."""
    async with (
        asyncio.timeout(_LOOPBACK_SECONDS),
        safe_session(lambda _: True, {}) as session,
        session.get(f"http://127.0.0.1:{port}/healthz", allow_redirects=False) as response,
    ):
        packing = response.headers.get("Content-Encoding", "")
        return b"".join([part async for part in read_limited(response.content.iter_chunked(65536), packing)])


def _check_running(settings: Settings, known: Sequence[str] = ()) -> list[Check]:
    """Say where the pages are, and if a gapbrief serves them already, how its jobs went.

    A failure that is `known` from another row is not repeated.
    """
    try:
        health = json.loads(asyncio.run(_fetch_health(settings.port)))
        state = health.get("state", {})
        problem = "" if state.get("ok", True) else state.get("problem") or str(StateGoneError())
        jobs = [
            Check("wrong" if job["last_error"] else "well", name, _describe_job(job))
            for name, job in health["jobs"].items()
            if not (job["last_error"] and any(job["last_error"] in text for text in known))
        ]
    except (OSError, ClientError, BodyError, ValueError, LookupError, TypeError, AttributeError):
        return [Check("well", "web pages", f"`gapbrief serve` shows them at http://127.0.0.1:{settings.port}")]
    text = _STATE_IS_LOST if problem == str(StateGoneError()) else problem
    of_state = [Check("wrong", "running state", text)] if text and text not in known else []
    return [Check("well", "web pages", f"shown at http://127.0.0.1:{settings.port}"), *of_state, *jobs]


def _describe_job(job: Mapping[str, str | None]) -> str:
    """Say what is wrong with a job, and when it ran and runs again."""
    times = [
        f"{name} run {datetime.fromisoformat(job[f'{name}_run'] or ''):%Y-%m-%d at %H:%M} UTC"
        for name in ("last", "next")
        if job[f"{name}_run"]
    ]
    return "; ".join(filter(None, [(job["last_error"] or "").rstrip("."), ", ".join(times)]))


def _check_discord(settings: Settings) -> list[Check]:
    """Try the token, if one is set, and count the servers."""
    if settings.discord_token is None:
        return [Check("missing", "Discord", "off; DISCORD_TOKEN adds answers and scheduled briefs in your servers")]
    from bot.discord.setup import account, as_bot

    try:
        findings = asyncio.run(asyncio.wait_for(as_bot(settings.discord_token, account), _PATIENCE))
    except TimeoutError:
        return [Check("wrong", "Discord", "no answer; see if this machine is online")]
    except GapbriefError as error:
        return [Check("wrong", "Discord", str(error))]
    return [Check("well" if well else "missing", "Discord", text) for well, text in findings]


def _check_model(settings: Settings) -> Check:
    """Say which language model is set, or what one would add."""
    unused = [variable(name) for name in ("openai_api_key", "llm_base_url", "llm_fallback") if getattr(settings, name)]
    names = ", then ".join(filter(None, (settings.llm_model, settings.llm_fallback)))
    if has_model(settings):
        text = f"not tried yet: {names} at {settings.llm_base_url or 'OpenAI'}; `gapbrief doctor --llm` tries it"
    elif settings.llm_model:
        text = f"{settings.llm_model} has no server; set OPENAI_API_KEY, or GAPBRIEF_LLM_BASE_URL for another"
    else:
        needs = "a model's name in GAPBRIEF_LLM_MODEL, with OPENAI_API_KEY or GAPBRIEF_LLM_BASE_URL,"
        despite = f" despite {and_list(unused)}" if unused else ""
        text = f"off{despite}; {needs} adds questions in any words, and briefs about articles"
    return Check("missing", "model", text)


def _check_public_url(settings: Settings) -> list[Check]:
    if settings.public_url is not None:
        return []
    text = (
        "off; GAPBRIEF_PUBLIC_URL adds links to the pages in everything sent; until then feeds link to the address"
        " they were fetched from, and a static site has no feeds"
    )
    return [Check("missing", "public address", text)]


def _show_setting(name: str, value: object, *, secret: bool) -> Check:
    """Show a setting and its place, but not a secret."""
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    text = "set" if secret else mask({"True": "on", "False": "off"}.get(text, text))
    return Check("well", variable(name), f"{text} (from {read_variables()[variable(name)][1]})", is_setting=True)


def _check_unknown() -> list[Check]:
    """Name misspelt settings, which silently do nothing."""
    return [
        Check("wrong" if near else "missing", quote(name), f"no such setting; {mend} (from {place})", is_setting=True)
        for name, (place, near) in find_unknown().items()
        for mend in [f"did you mean {near}?" if near else ".env.example lists all settings"]
    ]
