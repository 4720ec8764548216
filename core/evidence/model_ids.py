"""Resolve spellings to models: by earlier ids, by Epoch's versions, and by hand-kept aliases."""

import csv
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from core.evidence.curated import OWN_GROUP, Curated, Source
from core.evidence.identity import EPOCH, Identity, PriorIds, Version
from core.evidence.importers.rows import FileContent
from core.store.tables import BY_NAME

_Value = TypeVar("_Value")
_SNAPSHOT_DAY = re.compile(r"-\d{4}-\d\d(-\d\d)?$")
"""The day of a snapshot, at the end of a source's id."""
Snapshot = tuple[Source, FileContent]
"""A source, and what was imported from its file."""


def read_prior_ids(folder: Path, files: list[Snapshot]) -> PriorIds:
    """Read the model ids in a folder of tables, and the id that each spelling of a source resolves to."""
    try:
        models, aliases = (_read_csv_rows(BY_NAME[name].path(folder)) for name in ("models", "aliases"))
        groups = {name: source.spellings for source, _ in files for name in (source.source_id, _source_series(source))}
        days = {
            (source.source_id, model.spelling): model.released
            for source, content in files
            for model in content.models
            if model.released
        }
        spellings = {}
        for row in aliases:
            source_id, spelling = row["source_id"], row["spelling"]
            group = groups.get(source_id, groups.get(_SNAPSHOT_DAY.sub("", source_id)))
            if group is not None:
                spellings[group, spelling, str(days.get((source_id, spelling), ""))] = row["model_id"]
        return PriorIds(frozenset(row["model_id"] for row in models), spellings)
    except FileNotFoundError:  # the first build, or an earlier build was killed
        return PriorIds()


def _read_csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _source_series(source: Source) -> str:
    return source.series or _SNAPSHOT_DAY.sub("", source.source_id)


def build_identity(curated: Curated, files: list[Snapshot], prior: PriorIds) -> Identity:
    """Build the identity that resolves every imported spelling to a model."""
    identity = Identity(curated.aliases, curated.apart, prior)
    spellings = [model.spelling for source, content in files if source.spellings in EPOCH for model in content.models]
    identity.learn(_collect_versions(files), spellings)
    return identity


def _collect_versions(files: list[Snapshot]) -> list[Version]:
    """Collect Epoch's versions: from the index with their newest details, from the hub by spelling alone.

    Later files of the hub add no versions: models that the index lacks resolve by spelling. An index by model adds
    none either, because its names are names of versions.
    """
    versions: list[Version] = []
    by_spelling: dict[str, Version] = {}
    for source, content in files:
        if source.spellings not in EPOCH or _is_by_model(source, content):
            continue
        if source.role != "index":
            if source.spellings == EPOCH[0]:
                versions += [Version(model.spelling) for model in content.models]
            continue
        index_scores = {raw.spelling: f"{raw.score:g}" for raw in content.scores}
        for model in content.models:
            released = model.released.isoformat() if model.released else ""
            by_spelling[model.spelling] = Version(
                model.spelling, model.name, released, model.claim or "", index_scores.get(model.spelling, "")
            )
    return versions + list(by_spelling.values())


def _is_by_model(source: Source, content: FileContent) -> bool:
    return source.role == "index" and all(model.spelling == model.name for model in content.models)


def drop_shared_names(files: list[Snapshot], identity: Identity) -> None:
    """Drop the rows of an index by model whose name several models share."""
    for source, content in files:
        if _is_by_model(source, content):
            shared = {
                model.line: model.spelling
                for model in content.models
                if identity.is_shared(model.spelling, source.spellings, model.released)
            }
            for line, name in shared.items():
                content.drop(line, name, "a name that several models share")
            content.models[:] = [model for model in content.models if model.line not in shared]
            content.scores[:] = [score for score in content.scores if score.line not in shared]


def rekey_by_id(curated: Curated, identity: Identity) -> Curated:
    """Return the hand-kept inputs with their tables keyed by current model ids."""

    def rekey(table: Mapping[str, _Value]) -> dict[str, _Value]:
        return {identity.resolve(model, OWN_GROUP)[0]: value for model, value in table.items()}

    return replace(
        curated,
        corrections=rekey(curated.corrections),
        makers=rekey(curated.makers),
        names=rekey(curated.names),
        sizes=rekey(curated.sizes),
    )
