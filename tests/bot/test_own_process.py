"""Work in a process of its own: what comes of it, and that neither time nor memory of ours is at its mercy."""

import os
import time

import pytest

from bot.own_process import in_own_process
from core.errors import UsageError


def _pid() -> int:
    return os.getpid()


def _refuse(what: str) -> None:
    raise UsageError(f"{what} is none; give one.", ("this",))


def _sleep() -> None:
    time.sleep(60)


def _hoard() -> int:
    return len(bytearray(200 * 2**20))


def _die() -> None:
    os._exit(3)


def test_its_result_comes_from_another_process() -> None:
    assert in_own_process(_pid, seconds=60) not in (None, os.getpid())


def test_what_a_person_caused_is_said() -> None:
    with pytest.raises(UsageError, match="this is none; give one") as told:
        in_own_process(_refuse, "this", seconds=60)
    assert told.value.suggestions == ("this",)


def test_what_takes_too_long_takes_too_much_or_dies_gives_nothing() -> None:
    assert in_own_process(_sleep, seconds=1.0) is None
    assert in_own_process(_hoard, seconds=60, memory=100 * 2**20) is None
    assert in_own_process(_die, seconds=60) is None
    assert in_own_process(_hoard, seconds=60) == 200 * 2**20
