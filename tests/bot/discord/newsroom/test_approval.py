"""A draft that a schedule made, in the channel where all moderators see it: decided once, by whoever comes first."""

import pytest

from bot.discord.newsroom.cards import review_buttons
from bot.state import audit
from tests.bot.discord.conftest import labels, words
from tests.bot.discord.newsroom.conftest import Room, opened, sent
from tests.bot.newsroom.newsroom import BRIEF


@pytest.mark.slow
async def test_a_schedules_draft_is_approved_once_by_whoever_comes_first(room: Room) -> None:
    draft = await room.draft_for_approval()
    assert labels(draft) == ["Approve", "Edit", "Discard"]
    before = room.drafts.last_message
    await room.press(draft, "Approve", room.bob)
    await room.deliver()
    assert room.news.last_message.embeds[0].title == BRIEF.title
    message = room.drafts.last_message
    assert message.id == before.id
    assert message.content.startswith(f"**Brief 1** · posted <t:1767225600:f> by <@{room.bob.id}>")
    assert labels(message) == []


@pytest.mark.slow
async def test_who_approves_what_another_discarded_is_told_so(room: Room) -> None:
    draft = await room.draft_for_approval()
    slow = await sent(room, review_buttons(1))
    await room.press(draft, "Discard", room.bob)
    assert words(await room.read_private_reply(slow, "Approve")) == "Brief 1 was discarded, so it can't be approved."
    notice = f"**Draft 1** · discarded <t:1767225600:f> by <@{room.bob.id}>"
    assert [message.content for message in room.drafts.history()] == [notice, notice]
    await room.deliver()
    assert room.news.last_message is None


async def test_a_draft_that_is_edited_is_so_for_all_moderators(room: Room) -> None:
    draft = await room.draft_for_approval()
    await room.edit(draft, "the gap is", "the gap was", room.bob)
    message = room.drafts.last_message
    assert "the gap was about 5 months" in words(message)
    assert f"edited by <@{room.bob.id}>" in message.content
    assert "Any moderator can approve, edit or discard it" in message.content
    assert message.embeds[0].footer.text.endswith("Draft of brief 1")
    await room.press(message, "Approve")
    await room.deliver()
    assert "the gap was about 5 months" in words(room.news.last_message)


async def test_a_schedules_draft_with_what_no_fact_has_is_posted_anyway(room: Room) -> None:
    draft = await room.draft_for_approval()
    await room.edit(draft, "about 5 months", "about 6 months", room.bob)
    message = room.drafts.last_message
    assert "\n  - “6 months”: no fact has this figure" in message.content
    assert r"about 6 months. \[an editor's, unchecked]" in message.content
    assert labels(message) == ["Post anyway", "Edit", "Undo", "Discard"]
    await room.press(message, "Post anyway")
    await room.deliver()
    assert "the gap is about 6 months" in words(room.news.last_message)
    assert (audit.list_entries(room.state, brief_id=1)[0].detail or "").startswith("anyway: “6 months”")


async def test_what_was_edited_meanwhile_is_not_approved_unseen(room: Room) -> None:
    draft = await room.draft_for_approval()
    room.edit_meanwhile("Open models trail\n- Others said so.")
    assert "was changed since you saw it" in words(await room.read_private_reply(draft, "Approve"))
    assert "Others said so." in words(room.drafts.last_message)
    assert room.kept().status == "draft"


async def test_a_draft_whose_schedule_is_gone_is_posted_from_the_history(room: Room) -> None:
    draft = await room.draft_for_approval()
    await room.slash("schedule remove", schedule=1)
    assert words(await room.read_private_reply(draft, "Approve")) == (
        "The schedule that made draft 1 was removed; open the draft with /newsroom history to post it."
    )
    card = await opened(room)
    assert labels(card) == ["Post", "Edit", "Discard", "Schedule"]


async def test_a_waiting_draft_can_be_approved_from_the_history(room: Room) -> None:
    await room.draft_for_approval()
    card = await opened(room)
    assert labels(card) == ["Approve", "Edit", "Discard"]
    assert card.ephemeral
    await room.press(card, "Approve")
    assert f"- on its way to <#{room.news.id}>" in card.content
