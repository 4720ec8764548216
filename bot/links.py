"""Addresses of our own pages, feeds and pictures: relative between pages, absolute for messages and feeds."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Literal
from urllib.parse import urlencode

from core.questions import Question

Form = Literal["png", "svg"]
DataForm = Literal["csv", "metadata.json"]
"""The formats of a picture, and of a table: its rows, and their metadata."""
Shape = Literal["wide", "square", "portrait", "page", "phone", "card"]
"""The shapes of pictures: standalone, in a message, in a mail, on a page on a desktop and a phone, and on a card."""
THEME, DATA, KIND, SHAPE = "theme", "v", "kind", "shape"
"""The parameters of a picture's address, besides the question's fields."""
TABLE = "table"
"""The further parameter of a table's address."""
_PAGES = {
    ("gap",): "", ("best",): "best", ("unmatched",): "unmatched", ("trust",): "trust", ("others",): "others",
    ("gap", "benchmark"): "benchmarks/{benchmark}", ("model", "model"): "models/{model}",
    ("compare", "left", "right"): "compare/{left}/{right}",
}  # fmt: skip
"""The pages of questions, by a question's name and the fields that are set."""


def web_url(url: str) -> str:
    """Return a web address, and "" for any other, such as a script or a file."""
    return url if re.fullmatch(r"https?://[^\s<>\"']+", url) else ""


def chart_url(public_url: str, question: Question, revision: str, *, dark: bool = False) -> str:
    """Return the address of a question's picture for a message, with the data's revision against stale caches."""
    return f"{public_url.rstrip('/')}/{chart_path(question, revision, dark=dark, shape='square')}"


def chart_path(
    question: Question, revision: str = "", *, kind: str = "", dark: bool = False, shape: Shape = "wide",
    form: Form = "png",
) -> str:  # fmt: skip
    """Return the path of a question's picture, without a leading slash; `kind` picks one of several charts."""
    query = dict(_changed_fields(question))
    query |= {KIND: kind} if kind else {}
    query |= {THEME: "dark"} if dark else {}
    query |= {SHAPE: shape} if shape not in ("wide", kind) else {}
    query |= {DATA: revision[:12]} if revision else {}
    return _with_query(f"charts/{question.name}.{form}", query)


def data_path(question: Question, form: DataForm, table: str = "") -> str:
    """Return the path of an answer's table, by default its headline, without a leading slash."""
    return _with_query(
        f"api/{question.name}.{form}", dict(_changed_fields(question)) | ({TABLE: table} if table else {})
    )


def chart_table(kind: str) -> str:
    """Return the name of the table behind an answer's chart."""
    return f"chart-{kind}"


def _with_query(path: str, query: dict[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def _changed_fields(question: Question) -> Iterator[tuple[str, str]]:
    """Yield the fields of a question that differ from their defaults, as text."""
    for field in fields(question):
        value = getattr(question, field.name)
        if value is not None and value != field.default:
            yield field.name, value.isoformat() if isinstance(value, date) else str(value)


def page_path(question: Question) -> str | None:
    """Return the path of the page that answers a question, "" for the front page; None if there is no such page."""
    values = dict(_changed_fields(question))
    path = _PAGES.get((question.name, *values))
    if path is None or not all(re.fullmatch(r"[\w. -]+", name) for name in values.values()):
        return None
    return path.format_map({field: name.lower().replace(" ", "-") for field, name in values.items()})


class Links:
    """The addresses on the page at a path (such as `briefs/2026-05-22-…`, "" for the front page).

    Addresses between pages are relative, so that they work under any address; `absolute` needs a public one.
    """

    is_served = True
    """Whether a program answers at these addresses, so that pages can be searched."""

    def __init__(self, here: str, public_url: str | None) -> None:
        self.here, self.public_url = here, public_url

    def to(self, path: str) -> str:
        """Return the address of another page or file, relative to this page."""
        return ("../" * self.here.count("/") or "./") + self.file(path)

    def has(self, path: str) -> bool:
        """Whether there is a page at a path."""
        return True

    def file(self, path: str) -> str:
        """Return the path of a page's file below the root; for served pages, the same path."""
        return path

    def absolute(self, path: str | None = None) -> str | None:
        """Return the public address of a page, by default this one; None if no public address is set."""
        path = self.here if path is None else path
        return self.public_url and f"{self.public_url}/{self.file(path) if path else ''}"

    def archive(self, number: int, words: str = "") -> str:
        """Return the path of a page of the archive (counted from 0), or of its briefs that contain some words."""
        query = ({"q": words} if words else {}) | ({"page": str(number + 1)} if number else {})
        return _with_query("briefs", query)

    def card(self, path: str) -> str:
        """Return the path of the card of a brief's page, for `absolute`."""
        return f"{path}.png"

    def chart(
        self, question: Question, revision: str, *, kind: str = "", dark: bool = False, shape: Shape = "wide",
        form: Form = "png",
    ) -> str:  # fmt: skip
        """Return the path of a picture, for `to` and `absolute`."""
        return chart_path(question, revision, kind=kind, dark=dark, shape=shape, form=form)

    def data(self, question: Question, form: DataForm, table: str = "") -> str:
        """Return the path of an answer's table or its metadata, for `to` and `absolute`."""
        return data_path(question, form, table)
