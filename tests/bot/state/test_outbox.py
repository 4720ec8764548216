"""The outbox: rows are taken by one at a time, in order, and it is known of each what came of it."""

from collections.abc import Sequence
from datetime import timedelta

from bot.state import briefs, outbox, schedules
from bot.state.database import State
from bot.state.outbox import LEASE, Item
from tests.bot.newsroom.newsroom import DAY, HOUR, MINUTE, NOW, SECOND, at_once, made


def put(state: State, targets: Sequence[str] = ("discord:1",), action: str = "post", **more: object) -> int:
    """Put an action for a new brief, or for the brief given, and return the brief's id."""
    brief_id = more.pop("brief_id", None)
    with state.begin() as connection:
        if brief_id is None:
            brief_id = briefs.add(connection, made(), at=NOW, guild_id=5, by=None, status="posted")
        outbox.enqueue(connection, brief_id, 1, action, targets, NOW, **more)
    return brief_id


def claim(state: State, owner: str = "a", after: timedelta = timedelta(0), limit: int = 100) -> list[Item]:
    return outbox.claim(state, owner, NOW + after, limit)


def statuses(state: State, brief_id: int) -> list[str]:
    return [item.status for item in outbox.list_items(state, brief_id)]


def test_a_row_is_taken_once_and_settled(state: State) -> None:
    brief_id = put(state)
    (item,) = claim(state)
    assert (item.status, item.may_be_sent, item.attempts) == ("pending", False, 1)
    assert (item.kind, item.address) == ("discord", 1)
    assert statuses(state, brief_id) == ["sending"]
    assert claim(state, "b") == []
    outbox.mark_sent(state, item, "a", NOW, message_id=99)
    assert statuses(state, brief_id) == ["sent"]
    assert outbox.find_post(state, brief_id, "discord:1") == (99, None)
    assert claim(state, "b", DAY) == []


def test_an_action_is_put_once_for_each_target_and_version(state: State) -> None:
    brief_id = put(state, ["discord:1", "discord:1", "webhook:2"])
    put(state, ["discord:1", "discord:3"], brief_id=brief_id)
    assert [item.target for item in outbox.list_items(state, brief_id)] == ["discord:1", "webhook:2", "discord:3"]
    assert [len(nonce) for nonce in {item.nonce for item in outbox.list_items(state, brief_id)}] == [24] * 3


def test_what_was_begun_by_who_is_gone_is_taken_as_begun_and_who_lost_it_can_not_settle_it(state: State) -> None:
    brief_id = put(state)
    (lost,) = claim(state)
    assert claim(state, "b", LEASE) == []
    (item,) = claim(state, "b", LEASE + SECOND)
    assert (item.may_be_sent, item.attempts, item.tried_at) == (True, 2, NOW)
    outbox.mark_sent(state, lost, "a", NOW)
    assert statuses(state, brief_id) == ["sending"]
    with state.begin() as connection:
        assert not outbox.mark_failed(connection, lost, "a", "no")


def test_a_row_that_is_put_off_waits_and_knows_if_it_may_have_been_done(state: State) -> None:
    brief_id = put(state)
    for begun, status in ((False, "pending"), (True, "sending")):
        (item,) = claim(state, "a", HOUR)
        outbox.postpone(state, item, "a", NOW + 2 * MINUTE, "busy", may_be_sent=begun)
        assert statuses(state, brief_id) == [status]
        assert claim(state, "a", MINUTE) == []
    (item,) = claim(state, "a", 2 * MINUTE)
    assert (item.may_be_sent, item.error, item.attempts) == (True, "busy", 3)


def test_of_one_brief_at_one_target_one_thing_after_another(state: State) -> None:
    brief_id = put(state, ["discord:1", "discord:2"])
    put(state, ["discord:1"], "edit", brief_id=brief_id)
    first, second = claim(state)
    assert [first.action, second.action] == ["post", "post"]
    outbox.mark_sent(state, second, "a", NOW)
    assert claim(state) == []
    outbox.mark_sent(state, first, "a", NOW)
    assert [item.action for item in claim(state)] == ["edit"]


def test_a_message_that_waits_to_be_published_holds_nothing_up(state: State) -> None:
    brief_id = put(state)
    (item,) = claim(state)
    outbox.mark_sent(state, item, "a", NOW, message_id=9, crosspost=True)
    put(state, ["discord:1"], "edit", brief_id=brief_id)
    assert [item.action for item in claim(state)] == ["crosspost", "edit"]


def test_what_people_send_comes_before_what_schedules_do_and_what_watchers_are_told_comes_last(state: State) -> None:
    watched = put(state, ["user:1"], "watch")
    with state.begin() as connection:
        schedule_id = schedules.add(connection, schedules.NewSchedule("0 9 * * *", "UTC", role_id=77), NOW)
    scheduled = put(state, schedule_id=schedule_id)
    by_hand = put(state)
    order = [(by_hand, None), (scheduled, 77), (watched, None)]
    assert [(item.brief_id, item.role_id) for item in claim(state)] == order


def test_a_failed_row_can_be_tried_again(state: State) -> None:
    brief_id = put(state)
    (item,) = claim(state)
    with state.begin() as connection:
        assert outbox.mark_failed(connection, item, "a", "gone")
        assert outbox.retry_item(connection, item.id, NOW)
        assert not outbox.retry_item(connection, item.id, NOW)
    (again,) = claim(state)
    assert (again.may_be_sent, again.attempts, again.nonce) == (False, 1, item.nonce)
    assert statuses(state, brief_id) == ["sending"]


def test_a_clock_that_is_put_back_holds_up_nothing_for_long(state: State) -> None:
    brief_id = put(state)
    (item,) = claim(state, after=365 * DAY)
    assert len(claim(state, "b")) == 1
    outbox.postpone(state, item, "b", NOW + 365 * DAY, "x", may_be_sent=False)
    assert len(claim(state)) == 1
    assert statuses(state, brief_id) == ["sending"]


def test_however_many_take_rows_at_once_each_row_is_one_owners(state: State) -> None:
    put(state, [f"discord:{number}" for number in range(40)])

    def work(owner: str) -> list[int]:
        return [item.id for _ in range(10) for item in claim(state, owner, limit=3)]

    ids = [item_id for taken in at_once(work, "abcd") for item_id in taken]
    assert len(ids) == len(set(ids)) == 40
