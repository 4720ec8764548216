"""Files: written whole or not at all, and how many of them a process may have open."""

import os
from pathlib import Path

ENOUGH_OPEN = 1024
"""How many files the pages may have open at once with all connections that they take."""


def write_whole(path: Path, data: bytes) -> None:
    """Write a file; what stood there before stays until the new one is complete, and keeps its rights.

    Raises OSError where it can't be written.
    """
    path = path.resolve()  # a link stays a link
    aside = path.with_name(f".{path.name[:100]}.{os.getpid()}.new")
    try:
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            aside.chmod(path.stat().st_mode & 0o777)
        os.replace(aside, path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def may_open(files: int) -> int:
    """Let this process have so many files open (connections are files too), or as many as the system lets it.

    Returns how many these are.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return files
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= files:
        return files
    allowed = files if hard == resource.RLIM_INFINITY else min(files, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed
