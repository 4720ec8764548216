"""The one object that faces are handed: each part is made when it is used, and is then the one."""

from pathlib import Path

from bot.services import opened
from bot.settings import Settings
from core.questions import GapQuestion
from tests.conftest import ROOT


async def test_each_part_is_made_when_it_is_used_and_is_then_the_one(evidence_file: Path, tmp_path: Path) -> None:
    settings = Settings(evidence_file, ROOT / "data", f"sqlite:///{tmp_path / 'state.db'}")
    with opened(settings) as services:
        services.stop()
        assert not {"answers", "assistant", "pictures", "writer"} & vars(services).keys()
        assert services.answers is services.answers
        assert services.writer.settings is services.answers.settings is settings
        answer = await services.answers.answer(GapQuestion())
        assert answer.lines == services.answers.now(GapQuestion()).lines
