"""Completion: the names that fit what somebody has typed so far, best first."""

from rapidfuzz import fuzz, process

from core.names.names import Name, plain

_GOOD_ENOUGH = 60.0


def best(typed: str, names: list[Name], most: int = 25) -> list[Name]:
    """Return the names that fit best: those that begin so, then those that hold it, then near misses."""
    wanted = plain(typed)
    if not wanted:
        return names[:most]
    ranked = sorted((rank, n) for n, name in enumerate(names) if (rank := _rank(wanted, name)) is not None)
    found = {names[n].key: names[n] for _, n in ranked}
    if len(found) < most:
        spelt = {number: name.plain for number, name in enumerate(names)}
        near = process.extract(wanted, spelt, scorer=fuzz.WRatio, limit=most, score_cutoff=_GOOD_ENOUGH)
        for _, _, number in near:
            found.setdefault(names[number].key, names[number])
    return list(found.values())[:most]


def _rank(wanted: str, name: Name) -> int | None:
    """Return how well a name fits, 0 best; None where it is at most a near miss."""
    if wanted == name.plain or wanted in name.plain_aliases:
        return 0
    if name.plain.startswith(wanted):
        return 1
    if any(alias.startswith(wanted) for alias in name.plain_aliases):
        return 2
    return 3 if wanted in name.plain else None
