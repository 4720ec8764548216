"""A maker's own page of a model says that it is open where weights lie there, and nothing else."""

import json
from pathlib import Path

import pytest

from core.errors import TableError
from core.evidence.importers import makers_cards
from core.evidence.importers.rows import FileContent

PAGE = "deepseek-ai/DeepSeek-V4.1-Flash"
WEIGHTS = {"siblings": [{"rfilename": "README.md"}, {"rfilename": "model-00001-of-00046.safetensors"}]}


def read_card(folder: Path, card: object) -> FileContent:
    """Read the page of a model with open weights, changed by the card given."""
    card = {"id": PAGE, "private": False, "gated": False, **WEIGHTS, **card} if isinstance(card, dict) else card
    path = folder / "cards.json"
    path.write_text(json.dumps({PAGE: card}), encoding="utf-8")
    return makers_cards.read(path)


@pytest.mark.parametrize(
    ("card", "raw"),
    [
        ({}, "weights on the maker's page"),
        ({"cardData": {"license": "mit"}}, "weights on the maker's page (mit)"),
        ({"cardData": {"license": ["mit"]}}, "weights on the maker's page"),
        ({"cardData": {"license": "m" * 41}}, "weights on the maker's page"),
        ({"cardData": {"license": "`rm`"}}, "weights on the maker's page"),
        ({"gated": "auto"}, "weights on the maker's page, gated"),
        ({"gated": "manual", "cardData": {"license": "llama4"}}, "weights on the maker's page, gated (llama4)"),
        ({"siblings": [{"rfilename": "q8/model.GGUF"}]}, "weights on the maker's page"),
    ],
)
def test_weights_that_anybody_can_have_are_open(tmp_path: Path, card: object, raw: str) -> None:
    [model] = read_card(tmp_path, card).models
    assert (model.spelling, model.claim, model.raw, model.released) == (PAGE.lower(), "open", raw, None)


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        (None, "the maker's page is gone"),
        (3, "the maker's page is gone"),
        ({"siblings": [{"rfilename": "README.md"}]}, "no weights on the maker's page"),
        ({"siblings": None}, "no weights on the maker's page"),
        ({"siblings": [3, {}, {"rfilename": ["a.bin"]}]}, "no weights on the maker's page"),
        ({"private": True}, "no weights on the maker's page"),
        ({"id": "deepseek-ai/DeepSeek-V4.1-Flash-Base"}, "the maker's page is that of another model"),
    ],
)
def test_all_else_claims_nothing_and_is_never_closed(tmp_path: Path, card: object, reason: str) -> None:
    imported = read_card(tmp_path, card)
    assert (imported.models, imported.rows) == ([], 1)
    assert [(drop.what, drop.reason) for drop in imported.dropped] == [(PAGE.lower(), reason)]


def test_what_is_no_list_of_pages_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cards.json"
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(TableError, match=r"cards\.json: is not makers' pages of their models"):
        makers_cards.read(path)
