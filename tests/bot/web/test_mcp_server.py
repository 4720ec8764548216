"""What MCP clients get: the SDK's own client asks the real web application, and the real command over stdin and stdout.

The client speaks both of the protocol's kinds: with a handshake (to 2025) and without (from 2026-07-28).
"""

import asyncio
import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from jsonschema import Draft202012Validator
from mcp import Client, MCPError, StdioServerParameters
from mcp.types import PromptReference, ResourceTemplateReference
from structlog.testing import capture_logs

from bot.schema import parameters
from bot.web.mcp_server import figures_of
from bot.web.replies import BUSY, BusyError
from bot.web.site import Site
from core.errors import DataError
from core.questions import QUESTIONS
from tests.bot.conftest import COMMAND, Cli
from tests.bot.web.conftest import PUBLIC, Starter, Web, fail_with
from tests.bot.web.test_shedding import served

CALLS: list[tuple[str, dict[str, Any]]] = [
    *(
        (name, {parameter.name: parameter.example for parameter in parameters(QUESTIONS[name]) if parameter.required})
        for name in QUESTIONS
    ),
    ("gap", {"chart": "index"}),
    ("gap", {"benchmark": "gpqa", "as_of": "2026-05-22"}),
    ("gap", {"domain": "coding", "robust": "all"}),
    ("gap", {"benchmark": "weirdml", "chart": "index"}),
    ("best", {"size": "32", "chart": "best"}),
    ("compare", {"left": "china", "right": "united states"}),
    ("compare", {"left": "2026-01-01", "right": "2026-05-22"}),
    ("timeline", {"benchmark": "gpqa", "level": 80}),
    ("timeline", {"model": "gpt-4"}),
    ("what_if", {"benchmark": "frontiermath", "score": 45, "known_by": None}),
    ("frontier", {"benchmark": "weirdml", "known_by": "2026-05-22"}),
    ("waiting", {"access": "private"}),
    ("terms", {"term": "open weights"}),
    ("gap", {"benchmark": "nope"}),
    ("gap", {"chart": "pie"}),
    ("gap", {"benchmark": ["gpqa"]}),
    ("terms", {"chart": "index"}),
    ("run_shell", {}),
    ("what_if", {"benchmark": "gpqa", "score": True}),
]
"""Calls as agents make them: each question, each kind of figures, and what is wrong."""
READ = (
    "gap", "briefs/newest", "briefs/2026-05-22", "method", "glossary", "sources", "tests/GPQA%20Diamond",
    "models/kimi-k2", "labs/Alibaba",
)  # fmt: skip
REFUSED = ("briefs/1999-01-01", "models/nope", "labs/", "nowhere", "briefs/..%2F..%2Fetc")


@dataclass
class Seen:
    """What a client was given."""

    tools: dict[str, Any]
    results: list[Any]
    resources: dict[str, Any]
    templates: list[str]
    texts: dict[str, Any]
    refused: dict[str, str]
    prompts: dict[str, Any]
    completed: list[list[str]]


async def look(client: Client) -> Seen:
    """Ask for everything."""
    async with client as asked:
        texts = {path: (await asked.read_resource(f"gapbrief://{path}")).contents[0] for path in READ}
        refused = {}
        for path in REFUSED:
            with pytest.raises(MCPError) as error:
                await asked.read_resource(f"gapbrief://{path}")
            refused[path] = error.value.message
        for name, arguments in (("nope", {}), ("newsletter_item", {"day": "1"}), ("newsletter_item", {"lab": "nope"})):
            with pytest.raises(MCPError) as error:
                await asked.get_prompt(name, arguments)
            refused[f"{name} {arguments}"] = error.value.message
        prompt = PromptReference(name="newsletter_item")
        template = ResourceTemplateReference(uri="gapbrief://labs/{lab}")
        return Seen(
            {tool.name: tool for tool in (await asked.list_tools()).tools},
            [await asked.call_tool(name, arguments) for name, arguments in CALLS],
            {resource.uri: resource for resource in (await asked.list_resources()).resources},
            [entry.uri_template for entry in (await asked.list_resource_templates()).resource_templates],
            texts,
            refused,
            {
                prompt.name: await asked.get_prompt(prompt.name, {"model": "Kimi K2"})
                for prompt in (await asked.list_prompts()).prompts
            },
            [
                (await asked.complete(reference, {"name": name, "value": value})).completion.values
                for reference, name, value in (
                    (prompt, "model", "kimi"), (prompt, "test", "weridml"), (template, "lab", "alib"),
                    (prompt, "lab", ""), (prompt, "model", "\u202e" * 5000), (prompt, "nothing", "x"),
                )
            ],
        )  # fmt: skip


async def address(session: aiohttp.ClientSession) -> str:
    async with session.get("/robots.txt") as got:
        return str(got.url.with_path("/mcp"))


async def over_http(web: Web, mode: Any) -> Seen:
    async with served(web) as session:
        return await look(Client(await address(session), mode=mode, read_timeout_seconds=60))


@pytest.fixture(scope="module", params=["http", "http with a handshake", "stdio"])
def seen(
    request: pytest.FixtureRequest, web: Web, evidence_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Seen:
    """What each kind of client is given."""
    if request.param == "stdio":
        cli = Cli(evidence_file, tmp_path_factory.mktemp("mcp"))
        environment = {**cli.environment, "GAPBRIEF_STATE": f"sqlite:///{cli.folder / 'state.db'}"}
        server = StdioServerParameters(command=str(COMMAND), args=["mcp"], env=environment, cwd=cli.folder)
        return asyncio.run(look(Client(server, read_timeout_seconds=60)))
    return asyncio.run(over_http(web, "auto" if request.param == "http" else "legacy"))


@pytest.mark.slow
def test_every_answer_and_every_error_is_as_its_schema_says(seen: Seen) -> None:
    for tool in seen.tools.values():
        Draft202012Validator.check_schema(tool.input_schema)
        Draft202012Validator.check_schema(tool.output_schema)
        assert tool.output_schema["type"] == "object"
    for (name, arguments), result in zip(CALLS, seen.results, strict=True):
        schema = seen.tools.get({"waiting": "unmatched"}.get(name, name), seen.tools["gap"]).output_schema
        Draft202012Validator(schema).validate(result.structured_content)
        assert result.is_error == ("error" in result.structured_content), arguments


@pytest.mark.slow
def test_a_schema_refuses_what_is_neither_an_answer_nor_an_error(seen: Seen) -> None:
    schema = Draft202012Validator(seen.tools["gap"].output_schema)
    [answer, *_] = [result.structured_content for result in seen.results]
    for wrong in ({}, {"error": "x"}, {**answer, "as_of": 1}, {**answer, "facts": [{}]}, {**answer, "sources": ["x"]}):
        assert not schema.is_valid(wrong)
    assert not schema.is_valid({name: value for name, value in answer.items() if name != "as_of"})


@pytest.mark.slow
def test_what_is_wrong_is_one_sentence_with_what_may_have_been_meant(seen: Seen) -> None:
    errors = [result.structured_content["error"] for result in seen.results if result.is_error]
    assert len(errors) == 8
    assert [result.content[0].text for result in seen.results if result.is_error] == errors
    assert "A timeline needs a benchmark, such as GPQA Diamond, or a model, such as GPT-4; give one of them." in errors
    assert 'The chart can\'t be "pie"; choose catch-up, index or benchmarks.' in errors
    assert 'The question terms has no parameter "chart"; it takes term.' in errors
    assert all("\n" not in error for error in errors)


@pytest.mark.slow
def test_tools_have_titles_for_people(seen: Seen) -> None:
    titles = [tool.title for tool in seen.tools.values()]
    assert titles[1:3] == ["The best open model", "Who leads"]
    assert len(set(titles)) == len(QUESTIONS)
    assert all(len(title) < 90 and title[0].isupper() and title[-1] != "." for title in titles)


def test_a_chart_is_a_picture_with_its_words(seen: Seen) -> None:
    results = {json.dumps(call): result for call, result in zip(CALLS, seen.results, strict=True)}
    text, picture, alt = results[json.dumps(("gap", {"chart": "index"}))].content
    assert text.text.startswith("Open models trail")
    assert picture.mime_type == "image/png"
    assert base64.b64decode(picture.data).startswith(b"\x89PNG")
    assert alt.text.startswith("Chart: ")
    assert len(results[json.dumps(("gap", {}))].content) == 1, "none that was not asked for"
    assert seen.tools["gap"].input_schema["properties"]["chart"]["enum"] == list(QUESTIONS["gap"].charts)
    assert "chart" not in seen.tools["terms"].input_schema["properties"]


def test_briefs_method_glossary_and_sources_are_resources(seen: Seen) -> None:
    always = ["gap", "briefs/newest", "method", "glossary", "sources"]
    assert list(seen.resources)[:5] == [f"gapbrief://{path}" for path in always]
    assert len(seen.resources) > 5
    assert all(uri.startswith("gapbrief://briefs/2026-") for uri in list(seen.resources)[5:])
    assert all(resource.title and resource.mime_type for resource in seen.resources.values())
    assert seen.templates == [f"gapbrief://{place}" for place in ("tests/{test}", "models/{model}", "labs/{lab}")]
    assert "# " in seen.texts["briefs/newest"].text
    assert seen.texts["method"].text.startswith("# How gapbrief measures the gap")
    assert "- **Open weights**: " in seen.texts["glossary"].text
    assert "20 sources" in seen.texts["sources"].text
    names = {"tests/GPQA%20Diamond": "GPQA Diamond", "models/kimi-k2": "Kimi K2", "labs/Alibaba": "Alibaba"}
    for path, name in names.items():
        assert name in seen.texts[path].text
        assert "gapbrief 0." in seen.texts[path].text, "how it is cited"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("briefs/1999-01-01", 'There is no brief "1999-01-01"; the newest is gapbrief://briefs/newest.'),
        ("models/nope", 'No model is called "nope".'),
        ("labs/", 'There is no resource "gapbrief://labs/"; there are gap, briefs/newest, '),
        ("nowhere", 'There is no resource "gapbrief://nowhere"; there are gap, briefs/newest, '),
        ("briefs/..%2F..%2Fetc", 'There is no brief "../../etc"; '),
        ("nope {}", 'No prompt is called "nope"; there are newsletter_item and explain_the_gap.'),
        ("newsletter_item {'day': '1'}", 'This prompt has no argument "day"; it takes test, model and lab.'),
        ("newsletter_item {'lab': 'nope'}", 'No lab is called "nope".'),
    ],
)
def test_what_is_not_there_is_one_sentence(seen: Seen, asked: str, sentence: str) -> None:
    assert seen.refused[asked].startswith(sentence)
    assert "\n" not in seen.refused[asked]


def test_a_prompt_brings_all_that_its_reader_needs(seen: Seen) -> None:
    item, newcomer = seen.prompts["newsletter_item"].messages, seen.prompts["explain_the_gap"].messages
    assert item[0].content.text.startswith("Write an item for my newsletter")
    uris = [[message.content.resource.uri for message in messages[1:]] for messages in (item, newcomer)]
    assert uris[0] == ["gapbrief://briefs/newest", "gapbrief://models/Kimi%20K2"]
    assert item[1].content.resource.text == seen.texts["briefs/newest"].text
    assert newcomer[0].content.text.startswith("Explain to somebody who reads of it for the first time")
    assert uris[1][:2] == ["gapbrief://gap", "gapbrief://glossary"]


def test_names_are_completed(seen: Seen) -> None:
    model, test, lab, all_labs, nonsense, nothing = seen.completed
    assert model[0].startswith("kimi")
    assert test[0].startswith("weirdml")
    assert lab[0] == "alibaba"
    assert len(all_labs) == 25
    assert nothing == []
    assert len(nonsense) <= 25


# ---- what is wrong with the data is said in the web without saying where they are


@pytest.mark.parametrize(
    ("error", "sentence", "n_logged"),
    [
        (DataError("The evidence file /home/somebody/evidence.db is locked."), "The data can't be read just now.", 2),
        (BusyError(), BUSY, 0),
    ],
)
def test_data_that_can_not_be_read_are_said_without_their_place(
    start_web: Starter, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str, n_logged: int
) -> None:
    web = start_web()

    async def ask() -> Any:
        async with served(web) as session, Client(await address(session)) as client:
            with pytest.raises(MCPError) as resource:
                await client.read_resource("gapbrief://gap")
            return await client.call_tool("gap", {}), resource.value.message

    monkeypatch.setattr(Site, "answer", fail_with(error))
    with capture_logs() as logs:
        result, message = asyncio.run(ask())
    assert result.is_error
    assert len(logs) == n_logged, "the operator reads what it was"
    assert result.content[0].text == message
    assert message.startswith(sentence)
    assert "somebody" not in message


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_what_fails_unforeseen_gives_a_word_to_find_it_by_and_no_more(
    start_web: Starter, monkeypatch: pytest.MonkeyPatch, mode: Any
) -> None:
    web = start_web()

    async def ask() -> str:
        async with served(web) as session, Client(await address(session), mode=mode) as client:
            with pytest.raises(MCPError) as error:
                await client.call_tool("gap", {})
            return str(error.value.message)

    monkeypatch.setattr(Site, "answer", fail_with(RuntimeError("a secret of the inside")))
    message = asyncio.run(ask())
    assert message.startswith("Something went wrong here, and the error is logged. Try again later. (ref ")
    assert "secret" not in message


def test_a_brief_leads_to_its_public_address_and_a_withdrawn_one_is_not_quoted(start_web: Starter) -> None:
    web = start_web(PUBLIC)

    async def ask() -> tuple[str, str, list[str]]:
        async with served(web) as session, Client(await address(session)) as asked:
            with pytest.raises(MCPError) as error:
                await asked.read_resource("gapbrief://briefs/2026-07-01")
            content: Any = (await asked.read_resource("gapbrief://briefs/2026-05-22")).contents[0]
            listed = [resource.uri for resource in (await asked.list_resources()).resources]
            return content.text, str(error.value.message), listed

    text, refused, listed = asyncio.run(ask())
    assert f"{PUBLIC}/briefs/2026-05-22" in text
    assert refused == "This brief was withdrawn; don't quote it."
    assert not [uri for uri in listed if "2026-07-01" in uri]


def test_no_answer_has_more_than_a_client_can_read(web: Web) -> None:
    for name in QUESTIONS:
        if not any(parameter.required for parameter in parameters(QUESTIONS[name])) and name != "timeline":
            figures = figures_of(asyncio.run(web.site.answer(QUESTIONS[name]())))
            assert len(json.dumps(figures)) < 120_000, name
