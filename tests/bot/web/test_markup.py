"""How texts become HTML: escaped, with addresses as links, figures beside their units, and Markdown."""

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from bot.web.markup import headline, lead, markdown, table_title, to_html


def test_known_addresses_and_days_in_a_text_are_marked() -> None:
    text = "See https://a.example/x?y=1, not https://b.example, of 2026-05-22; not gpt-5-2025-08-07."
    assert to_html(text, {"https://a.example/x?y=1"}) == (
        'See <a href="https://a.example/x?y=1">https://a.example/x?y=1</a>, not https://b.example, of'
        ' <time datetime="2026-05-22">2026-05-22</time>; not gpt-5-2025-08-07.'
    )


def test_a_figure_stays_beside_its_unit() -> None:
    assert to_html("80 % in 5.7 months") == "80\N{NO-BREAK SPACE}% in 5.7\N{NO-BREAK SPACE}months"


def test_no_line_ends_behind_a_mark_before_a_dot_or_within_a_name() -> None:
    assert to_html("■ China · □ the US").replace("\N{NO-BREAK SPACE}", "_") == "■_China_· □_the US"
    assert to_html("GPT-5.5 Pro on MMLU-Pro.") == '<span class="whole">GPT-5.5</span> Pro on MMLU-Pro.'


def test_a_title_is_the_finding_and_says_the_rest_small_without_losing_a_word() -> None:
    title = headline("others disagree on the gap's direction: 3 say widening (of 16)")
    assert title.startswith('<h1 id="headline">Others disagree on the gap&#39;s direction<span class="unseen">:</span>')
    assert title.endswith('<span class="rest below">3 say widening (of 16)</span></h1>')
    whole = '<h1 id="headline">Too close to call: by 0.9\N{NO-BREAK SPACE}months</h1>'
    assert headline("Too close to call: by 0.9 months") == whole
    assert '<span class="rest"> (average of six months)</span>' in headline("Behind by 7.0 (average of six months)")
    assert "likely" not in headline("Kimi K3 stands 9.6 behind (likely 7 to 10)", is_plain=True)
    assert [' class="long"' in headline(f"It is{' so' * n}") for n in (10, 11)] == [False, True]


def test_a_table_title_is_what_is_in_it_and_the_rest_is_small() -> None:
    assert table_title("Scores") == "Scores"
    title = 'By test<span class="unseen">:</span> <span class="rest below">the first</span>'
    assert table_title("By test: the first") == title


def test_the_role_of_a_bullet_is_bold() -> None:
    texts = ("To watch: X.", "Is the gap growing? No.", "Overall, 7.", "Kimi K3 (July) did: so", "A, B: c")
    assert [lead(text).count("<strong>") for text in texts] == [1, 1, 1, 1, 0]
    assert lead("To watch: <b>") == "<strong>To watch:</strong> &lt;b&gt;"


@given(st.text())
def test_whatever_a_text_holds_is_shown_and_nothing_of_it_is_markup(text: str) -> None:
    shown = str(to_html(text))
    for tag in ("<a href=", "</a>", "<time datetime=", "</time>"):
        shown = shown.replace(tag, "")
    assert "<" not in shown
    if "-" not in text and text.isprintable():
        assert shown.replace("\N{NO-BREAK SPACE}", " ") == str(escape(text)).replace("\N{NO-BREAK SPACE}", " ")


def test_markdown_gives_its_title_its_sections_and_no_raw_html() -> None:
    text = "# T\n\n## One *two*\n\n<b>x</b>\n\n|a|b|\n|-|-:|\n|1|2|\n\n## One\n\n|a|\n|-|\n|1|\n"
    title, html, sections = markdown(text)
    assert title == "T"
    assert "<h1>" not in html
    assert sections == [("one-two", "One two"), ("one", "One")]
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert '<td class="n">2</td>' in html
    assert "style=" not in html
    assert html.count('<div class="scroll"') == html.count("</div>") == 2
