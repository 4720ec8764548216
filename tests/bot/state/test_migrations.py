"""The state's schema, step by step from the first one on: nothing that was kept is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, text

import bot.state
from bot.state import audit, briefs, conversations, guilds, outbox, target_rows, usage
from bot.state.database import State, migrations, open_state, schema
from bot.state.notes import note
from bot.state.state_tables import METADATA
from bot.state.target_rows import TargetRow
from tests.bot.kept import holder
from tests.bot.publish.newsroom import NOW, made

SCRIPTS = Path(bot.state.__file__).parent / "migrations"


@contextmanager
def alembic(engine: Engine) -> Iterator[Config]:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        yield config


def steps() -> list[str]:
    """All migrations, the first one first."""
    return [each.revision for each in reversed(list(ScriptDirectory(str(SCRIPTS)).walk_revisions()))]


def test_each_file_is_named_by_its_number() -> None:
    assert migrations() == steps()


def differences(connection: Connection) -> list[object]:
    """What the database has otherwise than the tables say; SQLite's search has tables of its own."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    found = compare_metadata(context, METADATA)
    return [each for each in found if not (each[0] == "remove_table" and each[1].name.startswith("briefs_words"))]


def without_reuse(connection: Connection) -> set[str]:
    """The tables that never give an id twice."""
    query = text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'")
    return set(connection.execute(query).scalars())


def wanted_without_reuse() -> set[str]:
    return {each.name for each in METADATA.tables.values() if each.dialect_options["sqlite"]["autoincrement"]}


def old(tmp_path: Path, revision: str) -> Engine:
    """A state as an earlier version made it, with something in it."""
    engine = create_engine(f"sqlite:///{tmp_path / 'state.db'}", poolclass=NullPool)
    with alembic(engine) as config:
        command.upgrade(config, revision)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO notes VALUES ('commands:1', 'abc')"))
        connection.execute(text("INSERT INTO guilds (guild_id) VALUES (5)"))
        connection.execute(text("INSERT INTO guild_channels VALUES (5, 55)"))
    return engine


def test_the_migrations_are_one_line() -> None:
    assert steps() == ["s001", "s002", "s003", "s004", "s005", "s006"]


def test_a_new_state_is_what_the_tables_say(state: State) -> None:
    assert schema(state.engine) == steps()[-1]
    with state.engine.connect() as connection:
        assert differences(connection) == []


@pytest.mark.parametrize("revision", steps())
def test_a_state_of_any_version_becomes_the_newest_and_keeps_what_it_has(tmp_path: Path, revision: str) -> None:
    old(tmp_path, revision)
    opened = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    try:
        assert schema(opened.engine) == steps()[-1]
        assert note(opened, "commands:1") == "abc"
        assert guilds.allowed_channels(opened, 5) == {55}
        assert guilds.newsroom(opened, 5) == guilds.Newsroom()
        with opened.begin() as connection:
            brief_id = briefs.add(connection, made(), at=NOW, guild_id=5, by=7, status="posted")
        assert briefs.archive(opened, words="private") == []
        with opened.begin() as connection:
            guilds.publish(connection, 5, NOW)
        assert [kept.id for kept in briefs.archive(opened, words="private")] == [brief_id]
        with opened.engine.connect() as connection:
            assert differences(connection) == []
            assert without_reuse(connection) == wanted_without_reuse()
    finally:
        opened.close()


def test_a_newsrooms_state_gets_the_assistants_tables_and_keeps_its_rows(tmp_path: Path) -> None:
    with old(tmp_path, "s002").begin() as connection:
        connection.execute(text("UPDATE guilds SET milestones_per_day = 3"))
        connection.execute(text("INSERT INTO leases VALUES ('newsroom', 'somebody', '2026-11-25 09:00:00.000000')"))
        connection.execute(text("INSERT INTO audit (at, what) VALUES ('2026-11-25 09:00:00.000000', 'posted')"))
    opened = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    try:
        assert guilds.newsroom(opened, 5).milestones_per_day == 3
        assert holder(opened, "newsroom", NOW) == "somebody"
        assert [entry.what for entry in audit.trail(opened)] == ["posted"]
        with opened.begin() as connection:
            used = usage.Usage(NOW.date(), "answer", "fake", "answered", 1, 1, 90, 10, 1.0)
            usage.add(connection, used, ["all"])
            conversations.add(connection, "c", at=NOW, user=None, guild=None, asked="?", said="!", question=None)
        with opened.reading() as connection:
            assert usage.since(connection) == [used]
            assert len(conversations.turns(connection, "c")) == 1
    finally:
        opened.close()


@pytest.mark.parametrize("revision", ["s002", "s003"])
def test_targets_are_kept_and_no_new_one_gets_the_id_of_one_that_is_gone(tmp_path: Path, revision: str) -> None:
    with old(tmp_path, revision).begin() as connection:
        values = (2, 5, "webhook", "https://a.org/hook", "whsec_x", 7, "2026-11-25 09:00:00.000000")
        connection.exec_driver_sql("INSERT INTO guild_targets VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        brief_id = briefs.add(connection, made(), at=NOW, guild_id=5, by=7, status="posted")
        where = ["discord:987654321098765432", "webhook:2", "apprise:9", "user:77"]  # 9 was removed since
        outbox.put(connection, brief_id, 1, "post", where, NOW)
    opened = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    try:
        assert target_rows.listed(opened) == [TargetRow(2, 5, "webhook", "https://a.org/hook", "whsec_x")]
        with opened.begin() as connection:
            made_by_at = connection.execute(text("SELECT made_by, made_at FROM guild_targets")).one()
            assert made_by_at == (7, "2026-11-25 09:00:00.000000")
            new = target_rows.add(connection, kind="webhook", address="https://b.org", secret="", at=NOW, guild_id=6)
        assert new == 10
    finally:
        opened.close()


def test_the_first_target_of_a_state_without_any_is_the_first(tmp_path: Path) -> None:
    old(tmp_path, "s003")
    opened = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    try:
        with opened.begin() as connection:
            assert target_rows.add(connection, kind="webhook", address="https://b.org", secret="", at=NOW) == 1
    finally:
        opened.close()


def test_there_is_a_way_back(tmp_path: Path) -> None:
    engine = old(tmp_path, "head")
    for revision in reversed(["base", *steps()[:-1]]):
        with alembic(engine) as config:
            command.downgrade(config, revision)
    with engine.connect() as connection:
        names = {name for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))}
    assert names <= {"alembic_version", "sqlite_sequence"}
