"""The pretended Discord as people meet it: what they do, what the bot answers, what is refused or not offered."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import discord
import pytest

from tests.fakes.discord import (
    ChannelKind,
    FakeDiscord,
    Intent,
    NotOfferedError,
    Permission,
    World,
    running,
)
from tests.fakes.discord.pulse import until
from tests.fakes.example_bot import INTENTS, PNG, ExampleBot

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def online(bot: ExampleBot | None = None, **options: Any) -> AsyncIterator[tuple[FakeDiscord, ExampleBot]]:
    """Run a bot with a Discord of its own, and see that nothing of either is left."""
    async with FakeDiscord(**options) as fake, running(bot or ExampleBot(), fake.token) as client:
        yield fake, client
    await until(lambda: not left(), 1, "the end of all tasks")


def left() -> list[str]:
    """Return the tasks that are left, but for the clocks of its views, which discord.py doesn't stop."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    return [repr(each) for each in tasks if "timeout_task" not in repr(each)]


async def test_a_slash_command_is_answered() -> None:
    async with online() as (fake, _):
        it = await fake.slash(fake.world.user("ada"), fake.world.channel("general"), "figure", {"model": "Qwen 3"})
        assert await it.first_answer() is it
        assert it.messages[0].embeds[0]["title"] == "Figure"
        assert it.messages[0].text == "Figure\nQwen 3 in en-US"
        assert it.messages == fake.sent(it.channel)
        assert not it.deferred
        assert not it.refusals
        assert 0 < it.latency < 3


async def test_the_persons_language_is_told() -> None:
    async with online() as (fake, _):
        ada, general = fake.world.user("ada"), fake.world.channel("general")
        ada.locale = "fr"
        assert "in fr" in (await (await fake.slash(ada, general, "figure")).answered()).text
        assert "in de" in (await (await fake.slash(ada, general, "figure", locale="de")).answered()).text


async def test_a_promise_is_kept_by_an_edit_with_a_picture_and_a_followup() -> None:
    async with online() as (fake, bot):
        bot.pause = 0.05
        it = await fake.slash(fake.world.user("ada"), fake.world.channel("general"), "picture")
        await it.first_answer()
        assert it.deferred
        assert it.thinking
        assert it.messages == []
        assert fake.sent(it.channel) == []
        table = await it.answered(messages=2)
        picture = it.messages[0]
        assert not it.thinking
        assert picture.attachments[0].content == PNG
        assert picture.attachments[0].description == "A line that rises"
        assert table.attachments[0].content == b"a,b\n"
        assert picture.now.at - it.answered_at >= 0.05
        assert picture.edited_at is None


async def test_a_picture_inside_an_embed_is_shown_by_its_address() -> None:
    async with online() as (fake, bot):
        it = await fake.slash(fake.world.user("ada"), fake.world.channel("general"), "picture")
        await it.answered(messages=2)
        seen = await bot.get_channel(it.channel.id).fetch_message(it.messages[0].id)
        assert seen.attachments == []
        assert await bot.http.get_from_cdn(seen.embeds[0].image.url) == PNG
        table = await bot.get_channel(it.channel.id).fetch_message(it.messages[1].id)
        assert await table.attachments[0].read() == b"a,b\n"


async def test_private_answers_are_seen_by_one_person_only() -> None:
    async with online() as (fake, _):
        ada, mo, general = fake.world.user("ada"), fake.world.user("mo"), fake.world.channel("general")
        it = await fake.slash(ada, general, "figure", {"private": True})
        message = await it.answered()
        assert message.private
        assert fake.sent(general) == []
        with pytest.raises(NotOfferedError, match="mo does not see"):
            await fake.press(message, "More", mo)
        pressed = await fake.press(message, "More", ada)
        assert (await pressed.answered()).content == "more"


async def test_buttons_and_selects() -> None:
    async with online() as (fake, _):
        ada = fake.world.user("ada")
        message = await (await fake.slash(ada, fake.world.channel("general"), "figure")).answered()
        chosen = await fake.select(message, "Which", ["Gemma 3"], ada)
        assert (await chosen.answered()).content == "chose Gemma 3"
        later = await fake.press(message, "panel:later", ada)
        assert (await later.answered()).content == "later"
        assert later.deferred
        await fake.press(message, "More", ada)
        await fake.until(lambda: message.content == "more")
        assert [each.content for each in message.versions] == ["", "later", "more"]
        assert message.edited_at == message.now.at
        with pytest.raises(NotOfferedError, match="'Never' is disabled"):
            await fake.press(message, "Never", ada)
        with pytest.raises(NotOfferedError, match="no 'Less', but \\['More', 'Later', 'Never'\\]"):
            await fake.press(message, "Less", ada)
        with pytest.raises(NotOfferedError, match="GPT-2"):
            await fake.select(message, "Which", ["GPT-2"], ada)


async def test_a_button_of_before_a_restart_works() -> None:
    async with FakeDiscord() as fake:
        ada = fake.world.user("ada")
        async with running(ExampleBot(), fake.token):
            message = await (await fake.slash(ada, fake.world.channel("general"), "figure")).answered()
        async with running(ExampleBot(sync=False), fake.token):
            assert (await (await fake.press(message, "More", ada)).answered()).content == "more"


async def test_autocompletion() -> None:
    async with online() as (fake, _):
        ada, general = fake.world.user("ada"), fake.world.channel("general")
        it = await fake.autocomplete(ada, general, "figure", "model", "gem", {"private": True})
        await it.first_answer()
        assert it.choices == [{"name": "Gemma 3", "value": "Gemma 3"}]
        assert it.messages == []
        with pytest.raises(NotOfferedError, match="no autocompletion"):
            await fake.autocomplete(ada, general, "figure", "private", "t")


async def test_a_modal() -> None:
    async with online() as (fake, _):
        opened = await (await fake.slash(fake.world.user("ada"), fake.world.channel("general"), "ask")).first_answer()
        assert opened.modal["title"] == "Ask"
        sent = await fake.submit_modal(opened, {"Question": "why?", "About": ["Gemma 3"]})
        assert (await sent.answered()).content == "asked why? about Gemma 3"
        for reason, filled in [
            ("'Question' takes 0 to 50", {"Question": "y" * 51, "About": ["Gemma 3"]}),
            ("the select has no \\['GPT-2'\\]", {"Question": "y", "About": ["GPT-2"]}),
            ("takes 1 to 1 values", {"Question": "y"}),
            ("no fields \\['Answer'\\]", {"Question": "y", "About": ["Gemma 3"], "Answer": "z"}),
        ]:
            with pytest.raises(NotOfferedError, match=reason):
                await fake.submit_modal(opened, filled)


async def test_context_menus() -> None:
    async with online() as (fake, _):
        ada, mo, general = fake.world.user("ada"), fake.world.user("mo"), fake.world.channel("general")
        message = await fake.say(mo, general, "open weights")
        it = await fake.context_menu(ada, general, message, "Explain")
        assert (await it.answered()).content == "explains open weights"
        it = await fake.context_menu(ada, general, mo, "Who")
        assert (await it.answered()).content == "is mo"


async def test_a_subcommand_with_all_kinds_of_options() -> None:
    async with online() as (fake, _):
        mo, news = fake.world.user("mo"), fake.world.channel("news")
        options = {"channel": news, "form": "Short brief", "times": 2, "author": mo}
        it = await fake.slash(mo, fake.world.channel("general"), "newsroom post", options)
        assert (await it.answered()).content == "posted"
        assert [each.content for each in fake.sent(news)] == ["short 2 mo"]
        assert fake.sent(news)[0].published


async def test_what_is_not_offered() -> None:
    async with online() as (fake, _):
        ada, mo, general = fake.world.user("ada"), fake.world.user("mo"), fake.world.channel("general")
        news = fake.world.channel("news")
        stranger = fake.world.add_user("stranger")
        for reason, user, channel, command, options in [
            ("no command 'gap' is registered here, but \\['figure'", ada, general, "gap", {}),
            ("asks for permissions 32", ada, general, "newsroom post", {}),
            ("needs one of its subcommands", mo, general, "newsroom", {}),
            ("needs \\['channel', 'form'\\]", mo, general, "newsroom post", {}),
            ("no choice 'long'", mo, general, "newsroom post", {"channel": news, "form": "long"}),
            ("'times' does not take 4", mo, general, "newsroom post", {"channel": news, "form": "short", "times": 4}),
            ("no option 'colour'", ada, general, "figure", {"colour": "red"}),
            ("does not take 'yes'", ada, general, "figure", {"private": "yes"}),
            ("may not use commands", stranger, general, "figure", {}),
            ("contexts \\[0\\]", mo, fake.world.dm(mo), "newsroom post", {}),
            ("isn't installed", ada, fake.world.conversation(ada, mo), "figure", {}),
        ]:
            with pytest.raises(NotOfferedError, match=reason):
                await fake.slash(user, channel, command, options)
        assert not fake.interactions


async def test_an_app_of_ones_own_follows_a_person_everywhere() -> None:
    async with online() as (fake, _):
        ada, mo = fake.world.user("ada"), fake.world.user("mo")
        away = fake.world.add_guild("Away", has_bot=False)
        away.join(ada)
        ada.installed_app = True
        for channel in (away.channel("general"), fake.world.conversation(ada, mo), fake.world.dm(ada)):
            it = await fake.slash(ada, channel, "figure")
            assert (await it.answered()).text.startswith("Figure")


async def test_messages_are_read_only_where_the_bot_is_meant() -> None:
    async with online() as (fake, _):
        ada, mo, general = fake.world.user("ada"), fake.world.user("mo"), fake.world.channel("general")
        await fake.say(mo, general, "not for the bot")
        asked = await fake.say(ada, general, f"{fake.world.bot.mention} hello")
        heard = await fake.reply(asked)
        assert heard.content == f"heard {fake.world.bot.mention} hello"
        assert heard.pings == frozenset()
        assert len(general.typing) == 1
        again = await fake.say(ada, general, "and now?", reply_to=heard)
        assert (await fake.reply(again)).content == "heard and now?"
        await fake.say(ada, general, "and without ping?", reply_to=heard, ping=False)
        direct = await fake.say(ada, fake.world.dm(ada), "just us")
        assert (await fake.reply(direct)).content == "heard just us"
        await fake.settled()
        assert len(fake.sent(general)) == 2


async def test_with_the_privileged_intent_all_is_read() -> None:
    intents = INTENTS | discord.Intents(message_content=True)
    async with online(ExampleBot(intents=intents), privileged=Intent.MESSAGE_CONTENT) as (fake, _):
        said = await fake.say(fake.world.user("mo"), fake.world.channel("general"), "for everyone")
        assert (await fake.reply(said)).content == "heard for everyone"


async def test_people_edit_and_delete() -> None:
    async with online() as (fake, bot):
        said = await fake.say(fake.world.user("ada"), fake.world.dm(fake.world.user("ada")), "first")
        heard = await fake.reply(said)
        await fake.edit(said, "second")
        await fake.delete(heard)
        await fake.settled()
        assert bot.events[-2:] == ["MESSAGE_UPDATE", "MESSAGE_DELETE"]
        assert fake.sent(said.channel) == []


async def test_a_nonce_is_enforced() -> None:
    async with online() as (fake, bot):
        general = bot.get_channel(fake.world.channel("general").id)
        first = await general.send("once", nonce="brief-1")
        second = await general.send("once", nonce="brief-1")
        assert first.id == second.id
        await general.send("once", nonce="brief-2")
        assert len(fake.sent(fake.world.channel("general"))) == 2


async def test_history_edits_deletions_and_threads() -> None:
    async with online() as (fake, bot):
        lab = fake.world.guild("Lab")
        general = bot.get_channel(lab.channel("general").id)
        messages = [await general.send(str(number)) for number in range(5)]
        assert [each.content async for each in general.history(limit=3)] == ["4", "3", "2"]
        assert [each.content async for each in general.history(before=messages[2])] == ["1", "0"]
        assert [each.content async for each in general.history(after=messages[2], oldest_first=True)] == ["3", "4"]
        await messages[0].edit(content="changed", attachments=[discord.File(__file__)])
        await messages[0].edit(attachments=[])
        assert [len(each.attachments) for each in fake.sent(lab.channel("general"))[0].versions] == [0, 1, 0]
        await messages[1].delete()
        assert [each.content for each in fake.sent(lab.channel("general"))] == ["changed", "2", "3", "4"]
        thread = await messages[2].create_thread(name="talk")
        await thread.send("inside")
        assert [each.content for each in fake.sent(lab.channel("talk"))] == ["inside"]


@pytest.mark.parametrize(
    ("deny", "code"),
    [
        (Permission.SEND_MESSAGES, 50013),
        (Permission.EMBED_LINKS, 50013),
        (Permission.ATTACH_FILES, 50013),
        (Permission.VIEW_CHANNEL, 50001),
    ],
)
async def test_missing_permissions_are_refused(deny: Permission, code: int) -> None:
    async with online() as (fake, bot):
        news = fake.world.channel("news")
        channel = bot.get_channel(news.id)
        news.overwrite(fake.world.guild("Lab").bot_role, deny=deny)
        await fake.settled()
        assert channel.permissions_for(channel.guild.me).value & deny == 0
        with pytest.raises(discord.Forbidden) as refusal:
            await channel.send("x", embed=discord.Embed(title="x"), file=discord.File(__file__))
        assert refusal.value.code == code


async def test_other_refusals() -> None:
    async with online(attachment_limit=1000) as (fake, bot):
        ada, general = fake.world.user("ada"), bot.get_channel(fake.world.channel("general").id)
        his = await general.fetch_message((await fake.say(ada, fake.world.channel("general"), "mine")).id)
        ours = await general.send("ours")
        ada.accepts_messages = False
        gone = bot.get_channel(fake.world.guild("Lab").add_channel("gone").id) or await bot.fetch_channel(
            fake.world.channel("gone").id
        )
        fake.world.guild("Lab").remove_channel(fake.world.channel("gone"))
        for code, attempt in [
            (10003, gone.send("x")),
            (10008, general.fetch_message(1)),
            (10013, bot.fetch_user(1)),
            (10004, bot.fetch_guild(1)),
            (40005, general.send(file=discord.File(__file__))),
            (50005, bot.http.edit_message(general.id, his.id, params=discord.http.handle_message_parameters("x"))),
            (50006, general.send("")),
            (50007, (await bot.fetch_user(ada.id)).send("x")),
            (50024, ours.publish()),
            (50013, his.delete()),
        ]:
            with pytest.raises(discord.HTTPException) as refusal:
                await attempt
            assert refusal.value.code == code


def embed(**parts: Any) -> discord.Embed:
    return discord.Embed.from_dict(parts)


def fields(count: int, name: str = "n", value: str = "v") -> list[dict[str, str]]:
    return [{"name": name, "value": value}] * count


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        ({"content": "x" * 2001}, "In content: Must be 2000 or fewer in length."),
        ({"embed": embed(title="x" * 257)}, "In embeds.0.title: Must be 256 or fewer"),
        ({"embed": embed(description="x" * 4097)}, "In embeds.0.description: Must be 4096"),
        ({"embed": embed(fields=fields(26))}, "In embeds.0.fields: Must be 25"),
        ({"embed": embed(fields=fields(1, name="x" * 257))}, "In embeds.0.fields.0.name: Must be"),
        ({"embed": embed(fields=fields(1, value="x" * 1025))}, "In embeds.0.fields.0.value: Must be"),
        ({"embed": embed(fields=fields(1, value=" "))}, "In embeds.0.fields.0.value: This field is required"),
        ({"embed": embed(footer={"text": "x" * 2049})}, "In embeds.0.footer.text: Must be 2048"),
        ({"embeds": [embed(description="x" * 3001)] * 2}, "In embeds: Embed size exceeds maximum size of 6000"),
        ({"view": "x" * 81}, "In components.0.components.0.label: Must be 80"),
    ],
)
async def test_messages_beyond_the_limits_are_refused(sent: dict[str, Any], complaint: str) -> None:
    async with online() as (fake, bot):
        if "view" in sent:
            view = discord.ui.View()
            view.add_item(discord.ui.Button(label=sent["view"]))
            sent = {"view": view}
        with pytest.raises(discord.HTTPException) as refusal:
            await bot.get_channel(fake.world.channel("general").id).send(**sent)
        assert refusal.value.code == 50035
        assert complaint in str(refusal.value)


async def test_the_longest_message_is_accepted() -> None:
    async with online() as (fake, bot):
        longest = embed(title="x" * 256, fields=fields(4, "n" * 256, "v" * 1024), footer={"text": "x" * 624})
        await bot.get_channel(fake.world.channel("general").id).send("x" * 2000, embed=longest)
        assert len(fake.sent(fake.world.channel("general"))) == 1


async def test_too_many_or_too_long_choices_are_refused() -> None:
    async with online() as (fake, bot):
        ada, general = fake.world.user("ada"), fake.world.channel("general")
        for choices in (["a"] * 26, ["a" * 101]):
            bot.choices = choices
            it = await fake.autocomplete(ada, general, "figure", "model", "")
            await fake.until(lambda it=it: it.refusals)
            assert it.refusals[0].code == 50035
            assert it.choices is None


async def test_commands_keep_their_ids_and_are_counted() -> None:
    async with online() as (fake, bot):
        assert len(fake.called("PUT */commands")) == 1
        before = fake.commands.all()
        await bot.tree.sync()
        assert fake.commands.all() == before
        bot.tree.remove_command("silent")
        await bot.tree.sync()
        assert {each["id"] for each in fake.commands.all()} < {each["id"] for each in before}
        lab = fake.world.guild("Lab")
        bot.tree.copy_global_to(guild=lab)
        await bot.tree.sync(guild=lab)
        assert len(fake.commands.all(lab.id)) == len(fake.commands.all())
        it = await fake.slash(fake.world.user("ada"), lab.channel("general"), "figure")
        await it.first_answer()
        assert it.data["guild_id"] == str(lab.id)
        assert [each.name for each in await bot.tree.fetch_commands()] == [each["name"] for each in fake.commands.all()]
        assert len(fake.called("PUT */commands")) == 4


async def test_a_world_that_changes() -> None:
    world = World()
    async with online(world=world) as (fake, bot):
        joined = asyncio.ensure_future(bot.wait_for("guild_join"))
        await asyncio.sleep(0)
        club = world.add_guild("Club")
        assert (await joined).name == "Club"
        talk = club.add_channel("talk")
        thread = club.add_channel("aside", ChannelKind.PUBLIC_THREAD, talk)
        club.join(world.bot, club.add_role("vip", Permission.MANAGE_MESSAGES))
        await fake.settled()
        assert bot.get_channel(talk.id).permissions_for(bot.guilds[0].me).manage_messages
        await bot.get_channel(thread.id).send("here")
        assert fake.sent(thread)[0].content == "here"
        await bot.guilds[0].leave()
        await fake.settled()
        assert list(bot.guilds) == []


async def test_waiting_in_vain_says_for_what() -> None:
    async with online(answer_within=0.05) as (fake, _):
        ada, general = fake.world.user("ada"), fake.world.channel("general")
        it = await fake.slash(ada, general, "silent")
        with pytest.raises(TimeoutError, match="did not respond"):
            await it.first_answer()
        assert it.error == "The application did not respond"
        with pytest.raises(TimeoutError, match="a reply to 'hm'"):
            await fake.reply(await fake.say(ada, general, "hm"), timeout=0.01)
        with pytest.raises(LookupError, match="'bob', but 'gapbrief', 'owner of Lab', 'ada', 'mo'"):
            fake.world.user("bob")


async def test_a_bot_in_another_process() -> None:
    async with FakeDiscord() as fake:
        example = str(Path(__file__).with_name("example_bot.py"))
        code = f"import runpy; runpy.run_path({example!r})['ExampleBot']().run({fake.token!r}, log_handler=None)"
        bot = await asyncio.create_subprocess_exec(sys.executable, "-c", fake.prelude + code)
        try:
            await fake.gateway.connected()
            it = await fake.slash(fake.world.user("ada"), fake.world.channel("general"), "figure")
            await it.first_answer()
        finally:
            bot.terminate()
            await bot.wait()
        await fake.gateway.disconnected()
