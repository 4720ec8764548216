"""Webhooks: addresses that receive new, corrected and withdrawn briefs, signed by Standard Webhooks (1.0.0).

Each event is sent at least once, always with the same id (standardwebhooks.com).
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.guarded_session import read_address
from bot.newsroom.targets import (
    AddressTarget,
    CheckedAddress,
    Delivered,
    DeliveryOrder,
    RefusedError,
    register,
)
from bot.newsroom.targets.target_requests import connect, retry_error
from bot.state.target_rows import TargetRow

TYPES = {"post": "brief.posted", "edit": "brief.corrected", "delete": "brief.withdrawn"}
TEST = "test"
_GONE = 410
_PREFIX = "whsec_"
_SIGNATURE_NOTE = "It is signed as standardwebhooks.com says, with this secret, which is not shown again:"


def new_secret() -> str:
    """Generate a signing secret in the form of Standard Webhooks."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()


def sign(secret: str, event_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers with an event's id, time and signature."""
    stamp = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    digest = hmac.new(key, b".".join([event_id.encode(), stamp.encode(), body]), hashlib.sha256).digest()
    return {
        "webhook-id": event_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def build_payload(order: DeliveryOrder, public_url: str | None) -> dict[str, Any]:
    """Build the event for a brief; its time is that of the step, however late it is delivered."""
    stored = order.stored
    return {
        "type": TYPES[order.item.action],
        "timestamp": order.item.made_at.isoformat(),
        "data": {
            "id": stored.slug,
            "status": stored.status,
            "version": stored.version,
            "url": f"{public_url}/briefs/{stored.slug}" if public_url and stored.is_public else None,
            "corrections": [{"at": at.isoformat(), "what": what} for at, what in stored.corrections],
            "brief": stored.brief.to_json(),
        },
    }


@register("webhook")
class WebhookTarget(AddressTarget):
    """Webhooks."""

    label = "webhook"

    @staticmethod
    def matches(address: str) -> bool:
        """Whether it is a web address."""
        return address.lower().startswith(("http://", "https://"))

    @staticmethod
    def check(address: str) -> CheckedAddress:
        """Check a webhook's address, and generate its secret; raises UsageError for an invalid address."""
        return CheckedAddress(str(read_address(address)), new_secret(), _SIGNATURE_NOTE)

    async def deliver(self, order: DeliveryOrder, now: datetime) -> Delivered:
        """Send the brief's event.

        Raises NotDoneError if it was not sent, UnsureError if it may have been, and RefusedError if it never can be.
        """
        target = self.row(order.item)
        await _send_event(target, order.item.nonce, build_payload(order, self.settings.public_url), now)
        return Delivered()

    async def look_up(self, _order: DeliveryOrder, _now: datetime) -> None:
        """Return None: a webhook recognises repeated events by their ids."""

    async def test(self, target: TargetRow, now: datetime) -> str:
        """Send a test event, which is no brief; raises as `deliver`."""
        data = {"target": target.name, "text": "A test from gapbrief; nothing was posted."}
        event = {"type": TEST, "timestamp": now.isoformat(), "data": data}
        await _send_event(target, secrets.token_hex(12), event, now)
        return f"it took a signed event of the type {TEST}, which is no brief"


async def _send_event(target: TargetRow, event_id: str, event: Mapping[str, Any], now: datetime) -> None:
    """Send a signed event to an address; raises as `WebhookTarget.deliver`."""
    body = json.dumps(event, ensure_ascii=False).encode()
    headers = {"content-type": "application/json", **sign(target.secret or "", event_id, now, body)}
    async with (
        connect(target, WebhookTarget.label, headers) as session,
        session.post(target.address, data=body, allow_redirects=False) as response,  # its body is not read
    ):
        if response.status == _GONE:
            raise RefusedError("the webhook says that it is gone for good (status 410)")
        if 200 <= response.status < 300:
            return
        raise retry_error(response, now, f"the webhook did not take it (status {response.status})")
