"""A brief in a person's hands: as text and back, and which changes of its figures are let through."""

from dataclasses import replace

import pytest

from bot.publish import editing
from bot.publish.editing import as_text, check_note, edited, what_changed
from core.answer import Fact
from core.brief import Brief, Bullet
from core.errors import UsageError
from tests.bot.publish.newsroom import BRIEF

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
        "  - 29 of 162 levels still wait."
    )
    assert edited(BRIEF, TEXT) == BRIEF


def test_marks_and_line_breaks_as_people_type_them() -> None:
    text = "## The title\n\n• This\ngoes on\n◦ A remark\n  and more\n\n* That\n\t- another\n"
    found = edited(BRIEF, text)
    assert found.title == "The title"
    assert found.bullets == (Bullet("This goes on", "A remark and more"), Bullet("That", "another"))
    assert found.written_by == "moderator"


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("about 7.5 months behind", "about 8.5 months behind", "about 7.5 months behind on private tests"),
        ("trail by about 7.5 months", "trail by about 5 months", "trail by about 7.5 months"),
        ("the gap is about 5 months", "the gap is about 7.5 months", "the gap is about 5 months"),
        ("between 5 and 10", "between 5 and 11", "likely between 5 and 10"),
        ("between 5 and 10", "between 10 and 5", "likely between 5 and 10"),
        ("about 5 months", "about six months", "the gap is about 5 months"),
        ("29 of 162 levels", "31 of 162 levels", "29 of 162 levels"),
    ],
)
def test_a_changed_figure_is_refused_with_what_it_should_be(old: str, new: str, meant: str) -> None:
    with pytest.raises(UsageError, match=f'the data has "{meant}"'):
        edited(BRIEF, changed(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Open models about", "Open-weights models about"),
        ("trail by about 7.5 months, likely", "are behind by about 7.5 months. That is likely"),
        ("about 7.5 months behind", "about 8 months behind"),
        ("the gap is about 5 months", "the gap is about five months"),
        ("\n  - 29 of 162 levels still wait.", ""),
    ],
)
def test_other_words_and_rounder_figures_are_let_through(old: str, new: str) -> None:
    assert edited(BRIEF, changed(old, new)).title


def test_a_new_bullet_may_say_only_what_the_data_has() -> None:
    assert len(edited(BRIEF, f"{TEXT}\n- Of the levels, 29 wait.").bullets) == 3
    with pytest.raises(
        UsageError, match=r'In "We asked 12,000 people about it\.": "12,000 people" is no figure .*; leave it out'
    ):
        edited(BRIEF, f"{TEXT}\n- We asked 12,000 people about it.")
    with pytest.raises(UsageError, match='"twice"'):
        edited(BRIEF, f"{TEXT}\n- Closed models cost twice as much.")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("On public tests, the gap is about 5 months", "On public tests, the gap is about 5 years", "counts months"),
        (
            "On public tests, the gap is about 5 months",
            "On private tests, the gap is 5 months",
            '"7.5 months|about 7.5 months',
        ),
        ("open models trail by", "closed models trail open ones by", "the wrong way round"),
        ("the gap is about 5 months", "the gap is about 5 months and closing", "which way the gap went"),
        ("the gap is about 5 months", "the gap is about 5 months because of chips", "a reason that no source argues"),
        ("29 of 162 levels still wait", "Llama 9 is still waited for", '"Llama 9" is not among these facts'),
        ("29 of 162 levels still wait", "29 levels trail by 162 months", "levels|months"),
    ],
)
def test_more_than_a_number_is_checked(old: str, new: str, why: str) -> None:
    with pytest.raises(UsageError, match=f'^(?:In ".*": .*|".*" in .*)(?:{why})'):
        edited(BRIEF, changed(old, new), {"Llama 2", "Llama 3", "Llama 4"})


def test_a_title_of_an_earlier_brief_backs_nothing() -> None:
    fact = Fact("more.1.title", "Open models 9 months behind", "", "a title", "Open models 9 months behind")
    with pytest.raises(UsageError, match="9 months"):
        edited(replace(BRIEF, facts=(*BRIEF.facts, fact)), f"{TEXT}\n- On private tests it is 9 months.")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "title is missing"),
        ("- a bullet", "title is missing"),
        ("A title", "no bullets"),
        ("A title\n- ", "no bullets"),
        ("$ show 8\n\nA title\n- a", r'title is one line; .*: "\$ show 8" and "A title"\.$'),
        ("t" * 201 + "\n- a", "title has 201 characters"),
        ("T\n- " + "a" * 901, "bullet has 901 characters"),
        ("T" + "\n- a" * 13, "13 bullets"),
        ("T\n- " + "a " * 2000, "4004 characters"),
    ],
)
def test_what_is_no_brief_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        edited(BRIEF, text)


def test_letters_that_can_not_be_seen_are_left_out() -> None:
    assert edited(BRIEF, "A\u202etitle\x07\n- b\u200b").title == "A title"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("about 7.5 months behind", "about 8 months behind", "the title now says “8 months”, not “7.5 months”."),
        ("5 on public\n", "5 on public, as known then\n", "the title now says “public, as known then”, not “public”."),
        ("between 5 and 10.", "between 5 and 11.", "bullet 1 now says “11”, not “10”."),
        ("the gap is about", "the gap is now about", "bullet 2 now says “now about”, not “about”."),
        ("still wait.", "still wait for open models.", "bullet 2 now says “wait for open models”, not “wait”."),
        ("29 of 162 levels still wait.", "29 of 162 levels may still wait; soon.", "bullet 2 changed."),
        ("between 5 and 10.", "between 5 and 10", "bullet 1 changed."),
        ("\n  - 29 of 162 levels still wait.", "", "bullet 2 changed."),
        ("\n- On public tests, the gap is about 5 months.", "", "bullet 1 and the number of bullets changed."),
    ],
)
def test_what_a_correction_changed_is_worked_out(old: str, new: str, said: str) -> None:
    assert what_changed(BRIEF, _as_typed(changed(old, new))) == said


def test_a_figure_that_stands_twice_is_said_at_both_places_and_more_are_only_counted() -> None:
    once = TEXT.replace("about 7.5 months", "about 8 months")
    assert what_changed(BRIEF, _as_typed(once)) == (
        "the title now says “8 months”, not “7.5 months”; bullet 1 now says “8 months”, not “7.5 months”."
    )
    thrice = once.replace("29 of", "30 of")
    assert what_changed(BRIEF, _as_typed(thrice)) == "the title and bullets 1 and 2 changed."


def _as_typed(text: str) -> Brief:
    """The brief with other words, right or wrong."""
    title, bullets = editing._parts(text)
    return replace(BRIEF, title=title, bullets=bullets)


def test_a_note_is_one_line_that_invents_no_figure() -> None:
    assert check_note("  The name\nof a test ", BRIEF, BRIEF) == "The name of a test."
    for note, reason in (("", "is empty"), ("x" * 201, "201 characters"), ("It was 42 %", '"42 %"')):
        with pytest.raises(UsageError, match=reason):
            check_note(note, BRIEF, BRIEF)


@pytest.mark.parametrize(
    ("note", "why"),
    [
        ("The gap is now 3 months.", '"3 months" is no figure'),
        ("The private gap is 5 months.", '"5 months" is of public tests'),
        ("The name was wrong, as OpenAI lied.", '"OpenAI" is not among these facts'),
        ("The name was wrong, as Zephyron Ultra lied.", '"Zephyron Ultra" is not among these facts'),
        ("The gap was too small because labs cheated.", '"because" gives a reason'),
        ("Open models lead.", "the wrong way round"),
    ],
)
def test_a_note_is_held_to_what_a_bullet_is(note: str, why: str) -> None:
    with pytest.raises(UsageError, match=f"^In the note on what changed: .*{why}"):
        check_note(note, BRIEF, BRIEF, {"OpenAI"})


@pytest.mark.parametrize("note", ["A word, not the 7.5 months.", "Bullets 1 and 2 were unclear.", "Two bullets."])
def test_an_honest_note_is_let_through(note: str) -> None:
    assert check_note(note, BRIEF, BRIEF) == note


def test_a_note_may_have_a_figure_of_the_earlier_brief() -> None:
    facts = tuple(replace(each, value=8.2, shown="8.2") if each.unit == "months" else each for each in BRIEF.facts)
    assert check_note("It is 8.2 months, not 7.5.", BRIEF, replace(BRIEF, facts=facts))


def test_a_note_that_leaves_out_a_part_that_changed_goes_on_with_it() -> None:
    title = changed("about 7.5 months behind", "about 8 months behind")
    both = _as_typed(title.replace("the gap is", "the gap was"))
    said = "The title now says “8 months”, not “7.5 months”; bullet 2 now says “was about”, not “is about”."
    assert check_note("A word", BRIEF, both) == f"A word. {said}"
    assert check_note("The title, rounder", BRIEF, both) == f"The title, rounder. {said}"
    assert check_note("The title, and bullet 2", BRIEF, both) == "The title, and bullet 2."
    assert check_note("A word", BRIEF, _as_typed(title)) == "A word."


LONGER = replace(
    BRIEF,
    bullets=(
        Bullet(
            "On private tests, whose questions are secret, open models trail by about 7.5 months, likely between 5 and"
            " 10."
        ),
        Bullet(
            "Gemini 3 Pro, out on 18 November 2025, reached 75 % on SimpleBench. About 9 months later, no open model"
            " tried there has matched that.",
            "No open model has matched 29 of 162 levels.",
        ),
        Bullet("To watch: closed models set 8 marks, still unmatched. A match would push it up."),
    ),
    facts=(
        *BRIEF.facts,
        Fact("wait.closed", "Gemini 3 Pro", "", "the first closed model at the level", "Gemini 3 Pro"),
        Fact("wait.test", "SimpleBench", "", "the test", "SimpleBench"),
        Fact("wait.level", 75.0, "percent", "SimpleBench", "75 %"),
        Fact("wait.day", "2025-11-18", "date", "Gemini 3 Pro", "18 November 2025"),
        Fact("wait.age", 8.77, "months", "this level, up to then", "About 9 months later"),
        Fact("older", 8, "marks", "private tests, waiting longer than the gap there", "8 marks"),
    ),
)
"""A brief with a level that waits."""
NAMES = {"Gemini 3 Pro", "Gemini Ultra", "SimpleBench"}


def edit_longer(old: str, new: str) -> None:
    text = as_text(LONGER)
    assert old in text
    assert edited(LONGER, text.replace(old, new, 1), NAMES).written_by == "moderator"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("no open model tried there has", "an open model tried there has", '"no open model tried" stood here'),
        ("No open model has matched", "Open models have matched", '"No open model has" stood here'),
        ("push it up", "push it down", '"push it down" is the wrong way'),
        ("On private tests", "On public tests", '"On private tests" stood here|private|7.5 months'),
        ("likely between", "surely between", '"surely" is surer'),
        ("Gemini 3 Pro,", "Zephyron Ultra,", '"Zephyron Ultra" is not among these facts'),
        ("Gemini 3 Pro,", "Zephyron 9 Ultra,", '"Zephyron 9 Ultra" is not among these facts'),
        ("29 of 162", "92 of 162", r'the data has "29 of 162 levels" \(waiting\)'),
        ("No open model has matched 29 of", "Unmatched are 92 of", r'the data has "29 of 162 levels" \(waiting\)'),
        ("reached 75 %", "never reached 75 %", '"never reached 75 %" denies'),
        ("closed models set 8", "open models set 8", "opposite|open"),
        ("still unmatched", "all matched by now", '"unmatched" stood here'),
        ("are secret", "are published", '"are secret" stood here|"questions are published"|opposite'),
        ("about 7.5 months, likely", "exactly 7.5 months, likely", '"exactly" is surer'),
        ("likely between 5 and 10", "between 5 and 10", '"likely between 5 and" stood here'),
        ("would push", "would not push", 'denies what stood here: "A match would push it up"'),
        ("- To watch", "- Open models are certain to catch up.\n- To watch", '"certain" is surer'),
        ("- To watch", "- An open model has matched Gemini 3 Pro on SimpleBench.\n- To watch", '"no open model tried"'),
    ],
)
def test_words_that_turn_the_text_round_are_refused_with_what_stood_there(old: str, new: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        edit_longer(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("no open model tried there has matched that", "the open models tried there have not matched that"),
        ("No open model has matched 29 of 162 levels", "29 of 162 levels are still unmatched"),
        (", whose questions are secret,", ""),
        (", likely between 5 and 10", ". It is probably between 5 and 10"),
        ("On private tests, whose questions are secret,", "Where the questions are secret, on private tests,"),
        ("Gemini 3 Pro, out", "The closed model Gemini 3 Pro, out"),
        ("Gemini 3 Pro, out", "Meanwhile Gemini 3 Pro, out"),
        ("About 9 months later", "Roughly 9 months later"),
        ("To watch:", "What to watch:"),
        ("A match would push it up", "Matching them could push it up"),
        (" A match would push it up.", ""),
        ("- To watch", "- Of the 162 levels, 29 still wait.\n- To watch"),
    ],
)
def test_an_honest_rewording_is_let_through(old: str, new: str) -> None:
    edit_longer(old, new)


@pytest.mark.parametrize(
    ("old", "new", "quoted"),
    [
        ("no open model tried there has", "an open model tried there has",
         '"About 9 months later, an open model tried there has …"'),
        ("No open model has matched", "Open models have matched", '"Open models have matched 29 of 162 levels."'),
        ("set 8 marks", "set 10 marks", '"To watch: closed models set 10 marks, still unmatched."'),
        ("later, no open model", "later, on 4 May, no open model",
         '"About 9 months later, on 4 May, no open model tried there …"'),
        ("likely between 5 and 10", "likely between 5 and 12", '"months, likely between 5 and 12."'),
    ],
)  # fmt: skip
def test_a_refusal_quotes_the_sentence_at_fault_in_whole_words(old: str, new: str, quoted: str) -> None:
    text = as_text(LONGER).replace("On private tests, whose", "Here, on private tests, whose")
    with pytest.raises(UsageError, match=f"^(?:In|.* in) {quoted}"):
        edited(LONGER, text.replace(old, new, 1), NAMES)


def test_a_word_for_down_where_a_match_pushes_up_is_refused_in_a_new_sentence_too() -> None:
    title, _, *bullets = as_text(LONGER).splitlines()
    for words in ("Catching up there would pull the gap down.", "That would move it down."):
        with pytest.raises(UsageError, match="is the wrong way"):
            edited(LONGER, "\n".join([title, *bullets[:-1], f"- {words}"]), NAMES)


def test_several_false_changes_at_once_are_refused() -> None:
    text = as_text(LONGER).replace("push it up", "push it down").replace("likely", "surely")
    with pytest.raises(UsageError, match=r"surer|stood here|wrong way"):
        edited(LONGER, text.replace("No open model has", "Open models have"), NAMES)


def test_bullets_may_be_left_out_and_change_places() -> None:
    title, _, *bullets = as_text(LONGER).splitlines()
    assert len(edited(LONGER, "\n".join([title, bullets[-1], bullets[0]]), NAMES).bullets) == 2


def test_of_a_story_a_person_may_put_right_what_a_model_read() -> None:
    told = Fact("article.title", "Marks wait", "", "the article", "Marks wait")
    story = replace(LONGER, facts=(*LONGER.facts, told))
    assert edited(story, as_text(story).replace("push it up", "push it down"), NAMES).written_by == "moderator"
