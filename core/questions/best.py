"""Which open model is best? On one scale of all tests, on the tests of one domain, or on one test; up to a size."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from core.answer import Answer, Chart, Fact, Line, Series, Table, details
from core.errors import UsageError
from core.gap.parameters import DEFAULT
from core.questions import fields, selection, size_spans
from core.questions.index_wording import CLOCK_LINE, index_data, index_facts, range_text, unit_fact
from core.questions.labs_wording import lab_data, lab_facts, lab_lines, lab_tables
from core.questions.price_wording import at_caps, money, price_data, price_facts, price_lines, price_table
from core.questions.question import Question
from core.questions.shared_facts import (
    STANDING,
    as_of_lines,
    board_data,
    count_fact,
    iso,
    lag_fact,
    model_fact,
    name_fact,
    named_model_data,
    of_board,
    score_fact,
)
from core.text import render
from core.words import ACCESS, Domain, cell, count, day, listed, score, sentence, stands

if TYPE_CHECKING:
    from core.evidence.evidence import BoolArray, Evidence, IntArray
    from core.gap.ranking import Ranked
    from core.gap.records import Frontier

_CANT_TELL = Line(
    "Can't tell",
    "a model that nobody has tested here may be better, and small ones are tested least",
    ("sure", "explain"),
    sentence=True,
)
_OF_TEST = Line(
    "Lab", "{best.lab} has the best open model on {board}: {best}, {best.score}", ("lab",), sentence=True
)  # fmt: skip
Classes = dict[str, "IntArray"]
"""The tests (indices) of each class."""
_NAMED, _LISTED = 3, 10
"""Models that a line names, and that a table lists."""


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
        """Name the best open models; raises UsageError where no open model is left, or the day is before all data."""
        from core.gap.equal_price import flags, prices
        from core.gap.ranking import ranking
        from core.gap.records import frontiers

        as_of, size = self.as_of or evidence.newest_data, size_spans.of_key(self.size) if self.size else None
        boards = selection.boards(evidence, self.benchmark, self.access, self.domain)
        selection.check_first(evidence, boards, as_of)
        until, known = as_of.toordinal(), prices(evidence, as_of.toordinal())
        counted, side = selection.open_models(evidence, self.country, self.lab, self.size), self._side(evidence)
        if self.price is not None:
            affordable = flags(evidence, known, self.price)
            counted = affordable if counted is None else counted & affordable
        seen = evidence if counted is None else evidence.where(~evidence.is_open | counted[evidence.model])
        tests = [each for each in frontiers(seen, boards, as_of.toordinal()) if each.open]
        if not tests:
            raise UsageError(_nobody(evidence, self, as_of))
        ranked, labs, classes = {}, {}, {} if self.benchmark or self.domain else _classes(evidence, boards)
        for name, of_class in classes.items():
            if found := ranking(evidence, of_class, until, DEFAULT, open_models=counted):
                ranked[name] = found
                labs[name] = ranking(evidence, of_class, until, DEFAULT, open_models=counted, of_labs=True)
        taken = count_tests(evidence, boards, until)
        compared = {} if self.country or self.lab or self.size else classes
        at = at_caps(evidence, compared, until, DEFAULT, known, ranked, self.price)
        priced = price_facts(evidence, known, at)
        facts = (
            *_ranked_facts(evidence, ranked, taken, classes),
            *priced,
            *lab_facts(evidence, labs),
            *_test_facts(evidence, tests, taken, single=self.benchmark is not None),
            *([name_fact("side", side, "the open models that are counted")] if side else []),
            *(_unsized_facts(evidence, boards, as_of) if size else []),
        )
        lines = (*_lines(self, ranked), *lab_lines(evidence, labs), *price_lines(priced, self.price))
        return selection.answered(
            self, evidence, as_of, lines, facts,
            tables=(
                *(_ranked_table(evidence, name, found, taken) for name, found in ranked.items()),
                *lab_tables(evidence, labs),
                *price_table(evidence, known, at),
                _scores(evidence, tests[0].board, as_of, counted) if self.benchmark else _tests(evidence, tests),
            ),
            charts=(_chart(evidence, ranked, render(lines[0].text, facts), boards.tolist(), as_of),) if ranked else (),
            data={
                "size": size and {"key": size.key, "shown": size.shown},
                "ranking": {
                    name: [_row(evidence, each, taken[name]) for each in of_class] for name, of_class in ranked.items()
                },
                "labs": lab_data(evidence, labs),
                "equal_price": price_data(evidence, at),
                "tests": [_test(evidence, each) for each in tests],
            },
            boards=boards.tolist(), parameters=DEFAULT,
        )  # fmt: skip

    def _side(self, evidence: "Evidence") -> str:
        """Say which open models are counted, where not all are."""
        named = selection.side(evidence, self.country, self.lab, self.size)
        return f"{named} at {money(self.price)} or less".strip() if self.price is not None else named


def _classes(evidence: "Evidence", boards: "IntArray") -> Classes:
    import numpy as np

    access = np.array([evidence.boards[number].access for number in boards.tolist()])
    return {name: boards[access == name] for name in ACCESS if (access == name).any()}


def count_tests(evidence: "Evidence", boards: "IntArray", as_of: int) -> dict[str, Counter[int]]:
    """Count, of each class of some tests, on how many each model (an index) has a score by a day (ordinal)."""
    import numpy as np

    rows = np.isin(evidence.board, boards) & (evidence.day <= as_of)
    pairs = sorted(set(zip(evidence.board[rows].tolist(), evidence.model[rows].tolist(), strict=True)))
    taken = {name: Counter[int]() for name in ACCESS}
    for board, model in pairs:
        taken[evidence.boards[board].access][model] += 1
    return taken


def _nobody(evidence: "Evidence", question: BestQuestion, as_of: date) -> str:
    who = f"open model {question._side(evidence)}".strip()
    where = selection.board_name(evidence, question.benchmark) or "these tests"
    known = "" if question.price is None else " Prices are known from 2026 on, of some models."
    return f"No {who} has a score on {where} by {day(as_of)}; ask for more models, another test or a later day.{known}"


# ---- facts and lines


def _ranked_facts(
    evidence: "Evidence", ranked: "dict[str, tuple[Ranked, ...]]", taken: dict[str, Counter[int]], classes: Classes
) -> list[Fact]:
    """Name the best model of each class, how far behind it stands, and those that can't be told from it."""
    facts = [unit_fact()] if ranked else []
    for name, (first, *others) in ranked.items():
        facts.append(replace(model_fact(evidence, f"best.{name}", first.model), access=name))
        facts += index_facts(evidence, first.model, {name: first.index}, "best.")
        of: dict[str, Any] = {"access": name, "subject": "tests that the best open model took"}
        number = taken[name][first.model]
        shown = f"{number} of {count(len(classes[name]), 'test')}"
        facts.append(count_fact(f"best.{name}.tests", number, "tests", shown, **of))
        level = [evidence.models[each.model].name for each in others if not each.is_apart]
        if level:
            of = {"access": name, "subject": "not told from the best"}
            facts.append(count_fact(f"level.{name}", len(level), "models", listed(level, 2), **of))
    return facts


def _test_facts(
    evidence: "Evidence", tests: "list[Frontier]", taken: dict[str, Counter[int]], *, single: bool
) -> list[Fact]:
    """State who is best on most of the tests that each took; on a single one the best score, and how far behind."""
    best_on = Counter(each.open[-1].model for each in tests)
    days = {each.open[-1].model: each.open[-1].day for each in tests}
    first = sorted(best_on, key=lambda model: (-best_on[model], -days[model]))[:_NAMED]
    facts = [model_fact(evidence, "best", first[0])]
    if not single:
        each_took = {model: sum(of_class[model] for of_class in taken.values()) for model in first}
        words = {first[0]: " tests it took"}
        shown = listed([
            f"{evidence.models[model].name} ({best_on[model]} of {each_took[model]}{words.get(model, '')})"
            for model in first
        ])  # fmt: skip
        return [*facts, count_fact("most", best_on[first[0]], "tests", shown, "best open score", side="open")]
    [of_test], board = tests, evidence.boards[tests[0].board]
    best = of_test.open[-1]
    of: dict[str, Any] = {"model": evidence.models[best.model].name, **of_board(board)}
    if lab := evidence.models[best.model].lab:
        facts.append(name_fact("best.lab", lab, "of the best open model", side="open"))
    facts += [score_fact("best.score", best.score, board, evidence.models[best.model].name),
              name_fact("board", board.name, **of_board(board))]  # fmt: skip
    if of_test.matched is not None:
        value = of_test.months or 0.0
        facts += [
            model_fact(evidence, "matched", of_test.matched.model),
            lag_fact("behind", value, stands(value), measure=STANDING, side="open", day=iso(of_test.newest_day), **of),
        ]
    return facts


def _unsized_facts(evidence: "Evidence", boards: "IntArray", as_of: date) -> list[Fact]:
    """Count the open models with a score on the tests whose size is not known, the newest named."""
    import numpy as np

    on = np.isin(evidence.board, boards) & evidence.is_open & (evidence.day <= as_of.toordinal())
    unsized = [n for n in sorted(set(evidence.model[on].tolist())) if evidence.models[n].parameters_b is None]
    if not unsized:
        return []
    newest = sorted(unsized, key=lambda n: -evidence.models[n].day)
    shown = f"{count(len(unsized), 'open model')} of unknown size: {listed([evidence.models[n].name for n in newest])}"
    return [count_fact("unsized", len(unsized), "models", shown, "size not known", side="open")]


def _lines(question: BestQuestion, ranked: "dict[str, tuple[Ranked, ...]]") -> tuple[Line, ...]:
    best = {name: found[0].model for name, found in ranked.items()}
    is_narrowed = bool(question.size or question.country or question.lab or question.price is not None)
    who = "the best open model" + (" {side}" if is_narrowed else "")
    if question.benchmark:
        title = f"{{best}}, {{best.score}}, is {who} on {{board}}[, {{behind}}: {{matched}} was first there]"
    elif not ranked:
        title = f"Most often best of the open models{' {side}' if is_narrowed else ''}: {{most}}"
    elif len(set(best.values())) == 1:
        names = " and on ".join(f"{name} tests" for name in best)
        title = f"{{best.{next(iter(best))}}} is {who}, on {names}"
    else:
        title = sentence(who) + " is " + " and ".join(f"{{best.{name}}} on {name} tests" for name in best)
    return (
        Line("", title + _unsure(ranked), ("who", "level")),
        *(
            Line(
                name.capitalize(),
                f"{{best.index.{name}}}[ ({{best.index.{name}.range}})], took {{best.{name}.tests}}"
                f"[; too close to call: {{level.{name}}}]",
                ("scores", "sure"),
            )
            for name in ranked
        ),
        *([CLOCK_LINE] if ranked else []),
        Line("Left out", "{unsized}"),
        *as_of_lines(),
        *details([
            *([Line("By test", "most often best: {most}")] if ranked else []),
            *(
                Line(
                    f"{name.capitalize()} index",
                    f"{{best.{name}}}: {{best.index.{name}.points}}[; first there: {{best.index.{name}.first}}]; at its"
                    f" release {{best.index.{name}.release}}",
                )
                for name in ranked
            ),
            *([Line("Index", "{index.unit}")] if ranked else []),
            *([_OF_TEST] if question.benchmark else []),
            _CANT_TELL,
        ]),
    )  # fmt: skip


def _unsure(ranked: "dict[str, tuple[Ranked, ...]]") -> str:
    """End a title that names the best models by where they can't be told from the next."""
    unsure = [name for name, (_, *others) in ranked.items() if not all(each.is_apart for each in others)]
    if not unsure:
        return ""
    return f",{'' if len(unsure) == len(ranked) else f' on {unsure[0]} tests'} by too little to be sure"


# ---- tables, chart, data


def _ranked_table(
    evidence: "Evidence", access: str, ranked: "tuple[Ranked, ...]", taken: dict[str, Counter[int]]
) -> Table:
    rows = tuple(
        (
            evidence.models[each.model].name,
            evidence.models[each.model].lab or "–",
            _size(evidence, each.model),
            str(taken[access][each.model]),
            cell(each.index.months),
            range_text(each.index).removeprefix("likely ") or "–",
            f"{each.index.points:.0f}",
        )
        for each in ranked
    )
    columns = ("Model", "Lab", "Size", "Tests", "Behind now", "Likely", "Index")
    return Table(f"The best open models on {access} tests: months behind, and index", columns, rows)


def _scores(evidence: "Evidence", board: int, as_of: date, counted: "BoolArray | None") -> Table:
    """List the open models with the best scores on one test, each with the first closed one at its score."""
    import numpy as np

    from core.gap.crossings import rows_until
    from core.gap.records import model_lags

    rows = slice(*rows_until(evidence, board, as_of.toordinal()))
    model, is_open = evidence.model[rows], evidence.is_open[rows]
    best = np.full(len(evidence.models), -np.inf)
    np.maximum.at(best, model[is_open], evidence.score[rows][is_open])
    if counted is not None:
        best[~counted] = -np.inf
    first = [n for n in np.argsort(-best, kind="stable")[:_LISTED].tolist() if np.isfinite(best[n])]
    unit, cells = evidence.boards[board].unit, []
    for n in first:
        [lag] = model_lags(evidence, n, np.array([board]), as_of.toordinal(), DEFAULT)
        known, other = evidence.models[n], "–" if lag.other is None else evidence.models[lag.other].name
        row = (known.name, known.lab or "–", _size(evidence, n), score(lag.score, unit), cell(lag.months), other)
        cells.append(row)
    columns = ("Model", "Lab", "Size", "Score", "Behind now", "First closed there")
    return Table(f"The best open models on {evidence.boards[board].name}", columns, tuple(cells))


def _size(evidence: "Evidence", model: int) -> str:
    known = evidence.models[model].parameters_b
    return "?" if known is None else f"{known:g}B"


def _tests(evidence: "Evidence", tests: "list[Frontier]") -> Table:
    rows = []
    for each in sorted(tests, key=lambda each: (evidence.boards[each.board].access, evidence.boards[each.board].name)):
        board, best = evidence.boards[each.board], each.open[-1]
        rows.append((
            board.name, board.access, evidence.models[best.model].name, _size(evidence, best.model),
            score(best.score, board.unit), cell(each.months),
        ))  # fmt: skip
    columns = ("Test", "Kind", "Best open", "Size", "Score", "Behind now")
    return Table("The best open model by test: months since the first closed one at its score", columns, tuple(rows))


def _chart(
    evidence: "Evidence", ranked: "dict[str, tuple[Ranked, ...]]", title: str, boards: list[int], as_of: date
) -> Chart:
    """Show the best open models of each class on the index, each with its range."""
    series, said = [], []
    for name, found in ranked.items():
        names, points = tuple(evidence.models[each.model].name for each in found), [each.index for each in found]
        series.append(Series(
            f"{name} tests", name, names, tuple(each.points for each in points), tuple(each.low for each in points),
            tuple(each.high for each in points), tuple(_size(evidence, each.model).removeprefix("?") for each in found),
        ))  # fmt: skip
        said.append(f"on {name} tests {listed(list(names[:_NAMED]))}")
    alt = f"{title}. Index of the best open models, with their ranges: {'; '.join(said)}."
    foot = selection.foot(evidence, boards, as_of)
    how = "dot: the figure, bar: where it likely lies"
    return Chart("best", title, "index: 100 is the best closed model", how, tuple(series), foot=foot, alt=alt)


def _row(evidence: "Evidence", each: "Ranked", taken: Counter[int]) -> dict[str, Any]:
    known = evidence.models[each.model]
    return {
        **named_model_data(evidence, each.model, known.day),
        "lab": known.lab or None,
        "parameters_b": known.parameters_b,
        "index": index_data(evidence, each.index),
        "n_tests": taken[each.model],
        "families": each.n_families,
        "told_from_best": each.is_apart,
    }


def _test(evidence: "Evidence", each: "Frontier") -> dict[str, Any]:
    best = each.open[-1]
    return {
        **board_data(evidence.boards[each.board]),
        **named_model_data(evidence, best.model, best.day),
        "parameters_b": evidence.models[best.model].parameters_b,
        "score": best.score,
        "months": each.months,
    }
