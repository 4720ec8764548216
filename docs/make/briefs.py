"""docs/briefs.md, eight briefs beside the seed, and the goldens: `python -m docs.make.briefs --write`."""

import sys
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from core.brief import Brief, compose, gather
from core.brief.brief import MOST_NUMBERS, MOST_WORDS
from core.brief.prose import count_numbers, count_words, reading_ease
from core.brief.verdicts import verdict_of
from core.evidence.evidence import Evidence, load
from core.gap.parameters import DEFAULT
from core.words import day
from docs.make.pages import ROOT, shipped

PAGE = ROOT / "docs" / "briefs.md"
GOLDEN = ROOT / "tests" / "core" / "brief" / "monthly.md"
"""The briefs of 24 months, as the archive writes them; each was read aloud before it was accepted."""
WRITTEN_ON = date(2026, 11, 25)
MONTHLY = (date(2024, 6, 30), date(2025, 1, 31), date(2025, 8, 31), date(2026, 1, 31), date(2026, 5, 22), WRITTEN_ON)
REPLAYED = (date(2026, 6, 12), date(2026, 8, 17))
"""Days of docs/replay.md: written with what was known on them, after a brief of a week before."""
MONTHS = 24
LAST_MONTH = date(2026, 8, 31)
HEAD = """# Eight briefs

Written by `python -m docs.make.briefs --write`, and held to the code by a test. {monthly}
are monthly briefs by the data of today; {replayed} are days of [the replay](replay.md): weekly briefs by
what was known then.

## Beside the seed

The seed was a one-minute news brief of the study. Its parts, and where they are now:

| the seed | now |
|---|---|
| category, source, reading time ("Research · 8h ago", "1 min brief") | the line above the title, with the brief's day |
| a headline that is the finding | a title that is the event: who took records, or the verdict that changed |
| | a deck: what the title means, in dates, with what open, closed and private are |
| eight bullets of one idea each, one nested remark | at most seven bullets, each opening by its role; no remarks |
| finding, basis, split, trend, meaning, question | the result, is that wait typical, overall, is the gap growing, |
| | in plain terms, a caution, to watch |
| 17 benchmarks, public and private | a test says its kind and what it asks where it is named first |
| overall 4 to 10 months; private 8 to 10, public 4 to 6 | *Overall*: private first, each with its likely range |
| widening since January 2025 | *Is the gap growing?*; a verdict that changed is the title |
| two terms of two sentences each | two terms that stand in the text, by the glossary |
| "Read full story at LessWrong" | the evidence (the brief's page) and the method, in the foot |
| "More briefs" | earlier ones by title and day, linked where they have a page |

Counted from the title to the last bullet; digits inside names are no numbers, numbers in words are. Brackets are
around ranges alone.

| brief | words | numbers | bullets | brackets | Flesch |
|---|--:|--:|--:|--:|--:|
| the seed | 201 | 8 | 8 | 0 | |
| at most | {most_words} | {most_numbers} | 7 | | 65 or more |
"""


def briefs(evidence: Evidence) -> Iterator[Brief]:
    """Write the briefs of the page, the earliest first."""
    for published in sorted((*MONTHLY, *REPLAYED)):
        if published in REPLAYED:
            before = date.fromordinal(published.toordinal() - 7)
            yield compose(gather(evidence.as_known_by(published), published, before, published, known=before))
        else:
            yield compose(gather(evidence, published, None, WRITTEN_ON))


def monthly_briefs(evidence: Evidence) -> Iterator[Brief]:
    """Write the briefs of the last months, each after the one before it, as the monthly archive does."""
    ends = [LAST_MONTH]
    while len(ends) <= MONTHS:
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    stated = None
    for before, published in zip(ends[:0:-1], ends[-2::-1], strict=True):
        brief = compose(gather(evidence, published, before, WRITTEN_ON, stated))
        stated = verdict_of(brief.facts, DEFAULT.name)
        yield brief


def page(evidence: Evidence) -> str:
    """Write the whole page."""
    lists = {key: ", ".join(map(day, days)) for key, days in (("monthly", MONTHLY), ("replayed", REPLAYED))}
    written = list(briefs(evidence))
    head = HEAD.format(**lists, most_words=MOST_WORDS, most_numbers=MOST_NUMBERS)
    return head + "".join(map(_row, written)) + "".join(map(_section, written))


def golden(written: Iterable[Brief]) -> str:
    """Write briefs as the goldens keep them."""
    return "\n".join(_section(brief) + f"\n{brief.foot}\n" for brief in written).lstrip("\n")


def _counts(brief: Brief) -> tuple[int, int, int, int, int]:
    text = "\n".join((brief.deck, *brief.texts))
    names = [fact.shown for fact in brief.facts if fact.kind == "name"]
    ease = round(reading_ease(" ".join(brief.texts[1:])))
    return count_words(text), count_numbers(text, names), len(brief.bullets), text.count("("), ease


def _row(brief: Brief) -> str:
    return f"| {day(brief.published)} | {' | '.join(map(str, _counts(brief)))} |\n"


def _section(brief: Brief) -> str:
    lines = [
        f"\n## {day(brief.published)}\n",
        f"**{brief.title}**\n",
        f"*{brief.deck}*\n",
        *(f"- {bullet.text}" for bullet in brief.bullets),
        f"\nTerms: {', '.join(term.term for term in brief.terms)}.\n",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    with shipped() as store:
        records = load(store)
    known = records.known_by(records.last_known)
    texts = {PAGE: page(known), GOLDEN: golden(monthly_briefs(known))}
    for path, text in texts.items():
        if "--write" in sys.argv:
            path.write_text(text, encoding="utf-8")
        else:
            print(text)
