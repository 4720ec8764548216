"""What gapbrief would have reported from 30 April to 22 August 2026: `pytest -m bench -s docs/make/replay.py`.

It plays the days of a folder of publishers' files, REPLAY, and writes the log of all that was reported to LOG, by
default `docs/replay.md`. A quarter of an hour.
"""

import gzip
import os
import resource
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.refresh import refreshing
from bot.refresh.refreshing import RefreshResult
from bot.state.database import open_state
from core.brief import Brief
from core.evidence.curated import read_curated as read_curated
from core.evidence.importers import IMPORTERS
from core.evidence.importers.rows import FileContent
from core.refresh.snapshot_checks import check_snapshot
from core.words import day
from tests.bot.refresh.life import EPOCH, Life, Lived, as_known, lenient, life, missing, played
from tests.conftest import ROOT

FOLDER = Path(os.environ.get("REPLAY", ROOT.parent / "shared" / "sources" / "replay"))
LOG = Path(os.environ.get("LOG", ROOT / "docs" / "replay.md"))
BEGAN, ENDS = date(2026, 4, 30), date(2026, 8, 22)
TOLD_FINDINGS = 4
SLOWER = 4.0
"""How many times as long as its first days' a refresh may take at the end."""


def boards() -> dict[date, bytes]:
    """The stored states of WeirdML's board, by day."""
    paths = sorted((FOLDER / "weirdml_v2").iterdir())
    return {date.fromisoformat(path.name.removesuffix(".csv.gz")): gzip.decompress(path.read_bytes()) for path in paths}


@pytest.mark.bench
def test_each_state_of_weirdml_is_read_and_held_against_the_last(tmp_path: Path) -> None:
    units, stops = read_curated(ROOT / "data" / "curated").units, []
    last: list[tuple[str, FileContent]] = []
    for state_day, body in boards().items():
        path = tmp_path / "weirdml_data.csv"
        path.write_bytes(body)
        files = [(path.name, IMPORTERS["weirdml"](path))]
        assert files[0][1].scores
        stops += [
            (state_day, finding.what) for finding in check_snapshot(files, last, units) if finding.level == "stop"
        ]
        last = files
    assert stops == []


@pytest.mark.bench
def test_what_would_have_been_told(tmp_path: Path) -> None:
    as_known(BEGAN, tmp_path / "shipped")
    weirdml, epoch = boards(), played(FOLDER / "changes.csv", FOLDER / f"base_{BEGAN}.csv", BEGAN)
    publishers = [lenient(refreshing.known_publishers()["weirdml"], 100), EPOCH]
    with (
        closing(open_state(f"sqlite:///{tmp_path / 'state.db'}")) as state,
        life(tmp_path, state, publishers, tmp_path / "shipped") as bot,
    ):
        seconds = []
        before = LOG.read_text("utf-8").partition(HEAD.partition("\n")[0])[0] if LOG.exists() else ""
        LOG.write_text(before + HEAD, encoding="utf-8")
        begins = max(state_day for state_day in weirdml if state_day < BEGAN)
        bot.publishers = publishers[:1]
        bot.live(begins, {"weirdml": weirdml[begins]})
        bot.publishers = publishers
        for today in (BEGAN + timedelta(number) for number in range((ENDS - BEGAN).days + 1)):
            began = _cpu()
            served = (("epoch-daily", epoch), ("weirdml", weirdml))
            lived = bot.live(today, {name: files[today] for name, files in served if today in files})
            seconds.append(_cpu() - began)
            with LOG.open("a", encoding="utf-8") as file:
                file.write("".join(f"{line}\n" for line in write_day(lived)))
            print(today, f"{seconds[-1]:.2f} s", len(lived.done.changes), flush=True)
        differences = [*_differences(bot, (weirdml[max(weirdml)], epoch[max(epoch)]))]
        print(*differences, sep="\n")
        with LOG.open("a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in ["", "## In the end", "", *differences]))
    assert not [
        outcome for lived in bot.days for outcome in lived.done.outcomes if outcome.state in ("failed", "held back")
    ]
    titles = Counter(milestone.title for lived in bot.days for milestone in lived.milestones)
    assert [title for title, number in titles.items() if number > 1] == []
    assert sum(seconds[-5:]) < SLOWER * sum(seconds[2:7])


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


HEAD = """## What gapbrief would have reported, 30 April to 22 August 2026

Written by `pytest -m bench docs/make/replay.py`, which plays real days through `data refresh`, milestones and weekly
briefs: Epoch AI's scores of the day (with METR's) and WeirdML's board, on data that knew nothing later than April.
Who is open is said by Epoch's index of 19 April and by the day's file (a third party's word); models have the names
that these sources had then. Nothing is said of days without a change.
"""


def write_day(lived: Lived) -> Iterator[str]:
    """Write what a day brought."""
    lines = [*_refreshed(lived.done), *(line for milestone in lived.milestones for line in _milestone(milestone))]
    if lived.brief:
        lines += _brief(lived.brief, has_news=lived.has_news)
    if lines:
        yield from ("", f"## {day(lived.day)}", "", *lines)


def _refreshed(done: RefreshResult) -> Iterator[str]:
    for outcome in done.outcomes:
        if outcome.state != "unchanged":
            more = len(outcome.findings) - TOLD_FINDINGS
            texts = [finding.what for finding in outcome.findings[:TOLD_FINDINGS]] + [f"and {more} more"] * (more > 0)
            yield f"- {outcome.series}: {outcome.state}{f' ({outcome.why})' if outcome.why else ''}" + (
                f"; {'; '.join(texts)}" if texts else ""
            )
    kinds = Counter(change.kind for change in done.changes)
    if kinds:
        yield f"- {', '.join(f'{kind}: {number}' for kind, number in kinds.items())}"
    for effect in done.effects.figures if done.effects else ():
        if f"{effect.before or 0:.1f}" != f"{effect.after or 0:.1f}":
            yield f"- {effect.measure}, {effect.access}: {effect.before or 0:.1f} to {effect.after or 0:.1f} months"


def _milestone(brief: Brief) -> Iterator[str]:
    yield from ("", f"**{brief.title}**", "", *(f"- {' '.join(bullet.parts)}" for bullet in brief.bullets[:1]))


def _brief(brief: Brief, *, has_news: bool) -> Iterator[str]:
    kind = "Weekly brief" if has_news else "Weekly brief, without news"
    yield from ("", f"### {kind}: {brief.title}", "", brief.deck, "")
    yield from (f"- {' '.join(bullet.parts)}" for bullet in brief.bullets)
    yield from ("", brief.foot)


def _differences(bot: Life, last: tuple[bytes, bytes]) -> Iterator[str]:
    """Say of each publisher's last file whether the store holds it, and why it holds more."""
    for publisher, body in zip(bot.publishers, last, strict=True):
        absent, others = missing(bot, publisher, body)
        number = body.count(b"\n") - 1
        n_there = f"{number - len(absent):,} of the {number:,}"
        yield f"- {publisher.declared.title}: {n_there} rows of the last file stand in the store."
        yield from (f"  - not there: {absent_row}" for absent_row in absent)
        for (source, is_gone), count in sorted(Counter((row[6].rsplit("-", 3)[0], row[5]) for row in others).items()):
            why = "its publisher lists it no more, and nothing in its place" if is_gone else "another source has it"
            yield f"  - {count:,} more of {source} on these boards: {why}"
