"""The state's schema, step by step from the first one on: nothing that was kept is lost."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
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
from bot.state.conversation_key import ConversationKey
from bot.state.database import State, list_migrations, open_state, read_schema
from bot.state.notes import read_note
from bot.state.state_tables import METADATA
from bot.state.target_rows import TargetRow
from tests.bot.kept import holder, spend
from tests.bot.newsroom.newsroom import NOW, add_target, made

SCRIPTS = Path(bot.state.__file__).parent / "migrations"


@contextmanager
def opened(file: Path) -> Iterator[State]:
    """A state, brought to the newest schema."""
    with closing(open_state(f"sqlite:///{file}")) as state:
        yield state


@contextmanager
def alembic(engine: Engine) -> Iterator[Config]:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        yield config


def steps() -> list[str]:
    """All migrations, the first one first."""
    return [step.revision for step in reversed(list(ScriptDirectory(str(SCRIPTS)).walk_revisions()))]


def differences(connection: Connection) -> list[object]:
    """What the database has otherwise than the tables say; SQLite's search has tables of its own."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    changes = compare_metadata(context, METADATA)
    return [step for step in changes if not (step[0] == "remove_table" and step[1].name.startswith("briefs_words"))]


WITHOUT_REUSE = text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'")
"""The tables that never give an id twice."""


def old(file: Path, revision: str) -> Engine:
    """A state as an earlier version made it, with something in it."""
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with alembic(engine) as config:
        command.upgrade(config, revision)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO notes VALUES ('commands:1', 'abc')"))
        connection.execute(text("INSERT INTO guilds (guild_id) VALUES (5)"))
        connection.execute(text("INSERT INTO guild_channels VALUES (5, 55)"))
    return engine


def test_the_migrations_are_one_line_and_each_file_is_named_by_its_number() -> None:
    assert list_migrations() == steps() == [f"s{number:03}" for number in range(1, 11)]


def test_a_new_state_is_what_the_tables_say(state: State) -> None:
    assert read_schema(state.engine) == steps()[-1]
    with state.engine.connect() as connection:
        assert differences(connection) == []


@pytest.mark.parametrize("revision", steps())
def test_a_state_of_any_version_becomes_the_newest_and_keeps_what_it_has(file: Path, revision: str) -> None:
    old(file, revision)
    with opened(file) as state:
        assert read_schema(state.engine) == steps()[-1]
        assert read_note(state, "commands:1") == "abc"
        assert guilds.allowed_channels(state, 5) == {55}
        assert guilds.get_newsroom(state, 5) == guilds.NewsroomSettings()
        with state.begin() as connection:
            brief_id = briefs.add(connection, made(), at=NOW, guild_id=5, by=7, status="posted")
        assert briefs.search_archive(state, words="private") == []
        with state.begin() as connection:
            guilds.make_public(connection, 5, NOW)
        assert [kept.id for kept in briefs.search_archive(state, words="private")] == [brief_id]
        with state.engine.connect() as connection:
            assert differences(connection) == []
            without_reuse = {
                table.name for table in METADATA.tables.values() if table.dialect_options["sqlite"]["autoincrement"]
            }
            assert set(connection.execute(WITHOUT_REUSE).scalars()) == without_reuse


def test_a_newsrooms_state_gets_the_assistants_tables_and_keeps_its_rows(file: Path) -> None:
    with old(file, "s002").begin() as connection:
        connection.execute(text("UPDATE guilds SET milestones_per_day = 3"))
        connection.execute(text("INSERT INTO leases VALUES ('newsroom', 'somebody', '2026-11-25 09:00:00.000000')"))
        connection.execute(text("INSERT INTO audit (at, what) VALUES ('2026-11-25 09:00:00.000000', 'posted')"))
    used = usage.Usage(NOW.date(), "answer", "fake", "answered", 1, 1, 90, 10, 1.0)
    with opened(file) as state:
        assert guilds.get_newsroom(state, 5).milestones_per_day == 3
        assert holder(state, "newsroom", NOW) == "somebody"
        assert [entry.what for entry in audit.list_entries(state)] == ["posted"]
        with state.begin() as connection:
            spend(connection, used, "all")
        with state.reading() as connection:
            assert usage.list_since(connection) == [used]
        memory, key = conversations.Memory(state), ConversationKey("c")
        memory.remember(key, {"question": "gap"}, NOW)
        assert len(memory.recall(key, NOW)) == 1


def test_what_servers_posted_before_the_rule_is_public_no_more_and_nothing_of_it_is_lost(file: Path) -> None:
    with old(file, "s004").begin() as connection:
        theirs, ours = (briefs.add(connection, made(), at=NOW, guild_id=whose, by=7) for whose in (5, None))
        for brief_id in (theirs, ours):
            briefs.set_status(connection, brief_id, "posted", NOW)
    with opened(file) as state:
        assert [kept.id for kept in briefs.search_archive(state)] == [ours]
        kept = briefs.by_id(state, theirs)
        assert (kept.status, kept.is_public, kept.brief) == ("posted", False, made().brief)
        with state.begin() as connection:
            assert guilds.make_public(connection, 5, NOW)
        assert theirs in [kept.id for kept in briefs.search_archive(state)]


@pytest.mark.parametrize("revision", ["s003", "s004", "s005", "s006"])
def test_no_word_of_a_conversation_is_kept_of_the_time_when_a_model_worded_answers(file: Path, revision: str) -> None:
    understood = '{"question": "gap", "fields": {}}'
    with old(file, revision).begin() as connection:
        for question in (understood, None):
            values = ("c", "2026-11-25 09:00:00.000000", "7", "5", "typed-by-ada", "No: open models lead", question)
            connection.exec_driver_sql(
                "INSERT INTO turns (conversation, at, user_id, guild_id, asked, said, question)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)", values,
            )  # fmt: skip
    with opened(file) as state:
        assert conversations.Memory(state).recall(ConversationKey("c"), NOW) == ({"question": "gap", "fields": {}},)
    with closing(sqlite3.connect(file)) as connection:
        assert not [line for line in connection.iterdump() if "typed-by-ada" in line or "open models lead" in line]


@pytest.mark.parametrize("revision", ["s002", "s003"])
def test_targets_are_kept_and_no_new_one_gets_the_id_of_one_that_is_gone(file: Path, revision: str) -> None:
    with old(file, revision).begin() as connection:
        values = (2, 5, "webhook", "https://a.org/hook", "whsec_x", 7, "2026-11-25 09:00:00.000000")
        connection.exec_driver_sql("INSERT INTO guild_targets VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        brief_id = briefs.add(connection, made(), at=NOW, guild_id=5, by=7, status="posted")
        where = ["discord:987654321098765432", "webhook:2", "apprise:9", "user:77"]  # 9 was removed since
        outbox.enqueue(connection, brief_id, 1, "post", where, NOW)
    with opened(file) as state:
        assert target_rows.list_targets(state) == [
            TargetRow(2, 5, "webhook", "https://a.org/hook", "whsec_x", "webhook-a.org-2")
        ]
        with state.begin() as connection:
            made_by_at = connection.execute(text("SELECT made_by, made_at FROM guild_targets")).one()
            assert made_by_at == (7, "2026-11-25 09:00:00.000000")
        new = add_target(state, address="https://b.org", guild_id=6)
        assert (new.id, new.name) == (10, "webhook-b.org-1")


def test_the_first_target_of_a_state_without_any_is_the_first(file: Path) -> None:
    old(file, "s003")
    with opened(file) as state:
        assert add_target(state).id == 1


def test_targets_of_before_they_had_names_get_one_each_and_no_secret_is_in_it(file: Path) -> None:
    at = "2026-11-25 09:00:00.000000"
    rows = [
        (1, None, "webhook", "https://hooks.example.org/s3cret/a", "whsec_x", None, 7, at),
        (2, 5, "webhook", "https://hooks.example.org/s3cret/b", "whsec_y", None, 7, at),
        (3, None, "apprise", "slack://s3cret/s3cret", None, None, 7, at),
        (4, None, "webhook", "gAAAAs3cret", "gAAAAs3cret", "key", 7, at),
    ]
    with old(file, "s008").begin() as connection:
        for row in rows:
            connection.exec_driver_sql(
                "INSERT INTO guild_targets (id, guild_id, kind, address, secret, key_id, made_by, made_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row,
            )  # fmt: skip
    with opened(file) as state:
        names = [target.name for target in target_rows.list_targets(state)]
    assert names == ["webhook-hooks.example.org-1", "webhook-hooks.example.org-2", "apprise-3", "webhook-4"]


def test_there_is_a_way_back(file: Path) -> None:
    engine = old(file, "head")
    for revision in reversed(["base", *steps()[:-1]]):
        with alembic(engine) as config:
            command.downgrade(config, revision)
    with engine.connect() as connection:
        names = {name for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))}
    assert names <= {"alembic_version", "sqlite_sequence"}


# ---- the copy that is made before


def copied(file: Path) -> tuple[str, str]:
    """Return the note and the version of the copy of a state of the first version."""
    with closing(sqlite3.connect(file.with_name("state.db.s001"))) as copy:
        (noted,) = copy.execute("SELECT value FROM notes WHERE name = 'commands:1'").fetchone()
        (version,) = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    return noted, version


def test_a_file_is_copied_before_it_is_migrated(file: Path) -> None:
    old(file, "s001")
    with opened(file):
        assert copied(file) == ("abc", "s001")


def test_a_copy_that_was_cut_short_is_made_anew(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_short(*_: object) -> None:
        raise KeyboardInterrupt

    old(file, "s001")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", cut_short)
        with pytest.raises(KeyboardInterrupt), opened(file):
            pass
    (partial,) = file.parent.glob("state.db.s001*")
    partial.write_bytes(partial.read_bytes()[:5000])
    with opened(file) as state:
        assert read_note(state, "commands:1") == "abc"
    assert [copy.name for copy in file.parent.glob("state.db.s001*")] == ["state.db.s001"]
    assert copied(file) == ("abc", "s001")
