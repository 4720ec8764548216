"""A million own scores: how long their reading takes and how much memory; `-m bench -s` prints both."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.bench

ROWS, MODELS = 1_000_000, 2_000
MOST_SECONDS, MOST_MB = 20.0, 500.0
READ = """
import sys, time
from datetime import date
from pathlib import Path
from core.refresh import own_scores
own = own_scores.read_scores(Path(sys.argv[1]), {})
filed = own_scores.make_benchmark("mine", None, None, "private", date(2026, 11, 28))
kept = len(own_scores.parse_scores(own, filed, None).scores)
status = Path("/proc/self/status").read_text()  # ru_maxrss would have that of the process which began this one
print(kept, time.process_time(), int(status.partition("VmHWM:")[2].split()[0]) / 1024)
"""


def test_a_million_rows_are_read_in_seconds_and_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("model,score,effort\n")
        for row in range(ROWS):
            file.write(f"model-{row % MODELS},{row * 7919 % 1_000_003 / 10_001:.4f},{('low', 'high', '')[row % 3]}\n")
    done = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True)
    modules, seconds, megabytes = map(float, done.stdout.split())
    print(f"{ROWS:,} rows: {seconds:.1f} s of processor, {megabytes:.0f} MB")
    assert modules == 3 * MODELS
    assert seconds < MOST_SECONDS
    assert megabytes < MOST_MB
