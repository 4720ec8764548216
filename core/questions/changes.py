"""What changed since a day? How the gap moved, and how much of that is news and how much revised data."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from core.answer import Answer, Fact, Line, Table, details
from core.errors import UsageError
from core.gap.parameters import DEFAULT, MONTH_DAYS
from core.questions import fields, selection
from core.questions.changes_wording import changes_facts, level_on
from core.questions.gap_wording import newest_facts
from core.questions.question import Question
from core.questions.reasons import index_figure_data
from core.questions.shared_facts import as_of_lines, board_data, day_fact, iso, level_data, model_data
from core.store.store import Store
from core.words import capitalize, level, score

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence, IntArray
    from core.gap.crossings import Unmatched
    from core.gap.moves import Changes, Move, Result

_MOST_ROWS = 20
"""A table with more rows is hard to read; `data` holds all."""
_NEWS = details((
    Line("Revised", "{revised}", ("why",), sentence=True),
    Line("No longer counted", "{removed}, because new scores moved the floor of the test"),
    Line("New leaders", "{leaders}", ("who",)),
    Line("Now unmatched", "{waits}"),
    Line("No longer unmatched", "{waits_no_more}"),
    Line("New scores", "{scores}", ("scores",)),
))  # fmt: skip
_LAST = [
    Line("", "Nothing was recorded since {asked}: the newest scores are of {until}", ("direction", "level", "why")),
    Line(
        "Before that",
        "the newest match is of {newest.day}: {newest.open}, {newest.count}, {newest.gap}",
        ("who", "when"),
    ),
    *as_of_lines("{method}"),
]
"""What is said of a period in which nothing was recorded: that, and the last thing that did happen."""


@dataclass(frozen=True)
class ChangesQuestion(Question):
    """What changed between two days: figures, results, leaders, unmatched scores, new scores."""

    name: ClassVar[str] = "changes"
    behind: ClassVar[str] = "what moved each figure, all new results, leaders and scores"
    phrasings: ClassVar[tuple[str, ...]] = (
        "What changed since March?",
        "What is new since 12 June 2026?",
        "Why did the gap move between May and August 2026?",
    )

    since: date = fields.described(
        "The day to look back to.", "2026-03-01",
        needed=True, by_place=True, called="day to look back to", month="first",
    )  # fmt: skip
    until: date | None = fields.described(
        "The day to look back from; without it, the last known.", "2026-08-22", by_place=True
    )
    known_by: date | None = fields.known_by("See both days with this one day's scores.", "2026-08-22")

    def resolved(self, store: Store, today: date) -> "ChangesQuestion":
        """Return the question with its last day filled in; raises UsageError for a period that there isn't."""
        fields.not_in_future("since", self.since, today)
        if self.until is not None:
            fields.not_in_future("until", self.until, today)
        _, last = fields.days(store, today, None, self.known_by)
        until = min(self.until or last, last)
        if until <= self.since and until < last:
            raise UsageError(f"The day {self.since} to look back to is not before {until}; give an earlier one.")
        return replace(self, until=until, known_by=self.known_by and last)

    def answer(self, evidence: "Evidence") -> Answer:
        """Compare the two days; raises UsageError where the first is before all data."""
        from core.gap.moves import changes_between

        boards = selection.boards(evidence, None)
        selection.check_first(evidence, boards, self.since)
        until = self.until or evidence.known_by
        one_knowledge = self.known_by is not None
        since = min(self.since, until)
        changes = changes_between(evidence, boards, since, until, DEFAULT, one_knowledge=one_knowledge)
        facts = changes_facts(changes, since, until)
        if self.since >= until:
            facts += [day_fact("asked", self.since, "the day asked for"), *_last_facts(changes, boards)]
            lines = _LAST
        else:
            lines = _lines(changes, facts, one_knowledge=one_knowledge)
        return selection.answered(
            self, changes.last.evidence, changes.last.as_of, lines, facts,
            tables=_tables(changes), data=_data(changes), boards=boards.tolist(), parameters=DEFAULT,
        )  # fmt: skip


def _last_facts(changes: "Changes", boards: "IntArray") -> list[Fact]:
    """State the newest crossing before the last day."""
    from core.gap.analysis import analyse

    evidence = changes.last.evidence
    return newest_facts(evidence, analyse(evidence, boards, changes.last.as_of.toordinal(), DEFAULT))


# ---- lines and tables


def _lines(changes: "Changes", facts: list[Fact], *, one_knowledge: bool) -> list[Line]:
    """Return the text as templates: how the figures moved, then what is new; one line where nothing is."""
    known = {fact.key: fact for fact in facts}
    is_one_world = changes.first.as_of == changes.last.as_of
    period = "from {since} to {until}" if is_one_world else "from {since.as_of} to {as_of}"
    moved = any(move.revision or move.news for move in changes.moves.values())
    lists = (changes.added, changes.removed, changes.revised_in, changes.revised_out, changes.leaders,
             changes.newly_unmatched, changes.no_longer_unmatched)  # fmt: skip
    if not moved and not any(lists):
        came = "; scores came in: {scores}" if known["scores"].value or changes.scores.replaced else ""
        templates = [Line("", f"Nothing in the gap changed {period}{came}", ("direction", "level", "why", "scores"))]
    else:
        parts = []
        for verb in ("went", "stayed"):
            slots = [f"{{{verb}.{name}}}" for name in changes.moves if f"{verb}.{name}" in known]
            if slots:
                parts.append(f"{verb} {' and '.join(slots)}")
        title = (
            f"{capitalize(period)} the gap {', and '.join(parts)}"
            if parts
            else f"Can't tell how the gap moved {period}"
        )
        templates = [Line("", title, ("direction", "level"))]
        templates.append(Line("Widening?", "{direction}[; {direction.before}]", ("sure", "direction")))
        templates.append(Line("New results", "{newest_added}" if "added" in known else "none", ("who",)))
        templates += details(
            Line(f"{name.capitalize()} tests", f"{{move.{name}}}", ("why", "sure")) for name in changes.moves
        )
        templates.append(Line("All new results", "{added}", detail=True))
        templates += _NEWS
    if not one_knowledge and str(known["since"].value) < str(known["recorded"].value):
        records = "begin on {recorded}; earlier days take the scores known on that day"
        templates.append(Line("Records", records, detail=True))
    return [
        *templates,
        Line("As of", _seen(changes), ("when",), is_day=True),
        Line("Basis", "complete to {newest_data} · {method}", detail=True),
    ]


def _seen(changes: "Changes") -> str:
    """Say which worlds are compared and with whose knowledge each is seen, as a template."""
    is_one_knowledge = changes.first.evidence.known_by == changes.last.evidence.known_by
    if changes.first.as_of == changes.last.as_of:
        return "{as_of} on both days, as known by {since.known_by}" + ("" if is_one_knowledge else " and by {known_by}")
    if is_one_knowledge:
        return "{since.as_of} and {as_of}, both as known by {known_by}"
    then, now = (
        "that day" if state.evidence.known_by == state.as_of else f"by {slot}"
        for state, slot in ((changes.first, "{since.known_by}"), (changes.last, "{known_by}"))
    )
    return f"{{since.as_of}} as known {then}, and {{as_of}} as known {now}"


def _tables(changes: "Changes") -> tuple[Table, ...]:
    evidence, before = changes.last.evidence, changes.first.evidence
    columns = ("Test", "Score", "Closed model", "On", "Open model", "On", "Months")
    new = [_row(evidence, each) for each in changes.added]
    revised = [("now", *_row(evidence, each)) for each in changes.revised_in]
    revised += [("no longer", *_row(before, each)) for each in changes.revised_out]
    unmatched = [
        (change, level_on(evidence, each), evidence.models[each.closed].name, iso(each.closed_day))
        for change, levels in (("now unmatched", changes.newly_unmatched), ("no longer", changes.no_longer_unmatched))
        for each in levels
    ]
    return (
        _table("New results", columns, new),
        _table("Results that late or corrected scores changed", ("Change", *columns), revised),
        _table("New leaders", ("Test", "Side", "Best model", "Score", "Before", "Score"), _leader_rows(changes)),
        _table(
            "Unmatched scores, of one model the highest", ("Change", "Score", "First closed model", "On"), unmatched
        ),
    )


def _table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    more = f", {_MOST_ROWS} of {len(rows)}" if len(rows) > _MOST_ROWS else ""
    return Table(f"{title}{more}", columns, tuple(rows[:_MOST_ROWS]))


def _row(evidence: "Evidence", result: "Result") -> tuple[str, ...]:
    board, months = evidence.boards[result.board], (result.open_day - result.closed_day) / MONTH_DAYS
    closed, open_ = evidence.models[result.closed].name, evidence.models[result.open].name
    closed_on, open_on = (iso(at) or "–" for at in (result.closed_day, result.open_day))
    return (
        board.name, level(result.threshold, board.unit), closed, closed_on, open_, open_on,
        f"{months:.1f}".replace("-", "−"),
    )  # fmt: skip


def _leader_rows(changes: "Changes") -> list[tuple[str, ...]]:
    evidence, rows = changes.last.evidence, []
    for each in changes.leaders:
        board = evidence.boards[each.board]
        cells: list[str] = []
        for best in (each.after, each.before):
            cells += ("–", "–") if best is None else (evidence.models[best[0]].name, score(best[1], board.unit))
        rows.append((board.name, "open" if each.is_open else "closed", *cells))
    return rows


# ---- data


def _data(changes: "Changes") -> dict[str, Any]:
    evidence, before = changes.last.evidence, changes.first.evidence
    moves = {name: _move_data(move) for name, move in changes.moves.items()}
    states = {"since": changes.first, "until": changes.last}
    return {
        "states": {
            key: {"as_of": state.as_of.isoformat(), "known_by": state.evidence.known_by.isoformat()}
            for key, state in states.items()
        },
        "direction": _direction_data(changes),
        "access": moves,
        "added": [_result_data(evidence, each) for each in changes.added],
        "removed": [_result_data(evidence, each) for each in changes.removed],
        "revised_in": [_result_data(evidence, each) for each in changes.revised_in],
        "revised_out": [_result_data(before, each) for each in changes.revised_out],
        "leaders": [
            {
                **board_data(evidence.boards[each.board]),
                "side": "open" if each.is_open else "closed",
                **{
                    when: best and {"model": evidence.models[best[0]].model_id, "score": best[1]}
                    for when, best in (("before", each.before), ("after", each.after))
                },
            }
            for each in changes.leaders
        ],
        "waits": [_unmatched_data(evidence, each) for each in changes.newly_unmatched],
        "waits_no_more": [_unmatched_data(evidence, each) for each in changes.no_longer_unmatched],
        "scores": asdict(changes.scores),
    }


def _move_data(move: "Move") -> dict[str, Any]:
    before, after = (index_figure_data(figure, DEFAULT) for figure in (move.before, move.after))
    interval = {"months": move.total.months, "low": move.total.low, "high": move.total.high}
    return {"before": before, "after": after, **interval, "revision": move.revision, "new_models": move.news}


def _direction_data(changes: "Changes") -> dict[str, Any]:
    """Return the state of the direction on both days, off the path of the last, and the word of the last."""
    direction, names = changes.direction, {1: "wider", 0: None, -1: "narrower"}
    before = direction.path.state_on(changes.first.as_of.toordinal())
    return {"since": names[before], "until": names[direction.state], "word": direction.word}


def _result_data(evidence: "Evidence", result: "Result") -> dict[str, Any]:
    return {
        **level_data(evidence, result.board, result.threshold),
        **model_data(evidence, "closed", result.closed, result.closed_day),
        **model_data(evidence, "open", result.open, result.open_day),
        "gap_months": (result.open_day - result.closed_day) / MONTH_DAYS,
    }


def _unmatched_data(evidence: "Evidence", unmatched: "Unmatched") -> dict[str, Any]:
    return {
        **level_data(evidence, unmatched.board, unmatched.threshold),
        **model_data(evidence, "closed", unmatched.closed, unmatched.closed_day),
    }
