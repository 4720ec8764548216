"""Questions about one domain, a field of work: which tests count in it, and how an answer says what it is of."""

from dataclasses import replace
from typing import TYPE_CHECKING

from core.answer import Answer, Chart, Fact, Line, details
from core.errors import UsageError
from core.questions.shared_facts import board_key, count_fact
from core.text import render_known
from core.words import CLASSES, DOMAINS, and_list, tests_of, with_domain

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence

_HOW_MANY = Line("Tests", "{domain.counts}")
_WHICH = details([Line("Which tests", "{domain.tests}"), Line("Other tests", "{domain.others}")])
_REASONS = ("only a part is known of {}", "another version counts of {}")
"""Why a test counts in no figure of its domain."""


def counted(evidence: "Evidence", domain: str, access: str | None = None) -> list[int]:
    """Return the tests (indices) that count in a domain, of an access class; raises UsageError where none does.

    They are those of the headline, and those that a source holds whole but for other versions of one of the headline.
    """
    of_domain = [number for number, board in enumerate(evidence.boards) if board.domain == domain]
    count_in = [number for number in of_domain if not _why_not(evidence, evidence.boards[number])]
    found = [number for number in count_in if access in (None, evidence.boards[number].access)]
    if found:
        return found
    what, names = tests_of(domain), [evidence.boards[number].name for number in count_in or of_domain]
    if count_in:
        raise UsageError(f"Can't tell on {access} {what}: there is none; leave the access out for {and_list(names)}.")
    if names:
        why = _why_not(evidence, evidence.boards[of_domain[0]]).format(and_list(names))
        raise UsageError(f"Can't tell on {what}: {why}; ask for a test by its name.", tuple(names))
    others = tuple(each for each in DOMAINS if any(board.domain == each for board in evidence.boards))
    instead = f"; ask for {and_list(others, most=len(others))}" if others else ""
    raise UsageError(f"Can't tell on {what}: there is none in the data{instead}.", others)


def _why_not(evidence: "Evidence", board: "Board") -> str:
    """Say why a test counts in no figure of its domain, as a template for its name; empty where it counts."""
    if board.headline:
        return ""
    if any(each.headline and each.benchmark_id == board.benchmark_id for each in evidence.boards):
        return _REASONS[1]
    return "" if board.is_whole else _REASONS[0]


def check_enough(evidence: "Evidence", domain: str, access: str | None, boards: list[int]) -> None:
    """Raise UsageError where one test alone would have to tell of its domain."""
    if len(boards) == 1:
        name = evidence.boards[boards[0]].name
        what = " ".join(filter(None, (access, tests_of(domain))))
        raise UsageError(f"Can't tell the gap on {what} from one test alone, {name}; ask for that test.", (name,))


def said(answer: Answer, evidence: "Evidence", domain: str, access: str | None, as_of: int) -> Answer:
    """Return an answer that says of which domain it is, and of which tests, in its text, charts, facts and data.

    A new version is none of the tests as of a day (ordinal) before it was known.
    """
    boards = [board for board in counted(evidence, domain, access) if evidence.boards[board].joins <= as_of]
    facts = _facts(evidence, domain, boards, access)
    title, *lines = answer.lines
    return replace(
        answer,
        lines=(
            replace(title, text=with_domain(domain, title.text)),
            *render_known([_HOW_MANY], facts), *lines, *render_known(_WHICH, facts),
        ),
        facts=(*(_of_domain(fact, domain) for fact in answer.facts), *facts),
        charts=tuple(_chart(chart, domain) for chart in answer.charts),
        data={**answer.data, "domain": {"name": domain, "tests": [board_key(evidence.boards[n]) for n in boards]}},
    )  # fmt: skip


def _chart(chart: Chart, domain: str) -> Chart:
    return replace(chart, title=with_domain(domain, chart.title), alt=with_domain(domain, chart.alt))


def _of_domain(fact: Fact, domain: str) -> Fact:
    """Return a fact whose measure says that it is over the tests of a domain: so it is no other answer's number."""
    is_over_tests = fact.measure and not fact.benchmark
    return replace(fact, measure=f"{fact.measure} of {tests_of(domain)}") if is_over_tests else fact


def _facts(evidence: "Evidence", domain: str, boards: list[int], access: str | None) -> list[Fact]:
    """State which tests count, of each class how many, and why others of the domain don't."""
    counts, named = [], []
    for name in CLASSES if access is None else (access,):
        of_class = [evidence.boards[number].name for number in boards if evidence.boards[number].access == name]
        counts.append(f"{len(of_class) or 'no'} {name}{'' if of_class else ' one'}")
        named += [f"{name}: {and_list(of_class, len(of_class))}"] if of_class else []
    found = [
        count_fact("domain.counts", len(boards), "tests", ", ".join(counts), f"{domain}: tests that count"),
        count_fact("domain.tests", len(boards), "tests", "; ".join(named), f"{domain}: their names"),
    ]
    rest = [board for board in evidence.boards if board.domain == domain and access in (None, board.access)]
    whys = {why: [board.name for board in rest if _why_not(evidence, board) == why] for why in _REASONS}
    aside = [why.format(and_list(names)) for why, names in whys.items() if names]
    if aside:
        number = sum(map(len, whys.values()))
        subject = f"{domain}: tests that don't count"
        found.append(count_fact("domain.others", number, "tests", "; ".join(aside), subject))
    return found
