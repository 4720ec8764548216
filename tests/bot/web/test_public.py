"""Public is what the operator makes public: no address of the application has a trace of any other server's brief.

The addresses are the application's own, so that a new one is walked too.
"""

import asyncio
import itertools
import urllib.parse
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts
from markupsafe import escape
from mcp import Client, MCPError
from sqlalchemy import text

from bot.newsroom import workflow
from bot.newsroom.workflow import Actor
from bot.schema import parameters
from bot.state import audit, briefs, guilds
from bot.state.briefs import NewBrief, StoredBrief
from bot.web.app import make_app
from bot.web.export import FORMS, export_briefs, export_site
from bot.web.mcp_server import make_server
from core.brief import Bullet, ReadMore
from core.questions import QUESTIONS, Question
from core.words import quote
from tests.bot.newsroom.newsroom import NO_NAMES
from tests.bot.web.conftest import POSTED, PUBLIC, Archive, Starter, Web, at, opened

DAY = POSTED[3]
STRANGER, ENDED, LEFT = 811_111_111_111_111_111, 822_222_222_222_222_222, 833_333_333_333_333_333
"""Servers: one that was never made public, one that is no more, and one that removed gapbrief."""
MODERATOR = 844_444_444_444_444_444
FIRST_ID = 7_345_678
"""The number of the first brief: long enough to be looked for in a page."""
WORD = "lighthouse"
"""A word that each of their briefs has, and nothing of ours."""
SAID = (
    "Closed models trail open ones", "lighthouse prize", "evil.example", "remark of a stranger", "Stranger Daily",
    "note of a correction", "The Strangers' Den", "Mallory",
)  # fmt: skip
"""What their briefs, their server and its moderator's role say or are called."""

SHOWN_AT = ("/briefs", "/feed")
ENDINGS = ("", ".md", ".txt", ".json", ".email.html", ".html")


@dataclass(frozen=True)
class Strangers:
    """An archive with ours and theirs; `theirs` are their briefs that were posted."""

    archive: Archive
    theirs: list[StoredBrief]

    @property
    def secrets(self) -> list[str]:
        """All by which one of theirs could be told."""
        numbers = [STRANGER, ENDED, LEFT, MODERATOR, *(brief.id for brief in self.theirs)]
        return [*SAID, *map(str, numbers), *(brief.slug.rsplit("-", 1)[-1] for brief in self.theirs)]


def theirs(archive: Archive, guild_id: int) -> list[StoredBrief]:
    """Have a server make briefs: one edited and corrected, one withdrawn, one approved, one draft, one discarded."""
    person, state, now = Actor(MODERATOR, guild_id), archive.state, at(DAY)
    made = [workflow.add_draft(state, hostile(archive, number), person, now) for number in range(5)]
    body = f"Closed models trail open ones\n\n- They win the lighthouse prize of {guild_id}"
    workflow.edit(state, made[0].id, body, person, now, names=NO_NAMES)
    for draft in made[:2]:
        workflow.post(state, draft.id, 855, person, now, anyway=True)
    body = f"{body}\n  - remark of a stranger"
    note = "A note of a correction"
    workflow.correct(state, made[0].id, body, person, now, names=NO_NAMES, note=note, anyway=True)
    workflow.withdraw(state, made[1].id, person, now, reason="lighthouse prize")
    workflow.approve(state, made[2].id, person, now)
    workflow.discard(state, made[4].id, person, now)
    with state.begin() as connection:
        detail = "moderator role: Mallory of The Strangers' Den"
        audit.add_entry(connection, now, "set", guild_id=guild_id, who=MODERATOR, detail=detail)
    made_briefs = briefs.list_briefs(state, guild_id=guild_id)
    assert len(made_briefs) == 5
    return made_briefs


def hostile(archive: Archive, number: int) -> NewBrief:
    """Return a brief whose every part a stranger wrote, with a link, as no edit of today can."""
    made = archive.written(DAY)
    bullet = Bullet(f"lighthouse prize {number}: see https://evil.example/{number}", "remark of a stranger")
    brief = replace(
        made.brief, title=f"Closed models trail open ones, lighthouse prize {number}", bullets=(bullet,),
        category="Stranger Daily", source="The Strangers' Den", foot="By Mallory at https://evil.example",
        read_more=ReadMore("Stranger Daily", "https://evil.example/story"),
    )  # fmt: skip
    return replace(made, brief=brief)


@contextmanager
def numbered(evidence_file: Path, folder: Path) -> Iterator[Archive]:
    """An archive whose briefs have numbers that nothing else has."""
    with opened(evidence_file, folder) as archive:
        with archive.state.begin() as connection:
            connection.execute(text("INSERT INTO sqlite_sequence VALUES ('briefs', :id)"), {"id": FIRST_ID})
        yield archive


@pytest.fixture(scope="module")
def strangers(evidence_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Strangers]:
    with numbered(evidence_file, tmp_path_factory.mktemp("strangers")) as archive:
        with archive.state.begin() as connection:
            guilds.make_public(connection, ENDED, at(DAY))
        all_briefs = [*theirs(archive, STRANGER), *theirs(archive, ENDED), *theirs(archive, LEFT)]
        with archive.state.begin() as connection:
            assert guilds.make_private(connection, ENDED)
        guilds.forget(archive.state, LEFT)
        archive.fill()
        yield Strangers(archive, all_briefs)


@pytest.fixture(scope="module")
def shown(start_web: Starter, strangers: Strangers) -> Web:
    return start_web(PUBLIC, strangers.archive.url)


# ---- the walk


def addresses(web: Web, outsiders: Strangers) -> list[str]:
    """Return every address of the application, with what of theirs could stand in it, and with what of ours does."""
    paths = [route.path or "" for route in iter_route_contexts(make_app(lambda: {}, web.site.services).routes)]
    whole = [f"{path}{query}" for path in paths if "{" not in path for query in ("", f"?q={WORD}", "?page=2")]
    parts = [address for path in paths if "{" in path for address in filled(path, outsiders)]
    questions = [
        f"/api/{question.name}?{urllib.parse.urlencode(examples(question))}" for question in QUESTIONS.values()
    ]
    return [*dict.fromkeys([*whole, *parts, *questions])]


def filled(path: str, outsiders: Strangers) -> list[str]:
    """Return a route's addresses: each parameter in it takes each value that there is for its place."""
    head, *places = path.split("{")
    slugs = [brief.slug for brief in outsiders.theirs]
    known: dict[str, list[str]] = {
        "/briefs/": [
            *(f"{word}{ending}" for word in (*slugs, str(DAY)) for ending in ENDINGS),
            *{slug[:-9] for slug in slugs}, *(str(brief.id) for brief in outsiders.theirs),
        ],
        "/benchmarks/": ["gpqa-diamond", WORD], "/models/": ["kimi-k2", WORD], "/static/": ["style.css", WORD],
        "/api/": ["briefs", "newsroom", "archive", *slugs[:2]], "/feed.": ["rss", "atom", "json", "xml"],
        "/charts/": ["gap", "unmatched", WORD], "/best/": ["32b", WORD], "/compare/": ["china", WORD],
        "/feeds/": ["models", "labs", "benchmarks", "fields", WORD],
    }  # fmt: skip
    assert head in known, f"{path} is a new address: say here what can stand in it"
    feeds = [["kimi-k3", WORD], ["rss", "atom", "json"]]
    endings = feeds if head == "/feeds/" else [["png", "svg"]] * (len(places) - 1)
    rests = [place.partition("}")[2] for place in places]
    return [
        head + "".join(urllib.parse.quote(word) + rest for word, rest in zip(words, rests, strict=True))
        for words in itertools.product(known[head], *endings)
    ]


def traces(web: Web, path: str, secrets: list[str]) -> list[str]:
    """Return the secrets that an answer has, in its text or its head, but those of the address itself."""
    got = web.get(path)
    assert got.status_code < 500, path
    answer = f"{got.headers} {got.text}".lower()
    forms = {
        secret: {secret.lower(), str(escape(secret)).lower(), urllib.parse.quote(secret).lower()} for secret in secrets
    }
    return [secret for secret in secrets if secret not in path and any(form in answer for form in forms[secret])]


def walk(web: Web, outsiders: Strangers, paths: Iterable[str]) -> dict[str, list[str]]:
    """Return those of some addresses that have a trace of theirs, with what it is."""
    traces_by_path = {path: traces(web, path, outsiders.secrets) for path in paths}
    return {path: trace for path, trace in traces_by_path.items() if trace}


@pytest.mark.slow
def test_no_address_of_the_application_has_a_trace_of_what_the_operator_did_not_make_public(
    shown: Web, strangers: Strangers
) -> None:
    walked = addresses(shown, strangers)
    assert len(walked) > 150
    assert {"/", "/briefs", "/embed.json", "/feed.rss", "/api/gap", "/metrics"} <= set(walked)
    assert walk(shown, strangers, walked) == {}
    assert str(DAY) in shown.get("/briefs").text, "ours of that day is there"


@pytest.mark.slow
def test_their_addresses_are_those_of_nothing(shown: Web, strangers: Strangers) -> None:
    for slug in ("2026-08-22-there-is-no-such-brief-0123abcd", *(brief.slug for brief in strangers.theirs)):
        got = shown.get(f"/briefs/{slug}.json")
        assert (got.status_code, got.json()) == (
            404,
            {"error": f"There is no brief {quote(f'{slug}.json', 80)}; the newest is at /briefs.", "suggestions": []},
        )


@pytest.mark.slow
def test_a_search_counts_none_of_theirs(shown: Web) -> None:
    assert f"No brief has the word “{WORD}”" in shown.get(f"/briefs?q={WORD}").text


@pytest.mark.parametrize("form", FORMS)
def test_no_export_of_briefs_has_a_trace(shown: Web, strangers: Strangers, tmp_path: Path, form: str) -> None:
    asyncio.run(export_briefs(shown.site, tmp_path, form, None))
    assert in_files(tmp_path, strangers.secrets) == []


@pytest.mark.slow
@pytest.mark.usefixtures("undrawn")
def test_nor_has_the_site_of_files(shown: Web, strangers: Strangers, tmp_path: Path) -> None:
    asyncio.run(export_site(shown.site, tmp_path))
    assert in_files(tmp_path, strangers.secrets) == []


def in_files(folder: Path, secrets: list[str]) -> list[tuple[str, str]]:
    """Return the secrets that stand in a folder's files or in their names."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 4
    texts = {path.name: f"{path.name} {path.read_bytes().decode(errors='replace')}".lower() for path in files}
    return [(name, secret) for name, content in texts.items() for secret in secrets if secret.lower() in content]


async def test_nor_has_any_tool_resource_or_prompt_of_mcp(shown: Web, strangers: Strangers) -> None:
    async with Client(make_server(shown.site)) as client:
        tools = (await client.list_tools()).tools
        results = [await client.call_tool(tool.name, examples(QUESTIONS[tool.name])) for tool in tools]
        uris = [resource.uri for resource in (await client.list_resources()).resources]
        texts = [await client.read_resource(uri) for uri in uris]
        prompts = [await client.get_prompt(prompt.name) for prompt in (await client.list_prompts()).prompts]
        for brief in strangers.theirs:
            with pytest.raises(MCPError, match=r"There is no brief"):
                await client.read_resource(f"gapbrief://briefs/{brief.slug}")
    replies = f"{tools} {results} {uris} {texts} {prompts}".lower()
    assert len(results) == len(QUESTIONS)
    assert len(texts) > 5
    assert [secret for secret in strangers.secrets if secret.lower() in replies] == []


def examples(question: type[Question]) -> dict[str, str]:
    """Return what a question needs."""
    return {parameter.name: str(parameter.example) for parameter in parameters(question) if parameter.required}


# ---- and with a word of the operator's


@pytest.mark.slow
def test_what_the_operator_makes_public_is_found_by_the_same_walk_until_it_is_ended(
    start_web: Starter, evidence_file: Path, tmp_path: Path
) -> None:
    with numbered(evidence_file, tmp_path) as archive:
        posted, *_ = stored_briefs = theirs(archive, STRANGER)[::-1]
        strangers, web = Strangers(archive, stored_briefs), start_web(PUBLIC, archive.url)
        publish(archive, public=True)
        leaks = walk(web, strangers, [path for path in addresses(web, strangers) if path.startswith(SHOWN_AT)])
        pages = {f"/briefs/{posted.slug}{ending}" for ending in ENDINGS[:-1]}
        assert {"/briefs", f"/briefs?q={WORD}", "/feed.rss", "/feed.atom", "/feed.json", *pages} <= leaks.keys()
        drafts = [draft.slug for draft in stored_briefs[2:]]
        assert not [path for path in leaks if any(slug in path for slug in drafts)], "what was never posted"
        publish(archive, public=False)
        assert walk(web, strangers, leaks) == {}


def publish(archive: Archive, *, public: bool) -> None:
    """Make the stranger's briefs public, or no more, as `gapbrief newsroom publish` does."""
    with archive.state.begin() as connection:
        done = (
            guilds.make_public(connection, STRANGER, at(DAY)) if public else guilds.make_private(connection, STRANGER)
        )
        assert done
        audit.add_entry(connection, at(DAY), "set", guild_id=None, who=None, detail="public")
