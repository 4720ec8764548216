"""What installs gapbrief as a service gives it no right that it does not use; docs/deploy/installing.md says how."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from dataclasses import fields
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.discord.sync import LANGUAGES
from bot.settings import Settings, variable
from tests.conftest import ROOT

DEPLOY = ROOT / "docs" / "deploy"
UNIT, IMAGE, GUIDE = (
    (DEPLOY / name).read_text("utf-8") for name in ("gapbrief.service", "Dockerfile", "installing.md")
)


@pytest.fixture(scope="module")
def unit() -> dict[str, list[str]]:
    """What the unit sets, each with all that it is set to."""
    options = defaultdict(list)
    for line in UNIT.splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            options[name].append(value)
    return options


def test_the_unit_runs_as_a_user_without_rights_on_what_it_can_only_read(unit: dict[str, list[str]]) -> None:
    assert unit["User"] == ["gapbrief"]
    assert (unit["ProtectSystem"], unit["CapabilityBoundingSet"], unit["AmbientCapabilities"]) == (
        ["strict"],
        [""],
        [""],
    )
    for name in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "MemoryDenyWriteExecute"):
        assert unit[name] == ["yes"], name
    assert {"MemoryMax", "TasksMax", "LimitNOFILE", "SystemCallFilter"} <= unit.keys()
    assert not unit["ReadWritePaths"]
    assert (unit["StateDirectory"], unit["StateDirectoryMode"], unit["UMask"]) == (["gapbrief"], ["0700"], ["0077"])


def test_the_units_command_is_one_that_there_is_and_its_secrets_are_in_a_credential(
    unit: dict[str, list[str]], tmp_path: Path
) -> None:
    [command], [credential] = unit["ExecStart"], unit["LoadCredential"]
    name, _, file = credential.partition(":")
    (tmp_path / name).write_text("")
    _, *words = shlex.split(command.replace("%d", str(tmp_path)))
    assert str(tmp_path / name) in words
    result = CliRunner().invoke(main, [*words, "--help"])
    assert result.exit_code == 0, result.output
    assert f"install -D --mode 0600 .env.example {file}" in GUIDE
    assert not re.search(r"TOKEN|KEY|SECRET", "".join(unit["Environment"]))


ANALYZE = shutil.which("systemd-analyze") or ""


@pytest.mark.skipif(not ANALYZE, reason="systemd-analyze is not installed")
def test_systemd_finds_no_fault_in_the_unit_and_little_that_it_could_do(tmp_path: Path) -> None:
    copy = tmp_path / "gapbrief.service"
    copy.write_text(UNIT.replace("/opt/gapbrief/bin/gapbrief", sys.executable))
    verified = subprocess.run([ANALYZE, "verify", copy], capture_output=True, text=True)
    assert (verified.returncode, verified.stderr) == (0, "")
    judged = subprocess.run(
        [ANALYZE, "security", "--offline=true", "--no-pager", "--threshold=15", copy],
        capture_output=True, text=True,
    )  # fmt: skip
    assert judged.returncode == 0, judged.stdout[-200:]


def test_the_image_has_no_root_no_secret_and_a_pinned_base() -> None:
    build, _, final = IMAGE.partition("\nFROM ${PYTHON}\n")
    assert re.search(r"^ARG PYTHON=python:\d+\.\d+\.\d+-slim-\w+$", build, re.MULTILINE)
    assert re.search(r"uv==\d+\.\d+\.\d+$", build, re.MULTILINE)
    assert re.findall(r"^USER (.*)$", final, re.MULTILINE) == ["10001"]
    assert not re.search(r"TOKEN|API_KEY|SECRET|PASSWORD", IMAGE)
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert ignored[1] == "*"
    assert "**/.env*" in ignored


def test_the_image_is_built_of_all_that_the_package_holds() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied = {word for line in re.findall(r"^COPY (?!--)(.*)$", IMAGE, re.MULTILINE) for word in line.split()[:-1]}
    needed = {*wheel["only-include"], *wheel["force-include"], "pyproject.toml", "README.md", "LICENSE"}
    assert copied == needed
    let_in = {
        line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines() if line[:1] == "!"
    }
    assert let_in == needed


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1), (None, 1)])
@pytest.mark.parametrize("in_file", [False, True])
def test_the_images_health_is_that_of_the_service(
    status: int | None, code: int, tmp_path: Path, *, in_file: bool
) -> None:
    asked = []

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status or 0)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    command = re.search(r"^HEALTHCHECK .* CMD (\[.*\])$", IMAGE.replace("\\\n", ""), re.MULTILINE)
    assert command
    _, *words = json.loads(command[1])
    with HTTPServer(("127.0.0.1", 0), Health) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_port
        if status is None:
            server.shutdown()
            server.server_close()
        file = tmp_path / "gapbrief.env"
        file.write_text(f"GAPBRIEF_PORT={port}\n" if in_file else "")
        environment = {"GAPBRIEF_ENV_FILE": str(file)} | ({} if in_file else {"GAPBRIEF_PORT": str(port)})
        done = subprocess.run([sys.executable, *words], env=environment, cwd=ROOT, capture_output=True)
        server.shutdown()
    assert done.returncode == code
    assert set(asked) <= {"/healthz"}


def test_the_line_that_runs_the_image_gives_it_no_more_than_the_unit_has(unit: dict[str, list[str]]) -> None:
    [line] = re.findall(r"^docker run (.*?)^```", GUIDE.replace("\\\n", " "), re.MULTILINE | re.DOTALL)
    words = shlex.split(line)
    for wanted in ("--read-only", "--cap-drop ALL", "--security-opt no-new-privileges", "--memory 1g"):
        assert wanted in " ".join(words)
    assert f"--pids-limit {unit['TasksMax'][0]} --ulimit nofile={unit['LimitNOFILE'][0]}" in " ".join(words)


def test_commands_beside_the_service_have_its_user_its_settings_and_its_place(unit: dict[str, list[str]]) -> None:
    [function] = re.findall(r"^gapbrief\(\) \{(.*?)^\}", GUIDE, re.MULTILINE | re.DOTALL)
    words = shlex.split(function.replace("\\\n", " "))
    [user], [credential], [command] = unit["User"], unit["LoadCredential"], unit["ExecStart"]
    place = unit["Environment"][0].split()[0]
    for wanted in (f"--uid {user}", f"LoadCredential={credential}", f"--setenv {place}"):
        assert wanted in " ".join(words)
    with_settings = command.replace("%d", "${CREDENTIALS_DIRECTORY}").removesuffix(" run")
    assert " ".join(words).endswith(f"{with_settings} $@")
    [line] = re.findall(r"^docker run (.*?)^```", GUIDE.replace("\\\n", " "), re.MULTILINE | re.DOTALL)
    file = re.search(r"/gapbrief\.env:(\S+):ro", line)
    assert file, "docker exec has the container's environment"
    assert f"--env GAPBRIEF_ENV_FILE={file[1]}" in line


# ---- Discord's App Directory


def test_what_stands_in_the_directory_fits_its_fields_and_names_settings_and_languages_that_there_are() -> None:
    page = (DEPLOY / "directory.md").read_text("utf-8")
    rows = dict(re.findall(r"^ *\| (\w+) \| (.+?) \|$", page, re.MULTILINE))
    tags = rows["Tags"].split(", ")
    assert len(rows["Description"]) <= 400
    assert (len(tags) <= 5, max(map(len, tags)) <= 20) == (True, True)
    known = {variable(setting.name) for setting in fields(Settings)}
    assert set(re.findall(r"`(GAPBRIEF_\w+)`", page)) <= known
    assert set(LANGUAGES.values()) == {"de", "es", "fr", "it", "pt-BR", "ja"}
    for language in ("English", "German", "Spanish", "French", "Italian", "Brazilian Portuguese", "Japanese"):
        assert language in " ".join(page.split())
