"""The fields that questions share, each with its description and limits, and how a typed one becomes an id."""

from collections.abc import Set as AbstractSet
from dataclasses import field
from datetime import date
from typing import Any

from core.errors import UsageError
from core.gap.parameters import METHODS, NEWEST
from core.names import names
from core.questions import size_spans
from core.store import queries
from core.store.store import Store
from core.words import one_line, quote


def described(
    description: str, example: str = "", *, needed: bool = False, default: str | None = None, **more: Any
) -> Any:
    """Return a field with a description and an example, to be left out for its `default` unless it is `needed`.

    `more` is the rest of its metadata: its limits in pydantic's words, `by_place` where the command line takes it
    without its name, and what `Question` reads.
    """
    metadata = {"description": description, **({"examples": [example]} if example else {}), **more}
    return field(metadata=metadata) if needed else field(default=default, metadata=metadata)


def benchmark(
    description: str = "One test, by any of its names; without it, all of the headline.",
    *,
    example: str = "GPQA Diamond",
    by_place: bool = False,
) -> Any:
    """Return a field for a benchmark that may be left out."""
    return described(description, example, max_length=100, by_place=by_place)


def model(description: str) -> Any:
    """Return a field for a model that may be left out."""
    return described(description, "GPT-4", max_length=100)


def access_filter() -> Any:
    """Return a field that narrows the tests to an access class."""
    return described("Only tests whose questions are secret (private), or only public ones.")


def domain_filter() -> Any:
    """Return a field that narrows the tests to a field of work."""
    return described("Only tests of this field of work, beyond the headline too.", "coding")


def country_filter() -> Any:
    """Return a field that narrows the open models to a country."""
    return described("Only open models from this country; the closed side stays whole.", "China", max_length=60)


def lab_filter() -> Any:
    """Return a field that narrows the open models to a lab."""
    return described("Only open models of this lab; the closed side stays whole.", "DeepSeek", max_length=60)


def size() -> Any:
    """Return a field that narrows the open models to those up to a size."""
    return described(
        "Only open models up to this size in billions, or small card, large card, workstation, server.",
        "32",
        max_length=40,
    )


def as_of() -> Any:
    """Return a field for the day whose world is described."""
    return described("Models released by this day; without it, by the newest data's.", "2026-05-22")


def known_by(
    description: str = "Only scores that were known by this day; without it, all.", example: str = "2026-05-22"
) -> Any:
    """Return a field for the day whose knowledge is used."""
    return described(description, example)


def method() -> Any:
    """Return a field for the method's name."""
    return described(
        "index: the standing gap on one scale of all tests. clustered: catch-up time."
        " study: the published study's own rules.",
        default="index",
        examples=["study", "clustered", "index"],
        max_length=20,
    )


def days(store: Store, today: date, as_of: date | None, known_by: date | None) -> tuple[date, date]:
    """Return both days, filled in; raises UsageError for one that is in the future, or before all data."""
    for name, asked in (("as-of", as_of), ("known-by", known_by)):
        if asked is not None:
            not_in_future(name, asked, today)
    first, last = queries.known_days(store)
    known_by = min(known_by or last, last)
    if known_by < first:
        raise UsageError(f"No score was known by {known_by}; the first is known from {first}.")
    return as_of or queries.newest_data(store, known_by), known_by


def filled(store: Store, today: date, values: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that questions share, by their names: ids for names, the method's version, both days.

    `values` are a question's fields as asked. Raises UsageError for a name that nothing has, and a day that is none.
    """
    named = {"benchmark", "model", "country", "lab"} & values.keys()
    found: dict[str, Any] = {kind: _id_among(kind, store, values[kind], named) for kind in named}
    if "drawn_first" in values:
        found["drawn_first"] = id_of("model", store, values["drawn_first"])
    if "size" in values:
        found["size"] = size_spans.typed(values["size"])
    if "method" in values:
        found["method"] = method_name(values["method"])
    if {"as_of", "known_by"} <= values.keys():
        found["as_of"], found["known_by"] = days(store, today, values["as_of"], values["known_by"])
    return found


def not_in_future(name: str, asked: date, today: date) -> None:
    """Raise UsageError for a day that is still to come."""
    if asked > today:
        raise UsageError(f"The {name} day {asked} is in the future; give {today} or earlier.")


def id_of(kind: str, store: Store, typed: str | None) -> str | None:
    """Return the id that is meant by a name of a kind, of a benchmark with its version; None for none.

    Raises UsageError where nothing is called so, or several things are.
    """
    return typed and " ".join(names.find(kind, typed, names.KINDS[kind](store)).key)


def _id_among(kind: str, store: Store, typed: str | None, kinds: AbstractSet[str]) -> str | None:
    """Return the id as `id_of`; what is the name of another of these kinds alone is refused with the field for it."""
    try:
        return id_of(kind, store, typed)
    except UsageError as error:
        others = sorted(kinds - {kind}) if not error.suggestions else []
        meant = next((other for other in others if names.fits(typed or "", names.KINDS[other](store))), None)
        if meant is None:
            raise
        name = typed or ""
        raise UsageError(f"{quote(name)} is a {meant}; ask with `--{meant} {one_line(name)}`.") from None


def method_name(typed: str) -> str:
    """Return the version of the method that is meant; raises UsageError if none is."""
    name = NEWEST.get(typed.lower(), typed.lower())
    if name not in METHODS:
        raise UsageError(f"No method is called {quote(typed)}; choose {' or '.join(NEWEST)}.", (*NEWEST, *METHODS))
    return name
