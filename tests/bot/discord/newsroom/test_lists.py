"""The history and the audit trail: what is there, page by page, within Discord's limits, for this server alone."""

from datetime import timedelta

from bot.newsroom import workflow
from bot.state import audit
from tests.bot.discord.conftest import button, checked, labels, options, words
from tests.bot.discord.newsroom.conftest import Room
from tests.bot.newsroom.newsroom import made


def fill(room: Room, number: int, title: str = "A finding") -> None:
    """Have drafts made, one each minute."""
    person = room.actor()
    for index in range(1, number + 1):
        workflow.add_draft(room.state, made(f"{title} {index}"), person, room.now() + timedelta(minutes=index))


async def test_an_empty_history_says_how_to_begin_whatever_another_server_has(room: Room) -> None:
    workflow.add_draft(room.state, made(), workflow.OPERATOR, room.now(), guild_id=5)
    assert await room.read_answer("history") == (
        "Briefs\nThere are no briefs yet; /newsroom new writes one, and /newsroom schedule add schedules them."
    )
    nothing = await room.read_answer("schedule list")
    assert nothing == "Schedules\nThere are no schedules yet; /newsroom schedule add makes one."
    assert await room.read_answer("audit") == "Who did what\nNothing has been done here yet."


async def test_the_history_has_each_briefs_status_and_where_it_is(room: Room) -> None:
    for step in (None, "Post", "Discard"):
        card = await room.new(channel=room.drafts)
        if step:
            await room.press(card, step)
    await room.deliver()
    lines = [line for line in (await room.read_answer("history")).splitlines() if line]
    title = "Open models about 7.5 months behind on private tests, 5 on public"
    assert lines[1] == f"**3** · discarded <t:1767225600:d> · {title}"
    assert lines[2] == f"**2** · posted <t:1767225600:d> · {title}"
    assert lines[3].startswith(
        f"- in <#{room.drafts.id}> ([see it](https://discord.com/channels/{room.world.guild.id}/"
    )
    assert lines[4] == f"**1** · draft <t:1767225600:d> · {title}"


async def test_pages_are_turned_in_place_and_end(room: Room) -> None:
    fill(room, 12)
    page = await room.answer("history")
    assert labels(page) == ["Back", "Next"]
    assert button(page, "Back")["disabled"]
    seen = [words(page)]
    for _ in range(2):
        page = (await room.press(page, "Next")).response
        seen.append(words(page))
    assert button(page, "Next")["disabled"]
    numbers = [number for text in seen for number in range(12, 0, -1) if f"**{number}** ·" in text]
    assert numbers == list(range(12, 0, -1))
    back = (await room.press(page, "Back")).response
    assert words(back) == seen[1]


async def test_long_titles_and_many_failures_stay_within_the_limits(room: Room) -> None:
    fill(room, 5, "*_" * 99)
    page = await room.answer("history")
    assert labels(page) == []
    checked(page.embeds)
    assert "\\*\\_" in page.embeds[0].description
    assert all(len(label) <= 100 for label in options(page))


async def test_the_audit_trail_says_who_did_what_when(room: Room) -> None:
    await room.press(await room.draft_for_approval(), "Approve", room.bob)
    alice, bob, at = f"<@{room.alice.id}>", f"<@{room.bob.id}>", "<t:1767225600:f>"
    assert (await room.read_answer("audit")).splitlines()[1:] == [
        f"{at} {bob} posted brief 1",
        f"{at} {bob} approved brief 1",
        f"{at} a schedule made brief 1: schedule 1, due 2026-01-01 00:00 in UTC",
        f"{at} {alice} ran schedule 1",
        f"{at} {alice} set schedule 1: every day at 09:00 in UTC",
    ]


async def test_the_audit_trail_has_pages(room: Room) -> None:
    fill(room, 25)
    page = await room.answer("audit")
    assert page.embeds[0].description.count("\n") == 9
    page = (await room.press((await room.press(page, "Next")).response, "Next")).response
    assert page.embeds[0].description.count("\n") == 4
    assert button(page, "Next")["disabled"]


async def test_a_long_reason_is_no_markup_and_within_the_limits(room: Room) -> None:
    fill(room, 1)
    with room.state.begin() as connection:
        for _ in range(10):
            audit.add_entry(
                connection, room.now(), "withdrawn", guild_id=room.world.guild.id, who=2**63 - 1, brief_id=1,
                detail="[x](https://e.example) <@1> *" * 40,
            )  # fmt: skip
    page = await room.answer("audit")
    checked(page.embeds)
    assert "withdrew brief" in page.embeds[0].description
    assert "[x](https" not in page.embeds[0].description.replace("\\[", "")


async def test_a_schedules_own_post_says_so_on_its_card(room: Room) -> None:
    await room.slash("schedule add", when="daily", zone="UTC", channel=room.drafts)
    await room.slash("schedule run-now", schedule=1)
    card = (await room.alice.select(await room.answer("history"), ["1"])).response
    assert card.content.startswith("**Brief 1** · posted <t:1767225600:f> by a schedule\n")
