"""The app's commands as Discord keeps them, and what a person's use of them looks like on the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.fakes.discord import wire
from tests.fakes.discord.errors import RefusedError
from tests.fakes.discord.limits import LABEL, LINK, ROW, STRING_SELECT, TEXT_INPUT, Json, check_commands
from tests.fakes.discord.messages import Message
from tests.fakes.discord.world import Channel, Guild, Permission, Role, User, World

SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3
SUBCOMMAND, GROUP = 1, 2
TEXT, WHOLE, YES_NO, PERSON, CHANNEL, ROLE, MENTIONABLE, NUMBER = 3, 4, 5, 6, 7, 8, 9, 10

KINDS: Mapping[int, tuple[type, ...]] = {
    TEXT: (str,),
    WHOLE: (int,),
    YES_NO: (bool,),
    PERSON: (User,),
    CHANNEL: (Channel,),
    ROLE: (Role,),
    MENTIONABLE: (User, Role),
    NUMBER: (int, float),
}
"""What a person can give for each type of option."""


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
        """Replace a scope's commands; one that keeps type and name keeps its id."""
        check_commands(commands)
        before = self._scopes.get(scope, {})
        self._scopes[scope] = {}
        for command in commands:
            self._keep(scope, command, before)
        return self.all(scope)

    def add(self, scope: int | None, command: Json) -> Json:
        """Add a command, or replace the one of the same type and name."""
        check_commands([command])
        here = self._scopes.setdefault(scope, {})
        return self._keep(scope, command, dict(here))

    def by_id(self, scope: int | None, id: str) -> Json:
        """Return a command.

        Raises:
            RefusedError: 10063.
        """
        for command in self.all(scope):
            if command["id"] == id:
                return command
        raise RefusedError(10063)

    def remove(self, scope: int | None, id: str) -> None:
        """Remove a command."""
        command = self.by_id(scope, id)
        del self._scopes[scope][command["type"], command["name"]]

    def offered(self, kind: int, name: str, user: User, channel: Channel) -> Json:
        """Return the command that a person uses.

        Raises:
            NotOfferedError: It doesn't exist, or isn't shown to this person here.
        """
        guild = channel.guild
        for scope in [guild.id, None] if guild else [None]:
            found = self._scopes.get(scope, {}).get((kind, name))
            if found:
                if reason := _why_hidden(found, user, channel):
                    raise NotOfferedError(f"{name!r} is not offered to {user.name} in #{channel.name}: {reason}")
                return found
        known = [each["name"] for scope in self._scopes for each in self.all(scope) if each["type"] == kind]
        raise NotOfferedError(f"no command {name!r} is registered here, but {known}")

    def _keep(self, scope: int | None, command: Json, before: Mapping[tuple[int, str], Json]) -> Json:
        kind, name = command.get("type", SLASH), command["name"]
        known = before.get((kind, name), {})
        place = {} if scope is None else {"guild_id": str(scope)}
        new = {
            "default_member_permissions": None,
            "nsfw": False,
            "options": [],
            "description": "",
            "integration_types": [0],
            **{key: value for key, value in command.items() if value is not None},
            **place,
            "type": kind,
            "contexts": command.get("contexts") or ([0] if command.get("dm_permission") is False else None),
            "application_id": str(self._world.bot.id),
            "id": known.get("id") or str(self._world.new_id()),
        }
        changed = {key: new[key] for key in new if known.get(key) != new[key]}
        new["version"] = str(self._world.new_id()) if changed else known["version"]
        self._scopes[scope][kind, name] = new
        return new


def _why_hidden(command: Json, user: User, channel: Channel) -> str | None:
    guild, bot = channel.guild, channel.world.bot
    context = 0 if guild else 1 if bot in channel.recipients else 2
    contexts = command["contexts"]
    if context not in ([0, 1, 2] if contexts is None else contexts):
        return f"it is for the contexts {contexts}, and this is {context}"
    installed = {0: guild.has_bot if guild else context == 1, 1: user.installed_app}
    if not any(installed[each] for each in command["integration_types"]):
        return "the app isn't installed for it"
    may = channel.permissions(user)
    if guild and Permission.USE_APPLICATION_COMMANDS not in may:
        return "the person may not use commands in the channel"
    wanted = command["default_member_permissions"]
    if guild and wanted is not None and not _permits(may, int(wanted)):
        return f"it asks for permissions {wanted}, and the person has {int(may)}"
    return None


def _permits(may: Permission, wanted: int) -> bool:
    everything = may == Permission.every()
    return everything if wanted == 0 else everything or may & wanted == wanted


def slash_data(
    command: Json,
    guild: Guild | None,
    path: Sequence[str],
    given: Mapping[str, Any],
    typing: tuple[str, str] | None = None,
) -> Json:
    """Return a slash command's data.

    Args:
        command: The command.
        guild: Where it is used.
        path: The names of its group and subcommand.
        given: The options by name.
        typing: The option being typed, and what is typed so far, for autocompletion.

    Raises:
        NotOfferedError: Discord would not let this be sent.
    """
    resolved: Json = {}
    node, nest = command, []
    for name in path:
        node = _option(node, name)
        nest.append(node)
    if any(each["type"] in (SUBCOMMAND, GROUP) for each in node.get("options") or []):
        raise NotOfferedError(f"{command['name']} needs one of its subcommands")
    options = [
        _given(_option(node, name), value, guild, resolved) for name, value in given.items() if value is not None
    ]
    if typing:
        option = _option(node, typing[0])
        if not option.get("autocomplete"):
            raise NotOfferedError(f"option {typing[0]!r} has no autocompletion")
        options.append({"name": typing[0], "type": option["type"], "value": typing[1], "focused": True})
    else:
        _require(node, {each["name"] for each in options})
    for step in reversed(nest):
        options = [{"name": step["name"], "type": step["type"], "options": options}]
    data = {"id": command["id"], "name": command["name"], "type": SLASH, "options": options}
    return _placed(command, data, resolved)


def menu_data(command: Json, target: Message | User, channel: Channel, cdn: str) -> Json:
    """Return a context menu command's data; a message is given with its content."""
    resolved: Json = {}
    if isinstance(target, User):
        _resolve(target, channel.guild, resolved)
    else:
        resolved["messages"] = {str(target.id): wire.message(target, cdn, reads=True)}
    data = {"id": command["id"], "name": command["name"], "type": command["type"], "target_id": str(target.id)}
    return _placed(command, data, resolved)


def control(message: Message, wanted: str, *, person: User, selects: bool) -> Json:
    """Return the button or select that a person uses, by its label, placeholder or custom id.

    Raises:
        NotOfferedError: It isn't there, is disabled, or the person can't see the message.
    """
    if message.deleted or (message.audience and message.audience is not person):
        raise NotOfferedError(f"{person.name} does not see the message")
    usable = [each for each in message.controls if (each["type"] >= STRING_SELECT) == selects and "custom_id" in each]
    for each in usable:
        if wanted in (each["custom_id"], each.get("label"), each.get("placeholder")):
            if each.get("disabled"):
                raise NotOfferedError(f"{wanted!r} is disabled")
            return each
    names = [each.get("label") or each.get("placeholder") or each["custom_id"] for each in usable]
    link = " (a link leads outside)" if any(each.get("style") == LINK for each in message.controls) else ""
    raise NotOfferedError(f"the message has no {wanted!r}, but {names}{link}")


def select_data(select: Json, values: Sequence[Any], guild: Guild | None) -> Json:
    """Return a select's data; texts are its options' labels or values, other selects get people, roles or channels.

    Raises:
        NotOfferedError: Discord would not let this be chosen.
    """
    resolved: Json = {}
    if select["type"] == STRING_SELECT:
        by_name = {name: each["value"] for each in select["options"] for name in (each["label"], each["value"])}
        if unknown := [each for each in values if each not in by_name]:
            raise NotOfferedError(f"the select has no {unknown}, but {[each['label'] for each in select['options']]}")
        chosen = [by_name[each] for each in values]
    else:
        chosen = [_resolve(each, guild, resolved) for each in values]
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not least <= len(chosen) <= most:
        raise NotOfferedError(f"the select takes {least} to {most} values, not {len(chosen)}")
    data = {"custom_id": select["custom_id"], "component_type": select["type"], "values": chosen}
    return data | ({"resolved": resolved} if resolved else {})


def modal_data(modal: Json, given: Mapping[str, str | Sequence[str]]) -> Json:
    """Return a filled-in modal's data; fields are named by label or custom id, those not given keep what is in them.

    Raises:
        NotOfferedError: Discord would not let this be sent.
    """
    left = dict(given)
    rows: list[Json] = []
    for row in modal["components"]:
        if row["type"] == LABEL:
            rows.append({**row, "component": _filled(row["component"], row["label"], left)})
        elif row["type"] == ROW:
            inside = [_filled(each, each.get("label"), left) for each in row["components"]]
            rows.append({"type": ROW, "components": inside})
    if left:
        raise NotOfferedError(f"the modal has no fields {sorted(left)}")
    return {"custom_id": modal["custom_id"], "components": rows}


def _filled(field: Json, label: str | None, left: dict[str, str | Sequence[str]]) -> Json:
    value = next((left.pop(name) for name in (label, field["custom_id"]) if name in left), None)
    about = {"type": field["type"], "custom_id": field["custom_id"], "id": field.get("id", 1)}
    if field["type"] != TEXT_INPUT:
        nothing = not value and not field.get("required", True)
        return about | {"values": [] if nothing else select_data(field, list(value or []), None)["values"]}
    text = str(field.get("value") or "" if value is None else value)
    least, most = field.get("min_length") or 0, field.get("max_length") or 4000
    if (field.get("required", True) and not text) or (text and not least <= len(text) <= most):
        raise NotOfferedError(f"field {label!r} takes {least} to {most} characters, not {text!r}")
    return about | {"value": text}


def _option(node: Json, name: str) -> Json:
    options: list[Json] = node.get("options") or []
    for option in options:
        if option["name"] == name:
            return option
    raise NotOfferedError(f"{node['name']!r} has no option {name!r}, but {[each['name'] for each in options]}")


def _require(node: Json, given: Iterable[str]) -> None:
    missing = {each["name"] for each in node.get("options") or [] if each.get("required")} - set(given)
    if missing:
        raise NotOfferedError(f"{node['name']!r} needs {sorted(missing)}")


def _given(option: Json, value: Any, guild: Guild | None, resolved: Json) -> Json:
    name, kind = option["name"], option["type"]
    if not isinstance(value, KINDS.get(kind, ())) or (isinstance(value, bool) and kind != YES_NO):
        raise NotOfferedError(f"option {name!r} does not take {value!r}")
    if option.get("choices"):
        by_name = {key: each["value"] for each in option["choices"] for key in (each["name"], each["value"])}
        if value not in by_name:
            raise NotOfferedError(f"option {name!r} has no choice {value!r}, but {list(by_name)}")
        value = by_name[value]
    size = len(value) if kind == TEXT else value
    for least, most in (("min_length", "max_length"), ("min_value", "max_value")):
        if (least in option and size < option[least]) or (most in option and size > option[most]):
            raise NotOfferedError(f"option {name!r} does not take {value!r}: out of bounds")
    if isinstance(value, User | Role | Channel):
        value = _resolve(value, guild, resolved)
    return {"name": name, "type": kind, "value": value}


def _resolve(thing: User | Role | Channel, guild: Guild | None, resolved: Json) -> str:
    """Describe a person, role or channel for the bot, and return its id."""
    id = str(thing.id)
    if isinstance(thing, User):
        resolved.setdefault("users", {})[id] = wire.user(thing)
        if guild and thing.id in guild.members:
            resolved.setdefault("members", {})[id] = wire.member(guild.members[thing.id], with_user=False) | {
                "permissions": str(int(guild.permissions(thing)))
            }
    elif isinstance(thing, Role):
        resolved.setdefault("roles", {})[id] = wire.role(thing)
    else:
        resolved.setdefault("channels", {})[id] = wire.channel(thing, thing.world.bot)
    return id


def _placed(command: Json, data: Json, resolved: Json) -> Json:
    place = {"guild_id": command["guild_id"]} if "guild_id" in command else {}
    return data | place | ({"resolved": resolved} if resolved else {})
