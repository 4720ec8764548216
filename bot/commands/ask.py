"""`gapbrief ask`, `chat` and `eval`: free text on the command line, and how well it is read."""

import json
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import core
from bot import service, terminal
from bot.settings import Settings
from core.errors import UsageError
from core.questions import QUESTIONS, Question
from core.store.store import open_store

if TYPE_CHECKING:
    from asyncio import Runner

    from bot.assistant.assistant import Assistant
    from bot.assistant.evaluation import Entry, Score
    from bot.assistant.place import Place
    from bot.assistant.reading import Reading
    from bot.assistant.reply import Reply
    from core.answer import Answer

_ENDS = {"exit", "quit", "bye", "q"}
_HELP = {"help", "?", "h"}
_FORGET = {"forget", "/forget"}
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
    if not " ".join(words).strip():
        raise UsageError('The question is missing; give one, such as "how far behind are open models?".')
    with _talk(Settings.read(), is_remembered=False) as talk:
        found = talk.reply(" ".join(words))
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=not terminal.is_unicode(), indent=2))
        if found.answer is None:
            ctx.exit(UsageError.exit_code)
        return
    _show(found, terminal.wants_color(no_color))
    if found.reading.alternatives:
        commands = "\n".join(f"  {_command(each)}" for each in found.reading.alternatives)
        raise UsageError(f"{_COULD_MEAN}; type one of these:\n{commands}")
    if found.sentence:
        raise UsageError(found.sentence)


class _Talk:
    """Free text answered on the command line, in one event loop; the person may end the waiting with Ctrl-C."""

    def __init__(self, assistant: "Assistant", place: "Place", runner: "Runner", *, may_wait: bool) -> None:
        self._assistant, self._place, self._runner, self._may_wait = assistant, place, runner, may_wait

    def reply(self, text: str, previous: Question | None = None) -> "Reply":
        """Answer a text, after the question `previous` or what was said before; who may have to wait sees so."""
        with terminal.waiting(terminal.ASKING) if self._may_wait else nullcontext():
            return self._runner.run(self._assistant.reply(text, self._place, datetime.now(UTC), previous))

    def chosen(self, reading: "Reading") -> "Reply":
        """Answer a reading that was chosen."""
        return self._runner.run(self._assistant.by_rules(reading))

    def forget(self) -> None:
        """Forget what was said."""
        self._runner.run(self._assistant.forget(self._place))


@contextmanager
def _talk(settings: Settings, *, is_remembered: bool) -> Iterator[_Talk]:
    """Open what free text needs; the state, for memory and budgets, only where a model is set."""
    import asyncio

    from bot.assistant.assistant import assistant
    from bot.assistant.models import is_set
    from bot.assistant.place import Place

    async def answer(question: Question) -> "Answer":
        return await asyncio.to_thread(service.answer, question, settings, service.today())

    place = Place(f"terminal:{os.getpid()}" if is_remembered else "terminal")
    with ExitStack() as open_:
        state = None
        if is_set(settings):
            from bot.state.state import open_state

            state = open_state(settings.state_url)
            open_.callback(state.close)
        made = assistant(
            settings, answer, state, today=lambda: service.today(), is_remembered=is_remembered, note=_say_why
        )
        talk = _Talk(made, place, open_.enter_context(asyncio.Runner()), may_wait=state is not None)
        try:
            yield talk
        finally:
            if is_remembered:
                talk.forget()


def _say_why(error: Exception) -> None:
    """Say on standard error why the language model's answer is not used."""
    from bot.assistant.agent import NotWordedError
    from bot.assistant.failures import why_failed

    is_worded = isinstance(error, NotWordedError)
    why = "the language model's words did not hold" if is_worded else why_failed(error)
    click.echo(f"{why[0].upper()}{why[1:]}. Rules answer.", err=True)


def _show(found: "Reply", color: bool) -> None:
    """Show how a text was understood, and the answer where there is one: a model's words with what they rest on."""
    if found.notice:
        _say(_dim(found.notice, color))
    if found.understood:
        _say(_dim(f"Understood: {found.understood}", color))
    if found.worded is not None:
        _say(found.worded)
        _say(_dim(found.figures or "", color))
        _say(_dim(f"In full: {' && '.join(_command(each.reading) for each in (found, *found.others))}", color))
    elif found.answer is not None:
        terminal.show_answer(found.answer, color)


def _dim(line: str, color: bool) -> str:
    return click.style(line, dim=True) if color and sys.stdout.isatty() else line


def _say(text: str) -> None:
    """Write a line as the terminal's encoding allows: click would write what it does not."""
    sys.stdout.write(f"{text}\n")


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
        "worded": found.worded,
        "figures": found.figures,
        "others": [_as_json(each) for each in found.others],
        "notice": found.notice,
    }


# ---- chat


@click.command(short_help="Ask one question after the other.", epilog="Example: gapbrief chat")
@click.option("--no-color", is_flag=True, help="Plain text, as when piped.")
def chat(no_color: bool) -> None:
    """Ask one question after the other; "and on private tests?" goes on from the one before."""
    if sys.stdin.isatty():
        _say('Ask how far open models trail closed ones. "help" shows how, "forget" begins anew, "exit" ends.')
        _edit_lines()
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="replace")  # a pipe may hold anything
    with _talk(Settings.read(), is_remembered=True) as talk:
        _Chat(talk, terminal.wants_color(no_color)).run()


def _edit_lines() -> None:
    """Let the arrow keys edit the line and recall earlier ones, where Python can."""
    try:
        import readline  # noqa: F401 (being imported is all it takes)
    except ImportError:
        return


class _Chat:
    """A conversation: the question that was answered last, and the readings that were offered."""

    def __init__(self, talk: _Talk, color: bool) -> None:
        self.talk, self.color = talk, color
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
            with suppress(KeyboardInterrupt):  # who has waited enough goes on
                self._heard(line)
        if sys.stdin.isatty():
            _say("")

    def _prompt(self) -> str:
        if not sys.stdin.isatty():
            return ""
        return "› " if terminal.is_unicode() else "> "

    def _heard(self, line: str) -> None:
        if line.lower() in _HELP:
            _say(_how_to_ask())
        elif line.lower() in _FORGET:
            self.talk.forget()
            self.previous, self.offered = None, ()
            _say("Forgotten: what you ask next stands on its own.\n")
        elif line:
            self.say(line)

    def say(self, line: str) -> None:
        """Answer one line: a question, or the number of a reading that was offered."""
        if line.isascii() and line.isdigit() and 0 < int(line) <= len(self.offered):
            found = self.talk.chosen(self.offered[int(line) - 1])
        else:
            found = self.talk.reply(line, self.previous)
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
@click.option("--llm", is_flag=True, help="Ask the language model that is set, whatever the rules understand.")
@click.option("--no-color", is_flag=True, help="Plain text, as when piped.")
def evaluate(file: Path | None, on: str | None, llm: bool, no_color: bool) -> None:
    """Measure how well free text is read, on a set of questions; exit code 1 below the bar.

    `gapbrief eval grounding` measures how well texts that say more than their facts are found.
    """
    from bot.assistant import evaluation
    from core.questions.question import read_day

    if file == Path("grounding"):
        from bot.commands.grounding_score import measure

        if not measure(Settings.read(), read_day(on) if on else None, color=terminal.wants_color(no_color)):
            sys.exit(1)
        return
    entries = evaluation.load(file or Path(core.__file__).parents[1] / "tests" / "eval" / "questions.yml")
    today: date = read_day(on) if on else evaluation.READ_ON
    settings = Settings.read()
    lines: list[str] = []
    if llm:
        score, lines = _by_model(entries, settings, today)
    else:
        with open_store(settings.db, settings.data) as store:
            score = evaluation.run(entries, store, today)
    _show_score(score, evaluation.BAR, terminal.wants_color(no_color))
    for line in lines:
        _say(line)
    if not score.passes:
        sys.exit(1)


def _by_model(entries: "list[Entry]", settings: Settings, today: date) -> "tuple[Score, list[str]]":
    """Ask the model all of a set; return how it read it, and what else there is to say of it."""
    from bot.assistant import model_evaluation
    from bot.assistant.models import models

    models(settings)  # raises UsageError where none is set
    with terminal.waiting(terminal.ASKING):
        found = model_evaluation.run(entries, settings, today)
    return found.score, found.lines()


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
