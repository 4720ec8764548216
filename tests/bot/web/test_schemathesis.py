"""The API held to its own description, by requests that are made from it and against it."""

from dataclasses import fields

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from bot.web.guard import Limit
from core.questions import QUESTIONS
from tests.bot.web.conftest import Starter, Web

pytestmark = pytest.mark.slow

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, unsupported_method, negative_data_rejection,
]  # fmt: skip
"""That what fits the description is also accepted is no check: a name may be of the right form and yet of nothing."""


@pytest.fixture(scope="module")
def described(web: Web) -> schemathesis.BaseSchema:
    app = web.client.app
    assert isinstance(app, FastAPI)
    return schemathesis.openapi.from_asgi("/api/openapi.json", app)


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        *((name, GenerationMode.POSITIVE) for name in QUESTIONS),
        *((name, GenerationMode.NEGATIVE) for name, question in QUESTIONS.items() if fields(question)),
    ],
)
def test_every_answer_is_as_described(described: schemathesis.BaseSchema, name: str, mode: GenerationMode) -> None:
    operation = described[f"/api/{name}"]["GET"]

    @settings(suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS)

    check()


def test_what_is_refused_for_its_number_is_as_described_too(start_web: Starter) -> None:
    app = start_web(limit=Limit(rate=1e-9, burst=1)).client.app
    assert isinstance(app, FastAPI)
    operation = schemathesis.openapi.from_asgi("/api/openapi.json", app)["/api/gap"]["GET"]

    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def check(case: schemathesis.Case) -> None:
        assert case.call_and_validate(checks=CHECKS).status_code == 429

    check()
