"""A question's fields as parameters, with their JSON schemas: pydantic reads them from the question's own type."""

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
    """A parameter: its name, what it means, its JSON schema, and an example, "" where there is none."""

    name: str
    description: str
    schema: dict[str, Any]
    required: bool
    example: str

    @property
    def takes(self) -> str:
        """Say what it takes, for people."""
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
        """Return it as OpenAPI has it."""
        content = {
            "name": self.name, "in": "query", "required": self.required, "description": self.description,
            "schema": self.schema,
        }  # fmt: skip
        return content | ({"example": self.example} if self.example else {})


@cache
def parameters(question: type[Question]) -> list[Parameter]:
    """Return the parameters of a question, in the order of its fields."""
    schema = TypeAdapter(question).json_schema()
    needed = schema.get("required", ())
    return [_parameter(name, found, name in needed) for name, found in schema.get("properties", {}).items()]


def _parameter(name: str, described: dict[str, Any], required: bool) -> Parameter:
    """Make a parameter from a property's schema; what may be left out is no null in an address."""
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
    """Return the JSON schema of an object with a question's parameters, as tools are described with."""
    listed = parameters(question)
    properties = {each.name: each.schema | {"description": each.description} | _examples(each) for each in listed}
    return {
        "type": "object",
        "properties": properties,
        "required": [each.name for each in listed if each.required],
        "additionalProperties": False,
    }


def _examples(parameter: Parameter) -> dict[str, Any]:
    if not parameter.example:
        return {}
    is_number = parameter.schema["type"] == "number"
    return {"examples": [float(parameter.example) if is_number else parameter.example]}


def words_of(arguments: Mapping[str, Any]) -> dict[str, str]:
    """Return a tool's arguments as the words that a person would type, null as left out.

    Raises UsageError for what is no text and no number.
    """
    words: dict[str, str] = {}
    for name, value in arguments.items():
        if isinstance(value, bool) or not isinstance(value, str | int | float | None):
            raise UsageError(f"The {quote(name)} is neither text nor a number; give one of these, or leave it out.")
        if value is not None:
            words[name] = str(value)
    return words


def question_of(name: str, words: dict[str, str]) -> Question:
    """Make a question from words by parameter; raises UsageError for a parameter that it does not take."""
    known = [each.name for each in fields(QUESTIONS[name])]
    for word in words:
        if word not in known:
            takes = f"it takes {and_list(known, most=len(known))}" if known else "it takes none"
            raise UsageError(f"The question {name} has no parameter {quote(word)}; {takes}.", tuple(known))
    return QUESTIONS[name].from_words(**words)
