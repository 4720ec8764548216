"""The text of a web page, taken out in a process of its own: a page made to take for ever is given up in time."""

from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

SECONDS = 15.0
"""How long it may take, with the start of the process."""

Parts = dict[str, str | None]


def extracted(content: bytes, url: str, seconds: float = SECONDS) -> Parts | None:
    """Return a page's title, sitename, url, date and text; None where it has no text, or takes too long. Blocks."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, content, url), daemon=True)
    process.start()
    theirs.close()
    try:
        found: Parts | None = ours.recv() if ours.poll(seconds) else None
    except EOFError:  # it ended without a word
        found = None
    finally:
        process.kill()
        process.join()
        ours.close()
    return found


def _work(answer: Connection, content: bytes, url: str) -> None:
    answer.send(_taken_out(content, url))


def _taken_out(content: bytes, url: str) -> Parts | None:
    from trafilatura import bare_extraction

    try:
        found: Any = bare_extraction(
            content, url=url or None, with_metadata=True, include_comments=False, include_tables=False,
            favor_precision=True, date_extraction_params={"extensive_search": False, "original_date": True},
        )  # fmt: skip
    except Exception:  # whatever a page can do to a parser
        return None
    if found is None or not found.text:
        return None
    return {name: getattr(found, name) for name in ("title", "sitename", "url", "date", "text")}
