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
    """What an operator can set; a field's metadata says what it is for, and whether it is secret.

    `variable` names the environment variable where it is not GAPBRIEF_ and the field's name.
    """

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
    state_url: str = field(
        default="",
        repr=False,
        metadata={
            "description": "The database of what must not be lost, as an SQLAlchemy address.",
            "default": "state.db beside the evidence file",
            "secret": True,
        },
    )
    public_url: str | None = field(
        default=None,
        metadata={
            "description": "The address under which people outside reach the web pages, such as https://gap.example.org.",
            "default": "none: nothing that leaves this machine links to it",
        },
    )
    port: int = field(
        default=8765,
        metadata={"description": "The port of the web pages and of /healthz, on loopback.", "default": "8765"},
    )
    discord_token: str | None = field(
        default=None,
        repr=False,
        metadata={
            "description": "The token of your Discord application, from its Bot page.",
            "default": "none: the Discord bot is off",
            "variable": "DISCORD_TOKEN",
            "secret": True,
        },
    )
    llm_model: str | None = field(
        default=None,
        metadata={
            "description": "The language model that reads free questions and words briefs, as its server names it.",
            "default": "none: questions are read by rules, briefs written from templates",
        },
    )
    llm_fallback: str | None = field(
        default=None,
        metadata={
            "description": "A second model of the same server, asked when the first one fails.",
            "default": "none: the rules answer then",
        },
    )
    llm_base_url: str | None = field(
        default=None,
        metadata={
            "description": "The address of an OpenAI-compatible server (Azure, OpenRouter, Ollama, vLLM, llama.cpp),"
            " such as http://127.0.0.1:11434/v1.",
            "default": "OpenAI's own",
        },
    )
    openai_api_key: str | None = field(
        default=None,
        repr=False,
        metadata={
            "description": "The key of the model's server; a local one needs none.",
            "default": "none",
            "variable": "OPENAI_API_KEY",
            "secret": True,
        },
    )
    llm_tokens: int = field(
        default=2_000_000,
        metadata={
            "description": "Tokens that the model may use in a day (UTC) in all; when they are spent the rules answer.",
            "default": "2,000,000",
        },
    )
    llm_guild_tokens: int = field(
        default=400_000,
        metadata={"description": "Tokens a day for one Discord server.", "default": "400,000"},
    )
    llm_user_tokens: int = field(
        default=100_000,
        metadata={"description": "Tokens a day for one person.", "default": "100,000"},
    )

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None, folder: Path | None = None) -> "Settings":
        """Read the settings from the environment, then from `.env` in `folder` (the current one)."""
        return cls._of(given(environment, folder))

    @classmethod
    def read_leniently(cls) -> "tuple[Settings, dict[str, str]]":
        """Read the settings without the variables that can't be read; return these too, each with why."""
        found, faults = given(), dict[str, str]()
        while True:
            try:
                return cls._of(found), faults
            except DataError as error:
                wrong = next((name for name in found if str(error).startswith(f"{name} ")), None)
                if wrong is None:
                    raise
                faults[wrong] = str(error)
                del found[wrong]

    @classmethod
    def _of(cls, found: Mapping[str, tuple[str, str]]) -> "Settings":
        db = _path(found, "db") or _default_db()
        return cls(
            db=db,
            data=_path(found, "data") or Path(core.__file__).parents[1] / "data",
            state_url=_text(found, "state_url") or f"sqlite:///{db.with_name('state.db')}",
            public_url=_web_address(found, "public_url"),
            port=_port(found, "port") or cls.port,
            discord_token=_key(found, "discord_token"),
            llm_model=_text(found, "llm_model"),
            llm_fallback=_text(found, "llm_fallback"),
            llm_base_url=_web_address(found, "llm_base_url"),
            openai_api_key=_key(found, "openai_api_key"),
            llm_tokens=_count(found, "llm_tokens", cls.llm_tokens),
            llm_guild_tokens=_count(found, "llm_guild_tokens", cls.llm_guild_tokens),
            llm_user_tokens=_count(found, "llm_user_tokens", cls.llm_user_tokens),
        )


def given(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> dict[str, tuple[str, str]]:
    """Return the variables that are set, each with its value and where from; an empty one counts as not set."""
    found: dict[str, tuple[str, str]] = {}
    for place, values in (
        (".env", _dotenv(folder or Path())),
        ("the environment", os.environ if environment is None else environment),
    ):
        found |= {key: (value, place) for key, value in values.items() if value and _is_ours(key)}
    return found


def _is_ours(key: str) -> bool:
    return key.startswith(_PREFIX) or key in {variable(each.name) for each in fields(Settings)}


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


def _text(found: Mapping[str, tuple[str, str]], name: str) -> str | None:
    return found[variable(name)][0].strip() if variable(name) in found else None


def _key(found: Mapping[str, tuple[str, str]], name: str) -> str | None:
    """Return the secret that a field's variable gives: what travels in a header, so in visible ASCII."""
    text = _text(found, name)
    if text is not None and re.search(r"[^!-~]", text):
        raise DataError(
            f"{variable(name)} in {found[variable(name)][1]} holds a space, a line break or a letter that no key has;"
            " copy it again."
        )
    return text


def _web_address(found: Mapping[str, tuple[str, str]], name: str) -> str | None:
    """Return the address that a field's variable gives, without a slash at its end."""
    text = _text(found, name)
    if text is not None and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", text):
        raise DataError(f"{variable(name)} is {quoted(text)}; write a whole address, such as https://gap.example.org.")
    return text.rstrip("/") if text else None


def _port(found: Mapping[str, tuple[str, str]], name: str) -> int | None:
    text = _text(found, name)
    if text is not None and not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise DataError(f"{variable(name)} is {quoted(text)}; give a number from 1 to 65535.")
    return int(text) if text else None


def _count(found: Mapping[str, tuple[str, str]], name: str, default: int) -> int:
    text = (_text(found, name) or str(default)).replace(",", "").replace("_", "")
    if not (text.isascii() and text.isdigit() and len(text) < 13):
        raise DataError(f"{variable(name)} is {quoted(text)}; give a number of tokens, such as {default}.")
    return int(text)


def _default_db() -> Path:
    from platformdirs import user_data_path

    path = user_data_path("gapbrief", appauthor=False) / "evidence.db"
    if not path.is_absolute():
        raise DataError("There is no home folder for the evidence file; set GAPBRIEF_DB to a file's name.")
    return path


def variable(name: str) -> str:
    """Return the environment variable of a field."""
    given_name: str | None = next(
        (each.metadata.get("variable") for each in fields(Settings) if each.name == name), None
    )
    return given_name or _PREFIX + name.upper()


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
