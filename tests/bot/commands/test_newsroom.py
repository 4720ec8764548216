"""The newsroom from the command line, as an operator meets it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.newsroom import scheduling
from bot.newsroom.monthly_archive import mark_written_later
from bot.state import briefs, guilds, outbox, schedules
from bot.state.database import State
from bot.state.schedules import Run
from tests.bot.commands.conftest import Newsroom
from tests.bot.kept import set_newsroom
from tests.bot.newsroom.newsroom import NOW, FakeWriter, made

NONE = (
    "There are no briefs yet; `gapbrief newsroom new` makes one."
    " Until one is posted, the page /briefs shows one that it writes from the newest data and does not keep.\n"
)


def test_an_empty_newsroom_says_what_to_do(newsroom: Newsroom) -> None:
    assert newsroom("history") == NONE
    assert newsroom("list") == "There are no schedules yet; `gapbrief newsroom schedule` makes one.\n"


@pytest.mark.parametrize("command", ["edit", "undo", "approve", "post", "discard", "withdraw", "correct", "send-again"])
def test_a_number_that_no_brief_has_is_named_in_one_line(newsroom: Newsroom, command: str) -> None:
    for number in ("0", "77", "10" * 15, "abc", "1.5", "\u0661", "1;DROP"):
        sentence = newsroom(command, number, fails=True)
        assert number in sentence
        assert sentence.count("\n") == 1


@pytest.mark.slow
def test_a_draft_is_read_edited_posted_corrected_and_withdrawn(newsroom: Newsroom, tmp_path: Path) -> None:
    shown = newsroom("new", "--since", "2026-07-01")
    assert shown.endswith("This is draft 1. Go on with: gapbrief newsroom edit, approve or discard 1\n")
    text = newsroom("edit", "1")
    assert text.splitlines()[0] in " ".join(shown.split())
    waiting = newsroom("list").partition("Waiting drafts")[2]
    assert text.splitlines()[0] in " ".join(waiting.split())
    assert "Waiting" not in newsroom("list", "--server", "6")
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
    assert "Waiting" not in newsroom("list")
    file.write_text(text)
    corrected = newsroom("correct", "1", "--text", str(file))
    assert text.splitlines()[0] in " ".join(corrected.split())
    assert "now says “Kimi”, not “Moonshot’s Kimi”" in corrected.splitlines()[-1]
    assert "is withdrawn" in newsroom("withdraw", "1", "--reason", "a test")
    assert "withdrawn" in newsroom("history")


@pytest.mark.slow
def test_what_no_fact_has_is_told_undone_or_posted_anyway(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom("new", "--since", "2026-07-01")
    text, file = newsroom("edit", "1"), tmp_path / "text.txt"
    finding = "“47 months”: no fact has this figure; the facts have “"
    file.write_text(text.replace("7.5 months", "47 months", 1))
    lines = newsroom("edit", "1", "--text", str(file))
    assert f" [yours, unchecked]\n! {finding}" in lines
    assert lines.endswith("Go on with: gapbrief newsroom edit, undo, approve --anyway or discard 1\n")
    assert " [the machine's]\n" in newsroom("undo", "1")
    assert "as it was first written; there is no edit to undo" in newsroom("undo", "1", fails=True)
    newsroom("edit", "1", "--text", str(file))
    refused = newsroom("approve", "1", fails=True)
    assert refused.startswith(f"Brief 1 says what its facts do not: {finding}")
    assert refused.endswith(" Edit it, or approve it with --anyway.\n")
    unchecked = "\nUnchecked: 1 sentence; `gapbrief newsroom edit 1 --marks` shows which.\n"
    assert newsroom("approve", "1", "--anyway").endswith(unchecked)
    assert "undone" in newsroom("audit")
    assert f"anyway: {finding}" in " ".join(newsroom("audit", "--limit", "1").split())
    file.write_text(text.replace("7.5 months", "48 months", 1))
    refused = newsroom("correct", "1", "--text", str(file), fails=True)
    assert "“48 months”: no fact" in refused
    assert refused.endswith(" Change your words, or correct it with --anyway.\n")
    assert "is corrected" in newsroom("correct", "1", "--text", str(file), "--anyway")
    anew = newsroom("correct", "1").splitlines()[-1]
    assert "Readers see: " in anew
    assert "written anew from today's data; " in anew
    assert "47 months" not in newsroom("edit", "1") + newsroom("edit", "1", "--marks")
    assert "The data behind brief 1 say the same" in newsroom("correct", "1", fails=True)


def test_a_posted_brief_is_corrected_from_the_data_where_that_changed(newsroom: Newsroom) -> None:
    newsroom("new")
    assert newsroom("approve", "1") == (
        "Brief 1 is posted; it stands in the archive and the feeds, and there is no channel or target to send it to.\n"
    )
    assert "The data behind brief 1 say the same" in newsroom("correct", "1", fails=True)


def test_what_failed_is_sent_again(newsroom: Newsroom, state: State) -> None:
    newsroom("new")
    newsroom("approve", "1", "--channel", "123")
    (item,) = outbox.claim(state, "test", datetime.now(UTC), 1)
    with state.begin() as connection:
        outbox.mark_failed(connection, item, "test", "the channel is gone")
    assert "Brief 1, post to channel 123: the channel is gone" in newsroom("history")
    assert newsroom("send-again", "1") == "Brief 1 is sent again to 1 target.\n"


def test_what_is_tried_again_by_itself_is_said_alike_in_history_and_where_it_is_repeated(
    newsroom: Newsroom, state: State
) -> None:
    newsroom("new")
    newsroom("approve", "1", "--channel", "123")
    at = datetime(2026, 11, 25, 22, 12, tzinfo=UTC)
    (item,) = outbox.claim(state, "test", datetime.now(UTC), 1)
    outbox.postpone(state, item, "test", at, "status 500", may_be_sent=False)
    (item,) = outbox.list_items(state, 1)
    assert item.tried_at
    outcome = f"status 500 (failing since {item.tried_at:%H:%M}, next try 22:12 UTC)"
    assert f"Brief 1, post to channel 123: {outcome}\n" in newsroom("history")
    assert f"Brief 1 is still being sent: {outcome}; " in newsroom("send-again", "1", fails=True)


def test_the_briefs_of_past_months_stand_apart_in_the_history(newsroom: Newsroom, state: State) -> None:
    with state.begin() as connection:
        briefs.add(connection, mark_written_later(made("A month")), at=NOW, guild_id=None, by=None, status="posted")
    apart = "The briefs of past months, written later, stand apart: `gapbrief newsroom history --archive`.\n"
    assert newsroom("history") == f"{NONE}{apart}"
    newsroom("new")
    assert newsroom("history").endswith(apart)
    assert "A month" not in newsroom("history")
    shown = newsroom("history", "--archive")
    assert " A month\n" in shown
    assert re.search(r"^No +Day +Made", shown, re.MULTILINE)
    assert f" {made('A month').brief.published} " in shown
    assert shown.count("\n") == 3


@pytest.mark.parametrize(
    "words",
    [
        ("schedule", "sometimes"), ("schedule", "daily", "--zone", "Mars"), ("schedule", "daily", "--channel", "#news"),
        ("schedule", "daily", "--focus", "china"), ("new", "--since", "soon"), ("new", "--focus", "x"),
        ("edit", "1", "--text", "missing.txt"), ("approve", "1", "--channel", str(2**64)),
    ],
)  # fmt: skip
def test_what_can_not_be_done_is_one_sentence(newsroom: Newsroom, words: tuple[str, ...]) -> None:
    newsroom(*words, fails=True)


def test_a_draft_that_was_thrown_away_was_not_withdrawn(newsroom: Newsroom) -> None:
    newsroom("new")
    newsroom("discard", "1")
    assert " discarded " in newsroom("history")
    assert "withdrawn" not in newsroom("history")


# ---- Schedules from the command line, as an operator meets them.


def test_a_schedule_shows_its_next_three_times_in_its_own_zone(newsroom: Newsroom, state: State) -> None:
    shown = newsroom(
        "schedule", "every Monday at 09:00", "--zone", "Europe/Berlin", "--channel", "123", "--server", "5"
    )
    lines = shown.splitlines()
    assert lines[0] == "Schedule 1: every Monday at 09:00 (Europe/Berlin), to channel 123, only with news."
    assert len(lines) == 6
    assert all(line.startswith("  Monday, ") and line.endswith(", 09:00") for line in lines[1:4])
    assert lines[4] == "`gapbrief run` posts it when it is due, as long as it runs."
    assert lines[5].startswith("Channel 123 can't be checked, because DISCORD_TOKEN is not set here")
    assert "every Monday at 09:00" in newsroom("list")
    (schedule,) = schedules.list_schedules(state)
    assert (schedule.guild_id, schedule.channel_id, schedule.rule) == (5, 123, "0 9 * * MON")


@pytest.mark.parametrize("words", [("add", "every Monday at 09:00"), ("every", "Monday", "at", "09:00")], ids=str)
def test_a_schedule_is_made_as_in_discord_too_and_without_quotation_marks(
    newsroom: Newsroom, state: State, words: tuple[str, ...]
) -> None:
    newsroom("schedule", *words, "--channel", "123")
    assert [schedule.rule for schedule in schedules.list_schedules(state)] == ["0 9 * * MON"]


WITHOUT_A_RULE = "Say when: `gapbrief newsroom schedule every Monday at 09:00` repeats, “tomorrow at 17:00” posts once."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), WITHOUT_A_RULE), (("add",), WITHOUT_A_RULE),
        (("daily", "--review-channel", "66"),
         "--review-channel is for drafts that wait for approval; give --ask-first too, or leave it out."),
        (("daily", "--grace", "20000"), '--grace "20000" can\'t be; give 0 to 10080.'),
    ],
)  # fmt: skip
def test_a_schedule_that_can_not_be_is_refused(newsroom: Newsroom, words: tuple[str, ...], sentence: str) -> None:
    assert newsroom("schedule", *words, fails=True) == f"{sentence}\n"


def test_a_schedule_for_once_is_done_when_its_time_came(newsroom: Newsroom, state: State) -> None:
    sentence = newsroom("schedule", "tomorrow", "at", "17:00", "--zone", "Europe/Berlin", "--channel", "123")
    assert sentence.startswith("Schedule 1: once, on ")
    assert ", always.\n" in sentence
    assert sentence.count("17:00") == 2  # as it is said, and its one time
    (kept,) = schedules.list_schedules(state)
    assert scheduling.run_due(state, scheduling.next_times(kept, kept.made_at)[0], FakeWriter()) == 1
    assert newsroom("list").splitlines()[-1].split()[-1] == "done"
    assert "which is over; set another" in newsroom("resume", "1", fails=True)
    assert "is over in UTC" in newsroom("schedule", "today at 0:00", fails=True)


def test_a_schedule_is_run_paused_resumed_and_removed(newsroom: Newsroom, state: State) -> None:
    newsroom("schedule", "daily", "--channel", "123", "--always")
    assert "Brief 1 is ready" in newsroom("run-now", "1")
    assert "a moment ago" in newsroom("run-now", "1", fails=True)
    assert [item.target for item in outbox.list_items(state, 1)] == ["discord:123"]
    assert newsroom("pause", "1") == "Schedule 1 is paused.\n"
    assert "paused: a moderator paused it" in newsroom("list")
    assert newsroom("resume", "1") == "Schedule 1 resumes with its next time.\n"
    assert newsroom("remove", "#1") == (
        "Schedule 1 is removed; what it posted stays. What waited to be sent of brief 1 is not sent any more;"
        " `gapbrief newsroom send-again 1` sends it.\n"
    )
    newsroom("schedule", "daily", "--channel", "123")
    assert newsroom("remove", "2") == "Schedule 2 is removed; what it posted stays.\n"
    assert "no schedule 1" in newsroom("remove", "1", fails=True)


def test_a_draft_that_a_schedule_asks_about_goes_where_the_schedule_posts(newsroom: Newsroom, state: State) -> None:
    newsroom("schedule", "daily", "--channel", "123", "--ask-first", "--review-channel", "66")
    newsroom("run-now", "1")
    newsroom("approve", "1")
    assert [(item.action, item.target) for item in outbox.list_items(state, 1)] == [
        ("review", "discord:66"), ("post", "discord:123"),
    ]  # fmt: skip


def at(state: State, *runs: Run) -> None:
    with state.begin() as connection:
        for run in runs:
            schedules.add_run(connection, run)


def test_the_list_has_what_came_of_the_last_time_and_the_next_three(newsroom: Newsroom, state: State) -> None:
    newsroom(
        "schedule", "every Monday at 09:00", "--zone", "Europe/Berlin", "--channel", "123", "--role", "77",
        "--server", "5",
    )  # fmt: skip
    for hour in range(9, 13):
        newsroom("schedule", f"every day at {hour}")
    newsroom("pause", "5")
    at(
        state,
        Run(1, "2026-01-05T09:00", NOW, "skipped", None, "missed by more than its grace"),
        Run(2, "2026-01-05T10:00", NOW, "nothing-new", None, None),
        Run(3, "2026-01-05T10:00!", NOW, "made", None, None),
    )
    shown = newsroom("list")
    when = shown.partition("When, on each schedule's own clock\n")[2].splitlines()
    first, *others = [re.split(" {2,}", line.strip()) for line in when[1:6]]
    assert first[:2] == ["1", "2026-01-05 09:00 skipped: missed by more than its grace"]
    assert re.fullmatch(r"20\d\d-\d\d-\d\d 09:00(, 20\d\d-\d\d-\d\d 09:00){2}", first[2])
    assert [cells[1] for cells in others] == [
        "2026-01-05 10:00 nothing new", "2026-01-05 10:00 a brief was made", "–", "–",
    ]  # fmt: skip
    assert others[-1][2] == "paused: a moderator paused it"
    whose = [re.split(" {2,}", line.strip())[1:] for line in shown.splitlines()[2:4]]
    assert whose == [
        ["5", "every Monday at 09:00 (Europe/Berlin), to channel 123, mentioning role 77, only with news"],
        ["whole service", "every day at 09:00 (UTC), to archive, feeds and targets, only with news"],
    ]


def test_the_schedules_of_a_server_alone(newsroom: Newsroom) -> None:
    newsroom("schedule", "daily", "--server", "5")
    newsroom("schedule", "every Monday at 09:00")
    assert "Monday" in newsroom("list")
    assert "Monday" not in newsroom("list", "--server", "5")
    assert newsroom("list", "--server", "6").startswith("There are no schedules there")


def test_who_is_asked_about_a_draft_is_said(newsroom: Newsroom, state: State) -> None:
    newsroom("settings", "--server", "5", "--review-channel", "9")
    newsroom("schedule", "daily", "--channel", "123", "--ask-first", "--server", "5")
    newsroom("schedule", "daily", "--channel", "124", "--ask-first", "--server", "5")
    assert newsroom("run-now", "1") == (
        "Draft 1 is ready, and goes to the moderators' channel for approval. `gapbrief newsroom approve 1` posts it.\n"
    )
    set_newsroom(state, 5, guilds.NewsroomSettings())
    waits = "Draft 2 is ready, and waits for approval. `gapbrief newsroom approve 2` posts it.\n"
    assert newsroom("run-now", "2") == waits
    assert "paused" not in newsroom("list")


@pytest.mark.slow
def test_a_draft_is_asked_about_and_approved_on_the_command_line_alone(newsroom: Newsroom, state: State) -> None:
    newsroom("target", "add", "https://example.org/hook", "--name", "team-hook")
    first, *_, then = newsroom("schedule", "daily", "--ask-first").splitlines()
    assert first == "Schedule 1: every day at 09:00 (UTC), to archive, feeds and targets, only with news, asks first."
    assert then == (
        "`gapbrief run` writes a draft when it is due, as long as it runs. `gapbrief newsroom list` names the draft,"
        " and `gapbrief newsroom approve NUMBER` posts it."
    )
    newsroom("run-now", "1")
    assert " draft 1 waits for approval " in newsroom("list")
    assert outbox.list_items(state, 1) == []
    assert newsroom("approve", "1").startswith("Brief 1 is posted; ")
    assert [(item.action, item.kind) for item in outbox.list_items(state, 1)] == [("post", "webhook")]
    assert " a brief was made " in newsroom("list")


def test_a_schedule_says_what_is_not_as_by_default(newsroom: Newsroom) -> None:
    words = ("--channel", "123", "--ask-first", "--review-channel", "66", "--grace", "60")
    sentence = (
        "every day at 09:00 (UTC), to channel 123, only with news, asks first in channel 66,"
        " missed ones made up within 60 minutes"
    )
    assert newsroom("schedule", "daily", *words).startswith(f"Schedule 1: {sentence}.\n")
    assert sentence in newsroom("list")


def test_where_nothing_is_sent_to_that_is_said(newsroom: Newsroom) -> None:
    newsroom("schedule", "daily")
    assert newsroom("run-now", "1") == (
        "Brief 1 is ready, and in the archive and feeds; there is nowhere to send it, because there is no channel"
        " and no target.\n"
    )
