"""The event loop of what serves."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.mark.slow
async def test_what_holds_the_loop_up_is_reported_in_debug_mode(tmp_path: Path) -> None:
    script = tmp_path / "slow.py"
    script.write_text(
        "import asyncio, time\nfrom bot.event_loop import runner\nfrom bot.logs import set_up_logs\n"
        "async def work():\n    time.sleep(0.08)\n"
        "set_up_logs(debug=True)\n"
        "with runner(debug=True) as running:\n    running.run(work())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=asyncio.subprocess.PIPE
    )
    _, err = await asyncio.wait_for(process.communicate(), 60)
    assert any("took 0." in json.loads(line)["event"] for line in err.decode().splitlines())
