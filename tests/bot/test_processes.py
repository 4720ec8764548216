"""Work in a process of its own: what comes of it, and that neither time nor memory of ours is at its mercy."""

import asyncio
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import Any

import pytest

from bot.processes import Worker, run_in_process
from core.errors import TableError, UsageError
from tests.conftest import ROOT


def _refuse(what: str) -> None:
    raise UsageError(f"{what} is none; give one.", ("this",))


def _refuse_table() -> None:
    raise TableError(Path("scores.csv"), "is empty", 2, "score")


def _hoard() -> int:
    return len(bytearray(200 * 2**20))


def test_its_result_comes_from_another_process() -> None:
    assert run_in_process(os.getpid, seconds=60) not in (None, os.getpid())


@pytest.mark.slow
def test_what_a_person_caused_is_said() -> None:
    with pytest.raises(UsageError, match="this is none; give one") as caught:
        run_in_process(_refuse, "this", seconds=60)
    assert caught.value.suggestions == ("this",)


@pytest.mark.slow
def test_what_takes_too_long_takes_too_much_or_dies_gives_nothing() -> None:
    assert run_in_process(time.sleep, 60, seconds=1.0) is None
    assert run_in_process(_hoard, seconds=60, memory=100 * 2**20) is None
    assert run_in_process(os._exit, 3, seconds=60) is None
    assert run_in_process(_hoard, seconds=60) == 200 * 2**20


@pytest.mark.slow
async def test_a_worker_gives_way_raises_what_it_raises_and_ends_when_it_is_closed() -> None:
    worker = Worker(gives_way=True)
    try:
        pid = await worker.do(os.getpid)
        assert pid == await worker.do(os.getpid) != os.getpid()
        assert await worker.do(os.nice, 0) > os.nice(0)
        with pytest.raises(TableError, match=r"^scores.csv, line 2, column score: is empty") as caught:
            await worker.do(_refuse_table)
        assert (caught.value.line, caught.value.column) == (2, "score")
        with pytest.raises(BrokenExecutor):
            await worker.do(os._exit, 3)
    finally:
        worker.close()


async def test_a_worker_that_is_closed_leaves_no_thread_behind() -> None:
    before = set(threading.enumerate())
    worker = Worker()
    await worker.do(os.getpid)
    assert set(threading.enumerate()) > before
    worker.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(60)
    assert set(threading.enumerate()) <= before


@pytest.mark.skipif(os.name == "nt", reason="nothing stops a process there")
@pytest.mark.slow
async def test_a_worker_that_is_closed_while_it_sends_a_result_holds_up_nobody() -> None:
    """A worker killed while it sent a picture was waited for at the end of Python for ever: Ctrl-C seemed unheard."""
    worker = Worker()
    doing = asyncio.create_task(worker.do(bytes, 200 * 2**20))
    await _until(lambda: worker._pool is not None and bool(worker._pool._processes))
    pool: Any = worker._pool
    receiving, results = pool._executor_manager_thread, pool._result_queue
    await _until(lambda: sys._current_frames()[receiving.ident].f_code.co_name == "_recv")  # the result is on its way
    os.kill(next(iter(pool._processes)), signal.SIGSTOP)
    worker.close()
    await asyncio.to_thread(receiving.join, 10)
    is_held_up = receiving.is_alive()
    results._writer.close()  # else this process would not end where it is
    assert not is_held_up
    with pytest.raises(BrokenExecutor):
        await doing


async def _until(is_so: Callable[[], bool]) -> None:
    """Look again and again until something is so."""
    async with asyncio.timeout(60):
        while not is_so():
            await asyncio.sleep(0.001)


# ---- the event loop of what serves


@pytest.mark.slow
async def test_what_holds_the_loop_up_is_reported_in_debug_mode(tmp_path: Path) -> None:
    script = tmp_path / "slow.py"
    script.write_text(
        "import asyncio, time\nfrom bot.processes import make_runner\nfrom bot.logs import set_up_logs\n"
        "async def work():\n    time.sleep(0.08)\n"
        "set_up_logs(debug=True)\n"
        "with make_runner(debug=True) as running:\n    running.run(work())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=asyncio.subprocess.PIPE
    )
    _, err = await asyncio.wait_for(process.communicate(), 60)
    assert any("took 0." in json.loads(line)["event"] for line in err.decode().splitlines())
