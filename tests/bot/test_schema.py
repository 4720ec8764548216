"""A question's fields as parameters: their JSON schemas, and what an address or a tool gives, as words."""

from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.schema import json_schema, make_question, parameters, to_words
from core.errors import UsageError
from core.questions import QUESTIONS
from core.questions.what_if import WhatIfQuestion


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_has_a_schema_that_says_what_each_field_is(name: str) -> None:
    schema = json_schema(QUESTIONS[name])
    Draft202012Validator.check_schema(schema)
    assert list(schema["properties"]) == [parameter.name for parameter in parameters(QUESTIONS[name])]
    for field in schema["properties"].values():
        assert field["description"].endswith(".")
        assert field["type"] in ("string", "number")
        assert "maxLength" in field or "enum" in field or field.get("format") == "date" or field["type"] == "number"


@pytest.mark.parametrize("name", QUESTIONS)
def test_its_examples_are_valid(name: str) -> None:
    schema = json_schema(QUESTIONS[name])
    for field, description in schema["properties"].items():
        for example in description.get("examples", ()):
            Draft202012Validator(schema | {"required": []}).validate({field: example})


def test_numbers_are_words_and_what_is_null_is_left_out() -> None:
    words = to_words({"benchmark": "gpqa", "score": 45.5, "day": "2026-12-01", "model": None})
    assert words == {"benchmark": "gpqa", "score": "45.5", "day": "2026-12-01"}
    assert make_question("what_if", words) == WhatIfQuestion("gpqa", 45.5, day=date(2026, 12, 1))


@pytest.mark.parametrize("value", [True, ["gpqa"], {"name": "gpqa"}])
def test_what_is_no_text_and_no_number_is_refused(value: Any) -> None:
    with pytest.raises(
        UsageError, match=r'^The "benchmark" is neither text nor a number; give one of these, or leave it'
    ):
        to_words({"benchmark": value})


def test_a_parameter_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(
        UsageError, match=r'^The question frontier has no parameter "x"; it takes benchmark, domain, side, as_of and '
    ):
        make_question("frontier", {"x": "1"})
