"""Who holds a best score: only the model that a fact calls the best one of its side, or the better of both."""

from collections.abc import Iterator

from core.grounding import claim_words as said
from core.grounding.profiles import Known
from core.grounding.reading import Mark, Reading, Span
from core.grounding.violation import Violation


def holders(reading: Reading, known: Known) -> Iterator[Violation]:
    """Yield models that are said to hold a best score and are not the best by the facts."""
    best = _best(known)
    if "" not in best:
        return
    for mark in reading.marks:
        if mark.kind != "name" or mark.values & known.boards or not mark.values & set(known.sides):
            continue
        sentence = reading.sentence_at(mark.start)
        side = _held_side(reading, sentence, mark)
        if side is None and _is_beaten(reading, sentence, mark, best[""]):
            side = ""
        if side is not None and not mark.values & best[side]:
            name = reading.text[mark.start : mark.end]
            whose = f"best {side} score" if side else "best score"
            yield Violation("role", name, f"“{name}” does not hold the {whose} by the facts.")


def _best(known: Known) -> dict[str, frozenset[str]]:
    """Return the names of the best open and the best closed model, and of the better of both under ""."""
    names: dict[str, frozenset[str]] = {}
    scores: dict[str, float] = {}
    for each in known.profiles:
        for side in ("open", "closed"):
            if each.fact.key == f"best.{side}":
                names[side] = each.names - known.boards
            elif each.fact.key == f"best.{side}.score" and isinstance(each.fact.value, int | float):
                scores.setdefault(side, float(each.fact.value))
    if len(names) == len(scores) == 2:
        names[""] = names[max(scores, key=lambda side: scores[side])]
    return names


def _held_side(reading: Reading, sentence: Span, mark: Mark) -> str | None:
    """Return of which side a name is said to hold the best score, empty for either, None where that is not said."""
    before, after = reading.bare[sentence.start : mark.start], reading.bare[mark.end : sentence.end]
    held = said.HELD_BY.search(before) or said.HOLDER_IS.search(before) or said.BEST_OF_ALL.search(before)
    if held:
        return _side(before[max(0, held.start() - len("the best closed ")) :])
    holds = said.HOLDS.match(after)
    if not holds or before.rstrip().lower().endswith(("than", "of", "before", "after", "by")):
        return None
    return _side(after[: holds.end() + len(" closed models")])


def _is_beaten(reading: Reading, sentence: Span, mark: Mark, best: frozenset[str]) -> bool:
    """Whether a name is said to have beaten the best of all: "GPT-5.5's 85 % was topped by …"."""
    before = [each for each in reading.marks if sentence.start <= each.start < mark.start]
    return any(each.values & best for each in before) and bool(
        said.BEATEN_BY.search(reading.bare[sentence.start : mark.start])
    )


def _side(words: str) -> str:
    found = said.SIDE_OF_BEST.search(words)
    return (found.lastgroup or "") if found else ""
