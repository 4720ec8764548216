"""Settings: what can be set, from where, and that `.env.example` says just that."""

from dataclasses import fields
from pathlib import Path

import pytest

from bot.settings import Settings, env_example, given, variable
from core.errors import DataError
from tests.conftest import ROOT


def test_the_example_file_is_made_from_the_settings() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == env_example()


@pytest.mark.parametrize("each", fields(Settings), ids=lambda each: each.name)
def test_every_setting_says_what_it_is_for_and_its_default(each: object) -> None:
    assert each.metadata["description"].endswith(".")
    assert each.metadata["default"]
    assert f"# {variable(each.name)}=\n" in env_example()


def test_without_anything_the_home_folder_and_the_shipped_tables_are_used() -> None:
    settings = Settings.read({}, Path("/nowhere"))
    assert settings.db == Path.home() / ".local/share/gapbrief/evidence.db"
    assert settings.data == ROOT / "data"


def test_the_environment_goes_before_dotenv_and_dotenv_before_the_default(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GAPBRIEF_DB=/from/dotenv.db\nGAPBRIEF_DATA='/with a space/data'\nOTHER=1\n")
    settings = Settings.read({"GAPBRIEF_DB": "/from/environment.db"}, tmp_path)
    assert (settings.db, settings.data) == (Path("/from/environment.db"), Path("/with a space/data"))
    assert given({"GAPBRIEF_DB": "/from/environment.db"}, tmp_path) == {
        "GAPBRIEF_DB": ("/from/environment.db", "the environment"),
        "GAPBRIEF_DATA": ("/with a space/data", ".env"),
    }


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GAPBRIEF_DB=/from/dotenv.db\n")
    assert Settings.read({"GAPBRIEF_DB": ""}, tmp_path).db == Path("/from/dotenv.db")


def test_a_tilde_is_the_home_folder() -> None:
    assert Settings.read({"GAPBRIEF_DB": "~/mine.db"}, Path("/nowhere")).db == Path.home() / "mine.db"


@pytest.mark.parametrize("value", ["~nobody-of-that-name/x", "a\x00b", "a\nb", "\x1b[31m"])
def test_what_is_no_path_is_refused_in_one_line(value: str) -> None:
    with pytest.raises(DataError) as caught:
        Settings.read({"GAPBRIEF_DATA": value}, Path("/nowhere"))
    assert str(caught.value).startswith("GAPBRIEF_DATA in the environment is ")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("name", ["DISCORD_TOKEN", "OPENAI_API_KEY"])
@pytest.mark.parametrize("value", ["geheim\nx", "geheim\x00", "geheim x", "gehéim", "\x1b[31mgeheim"])
def test_what_can_be_no_key_is_refused_and_not_shown(name: str, value: str) -> None:
    with pytest.raises(DataError) as caught:
        Settings.read({name: value}, Path("/nowhere"))
    assert str(caught.value) == (
        f"{name} in the environment holds a space, a line break or a letter that no key has; copy it again."
    )


def test_spaces_around_a_key_are_left_out() -> None:
    settings = Settings.read({"DISCORD_TOKEN": " MTIz.a-b_c\n", "OPENAI_API_KEY": "sk-1\r\n"}, Path("/nowhere"))
    assert (settings.discord_token, settings.openai_api_key) == ("MTIz.a-b_c", "sk-1")


def test_a_folder_called_dotenv_is_no_settings_file(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert given({}, tmp_path) == {}


def test_hosts_and_proxies_are_lists_with_commas() -> None:
    settings = Settings.read(
        {"GAPBRIEF_HOSTS": "NAS.lan., gap_1", "GAPBRIEF_PROXIES": "10.0.0.2,10.1.0.0/16 ,"}, Path()
    )
    assert (settings.hosts, settings.proxies) == (("nas.lan", "gap_1"), ("10.0.0.2", "10.1.0.0/16"))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("HOSTS", "a,https://b", 'holds "https://b"; give names with commas between them, such as nas.lan.'),
        ("HOSTS", "*", 'holds "*"; give names with commas between them, such as nas.lan.'),
        ("PROXIES", "*", 'holds "*"; give addresses with commas between them, such as 10.0.0.2.'),
        ("PROXIES", "proxy.lan", 'holds "proxy.lan"; give addresses with commas between them, such as 10.0.0.2.'),
    ],
)
def test_what_is_no_host_and_no_address_of_a_proxy_is_named(name: str, value: str, says: str) -> None:
    with pytest.raises(DataError) as caught:
        Settings.read({f"GAPBRIEF_{name}": value}, Path("/nowhere"))
    assert str(caught.value) == f"GAPBRIEF_{name} {says}"


def test_no_secret_is_shown() -> None:
    """A setting marked secret must stay out of repr; as long as there is none, this says so."""
    for each in fields(Settings):
        assert each.repr != each.metadata.get("secret", False)
