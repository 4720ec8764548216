"""What a text is read as, alone and after others: talks.txt has a line for each, under the law that it shows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.assistant.conftest import Read

TALKS = Path(__file__).with_name("talks.txt")
ARROW = " → "


def list_talks() -> Iterator[tuple[str, str]]:
    """Yield each law with each of its talks."""
    law = ""
    for line in TALKS.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            law = line.removeprefix("# ")
        elif ARROW in line and not line.startswith("//"):
            yield law, line


@pytest.mark.parametrize(("law", "talk"), [*list_talks()])
def test_a_text_is_read_as_is_written(reading: Read, law: str, talk: str) -> None:
    *before, text, read_as = talk.split(ARROW)
    got = reading(text, *before)
    choices = [choice.understood for choice in got.alternatives]
    if got.question or got.is_brief:
        assert read_as in (got.understood, f"{got.understood} [{got.aspect}]"), law
    elif read_as == "nothing":
        assert not choices, law
    else:
        assert " | ".join([str(got.sentence), *choices]).startswith(read_as), law


def test_no_talk_is_there_twice() -> None:
    typed = [talk.rpartition(ARROW)[0] for _, talk in list_talks()]
    assert len(typed) == len(set(typed)) > 700
