"""Makers' own model pages on Hugging Face: whether they have weights that anybody can download."""

import re
from collections.abc import Iterator
from pathlib import Path

from core.evidence.importers.rows import FileContent, RawModel, Row, make_row, read_mapping

GONE = "the maker's page is gone"
_WEIGHTS = (".safetensors", ".gguf", ".bin", ".pt")
_LICENCE = re.compile(r"[A-Za-z0-9.+-]{1,40}")


def read(path: Path) -> FileContent:
    """Read the pages: only models, no scores. No model is called closed, because a page without weights says nothing.

    A model is spelled like its page, so a page refers to no other model. The page's creation is not a release date.
    """
    content = FileContent()
    for row in content.count(_read_pages(path)):
        spelling, state = row.text("page").lower(), row.text("state")
        if state.startswith("weights"):
            content.models.append(RawModel(row.line, spelling, claim="open", raw=state))
        else:
            content.drop(row.line, spelling, state)
    return content


def _read_pages(path: Path) -> Iterator[Row]:
    """Yield the pages, {ORGANIZATION/MODEL: page}; the page number is used as the line."""
    pages = read_mapping(path, "is not makers' pages of their models")
    for number, (page, card) in enumerate(pages.items(), start=1):
        yield make_row(path, number, {"page": page, "state": _state(page, card)}, ("page", "state"))


def _state(page: str, card: object) -> str:
    """Return what a page offers, or why it says nothing."""
    if not isinstance(card, dict):
        return GONE
    if str(card.get("id")).lower() != page.lower():
        return "the maker's page is that of another model"
    files = card.get("siblings")
    files = files if isinstance(files, list) else []
    names = [str(file.get("rfilename")).lower() for file in files if isinstance(file, dict)]
    if card.get("private") or not any(name.endswith(_WEIGHTS) for name in names):
        return "no weights on the maker's page"
    data = card.get("cardData")
    licence = data.get("license") if isinstance(data, dict) else None
    under = f" ({licence})" if isinstance(licence, str) and _LICENCE.fullmatch(licence) else ""
    return f"weights on the maker's page{', gated' if card.get('gated') else ''}{under}"
