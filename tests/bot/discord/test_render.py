"""The renderer: every answer that there is, and the longest that there could be, within Discord's limits."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import fields, replace

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord import render
from bot.discord.render import WIDTH, csv_files, is_of_figures, write_entries, write_sheets
from core.answer import Answer, Fact, Line, Table
from core.errors import UsageError
from core.evidence.evidence import Term
from core.names import names
from core.questions import QUESTIONS, Question, ask
from core.store.store import Store
from tests.bot.discord.conftest import ESCAPED, TODAY, checked, needed


def asked(question: type[Question], store: Store) -> Iterator[Question]:
    """Yield a question about all tests, and about each."""
    given = needed(question)
    yield question.from_words(**given)
    if any(field.name == "benchmark" for field in fields(question)):
        for name in names.benchmarks(store):
            yield question.from_words(**{**given, "benchmark": name.shown})
    if question.name == "model":
        for name in names.models(store)[::10]:
            yield question.from_words(model=name.shown)
    if question.name == "terms":
        for name in names.terms(store):
            yield question.from_words(term=name.shown)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.name)
def test_every_answer_fits_and_is_whole(question: type[Question], store: Store) -> None:
    answered = 0
    for asked_question in asked(question, store):
        try:
            answer = ask(asked_question, store, TODAY)
        except UsageError:
            continue
        answered += 1
        pages = [*render.write_text_pages(answer), *render.write_table_pages(answer)]
        for page in pages:
            checked([page])
        shown = plain(pages).casefold()  # a field begins with a capital letter
        for line in answer.lines:
            assert all(word in shown for word in words_of(line)), line
        for table in answer.tables:
            words = [word for row in table.rows for cell in row for word in cell.casefold().split()]
            assert all(word in shown for word in words if word != "–")
    assert answered


def words_of(line: Line) -> list[str]:
    """Return a line's words without commas and brackets; the year and "old" go without saying beside the data's age."""
    text = re.sub(r" \d{4}, (\d+ days) old", r" \1", line.text) if line.is_day else line.text
    return [word.strip(",;()") for word in text.casefold().split()]


def plain(pages: list[discord.Embed]) -> str:
    """Return all that pages say, without marks and without folds."""
    parts = []
    for page in pages:
        parts += [page.title or "", page.description or "", page.footer.text or ""]
        parts += [f"{field.name} {field.value}" for field in page.fields]
    return ESCAPED.sub(r"\1", " ".join(parts)).replace("–\N{WORD JOINER}", " to ")


def test_a_first_look_is_a_page_with_the_details_on_pages_behind(store: Store) -> None:
    for question in QUESTIONS.values():
        answer = ask(question.from_words(**needed(question)), store, TODAY)
        look, *behind = render.write_text_pages(answer)
        assert not look.fields
        assert [page.title for page in behind[:1]] == (["Details"] if answer.details else [])
        names = [field.name for page in behind for field in page.fields if field.name != "\u200b"]
        assert len(names) == len(answer.details)


EMPTY = Answer({}, "m", {}, "r", "2026-08-22", "2026-08-22", "2026-08-22", (), (), (), (), {}, ())
texts = st.text(st.characters(codec="utf-8"), max_size=40).flatmap(
    lambda text: st.integers(1, 120).map(lambda times: " ".join([text] * times))
)


@given(
    st.lists(texts, min_size=1, max_size=3),
    st.lists(st.tuples(st.text(min_size=1, max_size=300), texts), max_size=40),
    st.lists(st.lists(texts, min_size=3, max_size=3), max_size=12),
)
def test_no_answer_is_too_long(titles: list[str], lines: list[tuple[str, str]], rows: list[list[str]]) -> None:
    answer = replace(
        EMPTY,
        question={"benchmark": None},
        lines=(*(Line("", text) for text in titles), *(Line(label, text) for label, text in lines)),
        tables=(Table(titles[0], ("A" * 50, "B", "C"), tuple(tuple(row) for row in rows)),),
    )
    for page in [*render.write_text_pages(answer), *render.write_table_pages(answer)]:
        checked([page])


def test_a_text_or_row_that_one_page_cant_hold_goes_on_and_says_all() -> None:
    lines = tuple(Line(f"Line {number}", f"{number} " + "word " * 300) for number in range(30))
    row = Table("T", ("A", "B", "C"), (("a", "word " * 2000, "c"),))
    for pages, n_words in (
        (render.write_text_pages(replace(EMPTY, lines=(Line("", "Title"), *lines))), 30 * 300),
        (render.write_table_pages(replace(EMPTY, tables=(row,))), 2000),
    ):
        assert len(pages) > 1
        assert plain(pages).count("word") == n_words
        for page in pages:
            checked([page])


def test_a_title_that_is_too_long_is_cut_where_it_is_seen_and_said_whole_below() -> None:
    title = "Open models " * 40
    [page] = render.write_text_pages(replace(EMPTY, lines=(Line("", title.strip()),)))
    assert (page.title or "").endswith("…")
    assert page.description == title.strip()


@pytest.mark.parametrize(
    ("label", "text", "shown"),
    [
        ("Private", "7.5 months, likely 5 to 10", "**7.5 months** private · likely 5–\N{WORD JOINER}10"),
        ("Public", "about 6 months; two live", "**about 6 months** public\nTwo live"),
        (
            "Private",
            "9.6 months behind (likely 6.8 to 10.3), took 6 of 10 tests; so say two",
            "**9.6 months behind** private · likely 6.8–\N{WORD JOINER}10.3\nTook 6 of 10 tests; so say two",
        ),
        (
            "Public tests",
            "3.0 months, likely 0.1 ahead to 7.3 behind",
            "**3.0 months** public tests · likely 0.1 ahead to 7.3 behind",
        ),
        ("Public", "can't tell from one test alone", "**Public** can't tell from one test alone"),
        ("Private tests", "China by 4.8 months", "**Private tests** China by 4.8 months"),
        ("Widening?", "Probably: 3 months", "**Widening?** Probably: 3 months"),
    ],
)  # fmt: skip
def test_a_class_begins_with_its_months_and_any_other_line_with_its_label(label: str, text: str, shown: str) -> None:
    [page] = render.write_text_pages(replace(EMPTY, lines=(Line("", "T"), Line(label, text))))
    assert page.description == shown


def test_the_day_and_the_age_of_the_data_stand_at_the_foot() -> None:
    day = Line("As of", "22 August 2026", is_day=True)
    lines = (Line("", "T"), Line("Newest", "x"), day, Line("Left out", "7", detail=True))
    first, behind = render.write_text_pages(replace(EMPTY, lines=lines))
    assert first.description == "**Newest** x"
    assert first.footer.text == "As of 22 August 2026"
    assert (behind.title, [field.name for field in behind.fields]) == ("Details", ["Left out"])


TESTS = Fact("data.tests", 19, "tests", "tests behind the answer", "19 tests", "count")
OLD = Line("Data", "to 28 September 2026, 64 days old", is_day=True)
RANGED = Line("Private", "7.0 months, likely 5 to 9")


@pytest.mark.parametrize(
    ("lines", "facts", "foot"),
    [
        ((OLD,), (), "Data to 28 September · 64 days"),
        ((Line("Data", "to 1 May 2026", is_day=True),), (), "Data to 1 May 2026"),
        ((RANGED, OLD), (TESTS,), "Data to 28 September · 64 days · 19 tests · likely = 90 %"),
    ],
    ids=["age instead of year", "a day alone", "tests and likely"],
)
def test_the_foot_says_the_datas_age_or_day_how_many_tests_and_what_likely_means(
    lines: tuple[Line, ...], facts: tuple[Fact, ...], foot: str
) -> None:
    [page] = render.write_text_pages(replace(EMPTY, lines=(Line("", "T"), *lines), facts=facts))
    assert page.footer.text == foot.replace("likely = 90 %", "likely = 90 %".replace(" ", "\N{NO-BREAK SPACE}"))


def test_only_a_table_with_ranges_says_what_likely_means_though_its_answer_has_them() -> None:
    tables = Table("T", ("Model", "Behind now"), (("a", "7.0"),)), Table("T", ("Model", "Likely"), (("a", "5 to 9"),))
    pages = render.write_table_pages(replace(EMPTY, lines=(Line("", "T"), RANGED), facts=(TESTS,), tables=tables))
    feet = [(page.footer.text or "").replace("\N{NO-BREAK SPACE}", " ") for page in pages]
    assert feet == ["19 tests · no likely range · Page 1 of 2", "19 tests · likely = 90 % · Page 2 of 2"]


def test_a_table_by_test_begins_with_the_months_of_private_tests_then_of_public_ones_ten_rows_a_page() -> None:
    rows = [
        (f"A long name {number}", "private" if number < 12 else "public", f"{number}.0", "x" * 12)
        for number in range(14)
    ]
    table = Table("By test, in months", ("Test", "Kind", "Standing gap", "Newest model"), tuple(rows))
    data = Line("Data", "to 1 May 2026", is_day=True)
    pages = render.write_table_pages(replace(EMPTY, lines=(Line("", "T"), data), tables=(table,)))
    assert [page.footer.text for page in pages[:2]] == [f"Data to 1 May 2026 · Page {n} of 6" for n in (1, 2)]
    lines = [(page.description or "").split("\n") for page in pages]
    assert [page[0] for page in lines] == [f"**{kind} tests**" for kind in ("Private", "Private", "Public") * 2]
    assert [line.split()[-1] for line in lines[0][4:-1]] == [f"{number}.0" for number in range(10)]
    assert [line.split()[-1] for line in lines[1][4:-1]] == ["10.0", "11.0"]
    assert [line.split()[-1] for line in lines[2][4:-1]] == ["12.0", "13.0"]


def test_a_picture_has_its_alt_text_wherever_it_is() -> None:
    shown = render.with_picture(discord.Embed(title="T"), "https://x.example/a.png", "A line " * 400)
    image = shown.to_dict()["image"]
    assert image["url"] == "https://x.example/a.png"
    assert 1000 < len(image["description"]) <= 1024  # type: ignore[typeddict-item]
    assert shown.title == "T"


def test_terms_fit_and_those_that_do_not_are_counted() -> None:
    term = Term("t", "A term", (), "What it means. " * 60, ())
    shown = render.show_terms([term] * 14)
    checked([shown])
    assert len(shown.fields) == 10
    assert shown.footer.text == "4 more terms: /terms explains them."


FIGURES = Table(
    "Months by test",
    ("Test", "Kind", "Months behind", "All open", "Newest model"),
    (
        ("SimpleBench", "private", "10.0", "24", "2026-08-12"),
        ("FictionLiveBench (120k)", "private", "−6.0", "1,010", "2026-01-27"),
        ("MMLU", "public", "–", "87", "–"),
    ),
)
WORDY = Table("Who says what", ("Who", "When", "Figure"), (("UK AISI", "2026-07-17", "4 to 7 months, 6 to 10 before"),))


def test_a_wide_table_of_figures_is_shown_a_few_columns_at_a_time_beside_its_first() -> None:
    first, second, third = write_sheets(FIGURES)
    assert first.head == ["                       Months", "Test           Kind    behind", "─" * 29]
    assert first.rows == [
        ["SimpleBench    private   10.0"],
        ["FictionLive-   private   −6.0", "Bench (120k)"],
        ["MMLU           public       –"],
    ]
    assert second.rows[1] == ["FictionLiveBench (120k)     1,010"[:32]] or second.rows[1][0].endswith("1,010")
    assert third.rows[0][0].endswith("2026-08-12")


def test_figures_are_to_the_right_and_words_to_the_left() -> None:
    [sheet] = write_sheets(Table("T", ("Name", "Score"), (("a", "1.5"), ("bbb", "10.25"))))
    assert sheet.rows == [["a       1.5"], ["bbb   10.25"]]


cells = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=12)


@given(st.integers(1, 8).flatmap(lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), min_size=1, max_size=6)))
def test_no_line_is_wider_than_a_phone_and_every_cell_is_there(drawn: list[list[str]]) -> None:
    columns = tuple(f"Column {n}" for n in range(len(drawn[0])))
    table = Table("T", columns, tuple(tuple(row) for row in drawn))
    lines = [line for sheet in write_sheets(table) for row in (sheet.head, *sheet.rows) for line in row]
    assert all(len(line) <= WIDTH for line in lines)
    shown = "".join("".join(lines).split())
    for row in drawn:
        for cell in row:
            assert all(letter in shown for letter in cell)


def test_a_table_of_words_is_entries_with_their_columns_titles() -> None:
    assert not is_of_figures(WORDY)
    assert write_entries(WORDY) == [("UK AISI", [("When", "2026-07-17"), ("Figure", "4 to 7 months, 6 to 10 before")])]


def test_an_entry_that_begins_with_a_figure_says_of_what() -> None:
    table = Table("T", ("Level, %", "First closed", "On"), (("80", "a model with a long name", "–"),))
    assert write_entries(table) == [("Level 80 %", [("First closed", "a model with a long name")])]


def test_two_columns_need_no_title() -> None:
    assert write_entries(Table("T", ("Term", "Means"), (("API", "An online service."),))) == [
        ("API", [("", "An online service.")])
    ]


def rows(table: Table) -> list[list[str]]:
    [(name, content)] = csv_files([table])
    assert name == "gapbrief-1.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_csv_is_whole_without_formulas_with_numbers_that_a_spreadsheet_reads() -> None:
    head, *others = rows(FIGURES)
    assert head == list(FIGURES.columns)
    assert others[1] == ["FictionLiveBench (120k)", "private", "-6.0", "1,010", "2026-01-27"]
    assert len(others) == 3
    assert rows(Table("T", ("A", "B"), (("=1+1", "−9.5"),)))[1] == ["'=1+1", "-9.5"]
