"""Files as accidents leave them, for tests of what reads them.

`FUZZED=6000 pytest -m slow -k spoiled tests/core/evidence` tries each importer about ten minutes long.
"""

import os
import re

from hypothesis import strategies as st

FUZZED = int(os.environ.get("FUZZED", "100"))
"""How many spoiled files a slow test tries of each importer: by default half a minute of them at most."""
PIECES = [
    b"", b"nan", b"inf", b"-1", b"1e999", b"9" * 5000, b"0x" + b"f" * 5000, b"2026-13-45", b"2026-01", b"0001-01-01",
    b"\x00", b"\xff\xfe", b'"', b"'", b",", b"\n", b"\r", b"{", b"}", b"[", b"]", b": ", b"null", b"~", b"true",
    b"!!python/object:os.system x", b"&a *a", b"*a", b"<<: {models: []}", b"- ", b"\t", b"1_000", b"\xe2\x80\xae",
    b"\xed\xa0\x80", b"?", b"12:30:45", b"2026-01-01T00:00:00Z", b"!!set {a}", b"\xef\xbb\xbf", b"models: [1]\n",
]  # fmt: skip
WORD = re.compile(rb"[\w.\-]+")


@st.composite
def spoiled(draw: st.DrawFn, content: bytes) -> bytes:
    """A file with a few words, lines or bytes changed, cut off, or in another encoding."""
    body = content
    for _ in range(draw(st.integers(1, 4))):
        at, piece = draw(st.integers(0, len(body))), draw(st.sampled_from(PIECES) | st.binary(max_size=4))
        lines = body.split(b"\n")
        line = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(("word", "insert", "without a line", "line twice", "cut", "UTF-16"))):
            case "word":
                word = WORD.search(body, at)
                body = body[: word.start()] + piece + body[word.end() :] if word else piece + body
            case "insert":
                body = body[:at] + piece + body[at:]
            case "without a line":
                body = b"\n".join(lines[:line] + lines[line + 1 :])
            case "line twice":
                body = b"\n".join([*lines[: line + 1], *lines[line:]])
            case "cut":
                body = body[:at]
            case "UTF-16":
                body = body.decode(errors="replace").encode("utf-16")
    return body
