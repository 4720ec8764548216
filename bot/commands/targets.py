"""`gapbrief newsroom target …`: where briefs go beside Discord."""

import click

from bot.commands.shared import SERVER, now, opened_state
from bot.newsroom import setup, steps
from bot.newsroom.targets import CheckedAddress, address_kinds, kind_of
from bot.settings import Settings
from core.errors import UsageError
from core.words import or_list

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
    kind, checked = _read(words, key)
    with opened_state() as state:
        target = setup.add_target(state, kind, checked, now(), guild_id=server, name=name)
    click.echo(steps.ADD_TARGET.sentence.format(target.name))
    if checked.secret_note:
        click.echo(f"{checked.secret_note}\n{checked.secret}")


def _read(words: tuple[str, ...], key: str | None) -> tuple[str, CheckedAddress]:
    """Return the kind and the address that are meant; raises UsageError for what is none."""
    from bot.newsroom.targets.drafts import DraftTarget

    kinds = address_kinds()
    sender = kinds.get(words[0].lower())
    if sender is not None and issubclass(sender, DraftTarget):
        address = " ".join(words[1:]) or sender.home
        if not address:
            raise UsageError(f"Give the address of the {sender.label} too, such as https://example.org.")
        return words[0].lower(), sender.check(address, key or click.prompt("Key", hide_input=True, err=True))
    if key is not None or len(words) > 1:
        named = or_list(sorted(kind for kind, cls in kinds.items() if issubclass(cls, DraftTarget)))
        raise UsageError(f"Only {named} can stand before an address, and take a --key.")
    address = words[0].strip()
    kind = kind_of(address)
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
    with opened_state() as state:
        target, result = setup.try_target(state, name, now(), settings)
    click.echo(steps.TEST_TARGET.sentence.format(target.name, result))
    if target.kind == "apprise":
        from bot.commands.send import prepare_brief
        from bot.newsroom.targets.notify import preview

        click.echo(f"\n{preview(target.address, *prepare_brief(settings)[:2])}")


@target.command("remove", epilog="Example: gapbrief newsroom target remove team-hook")
@_NAME
def target_remove(name: str) -> None:
    """Remove an address."""
    with opened_state() as state:
        click.echo(steps.REMOVE_TARGET.sentence.format(setup.remove_target(state, name, now()).name))
