"""Which model each spelling means: by the ids that models have, by Epoch's versions, and by hand."""

import csv
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from core.evidence.curated import OWN_GROUP, Curated, Source
from core.evidence.identity import EPOCH, Given, Identity, Version
from core.evidence.importers.rows import Imported
from core.store.tables import BY_NAME

_Word = TypeVar("_Word")
_UNDATED = re.compile(r"-\d{4}-\d\d(-\d\d)?$")
"""The end of a source's id: the day of its snapshot."""
Snapshot = tuple[Source, Imported]
"""What was read of a file, and of which source it is."""


def read_given_ids(folder: Path, files: list[Snapshot]) -> Given:
    """Return the ids of models in a folder of tables, and which of them each source's spellings mean there."""
    try:
        models, aliases = (_given_rows(BY_NAME[name].path(folder)) for name in ("models", "aliases"))
        groups = {name: source.spellings for source, _ in files for name in (source.source_id, _series(source))}
        days = {
            (source.source_id, model.spelling): model.released
            for source, imported in files
            for model in imported.models
            if model.released
        }
        spellings = {}
        for row in aliases:
            source_id, spelling = row["source_id"], row["spelling"]
            group = groups.get(source_id, groups.get(_UNDATED.sub("", source_id)))
            if group is not None:
                spellings[group, spelling, str(days.get((source_id, spelling), ""))] = row["model_id"]
        return Given(frozenset(row["model_id"] for row in models), spellings)
    except FileNotFoundError:  # a first build, or one that was killed
        return Given()


def _given_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _series(source: Source) -> str:
    return source.series or _UNDATED.sub("", source.source_id)


def learn_identity(curated: Curated, files: list[Snapshot], given: Given) -> Identity:
    """Return which model each spelling of what was read means."""
    identity = Identity(curated.aliases, curated.apart, given)
    spellings = [model.spelling for source, read in files if source.spellings in EPOCH for model in read.models]
    identity.learn(_list_versions(files), spellings)
    return identity


def _list_versions(files: list[Snapshot]) -> list[Version]:
    """List Epoch's versions: those of the index with its newest words, those of the hub by spelling alone.

    Later files of the hub add none: what they list and the index doesn't is found by its spelling. Nor does an index
    by model, whose names are those of versions.
    """
    versions: list[Version] = []
    indexed: dict[str, Version] = {}
    for source, imported in files:
        if source.spellings not in EPOCH or _is_by_model(source, imported):
            continue
        if source.role != "index":
            if source.spellings == EPOCH[0]:
                versions += [Version(model.spelling) for model in imported.models]
            continue
        index = {raw.spelling: f"{raw.score:g}" for raw in imported.scores}
        for model in imported.models:
            released = model.released.isoformat() if model.released else ""
            indexed[model.spelling] = Version(
                model.spelling, model.name, released, model.claim or "", index.get(model.spelling, "")
            )
    return versions + list(indexed.values())


def _is_by_model(source: Source, imported: Imported) -> bool:
    return source.role == "index" and all(model.spelling == model.name for model in imported.models)


def drop_shared_names(files: list[Snapshot], identity: Identity) -> None:
    """Drop from an index by model what is said of a name that several models share."""
    for source, imported in files:
        if _is_by_model(source, imported):
            shared = {
                model.line: model.spelling
                for model in imported.models
                if identity.is_shared(model.spelling, source.spellings, model.released)
            }
            for line, name in shared.items():
                imported.drop(line, name, "a name that several models share")
            imported.models[:] = [model for model in imported.models if model.line not in shared]
            imported.scores[:] = [score for score in imported.scores if score.line not in shared]


def key_by_id(curated: Curated, identity: Identity) -> Curated:
    """Return the hand-kept inputs with their words on models under the ids that models have now."""

    def under_ids(table: Mapping[str, _Word]) -> dict[str, _Word]:
        return {identity.resolve(model, OWN_GROUP)[0]: word for model, word in table.items()}

    return replace(
        curated,
        corrections=under_ids(curated.corrections),
        makers=under_ids(curated.makers),
        names=under_ids(curated.names),
        sizes=under_ids(curated.sizes),
    )
