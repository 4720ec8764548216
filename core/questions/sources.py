"""Where does this come from? Publishers, licences, copies, the scores from each source, and how to cite them."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import core
from core.answer import CITATION, SHORT_REVISION, Answer, Fact, Line, Table, unique_citations
from core.dataclass import dataclass
from core.questions import fields, selection
from core.questions.question import Question
from core.questions.result import BOARD, Keys, as_json, per_class, table
from core.questions.shared_facts import as_of_lines, count_fact, make_fact, name_fact
from core.words import ACCESS, NO_DOMAIN, UNKNOWN, and_list, count, day

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence, Source

_KINDS = {
    "private": "a private test: its questions are kept secret",
    "public": "a public test: its questions are published",
    UNKNOWN: "a test of unknown kind: nobody has said whether its questions are secret",
}
_LISTED = 16
"""How many tests a line names."""
_STUDY = "study-overrides"
"""The id of the study's source."""


@dataclass(frozen=True, eq=False)
class BoardScores:
    """A test, and the number of its scores from a source; None if unknown."""

    json_keys: ClassVar[Keys] = {"board": BOARD | {"name": "name"}}

    board: "Board"
    scores: int | None


@dataclass(frozen=True, eq=False)
class Given:
    """A source, and the tests for which it has scores."""

    json_keys: ClassVar[Keys] = {"source": {"source_id": "source_id", "rows_used": "rows_used"}, "boards": "benchmarks"}

    source: "Source"
    boards: list[BoardScores]


@dataclass(frozen=True, eq=False)
class Provenance:
    """The scores from each source, the tests, how to cite all sources, and the study.

    For one `board` or kind of tests only sources with scores.
    """

    json_keys: ClassVar[Keys] = dict.fromkeys(("boards", "board", "access", "study", "citations", "revision"))

    cite: str
    cite_study: str | None
    given: list[Given]
    boards: "list[Board]"
    board: "Board | None"
    access: str | None
    study: "Source | None"
    citations: list[str]
    revision: str

    @property
    def scoring(self) -> list[Given]:
        """Return the sources with scores."""
        return [given for given in self.given if given.boards]


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
    access: Literal["private", "public"] | None = fields.access_filter()

    def answer(self, evidence: "Evidence") -> Answer:
        """List the sources of one benchmark, or all sources."""
        provenance = self.find(evidence)
        return selection.build_answer(
            self, evidence, evidence.newest_data, text(provenance), facts(provenance),
            tables=tables(provenance), data=as_json(provenance),
            sources=tuple(asdict(given.source) for given in provenance.given),
        )  # fmt: skip

    def find(self, evidence: "Evidence") -> Provenance:
        """Collect the sources with the scores from each."""
        asked = selection.boards(evidence, self.benchmark).tolist() if self.benchmark else range(len(evidence.boards))
        accesses = ACCESS if self.benchmark or not self.access else (self.access,)  # a single test's kind is said
        boards = [board for board in asked if evidence.boards[board].access in accesses]
        rows = evidence.records.board_sources if evidence.records else ()
        counts = {(board, source): scores for board, source, _, scores in rows}
        all_given = [
            Given(source, [BoardScores(evidence.boards[board], counts.get((board, number)))
                           for board in boards if number in evidence.board_sources[board]])
            for number, source in enumerate(evidence.sources)
        ]  # fmt: skip
        citations = unique_citations(given.source.citation for given in all_given if given.boards)
        cite = CITATION.format(
            version=core.__version__,
            as_of=day(evidence.newest_data),
            revision=evidence.revision[:SHORT_REVISION],
            citations="; ".join(citations),
        )
        study = next((source for source in evidence.sources if source.source_id == _STUDY), None)
        return Provenance(
            cite=cite,
            cite_study=f"{study.citation}, {study.url}" if study else None,
            given=[given for given in all_given if given.boards or not (self.benchmark or self.access)],
            boards=[evidence.boards[board] for board in boards if evidence.board_sources[board]],
            board=evidence.boards[boards[0]] if self.benchmark else None,
            access=self.access,
            study=study,
            citations=citations,
            revision=evidence.revision,
        )


def _group_copies(all_given: Iterable[Given]) -> dict[tuple[str, str], list[Given]]:
    """Group the copies of a source by publisher and title, because people take all copies for one source."""
    copies: dict[tuple[str, str], list[Given]] = {}
    for given in all_given:
        copies.setdefault((given.source.publisher, given.source.title), []).append(given)
    return copies


# ---- facts


def facts(provenance: Provenance) -> Iterator[Fact]:
    """State which scores come from whom, what the requested test asks, and the citations."""
    citations, board, revision = provenance.citations, provenance.board, provenance.revision
    yield count_fact("citations", len(citations), "citations", "; ".join(citations), "of the data")
    yield make_fact("version", core.__version__, "", core.__version__, "note", "gapbrief")
    yield make_fact("revision", revision, "", revision[:SHORT_REVISION], "note", "hash of the data")
    if provenance.scoring:
        yield from _score_facts(provenance)
    if board:
        kind = f"{board.name} is {_KINDS[board.access]}"
        yield make_fact("kind", board.access, "", kind, "note", benchmark=board.name)
    else:
        yield from _kind_facts(provenance.boards)
    if board:
        yield name_fact("domain", board.domain or NO_DOMAIN, "the field of work", benchmark=board.name)
        if board.description:
            asks = f"what {board.name} asks"
            yield make_fact("asks", board.description, "", board.description, "note", asks, benchmark=board.name)
    rest = len(_group_copies(provenance.given)) - len(_group_copies(provenance.scoring))
    if rest:
        yield count_fact("rest", rest, "sources", count(rest, "more source"), "of no score")
    if provenance.study and provenance.cite_study:
        yield make_fact("study", provenance.study.citation, "", provenance.cite_study, "note", "the study")


def _kind_facts(boards: "list[Board]") -> Iterator[Fact]:
    """State how many tests of each kind there are, and which, those of the gap first."""
    for access in ACCESS:
        of_class = sorted((board for board in boards if board.access == access), key=lambda board: not board.headline)
        if names := [board.name for board in of_class]:
            yield count_fact(f"kind.{access}", len(names), "tests", f"{len(names)} {access}", access=access)
            yield count_fact(f"names.{access}", len(names), "tests", and_list(names, most=_LISTED), access=access)
    number = sum(board.headline for board in boards)
    yield count_fact("headline", number, "tests", str(number), "that the gap counts")


def _score_facts(provenance: Provenance) -> Iterator[Fact]:
    """State the number of scores, of tests and of publishers, and the licences."""
    scoring, board = provenance.scoring, provenance.board
    all_scores = [scores for given in scoring for scores in given.boards]
    number = sum(scores.scores or 0 for scores in all_scores)
    n_boards = len({(scores.board.benchmark_id, scores.board.version) for scores in all_scores})
    publishers = list(dict.fromkeys(name for given in scoring for name in given.source.publisher.split(" and ")))
    whose = f"{count(len(_group_copies(scoring)), 'source')} of {count(len(publishers), 'publisher')}"
    if board:
        whose = and_list(publishers, most=len(publishers))
    by_licence: dict[str, list[str]] = {}
    for given in scoring:
        by_licence.setdefault(given.source.licence, []).append(given.source.publisher)
    unique = {licence: list(dict.fromkeys(names)) for licence, names in by_licence.items()}
    licences = " · ".join(f"{and_list(names, most=len(names))}: {licence}" for licence, names in unique.items())
    of: dict[str, Any] = {"benchmark": board.name if board else ""}
    yield count_fact("scores", number, "scores", count(number, "score"), "older values included", **of)
    tests = board.name if board else count(n_boards, f"{provenance.access or ''} test".lstrip())
    yield count_fact("tests", n_boards, "tests", tests, "with a score", **of)
    yield count_fact("publishers", len(publishers), "publishers", whose, "of scores", **of)
    yield count_fact("licences", len(unique), "licences", licences, "of scores", **of)


# ---- text


def text(provenance: Provenance) -> Iterator[Line]:
    """Say how many scores come from each source, and how to cite them."""
    title = "{scores} on {tests} come from {publishers}" if provenance.scoring else "No score has a source here"
    yield Line("", title, ("who", "scores"))
    yield Line("The test", "{asks}", ("explain",))
    yield Line("Domain", "{domain}")
    yield Line("Kind", "{kind}", ("access",), sentence=True)
    tests = [Line("Tests", "<{kind.@}|, >; the gap counts {headline} of them", ("access",))]
    tests += per_class(ACCESS, Line("@", "{kind.@} tests: {names.@}", ("access",), sentence=True, detail=True))
    yield from reversed(tests) if provenance.access else tests
    yield Line("Models", "{rest} give no score; they say which models are open, or when they were released")
    yield from as_of_lines(aspects=("when", "age"))
    yield Line("Licences", "{licences}", ("licence",), detail=True)
    yield Line("Cite gapbrief", CITATION, ("cite",), detail=True)
    yield Line("The study", "{study}", detail=True)


# ---- tables


def tables(provenance: Provenance) -> Iterator[Table]:
    """List the sources, with all copies of a title in one row, and how to cite them."""
    yield table(
        "Sources; the same score in a later copy counts for the first",
        "Publisher | What | Copies of | Rows used | Scores | Tests",
        (_source_row(*names, copies) for names, copies in _group_copies(provenance.given).items()),
    )
    if not provenance.board:
        yield table(
            "Tests, those that the gap counts first",
            "Test | Kind | Domain | In the gap",
            ((board, board.access, board.domain or NO_DOMAIN, "yes" if board.headline else "")
             for board in sorted(provenance.boards, key=lambda board: (not board.headline, board.access))),
        )  # fmt: skip
    sources = (given.source for given in provenance.given)
    rows = dict.fromkeys((source.citation, source.licence, source.url) for source in sources)
    yield table("How to cite them", "Cite as | Licence | Address", rows)


def _source_row(publisher: str, title: str, copies: list[Given]) -> tuple[Any, ...]:
    """Return a table row: publisher, title, the copies' days, their rows, scores and tests."""
    all_scores = [scores for copy in copies for scores in copy.boards]
    tests = sorted({scores.board.name for scores in all_scores})
    numbers = [scores.scores for scores in all_scores]
    n_scores = "" if None in numbers or not numbers else sum(number or 0 for number in numbers)
    days, n_rows = ", ".join(copy.source.snapshot for copy in copies), sum(copy.source.rows_used for copy in copies)
    return publisher, title, days, n_rows, n_scores, and_list(tests) if tests else ""
