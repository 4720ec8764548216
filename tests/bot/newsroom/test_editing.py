"""A brief in a person's hands: as text and back, what of its form is refused, and what is found beside it."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.newsroom import editing
from bot.newsroom.editing import as_note, as_text, change_lines, edited, find_in_note, review_edit, what_changed
from bot.newsroom.writing import Writer, load_names
from bot.settings import Settings
from bot.state.briefs import NO_MARKS
from core.brief import Brief, Bullet
from core.errors import UsageError
from core.names.name_index import NameIndex
from core.text.sentences import sentences
from tests.bot.newsroom.newsroom import BRIEF, NO_NAMES
from tests.conftest import ROOT

TEXT = as_text(BRIEF)


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def test_a_brief_as_one_text() -> None:
    assert TEXT == (
        "Open models about 7.5 months behind on private tests, 5 on public\n"
        "\n"
        "- On private tests, open models trail by about 7.5 months, likely between 5 and 10.\n"
        "- On public tests, the gap is about 5 months.\n"
        "  - 29 of 162 levels still wait.\n"
        "\n"
        "Terms:\n"
        "private test: A test whose questions are secret."
    )
    assert edited(BRIEF, TEXT) == BRIEF


def test_marks_and_line_breaks_as_people_type_them() -> None:
    text = "## The title\n\n• This\ngoes on\n◦ A remark\n  and more\n\n* That\n\t- another\n"
    brief = edited(BRIEF, text)
    assert (brief.title, brief.written_by) == ("The title", "moderator")
    assert brief.bullets == (Bullet("This goes on", "A remark and more"), Bullet("That", "another"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "title is missing"),
        ("A title", "no bullets"),
        ("A title\n- ", "no bullets"),
        ("$ show 8\n\nA title\n- a", r'title is one line; .*: "\$ show 8" and "A title"\.$'),
        ("t" * 201 + "\n- a", "title has 201 characters"),
        ("T\n- " + "a" * 901, "bullet has 901 characters"),
        ("T" + "\n- a" * 13, "13 bullets"),
        ("T\n- " + "a " * 2000, "4004 characters"),
        ("T\n- See https://example.org/x for more.", '^"https://example.org/x" is a link; leave it out'),
        ("T\n- See www.example.org.", '"www.example.org." is a link'),
        ("T\n- See [our page](x).", r'"\[our page\]\(x\)" is a link'),
        ("T\n- It is **9** months.", r'"\*\*9\*\*" is markup'),
        ("T\n- It is _so_.", '"_so_" is markup'),
        ("T\n- It is <b>so</b>.", '"<b>" is markup'),
        ("T\n- A ``` fence", '"```" is markup'),
        ("T @everyone\n- It is so.", '"@everyone" is a mention'),
        ("T\n- Ask <@123>.", '"<@123>." is a mention'),
    ],
)
def test_what_is_no_brief_and_no_plain_text_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        edited(BRIEF, text)


def test_letters_that_can_not_be_seen_are_left_out() -> None:
    assert edited(BRIEF, "A\u202etitle\x07\n- b\u200b").title == "A title"


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("about 7.5 months behind", "about 8 months behind", "the title now says “8 months”, not “7.5 months”."),
        ("5 on public\n", "5 on public, as known then\n", "the title now says “public, as known then”, not “public”."),
        ("between 5 and 10.", "between 5 and 11.", "bullet 1 now says “11”, not “10”."),
        ("the gap is about", "the gap is now about", "bullet 2 now says “now about”, not “about”."),
        ("still wait.", "still wait for open models.", "bullet 2 now says “wait for open models”, not “wait”."),
        ("levels still wait.", "levels may still wait; soon.",
         "bullet 2 now says “may still wait; soon”, not “still wait”."),
        ("5 and 10.", "6 and 11. It grew", "bullet 1 now says “6 and 11. It grew”, not “5 and 10”."),
        ("months.", "months (likely 3 to 8).", "bullet 2 now says “months (likely 3 to 8)”, not “months”."),
        ("between 5 and 10.", "between 5 and 10", "bullet 1 changed."),
        ("\n  - 29 of 162 levels still wait.", "", "bullet 2 changed."),
        ("\n- On public tests, the gap is about 5 months.", "", "bullet 1 and the number of bullets changed."),
    ],
)  # fmt: skip
def test_what_a_correction_changed_is_worked_out(old: str, new: str, change: str) -> None:
    assert what_changed(BRIEF, _as_typed(changed(old, new))) == change


def test_each_part_that_changed_is_said_with_its_old_and_new_words_and_named_where_these_are_too_long() -> None:
    title, bullet = (f"{part} now says “8 months”, not “7.5 months”" for part in ("the title", "bullet 1"))
    twice = TEXT.replace("about 7.5 months", "about 8 months")
    assert what_changed(BRIEF, _as_typed(twice)) == f"{title}; {bullet}."
    thrice = twice.replace("29 of", "30 of")
    assert what_changed(BRIEF, _as_typed(thrice)) == f"{title}; {bullet}; bullet 2 now says “30 of”, not “29 of”."
    long = changed("about 7.5 months behind", "about 8 months behind").replace("the gap is", f"the gap {'x' * 300} is")
    assert what_changed(BRIEF, _as_typed(long)) == f"{title}; bullet 2 changed."


def _as_typed(text: str) -> Brief:
    """The brief with other words, right or wrong."""
    title, _, bullets, _ = editing._parts(text, BRIEF)
    return replace(BRIEF, title=title, bullets=bullets)


@pytest.mark.parametrize(
    "word", ["pass@1", "5 * 3 * 2", "snake_case_name", "Z.ai", "#1", "< 5 %", "A, (so) it is", "~5"]
)
def test_signs_that_people_write_are_no_markup(word: str) -> None:
    assert edited(BRIEF, f"T\n- It is {word}.").title == "T"


def test_the_deck_and_the_terms_are_edited_too() -> None:
    before = replace(BRIEF, deck="The gap stands.")
    text = as_text(before).replace("The gap stands.", "The gap\nholds.").replace("are secret.", "stay secret.")
    after = edited(before, f"{text}\nOpen weights: Anyone can download them.")
    assert after.deck == "The gap holds."
    assert [(term.term_id, term.definition) for term in after.terms] == [
        ("private-test", "A test whose questions stay secret."), ("openweights", "Anyone can download them."),
    ]  # fmt: skip
    assert what_changed(before, after) == (
        "the deck now says “holds”, not “stands”; the terms now say “stay secret. Open weights: Anyone can download"
        " them”, not “are secret”."
    )
    assert edited(before, f"{text.partition('Terms:')[0]}").terms == BRIEF.terms
    assert edited(before, f"{text.partition('Terms:')[0]}Terms:\n").terms == ()
    with pytest.raises(UsageError, match="A term is written as"):
        edited(before, f"{text}\nno definition")


def test_an_edit_says_the_sentences_that_changed_with_their_marks() -> None:
    after = edited(BRIEF, changed("the gap is about 5 months", "the gap is about 6 months"))
    review = review_edit(after, BRIEF, NO_NAMES, NO_MARKS)
    assert change_lines(BRIEF, after, review) == [
        "- On public tests, the gap is about 5 months.",
        "+ On public tests, the gap is about 6 months. [yours, unchecked]",
        "! “6 months”: no fact has this figure; the facts have “5 on public” (public tests).",
    ]
    assert change_lines(after, BRIEF, NO_MARKS)[1] == "+ On public tests, the gap is about 5 months. [the machine's]"


def test_what_stood_there_before_may_stay() -> None:
    linked = replace(BRIEF, bullets=(Bullet("It is https://example.org now."),))
    assert edited(linked, "T\n- It was https://example.org then.").title == "T"


def test_a_note_is_one_line() -> None:
    after = _as_typed(changed("about 7.5", "about 8"))
    assert as_note("  The name\nof a test ", BRIEF, after).startswith("The name of a test. The title now says “8 ")
    for note, reason in (("", "is empty"), ("x" * 201, "201 characters"), ("See https://a.org", "is a link")):
        with pytest.raises(UsageError, match=reason):
            as_note(note, BRIEF, BRIEF)


def in_note(note: str, before: Brief = BRIEF) -> list[str]:
    return find_in_note(note, before, BRIEF, BRIEF, NO_NAMES)


def test_what_no_fact_has_is_found_in_a_note_too() -> None:
    assert in_note("The gap is now 3 months.")[0].startswith(
        "In the note on what changed: “3 months”: no fact has this figure; the facts have "
    )
    assert in_note("The name was wrong, as Zephyron lied.") == [
        "In the note on what changed: “Zephyron”: no fact names it."
    ]
    for note in ("A word, not the 7.5 months.", "Bullets 1 and 2 were unclear.", "Two bullets."):
        assert in_note(note) == []


def test_a_note_may_have_a_figure_of_the_earlier_brief() -> None:
    assert in_note("It is 7.5 months, not 8.2.")
    facts = tuple(replace(fact, value=8.2, shown="8.2") if fact.unit == "months" else fact for fact in BRIEF.facts)
    assert in_note("It is 7.5 months, not 8.2.", replace(BRIEF, facts=facts)) == []
    assert in_note("It is 7.5 months, not 8.2.", _as_typed(TEXT.replace("7.5", "8.2"))) == []


# ---- what is found in edits of real drafts

MONTHS = [date(2025 + number // 12, number % 12 + 1, 22) for number in range(0, 21, 3)]
LAG = re.compile(r"\b(\d[\d.]*) months")
HONEST = (
    ("Open models", "Open-weights models"), ("about", "roughly"), ("To watch:", "What to watch:"),
    ("trail by", "are behind by"), ("has matched", "could match"), (", likely", "; likely"),
    ("On private tests", "Where questions are secret, on private tests"),
)  # fmt: skip


@pytest.fixture(scope="module")
def names(evidence_file: Path) -> NameIndex:
    return load_names(Settings(evidence_file, ROOT / "data"))


@pytest.fixture(scope="module")
def drafts(evidence_file: Path) -> list[Brief]:
    """The drafts of every third of 21 months."""
    writer = Writer(Settings(evidence_file, ROOT / "data"))
    return [writer.write(day, None, None).brief for day in MONTHS]


def find_in_edit(draft: Brief, text: str, names: NameIndex) -> list[str]:
    return [*review_edit(edited(draft, text), draft, names, NO_MARKS).findings]


@pytest.mark.slow
def test_the_drafts_own_words_are_no_finding_also_moved_and_restored_after_another_edit(
    drafts: list[Brief], names: NameIndex
) -> None:
    for draft in drafts:
        text = as_text(draft)
        other = edited(draft, LAG.sub("47 months", text, count=1))
        assert review_edit(other, draft, names, NO_MARKS).findings
        restored = edited(other, text)
        review = review_edit(restored, draft, names, NO_MARKS)
        assert (restored.written_by, review.findings, review.gone) == ("moderator", (), ())
        assert {sentence.mark for sentence in review.sentences} == {"machine"}
        unbacked = replace(draft, facts=())
        part = [f"{draft.title}\n- {sentence}" for text in draft.texts[1:] for sentence in sentences(text)]
        turned = "\n".join([draft.title, *(f"- {' '.join(sentences(text)[::-1])}" for text in draft.texts[:0:-1])])
        assert [find_in_edit(unbacked, wording, names) for wording in (*part, turned)] == [[] for _ in (*part, turned)]


@pytest.mark.slow
def test_an_honest_rewording_is_no_finding(drafts: list[Brief], names: NameIndex) -> None:
    for draft in drafts:
        text = as_text(draft)
        reworded = [text.replace(old, new, 1) for old, new in HONEST if old in text]
        assert len(reworded) >= 3
        assert [find_in_edit(draft, wording, names) for wording in reworded] == [[] for _ in reworded], draft.published
