"""Questions about one domain: which tests count in it, that figures are theirs alone, and what can't be told."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from core.errors import UsageError
from core.evidence.evidence import Evidence
from core.gap.analysis import analyse
from core.gap.cache import dump_cache, load_cache
from core.gap.parameters import DEFAULT
from core.questions.compare import CompareQuestion
from core.questions.frontier import FrontierQuestion
from core.questions.gap import GapQuestion
from core.questions.selection import boards, domain_boards
from core.questions.unmatched import UnmatchedQuestion
from core.words import DOMAINS
from tests.core.questions.conftest import Ask
from tests.core.questions.laws import check, lines, shown
from tests.core.questions.worlds import race

QUESTION = GapQuestion
TOLD = ("coding", "maths", "reasoning", "agents", "knowledge")
"""Domains with tests enough to say something of the gap, were it that it can't be told."""


def of_domains(evidence: Evidence, *domains: str) -> Evidence:
    """Say of each board in turn which domain it is of; the rest are of the last."""
    padded = [*domains, *domains[-1:] * len(evidence.boards)]
    named = tuple(replace(board, domain=domain) for board, domain in zip(evidence.boards, padded, strict=False))
    return replace(evidence, boards=named)


def names(evidence: Evidence, numbers: list[int]) -> set[str]:
    return {evidence.boards[number].name for number in numbers}


# ---- which tests count


def test_in_a_domain_count_the_tests_of_the_headline_and_those_that_a_source_holds_whole(evidence: Evidence) -> None:
    assert names(evidence, domain_boards(evidence, "coding")) == {
        "Aider Polyglot", "Commit0 (OpenHands Index)", "SWE-bench (OpenHands Index)", "SWE-bench Verified",
        "SWE-bench Multimodal (OpenHands Index)", "SWT-bench (OpenHands Index)", "WeirdML",
    }  # fmt: skip
    assert names(evidence, domain_boards(evidence, "maths", "private")) == {
        "FrontierMath", "FrontierMath v2", "FrontierMath Tier 4", "FrontierMath Tier 4 v2",
    }  # fmt: skip


def test_every_test_of_the_headline_counts_in_one_domain(evidence: Evidence) -> None:
    of_domains = [number for domain in (*TOLD, "science", "long context") for number in domain_boards(evidence, domain)]
    assert len(of_domains) == len(set(of_domains))
    assert set(of_domains) >= set(boards(evidence, None).tolist())


def test_what_counts_is_run_by_others_than_the_makers_of_models(evidence: Evidence) -> None:
    """A rule of the notes on the method for what is not in the headline; MMLU-Pro is, with vendors' own rows."""
    added = {number for domain in TOLD for number in domain_boards(evidence, domain)} - set(
        boards(evidence, None).tolist()
    )
    assert not evidence.self_reported[np.isin(evidence.board, sorted(added))].any()


def test_of_several_versions_that_of_the_headline_counts_alone(evidence: Evidence, shipped: Ask) -> None:
    assert "METR Time Horizons" in names(evidence, domain_boards(evidence, "agents"))
    assert not any("suite" in name for name in names(evidence, domain_boards(evidence, "agents")))
    assert (
        "another version counts of METR Time Horizons (suite 1.0) and" in lines(shipped(domain="agents"))["Other tests"]
    )


# ---- what is said


@pytest.mark.parametrize("domain", TOLD)
@pytest.mark.parametrize("question", [GapQuestion, FrontierQuestion, UnmatchedQuestion])
def test_an_answer_begins_with_its_domain_and_names_its_tests(question: type, domain: str, shipped: Ask) -> None:
    answer = shipped(question, domain=domain)
    check(answer)
    assert answer.lines[0].text.startswith(f"{domain.capitalize()} · ")
    assert [line.label for line in answer.first_look[1:2]] == ["Tests"]
    assert all(chart.title.startswith(f"{domain.capitalize()} · ") for chart in answer.charts)
    assert answer.data["domain"]["name"] == domain
    table = {name for row in answer.tables[-1].rows for name in row[:1]}
    assert all(name in lines(answer)["Which tests"] for name in table)


def test_the_line_that_was_asked_for_says_of_which_domain_it_is(shipped: Ask) -> None:
    first = shipped(domain="reasoning").about("direction").lines[0].text
    assert first.startswith("Reasoning · Widening? Can't say: too close to call since January 2025")


@pytest.mark.parametrize("domain", TOLD)
def test_the_gap_of_a_domain_is_that_of_its_tests_private_and_public_apart(
    domain: str, evidence: Evidence, shipped: Ask
) -> None:
    answer = shipped(domain=domain)
    boards = domain_boards(evidence, domain)
    assert {row["benchmark"] for row in answer.data["benchmarks"]} == {evidence.boards[n].benchmark_id for n in boards}
    analysis = analyse(evidence, np.array(boards), evidence.newest_data.toordinal(), DEFAULT)
    for name, gap in analysis.classes.items():
        assert {evidence.boards[board].access for board in gap.boards.tolist()} == {name}
        assert answer.data["access"][name]["index"]["months"] == gap.index.figure.months
        assert answer.data["access"][name]["catch_up"]["months"] == gap.catch_up.figure.months


def test_a_figure_of_a_domain_has_a_name_of_its_own(shipped: Ask) -> None:
    """So it is not taken for the same measure of all tests."""
    measures = {fact.measure for fact in shipped(domain="coding").facts if fact.access and not fact.benchmark}
    assert "gap of coding tests" in measures
    assert all(measure.endswith(" of coding tests") for measure in measures if measure)


def test_coding_is_told_on_public_tests_and_not_from_one_private_one(shipped: Ask) -> None:
    answer = shipped(domain="coding")
    title = "Coding · Open models trail closed ones by 6.5 months on public tests (average of six months)"
    assert answer.lines[0].text == title
    assert lines(answer)["Private"] == "can't tell from one test alone"
    assert lines(answer)["Tests"] == "1 private, 6 public"
    assert lines(answer)["Which tests"].startswith("private: WeirdML; public: Aider Polyglot, ")
    assert lines(answer)["Other tests"] == "only a part is known of FrontierCode, FrontierSWE and WeirdML v3"
    assert not [fact for fact in answer.facts if fact.key.endswith(".private") and fact.kind == "lag" and fact.value]


@pytest.mark.parametrize(
    ("asked", "test", "title"),
    [
        ({"domain": "science"}, "gpqa", "Only one science test counts · Open models stand 6.4 months behind on GPQA "),
        ({"domain": "coding", "access": "private"}, "weirdml", "Only one private coding test counts · Open models "),
    ],
)
def test_a_domain_of_one_test_is_answered_with_this_test(
    shipped: Ask, asked: dict[str, str], test: str, title: str
) -> None:
    answer, of_test = shipped(**asked), shipped(benchmark=test)
    assert answer.lines[0].text.startswith(title)
    assert answer.lines[0].text.endswith(of_test.lines[0].text)
    assert answer.lines[1:] == of_test.lines[1:]
    assert (answer.facts, answer.question["benchmark"]) == (of_test.facts, of_test.question["benchmark"])


def test_a_domain_of_one_live_test_has_about_so_many_months_and_names_the_test(shipped: Ask) -> None:
    answer = shipped(domain="maths")
    assert answer.lines[0].text == (
        "Maths · Open models trail closed ones by about 6 months on public tests (average of six months)"
    )
    assert lines(answer)["Public"] == "about 6 months, likely 3 to 9; one test live: OTIS Mock AIME 4.4"
    assert lines(answer)["Private"] == "can't tell: too few tests of both sides"


def test_a_new_version_is_named_from_the_day_on_which_it_was_known(shipped: Ask) -> None:
    tests = [lines(shipped(domain="maths", as_of=date(2026, 6, day)))["Which tests"] for day in (8, 9)]
    assert ["FrontierMath v2" in test for test in tests] == [False, True]


def test_a_domain_of_one_side_says_that_the_other_has_no_test(shipped: Ask) -> None:
    assert lines(shipped(domain="knowledge"))["Tests"] == "no private one, 4 public"


def test_where_the_index_can_t_be_fitted_the_next_measure_leads() -> None:
    """Two tests a kind are two families, and the index needs three; nor is one test's standing gap a domain's."""
    evidence = of_domains(race(100, boards=5, private=1), "coding")
    answer = GapQuestion(domain="coding", method=DEFAULT.name).answer(evidence)
    assert answer.data["leads"] == "index"
    few = of_domains(race(100, boards=6, private=1), "coding", "coding", "coding", "maths")
    answer = GapQuestion(domain="coding", method=DEFAULT.name).answer(few)
    assert answer.data["leads"] == "catch_up"
    assert answer.lines[0].text == "Coding · Can't tell how far open models trail: too little data"
    assert shown(answer, "gap.private") == "can't tell from one test alone"
    assert shown(answer, "gap.public").startswith("can't tell: ")


def test_of_one_test_the_leaders_are_told_in_the_singular(shipped: Ask) -> None:
    best = lines(shipped(FrontierQuestion, domain="science"))["Also best"]
    assert best == "GPT-6 Astra (1 of 1) holds the best closed score; Kimi K3 (1 of 1) holds the best open score"


# ---- what can't be asked


def test_a_domain_that_is_none_is_refused_with_all_of_them() -> None:
    with pytest.raises(UsageError) as error:
        GapQuestion.from_words(domain="cooking")
    assert error.value.suggestions == DOMAINS
    assert GapQuestion.from_words(domain="Long-context").domain == "long context"


def test_one_test_of_the_domain_is_told_as_ever(shipped: Ask) -> None:
    alone, both = shipped(benchmark="gpqa"), shipped(benchmark="gpqa", domain="science")
    assert (both.lines, both.facts) == (alone.lines, alone.facts)


# ---- compared


def test_labs_are_compared_on_the_tests_of_the_domain(evidence: Evidence, shipped: Ask) -> None:
    answer = shipped(CompareQuestion, left="moonshot", right="alibaba", domain="coding")
    check(answer)
    assert answer.lines[0].text.startswith("Coding · Moonshot's models are ")
    assert {row["name"] for row in answer.data["tests"] if row["headline"]} <= names(
        evidence, domain_boards(evidence, "coding")
    )
    assert {row["benchmark"] for row in answer.data["tests"]} <= {
        board.benchmark_id for board in evidence.boards if board.domain == "coding"
    }


@pytest.mark.parametrize(
    ("left", "right"), [("private", "public"), ("2025-05-31", "2026-08-22"), ("kimi-k3", "gpt-5.5")]
)
def test_kinds_days_and_models_are_compared_in_a_domain_too(left: str, right: str, shipped: Ask) -> None:
    answer = shipped(CompareQuestion, left=left, right=right, domain="reasoning")
    check(answer)
    assert answer.lines[0].text.startswith("Reasoning · ")
    assert not any(answer.data.get("index", {}).values())  # which is of all tests


# ---- what is kept with the data


def test_the_figures_of_a_domain_are_kept_beside_those_of_all_tests(evidence: Evidence) -> None:
    own = replace(evidence)
    every, day = boards(own, None), evidence.newest_data.toordinal()
    before = analyse(own, every, day, DEFAULT).classes["private"].headline
    coding = analyse(own, np.array(domain_boards(evidence, "coding")), day, DEFAULT).classes["public"].headline
    again = replace(evidence)
    load_cache(again, dump_cache(own))
    fitted = len(again.cache)
    assert analyse(again, every, day, DEFAULT).classes["private"].headline == before
    assert (
        analyse(again, np.array(domain_boards(evidence, "coding")), day, DEFAULT).classes["public"].headline == coding
    )
    assert len(again.cache) == fitted  # all was read, nothing fitted anew
