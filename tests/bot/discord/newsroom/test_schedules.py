"""Schedules: set by a command or a form, with their next times for each reader, and what can't be is said at once."""

from typing import Any

import pytest
from discord.utils import utcnow

from bot.newsroom import scheduling, workflow
from bot.newsroom.recurrence import parse_rule
from bot.state import outbox, schedules
from bot.state.schedules import Schedule
from tests.bot.discord.conftest import checked, words
from tests.bot.discord.newsroom.conftest import Room
from tests.bot.newsroom.newsroom import BRIEF

MONDAY = {"when": "every Monday at 09:00", "zone": "Europe/Berlin"}
MONDAYS = ("<t:1767600000:F>", "<t:1768204800:F>", "<t:1768809600:F>")  # 09:00 in Berlin is 08:00 in UTC, in January


async def add(room: Room, **options: Any) -> str:
    """Set a schedule, and return what is said."""
    return await room.said("schedule add", **{**MONDAY, "channel": room.drafts, **options})


def kept(room: Room, number: int = 1) -> Schedule:
    found = schedules.by_id(room.state, number)
    assert found is not None
    return found


# ---- add


async def test_a_schedule_says_what_it_does_and_its_next_three_times_in_the_readers_own_time(room: Room) -> None:
    said = await add(room)
    assert said.splitlines() == [
        "Schedule 1 is set",
        f"Every Monday at 09:00 (Europe/Berlin), to <#{room.drafts.id}>, only when there is news, without asking"
        " first.",
        "",
        "**Next, in your own time**",
        *(f"{number}. {at}" for number, at in enumerate(MONDAYS, 1)),
        "Pause, resume, remove or run it now with /newsroom schedule.",
    ]
    found = kept(room)
    assert (found.rule, found.timezone, found.only_news, found.ask_first) == (
        "0 9 * * MON",
        "Europe/Berlin",
        True,
        False,
    )
    assert (found.guild_id, found.made_by, found.grace_minutes) == (room.world.guild.id, room.alice.id, 720)


async def test_a_schedule_for_once_has_one_next_time(room: Room) -> None:
    said = await add(room, when="on 3 December at 9")
    assert said.splitlines()[1].startswith("Once, on 3 December 2026 at 09:00 (Europe/Berlin), to <#")
    assert "1. <t:1796284800:F>" in said  # 08:00 in UTC
    assert ", even without news, " in said
    assert "2. <t:" not in said
    assert "Next: <t:1796284800:F>" in await room.said("schedule list")


async def test_every_wish_is_kept(room: Room) -> None:
    room.set(review_channel_id=room.drafts.id)
    said = await add(
        room, channel=room.news, role=room.editors, only_news=False, ask_first=True, focus="private", grace_hours=2
    )
    assert (
        f"to <#{room.news.id}>, mentioning <@&{room.editors.id}>, even without news, on private tests only, after"
        " approval."
    ) in said
    assert "Followers of the channel get it too" in said
    found = kept(room)
    assert (found.role_id, found.only_news, found.ask_first) == (room.editors.id, False, True)
    assert (found.focus, found.grace_minutes) == ("private", 120)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"when": "every blue moon"}, 'I can\'t read "every blue moon" as a rule; write “every day at 9”'),
        ({"when": "* * * * *"}, "comes more than once an hour"),
        ({"zone": "Berlin"}, 'No time zone is called "Berlin"; do you mean Europe/Berlin'),
        ({"ask_first": True}, "Moderators need a channel for the drafts; choose one with /newsroom settings"),
    ],
)
async def test_what_can_not_be_says_what_to_do(room: Room, options: dict[str, Any], said: str) -> None:
    assert said in await add(room, **options)
    assert not schedules.list_schedules(room.state)


async def test_a_missing_permission_is_said_when_the_schedule_is_set(room: Room) -> None:
    quiet = room.quiet(send_messages=True)
    said = "I can't post in #quiet: I need Send Messages there; grant it under Channel settings › Permissions"
    assert (await add(room, channel=quiet)).startswith(said)
    room.set(review_channel_id=quiet.id)
    assert (await add(room, ask_first=True)).startswith(said)
    assert not schedules.list_schedules(room.state)


# ---- the one mention


async def test_the_role_and_nobody_else_is_mentioned(room: Room) -> None:
    await add(room, channel=room.news, role=room.editors)
    await room.slash("schedule run-now", schedule=1)
    await room.deliver()
    assert room.news.last_message.content == f"<@&{room.editors.id}>"
    [sent] = [each.json for each in room.world.env.http_requests if each.path == f"/channels/{room.news.id}/messages"]
    assert sent["allowed_mentions"] == {"parse": [], "roles": [room.editors.id]}


async def test_everyone_is_no_role_to_mention(room: Room) -> None:
    assert (
        await add(room, role=room.world.guild.default_role)
        == "I never mention everyone; choose a role that people can join or leave."
    )


async def test_a_role_that_i_may_not_mention_is_refused_with_what_to_do(room: Room) -> None:
    quiet = room.quiet(mention_everyone=True)
    assert (await add(room, channel=quiet, role=room.editors)).replace("\u200b", "") == (
        "I can't mention Editors in #quiet: allow anyone to mention it under Server settings › Roles, or grant me"
        " Mention @everyone, @here, and All Roles there."
    )
    free = room.world.guild.create_role("Readers", mentionable=True)
    assert (await add(room, channel=quiet, role=free)).startswith("Schedule 1 is set")


# ---- what is done with one


async def test_paused_resumed_and_removed(room: Room) -> None:
    await add(room)
    said = await room.said("schedule pause", schedule=1)
    assert said == "Schedule 1 is paused; /newsroom schedule resume continues it."
    assert "Paused: a moderator paused it" in await room.said("schedule list")
    assert await room.said("schedule resume", schedule=1) == f"Schedule 1 is resumed: {' · '.join(MONDAYS)}"
    assert await room.said("schedule remove", schedule=1) == "Schedule 1 is removed; what it posted stays."
    assert not schedules.list_schedules(room.state)


async def test_removed_before_its_brief_was_sent(room: Room) -> None:
    await add(room)
    await room.slash("schedule run-now", schedule=1)
    assert await room.said("schedule remove", schedule=1) == (
        "Schedule 1 is removed; what it posted stays. What waited to be sent of brief 1 is not sent any more;"
        " open it with /newsroom history to send it."
    )


async def test_what_is_run_now_is_posted(room: Room) -> None:
    await add(room)
    said = await room.said("schedule run-now", schedule=1)
    assert said == f"Brief 1 is ready, and goes to <#{room.drafts.id}>; /newsroom history shows if it arrived."
    await room.deliver()
    assert room.drafts.last_message.embeds[0].title == BRIEF.title
    again = await room.said("schedule run-now", schedule=1)
    assert again == "This schedule was run a moment ago; see the history."


@pytest.mark.parametrize(
    ("has_channel", "by_operator", "said"),
    [
        (True, False, "goes to the moderators' channel for approval."),
        (False, False, "goes to whoever set the schedule for approval, as there is no moderators' channel."),
        (False, True, "waits for approval."),
    ],
)
async def test_what_asks_first_goes_to_whoever_can_approve_it(
    room: Room, has_channel: bool, by_operator: bool, said: str
) -> None:
    room.set(review_channel_id=room.drafts.id)
    wish = schedules.NewSchedule("daily", "UTC", room.news.id, ask_first=True)
    who = workflow.OPERATOR if by_operator else room.actor()
    scheduling.add(room.state, wish, who, room.now(), guild_id=room.world.guild.id)
    if not has_channel:
        room.set(review_channel_id=None)
    expected = f"Draft 1 is ready, and {said} It is also in /newsroom history."
    assert await room.said("schedule run-now", schedule=1) == expected
    await room.deliver()
    targets = [f"discord:{room.drafts.id}"] if has_channel else [] if by_operator else [f"user:{room.alice.id}"]
    assert [item.target for item in outbox.list_items(room.state, 1) if item.status == "sent"] == targets
    assert not kept(room).paused
    assert room.news.last_message is None


@pytest.mark.parametrize("step", ["pause", "resume", "remove", "run-now"])
async def test_a_schedule_that_is_not_there_or_not_theirs(room: Room, step: str) -> None:
    with room.state.begin() as connection:
        schedules.add(connection, schedules.NewSchedule("0 9 * * *", "UTC"), room.now(), guild_id=5)
    for number in (1, 99):
        assert f"There is no schedule {number} here" in await room.said(f"schedule {step}", schedule=number)


async def test_a_schedule_whose_channel_takes_nothing_any_more_does_not_go_on(room: Room) -> None:
    await add(room)
    await room.slash("schedule pause", schedule=1)
    room.world.env.backend.delete_channel(room.drafts.id)
    for step in ("resume", "run-now"):
        said = await room.said(f"schedule {step}", schedule=1)
        assert said == f"Channel {room.drafts.id} is gone from this server, or takes no messages; choose another."


async def test_a_permanent_failure_tells_the_moderators_once_and_pauses(room: Room) -> None:
    room.set(review_channel_id=room.drafts.id)
    await add(room, channel=room.news)
    await room.slash("schedule run-now", schedule=1)
    room.world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    await room.deliver()
    [told] = room.drafts.history()
    assert "could not be posted" in words(told)
    assert kept(room).paused
    await room.deliver()
    assert len(room.drafts.history()) == 1
    assert "Paused: I lack a permission there" in await room.said("schedule list")


# ---- the list


async def test_the_list_has_next_and_last_times(room: Room) -> None:
    await add(room)
    await room.slash("schedule run-now", schedule=1)
    assert (await room.said("schedule list")).splitlines() == [
        "Schedules",
        f"**1** · every Monday at 09:00 (Europe/Berlin), to <#{room.drafts.id}>, only when there is news,"
        " without asking first",
        f"- Next: {' · '.join(MONDAYS)}",
        "- Last: <t:1767225600:f> a brief was made",
    ]


async def test_many_schedules_come_in_pages(room: Room) -> None:
    for hour in range(7):
        when, zone = f"15 {hour} 1,15 1-12 *", "America/Argentina/ComodRivadavia"
        await add(room, when=when, zone=zone, role=room.editors, focus="public")
    first = await room.answer("schedule list")
    checked(first.embeds)
    assert "**5**" in words(first)
    assert "**6**" not in words(first)
    second = (await room.press(first, "Next")).response
    assert "**7**" in words(second)


# ---- the form under a draft


async def plan(room: Room) -> Any:
    return await room.press(await room.new(channel=room.drafts, focus="private"), "Schedule")


async def test_the_form_under_a_draft_sets_a_schedule_for_briefs_like_it(room: Room) -> None:
    form = await plan(room)
    assert form.modal["title"] == "Schedule briefs like this"
    assert [each["label"] for each in form.modal["components"]] == [
        "When", "Time zone", "Channel", "Role to mention", "How",
    ]  # fmt: skip
    wish = {"when": "every Monday at 09:00", "zone": "europe/berlin", "channel": [room.drafts], "options": ["news"]}
    done = (await room.alice.submit_modal(form, {**wish, "role": [room.editors]})).response
    assert done.ephemeral
    assert words(done).startswith("Schedule 1 is set")
    found = kept(room)
    assert (found.focus, found.role_id, found.channel_id) == ("private", room.editors.id, room.drafts.id)
    assert (found.only_news, found.ask_first) == (True, False)
    assert room.kept().status == "draft"
    zone = (await plan(room)).modal["components"][1]["component"]
    assert zone["value"] == "Europe/Berlin"


async def test_the_forms_choices(room: Room) -> None:
    room.set(review_channel_id=room.drafts.id)
    wish = {"when": "daily", "zone": "UTC", "channel": [room.news], "options": ["ask"]}
    await room.alice.submit_modal(await plan(room), wish)
    assert (kept(room).only_news, kept(room).ask_first, kept(room).role_id) == (False, True, None)


async def test_a_form_with_a_rule_that_can_not_be_read_says_so(room: Room) -> None:
    wish = {"when": "soon", "zone": "UTC", "channel": [room.news]}
    refused = (await room.alice.submit_modal(await plan(room), wish)).response
    assert words(refused).startswith('I can\'t read "soon" as a rule')


# ---- autocompletion


async def offered(room: Room, option: str, typed: str) -> dict[str, str]:
    found = await room.alice.autocomplete(room.world.channel, "newsroom schedule add", option, typed)
    assert len(found) <= 25
    assert all(len(each["name"]) <= 100 for each in found)
    return {each["value"]: each["name"] for each in found}


async def test_every_rule_that_is_offered_can_be_read(room: Room) -> None:
    for rule in await offered(room, "when", ""):
        assert parse_rule(rule, "UTC", utcnow())


async def test_a_rule_that_is_typed_is_said_as_it_is_understood(room: Room) -> None:
    found = await offered(room, "when", "every friday at 5pm")
    assert next(iter(found.items())) == ("every friday at 5pm", "every friday at 5pm: every Friday at 17:00")
    found = await offered(room, "when", "tomorrow at 17")
    assert next(iter(found.values())) == "tomorrow at 17: once, on 2 January 2026 at 17:00"
    assert "every Monday at 09:00" in await offered(room, "when", "every x")
    assert await offered(room, "when", "x" * 3000)


async def test_zones_are_found_by_city_and_show_their_clock(room: Room) -> None:
    assert next(iter((await offered(room, "zone", "tok")).values())) == "Asia/Tokyo (now 09:00)"
    assert "America/New_York" in await offered(room, "zone", "new york")
    assert await offered(room, "zone", "nowhere at all") == {}
    assert "UTC" in await offered(room, "zone", "")
    await add(room, zone="Asia/Kathmandu")
    assert next(iter(await offered(room, "zone", ""))) == "Asia/Kathmandu"


async def test_schedules_are_offered_with_what_they_do(room: Room) -> None:
    await add(room)
    found = await room.alice.autocomplete(room.world.channel, "newsroom schedule pause", "schedule", "mon")
    assert found == [{"name": "1: every Monday at 09:00 (Europe/Berlin) to #drafts", "value": 1}]
    assert await room.alice.autocomplete(room.world.channel, "newsroom schedule pause", "schedule", "tue") == []
