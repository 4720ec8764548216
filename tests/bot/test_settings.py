"""Settings: what can be set, from where, and that `.env.example` says just that."""

import os
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

import pytest

import core
from bot.settings import (
    ENV_FILE,
    Settings,
    env_example,
    env_file,
    find_unknown,
    how_to_use,
    ignored_env_file,
    mask,
    read_variables,
    variable,
)
from core.errors import DataError
from core.store.tables import table_folder
from tests.conftest import ROOT

NO_FILE = {ENV_FILE: os.devnull}


def test_the_example_file_is_made_from_the_settings() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == env_example()


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda setting: setting.name)
def test_every_setting_says_what_it_is_for_and_its_default_and_a_secret_is_never_shown(setting: Field[Any]) -> None:
    assert setting.metadata["description"].endswith(".")
    assert setting.metadata["default"]
    assert f"# {variable(setting.name)}=\n" in env_example()
    assert setting.repr != setting.metadata["secret"]


def test_without_anything_the_home_folder_and_the_shipped_tables_are_used() -> None:
    settings = Settings.read(NO_FILE)
    assert settings.db == Path.home() / ".local/share/gapbrief/evidence.db"
    assert settings.data == settings.db.with_name("data")
    assert table_folder(settings.data) == ROOT / "data"


def test_the_environment_goes_before_dotenv_and_dotenv_before_the_default(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("GAPBRIEF_DB=/from/dotenv.db\nGAPBRIEF_DATA='/with a space/data'\nOTHER=1\n")
    environment = {ENV_FILE: str(file), "GAPBRIEF_DB": "/from/environment.db"}
    settings = Settings.read(environment)
    assert (settings.db, settings.data) == (Path("/from/environment.db"), Path("/with a space/data"))
    assert read_variables(environment) == {
        "GAPBRIEF_DB": ("/from/environment.db", "the environment"),
        "GAPBRIEF_DATA": ("/with a space/data", str(file)),
    }


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GAPBRIEF_DB=/from/dotenv.db\n")
    assert Settings.read({ENV_FILE: str(tmp_path / ".env"), "GAPBRIEF_DB": ""}).db == Path("/from/dotenv.db")


def test_a_tilde_is_the_home_folder() -> None:
    assert Settings.read({"GAPBRIEF_DB": "~/mine.db", **NO_FILE}).db == Path.home() / "mine.db"


def test_spaces_around_a_key_are_left_out() -> None:
    settings = Settings.read({"DISCORD_TOKEN": " MTIz.a-b_c\n", "OPENAI_API_KEY": "sk-1\r\n", **NO_FILE})
    assert (settings.discord_token, settings.openai_api_key) == ("MTIz.a-b_c", "sk-1")


# ---- which .env is read


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """A project, the user's settings folder and a stranger's folder, which is the current one; nothing is named."""
    folders = {name: tmp_path / name for name in ("project", "home", "stranger")}
    for folder in folders.values():
        folder.mkdir()
    (folders["project"] / "pyproject.toml").touch()
    folders["user"] = folders["home"] / ".config" / "gapbrief"
    folders["user"].mkdir(parents=True)
    monkeypatch.setattr(core, "__file__", str(folders["project"] / "core" / "__init__.py"))
    monkeypatch.setenv("HOME", str(folders["home"]))
    monkeypatch.delenv(ENV_FILE)
    monkeypatch.chdir(folders["stranger"])
    return folders


def test_the_projects_dotenv_is_read_else_the_users_and_one_that_is_named_before_both(places: dict[str, Path]) -> None:
    assert env_file() is None
    for name in ("user", "project", "stranger"):
        (places[name] / ".env").write_text(f"GAPBRIEF_DB=/{name}.db\n")
    assert env_file() == places["project"] / ".env"
    assert env_file({ENV_FILE: ".env"}) == places["stranger"] / ".env"
    (places["project"] / ".env").unlink()
    assert Settings.read({}).db == Path("/user.db")


def test_what_was_installed_has_no_project(places: dict[str, Path]) -> None:
    (places["project"] / ".env").write_text("GAPBRIEF_DB=/beside/site-packages.db\n")
    (places["project"] / "pyproject.toml").unlink()
    assert env_file() is None


def test_a_strangers_dotenv_is_not_read_and_named_where_it_means_us(places: dict[str, Path]) -> None:
    file = places["stranger"] / ".env"
    file.write_text("DATABASE=theirs\n")
    assert ignored_env_file() is None
    file.write_text("GAPBRIEF_LLM_BASE_URL=http://127.0.0.1:6/v1\n")
    assert read_variables({}) == {}
    assert ignored_env_file() == file
    assert how_to_use(file) == f"{file} is not read; move it to {places['user']}/.env, or name it with --env-file"
    (places["project"] / ".env").hardlink_to(file)
    assert ignored_env_file() is None, "one that is read from where it belongs"


def test_a_dotenv_can_not_name_another(places: dict[str, Path]) -> None:
    (places["stranger"] / "other").write_text("GAPBRIEF_PORT=1\n")
    (places["user"] / ".env").write_text(f"{ENV_FILE}={places['stranger'] / 'other'}\n")
    assert read_variables({}) == {}


@pytest.mark.parametrize("named", ["/nowhere/.env", "/", "a\nb"])
def test_one_that_is_named_and_is_not_there_is_refused(named: str) -> None:
    with pytest.raises(DataError, match=r"GAPBRIEF_ENV_FILE, or --env-file, is .+, which is not a file; give the"):
        read_variables({ENV_FILE: named})


# ---- a key goes to its provider, or to an address of the same place

ELSEWHERE = {"GAPBRIEF_LLM_BASE_URL": "http://127.0.0.1:6/v1"}
KEY = {"OPENAI_API_KEY": "sk-geheim"}


def sourced(folder: Path, in_file: dict[str, str], in_environment: dict[str, str]) -> dict[str, str]:
    file = folder / ".env"
    file.write_text("".join(f"{name}={value}\n" for name, value in in_file.items()))
    return {ENV_FILE: str(file), **in_environment}


@pytest.mark.parametrize("is_address_in_file", [True, False])
def test_a_key_is_not_sent_to_an_address_from_another_place(tmp_path: Path, is_address_in_file: bool) -> None:
    file = str(tmp_path / ".env")
    sources = (ELSEWHERE, KEY) if is_address_in_file else (KEY, ELSEWHERE)
    with pytest.raises(DataError) as caught:
        Settings.read(sourced(tmp_path, *sources))
    address_from, key_from = (file, "the environment") if is_address_in_file else ("the environment", file)
    assert str(caught.value) == (
        f"OPENAI_API_KEY is from {key_from} and GAPBRIEF_LLM_BASE_URL from {address_from}; gapbrief sends a key only to"
        f" an address set in the same place, so set the key in {address_from} too"
        ' ("none" for a server that needs none).'
    )


@pytest.mark.parametrize(
    ("in_file", "in_environment", "key"),
    [
        (ELSEWHERE | KEY, {}, "sk-geheim"),
        ({}, ELSEWHERE | KEY, "sk-geheim"),
        (ELSEWHERE | {"OPENAI_API_KEY": "none"}, KEY, "none"),
        (KEY, ELSEWHERE | {"OPENAI_API_KEY": "sk-2"}, "sk-2"),
        (ELSEWHERE, {}, None),
        ({}, KEY, "sk-geheim"),
        ({"GAPBRIEF_LLM_BASE_URL": "https://api.openai.com/v1"}, KEY, "sk-geheim"),
    ],
)
def test_a_key_that_belongs_to_the_address_is_taken(
    tmp_path: Path, in_file: dict[str, str], in_environment: dict[str, str], key: str | None
) -> None:
    assert Settings.read(sourced(tmp_path, in_file, in_environment)).openai_api_key == key


@pytest.mark.parametrize("address", ["https://api.openai.com.evil.example/v1", "http://api.openai.com/v1"])
def test_what_only_looks_like_the_provider_is_none(tmp_path: Path, address: str) -> None:
    with pytest.raises(DataError, match="gapbrief sends a key only to an address set in the same place"):
        Settings.read(sourced(tmp_path, {"GAPBRIEF_LLM_BASE_URL": address}, KEY))


# ---- what can't be is refused, and no secret in it is shown


NO_KEY = "holds a space, a line break or another character that no key has; copy it again."
NO_URL = "; write a full address, which begins with https:// or http:// and has no name, “?” or “#”."
NO_PATH = ", which is not a path here; give a full path."
NO_STATE = (
    "is not a database address; write it as sqlite:////folder/state.db, or for PostgreSQL as"
    " postgresql://USER:PASSWORD@HOST/NAME."
)
MALFORMED = [
    "https://me:geheim@example.org", "https://me:ge/heim@example.org", "https://me:g@geheim@example.org/",
    "me:geheim@example.org", "https:/me:geheim@example.org", "https://example.org/?key=geheim",
    "https://example.org/#geheim", "ftp://me:geheim@h", "https://me:geheim", "https://me:geheim/x", "//me:geheim@h",
    "postgresql://me:geheim@h/db", "https://geheim@example.org", "me:geheim//@h",
]  # fmt: skip
REFUSED = [
    *(
        (name, key, NO_KEY)
        for name in ("DISCORD_TOKEN", "OPENAI_API_KEY")
        for key in ("geheim\nx", "geheim\x00", "geheim x", "gehéim", "\x1b[31mgeheim")
    ),
    ("GAPBRIEF_PUBLIC_URL", "http://localhost:8945/x?y=1", f'is "http://localhost:8945/x?…"{NO_URL}'),
    ("GAPBRIEF_LLM_BASE_URL", "http://localhost:8945/x?y=1", f'is "http://localhost:8945/x?…"{NO_URL}'),
    ("GAPBRIEF_DB", "postgresql://me:geheim@h/db", f'is "postgresql://***@h/db"{NO_PATH}'),
    ("GAPBRIEF_HOSTS", "a,https://b", 'holds "https://b"; separate names with commas, such as nas.lan, nas.home.'),
    ("GAPBRIEF_HOSTS", "*", 'holds "*"; separate names with commas, such as nas.lan, nas.home.'),
    ("GAPBRIEF_PROXIES", "*", 'holds "*"; separate addresses with commas, such as 10.0.0.2.'),
    ("GAPBRIEF_PROXIES", "proxy.lan", 'holds "proxy.lan"; separate addresses with commas, such as 10.0.0.2.'),
    ("GAPBRIEF_DATA", "/etc/passwd", 'is "/etc/passwd", which is a file; give a folder.'),
    ("GAPBRIEF_BACKUP_DIR", "/etc/passwd", 'is "/etc/passwd", which is a file; give a folder.'),
    *(
        ("GAPBRIEF_STATE_URL", address, NO_STATE)
        for address in ("mysql://gap:geheim@h/db", "gap:geheim@h", "/state.db")
    ),
]


@pytest.mark.parametrize(("name", "value", "fault"), REFUSED, ids=ascii)
def test_what_a_setting_can_not_be_is_refused_in_a_sentence(name: str, value: str, fault: str) -> None:
    with pytest.raises(DataError) as caught:
        Settings.read({name: value, **NO_FILE})
    assert str(caught.value) == f"{name} in the environment {fault}"


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        *((name, url, NO_URL) for name in ("GAPBRIEF_PUBLIC_URL", "GAPBRIEF_LLM_BASE_URL") for url in MALFORMED),
        *(("GAPBRIEF_DATA", path, NO_PATH) for path in ("~nobody-of-that-name/x", "a\x00b", "a\nb", "\x1b[31m")),
    ],
    ids=ascii,
)
def test_a_malformed_address_is_refused_without_what_is_secret_in_it(name: str, value: str, fault: str) -> None:
    with pytest.raises(DataError) as caught:
        Settings.read({name: value, **NO_FILE})
    sentence = str(caught.value)
    assert (sentence.startswith(f"{name} in the environment is "), sentence.endswith(fault)) == (True, True)
    assert sentence.isprintable()
    assert "geheim" not in sentence


@pytest.mark.parametrize(
    "plain", ["https://gap.example.org/x", "http://[::1]:8765", "/home/me@work/a:b@c.db", "~/x", "a@b", "C:/me@x"]
)
def test_what_holds_no_secret_is_shown_as_it_is(plain: str) -> None:
    assert mask(plain) == plain


def test_hosts_and_proxies_are_lists_with_commas() -> None:
    settings = Settings.read(
        {"GAPBRIEF_HOSTS": "NAS.lan., gap_1", "GAPBRIEF_PROXIES": "10.0.0.2,10.1.0.0/16 ,", **NO_FILE}
    )
    assert (settings.hosts, settings.proxies) == (("nas.lan", "gap_1"), ("10.0.0.2", "10.1.0.0/16"))


def test_several_that_are_wrong_are_counted_with_what_lists_them() -> None:
    with pytest.raises(DataError) as caught:
        Settings.read({"GAPBRIEF_PORT": "x", "GAPBRIEF_REFRESH": "maybe", "GAPBRIEF_HOSTS": "*", **NO_FILE})
    assert str(caught.value) == (
        'GAPBRIEF_REFRESH in the environment is "maybe"; write on or off. 2 more can\'t be read; `gapbrief doctor`'
        " lists them all."
    )


def test_a_file_of_settings_that_cant_be_read_is_refused_and_a_strangers_left_alone(
    places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    (places["stranger"] / ".env").touch()
    monkeypatch.setattr(Path, "read_text", refuse)
    assert ignored_env_file() is None
    (places["user"] / ".env").touch()
    with pytest.raises(DataError) as caught:
        read_variables({})
    assert str(caught.value) == (
        f"The settings in {places['user'] / '.env'} can't be read (Permission denied); let gapbrief's user read it, or"
        " name another with --env-file."
    )


# ---- misspelt variables


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("GAPBREIF_REFRESH", "GAPBRIEF_REFRESH"), ("GAP_BRIEF_PORT", "GAPBRIEF_PORT"),
        ("gapbrief_port", "GAPBRIEF_PORT"), ("GAPBRIEF_PROT", "GAPBRIEF_PORT"),
        ("GAPBRIEF_OPENAI_API_KEY", "OPENAI_API_KEY"), ("GAPBRIEF_ENVFILE", ENV_FILE), ("GAPBRIEF_LOG_LEVEL", None),
    ],
)  # fmt: skip
def test_a_misspelt_variable_has_the_nearest_setting(monkeypatch: pytest.MonkeyPatch, name: str, near: str) -> None:
    monkeypatch.setenv(name, "off")
    assert find_unknown() == {name: ("the environment", near)}


def test_a_strangers_variable_is_none_of_ours_and_in_our_file_a_near_miss_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISCORD_TOKENS", "PORT", "MISTRAL_API_KEY"):
        monkeypatch.setenv(name, "1")
    file = tmp_path / "mine.env"
    file.write_text("DISCORD_TOKN=1\nPORT=80\nGAPBREIF_PORT=\n")
    monkeypatch.setenv(ENV_FILE, str(file))
    assert find_unknown() == {"DISCORD_TOKN": (str(file), "DISCORD_TOKEN")}


def test_a_user_without_a_home_names_the_file_and_needs_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_: int) -> None:
        raise KeyError

    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    assert Settings.read({"GAPBRIEF_DB": "/var/lib/gapbrief/evidence.db"}).port == 8765
    with pytest.raises(
        DataError, match="There is no home folder for the evidence file; set GAPBRIEF_DB to a file's name"
    ):
        Settings.read({})
