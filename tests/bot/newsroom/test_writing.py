"""Briefs for the newsroom: worded by a model where one is set, once, and never so that one does not go out."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.assistant.model_calls import FormModel
from bot.newsroom import scheduling, workflow
from bot.newsroom.newsroom_worker import NewsroomWorker
from bot.newsroom.writing import Writer, build_writer
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.state import briefs, schedules
from bot.state.briefs import NewBrief
from bot.state.conversation_key import ConversationKey
from bot.state.database import State
from core.brief import Brief
from core.errors import UsageError
from tests.bot.assistant.stories import BULLETS, GOOD, article
from tests.bot.newsroom.newsroom import NO_NAMES, NOW, Clock, FakeTarget, FakeWriter, made, until
from tests.conftest import ROOT
from tests.core.brief.worded import GOOD as WORDS
from tests.directions import walk
from tests.fakes import openai
from tests.fakes.openai import FakeOpenAI, structured

DAY = date(2026, 8, 22)
FORM = {
    "title": WORDS.title,
    "bullets": [{"text": bullet.text} for bullet in WORDS.bullets[:-1]],  # as the template, for room
    "terms": list(WORDS.terms),
}
STORY = {"title": GOOD.title, "bullets": list(BULLETS), "terms": list(GOOD.terms)}


def settings_of(evidence_file: Path, server: FakeOpenAI) -> Settings:
    return Settings(evidence_file, ROOT / "data", llm_model="gpt-test", llm_base_url=server.url)


def writer(evidence_file: Path, server: FakeOpenAI) -> Writer:
    settings = settings_of(evidence_file, server)
    return Writer(settings, FormModel(settings, seconds=60))


# ---- in a model's words


def test_without_a_model_a_brief_stays_as_it_is(evidence_file: Path, state: State) -> None:
    plain = build_writer(Settings(evidence_file, ROOT / "data"), state)
    draft = plain.write(DAY, None, None)
    assert plain.form_model is None
    assert plain.reword(draft) is draft
    plain.stop()


@pytest.mark.slow
def test_a_brief_is_worded_once_for_all_that_are_due(evidence_file: Path) -> None:
    with FakeOpenAI(structured(FORM)) as server:
        one = writer(evidence_file, server)
        draft = one.write(DAY, None, None)
        worded = one.reword(draft)
        assert worded == one.reword(draft)
        assert worded == replace(draft, brief=worded.brief, review=worded.review)
        assert {sentence.writer for sentence in worded.review.sentences} == {"the model's"}
        assert worded.review.findings == ()
        assert len(server.asked) == 1
    assert draft.brief.written_by == "template"
    assert worded.brief.written_by == "model gpt-test"
    assert worded.brief.title == "Kimi K3 takes six open records"


@pytest.mark.parametrize("step", [openai.error(500), structured({"title": "", "bullets": []}), "a fault of ours"])
@pytest.mark.slow
def test_a_brief_goes_out_whatever_breaks_on_the_way(
    evidence_file: Path, monkeypatch: pytest.MonkeyPatch, step: openai.Reply | str
) -> None:
    if isinstance(step, str):
        monkeypatch.setattr("bot.assistant.brief_writer.write_brief", lambda *_: 1 / 0)
    with FakeOpenAI(openai.always(step if isinstance(step, openai.Reply) else structured(FORM))) as server:
        one = writer(evidence_file, server)
        new = one.write(DAY, None, None)
        assert one.reword(new) is new


def test_milestones_and_briefs_of_other_data_are_left_as_they_are(evidence_file: Path) -> None:
    with FakeOpenAI(structured(FORM)) as server:
        one = writer(evidence_file, server)
        draft = one.write(DAY, None, None)
        assert one.reword(replace(draft, kind="milestone")).brief == draft.brief
        assert one.reword(replace(draft, revision="another")).brief == draft.brief
        assert server.asked == []


@pytest.mark.slow
def test_the_reason_for_the_templates_words_is_told(evidence_file: Path) -> None:
    with FakeOpenAI(openai.error(503)) as server:
        settings = settings_of(evidence_file, server)
        reasons: list[str] = []
        one = Writer(settings, FormModel(settings), lambda why, _: reasons.append(why))
        draft = one.write(DAY, None, None)
        assert one.reword(draft) is draft
        one.reword(replace(draft, revision="another"))
    assert reasons == ["the language model failed (503)", "the data changed while it was written"]


# ---- written anew


def plain(evidence_file: Path) -> Writer:
    """A writer without a model."""
    return Writer(Settings(evidence_file, ROOT / "data"))


def kept(state: State, draft: NewBrief) -> briefs.StoredBrief:
    return workflow.add_draft(state, draft, workflow.OPERATOR, NOW)


@pytest.mark.slow
def test_a_worded_brief_is_left_in_its_words_while_the_data_says_the_same(evidence_file: Path, state: State) -> None:
    with FakeOpenAI(structured(FORM)) as server:
        one = writer(evidence_file, server)
        ours = kept(state, one.reword(one.write(DAY, None, None)))
    assert one.rewrite(ours, DAY).brief == ours.brief
    by_hand = replace(ours, brief=replace(ours.brief, title="A title", written_by="moderator"))
    assert one.rewrite(by_hand, DAY).brief == one.write(DAY, None, None).brief
    other = with_fact(ours.brief, "deck.private", shown="about 6 months behind")
    assert one.rewrite(replace(ours, brief=other), DAY).brief.written_by == "template"


def with_fact(brief: Brief, key: str, **changed: str) -> Brief:
    facts = (replace(fact, **changed) if fact.key == key else fact for fact in brief.facts)
    return replace(brief, facts=tuple(facts))


@pytest.mark.parametrize(
    ("kind", "method", "reason"),
    [
        ("story", "index-2", "is of an article"),
        ("milestone", "index-2", "is of one result"),
        ("brief", "index-1", "is by the method index-1"),
    ],
)
def test_what_is_no_brief_of_this_method_is_not_written_anew_from_data(
    evidence_file: Path, state: State, kind: str, method: str, reason: str
) -> None:
    one = plain(evidence_file)
    new = one.write(DAY, None, None)
    ours = kept(state, replace(new, kind=kind, brief=with_fact(new.brief, "method", value=method)))
    with pytest.raises(UsageError, match=rf"^Brief 1 {reason}; correct it by its text, with --text\.$"):
        one.rewrite(ours, DAY)


def test_after_a_brief_by_another_method_there_is_no_news_of_verdicts(
    evidence_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, at = plain(evidence_file), date(2026, 9, 28)
    before = one.write(DAY, None, None).brief
    monkeypatch.setattr("core.gap.analysis.find_direction", lambda *_: walk(0, 0, 1))
    for method, title in (
        ("index-2", "Open models slip: the gap is wider than in January 2025"),
        ("index-1", "GPT-6 Astra takes two records that no open model has matched"),
    ):
        last_facts = with_fact(before, "method", value=method).facts
        assert one.write(at, DAY, None, last_facts=last_facts).brief.title == title


# ---- stories


@pytest.mark.slow
def test_a_story_is_kept_edited_and_posted_like_any_brief(evidence_file: Path, state: State) -> None:
    with FakeOpenAI(structured(STORY)) as server:
        draft = writer(evidence_file, server).write_story(article(), DAY, ConversationKey("newsroom"))
    assert (draft.kind, draft.has_news, draft.focus) == ("story", True, None)
    ours = kept(state, draft)
    assert ours.brief == draft.brief
    text = workflow.editing.as_text(ours.brief)
    finding = "“9.9 months”: no fact has this figure; the facts have “"
    for words, beginning in (("some 9.3 months later", ""), ("after 9.9 months", finding)):
        edited = text.replace("after 9.3 months", words)
        findings = workflow.edit(state, ours.id, edited, workflow.OPERATOR, NOW, names=NO_NAMES).findings
        assert len(findings) == bool(beginning)
        assert "".join(findings).startswith(beginning)
    assert workflow.post(state, ours.id, 123, workflow.OPERATOR, NOW, anyway=True).status == "posted"
    assert [stored.brief.source for stored in briefs.search_archive(state)] == ["Model Weekly"]


# ---- schedules


class Wordsmith(FakeWriter):
    """Words each brief in the same way, and counts how often."""

    worded_: int = 0

    def reword(self, made: NewBrief) -> NewBrief:
        self.worded_ += 1
        brief: Brief = replace(made.brief, title="In better words", written_by="model test")
        return replace(made, brief=brief)


def schedule(state: State, *, only_news: bool = True, channel: int = 11, ask_first: bool = True) -> None:
    wish = schedules.NewSchedule(
        "every day at 9", "UTC", channel, only_news=only_news, ask_first=ask_first, review_channel_id=99
    )
    scheduling.add(state, wish, workflow.OPERATOR, NOW - timedelta(hours=2))


def test_a_models_words_wait_for_approval_and_what_goes_out_at_once_has_the_templates(state: State) -> None:
    schedule(state, channel=11)
    schedule(state, channel=12, ask_first=False)
    assert scheduling.run_due(state, NOW, Wordsmith()) == 2
    listed = {stored.status: stored.brief.written_by for stored in briefs.list_briefs(state)}
    assert listed == {"draft": "model test", "posted": "template"}


def test_what_is_due_is_in_better_words_made_once_for_all(state: State) -> None:
    for channel in (11, 12, 13):
        schedule(state, channel=channel)
    smith = Wordsmith()
    assert scheduling.run_due(state, NOW, smith) == 3
    assert smith.worded_ == 1
    assert {stored.brief.written_by for stored in briefs.list_briefs(state)} == {"model test"}
    assert scheduling.run_due(state, NOW + timedelta(seconds=5), smith) == 0
    assert smith.worded_ == 1


def test_nothing_new_is_not_worded(state: State) -> None:
    schedule(state)
    smith = Wordsmith(has_news=False)
    assert scheduling.run_due(state, NOW, smith) == 0
    assert smith.worded_ == 0
    schedule(state, only_news=False)
    assert scheduling.run_due(state, NOW, smith) == 1
    assert smith.worded_ == 1


def test_a_brief_that_somebody_else_made_while_it_was_worded_is_made_once(state: State) -> None:
    class Slow(Wordsmith):
        def reword(self, made: NewBrief) -> NewBrief:
            if not self.worded_:
                self.worded_ += 1
                assert scheduling.run_due(state, NOW, Wordsmith()) == 1  # another process, meanwhile
            return super().reword(made)

    schedule(state)
    assert scheduling.run_due(state, NOW, Slow()) == 0
    assert len(briefs.list_briefs(state)) == 1
    with state.reading() as connection:
        assert schedules.find_last_brief(connection, 1) is not None


def test_run_now_is_worded_too(state: State) -> None:
    schedule(state)
    brief_id = scheduling.run_now(state, 1, workflow.OPERATOR, NOW, Wordsmith())
    stored = briefs.by_id(state, brief_id)
    assert stored is not None
    assert stored.brief.title == "In better words"
    assert made().brief.title != stored.brief.title


@pytest.mark.slow
async def test_a_stop_while_a_brief_is_worded_is_quick_and_the_brief_is_still_due(
    evidence_file: Path, state: State
) -> None:
    schedule(state, only_news=False)
    with FakeOpenAI(openai.always(openai.hang())) as server:
        settings = settings_of(evidence_file, server)
        room = NewsroomWorker(
            state, Writer(settings, FormModel(settings)), {"discord": FakeTarget()}, Scheduler(),
            clock=Clock(NOW), look_seconds=0.05,
        )  # fmt: skip
        room.begin()
        await until(lambda: server.asked)
        async with asyncio.timeout(60):
            await asyncio.sleep(0.1)
            await room.stop()
    assert briefs.list_briefs(state) == []
    assert scheduling.run_due(state, NOW, Wordsmith()) == 1
