"""Registries of models, without scores: openness, release dates, sizes, prices, and hand-collected evidence."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from core.errors import TableError
from core.evidence.importers.columns import ModelColumns, TableForm
from core.evidence.importers.rows import (
    TRUE_OR_FALSE,
    FileContent,
    RawModel,
    RawPrice,
    RawSize,
    Row,
    access_claim,
    make_row,
    read_csv,
    read_mapping,
    read_yaml,
)
from core.store.tables import Claim

# HELM's registry, as served and as a table: access, release date, creator and size, with a long history

_HELM_CLAIMS: dict[str, Claim] = {"open": "open", "limited": "closed", "closed": "unreleased"}
"""HELM's "limited" means API access; its "closed" is a model that nobody outside the lab can use."""
_HELM = TableForm(
    ModelColumns("name", "display_name", "release_date", "creator", "access", _HELM_CLAIMS.get, is_labelled=True)
)
_HELM_SERVED = replace(_HELM.models, organization="creator_organization_name")


def read_helm(path: Path) -> FileContent:
    """Read the models of the registry and their sizes."""
    is_served, content = path.suffix == ".yaml", FileContent()
    for row in content.count(_helm_entries(path) if is_served else _HELM.rows(path)):
        (_HELM_SERVED if is_served else _HELM.models).add(content, row, row.text("name"))
        size = row.number("num_parameters")
        if size:
            content.sizes.append(RawSize(row.line, row.text("name"), size / 1e9, row.day("release_date")))
    return content


def _helm_entries(path: Path) -> Iterator[Row]:
    """Yield the models of HELM's own YAML file as rows of the table."""
    document, node = read_yaml(path)
    models = document.get("models") if isinstance(document, dict) else None
    if not isinstance(models, list):
        raise TableError(path, "is not HELM's list of models")
    places = {str(key.value): value for key, value in node.value}["models"].value  # the last one of a duplicate key
    for model, place in zip(models, places, strict=True):
        columns = ("name", "display_name", "creator_organization_name", "access")
        yield make_row(path, place.start_mark.line + 1, model, columns)


# models.dev: whether a model has open weights, as served and as a table

_MODELS_DEV = TableForm(ModelColumns("id", "name", "release_date", openness="open_weights"))
_EARLIER, _LATER = " (earlier state)", " (later state)"
"""The suffixes of two states of a model in a table of several days."""


def read_models_dev(path: Path) -> FileContent:
    """Read the registry; of two states of a model, only the later."""
    content = FileContent()
    for row in content.count(_models_dev_entries(path) if path.suffix == ".json" else _MODELS_DEV.rows(path)):
        spelling, word = row.text("id").removesuffix(_LATER), row.text("open_weights")
        if spelling.endswith(_EARLIER):
            content.drop(row.line, spelling, "an earlier state of a model")
            continue
        word = word.capitalize() if word.capitalize() in TRUE_OR_FALSE else word  # one table writes "true"
        lab, _, _ = spelling.partition("/")
        claim, raw = TRUE_OR_FALSE.get(word), f"open_weights {word}" if word else ""
        released = row.day("release_date")
        content.models.append(RawModel(row.line, spelling, row.text("name"), released, lab, claim, raw))
    return content


def _models_dev_entries(path: Path) -> Iterator[Row]:
    """Yield the models of models.json, by "lab/model"; the file has one line, so the model number is the line."""
    models = read_mapping(path, "is not models.dev's list of models")
    for number, (model_id, model) in enumerate(models.items(), start=1):
        yield make_row(path, number, model, ("name", "release_date", "open_weights"), id=model_id)


# Numbers of parameters: Epoch AI's list of models, and the Open LLM Leaderboard's count of weights


def read_epoch_sizes(path: Path) -> FileContent:
    """Read Epoch's list (in parameters); a model without a number is dropped."""
    return _read_sizes(path, "Model", "Parameters", 1e9, "Publication date")


def read_open_llm_sizes(path: Path) -> FileContent:
    """Read the leaderboard (in billions); -1, which means a failed count, is dropped."""
    return _read_sizes(path, "model", "params_b", 1.0)


def _read_sizes(path: Path, name: str, size: str, unit: float, released: str = "") -> FileContent:
    content = FileContent()
    for row in content.count(read_csv(path, tuple(filter(None, (name, size, released))))):
        number = row.number(size)
        if number is None or number <= 0:
            content.drop(row.line, row.text(name), "no number of parameters")
        else:
            content.sizes.append(RawSize(row.line, row.text(name), number / unit, row.day(released)))
    return content


# modelpricewatch.com: prices of models by day and provider

_FIRST_PRICE = date(2026, 1, 1)
"""Older prices are a backfill of a few models from an archive of other sites' prices."""


def read_price_history(path: Path) -> FileContent:
    """Read the days with a new price; unchanged prices are dropped."""
    content = FileContent()
    last: dict[str, tuple[float, float]] = {}
    columns = ("model_id", "model", "provider", "date", "input_per_mtok", "output_per_mtok")
    for row in content.count(read_csv(path, columns)):
        day, spelling_listed, spelling = row.day("date"), row.text("model_id"), row.text("model")
        read_usd, written_usd = row.number("input_per_mtok"), row.number("output_per_mtok")
        if day is None or day < _FIRST_PRICE:
            content.drop(row.line, spelling, "a price from before 2026")
        elif read_usd is None or written_usd is None:
            content.drop(row.line, spelling, "no price per token")
        elif last.get(spelling_listed) == (read_usd, written_usd):
            content.drop(row.line, spelling, "the price of the day before")
        else:
            last[spelling_listed] = read_usd, written_usd
            content.prices.append(RawPrice(row.line, spelling, row.text("provider"), day, read_usd, written_usd))
    return content


# By hand: the study's audited accessibility, which overrides all other sources, and evidence on weights


def read_study(path: Path) -> FileContent:
    """Read the overrides, one model per row."""
    content = FileContent()
    for row in content.count(read_csv(path, ("model", "accessibility", "origin"))):
        claim, word = access_claim(row), row.text("accessibility")
        content.models.append(RawModel(row.line, row.text("model"), claim=claim, raw=word))
    return content


_WEIGHTS_CLAIMS: dict[str, Claim] = {"open": "open", "closed": "closed"}
_WHOLE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_weights_evidence(path: Path) -> FileContent:
    """Read the openness of models; an open model's release is the day of its weights, if known to the day.

    Rows still to be checked and weights only announced are dropped.
    """
    content = FileContent()
    for row in content.count(read_csv(path, ("model", "api_date", "weights_date", "openness", "evidence"))):
        word, weights = row.text("openness"), row.text("weights_date")
        claim = _WEIGHTS_CLAIMS.get(re.split(r"\W", word, maxsplit=1)[0])
        if claim is None or (claim == "open" and "announced" in weights):
            content.drop(row.line, row.text("model"), "not settled yet")
            continue
        released = row.day("weights_date") if claim == "open" and _WHOLE_DAY.fullmatch(weights) else None
        content.models.append(RawModel(row.line, row.text("model"), released=released, claim=claim, raw=word))
    return content
