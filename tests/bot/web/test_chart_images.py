"""Charts at their addresses: drawn beside the loop, kept, and told apart by their tag."""

import asyncio

import pytest

from bot.links import chart_url
from bot.web.replies import BusyError, WorkQueue
from bot.web.site import chart_of
from core.questions import GapQuestion
from tests.bot.web.conftest import PUBLIC, Web


def test_a_chart_is_a_picture_in_both_forms(web: Web) -> None:
    png, svg = web.client.get("/charts/gap.png"), web.client.get("/charts/gap.svg")
    assert png.headers["content-type"] == "image/png"
    assert png.content.startswith(b"\x89PNG")
    assert svg.headers["content-type"] == "image/svg+xml"
    assert svg.text.startswith("<svg ")
    assert "<script" not in svg.text


def test_a_chart_has_a_dark_form_and_an_answer_may_have_several(web: Web) -> None:
    pictures = [
        web.client.get(f"/charts/gap.png{query}").content
        for query in ("", "?theme=light", "?theme=dark", "?kind=benchmarks", "?as_of=2026-05-22")
    ]
    assert pictures[0] == pictures[1]
    assert len(set(pictures)) == 4


def test_an_address_that_names_the_data_may_be_kept_for_good(web: Web) -> None:
    revision = web.site.revision
    kept = {
        query: web.client.get(f"/charts/gap.png{query}").headers["cache-control"]
        for query in ("", f"?v={revision[:12]}", "?v=000000000000", "?v=", f"?v={revision[:2]}")
    }
    assert kept[f"?v={revision[:12]}"] == "public, max-age=31536000, immutable"
    assert {value for query, value in kept.items() if revision[:12] not in query} == {"public, max-age=300"}


def test_who_has_the_picture_is_only_told_so(web: Web) -> None:
    response = web.client.get("/charts/gap.png")
    tag = response.headers["etag"]
    for asked in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = web.get("/charts/gap.png", **{"if-none-match": asked})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert web.get("/charts/gap.png", **{"if-none-match": '"other"'}).status_code == 200


def test_an_address_made_for_a_message_leads_to_the_picture(public: Web) -> None:
    question = GapQuestion(benchmark="weirdml 2", country="China")
    path = f"/charts/gap.png?benchmark=weirdml+2&country=China&shape=square&v={public.site.revision[:12]}"
    assert chart_url(PUBLIC, question, public.site.revision) == PUBLIC + path
    assert public.client.get(path).status_code == 200


def test_when_too_many_wait_one_is_asked_to_come_back(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = asyncio.run(web.site.services.answers.answer(GapQuestion(lab="Alibaba")))
    chart = chart_of(answer)
    assert chart is not None
    monkeypatch.setattr(web.site, "picture_queue", WorkQueue(1, 0, 0))
    with pytest.raises(BusyError, match="try again"):
        asyncio.run(web.site.draw(chart, dark=True))
    response = web.client.get("/charts/gap.png?lab=Mistral")
    assert (response.status_code, response.headers["retry-after"]) == (503, "2")
