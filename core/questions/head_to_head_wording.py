"""How two groups of models, or two models, are held against each other in words: who is higher, where, by how much."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line, details
from core.evidence import names
from core.questions.shared_facts import (
    STANDING,
    as_of_lines,
    change_fact,
    count_fact,
    day_fact,
    lag_fact,
    name_fact,
    of_board,
    score_fact,
)
from core.words import count, day, months, stands

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.head_to_head import Levels, Meeting, Verdict
    from core.questions.sides import Side

_PLACES = ("left", "right")
_MOST = 3
"""So many tests of a kind are named in a line; all are in the table."""
_MEANING = (
    "each side's best score on a test counts, the tests of a family as one; {steps}; months are how much later closed"
    " models first had the one score than the other; {ahead}"
)


def worded(
    evidence: "Evidence",
    sides: "tuple[Side, Side]",
    by_class: "dict[str, list[Meeting]]",
    verdicts: "dict[str, Verdict]",
    others: "list[Meeting]",
    since: int,
    unsized: int = 0,
) -> tuple[list[Line], list[Fact]]:
    """Return the lines of a comparison, as templates, and the facts that fill them.

    `others` are the tests in no headline that both took; they are named where the sides share no other. `unsized` are
    open models left out because their size is not known.
    """
    shared = {name: [each for each in met if each.is_shared] for name, met in by_class.items()}
    is_any = any(shared.values())
    facts = [*_side_facts(evidence, sides), *_meaning_facts()]
    whose = (sides[0].whose(evidence), sides[1].whose(evidence))
    for name, met in by_class.items():
        facts += [*_count_facts(name, shared[name], verdicts[name]), *_month_facts(name, met, verdicts[name], whose)]
    for name, met in {**shared, "other": others}.items():
        way = verdicts[name].leader if name in verdicts else _sign(met)
        facts += [*_score_facts(evidence, met), *_rest_facts(name, met, way, 1 if name == "other" else _MOST)]
    facts += [*_level_facts(shared, since), *_newest_facts(evidence, sides, shared)]
    are_models = (sides[0].kind == "model", sides[1].kind == "model")
    title = _title(verdicts, are_models) if is_any else _without_a_test(others)
    lines, behind = [Line("", title, ("direction", "who"))], list[Line]()
    for name in by_class:
        scores = _scores(name, shared[name], verdicts[name].leader)
        stand = f"{STANDING}s on tests of their own: {{left}} {{left.{name}}}, {{right}} {{right.{name}}}"
        text = f"{{difference.{name}}}[ ({{spread.{name}}})]" if verdicts[name].months_apart is not None else scores
        lines.append(Line(f"{name.capitalize()} tests", text or stand, ("level",)))
        if scores:
            behind.append(Line(f"{name.capitalize()} scores", scores, ("scores",)))
    if unsized:
        shown = f"{count(unsized, 'open model')} whose size is not known"
        facts.append(count_fact("unsized", unsized, "models", shown, "left out of both sides"))
    lines += [
        Line("Levels", _levels_first(shared)),
        *as_of_lines("{method}"),
        *details([
            *behind,
            Line("Left out", "{unsized}"),
            Line("All levels", _levels_text(shared, since, are_models)),
            Line("Released" if all(are_models) else "Newest tested", "{left.newest}; {right.newest}", ("when",)),
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

    ahead = f"“ahead” needs {FEWEST_FAMILIES} families that differ and a sign test below {MOST_CHANCE * 100:g} %"
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
    """State on how many of the tests, or families of tests, that both took a side is higher."""
    of: dict[str, Any] = {"access": name}
    whole, most = found.n_families, max(found.left_higher, found.right_higher)
    are_families = len(shared) > whole
    families = f"{'family' if whole == 1 else 'families'} of " if are_families else ""
    kind = f"{families}{name} test{'' if whole == 1 and not are_families else 's'}"
    out_of = f"{most} of {whole}{' families' if are_families else ''}"
    higher = f"the one {kind}" if most == whole == 1 else f"{most} of the {whole} {kind}"
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


def _scores(name: str, shared: "list[Meeting]", way: int, most: int = _MOST) -> str:
    """Write scores where the leader is higher, on tests that go on and far apart first; name the tests where not."""
    ordered = sorted(shared, key=lambda each: (each.has_ended, -(way or 1) * (each.months_apart or 0.0)))
    bearing = [each for each in ordered if each.higher == (way or 1)]
    place, other = _place(way), _place(-1 if way >= 0 else 1)
    pairs = [
        f"{{{place}.score.{each.board}}} to {{{other}.score.{each.board}}} on {{test.{each.board}}}"
        for each in bearing[:most]
    ]
    if not pairs:
        return ""
    text = f"{{{place}}} {_listed([*pairs, *([f'{{rest.{name}}}'] if len(bearing) > most else [])])}"
    against = [f"{{test.{each.board}}}" for each in ordered if each.higher == -(way or 1)]
    return f"{text}; not on {_listed(against)}" if against else text


def _rest_facts(name: str, shared: "list[Meeting]", way: int, most: int) -> list[Fact]:
    rest = sum(each.higher == (way or 1) for each in shared) - most
    return [count_fact(f"rest.{name}", rest, "tests", count(rest, "other"))] if rest > 0 else []


def _month_facts(name: str, met: "list[Meeting]", found: "Verdict", whose: tuple[str, str]) -> list[Fact]:
    """State where each side stands behind closed models, and how far they are apart, from the leader's side."""
    of: dict[str, Any] = {"access": name}
    facts = []
    for place, own, other in zip(_PLACES, whose, whose[::-1], strict=True):
        value = getattr(found, place)
        if value is not None:
            tests = f"tests that {other} models took too" if found.n_families else "tests of its own"
            measure = f"{STANDING} of {own} models on {tests}"
            on = count(sum(getattr(each, place) is not None for each in met), "test")
            facts.append(lag_fact(f"{place}.{name}", value, f"{stands(value)} on {on}", measure=measure, **of))
    if found.months_apart is None:
        return facts
    sign, subject = found.leader or 1, f"left minus right, {name} tests"
    apart = sign * found.months_apart
    way = "further along" if apart >= 0 else "less far along"
    shown = f"{months(apart)} {way} the closed frontier"
    facts.append(change_fact(f"difference.{name}", 0.0 - found.months_apart, shown, subject, **of))
    ends = sorted(sign * each.months_apart for each in met if each.months_apart is not None)
    if len(ends) > 1:
        behind, furthest = f"{abs(ends[0]):.1f}", f"{abs(ends[-1]):.1f}"
        spread = f"{behind} to {furthest} by test"
        if ends[0] < -0.05:
            spread = f"{behind} less far to {furthest} {'further' if ends[-1] > -0.05 else 'less far'} by test"
        facts.append(change_fact(f"spread.{name}", spread, spread, subject, low=ends[0], high=ends[-1], **of))
    return facts


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


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
    return f"{{{place}}} first at {{{place}.first.by}}" if of_class else "{levels}"


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
