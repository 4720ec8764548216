"""The line of what a worded answer rests on: results, day, sources and estimator, and a range that was left unsaid."""

from collections.abc import Callable

import pytest

from bot.assistant.figures import figures
from bot.assistant.offer import Offer, offer
from core.questions import QUESTIONS, ask
from core.store.store import Store
from tests.bot.assistant.conftest import TODAY

Offered = Callable[..., Offer]


@pytest.fixture
def offered(store: Store) -> Offered:
    def of(name: str, number: int = 1, **words: str) -> Offer:
        question = QUESTIONS[name].from_words(**words)
        return offer(number, question, ask(question, store, TODAY))

    return of


FOOT = "as of 22 August 2026 · newest complete data 95 days old · data: "


def test_a_range_that_the_text_leaves_out_stands_in_the_line(offered: Offered) -> None:
    without = figures([offered("gap")], "{q1.gap.private}")
    assert without.startswith("private tests: likely 5 to 10, 60 results on 8 tests, read at 31 July 2026 · as of")
    within = figures([offered("gap")], "{q1.gap.private}, {q1.range.private}")
    assert within.startswith("private tests: 60 results on 8 tests, read at 31 July 2026 · as of")


def test_only_the_tests_of_which_the_text_speaks_are_in_it(offered: Offered) -> None:
    assert "public tests" not in figures([offered("gap")], "{q1.about.private}")
    assert "private tests" not in figures([offered("gap")], "{q1.about.public}")
    assert figures([offered("gap")], "{q1.leans.board}").startswith(FOOT)


def test_one_test_alone_is_said_to_have_no_range(offered: Offered) -> None:
    got = figures([offered("gap", benchmark="gpqa")], "{q1.about.public}")
    assert got.startswith("one test only, so no range, 12 results on 1 test, read at 20 April 2026 · as of")


def test_the_results_of_both_sides_are_counted_together(offered: Offered) -> None:
    got = figures([offered("compare", left="china", right="us")], "{q1.left.private}")
    assert got.startswith("private tests: 28 results · as of")


def test_of_several_answers_each_has_its_line(offered: Offered) -> None:
    both = [offered("gap"), offered("frontier", 2, benchmark="weirdml")]
    first, second = figures(both, "{q1.about.private} {q2.best.open}", ["gap", "frontier · WeirdML"]).split("\n")
    assert first.startswith("gap: private tests: likely 5 to 10")
    assert second.startswith(f"frontier · WeirdML: {FOOT}")


def test_the_estimator_stands_at_the_end_where_there_is_one(offered: Offered) -> None:
    assert figures([offered("gap", method="study")], "{q1.gap.private}").endswith(" · study-1")
    assert not figures([offered("terms", term="weights")], "{q1.term}").endswith("-1")
