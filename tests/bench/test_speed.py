"""How fast the analysis and the command are, as ratios to a baseline in the same run; `-m bench -s` prints them."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from core.evidence.evidence import Board, Evidence, IntArray, Model, load
from core.gap import index_figure
from core.gap.analysis import analyse
from core.gap.index_figure import FORM, fit_scale, scale_of
from core.gap.index_fit import Cells, fit_index
from core.gap.parameters import CLUSTERED_2, INDEX_2, STUDY_1
from core.gap.robust import robust
from core.questions import QUESTIONS
from core.store.store import Store, open_store
from tests import reference, toy
from tests.conftest import ROOT

pytestmark = pytest.mark.bench

_BARS = {"others": 2.5}
"""How many times the gap a question may take, where not twice."""
NEWEST = date(2026, 8, 22)


def timed(work: Callable[[], object], runs: int) -> float:
    """Return the median time of a warm call, in milliseconds."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


@pytest.fixture(scope="module")
def shipped(store: Store) -> Evidence:
    records = load(store)
    return records.known_by(records.last_known)


def plain(evidence: Evidence, boards: np.ndarray, *, draws: int = 0, waits: int = 0) -> None:
    """Do the work of the analysis in plain Python, by the reference, with this number of bootstrap draws."""
    times, events, means, private = [], [], {}, set()
    points: dict[str, list[reference.Crossing]] = {"private": [], "public": []}
    for number in boards.tolist():
        board = toy.as_reference(evidence, number)
        crossed, pending, _, _ = reference.crossings(board, NEWEST)
        accepted = [point for point in crossed if point.accepted]
        points[evidence.boards[number].access] += accepted
        more = reference.forward_times(accepted, [level for level in pending if level.accepted])
        times += more[0]
        events += more[1]
        if accepted:
            means[board.name] = statistics.mean(point.gap_months for point in accepted)
            if evidence.boards[number].access == "private":
                private.add(board.name)
    for point in points.values():
        reference.trend(point)
        if draws:
            reference.study_band(point, draws)
    reference.km_median(times, events)
    for _ in range(waits):
        reference.km_median(times, events)
    reference.permutation_p(means, private)


def test_the_default_and_the_studys_analysis(shipped: Evidence, capsys: pytest.CaptureFixture[str]) -> None:
    boards = np.array([number for number, board in enumerate(shipped.boards) if board.headline])
    as_of = NEWEST.toordinal()
    newest = shipped.newest_data.toordinal()
    ours = timed(lambda: analyse(shipped, boards, newest, INDEX_2).direction, 40)  # warm, so that it reads what is kept
    another = timed(lambda: analyse(shipped, boards, as_of, INDEX_2).direction, 20)
    study = timed(lambda: analyse(shipped, boards, as_of, STUDY_1), 20)
    slow = timed(lambda: plain(shipped, boards, waits=CLUSTERED_2.forward_draws), 1)
    more = timed(lambda: plain(shipped, boards, draws=500, waits=CLUSTERED_2.forward_draws), 1)
    slow_study = slow + (more - slow) / 500 * STUDY_1.draws
    with capsys.disabled():
        print(f"\ndefault analysis {ours:.1f} ms (bar 20), plain Python {slow:.0f} ms: {slow / ours:.0f} times")
        print(f"as of another day {another:.1f} ms: {slow / another:.0f} times")
        times = slow_study / study
        print(f"study, 5,000 draws {study:.1f} ms (bar 60), plain Python {slow_study:.0f} ms: {times:.0f} times")
    assert ours < slow / 10
    assert another < slow / 10
    assert study < slow_study / 20


def synthetic(n_scores: int) -> Evidence:
    """Make 17 boards of many models, a new one every hour or so, both sides rising."""
    generator = np.random.default_rng(1)
    board = np.sort(generator.integers(0, 17, n_scores))
    day = generator.integers(0, 1000, n_scores) + date(2023, 1, 1).toordinal()
    order = np.lexsort((day, board))
    board, day = board[order], day[order]
    is_open = generator.random(n_scores) < 0.4
    score = np.clip((day - day.min()) / 12 - 8 * is_open + generator.normal(0, 10, n_scores), 0, 100)
    boards = tuple(
        Board(f"b{n}", "1", f"b{n}", "private" if n < 8 else "public", True, "percent", toy.LEVELS) for n in range(17)
    )
    models = tuple(Model(f"m{n}", f"m{n}") for n in range(500))
    until = date(2023, 1, 1) + timedelta(days=1000)
    return Evidence(
        "bench", until, until, boards, models, board, generator.integers(0, 500, n_scores), day, is_open, score
    )


def test_the_cost_per_score_does_not_rise(capsys: pytest.CaptureFixture[str]) -> None:
    costs = {}
    for n_scores in (2_000, 20_000, 200_000, 1_000_000):
        evidence = synthetic(n_scores)
        costs[n_scores] = (
            timed(lambda evidence=evidence: analyse(evidence, np.arange(17), 10**6, CLUSTERED_2), 5) / n_scores
        )
    with capsys.disabled():
        print()
        for n_scores, cost in costs.items():
            print(f"{n_scores:>9,} scores: {cost * 1e6:8.0f} ns a score")
    assert costs[1_000_000] < costs[2_000]


# The aim is 0.55 for a new date and 0.3 asked again; the bars leave room for a machine's moods.
@pytest.mark.parametrize(("kept", "bar"), [(False, 0.75), (True, 0.4)])
def test_the_whole_process_against_importing_pandas(
    kept: bool, bar: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the processor's time, which other processes hardly move; the clock's is printed beside it.

    Both sides take turns, and who begins changes. The dearest quarter of each side's runs is left out: what disturbs a
    run makes it longer, never shorter.
    """
    environment = {**os.environ, "GAPBRIEF_DB": str(tmp_path / "evidence.db")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled once, not at each start
    environment.pop(
        "OPENBLAS_NUM_THREADS", None
    )  # that this process set it, by importing bot, would favour pandas' side

    def run(*arguments: str) -> tuple[float, float]:
        """Return a process's seconds, of the processor and by the clock."""
        start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=environment)
        seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, seconds

    run("-m", "bot.cli", "gap")
    run("-c", "import pandas")
    ours, theirs = [], []
    for number in range(15):
        as_of = [] if kept else ["--as-of", str(date(2026, 8, 1) - timedelta(days=number))]
        turns = [(ours, ("-m", "bot.cli", "gap", *as_of)), (theirs, ("-c", "import pandas"))]
        for took, words in turns if number % 2 else reversed(turns):
            took.append(run(*words))
    usual, its = (statistics.mean(sorted(cost for cost, _ in took)[:11]) for took in (ours, theirs))
    by_processor = usual / its
    by_clock = statistics.median(seconds for _, seconds in ours) / statistics.median(seconds for _, seconds in theirs)
    what = "asked before" if kept else "a new date"
    with capsys.disabled():
        print(f"\ngapbrief gap, {what}: {usual * 1000:.0f} ms, {by_processor:.2f} of importing pandas,"
              f" {by_clock:.2f} by the clock (bar {bar})")  # fmt: skip
    assert by_processor <= bar


def test_making_the_evidence_file_against_importing_pandas(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what is fitted to it."""
    making = (
        "import sys, pathlib, bot; from core.store.store import open_store\n"
        "from core.questions.question import prepare; open_store(*map(pathlib.Path, sys.argv[1:]), prepare).close()"
    )

    def run(code: str, *arguments: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True)
        return time.perf_counter() - start

    run("import pandas")
    ratios = [
        run(making, str(tmp_path / f"{number}.db"), str(ROOT / "data")) / run("import pandas") for number in range(9)
    ]
    with capsys.disabled():
        print(f"\nmaking the evidence file: {statistics.median(ratios):.2f} of importing pandas (bar 1.6)")
    assert statistics.median(ratios) <= 1.6


WORDS = {
    "timeline": {"benchmark": "gpqa"},
    "what_if": {"benchmark": "frontiermath", "score": "45", "day": "2026-11-01"},
    "changes": {"since": "2026-03-01"},
    "compare": {"left": "China", "right": "US"},
}


def test_every_question_against_the_gap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Warm: the evidence is in memory. Each turn takes all, so that a machine that slows down slows all.

    20 ms were asked for, where the gap took 8 to 10 on a quiet machine: twice the gap's time for each.
    """
    answers: dict[str, Callable[[], object]] = {}
    with open_store(tmp_path / "evidence.db", ROOT / "data") as store:
        for name, question in QUESTIONS.items():
            needed = {
                field.name: str(field.metadata["examples"][0]) for field in fields(question) if field.default is MISSING
            }
            resolved = question.from_words(**{**needed, **WORDS.get(name, {})}).resolved(store, date(2026, 11, 25))
            answers[name] = partial(resolved.answer, resolved.evidence(store))
    turns = [{name: timed(answer, 1) for name, answer in answers.items()} for _ in range(20)]
    ratios = {name: statistics.median(turn[name] / turn["gap"] for turn in turns) for name in answers}
    with capsys.disabled():
        for name, ratio in ratios.items():
            usual = statistics.median(turn[name] for turn in turns)
            print(f"\n{name:<10} {usual:6.1f} ms, {ratio:.2f} of the gap", end="")
    for name, ratio in ratios.items():
        assert ratio <= _BARS.get(name, 2.0), name


def fit_anew(evidence: Evidence, boards: IntArray) -> None:
    """Fit a scale from nothing, as fits are remembered by their scores."""
    index_figure._fits.clear()
    fit_scale(evidence, boards, INDEX_2)


def test_all_choices_against_a_fit(shipped: Evidence, capsys: pytest.CaptureFixture[str]) -> None:
    """2 s were asked for all; here from evidence that is new, so that each index is fitted."""
    boards = np.array([number for number, board in enumerate(shipped.boards) if board.headline])
    everything = np.ones(len(shipped.score), dtype=np.bool_)

    def choose_anew() -> None:
        index_figure._fits.clear()
        robust(shipped.select(everything), boards, NEWEST.toordinal(), INDEX_2)

    whole, cold = timed(lambda: fit_anew(shipped, boards), 5), timed(choose_anew, 5)
    choices = robust(shipped, boards, NEWEST.toordinal(), INDEX_2)
    number = sum(len(choice.combinations) for choice in choices)
    with capsys.disabled():
        print(f"\n{number} combinations {cold:.0f} ms (bar 2,000): {cold / whole:.1f} fits of all tests")
    assert number >= 2 * 15
    assert cold < 2 * number * whole


def test_the_index_is_fitted_in_well_under_its_bounds(shipped: Evidence) -> None:
    """0.3 s; 10,000 models on 200 boards in 30 s."""
    boards = np.array([number for number, board in enumerate(shipped.boards) if board.headline])
    milliseconds = timed(lambda: fit_anew(shipped, boards), 3)
    warm = timed(lambda: scale_of(shipped, boards, INDEX_2), 3)
    print(f"index: {milliseconds:.0f} ms, warm {warm:.3f} ms")
    assert milliseconds < 300
    assert warm < 1
    rng = np.random.default_rng(0)
    tested = rng.random((10_000, 200)) < 0.1
    model, board = np.nonzero(tested)
    day = np.sort(rng.integers(738_000, 739_500, 10_000))
    ability = (day - day.mean()) / 365.25 - rng.exponential(0.5, 10_000)
    value = 2 * (ability[model] - rng.normal(0, 1, 200)[board]) + rng.normal(0, 0.4, len(model))
    many = Cells(
        model, board, value, np.zeros(len(model)), np.arange(10_000), np.arange(200), day, rng.random(10_000) < 0.5,
        np.arange(200) % 2,
    )  # fmt: skip
    start = time.perf_counter()
    fit_index(many, form=FORM)
    seconds = time.perf_counter() - start
    print(f"index of 10,000 models on 200 boards: {seconds:.1f} s")
    assert seconds < 30
