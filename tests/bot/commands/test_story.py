"""`gapbrief brief story` and `gapbrief newsroom story` as a person meets them; and `gapbrief brief` with a model."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot import answers
from bot.assistant import article, article_loader
from tests.bot.assistant.stories import BULLETS, GOOD, SITE, TITLE, URL, html
from tests.bot.conftest import Run
from tests.core.brief.worded import GOOD as WORDS
from tests.fakes import openai
from tests.fakes.openai import FakeOpenAI, structured

WORDS_DAY = date(2026, 8, 22)
"""The day whose brief the words are made for."""
STORY = {"title": GOOD.title, "bullets": list(BULLETS), "terms": list(GOOD.terms)}
BRIEF = {
    "title": WORDS.title,
    "bullets": [{"text": bullet.text, "remark": bullet.remark} for bullet in WORDS.bullets],
    "terms": list(WORDS.terms),
}


@pytest.fixture
def with_model(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command with a model: with_model(server, "brief", "story", "page.html")."""
    monkeypatch.setattr(article_loader, "extract_text", article._extract)
    (tmp_path / "page.html").write_text(html())

    return lambda server, *words: run(*words, GAPBRIEF_LLM_MODEL="gpt-test", GAPBRIEF_LLM_BASE_URL=server.url)


# ---- stories


@pytest.mark.slow
def test_a_story_is_printed_as_any_brief(with_model: Run) -> None:
    with FakeOpenAI(structured(STORY)) as server:
        shown = with_model(server, "brief", "story", "page.html")
    assert shown.exit_code == 0, shown.output
    assert shown.output.startswith(
        f"Story · 1 December 2026 · {SITE} · 1 min brief\n\n{GOOD.title}\n\nIn brief\n- Model"
    )
    assert f"Read full story at {SITE}: {TITLE}"[:60] in shown.output
    assert f"\n  {URL}\n" in shown.output
    ours = "In our own data, open models trail by 7.0 months on private tests,\n    likely 5 to 9. They trail by 5.4"
    assert f"  - {ours}" in shown.output


@pytest.mark.slow
def test_a_story_has_every_form_and_can_be_written_to_a_file(with_model: Run, tmp_path: Path) -> None:
    with FakeOpenAI(openai.always(structured(STORY))) as server:
        story = json.loads(with_model(server, "brief", "story", "page.html", "--format", "json").output)
        assert (story["written_by"], story["source"], story["category"]) == ("model gpt-test", SITE, "Story")
        assert with_model(server, "brief", "story", "page.html", "--format", "md", "--out", "story.md").output == ""
    assert f"Read full story at [{SITE}: {TITLE}](<{URL}>)" in (tmp_path / "story.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_story_is_kept_as_a_draft(with_model: Run) -> None:
    with FakeOpenAI(structured(STORY)) as server:
        shown = with_model(server, "newsroom", "story", "page.html")
        assert shown.output.endswith(
            "\nWritten by the model gpt-test.\n\nThis is draft 1. Go on with: gapbrief newsroom edit, approve or"
            " discard 1\n"
        )
        text = with_model(server, "newsroom", "edit", "1").output
        assert text.startswith(f"{GOOD.title}\n\n- {BULLETS[0]}\n  - In our")
        assert "is posted" in with_model(server, "newsroom", "post", "1").output
        refused = with_model(server, "newsroom", "correct", "1")
        sentence = "Brief 1 is of an article; correct it by its text, with --text.\n"
        assert (refused.exit_code, refused.output) == (2, sentence)


@pytest.mark.parametrize("command", ["brief", "newsroom"])
def test_without_a_model_one_sentence_says_what_to_set(run: Run, command: str) -> None:
    shown = run(command, "story", "https://example.org/a")
    assert (shown.exit_code, shown.output) == (
        2,
        "A story needs a language model, and none is set; name one in GAPBRIEF_LLM_MODEL, and its server in"
        " GAPBRIEF_LLM_BASE_URL or its key in OPENAI_API_KEY.\n",
    )


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("missing.html", "can't be read (No such file or directory); give a web address"),
        ("http://127.0.0.1:9/a", "leads into a private network"),
        ("http://localhost/a", "leads into a private network"),
        ("ftp://example.org/a", "is not a web address; give one that begins with https://"),
        ("https://me:secret@example.org/a", "The address holds a name or a password"),
    ],
)
def test_what_can_not_be_read_is_one_sentence(with_model: Run, source: str, sentence: str) -> None:
    with FakeOpenAI() as server:
        shown = with_model(server, "brief", "story", source)
        assert server.asked == []
    assert shown.exit_code == 2
    assert sentence in shown.output
    assert shown.output.count("\n") == 1


@pytest.mark.slow
def test_words_that_do_not_hold_are_no_story(with_model: Run) -> None:
    wrong: Any = {**STORY, "title": "Open models are 99 months ahead"}
    with FakeOpenAI(openai.always(structured(wrong))) as server:
        shown = with_model(server, "brief", "story", "page.html")
    assert shown.exit_code == 2
    last_line = shown.output.splitlines()[-1]
    assert last_line.startswith("There is no brief of this article: the language model's words do not")


def test_a_form_that_there_is_not_is_said_before_anything_is_read(with_model: Run) -> None:
    with FakeOpenAI() as server:
        assert 'No format is called "pdf"' in with_model(server, "brief", "story", "missing", "--format", "pdf").output


# ---- briefs in a model's words


@pytest.mark.parametrize("words", [("brief",), ("brief", "--template")])
def test_a_brief_that_nobody_approves_is_in_the_templates_words(with_model: Run, words: tuple[str, ...]) -> None:
    with FakeOpenAI() as server:
        assert json.loads(with_model(server, *words, "--format", "json").output)["written_by"] == "template"
        assert server.asked == []


def test_where_the_model_fails_the_template_stands_in_and_says_so(with_model: Run) -> None:
    with FakeOpenAI(openai.error(500)) as server:
        shown = with_model(server, "newsroom", "new")
    assert shown.exit_code == 0
    assert "In the template's words: the language model failed (500)\n" in shown.stderr
    assert shown.stdout.startswith("Research · 1 December 2026 · gapbrief · 1 min brief\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("newsroom", "new"), "In the template's words: the language model can't be reached; see that it runs\n"),
        (
            ("newsroom", "story", "page.html"),
            "There is no brief of this article: the language model can't be reached; see that it runs."
            " Try again later.\n",
        ),
    ],
)
def test_a_model_that_can_not_be_reached_is_said(with_model: Run, words: tuple[str, ...], sentence: str) -> None:
    with FakeOpenAI() as gone:
        pass
    assert with_model(gone, *words).stderr == sentence


@pytest.mark.slow
def test_a_draft_of_the_newsroom_is_in_the_models_words(with_model: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "utc_today", lambda: WORDS_DAY)
    with FakeOpenAI(structured(BRIEF)) as server:
        shown = with_model(server, "newsroom", "new")
    assert "Written by the model gpt-test.\n\nThis is draft 1." in shown.output
