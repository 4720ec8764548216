"""Schedules: each due time becomes one brief, before anything is sent; missed ones are made up once, or skipped."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.newsroom import newsroom_setup, scheduling, workflow
from bot.newsroom.workflow import OPERATOR, Actor
from bot.newsroom.writing import write_after
from bot.state import audit, briefs, guilds, outbox, schedules
from bot.state.briefs import NewBrief
from bot.state.database import State
from bot.state.guilds import NewsroomSettings
from bot.state.schedules import LastBrief, NewSchedule, Run, Schedule
from core.answer import Fact
from core.errors import UsageError
from tests.bot.kept import set_newsroom
from tests.bot.newsroom.newsroom import DAY, HOUR, MINUTE, SECOND, FakeWriter, at_once, made

MO = Actor(7, 5)
BERLIN = "Europe/Berlin"
MADE_AT = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
"""A Wednesday, noon."""
DUE = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
"""The first due time of "every day at 9" in Berlin."""


def add(state: State, rule: str = "every day at 9", at: datetime = MADE_AT, **wish: Any) -> Schedule:
    zone = wish.pop("timezone", BERLIN)
    return scheduling.add(state, NewSchedule(rule, zone, **{"channel_id": 55, "only_news": False, **wish}), MO, at)


def came(state: State, schedule: Schedule) -> list[tuple[str, str]]:
    """What came of the due times, the first one first."""
    return [(run.due, run.status) for run in reversed(schedules.list_runs(state, schedule.id))]


def queued(state: State, brief_id: int) -> list[tuple[str, str]]:
    return [(item.action, item.target) for item in outbox.list_items(state, brief_id)]


def tick(state: State, now: datetime, writer: FakeWriter | None = None) -> int:
    return scheduling.run_due(state, now, writer or FakeWriter())


def test_a_due_time_becomes_a_brief_with_what_is_to_be_sent_once(state: State) -> None:
    schedule = add(state)
    assert tick(state, DUE - MINUTE) == 0
    assert tick(state, DUE) == 1
    assert tick(state, DUE) == tick(state, DUE + MINUTE) == 0
    (run,) = schedules.list_runs(state, schedule.id)
    kept = briefs.by_id(state, run.brief_id or 0)
    assert kept is not None
    assert run == Run(schedule.id, "2026-11-26T09:00", DUE, "made", kept.id, None)
    assert (kept.status, kept.guild_id, kept.made_by) == ("posted", 5, None)
    assert [(item.action, item.target, item.schedule_id) for item in outbox.list_items(state, kept.id)] == [
        ("post", "discord:55", schedule.id)
    ]
    assert [(entry.what, entry.who, entry.detail) for entry in audit.list_entries(state, brief_id=kept.id)] == [
        (what, None, "schedule 1, due 2026-11-26 09:00 in Europe/Berlin") for what in ("posted", "made")
    ]


def test_the_brief_is_of_the_day_that_the_schedules_own_clock_shows(state: State) -> None:
    writer = FakeWriter()
    add(state, "every day at 1", timezone="Pacific/Auckland")
    assert tick(state, datetime(2026, 11, 26, 12, 0, tzinfo=UTC), writer) == 1  # 01:00 on the 27th there
    assert writer.asked[-1][0] == date(2026, 11, 27)


def test_without_news_nothing_is_sent_unless_it_is_wanted_always_and_that_is_noted(state: State) -> None:
    schedule = add(state, only_news=True)
    assert tick(state, DUE, FakeWriter(has_news=False)) == 0
    assert came(state, schedule) == [("2026-11-26T09:00", "nothing-new")]
    assert briefs.list_briefs(state) == []
    add(state, only_news=False)
    assert tick(state, DUE, FakeWriter(has_news=False)) == 1


def test_the_same_data_is_no_news_the_second_time(state: State) -> None:
    schedule = add(state, only_news=True)
    assert tick(state, DUE) == 1
    assert tick(state, DUE + DAY) == 0
    assert tick(state, DUE + 2 * DAY, FakeWriter(at_revision="r2")) == 1
    assert [status for _, status in came(state, schedule)] == ["made", "nothing-new", "made"]


def test_a_draft_that_moderators_discard_is_a_time_skipped(state: State) -> None:
    schedule = add(state, ask_first=True, review_channel_id=66)
    tick(state, DUE)
    workflow.discard(state, briefs.list_briefs(state)[0].id, MO, DUE)
    assert came(state, schedule) == [("2026-11-26T09:00", "skipped")]


@pytest.mark.parametrize(
    ("who", "of_schedule", "of_server", "target", "place"),
    [
        (MO, 66, None, "discord:66", "goes to the moderators' channel for approval"),
        (MO, None, 77, "discord:77", "goes to the moderators' channel for approval"),
        (MO, None, None, "user:7", "goes to whoever set the schedule for approval, as there is no moderators' channel"),
        (OPERATOR, None, None, None, "waits for approval"),
    ],
    ids=["the schedule's channel", "the server's", "who set it", "the operator's command line"],
)
def test_who_is_asked_first_gets_a_draft_and_the_approved_one_is_posted(
    state: State, who: Actor, of_schedule: int | None, of_server: int | None, target: str | None, place: str
) -> None:
    set_newsroom(state, 5, NewsroomSettings(review_channel_id=77))
    wish = NewSchedule("daily", BERLIN, 55, only_news=False, ask_first=True, review_channel_id=of_schedule)
    schedule = scheduling.add(state, wish, who, MADE_AT, guild_id=5)
    set_newsroom(state, 5, NewsroomSettings(review_channel_id=of_server))
    assert tick(state, DUE) == 1
    (kept,) = briefs.list_briefs(state)
    assert (kept.status, came(state, schedule)) == ("draft", [("2026-11-26T09:00", "awaiting")])
    reviews = [("review", target)] if target else []
    assert queued(state, kept.id) == reviews
    assert scheduling.describe_review(state, kept.id) == place
    assert workflow.approve(state, kept.id, MO, DUE + HOUR).status == "posted"
    assert came(state, schedule) == [("2026-11-26T09:00", "made")]
    assert queued(state, kept.id) == [*reviews, ("post", "discord:55")]
    assert tick(state, DUE + DAY) == 1, "the schedule goes on"


def test_without_a_moderators_channel_none_is_set_that_asks_first(state: State) -> None:
    with pytest.raises(UsageError, match="moderators' channel"):
        add(state, ask_first=True)


def set_up(state: State, who: Actor = MO, *, channels: list[int] | None = None, **changed: Any) -> None:
    newsroom_setup.change_settings(state, 5, changed, "as wished", who, MADE_AT, channels=channels)


@pytest.mark.parametrize("who", [MO, OPERATOR])
def test_the_channel_for_drafts_stays_while_schedules_need_it(state: State, who: Actor) -> None:
    set_up(state, review_channel_id=77)
    add(state, ask_first=True, review_channel_id=66)
    add(state)
    add(state, ask_first=True)
    add(state, ask_first=True, focus="private")
    scheduling.pause(state, 3, MO, MADE_AT)
    with pytest.raises(UsageError, match=r"^Schedules 3 and 4 send their drafts .* or remove the schedules first.$"):
        set_up(state, who, review_channel_id=None)
    scheduling.remove(state, 4, MO, MADE_AT)
    with pytest.raises(UsageError) as refusal:
        set_up(state, who, review_channel_id=None, milestones_per_day=3)
    assert str(refusal.value) == (
        "Schedule 3 sends its drafts to the moderators' channel; choose another channel, or remove the schedule first."
    )
    assert guilds.get_newsroom(state, 5) == NewsroomSettings(review_channel_id=77)
    set_up(state, who, review_channel_id=78)
    scheduling.remove(state, 3, MO, MADE_AT)
    set_up(state, who, review_channel_id=None)
    assert guilds.get_newsroom(state, 5).review_channel_id is None


def test_a_setting_is_kept_with_who_set_it_or_not_at_all(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(state, milestones_per_day=2, channels=[8, 9])
    [entry] = audit.list_entries(state)
    assert (entry.guild_id, entry.who, entry.what, entry.detail) == (5, 7, "set", "as wished")
    monkeypatch.delattr(audit, "add_entry")
    with pytest.raises(AttributeError):
        set_up(state, milestones_per_day=9, channels=[])
    assert guilds.get_newsroom(state, 5).milestones_per_day == 2
    assert guilds.allowed_channels(state, 5) == {8, 9}


def test_the_operator_s_drafts_need_no_channel(state: State) -> None:
    schedule = scheduling.add(state, NewSchedule("daily", BERLIN, ask_first=True), OPERATOR, MADE_AT)
    scheduling.pause(state, schedule.id, OPERATOR, MADE_AT)
    assert not scheduling.resume(state, schedule.id, OPERATOR, MADE_AT).paused


def test_of_what_was_missed_the_newest_is_made_up_once_and_the_others_are_noted(state: State) -> None:
    schedule = add(state)
    assert (tick(state, DUE + 3 * DAY + HOUR), tick(state, DUE + 3 * DAY + 2 * HOUR)) == (1, 0)
    assert came(state, schedule) == [("2026-11-28T09:00", "skipped"), ("2026-11-29T09:00", "made")]
    skipped = schedules.list_runs(state, schedule.id)[-1]
    assert skipped.note == "missed, with 2 times before it, as a later time had come"


@pytest.mark.parametrize(
    ("grace", "late", "problem", "status", "note"),
    [
        (60, 60, None, "made", None),
        (60, 61, None, "skipped", "missed by more than its grace"),
        (0, 4, None, "made", None),  # some minutes are on time
        (0, 0, UsageError("There is too little data."), "skipped", "There is too little data."),
    ],
)
def test_a_late_time_is_made_up_within_its_grace_and_what_is_skipped_has_its_reason(
    state: State, grace: int, late: int, problem: UsageError | None, status: str, note: str | None
) -> None:
    schedule = add(state, grace_minutes=grace)
    assert tick(state, DUE + late * MINUTE, FakeWriter(problem=problem)) == (status == "made")
    (run,) = schedules.list_runs(state, schedule.id)
    assert (run.due, run.status, run.note) == ("2026-11-26T09:00", status, note)


def test_a_clock_that_is_put_back_repeats_nothing(state: State) -> None:
    schedule = add(state)
    assert tick(state, DUE + MINUTE) == 1
    for now in (DUE - HOUR, DUE, DUE + MINUTE, DUE + HOUR):
        assert tick(state, now) == 0
    assert tick(state, DUE + DAY) == 1
    assert len(came(state, schedule)) == 2


def test_a_clock_that_was_years_ahead_neither_stops_nor_repeats_it(state: State) -> None:
    schedule = add(state)
    assert tick(state, DUE) == 1
    assert tick(state, DUE + 365 * DAY) == 1
    assert tick(state, DUE + MINUTE) == 0  # the clock is right again
    assert tick(state, DUE + 2 * MINUTE) == 0
    assert tick(state, DUE + DAY) == 1
    assert [status for _, status in came(state, schedule)].count("made") == 3


def test_two_processes_at_once_make_one_brief(state: State) -> None:
    schedule = add(state)
    assert sum(at_once(lambda now: tick(state, now), [DUE] * 4)) == 1
    assert len(briefs.list_briefs(state)) == len(came(state, schedule)) == 1


def test_a_paused_schedule_is_not_due_and_goes_on_with_its_next_time(state: State) -> None:
    schedule = add(state)
    scheduling.pause(state, schedule.id, MO, MADE_AT)
    assert tick(state, DUE) == 0
    assert scheduling.next_times(scheduling.pause(state, schedule.id, MO, MADE_AT), MADE_AT) == []
    resumed = scheduling.resume(state, schedule.id, MO, DUE + HOUR)
    assert tick(state, DUE + HOUR) == 0
    assert scheduling.next_times(resumed, DUE + HOUR) == [DUE + DAY, DUE + 2 * DAY, DUE + 3 * DAY]
    assert tick(state, DUE + DAY) == 1
    assert [entry.what for entry in audit.list_entries(state)][2:] == ["resumed", "paused", "scheduled"]


@pytest.mark.parametrize("moment", [MADE_AT, MADE_AT + 59 * SECOND], ids=["within a minute", "over its edge"])
def test_run_now_is_once_for_two_presses_within_a_minute_whatever_the_clocks_minute(
    state: State, moment: datetime
) -> None:
    schedule = add(state)
    brief_id = scheduling.run_now(state, schedule.id, MO, moment, FakeWriter(has_news=False))
    assert outbox.list_items(state, brief_id)[0].target == "discord:55"
    for later in (-SECOND, timedelta(), SECOND, MINUTE - SECOND):  # also by a clock that is a little behind
        with pytest.raises(UsageError, match="a moment ago"):
            scheduling.run_now(state, schedule.id, MO, moment + later, FakeWriter())
    assert scheduling.run_now(state, schedule.id, MO, moment + MINUTE, FakeWriter()) != brief_id


@pytest.mark.parametrize(
    ("late", "writer", "status"),
    [
        (MINUTE, FakeWriter(), "made"),
        (HOUR, FakeWriter(has_news=False), "nothing-new"),
        (3 * DAY, FakeWriter(), "skipped"),
    ],
)
def test_what_comes_once_comes_once_and_is_done(state: State, late: timedelta, writer: FakeWriter, status: str) -> None:
    schedule = add(state, "tomorrow at 9", only_news=True)
    assert (schedule.rule, scheduling.next_times(schedule, MADE_AT)) == ("once 2026-11-26T09:00", [DUE])
    assert tick(state, DUE - MINUTE, writer) == 0
    at_once(lambda now: tick(state, now, writer), [DUE + late] * 2)
    assert tick(state, DUE + 30 * DAY, writer) == 0
    assert came(state, schedule) == [("2026-11-26T09:00", status)]
    assert len(briefs.list_briefs(state)) == (status == "made")
    (done,) = schedules.list_schedules(state)
    assert (scheduling.describe_pause(done), scheduling.next_times(done, DUE)) == ("done", [])
    with pytest.raises(UsageError, match=r"was for once, on 26 November 2026 at 09:00, which is over; set another"):
        scheduling.resume(state, schedule.id, MO, DUE + late)
    assert schedules.list_active(state) == []


def test_run_now_does_not_take_the_place_of_a_due_time(state: State) -> None:
    schedule = add(state)
    scheduling.run_now(state, schedule.id, MO, DUE, FakeWriter())
    assert tick(state, DUE) == 1
    assert scheduling.run_now(state, schedule.id, MO, DUE + MINUTE, FakeWriter())


def test_run_now_pressed_in_two_processes_at_the_minutes_edge_is_once(state: State) -> None:
    schedule = add(state)

    def press(seconds: int) -> str:
        try:
            scheduling.run_now(state, schedule.id, MO, MADE_AT + seconds * SECOND, FakeWriter())
        except UsageError as error:
            return str(error)
        return ""

    answers = at_once(press, [59, 60, 59, 61])
    assert sorted(answers) == ["", *["This schedule was run a moment ago; see the history."] * 3]
    assert len(briefs.list_briefs(state)) == len(came(state, schedule)) == 1


def test_run_now_of_a_schedule_that_is_removed_meanwhile_says_so(state: State) -> None:
    class Slow(FakeWriter):
        def reword(self, made: NewBrief) -> NewBrief:
            scheduling.remove(state, schedule.id, MO, MADE_AT)
            return made

    schedule = add(state, ask_first=True, review_channel_id=99)
    with pytest.raises(UsageError, match="no schedule 1 here"):
        scheduling.run_now(state, schedule.id, MO, MADE_AT, Slow())
    assert briefs.list_briefs(state) == []


def test_who_removes_a_schedule_learns_what_it_had_not_sent_and_it_is_gone(state: State) -> None:
    schedule = add(state)
    brief_id = scheduling.run_now(state, schedule.id, MO, MADE_AT, FakeWriter())
    assert scheduling.remove(state, schedule.id, MO, MADE_AT) == [brief_id]
    assert [(item.status, item.schedule_id) for item in outbox.list_items(state, brief_id)] == [("failed", None)]
    assert briefs.by_id(state, brief_id) is not None
    assert tick(state, DUE) == 0
    with pytest.raises(UsageError, match="no schedule 1 here"):
        scheduling.remove(state, schedule.id, MO, MADE_AT)


def test_a_schedule_of_another_server_is_not_there(state: State) -> None:
    schedule = add(state)
    stranger = Actor(8, 6)
    for act in (scheduling.pause, scheduling.resume, scheduling.remove):
        with pytest.raises(UsageError, match="no schedule"):
            act(state, schedule.id, stranger, MADE_AT)
    with pytest.raises(UsageError, match="no schedule"):
        scheduling.run_now(state, schedule.id, stranger, MADE_AT, FakeWriter())
    assert scheduling.pause(state, schedule.id, OPERATOR, MADE_AT).paused


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"rule": "sometimes"}, "can't read"),
        ({"timezone": "Mars/Base"}, "No time zone"),
        ({"focus": "gpqa"}, "No focus"),
        ({"grace_minutes": -1}, "grace of -1"),
        ({"role_id": 5, "channel_id": None}, "A role is mentioned in a Discord channel alone"),
        ({"grace_minutes": 20_000}, "grace of 20000"),
    ],
)
def test_a_wish_that_can_not_be_met_is_refused(state: State, wish: dict[str, Any], reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        scheduling.add(state, NewSchedule(**{"rule": "daily", "timezone": "UTC", **wish}), MO, MADE_AT)
    assert schedules.list_schedules(state) == []


def test_a_server_may_have_twenty_schedules(state: State) -> None:
    for hour in range(20):
        add(state, f"every day at {hour}")
    with pytest.raises(UsageError, match="20 schedules"):
        add(state, "every day at 20")


def test_a_schedule_that_is_there_already_is_named(state: State) -> None:
    add(state, "every Monday at 9")
    with pytest.raises(
        UsageError, match=r"^Schedule 1 is the same; give another time or place, or remove that first.$"
    ):
        add(state, "0 9 * * 1")
    for other in ({"rule": "every Monday at 10"}, {"channel_id": 56}, {"focus": "private"}, {"timezone": "UTC"}):
        add(state, **{"rule": "every Monday at 9", **other})
    scheduling.pause(state, 1, MO, MADE_AT)
    with pytest.raises(UsageError, match=r"^Schedule 1 is the same and paused; resume that.$"):
        add(state, "every Monday at 9")
    elsewhere = NewSchedule("every Monday at 9", BERLIN, 55, only_news=False)
    scheduling.add(state, elsewhere, OPERATOR, MADE_AT, guild_id=6)


def test_one_schedules_trouble_does_not_hold_up_the_others_and_is_tried_again(state: State) -> None:
    class HalfBroken(FakeWriter):
        def write(self, published: date, since: date | None, focus: str | None, told: tuple[Fact, ...] = ()) -> Any:
            if focus == "private":
                raise RuntimeError("disk full")
            return super().write(published, since, focus, told)

    troubled, fine = add(state, focus="private"), add(state)
    with pytest.raises(RuntimeError, match="disk full"):
        tick(state, DUE, HalfBroken())
    assert (came(state, troubled), came(state, fine)) == ([], [("2026-11-26T09:00", "made")])
    assert tick(state, DUE + MINUTE) == 1
    assert came(state, troubled) == [("2026-11-26T09:00", "made")]


PUBLISHED, AS_OF, KNOWN_BY, LAST_DAY = date(2026, 11, 25), date(2026, 8, 22), date(2026, 9, 30), date(2026, 11, 18)
LAST_FACTS = (Fact("verdict", "wider", "", "x", "wider"),)


class Recorder(FakeWriter):
    """Writes briefs that match a level or not, and notes how far back they look, and by what they are held."""

    has_level = False

    def write(self, *asked: Any, last_facts: tuple[Fact, ...] = (), **given: Any) -> NewBrief:
        new = super().write(*asked, last_facts=last_facts, **given)
        self.last_facts = last_facts
        level = (Fact("news.open", "Kimi", "", "x", "Kimi"),) if self.has_level else ()
        return replace(new, brief=replace(new.brief, facts=(*new.brief.facts, *level)))


@pytest.mark.parametrize(
    ("last", "has_level", "since", "has_news"),
    [
        (None, False, [None], True),
        (LastBrief("r1", AS_OF, KNOWN_BY, LAST_DAY, LAST_FACTS), False, [LAST_DAY], False),
        (LastBrief("r1", PUBLISHED, PUBLISHED, PUBLISHED, LAST_FACTS), False, [PUBLISHED - timedelta(1)], False),
        (LastBrief("r0", AS_OF, KNOWN_BY, LAST_DAY, LAST_FACTS), True, [AS_OF], True),
        (LastBrief("r0", AS_OF, KNOWN_BY, LAST_DAY, LAST_FACTS), False, [AS_OF, KNOWN_BY], True),
    ],
    ids=["the first", "on the same data", "the second of a day", "a new level", "new scores alone"],
)
def test_a_brief_looks_back_to_what_the_last_one_could_know_and_is_held_against_its_verdict(
    last: LastBrief | None, has_level: bool, since: list[date | None], has_news: bool
) -> None:
    writer = Recorder()
    writer.has_level = has_level
    new = write_after(writer, last, PUBLISHED, "private")
    assert (new.has_news, new.focus) == (has_news, "private")
    assert writer.asked == [(PUBLISHED, day, "private") for day in since]
    assert writer.last_facts == (LAST_FACTS if last else ())


def test_the_last_brief_of_a_schedule_has_the_facts_that_the_next_is_held_against(state: State) -> None:
    add(state)
    writer = Recorder()
    assert tick(state, DUE, writer) == tick(state, DUE + DAY, writer) == 1
    assert writer.last_facts == made().brief.facts
