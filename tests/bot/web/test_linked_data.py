"""What pages say to programs: a block of data for each brief and answer, in schema.org's words."""

import json
import re
from typing import Any

import pytest

from bot.newsroom.formats import inert
from core.questions import GapQuestion
from tests.bot.web.conftest import PUBLIC, Web, entry
from tests.bot.web.test_pages import Page, meta

BLOCK = re.compile('<script type="application/ld\\+json">(.*?)</script>', re.DOTALL)
US = {"@type": "Organization", "name": "gapbrief", "url": f"{PUBLIC}/"}


def data(web: Web, path: str) -> dict[str, Any]:
    [block] = BLOCK.findall(web.client.get(path).text)
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
    assert not BLOCK.search(public.client.get("/briefs/2026-07-01").text)


@pytest.mark.parametrize(
    ("path", "name", "table"),
    [
        ("/best", "Best open models", "best.csv"),
        ("/models/kimi-k3", "Kimi K3", "model.csv?model=kimi-k3"),
        ("/benchmarks/weirdml", "WeirdML", "frontier.csv?benchmark=weirdml+2"),
    ],
)
def test_an_answer_is_a_data_set_with_its_table(public: Web, path: str, name: str, table: str) -> None:
    found = data(public, path)
    assert (found["@type"], found["name"], found["url"]) == ("Dataset", name, PUBLIC + path)
    assert found["description"].startswith(inert(meta(Page(public.client.get(path).text))["description"]).rstrip("…"))
    assert found["description"].endswith("As of 28 September 2026.")
    assert found["temporalCoverage"] == "2026-09-28"
    distribution = found["distribution"]
    assert distribution == {
        "@type": "DataDownload",
        "encodingFormat": "text/csv",
        "contentUrl": f"{PUBLIC}/api/{table}",
    }
    assert public.get(distribution["contentUrl"].removeprefix(PUBLIC)).status_code == 200


def test_the_front_page_says_whose_data_it_rests_on_and_how_to_cite_it(public: Web) -> None:
    found, answer = data(public, "/"), public.site.services.answers.now(GapQuestion())
    assert found["name"] == answer.lines[0].text
    assert (found["version"], found["creditText"], found["creator"]) == (answer.revision, answer.citation, US)
    assert [each["name"] for each in found["isBasedOn"]] == [each["title"] for each in answer.sources]
    assert {each["license"] for each in found["isBasedOn"]} == {each["licence"] for each in answer.sources}


@pytest.mark.parametrize("path", ["/method", "/briefs", "/ask?q=gap", "/models", "/nowhere"])
def test_other_pages_say_nothing(public: Web, path: str) -> None:
    assert not BLOCK.search(public.client.get(path).text)


def test_nor_do_pages_without_a_public_address(web: Web) -> None:
    for path in ("/", "/best", "/briefs/2026-09-30"):
        assert not BLOCK.search(web.client.get(path).text)
