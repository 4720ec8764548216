"""The newsroom's buttons, selections and forms (modals), dispatched by the handler's name in the custom_id.

A custom_id is "news", the handler's name and some numbers. It works after a restart, so nobody loses the text of an
open form. The person's permissions are checked before every handler.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import discord
from discord import app_commands

from bot.discord.client_base import Client, Interaction
from bot.discord.components import Button, guard, pressed
from bot.discord.custom_ids import number36
from bot.discord.limits import LABEL, fit
from bot.newsroom.workflow import Actor
from bot.state import guilds
from core.errors import UsageError
from core.words import quote

if TYPE_CHECKING:
    from bot.state.database import State

P = ParamSpec("P")
T = TypeVar("T")

# ---- permissions


_STARTING = "I am still loading this server; please try again in a few seconds."
_SLOW = "I can't read this server's settings right now. Please try again in a few seconds; nothing was changed."
_SETTINGS_PATIENCE = 1.5
"""Seconds to read the settings: Discord allows 3 until a form opens."""


async def check_moderator(interaction: Interaction) -> None:
    """Raise an error, with what to do, unless the person manages messages or has the moderators' role.

    The permission must hold for the whole server, not for a single channel.
    """
    guild, person = interaction.guild, interaction.user
    if guild is None or not isinstance(person, discord.Member):
        raise app_commands.NoPrivateMessage
    if guild.default_role is None:
        raise UsageError(_STARTING)
    if person.guild_permissions.manage_messages:
        return
    try:
        look = asyncio.to_thread(guilds.get_newsroom, interaction.client.services.state, guild.id)
        newsroom = await asyncio.wait_for(look, _SETTINGS_PATIENCE)
    except TimeoutError:
        raise UsageError(_SLOW) from None
    role = guild.get_role(newsroom.moderator_role_id or 0)
    if role is None or person.get_role(role.id) is None:
        also = f", or the role {role.name}" if role else ""
        raise UsageError(
            "The newsroom is for this server's moderators; an administrator can give you the permission"
            f" Manage Messages{also}."
        )


async def is_moderator(interaction: Interaction) -> bool:
    """Whether the person may use the newsroom."""
    try:
        await check_moderator(interaction)
    except (UsageError, app_commands.NoPrivateMessage):
        return False
    return True


# ---- handlers


_PREFIX = "news"
_LARGEST = 2**63 - 1
_MOST_CHOSEN = 25
_OF_BEFORE = "This button is from an earlier version of me. Please open the newsroom again with /newsroom history."

Fields = Mapping[str, Any]
"""Submitted values by a field's custom_id; a selection's are a list under "values"."""


@dataclass(frozen=True)
class Call:
    """A press, choice or submitted form: the numbers of its custom_id, and the submitted values."""

    interaction: Interaction
    numbers: tuple[int, ...]
    fields: Fields

    def field(self, name: str) -> Any:
        """Return a submitted value; raises UsageError for a missing field, as in an old version's form."""
        if name not in self.fields:
            raise UsageError(_OF_BEFORE)
        return self.fields[name]


Handler = Callable[[Call], Awaitable[None]]
HANDLERS: dict[str, tuple[int, Handler]] = {}
"""Handlers by name, with the count of their numbers."""


def handler(name: str, takes: int) -> Callable[[Handler], Handler]:
    """Register a function for the buttons, selections and forms of a name."""

    def register(handles: Handler) -> Handler:
        HANDLERS[name] = (takes, handles)
        return handles

    return register


def custom_id(name: str, *numbers: int) -> str:
    """Return the custom_id for a handler and its numbers."""
    return ":".join([_PREFIX, name, *map(number36, numbers)])


async def handle(interaction: Interaction, address: str, fields: Fields) -> None:
    """Dispatch a press, choice or form; raises GapbriefError if it is not allowed or fails."""
    await check_moderator(interaction)
    name, *numbers = address.split(":")
    takes, handles = HANDLERS.get(name, (-1, None))
    if handles is None or takes != len(numbers):
        raise UsageError(_OF_BEFORE)
    await handles(Call(interaction, tuple(_number(number, 36) for number in numbers), fields))


def _number(text: str, base: int = 10) -> int:
    """Parse a number of a custom_id or selection; raises UsageError for a forged one."""
    try:
        number = int(text, base)
    except ValueError:
        number = -1
    if not 0 <= number <= _LARGEST:
        raise UsageError(f"{quote(text)} is no number of mine. Please open the newsroom again with /newsroom history.")
    return number


def read_choices(values: Any) -> list[int]:
    """Parse a selection's numbers; raises UsageError for anything else."""
    return [_number(str(value)) for value in values or ()]


def read_choice(values: Any) -> int:
    """Parse a selection's first number; raises UsageError for an empty one."""
    numbers = read_choices(values)
    if not numbers:
        raise UsageError("You chose nothing; choose something, then try again.")
    return numbers[0]


# ---- components


@pressed(_PREFIX, r"(?P<address>[a-z_]+(?::[0-9a-z]{1,13})*)")
async def handle_component(interaction: Interaction, address: str) -> None:
    """Handle a press or a choice."""
    data: Any = interaction.data or {}
    await handle(interaction, address, {"values": data.get("values", [])})


def button(
    label: str,
    name: str,
    *numbers: int,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    disabled: bool = False,
) -> Button:
    """Return a button with a handler."""
    return Button(label=fit(label, LABEL), custom_id=custom_id(name, *numbers), style=style, disabled=disabled)


def preset_channels(ids: Iterable[int | None]) -> list[discord.SelectDefaultValue]:
    """Return a selection's preset channels, without empty ids and within Discord's limit."""
    kind = discord.SelectDefaultValueType.channel
    return [discord.SelectDefaultValue(id=number, type=kind) for number in ids if number][:_MOST_CHOSEN]


# ---- forms


def modal(title: str, items: Sequence[discord.ui.Item[Any]], name: str, *numbers: int) -> discord.ui.Modal:
    """Return a form with a handler; stopped, so that the library does not track it."""
    form = discord.ui.Modal(title=title, custom_id=custom_id(name, *numbers), timeout=None)
    for item in items:
        form.add_item(item)
    form.stop()
    return form


def text_field(name: str, label: str, hint: str, **options: Any) -> discord.ui.Label[Any]:
    """Return a form's text field under its label; `options` are those of `TextInput`."""
    text_input = discord.ui.TextInput[Any](custom_id=name, **options)
    return discord.ui.Label(text=label, description=hint, component=text_input)


async def handle_modal(interaction: Interaction) -> None:
    """Handle a submitted form of the newsroom, and report errors."""
    data: Any = interaction.data or {}
    word, _, address = data.get("custom_id", "").partition(":")
    if interaction.type is not discord.InteractionType.modal_submit or word != _PREFIX:
        return
    filled = dict(_filled(data.get("components", [])))
    await guard(interaction, interaction.client.forms, lambda: handle(interaction, address, filled))


def _filled(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Yield the values of a form's fields, at any depth."""
    for component in components:
        inner = [*component.get("components", []), *([component["component"]] if "component" in component else [])]
        yield from _filled(inner)
        if "custom_id" in component:
            yield component["custom_id"], component.get("value", component.get("values"))


# ---- shared


async def acknowledge(interaction: discord.Interaction, *, new_message: bool = False) -> None:
    """Defer an interaction: its message will be edited, or a new private one sent.

    `new_message` asks for a new one; commands, which come from no message, always get one.
    """
    if new_message or interaction.message is None:
        await interaction.response.defer(ephemeral=True, thinking=True)
    else:
        await interaction.response.defer()


def guild_of(interaction: discord.Interaction) -> discord.Guild:
    """Return the server, which the permission check has ensured."""
    if interaction.guild is None:
        raise app_commands.NoPrivateMessage
    return interaction.guild


def actor(interaction: discord.Interaction) -> Actor:
    """Return the acting person on this server."""
    return Actor(interaction.user.id, interaction.guild_id)


async def with_state(
    bot: Client, work: Callable[Concatenate["State", P], T], *arguments: P.args, **options: P.kwargs
) -> T:
    """Run work on the state in a thread."""
    return await asyncio.to_thread(work, bot.services.state, *arguments, **options)


async def in_own_thread(work: Callable[[], T]) -> T:
    """Run work that may take a minute in its own thread, so that neither answers nor a stop wait for it."""
    future: Future[T] = Future()

    def run() -> None:
        future.set_running_or_notify_cancel()
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="writer", daemon=True).start()
    return await asyncio.wrap_future(future)
