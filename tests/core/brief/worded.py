"""Words for the brief of 22 August 2026 that hold, as a good writer would choose them."""

from dataclasses import replace

from core.brief import Words
from core.brief.bullets import Draft

GOOD = Words(
    "Open models: private tests {title.private}, public {title.public.short}",
    (
        Draft(
            "{news.open}, out on {news.day}, is the first open model to solve {news.level} of {news.test}, which is a"
            " {news.kind} test. {news.closed}, a closed model, got there {news.lag}.",
            0,
            "In all, {news.count} came since {since}, {news.lags}.",
        ),
        Draft(
            "The gap is {about.private}, whose questions are kept secret: {range.private}.",
            0,
        ),
        Draft(
            "The gap is {about.public}, which developers can train towards, {range.public}. Such training can make"
            " {training-to-test.effect}.",
            0,
        ),
        Draft(
            "Which way the gap went since {start}, nobody can tell. The ranges: {change.private.range}. And"
            " {change.public.range}.",
            0,
        ),
        Draft(
            "{wait.closed} came out on {wait.day} and reached {wait.level} on {wait.test}. Up to {wait.until},"
            " {wait.age}, no open model tried there has matched that.",
            0,
        ),
        Draft(
            "{vendors.arc} {vendors.arc.share} of private catch-up time. AI labs may see the questions during tests."
            " {vendors.frontiermath} {vendors.frontiermath.share} of private catch-up time. OpenAI funded it and has"
            " seen questions from it. Both can make {vendor-access.effect}.",
            0,
        ),
        Draft(
            "To watch next: the closed models that reached {older} on {older.access} tests.",
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
