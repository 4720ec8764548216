"""Addresses: relative between pages, absolute under the public address, charts named by their question."""

from datetime import date
from urllib.parse import urljoin

import pytest

from bot.links import Links, chart_path, chart_url, web_url
from core.questions import QUESTIONS, GapQuestion


@pytest.mark.parametrize("root", ["https://a.example/", "https://a.example/gap/", "file:///home/x/site/"])
@pytest.mark.parametrize("here", ["", "briefs", "briefs/x", "models/a/b"])
@pytest.mark.parametrize("there", ["", "briefs", "benchmarks/weirdml", "glossary#open-weights"])
def test_a_relative_address_leads_to_the_same_page_under_any_root(root: str, here: str, there: str) -> None:
    assert urljoin(root + here, Links(here, None).to(there)) == root + there


def test_only_addresses_of_the_web_are_links() -> None:
    assert web_url("https://a.example") == "https://a.example"
    others = ("javascript:alert(1)", "file:///etc/passwd", "//a.example", 'https://a"b', "https://a.example\n", "")
    assert not any(map(web_url, others))


def test_absolute_addresses_need_a_public_one() -> None:
    assert Links("briefs/x", None).absolute("method") is None
    links = Links("briefs/x", "https://a.example/gap")
    assert links.absolute() == "https://a.example/gap/briefs/x"
    assert links.absolute("") == "https://a.example/gap/"


def test_a_page_of_the_archive_is_named_by_its_number_and_words() -> None:
    links = Links("briefs", None)
    assert [links.archive(0), links.archive(2), links.archive(0, "a&b"), links.archive(1, "x")] == [
        "briefs", "briefs?page=3", "briefs?q=a%26b", "briefs?q=x&page=2",
    ]  # fmt: skip


def test_a_chart_is_named_by_what_was_asked() -> None:
    assert chart_path(GapQuestion()) == "charts/gap.png"
    asked = GapQuestion(benchmark="gpqa-diamond 1", as_of=date(2026, 5, 22))
    path = chart_path(asked, "0123456789abcdef", kind="index", dark=True, form="svg")
    assert path == "charts/gap.svg?benchmark=gpqa-diamond+1&as_of=2026-05-22&kind=index&theme=dark&v=0123456789ab"
    assert chart_url("https://a.example/", GapQuestion(), "0123456789abcdef") == (
        "https://a.example/charts/gap.png?shape=square&v=0123456789ab"
    )


def test_no_question_has_a_field_that_an_address_uses_for_itself() -> None:
    names = {name for question in QUESTIONS.values() for name in question.__dataclass_fields__}
    assert not names & {"v", "theme", "kind"}
