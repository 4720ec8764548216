"""`gapbrief doctor`: what works, what is missing, and how to turn it on. No secret is shown."""

import platform
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal

import core
from bot.settings import Settings, given, variable
from core.errors import GapbriefError
from core.store import queries
from core.store.store import open_store
from core.words import quoted

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
        *(_setting(each.name, getattr(settings, each.name)) for each in fields(settings)),
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


def _setting(name: str, value: object) -> Check:
    found = given().get(variable(name))
    return Check("well", variable(name), f"{value} ({f'from {found[1]}' if found else 'default'})")


def _unknown(settings: Settings) -> list[Check]:
    """Name variables that look like settings and are none: a misspelt one would do nothing in silence."""
    known = {variable(each.name) for each in fields(settings)}
    says = f"no such setting; gapbrief knows {' and '.join(sorted(known))}"
    return [Check("missing", quoted(name), f"{says} (from {place})") for name, (_, place) in sorted(given().items())
            if name not in known]  # fmt: skip
