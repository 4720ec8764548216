"""The way of every face to an answer."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot import service
from bot.settings import Settings
from core.errors import UsageError
from core.questions import GapQuestion
from tests.conftest import ROOT


def test_an_answer_is_read_on_a_day(evidence_file: Path) -> None:
    settings = Settings(evidence_file, ROOT / "data")
    question = GapQuestion(benchmark="gpqa", as_of=date(2025, 6, 1))
    fresh = service.answer(question, settings, date(2026, 8, 25))
    stale = service.answer(question, settings, date(2026, 12, 1))
    assert (fresh.as_of, fresh.stale_days) == ("2025-06-01", 3)
    assert stale.stale_days == 101
    assert stale.data == fresh.data
    with pytest.raises(UsageError, match="in the future"):
        service.answer(question, settings, date(2025, 5, 31))


def test_today_is_a_day_in_utc() -> None:
    before = datetime.now(UTC).date()
    assert before <= service.today() <= datetime.now(UTC).date()
