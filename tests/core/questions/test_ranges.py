"""What `trust` says of ranges and of wrong readings is what the judge found: docs/validation.md."""

import pytest

from core.questions.trust import WHERE, WORST_LINE, Verdict, parse_page, read_verdicts, world_facts
from core.text import render_known
from core.validation.worlds import DESIGNS


def test_every_world_of_the_judge_has_words_and_a_verdict() -> None:
    assert {*WHERE} == {*DESIGNS} == {*read_verdicts()}
    for verdict in read_verdicts().values():
        assert verdict.trust in ("yes", "with care", "no")
        assert verdict.held is None or 0 < verdict.held <= 100


PAGE_AS_WRITTEN = """# What the figures do

## May the headline be trusted?

Words before the table.

- **Yes**: a rule.

| World | Trust it? | The headline is | Ranges hold |
|---|---|---|---:|
| equal testing | yes | right on average | 90 % |
| 42/10 | yes | too large by 0.5 months | 90 % |
| open stands still | no | too small by 2.1 months | 60 % |
| contamination | no | too small by 2.8 months | 20 % |
| few open models | with care | too large by 1.4 months | 80 % |
| early ends | with care | right on average | 80 % |
| two live boards | no | not given | – |
| 8 boards | with care | right on average | 84 % |
"""


def test_the_page_is_read_by_the_names_of_its_columns() -> None:
    verdicts = parse_page(PAGE_AS_WRITTEN)
    assert verdicts["equal testing"] == Verdict("yes", 0.0, 90)
    assert verdicts["few open models"] == Verdict("with care", 1.4, 80)
    assert verdicts["contamination"] == Verdict("no", -2.8, 20)
    assert verdicts["two live boards"] == Verdict("no", None, None)
    with pytest.raises(ValueError, match="no table under May the headline be trusted"):
        parse_page(PAGE_AS_WRITTEN.replace("May the headline", "Other"))


def test_the_worst_worlds_are_told_with_the_sign_of_the_error() -> None:
    [line] = render_known([WORST_LINE], world_facts(parse_page(PAGE_AS_WRITTEN)))
    assert line.text == (
        "the gap reads 2.8 months too small where training aims at tests; 2.1 too small where open models stand still;"
        " 1.4 too large where few open models come out"
    )


def test_worlds_in_which_ranges_hold_too_seldom_are_named_the_worst_first() -> None:
    facts = {fact.key: fact.shown for fact in world_facts(parse_page(PAGE_AS_WRITTEN))}
    assert facts["level"] == "90 %"
    assert facts["held"] == "90 %"
    assert facts["held.less"] == (
        "in 20 % where training aims at tests, in 60 % where open models stand still, in 80 % where half of the tests"
        " have ended and in less than 85 % in 2 other worlds"
    )
