"""Words for the brief of 22 August 2026 that hold, as a good writer would choose them."""

from dataclasses import replace

from core.brief import Bullet, Words

GOOD = Words(
    "{news.open} sets open records on {news.tests}",
    (
        Bullet(
            "{news.open} ({news.open.maker}) came out on {news.day}. It set open records on {news.tests}. It reached"
            " {news.level} on {news.test}, which is a {news.kind} test of {news.asks}. {news.closed}, a closed model"
            " ({news.closed.maker}), got there {news.lag}.",
            "Across the {news.count} since {since}, the typical catch-up took {news.lags}.",
        ),
        Bullet("On private tests, whose questions are kept secret, open models stand {deck.private}, {range.private}."),
        Bullet(
            "On public tests they stand {deck.public}, {range.public}; training towards these can make"
            " {training-to-test.effect}.",
        ),
        Bullet(
            "Is the gap growing? {growing}: on all tests together it is {direction.range} than in {start}."
            " {growing.year}.",
        ),
        Bullet(
            "{wait.closed} came out on {wait.day} and reached {wait.level} on {wait.test}, or {wait.asks}. By"
            " {wait.until}, {wait.age}, {wait.near} had {wait.best}.",
        ),
        Bullet(
            "On private tests open models match {within.6.private} of closed scores within {time.6} and"
            " {within.12.private} within {time.12}. On public tests it is {within.6.public} and {within.12.public}.",
        ),
        Bullet("Still unmatched: {unmatched.private} and {unmatched.public}."),
    ),
    ("open-weights", "private-test", "likely-range"),
    "model test",
)


def changed(number: int, text: str) -> Words:
    """Return the words with another text of a bullet."""
    bullets = list(GOOD.bullets)
    bullets[number] = Bullet(text, bullets[number].remark)
    return replace(GOOD, bullets=tuple(bullets))
