"""Two groups of models, or two models, held against each other on the tests that both took (E12)."""

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Answer, details
from core.errors import UsageError
from core.gap.parameters import DEFAULT
from core.questions import comparison_charts, comparison_tables, selection
from core.questions.head_to_head_wording import head_to_head_lines
from core.questions.result import as_json
from core.questions.shared_facts import board_key, index_facts, index_line, iso, on_index
from core.words import CLASSES, day, tests_of

if TYPE_CHECKING:
    from core.evidence.evidence import BoolArray, Evidence
    from core.gap.head_to_head import Best, Levels, Meeting, Verdict
    from core.gap.model_index import ModelIndex
    from core.questions.question import Question
    from core.questions.sides import Side

_PLACES = ("left", "right")
_TOLD = "levels and tests are counted, and their mean has no range"
"""Why the months between two sides have no interval."""


def answer_models(
    question: "Question", evidence: "Evidence", sides: "tuple[Side, Side]", of: tuple[str | None, str | None],
    as_of: date,
) -> Answer:  # fmt: skip
    """Hold the open models of two countries, labs or sizes, or two models, against each other.

    `of` are the access class and the domain of the tests, None for any. Raises UsageError where a side is on no test,
    and where a model is on both sides.
    """
    from core.gap.head_to_head import head_to_head, verdict

    access, domain = of
    counted = selection.boards(evidence, None, access, domain)
    selection.check_first(evidence, counted, as_of)
    left, right = (_members(evidence, side, as_of) for side in sides)
    if (left & right).any():
        whose = [side.whose(evidence) for side in sides]
        raise UsageError(f"{whose[0]} and {whose[1]} models are partly the same; compare two that share none.")
    since = _since(sides, as_of)
    known = [
        number
        for number, board in enumerate(evidence.boards)
        if access in (None, board.access) and domain in (None, board.domain)
    ]
    met = head_to_head(evidence, known, as_of.toordinal(), left, right, since)
    _check_taken(evidence, sides, met, of, as_of)
    headline = [each for each in met if each.board in counted]
    others = [each for each in met if each.board not in counted and each.is_shared]
    by_class = {
        name: [each for each in headline if evidence.boards[each.board].access == name]
        for name in CLASSES
        if access in (None, name)
    }
    verdicts = {name: verdict(of_class) for name, of_class in by_class.items()}
    unsized = _unsized(evidence, met, as_of) if "size" in sides[0].kind + sides[1].kind else 0
    are_closed = not evidence.model_is_open[left | right].any()
    lines, facts = head_to_head_lines(evidence, sides, by_class, verdicts, others, since, unsized, are_closed)
    placed = {} if domain else _on_index(evidence, sides, access, as_of)  # the index is of all tests
    on_scale = index_line(placed)
    lines[1:1] = details(on_scale) if any(each.is_shared for each in headline) else on_scale
    for place, side in zip(_PLACES, sides, strict=True):
        if place in placed:
            model = evidence.models[selection.comparable(evidence, side.key, as_of)]
            facts += index_facts(model, placed[place], f"{place}.")
    rows = [_row(evidence, meeting) for meeting in (*headline, *others)]
    names = [side.label(evidence) for side in sides]
    boards = [meeting.board for meeting in (*headline, *others)]
    answer = selection.answered(
        question, evidence, as_of, lines, facts, tables=comparison_tables.tables_of_meetings(rows, names, are_closed),
        data={
            **{place: {"kind": side.kind, "id": side.key, "name": name}
               for place, side, name in zip(_PLACES, sides, names, strict=True)},
            "comparisons": [_comparison(name, by_class[name], verdicts[name], since) for name in by_class],
            "tests": rows,
            "index": {
                name: {place: as_json(classes.get(name)) for place, classes in placed.items()}
                for name in (by_class if placed else ())
            },
        },
        boards=boards, parameters=DEFAULT,
    )  # fmt: skip
    return comparison_charts.titled(
        answer, comparison_charts.chart_meetings(rows, names, are_closed, selection.foot(evidence, boards, as_of))
    )


def _on_index(
    evidence: "Evidence", sides: "tuple[Side, Side]", access: str | None, as_of: date
) -> "dict[str, dict[str, ModelIndex]]":
    """Place the sides that are models on the index of each class."""
    placed = {}
    for place, side in zip(_PLACES, sides, strict=True):
        if side.kind == "model":
            of_class = on_index(evidence, selection.comparable(evidence, side.key, as_of), as_of)
            placed[place] = {name: each for name, each in of_class.items() if access in (None, name)}
    return placed


def _members(evidence: "Evidence", side: "Side", as_of: date) -> "BoolArray":
    """Return a flag per model of the side; a single model must be one that can be compared on the day."""
    if side.kind == "model":
        selection.comparable(evidence, side.key, as_of)
    return side.members(evidence)


def _unsized(evidence: "Evidence", met: "tuple[Meeting, ...]", as_of: date) -> int:
    """Count the open models with a score on the tests whose size is not known; they are on no side."""
    import numpy as np

    on = np.isin(evidence.board, [each.board for each in met]) & (evidence.day <= as_of.toordinal())
    models = [evidence.models[number] for number in np.unique(evidence.model[on]).tolist()]
    return sum(model.is_open and model.parameters_b is None for model in models)


def _since(sides: "tuple[Side, Side]", as_of: date) -> int:
    """Return the day from which levels of two groups are counted; a model reaches all its levels on one day."""
    since = DEFAULT.since
    return since.toordinal() if as_of > since and any(side.kind != "model" for side in sides) else 0


def _check_taken(
    evidence: "Evidence", sides: "tuple[Side, Side]", met: "tuple[Meeting, ...]", of: tuple[str | None, str | None],
    as_of: date,
) -> None:  # fmt: skip
    """Raise UsageError where a side is on none of the tests."""
    for place, side in zip(_PLACES, sides, strict=True):
        if not any(getattr(each, place) for each in met):
            access, domain = of
            tests = " ".join(filter(None, (access, tests_of(domain).removesuffix("s") if domain else "test")))
            who = side.label(evidence) if side.kind == "model" else f"None of {side.whose(evidence)} open models"
            verb = "has no score" if side.kind == "model" else "has a score"
            raise UsageError(f"{who} {verb} on a {tests} by {day(as_of)}; compare others, or two models.")


# ---- as data


def _row(evidence: "Evidence", meeting: "Meeting") -> dict[str, Any]:
    """Return a test with both sides' best scores and their months behind; None where a side is not on it."""
    board = evidence.boards[meeting.board]
    apart = meeting.months_apart
    return {
        **board_key(board), "name": board.name, "access": board.access, "headline": board.headline,
        "family": board.family, "at": iso(meeting.at), "has_ended": meeting.has_ended, "unit": board.unit,
        **_side(evidence, "left", meeting.left), **_side(evidence, "right", meeting.right),
        "difference": None if apart is None else 0.0 - apart, "higher": ("right", None, "left")[meeting.higher + 1],
        "lower_bound": ("right", None, "left")[meeting.lower_bound + 1],
        "levels": _levels([meeting.levels]),
    }  # fmt: skip


def _side(evidence: "Evidence", place: str, best: "Best | None") -> dict[str, Any]:
    model = evidence.models[best.model] if best else None
    return {
        f"{place}_months": best and best.months, f"{place}_above_closed": best and best.is_above_closed,
        f"{place}_older": evidence.models[best.older].model_id if best and best.older is not None else None,
        f"{place}_results": best and best.n_models,
        f"{place}_score": best and best.score, f"{place}_model": model and model.model_id,
        f"{place}_name": model and model.name,
    }  # fmt: skip


def _comparison(access: str, meetings: "list[Meeting]", found: "Verdict", since: int) -> dict[str, Any]:
    """Return what is said of a kind of tests, with the keys of every comparison."""
    shared = [each for each in meetings if each.is_shared]
    way = found.leader
    return {
        "access": access,
        "left": _count([each.left for each in shared or meetings if each.left], meetings),
        "right": _count([each.right for each in shared or meetings if each.right], meetings),
        "months": None if found.months_apart is None else 0.0 - found.months_apart, "low": None, "high": None,
        "n_holds": sum(each.higher == way for each in shared) if way else 0, "n_tests": len(shared),
        "reason": _TOLD if shared else "no test in common",
        "n_families": found.n_families, "left_higher": found.left_higher, "right_higher": found.right_higher,
        "p_value": found.p_value, "ahead": ("right", None, "left")[found.ahead + 1],
        "since": iso(since) if since else None, "levels": _levels([each.levels for each in shared]),
    }  # fmt: skip


def _count(bests: "list[Best]", meetings: "list[Meeting]") -> dict[str, Any]:
    """Count a side's tests and models, on the tests that both took, or on its own where there is none."""
    at = iso(max(each.at for each in meetings)) if bests else None
    return {"n_tests": len(bests), "n_models": sum(best.n_models for best in bests), "at": at}


def _levels(levels: "list[Levels]") -> dict[str, int]:
    from core.gap.head_to_head import NO_LEVELS

    return asdict(sum(levels, NO_LEVELS))
