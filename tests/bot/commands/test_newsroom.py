"""The newsroom from the command line, as an operator meets it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.newsroom.monthly_archive import later
from bot.state import briefs, outbox
from bot.state.database import State
from tests.bot.newsroom.newsroom import NOW, made


def test_an_empty_newsroom_says_what_to_do(newsroom: Callable[..., str]) -> None:
    assert newsroom("history") == "There are no briefs yet; `gapbrief newsroom new` makes one.\n"
    assert newsroom("list") == "There are no schedules yet; `gapbrief newsroom schedule` makes one.\n"


@pytest.mark.parametrize("command", ["edit", "undo", "approve", "post", "discard", "withdraw", "correct", "send-again"])
def test_a_number_that_no_brief_has_is_named_in_one_line(newsroom: Callable[..., str], command: str) -> None:
    for number in ("0", "77", "10" * 15, "abc", "1.5", "\u0661", "1;DROP"):
        said = newsroom(command, number, fails=True)
        assert number in said
        assert said.count("\n") == 1


def test_a_draft_is_read_edited_posted_corrected_and_withdrawn(newsroom: Callable[..., str], tmp_path: Path) -> None:
    shown = newsroom("new", "--since", "2026-07-01")
    assert shown.endswith("This is draft 1. Go on with: gapbrief newsroom edit, approve or discard 1\n")
    text = newsroom("edit", "1")
    assert text.splitlines()[0] in " ".join(shown.split())
    file = tmp_path / "text.txt"
    file.write_text(text.replace("Kimi K3 takes", "Moonshot’s Kimi K3 takes", 1))
    edited = newsroom("edit", "1", "--text", str(file)).splitlines()
    assert edited[0] == f"- {text.splitlines()[0]}"
    assert edited[1].endswith("[yours, every figure is in the facts]")
    assert "Moonshot’s" in edited[1]
    assert edited[1].removeprefix("+ ") == newsroom("edit", "1", "--marks").splitlines()[0]
    assert "is posted; `gapbrief run` sends it" in newsroom("approve", "1", "--channel", "123")
    assert "Brief 1 is posted already" in newsroom("approve", "1", fails=True)
    assert "0 of 1" in newsroom("history")
    file.write_text(text)
    corrected = newsroom("correct", "1", "--text", str(file))
    assert text.splitlines()[0] in " ".join(corrected.split())
    assert "now says “Kimi”, not “Moonshot’s Kimi”" in corrected.splitlines()[-1]
    assert "is withdrawn" in newsroom("withdraw", "1", "--reason", "a test")
    assert "withdrawn" in newsroom("history")


def test_what_no_fact_has_is_told_undone_or_posted_anyway(newsroom: Callable[..., str], tmp_path: Path) -> None:
    newsroom("new", "--since", "2026-07-01")
    text, file = newsroom("edit", "1"), tmp_path / "text.txt"
    found = "“47 months”: no fact has this figure; the facts have “"
    file.write_text(text.replace("7.5 months", "47 months", 1))
    told = newsroom("edit", "1", "--text", str(file))
    assert f" [yours, unchecked]\n! {found}" in told
    assert told.endswith("Go on with: gapbrief newsroom edit, undo or approve --anyway 1\n")
    assert " [the machine's]\n" in newsroom("undo", "1")
    assert "as it was first written; there is no edit to undo" in newsroom("undo", "1", fails=True)
    newsroom("edit", "1", "--text", str(file))
    refused = newsroom("approve", "1", fails=True)
    assert refused.startswith(f"Brief 1 says what its facts do not: {found}")
    assert refused.endswith(" Edit it, or approve it with --anyway.\n")
    newsroom("approve", "1", "--anyway")
    assert "undone" in newsroom("audit")
    assert f"anyway: {found}" in " ".join(newsroom("audit", "--limit", "1").split())
    file.write_text(text.replace("7.5 months", "48 months", 1))
    assert "“48 months”: no fact" in newsroom("correct", "1", "--text", str(file), fails=True)
    assert "is corrected" in newsroom("correct", "1", "--text", str(file), "--anyway")


def test_a_posted_brief_is_corrected_from_the_data_where_that_changed(newsroom: Callable[..., str]) -> None:
    newsroom("new")
    assert newsroom("approve", "1") == (
        "Brief 1 is posted; it stands in the archive and the feeds, and there is no channel or target to send it to.\n"
    )
    assert "The data behind brief 1 say the same" in newsroom("correct", "1", fails=True)


def test_what_failed_is_sent_again(newsroom: Callable[..., str], state: State) -> None:
    newsroom("new")
    newsroom("approve", "1", "--channel", "123")
    (item,) = outbox.claim(state, "test", datetime.now(UTC), 1)
    with state.begin() as connection:
        outbox.fail(connection, item, "test", "the channel is gone")
    assert "Brief 1, post to channel 123: the channel is gone" in newsroom("history")
    assert newsroom("send-again", "1") == "Brief 1 is sent again to 1 target.\n"


def test_the_briefs_of_past_months_stand_apart_in_the_history(newsroom: Callable[..., str], state: State) -> None:
    with state.begin() as connection:
        briefs.add(connection, later(made("A month")), at=NOW, guild_id=None, by=None, status="posted")
    apart = "The briefs of past months, written later, stand apart: `gapbrief newsroom history --archive`.\n"
    assert newsroom("history") == f"There are no briefs yet; `gapbrief newsroom new` makes one.\n{apart}"
    newsroom("new")
    assert newsroom("history").endswith(apart)
    assert "A month" not in newsroom("history")
    shown = newsroom("history", "--archive")
    assert " A month\n" in shown
    assert shown.count("\n") == 3


@pytest.mark.parametrize(
    "words",
    [
        ("approve", "x"), ("approve", "99"), ("discard", "1.5"), ("edit", "1" * 30), ("withdraw", "1"),
        ("schedule", "sometimes"), ("schedule", "daily", "--zone", "Mars"), ("schedule", "daily", "--channel", "#news"),
        ("schedule", "daily", "--review-channel", "66"), ("schedule", "daily", "--focus", "china"),
        ("new", "--since", "soon"), ("schedule", "daily", "--grace", "-1"), ("new", "--focus", "x"),
        ("edit", "1", "--text", "missing.txt"), ("approve", "1", "--channel", str(2**64)),
    ],
)  # fmt: skip
def test_what_can_not_be_done_is_one_sentence(newsroom: Callable[..., Any], words: tuple[str, ...]) -> None:
    newsroom(*words, fails=True)


def test_a_draft_that_was_thrown_away_was_not_withdrawn(newsroom: Callable[..., str]) -> None:
    newsroom("new")
    newsroom("discard", "1")
    assert " discarded " in newsroom("history")
    assert "withdrawn" not in newsroom("history")
