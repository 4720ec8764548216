"""The forms of a brief: the same words in each, no mark from data, and the text as it was read.

`UPDATE_GOLDEN=1 uv run --group dev pytest tests/bot/newsroom` writes the golden files anew; read them again.
"""

import json
import os
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.newsroom import FORMS, Extras, correction_notes, render
from bot.newsroom.formats import WIDTH, strip_title
from core.brief import Brief, Bullet, Earlier, ReadMore
from core.palette import PALETTE

GOLDEN = Path(__file__).parent / "golden"
PLAIN = Brief(
    "A title", "Research", date(2026, 5, 22), "gapbrief", 1, (Bullet("A bullet."),), (), ReadMore("elsewhere", ""), (),
    date(2026, 5, 22), date(2026, 5, 22), "A foot.", (),
)  # fmt: skip
TAGS = {
    "html": {"article", "header", "section", "footer", "p", "time", "h1", "h2", "ul", "li", "dl", "dt", "dd", "a",
             "code", "small", "strong"},
    "email": {"html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr", "td", "p", "h1", "h2",
              "ul", "li", "a", "code", "strong"},
    "md": {"p", "h1", "h2", "ul", "li", "strong", "a", "code", "hr"},
}  # fmt: skip


class Page(HTMLParser):
    """What a page shows: its words, its tags with their attributes, and what is hidden."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.shown: list[str] = []
        self.hidden: list[str] = []
        self._open: list[bool] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag not in ("meta", "hr", "br"):
            self._open.append(tag in ("title", "head") or "display: none" in (attributes.get("style") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("meta", "hr", "br"):
            self._open.pop()

    def handle_data(self, data: str) -> None:
        (self.hidden if any(self._open) else self.shown).append(data)

    @property
    def names(self) -> set[str]:
        return {tag for tag, _ in self.tags}

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.shown).split())


def page(brief: Brief, form: str) -> Page:
    """Read a form as a reader's program does."""
    return of_page(render(brief, form), form)


def of_page(written: str, form: str) -> Page:
    if form == "md":
        written = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(written)
    return Page(written)


def in_words(text: str) -> list[str]:
    """Return the words of a text, but for addresses and commands, and for where a bullet stands."""
    return re.findall(r"[^\W_]+", re.sub(r"https?://\S+|\(?gapbrief brief --as-of [\d-]+\)?", "", text))


def in_mail(text: str, foot: str) -> list[str]:
    """Return the words of a text in the order of a mail, where the day of the data stands under the deck."""
    head, rest = map(in_words, text.split("\nIn brief\n"))
    assert rest[-len(in_words(foot)) :] == in_words(foot)
    return [*head, *in_words(foot), "In", "brief", *rest[: -len(in_words(foot))]]


# ---- the words


def test_the_text_reads_as_it_was_reviewed(golden: tuple[str, Brief]) -> None:
    name, brief = golden
    shown, path = render(brief, "text"), GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


def check_words(brief: Brief) -> int:
    """See that all forms say the same words, and return how many."""
    words = in_words(render(brief, "text"))
    for form in ("md", "html"):
        assert in_words(page(brief, form).text) == words, form
    assert in_words(page(brief, "email").text) == in_mail(render(brief, "text"), brief.foot)
    return len(words)


def test_all_forms_say_the_same_words(golden: tuple[str, Brief]) -> None:
    assert check_words(golden[1]) > 200


def test_all_forms_say_the_same_words_of_any_name(nasty: Brief) -> None:
    assert check_words(nasty)


# ---- what comes from data is no mark


@pytest.mark.parametrize("form", TAGS)
def test_no_name_becomes_a_tag_a_link_or_a_style(nasty: Brief, form: str) -> None:
    parsed = page(nasty, form)
    assert parsed.names <= TAGS[form]
    for _, attributes in parsed.tags:
        assert not {name for name in attributes if name.startswith("on")}
        assert "javascript" not in (attributes.get("href") or "")
    assert not [tag for tag, _ in parsed.tags if tag == "a"]


@pytest.mark.parametrize("form", FORMS)
def test_no_form_holds_a_letter_that_steers_a_terminal(nasty: Brief, form: str) -> None:
    assert all(letter.isprintable() or letter == "\n" for letter in render(nasty, form))


@given(st.text(st.sampled_from("ab1 .*_`[](){}<>|~&#@$!\\+-=:/\"'\t\n–名"), max_size=40))
def test_markdown_shows_any_text_as_it_is(text: str) -> None:
    brief = replace(PLAIN, title=f"{text}x", bullets=(Bullet(text or "x", f"{text}y"),), foot=f"{text}z")
    shown, clean = page(brief, "md"), " ".join(text.split())
    assert shown.names <= TAGS["md"]
    for end in "xyz":
        assert f"{clean}{'' if text[-1:].strip() or not text else ' '}{end}".strip() in shown.text


@given(st.text(max_size=60))
def test_pages_show_any_text_as_it_is(text: str) -> None:
    brief = replace(PLAIN, bullets=(Bullet(f"a{text}b"),))
    clean = " ".join("".join(letter if letter.isprintable() else " " for letter in f"a{text}b").split())
    for form in ("html", "email"):
        assert clean in page(brief, form).text


# ---- each form


def test_text_keeps_to_its_columns_and_a_figure_stays_beside_its_unit(golden: tuple[str, Brief]) -> None:
    before = ""
    for line in render(golden[1], "text").splitlines():
        assert len(line) <= WIDTH or line.strip().startswith("https://")
        assert line == line.rstrip()
        assert not (re.search(r"\d$", before) and re.match(r"\s*(?:%|months?\b)", line))
        before = line


def test_text_breaks_a_word_that_is_longer_than_a_line() -> None:
    long = render(replace(PLAIN, title="w" * 200), "text")
    assert max(len(line) for line in long.splitlines()) == WIDTH


def test_a_fragment_is_one_article_with_headings_in_order(golden: tuple[str, Brief]) -> None:
    written = render(golden[1], "html")
    assert written.startswith("<article ")
    assert written.rstrip().endswith("</article>")
    headings = [tag for tag, _ in Page(written).tags if tag in ("h1", "h2", "h3")]
    assert headings[0] == "h1"
    assert set(headings[1:]) == {"h2"}
    assert written.isascii()


def test_an_email_needs_nothing_from_outside_and_is_small(golden: tuple[str, Brief]) -> None:
    written = render(golden[1], "email")
    parsed = Page(written)
    assert len(written) < 102_000
    assert written.isascii()
    assert not re.search(r"<link|<img|<script|url\(|@import|\bsrc=", written)
    [style] = re.findall(r"<style>(.*?)</style>", written, re.DOTALL)
    assert re.fullmatch(r"\s*@media \(prefers-color-scheme: dark\) \{(?:[^{}@]+\{[^{}]+\})+\s*\}\s*", style)
    assert {attributes["href"] for tag, attributes in parsed.tags if tag == "a"} == {golden[1].read_more.url}
    assert all(attributes.get("style") for tag, attributes in parsed.tags if tag in ("body", "h1", "h2", "li", "ul"))


# ---- what stands around a brief


AROUND = Extras(
    "https://gap.example.org/briefs/1",
    notes=("Corrected on 25 November 2026: bullet 1 now says “10”, not “11”.",),
    sources=(
        {"citation": "Epoch AI, Hub; METR, Horizons", "licence": "CC BY 4.0; METR data as published",
         "url": "https://epoch.ai/benchmarks/" + "x" * 60},
        {"citation": "Vendor-reported scores", "licence": "CC BY 4.0", "url": "javascript:alert(1)"},
    ),
    citation="gapbrief 1.0, as of 22 May 2026, data revision 0123456789ab; data: Epoch AI, Hub; METR, Horizons",
)  # fmt: skip


@pytest.mark.parametrize("form", ["text", "md", "html", "email"])
def test_notes_stand_under_the_title_and_sources_and_citation_at_the_end(form: str) -> None:
    written = render(PLAIN, form, AROUND)
    shown = " ".join(written.split()) if form == "text" else of_page(written, form).text
    assert f"A title {AROUND.notes[0]} {'A foot. ' if form == 'email' else ''}In brief" in shown
    first, second = (f"{source['citation']} ({source['licence']})" for source in AROUND.sources)
    cited = f"Cite as: {AROUND.citation}"
    assert shown.index("A foot.") < shown.index("Sources") < shown.index(first) < shown.index(second)
    assert shown.endswith(cited)
    assert "javascript" not in written


def test_text_keeps_to_its_columns_with_addresses_on_lines_of_their_own() -> None:
    lines = render(PLAIN, "text", AROUND).splitlines()
    assert f"  {AROUND.sources[0]['url']}" in lines
    assert all(len(line) <= WIDTH for line in lines if "https://" not in line)


def test_json_holds_what_stands_around_a_brief_as_values() -> None:
    parts = json.loads(render(PLAIN, "json", AROUND))
    around = (list(AROUND.notes), list(AROUND.sources), AROUND.citation)
    assert (parts["notes"], parts["sources"], parts["citation"]) == around
    assert "notes" not in json.loads(render(PLAIN, "json"))


def test_the_last_correction_comes_first() -> None:
    at = datetime(2026, 11, 25, tzinfo=UTC)
    assert correction_notes([(at, "this changed."), (at + timedelta(1), "")]) == (
        "Corrected on 26 November 2026.", "Corrected on 25 November 2026: this changed.",
    )  # fmt: skip


@pytest.mark.parametrize("around", [AROUND, Extras()])
def test_markdown_without_its_title_has_nothing_else_left_out(around: Extras) -> None:
    brief = replace(PLAIN, title="# A title", bullets=(Bullet("# A bullet."),))
    whole = render(brief, "md", around)
    assert strip_title(whole) == whole.replace("# \\# A title\n\n", "")
    assert "A bullet" in strip_title(whole)


def test_what_was_corrected_is_an_emails_preview() -> None:
    assert AROUND.notes[0] in Page(render(PLAIN, "email", AROUND)).hidden


def test_an_emails_preview_is_the_deck(golden: tuple[str, Brief]) -> None:
    written = re.sub(r"<style>.*?</style>", "", render(golden[1], "email"), flags=re.DOTALL)
    hidden = [" ".join(text.split()) for text in Page(written).hidden if text.strip()]
    assert hidden == [golden[1].title, golden[1].deck]


def test_an_email_has_the_palettes_colours_by_day_and_by_night() -> None:
    written = render(replace(PLAIN, deck="A deck."), "email", AROUND)
    _, by_night, body = re.split(r"</?style>", written)
    for role in ("ground", "ink", "muted", "rule", "private", "public"):
        assert PALETTE["light"][role] in body
        assert PALETTE["dark"][role] in by_night
    links = [attributes for tag, attributes in Page(written).tags if tag == "a"]
    assert links
    assert all(PALETTE["light"]["private"] in (link["style"] or "") for link in links), "an accent underlines"
    assert not [link for link in links if re.search(r"(?<!-)color:\s*#00", link["style"] or "")], "links are ink"


def test_an_emails_chart_comes_after_the_bullets_and_its_sources_are_one_line() -> None:
    written = render(PLAIN, "email", replace(AROUND, chart="cid:chart", chart_alt="A line."))
    assert written.index("A bullet.") < written.index('src="cid:chart" alt="A line."') < written.index("elsewhere")
    [line] = [line for line in written.splitlines() if "Sources: " in line]
    assert all(source["citation"] in line for source in AROUND.sources)
    assert 'width="600"' in written  # Outlook knows no max-width


def test_json_is_the_contract_as_it_is(golden: tuple[str, Brief]) -> None:
    brief = golden[1]
    assert json.loads(render(brief, "json")) == json.loads(json.dumps(brief.to_json()))
    assert render(brief, "json", ascii_only=True).isascii()


@pytest.mark.parametrize(("form", "mark"), [("html", '<a href="{}"'), ("email", '<a href="{}"'), ("md", "](<{}>)")])
def test_an_earlier_brief_has_its_day_and_is_a_link_where_it_has_an_address(form: str, mark: str) -> None:
    url = "https://example.org/briefs/1"
    earlier = Earlier("Earlier", "", date(2026, 4, 22))
    assert "Earlier (22 April 2026)" in render(replace(PLAIN, more=(earlier,)), form)
    linked = render(replace(PLAIN, more=(replace(earlier, url=url),)), form)
    assert mark.format(url) in linked
    assert "--as-of" not in linked  # no reader is shown a command


def test_a_brief_without_terms_and_earlier_ones_has_no_empty_part() -> None:
    for form in ("text", "md", "html", "email"):
        assert not re.search("Terms in this brief|More briefs", render(PLAIN, form))
