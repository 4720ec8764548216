"""A small bot of plain discord.py, which does one of each thing, to try the pretended Discord with."""

import asyncio
import io

import discord
from discord import app_commands

MODELS = ["DeepSeek R1", "Gemma 3", "GPT-5", "Kimi K2", "Llama 4", "Qwen 3"]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
EVERYWHERE = {
    "allowed_installs": app_commands.AppInstallationType(guild=True, user=True),
    "allowed_contexts": app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
}


class Panel(discord.ui.View):
    """Controls that live as long as the bot's code: their state is in their ids."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="More", custom_id="panel:more")
    async def more(self, it: discord.Interaction, _button: discord.ui.Button) -> None:
        await it.response.edit_message(content="more", embeds=[])

    @discord.ui.button(label="Later", custom_id="panel:later")
    async def later(self, it: discord.Interaction, _button: discord.ui.Button) -> None:
        await it.response.defer()
        await it.edit_original_response(content="later")

    @discord.ui.button(label="Never", custom_id="panel:never", disabled=True)
    async def never(self, it: discord.Interaction, _button: discord.ui.Button) -> None:
        raise AssertionError

    @discord.ui.select(
        placeholder="Which", custom_id="panel:which", options=[discord.SelectOption(label=each) for each in MODELS]
    )
    async def which(self, it: discord.Interaction, select: discord.ui.Select) -> None:
        await it.response.send_message(f"chose {select.values[0]}", ephemeral=True)


class Form(discord.ui.Modal, title="Ask"):
    """A question in a window."""

    question = discord.ui.TextInput(label="Question", max_length=50)

    about = discord.ui.Label(
        text="About", component=discord.ui.Select(options=[discord.SelectOption(label=each) for each in MODELS])
    )

    async def on_submit(self, it: discord.Interaction) -> None:
        await it.response.send_message(f"asked {self.question.value} about {self.about.component.values[0]}")


class ExampleBot(discord.AutoShardedClient):
    """The bot; `sync` tells whether its commands are registered at the start."""

    def __init__(self, *, intents: discord.Intents = INTENTS, sync: bool = True, **options: object) -> None:
        quick = {"guild_ready_timeout": 0.05, "allowed_mentions": discord.AllowedMentions.none()}
        super().__init__(intents=intents, **{**quick, **options})
        self.sync = sync
        self.events: list[str] = []
        self.problems: list[Exception] = []
        self.pause = 0.0
        self.choices = MODELS
        self.tree = app_commands.CommandTree(self)
        for command in (figure, picture, ask, silent, explain, who, Newsroom()):
            self.tree.add_command(command)
        self.tree.error(self.on_problem)

    async def setup_hook(self) -> None:
        self.add_view(Panel())
        if self.sync:
            await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once: this Discord has no limit on it."""

    async def on_problem(self, _it: discord.Interaction, error: app_commands.AppCommandError) -> None:
        self.problems.append(getattr(error, "original", error))

    async def on_message(self, message: discord.Message) -> None:
        if message.author == self.user or not message.content:
            return
        async with message.channel.typing():
            await message.reply(f"heard {message.content}", mention_author=False)

    async def on_socket_event_type(self, event: str) -> None:
        self.events.append(event)


@app_commands.command(description="A figure")
async def figure(it: discord.Interaction[ExampleBot], model: str | None = None, private: bool = False) -> None:
    await asyncio.sleep(it.client.pause)
    embed = discord.Embed(title="Figure", description=f"{model} in {it.locale.value}")
    await it.response.send_message(embed=embed, view=Panel(), ephemeral=private)


figure.allowed_installs, figure.allowed_contexts = EVERYWHERE["allowed_installs"], EVERYWHERE["allowed_contexts"]


@figure.autocomplete("model")
async def complete(it: discord.Interaction[ExampleBot], typed: str) -> list[app_commands.Choice[str]]:
    known = it.client.choices
    return [app_commands.Choice(name=each, value=each) for each in known if typed.lower() in each.lower()]


@app_commands.command(description="A picture")
async def picture(it: discord.Interaction[ExampleBot], private: bool = False) -> None:
    await it.response.defer(thinking=True, ephemeral=private)
    await asyncio.sleep(it.client.pause)
    file = discord.File(io.BytesIO(PNG), "trend.png", description="A line that rises")
    embed = discord.Embed(title="Picture").set_image(url="attachment://trend.png")
    await it.edit_original_response(embed=embed, attachments=[file])
    await it.followup.send("table", file=discord.File(io.BytesIO(b"a,b\n"), "table.csv"))


@app_commands.command(description="A question")
async def ask(it: discord.Interaction) -> None:
    await it.response.send_modal(Form())


@app_commands.command(description="Nothing")
async def silent(_it: discord.Interaction) -> None:
    """Forget to answer."""


@app_commands.context_menu(name="Explain")
async def explain(it: discord.Interaction, message: discord.Message) -> None:
    await it.response.send_message(f"explains {message.content}", ephemeral=True)


@app_commands.context_menu(name="Who")
async def who(it: discord.Interaction, user: discord.User) -> None:
    await it.response.send_message(f"is {user.name}")


class Newsroom(app_commands.Group, name="newsroom", description="News"):
    """Commands for those who manage the guild."""

    def __init__(self) -> None:
        super().__init__(default_permissions=discord.Permissions(manage_guild=True), guild_only=True)

    @app_commands.command(description="Post")
    @app_commands.choices(form=[app_commands.Choice(name="Short brief", value="short")])
    async def post(
        self,
        it: discord.Interaction,
        channel: discord.TextChannel,
        form: str,
        times: app_commands.Range[int, 1, 3] = 1,
        author: discord.Member | None = None,
    ) -> None:
        message = await channel.send(f"{form} {times} {author}")
        await message.publish()
        await it.response.send_message("posted")
