"""The Python face: `import gapbrief; gapbrief.gap().frame()`.

Each question is a function that takes what its command takes, and returns an answer with its `text`, its `facts` and
its tables as pandas frames; `scores` and `models` give the data behind them. Days are dates, or text as people write
them. What can't be asked raises `GapbriefError`, whose text is one sentence that says what to do.
"""

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from html import escape
from importlib.util import find_spec
from inspect import Parameter, Signature
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

_HOME = Path(__file__).parent
_PACKAGES = ("bot", "core")
_modules: dict[str, ModuleType] = {}
_lock = RLock()


def _has_its_own() -> bool:
    """Whether who imports this has, or would find, other packages by the names of ours."""
    specs = [find_spec(name) for name in _PACKAGES]
    return any(spec and spec.origin and not Path(spec.origin).is_relative_to(_HOME) for spec in specs)


_IS_APART = _has_its_own()


def _taken_out() -> dict[str, ModuleType]:
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] in _PACKAGES}


@contextmanager
def _ours() -> Iterator[None]:
    """Let `bot` and `core` be ours within this; where the caller has its own, they are the caller's again after it.

    Ours import each other also while they work, so that being right once is not enough.
    """
    if not _IS_APART:
        yield
        return
    with _lock:
        theirs = _taken_out()
        sys.modules.update(_modules)
        sys.path.insert(0, str(_HOME))
        try:
            yield
        finally:
            sys.path.remove(str(_HOME))
            _modules.update(_taken_out())
            sys.modules.update(theirs)


with _ours():
    from bot.answers import Answers, open_evidence
    from bot.settings import Settings
    from bot.spreadsheet import data_tables, table_of
    from core.answer import Answer, Fact
    from core.errors import GapbriefError
    from core.questions import QUESTIONS
    from core.store import queries

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "GapbriefError", "Result", "best", "changes", "cite", "compare", "frontier", "gap", "model", "models", "others",
    "roster", "scores", "sources", "terms", "timeline", "trust", "unmatched", "what_if",
]  # fmt: skip

Access = Literal["private", "public"]
Domain = Literal[
    "coding", "maths", "science", "reasoning", "agents", "knowledge", "long context", "pictures", "preference"
]
Day = date | str


@dataclass(frozen=True, repr=False)
class Result:
    """What a question is answered with: the answer that every other face shows, as text, facts and frames."""

    answer: Answer

    @property
    @_ours()
    def text(self) -> str:
        """The answer in words, as the command prints it."""
        return self.answer.text

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Everything that the text may say: each with value, unit, range, and of whom, on what and when it is."""
        return self.answer.facts

    @property
    @_ours()
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that `frame` gives, in the words of docs/json.md; `facts` is always one."""
        return tuple(data_tables(self.answer.to_json()))

    @_ours()
    def frame(self, table: str | None = None) -> "pd.DataFrame":
        """Return one of the answer's tables, the first by default: a row a thing, numbers as numbers, days as days.

        Raises UsageError for a table that the answer does not have.
        """
        return _frame(table_of(self.answer.to_json(), table))

    def __repr__(self) -> str:
        return self.text

    @_ours()
    def _repr_html_(self) -> str:
        """Return the first look with its chart, as a notebook shows it."""
        from bot.newsroom.formats import data_url
        from bot.pictures import brand_line, choose_chart
        from core.charts import draw

        title, *lines = self.answer.first_look
        rows = "".join(
            f'<tr><th style="text-align: left">{escape(line.label)}</th>'
            f'<td style="text-align: left; white-space: pre-line">{escape(line.text)}</td></tr>'
            for line in lines
        )
        shown = f"<p><strong>{escape(title.text)}</strong></p><table>{rows}</table>"
        chart = choose_chart(self.answer)
        if chart is not None:
            picture = data_url(draw(chart, brand=brand_line(Settings.read().public_url)))
            shown += f'<p><img src="{picture}" alt="{escape(chart.alt or chart.title)}" style="max-width: 100%"/></p>'
        return f"<div>{shown}</div>"


def gap(
    benchmark: str | None = None, *, access: Access | None = None, domain: Domain | None = None,
    country: str | None = None, lab: str | None = None, size: str | int | None = None, as_of: Day | None = None,
    known_by: Day | None = None, shown_since: Day | None = None, drawn_first: str | None = None,
    method: Literal["index", "clustered", "study"] = "index", robust: bool = False,
) -> Result:  # fmt: skip
    """Tell how many months open-weights models trail closed ones: `benchmarks`, `index_trend`, `points`, `pending`.

    With `robust` the gap is also measured under other defensible choices: `robust`.
    """
    return _ask("gap", benchmark=benchmark, access=access, domain=domain, country=country, lab=lab, size=size,
                as_of=as_of, known_by=known_by, shown_since=shown_since,
                drawn_first=drawn_first, method=method, robust="yes" if robust else None)  # fmt: skip


def best(
    size: str | int | None = None, *, domain: Domain | None = None, benchmark: str | None = None,
    access: Access | None = None, country: str | None = None, lab: str | None = None, price: float | None = None,
    as_of: Day | None = None, known_by: Day | None = None,
) -> Result:  # fmt: skip
    """Name the best open models, up to a size (32, "large card"), of a domain or test: `ranking`, `labs`, `tests`."""
    return _ask(
        "best", size=size, domain=domain, benchmark=benchmark, access=access, country=country, lab=lab, price=price,
        as_of=as_of, known_by=known_by,
    )  # fmt: skip


def frontier(
    benchmark: str | None = None, *, domain: Domain | None = None, side: Literal["open", "closed"] | None = None,
    as_of: Day | None = None, known_by: Day | None = None,
) -> Result:  # fmt: skip
    """Tell who leads on a test, or on every test: `tests`, with the best closed and the best open model of each."""
    return _ask("frontier", benchmark=benchmark, domain=domain, side=side, as_of=as_of, known_by=known_by)


def compare(
    left: Day, right: Day, *, access: Access | None = None, domain: Domain | None = None, as_of: Day | None = None,
    known_by: Day | None = None,
) -> Result:  # fmt: skip
    """Hold two sides against each other (countries, labs, kinds of tests, tests or days): `comparisons`, `tests`."""
    return _ask("compare", left=left, right=right, access=access, domain=domain, as_of=as_of, known_by=known_by)


def what_if(
    benchmark: str, score: float, *, day: Day | None = None, side: Literal["open", "closed"] = "open",
    model: str | None = None, known_by: Day | None = None,
) -> Result:  # fmt: skip
    """Give the gap with one score that nobody has reached yet, beside the gap as it is: `first_at`."""
    return _ask("what_if", benchmark=benchmark, score=score, day=day, side=side, model=model, known_by=known_by)


def changes(since: Day, *, until: Day | None = None, known_by: Day | None = None) -> Result:
    """Tell what changed since a day, news and revised data apart: `added`, `removed`, `leaders`, `waits` and more."""
    return _ask("changes", since=since, until=until, known_by=known_by)


def timeline(
    benchmark: str | None = None, level: float | None = None, *, model: str | None = None, as_of: Day | None = None,
    known_by: Day | None = None,
) -> Result:  # fmt: skip
    """Tell when each side first reached each level of a test, or of a model's scores: `tests` with `levels`."""
    return _ask("timeline", benchmark=benchmark, level=level, model=model, as_of=as_of, known_by=known_by)


def model(name: str, *, benchmark: str | None = None, as_of: Day | None = None, known_by: Day | None = None) -> Result:
    """Tell how far behind one model is, test by test: `tests`."""
    return _ask("model", model=name, benchmark=benchmark, as_of=as_of, known_by=known_by)


def roster(
    side: Literal["open", "closed"] | None = None, *, country: str | None = None, lab: str | None = None,
    as_of: Day | None = None, known_by: Day | None = None,
) -> Result:  # fmt: skip
    """List the models that can be compared, the newest first: `models`; the function `models` has all of the data."""
    return _ask("roster", side=side, country=country, lab=lab, as_of=as_of, known_by=known_by)


def unmatched(
    benchmark: str | None = None, *, access: Access | None = None, domain: Domain | None = None,
    as_of: Day | None = None, known_by: Day | None = None,
) -> Result:  # fmt: skip
    """List the levels that closed models have reached and open ones are not known to have, oldest first: `waiting`."""
    return _ask("unmatched", benchmark=benchmark, access=access, domain=domain, as_of=as_of, known_by=known_by)


def trust(
    benchmark: str | None = None, *, access: Access | None = None, as_of: Day | None = None, known_by: Day | None = None
) -> Result:
    """Tell how sure the figures are, and which way they may err: `benchmarks`, `biases`, `excluded`."""
    return _ask("trust", benchmark=benchmark, access=access, as_of=as_of, known_by=known_by)


def others(publisher: str | None = None) -> Result:
    """List what others published of the gap, each by its own rule: `published`."""
    return _ask("others", publisher=publisher)


def terms(term: str | None = None) -> Result:
    """Explain a word, or all of the glossary: `terms`."""
    return _ask("terms", term=term)


def sources(benchmark: str | None = None, access: str | None = None) -> Result:
    """Tell where the scores come from, and how to cite them: `given`."""
    return _ask("sources", benchmark=benchmark, access=access)


def cite(benchmark: str | None = None) -> str:
    """Return how to cite gapbrief and its data, or those of one test, in one line."""
    return str(sources(benchmark).answer.data["cite"])


def __getattr__(name: str) -> Callable[..., Result]:
    """Return the function of a question that has no typed one here yet: its fields, in their order or by name."""
    if name not in QUESTIONS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with _ours():
        question = QUESTIONS[name]
    takes = Signature([Parameter(field.name, Parameter.POSITIONAL_OR_KEYWORD) for field in fields(question)])

    def function(*given: Any, **named: Any) -> Result:
        return _ask(name, **takes.bind_partial(*given, **named).arguments)

    function.__signature__ = takes  # type: ignore[attr-defined]  # as inspect lets a function say it
    function.__doc__ = question.summary
    return function


def scores() -> "pd.DataFrame":
    """Return every score of the data: a row a score, with test, model, open or closed, unit, grade and source."""
    return _listed("score_list")


def models() -> "pd.DataFrame":
    """Return every model of the data: a row a model, with lab, country, release day, and whether and why it is open."""
    return _listed("model_list")


@_ours()
def _ask(name: str, **fields: Any) -> Result:
    """Ask a question as its command does: from words, so that each field is read and checked in the one way."""
    words = {field: str(value) for field, value in fields.items() if value is not None}
    answers = Answers(Settings.read())
    answer = answers.compute(QUESTIONS[name].from_words(**words))
    if answers.warning:
        warnings.warn(answers.warning, stacklevel=4)
    return Result(answer)


@_ours()
def _listed(view: Literal["score_list", "model_list"]) -> "pd.DataFrame":
    settings = Settings.read()
    with open_evidence(settings) as store:
        if store.warning:
            warnings.warn(store.warning, stacklevel=4)
        return _frame(queries.view_rows(store, view))


def _frame(rows: list[dict[str, Any]]) -> "pd.DataFrame":
    """Make a frame of rows; a part of a part has a column such as `index.months`, and ISO days become days."""
    import pandas as pd

    frame = pd.json_normalize(rows)
    for column in frame.columns:
        if column.rpartition(".")[2] in _DAYS or column.endswith("_date"):
            frame[column] = pd.to_datetime(frame[column], errors="coerce", format="%Y-%m-%d")
    return frame


_DAYS = frozenset({"date", "day", "at", "since", "newest_data", "known_from", "superseded_from"})
"""The columns, beside those that end in _date, that hold days."""
