"""What connects to a language model's server: its answers are read to a limit, and it is not followed elsewhere."""

from collections.abc import AsyncIterator
from typing import cast

from httpx2 import AsyncByteStream, AsyncClient, Response
from openai import DefaultAsyncHttpxClient

from bot.assistant.failures import FailedError, RedirectError
from bot.response_body import PACKED, BodyError, bounded


class _Bounded(AsyncByteStream):
    """A response's bytes, unpacked, and no more of them than a limit."""

    def __init__(self, stream: AsyncByteStream, packing: str) -> None:
        self._stream, self._packing = stream, packing

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in bounded(self._stream, self._packing):
                yield part
        except BodyError as error:
            raise FailedError(f"what the language model's server sends {error}; see GAPBRIEF_LLM_BASE_URL") from None

    async def aclose(self) -> None:
        await self._stream.aclose()


def model_client() -> AsyncClient:
    """Return a client for one event loop.

    It raises FailedError for an answer that is too large, streamed or not, and for one that leads on: the key would go
    along. Whoever calls bounds the whole time.
    """
    return DefaultAsyncHttpxClient(headers={"Accept-Encoding": PACKED[0]}, event_hooks={"response": [_bind]})


async def _bind(response: Response) -> None:
    if response.has_redirect_location:
        raise RedirectError(
            f"the language model's server leads on to another address ({response.status_code}), where the key would go"
            " too; if that is right, give it in GAPBRIEF_LLM_BASE_URL"
        )
    packing = response.headers.pop("Content-Encoding", "")
    response.stream = _Bounded(cast("AsyncByteStream", response.stream), packing)
