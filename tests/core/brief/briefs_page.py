"""docs/briefs.md, eight briefs beside the first edition's: `python -m tests.core.brief.briefs_page --write`."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from core.brief import Brief, compose, gather
from core.brief.prose import reading_ease
from core.evidence.evidence import Evidence, load
from core.store.store import open_store
from core.words import day
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "briefs.md"
FIRST_EDITION = Path(__file__).with_name("first_edition")
"""What the first edition (0.2, on the data of then) wrote on these days, as it stood there: title and bullets."""
WRITTEN_ON = date(2026, 11, 25)
MONTHLY = (date(2024, 6, 30), date(2025, 1, 31), date(2025, 8, 31), date(2026, 1, 31), date(2026, 5, 22), WRITTEN_ON)
REPLAYED = (date(2026, 6, 12), date(2026, 8, 17))
"""Days of docs/replay.md: written with what was known on them, after a brief of a week before."""
HEAD = """# Eight briefs

Written by `python -m tests.core.brief.briefs_page --write`, and held to the code by a test. Under each brief stands
what the first edition of gapbrief wrote for the same day. {monthly}
are monthly briefs by the data of today; {replayed} are days of [the replay](replay.md):
weekly briefs by what was known then.

## Beside the seed

The seed was a one-minute news brief of the study. Its parts, and where they are now:

| the seed | now |
|---|---|
| category, source, reading time ("LessWrong · 1 min brief") | the line above the title, with the brief's day |
| a headline that is a finding | a title: who set a record, or the verdict that changed, and a verb |
| | a deck: both figures with their ranges, and up to which month |
| eight bullets, one with a nested remark | up to eight, remarks below theirs; five in a quiet time |
| 17 benchmarks, public and private | each test says its kind and what it asks, where it is named first |
| overall 4 to 10 months | none: private and public tests are never merged |
| private 8 to 10, public 4 to 6 | both figures of the day, with their likely ranges |
| widening since January 2025 | said where the interval leaves no doubt; a verdict that changed is the title |
| two terms with definitions | two terms that this text uses, by the glossary |
| "Read full story at LessWrong" | "Evidence: this brief's page", and after whom the method is |
| "More briefs" | earlier ones by title and day, linked where they have a page |
"""


def briefs(evidence: Evidence) -> Iterator[Brief]:
    """Write the briefs, the earliest first."""
    for published in sorted((*MONTHLY, *REPLAYED)):
        if published in REPLAYED:
            before = date.fromordinal(published.toordinal() - 7)
            yield compose(gather(evidence.as_known_by(published), published, before, published, known=before))
        else:
            yield compose(gather(evidence, published, None, WRITTEN_ON))


def page(evidence: Evidence) -> str:
    """Write the whole page."""
    lists = {key: ", ".join(map(day, days)) for key, days in (("monthly", MONTHLY), ("replayed", REPLAYED))}
    return HEAD.format(**lists) + "".join(map(_section, briefs(evidence)))


def _section(brief: Brief) -> str:
    text = " ".join(brief.texts[1:])
    first = (FIRST_EDITION / f"{brief.published}.md").read_text(encoding="utf-8")
    lines = [
        f"\n## {day(brief.published)}\n",
        f"**{brief.title}**\n",
        f"{brief.deck}\n",
        *(f"{'  ' * number}- {part}" for bullet in brief.bullets for number, part in enumerate(bullet.parts)),
        f"\nTerms: {', '.join(term.term for term in brief.terms)}.",
        f"{len(text.split())} words, Flesch {reading_ease(text):.0f}.\n",
        f"<details><summary>The first edition</summary>\n\n{first}\n</details>\n",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    with TemporaryDirectory() as folder, open_store(Path(folder) / "evidence.db", ROOT / "data") as store:
        records = load(store)
    written = page(records.known_by(records.last_known))
    if "--write" in sys.argv:
        PAGE.write_text(written, encoding="utf-8")
    else:
        print(written)
