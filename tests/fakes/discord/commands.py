"""The app's commands as Discord keeps them, and what a person's use of them looks like on the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes.discord import wire
from tests.fakes.discord.messages import Message
from tests.fakes.discord.world import Channel, Json, Role, User, World

SLASH = 1
"""The type of a slash command, with Discord's number; so is the other."""
STRING_SELECT = 3


class NotOfferedError(AssertionError):
    """Discord would not let the person do this."""


class Commands:
    """The commands that the app has registered: for everyone (scope None), and for single guilds (by id)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._scopes: dict[int | None, dict[tuple[int, str], Json]] = {}

    def all(self, scope: int | None = None) -> list[Json]:
        """Return a scope's commands."""
        return list(self._scopes.get(scope, {}).values())

    def put(self, scope: int | None, commands: Sequence[Json]) -> list[Json]:
        """Replace a scope's commands."""
        place = {} if scope is None else {"guild_id": str(scope)}
        self._scopes[scope] = {}
        for given in commands:
            command = {"description": "", "options": [], "type": SLASH, "contexts": None, "integration_types": [0]}
            command |= {key: value for key, value in given.items() if value is not None} | place
            command |= {"application_id": str(self._world.bot.id)}
            command |= {key: str(self._world.new_id()) for key in ("id", "version")}
            self._scopes[scope][command["type"], command["name"]] = command
        return self.all(scope)

    def offered(self, name: str, user: User, channel: Channel) -> Json:
        """Return the command that a person uses.

        Raises:
            NotOfferedError: It doesn't exist, or isn't shown to this person here.
        """
        guild = channel.guild
        for scope in [guild.id, None] if guild else [None]:
            command = self._scopes.get(scope, {}).get((SLASH, name))
            if command:
                if reason := _why_hidden(command, user, channel):
                    raise NotOfferedError(f"{name!r} is not offered to {user.name} in #{channel.name}: {reason}")
                return command
        offered_names = [entry["name"] for scope in self._scopes for entry in self.all(scope)]
        raise NotOfferedError(f"no command {name!r} is registered here, but {offered_names}")


def _why_hidden(command: Json, user: User, channel: Channel) -> str | None:
    guild, bot = channel.guild, channel.world.bot
    context = 0 if guild else 1 if bot in channel.recipients else 2
    contexts = command["contexts"]
    if context not in ([0, 1, 2] if contexts is None else contexts):
        return f"it is for the contexts {contexts}, and this is {context}"
    installed = {0: guild.has_bot if guild else context == 1, 1: user.installed_app}
    if not any(installed[type] for type in command["integration_types"]):
        return "the app isn't installed for it"
    return None


def slash_data(
    command: Json,
    path: Sequence[str],
    given: Mapping[str, Any],
    typing: tuple[str, str] | None = None,
) -> Json:
    """Return a slash command's data.

    Args:
        command: The command.
        path: The names of its group and subcommand.
        given: The options by name.
        typing: The option being typed, and what is typed so far, for autocompletion.
    """
    resolved: Json = {}
    node, nest = command, []
    for name in path:
        node = _option(node, name)
        nest.append(node)
    options = [_given(_option(node, name), value, resolved) for name, value in given.items() if value is not None]
    if typing:
        option = _option(node, typing[0])
        options.append({"name": typing[0], "type": option["type"], "value": typing[1], "focused": True})
    for step in reversed(nest):
        options = [{"name": step["name"], "type": step["type"], "options": options}]
    data = {"id": command["id"], "name": command["name"], "type": SLASH, "options": options}
    return _placed(command, data, resolved)


def control(message: Message, wanted: str, *, person: User, selects: bool) -> Json:
    """Return the button or select that a person uses, by its label, placeholder or custom id.

    Raises:
        NotOfferedError: It isn't there, is disabled, or the person can't see the message.
    """
    if message.deleted or (message.audience and message.audience is not person):
        raise NotOfferedError(f"{person.name} does not see the message")
    usable = [
        control
        for control in message.controls
        if (control["type"] >= STRING_SELECT) == selects and "custom_id" in control
    ]
    for control in usable:
        if wanted in (control["custom_id"], control.get("label"), control.get("placeholder")):
            if control.get("disabled"):
                raise NotOfferedError(f"{wanted!r} is disabled")
            return control
    names = [control.get("label") or control.get("placeholder") or control["custom_id"] for control in usable]
    raise NotOfferedError(f"the message has no {wanted!r}, but {names}")


def select_data(select: Json, values: Sequence[str]) -> Json:
    """Return a select's data; its options are named by label or value."""
    by_name = {name: option["value"] for option in select["options"] for name in (option["label"], option["value"])}
    chosen = [by_name[value] for value in values]
    return {"custom_id": select["custom_id"], "component_type": select["type"], "values": chosen}


def _option(node: Json, name: str) -> Json:
    options: list[Json] = node.get("options") or []
    for option in options:
        if option["name"] == name:
            return option
    raise NotOfferedError(f"{node['name']!r} has no option {name!r}, but {[entry['name'] for entry in options]}")


def _given(option: Json, value: Any, resolved: Json) -> Json:
    if isinstance(value, Channel):
        resolved.setdefault("channels", {})[str(value.id)] = wire.channel(value, value.world.bot)
        value = str(value.id)
    elif isinstance(value, Role):
        resolved.setdefault("roles", {})[str(value.id)] = wire.role(value)
        value = str(value.id)
    return {"name": option["name"], "type": option["type"], "value": value}


def _placed(command: Json, data: Json, resolved: Json) -> Json:
    place = {"guild_id": command["guild_id"]} if "guild_id" in command else {}
    return data | place | ({"resolved": resolved} if resolved else {})
