"""The settings: environment variables, or one `.env`, from the project or else from the user's settings folder.

A `.env` in the current folder is not read: it could send the user's key to a foreign address.
"""

import base64
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import core
from core.errors import DataError
from core.words import quote

PREFIX = "GAPBRIEF_"
_SECRET_KEY_BYTES = 32
ENV_FILE = "GAPBRIEF_ENV_FILE"
"""Names the `.env` to read, as `--env-file` does; not a setting, as a `.env` can't name another."""
_OWN_SERVER = "https://api.openai.com/"
"""Where a key goes if no address is set."""
NO_DATABASE = (
    "is not a database address; write it as sqlite:////folder/state.db, or for PostgreSQL as"
    " postgresql://USER:PASSWORD@HOST/NAME."
)


def _path(text: str) -> Path:
    """Parse a path; raises DataError for an invalid one."""
    is_path = text.isprintable() and "://" not in text and "***" not in mask(text)
    try:
        path = Path(text).expanduser() if is_path else None
    except RuntimeError:  # "~somebody", an unknown user
        path = None
    if path is None:
        raise DataError(f"is {quote(mask(text))}, which is not a path here; give a full path.")
    return path


def _folder(text: str) -> Path:
    """Parse the path of a folder, which need not exist yet."""
    path = _path(text)
    if os.path.exists(path) and not os.path.isdir(path):
        raise DataError(f"is {quote(text)}, which is a file; give a folder.")
    return path


def _key(text: str) -> str:
    """Parse a secret, which travels in a header: visible ASCII."""
    key = text.strip()
    if re.search(r"[^!-~]", key):
        raise DataError("holds a space, a line break or another character that no key has; copy it again.")
    return key


def _secret_keys(text: str) -> tuple[str, ...]:
    """Parse comma-separated keys of 32 bytes in base64; raises DataError, without showing the text."""
    keys = []
    for part in text.split(","):
        key = part.strip().rstrip("=").replace("+", "-").replace("/", "_")
        try:
            raw = base64.b64decode(f"{key}=", altchars=b"-_", validate=True)
        except ValueError:
            raw = b""
        if len(raw) != _SECRET_KEY_BYTES:
            raise DataError("holds something that is not a key; `gapbrief state key` makes one.")
        keys.append(base64.urlsafe_b64encode(raw).decode())
    return tuple(keys)


def _state_address(text: str) -> str:
    """Parse the address of a database, which is read in full when it is opened."""
    address = text.strip()
    if not re.match(r"(sqlite|postgresql)(\+\w+)?://", address):
        raise DataError(NO_DATABASE)
    return address


def _web_address(text: str) -> str:
    """Parse an address, without its trailing slash."""
    address = text.strip()
    if not re.fullmatch(r"https?://(\[[\da-fA-F:.]+\]|[^\s/?#@:\[\]]+)(:\d{1,5})?(/[^\s?#]*)?", address):
        mend = "write a full address, which begins with https:// or http:// and has no name, “?” or “#”"
        raise DataError(f"is {quote(mask(address))}; {mend}.")
    return address.rstrip("/")


def _hosts(text: str) -> tuple[str, ...]:
    """Parse comma-separated host names without ports."""
    names = tuple(part.strip().lower().rstrip(".") for part in text.split(",") if part.strip())
    for name in names:
        if not re.fullmatch(r"[a-z0-9._-]+", name):
            raise DataError(f"holds {quote(name)}; separate names with commas, such as nas.lan, nas.home.")
    return names


def _networks(text: str) -> tuple[str, ...]:
    """Parse comma-separated addresses and networks."""
    from ipaddress import ip_network

    networks = tuple(network.strip() for network in text.split(",") if network.strip())
    for network in networks:
        try:
            ip_network(network)
        except ValueError:
            raise DataError(f"holds {quote(network)}; separate addresses with commas, such as 10.0.0.2.") from None
    return networks


def _port(text: str) -> int:
    port = text.strip()
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise DataError(f"is {quote(port)}; give a number from 1 to 65535.")
    return int(port)


def _switch(text: str) -> bool:
    value = {"on": True, "off": False}.get(text.strip().lower())
    if value is None:
        raise DataError(f"is {quote(text)}; write on or off.")
    return value


def _tokens(text: str) -> int:
    number = text.strip().replace(",", "").replace("_", "")
    if not (number.isascii() and number.isdigit() and len(number) < 13):
        raise DataError(f"is {quote(number)}; give a number of tokens, such as 100000.")
    return int(number)


def _setting(
    parser: Callable[[str], object], description: str, default: str, preset: Any = None, *,
    variable: str | None = None, secret: bool = False,
) -> Any:  # fmt: skip
    """Declare a setting: its parser, its description, and its default in words (`default`) and as a value (`preset`).

    `parser` raises DataError with the sentence that follows the variable's name and place.
    `variable` is the environment variable if it is not GAPBRIEF_ and the field's name.
    """
    metadata = {"read": parser, "description": description, "default": default, "variable": variable, "secret": secret}
    return field(default=preset, repr=not secret, metadata=metadata)


@dataclass(frozen=True)
class Settings:
    """What an operator can set."""

    db: Path = _setting(
        _path, "The evidence file; built from the data tables if it is missing.", "in the user's data folder", MISSING
    )
    data: Path = _setting(
        _folder,
        "The folder of refreshed data, created on the first refresh; until then gapbrief uses the tables that it"
        " came with.",
        "data beside the evidence file",
        MISSING,
    )
    state_url: str = _setting(
        _state_address, "The database of the state (briefs, schedules, targets), as an SQLAlchemy address.",
        "state.db beside the evidence file", "", secret=True,
    )  # fmt: skip
    refresh: bool = _setting(
        _switch, "Whether `gapbrief run` asks publishers for new scores once a day: on or off.", "on", True
    )
    backup_dir: Path | None = _setting(
        _folder, "The folder of the state's daily backups, best on another disk; gapbrief keeps the newest seven.",
        "backups beside the state",
    )  # fmt: skip
    secret_keys: tuple[str, ...] = _setting(
        _secret_keys,
        "The key that encrypts targets' addresses and signing secrets in the state; `gapbrief state key` makes one."
        " To change it, put the new key first, then a comma and the old key.",
        "none: both are stored unencrypted", (), variable="GAPBRIEF_SECRET_KEY", secret=True,
    )  # fmt: skip
    public_url: str | None = _setting(
        _web_address,
        "The address at which people reach the web pages, such as https://gap.example.org.",
        "none: nothing that gapbrief sends has a link to it",
    )
    port: int = _setting(_port, "The port of the web pages and of /healthz, on loopback.", "8765", 8765)
    hosts: tuple[str, ...] = _setting(
        _hosts, "More host names that the web pages answer to, separated by commas, such as nas.lan.",
        "only loopback's names and the host of GAPBRIEF_PUBLIC_URL", (),
    )  # fmt: skip
    proxies: tuple[str, ...] = _setting(
        _networks, "Proxies whose X-Forwarded-For is trusted, separated by commas, such as 10.0.0.2, 10.1.0.0/16.",
        "this machine's: 127.0.0.1, ::1", ("127.0.0.1", "::1"),
    )  # fmt: skip
    discord_token: str | None = _setting(
        _key, "The token of your Discord application, from its Bot page.", "none: the Discord bot is off",
        variable="DISCORD_TOKEN", secret=True,
    )  # fmt: skip
    source_url: str | None = _setting(
        _web_address, "The address of the source code, which `/about` in Discord links.", "none: no link"
    )
    privacy_url: str | None = _setting(
        _web_address, "The address of your privacy policy (PRIVACY.md is one), which `/about` links.", "none: no link"
    )
    terms_url: str | None = _setting(
        _web_address, "The address of your terms of service (TERMS.md is one), which `/about` links.", "none: no link"
    )
    support_url: str | None = _setting(
        _web_address, "The invitation to your support server, or another address for help, which `/about` links.",
        "none: no link",
    )  # fmt: skip
    llm_model: str | None = _setting(
        str.strip,
        "The language model that reads questions in free words and writes briefs, by its name on the server.",
        "none: rules read questions, and templates write briefs",
    )  # fmt: skip
    llm_fallback: str | None = _setting(
        str.strip, "A second model on the same server, used when the first one fails.", "none: the rules answer then"
    )
    llm_base_url: str | None = _setting(
        _web_address,
        "The address of an OpenAI-compatible server (Azure, OpenRouter, Ollama, vLLM, llama.cpp),"
        " such as http://127.0.0.1:11434/v1.",
        "OpenAI's own",
    )
    openai_api_key: str | None = _setting(
        _key, "The key of the model's server; a local one needs none.", "none", variable="OPENAI_API_KEY", secret=True
    )
    llm_tokens: int = _setting(
        _tokens, "The most tokens that the model may use in a day (UTC); when less is left than one call may use (about"
        " 6,000), the rules answer.",
        "2,000,000", 2_000_000,
    )  # fmt: skip
    llm_guild_tokens: int = _setting(_tokens, "The most tokens a day for one Discord server.", "400,000", 400_000)
    llm_user_tokens: int = _setting(_tokens, "The most tokens a day for one person.", "100,000", 100_000)

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings from the environment, then from `.env`; raises DataError for an invalid one."""
        values, faults = _read_values(read_variables(environment))
        if faults:
            first, *others = (f"{name} {fault}" for name, fault in faults.items())
            more = f" {len(others)} more can't be read; `gapbrief doctor` lists them all." if others else ""
            raise DataError(first + more)
        return cls(**_with_defaults(values))

    @classmethod
    def read_leniently(cls) -> "tuple[Settings, dict[str, str]]":
        """Read the settings without the invalid variables; return these too, each with its fault."""
        values, faults = _read_values(read_variables())
        return cls(**_with_defaults(values)), faults


def _read_values(texts: Mapping[str, tuple[str, str]]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values that are set, and the fault of each invalid variable."""
    values, faults = dict[str, Any](), _misplaced_key(texts)
    for setting in fields(Settings):
        name = variable(setting.name)
        if name in texts and name not in faults:
            text, place = texts[name]
            try:
                values[setting.name] = setting.metadata["read"](text)
            except DataError as error:
                faults[name] = f"in {place} {error}"
    return values, faults


def _with_defaults(values: Mapping[str, Any]) -> dict[str, Any]:
    """Add the default paths: the evidence file, and the data and the state beside it."""
    db = values.get("db") or _default_db()
    state_url = values.get("state_url") or f"sqlite:///{db.with_name('state.db')}"
    return {"data": db.with_name("data"), **values, "db": db, "state_url": state_url}


def read_variables(environment: Mapping[str, str] | None = None) -> dict[str, tuple[str, str]]:
    """Return the variables that are set, each with its value and place; an empty one counts as unset.

    The key of the model's server is from the same place as its address, if that has one.
    """
    if environment is None:
        environment = os.environ
    file = env_file(environment)
    places: dict[str, Mapping[str, str]] = {str(file): _dotenv(file)} if file else {}
    places["the environment"] = environment
    texts: dict[str, tuple[str, str]] = {}
    for place, values in places.items():
        texts |= {key: (value, place) for key, value in values.items() if value and _is_ours(key)}
    address, key = variable("llm_base_url"), variable("openai_api_key")
    if address in texts and (own := places[texts[address][1]].get(key)):
        texts[key] = (own, texts[address][1])
    return texts


def _misplaced_key(texts: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Return the fault of a key that would go to an address from another place; else nothing."""
    (address, address_place), (key, key_place) = (
        texts.get(variable(name), ("", "")) for name in ("llm_base_url", "openai_api_key")
    )
    if not (address and key) or address_place == key_place or f"{address}/".startswith(_OWN_SERVER):
        return {}
    fault = (
        f"is from {key_place} and {variable('llm_base_url')} from {address_place}; gapbrief sends a key only to an"
        f' address set in the same place, so set the key in {address_place} too ("none" for a server that needs none).'
    )
    return {variable("openai_api_key"): fault}


def env_file(environment: Mapping[str, str] | None = None) -> Path | None:
    """Return the `.env` to read, or None: the named one, else the project's, else the user's.

    Raises DataError if the named one does not exist.
    """
    name = (os.environ if environment is None else environment).get(ENV_FILE)
    if name:
        if not os.path.exists(name) or os.path.isdir(name):
            raise DataError(f"{ENV_FILE}, or --env-file, is {quote(name)}, which is not a file; give the name of one.")
        return Path(name).absolute()
    return next((path for path in _usual_files() if os.path.isfile(path)), None)


def _usual_files() -> Iterator[Path]:
    project = Path(core.__file__).parents[1]
    if os.path.isfile(project / "pyproject.toml"):
        yield project / ".env"
    own = user_env_file()
    if own is not None:
        yield own


def user_env_file() -> Path | None:
    """Return the path of the user's `.env`, existing or not; None for a user without a home."""
    from platformdirs import user_config_path

    try:
        return user_config_path("gapbrief", appauthor=False) / ".env"
    except RuntimeError:
        return None


def ignored_env_file() -> Path | None:
    """Return a `.env` in the current folder that has our settings but is not read."""
    path = Path(".env")
    if not path.is_file():
        return None
    file_in_use = env_file()
    is_used = file_in_use is not None and path.samefile(file_in_use)
    return None if is_used or not any(_is_ours(key) for key in _dotenv(path, warns=False)) else path.absolute()


def how_to_use(ignored: Path) -> str:
    """Say that a `.env` is not read, and what to do."""
    own = user_env_file()
    place = f"move it to {own}, or " if own else ""
    return f"{ignored} is not read; {place}name it with --env-file"


def mask(address: str) -> str:
    """Mask whatever may be a name, a password or a token in an address, even a partial one; a path stays as it is."""
    if re.match(r"[.~]|/(?!/)|[A-Za-z]:[/\\]", address):
        return address
    text = re.sub(r"[?#].*", "?…", address, flags=re.DOTALL)
    scheme = re.match(r"(?:[a-z][a-z\d+.-]*:)?/{1,2}|", text, re.IGNORECASE)[0]  # type: ignore[index]  # it matches
    user_part, separator, host = text[len(scheme) :].rpartition("@")
    if separator and (scheme or ":" in user_part):
        return f"{scheme}***@{host}"
    return re.sub(r"(//[^/:\[]*:)(?!\d*(?:/|$))[^/]*", r"\1***", text)


def find_unknown() -> dict[str, tuple[str, str | None]]:
    """Return the variables that set nothing but look as if they should: each with its place and the nearest setting.

    The environment is not ours alone: of it, only what resembles a name that begins with GAPBRIEF_.
    """
    from difflib import get_close_matches

    names = [ENV_FILE, *(variable(setting.name) for setting in fields(Settings))]
    ends = {name.removeprefix(PREFIX): name for name in names}
    file, unknown = env_file(), dict[str, tuple[str, str | None]]()
    for place, values in ((str(file), _dotenv(file) if file else {}), ("the environment", os.environ)):
        whole = {name: name for name in names if values is not os.environ or name.startswith(PREFIX)}
        for name in (name for name, value in values.items() if value and name not in names):
            candidates, least = (ends, 0.7) if name.startswith(PREFIX) else (whole, 0.85)
            near = get_close_matches(name.removeprefix(PREFIX).upper(), candidates, 1, least)
            if near or candidates is ends:
                unknown[name] = (place, candidates[near[0]] if near else None)
    return unknown


def _is_ours(key: str) -> bool:
    variables = {variable(setting.name) for setting in fields(Settings)}
    return (key.startswith(PREFIX) and key != ENV_FILE) or key in variables


def _dotenv(path: Path, *, warns: bool = True) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        if not warns:  # a stranger's
            return {}
        mend = "let gapbrief's user read it, or name another with --env-file"
        raise DataError(f"The settings in {path} can't be read ({error.strerror}); {mend}.") from error
    return _parse_dotenv(text, path if warns else None)


@cache
def _parse_dotenv(text: str, warned_of: Path | None) -> dict[str, str]:
    """Parse the lines of a `.env`; warn once about an invalid line, by its number alone."""
    if not text.strip():
        return {}
    import logging

    from dotenv import dotenv_values
    from dotenv.parser import parse_stream

    lines = list(parse_stream(StringIO(text)))
    broken_lines = [line for line in lines if line.error or (line.key and line.value is None)]
    for line in broken_lines if warned_of else ():
        mend = "can't be read, so it is skipped; write NAME=value, with a quote at both ends or none"
        logging.getLogger("gapbrief").warning(f"{warned_of}, line {line.original.line} {mend}")
    good_text = "".join(line.original.string for line in lines if line not in broken_lines)
    return {key: value or "" for key, value in dotenv_values(stream=StringIO(good_text)).items()}


def _default_db() -> Path:
    from platformdirs import user_data_path

    try:
        path = user_data_path("gapbrief", appauthor=False) / "evidence.db"
    except RuntimeError:
        path = Path()
    if not path.is_absolute():
        raise DataError("There is no home folder for the evidence file; set GAPBRIEF_DB to a file's name.")
    return path


def variable(name: str) -> str:
    """Return the environment variable of a field."""
    own: str | None = Settings.__dataclass_fields__[name].metadata["variable"]
    return own or PREFIX + name.upper()


def env_example() -> str:
    """Write `.env.example`: every setting with its description, none set."""
    lines = [
        "# Copy to .env beside it, in a project, or to gapbrief/.env in your folder of settings (~/.config on Linux),",
        "# and set what you need; everything works without it. Let nobody else read it: chmod 600 .env",
    ]
    for setting in fields(Settings):
        lines += ["", f"# {setting.metadata['description']}", f"# Default: {setting.metadata['default']}."]
        lines.append(f"# {variable(setting.name)}=")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(env_example())
