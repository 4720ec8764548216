"""Which open model is best? On one scale of all tests, on a domain's tests, or on one test; optionally up to a size."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from core.answer import LIKELY_RANGE, Answer, Chart, Fact, Line, Series, Table, details
from core.dataclass import dataclass
from core.errors import UsageError
from core.gap.parameters import DEFAULT
from core.questions import fields, selection
from core.questions.question import Question
from core.questions.result import MODEL, NAMED_BOARD, Keys, as_json, per_class, size_text, table
from core.questions.shared_facts import (
    CLOCK_LINE,
    ON_INDEX,
    SHORTEST,
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
    model_fact,
    name_fact,
    range_facts,
    range_text,
    score_fact,
    stand_text,
    unit_fact,
)
from core.text import render
from core.words import (
    Domain,
    and_list,
    capitalize,
    count,
    day,
    lag_text,
    money,
    months,
    parameter_count,
    range_cell,
    score,
)

if TYPE_CHECKING:
    from core.evidence.evidence import Board, BoolArray, Evidence, FloatArray, IntArray, Model
    from core.gap.equal_price import EqualPrice
    from core.gap.model_index import ModelIndex
    from core.gap.records import Frontier, ModelLag

CAPS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
"""The table's price caps, in dollars per million tokens."""
_EQUAL_PRICE = "months apart on the index at an equal price"
_NAMED, _UNRANKED, _LISTED = 3, 2, 10
"""How many models a line names, how many of those that are not ranked, and how many a table lists."""
_NEAR = 1.25
"""A model of up to so many times a size is named as just too large for it."""


@dataclass(frozen=True, eq=False)
class Place:
    """An open model's place on the index of a class; `told_from_best` if the best model is surely above it."""

    json_keys: ClassVar[Keys] = {"model": MODEL | {"lab": "lab", "parameters_b": "parameters_b"}}

    model: "Model"
    index: "ModelIndex"
    n_tests: int
    families: int
    told_from_best: bool


@dataclass(frozen=True, eq=False)
class Lab:
    """An open lab with its best model; `told_from_closest` if the closest lab's model is surely above it."""

    json_keys: ClassVar[Keys] = {"model": {"lab": "lab", "model": "model_id", "name": "name"}}

    model: "Model"
    index: "ModelIndex"
    told_from_closest: bool


@dataclass(frozen=True, eq=False)
class OnTest:
    """An open model's score on a test, how far behind it is there, and the first closed model with that score."""

    json_keys: ClassVar[Keys] = {
        "board": NAMED_BOARD,
        "model": MODEL | {"parameters_b": "parameters_b"},
        "lag": {"months": "months"},
        "matched": None,
    }

    board: "Board"
    model: "Model"
    score: float
    lag: "Frontier | ModelLag"
    matched: "Model | None"


@dataclass(frozen=True, eq=False)
class Best:
    """The best open models by class of tests and by test, the labs, and both sides at an equal price.

    `too_few` has the models above a class's ranking, or all without one, that too few tests have tried to rank them;
    those that a line names have their index.
    `tests` has the best model of each test; for a single test `scores` lists its top models. `n_tests` counts the tests
    of a class, `n_taken` the tests that a model (by id) took. `just_over` has the models just above the size. `priced`
    counts the open and the closed models with a price known by the day, and has the day of the newest price.
    """

    json_keys: ClassVar[Keys] = dict.fromkeys(
        ("too_few", "scores", "side", "n_tests", "n_taken", "unsized", "just_over", "priced", "boards", "as_of")
    )

    size: dict[str, str] | None
    ranking: "dict[str, list[Place]]"
    too_few: "dict[str, list[tuple[Model, ModelIndex | None]]]"
    labs: "dict[str, list[Lab]]"
    equal_price: "dict[str, list[EqualPrice]]"
    tests: "list[OnTest]"
    scores: "list[OnTest]"
    side: str
    n_tests: dict[str, int]
    n_taken: Counter[str]
    unsized: "list[Model]"
    just_over: "list[Model]"
    priced: tuple[int, int, date | None]
    boards: list[int]
    as_of: date


@dataclass(frozen=True)
class BestQuestion(Question):
    """The best open model: overall, in a domain, on one test, or up to a size."""

    name: ClassVar[str] = "best"
    behind: ClassVar[str] = "the order of the open models with ranges, and the best on each test"
    phrasings: ClassVar[tuple[str, ...]] = (
        "What is the best open model?",
        "What is the best open model for coding?",
        "What is the best model that I can run at home?",
    )
    charts: ClassVar[Mapping[str, str]] = {"best": "the best open models on the index, with their ranges"}

    size: str | None = fields.size()
    domain: Domain | None = fields.domain_filter()
    benchmark: str | None = fields.benchmark()
    access: Literal["private", "public"] | None = fields.access_filter()
    country: str | None = fields.country_filter()
    lab: str | None = fields.lab_filter()
    price: float | None = fields.described("Only models that cost so many dollars per million tokens or less.", "1")
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()

    def answer(self, evidence: "Evidence") -> Answer:
        """Name the best open models; raises UsageError if no open model is left, or the day is before all data."""
        best = self.find(evidence)
        lines, all_facts = list(text(self, best)), list(facts(best))
        return selection.build_answer(
            self, evidence, best.as_of, lines, all_facts,
            tables=tables(best),
            charts=(chart(best, render(lines[0].text, all_facts)),) if best.ranking else (),
            data=as_json(best), boards=best.boards, parameters=DEFAULT,
        )  # fmt: skip

    def find(self, evidence: "Evidence") -> Best:
        """Find the best open models; raises UsageError as `answer` does."""
        from core.gap.crossings import by_class
        from core.gap.equal_price import prices
        from core.gap.model_index import model_index
        from core.gap.ranking import list_untried, rank_models
        from core.gap.records import frontiers

        as_of, boards = selection.scope(self, evidence)
        until, size = as_of.toordinal(), fields.parse_size_key(self.size) if self.size else None
        side = selection.side(evidence, self.country, self.lab, self.size)
        costs, counted = prices(evidence, until), selection.open_models(evidence, self.country, self.lab, self.size)
        if self.price is not None:
            side = f"{side} at {money(self.price)} or less".strip()
            counted = costs <= self.price if counted is None else counted & (costs <= self.price)
        tests = [_best_on(frontier) for frontier in frontiers(evidence, boards, until, counted) if frontier.open]
        if not tests:
            raise UsageError(self._explain_nobody(evidence, side, as_of))
        classes = {} if self.benchmark or self.domain else by_class(evidence, boards)
        tested = self._list_tested(evidence, boards, until) if size else []
        taken = {name: _count_tests(evidence, of_class, until) for name, of_class in classes.items()}
        places, labs, pairs, too_few = {}, {}, {}, {}
        for name, of_class in classes.items():
            untried = list_untried(evidence, of_class, until, DEFAULT, counted)
            placed = [model_index(evidence, number, of_class, until, DEFAULT) for number in untried[:_UNRANKED]]
            too_few[name] = list(zip_longest((evidence.models[number] for number in untried), placed))
            ranked = rank_models(evidence, of_class, until, DEFAULT, open_models=counted)
            if ranked:
                places[name] = [
                    Place(rank.model, rank.index, taken[name][rank.model.model_id], rank.n_families, rank.is_apart)
                    for rank in ranked
                ]
                of_labs = rank_models(evidence, of_class, until, DEFAULT, open_models=counted, of_labs=True)
                labs[name] = [Lab(rank.model, rank.index, rank.is_apart) for rank in of_labs]
            if not (self.country or self.lab or self.size):
                pairs[name] = self._pair_by_price(evidence, of_class, until, costs, places.get(name, []))
        return Best(
            size={"key": size.key, "shown": size.shown} if size else None,
            ranking=places,
            too_few=too_few,
            labs=labs,
            equal_price={name: of_class for name, of_class in pairs.items() if of_class},
            tests=tests,
            scores=_best_scores(evidence, int(boards[0]), until, counted) if self.benchmark else [],
            side=side,
            n_tests={name: len(of_class) for name, of_class in classes.items()},
            n_taken=_count_tests(evidence, boards, until),
            unsized=[model for model in tested if model.parameters_b is None],
            just_over=[model for model in tested if size and 1 < (model.parameters_b or 0.0) / size.high <= _NEAR],
            priced=_count_priced(evidence, costs, as_of),
            boards=boards.tolist(),
            as_of=as_of,
        )

    def _list_tested(self, evidence: "Evidence", boards: "IntArray", until: int) -> "list[Model]":
        """List the open models of the country and lab with a score on the tests, of any size, newest first."""
        import numpy as np

        on = np.isin(evidence.board, boards) & evidence.is_open & (evidence.day <= until)
        owned = selection.open_models(evidence, self.country, self.lab)
        numbers = [number for number in np.unique(evidence.model[on]).tolist() if owned is None or owned[number]]
        return sorted((evidence.models[number] for number in numbers), key=lambda model: -model.day)

    def _explain_nobody(self, evidence: "Evidence", side: str, as_of: date) -> str:
        who, where = f"open model {side}".strip(), selection.board_name(evidence, self.benchmark) or "these tests"
        known = "" if self.price is None else " Prices are known from 2026 on, of some models."
        return (
            f"No {who} has a score on {where} by {day(as_of)}; ask for more models, another test or a later day.{known}"
        )

    def _pair_by_price(
        self, evidence: "Evidence", boards: "IntArray", until: int, costs: "FloatArray", places: list[Place]
    ) -> "list[EqualPrice]":
        """Compare both sides at the requested price, by default the best model's price, and then at each of `CAPS`.

        The best model is the first place with a known price; the list is empty if no price is known.
        """
        import numpy as np

        from core.gap.equal_price import equal_prices

        best_costs = (costs[selection.model_number(evidence, place.model.model_id)] for place in places)
        first = self.price
        if first is None:
            first = next((float(cost) for cost in best_costs if np.isfinite(cost)), None)
        caps = () if first is None else (first, *CAPS)
        return equal_prices(evidence, boards, until, DEFAULT, costs, caps)


def _best_on(frontier: "Frontier") -> OnTest:
    """Return the best open model of a test."""
    best, matched = frontier.open[-1], frontier.matched
    return OnTest(frontier.board, best.model, best.score, frontier, matched.model if matched else None)


def _best_scores(evidence: "Evidence", board: int, until: int, counted: "BoolArray | None") -> list[OnTest]:
    """Return the open models with the best scores on one test, and the first closed model at each score."""
    import numpy as np

    from core.gap.crossings import rows_until
    from core.gap.records import model_lag

    rows = slice(*rows_until(evidence, board, until))
    model, is_open = evidence.model[rows], evidence.is_open[rows]
    best = np.full(len(evidence.models), -np.inf)
    np.maximum.at(best, model[is_open], evidence.score[rows][is_open])
    if counted is not None:
        best[~counted] = -np.inf
    scores = []
    for number in np.argsort(-best, kind="stable")[:_LISTED].tolist():
        lag = model_lag(evidence, number, board, until, DEFAULT) if np.isfinite(best[number]) else None
        if lag is not None:
            scores.append(OnTest(lag.board, evidence.models[number], lag.score, lag, lag.other))
    return scores


def _count_tests(evidence: "Evidence", boards: "IntArray", until: int) -> Counter[str]:
    """Count the tests on which each model (by id) has a score by a day (ordinal)."""
    import numpy as np

    rows = np.isin(evidence.board, boards) & (evidence.day <= until)
    pairs = set(zip(evidence.board[rows].tolist(), evidence.model[rows].tolist(), strict=True))
    return Counter(evidence.models[model].model_id for _, model in pairs)


def _count_priced(evidence: "Evidence", costs: "FloatArray", as_of: date) -> tuple[int, int, date | None]:
    """Return the number of open and of closed models with a known price, and the day of the newest price by `as_of`."""
    import numpy as np

    is_known, is_open = np.isfinite(costs), evidence.model_is_open
    days = [date.fromisoformat(price.day) for price in evidence.records.prices] if evidence.records else []
    last = max((day for day in days if day <= as_of), default=None)
    return int((is_known & is_open).sum()), int((is_known & ~is_open).sum()), last


# ---- facts


def facts(best: Best) -> Iterator[Fact]:
    """State every figure, name and day of the result, whether the text uses it or not."""
    if best.ranking:
        yield unit_fact()
    for name, (first, *others) in best.ranking.items():
        yield model_fact(f"best.{name}", first.model, access=name)
        yield from index_facts(first.model, {name: first.index}, "best.")
        shown = f"{first.n_tests} of {best.n_tests[name]} {name} tests"
        took = "tests that the best open model took"
        yield count_fact(f"best.{name}.tests", first.n_tests, "tests", shown, took, access=name)
        close = [place.model.called for place in others if not place.told_from_best]
        yield from list_facts(f"level.{name}", close, "models", "not told from the best", most=2, access=name)
    for name, above in best.too_few.items():
        unranked = [
            f"{model.called} ({stand_text(index.months, is_open=True)})" if index else model.called
            for model, index in above
        ]
        yield from list_facts(f"too_few.{name}", unranked, "models", "on too few tests", most=_UNRANKED, access=name)
    yield from _price_facts(best)
    for name, (closest, *labs) in best.labs.items():
        of: dict[str, Any] = {"access": name, "side": "open"}
        yield name_fact(f"lab.{name}", closest.model.lab, "the closest open lab", **of)
        yield name_fact(f"lab.{name}.model", closest.model.called, closest.model.lab, model=closest.model.name, **of)
        yield from index_facts(closest.model, {name: closest.index}, "lab.")
        close = [lab.model.lab for lab in labs if not lab.told_from_closest]
        yield from list_facts(f"lab.{name}.level", close, "labs", "not told from the closest", access=name)
    yield from _test_facts(best)
    if best.side:
        yield name_fact("side", best.side, "the open models that are counted")
    sizes = [f"{model.name} ({parameter_count(round(model.parameters_b or 0.0, 1))})" for model in best.just_over]
    yield from list_facts("just_over", sizes, "models", "just above the size", most=_NAMED, side="open")
    if best.unsized:
        number, names = len(best.unsized), and_list([model.name for model in best.unsized])
        shown = f"{count(number, 'open model')} of unknown size: {names}"
        yield count_fact("unsized", number, "models", shown, "size not known", side="open")


def _price_facts(best: Best) -> Iterator[Fact]:
    """State how far apart both sides are at each class's first price, and how many models have a known price."""
    for name, (pair, *_) in best.equal_price.items():
        if not (pair.open and pair.closed and pair.open_usd and pair.closed_usd):
            continue
        key = f"price.{name}"
        for model, usd in ((pair.open, pair.open_usd), (pair.closed, pair.closed_usd)):
            yield model_fact(f"{key}.{model.side}", model)
            yield count_fact(f"{key}.{model.side}.usd", usd, "US dollars", money(usd), model.name, side=model.side)
        for model, value in ((pair.open, pair.open_months), (pair.closed, pair.closed_months)):
            shown = stand_text(value, is_open=model.is_open)
            of: dict[str, Any] = {"access": name, "side": model.side, "model": model.name, "measure": ON_INDEX}
            yield lag_fact(f"{key}.{model.side}.months", value, shown, **of)
        of = {"low": pair.low, "high": pair.high, "measure": _EQUAL_PRICE, "access": name, "model": pair.open.name}
        yield lag_fact(key, pair.months, _apart_text(pair.months), side="open", **of)
        yield count_fact(f"{key}.cap", pair.cap, "US dollars", money(pair.cap), "or less", access=name)
        yield from range_facts(f"{key}.range", **of)
    n_open, n_closed, last = best.priced
    if _compared(best) and last:
        shown = f"{count(n_open, 'open model')} and {count(n_closed, 'closed model')}"
        yield count_fact("price.known", n_open + n_closed, "models", shown, "whose price is known")
        yield day_fact("price.last", last, "the last new price")


def _compared(best: Best) -> list[str]:
    """Return the classes of tests on which both sides have a model at the first price."""
    return [name for name, (pair, *_) in best.equal_price.items() if pair.open and pair.closed]


def _test_facts(best: Best) -> Iterator[Fact]:
    """State which models are best on the most tests; for a single test the best score and how far behind it is."""
    n_best = Counter(test.model for test in best.tests)
    yield model_fact("best", min(n_best, key=lambda model: (-n_best[model], -model.day)))
    if not best.scores:
        yield _often_fact(best, n_best)
        return
    [test] = best.tests
    if test.model.lab:
        yield name_fact("best.lab", test.model.lab, "of the best open model", side="open")
    yield score_fact("best.score", test.score, test.board, test.model.name)
    yield name_fact("board", test.board.name, **board_fields(test.board))
    if test.matched is not None:
        of: dict[str, Any] = {"model": test.model.name, "day": iso(test.lag.newest_day), **board_fields(test.board)}
        yield model_fact("matched", test.matched)
        shown = behind_text(test.lag, best.as_of.toordinal())
        yield lag_fact("behind", test.lag.months or 0.0, shown, measure=STANDING, side="open", **of)


def _often_fact(best: Best, n_best: "Counter[Model]") -> Fact:
    """State which models are best on several tests; where none is, who is best on which test."""
    often = sorted((model for model in n_best if n_best[model] > 1), key=lambda model: (-n_best[model], -model.day))
    if not often:
        newest = sorted(best.tests, key=lambda test: -test.model.day)
        shown = and_list([f"{test.model.called} on {test.board.name}" for test in newest], _NAMED)
        return count_fact("once", len(best.tests), "tests", shown, "best open score", side="open")
    words = {often[0]: " tests it took"}
    shown = and_list([
        f"{model.called} ({n_best[model]} of {best.n_taken[model.model_id]}{words.get(model, '')})"
        for model in often[:_NAMED]
    ])  # fmt: skip
    return count_fact("most", n_best[often[0]], "tests", shown, "best open score", side="open")


def _apart_text(value: float | None) -> str:
    """Write how many months the open model is behind the closed one."""
    if value is None:
        return "the open one above every closed model"
    return "level" if abs(value) < SHORTEST else f"{months(value)} {'apart' if value > 0 else 'the other way'}"


# ---- text


def text(question: BestQuestion, best: Best) -> Iterator[Line]:
    """Say which model is best, how sure that is, which lab is closest, and what a price limit changes."""
    yield Line("", _title(question, best), ("who", "level"))
    yield Line("Memory", "{size.memory}")
    score_line = "{best.index.@}[ ({best.index.@.range})], took {best.@.tests}[; too close to call: {level.@}]"
    yield from per_class(best.ranking, Line("@", score_line, ("scores", "sure")))
    yield Line("Not ranked", "with fewer than two unrelated <@ tests: {too_few.@}|; >")
    if best.ranking:
        yield CLOCK_LINE
    yield Line("Too large", "just above the size: {just_over}")
    yield Line("Left out", "{unsized}")
    yield from as_of_lines()
    yield from details(_detail_lines(question, best))


def _title(question: BestQuestion, best: Best) -> str:
    who = f"the best open model{' {side}' if best.side else ''}"
    if question.benchmark:
        return f"{{best}}, {{best.score}}, is {who} on {{board}}[, {{behind}}: {{matched}} was first there]"
    if not best.ranking:
        whose = f"best of the open models{' {side}' if best.side else ''}"
        return f"[Most often {whose}: {{most}}][{capitalize(whose)}: {{once}}]"
    title = _on_each(who, "best", {name: places[0].model.called for name, places in best.ranking.items()})
    unsure = [name for name, (_, *others) in best.ranking.items() if not all(place.told_from_best for place in others)]
    if unsure:
        where = f" on {unsure[0]} tests" if len(unsure) < len(best.ranking) else ""
        title += f",{where} by too little to be sure"
    return capitalize(title)


def _on_each(who: str, key: str, names: Mapping[str, str]) -> str:
    """Say who is first on each class of tests: "A is the best, on private tests and on public tests", or one by one."""
    if len(set(names.values())) == 1:
        return f"{{{key}.{next(iter(names))}}} is {who}, on {' and on '.join(f'{name} tests' for name in names)}"
    return f"{who} is {' and '.join(f'{{{key}.{name}}} on {name} tests' for name in names)}"


def _detail_lines(question: BestQuestion, best: Best) -> Iterator[Line]:
    if best.ranking:
        yield Line("By test", f"on {' and '.join(best.n_tests)} tests, [most often best: {{most}}][best: {{once}}]")
    place = "{best.@}: {best.index.@.points}[; first there: {best.index.@.first}]"
    yield from per_class(best.ranking, Line("@ index", f"{place}; at its release {{best.index.@.release}}"))
    yield Line("Index", "{index.unit}")
    of_test = "{best.lab} has the best open model on {board}: {best}, {best.score}"
    yield Line("Lab", of_test, ("lab",), sentence=True)
    unknown = "a model that nobody has tested here may be better, and small ones are tested least"
    yield Line("Can't tell", unknown, ("sure", "explain"), sentence=True)
    if best.labs:
        closest = _on_each("the closest open lab", "lab", {name: labs[0].model.lab for name, labs in best.labs.items()})
        yield Line("Labs", closest, ("lab",), sentence=True)
    lab = "{lab.@}: {lab.@.model} stands {lab.index.@}[ ({lab.index.@.range})][; too close to call: {lab.@.level}]"
    yield from per_class(best.labs, Line("@, by lab", lab, ("lab",)))
    compared = _compared(best)
    if compared:
        cap = "the price of the best open model" if question.price is None else f"{{price.{compared[0]}.cap}}"
        side = "{price.@.%s} ({price.@.%s.usd}, {price.@.%s.months})"
        sides = f"{side.replace('%s', 'open')} and {side.replace('%s', 'closed')}"
        apart = f"at {cap} or less: <on @ tests {sides}, {{price.@}}[ ({{price.@.range}})]|; >"
        yield Line("Equal price", apart, ("price",), sentence=True)
        known = "lowest listed per million tokens, three read for one written; of {price.known}, to {price.last}"
        yield Line("Prices", known, ("price",))


# ---- tables and chart


def tables(best: Best) -> Iterator[Table]:
    """List the ranking on each class of tests, the labs, both sides by price, and the best model by test."""
    until = best.as_of.toordinal()
    for name, places in best.ranking.items():
        yield table(
            f"The best open models on {name} tests: months behind, and index",
            "Model | Lab | Size | Tests | Behind now | Likely | Index",
            ((place.model, place.model.lab, size_text(place.model), place.n_tests, place.index.months,
              _range_cell(place.index), f"{place.index.points:.0f}") for place in places),
        )  # fmt: skip
    for name, labs in best.labs.items():
        yield table(
            f"Open labs on {name} tests by their best model: months behind",
            "Lab | Best model | Behind now | Likely | Told from the closest",
            ((lab.model.lab, lab.model, lab.index.months, _range_cell(lab.index),
              "–" if lab is labs[0] else "yes" if lab.told_from_closest else "can't tell") for lab in labs),
        )  # fmt: skip
    yield table(
        "At an equal price: the best of each side, by dollars per million tokens",
        "Tests | Up to | Best open | Best closed | Open behind | Closed behind | Apart | Likely",
        ((name, money(pair.cap), _model_at(pair.open, pair.open_usd), _model_at(pair.closed, pair.closed_usd),
          pair.open_months, pair.closed_months, pair.months, range_cell(pair.low, pair.high))
         for name, pairs in best.equal_price.items() for pair in pairs[1:]),
    )  # fmt: skip
    if best.scores:
        yield table(
            f"The best open models on {best.scores[0].board.name}",
            "Model | Lab | Size | Score | Behind | First closed there",
            ((test.model, test.model.lab, size_text(test.model), score(test.score, test.board.unit),
              behind_cell(test.lag, until), test.matched) for test in best.scores),
        )  # fmt: skip
        return
    by_test = sorted(best.tests, key=lambda test: (test.board.access, test.board.name))
    yield table(
        "The best open model by test: months since the first closed one at its score",
        "Test | Kind | Best open | Size | Score | Behind",
        ((test.board, test.board.access, test.model, size_text(test.model), score(test.score, test.board.unit),
          behind_cell(test.lag, until)) for test in by_test),
    )  # fmt: skip


def _range_cell(index: "ModelIndex") -> str:
    return range_text(index).removeprefix("likely ")


def _model_at(model: "Model | None", usd: float | None) -> str:
    return "" if model is None or usd is None else f"{model.name} ({money(usd)})"


def chart(best: Best, title: str) -> Chart:
    """Draw how many months the best open models of each class are behind on the index, with their ranges."""
    series = []
    for name, places in best.ranking.items():
        rows = [_chart_row(place) for place in sorted(places, key=lambda place: place.index.months or 0.0)]
        series.append(Series(f"{name} tests", name, *zip(*rows, strict=True)))
    first = "; ".join(f"on {of_class.label} {and_list(list(of_class.x[:_NAMED]))}" for of_class in series)
    finding, _, doubt = title.partition(", ")
    is_close = "too little" in doubt
    if not best.side and len({places[0].model.called for places in best.ranking.values()}) > 1:
        first, second = (places[0].model.called for places in best.ranking.values())
        finding = f"{first} leads private tests, {second} public ones"
        if is_close:
            finding, is_close = f"Best open model: {first} or {second}, too close to call", False
    alt = f"{title}. Months behind of the best open models, with their ranges: {first}."
    how = f"● with {LIKELY_RANGE}{'; too close to be sure' * is_close}"
    return Chart("best", finding, "Months behind closed models", how, tuple(series), alt=alt)


def _chart_row(place: Place) -> tuple[str, float | None, float | None, float | None, str, str]:
    """Return a model's name, months, range, size and details; one above all closed ones has that for its size."""
    model, index = place.model, place.index
    described = f"{model.lab or 'Lab unknown'}, {day(model.day)}"
    if index.months is None:
        return model.name, None, None, None, "level or ahead", described
    described += f"\n{lag_text(index.months, 'behind')}, {range_text(index)}"
    size = size_text(model).removeprefix("?")
    return model.name, index.months, index.months_low or 0.0, index.months_high, size, described
