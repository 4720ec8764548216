"""What Kit and WordPress have of their own: whom a draft is for, tags, trash, and what they take for instructions."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.newsroom.targets import CannotLookError, Delivered, RefusedError, UnsureError
from bot.newsroom.targets.wordpress import WordPressTarget
from tests.bot.newsroom.desk import CORRECTED, DECKED, Desk, at_desk, now
from tests.bot.newsroom.editors import WORDPRESS_KEY
from tests.bot.newsroom.newsroom import BRIEF


@pytest.fixture
async def kit(evidence_file: Path) -> AsyncIterator[Desk]:
    async with at_desk("kit", evidence_file) as desk:
        yield desk


@pytest.fixture
async def wordpress(evidence_file: Path) -> AsyncIterator[Desk]:
    async with at_desk("wordpress", evidence_file) as desk:
        yield desk


# ---- Kit


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


# ---- WordPress


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
