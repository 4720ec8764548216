"""Free text as the tests read it: the shipped data, on 25 November 2026."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.assistant.parsed_text import ParsedText, parse
from bot.assistant.reader import read_text
from bot.assistant.reading import Context, Reading
from bot.assistant.text import clean_text
from core.evidence.evidence import Evidence, load
from core.names.name_index import name_index
from core.store.store import Store, open_store
from tests.conftest import ROOT

TODAY = date(2026, 11, 25)
Read = Callable[..., Reading]
Understand = Callable[[str], ParsedText]


@pytest.fixture
def state_address(tmp_path: Path) -> str:
    """The address of an empty state in a file: tests/bot/state and test_budget run the same SQL in PostgreSQL."""
    return f"sqlite:///{tmp_path / 'state.db'}"


@pytest.fixture(scope="session")
def store(evidence_file: Path) -> Iterator[Store]:
    """The shipped data; texts are read from it, never written."""
    with open_store(evidence_file, ROOT / "data") as opened:
        yield opened


@pytest.fixture(scope="session")
def reading(store: Store) -> Read:
    """Read a text, after others that were typed before: reading("and on gpqa?", "how far behind are they?")."""

    def of(text: str, *before: str) -> Reading:
        context = Context()
        for typed in before:
            got = read_text(typed, store, TODAY, context)
            context = context.after_question(got.question, got) if got.question else replace(context, last=got)
        return read_text(text, store, TODAY, context)

    return of


@pytest.fixture(scope="session")
def parse_question(store: Store) -> Understand:
    """Find what stands in a text, before any question is chosen."""

    def of(text: str) -> ParsedText:
        return parse(clean_text(text), name_index(store), TODAY)

    return of


@pytest.fixture(scope="session")
def evidence(store: Store) -> Evidence:
    """The shipped evidence, as known today."""
    records = load(store)
    return records.known_by(records.last_known)
