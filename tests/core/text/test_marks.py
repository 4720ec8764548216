"""The marks of an edited brief: for sound and wrong edits, and rule by rule."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import yaml

from core.answer import Fact
from core.names.name_index import NameIndex
from core.text.marks import mark_sentences
from core.text.review import Review


def fact(key: str, value: float | str, unit: str, subject: str, shown: str, **of: object) -> Fact:
    return Fact(key, value, unit, subject, shown, **of)  # type: ignore[arg-type]


EDITS = yaml.safe_load(Path(__file__).with_name("edits.yml").read_text(encoding="utf-8"))
FACTS = {
    name: tuple(Fact(*values, **of) for *values, of in brief.get("facts", ()))
    for name, brief in EDITS["briefs"].items()
}


def parts(text: str) -> list[str]:
    return [line.removeprefix("- ") for line in text.splitlines() if line]


def cases(half: str, kind: str) -> Iterator[tuple[str, str, str, bool]]:
    for brief, edits in EDITS[half][kind].items():
        for old, new, *specific in edits:
            yield brief, old, new, bool(specific)


def mark(brief: str, old: str, new: str, names: NameIndex) -> Review:
    text = EDITS["briefs"][brief]["text"]
    assert old in text
    return mark_sentences(parts(text.replace(old, new, 1)), parts(text), FACTS[brief], names)


def edit_draft(draft: Sequence[str], old: str, new: str, names: NameIndex, facts: Sequence[Fact] = ()) -> Review:
    text = "\n".join(draft)
    assert old in text
    return mark_sentences(text.replace(old, new, 1).split("\n"), draft, facts, names)


def marks(result: Review) -> set[str]:
    return {sentence.mark for sentence in result.sentences} - {"machine"}


# ---- edits of briefs


@pytest.mark.parametrize("half", ["seen", "unseen", "later", "fresh", "last"])
@pytest.mark.slow
def test_no_wrong_edit_is_passed_and_what_is_moved_is_named(half: str, names: NameIndex) -> None:
    for brief, old, new, is_specific in cases(half, "wrong"):
        result = mark(brief, old, new, names)
        assert "unchecked" in marks(result), new
        assert bool(result.findings) >= is_specific, new


@pytest.mark.parametrize("half", ["seen", "unseen", "later", "fresh", "last"])
@pytest.mark.slow
def test_three_of_four_sound_edits_have_every_figure_in_the_facts_and_none_a_finding(
    half: str, names: NameIndex
) -> None:
    results = [mark(brief, old, new, names) for brief, old, new, _ in cases(half, "sound")]
    assert [result.findings for result in results if result.findings] == []
    assert sum(marks(result) == {"figures"} for result in results) >= 0.75 * len(results)


# ---- each rule

RECORDS = fact("records", 3, "tests", "with a record", "three tests")
DRAFT = (
    "Open models trail closed ones by about 7.5 months on private tests, 9 months at most.",
    "Kimi K3 is the first open model to reach 60 % on WeirdML, a private test. GPT-5.5 came 4 months before.",
    "That wait is typical: the quickest took 3 months and the slowest 14.",
)


def test_restored_text_is_the_machines(names: NameIndex) -> None:
    result = edit_draft(DRAFT, "", "", names)
    assert marks(result) == set()
    assert (result.findings, result.gone) == ((), ())


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("7.5 months", "9 months", "“9 months”: the draft has “7.5 months” here."),
        ("7.5 months", "12 months", "“12 months”: no fact has this figure."),
        ("3 months", "3 weeks", "“3 weeks”: no fact has this figure."),
        ("first open", "first closed", "“closed”: the draft has “open” here."),
        ("a private", "a public", "“public”: the draft has “private” here."),
        ("Kimi K3 is", "GPT-5.5 is", "“GPT-5.5”: the draft has “Kimi K3” here."),
        ("Kimi K3 is", "OpenAI's Kimi K3 is", "“OpenAI's Kimi K3”: Kimi K3 is by Moonshot."),
        ("Open models trail closed", "Closed models trail open",
         "“7.5 months”: the draft has it with “closed”, not with"),
    ],
)  # fmt: skip
def test_what_stands_where_the_draft_has_something_else_is_a_finding(
    old: str, new: str, finding: str, names: NameIndex
) -> None:
    result = edit_draft(DRAFT, old, new, names)
    assert marks(result) == {"unchecked"}
    assert any(text.startswith(finding) for text in result.findings), result.findings


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("It set records on two private tests and a public one.", "“two private”: the draft has “one private”."),
        ("It set records on three private tests.", "“three private tests”: no fact has this figure."),
        ("It set two records on public tests, one on a private one.", ""),
    ],
)
def test_a_count_of_private_or_public_tests_that_changed_is_a_finding(
    text: str, finding: str, names: NameIndex
) -> None:
    draft = ("It set records on one private and two public tests.",)
    assert [*mark_sentences((text,), draft, (), names).findings] == ([finding] if finding else [])


def test_a_plain_number_in_the_place_of_a_share_is_no_change_of_it(names: NameIndex) -> None:
    draft = ("The gap is 7 months, and this range holds the true value in 90 % of cases, so it is wide.",)
    text = "The gap is 7 months, and this range holds the true value in 7 of cases, so it is wide."
    assert mark_sentences((text,), draft, (), names).findings == ()


@pytest.mark.parametrize(
    ("old", "new", "mark"),
    [
        ("trail closed", "lead closed", "unchecked"),
        ("Open models trail", "Open models never trail", "unchecked"),
        ("the first open model", "the only open model", "unchecked"),
        ("4 months before", "4 months after", "unchecked"),
        ("trail closed ones", "have yet to trail closed ones", "unchecked"),
        ("took 3 months and the slowest 14", "took 14 months and the slowest 3", "unchecked"),
        ("quickest took 3 months and the slowest", "slowest took 3 months and the quickest", "unchecked"),
        ("is typical", "is long", "unchecked"),
        ("at most", "at least", "unchecked"),
        (DRAFT[1].removesuffix("GPT-5.5 came 4 months before."), "It was. ", "unchecked"),
        ("about 7.5 months", "around seven and a half months", "figures"),
        ("7.5", "8", "figures"),
        ("trail closed", "lag closed", "figures"),
        ("9 months at most", "at most 9 months", "figures"),
        (", a private test", "", "figures"),
        ("Kimi K3 is", "Moonshot's Kimi K3 is", "figures"),
        ("That wait is typical: the quickest", "The quickest", "figures"),
    ],
)
def test_a_sense_that_changed_is_unchecked_and_what_says_the_same_has_every_figure_in_the_facts(
    old: str, new: str, mark: str, names: NameIndex
) -> None:
    result = edit_draft(DRAFT, old, new, names)
    assert marks(result) == {mark}
    assert mark == "unchecked" or result.findings == ()


@pytest.mark.parametrize(
    ("old", "new", "is_held"),
    [
        ("OpenAI released GPT-5.5 on 23 April.", "GPT-5.5 was released by OpenAI on 23 April.", True),
        ("OpenAI released GPT-5.5 on 23 April.", "OpenAI was released by GPT-5.5 on 23 April.", False),
        ("OpenAI released GPT-5.5 on 23 April.", "GPT-5.5 has not been released by OpenAI.", False),
        ("23 April. It set", "23 April; it set", True),
        ("OpenAI released GPT-5.5 on 23 April. It set", "GPT-5.5 set", True),
        ("OpenAI released GPT-5.5 on 23 April. It set", "Kimi K3 set", False),
        ("OpenAI released GPT-5.5 on 23 April. It set", "Kimi K3 is out. It set", False),
        ("one private and two public tests", "three tests, one of them private", True),
        ("one private and two public tests", "three tests, two of them private", False),
        ("is 27.9 %", "is just under 28 %", True),
        ("is 27.9 %", "is just over 28 %", False),
        ("The best open score, by Kimi K3, is 27.9 %.", "Kimi K3 holds the best open score, 27.9 %.", True),
        ("Probably: it is", "It is", False),
        ("Is the gap growing? Probably: it", "The gap is probably growing: it", True),
        ("Is the gap growing? Probably: it", "The gap is growing: it", False),
        (" (likely 5 to 9)", "", False),
        ("Over the past year", "Over the last twelve months", True),
        ("Over the past year", "Over the next twelve months", False),
        ("OpenAI released GPT-5.5 on 23 April.", "GPT-5.5 was released on 23 April by OpenAI.", True),
        ("OpenAI released GPT-5.5 on 23 April.", "GPT-5.5 was released on 24 April by OpenAI.", False),
        ("OpenAI released GPT-5.5 on 23 April.", "OpenAI was released on 23 April by GPT-5.5.", False),
        ("OpenAI released GPT-5.5 on 23 April.", "GPT-5.5 has not been released on 23 April by OpenAI.", False),
        ("one private and two public tests", "two public and one private tests", True),
        ("one private and two public tests", "three tests: two public and one private", True),
        ("one private and two public tests", "three tests, two public and one private", True),
        ("one private and two public tests", "three tests: two private and one public", False),
        ("one private and two public tests", "four tests: two public and two private", False),
        ("one private and two public tests", "three tests: two public and one public", False),
        ("is 3 months wider", "is some three months wider", True),
        ("is 3 months wider", "is some three months narrower", False),
        ("27.9 %", "27.9 per cent", True),
        ("7 months (likely 5 to 9)", "7 months, however (likely 5 to 9)", True),
        ("the quickest took 3 months and the slowest 14", "the slowest took 14 months and the quickest 3", True),
        ("the quickest took 3 months and the slowest 14", "the slowest took 14 months, the quickest 3", True),
        ("the quickest took 3 months and the slowest 14", "the slowest took 3 months and the quickest 14", False),
        ("the quickest took 3 months and the slowest 14", "the slowest took 14 months and the quickest 3 weeks", False),
        ("the quickest took 3 months and the slowest 14", "the quickest took 14 months", False),
    ],
)
def test_turned_joined_and_rounded_words_are_held_only_if_they_say_the_same(
    old: str, new: str, is_held: bool, names: NameIndex
) -> None:
    draft = [
        "OpenAI released GPT-5.5 on 23 April. It set records on one private and two public tests.",
        "The best open score, by Kimi K3, is 27.9 %. Open models trail by 7 months (likely 5 to 9).",
        "Is the gap growing? Probably: it is 3 months wider than in January. Over the past year it grew by a month.",
        "That wait is typical: the quickest took 3 months and the slowest 14.",
    ]
    result = edit_draft(draft, old, new, names, [RECORDS])
    assert ("unchecked" not in marks(result)) == is_held


WAYS = (
    fact("deck.private", 7.2, "months", "private tests", "trail by about 7 months", kind="lag", access="private"),
    fact("deck.public", 5.4, "months", "public tests", "about 5", kind="lag", access="public"),
    fact("range.private", "5.0 to 9.0", "months", "", "likely 5 to 9", kind="lag", low=5.0, high=9.0, access="private"),
    fact("range.public", "3.0 to 8.0", "months", "", "likely 3 to 8", kind="lag", low=3.0, high=8.0, access="public"),
    fact("change", 3.1, "months", "all tests", "about 3 months wider", kind="change"),
    fact("year", 2.2, "months", "the past year", "it probably grew by about 2 months", kind="change"),
    fact("lag", 7.6, "months", "Kimi K3 after GPT-5.2 Pro", "about 7.6 months earlier", kind="lag"),
)
WAYS_DRAFT = (
    "Overall, open models trail by about 7 months on private tests (likely 5 to 9). Public tests say about 5 (likely 3"
    " to 8), but models can train for those.",
    "Is the gap growing? Probably: across all tests it is about 3 months wider than in January 2025. Over the past year"
    " it probably grew by about 2 months.",
    "Kimi K3 reached 90 % on ARC-AGI. OpenAI's GPT-5.2 Pro, a closed model, got there about 7.6 months earlier.",
)


@pytest.mark.parametrize(
    ("old", "new", "findings"),
    [
        ("months wider", "months narrower", ["“narrower”: the draft has “about 3 months wider” here."]),
        ("is about 3 months wider", "shrank by 3 months", ["“shrank”: the draft has “about 3 months wider” here."]),
        ("trail by", "lead by", ["“lead”: the draft has “trail by about 7 months” here."]),
        ("trail by", "are ahead by", ["“ahead”: the draft has “trail by about 7 months” here."]),
        ("grew by", "shrank by", ["“shrank”: the draft has “it probably grew by about 2 months” here."]),
        ("months earlier", "months later", ["“later”: the draft has “about 7.6 months earlier” here."]),
        ("wider", "larger", []),
        ("wider", "longer", []),
        ("is about 3 months wider than", "grew by about 3 months since", []),
        ("it is about 3 months wider than in January 2025", "in January 2025 it was about 3 months narrower", []),
        ("months earlier", "months ahead", []),
        ("months earlier", "months before it", []),
        ("open models trail by", "closed models lead by", []),
        ("open models trail by", "closed models trail by", ["“closed”: the draft has “open” here."]),
        ("open models trail by", "for open models the wait is", []),
        ("open models trail by about", "open models need to make up about", []),
    ],
)
def test_a_figure_whose_way_is_turned_is_a_finding_and_a_true_rewording_none(
    old: str, new: str, findings: list[str], names: NameIndex
) -> None:
    result = edit_draft(WAYS_DRAFT, old, new, names, WAYS)
    assert [*result.findings] == findings
    assert not findings or marks(result) == {"unchecked"}


def test_a_change_that_is_said_nowhere_in_its_way_is_gone(names: NameIndex) -> None:
    for new, gone in (
        ("Since January 2025 it shrank: by 3 months.", ("about 3 months wider (all tests)",)),
        ("Since January 2025 it grew by 3 months.", ()),
    ):
        text = (WAYS_DRAFT[0], WAYS_DRAFT[1].replace(WAYS_DRAFT[1][20:-55], new), WAYS_DRAFT[2])
        assert mark_sentences(text, WAYS_DRAFT, WAYS, names).gone == gone


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("Overall, open models trail by about 5 months on private tests (likely 3 to 8). Public tests say about 7"
         " (likely 5 to 9), but models can train for those.",
         ["“5 months”: the draft has it with “public”, not with “private”.",
          "“7”: the draft has it with “private”, not with “public”."]),
        ("On private tests it is between 5 and 9 months. On public ones it is 5.4 months.", []),
        ("It is 5 to 9 months on private tests, and about 7.", []),
        ("On private tests it is at least 5 months.", []),
        ("Public tests, at 5 months, are kinder than private ones, at 7.", []),
    ],
)  # fmt: skip
def test_figures_of_private_and_public_tests_that_are_exchanged_are_named_at_the_headline_figures(
    text: str, findings: list[str], names: NameIndex
) -> None:
    result = mark_sentences([text, *WAYS_DRAFT[1:]], WAYS_DRAFT, WAYS, names).findings
    assert [one for one in result if "the draft has it with" in one] == findings
    assert bool(result) == bool(findings)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("Google DeepMind's open Gemini 3 Pro reached 75 %.", "“open Gemini 3 Pro”: Gemini 3 Pro is closed."),
        ("The open model Gemini 3 Pro reached 75 %.", "“open model Gemini 3 Pro”: Gemini 3 Pro is closed."),
        ("Moonshot's closed Kimi K3 is at 61 %.", "“closed Kimi K3”: Kimi K3 is open."),
        ("Moonshot's open Kimi K3 is at 61 %.", ""),
        ("Closed Gemini 3 Pro reached 75 %.", ""),
        ("No open Gemini 3 Pro rival reached 75 %.", ""),
        ("Kimi K3 is an open Gemini 3 Pro rival at 61 %.", ""),
        ("The first open model to match Gemini 3 Pro is Kimi K3.", ""),
    ],
)
def test_open_or_closed_beside_a_model_that_is_not_is_a_finding(text: str, finding: str, names: NameIndex) -> None:
    draft = ["Google DeepMind's Gemini 3 Pro reached 75 %. The best open score, by Moonshot's Kimi K3, is 61 %."]
    assert [*mark_sentences([text], draft, (), names).findings] == ([finding] if finding else [])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("My two cents: this is boring, wait for Christmas and see.", ""),
        ("Nobody is surprised, least of all Zephyron; three cheers!", ""),
        ("My 47 cents: wait for Christmas.", "“47”"),
        ("Wait two weeks for Christmas.", "“two weeks”"),
        ("Wait for Christmas 2019.", "“2019”"),
        ("Kimi K3 set forty records.", "“forty”"),
        ("Kimi K3 beat Zephyron.", "“Zephyron”"),
    ],
)
def test_number_words_and_capitals_of_an_opinion_are_unchecked_and_beside_a_fact_a_finding(
    text: str, words: str, names: NameIndex
) -> None:
    result = mark_sentences([*WAYS_DRAFT, text], (*WAYS_DRAFT, "Kimi K3 is out."), WAYS, names)
    assert marks(result) == {"unchecked"}
    assert result.findings[:1] == () if not words else result.findings[0].startswith(words)


def test_a_difference_of_figures_side_by_side_is_unchecked_and_no_finding(names: NameIndex) -> None:
    draft = ["o4-mini reached 60 %. Kimi K3 is at 58.8 %."]
    for new, is_known in (("at 58.8 %, 1.2 points short.", True), ("at 58.8 %, 2 points short.", False)):
        result = mark_sentences([draft[0].replace("at 58.8 %.", new)], draft, (), names)
        assert (marks(result), not result.findings) == ({"unchecked"}, is_known)


def test_a_day_of_the_facts_holds_for_a_part_of_its_month(names: NameIndex) -> None:
    day, draft = (
        fact("d", "", "date", "GPT-5.5", "23 April", day="2026-04-23"),
        ["OpenAI released GPT-5.5 on 23 April."],
    )
    for words, is_held in (("in late April 2026", True), ("in early April", False), ("on April 23rd, 2026", True)):
        result = mark_sentences([f"OpenAI released GPT-5.5 {words}."], draft, [day], names)
        assert (marks(result) == {"figures"}) == is_held, words


def test_facts_that_are_gone_are_listed(names: NameIndex) -> None:
    draft, facts = ["The gap is 7.5 months. It was 3 months."], [fact("then", 3.0, "months", "before", "3 months")]
    assert mark_sentences(["The gap is 7.5 months."], draft, facts, names).gone == ("3 months (before)",)


HALF = "Across the year's 30 catch-ups, half took about 4 months."
QUICKEST = "The quickest took 6 months and the slowest 12."
EARLIER = "GPT-5.2 Pro got there 7.5 months earlier."
ON_TESTS = "It set records on one private and two public tests."
REACHED = "Gemini 3 Pro reached 75 % last November."


@pytest.mark.parametrize(
    ("draft", "text", "finding"),
    [
        (HALF, "Half of the year's 30 catch-ups took 4 months.", ""),
        (HALF, "Half of the year's 20 catch-ups took 4 months.", "“20 catch-ups”: no fact has this figure"),
        (QUICKEST, "The slowest took 12 months, the quickest half of that.", ""),
        (QUICKEST, "The quickest took 6 months, half as long as the slowest.", ""),
        (EARLIER, "GPT-5.2 Pro got there more than half a year earlier.", ""),
        (EARLIER, "GPT-5.2 Pro got there less than a year earlier.", ""),
        (EARLIER, "GPT-5.2 Pro got there more than 9 months earlier.", "“9 months”: no fact has this figure"),
        (ON_TESTS, "It set records on 3 tests (1 private, 2 public).", ""),
        (ON_TESTS, "It set records on two public and 1 private test.", ""),
        (REACHED, "Gemini 3 Pro reached 75 % eight months ago.", ""),
        (REACHED, "Gemini 3 Pro reached the three-quarters mark last November.", ""),
        ("Gemini 3 Pro took 9 months.", "Gemini 3 Pro took 8 months.", "“8 months”: the draft has “9 months” here"),
        ("Google DeepMind's Gemini 3 Pro led.", "DeepMind's Gemini 3 Pro led.", ""),
        ("Open models match 39 % of closed scores on private tests within six months.",
         "Within six months open models match 39 % of closed scores on private tests.", ""),
    ],
)  # fmt: skip
def test_a_figure_said_otherwise_is_no_finding(draft: str, text: str, finding: str, names: NameIndex) -> None:
    facts = [fact("lag", 7.5, "months", "GPT-5.2 Pro", "7.5 months"), RECORDS]
    results = mark_sentences([text], [draft], facts, names).findings
    assert [result.startswith(finding) for result in results] == ([True] if finding else []), results
