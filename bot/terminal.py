"""Answers and tables on a terminal, never wider than it, and in colour unless piped."""

import codecs
import json
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from itertools import zip_longest
from textwrap import wrap
from typing import Any

import click

from core.answer import DATA, Answer, Line, Table
from core.questions import QUESTIONS, Question

_ASCII = {"–": "-", "−": "-", "·": "|", "…": "...", "“": '"', "”": '"', "’": "'", "─": "-", "→": ">"}
REFRESH = "`gapbrief data refresh` asks for more"
"""What an operator can do about old data."""
ASKING = "Asking the language model …"
_NARROWEST = 16
"""The least width of a text column; a table that needs more room is written row by row."""
_WIDE, _PIPED, _UNLIMITED = 60, 100, sys.maxsize
"""The least width for a column of labels; the width of an answer in a pipe, and of a list."""
_FIGURES, _DATA, _UNGROUPED = "More figures", "Data", 8
"""The headings of details without a group and of an answer's dates; this many details need no headings."""
_GROUPS = {
    "Over time": {"Change", "Our change", "Private tests", "Public tests", "direction", "when", "forecast", "smallest",
                  "largest"},
    "Makers and prices": {"lab", "price", "licence", "released", "size"},
    "How sure": {"Biases", "Moving gap", "Ranges", "Rests on", "Rough", "Tested", "sure", "choices"},
    "Left out": {"Ended", "Left out", "Not counted", "No longer counted"},
    _DATA: {"Basis", "Records"},
    "What the words mean": {"explain"},
}  # fmt: skip
"""The headings of details in order, each with its lines' labels or aspects."""
_GAP = "  "
"""The gap between two columns of a table."""


def replace_unencodable() -> None:
    """Replace characters that the terminal's encoding lacks by similar ones, instead of failing."""
    codecs.register_error("gapbrief", _replace_letters)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="gapbrief")


def _replace_letters(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_ASCII.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


def wants_color(no_color: bool) -> bool:
    """Whether neither `--no-color` nor NO_COLOR turns colour off."""
    return not no_color and not os.environ.get("NO_COLOR")


@contextmanager
def progress(first: str) -> Iterator[Callable[[str], None]]:
    """Show a spinner on standard error, and yield the function that changes its text; nothing if that is piped."""
    if not sys.stderr.isatty():
        yield lambda _text: None
        return
    from rich.console import Console

    with Console(stderr=True).status(first) as status:
        yield status.update


def is_unicode() -> bool:
    """Whether standard output can write every character."""
    return "utf" in (sys.stdout.encoding or "").lower()


def show_json(value: object) -> None:
    """Print a value as JSON, in characters that standard output can write."""
    sys.stdout.write(json.dumps(value, ensure_ascii=not is_unicode(), indent=2) + "\n")


def write_command(name: str, words: Mapping[str, object]) -> str:
    """Write the command that asks a question with words for its fields."""
    command, options = ["gapbrief", name.replace("_", "-")], {field.name for field in option_fields(QUESTIONS[name])}
    for field, value in words.items():
        if field in options:
            word = f"{value:g}" if isinstance(value, float) else str(value)
            command += [f"--{field.replace('_', '-')}", *([word] if value != "yes" else [])]  # a flag has no value
    return shlex.join(command)


def option_fields(question: type[Question]) -> list[Any]:
    """Return the fields that are options of a question's command: all but those that only change pictures."""
    return [field for field in fields(question) if not field.metadata.get("only_drawn")]


def describe_more(question: type[Question], words: Mapping[str, object]) -> str:
    """Name the command that shows the whole answer, and what it adds."""
    return f"`{write_command(question.name, words)} --details` shows {question.behind}"


def show_answer(answer: Answer, color: bool, more: str = "", *, details: bool = False) -> None:
    """Show an answer's first lines and how to see `more`, or with `details` all lines and tables."""
    width, lines = _width(), (*answer.first_look, *_group_lines(answer.details)) if details else answer.first_look
    if answer.is_old:
        lines = tuple(replace(line, text=f"{line.text}; {REFRESH}") if line.label == DATA else line for line in lines)
    parts = [_format_lines(lines, width, color)]
    if details:
        parts += [table_text(table, width, color) for table in answer.tables]
    elif more and (answer.details or answer.tables):
        parts += ["\n".join(_wrap(more, width))]
    _write("\n\n".join(parts))


def _group_lines(lines: Sequence[Line]) -> list[Line]:
    """Return details under their groups' headings, each after an empty line; a few details have no headings."""
    if len(lines) <= _UNGROUPED:
        return list(lines)
    groups: dict[str, list[Line]] = {heading: [] for heading in (_FIGURES, *_GROUPS)}
    for line in lines:
        headings = (
            heading for signs in ({line.label}, {*line.aspects}) for heading in _GROUPS if signs & _GROUPS[heading]
        )
        groups[_DATA if line.is_day else next(headings, _FIGURES)].append(line)
    return [line for heading, group in groups.items() if group for line in (Line("", ""), Line("", heading), *group)]


def show_lines(lines: Sequence[Line], color: bool) -> None:
    """Show labelled lines; in a column of labels, a label is not repeated.

    Each row of a line with several rows is folded by itself.
    """
    _write(_format_lines(lines, _width(), color))


def show_tables(tables: Sequence[Table], color: bool) -> None:
    """Show tables one below the other; in a pipe, each row is one line, for other programs."""
    width = _width(_UNLIMITED)
    _write("\n\n".join(table_text(table, width, color) for table in tables))


def table_text(table: Table, width: int, color: bool = False) -> str:
    """Write a table in columns, figures aligned right, and words folded to the width.

    If it is still too wide, each row becomes lines.
    """
    title = "\n".join(_style(line, color, bold=True) for line in _wrap(table.title, width))
    widths = _column_widths(table, width)
    if widths is None:
        return "\n".join([title, *(line for row in table.rows for line in _stack_cells(table, row, width))])
    lines = []
    for row in (table.columns, *table.rows):
        cells = [_wrap(cell, room) for cell, room in zip(row, widths, strict=True)]
        for parts in zip_longest(*cells, fillvalue=""):
            padded = [
                part.rjust(room) if _is_figures(table, column) else part.ljust(room)
                for column, (part, room) in enumerate(zip(parts, widths, strict=True))
            ]
            lines.append(_GAP.join(padded).rstrip())
    return "\n".join([title, *lines])


def _stack_cells(table: Table, row: Sequence[str], width: int) -> list[str]:
    first, *rest = row
    labelled = ", ".join(
        f"{column} {cell}" for column, cell in zip(table.columns[1:], rest, strict=True) if cell not in ("", "–")
    )
    return [*_wrap(first, width), *(f"  {line}" for line in _wrap(labelled, width - 2) if line)]


def _column_widths(table: Table, width: int) -> list[int] | None:
    """Return the width of each column, giving spare room to the most folded words; None if the table can't fit."""
    columns = range(len(table.columns))
    room = width - len(_GAP) * (len(table.columns) - 1)
    widest = [max(len(row[n]) for row in (table.columns, *table.rows)) for n in columns]
    widths = widest if sum(widest) <= room else [_least_width(table, n) for n in columns]
    if sum(widths) > room:
        return None
    while widths != widest and sum(widths) < room:
        widths[max(columns, key=lambda n: widest[n] - widths[n])] += 1
    return widths


def _least_width(table: Table, column: int) -> int:
    """Return the width that keeps a column's figures whole, and its words up to `_NARROWEST`."""
    longest = max(len(cell) for cell in (*table.columns[column].split(), *(row[column] for row in table.rows)))
    return longest if _is_figures(table, column) else min(longest, _NARROWEST)


def _format_lines(lines: Sequence[Line], width: int, color: bool) -> str:
    """Write lines, with a column of labels if the terminal is wide enough."""
    label = max((len(line.label) for line in lines), default=0) + 3
    is_wide = width >= _WIDE and label < width // 2
    rows, last_label = [], ""
    for line in lines:
        if not line.label:
            rows += [_style(row, color, bold=True) for row in _wrap(line.text, width)]
        elif is_wide:
            first, *more_rows = [row for part in line.text.split("\n") for row in _wrap(part, width - label)]
            heading = line.label if line.label != last_label else ""
            rows.append(f"{_style(heading.ljust(label), color, fg='cyan')}{first}")
            rows += [" " * label + row for row in more_rows]
        else:
            first, *more_rows = _wrap(f"{line.label}: {line.text}", width)
            name = first[: len(line.label) + 1]
            rows += [f"{_style(name, color, fg='cyan')}{first[len(name) :]}", *more_rows]
        last_label = line.label
    return "\n".join(rows)


def _wrap(text: str, width: int) -> list[str]:
    """Fold a text between words, and a longer word at the end of the line."""
    return wrap(text, max(width, 1), break_on_hyphens=False) or [""]


def _style(text: str, color: bool, **style: Any) -> str:
    return click.style(text, **style) if color and sys.stdout.isatty() else text


def _width(piped: int = _PIPED) -> int:
    """Return the terminal's width; a pipe's is COLUMNS or else `piped`."""
    if sys.stdout.isatty():
        return shutil.get_terminal_size((piped, 24)).columns
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdigit() and int(columns) else piped


def points_table(answer: Answer, which: str) -> Table:
    """Return the answer's points as a table: only accepted ones, or all with the reasons of rejections."""
    names = {(board["benchmark"], board["version"]): board["name"] for board in answer.data["benchmarks"]}
    rows = [
        (
            names[point["benchmark"], point["version"]],
            f"{point['threshold']:g}",
            point["closed_model"],
            point["closed_date"],
            point["open_model"],
            point["open_date"],
            f"{point['gap_months']:.1f}".replace("-", "−"),
            point["reason"] or "",
        )
        for point in answer.data["points"]
        if which == "all" or point["accepted"]
    ]
    columns = ("Test", "Level", "Closed model", "On", "Open model", "On", "Months", "Rejected because")
    if which == "all":
        return Table("Results, rejected ones too", columns, tuple(rows))
    return Table("Results", columns[:-1], tuple(row[:-1] for row in rows))


def _is_figures(table: Table, column: int) -> bool:
    return all(row[column].replace(".", "").replace("−", "").replace("-", "").isdigit() or row[column] == "–"
               for row in table.rows)  # fmt: skip


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")
