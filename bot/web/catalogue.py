"""Everything that has a page of its own: tests and models, each at an address made from its id."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

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
    """A test with a page; `name` is what a question takes, `stage` what it has become, in words."""

    slug: str
    board: Board
    sources: tuple[Source, ...]
    stage: str

    @property
    def name(self) -> str:
        """Return the id and version, as questions take it."""
        return f"{self.board.benchmark_id} {self.board.version}"

    @property
    def domain(self) -> str:
        """Return its field of work, for people."""
        return self.board.domain or NO_DOMAIN

    @property
    def path(self) -> str:
        """Return the path of its page."""
        return f"benchmarks/{self.slug}"


@dataclass(frozen=True)
class Listed:
    """A model with a page; `model` is None for one that no gap can count."""

    slug: str
    model_id: str
    shown: str
    model: Model | None

    @property
    def path(self) -> str:
        """Return the path of its page."""
        return f"models/{self.slug}"

    @property
    def released(self) -> date | None:
        """Return its release day, where it is known and the model can be compared."""
        return date.fromordinal(self.model.day) if self.model else None


@dataclass(frozen=True)
class Catalogue:
    """The tests and models of one state of the data; models the newest first."""

    revision: str = ""
    tests: tuple[Test, ...] = ()
    models: tuple[Listed, ...] = ()
    terms: tuple[Term, ...] = ()
    addresses: frozenset[str] = frozenset()
    """Where the sources are on the web."""
    changed: date = date.min
    """The last day on which something came in."""
    _test_names: tuple[Name, ...] = ()
    _model_names: tuple[Name, ...] = ()
    _tests: dict[str, Test] = field(default_factory=dict)
    _models: dict[str, Listed] = field(default_factory=dict)

    @cached_property
    def paths(self) -> dict[str, str]:
        """Return the page's path for each name as it is shown in answers."""
        paths = {each.shown: each.path for each in self.models}
        paths |= {each.model.name: each.path for each in self.models if each.model}
        return paths | {each.board.name: each.path for each in self.tests}

    def test(self, named: str) -> Test:
        """Return a test by its address or any of its names; raises UsageError where none is meant."""
        if named in self._tests:
            return self._tests[named]
        key = names.find("benchmark", _short(named, "benchmark"), list(self._test_names)).key
        return next(each for each in self.tests if (each.board.benchmark_id, each.board.version) == key)

    def model(self, named: str) -> Listed:
        """Return a model by its address or any of its names; raises UsageError where none is meant."""
        if named in self._models:
            return self._models[named]
        key = names.find("model", _short(named, "model"), list(self._model_names)).key
        return next(each for each in self.models if each.model_id == key[0])


def read(settings: Settings) -> Catalogue:
    """Read the catalogue of the data as it is."""
    with open_evidence(settings) as store:
        records = load(store)
        test_names, model_names = names.benchmarks(store), names.models(store)
    sources: dict[int, list[Source]] = {}
    for board, source, _, _ in records.board_sources:
        sources.setdefault(board, []).append(records.sources[source])
    evidence = records.known_by(records.last_known)
    lives = lives_of(evidence, np.arange(len(records.boards)), evidence.newest_data)
    ids = [board.benchmark_id for board in records.boards]
    slugs = _distinct(
        each.benchmark_id
        if each.headline or ids.count(each.benchmark_id) == 1
        else f"{each.benchmark_id}-{each.version}"
        for each in records.boards
    )
    tests = tuple(
        Test(slug, board, tuple(sources.get(number, ())), stage_fact(lives[board]).shown)
        for number, (slug, board) in enumerate(zip(slugs, records.boards, strict=True))
    )
    known = {model.model_id: model for model in records.models}
    listed = [
        Listed(slug, name.key[0], name.shown, known.get(name.key[0]))
        for slug, name in zip(_distinct(name.key[0] for name in model_names), model_names, strict=True)
    ]
    listed.sort(key=lambda each: (-(each.model.day if each.model else 0), each.shown.lower()))
    return Catalogue(
        records.revision, tests, tuple(listed), records.terms, frozenset(each.url for each in records.sources),
        records.last_known, tuple(test_names), tuple(model_names),
        {each.slug: each for each in tests}, {each.slug: each for each in listed},
    )  # fmt: skip


def _distinct(names_: Iterable[str]) -> list[str]:
    """Return an address for each name, no two alike."""
    slugs: dict[str, None] = {}
    for name in names_:
        slug = base = plain(name)
        number = 2
        while slug in slugs:
            slug, number = f"{base}-{number}", number + 1
        slugs[slug] = None
    return list(slugs)


def plain(name: str) -> str:
    """Return a name as an address has it: "GPT-4.1 (high)" is gpt-4.1-high."""
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.") or "x"


def _short(named: str, kind: str) -> str:
    if len(named) > _LONGEST:
        raise UsageError(f"The name of a {kind} has at most {_LONGEST} characters; give a shorter one.")
    return named
