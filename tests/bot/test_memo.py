"""The memory: each value made once, kept up to a size, and made anew where it is none to keep."""

import asyncio
from functools import partial

import pytest

from bot.memo import Memo


class Maker:
    """Makes values, counts them, and takes a moment."""

    def __init__(self) -> None:
        self.values: list[str] = []

    async def make(self, value: str) -> str:
        self.values.append(value)
        await asyncio.sleep(0)
        return value


async def test_a_value_is_made_once_however_many_ask_for_it() -> None:
    memo, maker = Memo[str, str](3), Maker()
    values = await asyncio.gather(*(memo.get("a", lambda: maker.make("first")) for _ in range(50)))
    assert (set(values), maker.values) == ({"first"}, ["first"])
    assert await memo.get("a", lambda: maker.make("second")) == "first"


async def test_the_one_asked_for_longest_ago_makes_room() -> None:
    memo, maker = Memo[str, str](10, len), Maker()
    for value in ("aaaa", "bbbb", "aaaa", "cccc"):
        await memo.get(value, partial(maker.make, value))
    assert (memo.cached("aaaa"), memo.cached("bbbb"), memo.cached("cccc")) == ("aaaa", None, "cccc")


async def test_what_is_not_to_be_kept_is_made_anew() -> None:
    memo, maker = Memo[str, str](3), Maker()
    for value in ("for now", "for good", "later"):
        await memo.get("a", partial(maker.make, value), lambda value: value != "for now")
    assert maker.values == ["for now", "for good"]


async def test_who_stops_waiting_takes_nothing_from_the_others() -> None:
    memo, maker = Memo[str, str](3), Maker()
    first, second = (asyncio.create_task(memo.get("a", lambda: maker.make("a"))) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second, maker.values) == ("a", ["a"])


async def test_an_error_is_for_whoever_asked_and_it_is_tried_anew() -> None:
    memo, maker = Memo[str, str](3), Maker()

    async def fail() -> str:
        raise ValueError("no such value")

    with pytest.raises(ValueError, match="no such value"):
        await memo.get("a", fail)
    assert await memo.get("a", lambda: maker.make("a")) == "a"
