"""What the pretended Discord must keep to for tests with it to tell anything: once, and not in silence."""

import aiohttp
import pytest

from tests.fakes.discord import FakeDiscord, Interaction


async def call(fake: FakeDiscord, path: str, **body: object) -> tuple[int, int]:
    """Return the status and Discord's code of the answer to a request."""
    headers = {"Authorization": f"Bot {fake.token}"}
    async with aiohttp.ClientSession() as session, session.post(fake.url + path, json=body, headers=headers) as came:
        return came.status, (await came.json())["code"] if came.status >= 400 else 0


async def ask(fake: FakeDiscord) -> Interaction:
    fake.commands.put(None, [{"name": "gap", "description": "The gap."}])
    return await fake.slash(fake.world.user("ada"), fake.world.channel("general"), "gap")


async def answers(fake: FakeDiscord, interaction: Interaction) -> tuple[int, int]:
    return await call(
        fake, f"/interactions/{interaction.id}/{interaction.token}/callback", type=4, data={"content": "7 months"}
    )


async def test_a_first_answer_is_taken_once() -> None:
    async with FakeDiscord() as fake:
        interaction = await ask(fake)
        assert [await answers(fake, interaction) for _ in range(2)] == [(204, 0), (400, 40060)]
        assert [message.content for message in interaction.messages] == ["7 months"]


async def test_what_it_can_not_do_is_seen() -> None:
    fake = FakeDiscord()
    await fake.__aenter__()
    assert await call(fake, "/users/@me/channels") == (418, 0)
    with pytest.raises(ExceptionGroup, match="the pretended Discord itself failed"):
        await fake.__aexit__()
