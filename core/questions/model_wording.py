"""What `model` says of one model: every figure as a fact, in words that follow its sign, and the lines made of them."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from core.answer import Aspect, Fact, Line, details
from core.evidence.names import without_version
from core.gap.parameters import CLUSTERED_2, MONTH_DAYS
from core.questions.index_wording import INDEX_LINE
from core.questions.noise_wording import NOISE
from core.questions.shared_facts import (
    BETWEEN,
    as_of_lines,
    day_fact,
    lag_fact,
    model_fact,
    name_fact,
    of_board,
    score_fact,
    side_of,
    stated,
)
from core.words import (
    CLASSES,
    against,
    behind,
    count,
    day,
    later,
    level,
    levels,
    likely_behind,
    listed,
    months,
    quoted,
    score,
    stands,
)  # fmt: skip

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence, Model
    from core.gap.model_lag import LevelLag, MedianLag, ModelLag

_MIDDLE = f"{BETWEEN}, in the middle of the tests"


def model_facts(
    evidence: "Evidence", model: int, found: "tuple[ModelLag, ...]", as_of: int, *, is_single: bool
) -> list[Fact]:
    """State everything that the text may say of one model (an index) on its tests, as of a day (ordinal).

    `is_single` adds how it does on the first of them, which was asked for.
    """
    from core.gap.model_lag import median_lag

    known, counted = evidence.models[model], [lag for lag in found if not lag.reason]
    is_open, fact = known.is_open, partial(stated, model=known.name, side=side_of(evidence, model))
    facts = [
        model_fact(evidence, "model", model),
        day_fact("model.day", known.day, f"release of {known.name}"),
        fact("tests", len(found), "tests", count(len(found), "test"), "count"),
    ]
    for access in CLASSES:
        of_class = tuple(each for each in found if evidence.boards[each.board].access == access)
        if of_class:
            middle = median_lag(of_class, CLUSTERED_2, is_open=is_open)
            of = of_board(evidence.boards[found[0].board]) if is_single else {"access": access}
            facts += _class_facts(partial(fact, **of), middle, access)
    ranked = sorted((each for each in counted if each.months is not None), key=lambda each: each.months or 0.0)
    for key, of_these in (("nearest", ranked[:1]), ("farthest", ranked[1:][-1:])):
        for lag in of_these:
            facts += _lag_facts(evidence, key, model, lag)
    unmatched = [_unmatched(evidence, model, each) for each in counted if each.months is None]
    if unmatched:
        facts.append(fact("beyond", len(unmatched), "tests", listed(unmatched), "count"))
    tests = count(len(counted), "test")
    if is_open:
        before = sum((each.months or 0.0) > 0 for each in ranked)
        facts.append(fact("before", before, "tests", f"{before} of {tests}", "count"))
    else:
        facts.append(fact("matched", len(ranked), "tests", f"{len(ranked)} of {tests}", "count"))
        facts += _last_facts(evidence, ranked)
    facts += _aside(evidence, model, found, as_of)
    if is_single:
        facts += _lag_facts(evidence, "asked", model, found[0])
        facts += _around_facts(evidence, model, found[0])
    return facts


def _last_facts(evidence: "Evidence", ranked: "Sequence[ModelLag]") -> list[Fact]:
    """State where and when a closed model was matched last."""
    if not ranked:
        return []
    last, board = ranked[-1], evidence.boards[ranked[-1].board]
    facts = [
        name_fact("last.board", board.name, **of_board(board)),
        day_fact("last.day", last.other_day or 0, f"match on {board.name}"),
    ]
    if (last.months or 0.0) < 0:
        shown = "before it, the last time" if len(ranked) > 1 else "before it"
        facts.append(lag_fact("last.before", last.months, shown, measure=BETWEEN, **of_board(board)))
    return facts


def _around_facts(evidence: "Evidence", model: int, lag: "ModelLag") -> list[Fact]:
    """State the lags at the levels around a score."""
    board, is_open = evidence.boards[lag.board], evidence.models[model].is_open
    around = [each for each in (lag.below, lag.above) if each is not None]
    if not around:
        return []
    shown = "; ".join(f"at {level(each.level, board.unit)}: {_at_level(each, is_open=is_open)}" for each in around)
    return [lag_fact("around", None, shown, measure=BETWEEN, **of_board(board))]


def _at_level(lag: "LevelLag", *, is_open: bool) -> str:
    if lag.months is None:
        return f"no {'closed' if is_open else 'open'} model in the data"
    return stands(lag.months) if is_open else later(lag.months)


def _class_facts(fact: "partial[Fact]", found: "MedianLag", access: str) -> list[Fact]:
    """State a model's typical lag on a kind of tests, its range over them, and the likely mean."""
    is_open = fact.keywords["side"] == "open"
    if not found.n_tests:
        return [fact(f"none.{access}", 0, "tests", "no score above the floor from which a level counts", "count")]
    lag, say = (
        partial(fact, unit="months", kind="lag", measure=_MIDDLE if found.n_tests > 1 else BETWEEN),
        stands if is_open else _after,
    )
    tests, with_lag = count(found.n_tests, "test"), found.n_tests - found.n_without
    if is_open:
        title, of = behind(found.months or 0.0), count(found.n_tests, f"{access} test")
        if found.months is None:
            title, of = "ahead of all", f"{found.n_without} of {of}" if with_lag else of
        facts = [
            lag(f"title.{access}", found.months, shown=title),
            fact(f"tests.{access}", found.n_tests, "tests", of, "count"),
        ]
    else:
        facts = [fact(f"matched.{access}", with_lag, "tests", f"matched on {with_lag} of {tests}", "count")]
        if not with_lag:
            return facts
    if found.months is not None:
        middle = say(found.months) + (f" in the middle of {tests}" if found.n_tests > 1 else "")
    else:
        ahead = f"ahead of every closed model on {found.n_without} of {tests}"
        middle = ahead if is_open else "in the middle not matched yet, so no figure"
    facts.append(lag(f"middle.{access}", found.months, shown=middle))
    nearest, farthest = found.nearest, found.farthest
    if nearest and farthest and (nearest is not farthest or found.n_without):
        low, high = nearest.months or 0.0, farthest.months or 0.0
        is_one = nearest is farthest
        bounds = f"{low:.1f}" if is_one else f"{low:.1f} to {high:.1f}"
        spread = say(low) if is_one else _spread(low, high, is_open=is_open)
        shown = f"{'where matched, ' if found.n_without else ''}{spread}"
        facts.append(lag(f"range.{access}", bounds, shown=shown, low=low, high=high))
    if found.months is not None or is_open:
        likely = _no_range(found)
        if found.mean is not None and found.low is not None and found.high is not None:
            likely = f"the mean {_worded(likely_behind(found.low, found.high), is_open=is_open)}"
        mean = f"{BETWEEN}, the mean over tests"
        facts.append(lag(f"likely.{access}", found.mean, shown=likely, low=found.low, high=found.high, measure=mean))
    return facts


def _after(value: float) -> str:
    """Write how long after a closed model the first open one was at its score."""
    return f"{against(value)} it" if abs(value) >= 0.05 else "on the day of its release"


def _worded(text: str, *, is_open: bool) -> str:
    """Turn the words for an open model, ahead or behind, into those for a closed one: matched before or after it."""
    return text if is_open else text.replace("ahead", "before").replace("behind", "after")


def _spread(low: float, high: float, *, is_open: bool) -> str:
    """Write a range of lags, with its direction where open leads."""
    if round(low, 1) == round(high, 1):
        said = f"{stands(low)} on each"
    elif high <= -0.05:
        said = f"from {-high:.1f} to {months(low)} ahead"
    elif low <= -0.05:
        said = f"from {-low:.1f} ahead to {months(high)} behind"
    else:
        said = f"from {abs(low):.1f} to {months(high)}"
    return _worded(said, is_open=is_open)


def _no_range(found: "MedianLag") -> str:
    """Say why there is no likely range."""
    if found.n_tests == 1:
        return "one test only, so no range"
    if found.n_without:
        return f"not matched on {count(found.n_without, 'test')}, so no likely range"
    if found.no_interval == "all-equal":
        return "no spread for a likely range"
    return f"{found.n_tests} are too few for a likely range"


def _lag_facts(evidence: "Evidence", key: str, model: int, lag: "ModelLag") -> list[Fact]:
    """State a model's score on one test, and the first model of the other side that had as much."""
    board, known = evidence.boards[lag.board], evidence.models[model]
    facts = [
        name_fact(f"{key}.board", board.name, **of_board(board)),
        score_fact(f"{key}.score", lag.score, board, known.name),
        day_fact(f"{key}.newest", lag.newest_day, f"newest model on {board.name}"),
    ]
    if lag.other is not None and lag.other_day is not None and lag.months is not None:
        shown = behind(lag.months) if known.is_open else later(lag.months)
        facts += [
            model_fact(evidence, f"{key}.other", lag.other),
            day_fact(f"{key}.other.day", lag.other_day, evidence.models[lag.other].name),
            lag_fact(f"{key}.lag", lag.months, shown, measure=BETWEEN, model=known.name, **of_board(board)),
        ]
    return facts


def _unmatched(evidence: "Evidence", model: int, lag: "ModelLag") -> str:
    """Write a test on which the other side has no such score: open is ahead there, or a closed model unmatched."""
    board, known = evidence.boards[lag.board], evidence.models[model]
    age = "" if known.is_open else f"{months((lag.newest_day - known.day) / MONTH_DAYS)} "
    return f"{board.name} ({score(lag.score, board.unit)}, {age}to {day(lag.newest_day)})"


def _aside(evidence: "Evidence", model: int, found: "tuple[ModelLag, ...]", as_of: int) -> list[Fact]:
    """State what else a reader should know: all scores, levels it was first at, its licence, doubts, its versions."""
    known, boards = evidence.models[model], evidence.boards
    side = side_of(evidence, model)
    fact = partial(stated, model=known.name, side=side)
    scores = {each.board: score(each.score, boards[each.board].unit) for each in found}
    first = [
        f"{levels(each.first_at[0], each.first_at[-1], boards[each.board].unit)} on {boards[each.board].name}"
        for each in found
        if each.first_at and not each.reason
    ]
    left = [f"{boards[each.board].name} ({scores[each.board]})" for each in found if each.reason]
    others = [evidence.models[number].name for number in versions(evidence, model, as_of)]
    told = listed([f"{shown} on {boards[board].name}" for board, shown in scores.items()], most=6)
    facts = [fact("scores", len(found), "tests", told, "count"), _licence(fact, known)]
    for key, unit, named in (("first", "tests", first), ("left_out", "tests", left), ("versions", "models", others)):
        if named:
            facts.append(fact(key, len(named), unit, listed(named, most=6), "count"))
    if known.openness_grade == "third-party":
        doubt = f"{known.name} is {side} by a third party's word alone"
        facts.append(fact("doubt", known.openness_grade, "", doubt, "note"))
    return facts


def _licence(fact: "partial[Fact]", known: "Model") -> Fact:
    """State the licence of a model's weights in its sources' own words; what they don't say is said to be missing."""
    if not known.is_open:
        shown = f"{known.name} is closed: no licence for its weights is in the data"
    elif known.licences:
        said = listed([quoted(each) for each in known.licences])
        shown = f"the licence of {known.name} is, in its sources' words, {said}"
    else:
        shown = f"the licence of {known.name} is not in the data, which has only that its weights are open"
    return fact("licence", ", ".join(known.licences) or None, "", shown, "note")


def versions(evidence: "Evidence", model: int, as_of: int) -> list[int]:
    """Return the other models (indices) that bear a model's name, released by a day (ordinal), the earliest first."""
    name = without_version(evidence.models[model].name)
    same = [
        number
        for number, each in enumerate(evidence.models)
        if number != model and each.day <= as_of and without_version(each.name) == name
    ]
    return sorted(same, key=lambda number: evidence.models[number].day)


# ---- the lines


def model_lines(facts: Sequence[Fact], *, is_open: bool, is_single: bool) -> list[Line]:
    """Return the lines on one model as templates, the first with how far behind it is or when it was matched."""
    known = {fact.key for fact in facts}
    side, other = ("open", "closed") if is_open else ("closed", "open")
    lines = [(_open_title if is_open else _closed_title)(known, is_single=is_single)]
    if is_single:
        lines.append(Line("Around", "{around}", ("level",)))
        behind = [Line("Noise", NOISE.format(key="asked"), ("sure",), sentence=True)]
    else:
        beyond = f"no {other} model in the data is at or above it on {{beyond}}"
        lines += _class_lines(known, is_open=is_open)
        behind = [
            INDEX_LINE,
            Line("Scores", "{scores}", ("scores",)),
            Line("Ahead" if is_open else "Unmatched", beyond),
        ]
    cant_tell = (
        "behind is how much earlier the first closed model was at or above its best score; closed models are tested"
        " more often, which makes that look longer"
        if is_open
        else "open models are tested less often, so that they may have been there before; a match is a score on a test,"
        " not all that a model can do"
    )
    newest = ["the board's newest model by then: {asked.newest}"] if is_single else []
    behind += [
        Line("Was first", f"of the {side} models in the data at {{first}}"),
        Line("Low score" if is_single else "Left out", "{left_out}: below the floor, where a score says little"),
        Line("Licence", "{licence}", ("licence",), sentence=True),
        Line("In doubt", "{doubt}", ("sure",), sentence=True),
        Line("Version", "this is {model}; others of that name: {versions}"),
        Line("Can't tell", cant_tell, ("sure", "explain"), sentence=True),
    ]
    return [*lines, *as_of_lines(*newest, aspects=()), *details(behind)]


_OF_SINGLE: tuple[Aspect, ...] = ("level", "scores", "when", "who")


def _open_title(known: set[str], *, is_single: bool) -> Line:
    """Say how far behind an open model is."""
    whose = "{model}, open weights of {model.day},"
    if is_single:
        nobody = "; no closed model in the data to {asked.newest} is at or above that"
        lag = ", {asked.lag} {asked.other} of {asked.other.day}" if "asked.other" in known else nobody
        return Line("", f"{whose} has {{asked.score}} on {{asked.board}}{lag}", _OF_SINGLE)
    classes = [access for access in CLASSES if f"title.{access}" in known]
    if not classes:
        return Line("", f"{whose} scores too low on {{tests}} to say how far behind it is", ("level", "when"))
    whom = ("closed models in the data", "them")
    parts = [f"{{title.{access}}} {them} on {{tests.{access}}}" for access, them in zip(classes, whom, strict=False)]
    return Line("", f"{whose} was at its release {' and '.join(parts)}", ("level", "when"))


def _closed_title(known: set[str], *, is_single: bool) -> Line:
    """Say for a closed model how many tests open models have matched it on, and since when."""
    whose = "{model}, a closed model of {model.day},"
    if is_single:
        nobody = "no open model in the data to {asked.newest} is at or above that"
        first = "the first open model at or above that was {asked.other} on {asked.other.day}, {asked.lag}"
        said = first if "asked.other" in known else nobody
        return Line("", f"{whose} has {{asked.score}} on {{asked.board}}; {said}", _OF_SINGLE)
    if not {"matched.private", "matched.public"} & known:
        return Line("", f"{whose} scores too low on {{tests}} to say when open models matched it", ("level", "when"))
    last = "[, the last of them {last.board} on {last.day}]"
    if "last.before" in known:
        last = "; they had been there {last.before}, on {last.board} on {last.day}"
    return Line("", f"Open models have matched {whose} on {{matched}}{last}", ("level", "when"))


def _class_lines(known: set[str], *, is_open: bool) -> list[Line]:
    """Return a line for each access class, and those for the nearest and the farthest test."""
    lines = []
    for access in CLASSES:
        spread, middle = ("range", "likely"), ("none", "matched", "middle")
        told = ("none", *spread) if f"title.{access}" in known else middle  # a title says an open model's middle
        for label, keys, detail in (("tests", told, False), ("range", () if is_open else spread, True)):
            said = "; ".join(f"{{{key}.{access}}}" for key in keys if f"{key}.{access}" in known)
            lines += [Line(f"{access.capitalize()} {label}", said, detail=detail)] if said else []
    if is_open:
        row = "{%s.board}: {%s.score}, {%s.lag} {%s.other} ({%s.other.day})"
        lines.append(Line("Closest", "{nearest.board}: {nearest.lag} {nearest.other}", ("who",)))
        labels = ("The closest", "Farthest")
    else:
        row = "{%s.other} on {%s.board} ({%s.score}) on {%s.other.day}, {%s.lag}"
        labels = ("Soonest", "Latest")
    return lines + [
        Line(label, row.replace("%s", key), ("who",), detail=True)
        for label, key in zip(labels, ("nearest", "farthest"), strict=True)
    ]
