"""Stored briefs with all their versions: drafts, posted briefs, and the searchable archive."""

import hashlib
import json
import re
import secrets
import types
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    false,
    func,
    insert,
    select,
    text,
    update,
)

from bot.state.database import State
from bot.state.state_tables import AUDIT, BRIEF_SUBJECTS, BRIEF_VERSIONS, BRIEFS, EVERY, PUBLIC_GUILDS, belongs_to
from core.questions import GapQuestion
from core.text.review import Review, Sentence

if TYPE_CHECKING:
    from core.brief import Brief

PUBLIC = ("posted", "withdrawn")
"""The statuses that the archive shows."""
ARCHIVE = "archive"
"""The kind of a monthly brief that was written later."""
WATCHED = "watched"
"""The kind of a milestone for feeds and watchers: it has a page, but appears in no list."""
LARGEST_ID = 2**31 - 1
"""The largest id that every database can hold."""
NO_MARKS = Review()
_LONGEST_SLUG = 80
_CACHED = 32
"""Briefs whose JSON is cached, since the same brief goes to many servers."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class NewBrief:
    """A brief that was just written, with news since `since`, from a `revision` of the data as `known_by` a day.

    `focus` is private or public; `kind` is brief, milestone, story or archive. `review` marks a language model's
    sentences. `subjects` are the subjects of a milestone.
    """

    brief: "Brief"
    since: date
    known_by: date
    revision: str
    has_news: bool
    focus: str | None = None
    kind: str = "brief"
    review: Review = NO_MARKS
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class StoredBrief:
    """A brief in its latest version; the fields are the table's columns.

    `is_public` says whether the archive may show it once posted: the service's own briefs, and those of servers that
    the operator made public. `brief` doesn't mention its corrections: `corrections` has the time and text of each.
    `version` counts from 1 and was made at `changed_at`; `review` marks its sentences.
    """

    id: int
    slug: str
    kind: str
    guild_id: int | None
    made_at: datetime
    made_by: int | None
    status: str
    posted_at: datetime | None
    since: date
    known_by: date
    focus: Literal["private", "public"] | None
    revision: str
    brief: "Brief"
    version: int
    changed_at: datetime
    corrections: tuple[tuple[datetime, str], ...] = ()
    is_public: bool = False
    review: Review = NO_MARKS

    @property
    def findings(self) -> tuple[str, ...]:
        """The review's findings, a sentence each."""
        return self.review.findings

    @property
    def status_word(self) -> str:
        """The status in a moderator's words: corrected for a corrected brief, discarded for a withdrawn draft."""
        if self.status == "posted" and self.corrections:
            return "corrected"
        return "discarded" if self.status == "withdrawn" and self.posted_at is None else self.status

    @property
    def chart_question(self) -> GapQuestion:
        """The question behind the brief's chart: the gap on its tests, as known at the time."""
        return self.brief.chart_question(self.since, self.known_by, self.focus)


@dataclass(frozen=True)
class Version:
    """One version of a brief: `what` is made, edited, undone or corrected."""

    number: int
    brief: "Brief"
    changed_at: datetime
    changed_by: int | None
    what: str
    note: str | None
    review: Review = NO_MARKS


# ---- writing, within a transaction


def add(
    connection: Connection, new: NewBrief, *, at: datetime, guild_id: int | None, by: int | None, status: str = "draft"
) -> int:
    """Store a new brief, and return its id."""
    brief, content = new.brief, _to_json(new.brief)
    values = {
        "slug": _make_slug(connection, brief, guild_id), "kind": new.kind, "guild_id": guild_id, "made_at": at,
        "made_by": by, "status": status, "posted_at": at if status == "posted" else None, "as_of": brief.as_of,
        "since": new.since, "known_by": new.known_by, "focus": new.focus, "revision": new.revision,
        "written_by": brief.written_by, "title": brief.title, "words": _searchable_text(brief),
        "digest": _hash_content(content),
    }  # fmt: skip
    brief_id: int = connection.execute(insert(BRIEFS).values(values).returning(BRIEFS.c.id)).scalar_one()
    values = {"brief_id": brief_id, "number": 1, "content": content, "changed_at": at, "changed_by": by, "what": "made"}
    connection.execute(insert(BRIEF_VERSIONS).values(values | _review_values(new.review)))
    _index(connection, brief_id, brief)
    return brief_id


def change(
    connection: Connection, stored: StoredBrief, brief: "Brief", *, at: datetime, by: int | None, what: str,
    note: str | None = None, review: Review = NO_MARKS,
) -> int:  # fmt: skip
    """Store a new version of a brief (edited, undone or corrected), and return its number.

    A correction doesn't change the digest, by which the archive recognises equal posts.
    """
    content, number = _to_json(brief), stored.version + 1
    version = {
        "brief_id": stored.id, "number": number, "content": content, "changed_at": at, "changed_by": by, "what": what,
        "note": note,
    }  # fmt: skip
    connection.execute(insert(BRIEF_VERSIONS).values(version | _review_values(review)))
    values = {"title": brief.title, "words": _searchable_text(brief), "written_by": brief.written_by}
    if what != "corrected":  # a posted brief keeps its address
        values |= {
            "digest": _hash_content(content),
            "slug": _make_slug(connection, brief, stored.guild_id, stored.slug),
        }
    connection.execute(update(BRIEFS).where(BRIEFS.c.id == stored.id).values(as_of=brief.as_of, **values))
    _index(connection, stored.id, brief)
    return number


def set_status(connection: Connection, brief_id: int, status: str, at: datetime) -> None:
    """Set a brief's status, and the time if it is posted."""
    values = {"status": status} | ({"posted_at": at} if status == "posted" else {})
    connection.execute(update(BRIEFS).where(BRIEFS.c.id == brief_id).values(values))


def set_data(connection: Connection, brief_id: int, new: NewBrief) -> None:
    """Set the data that a rewritten brief is based on."""
    values = {"known_by": new.known_by, "revision": new.revision}
    connection.execute(update(BRIEFS).where(BRIEFS.c.id == brief_id).values(values))


def get(connection: Connection, brief_id: int, *, lock: bool = False) -> StoredBrief | None:
    """Return a brief by its id; `lock` holds its row until the transaction ends."""
    if brief_id > LARGEST_ID:
        return None
    if lock:
        connection.execute(select(BRIEFS.c.id).where(BRIEFS.c.id == brief_id).with_for_update())
    return next(iter(_load_briefs(connection, _select_briefs().where(BRIEFS.c.id == brief_id))), None)


def newest_version(connection: Connection, brief_id: int) -> int:
    """Return the number of a brief's latest version."""
    query = select(func.max(BRIEF_VERSIONS.c.number)).where(BRIEF_VERSIONS.c.brief_id == brief_id)
    return connection.execute(query).scalar() or 0


# ---- reading


def by_id(state: State, brief_id: int) -> StoredBrief | None:
    """Return a brief by its id."""
    with state.reading() as connection:
        return get(connection, brief_id)


def by_slug(state: State, slug: str) -> StoredBrief | None:
    """Return a brief of any status by its slug."""
    with state.reading() as connection:
        return next(iter(_load_briefs(connection, _select_briefs().where(BRIEFS.c.slug == slug))), None)


def list_briefs(
    state: State, *, guild_id: int | None = EVERY, statuses: Collection[str] = (), limit: int = 20,
    in_archive: bool | None = None,
) -> list[StoredBrief]:  # fmt: skip
    """Return briefs, newest first: all, a server's, or (with None) the whole service's.

    `in_archive` limits them to the monthly archive, or to all others.
    """
    query = _select_briefs().where(belongs_to(BRIEFS, guild_id), BRIEFS.c.kind != WATCHED)
    if in_archive is not None:
        query = query.where((BRIEFS.c.kind == ARCHIVE) if in_archive else (BRIEFS.c.kind != ARCHIVE))
    if statuses:
        query = query.where(BRIEFS.c.status.in_(statuses))
    with state.reading() as connection:
        return _load_briefs(connection, query.order_by(BRIEFS.c.id.desc()).limit(limit))


def search_archive(state: State, *, words: str = "", limit: int = 20, offset: int = 0) -> list[StoredBrief]:
    """Return all public briefs ever posted, latest day first; all `words` must be in the title or the bullets.

    A brief posted by several servers appears once, with the corrections or withdrawal of the first server.
    """
    with state.reading() as connection:
        own_day = func.substr(BRIEFS.c.slug, 1, 10)
        query = _select_public(connection, words).order_by(
            own_day.desc(), BRIEFS.c.posted_at.desc(), BRIEFS.c.id.desc()
        )
        return _load_briefs(connection, query.limit(limit).offset(offset))


def list_milestones(state: State, subject: str, *, limit: int) -> list[StoredBrief]:
    """Return the milestones about a subject, newest first."""
    ids = select(BRIEF_SUBJECTS.c.brief_id).where(BRIEF_SUBJECTS.c.subject == subject)
    with state.reading() as connection:
        return _load_briefs(
            connection, _select_briefs().where(BRIEFS.c.id.in_(ids)).order_by(BRIEFS.c.id.desc()).limit(limit)
        )


def list_changed(state: State, since: datetime, *, limit: int) -> list[StoredBrief]:
    """Return the archive's briefs that were corrected or withdrawn since a moment, latest change first."""
    entries = select(AUDIT.c.brief_id, func.max(AUDIT.c.at).label("at")).group_by(AUDIT.c.brief_id)
    changes = entries.where(AUDIT.c.what.in_(("corrected", "withdrawn")), AUDIT.c.at >= since).subquery()
    with state.reading() as connection:
        query = _select_public(connection, "").join(changes, changes.c.brief_id == BRIEFS.c.id)
        return _load_briefs(connection, query.order_by(changes.c.at.desc(), BRIEFS.c.id.desc()).limit(limit))


def count_archive(state: State, *, words: str = "") -> int:
    """Count the briefs that `search_archive` finds."""
    with state.reading() as connection:
        ids = _select_public(connection, words).subquery()
        return int(connection.execute(select(func.count()).select_from(ids)).scalar() or 0)


def list_versions(state: State, brief_id: int) -> list[Version]:
    """Return all versions of a brief, oldest first."""
    with state.reading() as connection:
        return select_versions(connection, brief_id)


def select_versions(connection: Connection, brief_id: int) -> list[Version]:
    """Return all versions of a brief, oldest first, within a transaction."""
    query = select(BRIEF_VERSIONS).where(BRIEF_VERSIONS.c.brief_id == brief_id).order_by(BRIEF_VERSIONS.c.number)
    return [
        Version(row.number, _from_json(row.content), row.changed_at, row.changed_by, row.what, row.note,
                _read_review(row.findings))
        for row in connection.execute(query)
    ]  # fmt: skip


# ---- queries


def _is_public() -> ColumnElement[bool]:
    """Return the condition that a brief may be shown outside its server."""
    return BRIEFS.c.guild_id.is_(None) | BRIEFS.c.guild_id.in_(select(PUBLIC_GUILDS.c.guild_id))


def _select_briefs() -> Select[Any]:
    """Select briefs with their latest versions."""
    newest = (
        select(func.max(BRIEF_VERSIONS.c.number))
        .where(BRIEF_VERSIONS.c.brief_id == BRIEFS.c.id)
        .correlate(BRIEFS)
        .scalar_subquery()
    )
    versions_ = BRIEF_VERSIONS.c
    is_public = _is_public().label("is_public")
    of_newest = (versions_.number, versions_.content, versions_.changed_at, versions_.findings)
    return select(BRIEFS, *of_newest, is_public).join(
        BRIEF_VERSIONS, (versions_.brief_id == BRIEFS.c.id) & (versions_.number == newest)
    )


def search_words(text: str) -> list[str] | None:
    """Return the words of a search, None for an empty one; a search for punctuation alone has no words."""
    return _WORD.findall(text) if text.strip() else None


def _select_public(connection: Connection, words: str) -> Select[Any]:
    """Select the public briefs of the archive that contain some words.

    Of equal briefs it has the first one posted, and a later one of the same server only if the earlier ones were
    corrected or withdrawn. So an archived brief never disappears, and no standing brief of that server is missing.
    """
    whose, order = func.coalesce(BRIEFS.c.guild_id, 0), (BRIEFS.c.posted_at, BRIEFS.c.id)
    corrected = select(BRIEF_VERSIONS.c.brief_id).where(BRIEF_VERSIONS.c.what == "corrected")
    stands = case(((BRIEFS.c.status == "posted") & BRIEFS.c.id.not_in(corrected), 1), else_=0)
    posted = (
        select(
            BRIEFS.c.id, whose.label("whose"),
            func.first_value(whose).over(partition_by=BRIEFS.c.digest, order_by=order).label("first"),
            func.max(stands).over(partition_by=(BRIEFS.c.digest, whose), order_by=order, rows=(None, -1)).label("held"),
        )
        .where(BRIEFS.c.status.in_(PUBLIC), BRIEFS.c.posted_at.is_not(None))  # a discarded draft has no time
        .where(_is_public(), BRIEFS.c.kind != WATCHED)
        .subquery()
    )  # fmt: skip
    is_new = func.coalesce(posted.c.held, 0) == 0  # no earlier equal brief still stands
    query = _select_briefs().where(BRIEFS.c.id.in_(select(posted.c.id).where(posted.c.whose == posted.c.first, is_new)))
    terms = search_words(words)
    return query if terms is None else query.where(_has_words(connection, terms))


def _has_words(connection: Connection, terms: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a brief contains all terms; the last may be a prefix."""
    if not terms:
        return false()
    if connection.dialect.name == "sqlite":
        quoted = " ".join(f'"{word}"' for word in terms) + "*"
        ids = text("SELECT rowid FROM briefs_words WHERE briefs_words MATCH :asked").bindparams(asked=quoted)
        return BRIEFS.c.id.in_(ids.columns(BRIEFS.c.id))
    texts = func.lower(BRIEFS.c.words)
    return and_(*(texts.contains(word.lower(), autoescape=True) for word in terms))


def _load_briefs(connection: Connection, query: Select[Any]) -> list[StoredBrief]:
    rows = connection.execute(query).all()
    corrections_by_id: dict[int, list[tuple[datetime, str]]] = {}
    if rows:
        corrections = select(BRIEF_VERSIONS).where(
            BRIEF_VERSIONS.c.brief_id.in_([row.id for row in rows]), BRIEF_VERSIONS.c.what == "corrected"
        )
        for correction in connection.execute(corrections.order_by(BRIEF_VERSIONS.c.number)):
            corrections_by_id.setdefault(correction.brief_id, []).append((correction.changed_at, correction.note or ""))
    return [
        StoredBrief(
            row.id, row.slug, row.kind, row.guild_id, row.made_at, row.made_by, row.status, row.posted_at, row.since,
            row.known_by, row.focus, row.revision, _from_json(row.content), row.number, row.changed_at,
            tuple(corrections_by_id.get(row.id, ())), bool(row.is_public), _read_review(row.findings),
        )
        for row in rows
    ]  # fmt: skip


def _review_values(review: Review) -> dict[str, str]:
    return {"findings": json.dumps(asdict(review), ensure_ascii=False)} if review.sentences else {}


def _read_review(text: str | None) -> Review:
    """Parse a version's review; old versions have a list of findings instead."""
    content = json.loads(text) if text else {}
    if isinstance(content, list):
        return Review((Sentence("", "unchecked", tuple(content)),))
    review: Review = _build(Review, content)
    return review


def _index(connection: Connection, brief_id: int, brief: "Brief") -> None:
    """Index a brief for the search in SQLite; other databases search the texts themselves."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("DELETE FROM briefs_words WHERE rowid = :id"), {"id": brief_id})
        values = {"id": brief_id, "words": _searchable_text(brief)}
        connection.execute(text("INSERT INTO briefs_words (rowid, words) VALUES (:id, :words)"), values)


def _searchable_text(brief: "Brief") -> str:
    return "\n".join(brief.texts)


def _make_slug(connection: Connection, brief: "Brief", guild_id: int | None, old_slug: str = "") -> str:
    """Make a slug from a brief's day and title; a server's brief gets an unguessable suffix, kept from `old_slug`."""
    plain = unicodedata.normalize("NFKD", brief.title).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))
    if len(words) > _LONGEST_SLUG:
        words = words[:_LONGEST_SLUG].rsplit("-", 1)[0]
    base = f"{brief.published.isoformat()}-{words}".rstrip("-")
    if guild_id is not None:
        return f"{base}-{old_slug.rpartition('-')[2] or secrets.token_hex(4)}"
    same_start = select(BRIEFS.c.slug).where(BRIEFS.c.slug.startswith(base, autoescape=True))
    used_slugs = {*connection.execute(same_start).scalars()} - {old_slug}
    slugs = (base if number == 1 else f"{base}-{number}" for number in count(1))
    return next(slug for slug in slugs if slug not in used_slugs)


# ---- a brief as JSON


@lru_cache(_CACHED)
def _to_json(brief: "Brief") -> str:
    """Write a brief as JSON that `_from_json` can read."""
    return json.dumps(asdict(brief), ensure_ascii=False, default=date.isoformat)


@lru_cache(_CACHED)
def _from_json(content: str) -> "Brief":
    from core.brief import Brief

    brief: Brief = _build(Brief, json.loads(content))
    return brief


def _hash_content(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _build(kind: Any, value: Any) -> Any:
    """Build a value of a type from JSON; fields that an older version did not write get their defaults."""
    if get_origin(kind) is tuple:
        return tuple(_build(get_args(kind)[0], item) for item in value)
    if get_origin(kind) in (Union, types.UnionType):
        options = [option for option in get_args(kind) if option is not types.NoneType]
        return value if value is None or len(options) > 1 else _build(options[0], value)
    if is_dataclass(kind):
        make: Any = kind
        hints = _hints(make)
        return make(**{name: _build(hint, value[name]) for name, hint in hints.items() if name in value})
    return date.fromisoformat(value) if kind is date else value
