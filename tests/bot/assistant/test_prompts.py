"""The texts for models: each file is one, says what it is given, and can be rendered with just that."""

from pathlib import Path

import pytest

from bot.assistant import prompts
from core.errors import DataError

NAMES = sorted(path.stem for path in prompts.FOLDER.glob("*.md") if path.stem != "README")


@pytest.mark.parametrize("name", NAMES)
def test_each_prompt_has_a_version_and_says_of_each_value_what_it_is(name: str) -> None:
    prompt = prompts.load_prompt(name)
    assert prompt.version
    assert all(what for what in prompt.given.values())


def test_the_prompt_of_reading_holds_what_it_is_given() -> None:
    given = {
        "today": "25 November 2026", "as_of": "22 August 2026", "previous": "", "most": 3,
        "questions": [("gap", "benchmark, access", "How many months.", "How far?")],
        "fields": [("access", "Which tests.", "private, public"), ("benchmark", "One benchmark.", "")],
    }  # fmt: skip
    got = prompts.load_prompt("reading").render(**given)
    assert "Today is 25 November 2026. Without another day, everything is as of 22 August 2026." in got
    assert "- gap(benchmark, access): How many months. “How far?”\n" in got
    assert "- access: Which tests. One of: private, public.\n- benchmark: One benchmark.\n" in got
    assert "The last question" not in got
    assert "The last question was X." in prompts.load_prompt("reading").render(**{**given, "previous": "X"})
    assert "version" not in got.split("\n", 1)[0]


def test_a_value_too_few_or_too_many_is_an_error() -> None:
    with pytest.raises(ValueError, match="is given faults, not today"):
        prompts.load_prompt("brief-repair").render(today="")
    with pytest.raises(ValueError, match="is given faults"):
        prompts.load_prompt("brief-repair").render(faults=[], more=1)


@pytest.mark.parametrize("text", ["", "no front matter", "---\nversion: 1\n---\ntext", "---\n: :\n\t-\n---\n"])
def test_what_is_no_prompt_is_said_in_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.md").write_text(text)
    with pytest.raises(DataError, match=r'The prompt "bad.md" can\'t be read'):
        prompts.load_prompt("bad", tmp_path)
    with pytest.raises(DataError, match=r"absent\.md"):
        prompts.load_prompt("absent", tmp_path)
