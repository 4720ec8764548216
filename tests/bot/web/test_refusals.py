"""What is not there or can't be asked: said in one sentence, in the form of its address, with what may be meant."""

import pytest

from core.questions import QUESTIONS
from core.words import quote
from tests.bot.web.conftest import Web
from tests.bot.web.test_pages import Page

LONG = "a" * 201
NO_CHART = "There is no such chart; /charts/gap.png is the gap's.\n"
NO_KIND = "This answer has no such chart"
NO_FEED = "There is no such feed; there are /feed.rss, /feed.atom and /feed.json.\n"
NO_DATE = '"31 June 2025" is no date. Write it as 2026-05-22, or as 22 May 2026.'
FUTURE = "The as-of day 2099-01-01 is in the future; give 2026-12-01 or earlier."
NO_BRIEF = ("nix", "2026-02-30", "2019-01-01", "2026-05-22-x", "2026-05-22.pdf", "-brief", "x-brief", "a" * 500)
NO_DATA = ("2026-11-15", "2099-01-01", "2026-11-15-brief")


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        *(("/briefs/" + name, 404, f"{quote(name, 80)}; the newest is at /briefs.") for name in NO_BRIEF),
        *(("/briefs/" + name, 404, f"{quote(name, 80)}: no new data since 28 September 2026; ") for name in NO_DATA),
        ("/briefs?page=2", 404, "There is no page 2; the last one is page 1."),
        ("/briefs?page=99999999999999999999", 404, "There is no page 999,999,999; the last one is page 1."),
        *((f"/briefs?page={page}", 422, f'"{page}" is not a page; pages start at 1.') for page in ("0", "-1", "x")),
        (f"/briefs?q={LONG}", 422, "The search has at most 200 characters; give fewer words."),
        ("/models?page=999", 404, "There is no page 999; the last one is page 12."),
        ("/models?side=left", 422, 'The side can\'t be "left"; choose open or closed.'),
        ("/best/nope", 404, "There is no list of the best models at /best/nope; all are at /best."),
        ("/compare/china", 404, "There is no page at this address."),
        ("/compare/nobody-at-all/china", 404, "nobody at all"),
        ("/ask?q=brief+of+22+may+2019", 422, 'There is no brief "2019-05-22"; the newest is at /briefs.'),
        (f"/ask?q={LONG}", 422, "A question has at most 200 characters here; give fewer words."),
        ("/ask?q=gap&as=9", 422, '"9" is not a reading of this question; ask it again.'),
        ("/sitemap.xml", 404, "A list of all pages needs a public address; its operator sets GAPBRIEF_PUBLIC_URL."),
    ],
)  # fmt: skip
def test_a_page_that_there_is_not_says_why(web: Web, path: str, status: int, sentence: str) -> None:
    reply = web.get(path)
    assert reply.status_code == status
    assert sentence in Page(reply.text).text


@pytest.mark.parametrize(
    ("path", "sentence", "near"),
    [
        ("/benchmarks/gpqaa", 'No test is called "gpqaa".', "GPQA Diamond"),
        ("/models/gpt-44", 'No model is called "gpt-44".', "GPT-4"),
        ("/benchmarks/<b>bold</b>", 'No test is called "<b>bold</b>".', ""),
    ],
)
def test_a_name_that_is_none_gives_the_nearest_ones_as_links(web: Web, path: str, sentence: str, near: str) -> None:
    reply = web.get(path)
    page = Page(reply.text)
    assert (reply.status_code, sentence in page.text, near in page.text) == (404, True, True)
    assert not page.all("b")
    assert any(link.startswith(f"../{path.split('/')[1]}/") for link in page.links()) == bool(near)


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/charts/nix.png", 404, NO_CHART),
        ("/charts/gap.gif", 404, NO_CHART),
        ("/charts/sources.png", 422, "This answer has no chart.\n"),
        ("/charts/gap.png?kind=unmatched", 422, f"{NO_KIND}; choose catch-up, index and benchmarks.\n"),
        ("/charts/gap.png?theme=pink", 422, 'The theme can\'t be "pink"; choose light or dark.\n'),
        ("/feed.xml", 404, NO_FEED),
    ],
)  # fmt: skip
def test_a_file_that_there_is_not_says_why_as_text(web: Web, path: str, status: int, text: str) -> None:
    reply = web.get(path)
    assert (reply.status_code, reply.text) == (status, text)


TABLES = (
    ("gap.{}?table=%3Cb%3E", 422, 'The answer has no table "<b>"; choose access, benchmarks,', ""),
    ("gap.{}?table=chart-nothing", 422, 'The answer has no table "chart-nothing"; choose access', ""),
    ("gap.{}?benchmark=gpqaa", 422, 'No test is called "gpqaa".', "GPQA Diamond"),
    ("gap.{}?colour=red", 422, 'The question gap has no parameter "colour"', ""),
    ("gap.{}?table=facts&table=access", 422, 'The "table" is given twice; give it once.', ""),
    ("gaps.{}", 404, 'No question is called "gaps"', "gap"),
)


@pytest.mark.parametrize(
    ("path", "status", "sentence", "suggestion"),
    [
        ("/api/gap?benchmark=gpqaa", 422, 'No test is called "gpqaa". Did you mean', "GPQA Diamond"),
        ("/api/gap?as_of=31 June 2025", 422, NO_DATE, ""),
        ("/api/gap?as_of=2099-01-01", 422, FUTURE, ""),
        ("/api/gap?access=secret", 422, 'The access can\'t be "secret"; choose private or public.', "private"),
        (
            "/api/gap?bench=gpqa", 422, 'The question gap has no parameter "bench"; it takes benchmark, access,',
            "benchmark",
        ),
        ("/api/gap?lab=DeepSeek&lab=Qwen", 422, 'The "lab" is given twice; give it once.', ""),
        ("/api/model", 422, 'The model is missing; give one, such as "Kimi K2".', ""),
        ("/api/others?x=1", 422, 'The question others has no parameter "x"; it takes publisher.', ""),
        ("/api/terms?term=", 422, "The term is empty; give one, or leave it out.", ""),
        ("/api/nix", 404, 'No question is called "nix"; ask gap,', "gap"),
        ("/briefs/nix.json", 404, 'There is no brief "nix.json"; the newest is at /briefs.', ""),
        ("/embed.json", 404, "The code for other pages needs a public address", ""),
        ("/feed.json.json", 404, "There is no such feed; there are /feed.rss", ""),
        *((f"/api/{asked.format(form)}", *refused) for form in ("csv", "metadata.json") for asked, *refused in TABLES),
    ],
)  # fmt: skip
def test_a_program_is_refused_in_json_that_pages_elsewhere_may_read(
    web: Web, path: str, status: int, sentence: str, suggestion: str
) -> None:
    reply = web.get(path)
    assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (status, "*")
    assert set(reply.json()) == {"error", "suggestions"}
    assert reply.json()["error"].startswith(sentence)
    assert not suggestion or suggestion in reply.json()["suggestions"]


def test_a_question_that_is_none_suggests_all_that_there_are(web: Web) -> None:
    assert web.get("/api/nix").json()["suggestions"] == list(QUESTIONS)


@pytest.mark.parametrize(
    "name",
    [
        "models/kimi-k9", "labs/nobody", "benchmarks/none", "fields/cooking", "countries/china", "labs/../x",
        "labs/%00", f"labs/{'x' * 3000}",
    ],
)  # fmt: skip
def test_a_name_that_is_none_has_no_feed_and_is_told_so_in_few_words(web: Web, name: str) -> None:
    reply = web.get(f"/feeds/{name}.rss")
    assert (reply.status_code, len(reply.text) < 500) == (404, True)
    assert reply.headers["content-type"].startswith("text/plain")


def test_a_feed_has_three_forms_alone(web: Web) -> None:
    assert web.get("/feeds/fields/maths.rss").headers["content-type"].startswith("application/rss+xml")
    assert web.get("/feeds/fields/maths.xml").text == "There is no such feed; each ends in .rss, .atom or .json.\n"
