"""What pages say to programs: to Discord where a link is pasted, and in the words of schema.org."""

import json
import re
from typing import Any

import pytest

from bot.links import Links
from bot.newsroom.formats import defuse
from bot.web.metadata import component_embed
from core.questions import GapQuestion
from tests.bot.web.conftest import PUBLIC, Web, entry
from tests.bot.web.test_briefs import slug
from tests.bot.web.test_pages import Page, meta

BLOCK = re.compile(r'<script id="discord:component-embed" type="application/json">(.*?)</script>')


def embed_of(html: str) -> dict[str, Any]:
    """Return the one container of a page's preview."""
    [block] = BLOCK.findall(html)
    assert len(block.encode()) <= 3000
    [(name, container)] = json.loads(block).items()
    assert (name, container["type"]) == ("component", 17)
    typed_container: dict[str, Any] = container
    return typed_container


def parts(container: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, str]]:
    """Return a preview's text, its picture, and its buttons by label."""
    text, gallery, row = container["components"]
    assert (text["type"], gallery["type"], row["type"]) == (10, 12, 1)
    for button in row["components"]:
        assert set(button) == {"type", "style", "label", "url"}  # any other key makes Discord show nothing
        assert (button["type"], button["style"]) == (2, 5)
    [picture] = gallery["items"]
    return text["content"], picture, {link["label"]: link["url"] for link in row["components"]}


def made(title: str, finding: str, alt: str = "A chart") -> dict[str, Any] | None:
    block = component_embed(Links("models/kimi-k3", PUBLIC), title, finding, "charts/model.png?model=kimi-k3", alt)
    return block and embed_of(f'<script id="discord:component-embed" type="application/json">{block}</script>')


def test_a_brief_shows_its_title_and_card_and_leads_to_what_is_behind_it(public: Web) -> None:
    path = f"/briefs/{slug(public)}"
    text, picture, buttons = parts(embed_of(public.client.get(path).text))
    brief = entry(public, "2026-05-22").brief
    assert text.splitlines()[0] == f"## {brief.title}"
    assert picture["media"]["url"] == f"{PUBLIC}{path}.png"
    pages = {"Open": path, "How sure?": "/trust", "Method": "/method", "Briefs": "/briefs"}
    assert buttons == {label: PUBLIC + page for label, page in pages.items()}


@pytest.mark.parametrize("path", ["", "best", "trust", "unmatched", "models/kimi-k3", "benchmarks/weirdml"])
def test_an_answers_page_shows_its_finding_with_its_card(public: Web, path: str) -> None:
    html = public.client.get(f"/{path}").text
    text, picture, buttons = parts(embed_of(html))
    assert "As of 28 September 2026" in text
    assert picture["media"]["url"].startswith(f"{PUBLIC}/charts/")
    assert buttons["Open"].rstrip("/") == f"{PUBLIC}/{path}".rstrip("/")
    assert ("How sure?" in buttons) == (path != "trust")


def test_where_others_can_not_open_a_page_or_it_is_withdrawn_there_is_none(web: Web, public: Web) -> None:
    assert not BLOCK.findall(web.client.get("/best").text)
    assert not BLOCK.findall(public.client.get(f"/briefs/{slug(public, '2026-07-01')}").text)
    assert not BLOCK.findall(public.client.get("/method").text)


def test_a_text_from_outside_is_neither_markup_nor_the_end_of_the_block() -> None:
    container = made("</script><b>*x*", "[a](https://evil.example) <@1> \u202e", "</script>")
    assert container is not None
    text, picture, _ = parts(container)
    assert text == "## \\</script\\>\\<b\\>\\*x\\*\n\\[a\\](https:\\//evil.example) \\<@1\\>  "
    assert picture["description"] == "</script>"


def test_one_that_is_longer_than_discord_reads_is_left_to_the_pages_other_tags() -> None:
    assert made("Kimi K3", "word " * 700) is None


DATA_BLOCK = re.compile('<script type="application/ld\\+json">(.*?)</script>', re.DOTALL)
US = {"@type": "Organization", "name": "gapbrief", "url": f"{PUBLIC}/"}


def data(web: Web, path: str) -> dict[str, Any]:
    [block] = DATA_BLOCK.findall(web.client.get(path).text)
    return dict(json.loads(block))


def test_a_brief_is_a_news_article(public: Web) -> None:
    path, brief = "/briefs/2026-09-30-brief", entry(public, "2026-09-30")
    assert data(public, path) == {
        "@context": "https://schema.org", "@type": "NewsArticle", "url": PUBLIC + path, "headline": brief.title,
        "description": brief.brief.summary, "datePublished": "2026-09-30", "dateModified": "2026-09-30T00:00:00+00:00",
        "image": f"{PUBLIC}{path}.png", "author": US, "publisher": US, "inLanguage": "en", "isAccessibleForFree": True,
    }  # fmt: skip


def test_a_correction_is_said_and_a_brief_that_was_withdrawn_is_no_article(public: Web) -> None:
    corrected = data(public, entry(public, "2026-06-12").path)
    assert corrected["dateModified"] == "2026-06-14T09:00:00+00:00"
    assert corrected["correction"][0].startswith("Corrected on 14 June 2026: the title now says")
    assert not DATA_BLOCK.search(public.client.get("/briefs/2026-07-01").text)


@pytest.mark.parametrize(
    ("path", "name", "table"),
    [
        ("/best", "Best open models", "best.csv"),
        ("/models/kimi-k3", "Kimi K3", "model.csv?model=kimi-k3"),
        ("/benchmarks/weirdml", "WeirdML", "frontier.csv?benchmark=weirdml+2"),
    ],
)
def test_an_answer_is_a_data_set_with_its_table(public: Web, path: str, name: str, table: str) -> None:
    dataset = data(public, path)
    assert (dataset["@type"], dataset["name"], dataset["url"]) == ("Dataset", name, PUBLIC + path)
    assert dataset["description"].startswith(
        defuse(meta(Page(public.client.get(path).text))["description"]).rstrip("…")
    )
    assert dataset["description"].endswith("As of 28 September 2026.")
    assert dataset["temporalCoverage"] == "2026-09-28"
    address = f"{PUBLIC}/api/{table}"
    assert dataset["distribution"] == {"@type": "DataDownload", "encodingFormat": "text/csv", "contentUrl": address}
    assert public.get(f"/api/{table}").status_code == 200


def test_the_front_page_says_whose_data_it_rests_on_and_how_to_cite_it(public: Web) -> None:
    dataset, answer = data(public, "/"), public.site.services.answers.compute(GapQuestion())
    assert dataset["name"] == answer.lines[0].text
    assert (dataset["version"], dataset["creditText"], dataset["creator"]) == (answer.revision, answer.citation, US)
    assert [source["name"] for source in dataset["isBasedOn"]] == [source["title"] for source in answer.sources]
    assert {source["license"] for source in dataset["isBasedOn"]} == {source["licence"] for source in answer.sources}


@pytest.mark.parametrize(
    ("name", "path"),
    [
        *(("public", path) for path in ("/method", "/briefs", "/ask?q=gap", "/models", "/nowhere")),
        *(("web", path) for path in ("/", "/best", "/briefs/2026-09-30")),
    ],
)
def test_other_pages_and_those_without_a_public_address_say_nothing(
    request: pytest.FixtureRequest, name: str, path: str
) -> None:
    assert not DATA_BLOCK.search(request.getfixturevalue(name).client.get(path).text)
