"""The monthly archive: each month's brief once, written later, of the service itself and for no target."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest

from bot.newsroom import workflow
from bot.newsroom.monthly_archive import FIRST, write_next
from bot.state import audit, briefs, outbox
from bot.state.briefs import NewBrief
from bot.state.database import State
from core.answer import Fact
from core.errors import UsageError
from tests.bot.newsroom.newsroom import FakeWriter, made

NOW = datetime(2024, 6, 15, 9, 0, tzinfo=UTC)


@dataclass
class Months(FakeWriter):
    """Writes a brief of each month but the first, of which too little is known."""

    days: list[tuple[date, date | None, date | None]] = field(default_factory=list)
    complete: date = date.max

    def complete_to(self) -> date:
        return self.complete

    def write(  # type: ignore[override]
        self, published: date, since: date | None, focus: str | None, today: date | None = None,
        told: tuple[Fact, ...] = (), known: date | None = None,
    ) -> NewBrief:  # fmt: skip
        self.days.append((published, since, today))
        if published == FIRST:
            raise UsageError("too little data")
        new_brief = made(f"The brief of {published}")
        return replace(new_brief, brief=replace(new_brief.brief, published=published))


def archived(state: State) -> list[str]:
    return [stored.brief.published.isoformat() for stored in briefs.search_archive(state)]


def fill(state: State, writer: Months, now: datetime = NOW) -> None:
    while write_next(state, now, writer):  # type: ignore[arg-type]
        pass


def test_each_month_that_is_over_has_one_that_says_it_was_written_later(state: State) -> None:
    writer = Months()
    fill(state, writer)
    assert archived(state) == ["2024-05-31", "2024-04-30", "2024-03-31", "2024-02-29"]
    for stored in briefs.search_archive(state):
        assert (stored.kind, stored.status, stored.guild_id) == ("archive", "posted", None)
        assert stored.brief.category == "Written later"
        assert outbox.list_items(state, stored.id) == []
    assert writer.days[1] == (date(2024, 2, 29), date(2024, 1, 31), NOW.date())


def test_they_stand_apart_from_what_was_made_and_done(state: State) -> None:
    fill(state, Months())
    own = workflow.add_draft(state, made("A brief of today"), workflow.OPERATOR, NOW)
    assert [entry.stored.id for entry in workflow.list_history(state, None)] == [own.id]
    apart = workflow.list_history(state, None, in_archive=True)
    assert [entry.stored.kind for entry in apart] == ["archive"] * 4
    assert [(entry.what, entry.brief_id) for entry in audit.list_entries(state)] == [("made", own.id)]
    newest = apart[0].stored.id
    assert [entry.detail for entry in audit.list_entries(state, brief_id=newest)] == ["written later"]
    workflow.withdraw(state, newest, workflow.OPERATOR, NOW, reason="written later")
    assert [(entry.what, entry.brief_id) for entry in audit.list_entries(state, limit=1)] == [("withdrawn", newest)]


def test_what_is_written_is_not_written_again_and_a_new_month_comes_when_it_is_over(state: State) -> None:
    fill(state, Months())
    again = Months()
    fill(state, again)
    assert again.days == []
    fill(state, again, datetime(2024, 7, 1, 9, 0, tzinfo=UTC))
    assert [published for published, *_ in again.days] == [date(2024, 6, 30)]


def test_a_month_that_the_data_do_not_cover_waits_until_they_do(state: State) -> None:
    fill(state, Months(complete=date(2024, 4, 29)))
    assert archived(state) == ["2024-03-31", "2024-02-29"]
    fill(state, Months(complete=date(2024, 5, 31)))
    assert archived(state)[:2] == ["2024-05-31", "2024-04-30"]


def test_two_that_write_at_once_keep_one(state: State) -> None:
    first, other = Months(), Months()

    def meanwhile(*_: object) -> NewBrief:
        write_next(state, NOW, other)  # type: ignore[arg-type]
        raise UsageError("too little data")

    first.write = meanwhile  # type: ignore[assignment, method-assign]
    assert write_next(state, NOW, first)  # type: ignore[arg-type]
    assert [published for published, *_ in other.days] == [FIRST]
    fill(state, Months())
    assert len(briefs.search_archive(state)) == 4


def test_one_that_is_killed_before_it_is_kept_writes_the_month_again(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_next(state, NOW, Months())  # type: ignore[arg-type]
    monkeypatch.setattr("bot.newsroom.monthly_archive.audit.add_entry", lambda *_, **__: pytest.fail("killed"))
    with pytest.raises(pytest.fail.Exception):
        write_next(state, NOW, Months())  # type: ignore[arg-type]
    monkeypatch.undo()
    assert briefs.search_archive(state) == []
    fill(state, Months())
    assert len(briefs.search_archive(state)) == 4
