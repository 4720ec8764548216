"""`gapbrief newsroom target`, `audit`, `publish` and `settings`: how newsrooms are set up, and who did what."""

from typing import Any

import click

from bot import terminal
from bot.commands.shared import SERVER, BoundedNumber, DiscordId, Number, now, state_session
from bot.newsroom import step_table, workflow
from bot.newsroom.newsroom_setup import add_target, change_settings, publish_briefs, remove_target, test_target
from bot.newsroom.targets import CheckedAddress, address_kinds, find_kind
from bot.settings import Settings
from bot.state import audit as audit_trail
from bot.state import guilds
from bot.state.guilds import NewsroomSettings
from core.answer import Table
from core.errors import UsageError
from core.words import or_list, quote

_NAME = click.argument("name", metavar="NAME")


@click.group(
    "target",
    short_help="Send briefs elsewhere too.",
    epilog="Example: gapbrief newsroom target add https://example.org/hook",
)
def target() -> None:
    """Send briefs elsewhere too: to webhooks, editors' systems, or by apprise; `gapbrief newsroom list` lists them."""


@target.command(
    "add",
    short_help="Add a webhook, an editors' system, or an address for apprise.",
    epilog="Examples: gapbrief newsroom target add https://example.org/hook --name team-hook;"
    " gapbrief newsroom target add ghost https://example.org --key KEY",
)
@click.argument("words", metavar="[ghost|buttondown|kit|wordpress] ADDRESS", nargs=-1, required=True)
@click.option("--key", metavar="KEY", help="The key of an editors' system; default: it is asked for, unseen.")
@click.option("--name", metavar="NAME", help="Its name; default: made from its kind and host.")
@SERVER
def target_add(words: tuple[str, ...], key: str | None, name: str | None, server: int | None) -> None:
    """Add an address: http(s) is a signed webhook, any other is apprise's, such as mailto://.

    After ghost, buttondown, kit or wordpress it is where drafts are made; Buttondown and Kit need no address.
    """
    kind, checked = _parse_target(words, key)
    with state_session() as state:
        target = add_target(state, kind, checked, now(), guild_id=server, name=name)
    click.echo(step_table.ADD_TARGET.sentence.format(target.name))
    if checked.secret_note:
        click.echo(f"{checked.secret_note}\n{checked.secret}")


def _parse_target(words: tuple[str, ...], key: str | None) -> tuple[str, CheckedAddress]:
    """Return a target's kind and checked address; raises UsageError for an invalid one."""
    from bot.newsroom.targets.drafts import DraftTarget

    kinds = address_kinds()
    sender = kinds.get(words[0].lower())
    if sender is not None and issubclass(sender, DraftTarget):
        address = " ".join(words[1:]) or sender.home
        if not address:
            raise UsageError(f"Give the address of the {sender.label} too, such as https://example.org.")
        return words[0].lower(), sender.check(address, key or click.prompt("Key", hide_input=True, err=True))
    if key is not None or len(words) > 1:
        drafting_kinds = or_list(sorted(kind for kind, cls in kinds.items() if issubclass(cls, DraftTarget)))
        raise UsageError(f"Only {drafting_kinds} can stand before an address, and take a --key.")
    address = words[0].strip()
    kind = find_kind(address)
    return kind, kinds[kind].check(address)


@target.command(
    "test", short_help="Send a target a test message.", epilog="Example: gapbrief newsroom target test team-hook"
)
@_NAME
def target_test(name: str) -> None:
    """Send a target what is marked as a test, and say what came of it; it is no brief, and none is posted.

    With the key of an editors' system it only reads: nothing is made there. For an address of apprise it also shows
    how today's brief would be sent there.
    """
    settings = Settings.read()
    with state_session() as state:
        target, result = test_target(state, name, now(), settings)
    click.echo(step_table.TEST_TARGET.sentence.format(target.name, result))
    if target.kind == "apprise":
        from bot.commands.brief import prepare_brief
        from bot.newsroom.targets.notify import preview

        click.echo(f"\n{preview(target.address, *prepare_brief(settings)[:2])}")


@target.command("remove", epilog="Example: gapbrief newsroom target remove team-hook")
@_NAME
def target_remove(name: str) -> None:
    """Remove an address."""
    with state_session() as state:
        click.echo(step_table.REMOVE_TARGET.sentence.format(remove_target(state, name, now()).name))


# ---- who did what, and how a server's newsroom is set up


_NONE = "none"


@click.command(short_help="List who did what, the newest first.", epilog="Example: gapbrief newsroom audit --brief 17")
@SERVER
@click.option("--brief", metavar="NUMBER", type=Number(), help="Only actions on this brief.")
@click.option(
    "--limit", metavar="NUMBER", type=BoundedNumber(1, 1000), default=30, show_default=True, help="At most this many."
)
def audit(server: int | None, brief: int | None, limit: int) -> None:
    """List who made, edited, approved, posted, corrected, withdrew or set what, the newest first."""
    with state_session() as state:
        entries = audit_trail.list_entries(state, guild_id=server, brief_id=brief, limit=limit)
    if not entries:
        click.echo("Nothing has been done yet." if server is brief is None else "Nothing has been done there.")
        return
    rows = tuple(
        (f"{entry.at:%Y-%m-%d %H:%M}", entry.unnamed_actor if entry.who is None else f"member {entry.who}",
         str(entry.guild_id or "–"), entry.what, str(entry.brief_id or "–"), " ".join((entry.detail or "").split()))
        for entry in entries
    )  # fmt: skip
    columns = ("When (UTC)", "Who", "Server", "What", "Brief", "Detail")
    terminal.show_tables([Table("Who did what", columns, rows)], terminal.is_unicode())


@click.command(
    short_help="Make a server's briefs public, or private again.",
    epilog="Example: gapbrief newsroom publish 123456789012345678",
)
@click.argument("server", metavar="ID", type=DiscordId())
@click.option("--undo", is_flag=True, help="Make them private again.")
def publish(server: int, undo: bool) -> None:
    """Show a server's posted briefs in the archive, on pages, in feeds and by the API, beside the service's own."""
    with state_session() as state:
        click.echo(f"The briefs of server {server} {publish_briefs(state, server, now(), undo=undo)}.")


class _IdOrNone(DiscordId):
    """A Discord id, or "none" for 0."""

    name = "ID|none"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return an id, 0 for "none"; raises UsageError for anything else."""
        return 0 if str(value).lower() == _NONE else super().convert(value, param, ctx)


@click.command(
    short_help="Show or change how a server's newsroom works.",
    epilog="Example: gapbrief newsroom settings --server 123456789012345678 --milestones 2",
)
@click.option("--server", metavar="ID", type=DiscordId(), help="The Discord server.")
@click.option("--role", metavar="ID|none", type=_IdOrNone(), help="A role whose members are moderators too.")
@click.option("--review-channel", metavar="ID|none", type=_IdOrNone(), help="Where drafts and warnings go.")
@click.option(
    "--milestones", metavar="NUMBER", type=BoundedNumber(0, guilds.MOST_MILESTONES),
    help=f"Short briefs a day at most, 0 to {guilds.MOST_MILESTONES}.",
)  # fmt: skip
@click.option("--milestones-channel", metavar="ID|none", type=_IdOrNone(), help="Where these go.")
@click.option(
    "--answer-in", metavar="ID|none", type=_IdOrNone(), multiple=True,
    help="A channel to answer questions in; repeat for more; none allows all.",
)  # fmt: skip
def settings(server: int | None, answer_in: tuple[int, ...], **options: int | None) -> None:
    """Show how a server's newsroom is set up; with options, change it.

    Ids are kept as given: only Discord knows if there are such, and `gapbrief discord check` asks it.
    """
    if server is None:
        raise UsageError("Settings belong to a server; name it with --server and its id.")
    names = {"role": "moderator_role_id", "review_channel": "review_channel_id", "milestones": "milestones_per_day",
             "milestones_channel": "milestones_channel_id"}  # fmt: skip
    changes = {name: value for name, value in options.items() if value is not None}
    _check_settings(changes, answer_in, server)
    with state_session() as state:
        if changes or answer_in:
            channels = [channel for channel in answer_in if channel] if answer_in else None
            notes = [f"{name.replace('_', ' ')}: {value or _NONE}" for name, value in changes.items()]
            if channels is not None:
                notes.append(f"answers in: {', '.join(map(str, channels)) or 'every channel'}")
            values = {names[name]: value or (0 if name == "milestones" else None) for name, value in changes.items()}
            change_settings(state, server, values, "; ".join(notes), workflow.OPERATOR, now(), channels=channels)
        lines = _describe_newsroom(guilds.get_newsroom(state, server), sorted(guilds.allowed_channels(state, server)))
    for line in lines:
        click.echo(line)


def _check_settings(changes: dict[str, int], answer_in: tuple[int, ...], server: int) -> None:
    """Raise UsageError for impossible settings."""
    if changes.get("role") == server:
        raise UsageError(f"{quote(str(server))} is the role that everybody has; choose one that only moderators have.")
    if 0 in answer_in and any(answer_in):
        raise UsageError("--answer-in takes channels or none, not both; give --answer-in none to allow all.")


def _describe_newsroom(newsroom: NewsroomSettings, answer_channels: list[int]) -> list[str]:
    """Describe how a newsroom is set up."""
    number, channel = newsroom.milestones_per_day, newsroom.milestones_channel_id
    role = newsroom.moderator_role_id
    place = f"channel {channel}" if channel else "no channel yet: --milestones-channel"
    return [
        f"Answers in    {', '.join(map(str, answer_channels)) or 'every channel'}",
        f"Moderators    members with Manage Messages{f', and role {role}' if role else ''}",
        f"Drafts go to  {f'channel {newsroom.review_channel_id}' if newsroom.review_channel_id else 'nowhere yet'}",
        f"Milestones    {f'at most {number} a day, to {place}' if number else 'none'}",
    ]


COMMANDS = (audit, publish, settings, target)
"""The commands of `gapbrief newsroom` for servers and targets."""
