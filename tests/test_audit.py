"""What `.ci/audit.py` makes of pip-audit's words: a vulnerable package fails, a service out of reach does not."""

import json
import runpy
import subprocess
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conftest import ROOT

BAD = {"name": "pip", "version": "23.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["23.3"]}]}
GOOD = {"name": "click", "version": "8.1.7", "vulns": []}
UNKNOWN = {"name": "pip", "skip_reason": "could not be audited: pip (23.0)"}
NO_SERVICE = "pip-audit is skipped: its service can't be reached from here.\n"


@pytest.mark.parametrize(
    ("probe", "tree", "code", "says"),
    [
        ([BAD], [GOOD], 0, "pip-audit looked at 1 of 1 packages.\n"),
        ([BAD], [GOOD, BAD], 1, "pip 23.0: PYSEC-1 (mended in 23.3)\npip-audit looked at 2 of 1 packages.\n"),
        ([BAD], None, 1, "pip-audit looked at 0 of 1 packages.\n"),
        ([UNKNOWN], [], 0, NO_SERVICE),
        (None, [], 0, NO_SERVICE),
    ],
)
def test_a_known_vulnerability_fails_and_no_service_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], probe: Any, tree: Any, code: int, says: str
) -> None:
    answers = iter([probe, tree])

    def ran(words: list[str], **_: object) -> SimpleNamespace:
        if words[0] == "uv":
            return SimpleNamespace(stdout="click==8.1.7 ; sys_platform != 'win32'\n")
        packages = next(answers)
        if packages is None:
            raise subprocess.TimeoutExpired(words, 1)
        return SimpleNamespace(stdout=json.dumps({"dependencies": packages}))

    monkeypatch.setattr(subprocess, "run", ran)
    assert runpy.run_path(str(ROOT / ".ci" / "audit.py"))["main"]() == code
    assert capsys.readouterr().out == says
