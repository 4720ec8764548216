"""Tests and models with pages of their own, at slugs made from their ids."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

import numpy as np

from bot.answers import open_evidence
from bot.settings import Settings
from core.errors import UsageError
from core.evidence.evidence import Board, Model, Source, Term, load
from core.names import names
from core.names.names import Name
from core.questions.sensitivity import lives_of, stage_fact
from core.words import NO_DOMAIN

_LONGEST = 100


@dataclass(frozen=True)
class Test:
    """A test with a page; `stage` is its stage of life in words."""

    slug: str
    board: Board
    sources: tuple[Source, ...]
    stage: str

    @property
    def key(self) -> tuple[str, ...]:
        """Id and version, the key of its names."""
        return self.board.benchmark_id, self.board.version

    @property
    def name(self) -> str:
        """Id and version, as questions take them."""
        return " ".join(self.key)

    @property
    def domain(self) -> str:
        """The field of work, for display."""
        return self.board.domain or NO_DOMAIN

    @property
    def path(self) -> str:
        """The path of its page."""
        return f"benchmarks/{self.slug}"


@dataclass(frozen=True)
class ListedModel:
    """A model with a page; `model` is None if no gap can count it."""

    slug: str
    model_id: str
    shown: str
    model: Model | None

    @property
    def key(self) -> tuple[str, ...]:
        """The key of its names."""
        return (self.model_id,)

    @property
    def path(self) -> str:
        """The path of its page."""
        return f"models/{self.slug}"

    @property
    def released(self) -> date | None:
        """The release day, if the model can be compared."""
        return date.fromordinal(self.model.day) if self.model else None


Item = TypeVar("Item", Test, ListedModel)


@dataclass(frozen=True)
class Catalogue:
    """The tests and models of a revision of the data; models newest first."""

    revision: str = ""
    tests: tuple[Test, ...] = ()
    models: tuple[ListedModel, ...] = ()
    terms: tuple[Term, ...] = ()
    addresses: frozenset[str] = frozenset()
    """The sources' web addresses."""
    changed_on: date = date.min
    """The last day with new data."""
    _test_names: tuple[Name, ...] = ()
    _model_names: tuple[Name, ...] = ()

    @cached_property
    def paths(self) -> dict[str, str]:
        """Paths of pages by the names that answers show."""
        paths = {page.shown: page.path for page in self.models}
        paths |= {page.model.name: page.path for page in self.models if page.model}
        return paths | {page.board.name: page.path for page in self.tests}

    def test(self, name: str) -> Test:
        """Return a test by its slug or any of its names; raises UsageError if none matches."""
        return _find_item(self.tests, "benchmark", name, self._test_names)

    def model(self, name: str) -> ListedModel:
        """Return a model by its slug or any of its names; raises UsageError if none matches."""
        return _find_item(self.models, "model", name, self._model_names)


def _find_item(items: Iterable[Item], kind: str, name: str, known_names: Iterable[Name]) -> Item:
    by_slug = {item.slug: item for item in items}
    if name in by_slug:
        return by_slug[name]
    if len(name) > _LONGEST:
        raise UsageError(f"The name of a {kind} has at most {_LONGEST} characters; give a shorter one.")
    key = names.find(kind, name, known_names).key
    return next(item for item in by_slug.values() if item.key == key)


def read_catalogue(settings: Settings) -> Catalogue:
    """Read the current catalogue."""
    with open_evidence(settings) as store:
        records = load(store)
        test_names, model_names = names.benchmarks(store), names.models(store)
    sources: dict[int, list[Source]] = {}
    for board, source, _, _ in records.board_sources:
        sources.setdefault(board, []).append(records.sources[source])
    evidence = records.known_by(records.last_known)
    lives = lives_of(evidence, np.arange(len(records.boards)), evidence.newest_data)
    ids = [board.benchmark_id for board in records.boards]
    slugs = _make_slugs(
        board.benchmark_id
        if board.headline or ids.count(board.benchmark_id) == 1
        else f"{board.benchmark_id}-{board.version}"
        for board in records.boards
    )
    tests = tuple(
        Test(slug, board, tuple(sources.get(number, ())), stage_fact(lives[board]).shown)
        for number, (slug, board) in enumerate(zip(slugs, records.boards, strict=True))
    )
    models_by_id = {model.model_id: model for model in records.models}
    models = [
        ListedModel(slug, name.key[0], name.shown, models_by_id.get(name.key[0]))
        for slug, name in zip(_make_slugs(name.key[0] for name in model_names), model_names, strict=True)
    ]
    models.sort(key=lambda board: (-(board.model.day if board.model else 0), board.shown.lower()))
    return Catalogue(
        records.revision, tests, tuple(models), records.terms, frozenset(board.url for board in records.sources),
        records.last_known, tuple(test_names), tuple(model_names),
    )  # fmt: skip


def _make_slugs(names_: Iterable[str]) -> list[str]:
    """Return a unique slug for each name."""
    slugs: dict[str, None] = {}
    for name in names_:
        slug = base = plain(name)
        number = 2
        while slug in slugs:
            slug, number = f"{base}-{number}", number + 1
        slugs[slug] = None
    return list(slugs)


def plain(name: str) -> str:
    """Return a name as a slug: "GPT-4.1 (high)" becomes gpt-4.1-high."""
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.") or "x"
