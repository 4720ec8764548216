"""Who is asked for new scores, and where: one declaration a series of snapshots, `data/publishers/NAME.toml`.

A declaration says of the series what `curated/sources.csv` says of one snapshot. `zip` is the address of an archive
that holds all `files`; without it each file has an `address` of its own. A repository that holds a file for each result
has a `listing` of its paths instead (a git tree in JSON): those that match one of `paths` are asked for one by one,
below `each`, and are one file, paths with their contents. A listing may be a table of models in JSON instead: its
address ends with the key under which each names its pages on Hugging Face (`#weights`), and these are the paths. A
table that is served in pages says how many rows a `page` has. `min_rows` is the number of rows below which a file is
taken for damaged; a file without it holds no scores, and lies beside one that does. `follows` names the shipped
snapshot that a series goes on from, where that is not the newest one of its name: one typed by hand has another form.
Of a zip, one of the `files` may be what `declares` the others that hold scores, each with its column and scale: then
none of them is named here. A series that `sets_day` has so many of the headline's tests that the data are complete to
the day of its snapshot.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from core.errors import TableError
from core.evidence.curated import ROLES, Source
from core.evidence.importers import IMPORTERS

_TEXTS = ("publisher", "title", "licence", "citation", "url", "importer", "role", "spellings", "author_of")
_MAY_BE_EMPTY = ("url", "author_of")
_KEYS = {*_TEXTS, "complete", "sets_day", "rank", "files"}
_Kind = TypeVar("_Kind")
_CALLED: dict[type, str] = {
    str: "a text", int: "a whole number", bool: "true or false", dict: "a table", list: "a list",
}  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """What is wanted of a listing: the `paths` (patterns of pathlib), each to be had below an address."""

    each: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class PublishedFile:
    """A file as its publisher names it; `min_rows` is None where no importer is asked to read it by itself.

    Where it is `listed`, its address is that of the listing, and it holds all that is wanted of it. Where it has so
    many rows a `page`, its address is that of the table, to be asked for page by page.
    """

    name: str
    address: str
    min_rows: int | None
    listed: Listed | None = None
    page: int | None = None


@dataclass(frozen=True)
class Publisher:
    """A series of snapshots. Where it `is_zip`, all files have one address, that of their archive.

    `declared` is the source that its snapshots are, but for their days.
    """

    declared: Source
    is_zip: bool
    files: tuple[PublishedFile, ...]
    follows: str = ""
    declares: str = ""

    @property
    def name(self) -> str:
        """The name of the series."""
        return self.declared.series

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses to download, each once."""
        return tuple(dict.fromkeys(file.address for file in self.files))

    def source(self, snapshot: date) -> Source:
        """Return the source that a snapshot of a day is: NAME-YYYY-MM-DD."""
        return replace(self.declared, source_id=f"{self.name}-{snapshot}", snapshot=snapshot)


def read(folder: Path) -> dict[str, Publisher]:
    """Read all declarations of a folder, by name; raises TableError, with file and key, for one that is none."""
    return {path.stem: read_one(path) for path in sorted(folder.glob("*.toml"))}


def read_one(path: Path) -> Publisher:
    """Read a declaration; raises TableError, with file and key, for one that is none."""
    try:
        with path.open("rb") as file:
            told = tomllib.load(file)
    except OSError as error:
        raise TableError(path, f"can't be read ({error.strerror})") from error
    except ValueError as error:  # also what is no UTF-8
        raise TableError(path, f"is not TOML ({error})") from error
    _refuse_others(path, told, _KEYS | {"zip", "follows", "declares"}, "")
    texts = {key: _text(path, told, key, may_be_empty=key in _MAY_BE_EMPTY) for key in _TEXTS}
    for key, known in (("importer", IMPORTERS), ("role", ROLES)):
        if texts[key] not in known:
            raise TableError(path, f'"{texts[key]}" is not known', column=key)
    archive = _address(path, told, "zip") if "zip" in told else ""
    named = _value(path, told, "files", dict)
    if not named:
        raise TableError(path, "names no file", column="files")
    files = tuple(_file(path, name, each, archive) for name, each in named.items())
    declares = _text(path, told, "declares") if "declares" in told else ""
    if declares and not (archive and declares in named):
        raise TableError(path, f'"{declares}" is none of the files of a zip', column="declares")
    if not declares and all(file.min_rows is None for file in files):
        raise TableError(path, "no file has a min_rows", column="files")
    rank, complete = _value(path, told, "rank", int), _value(path, told, "complete", bool)
    declared = Source(
        "", texts["publisher"], texts["title"], texts["importer"], date.min, complete, texts["role"], rank,
        texts["spellings"], texts["author_of"], texts["licence"], texts["citation"], texts["url"],
        series=path.stem, sets_day=_value(path, told, "sets_day", bool),
    )  # fmt: skip
    follows = _text(path, told, "follows") if "follows" in told else ""
    return Publisher(declared, bool(archive), files, follows, declares)


def _file(path: Path, name: str, told: object, archive: str) -> PublishedFile:
    place = f"files.{name}"
    if not isinstance(told, dict):
        raise TableError(path, "is not a table with min_rows and address", column=place)
    if name != Path(name).name or "\\" in name or name.startswith("."):
        raise TableError(path, "is not the bare name of a file", column=place)
    known = () if archive else ("listing", "each", "paths") if "listing" in told else ("address", "page")
    _refuse_others(path, told, {"min_rows", *known}, f"{place}.")
    n_rows, page = (_count(path, told, key, f"{place}.") for key in ("min_rows", "page"))
    if archive or "listing" not in told:
        return PublishedFile(name, archive or _address(path, told, "address", f"{place}."), n_rows, page=page)
    paths = _value(path, told, "paths", list, f"{place}.")
    if not paths or not all(isinstance(each, str) and each for each in paths):
        raise TableError(path, "is not a list of paths", column=f"{place}.paths")
    listed = Listed(_address(path, told, "each", f"{place}."), tuple(paths))
    return PublishedFile(name, _address(path, told, "listing", f"{place}."), n_rows, listed)


def _refuse_others(path: Path, told: Mapping[str, Any], known: set[str], inside: str) -> None:
    others = sorted(set(told) - known)
    if others:
        raise TableError(path, "is no key of a declaration", column=f"{inside}{others[0]}")


def _value(path: Path, told: Mapping[str, Any], key: str, kind: type[_Kind], inside: str = "") -> _Kind:
    found = told.get(key)
    if found is None:
        raise TableError(path, "is missing", column=f"{inside}{key}")
    if type(found) is not kind:
        raise TableError(path, f"is not {_CALLED[kind]}", column=f"{inside}{key}")
    return found


def _count(path: Path, told: Mapping[str, Any], key: str, inside: str) -> int | None:
    if key not in told:
        return None
    found = _value(path, told, key, int, inside)
    if found < 1:
        raise TableError(path, "is less than 1", column=f"{inside}{key}")
    return found


def _text(path: Path, told: Mapping[str, Any], key: str, inside: str = "", *, may_be_empty: bool = False) -> str:
    text = _value(path, told, key, str, inside)
    if not (text.strip() or may_be_empty):
        raise TableError(path, "is empty", column=f"{inside}{key}")
    return text


def _address(path: Path, told: Mapping[str, Any], key: str, inside: str = "") -> str:
    """Return an address of the web that nobody on the way can change what it serves: https alone."""
    text = _text(path, told, key, inside)
    try:
        found = urlsplit(text)
        is_one = found.scheme == "https" and bool(found.hostname) and "@" not in found.netloc
    except ValueError:
        is_one = False
    if not is_one:
        raise TableError(path, f'"{text}" is no address that begins with https://', column=f"{inside}{key}")
    return text
