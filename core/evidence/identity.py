"""Resolve spellings to models: which model a source means, and at which reasoning effort. Ids never change."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import TypeVar

from core.dataclass import dataclass

_Key = TypeVar("_Key")
_Meaning = TypeVar("_Meaning")
EPOCH = ("epoch", "epoch-later")
"""The groups of Epoch's own spellings; their versions count for all groups."""
_EFFORT = re.compile(
    r"(?:_| \(|@reasoning=)(?P<effort>(?:pro)?(?:none|default|minimal|low|medium|high|xhigh|max|ultra|unknown|enabled|"
    r"disabled)|thinking|no thinking|\d+k|thinking,? \d+k|\d+k thinking|high, \d+k)\)?$",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(r"(?:_| \()(?P<effort>[a-z][a-z ]*)\)?$", re.IGNORECASE)
_BEFORE_A_NUMBER = re.compile(r"(?<=[a-z])-(?=[0-9])")
_SEPARATORS = re.compile(r"[^a-z0-9]+")


def split_effort(spelling: str) -> tuple[str, str]:
    """Split "gpt-5_high", "gpt-5 (high)" or "gpt-5@reasoning=high" into base and effort; the effort may be empty."""
    match = _EFFORT.search(spelling)
    if not match:
        return spelling, ""
    return spelling[: match.start()], match["effort"].lower()


def unknown_efforts(spellings: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return the spellings that end with an unknown effort after a known base, with the base and the ending.

    Of "gpt-7_low" and "gpt-7_turbo", it is the second. In Epoch's sources, only efforts follow a "_".
    """
    bases = {spelling: split_effort(spelling) for spelling in spellings}
    known_bases = {base for base, _ in bases.values()}
    ends = {spelling: _UNKNOWN.search(spelling) for spelling, (_, effort) in bases.items() if not effort}
    return {
        spelling: (spelling[: end.start()], end["effort"].lower())
        for spelling, end in ends.items()
        if end and spelling[: end.start()] in known_bases
    }


def normal_form(spelling: str) -> str:
    """Normalize a spelling: drop a host's prefix, use lower case and one kind of separator."""
    return _SEPARATORS.sub("-", spelling.rsplit("/", 1)[-1].lower()).strip("-")


def written_form(spelling: str) -> str:
    """Return the normal form of a model's name without the separator between a family and its number."""
    return _BEFORE_A_NUMBER.sub("", normal_form(spelling))


@dataclass(frozen=True)
class Version:
    """A model version as listed by the index; spellings that agree in all other fields are one model."""

    spelling: str
    name: str = ""
    released: str = ""
    claim: str = ""
    index_score: str = ""


@dataclass(frozen=True)
class PriorIds:
    """The ids in use before a build, and the id for each (group, spelling, release day)."""

    ids: frozenset[str] = frozenset()
    spellings: Mapping[tuple[str, str, str], str] = field(default_factory=dict)


@dataclass()
class Identity:
    """Resolves spellings to model ids: by aliases, then prior ids, then Epoch's versions, then the spelling itself.

    `aliases` maps (source group, spelling) to the spelling of a version, for this group only. `apart` holds versions
    that share name, date and score with another model in the index but are separate models. `prior` ids are kept:
    sources can join new spellings to a model, but only an alias can join two models that have ids.
    """

    aliases: dict[tuple[str, str], str]
    apart: frozenset[str] = frozenset()
    prior: PriorIds = PriorIds()
    _efforts: dict[str, tuple[str, str]] = field(default_factory=dict)
    _bases_by_form: dict[str, tuple[str, str]] = field(default_factory=dict)
    _usual_ids: dict[tuple[str, str], str] = field(default_factory=dict)
    _prior_keys: set[tuple[str, str]] = field(default_factory=set)
    _models: "_Models" = field(default_factory=lambda: _Models())
    _canonical: dict[str, str] = field(default_factory=dict)
    _by_form: dict[str, str] = field(default_factory=dict)
    _resolutions: dict[tuple[str, str, date | None], tuple[str, str]] = field(default_factory=dict)
    _by_name: dict[tuple[str, str], str] = field(default_factory=dict)
    _day_names: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def learn(self, versions: Iterable[Version], spellings: Iterable[str] = ()) -> None:
        """Learn the models from the versions in the index and hub, and all spellings there; call once.

        Spellings with equal name, release date, accessibility and index score are one model (for example a
        host's copy). So are the efforts of one base, and spellings joined by an alias of the group "epoch".
        A written form shared by two models joins neither.
        """
        versions = list(versions)
        efforts = unknown_efforts({*spellings, *(version.spelling for version in versions)})
        self._efforts = {
            spelling: (base, effort)
            for spelling, (base, effort) in efforts.items()
            if spelling not in self.prior.ids and spelling[len(base)] == "_"
        }
        epochs = {spelling for group, spelling, _ in self.prior.spellings if group in EPOCH} | {*spellings}
        forms: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for spelling in (*epochs, *(version.spelling for version in versions)):
            base, effort = split_effort(spelling)
            if effort:
                forms[written_form(spelling)].add((base, effort))
        self._bases_by_form = _unambiguous(forms)
        ids_by_key: dict[tuple[str, str], set[str]] = defaultdict(set)
        for (group, spelling, _), model in self.prior.spellings.items():
            for form in {spelling, self._split(spelling)[0]}:
                ids_by_key[group, form].add(model)
        self._usual_ids, self._prior_keys = (
            _unambiguous(ids_by_key),
            {key[:2] for key in self.prior.spellings},
        )
        for version in versions:
            self._add(self._split(version.spelling)[0])
        self._join(versions)
        self._attach(versions)
        self._canonical = self._models.assign_ids(self.prior.ids)
        self._index(versions)

    def _split(self, spelling: str) -> tuple[str, str]:
        """Split a spelling into base and effort, even if its separator differs from Epoch's."""
        base, effort = split_effort(spelling)
        if not effort and base not in self.prior.ids:
            return self._efforts.get(base) or self._bases_by_form.get(written_form(base), (base, effort))
        return base, effort

    def _add(self, base: str) -> None:
        """Add one of Epoch's bases, with its prior id if it has one."""
        prior_id = base if base in self.prior.ids else ""
        if not prior_id and base not in self.apart:
            prior_id = next((self._usual_ids[group, base] for group in EPOCH if (group, base) in self._usual_ids), "")
        self._models.add(base, prior_id)

    def _join(self, versions: Sequence[Version]) -> None:
        """Join bases that are one model by name, day, accessibility and score, or by an alias."""
        bases_by_key: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
        for version in versions:
            if version.name and version.released and version.claim and version.spelling not in self.apart:
                key = (version.name, version.released, version.claim, version.index_score)
                bases_by_key[key].add(self._split(version.spelling)[0])
        for _, bases in sorted(bases_by_key.items()):
            self._models.join(bases)
        for (group, spelling), target in sorted(self.aliases.items()):
            if group == EPOCH[0] and (spelling in self._models or spelling in self.prior.ids):
                self._add(spelling)
                self._add(self._split(target)[0])
                self._models.alias(spelling, self._split(target)[0])

    def _attach(self, versions: Sequence[Version]) -> None:
        """Join models without an id to models with an id and the same written form, or the same name and day."""
        models = self._models
        by_form: dict[str, set[str]] = defaultdict(set)
        for base in (*models, *self.prior.ids):
            if base in self.prior.ids or models.id_of(base):
                by_form[written_form(base)].add(models.id_of(base) or base)
        free = self.prior.ids - models.ids()
        by_name: dict[tuple[str, str], set[str]] = defaultdict(set)
        for (_, spelling, day), model in self.prior.spellings.items():
            if day and model in free:
                by_name[self._split(spelling)[0], day].add(model)
        roots_by_model: dict[str, set[str]] = defaultdict(set)
        for version in versions:
            base = self._split(version.spelling)[0]
            if not models.id_of(base) and base not in self.apart:
                models_alike = by_form.get(written_form(base)) or by_name.get((version.name, version.released)) or set()
                if len(models_alike) == 1:
                    roots_by_model[next(iter(models_alike))].add(models.find(base))
        for model, roots in sorted(roots_by_model.items()):
            if len(roots) == 1 or model not in free:
                for root in sorted(roots):
                    models.add(model, model)
                    models.join({root, model})

    def _index(self, versions: Sequence[Version]) -> None:
        """Index models by name, with and without the day, and by written form."""
        for version in versions:
            if version.name and version.spelling not in self.apart:
                model = self._canonical[self._split(version.spelling)[0]]
                for day in {version.released, ""}:
                    self._day_names[version.name, day].add(model)
        forms: dict[str, set[str]] = defaultdict(set)
        for base, model in (
            *self._canonical.items(),
            *((model, self._current_id(model)) for model in self.prior.ids),
        ):
            forms[written_form(base)].add(model)
        self._by_name, self._by_form = _unambiguous(self._day_names), _unambiguous(forms)
        self._resolutions.clear()

    def _current_id(self, model: str) -> str:
        """Return the current id for a prior id; it differs only if an alias joined the model to another."""
        return self._canonical.get(model, model)

    def is_shared(self, name: str, group: str, released: date | None) -> bool:
        """Return whether several models share a name in an index by model; the name then means none of them."""
        is_known = (group, name) in self.aliases or (group, name) in self._usual_ids or name in self.prior.ids
        if is_known or name in self._canonical:
            return False
        return len(self._day_names.get((name, released.isoformat() if released else ""), ())) > 1

    def resolve(self, spelling: str, group: str, released: date | None = None) -> tuple[str, str]:
        """Return the model id and the effort for a spelling of a source.

        `released` is the source's release date: a name shared by several versions means the version of this date.
        """
        key = spelling, group, released
        resolution = self._resolutions.get(key)
        if resolution is None:
            resolution = self._resolutions[key] = self._resolve(*key)
        return resolution

    def _resolve(self, spelling: str, group: str, released: date | None) -> tuple[str, str]:
        alias = self.aliases.get((group, spelling))
        base, effort = self._split(alias or spelling)
        day = released.isoformat() if released else ""
        id_by_day = self._by_name.get((base, day), "") if day or group in EPOCH else ""
        if alias is None and base not in self.apart:
            prior_id = self.prior.spellings.get((group, spelling, day))
            if not prior_id and (group, spelling) in self._prior_keys:  # a name with another day may be another model
                prior_id = id_by_day
            prior_id = prior_id or self._usual_ids.get((group, spelling)) or self._usual_ids.get((group, base))
            if prior_id:
                return self._current_id(prior_id), effort
        if base in self._canonical or base in self.prior.ids:
            return self._current_id(base), effort
        if id_by_day:
            return id_by_day, effort
        form = written_form(base)
        if form not in self._by_form:
            self._by_form[form] = base.rsplit("/", 1)[-1]
        return self._by_form[form], effort


class _Models:
    """Groups of bases; each group is one model, with its id if it has one."""

    def __init__(self) -> None:
        self._leader: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._first: dict[str, str] = {}
        self._named_by: dict[str, str] = {}

    def __contains__(self, base: str) -> bool:
        return base in self._leader

    def __iter__(self) -> Iterator[str]:
        return iter(self._leader)

    def ids(self) -> set[str]:
        """Return the ids of all models that have one."""
        return set(self._ids.values())

    def find(self, base: str) -> str:
        """Return the base that represents the model of a base."""
        while self._leader[base] != base:
            base = self._leader[base]
        return base

    def id_of(self, base: str) -> str:
        """Return the id of a base's model; "" if it has none yet."""
        return self._ids.get(self.find(base), "") if base in self._leader else ""

    def add(self, base: str, prior_id: str) -> None:
        """Add a base; bases with the same id are one model."""
        if base not in self._leader:
            self._leader[base] = base
            if prior_id:
                self._leader[base] = root = self.find(self._first.setdefault(prior_id, base))
                self._ids[root] = prior_id

    def join(self, bases: Iterable[str]) -> None:
        """Join bases into one model, unless two of their models have ids."""
        roots = sorted({self.find(base) for base in bases})
        ids = {self._ids[root] for root in roots if root in self._ids}
        if len(ids) < 2:
            for root in roots[1:]:
                self._leader[root] = roots[0]
            for model in ids:
                self._ids[roots[0]] = model

    def alias(self, base: str, target: str) -> None:
        """Join a base's model to the target's model, whatever their ids; if neither has an id, the target names it."""
        other, root = self.find(base), self.find(target)
        self._leader[other] = root
        if other in self._ids:
            self._ids.setdefault(root, self._ids[other])
        self._named_by[root] = target

    def assign_ids(self, used_ids: Collection[str]) -> dict[str, str]:
        """Return the model id of each base; the id of a new model is its shortest base, a host's copy last."""
        models: dict[str, list[str]] = defaultdict(list)
        for base in self._leader:
            models[self.find(base)].append(base)
        new = {
            root: self._named_by.get(root) or min(bases, key=lambda base: ("/" in base, len(base), base))
            for root, bases in models.items()
            if root not in self._ids
        }
        tails = Counter(base.rsplit("/", 1)[-1] for base in new.values())
        ids = dict(self._ids)
        for root, base in new.items():
            tail = base.rsplit("/", 1)[-1]
            ids[root] = tail if tails[tail] == 1 and tail not in used_ids else base
        return {base: ids[root] for root, bases in models.items() for base in bases}


def _unambiguous(meanings: Mapping[_Key, set[_Meaning]]) -> dict[_Key, _Meaning]:
    """Return the keys with a single meaning, with this meaning."""
    return {key: next(iter(values)) for key, values in meanings.items() if len(values) == 1}
