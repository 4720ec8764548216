"""Rows of the data that look like a slip: models merged or split by name, runs stored twice, odd dates, lone words."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from core.store.store import Store

DISPUTED = "disputed"
"""The kind of a model whose class more publishers dispute than confirm."""
_ADDED = re.compile(r"\b(hf|preview|exp|experimental|beta|latest|v?\d{6,8}|(\d\d )?20\d\d|\d\d \d\d|\d{4})\b")
"""What a source adds to a model's name or leaves away: its host, its stage, its day. A word such as chat, base, mini or
pro makes another product."""
_APART = re.compile(r"[^a-z0-9]+")
_LIKE_DAYS = 30
"""Two models of one name whose days are nearer than this may be one; one model with days further apart may be two."""
_EARLY_DAYS = 7
"""A run this long before the release is early access; any longer before, and one of the two dates is wrong."""


@dataclass(frozen=True)
class Suspect:
    """A kind of slip, the models that it may concern (ids), and what was seen."""

    kind: str
    models: tuple[str, ...]
    seen: str


def suspects(store: Store) -> list[Suspect]:
    """List all suspects, kind by kind; a suspect is something to look at, not an error."""
    return [*_split(store), *_merged(store), *_twice(store), *_lone_words(store), *_impossible_dates(store)]


def _split(store: Store) -> Iterator[Suspect]:
    """Find two models of one lab whose names differ only by what sources add, released within a month.

    Two models that one source lists beside each other are two.
    """
    listing: dict[str, set[str]] = defaultdict(set)
    for table in ("aliases", "scores"):
        for model, source in store.rows(f"SELECT DISTINCT model_id, source_id FROM {table}"):  # noqa: S608
            listing[model].add(source)
    like: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    rows = store.rows(
        "SELECT model_id, lab_id, release_date FROM models WHERE release_date IS NOT NULL AND lab_id <> ''"
    )
    for model, lab, day in rows:
        like[lab, _plain(model)].append((model, day))
    for group in like.values():
        for (one, day), (other, other_day) in combinations(sorted(group), 2):
            if abs(_days(day, other_day)) <= _LIKE_DAYS and not listing[one] & listing[other]:
                yield Suspect("split", (one, other), f"like names, {day} and {other_day}")


def _merged(store: Store) -> Iterator[Suspect]:
    """Find a model for which a source gives a day over a month from the one that is kept, and not by hand."""
    rows = store.rows(
        "SELECT model_id, kept, other, group_concat(DISTINCT other_source) FROM conflicts WHERE kind = 'release date'"
        " AND kept_source <> 'release_dates' AND kept <> 'withheld' GROUP BY model_id, kept, other ORDER BY model_id"
    )
    apart: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for model, kept, other, sources in rows:
        if abs(_days(kept, other)) > _LIKE_DAYS:
            apart[model].append((abs(_days(kept, other)), other, f"{kept}, but {other} by {sources}"))
    for model, found in apart.items():
        yield Suspect("merged or misdated", (model,), max(found)[2])


def _twice(store: Store) -> Iterator[Suspect]:
    """Find a run that is there twice: of one model under two efforts, or of two models of like names."""
    rows = store.rows(
        "SELECT b.name, a.model_id, c.model_id, a.variant, c.variant, a.score, a.known_from FROM scores AS a"
        " JOIN scores AS c ON (a.benchmark_id, a.version, a.score, a.known_from, a.source_id)"
        "  = (c.benchmark_id, c.version, c.score, c.known_from, c.source_id) AND a.rowid < c.rowid"
        " JOIN models AS m ON m.model_id = a.model_id JOIN models AS n ON n.model_id = c.model_id"
        " JOIN benchmarks AS b ON (b.benchmark_id, b.version) = (a.benchmark_id, a.version)"
        " WHERE a.superseded_from IS NULL AND c.superseded_from IS NULL AND a.score > 0"
        "  AND b.unit <> 'points'"
        "  AND ((a.model_id = c.model_id AND a.known_grade = 'run date' AND a.variant <> c.variant)"
        "   OR (a.model_id <> c.model_id AND m.lab_id = n.lab_id AND m.release_date <> n.release_date))"
        " ORDER BY a.rowid, c.rowid"
    )
    for board, model, other, effort, other_effort, score, day in rows:
        if model == other:
            yield Suspect("twice", (model,), f'{board}: {score:.4g} of {day}, efforts "{effort}" and "{other_effort}"')
        elif _is_longer(_plain(model), _plain(other)) or _is_longer(_plain(other), _plain(model)):
            yield Suspect("twice", (model, other), f"{board}: {score:.4g} of {day}, two models of like names")


def _plain(model: str) -> str:
    """Return what is left of a model's id without a host's prefix and all that sources add or leave away."""
    return _ADDED.sub("", _APART.sub(" ", model.lower().rsplit("/", 1)[-1])).replace(" ", "")


def _is_longer(name: str, other: str) -> bool:
    """Whether a plain name is another one or begins with it, and goes on with no digit, which is another version."""
    return name == other or (name.startswith(other) and not name[len(other)].isdigit())


def _lone_words(store: Store) -> Iterator[Suspect]:
    """Find a model that more publishers call the other of open and closed than call it what it is taken for."""
    for model, kept, by, others in store.rows("SELECT model_id, kept, kept_by, otherwise_by FROM disputed_list"):
        yield Suspect(DISPUTED, (model,), f"{kept} by {by}, otherwise by {others}")


def _impossible_dates(store: Store) -> Iterator[Suspect]:
    """Find a model that was run more than a week before its release."""
    rows = store.rows(
        "SELECT m.model_id, m.release_date, min(s.known_from), count(*) FROM scores AS s"
        " JOIN models AS m USING (model_id)"
        " WHERE s.known_grade = 'run date' AND julianday(m.release_date) - julianday(s.known_from) > ?"
        " GROUP BY m.model_id ORDER BY m.model_id",
        (_EARLY_DAYS,),
    )
    for model, released, run, number in rows:
        yield Suspect("run before release", (model,), f"released {released}, {number} runs from {run} on")


def _days(one: str, other: str) -> int:
    return (date.fromisoformat(one) - date.fromisoformat(other)).days
