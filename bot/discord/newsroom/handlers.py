"""The newsroom's buttons, selections and forms (modals): each has a handler, by its name in the custom_id.

A custom_id is "news", the handler's name and some numbers, so it works after a restart, that of a form too: nobody
loses what they wrote. The person's rights are checked before every handler.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import discord
from discord import app_commands

from bot.discord import error_messages
from bot.discord.client_base import Client, Interaction
from bot.discord.components import Button, pressed
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

# ---- who may


_STARTING = "I am still loading this server; please try again in a few seconds."
_SLOW = "I can't read this server's settings right now. Please try again in a few seconds; nothing was changed."
_SETTINGS_PATIENCE = 1.5
"""Seconds that a look at the settings may take: Discord waits for 3, and a form must open within them."""


async def check_moderator(interaction: Interaction) -> None:
    """Raise an error, with what to do, for whoever neither manages messages nor has the role of the settings.

    The permission counts where it is the person's on the whole server, not in a single channel.
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


# ---- what handles them


_PREFIX = "news"
_LARGEST = 2**63 - 1
_MOST_CHOSEN = 25
_OF_BEFORE = "This button is from an earlier version of me. Please open the newsroom again with /newsroom history."

Fields = Mapping[str, Any]
"""What a person filled in, by a field's custom_id; of a selection "values", a list."""


@dataclass(frozen=True)
class Call:
    """A person's press, choice or filled-in form: the numbers of its custom_id, and what was filled in."""

    interaction: Interaction
    numbers: tuple[int, ...]
    fields: Fields

    def field(self, name: str) -> Any:
        """Return what was filled in; raises UsageError for a field that is not there, as in another version's form."""
        if name not in self.fields:
            raise UsageError(_OF_BEFORE)
        return self.fields[name]


Handler = Callable[[Call], Awaitable[None]]
HANDLERS: dict[str, tuple[int, Handler]] = {}
"""Every handler by its name, with how many numbers it takes."""


def handler(name: str, takes: int) -> Callable[[Handler], Handler]:
    """Let a function handle the buttons, selections and forms of a name."""

    def register(handles: Handler) -> Handler:
        HANDLERS[name] = (takes, handles)
        return handles

    return register


def custom_id(name: str, *numbers: int) -> str:
    """Return the custom_id of a handler with its numbers."""
    return ":".join([_PREFIX, name, *map(number36, numbers)])


async def handle(interaction: Interaction, called: str, fields: Fields) -> None:
    """Handle what was pressed, chosen or sent; raises GapbriefError for who may not, or where it can't be done."""
    await check_moderator(interaction)
    name, *numbers = called.split(":")
    takes, handles = HANDLERS.get(name, (-1, None))
    if handles is None or takes != len(numbers):
        raise UsageError(_OF_BEFORE)
    await handles(Call(interaction, tuple(_number(number, 36) for number in numbers), fields))


def _number(text: str, base: int = 10) -> int:
    """Read a number that Discord was told before; raises UsageError for any other that somebody sent instead."""
    try:
        number = int(text, base)
    except ValueError:
        number = -1
    if not 0 <= number <= _LARGEST:
        raise UsageError(f"{quote(text)} is no number of mine. Please open the newsroom again with /newsroom history.")
    return number


def chosen(values: Any) -> list[int]:
    """Return the numbers that were chosen in a selection; raises UsageError for what is none."""
    return [_number(str(each)) for each in values or ()]


def chosen_one(values: Any) -> int:
    """Return the number that was chosen; raises UsageError where none was."""
    numbers = chosen(values)
    if not numbers:
        raise UsageError("You chose nothing; choose something, then try again.")
    return numbers[0]


# ---- what a message holds


@pressed(_PREFIX, r"(?P<called>[a-z_]+(?::[0-9a-z]{1,13})*)")
async def handle_component(interaction: Interaction, called: str) -> None:
    """Handle a press or a choice."""
    data: Any = interaction.data or {}
    await handle(interaction, called, {"values": data.get("values", [])})


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
    """Return the channels that a selection shows as chosen: as many as Discord takes, those that are set."""
    kind = discord.SelectDefaultValueType.channel
    return [discord.SelectDefaultValue(id=number, type=kind) for number in ids if number][:_MOST_CHOSEN]


# ---- forms


def modal(title: str, items: Sequence[discord.ui.Item[Any]], name: str, *numbers: int) -> discord.ui.Modal:
    """Return a form with a handler; the library forgets it once it is shown."""
    form = discord.ui.Modal(title=title, custom_id=custom_id(name, *numbers), timeout=None)
    for item in items:
        form.add_item(item)
    form.stop()
    return form


async def handle_modal(interaction: Interaction) -> None:
    """Handle a form that was sent, if it is one of ours; what goes wrong is said in the one way."""
    data: Any = interaction.data or {}
    word, _, called = data.get("custom_id", "").partition(":")
    if interaction.type is not discord.InteractionType.modal_submit or word != _PREFIX:
        return
    interaction.client.track_answer()
    try:
        interaction.client.forms.check(interaction.user.id, interaction.created_at.timestamp())
        await handle(interaction, called, dict(_filled(data.get("components", []))))
    except Exception as error:
        await error_messages.tell_error(interaction, error)


def _filled(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Yield what a form's fields hold, wherever they stand."""
    for each in components:
        inner = [*each.get("components", []), *([each["component"]] if "component" in each else [])]
        yield from _filled(inner)
        if "custom_id" in each:
            yield each["custom_id"], each.get("value", each.get("values"))


# ---- what handlers and commands share


async def acknowledge(interaction: discord.Interaction, *, anew: bool = False) -> None:
    """Tell Discord that we are at it: the message it came from will change, or a new one comes.

    One that comes anew, or where it came from none, is private.
    """
    if anew or interaction.message is None:
        await interaction.response.defer(ephemeral=True, thinking=True)
    else:
        await interaction.response.defer()


def actor(interaction: discord.Interaction) -> Actor:
    """Return who acts."""
    return Actor(interaction.user.id, interaction.guild_id)


async def with_state(
    bot: Client, work: Callable[Concatenate["State", P], T], *arguments: P.args, **named: P.kwargs
) -> T:
    """Do a piece of work on the state without holding up the event loop."""
    return await asyncio.to_thread(work, bot.services.state, *arguments, **named)


async def in_own_thread(work: Callable[[], T]) -> T:
    """Do what may take a minute in a thread of its own: answers wait for none of it, and neither does a stop."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(outcome: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(lambda: None if done.done() else outcome())

    def run() -> None:
        try:
            result = work()
        except asyncio.CancelledError:
            settle(done.cancel)
        except Exception as error:
            settle(partial(done.set_exception, error))
        else:
            settle(partial(done.set_result, result))

    threading.Thread(target=run, name="writer", daemon=True).start()
    return await done
