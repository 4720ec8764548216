"""How two groups of models, or two models, are held against each other in words: who is higher, where, by how much."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line, details
from core.gap.parameters import MONTH_DAYS
from core.names import names
from core.questions.shared_facts import (
    as_of_lines,
    change_fact,
    count_fact,
    day_fact,
    name_fact,
    of_board,
    score_fact,
)
from core.words import and_list, count, day, months, possessive

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.head_to_head import Levels, Meeting, Verdict
    from core.questions.sides import Side

_PLACES = ("left", "right")
_MOST = 3
"""So many tests of a kind are named in a line; all are in the table."""
_SHORTEST = 0.05
"""Fewer months are written as 0.0."""
_MEANING = (
    "each side's best score on a test counts, sister tests as one; months are between the days on which a closed model"
    " first had each score: a closed model's day is its own release, and above all closed models the day is that of the"
    " test's newest model; {steps}; {ahead}"
)


def head_to_head_lines(
    evidence: "Evidence",
    sides: "tuple[Side, Side]",
    by_class: "dict[str, list[Meeting]]",
    verdicts: "dict[str, Verdict]",
    others: "list[Meeting]",
    since: int,
    unsized: int,
    are_closed: bool,
) -> tuple[list[Line], list[Fact]]:
    """Return the lines of a comparison, as templates, and the facts that fill them.

    `others` are the tests in no headline that both took; they are named where the sides share no other. `unsized` are
    open models left out because their size is not known; `are_closed` says that both sides are closed models.
    """
    shared = {name: [each for each in met if each.is_shared] for name, met in by_class.items()}
    is_any = any(shared.values())
    are_models = (sides[0].kind == "model", sides[1].kind == "model")
    most = 1 if are_closed else _MOST  # of two closed models the scores are part of the first look
    facts = [*_side_facts(evidence, sides), *_meaning_facts()]
    for name, met in by_class.items():
        facts += _count_facts(name, shared[name], verdicts[name])
        facts += _month_facts(name, met, verdicts[name])
    for name, met in {**shared, "other": others}.items():
        way = verdicts[name].leader if name in verdicts else _sign(met)
        facts += [*_score_facts(evidence, met), *_rest_facts(name, met, way, 1 if name == "other" else most)]
    older = _older_facts(evidence, sides, shared)
    facts += [*_level_facts(shared, since), *older, *_newest_facts(evidence, sides, shared)]
    if are_closed:
        facts += _apart_facts(evidence, sides)
    title = _title(verdicts, are_models) if is_any else _without_a_test(others)
    lines, behind = [Line("", title, ("direction", "who"))], list[Line]()
    for name in by_class:
        scores = _scores(name, shared[name], verdicts[name].leader, most)
        text = scores if are_closed else _months_text(name, verdicts[name].months_apart, are_models) or scores
        lines += [Line(f"{name.capitalize()} tests", text, ("level",))] if text else []
        if scores and text != scores:
            behind.append(Line(f"{name.capitalize()} scores", scores, ("scores",)))
    if older:
        counts = "; ".join(f"{{{fact.key}}}" for fact in older)
        behind.append(Line("Own release", f"{counts}, though the older closed model in brackets had such a score"))
    if unsized:
        shown = f"{count(unsized, 'open model')} whose size is not known"
        facts.append(count_fact("unsized", unsized, "models", shown, "left out of both sides"))
    lines += [
        Line("Released", "{left.newest}; {right.newest}[; {released.apart}]", ("when",), detail=not is_any)
        if all(are_models)
        else Line("Scores first", _levels_first(shared)),
        *as_of_lines("{method}"),
        *details([
            *behind,
            Line("Left out", "{unsized}"),
            Line("All levels", _levels_text(shared, since, are_models)),
            *([] if all(are_models) else [Line("Newest tested", "{left.newest}; {right.newest}", ("when",))]),
            Line("Counted", _MEANING, ("explain", "sure"), sentence=True),
        ]),
    ]  # fmt: skip
    return lines, facts


def _side_facts(evidence: "Evidence", sides: "tuple[Side, Side]") -> list[Fact]:
    """Name each side, a model without its version where that leaves two names."""
    facts, short = [], [names.without_version(side.whose(evidence)) for side in sides]
    for place, side, name in zip(_PLACES, sides, short, strict=True):
        whole = side.whose(evidence)
        model = side.label(evidence) if side.kind == "model" else ""
        shown = name if short[0] != short[1] else whole
        facts += [
            Fact(place, str(side), "", f"{place} side", shown, "name", model=model),
            Fact(f"{place}.whole", str(side), "", f"{place} side", whole, "name", model=model),
        ]
    return facts


def _meaning_facts() -> list[Fact]:
    from core.gap.head_to_head import FEWEST_FAMILIES, MOST_CHANCE, STEP

    ahead = f"“ahead” needs {FEWEST_FAMILIES} tests that differ and a sign test below {MOST_CHANCE * 100:g} %"
    return [
        Fact("steps", STEP, "percent", "levels", f"levels are steps of {STEP:g} %", "level", level=STEP),
        Fact("ahead", FEWEST_FAMILIES, "families", "when a side is ahead", ahead, "count"),
    ]


# ---- who


def _title(verdicts: "dict[str, Verdict]", are_models: tuple[bool, bool]) -> str:
    """Say of each kind of tests who is ahead, or higher on how many; the same leader is named once."""
    clauses: list[str] = []
    before, was_ahead = 0, False
    for name, found in verdicts.items():
        way, is_ahead = found.leader, bool(found.ahead)
        if not way:
            clauses.append(f"; {{even.{name}}}")
            before = 0
            continue
        place, other = _place(way), _place(-way)
        where = f"on {name} tests (higher on {{of.{name}}})" if is_ahead else f"on {{higher.{name}}} that both took"
        if before == way and was_ahead == is_ahead:
            clauses[-1] = clauses[-1].removesuffix(" that both took")
            clauses.append(f" and {where}")
        elif before == way:
            clauses.append(f" and {'ahead' if is_ahead else 'higher'} {where}")
        else:
            is_model = are_models[_PLACES.index(place)]
            verb = f"{'' if is_model else ' open models'} {'is' if is_model else 'are'}"
            word = "ahead of" if is_ahead else "higher than"
            clauses.append(f"; {{{place}.whole}}{verb} {word} {{{other}.whole}} {where}")
        before, was_ahead = way, is_ahead
    return "".join(clauses).removeprefix("; ")


def _without_a_test(others: "list[Meeting]") -> str:
    """Say that no test of the headline is common to both, and which other one is."""
    apart = "{left.whole} and {right.whole} took no test of the gap in common"
    return f"{apart}; beside it: {_scores('other', others, _sign(others), 1)}" if others else apart


def _place(way: int) -> str:
    return "right" if way < 0 else "left"


def _sign(met: "list[Meeting]") -> int:
    """Return 1 where left is higher on more of the tests, -1 where right is, 0 where neither is."""
    balance = sum(each.higher for each in met)
    return (balance > 0) - (balance < 0)


def _count_facts(name: str, shared: "list[Meeting]", found: "Verdict") -> list[Fact]:
    """State on how many of the tests, sister tests as one, that both took a side is higher."""
    of: dict[str, Any] = {"access": name}
    whole, most = found.n_families, max(found.left_higher, found.right_higher)
    are_families = len(shared) > whole
    kind = f"{name} tests (sister tests as one)" if are_families else f"{name} test{'' if whole == 1 else 's'}"
    out_of = f"{most} of {whole}{', sister tests as one' if are_families else ''}"
    higher = f"{most} of the {whole} {kind}"
    if most == whole == 1:
        higher = f"the {kind}" if are_families else f"the one {kind}"
    facts = [
        count_fact(f"of.{name}", most, "families", out_of, **of),
        count_fact(f"higher.{name}", most, "families", higher, **of),
    ]
    if not found.leader:
        even = f"each is higher on {most} of the {whole} {kind} that both took" if most else ""
        even = even or (f"both are level on the {whole} {kind} that both took" if whole else f"no {kind} in common")
        facts.append(count_fact(f"even.{name}", most, "families", even, **of))
    return facts


# ---- where, and by how much


def _score_facts(evidence: "Evidence", shared: "list[Meeting]") -> list[Fact]:
    """State both scores on each test that both took."""
    facts: list[Fact] = []
    for each in shared:
        board = evidence.boards[each.board]
        facts.append(name_fact(f"test.{each.board}", board.name, **of_board(board)))
        for place, best in zip(_PLACES, (each.left, each.right), strict=True):
            if best is not None:
                model = evidence.models[best.model].name
                facts.append(score_fact(f"{place}.score.{each.board}", best.score, board, model))
    return facts


def _scores(name: str, shared: "list[Meeting]", way: int, most: int) -> str:
    """Write scores where the leader is higher, on tests that go on and far apart first; name the tests where not."""
    ordered = sorted(shared, key=lambda each: (each.has_ended, -(way or 1) * round(each.months_apart or 0.0, 3)))
    bearing = [each for each in ordered if each.higher == (way or 1)]
    place, other = _place(way), _place(-1 if way >= 0 else 1)
    pairs = [
        f"{{{place}.score.{each.board}}} to {{{other}.score.{each.board}}} on {{test.{each.board}}}"
        for each in bearing[:most]
    ]
    if not pairs:
        return ""
    text = f"{{{place}}} {and_list([*pairs, *([f'{{rest.{name}}}'] if len(bearing) > most else [])])}"
    against = [f"{{test.{each.board}}}" for each in ordered if each.higher == -(way or 1)]
    return f"{text}; not on {and_list(against, len(against))}" if against else text


def _rest_facts(name: str, shared: "list[Meeting]", way: int, most: int) -> list[Fact]:
    rest = sum(each.higher == (way or 1) for each in shared) - most
    return [count_fact(f"rest.{name}", rest, "tests", count(rest, "other"))] if rest > 0 else []


def _month_facts(name: str, met: "list[Meeting]", verdict: "Verdict") -> list[Fact]:
    """State how far the sides are apart, from the side that is further along."""
    apart = verdict.months_apart
    if apart is None:
        return []
    way, subject = 1 if apart > 0 else -1, f"left minus right, {name} tests"
    bounds = {each.lower_bound for each in met} - {0}
    bound = "" if not bounds else "about " if len(bounds) > 1 else "at least " if way in bounds else "at most "
    shown = f"{bound}{months(apart)} further along"
    if abs(apart) < _SHORTEST:
        shown = "both are about as far along"
    facts = [change_fact(f"difference.{name}", 0.0 - apart, shown, subject, access=name)]
    ends = sorted(way * each.months_apart for each in met if each.months_apart is not None)
    if len(ends) > 1:
        spread = f"{abs(ends[0]):.1f} to {abs(ends[-1]):.1f} by test"
        if ends[0] <= -_SHORTEST:
            spread = f"{abs(ends[0]):.1f} less far to {abs(ends[-1]):.1f} further by test"
        low, high = ends[0], ends[-1]
        facts.append(change_fact(f"spread.{name}", spread, spread, subject, access=name, low=low, high=high))
    return facts


def _months_text(name: str, apart: float | None, are_models: tuple[bool, bool]) -> str:
    """Say which side is further along."""
    if apart is None:
        return ""
    difference = f"{{difference.{name}}}[ ({{spread.{name}}})]"
    if abs(apart) < _SHORTEST:
        return difference
    place = "left" if apart > 0 else "right"
    return f"{{{place}}} {'is' if are_models[_PLACES.index(place)] else 'are'} {difference}"


def _older_facts(evidence: "Evidence", sides: "tuple[Side, Side]", shared: "dict[str, list[Meeting]]") -> list[Fact]:
    """Name the tests on which an older closed model had a closed model's score, whose own release still counts."""
    facts = []
    for place, side in zip(_PLACES, sides, strict=True):
        tests = [
            f"{evidence.boards[each.board].name} ({evidence.models[best.older].name})"
            for met in shared.values()
            for each in met
            if (best := getattr(each, place)) and best.older is not None
        ]
        if tests:
            shown = f"{possessive(side.label(evidence))} counts on {and_list(tests)}"
            facts.append(count_fact(f"{place}.older", len(tests), "tests", shown))
    return facts


# ---- levels, the newest


def _sums(shared: "dict[str, list[Meeting]]") -> "tuple[dict[str, Levels], Levels]":
    """Add the levels of each kind of tests, and of all."""
    from core.gap.head_to_head import NO_LEVELS

    of_class = {name: sum((each.levels for each in met), NO_LEVELS) for name, met in shared.items() if met}
    return of_class, sum(of_class.values(), NO_LEVELS)


def _level_facts(shared: "dict[str, list[Meeting]]", since: int) -> list[Fact]:
    """State how many levels either side reached, at how many each was first, and which the other has not reached."""
    of_class, whole = _sums(shared)
    if not whole.reached:
        return []
    facts = [count_fact("levels", whole.reached, "levels", count(whole.reached, "level"))]
    if since:
        facts.append(day_fact("since", since, "levels reached since"))
    for place in _PLACES:
        first, alone = (getattr(whole, f"{place}_{word}") for word in ("first", "alone"))
        parts = ", ".join(
            f"{getattr(levels, f'{place}_first')} of {levels.reached} on {name} tests"
            for name, levels in of_class.items()
        )
        facts += [
            count_fact(f"{place}.first", first, "levels", f"{first} of the {count(whole.reached, 'level')}"),
            count_fact(f"{place}.first.by", first, "levels", parts),
            count_fact(f"{place}.alone", alone, "levels", str(alone)),
        ]
    return facts


def _levels_first(shared: "dict[str, list[Meeting]]") -> str:
    """Say who was first at the more levels of each kind of tests, the side that was at more of all."""
    of_class, whole = _sums(shared)
    place = _PLACES[whole.left_first < whole.right_first]
    return f"{{{place}}} at {{{place}.first.by}}" if of_class else "{levels}"


def _levels_text(shared: "dict[str, list[Meeting]]", since: int, are_models: tuple[bool, bool]) -> str:
    """Say who was first at the more levels, and how many the other has not reached."""
    of_class, whole = _sums(shared)
    place, other = _PLACES if whole.left_first >= whole.right_first else _PLACES[::-1]
    have = dict(zip(_PLACES, ("has" if is_model else "have" for is_model in are_models), strict=True))
    missing = f"{{{other}}} {have[other]} not reached {{{place}.alone}} of them, {{{place}}} {{{other}.alone}}"
    if all(are_models):
        return f"{{levels}} that either reached; {missing}"
    parts = f" ({{{place}.first.by}})" if len(of_class) > 1 else ""
    reached = "reached since {since}" if since else "that either reached"
    return f"{{{place}}} first at {{{place}.first}} {reached}{parts}; {missing}"


def _newest_facts(evidence: "Evidence", sides: "tuple[Side, Side]", shared: "dict[str, list[Meeting]]") -> list[Fact]:
    """Name the newest of the models that hold each side's best scores, and a model with its side and day."""
    facts = []
    for place, side in zip(_PLACES, sides, strict=True):
        models = [best.model for met in shared.values() for each in met if (best := getattr(each, place))]
        if side.kind == "model":
            models = [number for number, model in enumerate(evidence.models) if model.model_id == side.key]
        if models:
            newest = max((evidence.models[number] for number in models), key=lambda model: model.day)
            shown = f"{newest.name} ({'open' if newest.is_open else 'closed'}) on {day(newest.day)}"
            if side.kind != "model":
                shown = f"{side.whose(evidence)} {newest.name} of {day(newest.day)}"
            facts.append(replace(day_fact(f"{place}.newest", newest.day, "released"), shown=shown))
    return facts


def _apart_facts(evidence: "Evidence", sides: "tuple[Side, Side]") -> list[Fact]:
    """State how many months apart two closed models were released."""
    left, right = (evidence.models[int(side.members(evidence).argmax())].day for side in sides)
    apart = (left - right) / MONTH_DAYS
    return [change_fact("released.apart", apart, f"{months(apart)} apart", "left minus right, releases")]
