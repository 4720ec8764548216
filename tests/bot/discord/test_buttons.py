"""Buttons: what is below an answer, for whom, after a restart, and with names as long as there are."""

import re
from datetime import date
from typing import Any

import discord

from bot.discord.components import make_view, page_button
from bot.discord.custom_ids import Tokens, pack
from bot.settings import Settings
from bot.state.database import State
from core.questions import QUESTIONS, GapQuestion
from tests.bot.discord.conftest import World, button, checked, labels, needed, options, started_anew, words

FOOT = "Data to 28 September · 64 days · 19 tests · no likely range"
FOOT_OF_PRIVATE = FOOT.replace("19 tests", "10 tests")


async def test_by_benchmark_shows_the_table_to_who_pressed(world: World) -> None:
    pages = await world.press(await world.slash("gap"), "By test", world.bob)
    assert pages.ephemeral
    assert pages.content == ""
    [embed] = pages.embeds
    assert embed.title == "By test, in months"
    assert embed.description.startswith("**Private tests**\n```")
    first = embed.description.split("\n")[5]
    assert re.fullmatch(r"SimpleBench +14\.2", first)
    assert embed.footer.text == f"{FOOT} · Page 1 of 10"
    public = await world.press(pages, "Next", world.bob)
    assert public.embeds[0].description.startswith("**Public tests**\n```")
    assert re.fullmatch(r"GPQA Diamond +6\.4", public.embeds[0].description.split("\n")[5])


async def test_pages_are_turned_in_place(world: World) -> None:
    pages = await world.press(await world.slash("gap", access="private"), "By test")
    assert labels(pages) == ["Back", "Next", "CSV"]
    seen = [pages.embeds[0].footer.text]
    for _ in range(4):
        pages = await world.press(pages, "Next")
        seen.append(pages.embeds[0].footer.text)
    assert seen == [f"{FOOT_OF_PRIVATE} · Page {number} of 5" for number in range(1, 6)]
    assert button(pages, "Next")["disabled"]
    assert (await world.press(pages, "Back")).embeds[0].footer.text == f"{FOOT_OF_PRIVATE} · Page 4 of 5"
    pages = await world.press(await world.press(await world.slash("gap"), "By test", world.bob), "Back", world.bob)
    assert pages.embeds[0].title == "Details"
    assert button(pages, "Back")["disabled"]
    assert [answer["type"] for answer in world.callbacks()].count(7) == 6


async def test_who_presses_in_somebody_elses_pages_gets_pages_of_their_own(world: World) -> None:
    packed = pack(GapQuestion(), world.bot.tokens)
    message = await world.show(make_view([page_button(packed, world.alice.id, 3, "Next")]))
    theirs = await world.press(message, "Next", world.bob)
    assert theirs.ephemeral
    assert theirs.embeds[0].footer.text == f"{FOOT} · Page 2 of 10"
    own = await world.press(theirs, "Next", world.bob)
    assert own.embeds[0].footer.text == f"{FOOT} · Page 3 of 10"
    assert world.channel.last_message.content == "…"


async def test_csv_holds_every_row_and_column(world: World) -> None:
    pages = await world.press(await world.slash("gap"), "By test")
    sent = await world.press(pages, "CSV")
    assert sent.ephemeral
    [file] = sent.attachments
    assert file.filename == "gapbrief-1.csv"
    rows = (await file.read()).decode("utf-8-sig").splitlines()
    assert rows[0] == "Test,Kind,Standing gap,Last matches took,Matches,Open,Closed,Newest model"
    assert len(rows) == 20


async def test_an_answer_with_several_tables_gives_as_many_files(world: World) -> None:
    pages = await world.press(await world.slash("sources"), "Table")
    sent = await world.press(pages, "CSV")
    assert [file.filename for file in sent.attachments] == ["gapbrief-1.csv", "gapbrief-2.csv", "gapbrief-3.csv"]


async def test_the_terms_of_an_answer_are_explained(world: World) -> None:
    terms = await world.press(await world.slash("gap"), "Terms")
    assert terms.ephemeral
    assert {"Open weights", "Months behind", "Private test"} <= {field.name for field in terms.embeds[0].fields}
    checked(terms.embeds)


async def test_the_next_questions_are_asked_about_the_same_tests(world: World) -> None:
    message = await world.slash("gap", benchmark="weirdml")
    for label, question in (("Unmatched", "unmatched"), ("How sure?", "trust"), ("Sources", "sources")):
        answer = await world.press(message, label)
        assert answer.ephemeral
        assert "WeirdML" in words(answer)
        assert label not in (*labels(answer), *options(answer))
        [(_, remembered)] = world.bot.memory._last.values()
        assert remembered.previous is not None
        assert remembered.previous.name == question


async def test_a_domain_goes_on_into_the_questions_that_know_it_and_no_other_is_offered(world: World) -> None:
    """What `trust` says is of all tests."""
    message = await world.slash("gap", domain="long context", benchmark="FictionLiveBench (120k)")
    assert "How sure?" in labels(message)
    message = await world.slash("gap", domain="reasoning")
    assert "How sure?" not in labels(message)
    answer = await world.press(message, "Unmatched")
    assert words(answer).startswith("Reasoning · No known open model matches ")
    assert [file.filename for file in answer.attachments] == ["chart.png"]


async def test_every_button_works_after_a_restart(world: World, settings: Settings, state: State) -> None:
    message = await world.slash("gap", benchmark="WeirdML", country="China")
    pages = await world.press(await world.slash("gap"), "By test")
    asked_back = await world.slash("model", model="Llama 5")
    fresh = started_anew(settings, state)
    await world.env.restart_bot(fresh)
    assert world.bot is fresh
    for label in ("How sure?", "By test", "Details", "Unmatched", "Terms", "Sources"):
        assert (await world.press(message, label)).ephemeral
    assert (await world.press(pages, "Next")).embeds[0].footer.text == f"{FOOT} · Page 2 of 10"
    assert words(await world.press(asked_back, labels(asked_back)[0]))


async def test_the_buttons_that_stood_under_an_answer_before_the_selection_still_work(world: World) -> None:
    before = {
        "Details": "page:0:1:gap", "By test": "page:0:2:gap", "Unmatched": "ask:unmatched", "How sure?": "ask:trust",
        "Terms": "explain", "Sources": "ask:sources", "28 September 2026": "brief:20260928", "CSV": "csv:gap",
    }  # fmt: skip
    old = make_view(discord.ui.Button(label=label, custom_id=custom_id) for label, custom_id in before.items())
    message = await world.show(old, "the gap on private tests")
    for label in before:
        answer = await world.press(message, label)
        assert answer.ephemeral
        assert "earlier version" not in words(answer)


async def test_a_choice_or_button_that_is_none_of_ours_or_of_another_version_says_so(world: World) -> None:
    def choice(value: str) -> discord.ui.Select[Any]:
        return discord.ui.Select(custom_id="more", options=[discord.SelectOption(label="Old", value=value)])

    choices = [choice(value) for value in ("answer:gap", "news:post:1:1:0")]
    old_ids = ("answer:gap", "page:gap")
    old_buttons = [discord.ui.Button[Any](label="Old", custom_id=custom_id) for custom_id in old_ids]
    for item in (*choices, *old_buttons, page_button("gap~zz1", 0, 1, "Old")):
        refusal = await world.press(await world.show(make_view([item])), "Old")
        assert refusal.ephemeral, item
        or_data = ", or of my data" * ("gap~zz1" in str(item.custom_id))
        assert words(refusal) == f"This button is from an earlier version of me{or_data}. Please ask again.", item


async def test_an_answer_has_at_most_three_buttons_and_a_selection(world: World) -> None:
    for question in QUESTIONS.values():
        message = await world.slash(question.name.replace("_", ""), **needed(question))
        assert len(labels(message)) <= 2, question.name  # and "Not what I asked" below an answer to a text
        assert len([component for row in message.components for component in row["components"]]) <= 3
        assert len(options(message)) == len(set(options(message).values())) <= 5


async def test_views_are_not_kept_in_memory(world: World) -> None:
    store = world.bot._connection._view_store
    for _ in range(3):
        await world.press(await world.slash("gap", private=True), "Terms")
    assert not store._views
    assert not store._synced_message_views


async def test_custom_ids_are_as_long_as_discord_takes_them(world: World) -> None:
    """For every question, with the longest name of every kind in every field that takes one."""
    names = world.bot.services.answers.names.kinds
    longest = {kind: max((" ".join(name.key) for name in known), key=len) for kind, known in names.items()}
    side = max((f"not-country:{' '.join(name.key)}" for name in names["country"]), key=len)
    values: dict[str, Any] = {
        **longest, "left": side, "right": side, "access": "private", "side": "closed", "method": "study",
        "as_of": date.max, "known_by": date.max, "since": date.max, "until": date.max, "day": date.max,
        "level": -1.7976931348623157e308, "score": -1.7976931348623157e308,
    }  # fmt: skip
    for question in QUESTIONS.values():
        asked = question(**{name: value for name, value in values.items() if name in question.__dataclass_fields__})
        packed = pack(asked, world.bot.tokens)
        assert packed is not None, question.name
        assert len(page_button(packed, 2**64 - 1, 99, "Next").custom_id) <= 100


async def test_tokens_of_all_names_differ(world: World) -> None:
    written = set(world.bot.services.answers.names.forms())
    tokens = Tokens(written)
    assert len(tokens._names) == len(written)
