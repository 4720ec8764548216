"""Count each room's lines of Python and its regular expressions, as in the table of docs/architecture.md.

`python .ci/rooms.py` prints the table and `--write` puts it into the page; `--check` fails where a room has a tenth
more lines than stand there.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "architecture.md"
BUDGETS = {
    "core": 14_000,
    "core/*.py": 500,
    "core/store": 950,
    "core/evidence": 2_600,
    "core/gap": 2_800,
    "core/validation": 900,
    "core/questions": 4_000,
    "core/text": 700,
    "core/brief": 1_300,
    "core/charts": 1_200,
    "bot": 17_000,
    "bot/*.py": 1_500,
    "bot/commands": 2_000,
    "bot/assistant": 1_800,
    "bot/publish": 2_400,
    "bot/discord": 4_200,
    "bot/state": 2_200,
    "bot/web": 2_500,
    "tests": 25_000,
}
"""What a room was given, in lines; tests about 0.8 lines a line of code."""
HEAD = "| room | lines | budget | regular expressions |\n|---|---:|---:|---:|\n"
TABLE = re.compile(re.escape(HEAD) + r"(?:\|.*\|\n)+")
ROW = re.compile(r"^\| `(\S+)` \| ([\d,]+) \|", re.MULTILINE)
EXPRESSION = re.compile(r"\bre\.(?:compile|search|match|fullmatch|sub|split|findall|finditer)\(")
ROOM_TO_GROW = 1.1


def measured() -> dict[str, tuple[int, int]]:
    """Return each room's lines and regular expressions, of the files that git knows."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S607 (git)
    texts = {
        name: (ROOT / name).read_text(encoding="utf-8") for name in listed.stdout.split() if (ROOT / name).exists()
    }
    return {room: _counts([text for name, text in texts.items() if _is_in(name, room)]) for room in BUDGETS}


def _is_in(name: str, room: str) -> bool:
    return str(Path(name).parent / "*.py") == room or name.startswith(f"{room}/")


def _counts(texts: list[str]) -> tuple[int, int]:
    return sum(text.count("\n") for text in texts), sum(len(EXPRESSION.findall(text)) for text in texts)


def main() -> int:
    """Check, write or print."""
    page, found = PAGE.read_text(encoding="utf-8"), measured()
    if "--check" in sys.argv:
        said = {room: int(lines.replace(",", "")) for room, lines in ROW.findall(page)}
        over = [room for room, (lines, _) in found.items() if lines > ROOM_TO_GROW * said.get(room, 0)]
        for room in over:
            sys.stderr.write(
                f"{room} has {found[room][0]:,} lines, a tenth over the {said.get(room, 0):,} of {PAGE.name}.\n"
            )
        return 1 if over else 0
    rows = [
        f"| `{room}` | {lines:,} | {BUDGETS[room]:,} | {expressions} |\n"
        for room, (lines, expressions) in found.items()
    ]
    if "--write" in sys.argv:
        PAGE.write_text(TABLE.sub(lambda _: HEAD + "".join(rows), page), encoding="utf-8")
    else:
        sys.stdout.write(HEAD + "".join(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
