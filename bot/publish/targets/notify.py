"""Everything else, by apprise (the extra `notify`): e-mail, Matrix, Slack and many more; each at most once."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from bot.extras import how_to_add
from bot.publish.targets import CannotLookError, Done, Parcel, RefusedError
from core.errors import GapbriefError, UsageError
from core.words import day, quoted

if TYPE_CHECKING:
    from bot.state.targets import Target
    from core.brief import Brief

_MAIL = ("mailto", "mailtos")
_MISSING = f"Sending to other services needs apprise; {how_to_add('notify')} adds it."
_WEB = ("http", "https")
_SCHEME_IN_COMMON = 0.7


def check_address(address: str) -> str:
    """Return an address that apprise knows; raises UsageError for another, and GapbriefError without apprise."""
    scheme, mark, _ = address.strip().partition("://")
    if not mark:
        raise UsageError("That is no whole address; write one such as https://example.org/hook, or mailto://….")
    meant = get_close_matches(scheme.lower(), _WEB, 1, _SCHEME_IN_COMMON)
    if meant:
        raise UsageError(f"No kind of address begins with {quoted(scheme)}; did you mean {meant[0]}://?")
    if _load(address) is None:
        raise UsageError(_unknown(scheme))
    return address


def notify(address: str, brief: "Brief", *, before: str = "", page: str = "") -> bool:
    """Send a brief to an address; return whether it was taken. `before` stands before the title, `page` is its own."""
    from bot.publish.forms import OnTheWeb, render

    service = _load(address)
    if service is None:
        raise UsageError(_unknown(address.partition("://")[0]))
    is_mail = address.partition(":")[0].lower() in _MAIL
    form, kind = ("email", "html") if is_mail else ("md", "markdown")
    return bool(
        service.notify(body=render(brief, form, at=OnTheWeb(page)), title=f"{before}{brief.title}", body_format=kind)
    )


class NotifyTarget:
    """The addresses for apprise, by the id of their row; `find` looks one up."""

    def __init__(self, find: "Callable[[int], Target | None]", public_url: str | None = None) -> None:
        self.find, self.public_url = find, public_url

    async def deliver(self, parcel: Parcel, now: datetime) -> Done:
        """Send the brief, its correction, or that it was withdrawn; raises RefusedError where it is not taken."""
        target = self.find(parcel.item.address)
        if target is None:
            raise RefusedError("the address was removed", is_gone=True)
        before = {"edit": "Corrected: ", "delete": f"Withdrawn on {day(now.date())}: "}.get(parcel.item.action, "")
        try:
            page = f"{self.public_url}/briefs/{parcel.kept.slug}" if self.public_url else ""
            taken = await asyncio.to_thread(notify, target.address, parcel.kept.brief, before=before, page=page)
        except GapbriefError as error:
            raise RefusedError(str(error)) from error
        if not taken:
            raise RefusedError("the service did not take it; nothing is sent there twice")
        return Done()

    async def look(self, _parcel: Parcel, _now: datetime) -> None:
        """Say that nobody knows: such services can't be asked."""
        raise CannotLookError("I was interrupted while I sent it, and nothing is sent there twice")


def _unknown(scheme: str) -> str:
    return (
        f"That is no address that apprise knows (it begins with {quoted(scheme, 20)}); its manual lists them, such as"
        " mailto://…."
    )


def _load(address: str) -> Any:
    """Return apprise with an address, None where it does not know it."""
    try:
        import apprise
    except ImportError:
        raise GapbriefError(_MISSING) from None
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its messages name the address, secrets and all
    service = apprise.Apprise()
    return service if service.add(address) else None
