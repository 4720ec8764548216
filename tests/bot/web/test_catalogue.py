"""What has a page: every test and model, each at an address of its own that is made from its id."""

import re

import pytest

from bot.web import catalogue
from bot.web.catalogue import Catalogue, plain
from core.errors import UsageError
from tests.bot.web.conftest import Web


@pytest.fixture(scope="module")
def known(web: Web) -> Catalogue:
    return catalogue.read_catalogue(web.site.services.settings)


def test_no_two_pages_have_one_address(known: Catalogue) -> None:
    for things in (known.tests, known.models):
        slugs = [thing.slug for thing in things]
        assert len(slugs) == len(set(slugs))
        assert all(re.fullmatch(r"[a-z0-9][a-z0-9.-]*", slug) for slug in slugs)
    assert len(known.tests) >= 48
    assert len(known.models) > 400


def test_a_test_of_several_versions_has_the_short_address_for_the_one_that_counts(known: Catalogue) -> None:
    slugs = {test.slug: test.board.version for test in known.tests if test.board.benchmark_id == "metr-time-horizons"}
    assert slugs == {
        "metr-time-horizons": "mixed", "metr-time-horizons-1.0": "1.0", "metr-time-horizons-1.1": "1.1",
    }  # fmt: skip


def test_every_page_is_found_by_its_address_and_by_its_name(known: Catalogue) -> None:
    for test in known.tests:
        assert known.test(test.slug) == known.test(test.name) == known.test(test.board.name) == test
    for model in known.models:
        assert known.model(model.slug) == model
        assert known.model(model.model_id) == model


def test_models_come_the_newest_first_and_those_without_a_day_last(known: Catalogue) -> None:
    days = [model.model.day for model in known.models if model.model]
    assert days == sorted(days, reverse=True)
    assert known.models[-1].model is None
    assert known.models[-1].released is None


def test_a_name_longer_than_any_is_refused_before_it_is_looked_for(known: Catalogue) -> None:
    with pytest.raises(UsageError, match="at most 100 characters"):
        known.model("x" * 101)


def test_an_address_is_what_is_left_of_a_name() -> None:
    assert [plain("GPT-4.1 (high)"), plain("Ünïcode"), plain("..."), plain("a/b:c")] == [
        "gpt-4.1-high", "n-code", "x", "a-b-c",
    ]  # fmt: skip
    assert catalogue._make_slugs(["a b", "a-b", "A B"]) == ["a-b", "a-b-2", "a-b-3"]
