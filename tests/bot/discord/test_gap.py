"""`/gap`: the figures at once as one embed, the picture by an edit, and the buttons below."""

from dataclasses import replace
from typing import Any

import pytest

from bot.pictures import Pictures
from core.answer import Chart
from core.questions import GapQuestion
from tests.bot.discord.conftest import PNG, World, checked, labels, options, words


async def test_the_figures_come_at_once_and_the_picture_by_an_edit(world: World) -> None:
    message = await world.slash("gap")
    [first] = world.callbacks()
    assert first["type"] == 4
    assert first["data"]["embeds"][0]["title"].startswith("Open models trail closed ones by ")
    assert "image" not in first["data"]["embeds"][0]
    buttons, [more] = (row["components"] for row in first["data"]["components"])
    assert (len(buttons), more["placeholder"]) == (2, "More")

    [embed] = message.embeds
    assert embed.image.url.endswith("chart.png")
    [picture] = message.attachments
    assert await picture.read() == PNG
    assert picture.description.startswith("Kimi K3 matched closed scores on private tests after ")
    assert not message.ephemeral
    checked(message.embeds)


async def test_the_first_look_is_short_and_what_it_rests_on_is_a_button_away(world: World) -> None:
    message = await world.slash("gap")
    [embed] = message.embeds
    footer = (embed.footer.text or "").replace("\N{NO-BREAK SPACE}", " ")
    assert footer == "Data to 28 September · 64 days · 19 tests · likely = 90 %"
    assert len((embed.description or "").split("\n")) == 6
    assert labels(message) == ["How sure?", "By test"]
    assert list(options(message)) == ["Details", "Unmatched", "Terms", "Sources"]
    more = await world.press(message, "Details")
    assert words(more).startswith("Details\nAs of\n28 September 2026\n")
    assert "\nRests most on\nKimi K2.6; without it" in words(more)
    assert "private tests: 6 families of tests on one scale".casefold() in words(more).casefold()
    assert more.embeds[0].fields[-1].name == "Meaning"


async def test_what_cant_be_asked_is_said_in_one_sentence_to_the_asker_alone(world: World) -> None:
    for fields, reason in (
        ({"as_of": "31 June 2025"}, '"31 June 2025" is no date. Write it as 2026-05-22, or as 22 May 2026.'),
        ({"as_of": "2031-01-01"}, "is in the future"),
    ):
        message = await world.slash("gap", **fields)
        assert reason in words(message)
        assert message.ephemeral
        assert "ref" not in words(message)


async def test_a_name_that_fits_nothing_is_asked_back_with_the_nearest_as_buttons(world: World) -> None:
    asked = await world.slash("gap", benchmark="gpqaaaaa", access="public")
    assert "GPQA Diamond" in labels(asked)
    answer = await world.press(asked, "GPQA Diamond")
    assert "on GPQA Diamond" in words(answer)
    assert answer.ephemeral


async def test_the_figures_stand_where_no_picture_can_be_drawn(
    world: World, monkeypatch: pytest.MonkeyPatch, logged: list[Any]
) -> None:
    async def broken(_self: Pictures, _chart: Chart) -> bytes:
        raise RuntimeError("no pens")

    monkeypatch.setattr(Pictures, "picture", broken)
    message = await world.slash("gap")
    assert words(message).startswith("Open models trail")
    assert not message.attachments
    assert [entry["event"] for entry in logged if entry["log_level"] == "warning"] == ["no picture"]


async def test_a_message_that_is_deleted_before_its_picture_comes_is_left_alone(
    world: World, logged: list[Any]
) -> None:
    world.env.inject_error("PATCH", "/webhooks/*/*/messages/*", status=404, code=10008)
    assert words(await world.slash("gap")).startswith("Open models trail")
    assert not [entry for entry in logged if entry["log_level"] in ("warning", "error")]


async def test_with_a_public_address_the_picture_is_in_the_first_answer(world: World, drawn: list[Chart]) -> None:
    services = world.bot.services
    vars(services)["settings"] = replace(services.settings, public_url="https://gap.example.org")
    drawn.clear()
    message = await world.slash("gap", access="private")
    [first] = world.callbacks()
    image = first["data"]["embeds"][0]["image"]
    revision = world.bot.services.answers.names.revision[:12]
    assert image["url"] == f"https://gap.example.org/charts/gap.png?access=private&theme=dark&shape=square&v={revision}"
    assert "url" not in first["data"]["embeds"][0]  # no page answers just this
    assert image["description"].startswith("Kimi K3 matched closed scores on private tests after ")
    assert not message.attachments
    assert not drawn


async def test_with_a_public_address_alone_the_title_is_a_link_to_the_page_that_answers_the_same(world: World) -> None:
    [plain] = (await world.slash("gap", benchmark="WeirdML")).embeds
    assert plain.url is None
    services = world.bot.services
    vars(services)["settings"] = replace(services.settings, public_url="https://gap.example.org")
    for name, fields, path in (
        ("gap", {}, ""),
        ("best", {}, "best"),
        ("gap", {"benchmark": "GPQA Diamond"}, "benchmarks/gpqa-diamond"),
        ("compare", {"left": "China", "right": "United States"}, "compare/china/united-states"),
    ):
        [embed] = (await world.slash(name, **fields)).embeds
        assert embed.url == f"https://gap.example.org/{path}"


async def test_what_most_people_ask_for_is_worked_out_and_drawn_before_anybody_asks(
    world: World, drawn: list[Chart]
) -> None:
    await world.env.settle()
    assert not (await world.slash("terms", term="frontier")).attachments  # there is nothing to draw
    assert world.bot.services.answers.cached(GapQuestion()) is not None
    assert [chart.kind for chart in drawn] == ["catch-up"]
    await world.slash("gap")
    assert len(drawn) == 1
