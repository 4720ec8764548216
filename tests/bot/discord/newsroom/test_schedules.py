"""Schedules: set by a command or a form, with their next times for each reader, and what can't be is said at once."""

from typing import Any

import pytest
from discord.utils import utcnow

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
    return await room.read_answer("schedule add", **{**MONDAY, "channel": room.drafts, **options})


def kept(room: Room, number: int = 1) -> Schedule:
    schedule = schedules.by_id(room.state, number)
    assert schedule is not None
    return schedule


# ---- add


async def test_a_schedule_says_what_it_does_and_its_next_three_times_in_the_readers_own_time(room: Room) -> None:
    answer = await add(room)
    assert answer.splitlines() == [
        "Schedule 1 is set",
        f"Every Monday at 09:00 (Europe/Berlin), to <#{room.drafts.id}>, only when there is news, without asking"
        " first.",
        "",
        "**Next, in your own time**",
        *(f"{number}. {at}" for number, at in enumerate(MONDAYS, 1)),
        "Pause, resume, remove or run it now with /newsroom schedule.",
    ]
    schedule = kept(room)
    assert (schedule.rule, schedule.timezone) == ("0 9 * * MON", "Europe/Berlin")
    assert (schedule.only_news, schedule.ask_first, schedule.grace_minutes) == (True, False, 720)
    assert (schedule.guild_id, schedule.made_by) == (room.world.guild.id, room.alice.id)


async def test_a_schedule_for_once_has_one_next_time(room: Room) -> None:
    answer = await add(room, when="on 3 December at 9")
    assert answer.splitlines()[1].startswith("Once, on 3 December 2026 at 09:00 (Europe/Berlin), to <#")
    assert "1. <t:1796284800:F>" in answer  # 08:00 in UTC
    assert ", even without news, " in answer
    assert "2. <t:" not in answer
    assert "Next: <t:1796284800:F>" in await room.read_answer("schedule list")


async def test_every_wish_is_kept(room: Room) -> None:
    room.set(review_channel_id=room.drafts.id)
    answer = await add(
        room, channel=room.news, role=room.editors, only_news=False, ask_first=True, focus="private", grace_hours=2
    )
    assert (
        f"to <#{room.news.id}>, mentioning <@&{room.editors.id}>, even without news, on private tests only, after"
        " approval."
    ) in answer
    assert "Followers of the channel get it too" in answer
    schedule = kept(room)
    assert (schedule.role_id, schedule.only_news, schedule.ask_first) == (room.editors.id, False, True)
    assert (schedule.focus, schedule.grace_minutes) == ("private", 120)


async def test_what_can_not_be_says_what_to_do(room: Room) -> None:
    for options, reason in (
        ({"when": "every blue moon"}, 'I can\'t read "every blue moon" as a rule; write “every day at 9”'),
        ({"ask_first": True}, "Moderators need a channel for the drafts; choose one with /newsroom settings"),
        ({"role": room.world.guild.default_role}, "I never mention everyone; choose a role that people can join or"),
    ):
        assert reason in await add(room, **options)
    assert not schedules.list_schedules(room.state)


async def test_a_missing_permission_is_said_when_the_schedule_is_set(room: Room) -> None:
    quiet = room.quiet(send_messages=True)
    refusal = "I can't post in #quiet: I need Send Messages there; grant it under Channel settings › Permissions"
    assert (await add(room, channel=quiet)).startswith(refusal)
    room.set(review_channel_id=quiet.id)
    assert (await add(room, ask_first=True)).startswith(refusal)
    assert not schedules.list_schedules(room.state)


# ---- the one mention


async def test_the_role_and_nobody_else_is_mentioned(room: Room) -> None:
    await add(room, channel=room.news, role=room.editors)
    await room.slash("schedule run-now", schedule=1)
    await room.deliver()
    assert room.news.last_message.content == f"<@&{room.editors.id}>"
    [sent] = [
        request.json for request in room.world.env.http_requests if request.path == f"/channels/{room.news.id}/messages"
    ]
    assert sent["allowed_mentions"] == {"parse": [], "roles": [room.editors.id]}


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
    answer = await room.read_answer("schedule pause", schedule=1)
    assert answer == "Schedule 1 is paused; /newsroom schedule resume continues it."
    assert "Paused: a moderator paused it" in await room.read_answer("schedule list")
    assert await room.read_answer("schedule resume", schedule=1) == f"Schedule 1 is resumed: {' · '.join(MONDAYS)}"
    assert await room.read_answer("schedule remove", schedule=1) == "Schedule 1 is removed; what it posted stays."
    assert not schedules.list_schedules(room.state)
    await add(room)
    await room.slash("schedule run-now", schedule=2)  # and removed before its brief was sent
    assert await room.read_answer("schedule remove", schedule=2) == (
        "Schedule 2 is removed; what it posted stays. What waited to be sent of brief 1 is not sent any more;"
        " open it with /newsroom history to send it."
    )


async def test_what_is_run_now_is_posted_and_in_the_list_with_the_next_times(room: Room) -> None:
    await add(room)
    answer = await room.read_answer("schedule run-now", schedule=1)
    assert answer == f"Brief 1 is ready, and goes to <#{room.drafts.id}>; /newsroom history shows if it arrived."
    assert (await room.read_answer("schedule list")).splitlines() == [
        "Schedules",
        f"**1** · every Monday at 09:00 (Europe/Berlin), to <#{room.drafts.id}>, only when there is news,"
        " without asking first",
        f"- Next: {' · '.join(MONDAYS)}",
        "- Last: <t:1767225600:f> a brief was made",
    ]
    await room.deliver()
    assert room.drafts.last_message.embeds[0].title == BRIEF.title
    again = await room.read_answer("schedule run-now", schedule=1)
    assert again == "This schedule was run a moment ago; see the history."


async def test_what_asks_first_goes_to_the_moderators_channel_or_else_to_whoever_set_the_schedule(room: Room) -> None:
    room.set(review_channel_id=room.drafts.id)
    for when in ("every Monday at 9", "every day at 9"):
        await add(room, when=when, channel=room.news, ask_first=True)
    assert await room.read_answer("schedule run-now", schedule=1) == (
        "Draft 1 is ready, and goes to the moderators' channel for approval. It is also in /newsroom history."
    )
    room.set(review_channel_id=None)
    assert await room.read_answer("schedule run-now", schedule=2) == (
        "Draft 2 is ready, and goes to whoever set the schedule for approval, as there is no moderators' channel."
        " It is also in /newsroom history."
    )
    await room.deliver()
    for brief_id, target in ((1, f"discord:{room.drafts.id}"), (2, f"user:{room.alice.id}")):
        [item] = outbox.list_items(room.state, brief_id)
        assert (item.target, item.status) == (target, "sent")
    assert not kept(room).paused
    assert room.news.last_message is None


async def test_a_schedule_that_is_not_there_or_not_theirs(room: Room) -> None:
    with room.state.begin() as connection:
        schedules.add(connection, schedules.NewSchedule("0 9 * * *", "UTC"), room.now(), guild_id=5)
    for step in ("pause", "resume", "remove", "run-now"):
        for number in (1, 99):
            assert f"There is no schedule {number} here" in await room.read_answer(f"schedule {step}", schedule=number)


async def test_a_schedule_whose_channel_takes_nothing_any_more_does_not_go_on(room: Room) -> None:
    await add(room)
    await room.slash("schedule pause", schedule=1)
    room.world.env.backend.delete_channel(room.drafts.id)
    for step in ("resume", "run-now"):
        answer = await room.read_answer(f"schedule {step}", schedule=1)
        assert answer == f"Channel {room.drafts.id} is gone from this server, or takes no messages; choose another."


# ---- the list


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
    fields = [field["label"] for field in form.modal["components"]]
    assert fields == ["When", "Time zone", "Channel", "Role to mention", "How"]
    wish = {"when": "every Monday at 09:00", "zone": "europe/berlin", "channel": [room.drafts], "options": ["news"]}
    done = (await room.alice.submit_modal(form, {**wish, "role": [room.editors]})).response
    assert done.ephemeral
    assert words(done).startswith("Schedule 1 is set")
    schedule = kept(room)
    assert (schedule.focus, schedule.role_id, schedule.channel_id) == ("private", room.editors.id, room.drafts.id)
    assert (schedule.only_news, schedule.ask_first) == (True, False)
    assert room.kept().status == "draft"
    zone = (await plan(room)).modal["components"][1]["component"]
    assert zone["value"] == "Europe/Berlin"


@pytest.mark.slow
async def test_the_forms_choices_are_kept_and_a_rule_that_can_not_be_read_is_refused(room: Room) -> None:
    room.set(review_channel_id=room.drafts.id)
    wish = {"when": "daily", "zone": "UTC", "channel": [room.news], "options": ["ask"]}
    await room.alice.submit_modal(await plan(room), wish)
    assert (kept(room).only_news, kept(room).ask_first, kept(room).role_id) == (False, True, None)
    refused = (await room.alice.submit_modal(await plan(room), {**wish, "when": "soon"})).response
    assert words(refused).startswith('I can\'t read "soon" as a rule')


# ---- autocompletion


async def offered(room: Room, option: str, typed: str) -> dict[str, str]:
    choices = await room.alice.autocomplete(room.world.channel, "newsroom schedule add", option, typed)
    assert len(choices) <= 25
    assert all(len(choice["name"]) <= 100 for choice in choices)
    return {choice["value"]: choice["name"] for choice in choices}


async def test_every_rule_that_is_offered_can_be_read(room: Room) -> None:
    for rule in await offered(room, "when", ""):
        assert parse_rule(rule, "UTC", utcnow())


async def test_a_rule_that_is_typed_is_said_as_it_is_understood(room: Room) -> None:
    choices = await offered(room, "when", "every friday at 5pm")
    assert next(iter(choices.items())) == ("every friday at 5pm", "every friday at 5pm: every Friday at 17:00")
    choices = await offered(room, "when", "tomorrow at 17")
    assert next(iter(choices.values())) == "tomorrow at 17: once, on 2 January 2026 at 17:00"
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
    choices = await room.alice.autocomplete(room.world.channel, "newsroom schedule pause", "schedule", "mon")
    assert choices == [{"name": "1: every Monday at 09:00 (Europe/Berlin) to #drafts", "value": 1}]
    assert await room.alice.autocomplete(room.world.channel, "newsroom schedule pause", "schedule", "tue") == []
