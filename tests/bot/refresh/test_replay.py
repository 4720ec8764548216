"""Some days of 2026 as they were, lived through: right news on the right day, nothing twice, and nothing false.

`cut/` holds a few rows of what publishers served then; `docs/make/replay.py` plays all of it.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from bot.refresh import refreshing
from bot.state.database import open_state
from tests.bot.refresh.life import EPOCH, Life, Lived, as_known, lenient, life, missing, played

pytestmark = pytest.mark.slow

CUT = Path(__file__).with_name("cut")
SOURCES = ("epoch-hub-2026-04-19", "epoch-index-2026-04-19")
BEGAN = date(2026, 4, 30)
MONDAYS = (date(2026, 5, 11),)
Days = tuple[Life, dict[date, Lived]]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    """A bot that has lived through the days."""
    folder = tmp_path_factory.mktemp("replay")
    as_known(BEGAN, folder / "shipped", SOURCES)
    epoch = played(CUT / "changes.csv", CUT / f"base_{BEGAN}.csv", BEGAN)
    weirdml = {date.fromisoformat(path.stem[-10:]): path.read_bytes() for path in CUT.glob("weirdml_*.csv")}
    publishers = [lenient(refreshing.known_publishers()["weirdml"], 20), EPOCH]
    with (
        closing(open_state(f"sqlite:///{folder / 'state.db'}")) as state,
        life(folder, state, publishers, folder / "shipped") as bot,
    ):
        days = {}
        for day in sorted({*epoch, *weirdml, *MONDAYS}):
            bot.publishers = publishers if day >= BEGAN else publishers[:1]
            served = (("epoch-daily", epoch), ("weirdml", weirdml))
            days[day] = bot.live(day, {name: files[day] for name, files in served if day in files})
        yield bot, days


NEWS = {
    date(2026, 4, 30): ["gpt-5.5-pre-release sets a record on OTIS Mock AIME that no open model has matched"],
    date(2026, 5, 6): [
        "kimi-k2.6 matches GPT-5 at 55 % on WeirdML, and open models still trail",
        "kimi-k2.6 matches GPT-5.2 at 95 % on OTIS Mock AIME, and open models still trail",
        "kimi-k2.6 matches Gemini 3 Pro at 90 % on GPQA Diamond",
    ],
    date(2026, 5, 9): [
        "gpt-5.5 sets a record on WeirdML that no open model has matched",
        "kimi-k2.6 matches Gemini 3 Pro at 35 % on FrontierMath, and open models still trail",
    ],
    date(2026, 5, 19): [
        "glm-5.1 matches GPT-5 at 55 % on WeirdML, and open models still trail",
        "glm-5.1 matches GPT-5 at 30 % on FrontierMath, and open models still trail",
    ],
    date(2026, 6, 13): ["claude-fable-5 sets a record on WeirdML that no open model has matched"],
    date(2026, 6, 26): ["glm-5.2 matches GPT-5.2 at 70 % on WeirdML, and open models still trail"],
    date(2026, 7, 11): ["claude-fable-5 sets a record on WeirdML that no open model has matched"],
}
"""Read one by one: of each, the model's score or its openness came that day."""


def test_a_first_crossing_is_told_on_the_day_that_brings_it_and_once(lived: Days) -> None:
    titles_by_day = {
        day: [title for brief in lived_day.milestones if "verdict" not in (title := brief.title)]
        for day, lived_day in lived[1].items()
    }
    assert {day: titles for day, titles in titles_by_day.items() if titles} == NEWS


def test_what_tests_scored_since_the_last_brief_is_news_though_its_model_is_older(lived: Days) -> None:
    brief = lived[1][date(2026, 5, 11)].brief
    assert brief.bullets[0].text.startswith(
        "Moonshot of China released kimi-k2.6 on 20 April. It set open records on two private and two public tests."
    )


def test_a_snapshot_that_was_right_is_never_held_back(lived: Days) -> None:
    outcomes = [outcome for lived_day in lived[1].values() for outcome in lived_day.done.outcomes]
    assert {outcome.state for outcome in outcomes} == {"new", "unchanged"}


def test_what_flips_and_what_is_dated_by_a_slip_is_listed(lived: Days) -> None:
    findings = {
        day: [finding.what for outcome in lived_day.done.outcomes for finding in outcome.findings]
        for day, lived_day in lived[1].items()
    }
    assert findings[date(2026, 7, 1)] == ["claude-sonnet-5 (high): a release date in the future"]
    assert "WizardLM-2-8x22B: open or closed was closed and is open" in findings[date(2026, 7, 2)]


def test_in_the_end_the_last_files_stand_row_for_row(lived: Days) -> None:
    bot = lived[0]
    weirdml, epoch = bot.publishers
    absent, others = missing(bot, weirdml, (CUT / "weirdml_2026-07-11.csv").read_bytes())
    assert absent == []
    assert not [row for row in others if row[6].startswith("weirdml-") and not row[5]]
    files = played(CUT / "changes.csv", CUT / f"base_{BEGAN}.csv", BEGAN)
    absent, others = missing(bot, epoch, files[max(files)])
    assert absent == []
    assert not [row for row in others if row[6].startswith("epoch-daily-") and not row[5]]
