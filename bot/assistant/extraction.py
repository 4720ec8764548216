"""The text of a web page, taken out in a process of its own: a page made to take for ever is given up in time."""

from importlib.util import find_spec
from typing import Any

from bot.extras import how_to_add
from bot.own_process import in_own_process
from core.errors import UsageError

SECONDS = 15.0
"""How long it may take, with the start of the process."""

Parts = dict[str, str | None]

_MISSING = f"Reading an article's page needs trafilatura; {how_to_add('articles')} adds it."


def is_installed() -> bool:
    """Return whether the optional package that reads pages is here."""
    return find_spec("trafilatura") is not None


def extracted(content: bytes, url: str, seconds: float = SECONDS) -> Parts | None:
    """Return a page's title, sitename, url, date and text; None where it has no text, or takes too long. Blocks.

    Raises UsageError where the package that reads pages is missing.
    """
    if not is_installed():
        raise UsageError(_MISSING)
    return in_own_process(_taken_out, content, url, seconds=seconds)


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
