"""A body from outside: unpacked, and no more of it than a limit."""

import gzip
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.response_body import MOST_BYTES, BodyError, read_limited


async def chunks(body: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def whole(body: bytes, packing: str = "", most: int = MOST_BYTES, size: int = 1000) -> bytes:
    return b"".join([part async for part in read_limited(chunks(body, size), packing, most)])


@given(st.binary(max_size=5000), st.integers(1, 3000), st.sampled_from(["", "identity", "gzip", "x-gzip", " GZIP "]))
async def test_what_is_within_the_limit_comes_whole(body: bytes, size: int, packing: str) -> None:
    packed = gzip.compress(body) if "gzip" in packing.lower() else body
    assert await whole(packed, packing, size=size) == body


@pytest.mark.parametrize("packing", ["", "gzip"])
async def test_at_the_limit_is_whole_and_a_byte_more_is_refused(packing: str) -> None:
    pack = gzip.compress if packing else bytes
    assert len(await whole(pack(b"x" * 2_000_000), packing)) == 2_000_000
    with pytest.raises(BodyError, match="is larger than 2 MB"):
        await whole(pack(b"x" * 2_000_001), packing)


async def test_what_unpacks_to_nothing_ends_too() -> None:
    """Packed bytes count as they come: after a packing's end, and where they never become one of the body's."""
    with pytest.raises(BodyError, match="is larger than 2 MB"):
        await whole(gzip.compress(b"x") + b"x" * 3_000_000, "gzip", size=65_536)


@pytest.mark.parametrize("packing", ["br", "deflate", "zstd", "gzip, gzip", "x" * 1000])
async def test_another_packing_is_refused_and_named(packing: str) -> None:
    with pytest.raises(BodyError, match=r"is packed as .+, which I can.t read") as error:
        await whole(b"x", packing)
    assert len(str(error.value)) < 80


async def test_a_broken_packing_is_refused() -> None:
    with pytest.raises(BodyError, match="is packed in a broken way"):
        await whole(b"no gzip at all", "gzip")
