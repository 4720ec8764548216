"""Words for the brief of 22 August 2026 that hold, as a good writer would choose them."""

from dataclasses import replace

from core.brief import Bullet, Words

GOOD = Words(
    "{news.open} takes {records} open records",
    (
        Bullet("{news.open.from} released {news.open} on {news.open.day}. It set open records on {records.tests}."),
        Bullet(
            "Its sharpest result is {news.open.level} on {news.open.test}, {news.open.what}. {first}, {first.whose}"
            " closed model, got there {first.lag}."
        ),
        Bullet(
            "On private tests open models {deck.private} ({range.private}). Public tests say {deck.public}"
            " ({range.public}), {training-to-test}."
        ),
        Bullet(
            "Is the gap growing? {growing}: across {tests} it is {change} than in {start}. Over the past year it is"
            " {year.unsure}."
        ),
        Bullet("{watch.whose} {watch} reached {watch.level} on {watch.test}, {watch.what}, {watch.month}."),
        Bullet(
            "Patience pays: open models match {within.6} of closed scores on {within} within {time.6}, and {within.12}"
            " within {time.12}."
        ),
    ),
    ("open-weights", "likely-range"),
    "model test",
)


def changed(number: int, text: str) -> Words:
    """Return the words with another text of a bullet."""
    bullets = list(GOOD.bullets)
    bullets[number] = Bullet(text)
    return replace(GOOD, bullets=tuple(bullets))
