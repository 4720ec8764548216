"""Milestones: a short brief when new data brings a first crossing or a new lead, once, and not too many a day."""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from bot.publish import milestones
from bot.publish.writing import EvidenceWriter
from bot.settings import Settings
from bot.state import briefs, guilds, outbox
from bot.state.briefs import Made
from bot.state.guilds import Newsroom
from bot.state.state import State
from core.answer import Fact
from tests.bot.publish.newsroom import BRIEF, DAY, HOUR, NOW, made
from tests.conftest import ROOT


def facts(stem: str, model: str, level: str, day: str) -> tuple[Fact, ...]:
    key = "news.open" if stem == "news" else "raised.closed"
    return (
        Fact(key, model, "", "a model", model),
        Fact(f"{stem}.test", "ARC", "", "the test", "ARC"),
        Fact(f"{stem}.level", level, "percent", "ARC", f"{level} %"),
        Fact(f"{stem}.day", day, "date", model, day),
    )


@dataclass
class Data:
    """Data with a newest level that an open model matched, and one that a closed model set."""

    at_revision: str = "r1"
    matched: tuple[str, str, str] | None = ("Kimi", "50", "2026-10-01")
    raised: tuple[str, str, str] | None = None
    asked: list[date | None] = field(default_factory=list)

    def revision(self) -> str:
        return self.at_revision

    def write(self, published: date, since: date | None, focus: str | None) -> Made:
        assert since is not None
        assert since < published
        self.asked.append(since)
        found = made(revision=self.at_revision, focus=focus)
        for stem, news in (("news", self.matched), ("raised", self.raised)):
            if news and date.fromisoformat(news[2]) > since:
                brief = replace(BRIEF, facts=(*BRIEF.facts, *facts(stem, *news)), bullets=BRIEF.bullets * 4)
                return replace(found, brief=brief)
        return found


def wish(state: State, guild_id: int = 5, per_day: int = 2, channel: int | None = 55) -> None:
    guilds.set_newsroom(state, guild_id, Newsroom(milestones_per_day=per_day, milestones_channel_id=channel))


def titles(state: State) -> list[str]:
    return [kept.brief.title for kept in briefs.listed(state)]


def test_a_first_look_tells_nothing_and_the_same_data_nothing_new(state: State) -> None:
    wish(state)
    data = Data()
    assert milestones.look(state, NOW, data) == 0
    data.matched = ("DeepSeek", "60", "2026-11-01")
    assert milestones.look(state, NOW, data) == 0  # not yet: the data has no new revision
    data.at_revision = "r2"
    assert milestones.look(state, NOW, data) == 1
    assert milestones.look(state, NOW, data) == 0
    (kept,) = briefs.listed(state)
    assert kept.brief.title == "DeepSeek is the first open model to reach 60 % on ARC"
    assert (kept.kind, kept.status, len(kept.brief.bullets)) == ("milestone", "posted", 3)
    assert [item.target for item in outbox.of_brief(state, kept.id)] == ["discord:55"]


def test_a_new_lead_of_closed_models(state: State) -> None:
    wish(state)
    data = Data()
    milestones.look(state, NOW, data)
    data.at_revision, data.raised = "r2", ("GPT-6", "80", "2026-11-02")
    assert milestones.look(state, NOW, data) == 1
    assert titles(state) == ["GPT-6 is the first model to reach 80 % on ARC"]


def test_an_older_result_that_only_came_to_light_is_none(state: State) -> None:
    wish(state)
    data = Data()
    milestones.look(state, NOW, data)
    data.at_revision, data.matched = "r2", ("Llama", "55", "2026-09-01")
    assert milestones.look(state, NOW, data) == 0
    data.at_revision, data.matched = "r3", None
    assert milestones.look(state, NOW, data) == 0


def test_new_data_without_a_new_result_is_none(state: State) -> None:
    wish(state)
    data = Data()
    milestones.look(state, NOW, data)
    data.at_revision = "r2"
    assert milestones.look(state, NOW, data) == 0


def test_no_more_than_so_many_a_day_and_only_where_they_are_wanted(state: State) -> None:
    wish(state, per_day=1)
    wish(state, 6, per_day=2)
    wish(state, 7, per_day=0)
    wish(state, 8, channel=None)
    data, told = Data(), []
    milestones.look(state, NOW, data)
    for number in range(3):
        data.at_revision, data.matched = f"r{number + 2}", ("DeepSeek", str(60 + number), f"2026-11-0{number + 1}")
        told.append(milestones.look(state, NOW + number * HOUR, data))
    assert told == [2, 1, 0]
    data.at_revision, data.matched = "r9", ("Qwen", "99", "2026-11-20")
    assert milestones.look(state, NOW + DAY, data) == 2


def test_on_the_shipped_data_there_is_a_newest_result_to_compare_with(state: State, evidence_file: Path) -> None:
    writer = EvidenceWriter(Settings(evidence_file, ROOT / "data"))
    newest = milestones._newest(writer, date(2026, 11, 25))
    assert newest["news.open"].day == date(2026, 7, 31)
    assert newest["news.open"].key == "DeepSeek V4 Flash 0731/ARC-AGI-2/61.0"
    found = milestones._written(writer, date(2026, 11, 25), "news.open", newest["news.open"])
    assert found is not None
    assert found.brief.title == "DeepSeek V4 Flash 0731 is the first open model to reach 61 % on ARC-AGI-2"
    assert len(found.brief.bullets) == 3
