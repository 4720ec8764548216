"""`gapbrief ask`, `chat` and `eval`: free text on the command line, and how well it is read."""

import json
import os
import shlex
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import core
from bot import service, terminal
from bot.settings import Settings
from core.errors import UsageError
from core.questions import QUESTIONS, Question
from core.store.store import Store, open_store

if TYPE_CHECKING:
    from bot.assistant.evaluation import Score
    from bot.assistant.reading import Reading
    from bot.assistant.reply import Reply

_ENDS = {"exit", "quit", "bye", "q"}
_HELP = {"help", "?", "h"}
_COULD_MEAN = "That can mean several things"


@click.command(
    context_settings={"ignore_unknown_options": True},
    short_help="Answer a question in your own words.",
    epilog='Example: gapbrief ask "when did open models reach 80 % on GPQA?"',
)
@click.argument("words", nargs=-1, metavar="TEXT")
@click.option("--json", "as_json", is_flag=True, help="Print what was understood, and the answer, as JSON.")
@click.option("--no-color", is_flag=True, help="Plain text, as when piped.")
@click.pass_context
def ask(ctx: click.Context, words: tuple[str, ...], as_json: bool, no_color: bool) -> None:
    """Answer a question in your own words, and say how it was understood.

    What is no question of ours, or can mean several things, gets a sentence and exit code 2.
    """
    from bot.assistant.reply import reply

    if not words:
        raise UsageError('The question is missing; give one, such as "how far behind are open models?".')
    settings = Settings.read()
    with open_store(settings.db, settings.data) as store:
        found = reply(" ".join(words), store, service.today())
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=not terminal.is_unicode(), indent=2))
        if found.answer is None:
            ctx.exit(UsageError.exit_code)
        return
    _show(found, _color(no_color))
    if found.reading.alternatives:
        commands = "\n".join(f"  {_command(each)}" for each in found.reading.alternatives)
        raise UsageError(f"{_COULD_MEAN}; type one of these:\n{commands}")
    if found.sentence:
        raise UsageError(found.sentence)


def _show(found: "Reply", color: bool) -> None:
    """Show how a text was understood, and the answer where there is one."""
    if found.reading.understood:
        line = f"Understood: {found.reading.understood}"
        _say(click.style(line, dim=True) if color and sys.stdout.isatty() else line)
    if found.answer is not None:
        terminal.show_answer(found.answer, color)


def _say(text: str) -> None:
    """Write a line as the terminal's encoding allows: click would write what it does not."""
    sys.stdout.write(f"{text}\n")


def _color(no_color: bool) -> bool:
    return not no_color and not os.environ.get("NO_COLOR")


def _command(reading: "Reading") -> str:
    """Write the command that asks a reading's question."""
    words = ["gapbrief", (reading.name or "").replace("_", "-")]
    for name, value in reading.fields.items():
        words += [f"--{name.replace('_', '-')}", f"{value:g}" if isinstance(value, float) else value]
    return shlex.join(words)


def _as_json(found: "Reply") -> dict[str, Any]:
    reading = found.reading
    return {
        "question": reading.name,
        "fields": dict(reading.fields),
        "understood": reading.understood or None,
        "alternatives": [
            {"question": each.name, "fields": dict(each.fields), "understood": each.understood}
            for each in reading.alternatives
        ],
        "answer": found.answer.to_json() if found.answer else None,
        "sentence": found.sentence,
    }


# ---- chat


@click.command(short_help="Ask one question after the other.", epilog="Example: gapbrief chat")
@click.option("--no-color", is_flag=True, help="Plain text, as when piped.")
def chat(no_color: bool) -> None:
    """Ask one question after the other; "and on private tests?" goes on from the one before."""
    if sys.stdin.isatty():
        _say('Ask how far open models trail closed ones. "help" shows how, "exit" ends.')
        _edit_lines()
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="replace")  # a pipe may hold anything
    settings = Settings.read()
    with open_store(settings.db, settings.data) as store:
        _Chat(store, _color(no_color)).run()


def _edit_lines() -> None:
    """Let the arrow keys edit the line and recall earlier ones, where Python can."""
    try:
        import readline  # noqa: F401 (being imported is all it takes)
    except ImportError:
        return


class _Chat:
    """A conversation: the question that was answered last, and the readings that were offered."""

    def __init__(self, store: Store, color: bool) -> None:
        self.store, self.color = store, color
        self.previous: Question | None = None
        self.offered: tuple[Reading, ...] = ()

    def run(self) -> None:
        """Answer line by line until the end of the input, or a word that ends it."""
        while True:
            try:
                line = input(self._prompt()).strip()
            except EOFError:
                break
            except KeyboardInterrupt:
                _say("")
                continue
            if line.lower() in _ENDS:
                return
            if line.lower() in _HELP:
                _say(_how_to_ask())
            elif line:
                self.say(line)
        if sys.stdin.isatty():
            _say("")

    def _prompt(self) -> str:
        if not sys.stdin.isatty():
            return ""
        return "› " if terminal.is_unicode() else "> "

    def say(self, line: str) -> None:
        """Answer one line: a question, or the number of a reading that was offered."""
        from bot.assistant.reply import answered, reply

        today = service.today()
        if line.isascii() and line.isdigit() and 0 < int(line) <= len(self.offered):
            found = answered(self.offered[int(line) - 1], self.store, today)
        else:
            found = reply(line, self.store, today, self.previous)
        _show(found, self.color)
        self.offered = found.reading.alternatives
        if self.offered:
            _say(f"{_COULD_MEAN}; type a number:")
            for number, each in enumerate(self.offered, 1):
                _say(f"  {number}  {each.understood}")
        elif found.sentence:
            _say(found.sentence)
        if found.answer is not None:
            self.previous = found.reading.question
        _say("")


def _how_to_ask() -> str:
    """Write a way to ask each question."""
    lines = ["You can ask, in your own words:"]
    lines += [f"  {question.phrasings[0]}" for question in QUESTIONS.values()]
    return "\n".join([*lines, 'Then go on: "and on private tests?", "what about China?". "exit" ends.\n'])


# ---- eval


@click.command(
    "eval", short_help="Measure how well free text is read.", epilog="Example: gapbrief eval tests/eval/questions.yml"
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--on", metavar="DATE", help="The day on which the questions are read; by default that of the set.")
@click.option("--no-color", is_flag=True, help="Plain text, as when piped.")
def evaluate(file: Path | None, on: str | None, no_color: bool) -> None:
    """Measure how well free text is read, on a set of questions; exit code 1 below the bar."""
    from bot.assistant import evaluation
    from core.questions.question import read_day

    entries = evaluation.load(file or Path(core.__file__).parents[1] / "tests" / "eval" / "questions.yml")
    today: date = read_day(on) if on else evaluation.READ_ON
    settings = Settings.read()
    with open_store(settings.db, settings.data) as store:
        score = evaluation.run(entries, store, today)
    _show_score(score, evaluation.BAR, _color(no_color))
    if not score.passes:
        sys.exit(1)


def _show_score(score: "Score", bar: float, color: bool) -> None:
    from core.answer import Table

    tables = [
        Table(
            title,
            (title.split()[-1].capitalize(), "Right", "Of"),
            tuple((name, str(right), str(number)) for name, right, number in rows),
        )
        for title, rows in (("By kind", score.by("kind")), ("By question", score.by("question")))
    ]
    terminal.show_tables(tables, color)
    _say("")
    for each in score.failed:
        after = f" (after {each.entry.after!r})" if each.entry.after else ""
        _say(f"Wrong: {each.entry.text[:200]!r}{after}\n  expected  {each.expected}\n  got       {each.got}")
    right, asked = score.answerable
    share = f"{100 * right / asked:.0f} %" if asked else "none"
    _say(f"Read right: {right} of {asked} that can be answered, {share} (the bar: {100 * bar:.0f} %)")
    _say(f"Answered though it is no question of ours: {score.answered_wrongly} (the bar: 0)")
