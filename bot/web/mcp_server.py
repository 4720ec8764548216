"""The MCP server, over HTTP or stdio: questions as tools, resources, prompts, and completion of names.

Imported only when served: the SDK is an extra, and takes half a second and 21 MB.
"""

import asyncio
import base64
import json
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote as percent
from urllib.parse import unquote

import structlog
from mcp import types
from mcp.server import Server, ServerRequestContext
from mcp.server.caching import CacheHint
from mcp.shared.exceptions import MCPError
from pydantic import TypeAdapter

import core
from bot.answers import complete_name
from bot.assistant.prompts import load_prompt
from bot.schema import json_schema, make_question, to_words
from bot.web.replies import GONE, NotFoundError, unforeseen
from bot.web.site import Site, chart_of, write_brief
from core.answer import Answer, Fact
from core.errors import GapbriefError, UsageError
from core.questions import QUESTIONS, Question, current
from core.words import and_list, or_list, quote

log = structlog.get_logger("gapbrief.mcp")

LARGEST = 24_000
"""Maximum characters of JSON for one list or object of an answer, for the client's model to read."""
_NEWEST = 5
_LONGEST = 100
_SCHEME = "gapbrief://"
_MARKDOWN, _TEXT = "text/markdown", "text/plain"
_DAY = CacheHint(24 * 3600 * 1000, "public")
"""Cache lifetime of lists that change only with the program."""
_PAGES = {
    "gap": ("The gap today", _TEXT),
    "briefs/newest": ("The newest brief", _MARKDOWN),
    "method": ("How the gap is measured", _MARKDOWN),
    "glossary": ("Glossary: what the words mean", _MARKDOWN),
    "sources": ("Where the data comes from, under which licence, and how to cite it", _TEXT),
}
"""Fixed resources: title and type by path."""
_TOPICS = {"test": ("tests", "gap", "benchmark"), "model": ("models", "model", "model"), "lab": ("labs", "gap", "lab")}
"""Topics with names: the folder of their resources, the question that these answer, and its field, which is also the
kind of the names."""
_PROMPTS = {
    "newsletter_item": ("Write my newsletter item", "A short item from the newest brief, with ranges and the source.",
                        ("briefs/newest",)),
    "explain_the_gap": ("Explain the gap to a newcomer", "What the gap means, in plain words, with today's figures.",
                        ("gap", "glossary")),
}  # fmt: skip
"""Prompts: title, description, and attached resources."""

Context = ServerRequestContext[Any]
Block = types.ContentBlock
P = TypeVar("P")
R = TypeVar("R")


@dataclass(frozen=True)
class McpHandlers:
    """Handles MCP requests; `sentence_of` words errors, which may name files, for clients."""

    site: Site
    sentence_of: Callable[[GapbriefError], str]

    def server(self) -> Server[Any]:
        """Return the server, the same for every transport."""
        return Server(
            "gapbrief", version=core.__version__, title="gapbrief", instructions=load_prompt("mcp").render(),
            cache_hints={"tools/list": _DAY, "prompts/list": _DAY, "resources/templates/list": _DAY},
            get_tool_input_schema=lambda name: input_schema(QUESTIONS[name]) if name in QUESTIONS else None,
            on_list_tools=self._guarded(self.list_tools), on_call_tool=self._guarded(self.call_tool),
            on_list_resources=self._guarded(self.list_resources), on_read_resource=self._guarded(self.read_resource),
            on_list_resource_templates=self._guarded(self.list_templates),
            on_list_prompts=self._guarded(self.list_prompts), on_get_prompt=self._guarded(self.get_prompt),
            on_completion=self._guarded(self.complete),
        )  # fmt: skip

    def _guarded(self, handle: Callable[[P], Awaitable[R]]) -> Callable[[Context, P], Awaitable[R]]:
        """Wrap a handler so that errors become one sentence without internals."""

        async def wrapper(_: Context, request: P) -> R:
            try:
                return await handle(request)
            except GapbriefError as error:
                code = types.INVALID_PARAMS if isinstance(error, UsageError) else types.INTERNAL_ERROR
                raise MCPError(code, self.sentence_of(error)) from None
            except Exception:
                ref = secrets.token_hex(2)
                log.exception("mcp request failed", ref=ref, handler=handle.__name__)
                raise MCPError(types.INTERNAL_ERROR, unforeseen(ref)) from None

        return wrapper

    # ---- questions

    async def list_tools(self, _: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        """List the questions."""
        tools = [
            types.Tool(
                name=question.name,
                title=re.split("[:;]", question.summary)[0].rstrip("."),
                description=f"{question.summary}\nAnswers questions like: {' · '.join(question.phrasings)}",
                input_schema=input_schema(question),
                output_schema=output_schema(),
                annotations=types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
            )
            for question in QUESTIONS.values()
        ]
        return types.ListToolsResult(tools=tools)

    async def call_tool(self, call: types.CallToolRequestParams) -> types.CallToolResult:
        """Answer a question, with a chart if requested; errors are sentences."""
        try:
            answer, kind = await self._answer(call.name, dict(call.arguments or {}))
            blocks = await self._chart(answer, kind) if kind is not None else []
        except GapbriefError as error:
            sentence, suggestions = self.sentence_of(error), list(getattr(error, "suggestions", ()))
            return _result(sentence, {"error": sentence, "suggestions": suggestions}, is_error=True)
        return _result(answer.text, figures_of(answer), *blocks)

    async def _answer(self, name: str, arguments: dict[str, Any]) -> tuple[Answer, str | None]:
        """Return a question's answer, and the requested kind of chart."""
        name = current(name)
        if name not in QUESTIONS:
            raise UsageError(f"No question is called {quote(name)}; ask {and_list(list(QUESTIONS), most=99)}.")
        kinds = tuple(QUESTIONS[name].charts)
        kind = arguments.pop("chart", None) if kinds else None
        if kind is not None and kind not in kinds:
            raise UsageError(f"The chart can't be {quote(str(kind))}; choose {or_list(kinds)}.", kinds)
        return await self.site.answer(make_question(name, to_words(arguments))), kind

    async def _chart(self, answer: Answer, kind: str) -> list[Block]:
        chart = chart_of(answer, kind)
        if chart is None or chart.is_empty:
            return [types.TextContent(text=f"This answer has no chart of the kind {kind}.")]
        picture = base64.b64encode(await self.site.draw(chart)).decode()
        alt = types.TextContent(text=f"Chart: {await self.site.services.pictures.describe(chart)}")
        return [types.ImageContent(data=picture, mime_type="image/png"), alt]

    # ---- resources

    async def list_resources(self, _: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        """List fixed resources and the newest briefs."""
        entries, _total = await self.site.archive.page()
        briefs = [entry for entry in entries if entry.withdrawn_at is None][:_NEWEST]
        resources = {**_PAGES, **{entry.path: (entry.title, _MARKDOWN) for entry in briefs}}
        return types.ListResourcesResult(
            resources=[
                types.Resource(uri=f"{_SCHEME}{path}", name=path, title=title, mime_type=kind)
                for path, (title, kind) in resources.items()
            ]
        )

    async def list_templates(self, _: types.PaginatedRequestParams | None) -> types.ListResourceTemplatesResult:
        """List the resource templates."""
        return types.ListResourceTemplatesResult(
            resource_templates=[
                types.ResourceTemplate(
                    uri_template=f"{_SCHEME}{folder}/{{{topic}}}", name=folder, title=f"How far behind: one {topic}",
                    description=QUESTIONS[question].summary, mime_type=_TEXT,
                )
                for topic, (folder, question, _field) in _TOPICS.items()
            ]
        )  # fmt: skip

    async def read_resource(self, request: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        """Return the text of a resource."""
        return types.ReadResourceResult(contents=[await self._read(request.uri)])

    async def _read(self, uri: str) -> types.TextResourceContents:
        path = unquote(uri.removeprefix(_SCHEME)) if uri.startswith(_SCHEME) else ""
        kind = _MARKDOWN
        if path.startswith("briefs/"):
            text = await self._brief(path.removeprefix("briefs/"))
        elif path == "method":
            text = await asyncio.to_thread((Path(core.__file__).parents[1] / "docs/method.md").read_text, "utf-8")
        elif path == "glossary":
            terms = (await self.site.catalogue()).terms
            text = "\n".join(f"- **{term.term}**: {term.definition}" for term in terms)
        else:
            answer = await self.site.answer(_question_at(path, uri))
            text, kind = f"{answer.text}\n\n{answer.citation}", _TEXT
        return types.TextResourceContents(uri=uri, mime_type=kind, text=text)

    async def _brief(self, slug: str) -> str:
        archive = self.site.archive
        entry = await (archive.newest() if slug == "newest" else archive.find(slug))
        if entry is None:
            raise NotFoundError(f"There is no brief {quote(slug, 80)}; the newest is {_SCHEME}briefs/newest.")
        if entry.withdrawn_at is not None:
            raise UsageError(GONE)
        return await write_brief(self.site, self.site.links(entry.path), entry, "md")

    # ---- prompts and completion

    async def list_prompts(self, _: types.PaginatedRequestParams | None) -> types.ListPromptsResult:
        """List the prompts."""
        arguments = [
            types.PromptArgument(name=topic, description=f"A {topic} to write about too.", required=False)
            for topic in _TOPICS
        ]
        return types.ListPromptsResult(
            prompts=[
                types.Prompt(name=name, title=title, description=description, arguments=arguments)
                for name, (title, description, _) in _PROMPTS.items()
            ]
        )

    async def get_prompt(self, request: types.GetPromptRequestParams) -> types.GetPromptResult:
        """Return a prompt with all texts that it needs."""
        if request.name not in _PROMPTS:
            raise UsageError(f"No prompt is called {quote(request.name)}; there are {and_list(list(_PROMPTS))}.")
        arguments = {name: word for name, word in (request.arguments or {}).items() if word}
        for name in arguments:
            if name not in _TOPICS:
                raise UsageError(f"This prompt has no argument {quote(name)}; it takes {and_list(list(_TOPICS))}.")
        _, description, paths = _PROMPTS[request.name]
        paths = (*paths, *(f"{_TOPICS[name][0]}/{percent(word, safe='')}" for name, word in arguments.items()))
        texts: list[Block] = [types.EmbeddedResource(resource=await self._read(f"{_SCHEME}{path}")) for path in paths]
        blocks = [types.TextContent(text=load_prompt(f"mcp-{request.name.replace('_', '-')}").render()), *texts]
        messages = [types.PromptMessage(role="user", content=block) for block in blocks]
        return types.GetPromptResult(description=description, messages=messages)

    async def complete(self, request: types.CompleteRequestParams) -> types.CompleteResult:
        """Return the names of tests, models or labs that match the typed text."""
        answers = self.site.services.answers
        if not answers.names.revision:
            await answers.refresh()
        *_, kind = _TOPICS.get(request.argument.name, ("",))
        matches = complete_name(request.argument.value[:_LONGEST], answers.names.kinds.get(kind, []))
        names = [" ".join(name.key) for name in matches]
        return types.CompleteResult(completion=types.Completion(values=names))


def make_server(site: Site, sentence_of: Callable[[GapbriefError], str] = str) -> Server[Any]:
    """Return an MCP server for a site."""
    return McpHandlers(site, sentence_of).server()


def _question_at(path: str, uri: str) -> Question:
    """Return a resource's question; raises NotFoundError for an unknown resource."""
    folder, _, name = path.partition("/")
    for topic_folder, question, field in _TOPICS.values():
        if name and folder == topic_folder:
            return make_question(question, {field: name})
    if path not in ("gap", "sources"):
        paths = and_list([*_PAGES, *(f"{topic_folder}/NAME" for topic_folder, _, _ in _TOPICS.values())], most=99)
        raise NotFoundError(f"There is no resource {quote(uri)}; there are {paths}, each after {_SCHEME}.")
    return make_question(path, {})


def input_schema(question: type[Question]) -> dict[str, Any]:
    """Return the schema of a tool's arguments: the question's fields, and a kind of chart."""
    schema = json_schema(question)
    if not question.charts:
        return schema
    kinds = "; ".join(f"{kind}: {description}" for kind, description in question.charts.items())
    chart = {"type": "string", "enum": list(question.charts), "description": f"Adds a chart as a picture. {kinds}."}
    return {**schema, "properties": {**schema["properties"], "chart": chart}}


@cache
def output_schema() -> dict[str, Any]:
    """Return the schema of every tool's answer or error.

    The question's own figures are additional keys; docs/json.md describes them.
    """
    text, day = {"type": "string"}, {"type": "string", "format": "date"}
    texts = {"type": "array", "items": text}
    fact = {**TypeAdapter(Fact).json_schema(), "required": ["key", "shown"]}  # empty values are left out
    required = {
        "contract": {"type": "integer"}, "question": {"type": "object"}, "text": text, "revision": text,
        "as_of": day, "known_by": day, "newest_data": day, "stale_days": {"type": ["integer", "null"]},
    }  # fmt: skip
    optional = {
        "method": text, "parameters": {"type": "object"}, "facts": {"type": "array", "items": fact},
        "sources": {"type": "array", "items": {"type": "object"}},
        "left_out": {**texts, "description": f"Keys whose values have more than {LARGEST:,} characters."},
        "error": text, "suggestions": texts,
    }  # fmt: skip
    return {
        "type": "object",
        "description": "An answer, whose own figures stand beside these keys, or the error that there was.",
        "properties": {**required, **optional},
        "anyOf": [{"required": list(required)}, {"required": ["error", "suggestions"]}],
    }


def figures_of(answer: Answer) -> dict[str, Any]:
    """Return an answer's JSON, with only the facts in its text, and without empty values.

    Lists and objects that are too long are left out, and named in `left_out`.
    """
    figures = answer.to_json()
    facts = (fact for fact in figures["facts"] if fact["shown"] in answer.text)
    figures["facts"] = [{name: value for name, value in fact.items() if value not in (None, "")} for fact in facts]
    long = [key for key, part in figures.items() if isinstance(part, list | dict) and len(json.dumps(part)) > LARGEST]
    short = {key: part for key, part in figures.items() if key not in long}
    return short | ({"left_out": long} if long else {})


def _result(text: str, figures: dict[str, Any], *more: Block, is_error: bool = False) -> types.CallToolResult:
    content: list[Block] = [types.TextContent(text=text), *more]
    return types.CallToolResult(content=content, structured_content=figures, is_error=is_error)
