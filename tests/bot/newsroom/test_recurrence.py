"""When a brief is due: rules in people's words and in cron's, on days with 23, 24 and 25 hours."""

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.newsroom.recurrence import describe_rule, due_times, next_due, parse_rule, parse_zone
from core.errors import UsageError

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shown(rule: str, zone: str, after: str, until: str) -> list[str]:
    """The due times between two moments in UTC, as the schedule's own clock shows them."""
    return [due.local for due in due_times(rule, zone, utc(after), utc(until))]


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("every day at 9", "0 9 * * *"),
        ("every Monday at 09:00", "0 9 * * MON"),
        ("Mondays and Thursdays at 6 pm", "0 18 * * MON,THU"),
        ("every weekday at noon", "0 12 * * MON-FRI"),
        ("weekly on Tuesday", "0 9 * * TUE"),
        ("every last Friday at 12 am", "0 0 * * 5L"),
        ("first monday of the month at 9", "0 9 * * MON#1"),
        ("monthly on the 1st", "0 9 1 * *"),
        ("monthly on the last day at 18:00", "0 18 L * *"),
        ("every month on the 15th at midnight", "0 0 15 * *"),
        ("  0  9 *  * mon ", "0 9 * * MON"),
        ("every monday 9", "0 9 * * MON"),
        ("every monday, 9:30 am", "30 9 * * MON"),
        ("on the 31st at 10", "0 10 31 * *"),
        ("the 1st of every month", "0 9 1 * *"),
        ("on the first and the 15th at 8", "0 8 1,15 * *"),
        ("on the 15 9:30", "30 9 15 * *"),
        ("every day at 9 and 17", "0 9,17 * * *"),
        ("every day at 5 pm, 9 am and noon", "0 9,12,17 * * *"),
        ("every day at 9 and at 17", "0 9,17 * * *"),
        ("at 2:30 every Sunday", "30 2 * * SUN"),
        ("at 6 pm on Mondays and Fridays", "0 18 * * MON,FRI"),
        ("every month on the first Monday at 9", "0 9 * * MON#1"),
        ("on the last Friday of every month", "0 9 * * 5L"),
    ],
)
def test_rules_as_people_say_them(words: str, rule: str) -> None:
    assert parse_rule(words, BERLIN, NOW) == rule


@pytest.mark.parametrize(
    ("words", "local"),
    [
        ("tomorrow at 17:00", "2026-11-29T17:00"),
        ("at 17:00 tomorrow", "2026-11-29T17:00"),
        ("Tomorrow", "2026-11-29T09:00"),
        ("today at 11:01", "2026-11-28T11:01"),
        ("the day after tomorrow at noon", "2026-11-30T12:00"),
        ("next Saturday at 9", "2026-12-05T09:00"),
        ("on 3 December at 9", "2026-12-03T09:00"),
        ("3rd of dec 2026, 9:30", "2026-12-03T09:30"),
        ("December 3rd, 2027 at 6 pm", "2027-12-03T18:00"),
        ("may 5", "2027-05-05T09:00"),
        ("28 November at 10", "2027-11-28T10:00"),
        ("29 February at 9", "2028-02-29T09:00"),
        ("2026-12-03 09:00", "2026-12-03T09:00"),
        ("2027-03-28 at 2:30", "2027-03-28T03:30"),
        ("2027-10-31 at 2:30", "2027-10-31T02:30"),
    ],
)
def test_what_is_said_of_one_day_comes_once(words: str, local: str) -> None:
    """It is Saturday, 28 November 2026, 11:00 in Berlin, whose clock goes from 2 to 3 on 28 March 2027."""
    rule = parse_rule(words, BERLIN, NOW)
    assert [due_time.local for due_time in due_times(rule, BERLIN, NOW, NOW + timedelta(days=3000))] == [local]
    (at,) = next_due(rule, BERLIN, NOW)
    assert next_due(rule, BERLIN, at) == []
    assert list(due_times(rule, BERLIN, NOW, at - timedelta(minutes=1))) == []


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("today at 11", '"today at 11" is over in Europe/Berlin; give a time that is still to come'),
        ("2024-01-01", "is over"),
        ("2040-01-01", "is too far ahead"),
        ("on 31 February", 'There is no "on 31 february"'),
        ("tomorrow at 9 and 17", '"9 and 17" is more than one time; set a schedule for each'),
        ("tomorrow at 25", '"25" is no time of day'),
    ],
)
def test_one_day_that_can_not_be_is_refused(words: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        parse_rule(words, BERLIN, NOW)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("soon", "can't read"),
        ("", "can't read"),
        ("every day at 25:00", '"25:00" is no time of day; write one such as 9, 17:30 or 6 pm'),
        ("at 9:60 every Sunday", '"9:60" is no time of day'),
        ("every day at 13 pm", '"13 pm" is no time of day'),
        ("every day at lunch", '"lunch" is no time of day'),
        ("every day at 9 and 17:30", "the minutes differ; set one for each"),
        ("every 2 weeks on Friday", '"every 2 weeks" can.t be; a rule comes every day, week or month'),
        ("every other Friday at 9", '"every other friday" can.t be'),
        ("fortnightly", '"fortnightly" can.t be'),
        ("on the 32nd", "No month has a day 32; give 1 to 31"),
        ("monthly on the 0th", "No month has a day 0"),
        ("on the", "can't read"),
        ("* * * * * *", "can't read"),
        ("0 9 * * MON" + ",MON" * 40, "can't read"),
        ("0 25 * * *", "bad hour"),
        ("*/5 * * * *", "more than once an hour"),
    ],
)
def test_what_is_no_rule_is_refused_with_what_would_be_one(words: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        parse_rule(words, BERLIN, NOW)


@pytest.mark.parametrize("words", ["every day at 9" + ",9" * 4500, "9 " * 4500 + "x", "every day at " + "9" * 9000])
def test_a_rule_of_thousands_of_letters_is_refused_before_it_is_read(words: str) -> None:
    before = time.process_time()
    with pytest.raises(UsageError, match="can't read") as refused:
        parse_rule(words, BERLIN, NOW)
    assert time.process_time() - before < 0.05
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("0 9 * * *", "every day at 09:00"),
        ("0 9,17 * * *", "every day at 09:00 and 17:00"),
        ("0 9 * * MON", "every Monday at 09:00"),
        ("0 12 * * MON-FRI", "every weekday at 12:00"),
        ("0 9 * * MON#1", "on the 1st Monday of every month at 09:00"),
        ("0 9 * * 5L", "on the last Friday of every month at 09:00"),
        ("0 18 L * *", "on the last day of every month at 18:00"),
        ("0 9 11 * *", "on the 11th day of every month at 09:00"),
        ("0 9 31 * *", "on the 31st day of every month that has one, at 09:00"),
        ("0 9 1,2,31 * *", "on the 1st, 2nd and 31st day of every month that has one, at 09:00"),
        ("0 9 15,L * *", "on the 15th and last day of every month at 09:00"),
        ("0 9 1,15 6 *", "on the 1st and 15th day of June at 09:00"),
        ("0 9 13 * FRI", "on the 13th day of every month and every Friday at 09:00"),
        ("0 9 31 12 *", "every year on 31 December at 09:00"),
        ("0 9 29 2 *", "every leap year on 29 February at 09:00"),
        ("0 9 1 6 MON", "on the 1st day of June and every Monday in June at 09:00"),
        ("0 9 1-5,20 * *", "on every day of the month from 1 to 5 and the 20th day of every month at 09:00"),
        ("0 9 10-15 3 *", "on every day of the month from 10 to 15 in March at 09:00"),
        ("0 9 LW JAN,JUL *", "on the last weekday of January and July at 09:00"),
        ("0 9 * JUN-AUG *", "in every month from June to August at 09:00"),
        ("0 9 * 12 *", "every day in December at 09:00"),
        ("0 9 * 12 SUN#4", "on the 4th Sunday of December at 09:00"),
        ("0 9 * * MON,WED-FRI", "every Monday and Wednesday to Friday at 09:00"),
        ("0 9 * * 0,6", "every Sunday and Saturday at 09:00"),
        ("0 9 */2 * MON", "on every 2nd day of the month if it is Monday at 09:00"),
        ("5 8,12-14 * * *", "at minute 5 past hour 8 and every hour from 12 to 14"),
        ("15 * * * *", "at minute 15 of every hour"),
        ("0 9 */4,LW * *", "on every 4th day of the month and the last weekday of every month at 09:00"),
        ("0 9 * 9 WED,5L", "every Wednesday in September and on the last Friday of September at 09:00"),
        ("0 9 1 */3 *", "on the 1st day of every 3rd month at 09:00"),
        ("0 */2 * * *", "at minute 0 past every 2nd hour"),
        ("0 9-17 * * MON-FRI", "at minute 0 past every hour from 9 to 17 every weekday"),
        ("0 * * * *", "at the start of every hour"),
        ("once 2026-12-03T09:00", "once, on 3 December 2026 at 09:00"),
    ],
)
def test_a_rule_is_said_in_words(rule: str, words: str) -> None:
    assert describe_rule(rule) == words


def test_zones_are_found_whatever_their_case_and_near_ones_are_named() -> None:
    assert parse_zone("europe/berlin") == BERLIN
    assert parse_zone("America/New York") == "America/New_York"
    with pytest.raises(UsageError, match="do you mean Europe/Berlin") as refusal:
        parse_zone("Berlin")
    assert refusal.value.suggestions[0] == BERLIN
    for hostile in ("../../etc/passwd", "", "\x00", "Mars/Base"):
        with pytest.raises(UsageError, match="No time zone"):
            parse_zone(hostile)


def test_half_past_two_comes_once_on_the_day_that_has_it_twice() -> None:
    assert shown("30 2 * * *", BERLIN, "2026-10-24T12:00", "2026-10-26T12:00") == [
        "2026-10-25T02:30",
        "2026-10-26T02:30",
    ]
    first = next(iter(due_times("30 2 * * *", BERLIN, utc("2026-10-24T12:00"), utc("2026-10-26T12:00"))))
    assert first.at == utc("2026-10-25T00:30")  # the first of the two


@pytest.mark.parametrize("start", ["2026-10-25T00:29", "2026-10-25T00:45", "2026-10-25T01:29", "2026-10-25T01:45"])
def test_it_does_not_come_again_when_it_is_looked_at_in_between(start: str) -> None:
    expected = ["2026-10-25T02:30"] if start < "2026-10-25T00:30" else []
    assert shown("30 2 * * *", BERLIN, start, "2026-10-25T12:00") == expected


def test_half_past_two_comes_once_right_after_the_hour_that_is_left_out() -> None:
    assert shown("30 2 * * *", BERLIN, "2026-03-28T12:00", "2026-03-30T12:00") == [
        "2026-03-29T03:00",
        "2026-03-30T02:30",
    ]
    assert shown("0,30 2 * * *", BERLIN, "2026-03-28T12:00", "2026-03-29T12:00") == ["2026-03-29T03:00"]


def test_every_hour_is_23_and_25_on_these_days_and_the_double_one_counts_once() -> None:
    assert len(shown("0 * * * *", BERLIN, "2026-03-28T22:30", "2026-03-29T22:00")) == 23 + 1
    autumn = shown("0 * * * *", BERLIN, "2026-10-24T21:30", "2026-10-25T22:30")
    assert len(autumn) == len(set(autumn)) == 24
    assert shown("0 * * * *", BERLIN, "2026-10-25T00:15", "2026-10-25T02:00") == ["2026-10-25T03:00"]


def test_the_29th_of_february_comes_every_four_years() -> None:
    assert parse_rule("0 9 29 2 *", BERLIN, NOW) == "0 9 29 2 *"
    assert [day.year for day in next_due("0 9 29 2 *", BERLIN, utc("2026-11-25"), 2)] == [2028, 2032]


@given(
    zone=st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC", "Pacific/Apia"]),
    rule=st.sampled_from(["30 2 * * *", "0 * * * *", "0 9 * * MON", "15 0 * * *", "0 1,2,3 * * *"]),
    hours=st.integers(0, 24 * 700),
    cuts=st.lists(st.integers(0, 60 * 96), max_size=6),
)
def test_however_often_it_is_looked_at_each_time_comes_once(zone: str, rule: str, hours: int, cuts: list[int]) -> None:
    begin = utc("2026-01-01") + timedelta(hours=hours)
    end = begin + timedelta(hours=96)
    stops = [begin, *sorted(begin + timedelta(minutes=cut) for cut in cuts), end]
    pieces = [due for left, right in pairwise(stops) for due in due_times(rule, zone, left, right)]
    assert pieces == list(due_times(rule, zone, begin, end))
    assert len({due.local for due in pieces}) == len(pieces)
    for due in pieces:
        assert begin < due.at <= end
        assert due.local == due.at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
