"""Milestones: a short brief when new data brings a first crossing or a new lead, once, and not too many a day."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.newsroom.milestone_posts import post_milestones
from bot.newsroom.writing import Writer, write_milestones
from bot.settings import Settings
from bot.state import briefs, guilds, notes, outbox
from bot.state.briefs import NewBrief
from bot.state.database import State
from bot.state.guilds import NewsroomSettings
from core.brief import Brief
from core.brief.milestones import Told
from core.evidence.evidence import Evidence
from tests import toy
from tests.bot.kept import set_newsroom
from tests.bot.newsroom.newsroom import DAY, HOUR, NOW, FakeWriter
from tests.conftest import ROOT
from tests.core.brief.conftest import with_caveats

START = date(2025, 1, 1)
NEWEST = START + timedelta(days=30 * 10)
PRIVATE, PUBLIC = ("ARC", "WeirdML", "SimpleBench"), ("HLE", "GPQA", "MMLU")


def ladder() -> list[toy.Row]:
    """A test on which each month a closed model reaches the next level, up to 55 %, and an open one later, to 40 %."""
    closed = [(f"closed-{5 * n}", START + timedelta(days=30 * (n - 1)), "closed", 5.0 * n) for n in range(1, 12)]
    opened = [(f"open-{5 * n}", START + timedelta(days=30 * (n - 1) + 80), "open", 5.0 * n) for n in range(1, 9)]
    return [(name, day.isoformat(), side, score) for name, day, side, score in (*closed, *opened)]


@dataclass
class Data:
    """Data of six tests with the same past; `scores` are those of more models, by test."""

    scores: dict[str, list[toy.Row]] = field(default_factory=dict)
    revisions: count = field(default_factory=count)

    def add(self, model: str, side: str, score: float, days: int, test: str = "ARC") -> None:
        """Add a score of a model that came out so many days after the newest one of the past."""
        self.scores.setdefault(test, []).append((model, (NEWEST + timedelta(days)).isoformat(), side, score))

    def correct(self, model: str, score: float | None, test: str = "ARC") -> None:
        """Correct a score; None takes it back."""
        rows = self.scores[test]
        self.scores[test] = [row for row in rows if row[0] != model]
        if score is not None:
            self.scores[test] += [(*row[:3], score) for row in rows if row[0] == model]

    def read(self) -> Evidence:
        """Return the evidence of a new revision."""
        boards: dict[str, Sequence[toy.Row]] = {test: ladder() for test in (*PRIVATE, *PUBLIC)}
        boards |= {test: [*boards.get(test, ()), *rows] for test, rows in self.scores.items()}
        evidence = with_caveats(toy.evidence(boards, private=PRIVATE))
        return replace(evidence, revision=f"r{next(self.revisions)}")


@dataclass
class Reader(FakeWriter):
    """Writes of the milestones of some evidence."""

    evidence: Evidence | None = None

    def read_revision(self) -> str:
        assert self.evidence is not None
        return self.evidence.revision

    def write_milestones(self, published: date, before: Told) -> tuple[list[NewBrief], Told]:
        assert self.evidence is not None
        return write_milestones(self.evidence, published, before)


def tell(state: State, now: datetime, evidence: Evidence) -> int:
    return post_milestones(state, now, Reader(evidence=evidence))


@pytest.fixture
def data(state: State) -> Data:
    """Data that was looked at once, for a server that wants many milestones."""
    wish(state, per_day=9)
    data = Data()
    assert tell(state, NOW, data.read()) == 0
    return data


def wish(state: State, guild_id: int = 5, per_day: int = 2, channel: int | None = 55) -> None:
    set_newsroom(state, guild_id, NewsroomSettings(milestones_per_day=per_day, milestones_channel_id=channel))


def posted(state: State) -> list[Brief]:
    """Return all milestones, in the order that they were told in."""
    return [kept.brief for kept in sorted(briefs.list_briefs(state), key=lambda kept: kept.id)]


def refreshed(state: State, data: Data, now: datetime = NOW) -> list[str]:
    """Bring new data, and return the milestones that are posted of it: the event of each title, and the level."""
    number = len(posted(state))
    tell(state, now, data.read())
    return [f"{event(brief.title)}, {level(brief)}" for brief in posted(state)[number:]]


def event(title: str) -> str:
    return re.split(r",? (?:and|that no) open model", title)[0]


def level(brief: Brief) -> str:
    return next(fact.shown for fact in brief.facts if fact.key.endswith((".open.level", ".closed.level")))


# ---- what is told


def test_an_open_model_that_is_the_first_to_match_a_level(state: State, data: Data) -> None:
    data.add("Kimi", "open", 45.0, days=5)
    assert refreshed(state, data) == ["Kimi matches closed-45 at 45 % on ARC, 45 %"]
    (kept,) = briefs.list_briefs(state)
    assert (kept.kind, kept.status, len(kept.brief.bullets)) == ("milestone", "posted", 3)
    assert [bullet.text for bullet in kept.brief.bullets[:2]] == [
        "Kimi came out on 2 November 2025. It is the first open model to reach 45 % on ARC, a private test.",
        "closed-45, a closed model, got there about 2 months earlier.",
    ]
    assert kept.brief.bullets[2].text.startswith("Overall, open models trail by about ")
    assert [item.target for item in outbox.list_items(state, kept.id)] == ["discord:55"]


def test_a_new_lead_of_closed_models(state: State, data: Data) -> None:
    data.add("GPT-6", "closed", 80.0, days=5)
    assert refreshed(state, data) == ["GPT-6 sets a record on ARC, 80 %"]
    (brief,) = posted(state)
    assert [bullet.text for bullet in brief.bullets[:2]] == [
        "GPT-6 came out on 2 November 2025. It is the first model to reach 80 % on ARC, a private test.",
        "The best open score there, by open-40, is 40.0 %.",
    ]
    assert len(brief.bullets) == 3


def test_all_of_one_refresh_the_newest_first_and_what_another_has_overtaken_last(state: State, data: Data) -> None:
    data.add("Kimi", "open", 50.0, days=5)
    data.add("GPT-6", "closed", 80.0, days=6)
    data.add("Qwen", "open", 45.0, days=4)
    data.add("GLM", "open", 45.0, days=3, test="HLE")
    assert refreshed(state, data) == [
        "GPT-6 sets a record on ARC, 80 %",
        "Kimi matches closed-50 at 50 % on ARC, 50 %",
        "GLM matches closed-45 at 45 % on HLE, 45 %",
        "Qwen matches closed-45 at 45 % on ARC, 45 %",
    ]


def test_a_model_that_was_scored_after_a_newer_one(state: State, data: Data) -> None:
    """Boards score models weeks late."""
    data.add("Kimi", "open", 50.0, days=30)
    refreshed(state, data)
    data.add("Qwen", "open", 45.0, days=5)
    assert refreshed(state, data) == ["Qwen matches closed-45 at 45 % on ARC, 45 %"]
    assert posted(state)[-1].bullets[0].text.startswith("Qwen came out on 2 November 2025.")


def test_an_older_result_that_only_came_to_light_is_none(state: State, data: Data) -> None:
    data.add("GPT-6", "closed", 80.0, days=5)
    refreshed(state, data)
    data.add("Llama", "open", 45.0, days=-177)
    assert refreshed(state, data) == []
    data.add("Mistral", "open", 50.0, days=-174)
    assert refreshed(state, data) == ["Mistral sets an open record on ARC, 50 %"]


# ---- once


@pytest.mark.slow
def test_a_first_look_tells_nothing_and_the_same_data_nothing_new(state: State, data: Data) -> None:
    assert posted(state) == []
    assert refreshed(state, data) == []
    data.add("Kimi", "open", 50.0, days=5)
    assert len(refreshed(state, data)) == 1
    assert refreshed(state, data) == []


def test_a_look_at_data_without_a_result_is_no_first_look(state: State) -> None:
    """Else the whole past would be told when it comes."""
    wish(state)
    nothing = replace(toy.evidence({"ARC": [("a", "2025-01-01", "closed", 1.0)]}), revision="empty")
    assert tell(state, NOW, nothing) == 0
    assert tell(state, NOW, Data().read()) == 0


def test_a_score_that_is_corrected_is_told_anew_only_where_it_reaches_another_level(state: State, data: Data) -> None:
    data.add("GPT-6", "closed", 61.0, days=5)
    assert refreshed(state, data) == ["GPT-6 sets a record on ARC, 60 %"]
    for score, milestones in ((61.4, []), (59.0, []), (61.0, []), (75.0, ["GPT-6 sets a record on ARC, 75 %"])):
        data.correct("GPT-6", score)
        assert refreshed(state, data) == milestones


def test_a_result_that_vanished_and_comes_back_is_told_once_and_the_level_that_it_matched_is_no_new_one(
    state: State, data: Data
) -> None:
    data.add("GPT-6", "closed", 60.0, days=3)
    data.add("Kimi", "open", 60.0, days=5)
    assert refreshed(state, data) == ["Kimi matches GPT-6 at 60 % on ARC, 60 %"]
    data.correct("Kimi", None)
    assert refreshed(state, data) == []
    data.add("Kimi", "open", 60.0, days=5)
    assert refreshed(state, data) == []


def test_an_older_closed_model_that_takes_over_a_level_makes_its_match_no_news(state: State, data: Data) -> None:
    data.add("Kimi", "open", 50.0, days=5)
    assert len(refreshed(state, data)) == 1
    data.add("Claude", "closed", 50.0, days=-200)
    assert refreshed(state, data) == []


# ---- not too many


def test_of_a_test_that_is_new_only_the_newest_is_told(state: State, data: Data) -> None:
    data.scores["METR"] = ladder()
    data.add("Kimi", "open", 50.0, days=5, test="METR")
    data.add("GPT-6", "closed", 80.0, days=-40, test="METR")
    assert refreshed(state, data) == ["Kimi matches GPT-6 at 50 % on METR, 50 %"]
    data.add("Qwen", "open", 55.0, days=9, test="METR")
    assert refreshed(state, data) == ["Qwen matches GPT-6 at 55 % on METR, 55 %"]


def test_no_more_than_so_many_a_day_and_only_where_they_are_wanted(state: State) -> None:
    wish(state, per_day=1)
    wish(state, 6, per_day=2)
    wish(state, 7, per_day=0)
    wish(state, 8, channel=None)
    data, numbers = Data(), []
    tell(state, NOW, data.read())
    for number in range(3):
        data.add(f"GPT-{number}", "closed", 60.0 + 5 * number, days=number)
        numbers.append(tell(state, NOW + number * HOUR, data.read()))
    assert numbers == [2, 1, 0]
    data.add("Kimi", "open", 50.0, days=8)
    assert tell(state, NOW + DAY, data.read()) == 2
    assert not [brief for brief in posted(state) if "GPT-2" in brief.title]


@pytest.mark.parametrize(("per_day", "milestones"), [(1, ["GPT-6 sets a record on ARC, 80 %"]), (0, [])])
def test_what_has_no_room_or_no_server_on_its_day_is_not_told_later(
    state: State, per_day: int, milestones: list[str]
) -> None:
    wish(state, per_day=per_day)
    data = Data()
    tell(state, NOW, data.read())
    data.add("Kimi", "open", 50.0, days=5)
    data.add("GPT-6", "closed", 80.0, days=6)
    assert refreshed(state, data) == milestones
    wish(state)
    assert refreshed(state, data, NOW + DAY) == []


# ---- the note of the last look


def test_the_note_of_an_earlier_release_makes_the_next_look_a_first_one(state: State) -> None:
    wish(state)
    notes.keep_note(state, "milestones", '{"revision": "r0", "news.open": ["Kimi/ARC/50", "2026-10-01"]}')
    data = Data()
    assert tell(state, NOW, data.read()) == 0
    data.add("Kimi", "open", 50.0, days=5)
    assert len(refreshed(state, data)) == 1


def test_two_that_look_at_once_tell_it_once(state: State, data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    data.add("Kimi", "open", 50.0, days=5)
    evidence = data.read()

    def meanwhile(state: State) -> dict[int, NewsroomSettings]:
        monkeypatch.undo()
        assert tell(state, NOW, evidence) == 1
        return guilds.list_milestone_newsrooms(state)

    monkeypatch.setattr(guilds, "list_milestone_newsrooms", meanwhile)
    assert tell(state, NOW, evidence) == 0
    assert len(posted(state)) == 1


# ---- with the shipped data


@pytest.mark.slow
def test_a_look_reads_the_data_that_briefs_are_written_from_once_a_revision(
    state: State, evidence_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish(state)
    writer = Writer(Settings(evidence_file, ROOT / "data"))
    assert post_milestones(state, NOW, writer) == 0
    noted = json.loads(notes.read_note(state, "milestones") or "")
    assert noted["revision"] == writer.read_revision()
    assert ["open", "arc-agi-2 1", "kimi-k3", 60] in noted["levels"]
    assert (noted["method"], noted["verdict"]) == ("index-2", [0, "2026-09-28"])
    monkeypatch.setattr(writer, "write_milestones", None)
    assert post_milestones(state, NOW, writer) == 0


REFRESHES = {
    date(2026, 4, 27): [],
    date(2026, 5, 20): [
        "GPT-5.5 sets a record on WeirdML",
        "GLM-5.1 matches o3-pro at 55 % on WeirdML",
        "Gemma 4 31B IT matches o4-mini at 50 % on WeirdML",
    ],
    date(2026, 5, 22): [  # more came than a day has room for
        "GPT-5.5 Pro sets a record on OTIS Mock AIME",
        "Kimi K2.6 matches Gemini 3 Pro at 35 % on FrontierMath",
        "Kimi K2.6 matches GPT-5.2 at 95 % on OTIS Mock AIME",
        "Kimi K2.6 matches Gemini 3 Pro at 90 % on GPQA Diamond",
        "Claude Opus 4.6 sets a record on METR Time Horizons",
    ],
    date(2026, 6, 12): [],
    date(2026, 8, 17): [
        "Kimi K3 matches GPT-5.5 at 80 % on WeirdML",
        "Kimi K3 matches GPT-5.2 Pro at 70 % on FrontierMath v2",
        "Kimi K3 matches GPT-5.2 Pro at 35 % on FrontierMath Tier 4 v2",
        "Claude Fable 5 sets a record on WeirdML",
        "GLM-5.2 matches GPT-5.2 at 70 % on WeirdML",
    ],
    date(2026, 9, 30): [  # more came than a day has room for
        "GPT-6 Astra sets a record on ARC-AGI-2",
        "GPT-6 Astra sets a record on FrontierMath Tier 4 v2",
        "Gemini 3.8 Flash sets a record on GPQA Diamond",
        "Claude Fable 5.1 sets a record on FrontierMath v2",
        "Kimi K3 matches GPT-5.2 Pro at 90 % on ARC-AGI",
    ],
}
"""What refreshes of the shipped data on these days would have told, at most five a day: the event of each title."""


@pytest.mark.slow
def test_what_the_refreshes_of_the_shipped_data_would_have_told(state: State, evidence: Evidence) -> None:
    wish(state, per_day=5)
    for day, expected in REFRESHES.items():
        known, number = replace(evidence.as_known_by(day), revision=str(day)), len(posted(state))
        tell(state, datetime(day.year, day.month, day.day, 9, tzinfo=UTC), known)
        assert [event(brief.title) for brief in posted(state)[number:]] == expected
    assert len({brief.title for brief in posted(state)}) == len(posted(state))
    for brief in posted(state):
        assert len(brief.bullets) == 3
        assert re.split(" (?:matches|sets) ", brief.title)[0] in brief.bullets[0].text
    [late] = [brief for brief in posted(state) if brief.title.startswith("GLM-5.1 matches o3-pro at 55 % on WeirdML")]
    assert [bullet.text for bullet in late.bullets[:2]] == [
        "Z.ai of China released GLM-5.1 on 7 April. It is the first open model to reach 55 % on WeirdML, a private test"
        " of unusual machine-learning tasks.",
        "OpenAI's o3-pro, a closed model, got there about 10 months earlier.",
    ]
