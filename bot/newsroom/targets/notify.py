"""All other targets, through apprise (the extra `notify`): e-mail, Matrix, Slack and many more; each at most once.

apprise reads answers without a limit, so it runs in a process of its own.
"""

import asyncio
import logging
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from functools import partial
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog

from bot.health_checks import how_to_add
from bot.links import Shape
from bot.newsroom.extras import brief_url, load_extras, write_withdrawal
from bot.newsroom.formats import NO_EXTRAS, Extras, render, strip_title
from bot.newsroom.targets import (
    AddressTarget,
    CannotLookError,
    CheckedAddress,
    Delivered,
    DeliveryOrder,
    RefusedError,
    mail,
    register,
)
from bot.pictures import brand_line, read_alt
from bot.processes import run_in_process
from bot.state.target_rows import TargetRow
from core.answer import Chart
from core.brief import WRITTEN_LATER, Brief
from core.errors import GapbriefError, UsageError
from core.text.sentences import sentences
from core.words import day, one_line, quote, shorten

log = structlog.get_logger("gapbrief.newsroom")

SECONDS = 60.0
"""How long a delivery may take, including the start of the process."""
_MAIL = ("mailto", "mailtos")
_MISSING = f"Sending to other services needs apprise; {how_to_add('notify')} adds it."
_WEB = ("http", "https")
_SCHEME_IN_COMMON = 0.7
_ACCOUNT = "{schema}://{user}:{password}@{host}"
"""The form of an address with an account, preferred if apprise supports several."""


def send_brief(
    address: str, brief: Brief, extras: Extras = NO_EXTRAS, chart: Chart | None = None, *, prefix: str = "",
    seconds: float = SECONDS,
) -> bool:  # fmt: skip
    """Send a brief with its extras to an address; return whether it was accepted in time.

    Mails and short forms have the chart attached. `prefix` goes before the title. Links to earlier briefs are left out,
    as readers can't run their commands. Raises as `NotifyTarget.check`. Blocks.
    """
    return bool(run_in_process(_send_to_all, address, brief, extras, chart, prefix, seconds=seconds))


def _send_to_all(address: str, brief: Brief, extras: Extras, chart: Chart | None, prefix: str) -> bool:
    form = parse_form(address)
    return all([_send_by(service, form, brief, extras, chart, prefix) for service in _load_services(address)])


def _send_by(service: Any, form: str, brief: Brief, extras: Extras, chart: Chart | None, prefix: str) -> bool:
    """Send a brief through a service, in the form that fits it."""
    title, brief = f"{prefix}{brief.title}", replace(brief, more=())
    body = strip_title(render(brief, "md", extras))
    if is_short(service, form, join_parts(title, body)):
        message = write_short_form(service, brief, extras, prefix)
        picture, alt = _draw_chart(chart, extras.page, "wide") if takes_picture(service) else (b"", "")
        return _send_text(service, message.title, *format_text(service, message.body), picture, alt)
    if service.schema in _MAIL:
        picture, alt = _draw_chart(chart, extras.page, "portrait") if mail.takes_picture(service) else (b"", "")
        text = render(brief, "text", extras)
        with_chart = replace(extras, chart=mail.CHART, chart_alt=alt) if picture else extras
        return mail.send(service, title, render(brief, "email", with_chart), text, picture)
    return _send_text(service, title, body, "markdown")


def _send_text(service: Any, title: str, body: str, form: str, picture: bytes = b"", alt: str = "") -> bool:
    """Send a text through a service, with a picture if there is one; return whether it was accepted."""
    from apprise import Apprise

    send = partial(Apprise(service, asset=service.asset).notify, title=title, body=body, body_format=form)
    if not picture:
        return bool(send())
    from apprise.attachment.file import AttachFile

    with TemporaryDirectory() as folder:
        path = Path(folder, "chart.png")
        path.write_bytes(picture)
        file = AttachFile(str(path), name=picture_name(service, alt), mimetype="image/png")  # type: ignore[no-untyped-call]
        return bool(send(attach=file))


def preview(address: str, brief: Brief, extras: Extras = NO_EXTRAS) -> str:
    """Return what would be sent to an address for a brief; nothing is sent."""
    form, brief = parse_form(address), replace(brief, more=())
    return "\n\n".join(_preview_service(service, form, brief, extras) for service in _load_services(address))


def _preview_service(service: Any, form: str, brief: Brief, extras: Extras) -> str:
    if not is_short(service, form, render(brief, "md", extras)):
        return "The whole brief is sent there."
    message = write_short_form(service, brief, extras)
    with_chart = extras.chart_alt and takes_picture(service)
    notes = f"({message.letters} of {service.body_maxlen} letters{', and the chart' if with_chart else ''})"
    return join_parts("The short form is sent there:", message.title, message.body, notes)


def _draw_chart(chart: Chart | None, page: str, shape: Shape) -> tuple[bytes, str]:
    """Draw a chart to attach, with its alt text; b"" if that fails, since the text goes out in any case."""
    if chart is None:
        return b"", ""
    from core.charts import draw

    brand = brand_line(page.partition("/briefs/")[0])
    try:
        png = draw(chart, shape=shape, brand=brand)
        return png, read_alt(png, chart)
    except Exception as error:
        log.warning("no chart goes along", exc_info=error)
        return b"", ""


def send_withdrawal(address: str, brief: Brief, withdrawn_on: date, page: str = "") -> bool:
    """Send an address the news that a brief was withdrawn; return whether it was accepted."""
    page_sentence = f" Its page says so too: {page}" if page else ""
    texts = (write_withdrawal(brief, withdrawn_on) + page_sentence, f"Please don't quote it. {page}".rstrip(), page)
    return bool(run_in_process(_send_text_to_all, address, f"Withdrawn: {brief.title}", *texts, seconds=SECONDS))


def _send_text_to_all(address: str, title: str, *texts: str) -> bool:
    """Send a title with the longest of some texts that fits, to each service of an address."""
    results = []
    for service in _load_services(address):
        message = fit(service, title, *texts)
        results.append(_send_text(service, message.title, *format_text(service, message.body)))
    return all(results)


@register("apprise")
class NotifyTarget(AddressTarget):
    """Addresses for apprise."""

    label = "address"

    @staticmethod
    def matches(_address: str) -> bool:
        """Return False: this kind is the fallback."""
        return False

    @staticmethod
    def check(address: str) -> CheckedAddress:
        """Check an address with apprise; raises UsageError if it is unknown, GapbriefError without apprise."""
        scheme, mark, _ = address.partition("://")
        if not mark:
            raise UsageError("That is no whole address; write one such as https://example.org/hook, or mailto://….")
        suggestions = get_close_matches(scheme.lower(), _WEB, 1, _SCHEME_IN_COMMON)
        if suggestions:
            raise UsageError(f"No kind of address begins with {quote(scheme)}; did you mean {suggestions[0]}://?")
        parse_form(address)
        _load_services(address)
        return CheckedAddress(address)

    async def deliver(self, order: DeliveryOrder, _now: datetime) -> Delivered:
        """Send the brief, its correction or its withdrawal; raises RefusedError if it isn't accepted."""
        target = self.row(order.item)
        await _check_taken("; nothing is sent there twice", self._send, target.address, order)
        return Delivered()

    def _send(self, address: str, order: DeliveryOrder) -> bool:
        stored, action = order.stored, order.item.action
        if action == "delete":
            return send_withdrawal(address, stored.brief, order.item.made_at.date(), brief_url(self.settings, stored))
        extras, chart = load_extras(self.settings, stored)
        return send_brief(address, stored.brief, extras, chart, prefix="Corrected: " if action == "edit" else "")

    async def test(self, target: TargetRow, _now: datetime) -> str:
        """Send a message that says it is a test; raises RefusedError if it isn't accepted."""
        words = f"A test of the target {target.name}; nothing was posted."
        send = partial(run_in_process, _send_text_to_all, seconds=SECONDS)
        await _check_taken("", send, target.address, "Test from gapbrief", words)
        return (
            "the service took a message called “Test from gapbrief”; look whether it arrived, as services say no more"
        )

    async def look_up(self, _order: DeliveryOrder, _now: datetime) -> None:
        """Raise CannotLookError: these services can't be asked what they were sent."""
        raise CannotLookError("I was interrupted while I sent it, and nothing is sent there twice")


async def _check_taken(consequence: str, send: Callable[..., object], *message: object) -> None:
    """Send a message; raises RefusedError, with the consequence, if it isn't accepted."""
    try:
        is_accepted = await asyncio.to_thread(send, *message)
    except GapbriefError as error:
        raise RefusedError(str(error)) from error
    if not is_accepted:
        raise RefusedError(f"the service did not take it{consequence}")


def _load_services(address: str) -> Any:
    """Load an address's services with apprise; raises as `NotifyTarget.check`."""
    try:
        import apprise
    except ImportError:
        raise GapbriefError(_MISSING) from None
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its messages name the address, secrets and all
    services = apprise.Apprise(asset=apprise.AppriseAsset(app_id="gapbrief", app_desc="gapbrief", app_url=""))
    if not services.add(address):
        raise _address_error(address.partition("://")[0].lower(), services.details()["schemas"])
    return services


def _address_error(scheme: str, services: Sequence[Mapping[str, Any]]) -> UsageError:
    """Return why apprise rejects an address: the service is unknown, or its address incomplete."""
    forms = {scheme: service["details"]["templates"] for service in services
             for scheme in (*(service["protocols"] or ()), *(service["secure_protocols"] or ()))}  # fmt: skip
    if scheme in forms:
        form = _ACCOUNT if _ACCOUNT in forms[scheme] else forms[scheme][0]
        example = form.replace("{schema}", scheme)
        return UsageError(f"That {scheme}:// address is not whole; apprise has it as {example}.")
    suggestions = get_close_matches(scheme, forms, 1, _SCHEME_IN_COMMON)
    hint = (
        f"did you mean {suggestions[0]}://?"
        if suggestions
        else "its manual lists those that it knows, such as mailto://…."
    )
    return UsageError(f"No address that apprise knows begins with {quote(scheme, 20)}; {hint}")


# ---- the short form, for feeds and chats: the title, one figure with its range, and the link. apprise knows how many
# letters a service allows and whether it shows titles; how a service counts letters is defined here


SHORT, LONG = "short", "long"
_FORM_OPTION = re.compile(r"[?&]form=([^&#,]*)", re.IGNORECASE)
_CHATS = frozenset({
    "Cisco Webex Teams", "DingTalk", "Feishu", "Google Chat", "Kook", "Lark (Feishu)", "Line", "Matrix", "Mattermost",
    "Nextcloud Talk", "Nostr", "OneBot", "Signal API", "Slack", "Synology Chat", "Telegram", "Twitter", "Viber", "XMPP",
    "Zoho Cliq", "Zulip",
})  # fmt: skip
"""Chat services with room for a whole brief, whose readers don't expect one."""
_RANGE = re.compile(r"\blikely (?:between )?\d[\w .]{0,20}? (?:to|and) \d")
_MEANING = "Private tests keep their questions secret."
_LINK = re.compile(r"https?://\S+")
_LINK_OR_AT = re.compile(rf"({_LINK.pattern})|@")
_LINKS_ARE_23 = ("Mastodon", "Twitter")
_MARKS_ARE_NONE = ("Mastodon", "BlueSky")
_ALT_IS_THE_NAME = ("Mastodon", "BlueSky")
"""Services for which apprise uses a picture's name as its alt text."""
_LEAST_TITLE, _LONGEST_ALT = 20, 1000


@dataclass(frozen=True)
class Message:
    """A text for a service, with its length as the service counts it; without a title if the body starts with it."""

    title: str
    body: str
    letters: int


def parse_form(address: str) -> str:
    """Return the form that an address asks for, or ""; raises UsageError for an unknown form."""
    option = _FORM_OPTION.search(address)
    if option and option[1].lower() not in (SHORT, LONG):
        raise UsageError(f"There is no form {quote(option[1])} of a brief; write form=short or form=long.")
    return option[1].lower() if option else ""


def is_short(service: Any, form: str, text: str) -> bool:
    """Whether a service gets a brief's short form; `text` is the long one."""
    has_room = count_letters(service, text) <= service.body_maxlen or service.overflow_mode != "upstream"
    return form == SHORT or not has_room or (form != LONG and _name(service) in _CHATS)


def write_short_form(service: Any, brief: Brief, extras: Extras, prefix: str = "") -> Message:
    """Write a brief's short form for a service, as much as fits; `prefix` goes before the title.

    That it was written later is left out last.
    """
    ranged = [[part for part in sentences(bullet.text) if _RANGE.search(part)] for bullet in brief.bullets]
    figures = next(filter(None, ranged), [])
    both, first, dated = " ".join(figures), "".join(figures[:1]), f"Data to {day(brief.as_of)}." if figures else ""
    later = f"{WRITTEN_LATER}." if brief.category == WRITTEN_LATER else ""
    meaning = _MEANING if "private" in both and "ublic" in both else ""
    bodies = [(both, meaning, dated, later), (both, dated, later), (first, dated, later), (first, later), (later,), ()]
    texts = [" ".join(filter(None, body)) for body in bodies]
    return fit(service, f"{prefix}{brief.title}", *(join_parts(text, extras.page) for text in texts))


def fit(service: Any, title: str, *bodies: str) -> Message:
    """Return a title with the first body that fits a service, or else a shortened title."""
    title, texts = _defuse_mentions(one_line(title)), [_defuse_mentions(body) for body in bodies]
    heading_apart = shorten(title, service.title_maxlen) if service.title_maxlen > 0 else ""
    for heading, body in _shorter_versions(title, texts):
        text = body if heading_apart else join_parts(heading, body)
        letters = count_letters(service, text)
        if letters <= service.body_maxlen:
            break
    return Message(heading_apart, text, letters)


def _defuse_mentions(text: str) -> str:
    """Prevent names from the data from mentioning users of the same name."""
    return _LINK_OR_AT.sub(lambda match: match[1] or "\N{FULLWIDTH COMMERCIAL AT}", text)


def _shorter_versions(title: str, bodies: list[str]) -> Iterator[tuple[str, str]]:
    yield from ((title, body) for body in bodies)
    yield from ((shorten(title, most), bodies[-1]) for most in range(len(title), _LEAST_TITLE, -1))
    yield from ((shorten(title, most), "") for most in range(len(title), 0, -1))


def join_parts(*parts: str) -> str:
    """Join the non-empty parts of a text with blank lines."""
    return "\n\n".join(part for part in parts if part)


def count_letters(service: Any, text: str) -> int:
    """Count a text's letters as a service does."""
    name = _name(service)
    text = _LINK.sub("x" * 23, text) if name in _LINKS_ARE_23 else text
    if name in _MARKS_ARE_NONE:
        return sum(unicodedata.category(letter) not in ("Mn", "Me") for letter in text)
    if name == "Telegram":
        return len(text.encode("utf-16-le")) // 2
    return len(text) + (sum(letter > "\u10ff" for letter in text) if name == "Twitter" else 0)


def takes_picture(service: Any) -> bool:
    """Whether a service accepts a picture with a text; Slack does so only from bots."""
    return bool(service.attachment_support) and (_name(service) != "Slack" or str(service.mode) == "bot")


def format_text(service: Any, text: str) -> tuple[str, str]:
    """Return a text and its format for apprise, which drops blank lines from Telegram's plain text."""
    return (escape(text, quote=False), "html") if _name(service) == "Telegram" else (text, "text")


def picture_name(service: Any, alt: str) -> str:
    """Return a picture's name for a service: its alt text, if apprise uses the name for that.

    It has no semicolons, which servers read as the end of a name.
    """
    is_alt = alt and _name(service) in _ALT_IS_THE_NAME
    return shorten(one_line(alt).replace(";", ","), _LONGEST_ALT) if is_alt else "chart.png"


def _name(service: Any) -> str:
    return str(service.service_name)
