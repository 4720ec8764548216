"""How a brief must read: nothing too long, too hard, hollow or repeated."""

import re

import pytest
import textstat

from core.brief.prose import Form, find_faults, reading_ease
from tests.core.brief.conftest import GOLDEN_DAYS, Write

FORM = Form(5, 40, 1, 3, 6, 60.0)
GOOD = "Open models came out in May. They match closed ones on two tests."


def wrong(*bullets: str, title: str = "Open models match two tests", form: Form = FORM) -> list[str]:
    return list(find_faults(title, bullets, form))


def test_a_text_that_reads_well_has_no_fault() -> None:
    assert wrong(GOOD) == []


@pytest.mark.parametrize(
    ("bullets", "message"),
    [
        ([], "There are 0 bullets; write 1 to 3."),
        (["One.", "Two is here.", "Three it is.", "Four we have."], "There are 4 bullets; write 1 to 3."),
        (["Too short."], "make them longer: 5 to 40."),
        (["We all go on and on. " * 8], "make them shorter: 5 to 40."),
        (["It goes " + "on and " * 15 + "on."], "A sentence has more than 25 words; split it:"),
        (["Institutional organisational methodologies necessitate considerable consideration."], "hard to read"),
        ([f"{GOOD} It underscores that."], '"underscores" says nothing to a newcomer'),
        ([f"{GOOD} It is open-source."], '"open-source" is not what is meant; write open weights'),
        ([f"{GOOD} See https://example.org now."], '"https:" is an address or a mark'),
        ([f"{GOOD} See example.com now."], '"example.com" is an address or a mark'),
        ([f"{GOOD} It is **big**."], '"*" is an address or a mark'),
        ([f"{GOOD} Ask @everyone."], '"@" is an address or a mark'),
        ([f"{GOOD} It is 8 ± 1."], '"±" says nothing'),
        ([GOOD, f"{GOOD} Now."], "Two parts say the same; drop one"),
    ],
)
def test_what_reads_badly_is_named(bullets: list[str], message: str) -> None:
    assert any(message in fault for fault in wrong(*bullets))


def test_what_is_quoted_may_say_open_source() -> None:
    assert wrong("“Open source has won,” said the firm in May. It did so on two tests.") == []


@pytest.mark.parametrize("title", ["", "One two three four five six seven"])
def test_a_title_has_a_length(title: str) -> None:
    assert any("The title has" in fault for fault in wrong(GOOD, title=title))


@pytest.mark.parametrize("name", GOLDEN_DAYS)
def test_reading_ease_is_that_of_the_measure_in_use(shipped: Write, name: str) -> None:
    """Our count of syllables is a rule of thumb: within eight points of a dictionary's, and rather stricter."""
    brief = shipped(GOLDEN_DAYS[name])
    text = re.sub(r"(\d)\.(\d)", r"\1\2", " ".join(brief.texts[1:]))  # so that a decimal point ends no sentence
    assert -6 < reading_ease(text) - textstat.flesch_reading_ease(text) < 1


def test_no_text_is_no_easy_text() -> None:
    assert reading_ease("") == 0.0
