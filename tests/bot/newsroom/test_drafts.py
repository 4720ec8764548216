"""Drafts in editors' systems: made once, changed while they are drafts, and errors that name no key."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from aiohttp import web

from bot.newsroom import workflow
from bot.newsroom.delivery import Delivery
from bot.newsroom.editing import as_text
from bot.newsroom.formats import render
from bot.newsroom.targets import CannotLookError, Delivered, NotDoneError, RefusedError, UnsureError
from bot.newsroom.targets.buttondown import ButtondownTarget
from bot.newsroom.targets.drafts import DraftTarget
from bot.newsroom.targets.ghost import GhostTarget, sign_token
from bot.newsroom.targets.kit import KitTarget
from bot.newsroom.targets.wordpress import WordPressTarget
from bot.state import outbox, target_rows
from bot.state.database import State
from bot.state.target_rows import TargetRow
from core.errors import UsageError
from tests.bot.newsroom.desk import CORRECTED, DECKED, KINDS, PAGE, Desk, desk_fixture, now
from tests.bot.newsroom.editors import GHOST_KEY, GHOST_SECRET, WORDPRESS_KEY, Fault, LossyHtml, cut, status
from tests.bot.newsroom.newsroom import BRIEF, MINUTE, NO_NAMES, Clock, made

desk = desk_fixture(*KINDS)
ghost, kit, wordpress = (desk_fixture(kind) for kind in ("ghost", "kit", "wordpress"))


# ---- what is made


async def test_a_brief_becomes_a_draft_with_all_that_belongs_to_it(desk: Desk) -> None:
    draft_id = await desk.make()
    draft = desk.editor.only()
    assert (str(draft["id"]), draft["status"], desk.title) == (draft_id, "draft", BRIEF.title)
    assert draft["canonical_url"] == PAGE if desk.kind in ("ghost", "buttondown") else f'href="{PAGE}"' in desk.body
    chart = "https://gap.example.org/charts/gap.png?"
    for part in (BRIEF.bullets[0].text, BRIEF.terms[0].definition, BRIEF.read_more.url, "Cite as: ", chart):
        assert part in desk.body
    if desk.kind == "ghost":
        assert draft["custom_excerpt"] == DECKED.deck
        assert draft["tags"] == [{"name": "Research"}]
        assert DECKED.deck not in desk.body
    elif desk.kind == "kit":
        assert (draft["preview_text"], draft["public"], draft["send_at"]) == (DECKED.deck, False, None)
        assert draft["thumbnail_url"].startswith(chart)
        assert draft["thumbnail_alt"]
    elif desk.kind == "wordpress":
        assert (draft["excerpt"]["raw"], draft["slug"]) == (DECKED.deck, "2026-11-25-open-models")
        assert draft["tags"] == [8]
    else:
        assert draft["description"] == DECKED.deck
        assert draft["image"].startswith(chart)
        assert draft["body"].startswith("<!-- buttondown-editor-mode: plaintext -->\nResearch · 25 November 2026")
        assert not draft["body"].count("# Open models about")


def test_what_ghost_gets_it_keeps_whole(nasty: Any) -> None:
    """Its editor drops what it has no form for: of ours it drops nothing, and no name of the data is a mark."""
    html = render(nasty, "draft")
    kept = LossyHtml(html).stored
    assert kept.count("<li>") == html.count("<li>") > 3
    assert kept.count("<") - kept.count("<>") >= html.count("<")
    assert "<script" not in html


@pytest.mark.parametrize("part", ["briefs/2026", "charts/"], ids=["a private server", "a service without address"])
async def test_what_is_not_public_has_no_page_and_no_picture_to_name(desk: Desk, part: str) -> None:
    if part == "charts/":
        desk.settings = replace(desk.settings, public_url=None)
    await desk.deliver(is_public=part == "charts/")
    assert not desk.editor.only().get("canonical_url")
    assert part not in desk.body


def test_the_token_is_as_the_standard_has_it() -> None:
    """The parts of RFC 7515 by hand: header, claims, and the signature of both."""
    head, claims, signature = sign_token("ab12:00ff", datetime(2026, 11, 25, 9, tzinfo=UTC)).split(".")
    assert head == "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImFiMTIifQ"
    assert claims == "eyJpYXQiOjE3OTU1OTcyMDAsImV4cCI6MTc5NTU5NzUwMCwiYXVkIjoiL2FkbWluLyJ9"
    assert len(signature) == 43


# ---- corrections and withdrawals


async def test_a_correction_changes_the_draft_that_was_made_and_says_so_in_it(desk: Desk) -> None:
    draft_id = await desk.make()
    desk.editor.only()["tags"] = ["an editor's own"]
    brief = replace(DECKED, title="Open models about 7.4 months behind")
    assert await desk.deliver("edit", draft_id, brief=brief, corrected=CORRECTED) == Delivered()
    assert (desk.title, desk.editor.only()["status"]) == ("Open models about 7.4 months behind", "draft")
    assert "Corrected on 26 November 2026: the gap is 7.4 months." in desk.body
    assert desk.editor.only()["tags"] == ["an editor's own"]


async def test_of_a_withdrawn_brief_the_draft_says_so_and_stays(desk: Desk) -> None:
    draft_id = await desk.make()
    await desk.deliver("delete", draft_id)
    assert desk.title == f"Withdrawn: {BRIEF.title}"
    assert "was withdrawn on" in desk.body
    assert desk.editor.only()["status"] == "draft"


@pytest.mark.parametrize("action", ["edit", "delete"])
async def test_what_an_editor_published_is_left_alone(desk: Desk, action: str) -> None:
    draft_id = await desk.make()
    desk.editor.only()["status"] = "scheduled"
    with pytest.raises(RefusedError, match="no draft any more, and gapbrief changes drafts alone") as refusal:
        await desk.deliver(action, draft_id)
    assert not refusal.value.is_gone
    assert (desk.title, desk.editor.only()["status"]) == (BRIEF.title, "scheduled")


async def test_a_draft_that_an_editor_deleted_is_not_made_again(desk: Desk) -> None:
    draft_id = await desk.make()
    desk.editor.drafts.clear()
    for known in (draft_id, None):
        with pytest.raises(RefusedError) as refusal:
            await desk.deliver("edit", known)
        assert refusal.value.is_gone
    assert not desk.editor.drafts


async def test_what_an_editor_saves_meanwhile_is_not_lost_but_tried_again(ghost: Desk) -> None:
    draft_id = await ghost.make()

    def saved(_request: web.Request) -> web.Response:
        old = dict(ghost.editor.only())
        ghost.editor.only().update(updated_at="later", html="<p>An editor's.</p>")
        return web.json_response({"posts": [old]})

    ghost.editor.after.append(saved)
    with pytest.raises(NotDoneError, match="status 409"):
        await ghost.deliver("edit", draft_id)
    assert ghost.body == "<p>An editor's.</p>"
    await ghost.deliver("edit", draft_id)
    assert BRIEF.bullets[0].text in ghost.body


# ---- once


async def test_what_was_made_without_an_answer_is_found_again(desk: Desk) -> None:
    assert await desk.target.look_up(desk.order(), now()) is None
    desk.editor.after.append(cut)
    with pytest.raises(UnsureError, match="answer did not come"):
        await desk.deliver()
    assert await desk.target.look_up(desk.order(), now()) == Delivered(draft_id=str(desk.editor.only()["id"]))
    assert await desk.target.look_up(desk.order("edit"), now()) is None


async def test_a_draft_keeps_its_mark_when_it_is_changed(desk: Desk) -> None:
    draft_id = await desk.make()
    await desk.deliver("edit", draft_id, nonce="another", corrected=CORRECTED)
    assert await desk.target.look_up(desk.order(), now()) == Delivered(draft_id=draft_id)


async def test_a_draft_of_another_with_the_same_name_is_not_taken_for_ours(desk: Desk) -> None:
    await desk.deliver(nonce="another")
    assert await desk.target.look_up(desk.order(), now()) is None
    ours = await desk.make()
    assert await desk.target.look_up(desk.order(), now()) == Delivered(draft_id=ours)
    assert len(desk.editor.drafts) == 2


@pytest.mark.parametrize(
    ("when", "fault"),
    [
        ("before", cut), ("after", cut), ("before", status(500)), ("after", status(502)),
        ("before", status(429, **{"Retry-After": "30"})), ("after", lambda _: web.Response(text="<h1>A gateway</h1>")),
    ],
)  # fmt: skip
@pytest.mark.slow
async def test_through_the_outbox_there_is_one_draft_whatever_befalls(
    desk: Desk, state: State, when: str, fault: Fault
) -> None:
    clock, sender, key = Clock(now()), KINDS[desk.kind][0], KINDS[desk.kind][2]
    with state.begin() as connection:
        target_rows.add(connection, kind=desk.kind, address=desk.editor.url, secret=key, at=clock())
    desk.editor.clock = lambda: clock().timestamp()
    targets = {desk.kind: sender(partial(target_rows.by_id, state), desk.settings)}
    delivery = Delivery(state, targets, "worker", clock)
    kept = workflow.add_draft(state, made(), workflow.OPERATOR, clock())
    workflow.post(state, kept.id, None, workflow.OPERATOR, clock())
    text = as_text(kept.brief)
    for number in range(3):
        getattr(desk.editor, when).append(fault)
        for _ in range(2):
            await delivery.work()
            clock.go(MINUTE)
        assert [row.status for row in outbox.list_items(state, kept.id)] == ["sent"] * (number + 1)
        text = text.replace("about", "about about", 1)
        workflow.correct(state, kept.id, text, workflow.OPERATOR, clock(), names=NO_NAMES, anyway=True)
    await delivery.stop(1)
    assert outbox.find_post(state, kept.id, f"{desk.kind}:1") == (None, str(desk.editor.only()["id"]))
    assert (desk.title.count("about"), desk.body.count("Corrected on")) == (3, 2)
    assert desk.editor.only()["status"] == "draft"


# ---- what goes wrong


@pytest.mark.parametrize(
    ("fault", "error", "problem"),
    [
        (status(401), RefusedError, "does not take the key (status 401); add the target with a new one"),
        (status(403), RefusedError, "does not take the key (status 403); add the target with a new one"),
        (status(404), RefusedError, "at that address (status 404); see that it is right"),
        (status(301, Location="/x"), RefusedError, "address leads to another (status 301); add the target with that"),
        (status(413), RefusedError, "says that the brief is too large (status 413)"),
        (status(422), RefusedError, "refuses it (status 422)"),
        (status(429), NotDoneError, "did not take it (status 429)"),
        (status(503, **{"Retry-After": "60"}), NotDoneError, "did not take it (status 503)"),
        (status(500), UnsureError, "did not take it (status 500)"),
        (cut, UnsureError, "answer did not come"),
        *((lambda _, text=text: web.Response(text=text), UnsureError, "what answered is not ") for text in (
            "<html>", "null", "[]", "{}", '{"posts": []}', '{"posts": [1]}', '{"posts": [{"id": "../../x"}]}',
            '{"id": true}', '{"broadcast": {"id": "7"}}', '{"broadcast": []}', "[" * 100_000,
        )),
    ],
)  # fmt: skip
async def test_what_is_not_taken_is_said_in_a_clause(
    desk: Desk, fault: Fault, error: type[Exception], problem: str
) -> None:
    desk.editor.before.append(fault)
    with pytest.raises(error) as refusal:
        await desk.deliver()
    assert problem in str(refusal.value)
    assert desk.target.label in str(refusal.value)


@pytest.mark.parametrize("key", [f"ab12:{'5e' * 32}", f"{GHOST_KEY[:24]}:{'00' * 8}", "PLANTED-other-key"])
async def test_another_key_opens_nothing_and_stands_in_no_error_and_no_log(
    desk: Desk, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    if desk.kind == "ghost" and ":" not in key:
        key = f"ab12:{'00' * 8}"
    row = TargetRow(3, None, desk.kind, desk.editor.url, key, "desk")
    target = KINDS[desk.kind][0](lambda _: row, desk.settings)
    with caplog.at_level(logging.DEBUG), pytest.raises(RefusedError, match="does not take the key") as refusal:
        await target.deliver(desk.order(), now())
    for secret in (key, key.partition(":")[2] or key):
        assert secret not in f"{refusal.value} {caplog.text} {row}"
    assert not desk.editor.drafts


async def test_a_clock_that_is_wrong_by_an_hour_opens_nothing(ghost: Desk) -> None:
    for wrong in (timedelta(hours=-1), timedelta(hours=1)):
        with pytest.raises(RefusedError, match="does not take the key"):
            await ghost.target.deliver(ghost.order(), now() + wrong)


async def test_where_nobody_is_it_is_tried_again(desk: Desk) -> None:
    desk.editor.url = "http://127.0.0.1:9"
    with pytest.raises(NotDoneError, match=f"the {desk.target.label} can't be reached"):
        await desk.deliver()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254"])
async def test_what_moderators_set_does_not_lead_into_the_operators_network(desk: Desk, host: str) -> None:
    desk.guild_id = 5
    desk.editor.url = desk.editor.url.replace("127.0.0.1", host)
    with pytest.raises(RefusedError, match="private network"):
        await desk.deliver()
    assert not desk.editor.requests


# ---- adding and trying


async def test_a_test_reads_and_makes_nothing(desk: Desk) -> None:
    answer = await desk.target.test(TargetRow(3, None, desk.kind, desk.editor.url, KINDS[desk.kind][2], "desk"), now())
    assert answer.startswith(f"its key opens {desk.target.label}")
    assert all(request.startswith("GET ") for request in desk.editor.requests)
    assert not desk.editor.drafts


@pytest.mark.parametrize("path", ["", "/", "/ghost/#/dashboard?x=1", "/ghost"])
def test_the_address_of_a_ghost_is_its_sites_or_its_editors(path: str) -> None:
    checked = GhostTarget.check(f"https://a.org/blog{path}", f" {GHOST_KEY}\n")
    assert (checked.address, checked.secret, checked.secret_note) == ("https://a.org/blog", GHOST_KEY, "")


@pytest.mark.parametrize(
    "key", ["", "x", GHOST_SECRET, GHOST_KEY[:-1], f"{GHOST_KEY}:1", "key with\r\nnewline", "clé-secrète"]
)
def test_what_is_no_key_is_said_without_it(key: str) -> None:
    senders: list[type[DraftTarget]] = [GhostTarget, WordPressTarget]
    if not key or " " in key or "é" in key:
        senders += [ButtondownTarget, KitTarget]
    for sender in senders:
        with pytest.raises(UsageError, match="copy it whole from") as refusal:
            sender.check("https://a.org", key)
        assert not key or key not in str(refusal.value)


@pytest.mark.parametrize(("sender", "_", "key"), KINDS.values())
def test_what_is_no_address_is_said(sender: type[DraftTarget], _: object, key: str) -> None:
    for text in ("example.org", "ftp://example.org", "https://user:pw@example.org"):
        with pytest.raises(UsageError):
            sender.check(text, key)


# ---- Kit: whom a draft is for, and what it takes for instructions


async def test_a_name_of_the_data_is_no_instruction_to_kit(kit: Desk) -> None:
    bad = "{{ subscriber.email_address }} {% layout %} {{{x}}}"
    await kit.deliver(brief=replace(DECKED, title=bad, deck=bad, bullets=(replace(BRIEF.bullets[0], text=bad),)))
    draft = kit.editor.only()
    for words in (draft["subject"], draft["preview_text"], draft["content"]):
        assert "{ { subscriber.email_address }} { % layout %} { { {x}}}" in words
        assert "{{" not in words
        assert "{%" not in words


@pytest.mark.parametrize("change", [{"send_at": "2026-12-01T09:00:00Z"}, {"public": True}])
async def test_a_broadcast_with_a_time_or_a_place_on_the_web_is_no_draft(kit: Desk, change: dict[str, Any]) -> None:
    """Whatever its status says, and where Kit says none."""
    draft_id = await kit.make()
    kit.editor.only().update(change)
    for _ in range(2):
        with pytest.raises(RefusedError, match="no draft any more"):
            await kit.deliver("edit", draft_id)
        kit.editor.only().pop("status", None)


async def test_whom_an_editor_chose_to_get_a_broadcast_stays_chosen(kit: Desk) -> None:
    draft_id = await kit.make()
    await kit.deliver("edit", draft_id, corrected=CORRECTED)
    chosen = [{"all": [{"type": "segment", "ids": [18]}]}]
    kit.editor.only()["subscriber_filter"] = chosen
    await kit.deliver("edit", draft_id, corrected=CORRECTED)
    assert kit.editor.only()["subscriber_filter"] == chosen


async def test_a_draft_is_found_on_a_later_page_and_of_pages_without_end_a_person_is_asked(kit: Desk) -> None:
    for number in range(4):
        await kit.deliver(nonce=f"another{number}")
    ours = await kit.make()
    assert await kit.target.look_up(kit.order(), now()) == Delivered(draft_id=ours)
    endless = {"broadcasts": [], "pagination": {"has_next_page": True, "end_cursor": "x"}}
    kit.editor.before.extend([lambda _: web.json_response(endless)] * 100)
    with pytest.raises(CannotLookError, match="Kit lists too many"):
        await kit.target.look_up(kit.order(), now())
    assert len(kit.editor.before) == 50


# ---- WordPress: tags, the trash, and what it takes for instructions


async def test_a_name_of_the_data_is_no_html_and_no_shortcode_in_wordpress(wordpress: Desk) -> None:
    bad = "R&D <script>1</script> [gallery] <!-- wp:html -->"
    await wordpress.deliver(brief=replace(DECKED, title=bad, deck=bad, bullets=(replace(BRIEF.bullets[0], text=bad),)))
    draft = wordpress.editor.only()
    assert wordpress.title == bad
    escaped = "R&amp;D &lt;script&gt;1&lt;/script&gt; [gallery] &lt;!-- wp:html --&gt;"
    assert draft["excerpt"]["raw"] == draft["title"]["raw"] == escaped
    assert "&lt;script&gt;1&lt;/script&gt; &#91;gallery] &lt;!-- wp:html --&gt;" in wordpress.body
    assert "[" not in wordpress.body


async def test_a_tag_that_the_site_has_is_taken_and_another_is_made_once(wordpress: Desk) -> None:
    for category in ("Archive", "Archive & more", "Archive & more"):
        await wordpress.deliver(brief=replace(DECKED, category=category))
    assert [draft["tags"] for draft in wordpress.editor.drafts.values()] == [[7], [8], [8]]


@pytest.mark.parametrize("answer", ["{}", '[{"name": "Research"}]', '[{"name": "Research", "id": "7"}]', "[1]"])
async def test_without_its_tag_there_is_no_draft(wordpress: Desk, answer: str) -> None:
    wordpress.editor.spared = ("/posts",)
    wordpress.editor.before.append(lambda _: web.Response(text=answer))
    with pytest.raises(UnsureError, match="what answered is not WordPress"):
        await wordpress.deliver()
    assert not wordpress.editor.drafts


async def test_what_lies_in_the_trash_is_left_there(wordpress: Desk) -> None:
    draft_id = await wordpress.make()
    wordpress.editor.only()["status"] = "trash"
    with pytest.raises(RefusedError) as refusal:
        await wordpress.deliver("edit", draft_id)
    assert refusal.value.is_gone
    assert wordpress.editor.only()["status"] == "trash"


@pytest.mark.parametrize(
    "text", ["https://a.org/blog", "https://a.org/blog/wp-admin/edit.php?x=1", "https://a.org/blog/wp-json/wp/v2/posts"]
)
def test_the_address_of_a_wordpress_is_its_sites_or_its_editors(text: str) -> None:
    checked = WordPressTarget.check(text, f" {WORDPRESS_KEY}\n")
    assert (checked.address, checked.secret) == ("https://a.org/blog", WORDPRESS_KEY)
    without_spaces = WORDPRESS_KEY.replace(" ", "")
    assert WordPressTarget.check(text, without_spaces).secret == without_spaces
