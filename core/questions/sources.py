"""Where does this come from? Publishers, licences, copies and what each gave, and how to cite it all."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import core
from core.answer import CITATION, SHORT_REVISION, Answer, Fact, Line, Table, unique_citations
from core.questions import fields, selection
from core.questions.question import Question
from core.questions.shared_facts import as_of_facts, board_key, count_fact, name_fact
from core.text import render
from core.words import NO_DOMAIN, and_list, count

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence, Source

_STUDY = "study-overrides"
"""The source that is the study itself."""
_LINES = (
    Line("The test", "{asks}", ("explain",)),
    Line("Domain", "{domain}"),
    Line("Models", "{rest} give no score; they say which models are open, or when they were released"),
    Line("Newest data", "{newest_data}", ("when",)),
    Line("Licences", "{licences}", ("licence",), detail=True),
    Line("Cite gapbrief", CITATION, detail=True),
    Line("The study", "{study}", detail=True),
)
"""The lines after the first."""


@dataclass(frozen=True)
class SourcesQuestion(Question):
    """Where the data comes from, under which licence, and how to cite it."""

    name: ClassVar[str] = "sources"
    behind: ClassVar[str] = "each source with its licence, and how to cite"
    phrasings: ClassVar[tuple[str, ...]] = (
        "Where does this come from?",
        "Who publishes the METR scores?",
        "How do I cite gapbrief?",
    )

    benchmark: str | None = fields.benchmark(
        "One test; without it, all sources.", example="METR Time Horizons", by_place=True
    )

    def answer(self, evidence: "Evidence") -> Answer:
        """List the sources of one benchmark, or all."""
        boards = selection.boards(evidence, self.benchmark).tolist() if self.benchmark else range(len(evidence.boards))
        given = _given(evidence, boards)
        used = [source for source in evidence.sources if given[source.source_id] or not self.benchmark]
        facts = tuple(_facts(evidence, used, given, boards, single=self.benchmark is not None))
        is_scored = any(given[source.source_id] for source in used)
        title = "{scores} on {tests} come from {publishers}" if is_scored else "No score has a source here"
        return selection.answered(
            self, evidence, evidence.newest_data, (Line("", title, ("who", "scores")), *_LINES), facts,
            tables=(_source_table(evidence, used, given), _citation_table(used)),
            data=_data(evidence, used, given, facts), sources=tuple(asdict(source) for source in used),
        )  # fmt: skip


def _given(evidence: "Evidence", boards: Iterable[int]) -> dict[str, dict[int, int | None]]:
    """Return, for each source, the boards among these that it gave scores of, and how many (None: not known)."""
    counts = {
        (board, source): scores
        for board, source, _, scores in (evidence.records.board_sources if evidence.records else ())
    }
    given: dict[str, dict[int, int | None]] = {source.source_id: {} for source in evidence.sources}
    for board in boards:
        for source in sorted(evidence.board_sources[board]):
            given[evidence.sources[source].source_id][board] = counts.get((board, source))
    return given


def _facts(
    evidence: "Evidence",
    used: "list[Source]",
    given: dict[str, dict[int, int | None]],
    boards: Sequence[int],
    *,
    single: bool,
) -> list[Fact]:
    """State who gave what, what the test asks where one was named, and the lines to cite."""
    scoring = [source for source in used if given[source.source_id]]
    citations = unique_citations(source.citation for source in scoring)
    facts = [
        count_fact("citations", len(citations), "citations", "; ".join(citations), "of the data"),
        Fact("version", core.__version__, "", "gapbrief", core.__version__),
        Fact("revision", evidence.revision, "", "hash of the data", evidence.revision[:SHORT_REVISION]),
    ]
    if scoring:
        facts += _score_facts(evidence, scoring, given, single)
    board = evidence.boards[boards[0]]
    if single:
        facts.append(name_fact("domain", board.domain or NO_DOMAIN, "the field of work", benchmark=board.name))
    if single and board.description:
        facts.append(
            Fact("asks", board.description, "", f"what {board.name} asks", board.description, benchmark=board.name)
        )
    rest = len(_titles(used)) - len(_titles(scoring))
    if rest:
        facts.append(count_fact("rest", rest, "sources", count(rest, "more source"), "of no score"))
    study = next((source for source in evidence.sources if source.source_id == _STUDY), None)
    if study is not None:
        facts.append(Fact("study", study.citation, "", "the study", f"{study.citation}, {study.url}"))
    return facts


def _score_facts(
    evidence: "Evidence", scoring: "list[Source]", given: dict[str, dict[int, int | None]], single: bool
) -> list[Fact]:
    boards = sorted({board for source in scoring for board in given[source.source_id]})
    rows = sum(scores or 0 for source in scoring for scores in given[source.source_id].values())
    publishers = list(dict.fromkeys(name for source in scoring for name in source.publisher.split(" and ")))
    tests = evidence.boards[boards[0]].name if single else count(len(boards), "test")
    whose = f"{count(len(_titles(scoring)), 'source')} of {count(len(publishers), 'publisher')}"
    if single:
        whose = and_list(publishers, most=len(publishers))
    under = {
        licence: list(dict.fromkeys(source.publisher for source in scoring if source.licence == licence))
        for licence in dict.fromkeys(source.licence for source in scoring)
    }
    licences = " · ".join(f"{and_list(whose_, most=len(whose_))}: {licence}" for licence, whose_ in under.items())
    board = evidence.boards[boards[0]].name if single else ""
    return [
        count_fact("scores", rows, "scores", count(rows, "score"), "older values included", benchmark=board),
        count_fact("tests", len(boards), "tests", tests, "with a score", benchmark=board),
        count_fact("publishers", len(publishers), "publishers", whose, "of scores", benchmark=board),
        count_fact("licences", len(under), "licences", licences, "of scores", benchmark=board),
    ]


def _titles(used: "Iterable[Source]") -> "dict[tuple[str, str], list[Source]]":
    """Return the copies of each source, by its publisher and title: however many, they are one source to people."""
    copies: dict[tuple[str, str], list[Source]] = {}
    for source in used:
        copies.setdefault((source.publisher, source.title), []).append(source)
    return copies


def _source_table(evidence: "Evidence", used: "list[Source]", given: dict[str, dict[int, int | None]]) -> Table:
    """List the sources, copies of one title in a row: their days, rows, and the tests that they gave scores of."""
    rows = []
    for (publisher, title), copies in _titles(used).items():
        tests = sorted({evidence.boards[board].name for copy in copies for board in given[copy.source_id]})
        scores = [scores for copy in copies for scores in given[copy.source_id].values()]
        days, used_rows = ", ".join(copy.snapshot for copy in copies), str(sum(copy.rows_used for copy in copies))
        n_scores = "–" if None in scores or not scores else str(sum(number or 0 for number in scores))
        rows.append((publisher, title, days, used_rows, n_scores, and_list(tests) if tests else "–"))
    columns = ("Publisher", "What", "Copies of", "Rows used", "Scores", "Tests")
    return Table("Sources; the same score in a later copy counts for the first", columns, tuple(rows))


def _citation_table(used: "list[Source]") -> Table:
    rows = dict.fromkeys((source.citation, source.licence, source.url or "–") for source in used)
    return Table("How to cite them", ("Cite as", "Licence", "Address"), tuple(rows))


def _data(
    evidence: "Evidence", used: "list[Source]", given: dict[str, dict[int, int | None]], facts: tuple[Fact, ...]
) -> dict[str, Any]:
    study = next((fact.shown for fact in facts if fact.key == "study"), None)
    return {
        "cite": render(CITATION, (*facts, *as_of_facts(evidence, evidence.newest_data))),
        "cite_study": study,
        "given": [
            {
                "source_id": source.source_id,
                "rows_used": source.rows_used,
                "benchmarks": [
                    {**board_key(evidence.boards[board]), "name": evidence.boards[board].name, "scores": scores}
                    for board, scores in given[source.source_id].items()
                ],
            }
            for source in used
        ],
    }
