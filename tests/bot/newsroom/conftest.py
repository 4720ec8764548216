"""Briefs to publish: those that were read, and one of a world whose names are marks in every form."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.state.database import State
from core.brief import Brief, ReadMore, compose, gather
from core.evidence.evidence import Evidence
from tests.bot.newsroom.newsroom import FakeTarget, Worker
from tests.core.brief.conftest import GOLDEN_DAYS, TODAY, with_caveats
from tests.core.conftest import read_evidence
from tests.core.questions.worlds import race

NASTY = (
    "<script>alert(1)</script>", "*bold* _em_ `code`", "a | b", "[x](javascript:alert(1))", "</li></ul>", "# head",
    "1. item", "@everyone", "https://evil.example www.evil.example", "&lt;b&gt;", "\x1b[31mred\nline", '"><img src=x>',
    "{{ 7 * 7 }} {% raw %}", "~~struck~~", "$x$ <#1> <@1>", "\\", "Ünï – “quoted” ’s 名",
)  # fmt: skip
"""Names that a form could take for its own marks."""


@pytest.fixture(scope="session")
def evidence(evidence_file: Path) -> Evidence:
    """The shipped evidence, as known today."""
    return read_evidence(evidence_file)


@pytest.fixture(scope="session", params=GOLDEN_DAYS)
def golden(evidence: Evidence, request: pytest.FixtureRequest) -> tuple[str, Brief]:
    """Each of the briefs that were read, with its name."""
    return request.param, compose(gather(evidence, GOLDEN_DAYS[request.param], None, TODAY))


@pytest.fixture(scope="session", params=NASTY)
def nasty(request: pytest.FixtureRequest) -> Brief:
    """A brief in which every name, term and title is a mark of some form."""
    world = with_caveats(race(100, boards=6, private=3, waiting=2))
    models = tuple(replace(model, name=f"{request.param} {number}") for number, model in enumerate(world.models))
    terms = tuple(replace(term, term=request.param, definition=request.param) for term in world.terms)
    world = replace(world, models=models, terms=terms)
    return replace(
        compose(gather(world, date(2025, 12, 20), None, TODAY)),
        title=request.param,
        read_more=ReadMore(request.param, "javascript:alert(1)"),
    )


@pytest.fixture
def target() -> FakeTarget:
    return FakeTarget()


@pytest.fixture
async def worker(state: State) -> AsyncIterator[Worker]:
    working = Worker(state)
    yield working
    await working.delivery.stop(1)
