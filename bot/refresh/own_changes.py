"""What an operator types of a model, as a row of evidence: the model found by name, what can't be refused."""

from datetime import date
from typing import Literal, cast
from urllib.parse import urlsplit

from bot.settings import Settings
from core.errors import UsageError
from core.evidence import curated, names, own_rows
from core.evidence.own_rows import OwnAlias, OwnOpenness, OwnReleaseDate
from core.evidence.plausibility import FIRST_YEAR
from core.store.store import open_store
from core.store.tables import shipped
from core.words import quoted


def classified(settings: Settings, model: str, openness: str, evidence: str, today: date) -> OwnOpenness:
    """Return that a model is open or closed; raises UsageError where no model is called so, or evidence is none."""
    word = cast(Literal["open", "closed"], openness)
    return OwnOpenness(_model(settings, model), word, _address(evidence), today)


def aliased(settings: Settings, spelling: str, model: str, group: str, today: date) -> OwnAlias:
    """Return that a spelling means a model; raises UsageError where that says nothing, or nothing is called so."""
    model_id, spelling = _model(settings, model), " ".join(spelling.split())
    known = own_rows.groups(curated.read(shipped() / "curated").sources.values())
    if group and group not in known:
        raise UsageError(f"No source is called {quoted(group)}; there are {', '.join(known)}.")
    if not spelling or spelling == model_id:
        raise UsageError(f"The alias {quoted(spelling)} says nothing new of {model_id}; give another spelling.")
    return OwnAlias(spelling, group, model_id, today)


def redated(settings: Settings, model: str, released: date, evidence: str, today: date) -> OwnReleaseDate:
    """Return that a model was released on a day; raises UsageError where that can't be."""
    if not FIRST_YEAR <= released.year or released > today:
        raise UsageError(f"The release date {released} can't be; give a day from {FIRST_YEAR} to {today}.")
    return OwnReleaseDate(_model(settings, model), released, _address(evidence), today)


def _model(settings: Settings, typed: str) -> str:
    """Return the id of the model that is meant, found as questions find it."""
    with open_store(settings.db, settings.data) as store:
        return names.find("model", typed, names.models(store)).key[0]


def _address(typed: str) -> str:
    try:
        found = urlsplit(typed)
        is_one = found.scheme in ("http", "https") and bool(found.hostname) and typed.isprintable() and " " not in typed
    except ValueError:
        is_one = False
    if not is_one:
        raise UsageError(f"{quoted(typed)} is no address of a page; give evidence such as https://example.org/model.")
    return typed
