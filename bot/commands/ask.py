"""`gapbrief ask` and `chat`: free text on the command line."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from bot import terminal
from bot.answers import Answers
from bot.commands.shared import COLOR, say
from bot.settings import Settings
from core.errors import UsageError
from core.questions import QUESTIONS

if TYPE_CHECKING:
    from asyncio import Runner

    from bot.assistant.assistant import Assistant
    from bot.assistant.reading import Context, Reading, Reply
    from bot.state.conversation_key import ConversationKey
    from core.brief import Brief

_CHART_FIELDS = ("benchmark", "left", "right", "access", "domain", "as_of", "known_by")
_END_WORDS = {"exit", "quit", "bye", "q"}
_HELP_WORDS = {"help", "?", "h"}
_FORGET_WORDS = {"forget", "/forget"}
_OF_THE_INSTALLATION = re.compile(
    r"\b(?:doctor|backups?|refresh\w*|health\w*|logs?|database|disk|install\w*|upgrade)\b", re.I
)
_ASK_THE_DOCTOR = "I answer only about models and their tests; `gapbrief doctor` says how this installation stands."


@click.command(
    context_settings={"ignore_unknown_options": True},
    short_help="Answer a question in your own words.",
    epilog='Example: gapbrief ask "when did open models reach 80 % on GPQA?"',
)
@click.argument("words", nargs=-1, metavar="TEXT")
@click.option("--json", "as_json", is_flag=True, help="Print what was understood, and the answer, as JSON.")
@COLOR
@click.pass_context
def ask(ctx: click.Context, words: tuple[str, ...], as_json: bool, color: bool) -> None:
    """Answer a question in your own words, and say how it was understood.

    What is no question of ours, or can mean several things, gets a sentence and exit code 2.
    """
    if not " ".join(words).strip():
        raise UsageError('The question is missing; give one, such as "how far behind are open models?".')
    from bot.assistant.reading import NEW

    with _open_talk(Settings.read(), is_remembered=False) as talk:
        reply = talk.reply(" ".join(words), NEW)
    if as_json:
        terminal.show_json(_as_json(reply))
        if reply.answer is None and not reply.reading.is_brief:
            ctx.exit(UsageError.exit_code)
        return
    _show_reply(reply, color)
    if reply.reading.is_brief:
        _show_brief(reply.reading)
    if reply.sentence or reply.reading.offers:
        commands = (f"  {_command(offer)}" for offer in reply.reading.offers)
        head = [reply.sentence or "", *["Near:"] * bool(reply.reading.offers and not reply.reading.alternatives)]
        raise UsageError("\n".join([*head, *commands]))


class _Talk:
    """Answers free text on the command line, in one event loop; Ctrl-C ends the wait."""

    def __init__(self, assistant: "Assistant", key: "ConversationKey", runner: "Runner", *, may_wait: bool) -> None:
        self._assistant, self._key, self._runner, self._may_wait = assistant, key, runner, may_wait

    def reply(self, text: str, context: "Context") -> "Reply":
        """Answer a text in its context, showing a spinner if a model may have to be asked."""
        from bot.assistant.reader import is_unread

        with terminal.progress(terminal.ASKING) if self._may_wait else nullcontext():
            reply = self._runner.run(self._assistant.reply(text, self._key, datetime.now(UTC), context))
        if _OF_THE_INSTALLATION.search(text) and is_unread(reply.reading):
            return replace(reply, sentence=_ASK_THE_DOCTOR)
        return reply

    def count_misread(self, name: str) -> None:
        """Count a question that was answered but not asked."""
        from bot.assistant.assistant import count_misread
        from bot.services import open_state_of

        with closing(open_state_of(Settings.read())) as state:
            self._runner.run(count_misread(state, name, datetime.now(UTC)))

    def forget(self) -> None:
        """Forget the conversation."""
        self._runner.run(self._assistant.forget(self._key))


@contextmanager
def _open_talk(settings: Settings, *, is_remembered: bool) -> Iterator[_Talk]:
    """Open what free text needs; the state, for memory and budgets, only if a model is set."""
    import asyncio

    from bot.assistant.assistant import make_assistant
    from bot.assistant.models import has_model
    from bot.state.conversation_key import ConversationKey

    answers = Answers(settings)
    key = ConversationKey(f"terminal:{os.getpid()}" if is_remembered else "terminal")
    with ExitStack() as stack:
        state = None
        if has_model(settings):
            from bot.services import open_state_of

            state = open_state_of(settings)
            stack.callback(state.close)
        reader = make_assistant(settings, answers.answer, state, answers.today, is_remembered=is_remembered, note=_warn)
        talk = _Talk(reader, key, stack.enter_context(asyncio.Runner()), may_wait=state is not None)
        try:
            yield talk
        finally:
            if is_remembered:
                talk.forget()


def _warn(error: Exception) -> None:
    """Say on standard error why the language model could not be used."""
    from bot.assistant.models import failure_reason

    reason = failure_reason(error)
    click.echo(f"{reason[0].upper()}{reason[1:]}. Rules answer.", err=True)


def _show_reply(reply: "Reply", color: bool) -> None:
    """Show how a text was understood, and its answer; if there are several answers, only their first lines."""
    if reply.notice:
        say(_style_dim(reply.notice, color))
    if reply.understood:
        say(_style_dim(f"Understood: {reply.understood}", color))
    if reply.other_replies:
        for line in reply.lines:
            say(f"{line.label}: {line.text}")
        readings = [answer.reading for answer in (reply, *reply.other_replies) if answer.answer]
        say(_style_dim(f"In full: {' && '.join(map(_command, readings))}", color))
    elif reply.answer is not None:
        more = terminal.describe_more(QUESTIONS[reply.reading.name or ""], reply.reading.fields)
        terminal.show_answer(reply.answer, color, more, details=reply.reading.in_full)
        is_drawable = reply.answer.charts and set(reply.reading.fields) <= set(_CHART_FIELDS)
        if is_drawable and reply.reading.aspect in ("chart", "curve", "by_test"):
            say(f"`{_chart_command(reply.reading, reply.answer.charts[0].kind)}` draws it")


def _show_brief(reading: "Reading") -> "Brief":
    """Show the requested brief, and return it; raises UsageError for a day without one."""
    from bot.commands.brief import output_brief

    brief = Answers(Settings.read()).compose_brief(reading.brief_day, reading.brief_since)
    output_brief(brief, "text", None)
    return brief


def _chart_command(reading: "Reading", kind: str) -> str:
    """Write the command that draws a chart of a question."""
    name = reading.name or ""
    command = terminal.write_command(name, reading.fields)
    return command.replace(f" {name}", f" chart {kind}", 1) + f" --out {name}.png"


def _style_dim(line: str, color: bool) -> str:
    return click.style(line, dim=True) if color and sys.stdout.isatty() else line


def _command(reading: "Reading") -> str:
    """Write the command that asks a reading's question."""
    return terminal.write_command(reading.name or "", reading.fields)


def _as_json(reply: "Reply") -> dict[str, Any]:
    """Return a reply as plain values; raises UsageError if it asks for the brief of a day without one."""
    reading = reply.reading
    brief = Answers(Settings.read()).compose_brief(reading.brief_day, reading.brief_since) if reading.is_brief else None
    return {
        "question": reading.name,
        "fields": dict(reading.fields),
        "understood": reading.understood or None,
        "alternatives": [_reading_as_json(alternative) for alternative in reading.alternatives],
        "answer": reply.answer.to_json() if reply.answer else None,
        "brief": brief and brief.to_json(),
        "sentence": reply.sentence,
        "worded": None,
        "figures": None,
        "others": [_as_json(other) for other in reply.other_replies],
        "near": [_reading_as_json(reading) for reading in reply.reading.near],
        "notice": reply.notice,
    }


def _reading_as_json(reading: "Reading") -> dict[str, Any]:
    return {"question": reading.name, "fields": dict(reading.fields), "understood": reading.understood}


# ---- chat


@click.command(short_help="Ask one question after the other.", epilog="Example: gapbrief chat")
@COLOR
def chat(color: bool) -> None:
    """Ask one question after the other; "and on private tests?" goes on from the one before."""
    if sys.stdin.isatty():
        say('Ask how far open models trail closed ones. "help" shows how, "forget" begins anew, "exit" ends.')
        with suppress(ImportError):  # not every Python has it
            import readline  # noqa: F401 (imported, it lets the arrow keys edit the line and recall earlier ones)
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="replace")  # a pipe may hold anything
    with _open_talk(Settings.read(), is_remembered=True) as talk:
        _Chat(talk, color).run()


class _Chat:
    """A conversation with its context."""

    def __init__(self, talk: _Talk, color: bool) -> None:
        self.talk, self.color = talk, color
        self._start_over()

    def _start_over(self) -> None:
        from bot.assistant.reading import NEW

        self.context: Context = NEW

    def run(self) -> None:
        """Answer line by line until the input ends or the person leaves."""
        while True:
            try:
                line = input(self._prompt()).strip()
            except EOFError:
                break
            except KeyboardInterrupt:
                say("")
                continue
            if line.lower() in _END_WORDS:
                return
            with suppress(KeyboardInterrupt):  # Ctrl-C skips a slow answer
                self._answer_line(line)
        if sys.stdin.isatty():
            say("")

    def _prompt(self) -> str:
        if not sys.stdin.isatty():
            return ""
        return "› " if terminal.is_unicode() else "> "

    def _answer_line(self, line: str) -> None:
        if line.lower() in _HELP_WORDS:
            say(_how_to_ask())
        elif line.lower() in _FORGET_WORDS:
            self.talk.forget()
            self._start_over()
            say("Forgotten: what you ask next stands on its own.\n")
        elif line:
            self.answer(line)

    def answer(self, line: str) -> None:
        """Answer one line: a question, the choice of an offer, or "no" to the last reading."""
        reply = self.talk.reply(line, self.context)
        self.context = self.context.after_reply(reply)
        _show_reply(reply, self.color)
        if reply.reading.is_brief:
            self._show_brief(reply.reading)
        if reply.reading.misread:
            self.talk.count_misread(reply.reading.misread)
        if reply.sentence:
            say(reply.sentence)
        for number, offer in enumerate(reply.reading.offers, 1):
            say(f"  {number}  {offer.label}")
        if reply.reading.offers:
            say("Type a number." if reply.reading.alternatives else "Type a number; “yes” takes the first.")
        if reply.answer is not None:
            say(_style_dim("Not what you asked? Type “no”.", self.color))
        say("")

    def _show_brief(self, reading: "Reading") -> None:
        try:
            brief = _show_brief(reading)
        except UsageError as error:
            say(str(error))
            return
        self.context = self.context.after_brief(brief.more[0].published if brief.more else None)


def _how_to_ask() -> str:
    """List a phrasing for every question."""
    lines = ["You can ask, in your own words:"]
    lines += [f"  {question.phrasings[0]}" for question in QUESTIONS.values()]
    return "\n".join([*lines, 'Then go on: "and on private tests?", "what about China?". "exit" ends.\n'])
