"""The API: an address per question, described in OpenAPI, that says what every face says."""

from dataclasses import MISSING, fields

import pytest

from core.questions import QUESTIONS
from tests.bot.web.conftest import PUBLIC, Web

ASKED = {
    name: {each.name: str(each.metadata["examples"][0]) for each in fields(question) if each.default is MISSING}
    for name, question in QUESTIONS.items()
} | {
    "gap": {"benchmark": "GPQA"},
    "timeline": {"benchmark": "WeirdML", "level": "50"},
    "unmatched": {"access": "private"},
    "terms": {"term": "open weights"},
}
"""A way to ask each question: by its fields' first examples, but where others tell more."""


@pytest.mark.parametrize("name", ASKED)
def test_an_answer_is_what_the_command_line_prints_as_json(web: Web, name: str) -> None:
    found = web.client.get(f"/api/{name}", params=ASKED[name])
    assert found.status_code == 200
    assert found.headers["content-type"] == "application/json"
    question = QUESTIONS[name].from_words(**ASKED[name])
    assert found.json() == web.site.services.answers.compute(question).to_json()


def test_a_name_of_two_words_may_be_written_as_on_the_command_line(web: Web) -> None:
    replies = [web.client.get(f"/api/{name}", params=ASKED["what_if"]) for name in ("what_if", "what-if")]
    assert [reply.status_code for reply in replies] == [200, 200]
    assert replies[0].json() == replies[1].json()
    assert web.client.head("/api/what-if", params=ASKED["what_if"]).status_code == 200


@pytest.mark.slow
def test_a_question_answers_under_its_former_name(web: Web) -> None:
    found = [web.client.get(f"/api/{name}", params={"access": "private"}) for name in ("waiting", "unmatched")]
    assert found[0].content == found[1].content
    assert web.client.get("/charts/waiting.svg?kind=waiting&access=private").status_code == 200


def test_parameters_are_the_questions_own_fields(web: Web) -> None:
    found = web.client.get("/api/openapi.json").json()
    assert {path for path in found["paths"]} == {f"/api/{name}" for name in QUESTIONS}
    for name, question in QUESTIONS.items():
        operation = found["paths"][f"/api/{name}"]
        assert list(operation) == ["get"]
        told = {each["name"]: each for each in operation["get"].get("parameters", [])}
        assert list(told) == [each.name for each in fields(question)]
        for each in fields(question):
            assert told[each.name]["required"] == (each.default is MISSING)
            assert told[each.name]["description"] == each.metadata["description"]
            assert told[each.name]["schema"].get("maxLength") in (None, each.metadata.get("max_length"))
    gap = {each["name"]: each["schema"] for each in found["paths"]["/api/gap"]["get"]["parameters"]}
    assert gap["access"]["enum"] == ["private", "public"]
    assert gap["as_of"] == {"type": "string", "format": "date"}


@pytest.mark.slow
def test_the_description_names_the_public_address(public: Web) -> None:
    assert public.client.get("/api/openapi.json").json()["servers"] == [{"url": PUBLIC}]


@pytest.mark.parametrize("path", ["/api/gap", "/api/openapi.json", "/api/what-if.csv?benchmark=frontiermath&score=45"])
def test_answers_can_be_asked_after_and_used_from_other_pages(web: Web, path: str) -> None:
    found = web.client.get(path)
    assert found.headers["access-control-allow-origin"] == "*"
    assert web.get(path, **{"if-none-match": found.headers["etag"]}).status_code == 304
    head = web.client.head(path)
    assert (head.status_code, head.content) == (200, b"")


def test_every_refusal_is_described(web: Web) -> None:
    found = web.client.get("/api/openapi.json").json()
    for path in found["paths"].values():
        told = path["get"]["responses"]
        assert set(told) == {"200", "304", "404", "422", "429", "500", "503"}
        for status in ("404", "422", "429", "500", "503"):
            schema = told[status]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/ErrorForm"}
        assert {status for status in told if "Retry-After" in told[status].get("headers", {})} == {"429", "503"}
