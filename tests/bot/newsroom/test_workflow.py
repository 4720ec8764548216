"""The life of a brief: who may do what, what is sent for it, and what is noted."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from bot.newsroom import workflow
from bot.newsroom.editing import as_text
from bot.newsroom.workflow import OPERATOR, Actor, FindingsError
from bot.state import audit, briefs, outbox
from bot.state.briefs import NewBrief, StoredBrief
from bot.state.database import State
from bot.state.state_tables import EVERY
from core.errors import UsageError
from tests.bot.newsroom.newsroom import BRIEF, MINUTE, NO_NAMES, NOW, add_target, made

MO = Actor(7, 5)
STRANGER = Actor(8, 6)


def draft(state: State, who: Actor = MO) -> int:
    return workflow.add_draft(state, made(), who, NOW).id


def posted(state: State) -> int:
    brief_id = draft(state)
    workflow.post(state, brief_id, 55, MO, NOW)
    return brief_id


def edit(state: State, brief_id: int, text: str, who: Actor = MO) -> StoredBrief:
    return workflow.edit(state, brief_id, text, who, NOW, names=NO_NAMES)


def correct(state: State, brief_id: int, new: str | NewBrief, **more: Any) -> StoredBrief:
    return workflow.correct(state, brief_id, new, MO, NOW, names=NO_NAMES, **more)


def details(state: State) -> list[str | None]:
    return [entry.detail for entry in audit.list_entries(state)]


def settle(state: State) -> None:
    """Let everything that is in the outbox arrive."""
    while items := outbox.claim(state, "test", NOW + MINUTE, 100):
        for item in items:
            outbox.mark_sent(state, item, "test", NOW + MINUTE, message_id=item.id)


def actions(state: State, brief_id: int) -> list[tuple[str, str, str]]:
    return [(item.action, item.target, item.status) for item in outbox.list_items(state, brief_id)]


def trail(state: State) -> list[tuple[str, int | None]]:
    return [(entry.what, entry.who) for entry in reversed(audit.list_entries(state))]


def test_a_draft_is_edited_approved_and_posted_and_each_step_is_noted(state: State) -> None:
    brief_id = draft(state)
    text = as_text(BRIEF).replace("Open models", "Open-weights models", 1)
    assert edit(state, brief_id, text).brief.title.startswith("Open-weights models")
    assert workflow.approve(state, brief_id, MO, NOW).status == "approved"
    stored = workflow.post(state, brief_id, 55, MO, NOW)
    assert (stored.status, stored.posted_at, stored.version) == ("posted", NOW, 2)
    assert actions(state, brief_id) == [("post", "discord:55", "pending")]
    assert trail(state) == [("made", 7), ("edited", 7), ("approved", 7), ("posted", 7)]
    assert details(state)[2] == "the title now says “Open-weights models”, not “Open models”."


def test_it_goes_to_the_servers_other_targets_too_and_to_no_other_servers(state: State) -> None:
    own = add_target(state, guild_id=5)
    add_target(state, "apprise", "mailto://x", None, guild_id=6)
    add_target(state, "apprise", "mailto://y", None)
    brief_id = posted(state)
    assert [target for _, target, _ in actions(state, brief_id)] == ["discord:55", f"webhook:{own.id}"]


def test_without_a_channel_it_goes_to_the_archive_alone(state: State) -> None:
    brief_id = workflow.add_draft(state, made(), OPERATOR, NOW).id
    workflow.post(state, brief_id, None, OPERATOR, NOW)
    assert actions(state, brief_id) == []
    assert not workflow.is_sent(state, brief_id)
    with pytest.raises(UsageError, match="Brief 1 had nowhere to go; there is nothing to repeat"):
        workflow.send_again(state, brief_id, OPERATOR, NOW)
    assert [brief.id for brief in briefs.search_archive(state)] == [brief_id]


def test_an_edit_that_changes_nothing_is_no_new_version(state: State) -> None:
    brief_id = draft(state)
    assert edit(state, brief_id, as_text(BRIEF)).version == 1
    assert trail(state) == [("made", 7)]
    bullets = (replace(BRIEF.bullets[0], remark=""), BRIEF.bullets[1])
    brief_id = workflow.add_draft(state, replace(made(), brief=replace(BRIEF, bullets=bullets)), MO, NOW).id
    assert edit(state, brief_id, as_text(BRIEF)).version == 1


WRONG = as_text(BRIEF).replace("the gap is about 5 months", "the gap is about 6 months")
FINDING = "“6 months”: no fact has this figure; the facts have “5 on public” (public tests)."


def test_what_no_fact_has_is_kept_with_the_draft_and_posted_only_by_who_wants_it(state: State) -> None:
    brief_id = draft(state)
    stored = edit(state, brief_id, WRONG)
    assert stored.findings == (FINDING,)
    for refuse in (partial(workflow.post, channel_id=55), workflow.approve):
        with pytest.raises(FindingsError) as refused:
            refuse(state, brief_id, actor=MO, now=NOW)
        assert refused.value.findings == (FINDING,)
    assert str(refused.value) == (
        f"Brief 1 says what its facts do not: {FINDING} Edit it, or approve it with --anyway."
    )
    assert workflow.get(state, brief_id, MO).status == "draft"
    assert workflow.approve(state, brief_id, MO, NOW, anyway=True).status == "approved"
    assert workflow.post(state, brief_id, 55, MO, NOW, anyway=True).status == "posted"
    assert details(state)[:2] == [f"anyway: {FINDING} 1 sentence unchecked."] * 2
    assert actions(state, brief_id) == [("post", "discord:55", "pending")]


def test_the_audit_says_how_many_sentences_nobody_checked(state: State) -> None:
    brief_id = draft(state)
    text = as_text(BRIEF).replace("trail by", "still drag on behind by") + "\n- We love it.\n"
    assert edit(state, brief_id, text).findings == ()
    workflow.post(state, brief_id, 55, MO, NOW)
    assert details(state)[0] == "2 sentences unchecked."
    correct(state, brief_id, text.replace("love", "like"))
    assert details(state)[0] == "bullet 3 now says “like it”, not “love it”. 2 sentences unchecked."


def test_the_machines_own_words_are_no_finding_also_restored_after_other_edits(state: State) -> None:
    brief = replace(BRIEF, facts=())
    brief_id = workflow.add_draft(state, replace(made(), brief=brief), MO, NOW).id
    for text in (WRONG, as_text(BRIEF).replace("Open models", "Open-weights models", 1), as_text(BRIEF)):
        stored = edit(state, brief_id, text)
        assert bool(stored.findings) == (text == WRONG)


def test_undo_goes_back_an_edit_at_a_time(state: State) -> None:
    brief_id = draft(state)
    texts = [WRONG, WRONG.replace("6 months", "9 months"), WRONG.replace("6 months", "4 months")]
    for text in texts[:2]:
        edit(state, brief_id, text)
    stored = workflow.undo(state, brief_id, MO, NOW, seen_version=3)
    assert (as_text(stored.brief), stored.findings, stored.version) == (texts[0], (FINDING,), 4)
    edit(state, brief_id, texts[2])
    for text in (texts[0], as_text(BRIEF)):
        assert as_text(workflow.undo(state, brief_id, MO, NOW).brief) == text
    assert workflow.get(state, brief_id, MO).brief == BRIEF
    assert workflow.get(state, brief_id, MO).findings == ()
    with pytest.raises(UsageError, match=r"^Draft 1 is as it was first written; there is no edit to undo\.$"):
        workflow.undo(state, brief_id, MO, NOW)
    assert [what for what, _ in trail(state)][1:] == ["edited", "edited", "undone", "edited", "undone", "undone"]
    assert details(state)[0] == "bullet 2 now says “5 months”, not “6 months”."
    assert len(briefs.list_versions(state, brief_id)) == 7


def test_the_address_follows_the_title_until_the_brief_is_posted(state: State) -> None:
    ours, theirs = (workflow.add_draft(state, made(), actor, NOW) for actor in (OPERATOR, MO))
    text = as_text(BRIEF).replace(BRIEF.title, "A new title", 1)
    assert edit(state, ours.id, text, OPERATOR).slug == "2026-11-25-a-new-title"
    edited = edit(state, theirs.id, text).slug
    assert edited == f"2026-11-25-a-new-title-{theirs.slug.rpartition('-')[2]}"
    assert workflow.undo(state, ours.id, OPERATOR, NOW).slug == ours.slug
    workflow.post(state, theirs.id, 55, MO, NOW)
    assert correct(state, theirs.id, as_text(BRIEF)).slug == edited


def test_each_sentence_of_an_edit_keeps_its_mark(state: State) -> None:
    stored = edit(state, draft(state), WRONG)
    assert [sentence.mark for sentence in stored.review.sentences].count("unchecked") == 1
    assert (
        briefs.list_versions(state, stored.id)[-1].review == workflow.get(state, stored.id, MO).review == stored.review
    )


def test_what_is_withdrawn_is_deleted_where_it_is_and_given_up_where_it_is_not(state: State) -> None:
    add_target(state, guild_id=5)
    brief_id = posted(state)
    (item,) = outbox.claim(state, "test", NOW, 1)
    outbox.mark_sent(state, item, "test", NOW, message_id=9)
    stored = workflow.withdraw(state, brief_id, MO, NOW, reason="wrong data")
    assert stored.status == "withdrawn"
    rows = [("post", "discord:55", "sent"), ("post", "webhook:1", "failed"), ("delete", "discord:55", "pending")]
    assert actions(state, brief_id) == rows
    assert details(state)[0] == "wrong data"
    assert [brief.status for brief in briefs.list_briefs(state)] == ["withdrawn"]


def test_a_correction_says_what_changed_and_keeps_both(state: State) -> None:
    brief_id = posted(state)
    settle(state)
    text = as_text(BRIEF).replace("about 7.5 months behind", "about 8 months behind", 1)
    stored = correct(state, brief_id, text)
    sentence = "the title now says “8 months”, not “7.5 months”."
    assert stored.corrections == ((NOW, sentence),)
    assert actions(state, brief_id)[1:] == [("edit", "discord:55", "pending")]
    titles = [version.brief.title for version in briefs.list_versions(state, brief_id)]
    assert titles == [BRIEF.title, stored.brief.title]
    again = correct(state, brief_id, as_text(BRIEF), note="Back to the finer figure")
    back = "Back to the finer figure. The title now says “7.5 months”, not “8 months”."
    assert [what for _, what in again.corrections] == [sentence, back]
    assert [entry.stored.status_word for entry in workflow.list_history(state, again.guild_id)] == ["corrected"]


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (as_text(BRIEF), "Nothing in brief 1 changed; there is nothing to correct."),
        (made(), "The data behind brief 1 say the same; give its text with --text to correct it."),
    ],
    ids=["by its text", "anew"],
)
def test_a_correction_has_to_change_something(state: State, new: str | NewBrief, reason: str) -> None:
    with pytest.raises(UsageError, match=f"^{reason}$"):
        correct(state, posted(state), new)


def test_readers_get_a_correction_with_what_no_fact_has_only_from_who_wants_it(state: State) -> None:
    brief_id = posted(state)
    note, strange = "It was 12 months", "In the note on what changed: “12 months”: no fact has this figure"
    with pytest.raises(FindingsError) as refused:
        correct(state, brief_id, WRONG, note=note)
    assert refused.value.findings[0] == FINDING
    assert refused.value.findings[1].startswith(strange)
    assert str(refused.value).endswith(" Change your words, or correct it with --anyway.")
    assert workflow.get(state, brief_id, MO).version == 1
    stored = correct(state, brief_id, WRONG, note=note, anyway=True)
    sentence = f"{note}. Bullet 2 now says “6 months”, not “5 months”."
    assert stored.corrections == ((NOW, sentence),)
    detail = details(state)[0] or ""
    assert detail.startswith(f"{sentence} anyway: {FINDING} {strange}")
    assert detail.endswith(" 1 sentence unchecked.")


def test_what_a_posted_brief_says_is_not_told_again_with_its_next_correction(state: State) -> None:
    brief_id = posted(state)
    correct(state, brief_id, WRONG, anyway=True)
    text = WRONG.replace("trail", "trail still", 1)
    note = "A word; the 6 months stay"
    assert correct(state, brief_id, text, note=note).findings == (FINDING,)


def test_a_correction_may_be_written_anew(state: State) -> None:
    brief_id = posted(state)
    anew = replace(made("Open models about 5 months behind", revision="r2"), known_by=date(2026, 11, 20))
    stored = correct(state, brief_id, anew)
    assert (stored.brief, stored.revision, stored.known_by) == (anew.brief, "r2", date(2026, 11, 20))
    assert stored.chart_question.known_by == date(2026, 11, 20)
    sentence = "written anew from today's data; the title now says “5 months behind”, not “7.5 months behind"
    assert stored.corrections[0][1].startswith(sentence)


def test_a_brief_of_another_server_is_not_there_and_the_operator_sees_all(state: State) -> None:
    brief_id = draft(state)
    for act in (workflow.approve, workflow.discard, workflow.withdraw):
        with pytest.raises(UsageError, match="There is no brief 1 here"):
            act(state, brief_id, STRANGER, NOW)
    with pytest.raises(UsageError, match="There is no brief 99 here"):
        workflow.get(state, 99, OPERATOR)
    assert workflow.get(state, brief_id, OPERATOR).id == brief_id
    assert workflow.discard(state, brief_id, OPERATOR, NOW).status == "withdrawn"
    assert briefs.search_archive(state) == [], "a discarded draft was never public"


def test_what_is_tried_again_by_itself_is_said_with_its_times(state: State) -> None:
    brief_id = posted(state)
    (item,) = outbox.claim(state, "test", NOW, 1)
    outbox.postpone(state, item, "test", NOW + MINUTE, "status 500", may_be_sent=False)
    outcome = "status 500 (failing since 09:00, next try 09:01 UTC)"
    assert [item.outcome for item in outbox.list_items(state, brief_id)] == [outcome]
    with pytest.raises(UsageError) as refused:
        workflow.send_again(state, brief_id, MO, NOW)
    assert str(refused.value) == f"Brief 1 is still being sent: {outcome}; there is nothing to repeat."
    settle(state)
    with pytest.raises(UsageError, match="Brief 1 arrived; there is nothing to repeat"):
        workflow.send_again(state, brief_id, MO, NOW)


def reword(state: State, brief_id: int, words: str) -> None:
    text = as_text(workflow.get(state, brief_id, MO).brief).replace("trail", words, 1)
    correct(state, brief_id, text, note="The words.")


def test_what_failed_is_sent_again_once_when_a_person_says_so(state: State) -> None:
    brief_id = draft(state)
    with pytest.raises(UsageError, match="Brief 1 is a draft, so it can't be sent again"):
        workflow.send_again(state, brief_id, MO, NOW)
    workflow.post(state, brief_id, 55, MO, NOW)
    fail(state, "the channel is gone")
    assert workflow.send_again(state, brief_id, MO, NOW) == 1
    assert actions(state, brief_id) == [("post", "discord:55", "pending")]
    with pytest.raises(UsageError, match="nothing to repeat"):
        workflow.send_again(state, brief_id, MO, NOW)
    workflow.withdraw(state, brief_id, MO, NOW)
    with pytest.raises(UsageError, match="Brief 1 was withdrawn; there is nothing to repeat"):
        workflow.send_again(state, brief_id, MO, NOW)


def test_a_failed_deletion_is_tried_again_when_a_person_says_so(state: State) -> None:
    brief_id = posted(state)
    settle(state)
    workflow.withdraw(state, brief_id, MO, NOW)
    fail(state, "no permission")
    assert workflow.send_again(state, brief_id, MO, NOW) == 1
    assert actions(state, brief_id)[-1] == ("delete", "discord:55", "pending")


def test_a_target_that_missed_the_post_and_its_correction_gets_the_corrected_brief_once(state: State) -> None:
    brief_id = posted(state)
    fail(state, "I was interrupted", unsure=True)
    reword(state, brief_id, "trail still")
    fail(state, "no permission")
    assert workflow.send_again(state, brief_id, MO, NOW) == 1
    assert actions(state, brief_id) == [("post", "discord:55", "pending"), ("edit", "discord:55", "failed")]


def test_of_failed_corrections_the_newest_is_tried_again(state: State) -> None:
    brief_id = posted(state)
    settle(state)
    for words in ("trail still", "trail now"):
        reword(state, brief_id, words)
        fail(state, "no permission")
    assert workflow.send_again(state, brief_id, MO, NOW) == 1
    assert [status for action, _, status in actions(state, brief_id) if action == "edit"] == ["failed", "pending"]


def fail(state: State, why: str, *, unsure: bool = False) -> None:
    (item,) = outbox.claim(state, "test", NOW, 1)
    with state.begin() as connection:
        outbox.mark_failed(connection, item, "test", why, unsure=unsure)


def test_the_history_of_a_server_of_the_service_and_of_all(state: State) -> None:
    mine, others = posted(state), draft(state, STRANGER)
    services = workflow.add_draft(state, made(), OPERATOR, NOW).id
    for guild_id, ids in ((5, [mine]), (None, [services]), (EVERY, [services, others, mine])):
        assert [entry.stored.id for entry in workflow.list_history(state, guild_id)] == ids
    assert [item.target for entry in workflow.list_history(state, 5) for item in entry.items] == ["discord:55"]
