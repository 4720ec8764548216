"""How far behind is one model? On one scale of all tests, and on each test since a closed model first had its score."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from core.answer import Answer, Aspect, Chart, Fact, Line, Series, Table, details
from core.dataclass import dataclass
from core.errors import UsageError
from core.gap.parameters import DEFAULT, MONTH_DAYS
from core.names.names import without_version
from core.questions import fields, selection
from core.questions.fields import HARDWARE_MEMORY, HARDWARE_SIZES, memory_text
from core.questions.question import Question
from core.questions.result import MODEL, Keys, as_json, per_class, put_extremes_first, table
from core.questions.shared_facts import (
    BETWEEN,
    CLOCK_LINE,
    STANDING,
    as_of_lines,
    behind_cell,
    behind_text,
    board_fields,
    count_fact,
    day_fact,
    index_facts,
    iso,
    lag_fact,
    list_facts,
    make_fact,
    model_fact,
    name_fact,
    on_index,
    range_facts,
    release_text,
    score_fact,
    unit_fact,
)
from core.store.store import Store
from core.words import (
    ACCESS,
    CLASSES,
    and_list,
    cell,
    count,
    day,
    lag_text,
    levels,
    likely_lag,
    money,
    months,
    parameter_count,
    quote,
    score,
    took_text,
)

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence, Model, Price
    from core.gap.model_index import ModelIndex
    from core.gap.records import ModelLag
    from core.gap.score_noise import NoisyLag

NOISE_LINE = Line(
    "Noise",
    "with scores drawn anew within their standard errors, the lag is {asked.noise}",
    ("sure",),
    sentence=True,
    detail=True,
)
_DOUBTED = {"third-party": "a third party's word", "registry": "the word of registries"}
"""The weak grades of evidence on open or closed, which the answer mentions: no audit or index confirms the class."""
_LISTED = 6
"""How many tests or models a line names."""
_OF_SINGLE: tuple[Aspect, ...] = ("level", "scores", "when", "who")


@dataclass(frozen=True, eq=False)
class Subject:
    """The requested model, the names of other models with the same name, earliest first, and its lowest list price."""

    json_keys: ClassVar[Keys] = {
        "model": MODEL
        | {"side": "side", "evidence": "openness_grade"}
        | {key: key for key in ("lab", "country", "parameters_b", "active_b")},
        "price": {"price_from": "provider", "price_day": "day", "input_usd": "input_usd", "output_usd": "output_usd"},
    }

    model: "Model"
    versions: list[str]
    price: "Price | None"


@dataclass(frozen=True, eq=False)
class Placement:
    """Where a model stands on each test and on the index of each class, as of a day (ordinal).

    There is no index if the question is about a single test.
    """

    json_keys: ClassVar[Keys] = {"subject": "model", **dict.fromkeys(("is_single", "boards", "as_of"))}

    subject: Subject
    tests: "list[ModelLag]"
    index: "dict[str, ModelIndex]"
    is_single: bool
    boards: list[int]
    as_of: int

    @property
    def model(self) -> "Model":
        """Return the model."""
        return self.subject.model

    @property
    def reached(self) -> "list[ModelLag]":
        """Return the tests that count on which the other side has had the model's score, nearest in time first."""
        reached = (test for test in self.tests if test.accepted and test.between is not None)
        return sorted(reached, key=lambda test: test.distance)


@dataclass(frozen=True)
class ModelQuestion(Question):
    """How far behind closed models one open model is; how soon a closed one was matched."""

    name: ClassVar[str] = "model"
    behind: ClassVar[str] = "each test, the index, scores, licence and versions"
    phrasings: ClassVar[tuple[str, ...]] = (
        "How far behind is Kimi K2?",
        "Where does DeepSeek-R1 stand?",
        "How far behind closed models is GLM-5 on WeirdML?",
        "How long after GPT-4o did open models match it?",
    )

    model: str = fields.described(
        "The model, by any of its names.", "Kimi K2", needed=True, max_length=100, by_place=True
    )
    benchmark: str | None = fields.benchmark()
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()

    def resolved(self, store: Store, today: date) -> "ModelQuestion":
        """Return the question with ids for names, and both days; raises UsageError if the model is missing."""
        if not self.model:
            raise UsageError("The model is missing; give one, such as Kimi K2.")
        return super().resolved(store, today)

    def answer(self, evidence: "Evidence") -> Answer:
        """Place the model; raises UsageError if it can't be compared, or has no score on the tests."""
        return answer_placement(self, evidence, self.find(evidence))

    def find(self, evidence: "Evidence") -> Placement:
        """Compute where the model stands; raises UsageError as `answer` does."""
        from core.gap.equal_price import lowest_prices
        from core.gap.records import model_lag
        from core.gap.score_noise import model_noise

        as_of = self.as_of or evidence.newest_data
        number, until = selection.comparable(evidence, self.model, as_of), as_of.toordinal()
        tests, boards = [], []
        asked = selection.boards(evidence, self.benchmark).tolist()
        own = set(evidence.board[evidence.model == number].tolist())
        for board in asked if self.benchmark or own.intersection(asked) else sorted(own):
            lag = model_lag(evidence, number, board, until, DEFAULT)
            if lag is not None:
                tests.append(replace(lag, noise=model_noise(evidence, number, board, until, DEFAULT)))
                boards.append(board)
        if not tests:
            raise self._refuse(evidence, number)
        model = evidence.models[number]
        price = lowest_prices(evidence, until).get(model.model_id)
        return Placement(
            subject=Subject(model, _find_versions(evidence, model, until), price),
            tests=tests,
            index={} if self.benchmark else on_index(evidence, number, as_of),
            is_single=self.benchmark is not None,
            boards=boards,
            as_of=until,
        )

    def _refuse(self, evidence: "Evidence", model: int) -> UsageError:
        """Return the error that the model has no score on the tests; it lists tests with one, headline tests first."""
        boards = [evidence.boards[number] for number in sorted(set(evidence.board[evidence.model == model].tolist()))]
        scored = tuple(board.name for board in sorted(boards, key=lambda board: not board.headline))
        name = evidence.models[model].name
        if not scored:
            return UsageError(
                f"No score of {name} was known by {day(evidence.known_by)}; ask for a later known-by day."
            )
        where = selection.board_name(evidence, self.benchmark) or "a headline test"
        return UsageError(f"{name} has no score on {where}; give a test that has one: {and_list(scored)}.", scored)


def answer_placement(question: Question, evidence: "Evidence", placement: Placement) -> Answer:
    """Build the answer about one model, for any kind of question."""
    as_of = date.fromordinal(placement.as_of)
    lines, all_facts = list(text(placement)), list(facts(placement))
    drawing = chart(evidence, placement)
    return selection.build_answer(
        question, evidence, as_of, lines, all_facts, tables=(tests_table(placement),),
        charts=(drawing,) if drawing else (),
        data=as_json(placement), boards=placement.boards, parameters=DEFAULT,
    )  # fmt: skip


def _find_versions(evidence: "Evidence", model: "Model", as_of: int) -> list[str]:
    """Name the other models with a model's name that were released by a day (ordinal), earliest first."""
    name = without_version(model.name)
    versions = [
        other
        for other in evidence.models
        if other.model_id != model.model_id and other.day <= as_of and without_version(other.name) == name
    ]
    return [other.name for other in sorted(versions, key=lambda other: other.day)]


# ---- facts


def facts(placement: Placement) -> Iterator[Fact]:
    """State every figure, name and day of the result, whether the text uses it or not."""
    model, tests = placement.model, placement.tests
    of: dict[str, Any] = {"model": model.name, "side": model.side}
    yield model_fact("model", model)
    yield name_fact("full_name", model.name, **of)
    yield day_fact("model.day", model.day, f"release of {model.name}")
    yield count_fact("tests", len(tests), "tests", count(len(tests), "test"), **of)
    for access in ACCESS:
        of_class = [test for test in tests if test.board.access == access]
        if of_class:
            where = {**of, **(board_fields(tests[0].board) if placement.is_single else {"access": access})}
            yield count_fact(f"tests.{access}", len(of_class), "tests", count(len(of_class), "test"), **where)
            if not model.is_open:
                yield from _match_facts(of_class, access, **where)
    yield from _reached_facts(placement)
    yield from _aside_facts(placement)
    if placement.is_single:
        yield from _lag_facts("asked", model, tests[0], placement.as_of)
        yield from noise_facts(tests[0].noise, tests[0].board)
    elif placement.index:
        yield from index_facts(model, placement.index)
        yield unit_fact()


def _match_facts(tests: "Sequence[ModelLag]", name: str, **of: Any) -> Iterator[Fact]:
    """State on how many tests of a class open models matched a closed model, and after how many months."""
    counted = [test for test in tests if test.accepted]
    if not counted:
        shown = "no score above the floor from which a level counts"
        yield count_fact(f"none.{name}", 0, "tests", shown, **of)
        return
    waits = sorted(test.between for test in counted if test.between is not None)
    shown = f"matched on {len(waits)} of {count(len(counted), 'test')}"
    yield count_fact(f"matched.{name}", len(waits), "tests", shown, **of)
    if waits:
        low, high = waits[0], waits[-1]
        shown = f"{low:.1f} to {months(high)} later"
        if len(waits) == 1:
            shown = lag_text(low, "later")
        elif low < 0:
            shown = f"from {lag_text(low, 'later')} to {lag_text(high, 'later')}"
        yield from range_facts(f"range.{name}", low, high, shown, measure=BETWEEN, **of)


def _reached_facts(placement: Placement) -> Iterator[Fact]:
    """State the nearest and farthest test, the tests without a match, and for a closed model the last match.

    For an open model, tests that have ended are not compared: their months no longer grow.
    """
    from core.gap.standing import has_ended

    model, reached = placement.model, placement.reached
    going_on = [test for test in reached if not has_ended(test.newest_day, placement.as_of)]
    ranked = going_on if model.is_open and going_on else reached
    for key, ends in (("nearest", ranked[:1]), ("farthest", ranked[1:][-1:])):
        for test in ends:
            yield from _lag_facts(key, model, test, placement.as_of)
    counted = [test for test in placement.tests if test.accepted]
    beyond = [_beyond_text(model, test) for test in counted if test.between is None]
    of: dict[str, Any] = {"model": model.name, "side": model.side}
    yield from list_facts("beyond", beyond, "tests", **of)
    if model.is_open:
        return
    shown = f"{len(reached)} of {count(len(counted), 'test')}"
    yield count_fact("matched", len(reached), "tests", shown, **of)
    for last in reached[-1:]:
        board = board_fields(last.board)
        yield name_fact("last.board", last.board.name, **board)
        yield day_fact("last.day", last.other.day if last.other else 0, f"match on {last.board.name}")
        if (last.between or 0.0) < 0:
            shown = "before it, the last time" if len(reached) > 1 else "before it"
            yield lag_fact("last.before", last.between, shown, measure=BETWEEN, **board)


def _lag_facts(key: str, model: "Model", test: "ModelLag", as_of: int) -> Iterator[Fact]:
    """State a model's score on one test, the other side's first model with that score, and the months between them."""
    board, other = test.board, test.other
    of: dict[str, Any] = {"model": model.name, **board_fields(board)}
    yield name_fact(f"{key}.board", board.name, **board_fields(board))
    yield score_fact(f"{key}.score", test.score, board, model.name)
    yield day_fact(f"{key}.newest", test.newest_day, f"newest model on {board.name}")
    if other is None or test.between is None:
        return
    yield model_fact(f"{key}.other", other)
    yield day_fact(f"{key}.other.day", other.day, other.name)
    if test.months is None:
        yield lag_fact(f"{key}.months", test.between, lag_text(test.between, "later"), measure=BETWEEN, **of)
        return
    stands = {**of, "measure": STANDING, "day": iso(test.newest_day)}
    yield lag_fact(f"{key}.months", test.months, behind_text(test, as_of), **stands)
    yield lag_fact(f"{key}.release", test.between, release_text(test.between), measure=BETWEEN, **of)


def _beyond_text(model: "Model", test: "ModelLag") -> str:
    """Write a test on which the other side has no such score: an open model leads, or a closed model is unmatched."""
    age = "" if model.is_open else f"{months((test.newest_day - model.day) / MONTH_DAYS)} "
    return f"{test.board.name} ({_score_text(test)}, {age}to {day(test.newest_day)})"


def _score_text(test: "ModelLag") -> str:
    return score(test.score, test.board.unit)


def _aside_facts(placement: Placement) -> Iterator[Fact]:
    """State the rest: all scores, levels at which the model was first, its licence, doubts and versions."""
    model, tests = placement.model, placement.tests
    of: dict[str, Any] = {"model": model.name, "side": model.side}
    scores = [f"{_score_text(test)} on {test.board.name}" for test in tests]
    yield from list_facts("scores", scores, "tests", most=_LISTED, **of)
    yield make_fact("licence", ", ".join(model.licences) or None, "", _licence_text(model), "note", **of)
    maker = ", ".join(filter(None, (model.lab or "a maker that is not in the data", model.country)))
    yield name_fact("maker", maker, f"maker of {model.name}", **of)
    yield make_fact("size", model.parameters_b, "billions", _size_text(model), "count", **of)
    yield make_fact("price", *_price_text(model, placement.subject.price), "count", **of)
    first = [
        f"{levels(test.first_at[0], test.first_at[-1], test.board.unit)} on {test.board.name}"
        for test in tests
        if test.first_at and test.accepted
    ]
    left_out = [f"{test.board.name} ({_score_text(test)})" for test in tests if not test.accepted]
    yield from list_facts("first", first, "tests", most=_LISTED, **of)
    yield from list_facts("left_out", left_out, "tests", most=_LISTED, **of)
    yield from list_facts("versions", placement.subject.versions, "models", most=_LISTED, **of)
    if model.openness_grade in _DOUBTED:
        shown = f"{model.called} is {model.side} by {_DOUBTED[model.openness_grade]} alone"
        yield make_fact("doubt", model.openness_grade, "", shown, "note", **of)


def _licence_text(model: "Model") -> str:
    """Write the licence of a model's weights in its sources' own words, or say that it is not in the data."""
    if not model.is_open:
        return f"{model.called} is closed: no licence for its weights is in the data"
    if not model.licences:
        return f"the licence of {model.called} is not in the data, which has only that its weights are open"
    licences = and_list([quote(licence, 100) for licence in model.licences])
    return f"the licence of {model.called} is, in its sources' words, {licences}"


def _size_text(model: "Model") -> str:
    """Write an open model's number of parameters, the memory that it needs, and hardware that has as much."""
    if model.parameters_b is None:
        closed = "" if model.is_open else ": its maker keeps it closed"
        return f"how many parameters {model.called} has is not in the data{closed}"
    active = "" if model.active_b is None else f" ({parameter_count(model.active_b)} used per token)"
    size = f"{parameter_count(model.parameters_b)} parameters"
    kind = next((kind for kind in HARDWARE_MEMORY if HARDWARE_SIZES[kind] >= model.parameters_b), "server")
    verdict = "is enough" if HARDWARE_SIZES[kind] >= model.parameters_b else "is too small"
    hardware = f"a {kind} of {HARDWARE_MEMORY[kind]} GB {verdict}"
    return f"{model.called} has {size}{active} and needs {memory_text(model.parameters_b)}: {hardware}"


def _price_text(model: "Model", price: "Price | None") -> tuple[float | None, str, str]:
    """Return a model's mean price, its unit, and what the model costs at its cheapest provider."""
    from core.gap.equal_price import mean_price

    if price is None:
        shown = f"the price of {model.called} is not in the data, which has prices of some models from 2026 on"
        return None, "US dollars", shown
    usd = f"{money(price.input_usd)} per million tokens read and {money(price.output_usd)} written"
    shown = f"{model.called} costs {usd}, by the list of {price.provider} ({day(date.fromisoformat(price.day))})"
    return mean_price(price), "US dollars", shown


def noise_facts(noise: "NoisyLag | None", board: "Board", **of: Any) -> Iterator[Fact]:
    """State the requested lag with the board's scores redrawn: "4.3 months, likely 2 to 6"."""
    if noise is None:
        return
    low, high = noise.low, noise.high
    middle = lag_text(noise.months) if math.isfinite(noise.months) else "without end"
    ends = likely_lag(low, high) if math.isfinite(low) and math.isfinite(high) else _ends_text(noise)
    of = {**board_fields(board), "measure": f"{BETWEEN}, scores drawn anew", **of}
    values = as_json(noise)
    yield lag_fact("asked.noise", values["months"], f"{middle}, {ends}", low=values["low"], high=values["high"], **of)


def noise_cell(noise: "NoisyLag | None") -> str:
    """Write a redrawn lag for a table: "4.3 (2.1 to 6.0)", or a dash if there is none."""
    if noise is None or not math.isfinite(noise.months):
        return "–"
    return f"{cell(noise.months)} ({_ends_text(noise)})"


def _ends_text(noise: "NoisyLag") -> str:
    low, high = (cell(end) if math.isfinite(end) else "" for end in (noise.low, noise.high))
    if low and high:
        return f"{low} to {high}"
    return f"{low} or more" if low else f"up to {high}" if high else "without end"


# ---- text


def text(placement: Placement) -> Iterator[Line]:
    """Say how far behind the model is or when it was matched, on the index and by test, and what is unknown."""
    is_open, basis = placement.model.is_open, []
    if placement.is_single:
        yield _single_title(placement)
        basis = ["the board's newest model by then: {asked.newest}"]
    elif is_open:
        yield _open_title(placement.index)
        yield from per_class(ACCESS, Line("@", "[first there: {index.@.first}; ]{tests.@}"))
        row = "{%s.board}, {%s.score}, {%s.months}: {%s.other} was first there"
        yield Line("Closest", row.replace("%s", "nearest"), ("who",))
        yield CLOCK_LINE
        if placement.index:
            one = "alone may give other months: the index places closed models by all their tests"
            yield Line("One test", one, detail=True)
        yield Line("Farthest", row.replace("%s", "farthest"), ("who",), detail=True)
    else:
        yield _closed_title(placement)
        yield from per_class(ACCESS, Line("@", "{matched.@}[, {range.@}]"))
        yield from per_class(ACCESS, Line("@ tests", "{none.@}", detail=True))
        row = "{%s.other} on {%s.board} ({%s.score}) on {%s.other.day}, {%s.months}"
        yield Line("Soonest", row.replace("%s", "nearest"), ("who",), detail=True)
        yield Line("Latest", row.replace("%s", "farthest"), ("who",), detail=True)
    yield from as_of_lines(*basis, aspects=())
    yield from details(_detail_lines(placement))


def _single_title(placement: Placement) -> Line:
    """Say the model's score on one test, and when the other side first had that score."""
    [test] = placement.tests
    if placement.model.is_open:
        whose, other = "{model}, open weights of {model.day},", "closed"
        match = ", {asked.months}: {asked.other} was first there on {asked.other.day}; at its release {asked.release}"
    else:
        whose, other = "{model}, a closed model of {model.day},", "open"
        match = "; the first open model at or above that was {asked.other} on {asked.other.day}, {asked.months}"
    if test.other is None:
        match = f"; no {other} model in the data to {{asked.newest}} is at or above that"
    return Line("", f"{whose} has {{asked.score}} on {{asked.board}}{match}", _OF_SINGLE)


def _open_title(index: "dict[str, ModelIndex]") -> Line:
    """Say how far behind an open model is on each class of tests, and was at its release."""
    whose = "{model}, open weights of {model.day},"
    if not index:
        few = f"{whose} has scores on {{tests}}, too few to place it on one scale"
        return Line("", f"{few}[; closest on {{nearest.board}}: {{nearest.months}}]", ("level", "when"))
    first, *others = index
    whom = "" if index[first].months is None else " closed models"
    parts = [f"{{index.{first}}}{whom} on {first} tests[ ({{index.{first}.range}})]"]
    release = f"{{index.{first}.release}}"
    for name in others:
        are_numbers = index[first].months is not None and index[name].months is not None
        parts.append(f"{{index.{name}{'.short' if are_numbers else ''}}} on {name}[ ({{index.{name}.range}})]")
        are_numbers = bool(index[first].at_release and index[name].at_release)
        release = f"{{index.{first}.release{'.short' if are_numbers else ''}}} and {{index.{name}.release}}"
    return Line("", f"{whose} stands {' and '.join(parts)}; at its release {release}", ("level", "when"))


def _closed_title(placement: Placement) -> Line:
    """Say on how many tests open models have matched a closed model, and since when."""
    whose, reached = "{model}, a closed model of {model.day},", placement.reached
    if not any(test.accepted and test.board.access in CLASSES for test in placement.tests):
        return Line("", f"{whose} scores too low on {{tests}} to say when open models matched it", ("level", "when"))
    if not reached:
        return Line(
            "", "No known open model matches {model}, a closed model of {model.day}: {matched}", ("level", "when")
        )
    last = "[, the last of them {last.board} on {last.day}]"
    if (reached[-1].between or 0.0) < 0:
        last = "; they had been there {last.before}, on {last.board} on {last.day}"
    return Line("", f"Open models have matched {whose} on {{matched}}{last}", ("level", "when"))


def _detail_lines(placement: Placement) -> Iterator[Line]:
    """Yield the details: the index, scores, licence, doubts and versions."""
    is_open = placement.model.is_open
    side, other = ("open", "closed") if is_open else ("closed", "open")
    yield NOISE_LINE
    if not placement.is_single:
        stand = "{index.@}" if is_open else "where closed models first stood {index.@}"
        on_scale = f"<@ {{index.@.points}}, {stand}[ ({{index.@.range}})]|; > · {{index.unit}}"
        yield Line("Index", on_scale, ("level",))
        yield Line("Scores", "{scores}", ("scores",))
        beyond = f"no {other} model in the data is at or above it on {{beyond}}"
        yield Line("Ahead" if is_open else "Unmatched", beyond)
    yield Line("Was first", f"of the {side} models in the data at {{first}}")
    low_score = "{left_out}: below the floor, where a score says little"
    yield Line("Low score" if placement.is_single else "Left out", low_score)
    yield Line("Released", "{model} was released on {model.day} by {maker}", ("released", "lab"), sentence=True)
    yield Line("Size", "{size}", ("size",), sentence=True)
    yield Line("Price", "{price}", ("price",), sentence=True)
    yield Line("Licence", "{licence}", ("licence",), sentence=True)
    yield Line("In doubt", "{doubt}", ("sure",), sentence=True)
    yield Line("Version", "this is {full_name}; others of that name: {versions}")
    cant_tell = (
        "behind is how long ago a closed model was first where it stands; closed models are tested more often, which"
        " makes that look longer"
        if is_open
        else "open models are tested less often, so that they may have been there before; a match is a score on a test,"
        " not all that a model can do"
    )
    yield Line("Can't tell", cant_tell, ("sure", "explain"), sentence=True)


# ---- table and chart


def tests_table(placement: Placement) -> Table:
    """List the tests with the other side's first model at the model's best score."""
    is_open, has_remarks, rows = placement.model.is_open, any(test.reason for test in placement.tests), []
    order = sorted(placement.tests, key=lambda test: (test.board.access, test.between is None, -test.distance))
    for test in order:
        lags = (behind_cell(test, placement.as_of), test.between) if is_open else (test.between,)
        other, on = (test.other, iso(test.other.day)) if test.other else ("none in the data", "")
        remark = (f"{test.reason}: left out" if test.reason else "",) if has_remarks else ()
        noise = noise_cell(test.noise)
        rows.append((test.board, test.board.access, _score_text(test), *lags, noise, other, on, *remark))
    side, lag_columns = ("closed", "Behind | At its release") if is_open else ("open", "Months later")
    columns = f"Test | Kind | Best score | {lag_columns} | Redrawn | First {side} there | On"
    columns += " | Remark" if has_remarks else ""
    return table(f"By test: the first {side} model at or above the best score", columns, rows)


def chart(evidence: "Evidence", placement: Placement) -> Chart | None:
    """Draw a line per test from the first closed to the first open model at the score; None if there is no match."""
    model, rows = placement.model, list[Series]()
    for test in sorted(placement.tests, key=lambda test: (test.board.access, -(test.other.day if test.other else 0))):
        label = f"{test.board.name} {_score_text(test)}"
        if test.other is not None:
            closed, open_ = (test.other, model) if model.is_open else (model, test.other)
            rows.append(selection.catch_up_series(evidence, label, test.board, closed, open_, test.between))
        elif not model.is_open and test.newest_day > model.day:
            so_far = (test.newest_day - model.day) / MONTH_DAYS
            rows.append(selection.catch_up_series(evidence, label, test.board, model, test.newest_day, so_far))
    rows = [row for access in ACCESS for row in put_extremes_first([row for row in rows if row.role == access])]
    took = [row.y[1] for row in rows if row.y[1] is not None]
    if not took:
        return None
    name, is_open = model.called, model.is_open
    title = f"{name} matched closed scores after" if is_open else f"Open models matched {name}'s scores after"
    title = f"{title} {took_text(took)}"
    what = f"first closed model ○ at its best score to {name} ■" if is_open else f"{name} ○ to the first open model ■"
    where = "the first closed model at its best score to it" if is_open else "it to the first open model"
    alt = f"A line per test, from {where}. {title}."
    return Chart("catch-up", title, f"Months from {what}", "", tuple(rows), alt=alt)
