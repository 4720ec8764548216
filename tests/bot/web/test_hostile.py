"""Hostile addresses and queries: nothing that anybody can write into one breaks a page."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bot.web.conftest import Web

FINE = {200, 303, 304, 307, 308, 404, 410, 422}  # 303: who asks for a brief is led to it
PLACES = (
    "/{}", "/briefs/{}", "/briefs/{}.md", "/briefs?q={}",
    "/ask?q={}", "/models?q={}", "/briefs?page={}", "/benchmarks/{}", "/models/{}", "/api/{}",
    "/api/gap?benchmark={}", "/api/gap?as_of={}", "/api/gap?lab={}&country={}", "/api/timeline?benchmark=gpqa&level={}",
    "/api/what_if?benchmark=weirdml&score={}", "/api/compare?left={}&right={}", "/api/model?model={}",
    "/api/terms?term={}", "/api/gap?{}", "/api/gap?{}=1", "/charts/{}.png", "/charts/gap.{}", "/charts/gap.png?v={}",
    "/charts/gap.png?kind={}", "/charts/trust.png?benchmark={}", "/static/{}", "/feed.{}",
)  # fmt: skip
NASTY = (
    "", ".", "..", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%00", "%ff", "%", "%zz", "\x00", "a" * 5000,
    "/" * 200, "//evil.example/", "/\\evil.example", "javascript:alert(1)", "<script>alert(1)</script>",
    '"><img src=x onerror=x>', "' OR '1'='1", "{{77*77}}", "${77*77}", "{0.__class__}", "%s%n",
    "\r\nSet-Cookie: a=b", "%0d%0aSet-Cookie:%20a=b", "NaN", "inf", "-1", "1e400", "9" * 400, "0000-00-00",
    "2026-02-30", "\N{RIGHT-TO-LEFT OVERRIDE}x", "\ud7ff", "😀" * 50, "style.css%00.svg", "index.html", "x.html", "x/",
    ".html", "nul", "con", "CON.svg", "*", "?", "#", ";", "&&&===",
)  # fmt: skip


def ask(web: Web, place: str, text: str, *, quoted: bool) -> None:
    """Ask for an address with a text in it, and look at what comes of it."""
    word = quote(text, safe="") if quoted else text
    path = place.replace("{}", word)
    response = web.client.get(f"http://testserver{path}", follow_redirects=False)
    assert response.status_code in FINE, (path, response.status_code, response.text[:200])
    is_page = response.headers.get("content-type", "").startswith("text/html")
    assert not is_page or "<script>" not in response.text
    assert "Traceback" not in response.text
    assert "77*77" not in text or "5929" not in response.text
    assert "set-cookie" not in response.headers
    where = response.headers.get("location", "./")
    assert where.startswith(("./", "../")), (path, where)
    assert "\n" not in where


@pytest.mark.parametrize("text", NASTY)
def test_known_attacks_come_to_nothing(web: Web, text: str) -> None:
    for place in PLACES:
        ask(web, place, text, quoted=True)


@pytest.mark.parametrize(
    "raw", ["%00", "%ff", "%", "%zz", "..%2f..", "%0d%0aX:%20y", "a%20b", "%c0%ae%c0%ae/", "%e2%80%ae"]
)
def test_nor_do_they_half_encoded(web: Web, raw: str) -> None:
    for place in PLACES:
        ask(web, place, raw, quoted=False)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(PLACES), text=st.text(max_size=60))
def test_whatever_stands_in_an_address_gives_a_page_or_a_sentence(web: Web, place: str, text: str) -> None:
    ask(web, place, text, quoted=True)
