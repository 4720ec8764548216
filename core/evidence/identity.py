"""One model, many spellings: which model a source means, and at which reasoning effort."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

_Key = TypeVar("_Key")
_EFFORT = re.compile(
    r"(?:_| \(|@reasoning=)(?P<effort>none|default|minimal|low|medium|high|xhigh|max|unknown|thinking|no thinking|\d+k|"
    r"proxhigh|promax|thinking,? \d+k|\d+k thinking|high, \d+k)\)?$",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[^a-z0-9]+")


def split_effort(spelling: str) -> tuple[str, str]:
    """Split "gpt-5_high", "gpt-5 (high)" or "gpt-5@reasoning=high" into the base and the effort, which may be empty."""
    found = _EFFORT.search(spelling)
    if not found:
        return spelling, ""
    return spelling[: found.start()], found["effort"].lower()


def normal_form(spelling: str) -> str:
    """Drop what only differs in writing: a host's prefix, case, and the choice of separators."""
    return _SEPARATORS.sub("-", spelling.rsplit("/", 1)[-1].lower()).strip("-")


@dataclass(frozen=True)
class Version:
    """A model version as the index lists it: what joins its spellings is all that follows."""

    spelling: str
    name: str = ""
    released: str = ""
    claim: str = ""
    index_score: str = ""


@dataclass
class Identity:
    """Resolves spellings to model ids: aliases first, then Epoch's versions, then the spelling itself.

    `aliases` maps (source group, spelling) to a version's spelling, for that group alone; `apart` names versions
    that share name, date and score with another model in the index and are models of their own.
    """

    aliases: dict[tuple[str, str], str]
    apart: frozenset[str] = frozenset()
    _canonical: dict[str, str] = field(default_factory=dict)
    _by_form: dict[str, str] = field(default_factory=dict)
    _resolved: dict[tuple[str, str, date | None], tuple[str, str]] = field(default_factory=dict)
    _by_name: dict[tuple[str, str], str] = field(default_factory=dict)

    def learn(self, versions: Iterable[Version]) -> None:
        """Take the versions of the index and hub as the models; call once.

        Spellings that share name, release date, accessibility and index score are one model (a host's copy,
        say); so are the efforts of one base, and those that an alias of the group "epoch" joins. A written
        form that two models share joins neither.
        """
        versions = list(versions)
        root_of = self._joined(versions)
        tails = Counter(root.rsplit("/", 1)[-1] for root in set(root_of.values()))
        for base, root in root_of.items():
            tail = root.rsplit("/", 1)[-1]
            self._canonical[base] = tail if tails[tail] == 1 else root
        self._index(versions)

    def _joined(self, versions: Sequence[Version]) -> dict[str, str]:
        """Return the base of each spelling with the one that stands for all spellings of its model."""
        leader: dict[str, str] = {}
        listed = Counter(split_effort(version.spelling)[0] for version in versions)

        def find(base: str) -> str:
            while leader.setdefault(base, base) != base:
                base = leader[base]
            return base

        same: dict[tuple[str, str, str, str], str] = {}
        for version in versions:
            base = split_effort(version.spelling)[0]
            root = find(base)
            if version.name and version.released and version.claim and version.spelling not in self.apart:
                key = (version.name, version.released, version.claim, version.index_score)
                other = find(same.setdefault(key, base))
                # A host's copy never names the model; else the spelling that most boards use does.
                keep, drop = sorted((root, other), key=lambda base: ("/" in base, -listed[base], base))
                leader[drop] = keep
        for (group, spelling), version_spelling in self.aliases.items():
            if group == "epoch" and spelling in leader:
                leader[find(spelling)] = find(split_effort(version_spelling)[0])
        return {base: find(base) for base in list(leader)}

    def _index(self, versions: Sequence[Version]) -> None:
        """Note which model each name of a day and each written form means, where it means one alone."""
        dated: dict[tuple[str, str], set[str]] = defaultdict(set)
        for version in versions:
            if version.name and version.released and version.spelling not in self.apart:
                dated[version.name, version.released].add(self._canonical[split_effort(version.spelling)[0]])
        forms: dict[str, set[str]] = defaultdict(set)
        for base, model in self._canonical.items():
            forms[normal_form(base)].add(model)
        self._by_name, self._by_form = _of_one(dated), _of_one(forms)
        self._resolved.clear()

    def resolve(self, spelling: str, group: str, released: date | None = None) -> tuple[str, str]:
        """Return the model id and the effort that a source's spelling means.

        `released` is the date that the source gives: a name that several versions share means the one
        of that date.
        """
        key = spelling, group, released
        if key not in self._resolved:
            self._resolved[key] = self._resolve(*key)
        return self._resolved[key]

    def _resolve(self, spelling: str, group: str, released: date | None) -> tuple[str, str]:
        base, effort = split_effort(self.aliases.get((group, spelling), spelling))
        if base in self._canonical:
            return self._canonical[base], effort
        if released and (base, released.isoformat()) in self._by_name:
            return self._by_name[base, released.isoformat()], effort
        form = normal_form(base)
        if form not in self._by_form:
            self._by_form[form] = base.rsplit("/", 1)[-1]
        return self._by_form[form], effort


def _of_one(meant: Mapping[_Key, set[str]]) -> dict[_Key, str]:
    """Return those of which one thing alone is meant, with it."""
    return {key: next(iter(found)) for key, found in meant.items() if len(found) == 1}
