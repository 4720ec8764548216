"""The body of a response from outside: so many bytes at most, counted as they come and as they are unpacked.

Whoever reads one gives the whole its time too: a body that drips is within its bytes for ever.
"""

import zlib
from collections.abc import AsyncIterable, AsyncIterator

MOST_BYTES = 2_000_000
"""What is read of a page or a model's answer."""
PACKED = ("gzip", "x-gzip")
_STEP = 65536


class BodyError(Exception):
    """A body that is not read further: the message is a clause, such as "is larger than 2 MB"."""


async def bounded(chunks: AsyncIterable[bytes], packing: str, most: int = MOST_BYTES) -> AsyncIterator[bytes]:
    """Yield a body's bytes, unpacked; `packing` is what Content-Encoding says, "" where it says nothing.

    Raises BodyError once there are more than `most` bytes, packed or not, and for a packing that can't be undone.
    """
    packing = packing.strip().lower()
    if packing not in ("", "identity", *PACKED):
        raise BodyError(f'is packed as "{packing[:20]}", which I can\'t read')
    unpack = zlib.decompressobj(wbits=31) if packing in PACKED else None
    n_raw = n_bytes = 0
    async for chunk in chunks:
        n_raw += len(chunk)
        rest = bytes(chunk)
        while rest and n_raw <= most and n_bytes <= most:
            part, rest = (rest, b"") if unpack is None else _unpacked(unpack, rest)
            n_bytes += len(part)
            if n_bytes <= most:
                yield part
        if max(n_raw, n_bytes) > most:
            raise BodyError(f"is larger than {most // 1_000_000} MB")
    if unpack is not None and not unpack.eof:
        raise BodyError("is packed in a broken way")


def _unpacked(unpack: "zlib._Decompress", packed: bytes) -> tuple[bytes, bytes]:
    """Return the next bytes, and what is still to be unpacked; what follows the end is left out."""
    if unpack.eof:
        return b"", b""
    try:
        return unpack.decompress(packed, _STEP), unpack.unconsumed_tail
    except zlib.error:
        raise BodyError("is packed in a broken way") from None
