"""The command line: a command per question, built from its fields, and the other commands."""

import gc

gc.set_threshold(100_000)  # imports stay: scanning them for garbage takes a twentieth of a question's time

import errno
import os
import re
import sys
from dataclasses import MISSING, fields
from itertools import pairwise
from typing import Any, Literal, get_args, get_origin

import click

import core
from bot import terminal
from bot.answers import Answers
from bot.settings import ENV_FILE, Settings, how_to_use, ignored_env_file
from core.errors import GapbriefError, UsageError
from core.questions import QUESTIONS, Question, current
from core.questions.question import hints_of
from core.words import or_list, quote

_BY_PLACE = "_by_place"
_NEGATIVE = re.compile(r"^-(?=\.?\d)")
_MOST_SHOWN_CHOICES = 4
"""Choices shown behind an option's name; more are listed in its description."""
_FIRST = (
    "gap", "ask", "best", "compare", "model", "frontier", "timeline", "unmatched", "changes", "trust", "brief", "chart",
)  # fmt: skip
_OPERATORS = (
    "run", "serve", "newsroom", "discord", "data", "doctor", "state", "usage", "mcp", "eval", "validate",
)  # fmt: skip
_RARE = ("known_by", "points", "table", "no_color")
"""The options that a command's help lists apart."""
_METAVARS = {
    "as_of": "DATE", "known_by": "DATE", "since": "DATE", "until": "DATE", "day": "DATE",
    "level": "NUMBER", "score": "NUMBER", "method": "index|clustered|study",
}  # fmt: skip


class _Group(click.Group):
    """The command group; an error caused by a person or a disk is one sentence and an exit code."""

    def main(self, *args: Any, **extra: Any) -> Any:
        terminal.replace_unencodable()
        return super().main(*args, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            click.echo(_write_error(error), err=True)
            ctx.exit(error.exit_code)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command, also by its question's name (what_if for what-if) or a former name."""
        name = current(cmd_name)
        question = QUESTIONS.get(name.replace("-", "_"))
        return _make_command(question) if question else _other_commands().get(name.replace("_", "-"))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted([*(name.replace("_", "-") for name in QUESTIONS), *_other_commands()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, only for the help: they import all questions."""
        self.epilog = _list_tasks()
        super().format_epilog(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the most used commands, then the others, then the operator's."""
        names = self.list_commands(ctx)
        other_names = [name for name in names if name not in (*_FIRST, *_OPERATORS)]
        width = max(len(name) for name in names)
        for title, group in (("Commands", _FIRST), ("More", other_names), ("For operators", _OPERATORS)):
            commands = [(name, self.get_command(ctx, name)) for name in group]
            rows = [(name.ljust(width), command.get_short_help_str(1000)) for name, command in commands if command]
            with formatter.section(title):
                formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        as_json = "--json" in ctx.args or "--format=json" in ctx.args or ("--format", "json") in pairwise(ctx.args)
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except (GapbriefError, click.UsageError) as error:
            sentence = str(error) if isinstance(error, GapbriefError) else _write_error(error)
            if as_json:  # for a program; a person reads the sentence on standard error
                terminal.show_json({"error": sentence, "suggestions": list(getattr(error, "suggestions", ()))})
            click.echo(sentence, err=True)
            ctx.exit(error.exit_code)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # click ends quietly: the reader has seen enough
            from core.store.file import explain_write_error

            place = error.filename or "its output"
            click.echo(f"gapbrief can't read or write {place}: {explain_write_error(error)}.", err=True)
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # the rest can't be written either
            ctx.exit(1)
        except BaseExceptionGroup as group:  # such as Ctrl-C while a lock is released
            if group.subgroup(KeyboardInterrupt) is None:
                raise
            raise KeyboardInterrupt from group
        return result


def _write_error(error: click.UsageError) -> str:
    """Write a click error with what to do, or for a missing argument with the command's example."""
    ctx, sentence = error.ctx, error.format_message()
    if isinstance(error, click.MissingParameter) and ctx:
        return f"{sentence} {ctx.command.epilog}"
    if isinstance(error, click.NoSuchCommand) and ctx:
        names = QUESTIONS.keys() | _other_commands().keys() if ctx.parent is None else ()
        sentence = click.NoSuchCommand(error.command_name, possibilities=names).format_message()
    if ctx is None or not sentence.endswith((".", ")")) or isinstance(error, click.BadParameter):
        return sentence
    mend = f"see `{ctx.command_path} --help`"
    if isinstance(ctx.command, _Question) and type(error) is click.UsageError:  # too many words
        takes_words = any(isinstance(param, click.Argument) for param in ctx.command.params)
        mend = "put quotes around words that belong together" if takes_words else f"{mend}, or ask with `gapbrief ask`"
    return f"{sentence.rstrip('.')}; {mend}."


def _other_commands() -> dict[str, click.Command]:
    """Return the commands other than questions, imported late so that questions start fast."""
    from bot.commands.every import COMMANDS

    return COMMANDS


class _Question(click.Command):
    """A question's command, which takes a negative number for a value, not an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [_NEGATIVE.sub("−", word) for word in args])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options, the rarely used ones apart."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        for title, is_rare in (("Options", False), ("More options", True)):
            rows = [option.get_help_record(ctx) for option in options if (option.name in _RARE) is is_rare]
            with formatter.section(title):
                formatter.write_dl([row for row in rows if row])


def _list_tasks() -> str:
    """List common tasks with their commands."""
    from bot.tasks import TASKS

    commands = [f"- {task.wanted}:\n    {terminal.write_command(task.question, task.words)}" for task in TASKS]
    example = "Example: gapbrief gap --benchmark gpqa --as-of 2026-05-22"
    return "\n".join(["\b", "What you want, and what to type:", *commands, "", "\b", example])


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--env-file", metavar="FILE", help="Read the settings only from this .env file.")
@click.version_option(core.__version__, prog_name="gapbrief", message="%(prog)s %(version)s")
@click.pass_context
def main(ctx: click.Context, env_file: str | None) -> None:
    """How far open-weights AI models trail closed ones, in months, with the evidence."""
    if env_file is not None:
        os.environ[ENV_FILE] = env_file
    ignored = ignored_env_file()
    if ignored is not None and ctx.invoked_subcommand != "doctor":  # doctor reports it itself
        click.echo(f"{how_to_use(ignored)}.", err=True)


def _make_command(question: type[Question]) -> click.Command:
    """Make a question's command: an option per field, some also by position, and options for output."""

    def run(
        as_json: bool, form: str | None, table: str | None, no_color: bool, details: bool, points: str | None = None,
        **words: str | None,
    ) -> None:  # fmt: skip
        form = _choose_form(form, as_json, table)
        kind, words = _choose_question(question, _merge_places(words))
        asked_question = kind.from_words(**words)
        answers = Answers(Settings.read())
        try:
            answer = answers.compute(asked_question)
        finally:
            if answers.warning:
                click.echo(answers.warning, err=True)
        if form != "text":
            data = answer.to_json()
            if points != "all" and "points" in data:
                data["points"] = [point for point in data["points"] if point["accepted"]]
            if form == "csv":
                from bot.spreadsheet import write_table_csv

                click.echo(write_table_csv(data, table or (points and "points")), nl=False)
            else:
                terminal.show_json(data)
            return
        defaults = {field.name: field.default for field in fields(kind)}
        changes = {name: word for name, word in words.items() if word not in (None, defaults[name])}
        more = terminal.describe_more(kind, changes)
        terminal.show_answer(answer, terminal.wants_color(no_color), more, details=details)
        if points:
            click.echo("")
            terminal.show_tables([terminal.points_table(answer, points)], terminal.wants_color(no_color))

    hints = hints_of(question)
    options: list[click.Parameter] = [
        click.Argument([field.name + _BY_PLACE], required=False, metavar=f"[{field.name.upper()}]")
        for field in fields(question)
        if field.metadata.get("by_place")
    ]
    options += [_make_option(field, hints[field.name]) for field in terminal.option_fields(question)]
    options.append(click.Option(["--json", "as_json"], is_flag=True, help="Print everything as JSON."))
    forms = click.Choice(["text", "json", "csv"])
    options += [
        click.Option(["--format", "form"], type=forms, metavar="text|json|csv", help="csv: print a table as CSV."),
        click.Option(["--table"], metavar="NAME", help="Which table as CSV, such as facts; by default the headline."),
    ]
    if question.lists_points:
        options.append(
            click.Option(
                ["--points"],
                type=click.Choice(["accepted", "all"]),
                help="List single results: the counted ones, or all with each rejection's reason.",
            )
        )
    if question.name == "model":
        options.append(click.Option(["--against"], metavar="NAME", help="Compare it with this model."))
    options.append(click.Option(["--details"], is_flag=True, help=f"Show {question.behind}."))
    options.append(click.Option(["--no-color", "no_color"], is_flag=True, help="Plain text, as when piped."))
    phrasings = "\n".join(f"  “{phrase}”" for phrase in question.phrasings)
    return _Question(
        question.name.replace("_", "-"),
        params=options,
        callback=run,
        help=f"{question.summary}\n\n\b\nAnswers questions like:\n{phrasings}",
        short_help=question.summary,
        epilog=f"Example: gapbrief {question.name.replace('_', '-')}{_write_example(question)}",
    )


def _choose_form(form: str | None, as_json: bool, table: str | None) -> str:
    """Return the output form, text, json or csv; raises UsageError for contradictory options."""
    if as_json and form not in (None, "json"):
        raise UsageError(f"--json and --format {form} can't both be; leave one out.")
    if table is not None and form != "csv":
        raise UsageError("--table is for CSV; give --format csv too, or leave it out.")
    return "json" if as_json else form or "text"


def _choose_question(
    question: type[Question], words: dict[str, str | None]
) -> tuple[type[Question], dict[str, str | None]]:
    """Return the question and its words: a comparison if `against` is given; raises UsageError with a benchmark."""
    against = words.pop("against", None)
    if against is None:
        return question, words
    left, benchmark = words.pop("model"), words.pop("benchmark")
    if benchmark is not None:
        raise UsageError("Two models are compared on all tests that both took; leave the benchmark out.")
    return QUESTIONS["compare"], {"left": left, "right": against, **words}


def _merge_places(words: dict[str, str | None]) -> dict[str, str | None]:
    """Return the words by field, merging those given by position."""
    by_field = {name: word for name, word in words.items() if not name.endswith(_BY_PLACE)}
    for name, word in words.items():
        field = name.removesuffix(_BY_PLACE)
        if field == name or word is None:
            continue
        if by_field[field] is not None:
            raise UsageError(f"The {field} is given twice, as {quote(word)} and as {quote(by_field[field] or '')}.")
        by_field[field] = word
    return by_field


def _make_option(field: Any, hint: Any) -> click.Option:
    choices = [get_args(kind) for kind in (hint, *get_args(hint)) if get_origin(kind) is Literal]
    names, description = [f"--{field.name.replace('_', '-')}", field.name], field.metadata["description"]
    if choices and set(choices[0]) == {"yes", "no"}:
        return click.Option(names, flag_value="yes", help=description)
    metavar = _METAVARS.get(field.name, "NAME")
    if choices and len(choices[0]) <= _MOST_SHOWN_CHOICES:
        metavar = "|".join(choices[0])
    elif choices:
        metavar, description = field.name.upper(), f"{description} One of {or_list(choices[0])}."
    default = field.default if isinstance(field.default, str) else None
    return click.Option(names, metavar=metavar, default=default, show_default=default is not None, help=description)


def _write_example(question: type[Question]) -> str:
    """Write an example call from the examples of the positional fields, else of the first field with one."""
    by_place = [field for field in fields(question) if field.metadata.get("by_place")]
    if by_place:
        required_fields = [field for field in by_place if field.default is MISSING] or by_place[:1]
        return "".join(f' "{field.metadata["examples"][0]}"' for field in required_fields)
    field = next((field for field in fields(question) if "examples" in field.metadata), None)
    return f' --{field.name.replace("_", "-")} "{field.metadata["examples"][0]}"' if field else ""


def process() -> None:
    """Run one command as a process, and exit at once after a question.

    Python's own shutdown takes longer than the analysis; a question has closed all its files.
    """
    try:
        main()
    except SystemExit as end:
        if "bot.commands" in sys.modules or not isinstance(end.code, int):
            raise  # other commands may still have threads and processes
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code)


if __name__ == "__main__":
    process()
