"""`/metrics` for Prometheus; it holds no texts and no personal ids."""

import asyncio
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from multiprocessing import parent_process
from typing import Any

import structlog
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection, func, select
from starlette.responses import Response

import core
from bot.state import usage
from bot.state.database import State
from bot.state.state_tables import BRIEFS, OUTBOX
from core.errors import DataError

log = structlog.get_logger("gapbrief.web")

_SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
_SENT = ("pending", "sending", "sent", "failed", "unsure")
_DISCORD = {
    "latency_seconds": "Latency of Discord's gateway", "last_event_seconds": "Since Discord's last event",
    "guilds": "Discord servers",
}  # fmt: skip
_OF_TESTS = {
    "age_days": "Age of a test's newest score",
    "stands_still": "Whether a test was served for 60 days without a new score",
}


class Metrics:
    """Counters of this process; `text` adds figures from the state, which all processes share."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        if parent_process() is None:
            ProcessCollector(registry=self._registry)
        else:  # the pages have a process of their own
            ProcessCollector(registry=self._registry, pid=os.getppid)
            ProcessCollector(registry=self._registry, namespace="gapbrief_pages")
        self._answers = Counter(
            "gapbrief_answers", "Questions that were answered, refused or failed", ("question", "outcome"),
            registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "gapbrief_answer_seconds", "From a question to its answer", buckets=_SECONDS, registry=self._registry
        )

    def count_answer(self, question: str, outcome: str, seconds: float) -> None:
        """Count a question by its outcome: answered, refused or failed."""
        self._answers.labels(question, outcome).inc()
        self._seconds.observe(seconds)

    def text(self, state: State, health: Mapping[str, Any]) -> bytes:
        """Write all metrics in Prometheus's format; an unreadable state is itself a metric."""
        return generate_latest(self._registry) + generate_latest(_Snapshot([*_of_health(health), *_of_state(state)]))


class _Snapshot(Collector):
    """Metrics with current values."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        yield from self._metrics


async def show(metrics: Metrics, state: State, health: Mapping[str, Any]) -> Response:
    """Serve the current metrics."""
    body = await asyncio.to_thread(metrics.text, state, health)
    return Response(body, headers={"Cache-Control": "no-store", "Content-Type": CONTENT_TYPE_LATEST})


def _of_health(health: Mapping[str, Any]) -> Iterator[Metric]:
    """Yield the service's metrics, without unknown ones."""
    data, jobs, discord = (health.get(part, {}) for part in ("data", "jobs", "discord"))
    build = (core.__version__, data.get("revision", "")[:12])
    yield _gauges("gapbrief_build_info", "The version of gapbrief and of its data", ("version", "data"), {build: 1})
    yield _gauge("gapbrief_ok", "Whether the service works", bool(health.get("ok")))
    if "age_days" in data:
        yield _gauge("gapbrief_data_age_days", "Age of the newest complete data", data["age_days"])
    if refresh := data.get("refresh"):
        asked_at = datetime.fromisoformat(refresh["at"]).timestamp()
        yield _gauge("gapbrief_refresh_timestamp_seconds", "When publishers were asked for new data", asked_at)
        n_unused = {(state,): len(refresh[state]) for state in ("failed", "held_back")}
        description = "Publishers whose new data are not used, by why"
        yield _gauges("gapbrief_refresh_without_data", description, ("state",), n_unused)
        yield _gauge("gapbrief_refresh_waiting", "What waits for a person to settle it", len(refresh["waiting"]))
    for name, description in _OF_TESTS.items():
        ages = {(test,): age[name] for test, age in data.get("tests", {}).items() if age[name] is not None}
        yield _gauges(f"gapbrief_test_{name}", description, ("test",), ages)
    if (age := health.get("state", {}).get("backup_age_seconds")) is not None:
        yield _gauge("gapbrief_backup_age_seconds", "Age of the newest daily copy of the state", age)
    successes = {(name,): job["last_error"] is None for name, job in jobs.items()}
    yield _gauges("gapbrief_job_ok", "Whether a background job succeeded when it last ran", ("job",), successes)
    for moment in ("last_run", "next_run"):
        times = {(name,): datetime.fromisoformat(job[moment]).timestamp() for name, job in jobs.items() if job[moment]}
        description = f"The {moment.replace('_', ' ')} of a job"
        yield _gauges(f"gapbrief_job_{moment}_timestamp_seconds", description, ("job",), times)
    for name, description in _DISCORD.items():
        if discord.get(name) is not None:
            yield _gauge(f"gapbrief_discord_{name}", description, discord[name])


def _of_state(state: State) -> Iterator[Metric]:
    """Yield the state's metrics."""
    try:
        with state.reading() as connection:
            metrics = [*_newsroom(connection), *_model(connection)]
    except DataError as error:
        log.error("the state can't be read", error=str(error))
        metrics = []
    yield _gauge("gapbrief_state_ok", "Whether the state can be read", bool(metrics))
    yield from metrics


def _newsroom(connection: Connection) -> Iterator[Metric]:
    counts = select(OUTBOX.c.status, func.count()).group_by(OUTBOX.c.status)
    n_sent = dict.fromkeys(_SENT, 0) | {status: number for status, number in connection.execute(counts)}
    by_status = {(status,): number for status, number in n_sent.items()}
    yield _gauges("gapbrief_outbox", "Deliveries of briefs, by status", ("status",), by_status)
    posted = select(func.count(), func.max(BRIEFS.c.posted_at)).where(BRIEFS.c.posted_at.is_not(None))
    number, newest = connection.execute(posted).one()
    yield _gauge("gapbrief_briefs_posted", "Briefs that were posted", number)
    if newest is not None:
        yield _gauge("gapbrief_newest_brief_timestamp_seconds", "When the newest was", newest.timestamp())


def _model(connection: Connection) -> Iterator[Metric]:
    """Yield the language model's usage since the state was created."""
    labels = ("purpose", "model", "outcome")
    texts = CounterMetricFamily("gapbrief_model_texts", "Texts requested from the model", labels=labels)
    calls = CounterMetricFamily("gapbrief_model_calls", "Calls for these texts", labels=labels)
    tokens = CounterMetricFamily("gapbrief_model_tokens", "Tokens for these texts", labels=(*labels, "direction"))
    seconds = CounterMetricFamily("gapbrief_model_seconds", "Time for these texts", labels=labels)
    for total in (row for row in usage.list_totals(connection) if row.purpose != usage.MISREAD):
        key = (total.purpose, total.model, total.outcome)
        texts.add_metric(key, total.texts)
        calls.add_metric(key, total.calls)
        tokens.add_metric((*key, "in"), total.tokens_in)
        tokens.add_metric((*key, "out"), total.tokens_out)
        seconds.add_metric(key, total.seconds)
    yield from (texts, calls, tokens, seconds)


def _gauge(name: str, description: str, value: float) -> GaugeMetricFamily:
    return _gauges(name, description, (), {(): value})


def _gauges(name: str, description: str, labels: tuple[str, ...], values: Mapping[Any, float]) -> GaugeMetricFamily:
    """Return a gauge with values by tuples of labels."""
    gauge = GaugeMetricFamily(name, description, labels=labels)
    for key, value in values.items():
        gauge.add_metric(key, float(value))
    return gauge
