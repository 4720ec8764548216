"""Count each room's lines of code, files and regular expressions, as in the table of docs/architecture.md.

`python .ci/rooms.py` prints the table and `--write` puts it into the page; `--check` fails where a room has a tenth
more code lines than stand there. Blank lines, comments, docstrings and imports are no code.
"""

import ast
import io
import re
import subprocess
import sys
import tokenize
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "architecture.md"
BUDGETS = {
    "core": "14,500 in 140",
    "core/*.py": "",
    "core/store": "",
    "core/evidence": "",
    "core/refresh": "",
    "core/names": "",
    "core/gap": "",
    "core/validation": "",
    "core/questions": "4,600 in 22",
    "core/text": "",
    "core/brief": "",
    "core/charts": "",
    "bot": "13,000 in 130",
    "bot/*.py": "",
    "bot/commands": "",
    "bot/assistant": "",
    "bot/evaluation": "",
    "bot/newsroom": "",
    "bot/discord": "",
    "bot/refresh": "",
    "bot/state": "",
    "bot/web": "",
    "tests": "33,000",
}
"""What the design gave a room, in lines of code and files; blank where it gave none."""
HEAD = "| room | code lines | files | budget | regular expressions |\n|---|---:|---:|---:|---:|\n"
TABLE = re.compile(re.escape(HEAD) + r"(?:\|.*\|\n)+")
ROW = re.compile(r"^\| `(\S+)` \| ([\d,]+) \|", re.MULTILINE)
EXPRESSION = re.compile(r"\bre\.(?:compile|search|match|fullmatch|sub|split|findall|finditer)\(")
ROOM_TO_GROW = 1.1
NO_CODE = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER,
}  # fmt: skip


class Size(NamedTuple):
    """How much a file or a room holds."""

    code_lines: int
    files: int
    expressions: int


def measure_rooms() -> dict[str, Size]:
    """Return each room's size, of the files that git knows."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S607 (git)
    sizes = {name: measure_file(ROOT / name) for name in listed.stdout.split() if (ROOT / name).exists()}
    return {
        room: Size(*map(sum, zip(*(size for name, size in sizes.items() if _is_in(name, room)), strict=True)))
        for room in BUDGETS
    }


def measure_file(path: Path) -> Size:
    """Return a file's size; an `__init__.py` without code is no file."""
    text = path.read_text(encoding="utf-8")
    lines = count_code_lines(text)
    return Size(lines, int(lines > 0 or path.name != "__init__.py"), len(EXPRESSION.findall(text)))


def count_code_lines(text: str) -> int:
    """Count the lines that are neither blank, comment, docstring nor import."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        is_docstring = (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        )
        if isinstance(node, ast.Import | ast.ImportFrom) or is_docstring:
            lines.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(lines)


def _is_in(name: str, room: str) -> bool:
    return str(Path(name).parent / "*.py") == room or name.startswith(f"{room}/")


def main() -> int:
    """Check, write or print."""
    page, rooms = PAGE.read_text(encoding="utf-8"), measure_rooms()
    if "--check" in sys.argv:
        written = {room: int(lines.replace(",", "")) for room, lines in ROW.findall(page)}
        over = [room for room, size in rooms.items() if size.code_lines > ROOM_TO_GROW * written.get(room, 0)]
        for room in over:
            sys.stderr.write(
                f"{room} has {rooms[room].code_lines:,} lines of code, "
                f"a tenth over the {written.get(room, 0):,} of {PAGE.name}.\n"
            )
        return 1 if over else 0
    rows = [
        f"| `{room}` | {size.code_lines:,} | {size.files:,} | {BUDGETS[room]} | {size.expressions} |\n"
        for room, size in rooms.items()
    ]
    if "--write" in sys.argv:
        PAGE.write_text(TABLE.sub(lambda _: HEAD + "".join(rows), page), encoding="utf-8")
    else:
        sys.stdout.write(HEAD + "".join(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
