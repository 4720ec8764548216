"""A question's fields as parameters, with the JSON schemas that pydantic derives from its type."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from core.errors import UsageError
from core.questions import QUESTIONS, Question
from core.words import and_list, quote


@dataclass(frozen=True)
class Parameter:
    """A parameter of a question; `example` is "" if there is none."""

    name: str
    description: str
    schema: dict[str, Any]
    required: bool
    example: str

    @property
    def takes(self) -> str:
        """Describe the values that it takes, for people."""
        choices, default = self.schema.get("enum"), self.schema.get("default")
        if choices:
            text = " or ".join(choices)
        elif self.schema.get("format") == "date":
            text = "a day"
        else:
            text = "a number" if self.schema["type"] == "number" else "a name"
        text += f", such as {self.example}" if self.example else ""
        return f"{text}; needed" if self.required else f"{text}; {default} without it" if default else text

    def openapi(self) -> dict[str, Any]:
        """Return it as an OpenAPI parameter."""
        content = {
            "name": self.name, "in": "query", "required": self.required, "description": self.description,
            "schema": self.schema,
        }  # fmt: skip
        return content | ({"example": self.example} if self.example else {})


@cache
def parameters(question: type[Question]) -> list[Parameter]:
    """Return the parameters of a question, in the order of its fields."""
    schema = TypeAdapter(question).json_schema()
    required = schema.get("required", ())
    return [_make_parameter(name, field, name in required) for name, field in schema.get("properties", {}).items()]


def _make_parameter(name: str, described: dict[str, Any], required: bool) -> Parameter:
    """Make a parameter from a field's schema; an optional one is left out of an address rather than null."""
    kinds = [kind for kind in described.get("anyOf", [described]) if kind.get("type") != "null"]
    words = ("type", "format", "enum", "maxLength", "default")
    schema = {word: value for word in words for value in [{**described, **kinds[0]}.get(word)] if value is not None}
    if schema["type"] == "number":
        schema.pop("maxLength", None)
    if schema["type"] == "string" and "enum" not in schema and "format" not in schema:
        schema["minLength"] = 1
    return Parameter(
        name, described.get("description", ""), schema, required, str(next(iter(described.get("examples", ())), ""))
    )


def json_schema(question: type[Question]) -> dict[str, Any]:
    """Return the JSON schema of a question's parameters as one object, for a tool's description."""
    properties = {
        parameter.name: parameter.schema | {"description": parameter.description} | _read_examples(parameter)
        for parameter in parameters(question)
    }
    required = [parameter.name for parameter in parameters(question) if parameter.required]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _read_examples(parameter: Parameter) -> dict[str, Any]:
    if not parameter.example:
        return {}
    is_number = parameter.schema["type"] == "number"
    return {"examples": [float(parameter.example) if is_number else parameter.example]}


def to_words(arguments: Mapping[str, Any]) -> dict[str, str]:
    """Return a tool's arguments as typed words, without nulls.

    Raises UsageError for a value that is neither text nor a number.
    """
    words: dict[str, str] = {}
    for name, value in arguments.items():
        if isinstance(value, bool) or not isinstance(value, str | int | float | None):
            raise UsageError(f"The {quote(name)} is neither text nor a number; give one of these, or leave it out.")
        if value is not None:
            words[name] = str(value)
    return words


def make_question(name: str, words: dict[str, str]) -> Question:
    """Make a question from words by parameter; raises UsageError for an unknown parameter."""
    names = [field.name for field in fields(QUESTIONS[name])]
    for word in words:
        if word not in names:
            takes = f"it takes {and_list(names, most=len(names))}" if names else "it takes none"
            raise UsageError(f"The question {name} has no parameter {quote(word)}; {takes}.", tuple(names))
    return QUESTIONS[name].from_words(**words)
