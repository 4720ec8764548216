"""The audit trail."""

from bot.state import audit, briefs
from bot.state.audit import AuditEntry
from bot.state.database import State
from tests.bot.newsroom.newsroom import MINUTE, NOW, made


def test_the_newest_entries_of_all_of_a_server_and_of_a_brief(state: State) -> None:
    with state.begin() as connection:
        brief_id = briefs.add(connection, made(), at=NOW, guild_id=5, by=7)
        audit.add_entry(connection, NOW, "made", guild_id=5, who=7, brief_id=brief_id)
        audit.add_entry(connection, NOW + MINUTE, "scheduled", guild_id=6, who=None, detail="schedule 1")
    made_entry = AuditEntry(NOW, 5, 7, "made", brief_id, None)
    scheduled = AuditEntry(NOW + MINUTE, 6, None, "scheduled", None, "schedule 1")
    assert audit.list_entries(state) == [scheduled, made_entry]
    assert audit.list_entries(state, limit=1) == [scheduled]
    assert audit.list_entries(state, guild_id=5) == audit.list_entries(state, brief_id=brief_id) == [made_entry]
