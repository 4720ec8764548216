"""A maker's own page, at the address that models.dev names, is a second word on a model; it costs nobody else."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bot.refresh.downloading import download_listed
from bot.refresh.refreshing import RefreshResult, known_publishers
from core.errors import DataError
from core.refresh import revisions
from tests.bot.refresh.conftest import FETCH, NOON, Site, states, weirdml
from tests.bot.refresh.test_openness import class_of, findings, models_dev
from tests.fakes.publishers import Answer, FakePublishers, page, status

TO, BELOW = "https://huggingface.co/", "/huggingface.co/api/models/"
V9, V8 = "deepseek-ai/DeepSeek-V9", "deepseek-ai/DeepSeek-V8"
LEADER = {
    "display_name": "deepseek-v9 (high)", "avg_acc": "0.97", "avg_acc_standard_error": "0.01",
    "release_date": "2026-11-20",
}  # fmt: skip
OPEN = {"name": "a", "release_date": "2026-11-20", "open_weights": True}
SMALL = {**OPEN, "weights": [{"label": "Hugging Face", "url": TO + V8}]}
"""Another model, whose page is there in each test."""


def card(of: str, *files: str, **more: object) -> Answer:
    about = {"id": of, "private": False, "gated": False, "siblings": [{"rfilename": name} for name in files], **more}
    return page(json.dumps(about | {"cardData": {"license": "mit"}, "downloads": 7}).encode(), "application/json")


def refresh(site: Site, cards: Mapping[str, Answer], url: str) -> RefreshResult:
    """Refresh with a new leader of WeirdML, of which models.dev names a page of weights."""
    leader = {**OPEN, "weights": [{"label": "Hugging Face", "url": url}]}
    registry = {**json.loads(models_dev()), "deepseek/deepseek-v9": leader, "deepseek/deepseek-v8": SMALL}
    site.serve(page(json.dumps(registry).encode(), etag='"1"'), "models-dev")
    site.serve([*weirdml(), LEADER])
    for name, answer in {V8: card(V8, "model.safetensors"), **cards}.items():
        site.served[BELOW + name] = answer
    [file] = site.publishers["makers-cards"].files
    site.publishers["makers-cards"] = replace(site.publishers["makers-cards"], files=(replace(file, min_rows=1),))
    return site.refresh("makers-cards", "models-dev", "weirdml")


def asked(served: FakePublishers) -> list[str]:
    """The pages that were asked for."""
    return [request.path.removeprefix(BELOW) for request in served.asked if request.path.startswith(BELOW)]


@pytest.mark.slow
def test_a_leader_whose_weights_lie_on_its_makers_page_counts_in_the_same_refresh(site: Site) -> None:
    done = refresh(site, {V9: card(V9, "model-00001.safetensors")}, TO + V9)
    assert states(done) == {"makers-cards": "new", "models-dev": "new", "weirdml": "new"}
    assert class_of(site, "deepseek-v9") == [("open", "registry")]
    assert findings(done) == {"makers-cards": [], "models-dev": [], "weirdml": []}
    again = site.refresh("makers-cards", "models-dev", "weirdml")
    assert states(again) == {"makers-cards": "unchanged", "models-dev": "unchanged", "weirdml": "unchanged"}
    assert sorted(asked(site.served)) == [V8, V8, V9, V9], "a page may change where models.dev's file does not"


@pytest.mark.slow
def test_a_page_that_says_nothing_costs_itself_alone_and_the_leader_waits(site: Site) -> None:
    done = refresh(site, {V9: status(404)}, TO + V9)
    assert states(done) == {"makers-cards": "new", "models-dev": "new", "weirdml": "new"}
    assert class_of(site, "deepseek-v9") == [("open", "held")]
    assert findings(done)["makers-cards"] == ["deepseek-ai/deepseek-v9: the maker's page is gone"]
    kept = site.in_use.newest("makers-cards")
    [(_, imported)] = revisions.read_snapshot(site.settings.data, kept)
    assert [model.spelling for model in imported.models] == [V8.lower()]


@pytest.mark.slow
def test_a_page_that_fails_leaves_other_publishers_as_they_are(site: Site) -> None:
    done = refresh(site, {V9: status(500)}, TO + V9)
    assert states(done) == {"makers-cards": "failed", "models-dev": "new", "weirdml": "new"}
    assert class_of(site, "deepseek-v9") == [("open", "held")]


@pytest.mark.slow
def test_models_dev_can_not_make_another_models_page_its_second_word(site: Site) -> None:
    refresh(site, {}, TO + V8)
    assert asked(site.served) == [V8]
    assert class_of(site, "deepseek-v9") == [("open", "held")]


# ---- which pages are asked for


@pytest.fixture
def served() -> Iterator[FakePublishers]:
    """Makers' pages of two models."""
    with FakePublishers({BELOW + name: card(name, "model.safetensors") for name in (V8, V9)}) as server:
        yield server


def joined(served: FakePublishers, into: Path, models: object) -> dict[str, object]:
    """Ask for the pages that a table of models names."""
    [file] = served.plays(known_publishers()["makers-cards"]).files
    served[served.path("https://models.dev/models.json")] = page(json.dumps(models).encode(), etag='"1"')
    known = {"etag": '"1"', "modified": None}
    get = partial(download_listed, FETCH, publisher="makers-cards", offload=asyncio.to_thread, today=NOON.date())
    asyncio.run(get(file.address, file.listing, into, **known))
    return dict(json.loads(into.read_text("utf-8")))


def naming(url: object, day: object = "2026-11-20") -> dict[str, object]:
    """A model of which models.dev names a page of weights."""
    return {**OPEN, "release_date": day, "weights": [{"label": "Hugging Face", "url": url}]}


def test_of_a_page_what_is_read_of_it_is_kept_and_all_pages_are_asked_for_again(
    served: FakePublishers, tmp_path: Path
) -> None:
    served[f"{BELOW}Qwen/Private"] = status(401)
    named = (V9, V9, "Qwen/Gone", "Qwen/Private")
    pages = joined(served, tmp_path / "it", {str(n): naming(TO + path) for n, path in enumerate(named)})
    assert pages == {
        V9: {
            "id": V9, "private": False, "gated": False, "cardData": {"license": "mit"},
            "siblings": [{"rfilename": "model.safetensors"}],
        },
        "Qwen/Gone": None,
        "Qwen/Private": None,
    }  # fmt: skip
    assert sorted(asked(served)) == ["Qwen/Gone", "Qwen/Private", V9]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/" + V9,
        "https://huggingface.co.evil.example/" + V9,
        "https://evil.example@huggingface.co/" + V9,
        "https://me:word@huggingface.co/" + V9,
        "http://huggingface.co/" + V9,
        "https://huggingface.co:444/" + V9,
        TO + V9 + "?revision=1",
        TO + V9 + "#weights",
        TO + V9 + "/tree/main",
        TO + V9 + "\n",
        TO + "deepseek-ai/..",
        TO + "../deepseek-ai",
        TO + "deepseek-ai/.",
        TO + "deepseek-ai/DeepSeek%2FV9",
        TO + "deepseek-ai/" + "V" * 10_000,
        TO + "acme-of-nobody/DeepSeek-V9",
        "", 3, None, [TO + V9],
    ],
)  # fmt: skip
def test_a_hostile_address_is_not_asked_for(served: FakePublishers, tmp_path: Path, url: object) -> None:
    assert list(joined(served, tmp_path / "it", {"a": naming(url), "b": SMALL})) == [V8]
    assert asked(served) == [V8]


@pytest.mark.parametrize(
    "odd",
    [None, 3, [], {}, *({**OPEN, "weights": it} for it in (None, 3, TO + V9, {"url": TO + V9}, [3, None]))],
)
def test_another_form_of_what_names_pages_names_none(served: FakePublishers, tmp_path: Path, odd: object) -> None:
    assert list(joined(served, tmp_path / "it", {"a": odd, "b": SMALL})) == [V8]


@pytest.mark.parametrize(
    ("day", "is_asked"),
    [
        ("2025-11-28", True), ("2025-11-27", False), ("2025-12", True), ("2026-11-28", True), ("2026-11-29", False),
        ("2062-01-01", False), ("soon", False), (20261101, False), (None, False),
    ],
)  # fmt: skip
def test_the_models_of_a_year_are_asked_for(
    served: FakePublishers, tmp_path: Path, day: object, is_asked: bool
) -> None:
    joined(served, tmp_path / "it", {"a": naming(TO + V9, day), "b": SMALL})
    assert (V9 in asked(served)) == is_asked


def test_of_thousands_of_pages_those_of_the_newest_models_are_asked_for(served: FakePublishers, tmp_path: Path) -> None:
    many = {f"a/v{n}": naming(f"{TO}Qwen/v{n}", f"2026-{1 + n % 10:02}-01") for n in range(5_000)}
    pages = joined(served, tmp_path / "it", {**many, "b": SMALL})
    assert len(pages) == len(asked(served)) == 200
    assert {int(name.partition("/v")[2]) % 10 for name in pages if name != V8} == {9}
    assert V8 in pages


def test_what_is_no_table_of_models_is_one_sentence(served: FakePublishers, tmp_path: Path) -> None:
    for models, problem in (([], "is not a list of models"), ({}, "names no page of a model of the last year")):
        with pytest.raises(DataError) as refused:
            joined(served, tmp_path / "it", models)
        label = f"makers-cards: {served.url}/models.dev/models.json#weights"
        assert str(refused.value) == f"{label} {problem}; see whether its format has changed."
