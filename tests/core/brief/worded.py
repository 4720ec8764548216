"""Words for the brief of 22 August 2026 that hold, as a good writer would choose them."""

from dataclasses import replace

from core.brief import Words
from core.brief.bullets import Draft

GOOD = Words(
    "Open models: private tests {title.private}, public {title.public.short} ({title.public.month})",
    (
        Draft(
            "{news.open}, out on {news.day}, is the first open model to solve {news.level} of {news.test}, which is a"
            " {news.kind} test. {news.closed}, a closed model, did so {news.lag}.",
            0,
            "Only {news.doubt}.",
        ),
        Draft(
            "On private tests, nobody can study the questions in advance. There, open-weights models {stand.private},"
            " {likely.private}.",
            0,
        ),
        Draft(
            "On public tests, {size.public}, {likely.public}. Developers can train towards such tests, and this can"
            " make {training-to-test.effect}.",
            0,
        ),
        Draft(
            "Since {since}, no change is certain. The private figure moved by {little.private}; the true change is"
            " {move.private}.",
            0,
        ),
        Draft(
            "{wait.closed} came out on {wait.day} and reached {wait.level} on {wait.test}. No open model tried there"
            " had matched that by {wait.until}, {wait.age}.",
            0,
        ),
        Draft(
            "Labs may see the questions of some tests: {vendors.arc} {vendors.arc.share} of the private figure. That"
            " can make {vendor-access.effect}.",
            0,
        ),
        Draft(
            "To watch: closed models set {older} on {older.access} tests longer ago than the gap, and none is matched."
            " A match would push it up.",
            0,
        ),
    ),
    ("open-weights", "private-test", "likely-range"),
    "model test",
)


def changed(number: int, text: str) -> Words:
    """Return the words with another text of a bullet."""
    bullets = list(GOOD.bullets)
    bullets[number] = Draft(text, 0, bullets[number].remark)
    return replace(GOOD, bullets=tuple(bullets))
