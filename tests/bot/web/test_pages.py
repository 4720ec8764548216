"""The pages: what stands on them, that they lead somewhere, and that they need no script and nobody else."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

import pytest
from PIL import Image

from bot.assistant.assistant import Assistant
from bot.refresh import last_refresh
from bot.refresh.last_refresh import Outcome
from bot.state import usage
from bot.web.markup import environment
from core.questions import QUESTIONS, GapQuestion
from core.refresh.snapshot_checks import Finding
from tests.bot.web.conftest import PUBLIC, TODAY, Web, entry

PAGES = (
    "/", "/briefs", "/briefs/2026-09-30", "/benchmarks", "/benchmarks/weirdml", "/models", "/models/o3", "/method",
    "/sources", "/data", "/glossary", "/editors", "/embed", "/api", "/nowhere", "/best", "/best/32b", "/best/coding",
    "/unmatched", "/trust", "/others", "/compare/china/united-states",
    "/ask", "/ask?q=how+far+behind+is+kimi+k3", "/ask?q=best+pizza", "/models?side=open&q=qwen",
)  # fmt: skip
MOST_BYTES = 100_000


class Page(HTMLParser):
    """What a test asks of a page: its tags with their attributes, its headings, its ids, its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def links(self) -> list[str]:
        places = [("a", "href"), ("link", "href"), ("img", "src"), ("source", "srcset"), ("form", "action")]
        return [value for tag, name in places for item in self.all(tag) if (value := item.get(name)) is not None]


def page(web: Web, path: str) -> Page:
    return Page(web.client.get(path).text)


def plain_text(shown: Page) -> str:
    """Return the text of a page with plain spaces alone, one after another."""
    return " ".join(shown.text.replace("\N{NO-BREAK SPACE}", " ").split())


def meta(shown: Page) -> dict[str, str]:
    return {tag.get("name") or tag.get("property") or "": tag.get("content") or "" for tag in shown.all("meta")}


@pytest.mark.parametrize("path", PAGES)
def test_every_page_can_be_read_with_a_keyboard_and_a_screen_reader(web: Web, path: str) -> None:
    text = web.client.get(path).text
    shown = Page(text)
    assert text.startswith("<!DOCTYPE html>")
    assert shown.all("html") == [{"lang": "en"}]
    assert len(shown.all("main")) == 1
    levels = [int(tag[1]) for tag, _ in shown.tags if re.fullmatch(r"h[1-6]", tag)]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    if path != "/embed":
        assert shown.all("a")[0] == {"class": "skip", "href": "#main"}
        assert {part.get("aria-label") for part in shown.all("nav")} >= {"Pages", "Further pages"}
    assert all(picture.get("alt") for picture in shown.all("img"))
    ids = [attributes["id"] for _, attributes in shown.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_script_or_style_within_it_or_anything_from_elsewhere(web: Web, path: str) -> None:
    shown = page(web, path)
    scripts = {(script.get("src") or "").lstrip("./") for script in shown.all("script")}
    assert scripts <= {"static/charts.js", "static/copy.js"}
    assert not shown.all("style")
    assert not [name for _, given in shown.tags for name in given if name == "style" or name.startswith("on")]
    loaded = [part.get("src") or part.get("href") or "" for part in (*shown.all("img"), *shown.all("link"))]
    assert not [address for address in loaded if urlsplit(address).netloc]


def test_the_front_page_says_what_the_command_line_says(web: Web) -> None:
    answer = web.site.services.answers.compute(GapQuestion())
    text = plain_text(page(web, "/"))
    assert answer.lines[0].text in text
    shown = {fact.key: fact.shown for fact in answer.facts}
    for key in ("gap.private", "range.private", "gap.public", "range.public", "direction"):
        assert shown[key] in text
    days = (TODAY - date.fromisoformat(answer.newest_data)).days
    assert f"Data to 28 September 2026, {days} days old · 19 tests · likely = 90 %" in text
    assert "gapbrief data refresh" not in text


def test_the_front_page_leads_to_the_newest_brief_that_stands_and_to_what_people_ask(web: Web) -> None:
    shown = page(web, "/")
    assert entry(web, "2026-09-30").brief.title in shown.text
    assert "30 September 2026" in shown.text
    asked = {"./best", "./trust", "./unmatched", "./others", "./compare/china/united-states"}
    assert {*asked, "./benchmarks/weirdml"} <= {*shown.links()}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/benchmarks", "FrontierMath 5.5 2026-05-28 Succeeded by FrontierMath v2"),
        ("/benchmarks", "GSM8K – 2024-11-29 Ended: no model since 29 November 2024"),
        ("/benchmarks/gpqa-diamond", "Public test"),
        ("/benchmarks/gpqa-diamond", "The gap on this test"),
        ("/benchmarks/gpqa-diamond", "When each level was reached"),
        ("/benchmarks/gpqa-diamond", "What waits for an open model"),
        ("/models", "Data to 28 September 2026 · 443 models, page 1 of 12 · likely = 90 %"),
        ("/models?q=kimi+k3", "Kimi K3 open, Moonshot, 27 Jul 9.6 6.8 to 10.3 7.7 5.2 to 10.5 2.8T"),
        ("/models?q=nobody", "0 models"),
        ("/models/kimi-k2-instruct", "Open weights · Moonshot · China"),
        ("/models/kimi-k2-instruct", "open weights of 12 July 2025"),
        ("/models/kimi-k3", "Kimi K3 matched closed scores after 3 to 14 months"),
        ("/models/kimi-k3", "WeirdML 82.6 % GPT-5.5 → Kimi K3"),
        ("/models/gopher-280b", "can't be compared (never released)"),
        ("/best/32b", "up to 32B"),
        ("/best/coding", "Coding"),
        ("/compare/kimi-k3/gpt-5.5", "Kimi K3"),
        ("/method", "How gapbrief measures the gap"),
        ("/briefs/2026-09-30-brief", "Research · 30 September 2026"),
    ],
)
def test_a_page_says(web: Web, path: str, words: str) -> None:
    reply = web.client.get(path)
    assert reply.status_code == 200
    assert words in plain_text(Page(reply.text))


@pytest.mark.parametrize(
    ("path", "address"),
    [
        *((f"/benchmarks/{name}", "../benchmarks/gpqa-diamond") for name in ("GPQA", "gpqa diamond", "GPQA Diamond")),
        ("/models/Kimi K2", "../models/kimi-k2-instruct"),
        ("/feeds/models/Kimi K3.rss", "../../feeds/models/kimi-k3.rss"),
    ],
)
def test_any_name_leads_to_the_one_address(web: Web, path: str, address: str) -> None:
    reply = web.get(path)
    assert (reply.status_code, reply.headers["location"]) == (307, address)


@pytest.mark.parametrize(
    ("path", "links"),
    [
        ("/best", ["./best/8b", "./best/32b", "./best/80b", "./best/250b", "./best/coding", "./best/long-context"]),
        ("/benchmarks/weirdml", ["../models/kimi-k3"]),
        ("/models", ["./models?page=2"]),
        ("/method", ["#two-clocks"]),
    ],
)
def test_a_page_leads_to(web: Web, path: str, links: list[str]) -> None:
    assert {*links} <= {*page(web, path).links()}


def test_the_list_of_tests_and_the_sources_count_the_same_tests(web: Web) -> None:
    sources = plain_text(page(web, "/sources"))
    counts = re.findall(r"(\d+) (?:private|public)", sources.partition("; the gap counts ")[0])
    [n_counted] = re.findall(r"the gap counts (\d+) of them", sources)
    [n_others] = re.findall(r"(\d+) tests that are not in the headline", plain_text(page(web, "/benchmarks")))
    assert int(n_counted) + int(n_others) == sum(map(int, counts[-2:]))


def test_each_table_of_the_method_scrolls_by_itself_under_a_name_of_its_own(web: Web) -> None:
    shown = page(web, "/method")
    regions = [part["aria-label"] for part in shown.all("div") if part.get("class") == "scroll"]
    assert len(set(regions)) == len(regions) == len(shown.all("table")) > 5


def test_every_term_and_every_question_has_an_anchor(web: Web) -> None:
    terms, shown = page(web, "/glossary"), page(web, "/api")
    assert {"open-weights", "closed-model", "private-test", "months-behind"} <= {
        attributes.get("id") for _, attributes in terms.tags
    }
    assert {heading.get("id") for heading in shown.all("h2")} == set(QUESTIONS)
    assert shown.text.count("as_of") >= 7


def test_without_a_public_address_nothing_says_where_it_is(web: Web) -> None:
    tags = meta(page(web, "/"))
    assert not {"og:url", "og:image"} & {*tags}
    assert tags["og:title"].startswith("Open models trail closed ones by ")
    assert "7.0 months, likely 5 to 9" in tags["description"]


@pytest.mark.parametrize("path", ["/", "/benchmarks/weirdml", "/briefs/2026-05-22", "/models/kimi-k3", "/best"])
def test_with_one_a_page_has_a_card_for_those_who_see_a_link_to_it(public: Web, path: str) -> None:
    shown = page(public, path)
    tags = meta(shown)
    assert tags["og:url"].startswith(f"{PUBLIC}/")
    assert tags["og:url"] in [link.get("href") for link in shown.all("link") if link.get("rel") == "canonical"]
    assert tags["twitter:card"] == "summary_large_image"
    picture = public.client.get(tags["og:image"].removeprefix(PUBLIC))
    with Image.open(BytesIO(picture.content)) as image:
        assert image.size == (1200, 630)
        assert (tags["og:image:width"], tags["og:image:height"]) == tuple(map(str, image.size))
    assert tags["og:image:alt"]
    assert len(tags["og:description"]) <= 300


@pytest.mark.slow
def test_every_link_of_the_site_leads_somewhere_and_every_page_is_small(web: Web) -> None:
    """Follow all links from the front page; of the models a few stand for all."""
    answers, waiting = {}, ["/"]
    while waiting:
        path = waiting.pop()
        answer = web.client.get(path, follow_redirects=False)
        assert answer.status_code == 200, path
        answers[path] = answer
        if not answer.headers["content-type"].startswith("text/html") or path.endswith(".email.html"):
            continue
        assert len(answer.content) < MOST_BYTES, path
        seen = Page(answer.text)
        ids = {tag.get("id") for _, tag in seen.tags}
        for link in seen.links():
            target, part = urldefrag(urljoin(path, link))
            if urlsplit(link).netloc:
                continue
            assert not link.startswith("/"), f"{link} on {path} stands under the root"
            if target == path and part:
                assert part in ids, f"{link} on {path}"
            if target in answers or target in waiting or target.startswith("/charts/"):
                continue
            models = sum(known_path.startswith("/models/") for known_path in (*answers, *waiting))
            if models < 30 or "/models/" not in target:
                waiting.append(target)
    assert len(answers) > 80


# ---- questions


@pytest.mark.parametrize("path", ["/best", "/unmatched", "/trust", "/others"])
def test_a_question_has_a_page_with_its_first_look_its_details_and_its_tables(web: Web, path: str) -> None:
    question = QUESTIONS[path.removeprefix("/")]()
    answer, shown_page = web.site.services.answers.compute(question), page(web, path)
    text = plain_text(shown_page)
    assert answer.lines[0].text in text
    assert all(line.label in text for line in answer.lines if not line.is_day)
    assert all(table.title in text for table in answer.tables)
    assert bool(shown_page.all("svg")) == bool(answer.charts)


# ---- a question in a reader's own words


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("how far behind is Kimi K3", "Kimi K3, open weights of 27 July 2026, stands 9.6 months behind"),
        ("what is the gap on WeirdML?", "Open models stand 3.7 months behind on WeirdML"),
    ],
)
def test_a_question_that_the_rules_read_is_answered_with_its_chart(web: Web, asked: str, words: str) -> None:
    shown = page(web, f"/ask?{urlencode({'q': asked})}")
    assert words in plain_text(shown)
    assert "Understood as: " in shown.text
    assert shown.all("svg")
    assert [field["value"] for field in shown.all("input")] == [asked]


def offered(shown: Page) -> list[str]:
    """Return the addresses of the readings that a page offers."""
    return [f"/{link[2:]}" for link in shown.links() if "&as=" in link]


@pytest.mark.parametrize("asked", ["best pizza in town", "<script>alert(1)</script>", "asdf"])
def test_what_is_no_question_of_ours_is_said_with_questions_that_are(web: Web, asked: str) -> None:
    text = web.client.get(f"/ask?{urlencode({'q': asked})}").text
    shown = Page(text)
    assert "Can't tell what you ask" in shown.text
    assert "<script" not in text
    near = [link for link in shown.links() if link.startswith("./ask?")]
    assert len(near) == 4
    assert "Understood as" in page(web, f"/{near[0][2:]}").text


def test_of_several_readings_each_is_a_step_away(web: Web) -> None:
    shown = page(web, "/ask?q=which+field+has+the+biggest+gap")
    assert "Choose a question" in shown.text
    assert len(offered(shown)) > 4
    assert all("Understood as" in page(web, path).text for path in offered(shown)[:2])


def test_a_brief_with_the_news_of_another_span_has_no_page_and_its_nearest_are_offered(web: Web) -> None:
    assert "Understood as: changes · since 1 March 2026" in page(web, "/ask?q=What+changed+since+March%3F").text
    shown = page(web, "/ask?q=a+brief+from+1+May+to+22+May+2026")
    assert "A brief's page has the news of its month; choose what changed since then, or that brief." in shown.text
    changes, brief = offered(shown)
    assert "Understood as: changes · since 1 May 2026 · until 22 May 2026" in page(web, changes).text
    assert "22 May 2026" in page(web, brief).text


def test_what_is_not_surely_read_is_offered_with_its_fields(web: Web) -> None:
    shown = page(web, f"/ask?{urlencode({'q': 'purple elephants dance around Kimi K3 forever'})}")
    assert "I'm not sure what you ask about Kimi K3." in shown.text
    assert "model · Kimi K3" in shown.text
    assert any("Understood as: model · Kimi K3" in page(web, path).text for path in offered(shown))


def test_a_reader_says_that_an_answer_is_not_what_was_asked_and_is_shown_other_readings(web: Web) -> None:
    [link] = [path for path in offered(page(web, "/ask?q=what+is+the+gap+on+WeirdML%3F")) if path.endswith("&as=0")]
    before = misread(web, "gap")
    others = page(web, link)
    assert misread(web, "gap") == before + 1
    assert "Sorry, I misread that; choose what you meant." in others.text
    assert "Not what I asked" not in page(web, offered(others)[0]).text


def misread(web: Web, question: str) -> int:
    """Return how often readers said of a question that it was not asked."""
    with web.site.services.state.reading() as connection:
        counts = usage.list_since(connection)
    return sum(total.texts for total in counts if (total.purpose, total.outcome) == (usage.MISREAD, question))


@pytest.mark.parametrize(
    ("text", "path"), [("the+newest+brief", "/briefs/"), ("brief+of+22+may+2026", "/briefs/2026-05-22-")]
)
def test_who_asks_for_a_brief_is_led_to_its_page(text: str, path: str, web: Web) -> None:
    assert web.client.get(f"/ask?q={text}").url.path.startswith(path)


def test_no_question_is_in_an_index(web: Web) -> None:
    assert meta(page(web, "/ask?q=gap"))["robots"] == "noindex"
    assert "Disallow: /ask" in web.client.get("/robots.txt").text


def test_the_language_model_is_not_asked_for_those_who_read_pages(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Assistant, "reply", None)
    assert web.client.get("/ask?q=how+far+behind+are+open+models").status_code == 200


def test_data_are_called_old_in_a_note_only_after_three_months(web: Web) -> None:
    old = environment().get_template("parts.html.j2").module.old
    answer = web.site.services.answers.compute(GapQuestion())
    assert "91 days old: a model released since is not in them" in old(replace(answer, stale_days=91))
    assert old(replace(answer, stale_days=90)).strip() == ""


# ---- lists


def test_models_are_found_by_words_and_side_page_by_page(web: Web) -> None:
    first, second = (page(web, f"/models{query}").links() for query in ("", "?page=2"))
    assert {*first}.isdisjoint(link for link in second if link.startswith("./models/"))
    shown = page(web, "/models?q=alibaba+qwen3&side=open")
    assert "Qwen3" in shown.text
    assert "closed," not in shown.text
    assert [choice["value"] for choice in shown.all("option") if "selected" in choice] == ["open"]
    assert "gemini-2.5-pro-preview-06-05" not in plain_text(page(web, "/models?q=gemini+2.5+pro")), "an id"


def test_each_test_that_counts_has_its_months_in_the_list_or_the_reason_why_it_has_none(web: Web) -> None:
    text, gap = plain_text(page(web, "/benchmarks")), web.site.services.answers.compute(GapQuestion())
    for test in gap.data["benchmarks"]:
        months = test["standing"]["months"]
        row = f"{test['name']} {'–' if months is None else f'{months:.1f}'} {test['newest_data']} "
        assert row in text
        assert months is not None or not text.partition(row)[2].startswith("Active ")


def test_tests_are_sorted_by_the_months_that_are_shown(web: Web) -> None:
    tables = web.client.get("/benchmarks").text.split("<table")[1:]
    for table in tables:
        months = [float(cell) for cell in re.findall(r'<td class="n">([\d.]+)</td>', table)]
        assert len(months) > 1
        assert months == sorted(months, reverse=True)


def test_how_fresh_each_test_is_and_what_waits_stands_on_a_page_without_a_command(web: Web, tmp_path: Path) -> None:
    before = page(web, "/data").text
    assert "The data are complete to 28 September 2026, " in before
    assert "tau2-bench Telecom" in before
    assert "Served for 60 days without a new score: METR Time Horizons, " in before
    assert "Publishers were asked" not in before
    services = web.site.services
    object.__setattr__(services, "settings", replace(services.settings, data=tmp_path))
    findings = (Finding("warn", "gpt-5.5 moved"), Finding("warn", "OSWorld is new; `gapbrief x` counts it"))
    outcomes = [
        Outcome("aider", "held back", "<b>each row</b> is there twice"),
        Outcome("metr", "failed", "can't be kept in /home/me (No space left on device); make room there"),
        Outcome("weirdml", "new", findings=findings),
    ]
    last_refresh.save_outcomes(tmp_path, datetime(2026, 11, 28, 8, tzinfo=UTC), outcomes)
    text = web.client.get("/data").text
    for words in (
        "Publishers were last asked on 28 November 2026.", "<li>OSWorld is new</li>", "gpt-5.5 moved",
        "<li>aider is held back: &lt;b&gt;each row&lt;/b&gt; is there twice</li>", "metr; the last good data stay",
    ):  # fmt: skip
        assert words in text
    assert "/home/me" not in text
    assert "gapbrief x" not in text
