"""However late a request reaches Discord, no second there has more of them than allowed."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientError, ClientSession, web
from aiohttp.test_utils import TestServer

from bot.discord.request_limit import RequestLimit

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
