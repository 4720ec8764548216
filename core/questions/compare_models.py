"""Two groups of models, or two models, compared on the tests that both took (E12)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from core.answer import TESTS, Answer, Chart, Fact, Line, Table, details
from core.dataclass import dataclass
from core.errors import UsageError
from core.gap.parameters import DEFAULT, MONTH_DAYS
from core.names import names
from core.questions import selection
from core.questions.result import BOARD, CHANGE, Keys, build_series
from core.questions.shared_facts import (
    SHORTEST,
    as_of_lines,
    board_fields,
    change_fact,
    count_fact,
    day_fact,
    index_facts,
    index_line,
    name_fact,
    on_index,
    score_fact,
)
from core.questions.sides import PLACES, NamedSide, TwoSides, build_titled_answer, count_unsized, explain_no_score
from core.text import render
from core.words import CLASSES, and_list, capitalize, cell, count, day, months, possessive, score

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence, Model
    from core.gap.figures import Change
    from core.gap.head_to_head import Best, Levels, Meeting, Verdict
    from core.gap.model_index import ModelIndex
    from core.questions.question import Question

Place = Literal["left", "right"]
_BEST = {
    "months": "months", "above_closed": "is_above_closed", "older": "older", "results": "n_models", "score": "score",
    "model": "model.model_id", "name": "model.name",
}  # fmt: skip
"""The JSON keys of a side's best score, which follow the prefix "left_" or "right_", with its attributes."""
_PLACE: dict[int, Place | None] = {1: "left", -1: "right", 0: None}
_MOST = 3
"""How many tests of a kind a line names; the table has all."""
_NO_RANGE = "levels and tests are counted, and their mean has no range"
"""Why the difference of two sides in months has no interval."""
_MEANING = (
    "each side's best score on a test counts; months are between the days on which a closed model first had each score:"
    " for a single closed model its own release, for a score above all closed models the release of the test's newest"
    " model; related tests, such as two versions of one, weigh as one in the average; {steps}; {ahead}"
)
_BOTH = "{left.whole} and {right.rival} are "


@dataclass(frozen=True, eq=False)
class Row:
    """A test that a side took (`number` is its index), left minus right in months, and the side that scores higher."""

    json_keys: ClassVar[Keys] = {
        "number": None,
        "meeting": {
            **{key: f"board.{name}" for key, name in BOARD.items()}, "name": "board.name", "access": "board.access",
            "headline": "board.headline", "family": "board.family", "at": "at", "has_ended": "has_ended",
            "unit": "board.unit",
            **{f"{place}_{key}": f"{place}.{name}" for place in PLACES for key, name in _BEST.items()},
        },
        "meeting.levels": "levels",
    }  # fmt: skip

    number: int
    meeting: "Meeting"
    difference: float | None
    higher: Place | None
    lower_bound: Place | None

    @property
    def board(self) -> "Board":
        """Return the test."""
        return self.meeting.board

    @property
    def is_by_release(self) -> bool:
        """Whether the side with the lower score is further along, because a closed model counts by its own release."""
        return self.meeting.higher * (self.meeting.months_apart or 0.0) < 0

    def best(self, place: str) -> "Best | None":
        """Return a side's best score."""
        return self.meeting.left if place == "left" else self.meeting.right


@dataclass(frozen=True, eq=False)
class SideCount:
    """A side on a class of tests: the number of its tests, of its models with scores, and the newest day (ordinal)."""

    n_tests: int
    n_models: int
    at: int | None


@dataclass(frozen=True, eq=False)
class OfClass:
    """Two sides on a class of tests: who is higher on how many, how far apart they are, and who was first.

    `rows` has all tests of the class; the verdict and the levels rest on the tests that both took. The verdict counts
    families of related tests, what people read counts tests.
    """

    json_keys: ClassVar[Keys] = {
        "apart": CHANGE,
        "verdict": {key: key for key in ("n_families", "left_higher", "right_higher", "p_value")},
        "rows": None,
    }

    access: str
    left: SideCount
    right: SideCount
    apart: "Change"
    n_holds: int
    n_tests: int
    reason: str
    verdict: "Verdict"
    ahead: Place | None
    since: int | None
    levels: "Levels"
    rows: list[Row]

    @property
    def shared(self) -> list[Row]:
        """Return the tests that both took."""
        return [row for row in self.rows if row.meeting.is_shared]

    @property
    def leader(self) -> int:
        """Return 1 if left is higher on more families and on more tests, -1 if right is, 0 otherwise."""
        way = self.verdict.leader
        return way if self.count_higher(way) > self.count_higher(-way) else 0

    def count_higher(self, way: int) -> int:
        """Count the tests that both took on which left (1) or right (-1) is higher."""
        return sum(row.meeting.higher == way for row in self.shared)

    @property
    def is_by_release(self) -> bool:
        """Whether a test's months go against its scores."""
        return any(row.is_by_release for row in self.shared)


@dataclass(frozen=True, eq=False)
class HeadToHead(TwoSides):
    """Two sides on each class of tests and on each test; sides that are single models also on the index.

    `others` are the tests outside the headline that both took, `models` the sides that are models, `placed` their
    places on the index by class. `levels` counts the levels of all classes reached since the day `since` (ordinal; 0 to
    count all). `unsized` counts the models that are left out because their size is unknown. `closed` compares the
    closed models of two countries, or says that one has none with a score.
    """

    json_keys: ClassVar[Keys] = {
        **TwoSides.json_keys,
        **dict.fromkeys(("others", "models", "placed", "levels", "since", "unsized")),
        "index": "index",
    }

    comparisons: list[OfClass]
    tests: list[Row]
    others: list[Row]
    models: "dict[str, Model]"
    placed: "dict[str, dict[str, ModelIndex]]"
    levels: "Levels"
    since: int
    unsized: int
    closed: "HeadToHead | str | None" = None

    @property
    def index(self) -> "dict[str, dict[str, ModelIndex | None]]":
        """Return the places on the index by class of tests, then by side."""
        classes = [of_class.access for of_class in self.comparisons] if self.placed else []
        return {name: {place: placed.get(name) for place, placed in self.placed.items()} for name in classes}

    @property
    def order(self) -> tuple[str, str]:
        """Return the side that the text names first, which leads, then the other; left first if neither leads."""
        return _order(next(filter(None, (of_class.leader for of_class in self.comparisons)), 0))

    def measure_lead(self, row: Row) -> float | None:
        """Return how many months the side named first is ahead on a test."""
        return row.meeting.months_apart if self.order == PLACES else row.difference

    @property
    def are_models(self) -> bool:
        """Whether both sides are models."""
        return len(self.models) == len(PLACES)

    @property
    def are_closed(self) -> bool:
        """Whether both sides are closed models."""
        return self.are_models and not any(model.is_open for model in self.models.values())

    @property
    def shared(self) -> list[Row]:
        """Return the headline tests that both took."""
        return [row for of_class in self.comparisons for row in of_class.shared]


def answer_models(
    question: "Question", evidence: "Evidence", left: NamedSide, right: NamedSide, as_of: date,
    access: str | None, domain: str | None,
) -> Answer:  # fmt: skip
    """Compare two groups of models, or two models, on the tests that `access` and `domain` allow, None for all.

    Raises UsageError if a side has no score on the tests, or if a model is on both sides.
    """
    result = _add_closed(evidence, find(evidence, left, right, as_of, access, domain), access, domain)
    known = tuple(facts(result))
    drawn = chart(evidence, result, known)
    return build_titled_answer(question, evidence, result, text(result), known, tables(result), drawn)


# ---- result


def find(
    evidence: "Evidence", left: NamedSide, right: NamedSide, as_of: date,
    access: str | None = None, domain: str | None = None,
) -> HeadToHead:  # fmt: skip
    """Compare both sides on every test; raises UsageError as `answer_models` does."""
    from core.gap.head_to_head import NO_LEVELS, head_to_head

    counted = selection.boards(evidence, None, access, domain)
    selection.check_first(evidence, counted, as_of)
    sides = {"left": left, "right": right}
    models = {
        place: selection.comparable(evidence, side.key, as_of) for place, side in sides.items() if side.kind == "model"
    }
    of_left, of_right = left.members(evidence), right.members(evidence)
    if (of_left & of_right).any():
        both = f"{capitalize(left.models)} and {right.models}"
        raise UsageError(f"{both} are partly the same; compare two that share none.")
    starts_late = as_of > DEFAULT.since and len(models) < len(PLACES)  # a model reaches all its levels on one day
    since = DEFAULT.since.toordinal() if starts_late else 0
    numbers = {
        board: number
        for number, board in enumerate(evidence.boards)
        if access in (None, board.access) and domain in (None, board.domain)
    }
    are_models = left.kind == "model", right.kind == "model"
    met = head_to_head(evidence, numbers.values(), as_of.toordinal(), of_left, of_right, since, are_models)
    rows = [_describe_test(numbers[meeting.board], meeting) for meeting in met]
    for place, side in sides.items():
        if not any(row.best(place) for row in rows):
            raise UsageError(explain_no_score(side, as_of, access, domain))
    of_headline = set(counted.tolist())
    headline = [row for row in rows if row.number in of_headline]
    others = [row for row in rows if row.number not in of_headline and row.meeting.is_shared]
    comparisons = [_compare_on_class(name, headline, since) for name in CLASSES if access in (None, name)]
    placed = {}
    if not domain:  # the index covers all tests
        for place, model in models.items():
            of_model = on_index(evidence, model, as_of)
            placed[place] = {name: index for name, index in of_model.items() if access in (None, name)}
    return HeadToHead(
        left=left,
        right=right,
        boards=[row.number for row in (*headline, *others)],
        as_of=as_of,
        comparisons=comparisons,
        tests=[*headline, *others],
        others=others,
        models={place: evidence.models[model] for place, model in models.items()},
        placed=placed,
        levels=sum((of_class.levels for of_class in comparisons), NO_LEVELS),
        since=since,
        unsized=count_unsized(evidence, [row.number for row in rows], as_of, sides.values()),
    )


def _add_closed(evidence: "Evidence", result: HeadToHead, access: str | None, domain: str | None) -> HeadToHead:
    """Add the comparison of the closed models of two countries; any other result stays as it is."""
    left, right = result.left, result.right
    if not all(side.kind.endswith("country") for side in (left, right)):
        return result
    left, right = (
        NamedSide(side.kind.replace("country", "group"), f"openness:closed; country:{side.key}", side.name, side.owner)
        for side in (left, right)
    )
    try:
        return replace(result, closed=find(evidence, left, right, result.as_of, access, domain))
    except UsageError as error:
        return replace(result, closed=str(error).split(";")[0])


def _describe_test(number: int, meeting: "Meeting") -> Row:
    return Row(
        number, meeting, _left_minus_right(meeting.months_apart), _PLACE[meeting.higher], _PLACE[meeting.lower_bound]
    )


def _left_minus_right(months_apart: float | None) -> float | None:
    return None if months_apart is None else 0.0 - months_apart


def _compare_on_class(access: str, headline: list[Row], since: int) -> OfClass:
    from core.gap.figures import Change
    from core.gap.head_to_head import NO_LEVELS, verdict

    rows = [row for row in headline if row.board.access == access]
    shared = [row for row in rows if row.meeting.is_shared]
    counted = verdict(row.meeting for row in rows)
    way = counted.leader
    return OfClass(
        access=access,
        left=_count_side(shared or rows, rows, "left"),
        right=_count_side(shared or rows, rows, "right"),
        apart=Change(_left_minus_right(counted.months_apart), None, None),
        n_holds=sum(row.meeting.higher == way for row in shared) if way else 0,
        n_tests=len(shared),
        reason=_NO_RANGE if shared else "no test in common",
        verdict=counted,
        ahead=_PLACE[counted.ahead],
        since=since or None,
        levels=sum((row.meeting.levels for row in shared), NO_LEVELS),
        rows=rows,
    )


def _count_side(counted: list[Row], rows: list[Row], place: str) -> SideCount:
    """Count a side's tests and models on the `counted` tests: those that both took, or all `rows` if there are none."""
    bests = [best for row in counted if (best := row.best(place))]
    at = max(row.meeting.at for row in rows) if bests else None
    return SideCount(len(bests), sum(best.n_models for best in bests), at)


# ---- facts


def facts(result: HeadToHead) -> Iterator[Fact]:
    """State every figure, name and day of the result, whether the text uses it or not."""
    yield from _title_facts(result)
    yield from _meaning_facts()
    for name, rows, way, most in _list_scores(result):
        yield from _score_facts(rows)
        rest = sum(row.meeting.higher == (way or 1) for row in rows) - most
        if rest > 0:
            yield count_fact(f"rest.{name}", rest, "tests", count(rest, "other"))
    yield from _level_facts(result)
    for place, side in result.sides.items():
        if tests := _list_older(result, place):
            shown = f"{possessive(side.name)} counts on {and_list(tests)}"
            yield count_fact(f"{place}.older", len(tests), "tests", shown)
    yield from _newest_facts(result)
    yield count_fact(TESTS, len(result.shared), "tests", f"{count(len(result.shared), 'test')} that both took")
    if isinstance(result.closed, HeadToHead):
        yield from (replace(fact, key=f"closed.{fact.key}") for fact in _title_facts(result.closed))
    elif result.closed:
        yield name_fact("closed", result.closed, "closed models")
    if result.are_closed:
        apart = (result.models["left"].day - result.models["right"].day) / MONTH_DAYS
        yield change_fact("released.apart", apart, f"{months(apart)} apart", "left minus right, releases")
    if result.unsized:
        shown = f"{count(result.unsized, 'model')} whose size is not known"
        yield count_fact("unsized", result.unsized, "models", shown, "left out of both sides")
    for place, placed in result.placed.items():
        yield from index_facts(result.models[place], placed, f"{place}.")


def _title_facts(result: HeadToHead) -> Iterator[Fact]:
    """State what the first line says: both sides, their counts and their distance."""
    yield from _side_facts(result)
    for of_class in result.comparisons:
        yield from _count_facts(result, of_class)
        yield from _month_facts(of_class)


def _side_facts(result: HeadToHead) -> Iterator[Fact]:
    """Name each side; a model's version is omitted if the two names still differ without it."""
    short = {place: names.without_version(side.name) for place, side in result.sides.items()}
    is_shorter = result.are_models and short["left"] != short["right"]
    are_alike = len({side.noun for side in result.sides.values()}) == 1 and result.left.owner != result.right.owner
    for place, side in result.sides.items():
        name = short[place] if is_shorter else side.name
        model, whole = (side.name, name) if side.kind == "model" else ("", side.models)
        rival = whole.removesuffix(f" {side.noun}") if are_alike else whole
        for key, shown in (("", name), (".whole", whole), (".rival", rival)):
            yield Fact(f"{place}{key}", str(side), "", f"{place} side", shown, "name", model=model)


def _meaning_facts() -> Iterator[Fact]:
    from core.gap.head_to_head import FEWEST_FAMILIES, MOST_CHANCE, STEP

    ahead = (
        f"“ahead” needs {FEWEST_FAMILIES} unrelated tests that differ, and a sign test below {MOST_CHANCE * 100:g} %"
    )
    yield Fact("steps", STEP, "percent", "levels", f"levels are steps of {STEP:g} %", "level", level=STEP)
    yield Fact("ahead", FEWEST_FAMILIES, "families", "when a side is ahead", ahead, "count")


def _count_facts(result: HeadToHead, of_class: OfClass) -> Iterator[Fact]:
    """State on how many of the tests that both took a side is higher, or that it is too close to call."""
    name, whole, of = of_class.access, of_class.n_tests, {"access": of_class.access}
    counts = [(of_class.count_higher(way), side.name) for way, side in zip((1, -1), result.sides.values(), strict=True)]
    (most, first), (least, second) = sorted(counts, key=lambda pair: -pair[0])
    higher = f"the one {name} test" if most == whole == 1 else f"{most} of {count(whole, f'{name} test')}"
    yield count_fact(f"higher.{name}", most, "tests", higher, **of)
    if of_class.leader:
        return
    level = f"each is higher on {most} of" if most else "both are level on the"
    if most > least:
        level = f"{first} is higher on {most} and {second} on {least} of"
    even = f"too close to call on {name} tests: {level} {whole} that both took"
    yield count_fact(f"even.{name}", most, "tests", even if whole else f"can't tell: no {name} test in common", **of)


def _month_facts(of_class: OfClass) -> Iterator[Fact]:
    """State how far apart the sides are, as the lead of the side that is further along."""
    name, apart = of_class.access, of_class.verdict.months_apart
    if apart is None:
        return
    way, subject = 1 if apart > 0 else -1, f"left minus right, {name} tests"
    bounds = {row.meeting.lower_bound for row in of_class.rows} - {0}
    bound = "" if not bounds else "about " if len(bounds) > 1 else "at least " if way in bounds else "at most "
    shown = f"{bound}{months(apart)}"
    if abs(apart) < SHORTEST:
        shown = "both are about as far along"
    yield change_fact(f"difference.{name}", of_class.apart.months, shown, subject, access=name)
    ends = sorted(way * row.meeting.months_apart for row in of_class.rows if row.meeting.months_apart is not None)
    if len(ends) > 1:
        low, high = ends[0], ends[-1]
        spread = f"{abs(low):.1f} to {abs(high):.1f} by test"
        if low <= -SHORTEST:
            spread = f"{abs(low):.1f} behind to {abs(high):.1f} ahead by test"
        yield change_fact(f"spread.{name}", spread, spread, subject, access=name, low=low, high=high)


def _list_scores(result: HeadToHead) -> Iterator[tuple[str, list[Row], int, int]]:
    """Yield what to write of each class's scores: its name, the tests that both took, the leader, how many to name.

    For two closed models the scores are in the first look. Tests outside the headline come last.
    """
    for of_class in result.comparisons:
        yield of_class.access, of_class.shared, of_class.leader, 1 if result.are_closed else _MOST
    balance = sum(row.meeting.higher for row in result.others)
    yield "other", result.others, (balance > 0) - (balance < 0), 1


def _score_facts(rows: list[Row]) -> Iterator[Fact]:
    """State both sides' scores on each test."""
    for row in rows:
        board = row.board
        yield name_fact(f"test.{row.number}", board.name, **board_fields(board))
        for place in PLACES:
            if best := row.best(place):
                yield score_fact(f"{place}.score.{row.number}", best.score, board, best.model.name)


def _level_facts(result: HeadToHead) -> Iterator[Fact]:
    """State how many levels either side reached, at how many each side was first, and how many it reached alone."""
    whole = result.levels
    if not whole.reached:
        return
    yield count_fact("levels", whole.reached, "levels", count(whole.reached, "level"))
    if result.since:
        yield day_fact("since", result.since, "levels reached since")
    for place in PLACES:
        first, alone = (getattr(whole, f"{place}_{word}") for word in ("first", "alone"))
        parts = ", ".join(
            f"{getattr(of_class.levels, f'{place}_first')} of {of_class.levels.reached} on {of_class.access} tests"
            for of_class in result.comparisons
            if of_class.shared
        )
        yield count_fact(f"{place}.first.by", first, "levels", parts)
        yield count_fact(f"{place}.alone", alone, "levels", str(alone))


def _list_older(result: HeadToHead, place: str) -> list[str]:
    """List the tests on which an older closed model already had the score of a side's closed model, with its name.

    The side's own release still counts.
    """
    bests = [(row.board, row.best(place)) for row in result.shared]
    return [f"{board.name} ({best.older.name})" for board, best in bests if best and best.older]


def _newest_facts(result: HeadToHead) -> Iterator[Fact]:
    """Name each side's newest model with a best score; for a side that is a model, say if it is open, and its day."""
    for place, side in result.sides.items():
        models = [best.model for row in result.shared if (best := row.best(place))]
        newest = result.models.get(place) or max(models, key=lambda model: model.day, default=None)
        if newest:
            shown = f"{side.name}: {newest.called} of {day(newest.day)}"
            if side.kind == "model":
                shown = f"{newest.called} ({newest.side}) on {day(newest.day)}"
            yield day_fact(f"{place}.newest", newest.day, "released", shown)


# ---- text


def text(result: HeadToHead) -> Iterator[Line]:
    """Say which side is higher on each class of tests, on which tests, and by how much."""
    is_shared = bool(result.shared)
    yield Line("", _title(result) if is_shared else _title_apart(result), ("direction", "who"))
    on_scale = index_line(result.placed)
    yield from details(on_scale) if is_shared else on_scale
    behind = []
    for of_class, scored in zip(result.comparisons, _list_scores(result), strict=False):
        name, scores = of_class.access.capitalize(), _write_scores(*scored)
        shown = scores if result.are_closed else _months_text(result, of_class) or scores
        if shown:
            yield Line(f"{name} tests", shown, ("level", "sure"))
        if scores and shown != scores:
            behind.append(Line(f"{name} scores", scores, ("scores", "why")))
    closed = result.closed
    brief = _title(closed, is_brief=True).replace("{", "{closed.") if isinstance(closed, HeadToHead) else "{closed}"
    yield Line("Closed models", brief)
    bests = ((side, row.best(place)) for place, side in result.sides.items() for row in result.shared)
    if any(best and side.mixes_in(best.model) for side, best in bests):
        yield Line("Models", "closed ones count too; the tables mark them")
    if result.are_models:
        yield Line("Released", "{left.newest}; {right.newest}[; {released.apart}]", ("when",), detail=not is_shared)
    yield from as_of_lines("{method}")
    yield from details([*behind, *_detail_lines(result)])


def _detail_lines(result: HeadToHead) -> Iterator[Line]:
    counts = "; ".join(f"{{{place}.older}}" for place in PLACES if _list_older(result, place))
    if counts:
        yield Line("Own release", f"{counts}, though the older closed model in brackets had such a score")
    yield Line("Left out", "{unsized}")
    yield Line("All levels" if result.are_models else "Scores first", _levels_text(result))
    if not result.are_models:
        yield Line("Newest tested", "{left.newest}; {right.newest}", ("when",))
    yield Line("Counted", _MEANING, ("explain", "sure"), sentence=True)


def _title(result: HeadToHead, *, is_brief: bool = False) -> str:
    """Say on how many tests of each kind a side is ahead, or higher, and by how many months.

    The same leader is named only once; if `is_brief`, without the other side.
    """
    clauses: list[str] = []
    before: tuple[int, str] = (0, "")
    for of_class in result.comparisons:
        name, way, word = of_class.access, of_class.leader, "ahead" if of_class.ahead else "higher"
        place, other = _order(way)
        both = "" if is_brief or of_class.ahead or before[1] == word else " that both took"
        where = f" on {{higher.{name}}}{both}{'' if result.are_closed else _lead_text(of_class)}"
        if not way:
            whose = "" if clauses or is_brief or not of_class.n_tests else _BOTH
            clauses.append(f"; {whose}{{even.{name}}}")
        elif before[0] == way:
            clauses.append(f", and{'' if before[1] == word else f' {word}'}{where}")
        elif is_brief:
            clauses.append(f"; {{{place}}} {word}{where}")
        else:
            verb, than = "is" if place in result.models else "are", "of" if of_class.ahead else "than"
            clauses.append(f"; {{{place}.whole}} {verb} {word} {than} {{{other}.rival}}{where}")
        before = way, word
    return "".join(clauses).removeprefix("; ")


def _lead_text(of_class: OfClass) -> str:
    """Say by how many months the leader is ahead, or that it is not; empty if no months are known."""
    apart, difference = of_class.verdict.months_apart, f"{{difference.{of_class.access}}}"
    if apart is None or abs(apart) < SHORTEST:
        return "" if apart is None else f", though {difference}"
    if apart * of_class.leader > 0:
        return f", by {difference}"
    average = "" if of_class.n_tests == 1 else " on average"
    if of_class.is_by_release:
        _, other = _order(of_class.leader)
        return f", though{average} closed models had such scores {difference} before {{{other}}} came out"
    return f", though {difference} behind{average}"


def _title_apart(result: HeadToHead) -> str:
    """Say that both took no headline test in common, and which other tests they share."""
    *_, others = _list_scores(result)
    apart = "{left.whole} and {right.whole} took no test of the gap in common"
    return f"{apart}; beside it: {_write_scores(*others)}" if result.others else apart


def _order(way: int) -> tuple[str, str]:
    """Return the side that is further along, then the other; left first if neither is."""
    return ("right", "left") if way < 0 else ("left", "right")


def _write_scores(name: str, rows: list[Row], way: int, most: int) -> str:
    """Write the scores on tests where the leader is higher, live tests and large leads first; then name the others."""
    way = way or 1
    place, other = _order(way)
    ordered = sorted(rows, key=lambda row: (row.meeting.has_ended, -way * round(row.meeting.months_apart or 0.0, 3)))
    bearing = [row.number for row in ordered if row.meeting.higher == way]
    pairs = [f"{{{place}.score.{n}}} to {{{other}.score.{n}}} on {{test.{n}}}" for n in bearing[:most]]
    if not pairs:
        return ""
    if len(bearing) > most:
        pairs.append(f"{{rest.{name}}}")
    scores = f"{{{place}}} {and_list(pairs)}"
    against = [f"{{test.{row.number}}}" for row in ordered if row.meeting.higher == -way]
    return f"{scores}; not on {and_list(against, len(against))}" if against else scores


def _months_text(result: HeadToHead, of_class: OfClass) -> str:
    """Say which side is further along on a class of tests."""
    name, apart = of_class.access, of_class.verdict.months_apart
    if apart is None:
        return ""
    by = "" if abs(apart) < SHORTEST else f"{{{_order(1 if apart > 0 else -1)[0]}}} by "
    release = " (by its own release)" if by and of_class.is_by_release else ""
    return f"{by}{{difference.{name}}}{release}[ on average, {{spread.{name}}}]"


def _levels_text(result: HeadToHead) -> str:
    """Say which side was first at more levels, and how many levels each side has not reached."""
    place, other = _order(result.levels.left_first - result.levels.right_first)
    missing = f"not reached: {{{other}}} {{{place}.alone}}, {{{place}}} {{{other}.alone}}"
    if result.are_models:
        return f"{{levels}} that either reached; {missing}"
    return f"{{{place}}} at {{{place}.first.by}}[ since {{since}}]; {missing}"


# ---- tables and chart


def tables(result: HeadToHead) -> Iterator[Table]:
    """List the headline tests with both sides' best scores, the leader's largest leads first; then the other tests.

    There is one table per class, so that both sides fit on a phone. For two closed models the months are between their
    releases.
    """
    first, second = (capitalize(result.sides[place].name) for place in result.order)
    columns = ("Test", first, second, f"{first} {'later' if result.are_closed else 'ahead'}, months")
    for is_headline, where in ((True, "on {} tests"), (False, "on {} tests that enter no gap")):
        for access in CLASSES:
            rows = [row for row in result.tests if (row.board.headline, row.board.access) == (is_headline, access)]
            rows.sort(key=lambda row: (row.difference is None, -round(result.measure_lead(row) or 0.0, 3)))
            cells = tuple(_table_row(row, result) for row in rows)
            yield Table(f"Best scores {where.format(access)}", columns, cells)


def _table_row(row: Row, result: HeadToHead) -> tuple[str, ...]:
    board, bound = row.board, " or more" if row.lower_bound else ""
    bound += " by release" if row.is_by_release and not result.are_closed else ""
    scores = (
        f"{score(best.score, board.unit)}{' (closed)' * result.sides[place].mixes_in(best.model)}" if best else "–"
        for place in result.order
        for best in [row.best(place)]
    )
    return (board.name, *scores, cell(result.measure_lead(row)) + bound)


def chart(evidence: "Evidence", result: HeadToHead, all_facts: Sequence[Fact]) -> Chart:
    """Draw both sides' months behind on each headline test; the side named first is at the value, its leads first."""
    series, titles = [], []
    for of_class in result.comparisons:
        access, tests = of_class.access, sorted(of_class.shared, key=lambda row: -(result.measure_lead(row) or 0.0))
        titles += [capitalize(render(_chart_title(result, of_class), all_facts))] if tests else []
        rows = []
        for row in tests:
            bests = [(result.sides[place].name, row.best(place)) for place in result.order]
            described = selection.bests_details(evidence, row.board, bests)
            values = [best.months or 0.0 for _, best in bests if best]
            rows.append((row.board.name, values[0], min(values), max(values), _row_lead_text(row, result), described))
        series.append(build_series(f"{access} tests", access, rows))
    label, alt = "Months behind a test's newest model", " ".join(f"{title}." for title in titles)
    sides = [(place, result.sides[place]) for place in result.order]
    opens = [model.is_open if (model := result.models.get(at)) else side.openness != "closed" for at, side in sides]
    marks = "○■"[opens[0]], "○◉■□"[2 * opens[1] + (opens[0] == opens[1])]
    ends = " · ".join(f"{mark} {side.name}" for mark, (_, side) in zip(marks, sides, strict=True))
    return Chart("compare", next(iter(titles), ""), label, ends, tuple(series), alt=alt)


def _chart_title(result: HeadToHead, of_class: OfClass) -> str:
    """Say, as a template, on how many of the drawn tests a side is ahead or higher, as the first line does."""
    name, (place, other) = of_class.access, _order(of_class.leader)
    if not of_class.leader:
        return f"{_BOTH}too close to call on {name} tests"
    than = "ahead of" if of_class.ahead else "higher than"
    return f"{{{place}.whole}} {than} {{{other}.rival}} on {{higher.{name}}}"


def _row_lead_text(row: Row, result: HeadToHead) -> str:
    """Say by how many months the side named first leads on a test, or is later than the other closed model."""
    lead, way = result.measure_lead(row), row.meeting.higher * (1 if result.order == PLACES else -1)
    if not lead and not way:
        return "the same"
    if lead is None:
        return ("higher", "lower")[way < 0]
    if round(abs(lead), 1) == 0:  # closed models had both scores at about the same time
        return ("higher, 0 months", "lower, 0 months")[way < 0]
    words = ("later", "earlier") if result.are_closed or row.is_by_release else ("ahead", "behind")
    return f"{'at least ' if row.lower_bound else ''}{cell(abs(lead))} {words[(lead or way) < 0]}"
