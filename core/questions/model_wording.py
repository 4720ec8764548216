"""What may be said of where a model stands: every figure as a fact, in words that follow its sign."""

from core.answer import Fact
from core.evidence.evidence import Evidence
from core.gap.model_lag import LevelLag, MedianLag, ModelLag, median_lag
from core.gap.parameters import MONTH_DAYS, Parameters
from core.questions.shared_facts import day_fact, model_fact, score_fact
from core.words import CLASSES, behind, count, day, later, level, levels, likely_behind, listed, months, score, stands


def facts(
    evidence: Evidence, model: int, found: tuple[ModelLag, ...], as_of: int, parameters: Parameters
) -> tuple[Fact, ...]:
    """State everything that the text may say of one model (an index) on its tests, as of a day (ordinal)."""
    known, counted = evidence.models[model], [standing for standing in found if not standing.reason]
    stated = [
        model_fact(evidence, "model", model, "open weights" if known.is_open else "closed"),
        day_fact("model.day", known.day, f"release of {known.name}"),
        Fact("tests", len(found), "tests", f"scores of {known.name}", count(len(found), "test")),
    ]
    for access in CLASSES:
        of_class = tuple(each for each in found if evidence.boards[each.board].access == access)
        if of_class:
            found_there = median_lag(of_class, parameters, is_open=known.is_open)
            stated += _class_facts(access, found_there, is_open=known.is_open)
    ranked = sorted((each for each in counted if each.months is not None), key=lambda each: each.months or 0.0)
    for key, of_these in (("nearest", ranked[:1]), ("farthest", ranked[1:][-1:])):
        for standing in of_these:
            stated += _standing_facts(evidence, key, standing, is_open=known.is_open)
    stated += _beyond(evidence, known.day, counted, is_open=known.is_open)
    tests = count(len(counted), "test")
    if known.is_open:
        before = sum((each.months or 0.0) > 0 for each in ranked)
        subject = f"on which closed models came before {known.name}"
        stated.append(Fact("before", before, "tests", subject, f"{before} of {tests}"))
    else:
        subject = f"on which open models match {known.name}"
        stated.append(Fact("matched", len(ranked), "tests", subject, f"{len(ranked)} of {tests}"))
        for last in ranked[-1:]:
            board = evidence.boards[last.board].name
            stated.append(Fact("last.board", board, "", "test on which it was matched last", board))
            stated.append(day_fact("last.day", last.other_day or 0, f"match on {board}"))
            if (last.months or 0.0) < 0:
                shown = "before it, the last time" if len(ranked) > 1 else "before it"
                stated.append(Fact("last.before", last.months, "months", f"match on {board}", shown))
    return (*stated, *_aside(evidence, model, found, as_of))


def single_facts(evidence: Evidence, model: int, standing: ModelLag) -> tuple[Fact, ...]:
    """State where a model stands on the one test that was asked for, and at the levels around its score."""
    is_open, board = evidence.models[model].is_open, evidence.boards[standing.board]
    stated = _standing_facts(evidence, "asked", standing, is_open=is_open)
    marks = [mark for mark in (standing.below, standing.above) if mark is not None]
    if marks:
        around = "; ".join(f"at {level(mark.level, board.unit)}: {_at_mark(mark, is_open=is_open)}" for mark in marks)
        stated.append(Fact("around", None, "months", f"levels of {board.name} around its score", around))
    return tuple(stated)


def _at_mark(mark: LevelLag, *, is_open: bool) -> str:
    if mark.months is None:
        return f"no {'closed' if is_open else 'open'} model in the data"
    return stands(mark.months) if is_open else later(mark.months)


def _after(value: float) -> str:
    """Write how long after a closed model the first open one was at its score."""
    if abs(value) < 0.05:
        return "on the day of its release"
    return f"{months(value)} {'after' if value > 0 else 'before'} it"


def _class_facts(access: str, found: MedianLag, *, is_open: bool) -> list[Fact]:
    subject, tests = f"{access} tests", count(found.n_tests, "test")
    if not found.n_tests:
        return [Fact(f"none.{access}", 0, "tests", subject, "no score above the floor from which a level counts")]
    if is_open:
        stated, shown = _behind_facts(access, found), stands(found.months or 0.0)
        shown += f" in the middle of {tests}" if found.n_tests > 1 else ""
        if found.months is None:
            shown = f"ahead of every closed model on {found.n_without} of {tests}"
    else:
        with_lag = found.n_tests - found.n_without
        stated = [Fact(f"matched.{access}", with_lag, "tests", subject, f"matched on {with_lag} of {tests}")]
        shown = _middle_of_closed(found)
        if not with_lag:
            return stated
    stated.append(Fact(f"middle.{access}", found.months, "months", subject, shown))
    stated += _range_facts(access, found, is_open=is_open)
    if found.months is None and not is_open:
        return stated
    likely = _why_not(found, is_open=is_open)
    if found.mean is not None and found.low is not None and found.high is not None:
        likely = f"the mean {_worded(likely_behind(found.low, found.high), is_open=is_open)}"
    stated.append(Fact(f"likely.{access}", found.mean, "months", subject, likely))
    return stated


def _middle_of_closed(found: MedianLag) -> str:
    """Write how long after a closed model it was matched in the middle of its tests, all of them counted."""
    if found.n_tests == 1:
        return "not matched" if found.months is None else _after(found.months)
    tests = "both tests" if found.n_tests == 2 else f"all {found.n_tests} tests"
    if found.months is None:
        return f"the middle of {tests} is not matched yet, so no figure"
    return f"{_after(found.months)} in the middle{f' of {tests}' if found.n_without else ''}"


def _range_facts(access: str, found: MedianLag, *, is_open: bool) -> list[Fact]:
    """State the range of lags; tests without a lag count in the middle alone, and then it says of which it is."""
    if found.nearest is None or found.farthest is None or (found.nearest is found.farthest and not found.n_without):
        return []
    low, high = found.nearest.months or 0.0, found.farthest.months or 0.0
    where = ""
    if found.n_without:
        where = "where a closed model has its score, " if is_open else "where matched, "
    if found.nearest is found.farthest:
        bounds, spread = f"{low:.1f}", stands(low) if is_open else _after(low)
    else:
        bounds, spread = f"{low:.1f} to {high:.1f}", _spread(low, high, is_open=is_open)
    return [Fact(f"range.{access}", bounds, "months", f"{access} tests", f"{where}{spread}")]


def _behind_facts(access: str, found: MedianLag) -> list[Fact]:
    """State the lag of an open model as the first line says it: on all tests, or on those where it is ahead of all."""
    tests, title = count(found.n_tests, f"{access} test"), behind(found.months or 0.0)
    if found.months is None:
        title = "ahead of all"
        tests = tests if found.n_without == found.n_tests else f"{found.n_without} of {tests}"
    subject = f"{access} tests"
    return [
        Fact(f"title.{access}", found.months, "months", subject, title),
        Fact(f"tests.{access}", found.n_tests, "tests", subject, tests),
    ]


def _worded(text: str, *, is_open: bool) -> str:
    """Turn the words for an open model, ahead or behind, into those for a closed one: matched before or after it."""
    return text if is_open else text.replace("ahead", "before").replace("behind", "after")


def _spread(low: float, high: float, *, is_open: bool) -> str:
    """Write a range of lags, with its direction where open leads."""
    if round(low, 1) == round(high, 1):
        return _worded(f"{stands(low)} on each", is_open=is_open)
    if high <= -0.05:
        return _worded(f"from {-high:.1f} to {months(low)} ahead", is_open=is_open)
    if low <= -0.05:
        return _worded(f"from {-low:.1f} ahead to {months(high)} behind", is_open=is_open)
    return f"from {abs(low):.1f} to {months(high)}"


def _why_not(found: MedianLag, *, is_open: bool) -> str:
    """Say why there is no likely range."""
    if found.n_tests == 1:
        return "one test only, so no range"
    if found.n_without:
        what = "no closed model there" if is_open else "not matched"
        return f"on {count(found.n_without, 'test')} {what}, so no likely range"
    return (
        "no spread for a likely range"
        if found.no_interval == "all-equal"
        else f"{found.n_tests} are too few for a likely range"
    )


def _standing_facts(evidence: Evidence, key: str, standing: ModelLag, *, is_open: bool) -> list[Fact]:
    board = evidence.boards[standing.board]
    stated = [
        Fact(f"{key}.board", board.name, "", "benchmark", board.name),
        score_fact(f"{key}.score", standing.score, board, "best score"),
        day_fact(f"{key}.newest", standing.newest_day, f"newest model on {board.name}"),
    ]
    if standing.other is not None and standing.other_day is not None and standing.months is not None:
        side = "closed" if is_open else "open"
        lag = behind(standing.months) if is_open else later(standing.months)
        stated += [
            model_fact(evidence, f"{key}.other", standing.other, f"first {side} model at or above the score"),
            day_fact(f"{key}.other.day", standing.other_day, evidence.models[standing.other].name),
            Fact(f"{key}.lag", standing.months, "months", board.name, lag),
        ]
    return stated


def _beyond(evidence: Evidence, born: int, counted: list[ModelLag], *, is_open: bool) -> list[Fact]:
    """State the tests on which the other side has no such score: open is ahead there, or a closed model unmatched."""
    parts = []
    for each in counted:
        if each.months is None:
            board = evidence.boards[each.board]
            waited = "" if is_open else f"{months((each.newest_day - born) / MONTH_DAYS)} "
            parts.append(f"{board.name} ({score(each.score, board.unit)}, {waited}to {day(each.newest_day)})")
    subject = "tests without a closed model at its score" if is_open else "tests without an open model at its score"
    return [Fact("beyond", len(parts), "tests", subject, listed(parts))] if parts else []


def _aside(evidence: Evidence, model: int, found: tuple[ModelLag, ...], as_of: int) -> list[Fact]:
    """State what else a reader should know: levels it was first at, tests left out, doubts, versions of its name."""
    known, stated = evidence.models[model], []
    first = [
        f"{levels(each.first_at[0], each.first_at[-1], board.unit)} on {board.name}"
        for each, board in ((each, evidence.boards[each.board]) for each in found)
        if each.first_at and not each.reason
    ]
    if first:
        stated.append(
            Fact("first", len(first), "tests", f"levels at which {known.name} was the first of its side", listed(first))
        )
    left = [
        f"{evidence.boards[each.board].name} ({score(each.score, evidence.boards[each.board].unit)})"
        for each in found
        if each.reason
    ]
    if left:
        stated.append(Fact("left_out", len(left), "tests", "scores below the floor", listed(left)))
    if known.openness_grade == "third-party":
        side = "open" if known.is_open else "closed"
        stated.append(
            Fact("doubt", known.openness_grade, "", known.name, f"{known.name} is {side} by a third party's word alone")
        )
    others = [evidence.models[number].name for number in versions(evidence, model, as_of)]
    if others:
        stated.append(Fact("versions", len(others), "models", f"of the name of {known.name}", listed(others, most=6)))
    return stated


def versions(evidence: Evidence, model: int, as_of: int) -> list[int]:
    """Return the other models (indices) that bear a model's name, released by a day (ordinal), the earliest first."""
    name = evidence.models[model].name.split(" (")[0]
    same = [
        number
        for number, each in enumerate(evidence.models)
        if number != model and each.day <= as_of and each.name.split(" (")[0] == name
    ]
    return sorted(same, key=lambda number: evidence.models[number].day)
