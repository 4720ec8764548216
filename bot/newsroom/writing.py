"""Writes briefs from the evidence file: each once, however many servers are due at the same minute.

A brief is computed and written from the template at once; later a language model rewords it, if one is set up.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import structlog

from bot.answers import open_evidence
from bot.assistant.models import FailedError
from bot.newsroom.editing import BY_HAND
from bot.settings import Settings
from bot.state.briefs import NewBrief, StoredBrief
from bot.state.schedules import LastBrief
from core.answer import Fact
from core.brief import Brief, complete_day, compose, gather, month_before
from core.errors import UsageError
from core.evidence.evidence import Evidence, Records, load
from core.gap.parameters import DEFAULT
from core.names.name_index import NameIndex, name_index
from core.text.marks import mark_sentences
from core.text.review import Review
from core.words import CLASSES, quote

if TYPE_CHECKING:
    from bot.assistant.article import Article
    from bot.assistant.model_calls import FormModel
    from bot.state.conversation_key import ConversationKey
    from bot.state.database import State
    from core.brief.milestones import Told
    from core.brief.verdicts import Verdict

log = structlog.get_logger("gapbrief.newsroom")

NEWS = ("news.open", "raised.closed")
"""The facts in a brief that an open model matched a level, or that a closed model set one."""
_OUTSIDE_BULLETS = ("term.", "more.", "reading", "today", "published")
"""Prefixes of the keys of facts outside the bullets."""
_CACHED = 50
_SINGLE_SUBJECT = {"story": "an article", "milestone": "one result"}
Note = Callable[[str, Exception | None], None]
_BriefKey = tuple[str, date, date | None, str | None, date, "Verdict | None", date | None]


def load_names(settings: Settings) -> NameIndex:
    """Return the index of all models, benchmarks, labs and countries."""
    with open_evidence(settings) as store:
        return name_index(store)


class Writer:
    """Writes briefs from the settings' evidence file; safe to share between threads.

    Without a `form_model`, the language model, briefs keep the template's words. `note` is called with the reason, and
    the exception if there was one, whenever the model's words can't be used.
    """

    def __init__(self, settings: Settings, form_model: "FormModel | None" = None, note: Note | None = None) -> None:
        self.settings, self.form_model, self.note = settings, form_model, note or _log_fallback
        self._lock, self._wording = Lock(), Lock()
        self._reworded: dict[tuple[str, date, date, str | None], tuple[Brief, Review]] = {}
        self._cache: dict[_BriefKey, NewBrief | Exception] = {}

    def read_revision(self) -> str:
        """Return the data's revision."""
        with open_evidence(self.settings) as store:
            return store.revision

    def complete_to(self) -> date:
        """Return the last day with complete data."""
        with open_evidence(self.settings) as store:
            return complete_day(_focused_evidence(load(store), None))

    def write(
        self,
        published: date,
        since: date | None,
        focus: str | None,
        today: date | None = None,
        last_facts: tuple[Fact, ...] = (),
        known_by: date | None = None,
    ) -> NewBrief:
        """Write the brief for a day, or return it from the cache; raises UsageError if there can be none.

        A brief for an earlier day than `today` (its own by default) says that it uses later knowledge. `last_facts` are
        the last brief's facts, including its verdict; `known_by` is the day of the data behind it.
        """
        from core.brief.verdicts import verdict_of

        last_verdict = verdict_of(last_facts, DEFAULT.name)
        return self._write(published, since, focus, today or published, last_verdict, known_by)

    def write_milestones(self, published: date, reported: "Told") -> "tuple[list[NewBrief], Told]":
        """Write the milestones not yet reported; raises UsageError if there is nothing to measure."""
        with open_evidence(self.settings) as store:
            records = load(store)
        return write_milestones(_focused_evidence(records, None), published, reported)

    def reword(self, new: NewBrief) -> NewBrief:
        """Return a brief in the language model's words, cached ones if possible, or unchanged if it can't."""
        if self.form_model is None or new.kind != "brief":
            return new
        key = (new.revision, new.brief.published, new.since, new.focus)
        with self._wording:
            if key not in self._reworded:
                try:
                    reworded = self._ask_model(self.form_model, new)
                except FailedError as error:
                    self.note(str(error), None)
                    return new
                except Exception as error:  # the brief goes out in any case
                    self.note("the language model could not be asked", error)
                    return new
                if len(self._reworded) >= _CACHED:
                    self._reworded.clear()
                self._reworded[key] = reworded
            brief, review = self._reworded[key]
            return replace(new, brief=brief, review=review)

    def _ask_model(self, form_model: "FormModel", new: NewBrief) -> tuple[Brief, Review]:
        """Have the model word a brief from the data behind it, and review its words; blocks for the model's answer."""
        from bot.assistant.brief_writer import write_brief
        from core.brief.verdicts import verdict_before

        with open_evidence(self.settings) as store:
            if store.revision != new.revision:
                raise FailedError("the data changed while it was written")
            records, names = load(store), name_index(store)
        evidence, last_verdict = _focused_evidence(records, new.focus), verdict_before(new.brief.facts)
        published = new.brief.published
        return write_brief(form_model, gather(evidence, published, new.since, published, last_verdict), names)

    def stop(self) -> None:
        """Cancel requests to the language model."""
        if self.form_model is not None:
            self.form_model.stop()

    def write_story(self, article: "Article", published: date, key: "ConversationKey") -> NewBrief:
        """Write a brief about an article, with the language model; raises UsageError if there can be none."""
        from bot.assistant.brief_writer import MODELS
        from bot.assistant.story import missing_model_error, write_article_brief

        if self.form_model is None:
            raise missing_model_error()
        with open_evidence(self.settings) as store:
            records, names, revision = load(store), name_index(store), store.revision
        brief = write_article_brief(self.form_model, article, _focused_evidence(records, None), names, key, published)
        remarks = [bullet.remark for bullet in brief.bullets if bullet.remark]
        draft = [article.title, " ".join(article.sentences), *remarks]
        review = mark_sentences(brief.texts, draft, brief.facts, names, MODELS)
        return NewBrief(
            brief, month_before(published), records.last_known, revision, has_news=True, kind="story", review=review
        )

    def rewrite(self, stored: StoredBrief, today: date) -> NewBrief:
        """Write an earlier brief again, from today's data.

        A brief in a language model's words stays as it is if the data says the same. Raises UsageError for a story or a
        milestone, and for a brief by another method.
        """
        from core.brief.verdicts import verdict_before

        if stored.kind in _SINGLE_SUBJECT:
            subject = _SINGLE_SUBJECT[stored.kind]
            raise UsageError(f"Brief {stored.id} is of {subject}; correct it by its text, with --text.")
        method = next((fact.value for fact in stored.brief.facts if fact.key == "method"), DEFAULT.name)
        if method != DEFAULT.name:
            raise UsageError(f"Brief {stored.id} is by the method {method}; correct it by its text, with --text.")
        last_verdict = verdict_before(stored.brief.facts)
        new = self._write(stored.brief.published, stored.since, stored.focus, today, last_verdict)
        new = replace(new, brief=replace(new.brief, category=stored.brief.category), kind=stored.kind)
        new_facts = {fact.key: fact.shown for fact in new.brief.facts}
        bullet_facts = [fact for fact in stored.brief.facts if not fact.key.startswith(_OUTSIDE_BULLETS)]
        is_same = all(new_facts.get(fact.key) == fact.shown for fact in bullet_facts)
        is_worded = stored.brief.written_by not in (new.brief.written_by, BY_HAND)
        return replace(new, brief=stored.brief) if is_worded and is_same else new

    def _write(
        self,
        published: date,
        since: date | None,
        focus: str | None,
        today: date,
        last_verdict: "Verdict | None",
        known_by: date | None = None,
    ) -> NewBrief:
        """Write a brief once per revision; failures are cached too."""
        with self._lock, open_evidence(self.settings) as store:
            key = (store.revision, published, since, focus, today, last_verdict, known_by)
            if key not in self._cache:
                if len(self._cache) >= _CACHED:
                    self._cache.clear()
                try:
                    records = load(store)
                    evidence = _focused_evidence(records, focus)
                    brief = compose(gather(evidence, published, since, today, last_verdict, known_by))
                    has_news = any(fact.key in (*NEWS, "turned", "corrected") for fact in brief.facts)
                    news_since = since or month_before(published)
                    self._cache[key] = NewBrief(brief, news_since, records.last_known, store.revision, has_news, focus)
                except Exception as error:
                    self._cache[key] = error
            cached = self._cache[key]
        if isinstance(cached, Exception):
            raise cached
        return cached


def parse_focus(text: str) -> str:
    """Parse a class of tests, private or public; raises UsageError for any other."""
    focus = text.strip().lower().removesuffix("tests").removesuffix("test").strip()
    if focus not in CLASSES:
        raise UsageError(f"No focus is called {quote(text)}; choose private or public tests.", CLASSES)
    return focus


def select_class(evidence: Evidence, access: str) -> Evidence:
    """Limit the headline tests to a class; the evidence stays complete to the same day."""
    boards = tuple(replace(board, headline=board.headline and board.access == access) for board in evidence.boards)
    complete_days = [complete_day(evidence).toordinal()] * len(boards)
    return replace(evidence, boards=boards, board_days=np.array(complete_days, dtype=np.int64))


def _focused_evidence(records: Records, focus: str | None) -> Evidence:
    """Return the evidence as known now, limited to one class of tests if there is a focus."""
    evidence = records.known_by(records.last_known)
    return select_class(evidence, focus) if focus else evidence


def write_milestones(evidence: Evidence, published: date, reported: "Told") -> "tuple[list[NewBrief], Told]":
    """Write a brief for each milestone in the evidence not yet reported; return them and everything reported by now."""
    from core.brief.milestones import Milestone, brief_of, find_milestones, since_of

    new, now_reported = find_milestones(evidence, published, reported)
    return [
        NewBrief(
            brief_of(evidence, published, milestone), since_of(milestone), evidence.known_by, evidence.revision,
            has_news=True, kind="milestone", subjects=milestone.subjects if isinstance(milestone, Milestone) else (),
        )
        for milestone in new
    ], now_reported  # fmt: skip


def build_writer(settings: Settings, state: "State", note: Note | None = None) -> Writer:
    """Build the settings' writer, with a language model if one is set up; its usage is counted."""
    from bot.assistant.models import has_model

    if not has_model(settings):
        return Writer(settings, None, note)
    from bot.assistant.budget import Budget
    from bot.assistant.model_calls import FormModel

    return Writer(settings, FormModel(settings, Budget(state, settings)), note)


def _log_fallback(reason: str, error: Exception | None) -> None:
    log.warning("a brief has the template's words", reason=reason, exc_info=error)


def write_after(writer: Writer, last: LastBrief | None, published: date, focus: str | None) -> NewBrief:
    """Write the brief for a day as a sequel to the last one, so that news is what the last one could not know.

    Levels reached after the last brief's as-of day, or shown only by later scores, come first; then scores that became
    known later. On the same data there is no news.
    """
    if last is None:
        return writer.write(published, None, focus)
    day_before = published - timedelta(days=1)
    if last.revision == writer.read_revision():
        return replace(writer.write(published, min(last.day, day_before), focus, last_facts=last.facts), has_news=False)
    known_by = min(last.known_by, day_before)
    new = writer.write(published, min(last.as_of, day_before), focus, last_facts=last.facts, known_by=known_by)
    if any(fact.key in NEWS for fact in new.brief.facts):
        return new
    return writer.write(published, known_by, focus, last_facts=last.facts)
