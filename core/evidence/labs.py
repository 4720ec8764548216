"""Who made a model: the labs that are kept by hand, and new ones by their publishers' metadata."""

from collections.abc import Iterable, Sequence

from core.evidence.curated import Lab
from core.evidence.identity import normal_form

_LONGEST = 60
"""Letters: a longer name is a list of people."""


def with_new(labs: Sequence[Lab], told: Iterable[tuple[str, str]]) -> list[Lab]:
    """Return labs with those that are told of with a country; their id is their name, in plain letters.

    `told` are organizations and countries as publishers write them, "" where they say none. Of several the first
    counts.
    """
    found, known = list(labs), by_name(labs)
    for organization, country in told:
        name = organization.split(",")[0].strip()
        lab_id = normal_form(name)
        is_known = any(part in known for part in (lab_id, *parts(organization)))
        if country and lab_id and not is_known and len(name) <= _LONGEST:
            found.append(Lab(lab_id, name, country.split(",")[0].strip(), ()))
            known |= by_name(found[-1:])
    return found


def by_name(labs: Iterable[Lab]) -> dict[str, Lab]:
    """Return labs by their ids, names and other names, in small letters."""
    return {alias.casefold(): lab for lab in labs for alias in (lab.lab_id, lab.name, *lab.aliases)}


def parts(organization: str) -> list[str]:
    """Return what an organization may be filed under: the whole, and each of several, in small letters."""
    return [organization.casefold(), *(part.strip().casefold() for part in organization.split(","))]
