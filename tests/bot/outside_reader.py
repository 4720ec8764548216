"""A process that reads from servers on loopback, and prints by how many megabytes it grew: its own, and its children.

python -m tests.bot.outside_reader EVIDENCE READER PORT...
"""

import asyncio
import json
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.assistant.fetching import fetch_page
from bot.assistant.models import Limits
from bot.newsroom.targets import NotDoneError, UnsureError
from bot.newsroom.targets.notify import send_brief
from bot.newsroom.targets.webhook import WebhookTarget
from bot.settings import Settings
from bot.state.target_rows import TargetRow
from core.errors import UsageError
from tests.bot.assistant.scripted import HERE, NOW, UNSURE, assistant_of
from tests.bot.newsroom.newsroom import BRIEF, order
from tests.conftest import ROOT

SECONDS = 1.5


def model(port: int) -> None:
    settings = Settings(DB, ROOT / "data", "sqlite://", llm_model="m", llm_base_url=f"http://127.0.0.1:{port}/v1")
    limits = Limits(call=SECONDS, total=SECONDS)
    assert asyncio.run(assistant_of(settings, limits=limits).reply(UNSURE, HERE, NOW)).answer


def article(port: int) -> None:
    try:
        asyncio.run(fetch_page(f"http://127.0.0.1:{port}/", may_reach=lambda _: True, seconds=SECONDS))
    except UsageError:
        return
    raise AssertionError("it was read")


def webhook(port: int) -> None:
    target = WebhookTarget(
        lambda number: TargetRow(number, None, "webhook", f"http://127.0.0.1:{port}/", "whsec_c2Vj", "a-name"),
        Settings(DB, DB),
    )
    try:
        asyncio.run(asyncio.wait_for(target.deliver(order(3, kind="webhook"), datetime.now(UTC)), SECONDS))
    except (NotDoneError, UnsureError, TimeoutError):
        pass


def service(port: int) -> None:
    send_brief(f"json://127.0.0.1:{port}/", BRIEF, seconds=SECONDS * 8)


READERS = (model, article, webhook, service)
_SLOW = ("headers", "drip", "length", "deflate")
"""What another process is given up for takes its whole time; one kind that is endless is enough there."""


def _megabytes(who: int = resource.RUSAGE_SELF) -> int:
    return resource.getrusage(who).ru_maxrss // 1024


if __name__ == "__main__":
    DB = Path(sys.argv[1])
    (_, first), *others = (argument.split("=") for argument in sys.argv[2:])
    grew: dict[str, int] = {}
    for reader in READERS:
        if reader is not service:
            reader(int(first))
        before = _megabytes()
        for kind, port in others:
            if reader is not service or kind not in _SLOW:
                reader(int(port))
        grew[reader.__name__] = _megabytes() - before
    print(json.dumps(grew | {"another process": _megabytes(resource.RUSAGE_CHILDREN)}))
