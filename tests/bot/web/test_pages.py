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
        found = [("a", "href"), ("link", "href"), ("img", "src"), ("source", "srcset"), ("form", "action")]
        return [value for tag, name in found for each in self.all(tag) if (value := each.get(name)) is not None]


def page(web: Web, path: str) -> Page:
    return Page(web.client.get(path).text)


def plain_text(found: Page) -> str:
    """Return the text of a page with plain spaces alone, one after another."""
    return " ".join(found.text.replace("\N{NO-BREAK SPACE}", " ").split())


def meta(found: Page) -> dict[str, str]:
    return {each.get("name") or each.get("property") or "": each.get("content") or "" for each in found.all("meta")}


@pytest.mark.parametrize("path", PAGES)
def test_every_page_can_be_read_with_a_keyboard_and_a_screen_reader(web: Web, path: str) -> None:
    text = web.client.get(path).text
    found = Page(text)
    assert text.startswith("<!DOCTYPE html>")
    assert found.all("html") == [{"lang": "en"}]
    assert len(found.all("main")) == 1
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    if path != "/embed":
        assert found.all("a")[0] == {"class": "skip", "href": "#main"}
        assert {each.get("aria-label") for each in found.all("nav")} >= {"Pages", "Further pages"}
    assert all(each.get("alt") for each in found.all("img"))
    ids = [each["id"] for _, each in found.tags if each.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_script_or_style_within_it_or_anything_from_elsewhere(web: Web, path: str) -> None:
    found = page(web, path)
    scripts = {(each.get("src") or "").lstrip("./") for each in found.all("script")}
    assert scripts <= {"static/charts.js", "static/copy.js"}
    assert not found.all("style")
    assert not [each for _, attributes in found.tags for each in attributes if each == "style" or each.startswith("on")]
    loaded = [each.get("src") or "" for each in found.all("img")] + [
        each.get("href") or "" for each in found.all("link")
    ]
    assert not [each for each in loaded if urlsplit(each).netloc]


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


def test_the_front_page_shows_the_newest_brief_that_stands(web: Web) -> None:
    text = page(web, "/").text
    assert entry(web, "2026-09-30").brief.title in text
    assert "30 September 2026" in text


def test_names_in_tables_lead_to_their_pages(web: Web) -> None:
    assert "./benchmarks/weirdml" in page(web, "/").links()
    assert any(link.startswith("../models/") for link in page(web, "/benchmarks/weirdml").links())


def test_a_benchmark_is_found_by_any_of_its_names_and_led_to_its_one_address(web: Web) -> None:
    for name in ("GPQA", "gpqa diamond", "GPQA Diamond"):
        found = web.get(f"/benchmarks/{name}")
        assert (found.status_code, found.headers["location"]) == (307, "../benchmarks/gpqa-diamond")
    text = page(web, "/benchmarks/gpqa-diamond").text
    assert "Public test" in text
    for fold in ("The gap on this test", "When each level was reached", "What waits for an open model"):
        assert fold in text


def test_the_list_of_tests_says_what_each_has_become(web: Web) -> None:
    text = plain_text(page(web, "/benchmarks"))
    assert "FrontierMath 5.5 2026-05-28 Succeeded by FrontierMath v2" in text
    assert "GSM8K – 2024-11-29 Ended: no model since 29 November 2024" in text


def test_the_list_of_tests_and_the_sources_count_the_same_tests(web: Web) -> None:
    sources = plain_text(page(web, "/sources"))
    counts = re.findall(r"(\d+) (?:private|public)", sources.partition("; the gap counts ")[0])
    [n_counted] = re.findall(r"the gap counts (\d+) of them", sources)
    [n_others] = re.findall(r"(\d+) tests that are not in the headline", plain_text(page(web, "/benchmarks")))
    assert int(n_counted) + int(n_others) == sum(map(int, counts[-2:]))


def test_a_model_is_found_by_any_of_its_names(web: Web) -> None:
    assert web.get("/models/Kimi K2").headers["location"] == "../models/kimi-k2-instruct"
    text = plain_text(page(web, "/models/kimi-k2-instruct"))
    assert "Open weights · Moonshot · China" in text
    assert "open weights of 12 July 2025" in text


def test_a_model_that_no_gap_can_count_says_why(web: Web) -> None:
    found = web.client.get("/models/gopher-280b")
    assert found.status_code == 200
    assert "can&#39;t be compared (never released)" in found.text


@pytest.mark.parametrize(
    ("path", "sentence", "near"),
    [
        ("/benchmarks/gpqaa", 'No test is called "gpqaa".', "GPQA Diamond"),
        ("/models/gpt-44", 'No model is called "gpt-44".', "GPT-4"),
    ],
)
def test_a_name_that_is_none_gives_the_nearest_ones_as_links(web: Web, path: str, sentence: str, near: str) -> None:
    found = web.client.get(path)
    assert found.status_code == 404
    seen = Page(found.text)
    assert sentence in seen.text
    assert near in seen.text
    assert any(link.startswith(f"../{path.split('/')[1]}/") for link in seen.links())


def test_the_method_is_the_document_with_its_tables(web: Web) -> None:
    found = page(web, "/method")
    assert "How gapbrief measures the gap" in found.text
    assert "#two-clocks" in found.links()
    assert len(found.all("table")) > 5
    tables = [each for each in found.all("div") if each.get("class") == "scroll"]
    assert len(tables) == len(found.all("table"))
    assert len({each["aria-label"] for each in tables}) == len(tables)


def test_every_term_of_the_glossary_has_an_address(web: Web) -> None:
    ids = {each.get("id") for _, each in page(web, "/glossary").tags}
    assert {"open-weights", "closed-model", "private-test", "months-behind"} <= ids


def test_the_api_page_lists_every_question_with_its_parameters(web: Web) -> None:
    found = page(web, "/api")
    assert {each.get("id") for each in found.all("h2")} == set(QUESTIONS)
    assert found.text.count("as_of") >= 7


def test_without_a_public_address_nothing_says_where_it_is(web: Web) -> None:
    found = meta(page(web, "/"))
    assert "og:url" not in found
    assert "og:image" not in found
    assert found["og:title"].startswith("Open models trail closed ones by ")
    assert "7.0 months, likely 5 to 9" in found["description"]


@pytest.mark.parametrize("path", ["/", "/benchmarks/weirdml", "/briefs/2026-05-22", "/models/kimi-k3", "/best"])
def test_with_one_a_page_has_a_card_for_those_who_see_a_link_to_it(public: Web, path: str) -> None:
    seen = page(public, path)
    found = meta(seen)
    address = found["og:url"]
    assert address.startswith(f"{PUBLIC}/")
    assert address in [each.get("href") for each in seen.all("link") if each.get("rel") == "canonical"]
    assert found["twitter:card"] == "summary_large_image"
    picture = public.client.get(found["og:image"].removeprefix(PUBLIC))
    with Image.open(BytesIO(picture.content)) as image:
        assert image.size == (1200, 630)
        assert (found["og:image:width"], found["og:image:height"]) == tuple(map(str, image.size))
    assert found["og:image:alt"]
    assert len(found["og:description"]) <= 300


@pytest.mark.slow
def test_every_link_of_the_site_leads_somewhere_and_every_page_is_small(web: Web) -> None:
    """Follow all links from the front page; of the models a few stand for all."""
    found, waiting = {}, ["/"]
    while waiting:
        path = waiting.pop()
        answer = web.client.get(path, follow_redirects=False)
        assert answer.status_code == 200, path
        found[path] = answer
        if not answer.headers["content-type"].startswith("text/html") or path.endswith(".email.html"):
            continue
        assert len(answer.content) < MOST_BYTES, path
        seen = Page(answer.text)
        ids = {each.get("id") for _, each in seen.tags}
        for link in seen.links():
            target, part = urldefrag(urljoin(path, link))
            if urlsplit(link).netloc:
                continue
            assert not link.startswith("/"), f"{link} on {path} stands under the root"
            if target == path and part:
                assert part in ids, f"{link} on {path}"
            models = sum(each.startswith("/models/") for each in (*found, *waiting))
            is_new = target not in found and target not in waiting
            if is_new and not target.startswith("/charts/") and (models < 30 or "/models/" not in target):
                waiting.append(target)
    assert len(found) > 80


# ---- questions


@pytest.mark.parametrize("path", ["/best", "/unmatched", "/trust", "/others"])
def test_a_question_has_a_page_with_its_first_look_its_details_and_its_tables(web: Web, path: str) -> None:
    question = QUESTIONS[path.removeprefix("/")]()
    answer, found = web.site.services.answers.compute(question), page(web, path)
    text = plain_text(found)
    assert answer.lines[0].text in text
    assert all(line.label in text for line in answer.lines if not line.is_day)
    assert all(table.title in text for table in answer.tables)
    assert bool(found.all("svg")) == bool(answer.charts)


def test_the_best_models_of_each_size_and_domain_are_a_step_away(web: Web) -> None:
    links = page(web, "/best").links()
    assert {"./best/8b", "./best/32b", "./best/80b", "./best/250b", "./best/coding", "./best/long-context"} <= {*links}
    assert "up to 32B" in page(web, "/best/32b").text
    assert "Coding" in page(web, "/best/coding").text


def test_any_two_sides_have_a_page_and_what_is_none_is_said(web: Web) -> None:
    assert "Kimi K3" in page(web, "/compare/kimi-k3/gpt-5.5").text
    for path in ("/best/nope", "/compare/china", "/compare/nobody-at-all/china"):
        found = web.client.get(path)
        assert found.status_code == 404, path
        assert "Traceback" not in found.text


def test_the_front_page_leads_to_what_people_ask(web: Web) -> None:
    links = page(web, "/").links()
    assert {"./best", "./trust", "./unmatched", "./others", "./compare/china/united-states"} <= {*links}


# ---- a question in a reader's own words


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("how far behind is Kimi K3", "Kimi K3, open weights of 27 July 2026, stands 9.6 months behind"),
        ("what is the gap on WeirdML?", "Open models stand 3.7 months behind on WeirdML"),
    ],
)
def test_a_question_that_the_rules_read_is_answered_with_its_chart(web: Web, asked: str, said: str) -> None:
    found = page(web, f"/ask?{urlencode({'q': asked})}")
    assert said in plain_text(found)
    assert "Understood as: " in found.text
    assert found.all("svg")
    assert [each["value"] for each in found.all("input")] == [asked]


@pytest.mark.parametrize("asked", ["best pizza in town", "<script>alert(1)</script>", "asdf"])
def test_what_is_no_question_of_ours_is_said_with_questions_that_are(web: Web, asked: str) -> None:
    text = web.client.get(f"/ask?{urlencode({'q': asked})}").text
    found = Page(text)
    assert "Can't tell what you ask" in found.text
    assert "<script" not in text
    offered = [each for each in found.links() if each.startswith("./ask?")]
    assert len(offered) == 4
    assert "Understood as" in page(web, f"/{offered[0].removeprefix('./')}").text


def test_of_several_readings_each_is_a_step_away(web: Web) -> None:
    found = page(web, "/ask?q=which+field+has+the+biggest+gap")
    assert "Choose a question" in found.text
    offered = [each for each in found.links() if "&as=" in each]
    assert len(offered) > 4
    for each in offered[:2]:
        assert "Understood as" in page(web, f"/{each.removeprefix('./')}").text
    assert web.client.get("/ask?q=gap&as=9").status_code == 422


def test_what_is_not_surely_read_is_offered_with_its_fields(web: Web) -> None:
    found = page(web, f"/ask?{urlencode({'q': 'purple elephants dance around Kimi K3 forever'})}")
    assert "I'm not sure what you ask about Kimi K3." in found.text
    assert "model · Kimi K3" in found.text
    assert any("Understood as: model · Kimi K3" in page(web, f"/{each[2:]}").text for each in offered(found))


def test_a_reader_says_that_an_answer_is_not_what_was_asked_and_is_shown_other_readings(web: Web) -> None:
    answer = page(web, "/ask?q=what+is+the+gap+on+WeirdML%3F")
    [link] = [each for each in answer.links() if each.endswith("&as=0")]
    before = misread(web, "gap")
    others = page(web, f"/{link.removeprefix('./')}")
    assert misread(web, "gap") == before + 1
    assert "Sorry, I misread that; choose what you meant." in others.text
    assert "Not what I asked" not in page(web, f"/{offered(others)[0][2:]}").text


def misread(web: Web, question: str) -> int:
    """Return how often readers said of a question that it was not asked."""
    with web.site.services.state.reading() as connection:
        counts = usage.list_since(connection)
    return sum(each.texts for each in counts if (each.purpose, each.outcome) == (usage.MISREAD, question))


def offered(found: Page) -> list[str]:
    return [each for each in found.links() if "&as=" in each]


@pytest.mark.parametrize(
    ("text", "path"), [("the+newest+brief", "/briefs/"), ("brief+of+22+may+2026", "/briefs/2026-05-22-")]
)
def test_who_asks_for_a_brief_is_led_to_its_page(text: str, path: str, web: Web) -> None:
    assert web.client.get(f"/ask?q={text}").url.path.startswith(path)
    assert web.client.get("/ask?q=brief+of+22+may+2019").status_code == 422


def test_no_question_is_in_an_index_and_none_is_too_long(web: Web) -> None:
    assert meta(page(web, "/ask?q=gap"))["robots"] == "noindex"
    assert "Disallow: /ask" in web.client.get("/robots.txt").text
    assert web.client.get(f"/ask?q={'a' * 201}").status_code == 422


def test_the_language_model_is_not_asked_for_those_who_read_pages(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Assistant, "reply", None)
    assert web.client.get("/ask?q=how+far+behind+are+open+models").status_code == 200


def test_data_are_called_old_in_a_note_only_after_three_months(web: Web) -> None:
    old, answer = (
        environment().get_template("parts.html.j2").module.old,
        web.site.services.answers.compute(GapQuestion()),
    )
    assert "91 days old: a model released since is not in them" in old(replace(answer, stale_days=91))
    assert old(replace(answer, stale_days=90)).strip() == ""


# ---- lists


def test_models_are_found_by_words_and_side_page_by_page(web: Web) -> None:
    first, second = (page(web, f"/models{query}") for query in ("", "?page=2"))
    assert "./models?page=2" in first.links()
    assert "Data to 28 September 2026 · 443 models, page 1 of 12 · likely = 90 %" in plain_text(first)
    assert {*first.links()}.isdisjoint(each for each in second.links() if each.startswith("./models/"))
    found = page(web, "/models?q=alibaba+qwen3&side=open")
    assert "Qwen3" in found.text
    assert "closed," not in found.text
    assert [each["value"] for each in found.all("option") if "selected" in each] == ["open"]
    assert "0 models" in plain_text(page(web, "/models?q=nobody"))
    assert web.client.get("/models?side=left").status_code == 422


@pytest.mark.parametrize("path", ["/models?page=999", "/models?q=qwen3&page=999", "/briefs?page=999"])
def test_a_page_after_the_last_one_of_a_list_says_which_is_the_last(web: Web, path: str) -> None:
    found = web.client.get(path)
    assert found.status_code == 404
    assert re.search(r"There is no page 999; the last one is page \d+\.", found.text)


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


def test_a_model_has_a_chart_of_what_it_matched(web: Web) -> None:
    text = plain_text(page(web, "/models/kimi-k3"))
    assert "Kimi K3 matched closed scores after 3 to 14 months" in text
    assert "WeirdML 82.6 % GPT-5.5 → Kimi K3" in text


def test_a_list_of_models_has_a_figure_beside_each_name_and_no_id(web: Web) -> None:
    text = plain_text(page(web, "/models?q=kimi+k3"))
    assert "Kimi K3 open, Moonshot, 27 Jul 9.6 6.8 to 10.3 7.7 5.2 to 10.5 2.8T" in text
    assert "gemini-2.5-pro-preview-06-05" not in plain_text(page(web, "/models?q=gemini+2.5+pro"))


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
