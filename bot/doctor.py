"""`gapbrief doctor`: what works, what is missing, and how to turn it on. No secret is shown."""

import platform
import re
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal

import core
from bot.settings import Settings, given, variable
from core.errors import GapbriefError
from core.store import queries
from core.store.store import open_store
from core.words import listed, quoted

_DEFAULTS = {each.name: each.metadata["default"] for each in fields(Settings)}
_PATIENCE = 10.0
"""Seconds that Discord may take to answer."""
_MARKS = {"well": "ok   ", "missing": "–    ", "wrong": "wrong"}


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    state: Literal["well", "missing", "wrong"]
    what: str
    says: str

    @property
    def mark(self) -> str:
        """Return the state as it stands at the beginning of a line."""
        return _MARKS[self.state]


def examine(settings: Settings, today: date) -> list[Check]:
    """Look at everything that gapbrief needs or can use."""
    return [
        Check("well", "gapbrief", f"{core.__version__}, Python {platform.python_version()}"),
        *_evidence(settings, today),
        *_state(settings),
        *_discord(settings),
        *(
            _setting(each.name, getattr(settings, each.name), secret=each.metadata.get("secret", False))
            for each in fields(settings)
        ),
        *_unknown(settings),
    ]


def _evidence(settings: Settings, today: date) -> list[Check]:
    try:
        with open_store(settings.db, settings.data) as store:
            first, last = queries.known_days(store)
            newest = queries.newest_data(store, last)
            writable = store.writable
            count = store.rows("SELECT count(*) FROM scores")[0][0]
    except GapbriefError as error:
        return [Check("wrong", "evidence", str(error))]
    age = (today - newest).days
    checks = [Check("well", "evidence", f"{count:,} scores known from {first} to {last}, in {settings.db}")]
    says = f"newest complete snapshot {newest}, {age} days old"
    checks.append(Check("well", "data age", says))
    if not writable:
        says = "the evidence file can't be written, so answers are not kept; set GAPBRIEF_DB to a place that can"
        checks.append(Check("missing", "kept answers", says))
    return checks


def _state(settings: Settings) -> list[Check]:
    """Look at what the service keeps; a state that was not made yet is none that is missing."""
    from bot.state.state import schemas

    if not settings.state_url:
        return []
    try:
        found, newest = schemas(settings.state_url)
    except GapbriefError as error:
        return [Check("wrong", "state", str(error))]
    if found is None:
        return [Check("well", "state", "none yet; `gapbrief run` makes it when it first starts")]
    says = f"schema {found}" if found == newest else f"schema {found}; `gapbrief run` brings it to {newest}"
    return [Check("well", "state", says)]


def _discord(settings: Settings) -> list[Check]:
    """Try the token, where one is set, and count the servers."""
    if settings.discord_token is None:
        return []
    import asyncio

    from bot.discord.setup import account, looked

    try:
        found = asyncio.run(asyncio.wait_for(looked(settings.discord_token, account), _PATIENCE))
    except TimeoutError:
        return [Check("wrong", "Discord", "no answer; see if this machine is online")]
    except GapbriefError as error:
        return [Check("wrong", "Discord", str(error))]
    return [Check("well" if well else "missing", "Discord", says) for well, says in found]


def _setting(name: str, value: object, *, secret: bool) -> Check:
    found = given().get(variable(name))
    where = f"from {found[1]}" if found else "default"
    if value is None:
        return Check("missing", variable(name), f"not set; {_DEFAULTS[name]}")
    return Check("well", variable(name), f"{'set' if secret and found else _without_password(value)} ({where})")


def _without_password(value: object) -> object:
    return re.sub(r"//([^:@/]*):[^@/]*@", r"//\1:***@", value) if isinstance(value, str) else value


def _unknown(settings: Settings) -> list[Check]:
    """Name variables that look like settings and are none: a misspelt one would do nothing in silence."""
    known = {variable(each.name) for each in fields(settings)}
    says = f"no such setting; gapbrief knows {listed(sorted(known), most=len(known))}"
    return [Check("missing", quoted(name), f"{says} (from {place})") for name, (_, place) in sorted(given().items())
            if name not in known]  # fmt: skip
