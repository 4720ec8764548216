"""Answers go before pictures; a picture waits for none for ever."""

import asyncio

import pytest

from bot.discord import send_priority
from bot.discord.send_priority import SendPriority


async def picture(order: SendPriority, sent: list[str]) -> None:
    async with order.picture():
        sent.append("picture")


async def until_idle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_pictures_wait_for_all_answers_that_are_on_their_way() -> None:
    order, sent = SendPriority(), list[str]()
    with order.answer():
        waiting = asyncio.create_task(picture(order, sent))
        with order.answer():
            await until_idle()
        await until_idle()
        assert sent == []
    await waiting
    assert sent == ["picture"]


async def test_an_answer_that_failed_holds_nothing_up() -> None:
    order, sent = SendPriority(), list[str]()
    with pytest.raises(OSError, match="lost"), order.answer():
        raise OSError("lost")
    await picture(order, sent)
    assert sent == ["picture"]


async def test_a_picture_goes_in_the_end_though_answers_never_cease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send_priority, "_PATIENCE_SECONDS", 0.01)
    order, sent = SendPriority(), list[str]()
    with order.answer():
        await picture(order, sent)
    assert sent == ["picture"]


async def test_only_some_pictures_go_at_a_time() -> None:
    order, going, most = SendPriority(), 0, 0

    async def slow() -> None:
        nonlocal going, most
        async with order.picture():
            going += 1
            most = max(most, going)
            await until_idle()
            going -= 1

    await asyncio.gather(*(slow() for _ in range(50)))
    assert most == send_priority._PICTURES
