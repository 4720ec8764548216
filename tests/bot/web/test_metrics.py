"""`/metrics`: what Prometheus reads, on this machine alone, with nobody's words and ids."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families as families

from bot.assistant.budget import ANSWERED, FALLBACK
from bot.state import briefs, outbox
from bot.state.database import State, open_state
from bot.web.metrics import Metrics
from bot.web.server import health_of
from tests.bot.kept import spend, used
from tests.bot.newsroom.newsroom import NOW, made
from tests.bot.web.conftest import POSTED, TODAY, Web
from tests.bot.web.test_guard import here

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]
Starter = Callable[..., Web]
NEXT = "2026-12-01T09:00:02+00:00"
WORDS = "how far behind is somebody@example.org"


def samples(text: str) -> Samples:
    lines = [line for family in families(text) for line in family.samples]
    return {(line.name, frozenset(line.labels.items())): line.value for line in lines}


def value(metrics: Samples, name: str, **labels: str) -> float:
    return metrics[name, frozenset(labels.items())]


def test_what_was_asked_is_counted_by_question_and_outcome(start_web: Starter) -> None:
    asked = here(start_web())
    for path, status in (("trust", 200), ("trust", 200), ("gap?benchmark=nope", 422), ("gap?day=1", 422)):
        assert asked.get(f"/api/{path}").status_code == status
    metrics = samples(asked.get("/metrics").text)
    assert value(metrics, "gapbrief_answers_total", question="trust", outcome="answered") == 2
    assert value(metrics, "gapbrief_answers_total", question="gap", outcome="refused") == 1
    assert value(metrics, "gapbrief_answer_seconds_count") == 3
    assert value(metrics, "gapbrief_answer_seconds_bucket", le="+Inf") == 3


def test_it_says_how_the_newsroom_and_the_data_are(web: Web) -> None:
    answer = here(web).get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert answer.headers["cache-control"] == "no-store"
    metrics = samples(answer.text)
    assert value(metrics, "gapbrief_ok") == value(metrics, "gapbrief_state_ok") == 1
    assert value(metrics, "gapbrief_briefs_posted") == len(POSTED)
    assert value(metrics, "gapbrief_outbox", status="pending") == 0


def test_each_test_has_its_age_and_whether_it_stands_still(web: Web) -> None:
    web.client.get("/")  # which reads the data
    services = web.site.services
    health = health_of(services, TODAY)
    tests = health["data"]["tests"]
    assert tests["terminal-bench 2"] == {
        "newest_score": "2026-03-06", "newest_model": "2026-02-19", "age_days": (TODAY - date(2026, 3, 6)).days,
        "stands_still": False,
    }  # fmt: skip
    assert tests["tau2-retail 2"]["stands_still"], "it was served until 18 August, its newest score is of 2 March"
    assert tests["weirdml-v3 3"]["age_days"] is None
    metrics = samples(Metrics().text(services.state, health).decode())
    assert value(metrics, "gapbrief_test_age_days", test="terminal-bench 2") == tests["terminal-bench 2"]["age_days"]
    assert value(metrics, "gapbrief_test_stands_still", test="tau2-retail 2") == 1
    assert ("gapbrief_test_age_days", frozenset({("test", "weirdml-v3 3")})) not in metrics


@pytest.mark.slow
def test_the_models_use_is_that_of_all_processes_and_days_without_anybodys_name(state: State) -> None:
    with state.begin() as connection:
        for use in (
            used(NOW, "answer", "fake", 900, 100, 2.5, ANSWERED, calls=3),
            used(NOW.replace(day=26), "answer", "fake", 100, 0, 0.5, ANSWERED),
            used(NOW, "brief", "fake", 50, 5, 9.0, FALLBACK),
        ):
            spend(connection, use, "all", "guild:987654321", "user:123456789")
    text = Metrics().text(state, {}).decode()
    assert not any(word in text for word in ("somebody", "123456789", "987654321"))
    metrics = samples(text)
    answered = {"purpose": "answer", "model": "fake", "outcome": "answered"}
    assert value(metrics, "gapbrief_model_texts_total", **answered) == 2
    assert value(metrics, "gapbrief_model_calls_total", **answered) == 4
    assert value(metrics, "gapbrief_model_tokens_total", direction="in", **answered) == 1000
    assert value(metrics, "gapbrief_model_seconds_total", **answered) == 3.0
    fallback = {"purpose": "brief", "model": "fake", "outcome": "fallback"}
    assert value(metrics, "gapbrief_model_texts_total", **fallback) == 1


def test_the_outbox_is_counted_by_how_far_it_is(state: State) -> None:
    with state.begin() as connection:
        brief_id = briefs.add(connection, made(), at=NOW, guild_id=None, by=None, status="posted")
        outbox.enqueue(connection, brief_id, 1, "post", ["discord:1", "discord:2"], NOW)
    metrics = samples(Metrics().text(state, {}).decode())
    by_status = {status: value(metrics, "gapbrief_outbox", status=status) for status in ("pending", "sending", "sent")}
    assert by_status == {"pending": 2, "sending": 0, "sent": 0}
    assert value(metrics, "gapbrief_newest_brief_timestamp_seconds") == NOW.timestamp()


def test_discord_is_measured_where_it_is_known() -> None:
    state = open_state("sqlite://")
    health = {
        "ok": False,
        "discord": {"latency_seconds": None, "last_event_seconds": 1.5, "guilds": 3},
        "data": {"age_days": 101, "revision": "abcdef" * 10},
        "jobs": {
            "outbox": {"last_run": "2026-12-01T09:00:00+00:00", "last_error": None, "next_run": NEXT},
            "due briefs": {"last_run": None, "last_error": None, "next_run": NEXT},
            "data": {"last_run": "2026-12-01T09:00:00+00:00", "last_error": "DataError: no file", "next_run": NEXT},
        },
    }
    metrics = samples(Metrics().text(state, health).decode())
    assert [value(metrics, "gapbrief_job_ok", job=job) for job in ("outbox", "due briefs", "data")] == [1, 1, 0]
    assert value(metrics, "gapbrief_job_next_run_timestamp_seconds", job="data") == 1796115602
    assert value(metrics, "gapbrief_job_last_run_timestamp_seconds", job="data") == 1796115600
    assert ("gapbrief_job_last_run_timestamp_seconds", frozenset({("job", "due briefs")})) not in metrics
    assert value(metrics, "gapbrief_ok") == 0
    assert value(metrics, "gapbrief_data_age_days") == 101
    assert value(metrics, "gapbrief_discord_guilds") == 3
    assert not any(name == "gapbrief_discord_latency_seconds" for name, _ in metrics)
    health["discord"] = {"latency_seconds": 0.04}
    assert value(samples(Metrics().text(state, health).decode()), "gapbrief_discord_latency_seconds") == 0.04
    state.close()


def test_a_state_that_cant_be_read_is_one_of_the_metrics(tmp_path: Path) -> None:
    state = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    state.close()
    (tmp_path / "state.db").write_bytes(b"rubbish" * 1000)
    for ending in ("-wal", "-shm"):
        (tmp_path / f"state.db{ending}").unlink(missing_ok=True)
    metrics = samples(Metrics().text(state, {"ok": True}).decode())
    assert value(metrics, "gapbrief_state_ok") == 0
    assert value(metrics, "gapbrief_ok") == 1
    assert not any(name == "gapbrief_briefs_posted" for name, _ in metrics)


def test_the_command_line_loads_none_of_it() -> None:
    code = "import sys, bot.cli; print([name for name in ('prometheus_client', 'mcp') if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"
