"""What Discord accepts in messages, components, modals, choices and commands; a breach is refused with code 50035."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.fakes.discord.errors import Form

Json = dict[str, Any]

COMPONENTS_V2 = 1 << 15
"""The flag of a message that consists of components only."""

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SELECTS = (3, 5, 6, 7, 8)
SECTION, TEXT_DISPLAY, GALLERY, CONTAINER, LABEL = 9, 10, 12, 17, 18
LINK = 5


def check_message(body: Mapping[str, Any], *where: str) -> None:
    """Check a message's body.

    Args:
        body: The fields as they were sent.
        where: Where in the request the body is (an interaction's answer has it at "data").

    Raises:
        RefusedError: 50035.
    """
    form = Form(*where)
    form.text(body.get("content"), 2000, "content")
    form.text(body.get("nonce"), 25, "nonce")
    _embeds(form, body.get("embeds") or [])
    components = body.get("components") or []
    if int(body.get("flags") or 0) & COMPONENTS_V2:
        for key in ("content", "embeds"):
            if body.get(key):
                form.complain("MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", f"{key} is not allowed", key)
        _modern(form, components)
    else:
        _rows(form, components)
    form.done()


def check_modal(modal: Mapping[str, Any]) -> None:
    """Check a modal's title, custom id and fields.

    Raises:
        RefusedError: 50035.
    """
    form = Form("data")
    form.text(modal.get("title"), 45, "title", shortest=1)
    form.text(modal.get("custom_id"), 100, "custom_id", shortest=1)
    components = modal.get("components") or []
    form.count(components, 5, "components", least=1)
    for number, component in enumerate(components):
        place = ("components", number)
        if component["type"] == LABEL:
            form.text(component.get("label"), 45, *place, "label", shortest=1)
            form.text(component.get("description"), 100, *place, "description")
            _field(form, component["component"], *place, "component")
        elif component["type"] == ROW:
            for inner, each in enumerate(component["components"]):
                form.text(each.get("label"), 45, *place, "components", inner, "label", shortest=1)
                _field(form, each, *place, "components", inner)
    _unique(form, components)
    form.done()


def check_choices(choices: Sequence[Mapping[str, Any]]) -> None:
    """Check an autocompletion's answer.

    Raises:
        RefusedError: 50035.
    """
    form = Form("data")
    _choices(form, choices, "choices")
    form.done()


def check_commands(commands: Sequence[Mapping[str, Any]]) -> None:
    """Check application commands.

    Raises:
        RefusedError: 50035.
    """
    form = Form()
    seen: set[tuple[int, str]] = set()
    for number, command in enumerate(commands):
        kind, name = command.get("type", 1), command.get("name", "")
        if (kind, name) in seen:
            form.complain("APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique", number)
        seen.add((kind, name))
        if kind == 1:
            _command(form, command, number)
        else:
            form.text(name, 32, number, "name", shortest=1)
        if _size(command) > 8000:
            form.complain("APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)", number)
    form.done()


def components_in(components: Sequence[Json]) -> Iterator[Json]:
    """Yield every component at any depth."""
    for component in components:
        yield component
        yield from components_in(component.get("components") or [])
        yield from components_in([component[key] for key in ("accessory", "component") if key in component])


def _embeds(form: Form, embeds: Sequence[Json]) -> None:
    form.count(embeds, 10, "embeds")
    for number, embed in enumerate(embeds):
        place = ("embeds", number)
        form.text(embed.get("title"), 256, *place, "title")
        form.text(embed.get("description"), 4096, *place, "description")
        form.text((embed.get("footer") or {}).get("text"), 2048, *place, "footer", "text")
        form.text((embed.get("author") or {}).get("name"), 256, *place, "author", "name")
        fields = embed.get("fields") or []
        form.count(fields, 25, *place, "fields")
        for index, each in enumerate(fields):
            form.text(each.get("name"), 256, *place, "fields", index, "name", shortest=1)
            form.text(each.get("value"), 1024, *place, "fields", index, "value", shortest=1)
        pictures = {key: (embed.get(key) or {}).get("url") for key in ("image", "thumbnail")}
        for key, url in {"url": embed.get("url"), **pictures}.items():
            if url and not re.match(r"(https?|attachment)://", url):
                form.complain("URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https').", *place, key)
    if sum(map(embed_size, embeds)) > 6000:
        form.complain("MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000", "embeds")


def embed_size(embed: Mapping[str, Any]) -> int:
    """Return how many of the 6,000 characters an embed uses."""
    fields = embed.get("fields") or []
    texts = [
        embed.get("title"),
        embed.get("description"),
        (embed.get("footer") or {}).get("text"),
        (embed.get("author") or {}).get("name"),
        *(each.get(key) for each in fields for key in ("name", "value")),
    ]
    return sum(len(text or "") for text in texts)


def _rows(form: Form, rows: Sequence[Json]) -> None:
    form.count(rows, 5, "components")
    for number, row in enumerate(rows):
        if row.get("type") != ROW:
            form.complain("UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1,).', "components", number)
            continue
        _row(form, row, "components", number)
    _unique(form, rows)


def _row(form: Form, row: Json, *place: str | int) -> None:
    inside = row.get("components") or []
    selects = sum(each["type"] in SELECTS for each in inside)
    form.count(inside, 1 if selects else 5, *place, "components", least=1)
    for index, each in enumerate(inside):
        _control(form, each, *place, "components", index)


def _modern(form: Form, components: Sequence[Json]) -> None:
    everything = list(components_in(components))
    form.count(everything, 40, "components", least=1)
    if sum(len(each.get("content") or "") for each in everything if each["type"] == TEXT_DISPLAY) > 4000:
        form.complain("TOTAL_MESSAGE_TEXT_TOO_LONG", "The text of all components exceeds 4000", "components")
    for number, component in enumerate(everything):
        if component["type"] == ROW:
            _row(form, component, "components", number)
        elif component["type"] == SECTION:
            form.count(component.get("components") or [], 3, "components", number, "components", least=1)
            _control(form, component["accessory"], "components", number, "accessory")
        elif component["type"] == GALLERY:
            form.count(component.get("items") or [], 10, "components", number, "items", least=1)
        elif component["type"] == TEXT_DISPLAY:
            form.text(component.get("content"), 4000, "components", number, "content", shortest=1)
    _unique(form, components)


def _control(form: Form, control: Json, *place: str | int) -> None:
    """Check a button or a select."""
    if control["type"] == BUTTON:
        form.text(control.get("label"), 80, *place, "label")
        if not control.get("label") and not control.get("emoji"):
            form.complain("BUTTON_COMPONENT_NEEDS_LABEL", "A button needs a label or an emoji", *place)
        wanted, longest = ("url", 512) if control.get("style") == LINK else ("custom_id", 100)
        form.text(control.get(wanted), longest, *place, wanted, shortest=1)
    elif control["type"] in SELECTS:
        form.text(control.get("custom_id"), 100, *place, "custom_id", shortest=1)
        form.text(control.get("placeholder"), 150, *place, "placeholder")
        _options(form, control, *place)


def _options(form: Form, select: Json, *place: str | int) -> None:
    if select["type"] != STRING_SELECT:
        return
    options = select.get("options") or []
    form.count(options, 25, *place, "options", least=1)
    for index, option in enumerate(options):
        form.text(option.get("label"), 100, *place, "options", index, "label", shortest=1)
        form.text(option.get("value"), 100, *place, "options", index, "value", shortest=1)
        form.text(option.get("description"), 100, *place, "options", index, "description")
    if len({option.get("value") for option in options}) < len(options):
        form.complain("SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified value is already used", *place)


def _field(form: Form, field: Json, *place: str | int) -> None:
    """Check a field of a modal."""
    form.text(field.get("custom_id"), 100, *place, "custom_id", shortest=1)
    if field["type"] == TEXT_INPUT:
        form.text(field.get("placeholder"), 100, *place, "placeholder")
        form.text(field.get("value"), min(4000, field.get("max_length") or 4000), *place, "value")
    else:
        _options(form, field, *place)


def _unique(form: Form, components: Sequence[Json]) -> None:
    ids = [each["custom_id"] for each in components_in(components) if each.get("custom_id")]
    if len(set(ids)) < len(ids):
        form.complain("COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated", "components")


def _choices(form: Form, choices: Sequence[Mapping[str, Any]], *place: str | int) -> None:
    form.count(choices, 25, *place)
    for index, choice in enumerate(choices):
        form.text(choice.get("name"), 100, *place, index, "name", shortest=1)
        if isinstance(choice.get("value"), str):
            form.text(choice["value"], 100, *place, index, "value", shortest=1)


def _command(form: Form, command: Mapping[str, Any], *place: str | int) -> None:
    """Check a slash command, a subcommand or an option: they share their shape."""
    name = str(command.get("name", ""))
    if not re.fullmatch(r"[-_'\w]{1,32}", name) or name != name.lower():
        form.complain("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid", *place, "name")
    form.text(command.get("description"), 100, *place, "description", shortest=1)
    options = command.get("options") or []
    form.count(options, 25, *place, "options")
    _choices(form, command.get("choices") or [], *place, "choices")
    for index, option in enumerate(options):
        _command(form, option, *place, "options", index)
    needed = [bool(option.get("required")) for option in options]
    if needed != sorted(needed, reverse=True):
        form.complain("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options come first", *place, "options")


def _size(command: Mapping[str, Any]) -> int:
    own = len(command.get("name", "")) + len(command.get("description") or "")
    values = sum(len(each["name"]) + len(str(each["value"])) for each in command.get("choices") or [])
    return own + values + sum(map(_size, command.get("options") or []))
