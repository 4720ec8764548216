"""The API: an address per question, described in OpenAPI, that says what every face says."""

from dataclasses import MISSING, fields

import pytest

from core.questions import QUESTIONS
from tests.bot.web.conftest import PUBLIC, Web

ASKED = {
    name: {field.name: str(field.metadata["examples"][0]) for field in fields(question) if field.default is MISSING}
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
    response = web.client.get(f"/api/{name}", params=ASKED[name])
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    question = QUESTIONS[name].from_words(**ASKED[name])
    assert response.json() == web.site.services.answers.compute(question).to_json()


def test_a_name_of_two_words_may_be_written_as_on_the_command_line(web: Web) -> None:
    replies = [web.client.get(f"/api/{name}", params=ASKED["what_if"]) for name in ("what_if", "what-if")]
    assert [reply.status_code for reply in replies] == [200, 200]
    assert replies[0].json() == replies[1].json()
    assert web.client.head("/api/what-if", params=ASKED["what_if"]).status_code == 200


@pytest.mark.slow
def test_a_question_answers_under_its_former_name(web: Web) -> None:
    responses = [web.client.get(f"/api/{name}", params={"access": "private"}) for name in ("waiting", "unmatched")]
    assert responses[0].content == responses[1].content
    assert web.client.get("/charts/waiting.svg?kind=waiting&access=private").status_code == 200


def test_parameters_are_the_questions_own_fields(web: Web) -> None:
    document = web.client.get("/api/openapi.json").json()
    assert {path for path in document["paths"]} == {f"/api/{name}" for name in QUESTIONS}
    for name, question in QUESTIONS.items():
        operation = document["paths"][f"/api/{name}"]
        assert list(operation) == ["get"]
        parameters = {parameter["name"]: parameter for parameter in operation["get"].get("parameters", [])}
        assert list(parameters) == [field.name for field in fields(question)]
        for field in fields(question):
            assert parameters[field.name]["required"] == (field.default is MISSING)
            assert parameters[field.name]["description"] == field.metadata["description"]
            assert parameters[field.name]["schema"].get("maxLength") in (None, field.metadata.get("max_length"))
    gap = {parameter["name"]: parameter["schema"] for parameter in document["paths"]["/api/gap"]["get"]["parameters"]}
    assert gap["access"]["enum"] == ["private", "public"]
    assert gap["as_of"] == {"type": "string", "format": "date"}


@pytest.mark.slow
def test_the_description_names_the_public_address(public: Web) -> None:
    assert public.client.get("/api/openapi.json").json()["servers"] == [{"url": PUBLIC}]


@pytest.mark.parametrize("path", ["/api/gap", "/api/openapi.json", "/api/what-if.csv?benchmark=frontiermath&score=45"])
def test_answers_can_be_asked_after_and_used_from_other_pages(web: Web, path: str) -> None:
    response = web.client.get(path)
    assert response.headers["access-control-allow-origin"] == "*"
    assert web.get(path, **{"if-none-match": response.headers["etag"]}).status_code == 304
    head = web.client.head(path)
    assert (head.status_code, head.content) == (200, b"")


def test_every_refusal_is_described(web: Web) -> None:
    document = web.client.get("/api/openapi.json").json()
    for path in document["paths"].values():
        replies = path["get"]["responses"]
        assert set(replies) == {"200", "304", "404", "422", "429", "500", "503"}
        for status in ("404", "422", "429", "500", "503"):
            schema = replies[status]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/ErrorForm"}
        assert {status for status in replies if "Retry-After" in replies[status].get("headers", {})} == {"429", "503"}
