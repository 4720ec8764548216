"""What a server sets: the channels that it allows and how its newsroom works; what is left when it removes gapbrief."""

from bot.state import audit, briefs, conversations, guilds, outbox, schedules, target_rows
from bot.state.conversation_key import ConversationKey
from bot.state.database import State
from bot.state.guilds import NewsroomSettings
from tests.bot.kept import allow_channels, set_newsroom
from tests.bot.newsroom.newsroom import NOW, made


def test_channels_are_set_anew_each_time_and_without_any_all_are_allowed(state: State) -> None:
    large = 2**63 - 1  # as Discord's ids are
    assert guilds.allowed_channels(state, 1) == frozenset()
    allow_channels(state, 1, [10, 11, 11])
    allow_channels(state, large, [large])
    assert guilds.allowed_channels(state, 1) == {10, 11}
    allow_channels(state, 1, [12])
    assert guilds.allowed_channels(state, 1) == {12}
    allow_channels(state, 1, [])
    assert guilds.allowed_channels(state, 1) == frozenset()
    assert guilds.allowed_channels(state, large) == {large}


def test_how_a_newsroom_works_is_kept_beside_the_channels(state: State) -> None:
    assert guilds.get_newsroom(state, 5) == NewsroomSettings()
    wanted = NewsroomSettings(moderator_role_id=1, review_channel_id=2, milestones_per_day=3, milestones_channel_id=4)
    set_newsroom(state, 5, wanted)
    allow_channels(state, 5, [8, 9])
    allow_channels(state, 5, [])
    assert guilds.get_newsroom(state, 5) == wanted
    set_newsroom(state, 6, NewsroomSettings(milestones_per_day=3))
    assert guilds.list_milestone_newsrooms(state) == {5: wanted}


def test_a_server_that_removes_gapbrief_leaves_nothing_but_posted_briefs_that_name_nobody(state: State) -> None:
    for guild in (5, 6):
        allow_channels(state, guild, [55])
        set_newsroom(state, guild, NewsroomSettings(1, 2, 3, 4))
        with state.begin() as connection:
            schedule_id = schedules.add(
                connection, schedules.NewSchedule("0 9 * * *", "UTC"), NOW, guild_id=guild, by=7
            )
            brief_id = briefs.add(connection, made(), at=NOW, guild_id=guild, by=7, status="posted")
            outbox.enqueue(connection, brief_id, 1, "post", ["discord:55"], NOW, schedule_id=schedule_id)
            target_rows.add(connection, kind="webhook", address="https://a.org", secret="s", at=NOW, guild_id=guild)  # noqa: S106
            audit.add_entry(connection, NOW, "made", guild_id=guild, who=7, brief_id=brief_id)
        key = ConversationKey(f"of {guild}", "7", str(guild))
        conversations.Memory(state).remember(key, {"question": "gap"}, NOW)
    guilds.forget(state, 5)
    guilds.forget(state, 404)
    assert [guilds.allowed_channels(state, guild) for guild in (5, 6)] == [frozenset(), {55}]
    assert [guilds.get_newsroom(state, guild) for guild in (5, 6)] == [NewsroomSettings(), NewsroomSettings(1, 2, 3, 4)]
    assert [schedule.guild_id for schedule in schedules.list_schedules(state)] == [6]
    assert [entry.guild_id for entry in audit.list_entries(state)] == [6]
    with state.begin() as connection:
        assert [len(target_rows.select_targets(connection, guild)) for guild in (5, 6)] == [0, 1]
    memory = conversations.Memory(state)
    assert [len(memory.recall(ConversationKey(f"of {guild}"), NOW)) for guild in (5, 6)] == [0, 1]
    for brief_id, who, status in ((1, None, "failed"), (2, 7, "pending")):
        kept = briefs.by_id(state, brief_id)
        assert kept.made_by == who
        assert [version.changed_by for version in briefs.list_versions(state, brief_id)] == [who]
        assert [item.status for item in outbox.list_items(state, brief_id)] == [status]
