"""Ask pip-audit if any package of the tree has a known vulnerability; where its service can't be reached, say so.

Exit code 1 where one has. `python .ci/audit.py` is run by `.ci/run`, in the `audit` group of pyproject.toml.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]
EXPORT = "uv export --quiet --all-groups --all-extras --no-hashes --no-emit-project --no-annotate --no-header".split()
AUDIT = "pip-audit --no-deps --disable-pip --progress-spinner=off --desc=off --timeout=5 --format=json".split()
PROBE = "pip==23.0"
"""A release with known vulnerabilities: a service that finds none in it can't be relied on."""
PROBE_SECONDS, AUDIT_SECONDS = 20.0, 240.0


def audited(requirements: str, seconds: float) -> list[dict[str, Any]]:
    """Return what pip-audit says of each package, nothing where it fails or takes longer."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "requirements.txt"
        file.write_text(requirements, encoding="utf-8")
        try:
            done = subprocess.run([*AUDIT, "-r", file], capture_output=True, text=True, timeout=seconds)  # noqa: S603 (own words)
            found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
        except (subprocess.TimeoutExpired, ValueError, KeyError):
            return []
    return found


def vulnerable(found: list[dict[str, Any]]) -> list[str]:
    """Return the packages with known vulnerabilities, each with their names and what mends it."""
    said = []
    for each in found:
        known = each.get("vulns") or []
        mended = sorted({fix for one in known for fix in one["fix_versions"]})
        if known:
            names = ", ".join(one["id"] for one in known)
            said.append(f"{each['name']} {each['version']}: {names} (mended in {', '.join(mended) or 'none yet'})")
    return said


def main() -> int:
    """Audit the tree, where that can be done."""
    if not vulnerable(audited(PROBE, PROBE_SECONDS)):
        sys.stdout.write("pip-audit is skipped: its service can't be reached from here.\n")
        return 0
    done = subprocess.run(EXPORT, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 (own words)
    tree = "\n".join(line.partition(";")[0].strip() for line in done.stdout.splitlines() if "==" in line)
    found = audited(tree, AUDIT_SECONDS)
    for each in vulnerable(found):
        sys.stdout.write(f"{each}\n")
    looked_at = [each for each in found if "vulns" in each]
    sys.stdout.write(f"pip-audit looked at {len(looked_at)} of {len(re.findall('==', tree))} packages.\n")
    return 1 if vulnerable(found) or not looked_at else 0


if __name__ == "__main__":
    sys.exit(main())
