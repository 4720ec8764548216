"""How often, in what order and after what a person asks."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession, web
from aiohttp.test_utils import TestServer

from bot.assistant.reading import NEW, Context
from bot.discord import asking, autocomplete
from bot.discord.asking import ASK_LIMIT, COMPLETIONS, SECONDS, Cooldown, LastQuestions, RequestLimit, SendPriority
from core.errors import UsageError
from core.names.names import Name
from core.questions import GapQuestion
from tests.bot.discord.conftest import World, words
from tests.bot.discord.wire import title
from tests.fakes.discord import FakeDiscord, Kind


def test_ten_questions_in_twenty_seconds_are_enough() -> None:
    cooldown = Cooldown()
    assert [cooldown.wait(1, float(second)) for second in range(ASK_LIMIT)] == [0.0] * ASK_LIMIT
    assert cooldown.wait(1, 10.0) == SECONDS - 10
    assert cooldown.wait(2, 10.0) == 0
    assert cooldown.wait(1, 20.0) == 0
    assert cooldown.wait(1, 20.5) == 0.5


@pytest.mark.parametrize(("left", "sentence"), [(0.2, "1 second."), (1.4, "1 second."), (12.6, "13 seconds.")])
def test_the_wait_is_said_in_whole_seconds(left: float, sentence: str) -> None:
    cooldown = Cooldown(1, 20)
    cooldown.check(1, 0)
    with pytest.raises(UsageError, match=f"That was quick. Please ask again in {sentence}"):
        cooldown.check(1, 20 - left)


def test_people_who_left_are_forgotten() -> None:
    cooldown = Cooldown()
    for person in range(30_000):
        cooldown.wait(person, person / 100)
    assert len(cooldown._times) <= 10_001


async def test_a_person_in_a_hurry_is_told_in_private_and_answered_a_little_later(world: World) -> None:
    for _ in range(ASK_LIMIT):
        assert not (await world.slash("gap")).ephemeral
    message = await world.slash("gap")
    assert words(message).startswith("That was quick. Please ask again in ")
    assert message.ephemeral
    assert not (await world.bob.slash(world.channel, "gap")).response.ephemeral
    await world.env.advance_time(SECONDS)
    assert not (await world.slash("gap")).ephemeral


@pytest.mark.slow
async def test_haste_in_messages_is_remarked_on_once_and_then_met_with_silence(world: World) -> None:
    for _ in range(ASK_LIMIT + 15):
        await world.mention("what is the gap?")
    replies = [words(message) for message in world.channel.history() if message.author.id == world.bot.user.id]
    assert len(replies) == ASK_LIMIT + 1
    assert len([reply for reply in replies if reply.startswith("That was quick.")]) == 1
    await world.env.advance_time(SECONDS)
    reply = await world.mention("what is the gap?")
    assert "Open models trail" in words(reply)


async def test_buttons_and_messages_count_too(world: World) -> None:
    message = await world.slash("gap")
    for _ in range(ASK_LIMIT - 1):
        await world.press(message, "Terms")
    assert words(await world.press(message, "Terms")).startswith("That was quick.")
    reply = await world.mention("what is the gap?")
    assert words(reply).startswith("That was quick.")


@pytest.mark.slow
async def test_of_a_thousand_completions_of_one_person_a_few_are_served_and_the_others_cost_nothing(
    wire: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def best(typed: str, names: list[Name]) -> list[Name]:
        looked.append(typed)
        return names[:1]

    monkeypatch.setattr(autocomplete, "complete_name", best)
    ada, mo, general = wire.world.user("ada"), wire.world.user("mo"), wire.world.channel("general")
    typing = [await wire.autocomplete(ada, general, "gap", "benchmark", "g") for _ in range(1000)]
    others = await wire.autocomplete(mo, general, "gap", "benchmark", "m")
    asked = await wire.slash(ada, general, "about")
    await asyncio.gather(*(completion.first_answer() for completion in (*typing, others)))
    assert sum(len(completion.choices) for completion in typing) == looked.count("g") == COMPLETIONS
    assert len(others.choices) == 1
    assert not title(await asked.answered()).startswith("That was quick."), "questions have a limit of their own"


async def test_who_sends_too_many_forms_has_to_wait_and_nobody_else_does(wire: FakeDiscord) -> None:
    async def is_held_back(name: str) -> bool:
        data: dict[str, Any] = {"custom_id": "news:edited:1:1:1", "components": []}
        used = await wire.forge(wire.world.user(name), wire.world.channel("general"), Kind.MODAL, data)
        return title(await used.answered()).startswith("That was quick. Please ask again in ")

    assert [await is_held_back("ada") for _ in range(ASK_LIMIT + 15)] == [False] * ASK_LIMIT + [True] * 15
    assert not await is_held_back("mo")


# ---- Discord's rate limit: however late a request arrives, no second there has more of them than allowed


LIMIT = 4


@pytest.fixture
async def arrivals() -> AsyncIterator[tuple[ClientSession, list[float]]]:
    """A client with a limit, and when a server got each of its requests; some are answered late."""
    times: list[float] = []

    async def handle(request: web.Request) -> web.Response:
        times.append(asyncio.get_running_loop().time())
        await asyncio.sleep(0.3 * (len(times) % 2))
        if request.path == "/cut":
            assert request.transport is not None
            request.transport.close()
        return web.Response()

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", handle)
    async with TestServer(application) as server:
        async with ClientSession(server.make_url("/"), trace_configs=[RequestLimit(LIMIT)]) as session:
            yield session, times


async def send(session: ClientSession, path: str) -> None:
    async with session.post(path, allow_redirects=False):
        pass


@pytest.mark.slow
async def test_no_second_has_more_requests_than_the_limit(arrivals: tuple[ClientSession, list[float]]) -> None:
    session, times = arrivals
    await asyncio.gather(*(send(session, "/channels/1/messages") for _ in range(2 * LIMIT + 1)))
    assert len(times) == 2 * LIMIT + 1
    assert all(times[number + LIMIT] - times[number] >= 1 for number in range(LIMIT + 1))


@pytest.mark.slow
async def test_a_request_that_fails_gives_its_place_back(arrivals: tuple[ClientSession, list[float]]) -> None:
    session, times = arrivals
    failed = await asyncio.gather(*(send(session, "/cut") for _ in range(LIMIT)), return_exceptions=True)
    assert all(isinstance(error, ClientError) for error in failed)
    await asyncio.wait_for(send(session, "/channels/1/messages"), 10)
    assert times[-1] - times[0] >= 1


async def test_answers_to_interactions_do_not_wait(arrivals: tuple[ClientSession, list[float]]) -> None:
    session, times = arrivals
    paths = ["/api/v10/interactions/1/x/callback", "/api/v10/webhooks/1/x/messages/@original"]
    await asyncio.gather(*(send(session, path) for path in paths * LIMIT))
    assert times[-1] - times[0] < 1


# ---- send order


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
    monkeypatch.setattr(asking, "_PICTURE_PATIENCE_SECONDS", 0.01)
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
    assert most == asking._PICTURES


# ---- context


def of(benchmark: str | None = None) -> Context:
    return NEW.after_question(GapQuestion(benchmark))


def test_the_last_question_of_a_person_in_a_place_is_remembered_for_an_hour() -> None:
    memory = LastQuestions()
    memory.remember((1, 2), of("gpqa"), 0)
    memory.remember((1, 2), of("weirdml"), 10)
    assert memory.context((1, 2), 3609) == of("weirdml")
    assert memory.context((1, 2), 3611) == NEW
    assert memory.context((1, 3), 20) == NEW
    assert memory.context((2, 2), 20) == NEW


def test_the_oldest_places_are_forgotten_first() -> None:
    memory = LastQuestions()
    for place in range(6000):
        memory.remember((place, 1), of(), 0)
        memory.remember((0, 1), of(), 0)
    assert memory.context((0, 1), 1) != NEW
    assert memory.context((5999, 1), 1) != NEW
    assert memory.context((1, 1), 1) == NEW
    assert len(memory._last) == 5000
