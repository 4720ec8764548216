"""Atomic writes, and the limit of open files."""

import os
from pathlib import Path

ENOUGH_OPEN = 1024
"""The files that the pages may have open at once with all their connections."""


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file once the new one is complete, keeping its permissions; raises OSError if it can't be written."""
    path = path.resolve()  # a link stays a link
    temporary = path.with_name(f".{path.name[:100]}.{os.getpid()}.new")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def allow_open_files(files: int) -> int:
    """Raise the limit of open files, connections included, as far as the system allows; return the new limit."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return files
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= files:
        return files
    limit = files if hard == resource.RLIM_INFINITY else min(files, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return limit
