"""What of ours an article's sentence concerns, by rule, and what our own figures say of it."""

from datetime import date

import pytest

from bot.assistant.story import Concern, find_concern, remarks_foot, write_remarks
from core.evidence.evidence import Evidence
from core.names.name_index import NameIndex
from tests.core.brief.conftest import unbacked

AS_OF = date(2026, 8, 22)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Open models trail closed ones by eight months.", Concern("gap")),
        ("Downloadable models caught up: open ones match proprietary ones.", Concern("gap")),
        ("Open models lag closed ones by 9 months on private tests.", Concern("access", "private")),
        ("On public tests open models are 4 months behind.", Concern("access", "public")),
        ("Open models trail closed ones, by more on private tests than on public ones.", Concern("gap")),
        ("Open models matched the leader on GPQA Diamond.", Concern("benchmark", "gpqa-diamond 1")),
        ("On GPQA, open models are a month behind.", Concern("benchmark", "gpqa-diamond 1")),
        ("On ARC-AGI-2 open models lag closed ones.", Concern("benchmark", "arc-agi-2 1")),
        ("DeepSeek-R1 reached the level of closed models.", Concern("model", "DeepSeek-R1")),
        ("Nvidia sold 3 million chips.", None),
        ("The open model Kimi K2 has a new licence.", None),
        ("The company opened an office and is behind schedule.", None),
        ("Closed models grew dearer.", None),
    ],
)  # fmt: skip
def test_what_a_sentence_concerns(evidence: Evidence, names: NameIndex, text: str, about: Concern | None) -> None:
    assert find_concern(text, evidence, names) == about


def list_remarks(evidence: Evidence, names: NameIndex, *texts: str) -> list[str | None]:
    return write_remarks(texts, evidence, names, AS_OF)[0]


def test_our_figures_stand_beside_the_articles_each_class_apart(evidence: Evidence, names: NameIndex) -> None:
    assert list_remarks(evidence, names, "Open models trail closed ones by eight months.") == [
        "In our own data, open models trail by 7.4 months on private tests, likely 5 to 10. They trail by 5.7 months on"
        " public tests, likely 3 to 8."
    ]
    assert list_remarks(evidence, names, "Open models trail closed ones by 9 months on private tests.") == [
        "In our own data, open models trail by 7.4 months on private tests, likely 5 to 10."
    ]


def test_a_test_or_a_model_has_its_own_figure(evidence: Evidence, names: NameIndex) -> None:
    assert list_remarks(
        evidence, names, "Open models are a month behind on GPQA.", "DeepSeek-R1 reached the level of closed o1."
    ) == [
        "In our own data, open models trail by 5.7 months on GPQA Diamond, one test only, so no range.",
        "Against closed models in our own data, DeepSeek-R1 was at its release 4.3 months behind on private tests"
        " and 1.1 months behind on public tests.",
    ]


def test_where_our_data_has_no_figure_there_is_no_remark(evidence: Evidence, names: NameIndex) -> None:
    assert list_remarks(evidence, names, "On Humanity's Last Exam, open models are behind closed ones.") == [None]
    assert write_remarks(["Nvidia sold chips."], evidence, names, AS_OF) == ([None], ())
    assert remarks_foot(()) == ""


@pytest.mark.slow
def test_a_figure_is_said_once_and_two_remarks_are_enough(evidence: Evidence, names: NameIndex) -> None:
    gap, private = "Open models trail closed ones by 8 months.", "On private tests, open models are 9 months behind."
    assert [bool(remark) for remark in list_remarks(evidence, names, gap, private, gap)] == [True, False, False]
    many = list_remarks(
        evidence, names, private, "On GPQA, open models lag by 4 months.", "On WeirdML, open models lag by a year."
    )
    assert [bool(remark) for remark in many] == [True, True, False]


def test_every_figure_is_a_fact(evidence: Evidence, names: NameIndex) -> None:
    remarks, facts = write_remarks(
        ["Open models trail closed ones.", "On WeirdML open ones lag."], evidence, names, AS_OF
    )
    assert unbacked(" ".join(remark for remark in remarks if remark), facts, names) == []
    assert "{own.method}" in remarks_foot(facts)
    assert len({fact.key for fact in facts}) == len(facts)
