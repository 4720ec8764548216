"""The line under a worded answer that says what its figures rest on; written by code alone."""

from collections.abc import Sequence
from datetime import date

from bot.assistant.offer import Offer
from core import grounding
from core.answer import Answer
from core.words import CLASSES, count, day, listed

_MOST_PUBLISHERS = 3


def figures(offers: Sequence[Offer], template: str, understood: Sequence[str] = ()) -> str:
    """Return a line for each answer that a text with slots speaks of: results, day, sources, estimator.

    The range of a figure stands in it where the text gives the figure without. Of several answers each line begins
    with how it was `understood`.
    """
    said = set(grounding.slots(template))
    lines = [_line(each, {key.removeprefix(f"{each.prefix}.") for key in said}) for each in offers]
    if len(set(lines)) > 1:
        lines = [f"{about}: {line}" for about, line in zip(understood, lines, strict=True)]
    return "\n".join(dict.fromkeys(lines))


def _line(offer: Offer, said: set[str]) -> str:
    answer = offer.answer
    parts = [part for access in CLASSES if (part := _basis(answer, access, said))]
    parts.append(f"as of {day(date.fromisoformat(answer.as_of))}")
    parts += [f"newest complete data {fact.shown}" for fact in answer.facts if fact.key == "data.age"]
    publishers = list(
        dict.fromkeys(name for source in answer.sources for name in str(source["publisher"]).split(" and "))
    )
    if publishers:
        parts.append(f"data: {listed(publishers, most=_MOST_PUBLISHERS)}")
    return " · ".join([*parts, *([answer.method] if answer.method else [])])


def _basis(answer: Answer, access: str, said: set[str]) -> str:
    """Write what a class of tests' figures rest on, "" where the text gives none of them."""
    facts = {fact.key: fact for fact in answer.facts}
    if not any(access in key.split(".") for key in said):
        return ""
    spread, basis = facts.get(f"range.{access}"), facts.get(f"basis.{access}")
    parts = []
    if spread and spread.key not in said and {f"gap.{access}", f"about.{access}"} & said:
        parts.append(spread.shown)
    if basis:
        parts.append(basis.shown)
    else:
        results = [fact.value for fact in facts.values() if fact.unit == "results" and access in fact.key.split(".")]
        total = sum(int(value) for value in results if isinstance(value, int | float))
        parts += [count(total, "result")] if total else []
    of_class = basis is None or basis.subject.endswith("tests")  # one test alone is in the text
    return f"{f'{access} tests: ' if of_class else ''}{', '.join(parts)}" if parts else ""
