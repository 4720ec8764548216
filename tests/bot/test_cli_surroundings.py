"""The command in real surroundings: terminals, pipes, signals, encodings, homes, settings and broken data."""

import re
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from tests.bot.conftest import COMMAND, STYLE, Cli, Run
from tests.bot.test_cli import refusal
from tests.core.store.world import with_change, write_world


def figures(text: str) -> set[str]:
    """Return the words that hold a digit, without the punctuation around them."""
    return {word.strip(",;:()") for word in text.split() if re.search(r"\d", word)}


# ---- terminals


@pytest.mark.parametrize("words", ["gap --details", "gap --benchmark gpqa --points all", "data status"])
@pytest.mark.slow
def test_no_figure_is_cut_on_a_terminal(cli: Cli, words: str) -> None:
    _, piped, _ = cli.process(*words.split())
    whole = {word for word in figures(piped) if len(word) <= 15}  # a longer name may be folded
    for width in (40, 80, 120):
        shown = cli.terminal(width, *words.split())
        assert "\x1b[1m" in shown
        plain = STYLE.sub("", shown)
        assert "…" not in plain
        assert max(len(line.rstrip()) for line in plain.splitlines() if "Evidence file" not in line) <= width
        assert whole <= figures(plain) | {"18"}


def test_rows_keep_their_columns_where_there_is_room_and_are_told_where_not(cli: Cli) -> None:
    wide, narrow = (STYLE.sub("", cli.terminal(width, "gap", "gpqa", "--details")) for width in (120, 40))
    assert re.search(r"Test +Kind +Standing gap +Last matches took +Matches +Open +Closed +Newest model", wide)
    assert "Kind public, Standing gap" in narrow


@pytest.mark.parametrize("switch", ["--no-color", "NO_COLOR"])
def test_color_can_be_refused(cli: Cli, switch: str) -> None:
    shown = cli.terminal(100, "gap", switch) if switch[0] == "-" else cli.terminal(100, "gap", NO_COLOR="1")
    assert "\x1b" not in shown
    assert shown == cli.process("gap")[1]


# ---- pipes and signals


@pytest.mark.parametrize("words", ["gap", "gap --json --points all", "data status", "--help"])
def test_a_reader_that_goes_away_is_no_error(cli: Cli, words: str) -> None:
    line = f"{COMMAND} {words} | head -1"
    done = subprocess.run(["/bin/sh", "-c", line], cwd=cli.folder, env=cli.environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize("words", [("gap",), ("gap", "--json"), ("doctor",), ("gap", "--help")])
def test_output_that_cant_be_written_is_a_sentence(cli: Cli, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([COMMAND, *words], env=cli.environment, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert done.stderr == "gapbrief can't read or write its output: the disk is full; free some space.\n"


@pytest.fixture
def heeded() -> Iterator[None]:
    """Let what is started heed Ctrl-C: a shell takes that from what it runs in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded")
def test_ctrl_c_ends_quietly(tmp_path: Path) -> None:
    db = tmp_path / "evidence.db"
    with FileLock(f"{db}.lock"):  # another process is making the file: the command waits
        running = Cli(db, tmp_path).start("gap")
        assert any(not _works(running.pid) for _ in range(20))  # an interruption of its start may be lost in an import
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (1, "")
    assert err.strip() == "Aborted!"
    assert not db.exists()


def _works(pid: int) -> bool:
    """Whether a process has used the processor lately, as one that waits for a lock hardly does."""
    used = []
    for _ in range(2):
        time.sleep(0.5)
        user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        used.append(int(user) + int(system))
    return used[0] < 5 or used[1] - used[0] > 2


# ---- encodings


@pytest.mark.parametrize(
    "environment",
    [
        {"LANG": "C", "LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "latin-1"},
    ],
    ids=str,
)
@pytest.mark.parametrize("words", [("gap",), ("gap", "--json"), ("gap", "--help"), ("doctor",)])
@pytest.mark.slow
def test_every_encoding_gets_an_answer(cli: Cli, environment: dict[str, str], words: tuple[str, ...]) -> None:
    running = subprocess.run([COMMAND, *words], env={**cli.environment, **environment}, capture_output=True)
    assert running.stderr == b""
    assert running.returncode == 0 or words == ("doctor",)  # which says so of old data
    assert running.stdout


def test_what_an_encoding_lacks_is_written_in_the_nearest_letters(cli: Cli) -> None:
    _, out, _ = cli.process("gap", "--details", PYTHONIOENCODING="ascii")
    assert out.isascii()
    assert re.search(r"Basis +complete to .* \| the oldest board", out)
    assert "?" not in out.replace("Widening?", "")
    code, _, err = cli.process("gap", "--benchmark", "é\u202e🙃", PYTHONIOENCODING="ascii")
    assert (code, "Traceback" in err) == (2, False)


# ---- homes and settings


@pytest.mark.slow
def test_the_first_call_makes_the_evidence_in_the_home_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    code, out, err = Cli(Path(), tmp_path).process("gap", HOME=str(home), GAPBRIEF_DB=None)
    assert (code, err) == (0, "")
    assert out.startswith("Open models trail closed ones by ")
    assert {path.name for path in home.glob(".local/share/gapbrief/*")} == {"evidence.db", "evidence.db.lock"}


@pytest.mark.parametrize("home", ["/proc", "/dev/null"])
def test_a_home_that_cant_be_written_is_a_sentence(tmp_path: Path, home: str) -> None:
    code, out, err = Cli(Path(), tmp_path).process("gap", HOME=home, GAPBRIEF_DB=None)
    assert (code, out) == (1, "")
    assert err.startswith(f"The evidence file {home}/.local/share/gapbrief/evidence.db can't be used")
    assert err.endswith("set GAPBRIEF_DB to another place.\n")


def test_without_any_home_the_setting_is_enough(cli: Cli) -> None:
    assert cli.process("gap", HOME=None)[0] == 0


@pytest.mark.slow
def test_a_dotenv_file_that_is_named_is_obeyed(cli: Cli) -> None:
    file = cli.folder / "mine.env"
    file.write_text(f"GAPBRIEF_DB={cli.db}\n", encoding="utf-8")
    _, out, err = cli.process("--env-file", "mine.env", "doctor", GAPBRIEF_DB=None)
    assert err == ""
    assert f"GAPBRIEF_DB      {cli.db} (from {file})" in out


def test_a_dotenv_file_of_the_current_folder_is_named_and_not_used(cli: Cli) -> None:
    """A project that somebody was sent could have one, and the key would go to its address."""
    (cli.folder / ".env").write_text("GAPBRIEF_DB=/nowhere/x.db\n", encoding="utf-8")
    code, out, err = cli.process("gap")
    assert (code, out.startswith("Open models trail")) == (0, True)
    assert err.startswith(f"{cli.folder}/.env is not read; move it to ")
    assert err.count("\n") == 1


def test_a_dotenv_file_that_is_not_there_is_a_sentence(run: Run) -> None:
    sentence = refusal(run, "--env-file", "mine.env", "gap", code=1)
    assert sentence == 'GAPBRIEF_ENV_FILE, or --env-file, is "mine.env", which is not a file; give the name of one.'


def test_broken_lines_of_a_dotenv_file_are_named_and_the_others_obeyed(cli: Cli) -> None:
    broken = b'not a geheim line\n=\n\xff\xfe\nGAPBRIEF_DATA\n"open\nGAPBRIEF_DB=' + bytes(cli.db) + b"\n"
    (cli.folder / ".env").write_bytes(broken)
    code, out, err = cli.process("--env-file", ".env", "gap", GAPBRIEF_DB=None)
    assert (code, out.startswith("Open models trail")) == (0, True)
    assert err.splitlines() == [
        f"{cli.folder}/.env, line {number} can't be read, so it is skipped;"
        " write NAME=value, with a quote at both ends or none"
        for number in range(1, 6)
    ], "what stands there may be a secret, and is not shown"


@pytest.mark.parametrize("value", ["~nobody-of-that-name/x.db", "a\x1bb"])
def test_a_setting_that_is_no_path_is_a_sentence(run: Run, value: str) -> None:
    sentence = refusal(run, "gap", code=1, GAPBRIEF_DB=value)
    assert sentence.startswith("GAPBRIEF_DB in the environment is ")


# ---- data that can't be used


def test_a_full_disk_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    db = tmp_path / "evidence.db"
    done = subprocess.run(
        [COMMAND, "gap"], env=Cli(db, tmp_path).environment, capture_output=True, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)),
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"The evidence file {db} can't be ")
    assert done.stderr.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} <= {"evidence.db.lock"}


@pytest.mark.parametrize("words", ["gap", "data status"])
def test_a_broken_table_is_named_and_the_file_stays_in_use(run: Run, tmp_path: Path, words: str) -> None:
    data, db = write_world(tmp_path / "data"), tmp_path / "evidence.db"
    paths = {"GAPBRIEF_DATA": str(data), "GAPBRIEF_DB": str(db)}
    assert run("data", "status", **paths).exit_code == 0
    before = run(*words.split(), **paths)
    write_world(data, **with_change("scores", ",41.5,", ",n/a,"))
    result = run(*words.split(), **paths)
    assert (result.exit_code, result.stdout) == (before.exit_code, before.stdout)
    assert result.stderr.startswith('scores.csv, line 2, column score: "n/a" is not a number.')
    write_world(data)
    assert run("data", "status", **paths).exit_code == 0


# ---- the data commands


@pytest.mark.slow
def test_data_status_counts_and_check_is_content(run: Run) -> None:
    status = run("data", "status")
    assert status.exit_code == 0
    assert re.search(r"GPQA Diamond +public +yes +\d+", status.stdout)
    check = run("data", "check")
    assert (check.exit_code, check.stderr) == (0, "")
    assert check.stdout.endswith("All is well: the file is complete and matches the tables.\n")


def test_data_build_from_nowhere_is_a_sentence(run: Run, tmp_path: Path) -> None:
    result = run("data", "build", str(tmp_path / "nowhere"), "--into", str(tmp_path / "tables"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "tables").exists()
