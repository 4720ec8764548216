"""Publishers' declarations: where to download a series of snapshots. One file per series, `data/publishers/NAME.toml`.

A declaration has the columns of `curated/sources.csv` for the series, and its `files`. A file with fewer rows than
`min_rows` counts as damaged. A file without `min_rows` has no scores, and belongs to a file that has. Files are
downloaded in one of four ways:

- `zip` is the address of an archive with all `files`. One of them may be the file that `declares` the others, with
  their columns and scales; then only that file is named here.
- `address` is the address of one file. For a table served in pages, `page` is the number of rows per page.
- `listing` is the address of a repository's paths (a git tree in JSON), with one file per result. Paths that match one
  of `paths` are downloaded from below `each`, and form one file of paths and their contents.
- `listing` may also be a table of models in JSON. Its address then ends with the key under which each model lists its
  pages on Hugging Face (`#weights`); these pages are the paths.

`follows` names the shipped snapshot that a series continues, if it is not the newest with the series' name: a snapshot
typed by hand has another format. A series that `sets_day` has enough headline tests for the data to be complete up to
its day.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from core.dataclass import dataclass
from core.errors import TableError
from core.evidence.curated import ROLES, Source
from core.evidence.importers import IMPORTERS

_TEXTS = ("publisher", "title", "licence", "citation", "url", "importer", "role", "spellings", "author_of")
_MAY_BE_EMPTY = ("url", "author_of")
_KEYS = {*_TEXTS, "complete", "sets_day", "rank", "files"}
_Kind = TypeVar("_Kind")
_KIND_NAMES: dict[type, str] = {
    str: "a text", int: "a whole number", bool: "true or false", dict: "a table", list: "a list",
}  # fmt: skip


@dataclass(frozen=True)
class Listing:
    """The `paths` to download from a listing (pathlib patterns), below `address`."""

    address: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class PublishedFile:
    """A file as its publisher names it; a file without `min_rows` is not imported on its own.

    If `listing` is set, `address` is the listing's, and the file holds everything downloaded from it. If `page` (rows
    per page) is set, `address` is the table's, which is downloaded page by page.
    """

    name: str
    address: str
    min_rows: int | None
    listing: Listing | None = None
    page: int | None = None


@dataclass(frozen=True)
class Publisher:
    """A series of snapshots. If it `is_zip`, all files have the address of their archive.

    `declared` is the source of its snapshots, without their days.
    """

    declared: Source
    is_zip: bool
    files: tuple[PublishedFile, ...]
    follows: str = ""
    declares: str = ""

    @property
    def name(self) -> str:
        """Return the name of the series."""
        return self.declared.series

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return the addresses to download, without duplicates."""
        return tuple(dict.fromkeys(file.address for file in self.files))

    def source(self, snapshot: date) -> Source:
        """Return the source of a day's snapshot, NAME-YYYY-MM-DD."""
        return replace(self.declared, source_id=f"{self.name}-{snapshot}", snapshot=snapshot)


def read_publishers(folder: Path) -> dict[str, Publisher]:
    """Read all declarations in a folder, by name; raises TableError, with file and key, for an invalid one."""
    return {path.stem: read_publisher(path) for path in sorted(folder.glob("*.toml"))}


def read_publisher(path: Path) -> Publisher:
    """Read a declaration; raises TableError, with file and key, if it is invalid."""
    try:
        with path.open("rb") as file:
            declaration = tomllib.load(file)
    except OSError as error:
        raise TableError(path, f"can't be read ({error.strerror})") from error
    except ValueError as error:  # also raised for bytes that are not UTF-8
        raise TableError(path, f"is not TOML ({error})") from error
    _refuse_others(path, declaration, _KEYS | {"zip", "follows", "declares"}, "")
    texts = {key: _text(path, declaration, key, may_be_empty=key in _MAY_BE_EMPTY) for key in _TEXTS}
    for key, choices in (("importer", IMPORTERS), ("role", ROLES)):
        if texts[key] not in choices:
            raise TableError(path, f'"{texts[key]}" is not known', column=key)
    archive = _address(path, declaration, "zip") if "zip" in declaration else ""
    file_entries = _value(path, declaration, "files", dict)
    if not file_entries:
        raise TableError(path, "names no file", column="files")
    files = tuple(_parse_file(path, name, entry, archive) for name, entry in file_entries.items())
    declares = _text(path, declaration, "declares") if "declares" in declaration else ""
    if declares and not (archive and declares in file_entries):
        raise TableError(path, f'"{declares}" is not a file in the zip', column="declares")
    if not declares and all(file.min_rows is None for file in files):
        raise TableError(path, "no file has a min_rows", column="files")
    rank, complete = _value(path, declaration, "rank", int), _value(path, declaration, "complete", bool)
    declared = Source(
        "", texts["publisher"], texts["title"], texts["importer"], date.min, complete, texts["role"], rank,
        texts["spellings"], texts["author_of"], texts["licence"], texts["citation"], texts["url"],
        series=path.stem, sets_day=_value(path, declaration, "sets_day", bool),
    )  # fmt: skip
    follows = _text(path, declaration, "follows") if "follows" in declaration else ""
    return Publisher(declared, bool(archive), files, follows, declares)


def _parse_file(path: Path, name: str, entry: object, archive: str) -> PublishedFile:
    place = f"files.{name}"
    if not isinstance(entry, dict):
        raise TableError(path, "is not a table with min_rows and address", column=place)
    if name != Path(name).name or "\\" in name or name.startswith("."):
        raise TableError(path, "is not the bare name of a file", column=place)
    keys = () if archive else ("listing", "each", "paths") if "listing" in entry else ("address", "page")
    _refuse_others(path, entry, {"min_rows", *keys}, f"{place}.")
    n_rows, page = (_count(path, entry, key, f"{place}.") for key in ("min_rows", "page"))
    if archive or "listing" not in entry:
        return PublishedFile(name, archive or _address(path, entry, "address", f"{place}."), n_rows, page=page)
    paths = _value(path, entry, "paths", list, f"{place}.")
    if not paths or not all(isinstance(item, str) and item for item in paths):
        raise TableError(path, "is not a list of paths", column=f"{place}.paths")
    listing = Listing(_address(path, entry, "each", f"{place}."), tuple(paths))
    return PublishedFile(name, _address(path, entry, "listing", f"{place}."), n_rows, listing)


def _refuse_others(path: Path, declaration: Mapping[str, Any], keys: set[str], inside: str) -> None:
    others = sorted(set(declaration) - keys)
    if others:
        raise TableError(path, "is not a key of a declaration", column=f"{inside}{others[0]}")


def _value(path: Path, declaration: Mapping[str, Any], key: str, kind: type[_Kind], inside: str = "") -> _Kind:
    value = declaration.get(key)
    if value is None:
        raise TableError(path, "is missing", column=f"{inside}{key}")
    if type(value) is not kind:
        raise TableError(path, f"is not {_KIND_NAMES[kind]}", column=f"{inside}{key}")
    return value


def _count(path: Path, declaration: Mapping[str, Any], key: str, inside: str) -> int | None:
    if key not in declaration:
        return None
    number = _value(path, declaration, key, int, inside)
    if number < 1:
        raise TableError(path, "is less than 1", column=f"{inside}{key}")
    return number


def _text(path: Path, declaration: Mapping[str, Any], key: str, inside: str = "", *, may_be_empty: bool = False) -> str:
    text = _value(path, declaration, key, str, inside)
    if not (text.strip() or may_be_empty):
        raise TableError(path, "is empty", column=f"{inside}{key}")
    return text


def _address(path: Path, declaration: Mapping[str, Any], key: str, inside: str = "") -> str:
    """Return an address; require HTTPS."""
    text = _text(path, declaration, key, inside)
    try:
        parts = urlsplit(text)
        is_https = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        is_https = False
    if not is_https:
        raise TableError(path, f'"{text}" is not an address that begins with https://', column=f"{inside}{key}")
    return text
