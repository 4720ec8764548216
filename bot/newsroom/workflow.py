"""The life of a brief: made, edited, approved, posted, corrected, withdrawn; each step noted with who took it.

Whoever calls has seen to it that the person may use the newsroom; that a brief is the person's own server's is checked
here. Each step is one transaction, and what must be sent for it is put into the outbox in the same one.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from bot.newsroom import editing
from bot.newsroom.step_table import APPROVE, CORRECT, DISCARD, EDIT, MAKE, POST, SEND_AGAIN, UNDO, WITHDRAW, Step
from bot.state import audit, briefs, outbox, schedules, target_rows
from bot.state.briefs import NewBrief, StoredBrief, Version
from bot.state.database import State
from bot.state.outbox import Item
from core.errors import UsageError
from core.names.name_index import NameIndex
from core.text.review import Review


@dataclass(frozen=True)
class Actor:
    """Who acts: a person of a server, or the operator, who may do all and has no id."""

    user_id: int | None
    guild_id: int | None

    def may(self, guild_id: int | None) -> bool:
        """Whether it is the operator, or the server is theirs."""
        return self.user_id is None or guild_id == self.guild_id


OPERATOR = Actor(None, None)


@dataclass(frozen=True)
class HistoryEntry:
    """A brief in the history, with what came of it at each target."""

    stored: StoredBrief
    items: list[Item] = field(default_factory=list)


class FindingsError(UsageError):
    """A text says what its facts do not; `findings` are a sentence each. A person may post it all the same."""

    def __init__(self, brief_id: int, findings: Sequence[str]) -> None:
        super().__init__(
            f"Brief {brief_id} says what its facts do not: {' '.join(findings)} Edit it, or approve it with --anyway."
        )
        self.findings = tuple(findings)


def add_draft(state: State, new: NewBrief, actor: Actor, now: datetime, *, guild_id: int | None = None) -> StoredBrief:
    """Keep a brief as a draft, of the person's server; the operator's is for `guild_id`, or the whole service."""
    guild_id = guild_id if actor.user_id is None else actor.guild_id
    with state.begin() as connection:
        brief_id = briefs.add(connection, new, at=now, guild_id=guild_id, by=actor.user_id)
        audit.add_entry(connection, now, MAKE.word, guild_id=guild_id, who=actor.user_id, brief_id=brief_id)
        return _read_again(connection, brief_id)


def edit(
    state: State, brief_id: int, text: str, actor: Actor, now: datetime, *, names: NameIndex,
    seen_version: int | None = None,
) -> StoredBrief:  # fmt: skip
    """Give a draft the words of a text, each sentence with its mark; raises UsageError for its form.

    `names` are all models, labs, tests and countries, here and in `correct`.
    `seen` is the version that the person saw, here and in the other steps: they fail where it was changed since.
    """
    with _open_for(EDIT, state, brief_id, actor, seen_version) as (connection, stored):
        brief = editing.edited(stored.brief, text)
        if brief != stored.brief:
            machine = machine_version(briefs.select_versions(connection, brief_id))
            marked = editing.review_edit(brief, machine.brief, names, machine.review)
            briefs.change(connection, stored, brief, at=now, by=actor.user_id, what=EDIT.word, review=marked)
            _audit(connection, now, EDIT, stored, actor, editing.what_changed(stored.brief, brief))
        return _read_again(connection, brief_id)


def undo(state: State, brief_id: int, actor: Actor, now: datetime, *, seen_version: int | None = None) -> StoredBrief:
    """Go back one edit of a draft; what is undone stays among the versions. Raises UsageError where there is none."""
    with _open_for(UNDO, state, brief_id, actor, seen_version) as (connection, stored):
        versions = standing_versions(briefs.select_versions(connection, brief_id))
        if len(versions) == 1:
            raise UsageError(f"Draft {brief_id} is as it was first written; there is no edit to undo.")
        previous = versions[-2]
        briefs.change(
            connection, stored, previous.brief, at=now, by=actor.user_id, what=UNDO.word, review=previous.review
        )
        _audit(connection, now, UNDO, stored, actor, editing.what_changed(stored.brief, previous.brief))
        return _read_again(connection, brief_id)


def standing_versions(versions: Iterable[Version]) -> list[Version]:
    """Return the versions that no undo took back, the one that stands now at the end."""
    versions_left: list[Version] = []
    for version in versions:
        if version.what == UNDO.word:
            versions_left.pop()
        else:
            versions_left.append(version)
    return versions_left


def machine_version(versions: Sequence[Version]) -> Version:
    """Return the version in the machine's own words that was written last."""
    return next(version for version in reversed(versions) if version.brief.written_by != editing.BY_HAND)


def approve(
    state: State, brief_id: int, actor: Actor, now: datetime, *, anyway: bool = False, seen_version: int | None = None
) -> StoredBrief:
    """Approve a draft; one that a schedule made is posted where that schedule posts.

    Raises FindingsError for one that says what its facts do not, here and in `post`, unless that is wanted `anyway`.
    """
    with _open_for(APPROVE, state, brief_id, actor, seen_version) as (connection, stored):
        remark = _accept_findings(brief_id, stored.findings, anyway=anyway)
        briefs.set_status(connection, brief_id, "approved", now)
        _audit(connection, now, APPROVE, stored, actor, remark)
        run = schedules.find_run(connection, brief_id)
        schedule = schedules.get(connection, run.schedule_id) if run else None
        if schedule is not None:
            schedules.set_run_status(connection, brief_id, "made")
            targets = list_targets(connection, schedule.guild_id, schedule.channel_id)
            send(connection, brief_id, targets, now, schedule_id=schedule.id)
            _audit(connection, now, POST, stored, actor, remark)
        return _read_again(connection, brief_id)


def post(
    state: State, brief_id: int, channel_id: int | None, actor: Actor, now: datetime, *, anyway: bool = False,
    seen_version: int | None = None,
) -> StoredBrief:  # fmt: skip
    """Post a draft to a channel, and to the other targets of its server."""
    with _open_for(POST, state, brief_id, actor, seen_version) as (connection, stored):
        remark = _accept_findings(brief_id, stored.findings, anyway=anyway)
        send(connection, brief_id, list_targets(connection, stored.guild_id, channel_id), now)
        if schedules.find_run(connection, brief_id) is not None:
            schedules.set_run_status(connection, brief_id, "made")
        _audit(connection, now, POST, stored, actor, remark)
        return _read_again(connection, brief_id)


def discard(
    state: State, brief_id: int, actor: Actor, now: datetime, *, seen_version: int | None = None
) -> StoredBrief:
    """Throw a draft away."""
    with _open_for(DISCARD, state, brief_id, actor, seen_version) as (connection, stored):
        briefs.set_status(connection, brief_id, "withdrawn", now)
        schedules.set_run_status(connection, brief_id, "skipped", "a moderator discarded the draft")
        outbox.cancel_pending(connection, brief_id, "the draft was discarded")
        _audit(connection, now, DISCARD, stored, actor)
        return _read_again(connection, brief_id)


def withdraw(state: State, brief_id: int, actor: Actor, now: datetime, *, reason: str | None = None) -> StoredBrief:
    """Take a posted brief back: it is deleted where that can be done, and marked in the archive and the feeds."""
    with _open_for(WITHDRAW, state, brief_id, actor) as (connection, stored):
        briefs.set_status(connection, brief_id, "withdrawn", now)
        outbox.cancel_pending(connection, brief_id, "the brief was withdrawn")
        outbox.enqueue(connection, brief_id, stored.version, "delete", outbox.list_reached(connection, brief_id), now)
        _audit(connection, now, WITHDRAW, stored, actor, reason)
        return _read_again(connection, brief_id)


def correct(
    state: State, brief_id: int, new: str | NewBrief, actor: Actor, now: datetime, *, names: NameIndex,
    note: str | None = None, anyway: bool = False, seen_version: int | None = None,
) -> StoredBrief:  # fmt: skip
    """Correct a posted brief, by its text or by one that was written anew: it says what changed, and when.

    `note` is that in the person's words; without it, it is worked out. The earlier version stays in the archive.
    Raises UsageError where nothing changed and for a text's form, FindingsError for what its facts do not have and the
    brief did not say before, unless that is wanted `anyway`.
    """
    with _open_for(CORRECT, state, brief_id, actor, seen_version) as (connection, stored):
        brief = editing.edited(stored.brief, new) if isinstance(new, str) else new.brief
        if editing.as_text(brief) == editing.as_text(stored.brief):
            if isinstance(new, str):
                raise UsageError(f"Nothing in brief {brief_id} changed; there is nothing to correct.")
            raise UsageError(f"The data behind brief {brief_id} say the same; give its text with --text to correct it.")
        machine = machine_version(briefs.select_versions(connection, brief_id))
        marked = editing.review_edit(brief, machine.brief, names, machine.review) if isinstance(new, str) else Review()
        findings = [finding for finding in marked.findings if finding not in stored.findings]
        change = ("" if isinstance(new, str) else "the data changed; ") + editing.what_changed(stored.brief, brief)
        if note is not None:
            change = editing.as_note(note, stored.brief, brief)
            findings += editing.find_in_note(note, stored.brief, brief, machine.brief, names)
        remark = _accept_findings(brief_id, findings, anyway=anyway)
        number = briefs.change(
            connection, stored, brief, at=now, by=actor.user_id, what=CORRECT.word, note=change, review=marked
        )
        if not isinstance(new, str):
            briefs.set_data(connection, brief_id, new)
        outbox.enqueue(connection, brief_id, number, "edit", outbox.list_reached(connection, brief_id), now)
        _audit(connection, now, CORRECT, stored, actor, f"{change} {remark}" if remark else change)
        return _read_again(connection, brief_id)


def send_again(state: State, brief_id: int, actor: Actor, now: datetime) -> int:
    """Try again what failed of a brief, once a person has seen that it is not there; return how many targets.

    So can its newest correction, and the deletion of one that was withdrawn.
    """
    with _open_brief(state, brief_id, actor) as (connection, stored):
        if stored.posted_at is None:
            SEND_AGAIN.check(stored)
        items = outbox.select_items(connection, brief_id)
        missed_items = list_missed(stored, items)
        for item in missed_items:
            outbox.retry_item(connection, item.id, now)
        if not missed_items:
            state_words = "arrived, or is still being sent" if _has_target(items) else "had nowhere to go"
            state_words = "was withdrawn" if stored.status == "withdrawn" else state_words
            raise UsageError(f"Brief {brief_id} {state_words}; there is nothing to repeat.")
        _audit(connection, now, SEND_AGAIN, stored, actor)
        return len(missed_items)


def list_missed(stored: StoredBrief, items: Iterable[Item]) -> list[Item]:
    """Return what did not come about of a brief as it stands now, so far as anybody knows, one for each target."""
    missing = [item for item in items if item.is_missed]
    if stored.status == "withdrawn":
        return [item for item in missing if item.action == "delete"]
    posts = {item.target: item for item in missing if item.action == "post"}
    edits = {item.target: item for item in missing if item.action == "edit" and item.version == stored.version}
    return list({**edits, **posts}.values())


def list_history(
    state: State, guild_id: int | None, *, limit: int = 10, in_archive: bool = False
) -> list[HistoryEntry]:
    """Return the newest briefs of a server, (with None) of the whole service, or EVERY, and what came of each.

    Those of the monthly archive stand apart, `in_archive`.
    """
    newest = briefs.list_briefs(state, guild_id=guild_id, limit=limit, in_archive=in_archive)
    return [HistoryEntry(stored, outbox.list_items(state, stored.id)) for stored in newest]


def get(state: State, brief_id: int, actor: Actor) -> StoredBrief:
    """Return a brief of the person's server; raises UsageError where there is none."""
    with _open_brief(state, brief_id, actor) as (_, stored):
        return stored


def is_awaited(state: State, brief_id: int) -> bool:
    """Whether a schedule made a brief, and waits for its approval."""
    with state.begin() as connection:
        run = schedules.find_run(connection, brief_id)
        return run is not None and run.status == "awaiting"


def is_sent(state: State, brief_id: int) -> bool:
    """Whether a brief goes to any channel or target, beside the archive and the feeds."""
    return _has_target(outbox.list_items(state, brief_id))


def _has_target(items: Iterable[Item]) -> bool:
    return any(item.action == "post" for item in items)


# ---- for others that post, inside of their transaction


def list_targets(connection: Connection, guild_id: int | None, channel_id: int | None) -> list[str]:
    """Return where the briefs of a server, or of the whole service, go: the channel first."""
    channel = [] if channel_id is None else [f"discord:{channel_id}"]
    return channel + [f"{target.kind}:{target.id}" for target in target_rows.select_targets(connection, guild_id)]


def send(
    connection: Connection, brief_id: int, targets: Iterable[str], now: datetime, *, schedule_id: int | None = None
) -> None:
    """Mark a brief as posted, and put it into the outbox for each target."""
    briefs.set_status(connection, brief_id, "posted", now)
    version = briefs.newest_version(connection, brief_id)
    outbox.enqueue(connection, brief_id, version, "post", targets, now, schedule_id=schedule_id)


# ---- what the steps share


@contextmanager
def _open_for(
    step: Step, state: State, brief_id: int, actor: Actor, seen_version: int | None = None
) -> Iterator[tuple[Connection, StoredBrief]]:
    """Open a transaction with a brief that a step can be taken with; raises UsageError as `_transaction`."""
    with _open_brief(state, brief_id, actor, seen_version) as (connection, stored):
        step.check(stored)
        yield connection, stored


@contextmanager
def _open_brief(
    state: State, brief_id: int, actor: Actor, seen_version: int | None = None
) -> Iterator[tuple[Connection, StoredBrief]]:
    """Open a transaction with a brief that nobody else changes meanwhile; raises UsageError for what is not theirs.

    It does so too where another version than the one that was seen is the newest.
    """
    with state.begin() as connection:
        stored = briefs.get(connection, brief_id, lock=True)
        if stored is None or not actor.may(stored.guild_id):
            raise UsageError(f"There is no brief {brief_id} here; the history lists the existing ones.")
        if seen_version is not None and stored.version != seen_version:
            raise UsageError(f"Brief {brief_id} was changed since you saw it; look at it again as it stands now.")
        yield connection, stored


def _accept_findings(brief_id: int, findings: Sequence[str], *, anyway: bool) -> str | None:
    """Return what the audit trail says of findings that a person posts with; raises FindingsError unless they want."""
    if findings and not anyway:
        raise FindingsError(brief_id, findings)
    return f"anyway: {' '.join(findings)}" if findings else None


def _read_again(connection: Connection, brief_id: int) -> StoredBrief:
    stored = briefs.get(connection, brief_id)
    if stored is None:  # it was there in this very transaction
        raise LookupError(brief_id)
    return stored


def _audit(
    connection: Connection, now: datetime, step: Step, stored: StoredBrief, actor: Actor, detail: str | None = None
) -> None:
    audit.add_entry(
        connection, now, step.word, guild_id=stored.guild_id, who=actor.user_id, brief_id=stored.id, detail=detail
    )
