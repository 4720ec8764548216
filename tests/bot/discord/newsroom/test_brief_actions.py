"""A brief in moderators' hands: previewed, edited, posted once, corrected, withdrawn; and who was quicker."""

from dataclasses import replace

import pytest

from bot.discord import components
from bot.discord.newsroom.handlers import button
from bot.newsroom import workflow
from bot.services import Services
from bot.state import audit
from core.brief import Bullet
from tests.bot.discord.conftest import button as button_of
from tests.bot.discord.conftest import checked, custom_ids, labels, words
from tests.bot.discord.newsroom.conftest import Room, defaults, opened, sent, styles, text_of
from tests.bot.newsroom.newsroom import BRIEF

GREY, GREEN = 2, 3
TO_POST = ["Post", "Edit", "Discard", "Schedule"]
POSTED = ["Correct", "Withdraw", "Look again"]


# ---- new


async def test_a_draft_is_shown_as_it_will_look_and_once_posted_its_card_says_where_it_is(room: Room) -> None:
    card = await room.new()
    assert card.content == (
        f"**Draft 1, as it will look** · written by a template\n-# Post sends it to <#{room.world.channel.id}>."
    )
    assert card.embeds[0].title == BRIEF.title
    assert [attachment.filename for attachment in card.attachments] == ["chart.png"]
    assert labels(card) == TO_POST
    checked(card.embeds)
    preview = [(embed.description, embed.footer.text) for embed in card.embeds]
    await room.press(card, "Post")
    assert f"- on its way to <#{room.world.channel.id}>" in card.content
    assert labels(card) == POSTED
    await room.deliver()
    posted = room.world.channel.last_message
    assert [(embed.description, embed.footer.text) for embed in posted.embeds] == preview
    await room.press(card, "Look again")
    link = f"https://discord.com/channels/{room.world.guild.id}/{room.world.channel.id}/{posted.id}"
    first, second = card.content.splitlines()
    assert first.startswith("**Brief 1** · posted <t:1767225600:f> by <@")
    assert second == f"- in <#{room.world.channel.id}> ([see it]({link}))"


@pytest.mark.slow
async def test_what_is_asked_for_reaches_the_writer_and_a_day_that_is_none_is_refused(room: Room) -> None:
    assert "is no date" in words(await room.new(since="31 June 2025"))
    await room.new(since="2026-11-01", focus="private")
    [(published, since, focus)] = room.writer.asked
    assert (published.isoformat(), str(since), focus) == ("2026-12-01", "2026-11-01", "private")


async def test_a_draft_of_the_shipped_data(room: Room) -> None:
    room.world.bot.services = Services(room.world.bot.services.settings, room.state)
    card = await room.new()
    assert "Overall, open models trail by about " in words(card)
    checked(card.embeds)


async def test_another_channel_can_be_chosen_before_and_after(room: Room) -> None:
    card = await room.new(channel=room.drafts)
    assert defaults(card, custom_ids(card)[0]) == [room.drafts.id]
    selection = await room.alice.select(card, [room.news])
    assert f"Post sends it to <#{room.news.id}>" in card.content
    assert "Followers of the channel get it too" in words(selection.followups[0])
    await room.press(card, "Post")
    await room.deliver()
    assert room.news.last_message.embeds[0].title == BRIEF.title
    assert room.drafts.last_message is None


async def test_a_channel_that_takes_no_brief_is_not_taken_and_says_what_is_missing(room: Room) -> None:
    quiet = room.quiet(embed_links=True, attach_files=True)
    card = await room.new()
    [refused] = (await room.alice.select(card, [quiet])).followups
    refusal = (
        "I can't post in #quiet: I need Embed Links and Attach Files there; grant it under Channel settings ›"
        " Permissions, then try again."
    )
    assert words(refused) == refusal
    assert defaults(card, custom_ids(card)[0]) == [room.world.channel.id]
    elsewhere = await room.new(channel=quiet)
    assert words(await room.read_private_reply(elsewhere, "Post")) == refusal
    assert room.kept(2).status == "draft"
    unread = await room.alice.select(card, [room.quiet(read_message_history=True)])  # it is taken with a word
    assert words(unread.followups[0]).startswith("Without Read Message History there I can't see")


async def test_where_no_brief_can_be_posted_a_channel_is_chosen_first(room: Room) -> None:
    card = (await room.alice.slash(room.world.guild.create_voice_channel("talk"), "newsroom new")).response
    assert "Choose a channel to post it in." in card.content
    assert button_of(card, "Post")["disabled"]


async def test_in_a_thread_it_is_posted_there(room: Room) -> None:
    await (await room.world.slash("gap")).message.create_thread(name="More")
    [thread] = room.world.channel.threads
    card = (await room.alice.slash(thread, "newsroom new")).response
    await room.press(card, "Post")
    await room.deliver()
    assert thread.last_message.embeds[0].footer.text.endswith("Brief 1")


# ---- post, discard, and who was quicker


async def test_a_discarded_draft_can_do_nothing_more(room: Room) -> None:
    first = await room.new()
    second = await opened(room, room.bob)
    await room.press(first, "Discard")
    assert first.content == f"**Draft 1** · discarded <t:1767225600:f> by <@{room.alice.id}>"
    assert labels(first) == []
    assert words(await room.read_private_reply(second, "Post", room.bob)) == (
        "Brief 1 was discarded, so it can't be posted."
    )
    assert labels(second) == []


async def test_what_was_edited_meanwhile_is_shown_before_it_is_posted(room: Room) -> None:
    card = await room.new()
    room.edit_meanwhile("Open models trail\n- Nothing else.")
    assert words(await room.read_private_reply(card, "Post")) == (
        "Brief 1 was changed since you saw it; look at it again as it stands now."
    )
    assert card.embeds[0].title == "Open models trail"
    assert f"edited by <@{room.bob.id}>" in card.content
    await room.press(card, "Post")
    assert room.kept().status == "posted"


async def test_what_failed_can_be_sent_again_once_somebody_looked(room: Room) -> None:
    card = await room.new(channel=room.drafts)
    await room.press(card, "Post")
    room.world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    await room.deliver()
    await room.press(card, "Look again")
    assert f"- not in <#{room.drafts.id}> (I lack a permission there" in card.content
    assert labels(card) == ["Correct", "Withdraw", "Send again", "Look again"]
    assert "could not be posted in" in words(room.alice.user.dm_channel.last_message)
    await room.press(card, "Send again")
    await room.deliver()
    assert room.drafts.last_message.embeds[0].title == BRIEF.title
    await room.press(card, "Look again")
    slow = await sent(room, components.make_view([button("Send again", "again", 1, 1, 0)]))
    assert words(await room.read_private_reply(slow, "Send again")).startswith("Brief 1 arrived")


# ---- edit


async def test_the_form_holds_the_title_all_bullets_and_the_terms(room: Room) -> None:
    form = await room.press(await room.new(), "Edit")
    assert form.modal["title"] == "Edit draft 1"
    assert text_of(form) == (
        "Open models about 7.5 months behind on private tests, 5 on public\n\n"
        "- On private tests, open models trail by about 7.5 months, likely between 5 and 10.\n"
        "- On public tests, the gap is about 5 months.\n"
        "  - 29 of 162 levels still wait.\n\n"
        "Terms:\nprivate test: A test whose questions are secret."
    )


FINDING = "“6 months”: no fact has this figure; the facts have “5 on public” (public tests)."


async def test_what_no_fact_has_stands_on_the_card_and_can_be_posted_anyway(room: Room) -> None:
    card = await room.new()
    await room.edit(card, "about 5 months", "about 6 months")
    assert card.content.splitlines()[1:] == [
        f"-# Post anyway sends it to <#{room.world.channel.id}>.",
        "- ~~On public tests, the gap is about 5 months.~~",
        r"- On public tests, the gap is about 6 months. \[yours, unchecked]",
        f"  - {FINDING}",
        "-# All other sentences are the machine's.",
    ]
    assert "the gap is about 6 months" in words(card)
    assert labels(card) == ["Post anyway", "Edit", "Undo", "Discard", "Schedule"]
    assert styles(card)[:2] == [GREY, GREEN]
    await room.press(card, "Post anyway")
    assert "the gap is about 6 months" in words(card)
    assert audit.list_entries(room.state, brief_id=1)[0].detail == f"anyway: {FINDING} 1 sentence unchecked."
    await room.deliver()
    assert "the gap is about 6 months" in words(room.world.channel.last_message)


@pytest.mark.slow
async def test_undo_goes_back_one_edit(room: Room) -> None:
    card = await room.new()
    await room.edit(card, "the gap is", "the gap was")
    await room.edit(card, "about 5 months", "about 6 months")
    await room.press(card, "Undo")
    assert "the gap was about 5 months" in words(card)
    assert "no fact" not in card.content
    assert labels(card) == ["Post", "Edit", "Undo", "Discard", "Schedule"]
    await room.press(card, "Undo")
    assert "the gap is about 5 months" in words(card)
    assert labels(card) == TO_POST
    assert card.content.startswith("**Draft 1, as it will look** · written by a template\n")
    trail = await room.read_answer("audit")
    assert f"<@{room.alice.id}> undid an edit of brief 1: bullet 2 now says “is about”, not “was about”." in trail


async def test_a_text_of_another_form_is_refused_and_given_back(room: Room) -> None:
    card = await room.new()
    form = await room.press(card, "Edit")
    typed = text_of(form) + "\n- See https://example.org and\ta tab"
    [refused] = (await room.alice.submit_modal(form, {"text": typed})).followups
    assert refused.ephemeral
    assert words(refused).startswith('"https://example.org" is a link; leave it out: a brief is plain text.')
    assert room.kept().version == 1
    assert labels(refused) == ["Edit again"]
    checked(refused.embeds)
    reopened = await room.press(refused, "Edit again")
    assert text_of(reopened).splitlines() == [*typed.splitlines()[:-1], "- See https://example.org and a tab"]
    await room.alice.submit_modal(reopened, {"text": typed.replace("https://example.org", "there")})
    assert refused.content.startswith("**Draft 1, as it will look**")
    assert room.kept().version == 2


async def test_who_edits_what_another_edited_meanwhile_keeps_what_they_wrote(room: Room) -> None:
    form = await room.press(await room.new(), "Edit")
    room.edit_meanwhile("Open models trail\n- Others said so.")
    [refused] = (await room.alice.submit_modal(form, {"text": "Open models trail\n- This is what we say."})).followups
    assert "was changed since you saw it" in words(refused)
    assert "- This is what we say." in words(refused)
    reopened = await room.press(refused, "Edit again")
    await room.alice.submit_modal(reopened, {"text": text_of(reopened)})
    assert room.kept().brief.bullets[0].text == "This is what we say."


async def test_the_longest_text_that_a_form_takes_comes_back_whole(room: Room) -> None:
    form = await room.press(await room.new(), "Edit")
    text = "Title\n" + "\n".join(f"- 99 {'x' * 900}" for _ in range(4))
    text += "\n- " + "y" * (4000 - len(text) - 3)
    assert len(text) == 4000
    [refused] = (await room.alice.submit_modal(form, {"text": text})).followups
    checked(refused.embeds)
    assert text_of(await room.press(refused, "Edit again")) == text


async def test_a_text_that_no_form_holds_says_what_does(room: Room) -> None:
    long = replace(BRIEF, bullets=tuple(Bullet("x" * 880) for _ in range(5)))
    made = replace(room.writer.write(BRIEF.published, None, None), brief=long)
    workflow.add_draft(room.state, made, room.actor(), room.now())
    card = await opened(room)
    refused = (await room.press(card, "Edit")).response
    assert words(refused) == ("The text of brief 1 is too long for a Discord form; ask the operator to change it.")


# ---- correct, withdraw


async def test_a_correction_changes_the_message_and_says_what_and_when(room: Room) -> None:
    card = await room.posted()
    await room.edit(card, "the gap is", "the gap was", label="Correct")
    assert "- corrected <t:1767225600:f> by" in card.content
    await room.deliver()
    message = room.world.channel.last_message
    assert "On public tests, the gap was about 5 months." in words(message)
    note = "**Corrected on 1 January 2026: bullet 2 now says “was about”, not “is about”.**"
    assert note in message.embeds[0].description.splitlines()[:2]
    assert len(room.world.channel.history()) == 1


@pytest.mark.slow
async def test_a_correction_with_what_no_fact_has_waits_for_who_wants_it_anyway(room: Room) -> None:
    await room.posted()
    form = await room.slash("correct", brief=1)
    typed = {"text": text_of(form).replace("about 5 months", "about 6 months"), "note": "A new count, of 1 June 2019"}
    done = await room.alice.submit_modal(form, typed)
    [asked] = done.followups or [done.response]
    checked(asked.embeds)
    warning = f"**Not in the facts:**\n- {FINDING}\n- In the note on what changed: “1 June 2019”: "
    assert words(asked).startswith(f"Readers do not see the correction yet.\n{warning}")
    assert labels(asked) == ["Correct anyway", "Edit again"]
    assert styles(asked) == [GREY, GREEN]  # the safe step stands out
    assert room.kept().version == 1
    again = await room.press(asked, "Edit again")
    assert again.modal["title"] == "Correct brief 1"
    assert [component["component"]["value"] for component in again.modal["components"]] == list(typed.values())
    await room.press(asked, "Correct anyway")
    correction = "A new count, of 1 June 2019. Bullet 2 now says “6 months”, not “5 months”."
    assert f"Corrected on 1 January 2026: {correction}" in words(asked)
    assert "the gap is about 6 months" in room.kept().brief.bullets[1].text
    detail = audit.list_entries(room.state, brief_id=1)[0].detail or ""
    assert detail.startswith(f"{correction} anyway: {FINDING} In the note")
    await room.deliver()
    assert "the gap is about 6 months" in words(room.world.channel.last_message)


async def test_what_is_not_posted_can_be_neither_corrected_nor_withdrawn(room: Room) -> None:
    await room.new()
    for step, done in (("correct", "corrected"), ("withdraw", "withdrawn")):
        assert await room.read_answer(step, brief=1) == (
            f"Brief 1 is not posted, so it can't be {done}; open it with /newsroom history to edit or discard it."
        )


async def test_a_withdrawal_is_asked_about_and_deletes_the_message(room: Room) -> None:
    card = await room.posted()
    form = await room.press(card, "Withdraw")
    assert form.modal["title"] == "Withdraw brief 1?"
    assert "This can't be undone." in form.modal["components"][0]["content"]
    assert room.kept().status == "posted"
    await room.alice.submit_modal(form, {"reason": "*wrong* name"})
    assert card.content.splitlines() == [
        f"**Brief 1** · withdrawn <t:1767225600:f> by <@{room.alice.id}>: \\*wrong\\* name",
        f"- being deleted in <#{room.world.channel.id}>",
    ]
    assert labels(card) == []
    await room.deliver()
    assert room.world.channel.history() == []
    trail = [(entry.what, entry.who) for entry in audit.list_entries(room.state, brief_id=1)]
    assert trail == [(what, room.alice.id) for what in ("withdrawn", "posted", "made")]


async def test_a_brief_is_withdrawn_by_the_command_too_and_once(room: Room) -> None:
    await room.posted()
    first, second = await room.slash("withdraw", brief=1), await room.slash("withdraw", room.bob, brief=1)
    done = (await room.alice.submit_modal(first, {})).response
    assert done.ephemeral
    assert "withdrawn" in done.content
    refused = await room.bob.submit_modal(second, {})
    replies = [*refused.followups, refused.response]
    assert any("Brief 1 is withdrawn already." in words(reply) for reply in replies)


async def test_posted_briefs_are_offered_by_number_and_title(room: Room) -> None:
    await room.posted()
    await room.new()
    for name in ("newsroom withdraw", "newsroom correct"):
        offered = await room.alice.autocomplete(room.world.channel, name, "brief", "open")
        assert [choice["value"] for choice in offered] == [1]
        assert offered[0]["name"].startswith("1: Open models about 7.5 months")
        assert await room.alice.autocomplete(room.world.channel, name, "brief", "nothing like it") == []
