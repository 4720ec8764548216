"""What a refresh shows: what came, what moved and what waits, on one screen, like things in one line."""

from datetime import UTC, datetime

import pytest

from bot.commands.refresh_screen import Names, refresh_lines
from bot.refresh.effects import Effect, Effects, FirstCrosser
from bot.refresh.last_refresh import LastRefresh, Outcome, add_outcomes
from bot.refresh.refreshing import RefreshResult
from bot.terminal import show_lines
from core.refresh.snapshot_checks import Finding
from core.refresh.table_changes import Change

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
KNOWN = Names(
    {"weirdml 2": ("WeirdML", "percent"), "gpqa-diamond 1": ("GPQA Diamond", "percent")}, {"kimi-k4": "Kimi K4"}
)
LOOKS = Effects(
    (
        Effect("gap", "private", 7.04, 6.76),
        Effect("gap", "public", 5.5, 5.51),
        Effect("catch-up time", "private", 7.7, 7.9),
        Effect("catch-up time", "public", 5.1, 5.1),
    ),
    tuple(FirstCrosser("weirdml", "2", level, "kimi-k4", "kimi-k3") for level in (85.0, 90.0)),
    ("2026-09-28", "2026-11-28"),
)
CHANGES = (
    Change("new score", "kimi-k4", "weirdml 2 max", None, 91.0),
    Change("new score", "kimi-k4", "gpqa-diamond 1", None, 93.0),
    Change("new score", "glm-9", "weirdml 2 high", None, 61.0),
    Change("revised score", "gpt-5.5", "weirdml 2 xhigh", 79.0, 80.0),
    Change("score gone", "a", "weirdml 2", 1.0, None),
    Change("score gone", "b", "weirdml 2", 1.0, None),
    Change("new model", "kimi-k4", "", None, "open"),
    Change("new model", "glm-9", "", None, "unknown"),
)
NEW_BOARD = Finding("warn", "OSWorld 2 is new, 16 rows; to count it: `gapbrief data count osworld private`")


def lines(done: RefreshResult, last: LastRefresh | None = None, *, dry_run: bool = False) -> list[tuple[str, str]]:
    last = last or add_outcomes(None, NOW, done.outcomes)
    return [(line.label, line.text) for line in refresh_lines(done, last, KNOWN, dry_run=dry_run)]


def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], done: RefreshResult) -> list[str]:
    monkeypatch.setenv("COLUMNS", "80")
    show_lines(refresh_lines(done, add_outcomes(None, NOW, done.outcomes), KNOWN), color=False)
    return capsys.readouterr().out.splitlines()


def test_it_says_what_came_by_test_what_moved_and_who_is_newly_first() -> None:
    outcomes = (Outcome("weirdml", "new"), Outcome("aider", "unchanged"), Outcome("metr", "unchanged"))
    assert lines(RefreshResult(outcomes, CHANGES, LOOKS, 4)) == [
        ("", "New data from 1 of 3 publishers (weirdml); 2 unchanged"),
        ("New scores", "3 on 2 tests: WeirdML 2 and GPQA Diamond 1"),
        ("New models", "2: Kimi K4 and glm-9"),
        ("Changed", "1 score revised, 2 scores gone"),
        ("Private gap", "7.0 → 6.8 months; catch-up time 7.7 → 7.9 months"),
        ("Public gap", "5.5 months, as before"),
        ("Newest day", "28 September 2026 → 28 November 2026"),
        ("Newly first", "Kimi K4 at 85 to 90 % on WeirdML; please review"),
        ("Now", "revision 4: `gapbrief data diff` lists each change, `gapbrief data undo` goes back"),
    ]


def test_a_refresh_without_news_is_two_lines() -> None:
    outcomes = (Outcome("weirdml", "unchanged"), Outcome("aider", "unchanged"))
    assert lines(RefreshResult(outcomes, (), None, None)) == [
        ("", "No new data from 2 publishers; 2 unchanged"), ("Now", "no score or model was changed"),
    ]  # fmt: skip
    assert (
        lines(RefreshResult(outcomes, (), None, None), dry_run=True)[-1][1] == "nothing was changed: this was a dry run"
    )


def test_what_waits_is_told_with_the_command_that_settles_it_also_of_an_earlier_refresh() -> None:
    before = add_outcomes(None, NOW, [Outcome("epoch-hub", "new", findings=(NEW_BOARD, Finding("warn", "odd")))])
    now = [Outcome("epoch-hub", "unchanged"), Outcome("weirdml", "held back", "70 rows twice")]
    waits = lines(RefreshResult(tuple(now), (), None, None), add_outcomes(before, NOW, now))[1:]
    assert waits == [
        (
            "Waits",
            "weirdml is held back: 70 rows twice\n`gapbrief data refresh weirdml --accept` takes it",
        ),
        ("Waits", "OSWorld 2 is new, 16 rows\nto count it: `gapbrief data count osworld private`"),
        ("Remarks", "1 on epoch-hub; `gapbrief data status` lists all"),
        ("Now", "no score or model was changed"),
    ]


def test_publishers_that_fail_alike_are_one_line_without_their_addresses() -> None:
    failed = [
        Outcome(name, "failed", f"{name}: https://{name}.example/a.csv answers with 404; see whether it has moved.")
        for name in ("aider", "helm", "metr")
    ]
    assert lines(RefreshResult(tuple(failed), (), None, None))[:2] == [
        ("", "No new data from 3 publishers; 3 unavailable"),
        ("Unavailable", "aider, helm and metr: answers with 404; see whether it has moved"),
    ]


def test_it_fits_a_screen_whatever_came(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = [
        *(
            Outcome(f"publisher-{n}", "failed", f"publisher-{n}: https://x.example/{n} {'why ' * 40}{n}.")
            for n in range(9)
        ),
        *(Outcome(f"odd-{n}", "held back", "each row is there twice " * 9) for n in range(9)),
        Outcome("weirdml", "new", findings=(Finding("warn", "moved " * 50),) * 30),
    ]
    models = [Change("new model", f"a-model-with-quite-a-long-name-{n}", "", None, "open") for n in range(60)]
    scores = [Change("new score", f"model-{n}", f"test-number-{n} 1", None, 1.0) for n in range(60)]
    rows = shown(monkeypatch, capsys, RefreshResult(tuple(outcomes), (*CHANGES, *models, *scores), LOOKS, 4))
    assert max(map(len, rows)) <= 80
    assert len(rows) <= 32
    usual = RefreshResult(
        (*(outcomes[0:1]), *(outcomes[9:11]), *(Outcome(f"same-{n}", "unchanged") for n in range(14)), outcomes[-1]),
        (*CHANGES, *models, *scores), LOOKS, 4,
    )  # fmt: skip
    assert len(shown(monkeypatch, capsys, usual)) <= 24


def test_a_label_stands_once_before_its_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = (Outcome("a", "held back", "one"), Outcome("b", "held back", "two"))
    assert shown(monkeypatch, capsys, RefreshResult(outcomes, (), None, None)) == [
        "No new data from 2 publishers; 2 held back",
        "Waits   a is held back: one",
        "        `gapbrief data refresh a --accept` takes it",
        "        b is held back: two",
        "        `gapbrief data refresh b --accept` takes it",
        "Now     no score or model was changed",
    ]
