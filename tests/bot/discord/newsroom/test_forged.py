"""What no client of Discord's would send: numbers that can't be, what another server owns, fields that are not there.

Each is answered with one sentence that names what is wrong, and nothing is kept of it.
"""

from typing import Any

import pytest

from bot.discord.components import PRESSES
from bot.discord.newsroom.handlers import HANDLERS, custom_id
from bot.state import audit, briefs, guilds, schedules
from bot.state.briefs import LARGEST_ID
from bot.state.database import State
from bot.state.guilds import NewsroomSettings
from tests.bot.discord.wire import title
from tests.fakes.discord import Channel, FakeDiscord, Interaction, Kind, Message, Role, User

STRANGE = (0, -1, LARGEST_ID + 1, 2**63, 1e30, "abc", "1e3", "\u0661", "1; DROP TABLE briefs", "")
BUTTON, SELECT = 2, 3


def mo(fake: FakeDiscord) -> User:
    """A moderator."""
    return fake.world.user("mo")


def general(fake: FakeDiscord) -> Channel:
    return fake.world.channel("general")


async def read_sentence(fake: FakeDiscord, used: Interaction) -> str:
    """Return the one sentence that answers an interaction, in private."""

    def replies() -> list[Message]:
        return [message for message in used.messages if message.private and message.embeds]

    await fake.until(replies, f"a sentence for {used}")
    sentence = title(replies()[-1])
    assert sentence.endswith("."), (used.data, sentence)
    assert "\n" not in sentence
    assert "Something went wrong" not in sentence
    assert "can't be read" not in sentence
    return sentence


async def pressed(fake: FakeDiscord, known: str, values: list[Any] | None = None) -> Interaction:
    """Have the moderator press a forged button, or choose something in a forged selection."""
    data: dict[str, Any] = {"custom_id": known, "component_type": BUTTON}
    if values is not None:
        data |= {"component_type": SELECT, "values": values}
    return await fake.forge(mo(fake), general(fake), Kind.COMPONENT, data)


async def refusal(fake: FakeDiscord, known: str, values: list[Any] | None = None) -> str:
    """Return the sentence that answers a forged button or selection."""
    return await read_sentence(fake, await pressed(fake, known, values))


def nothing_kept(state: State) -> bool:
    return not (briefs.list_briefs(state) or schedules.list_schedules(state) or audit.list_entries(state))


# ---- numbers


NUMBERED = {
    "correct": "brief", "withdraw": "brief",
    **{f"schedule {name}": "schedule" for name in ("pause", "resume", "remove", "run-now")},
}  # fmt: skip


@pytest.mark.parametrize("name", NUMBERED)
async def test_a_number_that_no_brief_or_schedule_can_have_is_named(fake: FakeDiscord, state: State, name: str) -> None:
    for number in (*STRANGE, 77):
        used = await fake.slash(mo(fake), general(fake), f"newsroom {name}", {NUMBERED[name]: number})
        assert str(number) in await read_sentence(fake, used), number
    assert nothing_kept(state)


@pytest.mark.parametrize("number", [77, LARGEST_ID + 1, 2**63 - 1, 2**63, 36**13 - 1])
@pytest.mark.slow
async def test_whatever_number_a_custom_id_holds_each_handler_has_a_sentence(
    fake: FakeDiscord, state: State, number: int
) -> None:
    for name, (takes, _) in HANDLERS.items():
        used = await pressed(fake, custom_id(name, *[number] * takes), [str(number)])
        await used.answered()
        await fake.settled()
        answers = " ".join(title(message) for message in used.messages if message.embeds)
        assert "Something went wrong" not in answers, name
        assert "can't be read" not in answers, name
    assert nothing_kept(state)


@pytest.mark.parametrize("handled", ["post", "open", "set_role", "set_channels", "set_milestones", "to"])
async def test_a_choice_that_is_no_number_is_named(fake: FakeDiscord, handled: str) -> None:
    takes, _ = HANDLERS[handled]
    known = custom_id(handled, *[1] * takes) if handled != "post" else "news:post:zzzzzzzzzzzzz:1:1"
    for value in ("-1", "abc", str(10**30), "9" * 5000, "<@1>", ""):
        named = "zzzzzzzzzzzzz" if handled == "post" else value[:30]
        assert named in await refusal(fake, known, [value])


async def test_a_button_or_choice_that_never_was_is_answered(fake: FakeDiscord) -> None:
    for known in (
        "brief:99999999", "brief:20260230", "brief:00000000", "page:_:1:gap", "page:0:zz_z:gap",
        "page:zzzz:zzzz:nothing", "not:gap|gap~as-1", "not:nothing|zz", "not:",
        "ask:gap~as-1", "ask:gap~aszzzzzzzzzzzz", "ask:", "csv:nothing", "news:", "news:post:_:1:1", "news:nothing",
        "news:post:1", f"news:post:{'z' * 14}:1:1", "x" * 100, "more",
        "unwatch:zzzzzz", "unwatch:1", "unwatch:", "unwatch:-1",
    ):  # fmt: skip
        await refusal(fake, known)
    for values in ([], [""], ["more"], ["ask:"], ["page:_:1:gap"], ["news:post:1:1:0"], ["x" * 5000], [7]):
        await refusal(fake, "more", values)


def test_every_kind_of_button_is_among_them() -> None:
    assert PRESSES.keys() == {"brief", "page", "ask", "not", "csv", "explain", "more", "unwatch", "news"}


@pytest.mark.parametrize("form", ["edited", "corrected", "withdrawn", "planned"])
async def test_a_form_without_its_fields_or_of_no_brief_is_answered(fake: FakeDiscord, state: State, form: str) -> None:
    takes, _ = HANDLERS[form]
    for known in (custom_id(form, *[77] * takes), f"news:{form}:zzzzzzzzzzzzzzz", f"news:{form}:-1:_:x", "news:"):
        used = await fake.forge(mo(fake), general(fake), Kind.MODAL, {"custom_id": known, "components": []})
        await read_sentence(fake, used)
    assert nothing_kept(state)


# ---- what another server owns


@pytest.fixture
def elsewhere(fake: FakeDiscord) -> tuple[Channel, Role]:
    """A channel and a role of another server that the bot is on too."""
    guild = fake.world.add_guild("Elsewhere", channels=("secrets",))
    return guild.channel("secrets"), guild.add_role("chiefs", guild.everyone.permissions)


async def test_a_command_takes_no_channel_or_role_of_another_server(
    fake: FakeDiscord, state: State, elsewhere: tuple[Channel, Role]
) -> None:
    channel, role = elsewhere
    rule = {"when": "every day at 9", "zone": "UTC"}
    for name, options in (
        ("new", {"channel": channel}), ("story", {"url": "https://example.org/a", "channel": channel}),
        ("schedule add", {**rule, "channel": channel}),
        ("schedule add", {**rule, "channel": general(fake), "role": role}),
    ):  # fmt: skip
        sentence = await read_sentence(fake, await fake.slash(mo(fake), general(fake), f"newsroom {name}", options))
        assert "of this server's" in sentence or "on this server" in sentence
    assert nothing_kept(state)


@pytest.mark.parametrize("handled", ["set_channels", "set_role", "set_review", "set_place", "to"])
async def test_a_selection_takes_none_either(
    fake: FakeDiscord, state: State, elsewhere: tuple[Channel, Role], handled: str
) -> None:
    channel, role = elsewhere
    await (await fake.slash(mo(fake), general(fake), "newsroom new")).answered()
    wanted = role.id if handled == "set_role" else channel.id
    takes, _ = HANDLERS[handled]
    assert str(wanted) in await refusal(fake, custom_id(handled, *[1] * takes), [str(wanted)])
    guild = fake.world.guild("Lab")
    assert guilds.get_newsroom(state, guild.id) == NewsroomSettings()
    assert guilds.allowed_channels(state, guild.id) == frozenset()


@pytest.mark.parametrize("strange", ["channel", "role"])
async def test_nor_does_a_form(fake: FakeDiscord, state: State, elsewhere: tuple[Channel, Role], strange: str) -> None:
    channel, role = elsewhere
    filled = {
        "when": {"value": "every day at 9"}, "zone": {"value": "UTC"}, "options": {"values": []},
        "channel": {"values": [str(channel.id if strange == "channel" else general(fake).id)]},
        "role": {"values": [str(role.id)] if strange == "role" else []},
    }  # fmt: skip
    components = [{"type": 18, "component": {"custom_id": name, **value}} for name, value in filled.items()]
    data = {"custom_id": custom_id("planned", 0), "components": components}
    sentence = await read_sentence(fake, await fake.forge(mo(fake), general(fake), Kind.MODAL, data))
    assert str(channel.id if strange == "channel" else role.id) in sentence
    assert nothing_kept(state)


async def test_a_brief_of_another_server_is_none_here(fake: FakeDiscord, state: State) -> None:
    guild = fake.world.add_guild("Elsewhere")
    await (await fake.slash(guild.owner, guild.channel("general"), "newsroom new")).answered()
    for name in ("post", "edit", "discard", "withdraw", "look", "again", "undo", "approve", "rewrite", "correct"):
        sentence = await refusal(fake, custom_id(name, 1, 1, general(fake).id))
        assert sentence == "There is no brief 1 here; the history lists the existing ones."
    kept = briefs.by_id(state, 1)
    assert kept is not None
    assert (kept.status, kept.version, kept.guild_id) == ("draft", 1, guild.id)
