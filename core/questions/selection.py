"""Select what a question is about: its benchmarks, open models, sources and domain; build its answer."""

from dataclasses import asdict, replace
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any

from core.answer import TESTS, Answer, Chart, Fact, Line, Series, Table, details
from core.errors import UsageError
from core.gap.parameters import Parameters
from core.names.names import is_within
from core.questions.fields import Size, memory_of, memory_text, parse_size_key
from core.questions.result import as_json
from core.questions.shared_facts import as_of_facts, count_fact, iso, method_fact
from core.text import render_known
from core.words import (
    CLASSES,
    DOMAINS,
    NO_DOMAIN,
    UNKNOWN,
    and_list,
    capitalize,
    count,
    day,
    or_list,
    parameter_count,
    score,
    tests_of,
    with_domain,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.evidence.evidence import Board, BoolArray, Evidence, IntArray, Model
    from core.gap.head_to_head import Best
    from core.questions.question import Question

_HOW_MANY = Line("Tests", "{domain.counts}")
_WHICH = details([Line("Which tests", "{domain.tests}"), Line("Other tests", "{domain.others}")])
_NAMED = 3
"""How many publishers a chart's foot names: it has room for three lines."""
_LEFT_OUT = ("only a part is known of {}", "another version counts of {}")
"""Why a test does not count in its domain's figures."""


def boards(
    evidence: "Evidence", benchmark: str | None, access: str | None = None, domain: str | None = None
) -> "IntArray":
    """Return the indices of one benchmark (its id and version), of the headline, or of a domain; `access` limits them.

    Raises UsageError if the benchmark is in another class or domain, or if no test of the domain counts.
    """
    import numpy as np

    if domain and not benchmark:
        return np.array(domain_boards(evidence, domain, access), dtype=np.int64)

    numbers = [
        number
        for number, board in enumerate(evidence.boards)
        if (benchmark == f"{board.benchmark_id} {board.version}" if benchmark else board.headline)
        and access in (None, board.access)
    ]
    if not numbers:
        board = evidence.boards[board_number(evidence, benchmark or "")]
        if board.access == UNKNOWN:
            raise UsageError(f"Nobody has said whether {board.name} is private or public; leave the access out.")
        raise UsageError(f"{board.name} is a {board.access} test; leave the access out, or ask for {board.access}.")
    board = evidence.boards[numbers[0]]
    if domain and board.domain != domain:
        of = f"of {board.domain}" if board.domain else f"of {NO_DOMAIN}"
        raise UsageError(f"{board.name} is a test {of}; leave the domain out, or the test.")
    return np.array(numbers, dtype=np.int64)


def scope(question: "Question", evidence: "Evidence") -> "tuple[date, IntArray]":
    """Return the as-of day and the tests (indices) of a question; raises UsageError if the day is before their data."""
    values = vars(question)
    as_of = values["as_of"] or evidence.newest_data
    numbers = boards(evidence, *(values.get(name) for name in ("benchmark", "access", "domain")))
    check_first(evidence, numbers, as_of)
    return as_of, numbers


def board_number(evidence: "Evidence", benchmark: str) -> int:
    """Return the index of a benchmark by its id and version."""
    return next(n for n, board in enumerate(evidence.boards) if benchmark == f"{board.benchmark_id} {board.version}")


def board_name(evidence: "Evidence", benchmark: str | None) -> str:
    """Return the name of a benchmark by its id and version, "" for None."""
    return evidence.boards[board_number(evidence, benchmark)].name if benchmark else ""


def model_number(evidence: "Evidence", model_id: str) -> int | None:
    """Return the index of a model, None if it can't be compared."""
    return next((n for n, model in enumerate(evidence.models) if model.model_id == model_id), None)


def open_models(
    evidence: "Evidence", country: str | None, lab: str | None, size: str | None = None
) -> "BoolArray | None":
    """Return a flag per model: whether country, lab and size let it count on the open side; None if all count.

    A model of unknown size matches no size.
    """
    import numpy as np

    if country is None and lab is None and size is None:
        return None
    span = parse_size_key(size) if size else Size("")
    return np.array(
        [
            is_within(model.country, country) and lab in (None, model.lab_id)
            and (size is None or (model.parameters_b is not None and span.holds(model.parameters_b)))
            for model in evidence.models
        ],
        dtype=np.bool_,
    )  # fmt: skip


def side(evidence: "Evidence", country: str | None, lab: str | None, size: str | None = None) -> str:
    """Say which open models count: "of DeepSeek from China"; empty if all do."""
    lab_name = next((model.lab for model in evidence.models if model.lab_id == lab and model.lab), lab)
    parts = (
        lab and f"of {lab_name}",
        country and f"from {country_name(country)}",
        size and parse_size_key(size).phrase,
    )
    return " ".join(part for part in parts if part)


def country_name(country: str) -> str:
    """Write a country for use in a sentence: "the United States of America"."""
    return f"the {country}" if country.startswith(("United", "European")) else country


def sources_of(evidence: "Evidence", boards_: "Iterable[int]") -> tuple[dict[str, Any], ...]:
    """List the sources of the boards' scores."""
    used = sorted({number for board in boards_ for number in evidence.board_sources[board]})
    return tuple(asdict(evidence.sources[number]) for number in used)


def check_first(evidence: "Evidence", boards_: "IntArray", as_of: date, *, of_release: bool = False) -> None:
    """Raise UsageError if the day is before all data of the boards, or before a new version was known.

    With `of_release` the day is a model's release, so it may be before the version: the model may take it later.
    """
    starts = [
        int(evidence.day[evidence.bounds[b]]) for b in boards_.tolist() if evidence.bounds[b + 1] > evidence.bounds[b]
    ]
    if not starts:
        of = evidence.boards[boards_[0]].name if len(boards_) == 1 else "these tests"
        if evidence.records and not set(boards_.tolist()) & set(evidence.records.board.tolist()):
            raise UsageError(
                f"No score of {of} is in the data yet; ask about another test, or when new data have come."
            )
        raise UsageError(f"No score of {of} was known by {day(evidence.known_by)}; ask for a later known-by day.")
    if as_of.toordinal() < min(starts):
        where = f" on {evidence.boards[boards_[0]].name}" if len(boards_) == 1 else ""
        raise UsageError(
            f"The data{where} begins with models of {day(min(starts))}; {day(as_of)} is before that. Ask for a later"
            " day."
        )
    joins = min(evidence.boards[board].joins for board in boards_)
    if as_of.toordinal() < joins and not of_release:
        name = evidence.boards[boards_[0]].name
        raise UsageError(
            f"{name}, a new version, was first known on {day(joins)}; {day(as_of)} is before that. Ask for a later day."
        )


def publishers_of(evidence: "Evidence", boards_: "Iterable[int]", most: int = 4) -> str:
    """Name the publishers of the boards' scores, `most` of them; "" if none is known."""
    named = (source["publisher"].split(" and ") for source in sources_of(evidence, boards_))
    publishers = list(dict.fromkeys(publisher for several in named for publisher in several))
    return and_list(publishers, most) if publishers else ""


def source_line(evidence: "Evidence", board: "Board") -> str:
    """Name the publishers of one board's scores, for those who point at a mark: "Source: Epoch AI"."""
    key = board.benchmark_id, board.version
    numbers = (n for n, other in enumerate(evidence.boards) if (other.benchmark_id, other.version) == key)
    return f"Source: {publishers_of(evidence, numbers) or 'unknown'}"


def catch_up_details(evidence: "Evidence", board: "Board", closed: "Model", opened: "Model | int") -> tuple[str, str]:
    """Return the details of a catch-up's two ends; instead of an open model, the day to which there is none."""
    end = f"none in the data to {day(opened)}" if isinstance(opened, int) else f"{opened.called}, {day(opened.day)}"
    return f"Closed: {closed.called}, {day(closed.day)}", f"Open: {end}\n{source_line(evidence, board)}"


def catch_up_series(
    evidence: "Evidence", label: str, board: "Board", closed: "Model", opened: "Model | int", months: float | None
) -> Series:
    """Return a catch-up's row in a chart; instead of an open model, the day to which there is none."""
    end = opened if isinstance(opened, int) else opened.day
    notes = closed.called, "" if isinstance(opened, int) else opened.called
    months_taken, so_far = ((None, None), (None, months)) if isinstance(opened, int) else ((None, months), ())
    details = catch_up_details(evidence, board, closed, opened)
    days = iso(closed.day), iso(end)
    return Series(label, board.access, days, months_taken, so_far, notes=notes, details=details)


def bests_details(evidence: "Evidence", board: "Board", bests: "Iterable[tuple[str, Best | None]]") -> str:
    """Return the details of sides' best scores on a board, each with the side's name unless that is the model's."""
    lines = [
        ("" if name in (best.model.name, best.model.called) else f"{capitalize(name)}: ")
        + record_line(best.model, best.score, board)
        for name, best in bests if best
    ]  # fmt: skip
    return "\n".join((*lines, source_line(evidence, board)))


def record_line(model: "Model", reached: float, board: "Board") -> str:
    """Say a model's score on a board and its day: "Kimi K3, 82.6 %, 27 July 2026"."""
    return f"{model.called}, {score(reached, board.unit)}, {day(model.day)}"


def with_foot(chart: Chart, answer: Answer, evidence: "Evidence", boards_: "Iterable[int]") -> Chart:
    """Return a chart with its foot, after what it has in it: its sources, the days, and what its figures rest on."""
    publishers, newest = publishers_of(evidence, boards_, _NAMED), evidence.newest_data
    days = f"as of {day(date.fromisoformat(answer.as_of))}"
    days += f" · data to {day(newest)}" if newest.isoformat() != answer.as_of else ""
    whose, basis = f"Data: {publishers}" if publishers else "", answer.basis_of(is_ranged=chart.is_ranged)
    return replace(chart, foot=" · ".join(filter(None, (chart.foot, whose, days, basis))))


def build_answer(
    question: "Question",
    evidence: "Evidence",
    as_of: date,
    templates: "Iterable[Line]",
    facts: "Iterable[Fact]",
    *,
    tables: "Iterable[Table]" = (),
    charts: tuple[Chart, ...] = (),
    data: dict[str, Any] | None = None,
    boards: "Iterable[int]" = (),
    sources: tuple[dict[str, Any], ...] | None = None,
    parameters: Parameters | None = None,
) -> Answer:
    """Build an answer from the question's own parts and the facts about the evidence that every answer has.

    Omits lines with missing facts and tables without rows. Each chart gets its foot, after what it has in it.
    """
    facts = (*facts, *as_of_facts(evidence, as_of), *([method_fact(parameters)] if parameters else ()))
    size = parse_size_key(key) if (key := getattr(question, "size", None)) else Size("")
    if isfinite(size.high):
        shown = f"{parameter_count(size.high)} needs {memory_text(size.high)}"
        facts += (count_fact("size.memory", memory_of(size.high), "GB", shown, "memory for the largest models"),)
    boards = tuple(boards)
    if boards and all(fact.key != TESTS for fact in facts):
        facts += (count_fact(TESTS, len(boards), "tests", count(len(boards), "test"), "tests behind the answer"),)
    answer = Answer(
        question={key: value for key, value in as_json(question).items() if key != "method"},
        method=parameters.name if parameters else "",
        parameters=as_json(parameters) if parameters else {},
        revision=evidence.revision,
        as_of=as_of.isoformat(),
        known_by=evidence.known_by.isoformat(),
        newest_data=evidence.newest_data.isoformat(),
        lines=render_known(templates, facts),
        facts=facts,
        tables=tuple(table for table in tables if table.rows),
        charts=charts,
        data=data or {},
        sources=sources_of(evidence, boards) if sources is None else sources,
        historical=evidence.last_known is not None and evidence.known_by < evidence.last_known,
    )
    answer = replace(answer, charts=tuple(with_foot(chart, answer, evidence, boards) for chart in charts))
    domain = answer.question.get("domain")
    if not domain or answer.question.get("benchmark"):
        return answer
    return _with_domain(answer, evidence, domain, answer.question.get("access"), as_of.toordinal())


def comparable(evidence: "Evidence", model_id: str, as_of: date) -> int:
    """Return the index of a model that can be compared as of a day.

    Raises UsageError, with the reason, if the model can't be compared, or if it was released after the day.
    """
    number = model_number(evidence, model_id)
    if number is None:
        reason = next(
            (excluded.reason for excluded in evidence.excluded if excluded.model_id == model_id), "no score was known"
        )
        raise UsageError(f"{model_id} can't be compared ({reason}); choose another model.")
    model = evidence.models[number]
    if model.day > as_of.toordinal():
        raise UsageError(f"{model.name} was released on {day(model.day)}, after {day(as_of)}; ask for a later day.")
    return number


# ---- questions about one domain (a field of work)


def domain_boards(evidence: "Evidence", domain: str, access: str | None = None) -> list[int]:
    """Return the tests (indices) of an access class that count in a domain; raises UsageError if there are none.

    These are the headline's tests, and tests that a source holds whole, except other versions of a headline test.
    """
    of_domain = [number for number, board in enumerate(evidence.boards) if board.domain == domain]
    count_in = [number for number in of_domain if not _why_left_out(evidence, evidence.boards[number])]
    of_access = [number for number in count_in if access in (None, evidence.boards[number].access)]
    if of_access:
        return of_access
    what, names = tests_of(domain), [evidence.boards[number].name for number in count_in or of_domain]
    if count_in:
        raise UsageError(f"Can't tell on {access} {what}: there is none; leave the access out for {and_list(names)}.")
    if names:
        why = _why_left_out(evidence, evidence.boards[of_domain[0]]).format(and_list(names))
        raise UsageError(f"Can't tell on {what}: {why}; ask for a test by its name.", tuple(names))
    others = tuple(name for name in DOMAINS if any(board.domain == name for board in evidence.boards))
    instead = f"; ask for {or_list(others)}" if others else ""
    raise UsageError(f"Can't tell on {what}: there is none in the data{instead}.", others)


def _why_left_out(evidence: "Evidence", board: "Board") -> str:
    """Say why a test doesn't count in its domain's figures, as a template for its name; empty if it counts."""
    if board.headline:
        return ""
    if any(other.headline and other.benchmark_id == board.benchmark_id for other in evidence.boards):
        return _LEFT_OUT[1]
    return "" if board.is_whole else _LEFT_OUT[0]


def only_test(evidence: "Evidence", domain: str, access: str | None) -> str | None:
    """Return the id and version of a domain's only test of an access class; None if it has several.

    Raises UsageError if there are none.
    """
    first, *others = (evidence.boards[number] for number in domain_boards(evidence, domain, access))
    return None if others else f"{first.benchmark_id} {first.version}"


def _with_domain(answer: Answer, evidence: "Evidence", domain: str, access: str | None, as_of: int) -> Answer:
    """Return the answer with its domain and the domain's tests added to its text, charts, facts and data.

    A new version is omitted if it wasn't known yet on the day `as_of` (ordinal).
    """
    numbers = [board for board in domain_boards(evidence, domain, access) if evidence.boards[board].joins <= as_of]
    facts = _domain_facts(evidence, domain, numbers, access)
    title, *lines = answer.lines
    return replace(
        answer,
        lines=(
            replace(title, text=with_domain(domain, title.text)),
            *render_known([_HOW_MANY], facts), *lines, *render_known(_WHICH, facts),
        ),
        facts=(*(_with_measure(fact, domain) for fact in answer.facts), *facts),
        charts=tuple(_domain_chart(chart, domain) for chart in answer.charts),
        data={**answer.data, "domain": {"name": domain, "tests": as_json([evidence.boards[n] for n in numbers])}},
    )  # fmt: skip


def _domain_chart(chart: Chart, domain: str) -> Chart:
    return replace(chart, title=with_domain(domain, chart.title), alt=with_domain(domain, chart.alt))


def _with_measure(fact: Fact, domain: str) -> Fact:
    """Add the domain to a fact's measure if the fact covers its tests, so that it differs from other answers' facts."""
    is_over_tests = fact.measure and not fact.benchmark
    return replace(fact, measure=f"{fact.measure} of {tests_of(domain)}") if is_over_tests else fact


def _domain_facts(evidence: "Evidence", domain: str, numbers: list[int], access: str | None) -> list[Fact]:
    """State which tests count, how many of each class, and why the domain's other tests don't."""
    counts, named = [], []
    for name in CLASSES if access is None else (access,):
        of_class = [evidence.boards[number].name for number in numbers if evidence.boards[number].access == name]
        counts.append(f"{len(of_class) or 'no'} {name}{'' if of_class else ' one'}")
        named += [f"{name}: {and_list(of_class, len(of_class))}"] if of_class else []
    facts = [
        count_fact("domain.counts", len(numbers), "tests", ", ".join(counts), f"{domain}: tests that count"),
        count_fact("domain.tests", len(numbers), "tests", "; ".join(named), f"{domain}: their names"),
    ]
    rest = [board for board in evidence.boards if board.domain == domain and access in (None, board.access)]
    whys = {why: [board.name for board in rest if _why_left_out(evidence, board) == why] for why in _LEFT_OUT}
    aside = [why.format(and_list(names)) for why, names in whys.items() if names]
    if aside:
        number = sum(map(len, whys.values()))
        subject = f"{domain}: tests that don't count"
        facts.append(count_fact("domain.others", number, "tests", "; ".join(aside), subject))
    return facts
