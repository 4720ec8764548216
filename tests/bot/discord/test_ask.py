"""Free text: `/ask`, a mention, a direct message, a reply; follow-up questions; and what is left alone."""

import re
from datetime import timedelta
from typing import Any

import discord
from sqlalchemy import func, select

from bot.state import usage
from bot.state.conversation_key import ConversationKey
from bot.state.conversations import Memory
from bot.state.database import State
from bot.state.state_tables import TURNS
from tests.bot.discord.conftest import World, checked, labels, options, words

UNCLEAR = "How far behind is DeepSeek V4?"
MEANT = [f"model · {name}" for name in ("DeepSeek V4 Pro 0813", "DeepSeek V4 Flash 0731")]


# ---- a command


async def test_a_question_is_answered_and_how_it_was_understood_is_said(world: World) -> None:
    message = await world.slash("ask", question="How far behind is China on WeirdML?")
    assert message.content == "-# Understood as gap · WeirdML · China"
    assert "Open models from China stand" in words(message)
    assert labels(message) == ["How sure?", "By test", "Not what I asked"]
    checked(message.embeds)


async def test_what_is_no_question_of_ours_or_empty_is_told_what_is(world: World) -> None:
    message = await world.slash("ask", question="What is the capital of France?")
    assert message.ephemeral
    for refusal in (message, await world.mention("")):
        assert words(refusal).startswith("I can't answer that. Ask how far behind open AI models are")


async def test_what_can_mean_several_things_is_asked_back_with_buttons(world: World) -> None:
    message = await world.slash("ask", question=UNCLEAR)
    assert words(message) == "That can mean several things; choose one."
    assert labels(message)[:2] == MEANT
    assert "DeepSeek V4 Pro 0813" in words(await world.press(message, MEANT[0]))


async def test_an_offer_is_taken_by_its_button_by_yes_or_by_its_number(world: World) -> None:
    unread = "purple elephants dance around Kimi K3 forever"
    message = await world.slash("ask", question=unread)
    assert words(message) == "I'm not sure what you ask about Kimi K3."
    assert "model · Kimi K3" in labels(message)
    assert "Kimi K3" in words(await world.press(message, "model · Kimi K3"))
    for taken in ("1", "yes"):
        label = labels(await world.mention(unread))[0]
        assert (await world.mention(taken)).content == f"-# Understood as {label.partition(':')[0]}"


async def test_not_what_i_asked_shows_the_other_readings_and_counts_the_question(world: World, state: State) -> None:
    message = await world.slash("ask", question="How far behind is China on WeirdML?")
    others = await world.press(message, "Not what I asked")
    assert (others.ephemeral, words(others)) == (True, "Sorry, I misread that; choose what you meant.")
    assert len(labels(others)) > 1
    assert "WeirdML" in words(await world.press(others, labels(others)[0]))
    assert "Open models trail" in words(await world.mention("what is the gap?"))
    assert words(await world.mention("that is not what I asked")).startswith("Sorry, I misread that")
    with state.reading() as connection:
        assert [(use.purpose, use.outcome) for use in usage.list_since(connection) for _ in range(use.texts)] == [
            ("misread", "gap"), ("misread", "gap")
        ]  # fmt: skip


async def test_an_older_brief_follows_a_brief(world: World) -> None:
    newest, older = [(await world.mention(text)) for text in ("the newest brief", "an older one")]
    assert older.embeds[0].title != newest.embeds[0].title


async def test_the_longest_question_has_five_hundred_letters(world: World) -> None:
    [option] = [parameter for parameter in world.bot.tree.get_command("ask").parameters if parameter.name == "question"]
    assert (option.min_value, option.max_value) == (1, 500)


async def test_who_asks_for_a_brief_gets_it_as_by_its_own_command(world: World) -> None:
    asked_for = await world.slash("ask", question="show me the newest brief")
    own = await world.slash("brief")
    [shown], [shown_by_command] = asked_for.embeds, own.embeds
    assert (shown.title, shown.description) == (shown_by_command.title, shown_by_command.description)
    assert (labels(asked_for), options(asked_for)) == (labels(own), options(own))


# ---- a message


async def test_a_mention_that_asks_for_a_brief_is_answered_by_it_with_its_chart(world: World) -> None:
    message = await world.mention("the brief of 22 May 2026 please")
    assert message.embeds[0].author.name == "Written later · 22 May 2026"
    assert message.embeds[0].image.url.endswith("chart.png")
    none = await world.mention("the brief of 22 May 2019 please")
    assert "2019" in words(none)
    of_a_span = await world.mention("a brief from 1 March to 22 May 2026")
    assert of_a_span.embeds[0].author.name == "Written later · 22 May 2026"
    assert words(of_a_span) != words(message)
    impossible = await world.slash("ask", question="a brief from 1 August to 1 August 2026")
    assert "is not before the brief's day" in words(impossible)


async def test_a_mention_is_answered_by_a_reply_with_buttons_and_picture(world: World) -> None:
    message = await world.mention("what is the gap on private tests?")
    assert message.author.id == world.bot.user.id
    assert "Open models trail closed ones by " in words(message)
    assert message.reference is not None
    assert labels(message) == ["How sure?", "By test", "Not what I asked"]
    assert message.attachments[0].description.startswith("Kimi K3 matched closed scores on private tests after ")


async def test_the_reply_pings_nobody(world: World) -> None:
    await world.mention("what is the gap? @everyone")
    posts = [request for request in world.env.http_requests if request.method == "POST"]
    [sent] = [request.json for request in posts if request.path.endswith("/messages")]
    assert sent["allowed_mentions"] == {"parse": [], "replied_user": False}
    assert sent["enforce_nonce"] is True


async def test_a_direct_message_is_answered(world: World) -> None:
    await world.alice.send_dm("When did open models reach 80 % on GPQA?")
    answer = world.alice.user.dm_channel.last_message
    assert "GPQA Diamond, 80 %" in words(answer)


async def test_a_reply_to_our_message_is_answered(world: World) -> None:
    first = await world.mention("what is the gap?")
    answer = await world.mention("and on WeirdML?", reply_to=first)
    assert "WeirdML" in words(answer)


async def test_a_follow_up_continues_the_question_or_command_before_for_an_hour(world: World) -> None:
    await world.slash("gap", country="China")
    assert "Understood as gap · GPQA Diamond · China" in words(await world.slash("ask", question="and on GPQA?"))
    await world.mention("How far behind is China?")
    assert "Understood as gap · GPQA Diamond · China" in words(await world.mention("and on GPQA?"))
    await world.env.advance_time(3700)
    assert "China" not in words(await world.mention("What is the gap on GPQA?"))


async def test_what_somebody_else_or_elsewhere_asked_is_not_continued(world: World) -> None:
    await world.mention("How far behind is China?")
    assert "China" not in words(await world.mention("How far behind on GPQA?", world.bob))
    elsewhere = world.guild.create_text_channel("elsewhere")
    await world.alice.send(elsewhere, f"{world.bot.user.mention} How far behind on GPQA?")
    assert "China" not in words(elsewhere.last_message)


async def test_what_is_not_addressed_to_us_another_bot_and_an_edit_are_left_alone(world: World) -> None:
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    sent = [
        await who.send(world.channel, text)
        for who, text in (
            (world.alice, "@everyone what is the gap?"),
            (world.alice, "gapbrief, what is the gap?"),
            (robot, f"{world.bot.user.mention} what is the gap?"),
            (world.alice, "what is the gap?"),
        )
    ]
    await world.alice.edit(sent[-1], f"{world.bot.user.mention} what is the gap?")
    assert [message.id for message in world.channel.history()] == [message.id for message in sent]


# ---- hostile texts


HOSTILE = [
    "@everyone <@&123456789012345678> [click](https://evil.example) https://evil.example/x ||boo|| **b** `x` ```",
    "# big\n> quote\n- list <#123456789012345678> <t:0:R> </gap:1> <:x:123456789012345678>",
    "\u202egnorw\u200b \x00\x07 zalgo" + "\u0301" * 50,
    "a" * 400,
    "'; DROP TABLE notes; --",
]


async def test_a_hostile_question_or_name_is_shown_as_plain_text_if_at_all(world: World) -> None:
    for text in HOSTILE:
        message = await world.slash("ask", question=text)
        shown = "\n".join([message.content, *(embed.description or "" for embed in message.embeds)])
        assert "https://evil" not in shown
        assert not any(mark in shown for mark in ("\u202e", "\u200b\u200b", "\x00"))
        checked(message.embeds)
        message = await world.slash("model", model=text[:100])
        [embed] = message.embeds
        assert not re.search(r"https?://|(?<!\\)(?:[<`*_~|]|\[click\])|@everyone|[\u202e\x00]", embed.description)
        assert message.ephemeral


# ---- terms of any message


async def explained(world: World, message: Any, where: Any = None) -> set[str]:
    """Let Alice have the terms of a message explained, and return which are."""
    response = (await world.alice.context_menu(where or world.channel, "Explain the terms", message)).response
    assert response.ephemeral
    return {field.name for field in response.embeds[0].fields} or {words(response)}


async def test_the_terms_of_any_message_are_explained_in_private(world: World) -> None:
    message = await world.bob.send(world.channel, "Are open-weights models behind on private tests?")
    assert {"Open weights", "Private test"} <= await explained(world, message)
    none = await world.bob.send(world.channel, "Good morning!")
    assert await explained(world, none) == {"I know no term in this message. /terms lists those that I can explain."}


async def test_embeds_forwards_and_polls_are_read_for_terms_too(world: World) -> None:
    channel = world.bot.get_channel(world.channel.id)
    embed = discord.Embed(title="A closed model", description="…").add_field(name="x", value="a leaderboard")
    await channel.send(embed=embed)
    assert {"Closed model", "Leaderboard"} <= await explained(world, world.channel.last_message)
    message, elsewhere = (
        await world.bob.send(world.channel, "Open-weights models."),
        world.guild.create_text_channel("x"),
    )
    assert "Open weights" in await explained(world, await world.bob.forward(message, elsewhere), elsewhere)
    poll = discord.Poll("Will open-weights models catch up?", timedelta(hours=1))
    poll.add_answer(text="On a public test").add_answer(text="Never")
    await channel.send(poll=poll)
    assert {"Open weights", "Public test"} <= await explained(world, world.channel.last_message)


# ---- a question about any message


async def asked_about(world: World, message: Any) -> Any:
    """Let Alice ask about a message, and return the answer, which she alone sees."""
    answer = (await world.alice.context_menu(world.channel, "Ask about this", message)).response
    assert answer.ephemeral
    return answer


async def test_what_a_person_wrote_is_read_as_a_question_and_answered_in_private(world: World) -> None:
    message = await world.bob.send(world.channel, "How far behind is China on WeirdML?")
    answer = await asked_about(world, message)
    assert answer.content == "-# Understood as gap · WeirdML · China"
    assert "Open models from China stand" in words(answer)


async def test_our_own_answer_is_read_and_of_our_own_brief_the_title_alone(world: World) -> None:
    answer = await asked_about(world, await world.slash("gap", benchmark="WeirdML"))
    assert any("WeirdML" in label for label in labels(answer))
    brief = discord.Embed(title="Kimi K3 takes six open records", description="Which should I buy?")
    brief.set_author(name="Research · 28 September 2026")
    await world.bot.get_channel(world.channel.id).send(embed=brief)
    assert (await asked_about(world, world.channel.last_message)).content == "-# Understood as model · Kimi K3"


async def test_of_a_long_message_the_beginning_is_read_and_that_is_said(world: World) -> None:
    message = await world.bob.send(world.channel, f"What is the gap on WeirdML? {'bla ' * 200}")
    answer = await asked_about(world, message)
    assert "I read the first 500 characters of the message." in words(answer)


async def test_a_message_without_words_and_an_empty_one_say_so(world: World) -> None:
    pictures = await world.bob.send(world.channel, attachments=[("cat.png", b"x")])
    assert words(await asked_about(world, pictures)).startswith("I see no words in this message")
    small_talk = await world.bob.send(world.channel, "lol")
    assert words(await asked_about(world, small_talk)).startswith("I can't answer that.")


async def test_it_holds_to_the_channels_that_a_server_allows(world: World) -> None:
    message = await world.bob.send(world.channel, "What is the gap?")
    world.allow([world.guild.create_text_channel("bots").id])
    assert words(await asked_about(world, message)).startswith("On this server I only answer in other channels")


async def test_what_was_said_a_day_ago_is_deleted_though_nobody_goes_on_with_it(world: World, state: State) -> None:
    memory, here = Memory(state), ConversationKey("1")
    now = discord.utils.utcnow()
    memory.remember(here, {"question": "gap", "fields": {}}, now - timedelta(hours=25))
    await world.bot.forget_old_talk()
    with state.reading() as connection:
        assert connection.execute(select(func.count()).select_from(TURNS)).scalar() == 0
