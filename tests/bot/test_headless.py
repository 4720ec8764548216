"""The service without Discord; its processes, webhooks and stops are those of test_run."""

import asyncio
from pathlib import Path

from bot.headless import Headless
from bot.services import Services
from bot.settings import Settings
from bot.state.database import open_state
from tests.conftest import ROOT


async def test_it_is_well_once_it_posts_what_is_due_and_stops_with_nothing_left(
    evidence_file: Path, tmp_path: Path
) -> None:
    address = f"sqlite:///{tmp_path / 'state.db'}"
    state = open_state(address)
    service = Headless(Services(Settings(evidence_file, ROOT / "data", address), state))
    assert service.health()["ok"] is False
    work = asyncio.create_task(service.work())
    async with asyncio.timeout(60):
        while not service.health()["ok"]:
            await asyncio.sleep(0.01)
    assert service.health()["data"]["newest"] == "2026-09-28"
    work.cancel()
    await service.close()
    assert service.health()["ok"] is False
    state.close()
