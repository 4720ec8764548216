"""The files of a publisher's zip that are wanted, and nothing else of it, wherever it says that they belong."""

import shutil
import stat
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from core.errors import DataError

_MOST_ENTRIES = 2_000
_MOST_BYTES = 200_000_000
"""Of all wanted files together, unpacked."""
_MOST_PACKED = 200
"""How many times smaller a file may be in its zip than out of it: tables of scores are 3 to 20 times smaller."""


def unpack(archive: Path, into: Path, names: Sequence[str]) -> dict[str, Path]:
    """Unpack the files of some names, whatever folder of the zip they lie in, into a folder; returns their places.

    A file that the zip lacks is left out. Raises DataError, one sentence, for what is no whole zip, for one that lacks
    all files or holds one twice, and for
    whatever a zip of tables has no need of: a path out of its folder, a link, a password, a file that unpacks to
    hundreds of times its size.
    """
    into.mkdir(exist_ok=True)
    try:
        with ZipFile(archive) as opened:
            wanted = _wanted(opened.infolist(), names)
            for name, entry in wanted.items():
                with opened.open(entry) as packed, (into / name).open("wb") as file:
                    shutil.copyfileobj(packed, file)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise _refused(f"can't be unpacked ({error})") from error
    return {name: into / name for name in names if name in wanted}


def _wanted(entries: Sequence[ZipInfo], names: Sequence[str]) -> dict[str, ZipInfo]:
    """Return the entry of each name; raises DataError where the zip is not one of tables alone."""
    if len(entries) > _MOST_ENTRIES:
        raise _refused(f"holds {len(entries)} files")
    found: dict[str, ZipInfo] = {}
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in entry.filename:
            raise _refused(f'holds a file outside of its folder ("{entry.filename[:60]}")')
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise _refused(f'holds a link ("{entry.filename[:60]}")')
        if path.name in names and not entry.is_dir():
            if path.name in found:
                raise _refused(f"holds {path.name} twice")
            found[path.name] = entry
    if not found:
        raise _refused(f"does not hold {' or '.join(names[:3])}")
    if any(entry.file_size > _MOST_PACKED * entry.compress_size for entry in found.values()):
        raise _refused(f"holds a file that unpacks to over {_MOST_PACKED} times its size")
    n_bytes = sum(entry.file_size for entry in found.values())
    if n_bytes > _MOST_BYTES:
        raise _refused(f"unpacks to {n_bytes // 1_000_000} MB")
    return found


def _refused(why: str) -> DataError:
    return DataError(f"The zip {why}; see whether its publisher changed it.")
