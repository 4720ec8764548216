"""The service, as an operator meets it: `gapbrief serve`, and what `gapbrief discord …` refuses."""

import re
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator

import httpx2
import pytest

from bot.web import server
from bot.web.server import LOOPBACK, listening
from tests.bot.conftest import Cli, Run, free_port


@pytest.fixture
def served(cli: Cli) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A serving process, and its address as it says it."""
    port = free_port()
    running = cli.start("serve", "--port", str(port), GAPBRIEF_STATE_URL=f"sqlite:///{cli.folder / 'state.db'}")
    assert running.stdout is not None
    line = running.stdout.readline()
    address = re.fullmatch(r"gapbrief serves (http://127\.0\.0\.1:\d+) \(Ctrl-C ends it\)\n", line)
    assert address, line
    yield running, address[1]
    running.kill()
    running.communicate()


@pytest.mark.slow
def test_it_serves_pages_and_health_until_it_is_told_to_stop(served: tuple[subprocess.Popen[str], str]) -> None:
    running, address = served
    front = httpx2.get(f"{address}/", timeout=60)
    assert "Open models trail" in front.text
    assert front.headers["content-security-policy"].startswith("default-src 'none'")
    assert "server" not in front.headers
    health = httpx2.get(f"{address}/healthz", timeout=60).json()
    assert health["ok"]
    assert health["data"]["newest"] == "2026-09-28"
    running.send_signal(signal.SIGTERM)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 0
    assert errors == ""


@pytest.mark.slow
def test_ctrl_c_ends_it_without_a_traceback(served: tuple[subprocess.Popen[str], str]) -> None:
    running, address = served
    assert httpx2.get(f"{address}/charts/gap.png", timeout=60).status_code == 200
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    assert (running.returncode, errors) == (0, "")


STRANGE = (
    b"GARBAGE\r\n\r\n",
    b"GET \xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n",
    b"GET //evil.example/%2e%2e/%00 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
)


@pytest.mark.slow
def test_a_strange_request_is_refused_and_it_serves_on(served: tuple[subprocess.Popen[str], str]) -> None:
    _, address = served
    host, port = address.removeprefix("http://").split(":")
    for request in STRANGE:
        with socket.create_connection((host, int(port)), timeout=60) as asking:
            asking.sendall(request)
            answer = asking.recv(200)
        assert answer.startswith(tuple(b"HTTP/1.1 %d" % status for status in (200, 400, 404, 421))), (request, answer)
    assert httpx2.get(f"{address}/healthz", timeout=60).status_code == 200


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--port", "x"), '"x" is not a port; give a number from 1 to 65535.\n'),
        (("--port", "65536"), '"65536" is not a port; give a number from 1 to 65535.\n'),
        (
            ("--host", "nix.invalid"),
            '"nix.invalid" is not an address of this machine; leave --host out for loopback.\n',
        ),
    ],
)
def test_what_can_not_be_listened_on_is_said_in_a_sentence(run: Run, words: tuple[str, ...], sentence: str) -> None:
    result = run("serve", *words)
    assert (result.exit_code, result.stderr) == (2, sentence)


def test_a_port_that_is_let_go_soon_is_waited_for() -> None:
    """After `kill -9` the pages held the port for a second, and the service that was started again ended."""
    with socket.create_server((LOOPBACK, 0)) as used:
        port = used.getsockname()[1]
        letting_go = threading.Timer(0.5, used.close)
        letting_go.start()
        with listening(LOOPBACK, port) as listener:
            assert listener.getsockname()[1] == port
        letting_go.join()


@pytest.mark.parametrize("by_setting", [False, True])
def test_a_port_in_use_is_said_in_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch, *, by_setting: bool) -> None:
    monkeypatch.setattr(server, "_BIND_SECONDS", 0.0)  # it is tried once alone
    with socket.create_server(("127.0.0.1", 0)) as used:
        port = str(used.getsockname()[1])
        result = run("serve", GAPBRIEF_PORT=port) if by_setting else run("serve", "--port", port)
    sentence = f"Port {port} of 127.0.0.1 can't be used (Address already in use); give another with --port.\n"
    assert (result.exit_code, result.stderr) == (1, sentence)


ID = "123456789012345678"


@pytest.mark.parametrize("guild", ["Lab", "١٢٣", "1" * 40, "-1", "9" * 20, ""])
def test_a_servers_id_is_a_number(run: Run, guild: str) -> None:
    result = run("discord", "sync", "--guild", guild)
    assert result.exit_code == 2
    assert result.stderr.startswith(f'"{guild[:3]}')
    assert " is not a Discord id, a long number; with developer mode on, right-click to copy it.\n" in result.stderr


def test_what_is_taken_back_is_one_servers(run: Run) -> None:
    result = run("discord", "sync", "--clear")
    assert result.exit_code == 2
    assert result.stderr == "--clear removes one server's own commands; name the server with --guild.\n"


@pytest.mark.parametrize("token", ["x\ny", "x y", "tökén"])
@pytest.mark.parametrize("words", [("discord", "check"), ("discord", "sync", "--guild", ID), ("run",)])
def test_what_can_be_no_token_is_refused_and_not_shown(run: Run, words: tuple[str, ...], token: str) -> None:
    result = run(*words, DISCORD_TOKEN=token)
    assert result.exit_code == 1
    assert result.output == (
        "DISCORD_TOKEN in the environment holds a space, a line break or another character that no key has;"
        " copy it again.\n"
    )
