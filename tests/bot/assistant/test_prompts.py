"""The texts for models: each file is one, says what it is given, and can be rendered with just that."""

from pathlib import Path

import pytest

from bot.assistant import prompts
from core.errors import DataError

NAMES = sorted(path.stem for path in prompts.FOLDER.glob("*.md") if path.stem != "README")


@pytest.mark.parametrize("name", NAMES)
def test_each_prompt_has_a_version_and_says_of_each_value_what_it_is(name: str) -> None:
    prompt = prompts.load(name)
    assert prompt.version
    assert all(what for what in prompt.given.values())


def test_the_assistants_prompt_holds_what_it_is_given() -> None:
    got = prompts.load("assistant").render(
        today="25 November 2026",
        as_of="22 August 2026",
        terms=[("Private test", "A benchmark whose questions are not published.")],
        biases=[
            ("caveat.coverage", "closed models are tested more often than open ones", "larger", ""),
            ("caveat.training", "open developers can train towards public tests", "smaller", "most on old ones"),
        ],
        longest=700,
    )
    assert "Today is 25 November 2026. Without another day, everything is as of 22 August 2026." in got
    assert "- Private test: A benchmark whose questions are not published." in got
    assert (
        "{caveat.coverage}: closed models are tested more often than open ones; so the gap looks larger than it" in got
    )
    assert "public tests; so the gap looks smaller than it is (most on old ones)" in got
    assert "At most 700 letters" in got
    assert "version" not in got.split("\n", 1)[0]


def test_the_repair_names_what_is_wrong() -> None:
    got = prompts.load("repair").render(faults=["There is no slot {q1.gap}.", "It is too long."])
    assert "- There is no slot {q1.gap}.\n- It is too long.\n" in got


def test_a_value_too_few_or_too_many_is_an_error() -> None:
    with pytest.raises(ValueError, match="is given faults, not today"):
        prompts.load("repair").render(today="")
    with pytest.raises(ValueError, match="is given faults"):
        prompts.load("repair").render(faults=[], more=1)


@pytest.mark.parametrize("text", ["", "no front matter", "---\nversion: 1\n---\ntext", "---\n: :\n\t-\n---\n"])
def test_what_is_no_prompt_is_said_in_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.md").write_text(text)
    with pytest.raises(DataError, match=r'The prompt "bad.md" can\'t be read'):
        prompts.load("bad", tmp_path)
    with pytest.raises(DataError, match=r"absent\.md"):
        prompts.load("absent", tmp_path)
