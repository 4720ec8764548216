"""The settings: environment variables, or a `.env` file in the folder where gapbrief is started."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from io import StringIO
from pathlib import Path

import core
from core.errors import DataError
from core.words import quoted

_PREFIX = "GAPBRIEF_"


@dataclass(frozen=True)
class Settings:
    """What an operator can set; a field's metadata says what it is for, and whether it is secret."""

    db: Path = field(
        metadata={
            "description": "The evidence file, made from the data tables when absent.",
            "default": "in the user's data folder",
        }
    )
    data: Path = field(
        metadata={
            "description": "The folder with the compiled data tables.",
            "default": "the tables that came with gapbrief",
        }
    )

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None, folder: Path | None = None) -> "Settings":
        """Read the settings from the environment, then from `.env` in `folder` (the current one)."""
        found = given(environment, folder)
        return cls(
            db=_path(found, "db") or _default_db(),
            data=_path(found, "data") or Path(core.__file__).parents[1] / "data",
        )


def given(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> dict[str, tuple[str, str]]:
    """Return the variables that are set, each with its value and where from; an empty one counts as not set."""
    found: dict[str, tuple[str, str]] = {}
    for place, values in (
        (".env", _dotenv(folder or Path())),
        ("the environment", os.environ if environment is None else environment),
    ):
        found |= {key: (value, place) for key, value in values.items() if key.startswith(_PREFIX) and value}
    return found


def _dotenv(folder: Path) -> dict[str, str]:
    path = folder / ".env"
    if not path.is_file():
        return {}
    return _parsed(path.read_text(encoding="utf-8", errors="replace"))


@cache
def _parsed(text: str) -> dict[str, str]:
    """Read the lines of a `.env`; what is wrong with one is said once, by its number."""
    from dotenv import dotenv_values

    return {key: value for key, value in dotenv_values(stream=StringIO(text)).items() if value is not None}


def _path(found: Mapping[str, tuple[str, str]], name: str) -> Path | None:
    """Return the path that a field's variable gives, None where it is not set."""
    text, place = found.get(variable(name), ("", ""))
    try:
        path = Path(text).expanduser() if text.isprintable() else None
    except RuntimeError:  # "~somebody" who is not known here
        path = None
    if path is None:
        raise DataError(f"{variable(name)} in {place} is {quoted(text)}, which is no path here; give a whole one.")
    return path if text else None


def _default_db() -> Path:
    from platformdirs import user_data_path

    path = user_data_path("gapbrief", appauthor=False) / "evidence.db"
    if not path.is_absolute():
        raise DataError("There is no home folder for the evidence file; set GAPBRIEF_DB to a file's name.")
    return path


def variable(name: str) -> str:
    """Return the environment variable of a field."""
    return _PREFIX + re.sub(r"[^A-Z0-9]", "_", name.upper())


def env_example() -> str:
    """Write `.env.example`: every setting with what it is for, none of them set."""
    lines = ["# Copy to .env and set what you need; everything works without it."]
    for each in fields(Settings):
        lines += ["", f"# {each.metadata['description']}", f"# Default: {each.metadata['default']}."]
        lines.append(f"# {variable(each.name)}=")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(env_example())
