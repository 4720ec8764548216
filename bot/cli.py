"""The command line: one command per question, made from its fields, and commands for data and health."""

import gc

gc.set_threshold(100_000)  # what is imported stays: to look for garbage in it takes a twentieth of a question's time

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
_FEW = 4
"""So many choices stand behind an option's name; more of them in its description."""
_FIRST = (
    "gap", "ask", "best", "compare", "model", "frontier", "timeline", "unmatched", "changes", "trust", "brief", "chart",
)  # fmt: skip
_OPERATORS = (
    "run", "serve", "newsroom", "discord", "data", "doctor", "state", "usage", "mcp", "eval", "validate",
)  # fmt: skip
_RARE = ("known_by", "points", "table", "no_color")
"""The options that stand apart in a command's help."""
_METAVARS = {
    "as_of": "DATE", "known_by": "DATE", "since": "DATE", "until": "DATE", "day": "DATE",
    "level": "NUMBER", "score": "NUMBER", "method": "index|clustered|study",
}  # fmt: skip


class _Group(click.Group):
    """The command group: an error that a person or a disk caused is one sentence and an exit code."""

    def main(self, *args: Any, **extra: Any) -> Any:
        terminal.speak_every_encoding()
        return super().main(*args, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            click.echo(_write_error(error), err=True)
            ctx.exit(error.exit_code)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command under its question's name too, what_if for what-if, and under a former one."""
        name = current(cmd_name)
        question = QUESTIONS.get(name.replace("-", "_"))
        return _command(question) if question else _others().get(name.replace("_", "-"))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted([*(name.replace("_", "-") for name in QUESTIONS), *_others()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what to type, which imports the questions: only for the help."""
        self.epilog = _what_to_type()
        super().format_epilog(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands that most people come for, then the others, then those of who runs the service."""
        names = self.list_commands(ctx)
        others = [name for name in names if name not in (*_FIRST, *_OPERATORS)]
        width = max(len(name) for name in names)
        for title, group in (("Commands", _FIRST), ("More", others), ("For operators", _OPERATORS)):
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
            click.echo(f"gapbrief can't read or write {error.filename or 'its output'} ({error.strerror}).", err=True)
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # what is left can't be written either
            ctx.exit(1)
        except BaseExceptionGroup as group:  # as where the release of a lock was interrupted too
            if group.subgroup(KeyboardInterrupt) is None:
                raise
            raise KeyboardInterrupt from group
        return result


def _write_error(error: click.UsageError) -> str:
    """Say an error of click's with what to do; of what is missing with the command's example."""
    ctx, sentence = error.ctx, error.format_message()
    if isinstance(error, click.MissingParameter) and ctx:
        return f"{sentence} {ctx.command.epilog}"
    if isinstance(error, click.NoSuchCommand) and ctx:
        names = QUESTIONS.keys() | _others().keys() if ctx.parent is None else ()
        sentence = click.NoSuchCommand(error.command_name, possibilities=names).format_message()
    if ctx is None or not sentence.endswith((".", ")")) or isinstance(error, click.BadParameter):
        return sentence
    has_too_many_words = isinstance(ctx.command, _Question) and type(error) is click.UsageError
    mend = "put quotes around words that belong together" if has_too_many_words else f"see `{ctx.command_path} --help`"
    return f"{sentence.rstrip('.')}; {mend}."


def _others() -> dict[str, click.Command]:
    """Return the commands that are no questions: who asks a question does not wait for what they need."""
    from bot.commands.every import COMMANDS

    return COMMANDS


class _Question(click.Command):
    """A question's command: what begins like a negative number is a value, not an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [_NEGATIVE.sub("−", word) for word in args])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options, apart from those that few people need."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        for title, is_rare in (("Options", False), ("More options", True)):
            rows = [option.get_help_record(ctx) for option in options if (option.name in _RARE) is is_rare]
            with formatter.section(title):
                formatter.write_dl([row for row in rows if row])


def _what_to_type() -> str:
    """List what people come for, each with its command."""
    from bot.tasks import TASKS

    commands = [f"- {task.wanted}:\n    {terminal.command_of(task.question, task.words)}" for task in TASKS]
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
    if ignored is not None and ctx.invoked_subcommand != "doctor":  # which says it in its place
        click.echo(f"{how_to_use(ignored)}.", err=True)


def _command(question: type[Question]) -> click.Command:
    """Make a command from a question: an option per field, the first ones by place too, and options for showing."""

    def run(
        as_json: bool, form: str | None, table: str | None, no_color: bool, details: bool, points: str | None = None,
        **words: str | None,
    ) -> None:  # fmt: skip
        form = _form(form, as_json, table)
        kind, words = _choose_question(question, _merge_places(words))
        asked = kind.from_words(**words)
        answers = Answers(Settings.read())
        try:
            answer = answers.now(asked)
        finally:
            if answers.warning:
                click.echo(answers.warning, err=True)
        if form != "text":
            data = answer.to_json()
            if points != "all" and "points" in data:
                data["points"] = [point for point in data["points"] if point["accepted"]]
            if form == "csv":
                from bot.spreadsheet import table_csv

                click.echo(table_csv(data, table or (points and "points")), nl=False)
            else:
                terminal.show_json(data)
            return
        defaults = {field.name: field.default for field in fields(kind)}
        changed = {name: word for name, word in words.items() if word not in (None, defaults[name])}
        more = terminal.how_to_see_more(kind, changed)
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


def _form(form: str | None, as_json: bool, table: str | None) -> str:
    """Return the form to print: text, json or csv; raises UsageError for options that contradict each other."""
    if as_json and form not in (None, "json"):
        raise UsageError(f"--json and --format {form} can't both be; leave one out.")
    if table is not None and form != "csv":
        raise UsageError("--table is for CSV; give --format csv too, or leave it out.")
    return "json" if as_json else form or "text"


def _choose_question(
    question: type[Question], words: dict[str, str | None]
) -> tuple[type[Question], dict[str, str | None]]:
    """Return what is asked: of one model `against` another the comparison of both; raises UsageError for one test."""
    against = words.pop("against", None)
    if against is None:
        return question, words
    left, on = words.pop("model"), words.pop("benchmark")
    if on is not None:
        raise UsageError("Two models are compared on all tests that both took; leave the benchmark out.")
    return QUESTIONS["compare"], {"left": left, "right": against, **words}


def _merge_places(words: dict[str, str | None]) -> dict[str, str | None]:
    """Return the words by field, those that were given by their place too."""
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
    if choices and len(choices[0]) <= _FEW:
        metavar = "|".join(choices[0])
    elif choices:
        metavar, description = field.name.upper(), f"{description} One of {or_list(choices[0])}."
    default = field.default if isinstance(field.default, str) else None
    return click.Option(names, metavar=metavar, default=default, show_default=default is not None, help=description)


def _write_example(question: type[Question]) -> str:
    """Write an example call from the fields' own examples: those by place, else the first that has one."""
    by_place = [field for field in fields(question) if field.metadata.get("by_place")]
    if by_place:
        needed = [field for field in by_place if field.default is MISSING] or by_place[:1]
        return "".join(f' "{field.metadata["examples"][0]}"' for field in needed)
    field = next((field for field in fields(question) if "examples" in field.metadata), None)
    return f' --{field.name.replace("_", "-")} "{field.metadata["examples"][0]}"' if field else ""


def process() -> None:
    """Run one command as a process, and leave at once after a question's.

    Python would take down every module first, for longer than the analysis takes; a question has closed what it opened.
    """
    try:
        main()
    except SystemExit as end:
        if "bot.commands" in sys.modules or not isinstance(end.code, int):
            raise  # other commands may have threads and processes that are still to end
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code)


if __name__ == "__main__":
    process()
