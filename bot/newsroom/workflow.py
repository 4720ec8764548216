"""The life of a brief: drafted, edited, approved, posted, corrected, withdrawn; each step goes to the audit trail.

The caller checks that the person may use the newsroom; this module checks that the brief belongs to the person's
server. Each step is one transaction, which also queues the deliveries it needs.
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
from core.words import count


@dataclass(frozen=True)
class Actor:
    """Who takes a step: a member of a server, or the operator, who may do anything and has no id."""

    user_id: int | None
    guild_id: int | None

    def may(self, guild_id: int | None) -> bool:
        """Whether the actor may act for a server."""
        return self.user_id is None or guild_id == self.guild_id


OPERATOR = Actor(None, None)


@dataclass(frozen=True)
class HistoryEntry:
    """A brief in the history, with its outbox items."""

    stored: StoredBrief
    items: list[Item] = field(default_factory=list)


class FindingsError(UsageError):
    """A text doesn't agree with its facts; `findings` has a sentence each. A person may post it anyway."""

    def __init__(self, brief_id: int, findings: Sequence[str], advice: str) -> None:
        super().__init__(
            f"Brief {brief_id} says what its facts do not: {' '.join(findings)} {advice} it with --anyway."
        )
        self.findings = tuple(findings)


def add_draft(state: State, new: NewBrief, actor: Actor, now: datetime, *, guild_id: int | None = None) -> StoredBrief:
    """Store a draft for the person's server; the operator's is for `guild_id`, or the whole service."""
    guild_id = guild_id if actor.user_id is None else actor.guild_id
    with state.begin() as connection:
        brief_id = briefs.add(connection, new, at=now, guild_id=guild_id, by=actor.user_id)
        audit.add_entry(connection, now, MAKE.word, guild_id=guild_id, who=actor.user_id, brief_id=brief_id)
        return _read_again(connection, brief_id)


def edit(
    state: State, brief_id: int, text: str, actor: Actor, now: datetime, *, names: NameIndex,
    seen_version: int | None = None,
) -> StoredBrief:  # fmt: skip
    """Replace a draft's text and review its sentences; raises UsageError for a text in the wrong form.

    `names` has all models, labs, tests and countries, as in `correct`. `seen_version` is the version that the person
    saw: here and in the other steps, UsageError is raised if the brief has changed since.
    """
    with _open_brief(state, brief_id, actor, EDIT, seen_version) as (connection, stored):
        brief = editing.edited(stored.brief, text)
        if brief != stored.brief:
            original = machine_version(briefs.select_versions(connection, brief_id))
            review = editing.review_edit(brief, original.brief, names, original.review)
            briefs.change(connection, stored, brief, at=now, by=actor.user_id, what=EDIT.word, review=review)
            _audit(connection, now, EDIT, stored, actor, editing.what_changed(stored.brief, brief))
        return _read_again(connection, brief_id)


def undo(state: State, brief_id: int, actor: Actor, now: datetime, *, seen_version: int | None = None) -> StoredBrief:
    """Undo a draft's last edit; it stays among the versions. Raises UsageError if there is none."""
    with _open_brief(state, brief_id, actor, UNDO, seen_version) as (connection, stored):
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
    """Return the versions that were not undone; the last is the current one."""
    standing: list[Version] = []
    for version in versions:
        if version.what == UNDO.word:
            standing.pop()
        else:
            standing.append(version)
    return standing


def machine_version(versions: Sequence[Version]) -> Version:
    """Return the latest version that was not edited by hand."""
    return next(version for version in reversed(versions) if version.brief.written_by != editing.BY_HAND)


def approve(
    state: State, brief_id: int, actor: Actor, now: datetime, *, anyway: bool = False, seen_version: int | None = None
) -> StoredBrief:
    """Approve a draft, and post it if a schedule made it.

    Raises FindingsError if the draft has findings, here and in `post`, unless it is to be posted `anyway`.
    """
    with _open_brief(state, brief_id, actor, APPROVE, seen_version) as (connection, stored):
        remark = _accept_findings(brief_id, stored.review, stored.findings, anyway=anyway)
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
    """Post a draft to a channel and to its server's other targets."""
    with _open_brief(state, brief_id, actor, POST, seen_version) as (connection, stored):
        remark = _accept_findings(brief_id, stored.review, stored.findings, anyway=anyway)
        send(connection, brief_id, list_targets(connection, stored.guild_id, channel_id), now)
        schedules.set_run_status(connection, brief_id, "made")
        _audit(connection, now, POST, stored, actor, remark)
        return _read_again(connection, brief_id)


def discard(
    state: State, brief_id: int, actor: Actor, now: datetime, *, seen_version: int | None = None
) -> StoredBrief:
    """Discard a draft."""
    with _open_brief(state, brief_id, actor, DISCARD, seen_version) as (connection, stored):
        briefs.set_status(connection, brief_id, "withdrawn", now)
        schedules.set_run_status(connection, brief_id, "skipped", "a moderator discarded the draft")
        outbox.cancel_pending(connection, brief_id, "the draft was discarded")
        _audit(connection, now, DISCARD, stored, actor)
        return _read_again(connection, brief_id)


def withdraw(state: State, brief_id: int, actor: Actor, now: datetime, *, reason: str | None = None) -> StoredBrief:
    """Withdraw a posted brief: delete it at its targets if possible, and mark it in the archive and the feeds."""
    with _open_brief(state, brief_id, actor, WITHDRAW) as (connection, stored):
        briefs.set_status(connection, brief_id, "withdrawn", now)
        outbox.cancel_pending(connection, brief_id, "the brief was withdrawn")
        outbox.enqueue(connection, brief_id, stored.version, "delete", outbox.list_reached(connection, brief_id), now)
        _audit(connection, now, WITHDRAW, stored, actor, reason)
        return _read_again(connection, brief_id)


def correct(
    state: State, brief_id: int, new: str | NewBrief, actor: Actor, now: datetime, *, names: NameIndex,
    note: str | None = None, anyway: bool = False, seen_version: int | None = None,
) -> StoredBrief:  # fmt: skip
    """Correct a posted brief by a new text or a new brief; the old version stays in the archive.

    `note` says what changed in the person's words; without it, the change is described automatically. Raises UsageError
    if nothing changed or the text has the wrong form, and FindingsError for new findings unless it is posted `anyway`.
    """
    with _open_brief(state, brief_id, actor, CORRECT, seen_version) as (connection, stored):
        brief = editing.edited(stored.brief, new) if isinstance(new, str) else new.brief
        if editing.as_text(brief) == editing.as_text(stored.brief):
            if isinstance(new, str):
                raise UsageError(f"Nothing in brief {brief_id} changed; there is nothing to correct.")
            raise UsageError(f"The data behind brief {brief_id} say the same; give its text with --text to correct it.")
        original = machine_version(briefs.select_versions(connection, brief_id))
        review = (
            editing.review_edit(brief, original.brief, names, original.review) if isinstance(new, str) else Review()
        )
        findings = [finding for finding in review.findings if finding not in stored.findings]
        change = ("" if isinstance(new, str) else "written anew from today's data; ") + editing.what_changed(
            stored.brief, brief
        )
        if note is not None:
            change = editing.as_note(note, stored.brief, brief)
            findings += editing.find_in_note(note, stored.brief, brief, original.brief, names)
        remark = _accept_findings(brief_id, review, findings, "Change your words, or correct", anyway=anyway)
        number = briefs.change(
            connection, stored, brief, at=now, by=actor.user_id, what=CORRECT.word, note=change, review=review
        )
        if not isinstance(new, str):
            briefs.set_data(connection, brief_id, new)
        outbox.enqueue(connection, brief_id, number, "edit", outbox.list_reached(connection, brief_id), now)
        _audit(connection, now, CORRECT, stored, actor, f"{change} {remark}" if remark else change)
        return _read_again(connection, brief_id)


def send_again(state: State, brief_id: int, actor: Actor, now: datetime) -> int:
    """Retry a brief's failed deliveries, including its latest correction or its deletion; return how many.

    A person has checked that the brief is missing there.
    """
    with _open_brief(state, brief_id, actor) as (connection, stored):
        if stored.posted_at is None:
            SEND_AGAIN.check(stored)
        items = outbox.select_items(connection, brief_id)
        missed = list_missed(stored, items)
        for item in missed:
            outbox.retry_item(connection, item.id, now)
        if not missed:
            outcome = "arrived" if _has_target(items) else "had nowhere to go"
            if waiting := [item for item in items if item.is_waiting and item.action in ("post", "edit")]:
                outcomes = dict.fromkeys(item.outcome for item in waiting if item.error)
                outcome = f"is still being sent{': ' if outcomes else ''}{'; '.join(outcomes)}"
            reason = "was withdrawn" if stored.status == "withdrawn" else outcome
            raise UsageError(f"Brief {brief_id} {reason}; there is nothing to repeat.")
        _audit(connection, now, SEND_AGAIN, stored, actor)
        return len(missed)


def list_missed(stored: StoredBrief, items: Iterable[Item]) -> list[Item]:
    """Return the missed items that still matter for a brief as it stands now, one per target."""
    missing = [item for item in items if item.is_missed]
    if stored.status == "withdrawn":
        return [item for item in missing if item.action == "delete"]
    posts = {item.target: item for item in missing if item.action == "post"}
    edits = {item.target: item for item in missing if item.action == "edit" and item.version == stored.version}
    return list({**edits, **posts}.values())


def list_history(
    state: State, guild_id: int | None, *, limit: int = 10, in_archive: bool = False
) -> list[HistoryEntry]:
    """Return the latest briefs of a server, of the whole service (None) or of all (EVERY), with their outbox items.

    Briefs of the monthly archive are listed separately, with `in_archive`.
    """
    newest = briefs.list_briefs(state, guild_id=guild_id, limit=limit, in_archive=in_archive)
    return [HistoryEntry(stored, outbox.list_items(state, stored.id)) for stored in newest]


def get(state: State, brief_id: int, actor: Actor) -> StoredBrief:
    """Return a brief of the person's server; raises UsageError if there is none."""
    with _open_brief(state, brief_id, actor) as (_, stored):
        return stored


def is_awaited(state: State, brief_id: int) -> bool:
    """Whether a brief was made by a schedule and awaits approval."""
    with state.begin() as connection:
        run = schedules.find_run(connection, brief_id)
        return run is not None and run.status == "awaiting"


def is_sent(state: State, brief_id: int) -> bool:
    """Whether a brief goes to any channel or target, not just to the archive and the feeds."""
    return _has_target(outbox.list_items(state, brief_id))


def _has_target(items: Iterable[Item]) -> bool:
    return any(item.action == "post" for item in items)


# ---- for other modules that post, within their transaction


def list_targets(connection: Connection, guild_id: int | None, channel_id: int | None) -> list[str]:
    """Return the targets for briefs of a server, or of the whole service: the channel first."""
    channel = [] if channel_id is None else [f"discord:{channel_id}"]
    return channel + [f"{target.kind}:{target.id}" for target in target_rows.select_targets(connection, guild_id)]


def send(
    connection: Connection, brief_id: int, targets: Iterable[str], now: datetime, *, schedule_id: int | None = None
) -> None:
    """Mark a brief as posted, and queue it for each target."""
    briefs.set_status(connection, brief_id, "posted", now)
    version = briefs.newest_version(connection, brief_id)
    outbox.enqueue(connection, brief_id, version, "post", targets, now, schedule_id=schedule_id)


# ---- shared by the steps


@contextmanager
def _open_brief(
    state: State, brief_id: int, actor: Actor, step: Step | None = None, seen_version: int | None = None
) -> Iterator[tuple[Connection, StoredBrief]]:
    """Open a transaction with a locked brief.

    Raises UsageError if the actor's server has no such brief, if it has changed since the version seen, or if its
    status doesn't allow the step.
    """
    with state.begin() as connection:
        stored = briefs.get(connection, brief_id, lock=True)
        if stored is None or not actor.may(stored.guild_id):
            raise UsageError(f"There is no brief {brief_id} here; the history lists the existing ones.")
        if seen_version is not None and stored.version != seen_version:
            raise UsageError(f"Brief {brief_id} was changed since you saw it; look at it again as it stands now.")
        if step is not None:
            step.check(stored)
        yield connection, stored


def _accept_findings(
    brief_id: int, review: Review, findings: Sequence[str], advice: str = "Edit it, or approve", *, anyway: bool
) -> str | None:
    """Return the audit trail's remark on findings posted anyway, and on how many sentences nobody has checked.

    Raises FindingsError if the findings are not accepted.
    """
    if findings and not anyway:
        raise FindingsError(brief_id, findings, advice)
    remarks = [f"anyway: {' '.join(findings)}"] if findings else []
    remarks += [f"{count(len(review.unchecked), 'sentence')} unchecked."] if review.unchecked else []
    return " ".join(remarks) or None


def _read_again(connection: Connection, brief_id: int) -> StoredBrief:
    stored = briefs.get(connection, brief_id)
    if stored is None:  # impossible: the same transaction has read it
        raise LookupError(brief_id)
    return stored


def _audit(
    connection: Connection, now: datetime, step: Step, stored: StoredBrief, actor: Actor, detail: str | None = None
) -> None:
    audit.add_entry(
        connection, now, step.word, guild_id=stored.guild_id, who=actor.user_id, brief_id=stored.id, detail=detail
    )
