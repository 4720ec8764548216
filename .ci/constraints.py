"""Keep the exact versions of the whole dependency tree in pyproject's [tool.uv] constraint-dependencies.

`python .ci/constraints.py` renews them to the newest that the ranges allow; with `--check` it fails when the
tree that uv resolves differs from what is written.
"""

import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
BLOCK = re.compile(r"constraint-dependencies = \[\n.*?\n\]\n", re.DOTALL)
EXPORT = ["uv", "export", "--quiet", "--all-groups", "--no-hashes", "--no-emit-project", "--no-annotate", "--no-header"]


def resolved() -> list[str]:
    """Return every package of the tree with its exact version, as uv resolves it now."""
    done = subprocess.run(EXPORT, cwd=PROJECT.parent, check=True, capture_output=True, text=True)  # noqa: S603 (own words)
    return sorted(line.strip() for line in done.stdout.splitlines() if "==" in line)


def block(versions: list[str]) -> str:
    """Write the versions as they stand in pyproject.toml."""
    lines = "".join(f'    "{version.replace(chr(34), chr(39))}",\n' for version in versions)
    return f"constraint-dependencies = [\n{lines}]\n"


def main() -> int:
    """Check, or renew."""
    written = PROJECT.read_text(encoding="utf-8")
    if "--check" in sys.argv:
        if block(resolved()) in written:
            return 0
        sys.stderr.write("The versions in pyproject.toml are not those that uv resolves: run .ci/constraints.py.\n")
        return 1
    bare = BLOCK.sub("", written).rstrip("\n") + "\n"
    PROJECT.write_text(bare, encoding="utf-8")
    (PROJECT.parent / "uv.lock").unlink(missing_ok=True)
    PROJECT.write_text(bare + block(resolved()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
