"""What people come for is told with a question that can be asked as it stands there."""

from click.testing import CliRunner

from bot import cli
from bot.tasks import TASKS
from bot.terminal import write_command
from core.questions import QUESTIONS


def test_every_task_can_be_asked_and_the_help_shows_how() -> None:
    shown = CliRunner().invoke(cli.main, ["--help"]).output
    for task in TASKS:
        assert QUESTIONS[task.question].from_words(**task.words)
        assert f"- {task.wanted}:\n" in shown
        assert write_command(task.question, task.words) in shown
    assert len({task.question for task in TASKS}) == len(TASKS)
