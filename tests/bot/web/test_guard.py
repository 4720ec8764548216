"""What protects the pages: headers on every response, a limit to each address, nothing that can be written."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import Route

from bot.web import app as web_app
from bot.web.guard import Limit
from bot.web.replies import is_json
from bot.web.site import Site
from core.errors import DataError
from tests.bot.web.conftest import Starter, Web, fail_with

OURS = ("/healthz", "/metrics")
EVERY = (
    "/", "/briefs/2026-09-30", "/api/gap", "/charts/gap.png", "/feed.rss", "/static/style.css", "/nowhere", "/healthz",
)  # fmt: skip


def here(web: Web, host: str = "127.0.0.1") -> TestClient:
    """A client at an address of its own, by default on this machine."""
    app = web.client.app
    assert isinstance(app, FastAPI)
    return TestClient(app, client=(host, 50_000))


@pytest.mark.parametrize("path", EVERY)
def test_every_response_has_the_strict_headers(web: Web, path: str) -> None:
    headers = web.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["x-frame-options"] == "DENY"
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; form-action")
    assert policy.endswith("frame-ancestors 'none'")
    assert "unsafe" not in policy


def test_only_the_embedded_page_may_stand_in_a_frame(web: Web) -> None:
    headers = web.client.get("/embed").headers
    assert headers["content-security-policy"].endswith("frame-ancestors *")
    assert "x-frame-options" not in headers


def test_documents_with_styles_of_their_own_have_no_script_either(web: Web) -> None:
    for path in ("/briefs/2026-09-30.email.html", "/charts/gap.svg"):
        policy = web.client.get(path).headers["content-security-policy"]
        assert "style-src 'unsafe-inline'; script-src 'none';" in policy


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/", "/briefs", "/api/gap", "/charts/gap.png"])
def test_nothing_can_be_written(web: Web, method: str, path: str) -> None:
    reply = web.client.request(method, path)
    assert (reply.status_code, reply.headers["allow"]) == (405, "GET, HEAD")
    assert "can only be read" in reply.text


def test_no_route_takes_anything_but_reading_and_one_takes_the_messages_of_mcp_clients(web: Web) -> None:
    app = web.client.app
    assert isinstance(app, FastAPI)
    methods = {route.path: set(route.methods) for route in app.routes if isinstance(route, Route)}
    assert methods.pop("/mcp") == {"POST"}
    assert len(methods) == len({getattr(route, "path", "") for route in app.routes}) - 1
    assert set().union(*methods.values()) <= {"GET", "HEAD"}


def test_an_address_that_asks_too_often_is_told_when_to_come_back(start_web: Starter) -> None:
    web = start_web(limit=Limit(rate=0.5, burst=3))
    answers = [web.client.get("/robots.txt") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].headers["retry-after"] == "2"
    assert answers[-1].text == "Too many requests came from your address; try again in 2 s.\n"
    assert answers[-1].headers["x-content-type-options"] == "nosniff"
    assert {here(web).get("/healthz").status_code for _ in range(9)} == {200}, "the operator's own tools ask for health"
    assert [here(web, "::2").get("/healthz").status_code for _ in range(4)] == [404, 404, 404, 429]


@pytest.mark.parametrize("path", ["/api/terms", "/api/openapi.json", "/embed.json", "/briefs/2026-09-30.json"])
def test_a_program_that_asks_too_often_is_told_in_the_form_of_the_api(start_web: Starter, path: str) -> None:
    web = start_web(limit=Limit(rate=0.5, burst=1))
    assert web.client.get("/api/terms").status_code == 200
    reply = web.client.get(path)
    error = "Too many requests came from your address; try again in 2 s."
    assert (reply.status_code, reply.json()) == (429, {"error": error, "suggestions": []})
    headers = [reply.headers[name] for name in ("retry-after", "cache-control", "access-control-allow-origin")]
    assert headers == ["2", "no-store", "*"]


def test_a_bucket_fills_again_and_each_address_has_its_own() -> None:
    now = [0.0]
    limit = Limit(rate=2, burst=2, clock=lambda: now[0])
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 0.5]
    assert limit.wait("b") == 0
    now[0] = 0.5
    assert limit.wait("a") == 0
    assert limit.wait("a") > 0
    now[0] = 100
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 0.5], "no more than the burst is saved up"


def test_it_remembers_no_more_addresses_than_it_can_hold() -> None:
    limit = Limit()
    for number in range(30_000):
        limit.wait(str(number))
    assert len(limit._left) == 10_000


@pytest.mark.parametrize("path", ["/", "/api/terms"])
@pytest.mark.slow
def test_what_fails_unforeseen_gives_a_word_to_find_it_by_and_no_more(
    start_web: Starter, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    web = start_web()
    monkeypatch.setattr(Site, "answer", fail_with(RuntimeError("a secret of the inside")))
    reply = web.client.get(path)
    assert reply.status_code == 500
    sentence = reply.json()["error"] if path.startswith("/api/") else reply.text
    assert sentence.startswith("Something went wrong here, and the error is logged. Try again later. (ref ")
    assert "secret" not in reply.text
    assert (reply.headers["x-frame-options"], reply.headers["access-control-allow-origin"]) == ("DENY", "*")


@pytest.mark.parametrize("path", ["/", "/api/gap", "/charts/gap.png"])
def test_data_that_can_not_be_read_is_said_without_saying_where_they_are(
    start_web: Starter, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    web = start_web()
    locked = DataError("The evidence file /home/somebody/evidence.db is locked.")
    monkeypatch.setattr(Site, "answer", fail_with(locked))
    reply = web.client.get(path)
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "5")
    assert "The data can" in reply.text
    assert "somebody" not in reply.text


# ---- under which names it answers


@pytest.mark.parametrize("path", [*EVERY, "/metrics", "/api/nowhere", "/embed.json", "/mcp"])
def test_no_address_answers_to_a_name_that_is_not_ours(public: Web, path: str) -> None:
    name = "rebound.example:8765"
    reply = here(public).get(path, headers={"Host": name})
    sentence = f'This service does not answer to the name "{name}"; its operator can add it to GAPBRIEF_HOSTS.'
    assert reply.status_code == 421
    assert (reply.json()["error"] if is_json(path) else reply.text.rstrip("\n")) == sentence
    assert reply.headers["x-frame-options"] == "DENY" or path == "/embed"


@pytest.mark.parametrize(
    "host",
    [
        "", "localhost.rebound.example", "127.0.0.1.rebound.example", "127.0.0.1@rebound.example", "10.0.0.1:80",
        "localhost:port", "localhost/", "localhost\\", "[::1", "[2001:db8::1]", "gap.example.org.rebound.example",
        "2130706433", "[::ffff:10.0.0.1]", "rebound.example, localhost",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_name_of_ours_is_none(public: Web, host: str) -> None:
    assert here(public).get("/metrics", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "LocalHost:8765", "localhost.", "127.0.0.1", "127.0.0.1:8765", "127.8.8.8", "[::1]", "[::1]:8765",
        "gap.example.org", "GAP.example.org:443",
    ],
)  # fmt: skip
def test_it_answers_to_loopback_and_to_the_public_address(public: Web, host: str) -> None:
    assert here(public).get("/metrics", headers={"Host": host}).status_code == 200


def test_it_answers_to_what_the_settings_name_and_to_the_address_that_was_asked(start_web: Starter) -> None:
    web = start_web(hosts=("nas.lan",))
    assert here(web).get("/", headers={"Host": "nas.lan:8765"}).status_code == 200
    assert here(web).get("/", headers={"Host": "gap.example.org"}).status_code == 421
    asked = TestClient(web.client.app, "http://192.168.1.7:8765")
    assert asked.get("/").status_code == 200
    assert asked.get("/", headers={"Host": "192.168.1.8:8765"}).status_code == 421


def test_health_tells_when_something_is_wrong(web: Web) -> None:
    bad = web_app.make_app(lambda: {"ok": False}, web.site.services)
    assert here(web).get("/healthz").json() == {"ok": True}
    reply = here(Web(TestClient(bad), web.site)).get("/healthz")
    assert (reply.status_code, reply.headers["cache-control"]) == (503, "no-store")


# ---- what is for programs on this machine alone


@pytest.mark.parametrize("path", OURS)
def test_monitors_may_ask_for_the_head_alone(web: Web, path: str) -> None:
    response = here(web).head(path)
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("path", OURS)
@pytest.mark.parametrize("host", ["192.168.1.7", "203.0.113.5", "2001:db8::1", "testclient"])
def test_others_find_nothing(web: Web, path: str, host: str) -> None:
    reply = here(web, host).get(path)
    assert (reply.status_code, "There is no page at this address." in reply.text) == (404, True)


@pytest.mark.parametrize("path", OURS)
@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_a_proxy_passes_nothing_on(web: Web, path: str, header: str) -> None:
    assert here(web, "::1").get(path).status_code == 200
    assert here(web).get(path, headers={header: "for=127.0.0.1"}).status_code == 404
