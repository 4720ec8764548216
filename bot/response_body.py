"""The body of a foreign response, limited in bytes as they arrive and as they are unpacked.

Callers limit the time too: a slow body stays within its bytes for ever.
"""

import zlib
from collections.abc import AsyncIterable, AsyncIterator

MOST_BYTES = 2_000_000
"""The limit for a page or a model's answer."""
GZIP_NAMES = ("gzip", "x-gzip")
_STEP = 65536


class BodyError(Exception):
    """An unacceptable body; the message is a clause, such as "is larger than 2 MB"."""


async def read_limited(chunks: AsyncIterable[bytes], packing: str, most: int = MOST_BYTES) -> AsyncIterator[bytes]:
    """Yield a body's unpacked bytes; `packing` is the Content-Encoding, or "".

    Raises BodyError after `most` bytes, packed or unpacked, and for an unknown or broken packing.
    """
    packing = packing.strip().lower()
    if packing not in ("", "identity", *GZIP_NAMES):
        raise BodyError(f'is packed as "{packing[:20]}", which I can\'t read')
    unpack = zlib.decompressobj(wbits=31) if packing in GZIP_NAMES else None
    n_raw = n_bytes = 0
    async for chunk in chunks:
        n_raw += len(chunk)
        rest = bytes(chunk)
        while rest and n_raw <= most and n_bytes <= most:
            part, rest = (rest, b"") if unpack is None else _unpack_part(unpack, rest)
            n_bytes += len(part)
            if n_bytes <= most:
                yield part
        if max(n_raw, n_bytes) > most:
            raise BodyError(f"is larger than {most // 1_000_000} MB")
    if unpack is not None and not unpack.eof:
        raise BodyError("is packed in a broken way")


def _unpack_part(unpack: "zlib._Decompress", packed: bytes) -> tuple[bytes, bytes]:
    """Return the next bytes, and the rest to unpack; bytes after the end are dropped."""
    if unpack.eof:
        return b"", b""
    try:
        return unpack.decompress(packed, _STEP), unpack.unconsumed_tail
    except zlib.error:
        raise BodyError("is packed in a broken way") from None
