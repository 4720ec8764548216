"""Whatever a server outside answers, whoever reads it takes little memory and comes to an end."""

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.processes import MOST_MEMORY
from tests.conftest import ROOT
from tests.fakes.endless import Endless, Kind

KINDS: tuple[Kind, ...] = ("drip", "chunked", "length", "gzip", "deflate", "headers")
"""The harmless one comes first: the process grows to what it needs anyway."""
MOST_GROWTH = 40
"""Megabytes; without a limit each of these takes hundreds, or all that there are."""


@pytest.mark.slow
def test_no_answer_from_outside_fills_our_memory(evidence_file: Path) -> None:
    with ExitStack() as servers:
        ports = [f"{kind}={servers.enter_context(Endless(kind, media='text/html')).port}" for kind in KINDS]
        done = subprocess.run(
            [sys.executable, "-m", "tests.bot.outside_reader", evidence_file, *ports],
            cwd=ROOT, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    grew = json.loads(done.stdout.splitlines()[-1])
    child = grew.pop("another process")
    assert grew.keys() == {"model", "article", "webhook", "service"}
    assert max(grew.values()) < MOST_GROWTH, grew
    assert child < MOST_MEMORY / 2**20 + 100
