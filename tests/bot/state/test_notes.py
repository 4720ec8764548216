"""Notes by name, the newest alone; leases: one holder at a time."""

from datetime import timedelta

from bot.state import notes
from bot.state.database import State
from bot.state.notes import keep_note, read_note
from tests.bot.kept import holder
from tests.bot.newsroom.newsroom import DAY, MINUTE, NOW, at_once

LENGTH = timedelta(seconds=30)


def hold(state: State, owner: str, after: timedelta = timedelta(0)) -> bool:
    return notes.hold_lease(state, "newsroom", owner, NOW + after, LENGTH)


def test_who_comes_second_waits_until_the_first_was_silent_for_too_long(state: State) -> None:
    assert hold(state, "a")
    assert not hold(state, "b", LENGTH)
    assert hold(state, "a", LENGTH / 2)
    assert not hold(state, "b", LENGTH)
    assert holder(state, "newsroom", NOW + LENGTH) == "a"
    assert hold(state, "b", 2 * LENGTH)
    assert not hold(state, "a", 2 * LENGTH)
    assert holder(state, "newsroom", NOW + MINUTE * 2) is None


def test_a_lease_that_is_given_back_is_free(state: State) -> None:
    assert hold(state, "a")
    notes.release_lease(state, "newsroom", "b")
    assert not hold(state, "b")
    notes.release_lease(state, "newsroom", "a")
    assert hold(state, "b")


def test_of_many_that_ask_first_at_the_same_time_one_has_it(state: State) -> None:
    assert sum(at_once(lambda owner: hold(state, owner), "abcdefgh")) == 1


def test_leases_of_another_name_or_of_a_clock_that_was_put_back_count_for_nothing(state: State) -> None:
    assert hold(state, "a", DAY)
    assert notes.hold_lease(state, "other", "b", NOW + DAY, LENGTH)
    assert hold(state, "b")


def test_notes_are_kept_by_name_the_newest_alone(state: State) -> None:
    assert read_note(state, "a") is None
    keep_note(state, "a", "1")
    keep_note(state, "a", "2")
    keep_note(state, "b", "é" * 5000)
    assert read_note(state, "a") == "2"
    assert read_note(state, "b") == "é" * 5000
