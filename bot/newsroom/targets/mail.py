"""Sends mails as HTML and plain text, over the connection that apprise reads from an address.

apprise accepts one form and derives the plain text from the HTML, including hidden lines but not their layout. So its
messages get our plain text before they are sent.
"""

import smtplib
from email import message_from_string, policy
from email.message import EmailMessage
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import Any

CHART = "cid:chart"
"""The address of the attached picture in a mail's HTML."""


def send(service: Any, title: str, html: str, text: str, picture: bytes = b"") -> bool:
    """Send a mail as HTML and plain text through apprise; return whether it was accepted for all recipients.

    `picture` is attached as CHART. If the address asks for plain text, only that is sent.
    """
    from apprise.exception import AppriseException

    if service.resolve_format("html") == "text":
        return bool(service.notify(body=text, title=title, body_format="text"))
    if not takes_picture(service):
        return bool(service.notify(body=html, title=title, body_format="html"))
    try:
        return _send_messages(service, title, html, text, picture)
    except (AppriseException, OSError, RuntimeError, smtplib.SMTPException):
        return False


def takes_picture(service: Any) -> bool:
    """Whether a mail can have a picture: apprise builds signed and encrypted mails itself."""
    from apprise.plugins.email.base import PGP_MODE_DEFAULT

    return bool(service.pgp_mode == PGP_MODE_DEFAULT)


def write_file(title: str, html: str, text: str, picture: bytes = b"") -> str:
    """Write a mail as a file that mail programs open as a draft; `picture` is attached as CHART."""
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"], message["X-Unsent"] = " ".join(title.split()), "1"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    if picture:
        html_part: Any = message.get_body(("html",))
        cid = f"<{CHART.removeprefix('cid:')}>"
        html_part.add_related(picture, "image", "png", cid=cid, disposition="inline", filename="chart.png")
    return message.as_string()


def _send_messages(service: Any, title: str, html: str, text: str, picture: bytes) -> bool:
    from apprise.plugins.email.smtp import AppriseSMTPController

    messages = service.prepare_emails(
        subject=title, body=html, from_addr=service.from_addr, to=service.targets, cc=service.cc, bcc=service.bcc,
        reply_to=service.reply_to, smtp_host=service.smtp_host, headers=service.headers, names=service.names,
    )  # fmt: skip
    with AppriseSMTPController(
        service.smtp_host, service.port, service.secure_mode, service.user, service.password,
        service.verify_certificate, service.socket_connect_timeout,
    ) as smtp:  # fmt: skip
        results = [
            smtp.sendmail(service.from_addr[1], message.to_addrs, _add_parts(message.body, text, picture))
            for message in messages
        ]
    return bool(results) and all(results)


def _add_parts(message: str, text: str, picture: bytes) -> str:
    """Replace a message's plain text, the first of its two parts, and attach the picture to its HTML."""
    mail = message_from_string(message)
    parts: Any = mail.get_payload()
    parts[0] = MIMEText(text, "plain", "utf-8")
    if picture:
        image = MIMEImage(picture, "png")
        image.add_header("Content-ID", f"<{CHART.removeprefix('cid:')}>")
        image.add_header("Content-Disposition", "inline", filename="chart.png")
        parts[1] = MIMEMultipart("related", _subparts=[parts[1], image])
    return mail.as_string()
