"""The settings: environment variables, or a `.env` file in the folder where gapbrief is started."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

import core

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
        found = {**_dotenv(folder or Path()), **(os.environ if environment is None else environment)}
        db, data = found.get(f"{_PREFIX}DB"), found.get(f"{_PREFIX}DATA")
        return cls(
            db=Path(db).expanduser() if db else _default_db(),
            data=Path(data).expanduser() if data else Path(core.__file__).parents[1] / "data",
        )


def _dotenv(folder: Path) -> dict[str, str]:
    path = folder / ".env"
    if not path.is_file():
        return {}
    from dotenv import dotenv_values

    return {key: value for key, value in dotenv_values(path).items() if value is not None}


def _default_db() -> Path:
    from platformdirs import user_data_path

    return user_data_path("gapbrief", appauthor=False) / "evidence.db"


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
