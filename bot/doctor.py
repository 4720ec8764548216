"""`gapbrief doctor`: what works, what is missing, and how to turn it on. No secret is shown."""

import asyncio
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches

from aiohttp import ClientError

import core
from bot.answers import mend_evidence, open_evidence
from bot.assistant.models import is_set
from bot.files import ENOUGH_OPEN, may_open
from bot.guarded_session import session_to
from bot.health_checks import Check, check_extra
from bot.newsroom.targets import name_target
from bot.refresh.board_files import how_to_count
from bot.refresh.last_refresh import check_refresh
from bot.response_body import BodyError, bounded
from bot.settings import PREFIX, Settings, env_file, given, how_to_use, ignored_env_file, masked, variable
from bot.state import outbox
from bot.state.state_checks import check_secret_key, check_state, open_unchanged
from core.answer import STALE_AFTER_DAYS
from core.errors import GapbriefError
from core.store import queries
from core.store.board_ages import STILL_DAYS, BoardAge, board_ages, old_boards, still_boards
from core.words import and_list, count, quote

_PATIENCE = 10.0
"""Seconds that Discord may take to answer."""
_LOOPBACK_SECONDS = 2.0
"""Seconds that a gapbrief on this machine may take."""
_CHANNELS_OF = timedelta(days=31)
"""A channel of Discord's that failed longer ago than this is none that is still used."""
_IN_COMMON = 0.7
"""How much a mistyped setting must have in common with the one that is meant."""
_LOST = (
    "deleted or replaced while gapbrief runs, so gapbrief starts nothing new; put the same file back, or stop"
    " gapbrief, restore a backup with `gapbrief state restore FILE`, and start it again"
)


def examine(settings: Settings, today: date, faults: Mapping[str, str] | None = None) -> list[Check]:
    """Look at everything that gapbrief needs or can use; nothing is asked of a language model.

    `faults` are the variables that can't be read, each with why.
    """
    faults = faults or {}
    of_state = check_state(settings)
    return [
        Check("well", "gapbrief", f"{core.__version__}, Python {platform.python_version()}"),
        *_env_file(),
        *_user(),
        *_open_files(),
        *_evidence(settings, today),
        *check_refresh(settings.data, datetime.now(UTC)),
        *of_state,
        *(_targets(settings) if of_state and of_state[0].state == "well" else ()),
        *check_secret_key(settings),
        *_running(settings),
        *_discord(settings),
        _model(settings),
        *_public(settings),
        check_extra("services", "apprise", "notify", "briefs by e-mail, Matrix, Slack and many more"),
        check_extra("articles", "trafilatura", "articles", "briefs of articles, with a language model"),
        check_extra("MCP", "mcp", "mcp", "`gapbrief mcp` and /mcp, where MCP clients ask"),
        *(_setting(each.name, getattr(settings, each.name), secret=each.metadata["secret"])
          for each in fields(settings) if variable(each.name) in given() and variable(each.name) not in faults),
        *(Check("wrong", name, says, is_setting=True) for name, says in faults.items()),
        *_unknown(settings),
    ]  # fmt: skip


def _open_files() -> list[Check]:
    """Say where this machine lets a process have too few files open for all the connections that pages take."""
    allowed = may_open(ENOUGH_OPEN)
    if allowed >= ENOUGH_OPEN:
        return []
    says = f"{allowed} may be open at once, so pages take fewer connections; raise `ulimit -n` to {ENOUGH_OPEN:,}"
    return [Check("missing", "open files", says)]


def _user() -> list[Check]:
    """Warn of rights that gapbrief has no use for: whoever gets into it has them too."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return []
    says = "root, who can read and change everything here; run gapbrief as its own user, as docs/deploy shows"
    return [Check("missing", "user", says)]


def try_model(settings: Settings) -> list[Check]:
    """Make one real call for each thing that is needed of the language models; raises UsageError where none is set."""
    from bot.assistant.model_reader import check

    return [Check(tried.state, "model", tried.says) for tried in asyncio.run(check(settings))]


def _env_file() -> list[Check]:
    """Say which `.env` is read and who can read it, and which one is not."""
    checks, file, ignored = [], env_file(), ignored_env_file()
    of_file = [name for name, (_, place) in given().items() if place == str(file)]
    if file is not None and of_file:
        secret = {variable(each.name) for each in fields(Settings) if each.metadata["secret"]}
        if os.name == "posix" and file.stat().st_mode & 0o077 and not secret.isdisjoint(of_file):
            says = f"{file} holds secrets, and others on this machine can read it; `chmod 600 {file}` fixes that"
            checks.append(Check("wrong", ".env", says))
        else:
            checks.append(Check("well", ".env", str(file)))
    if ignored is not None:
        checks.append(Check("missing", ".env", how_to_use(ignored)))
    return checks


def _evidence(settings: Settings, today: date) -> list[Check]:
    try:
        was_damaged = mend_evidence(settings)
        with open_evidence(settings) as store:
            first, last = queries.known_days(store)
            newest = queries.newest_data(store, last)
            writable, warning = store.can_write, store.warning
            n_scores = store.rows("SELECT count(*) FROM scores")[0][0]
            boards = board_ages(store)
            new_boards = queries.boards_of_no_class(store)
    except GapbriefError as error:
        return [Check("wrong", "evidence", str(error))]
    age = (today - newest).days
    checks = [Check("well", "evidence", f"{n_scores:,} scores known from {first} to {last}, in {settings.db}")]
    says, is_old = f"newest complete snapshot {newest}, {age} days old", age > STALE_AFTER_DAYS
    mend = "; `gapbrief data refresh` asks publishers for newer ones, as `gapbrief run` does once a day"
    checks.append(Check("wrong", "data age", says + mend) if is_old else Check("well", "data age", says))
    checks += _old_tests(boards, today)
    if new_boards:
        named = and_list([f"{name} ({n} scores)" for _, name, n in new_boards], most=len(new_boards))
        says = f"{named}: new, and neither private nor public yet; {how_to_count(new_boards[0][0])}"
        checks.append(Check("missing", "new boards", says))
    if was_damaged:
        says = f"{settings.db} was damaged and has been rebuilt; check its disk"
        checks.append(Check("wrong", "evidence file", says))
    if warning:
        checks.append(Check("wrong", "data tables", warning))
    if not writable:
        says = "the evidence file can't be written, so answers are not cached; set GAPBRIEF_DB to a writable place"
        checks.append(Check("missing", "kept answers", says))
    return checks


def _old_tests(boards: Sequence[BoardAge], today: date) -> list[Check]:
    """Name the tests that stand still, and count those that are old as nobody served them since."""
    checks, still, old = [], still_boards(boards), old_boards(boards, today)
    if still:
        by_publisher: dict[str, list[str]] = {}
        for board in still:
            by_publisher.setdefault(board.publisher, []).append(board.name)
        named = "; ".join(f"{', '.join(names)} ({publisher})" for publisher, names in by_publisher.items())
        says = f"{count(len(still), 'test')} served for {STILL_DAYS} days without a new score: {named}"
        checks.append(Check("missing", "standing still", says))
    if old:
        named = and_list([board.name for board in old])
        says = f"{count(len(old), 'test')} without a new score for {STILL_DAYS} days, and not served since: {named}"
        checks.append(Check("missing", "old tests", f"{says}; `gapbrief data status` lists all"))
    return checks


def _targets(settings: Settings) -> list[Check]:
    """Name the targets and channels that the newest brief for them did not reach, and why."""
    with open_unchanged(settings) as state:
        failing = outbox.list_failing(state, datetime.now(UTC) - _CHANNELS_OF) if state else []
    checks = []
    for item in failing:
        where = f"Discord channel {item.address}" if item.kind in outbox.IN_DISCORD else name_target(item)
        tries = "gapbrief tries again" if item.is_waiting else (
            f"once that is fixed, `gapbrief newsroom send-again {item.brief_id}` sends it"
        )  # fmt: skip
        test = f"`gapbrief newsroom target test {item.name}` tries it" if item.name else (
            "`gapbrief discord check` says what is missing there"
        )  # fmt: skip
        checks.append(Check("wrong", "target", f"{where} lacks brief {item.brief_id}: {item.error}; {test}, {tries}"))
    return checks


async def _health(port: int) -> bytes:
    """Ask what listens on a port of this machine, whatever that is, how it is."""
    async with (
        asyncio.timeout(_LOOPBACK_SECONDS),
        session_to(lambda _: True, {}) as session,
        session.get(f"http://127.0.0.1:{port}/healthz", allow_redirects=False) as response,
    ):
        packing = response.headers.get("Content-Encoding", "")
        return b"".join([part async for part in bounded(response.content.iter_chunked(65536), packing)])


def _running(settings: Settings) -> list[Check]:
    """Say where the pages are, and where a gapbrief serves them already, how its jobs went."""
    try:
        health = json.loads(asyncio.run(_health(settings.port)))
        jobs, has_lost_state = health["jobs"].items(), not health.get("state", {}).get("ok", True)
    except (OSError, ClientError, BodyError, ValueError, LookupError, TypeError, AttributeError):
        return [Check("well", "web pages", f"`gapbrief serve` shows them at http://127.0.0.1:{settings.port}")]
    lost = [Check("wrong", "running state", _LOST)] if has_lost_state else []
    return [Check("well", "web pages", f"shown at http://127.0.0.1:{settings.port}"), *lost] + [
        Check("wrong" if job["last_error"] else "well", name, ", ".join(
            f"{moment.replace('_', ' ')} {job[moment]}" for moment in ("last_error", "last_run", "next_run")
            if job[moment]))
        for name, job in jobs
    ]  # fmt: skip


def _discord(settings: Settings) -> list[Check]:
    """Try the token, where one is set, and count the servers."""
    if settings.discord_token is None:
        return [Check("missing", "Discord", "off; DISCORD_TOKEN adds answers and scheduled briefs in your servers")]
    from bot.discord.setup import account, as_bot

    try:
        findings = asyncio.run(asyncio.wait_for(as_bot(settings.discord_token, account), _PATIENCE))
    except TimeoutError:
        return [Check("wrong", "Discord", "no answer; see if this machine is online")]
    except GapbriefError as error:
        return [Check("wrong", "Discord", str(error))]
    return [Check("well" if well else "missing", "Discord", says) for well, says in findings]


def _model(settings: Settings) -> Check:
    """Say which language model is set, and what one would add."""
    without = [variable(name) for name in ("openai_api_key", "llm_base_url", "llm_fallback") if getattr(settings, name)]
    names = ", then ".join(filter(None, (settings.llm_model, settings.llm_fallback)))
    if is_set(settings):
        says = f"not tried yet: {names} at {settings.llm_base_url or 'OpenAI'}; `gapbrief doctor --llm` tries it"
    elif settings.llm_model:
        says = f"{settings.llm_model} has no server; set OPENAI_API_KEY, or GAPBRIEF_LLM_BASE_URL for another"
    else:
        needs = "a model's name in GAPBRIEF_LLM_MODEL, with OPENAI_API_KEY or GAPBRIEF_LLM_BASE_URL,"
        despite = f" despite {and_list(without)}" if without else ""
        says = f"off{despite}; {needs} adds questions in any words, and briefs about articles"
    return Check("missing", "model", says)


def _public(settings: Settings) -> list[Check]:
    if settings.public_url is not None:
        return []
    says = (
        "off; GAPBRIEF_PUBLIC_URL adds links to the pages in everything sent; until then feeds link to the address"
        " they were fetched from, and a static site has no feeds"
    )
    return [Check("missing", "public address", says)]


def _setting(name: str, value: object, *, secret: bool) -> Check:
    """Show a setting that is set, and where; a secret is not shown."""
    shown = ", ".join(value) if isinstance(value, tuple) else str(value)
    shown = {"True": "on", "False": "off"}.get(shown, shown)
    says = "set" if secret else masked(shown)
    return Check("well", variable(name), f"{says} (from {given()[variable(name)][1]})", is_setting=True)


def _unknown(settings: Settings) -> list[Check]:
    """Name variables that look like settings and are none: a misspelt one would do nothing in silence."""
    known = {variable(each.name).removeprefix(PREFIX): variable(each.name) for each in fields(settings)}
    return [
        Check("missing", quote(name), f"no such setting{_meant(name, known)} (from {place})", is_setting=True)
        for name, (_, place) in sorted(given().items()) if name not in known.values()
    ]  # fmt: skip


def _meant(name: str, known: Mapping[str, str]) -> str:
    """Say which setting is meant by one that is none; `known` are the settings by what they are beside the prefix."""
    near = get_close_matches(name.removeprefix(PREFIX), known, 1, _IN_COMMON)
    return f"; did you mean {known[near[0]]}?" if near else "; .env.example lists all settings"
